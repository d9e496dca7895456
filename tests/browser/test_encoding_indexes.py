"""The indexes of legacy encodings, beside Python's codecs where both agree."""

from __future__ import annotations

import struct

import pytest

from sanderling.browser.encoding_indexes import FUNCTIONS, index


def codes(name: str) -> list[int]:
    data = index(name)
    return list(struct.unpack(f"<{len(data) // 4}I", data))


def python_code(data: bytes, codec: str) -> int:
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return 0
    return ord(text) if len(text) == 1 else 0


@pytest.mark.parametrize(
    "name",
    [
        "ibm866", "iso-8859-2", "iso-8859-4", "iso-8859-5", "iso-8859-10", "iso-8859-13", "iso-8859-14", "iso-8859-15",
        "iso-8859-16", "koi8-r", "windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254", "windows-1256",
        "windows-1257", "windows-1258", "macintosh",
    ],
)  # fmt: skip
def test_single_byte_indexes_agree_with_python(name: str) -> None:
    codec = {"ibm866": "cp866", "macintosh": "mac_roman"}.get(name, name)
    table = codes(name)
    assert len(table) == 128
    for byte, code in enumerate(table, 0x80):
        expected = python_code(bytes((byte,)), codec)
        # The Encoding Standard gives unassigned bytes of the Windows code pages to the C1 controls; Python leaves them out.
        if expected:
            assert code == expected, hex(byte)
        else:
            assert code in (0, byte), hex(byte)


@pytest.mark.parametrize(
    ("name", "codec", "first"),
    [
        ("jis0208", "cp932", lambda lead: lead + (0x81 if lead < 0x1F else 0xC1)),
        ("euc-kr", "cp949", lambda lead: lead + 0x81),
        ("big5", "big5hkscs", lambda lead: lead + 0x81),
        ("gb18030", "gb18030", lambda lead: lead + 0x81),
    ],
)
def test_double_byte_indexes_agree_with_python_almost_everywhere(name: str, codec: str, first: object) -> None:
    assert callable(first)
    table = codes(name)
    width = {"jis0208": 188, "euc-kr": 190, "big5": 157, "gb18030": 190}[name]
    both = same = 0
    for pointer, code in enumerate(table):
        lead, trail = divmod(pointer, width)
        low = {
            "jis0208": trail + (0x40 if trail < 0x3F else 0x41),
            "euc-kr": trail + 0x41,
            "big5": trail + (0x40 if trail < 0x3F else 0x62),
            "gb18030": trail + (0x40 if trail < 0x3F else 0x41),
        }[name]
        expected = python_code(bytes((first(lead), low)), codec)
        if code and expected:
            both += 1
            same += code == expected
    assert both > 6000
    assert same / both > 0.998


@pytest.mark.parametrize(
    ("name", "length"),
    [
        ("jis0208", 11280),
        ("jis0212", 8836),
        ("euc-kr", 23940),
        ("big5", 19782),
        ("gb18030", 23940),
        ("gb18030-ranges", 39420),
    ],
)
def test_every_pointer_has_its_place(name: str, length: int) -> None:
    assert len(codes(name)) == length


@pytest.mark.parametrize(
    ("name", "pointer", "code"),
    [
        # From the published indexes (https://encoding.spec.whatwg.org/#indexes).
        ("jis0208", 0, 0x3000),
        ("jis0208", 1128, 0x2460),
        ("jis0208", 1410, 0x4E9C),
        ("jis0212", 108, 0x02D8),
        ("euc-kr", 0, 0xAC02),
        ("big5", 942, 0x43F0),
        ("big5", 5495, 0x4E00),
        ("gb18030", 0, 0x4E02),
        ("gb18030", 6432, 0x20AC),
        ("gb18030-ranges", 0, 0x80),
        ("gb18030-ranges", 39419, 0xFFFF),
    ],
)
def test_known_places(name: str, pointer: int, code: int) -> None:
    assert codes(name)[pointer] == code


def test_an_unknown_index_is_an_error() -> None:
    with pytest.raises(LookupError):
        FUNCTIONS["encoding.index"]({"name": "klingon"}, None)
