// https://streams.spec.whatwg.org/#rs-class

import {
  ArrayBufferPrototypeGetByteLength, AsyncIteratorPrototype, ObjectCreate, ObjectDefineProperty, PromisePrototypeThen, RangeError, ReflectApply,
  SafeWeakMap, SymbolAsyncIterator, SymbolIterator, SymbolToStringTag, TypeError, TypedArrayPrototypeGetLength, TypedArrayPrototypeGetSymbolToStringTag,
} from '../primordials.js';
import { defineInterface, defineTypes } from '../webidl/interface.js';
import { isObject, toInt } from '../webidl/conversions.js';
import { wrap } from '../webidl/wrapper.js';
import { isDetachedBuffer, partsOfView } from '../webidl/buffers.js';
import { Deferred, callAlgorithm, highWaterMarkOf, methodMember, rejectedWith, resolvedWith, sizeAlgorithmOf, thenDo } from './support.js';
import {
  ReadableByobReaderImpl, ReadableDefaultControllerImpl, ReadableDefaultReaderImpl, ReadableStreamImpl, cancelReadable, createReadable, initializeReader, readFromReader, readIntoView, releaseReader,
  setUpReadableController,
} from './readable.js';
import { ByobRequestImpl, ReadableByteControllerImpl, setUpByteController } from './readable_bytes.js';
import { teeStream } from './platform.js';
import { pipeStreams } from './pipe.js';

// A request of read(): resolves with { value, done }.
class PromiseRequest {
  constructor() {
    this.deferred = new Deferred();
  }

  chunk(value) {
    this.deferred.resolve({ value, done: false });
  }

  close(value) {
    this.deferred.resolve({ value, done: true });
  }

  error(reason) {
    this.deferred.reject(reason);
  }
}


// https://streams.spec.whatwg.org/#rs-constructor
function constructReadable(source, strategy) {
  const stream = new ReadableStreamImpl();
  const page = source === undefined ? {} : source;
  // The dictionary's members, in the order of WebIDL.
  const autoAllocate = source === undefined || page.autoAllocateChunkSize === undefined ? undefined
    : toInt(page.autoAllocateChunkSize, 64, false, 1, "Failed to construct 'ReadableStream': autoAllocateChunkSize");
  const cancel = source === undefined ? undefined : methodMember(page, 'cancel');
  const pull = source === undefined ? undefined : methodMember(page, 'pull');
  const start = source === undefined ? undefined : methodMember(page, 'start');
  const type = source === undefined ? undefined : page.type;
  if (type !== undefined && '' + type !== 'bytes') throw new TypeError("Failed to construct 'ReadableStream': Invalid type is specified");
  let controller;
  if (type !== undefined) {
    if (strategy.size !== undefined) throw new RangeError("Failed to construct 'ReadableStream': The strategy for a byte stream cannot have a size function");
    if (autoAllocate === 0) throw new TypeError("Failed to construct 'ReadableStream': autoAllocateChunkSize must be greater than 0");
    controller = new ReadableByteControllerImpl(stream, highWaterMarkOf(strategy, 0), autoAllocate ?? 0);
  } else {
    const size = sizeAlgorithmOf(strategy);
    controller = new ReadableDefaultControllerImpl(stream, size, highWaterMarkOf(strategy, 1));
  }
  const setUp = type !== undefined ? setUpByteController : setUpReadableController;
  setUp(controller, start === undefined ? null : () => ReflectApply(start, page, [wrap(controller)]),
    pull === undefined ? null : () => callAlgorithm(pull, page, [wrap(controller)]),
    cancel === undefined ? null : (reason) => callAlgorithm(cancel, page, [reason]));
  return stream;
}

// https://streams.spec.whatwg.org/#rs-asynciterator
const streamIteratorPrototype = ObjectCreate(AsyncIteratorPrototype);
const streamIterators = new SafeWeakMap();

class StreamIteratorState {
  constructor(reader, preventCancel) {
    this.reader = reader;
    this.preventCancel = preventCancel;
    this.ongoing = null;
    this.finished = false;
  }

  step() {
    if (this.finished) return resolvedWith({ value: undefined, done: true });
    const out = new Deferred();
    readFromReader(this.reader, {
      __proto__: null,
      chunk: (value) => out.resolve({ value, done: false }),
      close: () => {
        this.finished = true;
        releaseReader(this.reader);
        out.resolve({ value: undefined, done: true });
      },
      error: (reason) => {
        this.finished = true;
        releaseReader(this.reader);
        out.reject(reason);
      },
    });
    // https://webidl.spec.whatwg.org/#js-asynchronous-iterator-prototype-object, step 11.6: one reaction later
    return PromisePrototypeThen(out.promise, (result) => result);
  }

  end(value) {
    if (this.finished) return resolvedWith({ value, done: true });
    this.finished = true;
    const { stream } = this.reader;
    const result = this.preventCancel ? resolvedWith(undefined) : cancelReadable(stream, value);
    releaseReader(this.reader);
    return PromisePrototypeThen(result, () => ({ value, done: true }));
  }

  queue(steps) {
    this.ongoing = this.ongoing === null ? steps() : PromisePrototypeThen(this.ongoing, steps, steps);
    return this.ongoing;
  }
}

const { next: streamIteratorNext, return: streamIteratorReturn } = {
  next() {
    const state = isObject(this) ? streamIterators.get(this) : undefined;
    if (state === undefined) return rejectedWith(new TypeError('Illegal invocation'));
    return state.queue(() => state.step());
  },
  return(value) {
    const state = isObject(this) ? streamIterators.get(this) : undefined;
    if (state === undefined) return rejectedWith(new TypeError('Illegal invocation'));
    return state.queue(() => state.end(value));
  },
};
ObjectDefineProperty(streamIteratorPrototype, 'next', { __proto__: null, value: streamIteratorNext, writable: true, enumerable: true, configurable: true });
ObjectDefineProperty(streamIteratorPrototype, 'return', { __proto__: null, value: streamIteratorReturn, writable: true, enumerable: true, configurable: true });
ObjectDefineProperty(streamIteratorPrototype, SymbolToStringTag, { __proto__: null, value: 'ReadableStream AsyncIterator', configurable: true });

// https://streams.spec.whatwg.org/#readable-stream-from-iterable
function streamFromIterable(iterable) {
  if (!isObject(iterable) && typeof iterable !== 'string') throw new TypeError("Failed to execute 'from' on 'ReadableStream': the argument is not iterable");
  let method = iterable[SymbolAsyncIterator];
  if (method === undefined || method === null) method = iterable[SymbolIterator];
  if (typeof method !== 'function') throw new TypeError("Failed to execute 'from' on 'ReadableStream': the argument is not iterable");
  const iterator = ReflectApply(method, iterable, []);
  if (!isObject(iterator)) throw new TypeError('The iterator is not an object');
  const { next } = iterator;
  const stream = createReadable(null, () => PromisePrototypeThen(callAlgorithm(next, iterator, []), (result) => {
    if (!isObject(result)) throw new TypeError('The iterator result is not an object');
    if (result.done) stream.controller.close();
    else return PromisePrototypeThen(resolvedWith(result.value), (value) => stream.controller.enqueue(value));
    return undefined;
  }), (reason) => {
    let end;
    try {
      end = iterator.return;
    } catch (error) {
      return rejectedWith(error);
    }
    if (end === undefined || end === null) return resolvedWith(undefined);
    return PromisePrototypeThen(callAlgorithm(end, iterator, [reason]), (result) => {
      if (!isObject(result)) throw new TypeError('The iterator result is not an object');
    });
  }, 0, null);
  return stream;
}

defineTypes(`
callback QueuingStrategySize = unrestricted double (any chunk);
dictionary QueuingStrategy { unrestricted double highWaterMark; QueuingStrategySize size; };
typedef (ReadableStreamDefaultReader or ReadableStreamBYOBReader) ReadableStreamReader;
typedef (ReadableStreamDefaultController or ReadableByteStreamController) ReadableStreamController;
`);

export const readableStreamInterface = defineInterface(`
enum ReadableStreamReaderMode { "byob" };
dictionary ReadableStreamGetReaderOptions { ReadableStreamReaderMode mode; };
dictionary ReadableStreamIteratorOptions { boolean preventCancel = false; };
dictionary ReadableWritablePair { required ReadableStream readable; required WritableStream writable; };
dictionary StreamPipeOptions { boolean preventClose = false; boolean preventAbort = false; boolean preventCancel = false; AbortSignal signal; };
[Exposed=*, Transferable]
interface ReadableStream {
  constructor(optional object underlyingSource, optional QueuingStrategy strategy = {});
  static ReadableStream from(any asyncIterable);
  readonly attribute boolean locked;
  Promise<undefined> cancel(optional any reason);
  ReadableStreamReader getReader(optional ReadableStreamGetReaderOptions options = {});
  ReadableStream pipeThrough(ReadableWritablePair transform, optional StreamPipeOptions options = {});
  Promise<undefined> pipeTo(WritableStream destination, optional StreamPipeOptions options = {});
  sequence<ReadableStream> tee();
  async_iterable<any>(optional ReadableStreamIteratorOptions options = {});
};
`, {
  constructor: constructReadable,
  from: streamFromIterable,
  locked: (self) => self.reader !== null,
  cancel(self, reason) {
    if (self.reader !== null) throw new TypeError('Cannot cancel a locked stream');
    return cancelReadable(self, reason);
  },
  getReader(self, options) {
    if (options.mode === undefined) return initializeReader(new ReadableDefaultReaderImpl(), self);
    if (!(self.controller instanceof ReadableByteControllerImpl)) throw new TypeError('Cannot use a BYOB reader with a non-byte stream');
    return initializeReader(new ReadableByobReaderImpl(), self);
  },
  pipeThrough(self, transform, options) {
    if (self.reader !== null) throw new TypeError("Failed to execute 'pipeThrough' on 'ReadableStream': Cannot pipe a locked stream");
    if (transform.writable.writer !== null) throw new TypeError("Failed to execute 'pipeThrough' on 'ReadableStream': parameter 1's 'writable' is locked");
    const done = pipeStreams(self, transform.writable, options.preventClose, options.preventAbort, options.preventCancel, options.signal ?? null);
    thenDo(done, undefined, () => undefined);
    return transform.readable;
  },
  pipeTo(self, destination, options) {
    if (self.reader !== null) throw new TypeError("Failed to execute 'pipeTo' on 'ReadableStream': Cannot pipe a locked stream");
    if (destination.writer !== null) throw new TypeError("Failed to execute 'pipeTo' on 'ReadableStream': Cannot pipe to a locked stream");
    return pipeStreams(self, destination, options.preventClose, options.preventAbort, options.preventCancel, options.signal ?? null);
  },
  tee: (self) => teeStream(self, false),
  asyncIterator(self, options) {
    const preventCancel = options !== undefined && options !== null && !!options.preventCancel;
    const iterator = ObjectCreate(streamIteratorPrototype);
    streamIterators.set(iterator, new StreamIteratorState(initializeReader(new ReadableDefaultReaderImpl(), self), preventCancel));
    return iterator;
  },
}, ReadableStreamImpl);

defineInterface(`
interface mixin ReadableStreamGenericReader {
  readonly attribute Promise<undefined> closed;
  Promise<undefined> cancel(optional any reason);
};
`, {
  closed: (self) => self.closed.promise,
  cancel(self, reason) {
    if (self.stream === null) throw new TypeError('The reader was released');
    return cancelReadable(self.stream, reason);
  },
});

export const readableDefaultReaderInterface = defineInterface(`
[Exposed=*]
interface ReadableStreamDefaultReader {
  constructor(ReadableStream stream);
  Promise<any> read();
  undefined releaseLock();
};
ReadableStreamDefaultReader includes ReadableStreamGenericReader;
`, {
  constructor: (stream) => initializeReader(new ReadableDefaultReaderImpl(), stream),
  read(self) {
    if (self.stream === null) throw new TypeError('The reader was released');
    const request = new PromiseRequest();
    readFromReader(self, request);
    return request.deferred.promise;
  },
  releaseLock(self) {
    if (self.stream !== null) releaseReader(self);
  },
}, ReadableDefaultReaderImpl);

export const readableByobReaderInterface = defineInterface(`
dictionary ReadableStreamBYOBReaderReadOptions { [EnforceRange] unsigned long long min = 1; };
[Exposed=*]
interface ReadableStreamBYOBReader {
  constructor(ReadableStream stream);
  Promise<any> read(ArrayBufferView view, optional ReadableStreamBYOBReaderReadOptions options = {});
  undefined releaseLock();
};
ReadableStreamBYOBReader includes ReadableStreamGenericReader;
`, {
  constructor(stream) {
    if (!(stream.controller instanceof ReadableByteControllerImpl)) throw new TypeError('Cannot use a BYOB reader with a non-byte stream');
    return initializeReader(new ReadableByobReaderImpl(), stream);
  },
  read(self, view, options) {
    const { buffer, length } = partsOfView(view);
    if (isDetachedBuffer(buffer)) throw new TypeError('The view\'s buffer is detached');
    if (length === 0 || ArrayBufferPrototypeGetByteLength(buffer) === 0) throw new TypeError('The view has no room');
    if (options.min === 0) throw new TypeError('min must be greater than 0');
    const typed = TypedArrayPrototypeGetSymbolToStringTag(view) !== undefined;
    if (options.min > (typed ? TypedArrayPrototypeGetLength(view) : length)) throw new RangeError('min is larger than the view');
    if (self.stream === null) throw new TypeError('The reader was released');
    const request = new PromiseRequest();
    readIntoView(self, view, options.min, request);
    return request.deferred.promise;
  },
  releaseLock(self) {
    if (self.stream !== null) releaseReader(self);
  },
}, ReadableByobReaderImpl);

export const readableDefaultControllerInterface = defineInterface(`
[Exposed=*]
interface ReadableStreamDefaultController {
  readonly attribute unrestricted double? desiredSize;
  undefined close();
  undefined enqueue(optional any chunk);
  undefined error(optional any e);
};
`, {
  desiredSize: (self) => self.desiredSize(),
  close(self) {
    if (!self.canCloseOrEnqueue()) throw new TypeError('The stream cannot be closed now');
    self.close();
  },
  enqueue(self, chunk) {
    if (!self.canCloseOrEnqueue()) throw new TypeError('Cannot enqueue a chunk into a stream that is closed or has been requested to be closed');
    self.enqueue(chunk);
  },
  error: (self, reason) => self.error(reason),
}, ReadableDefaultControllerImpl);

export const readableByteControllerInterface = defineInterface(`
[Exposed=*]
interface ReadableByteStreamController {
  readonly attribute ReadableStreamBYOBRequest? byobRequest;
  readonly attribute unrestricted double? desiredSize;
  undefined close();
  undefined enqueue(ArrayBufferView chunk);
  undefined error(optional any e);
};
`, {
  byobRequest: (self) => self.currentByobRequest(),
  desiredSize: (self) => self.desiredSize(),
  close(self) {
    if (self.closeRequested) throw new TypeError('The stream has been requested to be closed');
    if (self.stream.state !== 'readable') throw new TypeError('The stream is not readable');
    self.close();
  },
  enqueue(self, chunk) {
    const { buffer, length } = partsOfView(chunk);
    if (length === 0) throw new TypeError('The chunk is empty');
    if (ArrayBufferPrototypeGetByteLength(buffer) === 0) throw new TypeError('The chunk\'s buffer is empty');
    if (self.closeRequested) throw new TypeError('The stream has been requested to be closed');
    if (self.stream.state !== 'readable') throw new TypeError('The stream is not readable');
    self.enqueue(chunk);
  },
  error: (self, reason) => self.error(reason),
}, ReadableByteControllerImpl);

export const byobRequestInterface = defineInterface(`
[Exposed=*]
interface ReadableStreamBYOBRequest {
  readonly attribute Uint8Array? view;
  undefined respond([EnforceRange] unsigned long long bytesWritten);
  undefined respondWithNewView(ArrayBufferView view);
};
`, {
  view: (self) => self.view,
  respond(self, count) {
    if (self.controller === null) throw new TypeError('This BYOB request has been invalidated');
    if (isDetachedBuffer(partsOfView(self.view).buffer)) throw new TypeError('The BYOB request\'s buffer is detached');
    self.controller.respond(count);
  },
  respondWithNewView(self, view) {
    if (self.controller === null) throw new TypeError('This BYOB request has been invalidated');
    if (isDetachedBuffer(partsOfView(view).buffer)) throw new TypeError('The view\'s buffer is detached');
    self.controller.respondWithNewView(view);
  },
}, ByobRequestImpl);
