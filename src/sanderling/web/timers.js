// https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timers
// Timers, animation frames, idle callbacks and queued tasks of an isolate. Nothing ticks: every entry tells the worker when the next one is due.

import { defineInterface } from './webidl/interface.js';
import { Impl } from './webidl/impl.js';
import { Promise, PromisePrototypeThen, PromiseResolve, ReflectApply, SafeMap } from './primordials.js';
import { evalScript, nowMs, onHost, runMicrotasks, setNextTimerSource } from './host.js';
import { allowsEval } from './html/csp.js';
import { hasTasks, runTasks, scheduledTasks } from './html/tasks.js';
import { evaluateIn } from './html/frame_scripts.js';
import { defersRejections, reportException, reportGiven } from './html/report.js';
import { mainWindow, withWindow } from './html/realm.js';
import { laterThanMain, timeOrigin } from './html/clock.js';
import { globalOf } from './html/globals.js';
import { wrap } from './webidl/wrapper.js';

const FRAME_MS = 1000 / 60;
// https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timer-initialisation-steps, step 5: deep timers wait at least this long
const CLAMP_MS = 4;
const CLAMP_DEPTH = 5;
// One entry runs at most this long, so that a page of many timers leaves room for messages.
const SLICE_MS = 50;

class Timer {
  constructor(id, due, order, depth, window) {
    this.id = id;
    this.due = due;
    this.order = order;          // equal times keep the order of their setting
    this.depth = depth;          // nesting level
    this.interval = -1;          // ms, or -1
    this.callback = null;        // function or source text
    this.args = null;
    this.window = window;        // WindowImpl, or null: ours
    this.live = true;
  }
}

const heap = [];                   // binary heap by due, order
const timersById = new SafeMap();
let nextTimerId = 1;
let nextOrderOfTimers = 1;
let currentDepth = 0;
let frameCallbacks = [];                 // { id, callback, window }
let nextFrameId = 1;
let frameDue = -1;
let frameNow = -1;
let ownFrames = [];              // callbacks of ours
let frameLooks = null;           // run after each entry: does something want a frame, now that the page may have changed?
let engineWorks = 0;             // how much of the engine's own goes on outside of entries
let engineDue = -1;
let engineWait = 0;              // ms
let idles = [];
let nextIdleId = 1;

function earlier(a, b) {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}

const MAX_CLEARED = 1000;

// A page may set timers for later, and clear them, without end: those that are cleared leave the heap once they are most of it.
function dropClearedTimers() {
  const live = [];
  for (let i = 0; i < heap.length; i++) if (heap[i].live) live[live.length] = heap[i];
  heap.length = 0;
  for (let i = 0; i < live.length; i++) siftIn(live[i]);
}

function pushTimer(timer) {
  if (heap.length > MAX_CLEARED && heap.length > timersById.size * 2) dropClearedTimers();
  siftIn(timer);
}

function siftIn(timer) {
  let at = heap.length;
  heap[at] = timer;
  while (at > 0) {
    const up = (at - 1) >> 1;
    if (!earlier(timer, heap[up])) break;
    heap[at] = heap[up];
    at = up;
  }
  heap[at] = timer;
}

function popTimer() {
  const top = heap[0];
  const last = heap[heap.length - 1];
  heap.length--;
  const size = heap.length;
  if (size > 0) {
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= size) break;
      if (child + 1 < size && earlier(heap[child + 1], heap[child])) child++;
      if (!earlier(heap[child], last)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
  }
  return top;
}

function startTimer(window, callback, args, delay, repeat, id) {
  // The standard asks when the timer runs, Chromium here: there is no timer then.
  if (typeof callback === 'string' && !allowsEval(window.document ?? null, callback)) return 0;
  const depth = currentDepth + 1;
  let ms = delay < 0 || delay !== delay ? 0 : delay;
  if (depth > CLAMP_DEPTH && ms < CLAMP_MS) ms = CLAMP_MS;
  const timer = new Timer(id ?? nextTimerId++, nowMs() + ms, nextOrderOfTimers++, depth, window);
  timer.interval = repeat ? ms : -1;
  timer.callback = callback;
  timer.args = args;
  timersById.set(timer.id, timer);
  pushTimer(timer);
  return timer.id;
}

// The place of what is queued now among timers of the same time.
export function nextTimerOrder() {
  return nextOrderOfTimers++;
}

// A timer of ours; the callback is a function.
export function setTimer(callback, ms) {
  return startTimer(null, callback, [], ms, false);
}

export function clearTimer(id) {
  const timer = timersById.get(id);
  if (timer === undefined) return;
  timer.live = false;
  timersById.delete(id);
}

// The document of a frame's window is gone: what it had waiting does not run any more.
export function endTimersOf(window) {
  timersById.forEach((timer) => {
    if (timer.window === window) clearTimer(timer.id);
  });
  for (let i = 0; i < frameCallbacks.length; i++) if (frameCallbacks[i].window === window) frameCallbacks[i].live = false;
  for (let i = 0; i < idles.length; i++) if (idles[i].window === window) idles[i].live = false;
}

function runTimer(timer) {
  const depth = currentDepth;
  currentDepth = timer.depth;
  const window = timer.window ?? mainWindow();
  try {
    if (timer.window === null) timer.callback();
    else {
      withWindow(window, () => {
        if (typeof timer.callback === 'function') ReflectApply(timer.callback, globalOf(window), timer.args);
        else if (window.isWorkerScope === true) evalScript(timer.callback, window.document.urlText(), 1, 1);
        else evaluateIn(window, timer.callback, window.document.urlText(), 1, 1);
      });
    }
  } catch (error) {
    const place = typeof timer.callback === 'string' ? { __proto__: null, url: window.document.urlText(), line: 1, column: 1 } : null;
    reportException(error, window, place);
  }
  runMicrotasks();
  if (timer.live && timer.interval >= 0) {
    // 12. repeat: the same id, one level deeper
    const ms = timer.depth >= CLAMP_DEPTH && timer.interval < CLAMP_MS ? CLAMP_MS : timer.interval;
    const again = new Timer(timer.id, nowMs() + ms, nextOrderOfTimers++, timer.depth + 1, timer.window);
    again.interval = timer.interval;
    again.callback = timer.callback;
    again.args = timer.args;
    timersById.set(again.id, again);
    pushTimer(again);
  } else if (timer.live) timersById.delete(timer.id);
  currentDepth = depth;
}

// -- animation frames --------------------------------------------------------------------------------------------------

function needFrame() {
  if (frameDue < 0) frameDue = nowMs() + FRAME_MS;
}

// Run `callback` at the next frame.
export function startFrames(callback) {
  for (let i = 0; i < ownFrames.length; i++) if (ownFrames[i] === callback) return;
  ownFrames[ownFrames.length] = callback;
  needFrame();
}

// `look` is run after each entry from now on; it must be cheap.
export function lookAfterEntries(look) {
  frameLooks = look;
}

// The time of the frame whose callbacks run, or -1.
export function frameTime() {
  return frameNow;
}

// https://html.spec.whatwg.org/multipage/imagebitmap-and-animations.html#run-the-animation-frame-callbacks
function runFrames() {
  frameDue = -1;
  const batch = frameCallbacks;
  const ours = ownFrames;
  frameCallbacks = [];
  ownFrames = [];
  frameNow = nowMs();
  const now = frameNow - timeOrigin();
  for (let i = 0; i < batch.length; i++) {
    const { callback, window, live } = batch[i];
    if (!live) continue;
    try {
      withWindow(window, () => ReflectApply(callback, undefined, [now - laterThanMain(window)]));
    } catch (error) {
      reportException(error, window);
    }
    runMicrotasks();
  }
  for (let i = 0; i < ours.length; i++) ours[i]();
  frameNow = -1;
}

// -- idle callbacks: https://w3c.github.io/requestidlecallback/ --------------------------------------------------------

class IdleDeadlineImpl extends Impl {
  constructor(end, didTimeout) {
    super();
    this.end = end;                  // of the idle period
    this.didTimeout = didTimeout;
  }
}

// https://html.spec.whatwg.org/multipage/webappapis.html#event-loop-processing-model, "compute deadline": what is due next ends the period sooner.
function idleEnd(end) {
  while (heap.length > 0 && !heap[0].live) popTimer();
  let first = end;
  if (frameDue >= 0 && frameDue < first) first = frameDue;
  if (heap.length > 0 && heap[0].window !== null && heap[0].due < first) first = heap[0].due;
  return first;
}

defineInterface(`
[Exposed=Window]
interface IdleDeadline {
  double timeRemaining();
  readonly attribute boolean didTimeout;
};
`, {
  timeRemaining(self) {
    // A timeout has no period.
    const left = self.didTimeout ? 0 : idleEnd(self.end) - nowMs();
    return left > 0 ? left : 0;
  },
  didTimeout: (self) => self.didTimeout,
}, IdleDeadlineImpl);

// https://w3c.github.io/requestidlecallback/#start-an-idle-period-algorithm and #invoke-idle-callbacks-algorithm
function runIdle() {
  const batch = idles;
  idles = [];
  const end = nowMs() + SLICE_MS;
  for (let i = 0; i < batch.length; i++) {
    if (i > 0 && nowMs() >= idleEnd(end)) {
      // The rest comes first in the next period.
      const later = idles;
      idles = [];
      for (; i < batch.length; i++) idles[idles.length] = batch[i];
      for (let j = 0; j < later.length; j++) idles[idles.length] = later[j];
      return;
    }
    runIdleCallback(batch[i], new IdleDeadlineImpl(end, false));
  }
}

function runIdleCallback(idle, deadline) {
  const { callback, window, live, timer } = idle;
  if (!live) return;
  idle.live = false;
  if (timer !== 0) clearTimer(timer);
  try {
    withWindow(window, () => ReflectApply(callback, undefined, [wrap(deadline)]));
  } catch (error) {
    reportException(error, window);
  }
  runMicrotasks();
}

// -- the engine's own work ---------------------------------------------------------------------------------------------

// It comes to an end only while the isolate is entered: entries are asked for, ever more rarely, until it has.
const MAX_ENGINE_WAIT_MS = 64;

export function beginEngineWork() {
  engineWorks++;
  engineWait = 1;
  engineDue = nowMs() + engineWait;
}

export function endEngineWork() {
  if (--engineWorks === 0) engineDue = -1;
}

function runEngineWork() {
  const now = nowMs();
  if (engineDue > now) return;
  if (engineWait < MAX_ENGINE_WAIT_MS) engineWait *= 2;
  engineDue = now + engineWait;
}

// -- the loop's view ---------------------------------------------------------------------------------------------------

setNextTimerSource(() => {
  if (frameLooks !== null && frameDue < 0) frameLooks();
  if (hasTasks()) return 0;
  const scheduled = scheduledTasks();
  if (scheduled !== null && scheduled.waits()) return 0;
  while (heap.length > 0 && !heap[0].live) popTimer();
  let due = heap.length > 0 ? heap[0].due : -1;
  if (frameDue >= 0 && (due < 0 || frameDue < due)) due = frameDue;
  if (engineDue >= 0 && (due < 0 || engineDue < due)) due = engineDue;
  if (idles.length > 0) return 0;
  if (due < 0) return null;
  const left = due - nowMs();
  return left > 0 ? left : 0;
});

function isTimerDue() {
  const now = nowMs();
  return (heap.length > 0 && heap[0].live && heap[0].due <= now) || (frameDue >= 0 && frameDue <= now);
}

function runRound() {
  const start = nowMs();
  if (engineDue >= 0) runEngineWork();
  const before = scheduledTasks();
  if (before !== null) before.beginRound(start + SLICE_MS);
  if (hasTasks()) runTasks();
  if (defersRejections()) return;
  let scheduled;
  for (;;) {
    scheduled = scheduledTasks();      // what ran may have been the first to use it
    if (scheduled !== null) scheduled.runUrgent();
    while (heap.length > 0 && !heap[0].live) popTimer();
    const first = heap.length > 0 ? heap[0] : null;
    const task = scheduled === null ? null : scheduled.normal();
    // What is set now comes in the next round.
    if (task !== null && task.due <= start && (first === null || earlier(task, first))) scheduled.run(task);
    else if (first !== null && first.due <= start) {
      popTimer();
      runTimer(first);
    } else break;
    if (nowMs() - start > SLICE_MS) break;
  }
  if (frameDue >= 0 && frameDue <= nowMs()) runFrames();
  if (scheduled !== null && !hasTasks() && !isTimerDue()) {
    const task = scheduled.background();
    if (task !== null) scheduled.run(task);
  }
  if (idles.length > 0 && !hasTasks()) runIdle();
}

// Tasks often queue one more, and to come back for each takes longer than most of them run: they follow each other until this much time has passed.
// Timers do not: the engine tells of rejections between entries, and their events come before timers.
const CHAIN_MS = 4;

onHost('timers.run', () => {
  const end = nowMs() + CHAIN_MS;
  runRound();
  while (hasTasks() && !defersRejections() && nowMs() < end) runTasks();
  return null;
});

defineInterface(`
typedef (DOMString or Function) TimerHandler;
callback FrameRequestCallback = undefined (double time);
callback IdleRequestCallback = undefined (IdleDeadline deadline);
callback VoidFunction = undefined ();
dictionary IdleRequestOptions { unsigned long timeout; };
interface mixin WindowOrWorkerGlobalScope {
  long setTimeout(TimerHandler handler, optional long timeout = 0, any... arguments);
  undefined clearTimeout(optional long id = 0);
  long setInterval(TimerHandler handler, optional long timeout = 0, any... arguments);
  undefined clearInterval(optional long id = 0);
  undefined queueMicrotask(VoidFunction callback);
  undefined reportError(any e);
};
`, {
  setTimeout: (self, handler, timeout, args) => startTimer(self, handler, args, timeout, false),
  clearTimeout: (self, id) => clearTimer(id),
  setInterval: (self, handler, timeout, args) => startTimer(self, handler, args, timeout, true),
  clearInterval: (self, id) => clearTimer(id),
  // https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#microtask-queuing
  queueMicrotask(self, callback) {
    PromisePrototypeThen(PromiseResolve(Promise, undefined), () => {
      try {
        ReflectApply(callback, undefined, []);
      } catch (error) {
        reportException(error, self);
      }
    });
  },
  // https://html.spec.whatwg.org/multipage/webappapis.html#dom-reporterror
  reportError: (self, error) => reportGiven(error, self),
});

defineInterface(`
interface mixin AnimationFrameProvider {
  unsigned long requestAnimationFrame(FrameRequestCallback callback);
  undefined cancelAnimationFrame(unsigned long handle);
};
Window includes AnimationFrameProvider;
`, {
  requestAnimationFrame(self, callback) {
    frameCallbacks[frameCallbacks.length] = { __proto__: null, id: nextFrameId, callback, window: self, live: true };
    needFrame();
    return nextFrameId++;
  },
  cancelAnimationFrame(self, handle) {
    for (let i = 0; i < frameCallbacks.length; i++) if (frameCallbacks[i].id === handle) frameCallbacks[i].live = false;
  },
});

defineInterface(`
partial interface Window {
  unsigned long requestIdleCallback(IdleRequestCallback callback, optional IdleRequestOptions options = {});
  undefined cancelIdleCallback(unsigned long handle);
};
`, {
  requestIdleCallback(self, callback, options) {
    // The window's document is gone: there are no idle periods any more.
    if (self.document === null || self.document.window !== self) return 0;
    const idle = { __proto__: null, id: nextIdleId++, callback, window: self, live: true, timer: 0 };
    idles[idles.length] = idle;
    // https://w3c.github.io/requestidlecallback/#invoke-idle-callback-timeout-algorithm
    if (options.timeout > 0) idle.timer = setTimer(() => runIdleCallback(idle, new IdleDeadlineImpl(0, true)), options.timeout);
    return idle.id;
  },
  cancelIdleCallback(self, handle) {
    for (let i = 0; i < idles.length; i++) {
      if (idles[i].id !== handle) continue;
      idles[i].live = false;
      if (idles[i].timer !== 0) clearTimer(idles[i].timer);
    }
  },
});
