// https://w3c.github.io/hr-time/#sec-time-origin
// The time origin of this isolate's main document, and what the worker's clock says against the engine's.

import { nowMs, wallMs } from '../host.js';

let origin = 0;
let originWall = 0;
let hostAhead = Infinity;      // engine's clock less the worker's, as near as is known

// `timing`: of the navigation that brought the document, or null: then it begins now.
export function startClock(timing) {
  const now = nowMs();
  origin = now;
  originWall = wallMs();
  if (timing === null) return;
  hostAhead = now - timing.now;
  const age = timing.now - timing.started;
  origin -= age;
  originWall -= age;
}

export function timeOrigin() {
  return origin;
}

export function timeOriginWall() {
  return originWall;
}

// The worker has just said what time it is: the message took some time, so that the smallest difference is the best.
export function noteHostTime(ms) {
  const ahead = nowMs() - ms;
  if (ahead < hostAhead) hostAhead = ahead;
}

// A moment of the worker's clock on the engine's.
export function ofHostTime(ms) {
  return ms + hostAhead;
}

// How much later the document of `window` began than the main one: its times are smaller by that.
export function laterThanMain(window) {
  return window.document.timing.navigationStart - origin;
}
