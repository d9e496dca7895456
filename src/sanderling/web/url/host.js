// https://url.spec.whatwg.org/#host-parsing
// Hosts are kept in their serialised form: 'example.org', '127.0.0.1', '[::1]', or '' (the empty host).

import { MathFloor, NumberPrototypeToString, StringPrototypeCharCodeAt, StringPrototypeSlice, StringPrototypeToLowerCase, Uint8Array } from '../primordials.js';
import { hostCall } from '../host.js';
import { C0_CONTROL_SET, hexValue, percentDecodeToString, utf8PercentEncode } from './percent.js';

const FORBIDDEN_HOST = 1;
const FORBIDDEN_DOMAIN = 2;
const forbiddenCodes = new Uint8Array(128);

function fillForbidden() {
  const host = '\0\t\n\r #/:<>?@[\\]^|';
  for (let i = 0; i < host.length; i++) forbiddenCodes[StringPrototypeCharCodeAt(host, i)] = FORBIDDEN_HOST | FORBIDDEN_DOMAIN;
  for (let c = 0; c < 0x20; c++) forbiddenCodes[c] |= FORBIDDEN_DOMAIN;
  forbiddenCodes[0x25] |= FORBIDDEN_DOMAIN;
  forbiddenCodes[0x7F] |= FORBIDDEN_DOMAIN;
}
fillForbidden();

function hasForbiddenCode(text, kind) {
  for (let i = 0; i < text.length; i++) {
    const c = StringPrototypeCharCodeAt(text, i);
    if (c < 0x80 && (forbiddenCodes[c] & kind) !== 0) return true;
  }
  return false;
}

// https://url.spec.whatwg.org/#concept-host-parser
// Gives null on failure.
export function parseHost(input, isOpaque) {
  // 1.
  if (input[0] === '[') {
    if (input[input.length - 1] !== ']') return null;
    const pieces = parseIPv6(StringPrototypeSlice(input, 1, input.length - 1));
    return pieces === null ? null : '[' + serializeIPv6(pieces) + ']';
  }
  // 2.
  if (isOpaque) return hasForbiddenCode(input, FORBIDDEN_HOST) ? null : utf8PercentEncode(input, C0_CONTROL_SET);
  // 4-6.
  const ascii = domainToASCII(percentDecodeToString(input));
  if (ascii === null || hasForbiddenCode(ascii, FORBIDDEN_DOMAIN)) return null;
  // 7.
  if (endsInNumber(ascii)) return parseIPv4(ascii);
  return ascii;
}

// https://url.spec.whatwg.org/#concept-domain-to-ascii
function domainToASCII(domain) {
  // Fast path of the standard: ASCII without an A-label needs no mapping table.
  let plain = domain.length > 0;
  let labelStart = true;
  for (let i = 0; i < domain.length; i++) {
    const c = StringPrototypeCharCodeAt(domain, i);
    if (c >= 0x80) {
      plain = false;
      break;
    }
    if (labelStart && (c === 0x78 || c === 0x58) && StringPrototypeToLowerCase(StringPrototypeSlice(domain, i, i + 4)) === 'xn--') {
      plain = false;
      break;
    }
    labelStart = c === 0x2E;
  }
  if (domain === '') return null;
  if (plain) return StringPrototypeToLowerCase(domain);
  return hostCall('url.domain_to_ascii', { __proto__: null, domain });
}

// https://url.spec.whatwg.org/#ends-in-a-number-checker
function endsInNumber(text) {
  let end = text.length;
  if (text[end - 1] === '.') {
    if (end === 1) return false;
    end--;
  }
  let start = end;
  while (start > 0 && text[start - 1] !== '.') start--;
  if (start === end) return false;
  let digits = true;
  for (let i = start; i < end; i++) {
    const c = StringPrototypeCharCodeAt(text, i);
    if (c < 0x30 || c > 0x39) {
      digits = false;
      break;
    }
  }
  return digits || parseIPv4Number(StringPrototypeSlice(text, start, end)) >= 0;
}

// https://url.spec.whatwg.org/#ipv4-number-parser
function parseIPv4Number(text) {
  if (text === '') return -1;
  let radix = 10;
  let i = 0;
  if (text.length >= 2 && text[0] === '0') {
    if (text[1] === 'x' || text[1] === 'X') {
      radix = 16;
      i = 2;
    } else {
      radix = 8;
      i = 1;
    }
  }
  let value = 0;
  for (; i < text.length; i++) {
    const digit = hexValue(StringPrototypeCharCodeAt(text, i));
    if (digit < 0 || digit >= radix) return -1;
    value = value * radix + digit;
  }
  return value;
}

// https://url.spec.whatwg.org/#concept-ipv4-parser
function parseIPv4(input) {
  // 1-2.
  let end = input.length;
  if (input[end - 1] === '.' && end > 1) end--;
  const numbers = [];
  let start = 0;
  for (let i = 0; i <= end; i++) {
    if (i < end && input[i] !== '.') continue;
    // 4., 6.
    if (numbers.length === 4) return null;
    const value = parseIPv4Number(StringPrototypeSlice(input, start, i));
    if (value < 0) return null;
    numbers[numbers.length] = value;
    start = i + 1;
  }
  // 8-9.
  for (let i = 0; i < numbers.length - 1; i++) if (numbers[i] > 255) return null;
  let last = numbers[numbers.length - 1];
  if (last >= 256 ** (5 - numbers.length)) return null;
  // 10-13. and the serializer
  let out = '';
  for (let i = 0; i < numbers.length - 1; i++) out += numbers[i] + '.';
  for (let i = 4 - numbers.length; i >= 0; i--) {
    const unit = 256 ** i;
    const part = MathFloor(last / unit);
    last -= part * unit;
    out += i === 0 ? part : part + '.';
  }
  return out;
}

// https://url.spec.whatwg.org/#concept-ipv6-parser
function parseIPv6(input) {
  const address = [0, 0, 0, 0, 0, 0, 0, 0];
  let piece = 0;
  let compress = -1;
  let p = 0;
  const length = input.length;
  // 5.
  if (input[0] === ':') {
    if (input[1] !== ':') return null;
    p = 2;
    piece++;
    compress = piece;
  }
  // 6.
  while (p < length) {
    if (piece === 8) return null;
    if (input[p] === ':') {
      if (compress !== -1) return null;
      p++;
      piece++;
      compress = piece;
      continue;
    }
    let value = 0;
    let count = 0;
    while (count < 4 && p < length) {
      const digit = hexValue(StringPrototypeCharCodeAt(input, p));
      if (digit < 0) break;
      value = value * 16 + digit;
      p++;
      count++;
    }
    // 6.5.
    if (input[p] === '.') {
      if (count === 0) return null;
      p -= count;
      if (piece > 6) return null;
      let seen = 0;
      while (p < length) {
        let part = -1;
        if (seen > 0) {
          if (input[p] !== '.' || seen >= 4) return null;
          p++;
        }
        if (p >= length || !isIpDigit(input, p)) return null;
        while (p < length && isIpDigit(input, p)) {
          const digit = StringPrototypeCharCodeAt(input, p) - 0x30;
          if (part === -1) part = digit;
          else if (part === 0) return null;
          else part = part * 10 + digit;
          if (part > 255) return null;
          p++;
        }
        address[piece] = address[piece] * 256 + part;
        seen++;
        if (seen === 2 || seen === 4) piece++;
      }
      if (seen !== 4) return null;
      break;
    }
    // 6.6-6.7.
    if (input[p] === ':') {
      p++;
      if (p >= length) return null;
    } else if (p < length) {
      return null;
    }
    address[piece] = value;
    piece++;
  }
  // 7-8.
  if (compress !== -1) {
    let swaps = piece - compress;
    piece = 7;
    while (piece !== 0 && swaps > 0) {
      const other = compress + swaps - 1;
      const value = address[other];
      address[other] = address[piece];
      address[piece] = value;
      piece--;
      swaps--;
    }
  } else if (piece !== 8) {
    return null;
  }
  return address;
}

function isIpDigit(text, i) {
  const c = StringPrototypeCharCodeAt(text, i);
  return c >= 0x30 && c <= 0x39;
}

// https://url.spec.whatwg.org/#concept-ipv6-serializer
function serializeIPv6(address) {
  // The first longest run of zeros that is longer than one.
  let best = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let n = 0;
    while (i + n < 8 && address[i + n] === 0) n++;
    if (n > bestLength) {
      best = i;
      bestLength = n;
    }
    i += n;
  }
  let out = '';
  for (let i = 0; i < 8; i++) {
    if (i === best) {
      out += i === 0 ? '::' : ':';
      i += bestLength - 1;
      continue;
    }
    out += NumberPrototypeToString(address[i], 16);
    if (i !== 7) out += ':';
  }
  return out;
}
