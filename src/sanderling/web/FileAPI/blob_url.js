// https://w3c.github.io/FileAPI/#url
// Blob URLs live in this isolate: they end with the document that made them. The host knows of them, for the other isolates of the origin.

import { NumberPrototypeToString, SafeMap, StringPrototypeEndsWith, StringPrototypeIndexOf, StringPrototypePadStart, StringPrototypeSlice } from '../primordials.js';
import { hostPost, onHost, randomBytes } from '../host.js';
import { parseURL, serializeOrigin, serializeURL, setBlobResolver } from '../url/parser.js';
import { extractMimeType } from '../fetch/headers_list.js';
import { onFrameDocument, originURL } from '../html/frame_tree.js';
import { currentDocument, currentWindow } from '../html/realm.js';
import { isJavaScriptType } from '../html/scripting.js';

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
  const window = currentWindow();
  blobStore.set(url, { __proto__: null, object: blob, origin, window, doc: window.document });
  // Modules are asked for while this isolate waits: what may be one goes along.
  const type = extractMimeType(blob.type);
  const script = type !== null && (isJavaScriptType(type.essence) || type.essence === 'application/json' || StringPrototypeEndsWith(type.essence, '+json'));
  const payload = { __proto__: null, url, type: blob.type, script };
  if (script) hostPost('blob.made', payload, blob.bytes);
  else hostPost('blob.made', payload);
  return url;
}

export function revokeObjectURL(url) {
  const record = parseURL(url, null);
  if (record === null || record.scheme !== 'blob') return;
  // With its fragment, which no entry has: such a URL revokes nothing.
  const text = serializeURL(record);
  blobStore.delete(text);
  hostPost('blob.revoked', { __proto__: null, url: text });
}

// Code of another isolate of the origin revoked it.
onHost('blob.revoke', (payload) => {
  blobStore.delete(payload.url);
  return null;
});

// https://w3c.github.io/FileAPI/#lifeTime
onFrameDocument((window) => {
  const gone = [];
  blobStore.forEach((entry, url) => {
    if (entry.window === window && (window.closed || entry.doc !== window.document)) gone[gone.length] = url;
  });
  for (let i = 0; i < gone.length; i++) {
    blobStore.delete(gone[i]);
    hostPost('blob.revoked', { __proto__: null, url: gone[i] });
  }
});

// The blob behind a URL (text), or null. A fragment does not matter.
export function blobOfURL(url) {
  const hash = StringPrototypeIndexOf(url, '#');
  const entry = blobStore.get(hash < 0 ? url : StringPrototypeSlice(url, 0, hash));
  return entry === undefined ? null : entry.object;
}

// Another isolate asks for a blob that is none of its own.
onHost('blob.read', (payload) => {
  const blob = blobOfURL(payload.url);
  return blob === null ? { __proto__: null, found: false } : { __proto__: null, json: { __proto__: null, found: true }, bytes: blob.bytes };
});

setBlobResolver((record) => blobStore.get(serializeURL(record, true)) ?? null);
