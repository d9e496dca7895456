from __future__ import annotations

import math

import pytest

from sanderling.proto.indexed_db_key import DateKey, Key, decode, encode

ORDER: list[Key] = [
    -math.inf,
    -2.5,
    -0.0,
    1e-300,
    7.0,
    math.inf,
    DateKey(-1.0),
    DateKey(1.0),
    "",
    "a",
    "aa",
    "\x7f",
    "\x80",
    "\u4100",
    "\ud800",
    "\uffff",
    b"",
    b"\x00",
    b"\x00\x00",
    b"\xff",
    [],
    [1.0],
    [1.0, "x"],
    [DateKey(0.0)],
    ["a"],
    [[]],
    [[], []],
]


def test_bytes_compare_as_keys_do() -> None:
    encoded = [encode(key) for key in ORDER]
    assert encoded == sorted(encoded)
    assert len(set(encoded)) == len(encoded)


def test_keys_come_back() -> None:
    assert [decode(encode(key)) for key in ORDER] == ORDER


@pytest.mark.parametrize("data", [b"", b"\x10\x00", b"\x30a", b"\x99", b"\x30\x00\x00", b"\x50\x10"])
def test_what_is_no_key(data: bytes) -> None:
    with pytest.raises(ValueError, match="key"):
        decode(data)
