// https://w3c.github.io/webcrypto/#crypto-interface

import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { TypedArrayPrototypeGetSymbolToStringTag, TypedArrayPrototypeSet } from '../primordials.js';
import { bytesOfBufferSource, partsOfView } from '../webidl/buffers.js';
import { randomBytes } from '../host.js';
import { domException } from '../dom/DOMException.js';
import { randomUUIDText } from '../FileAPI/blob_url.js';
import { makeSubtleCrypto } from './SubtleCrypto.js';

const RANDOM_QUOTA = 65536;        // https://w3c.github.io/webcrypto/#Crypto-method-getRandomValues, step 2

class CryptoImpl extends Impl {
  constructor() {
    super();
    this.subtle = null;
  }
}

function fillRandom(view) {
  const tag = TypedArrayPrototypeGetSymbolToStringTag(view);
  if (tag === undefined || tag === 'Float32Array' || tag === 'Float64Array' || tag === 'Float16Array') {
    throw domException('TypeMismatchError', "Failed to execute 'getRandomValues' on 'Crypto': The provided ArrayBufferView is of type '" + (tag ?? 'DataView') + "', which is not an integer array type");
  }
  const { length } = partsOfView(view);
  if (length > RANDOM_QUOTA) {
    throw domException('QuotaExceededError', "Failed to execute 'getRandomValues' on 'Crypto': The ArrayBufferView's byte length (" + length
      + ') exceeds the number of bytes of entropy available via this API (65536).');
  }
  if (length > 0) TypedArrayPrototypeSet(bytesOfBufferSource(view), randomBytes(length));
  return view;
}

export const cryptoInterface = defineInterface(`
[Exposed=(Window,Worker)]
interface Crypto {
  [SecureContext] readonly attribute SubtleCrypto subtle;
  any getRandomValues(ArrayBufferView array);
  [SecureContext] DOMString randomUUID();
};
`, {
  subtle: (self) => self.subtle ?? (self.subtle = makeSubtleCrypto()),
  getRandomValues: (self, view) => fillRandom(view),
  randomUUID: () => randomUUIDText(),
}, CryptoImpl);

let cryptoObject = null;

defineInterface(`
partial interface mixin WindowOrWorkerGlobalScope {
  [SameObject] readonly attribute Crypto crypto;
};
`, {
  crypto: () => cryptoObject ?? (cryptoObject = new CryptoImpl()),
});
