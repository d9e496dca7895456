// https://encoding.spec.whatwg.org/#indexes
// Indexes come from the worker, once per isolate and only when a legacy encoding is used: they would make every snapshot larger.

import { SafeMap, TypedArrayPrototypeGetLength, Uint32Array } from '../primordials.js';
import { hostCall } from '../host.js';

const indexCache = new SafeMap();
const reverseCache = new SafeMap();

// Code points by pointer; 0 where there is none. `name` is 'big5', 'euc-kr', 'gb18030', 'gb18030-ranges' (written out, one entry a pointer),
// 'jis0208', 'jis0212', or the lower-cased name of a single-byte encoding.
export function encodingIndex(name) {
  let index = indexCache.get(name);
  if (index === undefined) {
    const bytes = hostCall('encoding.index', { __proto__: null, name }).bytes;
    const length = TypedArrayPrototypeGetLength(bytes) / 4;
    index = new Uint32Array(length);
    for (let i = 0; i < length; i++) index[i] = bytes[4 * i] | (bytes[4 * i + 1] << 8) | (bytes[4 * i + 2] << 16);
    indexCache.set(name, index);
  }
  return index;
}

// https://encoding.spec.whatwg.org/#index-pointer
// The first pointer of a code point, or -1. `key` names a variant of the reverse table: `accepts(pointer)` says which pointers it has, and
// `prefersLast(code)` for which code points the last one counts.
export function indexPointer(name, code, key = name, accepts = null, prefersLast = null) {
  let reverse = reverseCache.get(key);
  if (reverse === undefined) {
    const index = encodingIndex(name);
    const length = TypedArrayPrototypeGetLength(index);
    reverse = new SafeMap();
    for (let i = 0; i < length; i++) {
      const c = index[i];
      if (c === 0 || (accepts !== null && !accepts(i))) continue;
      if (!reverse.has(c) || (prefersLast !== null && prefersLast(c))) reverse.set(c, i);
    }
    reverseCache.set(key, reverse);
  }
  return reverse.get(code) ?? -1;
}
