// https://fetch.spec.whatwg.org/#fetching
// Fetches on behalf of elements: scripts, style sheets, frames. The host decodes text to UTF-8 and answers once, whole.

import { hostPost, onHost } from '../host.js';

let nextId = 1;
const pending = { __proto__: null };

// `request`: { url, destination, mode, credentials, integrity, referrerPolicy, charset }; of frames also { frame, navigation } (for whom, and which) and { method, body, contentType, origin, reload, referrer }.
// (Of frames, `bytes` is the parsed document, and there are `encoding` and `xml`, too.)
// Of images also { blobType }, with the blob in `body`, where the URL is a blob's; the answer has `image`: { width, height }, or null where it is none.
// `done` gets { ok, url, status, contentType, opaque, bytes } or { ok: false, error: { code, message } }, never before this call returns.
export function fetchResource(doc, request, done) {
  const id = nextId++;
  pending[id] = done;
  const payload = {
    id, frame: request.frame ?? (doc.window === null ? 0 : doc.window.frameId), navigation: request.navigation ?? 0, url: request.url, destination: request.destination,
    mode: request.mode ?? 'no-cors', credentials: request.credentials ?? 'include', integrity: request.integrity ?? '',
    referrerPolicy: request.referrerPolicy || doc.referrerPolicy, referrer: request.referrer ?? doc.urlText(),
    charset: request.charset || doc.encoding,
  };
  if (request.navigation !== undefined) {
    payload.method = request.method ?? 'GET';
    payload.contentType = request.contentType ?? '';
    payload.origin = request.origin ?? '';
    payload.reload = request.reload === true;
    payload.markup = request.markup === true;
    payload.sandbox = request.sandbox ?? null;
  }
  if (request.blobType !== undefined) payload.blobType = request.blobType;
  hostPost('resource.fetch', payload, request.body);
  return id;
}

export function cancelResource(id) {
  if (pending[id] === undefined) return;
  delete pending[id];
  hostPost('resource.cancel', { id });
}

onHost('resource.done', (payload, bytes) => {
  const done = pending[payload.id];
  if (done === undefined) return null;
  delete pending[payload.id];
  done({
    __proto__: null, ok: payload.error === undefined, error: payload.error, url: payload.url, status: payload.status,
    contentType: payload.contentType, encoding: payload.encoding, xml: payload.xml === true, opaque: payload.opaque === true, remote: payload.remote === true, image: payload.image ?? null, bytes,
  });
  return null;
});
