// https://w3c.github.io/IndexedDB/#factory-interface

import { Promise, SafeMap, SafeWeakMap, TypeError } from '../primordials.js';
import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { wrap } from '../webidl/wrapper.js';
import { dispatchEvent, fireEvent, makeEvent } from '../dom/dispatch.js';
import { domException } from '../dom/DOMException.js';
import { originURL } from '../html/frame_tree.js';
import { queueTask } from '../html/tasks.js';
import { serializeOrigin } from '../url/parser.js';
import { IDBDatabaseImpl } from './IDBDatabase.js';
import { IDBOpenDBRequestImpl, versionChange } from './IDBRequest.js';
import { IDBTransactionImpl, abortTransaction, backUp, commitIfIdle, generatorMap } from './IDBTransaction.js';
import { nameOfWire, requireKey, wireName } from './keys.js';
import { errorOf, nextNumber, onDatabaseEvent, sendOp } from './link.js';

const factories = new SafeWeakMap();       // by window
const openRequests = new SafeMap();        // by number
const listings = new SafeMap();            // by number: [resolve, reject] of databases()

class IDBFactoryImpl extends Impl {
  constructor(window, bucket) {
    super();
    this.window = window;
    this.bucket = bucket;        // of a storage bucket; 0: the origin's own storage
  }
}

function hasStorage(window) {
  return serializeOrigin(originURL(window.document)) !== 'null';
}

function checkStorage(self, operation) {
  if (!hasStorage(self.window)) throw domException('SecurityError', `Failed to execute '${operation}' on 'IDBFactory': access to the Indexed Database API is denied in this context.`);
}

function askToOpen(self, op) {
  const request = new IDBOpenDBRequestImpl(self.window);
  openRequests.set(request.number, request);
  sendOp([op[0], request.number, op[1], op[2], self.bucket]);
  return request;
}

// -- what becomes of a request ---------------------------------------------------------------------------------------------------

function forOpenRequest(kind, steps) {
  onDatabaseEvent(kind, (event) => {
    const request = openRequests.get(event[1]);
    if (request === undefined) return;
    const { window } = request;
    if (window.closed || window.document !== request.doc) {
      // Its document is gone: nobody will ever close what it would get.
      openRequests.delete(request.number);
      sendOp(['close', request.number]);
    } else steps(request, event);
  });
}

function finishOpen(request, steps) {
  openRequests.delete(request.number);
  queueTask(request.doc, () => {
    request.done = true;
    steps();
  });
}

// [, request, name, version, stores]
forOpenRequest('opened', (request, event) => {
  const connection = new IDBDatabaseImpl(request.window, request.number, nameOfWire(event[2]), event[3], event[4]);
  finishOpen(request, () => {
    request.result = wrap(connection);
    fireEvent(request, 'success');
  });
});

// [, request, error's name, its message]
forOpenRequest('openFailed', (request, event) => {
  finishOpen(request, () => {
    request.error = errorOf(event[2], event[3]);
    fireEvent(request, 'error', { __proto__: null, bubbles: true, cancelable: true });
  });
});

// [, request, old version, new version or null]
forOpenRequest('blocked', (request, event) => {
  queueTask(request.doc, () => fireEvent(request, 'blocked', versionChange(event[2], event[3])));
});

// [, request, old version]
forOpenRequest('deleted', (request, event) => {
  finishOpen(request, () => {
    request.result = undefined;
    fireEvent(request, 'success', versionChange(event[2], null));
  });
});

// https://w3c.github.io/IndexedDB/#upgrade-a-database: [, request, name, old version, version, stores, key generators, last id of a store]
forOpenRequest('upgrade', (request, event) => {
  const connection = new IDBDatabaseImpl(request.window, request.number, nameOfWire(event[2]), event[4], event[5]);
  const transaction = new IDBTransactionImpl(connection, connection.stores, 'versionchange', 'default', request.number);
  openRequests.delete(request.number);
  transaction.openRequest = request;
  transaction.backup = backUp(connection, event[3]);
  transaction.generators = generatorMap(event[6]);
  transaction.lastStoreId = event[7];
  transaction.state = 'inactive';
  connection.upgrade = transaction;
  wrap(connection);
  // 10.
  queueTask(request.doc, () => {
    request.result = connection.wrapper;
    request.transaction = transaction;
    request.done = true;
    request.error = null;
    transaction.state = 'active';
    const change = makeEvent('upgradeneeded', versionChange(event[3], event[4]));
    change.isTrusted = true;
    dispatchEvent(change, request);
    if (transaction.state !== 'active') {
      commitIfIdle(transaction);
      return;
    }
    transaction.state = 'inactive';
    if (change.listenersThrew) abortTransaction(transaction, domException('AbortError', 'Uncaught exception in event handler.'));
    else commitIfIdle(transaction);
  });
});

// [, number, [name, version] of each; null: the storage bucket was deleted]
onDatabaseEvent('databases', (event) => {
  const listing = listings.get(event[1]);
  if (listing === undefined) return;
  listings.delete(event[1]);
  if (event[2] === null) {
    queueTask(listing.window.document, () => listing.reject(domException('UnknownError', 'The storage bucket was deleted.')));
    return;
  }
  const out = [];
  for (let i = 0; i < event[2].length; i++) out[i] = { name: nameOfWire(event[2][i][0]), version: event[2][i][1] };
  queueTask(listing.window.document, () => listing.resolve(out));
});

defineInterface(`
[Exposed=(Window,Worker)]
interface IDBFactory {
  [NewObject] IDBOpenDBRequest open(DOMString name, optional [EnforceRange] unsigned long long version);
  [NewObject] IDBOpenDBRequest deleteDatabase(DOMString name);
  Promise<any> databases();
  short cmp(any first, any second);
};
partial interface mixin WindowOrWorkerGlobalScope {
  [SameObject] readonly attribute IDBFactory indexedDB;
};
`, {
  open(self, name, version) {
    if (version === 0) throw new TypeError("Failed to execute 'open' on 'IDBFactory': The version provided must not be 0.");
    checkStorage(self, 'open');
    return askToOpen(self, ['open', wireName(name), version ?? null]);
  },
  deleteDatabase(self, name) {
    checkStorage(self, 'deleteDatabase');
    return askToOpen(self, ['delete', wireName(name), null]);
  },
  databases(self) {
    checkStorage(self, 'databases');
    const number = nextNumber();
    return new Promise((resolve, reject) => {
      listings.set(number, { __proto__: null, resolve, reject, window: self.window });
      sendOp(['databases', number, self.bucket]);
    });
  },
  cmp(self, first, second) {
    const a = requireKey(first);
    const b = requireKey(second);
    return a < b ? -1 : a > b ? 1 : 0;
  },
  indexedDB(window) {
    let factory = factories.get(window);
    if (factory === undefined) {
      factory = new IDBFactoryImpl(window, 0);
      factories.set(window, factory);
    }
    return factory;
  },
}, IDBFactoryImpl);

export function databasesOfBucket(window, bucket) {
  return new IDBFactoryImpl(window, bucket);
}
