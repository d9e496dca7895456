// https://url.spec.whatwg.org/#percent-encoded-bytes
// Percent-encode percentSets, percent-encoding of strings and percent-decoding, all on UTF-8.

import { NumberPrototypeToString, StringPrototypeCharCodeAt, StringPrototypeSlice, StringPrototypeToUpperCase, Uint8Array, TypedArrayPrototypeGetLength } from '../primordials.js';
import { utf8Encode } from '../host.js';
import { utf8DecodeLossy } from '../encoding/utf8.js';

// One bit per set; a set is a bit of the table below.
export const C0_CONTROL_SET = 1;
export const FRAGMENT_SET = 2;
export const QUERY_SET = 4;
export const SPECIAL_QUERY_SET = 8;
export const PATH_SET = 16;
export const USERINFO_SET = 32;
export const COMPONENT_SET = 64;
export const FORM_SET = 128;

const percentSets = new Uint8Array(128);
const percentPairs = [];

function fillPercentSets() {
  const add = (characters, bits) => {
    for (let i = 0; i < characters.length; i++) percentSets[StringPrototypeCharCodeAt(characters, i)] |= bits;
  };
  for (let c = 0; c < 128; c++) if (c < 0x20 || c === 0x7F) percentSets[c] = 0xFF;
  const fromUserinfo = USERINFO_SET | COMPONENT_SET | FORM_SET;
  const fromPath = PATH_SET | fromUserinfo;
  add(' "<>`', FRAGMENT_SET);
  add(' "#<>', QUERY_SET | SPECIAL_QUERY_SET | fromPath);
  add("'", SPECIAL_QUERY_SET);
  add('?^`{}', fromPath);
  add('/:;=@[\\]|', fromUserinfo);
  add('$%&+,', COMPONENT_SET | FORM_SET);
  add("!'()~", FORM_SET);
  for (let b = 0; b < 256; b++) percentPairs[b] = '%' + (b < 16 ? '0' : '') + StringPrototypeToUpperCase(NumberPrototypeToString(b, 16));
}
fillPercentSets();

export function percentByte(b) {
  return percentPairs[b];
}

export function inPercentSet(code, set) {
  return code > 0x7E || (percentSets[code] & set) !== 0;
}

// https://url.spec.whatwg.org/#string-utf-8-percent-encode
// `text` is a scalar value string. Unchanged runs are kept as slices.
export function utf8PercentEncode(text, set) {
  let out = '';
  let kept = 0;
  const length = text.length;
  for (let i = 0; i < length; i++) {
    let c = StringPrototypeCharCodeAt(text, i);
    if (c < 0x80 && (percentSets[c] & set) === 0) continue;
    if (kept < i) out += StringPrototypeSlice(text, kept, i);
    if (c < 0x80) {
      out += percentPairs[c];
    } else if (c < 0x800) {
      out += percentPairs[0xC0 | (c >> 6)] + percentPairs[0x80 | (c & 0x3F)];
    } else {
      if (c >= 0xD800 && c <= 0xDFFF) {
        const low = i + 1 < length ? StringPrototypeCharCodeAt(text, i + 1) : 0;
        if (c <= 0xDBFF && low >= 0xDC00 && low <= 0xDFFF) {
          c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
          i++;
        } else {
          c = 0xFFFD;
        }
      }
      if (c < 0x10000) out += percentPairs[0xE0 | (c >> 12)];
      else out += percentPairs[0xF0 | (c >> 18)] + percentPairs[0x80 | ((c >> 12) & 0x3F)];
      out += percentPairs[0x80 | ((c >> 6) & 0x3F)] + percentPairs[0x80 | (c & 0x3F)];
    }
    kept = i + 1;
  }
  if (kept === 0) return text;
  return kept < length ? out + StringPrototypeSlice(text, kept) : out;
}

export function hexValue(code) {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code >= 0x41 && code <= 0x46) return code - 0x37;
  if (code >= 0x61 && code <= 0x66) return code - 0x57;
  return -1;
}

// https://url.spec.whatwg.org/#percent-decode
// Gives the number of bytes written to `out`, which may be `bytes` itself.
function percentDecodeInto(bytes, out, plusAsSpace) {
  const length = TypedArrayPrototypeGetLength(bytes);
  let n = 0;
  for (let i = 0; i < length; i++) {
    let b = bytes[i];
    if (b === 0x25 && i + 2 < length) {
      const high = hexValue(bytes[i + 1]);
      const low = hexValue(bytes[i + 2]);
      if (high >= 0 && low >= 0) {
        b = high * 16 + low;
        i += 2;
      }
    } else if (b === 0x2B && plusAsSpace) {
      b = 0x20;
    }
    out[n++] = b;
  }
  return n;
}

export function percentDecode(bytes) {
  const buffer = new Uint8Array(TypedArrayPrototypeGetLength(bytes));
  const n = percentDecodeInto(bytes, buffer, false);
  const out = new Uint8Array(n);
  for (let i = 0; i < n; i++) out[i] = buffer[i];
  return out;
}

export function percentDecodeString(text) {
  return percentDecode(utf8Encode(text));
}

function hasEitherCode(text, code, code2) {
  for (let i = 0; i < text.length; i++) {
    const c = StringPrototypeCharCodeAt(text, i);
    if (c === code || c === code2) return true;
  }
  return false;
}

// UTF-8 decode without BOM of the percent-decoding.
export function percentDecodeToString(text) {
  if (!hasEitherCode(text, 0x25, 0x25)) return text;
  const bytes = utf8Encode(text);
  return utf8DecodeLossy(bytes, 0, percentDecodeInto(bytes, bytes, false));
}

// https://url.spec.whatwg.org/#concept-urlencoded-parser, step 3.4 and 3.5
export function decodeFormComponent(text) {
  if (!hasEitherCode(text, 0x25, 0x2B)) return text;
  const bytes = utf8Encode(text);
  return utf8DecodeLossy(bytes, 0, percentDecodeInto(bytes, bytes, true));
}
