// https://fetch.spec.whatwg.org/#fetching
// Fetches on behalf of elements: scripts, style sheets, frames. The host decodes text to UTF-8 and answers once, whole.

import { hostPost, onHost } from '../host.js';
import { allowsRequest, policiesForHost } from './csp.js';
import { referrerOf } from './referrer.js';
import { hasTransientActivation } from './user_activation.js';
import { queueTask } from './tasks.js';
import { traceRequest } from '../fetch/initiator.js';

let nextId = 1;
const pending = { __proto__: null };

// `request`: { url, destination, mode, credentials, integrity, priority, referrerPolicy, charset }; of frames also { frame, navigation } (for whom, and which) and { method, body, contentType, origin, reload, referrer }.
// (Of frames, `bytes` is the parsed document, and there are `encoding` and `xml`, too.)
// Of images also { blobType }, with the blob in `body`, where the URL is a blob's; the answer has `image`: { width, height }, or null where it is none.
// `initiator`: of Resource Timing, where it is not the usual one of the destination; '' for none.
// Of what objects and embeds show the answer has `held` where it is a document: the number by which a frame gets it.
// `purpose`: preload or prefetch, of what is asked for ahead of its use; the answer has no body.
// `done` gets { ok, url, status, contentType, opaque, bytes } or { ok: false, error: { code, message } }, never before this call returns.
// `speculative`: asked for ahead of the parser (look_ahead.js), who has asked the policies that it knows of.
export function fetchResource(doc, request, done) {
  const ahead = doc.ahead === null || request.speculative === true || request.navigation !== undefined ? undefined : doc.ahead.get(aheadKey(doc, request));
  let settle = done;
  // Of a speculative request both is asked when somebody takes it: policies of the document may have come since.
  if (doc.csp !== null && request.markup !== true && request.speculative !== true) {
    if (!allowsRequest(doc, request, request.url, false)) {
      const id = nextId++;
      pending[id] = done;
      queueTask(doc, () => settleResource(id, { __proto__: null, url: request.url, error: blockedByPolicy() }));
      return id;
    }
    settle = (answer) => {
      if (!answer.ok && answer.error.blocked !== undefined) allowsRequest(doc, request, answer.error.blocked, true);      // tells of it
      if (answer.ok && answer.remote !== true && answer.url !== request.url && !allowsRequest(doc, request, answer.url, true)) {
        done({ __proto__: null, ok: false, error: blockedByPolicy(), url: request.url, status: 0, contentType: '', opaque: false, remote: false, image: null });
      } else done(answer);
    };
  }
  if (ahead !== undefined) {
    doc.ahead.delete(aheadKey(doc, request));
    takeAhead(doc, ahead, settle);
    return ahead.id;
  }
  const id = nextId++;
  pending[id] = settle;
  const payload = {
    __proto__: null, id, frame: request.frame ?? (doc.window === null ? 0 : doc.window.frameId), navigation: request.navigation ?? 0, url: request.url, destination: request.destination,
    mode: request.mode ?? 'no-cors', credentials: request.credentials ?? 'include', integrity: request.integrity ?? '', priority: request.priority ?? 'auto',
    referrerPolicy: request.referrerPolicy || doc.referrerPolicy, referrer: request.referrer ?? referrerOf(doc),
    charset: request.charset || doc.encoding, upgrade: doc.upgradesInsecure,
  };
  if (request.navigation !== undefined) {
    payload.method = request.method ?? 'GET';
    payload.contentType = request.contentType ?? '';
    payload.origin = request.origin ?? '';
    payload.reload = request.reload === true;
    payload.activated = hasTransientActivation();
    payload.markup = request.markup === true;
    payload.sandbox = request.sandbox ?? null;
    payload.history = request.history;
    payload.held = request.held ?? 0;
    if (request.container !== undefined) payload.container = request.container;
    if (request.inherits !== undefined) payload.inherits = request.inherits;
  }
  if (request.purpose !== undefined) payload.purpose = request.purpose;
  if (request.initiator !== undefined) payload.initiator = request.initiator;
  if (request.blobType !== undefined) payload.blobType = request.blobType;
  if (doc.csp !== null && request.markup !== true) {
    payload.policies = policiesForHost(doc);
    payload.nonce = request.nonce ?? '';
    payload.parserInserted = request.parserInserted !== false;
  }
  traceRequest(payload);
  hostPost('resource.fetch', payload, request.body);
  return id;
}

// Who asks the same as the speculative parser did gets its response: https://html.spec.whatwg.org/multipage/parsing.html#speculative-fetch
export function aheadKey(doc, request) {
  return request.destination + ' ' + (request.purpose ?? '') + ' ' + (request.mode ?? 'no-cors') + ' ' + (request.credentials ?? 'include') + ' ' + (request.referrerPolicy || doc.referrerPolicy)
    + ' ' + (request.charset || doc.encoding) + ' ' + (request.integrity ?? '') + ' ' + request.url;
}

function takeAhead(doc, ahead, done) {
  ahead.taken = done;
  if (ahead.answer === null) return;
  pending[ahead.id] = done;
  queueTask(doc, () => {
    if (pending[ahead.id] !== done) return;
    delete pending[ahead.id];
    done(ahead.answer);
  });
}

function blockedByPolicy() {
  return { __proto__: null, code: 'net::ERR_BLOCKED_BY_CSP', message: 'Content Security Policy forbids it' };
}

export function cancelResource(id) {
  if (pending[id] === undefined) return;
  delete pending[id];
  hostPost('resource.cancel', { id });
}

onHost('resource.done', (payload, bytes) => {
  settleResource(payload.id, payload, bytes);
  return null;
});

function settleResource(id, payload, bytes) {
  const done = pending[id];
  if (done === undefined) return;
  delete pending[id];
  done({
    __proto__: null, ok: payload.error === undefined, error: payload.error, url: payload.url, status: payload.status,
    contentType: payload.contentType, encoding: payload.encoding, xml: payload.xml === true, opaque: payload.opaque === true, remote: payload.remote === true, image: payload.image ?? null, held: payload.held ?? 0, csp: payload.csp ?? null, sandbox: payload.sandbox ?? null, links: payload.links ?? [], refresh: payload.refresh ?? '', timing: payload.timing ?? null, referrer: payload.referrer ?? '', referrerPolicy: payload.referrerPolicy ?? '', bytes,
  });
}
