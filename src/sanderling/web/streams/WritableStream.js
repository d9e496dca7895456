// https://streams.spec.whatwg.org/#ws-class

import { RangeError, ReflectApply, TypeError } from '../primordials.js';
import { defineInterface } from '../webidl/interface.js';
import { wrap } from '../webidl/wrapper.js';
import { callAlgorithm, highWaterMarkOf, methodMember, sizeAlgorithmOf } from './support.js';
import {
  WritableControllerImpl, WritableStreamImpl, WritableWriterImpl, abortWritable, closeQueuedOrInFlight, closeWritable, initializeWriter, releaseWriter, setUpWritableController, writeWith,
  writerDesiredSize,
} from './writable.js';

// https://streams.spec.whatwg.org/#ws-constructor
function constructWritable(sink, strategy) {
  const stream = new WritableStreamImpl();
  const given = sink !== undefined;
  const abort = given ? methodMember(sink, 'abort') : undefined;
  const close = given ? methodMember(sink, 'close') : undefined;
  const start = given ? methodMember(sink, 'start') : undefined;
  const type = given ? sink.type : undefined;
  const write = given ? methodMember(sink, 'write') : undefined;
  if (type !== undefined) throw new RangeError("Failed to construct 'WritableStream': Invalid type is specified");
  const size = sizeAlgorithmOf(strategy);
  const controller = new WritableControllerImpl(stream, size, highWaterMarkOf(strategy, 1));
  setUpWritableController(controller, start === undefined ? null : () => ReflectApply(start, sink, [wrap(controller)]),
    write === undefined ? null : (chunk) => callAlgorithm(write, sink, [chunk, wrap(controller)]),
    close === undefined ? null : () => callAlgorithm(close, sink, []),
    abort === undefined ? null : (reason) => callAlgorithm(abort, sink, [reason]));
  return stream;
}

export const writableStreamInterface = defineInterface(`
[Exposed=*, Transferable]
interface WritableStream {
  constructor(optional object underlyingSink, optional QueuingStrategy strategy = {});
  readonly attribute boolean locked;
  Promise<undefined> abort(optional any reason);
  Promise<undefined> close();
  WritableStreamDefaultWriter getWriter();
};
`, {
  constructor: constructWritable,
  locked: (self) => self.writer !== null,
  abort(self, reason) {
    if (self.writer !== null) throw new TypeError('Cannot abort a stream that already has a writer');
    return abortWritable(self, reason);
  },
  close(self) {
    if (self.writer !== null) throw new TypeError('Cannot close a stream that already has a writer');
    if (closeQueuedOrInFlight(self)) throw new TypeError('Cannot close an already-closing stream');
    return closeWritable(self);
  },
  getWriter: (self) => initializeWriter(new WritableWriterImpl(), self),
}, WritableStreamImpl);

function streamOfWriter(writer) {
  if (writer.stream === null) throw new TypeError('The writer was released');
  return writer.stream;
}

export const writableWriterInterface = defineInterface(`
[Exposed=*]
interface WritableStreamDefaultWriter {
  constructor(WritableStream stream);
  readonly attribute Promise<undefined> closed;
  readonly attribute unrestricted double? desiredSize;
  readonly attribute Promise<undefined> ready;
  Promise<undefined> abort(optional any reason);
  Promise<undefined> close();
  undefined releaseLock();
  Promise<undefined> write(optional any chunk);
};
`, {
  constructor: (stream) => initializeWriter(new WritableWriterImpl(), stream),
  closed: (self) => self.closed.promise,
  desiredSize(self) {
    streamOfWriter(self);
    return writerDesiredSize(self);
  },
  ready: (self) => self.ready.promise,
  abort: (self, reason) => abortWritable(streamOfWriter(self), reason),
  close(self) {
    const stream = streamOfWriter(self);
    if (closeQueuedOrInFlight(stream)) throw new TypeError('Cannot close an already-closing stream');
    return closeWritable(stream);
  },
  releaseLock(self) {
    if (self.stream !== null) releaseWriter(self);
  },
  write(self, chunk) {
    streamOfWriter(self);
    return writeWith(self, chunk);
  },
}, WritableWriterImpl);

export const writableControllerInterface = defineInterface(`
[Exposed=*]
interface WritableStreamDefaultController {
  readonly attribute AbortSignal signal;
  undefined error(optional any e);
};
`, {
  signal: (self) => self.abortController.signal,
  error(self, reason) {
    if (self.stream.state === 'writable') self.error(reason);
  },
}, WritableControllerImpl);
