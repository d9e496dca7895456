// https://html.spec.whatwg.org/multipage/dom.html#dom-document-nameditem
// Named access on documents: `document.login` is the form of that name. A named getter would put a proxy before every use of `document`; so each name becomes an
// accessor of the document's wrapper while elements have it.

import { ObjectDefineProperty, ReflectDeleteProperty, ReflectGetOwnPropertyDescriptor, SafeMap, SafeSet, SafeWeakMap } from '../primordials.js';
import { wrap } from '../webidl/wrapper.js';
import { getAttr } from '../dom/attributes.js';
import { collection } from '../dom/collections.js';
import { definitionOf } from '../dom/definitions.js';
import { IN_DOCUMENT } from '../dom/node.js';
import { HTML_NS } from '../dom/namespaces.js';

class NamedElements {
  constructor() {
    this.elements = new SafeSet();
    this.list = null;            // HTMLCollection, where there were several
  }
}

const namedTables = new SafeWeakMap();       // document to a map from name to NamedElements

// https://html.spec.whatwg.org/multipage/dom.html#dom-document-namedItem-filter
function hasDocumentName(el, key) {
  const name = getAttr(el, 'name');
  if (name === key) return true;
  if (el.localName === 'object') return getAttr(el, 'id') === key;
  return el.localName === 'img' && name !== null && name !== '' && getAttr(el, 'id') === key;
}

function namedValue(doc, key, items) {
  if (items.elements.size > 1) {
    if (items.list === null) items.list = collection(doc, (el) => items.elements.has(el));
    return wrap(items.list);
  }
  let found = null;
  items.elements.forEach((el) => {
    found = el;
  });
  if (found.localName === 'iframe') return found.state.window === null ? null : found.state.window.globalObject;
  return wrap(found);
}

function addNamed(doc, el, key) {
  let table = namedTables.get(doc);
  if (table === undefined) {
    table = new SafeMap();
    namedTables.set(doc, table);
  }
  let items = table.get(key);
  if (items === undefined) {
    const wrapper = wrap(doc);
    // What the page has put there stays.
    if (ReflectGetOwnPropertyDescriptor(wrapper, key) !== undefined) return;
    items = new NamedElements();
    table.set(key, items);
    const named = items;
    ObjectDefineProperty(wrapper, key, { __proto__: null, get: () => namedValue(doc, key, named), set: undefined, enumerable: true, configurable: true });
  }
  items.elements.add(el);
}

function removeNamed(doc, el, key) {
  const items = namedTables.get(doc)?.get(key);
  if (items === undefined) return;
  items.elements.delete(el);
  if (items.elements.size > 0) return;
  namedTables.get(doc).delete(key);
  ReflectDeleteProperty(wrap(doc), key);
}

function namedInserted(el) {
  if (el.attrs.length === 0 || (el.flags & IN_DOCUMENT) === 0) return;
  const name = getAttr(el, 'name');
  if (name !== null && name !== '') {
    el.doc.hasWindowNames = true;
    addNamed(el.doc, el, name);
  }
  const id = getAttr(el, 'id');
  if (id !== null && id !== '' && id !== name && hasDocumentName(el, id)) addNamed(el.doc, el, id);
}

function namedRemoved(el) {
  if (el.attrs.length === 0 || namedTables.get(el.doc) === undefined) return;
  const name = getAttr(el, 'name');
  if (name !== null) removeNamed(el.doc, el, name);
  const id = getAttr(el, 'id');
  if (id !== null) removeNamed(el.doc, el, id);
}

function namedAttributeChanged(el, attribute, old) {
  if ((attribute !== 'name' && attribute !== 'id') || (el.flags & IN_DOCUMENT) === 0) return;
  if (old !== null) removeNamed(el.doc, el, old);
  namedRemoved(el);
  namedInserted(el);
}

function followNames(name) {
  const definition = definitionOf(name, HTML_NS);
  const before = { __proto__: null, inserted: definition.inserted, removed: definition.removed, attributeChanged: definition.attributeChanged };
  definition.inserted = before.inserted === null ? namedInserted : (el) => {
    before.inserted(el);
    namedInserted(el);
  };
  definition.removed = before.removed === null ? namedRemoved : (el, oldParent) => {
    before.removed(el, oldParent);
    namedRemoved(el);
  };
  definition.attributeChanged = before.attributeChanged === null
    ? (el, attribute, old, value, namespace) => {
      if (namespace === null) namedAttributeChanged(el, attribute, old);
    }
    : (el, attribute, old, value, namespace) => {
      before.attributeChanged(el, attribute, old, value, namespace);
      if (namespace === null) namedAttributeChanged(el, attribute, old);
    };
}

// The parser adds attributes after insertion only to html and body, which have no part in this.
for (const name of ['embed', 'form', 'iframe', 'img', 'object']) {
  followNames(name);
}
