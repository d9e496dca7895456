// https://html.spec.whatwg.org/multipage/webappapis.html#realms-settings-objects-global-objects
// Which windows exist in this isolate, and whose code is running. The engine has one realm: the main window is its global;
// same-origin child frames have window objects of their own and share its intrinsics.

import { SafeMap } from '../primordials.js';

let main = null;        // the WindowImpl of the global object
let scripts = 0;        // how deep page code is nested
let running = null;     // the WindowImpl whose code runs now, or null: the main one
let lookedUp = null;    // the child frame's window whose scope was asked for a name last, since a window was last entered
const byFrame = new SafeMap();

export function setMainWindow(window) {
  main = window;
  byFrame.set(window.frameId, window);
}

export function mainWindow() {
  return main;
}

export function registerWindow(window) {
  byFrame.set(window.frameId, window);
}

export function forgetWindow(window) {
  byFrame.delete(window.frameId);
}

export function windowOfFrame(frameId) {
  return byFrame.get(frameId) ?? null;
}

export function currentWindow() {
  return running ?? main;
}

export function nameLookedUp(window) {
  lookedUp = window;
}

// Whose code calls now. Of a promise's reaction nobody knows it: it is taken to be that of the frame where it looked for a name.
export function callingWindow() {
  return running ?? lookedUp ?? main;
}

export function currentDocument() {
  return (running ?? main).document;
}

// The same in two halves, for hot paths: the result of the first is what the second gets.
export function enterWindow(window) {
  const previous = running;
  running = window;
  lookedUp = null;
  scripts++;
  return previous;
}

export function leaveWindow(previous) {
  running = previous;
  scripts--;
}

// Is page code on the stack? While none is, callbacks are followed by a microtask checkpoint (HTML, "clean up after running script").
export function isScriptRunning() {
  return scripts > 0;
}

// Steps of the platform itself on behalf of a window: no page code is on the stack because of them.
export function asPlatform(window, steps) {
  const previous = running;
  running = window;
  try {
    steps();
  } finally {
    running = previous;
  }
}

// Run `callback` with `window` as the one whose code runs.
export function withWindow(window, callback) {
  const previous = enterWindow(window);
  try {
    return callback();
  } finally {
    leaveWindow(previous);
  }
}
