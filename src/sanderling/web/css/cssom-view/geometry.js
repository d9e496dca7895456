// https://drafts.csswg.org/cssom-view/
// Boxes of the flat layout (flat_layout.js) as pages ask for them: rectangles, ranges, hit tests, offsets.

import { MathMax, MathMin, SafeWeakMap } from '../../primordials.js';
import { hasAttr } from '../../dom/attributes.js';
import { DOMRectImpl } from '../../geometry/DOMRect.js';
import { CONNECTED } from '../../dom/node.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { retarget } from '../../dom/dispatch.js';
import { nextInTree, rootOf } from '../../dom/tree.js';
import { compareBoundary } from '../../dom/Range.js';
import { motion } from '../animations/motion.js';
import { lookAtMotion } from '../animations/watch.js';
import { flatParent, styleStamp } from '../cssom/cascade.js';
import { computedValueOf, visibilityOf } from '../cssom/computed.js';
import { inlineDeclarations } from '../cssom/inline_style.js';
import { hasAnySheet } from '../cssom/sheets.js';
import { innerEdges, REPLACED } from './box_sizes.js';
import { CHARACTER_WIDTH, ROW_HEIGHT } from './flat_boxes.js';
import { FlatLayout } from './flat_layout.js';
import { areaAt } from '../../html/image_maps.js';
import { isInert } from '../../html/inert.js';

let lastLayout = null;
const layoutsOfFrames = new SafeWeakMap();  // by document, where another one was looked at in between

export function layoutOf(doc) {
  if (motion.pending) lookAtMotion();
  if (doc.window.frameElement !== null) sizeFrame(doc.window);
  const stamp = styleStamp(doc);
  let known = lastLayout;
  if (known !== null) {
    if (known.stamp === stamp) return known;
    if (known.doc !== doc) {
      layoutsOfFrames.set(known.doc, known);
      known = layoutsOfFrames.get(doc) ?? null;
      layoutsOfFrames.delete(doc);
    }
  }
  // Boxes are taken over from it: should an error stop that, nothing is known.
  lastLayout = null;
  lastLayout = known !== null && known.stamp === stamp ? known : new FlatLayout(doc, stamp, known);
  return lastLayout;
}

// The viewport of a child frame is the content box of its element.
export function sizeFrame(window) {
  const box = boxOf(window.frameElement);
  if (box === null) return;
  const inner = innerEdges(window.frameElement, true);
  window.width = MathMax(0, box.width - inner.left - inner.right);
  window.height = MathMax(0, box.height - inner.top - inner.bottom);
}

// Where a document's viewport begins in that of the main frame; null when its frame has no box.
export function viewportOrigin(doc) {
  const out = { __proto__: null, x: 0, y: 0 };
  for (let { window } = doc; window !== null && window.frameElement !== null; window = window.parent) {
    const el = window.frameElement;
    const box = boxOf(el);
    if (box === null) return null;
    const edges = innerEdges(el, true);
    out.x += box.x - window.parent.scrollX + edges.left;
    out.y += box.y - window.parent.scrollY + edges.top;
  }
  return out;
}

// The innermost element at a point of the main viewport, through frames of this isolate: { doc, target, x, y } with the point in its own viewport.
export function deepHitTest(mainDoc, mainX, mainY, any = false) {
  let doc = mainDoc;
  let x = mainX;
  let y = mainY;
  for (;;) {
    const target = hitTest(doc, x, y, any);
    const inner = target === null || (target.localName !== 'iframe' && target.localName !== 'frame') || target.state === null || target.state.window === null
      ? null : target.state.window.document;
    if (inner === null) return { __proto__: null, doc, target, x, y, remote: null };
    const box = boxOf(target);
    const edges = innerEdges(target, true);
    x -= box.x - doc.window.scrollX + edges.left;
    y -= box.y - doc.window.scrollY + edges.top;
    const { window } = target.state;
    // A frame of another origin lives in an isolate of its own: the point goes on there.
    if (window.remote !== null) return { __proto__: null, doc, target, x: x + box.x - doc.window.scrollX + edges.left, y: y + box.y - doc.window.scrollY + edges.top, remote: { __proto__: null, frame: window.frameId, x, y } };
    sizeFrame(inner.window);
    if (x < 0 || y < 0 || x > inner.window.width || y > inner.window.height) {
      return { __proto__: null, doc, target, x: x + box.x - doc.window.scrollX + edges.left, y: y + box.y - doc.window.scrollY + edges.top, remote: null };
    }
    doc = inner;
  }
}

// The box in coordinates of the document, or null.
export function boxOf(el) {
  if ((el.flags & CONNECTED) === 0 || el.doc.window === null) return null;
  return layoutOf(el.doc).boxOf(el);
}

const NO_SIZE = { __proto__: null, width: 0, height: 0, explicitWidth: false, explicitHeight: -1, replaced: false };

export function boxSizeOf(el) {
  const box = boxOf(el);
  if (box === null) return NO_SIZE;
  return { __proto__: null, width: box.width, height: box.height, explicitWidth: box.explicitWidth, explicitHeight: box.explicitHeight, replaced: REPLACED[el.localName] === true };
}

function rectOfBox(box, window) {
  return new DOMRectImpl(box.x - window.scrollX, box.y - window.scrollY, box.width, box.height);
}

// https://drafts.csswg.org/cssom-view/#dom-element-getboundingclientrect
export function boundingRectOf(el) {
  const box = boxOf(el);
  return box === null || box.display === 'contents' ? new DOMRectImpl(0, 0, 0, 0) : rectOfBox(box, el.doc.window);
}

export function clientRectsOf(el) {
  const box = boxOf(el);
  return box === null || box.display === 'contents' ? [] : [rectOfBox(box, el.doc.window)];
}

// What can be pointed at of an element: its box, or the row of its text where it has none
export function shownRectsOf(el) {
  const box = boxOf(el);
  return box === null ? [] : [rectOfBox(box, el.doc.window)];
}

// Of a text node: the row of its element, from where it begins.
export function rectsOfNode(text) {
  const el = text.parent;
  const box = el === null || el.nodeType !== 1 ? null : boxOf(el);
  if (box === null || text.data === '') return [];
  return [new DOMRectImpl(box.x - el.doc.window.scrollX, box.y - el.doc.window.scrollY, MathMin(box.width, text.data.length * CHARACTER_WIDTH), MathMin(ROW_HEIGHT, box.height))];
}

// -- ranges ------------------------------------------------------------------------------------------------------------

// https://drafts.csswg.org/cssom-view/#dom-range-getclientrects: elements that are whole inside, and the selected text of text nodes
export function rectsOfRange(range) {
  const out = [];
  const { startNode, startOffset, endNode, endOffset } = range;
  if (startNode.doc.window === null || (startNode.flags & CONNECTED) === 0) return out;
  const root = rootOf(startNode);
  const { window } = startNode.doc;
  for (let node = startNode; node !== null; node = nextInTree(node, root)) {
    if (compareBoundary(node, 0, endNode, endOffset) > 0 && node !== endNode) break;
    if (node.nodeType === 1 && node !== startNode && compareBoundary(node, 0, startNode, startOffset) > 0 && !containsNode(node, endNode)) {
      const box = boxOf(node);
      const parentInside = node.parent !== null && node.parent !== startNode && node.parent !== endNode && !containsNode(node.parent, startNode) && !containsNode(node.parent, endNode);
      if (box !== null && !parentInside) out[out.length] = rectOfBox(box, window);
    } else if (node.nodeType === 3 && node.parent !== null && node.parent.nodeType === 1) {
      const box = boxOf(node.parent);
      if (box === null) continue;
      const from = node === startNode ? startOffset : 0;
      const to = node === endNode ? endOffset : node.data.length;
      out[out.length] = new DOMRectImpl(box.x - window.scrollX + from * CHARACTER_WIDTH, box.y - window.scrollY, (to - from) * CHARACTER_WIDTH, MathMin(ROW_HEIGHT, box.height));
    }
  }
  return out;
}

function containsNode(ancestor, node) {
  for (let at = node; at !== null; at = at.parent) if (at === ancestor) return true;
  return false;
}

export function boundingRectOfRange(range) {
  const rects = rectsOfRange(range);
  if (rects.length === 0) return new DOMRectImpl(0, 0, 0, 0);
  let left = rects[0].x;
  let top = rects[0].y;
  let right = left + rects[0].width;
  let bottom = top + rects[0].height;
  for (let i = 1; i < rects.length; i++) {
    left = MathMin(left, rects[i].x);
    top = MathMin(top, rects[i].y);
    right = MathMax(right, rects[i].x + rects[i].width);
    bottom = MathMax(bottom, rects[i].y + rects[i].height);
  }
  return new DOMRectImpl(left, top, right - left, bottom - top);
}

// -- hit tests ---------------------------------------------------------------------------------------------------------

// The boxes at a point of the viewport, topmost first; `one`: the first only; `any`: also those that take no pointer.
function boxesAtPoint(doc, x, y, one, any = false) {
  const out = [];
  const { window } = doc;
  if (window === null || x < 0 || y < 0 || x > window.width || y > window.height) return out;
  const { paint } = layoutOf(doc);
  const docX = x + window.scrollX;
  const docY = y + window.scrollY;
  for (let i = paint.length - 1; i >= 0; i--) {
    const box = paint[i];
    if (docX < box.x || docY < box.y || docX >= box.x + box.width || docY >= box.y + box.height) continue;
    if (visibilityOf(box.el) !== 'visible' || (!any && (takesNoPointer(box.el) || isInert(box.el)))) continue;
    out[out.length] = box.el.localName === 'img' && hasAttr(box.el, 'usemap') ? areaAt(box.el, docX - box.x, docY - box.y) ?? box.el : box.el;
    if (one) return out;
  }
  return out;
}

function takesNoPointer(el) {
  if (!hasAnySheet(el.doc)) {
    let any = false;
    for (let at = el; at !== null && at !== undefined && !any; at = flatParent(at)) any = inlineDeclarations(at) !== null;
    if (!any) return false;
  }
  return computedValueOf(el, 'pointer-events') === 'none';
}

// The innermost element that gets a pointer at this point of the viewport, also inside shadow trees; or null.
export function hitTest(doc, x, y, any = false) {
  const hit = boxesAtPoint(doc, x, y, true, any);
  if (hit.length > 0) return hit[0];
  const { window } = doc;
  return window === null || x < 0 || y < 0 || x > window.width || y > window.height ? null : doc.documentElement();
}

// https://drafts.csswg.org/cssom-view/#dom-document-elementfrompoint
// The innermost element at a point that is in the document's own tree or in one of these shadow trees, or null
export function hitTestOf(doc, x, y, roots) {
  let el = hitTest(doc, x, y);
  while (el !== null) {
    const root = rootOf(el);
    let open = root.isShadow !== true;
    for (let i = 0; i < roots.length && !open; i++) open = roots[i] === root;
    if (open) break;
    el = root.host;
  }
  return el;
}

export function elementAtPoint(root, x, y) {
  const hit = hitTest(root.doc, x, y);
  return hit === null ? null : retarget(hit, root);
}

export function elementsAtPoint(root, x, y) {
  const hits = boxesAtPoint(root.doc, x, y, false);
  const out = [];
  for (let i = 0; i < hits.length; i++) {
    const el = retarget(hits[i], root);
    if (el !== null && el.nodeType === 1 && (out.length === 0 || out[out.length - 1] !== el)) out[out.length] = el;
  }
  const html = root.doc.documentElement();
  const { window } = root.doc;
  if (html !== null && window !== null && x >= 0 && y >= 0 && x <= window.width && y <= window.height && (out.length === 0 || out[out.length - 1] !== html)) out[out.length] = html;
  return out;
}

// -- offsets -----------------------------------------------------------------------------------------------------------

const OFFSET_TABLES = { __proto__: null, td: true, th: true, table: true };

// The box of the nearest element that is positioned, from `el` up, or null
export function positionedBox(el) {
  for (let at = el; at !== null && at !== undefined; at = flatParent(at)) if (computedValueOf(at, 'position') !== 'static') return boxOf(at);
  return null;
}

// https://drafts.csswg.org/cssom-view/#dom-htmlelement-offsetparent
function offsetParentOf(el, box) {
  if (box === null || el.localName === 'html' || el.localName === 'body') return null;
  const styled = hasAnySheet(el.doc) || inlineDeclarations(el) !== null;
  if (styled && computedValueOf(el, 'position') === 'fixed') return null;
  for (let at = flatParent(el); at !== null && at !== undefined; at = flatParent(at)) {
    const positioned = (hasAnySheet(at.doc) || inlineDeclarations(at) !== null) && computedValueOf(at, 'position') !== 'static';
    if (positioned || at.localName === 'body') return retarget(at, rootOf(el));
    if (OFFSET_TABLES[at.localName] && at.namespace === HTML_NS) return at;
  }
  return null;
}

export function offsetBox(el) {
  const box = boxOf(el);
  if (box === null || box.display === 'contents') return { __proto__: null, parent: null, top: 0, left: 0, width: 0, height: 0 };
  const parent = offsetParentOf(el, box);
  const parentBox = parent === null || parent.localName === 'body' ? null : boxOf(parent);
  // What is placed counts from the padding edge, where a border has room; rows begin where their parent's box begins.
  const edges = parentBox === null || box.flow !== null ? null : innerEdges(parent, false);
  return {
    __proto__: null, parent, top: box.y - (parentBox === null ? 0 : parentBox.y) - (edges === null ? 0 : edges.top),
    left: box.x - (parentBox === null ? 0 : parentBox.x) - (edges === null ? 0 : edges.left), width: box.width, height: box.height,
  };
}
