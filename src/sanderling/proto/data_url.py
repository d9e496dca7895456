"""The `data:` URL processor (https://fetch.spec.whatwg.org/#data-url-processor).

Thread: any.
"""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

import msgspec

from sanderling.base.pattern import late_pattern
from sanderling.proto import mime

_BASE64_END = late_pattern(r";\x20*base64$", re.IGNORECASE)
_ASCII_WHITESPACE = b"\t\n\x0c\r "
_BASE64 = late_pattern(rb"[A-Za-z0-9+/]*")
_DEFAULT_TYPE = mime.MimeType("text", "plain", {"charset": "US-ASCII"})


class DataUrl(msgspec.Struct, frozen=True):
    """What a `data:` URL holds."""

    mime_type: mime.MimeType
    body: bytes


def process(url: str) -> DataUrl | None:
    """Take apart a serialised `data:` URL without fragment; None for a failure."""
    assert url.startswith("data:")
    head, comma, encoded = url[5:].partition(",")
    if not comma:
        return None
    kind = head.strip("\t\n\x0c\r ")
    body = unquote_to_bytes(encoded)
    if (end := _BASE64_END.search(kind)) is not None:
        decoded = forgiving_base64_decode(body)
        if decoded is None:
            return None
        body, kind = decoded, kind[: end.start()]
    if kind.startswith(";"):
        kind = f"text/plain{kind}"
    return DataUrl(mime.parse(kind) or _DEFAULT_TYPE, body)


def forgiving_base64_decode(data: bytes) -> bytes | None:
    """Infra, "forgiving-base64 decode": whitespace and missing padding are fine, anything else strange is a failure."""
    data = data.translate(None, _ASCII_WHITESPACE)
    if len(data) % 4 == 0:
        data = data[:-2] if data.endswith(b"==") else data.removesuffix(b"=")
    if len(data) % 4 == 1 or _BASE64.fullmatch(data) is None:
        return None
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4))
    except binascii.Error:
        return None
