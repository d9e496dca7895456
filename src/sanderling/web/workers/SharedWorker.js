// https://html.spec.whatwg.org/multipage/workers.html#shared-workers-and-the-sharedworker-interface
// A shared worker as a document sees it: an object with a port, whose other end the host gives to the worker's isolate (`browser/shared_workers.py`).

import { hostPost, onHost } from '../host.js';
import { SafeMap } from '../primordials.js';
import { defineInterface } from '../webidl/interface.js';
import { domException } from '../dom/DOMException.js';
import { EventTargetImpl } from '../dom/EventTarget.js';
import { fireEvent } from '../dom/dispatch.js';
import { blobOfURL } from '../FileAPI/blob_url.js';
import { allowsRequest, inheritablePolicies } from '../html/csp.js';
import { referrerOf } from '../html/referrer.js';
import { documentBaseURL } from '../html/document_state.js';
import { onFrameDocument, originURL } from '../html/frame_tree.js';
import { currentWindow } from '../html/realm.js';
import { isSecureGlobal } from '../html/secure_context.js';
import { queueTask } from '../html/tasks.js';
import { parseURL, serializeOrigin, serializeURL } from '../url/parser.js';
import { MessageChannelImpl } from '../webmessaging/MessagePort.js';
import { sendPortAlone } from '../webmessaging/remote_ports.js';

const sharedConnections = new SafeMap();    // number to SharedWorkerImpl
let nextConnection = 1;

export class SharedWorkerImpl extends EventTargetImpl {
  constructor(window, port) {
    super();
    this.window = window;
    this.doc = window.document;
    this.handlers = null;
    this.port = port;
  }
}

// https://html.spec.whatwg.org/multipage/workers.html#dom-sharedworker
function connectToWorker(scriptURL, given) {
  // 2.
  const options = typeof given === 'string' ? { __proto__: null, name: given, type: 'classic', credentials: 'same-origin', extendedLifetime: false } : given;
  // 3.
  const window = currentWindow();
  const doc = window.document;
  // 4-5.
  const record = parseURL(scriptURL, documentBaseURL(doc), doc.encoding);
  if (record === null) throw domException('SyntaxError', "Failed to construct 'SharedWorker': The URL '" + scriptURL + "' is invalid.");
  // As Chromium does: nobody could share it.
  if (serializeOrigin(originURL(doc)) === 'null' || (window.sandbox !== null && window.sandbox.opaque)) {
    throw domException('SecurityError', "Failed to construct 'SharedWorker': Access to shared workers is denied to origin 'null'.");
  }
  // 6-10.
  const { port1: outside, port2: inside } = new MessageChannelImpl();
  const worker = new SharedWorkerImpl(window, outside);
  const url = serializeURL(record);
  // https://www.w3.org/TR/CSP3/#should-block-request
  if (!allowsRequest(doc, { __proto__: null, destination: 'sharedworker', parserInserted: false }, url, false)) {
    queueTask(doc, () => fireEvent(worker, 'error'));
    return worker;
  }
  const id = nextConnection++;
  sharedConnections.set(id, worker);
  // 11. The worker's end of the channel goes along.
  const { channel, sent } = sendPortAlone(inside);
  const payload = {
    __proto__: null, id, url, frame: window.frameId, type: options.type, credentials: options.credentials, name: options.name, extendedLifetime: options.extendedLifetime,
    referrer: referrerOf(doc), referrerPolicy: doc.referrerPolicy, upgrade: doc.upgradesInsecure, secure: isSecureGlobal(window), csp: inheritablePolicies(doc), channel,
  };
  const blob = record.scheme === 'blob' ? blobOfURL(url) : null;
  if (blob === null) hostPost('sharedworker.connect', payload);
  else hostPost('sharedworker.connect', { ...payload, blobType: blob.type }, blob.bytes);
  sent();
  return worker;
}

export const sharedWorkerInterface = defineInterface(`
dictionary SharedWorkerOptions : WorkerOptions { boolean extendedLifetime = false; };
[Exposed=Window]
interface SharedWorker : EventTarget {
  constructor(USVString scriptURL, optional (DOMString or SharedWorkerOptions) options = {});
  readonly attribute MessagePort port;
  attribute EventHandler onerror;
};
`, {
  constructor: connectToWorker,
  port: (self) => self.port,
}, SharedWorkerImpl);

// The script could not be had or compiled, or the worker that is there was made with other options.
onHost('sharedworker.failed', (payload) => {
  const worker = sharedConnections.get(payload.id);
  if (worker !== undefined) queueTask(worker.doc, () => fireEvent(worker, 'error'));
  return null;
});

// A worker ends with the last of its documents.
onFrameDocument((window) => {
  const gone = [];
  sharedConnections.forEach((worker, id) => {
    if (worker.window === window && (window.closed || worker.doc !== window.document)) gone[gone.length] = id;
  });
  if (gone.length === 0) return;
  for (let i = 0; i < gone.length; i++) sharedConnections.delete(gone[i]);
  hostPost('sharedworker.leave', { __proto__: null, ids: gone });
});
