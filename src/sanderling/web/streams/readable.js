// https://streams.spec.whatwg.org/#rs-abstract-ops
// Readable streams: their operations, and the default controller.

import { Impl } from '../webidl/impl.js';
import { RangeError, ReflectApply, TypeError } from '../primordials.js';
import { ChunkQueue, Deferred, checkChunkSize, rejectedDeferred, rejectedWith, resolvedDeferred, resolvedWith, thenDo } from './support.js';

export class ReadableStreamImpl extends Impl {
  constructor() {
    super();
    this.state = 'readable';         // readable closed errored
    this.reader = null;
    this.storedError = undefined;
    this.disturbed = false;
    this.controller = null;
  }
}

export class ReadableReaderImpl extends Impl {
  constructor() {
    super();
    this.stream = null;
    this.closed = null;              // Deferred
    this.requests = new ChunkQueue();   // { chunk(value), close(value), error(reason) }
  }
}
export class ReadableDefaultReaderImpl extends ReadableReaderImpl {}
export class ReadableByobReaderImpl extends ReadableReaderImpl {}

// https://streams.spec.whatwg.org/#readable-stream-reader-generic-initialize
export function initializeReader(reader, stream) {
  if (stream.reader !== null) throw new TypeError('The stream is locked to a reader');
  reader.stream = stream;
  stream.reader = reader;
  if (stream.state === 'readable') reader.closed = new Deferred();
  else if (stream.state === 'closed') reader.closed = resolvedDeferred(undefined);
  else reader.closed = rejectedDeferred(stream.storedError).handled();
  return reader;
}

// https://streams.spec.whatwg.org/#readable-stream-reader-generic-release
export function releaseReader(reader) {
  const { stream } = reader;
  const error = new TypeError('The reader was released');
  if (stream.state === 'readable' && reader.closed.pending) reader.closed.handled().reject(error);
  else reader.closed = rejectedDeferred(error).handled();
  stream.controller.releaseSteps();
  stream.reader = null;
  reader.stream = null;
  const { requests } = reader;
  reader.requests = new ChunkQueue();
  while (requests.length > 0) requests.shift().error(error);
}

export function readFromReader(reader, request) {
  const { stream } = reader;
  stream.disturbed = true;
  if (stream.state === 'closed') request.close(undefined);
  else if (stream.state === 'errored') request.error(stream.storedError);
  else stream.controller.pullSteps(request);
}

// https://streams.spec.whatwg.org/#readable-stream-byob-reader-read; `minimum` in elements of the view
export function readIntoView(reader, view, minimum, request) {
  const { stream } = reader;
  stream.disturbed = true;
  if (stream.state === 'errored') request.error(stream.storedError);
  else stream.controller.pullInto(view, minimum, request);
}

// https://streams.spec.whatwg.org/#readable-stream-cancel
export function cancelReadable(stream, reason) {
  stream.disturbed = true;
  if (stream.state === 'closed') return resolvedWith(undefined);
  if (stream.state === 'errored') return rejectedWith(stream.storedError);
  closeReadable(stream);
  const { reader } = stream;
  if (reader instanceof ReadableByobReaderImpl) {
    const { requests } = reader;
    reader.requests = new ChunkQueue();
    while (requests.length > 0) requests.shift().close(undefined);
  }
  const out = new Deferred();
  thenDo(stream.controller.cancelSteps(reason), () => out.resolve(undefined), (error) => out.reject(error));
  return out.promise;
}

export function closeReadable(stream) {
  stream.state = 'closed';
  const { reader } = stream;
  if (reader === null) return;
  reader.closed.resolve(undefined);
  if (reader instanceof ReadableDefaultReaderImpl) {
    const { requests } = reader;
    reader.requests = new ChunkQueue();
    while (requests.length > 0) requests.shift().close(undefined);
  }
}

export function errorReadable(stream, error) {
  stream.state = 'errored';
  stream.storedError = error;
  const { reader } = stream;
  if (reader === null) return;
  reader.closed.handled().reject(error);
  const { requests } = reader;
  reader.requests = new ChunkQueue();
  while (requests.length > 0) requests.shift().error(error);
}

export function pendingReads(stream) {
  return stream.reader === null ? 0 : stream.reader.requests.length;
}

export function hasDefaultReader(stream) {
  return stream.reader instanceof ReadableDefaultReaderImpl;
}

export function hasByobReader(stream) {
  return stream.reader instanceof ReadableByobReaderImpl;
}

// -- https://streams.spec.whatwg.org/#rs-default-controller-class ------------------------------------------------------

export class ReadableDefaultControllerImpl extends Impl {
  constructor(stream, size, highWaterMark) {
    super();
    this.stream = stream;
    this.queue = new ChunkQueue();   // { value, size }
    this.total = 0;
    this.started = false;
    this.closeRequested = false;
    this.pullAgain = false;
    this.pulling = false;
    this.size = size;                // chunk => size, or null: 1
    this.highWaterMark = highWaterMark;
    this.pullAlgorithm = null;       // () => promise
    this.cancelAlgorithm = null;     // reason => promise
  }

  cancelSteps(reason) {
    this.queue.clear();
    this.total = 0;
    const cancel = this.cancelAlgorithm;
    this.clear();
    return cancel === null ? resolvedWith(undefined) : cancel(reason);
  }

  pullSteps(request) {
    const { stream } = this;
    if (this.queue.length > 0) {
      const entry = this.queue.shift();
      this.total -= entry.size;
      if (this.total < 0 || this.queue.length === 0) this.total = this.total < 0 ? 0 : this.total;
      if (this.closeRequested && this.queue.length === 0) {
        this.clear();
        closeReadable(stream);
      } else this.pullIfNeeded();
      request.chunk(entry.value);
    } else {
      stream.reader.requests.push(request);
      this.pullIfNeeded();
    }
  }

  releaseSteps() {
    // Nothing to do for default controllers.
  }

  clear() {
    this.pullAlgorithm = null;
    this.cancelAlgorithm = null;
    this.size = null;
  }

  canCloseOrEnqueue() {
    return !this.closeRequested && this.stream.state === 'readable';
  }

  desiredSize() {
    const { state } = this.stream;
    return state === 'errored' ? null : state === 'closed' ? 0 : this.highWaterMark - this.total;
  }

  shouldPull() {
    if (!this.canCloseOrEnqueue() || !this.started) return false;
    if (pendingReads(this.stream) > 0) return true;
    return this.desiredSize() > 0;
  }

  pullIfNeeded() {
    if (!this.shouldPull()) return;
    if (this.pulling) {
      this.pullAgain = true;
      return;
    }
    this.pulling = true;
    const pull = this.pullAlgorithm;
    thenDo(pull === null ? resolvedWith(undefined) : pull(), () => {
      this.pulling = false;
      if (this.pullAgain) {
        this.pullAgain = false;
        this.pullIfNeeded();
      }
    }, (error) => this.error(error));
  }

  enqueue(chunk) {
    if (!this.canCloseOrEnqueue()) return;
    const { stream } = this;
    if (stream.reader !== null && pendingReads(stream) > 0) stream.reader.requests.shift().chunk(chunk);
    else {
      let size = 1;
      try {
        if (this.size !== null) size = ReflectApply(this.size, undefined, [chunk]);
        checkChunkSize(size);
      } catch (error) {
        this.error(error);
        throw error;
      }
      this.queue.push({ __proto__: null, value: chunk, size });
      this.total += size;
    }
    this.pullIfNeeded();
  }

  close() {
    if (!this.canCloseOrEnqueue()) return;
    this.closeRequested = true;
    if (this.queue.length === 0) {
      this.clear();
      closeReadable(this.stream);
    }
  }

  error(reason) {
    if (this.stream.state !== 'readable') return;
    this.queue.clear();
    this.total = 0;
    this.clear();
    errorReadable(this.stream, reason);
  }
}

// https://streams.spec.whatwg.org/#set-up-readable-stream-default-controller; `start` gives a value or a promise.
export function setUpReadableController(controller, start, pull, cancel) {
  const { stream } = controller;
  if (stream.controller !== null) throw new RangeError('The stream has a controller.');
  stream.controller = controller;
  controller.pullAlgorithm = pull;
  controller.cancelAlgorithm = cancel;
  const started = start === null ? undefined : start();
  thenDo(resolvedWith(started), () => {
    controller.started = true;
    controller.pullIfNeeded();
  }, (error) => controller.error(error));
}

// https://streams.spec.whatwg.org/#create-readable-stream
export function createReadable(start, pull, cancel, highWaterMark, size) {
  const stream = new ReadableStreamImpl();
  const controller = new ReadableDefaultControllerImpl(stream, size, highWaterMark);
  setUpReadableController(controller, start, pull, cancel);
  return stream;
}
