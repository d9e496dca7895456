// https://webidl.spec.whatwg.org/#js-interfaces
// Where interfaces are declared. `finishInterfaces` (last in order.txt) numbers them, generates their code in one go, and forgets the IDL.

import { Error, Function, ObjectDefineProperties, ObjectDefineProperty, ObjectGetOwnPropertyDescriptors, ObjectSetPrototypeOf, SymbolToStringTag, SafeMap, TypeError } from '../primordials.js';
import { stamp } from './wrapper.js';
import { parseIDL } from './parse.js';
import { generate } from './generate.js';
import { defineUnforgeables, runtimeLibrary } from './runtime.js';

export class InterfaceRecord {
  constructor(name) {
    this.name = name;
    this.id = -1;              // depth-first number; subinterfaces are id..last
    this.last = -1;
    this.parent = null;        // record
    this.prototype = {};       // the interface prototype object
    this.object = null;        // the interface object (constructor)
    this.make = null;          // impl => wrapper
    this.legacy = null;        // handlers of a legacy platform object
    this.unforgeable = undefined; // members that are own properties of every object
    this.exposure = 'Window';
    this.complete = null;      // (record): adds members that are too many for IDL of their own, once the rest is there
    this.eventClass = undefined;    // of event interfaces: the impl class, and the dictionary's defaults
    this.eventDefaults = undefined;
  }
}

let registry = {
  interfaces: new Map(), mixins: new Map(), dictionaries: new Map(), enums: new Map(), typedefs: new Map(), callbacks: new Map(),
  includes: [], partials: [], order: [],
};
const records = new SafeMap();

// A plain field of the impl as an attribute.
export function field(name) {
  return {
    __proto__: null,
    get: (self) => self[name],
    set(self, value) {
      self[name] = value;
    },
  };
}

export function interfaceOf(name) {
  return records.get(name) ?? null;
}

export function defineTypes(idl) {
  declare(parseIDL(idl), null);
}

export function defineInterface(idl, members, implClass) {
  const record = declare(parseIDL(idl), members);
  if (record !== null && implClass !== undefined) implClass.prototype.iface = record;
  return record;
}

function declare(definitions, members) {
  let record = null;
  for (const definition of definitions) {
    switch (definition.kind) {
      case 'interface':
      case 'namespace':
        definition.impl = members;
        if (definition.mixin && !definition.partial) {
          registry.mixins.set(definition.name, definition);
        } else if (definition.partial) {
          registry.partials.push(definition);
        } else {
          if (registry.interfaces.has(definition.name)) throw new Error('interface ' + definition.name + ' is defined twice');
          record = new InterfaceRecord(definition.name);
          definition.record = record;
          records.set(definition.name, record);
          registry.interfaces.set(definition.name, definition);
        }
        break;
      case 'dictionary':
        if (definition.partial) registry.dictionaries.get(definition.name).members.push(...definition.members);
        else registry.dictionaries.set(definition.name, definition);
        break;
      case 'enum': registry.enums.set(definition.name, definition); break;
      case 'typedef': registry.typedefs.set(definition.name, definition); break;
      case 'includes': registry.includes.push(definition); break;
      default: registry.callbacks.set(definition.name, definition);
    }
  }
  return record;
}

// Wrappers are made by an empty constructor with the interface prototype: the engine gives them one hidden class per interface.
function makerFor(record) {
  const Wrapper = function () {};
  ObjectDefineProperty(Wrapper, 'prototype', { __proto__: null, value: record.prototype });
  if (record.legacy !== null) {
    const { wrapLegacy } = runtimeLibrary;
    return (impl) => wrapLegacy(new Wrapper(), impl, record.legacy);
  }
  const { unforgeable } = record;
  if (unforgeable !== undefined) {
    return (impl) => {
      const wrapper = stamp(new Wrapper(), impl);
      defineUnforgeables(wrapper, unforgeable);
      return wrapper;
    };
  }
  return (impl) => stamp(new Wrapper(), impl);
}

function merge() {
  const problems = [];
  for (const { name, mixin } of registry.includes) {
    const target = registry.interfaces.get(name);
    const source = registry.mixins.get(mixin);
    if (target === undefined || source === undefined) {
      problems.push(name + ' includes ' + mixin + ': not defined');
      continue;
    }
    for (const member of source.members) target.members.push({ ...member, from: source.impl, mixin });
  }
  for (const partial of registry.partials) {
    const mixin = registry.mixins.get(partial.name);
    if (partial.mixin && mixin !== undefined) {
      for (const { name, mixin: used } of registry.includes) {
        if (used !== partial.name) continue;
        for (const member of partial.members) registry.interfaces.get(name).members.push({ ...member, from: partial.impl });
      }
      continue;
    }
    const target = registry.interfaces.get(partial.name);
    if (target === undefined) problems.push('partial interface ' + partial.name + ': not defined');
    else for (const member of partial.members) target.members.push({ ...member, from: partial.impl });
  }
  for (const definition of registry.interfaces.values()) {
    if (definition.parent === null) continue;
    const parent = registry.interfaces.get(definition.parent);
    if (parent === undefined) problems.push('interface ' + definition.name + ' : ' + definition.parent + ': not defined');
    else definition.record.parent = parent.record;
  }
  if (problems.length > 0) throw new Error('IDL:\n' + problems.join('\n'));
}

function number() {
  const children = new Map();
  for (const definition of registry.interfaces.values()) {
    const key = definition.parent;
    if (!children.has(key)) children.set(key, []);
    children.get(key).push(definition);
  }
  let next = 0;
  const visit = (definition) => {
    definition.record.id = next++;
    registry.order.push(definition);
    for (const child of children.get(definition.name) ?? []) visit(child);
    definition.record.last = next - 1;
  };
  for (const root of children.get(null) ?? []) visit(root);
}

// Unforgeable members and the rules of legacy platform objects hold for subinterfaces too. Parents come first in the order.
function inheritSpecials(record) {
  const { parent } = record;
  if (parent === null) return;
  if (parent.unforgeable !== undefined) {
    record.unforgeable = ObjectDefineProperties({}, { ...ObjectGetOwnPropertyDescriptors(parent.unforgeable), ...ObjectGetOwnPropertyDescriptors(record.unforgeable ?? {}) });
  }
  if (parent.legacy !== null && record.legacy === null) record.legacy = parent.legacy;
}

export function finishInterfaces() {
  merge();
  number();
  for (const definition of registry.order) {
    const { record } = definition;
    if (record.parent !== null) ObjectSetPrototypeOf(record.prototype, record.parent.prototype);
    ObjectDefineProperty(record.prototype, SymbolToStringTag, { __proto__: null, value: record.name, configurable: true });
  }
  const { text, values } = generate(registry);
  const install = new Function('lib', 'values', text);
  install(runtimeLibrary, values);
  for (const definition of registry.order) {
    inheritSpecials(definition.record);
    definition.record.make = makerFor(definition.record);
    if (definition.record.complete !== null) definition.record.complete(definition.record);
  }
  registry = null;
  // The engine remembers the subject of the last match: not all of the generated text, please.
  /^/.test('');
}

export function illegalConstructor() {
  throw new TypeError('Illegal constructor');
}

// Give an object that is not made by wrapping (the global, an element being upgraded) the look of its interface.
export function adoptWrapper(object, impl) {
  ObjectSetPrototypeOf(object, impl.iface.prototype);
  return stamp(object, impl);
}

