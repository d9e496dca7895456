"""AES in its modes, and HMAC: keys and operations.

https://w3c.github.io/webcrypto/#aes-ctr to #aes-kw, and #hmac.

Thread: any.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import keywrap, padding
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES

from sanderling.browser.web_crypto import jwk as jwks
from sanderling.browser.web_crypto.values import (
    Jwk,
    Key,
    Params,
    check_usages,
    data_error,
    not_supported,
    operation_error,
    ordered,
)

_BLOCK_BYTES = 16
_AES_LENGTHS = (128, 192, 256)
_TAG_LENGTHS = (32, 64, 96, 104, 112, 120, 128)
_HMAC_BLOCK_BITS = {"SHA-1": 512, "SHA-256": 512, "SHA-384": 1024, "SHA-512": 1024}
_MAX_HMAC_BITS = 1 << 31
"""Longer keys are refused: nobody means them."""

_ALL_AES_USAGES = ("encrypt", "decrypt", "wrapKey", "unwrapKey")

HASH_NAMES = {"SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
"""The names that `hashlib` has for the digests."""


def usages_of(name: str) -> Sequence[str]:
    """Say what keys of this algorithm may be for."""
    if name == "HMAC":
        return ("sign", "verify")
    return ("wrapKey", "unwrapKey") if name == "AES-KW" else _ALL_AES_USAGES


# -- keys ------------------------------------------------------------------------------------------------------------------


def generate(params: Params, extractable: bool, usages: Sequence[str]) -> Key:
    """Make a secret key.

    Raises:
        CryptoError: SyntaxError, OperationError.
    """
    name = params["name"]
    check_usages(usages, usages_of(name))
    length = key_length(params) if name == "HMAC" else params["length"]
    if name != "HMAC" and length not in _AES_LENGTHS:
        raise operation_error("AES key length must be 128, 192 or 256 bits")
    if name == "HMAC" and "length" in params and length == 0:
        raise operation_error("HMAC key length must not be zero")
    material = bytearray(os.urandom((length + 7) // 8))
    if length % 8:
        material[-1] &= (0xFF << (8 - length % 8)) & 0xFF
    return _key(params, length, bytes(material), extractable, usages)


def _key(params: Params, length: int, material: bytes, extractable: bool, usages: Sequence[str]) -> Key:
    name = params["name"]
    algorithm: Params = {"name": name, "length": length}
    if name == "HMAC":
        algorithm = {"name": name, "hash": {"name": params["hash"]}, "length": length}
    return Key(type="secret", extractable=extractable, algorithm=algorithm, usages=ordered(usages), material=material)


def key_length(params: Params) -> int:
    """Give the length in bits of a key to be derived: "get key length".

    Raises:
        CryptoError: OperationError, TypeError.
    """
    if params["name"] != "HMAC":
        if params["length"] not in _AES_LENGTHS:
            raise operation_error("AES key length must be 128, 192 or 256 bits")
        return int(params["length"])
    if "length" not in params:
        return _HMAC_BLOCK_BITS[params["hash"]]
    if not 0 <= params["length"] <= _MAX_HMAC_BITS:
        raise operation_error("HMAC key length is too large")
    return int(params["length"])


def import_key(form: str, data: bytes | Jwk, params: Params, extractable: bool, usages: Sequence[str]) -> Key:
    """Import from `raw` or `jwk`.

    Raises:
        CryptoError: SyntaxError, DataError, NotSupportedError.
    """
    name = params["name"]
    check_usages(usages, usages_of(name))
    if form == "raw":
        assert isinstance(data, bytes)
        material = data
    elif form == "jwk":
        assert isinstance(data, dict)
        material = _from_jwk(data, params, extractable, usages)
    else:
        raise not_supported(f"Unsupported import key format for {name}: {form}")
    length = len(material) * 8
    if name != "HMAC":
        if length not in _AES_LENGTHS:
            raise data_error("AES key data must be 128, 192 or 256 bits")
        return _key(params, length, material, extractable, usages)
    if length == 0:
        raise data_error("HMAC key data must not be empty")
    if "length" in params:
        wanted = params["length"]
        if wanted > length or wanted <= length - 8:
            raise data_error(
                "The optional HMAC key length must be shorter than the key data, and by no more than 7 bits."
            )
        length = wanted
        if length % 8:
            material = material[:-1] + bytes((material[-1] & (0xFF << (8 - length % 8)) & 0xFF,))
    return _key(params, length, material, extractable, usages)


def _from_jwk(jwk: Jwk, params: Params, extractable: bool, usages: Sequence[str]) -> bytes:
    name = params["name"]
    jwks.check(jwk, kty="oct", use="sig" if name == "HMAC" else "enc", usages=usages, extractable=extractable)
    material = jwks.member(jwk, "k")
    if name == "HMAC":
        jwks.check_algorithm(jwk, _jwk_name(name, len(material), params["hash"]))
    elif len(material) * 8 in _AES_LENGTHS:
        jwks.check_algorithm(jwk, _jwk_name(name, len(material), ""))
    return material


def _jwk_name(name: str, size: int, digest: str) -> str:
    # RFC 7518, 3.1 and 5.1, and the registry of JOSE algorithms
    return f"HS{digest[4:] if digest != 'SHA-1' else '1'}" if name == "HMAC" else f"A{size * 8}{name[4:]}"


def export_key(form: str, key: Key) -> bytes | Jwk:
    """Export as `raw` or `jwk`.

    Raises:
        CryptoError: NotSupportedError.
    """
    if form == "raw":
        return key.material
    if form != "jwk":
        raise not_supported(f"Unsupported export key format for {key.name}: {form}")
    digest = key.algorithm["hash"]["name"] if key.name == "HMAC" else ""
    return {
        "kty": "oct",
        "k": jwks.encode(key.material),
        "alg": _jwk_name(key.name, len(key.material), digest),
        "key_ops": key.usages,
        "ext": key.extractable,
    }


# -- operations ------------------------------------------------------------------------------------------------------------


def encrypt(params: Params, key: Key, data: bytes) -> bytes:
    """Encrypt with AES-CBC, AES-CTR or AES-GCM.

    Raises:
        CryptoError: OperationError.
    """
    name = params["name"]
    if name == "AES-CBC":
        padder = padding.PKCS7(128).padder()
        encryptor = Cipher(AES(key.material), modes.CBC(_block(params["iv"]))).encryptor()
        return encryptor.update(padder.update(data) + padder.finalize()) + encryptor.finalize()
    if name == "AES-CTR":
        return _counter(params, key, data)
    tag_bytes = _tag_bytes(params)
    encryptor = Cipher(AES(key.material), _gcm(params["iv"], None, tag_bytes)).encryptor()
    encryptor.authenticate_additional_data(params.get("additionalData", b""))
    return encryptor.update(data) + encryptor.finalize() + encryptor.tag[:tag_bytes]


def decrypt(params: Params, key: Key, data: bytes) -> bytes:
    """Decrypt with AES-CBC, AES-CTR or AES-GCM.

    Raises:
        CryptoError: OperationError.
    """
    name = params["name"]
    try:
        if name == "AES-CBC":
            if not data or len(data) % _BLOCK_BYTES:
                raise operation_error("The ciphertext has an incomplete block")
            decryptor = Cipher(AES(key.material), modes.CBC(_block(params["iv"]))).decryptor()
            unpadder = padding.PKCS7(128).unpadder()
            return unpadder.update(decryptor.update(data) + decryptor.finalize()) + unpadder.finalize()
        if name == "AES-CTR":
            return _counter(params, key, data)
        tag_bytes = _tag_bytes(params)
        if len(data) < tag_bytes:
            raise operation_error("The provided data is too small")
        cipher = Cipher(AES(key.material), _gcm(params["iv"], data[-tag_bytes:], tag_bytes)).decryptor()
        cipher.authenticate_additional_data(params.get("additionalData", b""))
        return cipher.update(data[:-tag_bytes]) + cipher.finalize()
    except (ValueError, InvalidTag):
        raise operation_error("The data could not be decrypted") from None


def _block(value: bytes) -> bytes:
    if len(value) != _BLOCK_BYTES:
        raise operation_error("The initialization vector must be 16 bytes")
    return value


def _tag_bytes(params: Params) -> int:
    length = params.get("tagLength", 128)
    if length not in _TAG_LENGTHS:
        raise operation_error("The tag length is invalid: must be 32, 64, 96, 104, 112, 120 or 128 bits")
    return int(length) // 8


def _gcm(iv: bytes, tag: bytes | None, tag_bytes: int) -> modes.GCM:
    try:
        return modes.GCM(iv, tag, min_tag_length=tag_bytes)
    except ValueError:
        raise operation_error(f"An initialization vector of {len(iv)} bytes is not supported: 8 to 128 are") from None


def _counter(params: Params, key: Key, data: bytes) -> bytes:
    counter, bits = params["counter"], params["length"]
    if len(counter) != _BLOCK_BYTES:
        raise operation_error("The counter must be 16 bytes")
    if not 1 <= bits <= 128:
        raise operation_error("The counter length must be between 1 and 128 bits")
    blocks = (len(data) + _BLOCK_BYTES - 1) // _BLOCK_BYTES
    if blocks > 1 << bits:
        raise operation_error("Counter values would repeat")
    # Only the rightmost `bits` bits count; the library counts with all of them.
    mask = (1 << bits) - 1
    start = int.from_bytes(counter, "big")
    before = min(blocks, mask + 1 - (start & mask)) * _BLOCK_BYTES  # bytes up to where they wrap
    out = _count(key, counter, data[:before])
    if before < len(data):
        out += _count(key, (start & ~mask).to_bytes(_BLOCK_BYTES, "big"), data[before:])
    return out


def _count(key: Key, counter: bytes, data: bytes) -> bytes:
    cipher = Cipher(AES(key.material), modes.CTR(counter)).encryptor()
    return cipher.update(data) + cipher.finalize()


def wrap(key: Key, data: bytes) -> bytes:
    """Wrap with AES-KW (RFC 3394).

    Raises:
        CryptoError: OperationError.
    """
    try:
        return keywrap.aes_key_wrap(key.material, data)
    except ValueError as error:
        raise operation_error(f"The key could not be wrapped: {error}") from None


def unwrap(key: Key, data: bytes) -> bytes:
    """Unwrap with AES-KW.

    Raises:
        CryptoError: OperationError.
    """
    try:
        return keywrap.aes_key_unwrap(key.material, data)
    except (ValueError, keywrap.InvalidUnwrap):
        raise operation_error("The key could not be unwrapped") from None


def sign(key: Key, data: bytes) -> bytes:
    """Give the HMAC (RFC 2104)."""
    return hmac.digest(key.material, data, HASH_NAMES[key.algorithm["hash"]["name"]])


def verify(key: Key, signature: bytes, data: bytes) -> bool:
    """Compare the HMAC in constant time."""
    return hmac.compare_digest(sign(key, data), signature)
