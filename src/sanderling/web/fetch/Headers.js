// https://fetch.spec.whatwg.org/#headers-class

import { Impl } from '../webidl/impl.js';
import { defineInterface, defineTypes } from '../webidl/interface.js';
import { ArrayIsArray, StringPrototypeToLowerCase, TypeError } from '../primordials.js';
import {
  appendHeader, deleteHeader, getHeader, hasHeader, isForbiddenRequestHeader, isForbiddenResponseHeader, isHeaderToken, isHeaderValue, isNoCorsSafelisted, normalHeaderValue,
  setHeader, sortedHeaders,
} from './headers_list.js';

export class HeadersImpl extends Impl {
  constructor(list, guard) {
    super();
    this.list = list;
    this.guard = guard;        // none request request-no-cors response immutable
    this.sorted = null;        // what is iterated, till the next change
  }
}

// https://fetch.spec.whatwg.org/#headers-validate
function validHeader(headers, name, value) {
  if (!isHeaderToken(name)) throw new TypeError("'" + name + "' is not a valid HTTP header field name.");
  if (!isHeaderValue(value)) throw new TypeError("'" + value + "' is not a valid HTTP header field value.");
  if (headers.guard === 'immutable') throw new TypeError('Headers are immutable');
  if (headers.guard === 'request' && isForbiddenRequestHeader(name, value)) return false;
  return !(headers.guard === 'response' && isForbiddenResponseHeader(name));
}

function dropPrivilegedRange(headers) {
  // https://fetch.spec.whatwg.org/#concept-headers-remove-privileged-no-cors-request-headers
  if (headers.guard === 'request-no-cors') deleteHeader(headers.list, 'Range');
}

// https://fetch.spec.whatwg.org/#concept-headers-append
export function appendToHeaders(headers, name, value) {
  const normal = normalHeaderValue(value);
  if (!validHeader(headers, name, normal)) return;
  if (headers.guard === 'request-no-cors') {
    const before = getHeader(headers.list, name);
    if (!isNoCorsSafelisted(name, before === null ? normal : before + ', ' + normal)) return;
  }
  headers.sorted = null;
  appendHeader(headers.list, name, normal);
  dropPrivilegedRange(headers);
}

// https://fetch.spec.whatwg.org/#concept-headers-fill; `init` is what HeadersInit converts to: lists of pairs in both forms
export function fillHeaders(headers, init) {
  for (let i = 0; i < init.length; i++) {
    const pair = init[i];
    if (!ArrayIsArray(pair) || pair.length !== 2) throw new TypeError('Invalid value: a header must be a name and a value.');
    appendToHeaders(headers, pair[0], pair[1]);
  }
}

defineTypes('typedef (sequence<sequence<ByteString>> or record<ByteString, ByteString>) HeadersInit;');

export const headersInterface = defineInterface(`
[Exposed=(Window,Worker)]
interface Headers {
  constructor(optional HeadersInit init);
  undefined append(ByteString name, ByteString value);
  undefined delete(ByteString name);
  ByteString? get(ByteString name);
  sequence<ByteString> getSetCookie();
  boolean has(ByteString name);
  undefined set(ByteString name, ByteString value);
  iterable<ByteString, ByteString>;
};
`, {
  constructor(init) {
    const headers = new HeadersImpl([], 'none');
    if (init !== undefined) fillHeaders(headers, init);
    return headers;
  },
  append: appendToHeaders,
  delete(self, name) {
    if (!validHeader(self, name, '')) return;
    if (self.guard === 'request-no-cors' && !isNoCorsName(name)) return;
    if (!hasHeader(self.list, name)) return;
    self.sorted = null;
    deleteHeader(self.list, name);
    dropPrivilegedRange(self);
  },
  get(self, name) {
    if (!isHeaderToken(name)) throw new TypeError("Failed to execute 'get' on 'Headers': Invalid name");
    return getHeader(self.list, name);
  },
  getSetCookie(self) {
    const out = [];
    for (let i = 0; i < self.list.length; i++) if (StringPrototypeToLowerCase(self.list[i][0]) === 'set-cookie') out[out.length] = self.list[i][1];
    return out;
  },
  has(self, name) {
    if (!isHeaderToken(name)) throw new TypeError("Failed to execute 'has' on 'Headers': Invalid name");
    return hasHeader(self.list, name);
  },
  set(self, name, value) {
    const normal = normalHeaderValue(value);
    if (!validHeader(self, name, normal)) return;
    if (self.guard === 'request-no-cors' && !isNoCorsSafelisted(name, normal)) return;
    self.sorted = null;
    setHeader(self.list, name, normal);
    dropPrivilegedRange(self);
  },
  pairs: (self) => self.sorted ?? (self.sorted = sortedHeaders(self.list)),
}, HeadersImpl);

function isNoCorsName(name) {
  switch (StringPrototypeToLowerCase(name)) {
    case 'accept': case 'accept-language': case 'content-language': case 'content-type': case 'range': return true;
    default: return false;
  }
}
