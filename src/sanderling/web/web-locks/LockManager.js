// https://w3c.github.io/web-locks/
// Who holds a lock and who waits is decided where every isolate of the origin is known: with the worker (`browser/web_locks.py`). This isolate asks for locks by
// number, and is told when one is granted, was not available, or was stolen.

import { hostPost, onHost } from '../host.js';
import { JSONParse, JSONStringify, Promise, PromisePrototypeThen, PromiseReject, PromiseResolve, ReflectApply, SafeMap, SafeWeakMap } from '../primordials.js';
import { Impl } from '../webidl/impl.js';
import { defineInterface, field } from '../webidl/interface.js';
import { wrap } from '../webidl/wrapper.js';
import { addAbortAlgorithm, removeAbortAlgorithm } from '../dom/AbortSignal.js';
import { domException } from '../dom/DOMException.js';
import { randomUUIDText } from '../FileAPI/blob_url.js';
import { onFrameDocument, originURL } from '../html/frame_tree.js';
import { windowOfNavigator } from '../html/Navigator.js';
import { withWindow } from '../html/realm.js';
import { queueTask } from '../html/tasks.js';
import { serializeOrigin } from '../url/parser.js';

class LockManagerImpl extends Impl {
  constructor(navigator) {
    super();
    this.navigator = navigator;
  }
}

class LockImpl extends Impl {
  constructor(name, mode) {
    super();
    this.name = name;
    this.mode = mode;
  }
}

const lockManagers = new SafeWeakMap();      // by NavigatorImpl or WorkerNavigatorImpl
const lockClients = new SafeWeakMap();       // document to its client id
const lockRequests = new SafeMap();          // by number: what waits or is held
const lockQueries = new SafeMap();           // by number: { doc, resolve }
let lastLockNumber = 0;

function lockClient(doc) {
  let client = lockClients.get(doc);
  if (client === undefined) {
    client = randomUUIDText();
    lockClients.set(doc, client);
  }
  return client;
}

// What both operations begin with: the window, or the reason to fail.
function lockWindow(self, operation) {
  const window = windowOfNavigator(self.navigator);
  const doc = window === null ? null : window.document;
  const failed = "Failed to execute '" + operation + "' on 'LockManager': ";
  if (doc === null || window.closed || doc.window !== window) throw domException('InvalidStateError', failed + 'The document is not fully active.');
  if (serializeOrigin(originURL(doc)) === 'null') throw domException('SecurityError', failed + 'Access to the Locks API is denied in this context.');
  return window;
}

// https://w3c.github.io/web-locks/#dom-lockmanager-request
function requestLock(self, name, options, callback) {
  // 1-4.
  const window = lockWindow(self, 'request');
  const { mode, ifAvailable, steal, signal } = options;
  const refuse = (why) => domException('NotSupportedError', "Failed to execute 'request' on 'LockManager': " + why);
  // 5-8.
  if (name[0] === '-') throw refuse("Names cannot start with '-'.");
  if (steal && ifAvailable) throw refuse("The 'steal' and 'ifAvailable' options cannot be used together.");
  if (steal && mode !== 'exclusive') throw refuse("The 'steal' option may only be used with 'exclusive' locks.");
  if (signal !== undefined && (steal || ifAvailable)) throw refuse("The 'signal' option cannot be used with 'steal' or 'ifAvailable'.");
  // 9.
  if (signal !== undefined && signal.aborted) return PromiseReject(Promise, signal.reason);
  // 10-12.
  return new Promise((resolve, reject) => {
    const request = { __proto__: null, number: ++lastLockNumber, window, doc: window.document, name, mode, callback, signal, resolve, reject, onAbort: null };
    if (signal !== undefined) {
      request.onAbort = () => {
        dropRequest(request);
        reject(signal.reason);
      };
      addAbortAlgorithm(signal, request.onAbort);
    }
    lockRequests.set(request.number, request);
    hostPost('locks.request', { __proto__: null, number: request.number, name: JSONStringify(name), mode, ifAvailable, steal, client: lockClient(request.doc) });
  });
}

// The request waits no more, or its lock is released.
function dropRequest(request) {
  if (lockRequests.delete(request.number)) hostPost('locks.release', { __proto__: null, number: request.number });
}

function stopWatching(request) {
  if (request.onAbort !== null) removeAbortAlgorithm(request.signal, request.onAbort);
  request.onAbort = null;
}

// What the callback gives is converted to a promise; what it throws makes a rejected one.
function callGranted(request, lock) {
  return withWindow(request.window, () => {
    try {
      return PromiseResolve(Promise, ReflectApply(request.callback, undefined, [lock === null ? null : wrap(lock)]));
    } catch (error) {
      return PromiseReject(Promise, error);
    }
  });
}

// https://w3c.github.io/web-locks/#process-the-lock-request-queue, from where the lock is held
onHost('locks.granted', ({ number }) => {
  const request = lockRequests.get(number);
  if (request === undefined) return null;
  queueTask(request.doc, () => {
    if (lockRequests.get(number) !== request) return;      // aborted or stolen meanwhile
    stopWatching(request);
    const waiting = callGranted(request, new LockImpl(request.name, request.mode));
    const release = () => {
      dropRequest(request);
      request.resolve(waiting);
    };
    PromisePrototypeThen(waiting, release, release);
  });
  return null;
});

onHost('locks.unavailable', ({ number }) => {
  const request = lockRequests.get(number);
  if (request === undefined) return null;
  lockRequests.delete(number);
  queueTask(request.doc, () => request.resolve(callGranted(request, null)));
  return null;
});

// Another request took the lock; what its holder does goes on without it.
onHost('locks.stolen', ({ number }) => {
  const request = lockRequests.get(number);
  if (request === undefined) return null;
  lockRequests.delete(number);
  stopWatching(request);
  queueTask(request.doc, () => request.reject(domException('AbortError', "Lock broken by another request with the 'steal' option.")));
  return null;
});

onHost('locks.refused', ({ number }) => {
  const request = lockRequests.get(number);
  if (request === undefined) return null;
  lockRequests.delete(number);
  stopWatching(request);
  queueTask(request.doc, () => request.reject(domException('QuotaExceededError', "Failed to execute 'request' on 'LockManager': Too many requests wait.")));
  return null;
});

function lockInfos(list) {
  const out = [];
  for (let i = 0; i < list.length; i++) out[i] = { clientId: list[i].client, mode: list[i].mode, name: JSONParse(list[i].name) };
  return out;
}

onHost('locks.state', ({ number, held, pending }) => {
  const query = lockQueries.get(number);
  if (query === undefined) return null;
  lockQueries.delete(number);
  queueTask(query.doc, () => query.resolve({ held: lockInfos(held), pending: lockInfos(pending) }));
  return null;
});

// https://w3c.github.io/web-locks/#agent-integration: a document that is gone holds nothing, and waits for nothing.
onFrameDocument((window) => {
  const gone = [];
  lockRequests.forEach((request) => {
    if (request.window === window && (window.closed || window.document !== request.doc)) gone[gone.length] = request;
  });
  for (let i = 0; i < gone.length; i++) {
    stopWatching(gone[i]);
    dropRequest(gone[i]);
  }
});

defineInterface(`
[SecureContext, Exposed=(Window,Worker)]
interface Lock {
  readonly attribute DOMString name;
  readonly attribute LockMode mode;
};
`, {
  name: field('name'),
  mode: field('mode'),
}, LockImpl);

defineInterface(`
callback LockGrantedCallback = Promise<any> (Lock? lock);
enum LockMode { "shared", "exclusive" };
dictionary LockOptions {
  LockMode mode = "exclusive";
  boolean ifAvailable = false;
  boolean steal = false;
  AbortSignal signal;
};
[SecureContext, Exposed=(Window,Worker)]
interface LockManager {
  Promise<any> request(DOMString name, LockGrantedCallback callback);
  Promise<any> request(DOMString name, LockOptions options, LockGrantedCallback callback);
  Promise<any> query();
};
`, {
  'request:0': (self, name, callback) => requestLock(self, name, { __proto__: null, mode: 'exclusive', ifAvailable: false, steal: false, signal: undefined }, callback),
  'request:1': (self, name, options, callback) => requestLock(self, name, options, callback),
  query(self) {
    const { document } = lockWindow(self, 'query');
    return new Promise((resolve) => {
      lockQueries.set(++lastLockNumber, { __proto__: null, doc: document, resolve });
      hostPost('locks.query', { __proto__: null, number: lastLockNumber });
    });
  },
}, LockManagerImpl);

defineInterface(`
interface mixin NavigatorLocks {
  [SecureContext] readonly attribute LockManager locks;
};
Navigator includes NavigatorLocks;
WorkerNavigator includes NavigatorLocks;
`, {
  locks(navigator) {
    let manager = lockManagers.get(navigator);
    if (manager === undefined) {
      manager = new LockManagerImpl(navigator);
      lockManagers.set(navigator, manager);
    }
    return manager;
  },
});
