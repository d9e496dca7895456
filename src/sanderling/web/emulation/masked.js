// https://tc39.es/ecma262/#sec-function.prototype.tostring
// Functions of ours that stand in for built-in ones: their source is told as that of what they replace.

import {
  FunctionPrototype, FunctionPrototypeToString, ObjectDefineProperty, ObjectGetOwnPropertyDescriptor, SafeWeakMap,
} from '../primordials.js';

const standIns = new SafeWeakMap();      // our function to the built-in that it stands for
let toStringStandsIn = false;

const { toString: maskedToString } = {
  toString() {
    return FunctionPrototypeToString(standIns.get(this) ?? this);
  },
};

// Make `fn` look like `native`.
export function standInFor(native, fn) {
  const name = ObjectGetOwnPropertyDescriptor(native, 'name');
  const length = ObjectGetOwnPropertyDescriptor(native, 'length');
  if (name !== undefined) ObjectDefineProperty(fn, 'name', { __proto__: null, value: name.value, configurable: true });
  if (length !== undefined) ObjectDefineProperty(fn, 'length', { __proto__: null, value: length.value, configurable: true });
  standIns.set(fn, native);
  if (!toStringStandsIn) {
    toStringStandsIn = true;
    const descriptor = ObjectGetOwnPropertyDescriptor(FunctionPrototype, 'toString');
    if (descriptor !== undefined && descriptor.configurable) {
      standIns.set(maskedToString, descriptor.value);
      ObjectDefineProperty(FunctionPrototype, 'toString', { __proto__: null, value: maskedToString, writable: true, enumerable: false, configurable: true });
    }
  }
  return fn;
}

// Replace a method of a built-in object by what `make(native)` gives. What a page has put there stays.
export function replaceMethod(object, key, native, make) {
  const descriptor = ObjectGetOwnPropertyDescriptor(object, key);
  if (descriptor === undefined || !descriptor.configurable || descriptor.value !== native) return;
  ObjectDefineProperty(object, key, { __proto__: null, value: standInFor(native, make(native)), writable: true, enumerable: false, configurable: true });
}
