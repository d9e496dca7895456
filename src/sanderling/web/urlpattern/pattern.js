// https://urlpattern.spec.whatwg.org/#high-level-operations
import { RegExpPrototypeExec, TypeError } from '../primordials.js';
import { parseURL, serializePath, specialPort } from '../url/parser.js';
import { compilePatternComponent } from './component.js';
import { ConstructorStringParser } from './constructor_string.js';
import { canonicalizePattern, PATTERN_COMPONENTS, processPatternInit } from './init.js';

const NO_DELIMITER = { __proto__: null, delimiter: '', prefix: '', ignoreCase: false };
const HOSTNAME_OPTIONS = { __proto__: null, delimiter: '.', prefix: '', ignoreCase: false };

// https://urlpattern.spec.whatwg.org/#protocol-component-matches-a-special-scheme
// Of a pattern string.
export function matchesSpecialScheme(pattern) {
  return componentIsSpecial(compilePatternComponent(pattern, canonicalizePattern.protocol, NO_DELIMITER));
}

function componentIsSpecial(component) {
  const schemes = ['ftp', 'file', 'http', 'https', 'ws', 'wss'];
  for (let i = 0; i < schemes.length; i++) {
    if (RegExpPrototypeExec(component.regExp, schemes[i]) !== null) return true;
  }
  return false;
}

// https://urlpattern.spec.whatwg.org/#hostname-pattern-is-an-ipv6-address
function isIPv6Pattern(input) {
  return input.length > 1 && (input[0] === '[' || ((input[0] === '{' || input[0] === '\\') && input[1] === '['));
}

// https://urlpattern.spec.whatwg.org/#url-pattern-create
// `baseURL` is a string or undefined. Gives the components by name.
export function createPattern(input, baseURL, ignoreCase) {
  // 1-3.
  let init = input;
  if (typeof input === 'string') {
    init = new ConstructorStringParser(input).parse();
    if (baseURL === undefined && init.protocol === undefined) throw new TypeError(`The pattern '${input}' is relative, and there is no base URL.`);
    if (baseURL !== undefined) init.baseURL = baseURL;
  } else if (baseURL !== undefined) {
    throw new TypeError('A base URL cannot be given beside components: it is a member of theirs.');
  }
  // 4-6.
  const processed = processPatternInit(init, true);
  for (let i = 0; i < PATTERN_COMPONENTS.length; i++) processed[PATTERN_COMPONENTS[i]] ??= '*';
  const port = specialPort(processed.protocol);
  if (port !== null && processed.port === '' + port) processed.port = '';
  // 7-17.
  const pattern = { __proto__: null };
  const compile = (name, options, encode = canonicalizePattern[name]) => {
    pattern[name] = compilePatternComponent(processed[name], encode, options);
  };
  compile('protocol', NO_DELIMITER);
  compile('username', NO_DELIMITER);
  compile('password', NO_DELIMITER);
  compile('hostname', HOSTNAME_OPTIONS, isIPv6Pattern(processed.hostname) ? canonicalizePattern.ipv6Hostname : canonicalizePattern.hostname);
  compile('port', NO_DELIMITER);
  const options = { __proto__: null, delimiter: '', prefix: '', ignoreCase };
  if (componentIsSpecial(pattern.protocol)) compile('pathname', { __proto__: null, delimiter: '/', prefix: '/', ignoreCase });
  else compile('pathname', options, canonicalizePattern.opaquePathname);
  compile('search', options);
  compile('hash', options);
  return pattern;
}

// What is matched: the components of a URL or of an init, or null.
function matchedComponents(input, baseURL) {
  // 11.
  if (typeof input !== 'string') {
    if (baseURL !== undefined) throw new TypeError('A base URL cannot be given beside components: it is a member of theirs.');
    try {
      return processPatternInit(input, false);
    } catch {
      return null;
    }
  }
  // 12.
  let base = null;
  if (baseURL !== undefined) {
    base = parseURL(baseURL, null);
    if (base === null) return null;
  }
  const url = parseURL(input, base);
  if (url === null) return null;
  return {
    __proto__: null,
    protocol: url.scheme,
    username: url.username,
    password: url.password,
    hostname: url.host ?? '',
    port: url.port === null ? '' : '' + url.port,
    pathname: serializePath(url),
    search: url.query ?? '',
    hash: url.fragment ?? '',
  };
}

// https://urlpattern.spec.whatwg.org/#url-pattern-match
// Gives a URLPatternResult, or null; `onlyTest` gives true in its place.
export function matchPattern(pattern, input, baseURL, onlyTest) {
  const components = matchedComponents(input, baseURL);
  if (components === null) return null;
  // 13-21.
  const matches = { __proto__: null };
  for (let i = 0; i < PATTERN_COMPONENTS.length; i++) {
    const name = PATTERN_COMPONENTS[i];
    matches[name] = RegExpPrototypeExec(pattern[name].regExp, components[name]);
    if (matches[name] === null) return null;
  }
  if (onlyTest) return true;
  // 22-32.
  const given = typeof input === 'string' ? input : { ...input };
  const result = { __proto__: null, inputs: baseURL === undefined ? [given] : [given, baseURL] };
  for (let i = 0; i < PATTERN_COMPONENTS.length; i++) {
    const name = PATTERN_COMPONENTS[i];
    // https://urlpattern.spec.whatwg.org/#create-a-component-match-result
    const groups = { __proto__: null };
    for (let j = 0; j < pattern[name].names.length; j++) groups[pattern[name].names[j]] = matches[name][j + 1];
    result[name] = { input: components[name], groups: { ...groups } };
  }
  return { ...result };
}

// https://urlpattern.spec.whatwg.org/#url-pattern-has-regexp-groups
export function patternHasRegExpGroups(pattern) {
  for (let i = 0; i < PATTERN_COMPONENTS.length; i++) {
    if (pattern[PATTERN_COMPONENTS[i]].hasRegExpGroups) return true;
  }
  return false;
}
