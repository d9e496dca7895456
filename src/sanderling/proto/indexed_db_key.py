"""Keys of Indexed Databases in their binary form, whose bytes compare as the keys do.

https://w3c.github.io/IndexedDB/#key-construct. `web/IndexedDB/keys.js` writes and reads the same form: a byte for the type (number, date,
string, binary, array: in the order of the standard), then eight bytes of a double, or code units of one to three bytes up to a zero, or the
keys of an array up to a zero.

Thread: any.
"""

from __future__ import annotations

import struct
from typing import NamedTuple, TypeAlias

_NUMBER, _DATE, _STRING, _BINARY, _ARRAY = 0x10, 0x20, 0x30, 0x40, 0x50


class DateKey(NamedTuple):
    """A key that is a Date."""

    ms: float
    """Milliseconds since 1970."""


Key: TypeAlias = "float | DateKey | str | bytes | list[Key]"
"""Strings may hold lone surrogates."""


class KeyRange(NamedTuple):
    """Bounds of keys in binary form; None is no bound."""

    lower: bytes | None = None
    upper: bytes | None = None
    lower_open: bool = False
    upper_open: bool = False


EVERYTHING = KeyRange()


def encode(key: Key) -> bytes:
    """Give the binary form of a key."""
    if isinstance(key, DateKey):
        return bytes([_DATE]) + _encode_double(key.ms)
    if isinstance(key, str):
        units = key.encode("utf-16-be", "surrogatepass")
        return _encode_units(_STRING, struct.unpack(f">{len(units) // 2}H", units))
    if isinstance(key, bytes):
        return _encode_units(_BINARY, tuple(key))
    if isinstance(key, list):
        return bytes([_ARRAY]) + b"".join(encode(one) for one in key) + b"\0"
    return bytes([_NUMBER]) + _encode_double(key)


def _encode_double(value: float) -> bytes:
    bits = int.from_bytes(struct.pack(">d", value or 0.0), "big")
    bits ^= (1 << 64) - 1 if bits >> 63 else 1 << 63
    return bits.to_bytes(8, "big")


def _encode_units(kind: int, units: tuple[int, ...]) -> bytes:
    out = bytearray([kind])
    for unit in units:
        if unit < 0x7F:
            out.append(unit + 1)
        elif unit < 0x407F:
            out += (0x8000 | (unit - 0x7F)).to_bytes(2, "big")
        else:
            out += bytes([0xC0 | (unit >> 10), (unit >> 2) & 0xFF, (unit & 3) << 6])
    out.append(0)
    return bytes(out)


def decode(data: bytes) -> Key:
    """Give the key of a binary form.

    Raises:
        ValueError: it is none.
    """
    try:
        key, at = _decode(data, 0)
    except (IndexError, struct.error) as error:
        raise ValueError("the key is cut off") from error
    if at != len(data):
        raise ValueError("something follows the key")
    return key


def _decode(data: bytes, at: int) -> tuple[Key, int]:
    kind = data[at]
    at += 1
    if kind in (_NUMBER, _DATE):
        bits = int.from_bytes(data[at : at + 8], "big")
        bits ^= 1 << 63 if bits >> 63 else (1 << 64) - 1
        value: float = struct.unpack(">d", bits.to_bytes(8, "big"))[0]
        if len(data) < at + 8:
            raise IndexError("eight bytes of a double")
        return (value if kind == _NUMBER else DateKey(value)), at + 8
    if kind in (_STRING, _BINARY):
        units, at = _decode_units(data, at)
        if kind == _BINARY:
            return bytes(units), at
        return struct.pack(f">{len(units)}H", *units).decode("utf-16-be", "surrogatepass"), at
    if kind != _ARRAY:
        raise ValueError(f"no type of a key: {kind}")
    keys: list[Key] = []
    while data[at] != 0:
        key, at = _decode(data, at)
        keys.append(key)
    return keys, at + 1


def _decode_units(data: bytes, at: int) -> tuple[list[int], int]:
    units = []
    while data[at] != 0:
        first = data[at]
        if first < 0x80:
            units.append(first - 1)
            at += 1
        elif first < 0xC0:
            units.append(((first & 0x3F) << 8 | data[at + 1]) + 0x7F)
            at += 2
        else:
            units.append((first & 0x3F) << 10 | data[at + 1] << 2 | data[at + 2] >> 6)
            at += 3
    return units, at + 1
