"""Tests of `sanderling.proto.image_size`."""

from __future__ import annotations

import struct

import pytest

from sanderling.proto.image_size import ImageSize, image_size

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 30, 20)
GIF = b"GIF89a" + struct.pack("<HH", 30, 20)
FRAME = b"\xff\xc2" + struct.pack(">HBHH", 11, 8, 20, 30)
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff" + FRAME
EXIF = b"Exif\x00\x00MM\x00\x2a" + struct.pack(">IHHHIHH", 8, 1, 0x0112, 3, 1, 6, 0)
TURNED = b"\xff\xd8\xff\xe1" + struct.pack(">H", len(EXIF) + 2) + EXIF + FRAME
LOSSY = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 30, 20)
LOSSLESS = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + struct.pack("<I", 29 | 19 << 14)
EXTENDED = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x1d\0\0\x13\0\0"
BMP = b"BM" + bytes(12) + struct.pack("<Iii", 40, 30, -20)
ICO = b"\0\0\1\0" + struct.pack("<HBB14xBB14x", 2, 16, 16, 30, 20)
AVIF = b"\0\0\0\x1cftypavif\0\0\0\0mif1avif\0\0\0\x14ispe\0\0\0\0" + struct.pack(">II", 30, 20)

RASTER = [PNG, GIF, JPEG, TURNED, LOSSY, LOSSLESS, EXTENDED, BMP, ICO, AVIF]


@pytest.mark.parametrize("data", RASTER, ids=[data[:12].hex() for data in RASTER])
def test_says_the_size_and_nothing_of_a_header_cut_off(data: bytes) -> None:
    expected = ImageSize(20, 30) if data is TURNED else ImageSize(30, 20)
    assert image_size(data) == expected
    assert image_size(data + b"trailing") == expected
    for end in range(len(data) - 15):
        assert image_size(data[:end]) is None


@pytest.mark.parametrize(
    ("root", "size"),
    [
        ('<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20px"/>', (30, 20)),
        ('<?xml version="1.0"?><!-- <svg width="9"> --><svg width="1in" height="72pt">', (96, 96)),
        ('<svg viewBox="0 0 10 20">', (75, 150)),
        ('<svg viewBox="0,0,10,20" width="40">', (40, 80)),
        ('<s:svg xmlns:s="http://www.w3.org/2000/svg" width="100%">', (300, 150)),
    ],
)
def test_svg(root: str, size: tuple[int, int]) -> None:
    assert image_size(root.encode(), "image/svg+xml; charset=utf-8") == size


def test_what_is_no_image() -> None:
    assert image_size(b"<html>") is None
    assert image_size(b"") is None
    assert image_size(b"<p>text</p>", "image/svg+xml") is None
    assert image_size(b"<svg width='1' height='1'/>", "text/plain") is None
    assert image_size(b"\xff\xd8\xff\xd9" + bytes(40)) is None
