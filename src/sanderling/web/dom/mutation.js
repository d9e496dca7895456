// https://dom.spec.whatwg.org/#queueing-a-mutation-record
// Mutation records. While nobody observes anything, a change costs one comparison.

import { Impl } from '../webidl/impl.js';
import { SafeMap, PromisePrototypeThen, PromiseResolve, Promise } from '../primordials.js';
import { mutationRecordInterface } from './MutationObserver.js';
import { deliverRecords } from './MutationObserver.js';

export const observing = { __proto__: null, count: 0, queued: false, observers: [], slotsToSignal: [] };

// Who watches every document from outside (CDP's DOM domain): functions, or null. While it watches, `observing.count` counts it.
export const treeWatch = { __proto__: null, tree: null, attribute: null, data: null, shadow: null, frame: null };

// https://dom.spec.whatwg.org/#concept-node-move: what is being moved is not taken out of its document, though its place is
export const moving = { __proto__: null, node: null };

export class MutationRecordImpl extends Impl {
  constructor(type, target) {
    super();
    this.iface = mutationRecordInterface;
    this.type = type;
    this.target = target;
    this.addedNodes = null;        // arrays
    this.removedNodes = null;
    this.previousSibling = null;
    this.nextSibling = null;
    this.attributeName = null;
    this.attributeNamespace = null;
    this.oldValue = null;
    this.addedList = null;         // NodeList impls, once asked
    this.removedList = null;
  }
}

export class RegisteredObserver {
  constructor(observer, options, source) {
    this.observer = observer;
    this.options = options;
    this.source = source;          // of a transient one: the registered observer it comes from
  }
}

// Observers that want a record: a map from observer to the old value it gets.
function interested(target, type, name, namespace, oldValue) {
  let out = null;
  for (let node = target; node !== null; node = node.parent) {
    const { observers } = node;
    if (observers === null) continue;
    for (let i = 0; i < observers.length; i++) {
      const { observer, options } = observers[i];
      if (node !== target && !options.subtree) continue;
      if (type === 'attributes' && (options.attributes !== true
          || (options.attributeFilter !== undefined && (namespace !== null || !includesText(options.attributeFilter, name))))) continue;
      if (type === 'characterData' && options.characterData !== true) continue;
      if (type === 'childList' && options.childList !== true) continue;
      if (out === null) out = new SafeMap();
      if (!out.has(observer)) out.set(observer, null);
      if ((type === 'attributes' && options.attributeOldValue) || (type === 'characterData' && options.characterDataOldValue)) out.set(observer, oldValue);
    }
  }
  return out;
}

function includesText(list, text) {
  for (let i = 0; i < list.length; i++) if (list[i] === text) return true;
  return false;
}

export function queueTreeRecord(target, added, removed, previous, next) {
  if (treeWatch.tree !== null) treeWatch.tree(target, added, removed);
  if (removed.length > 0) addTransient(target, removed);
  const wanted = interested(target, 'childList', null, null, null);
  if (wanted === null) return;
  wanted.forEach((old, observer) => {
    const record = new MutationRecordImpl('childList', target);
    record.addedNodes = added;
    record.removedNodes = removed;
    record.previousSibling = previous;
    record.nextSibling = next;
    observer.records[observer.records.length] = record;
  });
  queueMutationMicrotask();
}

// https://dom.spec.whatwg.org/#concept-node-remove, step 15: what left a watched subtree is watched until records are delivered.
function addTransient(parent, removed) {
  for (let node = parent; node !== null; node = node.parent) {
    const { observers } = node;
    if (observers === null) continue;
    for (let i = 0; i < observers.length; i++) {
      const registered = observers[i];
      if (!registered.options.subtree) continue;
      for (let j = 0; j < removed.length; j++) {
        const target = removed[j];
        if (target.observers === null) target.observers = [];
        target.observers[target.observers.length] = new RegisteredObserver(registered.observer, registered.options, registered);
        registered.observer.transients[registered.observer.transients.length] = target;
      }
    }
  }
}

export function queueAttributeRecord(target, name, namespace, oldValue) {
  const wanted = interested(target, 'attributes', name, namespace, oldValue);
  if (wanted === null) return;
  wanted.forEach((old, observer) => {
    const record = new MutationRecordImpl('attributes', target);
    record.attributeName = name;
    record.attributeNamespace = namespace;
    record.oldValue = old;
    observer.records[observer.records.length] = record;
  });
  queueMutationMicrotask();
}

export function queueDataRecord(target, oldValue) {
  const wanted = interested(target, 'characterData', null, null, oldValue);
  if (wanted === null) return;
  wanted.forEach((old, observer) => {
    const record = new MutationRecordImpl('characterData', target);
    record.oldValue = old;
    observer.records[observer.records.length] = record;
  });
  queueMutationMicrotask();
}

// https://dom.spec.whatwg.org/#queue-a-mutation-observer-compound-microtask
export function queueMutationMicrotask() {
  if (observing.queued) return;
  observing.queued = true;
  PromisePrototypeThen(PromiseResolve(Promise, undefined), () => {
    observing.queued = false;
    deliverRecords();
  });
}
