// https://w3c.github.io/hr-time/#sec-performance
// The clock, marks and measures (User Timing), and when the document's life happened (Navigation Timing).

import { MathFloor, TypeError } from '../primordials.js';
import { Impl } from '../webidl/impl.js';
import { defineInterface, defineTypes } from '../webidl/interface.js';
import { EventTargetImpl } from '../dom/EventTarget.js';
import { domException } from '../dom/DOMException.js';
import { nowMs } from '../host.js';
import { timeOrigin, timeOriginWall } from '../html/clock.js';
import { mainWindow } from '../html/realm.js';
import { serializeURL } from '../url/parser.js';
import { structuredCloneValue } from '../webmessaging/structured_clone.js';
import { observeEntry } from './PerformanceObserver.js';

// Times are told in steps of 0.1 ms, as Chromium tells pages that are not isolated.
const TIME_STEP = 10;

export function relativeTime(ms) {
  return MathFloor((ms - timeOrigin()) * TIME_STEP) / TIME_STEP;
}

export class PerformanceEntryImpl extends Impl {
  constructor(name, entryType, startTime, duration) {
    super();
    this.name = name;
    this.entryType = entryType;
    this.startTime = startTime;
    this.duration = duration;
    this.detail = null;
  }
}
export class PerformanceMarkImpl extends PerformanceEntryImpl {}
export class PerformanceMeasureImpl extends PerformanceEntryImpl {}
export class PerformanceNavigationTimingImpl extends PerformanceEntryImpl {}

let timeline = [];                     // PerformanceMarkImpl and PerformanceMeasureImpl
let navigationEntry = null;

const TIMING_NAMES = ['navigationStart', 'unloadEventStart', 'unloadEventEnd', 'redirectStart', 'redirectEnd', 'fetchStart', 'domainLookupStart', 'domainLookupEnd', 'connectStart', 'connectEnd',
  'secureConnectionStart', 'requestStart', 'responseStart', 'responseEnd', 'domLoading', 'domInteractive', 'domContentLoadedEventStart', 'domContentLoadedEventEnd', 'domComplete',
  'loadEventStart', 'loadEventEnd'];

// A moment of the document's life on the engine's clock, or 0: not yet, or not known. What came before the document
// (redirects, the network) happened outside the isolate: it is told as the moment of its start, or 0 where that says "none".
function timingMoment(name) {
  const { timing } = mainWindow().document;
  switch (name) {
    case 'unloadEventStart': case 'unloadEventEnd': case 'redirectStart': case 'redirectEnd': case 'secureConnectionStart': return 0;
    case 'domInteractive': case 'domContentLoadedEventStart': case 'domContentLoadedEventEnd': case 'domComplete': case 'loadEventStart': case 'loadEventEnd': return timing[name] ?? 0;
    default: return timing.navigationStart;
  }
}

function timingSinceOrigin(name) {
  const at = timingMoment(name);
  if (at === 0) return 0;
  const time = relativeTime(at);
  return time < 0 ? 0 : time;
}

function navigationTiming() {
  if (navigationEntry === null) navigationEntry = new PerformanceNavigationTimingImpl(serializeURL(mainWindow().document.url), 'navigation', 0, 0);
  navigationEntry.duration = timingSinceOrigin('loadEventEnd');
  return navigationEntry;
}

// https://w3c.github.io/performance-timeline/#filter-buffer-by-name-and-type
export function performanceEntries(name, type) {
  const out = [];
  if ((type === undefined || type === 'navigation') && mainWindow() !== null && mainWindow().isWorkerScope !== true) {
    const entry = navigationTiming();
    if (name === undefined || name === entry.name) out[0] = entry;
  }
  for (let i = 0; i < timeline.length; i++) {
    const entry = timeline[i];
    if ((name !== undefined && entry.name !== name) || (type !== undefined && entry.entryType !== type)) continue;
    let at = out.length;
    while (at > 0 && out[at - 1].startTime > entry.startTime) {
      out[at] = out[at - 1];
      at--;
    }
    out[at] = entry;
  }
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
  const mark = new PerformanceMarkImpl(name, 'mark', options.startTime ?? relativeTime(nowMs()), 0);
  mark.detail = options.detail === undefined || options.detail === null ? null : structuredCloneValue(options.detail, []);
  return mark;
}

// https://w3c.github.io/user-timing/#convert-a-mark-to-a-timestamp
function markTime(mark) {
  if (typeof mark === 'number') {
    if (mark < 0) throw new TypeError("Failed to execute 'measure' on 'Performance': a time stamp must not be negative.");
    return mark;
  }
  for (let i = timeline.length - 1; i >= 0; i--) if (timeline[i].name === mark && timeline[i].entryType === 'mark') return timeline[i].startTime;
  for (let i = 0; i < TIMING_NAMES.length; i++) {
    if (TIMING_NAMES[i] !== mark) continue;
    if (mark === 'navigationStart') return 0;
    if (timingMoment(mark) === 0) {
      throw domException('InvalidAccessError', "Failed to execute 'measure' on 'Performance': '" + mark
        + "' is empty: either the event hasn't happened yet, or it would provide cross-origin timing information.");
    }
    return timingSinceOrigin(mark);
  }
  throw domException('SyntaxError', "Failed to execute 'measure' on 'Performance': The mark '" + mark + "' does not exist.");
}

// https://w3c.github.io/user-timing/#measure-method
function makeMeasure(name, startOrOptions, endMark) {
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
  if (endMark !== undefined) end = markTime(endMark);
  else if (options.end !== undefined) end = markTime(options.end);
  else if (options.start !== undefined && options.duration !== undefined) end = markTime(options.start) + markTime(options.duration);
  else end = relativeTime(nowMs());
  let start = 0;
  if (options.start !== undefined) start = markTime(options.start);
  else if (options.duration !== undefined && options.end !== undefined) start = markTime(options.end) - markTime(options.duration);
  else if (typeof startOrOptions === 'string') start = markTime(startOrOptions);
  const measure = new PerformanceMeasureImpl(name, 'measure', start, end - start);
  measure.detail = options.detail === undefined || options.detail === null ? null : structuredCloneValue(options.detail, []);
  return measure;
}

function addEntry(entry) {
  timeline[timeline.length] = entry;
  observeEntry(entry);
  return entry;
}

function clearEntries(type, name) {
  const kept = [];
  for (let i = 0; i < timeline.length; i++) if (timeline[i].entryType !== type || (name !== undefined && timeline[i].name !== name)) kept[kept.length] = timeline[i];
  timeline = kept;
}

class PerformanceImpl extends EventTargetImpl {
  constructor() {
    super();
    this.timing = new PerformanceTimingImpl();
    this.navigation = new PerformanceNavigationImpl();
  }
}
class PerformanceTimingImpl extends Impl {}
class PerformanceNavigationImpl extends Impl {}

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
  now: () => relativeTime(nowMs()),
  timeOrigin: () => timeOriginWall(),
  timing: (self) => self.timing,
  navigation: (self) => self.navigation,
  mark: (self, name, options) => addEntry(makeMark(name, options)),
  clearMarks: (self, name) => clearEntries('mark', name),
  measure: (self, name, start, end) => addEntry(makeMeasure(name, start, end)),
  clearMeasures: (self, name) => clearEntries('measure', name),
  getEntries: () => performanceEntries(undefined, undefined),
  getEntriesByType: (self, type) => performanceEntries(undefined, type),
  getEntriesByName: (self, name, type) => performanceEntries(name, type),
  // Resources are not recorded: there is nothing to clear or to bound.
  clearResourceTimings: () => undefined,
  setResourceTimingBufferSize: () => undefined,
  toJSON: (self) => ({ timeOrigin: timeOriginWall(), timing: timingJSON(), navigation: { type: 0, redirectCount: 0 }, eventCounts: {} }),
}, PerformanceImpl);

function timingJSON() {
  const out = {};
  for (let i = 0; i < TIMING_NAMES.length; i++) out[TIMING_NAMES[i]] = wallMoment(TIMING_NAMES[i]);
  return out;
}

// PerformanceTiming tells wall-clock milliseconds.
function wallMoment(name) {
  const at = timingMoment(name);
  return at === 0 ? 0 : MathFloor(timeOriginWall() + at - timeOrigin());
}

export const performanceEntryInterface = defineInterface(`
[Exposed=(Window,Worker)]
interface PerformanceEntry {
  readonly attribute DOMString name;
  readonly attribute DOMString entryType;
  readonly attribute double startTime;
  readonly attribute double duration;
  [Default] object toJSON();
};
`, {
  name: (self) => self.name,
  entryType: (self) => self.entryType,
  startTime: (self) => self.startTime,
  duration: (self) => self.duration,
}, PerformanceEntryImpl);

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

const navigationMembers = {
  type: () => 'navigate',
  redirectCount: () => 0,
  initiatorType: () => 'navigation',
};
const NAVIGATION_MOMENTS = ['unloadEventStart', 'unloadEventEnd', 'redirectStart', 'redirectEnd', 'fetchStart', 'domainLookupStart', 'domainLookupEnd', 'connectStart', 'connectEnd', 'requestStart',
  'responseStart', 'responseEnd', 'domInteractive', 'domContentLoadedEventStart', 'domContentLoadedEventEnd', 'domComplete', 'loadEventStart', 'loadEventEnd'];
navigationMembers.toJSON = (self) => {
  const out = { name: self.name, entryType: self.entryType, startTime: self.startTime, duration: self.duration, initiatorType: 'navigation' };
  for (let i = 0; i < NAVIGATION_MOMENTS.length; i++) out[NAVIGATION_MOMENTS[i]] = timingSinceOrigin(NAVIGATION_MOMENTS[i]);
  out.type = 'navigate';
  out.redirectCount = 0;
  return out;
};
let navigationIDL = '';
for (const name of NAVIGATION_MOMENTS) {
  navigationMembers[name] = () => timingSinceOrigin(name);
  navigationIDL += '  readonly attribute double ' + name + ';\n';
}

export const performanceNavigationTimingInterface = defineInterface(`
[Exposed=Window]
interface PerformanceNavigationTiming : PerformanceEntry {
  readonly attribute DOMString type;
  readonly attribute unsigned short redirectCount;
  readonly attribute DOMString initiatorType;
${navigationIDL}  object toJSON();
};
`, navigationMembers, PerformanceNavigationTimingImpl);

const timingMembers = { toJSON: () => timingJSON() };
let timingIDL = '';
for (const name of TIMING_NAMES) {
  timingMembers[name] = () => wallMoment(name);
  timingIDL += '  readonly attribute unsigned long long ' + name + ';\n';
}

export const performanceTimingInterface = defineInterface(`
[Exposed=Window]
interface PerformanceTiming {
${timingIDL}  object toJSON();
};
`, timingMembers, PerformanceTimingImpl);

export const performanceNavigationInterface = defineInterface(`
[Exposed=Window]
interface PerformanceNavigation {
  const unsigned short TYPE_NAVIGATE = 0;
  const unsigned short TYPE_RELOAD = 1;
  const unsigned short TYPE_BACK_FORWARD = 2;
  const unsigned short TYPE_RESERVED = 255;
  readonly attribute unsigned short type;
  readonly attribute unsigned short redirectCount;
  [Default] object toJSON();
};
`, { type: () => 0, redirectCount: () => 0 }, PerformanceNavigationImpl);

let performanceObject = null;

defineInterface(`
partial interface mixin WindowOrWorkerGlobalScope {
  [Replaceable] readonly attribute Performance performance;
};
`, {
  performance: () => performanceObject ?? (performanceObject = new PerformanceImpl()),
});
