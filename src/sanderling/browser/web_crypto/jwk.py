"""Members of JSON Web Keys that are the same for every algorithm.

RFC 7515, 2 (base64url), RFC 7517, 4 (members), https://w3c.github.io/webcrypto/#JsonWebKey-dictionary.

Thread: any.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from sanderling.base.pattern import late_pattern
from sanderling.browser.web_crypto.values import Jwk, data_error

_BASE64URL = late_pattern(r"[A-Za-z0-9_-]*\Z")


def encode(data: bytes) -> str:
    """Give base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def encode_number(value: int, size: int = 0) -> str:
    """Give a Base64urlUInt (RFC 7518, 2), of at least `size` bytes."""
    return encode(value.to_bytes(max(size, (value.bit_length() + 7) // 8, 1), "big"))


def member(jwk: Jwk, name: str) -> bytes:
    """Give the bytes of a member that must be there.

    Raises:
        CryptoError: DataError, it is missing or no base64url.
    """
    text = jwk.get(name)
    if text is None:
        raise data_error(f'The required JWK member "{name}" was missing')
    if _BASE64URL.match(text) is None:
        raise data_error(f'The JWK member "{name}" could not be base64url decoded or contained padding')
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise data_error(f'The JWK member "{name}" could not be base64url decoded') from None


def number(jwk: Jwk, name: str) -> int:
    """Give a Base64urlUInt that must be there.

    Raises:
        CryptoError: DataError.
    """
    data = member(jwk, name)
    if not data:
        raise data_error(f'The JWK member "{name}" is empty')
    return int.from_bytes(data, "big")


def check(jwk: Jwk, *, kty: str, use: str, usages: Sequence[str], extractable: bool) -> None:
    """Check what every import of a JWK checks: `kty`, `use`, `key_ops`, `ext`.

    Raises:
        CryptoError: DataError.
    """
    if jwk.get("kty") != kty:
        raise data_error(f'The JWK "kty" member was not "{kty}"')
    if usages and "use" in jwk and jwk["use"] != use:
        raise data_error(f'The JWK "use" member was inconsistent with that specified by the Web Crypto call: {use}')
    operations = jwk.get("key_ops")
    if operations is not None:
        # RFC 7517, 4.3: duplicates are not allowed
        if len(set(operations)) != len(operations):
            raise data_error('The JWK "key_ops" member contains a duplicate')
        for usage in usages:
            if usage not in operations:
                raise data_error(f'The JWK "key_ops" member does not contain "{usage}"')
    if jwk.get("ext") is False and extractable:
        raise data_error('The JWK "ext" member was inconsistent with that specified by the Web Crypto call')


def check_algorithm(jwk: Jwk, expected: str | None) -> None:
    """Check `alg`, where it is there.

    Raises:
        CryptoError: DataError.
    """
    if "alg" in jwk and jwk["alg"] != expected:
        raise data_error('The JWK "alg" member was inconsistent with that specified by the Web Crypto call')
