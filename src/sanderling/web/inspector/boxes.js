// https://chromedevtools.github.io/devtools-protocol/tot/DOM/#type-BoxModel
// Boxes of the flat layout as CDP asks for them, in CSS pixels of the main frame's viewport.

import { onHost } from '../host.js';
import { MathMax, MathMin } from '../primordials.js';
import { isConnected } from '../dom/tree.js';
import { innerEdges } from '../css/cssom-view/box_sizes.js';
import { boxOf, deepHitTest, viewportOrigin, rectsOfNode, shownRectsOf } from '../css/cssom-view/geometry.js';
import { scrollPartIntoView } from '../css/cssom-view/scrolling.js';
import { pxOf } from '../css/cssom/computed.js';
import { mainWindow } from '../html/realm.js';
import { InspectorFailure } from './describe.js';
import { answeringNodes, frameElementOfNumber, nodeNumberOf, nodeOf } from './node_ids.js';
import { frameIdText, pushNodePath } from './node_payload.js';

function quadOf(x, y, width, height) {
  return [x, y, x + width, y, x + width, y + height, x, y + height];
}

// Rectangles of a node in the main viewport.
function mainRects(impl) {
  const out = [];
  if (!isConnected(impl)) return out;
  const origin = viewportOrigin(impl.doc);
  if (origin === null) return out;
  const rects = impl.nodeType === 1 ? shownRectsOf(impl) : impl.nodeType === 3 ? rectsOfNode(impl) : impl.nodeType === 9 ? shownRectsOf(impl.documentElement()) : [];
  for (let i = 0; i < rects.length; i++) {
    out[i] = { __proto__: null, x: rects[i].x + origin.x, y: rects[i].y + origin.y, width: rects[i].width, height: rects[i].height };
  }
  return out;
}

onHost('dom.quads', answeringNodes((payload) => {
  const rects = mainRects(nodeOf(payload));
  const quads = [];
  for (let i = 0; i < rects.length; i++) quads[i] = quadOf(rects[i].x, rects[i].y, rects[i].width, rects[i].height);
  return { __proto__: null, quads };
}));

function shrunk(rect, edges) {
  const left = MathMin(edges.left, rect.width);
  const top = MathMin(edges.top, rect.height);
  return quadOf(rect.x + left, rect.y + top, MathMax(0, rect.width - left - edges.right), MathMax(0, rect.height - top - edges.bottom));
}

function marginOf(el, side) {
  return MathMax(0, pxOf(el, 'margin-' + side));
}

onHost('dom.box', answeringNodes((payload) => {
  const impl = nodeOf(payload);
  const rects = mainRects(impl);
  if (rects.length === 0) throw new InspectorFailure('Could not compute box model.');
  const rect = rects[0];
  const border = quadOf(rect.x, rect.y, rect.width, rect.height);
  let content = border;
  let padding = border;
  let margin = border;
  if (impl.nodeType === 1) {
    padding = shrunk(rect, innerEdges(impl, false));
    content = shrunk(rect, innerEdges(impl, true));
    const left = marginOf(impl, 'left');
    const top = marginOf(impl, 'top');
    margin = quadOf(rect.x - left, rect.y - top, rect.width + left + marginOf(impl, 'right'), rect.height + top + marginOf(impl, 'bottom'));
  }
  return { __proto__: null, model: { __proto__: null, content, padding, border, margin, width: rect.width, height: rect.height } };
}));

onHost('dom.scroll', answeringNodes((payload) => {
  const impl = nodeOf(payload);
  if (!isConnected(impl)) throw new InspectorFailure('Node is detached from document');
  const el = impl.nodeType === 9 ? impl.documentElement() : impl.nodeType === 3 ? impl.parent : impl;
  const box = el === null || el.nodeType !== 1 ? null : boxOf(el);
  if (box === null || viewportOrigin(impl.doc) === null) throw new InspectorFailure('Node does not have a layout object');
  scrollPartIntoView(el, payload.rect);
}));

// Where the content of a frame begins in the main viewport of this isolate; null: it has no box. And the frame is scrolled to.
onHost('dom.frameOrigin', (payload) => {
  const el = frameElementOfNumber(payload.frame);
  if (el === null) return null;
  if (payload.scroll) scrollPartIntoView(el, null);
  const origin = viewportOrigin(el.doc);
  const box = boxOf(el);
  if (origin === null || box === null) return null;
  const edges = innerEdges(el, true);
  return { __proto__: null, x: origin.x + box.x - el.doc.window.scrollX + edges.left, y: origin.y + box.y - el.doc.window.scrollY + edges.top };
});

onHost('dom.atLocation', answeringNodes((payload, view) => {
  const window = mainWindow();
  const { doc, target } = deepHitTest(window.document, payload.x, payload.y, payload.ignorePointerEvents);
  if (target === null) throw new InspectorFailure('No node found at given location');
  return { __proto__: null, backendNodeId: nodeNumberOf(target), nodeId: view.document === null ? 0 : pushNodePath(view, target), frameId: frameIdText(view.page, doc.window) };
}));
