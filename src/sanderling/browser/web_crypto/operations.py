"""The operations of SubtleCrypto, by name: which module does them for which algorithm, and the checks that all have.

https://w3c.github.io/webcrypto/#SubtleCrypto-methods: the steps "in parallel". The steps before them are JavaScript's.

Thread: any.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, TypeAlias

import msgspec

from sanderling.browser.web_crypto import derivation, edwards, elliptic, rsa, symmetric
from sanderling.browser.web_crypto.values import (
    CryptoError,
    Jwk,
    Key,
    Params,
    access_error,
    check_not_empty,
    not_supported,
)

Request: TypeAlias = dict[str, Any]
"""What page code asks: `op`, and what that operation needs; byte sequences and keys in their places."""

Answer: TypeAlias = "Key | tuple[Key, Key] | bytes | Jwk | bool"

_MODULES: dict[str, ModuleType] = {
    "RSASSA-PKCS1-v1_5": rsa,
    "RSA-PSS": rsa,
    "RSA-OAEP": rsa,
    "ECDSA": elliptic,
    "ECDH": elliptic,
    "Ed25519": edwards,
    "Ed448": edwards,
    "X25519": edwards,
    "X448": edwards,
    "AES-CTR": symmetric,
    "AES-CBC": symmetric,
    "AES-GCM": symmetric,
    "AES-KW": symmetric,
    "HMAC": symmetric,
    "HKDF": derivation,
    "PBKDF2": derivation,
}


def _check_key(params: Params, key: Key, usage: str) -> None:
    if params["name"] != key.name:
        raise access_error("The key's algorithm does not match")
    if usage not in key.usages:
        raise access_error(f"The key's usages do not permit {usage}")


def _digest(request: Request) -> Answer:
    return hashlib.new(symmetric.HASH_NAMES[request["alg"]["name"]], request["data"]).digest()


def _encrypt(request: Request) -> Answer:
    params, key = request["alg"], request["key"]
    _check_key(params, key, "encrypt")
    return bytes(_MODULES[key.name].encrypt(params, key, request["data"]))


def _decrypt(request: Request) -> Answer:
    params, key = request["alg"], request["key"]
    _check_key(params, key, "decrypt")
    return bytes(_MODULES[key.name].decrypt(params, key, request["data"]))


def _sign(request: Request) -> Answer:
    params, key = request["alg"], request["key"]
    _check_key(params, key, "sign")
    if key.name == "HMAC":
        return symmetric.sign(key, request["data"])
    return bytes(_MODULES[key.name].sign(params, key, request["data"]))


def _verify(request: Request) -> Answer:
    params, key = request["alg"], request["key"]
    _check_key(params, key, "verify")
    if key.name == "HMAC":
        return symmetric.verify(key, request["signature"], request["data"])
    return bool(_MODULES[key.name].verify(params, key, request["signature"], request["data"]))


def _generate(request: Request) -> Answer:
    params = request["alg"]
    made: Key | tuple[Key, Key] = _MODULES[params["name"]].generate(params, request["extractable"], request["usages"])
    check_not_empty(made if isinstance(made, Key) else made[1])
    return made


def _derive(params: Params, key: Key, length: int | None) -> bytes:
    return bytes(_MODULES[key.name].derive(params, key, length))


def _derive_bits(request: Request) -> Answer:
    params, key = request["alg"], request["key"]
    _check_key(params, key, "deriveBits")
    return _derive(params, key, request["length"])


def _derive_key(request: Request) -> Answer:
    params, key = request["alg"], request["key"]
    _check_key(params, key, "deriveKey")
    length_params = request["lengthAlg"]
    length = None if _MODULES[length_params["name"]] is not symmetric else symmetric.key_length(length_params)
    secret = _derive(params, key, length)
    return _import("raw", secret, request["keyAlg"], request["extractable"], request["usages"])


def _import(form: str, data: bytes | Jwk, params: Params, extractable: bool, usages: Sequence[str]) -> Key:
    made: Key = _MODULES[params["name"]].import_key(form, data, params, extractable, usages)
    return check_not_empty(made)


def _import_key(request: Request) -> Answer:
    return _import(request["format"], request["data"], request["alg"], request["extractable"], request["usages"])


def _export(form: str, key: Key) -> bytes | Jwk:
    module = _MODULES[key.name]
    if module is derivation:
        raise not_supported(f"{key.name} keys cannot be exported")
    if not key.extractable:
        raise access_error("The key is not extractable")
    out: bytes | Jwk = module.export_key(form, key)
    return out


def _export_key(request: Request) -> Answer:
    return _export(request["format"], request["key"])


def _wrap_key(request: Request) -> Answer:
    params, key = request["alg"], request["wrappingKey"]
    _check_key(params, key, "wrapKey")
    exported = _export(request["format"], request["key"])
    data = exported if isinstance(exported, bytes) else msgspec.json.encode(exported)
    if params["name"] == "AES-KW":
        return symmetric.wrap(key, data)
    return bytes(_MODULES[key.name].encrypt(params, key, data))


def _unwrap(request: Request) -> Answer:
    """Give the bytes of the key: what they mean is for `importKey`, after page code's side has parsed a JWK."""
    params, key = request["alg"], request["key"]
    _check_key(params, key, "unwrapKey")
    if params["name"] == "AES-KW":
        return symmetric.unwrap(key, request["data"])
    return bytes(_MODULES[key.name].decrypt(params, key, request["data"]))


_OPERATIONS: dict[str, Callable[[Request], Answer]] = {
    "digest": _digest,
    "encrypt": _encrypt,
    "decrypt": _decrypt,
    "sign": _sign,
    "verify": _verify,
    "generateKey": _generate,
    "deriveBits": _derive_bits,
    "deriveKey": _derive_key,
    "importKey": _import_key,
    "exportKey": _export_key,
    "wrapKey": _wrap_key,
    "unwrap": _unwrap,
}


def run(payload: Any, data: bytes | None) -> tuple[str, bytes | None]:
    """Do one operation.

    Args:
        payload: JSON: `op` and its arguments. `{"$": n}` stands for the nth byte sequence; `lengths` says how long each is.
        data: the byte sequences, one behind the other.

    Returns:
        JSON and bytes. `{"error": [name, message]}`; `{"value": …}` of what JSON can say; `{"keys": […]}` with `material` as the
        length of each one's bytes; `{}`: the bytes are the answer.
    """
    try:
        answer = _OPERATIONS[payload["op"]](_Reader(payload["lengths"], data or b"").read(payload))
    except CryptoError as error:
        return msgspec.json.encode({"error": [error.name, error.message]}).decode(), None
    if isinstance(answer, bytes):
        return "{}", answer
    if isinstance(answer, bool):
        return msgspec.json.encode({"value": answer}).decode(), None
    if isinstance(answer, dict):
        # WebIDL converts a dictionary in the order of its members' names.
        return msgspec.json.encode({"value": dict(sorted(answer.items()))}).decode(), None
    keys = [answer] if isinstance(answer, Key) else list(answer)
    described = [{**msgspec.structs.asdict(key), "material": len(key.material)} for key in keys]
    return msgspec.json.encode({"keys": described}).decode(), b"".join(key.material for key in keys)


class _Reader:
    def __init__(self, lengths: Sequence[int], data: bytes) -> None:
        self._parts: list[bytes] = []
        start = 0
        for length in lengths:
            self._parts.append(data[start : start + length])
            start += length

    def read(self, value: Any) -> Any:
        """Put byte sequences and keys in their places."""
        if isinstance(value, list):
            return [self.read(item) for item in value]
        if not isinstance(value, dict):
            return value
        if "$" in value:
            return self._parts[value["$"]]
        out = {name: self.read(item) for name, item in value.items()}
        return msgspec.convert(out, Key) if "material" in out else out
