// https://urlpattern.spec.whatwg.org/#canon
// Canonicalisation of the components, and the processing of URLPatternInit.
import {
  RegExpPrototypeExec, StringPrototypeCharCodeAt, StringPrototypeLastIndexOf, StringPrototypeSlice, StringPrototypeToLowerCase, TypeError,
} from '../primordials.js';
import {
  hasOpaquePath, isSpecialScheme, parseComponent, parseURL, serializePath, setPassword, setUsername, URLRecord,
} from '../url/parser.js';
import { escapeChars, PATTERN_SPECIAL } from './tokens.js';

export const PATTERN_COMPONENTS = ['protocol', 'username', 'password', 'hostname', 'port', 'pathname', 'search', 'hash'];

// https://urlpattern.spec.whatwg.org/#create-a-dummy-url
function dummyURL() {
  return parseURL('https://dummy.invalid/', null);
}

function invalidComponent(name, value) {
  return new TypeError(`Invalid ${name} '${value}'.`);
}

function runComponent(url, value, state, name) {
  if (!parseComponent(url, value, state)) throw invalidComponent(name, value);
}

// https://urlpattern.spec.whatwg.org/#canon-encoding-callbacks
// By component; each gives the empty string for itself.
export const canonicalizePattern = {
  __proto__: null,
  protocol(value) {
    if (value === '') return value;
    const url = parseURL(value + '://dummy.invalid/', null);
    if (url === null) throw invalidComponent('protocol', value);
    return url.scheme;
  },
  username(value) {
    const url = dummyURL();
    setUsername(url, value);
    return url.username;
  },
  password(value) {
    const url = dummyURL();
    setPassword(url, value);
    return url.password;
  },
  hostname(value) {
    if (value === '') return value;
    // DEVIATION: with the state override the parser ends without failure where the host ends, and drops tabs and newlines; the tests and
    // Chromium take none of them.
    if (RegExpPrototypeExec(/[#/\\?\t\n\r]/, value) !== null) throw invalidComponent('hostname', value);
    const url = dummyURL();
    runComponent(url, value, 'hostname', 'hostname');
    return url.host ?? '';
  },
  ipv6Hostname(value) {
    for (let i = 0; i < value.length; i++) {
      const c = StringPrototypeCharCodeAt(value, i) | 0x20;
      const hex = (c >= 0x30 && c <= 0x39) || (c >= 0x61 && c <= 0x66);
      if (!hex && value[i] !== '[' && value[i] !== ']' && value[i] !== ':') throw invalidComponent('hostname', value);
    }
    return StringPrototypeToLowerCase(value);
  },
  port(value, protocol) {
    if (value === '') return value;
    // DEVIATION: as for hostnames: a pattern's port is digits to its end. The protocol is given for what is matched.
    if (protocol === undefined && RegExpPrototypeExec(/[^0-9]/, value) !== null) throw invalidComponent('port', value);
    const url = dummyURL();
    if (protocol !== undefined) url.scheme = protocol;
    runComponent(url, value, 'port', 'port');
    return url.port === null ? '' : '' + url.port;
  },
  pathname(value) {
    if (value === '') return value;
    const leading = value[0] === '/';
    const url = dummyURL();
    url.path = [];
    parseComponent(url, leading ? value : '/-' + value, 'path start');
    const path = serializePath(url);
    return leading ? path : StringPrototypeSlice(path, 2);
  },
  opaquePathname(value) {
    if (value === '') return value;
    const url = new URLRecord();
    url.path = '';
    runComponent(url, value, 'opaque path', 'pathname');
    return serializePath(url);
  },
  search(value) {
    const url = dummyURL();
    url.query = '';
    parseComponent(url, value, 'query');
    return url.query;
  },
  hash(value) {
    const url = dummyURL();
    url.fragment = '';
    parseComponent(url, value, 'fragment');
    return url.fragment;
  },
};

// https://urlpattern.spec.whatwg.org/#is-an-absolute-pathname
function isAbsolutePathname(input, isPattern) {
  if (input[0] === '/') return true;
  return isPattern && (input[0] === '\\' || input[0] === '{') && input[1] === '/';
}

// Whether `init` has none of the first `count` of the components that a base URL may give.
const INHERITED = ['protocol', 'hostname', 'port', 'pathname', 'search', 'hash'];
const CREDENTIALS = ['protocol', 'hostname', 'port', 'username', 'password'];

function hasNone(init, names, count) {
  for (let i = 0; i < count; i++) {
    if (init[names[i]] !== undefined) return false;
  }
  return true;
}

// https://urlpattern.spec.whatwg.org/#process-a-urlpatterninit
// For `isPattern` absent components stay absent, else they begin as empty strings.
export function processPatternInit(init, isPattern) {
  const result = { __proto__: null };
  if (!isPattern) {
    for (let i = 0; i < PATTERN_COMPONENTS.length; i++) result[PATTERN_COMPONENTS[i]] = '';
  }
  const text = (value) => (isPattern ? escapeChars(value, PATTERN_SPECIAL) : value);
  // 11.
  let base = null;
  if (init.baseURL !== undefined) {
    base = parseURL(init.baseURL, null);
    if (base === null) throw new TypeError(`Invalid baseURL '${init.baseURL}'.`);
    if (init.protocol === undefined) result.protocol = text(base.scheme);
    if (!isPattern && hasNone(init, CREDENTIALS, 4)) result.username = base.username;
    if (!isPattern && hasNone(init, CREDENTIALS, 5)) result.password = base.password;
    if (hasNone(init, INHERITED, 2)) result.hostname = text(base.host ?? '');
    if (hasNone(init, INHERITED, 3)) result.port = base.port === null ? '' : '' + base.port;
    if (hasNone(init, INHERITED, 4)) result.pathname = text(serializePath(base));
    if (hasNone(init, INHERITED, 5)) result.search = text(base.query ?? '');
    if (hasNone(init, INHERITED, 6)) result.hash = text(base.fragment ?? '');
  }
  // 12-15.
  const canonical = (name, value, protocol) => (isPattern ? value : canonicalizePattern[name](value, protocol));
  if (init.protocol !== undefined) {
    const value = init.protocol;
    result.protocol = canonical('protocol', value[value.length - 1] === ':' ? StringPrototypeSlice(value, 0, -1) : value);
  }
  if (init.username !== undefined) result.username = canonical('username', init.username);
  if (init.password !== undefined) result.password = canonical('password', init.password);
  if (init.hostname !== undefined) result.hostname = canonical('hostname', init.hostname);
  // 16-17.
  const protocol = result.protocol ?? '';
  if (init.port !== undefined) result.port = canonical('port', init.port, protocol);
  // 18.
  if (init.pathname !== undefined) {
    let pathname = init.pathname;
    if (base !== null && !hasOpaquePath(base) && !isAbsolutePathname(pathname, isPattern)) {
      const basePath = text(serializePath(base));
      pathname = StringPrototypeSlice(basePath, 0, StringPrototypeLastIndexOf(basePath, '/') + 1) + pathname;
    }
    // https://urlpattern.spec.whatwg.org/#process-pathname-for-init
    result.pathname = canonical(protocol === '' || isSpecialScheme(protocol) ? 'pathname' : 'opaquePathname', pathname);
  }
  // 19-20.
  if (init.search !== undefined) result.search = canonical('search', withoutLeading(init.search, '?'));
  if (init.hash !== undefined) result.hash = canonical('hash', withoutLeading(init.hash, '#'));
  return result;
}

function withoutLeading(value, char) {
  return value[0] === char ? StringPrototypeSlice(value, 1) : value;
}
