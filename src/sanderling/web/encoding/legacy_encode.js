// https://encoding.spec.whatwg.org/#legacy-single-byte-encodings and after: encoders, for queries and forms of legacy documents.
import {
  StringPrototypeCharCodeAt, StringPrototypeToLowerCase, TypedArrayPrototypeGetLength, Uint8Array,
} from '../primordials.js';
import { indexPointer } from './indexes.js';
import { inPercentSet, percentByte } from '../url/percent.js';
import { utf8Encode } from '../host.js';

const NO_BYTES = -1;

// Encoders write bytes of `code` to `out` and give NO_BYTES when they cannot.
function encodeSingleByte(name, code, out) {
  if (code < 0x80) return push1(out, code);
  const pointer = indexPointer(StringPrototypeToLowerCase(name), code);
  return pointer < 0 ? NO_BYTES : push1(out, pointer + 0x80);
}

function push1(out, a) {
  out[out.length] = a;
  return 1;
}

function push2(out, a, b) {
  out[out.length] = a;
  out[out.length] = b;
  return 2;
}

// https://encoding.spec.whatwg.org/#gb18030-encoder
const GB_EXCEPTIONS = {
  __proto__: null,
  0xE81E: 0xFE59, 0xE826: 0xFE61, 0xE82B: 0xFE66, 0xE82C: 0xFE67, 0xE832: 0xFE6D, 0xE843: 0xFE7E, 0xE854: 0xFE90, 0xE864: 0xFEA0,
  0xE78D: 0xA6D9, 0xE78E: 0xA6DA, 0xE78F: 0xA6DB, 0xE790: 0xA6DC, 0xE791: 0xA6DD, 0xE792: 0xA6DE, 0xE793: 0xA6DF,
  0xE794: 0xA6EC, 0xE795: 0xA6ED, 0xE796: 0xA6F3,
};

function encodeGb18030(code, out, isGbk) {
  if (code < 0x80) return push1(out, code);
  if (code === 0xE5E5) return NO_BYTES;
  if (isGbk && code === 0x20AC) return push1(out, 0x80);
  const exception = GB_EXCEPTIONS[code];
  if (exception !== undefined) return push2(out, exception >> 8, exception & 0xFF);
  let pointer = indexPointer('gb18030', code);
  if (pointer >= 0) {
    const trail = pointer % 190;
    return push2(out, ((pointer - trail) / 190) + 0x81, trail + (trail < 0x3F ? 0x40 : 0x41));
  }
  if (isGbk) return NO_BYTES;
  pointer = code > 0xFFFF ? 189000 + code - 0x10000 : code === 0xE7C7 ? 7457 : indexPointer('gb18030-ranges', code);
  if (pointer < 0) return NO_BYTES;
  const d = pointer % 10;
  pointer = (pointer - d) / 10;
  const c = pointer % 126;
  pointer = (pointer - c) / 126;
  const b = pointer % 10;
  push2(out, (pointer - b) / 10 + 0x81, b + 0x30);
  return push2(out, c + 0x81, d + 0x30);
}

// https://encoding.spec.whatwg.org/#index-big5-pointer
function big5PrefersLast(code) {
  return code === 0x2550 || code === 0x255E || code === 0x2561 || code === 0x256A || code === 0x5341 || code === 0x5345;
}

function encodeBig5(code, out) {
  if (code < 0x80) return push1(out, code);
  const pointer = indexPointer('big5', code, 'big5', (p) => p >= (0xA1 - 0x81) * 157, big5PrefersLast);
  if (pointer < 0) return NO_BYTES;
  const trail = pointer % 157;
  return push2(out, (pointer - trail) / 157 + 0x81, trail + (trail < 0x3F ? 0x40 : 0x62));
}

function encodeEucKr(code, out) {
  if (code < 0x80) return push1(out, code);
  const pointer = indexPointer('euc-kr', code);
  if (pointer < 0) return NO_BYTES;
  const trail = pointer % 190;
  return push2(out, (pointer - trail) / 190 + 0x81, trail + 0x41);
}

// https://encoding.spec.whatwg.org/#euc-jp-encoder
function encodeEucJp(code, out) {
  if (code < 0x80) return push1(out, code);
  if (code === 0xA5) return push1(out, 0x5C);
  if (code === 0x203E) return push1(out, 0x7E);
  if (code >= 0xFF61 && code <= 0xFF9F) return push2(out, 0x8E, code - 0xFF61 + 0xA1);
  const pointer = indexPointer('jis0208', code === 0x2212 ? 0xFF0D : code);
  if (pointer < 0) return NO_BYTES;
  const trail = pointer % 94;
  return push2(out, (pointer - trail) / 94 + 0xA1, trail + 0xA1);
}

// https://encoding.spec.whatwg.org/#shift_jis-encoder
function encodeShiftJis(code, out) {
  if (code <= 0x80) return push1(out, code);
  if (code === 0xA5) return push1(out, 0x5C);
  if (code === 0x203E) return push1(out, 0x7E);
  if (code >= 0xFF61 && code <= 0xFF9F) return push1(out, code - 0xFF61 + 0xA1);
  const pointer = indexPointer('jis0208', code === 0x2212 ? 0xFF0D : code, 'shift_jis', (p) => p < 8272 || p > 8835);
  if (pointer < 0) return NO_BYTES;
  const trail = pointer % 188;
  const lead = (pointer - trail) / 188;
  return push2(out, lead + (lead < 0x1F ? 0x81 : 0xC1), trail + (trail < 0x3F ? 0x40 : 0x41));
}

// https://encoding.spec.whatwg.org/#index-iso-2022-jp-katakana: half-width katakana become full-width ones.
const FULL_KATAKANA = '\u3002\u300C\u300D\u3001\u30FB\u30F2\u30A1\u30A3\u30A5\u30A7\u30A9\u30E3\u30E5\u30E7\u30C3\u30FC\u30A2\u30A4\u30A6\u30A8'
  + '\u30AA\u30AB\u30AD\u30AF\u30B1\u30B3\u30B5\u30B7\u30B9\u30BB\u30BD\u30BF\u30C1\u30C4\u30C6\u30C8\u30CA\u30CB\u30CC\u30CD\u30CE\u30CF\u30D2'
  + '\u30D5\u30D8\u30DB\u30DE\u30DF\u30E0\u30E1\u30E2\u30E4\u30E6\u30E8\u30E9\u30EA\u30EB\u30EC\u30ED\u30EF\u30F3\u309B\u309C';

// https://encoding.spec.whatwg.org/#iso-2022-jp-encoder
class Iso2022JpEncoder {
  constructor() {
    this.state = 0;            // 0 ASCII, 1 Roman, 2 jis0208
  }

  switchTo(state, out) {
    if (this.state === state) return;
    this.state = state;
    push1(out, 0x1B);
    if (state === 2) push2(out, 0x24, 0x42);
    else push2(out, 0x28, state === 0 ? 0x42 : 0x4A);
  }

  encode(code, out) {
    // 3. These would end or begin an escape sequence.
    if ((this.state === 0 || this.state === 1) && (code === 0x0E || code === 0x0F || code === 0x1B)) {
      return NO_BYTES;
    }
    if (this.state === 0 && code < 0x80) return push1(out, code);
    if (this.state === 1 && ((code < 0x80 && code !== 0x5C && code !== 0x7E) || code === 0xA5 || code === 0x203E)) {
      return push1(out, code === 0xA5 ? 0x5C : code === 0x203E ? 0x7E : code);
    }
    if (code < 0x80) {
      this.switchTo(0, out);
      return this.encode(code, out);
    }
    if (code === 0xA5 || code === 0x203E) {
      this.switchTo(1, out);
      return this.encode(code, out);
    }
    let c = code === 0x2212 ? 0xFF0D : code;
    if (c >= 0xFF61 && c <= 0xFF9F) c = StringPrototypeCharCodeAt(FULL_KATAKANA, c - 0xFF61);
    const pointer = indexPointer('jis0208', c);
    if (pointer < 0) {
      // 12. The error's text is ASCII.
      if (this.state === 2) this.switchTo(0, out);
      return NO_BYTES;
    }
    this.switchTo(2, out);
    const trail = pointer % 94;
    return push2(out, (pointer - trail) / 94 + 0x21, trail + 0x21);
  }

  finish(out) {
    this.switchTo(0, out);
  }
}

function encodeWith(encoding, code, out, stateful) {
  switch (encoding) {
    case 'GBK': return encodeGb18030(code, out, true);
    case 'gb18030': return encodeGb18030(code, out, false);
    case 'Big5': return encodeBig5(code, out);
    case 'EUC-KR': return encodeEucKr(code, out);
    case 'EUC-JP': return encodeEucJp(code, out);
    case 'Shift_JIS': return encodeShiftJis(code, out);
    case 'ISO-2022-JP': return stateful.encode(code, out);
    case 'x-user-defined': return code < 0x80 ? push1(out, code) : code >= 0xF780 && code <= 0xF7FF ? push1(out, code - 0xF780 + 0x80) : NO_BYTES;
    default: return encodeSingleByte(encoding, code, out);
  }
}

// Calls `bytes(list)` for runs that could be encoded and `fails(code)` for code points that could not.
function encodeRuns(text, encoding, bytes, fails) {
  const stateful = encoding === 'ISO-2022-JP' ? new Iso2022JpEncoder() : null;
  let out = [];
  for (let i = 0; i < text.length; i++) {
    let c = StringPrototypeCharCodeAt(text, i);
    if (c >= 0xD800 && c <= 0xDFFF) {
      const low = i + 1 < text.length ? StringPrototypeCharCodeAt(text, i + 1) : 0;
      if (c <= 0xDBFF && low >= 0xDC00 && low <= 0xDFFF) {
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        i++;
      } else {
        c = 0xFFFD;
      }
    }
    if (encodeWith(encoding, c, out, stateful) === NO_BYTES) {
      if (stateful !== null && (c === 0x0E || c === 0x0F || c === 0x1B)) c = 0xFFFD;
      bytes(out);
      out = [];
      fails(c);
    }
  }
  if (stateful !== null) stateful.finish(out);
  bytes(out);
}

// https://url.spec.whatwg.org/#string-percent-encode-after-encoding
export function percentEncodeAfterEncoding(text, encoding, set) {
  let result = '';
  encodeRuns(text, encoding, (list) => {
    for (let i = 0; i < list.length; i++) {
      const b = list[i];
      result += b > 0x7E || inPercentSet(b, set) ? percentByte(b) : charOf(b);
    }
  }, (code) => {
    // 5.5. A numeric character reference, encoded.
    result += '%26%23' + code + '%3B';
  });
  return result;
}

const ASCII_TEXT = ' !"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~';

function charOf(b) {
  return ASCII_TEXT[b - 0x20];
}

// https://encoding.spec.whatwg.org/#encode, with error mode "html": for multipart and text/plain forms.
export function encodeText(text, encoding) {
  if (encoding === 'UTF-8') return utf8Encode(text);
  const list = [];
  encodeRuns(text, encoding, (run) => {
    for (let i = 0; i < run.length; i++) list[list.length] = run[i];
  }, (code) => {
    const reference = '&#' + code + ';';
    for (let i = 0; i < reference.length; i++) list[list.length] = StringPrototypeCharCodeAt(reference, i);
  });
  const bytes = new Uint8Array(list.length);
  for (let i = 0; i < TypedArrayPrototypeGetLength(bytes); i++) bytes[i] = list[i];
  return bytes;
}
