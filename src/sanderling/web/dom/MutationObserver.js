// https://dom.spec.whatwg.org/#interface-mutationobserver

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { ReflectApply, TypeError } from '../primordials.js';
import { wrap } from '../webidl/wrapper.js';
import { MutationRecordImpl, observing, RegisteredObserver } from './mutation.js';
import { NodeListImpl } from './collections.js';
import { fireEvent } from './dispatch.js';
import { reportException } from '../html/report.js';

export class MutationObserverImpl extends Impl {
  constructor(callback) {
    super();
    this.callback = callback;
    this.nodes = [];               // what it observes
    this.records = [];
    this.transients = [];          // nodes with transient registrations of it
  }
}

// https://dom.spec.whatwg.org/#notify-mutation-observers
export function deliverRecords() {
  const { observers, slotsToSignal } = observing;
  observing.slotsToSignal = [];
  const notify = [];
  for (let i = 0; i < observers.length; i++) if (observers[i].records.length > 0) notify[notify.length] = observers[i];
  for (let i = 0; i < notify.length; i++) {
    const observer = notify[i];
    const { records } = observer;
    observer.records = [];
    dropTransients(observer);
    const list = [];
    for (let j = 0; j < records.length; j++) list[j] = wrap(records[j]);
    try {
      const self = wrap(observer);
      ReflectApply(observer.callback, self, [list, self]);
    } catch (error) {
      reportException(error);
    }
  }
  for (let i = 0; i < slotsToSignal.length; i++) fireEvent(slotsToSignal[i], 'slotchange', { __proto__: null, bubbles: true });
}

export function dropTransients(observer) {
  for (let i = 0; i < observer.transients.length; i++) {
    const node = observer.transients[i];
    if (node.observers !== null) node.observers = keep(node.observers, (registered) => registered.observer !== observer || registered.source === null);
  }
  observer.transients = [];
}

function keep(list, test) {
  const out = [];
  for (let i = 0; i < list.length; i++) if (test(list[i])) out[out.length] = list[i];
  return out.length === 0 ? null : out;
}

function listWithout(list, item) {
  const out = [];
  for (let i = 0; i < list.length; i++) if (list[i] !== item) out[out.length] = list[i];
  return out;
}

// https://dom.spec.whatwg.org/#dom-mutationobserver-observe
function observe(self, target, given) {
  const options = given;
  // 1-2.
  if ((options.attributeOldValue !== undefined || options.attributeFilter !== undefined) && options.attributes === undefined) options.attributes = true;
  if (options.characterDataOldValue !== undefined && options.characterData === undefined) options.characterData = true;
  // 3-6.
  if (!options.childList && !options.attributes && !options.characterData) {
    throw new TypeError("The options object must set at least one of 'attributes', 'characterData', or 'childList' to true.");
  }
  if (options.attributeOldValue && !options.attributes) throw new TypeError("The options object may only set 'attributeOldValue' to true when 'attributes' is true or not present.");
  if (options.attributeFilter !== undefined && !options.attributes) throw new TypeError("The options object may only set 'attributeFilter' when 'attributes' is true or not present.");
  if (options.characterDataOldValue && !options.characterData) {
    throw new TypeError("The options object may only set 'characterDataOldValue' to true when 'characterData' is true or not present.");
  }
  // 7.
  const list = target.observers ?? (target.observers = []);
  for (let i = 0; i < list.length; i++) {
    if (list[i].observer === self && list[i].source === null) {
      dropTransients(self);
      list[i].options = options;
      return;
    }
  }
  // 8.
  list[list.length] = new RegisteredObserver(self, options, null);
  if (self.nodes.length === 0) {
    observing.count++;
    observing.observers[observing.observers.length] = self;
  }
  self.nodes[self.nodes.length] = target;
}

function disconnectObserver(self) {
  for (let i = 0; i < self.nodes.length; i++) {
    const node = self.nodes[i];
    if (node.observers !== null) node.observers = keep(node.observers, (registered) => registered.observer !== self);
  }
  dropTransients(self);
  if (self.nodes.length > 0) {
    observing.count--;
    observing.observers = listWithout(observing.observers, self);
  }
  self.nodes = [];
  self.records = [];
}

export const mutationObserverInterface = defineInterface(`
callback MutationCallback = undefined (sequence<MutationRecord> mutations, MutationObserver observer);
dictionary MutationObserverInit {
  boolean childList = false; boolean attributes; boolean characterData; boolean subtree = false; boolean attributeOldValue; boolean characterDataOldValue;
  sequence<DOMString> attributeFilter;
};
[Exposed=Window, LegacyWindowAlias=WebKitMutationObserver]
interface MutationObserver {
  constructor(MutationCallback callback);
  undefined observe(Node target, optional MutationObserverInit options = {});
  undefined disconnect();
  sequence<MutationRecord> takeRecords();
};
`, {
  constructor: (callback) => new MutationObserverImpl(callback),
  observe,
  disconnect: disconnectObserver,
  takeRecords(self) {
    const { records } = self;
    self.records = [];
    return records;
  },
}, MutationObserverImpl);

const NONE = [];

export const mutationRecordInterface = defineInterface(`
[Exposed=Window]
interface MutationRecord {
  readonly attribute DOMString type;
  [SameObject] readonly attribute Node target;
  [SameObject] readonly attribute NodeList addedNodes;
  [SameObject] readonly attribute NodeList removedNodes;
  readonly attribute Node? previousSibling;
  readonly attribute Node? nextSibling;
  readonly attribute DOMString? attributeName;
  readonly attribute DOMString? attributeNamespace;
  readonly attribute DOMString? oldValue;
};
`, {
  type: (self) => self.type,
  target: (self) => self.target,
  addedNodes: (self) => self.addedList ?? (self.addedList = new NodeListImpl(self.addedNodes ?? NONE)),
  removedNodes: (self) => self.removedList ?? (self.removedList = new NodeListImpl(self.removedNodes ?? NONE)),
  previousSibling: (self) => self.previousSibling,
  nextSibling: (self) => self.nextSibling,
  attributeName: (self) => self.attributeName,
  attributeNamespace: (self) => self.attributeNamespace,
  oldValue: (self) => self.oldValue,
}, MutationRecordImpl);
