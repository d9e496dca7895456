// https://chromedevtools.github.io/devtools-protocol/tot/Runtime/#type-RemoteObject
// Values as CDP says them: types, class names, descriptions, values by copy, exceptions.

import {
  ArrayIsArray, ArrayBufferIsView, ArrayBufferPrototypeGetByteLength, DataViewPrototypeGetByteLength, BigIntPrototypeToString, DatePrototypeToString, Error, MapPrototypeGetSize, NumberIsFinite,
  ObjectGetOwnPropertyDescriptor, ObjectIs, ObjectKeys, ObjectPrototypeToString, RegExpPrototypeExec, RegExpPrototypeToString, SafeMap, SafeSet, SetPrototypeGetSize, String,
  StringPrototypeEndsWith, StringPrototypeIndexOf, StringPrototypeSlice, StringPrototypeSplit, SymbolPrototypeToString, TypedArrayPrototypeGetLength,
} from '../primordials.js';
import { promiseState, proxyDetails, withoutOwnNames } from '../host.js';
import { functionText } from '../emulation/masked.js';
import { unwrap } from '../webidl/wrapper.js';
import { getAttr } from '../dom/attributes.js';
import { classNameOf } from '../console/preview.js';

const COPY_DEPTH = 1000;           // Chromium's limit of values by copy
const CALL_FRAMES = 50;

// What a command refuses: not an exception of the page.
export class InspectorFailure {
  constructor(message) {
    this.failure = message;
  }
}

const ARRAY_LIKE = { __proto__: null, NodeList: true, HTMLCollection: true, RadioNodeList: true, HTMLOptionsCollection: true, DOMTokenList: true };

const SUBTYPE_OF_TAG = {
  __proto__: null, '[object RegExp]': 'regexp', '[object Date]': 'date', '[object Map]': 'map', '[object Set]': 'set', '[object WeakMap]': 'weakmap', '[object WeakSet]': 'weakset',
  '[object Error]': 'error', '[object ArrayBuffer]': 'arraybuffer', '[object DataView]': 'dataview', '[object Generator]': 'generator', '[object Map Iterator]': 'iterator',
  '[object Set Iterator]': 'iterator', '[object Arguments]': 'array',
};

// Objects whose class is not their constructor's name.
const TAGGED_CLASS = {
  __proto__: null, '[object Generator]': 'Generator', '[object AsyncGenerator]': 'AsyncGenerator', '[object Map Iterator]': 'Map Iterator', '[object Set Iterator]': 'Set Iterator',
  '[object Array Iterator]': 'Array Iterator', '[object String Iterator]': 'String Iterator', '[object Arguments]': 'Arguments', '[object AsyncFunction]': 'AsyncFunction',
  '[object GeneratorFunction]': 'GeneratorFunction', '[object AsyncGeneratorFunction]': 'AsyncGeneratorFunction',
};

function attempt(get) {
  try {
    return get();
  } catch {
    return undefined;
  }
}

// Brand checks that a page cannot fool.
function isBranded(subtype, value) {
  switch (subtype) {
    case 'date': return attempt(() => DatePrototypeToString(value)) !== undefined;
    case 'map': return attempt(() => MapPrototypeGetSize(value)) !== undefined;
    case 'set': return attempt(() => SetPrototypeGetSize(value)) !== undefined;
    case 'arraybuffer': return attempt(() => ArrayBufferPrototypeGetByteLength(value)) !== undefined;
    default: return true;
  }
}

export function subtypeOf(value) {
  const impl = unwrap(value);
  if (impl !== undefined) {
    if (impl.nodeType !== undefined) return 'node';
    const name = impl.iface === null || impl.iface === undefined ? '' : impl.iface.name;
    return ARRAY_LIKE[name] ? 'array' : name === 'DOMException' ? 'error' : undefined;
  }
  if (proxyDetails(value) !== null) return 'proxy';
  if (ArrayIsArray(value)) return 'array';
  if (attempt(() => promiseState(value)) !== undefined) return 'promise';
  if (ArrayBufferIsView(value)) return attempt(() => TypedArrayPrototypeGetLength(value)) === undefined ? 'dataview' : 'typedarray';
  const subtype = SUBTYPE_OF_TAG[attempt(() => ObjectPrototypeToString(value)) ?? ''];
  return subtype !== undefined && isBranded(subtype, value) ? subtype : undefined;
}

export function classOf(value) {
  const impl = unwrap(value);
  if (impl !== undefined && impl.iface !== null && impl.iface !== undefined) return impl.isWindow === true ? 'Window' : impl.iface.name;
  const tag = TAGGED_CLASS[attempt(() => ObjectPrototypeToString(value)) ?? ''];
  if (tag !== undefined) return tag;
  if (typeof value === 'function') return 'Function';
  return attempt(() => classNameOf(value)) || 'Object';
}

function describeNodeImpl(impl) {
  switch (impl.nodeType) {
    case 1: {
      let out = impl.localName;
      const id = getAttr(impl, 'id');
      if (id !== null && id !== '') out += '#' + id;
      const classes = StringPrototypeSplit(getAttr(impl, 'class') ?? '', ' ');
      for (let i = 0; i < classes.length; i++) if (classes[i] !== '') out += '.' + classes[i];
      return out;
    }
    case 3: return '#text';
    case 8: return '#comment';
    case 9: return '#document';
    case 10: return '<!DOCTYPE ' + impl.name + '>';
    case 11: return '#document-fragment';
    default: return impl.iface.name;
  }
}

// A line of a stack, with what clients evaluate called as the engine calls what has no address.
function withoutAddress(line) {
  const at = StringPrototypeIndexOf(line, 'sanderling:evaluate');
  return at < 0 ? withoutOwnNames(line) : StringPrototypeSlice(line, 0, at) + '<anonymous>' + StringPrototypeSlice(line, at + 'sanderling:evaluate'.length);
}

// Stack lines without those of the platform itself.
function pageStack(stack) {
  const lines = StringPrototypeSplit(stack, '\n');
  let out = lines[0];
  for (let i = 1; i < lines.length; i++) if (StringPrototypeIndexOf(lines[i], 'sanderling:web') < 0) out += '\n' + withoutAddress(lines[i]);
  return out;
}

function stackOf(error) {
  const stack = attempt(() => error.stack);
  return typeof stack === 'string' ? pageStack(stack) : '';
}

function describeErrorObject(error) {
  const stack = stackOf(error);
  const impl = unwrap(error);
  const name = attempt(() => String(impl !== undefined ? impl.name : error.name)) ?? 'Error';
  const message = attempt(() => String(impl !== undefined ? impl.message : error.message)) ?? '';
  const head = message === '' ? name : name + ': ' + message;
  if (stack === '') return head;
  // A message that was changed later: the frames are still the stack's.
  if (impl === undefined && StringPrototypeIndexOf(stack, message) >= 0) return stack;
  const frames = RegExpPrototypeExec(/\n\s+at [^]*$/, stack);
  return frames === null ? head : head + frames[0];
}

export function describeObject(value, subtype) {
  if (typeof value === 'function') return attempt(() => functionText(value)) ?? 'function';
  const name = classOf(value);
  switch (subtype) {
    case 'node': return describeNodeImpl(unwrap(value));
    case 'array': return name + '(' + (attempt(() => value.length) ?? 0) + ')';
    case 'typedarray': return name + '(' + TypedArrayPrototypeGetLength(value) + ')';
    case 'map': return name + '(' + MapPrototypeGetSize(value) + ')';
    case 'set': return name + '(' + SetPrototypeGetSize(value) + ')';
    case 'dataview': return name + '(' + DataViewPrototypeGetByteLength(value) + ')';
    case 'arraybuffer': return name + '(' + ArrayBufferPrototypeGetByteLength(value) + ')';
    case 'regexp': return attempt(() => RegExpPrototypeToString(value)) ?? name;
    case 'date': return attempt(() => DatePrototypeToString(value)) ?? name;
    case 'error': return describeErrorObject(value);
    case 'proxy': return 'Proxy(' + (typeof value === 'function' ? 'Function' : 'Object') + ')';
    default: return name;
  }
}

// A primitive as a remote object, or null for what needs an object id.
export function describePrimitive(value) {
  switch (typeof value) {
    case 'undefined': return { __proto__: null, type: 'undefined' };
    case 'string': return { __proto__: null, type: 'string', value };
    case 'boolean': return { __proto__: null, type: 'boolean', value };
    case 'number': {
      if (NumberIsFinite(value) && !ObjectIs(value, -0)) return { __proto__: null, type: 'number', value, description: String(value) };
      const text = ObjectIs(value, -0) ? '-0' : String(value);
      return { __proto__: null, type: 'number', unserializableValue: text, description: text };
    }
    case 'bigint': {
      const text = BigIntPrototypeToString(value) + 'n';
      return { __proto__: null, type: 'bigint', unserializableValue: text, description: text };
    }
    case 'symbol': return { __proto__: null, type: 'symbol', description: SymbolPrototypeToString(value) };
    default: return value === null ? { __proto__: null, type: 'object', subtype: 'null', value: null } : null;
  }
}

// https://chromedevtools.github.io/devtools-protocol/tot/Runtime/#method-evaluate, returnByValue: own enumerable properties, by copy
export function copyValue(value) {
  return copyPart(value, 0, new SafeSet());
}

function copyPart(value, depth, above) {
  switch (typeof value) {
    case 'string': case 'boolean': case 'number': return value;
    case 'undefined': return null;
    case 'symbol': case 'bigint': throw new InspectorFailure("Object couldn't be returned by value");
    default: if (value === null) return null;
  }
  if (depth >= COPY_DEPTH || above.has(value)) throw new InspectorFailure('Object reference chain is too long');
  above.add(value);
  let out;
  if (ArrayIsArray(value)) {
    out = [];
    const { length } = value;
    for (let i = 0; i < length; i++) out[i] = copyPart(value[i], depth + 1, above);
  } else {
    out = { __proto__: null };
    const keys = ObjectKeys(value);
    for (let i = 0; i < keys.length; i++) {
      const item = value[keys[i]];
      if (item !== undefined) out[keys[i]] = copyPart(item, depth + 1, above);
    }
  }
  above.delete(value);
  return out;
}

// https://chromedevtools.github.io/devtools-protocol/tot/Runtime/#type-CallFrame, from a stack as the engine writes it; zero-based
export function callFramesOf(stack) {
  const lines = StringPrototypeSplit(stack, '\n');
  const out = [];
  for (let i = 0; i < lines.length && out.length < CALL_FRAMES; i++) {
    if (StringPrototypeIndexOf(lines[i], 'sanderling:web') >= 0) continue;
    // A name has its address in brackets; an address without a name may have brackets of its own (Puppeteer's do).
    const named = StringPrototypeEndsWith(lines[i], ')');
    const found = RegExpPrototypeExec(named ? /^\s*at (?:async )?(.*?) \((.*):(\d+):(\d+)\)$/ : /^\s*at (?:async )?()(.*):(\d+):(\d+)$/, lines[i]);
    if (found === null) continue;
    out[out.length] = { __proto__: null, functionName: found[1] ?? '', scriptId: '0', url: found[2] === '<anonymous>' || found[2] === 'sanderling:evaluate' ? '' : withoutOwnNames(found[2]), lineNumber: +found[3] - 1, columnNumber: +found[4] - 1 };
  }
  return out;
}

let exceptions = 0;

export function exceptionDetailsOf(error, context, remote, inPromise) {
  const isObject = error !== null && typeof error === 'object';
  const frames = isObject ? callFramesOf(stackOf(error)) : [];
  const first = frames.length > 0 ? frames[0] : null;
  const out = {
    __proto__: null, exceptionId: ++exceptions, text: inPromise ? 'Uncaught (in promise)' : 'Uncaught', lineNumber: first === null ? 0 : first.lineNumber,
    columnNumber: first === null ? 0 : first.columnNumber, exception: remote, executionContextId: context, stackTrace: { __proto__: null, callFrames: frames },
  };
  if (first !== null) {
    out.scriptId = first.scriptId;
    out.url = first.url;
  }
  return out;
}

// https://chromedevtools.github.io/devtools-protocol/tot/Runtime/#type-ObjectPreview; no page code runs
const PREVIEW_PROPERTY_LIMIT = 5;
const PREVIEW_INDEX_LIMIT = 100;

export function objectPreviewOf(value, type, subtype, description) {
  const out = { __proto__: null, type, description, overflow: false, properties: [] };
  if (subtype !== undefined) out.subtype = subtype;
  if (subtype === 'proxy' || subtype === 'node') return out;
  const keys = attempt(() => ObjectKeys(value)) ?? [];
  const limit = subtype === 'array' ? PREVIEW_INDEX_LIMIT : PREVIEW_PROPERTY_LIMIT;
  for (let i = 0; i < keys.length; i++) {
    if (i >= limit) {
      out.overflow = true;
      break;
    }
    const descriptor = attempt(() => ObjectGetOwnPropertyDescriptor(value, keys[i]));
    if (descriptor === undefined) continue;
    const property = { __proto__: null, name: keys[i], type: 'accessor' };
    if (descriptor.get === undefined && descriptor.set === undefined) {
      const item = descriptor.value;
      const primitive = describePrimitive(item);
      property.type = typeof item;
      if (primitive !== null) {
        if (primitive.subtype !== undefined) property.subtype = primitive.subtype;
        property.value = primitive.description ?? String(primitive.value ?? (item === null ? 'null' : 'undefined'));
      } else {
        const inner = typeof item === 'function' ? undefined : subtypeOf(item);
        if (inner !== undefined) property.subtype = inner;
        property.value = typeof item === 'function' ? '' : describeObject(item, inner);
      }
    }
    out.properties[out.properties.length] = property;
  }
  return out;
}
