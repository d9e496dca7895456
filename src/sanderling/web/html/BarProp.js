// https://html.spec.whatwg.org/multipage/nav-history-apis.html#barprop

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';

export class BarPropImpl extends Impl {
  constructor(window) {
    super();
    this.window = window;
  }
}

export const barPropInterface = defineInterface(`
[Exposed=Window]
interface BarProp {
  readonly attribute boolean visible;
};
`, {
  // Those of a popup are hidden, and each window of a page has the page's.
  visible: (self) => self.window.top().popup === null,
}, BarPropImpl);
