// https://w3c.github.io/FileAPI/#blob-section

import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { bufferOfBytes, bytesOfBufferSource, copyOfBytes, joinBytes, viewOfBytes } from '../webidl/buffers.js';
import {
  Promise, PromiseResolve, StringPrototypeCharCodeAt, StringPrototypeSlice, StringPrototypeToLowerCase, TypedArrayPrototypeGetByteLength,
} from '../primordials.js';
import { EMPTY_BYTES, utf8Decode, utf8Encode } from '../host.js';
import { streamOfBytes } from '../streams/platform.js';

// Immutable: `bytes` may be shared between blobs.
export class BlobImpl extends Impl {
  constructor(bytes, type) {
    super();
    this.bytes = bytes;
    this.size = TypedArrayPrototypeGetByteLength(bytes);
    this.type = type;
  }
}

// https://w3c.github.io/FileAPI/#convert-line-endings-to-native: the native line ending of Chromium's platforms that we follow is LF
function nativeLineEndings(text) {
  let out = '';
  let kept = 0;
  for (let i = 0; i < text.length; i++) {
    if (StringPrototypeCharCodeAt(text, i) !== 13) continue;
    out += StringPrototypeSlice(text, kept, i) + '\n';
    if (i + 1 < text.length && StringPrototypeCharCodeAt(text, i + 1) === 10) i++;
    kept = i + 1;
  }
  return kept === 0 ? text : out + StringPrototypeSlice(text, kept);
}

// https://w3c.github.io/FileAPI/#process-blob-parts
export function bytesOfBlobParts(parts, endings) {
  const chunks = [];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    if (typeof part === 'string') chunks[i] = utf8Encode(endings === 'native' ? nativeLineEndings(part) : part);
    else if (part instanceof BlobImpl) chunks[i] = part.bytes;
    else chunks[i] = bytesOfBufferSource(part);
  }
  return joinBytes(chunks);
}

// A type with characters outside U+0020 to U+007E becomes the empty string.
export function normalBlobType(type) {
  for (let i = 0; i < type.length; i++) {
    const code = StringPrototypeCharCodeAt(type, i);
    if (code < 0x20 || code > 0x7E) return '';
  }
  return StringPrototypeToLowerCase(type);
}

// https://w3c.github.io/FileAPI/#slice-blob
function sliceBlob(blob, start, end, contentType) {
  const { size } = blob;
  const from = start === undefined ? 0 : start < 0 ? (size + start > 0 ? size + start : 0) : start < size ? start : size;
  const to = end === undefined ? size : end < 0 ? (size + end > 0 ? size + end : 0) : end < size ? end : size;
  const bytes = to > from ? viewOfBytes(blob.bytes, from, to) : EMPTY_BYTES;
  return new BlobImpl(bytes, contentType === undefined ? '' : normalBlobType(contentType));
}

export const blobInterface = defineInterface(`
enum EndingType { "transparent", "native" };
dictionary BlobPropertyBag { DOMString type = ""; EndingType endings = "transparent"; };
typedef (BufferSource or Blob or USVString) BlobPart;
[Exposed=(Window,Worker), Serializable]
interface Blob {
  constructor(optional sequence<BlobPart> blobParts, optional BlobPropertyBag options = {});
  readonly attribute unsigned long long size;
  readonly attribute DOMString type;
  Blob slice(optional [Clamp] long long start, optional [Clamp] long long end, optional DOMString contentType);
  [NewObject] ReadableStream stream();
  [NewObject] Promise<USVString> text();
  [NewObject] Promise<ArrayBuffer> arrayBuffer();
  [NewObject] Promise<Uint8Array> bytes();
};
`, {
  constructor: (parts, options) => new BlobImpl(parts === undefined ? EMPTY_BYTES : bytesOfBlobParts(parts, options.endings), normalBlobType(options.type)),
  size: (self) => self.size,
  type: (self) => self.type,
  slice: sliceBlob,
  stream: (self) => streamOfBytes(self.bytes),
  text: (self) => PromiseResolve(Promise, utf8Decode(self.bytes)),
  arrayBuffer: (self) => PromiseResolve(Promise, bufferOfBytes(copyOfBytes(self.bytes))),
  bytes: (self) => PromiseResolve(Promise, copyOfBytes(self.bytes)),
}, BlobImpl);
