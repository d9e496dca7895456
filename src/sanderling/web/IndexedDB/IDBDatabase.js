// https://w3c.github.io/IndexedDB/#database-interface
// A connection to a database.

import { ArrayIsArray, SafeMap, TypeError } from '../primordials.js';
import { defineInterface } from '../webidl/interface.js';
import { fireEvent } from '../dom/dispatch.js';
import { domException } from '../dom/DOMException.js';
import { EventTargetImpl } from '../dom/EventTarget.js';
import { queueTask } from '../html/tasks.js';
import { onFrameDocument } from '../html/frame_tree.js';
import { IndexFacts, StoreFacts, beginTransaction, checkActive, factsNamed, sendInTransaction, sortedNames, storeHandle } from './IDBTransaction.js';
import { versionChange } from './IDBRequest.js';
import { isValidKeyPath } from './key_paths.js';
import { nameOfWire, wireName } from './keys.js';
import { onDatabaseEvent, sendOp } from './link.js';

const connections = new SafeMap();         // by number

export class IDBDatabaseImpl extends EventTargetImpl {
  constructor(window, number, name, version, stores) {
    super();
    this.window = window;
    this.doc = window.document;
    this.number = number;
    this.name = name;
    this.version = version;
    this.stores = storesOfWire(stores);
    this.upgrade = null;             // the upgrade transaction
    this.transactions = 0;           // that have not ended
    this.closePending = false;
    this.closed = false;
    connections.set(number, this);
  }

  // https://w3c.github.io/IndexedDB/#close-a-database-connection, steps 1 and 3-4
  close() {
    this.closePending = true;
    this.closeIfIdle();
  }

  closeIfIdle() {
    if (!this.closePending || this.closed || this.transactions > 0) return;
    this.closed = true;
    connections.delete(this.number);
    sendOp(['close', this.number]);
  }

  // Step 2, forced: whoever used it is gone
  drop() {
    this.closePending = true;
    this.closed = true;
    connections.delete(this.number);
    sendOp(['close', this.number]);
  }

  // https://w3c.github.io/IndexedDB/#upgrade-a-database, steps 11-12, and what follows in "open a database connection"
  upgradeEnded(request, aborted) {
    request.transaction = null;
    if (aborted) {
      request.result = undefined;
      request.done = false;
      this.close();
    }
    queueTask(this.doc, () => {
      request.done = true;
      if (this.closePending) {
        request.result = undefined;
        request.error = domException('AbortError', aborted ? 'Version change transaction was aborted in upgradeneeded event handler.' : 'The connection was closed.');
        fireEvent(request, 'error', { __proto__: null, bubbles: true, cancelable: true });
      } else {
        request.result = this.wrapper;
        request.error = null;
        fireEvent(request, 'success');
      }
    });
  }
}

function storesOfWire(list) {
  const out = [];
  for (let i = 0; i < list.length; i++) {
    const store = list[i];
    const indexes = store[4];
    const facts = new StoreFacts(store[0], nameOfWire(store[1]), store[2], store[3]);
    for (let j = 0; j < indexes.length; j++) {
      const one = indexes[j];
      facts.indexes[j] = new IndexFacts(one[0], nameOfWire(one[1]), one[2], one[3], one[4]);
      if (one[0] > facts.lastIndexId) facts.lastIndexId = one[0];
    }
    out[i] = facts;
  }
  return out;
}

// https://w3c.github.io/IndexedDB/#version-change: a connection that is to make way says so by closing
onDatabaseEvent('versionchange', (event) => {
  const connection = connections.get(event[1]);
  if (connection === undefined) {
    sendOp(['versionchanged', event[1]]);
    return;
  }
  queueTask(connection.doc, () => {
    if (!connection.closePending) fireEvent(connection, 'versionchange', versionChange(event[2], event[3]));
    sendOp(['versionchanged', event[1]]);
  });
});

// The worker closed it: somebody outside of page code deleted the database.
onDatabaseEvent('closed', (event) => {
  const connection = connections.get(event[1]);
  if (connection === undefined) return;
  connection.drop();
  queueTask(connection.doc, () => fireEvent(connection, 'close'));
});

// Connections end with their document.
onFrameDocument((window) => {
  const gone = [];
  connections.forEach((connection) => {
    if (connection.window === window && (window.closed || connection.doc !== window.document)) gone[gone.length] = connection;
  });
  for (let i = 0; i < gone.length; i++) gone[i].drop();
});

// The transaction in which stores and indexes may be made.
export function upgradeOf(connection, operation) {
  if (connection.upgrade === null) throw domException('InvalidStateError', `Failed to execute '${operation}': The database is not running a version change transaction.`);
  return connection.upgrade;
}

export function checkKeyPath(keyPath) {
  if (keyPath !== null && !isValidKeyPath(keyPath)) throw domException('SyntaxError', 'The keyPath option is not a valid key path.');
}

function createObjectStore(self, name, options) {
  // 2-3.
  const transaction = upgradeOf(self, "createObjectStore' on 'IDBDatabase");
  checkActive(transaction);
  // 4-7.
  const { keyPath, autoIncrement } = options;
  checkKeyPath(keyPath);
  if (factsNamed(self.stores, name) !== undefined) throw domException('ConstraintError', "Failed to execute 'createObjectStore' on 'IDBDatabase': An object store with the specified name already exists.");
  // 8-9.
  if (autoIncrement && (keyPath === '' || ArrayIsArray(keyPath))) {
    throw domException('InvalidAccessError', "Failed to execute 'createObjectStore' on 'IDBDatabase': The autoIncrement option was set but the keyPath option was empty or an array.");
  }
  const facts = new StoreFacts(++transaction.lastStoreId, name, keyPath, autoIncrement);
  self.stores[self.stores.length] = facts;
  transaction.generators.set(facts.id, 1);
  sendInTransaction(transaction, ['createStore', transaction.number, facts.id, wireName(name), keyPath, autoIncrement]);
  return storeHandle(transaction, facts);
}

function deleteObjectStore(self, name) {
  const transaction = upgradeOf(self, "deleteObjectStore' on 'IDBDatabase");
  checkActive(transaction);
  const facts = factsNamed(self.stores, name);
  if (facts === undefined) throw domException('NotFoundError', "Failed to execute 'deleteObjectStore' on 'IDBDatabase': The specified object store was not found.");
  const kept = [];
  for (let i = 0; i < self.stores.length; i++) if (self.stores[i] !== facts) kept[kept.length] = self.stores[i];
  self.stores = kept;
  facts.deleted = true;
  for (let i = 0; i < facts.indexes.length; i++) facts.indexes[i].deleted = true;
  facts.indexes = [];
  sendInTransaction(transaction, ['deleteStore', transaction.number, facts.id]);
}

// https://w3c.github.io/IndexedDB/#dom-idbdatabase-transaction
function transactionOn(self, storeNames, mode, options) {
  // 1-2.
  if (self.upgrade !== null) throw domException('InvalidStateError', "Failed to execute 'transaction' on 'IDBDatabase': A version change transaction is running.");
  if (self.closePending) throw domException('InvalidStateError', "Failed to execute 'transaction' on 'IDBDatabase': The database connection is closing.");
  // 3-5.
  const names = typeof storeNames === 'string' ? [storeNames] : storeNames;
  const scope = [];
  const known = new SafeMap();
  for (let i = 0; i < names.length; i++) {
    const facts = factsNamed(self.stores, names[i]);
    if (facts === undefined) throw domException('NotFoundError', "Failed to execute 'transaction' on 'IDBDatabase': One of the specified object stores was not found.");
    if (known.has(facts)) continue;
    known.set(facts, true);
    scope[scope.length] = facts;
  }
  if (scope.length === 0) throw domException('InvalidAccessError', "Failed to execute 'transaction' on 'IDBDatabase': The storeNames parameter was empty.");
  // 6.
  if (mode === 'versionchange') throw new TypeError("Failed to execute 'transaction' on 'IDBDatabase': The mode provided ('versionchange') is not one of 'readonly' or 'readwrite'.");
  return beginTransaction(self, scope, mode, options.durability);
}

defineInterface(`
dictionary IDBObjectStoreParameters { (DOMString or sequence<DOMString>)? keyPath = null; boolean autoIncrement = false; };
dictionary IDBTransactionOptions { IDBTransactionDurability durability = "default"; };
[Exposed=(Window,Worker)]
interface IDBDatabase : EventTarget {
  readonly attribute DOMString name;
  readonly attribute unsigned long long version;
  readonly attribute DOMStringList objectStoreNames;
  [NewObject] IDBTransaction transaction((DOMString or sequence<DOMString>) storeNames, optional IDBTransactionMode mode = "readonly", optional IDBTransactionOptions options = {});
  undefined close();
  [NewObject] IDBObjectStore createObjectStore(DOMString name, optional IDBObjectStoreParameters options = {});
  undefined deleteObjectStore(DOMString name);
  attribute EventHandler onabort;
  attribute EventHandler onclose;
  attribute EventHandler onerror;
  attribute EventHandler onversionchange;
};
`, {
  name: (self) => self.name,
  version: (self) => self.version,
  objectStoreNames: (self) => sortedNames(self.stores),
  transaction: transactionOn,
  close: (self) => self.close(),
  createObjectStore,
  deleteObjectStore,
}, IDBDatabaseImpl);
