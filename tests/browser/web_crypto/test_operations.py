"""The wire form of `crypto.subtle`'s questions; the algorithms themselves are tested where pages use them (tests/web/crypto)."""

from __future__ import annotations

import hmac
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from sanderling.browser.web_crypto.asymmetric import check_rsa
from sanderling.browser.web_crypto.operations import run
from sanderling.browser.web_crypto.values import CryptoError, truncated


def ask(parts: list[bytes], **request: Any) -> tuple[Any, bytes | None]:
    answer, data = run({**request, "lengths": [len(part) for part in parts]}, b"".join(parts))
    return json.loads(answer), data


def test_byte_sequences_stand_in_their_places() -> None:
    answer, data = ask(
        [b"key!", b"data"],
        op="sign",
        alg={"name": "HMAC"},
        key={
            "type": "secret",
            "extractable": False,
            "algorithm": {"name": "HMAC", "hash": {"name": "SHA-256"}, "length": 32},
            "usages": ["sign"],
            "material": {"$": 0},
        },
        data={"$": 1},
    )
    assert answer == {}
    assert data is not None
    assert data == hmac.digest(b"key!", b"data", "sha256")


def test_keys_come_with_the_lengths_of_their_material() -> None:
    answer, data = ask([], op="generateKey", alg={"name": "Ed25519"}, extractable=False, usages=["verify", "sign"])
    public, private = answer["keys"]
    assert (public["type"], public["usages"], public["extractable"]) == ("public", ["verify"], True)
    assert (private["type"], private["usages"], private["extractable"]) == ("private", ["sign"], False)
    assert data is not None
    assert len(data) == public["material"] + private["material"]


def test_errors_have_the_names_of_the_standard() -> None:
    answer, data = ask(
        [b"short"],
        op="importKey",
        format="raw",
        data={"$": 0},
        alg={"name": "AES-GCM"},
        extractable=True,
        usages=["encrypt"],
    )
    assert answer["error"][0] == "DataError"
    assert data is None
    answer, _ = ask(
        [b"x"],
        op="importKey",
        format="pkcs8",
        data={"$": 0},
        alg={"name": "PBKDF2"},
        extractable=False,
        usages=["deriveBits"],
    )
    assert answer["error"][0] == "NotSupportedError"


def test_an_rsa_key_whose_numbers_do_not_fit_is_refused() -> None:
    numbers = rsa.generate_private_key(65537, 1024).private_numbers()
    check_rsa(numbers)
    for wrong in ("d", "dmp1", "dmq1", "iqmp"):
        changed = {name: getattr(numbers, name) for name in ("p", "q", "d", "dmp1", "dmq1", "iqmp")}
        changed[wrong] += 2
        with pytest.raises(CryptoError, match="DataError"):
            check_rsa(rsa.RSAPrivateNumbers(**changed, public_numbers=numbers.public_numbers))


def test_pkcs8_of_another_kind_of_key_is_refused() -> None:
    der = rsa.generate_private_key(65537, 1024).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    answer, _ = ask(
        [der],
        op="importKey",
        format="pkcs8",
        data={"$": 0},
        alg={"name": "ECDH", "namedCurve": "P-256"},
        extractable=True,
        usages=["deriveBits"],
    )
    assert answer["error"][0] == "DataError"


def test_bits_behind_the_wanted_length_are_zero() -> None:
    assert truncated(b"\xff\xff\xff", 11) == b"\xff\xe0"
    assert truncated(b"\xff\xff", None) == b"\xff\xff"
    assert truncated(b"\xff", 0) == b""
    with pytest.raises(CryptoError, match="too large"):
        truncated(b"\xff", 9)
