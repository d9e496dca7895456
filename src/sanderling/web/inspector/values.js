// https://chromedevtools.github.io/devtools-protocol/tot/Runtime/ (by value), and the values that JSON lacks
// Values cross to the Python API as JSON with tags for what JSON cannot say. Shared and cyclic objects keep their identity by number.
//
//   primitive: itself        {"v": "undefined" | "NaN" | "Infinity" | "-Infinity" | "-0"}
//   {"n": "123"} BigInt      {"d": "ISO"} Date        {"r": {"p": source, "f": flags}} RegExp      {"u": href} URL
//   {"e": {"n","m","s"}} Error     {"a": [...], "id": k}     {"o": [[k, v]...], "id": k}     {"ref": k}
//   {"m": [[k, v]...], "id"} Map   {"s": [v...], "id"} Set   {"b": base64, "t": kind} binary    {"h": n} handle    {"x": description} not serialisable

import { ownFramesLeftOut } from '../html/report.js';
import {
  ObjectPrototype, ObjectCreate, ObjectSetPrototypeOf, ArrayIsArray, BigIntPrototypeToString, DatePrototypeToISOString, MapPrototypeForEach, NumberIsFinite, ObjectIs, ObjectKeys,
  ObjectPrototypeToString, SafeMap, SetPrototypeForEach, String, Date, RegExp, Map, Set, Error, BigInt, Number, ErrorPrototype,
  ObjectPrototypeIsPrototypeOf, ObjectDefineProperty,
} from '../primordials.js';
import { unwrap } from '../webidl/wrapper.js';

const MAX_DEPTH = 200;
const MAX_ITEMS = 1000000;

class Writer {
  constructor() {
    this.seen = new SafeMap();
    this.items = 0;
  }

  write(value, depth) {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        if (NumberIsFinite(value) && !ObjectIs(value, -0)) return value;
        return { __proto__: null, v: ObjectIs(value, -0) ? '-0' : String(value) };
      case 'undefined':
        return { __proto__: null, v: 'undefined' };
      case 'bigint':
        return { __proto__: null, n: BigIntPrototypeToString(value) };
      case 'symbol':
        return { __proto__: null, v: 'undefined' };
      case 'function':
        return { __proto__: null, v: 'undefined' };
      default:
        return value === null ? null : this.object(value, depth);
    }
  }

  object(value, depth) {
    if (++this.items > MAX_ITEMS) throw new RangeError('The value has too many items to leave the page');
    if (depth > MAX_DEPTH) throw new RangeError('The value is nested too deeply to leave the page');
    const known = this.seen.get(value);
    if (known !== undefined) return { __proto__: null, ref: known };
    const impl = unwrap(value);
    if (impl !== undefined) return { __proto__: null, x: describeImpl(impl) };
    const tag = ObjectPrototypeToString(value);
    if (tag === '[object Date]') {
      try {
        return { __proto__: null, d: DatePrototypeToISOString(value) };
      } catch {
        return { __proto__: null, d: '' };
      }
    }
    if (tag === '[object RegExp]') return { __proto__: null, r: { __proto__: null, p: value.source, f: value.flags } };
    if (ObjectPrototypeIsPrototypeOf(ErrorPrototype, value)) {
      return { __proto__: null, e: { __proto__: null, n: String(value.name), m: String(value.message), s: ownFramesLeftOut(String(value.stack)) } };
    }
    const id = this.seen.size;
    this.seen.set(value, id);
    if (ArrayIsArray(value)) {
      const a = [];
      for (let i = 0; i < value.length; i++) a[i] = this.write(value[i], depth + 1);
      return { __proto__: null, a, id };
    }
    if (tag === '[object Map]') {
      const m = [];
      MapPrototypeForEach(value, (v, k) => { m[m.length] = [this.write(k, depth + 1), this.write(v, depth + 1)]; });
      return { __proto__: null, m, id };
    }
    if (tag === '[object Set]') {
      const s = [];
      SetPrototypeForEach(value, (v) => { s[s.length] = this.write(v, depth + 1); });
      return { __proto__: null, s, id };
    }
    // An object that knows how to become JSON says it itself, as JSON.stringify would let it.
    if (typeof value.toJSON === 'function') return this.write(value.toJSON(), depth + 1);
    const o = [];
    const keys = ObjectKeys(value);
    for (let i = 0; i < keys.length; i++) {
      const item = value[keys[i]];
      if (typeof item === 'function' || typeof item === 'symbol') continue;
      o[o.length] = [keys[i], this.write(item, depth + 1)];
    }
    return { __proto__: null, o, id };
  }
}

// What a node or another platform object is called outside: "ref: <Node>", as Playwright prints it.
function describeImpl(impl) {
  if (impl.nodeType !== undefined) return 'ref: <Node>';
  return 'ref: <' + impl.iface.name + '>';
}

export function writeValue(value) {
  return new Writer().write(value, 0);
}

export function readValue(data, handles) {
  return readData(data, [], handles);
}

function readData(data, refs, handles) {
  if (data === null || typeof data !== 'object') return data;
  ObjectSetPrototypeOf(data, null);   // what a page put on Object.prototype is none of its members
  if (data.v !== undefined) {
    if (data.v === 'undefined') return undefined;
    return Number(data.v);
  }
  if (data.ref !== undefined) return refs[data.ref];
  if (data.n !== undefined) return BigInt(data.n);
  if (data.d !== undefined) return new Date(data.d);
  if (data.r !== undefined) return new RegExp(data.r.p, data.r.f);
  if (data.h !== undefined) return handles(data.h);
  if (data.e !== undefined) {
    const error = new Error(data.e.m);
    ObjectDefineProperty(error, 'name', { __proto__: null, value: data.e.n, writable: true, configurable: true, enumerable: false });
    return error;
  }
  if (data.a !== undefined) {
    const out = [];
    refs[data.id] = out;
    for (let i = 0; i < data.a.length; i++) out[i] = readData(data.a[i], refs, handles);
    return out;
  }
  if (data.o !== undefined) {
    const out = ObjectCreate(ObjectPrototype);
    refs[data.id] = out;
    for (let i = 0; i < data.o.length; i++) {
      ObjectDefineProperty(out, data.o[i][0], {
        __proto__: null, value: readData(data.o[i][1], refs, handles), writable: true, enumerable: true, configurable: true,
      });
    }
    return out;
  }
  if (data.m !== undefined) {
    const out = new Map();
    refs[data.id] = out;
    for (let i = 0; i < data.m.length; i++) out.set(readData(data.m[i][0], refs, handles), readData(data.m[i][1], refs, handles));
    return out;
  }
  if (data.s !== undefined) {
    const out = new Set();
    refs[data.id] = out;
    for (let i = 0; i < data.s.length; i++) out.add(readData(data.s[i], refs, handles));
    return out;
  }
  return undefined;
}

export function describeError(error) {
  if (error !== null && typeof error === 'object' && ObjectPrototypeIsPrototypeOf(ErrorPrototype, error)) {
    return { __proto__: null, name: safeString(error, 'name'), message: safeString(error, 'message'), stack: ownFramesLeftOut(safeString(error, 'stack')) };
  }
  let text;
  try {
    text = typeof error === 'string' ? error : typeof error === 'object' && error !== null ? ObjectPrototypeToString(error) : String(error);
  } catch {
    text = 'Object';
  }
  return { __proto__: null, name: '', message: text, stack: '' };
}

function safeString(object, key) {
  try {
    const value = object[key];
    return value === undefined ? '' : String(value);
  } catch {
    return '';
  }
}
