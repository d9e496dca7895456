// https://w3c.github.io/IndexedDB/#request-api

import { defineInterface } from '../webidl/interface.js';
import { defineEventInterface, EventImpl } from '../dom/Event.js';
import { EventTargetImpl } from '../dom/EventTarget.js';
import { domException } from '../dom/DOMException.js';
import { nextNumber } from './link.js';

export class IDBRequestImpl extends EventTargetImpl {
  constructor(window, source, transaction) {
    super();
    this.window = window;
    this.source = source;            // IDBObjectStoreImpl, IDBIndexImpl, IDBCursorImpl, or null
    this.transaction = transaction;
    this.done = false;
    this.result = undefined;
    this.error = null;               // a DOMException, as pages see it
    this.number = nextNumber();      // of what it waits for; a cursor's request gets another one with each step
    this.read = null;                // (event, values) => the function that gives the result when its task runs
  }

  get parentTarget() {
    return this.transaction;
  }
}

function checkDone(self, what) {
  if (!self.done) throw domException('InvalidStateError', `Failed to read the '${what}' property from 'IDBRequest': The request has not finished.`);
}

export const idbRequestInterface = defineInterface(`
enum IDBRequestReadyState { "pending", "done" };
[Exposed=(Window,Worker)]
interface IDBRequest : EventTarget {
  readonly attribute any result;
  readonly attribute any error;
  readonly attribute (IDBObjectStore or IDBIndex or IDBCursor)? source;
  readonly attribute IDBTransaction? transaction;
  readonly attribute IDBRequestReadyState readyState;
  attribute EventHandler onsuccess;
  attribute EventHandler onerror;
};
`, {
  result(self) {
    checkDone(self, 'result');
    return self.result;
  },
  error(self) {
    checkDone(self, 'error');
    return self.error;
  },
  source: (self) => self.source,
  transaction: (self) => self.transaction,
  readyState: (self) => (self.done ? 'done' : 'pending'),
}, IDBRequestImpl);

export class IDBOpenDBRequestImpl extends IDBRequestImpl {
  constructor(window) {
    super(window, null, null);
    this.doc = window.document;
  }

  // The upgrade transaction is an attribute of the request, but nothing bubbles from here.
  get parentTarget() {
    return null;
  }
}

defineInterface(`
[Exposed=(Window,Worker)]
interface IDBOpenDBRequest : IDBRequest {
  attribute EventHandler onblocked;
  attribute EventHandler onupgradeneeded;
};
`, { __proto__: null }, IDBOpenDBRequestImpl);

class IDBVersionChangeEventImpl extends EventImpl {}
defineEventInterface(`
dictionary IDBVersionChangeEventInit : EventInit { unsigned long long oldVersion = 0; unsigned long long? newVersion = null; };
[Exposed=(Window,Worker)]
interface IDBVersionChangeEvent : Event {
  constructor(DOMString type, optional IDBVersionChangeEventInit eventInitDict = {});
  readonly attribute unsigned long long oldVersion;
  readonly attribute unsigned long long? newVersion;
};
`, { __proto__: null, oldVersion: 0, newVersion: null }, IDBVersionChangeEventImpl);

// What `fireEvent` takes.
export function versionChange(oldVersion, newVersion) {
  return { __proto__: null, interface: 'IDBVersionChangeEvent', init: { __proto__: null, oldVersion, newVersion } };
}
