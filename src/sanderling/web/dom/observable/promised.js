// https://wicg.github.io/observable/#promise-returning-operators

import { Promise, RangeError, TypeError } from '../../primordials.js';
import { AbortSignalImpl, addAbortAlgorithm, dependentSignal, signalAbort } from '../AbortSignal.js';
import { invokeOf } from './Subscriber.js';
import { subscribeTo } from './subscribe.js';

// A promise that is rejected when the signal is aborted. `observerFor(resolve, reject)` gives the observer.
function promised(self, signal, observerFor) {
  return new Promise((resolve, reject) => {
    if (signal !== undefined) {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      addAbortAlgorithm(signal, () => reject(signal.reason));
    }
    subscribeTo(self, observerFor(resolve, reject), signal);
  });
}

// The same, where the observer itself may end the subscription: `end(reason)`.
function promisedUntil(self, given, observerFor) {
  const own = new AbortSignalImpl();
  const signal = dependentSignal(given === undefined ? [own] : [own, given]);
  return promised(self, signal, (resolve, reject) => observerFor(resolve, reject, (reason) => signalAbort(own, reason)));
}

// An observer whose `visit(value, index)` may throw, which ends everything.
function visitor(reject, end, visit, complete) {
  let index = 0;
  return {
    __proto__: null,
    next(value) {
      try {
        visit(value, index++);
      } catch (error) {
        reject(error);
        end(error);
      }
    },
    error: reject,
    complete,
  };
}

export function toArrayPromise(self, { signal }) {
  return promised(self, signal, (resolve, reject) => {
    const values = [];
    return {
      __proto__: null,
      next(value) {
        values[values.length] = value;
      },
      error: reject,
      complete: () => resolve(values),
    };
  });
}

export function forEachPromise(self, callback, { signal }) {
  return promisedUntil(self, signal, (resolve, reject, end) => visitor(reject, end, (value, index) => {
    invokeOf(self.window, callback, [value, index]);
  }, () => resolve()));
}

// every (`decisive` false) and some (true): the first such answer of the predicate is that of the promise.
export function testPromise(self, predicate, { signal }, decisive) {
  return promisedUntil(self, signal, (resolve, reject, end) => visitor(reject, end, (value, index) => {
    if (Boolean(invokeOf(self.window, predicate, [value, index])) !== decisive) return;
    resolve(decisive);
    end();
  }, () => resolve(!decisive)));
}

export function findPromise(self, predicate, { signal }) {
  return promisedUntil(self, signal, (resolve, reject, end) => visitor(reject, end, (value, index) => {
    if (!invokeOf(self.window, predicate, [value, index])) return;
    resolve(value);
    end();
  }, () => resolve()));
}

export function firstPromise(self, { signal }) {
  return promisedUntil(self, signal, (resolve, reject, end) => visitor(reject, end, (value) => {
    resolve(value);
    end();
  }, () => reject(new RangeError('No values in Observable'))));
}

export function lastPromise(self, { signal }) {
  return promised(self, signal, (resolve, reject) => {
    let last;
    let any = false;
    return {
      __proto__: null,
      next(value) {
        any = true;
        last = value;
      },
      error: reject,
      complete() {
        if (any) resolve(last);
        else reject(new RangeError('No values in Observable'));
      },
    };
  });
}

export function reducePromise(self, reducer, initial, { signal }) {
  return promisedUntil(self, signal, (resolve, reject, end) => {
    let accumulator = initial;
    let unset = initial === undefined;
    return visitor(reject, end, (value, index) => {
      accumulator = unset ? value : invokeOf(self.window, reducer, [accumulator, value, index]);
      unset = false;
    }, () => {
      if (unset) reject(new TypeError('Reduce of an Observable without values, and without an initial value'));
      else resolve(accumulator);
    });
  });
}
