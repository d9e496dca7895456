// https://html.spec.whatwg.org/multipage/dom.html#htmldocument: Chromium and Firefox have it as an interface of its own

import { defineInterface } from '../webidl/interface.js';

export const htmlDocumentInterface = defineInterface(`
[Exposed=Window]
interface HTMLDocument : Document {};
`, {});
