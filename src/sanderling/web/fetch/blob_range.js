// https://fetch.spec.whatwg.org/#simple-range-header-value
// Requests for parts of blobs.

import { NumberParseInt, RegExpPrototypeExec } from '../primordials.js';
import { viewOfBytes } from '../webidl/buffers.js';

const BLOB_RANGE = /^bytes[\t ]*=[\t ]*([0-9]*)[\t ]*-[\t ]*([0-9]*)$/;

// The part that a Range header asks for: { range, size, bytes }, or null where that is malformed or beyond the blob's end.
// https://fetch.spec.whatwg.org/#scheme-fetch, "blob", steps 9.4 to 9.12
export function partOfBlob(blob, value) {
  const found = RegExpPrototypeExec(BLOB_RANGE, value);
  if (found === null || (found[1] === '' && found[2] === '')) return null;
  const { size } = blob;
  let start;
  let last = size - 1;
  if (found[1] === '') {
    start = size - NumberParseInt(found[2], 10);
    if (start < 0) start = 0;
  } else {
    start = NumberParseInt(found[1], 10);
    if (found[2] !== '') {
      const said = NumberParseInt(found[2], 10);
      if (said < start) return null;
      if (said < last) last = said;
    }
  }
  if (start >= size) return null;
  const bytes = viewOfBytes(blob.bytes, start, last + 1);
  return { __proto__: null, range: 'bytes ' + start + '-' + last + '/' + size, size: last + 1 - start, bytes };
}
