// https://wicg.github.io/observable/#observable-returning-operators

import { SafeMap } from '../../primordials.js';
import { AbortSignalImpl, addAbortAlgorithm, dependentSignal, removeAbortAlgorithm, signalAbort } from '../AbortSignal.js';
import { addTeardown, invokeOf, invokeReporting, subscriberComplete, subscriberError, subscriberNext } from './Subscriber.js';
import { mirror, ObservableImpl, subscribeTo, toObservable } from './subscribe.js';

// An observable that subscribes to `source` with the observer that `observerFor(subscriber)` gives; null: it does not.
function derived(source, observerFor) {
  return new ObservableImpl(source.window, null, (subscriber) => {
    const observer = observerFor(subscriber);
    if (observer !== null) subscribeTo(source, observer, subscriber.signal);
  });
}

// What the steps throw ends the subscription. Gives whether they threw.
function endsWith(subscriber, steps) {
  try {
    steps();
    return false;
  } catch (error) {
    subscriberError(subscriber, error);
    return true;
  }
}

export function takeUntil(self, value) {
  const notifier = toObservable(value, self.window);
  return derived(self, (subscriber) => {
    const end = () => subscriberComplete(subscriber);
    subscribeTo(notifier, { __proto__: null, next: end, error: end, complete() {} }, subscriber.signal);
    return subscriber.active ? mirror(subscriber) : null;
  });
}

export function mapObservable(self, mapper) {
  return derived(self, (subscriber) => {
    let index = 0;
    return mirror(subscriber, (value) => {
      let mapped;
      if (endsWith(subscriber, () => {
        mapped = invokeOf(self.window, mapper, [value, index]);
      })) return;
      index++;
      subscriberNext(subscriber, mapped);
    });
  });
}

export function filterObservable(self, predicate) {
  return derived(self, (subscriber) => {
    let index = 0;
    return mirror(subscriber, (value) => {
      let matches = false;
      if (endsWith(subscriber, () => {
        matches = Boolean(invokeOf(self.window, predicate, [value, index]));
      })) return;
      index++;
      if (matches) subscriberNext(subscriber, value);
    });
  });
}

export function takeFirst(self, amount) {
  return derived(self, (subscriber) => {
    let remaining = amount;
    if (remaining === 0) {
      subscriberComplete(subscriber);
      return null;
    }
    return mirror(subscriber, (value) => {
      subscriberNext(subscriber, value);
      if (--remaining === 0) subscriberComplete(subscriber);
    });
  });
}

export function dropFirst(self, amount) {
  return derived(self, (subscriber) => {
    let remaining = amount;
    return mirror(subscriber, (value) => {
      if (remaining > 0) remaining--;
      else subscriberNext(subscriber, value);
    });
  });
}

export function flatMapObservable(self, mapper) {
  return derived(self, (subscriber) => {
    const state = { __proto__: null, index: 0, outerDone: false, queue: new SafeMap(), head: 0, tail: 0, busy: false };
    return {
      __proto__: null,
      next(value) {
        if (state.busy) {
          state.queue.set(state.tail++, value);
          return;
        }
        state.busy = true;
        flatMapNext(self.window, value, subscriber, mapper, state);
      },
      error: (error) => subscriberError(subscriber, error),
      complete() {
        state.outerDone = true;
        if (!state.busy && state.queue.size === 0) subscriberComplete(subscriber);
      },
    };
  });
}

// https://wicg.github.io/observable/#flatmap-process-next-value-steps; iterative: inner observables may complete at once, one after the other
function flatMapNext(window, first, subscriber, mapper, state) {
  let value = first;
  let subscribing = true;
  let again = false;
  const observer = mirror(subscriber);
  const start = () => {
    subscribing = true;
    do {
      again = false;
      let inner;
      if (endsWith(subscriber, () => {
        const mapped = invokeOf(window, mapper, [value, state.index]);
        state.index++;
        inner = toObservable(mapped, window);
      })) return;
      subscribeTo(inner, observer, subscriber.signal);
    } while (again);
    subscribing = false;
  };
  observer.complete = () => {
    if (state.queue.size > 0) {
      value = state.queue.get(state.head);
      state.queue.delete(state.head++);
      if (subscribing) again = true;
      else start();
      return;
    }
    state.busy = false;
    if (state.outerDone) subscriberComplete(subscriber);
  };
  start();
}

export function switchMapObservable(self, mapper) {
  return derived(self, (subscriber) => {
    const { window } = self;
    let index = 0;
    let outerDone = false;
    let innerSignal = null;        // that of "activeInnerAbortController"
    return {
      __proto__: null,
      next(value) {
        if (innerSignal !== null) signalAbort(innerSignal);
        innerSignal = new AbortSignalImpl();
        // https://wicg.github.io/observable/#switchmap-process-next-value-steps
        let inner;
        if (endsWith(subscriber, () => {
          const mapped = invokeOf(window, mapper, [value, index]);
          index++;
          inner = toObservable(mapped, window);
        })) return;
        const observer = mirror(subscriber);
        observer.complete = () => {
          if (outerDone) subscriberComplete(subscriber);
          else innerSignal = null;
        };
        subscribeTo(inner, observer, dependentSignal([innerSignal, subscriber.signal]));
      },
      error: (error) => subscriberError(subscriber, error),
      complete() {
        outerDone = true;
        if (innerSignal === null) subscriberComplete(subscriber);
      },
    };
  });
}

export function inspectObservable(self, given) {
  const { window } = self;
  const { next, error, complete, subscribe, abort } = typeof given === 'function'
    ? { __proto__: null, next: given, error: undefined, complete: undefined, subscribe: undefined, abort: undefined } : given;
  return derived(self, (subscriber) => {
    const { signal } = subscriber;
    if (subscribe !== undefined && endsWith(subscriber, () => invokeOf(window, subscribe, []))) return null;
    const onAbort = () => invokeReporting(window, abort, [signal.reason]);
    if (abort !== undefined) addAbortAlgorithm(signal, onAbort);
    return {
      __proto__: null,
      next(value) {
        if (next !== undefined) {
          try {
            invokeOf(window, next, [value]);
          } catch (thrown) {
            // The producer ends it: nobody has aborted.
            removeAbortAlgorithm(signal, onAbort);
            subscriberError(subscriber, thrown);
            return;
          }
        }
        subscriberNext(subscriber, value);
      },
      error(reason) {
        removeAbortAlgorithm(signal, onAbort);
        if (error !== undefined && endsWith(subscriber, () => invokeOf(window, error, [reason]))) return;
        subscriberError(subscriber, reason);
      },
      complete() {
        removeAbortAlgorithm(signal, onAbort);
        if (complete !== undefined && endsWith(subscriber, () => invokeOf(window, complete, []))) return;
        subscriberComplete(subscriber);
      },
    };
  });
}

export function catchErrors(self, callback) {
  const { window } = self;
  return derived(self, (subscriber) => {
    const observer = mirror(subscriber);
    observer.error = (error) => {
      let inner;
      if (endsWith(subscriber, () => {
        inner = toObservable(invokeOf(window, callback, [error]), window);
      })) return;
      subscribeTo(inner, mirror(subscriber), subscriber.signal);
    };
    return observer;
  });
}

export function finallyDo(self, callback) {
  return derived(self, (subscriber) => {
    addTeardown(subscriber, callback);
    return mirror(subscriber);
  });
}
