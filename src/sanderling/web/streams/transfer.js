// https://streams.spec.whatwg.org/#transferrable-streams
// A transferred stream is piped through a pair of message ports that no page sees: here its old end, there a stream of the same kind.

import { domException } from '../dom/DOMException.js';
import { closePort, deliverToPort, entanglePorts, listenToPort, MessagePortImpl } from '../webmessaging/MessagePort.js';
import { serializeValue } from '../webmessaging/structured_clone.js';
import { Deferred, rejectedWith, resolvedWith, thenDo } from './support.js';
import { createReadable } from './readable.js';
import { createWritable } from './writable.js';
import { pipeStreams } from './pipe.js';
import { TransformStreamImpl } from './TransformStream.js';

// https://streams.spec.whatwg.org/#abstract-opdef-packandpostmessage
function packAndPost(port, type, value) {
  const serialized = serializeValue({ __proto__: null, type, value }, []);
  if (port.other !== null) deliverToPort(port.other, serialized);
}

// https://streams.spec.whatwg.org/#abstract-opdef-crossrealmtransformsenderror
function sendStreamError(port, error) {
  try {
    packAndPost(port, 'error', error);
  } catch {
    // What cannot be cloned: the other end does not hear of it, says the standard.
  }
}

// https://streams.spec.whatwg.org/#abstract-opdef-packandpostmessagehandlingerror: a promise, since all callers give one
function packAndPostHandlingError(port, type, value) {
  try {
    packAndPost(port, type, value);
  } catch (error) {
    sendStreamError(port, error);
    return rejectedWith(error);
  }
  return resolvedWith(undefined);
}

function undecodable(port) {
  const error = domException('DataCloneError', 'A chunk of a transferred stream could not be deserialized.');
  sendStreamError(port, error);
  closePort(port);
  return error;
}

// https://streams.spec.whatwg.org/#abstract-opdef-setupcrossrealmtransformreadable
function readableFromPort(port) {
  const stream = createReadable(null, () => {
    packAndPost(port, 'pull', undefined);
    return resolvedWith(undefined);
  }, (reason) => {
    const sent = packAndPostHandlingError(port, 'error', reason);
    closePort(port);
    return sent;
  }, 0, null);
  const { controller } = stream;
  listenToPort(port, (message) => {
    switch (message.type) {
      case 'chunk': controller.enqueue(message.value); break;
      case 'close':
        controller.close();
        closePort(port);
        break;
      case 'error':
        controller.error(message.value);
        closePort(port);
        break;
      default:
    }
  }, () => controller.error(undecodable(port)));
  return stream;
}

// https://streams.spec.whatwg.org/#abstract-opdef-setupcrossrealmtransformwritable
function writableToPort(port) {
  let backpressure = new Deferred();       // null: the other end has room
  const relieve = () => {
    if (backpressure === null) return;
    backpressure.resolve(undefined);
    backpressure = null;
  };
  const stream = createWritable(null, (chunk) => {
    const out = new Deferred();
    thenDo(backpressure === null ? resolvedWith(undefined) : backpressure.promise, () => {
      backpressure = new Deferred();
      thenDo(packAndPostHandlingError(port, 'chunk', chunk), () => out.resolve(undefined), (error) => {
        closePort(port);
        out.reject(error);
      });
    });
    return out.promise;
  }, () => {
    packAndPost(port, 'close', undefined);
    closePort(port);
    return resolvedWith(undefined);
  }, (reason) => {
    const sent = packAndPostHandlingError(port, 'error', reason);
    closePort(port);
    return sent;
  }, 1, null);
  const { controller } = stream;
  listenToPort(port, (message) => {
    if (message.type === 'error') controller.errorIfNeeded(message.value);
    if (message.type === 'pull' || message.type === 'error') relieve();
  }, () => controller.errorIfNeeded(undecodable(port)));
  return stream;
}

function portPair() {
  const near = new MessagePortImpl();
  const far = new MessagePortImpl();
  entanglePorts(near, far);
  return { __proto__: null, near, far };
}

function pipeAway(readable, writable) {
  thenDo(pipeStreams(readable, writable, false, false, false, null), undefined, () => undefined);
}

function requireUnlocked(locked, what) {
  if (locked) throw domException('DataCloneError', 'A ' + what + ' that is locked could not be transferred.');
}

// https://streams.spec.whatwg.org/#rs-transfer
function transferReadable(stream) {
  requireUnlocked(stream.reader !== null, 'ReadableStream');
  const { near, far } = portPair();
  pipeAway(stream, writableToPort(near));
  return far;
}

// https://streams.spec.whatwg.org/#ws-transfer
function transferWritable(stream) {
  requireUnlocked(stream.writer !== null, 'WritableStream');
  const { near, far } = portPair();
  pipeAway(readableFromPort(near), stream);
  return far;
}

// https://streams.spec.whatwg.org/#ts-transfer
function transferTransform({ readable, writable }) {
  requireUnlocked(readable.reader !== null || writable.writer !== null, 'TransformStream');
  return [transferReadable(readable), transferWritable(writable)];
}

function receiveTransform(ports) {
  const stream = new TransformStreamImpl();
  stream.readable = readableFromPort(ports[0]);
  stream.writable = writableToPort(ports[1]);
  return stream;
}

// The ports that go in place of a stream.
export function portsOfStream(name, stream) {
  return name === 'ReadableStream' ? [transferReadable(stream)] : name === 'WritableStream' ? [transferWritable(stream)] : transferTransform(stream);
}

// A stream from the ports that came in its place.
export function streamFromPorts(name, ports) {
  return name === 'ReadableStream' ? readableFromPort(ports[0]) : name === 'WritableStream' ? writableToPort(ports[0]) : receiveTransform(ports);
}
