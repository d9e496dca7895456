// https://w3c.github.io/webcrypto/#cryptokey-interface

import { ArrayIsArray, ObjectKeys, TypedArrayPrototypeSet, Uint8Array } from '../primordials.js';
import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { defineCloneSteps } from '../webmessaging/structured_clone.js';
import { defineWireForm } from '../webmessaging/wire.js';

// `algorithm` is plain data; what pages see is made when they look, and then stays.
export class CryptoKeyImpl extends Impl {
  constructor(type, extractable, algorithm, usages, material) {
    super();
    this.type = type;
    this.extractable = extractable;
    this.algorithm = algorithm;
    this.usages = usages;
    this.material = material;        // bytes; no page sees them
    this.algorithmObject = null;
    this.usagesObject = null;
  }
}

// Data of ours as an ordinary object; a list of numbers is a BigInteger.
function algorithmObject(data) {
  const out = { __proto__: null };
  const keys = ObjectKeys(data);
  for (let i = 0; i < keys.length; i++) {
    const value = data[keys[i]];
    if (ArrayIsArray(value)) {
      const bytes = new Uint8Array(value.length);
      TypedArrayPrototypeSet(bytes, value);
      out[keys[i]] = bytes;
    } else out[keys[i]] = typeof value === 'object' ? algorithmObject(value) : value;
  }
  return { ...out };
}

function copyOfList(list) {
  const out = [];
  for (let i = 0; i < list.length; i++) out[i] = list[i];
  return out;
}

export const cryptoKeyInterface = defineInterface(`
enum KeyType { "public", "private", "secret" };
enum KeyUsage { "encrypt", "decrypt", "sign", "verify", "deriveKey", "deriveBits", "wrapKey", "unwrapKey" };
[SecureContext, Exposed=(Window,Worker), Serializable]
interface CryptoKey {
  readonly attribute KeyType type;
  readonly attribute boolean extractable;
  readonly attribute object algorithm;
  readonly attribute object usages;
};
`, {
  type: (self) => self.type,
  extractable: (self) => self.extractable,
  algorithm: (self) => self.algorithmObject ?? (self.algorithmObject = algorithmObject(self.algorithm)),
  usages: (self) => self.usagesObject ?? (self.usagesObject = copyOfList(self.usages)),
}, CryptoKeyImpl);

// https://w3c.github.io/webcrypto/#cryptokey-interface-clone; its parts never change, so the copy shares them
function copyOfKey(key) {
  return new CryptoKeyImpl(key.type, key.extractable, key.algorithm, key.usages, key.material);
}

defineCloneSteps(cryptoKeyInterface, copyOfKey);
defineWireForm(cryptoKeyInterface, {
  __proto__: null,
  write: ({ type, extractable, algorithm, usages, material }, keep) => ({ __proto__: null, type, extractable, algorithm, usages, material: keep(material) }),
  read: ({ type, extractable, algorithm, usages, material }, bytesAt) => new CryptoKeyImpl(type, extractable, algorithm, usages, bytesAt(material)),
});
