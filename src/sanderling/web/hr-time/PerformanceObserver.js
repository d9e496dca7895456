// https://w3c.github.io/performance-timeline/#the-performanceobserver-interface

import { ObjectFreeze, TypeError } from '../primordials.js';
import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { wrap } from '../webidl/wrapper.js';
import { domException } from '../dom/DOMException.js';
import { reportCallback } from '../html/report.js';
import { queueTask } from '../html/tasks.js';
import { currentWindow, mainWindow } from '../html/realm.js';
import { watchResources } from '../resource-timing/buffer.js';
import { insertByStart } from './entry.js';
import { performanceEntries, performanceOf } from './performance.js';

const OBSERVABLE_TYPES = ['mark', 'measure', 'navigation', 'resource'];

class PerformanceObserverImpl extends Impl {
  constructor(callback) {
    super();
    this.callback = callback;
    this.performance = performanceOf(currentWindow());
    this.tellsDropped = false;     // its next callback says how many entries there was no room for
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

export function observeEntry(performance, entry) {
  for (let i = 0; i < performanceObservers.length; i++) {
    const observer = performanceObservers[i];
    if (observer.performance !== performance) continue;
    for (let j = 0; j < observer.types.length; j++) {
      if (observer.types[j] !== entry.entryType) continue;
      observer.buffer[observer.buffer.length] = entry;
      scheduleObservers();
      break;
    }
  }
}

// The entry of the navigation is complete.
export function observeNavigation(document) {
  const { performance } = document.timing;
  if (performanceObservers.length > 0 && performance !== null) observeEntry(performance, performance.navigationEntry());
}

// https://w3c.github.io/performance-timeline/#queue-the-performanceobserver-task
function scheduleObservers() {
  if (observerTaskQueued) return;
  observerTaskQueued = true;
  queueTask(null, () => {
    observerTaskQueued = false;
    // Step 4: those that are there now; whoever comes or goes makes another list.
    const observers = performanceObservers;
    for (let i = 0; i < observers.length; i++) {
      const observer = observers[i];
      if (observer.buffer.length === 0) continue;
      const entries = observer.buffer;
      observer.buffer = [];
      const self = wrap(observer);
      const options = observer.tellsDropped ? { droppedEntriesCount: droppedEntries(observer) } : {};
      observer.tellsDropped = false;
      reportCallback(observer.callback, self, [wrap(new ObserverEntryListImpl(entries)), self, options]);
    }
  });
}

// Documents come by navigations, web workers do not.
function observableTypes() {
  const out = [];
  for (let i = 0; i < OBSERVABLE_TYPES.length; i++) if (OBSERVABLE_TYPES[i] !== 'navigation' || mainWindow().isWorkerScope !== true) out[out.length] = OBSERVABLE_TYPES[i];
  return out;
}

function isObservable(type) {
  const types = observableTypes();
  for (let i = 0; i < types.length; i++) if (types[i] === type) return true;
  return false;
}

function addType(self, type) {
  for (let i = 0; i < self.types.length; i++) if (self.types[i] === type) return;
  self.types[self.types.length] = type;
}

function droppedEntries(observer) {
  let count = 0;
  for (let i = 0; i < observer.types.length; i++) if (observer.types[i] === 'resource') count += observer.performance.resourceBuffer().dropped;
  return count;
}

function observesType(self, type) {
  for (let i = 0; i < self.types.length; i++) if (self.types[i] === type) return true;
  return false;
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
    if (observesType(self, 'resource')) watchResources();
  } else {
    if (!isObservable(options.type)) return;
    if (options.type === 'resource') watchResources();
    addType(self, options.type);
    if (options.buffered === true) {
      const past = performanceEntries(self.performance, undefined, options.type);
      for (let i = 0; i < past.length; i++) {
        // The entry of the navigation is told once it is complete.
        if (options.type === 'navigation' && self.performance.document.timing.loadEventEnd === 0) continue;
        self.buffer[self.buffer.length] = past[i];
      }
      if (self.buffer.length > 0) scheduleObservers();
    }
  }
  self.tellsDropped = true;
  register(self);
}

// Those of documents that are gone are told of nothing any more.
function register(self) {
  const kept = [];
  let known = false;
  for (let i = 0; i < performanceObservers.length; i++) {
    const one = performanceObservers[i];
    known ||= one === self;
    if (one === self || one.performance.document.window !== null) kept[kept.length] = one;
  }
  if (!known) kept[kept.length] = self;
  performanceObservers = kept;
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
  supportedEntryTypes: () => supportedTypes ?? (supportedTypes = ObjectFreeze(observableTypes())),
}, PerformanceObserverImpl);

let supportedTypes = null;           // the same frozen array each time

function entriesOfList(list, name, type) {
  const out = [];
  for (let i = 0; i < list.entries.length; i++) {
    const entry = list.entries[i];
    if ((name !== undefined && entry.name !== name) || (type !== undefined && entry.entryType !== type)) continue;
    insertByStart(out, entry);
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
