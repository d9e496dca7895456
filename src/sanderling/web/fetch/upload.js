// https://fetch.spec.whatwg.org/#concept-request-transmit-body
// A stream as the body of a request: the host gets a chunk whenever there is room for one.

import { SafeMap, TypedArrayPrototypeGetSymbolToStringTag, TypeError } from '../primordials.js';
import { hostPost, onHost } from '../host.js';
import { isObject } from '../webidl/conversions.js';
import { acquireReader } from '../streams/platform.js';
import { readFromReader } from '../streams/readable.js';

const bodyUploads = new SafeMap();    // { reader, request } by the number of the request

// `failed(error)`: the stream broke, or gave something that is no bytes. The request is the caller's to cancel.
export function prepareUpload(stream, failed) {
  const upload = { __proto__: null, reader: acquireReader(stream), request: null, id: 0 };
  const broken = (error) => {
    bodyUploads.delete(upload.id);
    failed(error);
  };
  upload.request = {
    __proto__: null,
    chunk(value) {
      if (!isObject(value) || TypedArrayPrototypeGetSymbolToStringTag(value) !== 'Uint8Array') broken(new TypeError('Received non-Uint8Array chunk'));
      else if (bodyUploads.has(upload.id)) hostPost('net.part', { __proto__: null, id: upload.id, last: false }, value);
    },
    close() {
      if (bodyUploads.delete(upload.id)) hostPost('net.part', { __proto__: null, id: upload.id, last: true });
    },
    error: broken,
  };
  return upload;
}

export function startUpload(upload, id) {
  upload.id = id;
  bodyUploads.set(id, upload);
}

export function endUpload(upload) {
  bodyUploads.delete(upload.id);
}

onHost('net.wanted', (info) => {
  const upload = bodyUploads.get(info.id);
  if (upload !== undefined) readFromReader(upload.reader, upload.request);
  return null;
});
