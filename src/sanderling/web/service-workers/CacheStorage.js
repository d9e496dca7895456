// https://w3c.github.io/ServiceWorker/#cachestorage-interface
import { Promise, PromiseResolve, SafeWeakMap } from '../primordials.js';
import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { wrap } from '../webidl/wrapper.js';
import { CacheImpl } from './Cache.js';
import { cacheNames, dropCache, hasCache, matchInCache, openCache } from './caches.js';

class CacheStorageImpl extends Impl {}

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
  match: (self, request, options) => PromiseResolve(Promise, matchInCache(0, request, options)),
  has: (self, name) => PromiseResolve(Promise, hasCache(name)),
  open: (self, name) => PromiseResolve(Promise, wrap(new CacheImpl(openCache(name)))),
  delete: (self, name) => PromiseResolve(Promise, dropCache(name)),
  keys: () => PromiseResolve(Promise, cacheNames()),
}, CacheStorageImpl);

defineInterface(`
partial interface mixin WindowOrWorkerGlobalScope {
  [SecureContext, SameObject] readonly attribute CacheStorage caches;
};
`, {
  caches(self) {
    let storage = cacheStorages.get(self);
    if (storage === undefined) {
      storage = new CacheStorageImpl();
      cacheStorages.set(self, storage);
    }
    return storage;
  },
});
