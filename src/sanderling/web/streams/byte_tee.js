// https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamtee

import { copyOfBytes } from '../webidl/buffers.js';
import { Deferred, resolvedWith, thenDo } from './support.js';
import { ReadableByobReaderImpl, ReadableDefaultReaderImpl, ReadableStreamImpl, cancelReadable, initializeReader, readFromReader, readIntoView, releaseReader } from './readable.js';
import { ReadableByteControllerImpl, setUpByteController } from './readable_bytes.js';

// A read goes into the buffer that a BYOB reader of a branch has waiting, where there is one; the other branch gets a copy.
export class ByteTee {
  constructor(stream) {
    this.stream = stream;
    this.reader = initializeReader(new ReadableDefaultReaderImpl(), stream);
    this.reading = false;
    this.readAgain = [false, false];
    this.canceled = [false, false];
    this.reasons = [undefined, undefined];
    this.cancelDone = new Deferred();
    this.branches = [null, null];
    for (let i = 0; i < 2; i++) {
      const branch = new ReadableStreamImpl();
      setUpByteController(new ReadableByteControllerImpl(branch, 0, 0), null, () => this.pull(i), (reason) => this.cancel(i, reason));
      this.branches[i] = branch;
    }
    this.forwardError(this.reader);
  }

  // Step 14
  forwardError(reader) {
    thenDo(reader.closed.promise, undefined, (error) => {
      if (reader !== this.reader) return;
      for (let i = 0; i < 2; i++) this.branches[i].controller.error(error);
      this.settle();
    });
  }

  settle() {
    if (!this.canceled[0] || !this.canceled[1]) this.cancelDone.resolve(undefined);
  }

  acquire(reader) {
    releaseReader(this.reader);
    this.reader = initializeReader(reader, this.stream);
    this.forwardError(reader);
  }

  // Steps 17 and 18
  pull(index) {
    if (this.reading) {
      this.readAgain[index] = true;
      return resolvedWith(undefined);
    }
    this.reading = true;
    const request = this.branches[index].controller.currentByobRequest();
    if (request === null) this.pullByDefault();
    else this.pullInto(request.view, index);
    return resolvedWith(undefined);
  }

  // The chunk for the other branch, or null: it could not be copied, and all is over.
  copy(chunk) {
    try {
      return copyOfBytes(chunk);
    } catch (error) {
      for (let i = 0; i < 2; i++) this.branches[i].controller.error(error);
      this.cancelDone.resolve(cancelReadable(this.stream, error));
      return null;
    }
  }

  finishRead() {
    this.reading = false;
    if (this.readAgain[0]) this.pull(0);
    else if (this.readAgain[1]) this.pull(1);
  }

  forgetAgain() {
    this.readAgain[0] = false;
    this.readAgain[1] = false;
  }

  // Step 15
  pullByDefault() {
    if (!(this.reader instanceof ReadableDefaultReaderImpl)) this.acquire(new ReadableDefaultReaderImpl());
    const { branches, canceled } = this;
    readFromReader(this.reader, {
      __proto__: null,
      // In a microtask, so that errors of the branches come before.
      chunk: (chunk) => thenDo(resolvedWith(undefined), () => {
        this.forgetAgain();
        let second = chunk;
        if (!canceled[0] && !canceled[1]) {
          second = this.copy(chunk);
          if (second === null) return;
        }
        if (!canceled[0]) branches[0].controller.enqueue(chunk);
        if (!canceled[1]) branches[1].controller.enqueue(second);
        this.finishRead();
      }),
      close: () => {
        this.reading = false;
        for (let i = 0; i < 2; i++) if (!canceled[i]) branches[i].controller.close();
        for (let i = 0; i < 2; i++) if (branches[i].controller.pending.length > 0) branches[i].controller.respond(0);
        this.settle();
      },
      error: () => {
        this.reading = false;
      },
    });
  }

  // Step 16
  pullInto(view, index) {
    if (!(this.reader instanceof ReadableByobReaderImpl)) this.acquire(new ReadableByobReaderImpl());
    const { canceled } = this;
    const { controller } = this.branches[index];
    const other = this.branches[1 - index].controller;
    readIntoView(this.reader, view, 1, {
      __proto__: null,
      chunk: (chunk) => thenDo(resolvedWith(undefined), () => {
        this.forgetAgain();
        let copied = null;
        if (!canceled[1 - index]) {
          copied = this.copy(chunk);
          if (copied === null) return;
        }
        if (!canceled[index]) controller.respondWithNewView(chunk);
        if (copied !== null) other.enqueue(copied);
        this.finishRead();
      }),
      close: (chunk) => {
        this.reading = false;
        if (!canceled[index]) controller.close();
        if (!canceled[1 - index]) other.close();
        if (chunk !== undefined) {
          if (!canceled[index]) controller.respondWithNewView(chunk);
          if (!canceled[1 - index] && other.pending.length > 0) other.respond(0);
        }
        this.settle();
      },
      error: () => {
        this.reading = false;
      },
    });
  }

  // Steps 19 and 20
  cancel(index, reason) {
    this.canceled[index] = true;
    this.reasons[index] = reason;
    if (this.canceled[1 - index]) this.cancelDone.resolve(cancelReadable(this.stream, this.reasons));
    return this.cancelDone.promise;
  }
}

