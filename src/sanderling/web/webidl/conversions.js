// https://webidl.spec.whatwg.org/#es-type-mapping

import {
  ArrayBufferIsView, ArrayBufferPrototypeGetByteLength, BigInt, BigIntAsIntN, BigIntAsUintN, MathFloor, MathFround, MathTrunc, Number, NumberIsFinite, ObjectGetOwnPropertyDescriptor,
  ObjectIs, Promise, PromiseResolve, ReflectApply, ReflectOwnKeys, String, StringPrototypeCharCodeAt, StringPrototypeSlice, StringPrototypeSplit, StringPrototypeToWellFormed, SymbolIterator, TypeError,
  TypedArrayPrototypeGetSymbolToStringTag,
} from '../primordials.js';
import { unwrap } from './wrapper.js';

// A dictionary that came from a page, before its members. OPTIMIZATION: an object literal without prototype is a hash table.
export class Dictionary {}

// Where a conversion failed, for people. Generated code says it in short ('#name|Interface|parameter'), since it says it thousands of times.
export function whatText(what) {
  if (what[0] !== '#') return what;
  const parts = StringPrototypeSplit(what, '|');
  return "Failed to execute '" + StringPrototypeSlice(parts[0], 1) + "' on '" + parts[1] + "': parameter " + parts[2];
}

export function notEnough(name, iface, needed, given) {
  return new TypeError("Failed to execute '" + name + "' on '" + iface + "': " + needed + ' argument' + (needed === 1 ? '' : 's') + ' required, but only ' + given + ' present.');
}

export function notEnoughToConstruct(iface, needed, given) {
  return new TypeError("Failed to construct '" + iface + "': " + needed + ' argument' + (needed === 1 ? '' : 's') + ' required, but only ' + given + ' present.');
}

export function toDOMString(value) {
  if (typeof value === 'symbol') throw new TypeError('Cannot convert a Symbol value to a string');
  return String(value);
}

export function toUSVString(value) {
  return StringPrototypeToWellFormed(typeof value === 'string' ? value : toDOMString(value));
}

export function toByteString(value) {
  const text = toDOMString(value);
  for (let i = 0; i < text.length; i++) {
    if (StringPrototypeCharCodeAt(text, i) > 255) throw new TypeError('Cannot convert to ByteString: the character at index ' + i + ' has a value greater than 255.');
  }
  return text;
}

// Unary plus: ToNumber, with the errors of the language.
export function toNumber(value) {
  return +value;
}

export function toDouble(value, what) {
  const number = +value;
  if (!NumberIsFinite(number)) throw new TypeError(whatText(what) + ': the provided double value is non-finite.');
  return number;
}

export function toFloat(value, what) {
  const number = MathFround(+value);
  if (!NumberIsFinite(number)) throw new TypeError(whatText(what) + ': the provided float value is non-finite.');
  return number;
}

// https://webidl.spec.whatwg.org/#abstract-opdef-converttoint
export function toInt(value, bits, signed, mode, what) {
  let upper;
  let lower;
  if (bits === 64) {
    upper = 2 ** 53 - 1;
    lower = signed ? -upper : 0;
  } else {
    upper = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
    lower = signed ? -(2 ** (bits - 1)) : 0;
  }
  let x = +value;
  if (ObjectIs(x, -0)) x = 0;
  // 6. [EnforceRange]
  if (mode === 1) {
    if (!NumberIsFinite(x)) throw new TypeError(whatText(what) + ': the value is not a finite number.');
    x = MathTrunc(x);
    if (x < lower || x > upper) throw new TypeError(whatText(what) + ': value ' + x + ' is outside the range [' + lower + ', ' + upper + '].');
    return x === 0 ? 0 : x;
  }
  // 7. [Clamp]
  if (mode === 2 && x === x) {
    x = x < lower ? lower : x > upper ? upper : x;
    const floor = MathFloor(x);
    const part = x - floor;
    const rounded = part < 0.5 ? floor : part > 0.5 ? floor + 1 : floor % 2 === 0 ? floor : floor + 1;
    return rounded === 0 ? 0 : rounded;
  }
  // 8-12.
  if (!NumberIsFinite(x)) return 0;
  x = MathTrunc(x);
  if (x >= lower && x <= upper) return x === 0 ? 0 : x;
  if (bits === 64) {
    const wide = BigInt(x);
    return Number(signed ? BigIntAsIntN(64, wide) : BigIntAsUintN(64, wide));
  }
  const modulus = 2 ** bits;
  x %= modulus;
  if (x < 0) x += modulus;
  return signed && x > upper ? x - modulus : x;
}

export function toImpl(value, low, high, name, what) {
  const impl = unwrap(value);
  if (impl === undefined || impl.iface.id < low || impl.iface.id > high) throw new TypeError(whatText(what) + " is not of type '" + name + "'.");
  return impl;
}

export function isImplIn(value, low, high) {
  const impl = unwrap(value);
  return impl !== undefined && impl.iface.id >= low && impl.iface.id <= high;
}

export function toFunction(value, what) {
  if (typeof value !== 'function') throw new TypeError(whatText(what) + ' is not a function.');
  return value;
}

export function isObject(value) {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

export function toObject(value, what) {
  if (!isObject(value)) throw new TypeError(whatText(what) + ' is not an object.');
  return value;
}

export function toPromise(value) {
  return PromiseResolve(Promise, value);
}

// https://webidl.spec.whatwg.org/#es-sequence
export function toSequence(value, convert, what) {
  if (!isObject(value)) throw new TypeError(whatText(what) + ' is not iterable.');
  const method = value[SymbolIterator];
  if (method === undefined || method === null) throw new TypeError(whatText(what) + ' is not iterable: it has no iterator.');
  return iterate(value, method, convert, what);
}

export function iterate(value, method, convert, what) {
  if (typeof method !== 'function') throw new TypeError(whatText(what) + ' is not iterable: its iterator is not a function.');
  const iterator = ReflectApply(method, value, []);
  if (!isObject(iterator)) throw new TypeError(whatText(what) + ': the iterator is not an object.');
  const next = iterator.next;
  const out = [];
  for (;;) {
    const step = ReflectApply(next, iterator, []);
    if (!isObject(step)) throw new TypeError(whatText(what) + ': the iterator result is not an object.');
    if (step.done) return out;
    out[out.length] = convert(step.value);
  }
}

// https://webidl.spec.whatwg.org/#es-record: a list of [key, value]
export function toRecord(value, convertKey, convertValue, what) {
  if (!isObject(value)) throw new TypeError(whatText(what) + ' is not an object.');
  const keys = ReflectOwnKeys(value);
  const out = [];
  const places = { __proto__: null };
  for (let i = 0; i < keys.length; i++) {
    const descriptor = ObjectGetOwnPropertyDescriptor(value, keys[i]);
    if (descriptor === undefined || !descriptor.enumerable) continue;
    const key = convertKey(keys[i]);
    const item = convertValue(value[keys[i]]);
    if (places[key] !== undefined) out[places[key]] = [key, item];
    else {
      places[key] = out.length;
      out[out.length] = [key, item];
    }
  }
  return out;
}

export function isArrayBuffer(value) {
  try {
    ArrayBufferPrototypeGetByteLength(value);
    return true;
  } catch {
    return false;
  }
}

export function isBufferSource(value) {
  return isObject(value) && (ArrayBufferIsView(value) || isArrayBuffer(value));
}

export function toBufferSource(value, kind, what) {
  if (isObject(value)) {
    if (kind === 'ArrayBuffer' ? isArrayBuffer(value)
      : kind === 'ArrayBufferView' ? ArrayBufferIsView(value)
        : kind === 'BufferSource' ? isBufferSource(value)
          : ArrayBufferIsView(value) && (TypedArrayPrototypeGetSymbolToStringTag(value) ?? 'DataView') === kind) return value;
  }
  throw new TypeError(whatText(what) + " is not of type '" + kind + "'.");
}

export function enumError(value, name, what) {
  return new TypeError(whatText(what) + ": The provided value '" + value + "' is not a valid enum value of type " + name + '.');
}

