// https://w3c.github.io/server-timing/#the-server-timing-header-field

import { NumberParseFloat, StringPrototypeCharCodeAt, StringPrototypeSlice, StringPrototypeToLowerCase } from '../primordials.js';
import { isHeaderToken } from '../fetch/headers_list.js';
import { PerformanceServerTimingImpl } from './PerformanceServerTiming.js';

class ServerTimingScanner {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  skipBlank() {
    while (this.at < this.text.length && (this.text[this.at] === ' ' || this.text[this.at] === '\t')) this.at++;
  }

  takes(mark) {
    this.skipBlank();
    if (this.text[this.at] !== mark) return false;
    this.at++;
    return true;
  }

  token() {
    this.skipBlank();
    const from = this.at;
    while (this.at < this.text.length && isTokenEnd(StringPrototypeCharCodeAt(this.text, this.at)) === false) this.at++;
    const token = StringPrototypeSlice(this.text, from, this.at);
    return token !== '' && isHeaderToken(token) ? token : '';
  }

  // A token or a quoted string; null for one that does not end.
  value() {
    this.skipBlank();
    if (this.text[this.at] !== '"') return this.token();
    let out = '';
    for (this.at++; this.at < this.text.length; this.at++) {
      const char = this.text[this.at];
      if (char === '"') {
        this.at++;
        return out;
      }
      if (char === '\\') {
        this.at++;
        if (this.at >= this.text.length) return null;
      }
      out += this.text[this.at];
    }
    return null;
  }

  // Whatever stands before the next of `marks` means nothing.
  skipTo(marks) {
    while (this.at < this.text.length && marks[this.text[this.at]] !== true) this.at++;
  }
}

const ENTRY_ENDS = { __proto__: null, ',': true };
const PARAMETER_ENDS = { __proto__: null, ',': true, ';': true };

function isTokenEnd(code) {
  return code <= 0x20 || code === 0x22 || code === 0x2c || code === 0x3b || code === 0x3d;
}

// https://w3c.github.io/server-timing/#the-server-timing-header-field: the first parameter of a name counts, others mean nothing.
export function parseServerTiming(text) {
  const out = [];
  const scanner = new ServerTimingScanner(text);
  while (scanner.at < text.length) {
    const name = scanner.token();
    if (name === '') {
      scanner.skipTo(ENTRY_ENDS);
      scanner.at++;
      continue;
    }
    const entry = new PerformanceServerTimingImpl(name);
    const seen = { __proto__: null };
    scanner.skipTo(PARAMETER_ENDS);
    while (scanner.takes(';')) {
      const parameter = StringPrototypeToLowerCase(scanner.token());
      const value = scanner.takes('=') ? scanner.value() : '';
      scanner.skipTo(PARAMETER_ENDS);
      if (parameter === '' || seen[parameter] === true) continue;
      seen[parameter] = true;
      if (value === null) continue;
      if (parameter === 'dur') {
        const number = NumberParseFloat(value);
        entry.duration = number === number ? number : 0;
      } else if (parameter === 'desc') entry.description = value;
    }
    out[out.length] = entry;
    scanner.skipTo(ENTRY_ENDS);
    scanner.at++;
  }
  return out;
}
