// https://w3c.github.io/IndexedDB/#async-ops
// What goes between this isolate and the databases, which live with the worker (`browser/indexed_db.py`): operations one way, gathered until the next
// microtask, and what became of them the other way. The bytes of values stand one behind the other.

import { hostPost, onHost, utf8Decode, utf8Encode } from '../host.js';
import { TypedArrayPrototypeGetLength, JSONParse, Promise, PromisePrototypeThen, PromiseResolve, SafeMap } from '../primordials.js';
import { jsonText } from '../json.js';
import { joinBytes, viewOfBytes } from '../webidl/buffers.js';
import { domException } from '../dom/DOMException.js';
import { deserializeValue } from '../webmessaging/structured_clone.js';
import { decodeSerialized, encodeSerialized } from '../webmessaging/wire.js';

let ops = [];
let chunks = [];
let lastNumber = 0;
const eventHandlers = new SafeMap();

// Of requests, connections and transactions.
export function nextNumber() {
  return ++lastNumber;
}

export function sendOp(op, bytes) {
  if (ops.length === 0) PromisePrototypeThen(PromiseResolve(Promise, undefined), flushOps);
  ops[ops.length] = op;
  if (bytes !== undefined) chunks[chunks.length] = bytes;
}

function flushOps() {
  const batch = ops;
  const values = chunks;
  ops = [];
  chunks = [];
  if (values.length === 0) hostPost('idb.do', batch);
  else hostPost('idb.do', batch, joinBytes(values));
}

// `handler(...facts, values)`, see `browser/indexed_db.py` for the facts; it runs between tasks.
export function onDatabaseEvent(kind, handler) {
  eventHandlers.set(kind, handler);
}

// The values of a batch, in order.
class ValueReader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  take(size) {
    const view = viewOfBytes(this.bytes, this.at, this.at + size);
    this.at += size;
    return view;
  }
}

onHost('idb.events', (events, bytes) => {
  const values = new ValueReader(bytes);
  for (let i = 0; i < events.length; i++) {
    const event = events[i];
    eventHandlers.get(event[0])(event, values);
  }
  return null;
});

// -- values: four bytes with the length of the JSON text, the text, and the memory of buffers and blobs -------------------------------

export function encodeStored(root) {
  const { json, bytes } = encodeSerialized({ __proto__: null, root });
  const text = utf8Encode(jsonText(json));
  const size = TypedArrayPrototypeGetLength(text);
  const head = utf8Encode('0000');
  for (let i = 0; i < 4; i++) head[i] = (size >>> (8 * (3 - i))) & 0xFF;
  return joinBytes(bytes === undefined ? [head, text] : [head, text, bytes]);
}

// What `deserializeValue` takes.
export function storedRecord(view) {
  const size = ((view[0] << 24) | (view[1] << 16) | (view[2] << 8) | view[3]) >>> 0;
  return decodeSerialized(JSONParse(utf8Decode(viewOfBytes(view, 4, 4 + size))), viewOfBytes(view, 4 + size, TypedArrayPrototypeGetLength(view)), []);
}

export function decodeStored(view) {
  return deserializeValue(storedRecord(view)).value;
}

// An error of the worker's.
export function errorOf(name, message) {
  return name === null ? null : domException(name, message);
}
