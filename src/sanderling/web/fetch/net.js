// https://fetch.spec.whatwg.org/#fetching
// Requests of page code on their way through the host. A client gets what comes back:
// { response(head), chunk(bytes), end(), fail(code, message) }, and asks for the next chunk with netResume(id).

import { ArrayBuffer, ArrayBufferPrototypeTransfer, ObjectSetPrototypeOf, SafeMap, TypedArrayPrototypeGetByteLength } from '../primordials.js';
import { EMPTY_BYTES, hostPost, onHost, runMicrotasks } from '../host.js';
import { allowsRequest, policiesForHost } from '../html/csp.js';
import { windowOfFrame } from '../html/realm.js';
import { settleReferrer } from '../html/referrer.js';
import { queueTask } from '../html/tasks.js';
import { traceRequest } from './initiator.js';

const netClients = new SafeMap();
const netGuarded = new SafeMap();     // requests of documents that have policies: these see a redirect's end, too
let nextNetId = 1;
let wholeId = 0;                      // of the request whose body came whole: nobody has more of it

export function netSend(payload, bytes, client) {
  const id = nextNetId++;
  payload.id = id;
  netClients.set(id, client);
  const doc = windowOfFrame(payload.frame)?.document ?? null;
  if (doc !== null && doc.csp !== null) {
    if (!allowsRequest(doc, payload, payload.url, false)) {
      queueTask(doc, () => failBlocked(id));
      return id;
    }
    payload.policies = policiesForHost(doc);
    netGuarded.set(id, { __proto__: null, doc, payload });
  }
  traceRequest(payload);
  if (doc !== null) {
    settleReferrer(payload, doc);
    payload.upgrade = doc.upgradesInsecure;
  }
  if (bytes === null) hostPost('net.fetch', payload);
  else hostPost('net.fetch', payload, bytes);
  return id;
}

function failBlocked(id) {
  const client = netClients.get(id);
  netClients.delete(id);
  if (client !== undefined) client.fail('net::ERR_BLOCKED_BY_CSP', 'Content Security Policy forbids it');
}

export function netCancel(id) {
  netGuarded.delete(id);
  if (netClients.delete(id)) hostPost('net.cancel', { __proto__: null, id });
}

// The client has room for another chunk.
export function netResume(id) {
  if (id !== wholeId && netClients.has(id)) hostPost('net.resume', { __proto__: null, id });
}

function responded(head) {
  const client = netClients.get(head.id);
  const guarded = netGuarded.get(head.id);
  if (guarded !== undefined) {
    netGuarded.delete(head.id);
    if (client !== undefined && head.redirected && !allowsRequest(guarded.doc, guarded.payload, head.url, true)) {
      hostPost('net.cancel', { __proto__: null, id: head.id });
      failBlocked(head.id);
      return;
    }
  }
  if (client !== undefined) client.response(head);
}

onHost('net.response', (head) => {
  responded(head);
  return null;
});

// The engine looks for buffers that nobody holds any more when it makes one while young ones hold 32 MiB in all. Here it is made to look sooner: what counts for twice as much
// takes no memory, for nobody writes to it. Else 32 MiB of chunks that a page has read and dropped would lie about.
const SWEEP_EVERY_BYTES = 2097152;
const YOUNG_BUFFERS_BYTES = 67108864;
let unswept = 0;

function sweepBuffers(received) {
  unswept += received;
  if (unswept < SWEEP_EVERY_BYTES) return;
  unswept = 0;
  try {
    const probe = new ArrayBuffer(YOUNG_BUFFERS_BYTES);
    new ArrayBuffer(1);      // the engine looks before it makes one
    ArrayBufferPrototypeTransfer(probe, 0);      // gives it back
  } catch {
    // The page's own buffers leave no room for it; then the engine looks by itself.
  }
}

onHost('net.chunk', (info, bytes) => {
  if (bytes !== undefined && bytes !== null) sweepBuffers(TypedArrayPrototypeGetByteLength(bytes));
  const client = netClients.get(info.id);
  if (client !== undefined) client.chunk(bytes ?? EMPTY_BYTES);
  return null;
});

onHost('net.end', (info) => {
  const client = netClients.get(info.id);
  netClients.delete(info.id);
  if (client !== undefined) client.end(info);
  return null;
});

// What is left of a response (all of it where there is a head): tasks that come one after the other anyhow, in one entry.
onHost('net.whole', ({ id, head, encodedBytes }, bytes) => {
  wholeId = id;
  if (head !== null) {
    responded(ObjectSetPrototypeOf(head, null));
    runMicrotasks();
  }
  if (bytes !== undefined && bytes !== null && netClients.has(id)) {
    const size = TypedArrayPrototypeGetByteLength(bytes);
    sweepBuffers(size);
    if (size > 0) {
      netClients.get(id).chunk(bytes);
      runMicrotasks();
    }
  }
  const client = netClients.get(id);      // page code may have aborted it
  netClients.delete(id);
  if (client !== undefined) client.end({ __proto__: null, encodedBytes });
  return null;
});

onHost('net.error', (info) => {
  const client = netClients.get(info.id);
  const guarded = netGuarded.get(info.id);
  netClients.delete(info.id);
  netGuarded.delete(info.id);
  if (guarded !== undefined && info.blocked !== undefined) allowsRequest(guarded.doc, guarded.payload, info.blocked, true);      // tells of it
  if (client !== undefined) client.fail(info.code, info.message);
  return null;
});
