// https://drafts.csswg.org/css-syntax-3/#tokenization
// Text to CSS tokens. Every token keeps its place in the preprocessed text, so that values can be given back as they were written.

import { NumberParseFloat, StringFromCodePoint, StringPrototypeCharCodeAt, StringPrototypeCodePointAt, StringPrototypeSlice, StringPrototypeToLowerCase, StringPrototypeToWellFormed, NumberParseInt } from '../../primordials.js';

export class CssToken {
  constructor(type, value, start) {
    this.type = type;      // ident function at hash string badstring url badurl delim number percentage dimension ws cdo cdc
                           // colon semicolon comma [ ] ( ) { } eof
    this.value = value;    // the name, text or character; for numbers the unit
    this.number = 0;       // of numeric tokens
    this.isInteger = false;
    this.isId = false;     // of hash tokens
    this.start = start;
    this.end = start;
  }
}

// https://drafts.csswg.org/css-syntax-3/#input-preprocessing
export function preprocessCss(text) {
  let plain = true;
  for (let i = 0; i < text.length; i++) {
    const c = StringPrototypeCharCodeAt(text, i);
    if (c === 0 || c === 0x0d || c === 0x0c || (c >= 0xd800 && c < 0xe000)) {
      plain = false;
      break;
    }
  }
  if (plain) return text;
  const formed = StringPrototypeToWellFormed(text);
  let out = '';
  for (let i = 0; i < formed.length; i++) {
    const c = StringPrototypeCharCodeAt(formed, i);
    if (c === 0) out += '\ufffd';
    else if (c === 0x0c) out += '\n';
    else if (c === 0x0d) {
      out += '\n';
      if (i + 1 < formed.length && StringPrototypeCharCodeAt(formed, i + 1) === 0x0a) i++;
    } else out += formed[i];
  }
  return out;
}

const isCssDigit = (c) => c >= 0x30 && c <= 0x39;
const isCssHex = (c) => isCssDigit(c) || (c >= 0x41 && c <= 0x46) || (c >= 0x61 && c <= 0x66);
const isCssWhite = (c) => c === 0x20 || c === 0x09 || c === 0x0a;
export function isNameStartCode(c) {
  return (c >= 0x61 && c <= 0x7a) || (c >= 0x41 && c <= 0x5a) || c === 0x5f || c >= 0x80;
}
export function isNameCode(c) {
  return isNameStartCode(c) || isCssDigit(c) || c === 0x2d;
}

class CssTokenizer {
  constructor(text) {
    this.text = text;
    this.pos = 0;
    this.length = text.length;
  }

  // -1 beyond the end
  at(offset) {
    const i = this.pos + offset;
    return i < this.length ? StringPrototypeCharCodeAt(this.text, i) : -1;
  }

  // https://drafts.csswg.org/css-syntax-3/#starts-with-a-valid-escape
  escapeAt(offset) {
    return this.at(offset) === 0x5c && this.at(offset + 1) !== 0x0a;
  }

  // https://drafts.csswg.org/css-syntax-3/#would-start-an-identifier
  identAt(offset) {
    const c = this.at(offset);
    if (c === 0x2d) {
      const d = this.at(offset + 1);
      return d === 0x2d || isNameStartCode(d) || (d === 0x5c && this.escapeAt(offset + 1));
    }
    if (c === 0x5c) return this.at(offset + 1) !== -1 ? this.escapeAt(offset) : true;
    return isNameStartCode(c);
  }

  // https://drafts.csswg.org/css-syntax-3/#starts-with-a-number
  numberAt(offset) {
    let c = this.at(offset);
    if (c === 0x2b || c === 0x2d) c = this.at(++offset);
    if (c === 0x2e) return isCssDigit(this.at(offset + 1));
    return isCssDigit(c);
  }

  // https://drafts.csswg.org/css-syntax-3/#consume-escaped-code-point; the reverse solidus is consumed
  escape() {
    const c = this.at(0);
    if (c === -1) return '\ufffd';
    if (isCssHex(c)) {
      const start = this.pos;
      let n = 0;
      while (n < 6 && isCssHex(this.at(0))) {
        this.pos++;
        n++;
      }
      const code = NumberParseInt(StringPrototypeSlice(this.text, start, this.pos), 16);
      if (isCssWhite(this.at(0))) this.pos++;
      if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return '\ufffd';
      return StringFromCodePoint(code);
    }
    const code = StringPrototypeCodePointAt(this.text, this.pos);
    this.pos += code > 0xffff ? 2 : 1;
    return StringFromCodePoint(code);
  }

  // https://drafts.csswg.org/css-syntax-3/#consume-name
  name() {
    let out = '';
    let start = this.pos;
    for (;;) {
      const c = this.at(0);
      if (c !== -1 && isNameCode(c)) this.pos++;
      else if (c === 0x5c && this.escapeAt(0)) {
        out += StringPrototypeSlice(this.text, start, this.pos);
        this.pos++;
        out += this.escape();
        start = this.pos;
      } else return out + StringPrototypeSlice(this.text, start, this.pos);
    }
  }

  // https://drafts.csswg.org/css-syntax-3/#consume-numeric-token
  numeric(token) {
    const start = this.pos;
    let integer = true;
    const first = this.at(0);
    if (first === 0x2b || first === 0x2d) this.pos++;
    while (isCssDigit(this.at(0))) this.pos++;
    if (this.at(0) === 0x2e && isCssDigit(this.at(1))) {
      integer = false;
      this.pos += 2;
      while (isCssDigit(this.at(0))) this.pos++;
    }
    const e = this.at(0);
    if (e === 0x65 || e === 0x45) {
      const sign = this.at(1);
      if (isCssDigit(sign) || ((sign === 0x2b || sign === 0x2d) && isCssDigit(this.at(2)))) {
        integer = false;
        this.pos += 2;
        while (isCssDigit(this.at(0))) this.pos++;
      }
    }
    token.number = NumberParseFloat(StringPrototypeSlice(this.text, start, this.pos));
    token.isInteger = integer;
    if (this.identAt(0)) {
      token.type = 'dimension';
      token.value = this.name();
    } else if (this.at(0) === 0x25) {
      this.pos++;
      token.type = 'percentage';
      token.value = '%';
    } else {
      token.type = 'number';
      token.value = '';
    }
  }

  // https://drafts.csswg.org/css-syntax-3/#consume-string-token
  string(token, quote) {
    let out = '';
    let start = this.pos;
    token.type = 'string';
    for (;;) {
      const c = this.at(0);
      if (c === quote || c === -1) {
        token.value = out + StringPrototypeSlice(this.text, start, this.pos);
        if (c !== -1) this.pos++;
        return;
      }
      if (c === 0x0a) {
        token.type = 'badstring';
        token.value = '';
        return;
      }
      if (c === 0x5c) {
        out += StringPrototypeSlice(this.text, start, this.pos);
        this.pos++;
        const d = this.at(0);
        if (d === 0x0a) this.pos++;
        else if (d !== -1) out += this.escape();
        start = this.pos;
      } else this.pos++;
    }
  }

  // https://drafts.csswg.org/css-syntax-3/#consume-url-token
  url(token) {
    token.type = 'url';
    let out = '';
    while (isCssWhite(this.at(0))) this.pos++;
    for (;;) {
      const c = this.at(0);
      if (c === 0x29 || c === -1) {
        if (c !== -1) this.pos++;
        token.value = out;
        return;
      }
      if (isCssWhite(c)) {
        while (isCssWhite(this.at(0))) this.pos++;
        if (this.at(0) === 0x29 || this.at(0) === -1) continue;
        break;
      }
      if (c === 0x22 || c === 0x27 || c === 0x28 || c <= 0x08 || c === 0x0b || (c >= 0x0e && c <= 0x1f) || c === 0x7f) break;
      if (c === 0x5c) {
        if (!this.escapeAt(0)) break;
        this.pos++;
        out += this.escape();
      } else {
        out += this.text[this.pos];
        this.pos++;
      }
    }
    // https://drafts.csswg.org/css-syntax-3/#consume-remnants-of-bad-url
    token.type = 'badurl';
    token.value = '';
    for (;;) {
      const c = this.at(0);
      if (c === -1) return;
      this.pos++;
      if (c === 0x29) return;
      if (c === 0x5c && this.at(0) !== 0x0a) this.escape();
    }
  }

  // https://drafts.csswg.org/css-syntax-3/#consume-token; null for a comment
  token() {
    const start = this.pos;
    const c = this.at(0);
    const token = new CssToken('delim', '', start);
    if (c === 0x2f && this.at(1) === 0x2a) {
      this.pos += 2;
      while (this.pos < this.length && !(this.at(0) === 0x2a && this.at(1) === 0x2f)) this.pos++;
      this.pos = this.pos + 2 < this.length ? this.pos + 2 : this.length;
      return null;
    }
    if (isCssWhite(c)) {
      while (isCssWhite(this.at(0))) this.pos++;
      token.type = 'ws';
      token.value = ' ';
    } else if (c === 0x22 || c === 0x27) {
      this.pos++;
      this.string(token, c);
    } else if (c === 0x23 && ((this.at(1) !== -1 && isNameCode(this.at(1))) || this.escapeAt(1))) {
      this.pos++;
      token.type = 'hash';
      token.isId = this.identAt(0);
      token.value = this.name();
    } else if ((c === 0x2b || c === 0x2e || c === 0x2d || isCssDigit(c)) && this.numberAt(0)) {
      this.numeric(token);
    } else if (c === 0x2d && this.at(1) === 0x2d && this.at(2) === 0x3e) {
      this.pos += 3;
      token.type = 'cdc';
    } else if (c === 0x3c && this.at(1) === 0x21 && this.at(2) === 0x2d && this.at(3) === 0x2d) {
      this.pos += 4;
      token.type = 'cdo';
    } else if (c === 0x40 && this.identAt(1)) {
      this.pos++;
      token.type = 'at';
      token.value = this.name();
    } else if (this.identAt(0)) {
      this.identLike(token);
    } else {
      this.pos++;
      const text = this.text[start];
      token.value = text;
      if (text === ':') token.type = 'colon';
      else if (text === ';') token.type = 'semicolon';
      else if (text === ',') token.type = 'comma';
      else if (text === '[' || text === ']' || text === '(' || text === ')' || text === '{' || text === '}') token.type = text;
    }
    token.end = this.pos;
    return token;
  }

  // https://drafts.csswg.org/css-syntax-3/#consume-ident-like-token
  identLike(token) {
    const name = this.name();
    token.value = name;
    token.type = 'ident';
    if (this.at(0) !== 0x28) return;
    this.pos++;
    token.type = 'function';
    if (name.length !== 3 || StringPrototypeToLowerCase(name) !== 'url') return;
    let i = 0;
    while (isCssWhite(this.at(i))) i++;
    const c = this.at(i);
    if (c !== 0x22 && c !== 0x27) this.url(token);
  }
}

// `text` is preprocessed. The last token is always of type 'eof'.
export function tokenizeCss(text) {
  const tokenizer = new CssTokenizer(text);
  const out = [];
  while (tokenizer.pos < tokenizer.length) {
    const token = tokenizer.token();
    if (token !== null) out[out.length] = token;
  }
  out[out.length] = new CssToken('eof', '', tokenizer.length);
  return out;
}

// https://drafts.csswg.org/cssom/#serialize-an-identifier
export function serializeIdentifier(text) {
  let out = '';
  const first = text.length > 0 ? StringPrototypeCharCodeAt(text, 0) : 0;
  for (let i = 0; i < text.length; i++) {
    const c = StringPrototypeCharCodeAt(text, i);
    if (c === 0) out += '\ufffd';
    else if ((c >= 1 && c <= 0x1f) || c === 0x7f || (isCssDigit(c) && (i === 0 || (i === 1 && first === 0x2d)))) out += escapeCssCode(c);
    else if (c === 0x2d && text.length === 1) out += '\\-';
    else if (isNameCode(c)) out += text[i];
    else out += '\\' + text[i];
  }
  return out;
}

const CSS_HEX_DIGITS = '0123456789abcdef';
function escapeCssCode(c) {
  return '\\' + (c > 15 ? CSS_HEX_DIGITS[c >> 4] : '') + CSS_HEX_DIGITS[c & 15] + ' ';
}

// https://drafts.csswg.org/cssom/#serialize-a-string
export function serializeCssString(text) {
  let out = '"';
  for (let i = 0; i < text.length; i++) {
    const c = StringPrototypeCharCodeAt(text, i);
    if (c === 0) out += '\ufffd';
    else if ((c >= 1 && c <= 0x1f) || c === 0x7f) out += escapeCssCode(c);
    else if (c === 0x22 || c === 0x5c) out += '\\' + text[i];
    else out += text[i];
  }
  return out + '"';
}
