// https://w3c.github.io/IndexedDB/#cursor-interface
// The worker is asked for each step with the position that the cursor has: nothing of it lives there.

import { TypeError } from '../primordials.js';
import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { wrap } from '../webidl/wrapper.js';
import { domException } from '../dom/DOMException.js';
import { cloneInTransaction, deleteRecords, storeLater } from './IDBObjectStore.js';
import { onlyKey, wireRange } from './IDBKeyRange.js';
import { checkActive, startRequest } from './IDBTransaction.js';
import { extractKey } from './key_paths.js';
import { fromKey, requireKey } from './keys.js';
import { decodeStored, sendOp } from './link.js';

export class IDBCursorImpl extends Impl {
  constructor(source, range, direction, keyOnly) {
    super();
    this.source = source;
    this.transaction = source.transaction;
    this.range = range;
    this.direction = direction;
    this.keyOnly = keyOnly;
    this.request = null;
    this.gotValue = false;
    this.key = null;                 // as text; null before the first step and after the last
    this.primaryKey = null;
    this.keyValue = undefined;       // what pages see: the same objects until the next step
    this.primaryKeyValue = undefined;
    this.value = undefined;
  }

  // The object store that the records are in.
  get store() {
    return this.source.indexFacts === null ? this.source : this.source.store;
  }

  // https://w3c.github.io/IndexedDB/#iterate-a-cursor
  ask(number, count, targetKey, targetPrimaryKey) {
    const { source } = this;
    sendOp([
      'cursor', this.transaction.number, number, [source.storeFacts.id, source.indexFacts === null ? 0 : source.indexFacts.id], wireRange(this.range), this.direction,
      this.keyOnly, this.key, this.primaryKey, targetKey, targetPrimaryKey, count,
    ]);
  }
}

export class IDBCursorWithValueImpl extends IDBCursorImpl {}

// event[3]: null at the end, or key and primary key; the value's size is event[4][0].
export function readCursor(cursor, event, values) {
  const found = event[3];
  const view = event[4] === undefined ? null : values.take(event[4][0]);
  return () => {
    cursor.keyValue = undefined;
    cursor.primaryKeyValue = undefined;
    cursor.value = undefined;
    if (found === null) {
      cursor.key = null;
      cursor.primaryKey = null;
      return null;
    }
    cursor.key = found[0];
    cursor.primaryKey = found[1];
    if (view !== null) cursor.value = decodeStored(view);
    cursor.gotValue = true;
    return wrap(cursor);
  };
}

function checkSourceThere(self) {
  if (self.source.deleted) throw domException('InvalidStateError', "The cursor's source or effective object store has been deleted.");
}

function checkGotValue(self) {
  if (!self.gotValue) throw domException('InvalidStateError', 'The cursor is being iterated or has iterated past its end.');
}

function goOn(self, count, targetKey, targetPrimaryKey) {
  self.gotValue = false;
  startRequest(self.transaction, null, (number) => self.ask(number, count, targetKey, targetPrimaryKey), self.request.read, self.request);
}

function continueTo(self, value) {
  checkActive(self.transaction);
  checkSourceThere(self);
  checkGotValue(self);
  let key = null;
  if (value !== undefined) {
    key = requireKey(value);
    const forward = self.direction === 'next' || self.direction === 'nextunique';
    if (forward ? key <= self.key : key >= self.key) {
      throw domException('DataError', `Failed to execute 'continue' on 'IDBCursor': The parameter is ${forward ? 'less than or equal to' : 'greater than or equal to'} this cursor's position.`);
    }
  }
  goOn(self, 1, key, null);
}

// https://w3c.github.io/IndexedDB/#dom-idbcursor-continueprimarykey
function continuePrimaryKey(self, keyValue, primaryValue) {
  checkActive(self.transaction);
  checkSourceThere(self);
  if (self.source.indexFacts === null) throw domException('InvalidAccessError', "Failed to execute 'continuePrimaryKey' on 'IDBCursor': The cursor's source is not an index.");
  const forward = self.direction === 'next';
  if (!forward && self.direction !== 'prev') throw domException('InvalidAccessError', "Failed to execute 'continuePrimaryKey' on 'IDBCursor': The cursor's direction is not 'next' or 'prev'.");
  checkGotValue(self);
  const key = requireKey(keyValue);
  const primaryKey = requireKey(primaryValue);
  const behind = forward ? key < self.key : key > self.key;
  const notBeyond = key === self.key && (forward ? primaryKey <= self.primaryKey : primaryKey >= self.primaryKey);
  if (behind || notBeyond) throw domException('DataError', "Failed to execute 'continuePrimaryKey' on 'IDBCursor': The parameter does not lie beyond this cursor's position.");
  goOn(self, 1, key, primaryKey);
}

function advance(self, count) {
  if (count === 0) throw new TypeError("Failed to execute 'advance' on 'IDBCursor': A count argument with value 0 (zero) was supplied, must be greater than 0.");
  checkActive(self.transaction);
  checkSourceThere(self);
  checkGotValue(self);
  goOn(self, count, null, null);
}

function checkRecordWritable(self) {
  checkActive(self.transaction);
  if (self.transaction.mode === 'readonly') throw domException('ReadOnlyError', 'The record may not be changed inside a read-only transaction.');
  checkSourceThere(self);
  checkGotValue(self);
  if (self.keyOnly) throw domException('InvalidStateError', 'The cursor is a key cursor.');
}

function updateRecord(self, value) {
  checkRecordWritable(self);
  const { store } = self;
  const root = cloneInTransaction(self.transaction, value);
  if (store.facts.keyPath !== null && extractKey(root, store.facts.keyPath, false) !== self.primaryKey) {
    throw domException('DataError', "Failed to execute 'update' on 'IDBCursor': The effective object store of this cursor uses in-line keys and evaluating the key path of the value parameter results in a different value than the cursor's effective key.");
  }
  return storeLater(store, self, root, self.primaryKey, false);
}

defineInterface(`
[Exposed=(Window,Worker)]
interface IDBCursor {
  readonly attribute (IDBObjectStore or IDBIndex) source;
  readonly attribute IDBCursorDirection direction;
  readonly attribute any key;
  readonly attribute any primaryKey;
  [SameObject] readonly attribute IDBRequest request;
  undefined advance([EnforceRange] unsigned long count);
  undefined continue(optional any key);
  undefined continuePrimaryKey(any key, any primaryKey);
  [NewObject] IDBRequest update(any value);
  [NewObject] IDBRequest delete();
};
`, {
  source: (self) => self.source,
  direction: (self) => self.direction,
  key(self) {
    if (self.key !== null && self.keyValue === undefined) self.keyValue = fromKey(self.key);
    return self.keyValue;
  },
  primaryKey(self) {
    if (self.primaryKey !== null && self.primaryKeyValue === undefined) self.primaryKeyValue = fromKey(self.primaryKey);
    return self.primaryKeyValue;
  },
  request: (self) => self.request,
  advance,
  continue: continueTo,
  continuePrimaryKey,
  update: updateRecord,
  delete(self) {
    checkRecordWritable(self);
    return deleteRecords(self.store, self, onlyKey(self.primaryKey));
  },
}, IDBCursorImpl);

defineInterface(`
[Exposed=(Window,Worker)]
interface IDBCursorWithValue : IDBCursor {
  readonly attribute any value;
};
`, {
  value: (self) => self.value,
}, IDBCursorWithValueImpl);
