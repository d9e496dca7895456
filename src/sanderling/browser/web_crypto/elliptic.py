"""ECDSA and ECDH over P-256, P-384 and P-521.

https://w3c.github.io/webcrypto/#ecdsa and #ecdh.

Thread: any.
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

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
from sanderling.browser.web_crypto.derivation import HASHES
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

_CURVES: dict[str, ec.EllipticCurve] = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}
_JWK_NAMES = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}

_DERIVE = ("deriveKey", "deriveBits")


def _usages_of(name: str) -> tuple[Sequence[str], Sequence[str]]:
    """Give what private and public keys may be for."""
    return (("sign",), ("verify",)) if name == "ECDSA" else (_DERIVE, ())


def _curve(params: Params) -> ec.EllipticCurve:
    curve = _CURVES.get(params["namedCurve"])
    if curve is None:
        raise not_supported(f"Unrecognized namedCurve: {params['namedCurve']}")
    return curve


def _algorithm(params: Params) -> Params:
    return {"name": params["name"], "namedCurve": params["namedCurve"]}


def _size(curve: ec.EllipticCurve) -> int:
    return (curve.key_size + 7) // 8


def generate(params: Params, extractable: bool, usages: Sequence[str]) -> tuple[Key, Key]:
    """Make a pair.

    Raises:
        CryptoError: SyntaxError, NotSupportedError.
    """
    private, public = _usages_of(params["name"])
    check_usages(usages, (*private, *public))
    key = ec.generate_private_key(_curve(params))
    return pair(key, _algorithm(params), usages, private, public, extractable=extractable)


def import_key(form: str, data: bytes | Jwk, params: Params, extractable: bool, usages: Sequence[str]) -> Key:
    """Import from `raw`, `spki`, `pkcs8` or `jwk`.

    Raises:
        CryptoError: SyntaxError, DataError, NotSupportedError.
    """
    private_usages, public_usages = _usages_of(params["name"])
    if form == "jwk":
        assert isinstance(data, dict)
        return _import_jwk(data, params, extractable, usages)
    if form not in {"raw", "spki", "pkcs8"}:
        raise not_supported(f"Unsupported import key format for {params['name']}: {form}")
    assert isinstance(data, bytes)
    check_usages(usages, private_usages if form == "pkcs8" else public_usages)
    curve = _curve(params)
    if form == "pkcs8":
        private = load_private(data)
        if not isinstance(private, ec.EllipticCurvePrivateKey) or private.curve.name != curve.name:
            raise data_error(f"The PKCS #8 data holds no key of {params['namedCurve']}")
        return private_key(private, _algorithm(params), usages, extractable=extractable)
    if form == "spki":
        public = load_public(data)
        if not isinstance(public, ec.EllipticCurvePublicKey) or public.curve.name != curve.name:
            raise data_error(f"The SPKI data holds no key of {params['namedCurve']}")
    else:
        try:
            public = ec.EllipticCurvePublicKey.from_encoded_point(curve, data)
        except ValueError:
            raise data_error("The raw data is no point of the curve") from None
    return public_key(public, _algorithm(params), usages, extractable=extractable)


def _import_jwk(jwk: Jwk, params: Params, extractable: bool, usages: Sequence[str]) -> Key:
    name = params["name"]
    private_usages, public_usages = _usages_of(name)
    is_private = "d" in jwk
    check_usages(usages, private_usages if is_private else public_usages)
    jwks.check(jwk, kty="EC", use="sig" if name == "ECDSA" else "enc", usages=usages, extractable=extractable)
    curve = _curve(params)
    if jwk.get("crv") != params["namedCurve"]:
        raise data_error('The JWK "crv" member was inconsistent with that specified by the Web Crypto call')
    if name == "ECDSA":
        jwks.check_algorithm(jwk, _JWK_NAMES[params["namedCurve"]])
    x, y = jwks.member(jwk, "x"), jwks.member(jwk, "y")
    # RFC 7518, 6.2.1.2: coordinates have the size of the curve
    if len(x) != _size(curve) or len(y) != _size(curve):
        raise data_error("The coordinates of the JWK do not have the size of the curve")
    numbers = ec.EllipticCurvePublicNumbers(int.from_bytes(x, "big"), int.from_bytes(y, "big"), curve)
    try:
        if not is_private:
            return public_key(numbers.public_key(), _algorithm(params), usages, extractable=extractable)
        d = jwks.member(jwk, "d")
        if len(d) != _size(curve):
            raise data_error('The JWK "d" member does not have the size of the curve')
        private = ec.EllipticCurvePrivateNumbers(int.from_bytes(d, "big"), numbers).private_key()
    except ValueError as error:
        raise data_error(f"The JWK is no valid key: {error}") from None
    return private_key(private, _algorithm(params), usages, extractable=extractable)


def export_key(form: str, key: Key) -> bytes | Jwk:
    """Export as `raw`, `spki`, `pkcs8` or `jwk`.

    Raises:
        CryptoError: InvalidAccessError, NotSupportedError.
    """
    if form in {"raw", "spki", "pkcs8"}:
        if key.type != ("private" if form == "pkcs8" else "public"):
            raise access_error(f"A {key.type} key cannot be exported as {form}")
        if form != "raw":
            return key.material
        return _public(key).public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    if form != "jwk":
        raise not_supported(f"Unsupported export key format for {key.name}: {form}")
    jwk: Jwk = {"kty": "EC", "crv": key.algorithm["namedCurve"], "key_ops": key.usages, "ext": key.extractable}
    if key.type == "public":
        numbers = _public(key).public_numbers()
    else:
        secret = _private(key).private_numbers()
        numbers = secret.public_numbers
        jwk["d"] = jwks.encode_number(secret.private_value, _size(numbers.curve))
    jwk["x"] = jwks.encode_number(numbers.x, _size(numbers.curve))
    jwk["y"] = jwks.encode_number(numbers.y, _size(numbers.curve))
    return jwk


def _public(key: Key) -> ec.EllipticCurvePublicKey:
    if key.type != "public":
        raise access_error("The key is not a public key")
    loaded = public_of(key.material)
    assert isinstance(loaded, ec.EllipticCurvePublicKey)
    return loaded


def _private(key: Key) -> ec.EllipticCurvePrivateKey:
    if key.type != "private":
        raise access_error("The key is not a private key")
    loaded = private_of(key.material)
    assert isinstance(loaded, ec.EllipticCurvePrivateKey)
    return loaded


def sign(params: Params, key: Key, data: bytes) -> bytes:
    """Sign; the signature is r and s, each of the curve's size.

    Raises:
        CryptoError: InvalidAccessError.
    """
    private = _private(key)
    r, s = decode_dss_signature(private.sign(data, ec.ECDSA(HASHES[params["hash"]])))
    size = _size(private.curve)
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def verify(params: Params, key: Key, signature: bytes, data: bytes) -> bool:
    """Say whether the signature is the key's.

    Raises:
        CryptoError: InvalidAccessError.
    """
    public = _public(key)
    size = _size(public.curve)
    if len(signature) != 2 * size:
        return False
    encoded = encode_dss_signature(int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big"))
    try:
        public.verify(encoded, data, ec.ECDSA(HASHES[params["hash"]]))
    except InvalidSignature:
        return False
    return True


def derive(params: Params, key: Key, length: int | None) -> bytes:
    """Agree on a secret (ECDH) and give `length` bits of it.

    Raises:
        CryptoError: InvalidAccessError, OperationError.
    """
    private = _private(key)
    other: Key = params["public"]
    if other.type != "public" or other.name != key.name:
        raise access_error("The other key is no public key of the same algorithm")
    if other.algorithm["namedCurve"] != key.algorithm["namedCurve"]:
        raise access_error("The curves of the keys differ")
    try:
        return truncated(private.exchange(ec.ECDH(), _public(other)), length)
    except ValueError as error:
        raise operation_error(f"The keys do not agree on a secret: {error}") from None
