// https://streams.spec.whatwg.org/#ws-abstract-ops

import { Impl } from '../webidl/impl.js';
import { ReflectApply, TypeError } from '../primordials.js';
import { AbortControllerImpl } from '../dom/AbortController.js';
import { signalAbort } from '../dom/AbortSignal.js';
import { ChunkQueue, Deferred, checkChunkSize, rejectedDeferred, rejectedWith, resolvedDeferred, resolvedWith, thenDo } from './support.js';

export class WritableStreamImpl extends Impl {
  constructor() {
    super();
    this.state = 'writable';             // writable closed erroring errored
    this.storedError = undefined;
    this.writer = null;
    this.controller = null;
    this.writeRequests = new ChunkQueue();   // Deferreds
    this.inFlightWrite = null;
    this.closeRequest = null;
    this.inFlightClose = null;
    this.pendingAbort = null;            // { deferred, reason, wasErroring }
    this.backpressure = false;
  }
}

export class WritableWriterImpl extends Impl {
  constructor() {
    super();
    this.stream = null;
    this.ready = null;                   // Deferreds
    this.closed = null;
  }
}

const CLOSE_SENTINEL = { __proto__: null, close: true };

export function closeQueuedOrInFlight(stream) {
  return stream.closeRequest !== null || stream.inFlightClose !== null;
}

// https://streams.spec.whatwg.org/#set-up-writable-stream-default-writer
export function initializeWriter(writer, stream) {
  if (stream.writer !== null) throw new TypeError('The stream is locked to a writer');
  writer.stream = stream;
  stream.writer = writer;
  switch (stream.state) {
    case 'writable':
      writer.ready = !closeQueuedOrInFlight(stream) && stream.backpressure ? new Deferred() : resolvedDeferred(undefined);
      writer.closed = new Deferred();
      break;
    case 'erroring':
      writer.ready = rejectedDeferred(stream.storedError).handled();
      writer.closed = new Deferred();
      break;
    case 'closed':
      writer.ready = resolvedDeferred(undefined);
      writer.closed = resolvedDeferred(undefined);
      break;
    default:
      writer.ready = rejectedDeferred(stream.storedError).handled();
      writer.closed = rejectedDeferred(stream.storedError).handled();
  }
  return writer;
}

function rejectReady(writer, error) {
  if (writer.ready.pending) writer.ready.handled().reject(error);
  else writer.ready = rejectedDeferred(error).handled();
}

function rejectClosed(writer, error) {
  if (writer.closed.pending) writer.closed.handled().reject(error);
  else writer.closed = rejectedDeferred(error).handled();
}

export function releaseWriter(writer) {
  const { stream } = writer;
  const error = new TypeError('The writer was released');
  rejectReady(writer, error);
  rejectClosed(writer, error);
  stream.writer = null;
  writer.stream = null;
}

// https://streams.spec.whatwg.org/#writable-stream-abort
export function abortWritable(stream, reason) {
  if (stream.state === 'closed' || stream.state === 'errored') return resolvedWith(undefined);
  signalAbort(stream.controller.abortController.signal, reason);
  const { state } = stream;
  if (state === 'closed' || state === 'errored') return resolvedWith(undefined);
  if (stream.pendingAbort !== null) return stream.pendingAbort.deferred.promise;
  const wasErroring = state === 'erroring';
  const deferred = new Deferred();
  stream.pendingAbort = { __proto__: null, deferred, reason: wasErroring ? undefined : reason, wasErroring };
  if (!wasErroring) startErroring(stream, reason);
  return deferred.promise;
}

// https://streams.spec.whatwg.org/#writable-stream-close
export function closeWritable(stream) {
  if (stream.state === 'closed' || stream.state === 'errored') return rejectedWith(new TypeError('The stream is ' + stream.state));
  if (closeQueuedOrInFlight(stream)) return rejectedWith(new TypeError('The stream is closing'));
  const deferred = new Deferred();
  stream.closeRequest = deferred;
  if (stream.writer !== null && stream.backpressure && stream.state === 'writable') stream.writer.ready.resolve(undefined);
  const { controller } = stream;
  controller.queue.push({ __proto__: null, value: CLOSE_SENTINEL, size: 0 });
  controller.advance();
  return deferred.promise;
}

function startErroring(stream, reason) {
  const { controller, writer } = stream;
  stream.state = 'erroring';
  stream.storedError = reason;
  if (writer !== null) rejectReady(writer, reason);
  if (stream.inFlightWrite === null && stream.inFlightClose === null && controller.started) finishErroring(stream);
}

function finishErroring(stream) {
  stream.state = 'errored';
  stream.controller.errorSteps();
  const { storedError, writeRequests } = stream;
  while (writeRequests.length > 0) writeRequests.shift().reject(storedError);
  const abort = stream.pendingAbort;
  if (abort === null) {
    rejectCloseAndClosed(stream);
    return;
  }
  stream.pendingAbort = null;
  if (abort.wasErroring) {
    abort.deferred.reject(storedError);
    rejectCloseAndClosed(stream);
    return;
  }
  thenDo(stream.controller.abortSteps(abort.reason), () => {
    abort.deferred.resolve(undefined);
    rejectCloseAndClosed(stream);
  }, (error) => {
    abort.deferred.reject(error);
    rejectCloseAndClosed(stream);
  });
}

function rejectCloseAndClosed(stream) {
  if (stream.closeRequest !== null) {
    stream.closeRequest.reject(stream.storedError);
    stream.closeRequest = null;
  }
  if (stream.writer !== null) rejectClosed(stream.writer, stream.storedError);
}

function dealWithRejection(stream, error) {
  if (stream.state === 'writable') startErroring(stream, error);
  else finishErroring(stream);
}

function finishClose(stream) {
  stream.inFlightClose.resolve(undefined);
  stream.inFlightClose = null;
  if (stream.state === 'erroring') {
    stream.storedError = undefined;
    if (stream.pendingAbort !== null) {
      stream.pendingAbort.deferred.resolve(undefined);
      stream.pendingAbort = null;
    }
  }
  stream.state = 'closed';
  if (stream.writer !== null) stream.writer.closed.resolve(undefined);
}

function setBackpressure(stream, backpressure) {
  const { writer } = stream;
  if (writer !== null && backpressure !== stream.backpressure) {
    if (backpressure) writer.ready = new Deferred();
    else writer.ready.resolve(undefined);
  }
  stream.backpressure = backpressure;
}

// https://streams.spec.whatwg.org/#writable-stream-default-writer-write
export function writeWith(writer, chunk) {
  const { stream } = writer;
  const { controller } = stream;
  const size = controller.chunkSize(chunk);
  if (stream !== writer.stream) return rejectedWith(new TypeError('The writer was released'));
  if (stream.state === 'errored') return rejectedWith(stream.storedError);
  if (closeQueuedOrInFlight(stream) || stream.state === 'closed') return rejectedWith(new TypeError('The stream is closing or closed'));
  if (stream.state === 'erroring') return rejectedWith(stream.storedError);
  const deferred = new Deferred();
  stream.writeRequests.push(deferred);
  controller.write(chunk, size);
  return deferred.promise;
}

export function closeErrorPropagating(writer) {
  const { stream } = writer;
  if (closeQueuedOrInFlight(stream) || stream.state === 'closed') return resolvedWith(undefined);
  if (stream.state === 'errored') return rejectedWith(stream.storedError);
  return closeWritable(stream);
}

export function writerDesiredSize(writer) {
  const { stream } = writer;
  if (stream.state === 'errored' || stream.state === 'erroring') return null;
  return stream.state === 'closed' ? 0 : stream.controller.desiredSize();
}

export class WritableControllerImpl extends Impl {
  constructor(stream, size, highWaterMark) {
    super();
    this.stream = stream;
    this.queue = new ChunkQueue();
    this.total = 0;
    this.started = false;
    this.abortController = new AbortControllerImpl();
    this.size = size;
    this.highWaterMark = highWaterMark;
    this.writeAlgorithm = null;
    this.closeAlgorithm = null;
    this.abortAlgorithm = null;
  }

  clear() {
    this.writeAlgorithm = null;
    this.closeAlgorithm = null;
    this.abortAlgorithm = null;
    this.size = null;
  }

  abortSteps(reason) {
    const abort = this.abortAlgorithm;
    this.clear();
    return abort === null ? resolvedWith(undefined) : abort(reason);
  }

  errorSteps() {
    this.queue.clear();
    this.total = 0;
  }

  chunkSize(chunk) {
    if (this.size === null) return 1;
    try {
      return ReflectApply(this.size, undefined, [chunk]);
    } catch (error) {
      this.errorIfNeeded(error);
      return 1;
    }
  }

  errorIfNeeded(error) {
    if (this.stream.state === 'writable') this.error(error);
  }

  error(reason) {
    const { stream } = this;
    this.clear();
    startErroring(stream, reason);
  }

  desiredSize() {
    return this.highWaterMark - this.total;
  }

  write(chunk, size) {
    const { stream } = this;
    try {
      checkChunkSize(size);
    } catch (error) {
      this.errorIfNeeded(error);
      return;
    }
    this.queue.push({ __proto__: null, value: chunk, size });
    this.total += size;
    if (!closeQueuedOrInFlight(stream) && stream.state === 'writable') setBackpressure(stream, this.desiredSize() <= 0);
    this.advance();
  }

  // https://streams.spec.whatwg.org/#writable-stream-default-controller-advance-queue-if-needed
  advance() {
    const { stream } = this;
    if (!this.started || stream.inFlightWrite !== null) return;
    if (stream.state === 'erroring') {
      if (stream.inFlightClose === null) finishErroring(stream);
      return;
    }
    if (stream.state !== 'writable' || this.queue.length === 0) return;
    const { value } = this.queue.peek();
    if (value === CLOSE_SENTINEL) this.processClose();
    else this.processWrite(value);
  }

  processClose() {
    const { stream } = this;
    stream.inFlightClose = stream.closeRequest;
    stream.closeRequest = null;
    this.queue.shift();
    const close = this.closeAlgorithm;
    const done = close === null ? resolvedWith(undefined) : close();
    this.clear();
    thenDo(done, () => finishClose(stream), (error) => {
      stream.inFlightClose.reject(error);
      stream.inFlightClose = null;
      if (stream.pendingAbort !== null) {
        stream.pendingAbort.deferred.reject(error);
        stream.pendingAbort = null;
      }
      dealWithRejection(stream, error);
    });
  }

  processWrite(chunk) {
    const { stream } = this;
    stream.inFlightWrite = stream.writeRequests.shift();
    const write = this.writeAlgorithm;
    thenDo(write === null ? resolvedWith(undefined) : write(chunk), () => {
      stream.inFlightWrite.resolve(undefined);
      stream.inFlightWrite = null;
      const entry = this.queue.shift();
      this.total -= entry.size;
      if (this.total < 0) this.total = 0;
      if (!closeQueuedOrInFlight(stream) && stream.state === 'writable') setBackpressure(stream, this.desiredSize() <= 0);
      this.advance();
    }, (error) => {
      if (stream.state === 'writable') this.clear();
      stream.inFlightWrite.reject(error);
      stream.inFlightWrite = null;
      dealWithRejection(stream, error);
    });
  }
}

// https://streams.spec.whatwg.org/#set-up-writable-stream-default-controller
export function setUpWritableController(controller, start, write, close, abort) {
  const { stream } = controller;
  stream.controller = controller;
  controller.writeAlgorithm = write;
  controller.closeAlgorithm = close;
  controller.abortAlgorithm = abort;
  setBackpressure(stream, controller.desiredSize() <= 0);
  const started = start === null ? undefined : start();
  thenDo(resolvedWith(started), () => {
    controller.started = true;
    controller.advance();
  }, (error) => {
    controller.started = true;
    dealWithRejection(stream, error);
  });
}

export function createWritable(start, write, close, abort, highWaterMark, size) {
  const stream = new WritableStreamImpl();
  setUpWritableController(new WritableControllerImpl(stream, size, highWaterMark), start, write, close, abort);
  return stream;
}
