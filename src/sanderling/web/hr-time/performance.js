// https://w3c.github.io/hr-time/#sec-performance
// The clock, marks and measures (User Timing), and when the document's life happened (Navigation Timing).

import { TypeError } from '../primordials.js';
import { defineInterface, defineTypes } from '../webidl/interface.js';
import { EventTargetImpl } from '../dom/EventTarget.js';
import { domException } from '../dom/DOMException.js';
import { nowMs } from '../host.js';
import { timeOrigin, timeOriginWall } from '../html/clock.js';
import { currentWindow } from '../html/realm.js';
import { PerformanceNavigationTimingImpl } from '../navigation-timing/PerformanceNavigationTiming.js';
import { PerformanceNavigationImpl, PerformanceTimingImpl, TIMING_NAMES, navigationNumber, timingJSON, timingSinceOrigin } from '../navigation-timing/PerformanceTiming.js';
import { redirectCount } from '../navigation-timing/PerformanceNavigationTiming.js';
import { newResourceBuffer, takeResources } from '../resource-timing/buffer.js';
import { structuredCloneValue } from '../webmessaging/structured_clone.js';
import { PerformanceEntryImpl, coarseTime, insertByStart } from './entry.js';
import { observeEntry } from './PerformanceObserver.js';

export class PerformanceMarkImpl extends PerformanceEntryImpl {}
export class PerformanceMeasureImpl extends PerformanceEntryImpl {}

// Of one document.
class PerformanceImpl extends EventTargetImpl {
  constructor(document) {
    super();
    this.document = document;
    this.origin = document.timing.navigationStart;
    this.originWall = timeOriginWall() + this.origin - timeOrigin();
    this.timing = new PerformanceTimingImpl(this);
    this.navigation = new PerformanceNavigationImpl(this);
    this.timeline = [];              // PerformanceMarkImpl and PerformanceMeasureImpl
    this.navigationTiming = null;
    this.resources = null;               // the resource timing buffers, once somebody asked for them
  }

  resourceBuffer() {
    return this.resources ?? (this.resources = newResourceBuffer(this.document));
  }

  now() {
    return coarseTime(nowMs() - this.origin);
  }

  navigationEntry() {
    return this.navigationTiming ?? (this.navigationTiming = new PerformanceNavigationTimingImpl(this));
  }
}

export function performanceOf(window) {
  const { document } = window;
  return document.timing.performance ?? (document.timing.performance = new PerformanceImpl(document));
}

// https://w3c.github.io/performance-timeline/#filter-buffer-by-name-and-type
export function performanceEntries(performance, name, type) {
  const out = [];
  const add = (entry) => {
    if ((name === undefined || entry.name === name) && (type === undefined || entry.entryType === type)) insertByStart(out, entry);
  };
  if ((type === undefined || type === 'navigation') && performance.document.window?.isWorkerScope !== true) add(performance.navigationEntry());
  if (type === undefined || type === 'resource') {
    takeResources();
    const { entries } = performance.resourceBuffer();
    for (let i = 0; i < entries.length; i++) add(entries[i]);
  }
  const { timeline } = performance;
  for (let i = 0; i < timeline.length; i++) add(timeline[i]);
  return out;
}

// https://w3c.github.io/user-timing/#the-performancemark-constructor
function makeMark(name, options) {
  for (let i = 0; i < TIMING_NAMES.length; i++) {
    if (TIMING_NAMES[i] === name) {
      throw domException('SyntaxError', "Failed to execute 'mark' on 'Performance': '" + name + "' is part of the PerformanceTiming interface, and cannot be used as a mark name.");
    }
  }
  if (options.startTime !== undefined && options.startTime < 0) throw new TypeError("Failed to execute 'mark' on 'Performance': '" + name + "' cannot have a negative start time.");
  const mark = new PerformanceMarkImpl(name, 'mark', options.startTime ?? performanceOf(currentWindow()).now(), 0);
  mark.detail = options.detail === undefined || options.detail === null ? null : structuredCloneValue(options.detail, []);
  return mark;
}

// https://w3c.github.io/user-timing/#convert-a-mark-to-a-timestamp
function markTime(performance, mark) {
  const { timeline } = performance;
  if (typeof mark === 'number') {
    if (mark < 0) throw new TypeError("Failed to execute 'measure' on 'Performance': a time stamp must not be negative.");
    return mark;
  }
  for (let i = timeline.length - 1; i >= 0; i--) if (timeline[i].name === mark && timeline[i].entryType === 'mark') return timeline[i].startTime;
  for (let i = 0; i < TIMING_NAMES.length; i++) {
    if (TIMING_NAMES[i] !== mark) continue;
    const time = timingSinceOrigin(performance, mark);
    if (time < 0) {
      throw domException('InvalidAccessError', "Failed to execute 'measure' on 'Performance': '" + mark
        + "' is empty: either the event hasn't happened yet, or it would provide cross-origin timing information.");
    }
    return coarseTime(time);
  }
  throw domException('SyntaxError', "Failed to execute 'measure' on 'Performance': The mark '" + mark + "' does not exist.");
}

// https://w3c.github.io/user-timing/#measure-method
function makeMeasure(performance, name, startOrOptions, endMark) {
  const isOptions = typeof startOrOptions === 'object' && startOrOptions !== null;
  const options = isOptions ? startOrOptions : { __proto__: null };
  const any = options.start !== undefined || options.end !== undefined || options.duration !== undefined || options.detail !== undefined;
  if (isOptions && any) {
    if (endMark !== undefined) throw new TypeError("Failed to execute 'measure' on 'Performance': If a non-empty PerformanceMeasureOptions object was passed, |end_mark| must not be passed.");
    if (options.start === undefined && options.end === undefined) throw new TypeError("Failed to execute 'measure' on 'Performance': either the options' start or end must be given.");
    if (options.start !== undefined && options.duration !== undefined && options.end !== undefined) {
      throw new TypeError("Failed to execute 'measure' on 'Performance': not all of start, duration and end may be given.");
    }
  }
  let end;
  if (endMark !== undefined) end = markTime(performance, endMark);
  else if (options.end !== undefined) end = markTime(performance, options.end);
  else if (options.start !== undefined && options.duration !== undefined) end = markTime(performance, options.start) + markTime(performance, options.duration);
  else end = performance.now();
  let start = 0;
  if (options.start !== undefined) start = markTime(performance, options.start);
  else if (options.duration !== undefined && options.end !== undefined) start = markTime(performance, options.end) - markTime(performance, options.duration);
  else if (typeof startOrOptions === 'string') start = markTime(performance, startOrOptions);
  const measure = new PerformanceMeasureImpl(name, 'measure', start, end - start);
  measure.detail = options.detail === undefined || options.detail === null ? null : structuredCloneValue(options.detail, []);
  return measure;
}

function addEntry(performance, entry) {
  performance.timeline[performance.timeline.length] = entry;
  observeEntry(performance, entry);
  return entry;
}

function clearEntries(performance, type, name) {
  const { timeline } = performance;
  const kept = [];
  for (let i = 0; i < timeline.length; i++) if (timeline[i].entryType !== type || (name !== undefined && timeline[i].name !== name)) kept[kept.length] = timeline[i];
  performance.timeline = kept;
}

defineTypes(`
dictionary PerformanceMarkOptions { any detail; double startTime; };
dictionary PerformanceMeasureOptions { any detail; (DOMString or double) start; double duration; (DOMString or double) end; };
`);

export const performanceInterface = defineInterface(`
[Exposed=(Window,Worker)]
interface Performance : EventTarget {
  double now();
  readonly attribute double timeOrigin;
  readonly attribute PerformanceTiming timing;
  readonly attribute PerformanceNavigation navigation;
  PerformanceMark mark(DOMString markName, optional PerformanceMarkOptions markOptions = {});
  undefined clearMarks(optional DOMString markName);
  PerformanceMeasure measure(DOMString measureName, optional (DOMString or PerformanceMeasureOptions) startOrMeasureOptions = {}, optional DOMString endMark);
  undefined clearMeasures(optional DOMString measureName);
  sequence<PerformanceEntry> getEntries();
  sequence<PerformanceEntry> getEntriesByType(DOMString type);
  sequence<PerformanceEntry> getEntriesByName(DOMString name, optional DOMString type);
  undefined clearResourceTimings();
  undefined setResourceTimingBufferSize(unsigned long maxSize);
  attribute EventHandler onresourcetimingbufferfull;
  object toJSON();
};
`, {
  now: (self) => self.now(),
  timeOrigin: (self) => self.originWall,
  timing: (self) => self.timing,
  navigation: (self) => self.navigation,
  mark: (self, name, options) => addEntry(self, makeMark(name, options)),
  clearMarks: (self, name) => clearEntries(self, 'mark', name),
  measure: (self, name, start, end) => addEntry(self, makeMeasure(self, name, start, end)),
  clearMeasures: (self, name) => clearEntries(self, 'measure', name),
  getEntries: (self) => performanceEntries(self, undefined, undefined),
  getEntriesByType: (self, type) => performanceEntries(self, undefined, type),
  getEntriesByName: (self, name, type) => performanceEntries(self, name, type),
  clearResourceTimings(self) {
    takeResources();
    self.resourceBuffer().entries = [];
  },
  setResourceTimingBufferSize(self, size) {
    takeResources();
    self.resourceBuffer().limit = size;
  },
  toJSON: (self) => ({
    timeOrigin: self.originWall, timing: timingJSON(self), navigation: { type: navigationNumber(self), redirectCount: redirectCount(self.document) }, eventCounts: {},
  }),
}, PerformanceImpl);

export const performanceMarkInterface = defineInterface(`
[Exposed=(Window,Worker)]
interface PerformanceMark : PerformanceEntry {
  constructor(DOMString markName, optional PerformanceMarkOptions markOptions = {});
  readonly attribute any detail;
};
`, {
  constructor: makeMark,
  detail: (self) => self.detail,
}, PerformanceMarkImpl);

export const performanceMeasureInterface = defineInterface(`
[Exposed=(Window,Worker)]
interface PerformanceMeasure : PerformanceEntry {
  readonly attribute any detail;
};
`, { detail: (self) => self.detail }, PerformanceMeasureImpl);

defineInterface(`
partial interface mixin WindowOrWorkerGlobalScope {
  [Replaceable] readonly attribute Performance performance;
};
`, { performance: (self) => performanceOf(self) });
