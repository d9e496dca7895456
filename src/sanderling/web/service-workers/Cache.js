// https://w3c.github.io/ServiceWorker/#cache-interface
import { Promise, PromiseResolve } from '../primordials.js';
import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { addAllToCache, deleteInCache, matchAllInCache, matchInCache, putInCache, requestsInCache } from './caches.js';

export class CacheImpl extends Impl {
  constructor(id, bucket) {
    super();
    this.id = id;                // the host's
    this.bucket = bucket;        // 0: the origin's own storage
  }
}

defineInterface(`
dictionary CacheQueryOptions {
  boolean ignoreSearch = false;
  boolean ignoreMethod = false;
  boolean ignoreVary = false;
};
[SecureContext, Exposed=(Window,Worker)]
interface Cache {
  [NewObject] Promise<any> match(RequestInfo request, optional CacheQueryOptions options = {});
  [NewObject] Promise<any> matchAll(optional RequestInfo request, optional CacheQueryOptions options = {});
  [NewObject] Promise<undefined> add(RequestInfo request);
  [NewObject] Promise<undefined> addAll(sequence<RequestInfo> requests);
  [NewObject] Promise<undefined> put(RequestInfo request, Response response);
  [NewObject] Promise<boolean> delete(RequestInfo request, optional CacheQueryOptions options = {});
  [NewObject] Promise<any> keys(optional RequestInfo request, optional CacheQueryOptions options = {});
};
`, {
  match: (self, request, options) => PromiseResolve(Promise, matchInCache(self, request, options)),
  matchAll: (self, request, options) => PromiseResolve(Promise, matchAllInCache(self, request, options)),
  add: (self, request) => addAllToCache(self, [request]),
  addAll: (self, requests) => addAllToCache(self, requests),
  put: (self, request, response) => putInCache(self, request, response),
  delete: (self, request, options) => PromiseResolve(Promise, deleteInCache(self, request, options)),
  keys: (self, request, options) => PromiseResolve(Promise, requestsInCache(self, request, options)),
}, CacheImpl);
