// https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#the-domstringlist-interface

import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';

export class DOMStringListImpl extends Impl {
  constructor(items) {
    super();
    this.items = items;
  }
}

defineInterface(`
[Exposed=(Window,Worker)]
interface DOMStringList {
  readonly attribute unsigned long length;
  getter DOMString? item(unsigned long index);
  boolean contains(DOMString string);
};
`, {
  length: (self) => self.items.length,
  item: (self, index) => self.items[index] ?? null,
  contains(self, string) {
    for (let i = 0; i < self.items.length; i++) if (self.items[i] === string) return true;
    return false;
  },
}, DOMStringListImpl);
