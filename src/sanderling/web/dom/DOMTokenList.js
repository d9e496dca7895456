// https://dom.spec.whatwg.org/#interface-domtokenlist

import { defineInterface } from '../webidl/interface.js';
import { Impl } from '../webidl/impl.js';
import { SafeMap, StringPrototypeCharCodeAt, TypeError } from '../primordials.js';
import { domException } from './DOMException.js';
import { getAttr, hasAttr, setAttr } from './attributes.js';
import { splitTokens } from './collections.js';
import { isTokenSpace, lowerAscii } from '../css/selectors/names.js';

export class DOMTokenListImpl extends Impl {
  constructor(el, attribute, supported) {
    super();
    this.el = el;
    this.attribute = attribute;
    this.supported = supported;    // array of tokens, or null: supports() throws
    this.list = null;              // parsed tokens; null: to be parsed
  }

  tokens() {
    if (this.list === null) {
      const value = getAttr(this.el, this.attribute);
      this.list = value === null ? [] : unique(splitTokens(value));
    }
    return this.list;
  }

  attributeChanged() {
    this.list = null;
  }

  // https://dom.spec.whatwg.org/#concept-dtl-update
  update(tokens) {
    if (tokens.length === 0 && !hasAttr(this.el, this.attribute)) return;
    let text = '';
    for (let i = 0; i < tokens.length; i++) text += i === 0 ? tokens[i] : ' ' + tokens[i];
    setAttr(this.el, this.attribute, text);
    this.list = tokens;
  }
}

export function tokenListOf(el, attribute, supported = null) {
  const lists = el.tokens ?? (el.tokens = new SafeMap());
  let list = lists.get(attribute);
  if (list === undefined) {
    list = new DOMTokenListImpl(el, attribute, supported);
    lists.set(attribute, list);
  }
  return list;
}

function unique(tokens) {
  const out = [];
  for (let i = 0; i < tokens.length; i++) if (indexOfToken(out, tokens[i]) < 0) out[out.length] = tokens[i];
  return out;
}

function indexOfToken(tokens, token) {
  for (let i = 0; i < tokens.length; i++) if (tokens[i] === token) return i;
  return -1;
}

function checkToken(token) {
  if (token === '') throw domException('SyntaxError', 'The token provided must not be empty.');
  for (let i = 0; i < token.length; i++) {
    if (isTokenSpace(StringPrototypeCharCodeAt(token, i))) {
      throw domException('InvalidCharacterError', "The token provided ('" + token + "') contains HTML space characters, which are not valid in tokens.");
    }
  }
}

// Takes a token out of the list itself, which nobody else holds.
function dropToken(tokens, token) {
  let kept = 0;
  for (let i = 0; i < tokens.length; i++) if (tokens[i] !== token) tokens[kept++] = tokens[i];
  tokens.length = kept;
}

export const domTokenListInterface = defineInterface(`
[Exposed=Window]
interface DOMTokenList {
  readonly attribute unsigned long length;
  getter DOMString? item(unsigned long index);
  boolean contains(DOMString token);
  [CEReactions] undefined add(DOMString... tokens);
  [CEReactions] undefined remove(DOMString... tokens);
  [CEReactions] boolean toggle(DOMString token, optional boolean force);
  [CEReactions] boolean replace(DOMString token, DOMString newToken);
  boolean supports(DOMString token);
  [CEReactions] stringifier attribute DOMString value;
  iterable<DOMString>;
};
`, {
  length: (self) => self.tokens().length,
  item: (self, index) => self.tokens()[index] ?? null,
  contains: (self, token) => indexOfToken(self.tokens(), token) >= 0,
  add(self, tokens) {
    for (let i = 0; i < tokens.length; i++) checkToken(tokens[i]);
    const out = self.tokens();
    for (let i = 0; i < tokens.length; i++) if (indexOfToken(out, tokens[i]) < 0) out[out.length] = tokens[i];
    self.update(out);
  },
  remove(self, tokens) {
    for (let i = 0; i < tokens.length; i++) checkToken(tokens[i]);
    const out = self.tokens();
    for (let i = 0; i < tokens.length; i++) dropToken(out, tokens[i]);
    self.update(out);
  },
  toggle(self, token, force) {
    checkToken(token);
    const tokens = self.tokens();
    if (indexOfToken(tokens, token) >= 0) {
      if (force === undefined || force === false) {
        dropToken(tokens, token);
        self.update(tokens);
        return false;
      }
      return true;
    }
    if (force === undefined || force === true) {
      tokens[tokens.length] = token;
      self.update(tokens);
      return true;
    }
    return false;
  },
  replace(self, token, newToken) {
    if (token === '' || newToken === '') throw domException('SyntaxError', 'The token provided must not be empty.');
    checkToken(token);
    checkToken(newToken);
    const tokens = self.tokens();
    if (indexOfToken(tokens, token) < 0) return false;
    const out = [];
    for (let i = 0; i < tokens.length; i++) out[i] = tokens[i] === token ? newToken : tokens[i];
    self.update(unique(out));
    return true;
  },
  supports(self, token) {
    if (self.supported === null) throw new TypeError("DOMTokenList '" + self.attribute + "' has no supported tokens.");
    return indexOfToken(self.supported, lowerAscii(token)) >= 0;
  },
  value: {
    get: (self) => getAttr(self.el, self.attribute) ?? '',
    set: (self, value) => setAttr(self.el, self.attribute, value),
  },
}, DOMTokenListImpl);
