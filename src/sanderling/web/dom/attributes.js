// https://dom.spec.whatwg.org/#concept-element-attribute
// Attributes: reading, changing, and the index of ids. Arrays of attributes are an element's own, but for the shared empty one.

import { motion } from '../css/animations/motion.js';
import { beforeStyleChange } from '../css/animations/watch.js';
import { domException } from './DOMException.js';
import { AttrImpl, IN_DOCUMENT } from './node.js';
import { attrInterface } from './Attr.js';
import { observing, queueAttributeRecord, treeWatch } from './mutation.js';
import { nextInTree } from './tree.js';
import { attributeChangedForSlots } from './slots.js';
import { cssomOf } from '../css/cssom/inline_style.js';
import { attributeChangedForHandlers } from '../html/handlers.js';
import { checkCustomControls } from '../html/forms/custom_controls.js';
import { customAttributeChanged } from '../html/custom_elements.js';
import { attributeChangedForFocus, fixUpDisabledFocus } from '../html/focus.js';
import { nonceAttributeChanged } from '../html/nonce.js';
import { popoverAttributeChanged } from '../html/popover.js';
import { XMLNS_NS, XML_NS } from './namespaces.js';
import { RegExpPrototypeExec, SafeSet, StringPrototypeIndexOf, StringPrototypeSlice } from '../primordials.js';
import { markAttribute } from '../css/cssom/style_marks.js';

// -- reading -----------------------------------------------------------------------------------------------------------

export function findAttr(el, name) {
  const { attrs } = el;
  for (let i = 0; i < attrs.length; i++) if (attrs[i].localName === name && attrs[i].namespace === null) return attrs[i];
  return null;
}

// The value of an attribute in no namespace, or null.
export function getAttr(el, name) {
  const { attrs } = el;
  for (let i = 0; i < attrs.length; i++) {
    const attr = attrs[i];
    if (attr.localName === name && attr.namespace === null) return attr.value;
  }
  return null;
}

export function hasAttr(el, name) {
  return getAttr(el, name) !== null;
}

export function findByQualifiedName(el, name) {
  const { attrs } = el;
  for (let i = 0; i < attrs.length; i++) if (attrs[i].name === name) return attrs[i];
  return null;
}

export function findByNamespace(el, namespace, localName) {
  const { attrs } = el;
  for (let i = 0; i < attrs.length; i++) if (attrs[i].localName === localName && attrs[i].namespace === namespace) return attrs[i];
  return null;
}

// -- ids ---------------------------------------------------------------------------------------------------------------

// Nearly every id has one element, which stands in the index itself.
export class SharedId {
  constructor() {
    this.elements = new SafeSet();
    this.first = null;   // in tree order, where that is known
  }
}

export function addId(doc, id, el) {
  if (id === '') return;
  const known = doc.ids.get(id);
  if (known === undefined) doc.ids.set(id, el);
  else if (known instanceof SharedId) {
    known.elements.add(el);
    known.first = null;
  } else if (known !== el) {
    const shared = new SharedId();
    shared.elements.add(known);
    shared.elements.add(el);
    doc.ids.set(id, shared);
  }
}

export function removeId(doc, id, el) {
  const known = doc.ids.get(id);
  if (known === el) doc.ids.delete(id);
  else if (known instanceof SharedId) {
    known.elements.delete(el);
    if (known.first === el) known.first = null;
    if (known.elements.size === 0) doc.ids.delete(id);
  }
}

// The first element of the document tree with this id, in tree order.
export function elementById(doc, id) {
  const known = doc.ids.get(id);
  if (known === undefined) return null;
  if (!(known instanceof SharedId)) return known;
  // They may be many, and the first is seldom far.
  let node = known.first ?? doc;
  while (node !== null && !known.elements.has(node)) node = nextInTree(node, doc);
  known.first = node;
  return node;
}

// -- changing ----------------------------------------------------------------------------------------------------------

// https://dom.spec.whatwg.org/#handle-attribute-changes: after the change; `value` null means removed, `old` null means added.
function attributeChanged(el, attr, old, value) {
  const { localName, namespace } = attr;
  const { doc } = el;
  doc.version++;
  markAttribute(el, localName, namespace, old, value);
  if (namespace === null) {
    if (localName === 'class' || localName === 'id' || localName === 'name' || localName === 'form') doc.treeVersion++;
    if (localName === 'id') {
      el.elementId = value;
      if ((el.flags & IN_DOCUMENT) !== 0) {
        if (old !== null) removeId(doc, old, el);
        if (value !== null) addId(doc, value, el);
      }
    } else if (localName === 'slot' || localName === 'name') attributeChangedForSlots(el, localName, old, value);
    else if (localName.length > 2 && localName[0] === 'o' && localName[1] === 'n') attributeChangedForHandlers(el, localName, value);
    else if (localName === 'class' || el.tokens !== null) el.tokens?.get(localName)?.attributeChanged(value);
    else if (localName === 'style' && (el.cssom !== null || doc.csp !== null)) cssomOf(el).styleAttributeChanged(value);
    else if (localName === 'popover') popoverAttributeChanged(el, old, value);
    else if (localName === 'nonce') nonceAttributeChanged(el);
    else if (doc.focusedElement !== null && value !== null && (localName === 'disabled' || localName === 'inert')) fixUpDisabledFocus(doc);
  }
  if (doc.focusedElement !== null && namespace === null) attributeChangedForFocus(localName);
  if (treeWatch.attribute !== null) treeWatch.attribute(el, attr, value);
  if (el.def !== null && el.def.attributeChanged !== null) el.def.attributeChanged(el, localName, old, value, namespace);
  if (el.custom !== null) customAttributeChanged(el, localName, old, value, namespace);
  if (doc.customControls !== null && namespace === null && (localName === 'disabled' || localName === 'form' || localName === 'id')) checkCustomControls(doc);
}

function recordAttribute(el, attr) {
  if (observing.count > 0) queueAttributeRecord(el, attr.localName, attr.namespace, attr.value);
}

// https://dom.spec.whatwg.org/#concept-element-attributes-change
export function changeAttr(attr, value) {
  const { element } = attr;
  const old = attr.value;
  if (motion.watched) beforeStyleChange(element, attr.localName !== 'style');
  if (observing.count > 0) recordAttribute(element, attr);
  attr.value = value;
  attributeChanged(element, attr, old, value);
}

// OPTIMIZATION: an array that grows gets room for 17; most elements have fewer than four attributes, and there are many elements.
export function withAttr(list, attr) {
  switch (list.length) {
    case 0: return [attr];
    case 1: return [list[0], attr];
    case 2: return [list[0], list[1], attr];
    case 3: return [list[0], list[1], list[2], attr];
    default:
      list[list.length] = attr;
      return list;
  }
}

// https://dom.spec.whatwg.org/#concept-element-attributes-append
export function appendAttr(el, attr) {
  if (motion.watched) beforeStyleChange(el, attr.localName !== 'style');
  if (observing.count > 0) queueAttributeRecord(el, attr.localName, attr.namespace, null);
  el.attrs = el.attrs === el.noAttrs ? [attr] : withAttr(el.attrs, attr);
  attr.element = el;
  attributeChanged(el, attr, null, attr.value);
}

export function removeAttrNode(attr) {
  const { element } = attr;
  if (motion.watched) beforeStyleChange(element, attr.localName !== 'style');
  if (observing.count > 0) recordAttribute(element, attr);
  const { attrs } = element;
  let at = 0;
  while (attrs[at] !== attr) at++;
  for (let i = at + 1; i < attrs.length; i++) attrs[i - 1] = attrs[i];
  attrs.length--;
  attr.element = null;
  attributeChanged(element, attr, attr.value, null);
}

// Set an attribute without namespace (its name is what it is: callers make it lower case).
export function setAttr(el, name, value) {
  const attr = findAttr(el, name);
  if (attr === null) appendAttr(el, new AttrImpl(attrInterface, el.doc, name, null, null, value));
  else changeAttr(attr, value);
}

export function removeAttr(el, name) {
  const attr = findAttr(el, name);
  if (attr !== null) removeAttrNode(attr);
}

// https://dom.spec.whatwg.org/#concept-element-attributes-set-value
export function setAttrNS(el, namespace, prefix, localName, value) {
  const attr = findByNamespace(el, namespace, localName);
  if (attr === null) appendAttr(el, new AttrImpl(attrInterface, el.doc, localName, namespace, prefix, value));
  else changeAttr(attr, value);
}

// https://dom.spec.whatwg.org/#concept-element-attributes-set
export function setAttrNode(el, attr) {
  if (attr.element !== null && attr.element !== el) throw domException('InUseAttributeError', 'The node provided is an attribute node that is already an attribute of another Element.');
  const old = findByNamespace(el, attr.namespace, attr.localName);
  if (old === attr) return attr;
  if (old === null) {
    appendAttr(el, attr);
    return null;
  }
  // https://dom.spec.whatwg.org/#concept-element-attributes-replace
  if (observing.count > 0) recordAttribute(el, old);
  const { attrs } = el;
  for (let i = 0; i < attrs.length; i++) if (attrs[i] === old) attrs[i] = attr;
  old.element = null;
  attr.element = el;
  attr.doc = el.doc;
  attributeChanged(el, attr, old.value, attr.value);
  return old;
}

// For the parser and clones: the list is complete, and nobody has seen the element yet.
export function setInitialAttrs(el, attrs) {
  el.attrs = attrs;
  for (let i = 0; i < attrs.length; i++) {
    const attr = attrs[i];
    attr.element = el;
    if (attr.namespace !== null) {
      if (el.def !== null && el.def.attributeChanged !== null) el.def.attributeChanged(el, attr.localName, null, attr.value, attr.namespace);
      continue;
    }
    const { localName } = attr;
    if (localName === 'id') el.elementId = attr.value;
    else if (localName.length > 2 && localName[0] === 'o' && localName[1] === 'n') attributeChangedForHandlers(el, localName, attr.value);
    else if (localName === 'style' && el.doc.csp !== null) cssomOf(el).styleAttributeChanged(attr.value);
    if (el.def !== null && el.def.attributeChanged !== null) el.def.attributeChanged(el, localName, null, attr.value, null);
  }
}

// -- names -------------------------------------------------------------------------------------------------------------

// https://dom.spec.whatwg.org/#valid-attribute-local-name
const BAD_ATTRIBUTE_NAME = /[\t\n\f\r \0/=>]/;
// https://dom.spec.whatwg.org/#valid-element-local-name
const ELEMENT_NAME = /^(?:[A-Za-z][^\t\n\f\r \0/>]*|[:_\u0080-\u{10FFFF}][A-Za-z0-9\-.:_\u0080-\u{10FFFF}]*)$/u;
const BAD_PREFIX = /[\t\n\f\r \0/>]/;

export function isValidAttributeName(name) {
  return name !== '' && RegExpPrototypeExec(BAD_ATTRIBUTE_NAME, name) === null;
}

export function isValidElementName(name) {
  return RegExpPrototypeExec(ELEMENT_NAME, name) !== null;
}

export function isValidDoctypeName(name) {
  return RegExpPrototypeExec(/[\t\n\f\r \0>]/, name) === null;
}

// https://dom.spec.whatwg.org/#validate-and-extract; `kind` is 'element' or 'attribute'.
export function validateAndExtract(namespace, qualifiedName, kind) {
  const ns = namespace === '' ? null : namespace;
  let prefix = null;
  let localName = qualifiedName;
  const colon = StringPrototypeIndexOf(qualifiedName, ':');
  if (colon >= 0) {
    prefix = StringPrototypeSlice(qualifiedName, 0, colon);
    localName = StringPrototypeSlice(qualifiedName, colon + 1);
    if (prefix === '' || RegExpPrototypeExec(BAD_PREFIX, prefix) !== null) throw invalidName(qualifiedName);
  }
  if (kind === 'attribute' ? !isValidAttributeName(localName) : !isValidElementName(localName)) throw invalidName(qualifiedName);
  if (prefix !== null && ns === null) throw domException('NamespaceError', 'A prefix needs a namespace.');
  if (prefix === 'xml' && ns !== XML_NS) throw domException('NamespaceError', "The prefix 'xml' belongs to the XML namespace.");
  if ((qualifiedName === 'xmlns' || prefix === 'xmlns') !== (ns === XMLNS_NS)) throw domException('NamespaceError', "'xmlns' and the XMLNS namespace go together.");
  return { __proto__: null, namespace: ns, prefix, localName };
}

export function invalidName(name) {
  return domException('InvalidCharacterError', "'" + name + "' is not a valid name.");
}
