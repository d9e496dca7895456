// https://chromedevtools.github.io/devtools-protocol/tot/DOM/#type-Node
// What a client is told of a node, and in which order it gets to know the tree.

import { StringPrototypeCharCodeAt, StringPrototypeToUpperCase } from '../primordials.js';
import { HTML_NS, SVG_NS } from '../dom/namespaces.js';
import { documentBaseURL } from '../html/document_state.js';
import { templateContents } from '../html/elements/HTMLTemplateElement.js';
import { serializeURL } from '../url/parser.js';
import { frameDocumentOf, frameWindowOf, nodeNumberOf } from './node_ids.js';

function isWhitespaceText(node) {
  if (node.nodeType !== 3) return false;
  const { data } = node;
  for (let i = 0; i < data.length; i++) {
    const c = StringPrototypeCharCodeAt(data, i);
    if (c !== 32 && (c < 9 || c > 13)) return false;
  }
  return true;
}

// Chromium leaves white space between elements out, unless `DOM.enable` asked for it.
export function isShownTo(view, node) {
  return view.whitespace || !isWhitespaceText(node);
}


export function shownChildren(view, node) {
  const out = [];
  if (node.nodeType === 1 && frameWindowOf(node) !== null) return out;
  for (let at = node.first; at !== null && at !== undefined; at = at.next) if (isShownTo(view, at)) out[out.length] = at;
  return out;
}

export function previousShown(view, node) {
  let at = node.prev;
  while (at !== null && !isShownTo(view, at)) at = at.prev;
  return at;
}

// The node that a node is shown in: a host for a shadow root, a frame element for a document.
export function shownParent(node) {
  if (node.nodeType === 9) return node.window === null ? null : node.window.frameElement ?? null;
  if (node.nodeType === 11 && node.isShadow) return node.host;
  return node.parent;
}

export function cdpNodeName(impl) {
  switch (impl.nodeType) {
    case 1: {
      const name = impl.prefix === null ? impl.localName : impl.prefix + ':' + impl.localName;
      return impl.namespace === HTML_NS && impl.doc.isHTML ? StringPrototypeToUpperCase(name) : name;
    }
    case 2: return impl.name;
    case 3: return '#text';
    case 4: return '#cdata-section';
    case 7: return impl.target;
    case 8: return '#comment';
    case 9: return '#document';
    case 10: return impl.name;
    case 11: return '#document-fragment';
    default: return '';
  }
}

export function flatAttributes(el) {
  const out = [];
  for (let i = 0; i < el.attrs.length; i++) {
    out[out.length] = el.attrs[i].name;
    out[out.length] = el.attrs[i].value;
  }
  return out;
}

const MAIN_FRAME_ID = 1;

export function frameIdText(page, window) {
  return window.frameId === MAIN_FRAME_ID ? page : page + '-' + window.frameId;
}

// `bind`: whether the session gets to know the node by this.
export function nodePayload(view, impl, depth, pierce, bind) {
  const out = {
    __proto__: null, nodeId: bind ? view.bind(impl) : view.idOf(impl), backendNodeId: nodeNumberOf(impl), nodeType: impl.nodeType, nodeName: cdpNodeName(impl),
    localName: impl.nodeType === 1 ? impl.localName : '', nodeValue: typeof impl.data === 'string' ? impl.data : impl.nodeType === 2 ? impl.value : '',
  };
  const parent = shownParent(impl);
  if (parent !== null && view.idOf(parent) !== 0 && impl.nodeType !== 9) out.parentId = view.idOf(parent);
  switch (impl.nodeType) {
    case 1: addElement(view, impl, depth, pierce, bind, out); break;
    case 2:
      out.name = impl.name;
      out.value = impl.value;
      break;
    case 9:
      out.documentURL = impl.urlText();
      out.baseURL = serializeURL(documentBaseURL(impl));
      out.xmlVersion = impl.isHTML ? '' : '1.0';
      out.compatibilityMode = impl.quirks ? 'QuirksMode' : impl.mode === 'limited-quirks' ? 'LimitedQuirksMode' : 'NoQuirksMode';
      break;
    case 10:
      out.publicId = impl.publicId;
      out.systemId = impl.systemId;
      break;
    case 11:
      if (impl.isShadow) out.shadowRootType = impl.mode;
      break;
    default:
  }
  if (impl.nodeType === 1 || impl.nodeType === 9 || impl.nodeType === 11) {
    const children = shownChildren(view, impl);
    out.childNodeCount = children.length;
    if (bind) view.counts.set(impl, children.length);
    const list = childPayloads(view, impl, children, out.shadowRoots !== undefined && depth === 0 ? 1 : depth, pierce, bind);
    if (list.length > 0 || depth !== 0) out.children = list;
  }
  return out;
}

function addElement(view, el, depth, pierce, bind, out) {
  out.attributes = flatAttributes(el);
  if (el.namespace === SVG_NS) out.isSVG = true;
  const { window } = el.doc;
  if (el.parent !== null && el.parent.nodeType === 9 && window !== null) out.frameId = frameIdText(view.page, window);
  const frame = frameWindowOf(el);
  if (frame !== null) out.frameId = frameIdText(view.page, frame);
  const inner = frameDocumentOf(el);
  if (inner !== null) {
    out.contentDocument = nodePayload(view, inner, pierce ? depth : 0, pierce, bind);
  }
  if (el.shadow !== null) out.shadowRoots = [nodePayload(view, el.shadow, pierce ? depth : 0, pierce, bind)];
  if (el.localName === 'template' && el.namespace === HTML_NS) out.templateContent = nodePayload(view, templateContents(el), 0, pierce, bind);
}

function childPayloads(view, impl, children, depth, pierce, bind) {
  const out = [];
  // An only child that is text goes along: clients would ask for it at once.
  if (depth === 0 && !(children.length === 1 && children[0].nodeType === 3)) return out;
  if (bind) view.childrenSent.add(impl);
  for (let i = 0; i < children.length; i++) out[i] = nodePayload(view, children[i], depth === 0 ? 0 : depth - 1, pierce, bind);
  return out;
}

export function sendNodeEvent(view, method, params) {
  view.events[view.events.length] = { __proto__: null, method: 'DOM.' + method, params };
}

// Tell a session the children of a node that it knows.
export function pushChildren(view, impl, depth, pierce) {
  if (view.childrenSent.has(impl)) {
    if (depth === 1) return;
    const children = shownChildren(view, impl);
    for (let i = 0; i < children.length; i++) pushChildren(view, children[i], depth - 1, pierce);
    return;
  }
  const children = shownChildren(view, impl);
  view.childrenSent.add(impl);
  const nodes = [];
  for (let i = 0; i < children.length; i++) nodes[i] = nodePayload(view, children[i], depth - 1, pierce, true);
  sendNodeEvent(view, 'setChildNodes', { __proto__: null, parentId: view.idOf(impl), nodes });
}

// Make a node known, with its ancestors before it; gives its id. 0: no document was sent yet.
export function pushNodePath(view, impl) {
  if (view.document === null) return 0;
  const known = view.idOf(impl);
  if (known !== 0) return known;
  const path = [];
  let at = impl;
  for (;;) {
    const parent = shownParent(at);
    if (parent === null) {
      // A tree of its own, outside of the document.
      sendNodeEvent(view, 'setChildNodes', { __proto__: null, parentId: 0, nodes: [nodePayload(view, at, 0, false, true)] });
      break;
    }
    path[path.length] = parent;
    if (view.idOf(parent) !== 0) break;
    at = parent;
  }
  for (let i = path.length - 1; i >= 0; i--) pushChildren(view, path[i], 1, false);
  return view.bind(impl);
}
