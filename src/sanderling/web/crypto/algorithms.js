// https://w3c.github.io/webcrypto/#algorithm-normalization

import { SafeMap, StringPrototypeIndexOf, StringPrototypeSlice, StringPrototypeSplit, StringPrototypeToUpperCase, TypeError, TypedArrayPrototypeGetSymbolToStringTag } from '../primordials.js';
import { isBufferSource, isObject, toDOMString, toInt } from '../webidl/conversions.js';
import { copyOfBufferSource } from '../webidl/buffers.js';
import { unwrap } from '../webidl/wrapper.js';
import { domException } from '../dom/DOMException.js';
import { CryptoKeyImpl } from './CryptoKey.js';

// Members of the dictionaries in the order of WebIDL, as name:type; `!` is a required one.
const PARAMS = {
  __proto__: null,
  AesCbcParams: 'iv:bytes!',
  AesCtrParams: 'counter:bytes! length:8!',
  AesGcmParams: 'additionalData:bytes iv:bytes! tagLength:8',
  AesKeyParams: 'length:16!',
  EcKeyParams: 'namedCurve:text!',
  EcdhKeyDeriveParams: 'public:key!',
  EcdsaParams: 'hash:hash!',
  Ed448Params: 'context:bytes',
  HkdfParams: 'hash:hash! info:bytes! salt:bytes!',
  HmacParams: 'hash:hash! length:32',
  Pbkdf2Params: 'hash:hash! iterations:32! salt:bytes!',
  RsaHashedImportParams: 'hash:hash!',
  RsaHashedKeyGenParams: 'modulusLength:32! publicExponent:integer! hash:hash!',
  RsaOaepParams: 'label:bytes',
  RsaPssParams: 'saltLength:32!',
};

// Which algorithm takes which dictionary for an operation: name, or name=dictionary.
const RSA_IMPORT = 'RSASSA-PKCS1-v1_5=RsaHashedImportParams RSA-PSS=RsaHashedImportParams RSA-OAEP=RsaHashedImportParams ';
const CURVES = 'ECDSA=EcKeyParams ECDH=EcKeyParams Ed25519 Ed448 X25519 X448 ';
const AES_KEYS = 'AES-CTR=AesKeyParams AES-CBC=AesKeyParams AES-GCM=AesKeyParams AES-KW=AesKeyParams HMAC=HmacParams ';
const CIPHERS = 'RSA-OAEP=RsaOaepParams AES-CTR=AesCtrParams AES-CBC=AesCbcParams AES-GCM=AesGcmParams';
const DERIVING = 'ECDH=EcdhKeyDeriveParams X25519=EcdhKeyDeriveParams X448=EcdhKeyDeriveParams HKDF=HkdfParams PBKDF2=Pbkdf2Params';
const SIGNING = 'RSASSA-PKCS1-v1_5 RSA-PSS=RsaPssParams ECDSA=EcdsaParams Ed25519 Ed448=Ed448Params HMAC';
const SUPPORTED = {
  __proto__: null,
  digest: 'SHA-1 SHA-256 SHA-384 SHA-512',
  encrypt: CIPHERS,
  decrypt: CIPHERS,
  sign: SIGNING,
  verify: SIGNING,
  deriveBits: DERIVING,
  wrapKey: 'AES-KW',
  unwrapKey: 'AES-KW',
  generateKey: 'RSASSA-PKCS1-v1_5=RsaHashedKeyGenParams RSA-PSS=RsaHashedKeyGenParams RSA-OAEP=RsaHashedKeyGenParams ' + CURVES + AES_KEYS,
  importKey: RSA_IMPORT + CURVES + 'AES-CTR AES-CBC AES-GCM AES-KW HMAC=HmacParams HKDF PBKDF2',
  'get key length': AES_KEYS + 'HKDF PBKDF2',
};

const algorithmTables = new SafeMap();        // operation to a map of upper-case names to [name, dictionary]; made when first asked for

function algorithmsOf(operation) {
  let table = algorithmTables.get(operation);
  if (table !== undefined) return table;
  table = new SafeMap();
  const entries = StringPrototypeSplit(SUPPORTED[operation], ' ');
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i];
    const at = StringPrototypeIndexOf(entry, '=');
    const name = at < 0 ? entry : StringPrototypeSlice(entry, 0, at);
    if (name !== '') table.set(StringPrototypeToUpperCase(name), [name, at < 0 ? '' : PARAMS[StringPrototypeSlice(entry, at + 1)]]);
  }
  algorithmTables.set(operation, table);
  return table;
}

function convertMember(value, type, what) {
  switch (type) {
    case 'bytes':
      if (!isBufferSource(value)) throw new TypeError(what + ': Not a BufferSource');
      return copyOfBufferSource(value);
    case 'integer':
      if (TypedArrayPrototypeGetSymbolToStringTag(value) !== 'Uint8Array') throw new TypeError(what + ': Not a Uint8Array');
      return copyOfBufferSource(value);
    case 'text': return toDOMString(value);
    case 'key': {
      const key = unwrap(value);
      if (!(key instanceof CryptoKeyImpl)) throw new TypeError(what + ': Not a CryptoKey');
      return key;
    }
    case 'hash': return normalizeAlgorithm(value, 'digest').name;
    default: return toInt(value, +type, false, 1, what);
  }
}

// https://w3c.github.io/webcrypto/#algorithm-normalization-normalize-an-algorithm: { name, ...members }; a hash is its name
export function normalizeAlgorithm(algorithm, operation) {
  const given = isObject(algorithm) ? algorithm : { __proto__: null, name: algorithm };
  const { name } = given;
  if (name === undefined) throw new TypeError('Algorithm: name: Missing or not a string');
  const found = algorithmsOf(operation).get(StringPrototypeToUpperCase(toDOMString(name)));
  if (found === undefined) throw domException('NotSupportedError', operation + ': Algorithm: Unrecognized name');
  const out = { __proto__: null, name: found[0] };
  if (found[1] === '') return out;
  const members = StringPrototypeSplit(found[1], ' ');
  for (let i = 0; i < members.length; i++) {
    const member = members[i];
    const colon = StringPrototypeIndexOf(member, ':');
    const required = member[member.length - 1] === '!';
    const key = StringPrototypeSlice(member, 0, colon);
    const value = given[key];
    const what = 'Algorithm: ' + found[0] + ': ' + key;
    if (value !== undefined) out[key] = convertMember(value, StringPrototypeSlice(member, colon + 1, required ? -1 : undefined), what);
    else if (required) throw new TypeError(what + ': Missing required property');
  }
  return out;
}
