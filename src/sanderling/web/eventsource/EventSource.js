// https://html.spec.whatwg.org/multipage/server-sent-events.html#the-eventsource-interface

import { SafeSet, StringFromCharCode } from '../primordials.js';
import { defineInterface } from '../webidl/interface.js';
import { hostPost, runMicrotasks, utf8Encode } from '../host.js';
import { EventTargetImpl } from '../dom/EventTarget.js';
import { fireEvent } from '../dom/dispatch.js';
import { domException } from '../dom/DOMException.js';
import { asPlatform, currentWindow } from '../html/realm.js';
import { documentBaseURL } from '../html/document_state.js';
import { onDocumentGone } from '../html/loading.js';
import { parseURL, serializeOrigin, serializeURL } from '../url/parser.js';
import { clearTimer, setTimer } from '../timers.js';
import { extractMimeType, getHeader } from '../fetch/headers_list.js';
import { netCancel, netResume, netSend } from '../fetch/net.js';
import { EventStreamParser } from './event_stream.js';

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 2;
const RECONNECTION_MS = 3000;      // until the server says otherwise, as in Chromium

// Faults that another attempt cannot mend: the request is not allowed, or not possible. HTML, EventSource(), step 15
const FUTILE = new SafeSet();
const futileCodes = [
  'net::ERR_FAILED', 'net::ERR_ABORTED', 'net::ERR_BLOCKED_BY_CLIENT', 'net::ERR_BLOCKED_BY_CSP', 'net::ERR_BLOCKED_BY_RESPONSE', 'net::ERR_BLOCKED_BY_ROBOTS', 'net::ERR_UNSAFE_PORT', 'net::ERR_INVALID_URL',
  'net::ERR_UNKNOWN_URL_SCHEME', 'net::ERR_UNSAFE_REDIRECT', 'net::ERR_INVALID_REDIRECT', 'net::ERR_TOO_MANY_REDIRECTS',
];
for (let i = 0; i < futileCodes.length; i++) FUTILE.add(futileCodes[i]);

const eventSources = new SafeSet();    // those that are not closed: nothing of them may be collected, and all end with their document

export class EventSourceImpl extends EventTargetImpl {
  constructor(window, url, withCredentials) {
    super();
    this.window = window;
    this.doc = window.document;
    this.url = url;                    // URLRecord
    this.withCredentials = withCredentials;
    this.readyState = CONNECTING;
    this.reconnectionMs = RECONNECTION_MS;
    this.lastEventId = '';
    this.id = 0;                       // of the request
    this.timer = 0;                    // of the next attempt
    this.origin = '';                  // of the response's URL
    this.watched = false;              // a tool wants to know of each message
    this.parser = null;
  }
}

function openEventSource(url, init) {
  const window = currentWindow();
  // 3-5.
  const record = parseURL(url, documentBaseURL(window.document), window.document.encoding);
  if (record === null) throw domException('SyntaxError', "Failed to construct 'EventSource': Cannot open an EventSource to '" + url + "'. The URL is invalid.");
  const self = new EventSourceImpl(window, record, init.withCredentials);
  eventSources.add(self);
  connectEventSource(self);
  return self;
}

// The bytes of a string as a header value has them.
function headerBytes(text) {
  const bytes = utf8Encode(text);
  let out = '';
  for (let i = 0; i < bytes.length; i++) out += StringFromCharCode(bytes[i]);
  return out;
}

// 8-15.
function connectEventSource(self) {
  const headers = [['Accept', 'text/event-stream']];
  if (self.lastEventId !== '') headers[1] = ['Last-Event-ID', headerBytes(self.lastEventId)];
  const current = () => self.readyState !== CLOSED;
  self.id = netSend({
    __proto__: null, id: 0, url: serializeURL(self.url), method: 'GET', headers, mode: 'cors', credentials: self.withCredentials ? 'include' : 'same-origin', redirect: 'follow',
    referrer: 'about:client', referrerPolicy: '', destination: '', integrity: '', cache: 'no-store', keepalive: false, initiator: 'eventsource', frame: self.window.frameId, stream: true,
  }, null, {
    __proto__: null,
    response(head) {
      if (current()) announceEventSource(self, head);
    },
    chunk(bytes) {
      if (!current()) return;
      self.parser.feed(bytes);
      if (current()) netResume(self.id);
    },
    end() {
      self.id = 0;
      if (current()) reestablish(self);
    },
    fail(code) {
      self.id = 0;
      if (!current()) return;
      if (self.readyState === CONNECTING && FUTILE.has(code)) failConnection(self);
      else reestablish(self);
    },
  });
}

// https://html.spec.whatwg.org/multipage/server-sent-events.html#announce-the-connection
function announceEventSource(self, head) {
  const type = extractMimeType(getHeader(head.headers, 'Content-Type'));
  if (head.status !== 200 || type === null || type.essence !== 'text/event-stream') {
    netCancel(self.id);
    self.id = 0;
    failConnection(self);
    return;
  }
  self.origin = serializeOrigin(parseURL(head.url));
  self.watched = head.watched === true;
  self.parser = new EventStreamParser(self.lastEventId, {
    __proto__: null,
    live: () => self.readyState !== CLOSED,
    retry(ms) {
      self.reconnectionMs = ms;
    },
    identified(id) {
      self.lastEventId = id;
    },
    dispatch: (type_, data, id) => tell(self, type_, data, id),
  });
  self.readyState = OPEN;
  fireOf(self, 'open');
}

function fireOf(self, type, options) {
  asPlatform(self.window, () => fireEvent(self, type, options));
  runMicrotasks();
}

// https://html.spec.whatwg.org/multipage/server-sent-events.html#dispatchMessage, steps 4-8
function tell(self, type, data, lastEventId) {
  if (self.watched) hostPost('eventsource.message', { __proto__: null, id: self.id, type, lastEventId, data });
  fireOf(self, type, { __proto__: null, interface: 'MessageEvent', init: { __proto__: null, data, origin: self.origin, lastEventId } });
}

// https://html.spec.whatwg.org/multipage/server-sent-events.html#reestablish-the-connection
function reestablish(self) {
  // 1.
  self.readyState = CONNECTING;
  self.timer = setTimer(() => {
    self.timer = 0;
    // 5.
    if (self.readyState === CONNECTING) connectEventSource(self);
  }, self.reconnectionMs);
  fireOf(self, 'error');
}

// https://html.spec.whatwg.org/multipage/server-sent-events.html#fail-the-connection
function failConnection(self) {
  closeEventSource(self);
  fireOf(self, 'error');
}

function closeEventSource(self) {
  self.readyState = CLOSED;
  eventSources.delete(self);
  if (self.timer !== 0) clearTimer(self.timer);
  self.timer = 0;
  if (self.id !== 0) netCancel(self.id);
  self.id = 0;
}

// https://html.spec.whatwg.org/multipage/server-sent-events.html#garbage-collection: a document that goes takes its connections with it.
onDocumentGone((doc) => {
  eventSources.forEach((self) => {
    if (self.doc === doc) closeEventSource(self);
  });
});

defineInterface(`
dictionary EventSourceInit { boolean withCredentials = false; };
[Exposed=(Window,Worker)]
interface EventSource : EventTarget {
  constructor(USVString url, optional EventSourceInit eventSourceInitDict = {});
  readonly attribute USVString url;
  readonly attribute boolean withCredentials;
  const unsigned short CONNECTING = 0;
  const unsigned short OPEN = 1;
  const unsigned short CLOSED = 2;
  readonly attribute unsigned short readyState;
  attribute EventHandler onopen;
  attribute EventHandler onmessage;
  attribute EventHandler onerror;
  undefined close();
};
`, {
  constructor: openEventSource,
  url: (self) => serializeURL(self.url),
  withCredentials: (self) => self.withCredentials,
  readyState: (self) => self.readyState,
  close: closeEventSource,
}, EventSourceImpl);
