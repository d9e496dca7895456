// https://fetch.spec.whatwg.org/#response-class

import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { JSONStringify, RangeError, StringPrototypeCharCodeAt, TypeError } from '../primordials.js';
import { utf8Encode } from '../host.js';
import { parseURL, serializeURL } from '../url/parser.js';
import { currentDocument } from '../html/realm.js';
import { documentBaseURL } from '../html/document_state.js';
import { appendHeader, copyHeaderList, hasHeader } from './headers_list.js';
import { HeadersImpl, fillHeaders } from './Headers.js';
import { bodyOfBytes, cloneBody, extractBody, isBodyUnusable } from './body_data.js';

export class ResponseImpl extends Impl {
  constructor(status, statusText, headers) {
    super();
    this.type = 'default';
    this.url = '';
    this.redirected = false;
    this.status = status;
    this.statusText = statusText;
    this.headers = headers;              // HeadersImpl
    this.body = null;                    // BodyData or null
  }
}

export function isNullBodyStatus(status) {
  return status === 101 || status === 103 || status === 204 || status === 205 || status === 304;
}

// RFC 9112, 4: reason-phrase
function isReasonPhrase(text) {
  for (let i = 0; i < text.length; i++) {
    const c = StringPrototypeCharCodeAt(text, i);
    if (c !== 9 && (c < 0x20 || c === 0x7F)) return false;
  }
  return true;
}

// https://fetch.spec.whatwg.org/#initialize-a-response
function initializeResponse(response, init, made) {
  if (init.status < 200 || init.status > 599) {
    throw new RangeError("Failed to construct 'Response': The status provided (" + init.status + ') is outside the range [200, 599].');
  }
  if (!isReasonPhrase(init.statusText)) throw new TypeError("Failed to construct 'Response': Invalid statusText");
  response.status = init.status;
  response.statusText = init.statusText;
  if (init.headers !== undefined) fillHeaders(response.headers, init.headers);
  if (made !== null) {
    if (isNullBodyStatus(init.status)) throw new TypeError("Failed to construct 'Response': Response with null body status cannot have body");
    response.body = made.body;
    if (made.type !== null && !hasHeader(response.headers.list, 'Content-Type')) appendHeader(response.headers.list, 'Content-Type', made.type);
  }
  return response;
}

export const responseInterface = defineInterface(`
enum ResponseType { "basic", "cors", "default", "error", "opaque", "opaqueredirect" };
dictionary ResponseInit { unsigned short status = 200; ByteString statusText = ""; HeadersInit headers; };
[Exposed=(Window,Worker)]
interface Response {
  constructor(optional BodyInit? body = null, optional ResponseInit init = {});
  [NewObject] static Response error();
  [NewObject] static Response redirect(USVString url, optional unsigned short status = 302);
  [NewObject] static Response json(any data, optional ResponseInit init = {});
  readonly attribute ResponseType type;
  readonly attribute USVString url;
  readonly attribute boolean redirected;
  readonly attribute unsigned short status;
  readonly attribute boolean ok;
  readonly attribute ByteString statusText;
  [SameObject] readonly attribute Headers headers;
  [NewObject] Response clone();
};
Response includes Body;
`, {
  constructor(body, init) {
    const response = new ResponseImpl(200, '', new HeadersImpl([], 'response'));
    return initializeResponse(response, init, body === null ? null : extractBody(body, false));
  },
  error() {
    const response = new ResponseImpl(0, '', new HeadersImpl([], 'immutable'));
    response.type = 'error';
    return response;
  },
  // https://fetch.spec.whatwg.org/#dom-response-redirect
  redirect(url, status) {
    const record = parseURL(url, documentBaseURL(currentDocument()));
    if (record === null) throw new TypeError("Failed to execute 'redirect' on 'Response': Invalid URL");
    if (status !== 301 && status !== 302 && status !== 303 && status !== 307 && status !== 308) {
      throw new RangeError("Failed to execute 'redirect' on 'Response': Invalid status code");
    }
    return new ResponseImpl(status, '', new HeadersImpl([['Location', serializeURL(record)]], 'immutable'));
  },
  // https://fetch.spec.whatwg.org/#dom-response-json
  json(data, init) {
    const text = JSONStringify(data);
    if (text === undefined) throw new TypeError("Failed to execute 'json' on 'Response': The data is not JSON serializable");
    const response = new ResponseImpl(200, '', new HeadersImpl([], 'response'));
    return initializeResponse(response, init, { __proto__: null, body: bodyOfBytes(utf8Encode(text)), type: 'application/json' });
  },
  type: (self) => self.type,
  url: (self) => self.url,
  redirected: (self) => self.redirected,
  status: (self) => self.status,
  ok: (self) => self.status >= 200 && self.status <= 299,
  statusText: (self) => self.statusText,
  headers: (self) => self.headers,
  clone(self) {
    if (isBodyUnusable(self.body)) throw new TypeError("Failed to execute 'clone' on 'Response': Response body is already used");
    const copy = new ResponseImpl(self.status, self.statusText, new HeadersImpl(copyHeaderList(self.headers.list), self.headers.guard));
    copy.type = self.type;
    copy.url = self.url;
    copy.redirected = self.redirected;
    copy.body = cloneBody(self.body);
    return copy;
  },
}, ResponseImpl);
