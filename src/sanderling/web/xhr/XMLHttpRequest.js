// https://xhr.spec.whatwg.org/#interface-xmlhttprequest

import { settleReferrer } from '../html/referrer.js';
import { traceRequest } from '../fetch/initiator.js';
import { allowsRequest, policiesForHost } from '../html/csp.js';
import { JSONParse, StringPrototypeSlice, StringPrototypeToLowerCase, StringPrototypeToUpperCase, TypedArrayPrototypeGetByteLength, Uint8Array } from '../primordials.js';
import { defineInterface } from '../webidl/interface.js';
import { bufferOfBytes, copyOfBytes, joinBytes } from '../webidl/buffers.js';
import { wrap } from '../webidl/wrapper.js';
import { hostCall, nowMs, runMicrotasks, utf8Decode, utf8Encode } from '../host.js';
import { EventTargetImpl } from '../dom/EventTarget.js';
import { fireEvent } from '../dom/dispatch.js';
import { domException } from '../dom/DOMException.js';
import { DocumentImpl } from '../dom/node.js';
import { documentOfResponse, serializeDocumentForSend, xmlDeclaredEncoding } from './document_response.js';
import { currentWindow, withWindow } from '../html/realm.js';
import { documentBaseURL } from '../html/document_state.js';
import { parseURL, serializeURL } from '../url/parser.js';
import { clearTimer, setTimer } from '../timers.js';
import { queueTask } from '../html/tasks.js';
import { getEncoding } from '../encoding/labels.js';
import { createDecoder, decodeBytes } from '../encoding/decoders.js';
import { URLSearchParamsImpl } from '../url/URLSearchParams.js';
import { BlobImpl } from '../FileAPI/Blob.js';
import { extractBody } from '../fetch/body_data.js';
import {
  appendHeader, extractMimeType, getHeader, hasHeader, isForbiddenMethod, isForbiddenRequestHeader, isHeaderToken, isHeaderValue, mimeParameter, normalHeaderValue, normalMethod, parseMimeType,
  serializeMimeType, setHeader,
} from '../fetch/headers_list.js';
import { netCancel, netResume, netSend } from '../fetch/net.js';
import { answerOfBlob, stripFragment, visibleHeaders } from '../fetch/fetch.js';

const UNSENT = 0;
const OPENED = 1;
const HEADERS_RECEIVED = 2;
const LOADING = 3;
const DONE = 4;
// https://xhr.spec.whatwg.org/#the-send()-method: progress events come at most this often
const PROGRESS_MS = 50;
const LATE_MS = 50;

class XHREventTargetImpl extends EventTargetImpl {}

export class XMLHttpRequestUploadImpl extends XHREventTargetImpl {}

export class XMLHttpRequestImpl extends XHREventTargetImpl {
  constructor(window) {
    super();
    this.window = window;
    this.upload = new XMLHttpRequestUploadImpl();
    this.readyState = UNSENT;
    this.timeout = 0;
    this.withCredentials = false;
    this.sendFlag = false;
    this.method = '';
    this.url = null;                 // URLRecord
    this.headers = [];
    this.sync = false;
    this.uploadComplete = true;
    this.uploadListens = false;
    this.uploadLength = 0;
    this.timedOut = false;
    this.response = null;            // { url, status, statusText, headers }, or null: network error or none yet
    this.chunks = [];
    this.received = 0;
    this.decoder = null;
    this.text = '';                  // of the chunks so far, for responseText
    this.decoded = 0;                // chunks that are in `text`
    this.responseType = '';
    this.responseObject = undefined; // cached; null is a failure
    this.responseDoc = null;         // DocumentImpl of responseXML
    this.overrideType = null;        // parsed MIME type
    this.id = 0;                     // of the transfer
    this.timer = 0;
    this.started = 0;
    this.lastProgress = 0;
    this.told = -1;                  // bytes that the last progress event told
    this.generation = 0;             // counts open() and abort(): answers of older transfers are dropped
  }
}

// Events from the network come while no script runs: promise reactions run after each. Events within a call of the page do not.
let quietTask = false;

function afterXHREvent(wasQuiet) {
  quietTask = wasQuiet;
  if (wasQuiet) runMicrotasks();
}

function fireStateChange(self) {
  const wasQuiet = quietTask;
  quietTask = false;
  fireEvent(self, 'readystatechange');
  afterXHREvent(wasQuiet);
}

function fireProgress(target, type, loaded, total) {
  const wasQuiet = quietTask;
  quietTask = false;
  fireEvent(target, type, { __proto__: null, interface: 'ProgressEvent', init: { __proto__: null, lengthComputable: total !== 0, loaded, total } });
  afterXHREvent(wasQuiet);
}

function changeState(self, state) {
  self.readyState = state;
  fireStateChange(self);
}

function contentLengthOf(self) {
  const text = self.response === null ? null : getHeader(self.response.headers, 'Content-Length');
  // A coded body has another length than the header says.
  if (text === null || hasHeader(self.response.headers, 'Content-Encoding')) return 0;
  const number = +text;
  return number === number && number >= 0 ? number : 0;
}

// https://xhr.spec.whatwg.org/#response-mime-type
function responseMimeType(self) {
  const type = self.response === null ? null : extractMimeType(getHeader(self.response.headers, 'Content-Type'));
  return type ?? { __proto__: null, essence: 'text/xml', parameters: [] };
}

function finalMimeType(self) {
  return self.overrideType ?? responseMimeType(self);
}

function finalEncoding(self) {
  let label = mimeParameter(responseMimeType(self), 'charset');
  if (self.overrideType !== null) label = mimeParameter(self.overrideType, 'charset') ?? label;
  return label === null ? null : getEncoding(label);
}

function isXMLTypeOfXHR(type) {
  return type.essence === 'text/xml' || type.essence === 'application/xml' || StringPrototypeSlice(type.essence, -4) === '+xml';
}

// https://xhr.spec.whatwg.org/#text-response, in pieces as the chunks come
function textResponse(self) {
  if (self.chunks.length === self.decoded && self.readyState !== DONE) return self.text;
  let encoding = finalEncoding(self);
  if (self.responseType === '' && encoding === null && isXMLTypeOfXHR(finalMimeType(self)) && self.received > 0) {
    encoding = xmlDeclaredEncoding(joinBytes(self.chunks));
  }
  if (self.readyState === DONE && self.decoded === 0) {
    self.text = self.received === 0 ? '' : decodeBytes(joinBytes(self.chunks), encoding ?? 'UTF-8');
    self.decoded = self.chunks.length + 1;
    return self.text;
  }
  if (self.decoder === null) self.decoder = createDecoder(encoding ?? 'UTF-8');
  while (self.decoded < self.chunks.length) self.text += self.decoder.decode(self.chunks[self.decoded++], false, false);
  if (self.readyState === DONE && self.decoded === self.chunks.length) {
    self.decoded++;
    self.text += self.decoder.decode(new Uint8Array(0), true, false);
  }
  // A byte order mark goes.
  if (self.text[0] === '\uFEFF') self.text = StringPrototypeSlice(self.text, 1);
  return self.text;
}

function resetResponse(self) {
  self.response = null;
  self.chunks = [];
  self.received = 0;
  self.decoder = null;
  self.text = '';
  self.decoded = 0;
  self.responseObject = undefined;
  self.responseDoc = null;
}

function stopTransfer(self) {
  self.generation++;
  if (self.timer !== 0) clearTimer(self.timer);
  self.timer = 0;
  if (self.id !== 0) netCancel(self.id);
  self.id = 0;
}

// https://xhr.spec.whatwg.org/#the-open()-method
function openXHR(self, method, url, async, username, password) {
  if (!isHeaderToken(method)) throw domException('SyntaxError', "Failed to execute 'open' on 'XMLHttpRequest': '" + method + "' is not a valid HTTP method.");
  if (isForbiddenMethod(method)) throw domException('SecurityError', "Failed to execute 'open' on 'XMLHttpRequest': '" + method + "' HTTP method is unsupported.");
  const doc = self.window.document;
  const record = parseURL(url, documentBaseURL(doc), doc.encoding);
  if (record === null) throw domException('SyntaxError', "Failed to execute 'open' on 'XMLHttpRequest': Invalid URL");
  if (record.host !== null) {
    if (username !== null && username !== undefined) record.username = username;
    if (password !== null && password !== undefined) record.password = password;
  }
  if (!async && self.window.isWindow === true && (self.timeout !== 0 || self.responseType !== '')) {
    throw domException('InvalidAccessError', "Failed to execute 'open' on 'XMLHttpRequest': Synchronous requests from a document must not set a timeout or a response type.");
  }
  stopTransfer(self);
  self.sendFlag = false;
  self.uploadListens = false;
  self.timedOut = false;
  self.method = normalMethod(method);
  self.url = record;
  self.sync = !async;
  self.headers = [];
  resetResponse(self);
  if (self.readyState !== OPENED) changeState(self, OPENED);
}

function setXHRHeader(self, name, value) {
  if (self.readyState !== OPENED) throw domException('InvalidStateError', "Failed to execute 'setRequestHeader' on 'XMLHttpRequest': The object's state must be OPENED.");
  if (self.sendFlag) throw domException('InvalidStateError', "Failed to execute 'setRequestHeader' on 'XMLHttpRequest': send() has been called.");
  const normal = normalHeaderValue(value);
  if (!isHeaderToken(name)) throw domException('SyntaxError', "Failed to execute 'setRequestHeader' on 'XMLHttpRequest': '" + name + "' is not a valid HTTP header field name.");
  if (!isHeaderValue(normal)) throw domException('SyntaxError', "Failed to execute 'setRequestHeader' on 'XMLHttpRequest': '" + value + "' is not a valid HTTP header field value.");
  if (isForbiddenRequestHeader(name, normal)) return;
  const before = getHeader(self.headers, name);
  if (before === null) appendHeader(self.headers, name, normal);
  else setHeader(self.headers, name, before + ', ' + normal);
}

// Step 4 of send(): the bytes, and the author's Content-Type with the right charset
function bodyForXHR(self, body) {
  let bytes;
  let type;
  if (body instanceof DocumentImpl) {
    bytes = utf8Encode(serializeDocumentForSend(body));
    type = body.isHTML ? 'text/html;charset=UTF-8' : 'application/xml;charset=UTF-8';
  } else {
    const made = extractBody(body, false);
    ({ bytes } = made.body);
    ({ type } = made);
  }
  const author = getHeader(self.headers, 'Content-Type');
  if (author === null) {
    if (type !== null) appendHeader(self.headers, 'Content-Type', type);
  } else if (typeof body === 'string' || body instanceof DocumentImpl || body instanceof URLSearchParamsImpl) {
    const parsed = parseMimeType(author);
    const charset = parsed === null ? null : mimeParameter(parsed, 'charset');
    if (charset !== null && StringPrototypeToLowerCase(charset) !== 'utf-8') {
      for (let i = 0; i < parsed.parameters.length; i++) if (parsed.parameters[i][0] === 'charset') parsed.parameters[i][1] = 'UTF-8';
      setHeader(self.headers, 'Content-Type', serializeMimeType(parsed));
    }
  }
  return bytes;
}

function headersWithAccept(list) {
  if (hasHeader(list, 'Accept')) return list;
  const out = [['Accept', '*/*']];
  for (let i = 0; i < list.length; i++) out[out.length] = list[i];
  return out;
}

function payloadOfXHR(self) {
  return {
    __proto__: null, id: 0, url: serializeURL(self.url), method: self.method, headers: headersWithAccept(self.headers),
    mode: 'cors', credentials: self.withCredentials ? 'include' : 'same-origin', redirect: 'follow', referrer: 'about:client', referrerPolicy: '', destination: '',
    integrity: '', cache: 'default', keepalive: false, initiator: 'xhr', frame: self.window.frameId, stream: true,
  };
}

function takeHead(self, head) {
  self.response = { __proto__: null, url: stripFragment(head.url), status: head.status, statusText: head.statusText, headers: visibleHeaders(head.headers) };
}

function blobResponse(self) {
  const answer = answerOfBlob(self.url, self.method, self.headers);
  if (answer === null) return null;
  return { __proto__: null, bytes: answer.bytes, head: { __proto__: null, url: serializeURL(self.url), status: answer.status, statusText: answer.statusText, headers: answer.headers } };
}

// https://xhr.spec.whatwg.org/#the-send()-method
function sendXHR(self, body) {
  if (self.readyState !== OPENED) throw domException('InvalidStateError', "Failed to execute 'send' on 'XMLHttpRequest': The object's state must be OPENED.");
  if (self.sendFlag) throw domException('InvalidStateError', "Failed to execute 'send' on 'XMLHttpRequest': send() has been called already.");
  const bytes = body === null || self.method === 'GET' || self.method === 'HEAD' ? null : bodyForXHR(self, body);
  self.uploadListens = self.upload.listeners !== null;
  self.uploadLength = bytes === null ? 0 : TypedArrayPrototypeGetByteLength(bytes);
  self.uploadComplete = bytes === null;
  self.timedOut = false;
  self.sendFlag = true;
  self.started = nowMs();
  self.lastProgress = 0;
  self.told = -1;
  if (self.sync) sendSync(self, bytes);
  else sendAsync(self, bytes);
}

function sendAsync(self, bytes) {
  const generation = ++self.generation;
  const stale = () => self.generation !== generation;
  fireProgress(self, 'loadstart', 0, 0);
  if (!self.uploadComplete && self.uploadListens) fireProgress(self.upload, 'loadstart', 0, self.uploadLength);
  if (self.readyState !== OPENED || !self.sendFlag || stale()) return;
  const run = (steps) => {
    if (!stale()) runQuiet(self, steps);
  };
  armTimeout(self);
  if (self.url.scheme === 'blob' && (self.url.blobEntry ?? null) !== null) {
    const found = blobResponse(self);
    queueTask(self.window.document, () => run(() => {
      if (found === null) {
        requestError(self, 'error');
        return;
      }
      processHead(self, found.head);
      if (!stale()) processChunk(self, found.bytes);
      if (!stale()) processEnd(self);
    }));
    return;
  }
  self.id = netSend(payloadOfXHR(self), bytes, {
    __proto__: null,
    response: (head) => run(() => processHead(self, head)),
    chunk(data) {
      const { id } = self;
      run(() => processChunk(self, data));
      if (!stale()) netResume(id);
    },
    end: () => run(() => processEnd(self)),
    fail: (code) => run(() => {
      self.id = 0;
      // What the user or window.stop() ended was not refused by anybody.
      requestError(self, code === 'net::ERR_ABORTED' ? 'abort' : 'error');
    }),
  });
}

function runQuiet(self, steps) {
  quietTask = true;
  try {
    withWindow(self.window, steps);
  } finally {
    quietTask = false;
  }
}

// https://xhr.spec.whatwg.org/#the-timeout-attribute: counts from send(), also when it is set later
function armTimeout(self) {
  if (self.timer !== 0) clearTimer(self.timer);
  self.timer = 0;
  if (self.timeout === 0) return;
  const due = self.started + self.timeout;
  const left = due - nowMs();
  let late = false;
  const expire = () => {
    self.timer = 0;
    if (!self.sendFlag || self.readyState === DONE) return;
    // A long script held the timer back, and perhaps the response too: that one comes first.
    if (!late && nowMs() - due > LATE_MS) {
      late = true;
      self.timer = setTimer(expire, LATE_MS);
      return;
    }
    self.timedOut = true;
    runQuiet(self, () => {
      stopTransfer(self);
      requestError(self, 'timeout');
    });
  };
  self.timer = setTimer(expire, left > 0 ? left : 0);
}

function processHead(self, head) {
  if (!self.uploadComplete) {
    self.uploadComplete = true;
    if (self.uploadListens) {
      const generation = self.generation;
      fireProgress(self.upload, 'progress', self.uploadLength, self.uploadLength);
      if (self.generation === generation) fireProgress(self.upload, 'load', self.uploadLength, self.uploadLength);
      if (self.generation === generation) fireProgress(self.upload, 'loadend', self.uploadLength, self.uploadLength);
      if (self.generation !== generation) return;
    }
  }
  takeHead(self, head);
  changeState(self, HEADERS_RECEIVED);
}

function processChunk(self, bytes) {
  if (self.response === null || self.method === 'HEAD') return;
  self.chunks[self.chunks.length] = bytes;
  self.received += TypedArrayPrototypeGetByteLength(bytes);
  const now = nowMs();
  if (self.lastProgress !== 0 && now - self.lastProgress < PROGRESS_MS) return;
  self.lastProgress = now;
  const { generation } = self;
  if (self.readyState === HEADERS_RECEIVED) self.readyState = LOADING;
  fireStateChange(self);
  if (self.generation !== generation) return;
  self.told = self.received;
  fireProgress(self, 'progress', self.received, contentLengthOf(self));
}

function processEnd(self) {
  self.id = 0;
  if (self.timer !== 0) clearTimer(self.timer);
  self.timer = 0;
  if (self.response === null) return;
  const total = contentLengthOf(self);
  const { generation } = self;
  if (!self.sync && self.told !== self.received) fireProgress(self, 'progress', self.received, total);
  if (self.generation !== generation) return;
  self.sendFlag = false;
  changeState(self, DONE);
  if (self.generation === generation) fireProgress(self, 'load', self.received, total);
  if (self.generation === generation) fireProgress(self, 'loadend', self.received, total);
}

// https://xhr.spec.whatwg.org/#request-error-steps
function requestError(self, type) {
  self.sendFlag = false;
  if (self.timer !== 0) clearTimer(self.timer);
  self.timer = 0;
  resetResponse(self);
  changeState(self, DONE);
  if (!self.uploadComplete) {
    self.uploadComplete = true;
    if (self.uploadListens) {
      fireProgress(self.upload, type, 0, 0);
      fireProgress(self.upload, 'loadend', 0, 0);
    }
  }
  // Also when a listener has opened it again.
  fireProgress(self, type, 0, 0);
  fireProgress(self, 'loadend', 0, 0);
}

function sendSync(self, bytes) {
  let head;
  let data;
  if (self.url.scheme === 'blob' && (self.url.blobEntry ?? null) !== null) {
    const found = blobResponse(self);
    if (found !== null) {
      ({ head } = found);
      data = found.bytes;
    }
  } else {
    const payload = payloadOfXHR(self);
    payload.timeoutMs = self.timeout;
    // Nothing is waited for while a document is left, as in Chromium.
    const allowed = self.window.document.unloading !== true && allowsRequest(self.window.document ?? null, payload, payload.url, false);
    traceRequest(payload);
    settleReferrer(payload, self.window.document);
    payload.upgrade = self.window.document.upgradesInsecure;
    if (self.window.document.csp !== null) payload.policies = policiesForHost(self.window.document);
    const answer = !allowed ? null : bytes === null ? hostCall('net.fetchSync', payload) : hostCall('net.fetchSync', payload, bytes);
    // Without a body the answer is the JSON alone.
    const json = answer !== null && answer.json !== undefined ? answer.json : answer;
    if (json !== null && json.error === undefined && (!json.redirected || allowsRequest(self.window.document ?? null, payload, json.url, true))) {
      head = json;
      data = answer.bytes;
    } else if (json !== null && json.error?.blocked !== undefined) allowsRequest(self.window.document ?? null, payload, json.error.blocked, true);
    else self.timedOut = json !== null && json.error !== undefined && json.error.code === 'net::ERR_TIMED_OUT';
  }
  self.sendFlag = false;
  if (head === undefined) {
    resetResponse(self);
    self.readyState = DONE;
    if (self.timedOut) throw domException('TimeoutError', "Failed to execute 'send' on 'XMLHttpRequest': The request timed out.");
    throw domException('NetworkError', "Failed to execute 'send' on 'XMLHttpRequest': Failed to load '" + serializeURL(self.url) + "'.");
  }
  takeHead(self, head);
  if (data !== undefined && data !== null && self.method !== 'HEAD') {
    self.chunks = [data];
    self.received = TypedArrayPrototypeGetByteLength(data);
  }
  processEnd(self);
}

function abortXHR(self) {
  stopTransfer(self);
  if ((self.readyState === OPENED && self.sendFlag) || self.readyState === HEADERS_RECEIVED || self.readyState === LOADING) requestError(self, 'abort');
  if (self.readyState === DONE) {
    self.readyState = UNSENT;
    resetResponse(self);
  }
}

// https://xhr.spec.whatwg.org/#document-response
function documentResponse(self) {
  if (self.response === null || self.received === 0) return null;
  const type = finalMimeType(self);
  const html = type.essence === 'text/html';
  if (!html && !isXMLTypeOfXHR(type)) return null;
  if (self.responseType === '' && html) return null;
  const bytes = joinBytes(self.chunks);
  const encoding = finalEncoding(self) ?? (html ? null : xmlDeclaredEncoding(bytes)) ?? 'UTF-8';
  const text = decodeBytes(bytes, encoding);
  return documentOfResponse(text, html, type.essence, self.response.url, self.window);
}

function responseOf(self) {
  if (self.responseType === '' || self.responseType === 'text') return self.readyState !== LOADING && self.readyState !== DONE ? '' : textResponse(self);
  if (self.readyState !== DONE || self.response === null) return null;
  if (self.responseObject !== undefined) return self.responseObject;
  const bytes = () => copyOfBytes(joinBytes(self.chunks));
  let out = null;
  switch (self.responseType) {
    case 'arraybuffer': out = bufferOfBytes(bytes()); break;
    case 'blob': out = wrap(new BlobImpl(bytes(), serializeMimeType(finalMimeType(self)))); break;
    case 'document': {
      const doc = documentResponse(self);
      self.responseDoc = doc;
      out = doc === null ? null : wrap(doc);
      break;
    }
    default:
      try {
        out = self.received === 0 ? null : JSONParse(utf8Decode(joinBytes(self.chunks)));
      } catch {
        out = null;
      }
  }
  self.responseObject = out;
  return out;
}

// https://xhr.spec.whatwg.org/#the-getallresponseheaders()-method
function allResponseHeaders(self) {
  if (self.response === null) return '';
  const { headers } = self.response;
  const names = [];
  const seen = { __proto__: null };
  for (let i = 0; i < headers.length; i++) {
    const lower = StringPrototypeToLowerCase(headers[i][0]);
    if (seen[lower]) continue;
    seen[lower] = true;
    // "legacy-uppercased-byte less than"
    let at = names.length;
    const upper = StringPrototypeToUpperCase(lower);
    while (at > 0 && StringPrototypeToUpperCase(names[at - 1]) > upper) {
      names[at] = names[at - 1];
      at--;
    }
    names[at] = lower;
  }
  let out = '';
  for (let i = 0; i < names.length; i++) out += names[i] + ': ' + getHeader(headers, names[i]) + '\r\n';
  return out;
}

export const xhrEventTargetInterface = defineInterface(`
[Exposed=(Window,DedicatedWorker,SharedWorker)]
interface XMLHttpRequestEventTarget : EventTarget {
  attribute EventHandler onloadstart;
  attribute EventHandler onprogress;
  attribute EventHandler onabort;
  attribute EventHandler onerror;
  attribute EventHandler onload;
  attribute EventHandler ontimeout;
  attribute EventHandler onloadend;
};
`, {}, XHREventTargetImpl);

export const xhrUploadInterface = defineInterface(`
[Exposed=(Window,DedicatedWorker,SharedWorker)]
interface XMLHttpRequestUpload : XMLHttpRequestEventTarget {};
`, {}, XMLHttpRequestUploadImpl);

export const xhrInterface = defineInterface(`
typedef (Blob or BufferSource or FormData or URLSearchParams or USVString) XMLHttpRequestBodyInit;
enum XMLHttpRequestResponseType { "", "arraybuffer", "blob", "document", "json", "text" };
[Exposed=(Window,DedicatedWorker,SharedWorker)]
interface XMLHttpRequest : XMLHttpRequestEventTarget {
  constructor();
  attribute EventHandler onreadystatechange;
  const unsigned short UNSENT = 0;
  const unsigned short OPENED = 1;
  const unsigned short HEADERS_RECEIVED = 2;
  const unsigned short LOADING = 3;
  const unsigned short DONE = 4;
  readonly attribute unsigned short readyState;
  undefined open(ByteString method, USVString url);
  undefined open(ByteString method, USVString url, boolean async, optional USVString? username = null, optional USVString? password = null);
  undefined setRequestHeader(ByteString name, ByteString value);
  attribute unsigned long timeout;
  attribute boolean withCredentials;
  [SameObject] readonly attribute XMLHttpRequestUpload upload;
  undefined send(optional (Document or XMLHttpRequestBodyInit)? body = null);
  undefined abort();
  readonly attribute USVString responseURL;
  readonly attribute unsigned short status;
  readonly attribute ByteString statusText;
  ByteString? getResponseHeader(ByteString name);
  ByteString getAllResponseHeaders();
  undefined overrideMimeType(DOMString mime);
  attribute XMLHttpRequestResponseType responseType;
  readonly attribute any response;
  readonly attribute USVString responseText;
  [Exposed=Window] readonly attribute Document? responseXML;
};
`, {
  constructor: () => new XMLHttpRequestImpl(currentWindow()),
  readyState: (self) => self.readyState,
  'open:0': (self, method, url) => openXHR(self, method, url, true, null, null),
  'open:1': openXHR,
  open: openXHR,
  setRequestHeader: setXHRHeader,
  timeout: {
    get: (self) => self.timeout,
    set(self, value) {
      if (self.sync && self.readyState !== UNSENT && self.window.isWindow === true) throw domException('InvalidAccessError', 'Timeouts cannot be set for synchronous requests made from a document.');
      self.timeout = value;
      if (self.sendFlag && self.readyState !== DONE) armTimeout(self);
    },
  },
  withCredentials: {
    get: (self) => self.withCredentials,
    set(self, value) {
      if ((self.readyState !== UNSENT && self.readyState !== OPENED) || self.sendFlag) throw domException('InvalidStateError', 'The value may only be set if the object\'s state is UNSENT or OPENED.');
      self.withCredentials = value;
    },
  },
  upload: (self) => self.upload,
  send: sendXHR,
  abort: abortXHR,
  responseURL: (self) => (self.response === null ? '' : self.response.url),
  status: (self) => (self.response === null ? 0 : self.response.status),
  statusText: (self) => (self.response === null ? '' : self.response.statusText),
  getResponseHeader: (self, name) => (self.response === null ? null : getHeader(self.response.headers, name)),
  getAllResponseHeaders: allResponseHeaders,
  overrideMimeType(self, mime) {
    if (self.readyState === LOADING || self.readyState === DONE) throw domException('InvalidStateError', 'MimeType cannot be overridden when the state is LOADING or DONE.');
    self.overrideType = parseMimeType(mime) ?? { __proto__: null, essence: 'application/octet-stream', parameters: [] };
  },
  responseType: {
    get: (self) => self.responseType,
    set(self, value) {
      // 1. documents are for windows only
      if (value === 'document' && self.window.isWindow !== true) return;
      if (self.readyState === LOADING || self.readyState === DONE) throw domException('InvalidStateError', 'The response type cannot be set if the object\'s state is LOADING or DONE.');
      if (self.sync && self.readyState !== UNSENT && self.window.isWindow === true) throw domException('InvalidAccessError', 'The response type cannot be changed for synchronous requests made from a document.');
      self.responseType = value;
    },
  },
  response: responseOf,
  responseText(self) {
    if (self.responseType !== '' && self.responseType !== 'text') {
      throw domException('InvalidStateError', "Failed to read the 'responseText' property from 'XMLHttpRequest': The value is only accessible if the object's 'responseType' is '' or 'text' (was '"
        + self.responseType + "').");
    }
    return self.readyState !== LOADING && self.readyState !== DONE ? '' : textResponse(self);
  },
  responseXML(self) {
    if (self.responseType !== '' && self.responseType !== 'document') {
      throw domException('InvalidStateError', "Failed to read the 'responseXML' property from 'XMLHttpRequest': The value is only accessible if the object's 'responseType' is '' or 'document' (was '"
        + self.responseType + "').");
    }
    if (self.readyState !== DONE || self.response === null) return null;
    if (self.responseObject === undefined) {
      const doc = documentResponse(self);
      self.responseObject = doc === null ? null : wrap(doc);
      self.responseDoc = doc;
    }
    return self.responseDoc;
  },
}, XMLHttpRequestImpl);
