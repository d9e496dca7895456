// https://drafts.csswg.org/cssom-view/
// Boxes of the layout (flat_layout.js) as pages ask for them: rectangles, ranges, hit tests, offsets.

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
import { innerEdges } from './box_sizes.js';
import { FlatLayout } from './flat_layout.js';
import { isViewportScroller, rectSeen, seenRect } from './moved_boxes.js';
import { placeShapes } from './svg_boxes.js';
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
  if (lastLayout.shapes.length > 0) placeShapes(lastLayout);
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

const NO_SIZE = { __proto__: null, width: 0, height: 0, atomic: false };

export function boxSizeOf(el) {
  const box = boxOf(el);
  if (box === null) return NO_SIZE;
  return { __proto__: null, width: box.width, height: box.height, atomic: !isBrokenIntoLines(box) };
}

export function isBrokenIntoLines(box) {
  const { facts } = box;
  return facts.inline && !facts.atom && !facts.isOut && facts.float === 'none';
}

function rectOf(box, x, y, width, height) {
  const { window } = box.el.doc;
  const rect = box.moves ? rectSeen(box, x, y, width, height) : null;
  const left = rect === null ? x : rect.x;
  const top = rect === null ? y : rect.y;
  return new DOMRectImpl(box.fixed ? left : left - window.scrollX, box.fixed ? top : top - window.scrollY, rect === null ? width : rect.width, rect === null ? height : rect.height);
}

function rectOfBox(box) {
  return rectOf(box, box.left, box.top, box.width, box.height);
}

// https://drafts.csswg.org/cssom-view/#dom-element-getboundingclientrect
export function boundingRectOf(el) {
  const box = boxOf(el);
  return box === null ? new DOMRectImpl(0, 0, 0, 0) : rectOfBox(box);
}

export function clientRectsOf(el) {
  const box = boxOf(el);
  if (box === null || (box.isShape && box.width === 0 && box.height === 0)) return [];
  const { parts } = box;
  if (parts === null) return [rectOfBox(box)];
  const out = [];
  for (let i = 0; i < parts.length; i += 4) out[out.length] = rectOf(box, parts[i], parts[i + 1], parts[i + 2], parts[i + 3]);
  return out;
}

// What can be pointed at of an element: its boxes, or its text where it has none
export function shownRectsOf(el) {
  const rects = clientRectsOf(el);
  if (rects.length > 0 || (el.flags & CONNECTED) === 0 || el.doc.window === null) return rects;
  const out = [];
  for (let node = el.first; node !== null; node = node.next) {
    if (node.nodeType !== 3) continue;
    const its = rectsOfText(node, 0, node.data.length);
    for (let i = 0; i < its.length; i++) out[out.length] = its[i];
  }
  return out;
}

// The box in whose lines a text stands, or null
function linesAround(text) {
  for (let el = flatParent(text); el !== null && el !== undefined; el = flatParent(el)) {
    const box = boxOf(el);
    if (box !== null && !isBrokenIntoLines(box)) return box;
  }
  return null;
}

// Of a part of a text node, in each line
export function rectsOfText(text, from, to) {
  const out = [];
  if ((text.flags & CONNECTED) === 0 || text.doc.window === null || text.parent === null) return out;
  const box = linesAround(text);
  if (box === null || box.runs === null) return out;
  const inner = flatParent(text);
  const around = inner === null || inner === undefined ? null : boxOf(inner);
  const { runs } = box;
  for (let i = 0; i < runs.length; i++) {
    const run = runs[i];
    if (run.node !== text || run.to < from || run.from > to || (from !== to && (run.to <= from || run.from >= to))) continue;
    const left = from > run.from ? run.xAt(from) : run.x;
    const right = to < run.to ? run.xAt(to) : run.x + run.width;
    out[out.length] = rectOf(around ?? box, left, run.y, MathMax(0, right - left), run.height);
  }
  return out;
}

export function rectsOfNode(text) {
  return rectsOfText(text, 0, text.data.length);
}

// The text in an element's lines at a point of the document: { node, offset }, or null
export function textAt(el, x, y) {
  let best = null;
  let distance = Infinity;
  for (let at = el; at !== null && at !== undefined; at = flatParent(at)) {
    const box = boxOf(at);
    if (box === null) continue;
    const { runs } = box;
    if (runs !== null) {
      const seen = box.moves ? rectSeen(box, box.left, box.top, 0, 0) : null;
      const fixedX = box.fixed ? el.doc.window.scrollX : 0;
      const fixedY = box.fixed ? el.doc.window.scrollY : 0;
      const toX = x - fixedX - (seen === null ? 0 : seen.x - box.left);
      const toY = y - fixedY - (seen === null ? 0 : seen.y - box.top);
      for (let i = 0; i < runs.length; i++) {
        const run = runs[i];
        if (run.node.parent === null || !containsNode(el, run.node)) continue;
        const down = toY < run.y ? run.y - toY : toY >= run.y + run.height ? toY - run.y - run.height + 1 : 0;
        const across = toX < run.x ? run.x - toX : toX > run.x + run.width ? toX - run.x - run.width : 0;
        const far = down * 10000 + across;
        if (far >= distance) continue;
        distance = far;
        best = { __proto__: null, node: run.node, offset: run.offsetAt(toX) };
      }
    }
    if (!isBrokenIntoLines(box)) break;
  }
  return best;
}

// -- ranges ------------------------------------------------------------------------------------------------------------

// https://drafts.csswg.org/cssom-view/#dom-range-getclientrects: elements that are whole inside, and the selected text of text nodes
export function rectsOfRange(range) {
  const out = [];
  const { startNode, startOffset, endNode, endOffset } = range;
  if (startNode.doc.window === null || (startNode.flags & CONNECTED) === 0) return out;
  const root = rootOf(startNode);
  for (let node = startNode; node !== null; node = nextInTree(node, root)) {
    if (compareBoundary(node, 0, endNode, endOffset) > 0 && node !== endNode) break;
    if (node.nodeType === 1 && node !== startNode && compareBoundary(node, 0, startNode, startOffset) > 0 && !containsNode(node, endNode)) {
      const parentInside = node.parent !== null && node.parent !== startNode && node.parent !== endNode && !containsNode(node.parent, startNode) && !containsNode(node.parent, endNode);
      if (parentInside && boxOf(node.parent) !== null) continue;
      const rects = clientRectsOf(node);
      for (let i = 0; i < rects.length; i++) out[out.length] = rects[i];
    } else if (node.nodeType === 3 && node.parent !== null) {
      const rects = rectsOfText(node, node === startNode ? startOffset : 0, node === endNode ? endOffset : node.data.length);
      for (let i = 0; i < rects.length; i++) out[out.length] = rects[i];
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
    if (!isAt(box, docX, docY, window)) continue;
    if (visibilityOf(box.el) !== 'visible' || (!any && (takesNoPointer(box.el) || isInert(box.el)))) continue;
    const inner = box.runs === null ? null : boxlessAt(box, docX, docY, window);
    if (inner !== null) {
      out[out.length] = inner;
      if (one) return out;
    }
    out[out.length] = box.el.localName === 'img' && hasAttr(box.el, 'usemap') ? areaAt(box.el, docX - box.x, docY - box.y) ?? box.el : box.el;
    if (one) return out;
  }
  return out;
}

// The element without a box whose text stands in the lines of this box at a point, or null
function boxlessAt(box, docX, docY, window) {
  const seen = box.moves ? rectSeen(box, box.left, box.top, 0, 0) : null;
  const x = docX - (box.fixed ? window.scrollX : 0) - (seen === null ? 0 : seen.x - box.left);
  const y = docY - (box.fixed ? window.scrollY : 0) - (seen === null ? 0 : seen.y - box.top);
  const { runs } = box;
  for (let i = 0; i < runs.length; i++) {
    const run = runs[i];
    if (y < run.y || y >= run.y + run.height || x < run.x || x >= run.x + run.width) continue;
    const el = flatParent(run.node);
    return el === null || el === undefined || el === box.el || boxOf(el) !== null || visibilityOf(el) !== 'visible' || takesNoPointer(el) ? null : el;
  }
  return null;
}

// Does a box show itself at a point of the document?
function isAt(box, docX, docY, window) {
  const x = box.fixed ? docX - window.scrollX : docX;
  const y = box.fixed ? docY - window.scrollY : docY;
  if (!box.moves) {
    if (x < box.left || y < box.top || x >= box.left + box.width || y >= box.top + box.height) return false;
  } else {
    const seen = seenRect(box);
    if (x < seen.x || y < seen.y || x >= seen.x + seen.width || y >= seen.y + seen.height) return false;
  }
  const { parts } = box;
  if (parts !== null) {
    let inside = false;
    for (let i = 0; i < parts.length && !inside; i += 4) {
      const rect = box.moves ? rectSeen(box, parts[i], parts[i + 1], parts[i + 2], parts[i + 3]) : null;
      inside = rect === null ? x >= parts[i] && y >= parts[i + 1] && x < parts[i] + parts[i + 2] && y < parts[i + 1] + parts[i + 3] : x >= rect.x && y >= rect.y && x < rect.x + rect.width && y < rect.y + rect.height;
    }
    if (!inside) return false;
  }
  for (let at = box.holder; at !== null; at = at.holder) {
    if (!at.facts.clips || isViewportScroller(at)) continue;
    const seen = at.moves ? seenRect(at) : at;
    const left = at.moves ? seen.x : at.left;
    const top = at.moves ? seen.y : at.top;
    if (x < left || y < top || x >= left + seen.width || y >= top + seen.height) return false;
  }
  return true;
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
  if (box === null) return { __proto__: null, parent: null, top: 0, left: 0, width: 0, height: 0 };
  const parent = offsetParentOf(el, box);
  const origin = parent === null ? null : boxOf(parent);
  // A body that is not positioned counts from where the document begins, as in Chromium.
  const counts = origin !== null && (parent.localName !== 'body' || origin.facts.position !== 'static');
  const edges = counts ? innerEdges(parent, false) : null;
  const { parts } = box;
  const left = parts === null ? box.left : parts[0];
  const top = parts === null ? box.top : parts[1];
  return { __proto__: null, parent, top: counts ? top - origin.top - edges.top : top, left: counts ? left - origin.left - edges.left : left, width: box.width, height: box.height };
}
