// https://w3c.github.io/performance-timeline/#dom-performanceentry
// What all entries of the timeline have.

import { wallMs } from '../host.js';
import { currentWindow } from '../html/realm.js';
import { MathFloor } from '../primordials.js';
import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';

// Times are told in steps of 0.1 ms, as Chromium tells pages that are not isolated.
const TIME_STEP = 10;
const MICROSECONDS = 1000;           // of a millisecond: two documents do not begin in one
export const SHORTEST = 1 / TIME_STEP;

export function coarseTime(ms) {
  return MathFloor(ms * TIME_STEP) / TIME_STEP;
}

export class PerformanceEntryImpl extends Impl {
  constructor(name, entryType, startTime, duration) {
    super();
    this.name = name;
    this.entryType = entryType;
    this.startTime = startTime;
    this.duration = duration;
    this.detail = null;
    this.id = 0;                     // 0: nobody has asked
    this.navigationId = navigationIdOf(currentWindow());
  }
}

let lastEntryId = 0;

// https://w3c.github.io/performance-timeline/#dfn-most-recent-navigation: one number for all of a document's life, 0 in workers
function navigationIdOf(window) {
  if (window === null) return 0;
  const { timing } = window.document;
  if (timing.navigationId === 0) timing.navigationId = MathFloor(wallMs() * MICROSECONDS);
  return timing.navigationId;
}

// https://w3c.github.io/performance-timeline/#dfn-generate-a-performance-entry-id
export function entryId(self) {
  if (self.id === 0) self.id = ++lastEntryId;
  return self.id;
}

// Into a list in the order of their beginnings; entries that begin together stay as they came.
export function insertByStart(list, entry) {
  let at = list.length;
  while (at > 0 && list[at - 1].startTime > entry.startTime) {
    list[at] = list[at - 1];
    at--;
  }
  list[at] = entry;
}

export const performanceEntryInterface = defineInterface(`
[Exposed=(Window,Worker)]
interface PerformanceEntry {
  readonly attribute unsigned long long id;
  readonly attribute DOMString name;
  readonly attribute DOMString entryType;
  readonly attribute double startTime;
  readonly attribute double duration;
  readonly attribute unsigned long long navigationId;
  [Default] object toJSON();
};
`, {
  name: (self) => self.name,
  entryType: (self) => self.entryType,
  startTime: (self) => self.startTime,
  duration: (self) => self.duration,
  id: entryId,
  navigationId: (self) => self.navigationId,
}, PerformanceEntryImpl);
