// https://html.spec.whatwg.org/multipage/workers.html#dedicated-workers-and-the-worker-interface
// A web worker as its owner sees it: an object whose messages go to another isolate by way of the host.

import { hostPost, onHost } from '../host.js';
import { SafeMap } from '../primordials.js';
import { defineInterface } from '../webidl/interface.js';
import { domException } from '../dom/DOMException.js';
import { EventTargetImpl } from '../dom/EventTarget.js';
import { dispatchEvent, fireEvent, makeEvent } from '../dom/dispatch.js';
import { blobOfURL } from '../FileAPI/blob_url.js';
import { allowsRequest, inheritablePolicies } from '../html/csp.js';
import { referrerOf } from '../html/referrer.js';
import { documentBaseURL } from '../html/document_state.js';
import { onFrameDocument } from '../html/frame_tree.js';
import { currentWindow } from '../html/realm.js';
import { isSecureGlobal } from '../html/secure_context.js';
import { queueTask } from '../html/tasks.js';
import { parseURL, serializeURL } from '../url/parser.js';
import { decodeFromRemote, encodeForRemote } from '../webmessaging/remote_ports.js';
import { deserializeValue, serializeValue } from '../webmessaging/structured_clone.js';

const ownedWorkers = new SafeMap();    // id to WorkerImpl
let nextWorkerId = 1;

export class WorkerImpl extends EventTargetImpl {
  constructor(window) {
    super();
    this.window = window;
    this.doc = window.document;
    this.handlers = null;
    this.id = nextWorkerId++;
  }
}

// https://html.spec.whatwg.org/multipage/workers.html#dom-worker
function startWorker(scriptURL, options) {
  const window = currentWindow();
  const doc = window.document;
  // 3-4.
  const record = parseURL(scriptURL, documentBaseURL(doc), doc.encoding);
  if (record === null) throw domException('SyntaxError', "Failed to construct 'Worker': The URL '" + scriptURL + "' is invalid.");
  // 5-9.
  const worker = new WorkerImpl(window);
  ownedWorkers.set(worker.id, worker);
  const url = serializeURL(record);
  const payload = {
    __proto__: null, id: worker.id, url, frame: window.frameId, type: options.type, credentials: options.credentials, name: options.name,
    referrer: referrerOf(doc), referrerPolicy: doc.referrerPolicy, upgrade: doc.upgradesInsecure, secure: isSecureGlobal(window), csp: inheritablePolicies(doc),
  };
  // https://www.w3.org/TR/CSP3/#should-block-request
  if (!allowsRequest(doc, { __proto__: null, destination: 'worker', parserInserted: false }, url, false)) {
    ownedWorkers.delete(worker.id);
    queueTask(doc, () => fireEvent(worker, 'error'));
    return worker;
  }
  const blob = record.scheme === 'blob' ? blobOfURL(url) : null;
  if (blob === null) hostPost('worker.start', payload);
  else hostPost('worker.start', { ...payload, blobType: blob.type }, blob.bytes);
  return worker;
}

function postToWorker(self, message, transfer) {
  const { json, bytes, ports, sent } = encodeForRemote(serializeValue(message, transfer));
  if (ownedWorkers.get(self.id) !== self) return;      // terminated: nobody is there to hear it
  hostPost('worker.message', { __proto__: null, id: self.id, message: json, ports }, bytes);
  sent();
}

function terminateWorker(self) {
  if (ownedWorkers.delete(self.id)) hostPost('worker.terminate', { __proto__: null, id: self.id });
}

export const workerInterface = defineInterface(`
dictionary WorkerOptions { DOMString name = ""; WorkerType type = "classic"; RequestCredentials credentials = "same-origin"; };
[Exposed=(Window,DedicatedWorker,SharedWorker)]
interface Worker : EventTarget {
  constructor(USVString scriptURL, optional WorkerOptions options = {});
  undefined terminate();
  undefined postMessage(any message, sequence<object> transfer);
  undefined postMessage(any message, optional StructuredSerializeOptions options = {});
  attribute EventHandler onerror;
  attribute EventHandler onmessage;
  attribute EventHandler onmessageerror;
};
`, {
  constructor: startWorker,
  terminate: terminateWorker,
  'postMessage:0': postToWorker,
  'postMessage:1': (self, message, options) => postToWorker(self, message, options.transfer),
}, WorkerImpl);

// A message in a task of its own: also the worker's scope gets its messages so.
export function queueMessage(doc, target, serialized) {
  queueTask(doc, () => {
    if (target.closing === true) return;
    let opened;
    try {
      opened = deserializeValue(serialized);
    } catch {
      fireEvent(target, 'messageerror', { __proto__: null, interface: 'MessageEvent', init: { __proto__: null } });
      return;
    }
    fireEvent(target, 'message', { __proto__: null, interface: 'MessageEvent', init: { __proto__: null, data: opened.value, ports: opened.ports } });
  });
}

onHost('worker.replied', (payload, bytes) => {
  const worker = ownedWorkers.get(payload.id);
  if (worker !== undefined) queueMessage(worker.doc, worker, decodeFromRemote(payload.message, payload.ports, bytes));
  return null;
});

// The script could not be fetched, or there are too many workers.
onHost('worker.failed', (payload) => {
  const worker = ownedWorkers.get(payload.id);
  if (worker === undefined) return null;
  ownedWorkers.delete(payload.id);
  queueTask(worker.doc, () => fireEvent(worker, 'error'));
  return null;
});

onHost('worker.ended', (payload) => {
  ownedWorkers.delete(payload.id);
  return null;
});

// https://html.spec.whatwg.org/multipage/webappapis.html#report-an-exception, steps 6.2-6.3: what the worker did not handle
onHost('worker.threw', (payload) => {
  const worker = ownedWorkers.get(payload.id);
  if (worker === undefined) return null;
  const text = payload.name === '' ? payload.message : payload.name + ': ' + payload.message;
  const fire = (target) => {
    const event = makeEvent('error', {
      __proto__: null, cancelable: true, interface: 'ErrorEvent',
      init: { __proto__: null, message: 'Uncaught ' + text, filename: payload.url, lineno: payload.line, colno: payload.column, error: null },
    });
    event.isTrusted = true;
    return dispatchEvent(event, target);
  };
  queueTask(worker.doc, () => {
    if (!fire(worker) || !fire(worker.window)) return;
    hostPost('page.error', {
      __proto__: null, name: payload.name, message: payload.message, stack: payload.stack, url: payload.url, line: payload.line, column: payload.column, kind: 'error',
    });
  });
  return null;
});

// Workers end with their document (HTML, 10.2.5: "permissible" workers have an owner that is fully active).
onFrameDocument((window) => {
  const gone = [];
  ownedWorkers.forEach((worker) => {
    if (worker.window === window && (window.closed || worker.doc !== window.document)) gone[gone.length] = worker;
  });
  for (let i = 0; i < gone.length; i++) terminateWorker(gone[i]);
});
