// https://infra.spec.whatwg.org/#forgiving-base64
// atob() and btoa(), and what else needs base64.

import {
  StringFromCharCode, StringPrototypeCharCodeAt, TypedArrayPrototypeGetByteLength, Uint8Array,
} from '../primordials.js';
import { defineInterface } from '../webidl/interface.js';
import { domException } from '../dom/DOMException.js';

const BASE64_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BASE64_VALUES = new Uint8Array(128).fill(255);
for (let i = 0; i < 64; i++) BASE64_VALUES[BASE64_DIGITS.charCodeAt(i)] = i;

export function bytesOfBase64(text) {
  const binary = forgivingBase64(text);
  const out = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) out[i] = StringPrototypeCharCodeAt(binary, i);
  return out;
}

export function base64OfBytes(bytes) {
  const length = TypedArrayPrototypeGetByteLength(bytes);
  let out = '';
  let at = 0;
  for (; at + 2 < length; at += 3) {
    const n = (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2];
    out += BASE64_DIGITS[n >> 18] + BASE64_DIGITS[(n >> 12) & 63] + BASE64_DIGITS[(n >> 6) & 63] + BASE64_DIGITS[n & 63];
  }
  if (at + 1 === length) {
    const n = bytes[at];
    out += BASE64_DIGITS[n >> 2] + BASE64_DIGITS[(n & 3) << 4] + '==';
  } else if (at + 2 === length) {
    const n = (bytes[at] << 8) | bytes[at + 1];
    out += BASE64_DIGITS[n >> 10] + BASE64_DIGITS[(n >> 4) & 63] + BASE64_DIGITS[(n & 15) << 2] + '=';
  }
  return out;
}

// One character per byte.
export function latin1OfBytes(bytes) {
  const length = TypedArrayPrototypeGetByteLength(bytes);
  let out = '';
  for (let i = 0; i < length; i++) out += StringFromCharCode(bytes[i]);
  return out;
}

// https://infra.spec.whatwg.org/#forgiving-base64-decode: a string of one character per byte, or null
export function forgivingBase64(text) {
  // 1-4.
  let kept = '';
  for (let i = 0; i < text.length; i++) {
    const c = StringPrototypeCharCodeAt(text, i);
    if (c !== 0x20 && c !== 0x09 && c !== 0x0A && c !== 0x0C && c !== 0x0D) kept += text[i];
  }
  let { length } = kept;
  if (length % 4 === 0 && length > 0) {
    if (kept[length - 1] === '=') length--;
    if (length % 4 === 3 && kept[length - 1] === '=') length--;
  }
  if (length % 4 === 1) return null;
  // 5-
  let out = '';
  let bits = 0;
  let count = 0;
  for (let i = 0; i < length; i++) {
    const c = StringPrototypeCharCodeAt(kept, i);
    const value = c < 128 ? BASE64_VALUES[c] : 255;
    if (value === 255) return null;
    bits = (bits << 6) | value;
    count += 6;
    if (count === 24) {
      out += StringFromCharCode((bits >> 16) & 255, (bits >> 8) & 255, bits & 255);
      bits = 0;
      count = 0;
    }
  }
  if (count === 12) out += StringFromCharCode((bits >> 4) & 255);
  else if (count === 18) out += StringFromCharCode((bits >> 10) & 255, (bits >> 2) & 255);
  return out;
}

function base64OfLatin1(text) {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const c = StringPrototypeCharCodeAt(text, i);
    if (c > 255) {
      throw domException('InvalidCharacterError', "Failed to execute 'btoa' on 'Window': The string to be encoded contains characters outside of the Latin1 range.");
    }
    bytes[i] = c;
  }
  return base64OfBytes(bytes);
}

// https://html.spec.whatwg.org/multipage/webappapis.html#atob
defineInterface(`
partial interface mixin WindowOrWorkerGlobalScope {
  DOMString btoa(DOMString data);
  ByteString atob(DOMString data);
};
`, {
  btoa: (self, data) => base64OfLatin1(data),
  atob(self, data) {
    const out = forgivingBase64(data);
    if (out === null) throw domException('InvalidCharacterError', "Failed to execute 'atob' on 'Window': The string to be decoded is not correctly encoded.");
    return out;
  },
});
