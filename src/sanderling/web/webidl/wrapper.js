// https://webidl.spec.whatwg.org/#dfn-platform-object
// A wrapper is an object with a private field that points to its impl. The field can be stamped on any object: an ordinary wrapper,
// the proxy of a legacy platform object, the global object, an instance of a custom element.

import { TypeError } from '../primordials.js';
import { Impl } from './impl.js';

function Returned(object) {
  return object;
}

class Stamp extends Returned {
  #impl;

  constructor(object, impl) {
    super(object);
    this.#impl = impl;
  }

  static read(object) {
    return object.#impl;
  }

  static has(object) {
    return #impl in object;
  }
}

const read = Stamp.read;
const has = Stamp.has;

// Make `object` the wrapper of `impl`.
export function stamp(object, impl) {
  new Stamp(object, impl);
  impl.wrapper = object;
  return object;
}

// The wrapper of an impl, made on demand.
export function wrap(impl) {
  const wrapper = impl.wrapper;
  return wrapper !== null ? wrapper : impl.iface.make(impl);
}

export function wrapOrNull(impl) {
  return impl === null || impl === undefined ? null : wrap(impl);
}

// For results that may be an impl or any other value.
export function wrapAny(value) {
  return value !== null && typeof value === 'object' && value instanceof Impl ? wrap(value) : value;
}

// The impl behind a page's value, or undefined.
export function unwrap(value) {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return undefined;
  return has(value) ? read(value) : undefined;
}

export function isImplOf(iface, impl) {
  return impl !== undefined && impl !== null && impl.iface !== undefined && impl.iface !== null
    && impl.iface.id >= iface.id && impl.iface.id <= iface.last;
}

// The receiver of a method: fast for what it should be, an error for everything else.
export function receiver(value, low, high) {
  if (value !== null && (typeof value === 'object' || typeof value === 'function')) {
    let impl;
    try {
      // One look instead of two: reading the field of what has none throws.
      impl = read(value);
    } catch {
      throw new TypeError('Illegal invocation');
    }
    const { id } = impl.iface;
    if (id >= low && id <= high) return impl;
  }
  throw new TypeError('Illegal invocation');
}
