// https://html.spec.whatwg.org/multipage/structured-data.html
// StructuredSerialize and StructuredDeserialize for values that stay in this isolate: the serialisation is a tree of records.

import { portsOfStream, streamFromPorts } from '../streams/transfer.js';
import {
  ArrayBuffer, ArrayBufferIsView, ArrayBufferPrototypeGetByteLength, ArrayBufferPrototypeResize, ArrayBufferPrototypeTransfer, ArrayIsArray, BigInt64Array,
  BigIntPrototypeValueOf, BigUint64Array, BooleanPrototypeValueOf, DataView, DataViewPrototypeGetByteLength, Date, DatePrototypeGetTime, Error, ErrorPrototype, EvalError,
  Float32Array, Float64Array, Int16Array, Int32Array, Int8Array, Map, MapPrototypeForEach, MapPrototypeGetSize, MapPrototypeSet,
  NumberPrototypeValueOf, Object, ObjectDefineProperty, ObjectGetOwnPropertyDescriptor, ObjectGetPrototypeOf, ObjectKeys, ObjectPrototype, ObjectPrototypeIsPrototypeOf,
  RangeError, ReferenceError, RegExp, RegExpPrototypeGetSource, SafeMap, Set, SetPrototypeAdd, SetPrototypeForEach,
  SetPrototypeGetSize, String, StringPrototypeToString, SymbolPrototypeToString, SyntaxError, TypeError, TypedArrayPrototypeFill, TypedArrayPrototypeGetLength,
  TypedArrayPrototypeGetSymbolToStringTag, TypedArrayPrototypeSet, URIError, Uint16Array, Uint32Array, Uint8Array, Uint8ClampedArray, WeakMapPrototypeHas, WeakSetPrototypeHas,
  uncurryThis,
} from '../primordials.js';
import { promiseState, proxyDetails } from '../host.js';
import { functionText } from '../emulation/masked.js';
import { unwrap, wrap } from '../webidl/wrapper.js';
import { defineInterface } from '../webidl/interface.js';
import { isDetachedBuffer, partsOfView } from '../webidl/buffers.js';
import { DOMExceptionImpl, domException } from '../dom/DOMException.js';
import { BlobImpl } from '../FileAPI/Blob.js';
import { FileImpl } from '../FileAPI/File.js';
import { FileListImpl } from '../FileAPI/FileList.js';
import { MessagePortImpl, detachPort, receivePort } from './MessagePort.js';

const CLONE_VIEWS = {
  __proto__: null, Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array,
};
const CLONE_ERRORS = { __proto__: null, Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
const CLONE_REGEXP_PROTOTYPE = RegExp.prototype;
const CLONE_FLAGS = [
  ['d', 'hasIndices'], ['g', 'global'], ['i', 'ignoreCase'], ['m', 'multiline'], ['s', 'dotAll'], ['u', 'unicode'], ['v', 'unicodeSets'], ['y', 'sticky'],
];
for (let i = 0; i < CLONE_FLAGS.length; i++) CLONE_FLAGS[i][1] = uncurryThis(ObjectGetOwnPropertyDescriptor(CLONE_REGEXP_PROTOTYPE, CLONE_FLAGS[i][1]).get);

export const isResizable = uncurryThis(ObjectGetOwnPropertyDescriptor(ArrayBuffer.prototype, 'resizable').get);
export const maxLengthOf = uncurryThis(ObjectGetOwnPropertyDescriptor(ArrayBuffer.prototype, 'maxByteLength').get);
const CLONE_DEPTH = 2000;          // nested objects; deeper ones would overflow the stack

// (Float16Array is there at run time only, not while the snapshot is built.)

// Whether a view has no length of its own but its buffer's: only a change of the buffer tells, which lasts for this moment. One that cannot grow is taken
// to have it.
function followsBuffer(view, { buffer, length }) {
  const size = ArrayBufferPrototypeGetByteLength(buffer);
  const most = maxLengthOf(buffer);
  ArrayBufferPrototypeResize(buffer, size + 8 < most ? size + 8 : most);       // eight: the widest elements
  const follows = partsOfView(view).length !== length;
  ArrayBufferPrototypeResize(buffer, size);
  return follows;
}

// [[OriginalFlags]]: what `flags` gives is asked of the other members, which a page may have replaced.
function cloneFlags(pattern) {
  let flags = '';
  for (let i = 0; i < CLONE_FLAGS.length; i++) if (CLONE_FLAGS[i][1](pattern)) flags += CLONE_FLAGS[i][0];
  return flags;
}

// Kinds of records
export const PRIMITIVE = 0;
export const BOXED = 1;
export const DATE = 2;
export const REGEXP = 3;
export const BUFFER = 4;
export const VIEW = 5;
export const MAP = 6;
export const SET = 7;
export const ERROR = 8;
export const ARRAY = 9;
export const OBJECT = 10;
export const PLATFORM = 11;
export const TRANSFERRED = 12;
export const STREAMED = 13;         // transferred by way of ports of its own: `data` is { name, first, count }, of the interface and of these ports

export class CloneRecord {
  constructor(kind, data) {
    this.kind = kind;
    this.data = data;
    this.more = null;
  }
}


function cannotClone(text) {
  return domException('DataCloneError', text + ' could not be cloned.');
}

function attemptClone(read) {
  try {
    return read();
  } catch {
    return undefined;
  }
}

class Serializer {
  constructor(transferred) {
    this.memory = new SafeMap();     // object to CloneRecord
    this.depth = 0;
    transferred.forEach((record, object) => this.memory.set(object, record));
  }

  // https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializeinternal
  write(value) {
    switch (typeof value) {
      case 'object': break;
      case 'function': throw cannotClone(attemptClone(() => functionText(value)) ?? 'A function');
      case 'symbol': throw cannotClone(SymbolPrototypeToString(value));
      default: return new CloneRecord(PRIMITIVE, value);
    }
    if (value === null) return new CloneRecord(PRIMITIVE, null);
    const known = this.memory.get(value);
    if (known !== undefined) return known;
    if (++this.depth > CLONE_DEPTH) throw new RangeError('Maximum call stack size exceeded');
    const record = this.object(value);
    this.depth--;
    return record;
  }

  keep(value, record) {
    this.memory.set(value, record);
    return record;
  }

  object(value) {
    const impl = unwrap(value);
    if (impl !== undefined) return this.keep(value, platformRecord(impl));
    if (proxyDetails(value) !== null) throw cannotClone('#<Object>');
    const prototype = ObjectGetPrototypeOf(value);
    if (ArrayIsArray(value)) return this.array(value);
    // The common case without questions; what has another prototype is asked for its internal slots.
    if (prototype !== ObjectPrototype && prototype !== null) {
      const special = this.special(value);
      if (special !== null) return special;
    }
    return this.properties(value, this.keep(value, new CloneRecord(OBJECT, null)));
  }

  special(value) {
    const time = attemptClone(() => DatePrototypeGetTime(value));
    if (time !== undefined) return this.keep(value, new CloneRecord(DATE, time));
    const size = attemptClone(() => MapPrototypeGetSize(value));
    if (size !== undefined) return this.map(value);
    const members = attemptClone(() => SetPrototypeGetSize(value));
    if (members !== undefined) return this.set(value);
    if (ArrayBufferIsView(value)) return this.view(value);
    const bytes = attemptClone(() => ArrayBufferPrototypeGetByteLength(value));
    if (bytes !== undefined) return this.buffer(value);
    // A view can be made of shared memory, too. No agent cluster here is cross-origin isolated.
    if (attemptClone(() => new DataView(value)) !== undefined) throw domException('DataCloneError', 'A SharedArrayBuffer cannot be shared: the document is not cross-origin isolated.');
    if (ObjectPrototypeIsPrototypeOf(ErrorPrototype, value) && ObjectGetOwnPropertyDescriptor(value, 'stack') !== undefined) return this.error(value);
    if (value !== CLONE_REGEXP_PROTOTYPE) {
      const source = attemptClone(() => RegExpPrototypeGetSource(value));
      if (source !== undefined) {
        const record = new CloneRecord(REGEXP, source);
        record.more = cloneFlags(value);
        return this.keep(value, record);
      }
    }
    const boxed = attemptClone(() => NumberPrototypeValueOf(value)) ?? attemptClone(() => BooleanPrototypeValueOf(value)) ?? attemptClone(() => StringPrototypeToString(value))
      ?? attemptClone(() => BigIntPrototypeValueOf(value));
    if (boxed !== undefined) return this.keep(value, new CloneRecord(BOXED, boxed));
    // Objects with other internal slots cannot be cloned.
    if ((attemptClone(() => promiseState(value)) ?? null) !== null) throw cannotClone('#<Promise>');
    if (isWeakCollection(value)) throw cannotClone('#<WeakMap>');
    return null;
  }

  buffer(buffer) {
    if (isDetachedBuffer(buffer)) throw domException('DataCloneError', 'An ArrayBuffer is detached and could not be cloned.');
    let copy;
    if (isResizable(buffer)) {
      copy = new ArrayBuffer(ArrayBufferPrototypeGetByteLength(buffer), { __proto__: null, maxByteLength: maxLengthOf(buffer) });
    } else copy = new ArrayBuffer(ArrayBufferPrototypeGetByteLength(buffer));
    TypedArrayPrototypeSet(new Uint8Array(copy), new Uint8Array(buffer));
    return this.keep(buffer, new CloneRecord(BUFFER, copy));
  }

  view(view) {
    const parts = partsOfView(view);
    if (isDetachedBuffer(parts.buffer)) throw domException('DataCloneError', 'An ArrayBuffer is detached and could not be cloned.');
    const tag = TypedArrayPrototypeGetSymbolToStringTag(view);
    // Out of bounds of a buffer that shrank: these throw.
    try {
      if (tag === undefined) DataViewPrototypeGetByteLength(view);
      else TypedArrayPrototypeFill(view, tag === 'BigInt64Array' || tag === 'BigUint64Array' ? 0n : 0, 0, 0);
    } catch {
      throw domException('DataCloneError', 'A view is out of bounds of its buffer and could not be cloned.');
    }
    const record = new CloneRecord(VIEW, tag ?? 'DataView');
    this.keep(view, record);
    const buffer = this.write(parts.buffer);
    let length = tag === undefined ? parts.length : TypedArrayPrototypeGetLength(view);
    if (isResizable(parts.buffer) && followsBuffer(view, parts)) length = undefined;
    record.more = { __proto__: null, buffer, offset: parts.offset, length };
    return record;
  }

  map(map) {
    const record = this.keep(map, new CloneRecord(MAP, []));
    const copied = [];
    MapPrototypeForEach(map, (value, key) => {
      copied[copied.length] = key;
      copied[copied.length] = value;
    });
    for (let i = 0; i < copied.length; i++) record.data[i] = this.write(copied[i]);
    return record;
  }

  set(set) {
    const record = this.keep(set, new CloneRecord(SET, []));
    const copied = [];
    SetPrototypeForEach(set, (value) => {
      copied[copied.length] = value;
    });
    for (let i = 0; i < copied.length; i++) record.data[i] = this.write(copied[i]);
    return record;
  }

  // Step 17
  error(error) {
    const named = error.name;
    const name = named === undefined ? 'Error' : String(named);
    const message = ObjectGetOwnPropertyDescriptor(error, 'message');
    const stack = ObjectGetOwnPropertyDescriptor(error, 'stack');
    const record = this.keep(error, new CloneRecord(ERROR, CLONE_ERRORS[name] === undefined ? 'Error' : name));
    const cause = ObjectGetOwnPropertyDescriptor(error, 'cause');
    record.more = {
      __proto__: null, message: message === undefined || !('value' in message) ? undefined : String(message.value),
      stack: stack === undefined ? undefined : String('value' in stack ? stack.value : error.stack),
      cause: cause === undefined || !('value' in cause) ? null : this.write(cause.value),
    };
    return record;
  }

  array(array) {
    const record = this.keep(array, new CloneRecord(ARRAY, array.length));
    return this.properties(array, record);
  }

  properties(object, record) {
    const keys = ObjectKeys(object);
    const list = [];
    record.more = list;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      // A getter may have removed what comes later.
      const descriptor = ObjectGetOwnPropertyDescriptor(object, key);
      if (descriptor === undefined) continue;
      list[list.length] = key;
      list[list.length] = this.write(object[key]);
    }
    return record;
  }
}


function isWeakCollection(value) {
  return attemptClone(() => WeakMapPrototypeHas(value, value)) !== undefined || attemptClone(() => WeakSetPrototypeHas(value, value)) !== undefined;
}

// `more` is the impl: the way to another isolate (wire.js) needs more than its copy.
export function platformRecord(impl) {
  const record = platformCopy(impl);
  record.more = impl;
  return record;
}

function platformCopy(impl) {
  if (impl instanceof FileImpl) {
    return new CloneRecord(PLATFORM, () => {
      const file = new FileImpl(impl.bytes, impl.name, impl.type, impl.lastModified);
      file.webkitRelativePath = impl.webkitRelativePath;
      return file;
    });
  }
  if (impl instanceof BlobImpl) return new CloneRecord(PLATFORM, () => new BlobImpl(impl.bytes, impl.type));
  if (impl instanceof FileListImpl) return new CloneRecord(PLATFORM, () => new FileListImpl(impl.files));
  if (impl instanceof DOMExceptionImpl) return new CloneRecord(PLATFORM, () => new DOMExceptionImpl(impl.message, impl.name));
  // https://drafts.fxtf.org/geometry/#structured-serialization
  if (impl.structuredCopy !== undefined) return new CloneRecord(PLATFORM, () => impl.structuredCopy());
  const clone = cloneSteps.get(impl.iface);
  if (clone !== undefined) return new CloneRecord(PLATFORM, () => clone(impl));
  throw cannotClone('#<' + (impl.iface === null ? 'Object' : impl.iface.name) + '>');
}

// Serializable interfaces of other files: iface to (impl) => copy.
const cloneSteps = new SafeMap();

export function defineCloneSteps(iface, copy) {
  cloneSteps.set(iface, copy);
}

class Deserializer {
  constructor() {
    this.memory = new SafeMap();     // CloneRecord to object
  }

  read(record) {
    if (record.kind === PRIMITIVE) return record.data;
    const known = this.memory.get(record);
    if (known !== undefined) return known;
    return this.make(record);
  }

  keep(record, value) {
    this.memory.set(record, value);
    return value;
  }

  make(record) {
    const { data } = record;
    switch (record.kind) {
      case BOXED: return this.keep(record, Object(data));
      case DATE: return this.keep(record, new Date(data));
      case REGEXP: return this.keep(record, new RegExp(data, record.more));
      case BUFFER: return this.keep(record, data);
      case TRANSFERRED: case STREAMED: return this.keep(record, record.more());
      case PLATFORM: return this.keep(record, wrap(data()));
      case VIEW: {
        const { buffer, offset, length } = record.more;
        const memory = this.read(buffer);
        return this.keep(record, data === 'DataView' ? new DataView(memory, offset, length) : new (CLONE_VIEWS[data] ?? globalThis.Float16Array)(memory, offset, length));
      }
      case MAP: {
        const map = this.keep(record, new Map());
        for (let i = 0; i < data.length; i += 2) MapPrototypeSet(map, this.read(data[i]), this.read(data[i + 1]));
        return map;
      }
      case SET: {
        const set = this.keep(record, new Set());
        for (let i = 0; i < data.length; i++) SetPrototypeAdd(set, this.read(data[i]));
        return set;
      }
      case ERROR: return this.error(record);
      case ARRAY: {
        const array = this.keep(record, []);
        array.length = data;
        return this.properties(record, array);
      }
      default: return this.properties(record, this.keep(record, {}));
    }
  }

  error(record) {
    const { message, stack, cause } = record.more;
    const error = this.keep(record, new CLONE_ERRORS[record.data]());
    const define = (key, value) => ObjectDefineProperty(error, key, { __proto__: null, value, writable: true, enumerable: false, configurable: true });
    if (message !== undefined) define('message', message);
    if (stack !== undefined) define('stack', stack);
    if (cause !== null) define('cause', this.read(cause));
    return error;
  }

  properties(record, object) {
    const list = record.more;
    for (let i = 0; i < list.length; i += 2) {
      ObjectDefineProperty(object, list[i], { __proto__: null, value: this.read(list[i + 1]), writable: true, enumerable: true, configurable: true });
    }
    return object;
  }
}


// Transferable interfaces besides ports: message ports go in place of their objects, which no page sees.
const isStreamName = (name) => name === 'ReadableStream' || name === 'WritableStream' || name === 'TransformStream';

// The `more` of a STREAMED record. `ports`: functions that give the ports of the message.
export function receiverOf({ name, first, count }, ports) {
  return () => {
    const own = [];
    for (let i = 0; i < count; i++) own[i] = ports[first + i]();
    return wrap(streamFromPorts(name, own));
  };
}

// https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializewithtransfer: { root, ports, holders, hidden }; `hidden`: the indices of
// ports that carry a transferred stream, in order
export function serializeValue(value, transfer) {
  const transferred = new SafeMap();
  const steps = [];
  const ports = [];
  const holders = [];
  const hidden = [];
  const list = transfer ?? [];
  for (let i = 0; i < list.length; i++) {
    const object = list[i];
    const impl = unwrap(object);
    const isPort = impl instanceof MessagePortImpl;
    const isBuffer = impl === undefined && attemptClone(() => ArrayBufferPrototypeGetByteLength(object)) !== undefined;
    const isStream = impl !== undefined && !isPort && isStreamName(impl.iface.name);
    const isMoved = impl !== undefined && (impl.iface.name === 'OffscreenCanvas' || impl.iface.name === 'ImageBitmap');
    // 2.1-2.3.
    if (!isPort && !isBuffer && !isStream && !isMoved) throw domException('DataCloneError', 'Value at index ' + i + ' does not have a transferable type.');
    if (transferred.has(object)) throw domException('DataCloneError', (isPort ? 'Message port' : isStream || isMoved ? impl.iface.name : 'ArrayBuffer') + ' at index ' + i + ' is a duplicate of an earlier one.');
    const record = new CloneRecord(isStream ? STREAMED : isMoved ? PLATFORM : TRANSFERRED, null);
    transferred.set(object, record);
    if (isBuffer) steps[steps.length] = { __proto__: null, object, record, index: i };
    else steps[steps.length] = { __proto__: null, object: impl, record, index: i, port: isPort };
  }
  const root = new Serializer(transferred).write(value);
  // 5. after everything that may throw or run page code
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i];
    if (step.port) {
      if (step.object.detached) throw domException('DataCloneError', 'Port at index ' + step.index + ' is already neutered.');
    } else if (step.record.kind === PLATFORM) step.object.checkTransfer();
    else if (step.record.kind === TRANSFERRED && isDetachedBuffer(step.object)) throw domException('DataCloneError', 'ArrayBuffer at index ' + step.index + ' is already detached.');
  }
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i];
    if (step.port) {
      const port = movePort(step.object, ports, holders);
      step.record.data = ports.length - 1;
      step.record.more = () => wrap(port());
    } else if (step.record.kind === STREAMED) {
      const { name } = step.object.iface;
      const own = portsOfStream(name, step.object);
      step.record.data = { __proto__: null, name, first: ports.length, count: own.length };
      step.record.more = receiverOf(step.record.data, ports);
      for (let j = 0; j < own.length; j++) {
        hidden[hidden.length] = ports.length;
        movePort(own[j], ports, holders);
      }
    } else if (step.record.kind === PLATFORM) {
      const moved = step.object.moveOut();
      step.record.data = () => moved;
      step.record.more = moved;
    } else {
      const moved = ArrayBufferPrototypeTransfer(step.object);
      step.record.more = () => moved;
    }
  }
  return { __proto__: null, root, ports, holders, hidden };
}

function movePort(impl, ports, holders) {
  const holder = detachPort(impl);
  let made = null;
  const port = () => made ?? (made = receivePort(holder));
  holders[holders.length] = holder;
  ports[ports.length] = port;
  return port;
}

// The value, and the ports that came with it (impls).
export function deserializeValue(serialized) {
  const ports = [];
  const { hidden } = serialized;
  let next = 0;
  for (let i = 0; i < serialized.ports.length; i++) {
    if (hidden !== undefined && next < hidden.length && hidden[next] === i) next++;
    else ports[ports.length] = serialized.ports[i]();
  }
  return { __proto__: null, value: new Deserializer().read(serialized.root), ports };
}

// The value of a record by itself.
export function readRecord(record) {
  return new Deserializer().read(record);
}

export function structuredCloneValue(value, transfer) {
  return deserializeValue(serializeValue(value, transfer)).value;
}

defineInterface(`
dictionary StructuredSerializeOptions { sequence<object> transfer = []; };
partial interface mixin WindowOrWorkerGlobalScope {
  any structuredClone(any value, optional StructuredSerializeOptions options = {});
};
`, {
  structuredClone: (self, value, options) => structuredCloneValue(value, options.transfer),
});
