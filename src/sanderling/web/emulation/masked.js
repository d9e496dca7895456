// https://tc39.es/ecma262/#sec-function.prototype.tostring
// Functions of ours are built-in ones to a page: those that stand in for the engine's tell their source, the others that there is none to see.

import {
  ArrayBuffer, FunctionPrototype, FunctionPrototypeToString, ObjectDefineProperty, ObjectGetOwnPropertyDescriptor, SafeWeakMap, StringPrototypeIncludes,
} from '../primordials.js';

// The engine wraps these when an isolate starts.
const WRAPPED = { __proto__: null, resize: ArrayBuffer.prototype.resize, transfer: ArrayBuffer.prototype.transfer, transferToFixedLength: ArrayBuffer.prototype.transferToFixedLength };

const standIns = new SafeWeakMap();      // our function to the built-in that it stands for
let toStringStandsIn = false;

// What the functions of the platform have in their source, and nobody else's (webidl/generate.js).
export const NATIVE_MARK = '/*#*/';

// The source of a function as a page sees it. NativeFunction: libraries look for it to tell whether a browser has a method.
export function functionText(value) {
  const text = FunctionPrototypeToString(standIns.get(value) ?? value);
  if (!StringPrototypeIncludes(text, NATIVE_MARK)) return text;
  const name = ObjectGetOwnPropertyDescriptor(value, 'name');
  return 'function ' + (name !== undefined && typeof name.value === 'string' ? name.value : '') + '() { [native code] }';
}

const { toString: maskedToString } = {
  toString() {
    return functionText(this);
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

// Before page code runs.
export function maskWrapped() {
  standIns.set(globalThis.ArrayBuffer, ArrayBuffer);
  for (const key in WRAPPED) standIns.set(globalThis.ArrayBuffer.prototype[key], WRAPPED[key]);
}

// Replace a method of a built-in object by what `make(native)` gives. What a page has put there stays.
export function replaceMethod(object, key, native, make) {
  const descriptor = ObjectGetOwnPropertyDescriptor(object, key);
  if (descriptor === undefined || !descriptor.configurable || descriptor.value !== native) return;
  ObjectDefineProperty(object, key, { __proto__: null, value: standInFor(native, make(native)), writable: true, enumerable: false, configurable: true });
}
