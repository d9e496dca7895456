// https://streams.spec.whatwg.org/#other-specs
// Streams as other parts of the platform make and read them.

import { Promise, PromiseResolve, TypedArrayPrototypeGetByteLength, TypedArrayPrototypeGetSymbolToStringTag, TypeError } from '../primordials.js';
import { isObject } from '../webidl/conversions.js';
import { copyOfBytes, joinBytes } from '../webidl/buffers.js';
import { structuredCloneValue } from '../webmessaging/structured_clone.js';
import { Deferred, resolvedWith, thenDo } from './support.js';
import { ReadableDefaultReaderImpl, ReadableStreamImpl, cancelReadable, createReadable, initializeReader, readFromReader } from './readable.js';
import { ReadableByteControllerImpl, setUpByteController } from './readable_bytes.js';
import { ByteTee } from './byte_tee.js';

// A byte stream of the platform: `pull()` says that there is room, `cancel(reason)` that nobody wants more; both may be null.
export function makeByteStream(pull, cancel, highWaterMark = 0) {
  const stream = new ReadableStreamImpl();
  const controller = new ReadableByteControllerImpl(stream, highWaterMark, 0);
  setUpByteController(controller, null, () => resolvedWith(pull === null ? undefined : pull()), (reason) => resolvedWith(cancel === null ? undefined : cancel(reason)));
  return stream;
}

// The bytes stay the caller's: what goes into the stream is a copy, made when somebody reads.
export function streamOfBytes(bytes) {
  if (TypedArrayPrototypeGetByteLength(bytes) === 0) {
    const empty = makeByteStream(null, null);
    closeStream(empty);
    return empty;
  }
  const stream = makeByteStream(() => {
    enqueueToStream(stream, copyOfBytes(bytes));
    closeStream(stream);
  }, null);
  return stream;
}

// The chunk of a byte stream is taken over.
export function enqueueToStream(stream, chunk) {
  if (stream.state === 'readable') stream.controller.enqueue(chunk);
}

export function closeStream(stream) {
  if (stream.state !== 'readable') return;
  const { controller } = stream;
  controller.close();
  // https://streams.spec.whatwg.org/#readablestream-close, step 3: byob requests that wait are answered
  if (controller instanceof ReadableByteControllerImpl && controller.pending.length > 0) controller.respond(0);
}

export function errorStream(stream, error) {
  stream.controller.error(error);
}

export function cancelStream(stream, reason) {
  return cancelReadable(stream, reason);
}

// Whether somebody waits for a chunk, or there is room for one.
export function streamWants(stream) {
  return stream.controller.shouldPull();
}

export function acquireReader(stream) {
  return initializeReader(new ReadableDefaultReaderImpl(), stream);
}

export function createDefaultStream(start, pull, cancel, highWaterMark) {
  return createReadable(start, pull, cancel, highWaterMark, null);
}

// https://streams.spec.whatwg.org/#readablestreamdefaultreader-read-all-bytes
// Callbacks instead of a promise: resolving one with an object asks the page's Object.prototype for `then`.
export function readStreamBytes(stream, done, failed) {
  let reader;
  try {
    reader = acquireReader(stream);
  } catch (error) {
    failed(error);
    return;
  }
  const chunks = [];
  let looping = false;
  let again = false;
  const request = {
    __proto__: null,
    chunk(value) {
      if (!isObject(value) || TypedArrayPrototypeGetSymbolToStringTag(value) !== 'Uint8Array') {
        const error = new TypeError('Received non-Uint8Array chunk');
        thenDo(cancelReadable(stream, error), undefined, () => undefined);
        failed(error);
        return;
      }
      chunks[chunks.length] = value;
      next();
    },
    close: () => done(joinBytes(chunks)),
    error: failed,
  };
  // Chunks that wait come synchronously: a loop instead of recursion.
  const next = () => {
    again = true;
    if (looping) return;
    looping = true;
    while (again) {
      again = false;
      readFromReader(reader, request);
    }
    looping = false;
  };
  next();
}

// https://streams.spec.whatwg.org/#abstract-opdef-readablestreamdefaulttee; `clone` gives the second branch copies
export function teeStream(stream, clone) {
  if (stream.controller instanceof ReadableByteControllerImpl) return new ByteTee(stream).branches;
  const reader = acquireReader(stream);
  let reading = false;
  let readAgain = false;
  const canceled = [false, false];
  const reasons = [undefined, undefined];
  const cancelDone = new Deferred();
  const branches = [null, null];
  const pull = () => {
    if (reading) {
      readAgain = true;
      return resolvedWith(undefined);
    }
    reading = true;
    readFromReader(reader, {
      __proto__: null,
      chunk(value) {
        // In a microtask, so that errors of the first branch come before.
        thenDo(PromiseResolve(Promise, undefined), () => {
          readAgain = false;
          let second = value;
          if (!canceled[1] && clone) {
            try {
              second = structuredCloneValue(value, []);
            } catch (error) {
              branches[0].controller.error(error);
              branches[1].controller.error(error);
              cancelDone.resolve(cancelReadable(stream, error));
              return;
            }
          }
          if (!canceled[0]) enqueueToStream(branches[0], value);
          if (!canceled[1]) enqueueToStream(branches[1], second);
          reading = false;
          if (readAgain) pull();
        });
      },
      close() {
        reading = false;
        for (let i = 0; i < 2; i++) if (!canceled[i]) closeStream(branches[i]);
        if (!canceled[0] || !canceled[1]) cancelDone.resolve(undefined);
      },
      error() {
        reading = false;
      },
    });
    return resolvedWith(undefined);
  };
  const cancel = (index) => (reason) => {
    canceled[index] = true;
    reasons[index] = reason;
    if (canceled[1 - index]) cancelDone.resolve(cancelReadable(stream, reasons));
    return cancelDone.promise;
  };
  for (let i = 0; i < 2; i++) branches[i] = createReadable(null, pull, cancel(i), 1, null);
  thenDo(reader.closed.promise, undefined, (error) => {
    for (let i = 0; i < 2; i++) branches[i].controller.error(error);
    if (!canceled[0] || !canceled[1]) cancelDone.resolve(undefined);
  });
  return branches;
}
