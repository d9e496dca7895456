// https://html.spec.whatwg.org/multipage/dom.html#document-load-timing-info
// Moments of a document's life, in ms of the engine's clock, and how it came.

import { nowMs } from '../host.js';
import { noteHostTime, ofHostTime } from './clock.js';

export class DocumentTiming {
  constructor(navigation) {
    this.created = nowMs();
    if (navigation !== null) noteHostTime(navigation.now);
    this.navigationStart = navigation === null ? this.created : ofHostTime(navigation.started);
    this.unloaded = null;               // from when to when the frame's last document was left, if this one may know
    this.navigation = navigation;       // what the worker tells of it (browser/resource_timing.py), or null
    this.domInteractive = 0;
    this.domContentLoadedEventStart = 0;
    this.domContentLoadedEventEnd = 0;
    this.domComplete = 0;
    this.loadEventStart = 0;
    this.loadEventEnd = 0;
    this.performance = null;            // PerformanceImpl, once somebody asked
    this.navigationId = 0;              // of the performance timeline; 0 until there is an entry
  }
}

export function newTiming(navigation) {
  return new DocumentTiming(navigation);
}
