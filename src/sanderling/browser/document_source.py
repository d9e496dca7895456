"""From a response to the markup of a document: what a browser shows for each MIME type.

HTML, 7.4.5 ("loading a document"): HTML and XML are parsed, text becomes a `pre`, images and media get a document of their own, everything
else is a download.

Thread: worker.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from sanderling.http.response import Response
from sanderling.proto import mime
from sanderling.proto.content_disposition import is_attachment
from sanderling.proto.headers import Headers

EMPTY_STATUSES = (204, 205)
"""HTML, 7.4.5, "process a navigate fetch": such a response loads nothing."""


class DocumentSource(msgspec.Struct, frozen=True):
    """What the parser gets."""

    kind: Literal["html", "xml", "download"]
    markup: bytes | str
    content_type: str
    """As `document.contentType` says it."""
    charset: str = ""
    """From Content-Type, empty when it says nothing; where the markup is text, what that was decoded from."""


def is_download(response: Response) -> bool:
    """Whether the head of a navigation's response says that it is no document."""
    status = response.full_status
    if not 200 <= status <= 299 or status in EMPTY_STATUSES:
        return False
    content_type = type_of(response.headers)
    return is_attachment(response.headers.get("content-disposition") or "") or (
        bool(content_type) and document_source(b"x", content_type).kind == "download"
    )


_XML_TYPES = frozenset({"application/xhtml+xml", "text/xml", "application/xml", "image/svg+xml"})


def type_of(headers: Headers) -> str:
    """Give the MIME type of a response, whose headers may say several; empty for none (HTML, 7.4.5, "loading a document", step 1)."""
    found = mime.extract(headers)
    return "" if found is None else found.serialise()


def document_source(body: bytes, content_type: str, *, nosniff: bool = False) -> DocumentSource:
    """Decide what to build from a navigation's response body."""
    parsed = mime.parse(content_type) if content_type else None
    essence = parsed.essence if parsed is not None else ""
    charset = parsed.parameters.get("charset", "") if parsed is not None else ""
    if not essence or essence in ("unknown/unknown", "application/unknown", "*/*"):
        essence = "text/plain" if nosniff else _sniff(body)
    if essence == "text/html":
        return DocumentSource("html", body, "text/html", charset)
    if essence in _XML_TYPES or essence.endswith("+xml"):
        return DocumentSource("xml", body, essence, charset)
    if (
        essence.startswith("text/")
        or essence in ("application/json", "application/javascript")
        or essence.endswith("+json")
    ):
        import html  # late: with the names of two thousand characters

        text, encoding = _decode_text(body, charset)
        markup = (
            '<html><head><meta name="color-scheme" content="light dark"></head><body>'
            f"<pre>{html.escape(text, quote=False)}</pre></body></html>"
        )
        # A newline right after <pre> is dropped by the parser (HTML, 13.2.6.4.7), so one that belongs to the text is doubled.
        if text.startswith("\n"):
            markup = markup.replace("<pre>", "<pre>\n", 1)
        return DocumentSource("html", markup, essence, encoding)
    if essence.startswith("image/"):
        return DocumentSource("html", "<html><body><img></body></html>", essence)
    return DocumentSource("download", b"", essence)


def _decode_text(body: bytes, charset: str) -> tuple[str, str]:
    from sanderling.browser.parser import decode_text, encoding_of_text

    return decode_text(body, charset), encoding_of_text(body, charset)


def _sniff(body: bytes) -> str:
    """MIME Sniffing, 7.1, for the types that make a document: HTML, XML, or text; anything binary is a download."""
    head = body[:1445]
    stripped = head.lstrip(b"\t\n\x0c\r ")
    lowered = stripped[:16].lower()
    if stripped.startswith(b"<?xml"):
        return "text/xml"
    for pattern in (
        b"<!doctype html",
        b"<html",
        b"<head",
        b"<script",
        b"<iframe",
        b"<h1",
        b"<div",
        b"<font",
        b"<table",
        b"<a",
        b"<style",
        b"<title",
        b"<b",
        b"<body",
        b"<br",
        b"<p",
        b"<!--",
    ):
        if lowered.startswith(pattern) and (
            pattern == b"<!--" or stripped[len(pattern) : len(pattern) + 1] in (b" ", b">")
        ):
            return "text/html"
    if head.startswith((b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf")):
        return "text/plain"
    if any(byte <= 8 or byte == 11 or 14 <= byte <= 26 or 28 <= byte <= 31 for byte in head):
        return "application/octet-stream"
    return "text/plain"
