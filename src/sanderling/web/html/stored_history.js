// https://html.spec.whatwg.org/multipage/browsing-the-web.html#session-history-entry
// Entries on their way to the worker, which keeps them while another document is there, and back from it.

import { JSONParse } from '../primordials.js';
import { jsonText } from '../json.js';
import { hostPost } from '../host.js';
import { parseURL } from '../url/parser.js';
import { decodeSerialized, encodeSerialized } from '../webmessaging/wire.js';
import { bytesOfBase64 } from '../FileAPI/base64.js';

// Post about an entry, with its classic state.
export function postWithState(kind, payload, serialized) {
  let encoded;
  try {
    encoded = encodeSerialized(serialized);
  } catch {
    // What cannot leave the isolate lives as long as the document.
    hostPost(kind, payload);
    return;
  }
  hostPost(kind, { ...payload, __proto__: null, state: jsonText(encoded.json) }, encoded.bytes);
}

// What `browser/history_posts.py` gives of a document that was here before, as entries of the new one.
export function entriesOfHost(list) {
  const out = [];
  for (let i = 0; i < list.length; i++) {
    const { id, url, state, bytes, scroll, manual } = list[i];
    const serialized = state === null ? null : decodeSerialized(JSONParse(state), bytes === null ? undefined : bytesOfBase64(bytes), []);
    out[i] = { __proto__: null, id, url: parseURL(url), serialized, scrollX: scroll[0], scrollY: scroll[1], manual };
  }
  return out;
}
