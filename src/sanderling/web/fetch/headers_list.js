// https://fetch.spec.whatwg.org/#headers
// Header lists: arrays of [name, value] in their original case; names compare without case.

import { ArrayPrototypeSort, SafeMap, SafeSet, StringPrototypeCharCodeAt, StringPrototypeSlice, StringPrototypeStartsWith, StringPrototypeToLowerCase, StringPrototypeToUpperCase } from '../primordials.js';

// RFC 9110, 5.6.2: token
export function isHeaderToken(text) {
  if (text.length === 0) return false;
  for (let i = 0; i < text.length; i++) {
    const c = StringPrototypeCharCodeAt(text, i);
    if ((c >= 0x61 && c <= 0x7A) || (c >= 0x41 && c <= 0x5A) || (c >= 0x30 && c <= 0x39)) continue;
    switch (c) {
      case 0x21: case 0x23: case 0x24: case 0x25: case 0x26: case 0x27: case 0x2A: case 0x2B: case 0x2D: case 0x2E: case 0x5E: case 0x5F: case 0x60: case 0x7C: case 0x7E: continue;
      default: return false;
    }
  }
  return true;
}

function isHTTPWhitespace(c) {
  return c === 0x20 || c === 0x09 || c === 0x0A || c === 0x0D;
}

// https://fetch.spec.whatwg.org/#concept-header-value-normalize
export function normalHeaderValue(value) {
  let start = 0;
  let end = value.length;
  while (start < end && isHTTPWhitespace(StringPrototypeCharCodeAt(value, start))) start++;
  while (end > start && isHTTPWhitespace(StringPrototypeCharCodeAt(value, end - 1))) end--;
  return start === 0 && end === value.length ? value : StringPrototypeSlice(value, start, end);
}

// https://fetch.spec.whatwg.org/#header-value, of a normalised one
export function isHeaderValue(value) {
  for (let i = 0; i < value.length; i++) {
    const c = StringPrototypeCharCodeAt(value, i);
    if (c === 0 || c === 0x0A || c === 0x0D) return false;
  }
  return true;
}

export function getHeader(list, name) {
  const lower = StringPrototypeToLowerCase(name);
  let out = null;
  for (let i = 0; i < list.length; i++) {
    if (StringPrototypeToLowerCase(list[i][0]) !== lower) continue;
    out = out === null ? list[i][1] : out + ', ' + list[i][1];
  }
  return out;
}

export function hasHeader(list, name) {
  const lower = StringPrototypeToLowerCase(name);
  for (let i = 0; i < list.length; i++) if (StringPrototypeToLowerCase(list[i][0]) === lower) return true;
  return false;
}

// https://fetch.spec.whatwg.org/#concept-header-list-append: a new name takes the case of the one that is there
export function appendHeader(list, name, value) {
  const lower = StringPrototypeToLowerCase(name);
  for (let i = 0; i < list.length; i++) {
    if (StringPrototypeToLowerCase(list[i][0]) === lower) {
      list[list.length] = [list[i][0], value];
      return;
    }
  }
  list[list.length] = [name, value];
}

export function deleteHeader(list, name) {
  const lower = StringPrototypeToLowerCase(name);
  let kept = 0;
  for (let i = 0; i < list.length; i++) if (StringPrototypeToLowerCase(list[i][0]) !== lower) list[kept++] = list[i];
  list.length = kept;
}

export function setHeader(list, name, value) {
  const lower = StringPrototypeToLowerCase(name);
  let kept = 0;
  let placed = false;
  for (let i = 0; i < list.length; i++) {
    const entry = list[i];
    if (StringPrototypeToLowerCase(entry[0]) !== lower) list[kept++] = entry;
    else if (!placed) {
      placed = true;
      list[kept++] = [entry[0], value];
    }
  }
  list.length = kept;
  if (!placed) list[kept] = [name, value];
}

export function copyHeaderList(list) {
  const out = [];
  for (let i = 0; i < list.length; i++) out[i] = [list[i][0], list[i][1]];
  return out;
}

// https://fetch.spec.whatwg.org/#concept-header-list-sort-and-combine
export function sortedHeaders(list) {
  const names = [];
  const values = new SafeMap();        // of a name, combined; of set-cookie, each
  for (let i = 0; i < list.length; i++) {
    const lower = StringPrototypeToLowerCase(list[i][0]);
    const before = values.get(lower);
    if (before === undefined) names[names.length] = lower;
    if (lower !== 'set-cookie') values.set(lower, before === undefined ? list[i][1] : before + ', ' + list[i][1]);
    else if (before === undefined) values.set(lower, [list[i][1]]);
    else before[before.length] = list[i][1];
  }
  ArrayPrototypeSort(names);
  const out = [];
  for (let i = 0; i < names.length; i++) {
    const value = values.get(names[i]);
    if (names[i] !== 'set-cookie') out[out.length] = [names[i], value];
    else for (let j = 0; j < value.length; j++) out[out.length] = ['set-cookie', value[j]];
  }
  return out;
}

const FORBIDDEN_HEADERS = new SafeSet([
  'accept-charset', 'accept-encoding', 'access-control-request-headers', 'access-control-request-method', 'access-control-request-private-network', 'connection',
  'content-length', 'cookie', 'cookie2', 'date', 'dnt', 'expect', 'host', 'keep-alive', 'origin', 'referer', 'set-cookie', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'via',
]);

// https://fetch.spec.whatwg.org/#forbidden-request-header
export function isForbiddenRequestHeader(name, value) {
  const lower = StringPrototypeToLowerCase(name);
  if (FORBIDDEN_HEADERS.has(lower) || StringPrototypeStartsWith(lower, 'proxy-') || StringPrototypeStartsWith(lower, 'sec-')) return true;
  if (lower === 'x-http-method' || lower === 'x-http-method-override' || lower === 'x-method-override') {
    const methods = splitOnCommas(value);
    for (let i = 0; i < methods.length; i++) if (isForbiddenMethod(methods[i])) return true;
  }
  return false;
}

export function isForbiddenResponseHeader(name) {
  const lower = StringPrototypeToLowerCase(name);
  return lower === 'set-cookie' || lower === 'set-cookie2';
}

export function isForbiddenMethod(method) {
  const upper = StringPrototypeToUpperCase(method);
  return upper === 'CONNECT' || upper === 'TRACE' || upper === 'TRACK';
}

// https://fetch.spec.whatwg.org/#concept-method-normalize
export function normalMethod(method) {
  const upper = StringPrototypeToUpperCase(method);
  switch (upper) {
    case 'DELETE': case 'GET': case 'HEAD': case 'OPTIONS': case 'POST': case 'PUT': return upper;
    default: return method;
  }
}

// https://fetch.spec.whatwg.org/#header-value-get-decode-and-split, of one value
export function splitOnCommas(value) {
  const out = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i <= value.length; i++) {
    const c = i < value.length ? StringPrototypeCharCodeAt(value, i) : 0x2C;
    if (i < value.length && c === 0x22) quoted = !quoted;
    else if (quoted && c === 0x5C) i++;
    else if (c === 0x2C && (!quoted || i >= value.length)) {
      out[out.length] = normalHeaderValue(StringPrototypeSlice(value, start, i));
      start = i + 1;
    }
  }
  return out;
}

// https://fetch.spec.whatwg.org/#cors-safelisted-request-header, as far as mode "no-cors" asks for it
export function isNoCorsSafelisted(name, value) {
  const lower = StringPrototypeToLowerCase(name);
  if (value.length > 128) return false;
  if (lower === 'accept') return !hasUnsafeByte(value);
  if (lower === 'accept-language' || lower === 'content-language') {
    for (let i = 0; i < value.length; i++) {
      const c = StringPrototypeCharCodeAt(value, i);
      const fine = (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x5A) || (c >= 0x61 && c <= 0x7A) || c === 0x20 || c === 0x2A || c === 0x2C || c === 0x2D || c === 0x2E || c === 0x3B || c === 0x3D;
      if (!fine) return false;
    }
    return true;
  }
  if (lower === 'content-type') {
    if (hasUnsafeByte(value)) return false;
    const type = mimeEssence(value);
    return type === 'application/x-www-form-urlencoded' || type === 'multipart/form-data' || type === 'text/plain';
  }
  return false;
}

function hasUnsafeByte(value) {
  for (let i = 0; i < value.length; i++) {
    const c = StringPrototypeCharCodeAt(value, i);
    if (c < 0x20 && c !== 9) return true;
    switch (c) {
      case 0x22: case 0x28: case 0x29: case 0x3A: case 0x3C: case 0x3E: case 0x3F: case 0x40: case 0x5B: case 0x5C: case 0x5D: case 0x7B: case 0x7D: case 0x7F: return true;
      default:
    }
  }
  return false;
}

// https://mimesniff.spec.whatwg.org/#mime-type-essence of the text of a MIME type, or '' when it does not parse
export function mimeEssence(text) {
  let end = 0;
  while (end < text.length && StringPrototypeCharCodeAt(text, end) !== 0x3B) end++;
  const essence = StringPrototypeToLowerCase(normalHeaderValue(StringPrototypeSlice(text, 0, end)));
  let slash = 0;
  while (slash < essence.length && StringPrototypeCharCodeAt(essence, slash) !== 0x2F) slash++;
  return isHeaderToken(StringPrototypeSlice(essence, 0, slash)) && isHeaderToken(StringPrototypeSlice(essence, slash + 1)) ? essence : '';
}

// https://mimesniff.spec.whatwg.org/#http-quoted-string-token-code-point
function isQuotedStringText(text) {
  for (let i = 0; i < text.length; i++) {
    const c = StringPrototypeCharCodeAt(text, i);
    if (!(c === 9 || (c >= 0x20 && c <= 0x7E) || (c >= 0x80 && c <= 0xFF))) return false;
  }
  return true;
}

// https://mimesniff.spec.whatwg.org/#parse-a-mime-type: { essence, parameters: [[name, value]] } or null
export function parseMimeType(text) {
  const essence = mimeEssence(text);
  if (essence === '') return null;
  const parameters = [];
  let at = 0;
  while (at < text.length && text[at] !== ';') at++;
  while (at < text.length) {
    at++;
    while (at < text.length && isHTTPWhitespace(StringPrototypeCharCodeAt(text, at))) at++;
    let start = at;
    while (at < text.length && text[at] !== ';' && text[at] !== '=') at++;
    const name = StringPrototypeToLowerCase(StringPrototypeSlice(text, start, at));
    if (at >= text.length) break;
    if (text[at] === ';') continue;
    at++;
    let value = '';
    if (text[at] === '"') {
      // https://fetch.spec.whatwg.org/#collect-an-http-quoted-string
      at++;
      while (at < text.length && text[at] !== '"') {
        if (text[at] === '\\' && at + 1 < text.length) at++;
        value += text[at++];
      }
      while (at < text.length && text[at] !== ';') at++;
    } else {
      start = at;
      while (at < text.length && text[at] !== ';') at++;
      let end = at;
      while (end > start && isHTTPWhitespace(StringPrototypeCharCodeAt(text, end - 1))) end--;
      value = StringPrototypeSlice(text, start, end);
      if (value === '') continue;
    }
    let known = !isHeaderToken(name) || !isQuotedStringText(value);
    for (let i = 0; i < parameters.length; i++) if (parameters[i][0] === name) known = true;
    if (!known) parameters[parameters.length] = [name, value];
  }
  return { __proto__: null, essence, parameters };
}

export function mimeParameter(type, name) {
  for (let i = 0; i < type.parameters.length; i++) if (type.parameters[i][0] === name) return type.parameters[i][1];
  return null;
}

// https://mimesniff.spec.whatwg.org/#serialize-a-mime-type
export function serializeMimeType(type) {
  let out = type.essence;
  for (let i = 0; i < type.parameters.length; i++) {
    const name = type.parameters[i][0];
    const value = type.parameters[i][1];
    out += ';' + name + '=';
    if (isHeaderToken(value)) out += value;
    else {
      out += '"';
      for (let j = 0; j < value.length; j++) out += value[j] === '"' || value[j] === '\\' ? '\\' + value[j] : value[j];
      out += '"';
    }
  }
  return out;
}

// https://fetch.spec.whatwg.org/#concept-header-extract-mime-type: the MIME type of a Content-Type header's value, or null
export function extractMimeType(value) {
  if (value === null) return null;
  const parts = splitOnCommas(value);
  let charset = null;
  let essence = null;
  let out = null;
  for (let i = 0; i < parts.length; i++) {
    const type = parseMimeType(parts[i]);
    if (type === null || type.essence === '*/*') continue;
    out = type;
    if (type.essence !== essence) {
      charset = mimeParameter(type, 'charset');
      essence = type.essence;
    } else if (mimeParameter(type, 'charset') === null && charset !== null) {
      type.parameters[type.parameters.length] = ['charset', charset];
    }
  }
  return out;
}
