// https://urlpattern.spec.whatwg.org/#constructor-string-parsing
import { StringPrototypeSlice } from '../primordials.js';
import { matchesSpecialScheme } from './pattern.js';
import { tokenizePattern } from './tokens.js';

// The states, in the order of the components in a URL: what is skipped is told by comparing them.
const P_INIT = 0;
const P_PROTOCOL = 1;
const P_AUTHORITY = 2;
const P_USERNAME = 3;
const P_PASSWORD = 4;
const P_HOSTNAME = 5;
const P_PORT = 6;
const P_PATHNAME = 7;
const P_SEARCH = 8;
const P_HASH = 9;
const P_DONE = 10;
const STATE_COMPONENTS = ['', 'protocol', '', 'username', 'password', 'hostname', 'port', 'pathname', 'search', 'hash', ''];

// https://urlpattern.spec.whatwg.org/#parse-a-constructor-string
export class ConstructorStringParser {
  constructor(input) {
    this.input = input;
    this.tokens = tokenizePattern(input, false);
    this.result = { __proto__: null };
    this.start = 0;              // component start
    this.index = 0;              // token index
    this.increment = 1;          // token increment
    this.depth = 0;              // group depth
    this.brackets = 0;           // hostname IPv6 bracket depth
    this.special = false;        // protocol matches a special scheme flag
    this.state = P_INIT;
  }

  parse() {
    // 2.
    for (; this.index < this.tokens.length; this.index += this.increment) {
      this.increment = 1;
      const type = this.tokens[this.index].type;
      // 2.2.
      if (type === 'end') {
        if (this.state === P_INIT) {
          this.rewind(P_INIT);
          if (this.isChar('#')) this.changeState(P_HASH, 1);
          else if (this.isSearchPrefix()) this.changeState(P_SEARCH, 1);
          else this.changeState(P_PATHNAME, 0);
          continue;
        }
        if (this.state === P_AUTHORITY) {
          this.rewind(P_HOSTNAME);
          continue;
        }
        this.changeState(P_DONE, 0);
        break;
      }
      // 2.3-2.4.
      if (type === 'open') {
        this.depth++;
        continue;
      }
      if (this.depth > 0) {
        if (type !== 'close') continue;
        this.depth--;
      }
      this.step();
    }
    // 3.
    if (this.result.hostname !== undefined && this.result.port === undefined) this.result.port = '';
    return this.result;
  }

  // 2.5.
  step() {
    switch (this.state) {
      case P_INIT:
        if (this.isChar(':')) this.rewind(P_PROTOCOL);
        break;
      case P_PROTOCOL:
        if (this.isChar(':')) {
          this.special = matchesSpecialScheme(this.component());
          const slashes = this.isChar('/', 1) && this.isChar('/', 2);
          this.changeState(slashes || this.special ? P_AUTHORITY : P_PATHNAME, slashes ? 3 : 1);
        }
        break;
      case P_AUTHORITY:
        if (this.isChar('@')) this.rewind(P_USERNAME);
        else if (this.isChar('/') || this.isSearchPrefix() || this.isChar('#')) this.rewind(P_HOSTNAME);
        break;
      case P_USERNAME:
        if (this.isChar(':')) this.changeState(P_PASSWORD, 1);
        else if (this.isChar('@')) this.changeState(P_HOSTNAME, 1);
        break;
      case P_PASSWORD:
        if (this.isChar('@')) this.changeState(P_HOSTNAME, 1);
        break;
      case P_HOSTNAME:
        if (this.isChar('[')) this.brackets++;
        else if (this.isChar(']')) this.brackets--;
        else if (this.isChar(':') && this.brackets === 0) this.changeState(P_PORT, 1);
        else this.tail();
        break;
      case P_HASH:
        break;
      default:
        this.tail();
    }
  }

  // What may follow a host, a port, a path or a query.
  tail() {
    if (this.state < P_PATHNAME && this.isChar('/')) this.changeState(P_PATHNAME, 0);
    else if (this.state < P_SEARCH && this.isSearchPrefix()) this.changeState(P_SEARCH, 1);
    else if (this.isChar('#')) this.changeState(P_HASH, 1);
  }

  // https://urlpattern.spec.whatwg.org/#change-state
  changeState(state, skip) {
    const { result } = this;
    // 1.
    const name = STATE_COMPONENTS[this.state];
    if (name !== '') result[name] = this.component();
    // 2.
    if (this.state !== P_INIT && state !== P_DONE) {
      if (this.state < P_HOSTNAME && state > P_HOSTNAME) result.hostname ??= '';
      if (this.state < P_PATHNAME && state > P_PATHNAME) result.pathname ??= this.special ? '/' : '';
      if (this.state < P_SEARCH && state > P_SEARCH) result.search ??= '';
    }
    // 3-6.
    this.state = state;
    this.index += skip;
    this.start = this.index;
    this.increment = 0;
  }

  rewind(state) {
    this.index = this.start;
    this.increment = 0;
    this.state = state;
  }

  safeToken(index) {
    return this.tokens[index < this.tokens.length ? index : this.tokens.length - 1];
  }

  // https://urlpattern.spec.whatwg.org/#is-a-non-special-pattern-char
  isChar(value, ahead = 0) {
    const token = this.safeToken(this.index + ahead);
    return token.value === value && (token.type === 'char' || token.type === 'escaped-char' || token.type === 'invalid-char');
  }

  // https://urlpattern.spec.whatwg.org/#is-a-search-prefix
  isSearchPrefix() {
    if (this.isChar('?')) return true;
    if (this.tokens[this.index].value !== '?') return false;
    if (this.index === 0) return true;
    const { type } = this.safeToken(this.index - 1);
    return type !== 'name' && type !== 'regexp' && type !== 'close' && type !== 'asterisk';
  }

  // https://urlpattern.spec.whatwg.org/#make-a-component-string
  component() {
    return StringPrototypeSlice(this.input, this.safeToken(this.start).index, this.tokens[this.index].index);
  }
}
