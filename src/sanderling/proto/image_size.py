"""The size of an image from the first bytes of its file: PNG, JPEG, GIF, WebP, BMP, ICO, AVIF, and SVG.

Pixels are never decoded: what page code asks of an image is whether it is one, and its natural size. The signatures are those of MIME Sniffing, 6.1
(https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern).

Thread: any.
"""

from __future__ import annotations

import re
import struct
from typing import NamedTuple

from sanderling.base.pattern import late_pattern


class ImageSize(NamedTuple):
    """A natural size in CSS pixels; 0 by 0 for an SVG image that has none."""

    width: int
    height: int


_SVG_WINDOW = 4096
"""Bytes in which an SVG document has to begin its root element."""

_DEFAULT_SVG = ImageSize(300, 150)
"""What is used where neither the root element's size nor a view box says one (CSS Images, 5.1)."""

_ROOT = late_pattern(r"<(?:[A-Za-z_][\w.-]*:)?svg\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE = late_pattern(r"([A-Za-z]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_LENGTH = late_pattern(r"\s*\+?(\d*\.?\d+(?:[eE][+-]?\d+)?)\s*(px|pt|pc|in|cm|mm|q)?\s*$", re.IGNORECASE)
_PIXELS = {"px": 1.0, "pt": 96 / 72, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "q": 96 / 101.6}


def image_size(data: bytes, content_type: str = "") -> ImageSize | None:
    """Give the natural size of an image file; None when it is no image that browsers know, or its header is cut off.

    Args:
        data: the file, or enough of its beginning.
        content_type: of the response; SVG is read only where it is named (MIME Sniffing never finds it).
    """
    if content_type.partition(";")[0].strip().lower() == "image/svg+xml":
        return _svg(data)
    try:
        return _raster(data)
    except (struct.error, IndexError):  # the header ends too early
        return None


def _raster(data: bytes) -> ImageSize | None:
    size: ImageSize | None = None
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        size = ImageSize(*struct.unpack_from(">II", data, 16)) if data[12:16] == b"IHDR" else None
    elif data.startswith((b"GIF87a", b"GIF89a")):
        size = ImageSize(*struct.unpack_from("<HH", data, 6))
    elif data.startswith(b"\xff\xd8\xff"):
        size = _jpeg(data)
    elif data.startswith(b"RIFF") and data[8:14] == b"WEBPVP":
        size = _webp(data)
    elif data.startswith(b"BM"):
        size = _bmp(data)
    elif data.startswith((b"\x00\x00\x01\x00", b"\x00\x00\x02\x00")):
        size = _icon(data)
    elif data[4:8] == b"ftyp" and (b"avif" in data[8:64] or b"avis" in data[8:64]):
        size = _avif(data)
    return size if size is not None and size.width > 0 and size.height > 0 else None


def _jpeg(data: bytes) -> ImageSize | None:
    """ITU-T T.81, B.1.1: walk the segments to a frame header; Exif's orientation turns it (CSS Images 3, 6.1)."""
    at = 2
    turned = False
    while True:
        if data[at] != 0xFF:
            return None
        while data[at] == 0xFF:  # B.1.1.2: fill bytes may stand before a marker
            at += 1
        marker = data[at]
        at += 1
        if marker == 0x01 or 0xD0 <= marker <= 0xD8:  # markers without a segment
            continue
        if marker in (0xD9, 0xDA):  # the image begins, or ends, without a frame header
            return None
        (length,) = struct.unpack_from(">H", data, at)
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, at + 3)
            return ImageSize(height, width) if turned else ImageSize(width, height)
        if marker == 0xE1 and data[at + 2 : at + 8] == b"Exif\x00\x00":
            turned = _exif_orientation(data[at + 8 : at + length]) >= 5
        at += length


def _exif_orientation(tiff: bytes) -> int:
    """TIFF 6.0, section 2: tag 0x0112 of the first directory; 1 when it does not say."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return 1
    try:
        (offset,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, offset)
        for entry in range(offset + 2, offset + 2 + 12 * count, 12):
            tag, _kind, _count, value = struct.unpack_from(order + "HHIH", tiff, entry)
            if tag == 0x0112:
                return int(value)
    except struct.error:
        pass
    return 1


def _webp(data: bytes) -> ImageSize | None:
    """RFC 9649, 2.5 to 2.7: the three kinds of first chunk."""
    chunk = data[12:16]
    if chunk == b"VP8X":
        width = int.from_bytes(data[24:27], "little") + 1
        height = int.from_bytes(data[27:30], "little") + 1
        return ImageSize(width, height) if len(data) >= 30 else None
    if chunk == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return ImageSize((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1) if data[20] == 0x2F else None
    if chunk == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return ImageSize(width & 0x3FFF, height & 0x3FFF) if data[23:26] == b"\x9d\x01\x2a" else None
    return None


def _bmp(data: bytes) -> ImageSize:
    (header,) = struct.unpack_from("<I", data, 14)
    if header == 12:  # BITMAPCOREHEADER
        return ImageSize(*struct.unpack_from("<HH", data, 18))
    width, height = struct.unpack_from("<ii", data, 18)
    return ImageSize(abs(width), abs(height))  # a negative height means top-down rows


def _icon(data: bytes) -> ImageSize | None:
    """The largest image of an icon; 0 stands for 256."""
    (count,) = struct.unpack_from("<H", data, 4)
    best: ImageSize | None = None
    for index in range(count):
        size = ImageSize(data[6 + 16 * index] or 256, data[7 + 16 * index] or 256)
        if best is None or size.width * size.height > best.width * best.height:
            best = size
    return best


def _avif(data: bytes) -> ImageSize | None:
    """ISO/IEC 23008-12, 6.5.3: the largest `ispe` property is the image's own; tiles and thumbnails are smaller."""
    best: ImageSize | None = None
    at = data.find(b"ispe")
    while at >= 0:
        size = ImageSize(*struct.unpack_from(">II", data, at + 8))
        if best is None or size.width * size.height > best.width * best.height:
            best = size
        at = data.find(b"ispe", at + 4)
    return best


def _svg(data: bytes) -> ImageSize | None:
    """SVG 2, 8.8: width and height of the root element, or the view box's ratio at the default size."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    text = re.sub(r"<!--.*?(?:-->|$)", "", data[: 16 * _SVG_WINDOW].decode(encoding, "replace"), flags=re.DOTALL)
    root = _ROOT.search(text)
    if root is None:
        return None
    attributes = {name: first or second for name, first, second in _ATTRIBUTE.findall(root.group(1))}
    width, height = _pixels(attributes.get("width", "")), _pixels(attributes.get("height", ""))
    numbers = re.findall(r"-?\d*\.?\d+(?:[eE][+-]?\d+)?", attributes.get("viewBox", ""))
    ratio = 0.0
    if len(numbers) == 4 and float(numbers[2]) > 0 and float(numbers[3]) > 0:
        ratio = float(numbers[2]) / float(numbers[3])
    if width is None and height is None:
        # CSS Images, 5.2, "contain" within the default object size
        width = float(_DEFAULT_SVG.width) if not ratio else min(_DEFAULT_SVG.width, _DEFAULT_SVG.height * ratio)
        height = float(_DEFAULT_SVG.height) if not ratio else width / ratio
    elif width is None:
        width = height * ratio if ratio and height is not None else float(_DEFAULT_SVG.width)
    elif height is None:
        height = width / ratio if ratio else float(_DEFAULT_SVG.height)
    return ImageSize(round(width), round(height or 0))


def _pixels(text: str) -> float | None:
    found = _LENGTH.match(text)
    return float(found.group(1)) * _PIXELS[(found.group(2) or "px").lower()] if found is not None else None
