// https://w3c.github.io/webcrypto/#crypto-interface
// Random values and digests; what works with keys is not supported and says so.

import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import {
  BigInt, BigIntAsUintN, MathFloor, Number, Promise, StringPrototypeToUpperCase, TypeError, TypedArrayPrototypeGetByteLength, TypedArrayPrototypeGetSymbolToStringTag, TypedArrayPrototypeSet,
  Uint32Array, Uint8Array,
} from '../primordials.js';
import { bufferOfBytes, bytesOfBufferSource, copyOfBufferSource, copyOfBytes, partsOfView, viewOfBytes } from '../webidl/buffers.js';
import { toDOMString } from '../webidl/conversions.js';
import { randomBytes } from '../host.js';
import { domException } from '../dom/DOMException.js';
import { currentDocument } from '../html/realm.js';
import { queueTask } from '../html/tasks.js';
import { randomUUIDText } from '../FileAPI/blob_url.js';

// -- https://csrc.nist.gov/pubs/fips/180-4/upd1/final: SHA-1, SHA-256, SHA-384 and SHA-512

const TWO_32 = 4294967296;

// The constants are the first bits of the fractions of roots of primes (4.2.2, 4.2.3); computed with integers, they are exact.
function firstPrimes(count) {
  const out = [];
  for (let n = 2; out.length < count; n++) {
    let prime = true;
    for (let i = 0; i < out.length && out[i] * out[i] <= n; i++) if (n % out[i] === 0) prime = false;
    if (prime) out[out.length] = n;
  }
  return out;
}

// floor(root(value)) for square (2) and cube (3) roots, by bisection
function integerRoot(value, degree) {
  let low = 0n;
  let high = 1n << 100n;
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    const power = degree === 2 ? middle * middle : middle * middle * middle;
    if (power <= value) low = middle;
    else high = middle - 1n;
  }
  return low;
}

function rootBits(prime, degree) {
  return BigIntAsUintN(64, integerRoot(BigInt(prime) << BigInt(64 * degree), degree));
}

const DIGEST_PRIMES = firstPrimes(80);
const K_512 = [];
const K_256 = new Uint32Array(64);
for (let i = 0; i < 80; i++) K_512[i] = rootBits(DIGEST_PRIMES[i], 3);
for (let i = 0; i < 64; i++) K_256[i] = Number(K_512[i] >> 32n);
const START_512 = [];
const START_384 = [];
const START_256 = [];
for (let i = 0; i < 8; i++) {
  START_512[i] = rootBits(DIGEST_PRIMES[i], 2);
  START_384[i] = rootBits(DIGEST_PRIMES[i + 8], 2);
  START_256[i] = Number(START_512[i] >> 32n);
}
const START_1 = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0];

// 5.1: a one bit, zeros, and the length in bits
function padMessage(bytes, block) {
  const length = TypedArrayPrototypeGetByteLength(bytes);
  const lengthBytes = block / 8;
  const total = MathFloor((length + lengthBytes) / block) * block + block;
  const out = new Uint8Array(total);
  TypedArrayPrototypeSet(out, bytes);
  out[length] = 0x80;
  let bits = length * 8;
  for (let i = total - 1; bits > 0; i--) {
    out[i] = bits % 256;
    bits = MathFloor(bits / 256);
  }
  return out;
}

function word32(bytes, at) {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}

function rotr32(x, n) {
  return (x >>> n) | (x << (32 - n));
}

function bytesOfWords(words, count) {
  const out = new Uint8Array(count * 4);
  for (let i = 0; i < count; i++) {
    const word = words[i] >>> 0;
    out[i * 4] = word >>> 24;
    out[i * 4 + 1] = word >>> 16;
    out[i * 4 + 2] = word >>> 8;
    out[i * 4 + 3] = word;
  }
  return out;
}

// 6.1
function sha1(bytes) {
  const message = padMessage(bytes, 64);
  const total = TypedArrayPrototypeGetByteLength(message);
  let h0 = START_1[0];
  let h1 = START_1[1];
  let h2 = START_1[2];
  let h3 = START_1[3];
  let h4 = START_1[4];
  const w = new Uint32Array(80);
  for (let at = 0; at < total; at += 64) {
    for (let t = 0; t < 16; t++) w[t] = word32(message, at + t * 4);
    for (let t = 16; t < 80; t++) w[t] = rotr32(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 31);
    let a = h0;
    let b = h1;
    let c = h2;
    let d = h3;
    let e = h4;
    for (let t = 0; t < 80; t++) {
      const f = t < 20 ? (b & c) ^ (~b & d) : t < 40 || t >= 60 ? b ^ c ^ d : (b & c) ^ (b & d) ^ (c & d);
      const k = t < 20 ? 0x5A827999 : t < 40 ? 0x6ED9EBA1 : t < 60 ? 0x8F1BBCDC : 0xCA62C1D6;
      const next = (rotr32(a, 27) + f + e + k + w[t]) | 0;
      e = d;
      d = c;
      c = rotr32(b, 2);
      b = a;
      a = next;
    }
    h0 = (h0 + a) | 0;
    h1 = (h1 + b) | 0;
    h2 = (h2 + c) | 0;
    h3 = (h3 + d) | 0;
    h4 = (h4 + e) | 0;
  }
  return bytesOfWords([h0, h1, h2, h3, h4], 5);
}

// 6.2
function sha256(bytes) {
  const message = padMessage(bytes, 64);
  const total = TypedArrayPrototypeGetByteLength(message);
  const h = new Uint32Array(8);
  for (let i = 0; i < 8; i++) h[i] = START_256[i];
  const w = new Uint32Array(64);
  const v = new Uint32Array(8);
  for (let at = 0; at < total; at += 64) {
    for (let t = 0; t < 16; t++) w[t] = word32(message, at + t * 4);
    for (let t = 16; t < 64; t++) {
      const x = w[t - 15];
      const y = w[t - 2];
      w[t] = (rotr32(y, 17) ^ rotr32(y, 19) ^ (y >>> 10)) + w[t - 7] + (rotr32(x, 7) ^ rotr32(x, 18) ^ (x >>> 3)) + w[t - 16];
    }
    for (let i = 0; i < 8; i++) v[i] = h[i];
    for (let t = 0; t < 64; t++) {
      const e = v[4];
      const a = v[0];
      const one = (v[7] + (rotr32(e, 6) ^ rotr32(e, 11) ^ rotr32(e, 25)) + ((e & v[5]) ^ (~e & v[6])) + K_256[t] + w[t]) % TWO_32;
      const two = (rotr32(a, 2) ^ rotr32(a, 13) ^ rotr32(a, 22)) + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
      v[7] = v[6];
      v[6] = v[5];
      v[5] = e;
      v[4] = v[3] + one;
      v[3] = v[2];
      v[2] = v[1];
      v[1] = a;
      v[0] = one + two;
    }
    for (let i = 0; i < 8; i++) h[i] += v[i];
  }
  return bytesOfWords(h, 8);
}

function rotr64(x, n) {
  return BigIntAsUintN(64, (x >> n) | (x << (64n - n)));
}

// 6.4
function sha512(bytes, start, length) {
  const message = padMessage(bytes, 128);
  const total = TypedArrayPrototypeGetByteLength(message);
  const h = [];
  for (let i = 0; i < 8; i++) h[i] = start[i];
  const w = [];
  const v = [];
  for (let at = 0; at < total; at += 128) {
    for (let t = 0; t < 16; t++) w[t] = (BigInt(word32(message, at + t * 8)) << 32n) | BigInt(word32(message, at + t * 8 + 4));
    for (let t = 16; t < 80; t++) {
      const x = w[t - 15];
      const y = w[t - 2];
      w[t] = BigIntAsUintN(64, (rotr64(y, 19n) ^ rotr64(y, 61n) ^ (y >> 6n)) + w[t - 7] + (rotr64(x, 1n) ^ rotr64(x, 8n) ^ (x >> 7n)) + w[t - 16]);
    }
    for (let i = 0; i < 8; i++) v[i] = h[i];
    for (let t = 0; t < 80; t++) {
      const e = v[4];
      const a = v[0];
      const one = v[7] + (rotr64(e, 14n) ^ rotr64(e, 18n) ^ rotr64(e, 41n)) + ((e & v[5]) ^ (BigIntAsUintN(64, ~e) & v[6])) + K_512[t] + w[t];
      const two = (rotr64(a, 28n) ^ rotr64(a, 34n) ^ rotr64(a, 39n)) + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
      v[7] = v[6];
      v[6] = v[5];
      v[5] = e;
      v[4] = BigIntAsUintN(64, v[3] + one);
      v[3] = v[2];
      v[2] = v[1];
      v[1] = a;
      v[0] = BigIntAsUintN(64, one + two);
    }
    for (let i = 0; i < 8; i++) h[i] = BigIntAsUintN(64, h[i] + v[i]);
  }
  const words = [];
  for (let i = 0; i < 8; i++) {
    words[i * 2] = Number(h[i] >> 32n);
    words[i * 2 + 1] = Number(h[i] & 0xFFFFFFFFn);
  }
  return viewOfBytes(bytesOfWords(words, 16), 0, length);
}

// `name` in its registered case; null for what is none of these.
function digestBytes(name, bytes) {
  switch (name) {
    case 'SHA-1': return sha1(bytes);
    case 'SHA-256': return sha256(bytes);
    case 'SHA-384': return sha512(bytes, START_384, 48);
    case 'SHA-512': return sha512(bytes, START_512, 64);
    default: return null;
  }
}

// -- https://w3c.github.io/webcrypto/#subtlecrypto-interface

export class SubtleCryptoImpl extends Impl {}

// https://w3c.github.io/webcrypto/#algorithm-normalization-normalize-an-algorithm, for digests
function digestName(algorithm) {
  let name = algorithm;
  if (typeof algorithm === 'object' && algorithm !== null) {
    ({ name } = algorithm);
    if (name === undefined) throw new TypeError("Failed to execute 'digest' on 'SubtleCrypto': Algorithm: name: Missing or not a string");
  }
  const upper = StringPrototypeToUpperCase(toDOMString(name));
  if (upper !== 'SHA-1' && upper !== 'SHA-256' && upper !== 'SHA-384' && upper !== 'SHA-512') throw domException('NotSupportedError', 'Algorithm: Unrecognized name');
  return upper;
}

function withoutKeys(name) {
  return () => {
    throw domException('NotSupportedError', "'" + name + "' of SubtleCrypto is not supported.");
  };
}

export const subtleCryptoInterface = defineInterface(`
typedef (object or DOMString) AlgorithmIdentifier;
[SecureContext, Exposed=(Window,Worker)]
interface SubtleCrypto {
  Promise<any> encrypt(AlgorithmIdentifier algorithm, any key, BufferSource data);
  Promise<any> decrypt(AlgorithmIdentifier algorithm, any key, BufferSource data);
  Promise<any> sign(AlgorithmIdentifier algorithm, any key, BufferSource data);
  Promise<any> verify(AlgorithmIdentifier algorithm, any key, BufferSource signature, BufferSource data);
  Promise<any> digest(AlgorithmIdentifier algorithm, BufferSource data);
  Promise<any> generateKey(AlgorithmIdentifier algorithm, boolean extractable, any keyUsages);
  Promise<any> deriveKey(AlgorithmIdentifier algorithm, any baseKey, AlgorithmIdentifier derivedKeyType, boolean extractable, any keyUsages);
  Promise<any> deriveBits(AlgorithmIdentifier algorithm, any baseKey, optional any length = null);
  Promise<any> importKey(DOMString format, any keyData, AlgorithmIdentifier algorithm, boolean extractable, any keyUsages);
  Promise<any> exportKey(DOMString format, any key);
  Promise<any> wrapKey(DOMString format, any key, any wrappingKey, AlgorithmIdentifier wrapAlgorithm);
  Promise<any> unwrapKey(DOMString format, BufferSource wrappedKey, any unwrappingKey, AlgorithmIdentifier unwrapAlgorithm, AlgorithmIdentifier unwrappedKeyAlgorithm,
    boolean extractable, any keyUsages);
};
`, {
  encrypt: withoutKeys('encrypt'),
  decrypt: withoutKeys('decrypt'),
  sign: withoutKeys('sign'),
  verify: withoutKeys('verify'),
  // https://w3c.github.io/webcrypto/#SubtleCrypto-method-digest: the bytes are taken now, the answer comes in a task
  digest(self, algorithm, data) {
    const bytes = copyOfBufferSource(data);
    const name = digestName(algorithm);
    const doc = currentDocument();
    return new Promise((resolve) => {
      queueTask(doc, () => resolve(bufferOfBytes(copyOfBytes(digestBytes(name, bytes)))));
    });
  },
  generateKey: withoutKeys('generateKey'),
  deriveKey: withoutKeys('deriveKey'),
  deriveBits: withoutKeys('deriveBits'),
  importKey: withoutKeys('importKey'),
  exportKey: withoutKeys('exportKey'),
  wrapKey: withoutKeys('wrapKey'),
  unwrapKey: withoutKeys('unwrapKey'),
}, SubtleCryptoImpl);

const RANDOM_QUOTA = 65536;        // https://w3c.github.io/webcrypto/#Crypto-method-getRandomValues, step 2

class CryptoImpl extends Impl {
  constructor() {
    super();
    this.subtle = new SubtleCryptoImpl();
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
  subtle: (self) => self.subtle,
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
