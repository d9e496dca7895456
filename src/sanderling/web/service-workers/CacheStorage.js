// https://w3c.github.io/ServiceWorker/#cachestorage-interface
import { Promise, PromiseResolve, SafeWeakMap } from '../primordials.js';
import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { wrap } from '../webidl/wrapper.js';
import { CacheImpl } from './Cache.js';
import { cacheNames, dropCache, hasCache, matchInCache, openCache } from './caches.js';

class CacheStorageImpl extends Impl {
  constructor(bucket) {
    super();
    this.bucket = bucket;        // of a storage bucket; 0: the origin's own storage
    this.id = 0;                 // all its caches
  }
}

const cacheStorages = new SafeWeakMap();       // by WindowImpl or the impl of a worker's scope

defineInterface(`
dictionary MultiCacheQueryOptions : CacheQueryOptions {
  DOMString cacheName;
};
[SecureContext, Exposed=(Window,Worker)]
interface CacheStorage {
  [NewObject] Promise<any> match(RequestInfo request, optional MultiCacheQueryOptions options = {});
  [NewObject] Promise<boolean> has(DOMString cacheName);
  [NewObject] Promise<Cache> open(DOMString cacheName);
  [NewObject] Promise<boolean> delete(DOMString cacheName);
  [NewObject] Promise<sequence<DOMString>> keys();
};
`, {
  match: (self, request, options) => PromiseResolve(Promise, matchInCache(self, request, options)),
  has: (self, name) => PromiseResolve(Promise, hasCache(self, name)),
  open: (self, name) => PromiseResolve(Promise, wrap(new CacheImpl(openCache(self, name), self.bucket))),
  delete: (self, name) => PromiseResolve(Promise, dropCache(self, name)),
  keys: (self) => PromiseResolve(Promise, cacheNames(self)),
}, CacheStorageImpl);

defineInterface(`
partial interface mixin WindowOrWorkerGlobalScope {
  [SecureContext, SameObject] readonly attribute CacheStorage caches;
};
`, {
  caches(self) {
    let storage = cacheStorages.get(self);
    if (storage === undefined) {
      storage = new CacheStorageImpl(0);
      cacheStorages.set(self, storage);
    }
    return storage;
  },
});

export function cacheStorageOfBucket(bucket) {
  return new CacheStorageImpl(bucket);
}
