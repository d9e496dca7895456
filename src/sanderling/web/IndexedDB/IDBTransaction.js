// https://w3c.github.io/IndexedDB/#transaction-lifecycle
// A transaction is active while code may make requests of it: until the end of the task or microtask that made it, and while an event of one of its
// requests is dispatched. It commits by itself when nothing is asked any more.

import { setCheckpointEnd } from '../host.js';
import { ArrayPrototypeSort, SafeMap } from '../primordials.js';
import { defineInterface } from '../webidl/interface.js';
import { dispatchEvent, fireEvent, makeEvent } from '../dom/dispatch.js';
import { domException } from '../dom/DOMException.js';
import { EventTargetImpl } from '../dom/EventTarget.js';
import { DOMStringListImpl } from '../html/DOMStringList.js';
import { queueTask } from '../html/tasks.js';
import { errorOf, nextNumber, onDatabaseEvent, sendOp } from './link.js';
import { IDBRequestImpl } from './IDBRequest.js';
import { IDBObjectStoreImpl } from './IDBObjectStore.js';

const liveTransactions = new SafeMap();    // by number
let newTransactions = [];                  // active until the microtask checkpoint ends

// An object store as its connection knows it.
export class StoreFacts {
  constructor(id, name, keyPath, autoIncrement) {
    this.id = id;
    this.name = name;
    this.keyPath = keyPath;            // text, list of texts, or null
    this.autoIncrement = autoIncrement;
    this.indexes = [];                 // IndexFacts
    this.deleted = false;
    this.lastIndexId = 0;
  }
}

export class IndexFacts {
  constructor(id, name, keyPath, unique, multiEntry) {
    this.id = id;
    this.name = name;
    this.keyPath = keyPath;
    this.unique = unique;
    this.multiEntry = multiEntry;
    this.deleted = false;
  }
}

export class IDBTransactionImpl extends EventTargetImpl {
  constructor(connection, scope, mode, durability, number) {
    super();
    this.connection = connection;      // IDBDatabaseImpl
    this.scope = scope;                // StoreFacts; of an upgrade those of the connection
    this.mode = mode;
    this.durability = durability;
    this.number = number;
    this.state = 'active';
    this.error = null;
    this.requests = new SafeMap();     // by number
    this.stores = new SafeMap();       // StoreFacts to IDBObjectStoreImpl
    this.generators = null;            // store id to the next number of its key generator
    this.held = null;                  // steps that wait for these numbers
    this.awaited = null;               // { number, store, generator }: the outcome of this request decides the next number
    this.openRequest = null;           // of an upgrade
    this.backup = null;                // of an upgrade: what the connection knew before
    this.lastStoreId = 0;              // of an upgrade
    liveTransactions.set(number, this);
    connection.transactions++;
  }

  get parentTarget() {
    return this.connection;
  }

  get doc() {
    return this.connection.window.document;
  }
}

// https://w3c.github.io/IndexedDB/#cleanup-indexed-database-transactions
function cleanUpTransactions() {
  setCheckpointEnd(null);
  const list = newTransactions;
  newTransactions = [];
  for (let i = 0; i < list.length; i++) {
    if (list[i].state === 'active') list[i].state = 'inactive';
    commitIfIdle(list[i]);
  }
}

// https://w3c.github.io/IndexedDB/#transaction-created; key generators are the worker's to know, and only here is a value changed by them
export function beginTransaction(connection, scope, mode, durability) {
  const transaction = new IDBTransactionImpl(connection, scope, mode, durability, nextNumber());
  const ids = [];
  let generates = false;
  for (let i = 0; i < scope.length; i++) {
    ids[i] = scope[i].id;
    generates = generates || scope[i].autoIncrement;
  }
  generates = generates && mode === 'readwrite';
  if (generates) transaction.held = [];
  sendOp(['begin', connection.number, transaction.number, ids, mode, generates]);
  newTransactions[newTransactions.length] = transaction;
  setCheckpointEnd(cleanUpTransactions);
  return transaction;
}

// Steps keep their order: those behind one that waits wait, too.
export function whenStarted(transaction, steps) {
  if (transaction.held === null) steps();
  else transaction.held[transaction.held.length] = steps;
}

onDatabaseEvent('started', (event) => {
  const transaction = liveTransactions.get(event[1]);
  if (transaction === undefined) return;
  transaction.generators = generatorMap(event[2]);
  releaseHeld(transaction);
});

function releaseHeld(transaction) {
  const steps = transaction.held ?? [];
  transaction.held = null;
  for (let i = 0; i < steps.length && transaction.state !== 'finished'; i++) whenStarted(transaction, steps[i]);
}

// What would change a key generator may fail, and has not changed it then: what follows waits for the outcome.
export function awaitOutcome(transaction, number, store, generator) {
  transaction.held = [];
  transaction.awaited = { __proto__: null, number, store, generator };
}

function outcomeCame(transaction, number, failed) {
  const awaited = transaction?.awaited ?? null;
  if (awaited === null || awaited.number !== number) return;
  transaction.awaited = null;
  if (failed) transaction.generators.set(awaited.store, awaited.generator);
  releaseHeld(transaction);
}

// An operation without a request, in its place among the others.
export function sendInTransaction(transaction, op) {
  whenStarted(transaction, () => sendOp(op));
}

export function generatorMap(pairs) {
  const map = new SafeMap();
  for (let i = 0; i < pairs.length; i++) map.set(pairs[i][0], pairs[i][1]);
  return map;
}

export function checkActive(transaction) {
  if (transaction.state !== 'active') throw domException('TransactionInactiveError', 'The transaction is not active.');
}

// https://w3c.github.io/IndexedDB/#asynchronously-execute-a-request. `op`: (number) => what the worker gets; `read`: (event, values) => a function that gives
// the result in the task of the success event.
export function startRequest(transaction, source, op, read, reused) {
  const request = reused ?? new IDBRequestImpl(transaction.connection.window, source, transaction);
  if (reused !== undefined) {
    request.done = false;
    request.number = nextNumber();
  }
  request.read = read;
  transaction.requests.set(request.number, request);
  const { number } = request;
  whenStarted(transaction, () => {
    if (transaction.requests.has(number)) op(number);
  });
  return request;
}

onDatabaseEvent('ok', (event, values) => {
  const transaction = liveTransactions.get(event[1]);
  outcomeCame(transaction, event[2], false);
  const request = transaction?.requests.get(event[2]);
  if (request === undefined) {
    skipValues(event, values);
    return;
  }
  const result = request.read(event, values);
  queueTask(transaction.doc, () => {
    if (transaction.requests.get(event[2]) === request) succeedRequest(transaction, request, event[2], result);
  });
});

// Values of requests that nobody waits for any more: event[4] has their sizes.
function skipValues(event, values) {
  const sizes = event[4];
  if (sizes === undefined) return;
  for (let i = 0; i < sizes.length; i++) values.take(sizes[i]);
}

onDatabaseEvent('err', (event) => {
  const transaction = liveTransactions.get(event[1]);
  outcomeCame(transaction, event[2], true);
  failLater(transaction, event[2], event[3], event[4]);
});

export function failLater(transaction, number, name, message) {
  const request = transaction?.requests.get(number);
  if (request === undefined) return;
  queueTask(transaction.doc, () => {
    if (transaction.requests.get(number) === request) failRequest(transaction, request, number, domException(name, message));
  });
}

// https://w3c.github.io/IndexedDB/#fire-a-success-event
function succeedRequest(transaction, request, number, result) {
  transaction.requests.delete(number);
  request.done = true;
  try {
    request.result = result();
  } catch (error) {
    // The engine could not make the value, for want of memory.
    request.result = undefined;
    request.error = domException('DataError', 'The value could not be read.');
    dispatchRequestEvent(transaction, request, true);
    return;
  }
  request.error = null;
  dispatchRequestEvent(transaction, request, false);
}

// https://w3c.github.io/IndexedDB/#fire-an-error-event
function failRequest(transaction, request, number, error) {
  transaction.requests.delete(number);
  request.done = true;
  request.result = undefined;
  request.error = error;
  dispatchRequestEvent(transaction, request, true);
}

function dispatchRequestEvent(transaction, request, failed) {
  const event = failed ? makeEvent('error', { __proto__: null, bubbles: true, cancelable: true }) : makeEvent('success');
  event.isTrusted = true;
  if (transaction.state === 'inactive') transaction.state = 'active';
  dispatchEvent(event, request);
  if (transaction.state === 'finished') return;
  if (transaction.state === 'active') transaction.state = 'inactive';
  // This is done even if the event was canceled.
  if (event.listenersThrew) abortTransaction(transaction, domException('AbortError', 'Uncaught exception in event handler.'));
  else if (failed && !event.canceled) abortTransaction(transaction, request.error);
  else commitIfIdle(transaction);
}

export function commitIfIdle(transaction) {
  if (transaction.requests.size > 0) return;
  if (transaction.state === 'inactive') transaction.state = 'committing';
  else if (transaction.state !== 'committing') return;
  // 2. of "commit a transaction": nothing is left to wait for
  whenStarted(transaction, () => sendOp(['commit', transaction.number]));
}

// https://w3c.github.io/IndexedDB/#abort-a-transaction
export function abortTransaction(transaction, error) {
  sendOp(['abort', transaction.number]);
  transactionAborted(transaction, error);
}

function transactionAborted(transaction, error) {
  const { connection, doc } = transaction;
  if (transaction.backup !== null) revertUpgrade(transaction);
  transaction.state = 'finished';
  transaction.error = error;
  liveTransactions.delete(transaction.number);
  const requests = transaction.requests;
  transaction.requests = new SafeMap();
  requests.forEach((request) => {
    queueTask(doc, () => {
      request.done = true;
      request.result = undefined;
      request.error = domException('AbortError', 'The transaction was aborted, so the request cannot be fulfilled.');
      fireEvent(request, 'error', { __proto__: null, bubbles: true, cancelable: true });
    });
  });
  queueTask(doc, () => {
    if (transaction.mode === 'versionchange') connection.upgrade = null;
    fireEvent(transaction, 'abort', { __proto__: null, bubbles: true });
    transactionEnded(transaction, true);
  });
}

function transactionEnded(transaction, aborted) {
  const { connection, openRequest } = transaction;
  connection.transactions--;
  if (openRequest !== null) connection.upgradeEnded(openRequest, aborted);
  connection.closeIfIdle();
}

onDatabaseEvent('aborted', (event) => {
  const transaction = liveTransactions.get(event[1]);
  if (transaction !== undefined) transactionAborted(transaction, errorOf(event[2], event[3]));
});

onDatabaseEvent('complete', (event) => {
  const transaction = liveTransactions.get(event[1]);
  if (transaction === undefined) return;
  queueTask(transaction.doc, () => {
    liveTransactions.delete(transaction.number);
    transaction.state = 'finished';
    if (transaction.mode === 'versionchange') transaction.connection.upgrade = null;
    fireEvent(transaction, 'complete');
    transactionEnded(transaction, false);
  });
});

// -- upgrades ----------------------------------------------------------------------------------------------------------------

export function backUp(connection, oldVersion) {
  const stores = [];
  for (let i = 0; i < connection.stores.length; i++) {
    const facts = connection.stores[i];
    const indexes = [];
    for (let j = 0; j < facts.indexes.length; j++) indexes[j] = { __proto__: null, facts: facts.indexes[j], name: facts.indexes[j].name };
    stores[i] = { __proto__: null, facts, name: facts.name, indexes };
  }
  return { __proto__: null, version: oldVersion, stores };
}

// https://w3c.github.io/IndexedDB/#abort-an-upgrade-transaction
function revertUpgrade(transaction) {
  const { connection, backup } = transaction;
  connection.version = backup.version;
  const created = connection.stores;
  connection.stores = [];
  for (let i = 0; i < created.length; i++) dropStore(created[i]);
  transaction.stores.forEach((store) => dropStore(store.facts));
  for (let i = 0; i < backup.stores.length; i++) {
    const { facts, name, indexes } = backup.stores[i];
    facts.name = name;
    facts.deleted = false;
    facts.indexes = [];
    for (let j = 0; j < indexes.length; j++) {
      indexes[j].facts.name = indexes[j].name;
      indexes[j].facts.deleted = false;
      facts.indexes[j] = indexes[j].facts;
    }
    connection.stores[i] = facts;
  }
}

function dropStore(facts) {
  facts.deleted = true;
  for (let i = 0; i < facts.indexes.length; i++) facts.indexes[i].deleted = true;
  facts.indexes = [];
}

// -- the interface -----------------------------------------------------------------------------------------------------------

// https://w3c.github.io/IndexedDB/#create-a-sorted-name-list, of StoreFacts or IndexFacts
export function sortedNames(list) {
  const names = [];
  for (let i = 0; i < list.length; i++) names[i] = list[i].name;
  ArrayPrototypeSort(names, (a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return new DOMStringListImpl(names);
}

export function factsNamed(list, name) {
  for (let i = 0; i < list.length; i++) if (list[i].name === name) return list[i];
  return undefined;
}

// The same object for a store each time.
export function storeHandle(transaction, facts) {
  let store = transaction.stores.get(facts);
  if (store === undefined) {
    store = new IDBObjectStoreImpl(transaction, facts);
    transaction.stores.set(facts, store);
  }
  return store;
}

export const idbTransactionInterface = defineInterface(`
enum IDBTransactionMode { "readonly", "readwrite", "versionchange" };
enum IDBTransactionDurability { "default", "strict", "relaxed" };
[Exposed=(Window,Worker)]
interface IDBTransaction : EventTarget {
  readonly attribute DOMStringList objectStoreNames;
  readonly attribute IDBTransactionMode mode;
  readonly attribute IDBTransactionDurability durability;
  [SameObject] readonly attribute IDBDatabase db;
  readonly attribute any error;
  IDBObjectStore objectStore(DOMString name);
  undefined commit();
  undefined abort();
  attribute EventHandler onabort;
  attribute EventHandler oncomplete;
  attribute EventHandler onerror;
};
`, {
  objectStoreNames: (self) => sortedNames(self.mode === 'versionchange' ? self.connection.stores : self.scope),
  mode: (self) => self.mode,
  durability: (self) => self.durability,
  db: (self) => self.connection,
  error: (self) => self.error,
  objectStore(self, name) {
    if (self.state === 'finished') throw domException('InvalidStateError', "Failed to execute 'objectStore' on 'IDBTransaction': The transaction has finished.");
    const facts = factsNamed(self.mode === 'versionchange' ? self.connection.stores : self.scope, name);
    if (facts === undefined) throw domException('NotFoundError', "Failed to execute 'objectStore' on 'IDBTransaction': The specified object store was not found.");
    return storeHandle(self, facts);
  },
  // https://w3c.github.io/IndexedDB/#dom-idbtransaction-commit
  commit(self) {
    if (self.state !== 'active') throw domException('InvalidStateError', "Failed to execute 'commit' on 'IDBTransaction': The transaction is not active.");
    self.state = 'committing';
    commitIfIdle(self);
  },
  // https://w3c.github.io/IndexedDB/#dom-idbtransaction-abort
  abort(self) {
    if (self.state === 'committing' || self.state === 'finished') {
      throw domException('InvalidStateError', "Failed to execute 'abort' on 'IDBTransaction': The transaction has already been committed or aborted.");
    }
    self.state = 'inactive';
    abortTransaction(self, null);
  },
}, IDBTransactionImpl);
