// https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-windowproxy-exotic-object
// The object that pages get for the window of a child frame: the same whatever document it shows. While that is in this isolate, the object stands for the
// global object that its scripts run in; else it does what the proxy of remote_window.js does, and that global object is what the former scripts go on with.

import { ObjectCreate, ObjectDefineProperty, ObjectSetPrototypeOf, Proxy, ReflectDefineProperty, ReflectDeleteProperty, ReflectGetOwnPropertyDescriptor, ReflectGetPrototypeOf, ReflectOwnKeys } from '../primordials.js';
import { stamp, unwrap } from '../webidl/wrapper.js';
import { documentFrames } from './Window.js';

// DEVIATION: they are configurable, since a proxy could not do without them elsewhere; but nobody can configure them.
const UNFORGEABLE = { __proto__: null, window: true, document: true, location: true, top: true };

const isIndex = (key) => typeof key === 'string' && '' + (key >>> 0) === key;

const LOCAL_TRAPS = {
  __proto__: null,
  defineProperty(target, key, descriptor) {
    // https://html.spec.whatwg.org/multipage/nav-history-apis.html#windowproxy-defineownproperty, 2.1: an index is that of a child frame, or nothing.
    if (typeof key === 'string' && (UNFORGEABLE[key] !== undefined || isIndex(key))) return false;
    ObjectSetPrototypeOf(descriptor, null);          // the engine's: it has what pages add to Object.prototype
    return ReflectDefineProperty(target, key, descriptor);
  },
  deleteProperty(target, key) {
    if (isIndex(key)) return key >= documentFrames(unwrap(target)).length;
    return (typeof key !== 'string' || UNFORGEABLE[key] === undefined) && ReflectDeleteProperty(target, key);
  },
  setPrototypeOf: (target, prototype) => prototype === ReflectGetPrototypeOf(target),
  preventExtensions: () => false,
};

// Makes both, and gives the global object.
export function makeFrameProxy(window) {
  const { prototype, unforgeable } = window.iface;
  const global = stamp(ObjectCreate(prototype), window);
  for (const key in UNFORGEABLE) {
    ObjectDefineProperty(global, key, { ...ReflectGetOwnPropertyDescriptor(unforgeable, key), __proto__: null, enumerable: true, configurable: true });
  }
  const handler = { __proto__: null };
  const proxy = stamp(new Proxy(global, handler), window);
  window.localGlobal = global;
  window.globalObject = proxy;
  window.traps = handler;
  setTraps(handler, LOCAL_TRAPS);
  return global;
}

function setTraps(handler, traps) {
  for (const name in handler) delete handler[name];
  for (const name in traps) handler[name] = traps[name];
}

export function crossOver(window) {
  const { remote } = window;
  setTraps(window.traps, remote.traps);
  // What a page made fast on it has to be among the keys.
  window.traps.ownKeys = (target) => {
    const keys = remote.traps.ownKeys(target);
    const own = ReflectOwnKeys(target);
    for (let i = 0; i < own.length; i++) {
      if (ReflectGetOwnPropertyDescriptor(target, own[i]).configurable) continue;
      let seen = false;
      for (let j = 0; j < keys.length; j++) if (keys[j] === own[i]) seen = true;
      if (!seen) keys[keys.length] = own[i];
    }
    return keys;
  };
  remote.globalObject = window.globalObject;
}

export function crossBack(window) {
  setTraps(window.traps, LOCAL_TRAPS);
}
