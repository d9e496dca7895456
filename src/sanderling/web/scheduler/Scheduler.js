// https://wicg.github.io/scheduling-apis/#sec-scheduler
// The state that a continuation inherits goes along with promise reactions, as the standard wants of jobs: the engine keeps it (`asyncContext()` of host.js).

import { asyncContext, runMicrotasks, setAsyncContext } from '../host.js';
import { Promise, PromiseReject, ReflectApply, SafeSet, SafeWeakMap } from '../primordials.js';
import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { addAbortAlgorithm } from '../dom/AbortSignal.js';
import { domException } from '../dom/DOMException.js';
import { withWindow } from '../html/realm.js';
import { clearTimer, setTimer } from '../timers.js';
import { TaskSignalImpl } from './TaskSignal.js';
import { dropScheduled, enqueueScheduled } from './queues.js';

class SchedulerImpl extends Impl {
  constructor(window) {
    super();
    this.window = window;
  }
}

const FIXED_PRIORITIES = {
  '__proto__': null,
  'user-blocking': { __proto__: null, priority: 'user-blocking' },
  'user-visible': { __proto__: null, priority: 'user-visible' },
  'background': { __proto__: null, priority: 'background' },
};
const schedulers = new SafeWeakMap();          // by window or worker scope
const abortableTasks = new SafeWeakMap();      // by signal: the set of handles that it aborts

// https://wicg.github.io/scheduling-apis/#task-handle; one algorithm of the signal serves all
function watchAbort(signal, handle) {
  let handles = abortableTasks.get(signal);
  if (handles === undefined) {
    handles = new SafeSet();
    abortableTasks.set(signal, handles);
    const all = handles;
    addAbortAlgorithm(signal, () => all.forEach((one) => {
      if (one.timer !== 0) clearTimer(one.timer);
      if (one.task !== null) dropScheduled(one.task);
      one.reject(signal.reason);
    }));
  }
  handles.add(handle);
}

function endHandle(handle, signal) {
  if (signal !== null) abortableTasks.get(signal).delete(handle);
}

// Null, or why nothing can be scheduled.
function detachedError(self, operation) {
  const { window } = self;
  if (window.document !== null && window.document.window === window) return null;
  return domException('NotSupportedError', "Failed to execute '" + operation + "' on 'Scheduler': Current window is detached.");
}

// https://wicg.github.io/scheduling-apis/#schedule-a-posttask-task
function postTask(self, callback, options) {
  const detached = detachedError(self, 'postTask');
  if (detached !== null) return PromiseReject(Promise, detached);
  // 2-3.
  const signal = options.signal ?? null;
  if (signal !== null && signal.aborted) return PromiseReject(Promise, signal.reason);
  // 4-8.
  let prioritySource = FIXED_PRIORITIES['user-visible'];
  if (options.priority !== undefined) prioritySource = FIXED_PRIORITIES[options.priority];
  else if (signal instanceof TaskSignalImpl) prioritySource = signal;
  const state = { __proto__: null, abortSource: signal, prioritySource };
  const { window } = self;
  const doc = window.document;
  return new Promise((resolve, reject) => {
    // 9-10.
    const handle = { __proto__: null, timer: 0, task: null, reject };
    if (signal !== null) watchAbort(signal, handle);
    const run = () => {
      let value;
      let settle = resolve;
      setAsyncContext(state);
      try {
        value = withWindow(window, () => ReflectApply(callback, undefined, []));
      } catch (error) {
        value = error;
        settle = reject;
      }
      runMicrotasks();
      setAsyncContext(undefined);
      endHandle(handle, signal);
      settle(value);
    };
    // 11.
    const enqueue = () => {
      handle.timer = 0;
      handle.task = enqueueScheduled(doc, prioritySource, false, run);
    };
    // 12-13.
    if (options.delay > 0) handle.timer = setTimer(enqueue, options.delay);
    else enqueue();
  });
}

// https://wicg.github.io/scheduling-apis/#schedule-a-yield-continuation
function scheduleContinuation(self) {
  const detached = detachedError(self, 'yield');
  if (detached !== null) return PromiseReject(Promise, detached);
  // 2-4.
  const state = asyncContext();
  const signal = state === undefined ? null : state.abortSource;
  if (signal !== null && signal.aborted) return PromiseReject(Promise, signal.reason);
  // 5.
  const prioritySource = state === undefined ? FIXED_PRIORITIES['user-visible'] : state.prioritySource;
  return new Promise((resolve, reject) => {
    // 6-9.
    const handle = { __proto__: null, timer: 0, task: null, reject };
    if (signal !== null) watchAbort(signal, handle);
    handle.task = enqueueScheduled(self.window.document, prioritySource, true, () => {
      endHandle(handle, signal);
      resolve();
    });
  });
}

defineInterface(`
dictionary SchedulerPostTaskOptions {
  AbortSignal signal;
  TaskPriority priority;
  [EnforceRange] unsigned long long delay = 0;
};
callback SchedulerPostTaskCallback = any ();
[Exposed=(Window,Worker)]
interface Scheduler {
  Promise<any> postTask(SchedulerPostTaskCallback callback, optional SchedulerPostTaskOptions options = {});
  Promise<undefined> yield();
};
`, {
  postTask,
  yield: scheduleContinuation,
}, SchedulerImpl);

defineInterface(`
partial interface mixin WindowOrWorkerGlobalScope {
  [Replaceable] readonly attribute Scheduler scheduler;
};
`, {
  scheduler(self) {
    let scheduler = schedulers.get(self);
    if (scheduler === undefined) {
      scheduler = new SchedulerImpl(self);
      schedulers.set(self, scheduler);
    }
    return scheduler;
  },
});
