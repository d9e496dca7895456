// https://websockets.spec.whatwg.org/#the-websocket-interface
// The connection is the worker's; each thing that happens to it is an entry here, and so a task.

import { SafeMap, StringPrototypeToLowerCase, TypedArrayPrototypeGetByteLength } from '../primordials.js';
import { defineInterface } from '../webidl/interface.js';
import { bufferOfBytes, copyOfBufferSource } from '../webidl/buffers.js';
import { wrap } from '../webidl/wrapper.js';
import { EMPTY_BYTES, hostPost, onHost, runMicrotasks, utf8Decode, utf8Encode } from '../host.js';
import { EventTargetImpl } from '../dom/EventTarget.js';
import { fireEvent } from '../dom/dispatch.js';
import { domException } from '../dom/DOMException.js';
import { traceRequest } from '../fetch/initiator.js';
import { allowsRequest, upgradedURL } from '../html/csp.js';
import { isTrustworthyOrigin } from '../html/secure_context.js';
import { asPlatform, currentWindow } from '../html/realm.js';
import { documentBaseURL } from '../html/document_state.js';
import { originURL } from '../html/frame_tree.js';
import { onDocumentGone } from '../html/loading.js';
import { queueTask } from '../html/tasks.js';
import { parseURL, serializeOrigin, serializeURL } from '../url/parser.js';
import { BlobImpl } from '../FileAPI/Blob.js';
import { isHeaderToken } from '../fetch/headers_list.js';

const WS_CONNECTING = 0;
const WS_OPEN = 1;
const WS_CLOSING = 2;
const WS_CLOSED = 3;
const MAX_REASON_BYTES = 123;
const WS_ABNORMAL = 1006;              // RFC 6455, 7.4.1: no close frame came

const webSockets = new SafeMap();      // by id; those that are not closed
let nextWebSocketId = 1;

export class WebSocketImpl extends EventTargetImpl {
  constructor(window, url) {
    super();
    this.window = window;
    this.doc = window.document;
    this.url = url;                    // URLRecord
    this.id = nextWebSocketId++;
    this.readyState = WS_CONNECTING;
    this.bufferedAmount = 0;
    this.extensions = '';
    this.protocol = '';
    this.binaryType = 'blob';
    this.abandoned = false;            // closed before it was open
  }
}

const failedTo = (what, why) => "Failed to " + what + " 'WebSocket': " + why;

// https://websockets.spec.whatwg.org/#dom-websocket-websocket
function openWebSocket(url, given) {
  const window = currentWindow();
  const { document } = window;
  // 1-6. https://websockets.spec.whatwg.org/#get-a-url-record
  const record = parseURL(url, documentBaseURL(document));     // in UTF-8, whatever the document is in
  if (record === null) throw domException('SyntaxError', failedTo('construct', "The URL '" + url + "' is invalid."));
  if (record.scheme === 'http') record.scheme = 'ws';
  else if (record.scheme === 'https') record.scheme = 'wss';
  if (record.scheme !== 'ws' && record.scheme !== 'wss') {
    throw domException('SyntaxError', failedTo('construct', "The URL's scheme must be either 'http', 'https', 'ws', or 'wss'. '" + record.scheme + "' is not allowed."));
  }
  if (record.fragment !== null) {
    throw domException('SyntaxError', failedTo('construct', "The URL contains a fragment identifier ('" + record.fragment + "'). Fragment identifiers are not allowed in WebSocket URLs."));
  }
  // 7-8.
  const protocols = typeof given === 'string' ? [given] : given;
  const seen = { __proto__: null };
  for (let i = 0; i < protocols.length; i++) {
    const one = protocols[i];
    if (!isHeaderToken(one)) throw domException('SyntaxError', failedTo('construct', "The subprotocol '" + one + "' is invalid."));
    const key = StringPrototypeToLowerCase(one);   // as browsers do, and the platform's tests ask
    if (seen[key] === true) throw domException('SyntaxError', failedTo('construct', "The subprotocol '" + one + "' is duplicated."));
    seen[key] = true;
  }
  // 9-12.
  const self = new WebSocketImpl(window, record);
  webSockets.set(self.id, self);
  const wire = serializeURL(record);
  const trusted = isTrustworthyOrigin(record);
  // Fetch, main fetch, step 7: connect-src
  if (!allowsRequest(document, { __proto__: null, destination: '', parserInserted: false }, wire, false)) {
    self.readyState = WS_CLOSED;      // at once, as in Chromium
    queueTask(document, () => webSocketClosed({ __proto__: null, id: self.id, code: 1006, reason: '', clean: false, error: 'net::ERR_BLOCKED_BY_CSP' }));
    return self;
  }
  const opening = {
    __proto__: null, id: self.id, url: document.upgradesInsecure && !trusted ? upgradedURL(wire) : wire, protocols, frame: window.frameId, origin: serializeOrigin(originURL(document)),
  };
  traceRequest(opening);
  hostPost('ws.open', opening);
  return self;
}

// https://websockets.spec.whatwg.org/#dom-websocket-send
function sendOnWebSocket(self, data) {
  if (self.readyState === WS_CONNECTING) throw domException('InvalidStateError', failedTo("execute 'send' on", 'Still in CONNECTING state.'));
  const text = typeof data === 'string';
  const bytes = text ? utf8Encode(data) : data instanceof BlobImpl ? data.bytes : copyOfBufferSource(data);
  self.bufferedAmount += TypedArrayPrototypeGetByteLength(bytes);
  if (self.readyState === WS_OPEN) hostPost('ws.send', { __proto__: null, id: self.id, text }, bytes);
}

// https://websockets.spec.whatwg.org/#dom-websocket-close
function closeWebSocket(self, code, reason) {
  // 1-2.
  if (code !== undefined && code !== 1000 && (code < 3000 || code > 4999)) {
    throw domException('InvalidAccessError', failedTo("execute 'close' on", 'The close code must be either 1000, or between 3000 and 4999. ' + code + ' is neither.'));
  }
  if (reason !== undefined && TypedArrayPrototypeGetByteLength(utf8Encode(reason)) > MAX_REASON_BYTES) {
    throw domException('SyntaxError', failedTo("execute 'close' on", 'The close reason must not be greater than ' + MAX_REASON_BYTES + ' UTF-8 bytes.'));
  }
  // 3.
  if (self.readyState === WS_CLOSING || self.readyState === WS_CLOSED) return;
  // "If the WebSocket connection is not yet established": it fails, however far the handshake is by now.
  self.abandoned = self.readyState === WS_CONNECTING;
  self.readyState = WS_CLOSING;
  const text = reason ?? '';
  hostPost('ws.close', { __proto__: null, id: self.id, code: code ?? (text === '' ? 0 : 1000), reason: text });
}

function tellWebSocket(self, type, options) {
  asPlatform(self.window, () => fireEvent(self, type, options));
  runMicrotasks();
}

// https://websockets.spec.whatwg.org/#feedback-from-the-protocol
onHost('ws.opened', (info) => {
  const self = webSockets.get(info.id);
  // 1. It may be closing already.
  if (self === undefined || self.readyState !== WS_CONNECTING) return null;
  self.readyState = WS_OPEN;
  self.extensions = info.extensions;
  self.protocol = info.protocol;
  tellWebSocket(self, 'open');
  return null;
});

onHost('ws.message', (info, bytes) => {
  const self = webSockets.get(info.id);
  if (self === undefined) return null;
  const data = bytes ?? EMPTY_BYTES;
  const count = TypedArrayPrototypeGetByteLength(data);
  if (self.readyState === WS_OPEN) {
    let value;
    if (info.text) value = utf8Decode(data);
    else if (self.binaryType === 'arraybuffer') value = bufferOfBytes(data);
    else value = wrap(new BlobImpl(data, ''));
    tellWebSocket(self, 'message', { __proto__: null, interface: 'MessageEvent', init: { __proto__: null, data: value, origin: serializeOrigin(self.url) } });
  }
  hostPost('ws.consumed', { __proto__: null, id: info.id, count: count === 0 ? 1 : count });
  return null;
});

onHost('ws.sent', (info) => {
  const self = webSockets.get(info.id);
  if (self !== undefined) self.bufferedAmount -= info.count;
  return null;
});

// https://websockets.spec.whatwg.org/#feedback-from-the-protocol, "when the WebSocket connection is closed"
function webSocketClosed(info) {
  const self = webSockets.get(info.id);
  if (self === undefined) return null;
  webSockets.delete(info.id);
  // A server that leaves without a close frame is a failure for the page, unless the page has closed already.
  const failed = self.abandoned || info.error !== '' || (!info.clean && self.readyState === WS_OPEN);
  self.readyState = WS_CLOSED;
  if (failed) tellWebSocket(self, 'error');
  const end = self.abandoned ? { __proto__: null, wasClean: false, code: WS_ABNORMAL, reason: '' } : { __proto__: null, wasClean: info.clean, code: info.code, reason: info.reason };
  tellWebSocket(self, 'close', { __proto__: null, interface: 'CloseEvent', init: end });
  return null;
}

onHost('ws.closed', webSocketClosed);

// https://websockets.spec.whatwg.org/#unload-a-document: "make disappear"
onDocumentGone((doc) => {
  webSockets.forEach((self) => {
    if (self.doc !== doc) return;
    webSockets.delete(self.id);
    self.readyState = WS_CLOSED;
    hostPost('ws.gone', { __proto__: null, id: self.id });
  });
});

defineInterface(`
enum BinaryType { "blob", "arraybuffer" };
[Exposed=(Window,Worker)]
interface WebSocket : EventTarget {
  constructor(USVString url, optional (DOMString or sequence<DOMString>) protocols = []);
  readonly attribute USVString url;
  const unsigned short CONNECTING = 0;
  const unsigned short OPEN = 1;
  const unsigned short CLOSING = 2;
  const unsigned short CLOSED = 3;
  readonly attribute unsigned short readyState;
  readonly attribute unsigned long long bufferedAmount;
  attribute EventHandler onopen;
  attribute EventHandler onerror;
  attribute EventHandler onclose;
  readonly attribute DOMString extensions;
  readonly attribute DOMString protocol;
  undefined close(optional [Clamp] unsigned short code, optional USVString reason);
  attribute EventHandler onmessage;
  attribute BinaryType binaryType;
  undefined send((BufferSource or Blob or USVString) data);
};
`, {
  constructor: openWebSocket,
  url: (self) => serializeURL(self.url),
  readyState: (self) => self.readyState,
  bufferedAmount: (self) => self.bufferedAmount,
  extensions: (self) => self.extensions,
  protocol: (self) => self.protocol,
  close: closeWebSocket,
  binaryType: {
    get: (self) => self.binaryType,
    set(self, value) {
      self.binaryType = value;
    },
  },
  send: sendOnWebSocket,
}, WebSocketImpl);
