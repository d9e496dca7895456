// https://infra.spec.whatwg.org/#forgiving-base64
// atob() and btoa(), and what else needs base64.

import {
  ReflectApply, StringFromCharCode, StringPrototypeCharCodeAt, TypedArrayPrototypeGetByteLength, Uint8Array,
} from '../primordials.js';
import { onBoot } from '../host.js';
import { defineInterface } from '../webidl/interface.js';
import { domException } from '../dom/DOMException.js';

// Of the engine's own; it has them when it starts, not while the snapshot is built.
let fromBase64 = null;
let toBase64 = null;

onBoot(() => {
  ({ fromBase64 } = Uint8Array);
  ({ toBase64 } = Uint8Array.prototype);
});

// https://infra.spec.whatwg.org/#forgiving-base64-decode: bytes, or null. The engine's own decoder leaves out the same white space, and takes missing padding
// and bits that are left over, too.
export function bytesOfBase64(text) {
  try {
    return fromBase64(text);
  } catch {
    return null;
  }
}

export function base64OfBytes(bytes) {
  return ReflectApply(toBase64, bytes, []);
}

// One character per byte.
export function latin1OfBytes(bytes) {
  const length = TypedArrayPrototypeGetByteLength(bytes);
  let out = '';
  let i = 0;
  for (; i + 7 < length; i += 8) {
    out += StringFromCharCode(bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3], bytes[i + 4], bytes[i + 5], bytes[i + 6], bytes[i + 7]);
  }
  for (; i < length; i++) out += StringFromCharCode(bytes[i]);
  return out;
}

function base64OfLatin1(text) {
  const { length } = text;
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const c = StringPrototypeCharCodeAt(text, i);
    if (c > 255) {
      throw domException('InvalidCharacterError', "Failed to execute 'btoa' on 'Window': The string to be encoded contains characters outside of the Latin1 range.");
    }
    bytes[i] = c;
  }
  return base64OfBytes(bytes);
}

// https://html.spec.whatwg.org/multipage/webappapis.html#atob
defineInterface(`
partial interface mixin WindowOrWorkerGlobalScope {
  DOMString btoa(DOMString data);
  ByteString atob(DOMString data);
};
`, {
  btoa: (self, data) => base64OfLatin1(data),
  atob(self, data) {
    const bytes = bytesOfBase64(data);
    if (bytes === null) throw domException('InvalidCharacterError', "Failed to execute 'atob' on 'Window': The string to be decoded is not correctly encoded.");
    return latin1OfBytes(bytes);
  },
});
