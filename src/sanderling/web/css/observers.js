// https://drafts.csswg.org/resize-observer/ and https://w3c.github.io/IntersectionObserver/
// Observers over the flat layout: each target is reported once after observe(), and again when a later look finds another size or ratio. There are
// no frames: looks happen in a task after observe() and after scrolling.

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { wrap } from '../webidl/wrapper.js';
import { MathMax, MathMin, RangeError, ArrayIsArray, NumberParseFloat, StringPrototypeEndsWith, StringPrototypeSplit, StringPrototypeTrim, SafeWeakMap, WeakRef, WeakRefPrototypeDeref } from '../primordials.js';
import { addInternalListener } from '../dom/EventTarget.js';
import { domException } from '../dom/DOMException.js';
import { nowMs } from '../host.js';
import { timeOrigin } from '../html/clock.js';
import { reportCallback } from '../html/report.js';
import { queueTask } from '../html/tasks.js';
import { currentDocument } from '../html/realm.js';
import { DOMRectReadOnlyImpl } from '../geometry/DOMRect.js';
import { computedValueOf } from './cssom/computed.js';
import { innerEdges } from './cssom-view/box_sizes.js';
import { boxOf } from './cssom-view/geometry.js';
import { isViewportScroller } from './cssom-view/moved_boxes.js';

let liveObservers = [];       // WeakRefs of observers with targets
let lookQueued = false;
const listening = { __proto__: null, docs: [] };

export function keepLooking(observer, doc) {
  liveObservers[liveObservers.length] = new WeakRef(observer);
  for (let i = 0; i < listening.docs.length; i++) if (WeakRefPrototypeDeref(listening.docs[i]) === doc) return;
  listening.docs[listening.docs.length] = new WeakRef(doc);
  addInternalListener(doc, 'scroll', () => queueLook(doc), true);
}

export function queueLook(doc) {
  if (lookQueued) return;
  lookQueued = true;
  queueTask(doc, () => {
    lookQueued = false;
    lookAtTargets();
  });
}

// Every observer looks at its targets. The browser calls it also when the page has come to rest.
export function lookAtTargets() {
  const kept = [];
  const all = liveObservers;
  liveObservers = kept;
  for (let i = 0; i < all.length; i++) {
    const observer = WeakRefPrototypeDeref(all[i]);
    if (observer === undefined || observer.targets.length === 0) continue;
    let twice = false;
    for (let j = 0; j < kept.length && !twice; j++) twice = WeakRefPrototypeDeref(kept[j]) === observer;
    if (twice) continue;
    kept[kept.length] = all[i];
  }
  for (let i = 0; i < kept.length; i++) {
    const observer = WeakRefPrototypeDeref(kept[i]);
    if (observer !== undefined) observer.look();
  }
}

function deliverEntries(observer) {
  const entries = observer.queue;
  if (entries.length === 0) return;
  observer.queue = [];
  const wrapped = [];
  for (let i = 0; i < entries.length; i++) wrapped[i] = wrap(entries[i]);
  const self = wrap(observer);
  reportCallback(observer.callback, self, [wrapped, self], observer.doc.window ?? undefined);
}

// https://w3c.github.io/IntersectionObserver/#lifetime: a target keeps its observers alive.
const observersOfTargets = new SafeWeakMap();

function addTarget(observer, target) {
  observer.targets[observer.targets.length] = target;
  const held = observersOfTargets.get(target.el);
  if (held === undefined) observersOfTargets.set(target.el, [observer]);
  else held[held.length] = observer;
}

function forgetTarget(observer, el) {
  let kept = 0;
  const { targets } = observer;
  for (let i = 0; i < targets.length; i++) if (targets[i].el !== el) targets[kept++] = targets[i];
  if (targets.length === kept) return;
  targets.length = kept;
  const held = observersOfTargets.get(el);
  let left = 0;
  for (let i = 0; i < held.length; i++) if (held[i] !== observer) held[left++] = held[i];
  held.length = left;
}

function forgetTargets(observer) {
  while (observer.targets.length > 0) forgetTarget(observer, observer.targets[observer.targets.length - 1].el);
  observer.queue = [];
}

// -- ResizeObserver ----------------------------------------------------------------------------------------------------

class ResizeObserverSizeImpl extends Impl {
  constructor(inlineSize, blockSize) {
    super();
    this.inlineSize = inlineSize;
    this.blockSize = blockSize;
  }
}

class ResizeObserverEntryImpl extends Impl {
  constructor(target, size) {
    super();
    this.target = target;
    this.contentRect = new DOMRectReadOnlyImpl(0, 0, size.width, size.height);
    this.contentSize = [new ResizeObserverSizeImpl(size.width, size.height)];
    this.borderSize = [new ResizeObserverSizeImpl(size.borderWidth, size.borderHeight)];
  }
}

function observedSize(el) {
  const box = boxOf(el);
  if (box === null) return { __proto__: null, width: 0, height: 0, borderWidth: 0, borderHeight: 0 };
  const inner = (size, first, second) => {
    let out = size;
    const sides = [first, second];
    for (let i = 0; i < 2; i++) {
      const padding = NumberParseFloat(computedValueOf(el, 'padding-' + sides[i]));
      const border = NumberParseFloat(computedValueOf(el, 'border-' + sides[i] + '-width'));
      out -= (padding > 0 ? padding : 0) + (border > 0 ? border : 0);
    }
    return MathMax(0, out);
  };
  return {
    __proto__: null, width: inner(box.width, 'left', 'right'), height: inner(box.height, 'top', 'bottom'), borderWidth: box.width, borderHeight: box.height,
  };
}

class ResizeObserverImpl extends Impl {
  constructor(callback) {
    super();
    this.callback = callback;
    this.doc = currentDocument();
    this.targets = [];           // { el, border, width, height }
    this.queue = [];
  }

  look() {
    for (let i = 0; i < this.targets.length; i++) {
      const target = this.targets[i];
      const size = observedSize(target.el);
      const width = target.border ? size.borderWidth : size.width;
      const height = target.border ? size.borderHeight : size.height;
      if (width === target.width && height === target.height) continue;
      target.width = width;
      target.height = height;
      this.queue[this.queue.length] = new ResizeObserverEntryImpl(target.el, size);
    }
    deliverEntries(this);
  }
}

defineInterface(`
enum ResizeObserverBoxOptions { "border-box", "content-box", "device-pixel-content-box" };
dictionary ResizeObserverOptions { ResizeObserverBoxOptions box = "content-box"; };
callback ResizeObserverCallback = undefined (sequence<ResizeObserverEntry> entries, ResizeObserver observer);
[Exposed=Window]
interface ResizeObserver {
  constructor(ResizeObserverCallback callback);
  undefined observe(Element target, optional ResizeObserverOptions options = {});
  undefined unobserve(Element target);
  undefined disconnect();
};
`, {
  constructor: (callback) => new ResizeObserverImpl(callback),
  observe(self, el, options) {
    forgetTarget(self, el);
    // A first report comes for every size but 0 by 0.
    addTarget(self, { __proto__: null, el, border: options.box === 'border-box', width: 0, height: 0 });
    keepLooking(self, el.doc);
    queueLook(el.doc);
  },
  unobserve: forgetTarget,
  disconnect: forgetTargets,
}, ResizeObserverImpl);

defineInterface(`
[Exposed=Window]
interface ResizeObserverEntry {
  readonly attribute Element target;
  readonly attribute DOMRectReadOnly contentRect;
  readonly attribute FrozenArray<ResizeObserverSize> borderBoxSize;
  readonly attribute FrozenArray<ResizeObserverSize> contentBoxSize;
  readonly attribute FrozenArray<ResizeObserverSize> devicePixelContentBoxSize;
};
`, {
  target: (self) => self.target,
  contentRect: (self) => self.contentRect,
  borderBoxSize: (self) => self.borderSize,
  contentBoxSize: (self) => self.contentSize,
  devicePixelContentBoxSize: (self) => self.contentSize,
}, ResizeObserverEntryImpl);

defineInterface(`
[Exposed=Window]
interface ResizeObserverSize {
  readonly attribute unrestricted double inlineSize;
  readonly attribute unrestricted double blockSize;
};
`, { inlineSize: (self) => self.inlineSize, blockSize: (self) => self.blockSize }, ResizeObserverSizeImpl);

// -- IntersectionObserver ----------------------------------------------------------------------------------------------

class IntersectionObserverEntryImpl extends Impl {
  constructor(target, init) {
    super();
    this.target = target;
    this.time = init.time;
    this.rootBounds = init.rootBounds;
    this.boundingClientRect = init.boundingClientRect;
    this.intersectionRect = init.intersectionRect;
    this.isIntersecting = init.isIntersecting;
    this.intersectionRatio = init.intersectionRatio;
  }
}

// https://w3c.github.io/IntersectionObserver/#parse-a-margin
function parseMargins(text) {
  const out = [];
  const words = StringPrototypeSplit(StringPrototypeTrim(text), ' ');
  for (let i = 0; i < words.length; i++) {
    if (words[i] === '') continue;
    const number = NumberParseFloat(words[i]);
    const percent = StringPrototypeEndsWith(words[i], '%');
    if (number !== number || (!percent && !StringPrototypeEndsWith(words[i], 'px') && number !== 0)) throw domException('SyntaxError', 'rootMargin must be specified in pixels or percent.');
    out[out.length] = { __proto__: null, number, percent };
  }
  if (out.length > 4) throw domException('SyntaxError', 'Extra text found at the end of rootMargin.');
  if (out.length === 0) out[0] = { __proto__: null, number: 0, percent: false };
  const right = out[1] ?? out[0];
  return [out[0], right, out[2] ?? out[0], out[3] ?? right];
}

// Of a box in the viewport: its border box, or the padding box that it clips at
function viewportRect(box, padding) {
  const { window } = box.el.doc;
  const out = { __proto__: null, x: box.x - window.scrollX, y: box.y - window.scrollY, width: box.seenWidth, height: box.seenHeight };
  if (!padding) return out;
  const edges = innerEdges(box.el, false);
  out.x += edges.left;
  out.y += edges.top;
  out.width -= edges.left + edges.right;
  out.height -= edges.top + edges.bottom;
  return out;
}

function expandedRect(rect, margins) {
  const px = (margin, size) => (margin.percent ? margin.number / 100 * size : margin.number);
  const top = px(margins[0], rect.height);
  const left = px(margins[3], rect.width);
  return { __proto__: null, x: rect.x - left, y: rect.y - top, width: rect.width + left + px(margins[1], rect.width), height: rect.height + top + px(margins[2], rect.height) };
}

// null: they do not even touch.
function sharedRect(a, b) {
  const x = MathMax(a.x, b.x);
  const y = MathMax(a.y, b.y);
  const width = MathMin(a.x + a.width, b.x + b.width) - x;
  const height = MathMin(a.y + a.height, b.y + b.height) - y;
  return width >= 0 && height >= 0 ? { __proto__: null, x, y, width, height } : null;
}

class IntersectionObserverImpl extends Impl {
  constructor(callback, options) {
    super();
    this.callback = callback;
    this.doc = currentDocument();
    this.root = options.root ?? null;
    this.margins = parseMargins(options.rootMargin);
    this.scrollMargins = parseMargins(options.scrollMargin);
    const given = ArrayIsArray(options.threshold) ? options.threshold : [options.threshold];
    const sorted = [];
    for (let i = 0; i < given.length; i++) {
      if (!(given[i] >= 0 && given[i] <= 1)) throw new RangeError('Threshold values must be numbers between 0 and 1');
      let at = sorted.length;
      while (at > 0 && sorted[at - 1] > given[i]) {
        sorted[at] = sorted[at - 1];
        at--;
      }
      sorted[at] = given[i];
    }
    this.thresholds = sorted.length === 0 ? [0] : sorted;
    this.targets = [];           // { el, index, intersecting }
    this.queue = [];
  }

  // The root's rectangle with its margins, in coordinates of the viewport.
  bounds() {
    const { window } = this.doc;
    if (window === null) return null;
    let rect = { __proto__: null, x: 0, y: 0, width: window.width, height: window.height };
    if (this.root !== null && this.root.nodeType === 1) {
      const box = boxOf(this.root);
      rect = box === null ? { __proto__: null, x: 0, y: 0, width: 0, height: 0 } : viewportRect(box, box.facts.clips);
    }
    const out = expandedRect(rect, this.margins);
    return new DOMRectReadOnlyImpl(out.x, out.y, out.width, out.height);
  }

  // https://w3c.github.io/IntersectionObserver/#compute-the-intersection: a target's rectangle as the boxes between it and the root clip it; null: it is
  // not in the root, or nothing is left of it
  clipped(box) {
    const root = this.root !== null && this.root.nodeType === 1 ? this.root : null;
    let out = viewportRect(box, false);
    for (let at = box.holder; at !== null; at = at.holder) {
      if (at.el === root) return out;
      if (!at.facts.clips || isViewportScroller(at)) continue;
      const port = viewportRect(at, true);
      out = sharedRect(out, at.facts.scrolls ? expandedRect(port, this.scrollMargins) : port);
      if (out === null) return null;
    }
    return root === null ? out : null;
  }

  // https://w3c.github.io/IntersectionObserver/#update-intersection-observations-algo
  look() {
    const bounds = this.bounds();
    if (bounds === null) return;
    for (let i = 0; i < this.targets.length; i++) {
      const target = this.targets[i];
      const { window } = this.doc;
      const box = boxOf(target.el);
      const rect = box === null ? new DOMRectReadOnlyImpl(0, 0, 0, 0) : new DOMRectReadOnlyImpl(box.x - window.scrollX, box.y - window.scrollY, box.seenWidth, box.seenHeight);
      const clipped = box === null || this.root === target.el ? null : this.clipped(box);
      const inside = clipped === null ? null : sharedRect(clipped, bounds);
      const intersecting = inside !== null;
      const shared = intersecting ? new DOMRectReadOnlyImpl(inside.x, inside.y, inside.width, inside.height) : new DOMRectReadOnlyImpl(0, 0, 0, 0);
      const area = rect.width * rect.height;
      const ratio = !intersecting ? 0 : area > 0 ? MathMin(1, shared.width * shared.height / area) : 1;
      let index = 0;
      if (intersecting) while (index < this.thresholds.length && this.thresholds[index] <= ratio) index++;
      if (index === target.index && intersecting === target.intersecting) continue;
      target.index = index;
      target.intersecting = intersecting;
      this.queue[this.queue.length] = new IntersectionObserverEntryImpl(target.el, {
        __proto__: null, time: nowMs() - timeOrigin(), rootBounds: bounds, boundingClientRect: rect, intersectionRect: shared, isIntersecting: intersecting, intersectionRatio: ratio,
      });
    }
    deliverEntries(this);
  }
}

function marginText(margins) {
  let out = '';
  for (let i = 0; i < 4; i++) out += (i > 0 ? ' ' : '') + margins[i].number + (margins[i].percent ? '%' : 'px');
  return out;
}

defineInterface(`
callback IntersectionObserverCallback = undefined (sequence<IntersectionObserverEntry> entries, IntersectionObserver observer);
dictionary IntersectionObserverInit { (Element or Document)? root = null; DOMString rootMargin = "0px"; DOMString scrollMargin = "0px"; (double or sequence<double>) threshold = 0;
  long delay = 0; boolean trackVisibility = false; };
[Exposed=Window]
interface IntersectionObserver {
  constructor(IntersectionObserverCallback callback, optional IntersectionObserverInit options = {});
  readonly attribute Node? root;
  readonly attribute DOMString rootMargin;
  readonly attribute DOMString scrollMargin;
  readonly attribute FrozenArray<double> thresholds;
  readonly attribute long delay;
  readonly attribute boolean trackVisibility;
  undefined observe(Element target);
  undefined unobserve(Element target);
  undefined disconnect();
  sequence<IntersectionObserverEntry> takeRecords();
};
`, {
  constructor: (callback, options) => new IntersectionObserverImpl(callback, options),
  root: (self) => self.root,
  rootMargin: (self) => marginText(self.margins),
  scrollMargin: (self) => marginText(self.scrollMargins),
  thresholds: (self) => self.thresholds,
  delay: () => 0,
  trackVisibility: () => false,
  observe(self, el) {
    for (let i = 0; i < self.targets.length; i++) if (self.targets[i].el === el) return;
    addTarget(self, { __proto__: null, el, index: -1, intersecting: false });
    keepLooking(self, self.doc);
    queueLook(self.doc);
  },
  unobserve: forgetTarget,
  disconnect: forgetTargets,
  takeRecords(self) {
    const { queue } = self;
    self.queue = [];
    return queue;
  },
}, IntersectionObserverImpl);

defineInterface(`
dictionary IntersectionObserverEntryInit { required double time; DOMRectInit? rootBounds = null; required DOMRectInit boundingClientRect; required DOMRectInit intersectionRect;
  required boolean isIntersecting; required double intersectionRatio; required Element target; };
[Exposed=Window]
interface IntersectionObserverEntry {
  constructor(IntersectionObserverEntryInit intersectionObserverEntryInit);
  readonly attribute double time;
  readonly attribute DOMRectReadOnly? rootBounds;
  readonly attribute DOMRectReadOnly boundingClientRect;
  readonly attribute DOMRectReadOnly intersectionRect;
  readonly attribute boolean isIntersecting;
  readonly attribute double intersectionRatio;
  readonly attribute Element target;
};
`, {
  constructor(init) {
    const rect = (given) => (given === null ? null : new DOMRectReadOnlyImpl(given.x, given.y, given.width, given.height));
    return new IntersectionObserverEntryImpl(init.target, {
      __proto__: null, time: init.time, rootBounds: rect(init.rootBounds), boundingClientRect: rect(init.boundingClientRect), intersectionRect: rect(init.intersectionRect),
      isIntersecting: init.isIntersecting, intersectionRatio: init.intersectionRatio,
    });
  },
  time: (self) => self.time,
  rootBounds: (self) => self.rootBounds,
  boundingClientRect: (self) => self.boundingClientRect,
  intersectionRect: (self) => self.intersectionRect,
  isIntersecting: (self) => self.isIntersecting,
  intersectionRatio: (self) => self.intersectionRatio,
  target: (self) => self.target,
}, IntersectionObserverEntryImpl);
