"""HKDF and PBKDF2: keys that only derive.

https://w3c.github.io/webcrypto/#hkdf and #pbkdf2.

Thread: any.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sanderling.browser.web_crypto.symmetric import HASH_NAMES
from sanderling.browser.web_crypto.values import (
    CryptoError,
    Jwk,
    Key,
    Params,
    check_usages,
    not_supported,
    operation_error,
    ordered,
)

HASHES: dict[str, hashes.HashAlgorithm] = {
    "SHA-1": hashes.SHA1(),  # noqa: S303 - the standard has it
    "SHA-256": hashes.SHA256(),
    "SHA-384": hashes.SHA384(),
    "SHA-512": hashes.SHA512(),
}
"""The digests of the standard, as `cryptography` knows them."""


def import_key(form: str, data: bytes | Jwk, params: Params, extractable: bool, usages: Sequence[str]) -> Key:
    """Import from `raw`.

    Raises:
        CryptoError: NotSupportedError, SyntaxError.
    """
    if form != "raw" or not isinstance(data, bytes):
        raise not_supported(f"Unsupported import key format for {params['name']}: {form}")
    check_usages(usages, ("deriveKey", "deriveBits"))
    if extractable:
        raise CryptoError("SyntaxError", f"{params['name']} keys cannot be extractable")
    return Key(
        type="secret",
        extractable=False,
        algorithm={"name": params["name"]},
        usages=ordered(usages),
        material=data,
    )


def derive(params: Params, key: Key, length: int | None) -> bytes:
    """Derive `length` bits.

    Raises:
        CryptoError: OperationError.
    """
    if not length or length % 8:
        raise operation_error("The length must be a multiple of 8 bits and not zero")
    if params["name"] == "HKDF":
        try:
            return HKDF(HASHES[params["hash"]], length // 8, params["salt"], params["info"]).derive(key.material)
        except ValueError:
            raise operation_error("The length provided for HKDF is too large.") from None
    if params["iterations"] == 0:
        raise operation_error("PBKDF2 requires iterations > 0")
    return hashlib.pbkdf2_hmac(
        HASH_NAMES[params["hash"]], key.material, params["salt"], params["iterations"], length // 8
    )
