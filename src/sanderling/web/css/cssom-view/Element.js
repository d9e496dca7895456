// https://drafts.csswg.org/cssom-view/#extension-to-the-element-interface

import { defineInterface } from '../../webidl/interface.js';
import { MathMax, MathMin, MathRound, StringPrototypeIndexOf } from '../../primordials.js';
import { HTML_NS } from '../../dom/namespaces.js';
import { DOMRectListImpl } from '../../geometry/DOMRect.js';
import { innerEdges } from './box_sizes.js';
import { ROW_HEIGHT } from './flat_boxes.js';
import { hasOwnText } from './hollow.js';
import { queueScrollEvents } from './scroll_events.js';
import { boundingRectOf, boxOf, boxSizeOf, clientRectsOf, layoutOf } from './geometry.js';
import { computedValueOf, displayOf, pxOf, visibilityOf } from '../cssom/computed.js';
import { flatParent } from '../cssom/cascade.js';
import { isLeftOut, isRendered } from '../cssom/rendered.js';

// The element whose scrolling is that of the viewport.
function isViewportElement(el) {
  const { doc } = el;
  return doc.window !== null && (doc.quirks ? el === doc.bodyElement() : el === doc.documentElement());
}

function maxScroll(window) {
  return MathMax(0, layoutOf(window.document).height - window.height);
}

function maxScrollX(window) {
  return MathMax(0, layoutOf(window.document).width - window.width);
}

// https://drafts.csswg.org/cssom-view/#scroll-a-document-element, clamped to what there is
export function scrollWindowTo(window, x, y) {
  const newX = x > 0 ? MathMin(x, maxScrollX(window)) : 0;
  const newY = y > 0 ? MathMin(y, maxScroll(window)) : 0;
  if (newX === window.scrollX && newY === window.scrollY) return;
  window.scrollX = newX;
  window.scrollY = newY;
  queueScrollEvents(window.document);
}

// Without a real layout no content is larger than its box: the position that was set is kept, as scripts that read it back expect.
function scrollElementTo(el, x, y) {
  if (isViewportElement(el)) {
    scrollWindowTo(el.doc.window, x, y);
    return;
  }
  if (boxOf(el) === null) return;
  const newX = x > 0 ? x : 0;
  const newY = y > 0 ? y : 0;
  if (newX === el.scrollX && newY === el.scrollY) return;
  el.scrollX = newX;
  el.scrollY = newY;
  queueScrollEvents(el);
}

function scrollByArguments(self, relative, x, y) {
  const viewport = isViewportElement(self);
  const nowX = viewport ? self.doc.window.scrollX : self.scrollX;
  const nowY = viewport ? self.doc.window.scrollY : self.scrollY;
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

// https://drafts.csswg.org/cssom-view/#scroll-an-element-into-view, of the viewport
export function scrollIntoView(el, options) {
  const box = boxOf(el);
  if (box === null) return;
  const { window } = el.doc;
  let block = 'start';
  if (options === false) block = 'end';
  else if (typeof options === 'object' && options !== null && options.block !== undefined) block = options.block;
  let y = window.scrollY;
  const end = box.y + box.height - window.height;
  if (block === 'start') y = box.y;
  else if (block === 'end') y = end;
  else if (block === 'center') y = box.y + box.height / 2 - window.height / 2;
  else if (box.y < y) y = box.height > window.height ? MathMin(y, end) : box.y;
  else if (end > y) y = box.height > window.height ? box.y : end;
  // inline: nearest
  let x = window.scrollX;
  if (box.x < x || box.width > window.width) x = box.x;
  else if (box.x + box.width > x + window.width) x = box.x + box.width - window.width;
  scrollWindowTo(window, x, y);
  // Of the viewports around it, each scrolls as little as shows the frame.
  if (window.frameElement !== null) scrollIntoView(window.frameElement, { __proto__: null, block: 'nearest' });
}

// Scroll so that a rectangle of the document is seen, in the middle where it was not; the frames around it too.
export function scrollRectIntoView(doc, x, y, width, height) {
  const { window } = doc;
  const shown = (at, size, from, room) => (at >= from && at + size <= from + room ? from : size > room ? at : at + size / 2 - room / 2);
  scrollWindowTo(window, shown(x, width, window.scrollX, window.width), shown(y, height, window.scrollY, window.height));
  const el = window.frameElement;
  const box = el === null ? null : boxOf(el);
  if (box === null) return;
  const edges = innerEdges(el, false);
  scrollRectIntoView(el.doc, box.x + edges.left + x - window.scrollX, box.y + edges.top + y - window.scrollY, width, height);
}

// Scroll what stands at `el` by a wheel: the nearest box that can move, else the viewport, else the frame around it.
export function scrollByWheel(el, doc, deltaX, deltaY) {
  for (let at = el; at !== null && at !== undefined && at.nodeType === 1; at = flatParent(at)) {
    if (isViewportElement(at) || boxOf(at) === null) continue;
    const overflow = computedValueOf(at, 'overflow-y');
    if (overflow !== 'auto' && overflow !== 'scroll') continue;
    const room = contentHeight(at) - clientHeight(at);
    const wanted = MathMax(0, MathMin(room, at.scrollY + deltaY));
    if (wanted === at.scrollY) continue;
    scrollElementTo(at, at.scrollX, wanted);
    return;
  }
  const { window } = doc;
  const x = MathMax(0, MathMin(maxScrollX(window), window.scrollX + deltaX));
  const y = MathMax(0, MathMin(maxScroll(window), window.scrollY + deltaY));
  if (x !== window.scrollX || y !== window.scrollY) scrollWindowTo(window, x, y);
  else if (window.frameElement !== null) scrollByWheel(window.frameElement, window.frameElement.doc, deltaX, deltaY);
}

function clientSize(name, viewportName) {
  return (self) => {
    if (isViewportElement(self)) return self.doc.window[viewportName];
    const box = boxOf(self);
    if (box === null || ((box.display === 'inline' || box.display === 'contents') && !boxSizeOf(self).replaced)) return 0;
    const sides = name === 'width' ? ['left', 'right'] : ['top', 'bottom'];
    let size = box[name];
    for (let i = 0; i < 2; i++) {
      const border = pxOf(self, 'border-' + sides[i] + '-width');
      if (border > 0) size -= border;
    }
    return MathRound(MathMax(0, size));
  };
}

function clientEdge(side) {
  return (self) => {
    if (boxOf(self) === null) return 0;
    const border = pxOf(self, 'border-' + side + '-width');
    return border > 0 ? border : 0;
  };
}

const clientWidth = clientSize('width', 'width');
const clientHeight = clientSize('height', 'height');

// What its own text takes, whatever height was given: scripts give 0 to learn it, and then that.
function textHeight(el) {
  let lines = hasOwnText(el) ? 1 : 0;
  if (el.localName === 'textarea' && el.namespace === HTML_NS) {
    const { value } = el.state;
    lines = 1;
    for (let at = StringPrototypeIndexOf(value, '\n'); at >= 0; at = StringPrototypeIndexOf(value, '\n', at + 1)) lines++;
  }
  if (lines === 0) return 0;
  const edges = innerEdges(el, true);
  return lines * ROW_HEIGHT + edges.top + edges.bottom;
}

// What is in a box may reach below it when its height was given.
function contentHeight(self) {
  if (isViewportElement(self)) return MathMax(self.doc.window.height, layoutOf(self.doc).height);
  const box = boxOf(self);
  if (box === null) return 0;
  let bottom = box.y + MathMax(box.height, textHeight(self));
  const { order } = layoutOf(self.doc);
  const end = box.index + box.count;
  for (let i = box.index + 1; i < end; i++) {
    if (order[i].y + order[i].height > bottom) bottom = order[i].y + order[i].height;
  }
  return MathMax(clientHeight(self), bottom - box.y);
}

// https://drafts.csswg.org/cssom-view/#dom-element-checkvisibility
function checkVisibility(self, options) {
  if (!isRendered(self) || displayOf(self) === 'contents' || isLeftOut(self, flatParent(self) ?? self)) return false;
  if ((options.visibilityProperty || options.checkVisibilityCSS) && visibilityOf(self) !== 'visible') return false;
  for (let at = self; at !== null && at !== undefined; at = flatParent(at)) {
    if ((options.opacityProperty || options.checkOpacity) && computedValueOf(at, 'opacity') === '0') return false;
    if (at !== self && computedValueOf(at, 'content-visibility') === 'hidden') return false;
    if (at !== self && options.contentVisibilityAuto && computedValueOf(at, 'content-visibility') === 'auto') return false;
  }
  return true;
}

defineInterface(`
enum ScrollLogicalPosition { "start", "center", "end", "nearest" };
dictionary ScrollIntoViewOptions : ScrollOptions { ScrollLogicalPosition block = "start"; ScrollLogicalPosition inline = "nearest"; };
dictionary CheckVisibilityOptions { boolean checkOpacity = false; boolean checkVisibilityCSS = false; boolean contentVisibilityAuto = false; boolean opacityProperty = false; boolean visibilityProperty = false; };
partial interface Element {
  DOMRectList getClientRects();
  [NewObject] DOMRect getBoundingClientRect();
  boolean checkVisibility(optional CheckVisibilityOptions options = {});
  undefined scrollIntoView(optional (boolean or ScrollIntoViewOptions) arg = {});
  undefined scrollIntoViewIfNeeded(optional boolean centerIfNeeded = true);
  undefined scroll(optional ScrollToOptions options = {});
  undefined scroll(unrestricted double x, unrestricted double y);
  undefined scrollTo(optional ScrollToOptions options = {});
  undefined scrollTo(unrestricted double x, unrestricted double y);
  undefined scrollBy(optional ScrollToOptions options = {});
  undefined scrollBy(unrestricted double x, unrestricted double y);
  attribute unrestricted double scrollTop;
  attribute unrestricted double scrollLeft;
  readonly attribute long scrollWidth;
  readonly attribute long scrollHeight;
  readonly attribute long clientTop;
  readonly attribute long clientLeft;
  readonly attribute long clientWidth;
  readonly attribute long clientHeight;
  readonly attribute double currentCSSZoom;
};
`, {
  getClientRects: (self) => new DOMRectListImpl(clientRectsOf(self)),
  getBoundingClientRect: boundingRectOf,
  checkVisibility,
  scrollIntoView,
  scrollIntoViewIfNeeded: (self, center) => scrollIntoView(self, { __proto__: null, block: center ? 'center' : 'nearest' }),
  scroll: (self, x, y) => scrollByArguments(self, false, x, y),
  scrollTo: (self, x, y) => scrollByArguments(self, false, x, y),
  scrollBy: (self, x, y) => scrollByArguments(self, true, x, y),
  scrollTop: {
    get: (self) => (isViewportElement(self) ? self.doc.window.scrollY : self.scrollY),
    set: (self, value) => scrollByArguments(self, false, isViewportElement(self) ? self.doc.window.scrollX : self.scrollX, value),
  },
  scrollLeft: {
    get: (self) => (isViewportElement(self) ? self.doc.window.scrollX : self.scrollX),
    set: (self, value) => scrollByArguments(self, false, value, isViewportElement(self) ? self.doc.window.scrollY : self.scrollY),
  },
  scrollWidth: (self) => (isViewportElement(self) ? MathMax(self.doc.window.width, layoutOf(self.doc).width) : clientWidth(self)),
  scrollHeight: contentHeight,
  clientTop: clientEdge('top'),
  clientLeft: clientEdge('left'),
  clientWidth,
  clientHeight,
  currentCSSZoom: () => 1,
});
