// https://streams.spec.whatwg.org/#readable-stream-pipe-to

import { Promise, PromiseAll, TypeError } from '../primordials.js';
import { addAbortAlgorithm, removeAbortAlgorithm } from '../dom/AbortSignal.js';
import { Deferred, resolvedWith, thenDo } from './support.js';
import { ReadableDefaultReaderImpl, cancelReadable, initializeReader, readFromReader, releaseReader } from './readable.js';
import { WritableWriterImpl, abortWritable, closeErrorPropagating, closeQueuedOrInFlight, initializeWriter, releaseWriter, writeWith, writerDesiredSize } from './writable.js';

// Both locks are free; the caller has checked.
export function pipeStreams(source, dest, preventClose, preventAbort, preventCancel, signal) {
  const reader = initializeReader(new ReadableDefaultReaderImpl(), source);
  const writer = initializeWriter(new WritableWriterImpl(), dest);
  source.disturbed = true;
  let shuttingDown = false;
  let lastWrite = resolvedWith(undefined);
  const done = new Deferred();
  let onAbort = null;

  const finalize = (failed, error) => {
    releaseWriter(writer);
    releaseReader(reader);
    if (signal !== null) removeAbortAlgorithm(signal, onAbort);
    if (failed) done.reject(error);
    else done.resolve(undefined);
  };

  // Wait for what was read to be written.
  const waitForWrites = (then) => {
    const current = lastWrite;
    const settled = () => (current === lastWrite ? then() : waitForWrites(then));
    thenDo(current, settled, settled);
  };

  const shutdownWith = (action, failed, error) => {
    if (shuttingDown) return;
    shuttingDown = true;
    const act = () => thenDo(action(), () => finalize(failed, error), (newError) => finalize(true, newError));
    if (dest.state === 'writable' && !closeQueuedOrInFlight(dest)) waitForWrites(act);
    else act();
  };

  const shutdown = (failed, error) => {
    if (shuttingDown) return;
    shuttingDown = true;
    if (dest.state === 'writable' && !closeQueuedOrInFlight(dest)) waitForWrites(() => finalize(failed, error));
    else finalize(failed, error);
  };

  if (signal !== null) {
    onAbort = () => {
      const error = signal.reason;
      shutdownWith(() => {
        const actions = [];
        if (!preventAbort && dest.state === 'writable') actions[actions.length] = abortWritable(dest, error);
        if (!preventCancel && source.state === 'readable') actions[actions.length] = cancelReadable(source, error);
        return actions.length === 0 ? resolvedWith(undefined) : actions.length === 1 ? actions[0] : PromiseAll(Promise, actions);
      }, true, error);
    };
    if (signal.aborted) {
      onAbort();
      return done.promise;
    }
    addAbortAlgorithm(signal, onAbort);
  }

  const sourceErrored = (error) => {
    if (!preventAbort) shutdownWith(() => abortWritable(dest, error), true, error);
    else shutdown(true, error);
  };
  const destErrored = (error) => {
    if (!preventCancel) shutdownWith(() => cancelReadable(source, error), true, error);
    else shutdown(true, error);
  };
  const sourceClosed = () => {
    if (!preventClose) shutdownWith(() => closeErrorPropagating(writer), false, undefined);
    else shutdown(false, undefined);
  };

  if (source.state === 'errored') sourceErrored(source.storedError);
  else thenDo(reader.closed.promise, undefined, sourceErrored);
  if (dest.state === 'errored' || dest.state === 'erroring') destErrored(dest.storedError);
  else thenDo(writer.closed.promise, undefined, destErrored);
  if (source.state === 'closed') sourceClosed();
  else thenDo(reader.closed.promise, sourceClosed, () => undefined);
  if (closeQueuedOrInFlight(dest) || dest.state === 'closed') {
    const error = new TypeError('The destination is closed');
    if (!preventCancel) shutdownWith(() => cancelReadable(source, error), true, error);
    else shutdown(true, error);
  }

  const readOne = () => {
    if (shuttingDown) return;
    readFromReader(reader, {
      __proto__: null,
      chunk(value) {
        lastWrite = writeLater(writer, value, step);
      },
      close: () => undefined,
      error: () => undefined,
    });
  };
  // Where there is room, at once: a source that has not started yet is pulled once, with the read that waits.
  const step = () => {
    if (shuttingDown) return;
    if (writerDesiredSize(writer) === null) return;
    if (writer.ready.pending) thenDo(writer.ready.promise, readOne, () => undefined);
    else readOne();
  };
  step();
  return done.promise;
}

// In a microtask: enqueue() of the source must not call the sink's write().
function writeLater(writer, value, then) {
  const out = new Deferred();
  thenDo(resolvedWith(undefined), () => {
    thenDo(writeWith(writer, value), () => out.resolve(undefined), () => out.resolve(undefined));
    then();
  });
  return out.promise;
}
