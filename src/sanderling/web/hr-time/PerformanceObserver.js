// https://w3c.github.io/performance-timeline/#the-performanceobserver-interface

import { ObjectFreeze, ReflectApply, TypeError } from '../primordials.js';
import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { wrap } from '../webidl/wrapper.js';
import { domException } from '../dom/DOMException.js';
import { queueTask } from '../html/tasks.js';
import { performanceEntries } from './performance.js';

const OBSERVABLE_TYPES = ['mark', 'measure', 'navigation'];

class PerformanceObserverImpl extends Impl {
  constructor(callback) {
    super();
    this.callback = callback;
    this.mode = '';                // '' 'multiple' 'single'
    this.types = [];
    this.buffer = [];
  }
}

class ObserverEntryListImpl extends Impl {
  constructor(entries) {
    super();
    this.entries = entries;
  }
}

let performanceObservers = [];
let observerTaskQueued = false;

export function observeEntry(entry) {
  for (let i = 0; i < performanceObservers.length; i++) {
    const observer = performanceObservers[i];
    for (let j = 0; j < observer.types.length; j++) {
      if (observer.types[j] !== entry.entryType) continue;
      observer.buffer[observer.buffer.length] = entry;
      scheduleObservers();
      break;
    }
  }
}

// https://w3c.github.io/performance-timeline/#queue-the-performanceobserver-task
function scheduleObservers() {
  if (observerTaskQueued) return;
  observerTaskQueued = true;
  queueTask(null, () => {
    observerTaskQueued = false;
    const observers = performanceObservers;
    for (let i = 0; i < observers.length; i++) {
      const observer = observers[i];
      if (observer.buffer.length === 0) continue;
      const entries = observer.buffer;
      observer.buffer = [];
      const self = wrap(observer);
      ReflectApply(observer.callback, self, [wrap(new ObserverEntryListImpl(entries)), self]);
    }
  });
}

function isObservable(type) {
  for (let i = 0; i < OBSERVABLE_TYPES.length; i++) if (OBSERVABLE_TYPES[i] === type) return true;
  return false;
}

function addType(self, type) {
  for (let i = 0; i < self.types.length; i++) if (self.types[i] === type) return;
  self.types[self.types.length] = type;
}

// https://w3c.github.io/performance-timeline/#observe-method
function observePerformance(self, options) {
  if (options.entryTypes === undefined && options.type === undefined) {
    throw new TypeError("Failed to execute 'observe' on 'PerformanceObserver': An observe() call must include either entryTypes or type arguments.");
  }
  if (options.entryTypes !== undefined && (options.type !== undefined || options.buffered !== undefined)) {
    throw new TypeError("Failed to execute 'observe' on 'PerformanceObserver': An observe() call must not include both entryTypes and type or buffered arguments.");
  }
  const mode = options.entryTypes !== undefined ? 'multiple' : 'single';
  if (self.mode !== '' && self.mode !== mode) {
    throw domException('InvalidModificationError', "Failed to execute 'observe' on 'PerformanceObserver': This observer has performed observe({type:...}) and entryTypes, which cannot be mixed.");
  }
  self.mode = mode;
  if (mode === 'multiple') {
    self.types = [];
    for (let i = 0; i < options.entryTypes.length; i++) if (isObservable(options.entryTypes[i])) addType(self, options.entryTypes[i]);
    if (self.types.length === 0) return;
  } else {
    if (!isObservable(options.type)) return;
    addType(self, options.type);
    if (options.buffered === true) {
      const past = performanceEntries(undefined, options.type);
      for (let i = 0; i < past.length; i++) self.buffer[self.buffer.length] = past[i];
      if (past.length > 0) scheduleObservers();
    }
  }
  for (let i = 0; i < performanceObservers.length; i++) if (performanceObservers[i] === self) return;
  performanceObservers[performanceObservers.length] = self;
}

export const performanceObserverInterface = defineInterface(`
callback PerformanceObserverCallback = undefined (PerformanceObserverEntryList entries, PerformanceObserver observer);
dictionary PerformanceObserverInit { sequence<DOMString> entryTypes; DOMString type; boolean buffered; double durationThreshold; };
[Exposed=(Window,Worker)]
interface PerformanceObserver {
  constructor(PerformanceObserverCallback callback);
  undefined observe(optional PerformanceObserverInit options = {});
  undefined disconnect();
  sequence<PerformanceEntry> takeRecords();
  static readonly attribute any supportedEntryTypes;
};
`, {
  constructor: (callback) => new PerformanceObserverImpl(callback),
  observe: observePerformance,
  disconnect(self) {
    const kept = [];
    for (let i = 0; i < performanceObservers.length; i++) if (performanceObservers[i] !== self) kept[kept.length] = performanceObservers[i];
    performanceObservers = kept;
    self.buffer = [];
    self.types = [];
    self.mode = '';
  },
  takeRecords(self) {
    const { buffer } = self;
    self.buffer = [];
    return buffer;
  },
  supportedEntryTypes: () => supportedTypes ?? (supportedTypes = ObjectFreeze(['mark', 'measure', 'navigation'])),
}, PerformanceObserverImpl);

let supportedTypes = null;           // the same frozen array each time

function entriesOfList(list, name, type) {
  const out = [];
  for (let i = 0; i < list.entries.length; i++) {
    const entry = list.entries[i];
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

export const observerEntryListInterface = defineInterface(`
[Exposed=(Window,Worker)]
interface PerformanceObserverEntryList {
  sequence<PerformanceEntry> getEntries();
  sequence<PerformanceEntry> getEntriesByType(DOMString type);
  sequence<PerformanceEntry> getEntriesByName(DOMString name, optional DOMString type);
};
`, {
  getEntries: (self) => entriesOfList(self, undefined, undefined),
  getEntriesByType: (self, type) => entriesOfList(self, undefined, type),
  getEntriesByName: (self, name, type) => entriesOfList(self, name, type),
}, ObserverEntryListImpl);
