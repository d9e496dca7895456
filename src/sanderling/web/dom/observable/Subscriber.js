// https://wicg.github.io/observable/#subscriber-api
// A subscription to an observable: who observes it, and what is undone when it ends.

import { runMicrotasks } from '../../host.js';
import { ReflectApply } from '../../primordials.js';
import { Impl } from '../../webidl/impl.js';
import { defineInterface } from '../../webidl/interface.js';
import { enterWindow, isScriptRunning, leaveWindow } from '../../html/realm.js';
import { reportException, reportGiven } from '../../html/report.js';
import { AbortSignalImpl, signalAbort } from '../AbortSignal.js';

export class SubscriberImpl extends Impl {
  constructor(window) {
    super();
    this.window = window;          // the relevant global object
    this.observers = [];           // internal observers, { next(value), error(error), complete() }; replaced, never changed: lists that are walked stay
    this.teardowns = [];
    this.signal = new AbortSignalImpl();   // of the subscription controller
    this.active = true;
  }
}

// A window whose document is not fully active is told nothing.
export function hearsObservables(window) {
  return window.isWorkerScope === true || (window.document !== null && window.document.window === window);
}

// Invoke a callback of the page's; it throws what the callback throws.
export function invokeOf(window, callback, args) {
  const previous = enterWindow(window);
  try {
    return ReflectApply(callback, undefined, args);
  } finally {
    leaveWindow(previous);
    if (!isScriptRunning()) runMicrotasks();
  }
}

export function invokeReporting(window, callback, args) {
  try {
    invokeOf(window, callback, args);
  } catch (error) {
    reportException(error, window);
  }
}

export function addObserver(subscriber, observer) {
  const { observers } = subscriber;
  const more = [];
  for (let i = 0; i < observers.length; i++) more[i] = observers[i];
  more[more.length] = observer;
  subscriber.observers = more;
}

export function removeObserver(subscriber, observer) {
  const { observers } = subscriber;
  const kept = [];
  for (let i = 0; i < observers.length; i++) if (observers[i] !== observer) kept[kept.length] = observers[i];
  subscriber.observers = kept;
}

// https://wicg.github.io/observable/#dom-subscriber-next
export function subscriberNext(subscriber, value) {
  // 1-2.
  if (!subscriber.active || !hearsObservables(subscriber.window)) return;
  // 3.
  const { observers } = subscriber;
  for (let i = 0; i < observers.length; i++) observers[i].next(value);
}

// https://wicg.github.io/observable/#dom-subscriber-error
export function subscriberError(subscriber, error) {
  // 1.
  if (!subscriber.active) {
    reportGiven(error, subscriber.window);
    return;
  }
  // 2.
  if (!hearsObservables(subscriber.window)) return;
  // 3-4.
  closeSubscription(subscriber, error);     // Chromium's reason; the standard gives none
  const { observers } = subscriber;
  for (let i = 0; i < observers.length; i++) observers[i].error(error);
}

// https://wicg.github.io/observable/#dom-subscriber-complete
export function subscriberComplete(subscriber) {
  // 1-2.
  if (!subscriber.active || !hearsObservables(subscriber.window)) return;
  // 3-4.
  closeSubscription(subscriber);
  const { observers } = subscriber;
  for (let i = 0; i < observers.length; i++) observers[i].complete();
}

// https://wicg.github.io/observable/#dom-subscriber-addteardown
export function addTeardown(subscriber, teardown) {
  // 1.
  if (!hearsObservables(subscriber.window)) return;
  // 2-3.
  if (subscriber.active) subscriber.teardowns[subscriber.teardowns.length] = teardown;
  else invokeReporting(subscriber.window, teardown, []);
}

// https://wicg.github.io/observable/#close-a-subscription
export function closeSubscription(subscriber, reason) {
  // 1-2.
  if (!subscriber.active) return;
  subscriber.active = false;
  // 3.
  signalAbort(subscriber.signal, reason);
  // 4.
  const { teardowns } = subscriber;
  for (let i = teardowns.length - 1; i >= 0; i--) {
    if (!hearsObservables(subscriber.window)) return;
    invokeReporting(subscriber.window, teardowns[i], []);
  }
}

defineInterface(`
[Exposed=*]
interface Subscriber {
  undefined next(any value);
  undefined error(any error);
  undefined complete();
  undefined addTeardown(VoidFunction teardown);
  readonly attribute boolean active;
  readonly attribute AbortSignal signal;
};
`, {
  next: subscriberNext,
  error: subscriberError,
  complete: subscriberComplete,
  addTeardown,
  active: (self) => self.active,
  signal: (self) => self.signal,
}, SubscriberImpl);
