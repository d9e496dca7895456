// https://streams.spec.whatwg.org/#ts-class

import { PromisePrototypeThen, RangeError, ReflectApply, TypeError } from '../primordials.js';
import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { wrap } from '../webidl/wrapper.js';
import { Deferred, callAlgorithm, highWaterMarkOf, methodMember, resolvedWith, sizeAlgorithmOf, thenDo } from './support.js';
import { createReadable } from './readable.js';
import { createWritable } from './writable.js';

export class TransformStreamImpl extends Impl {
  constructor() {
    super();
    this.readable = null;
    this.writable = null;
    this.controller = null;
    this.backpressure = false;
    this.backpressureChange = null;      // Deferred
  }
}

export class TransformControllerImpl extends Impl {
  constructor(stream) {
    super();
    this.stream = stream;
    this.transformAlgorithm = null;      // chunk => promise
    this.flushAlgorithm = null;
    this.cancelAlgorithm = null;
    this.finish = null;                  // Deferred of the end by cancel, close or abort
  }

  clear() {
    this.transformAlgorithm = null;
    this.flushAlgorithm = null;
    this.cancelAlgorithm = null;
  }

  enqueue(chunk) {
    const { stream } = this;
    const controller = stream.readable.controller;
    if (!controller.canCloseOrEnqueue()) throw new TypeError('The readable side is not in a state that permits enqueue');
    try {
      controller.enqueue(chunk);
    } catch (error) {
      errorWritableAndUnblock(stream, error);
      throw stream.readable.storedError;
    }
    const backpressure = !controller.shouldPull();
    if (backpressure !== stream.backpressure) setTransformBackpressure(stream, true);
  }

  error(reason) {
    errorTransform(this.stream, reason);
  }

  terminate() {
    const { stream } = this;
    stream.readable.controller.close();
    errorWritableAndUnblock(stream, new TypeError('The transform stream has been terminated'));
  }
}

function setTransformBackpressure(stream, backpressure) {
  if (stream.backpressureChange !== null) stream.backpressureChange.resolve(undefined);
  stream.backpressureChange = new Deferred();
  stream.backpressure = backpressure;
}

function unblockWrite(stream) {
  if (stream.backpressure) setTransformBackpressure(stream, false);
}

function errorWritableAndUnblock(stream, error) {
  stream.controller.clear();
  stream.writable.controller.errorIfNeeded(error);
  unblockWrite(stream);
}

function errorTransform(stream, error) {
  stream.readable.controller.error(error);
  errorWritableAndUnblock(stream, error);
}

function performTransform(controller, chunk) {
  const transform = controller.transformAlgorithm;
  const done = transform === null ? callAlgorithm(() => controller.enqueue(chunk), undefined, []) : transform(chunk);
  return PromisePrototypeThen(done, undefined, (error) => {
    errorTransform(controller.stream, error);
    throw error;
  });
}

// https://streams.spec.whatwg.org/#transform-stream-default-sink-write-algorithm
function sinkWrite(stream, chunk) {
  const { controller } = stream;
  if (!stream.backpressure) return performTransform(controller, chunk);
  return PromisePrototypeThen(stream.backpressureChange.promise, () => {
    const { writable } = stream;
    if (writable.state === 'erroring') throw writable.storedError;
    return performTransform(controller, chunk);
  });
}

// Abort of the writable side, cancel of the readable side, and close have this frame: run the algorithm once, then settle.
function finishTransform(stream, algorithm, argument, done, failed) {
  const { controller } = stream;
  if (controller.finish !== null) return controller.finish.promise;
  const finish = new Deferred();
  controller.finish = finish;
  const promise = algorithm === null ? resolvedWith(undefined) : algorithm(argument);
  controller.clear();
  thenDo(promise, () => done(finish), (error) => failed(finish, error));
  return finish.promise;
}

function sinkAbort(stream, reason) {
  const { readable } = stream;
  return finishTransform(stream, stream.controller.cancelAlgorithm, reason, (finish) => {
    if (readable.state === 'errored') finish.reject(readable.storedError);
    else {
      readable.controller.error(reason);
      finish.resolve(undefined);
    }
  }, (finish, error) => {
    readable.controller.error(error);
    finish.reject(error);
  });
}

function sinkClose(stream) {
  const { readable } = stream;
  return finishTransform(stream, stream.controller.flushAlgorithm, undefined, (finish) => {
    if (readable.state === 'errored') finish.reject(readable.storedError);
    else {
      readable.controller.close();
      finish.resolve(undefined);
    }
  }, (finish, error) => {
    readable.controller.error(error);
    finish.reject(error);
  });
}

function sourceCancel(stream, reason) {
  const { writable } = stream;
  return finishTransform(stream, stream.controller.cancelAlgorithm, reason, (finish) => {
    if (writable.state === 'errored') finish.reject(writable.storedError);
    else {
      writable.controller.errorIfNeeded(reason);
      unblockWrite(stream);
      finish.resolve(undefined);
    }
  }, (finish, error) => {
    writable.controller.errorIfNeeded(error);
    unblockWrite(stream);
    finish.reject(error);
  });
}

// https://streams.spec.whatwg.org/#initialize-transform-stream
function initializeTransform(stream, started, writableMark, writableSize, readableMark, readableSize) {
  const start = () => started;
  stream.writable = createWritable(start, (chunk) => sinkWrite(stream, chunk), () => sinkClose(stream), (reason) => sinkAbort(stream, reason), writableMark, writableSize);
  stream.readable = createReadable(start, () => {
    setTransformBackpressure(stream, false);
    return stream.backpressureChange.promise;
  }, (reason) => sourceCancel(stream, reason), readableMark, readableSize);
  setTransformBackpressure(stream, true);
}

// A transform stream of the platform: the first two algorithms get the controller and may throw; `cancel` hears of the end by cancel or abort.
export function createTransform(transform, flush, cancel) {
  const stream = new TransformStreamImpl();
  initializeTransform(stream, undefined, 1, null, 0, null);
  const controller = new TransformControllerImpl(stream);
  stream.controller = controller;
  controller.transformAlgorithm = (chunk) => callAlgorithm(transform, undefined, [chunk, controller]);
  controller.flushAlgorithm = () => callAlgorithm(flush, undefined, [controller]);
  if (cancel !== undefined) controller.cancelAlgorithm = () => callAlgorithm(cancel, undefined, []);
  return stream;
}

function constructTransform(transformer, writableStrategy, readableStrategy) {
  const given = transformer !== undefined;
  const cancel = given ? methodMember(transformer, 'cancel') : undefined;
  const flush = given ? methodMember(transformer, 'flush') : undefined;
  if (given && transformer.readableType !== undefined) throw new RangeError("Failed to construct 'TransformStream': Invalid readableType");
  const start = given ? methodMember(transformer, 'start') : undefined;
  const transform = given ? methodMember(transformer, 'transform') : undefined;
  if (given && transformer.writableType !== undefined) throw new RangeError("Failed to construct 'TransformStream': Invalid writableType");
  const readableMark = highWaterMarkOf(readableStrategy, 0);
  const readableSize = sizeAlgorithmOf(readableStrategy);
  const writableMark = highWaterMarkOf(writableStrategy, 1);
  const writableSize = sizeAlgorithmOf(writableStrategy);
  const stream = new TransformStreamImpl();
  const started = new Deferred();
  initializeTransform(stream, started.promise, writableMark, writableSize, readableMark, readableSize);
  const controller = new TransformControllerImpl(stream);
  stream.controller = controller;
  if (transform !== undefined) controller.transformAlgorithm = (chunk) => callAlgorithm(transform, transformer, [chunk, wrap(controller)]);
  if (flush !== undefined) controller.flushAlgorithm = () => callAlgorithm(flush, transformer, [wrap(controller)]);
  if (cancel !== undefined) controller.cancelAlgorithm = (reason) => callAlgorithm(cancel, transformer, [reason]);
  started.resolve(start === undefined ? undefined : ReflectApply(start, transformer, [wrap(controller)]));
  return stream;
}

export const transformStreamInterface = defineInterface(`
[Exposed=*, Transferable]
interface TransformStream {
  constructor(optional object transformer, optional QueuingStrategy writableStrategy = {}, optional QueuingStrategy readableStrategy = {});
  readonly attribute ReadableStream readable;
  readonly attribute WritableStream writable;
};
`, {
  constructor: constructTransform,
  readable: (self) => self.readable,
  writable: (self) => self.writable,
}, TransformStreamImpl);

export const transformControllerInterface = defineInterface(`
[Exposed=*]
interface TransformStreamDefaultController {
  readonly attribute unrestricted double? desiredSize;
  undefined enqueue(optional any chunk);
  undefined error(optional any reason);
  undefined terminate();
};
`, {
  desiredSize: (self) => self.stream.readable.controller.desiredSize(),
  enqueue: (self, chunk) => self.enqueue(chunk),
  error: (self, reason) => self.error(reason),
  terminate: (self) => self.terminate(),
}, TransformControllerImpl);
