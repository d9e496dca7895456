// https://fetch.spec.whatwg.org/#request-class

import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { TypeError } from '../primordials.js';
import { originURL } from '../html/frame_tree.js';
import { parseURL, sameOrigin, serializeURL } from '../url/parser.js';
import { currentDocument } from '../html/realm.js';
import { documentBaseURL } from '../html/document_state.js';
import { dependentSignal } from '../dom/AbortSignal.js';
import { appendHeader, copyHeaderList, hasHeader, isForbiddenMethod, isHeaderToken, normalMethod } from './headers_list.js';
import { HeadersImpl, fillHeaders } from './Headers.js';
import { BodyData, cloneBody, extractBody, isBodyUnusable } from './body_data.js';
import { ReadableStreamImpl } from '../streams/readable.js';
import { createTransform } from '../streams/TransformStream.js';
import { pipeStreams } from '../streams/pipe.js';
import { thenDo } from '../streams/support.js';

export class RequestImpl extends Impl {
  constructor(url) {
    super();
    this.url = url;                      // URLRecord
    this.method = 'GET';
    this.headers = null;                 // HeadersImpl
    this.body = null;                    // BodyData or null
    this.destination = '';
    this.referrer = 'about:client';      // that, '' for none, or a URL
    this.referrerPolicy = '';
    this.mode = 'cors';
    this.credentials = 'same-origin';
    this.cache = 'default';
    this.redirect = 'follow';
    this.integrity = '';
    this.keepalive = false;
    this.priority = 'auto';
    this.signal = null;                  // AbortSignalImpl
  }
}

// https://fetch.spec.whatwg.org/#dom-request
export function makeRequest(input, init) {
  const doc = currentDocument();
  let request;
  let signal = null;
  let source = null;
  if (typeof input === 'string') {
    // 5.
    const url = parseURL(input, documentBaseURL(doc));
    if (url === null) throw new TypeError('Failed to parse URL from ' + input);
    if (url.username !== '' || url.password !== '') throw new TypeError('Request cannot be constructed from a URL that includes credentials: ' + input);
    request = new RequestImpl(url);
  } else {
    // 6., 12.
    source = input;
    request = new RequestImpl(input.url);
    copyRequest(input, request);
    ({ signal } = input);
  }
  // 10-11. init.window
  if (init.window !== undefined && init.window !== null) throw new TypeError("'window' member must be null.");
  // 13. any member at all
  let given = false;
  for (const key in init) {
    given = key !== '';
    break;
  }
  if (given) {
    if (request.mode === 'navigate') request.mode = 'same-origin';
    request.referrer = 'about:client';
    request.referrerPolicy = '';
  }
  // 14. referrer
  if (init.referrer !== undefined) {
    if (init.referrer === '') request.referrer = '';
    else {
      const referrer = parseURL(init.referrer, documentBaseURL(doc));
      if (referrer === null) throw new TypeError("Referrer '" + init.referrer + "' is not a valid URL.");
      const isClient = (referrer.scheme === 'about' && serializeURL(referrer) === 'about:client') || !sameOrigin(referrer, originURL(doc));
      request.referrer = isClient ? 'about:client' : serializeURL(referrer);
    }
  }
  if (init.referrerPolicy !== undefined) request.referrerPolicy = init.referrerPolicy;
  // 16-18. mode
  if (init.mode === 'navigate') throw new TypeError('Cannot construct a Request with a RequestInit whose mode member is set as \'navigate\'.');
  if (init.mode !== undefined) request.mode = init.mode;
  if (init.credentials !== undefined) request.credentials = init.credentials;
  if (init.cache !== undefined) request.cache = init.cache;
  if (request.cache === 'only-if-cached' && request.mode !== 'same-origin') throw new TypeError("'only-if-cached' can be set only with 'same-origin' mode");
  if (init.redirect !== undefined) request.redirect = init.redirect;
  if (init.integrity !== undefined) request.integrity = init.integrity;
  if (init.keepalive !== undefined) request.keepalive = init.keepalive;
  if (init.priority !== undefined) request.priority = init.priority;
  // 25. method
  if (init.method !== undefined) {
    if (!isHeaderToken(init.method)) throw new TypeError("'" + init.method + "' is not a valid HTTP method.");
    if (isForbiddenMethod(init.method)) throw new TypeError("'" + init.method + "' HTTP method is unsupported.");
    request.method = normalMethod(init.method);
  }
  // 26-30. signal
  if (init.signal !== undefined) ({ signal } = init);
  request.signal = dependentSignal(signal === null ? [] : [signal]);
  // 31-33. headers
  const list = source === null ? [] : copyHeaderList(source.headers.list);
  request.headers = new HeadersImpl(list, 'request');
  if (request.mode === 'no-cors') {
    if (request.method !== 'GET' && request.method !== 'HEAD' && request.method !== 'POST') throw new TypeError("'" + request.method + "' is unsupported in no-cors mode.");
    request.headers.guard = 'request-no-cors';
  }
  if (given) {
    if (init.headers !== undefined) {
      request.headers.list = [];
      fillHeaders(request.headers, init.headers);
    } else {
      // Again, under the guard of the new mode.
      request.headers.list = [];
      fillHeaders(request.headers, list);
    }
  }
  // 34-
  const inputBody = source === null ? null : source.body;
  const hasBody = init.body !== undefined && init.body !== null;
  if ((hasBody || (inputBody !== null && init.body === undefined)) && (request.method === 'GET' || request.method === 'HEAD')) {
    throw new TypeError('Request with GET/HEAD method cannot have body.');
  }
  if (hasBody) {
    const made = extractBody(init.body, request.keepalive);
    request.body = made.body;
    if (made.type !== null && !hasHeader(request.headers.list, 'Content-Type')) appendHeader(request.headers.list, 'Content-Type', made.type);
    // 39.
    if (init.body instanceof ReadableStreamImpl) {
      if (init.duplex === undefined) throw new TypeError('The `duplex` member must be specified for a request with a streaming body');
      if (request.mode !== 'same-origin' && request.mode !== 'cors') throw new TypeError('A streaming body needs mode "same-origin" or "cors".');
    }
  } else if (inputBody !== null && init.body === undefined) {
    // 41. the body moves over
    if (isBodyUnusable(inputBody)) throw new TypeError('Cannot construct a Request with a Request object that has already been used.');
    request.body = takeBody(inputBody);
  }
  return request;
}

// https://streams.spec.whatwg.org/#readablestream-create-a-proxy: the input's body becomes unusable, the new request has it
function takeBody(body) {
  if (body.stream === null) {
    body.consumed = true;
    return new BodyData(body.bytes, body.net, null);
  }
  const proxy = createTransform((chunk, controller) => controller.enqueue(chunk), () => undefined);
  thenDo(pipeStreams(body.stream, proxy.writable, false, false, false, null), undefined, () => undefined);
  return new BodyData(body.bytes, null, proxy.readable);
}

function copyRequest(from, to) {
  to.method = from.method;
  to.referrer = from.referrer;
  to.referrerPolicy = from.referrerPolicy;
  to.mode = from.mode;
  to.credentials = from.credentials;
  to.cache = from.cache;
  to.redirect = from.redirect;
  to.integrity = from.integrity;
  to.keepalive = from.keepalive;
  to.priority = from.priority;
}

export const requestInterface = defineInterface(`
typedef (Request or USVString) RequestInfo;
typedef (ReadableStream or Blob or BufferSource or FormData or URLSearchParams or USVString) BodyInit;
enum RequestDestination { "", "audio", "audioworklet", "document", "embed", "font", "frame", "iframe", "image", "json", "manifest", "object", "paintworklet", "report", "script",
  "sharedworker", "style", "track", "video", "worker", "xslt" };
enum RequestMode { "navigate", "same-origin", "no-cors", "cors" };
enum RequestCredentials { "omit", "same-origin", "include" };
enum RequestCache { "default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached" };
enum RequestRedirect { "follow", "error", "manual" };
enum RequestDuplex { "half" };
enum RequestPriority { "high", "low", "auto" };
enum ReferrerPolicy { "", "no-referrer", "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin", "origin-when-cross-origin", "strict-origin-when-cross-origin", "unsafe-url" };
dictionary RequestInit {
  ByteString method;
  HeadersInit headers;
  BodyInit? body;
  USVString referrer;
  ReferrerPolicy referrerPolicy;
  RequestMode mode;
  RequestCredentials credentials;
  RequestCache cache;
  RequestRedirect redirect;
  DOMString integrity;
  boolean keepalive;
  AbortSignal? signal;
  RequestDuplex duplex;
  RequestPriority priority;
  any window;
};
[Exposed=(Window,Worker)]
interface Request {
  constructor(RequestInfo input, optional RequestInit init = {});
  readonly attribute ByteString method;
  readonly attribute USVString url;
  [SameObject] readonly attribute Headers headers;
  readonly attribute RequestDestination destination;
  readonly attribute USVString referrer;
  readonly attribute ReferrerPolicy referrerPolicy;
  readonly attribute RequestMode mode;
  readonly attribute RequestCredentials credentials;
  readonly attribute RequestCache cache;
  readonly attribute RequestRedirect redirect;
  readonly attribute DOMString integrity;
  readonly attribute boolean keepalive;
  readonly attribute boolean isReloadNavigation;
  readonly attribute boolean isHistoryNavigation;
  readonly attribute AbortSignal signal;
  readonly attribute RequestDuplex duplex;
  [NewObject] Request clone();
};
Request includes Body;
`, {
  constructor: makeRequest,
  method: (self) => self.method,
  url: (self) => serializeURL(self.url),
  headers: (self) => self.headers,
  destination: (self) => self.destination,
  referrer: (self) => self.referrer,
  referrerPolicy: (self) => self.referrerPolicy,
  mode: (self) => self.mode,
  credentials: (self) => self.credentials,
  cache: (self) => self.cache,
  redirect: (self) => self.redirect,
  integrity: (self) => self.integrity,
  keepalive: (self) => self.keepalive,
  isReloadNavigation: () => false,
  isHistoryNavigation: () => false,
  signal: (self) => self.signal,
  duplex: () => 'half',
  // https://fetch.spec.whatwg.org/#dom-request-clone
  clone(self) {
    if (isBodyUnusable(self.body)) throw new TypeError("Failed to execute 'clone' on 'Request': Request body is already used");
    const copy = new RequestImpl(self.url);
    copyRequest(self, copy);
    copy.destination = self.destination;
    copy.headers = new HeadersImpl(copyHeaderList(self.headers.list), self.headers.guard);
    copy.body = cloneBody(self.body);
    copy.signal = dependentSignal([self.signal]);
    return copy;
  },
}, RequestImpl);
