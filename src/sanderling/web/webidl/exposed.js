// https://webidl.spec.whatwg.org/#define-the-global-property-references
// Interface objects on global objects. One that is not made yet stands there as a pair of functions that make it; whoever looks at the property, reads it or asks
// for its descriptor, finds the data property of the standard.

import {
  ObjectDefineProperties, ObjectDefineProperty, NativeObjectGetOwnPropertyDescriptor, ObjectGetOwnPropertyDescriptor, ObjectGetOwnPropertyDescriptors, ObjectHasOwn, ObjectPrototype, ObjectPrototype__defineGetter__,
  ObjectPrototype__defineSetter__, ObjectPrototype__lookupGetter__, ObjectPrototype__lookupSetter__, Object, Reflect, ReflectApply, ReflectDefineProperty, ReflectDeleteProperty,
  NativeReflectGetOwnPropertyDescriptor, ReflectOwnKeys, RegExpPrototypeExec, StringPrototypeIncludes, StringPrototypeIndexOf, StringPrototypeSlice, StringPrototypeSplit,
} from '../primordials.js';
import { isStarted, onBoot } from '../host.js';
import { standInFor } from '../emulation/masked.js';
import { frameConstructor } from '../html/frame_constructors.js';
import { interfaceOf, isMade } from './interface.js';
import { unwrap } from './wrapper.js';

// One interface object a line: '\nname exposure family interface', with '-' for the one scope, and for an interface of the same name.
let exposedText = interfacePlan === null ? '' : interfacePlan.exposed;
const madeElsewhere = [];                // [name, object]: not of an interface
const lazyProperties = { __proto__: null };      // by name
const WINDOW_KEYS = 200;                 // own properties: a window has more, other objects hardly ever

export function setExposedText(text) {
  exposedText = text;
}

function lineOf(name) {
  const at = StringPrototypeIndexOf(exposedText, '\n' + name + ' ');
  if (at < 0) return null;
  const end = StringPrototypeIndexOf(exposedText, '\n', at + 1);
  return StringPrototypeSplit(StringPrototypeSlice(exposedText, at + 1, end < 0 ? undefined : end), ' ');
}

// The family that declares the interface of an exposed name, or ''.
export function familyOfExposed(name) {
  const line = lineOf(name);
  return line === null || line[2] === '-' ? '' : line[2];
}

function exposedObject(name) {
  const line = lineOf(name);
  const record = interfaceOf(line[3] === '-' ? name : line[3]);
  const { object } = record;
  return record.factories !== null && record.factories[name] !== undefined ? record.factories[name] : object;
}

function isLazyProperty(descriptor, name) {
  if (descriptor === undefined || typeof name !== 'string') return false;
  const lazy = lazyProperties[name];
  return lazy !== undefined && ObjectHasOwn(descriptor, 'get') && descriptor.get === lazy.get;
}

const asData = (value) => ({ __proto__: null, value, writable: true, enumerable: false, configurable: true });

export function isLazyOn(holder, name) {
  return isLazyProperty(ObjectGetOwnPropertyDescriptor(holder, name), name);
}

// What a page finds where a lazy property stands. A global object has the data property from then on; a page's proxy of one notices nothing.
function settle(holder, name) {
  const object = exposedObject(name);
  let value = object;
  if (holder !== globalThis) {
    const window = unwrap(holder);
    if (window === undefined || window.isWindow !== true) return object;
    if (window.globalObject === holder || window.localGlobal === holder) value = frameConstructor(window, name, object);
  }
  if (isLazyProperty(ObjectGetOwnPropertyDescriptor(holder, name), name)) ReflectDefineProperty(holder, name, asData(value));
  return value;
}

const isObjectValue = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';

// The functions have no name of their own: nobody sees them.
class LazyProperty {
  constructor(name) {
    this.get = function () {
      // A starting engine looks which of these it need not bring along.
      if (!isStarted()) return LazyProperty;
      return isObjectValue(this) ? settle(this, name) : exposedObject(name);
    };
    // https://tc39.es/ecma262/#sec-ordinarysetwithowndescriptor, of a writable data property
    this.set = function (value) {
      if (!isObjectValue(this)) return;
      const own = ObjectGetOwnPropertyDescriptor(this, name);
      if (isLazyProperty(own, name)) ReflectDefineProperty(this, name, asData(value));
      else if (own !== undefined) ReflectDefineProperty(this, name, { __proto__: null, value });
      else ReflectDefineProperty(this, name, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
    };
  }
}

export function expose(name, object) {
  madeElsewhere[madeElsewhere.length] = [name, object];
}

// Put the interface objects that are exposed to `kind` ('Window', 'Worker'), or to a second kind that the global is too, on the global object.
export function installExposed(global, kind, also = kind) {
  const lines = StringPrototypeSplit(exposedText, '\n');
  for (let i = 1; i < lines.length; i++) {
    const parts = StringPrototypeSplit(lines[i], ' ');
    const name = parts[0];
    const where = ',' + parts[1] + ',';
    if (where !== ',*,' && !StringPrototypeIncludes(where, ',' + kind + ',') && !StringPrototypeIncludes(where, ',' + also + ',')) continue;
    if (isMade(parts[3] === '-' ? name : parts[3])) ObjectDefineProperty(global, name, asData(exposedObject(name)));
    else {
      const { get, set } = lazyProperties[name] ?? (lazyProperties[name] = new LazyProperty(name));
      ObjectDefineProperty(global, name, { __proto__: null, get, set, enumerable: false, configurable: true });
    }
  }
  for (let i = 0; kind === 'Window' && i < madeElsewhere.length; i++) ObjectDefineProperty(global, madeElsewhere[i][0], asData(madeElsewhere[i][1]));
}

// Take every interface object off it again.
export function removeExposed(global) {
  const lines = StringPrototypeSplit(exposedText, '\n');
  for (let i = 1; i < lines.length; i++) ReflectDeleteProperty(global, StringPrototypeSlice(lines[i], 0, StringPrototypeIndexOf(lines[i], ' ')));
  for (let i = 0; i < madeElsewhere.length; i++) ReflectDeleteProperty(global, madeElsewhere[i][0]);
}

// Which of the names that stand for interfaces not made yet occur in a text of code, and their interface objects.
export function lazyNamesIn(text) {
  const out = { __proto__: null, names: [], values: [] };
  const seen = { __proto__: null };
  const word = /\b(?:[A-Z]|webkit[A-Z])\w+/g;      // as all of them begin: every word would cost ten times that
  for (let found = RegExpPrototypeExec(word, text); found !== null; found = RegExpPrototypeExec(word, text)) {
    const name = found[0];
    if (lazyProperties[name] === undefined || seen[name]) continue;
    seen[name] = true;
    out.names[out.names.length] = name;
    out.values[out.values.length] = exposedObject(name);
  }
  return out;
}

// What a page is told where a lazy property stands.
function shown(object, descriptor, name) {
  return isLazyProperty(descriptor, name) ? { ...asShown(object, descriptor, name) } : descriptor;
}

const asShown = (object, descriptor, name) => ({ __proto__: null, value: settle(object, name), writable: true, enumerable: false, configurable: descriptor.configurable });

// An own property as pages see it.
export function ownDescriptor(object, key) {
  const found = ObjectGetOwnPropertyDescriptor(object, key);
  return isLazyProperty(found, key) ? asShown(object, found, key) : found;
}

// Before a property is defined in parts, which differs for accessors: it becomes what it is said to be.
function settleFirst(object, key) {
  if (typeof key !== 'string' || lazyProperties[key] === undefined) return;
  if (object === globalThis || unwrap(object)?.isWindow === true) {
    if (isLazyOn(object, key)) settle(object, key);
  }
}

// https://tc39.es/ecma262/#sec-topropertykey: once, where the key is an object.
function asPropertyKey(object, key) {
  return isObjectValue(key) && object !== undefined && object !== null ? ReflectOwnKeys({ [key]: 0 })[0] : key;
}

const OBJECT_STAND_INS = {
  getOwnPropertyDescriptor(object, given) {
    const key = asPropertyKey(object, given);
    return shown(object, NativeObjectGetOwnPropertyDescriptor(object, key), key);
  },
  getOwnPropertyDescriptors(object) {
    const found = ObjectGetOwnPropertyDescriptors(object);
    const keys = ReflectOwnKeys(found);
    for (let i = 0; keys.length > WINDOW_KEYS && i < keys.length; i++) if (lazyProperties[keys[i]] !== undefined) found[keys[i]] = shown(object, found[keys[i]], keys[i]);
    return found;
  },
  defineProperty(object, key, descriptor) {
    settleFirst(object, key);
    return ObjectDefineProperty(object, key, descriptor);
  },
  defineProperties(object, properties) {
    if (object === globalThis || unwrap(object)?.isWindow === true) {
      const keys = isObjectValue(properties) ? ReflectOwnKeys(properties) : [];
      for (let i = 0; i < keys.length; i++) settleFirst(object, keys[i]);
    }
    return ObjectDefineProperties(object, properties);
  },
};
const REFLECT_STAND_INS = {
  getOwnPropertyDescriptor(object, given) {
    const key = asPropertyKey(object, given);
    return shown(object, NativeReflectGetOwnPropertyDescriptor(object, key), key);
  },
  defineProperty(object, key, descriptor) {
    settleFirst(object, key);
    return ReflectDefineProperty(object, key, descriptor);
  },
};
const PROTOTYPE_STAND_INS = {
  __lookupGetter__(key) {
    const found = ObjectPrototype__lookupGetter__(this, key);
    return found !== undefined && lazyProperties[key] !== undefined && lazyProperties[key].get === found ? undefined : found;
  },
  __lookupSetter__(key) {
    const found = ObjectPrototype__lookupSetter__(this, key);
    return found !== undefined && lazyProperties[key] !== undefined && lazyProperties[key].set === found ? undefined : found;
  },
  __defineGetter__(key, getter) {
    settleFirst(this, key);
    return ObjectPrototype__defineGetter__(this, key, getter);
  },
  __defineSetter__(key, setter) {
    settleFirst(this, key);
    return ObjectPrototype__defineSetter__(this, key, setter);
  },
};

function replaceAllOf(object, standIns) {
  const keys = ReflectOwnKeys(standIns);
  for (let i = 0; i < keys.length; i++) standIns[keys[i]] = asData(standInFor(object[keys[i]], standIns[keys[i]]));
  onBoot(() => {
    for (let i = 0; i < keys.length; i++) ObjectDefineProperty(object, keys[i], standIns[keys[i]]);
  });
}

// What would tell a lazy property from what it stands for. Made while the snapshot is built, but put in place when the engine has started: its own script
// keeps some of these functions, and looks at thousands of properties with them.
export function hideLazyProperties() {
  replaceAllOf(Object, OBJECT_STAND_INS);
  replaceAllOf(Reflect, REFLECT_STAND_INS);
  replaceAllOf(ObjectPrototype, PROTOTYPE_STAND_INS);
}
