// https://w3c.github.io/hr-time/#sec-time-origin
// The time origin of this isolate's document.

import { nowMs, wallMs } from '../host.js';

let origin = 0;
let originWall = 0;

export function startClock() {
  origin = nowMs();
  originWall = wallMs();
}

export function timeOrigin() {
  return origin;
}

export function timeOriginWall() {
  return originWall;
}
