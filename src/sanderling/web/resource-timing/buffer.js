// https://w3c.github.io/resource-timing/#sec-extensions-performance-interface
// The resource timing buffers of a document. The worker keeps what happened until somebody looks: most pages never do.

import { hostCall, hostPost, onHost } from '../host.js';
import { fireEvent } from '../dom/dispatch.js';
import { noteHostTime, ofHostTime } from '../html/clock.js';
import { windowOfFrame } from '../html/realm.js';
import { queueTask } from '../html/tasks.js';
import { observeEntry } from '../hr-time/PerformanceObserver.js';
import { performanceOf } from '../hr-time/performance.js';
import { PerformanceResourceTimingImpl, RECORD_FRAME, RECORD_MOMENTS, RECORD_URL } from './PerformanceResourceTiming.js';

const DEFAULT_LIMIT = 250;
const CLOCK_ERROR_MS = 1;

class ResourceBuffer {
  constructor(document) {
    this.document = document;
    this.entries = [];
    this.limit = DEFAULT_LIMIT;
    this.secondary = [];
    this.pending = false;          // "resource timing buffer full event pending flag"
    this.dropped = 0;
  }

  // https://w3c.github.io/resource-timing/#dfn-add-a-performanceresourcetiming-entry
  add(entry) {
    if (this.entries.length < this.limit && !this.pending) {
      this.entries[this.entries.length] = entry;
      return;
    }
    if (!this.pending) {
      this.pending = true;
      queueTask(this.document, () => this.full());
    }
    this.secondary[this.secondary.length] = entry;
  }

  // https://w3c.github.io/resource-timing/#dfn-fire-a-buffer-full-event
  full() {
    while (this.secondary.length > 0) {
      const before = this.secondary.length;
      if (this.entries.length >= this.limit) fireEvent(performanceOf(this.document.window), 'resourcetimingbufferfull');
      // "copy secondary buffer"
      let at = 0;
      while (at < this.secondary.length && this.entries.length < this.limit) this.entries[this.entries.length] = this.secondary[at++];
      const rest = [];
      for (; at < this.secondary.length; at++) rest[rest.length] = this.secondary[at];
      this.secondary = rest;
      if (before <= rest.length) {
        this.dropped += rest.length;
        this.secondary = [];
        break;
      }
    }
    this.pending = false;
  }
}

export function newResourceBuffer(document) {
  return new ResourceBuffer(document);
}

// Take from the worker what happened since the last look.
export function takeResources() {
  const { now, records } = hostCall('timing.take', null);
  noteHostTime(now);
  for (let i = 0; i < records.length; i++) {
    const record = records[i];
    const window = windowOfFrame(record[RECORD_FRAME]);
    if (window === null) continue;
    const performance = performanceOf(window);
    // Of the document before: a request with keepalive outlives it.
    if (ofHostTime(record[RECORD_MOMENTS][0]) < performance.origin - CLOCK_ERROR_MS) continue;
    const entry = new PerformanceResourceTimingImpl('resource', record[RECORD_URL], record, performance.origin);
    performance.resourceBuffer().add(entry);
    observeEntry(performance, entry);
  }
}

let watching = false;

// Somebody waits for entries, or for the buffer to be full.
export function watchResources() {
  takeResources();
  if (watching) return;
  watching = true;
  hostPost('timing.watch', null);
}

onHost('timing.came', () => {
  takeResources();
  return null;
});
