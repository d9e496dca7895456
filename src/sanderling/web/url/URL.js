// https://url.spec.whatwg.org/#url-class
import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { TypeError } from '../primordials.js';
import {
  parseURL, serializeOrigin, serializePath, serializeURL, setHash, setHost, setHostname, setPassword, setPathname, setPort, setProtocol,
  setSearch, setUsername,
} from './parser.js';
import { parseFormUrlencoded } from './urlencoded.js';
import { URLSearchParamsImpl } from './URLSearchParams.js';
import { createObjectURL, revokeObjectURL } from '../FileAPI/blob_url.js';

export class URLImpl extends Impl {
  constructor(record) {
    super();
    this.record = record;
    this.params = null;        // URLSearchParamsImpl, made when a page asks for it
    this.href = null;          // cached serialisation
  }

  // The query was changed through searchParams.
  queryChanged() {
    this.href = null;
  }
}

function parseUrlWithBase(url, base) {
  let baseRecord = null;
  if (base !== undefined) {
    baseRecord = parseURL(base, null);
    if (baseRecord === null) return null;
  }
  return parseURL(url, baseRecord);
}

function urlHref(self) {
  return self.href ?? (self.href = serializeURL(self.record));
}

function refreshSearchParams(self) {
  if (self.params !== null) self.params.list = parseFormUrlencoded(self.record.query ?? '');
}

const urlComponent = (get, set) => ({
  __proto__: null,
  get: (self) => get(self.record),
  set(self, value) {
    self.href = null;
    set(self.record, value);
  },
});

export const urlInterface = defineInterface(`
[Exposed=*, LegacyWindowAlias=webkitURL]
interface URL {
  constructor(USVString url, optional USVString base);
  static URL? parse(USVString url, optional USVString base);
  static boolean canParse(USVString url, optional USVString base);
  [Exposed=(Window,DedicatedWorker,SharedWorker)] static DOMString createObjectURL(Blob obj);
  [Exposed=(Window,DedicatedWorker,SharedWorker)] static undefined revokeObjectURL(DOMString url);
  stringifier attribute USVString href;
  readonly attribute USVString origin;
  attribute USVString protocol;
  attribute USVString username;
  attribute USVString password;
  attribute USVString host;
  attribute USVString hostname;
  attribute USVString port;
  attribute USVString pathname;
  attribute USVString search;
  [SameObject] readonly attribute URLSearchParams searchParams;
  attribute USVString hash;
  USVString toJSON();
};
`, {
  constructor(url, base) {
    const record = parseUrlWithBase(url, base);
    if (record === null) throw new TypeError("Failed to construct 'URL': Invalid URL");
    return new URLImpl(record);
  },
  parse(url, base) {
    const record = parseUrlWithBase(url, base);
    return record === null ? null : new URLImpl(record);
  },
  canParse: (url, base) => parseUrlWithBase(url, base) !== null,
  createObjectURL: (blob) => createObjectURL(blob),
  revokeObjectURL: (url) => revokeObjectURL(url),
  href: {
    get: urlHref,
    set(self, value) {
      const record = parseURL(value, null);
      if (record === null) throw new TypeError("Failed to set the 'href' property on 'URL': Invalid URL");
      self.record = record;
      self.href = null;
      refreshSearchParams(self);
    },
  },
  origin: (self) => serializeOrigin(self.record),
  protocol: urlComponent((url) => url.scheme + ':', setProtocol),
  username: urlComponent((url) => url.username, setUsername),
  password: urlComponent((url) => url.password, setPassword),
  host: urlComponent((url) => (url.host === null ? '' : url.port === null ? url.host : url.host + ':' + url.port), setHost),
  hostname: urlComponent((url) => url.host ?? '', setHostname),
  port: urlComponent((url) => (url.port === null ? '' : '' + url.port), setPort),
  pathname: urlComponent(serializePath, setPathname),
  search: {
    get: (self) => (self.record.query === null || self.record.query === '' ? '' : '?' + self.record.query),
    set(self, value) {
      self.href = null;
      setSearch(self.record, value);
      refreshSearchParams(self);
    },
  },
  searchParams: (self) => self.params ?? (self.params = new URLSearchParamsImpl(parseFormUrlencoded(self.record.query ?? ''), self)),
  hash: urlComponent((url) => (url.fragment === null || url.fragment === '' ? '' : '#' + url.fragment), setHash),
  toJSON: urlHref,
}, URLImpl);
