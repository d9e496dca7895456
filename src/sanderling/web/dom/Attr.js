// https://dom.spec.whatwg.org/#interface-attr

import { defineInterface } from '../webidl/interface.js';
import { AttrImpl } from './node.js';
import { changeAttr } from './attributes.js';

export function setAttrValue(self, value) {
  if (self.element === null) self.value = value;
  else changeAttr(self, value);
}

export const attrInterface = defineInterface(`
[Exposed=Window]
interface Attr : Node {
  readonly attribute DOMString? namespaceURI;
  readonly attribute DOMString? prefix;
  readonly attribute DOMString localName;
  readonly attribute DOMString name;
  [CEReactions] attribute DOMString value;
  readonly attribute Element? ownerElement;
  readonly attribute boolean specified;
};
`, {
  namespaceURI: (self) => self.namespace,
  prefix: (self) => self.prefix,
  localName: (self) => self.localName,
  name: (self) => self.name,
  value: { get: (self) => self.value, set: setAttrValue },
  ownerElement: (self) => self.element,
  specified: () => true,
}, AttrImpl);
