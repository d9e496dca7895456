// https://html.spec.whatwg.org/multipage/system-state.html#the-navigator-object
// The truth about this browser: name and version come from the worker, and nothing claims to be another product.

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { hostCall } from '../host.js';
import { emulated } from '../emulation/emulated.js';
import { extractBody, readBody } from '../fetch/body_data.js';
import { holdKeepalive, releaseKeepalive } from '../fetch/fetch.js';
import { netSend } from '../fetch/net.js';
import { parseURL, serializeURL } from '../url/parser.js';
import { documentBaseURL } from './document_state.js';
import { currentWindow } from './realm.js';
import { ObjectCreate, ObjectFreeze, StringPrototypeSlice, StringPrototypeStartsWith, TypedArrayPrototypeGetByteLength, TypeError } from '../primordials.js';

export class NavigatorImpl extends Impl {
  constructor(settings) {
    super();
    this.userAgent = settings.userAgent;
    this.languages = ObjectFreeze(settings.languages);
    this.platform = settings.platform;
    this.ownPlatform = settings.platform;
    this.hardwareConcurrency = settings.hardwareConcurrency;
    this.ownConcurrency = settings.hardwareConcurrency;
    this.userAgentData = null;
    this.onLine = true;
    this.mimeTypes = null;
    this.frame = null;             // WindowImpl of the child frame that it belongs to, or null: it is the page's
    this.frameDocument = null;     // and the document
  }
}

// A child frame has a navigator of its own for each of its documents. It says what the page's says.
export function navigatorOf(window) {
  if (window.parent === null) return window.navigator;
  if (window.frameNavigator === null || window.frameNavigator.frameDocument !== window.document) {
    const own = ObjectCreate(window.navigator);
    own.wrapper = null;
    own.mimeTypes = null;
    own.frame = window;
    own.frameDocument = window.document;
    window.frameNavigator = own;
  }
  return window.frameNavigator;
}

// The window that a navigator (a web worker's, too) acts for; null: its document is not fully active.
export function windowOfNavigator(navigator) {
  const frame = navigator.frame ?? null;
  if (frame === null) return currentWindow();
  return frame.closed || frame.remote !== null || frame.document !== navigator.frameDocument ? null : frame;
}

// https://fetch.spec.whatwg.org/#cors-safelisted-request-header: types that need no preflight
function isSafelistedType(type) {
  return StringPrototypeStartsWith(type, 'text/plain') || StringPrototypeStartsWith(type, 'application/x-www-form-urlencoded') || StringPrototypeStartsWith(type, 'multipart/form-data');
}

export const navigatorInterface = defineInterface(`
[Exposed=Window]
interface Navigator {
  readonly attribute DOMString appCodeName;
  readonly attribute DOMString appName;
  readonly attribute DOMString appVersion;
  readonly attribute DOMString platform;
  readonly attribute DOMString product;
  readonly attribute DOMString productSub;
  readonly attribute DOMString userAgent;
  readonly attribute DOMString vendor;
  readonly attribute DOMString vendorSub;
  readonly attribute DOMString language;
  readonly attribute any languages;
  readonly attribute boolean onLine;
  readonly attribute boolean cookieEnabled;
  readonly attribute unsigned long long hardwareConcurrency;
  readonly attribute unsigned long maxTouchPoints;
  readonly attribute boolean pdfViewerEnabled;
  readonly attribute boolean webdriver;
  readonly attribute DOMString? doNotTrack;
  boolean javaEnabled();
  boolean sendBeacon(USVString url, optional BodyInit? data = null);
};
`, {
  // https://html.spec.whatwg.org/multipage/system-state.html#client-identification: fixed values
  appCodeName: () => 'Mozilla',
  appName: () => 'Netscape',
  appVersion: (self) => StringPrototypeSlice(self.userAgent, 'Mozilla/'.length),
  platform: (self) => self.platform,
  product: () => 'Gecko',
  productSub: () => '20030107',
  userAgent: (self) => self.userAgent,
  vendor: () => '',
  vendorSub: () => '',
  language: (self) => self.languages[0] ?? '',
  languages: (self) => self.languages,
  onLine: (self) => self.onLine,
  cookieEnabled: () => !emulated.cookiesDisabled,
  hardwareConcurrency: (self) => self.hardwareConcurrency,
  maxTouchPoints: () => emulated.touchPoints,
  pdfViewerEnabled: () => false,
  // https://w3c.github.io/webdriver/#interface
  webdriver: () => true,
  doNotTrack: () => null,
  javaEnabled: () => false,
  // https://w3c.github.io/beacon/#sendbeacon-method
  sendBeacon(self, url, data) {
    const window = windowOfNavigator(self);
    if (window === null) return false;
    const record = parseURL(url, documentBaseURL(window.document));
    if (record === null || (record.scheme !== 'http' && record.scheme !== 'https')) throw new TypeError("Failed to execute 'sendBeacon' on 'Navigator': '" + url + "' is not an HTTP URL.");
    const { body, type } = data === null ? { __proto__: null, body: null, type: null } : extractBody(data, true);
    const size = body === null || body.bytes === null ? 0 : TypedArrayPrototypeGetByteLength(body.bytes);
    const doc = window.document;
    if (!holdKeepalive(doc, size)) return false;
    const release = () => releaseKeepalive(doc, size);
    const headers = type === null ? [] : [['Content-Type', type]];
    readBody(body, (bytes) => {
      netSend({
        __proto__: null, url: serializeURL(record), method: 'POST', headers, mode: type === null || isSafelistedType(type) ? 'no-cors' : 'cors', credentials: 'include',
        redirect: 'follow', referrer: 'about:client', referrerPolicy: '', destination: '', integrity: '', cache: 'default', keepalive: true, initiator: 'beacon',
        frame: window.frameId, stream: false,
      }, bytes, { response() {}, chunk() {}, end: release, fail: release });
    }, release);
    return true;
  },
}, NavigatorImpl);

// https://html.spec.whatwg.org/multipage/interaction.html#dom-document-cookie
export function cookieString(url, frame) {
  return hostCall('cookie.get', { __proto__: null, url, frame }).value;
}

export function setCookieString(url, value, frame) {
  hostCall('cookie.set', { __proto__: null, url, value, frame });
}
