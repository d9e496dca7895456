// https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-windowproxy-exotic-object
// Objects of windows of the same origin that live in another isolate (a popup, its opener). What they give are primitives, or proxies of objects that stay
// where they are: each operation on one is carried out there while the code here waits for it. Promises become promises of this isolate.
// DEVIATION: a proxy is no platform object here (no node can be adopted), and has no prototype.

import { hostCall, hostPost, onHost, promiseState, wallMs } from '../host.js';
import {
  ArrayIsArray, ArrayPrototype, BigInt, BigIntPrototypeToString, Error, ErrorPrototype, EvalError, FunctionPrototypeBind, MathRandom, Number, ObjectDefineProperty, ObjectGetOwnPropertyDescriptor, ObjectGetPrototypeOf,
  ObjectHasOwn, ObjectIs, ObjectKeys, ObjectPrototype, Promise, PromisePrototypeThen, Proxy, RangeError, ReferenceError, ReflectApply, ReflectConstruct, ReflectDeleteProperty, ReflectHas, ReflectOwnKeys, SafeMap, SafeWeakMap, String,
  SymbolAsyncIterator, SymbolHasInstance, SymbolIterator, SymbolToPrimitive, SymbolToStringTag, SyntaxError, TypeError, URIError,
} from '../primordials.js';
import { unwrap, wrap } from '../webidl/wrapper.js';
import { domException, DOMExceptionImpl } from '../dom/DOMException.js';
import { DocumentImpl } from '../dom/node.js';
import { currentWindow, windowOfFrame, withWindow } from './realm.js';
import { farDocument, pageOfIsolate, remoteOfProxy, windowAt } from './remote_window.js';
import { WindowImpl } from './Window.js';

const MAX_GIVEN = 100_000;         // objects that others may hold of this isolate: whoever goes on without end is stopped

// Ids of another isolate, or of the last document of a window, name nothing here.
const isolateTag = pageOfIsolate() + ' ' + wallMs() + ' ' + MathRandom();
const given = new SafeMap();       // id to object, of this isolate: others hold it
const givenIds = new SafeWeakMap();
const farObjects = new SafeWeakMap();   // proxy to { home, tag, id }
const farProxies = new SafeMap();  // tag and id to proxy: the same one for the same object
const settlers = new SafeMap();    // number to { resolve, reject } of a promise that stands for one elsewhere
let sent = null;                   // while another isolate waits for code here: by tag and id, members of what it sent
let nextGiven = 1;
let nextSettler = 1;

const MAX_MEMBERS = 1000;          // that go along with one value
const MEMBER_DEPTH = 4;
let memberBudget = 0;

const SYMBOLS = {
  __proto__: null, iterator: SymbolIterator, asyncIterator: SymbolAsyncIterator, toPrimitive: SymbolToPrimitive, toStringTag: SymbolToStringTag, hasInstance: SymbolHasInstance,
};
const ERRORS = { __proto__: null, Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

function unsupported(what) {
  return domException('NotSupportedError', what + ' is not supported between windows of different isolates.');
}

function isFarable(value) {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function give(object) {
  const known = givenIds.get(object);
  if (known !== undefined) return known;
  if (given.size >= MAX_GIVEN) throw unsupported('Holding more than ' + MAX_GIVEN + ' objects');
  const id = nextGiven++;
  given.set(id, object);
  givenIds.set(object, id);
  return id;
}

// -- values on their way -----------------------------------------------------------------------------------------------------

function home() {
  return { __proto__: null, page: pageOfIsolate(), frame: currentWindow().frameId };
}

// The members of a plain object or array: while its owner waits they cannot change, so that they go along with what it waits for. Null for anything else.
function membersOf(value, depth) {
  const list = ArrayIsArray(value);
  if (depth === 0 || (!list && ObjectGetPrototypeOf(value) !== ObjectPrototype)) return null;
  const keys = ReflectOwnKeys(value);
  memberBudget = depth === MEMBER_DEPTH ? MAX_MEMBERS : memberBudget;
  memberBudget -= keys.length;
  if (memberBudget < 0) return null;
  const out = { __proto__: null };
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    const descriptor = ObjectGetOwnPropertyDescriptor(value, key);
    if (typeof key !== 'string' || descriptor === undefined || descriptor.get !== undefined || descriptor.set !== undefined || typeof descriptor.value === 'symbol') return null;
    out[key] = { __proto__: null, value: encodeFar(descriptor.value, depth - 1), enumerable: descriptor.enumerable };
  }
  return out;
}

function encodeFar(value, depth = MEMBER_DEPTH) {
  switch (typeof value) {
    case 'undefined': return { __proto__: null, type: 'undefined' };
    case 'string':
    case 'boolean': return { __proto__: null, type: 'value', value };
    case 'number': return value - value === 0 && !ObjectIs(value, -0) ? { __proto__: null, type: 'value', value } : { __proto__: null, type: 'number', value: ObjectIs(value, -0) ? '-0' : String(value) };
    case 'bigint': return { __proto__: null, type: 'bigint', value: BigIntPrototypeToString(value) };
    case 'symbol': throw unsupported('A symbol');
    default:
  }
  if (value === null) return { __proto__: null, type: 'value', value };
  const far = farObjects.get(value);
  if (far !== undefined) return { __proto__: null, type: 'object', home: far.home, tag: far.tag, id: far.id, callable: typeof value === 'function', list: ArrayIsArray(value) };
  const remote = remoteOfProxy(value);
  if (remote !== null) return remote;
  const impl = unwrap(value);
  if (impl instanceof WindowImpl) return { __proto__: null, type: 'window', page: pageOfIsolate(), frame: impl.frameId };
  if (impl instanceof DocumentImpl && impl.window !== null && impl.window.document === impl) {
    return { __proto__: null, type: 'document', page: pageOfIsolate(), frame: impl.window.frameId };
  }
  const type = impl === undefined && typeof value === 'object' && isPromise(value) ? 'promise' : 'object';
  return { __proto__: null, type, home: home(), tag: isolateTag, id: give(value), callable: typeof value === 'function', list: ArrayIsArray(value), members: type === 'object' && impl === undefined && typeof value === 'object' ? membersOf(value, depth) : null };
}

function isPromise(value) {
  try {
    return promiseState(value) !== undefined && ObjectGetPrototypeOf(value) === Promise.prototype;
  } catch {
    return false;
  }
}

function decodeFar(data) {
  switch (data.type) {
    case 'undefined': return undefined;
    case 'value': return data.value;
    case 'number': return Number(data.value);
    case 'bigint': return BigInt(data.value);
    case 'window': return windowAt(data.page, data.frame).globalObject;
    case 'document': {
      const window = windowAt(data.page, data.frame);
      return window.isRemote === true ? farDocument(window) : wrap(window.document);
    }
    default:
  }
  if (data.tag === isolateTag) return given.get(data.id);
  if (data.type === 'promise') return farPromise(data);
  if (sent !== null && data.members) sent.set(data.tag + ' ' + data.id, data.members);
  return farProxy(data);
}

// What was thrown; where that cannot be looked at, or goes nowhere else, that it cannot.
function encodeThrown(error) {
  try {
    return encodeError(error);
  } catch {
    return { __proto__: null, type: 'dom', name: 'NotSupportedError', message: 'What was thrown cannot be given to a window of another isolate.' };
  }
}

function encodeError(error) {
  const impl = unwrap(error);
  if (impl instanceof DOMExceptionImpl) return { __proto__: null, type: 'dom', name: impl.name, message: impl.message };
  for (let at = error, depth = 0; isFarable(at) && depth < 8; depth++) {
    if (at === ErrorPrototype) return { __proto__: null, type: 'error', name: '' + error.name, message: '' + error.message };
    at = ObjectGetPrototypeOf(at);
  }
  return encodeFar(error);
}

function decodeThrown(data) {
  if (data.type === 'dom') return domException(data.name, data.message);
  if (data.type !== 'error') return decodeFar(data);
  const known = ERRORS[data.name];
  const error = new (known ?? Error)(data.message);
  if (known === undefined) ObjectDefineProperty(error, 'name', { __proto__: null, value: data.name, writable: true, enumerable: false, configurable: true });
  return error;
}

// A key of a property, or null: one that nothing has there.
function encodeKey(key) {
  if (typeof key === 'string') return { __proto__: null, text: key };
  for (const name in SYMBOLS) if (SYMBOLS[name] === key) return { __proto__: null, symbol: name };
  return null;
}

function decodeKey(data) {
  return ObjectHasOwn(data, 'text') ? data.text : SYMBOLS[data.symbol];
}

// -- here: what stands for objects elsewhere ---------------------------------------------------------------------------------

// At the end of the stack, too, whoever calls back is answered: he would wait for ever.
function reachedAnyhow(payload) {
  try {
    return reached(payload);
  } catch {
    return { __proto__: null, name: 'InvalidStateError', refused: 'The stack of the window is used up.' };
  }
}

// `where`: { page, frame } that the object is reached by. `root`: it is the window, or its document, and no object that was given.
function ask(where, more) {
  let answer = hostCall('window.reach', { page: where.page, frame: where.frame, from: currentWindow().frameId, ...more });
  // The code there calls back into this isolate while this one waits for it.
  while (ObjectHasOwn(answer, 'nested')) answer = hostCall('window.resume', { __proto__: null, wait: answer.wait, answer: reachedAnyhow(answer.nested) });
  if (ObjectHasOwn(answer, 'refused')) throw domException(answer.name, answer.refused);
  if (ObjectHasOwn(answer, 'thrown')) throw decodeThrown(answer.thrown);
  return decodeFar(answer.value);
}

export function readFarMember(remote, root, key) {
  const name = encodeKey(key);
  return name === null ? undefined : ask(remote, { root, operation: 'get', key: name });
}

export function hasFarMember(remote, root, key) {
  const name = encodeKey(key);
  return name !== null && ask(remote, { root, operation: 'has', key: name });
}

export function writeFarMember(remote, root, key, value) {
  const name = encodeKey(key);
  if (name === null) throw unsupported('A symbol');
  ask(remote, { root, operation: 'set', key: name, value: encodeFar(value) });
}

function encodeAll(list) {
  const out = [];
  for (let i = 0; i < list.length; i++) out[i] = encodeFar(list[i]);
  return out;
}

function farProxy(data) {
  const at = data.tag + ' ' + data.id;
  const known = farProxies.get(at);
  if (known !== undefined) return known;
  const where = data.home;
  const perform = (operation, more) => {
    const members = sent === null ? undefined : sent.get(at);
    if (members !== undefined && more.value === undefined) {
      if (operation === 'keys') return ObjectKeys(members);
      const member = more.key !== undefined && more.key.text !== undefined && ObjectHasOwn(members, more.key.text) ? members[more.key.text] : null;
      if (member && operation === 'get') return decodeFar(member.value);
      if (member && operation === 'has') return true;
      if (operation === 'describe') return member ? (member.enumerable ? 'enumerable' : 'hidden') : '';
      // Of Object.prototype and Array.prototype, which both sides have.
      if (operation === 'get') return (data.list ? ArrayPrototype : ObjectPrototype)[decodeKey(more.key)];
      if (operation === 'has') return decodeKey(more.key) in (data.list ? ArrayPrototype : ObjectPrototype);
    }
    return ask(where, { tag: data.tag, id: data.id, operation, ...more });
  };
  const named = (operation, key, nothing, more) => {
    const name = encodeKey(key);
    return name === null ? nothing : perform(operation, { key: name, ...more });
  };
  // A bound function has no properties that cannot be changed, and may be called with `new`.
  const target = data.callable ? FunctionPrototypeBind(function () {}, null) : data.list ? [] : {};
  const proxy = new Proxy(target, {
    __proto__: null,
    get: (_, key) => named('get', key, undefined),
    set(_, key, value) {
      named('set', key, undefined, { value: encodeFar(value) });
      return true;
    },
    has: (_, key) => named('has', key, false),
    deleteProperty: (_, key) => named('delete', key, true),
    apply: (_, self, list) => perform('call', { self: encodeFar(self), list: encodeAll(list) }),
    construct: (_, list) => perform('construct', { list: encodeAll(list) }),
    ownKeys: () => {
      const names = perform('keys', {});
      const out = [];
      for (let i = 0; names[i] !== undefined; i++) out[i] = names[i];
      return out;
    },
    getOwnPropertyDescriptor(_, key) {
      const kind = named('describe', key, '');
      if (kind === '') return undefined;
      const configurable = !data.list || key !== 'length';
      return { __proto__: null, value: named('get', key, undefined), writable: true, enumerable: kind === 'enumerable', configurable };
    },
    defineProperty: () => {
      throw unsupported('Object.defineProperty()');
    },
    getPrototypeOf: () => null,
    setPrototypeOf: (_, value) => value === null,
    isExtensible: () => true,
    preventExtensions: () => false,
  });
  farProxies.set(at, proxy);
  farObjects.set(proxy, { __proto__: null, home: where, tag: data.tag, id: data.id });
  return proxy;
}

function farPromise(data) {
  const number = nextSettler++;
  const promise = new Promise((resolve, reject) => {
    settlers.set(number, { __proto__: null, resolve, reject });
  });
  ask(data.home, { tag: data.tag, id: data.id, operation: 'settle', settler: number, asker: { __proto__: null, ...home(), tag: isolateTag } });
  return promise;
}

// { settler, value } or { settler, thrown }: a promise elsewhere was settled.
onHost('window.settled', (payload) => {
  // The document that waited may be gone, and another one there.
  const settler = payload.tag === isolateTag ? settlers.get(payload.settler) : undefined;
  if (settler === undefined) return null;
  settlers.delete(payload.settler);
  if (payload.thrown !== undefined) settler.reject(decodeThrown(payload.thrown));
  else settler.resolve(decodeFar(payload.value));
  return null;
});

// -- there: what is done with objects of this isolate ------------------------------------------------------------------------

function objectOf(window, payload) {
  if (payload.root === 'window') return window.globalObject;
  if (payload.root === 'document') return wrap(window.document);
  const object = payload.tag === isolateTag ? given.get(payload.id) : undefined;
  if (object === undefined) throw domException('InvalidStateError', 'The object belongs to a document that is gone.');
  return object;
}

function operateFar(window, payload) {
  const object = objectOf(window, payload);
  const key = payload.key === undefined ? undefined : decodeKey(payload.key);
  switch (payload.operation) {
    case 'get': return object[key];
    case 'set':
      object[key] = decodeFar(payload.value);
      return undefined;
    case 'has': return ReflectHas(object, key);
    case 'delete': return ReflectDeleteProperty(object, key);
    case 'call': return ReflectApply(object, decodeFar(payload.self), decodeList(payload.list));
    case 'construct': return ReflectConstruct(object, decodeList(payload.list));
    case 'keys': return ownNames(object);
    case 'describe': {
      const descriptor = ObjectGetOwnPropertyDescriptor(object, key);
      return descriptor === undefined ? '' : descriptor.enumerable ? 'enumerable' : 'hidden';
    }
    default:
      reportSettling(object, payload);
      return undefined;
  }
}

function decodeList(list) {
  const out = [];
  for (let i = 0; i < list.length; i++) out[i] = decodeFar(list[i]);
  return out;
}

function ownNames(object) {
  const keys = ReflectOwnKeys(object);
  const out = [];
  for (let i = 0; i < keys.length; i++) if (typeof keys[i] === 'string') out[out.length] = keys[i];
  return out;
}

function reportSettling(promise, { settler, asker }) {
  const send = (outcome) => hostPost('window.settle', { __proto__: null, ...asker, settler, ...outcome });
  const fail = (error) => send({ __proto__: null, thrown: encodeThrown(error) });
  PromisePrototypeThen(promise, (value) => {
    let encoded;
    try {
      encoded = encodeFar(value);
    } catch (error) {
      fail(error);
      return;
    }
    send({ __proto__: null, value: encoded });
  }, fail);
}

// { frame, root, tag, id, operation, ... }: code of a window of the same origin elsewhere does something with an object of this one.
function reached(payload) {
  const window = windowOfFrame(payload.frame);
  if (window === null) return { __proto__: null, name: 'InvalidStateError', refused: 'The window has no document any more.' };
  return withWindow(window, () => {
    const before = sent;
    sent = new SafeMap();
    try {
      return { __proto__: null, value: encodeFar(operateFar(window, payload)) };
    } catch (error) {
      return { __proto__: null, thrown: encodeThrown(error) };
    } finally {
      sent = before;
    }
  });
}

onHost('window.reached', reached);
