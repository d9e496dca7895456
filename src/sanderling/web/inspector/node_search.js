// https://chromedevtools.github.io/devtools-protocol/tot/DOM/#method-performSearch
// Searches by text, tag, attribute, XPath and selector, over the document and its frames, as Chromium's search field does.

import { onHost } from '../host.js';
import { SafeSet, StringPrototypeIndexOf, StringPrototypeSlice, StringPrototypeTrim } from '../primordials.js';
import { lowerAscii } from '../css/selectors/names.js';
import { querySelectorEvery } from '../css/selectors/query.js';
import { compileXPath } from '../domxpath/compile.js';
import { mainWindow } from '../html/realm.js';
import { InspectorFailure } from './describe.js';
import { answeringNodes, frameDocumentOf } from './node_ids.js';
import { cdpNodeName, pushNodePath } from './node_payload.js';

const SEARCHES_KEPT = 100;         // of a session; the oldest go

class NodeQuery {
  constructor(text) {
    this.text = StringPrototypeTrim(text);
    const { length } = this.text;
    this.startTag = length > 0 && this.text[0] === '<';
    this.endTag = length > 0 && this.text[length - 1] === '>';
    this.startQuote = length > 0 && this.text[0] === '"';
    this.exact = length > 1 && this.startQuote && this.text[length - 1] === '"';
    this.tag = lowerAscii(StringPrototypeSlice(this.text, this.startTag ? 1 : 0, this.endTag ? length - 1 : length));
    this.value = lowerAscii(StringPrototypeSlice(this.text, this.startQuote ? 1 : 0, this.exact ? length - 1 : length));
    this.lower = lowerAscii(this.text);
  }

  matchesTag(el) {
    const name = lowerAscii(cdpNodeName(el));
    if (this.tag === '') return false;
    const at = StringPrototypeIndexOf(name, this.tag);
    if (this.startTag && this.endTag) return name === this.tag;
    if (this.startTag) return at === 0;
    if (this.endTag) return StringPrototypeSlice(name, -this.tag.length) === this.tag;
    return at >= 0;
  }

  matches(node) {
    if (node.nodeType === 3 || node.nodeType === 4 || node.nodeType === 8) return StringPrototypeIndexOf(lowerAscii(node.data), this.lower) >= 0;
    if (node.nodeType !== 1) return false;
    if (this.matchesTag(node)) return true;
    for (let i = 0; i < node.attrs.length; i++) {
      const attr = node.attrs[i];
      if (StringPrototypeIndexOf(lowerAscii(attr.localName), this.lower) >= 0) return true;
      const value = lowerAscii(attr.value);
      if (this.exact ? value === this.value : StringPrototypeIndexOf(value, this.value) >= 0) return true;
    }
    return false;
  }
}

function searchText(root, query, found, documents) {
  for (let node = root.first; node !== null && node !== undefined; node = node.next) {
    if (query.matches(node)) found.add(node);
    if (node.nodeType === 1) {
      if (node.shadow !== null) searchText(node.shadow, query, found, documents);
      const inner = frameDocumentOf(node);
      if (inner !== null) documents[documents.length] = inner;
    }
    searchText(node, query, found, documents);
  }
}

function searchXPath(doc, text, found) {
  let nodes;
  try {
    nodes = compileXPath(text, null).run(doc, 1, 1);
  } catch {
    return;                        // no XPath: it may be a selector
  }
  if (typeof nodes !== 'object') return;
  for (let i = 0; i < nodes.length; i++) found.add(nodes[i].nodeType === 2 ? nodes[i].element : nodes[i]);
}

function searchSelector(doc, text, found) {
  let nodes;
  try {
    nodes = querySelectorEvery(doc, text);
  } catch {
    return;
  }
  for (let i = 0; i < nodes.length; i++) found.add(nodes[i]);
}

onHost('dom.search', answeringNodes((payload, view) => {
  if (!view.enabled) throw new InspectorFailure('DOM agent is not enabled');
  const query = new NodeQuery(payload.query);
  const found = new SafeSet();
  const documents = [mainWindow().document];
  if (query.text !== '') {
    for (let i = 0; i < documents.length; i++) searchText(documents[i], query, found, documents);
    for (let i = 0; i < documents.length; i++) searchXPath(documents[i], query.text, found);
    for (let i = 0; i < documents.length; i++) searchSelector(documents[i], query.text, found);
  }
  const nodes = [];
  found.forEach((node) => {
    nodes[nodes.length] = node;
  });
  view.searches.set(payload.search, nodes);
  if (view.searches.size > SEARCHES_KEPT) {
    let oldest = null;
    view.searches.forEach((list, id) => {
      oldest ??= id;
    });
    view.searches.delete(oldest);
  }
  return { __proto__: null, resultCount: nodes.length };
}));

onHost('dom.searchResults', answeringNodes((payload, view) => {
  const nodes = view.searches.get(payload.search);
  if (nodes === undefined) throw new InspectorFailure('No search session with given id found');
  const { from, to } = payload;
  if (from < 0 || to > nodes.length || from >= to) throw new InspectorFailure('Invalid search result range');
  const nodeIds = [];
  for (let i = from; i < to; i++) nodeIds[i - from] = pushNodePath(view, nodes[i]);
  return { __proto__: null, nodeIds };
}));

onHost('dom.discardSearch', answeringNodes((payload, view) => {
  view.searches.delete(payload.search);
}));
