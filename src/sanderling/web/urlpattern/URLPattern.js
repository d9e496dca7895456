// https://urlpattern.spec.whatwg.org/#urlpattern-class
import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { comparePatternParts } from './component.js';
import { createPattern, matchPattern, patternHasRegExpGroups } from './pattern.js';

class URLPatternImpl extends Impl {
  constructor(pattern) {
    super();
    this.pattern = pattern;      // components by name: see compilePatternComponent
  }
}

// `compareComponent` is not in the standard yet: https://github.com/whatwg/urlpattern/issues/61
export const urlPatternInterface = defineInterface(`
typedef (USVString or URLPatternInit) URLPatternInput;

enum URLPatternComponent { "protocol", "username", "password", "hostname", "port", "pathname", "search", "hash" };

[Exposed=(Window,Worker)]
interface URLPattern {
  constructor(URLPatternInput input, USVString baseURL, optional URLPatternOptions options = {});
  constructor(optional URLPatternInput input = {}, optional URLPatternOptions options = {});
  boolean test(optional URLPatternInput input = {}, optional USVString baseURL);
  URLPatternResult? exec(optional URLPatternInput input = {}, optional USVString baseURL);
  static short compareComponent(URLPatternComponent component, URLPattern left, URLPattern right);
  readonly attribute USVString protocol;
  readonly attribute USVString username;
  readonly attribute USVString password;
  readonly attribute USVString hostname;
  readonly attribute USVString port;
  readonly attribute USVString pathname;
  readonly attribute USVString search;
  readonly attribute USVString hash;
  readonly attribute boolean hasRegExpGroups;
};

dictionary URLPatternInit {
  USVString protocol;
  USVString username;
  USVString password;
  USVString hostname;
  USVString port;
  USVString pathname;
  USVString search;
  USVString hash;
  USVString baseURL;
};

dictionary URLPatternOptions {
  boolean ignoreCase = false;
};

dictionary URLPatternResult {
  sequence<URLPatternInput> inputs;
  URLPatternComponentResult protocol;
  URLPatternComponentResult username;
  URLPatternComponentResult password;
  URLPatternComponentResult hostname;
  URLPatternComponentResult port;
  URLPatternComponentResult pathname;
  URLPatternComponentResult search;
  URLPatternComponentResult hash;
};

dictionary URLPatternComponentResult {
  USVString input;
  record<USVString, (USVString or undefined)> groups;
};
`, {
  constructor: (input, baseURL, options) => new URLPatternImpl(createPattern(input, baseURL, options.ignoreCase)),
  'constructor:1': (input, options) => new URLPatternImpl(createPattern(input, undefined, options.ignoreCase)),
  test: (self, input, baseURL) => matchPattern(self.pattern, input, baseURL, true) !== null,
  exec: (self, input, baseURL) => matchPattern(self.pattern, input, baseURL, false),
  compareComponent: (component, left, right) => comparePatternParts(left.pattern[component].parts, right.pattern[component].parts),
  protocol: (self) => self.pattern.protocol.pattern,
  username: (self) => self.pattern.username.pattern,
  password: (self) => self.pattern.password.pattern,
  hostname: (self) => self.pattern.hostname.pattern,
  port: (self) => self.pattern.port.pattern,
  pathname: (self) => self.pattern.pathname.pattern,
  search: (self) => self.pattern.search.pattern,
  hash: (self) => self.pattern.hash.pattern,
  hasRegExpGroups: (self) => patternHasRegExpGroups(self.pattern),
}, URLPatternImpl);
