// https://dom.spec.whatwg.org/#interface-element

import { defineInterface } from '../webidl/interface.js';
import { StringPrototypeCharCodeAt, StringPrototypeToUpperCase } from '../primordials.js';
import { ElementImpl } from './node.js';
import { domException } from './DOMException.js';
import { createAttr, createText } from './create.js';
import { fallbacks } from './definitions.js';
import { HTML_NS } from './namespaces.js';
import {
  findByNamespace, findByQualifiedName, getAttr, isValidAttributeName, invalidName, appendAttr, changeAttr, removeAttrNode, setAttr, setAttrNode, setAttrNS, validateAndExtract,
} from './attributes.js';
import { attributeMapOf } from './NamedNodeMap.js';
import { elementsByClassName, elementsByTagName, elementsByTagNameNS, qualifiedNameOf } from './collections.js';
import { tokenListOf } from './DOMTokenList.js';
import { preInsert } from './tree.js';
import { attachShadowChecked } from './ShadowRoot.js';
import { closestSelector, matchesSelector } from '../css/selectors/query.js';
import { lowerAscii } from '../css/selectors/names.js';

// https://infra.spec.whatwg.org/#ascii-uppercase
function upperAscii(text) {
  let i = 0;
  while (i < text.length && StringPrototypeCharCodeAt(text, i) < 0x80) i++;
  if (i === text.length) return StringPrototypeToUpperCase(text);
  let out = '';
  for (i = 0; i < text.length; i++) out += StringPrototypeCharCodeAt(text, i) < 0x80 ? StringPrototypeToUpperCase(text[i]) : text[i];
  return out;
}

// https://dom.spec.whatwg.org/#element-html-uppercased-qualified-name
export function tagNameOf(self) {
  if (self.tagName === null) {
    const name = qualifiedNameOf(self);
    self.tagName = self.namespace === HTML_NS && self.doc.isHTML ? upperAscii(name) : name;
  }
  return self.tagName;
}

function attributeName(self, name) {
  return self.namespace === HTML_NS && self.doc.isHTML ? lowerAscii(name) : name;
}

// https://dom.spec.whatwg.org/#insert-adjacent
export function insertAdjacent(element, where, node) {
  switch (lowerAscii(where)) {
    case 'beforebegin': return element.parent === null ? null : preInsert(node, element.parent, element);
    case 'afterbegin': return preInsert(node, element, element.first);
    case 'beforeend': return preInsert(node, element, null);
    case 'afterend': return element.parent === null ? null : preInsert(node, element.parent, element.next);
    default: throw domException('SyntaxError', "The value provided ('" + where + "') is not one of 'beforebegin', 'afterbegin', 'beforeend' or 'afterend'.");
  }
}

export const elementInterface = defineInterface(`
[Exposed=Window]
interface Element : Node {
  readonly attribute DOMString? namespaceURI;
  readonly attribute DOMString? prefix;
  readonly attribute DOMString localName;
  readonly attribute DOMString tagName;
  [CEReactions] attribute DOMString id;
  [CEReactions] attribute DOMString className;
  [SameObject, PutForwards=value] readonly attribute DOMTokenList classList;
  [CEReactions, Unscopable] attribute DOMString slot;
  boolean hasAttributes();
  [SameObject] readonly attribute NamedNodeMap attributes;
  sequence<DOMString> getAttributeNames();
  DOMString? getAttribute(DOMString qualifiedName);
  DOMString? getAttributeNS(DOMString? namespace, DOMString localName);
  [CEReactions] undefined setAttribute(DOMString qualifiedName, DOMString value);
  [CEReactions] undefined setAttributeNS(DOMString? namespace, DOMString qualifiedName, DOMString value);
  [CEReactions] undefined removeAttribute(DOMString qualifiedName);
  [CEReactions] undefined removeAttributeNS(DOMString? namespace, DOMString localName);
  [CEReactions] boolean toggleAttribute(DOMString qualifiedName, optional boolean force);
  boolean hasAttribute(DOMString qualifiedName);
  boolean hasAttributeNS(DOMString? namespace, DOMString localName);
  Attr? getAttributeNode(DOMString qualifiedName);
  Attr? getAttributeNodeNS(DOMString? namespace, DOMString localName);
  [CEReactions] Attr? setAttributeNode(Attr attr);
  [CEReactions] Attr? setAttributeNodeNS(Attr attr);
  [CEReactions] Attr removeAttributeNode(Attr attr);
  ShadowRoot attachShadow(ShadowRootInit init);
  readonly attribute ShadowRoot? shadowRoot;
  Element? closest(DOMString selectors);
  boolean matches(DOMString selectors);
  boolean webkitMatchesSelector(DOMString selectors);
  HTMLCollection getElementsByTagName(DOMString qualifiedName);
  HTMLCollection getElementsByTagNameNS(DOMString? namespace, DOMString localName);
  HTMLCollection getElementsByClassName(DOMString classNames);
  [CEReactions] Element? insertAdjacentElement(DOMString where, Element element);
  undefined insertAdjacentText(DOMString where, DOMString data);
};
dictionary ShadowRootInit { required ShadowRootMode mode; boolean delegatesFocus = false; SlotAssignmentMode slotAssignment = "named"; boolean clonable = false; boolean serializable = false; CustomElementRegistry? customElementRegistry; };
Element includes ParentNode;
Element includes NonDocumentTypeChildNode;
Element includes ChildNode;
Element includes Slottable;
`, {
  namespaceURI: (self) => self.namespace,
  prefix: (self) => self.prefix,
  localName: (self) => self.localName,
  tagName: tagNameOf,
  id: { get: (self) => self.elementId ?? '', set: (self, value) => setAttr(self, 'id', value) },
  className: { get: (self) => getAttr(self, 'class') ?? '', set: (self, value) => setAttr(self, 'class', value) },
  classList: (self) => tokenListOf(self, 'class'),
  slot: { get: (self) => getAttr(self, 'slot') ?? '', set: (self, value) => setAttr(self, 'slot', value) },
  hasAttributes: (self) => self.attrs.length > 0,
  attributes: attributeMapOf,
  getAttributeNames(self) {
    const out = [];
    for (let i = 0; i < self.attrs.length; i++) out[i] = self.attrs[i].name;
    return out;
  },
  getAttribute(self, name) {
    const attr = findByQualifiedName(self, attributeName(self, name));
    return attr === null ? null : attr.value;
  },
  getAttributeNS(self, namespace, localName) {
    const attr = findByNamespace(self, namespace === '' ? null : namespace, localName);
    return attr === null ? null : attr.value;
  },
  setAttribute(self, name, value) {
    const actual = attributeName(self, name);
    const attr = findByQualifiedName(self, actual);
    if (attr !== null) {
      changeAttr(attr, value);
      return;
    }
    // 1. (a name that is there already is valid)
    if (!isValidAttributeName(name)) throw invalidName(name);
    appendAttr(self, createAttr(self.doc, actual, null, null, value));
  },
  setAttributeNS(self, namespace, name, value) {
    const extracted = validateAndExtract(namespace, name, 'attribute');
    setAttrNS(self, extracted.namespace, extracted.prefix, extracted.localName, value);
  },
  removeAttribute(self, name) {
    const attr = findByQualifiedName(self, attributeName(self, name));
    if (attr !== null) removeAttrNode(attr);
  },
  removeAttributeNS(self, namespace, localName) {
    const attr = findByNamespace(self, namespace === '' ? null : namespace, localName);
    if (attr !== null) removeAttrNode(attr);
  },
  toggleAttribute(self, name, force) {
    if (!isValidAttributeName(name)) throw invalidName(name);
    const actual = attributeName(self, name);
    const attr = findByQualifiedName(self, actual);
    if (attr === null) {
      if (force === false) return false;
      appendAttr(self, createAttr(self.doc, actual, null, null, ''));
      return true;
    }
    if (force === true) return true;
    removeAttrNode(attr);
    return false;
  },
  hasAttribute: (self, name) => findByQualifiedName(self, attributeName(self, name)) !== null,
  hasAttributeNS: (self, namespace, localName) => findByNamespace(self, namespace === '' ? null : namespace, localName) !== null,
  getAttributeNode: (self, name) => findByQualifiedName(self, attributeName(self, name)),
  getAttributeNodeNS: (self, namespace, localName) => findByNamespace(self, namespace === '' ? null : namespace, localName),
  setAttributeNode: setAttrNode,
  setAttributeNodeNS: setAttrNode,
  removeAttributeNode(self, attr) {
    if (attr.element !== self) throw domException('NotFoundError', 'The node provided is owned by another element.');
    removeAttrNode(attr);
    return attr;
  },
  attachShadow: attachShadowChecked,
  shadowRoot: (self) => (self.shadow !== null && self.shadow.mode === 'open' ? self.shadow : null),
  closest: closestSelector,
  matches: matchesSelector,
  webkitMatchesSelector: matchesSelector,
  getElementsByTagName: elementsByTagName,
  getElementsByTagNameNS: elementsByTagNameNS,
  getElementsByClassName: elementsByClassName,
  insertAdjacentElement: insertAdjacent,
  insertAdjacentText(self, where, data) {
    insertAdjacent(self, where, createText(self.doc, data));
  },
}, ElementImpl);
fallbacks.element = elementInterface;
