// https://console.spec.whatwg.org/#printer
// Short text for any value. No page code runs: properties are read by descriptor, accessors are shown as (...), proxies are not asked.

import {
  ArrayBufferIsView, ArrayBufferPrototypeGetByteLength, ArrayIsArray, BigIntPrototypeToString, BooleanPrototypeValueOf, DatePrototypeGetTime, DatePrototypeToISOString,
  DatePrototypeToString, FunctionPrototypeToString, MapPrototypeForEach, MapPrototypeGetSize, NumberPrototypeToString, NumberPrototypeValueOf, ObjectGetOwnPropertyDescriptor,
  ObjectGetPrototypeOf, ObjectIs, ObjectPrototype, ReflectOwnKeys, RegExpPrototypeExec, RegExpPrototypeGetFlags, RegExpPrototypeGetSource, SafeSet, SetPrototypeForEach,
  SetPrototypeGetSize, String, StringPrototypeIndexOf, StringPrototypeSlice, StringPrototypeSplit, StringPrototypeStartsWith, SymbolPrototypeToString, SymbolToStringTag,
  TypedArrayPrototypeGetLength, TypedArrayPrototypeGetSymbolToStringTag,
} from '../primordials.js';
import { promiseState, proxyDetails, withoutOwnNames } from '../host.js';
import { unwrap } from '../webidl/wrapper.js';

const PREVIEW_DEPTH = 2;
const PREVIEW_PROPERTIES = 10;
const PREVIEW_ITEMS = 100;
const PREVIEW_TEXT = 100;          // characters of a string inside an object

function quotePreview(text) {
  const cut = text.length > PREVIEW_TEXT ? StringPrototypeSlice(text, 0, PREVIEW_TEXT) + '\u2026' : text;
  return "'" + cut + "'";
}

function attemptPreview(get) {
  try {
    return get();
  } catch {
    return undefined;
  }
}

// The name of the class: of the nearest prototype's constructor, where it is a plain property.
export function classNameOf(object) {
  for (let at = object, depth = 0; at !== null && depth < 20; at = ObjectGetPrototypeOf(at), depth++) {
    if (proxyDetails(at) !== null) return '';
    const descriptor = ObjectGetOwnPropertyDescriptor(at, 'constructor');
    if (descriptor === undefined || typeof descriptor.value !== 'function') continue;
    if (proxyDetails(descriptor.value) !== null) return '';
    const name = ObjectGetOwnPropertyDescriptor(descriptor.value, 'name');
    return name !== undefined && typeof name.value === 'string' ? name.value : '';
  }
  return '';
}

// An own or inherited data property that is a string.
export function stringProperty(object, key) {
  for (let at = object, depth = 0; at !== null && depth < 20; at = ObjectGetPrototypeOf(at), depth++) {
    if (proxyDetails(at) !== null) return undefined;
    const descriptor = ObjectGetOwnPropertyDescriptor(at, key);
    if (descriptor !== undefined) return typeof descriptor.value === 'string' ? descriptor.value : undefined;
  }
  return undefined;
}

function errorPreview(error) {
  const impl = unwrap(error);
  const name = impl !== undefined ? impl.name : stringProperty(error, 'name') ?? 'Error';
  const message = impl !== undefined ? impl.message : stringProperty(error, 'message') ?? '';
  const head = message === '' ? name : name + ': ' + message;
  // `stack` is an own property of errors that the engine makes: an accessor of the engine's, or text.
  const stack = attemptPreview(() => {
    const descriptor = ObjectGetOwnPropertyDescriptor(error, 'stack');
    return descriptor === undefined ? undefined : typeof descriptor.value === 'string' ? descriptor.value : error.stack;
  });
  if (typeof stack !== 'string' || stack === '') return head;
  const frames = RegExpPrototypeExec(/\n\s+at [^]*$/, stack);
  return head + (frames === null ? '' : withoutOwnFrames(frames[0]));
}

// Frames of the platform itself say nothing to the page's author.
function withoutOwnFrames(text) {
  const lines = StringPrototypeSplit(text, '\n');
  let out = '';
  for (let i = 1; i < lines.length; i++) {
    if (StringPrototypeIndexOf(lines[i], 'sanderling:web') < 0) out += '\n' + withoutOwnNames(lines[i]);
  }
  return out;
}

function isErrorObject(value) {
  for (let at = value, depth = 0; at !== null && depth < 20; at = ObjectGetPrototypeOf(at), depth++) {
    if (proxyDetails(at) !== null) return false;
    const descriptor = ObjectGetOwnPropertyDescriptor(at, 'name');
    if (descriptor !== undefined && typeof descriptor.value === 'string' && ObjectGetOwnPropertyDescriptor(at, 'message') !== undefined
      && RegExpPrototypeExec(/Error$/, descriptor.value) !== null) return true;
  }
  const impl = unwrap(value);
  return impl !== undefined && impl.iface !== null && impl.iface.name === 'DOMException';
}

function functionPreview(fn) {
  const text = attemptPreview(() => FunctionPrototypeToString(fn)) ?? '';
  const name = ObjectGetOwnPropertyDescriptor(fn, 'name');
  const label = name !== undefined && typeof name.value === 'string' ? name.value : '';
  return (StringPrototypeStartsWith(text, 'class') ? 'class ' : '\u0192 ') + label + (StringPrototypeStartsWith(text, 'class') ? '' : '()');
}

function nodePreview(impl) {
  switch (impl.nodeType) {
    case 1: {
      let out = '<' + impl.localName;
      for (let i = 0; i < impl.attrs.length && i < PREVIEW_PROPERTIES; i++) out += ' ' + impl.attrs[i].localName + '="' + impl.attrs[i].value + '"';
      return out + '>';
    }
    case 3: return '#text ' + quotePreview(impl.data);
    case 8: return '<!--' + impl.data + '-->';
    case 9: return '#document';
    case 11: return '#document-fragment';
    default: return impl.iface.name;
  }
}

class Previewer {
  constructor() {
    this.seen = new SafeSet();
  }

  value(value, depth) {
    switch (typeof value) {
      case 'string': return quotePreview(value);
      case 'number': return ObjectIs(value, -0) ? '-0' : NumberPrototypeToString(value);
      case 'bigint': return BigIntPrototypeToString(value) + 'n';
      case 'symbol': return SymbolPrototypeToString(value);
      case 'undefined': return 'undefined';
      case 'boolean': return value ? 'true' : 'false';
      case 'function': return proxyDetails(value) !== null ? 'Proxy(\u0192)' : functionPreview(value);
      default: return value === null ? 'null' : this.object(value, depth);
    }
  }

  object(object, depth) {
    const proxy = proxyDetails(object);
    const impl = unwrap(object);
    if (proxy !== null && impl === undefined) {
      const target = proxy[0];
      return target === null || target === undefined ? 'Proxy' : 'Proxy(' + (ArrayIsArray(target) ? 'Array' : 'Object') + ')';
    }
    if (this.seen.has(object)) return '[Circular *]';
    if (isErrorObject(object)) return errorPreview(object);
    if (impl !== undefined) {
      if (impl.nodeType !== undefined) return nodePreview(impl);
      return impl.isWindow === true ? 'Window' : impl.iface === null ? 'Object' : impl.iface.name;
    }
    this.seen.add(object);
    const out = this.builtin(object, depth) ?? this.plain(object, depth);
    this.seen.delete(object);
    return out;
  }

  builtin(object, depth) {
    if (ArrayIsArray(object)) {
      const { length } = object;
      if (depth >= PREVIEW_DEPTH) return 'Array(' + length + ')';
      let out = '';
      for (let i = 0; i < length && i < PREVIEW_ITEMS; i++) {
        const descriptor = ObjectGetOwnPropertyDescriptor(object, i);
        out += (i === 0 ? '' : ', ') + (descriptor === undefined ? 'empty' : this.property(descriptor, depth + 1));
      }
      return (depth > 0 || length <= PREVIEW_ITEMS ? '' : '(' + length + ') ') + '[' + out + (length > PREVIEW_ITEMS ? ', \u2026' : '') + ']';
    }
    if (ArrayBufferIsView(object)) {
      const tag = TypedArrayPrototypeGetSymbolToStringTag(object);
      if (tag === undefined) return 'DataView';
      const length = TypedArrayPrototypeGetLength(object);
      if (depth >= PREVIEW_DEPTH) return tag + '(' + length + ')';
      let out = '';
      for (let i = 0; i < length && i < PREVIEW_ITEMS; i++) out += (i === 0 ? '' : ', ') + object[i];
      return tag + '(' + length + ') [' + out + (length > PREVIEW_ITEMS ? ', \u2026' : '') + ']';
    }
    const time = attemptPreview(() => DatePrototypeGetTime(object));
    if (time !== undefined) return time !== time ? 'Invalid Date' : depth > 0 ? DatePrototypeToISOString(object) : DatePrototypeToString(object);
    const source = attemptPreview(() => '/' + RegExpPrototypeGetSource(object) + '/' + RegExpPrototypeGetFlags(object));
    if (source !== undefined && attemptPreview(() => RegExpPrototypeGetSource(object)) !== '(?:)') return source;
    const size = attemptPreview(() => MapPrototypeGetSize(object));
    if (size !== undefined) {
      if (depth >= PREVIEW_DEPTH) return 'Map(' + size + ')';
      let out = '';
      let count = 0;
      MapPrototypeForEach(object, (value, key) => {
        if (count++ < PREVIEW_PROPERTIES) out += (count === 1 ? '' : ', ') + this.value(key, depth + 1) + ' => ' + this.value(value, depth + 1);
      });
      return 'Map(' + size + ') {' + out + (count > PREVIEW_PROPERTIES ? ', \u2026' : '') + '}';
    }
    const members = attemptPreview(() => SetPrototypeGetSize(object));
    if (members !== undefined) {
      if (depth >= PREVIEW_DEPTH) return 'Set(' + members + ')';
      let out = '';
      let count = 0;
      SetPrototypeForEach(object, (value) => {
        if (count++ < PREVIEW_PROPERTIES) out += (count === 1 ? '' : ', ') + this.value(value, depth + 1);
      });
      return 'Set(' + members + ') {' + out + (count > PREVIEW_PROPERTIES ? ', \u2026' : '') + '}';
    }
    const bytes = attemptPreview(() => ArrayBufferPrototypeGetByteLength(object));
    if (bytes !== undefined) return 'ArrayBuffer(' + bytes + ')';
    const state = attemptPreview(() => promiseState(object));
    if (state !== undefined && state !== null) {
      return 'Promise {' + (state[0] === 0 ? '<pending>' : (state[0] === 1 ? '<fulfilled>: ' : '<rejected>: ') + this.value(state[1], depth + 1)) + '}';
    }
    const number = attemptPreview(() => NumberPrototypeValueOf(object));
    if (number !== undefined) return 'Number {' + number + '}';
    const truth = attemptPreview(() => BooleanPrototypeValueOf(object));
    if (truth !== undefined) return 'Boolean {' + truth + '}';
    return undefined;
  }

  property(descriptor, depth) {
    return descriptor.get !== undefined || descriptor.set !== undefined ? '(...)' : this.value(descriptor.value, depth);
  }

  plain(object, depth) {
    const prototype = ObjectGetPrototypeOf(object);
    let label = prototype === null ? '[Object: null prototype]' : prototype === ObjectPrototype ? '' : classNameOf(object);
    if (label === 'Object') label = '';
    const tag = attemptPreview(() => stringProperty(object, SymbolToStringTag));
    if (tag !== undefined && tag !== label && tag !== '') label = (label === '' ? 'Object' : label) + ' [' + tag + ']';
    if (depth >= PREVIEW_DEPTH) return label === '' ? 'Object' : label;
    const keys = ReflectOwnKeys(object);
    let out = '';
    let count = 0;
    for (let i = 0; i < keys.length; i++) {
      const descriptor = ObjectGetOwnPropertyDescriptor(object, keys[i]);
      if (descriptor === undefined || !descriptor.enumerable) continue;
      if (count === PREVIEW_PROPERTIES) {
        out += ', \u2026';
        break;
      }
      const key = typeof keys[i] === 'symbol' ? '[' + SymbolPrototypeToString(keys[i]) + ']' : RegExpPrototypeExec(/^[A-Za-z_$][\w$]*$/, keys[i]) !== null ? keys[i] : quotePreview(keys[i]);
      out += (count++ === 0 ? '' : ', ') + key + ': ' + this.property(descriptor, depth + 1);
    }
    return (label === '' ? '' : label + ' ') + '{' + out + '}';
  }
}

// A value as console.log shows it: strings as they are.
export function previewValue(value) {
  if (typeof value === 'string') return value;
  try {
    return new Previewer().value(value, 0);
  } catch {
    return '[value]';
  }
}

export function previewString(value) {
  return typeof value === 'symbol' ? SymbolPrototypeToString(value) : typeof value === 'object' || typeof value === 'function' ? previewValue(value) : String(value);
}
