// https://streams.spec.whatwg.org/#rbs-controller-class
// The controller of readable byte streams, and requests for bytes into a page's own buffers.

import {
  ArrayBuffer, ArrayBufferPrototypeGetByteLength, ArrayBufferPrototypeSlice, ArrayBufferPrototypeTransfer, BigInt64Array, BigUint64Array, DataView, Float32Array, Float64Array, Int16Array, Int32Array,
  Int8Array, RangeError, TypeError, TypedArrayPrototypeGetSymbolToStringTag, TypedArrayPrototypeSet, Uint16Array, Uint32Array, Uint8Array, Uint8ClampedArray,
} from '../primordials.js';
import { Impl } from '../webidl/impl.js';
import { isDetachedBuffer, partsOfView } from '../webidl/buffers.js';
import { ChunkQueue, resolvedWith, thenDo } from './support.js';
import { closeReadable, errorReadable, hasByobReader, hasDefaultReader, pendingReads } from './readable.js';

const VIEWS = {
  __proto__: null, Int8Array: [Int8Array, 1], Uint8Array: [Uint8Array, 1], Uint8ClampedArray: [Uint8ClampedArray, 1], Int16Array: [Int16Array, 2], Uint16Array: [Uint16Array, 2],
  Int32Array: [Int32Array, 4], Uint32Array: [Uint32Array, 4], Float32Array: [Float32Array, 4], Float64Array: [Float64Array, 8], BigInt64Array: [BigInt64Array, 8],
  BigUint64Array: [BigUint64Array, 8],
};
const DATA_VIEW = [DataView, 1];

// Float16Array is there at run time only, not while the snapshot is built.
export function viewKind(view) {
  const tag = TypedArrayPrototypeGetSymbolToStringTag(view);
  return tag === undefined ? DATA_VIEW : VIEWS[tag] ?? [globalThis.Float16Array, 2];
}

function copyInto(target, at, source, from, count) {
  TypedArrayPrototypeSet(new Uint8Array(target, at, count), new Uint8Array(source, from, count));
}

class PullInto {
  constructor(buffer, offset, length, minimum, kind, reader) {
    this.buffer = buffer;
    this.bufferLength = ArrayBufferPrototypeGetByteLength(buffer);
    this.offset = offset;
    this.length = length;
    this.filled = 0;
    this.minimum = minimum;          // bytes
    this.elementSize = kind[1];
    this.Constructor = kind[0];
    this.reader = reader;            // 'default' 'byob' 'none'
  }
}


export class ByobRequestImpl extends Impl {
  constructor(controller, view) {
    super();
    this.controller = controller;
    this.view = view;
  }
}

export class ReadableByteControllerImpl extends Impl {
  constructor(stream, highWaterMark, autoAllocate) {
    super();
    this.stream = stream;
    this.queue = new ChunkQueue();       // { buffer, offset, length }
    this.total = 0;
    this.started = false;
    this.closeRequested = false;
    this.pullAgain = false;
    this.pulling = false;
    this.highWaterMark = highWaterMark;
    this.autoAllocate = autoAllocate;    // bytes, or 0
    this.byobRequest = null;
    this.pending = [];                   // PullIntos
    this.pullAlgorithm = null;
    this.cancelAlgorithm = null;
  }

  cancelSteps(reason) {
    this.clearPending();
    this.queue.clear();
    this.total = 0;
    const cancel = this.cancelAlgorithm;
    this.clear();
    return cancel === null ? resolvedWith(undefined) : cancel(reason);
  }

  pullSteps(request) {
    const { stream } = this;
    if (this.total > 0) {
      this.fillFromQueue(request);
      return;
    }
    if (this.autoAllocate > 0) {
      let buffer;
      try {
        buffer = new ArrayBuffer(this.autoAllocate);
      } catch (error) {
        request.error(error);
        return;
      }
      this.pending[this.pending.length] = new PullInto(buffer, 0, this.autoAllocate, 1, VIEWS.Uint8Array, 'default');
    }
    stream.reader.requests.push(request);
    this.pullIfNeeded();
  }

  releaseSteps() {
    if (this.pending.length === 0) return;
    const first = this.pending[0];
    first.reader = 'none';
    this.pending = [first];
  }

  fillFromQueue(request) {
    const entry = this.queue.shift();
    this.total -= entry.length;
    this.handleDrain();
    request.chunk(new Uint8Array(entry.buffer, entry.offset, entry.length));
  }

  handleDrain() {
    if (this.total === 0 && this.closeRequested) {
      this.clear();
      closeReadable(this.stream);
    } else this.pullIfNeeded();
  }

  clear() {
    this.pullAlgorithm = null;
    this.cancelAlgorithm = null;
  }

  invalidateByob() {
    if (this.byobRequest === null) return;
    this.byobRequest.controller = null;
    this.byobRequest.view = null;
    this.byobRequest = null;
  }

  clearPending() {
    this.invalidateByob();
    this.pending = [];
  }

  shiftPending() {
    this.invalidateByob();
    const first = this.pending[0];
    const rest = [];
    for (let i = 1; i < this.pending.length; i++) rest[i - 1] = this.pending[i];
    this.pending = rest;
    return first;
  }

  desiredSize() {
    const { state } = this.stream;
    return state === 'errored' ? null : state === 'closed' ? 0 : this.highWaterMark - this.total;
  }

  shouldPull() {
    const { stream } = this;
    if (stream.state !== 'readable' || this.closeRequested || !this.started) return false;
    if (stream.reader !== null && pendingReads(stream) > 0) return true;
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

  error(reason) {
    if (this.stream.state !== 'readable') return;
    this.clearPending();
    this.queue.clear();
    this.total = 0;
    this.clear();
    errorReadable(this.stream, reason);
  }

  close() {
    const { stream } = this;
    if (this.closeRequested || stream.state !== 'readable') return;
    if (this.total > 0) {
      this.closeRequested = true;
      return;
    }
    if (this.pending.length > 0 && this.pending[0].filled % this.pending[0].elementSize !== 0) {
      const error = new TypeError('Insufficient bytes to fill elements in the given buffer');
      this.error(error);
      throw error;
    }
    this.clear();
    closeReadable(stream);
  }

  // https://streams.spec.whatwg.org/#readable-byte-stream-controller-enqueue
  enqueue(chunk) {
    const { stream } = this;
    if (this.closeRequested || stream.state !== 'readable') return;
    const { buffer, offset, length } = partsOfView(chunk);
    if (isDetachedBuffer(buffer)) throw new TypeError('The chunk\'s buffer is detached');
    const own = ArrayBufferPrototypeTransfer(buffer);
    if (this.pending.length > 0) {
      const first = this.pending[0];
      if (isDetachedBuffer(first.buffer)) throw new TypeError('The BYOB request\'s buffer is detached');
      this.invalidateByob();
      first.buffer = ArrayBufferPrototypeTransfer(first.buffer);
      if (first.reader === 'none') this.enqueueDetached(first);
    }
    if (hasDefaultReader(stream)) {
      const { requests } = stream.reader;
      while (requests.length > 0 && this.total > 0) this.fillFromQueue(requests.shift());
      if (requests.length === 0) this.put(own, offset, length);
      else {
        if (this.pending.length > 0) this.shiftPending();
        requests.shift().chunk(new Uint8Array(own, offset, length));
      }
    } else if (hasByobReader(stream)) {
      this.put(own, offset, length);
      this.processPending();
    } else this.put(own, offset, length);
    this.pullIfNeeded();
  }

  put(buffer, offset, length) {
    this.queue.push({ __proto__: null, buffer, offset, length });
    this.total += length;
  }

  putClone(buffer, offset, length) {
    let copy;
    try {
      copy = ArrayBufferPrototypeSlice(buffer, offset, offset + length);
    } catch (error) {
      this.error(error);
      throw error;
    }
    this.put(copy, 0, length);
  }

  enqueueDetached(first) {
    if (first.filled > 0) this.putClone(first.buffer, first.offset, first.filled);
    this.shiftPending();
  }

  // https://streams.spec.whatwg.org/#readable-byte-stream-controller-fill-pull-into-descriptor-from-queue
  fillPending(into) {
    const most = this.total < into.length - into.filled ? this.total : into.length - into.filled;
    const mostFilled = into.filled + most;
    let left = most;
    let ready = false;
    const aligned = mostFilled - mostFilled % into.elementSize;
    if (aligned >= into.minimum) {
      left = aligned - into.filled;
      ready = true;
    }
    while (left > 0) {
      const head = this.queue.peek();
      const count = left < head.length ? left : head.length;
      copyInto(into.buffer, into.offset + into.filled, head.buffer, head.offset, count);
      if (head.length === count) {
        this.queue.shift();
        ArrayBufferPrototypeTransfer(head.buffer, 0); // nobody has it: its memory is free now, not when garbage is looked for
      } else {
        head.offset += count;
        head.length -= count;
      }
      this.total -= count;
      into.filled += count;
      left -= count;
    }
    return ready;
  }

  processPending() {
    const filled = [];
    while (this.pending.length > 0 && this.total > 0) {
      const first = this.pending[0];
      if (!this.fillPending(first)) break;
      filled[filled.length] = this.shiftPending();
    }
    for (let i = 0; i < filled.length; i++) this.commit(filled[i]);
  }

  convert(into) {
    const buffer = ArrayBufferPrototypeTransfer(into.buffer);
    return new into.Constructor(buffer, into.offset, into.filled / into.elementSize);
  }

  commit(into) {
    const { stream } = this;
    const done = stream.state === 'closed';
    const view = this.convert(into);
    const request = stream.reader.requests.shift();
    if (done) request.close(view);
    else request.chunk(view);
  }

  // https://streams.spec.whatwg.org/#readable-byte-stream-controller-pull-into
  pullInto(view, minimum, request) {
    const { stream } = this;
    const kind = viewKind(view);
    const parts = partsOfView(view);
    let buffer;
    try {
      buffer = ArrayBufferPrototypeTransfer(parts.buffer);
    } catch (error) {
      request.error(error);
      return;
    }
    const into = new PullInto(buffer, parts.offset, parts.length, minimum * kind[1], kind, 'byob');
    if (this.pending.length > 0) {
      this.pending[this.pending.length] = into;
      stream.reader.requests.push(request);
      return;
    }
    if (stream.state === 'closed') {
      request.close(new kind[0](into.buffer, into.offset, 0));
      return;
    }
    if (this.total > 0) {
      if (this.fillPending(into)) {
        const out = this.convert(into);
        this.handleDrain();
        request.chunk(out);
        return;
      }
      if (this.closeRequested) {
        const error = new TypeError('Insufficient bytes to fill elements in the given buffer');
        this.error(error);
        request.error(error);
        return;
      }
    }
    this.pending[this.pending.length] = into;
    stream.reader.requests.push(request);
    this.pullIfNeeded();
  }

  currentByobRequest() {
    if (this.byobRequest === null && this.pending.length > 0) {
      const first = this.pending[0];
      this.byobRequest = new ByobRequestImpl(this, new Uint8Array(first.buffer, first.offset + first.filled, first.length - first.filled));
    }
    return this.byobRequest;
  }

  // https://streams.spec.whatwg.org/#readable-byte-stream-controller-respond
  respond(count) {
    const first = this.pending[0];
    if (this.stream.state === 'closed') {
      if (count !== 0) throw new TypeError('bytesWritten must be 0 when calling respond() on a closed stream');
    } else {
      if (count === 0) throw new TypeError('bytesWritten must be greater than 0 when calling respond() on a readable stream');
      if (first.filled + count > first.length) throw new RangeError('bytesWritten out of range');
    }
    first.buffer = ArrayBufferPrototypeTransfer(first.buffer);
    this.respondInternal(count);
  }

  respondWithNewView(view) {
    const first = this.pending[0];
    const { buffer, offset, length } = partsOfView(view);
    if (this.stream.state === 'closed') {
      if (length !== 0) throw new TypeError('The view\'s length must be 0 when calling respondWithNewView() on a closed stream');
    } else if (length === 0) throw new TypeError('The view\'s length must be greater than 0 when calling respondWithNewView() on a readable stream');
    if (first.offset + first.filled !== offset) throw new RangeError('The region specified by view does not match byobRequest');
    if (first.bufferLength !== ArrayBufferPrototypeGetByteLength(buffer)) throw new RangeError('The buffer of view has different capacity than byobRequest');
    if (first.filled + length > first.length) throw new RangeError('The region specified by view is larger than byobRequest');
    first.buffer = ArrayBufferPrototypeTransfer(buffer);
    this.respondInternal(length);
  }

  respondInternal(count) {
    const first = this.pending[0];
    this.invalidateByob();
    if (this.stream.state === 'closed') {
      if (first.reader === 'none') this.shiftPending();
      if (hasByobReader(this.stream)) {
        while (pendingReads(this.stream) > 0) this.commit(this.shiftPending());
      }
    } else this.respondReadable(count, first);
    this.pullIfNeeded();
  }

  respondReadable(count, into) {
    into.filled += count;
    if (into.reader === 'none') {
      this.enqueueDetached(into);
      this.processPending();
      return;
    }
    if (into.filled < into.minimum) return;
    this.shiftPending();
    const rest = into.filled % into.elementSize;
    if (rest > 0) {
      const end = into.offset + into.filled;
      this.putClone(into.buffer, end - rest, rest);
    }
    into.filled -= rest;
    const filled = [];
    while (this.pending.length > 0 && this.total > 0 && this.fillPending(this.pending[0])) filled[filled.length] = this.shiftPending();
    this.commit(into);
    for (let i = 0; i < filled.length; i++) this.commit(filled[i]);
  }
}

// https://streams.spec.whatwg.org/#set-up-readable-byte-stream-controller
export function setUpByteController(controller, start, pull, cancel) {
  controller.stream.controller = controller;
  controller.pullAlgorithm = pull;
  controller.cancelAlgorithm = cancel;
  const started = start === null ? undefined : start();
  thenDo(resolvedWith(started), () => {
    controller.started = true;
    controller.pullIfNeeded();
  }, (error) => controller.error(error));
}
