// https://w3c.github.io/IndexedDB/#retrieval-operations
// What object stores and indexes have in common: reading by key or range, and cursors. A "source" is an IDBObjectStoreImpl or IDBIndexImpl.

import { defineInterface, defineTypes } from '../webidl/interface.js';
import { toInt } from '../webidl/conversions.js';
import { Impl } from '../webidl/impl.js';
import { unwrap, wrap } from '../webidl/wrapper.js';
import { ObjectGetPrototypeOf, ObjectPrototype, TypeError } from '../primordials.js';
import { domException } from '../dom/DOMException.js';
import { IDBCursorImpl, IDBCursorWithValueImpl, readCursor } from './IDBCursor.js';
import { IDBKeyRangeImpl, toKeyRange, wireRange } from './IDBKeyRange.js';
import { checkActive, startRequest } from './IDBTransaction.js';
import { fromKey, toKey } from './keys.js';
import { decodeStored, sendOp } from './link.js';

// https://w3c.github.io/IndexedDB/#request-api: the source must be there and its transaction active
export function checkSource(self) {
  if (self.deleted) throw domException('InvalidStateError', 'The object store or index has been deleted.');
  checkActive(self.transaction);
}

// [store, index or 0] of a source, for the worker.
function place(self) {
  return [self.storeFacts.id, self.indexFacts === null ? 0 : self.indexFacts.id];
}

// -- get, getKey, count ------------------------------------------------------------------------------------------------------

function askFor(self, kind, range, read) {
  return startRequest(self.transaction, self, (number) => {
    sendOp([kind, self.transaction.number, number, place(self), wireRange(range)]);
  }, read);
}

// The value, whose size is event[4][0]; none: undefined.
function readFoundValue(event, values) {
  if (event[4] === undefined) return () => undefined;
  const view = values.take(event[4][0]);
  return () => decodeStored(view);
}

function readPrimaryKey(event) {
  return () => (event[3] === null ? undefined : fromKey(event[3]));
}

export function getFrom(self, query) {
  checkSource(self);
  return askFor(self, 'get', toKeyRange(query, true), readFoundValue);
}

export function getKeyFrom(self, query) {
  checkSource(self);
  return askFor(self, 'getKey', toKeyRange(query, true), readPrimaryKey);
}

export function countIn(self, query) {
  checkSource(self);
  return askFor(self, 'count', toKeyRange(query, false), (event) => () => event[3]);
}

// -- getAll and its like -----------------------------------------------------------------------------------------------------

class IDBRecordImpl extends Impl {
  constructor(key, primaryKey, value) {
    super();
    this.key = key;
    this.primaryKey = primaryKey;
    this.value = value;
  }
}

defineInterface(`
[Exposed=(Window,Worker)]
interface IDBRecord {
  readonly attribute any key;
  readonly attribute any primaryKey;
  readonly attribute any value;
};
`, {
  key: (self) => self.key,
  primaryKey: (self) => self.primaryKey,
  value: (self) => self.value,
}, IDBRecordImpl);

defineTypes('enum IDBCursorDirection { "next", "nextunique", "prev", "prevunique" };');

const DIRECTIONS = { __proto__: null, next: true, nextunique: true, prev: true, prevunique: true };

// https://w3c.github.io/IndexedDB/#create-a-request-to-retrieve-multiple-items, step 8: what is no key or range, but an object, is a dictionary
function isOptions(value) {
  if (value === undefined || value === null || typeof value !== 'object') return false;
  if (unwrap(value) instanceof IDBKeyRangeImpl) return false;
  return toKey(value) === null && (ObjectGetPrototypeOf(value) === ObjectPrototype || ObjectGetPrototypeOf(value) === null);
}

// `what`: 'value', 'key' or 'record'
export function getAllOf(self, what, queryOrOptions, count) {
  checkSource(self);
  let range;
  let direction = 'next';
  let limit = count;
  if (isOptions(queryOrOptions)) {
    // The members of IDBGetAllOptions, in the order of their names.
    const given = queryOrOptions.count;
    if (given !== undefined) limit = toInt(given, 32, false, 1, 'count');
    const way = queryOrOptions.direction;
    if (way !== undefined) {
      direction = '' + way;
      if (DIRECTIONS[direction] !== true) throw new TypeError(`The provided value '${direction}' is not a valid enum value of type IDBCursorDirection.`);
    }
    range = toKeyRange(queryOrOptions.query, false);
  } else range = toKeyRange(queryOrOptions, false);
  return startRequest(self.transaction, self, (number) => {
    sendOp(['all', self.transaction.number, number, place(self), wireRange(range), what, direction, limit ?? 0]);
  }, (event, values) => readAll(what, event, values));
}

// event[3]: primary keys, or for records of an index keys and primary keys in turn
function readAll(what, event, values) {
  const keys = event[3];
  const sizes = event[4] ?? [];
  const views = [];
  for (let i = 0; i < sizes.length; i++) views[i] = values.take(sizes[i]);
  return () => {
    const out = [];
    if (what === 'key') for (let i = 0; i < keys.length; i++) out[i] = fromKey(keys[i]);
    else {
      for (let i = 0; i < views.length; i++) {
        const value = decodeStored(views[i]);
        out[i] = what === 'value' ? value : wrap(new IDBRecordImpl(fromKey(keys[2 * i]), fromKey(keys[2 * i + 1]), value));
      }
    }
    return out;
  };
}

// -- cursors -------------------------------------------------------------------------------------------------------------------

export function openCursorOn(self, query, direction, keyOnly) {
  checkSource(self);
  const range = toKeyRange(query, false);
  const Cursor = keyOnly ? IDBCursorImpl : IDBCursorWithValueImpl;
  const cursor = new Cursor(self, range, direction, keyOnly);
  cursor.request = startRequest(self.transaction, self, (number) => cursor.ask(number, 1, null, null), (event, values) => readCursor(cursor, event, values));
  return cursor.request;
}
