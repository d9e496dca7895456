// https://fetch.spec.whatwg.org/#fetch-method

import { defineInterface } from '../webidl/interface.js';
import { Promise, PromiseReject, SafeWeakMap, StringPrototypeIndexOf, StringPrototypeSlice, StringPrototypeToLowerCase, TypedArrayPrototypeGetByteLength, TypeError } from '../primordials.js';
import { wrap } from '../webidl/wrapper.js';
import { serializeURL } from '../url/parser.js';
import { addAbortAlgorithm, removeAbortAlgorithm } from '../dom/AbortSignal.js';
import { queueTask } from '../html/tasks.js';
import { withWindow } from '../html/realm.js';
import { BodyData, NetBody, bodyOfBytes, withBodyBytes } from './body_data.js';
import { HeadersImpl } from './Headers.js';
import { partOfBlob } from './blob_range.js';
import { getHeader, isForbiddenResponseHeader, parseMimeType } from './headers_list.js';
import { makeRequest } from './Request.js';
import { ResponseImpl, isNullBodyStatus } from './Response.js';
import { netCancel, netSend } from './net.js';
import { endUpload, prepareUpload, startUpload } from './upload.js';
import { cancelStream } from '../streams/platform.js';

// Bytes that keepalive requests in flight of a document may have together: https://fetch.spec.whatwg.org/#http-network-or-cache-fetch, step 8.10
const KEEPALIVE_QUOTA = 65536;
const keepaliveBytes = new SafeWeakMap();      // by document

// Whether so many more may be under way; who was told so gives them back.
export function holdKeepalive(doc, size) {
  const held = keepaliveBytes.get(doc) ?? 0;
  if (held + size > KEEPALIVE_QUOTA) return false;
  keepaliveBytes.set(doc, held + size);
  return true;
}

export function releaseKeepalive(doc, size) {
  if (size === 0) return;
  keepaliveBytes.set(doc, keepaliveBytes.get(doc) - size);
}

// One line per name, as browsers send them.
function combinedHeaders(list) {
  const out = [];
  const places = { __proto__: null };
  for (let i = 0; i < list.length; i++) {
    const lower = StringPrototypeToLowerCase(list[i][0]);
    const at = places[lower];
    if (at !== undefined) out[at] = [out[at][0], out[at][1] + ', ' + list[i][1]];
    else {
      places[lower] = out.length;
      out[out.length] = list[i];
    }
  }
  return out;
}

// What the host needs to know of a request.
export function netPayload(request, window, initiator, stream) {
  return {
    __proto__: null, id: 0, url: serializeURL(request.url), method: request.method, headers: combinedHeaders(request.headers.list), mode: request.mode, credentials: request.credentials,
    redirect: request.redirect, referrer: request.referrer, referrerPolicy: request.referrerPolicy, destination: request.destination, integrity: request.integrity,
    cache: request.cache, priority: request.priority, keepalive: request.keepalive, initiator, frame: window.frameId, stream,
  };
}

export function stripFragment(url) {
  const at = StringPrototypeIndexOf(url, '#');
  return at < 0 ? url : StringPrototypeSlice(url, 0, at);
}

// The page-visible headers of a response.
export function visibleHeaders(list) {
  const out = [];
  for (let i = 0; i < list.length; i++) if (!isForbiddenResponseHeader(list[i][0])) out[out.length] = list[i];
  return out;
}

function responseOfHead(head, method, net) {
  const response = new ResponseImpl(head.status, head.statusText, new HeadersImpl(visibleHeaders(head.headers), 'immutable'));
  response.type = head.type;
  response.redirected = head.redirected;
  const opaque = head.type === 'opaque' || head.type === 'opaqueredirect';
  response.url = head.type === 'opaque' ? '' : stripFragment(head.url);
  if (opaque) response.redirected = false;
  if (opaque || isNullBodyStatus(head.status) || method === 'HEAD') net.discard = true;
  else response.body = new BodyData(null, net, null);
  return response;
}

// A type that is no MIME type is not told.
export function headerTypeOfBlob(blob) {
  return parseMimeType(blob.type) === null ? '' : blob.type;
}

// https://fetch.spec.whatwg.org/#scheme-fetch, "blob": { status, statusText, headers, bytes }, or null for a network error
export function answerOfBlob(url, method, headers) {
  const entry = url.blobEntry;
  if (entry === undefined || entry === null || method !== 'GET') return null;
  const blob = entry.object;
  const type = ['Content-Type', headerTypeOfBlob(blob)];
  const range = getHeader(headers, 'range');
  if (range === null) return { __proto__: null, status: 200, statusText: 'OK', headers: [['Content-Length', '' + blob.size], type], bytes: blob.bytes };
  const part = partOfBlob(blob, range);
  if (part === null) return null;
  return { __proto__: null, status: 206, statusText: 'Partial Content', headers: [['Content-Length', '' + part.size], type, ['Content-Range', part.range]], bytes: part.bytes };
}

function responseOfBlob(request) {
  const answer = answerOfBlob(request.url, request.method, request.headers.list);
  if (answer === null) return null;
  const response = new ResponseImpl(answer.status, answer.statusText, new HeadersImpl(answer.headers, 'immutable'));
  response.type = 'basic';
  response.url = stripFragment(serializeURL(request.url));
  response.body = bodyOfBytes(answer.bytes);
  return response;
}

function cancelRequestBody(request, reason) {
  const { body } = request;
  if (body !== null && body.stream !== null && body.stream.state === 'readable') cancelStream(body.stream, reason);
}

// Gives a promise of the wrapped response.
export function startFetch(window, request) {
  const { signal } = request;
  if (signal.aborted) {
    cancelRequestBody(request, signal.reason);
    return PromiseReject(Promise, signal.reason);
  }
  return new Promise((resolve, reject) => {
    const net = new NetBody();
    let id = 0;
    let answered = false;
    let upload = null;
    const failed = () => new TypeError('Failed to fetch');
    // 11. https://fetch.spec.whatwg.org/#abort-fetch
    const onAbort = () => {
      if (id !== 0) netCancel(id);
      finished();
      cancelRequestBody(request, signal.reason);
      reject(signal.reason);
      net.fail(signal.reason);
    };
    const doc = window.document;
    let held = 0;              // bytes counted against the quota
    const finished = () => {
      releaseKeepalive(doc, held);
      held = 0;
      if (upload !== null) endUpload(upload);
      removeAbortAlgorithm(signal, onAbort);
    };
    addAbortAlgorithm(signal, onAbort);
    if (request.url.scheme === 'blob' && (request.url.blobEntry ?? null) !== null) {    // the host may know one of another isolate
      const response = responseOfBlob(request);
      queueTask(window.document, () => {
        finished();
        if (signal.aborted) return;
        if (response === null) reject(failed());
        else resolve(wrap(response));
      });
      return;
    }
    net.onCancel = () => {
      netCancel(id);
      finished();
    };
    const client = {
      __proto__: null,
      response(head) {
        answered = true;
        const response = responseOfHead(head, request.method, net);
        withWindow(window, () => resolve(wrap(response)));
      },
      chunk(bytes) {
        net.push(bytes);
      },
      end() {
        finished();
        withWindow(window, () => net.finish());
      },
      fail() {
        finished();
        if (answered) withWindow(window, () => net.fail(new TypeError('network error')));
        else reject(failed());
      },
    };
    const { body } = request;
    if (body !== null && body.bytes === null && body.stream !== null) {
      // A body without a source is sent as it comes, and once only.
      upload = prepareUpload(body.stream, (error) => {
        netCancel(id);
        finished();
        cancelRequestBody(request, error);
        if (answered) net.fail(error);
        else reject(failed());
      });
      const payload = netPayload(request, window, 'fetch', true);
      payload.upload = true;
      id = netSend(payload, null, client);
      net.id = id;
      startUpload(upload, id);
      return;
    }
    withBodyBytes(body, (bytes) => {
      if (signal.aborted) return;
      if (request.keepalive && bytes !== null) {
        const size = TypedArrayPrototypeGetByteLength(bytes);
        if (!holdKeepalive(doc, size)) {
          finished();
          reject(failed());
          return;
        }
        held = size;
      }
      id = netSend(netPayload(request, window, 'fetch', true), bytes, client);
      net.id = id;
    }, (error) => {
      finished();
      reject(error);
    });
  });
}

defineInterface(`
partial interface mixin WindowOrWorkerGlobalScope {
  [NewObject] Promise<Response> fetch(RequestInfo input, optional RequestInit init = {});
};
`, {
  fetch: (self, input, init) => startFetch(self, withWindow(self, () => makeRequest(input, init))),
});
