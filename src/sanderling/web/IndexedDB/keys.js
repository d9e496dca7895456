// https://w3c.github.io/IndexedDB/#key-construct
// A key is a text of code units 0 to 255, its binary form: comparing the texts compares the keys, as comparing the bytes does where they are stored.
// `proto/indexed_db_key.py` reads and writes the same form.

import {
  ArrayBufferIsView, ArrayIsArray, Date, DatePrototypeGetTime, Float64Array, MathFloor, ObjectDefineProperty, ObjectPrototypeHasOwnProperty, StringFromCharCode, StringPrototypeCharCodeAt,
  StringPrototypeSlice, TypedArrayPrototypeGetBuffer, Uint8Array,
} from '../primordials.js';
import { proxyDetails } from '../host.js';
import { isBufferSource } from '../webidl/conversions.js';
import { bytesOfBufferSource, isDetachedBuffer, partsOfView } from '../webidl/buffers.js';
import { domException } from '../dom/DOMException.js';

const NUMBER_KEY = '\x10';
const DATE_KEY = '\x20';
const STRING_KEY = '\x30';
const BINARY_KEY = '\x40';
const ARRAY_KEY = '\x50';
const KEY_END = '\x00';
const MAX_KEY_DEPTH = 2000;        // arrays in arrays; Chromium's limit

let doubles = null;                // eight bytes that are a double too
let doubleBytes = null;

// Order-preserving: the sign bit is flipped, of negative numbers every bit.
function encodeDouble(value) {
  if (doubles === null) {
    doubles = new Float64Array(1);
    doubleBytes = new Uint8Array(TypedArrayPrototypeGetBuffer(doubles));
  }
  doubles[0] = value === 0 ? 0 : value;
  const flip = doubleBytes[7] >= 0x80 ? 0xFF : 0;
  let out = StringFromCharCode(flip === 0 ? doubleBytes[7] | 0x80 : doubleBytes[7] ^ 0xFF);
  for (let i = 6; i >= 0; i--) out += StringFromCharCode(doubleBytes[i] ^ flip);
  return out;
}

function decodeDouble(key, at) {
  encodeDouble(0);
  const first = StringPrototypeCharCodeAt(key, at);
  const flip = first >= 0x80 ? 0 : 0xFF;
  doubleBytes[7] = flip === 0 ? first & 0x7F : first ^ 0xFF;
  for (let i = 6; i >= 0; i--) doubleBytes[i] = StringPrototypeCharCodeAt(key, at + 7 - i) ^ flip;
  return doubles[0];
}

// One code unit in one to three bytes, none of them first a zero, which ends the run.
function encodeUnit(unit) {
  if (unit < 0x7F) return StringFromCharCode(unit + 1);
  if (unit < 0x407F) return StringFromCharCode(0x80 | ((unit - 0x7F) >> 8), (unit - 0x7F) & 0xFF);
  return StringFromCharCode(0xC0 | (unit >> 10), (unit >> 2) & 0xFF, (unit & 3) << 6);
}

export function numberKey(value) {
  return NUMBER_KEY + encodeDouble(value);
}

// The number that a key is, or NaN.
export function numberOfKey(key) {
  return key[0] === NUMBER_KEY ? decodeDouble(key, 1) : NaN;
}

function stringKey(text) {
  let out = STRING_KEY;
  for (let i = 0; i < text.length; i++) out += encodeUnit(StringPrototypeCharCodeAt(text, i));
  return out + KEY_END;
}

function timeOf(value) {
  try {
    return DatePrototypeGetTime(value);
  } catch {
    return undefined;
  }
}

// https://w3c.github.io/IndexedDB/#convert-a-value-to-a-key: null is an invalid value or type; what getters throw goes through
export function toKey(value) {
  return convertToKey(value, []);
}

function convertToKey(value, seen) {
  switch (typeof value) {
    case 'number': return value !== value ? null : numberKey(value);
    case 'string': return stringKey(value);
    case 'object': break;
    default: return null;
  }
  if (value === null) return null;
  // 1-2.
  for (let i = 0; i < seen.length; i++) if (seen[i] === value) return null;
  // 3. Date
  const time = timeOf(value);
  if (time !== undefined) return time !== time ? null : DATE_KEY + encodeDouble(time);
  if (isBufferSource(value)) return bufferKey(value);
  if (!ArrayIsArray(value) || proxyDetails(value) !== null || seen.length >= MAX_KEY_DEPTH) return null;
  const { length } = value;
  seen[seen.length] = value;
  let out = ARRAY_KEY;
  for (let i = 0; i < length; i++) {
    if (!ObjectPrototypeHasOwnProperty(value, i)) return null;
    const key = convertToKey(value[i], seen);
    if (key === null) return null;
    out += key;
  }
  seen.length--;
  return out + KEY_END;
}

function bufferKey(source) {
  const detached = isDetachedBuffer(ArrayBufferIsView(source) ? partsOfView(source).buffer : source);
  if (detached) return null;
  const bytes = bytesOfBufferSource(source);
  let out = BINARY_KEY;
  for (let i = 0; i < bytes.length; i++) out += encodeUnit(bytes[i]);
  return out + KEY_END;
}

// The key of a compound key path.
export function arrayKey(keys) {
  let out = ARRAY_KEY;
  for (let i = 0; i < keys.length; i++) out += keys[i];
  return out + KEY_END;
}

// https://w3c.github.io/IndexedDB/#convert-a-value-to-a-multientry-key: a list of keys, or null
export function toMultiEntryKeys(value) {
  if (!ArrayIsArray(value)) {
    const key = toKey(value);
    return key === null ? null : [key];
  }
  const out = [];
  const known = { __proto__: null };
  const { length } = value;
  for (let i = 0; i < length; i++) {
    if (!ObjectPrototypeHasOwnProperty(value, i)) continue;
    const key = convertToKey(value[i], [value]);
    if (key === null || known[key] === true) continue;
    known[key] = true;
    out[out.length] = key;
  }
  return out;
}

// A key, or the error that pages get for what is none.
export function requireKey(value) {
  const key = toKey(value);
  if (key === null) throw domException('DataError', 'The parameter is not a valid key.');
  return key;
}

// https://w3c.github.io/IndexedDB/#convert-a-key-to-a-value
export function fromKey(key) {
  return new KeyReader(key).read();
}

class KeyReader {
  constructor(key) {
    this.key = key;
    this.at = 0;
  }

  units() {
    const out = [];
    for (;;) {
      const first = StringPrototypeCharCodeAt(this.key, this.at++);
      if (first === 0) return out;
      if (first < 0x80) out[out.length] = first - 1;
      else if (first < 0xC0) out[out.length] = (((first & 0x3F) << 8) | StringPrototypeCharCodeAt(this.key, this.at++)) + 0x7F;
      else {
        out[out.length] = ((first & 0x3F) << 10) | (StringPrototypeCharCodeAt(this.key, this.at) << 2) | (StringPrototypeCharCodeAt(this.key, this.at + 1) >> 6);
        this.at += 2;
      }
    }
  }

  read() {
    const type = this.key[this.at++];
    switch (type) {
      case NUMBER_KEY: case DATE_KEY: {
        const value = decodeDouble(this.key, this.at);
        this.at += 8;
        return type === NUMBER_KEY ? value : new Date(value);
      }
      case STRING_KEY: {
        const units = this.units();
        let text = '';
        for (let i = 0; i < units.length; i++) text += StringFromCharCode(units[i]);
        return text;
      }
      case BINARY_KEY: {
        const units = this.units();
        const bytes = new Uint8Array(units.length);
        for (let i = 0; i < units.length; i++) bytes[i] = units[i];
        return TypedArrayPrototypeGetBuffer(bytes);
      }
      default: {
        const out = [];
        // Not by assignment: that would call setters of Array.prototype.
        while (this.key[this.at] !== KEY_END) ObjectDefineProperty(out, out.length, { __proto__: null, value: this.read(), writable: true, enumerable: true, configurable: true });
        this.at++;
        return out;
      }
    }
  }
}

// https://w3c.github.io/IndexedDB/#possibly-update-the-key-generator: the number that the generator would have next, or `current`
export function generatorAfter(key, current) {
  const value = numberOfKey(key);
  if (value !== value || value < current) return current;
  const whole = MathFloor(value < 2 ** 53 ? value : 2 ** 53);
  return whole >= current ? whole + 1 : current;
}

// Names are compared by code units. What is not well-formed would not cross to the worker: it goes as a NUL and hexadecimal digits.
export function wireName(name) {
  let plain = name.length === 0 || StringPrototypeCharCodeAt(name, 0) !== 0;
  for (let i = 0; i < name.length && plain; i++) {
    const unit = StringPrototypeCharCodeAt(name, i);
    if (unit >= 0xD800 && unit < 0xE000) plain = false;
  }
  if (plain) return name;
  let out = KEY_END;
  for (let i = 0; i < name.length; i++) {
    const unit = StringPrototypeCharCodeAt(name, i);
    for (let shift = 12; shift >= 0; shift -= 4) out += '0123456789abcdef'[(unit >> shift) & 15];
  }
  return out;
}

export function nameOfWire(wire) {
  if (wire[0] !== KEY_END) return wire;
  let out = '';
  for (let i = 1; i < wire.length; i += 4) out += StringFromCharCode(+('0x' + StringPrototypeSlice(wire, i, i + 4)));
  return out;
}
