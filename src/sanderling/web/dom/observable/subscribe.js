// https://wicg.github.io/observable/#observable-supporting-concepts
// What an observable is, how it is subscribed to, and what other values become one.

import { promiseState } from '../../host.js';
import { Promise, PromisePrototypeThen, PromiseReject, PromiseResolve, ReflectApply, SymbolAsyncIterator, SymbolIterator, TypeError } from '../../primordials.js';
import { Impl } from '../../webidl/impl.js';
import { isObject } from '../../webidl/conversions.js';
import { unwrap, wrap } from '../../webidl/wrapper.js';
import { reportException, reportGiven } from '../../html/report.js';
import { addAbortAlgorithm } from '../AbortSignal.js';
import {
  addObserver, closeSubscription, hearsObservables, invokeOf, invokeReporting, removeObserver, subscriberComplete, subscriberError, subscriberNext, SubscriberImpl,
} from './Subscriber.js';

export class ObservableImpl extends Impl {
  constructor(window, callback, steps) {
    super();
    this.window = window;          // the relevant global object
    this.callback = callback;      // subscribe callback: the page's function, or null
    this.steps = steps;            // or steps that take a subscriber
    this.subscriber = null;        // "weak subscriber", while that is active
  }
}

// Observers of ours that only hand on.
export function mirror(subscriber, next = (value) => subscriberNext(subscriber, value)) {
  return { __proto__: null, next, error: (error) => subscriberError(subscriber, error), complete: () => subscriberComplete(subscriber) };
}

function hearNothing() {}

// https://wicg.github.io/observable/#process-observer
function observerOf(window, given) {
  const observer = { __proto__: null, next: hearNothing, error: (error) => reportGiven(error, window), complete: hearNothing };
  const { next, error, complete } = typeof given === 'function' ? { __proto__: null, next: given, error: undefined, complete: undefined } : given;
  if (next !== undefined) observer.next = (value) => invokeReporting(window, next, [value]);
  if (error !== undefined) observer.error = (value) => invokeReporting(window, error, [value]);
  if (complete !== undefined) observer.complete = () => invokeReporting(window, complete, []);
  return observer;
}

export function subscribeByPage(observable, given, signal) {
  if (hearsObservables(observable.window)) subscribeTo(observable, observerOf(observable.window, given), signal);
}

// https://wicg.github.io/observable/#observable-subscribe-to-an-observable
export function subscribeTo(observable, observer, signal = null) {
  // 1.
  if (!hearsObservables(observable.window)) return;
  // 5. Who subscribes while it is subscribed to shares the subscription.
  const shared = observable.subscriber;
  if (shared !== null && shared.active) {
    if (signal !== null && signal.aborted) return;
    addObserver(shared, observer);
    if (signal !== null) addAbortAlgorithm(signal, () => unsubscribe(shared, observer, signal));
    return;
  }
  // 6-8.
  const subscriber = new SubscriberImpl(observable.window);
  addObserver(subscriber, observer);
  observable.subscriber = subscriber;
  // 9.
  if (signal !== null) {
    if (signal.aborted) closeSubscription(subscriber, signal.reason);
    else addAbortAlgorithm(signal, () => unsubscribe(subscriber, observer, signal));
  }
  // 10-11.
  if (observable.callback === null) {
    observable.steps(subscriber);
    return;
  }
  try {
    invokeOf(observable.window, observable.callback, [wrap(subscriber)]);
  } catch (error) {
    subscriberError(subscriber, error);
  }
}

function unsubscribe(subscriber, observer, signal) {
  if (!subscriber.active) return;
  removeObserver(subscriber, observer);
  if (subscriber.observers.length === 0) closeSubscription(subscriber, signal.reason);
}

// https://tc39.es/ecma262/#sec-getmethod
function methodOf(value, key) {
  const method = value[key];
  if (method === undefined || method === null) return undefined;
  if (typeof method !== 'function') throw new TypeError('The iterator method is not a function');
  return method;
}

// https://wicg.github.io/observable/#observable-convert-to-an-observable
export function toObservable(value, window) {
  // 1-2.
  if (!isObject(value)) throw new TypeError('The value is no object, and cannot be made an Observable');
  const known = unwrap(value);
  if (known instanceof ObservableImpl) return known;
  // 3-6.
  if (methodOf(value, SymbolAsyncIterator) !== undefined) return new ObservableImpl(window, null, (subscriber) => pullAsync(subscriber, value));
  // 7-8.
  if (methodOf(value, SymbolIterator) !== undefined) return new ObservableImpl(window, null, (subscriber) => pull(subscriber, value));
  // 9.
  if (promiseState(value) !== undefined) {
    return new ObservableImpl(window, null, (subscriber) => {
      PromisePrototypeThen(value, (result) => {
        subscriberNext(subscriber, result);
        subscriberComplete(subscriber);
      }, (reason) => subscriberError(subscriber, reason));
    });
  }
  // 10.
  throw new TypeError('The value cannot be made an Observable');
}

// https://tc39.es/ecma262/#sec-getiterator: the method is asked for once more; null where there is none to go on with
function iteratorOf(subscriber, value, key) {
  if (subscriber.signal.aborted) return null;
  let record;
  try {
    const method = methodOf(value, key);
    if (method === undefined) throw new TypeError('The value is not iterable any more');
    const iterator = ReflectApply(method, value, []);
    if (!isObject(iterator)) throw new TypeError('The iterator is no object');
    record = { __proto__: null, iterator, next: iterator.next, done: false };
  } catch (error) {
    subscriberError(subscriber, error);
    return null;
  }
  if (subscriber.signal.aborted) return null;
  // https://tc39.es/ecma262/#sec-iteratorclose
  addAbortAlgorithm(subscriber.signal, () => {
    if (record.done) return;
    record.done = true;
    try {
      const close = methodOf(record.iterator, 'return');
      if (close !== undefined && !isObject(ReflectApply(close, record.iterator, []))) throw new TypeError('The result of return() is no object');
    } catch (error) {
      reportException(error, subscriber.window);
    }
  });
  return record;
}

function iterationFailed(subscriber, record, error) {
  record.done = true;
  subscriberError(subscriber, error);
}

// Tell the subscriber what next() gave; gives whether there may be more.
function iterated(subscriber, record, result) {
  let item;
  try {
    if (!isObject(result)) throw new TypeError('The result of next() is no object');
    if (result.done) {
      record.done = true;
      subscriberComplete(subscriber);
      return false;
    }
    item = result.value;
  } catch (error) {
    iterationFailed(subscriber, record, error);
    return false;
  }
  subscriberNext(subscriber, item);
  return true;
}

function pull(subscriber, value) {
  const record = iteratorOf(subscriber, value, SymbolIterator);
  if (record === null) return;
  while (!subscriber.signal.aborted) {
    let result;
    try {
      result = ReflectApply(record.next, record.iterator, []);
    } catch (error) {
      iterationFailed(subscriber, record, error);
      return;
    }
    if (!iterated(subscriber, record, result)) return;
  }
}

function pullAsync(subscriber, value) {
  const record = iteratorOf(subscriber, value, SymbolAsyncIterator);
  if (record !== null) pullNext(subscriber, record);
}

// "nextAlgorithm"
function pullNext(subscriber, record) {
  if (subscriber.signal.aborted) return;
  let promise;
  try {
    promise = PromiseResolve(Promise, ReflectApply(record.next, record.iterator, []));
  } catch (error) {
    record.done = true;
    promise = PromiseReject(Promise, error);
  }
  PromisePrototypeThen(promise, (result) => {
    if (iterated(subscriber, record, result)) pullNext(subscriber, record);
  }, (reason) => iterationFailed(subscriber, record, reason));
}
