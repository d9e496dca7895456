"""Ed25519, Ed448, X25519 and X448.

https://w3c.github.io/webcrypto/#ed25519 and #x25519, https://wicg.github.io/webcrypto-secure-curves/; RFC 8032, RFC 7748, RFC 8410, RFC 8037.

Thread: any.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed448, ed25519, x448, x25519

from sanderling.browser.web_crypto import jwk as jwks
from sanderling.browser.web_crypto.asymmetric import (
    load_private,
    load_public,
    pair,
    private_key,
    private_of,
    public_key,
    public_of,
)
from sanderling.browser.web_crypto.edwards_points import is_small_order
from sanderling.browser.web_crypto.values import (
    Jwk,
    Key,
    Params,
    access_error,
    check_usages,
    data_error,
    not_supported,
    operation_error,
    truncated,
)

_Private: TypeAlias = ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey | x25519.X25519PrivateKey | x448.X448PrivateKey
_Public: TypeAlias = ed25519.Ed25519PublicKey | ed448.Ed448PublicKey | x25519.X25519PublicKey | x448.X448PublicKey


class _Curve(NamedTuple):
    private: type[_Private]
    public: type[_Public]
    private_usages: Sequence[str]
    public_usages: Sequence[str]


_SIGN, _DERIVE = ("sign",), ("deriveKey", "deriveBits")

_CURVES = {
    "Ed25519": _Curve(ed25519.Ed25519PrivateKey, ed25519.Ed25519PublicKey, _SIGN, ("verify",)),
    "Ed448": _Curve(ed448.Ed448PrivateKey, ed448.Ed448PublicKey, _SIGN, ("verify",)),
    "X25519": _Curve(x25519.X25519PrivateKey, x25519.X25519PublicKey, _DERIVE, ()),
    "X448": _Curve(x448.X448PrivateKey, x448.X448PublicKey, _DERIVE, ()),
}


def generate(params: Params, extractable: bool, usages: Sequence[str]) -> tuple[Key, Key]:
    """Make a pair.

    Raises:
        CryptoError: SyntaxError.
    """
    curve = _CURVES[params["name"]]
    check_usages(usages, (*curve.private_usages, *curve.public_usages))
    key = curve.private.generate()
    return pair(
        key, {"name": params["name"]}, usages, curve.private_usages, curve.public_usages, extractable=extractable
    )


def import_key(form: str, data: bytes | Jwk, params: Params, extractable: bool, usages: Sequence[str]) -> Key:
    """Import from `raw`, `spki`, `pkcs8` or `jwk`.

    Raises:
        CryptoError: SyntaxError, DataError, NotSupportedError.
    """
    name = params["name"]
    curve = _CURVES[name]
    if form == "jwk":
        assert isinstance(data, dict)
        return _import_jwk(data, name, extractable, usages)
    if form not in {"raw", "spki", "pkcs8"}:
        raise not_supported(f"Unsupported import key format for {name}: {form}")
    assert isinstance(data, bytes)
    check_usages(usages, curve.private_usages if form == "pkcs8" else curve.public_usages)
    if form == "pkcs8":
        private = load_private(data)
        if not isinstance(private, curve.private):
            raise data_error(f"The PKCS #8 data holds no {name} key")
        return private_key(private, {"name": name}, usages, extractable=extractable)
    if form == "spki":
        public = load_public(data)
        if not isinstance(public, curve.public):
            raise data_error(f"The SPKI data holds no {name} key")
    else:
        public = _public_from(curve, data)
    return public_key(public, {"name": name}, usages, extractable=extractable)


def _public_from(curve: _Curve, data: bytes) -> _Public:
    try:
        return curve.public.from_public_bytes(data)
    except ValueError as error:
        raise data_error(f"The public key is not valid: {error}") from None


def _import_jwk(jwk: Jwk, name: str, extractable: bool, usages: Sequence[str]) -> Key:
    curve = _CURVES[name]
    is_private = "d" in jwk
    signs = curve.private_usages is _SIGN
    check_usages(usages, curve.private_usages if is_private else curve.public_usages)
    jwks.check(jwk, kty="OKP", use="sig" if signs else "enc", usages=usages, extractable=extractable)
    if jwk.get("crv") != name:
        raise data_error(f'The JWK "crv" member was not "{name}"')
    # DEVIATION: "alg" is neither read nor written: keys of both RFC 8037 and its successor are about, and the public tests want that.
    public = _public_from(curve, jwks.member(jwk, "x"))
    if not is_private:
        return public_key(public, {"name": name}, usages, extractable=extractable)
    try:
        private = curve.private.from_private_bytes(jwks.member(jwk, "d"))
    except ValueError as error:
        raise data_error(f"The private key is not valid: {error}") from None
    if private.public_key().public_bytes_raw() != public.public_bytes_raw():
        raise data_error('The JWK members "x" and "d" are no pair')
    return private_key(private, {"name": name}, usages, extractable=extractable)


def export_key(form: str, key: Key) -> bytes | Jwk:
    """Export as `raw`, `spki`, `pkcs8` or `jwk`.

    Raises:
        CryptoError: InvalidAccessError, NotSupportedError.
    """
    if form in {"raw", "spki", "pkcs8"}:
        if key.type != ("private" if form == "pkcs8" else "public"):
            raise access_error(f"A {key.type} key cannot be exported as {form}")
        return _public(key).public_bytes_raw() if form == "raw" else key.material
    if form != "jwk":
        raise not_supported(f"Unsupported export key format for {key.name}: {form}")
    jwk: Jwk = {"kty": "OKP", "crv": key.name, "key_ops": key.usages, "ext": key.extractable}
    if key.type == "public":
        public = _public(key)
    else:
        private = _private(key)
        jwk["d"] = jwks.encode(private.private_bytes_raw())
        public = private.public_key()
    jwk["x"] = jwks.encode(public.public_bytes_raw())
    return jwk


def _public(key: Key) -> _Public:
    if key.type != "public":
        raise access_error("The key is not a public key")
    loaded = public_of(key.material)
    assert isinstance(loaded, _CURVES[key.name].public)
    return loaded


def _private(key: Key) -> _Private:
    if key.type != "private":
        raise access_error("The key is not a private key")
    loaded = private_of(key.material)
    assert isinstance(loaded, _CURVES[key.name].private)
    return loaded


def sign(params: Params, key: Key, data: bytes) -> bytes:
    """Sign.

    Raises:
        CryptoError: InvalidAccessError, NotSupportedError.
    """
    _check_context(params)
    private = _private(key)
    assert isinstance(private, ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey)
    return private.sign(data)


def verify(params: Params, key: Key, signature: bytes, data: bytes) -> bool:
    """Say whether the signature is the key's.

    Raises:
        CryptoError: InvalidAccessError, NotSupportedError.
    """
    _check_context(params)
    public = _public(key)
    assert isinstance(public, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey)
    # https://w3c.github.io/webcrypto/#ed25519-operations-verify, steps 2 and 3: the key and R, the first half of the signature
    point = public.public_bytes_raw()
    if is_small_order(key.name, point) or is_small_order(key.name, signature[: len(point)]):
        return False
    try:
        public.verify(signature, data)
    except InvalidSignature:
        return False
    return True


def _check_context(params: Params) -> None:
    if params.get("context"):
        raise not_supported("The context of Ed448 signatures is not supported")


def derive(params: Params, key: Key, length: int | None) -> bytes:
    """Agree on a secret (X25519, X448) and give `length` bits of it.

    Raises:
        CryptoError: InvalidAccessError, OperationError.
    """
    private = _private(key)
    other: Key = params["public"]
    if other.type != "public" or other.name != key.name:
        raise access_error("The other key is no public key of the same algorithm")
    public = _public(other)
    try:
        if isinstance(private, x25519.X25519PrivateKey):
            assert isinstance(public, x25519.X25519PublicKey)
            secret = private.exchange(public)
        else:
            assert isinstance(private, x448.X448PrivateKey)
            assert isinstance(public, x448.X448PublicKey)
            secret = private.exchange(public)
    except ValueError:
        # RFC 7748, 6.1: the secret would be all zero
        raise operation_error("The keys do not agree on a secret") from None
    return truncated(secret, length)
