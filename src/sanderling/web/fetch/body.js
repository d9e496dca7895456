// https://fetch.spec.whatwg.org/#body-mixin

import { defineInterface } from '../webidl/interface.js';
import { bufferOfBytes, copyOfBytes, viewOfBytes } from '../webidl/buffers.js';
import { JSONParse, Promise, StringPrototypeCharCodeAt, StringPrototypeSlice, StringPrototypeToLowerCase, TypedArrayPrototypeGetLength, TypeError } from '../primordials.js';
import { utf8Decode, utf8Encode, wallMs } from '../host.js';
import { wrap } from '../webidl/wrapper.js';
import { BlobImpl } from '../FileAPI/Blob.js';
import { FileImpl } from '../FileAPI/File.js';
import { FormDataImpl } from '../xhr/FormData.js';
import { parseFormUrlencoded } from '../url/urlencoded.js';
import { extractMimeType, getHeader, mimeParameter, serializeMimeType } from './headers_list.js';
import { isBodyUnusable, isBodyUsed, readBody, streamOfBody } from './body_data.js';

// https://fetch.spec.whatwg.org/#concept-body-consume-body
function consumeBody(self, convert) {
  const { body } = self;
  if (isBodyUnusable(body)) throw new TypeError('body stream already read');
  const shared = body !== null && body.stream === null && body.bytes !== null;
  return new Promise((resolve, reject) => {
    readBody(body, (bytes) => {
      try {
        resolve(convert(bytes, self, shared));
      } catch (error) {
        reject(error);
      }
    }, reject);
  });
}

function ownBytes(bytes, shared) {
  return shared ? copyOfBytes(bytes) : bytes;
}

function bodyMimeType(self) {
  return extractMimeType(getHeader(self.headers.list, 'Content-Type'));
}

function toBodyBlob(bytes, self, shared) {
  const type = bodyMimeType(self);
  return wrap(new BlobImpl(ownBytes(bytes, shared), type === null ? '' : serializeMimeType(type)));
}

function findBytes(bytes, pattern, from) {
  const length = TypedArrayPrototypeGetLength(bytes);
  const size = TypedArrayPrototypeGetLength(pattern);
  for (let i = from; i + size <= length; i++) {
    let at = 0;
    while (at < size && bytes[i + at] === pattern[at]) at++;
    if (at === size) return i;
  }
  return -1;
}

function unescapeMultipart(text) {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const three = text[i] === '%' ? StringPrototypeSlice(text, i, i + 3) : '';
    if (three === '%22') out += '"';
    else if (three === '%0A' || three === '%0a') out += '\n';
    else if (three === '%0D' || three === '%0d') out += '\r';
    else {
      out += text[i];
      continue;
    }
    i += 2;
  }
  return out;
}

// A parameter of a Content-Disposition header, quoted as RFC 7578 says, or null.
function dispositionParameter(value, name) {
  let at = 0;
  while (at < value.length && value[at] !== ';') at++;
  while (at < value.length) {
    at++;
    while (at < value.length && (value[at] === ' ' || value[at] === '\t')) at++;
    let start = at;
    while (at < value.length && value[at] !== '=' && value[at] !== ';') at++;
    const key = StringPrototypeToLowerCase(StringPrototypeSlice(value, start, at));
    if (value[at] !== '=') continue;
    at++;
    let text;
    if (value[at] === '"') {
      start = ++at;
      while (at < value.length && value[at] !== '"') at++;
      text = unescapeMultipart(StringPrototypeSlice(value, start, at));
      while (at < value.length && value[at] !== ';') at++;
    } else {
      start = at;
      while (at < value.length && value[at] !== ';') at++;
      text = StringPrototypeSlice(value, start, at);
    }
    if (key === name) return text;
  }
  return null;
}

// https://andreubotella.github.io/multipart-form-data/#multipart-form-data-parser: entries, or null
export function parseMultipart(bytes, boundary) {
  const entries = [];
  const dash = utf8Encode('--' + boundary);
  const next = utf8Encode('\r\n--' + boundary);
  const length = TypedArrayPrototypeGetLength(bytes);
  let at = findBytes(bytes, dash, 0);
  if (at !== 0) return null;
  at += TypedArrayPrototypeGetLength(dash);
  for (;;) {
    if (bytes[at] === 0x2D && bytes[at + 1] === 0x2D) return entries;
    if (bytes[at] !== 13 || bytes[at + 1] !== 10) return null;
    at += 2;
    let name = null;
    let filename = null;
    let type = null;
    for (;;) {
      let end = at;
      while (end < length && !(bytes[end] === 13 && bytes[end + 1] === 10)) end++;
      if (end >= length) return null;
      if (end === at) break;
      const line = utf8Decode(viewOfBytes(bytes, at, end));
      at = end + 2;
      let colon = 0;
      while (colon < line.length && StringPrototypeCharCodeAt(line, colon) !== 0x3A) colon++;
      if (colon === line.length) return null;
      const header = StringPrototypeToLowerCase(StringPrototypeSlice(line, 0, colon));
      let start = colon + 1;
      while (line[start] === ' ' || line[start] === '\t') start++;
      const value = StringPrototypeSlice(line, start);
      if (header === 'content-disposition') {
        if (StringPrototypeToLowerCase(StringPrototypeSlice(value, 0, 9)) !== 'form-data') return null;
        name = dispositionParameter(value, 'name');
        filename = dispositionParameter(value, 'filename');
      } else if (header === 'content-type') type = value;
    }
    at += 2;
    if (name === null) return null;
    // An empty body may be followed by the boundary at once.
    const end = findBytes(bytes, next, at);
    if (end < 0) return null;
    const part = viewOfBytes(bytes, at, end);
    entries[entries.length] = {
      __proto__: null, name, value: filename === null ? utf8Decode(part) : new FileImpl(copyOfBytes(part), filename, type === null ? 'text/plain' : StringPrototypeToLowerCase(type), wallMs()),
    };
    at = end + TypedArrayPrototypeGetLength(next);
  }
}

function toBodyFormData(bytes, self) {
  const type = bodyMimeType(self);
  if (type !== null && type.essence === 'multipart/form-data') {
    const boundary = mimeParameter(type, 'boundary');
    const entries = boundary === null ? null : parseMultipart(bytes, boundary);
    if (entries !== null) return wrap(new FormDataImpl(entries));
  } else if (type !== null && type.essence === 'application/x-www-form-urlencoded') {
    // "UTF-8 decode without BOM": a byte order mark is a character like others.
    const text = utf8Decode(bytes);
    const list = parseFormUrlencoded(bytes[0] === 0xEF && bytes[1] === 0xBB && bytes[2] === 0xBF ? '\uFEFF' + text : text);
    const entries = [];
    for (let i = 0; i < list.length; i++) entries[i] = { __proto__: null, name: list[i][0], value: list[i][1] };
    return wrap(new FormDataImpl(entries));
  }
  throw new TypeError('Could not parse content as FormData.');
}

export const bodyMixin = defineInterface(`
interface mixin Body {
  readonly attribute ReadableStream? body;
  readonly attribute boolean bodyUsed;
  [NewObject] Promise<ArrayBuffer> arrayBuffer();
  [NewObject] Promise<Blob> blob();
  [NewObject] Promise<Uint8Array> bytes();
  [NewObject] Promise<FormData> formData();
  [NewObject] Promise<any> json();
  [NewObject] Promise<USVString> text();
};
`, {
  body: (self) => (self.body === null ? null : streamOfBody(self.body)),
  bodyUsed: (self) => isBodyUsed(self.body),
  arrayBuffer: (self) => consumeBody(self, (bytes, owner, shared) => bufferOfBytes(ownBytes(bytes, shared))),
  blob: (self) => consumeBody(self, toBodyBlob),
  bytes: (self) => consumeBody(self, (bytes, owner, shared) => ownBytes(bytes, shared)),
  formData: (self) => consumeBody(self, toBodyFormData),
  json: (self) => consumeBody(self, (bytes) => JSONParse(utf8Decode(bytes))),
  text: (self) => consumeBody(self, (bytes) => utf8Decode(bytes)),
});
