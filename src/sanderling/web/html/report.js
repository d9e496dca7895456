// https://html.spec.whatwg.org/multipage/webappapis.html#runtime-script-errors
// Uncaught exceptions and unhandled rejections: events for the page first, then a report for the worker.

import { Error, ReflectApply, SafeMap, SafeWeakMap, String, StringPrototypeIncludes, StringPrototypeSlice, StringPrototypeSplit, RegExpPrototypeExec, ObjectGetOwnPropertyDescriptor, ObjectGetPrototypeOf } from '../primordials.js';
import { hostPost, setUnhandledRejectionHandlers, withoutOwnNames } from '../host.js';
import { unwrap } from '../webidl/wrapper.js';
import { DOMExceptionImpl } from '../dom/DOMException.js';
import { dispatchEvent, fireEvent, makeEvent } from '../dom/dispatch.js';
import { delayLoad, undelayLoad } from './loading.js';
import { mainWindow } from './realm.js';
import { isFirstTask, queueTask } from './tasks.js';

const MAX_TEXT = 10_000;         // characters of a message or stack that cross

let exceptionHook = null;         // (error, window, inPromise) of what nobody handled, for the inspector
let reporting = false;           // an exception in an error handler is reported, but fires no event of its own

function dataProperty(object, key) {
  for (let at = object, depth = 0; at !== null && depth < 8; depth++) {
    const descriptor = ObjectGetOwnPropertyDescriptor(at, key);
    if (descriptor !== undefined) return typeof descriptor.value === 'string' ? descriptor.value : undefined;
    at = ObjectGetPrototypeOf(at);
  }
  return undefined;
}

// A stack without the frames of the platform itself.
export function ownFramesLeftOut(stack) {
  const lines = StringPrototypeSplit(stack, '\n');
  let out = '';
  for (let i = 0; i < lines.length; i++) {
    if (StringPrototypeIncludes(lines[i], 'sanderling:web')) continue;
    out += (i === 0 ? '' : '\n') + lines[i];
  }
  return out;
}

// Where what could not be compiled is from: its stack only names who wanted it.
const uncompiledPlaces = new SafeWeakMap();

export function setErrorPlace(error, url) {
  uncompiledPlaces.set(error, url);
}

// The first place of page code in a stack trace, or null
function placeInStack(stack) {
  try {
    return RegExpPrototypeExec(/(?:\(|at |@)((?:https?|file|about|data|blob|sanderling):[^\n]*?):(\d+):(\d+)\)?(?:\n|$)/, stack);
  } catch {
    return null; // with no stack left the engine cannot compile the expression
  }
}

// What can be said about a thrown value; page code does not run, but for accessors of `stack` of exotic errors.
export function describeThrown(error) {
  const out = { __proto__: null, name: '', message: '', stack: '', url: '', line: 0, column: 0 };
  try {
    const impl = unwrap(error);
    if (impl instanceof DOMExceptionImpl) {
      out.name = impl.name;
      out.message = impl.message;
      out.stack = String(error.stack ?? '');
    } else if (error !== null && typeof error === 'object') {
      out.name = dataProperty(error, 'name') ?? '';
      out.message = dataProperty(error, 'message') ?? '';
      out.stack = typeof error.stack === 'string' ? error.stack : '';
      if (out.name === '' && out.message === '') out.message = String(error);
    } else {
      out.message = typeof error === 'symbol' ? 'Symbol()' : String(error);
    }
  } catch {
    out.message = 'a value that cannot be described';
  }
  out.message = StringPrototypeSlice(out.message, 0, MAX_TEXT);
  out.stack = ownFramesLeftOut(StringPrototypeSlice(out.stack, 0, MAX_TEXT));
  const place = placeInStack(out.stack);
  out.stack = withoutOwnNames(out.stack);
  const uncompiled = error !== null && typeof error === 'object' ? uncompiledPlaces.get(error) : undefined;
  if (uncompiled !== undefined) {
    out.url = uncompiled;
    out.line = 1;
    out.column = 1;
  } else if (place !== null) {
    out.url = withoutOwnNames(place[1]);
    out.line = +place[2];
    out.column = +place[3];
  }
  return out;
}

// https://html.spec.whatwg.org/multipage/webappapis.html#report-the-exception
// `place`: { url, line, column } of the script, for what does not say itself where it is from (what could not be compiled, what is no error).
// `muted`: the script is of another origin, and the page learns nothing of it.
export function reportException(error, givenWindow, place = null, muted = false) {
  const window = givenWindow ?? mainWindow();
  const facts = describeThrown(error);
  if (facts.url === '' && place !== null) {
    facts.url = place.url;
    facts.line = place.line;
    facts.column = place.column;
  } else if (facts.url === '' && window !== null && window.isWorkerScope === true) facts.url = window.document.urlText();    // what is no error says nothing
  const text = facts.name === '' ? facts.message : facts.name + ': ' + facts.message;
  let handled = false;
  if (window !== null && !reporting) {
    reporting = true;
    try {
      const event = makeEvent('error', {
        __proto__: null, cancelable: true, interface: 'ErrorEvent',
        init: muted
          ? { __proto__: null, message: 'Script error.', filename: '', lineno: 0, colno: 0, error: null }
          : { __proto__: null, message: 'Uncaught ' + text, filename: facts.url, lineno: facts.line, colno: facts.column, error },
      });
      event.isTrusted = true;
      handled = !dispatchEvent(event, window);
    } finally {
      reporting = false;
    }
  }
  if (handled) return;
  if (exceptionHook !== null) exceptionHook(error, window, false);
  hostPost('page.error', { name: facts.name, message: facts.message, stack: facts.stack, url: facts.url, line: facts.line, column: facts.column, kind: 'error' });
}

export function setExceptionHook(hook) {
  exceptionHook = hook;
}

// A value that a page hands to us: what is no error is from where that happened.
export function reportGiven(error, window) {
  reportException(error, window, typeof error === 'object' && error !== null ? null : describeThrown(new Error()));
}

// Call a page's function; what it throws is reported.
export function reportCallback(callback, thisValue, args, window) {
  try {
    return ReflectApply(callback, thisValue, args);
  } catch (error) {
    reportException(error, window);
    return undefined;
  }
}

// https://html.spec.whatwg.org/multipage/webappapis.html#unhandled-promise-rejections
let pendingRejections = new SafeMap();     // promise to reason
const outstandingRejections = new SafeMap();
let deferred = false;                      // they are told in the next entry
let delayed = null;                        // the document whose load event waits for what is pending

export function startRejections() {
  setUnhandledRejectionHandlers((promise, reason) => {
    if (pendingRejections.size === 0) {
      queueTask(null, expectRejections);
      // Whoever waits for the load event wants to know before.
      const { document } = mainWindow();
      if (delayed === null && document.readyState !== undefined && document.readyState !== 'complete') delayLoad(delayed = document);
      hostPost('wake', null);     // the entry may be over: ask for another one
    }
    pendingRejections.set(promise, reason);
    return true;       // ours to report: the engine would fail the entry
  }, (promise) => {
    if (pendingRejections.delete(promise)) return;
    if (outstandingRejections.has(promise)) {
      const reason = outstandingRejections.get(promise);
      outstandingRejections.delete(promise);
      queueTask(null, () => fireEvent(mainWindow(), 'rejectionhandled', { __proto__: null, interface: 'PromiseRejectionEvent', init: { __proto__: null, promise, reason } }));
    }
  });
}

// The engine tells of what was handled after the entry that handled it: what tasks before this one have handled is known in the next entry.
function expectRejections() {
  if (isFirstTask()) notifyRejections();
  else {
    deferred = true;
    queueTask(null, notifyRejections);
  }
}

// Timers wait for the events that come before them.
export function defersRejections() {
  return deferred;
}

// "Notify about rejected promises": in a task, so that what is handled by tasks queued before is none.
function notifyRejections() {
  const batch = pendingRejections;
  pendingRejections = new SafeMap();
  const window = mainWindow();
  deferred = false;
  if (delayed !== null) undelayLoad(delayed);
  delayed = null;
  batch.forEach((reason, promise) => {
    // Remembered, to tell when somebody handles it after all; a page that rejects without end is forgotten in part.
    if (outstandingRejections.size < 1000) outstandingRejections.set(promise, reason);
    const event = makeEvent('unhandledrejection', {
      __proto__: null, cancelable: true, interface: 'PromiseRejectionEvent', init: { __proto__: null, promise, reason },
    });
    event.isTrusted = true;
    if (!dispatchEvent(event, window)) return;
    if (exceptionHook !== null) exceptionHook(reason, window, true);
    const facts = describeThrown(reason);
    hostPost('page.error', { name: facts.name, message: facts.message, stack: facts.stack, url: facts.url, line: facts.line, kind: 'rejection' });
  });
}
