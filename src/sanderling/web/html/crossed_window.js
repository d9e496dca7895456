// https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-windowproxy-exotic-object
// What pages hold of a child frame's window stays the same object when its document goes into another isolate: its members are taken off it, and the proxy of
// remote_window.js becomes its prototype, so that whatever is read or written crosses origins.

import {
  ObjectCreate, ObjectDefineProperty, ObjectGetPrototypeOf, ReflectDeleteProperty, ReflectGetOwnPropertyDescriptor, ReflectOwnKeys, ReflectSetPrototypeOf,
} from '../primordials.js';
import { stamp, wrap } from '../webidl/wrapper.js';
import { isScoped } from './frame_scripts.js';
import { installGlobal } from './frames.js';

export function crossOver(window) {
  const { globalObject: global, remote } = window;
  const prototype = ObjectGetPrototypeOf(global);
  window.localGlobal = global;
  // What is frozen stays what it is: pages get another object then.
  if (!ReflectSetPrototypeOf(global, remote.proxy)) {
    window.globalObject = remote.globalObject;
    return;
  }
  // What its scripts left behind goes on with the names that they had.
  const former = isScoped(window) ? formerOf(window, prototype) : null;
  const keys = ReflectOwnKeys(global);
  for (let i = 0; i < keys.length; i++) {
    if (former !== null && !(keys[i] in SELVES)) ObjectDefineProperty(former, keys[i], ReflectGetOwnPropertyDescriptor(global, keys[i]));
    ReflectDeleteProperty(global, keys[i]);
  }
  window.formerGlobal = former;
  remote.globalObject = global;
  remote.localPrototype = prototype;
  remote.localLocation = window.location.wrapper;
  window.location.wrapper = remote.location;
}

const SELVES = { __proto__: null, window: true, self: true, frames: true, globalThis: true, document: true, location: true };

function formerOf(window, prototype) {
  const former = ObjectCreate(prototype);
  for (const key in SELVES) {
    const value = key === 'document' ? wrap(window.document) : key === 'location' ? wrap(window.location) : former;
    ObjectDefineProperty(former, key, { __proto__: null, value, writable: true, enumerable: true, configurable: key !== 'window' && key !== 'document' && key !== 'location' });
  }
  stamp(former, window);
  window.wrapper = window.globalObject;
  return former;
}

export function crossBack(window, remote) {
  window.formerGlobal = null;
  if (window.globalObject === window.localGlobal) {
    remote.globalObject = remote.proxy;
    window.location.wrapper = remote.localLocation;
    ReflectSetPrototypeOf(window.localGlobal, remote.localPrototype);
    installGlobal(window, window.localGlobal);
  } else window.globalObject = window.localGlobal;
}
