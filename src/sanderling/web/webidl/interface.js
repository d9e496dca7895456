// https://webidl.spec.whatwg.org/#js-interfaces
// Where interfaces are declared. What pages see of one, its prototype and its interface object with the generated code of their members, is made on first use:
// when an object of it is wrapped, when its name on the global object is read, when one that inherits from it is made. Those that the rehearsal uses are in the
// snapshot. `plan.js` reads the IDL and has the code generated while the snapshot is built; afterwards only the order of the declarations counts.

import { ObjectPrototype, ObjectCreate, Error, ObjectDefineProperty, ObjectSetPrototypeOf, ReflectDeleteProperty, StringPrototypeSplit, SymbolToStringTag, SafeMap, TypeError } from '../primordials.js';
import { evalScript, lateText } from '../host.js';
import { stamp } from './wrapper.js';
import { familyOfExposed } from './exposed.js';
import { loadFamily } from '../families.js';
import { copyMembers, defineUnforgeables, runtimeLibrary } from './runtime.js';

// The first object of an interface.
function makeFirst(impl) {
  const record = impl.iface;
  makeInterface(record);
  return record.make(impl);
}

export class InterfaceRecord {
  constructor(name, id, last, parent, owners) {
    this.name = name;
    this.id = id;              // depth-first number; subinterfaces are id..last
    this.last = last;
    this.parent = parent;      // its name, or ''
    this.owners = owners;      // the members of the interfaces that were declared with it
    this.make = makeFirst;     // impl => wrapper
    this.madePrototype = null;
    this.madeObject = null;
    this.factories = null;     // legacy factory functions, by name
    this.legacy = null;        // handlers of a legacy platform object
    this.unforgeable = undefined; // members that are own properties of every object
    this.complete = null;      // (record): what is done to it as soon as it is made
    this.eventClass = undefined;    // of event interfaces: the impl class, and the dictionary's defaults
    this.eventDefaults = undefined;
  }

  // The interface prototype object.
  get prototype() {
    if (this.madePrototype === null) makeInterface(this);
    return this.madePrototype;
  }

  // The interface object (constructor).
  get object() {
    if (this.madeObject === null) makeInterface(this);
    return this.madeObject;
  }
}

const records = new SafeMap();
const whenMade = { __proto__: null };      // by the names of interfaces: lists of what is done to them
let planner = null;                        // plan.js, while the plan is made
let eagerParts = null;                     // what the snapshot gets, while it is built

// Interfaces that are declared together: those of the one scope, or of a family. `calls` says what each call of defineInterface declares.
class InterfaceGroup {
  constructor(name, calls) {
    this.name = name;
    this.owners = [];
    this.calls = calls;
  }
}

// The loader wrote `interfacePlan`; null: it is being made.
const scopeGroup = new InterfaceGroup('', interfacePlan === null ? null : StringPrototypeSplit(interfacePlan.calls, ';'));
let group = scopeGroup;
const familyGroups = { __proto__: null };

// What is declared from here on belongs to a family. Gives what `leaveGroup` takes.
export function enterGroup(name, calls) {
  const previous = group;
  group = name === '' ? scopeGroup : familyGroups[name] = new InterfaceGroup(name, calls === null ? null : StringPrototypeSplit(calls, ';'));
  return previous;
}

// What generated code calls: the members that a family gives to an interface of somebody else's.
runtimeLibrary.members = (family, index) => {
  if (familyGroups[family] === undefined) loadFamily(family);
  return familyGroups[family].owners[index];
};

export function leaveGroup(previous) {
  group = previous;
}

export function setPlanner(made) {
  planner = made;
}

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
  const known = records.get(name);
  if (known !== undefined) return known;
  const family = familyOfExposed(name);
  if (family === '') return null;
  loadFamily(family);
  return records.get(name) ?? null;
}

// Whether the interface has been made. It need not be declared yet.
export function isMade(name) {
  const known = records.get(name);
  return known !== undefined && known.madeObject !== null;
}

export function defineTypes(idl) {
  if (planner !== null) planner.declare(idl, null, group);
}

export function defineInterface(idl, members, implClass) {
  const { owners, calls } = group;
  const call = calls === null ? planner.declare(idl, members, group) : calls[owners.length];
  if (call === undefined) throw new Error('the plan of the interfaces is of other sources');
  owners[owners.length] = members;
  if (call === '') return null;
  const parts = StringPrototypeSplit(call, ',');
  const record = new InterfaceRecord(parts[0], +parts[1], +parts[2], parts[3], owners);
  records.set(record.name, record);
  if (implClass !== undefined) implClass.prototype.iface = record;
  return record;
}

// Wrappers are made by an empty constructor with the interface prototype: the engine gives them one hidden class per interface.
function makerFor(record) {
  const Wrapper = function () {};
  ObjectDefineProperty(Wrapper, 'prototype', { __proto__: null, value: record.madePrototype });
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

// Unforgeable members and the rules of legacy platform objects hold for subinterfaces too. Parents come first.
function inheritSpecials(record, parent) {
  if (parent.unforgeable !== undefined) {
    const all = copyMembers({}, parent.unforgeable);
    record.unforgeable = record.unforgeable === undefined ? all : copyMembers(all, record.unforgeable);
  }
  if (parent.legacy !== null && record.legacy === null) record.legacy = parent.legacy;
}

// The generated function that fills an interface.
function fillerOf(record) {
  if (planner !== null) return planner.part(record.name)(runtimeLibrary, scopeGroup.owners, record.owners);
  if (eagerParts !== null && eagerParts[record.name] !== undefined) return eagerParts[record.name];
  return evalScript(lateText('interface.' + record.name), 'sanderling:web/webidl', 1, 1)(runtimeLibrary, scopeGroup.owners, record.owners)[record.name];
}

function makeInterface(record) {
  if (record.madePrototype !== null) return;
  const { name } = record;
  const parent = record.parent === '' ? null : interfaceOf(record.parent);
  if (parent !== null) makeInterface(parent);
  const install = fillerOf(record);
  const prototype = ObjectCreate(ObjectPrototype);
  record.madePrototype = prototype;
  try {
    if (parent !== null) ObjectSetPrototypeOf(prototype, parent.madePrototype);
    ObjectDefineProperty(prototype, SymbolToStringTag, { __proto__: null, value: name, configurable: true });
    record.madeObject = install(record, prototype, parent);
    if (parent !== null) inheritSpecials(record, parent);
    record.make = makerFor(record);
    if (record.complete !== null) record.complete(record);
    const list = whenMade[name];
    for (let i = 0; list !== undefined && i < list.length; i++) list[i](record);
  } catch (error) {
    // There was no room on the stack, for instance: once more, next time.
    record.madePrototype = record.madeObject = null;
    record.make = makeFirst;
    throw error;
  }
}

// Do something to an interface, now or when it is made.
export function onInterface(name, action) {
  const list = whenMade[name] ?? (whenMade[name] = []);
  list[list.length] = action;
  if (isMade(name)) action(records.get(name));
}

// A member is gone, now or when the interface is made.
export function dropMember(name, key) {
  onInterface(name, (record) => ReflectDeleteProperty(record.madePrototype, key));
}

// Everything is declared: those interfaces are made that the snapshot has.
export function finishInterfaces() {
  if (planner !== null) {
    planner.finish(records);
    return;
  }
  eagerParts = interfacePlan.parts(runtimeLibrary, scopeGroup.owners);
  for (const name in eagerParts) makeInterface(records.get(name));
  eagerParts = null;
  scopeGroup.calls.length = 0;
}

export function illegalConstructor() {
  throw new TypeError('Illegal constructor');
}

// Give an object that is not made by wrapping (the global, an element being upgraded) the look of its interface.
export function adoptWrapper(object, impl) {
  ObjectSetPrototypeOf(object, impl.iface.prototype);
  return stamp(object, impl);
}
