// https://webidl.spec.whatwg.org/#js-legacy-platform-objects
// What generated code calls: conversions, wrappers, iterators, legacy platform objects, and the hooks that other families set.

import {
  ObjectHasOwn, ArrayBufferIsView, ArrayPrototype, BigInt, IteratorPrototype, MathFround, Object, ObjectCreate, ObjectDefineProperty, ObjectFreeze, ObjectSetPrototypeOf, Promise, PromiseReject, Proxy, ReflectApply, ReflectConstruct,
  ReflectDefineProperty, ReflectDeleteProperty, SafeMap, ReflectGetOwnPropertyDescriptor, ReflectOwnKeys, ReflectSet, ReflectGetPrototypeOf, ReflectGet, ReflectHas, SymbolAsyncIterator,
  SymbolIterator, SymbolToStringTag, SymbolUnscopables, TypeError, StringPrototypeCharCodeAt, StringPrototypeSlice, String,
} from '../primordials.js';
import {
  Dictionary, enumError, isArrayBuffer, isBufferSource, isImplIn, isObject, iterate, notEnough, notEnoughToConstruct, toBufferSource, toByteString, toDOMString, toDouble, toFloat,
  toFunction, toImpl, toInt, toNumber, toObject, toPromise, toRecord, toSequence, toUSVString, whatText,
} from './conversions.js';
import { receiver, stamp, unwrap, wrap, wrapAny, wrapOrNull } from './wrapper.js';

export const hooks = {
  __proto__: null,
  htmlConstructor: null,       // (iface, newTarget) => object
  ceActive: false,             // whether any custom element is defined
  ceEnter: null,
  ceLeave: null,
  getHandler: null,            // (impl, name) => value of an event handler IDL attribute
  setHandler: null,
  reflect: null,               // see member_text.js, `reflected`
  globalImpl: null,            // the impl of the global object, for operations called without a receiver
  legacyPutForwards: null,
};

export function setHooks(values) {
  for (const name in values) hooks[name] = values[name];
}

// The receiver of a member of a [Global] interface and of EventTarget: nothing means the global object.
function globalReceiver(value, low, high) {
  if (value === undefined || value === null) return hooks.globalImpl;
  return receiver(value, low, high);
}

function wrapList(list) {
  const out = [];
  for (let i = 0; i < list.length; i++) out[i] = wrapAny(list[i]);
  return out;
}

// A list with a field `frozen` is given out as the same array each time.
function frozenList(list) {
  if (!ObjectHasOwn(list, 'frozen')) return ObjectFreeze(wrapList(list));
  return list.frozen ?? (list.frozen = ObjectFreeze(wrapList(list)));
}

function rejected(error) {
  return PromiseReject(Promise, error);
}

// https://webidl.spec.whatwg.org/#js-default-iterator-object: pairs are read live, by index.
function makePairIterator(name, proto) {
  const state = { __proto__: null };
  class Cursor {
    #self;
    #kind;
    #at = 0;
    constructor(self, kind) {
      this.#self = self;
      this.#kind = kind;
    }
    static step(cursor) {
      if (!isObject(cursor) || !(#self in cursor)) throw new TypeError('Illegal invocation');
      const pairs = state.pairs(cursor.#self);
      const at = cursor.#at++;
      if (at >= pairs.length) return { value: undefined, done: true };
      const key = pairs[at][0];
      const item = pairs[at][1];
      const value = cursor.#kind === 0 ? wrapAny(key) : cursor.#kind === 1 ? wrapAny(item) : [wrapAny(key), wrapAny(item)];
      return { value, done: false };
    }
  }
  const iteratorPrototype = ObjectCreate(IteratorPrototype);
  const { next } = { next() { return Cursor.step(this); } };
  ObjectDefineProperty(iteratorPrototype, 'next', { __proto__: null, value: next, writable: true, enumerable: true, configurable: true });
  ObjectDefineProperty(iteratorPrototype, SymbolToStringTag, { __proto__: null, value: name + ' Iterator', configurable: true });
  return (self, kind, pairs) => {
    state.pairs = pairs;
    const cursor = new Cursor(self, kind);
    ObjectSetPrototypeOf(cursor, iteratorPrototype);
    return cursor;
  };
}

// The array index that a property key is, or -1. The engine keeps the number of short numeric strings with them.
function arrayIndex(key) {
  if (typeof key !== 'string') return -1;
  const first = StringPrototypeCharCodeAt(key, 0);
  if (!(first >= 48 && first <= 57)) return -1;
  const index = +key;
  return index >>> 0 === index && index !== 4294967295 && '' + index === key ? index : -1;
}

// https://webidl.spec.whatwg.org/#legacy-platform-object-abstract-ops. `rules`: { item, length, setItem, deleteItem, named, names,
// setNamed, deleteNamed, overrideBuiltIns, unenumerable }; each function takes the impl.
class LegacyHandler {
  constructor(impl, rules) {
    this.impl = impl;
    this.rules = rules;
  }

  indexed(key) {
    return this.rules.item === null ? -1 : arrayIndex(key);
  }

  visible(target, key) {
    const { rules, impl } = this;
    if (rules.named === null || typeof key !== 'string') return undefined;
    // What the object and its prototypes have hides what is named; to look there first spares most searches.
    if (!rules.overrideBuiltIns && ReflectHas(target, key)) return undefined;
    return rules.named(impl, key) ?? undefined;
  }

  get(target, key, self) {
    const index = this.indexed(key);
    if (index >= 0) {
      const value = this.rules.item(this.impl, index);
      return value ?? undefined;
    }
    if (this.rules.named !== null && typeof key === 'string') {
      const value = this.visible(target, key);
      if (value !== undefined) return value;
    }
    return ReflectGet(target, key, self);
  }

  has(target, key) {
    const index = this.indexed(key);
    if (index >= 0) {
      const value = this.rules.item(this.impl, index);
      return value !== null && value !== undefined;
    }
    return this.visible(target, key) !== undefined || ReflectHas(target, key);
  }

  getOwnPropertyDescriptor(target, key) {
    const { rules, impl } = this;
    const index = this.indexed(key);
    if (index >= 0) {
      const value = rules.item(impl, index);
      if (value !== null && value !== undefined) {
        return { __proto__: null, value, writable: rules.setItem !== null, enumerable: true, configurable: true };
      }
      return undefined;
    }
    const value = this.visible(target, key);
    if (value !== undefined) return { __proto__: null, value, writable: rules.setNamed !== null, enumerable: !rules.unenumerable, configurable: true };
    return ReflectGetOwnPropertyDescriptor(target, key);
  }

  set(target, key, value, self) {
    const { rules, impl } = this;
    const index = this.indexed(key);
    if (unwrap(self) === impl) {
      if (index >= 0) {
        if (rules.setItem === null) return false;
        rules.setItem(impl, index, value);
        return true;
      }
      // [[Set]], 1.2: whatever the object and its prototypes have
      if (typeof key === 'string' && rules.setNamed !== null) {
        rules.setNamed(impl, key, value);
        return true;
      }
      if (this.visible(target, key) !== undefined && rules.setNamed === null) return false;
    }
    // OrdinarySet on the proxy's own target, with setters seeing the proxy.
    for (let holder = target; holder !== null; holder = ReflectGetPrototypeOf(holder)) {
      const descriptor = ReflectGetOwnPropertyDescriptor(holder, key);
      if (descriptor === undefined) continue;
      if (descriptor.set !== undefined) {
        ReflectApply(descriptor.set, self, [value]);
        return true;
      }
      if (descriptor.get !== undefined || descriptor.writable === false) return false;
      break;
    }
    if (unwrap(self) !== impl) return ReflectSet(target, key, value, self);
    const own = ReflectGetOwnPropertyDescriptor(target, key);
    if (own !== undefined) return ReflectDefineProperty(target, key, { __proto__: null, value });
    return ReflectDefineProperty(target, key, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
  }

  defineProperty(target, key, descriptor) {
    const { rules, impl } = this;
    ObjectSetPrototypeOf(descriptor, null);
    const index = this.indexed(key);
    if (index >= 0) {
      if (rules.setItem === null || descriptor.get !== undefined || descriptor.set !== undefined) return false;
      rules.setItem(impl, index, descriptor.value);
      return true;
    }
    if (typeof key === 'string' && rules.named !== null) {
      const exists = this.visible(target, key) !== undefined;
      const own = ReflectGetOwnPropertyDescriptor(target, key) !== undefined;
      if (rules.setNamed === null) {
        if (exists) return false;
      } else if (rules.overrideBuiltIns || !own) {
        if (descriptor.get !== undefined || descriptor.set !== undefined) return false;
        rules.setNamed(impl, key, descriptor.value);
        return true;
      }
    }
    return ReflectDefineProperty(target, key, descriptor);
  }

  deleteProperty(target, key) {
    const { rules, impl } = this;
    const index = this.indexed(key);
    if (index >= 0) {
      const value = rules.item(impl, index);
      if (value === null || value === undefined) return true;
      if (rules.deleteItem === null) return false;
      rules.deleteItem(impl, index);
      return true;
    }
    if (this.visible(target, key) !== undefined) {
      if (rules.deleteNamed === null) return false;
      rules.deleteNamed(impl, key);
      return true;
    }
    return ReflectDeleteProperty(target, key);
  }

  ownKeys(target) {
    const { rules, impl } = this;
    const out = [];
    if (rules.item !== null) {
      const length = rules.length(impl);
      for (let i = 0; i < length; i++) out[i] = String(i);
    }
    const seen = { __proto__: null };
    if (rules.names !== null) {
      const names = rules.names(impl);
      for (let i = 0; i < names.length; i++) {
        if (seen[names[i]] || this.visible(target, names[i]) === undefined) continue;
        seen[names[i]] = true;
        out[out.length] = names[i];
      }
    }
    const own = ReflectOwnKeys(target);
    for (let i = 0; i < own.length; i++) if (typeof own[i] !== 'string' || !seen[own[i]]) out[out.length] = own[i];
    return out;
  }

  preventExtensions() {
    return false;
  }
}

// Of interfaces whose prototype gets its members as they are asked for: `rules.lazy(name)`, with null for all of them. Each object has them as properties of its
// own, too, as in Chromium: `rules.ownNames(impl)` are those that are listed, `rules.ownValue(impl, name)` the value of any.
class LazyLegacyHandler extends LegacyHandler {
  get(target, key, self) {
    if (typeof key === 'string') this.rules.lazy(key);
    return super.get(target, key, self);
  }

  has(target, key) {
    if (typeof key === 'string') this.rules.lazy(key);
    return super.has(target, key);
  }

  set(target, key, value, self) {
    if (typeof key === 'string') this.rules.lazy(key);
    return super.set(target, key, value, self);
  }

  getOwnPropertyDescriptor(target, key) {
    const descriptor = super.getOwnPropertyDescriptor(target, key);
    if (descriptor !== undefined || typeof key !== 'string') return descriptor;
    const value = this.rules.ownValue(this.impl, key);
    return value === undefined ? undefined : { __proto__: null, value, writable: true, enumerable: true, configurable: true };
  }

  ownKeys(target) {
    const out = super.ownKeys(target);
    const names = this.rules.ownNames(this.impl);
    for (let i = 0; i < names.length; i++) if (!ObjectHasOwn(target, names[i])) out[out.length] = names[i];
    return out;
  }

  getPrototypeOf(target) {
    this.rules.lazy(null);
    return ReflectGetPrototypeOf(target);
  }
}

// OPTIMIZATION: of lists that never change. Once a page has read some of one, the target gets everything in it, and reading has no trap any more.
class FixedListHandler extends LegacyHandler {
  constructor(impl, rules) {
    super(impl, rules);
    this.reads = 0;
    this.filled = false;
  }

  get(target, key, self) {
    const index = arrayIndex(key);
    if (index < 0) return ReflectGet(target, key, self);
    const { impl, rules } = this;
    if (this.reads++ === FIXED_READS) this.fill(target, rules.length(impl));
    return rules.item(impl, index) ?? undefined;
  }

  fill(target, length) {
    this.filled = true;
    for (let i = 0; i < length; i++) {
      const item = this.rules.item(this.impl, i);
      // A page may have put an index on a prototype.
      try {
        target[i] = item;
      } catch {
        return;
      }
      if (!ObjectHasOwn(target, i)) return;
    }
    this.get = undefined;
  }

  ownKeys(target) {
    const keys = super.ownKeys(target);
    if (!this.filled) return keys;
    // The target's own indexes stand behind those of the list.
    const out = [];
    const length = this.rules.length(this.impl);
    for (let i = 0; i < keys.length; i++) if (i < length || arrayIndex(keys[i]) < 0) out[out.length] = keys[i];
    return out;
  }
}
const FIXED_READS = 16;

function wrapLegacy(target, impl, rules) {
  stamp(target, impl);
  const handler = rules.lazy !== undefined ? new LazyLegacyHandler(impl, rules) : impl.fixed === true ? new FixedListHandler(impl, rules) : new LegacyHandler(impl, rules);
  return stamp(new Proxy(target, handler), impl);
}

// Members come as an object literal: concise methods have the right name and length and are no constructors.
export function copyMembers(target, members) {
  const keys = ReflectOwnKeys(members);
  for (let i = 0; i < keys.length; i++) {
    const descriptor = ReflectGetOwnPropertyDescriptor(members, keys[i]);
    ObjectSetPrototypeOf(descriptor, null);      // a page may have put anything on Object.prototype
    descriptor.enumerable = true;
    ObjectDefineProperty(target, keys[i], descriptor);
  }
  return target;
}

function defineConstant(object, prototype, name, value) {
  ObjectDefineProperty(object, name, { __proto__: null, value, enumerable: true });
  ObjectDefineProperty(prototype, name, { __proto__: null, value, enumerable: true });
}

// https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-idl-attributes
function defineHandlers(target, names, low, high, global) {
  const receive = global ? globalReceiver : receiver;
  for (let i = 0; i < names.length; i++) {
    const name = StringPrototypeSlice(names[i], 2);
    copyMembers(target, {
      get [names[i]]() { /*#*/
        return hooks.getHandler(receive(this, low, high), name);
      },
      set [names[i]](value) { /*#*/
        hooks.setHandler(receive(this, low, high), name, value);
      },
    });
  }
}

// [LegacyUnforgeable] members are own properties of each object. `members` is the object literal that has them; its descriptors are made once.
const unforgeableDescriptors = new SafeMap();

export function defineUnforgeables(object, members) {
  let list = unforgeableDescriptors.get(members);
  if (list === undefined) {
    list = [];
    const keys = ReflectOwnKeys(members);
    for (let i = 0; i < keys.length; i++) {
      const descriptor = ReflectGetOwnPropertyDescriptor(members, keys[i]);
      ObjectSetPrototypeOf(descriptor, null);
      descriptor.enumerable = true;
      descriptor.configurable = false;
      if (descriptor.writable !== undefined) descriptor.writable = false;
      list[i] = { __proto__: null, key: keys[i], descriptor };
    }
    unforgeableDescriptors.set(members, list);
  }
  for (let i = 0; i < list.length; i++) ObjectDefineProperty(object, list[i].key, list[i].descriptor);
}

function finishInterface(record, object, parent) {
  ObjectDefineProperty(object, 'prototype', { __proto__: null, value: record.madePrototype, writable: false, enumerable: false, configurable: false });
  ObjectDefineProperty(record.madePrototype, 'constructor', { __proto__: null, value: object, writable: true, enumerable: false, configurable: true });
  if (parent !== null) ObjectSetPrototypeOf(object, parent.madeObject);
  return object;
}

// The object that `new Interface()` gives: new.target decides its prototype.
function stampNew(object, impl, record) {
  if (record.legacy !== null) return wrapLegacy(object, impl, record.legacy);
  if (record.unforgeable !== undefined) defineUnforgeables(object, record.unforgeable);
  return stamp(object, impl);
}

export const runtimeLibrary = {
  __proto__: null,
  members: null,     // interface.js
  hooks, defineConstant, defineHandlers, defineMembers: copyMembers, finishInterface, stampNew, isView: ArrayBufferIsView, globalReceiver, receiver, wrap, wrapAny, wrapOrNull, wrapList, frozenList, rejected, makePairIterator, wrapLegacy, unwrap,
  Dictionary, enumError, isArrayBuffer, isBufferSource, isImplIn, isObject, iterate, notEnough, notEnoughToConstruct, toBufferSource, toByteString,
  toDOMString, toDouble, toFloat, toFunction, toImpl, toInt, toNumber, toObject, toPromise, toRecord, toSequence, toUSVString, whatText,
  BigInt, MathFround, Object, ObjectCreate, ObjectDefineProperty, ReflectApply, ReflectConstruct, TypeError, SymbolIterator, SymbolAsyncIterator, SymbolToStringTag, SymbolUnscopables, ArrayPrototype,
};
