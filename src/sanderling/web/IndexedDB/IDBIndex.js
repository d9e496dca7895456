// https://w3c.github.io/IndexedDB/#index-interface

import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { domException } from '../dom/DOMException.js';
import { keyPathValue, upgradeHere } from './IDBObjectStore.js';
import { checkActive, factsNamed, sendInTransaction } from './IDBTransaction.js';
import { wireName } from './keys.js';
import { countIn, getAllOf, getFrom, getKeyFrom, openCursorOn } from './queries.js';

export class IDBIndexImpl extends Impl {
  constructor(store, facts) {
    super();
    this.store = store;
    this.transaction = store.transaction;
    this.storeFacts = store.facts;
    this.indexFacts = facts;
    this.keyPathObject = null;
  }

  get deleted() {
    return this.indexFacts.deleted || this.storeFacts.deleted;
  }
}

// https://w3c.github.io/IndexedDB/#dom-idbindex-name
function renameIndex(self, name) {
  upgradeHere(self.transaction, "name' of 'IDBIndex");
  checkActive(self.transaction);
  if (self.deleted) throw domException('InvalidStateError', 'The index or its object store has been deleted.');
  if (self.indexFacts.name === name) return;
  if (factsNamed(self.storeFacts.indexes, name) !== undefined) throw domException('ConstraintError', 'An index with the specified name already exists.');
  self.indexFacts.name = name;
  sendInTransaction(self.transaction, ['renameIndex', self.transaction.number, self.storeFacts.id, self.indexFacts.id, wireName(name)]);
}

defineInterface(`
[Exposed=(Window,Worker)]
interface IDBIndex {
  attribute DOMString name;
  [SameObject] readonly attribute IDBObjectStore objectStore;
  readonly attribute any keyPath;
  readonly attribute boolean multiEntry;
  readonly attribute boolean unique;
  [NewObject] IDBRequest get(any query);
  [NewObject] IDBRequest getKey(any query);
  [NewObject] IDBRequest getAll(optional any queryOrOptions, optional [EnforceRange] unsigned long count);
  [NewObject] IDBRequest getAllKeys(optional any queryOrOptions, optional [EnforceRange] unsigned long count);
  [NewObject] IDBRequest getAllRecords(optional any options);
  [NewObject] IDBRequest count(optional any query);
  [NewObject] IDBRequest openCursor(optional any query, optional IDBCursorDirection direction = "next");
  [NewObject] IDBRequest openKeyCursor(optional any query, optional IDBCursorDirection direction = "next");
};
`, {
  name: { get: (self) => self.indexFacts.name, set: renameIndex },
  objectStore: (self) => self.store,
  keyPath: (self) => keyPathValue(self, self.indexFacts.keyPath),
  multiEntry: (self) => self.indexFacts.multiEntry,
  unique: (self) => self.indexFacts.unique,
  get: getFrom,
  getKey: getKeyFrom,
  getAll: (self, query, count) => getAllOf(self, 'value', query, count),
  getAllKeys: (self, query, count) => getAllOf(self, 'key', query, count),
  getAllRecords: (self, options) => getAllOf(self, 'record', options, undefined),
  count: countIn,
  openCursor: (self, query, direction) => openCursorOn(self, query, direction, false),
  openKeyCursor: (self, query, direction) => openCursorOn(self, query, direction, true),
}, IDBIndexImpl);
