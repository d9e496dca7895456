// https://encoding.spec.whatwg.org/#utf-8
// UTF-8 in JavaScript for short pieces; long ones go through the engine.

import {
  ReflectApply, StringFromCharCode, StringPrototypeCharCodeAt, TypedArrayPrototypeGetLength, TypedArrayPrototypeSubarray,
} from '../primordials.js';
import { utf8Decode } from '../host.js';

const SHORT_BYTES = 64;    // below this a loop beats the call into the engine

// The standard's "UTF-8 decode without BOM" of bytes[start, end): lossy, and a byte order mark stays.
export function utf8DecodeLossy(bytes, start, end) {
  if (end - start <= SHORT_BYTES) {
    const units = [];
    let ascii = true;
    for (let i = start; i < end; i++) {
      const b = bytes[i];
      if (b >= 0x80) {
        ascii = false;
        break;
      }
      units[units.length] = b;
    }
    if (ascii) return ReflectApply(StringFromCharCode, null, units);
  }
  const view = start === 0 && end === TypedArrayPrototypeGetLength(bytes) ? bytes : TypedArrayPrototypeSubarray(bytes, start, end);
  // The engine drops a byte order mark.
  const mark = end - start >= 3 && bytes[start] === 0xEF && bytes[start + 1] === 0xBB && bytes[start + 2] === 0xBF;
  return mark ? '\uFEFF' + utf8Decode(view) : utf8Decode(view);
}

// "UTF-8 decode": a byte order mark goes.
export function utf8DecodeText(bytes) {
  return utf8Decode(bytes);
}

// The number of bytes of the encoding of `text`; lone surrogates count as U+FFFD.
export function utf8Length(text) {
  let n = 0;
  for (let i = 0; i < text.length; i++) {
    const c = StringPrototypeCharCodeAt(text, i);
    if (c < 0x80) n++;
    else if (c < 0x800) n += 2;
    else if (c >= 0xD800 && c <= 0xDBFF && i + 1 < text.length) {
      const low = StringPrototypeCharCodeAt(text, i + 1);
      if (low >= 0xDC00 && low <= 0xDFFF) {
        n += 4;
        i++;
      } else n += 3;
    } else n += 3;
  }
  return n;
}

// https://encoding.spec.whatwg.org/#dom-textencoder-encodeinto
// Writes whole scalar values; gives [code units read, bytes written].
export function utf8EncodeInto(text, target) {
  const room = TypedArrayPrototypeGetLength(target);
  let read = 0;
  let written = 0;
  for (let i = 0; i < text.length; i++) {
    let c = StringPrototypeCharCodeAt(text, i);
    if (c < 0x80) {
      if (written + 1 > room) break;
      target[written++] = c;
    } else if (c < 0x800) {
      if (written + 2 > room) break;
      target[written++] = 0xC0 | (c >> 6);
      target[written++] = 0x80 | (c & 0x3F);
    } else {
      let units = 1;
      if (c >= 0xD800 && c <= 0xDFFF) {
        const low = i + 1 < text.length ? StringPrototypeCharCodeAt(text, i + 1) : 0;
        if (c <= 0xDBFF && low >= 0xDC00 && low <= 0xDFFF) {
          c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
          units = 2;
        } else {
          c = 0xFFFD;
        }
      }
      if (c < 0x10000) {
        if (written + 3 > room) break;
        target[written++] = 0xE0 | (c >> 12);
      } else {
        if (written + 4 > room) break;
        target[written++] = 0xF0 | (c >> 18);
        target[written++] = 0x80 | ((c >> 12) & 0x3F);
      }
      target[written++] = 0x80 | ((c >> 6) & 0x3F);
      target[written++] = 0x80 | (c & 0x3F);
      if (units === 2) i++;
    }
    read = i + 1;
  }
  return [read, written];
}
