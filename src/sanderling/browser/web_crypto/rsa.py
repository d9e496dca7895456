"""RSASSA-PKCS1-v1_5, RSA-PSS and RSA-OAEP.

https://w3c.github.io/webcrypto/#rsassa-pkcs1, #rsa-pss and #rsa-oaep.

Thread: any.
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sanderling.browser.web_crypto import jwk as jwks
from sanderling.browser.web_crypto.asymmetric import (
    check_rsa,
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
)

_MIN_BITS, _MAX_BITS = 1024, 16384
"""The library makes none below, Chromium none above."""

_PUBLIC_EXPONENTS = (3, 65537)
"""Chromium's, and the library's: others are a mistake or an attack."""

_JWK_NAMES = {
    "RSASSA-PKCS1-v1_5": {"SHA-1": "RS1", "SHA-256": "RS256", "SHA-384": "RS384", "SHA-512": "RS512"},
    "RSA-PSS": {"SHA-1": "PS1", "SHA-256": "PS256", "SHA-384": "PS384", "SHA-512": "PS512"},
    "RSA-OAEP": {"SHA-1": "RSA-OAEP", "SHA-256": "RSA-OAEP-256", "SHA-384": "RSA-OAEP-384", "SHA-512": "RSA-OAEP-512"},
}


def _usages_of(name: str) -> tuple[Sequence[str], Sequence[str]]:
    """Give what private and public keys may be for."""
    return (("decrypt", "unwrapKey"), ("encrypt", "wrapKey")) if name == "RSA-OAEP" else (("sign",), ("verify",))


def _algorithm(params: Params, key: rsa.RSAPublicKey) -> Params:
    exponent = key.public_numbers().e
    return {
        "name": params["name"],
        "modulusLength": key.key_size,
        "publicExponent": list(exponent.to_bytes((exponent.bit_length() + 7) // 8, "big")),
        "hash": {"name": params["hash"]},
    }


def generate(params: Params, extractable: bool, usages: Sequence[str]) -> tuple[Key, Key]:
    """Make a pair.

    Raises:
        CryptoError: SyntaxError, OperationError.
    """
    private, public = _usages_of(params["name"])
    check_usages(usages, (*private, *public))
    exponent, length = int.from_bytes(params["publicExponent"], "big"), params["modulusLength"]
    if exponent not in _PUBLIC_EXPONENTS:
        raise operation_error("The public exponent must be 3 or 65537")
    if not _MIN_BITS <= length <= _MAX_BITS or length % 8:
        raise operation_error(f"The modulus length must be a multiple of 8 bits between {_MIN_BITS} and {_MAX_BITS}")
    key = rsa.generate_private_key(exponent, length)
    return pair(key, _algorithm(params, key.public_key()), usages, private, public, extractable=extractable)


def import_key(form: str, data: bytes | Jwk, params: Params, extractable: bool, usages: Sequence[str]) -> Key:
    """Import from `spki`, `pkcs8` or `jwk`.

    Raises:
        CryptoError: SyntaxError, DataError, NotSupportedError.
    """
    private_usages, public_usages = _usages_of(params["name"])
    if form == "spki":
        assert isinstance(data, bytes)
        check_usages(usages, public_usages)
        public = load_public(data)
        if not isinstance(public, rsa.RSAPublicKey):
            raise data_error("The SPKI data holds no RSA key")
    elif form == "pkcs8":
        assert isinstance(data, bytes)
        check_usages(usages, private_usages)
        private = load_private(data)
        if not isinstance(private, rsa.RSAPrivateKey):
            raise data_error("The PKCS #8 data holds no RSA key")
        return private_key(private, _algorithm(params, private.public_key()), usages, extractable=extractable)
    elif form == "jwk":
        assert isinstance(data, dict)
        is_private = "d" in data
        check_usages(usages, private_usages if is_private else public_usages)
        use = "enc" if params["name"] == "RSA-OAEP" else "sig"
        jwks.check(data, kty="RSA", use=use, usages=usages, extractable=extractable)
        jwks.check_algorithm(data, _JWK_NAMES[params["name"]][params["hash"]])
        if "oth" in data:
            raise data_error("RSA keys of more than two primes are not supported")
        if is_private:
            private = _private_from_jwk(data)
            return private_key(private, _algorithm(params, private.public_key()), usages, extractable=extractable)
        public = _public_from_jwk(data)
    else:
        raise not_supported(f"Unsupported import key format for {params['name']}: {form}")
    return public_key(public, _algorithm(params, public), usages, extractable=extractable)


def _public_from_jwk(jwk: Jwk) -> rsa.RSAPublicKey:
    try:
        return rsa.RSAPublicNumbers(jwks.number(jwk, "e"), jwks.number(jwk, "n")).public_key()
    except ValueError as error:
        raise data_error(f"The JWK is no valid RSA key: {error}") from None


def _private_from_jwk(jwk: Jwk) -> rsa.RSAPrivateKey:
    public = rsa.RSAPublicNumbers(jwks.number(jwk, "e"), jwks.number(jwk, "n"))
    p, q, d = jwks.number(jwk, "p"), jwks.number(jwk, "q"), jwks.number(jwk, "d")
    dp, dq, qi = jwks.number(jwk, "dp"), jwks.number(jwk, "dq"), jwks.number(jwk, "qi")
    numbers = rsa.RSAPrivateNumbers(p, q, d, dp, dq, qi, public)
    check_rsa(numbers)
    try:
        return numbers.private_key(unsafe_skip_rsa_key_validation=True)
    except ValueError as error:
        raise data_error(f"The JWK is no valid RSA key: {error}") from None


def export_key(form: str, key: Key) -> bytes | Jwk:
    """Export as `spki`, `pkcs8` or `jwk`.

    Raises:
        CryptoError: InvalidAccessError, NotSupportedError.
    """
    if form in {"spki", "pkcs8"}:
        if key.type != ("public" if form == "spki" else "private"):
            raise access_error(f"A {key.type} key cannot be exported as {form}")
        return key.material
    if form != "jwk":
        raise not_supported(f"Unsupported export key format for {key.name}: {form}")
    jwk: Jwk = {
        "kty": "RSA",
        "alg": _JWK_NAMES[key.name][key.algorithm["hash"]["name"]],
        "key_ops": key.usages,
        "ext": key.extractable,
    }
    if key.type == "public":
        numbers = _public(key).public_numbers()
    else:
        secret = _private(key).private_numbers()
        numbers = secret.public_numbers
        for name, value in (
            ("d", secret.d),
            ("p", secret.p),
            ("q", secret.q),
            ("dp", secret.dmp1),
            ("dq", secret.dmq1),
            ("qi", secret.iqmp),
        ):
            jwk[name] = jwks.encode_number(value)
    jwk["n"], jwk["e"] = jwks.encode_number(numbers.n), jwks.encode_number(numbers.e)
    return jwk


def _public(key: Key) -> rsa.RSAPublicKey:
    if key.type != "public":
        raise access_error("The key is not a public key")
    loaded = public_of(key.material)
    assert isinstance(loaded, rsa.RSAPublicKey)
    return loaded


def _private(key: Key) -> rsa.RSAPrivateKey:
    if key.type != "private":
        raise access_error("The key is not a private key")
    loaded = private_of(key.material)
    assert isinstance(loaded, rsa.RSAPrivateKey)
    return loaded


def _signature_padding(params: Params, key: Key) -> padding.AsymmetricPadding:
    if params["name"] == "RSA-PSS":
        return padding.PSS(padding.MGF1(HASHES[key.algorithm["hash"]["name"]]), params["saltLength"])
    return padding.PKCS1v15()


def sign(params: Params, key: Key, data: bytes) -> bytes:
    """Sign.

    Raises:
        CryptoError: InvalidAccessError, OperationError.
    """
    private = _private(key)
    try:
        return private.sign(data, _signature_padding(params, key), HASHES[key.algorithm["hash"]["name"]])
    except (ValueError, OverflowError) as error:
        raise operation_error(f"The data could not be signed: {error}") from None


def verify(params: Params, key: Key, signature: bytes, data: bytes) -> bool:
    """Say whether the signature is the key's.

    Raises:
        CryptoError: InvalidAccessError.
    """
    public = _public(key)
    try:
        public.verify(signature, data, _signature_padding(params, key), HASHES[key.algorithm["hash"]["name"]])
    except (InvalidSignature, ValueError, OverflowError):
        return False
    return True


def _oaep(params: Params, key: Key) -> padding.OAEP:
    digest = HASHES[key.algorithm["hash"]["name"]]
    return padding.OAEP(padding.MGF1(digest), digest, params.get("label") or None)


def encrypt(params: Params, key: Key, data: bytes) -> bytes:
    """Encrypt with RSA-OAEP.

    Raises:
        CryptoError: InvalidAccessError, OperationError.
    """
    public = _public(key)
    try:
        return public.encrypt(data, _oaep(params, key))
    except ValueError as error:
        raise operation_error(f"The data could not be encrypted: {error}") from None


def decrypt(params: Params, key: Key, data: bytes) -> bytes:
    """Decrypt with RSA-OAEP.

    Raises:
        CryptoError: InvalidAccessError, OperationError.
    """
    private = _private(key)
    try:
        return private.decrypt(data, _oaep(params, key))
    except ValueError:
        raise operation_error("The data could not be decrypted") from None
