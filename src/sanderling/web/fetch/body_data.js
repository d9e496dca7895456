// https://fetch.spec.whatwg.org/#bodies
// What a Request or Response has as its body: bytes at hand, a transfer in progress, or a stream. Streams are made when somebody looks.

import { ArrayBufferIsView, TypedArrayPrototypeGetByteLength, TypeError, Uint8Array } from '../primordials.js';
import { EMPTY_BYTES, utf8Encode } from '../host.js';
import { isArrayBuffer } from '../webidl/conversions.js';
import { bytesOfBufferSource, copyOfBytes, joinBytes, soleBytes, partsOfView } from '../webidl/buffers.js';
import { BlobImpl } from '../FileAPI/Blob.js';
import { FormDataImpl, multipartBody } from '../xhr/FormData.js';
import { URLSearchParamsImpl } from '../url/URLSearchParams.js';
import { serializeFormUrlencoded } from '../url/urlencoded.js';
import { ReadableStreamImpl } from '../streams/readable.js';
import { acquireReader, closeStream, enqueueToStream, errorStream, makeByteStream, readStreamBytes, streamOfBytes, streamWants, teeStream } from '../streams/platform.js';
import { netResume } from './net.js';

// Bytes of a response that wait here, before the transfer is paused for want of a reader.
const NET_BODY_BUFFER = 1 << 20;

// Of a body that is asked for whole; what is longer can be read as a stream only.
const NET_BODY_WHOLE = 64 << 20;

// The body of a response that is on its way.
export class NetBody {
  constructor() {
    this.id = 0;
    this.chunks = [];
    this.size = 0;             // of the chunks that wait
    this.paused = false;       // a chunk came that netResume was not called for
    this.ended = false;
    this.failed = false;
    this.error = undefined;
    this.stream = null;        // ReadableStreamImpl that takes the chunks
    this.waiting = null;       // { resolve, reject } of readAll()
    this.discard = false;      // nobody will read
    this.onCancel = null;      // () => undefined
  }

  push(bytes) {
    if (this.discard) {
      netResume(this.id);
      return;
    }
    if (this.stream !== null) {
      // The stream takes the buffer over.
      enqueueToStream(this.stream, soleBytes(bytes));
      if (streamWants(this.stream)) netResume(this.id);
      else this.paused = true;
      return;
    }
    this.chunks[this.chunks.length] = bytes;
    this.size += TypedArrayPrototypeGetByteLength(bytes);
    if (this.size > NET_BODY_WHOLE) {
      this.fail(new TypeError('The body is too long to be had whole.'));
      if (this.onCancel !== null) this.onCancel();
      return;
    }
    if (this.waiting !== null || this.size < NET_BODY_BUFFER) netResume(this.id);
    else this.paused = true;
  }

  finish() {
    if (this.failed) return;
    this.ended = true;
    if (this.stream !== null) closeStream(this.stream);
    if (this.waiting !== null) this.waiting.resolve(this.take());
  }

  fail(error) {
    if (this.ended || this.failed) return;
    this.failed = true;
    this.error = error;
    this.chunks = [];
    if (this.stream !== null) errorStream(this.stream, error);
    if (this.waiting !== null) this.waiting.reject(error);
  }

  take() {
    const { chunks } = this;
    this.chunks = [];
    this.size = 0;
    return chunks.length === 0 ? EMPTY_BYTES : chunks.length === 1 ? chunks[0] : joinBytes(chunks);
  }

  resume() {
    if (!this.paused) return;
    this.paused = false;
    netResume(this.id);
  }

  readAll(resolve, reject) {
    if (this.failed) reject(this.error);
    else if (this.ended) resolve(this.take());
    else {
      this.waiting = { __proto__: null, resolve, reject };
      this.resume();
    }
  }

  toStream() {
    const stream = makeByteStream(() => this.resume(), () => {
      this.discard = true;
      if (this.onCancel !== null) this.onCancel();
    }, NET_BODY_BUFFER);
    if (this.failed) errorStream(stream, this.error);
    else {
      if (this.size > 0) enqueueToStream(stream, soleBytes(this.take()));
      if (this.ended) closeStream(stream);
      else this.stream = stream;
    }
    return stream;
  }
}


export class BodyData {
  constructor(bytes, net, stream) {
    this.bytes = bytes;        // Uint8Array or null
    this.net = net;            // NetBody or null
    this.stream = stream;      // ReadableStreamImpl or null: not made yet
    this.consumed = false;     // read without a stream
  }
}


export function bodyOfBytes(bytes) {
  return new BodyData(bytes, null, null);
}

// https://fetch.spec.whatwg.org/#dom-body-bodyused
export function isBodyUsed(body) {
  return body !== null && (body.stream === null ? body.consumed : body.stream.disturbed);
}

// https://fetch.spec.whatwg.org/#body-unusable
export function isBodyUnusable(body) {
  return body !== null && (body.stream === null ? body.consumed : body.stream.disturbed || body.stream.reader !== null);
}

export function streamOfBody(body) {
  if (body.stream === null) {
    if (body.consumed) {
      // As after a full read: disturbed, closed, with a reader that is never released.
      body.stream = streamOfBytes(EMPTY_BYTES);
      closeIfOpen(body.stream);
      body.stream.disturbed = true;
      acquireReader(body.stream);
    } else body.stream = body.net !== null ? body.net.toStream() : streamOfBytes(body.bytes);
  }
  return body.stream;
}

function closeIfOpen(stream) {
  if (stream.state === 'readable') closeStream(stream);
}

// https://fetch.spec.whatwg.org/#body-fully-read: calls back with all bytes, maybe at once
export function readBody(body, done, failed) {
  if (body === null) done(new Uint8Array(0));
  else if (body.stream !== null) readStreamBytes(body.stream, done, failed);
  else {
    // What failed before anybody read stays unread: it fails in the same way again.
    if (body.net === null || !body.net.failed) body.consumed = true;
    if (body.net !== null) body.net.readAll(done, failed);
    else done(body.bytes);
  }
}

// https://fetch.spec.whatwg.org/#concept-body-clone
export function cloneBody(body) {
  if (body === null) return null;
  if (body.stream === null && body.net === null) return new BodyData(body.bytes, null, null);
  const pair = teeStream(streamOfBody(body), true);
  body.stream = pair[0];
  body.net = null;
  return new BodyData(body.bytes, null, pair[1]);
}

// https://fetch.spec.whatwg.org/#bodyinit-safely-extract: { body, type }
export function extractBody(init, keepalive) {
  if (typeof init === 'string') return { __proto__: null, body: bodyOfBytes(utf8Encode(init)), type: 'text/plain;charset=UTF-8' };
  if (init instanceof ReadableStreamImpl) {
    if (keepalive === true) throw new TypeError('A keepalive request cannot have a stream as its body.');
    if (init.disturbed || init.reader !== null) throw new TypeError('The stream is locked or has been read from.');
    return { __proto__: null, body: new BodyData(null, null, init), type: null };
  }
  if (init instanceof BlobImpl) return { __proto__: null, body: bodyOfBytes(init.bytes), type: init.type === '' ? null : init.type };
  if (init instanceof FormDataImpl) {
    const made = multipartBody(init.entries);
    return { __proto__: null, body: bodyOfBytes(made.bytes), type: made.contentType };
  }
  if (init instanceof URLSearchParamsImpl) {
    return { __proto__: null, body: bodyOfBytes(utf8Encode(serializeFormUrlencoded(init.list))), type: 'application/x-www-form-urlencoded;charset=UTF-8' };
  }
  if (!isArrayBuffer(ArrayBufferIsView(init) ? partsOfView(init).buffer : init)) throw new TypeError('The body must not be a view of a SharedArrayBuffer.');
  return { __proto__: null, body: bodyOfBytes(copyOfBytes(bytesOfBufferSource(init))), type: null };
}

// Call back with the bytes to send, at once where they are at hand.
export function withBodyBytes(body, use, fail) {
  if (body === null) use(null);
  else readBody(body, use, fail);
}
