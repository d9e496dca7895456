"""What RSA, elliptic curve and Edwards/Montgomery keys have in common: their DER forms, loaded keys, pairs.

Thread: any.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TypeAlias

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa, x448, x25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)

from sanderling.browser.web_crypto.values import Key, Params, data_error, ordered

PrivateKey: TypeAlias = (
    rsa.RSAPrivateKey
    | ec.EllipticCurvePrivateKey
    | ed25519.Ed25519PrivateKey
    | ed448.Ed448PrivateKey
    | x25519.X25519PrivateKey
    | x448.X448PrivateKey
)
PublicKey: TypeAlias = (
    rsa.RSAPublicKey
    | ec.EllipticCurvePublicKey
    | ed25519.Ed25519PublicKey
    | ed448.Ed448PublicKey
    | x25519.X25519PublicKey
    | x448.X448PublicKey
)

_PRIVATE = (
    rsa.RSAPrivateKey,
    ec.EllipticCurvePrivateKey,
    ed25519.Ed25519PrivateKey,
    ed448.Ed448PrivateKey,
    x25519.X25519PrivateKey,
    x448.X448PrivateKey,
)
_PUBLIC = (
    rsa.RSAPublicKey,
    ec.EllipticCurvePublicKey,
    ed25519.Ed25519PublicKey,
    ed448.Ed448PublicKey,
    x25519.X25519PublicKey,
    x448.X448PublicKey,
)

_LOADED_KEYS = 64
"""Loaded keys that are remembered: a page signs or verifies with the same few again and again."""


def load_private(data: bytes) -> PrivateKey:
    """Load PKCS #8 of somebody else's making.

    Raises:
        CryptoError: DataError.
    """
    try:
        key = load_der_private_key(data, None, unsafe_skip_rsa_key_validation=True)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise data_error(f"The PKCS #8 data is not a valid key: {error}") from None
    if isinstance(key, rsa.RSAPrivateKey):
        check_rsa(key.private_numbers())
    if not isinstance(key, _PRIVATE):
        raise data_error("The PKCS #8 data holds a key of another kind")
    return key


def load_public(data: bytes) -> PublicKey:
    """Load SubjectPublicKeyInfo of somebody else's making.

    Raises:
        CryptoError: DataError.
    """
    try:
        key = load_der_public_key(data)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise data_error(f"The SPKI data is not a valid key: {error}") from None
    if not isinstance(key, _PUBLIC):
        raise data_error("The SPKI data holds a key of another kind")
    return key


def check_rsa(numbers: rsa.RSAPrivateNumbers) -> None:
    """Check that the numbers belong together (RFC 8017, 3.2), as Chromium does.

    The library would prove the primes too, which takes a quarter of a second for 4096 bits.

    Raises:
        CryptoError: DataError.
    """
    p, q, d, public = numbers.p, numbers.q, numbers.d, numbers.public_numbers
    if (
        min(p, q) < 3
        or p * q != public.n
        or not 1 < public.e < public.n
        or not 1 < d < public.n
        or d * public.e % (p - 1) != 1
        or d * public.e % (q - 1) != 1
        or numbers.dmp1 != d % (p - 1)
        or numbers.dmq1 != d % (q - 1)
        or numbers.iqmp * q % p != 1
    ):
        raise data_error("The numbers of the RSA key do not belong together")


@functools.lru_cache(maxsize=_LOADED_KEYS)
def private_of(material: bytes) -> PrivateKey:
    """Load the material of a private key of ours: it was checked when it was imported."""
    key = load_der_private_key(material, None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, _PRIVATE)
    return key


@functools.lru_cache(maxsize=_LOADED_KEYS)
def public_of(material: bytes) -> PublicKey:
    """Load the material of a public key of ours."""
    return load_public(material)


def pkcs8(key: PrivateKey) -> bytes:
    """Give PKCS #8 (RFC 5208), DER."""
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def spki(key: PublicKey) -> bytes:
    """Give SubjectPublicKeyInfo (RFC 5280, 4.1), DER."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def public_key(key: PublicKey, algorithm: Params, usages: Sequence[str], *, extractable: bool) -> Key:
    """Make a public key."""
    return Key(type="public", extractable=extractable, algorithm=algorithm, usages=ordered(usages), material=spki(key))


def private_key(key: PrivateKey, algorithm: Params, usages: Sequence[str], *, extractable: bool) -> Key:
    """Make a private key."""
    return Key(
        type="private", extractable=extractable, algorithm=algorithm, usages=ordered(usages), material=pkcs8(key)
    )


def pair(
    key: PrivateKey,
    algorithm: Params,
    usages: Sequence[str],
    private: Sequence[str],
    public: Sequence[str],
    *,
    extractable: bool,
) -> tuple[Key, Key]:
    """Make a public and a private key of what was generated; the public one can always be exported."""
    return (
        public_key(key.public_key(), algorithm, ordered(usages, public), extractable=True),
        private_key(key, algorithm, ordered(usages, private), extractable=extractable),
    )
