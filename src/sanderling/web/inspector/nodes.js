// https://chromedevtools.github.io/devtools-protocol/tot/DOM/
// Nodes for CDP's DOM domain: ids, descriptions, queries, boxes of the flat layout.

import { onHost } from '../host.js';
import { SafeMap, SafeWeakMap, StringPrototypeToUpperCase, ReflectApply, WeakRef } from '../primordials.js';
import { wrap, unwrap } from '../webidl/wrapper.js';
import { mainWindow } from '../html/realm.js';
import { isConnected } from '../dom/tree.js';
import { CONNECTED } from '../dom/node.js';
import { focusElement, isFocusableArea } from '../html/focus.js';
import { boundingRectOf, boxOf } from '../css/cssom-view/geometry.js';
import { scrollIntoView } from '../css/cssom-view/Element.js';
import { pageHeight } from '../css/cssom-view/Screen.js';
import { fireEvent } from '../dom/dispatch.js';
import { querySelectorEvery, querySelectorFirst } from '../css/selectors/query.js';
import { serializeNode } from '../domparsing/serialize.js';
import { InspectorFailure } from './describe.js';
import { remoteObject, remoteValue } from './remote.js';

const nodeNumbers = new SafeWeakMap();  // impl to its number, the backend node id
const nodesByNumber = new SafeMap();    // number to a weak reference of the impl
const derefWeak = WeakRef.prototype.deref;
let nextNode = 1;

export function nodeNumberOf(impl) {
  let number = nodeNumbers.get(impl);
  if (number === undefined) {
    number = nextNode++;
    nodeNumbers.set(impl, number);
    nodesByNumber.set(number, new WeakRef(impl));
  }
  return number;
}

function nodeOfNumber(number, message) {
  const reference = nodesByNumber.get(number);
  const impl = reference === undefined ? undefined : ReflectApply(derefWeak, reference, []);
  if (impl === undefined) throw new InspectorFailure(message);
  return impl;
}

// { objectId } | { nodeId } | { backendNodeId }
function nodeOf(payload, noBackend) {
  if (payload.objectId !== undefined) {
    const impl = unwrap(remoteValue(payload.objectId));
    if (impl === undefined || impl.nodeType === undefined) throw new InspectorFailure("Object id doesn't reference a Node");
    return impl;
  }
  if (payload.backendNodeId !== undefined) return nodeOfNumber(payload.backendNodeId, noBackend);
  if (payload.nodeId !== undefined) return nodeOfNumber(payload.nodeId, 'Could not find node with given id');
  throw new InspectorFailure('Either nodeId, backendNodeId or objectId must be specified');
}

function answeringNodes(handler) {
  return (payload) => {
    try {
      return handler(payload);
    } catch (error) {
      if (error instanceof InspectorFailure) return { __proto__: null, failure: error.failure };
      throw error;
    }
  };
}

function childrenCount(impl) {
  let count = 0;
  for (let node = impl.first; node !== null && node !== undefined; node = node.next) count++;
  return count;
}

function nodeNameOf(impl) {
  switch (impl.nodeType) {
    case 1: return impl.doc.isHTML ? StringPrototypeToUpperCase(impl.localName) : impl.localName;
    case 3: return '#text';
    case 4: return '#cdata-section';
    case 8: return '#comment';
    case 9: return '#document';
    case 10: return impl.name;
    case 11: return '#document-fragment';
    default: return '';
  }
}

// https://chromedevtools.github.io/devtools-protocol/tot/DOM/#type-Node; node ids are backend node ids
function nodePayload(impl, depth, pierce) {
  const number = nodeNumberOf(impl);
  const out = {
    __proto__: null, nodeId: number, backendNodeId: number, nodeType: impl.nodeType, nodeName: nodeNameOf(impl),
    localName: impl.nodeType === 1 ? impl.localName : '', nodeValue: typeof impl.data === 'string' ? impl.data : '',
  };
  if (impl.parent !== null && impl.parent !== undefined) out.parentId = nodeNumberOf(impl.parent);
  if (impl.nodeType === 1) {
    out.attributes = [];
    for (let i = 0; i < impl.attrs.length; i++) {
      const attr = impl.attrs[i];
      out.attributes[out.attributes.length] = attr.prefix === null || attr.prefix === undefined ? attr.localName : attr.prefix + ':' + attr.localName;
      out.attributes[out.attributes.length] = attr.value;
    }
    if (impl.parent !== null && impl.parent.nodeType === 9 && impl.doc.window === mainWindow()) out.isMainRoot = true;
    if (impl.shadow !== null) out.shadowRoots = [nodePayload(impl.shadow, pierce ? depth : 0, pierce)];
  } else if (impl.nodeType === 9) {
    out.documentURL = impl.urlText();
    out.baseURL = impl.urlText();
    out.xmlVersion = '';
  } else if (impl.nodeType === 10) {
    out.publicId = impl.publicId;
    out.systemId = impl.systemId;
  } else if (impl.nodeType === 11 && impl.host !== null && impl.host !== undefined) {
    out.shadowRootType = impl.mode;
  }
  if (impl.nodeType === 1 || impl.nodeType === 9 || impl.nodeType === 11) {
    out.childNodeCount = childrenCount(impl);
    if (depth !== 0) {
      out.children = [];
      for (let node = impl.first; node !== null; node = node.next) out.children[out.children.length] = nodePayload(node, depth - 1, pierce);
    }
  }
  return out;
}

onHost('inspector.document', (payload) => ({ __proto__: null, root: nodePayload(mainWindow().document, payload.depth, payload.pierce) }));

onHost('inspector.describe', answeringNodes((payload) => (
  { __proto__: null, node: nodePayload(nodeOf(payload, 'No node found for given backend id'), payload.depth, payload.pierce) }
)));

onHost('inspector.resolve', answeringNodes((payload) => {
  const impl = nodeOf(payload, 'No node with given id found');
  return { __proto__: null, object: remoteObject(wrap(impl), payload.context, payload.group, false) };
}));

onHost('inspector.query', answeringNodes((payload) => {
  const root = nodeOf(payload, 'Could not find node with given id');
  try {
    if (payload.all) {
      const found = querySelectorEvery(root, payload.selector);
      const nodeIds = [];
      for (let i = 0; i < found.length; i++) nodeIds[i] = nodeNumberOf(found[i]);
      return { __proto__: null, nodeIds };
    }
    const found = querySelectorFirst(root, payload.selector);
    return { __proto__: null, nodeId: found === null ? 0 : nodeNumberOf(found) };
  } catch {
    throw new InspectorFailure('DOM Error while querying');
  }
}));

onHost('inspector.outerHTML', answeringNodes((payload) => ({ __proto__: null, outerHTML: serializeNode(nodeOf(payload, 'Could not find node with given id')) })));

function elementOf(payload) {
  let impl = nodeOf(payload, 'Could not find node with given id');
  if (impl.nodeType === 3 && impl.parent !== null) impl = impl.parent;
  return impl;
}

function quadOf(rect) {
  const { x, y, width, height } = rect;
  return [x, y, x + width, y, x + width, y + height, x, y + height];
}

onHost('inspector.quads', answeringNodes((payload) => {
  const impl = elementOf(payload);
  if (impl.nodeType !== 1 || boxOf(impl) === null) return { __proto__: null, quads: [] };
  return { __proto__: null, quads: [quadOf(boundingRectOf(impl))] };
}));

// Every box of the flat layout has its border, padding and content in one.
onHost('inspector.box', answeringNodes((payload) => {
  const impl = elementOf(payload);
  if (impl.nodeType !== 1 || boxOf(impl) === null) throw new InspectorFailure('Could not compute box model.');
  const rect = boundingRectOf(impl);
  const quad = quadOf(rect);
  return { __proto__: null, model: { __proto__: null, content: quad, padding: quad, border: quad, margin: quad, width: rect.width, height: rect.height } };
}));

onHost('inspector.scroll', answeringNodes((payload) => {
  const impl = elementOf(payload);
  if ((impl.flags & CONNECTED) === 0 || !isConnected(impl)) throw new InspectorFailure('Node is detached from document');
  if (impl.nodeType !== 1 || boxOf(impl) === null) throw new InspectorFailure('Node does not have a layout object');
  const rect = boundingRectOf(impl);
  const { window } = impl.doc;
  if (rect.y < 0 || rect.y + rect.height > window.height) scrollIntoView(impl, { __proto__: null, block: 'center' });
  return {};
}));

onHost('inspector.focus', answeringNodes((payload) => {
  const impl = nodeOf(payload, 'Could not find node with given id');
  if (impl.nodeType !== 1 || !isFocusableArea(impl, false)) throw new InspectorFailure('Element is not focusable');
  focusElement(impl);
  return {};
}));

// https://chromedevtools.github.io/devtools-protocol/tot/Page/#method-getLayoutMetrics, in CSS pixels
onHost('inspector.metrics', () => {
  const window = mainWindow();
  return {
    __proto__: null, x: window.scrollX, y: window.scrollY, width: window.width, height: window.height, contentWidth: window.width, contentHeight: pageHeight(window),
  };
});

// https://chromedevtools.github.io/devtools-protocol/tot/Emulation/#method-setDeviceMetricsOverride
onHost('inspector.viewport', (payload) => {
  const window = mainWindow();
  const changed = window.width !== payload.width || window.height !== payload.height;
  window.width = payload.width;
  window.height = payload.height;
  window.devicePixelRatio = payload.scale;
  window.document.version++;
  if (changed) fireEvent(window, 'resize', { __proto__: null, interface: 'UIEvent', init: { __proto__: null, view: window } });
  return null;
});
