// https://html.spec.whatwg.org/multipage/nav-history-apis.html#barprop

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';

export class BarPropImpl extends Impl {}

export const barPropInterface = defineInterface(`
[Exposed=Window]
interface BarProp {
  readonly attribute boolean visible;
};
`, {
  visible: () => true,
}, BarPropImpl);
