"""What crosses for one operation: algorithms as dictionaries, keys as plain values, errors by the names of the standard.

Thread: any.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import msgspec

Params: TypeAlias = dict[str, Any]
"""A normalized algorithm: its name in registered case and the members of its dictionary."""

Jwk: TypeAlias = dict[str, Any]
"""A JsonWebKey: strings, `ext` a boolean, `key_ops` a list of strings."""

USAGES = ("encrypt", "decrypt", "sign", "verify", "deriveKey", "deriveBits", "wrapKey", "unwrapKey")
"""The enumeration KeyUsage, in its order: https://w3c.github.io/webcrypto/#cryptokey-interface-types."""


class CryptoError(Exception):
    """An operation failed as the standard says.

    Args:
        name: of the DOMException, or "TypeError".
        message: for people.
    """

    def __init__(self, name: str, message: str) -> None:
        super().__init__(name, message)
        self.name = name
        self.message = message

    def __str__(self) -> str:
        return f"{self.name}: {self.message}"


def data_error(message: str) -> CryptoError:
    """Key data cannot be used."""
    return CryptoError("DataError", message)


def operation_error(message: str) -> CryptoError:
    """The operation failed."""
    return CryptoError("OperationError", message)


def access_error(message: str) -> CryptoError:
    """The key is not for this."""
    return CryptoError("InvalidAccessError", message)


def not_supported(message: str) -> CryptoError:
    """Nothing here does this."""
    return CryptoError("NotSupportedError", message)


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """A CryptoKey: https://w3c.github.io/webcrypto/#cryptokey-interface."""

    type: str
    """secret, public or private"""
    extractable: bool
    algorithm: Params
    """As pages see it (KeyAlgorithm and its descendants); `publicExponent` is a list of numbers."""
    usages: list[str]
    material: bytes
    """The bytes of a secret key; SubjectPublicKeyInfo or PKCS #8, DER, of others."""

    @property
    def name(self) -> str:
        """The name of its algorithm."""
        return str(self.algorithm["name"])


def ordered(usages: Iterable[str], allowed: Sequence[str] = USAGES) -> list[str]:
    """Give those of `usages` that are allowed, each once, in the order of the enumeration."""
    wanted = set(usages)
    return [usage for usage in USAGES if usage in wanted and usage in allowed]


def check_usages(usages: Iterable[str], allowed: Sequence[str]) -> None:
    """Refuse usages that a key of this kind cannot have.

    Raises:
        CryptoError: SyntaxError.
    """
    for usage in usages:
        if usage not in allowed:
            raise CryptoError("SyntaxError", f"Cannot create a key using the specified key usages: {usage}.")


def check_not_empty(key: Key) -> Key:
    """Refuse secret and private keys that are for nothing (generateKey, step 9; importKey, step 10).

    Raises:
        CryptoError: SyntaxError.
    """
    if key.type in {"secret", "private"} and not key.usages:
        raise CryptoError("SyntaxError", "Usages cannot be empty when creating a key.")
    return key


def truncated(bits: bytes, length: int | None) -> bytes:
    """Give the first `length` bits, the rest of the last byte zero; None: all of them.

    Raises:
        CryptoError: OperationError, there are not as many.
    """
    if length is None:
        return bits
    if length > len(bits) * 8:
        raise operation_error("The length provided for deriveBits is too large.")
    out = bytearray(bits[: (length + 7) // 8])
    if length % 8:
        out[-1] &= (0xFF << (8 - length % 8)) & 0xFF
    return bytes(out)
