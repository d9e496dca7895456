// https://w3c.github.io/IndexedDB/#keyrange

import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { unwrap } from '../webidl/wrapper.js';
import { domException } from '../dom/DOMException.js';
import { fromKey, requireKey } from './keys.js';

export class IDBKeyRangeImpl extends Impl {
  constructor(lower, upper, lowerOpen, upperOpen) {
    super();
    this.lower = lower;            // keys as text, or null: unbounded
    this.upper = upper;
    this.lowerOpen = lowerOpen;
    this.upperOpen = upperOpen;
    this.lowerValue = undefined;   // what pages see; always the same object
    this.upperValue = undefined;
  }
}

export function onlyKey(key) {
  return new IDBKeyRangeImpl(key, key, false, false);
}

// https://w3c.github.io/IndexedDB/#convert-a-value-to-a-key-range
export function toKeyRange(value, nullDisallowed) {
  const impl = unwrap(value);
  if (impl instanceof IDBKeyRangeImpl) return impl;
  if (value === undefined || value === null) {
    if (nullDisallowed) throw domException('DataError', 'No key or key range specified.');
    return null;
  }
  return onlyKey(requireKey(value));
}

// For the worker.
export function wireRange(range) {
  return range === null ? null : [range.lower, range.upper, range.lowerOpen, range.upperOpen];
}

defineInterface(`
[Exposed=(Window,Worker)]
interface IDBKeyRange {
  readonly attribute any lower;
  readonly attribute any upper;
  readonly attribute boolean lowerOpen;
  readonly attribute boolean upperOpen;
  [NewObject] static IDBKeyRange only(any value);
  [NewObject] static IDBKeyRange lowerBound(any lower, optional boolean open = false);
  [NewObject] static IDBKeyRange upperBound(any upper, optional boolean open = false);
  [NewObject] static IDBKeyRange bound(any lower, any upper, optional boolean lowerOpen = false, optional boolean upperOpen = false);
  boolean includes(any key);
};
`, {
  lower(self) {
    if (self.lower !== null && self.lowerValue === undefined) self.lowerValue = fromKey(self.lower);
    return self.lowerValue;
  },
  upper(self) {
    if (self.upper !== null && self.upperValue === undefined) self.upperValue = fromKey(self.upper);
    return self.upperValue;
  },
  lowerOpen: (self) => self.lowerOpen,
  upperOpen: (self) => self.upperOpen,
  only: (value) => onlyKey(requireKey(value)),
  lowerBound: (lower, open) => new IDBKeyRangeImpl(requireKey(lower), null, open, true),
  upperBound: (upper, open) => new IDBKeyRangeImpl(null, requireKey(upper), true, open),
  bound(lower, upper, lowerOpen, upperOpen) {
    const from = requireKey(lower);
    const to = requireKey(upper);
    // 3.
    if (from > to) throw domException('DataError', 'The lower key is greater than the upper key.');
    if (from === to && (lowerOpen || upperOpen)) throw domException('DataError', 'The lower key and upper key are equal and one of the bounds is open.');
    return new IDBKeyRangeImpl(from, to, lowerOpen, upperOpen);
  },
  // https://w3c.github.io/IndexedDB/#in
  includes(self, value) {
    const key = requireKey(value);
    if (self.lower !== null && (self.lowerOpen ? key <= self.lower : key < self.lower)) return false;
    return self.upper === null || (self.upperOpen ? key < self.upper : key <= self.upper);
  },
}, IDBKeyRangeImpl);
