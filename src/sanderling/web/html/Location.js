// https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-location-interface
// Every change of location is a request to the worker, except fragments, which are navigated here and now.

import { ObjectDefineProperty, ObjectPrototype, SymbolToPrimitive } from '../primordials.js';
import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { domException } from '../dom/DOMException.js';
import { parseURL, serializeURL, serializeOrigin, setHash, setHost, setHostname, setPathname, setPort, setProtocol, setSearch } from '../url/parser.js';
import { currentWindow } from './realm.js';
import { documentBaseURL } from './document_state.js';
import { navigateWindow } from './navigate.js';
import { serializeHost, serializePath } from '../url/parser.js';

const genuineValueOf = ObjectPrototype.valueOf;       // captured: pages may replace it before they look at a location

export class LocationImpl extends Impl {
  constructor(window) {
    super();
    this.window = window;
  }
}

// 7.2.4, "Location object security check": the document that stands for a failed navigation has an opaque origin, and one of another origin is in another isolate.
function urlOf(self) {
  const { window } = self;
  if (window.frameElement !== null && (window.frameElement.state?.failed === true || window.remote !== null) && window !== currentWindow()) {
    throw domException('SecurityError', 'Blocked a frame from accessing a cross-origin frame.');
  }
  return hasDocument(self) ? window.document.url : parseURL('about:blank', null);
}

// Has it a "relevant Document"? Not when its frame was taken out.
function hasDocument(self) {
  return self.window.document.window !== null;
}

function copyOf(self) {
  return parseURL(serializeURL(urlOf(self)), null);
}

// Change one component of a copy and go there.
function assignComponent(setter) {
  return (self, value) => {
    if (!hasDocument(self)) return;
    const copy = copyOf(self);
    setter(copy, value);
    navigateWindow(self.window, copy, { __proto__: null, source: currentWindow(), throws: true });
  };
}

function assign(self, url, replace) {
  if (!hasDocument(self)) return;
  const record = parseURL(url, documentBaseURL(currentWindow().document), currentWindow().document.encoding);
  if (record === null) throw domException('SyntaxError', "'" + url + "' is not a valid URL.");
  navigateWindow(self.window, record, { __proto__: null, replace, source: currentWindow(), throws: true });
}

export const locationInterface = defineInterface(`
[Exposed=Window]
interface Location {
  [LegacyUnforgeable] stringifier attribute USVString href;
  [LegacyUnforgeable] readonly attribute USVString origin;
  [LegacyUnforgeable] attribute USVString protocol;
  [LegacyUnforgeable] attribute USVString host;
  [LegacyUnforgeable] attribute USVString hostname;
  [LegacyUnforgeable] attribute USVString port;
  [LegacyUnforgeable] attribute USVString pathname;
  [LegacyUnforgeable] attribute USVString search;
  [LegacyUnforgeable] attribute USVString hash;
  [LegacyUnforgeable] undefined assign(USVString url);
  [LegacyUnforgeable] undefined replace(USVString url);
  [LegacyUnforgeable] undefined reload();
  [LegacyUnforgeable] readonly attribute any ancestorOrigins;
};
`, {
  href: { get: (self) => serializeURL(urlOf(self)), set: (self, value) => assign(self, value, false) },
  origin: (self) => serializeOrigin(urlOf(self)),
  protocol: {
    get: (self) => urlOf(self).scheme + ':',
    set(self, value) {
      if (!hasDocument(self)) return;
      const copy = copyOf(self);
      // 5-6.
      if (setProtocol(copy, value) === false) throw domException('SyntaxError', "'" + value + "' is an invalid protocol.");
      if (copy.scheme !== 'http' && copy.scheme !== 'https') return;
      navigateWindow(self.window, copy, { __proto__: null, source: currentWindow(), throws: true });
    },
  },
  host: {
    get(self) {
      const url = urlOf(self);
      if (url.host === null) return '';
      return url.port === null ? serializeHost(url.host) : serializeHost(url.host) + ':' + url.port;
    },
    set: assignComponent(setHost),
  },
  hostname: { get: (self) => (urlOf(self).host === null ? '' : serializeHost(urlOf(self).host)), set: assignComponent(setHostname) },
  port: { get: (self) => (urlOf(self).port === null ? '' : '' + urlOf(self).port), set: assignComponent(setPort) },
  pathname: { get: (self) => serializePath(urlOf(self)), set: assignComponent(setPathname) },
  search: { get: (self) => (urlOf(self).query ? '?' + urlOf(self).query : ''), set: assignComponent(setSearch) },
  hash: {
    get: (self) => (urlOf(self).fragment ? '#' + urlOf(self).fragment : ''),
    set(self, value) {
      if (!hasDocument(self)) return;
      const copy = copyOf(self);
      const before = copy.fragment ?? '';
      // 4-6. An empty one stays one: without any it would not be a navigation to a fragment.
      setHash(copy, value);
      copy.fragment ??= '';
      // 7. the same fragment is no navigation; no browser tells none from an empty one here
      if (copy.fragment === before) return;
      navigateWindow(self.window, copy, { __proto__: null, source: currentWindow(), throws: true });
    },
  },
  assign: (self, url) => assign(self, url, false),
  replace: (self, url) => assign(self, url, true),
  reload(self) {
    if (!hasDocument(self)) return;
    navigateWindow(self.window, urlOf(self), { __proto__: null, reload: true, source: currentWindow(), throws: true });
  },
  ancestorOrigins: (self) => (hasDocument(self) ? self.window.ancestorOrigins() : []),
}, LocationImpl);

// https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-location-interface, "to create a Location object": 5-7
locationInterface.complete = (record) => {
  const { make } = record;
  record.make = (impl) => {
    const location = make(impl);
    ObjectDefineProperty(location, 'valueOf', { __proto__: null, value: genuineValueOf, writable: false, enumerable: false, configurable: false });
    return ObjectDefineProperty(location, SymbolToPrimitive, { __proto__: null, value: undefined, writable: false, enumerable: false, configurable: false });
  };
};
