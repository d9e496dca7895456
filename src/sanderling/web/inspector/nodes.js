// https://chromedevtools.github.io/devtools-protocol/tot/DOM/
// Nodes for CDP's DOM domain: documents, descriptions, queries, markup.

import { onHost } from '../host.js';
import { StringPrototypeSplit } from '../primordials.js';
import { wrap } from '../webidl/wrapper.js';
import { mainWindow, withWindow } from '../html/realm.js';
import { isConnected } from '../dom/tree.js';
import { focusElement, isFocusableArea } from '../html/focus.js';
import { pageHeight, pageWidth } from '../css/cssom-view/Screen.js';
import { fireEvent } from '../dom/dispatch.js';
import { querySelectorEvery, querySelectorFirst } from '../css/selectors/query.js';
import { serializeNode } from '../domparsing/serialize.js';
import { serializeXML } from '../domparsing/XMLSerializer.js';
import { InspectorFailure } from './describe.js';
import { answeringNodes, dropView, frameDocumentOf, frameElementOfNumber, nodeNumberOf, nodeOf } from './node_ids.js';
import { flatAttributes, nodePayload, pushChildren, pushNodePath, shownChildren } from './node_payload.js';
import { watchNodes } from './node_watch.js';
import { remoteObject } from './remote.js';
import { runningContext, worldOf } from './worlds.js';

onHost('dom.enable', answeringNodes((payload, view) => {
  view.enabled = true;
  view.whitespace = payload.whitespace;
}));

onHost('dom.disable', answeringNodes((payload, view) => {
  view.forget();
  view.enabled = false;
  dropView(view.session);
}));

// A session is gone.
onHost('dom.drop', (payload) => {
  dropView(payload.session);
  return null;
});

onHost('dom.document', answeringNodes((payload, view) => {
  view.forget();
  view.enabled = true;
  view.document = mainWindow().document;
  watchNodes();
  return { __proto__: null, root: nodePayload(view, view.document, payload.depth, payload.pierce, true) };
}));

onHost('dom.describe', answeringNodes((payload, view) => (
  { __proto__: null, node: nodePayload(view, nodeOf(payload), payload.depth, payload.pierce, false) }
)));

onHost('dom.requestChildren', answeringNodes((payload, view) => {
  pushChildren(view, nodeOf(payload), payload.depth, payload.pierce);
}));

onHost('dom.requestNode', answeringNodes((payload, view) => ({ __proto__: null, nodeId: pushNodePath(view, nodeOf(payload)) })));

onHost('dom.resolve', answeringNodes((payload) => {
  const impl = nodeOf(payload, 'No node with given id found');
  const context = payload.context ?? withWindow(impl.doc.window ?? mainWindow(), runningContext);
  // Contexts of other isolates are not known here: their documents are others.
  if (payload.context !== undefined && worldOf(context) === null) throw new InspectorFailure('Node with given id does not belong to the document');
  return { __proto__: null, object: remoteObject(wrap(impl), context, payload.group ?? null, false) };
}));

function queryRoot(payload) {
  const root = nodeOf(payload);
  if (root.nodeType !== 1 && root.nodeType !== 9 && root.nodeType !== 11) throw new InspectorFailure('Not a container node');
  return root;
}

function queried(query) {
  try {
    return query();
  } catch {
    throw new InspectorFailure('DOM Error while querying');
  }
}

onHost('dom.query', answeringNodes((payload, view) => {
  const root = queryRoot(payload);
  const found = queried(() => querySelectorFirst(root, payload.selector));
  return { __proto__: null, nodeId: found === null ? 0 : pushNodePath(view, found) };
}));

onHost('dom.queryAll', answeringNodes((payload, view) => {
  const root = queryRoot(payload);
  const found = queried(() => querySelectorEvery(root, payload.selector));
  const nodeIds = [];
  for (let i = 0; i < found.length; i++) nodeIds[i] = pushNodePath(view, found[i]);
  return { __proto__: null, nodeIds };
}));

onHost('dom.attributes', answeringNodes((payload) => {
  const el = nodeOf(payload);
  if (el.nodeType !== 1) throw new InspectorFailure('Node is not an Element');
  return { __proto__: null, attributes: flatAttributes(el) };
}));

function shadowRootsIn(node, out) {
  if (node.nodeType === 1 && node.shadow !== null) {
    out[out.length] = node.shadow;
    shadowRootsIn(node.shadow, out);
  }
  for (let at = node.first; at !== null && at !== undefined; at = at.next) shadowRootsIn(at, out);
  return out;
}

onHost('dom.outerHTML', answeringNodes((payload) => {
  const impl = nodeOf(payload);
  if (!impl.doc.isHTML && impl.nodeType === 1) return { __proto__: null, outerHTML: serializeXML(impl) };
  const options = payload.shadow ? { __proto__: null, serializableShadowRoots: false, shadowRoots: shadowRootsIn(impl, []) } : null;
  return { __proto__: null, outerHTML: serializeNode(impl, options) };
}));

onHost('dom.frameOwner', answeringNodes((payload, view) => {
  const el = frameElementOfNumber(payload.frame);
  if (el === null) throw new InspectorFailure('Frame with the given id was not found.');
  return { __proto__: null, backendNodeId: nodeNumberOf(el), nodeId: pushNodePath(view, el) };
}));

function needDocument(view) {
  if (view.document === null) throw new InspectorFailure('Document needs to be requested first');
}

onHost('dom.pushBackend', answeringNodes((payload, view) => {
  needDocument(view);
  const nodeIds = [];
  for (let i = 0; i < payload.backendNodeIds.length; i++) {
    let impl = null;
    try {
      impl = nodeOf({ __proto__: null, backendNodeId: payload.backendNodeIds[i] });
    } catch (error) {
      if (!(error instanceof InspectorFailure)) throw error;
    }
    nodeIds[i] = impl === null ? 0 : pushNodePath(view, impl);
  }
  return { __proto__: null, nodeIds };
}));

// A path is "1,HTML,2,BODY,...": places among the children, with the names that must stand there; "a" and "u" are shadow roots, "d" a frame's document.
onHost('dom.pushPath', answeringNodes((payload, view) => {
  needDocument(view);
  const parts = StringPrototypeSplit(payload.path, ',');
  let at = view.document;
  for (let i = 0; i + 1 < parts.length && at !== null; i += 2) {
    const place = parts[i];
    let next = null;
    if (place === 'a' || place === 'u') next = at.shadow ?? null;
    else if (place === 'd') next = frameDocumentOf(at);
    else next = shownChildren(view, at)[+place] ?? null;
    if (next !== null && nodePayload(view, next, 0, false, false).nodeName !== parts[i + 1]) next = null;
    at = next;
  }
  if (at === null || at === view.document) throw new InspectorFailure('Node not found');
  return { __proto__: null, nodeId: pushNodePath(view, at) };
}));

onHost('dom.focus', answeringNodes((payload) => {
  const impl = nodeOf(payload);
  if (impl.nodeType !== 1) throw new InspectorFailure('Node is not an Element');
  if (!isConnected(impl)) throw new InspectorFailure('Element is not focusable');
  const before = impl.doc.focusedElement;
  focusElement(impl);
  if (before !== impl && impl.doc.focusedElement === before && !isFocusableArea(impl, false)) throw new InspectorFailure('Element is not focusable');
}));
// https://chromedevtools.github.io/devtools-protocol/tot/Page/#method-getLayoutMetrics, in CSS pixels
onHost('inspector.metrics', () => {
  const window = mainWindow();
  return {
    __proto__: null, x: window.scrollX, y: window.scrollY, width: window.width, height: window.height, contentWidth: pageWidth(window), contentHeight: pageHeight(window),
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
