// https://dom.spec.whatwg.org/#old-style-collections
// Live lists are arrays, made again when the counter they hang on has moved: a node's child version, or a document's version.

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { getAttr } from './attributes.js';
import { nextInTree } from './tree.js';
import { HTML_NS } from './namespaces.js';
import { classAttribute, hasClassToken, lowerAscii } from '../css/selectors/names.js';
import { SafeMap, StringPrototypeSlice } from '../primordials.js';

export class NodeListImpl extends Impl {
  constructor(list) {
    super();
    this.list = list;
  }

  nodes() {
    return this.list;
  }
}
NodeListImpl.prototype.fixed = true;     // what is in it never changes

export class ChildNodesImpl extends NodeListImpl {
  constructor(node) {
    super([]);
    this.node = node;
    this.version = -1;
  }

  nodes() {
    const { node } = this;
    if (this.version === node.childVersion) return this.list;
    const list = [];
    for (let at = node.first; at !== null; at = at.next) list[list.length] = at;
    this.list = list;
    this.version = node.childVersion;
    return list;
  }
}

ChildNodesImpl.prototype.fixed = false;

// A live list of any kind: `collect()` gives the array.
export class LiveNodeListImpl extends NodeListImpl {
  constructor(doc, collect) {
    super([]);
    this.owner = doc;
    this.collect = collect;
    this.version = -1;
  }

  nodes() {
    const doc = this.owner.doc;
    if (this.version === doc.version) return this.list;
    this.list = this.collect();
    this.version = doc.version;
    return this.list;
  }
}

LiveNodeListImpl.prototype.fixed = false;

export function childNodesOf(node) {
  return node.childNodes ?? (node.childNodes = new ChildNodesImpl(node));
}

export const nodeListInterface = defineInterface(`
[Exposed=Window]
interface NodeList {
  getter Node? item(unsigned long index);
  readonly attribute unsigned long length;
  iterable<Node>;
};
`, {
  item: (self, index) => self.nodes()[index] ?? null,
  length: (self) => self.nodes().length,
}, NodeListImpl);

export class HTMLCollectionImpl extends Impl {
  // `root` is the node whose document's version counts; `collect` gives the elements.
  constructor(root, collect) {
    super();
    this.root = root;
    this.collect = collect;
    this.list = [];
    this.version = -1;
    this.versionDoc = null;
  }

  nodes() {
    const { doc } = this.root;
    if (this.version === doc.version && this.versionDoc === doc) return this.list;
    this.list = this.collect(this.root);
    this.version = doc.version;
    this.versionDoc = doc;
    return this.list;
  }
}

// A collection that hangs on the tree and on what names elements only.
export class TreeCollectionImpl extends HTMLCollectionImpl {
  nodes() {
    const { doc } = this.root;
    if (this.version === doc.treeVersion && this.versionDoc === doc) return this.list;
    this.list = this.collect(this.root);
    this.version = doc.treeVersion;
    this.versionDoc = doc;
    return this.list;
  }
}

export class ChildrenImpl extends HTMLCollectionImpl {
  nodes() {
    const { root } = this;
    if (this.version === root.childVersion) return this.list;
    const list = [];
    for (let at = root.first; at !== null; at = at.next) if (at.nodeType === 1) list[list.length] = at;
    this.list = list;
    this.version = root.childVersion;
    return list;
  }
}

export function childrenOf(node) {
  return node.children ?? (node.children = new ChildrenImpl(node, null));
}

// https://dom.spec.whatwg.org/#dom-htmlcollection-nameditem-key
export function namedInCollection(self, key) {
  if (key === '') return null;
  const list = self.nodes();
  for (let i = 0; i < list.length; i++) {
    const el = list[i];
    if (el.attrs.length === 0) continue;
    if (el.elementId === key || (el.namespace === HTML_NS && getAttr(el, 'name') === key)) return el;
  }
  return null;
}

export function namesOfCollection(self) {
  const out = [];
  const list = self.nodes();
  for (let i = 0; i < list.length; i++) {
    const id = list[i].elementId;
    if (id !== null && id !== '') out[out.length] = id;
    const name = list[i].namespace === HTML_NS ? getAttr(list[i], 'name') : null;
    if (name !== null && name !== '') out[out.length] = name;
  }
  return out;
}

export const htmlCollectionInterface = defineInterface(`
[Exposed=Window, LegacyUnenumerableNamedProperties]
interface HTMLCollection {
  readonly attribute unsigned long length;
  getter Element? item(unsigned long index);
  getter Element? namedItem(DOMString name);
};
`, {
  length: (self) => self.nodes().length,
  item: (self, index) => self.nodes()[index] ?? null,
  namedItem: namedInCollection,
  supportedNames: namesOfCollection,
}, HTMLCollectionImpl);

// -- the collections of getElementsBy... ---------------------------------------------------------------------------------

function collectWhere(root, test) {
  const out = [];
  for (let node = root.first; node !== null; node = nextInTree(node, root)) if (node.nodeType === 1 && test(node)) out[out.length] = node;
  return out;
}

export function collection(root, test) {
  return new HTMLCollectionImpl(root, () => collectWhere(root, test));
}

function treeCollection(root, test) {
  return new TreeCollectionImpl(root, () => collectWhere(root, test));
}

// Asked for again, a document gives the same collection; so do browsers.
const MAX_KEPT = 256;

export function keptOrMade(root, key, make) {
  if (root.nodeType !== 9) return make();
  const map = root.collections ?? (root.collections = new SafeMap());
  let list = map.get(key);
  if (list === undefined) {
    list = make();
    if (map.size < MAX_KEPT) map.set(key, list);
  }
  return list;
}

export function elementsByTagName(root, name) {
  return keptOrMade(root, 'tag ' + name, () => makeByTagName(root, name));
}

export function elementsByClassName(root, names) {
  return keptOrMade(root, 'class ' + names, () => makeByClassName(root, names));
}

// https://dom.spec.whatwg.org/#concept-getelementsbytagname
function makeByTagName(root, name) {
  if (name === '*') return treeCollection(root, () => true);
  const lower = lowerAscii(name);
  if (root.doc.isHTML) {
    if (lower === name) return treeCollection(root, (el) => (el.prefix === null ? el.localName === name : el.prefix + ':' + el.localName === name));
    return treeCollection(root, (el) => qualifiedNameOf(el) === (el.namespace === HTML_NS ? lower : name));
  }
  return treeCollection(root, (el) => qualifiedNameOf(el) === name);
}

export function qualifiedNameOf(el) {
  return el.prefix === null ? el.localName : el.prefix + ':' + el.localName;
}

export function elementsByTagNameNS(root, namespace, localName) {
  const ns = namespace === '' ? null : namespace;
  return treeCollection(root, (el) => (ns === '*' || el.namespace === ns) && (localName === '*' || el.localName === localName));
}

// https://dom.spec.whatwg.org/#concept-getelementsbyclassname
function makeByClassName(root, names) {
  const classes = splitTokens(names);
  if (classes.length === 0) return new TreeCollectionImpl(root, () => []);
  if (root.doc.quirks) {
    for (let i = 0; i < classes.length; i++) classes[i] = lowerAscii(classes[i]);
  }
  return treeCollection(root, (el) => {
    if (el.attrs.length === 0) return false;
    let value = classAttribute(el);
    if (value === null) return false;
    if (el.doc.quirks) value = lowerAscii(value);
    for (let i = 0; i < classes.length; i++) if (!hasClassToken(value, classes[i])) return false;
    return true;
  });
}

// Split on ASCII whitespace: https://infra.spec.whatwg.org/#split-on-ascii-whitespace
export function splitTokens(text) {
  const out = [];
  let start = -1;
  for (let i = 0; i <= text.length; i++) {
    const c = i < text.length ? text[i] : ' ';
    const space = c === ' ' || c === '\n' || c === '\t' || c === '\r' || c === '\f';
    if (space) {
      if (start >= 0) out[out.length] = StringPrototypeSlice(text, start, i);
      start = -1;
    } else if (start < 0) start = i;
  }
  return out;
}
