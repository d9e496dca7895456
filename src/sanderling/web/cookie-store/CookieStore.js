// https://cookiestore.spec.whatwg.org/#cookiestore
// The cookies are the context's, in the worker: each call is a post, and its answer an entry.

import { defineInterface } from '../webidl/interface.js';
import { Object, ObjectFreeze, ObjectIsFrozen, Promise, PromiseReject, SafeMap, SafeWeakMap, TypeError } from '../primordials.js';
import { hostPost, onHost } from '../host.js';
import { EventImpl, defineEventInterface } from '../dom/Event.js';
import { EventTargetImpl } from '../dom/EventTarget.js';
import { domException } from '../dom/DOMException.js';
import { fireEvent } from '../dom/dispatch.js';
import { emulated } from '../emulation/emulated.js';
import { cookieURL, documentBaseURL } from '../html/document_state.js';
import { originURL } from '../html/frame_tree.js';
import { windowOfFrame } from '../html/realm.js';
import { queueTask } from '../html/tasks.js';
import { parseURL, serializeOrigin, serializeURL } from '../url/parser.js';

class CookieStoreImpl extends EventTargetImpl {
  constructor(window) {
    super();
    this.window = window;
  }
}

const cookieStores = new SafeWeakMap();       // by WindowImpl
const pendingCookieCalls = new SafeMap();     // by id: { window, kind, only, resolve, reject }
let lastCookieCall = 0;

// What every operation begins with: the URL of the document, or a reason to fail.
function storeURL(self) {
  const doc = self.window.document;
  if (serializeOrigin(originURL(doc)) === 'null') throw domException('SecurityError', 'Access to the CookieStore API is denied in this context.');
  const url = cookieURL(doc);
  if ((url.scheme !== 'http' && url.scheme !== 'https') || emulated.cookiesDisabled) {
    throw new TypeError('Cookies cannot be used in this document.');
  }
  return url;
}

function askForCookies(window, kind, payload) {
  return new Promise((resolve, reject) => {
    lastCookieCall++;
    pendingCookieCalls.set(lastCookieCall, { __proto__: null, window, kind, only: payload.only === true, resolve, reject });
    payload.id = lastCookieCall;
    payload.frame = window.frameId;
    hostPost(kind, payload);
  });
}

onHost('cookies.done', ({ id, value, error }) => {
  const call = pendingCookieCalls.get(id);
  if (call === undefined) return null;
  pendingCookieCalls.delete(id);
  queueTask(call.window.document, () => {
    if (error !== null) call.reject(new TypeError(error));
    else if (call.kind === 'cookies.store') call.resolve(undefined);
    else if (call.only) call.resolve(value.length === 0 ? null : cookieListItem(value[0]));
    else {
      const list = [];
      for (let i = 0; i < value.length; i++) list[i] = cookieListItem(value[i]);
      call.resolve(list);
    }
  });
  return null;
});

// https://cookiestore.spec.whatwg.org/#create-a-cookielistitem
// DEVIATION: with the attributes, as in Chromium.
function cookieListItem(cookie) {
  const { domain, expires, name, partitioned, path, sameSite, secure, value } = cookie;
  return value === null ? { domain, expires, name, partitioned, path, sameSite, secure } : { domain, expires, name, partitioned, path, sameSite, secure, value };
}

// https://cookiestore.spec.whatwg.org/#query-cookies
function queryCookies(self, options, only) {
  let url = storeURL(self);
  let name = null;
  if (typeof options === 'string') name = options;
  else {
    if (only && options.name === undefined && options.url === undefined) {
      return PromiseReject(Promise, new TypeError("Failed to execute 'get' on 'CookieStore': CookieStoreGetOptions must not be empty"));
    }
    if (options.name !== undefined) name = options.name;
    if (options.url !== undefined) {
      const parsed = parseURL(options.url, documentBaseURL(self.window.document));
      const own = serializeURL(url, true);
      if (parsed === null || serializeURL(parsed, true) !== own) {
        return PromiseReject(Promise, new TypeError('URL must match the document URL'));
      }
      url = parsed;
    }
  }
  return askForCookies(self.window, 'cookies.query', { __proto__: null, url: serializeURL(url, true), name, only });
}

// https://cookiestore.spec.whatwg.org/#set-a-cookie
function storeCookie(self, init) {
  return askForCookies(self.window, 'cookies.store', { ...init, __proto__: null, url: serializeURL(storeURL(self), true) });
}

// What nothing but a deletion says: https://cookiestore.spec.whatwg.org/#delete-a-cookie
function deleteCookie(self, options) {
  const { name, domain, path, partitioned } = options;
  return storeCookie(self, { __proto__: null, name, value: name === '' ? 'x' : '', expires: 0, domain, path, sameSite: 'strict', partitioned });
}

defineInterface(`
enum CookieSameSite { "strict", "lax", "none" };
dictionary CookieStoreGetOptions { USVString name; USVString url; };
dictionary CookieInit {
  required USVString name;
  required USVString value;
  double? expires = null;
  USVString? domain = null;
  USVString path = "/";
  CookieSameSite sameSite = "strict";
  boolean partitioned = false;
};
dictionary CookieStoreDeleteOptions {
  required USVString name;
  USVString? domain = null;
  USVString path = "/";
  boolean partitioned = false;
};
[Exposed=Window, SecureContext]
interface CookieStore : EventTarget {
  Promise<any> get(USVString name);
  Promise<any> get(optional CookieStoreGetOptions options = {});
  Promise<any> getAll(USVString name);
  Promise<any> getAll(optional CookieStoreGetOptions options = {});
  Promise<undefined> set(USVString name, USVString value);
  Promise<undefined> set(CookieInit options);
  Promise<undefined> delete(USVString name);
  Promise<undefined> delete(CookieStoreDeleteOptions options);
  attribute EventHandler onchange;
};
`, {
  get: (self, options) => queryCookies(self, options, true),
  getAll: (self, options) => queryCookies(self, options, false),
  set(self, first, value) {
    return storeCookie(self, typeof first === 'string'
      ? { __proto__: null, name: first, value, expires: null, domain: null, path: '/', sameSite: 'strict', partitioned: false } : first);
  },
  delete: (self, first) => deleteCookie(self, typeof first === 'string'
    ? { __proto__: null, name: first, domain: null, path: '/', partitioned: false } : first),
}, CookieStoreImpl);

defineInterface(`
[SecureContext]
partial interface Window {
  [SameObject] readonly attribute CookieStore cookieStore;
};
`, {
  cookieStore(self) {
    let store = cookieStores.get(self);
    if (store === undefined) {
      store = new CookieStoreImpl(self);
      cookieStores.set(self, store);
      hostPost('cookies.watch', { __proto__: null, frame: self.frameId, url: serializeURL(cookieURL(self.document), true) });
    }
    return store;
  },
});

class CookieChangeEventImpl extends EventImpl {}

// The list that page code sees, always the same one.
function listOfCookies(event, name) {
  const { init } = event;
  const list = init[name] ?? [];
  if (!ObjectIsFrozen(list)) {
    for (let i = 0; i < list.length; i++) list[i] = { ...list[i] };
    init[name] = ObjectFreeze(list);
  }
  return init[name];
}

defineEventInterface(`
dictionary CookieListItem {
  USVString name;
  USVString value;
  USVString? domain;
  USVString path;
  double? expires;
  boolean secure;
  CookieSameSite sameSite;
  boolean partitioned;
};
dictionary CookieChangeEventInit : EventInit { sequence<CookieListItem> changed; sequence<CookieListItem> deleted; };
[Exposed=Window, SecureContext]
interface CookieChangeEvent : Event {
  constructor(DOMString type, optional CookieChangeEventInit eventInitDict = {});
  [SameObject] readonly attribute any changed;
  [SameObject] readonly attribute any deleted;
};
`, { __proto__: null }, CookieChangeEventImpl, {
  changed: (self) => listOfCookies(self, 'changed'),
  deleted: (self) => listOfCookies(self, 'deleted'),
});

// https://cookiestore.spec.whatwg.org/#process-cookie-changes: one event a change, as in Chromium
onHost('cookies.changed', ({ frame, changed, deleted }) => {
  const window = windowOfFrame(frame);
  const store = window === null ? undefined : cookieStores.get(window);
  if (store === undefined) return null;
  queueTask(window.document, () => {
    const lists = { __proto__: null, changed: [], deleted: [] };
    if (changed !== null) lists.changed[0] = cookieListItem(changed);
    if (deleted !== null) lists.deleted[0] = cookieListItem(deleted);
    fireEvent(store, 'change', { __proto__: null, interface: 'CookieChangeEvent', init: lists });
  });
  return null;
});
