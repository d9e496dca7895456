// https://w3c.github.io/IndexedDB/#object-store-interface

import { TypedArrayPrototypeGetLength, ArrayIsArray, SafeMap } from '../primordials.js';
import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { domException } from '../dom/DOMException.js';
import { serializeValue } from '../webmessaging/structured_clone.js';
import { checkKeyPath, upgradeOf } from './IDBDatabase.js';
import { IDBIndexImpl } from './IDBIndex.js';
import { toKeyRange, wireRange } from './IDBKeyRange.js';
import { IndexFacts, awaitOutcome, checkActive, factsNamed, failLater, sendInTransaction, sortedNames, startRequest } from './IDBTransaction.js';
import { canInjectKey, extractKey, injectKey } from './key_paths.js';
import { fromKey, generatorAfter, numberKey, requireKey, wireName } from './keys.js';
import { encodeStored, onDatabaseEvent, sendOp, storedRecord } from './link.js';
import { checkSource, countIn, getAllOf, getFrom, getKeyFrom, openCursorOn } from './queries.js';

const LAST_GENERATED = 2 ** 53;

export class IDBObjectStoreImpl extends Impl {
  constructor(transaction, facts) {
    super();
    this.transaction = transaction;
    this.facts = facts;
    this.storeFacts = facts;           // as sources have them (queries.js)
    this.indexFacts = null;
    this.handles = new SafeMap();      // IndexFacts to IDBIndexImpl
    this.keyPathObject = null;         // of a list: the same object each time
  }

  get deleted() {
    return this.facts.deleted;
  }
}

// A key path as pages see it.
export function keyPathValue(self, keyPath) {
  if (!ArrayIsArray(keyPath)) return keyPath;
  if (self.keyPathObject === null) {
    self.keyPathObject = [];
    for (let i = 0; i < keyPath.length; i++) self.keyPathObject[i] = keyPath[i];
  }
  return self.keyPathObject;
}

// https://w3c.github.io/IndexedDB/#clone: page code that runs meanwhile cannot use the transaction
export function cloneInTransaction(transaction, value) {
  transaction.state = 'inactive';
  try {
    return serializeValue(value, []).root;
  } finally {
    if (transaction.state === 'inactive') transaction.state = 'active';
  }
}

// -- writing -------------------------------------------------------------------------------------------------------------------

function checkWritable(self) {
  checkSource(self);
  if (self.transaction.mode === 'readonly') throw domException('ReadOnlyError', 'The transaction is read-only.');
}

// https://w3c.github.io/IndexedDB/#add-or-put
function addOrPut(self, value, keyValue, noOverwrite) {
  checkWritable(self);
  const { keyPath, autoIncrement } = self.facts;
  if (keyPath !== null && keyValue !== undefined) throw domException('DataError', 'The object store uses in-line keys and the key parameter was provided.');
  if (keyPath === null && !autoIncrement && keyValue === undefined) throw domException('DataError', 'The object store uses out-of-line keys and has no key generator and the key parameter was not provided.');
  // 8.
  let key = keyValue === undefined ? null : requireKey(keyValue);
  // 10.
  const root = cloneInTransaction(self.transaction, value);
  // 11.
  if (keyPath !== null) {
    const extracted = extractKey(root, keyPath, false);
    if (extracted === null) throw domException('DataError', "Evaluating the object store's key path yielded a value that is not a valid key.");
    if (extracted !== undefined) key = extracted;
    else if (!autoIncrement) throw domException('DataError', "Evaluating the object store's key path did not yield a value.");
    else if (!canInjectKey(root, keyPath)) throw domException('DataError', 'A generated key could not be inserted into the value.');
  }
  return storeLater(self, self, root, key, noOverwrite);
}

// https://w3c.github.io/IndexedDB/#object-store-storage-operation; the request's source is a cursor where that updates a record
export function storeLater(self, source, root, givenKey, noOverwrite) {
  const { transaction, facts } = self;
  let key = givenKey;
  return startRequest(transaction, source, (number) => {
    let next = null;
    let current = null;
    // 1.
    if (facts.autoIncrement) {
      current = transaction.generators.get(facts.id);
      if (key === null) {
        if (current > LAST_GENERATED) {
          failLater(transaction, number, 'ConstraintError', 'The key generator has no more keys.');
          return;
        }
        key = numberKey(current);
        next = current + 1;
        if (facts.keyPath !== null) injectKey(root, facts.keyPath, current);
      } else next = generatorAfter(key, current);
      transaction.generators.set(facts.id, next);
    }
    // 4.
    const entries = [];
    let mayFail = false;
    for (let i = 0; i < facts.indexes.length; i++) {
      const index = facts.indexes[i];
      mayFail = mayFail || index.unique;
      const keys = indexKeys(root, index);
      for (let j = 0; j < keys.length; j++) entries[entries.length] = [index.id, keys[j]];
    }
    const value = encodeStored(root);
    sendOp(['put', transaction.number, number, facts.id, key, TypedArrayPrototypeGetLength(value), noOverwrite, entries, next], value);
    if (mayFail && next !== current) awaitOutcome(transaction, number, facts.id, current);
  }, () => () => fromKey(key));
}

function indexKeys(root, index) {
  const keys = extractKey(root, index.keyPath, index.multiEntry);
  if (keys === undefined || keys === null) return [];
  return index.multiEntry ? keys : [keys];
}

// An index was made for records that are there already: the worker asks for their keys. [, transaction, key path, multi-entry, primary keys, sizes]
onDatabaseEvent('fill', (event, values) => {
  const index = { __proto__: null, keyPath: event[2], multiEntry: event[3] };
  const entries = [];
  for (let i = 0; i < event[4].length; i++) {
    const keys = indexKeys(storedRecord(values.take(event[5][i])).root, index);
    for (let j = 0; j < keys.length; j++) entries[entries.length] = [event[4][i], keys[j]];
  }
  sendOp(['filled', event[1], entries]);
});

export function deleteRecords(self, source, range) {
  const { transaction, facts } = self;
  return startRequest(transaction, source, (number) => {
    sendOp(['deleteRange', transaction.number, number, facts.id, wireRange(range)]);
  }, () => () => undefined);
}

function clearStore(self) {
  checkWritable(self);
  const { transaction, facts } = self;
  return startRequest(transaction, self, (number) => sendOp(['clear', transaction.number, number, facts.id]), () => () => undefined);
}

// -- indexes ---------------------------------------------------------------------------------------------------------------------

export function indexHandle(store, facts) {
  let index = store.handles.get(facts);
  if (index === undefined) {
    index = new IDBIndexImpl(store, facts);
    store.handles.set(facts, index);
  }
  return index;
}

// https://w3c.github.io/IndexedDB/#dom-idbobjectstore-createindex
function createIndex(self, name, keyPath, options) {
  const { transaction, facts } = self;
  // 3-5.
  upgradeHere(transaction, "createIndex' on 'IDBObjectStore");
  checkSource(self);
  // 6-10.
  if (factsNamed(facts.indexes, name) !== undefined) throw domException('ConstraintError', "Failed to execute 'createIndex' on 'IDBObjectStore': An index with the specified name already exists.");
  checkKeyPath(keyPath);
  if (ArrayIsArray(keyPath) && options.multiEntry) {
    throw domException('InvalidAccessError', "Failed to execute 'createIndex' on 'IDBObjectStore': The keyPath argument was an array and the multiEntry option is true.");
  }
  const index = new IndexFacts(++facts.lastIndexId, name, keyPath, options.unique, options.multiEntry);
  facts.indexes[facts.indexes.length] = index;
  sendInTransaction(transaction, ['createIndex', transaction.number, facts.id, index.id, wireName(name), keyPath, options.unique, options.multiEntry]);
  return indexHandle(self, index);
}

export function upgradeHere(transaction, operation) {
  if (transaction.mode !== 'versionchange') throw domException('InvalidStateError', `Failed to execute '${operation}': The database is not running a version change transaction.`);
}

function deleteIndex(self, name) {
  const { transaction, facts } = self;
  upgradeHere(transaction, "deleteIndex' on 'IDBObjectStore");
  checkSource(self);
  const index = factsNamed(facts.indexes, name);
  if (index === undefined) throw domException('NotFoundError', "Failed to execute 'deleteIndex' on 'IDBObjectStore': The specified index was not found.");
  const kept = [];
  for (let i = 0; i < facts.indexes.length; i++) if (facts.indexes[i] !== index) kept[kept.length] = facts.indexes[i];
  facts.indexes = kept;
  index.deleted = true;
  sendInTransaction(transaction, ['deleteIndex', transaction.number, facts.id, index.id]);
}

function indexNamed(self, name) {
  if (self.deleted) throw domException('InvalidStateError', "Failed to execute 'index' on 'IDBObjectStore': The object store has been deleted.");
  if (self.transaction.state === 'finished') throw domException('InvalidStateError', "Failed to execute 'index' on 'IDBObjectStore': The transaction has finished.");
  const facts = factsNamed(self.facts.indexes, name);
  if (facts === undefined) throw domException('NotFoundError', "Failed to execute 'index' on 'IDBObjectStore': The specified index was not found.");
  return indexHandle(self, facts);
}

// https://w3c.github.io/IndexedDB/#dom-idbobjectstore-name
function renameStore(self, name) {
  if (self.deleted) throw domException('InvalidStateError', 'The object store has been deleted.');
  upgradeHere(self.transaction, "name' of 'IDBObjectStore");
  checkActive(self.transaction);
  if (self.facts.name === name) return;
  if (factsNamed(self.transaction.connection.stores, name) !== undefined) throw domException('ConstraintError', 'An object store with the specified name already exists.');
  self.facts.name = name;
  sendInTransaction(self.transaction, ['renameStore', self.transaction.number, self.facts.id, wireName(name)]);
}

// `getAll(null, 5)` and `getAll({ query, count })`
defineInterface(`
dictionary IDBIndexParameters { boolean unique = false; boolean multiEntry = false; };
[Exposed=(Window,Worker)]
interface IDBObjectStore {
  attribute DOMString name;
  readonly attribute any keyPath;
  readonly attribute DOMStringList indexNames;
  [SameObject] readonly attribute IDBTransaction transaction;
  readonly attribute boolean autoIncrement;
  [NewObject] IDBRequest put(any value, optional any key);
  [NewObject] IDBRequest add(any value, optional any key);
  [NewObject] IDBRequest delete(any query);
  [NewObject] IDBRequest clear();
  [NewObject] IDBRequest get(any query);
  [NewObject] IDBRequest getKey(any query);
  [NewObject] IDBRequest getAll(optional any queryOrOptions, optional [EnforceRange] unsigned long count);
  [NewObject] IDBRequest getAllKeys(optional any queryOrOptions, optional [EnforceRange] unsigned long count);
  [NewObject] IDBRequest getAllRecords(optional any options);
  [NewObject] IDBRequest count(optional any query);
  [NewObject] IDBRequest openCursor(optional any query, optional IDBCursorDirection direction = "next");
  [NewObject] IDBRequest openKeyCursor(optional any query, optional IDBCursorDirection direction = "next");
  IDBIndex index(DOMString name);
  [NewObject] IDBIndex createIndex(DOMString name, (DOMString or sequence<DOMString>) keyPath, optional IDBIndexParameters options = {});
  undefined deleteIndex(DOMString name);
};
`, {
  name: { get: (self) => self.facts.name, set: renameStore },
  keyPath: (self) => keyPathValue(self, self.facts.keyPath),
  indexNames: (self) => sortedNames(self.facts.indexes),
  transaction: (self) => self.transaction,
  autoIncrement: (self) => self.facts.autoIncrement,
  put: (self, value, key) => addOrPut(self, value, key, false),
  add: (self, value, key) => addOrPut(self, value, key, true),
  delete(self, query) {
    checkWritable(self);
    return deleteRecords(self, self, toKeyRange(query, true));
  },
  clear: clearStore,
  get: getFrom,
  getKey: getKeyFrom,
  getAll: (self, query, count) => getAllOf(self, 'value', query, count),
  getAllKeys: (self, query, count) => getAllOf(self, 'key', query, count),
  getAllRecords: (self, options) => getAllOf(self, 'record', options, undefined),
  count: countIn,
  openCursor: (self, query, direction) => openCursorOn(self, query, direction, false),
  openKeyCursor: (self, query, direction) => openCursorOn(self, query, direction, true),
  index: indexNamed,
  createIndex,
  deleteIndex,
}, IDBObjectStoreImpl);
