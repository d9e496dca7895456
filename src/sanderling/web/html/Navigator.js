// https://html.spec.whatwg.org/multipage/system-state.html#the-navigator-object
// The truth about this browser: name and version come from the worker, and nothing claims to be another product.

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { hostCall } from '../host.js';
import { domException } from '../dom/DOMException.js';
import { ObjectFreeze, StringPrototypeSlice } from '../primordials.js';

export class NavigatorImpl extends Impl {
  constructor(settings) {
    super();
    this.userAgent = settings.userAgent;
    this.languages = ObjectFreeze(settings.languages);
    this.platform = settings.platform;
    this.hardwareConcurrency = settings.hardwareConcurrency;
    this.onLine = true;
    this.mimeTypes = null;
  }
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
  boolean sendBeacon(USVString url, optional any data = null);
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
  cookieEnabled: () => true,
  hardwareConcurrency: (self) => self.hardwareConcurrency,
  maxTouchPoints: () => 0,
  pdfViewerEnabled: () => false,
  // https://w3c.github.io/webdriver/#interface
  webdriver: () => true,
  doNotTrack: () => null,
  javaEnabled: () => false,
  sendBeacon() {
    throw domException('NotSupportedError', 'sendBeacon is not supported yet.');
  },
}, NavigatorImpl);

// https://html.spec.whatwg.org/multipage/interaction.html#dom-document-cookie
export function cookieString(url) {
  return hostCall('cookie.get', { url }).value;
}

export function setCookieString(url, value) {
  hostCall('cookie.set', { url, value });
}
