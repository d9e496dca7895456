"""Indexes of the legacy encodings for `web/encoding/`, taken from the decoder of the HTML library.

https://encoding.spec.whatwg.org/#indexes. A table is made by decoding every pointer once, the first time that a page asks for it.

Thread: any; the cache is filled with equal values by whoever comes first.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from sanderling.base import html_core

_REPLACEMENT = 0xFFFD
_EUDC = range(8836, 10716)
"""Pointers that Shift_JIS maps to the private use area without the help of the index (Encoding, 12.3.1)."""


def _decode(data: bytes, label: str) -> str:
    return html_core.decode(data, label)


def _code(data: bytes, label: str) -> int:
    text = _decode(data, label)
    if len(text) != 1 or ord(text) == _REPLACEMENT:
        return 0
    return ord(text)


def _jis0208() -> Iterable[int]:
    for pointer in range(94 * 120):
        if pointer in _EUDC:
            yield 0
            continue
        lead, trail = divmod(pointer, 188)
        yield _code(
            bytes((lead + (0x81 if lead < 0x1F else 0xC1), trail + (0x40 if trail < 0x3F else 0x41))), "shift_jis"
        )


def _jis0212() -> Iterable[int]:
    for pointer in range(94 * 94):
        lead, trail = divmod(pointer, 94)
        yield _code(bytes((0x8F, lead + 0xA1, trail + 0xA1)), "euc-jp")


def _euc_kr() -> Iterable[int]:
    for pointer in range(126 * 190):
        lead, trail = divmod(pointer, 190)
        yield _code(bytes((lead + 0x81, trail + 0x41)), "euc-kr")


def _big5() -> Iterable[int]:
    for pointer in range(126 * 157):
        lead, trail = divmod(pointer, 157)
        yield _code(bytes((lead + 0x81, trail + (0x40 if trail < 0x3F else 0x62))), "big5")


def _gb18030() -> Iterable[int]:
    for pointer in range(126 * 190):
        lead, trail = divmod(pointer, 190)
        yield _code(bytes((lead + 0x81, trail + (0x40 if trail < 0x3F else 0x41))), "gb18030")


def _gb18030_ranges() -> Iterable[int]:
    for pointer in range(39420):
        rest, fourth = divmod(pointer, 10)
        rest, third = divmod(rest, 126)
        first, second = divmod(rest, 10)
        yield _code(bytes((first + 0x81, second + 0x30, third + 0x81, fourth + 0x30)), "gb18030")


_MULTI: Mapping[str, Callable[[], Iterable[int]]] = {
    "jis0208": _jis0208,
    "jis0212": _jis0212,
    "euc-kr": _euc_kr,
    "big5": _big5,
    "gb18030": _gb18030,
    "gb18030-ranges": _gb18030_ranges,
}


@cache
def index(name: str) -> bytes:
    """Give an index as little-endian 32-bit code points by pointer, 0 where there is none.

    Raises:
        LookupError: there is no such index.
    """
    multi = _MULTI.get(name)
    codes = list(multi()) if multi is not None else [_code(bytes((byte,)), name) for byte in range(0x80, 0x100)]
    return struct.pack(f"<{len(codes)}I", *codes)


def _index(payload: Any, data: bytes | None) -> tuple[str, bytes | None]:
    return "null", index(payload["name"])


FUNCTIONS: Mapping[str, Callable[[Any, bytes | None], tuple[str, bytes | None]]] = {"encoding.index": _index}
"""By the kind that page code's side asks for (`hostCall`)."""
