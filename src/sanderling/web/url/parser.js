// https://url.spec.whatwg.org/#url-parsing
// URL records, the basic URL parser as the standard's state machine, serialisers, origins, and the component setters that
// URL, Location and hyperlinks share.

import {
  StringPrototypeCharCodeAt, StringPrototypeSlice, StringPrototypeToLowerCase,
} from '../primordials.js';
import {
  C0_CONTROL_SET, FRAGMENT_SET, PATH_SET, QUERY_SET, SPECIAL_QUERY_SET, USERINFO_SET, utf8PercentEncode,
} from './percent.js';
import { parseHost } from './host.js';
import { outputEncoding } from '../encoding/labels.js';
import { percentEncodeAfterEncoding } from '../encoding/legacy_encode.js';

const specialPorts = { __proto__: null, ftp: 21, file: null, http: 80, https: 443, ws: 80, wss: 443 };

export class URLRecord {
  constructor() {
    this.scheme = '';
    this.username = '';
    this.password = '';
    this.host = null;          // serialised (see host.js), or null
    this.port = null;          // number, or null
    this.path = [];            // list of segments, or a string: an opaque path
    this.query = null;
    this.fragment = null;
    this.blobEntry = null;     // what a blob URL named when it was parsed
  }
}

export function isSpecialScheme(scheme) {
  return specialPorts[scheme] !== undefined;
}

// The default port of a special scheme, or null.
export function specialPort(scheme) {
  return specialPorts[scheme] ?? null;
}

export function isSpecial(url) {
  return specialPorts[url.scheme] !== undefined;
}

export function hasOpaquePath(url) {
  return typeof url.path === 'string';
}

export function cloneURL(url) {
  const copy = new URLRecord();
  copy.scheme = url.scheme;
  copy.username = url.username;
  copy.password = url.password;
  copy.host = url.host;
  copy.port = url.port;
  copy.path = copyUrlPath(url.path);
  copy.query = url.query;
  copy.fragment = url.fragment;
  copy.blobEntry = url.blobEntry;
  return copy;
}

function copyUrlPath(path) {
  if (typeof path === 'string') return path;
  const out = [];
  for (let i = 0; i < path.length; i++) out[i] = path[i];
  return out;
}

// Replaces the fields of `target` by those of `source`.
function assignURL(target, source) {
  target.scheme = source.scheme;
  target.username = source.username;
  target.password = source.password;
  target.host = source.host;
  target.port = source.port;
  target.path = source.path;
  target.query = source.query;
  target.fragment = source.fragment;
}

// States of https://url.spec.whatwg.org/#concept-basic-url-parser; 0 is "no state override".
const S_SCHEME_START = 1;
const S_SCHEME = 2;
const S_NO_SCHEME = 3;
const S_SPECIAL_RELATIVE_OR_AUTHORITY = 4;
const S_PATH_OR_AUTHORITY = 5;
const S_RELATIVE = 6;
const S_RELATIVE_SLASH = 7;
const S_SPECIAL_AUTHORITY_SLASHES = 8;
const S_SPECIAL_AUTHORITY_IGNORE_SLASHES = 9;
const S_AUTHORITY = 10;
const S_HOST = 11;
const S_HOSTNAME = 12;
const S_PORT = 13;
const S_FILE = 14;
const S_FILE_SLASH = 15;
const S_FILE_HOST = 16;
const S_PATH_START = 17;
const S_PATH = 18;
const S_OPAQUE_PATH = 19;
const S_QUERY = 20;
const S_FRAGMENT = 21;

const URL_EOF = -1;
const C_SLASH = 0x2F;
const C_BACKSLASH = 0x5C;
const C_QUESTION = 0x3F;
const C_HASH = 0x23;
const C_COLON = 0x3A;

function isUrlAlpha(c) {
  return (c >= 0x41 && c <= 0x5A) || (c >= 0x61 && c <= 0x7A);
}

function isSchemeChar(c) {
  return isUrlAlpha(c) || (c >= 0x30 && c <= 0x39) || c === 0x2B || c === 0x2D || c === 0x2E;
}

function isWindowsLetter(text) {
  return text.length === 2 && isUrlAlpha(StringPrototypeCharCodeAt(text, 0)) && (text[1] === ':' || text[1] === '|');
}

function isNormalizedWindowsLetter(text) {
  return text.length === 2 && isUrlAlpha(StringPrototypeCharCodeAt(text, 0)) && text[1] === ':';
}

// https://url.spec.whatwg.org/#start-with-a-windows-drive-letter
function startsWithWindowsLetter(input, p) {
  if (input.length - p < 2 || !isWindowsLetter(StringPrototypeSlice(input, p, p + 2))) return false;
  if (input.length - p === 2) return true;
  const c = input[p + 2];
  return c === '/' || c === '\\' || c === '?' || c === '#';
}

// https://url.spec.whatwg.org/#shorten-a-urls-path
function shortenPath(url) {
  const path = url.path;
  if (url.scheme === 'file' && path.length === 1 && isNormalizedWindowsLetter(path[0])) return;
  if (path.length > 0) path.length--;
}

function isSingleDot(text) {
  return text === '.' || (text.length === 3 && StringPrototypeToLowerCase(text) === '%2e');
}

function isDoubleDot(text) {
  if (text === '..') return true;
  if (text.length !== 4 && text.length !== 6) return false;
  const lower = StringPrototypeToLowerCase(text);
  return lower === '.%2e' || lower === '%2e.' || lower === '%2e%2e';
}

function includesCredentials(url) {
  return url.username !== '' || url.password !== '';
}

// Leading and trailing C0 control or space.
function trimUrlControls(text) {
  let start = 0;
  let end = text.length;
  while (start < end && StringPrototypeCharCodeAt(text, start) <= 0x20) start++;
  while (end > start && StringPrototypeCharCodeAt(text, end - 1) <= 0x20) end--;
  return start === 0 && end === text.length ? text : StringPrototypeSlice(text, start, end);
}

function dropTabAndNewline(text) {
  let out = '';
  let kept = 0;
  for (let i = 0; i < text.length; i++) {
    const c = StringPrototypeCharCodeAt(text, i);
    if (c !== 0x09 && c !== 0x0A && c !== 0x0D) continue;
    out += StringPrototypeSlice(text, kept, i);
    kept = i + 1;
  }
  return kept === 0 ? text : out + StringPrototypeSlice(text, kept);
}

// https://url.spec.whatwg.org/#concept-url-parser
// `base` is a record or null. Gives a record, or null on failure. `encoding` is the name that a document's queries are encoded with.
export function parseURL(input, base = null, encoding = 'UTF-8') {
  const url = new URLRecord();
  if (runUrlParser(trimUrlControls(input), base, url, 0, encoding) !== true) return null;
  if (url.scheme === 'blob' && blobResolver !== null) url.blobEntry = blobResolver(url);
  return url;
}

// Set by FileAPI: what entry a blob URL names now, or null.
let blobResolver = null;

export function setBlobResolver(resolver) {
  blobResolver = resolver;
}

// https://url.spec.whatwg.org/#concept-basic-url-parser, steps 2 to 9
// Gives true when done, false on failure. With an override, an early return of the standard is also true.
function runUrlParser(text, base, url, override, encoding) {
  const input = dropTabAndNewline(text);
  const length = input.length;
  let state = override === 0 ? S_SCHEME_START : override;
  let buffer = '';
  let atSeen = false;
  let inBrackets = false;
  let passwordSeen = false;
  let start = 0;                        // where the authority's buffer began
  for (let p = 0; ; p++) {
    const c = p < length ? StringPrototypeCharCodeAt(input, p) : URL_EOF;
    switch (state) {
      case S_SCHEME_START:
        if (c !== URL_EOF && isUrlAlpha(c)) {
          start = p;
          state = S_SCHEME;
        } else if (override === 0) {
          state = S_NO_SCHEME;
          p--;
        } else {
          return false;
        }
        break;

      case S_SCHEME:
        if (c !== URL_EOF && isSchemeChar(c)) break;
        if (c === C_COLON) {
          const scheme = StringPrototypeToLowerCase(StringPrototypeSlice(input, start, p));
          if (override !== 0) {
            // 2.1.
            if (isSpecialScheme(url.scheme) !== isSpecialScheme(scheme)) return true;
            if ((includesCredentials(url) || url.port !== null) && scheme === 'file') return true;
            if (url.scheme === 'file' && url.host === '') return true;
          }
          url.scheme = scheme;
          if (override !== 0) {
            if (url.port === specialPorts[scheme]) url.port = null;
            return true;
          }
          if (scheme === 'file') {
            state = S_FILE;
          } else if (isSpecial(url)) {
            state = base !== null && base.scheme === scheme ? S_SPECIAL_RELATIVE_OR_AUTHORITY : S_SPECIAL_AUTHORITY_SLASHES;
          } else if (input[p + 1] === '/') {
            state = S_PATH_OR_AUTHORITY;
            p++;
          } else {
            url.path = '';
            state = S_OPAQUE_PATH;
          }
        } else if (override === 0) {
          state = S_NO_SCHEME;
          p = -1;
        } else {
          return false;
        }
        break;

      case S_NO_SCHEME:
        if (base === null || (hasOpaquePath(base) && c !== C_HASH)) return false;
        if (hasOpaquePath(base)) {
          url.scheme = base.scheme;
          url.path = base.path;
          url.query = base.query;
          url.fragment = '';
          state = S_FRAGMENT;
        } else {
          state = base.scheme !== 'file' ? S_RELATIVE : S_FILE;
          p--;
        }
        break;

      case S_SPECIAL_RELATIVE_OR_AUTHORITY:
        if (c === C_SLASH && input[p + 1] === '/') {
          state = S_SPECIAL_AUTHORITY_IGNORE_SLASHES;
          p++;
        } else {
          state = S_RELATIVE;
          p--;
        }
        break;

      case S_PATH_OR_AUTHORITY:
        if (c === C_SLASH) {
          state = S_AUTHORITY;
          start = p + 1;
        } else {
          state = S_PATH;
          p--;
        }
        break;

      case S_RELATIVE:
        url.scheme = base.scheme;
        if (c === C_SLASH) {
          state = S_RELATIVE_SLASH;
        } else if (isSpecial(url) && c === C_BACKSLASH) {
          state = S_RELATIVE_SLASH;
        } else {
          url.username = base.username;
          url.password = base.password;
          url.host = base.host;
          url.port = base.port;
          url.path = copyUrlPath(base.path);
          url.query = base.query;
          if (c === C_QUESTION) {
            url.query = '';
            state = S_QUERY;
          } else if (c === C_HASH) {
            url.fragment = '';
            state = S_FRAGMENT;
          } else if (c !== URL_EOF) {
            url.query = null;
            shortenPath(url);
            state = S_PATH;
            p--;
          }
        }
        break;

      case S_RELATIVE_SLASH:
        if (isSpecial(url) && (c === C_SLASH || c === C_BACKSLASH)) {
          state = S_SPECIAL_AUTHORITY_IGNORE_SLASHES;
        } else if (c === C_SLASH) {
          state = S_AUTHORITY;
          start = p + 1;
        } else {
          url.username = base.username;
          url.password = base.password;
          url.host = base.host;
          url.port = base.port;
          state = S_PATH;
          p--;
        }
        break;

      case S_SPECIAL_AUTHORITY_SLASHES:
        state = S_SPECIAL_AUTHORITY_IGNORE_SLASHES;
        if (c === C_SLASH && input[p + 1] === '/') p++;
        else p--;
        break;

      case S_SPECIAL_AUTHORITY_IGNORE_SLASHES:
        if (c !== C_SLASH && c !== C_BACKSLASH) {
          state = S_AUTHORITY;
          start = p;
          p--;
        }
        break;

      case S_AUTHORITY:
        if (c === 0x40) {
          // 1. Everything up to here is credentials.
          let part = StringPrototypeSlice(input, start, p);
          if (atSeen) part = '%40' + part;
          atSeen = true;
          let colon = -1;
          if (!passwordSeen) {
            for (let i = 0; i < part.length; i++) {
              if (part[i] === ':') {
                colon = i;
                break;
              }
            }
          }
          // "%40" was put there by step 1.1 and is in no set that would change it: % is not in the userinfo set.
          if (passwordSeen) {
            url.password += utf8PercentEncode(part, USERINFO_SET);
          } else if (colon >= 0) {
            url.username += utf8PercentEncode(StringPrototypeSlice(part, 0, colon), USERINFO_SET);
            url.password += utf8PercentEncode(StringPrototypeSlice(part, colon + 1), USERINFO_SET);
            passwordSeen = true;
          } else {
            url.username += utf8PercentEncode(part, USERINFO_SET);
          }
          start = p + 1;
        } else if (c === URL_EOF || c === C_SLASH || c === C_QUESTION || c === C_HASH || (isSpecial(url) && c === C_BACKSLASH)) {
          if (atSeen && start === p) return false;
          p = start - 1;
          state = S_HOST;
        }
        break;

      case S_HOST:
      case S_HOSTNAME:
        if (override !== 0 && url.scheme === 'file') {
          p--;
          state = S_FILE_HOST;
        } else if (c === C_COLON && !inBrackets) {
          if (buffer === '') return false;
          if (override === S_HOSTNAME) return false;
          const host = parseHost(buffer, !isSpecial(url));
          if (host === null) return false;
          url.host = host;
          buffer = '';
          state = S_PORT;
        } else if (c === URL_EOF || c === C_SLASH || c === C_QUESTION || c === C_HASH || (isSpecial(url) && c === C_BACKSLASH)) {
          p--;
          if (isSpecial(url) && buffer === '') return false;
          if (override !== 0 && buffer === '' && (includesCredentials(url) || url.port !== null)) return false;
          const host = parseHost(buffer, !isSpecial(url));
          if (host === null) return false;
          url.host = host;
          buffer = '';
          state = S_PATH_START;
          if (override !== 0) return true;
        } else {
          if (c === 0x5B) inBrackets = true;
          if (c === 0x5D) inBrackets = false;
          buffer += input[p];
        }
        break;

      case S_PORT:
        if (c >= 0x30 && c <= 0x39) {
          buffer += input[p];
        } else if (c === URL_EOF || c === C_SLASH || c === C_QUESTION || c === C_HASH || (isSpecial(url) && c === C_BACKSLASH) || override !== 0) {
          if (buffer !== '') {
            let port = 0;
            for (let i = 0; i < buffer.length; i++) {
              port = port * 10 + (StringPrototypeCharCodeAt(buffer, i) - 0x30);
              if (port > 65535) return false;
            }
            url.port = port === specialPorts[url.scheme] ? null : port;
            buffer = '';
            if (override !== 0) return true;
          }
          if (override !== 0) return false;
          state = S_PATH_START;
          p--;
        } else {
          return false;
        }
        break;

      case S_FILE:
        url.scheme = 'file';
        url.host = '';
        if (c === C_SLASH || c === C_BACKSLASH) {
          state = S_FILE_SLASH;
        } else if (base !== null && base.scheme === 'file') {
          url.host = base.host;
          url.path = copyUrlPath(base.path);
          url.query = base.query;
          if (c === C_QUESTION) {
            url.query = '';
            state = S_QUERY;
          } else if (c === C_HASH) {
            url.fragment = '';
            state = S_FRAGMENT;
          } else if (c !== URL_EOF) {
            url.query = null;
            if (!startsWithWindowsLetter(input, p)) shortenPath(url);
            else url.path = [];
            state = S_PATH;
            p--;
          }
        } else {
          state = S_PATH;
          p--;
        }
        break;

      case S_FILE_SLASH:
        if (c === C_SLASH || c === C_BACKSLASH) {
          state = S_FILE_HOST;
        } else {
          if (base !== null && base.scheme === 'file') {
            url.host = base.host;
            if (!startsWithWindowsLetter(input, p) && base.path.length > 0 && isNormalizedWindowsLetter(base.path[0])) {
              url.path[url.path.length] = base.path[0];
            }
          }
          state = S_PATH;
          p--;
        }
        break;

      case S_FILE_HOST:
        if (c === URL_EOF || c === C_SLASH || c === C_BACKSLASH || c === C_QUESTION || c === C_HASH) {
          p--;
          if (override === 0 && isWindowsLetter(buffer)) {
            // The buffer stays: it is the first path segment.
            state = S_PATH;
          } else if (buffer === '') {
            url.host = '';
            if (override !== 0) return true;
            state = S_PATH_START;
          } else {
            let host = parseHost(buffer, !isSpecial(url));
            if (host === null) return false;
            if (host === 'localhost') host = '';
            url.host = host;
            if (override !== 0) return true;
            buffer = '';
            state = S_PATH_START;
          }
        } else {
          buffer += input[p];
        }
        break;

      case S_PATH_START:
        if (isSpecial(url)) {
          state = S_PATH;
          if (c !== C_SLASH && c !== C_BACKSLASH) p--;
        } else if (override === 0 && c === C_QUESTION) {
          url.query = '';
          state = S_QUERY;
        } else if (override === 0 && c === C_HASH) {
          url.fragment = '';
          state = S_FRAGMENT;
        } else if (c !== URL_EOF) {
          state = S_PATH;
          if (c !== C_SLASH) p--;
        } else if (override !== 0 && url.host === null) {
          url.path[url.path.length] = '';
        }
        break;

      case S_PATH: {
        // A whole segment at a time: `buffer` holds what the file host state left over.
        let end = p;
        const special = isSpecial(url);
        let stop = URL_EOF;
        while (end < length) {
          stop = StringPrototypeCharCodeAt(input, end);
          if (stop === C_SLASH || (special && stop === C_BACKSLASH) || (override === 0 && (stop === C_QUESTION || stop === C_HASH))) break;
          end++;
        }
        if (end === length) stop = URL_EOF;
        const slash = stop === C_SLASH || (special && stop === C_BACKSLASH);
        let segment = utf8PercentEncode(buffer + StringPrototypeSlice(input, p, end), PATH_SET);
        buffer = '';
        if (isDoubleDot(segment)) {
          shortenPath(url);
          if (!slash) url.path[url.path.length] = '';
        } else if (isSingleDot(segment)) {
          if (!slash) url.path[url.path.length] = '';
        } else {
          if (url.scheme === 'file' && url.path.length === 0 && isWindowsLetter(segment)) segment = segment[0] + ':';
          url.path[url.path.length] = segment;
        }
        p = end;
        if (stop === C_QUESTION) {
          url.query = '';
          state = S_QUERY;
        } else if (stop === C_HASH) {
          url.fragment = '';
          state = S_FRAGMENT;
        }
        break;
      }

      case S_OPAQUE_PATH: {
        let end = p;
        while (end < length && input[end] !== '?' && input[end] !== '#') end++;
        let path = utf8PercentEncode(StringPrototypeSlice(input, p, end), C0_CONTROL_SET);
        p = end;
        if (end < length) {
          // A space right before ? or # is encoded, so that the path survives serialisation.
          if (path[path.length - 1] === ' ') path = StringPrototypeSlice(path, 0, path.length - 1) + '%20';
          if (input[end] === '?') {
            url.query = '';
            state = S_QUERY;
          } else {
            url.fragment = '';
            state = S_FRAGMENT;
          }
        }
        url.path = path;
        break;
      }

      case S_QUERY: {
        let end = p;
        if (override === 0) while (end < length && input[end] !== '#') end++;
        else end = length;
        const special = isSpecial(url);
        const set = special ? SPECIAL_QUERY_SET : QUERY_SET;
        const text = StringPrototypeSlice(input, p, end);
        // 1. Only special schemes other than ws and wss know the document's encoding.
        url.query += encoding === 'UTF-8' || outputEncoding(encoding) === 'UTF-8' || !special || url.scheme === 'ws' || url.scheme === 'wss'
          ? utf8PercentEncode(text, set) : percentEncodeAfterEncoding(text, encoding, set);
        p = end;
        if (end < length) {
          url.fragment = '';
          state = S_FRAGMENT;
        }
        break;
      }

      case S_FRAGMENT:
        url.fragment += utf8PercentEncode(StringPrototypeSlice(input, p), FRAGMENT_SET);
        p = length;
        break;
    }
    if (p >= length) return true;
  }
}

// https://url.spec.whatwg.org/#concept-url-serializer
export function serializeURL(url, excludeFragment = false) {
  let out = url.scheme + ':';
  if (url.host !== null) {
    out += '//';
    if (url.username !== '' || url.password !== '') {
      out += url.username;
      if (url.password !== '') out += ':' + url.password;
      out += '@';
    }
    out += url.host;
    if (url.port !== null) out += ':' + url.port;
  } else if (typeof url.path !== 'string' && url.path.length > 1 && url.path[0] === '') {
    out += '/.';
  }
  out += serializePath(url);
  if (url.query !== null) out += '?' + url.query;
  if (!excludeFragment && url.fragment !== null) out += '#' + url.fragment;
  return out;
}

export function serializePath(url) {
  const path = url.path;
  if (typeof path === 'string') return path;
  let out = '';
  for (let i = 0; i < path.length; i++) out += '/' + path[i];
  return out;
}

export function serializeHost(host) {
  return host;
}

export function equalsURL(a, b, excludeFragments = false) {
  return serializeURL(a, excludeFragments) === serializeURL(b, excludeFragments);
}

// https://url.spec.whatwg.org/#concept-url-origin
// The serialised origin: 'null' for opaque ones, which are never the same as another.
export function serializeOrigin(url) {
  switch (url.scheme) {
    case 'blob': {
      if (url.blobEntry !== null) return url.blobEntry.origin;
      const inner = parseURL(serializePath(url), null);
      if (inner === null || (inner.scheme !== 'http' && inner.scheme !== 'https')) return 'null';
      return serializeOrigin(inner);
    }
    case 'ftp':
    case 'http':
    case 'https':
    case 'ws':
    case 'wss':
      return url.scheme + '://' + url.host + (url.port === null ? '' : ':' + url.port);
    default:
      return 'null';
  }
}

export function sameOrigin(a, b) {
  const origin = serializeOrigin(a);
  return origin !== 'null' && origin === serializeOrigin(b);
}

// https://url.spec.whatwg.org/#cannot-have-a-username-password-port
export function cannotHaveCredentialsOrPort(url) {
  return url.host === null || url.host === '' || url.scheme === 'file';
}

// The setters: https://url.spec.whatwg.org/#api and, the same steps, hyperlinks and Location. A parse on a copy is taken over only when
// it did not fail, since the parser may have written before it failed.
function parseOver(url, value, state, encoding = 'UTF-8') {
  const copy = cloneURL(url);
  const done = runUrlParser(value, null, copy, state, encoding);
  if (done) assignURL(url, copy);
  return done;
}

// The basic URL parser with a state override, named as in the standard, for URLPattern: it may leave `url` half written when it fails.
export function parseComponent(url, value, stateName) {
  let state = S_FRAGMENT;
  switch (stateName) {
    case 'hostname': state = S_HOSTNAME; break;
    case 'port': state = S_PORT; break;
    case 'path start': state = S_PATH_START; break;
    case 'opaque path': state = S_OPAQUE_PATH; break;
    case 'query': state = S_QUERY; break;
  }
  return runUrlParser(value, null, url, state, 'UTF-8');
}

export function setProtocol(url, value) {
  return parseOver(url, value + ':', S_SCHEME_START);
}

export function setUsername(url, value) {
  if (!cannotHaveCredentialsOrPort(url)) url.username = utf8PercentEncode(value, USERINFO_SET);
}

export function setPassword(url, value) {
  if (!cannotHaveCredentialsOrPort(url)) url.password = utf8PercentEncode(value, USERINFO_SET);
}

export function setHost(url, value) {
  if (hasOpaquePath(url)) return;
  // Host and port: a bad port leaves the host changed, as the parser wrote it before it failed.
  const copy = cloneURL(url);
  runUrlParser(value, null, copy, S_HOST, 'UTF-8');
  assignURL(url, copy);
}

export function setHostname(url, value) {
  if (!hasOpaquePath(url)) parseOver(url, value, S_HOSTNAME);
}

export function setPort(url, value) {
  if (cannotHaveCredentialsOrPort(url)) return;
  if (value === '') url.port = null;
  else parseOver(url, value, S_PORT);
}

export function setPathname(url, value) {
  if (hasOpaquePath(url)) return;
  url.path = [];
  runUrlParser(value, null, url, S_PATH_START, 'UTF-8');
}

export function setSearch(url, value) {
  if (value === '') {
    url.query = null;
    return;
  }
  url.query = '';
  runUrlParser(value[0] === '?' ? StringPrototypeSlice(value, 1) : value, null, url, S_QUERY, 'UTF-8');
}

export function setHash(url, value) {
  if (value === '') {
    url.fragment = null;
    return;
  }
  url.fragment = '';
  runUrlParser(value[0] === '#' ? StringPrototypeSlice(value, 1) : value, null, url, S_FRAGMENT, 'UTF-8');
}
