// https://www.w3.org/TR/1999/REC-xpath-19991116/#exprlex
// Tokens of an XPath expression, with the disambiguation of 3.7 already done: the parser never looks back.

import { domException } from '../dom/DOMException.js';
import { NumberParseFloat, StringPrototypeCharAt, StringPrototypeCharCodeAt, StringPrototypeIndexOf, StringPrototypeSlice } from '../primordials.js';

// Kinds of tokens. `op` carries the operator in `value`; `punct` one of ( ) [ ] . .. @ , ::
export const XP_END = 0;
export const XP_NUMBER = 1;
export const XP_LITERAL = 2;
export const XP_OPERATOR = 3;
export const XP_PUNCT = 4;
export const XP_NAME = 5;        // name test: `prefix` (or null) and `value` ('*' is a wildcard)
export const XP_AXIS = 6;
export const XP_FUNCTION = 7;    // `prefix` (or null) and `value`
export const XP_NODE_TYPE = 8;
export const XP_VARIABLE = 9;

const NODE_TYPES = { __proto__: null, comment: true, text: true, 'processing-instruction': true, node: true };

export function xpSyntaxError(text, what) {
  return domException('SyntaxError', "The string '" + text + "' is not a valid XPath expression: " + what + '.');
}

function xpToken(kind, value, prefix) {
  return { __proto__: null, kind, value, prefix };
}

// https://www.w3.org/TR/xml/#NT-S
export function xpIsSpace(code) {
  return code === 0x20 || code === 0x09 || code === 0x0A || code === 0x0D;
}

function xpIsDigit(code) {
  return code >= 0x30 && code <= 0x39;
}

// https://www.w3.org/TR/xml-names/#NT-NCName: pairs of bounds of NameStartChar above ASCII. Surrogates stand for U+10000 to U+EFFFF.
const START_RANGES = [
  0xC0, 0xD6, 0xD8, 0xF6, 0xF8, 0x2FF, 0x370, 0x37D, 0x37F, 0x1FFF, 0x200C, 0x200D, 0x2070, 0x218F, 0x2C00, 0x2FEF, 0x3001, 0xDFFF, 0xF900, 0xFDCF, 0xFDF0, 0xFFFD,
];

function xpIsNameStart(code) {
  if (code < 0x80) return (code >= 0x61 && code <= 0x7A) || (code >= 0x41 && code <= 0x5A) || code === 0x5F;
  for (let i = 0; i < START_RANGES.length; i += 2) if (code >= START_RANGES[i] && code <= START_RANGES[i + 1]) return true;
  return false;
}

function xpIsNameChar(code) {
  return xpIsNameStart(code) || xpIsDigit(code) || code === 0x2D || code === 0x2E || code === 0xB7 || (code >= 0x300 && code <= 0x36F) || code === 0x203F || code === 0x2040;
}

// The whole text as tokens; the last one is XP_END.
export function xpTokenize(text) {
  const tokens = [];
  const { length } = text;
  let at = 0;

  function skipSpaces() {
    while (at < length && xpIsSpace(StringPrototypeCharCodeAt(text, at))) at++;
  }

  function takeName() {
    const start = at;
    if (at >= length || !xpIsNameStart(StringPrototypeCharCodeAt(text, at))) throw xpSyntaxError(text, 'a name is missing at position ' + at);
    while (at < length && xpIsNameChar(StringPrototypeCharCodeAt(text, at))) at++;
    return StringPrototypeSlice(text, start, at);
  }

  // A QName's second half follows: a colon that is not the first of '::'.
  function colonFollows() {
    return at < length && StringPrototypeCharAt(text, at) === ':' && StringPrototypeCharAt(text, at + 1) !== ':';
  }

  function push(kind, value, prefix = null) {
    tokens[tokens.length] = xpToken(kind, value, prefix);
  }

  // 3.7: "If there is a preceding token and the preceding token is not one of @, ::, (, [, , or an Operator", an operator stands here.
  function operatorExpected() {
    if (tokens.length === 0) return false;
    const { kind, value } = tokens[tokens.length - 1];
    if (kind === XP_OPERATOR || kind === XP_AXIS) return false;
    return kind !== XP_PUNCT || (value !== '@' && value !== '::' && value !== '(' && value !== '[' && value !== ',');
  }

  function lexNumber() {
    const start = at;
    while (at < length && xpIsDigit(StringPrototypeCharCodeAt(text, at))) at++;
    if (at < length && StringPrototypeCharAt(text, at) === '.') {
      at++;
      while (at < length && xpIsDigit(StringPrototypeCharCodeAt(text, at))) at++;
    }
    push(XP_NUMBER, NumberParseFloat(StringPrototypeSlice(text, start, at)));
  }

  function lexWord() {
    if (operatorExpected()) {
      const word = takeName();
      if (word !== 'and' && word !== 'or' && word !== 'mod' && word !== 'div') throw xpSyntaxError(text, "'" + word + "' is no operator");
      push(XP_OPERATOR, word);
      return;
    }
    let name = takeName();
    let prefix = null;
    if (colonFollows()) {
      at++;
      prefix = name;
      if (StringPrototypeCharAt(text, at) === '*') {
        at++;
        push(XP_NAME, '*', prefix);
        return;
      }
      name = takeName();
    }
    skipSpaces();
    const next = StringPrototypeCharAt(text, at);
    if (next === '(') {
      push(prefix === null && NODE_TYPES[name] === true ? XP_NODE_TYPE : XP_FUNCTION, name, prefix);
    } else if (prefix === null && next === ':' && StringPrototypeCharAt(text, at + 1) === ':') push(XP_AXIS, name);
    else push(XP_NAME, name, prefix);
  }

  for (;;) {
    skipSpaces();
    if (at >= length) break;
    const char = StringPrototypeCharAt(text, at);
    const next = StringPrototypeCharAt(text, at + 1);
    switch (char) {
      case '(': case ')': case '[': case ']': case '@': case ',':
        push(XP_PUNCT, char);
        at++;
        break;
      case '.':
        if (next === '.') {
          push(XP_PUNCT, '..');
          at += 2;
        } else if (next !== '' && xpIsDigit(StringPrototypeCharCodeAt(text, at + 1))) lexNumber();
        else {
          push(XP_PUNCT, '.');
          at++;
        }
        break;
      case ':':
        if (next !== ':') throw xpSyntaxError(text, 'an unexpected colon at position ' + at);
        push(XP_PUNCT, '::');
        at += 2;
        break;
      case '"': case "'": {
        const end = StringPrototypeIndexOf(text, char, at + 1);
        if (end < 0) throw xpSyntaxError(text, 'a literal has no end');
        push(XP_LITERAL, StringPrototypeSlice(text, at + 1, end));
        at = end + 1;
        break;
      }
      case '*':
        if (operatorExpected()) push(XP_OPERATOR, '*');
        else push(XP_NAME, '*');
        at++;
        break;
      case '|': case '+': case '-': case '=':
        push(XP_OPERATOR, char);
        at++;
        break;
      case '!':
        if (next !== '=') throw xpSyntaxError(text, "an unexpected '!' at position " + at);
        push(XP_OPERATOR, '!=');
        at += 2;
        break;
      case '/':
        push(XP_OPERATOR, next === '/' ? '//' : '/');
        at += next === '/' ? 2 : 1;
        break;
      case '<': case '>':
        push(XP_OPERATOR, next === '=' ? char + '=' : char);
        at += next === '=' ? 2 : 1;
        break;
      case '$': {
        at++;
        let name = takeName();
        let prefix = null;
        if (colonFollows()) {
          at++;
          prefix = name;
          name = takeName();
        }
        push(XP_VARIABLE, name, prefix);
        break;
      }
      default: {
        const code = StringPrototypeCharCodeAt(text, at);
        if (xpIsDigit(code)) lexNumber();
        else if (xpIsNameStart(code)) lexWord();
        else throw xpSyntaxError(text, "an unexpected '" + char + "' at position " + at);
      }
    }
  }
  push(XP_END, '');
  return tokens;
}
