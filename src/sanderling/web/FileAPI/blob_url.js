// https://w3c.github.io/FileAPI/#url
// Blob URLs live in this isolate: they end with its document.

import { NumberPrototypeToString, SafeMap, StringPrototypeIndexOf, StringPrototypePadStart, StringPrototypeSlice } from '../primordials.js';
import { onHost, randomBytes } from '../host.js';
import { parseURL, serializeOrigin, serializeURL, setBlobResolver } from '../url/parser.js';
import { originURL } from '../html/frame_tree.js';
import { currentDocument } from '../html/realm.js';

const blobStore = new SafeMap();      // URL without fragment to { object: BlobImpl, origin }

// https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-4
export function randomUUIDText() {
  const bytes = randomBytes(16);
  bytes[6] = (bytes[6] & 0x0F) | 0x40;
  bytes[8] = (bytes[8] & 0x3F) | 0x80;
  let out = '';
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) out += '-';
    out += StringPrototypePadStart(NumberPrototypeToString(bytes[i], 16), 2, '0');
  }
  return out;
}

// https://w3c.github.io/FileAPI/#unicodeBlobURL and #add-an-entry
export function createObjectURL(blob) {
  const origin = serializeOrigin(originURL(currentDocument()));
  const url = 'blob:' + origin + '/' + randomUUIDText();
  blobStore.set(url, { __proto__: null, object: blob, origin });
  return url;
}

export function revokeObjectURL(url) {
  const record = parseURL(url, null);
  if (record === null || record.scheme !== 'blob') return;
  // With its fragment, which no entry has: such a URL revokes nothing.
  blobStore.delete(serializeURL(record));
}

// The blob behind a URL (text), or null. A fragment does not matter.
export function blobOfURL(url) {
  const hash = StringPrototypeIndexOf(url, '#');
  const entry = blobStore.get(hash < 0 ? url : StringPrototypeSlice(url, 0, hash));
  return entry === undefined ? null : entry.object;
}

// A web worker of this isolate's asks for a blob that is none of its own.
onHost('blob.read', (payload) => {
  const blob = blobOfURL(payload.url);
  return blob === null ? { __proto__: null, found: false } : { __proto__: null, json: { __proto__: null, found: true }, bytes: blob.bytes };
});

setBlobResolver((record) => blobStore.get(serializeURL(record, true)) ?? null);
