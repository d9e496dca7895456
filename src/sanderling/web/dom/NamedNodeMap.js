// https://dom.spec.whatwg.org/#interface-namednodemap

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { domException } from './DOMException.js';
import { findByNamespace, findByQualifiedName, removeAttrNode, setAttrNode } from './attributes.js';
import { HTML_NS } from './namespaces.js';
import { lowerAscii } from '../css/selectors/names.js';

export class NamedNodeMapImpl extends Impl {
  constructor(el) {
    super();
    this.el = el;
  }
}

export function attributeMapOf(el) {
  return el.attributeMap ?? (el.attributeMap = new NamedNodeMapImpl(el));
}

function named(self, name) {
  const { el } = self;
  return findByQualifiedName(el, el.namespace === HTML_NS && el.doc.isHTML ? lowerAscii(name) : name);
}

function notFound(name) {
  return domException('NotFoundError', "No item with name '" + name + "' was found.");
}

export const namedNodeMapInterface = defineInterface(`
[Exposed=Window, LegacyUnenumerableNamedProperties]
interface NamedNodeMap {
  readonly attribute unsigned long length;
  getter Attr? item(unsigned long index);
  getter Attr? getNamedItem(DOMString qualifiedName);
  Attr? getNamedItemNS(DOMString? namespace, DOMString localName);
  [CEReactions] Attr? setNamedItem(Attr attr);
  [CEReactions] Attr? setNamedItemNS(Attr attr);
  [CEReactions] Attr removeNamedItem(DOMString qualifiedName);
  [CEReactions] Attr removeNamedItemNS(DOMString? namespace, DOMString localName);
};
`, {
  length: (self) => self.el.attrs.length,
  item: (self, index) => self.el.attrs[index] ?? null,
  getNamedItem: named,
  supportedNames(self) {
    const out = [];
    const { attrs } = self.el;
    const html = self.el.namespace === HTML_NS && self.el.doc.isHTML;
    for (let i = 0; i < attrs.length; i++) if (!html || lowerAscii(attrs[i].name) === attrs[i].name) out[out.length] = attrs[i].name;
    return out;
  },
  getNamedItemNS: (self, namespace, localName) => findByNamespace(self.el, namespace === '' ? null : namespace, localName),
  setNamedItem: (self, attr) => setAttrNode(self.el, attr),
  setNamedItemNS: (self, attr) => setAttrNode(self.el, attr),
  removeNamedItem(self, name) {
    const attr = named(self, name);
    if (attr === null) throw notFound(name);
    removeAttrNode(attr);
    return attr;
  },
  removeNamedItemNS(self, namespace, localName) {
    const attr = findByNamespace(self.el, namespace === '' ? null : namespace, localName);
    if (attr === null) throw notFound(localName);
    removeAttrNode(attr);
    return attr;
  },
}, NamedNodeMapImpl);
