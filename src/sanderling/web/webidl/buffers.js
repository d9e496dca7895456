// https://webidl.spec.whatwg.org/#js-buffer-source-types
// Bytes behind the buffers and views that pages pass.

import {
  ArrayBufferIsView, ArrayBufferPrototypeGetByteLength, DataViewPrototypeGetBuffer, DataViewPrototypeGetByteLength, DataViewPrototypeGetByteOffset,
  TypedArrayPrototypeGetBuffer, TypedArrayPrototypeGetByteLength, TypedArrayPrototypeGetByteOffset, TypedArrayPrototypeGetSymbolToStringTag, TypedArrayPrototypeSet, Uint8Array,
} from '../primordials.js';

// { buffer, offset, length } of a view; a detached one has length 0.
export function partsOfView(view) {
  if (TypedArrayPrototypeGetSymbolToStringTag(view) !== undefined) {
    return {
      __proto__: null, buffer: TypedArrayPrototypeGetBuffer(view), offset: TypedArrayPrototypeGetByteOffset(view), length: TypedArrayPrototypeGetByteLength(view),
    };
  }
  const buffer = DataViewPrototypeGetBuffer(view);
  try {
    return { __proto__: null, buffer, offset: DataViewPrototypeGetByteOffset(view), length: DataViewPrototypeGetByteLength(view) };
  } catch {
    // The getters throw where the buffer is detached or has shrunk below the view.
    return { __proto__: null, buffer, offset: 0, length: 0 };
  }
}

// The bytes themselves, not a copy.
export function bytesOfBufferSource(source) {
  if (ArrayBufferIsView(source)) {
    const parts = partsOfView(source);
    return parts.length === 0 ? new Uint8Array(0) : new Uint8Array(parts.buffer, parts.offset, parts.length);
  }
  if (isDetachedBuffer(source)) return new Uint8Array(0);
  return new Uint8Array(source);
}

// https://webidl.spec.whatwg.org/#dfn-get-buffer-source-copy
export function copyOfBufferSource(source) {
  return copyOfBytes(bytesOfBufferSource(source));
}

export function copyOfBytes(bytes) {
  const out = new Uint8Array(TypedArrayPrototypeGetByteLength(bytes));
  TypedArrayPrototypeSet(out, bytes);
  return out;
}

// The bytes, in a buffer that holds nothing else: themselves where that is so, or a copy.
export function soleBytes(bytes) {
  return ArrayBufferPrototypeGetByteLength(TypedArrayPrototypeGetBuffer(bytes)) === TypedArrayPrototypeGetByteLength(bytes) ? bytes : copyOfBytes(bytes);
}

// A part of `bytes` that shares its memory; what a page did to the constructors does not matter here.
export function viewOfBytes(bytes, start, end) {
  return new Uint8Array(TypedArrayPrototypeGetBuffer(bytes), TypedArrayPrototypeGetByteOffset(bytes) + start, end - start);
}

export function joinBytes(chunks) {
  let size = 0;
  for (let i = 0; i < chunks.length; i++) size += TypedArrayPrototypeGetByteLength(chunks[i]);
  const out = new Uint8Array(size);
  let at = 0;
  for (let i = 0; i < chunks.length; i++) {
    TypedArrayPrototypeSet(out, chunks[i], at);
    at += TypedArrayPrototypeGetByteLength(chunks[i]);
  }
  return out;
}

// An ArrayBuffer that holds exactly these bytes.
export function bufferOfBytes(bytes) {
  const buffer = TypedArrayPrototypeGetBuffer(bytes);
  if (TypedArrayPrototypeGetByteOffset(bytes) === 0 && ArrayBufferPrototypeGetByteLength(buffer) === TypedArrayPrototypeGetByteLength(bytes)) return buffer;
  return TypedArrayPrototypeGetBuffer(copyOfBytes(bytes));
}

// The Uint8Array constructor refuses detached buffers only.
export function isDetachedBuffer(buffer) {
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}
