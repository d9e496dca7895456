// https://html.spec.whatwg.org/multipage/dom.html#document-load-timing-info
// Moments of a document's life, in ms of the engine's clock.

import { nowMs } from '../host.js';

export class DocumentTiming {
  constructor() {
    this.navigationStart = nowMs();
    this.domInteractive = 0;
    this.domContentLoadedEventStart = 0;
    this.domContentLoadedEventEnd = 0;
    this.domComplete = 0;
    this.loadEventStart = 0;
    this.loadEventEnd = 0;
  }
}

export function newTiming() {
  return new DocumentTiming();
}
