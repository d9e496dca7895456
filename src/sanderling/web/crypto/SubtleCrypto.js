// https://w3c.github.io/webcrypto/#subtlecrypto-interface
// Page code's side of it: arguments, normalisation, promises. The host computes, statelessly: each question carries its keys.

import {
  ArrayBufferIsView, ArrayIsArray, JSONParse, ObjectKeys, Promise, PromisePrototypeThen, SafeMap, TypeError, TypedArrayPrototypeGetByteLength,
} from '../primordials.js';
import { hostCall, hostPost, onHost, utf8Decode } from '../host.js';
import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { bufferOfBytes, copyOfBufferSource, copyOfBytes, joinBytes, viewOfBytes } from '../webidl/buffers.js';
import { isBufferSource, isObject, toDOMString, toSequence } from '../webidl/conversions.js';
import { wrap } from '../webidl/wrapper.js';
import { domException } from '../dom/DOMException.js';
import { asPlatform, currentDocument } from '../html/realm.js';
import { queueTask } from '../html/tasks.js';
import { CryptoKeyImpl } from './CryptoKey.js';
import { normalizeAlgorithm } from './algorithms.js';

class SubtleCryptoImpl extends Impl {}

export function makeSubtleCrypto() {
  return new SubtleCryptoImpl();
}

// -- to the host and back

const LONG_BYTES = 262144;          // more data than this is worked on beside the page
const LONG_ITERATIONS = 20000;      // so is PBKDF2 of more than this: a few milliseconds
const pendingOperations = new SafeMap();     // number to { doc, done, failed }
let operationNumber = 0;

// A value for the wire: byte sequences go to `parts` and leave their index.
function describeValue(value, parts) {
  if (value === null || typeof value !== 'object') return value;
  if (ArrayBufferIsView(value)) {
    parts[parts.length] = value;
    return { __proto__: null, $: parts.length - 1 };
  }
  if (value instanceof CryptoKeyImpl) {
    const { type, extractable, algorithm, usages, material } = value;
    return { __proto__: null, type, extractable, algorithm, usages, material: describeValue(material, parts) };
  }
  if (ArrayIsArray(value)) {
    const list = [];
    for (let i = 0; i < value.length; i++) list[i] = describeValue(value[i], parts);
    return list;
  }
  const out = { __proto__: null };
  const keys = ObjectKeys(value);
  for (let i = 0; i < keys.length; i++) out[keys[i]] = describeValue(value[keys[i]], parts);
  return out;
}

function readAnswer(json, bytes, done, failed) {
  if (json.error !== undefined) {
    const { 0: name, 1: message } = json.error;
    failed(name === 'TypeError' ? new TypeError(message) : domException(name, message));
  } else if (json.keys !== undefined) {
    const keys = [];
    let at = 0;
    for (let i = 0; i < json.keys.length; i++) {
      const { type, extractable, algorithm, usages, material } = json.keys[i];
      keys[i] = new CryptoKeyImpl(type, extractable, algorithm, usages, copyOfBytes(viewOfBytes(bytes, at, at + material)));
      at += material;
    }
    done(keys);
  } else done(json.value !== undefined ? json.value : copyOfBytes(bytes));
}

function isLong(request, total) {
  if (total > LONG_BYTES) return true;
  const { alg } = request;
  return alg !== undefined && (alg.iterations > LONG_ITERATIONS || (request.op === 'generateKey' && alg.modulusLength !== undefined));
}

// The steps "in parallel": a promise of a list of keys, of bytes, or of a value.
function operate(doc, request) {
  return new Promise((done, failed) => {
    const parts = [];
    const payload = describeValue(request, parts);
    const lengths = [];
    let total = 0;
    for (let i = 0; i < parts.length; i++) total += lengths[i] = TypedArrayPrototypeGetByteLength(parts[i]);
    payload.lengths = lengths;
    const bytes = joinBytes(parts);
    if (isLong(request, total)) {
      payload.id = ++operationNumber;
      pendingOperations.set(payload.id, { __proto__: null, doc, done, failed });
      hostPost('crypto.run', payload, bytes);
      return;
    }
    queueTask(doc, () => {
      const answer = hostCall('crypto', payload, bytes);
      if (answer.json !== undefined) readAnswer(answer.json, answer.bytes, done, failed);
      else readAnswer(answer, null, done, failed);
    });
  });
}

onHost('crypto.done', (payload, bytes) => {
  const operation = pendingOperations.get(payload.id);
  pendingOperations.delete(payload.id);
  const { window } = operation.doc;
  if (window !== null) asPlatform(window, () => readAnswer(payload, bytes, operation.done, operation.failed));
  return null;
});

const toBuffer = (bytes) => bufferOfBytes(bytes);
const firstKey = (keys) => wrap(keys[0]);

// -- https://w3c.github.io/webcrypto/#JsonWebKey-dictionary

const JWK_MEMBERS = ['alg', 'crv', 'd', 'dp', 'dq', 'e', 'ext', 'k', 'key_ops', 'kty', 'n', 'oth', 'p', 'q', 'qi', 'use', 'x', 'y'];
const OTHER_PRIME = ['d', 'r', 't'];

function convertJwk(value, members) {
  const out = { __proto__: null };
  if (value === undefined || value === null) return out;
  if (!isObject(value)) throw new TypeError('The key data is not an object.');
  for (let i = 0; i < members.length; i++) {
    const name = members[i];
    const member = value[name];
    if (member === undefined) continue;
    if (name === 'ext') out.ext = !!member;
    else if (name === 'key_ops') out.key_ops = toSequence(member, toDOMString, 'JsonWebKey: key_ops');
    else if (name === 'oth') out.oth = toSequence(member, (prime) => convertJwk(prime, OTHER_PRIME), 'JsonWebKey: oth');
    else out[name] = toDOMString(member);
  }
  return out;
}

// https://w3c.github.io/webcrypto/#concept-parse-a-jwk
function parseJwk(bytes) {
  let value;
  try {
    value = JSONParse(utf8Decode(bytes));
  } catch {
    throw domException('DataError', 'The key data is no JSON');
  }
  if (!isObject(value)) throw domException('DataError', 'The key data is no JsonWebKey');
  const jwk = convertJwk(value, JWK_MEMBERS);
  if (jwk.kty === undefined) throw domException('DataError', 'The required JWK member "kty" was missing');
  return jwk;
}

// -- the methods. The document is taken first: a getter may take it away.

function normalizeEither(algorithm, operation, other) {
  try {
    return normalizeAlgorithm(algorithm, operation);
  } catch {
    return normalizeAlgorithm(algorithm, other);
  }
}

function withData(op) {
  return (self, algorithm, key, data) => {
    const doc = currentDocument();
    const alg = normalizeAlgorithm(algorithm, op);
    return PromisePrototypeThen(operate(doc, { __proto__: null, op, alg, key, data: copyOfBufferSource(data) }), toBuffer);
  };
}

export const subtleCryptoInterface = defineInterface(`
typedef (object or DOMString) AlgorithmIdentifier;
enum KeyFormat { "raw", "spki", "pkcs8", "jwk" };
[SecureContext, Exposed=(Window,Worker)]
interface SubtleCrypto {
  Promise<any> encrypt(AlgorithmIdentifier algorithm, CryptoKey key, BufferSource data);
  Promise<any> decrypt(AlgorithmIdentifier algorithm, CryptoKey key, BufferSource data);
  Promise<any> sign(AlgorithmIdentifier algorithm, CryptoKey key, BufferSource data);
  Promise<any> verify(AlgorithmIdentifier algorithm, CryptoKey key, BufferSource signature, BufferSource data);
  Promise<any> digest(AlgorithmIdentifier algorithm, BufferSource data);
  Promise<any> generateKey(AlgorithmIdentifier algorithm, boolean extractable, sequence<KeyUsage> keyUsages);
  Promise<any> deriveKey(AlgorithmIdentifier algorithm, CryptoKey baseKey, AlgorithmIdentifier derivedKeyType, boolean extractable, sequence<KeyUsage> keyUsages);
  Promise<any> deriveBits(AlgorithmIdentifier algorithm, CryptoKey baseKey, optional unsigned long? length = null);
  Promise<any> importKey(KeyFormat format, any keyData, AlgorithmIdentifier algorithm, boolean extractable, sequence<KeyUsage> keyUsages);
  Promise<any> exportKey(KeyFormat format, CryptoKey key);
  Promise<any> wrapKey(KeyFormat format, CryptoKey key, CryptoKey wrappingKey, AlgorithmIdentifier wrapAlgorithm);
  Promise<any> unwrapKey(KeyFormat format, BufferSource wrappedKey, CryptoKey unwrappingKey, AlgorithmIdentifier unwrapAlgorithm, AlgorithmIdentifier unwrappedKeyAlgorithm,
    boolean extractable, sequence<KeyUsage> keyUsages);
};
`, {
  encrypt: withData('encrypt'),
  decrypt: withData('decrypt'),
  sign: withData('sign'),
  verify(self, algorithm, key, signature, data) {
    const doc = currentDocument();
    const alg = normalizeAlgorithm(algorithm, 'verify');
    return operate(doc, { __proto__: null, op: 'verify', alg, key, signature: copyOfBufferSource(signature), data: copyOfBufferSource(data) });
  },
  digest(self, algorithm, data) {
    const doc = currentDocument();
    const alg = normalizeAlgorithm(algorithm, 'digest');
    return PromisePrototypeThen(operate(doc, { __proto__: null, op: 'digest', alg, data: copyOfBufferSource(data) }), toBuffer);
  },
  generateKey(self, algorithm, extractable, usages) {
    const doc = currentDocument();
    const alg = normalizeAlgorithm(algorithm, 'generateKey');
    return PromisePrototypeThen(operate(doc, { __proto__: null, op: 'generateKey', alg, extractable, usages }),
      (keys) => (keys.length === 1 ? wrap(keys[0]) : { publicKey: wrap(keys[0]), privateKey: wrap(keys[1]) }));
  },
  deriveKey(self, algorithm, key, derivedKeyType, extractable, usages) {
    const doc = currentDocument();
    const alg = normalizeAlgorithm(algorithm, 'deriveBits');
    const keyAlg = normalizeAlgorithm(derivedKeyType, 'importKey');
    const lengthAlg = normalizeAlgorithm(derivedKeyType, 'get key length');
    return PromisePrototypeThen(operate(doc, { __proto__: null, op: 'deriveKey', alg, key, keyAlg, lengthAlg, extractable, usages }), firstKey);
  },
  deriveBits(self, algorithm, key, length) {
    const doc = currentDocument();
    const alg = normalizeAlgorithm(algorithm, 'deriveBits');
    return PromisePrototypeThen(operate(doc, { __proto__: null, op: 'deriveBits', alg, key, length }), toBuffer);
  },
  importKey(self, format, keyData, algorithm, extractable, usages) {
    const doc = currentDocument();
    // The conversion of (BufferSource or JsonWebKey)
    const isBuffer = isBufferSource(keyData);
    const jwk = isBuffer ? null : convertJwk(keyData, JWK_MEMBERS);
    const alg = normalizeAlgorithm(algorithm, 'importKey');
    if ((format === 'jwk') === isBuffer) throw new TypeError('Key data must be ' + (isBuffer ? 'an object for JWK import' : 'a BufferSource for non-JWK formats'));
    const data = isBuffer ? copyOfBufferSource(keyData) : jwk;
    return PromisePrototypeThen(operate(doc, { __proto__: null, op: 'importKey', format, data, alg, extractable, usages }), firstKey);
  },
  exportKey(self, format, key) {
    return PromisePrototypeThen(operate(currentDocument(), { __proto__: null, op: 'exportKey', format, key }), (out) => (format === 'jwk' ? out : toBuffer(out)));
  },
  wrapKey(self, format, key, wrappingKey, algorithm) {
    const doc = currentDocument();
    const alg = normalizeEither(algorithm, 'wrapKey', 'encrypt');
    return PromisePrototypeThen(operate(doc, { __proto__: null, op: 'wrapKey', format, key, wrappingKey, alg }), toBuffer);
  },
  unwrapKey(self, format, wrappedKey, key, algorithm, keyAlgorithm, extractable, usages) {
    const doc = currentDocument();
    const alg = normalizeEither(algorithm, 'unwrapKey', 'decrypt');
    const keyAlg = normalizeAlgorithm(keyAlgorithm, 'importKey');
    const unwrapped = operate(doc, { __proto__: null, op: 'unwrap', alg, key, data: copyOfBufferSource(wrappedKey) });
    const imported = PromisePrototypeThen(unwrapped, (bytes) => operate(doc, {
      __proto__: null, op: 'importKey', format, data: format === 'jwk' ? parseJwk(bytes) : bytes, alg: keyAlg, extractable, usages,
    }));
    return PromisePrototypeThen(imported, firstKey);
  },
}, SubtleCryptoImpl);
