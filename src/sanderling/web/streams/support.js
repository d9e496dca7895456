// https://streams.spec.whatwg.org/#supporting-ao
// Promises, queues and strategies that all kinds of streams share.

import { Array, NumberIsFinite, Promise, PromisePrototypeThen, PromiseReject, PromiseResolve, RangeError, ReflectApply, TypeError } from '../primordials.js';
import { isObject } from '../webidl/conversions.js';

export class Deferred {
  constructor() {
    this.pending = true;
    this.promise = new Promise((resolve, reject) => {
      this.resolver = resolve;
      this.rejecter = reject;
    });
  }

  resolve(value) {
    this.pending = false;
    this.resolver(value);
  }

  reject(reason) {
    this.pending = false;
    this.rejecter(reason);
  }

  // A rejection that nobody looks at is no error of the page.
  handled() {
    PromisePrototypeThen(this.promise, undefined, () => undefined);
    return this;
  }
}


export function resolvedDeferred(value) {
  const out = new Deferred();
  out.resolve(value);
  return out;
}

export function rejectedDeferred(reason) {
  const out = new Deferred();
  out.reject(reason);
  return out;
}

export function resolvedWith(value) {
  return PromiseResolve(Promise, value);
}

export function rejectedWith(reason) {
  return PromiseReject(Promise, reason);
}

export function thenDo(promise, done, failed) {
  PromisePrototypeThen(promise, done, failed);
}

// A first-in first-out list that takes from its front in constant time.
export class ChunkQueue {
  constructor() {
    this.items = [];
    this.head = 0;
  }

  get length() {
    return this.items.length - this.head;
  }

  push(item) {
    this.items[this.items.length] = item;
  }

  peek() {
    return this.items[this.head];
  }

  shift() {
    const item = this.items[this.head];
    this.items[this.head++] = undefined;
    if (this.head === this.items.length) this.clear();
    else if (this.head > 1024 && this.head * 2 > this.items.length) {
      const rest = new Array(this.items.length - this.head);
      for (let i = 0; i < rest.length; i++) rest[i] = this.items[this.head + i];
      this.items = rest;
      this.head = 0;
    }
    return item;
  }

  clear() {
    this.items = [];
    this.head = 0;
  }
}


// https://streams.spec.whatwg.org/#validate-and-normalize-high-water-mark
export function highWaterMarkOf(strategy, fallback) {
  const value = strategy.highWaterMark;
  if (value === undefined) return fallback;
  if (value !== value || value < 0) throw new RangeError('The highWaterMark is not a non-negative number.');
  return value;
}

// https://streams.spec.whatwg.org/#make-size-algorithm-from-size-function
export function sizeAlgorithmOf(strategy) {
  const { size } = strategy;
  return size === undefined ? null : (chunk) => +ReflectApply(size, undefined, [chunk]);
}

export function checkChunkSize(size) {
  if (size !== size || size < 0 || !NumberIsFinite(size)) throw new RangeError('The return value of a queuing strategy\'s size function must be a finite, non-NaN, non-negative number');
}

// A method of an underlying source, sink or transformer: a function or undefined.
export function methodMember(object, name) {
  const value = object[name];
  if (value !== undefined && typeof value !== 'function') throw new TypeError("'" + name + "' of the underlying object is not a function");
  return value;
}

// Call a page's algorithm for its promise.
export function callAlgorithm(fn, self, args) {
  try {
    return PromiseResolve(Promise, ReflectApply(fn, self, args));
  } catch (error) {
    return PromiseReject(Promise, error);
  }
}

export function requireStreamObject(value, what) {
  if (!isObject(value)) throw new TypeError(what + ' is not an object');
  return value;
}
