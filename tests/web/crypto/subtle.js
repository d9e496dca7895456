// Known answers of the standards behind https://w3c.github.io/webcrypto/, and the interface around them.
'use strict';

function bytes(hex) {
  const text = hex.replace(/\s/g, '');
  const out = new Uint8Array(text.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return out;
}

function hex(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const text = (string) => new TextEncoder().encode(string);
const { subtle } = crypto;

async function rejects(name, promise) {
  let error = null;
  try {
    await promise;
  } catch (thrown) {
    error = thrown;
  }
  assert_not_equals(error, null, 'it must be rejected');
  assert_equals(error.name, name, error.message);
}

promise_test(async () => {
  assert_equals(hex(await subtle.digest('sha-1', text('abc'))), 'a9993e364706816aba3e25717850c26c9cd0d89d');
  assert_equals(hex(await subtle.digest({ name: 'SHA-256' }, text('abc'))), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  assert_equals(hex(await subtle.digest('SHA-384', text('abc'))).slice(0, 16), 'cb00753f45a35e8b');
  assert_equals(hex(await subtle.digest('SHA-512', new Uint8Array(300000))).slice(0, 16), hex(await subtle.digest('SHA-512', new Uint8Array(300000).buffer)).slice(0, 16));
}, 'digests: FIPS 180-4');

promise_test(async () => {
  // RFC 4231, 4.3
  const key = await subtle.importKey('raw', text('Jefe'), { name: 'HMAC', hash: 'SHA-256' }, true, ['sign', 'verify']);
  const data = text('what do ya want for nothing?');
  const signature = await subtle.sign('hmac', key, data);
  assert_equals(hex(signature), '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
  assert_true(await subtle.verify('HMAC', key, signature, data));
  assert_false(await subtle.verify('HMAC', key, signature, text('what else')));
  const jwk = await subtle.exportKey('jwk', key);
  assert_equals(JSON.stringify(jwk), '{"alg":"HS256","ext":true,"k":"SmVmZQ","key_ops":["sign","verify"],"kty":"oct"}');
}, 'HMAC: RFC 4231, case 2');

promise_test(async () => {
  // RFC 5869, A.1
  const key = await subtle.importKey('raw', bytes('0b'.repeat(22)), 'HKDF', false, ['deriveBits']);
  const bits = await subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: bytes('000102030405060708090a0b0c'), info: bytes('f0f1f2f3f4f5f6f7f8f9') }, key, 42 * 8);
  assert_equals(hex(bits), '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865');
}, 'HKDF: RFC 5869, case 1');

promise_test(async () => {
  // RFC 6070, case 2, and RFC 7914, 11
  const password = await subtle.importKey('raw', text('password'), 'PBKDF2', false, ['deriveBits', 'deriveKey']);
  const two = { name: 'PBKDF2', hash: 'SHA-1', salt: text('salt'), iterations: 2 };
  assert_equals(hex(await subtle.deriveBits(two, password, 160)), 'ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957');
  const passwd = await subtle.importKey('raw', text('passwd'), 'PBKDF2', false, ['deriveBits']);
  assert_equals(hex(await subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: text('salt'), iterations: 1 }, passwd, 256)), '55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc');
  const derived = await subtle.deriveKey({ name: 'PBKDF2', hash: 'SHA-256', salt: text('salt'), iterations: 50000 }, password, { name: 'AES-GCM', length: 256 }, true, ['encrypt']);
  assert_equals((await subtle.exportKey('raw', derived)).byteLength, 32);
}, 'PBKDF2: RFC 6070, RFC 7914; many iterations run beside the page');

promise_test(async () => {
  // SP 800-38A, F.2.1 and F.5.1: the first block
  const raw = bytes('2b7e151628aed2a6abf7158809cf4f3c');
  const block = bytes('6bc1bee22e409f96e93d7e117393172a');
  const cbc = await subtle.importKey('raw', raw, 'AES-CBC', false, ['encrypt', 'decrypt']);
  const iv = bytes('000102030405060708090a0b0c0d0e0f');
  const encrypted = await subtle.encrypt({ name: 'AES-CBC', iv }, cbc, block);
  assert_equals(hex(encrypted).slice(0, 32), '7649abac8119b246cee98e9b12e9197d');
  assert_equals(hex(await subtle.decrypt({ name: 'AES-CBC', iv }, cbc, encrypted)), hex(block));
  const ctr = await subtle.importKey('raw', raw, 'AES-CTR', false, ['encrypt']);
  const counter = bytes('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff');
  assert_equals(hex(await subtle.encrypt({ name: 'AES-CTR', counter, length: 64 }, ctr, block)), '874d6191b620e3261bef6864990db6ce');
  // A counter that wraps leaves the bits beside it alone.
  const two = new Uint8Array(32);
  const wrapped = hex(await subtle.encrypt({ name: 'AES-CTR', counter, length: 8 }, ctr, two));
  const zero = bytes('f0f1f2f3f4f5f6f7f8f9fafbfcfdfe00');
  assert_equals(wrapped.slice(32), hex(await subtle.encrypt({ name: 'AES-CTR', counter: zero, length: 8 }, ctr, two)).slice(0, 32));
  await rejects('OperationError', subtle.encrypt({ name: 'AES-CTR', counter, length: 1 }, ctr, new Uint8Array(48)));
}, 'AES-CBC and AES-CTR: SP 800-38A');

promise_test(async () => {
  // The GCM specification, test case 4
  const key = await subtle.importKey('raw', bytes('feffe9928665731c6d6a8f9467308308'), 'AES-GCM', false, ['encrypt', 'decrypt']);
  const plain = bytes(`d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525
    b16aedf5aa0de657ba637b39`);
  const params = { name: 'AES-GCM', iv: bytes('cafebabefacedbaddecaf888'), additionalData: bytes('feedfacedeadbeeffeedfacedeadbeefabaddad2') };
  const sealed = await subtle.encrypt(params, key, plain);
  assert_equals(hex(sealed).slice(-32), '5bc94fbc3221a5db94fae95ae7121a47');
  assert_equals(hex(await subtle.decrypt(params, key, sealed)), hex(plain));
  const broken = new Uint8Array(sealed);
  broken[0] ^= 1;
  await rejects('OperationError', subtle.decrypt(params, key, broken));
}, 'AES-GCM: test case 4 of the specification');

promise_test(async () => {
  // RFC 3394, 4.1
  const wrapping = await subtle.importKey('raw', bytes('000102030405060708090a0b0c0d0e0f'), 'AES-KW', false, ['wrapKey', 'unwrapKey']);
  const key = await subtle.importKey('raw', bytes('00112233445566778899aabbccddeeff'), 'AES-CBC', true, ['encrypt']);
  const wrapped = await subtle.wrapKey('raw', key, wrapping, 'AES-KW');
  assert_equals(hex(wrapped), '1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5');
  const back = await subtle.unwrapKey('raw', wrapped, wrapping, 'AES-KW', 'AES-CBC', true, ['encrypt']);
  assert_equals(hex(await subtle.exportKey('raw', back)), '00112233445566778899aabbccddeeff');
}, 'AES-KW: RFC 3394, 4.1');

function base64url(data) {
  return btoa(String.fromCharCode(...data)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

promise_test(async () => {
  // RFC 8032, 7.1, test 2
  const d = base64url(bytes('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'));
  const x = base64url(bytes('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c'));
  const key = await subtle.importKey('jwk', { kty: 'OKP', crv: 'Ed25519', d, x }, 'Ed25519', true, ['sign']);
  const signature = await subtle.sign('Ed25519', key, bytes('72'));
  assert_equals(hex(signature), '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00');
  const other = await subtle.importKey('jwk', { kty: 'OKP', crv: 'Ed25519', x }, 'Ed25519', true, ['verify']);
  assert_true(await subtle.verify('Ed25519', other, signature, bytes('72')));
  assert_equals(JSON.stringify(await subtle.exportKey('jwk', key)), JSON.stringify({ crv: 'Ed25519', d, ext: true, key_ops: ['sign'], kty: 'OKP', x }));
  await rejects('DataError', subtle.importKey('jwk', { kty: 'OKP', crv: 'Ed25519', d, x: base64url(new Uint8Array(32)) }, 'Ed25519', true, ['sign']));
  // A key of small order signs everything: it must sign nothing.
  const weak = await subtle.importKey('raw', new Uint8Array(32), 'Ed25519', true, ['verify']);
  assert_false(await subtle.verify('Ed25519', weak, new Uint8Array(64), text('x')));
}, 'Ed25519: RFC 8032');

promise_test(async () => {
  // RFC 7748, 5.2; the prefix is RFC 8410's, 7
  const alice = bytes('302e020100300506032b656e04220420' + 'a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4');
  const secret = await subtle.importKey('pkcs8', alice, 'X25519', false, ['deriveBits']);
  const bob = await subtle.importKey('raw', bytes('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c'), 'X25519', true, []);
  assert_equals(hex(await subtle.deriveBits({ name: 'X25519', public: bob }, secret)), 'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552');
  assert_equals(hex(await subtle.deriveBits({ name: 'X25519', public: bob }, secret, 12)), 'c3d0');
  const nothing = await subtle.importKey('raw', new Uint8Array(32), 'X25519', true, []);
  await rejects('OperationError', subtle.deriveBits({ name: 'X25519', public: nothing }, secret));
}, 'X25519: RFC 7748');

promise_test(async () => {
  const curve = { name: 'ECDSA', namedCurve: 'P-256' };
  const { publicKey, privateKey } = await subtle.generateKey(curve, false, ['sign', 'verify']);
  assert_true(publicKey.extractable);
  assert_false(privateKey.extractable);
  assert_array_equals(privateKey.usages, ['sign']);
  const params = { name: 'ECDSA', hash: 'SHA-256' };
  const signature = await subtle.sign(params, privateKey, text('x'));
  assert_equals(signature.byteLength, 64);
  const point = await subtle.exportKey('raw', publicKey);
  const again = await subtle.importKey('spki', await subtle.exportKey('spki', publicKey), curve, true, ['verify']);
  assert_true(await subtle.verify(params, again, signature, text('x')));
  assert_equals(hex(await subtle.exportKey('raw', again)), hex(point));
  await rejects('InvalidAccessError', subtle.exportKey('pkcs8', privateKey));
  await rejects('InvalidAccessError', subtle.sign(params, publicKey, text('x')));
  await rejects('NotSupportedError', subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-512' }, false, ['sign']));
}, 'ECDSA: keys and signatures');

promise_test(async () => {
  const rsa = { name: 'RSA-OAEP', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const { publicKey, privateKey } = await subtle.generateKey(rsa, true, ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey']);
  clearInterval(timer);
  assert_true(ticks > 0, 'the page runs on while keys are made');
  assert_array_equals(publicKey.algorithm.publicExponent, [1, 0, 1]);
  assert_equals(publicKey.algorithm, publicKey.algorithm);
  assert_equals(privateKey.algorithm.hash.name, 'SHA-256');
  const params = { name: 'RSA-OAEP', label: text('label') };
  const sealed = await subtle.encrypt(params, publicKey, text('secret'));
  assert_equals(new TextDecoder().decode(await subtle.decrypt(params, privateKey, sealed)), 'secret');
  await rejects('OperationError', subtle.decrypt('RSA-OAEP', privateKey, sealed));
  const jwk = await subtle.exportKey('jwk', privateKey);
  const back = await subtle.importKey('jwk', jwk, rsa, true, ['decrypt']);
  assert_equals(hex(await subtle.exportKey('pkcs8', back)), hex(await subtle.exportKey('pkcs8', privateKey)));
  const hmac = await subtle.generateKey({ name: 'HMAC', hash: 'SHA-1' }, true, ['sign']);
  const wrapped = await subtle.wrapKey('jwk', hmac, publicKey, params);
  const unwrapped = await subtle.unwrapKey('jwk', wrapped, privateKey, params, { name: 'HMAC', hash: 'SHA-1' }, true, ['sign']);
  assert_equals(hex(await subtle.exportKey('raw', unwrapped)), hex(await subtle.exportKey('raw', hmac)));
}, 'RSA-OAEP: keys, encryption, wrapping');

promise_test(async () => {
  const log = [];
  const algorithm = new Proxy({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(1), info: new Uint8Array(1) }, {
    get(target, key) {
      log.push(key);
      return target[key];
    },
  });
  const key = await subtle.importKey('raw', text('x'), 'HKDF', false, ['deriveBits']);
  await subtle.deriveBits(algorithm, key, 8);
  assert_array_equals(log, ['name', 'hash', 'info', 'salt']);
  await rejects('TypeError', subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(1) }, key, 8));
  await rejects('NotSupportedError', subtle.digest('MD5', text('x')));
  await rejects('SyntaxError', subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, []));
  await rejects('SyntaxError', subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['sign']));
  await rejects('OperationError', subtle.generateKey({ name: 'AES-GCM', length: 100 }, true, ['encrypt']));
  await rejects('TypeError', subtle.importKey('raw', {}, 'AES-GCM', true, ['encrypt']));
}, 'normalisation and errors');

promise_test(async () => {
  const key = await subtle.generateKey({ name: 'AES-CBC', length: 192 }, false, ['encrypt']);
  const copy = structuredClone({ key }).key;
  assert_not_equals(copy, key);
  assert_true(copy instanceof CryptoKey);
  assert_equals(copy.algorithm.length, 192);
  const params = { name: 'AES-CBC', iv: new Uint8Array(16) };
  assert_equals(hex(await subtle.encrypt(params, copy, text('x'))), hex(await subtle.encrypt(params, key, text('x'))));
  const worker = new Worker(URL.createObjectURL(new Blob([`onmessage = async ({ data: { key, params } }) => {
    const sealed = await crypto.subtle.encrypt(params, key, new Uint8Array([120]));
    postMessage({ sealed, key });
  };`])));
  const { data } = await new Promise((resolve) => {
    worker.onmessage = resolve;
    worker.postMessage({ key, params });
  });
  worker.terminate();
  assert_equals(hex(data.sealed), hex(await subtle.encrypt(params, key, text('x'))));
  assert_false(data.key.extractable);
}, 'keys are cloned, also to a web worker');
