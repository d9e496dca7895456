// https://wicg.github.io/storage-buckets/
// Buckets are kept by the host (`browser/storage_buckets.py`), by storage key; here they are numbers. What is in one are databases and caches of its own.

import { hostCall } from '../host.js';
import { Promise, PromiseResolve, RegExpPrototypeExec, SafeWeakMap, TypeError } from '../primordials.js';
import { Impl } from '../webidl/impl.js';
import { defineInterface, field } from '../webidl/interface.js';
import { wrap } from '../webidl/wrapper.js';
import { domException } from '../dom/DOMException.js';
import { originURL } from '../html/frame_tree.js';
import { windowOfNavigator } from '../html/Navigator.js';
import { currentWindow } from '../html/realm.js';
import { databasesOfBucket } from '../IndexedDB/IDBFactory.js';
import { requestPermissionToUse } from '../permissions/Permissions.js';
import { cacheStorageOfBucket } from '../service-workers/CacheStorage.js';
import { serializeOrigin } from '../url/parser.js';

class StorageBucketManagerImpl extends Impl {
  constructor(navigator) {
    super();
    this.navigator = navigator;
  }
}

class StorageBucketImpl extends Impl {
  constructor(window, number, name) {
    super();
    this.window = window;
    this.number = number;        // the host's; never used again
    this.name = name;
    this.databases = null;
    this.caches = null;
  }
}

const bucketManagers = new SafeWeakMap();      // by NavigatorImpl or WorkerNavigatorImpl

// The window that a manager acts for.
function bucketWindow(self) {
  const window = windowOfNavigator(self.navigator);
  if (window === null) throw new TypeError("The window's document is not fully active.");
  return window;
}

function askBuckets(question) {
  if (serializeOrigin(originURL(currentWindow().document)) === 'null') throw domException('SecurityError', 'Access to Storage Buckets API is denied in this context.');
  return hostCall('storage.buckets', question);
}

// https://wicg.github.io/storage-buckets/#validate-a-bucket-name
function checkBucketName(name) {
  if (RegExpPrototypeExec(/^[a-z0-9][a-z0-9_-]{0,63}$/, name) === null) throw new TypeError(`The bucket name '${name}' is not a valid name.`);
}

// What is known of a bucket, or becomes of it.
function askBucket(self, op, more) {
  const facts = askBuckets({ __proto__: null, op, number: self.number, ...more });
  if (facts.gone === true) throw domException('UnknownError', 'The storage bucket was deleted.');
  return facts;
}

// https://wicg.github.io/storage-buckets/#dom-storagebucketmanager-open
function openBucket(self, name, options) {
  const window = bucketWindow(self);
  checkBucketName(name);
  const { quota, expires } = options;
  if (quota === 0) throw new TypeError("The bucket's quota cannot equal zero.");
  const persisted = options.persisted && requestPermissionToUse(window, 'persistent-storage') === 'granted';
  const opened = askBuckets({
    __proto__: null, op: 'open', name, persisted, durability: options.durability, quota: quota ?? null, expires: expires ?? null,
  });
  if (opened.past === true) throw new TypeError('The bucket expires in the past.');
  if (opened.full === true) throw domException('QuotaExceededError', 'Too many buckets created.');
  return new StorageBucketImpl(window, opened.number, name);
}

defineInterface(`
enum StorageBucketDurability { "strict", "relaxed" };
[Exposed=(Window,Worker), SecureContext]
interface StorageBucket {
  readonly attribute DOMString name;
  [Exposed=Window] Promise<boolean> persist();
  Promise<boolean> persisted();
  Promise<any> estimate();
  Promise<StorageBucketDurability> durability();
  Promise<undefined> setExpires(double expires);
  Promise<double?> expires();
  [SameObject] readonly attribute IDBFactory indexedDB;
  [SameObject] readonly attribute CacheStorage caches;
};
`, {
  name: field('name'),
  persist(self) {
    const granted = requestPermissionToUse(currentWindow(), 'persistent-storage') === 'granted';
    return PromiseResolve(Promise, askBucket(self, 'persist', { __proto__: null, persisted: granted }).persisted);
  },
  persisted: (self) => PromiseResolve(Promise, askBucket(self, 'facts').persisted),
  estimate(self) {
    const { quota, usage } = askBucket(self, 'facts');
    return PromiseResolve(Promise, { quota, usage });
  },
  durability: (self) => PromiseResolve(Promise, askBucket(self, 'facts').durability),
  setExpires(self, expires) {
    askBucket(self, 'expire', { __proto__: null, expires });
    return PromiseResolve(Promise, undefined);
  },
  expires: (self) => PromiseResolve(Promise, askBucket(self, 'facts').expires),
  indexedDB(self) {
    self.databases ??= databasesOfBucket(self.window, self.number);
    return self.databases;
  },
  caches(self) {
    self.caches ??= cacheStorageOfBucket(self.number);
    return self.caches;
  },
}, StorageBucketImpl);

defineInterface(`
dictionary StorageBucketOptions {
  boolean persisted = false;
  StorageBucketDurability durability = "relaxed";
  [EnforceRange] unsigned long long quota;
  double expires;
};
[Exposed=(Window,Worker), SecureContext]
interface StorageBucketManager {
  Promise<StorageBucket> open(DOMString name, optional StorageBucketOptions options = {});
  Promise<sequence<DOMString>> keys();
  Promise<undefined> delete(DOMString name);
};
`, {
  open: (self, name, options) => PromiseResolve(Promise, wrap(openBucket(self, name, options))),
  keys(self) {
    bucketWindow(self);
    return PromiseResolve(Promise, askBuckets({ __proto__: null, op: 'keys' }).names);
  },
  delete(self, name) {
    bucketWindow(self);
    checkBucketName(name);
    askBuckets({ __proto__: null, op: 'delete', name });
    return PromiseResolve(Promise, undefined);
  },
}, StorageBucketManagerImpl);

defineInterface(`
interface mixin NavigatorStorageBuckets {
  [SameObject, SecureContext] readonly attribute StorageBucketManager storageBuckets;
};
Navigator includes NavigatorStorageBuckets;
WorkerNavigator includes NavigatorStorageBuckets;
`, {
  storageBuckets(navigator) {
    let manager = bucketManagers.get(navigator);
    if (manager === undefined) {
      manager = new StorageBucketManagerImpl(navigator);
      bucketManagers.set(navigator, manager);
    }
    return manager;
  },
});
