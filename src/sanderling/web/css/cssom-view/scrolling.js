// https://drafts.csswg.org/cssom-view/#scrolling
// Boxes and viewports that are scrolled. It takes no time, however smooth it is to be.

import { MathMax, MathMin, MathRound, StringPrototypeIndexOf } from '../../primordials.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { computedValueOf, pxOf } from '../cssom/computed.js';
import { innerEdges } from './box_sizes.js';
import { boxOf, isBrokenIntoLines, layoutOf } from './geometry.js';
import { layoutFactsOf, lengthOfBase } from './layout_facts.js';
import { isViewportScroller, noteScrolled } from './moved_boxes.js';
import { extentOf } from './scroll_areas.js';
import { queueScrollEvents } from './scroll_events.js';

// The element whose scrolling is that of the viewport
export function isViewportElement(el) {
  const { doc } = el;
  return doc.window !== null && (doc.quirks ? isQuirkyViewport(el) : el === doc.documentElement());
}

// https://drafts.csswg.org/cssom-view/#potentially-scrollable: a body that scrolls by itself is not the viewport's.
function isQuirkyViewport(el) {
  const { doc } = el;
  if (el !== doc.bodyElement()) return false;
  const html = doc.documentElement();
  return !(layoutFactsOf(el).scrolls && html !== null && layoutFactsOf(html).scrolls);
}

export function maxScrollY(window) {
  return MathMax(0, layoutOf(window.document).height - window.height);
}

export function maxScrollX(window) {
  return MathMax(0, layoutOf(window.document).width - window.width);
}

// https://drafts.csswg.org/cssom-view/#scroll-a-document-element, clamped to what there is
export function scrollWindowTo(window, x, y) {
  const newX = x > 0 ? MathMin(x, maxScrollX(window)) : 0;
  const newY = y > 0 ? MathMin(y, maxScrollY(window)) : 0;
  if (newX === window.scrollX && newY === window.scrollY) return;
  window.scrollX = newX;
  window.scrollY = newY;
  queueScrollEvents(window.document);
}

// -- boxes -------------------------------------------------------------------------------------------------------------

export function clientSizeOf(self, across) {
  if (isViewportElement(self)) return across ? self.doc.window.width : self.doc.window.height;
  const box = boxOf(self);
  if (box === null || isBrokenIntoLines(box) || box.isShape) return 0;
  const edges = innerEdges(self, false);
  return MathRound(MathMax(0, across ? box.width - edges.left - edges.right : box.height - edges.top - edges.bottom));
}

// Its own text: scripts ask how high a textarea would have to be.
function textareaHeight(el) {
  const { value } = el.state;
  let lines = 1;
  for (let at = StringPrototypeIndexOf(value, '\n'); at >= 0; at = StringPrototypeIndexOf(value, '\n', at + 1)) lines++;
  const facts = layoutFactsOf(el);
  return lines * facts.text.line + facts.edges.pt + facts.edges.pb;
}

const extents = { __proto__: null, layout: null, el: null, extent: null };

function scrollExtent(el, box) {
  const layout = layoutOf(el.doc);
  if (extents.layout === layout && extents.el === el) return extents.extent;
  extents.layout = layout;
  extents.el = el;
  extents.extent = extentOf(layout, box);
  return extents.extent;
}

export function scrollSizeOf(self, across) {
  const { doc } = self;
  if (isViewportElement(self)) return MathRound(across ? MathMax(doc.window.width, layoutOf(doc).width) : MathMax(doc.window.height, layoutOf(doc).height));
  const box = boxOf(self);
  if (box === null || isBrokenIntoLines(box) || box.isShape) return 0;
  let size = clientSizeOf(self, across);
  if (self.namespace === HTML_NS && self.localName === 'textarea' && !across) size = MathMax(size, textareaHeight(self));
  const extent = scrollExtent(self, box);
  return MathRound(MathMax(size, across ? extent.width : extent.height));
}

// Where an element is scrolled to, of the room that there is now
export function scrollPosition(el, across) {
  if (isViewportElement(el)) return across ? el.doc.window.scrollX : el.doc.window.scrollY;
  const now = across ? el.scrollX : el.scrollY;
  if (now === 0) return 0;
  const box = boxOf(el);
  if (box === null || !box.facts.scrolls) return 0;
  return clampScroll(el, box, now, across);
}

function clampScroll(el, box, value, across) {
  const room = MathMax(0, scrollSizeOf(el, across) - clientSizeOf(el, across));
  if (across && box.facts.text.rtl) return MathMax(-room, MathMin(0, value));
  return MathMax(0, MathMin(room, value));
}

export function scrollElementTo(el, x, y) {
  if (isViewportElement(el)) {
    scrollWindowTo(el.doc.window, x, y);
    return;
  }
  const box = boxOf(el);
  if (box === null || !(box.facts.scrolls || el.localName === 'textarea') || isViewportScroller(box)) return;
  const newX = x === 0 ? 0 : clampScroll(el, box, x, true);
  const newY = y === 0 ? 0 : clampScroll(el, box, y, false);
  if (newX === el.scrollX && newY === el.scrollY) return;
  el.scrollX = newX;
  el.scrollY = newY;
  noteScrolled();
  queueScrollEvents(el);
}

export function scrollByArguments(self, relative, x, y) {
  const nowX = scrollPosition(self, true);
  const nowY = scrollPosition(self, false);
  let left = x;
  let top = y;
  if (x === undefined || typeof x === 'object') {
    left = x === undefined || x.left === undefined ? (relative ? 0 : nowX) : x.left;
    top = x === undefined || x.top === undefined ? (relative ? 0 : nowY) : x.top;
  }
  const finite = (value) => (value - value === 0 ? value : 0);
  if (relative) scrollElementTo(self, nowX + finite(left), nowY + finite(top));
  else scrollElementTo(self, finite(left), finite(top));
}

// -- into view ---------------------------------------------------------------------------------------------------------

// How far to scroll, so that [at, at + size] is seen in [from, from + room]
function scrollBy(how, at, size, from, room) {
  const start = at - from;
  const end = at + size - from - room;
  if (how === 'start') return start;
  if (how === 'end') return end;
  if (how === 'center') return (start + end) / 2;
  if (how === 'center if needed') return start >= 0 && end <= 0 ? 0 : size > room ? start : (start + end) / 2;
  // nearest
  if ((start < 0 && end > 0) || (start >= 0 && end <= 0)) return 0;
  return (start < 0) === (size <= room) ? start : end;
}

const SIDE_NAMES = ['top', 'right', 'bottom', 'left'];

function lengths(el, name, width, height) {
  const facts = layoutFactsOf(el);
  const out = { __proto__: null, top: 0, right: 0, bottom: 0, left: 0 };
  const { map } = facts.cascade;
  if (map === null) return out;
  for (let i = 0; i < SIDE_NAMES.length; i++) {
    const side = SIDE_NAMES[i];
    if (!map.has(`${name}-${side}`)) continue;
    const px = lengthOfBase(facts.value(`${name}-${side}`), side === 'left' || side === 'right' ? width : height);
    out[side] = px === px ? px : 0;
  }
  return out;
}

// https://drafts.csswg.org/cssom-view/#scroll-an-element-into-view: a rectangle of the document, in a box; every box and viewport around it is scrolled.
function scrollRect(box, rect, block, inline) {
  const { el } = box;
  const { window } = el.doc;
  let { x, y } = rect;
  const { width, height } = rect;
  for (let at = box.holder; at !== null; at = at.holder) {
    if (!at.facts.scrolls || isViewportScroller(at)) continue;
    const edges = innerEdges(at.el, false);
    const room = { __proto__: null, width: at.width - edges.left - edges.right, height: at.height - edges.top - edges.bottom };
    const padding = lengths(at.el, 'scroll-padding', room.width, room.height);
    const dx = scrollBy(inline, x, width, at.x + edges.left + padding.left, room.width - padding.left - padding.right);
    const dy = scrollBy(block, y, height, at.y + edges.top + padding.top, room.height - padding.top - padding.bottom);
    const oldX = scrollPosition(at.el, true);
    const oldY = scrollPosition(at.el, false);
    if (dx !== 0 || dy !== 0) scrollElementTo(at.el, oldX + dx, oldY + dy);
    x -= scrollPosition(at.el, true) - oldX;
    y -= scrollPosition(at.el, false) - oldY;
  }
  const html = el.doc.documentElement();
  if (!box.fixed) {
    const padding = html === null ? null : lengths(html, 'scroll-padding', window.width, window.height);
    const left = padding === null ? 0 : padding.left;
    const top = padding === null ? 0 : padding.top;
    const dx = scrollBy(inline, x, width, window.scrollX + left, window.width - left - (padding === null ? 0 : padding.right));
    const dy = scrollBy(block, y, height, window.scrollY + top, window.height - top - (padding === null ? 0 : padding.bottom));
    if (dx !== 0 || dy !== 0) scrollWindowTo(window, window.scrollX + dx, window.scrollY + dy);
  }
  // The viewports around it
  const frame = window.frameElement;
  const outer = frame === null ? null : boxOf(frame);
  if (outer === null) return;
  const edges = innerEdges(frame, true);
  const how = (one) => (one === 'center if needed' ? one : 'nearest');
  scrollRect(outer, { __proto__: null, x: outer.x + edges.left + x - window.scrollX, y: outer.y + edges.top + y - window.scrollY, width, height }, how(block), how(inline));
}

export function scrollIntoView(el, options) {
  const box = boxOf(el);
  if (box === null) return;
  let block = 'start';
  let inline = 'nearest';
  if (options === false) block = 'end';
  else if (typeof options === 'object' && options !== null) {
    block = options.block ?? block;
    inline = options.inline ?? inline;
  }
  const margin = lengths(el, 'scroll-margin', 0, 0);
  scrollRect(box, {
    __proto__: null, x: box.x - margin.left, y: box.y - margin.top, width: box.seenWidth + margin.left + margin.right, height: box.seenHeight + margin.top + margin.bottom,
  }, block, inline);
}

// Scroll so that a part of an element is seen, in the middle where it was not; `part`: in px from its left and top; null: all of it
export function scrollPartIntoView(el, part) {
  const box = boxOf(el);
  if (box === null) return;
  const rect = part === null ? { __proto__: null, x: box.x, y: box.y, width: box.seenWidth, height: box.seenHeight } : { __proto__: null, x: box.x + part.x, y: box.y + part.y, width: part.width, height: part.height };
  scrollRect(box, rect, 'center if needed', 'center if needed');
}

// Scroll what stands at `el` by a wheel: the nearest box that can move, else the viewport, else the frame around it.
export function scrollByWheel(el, doc, deltaX, deltaY) {
  const start = el.nodeType === 1 ? boxOf(el) : null;
  for (let at = start; at !== null; at = at.holder) {
    if (!at.facts.scrolls || isViewportScroller(at)) continue;
    const moves = (across, by) => {
      const overflow = computedValueOf(at.el, across ? 'overflow-x' : 'overflow-y');
      return by !== 0 && (overflow === 'auto' || overflow === 'scroll') && clampScroll(at.el, at, scrollPosition(at.el, across) + by, across) !== scrollPosition(at.el, across) ? by : 0;
    };
    const dx = moves(true, deltaX);
    const dy = moves(false, deltaY);
    if (dx === 0 && dy === 0) continue;
    scrollElementTo(at.el, scrollPosition(at.el, true) + dx, scrollPosition(at.el, false) + dy);
    return;
  }
  const { window } = doc;
  const x = MathMax(0, MathMin(maxScrollX(window), window.scrollX + deltaX));
  const y = MathMax(0, MathMin(maxScrollY(window), window.scrollY + deltaY));
  if (x !== window.scrollX || y !== window.scrollY) scrollWindowTo(window, x, y);
  else if (window.frameElement !== null) scrollByWheel(window.frameElement, window.frameElement.doc, deltaX, deltaY);
}

export function clientEdge(side) {
  return (self) => {
    const box = boxOf(self);
    if (box === null || isBrokenIntoLines(box)) return 0;
    const border = pxOf(self, 'border-' + side + '-width');
    return border > 0 ? MathRound(border) : 0;
  };
}
