"""Opaque response blocking: what a page may not even embed of another origin (https://fetch.spec.whatwg.org/#orb, as far as Chromium does it).

HTML, XML and JSON that a server gives to `<script>` or `<img>`: nothing could be made of it, so that it does not reach the page. What only
calls itself so passes: the beginning of the body has to look like it, too.

Thread: any.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from sanderling.base.pattern import late_pattern
from sanderling.proto import mime
from sanderling.proto.headers import Headers

Verdict: TypeAlias = Literal["allow", "block", "sniff"]

SNIFFED_BYTES = 1024
"""Of a body, at most; Chromium's figure."""

_NEVER_SNIFFED = late_pattern(
    r"application/(?:gzip|pdf|zip|x-gzip|x-protobuf|x-protobuffer|msexcel|mspowerpoint|msword|msword-template)"
    r"|application/vnd\.(?:apple\.mpegurl|ces-quick(?:point|sheet|word)|msword|ms-(?:excel|powerpoint|word)(?:\..*)?"
    r"|openxmlformats-officedocument\..*|(?:presentation|spreadsheet|wordprocessing)-openxmlm?)"
    r"|audio/mpegurl|multipart/(?:byteranges|signed)|text/(?:csv|event-stream|vtt)"
)
"""Data that no element can embed without CORS ("opaque-response-blocklisted-never-sniffed MIME type")."""

_WHITESPACE = b" \t\r\n\x0c"
_HTML = late_pattern(
    rb"(?:[\s\0]|(?><!--.*?-->[^\r\n]*[\r\n]))*+<(?:!doctype\s+html|script|html|head|iframe|h1|div|font|table|a|style|title|b|body|br|p)(?=[\s>])",
    re.IGNORECASE | re.DOTALL,
)
"""Comments count with the rest of the line of their end, which is a comment to scripts, too: some documents are scripts as well.

Each ends at its first end only: a server must not choose how long this looks.
"""

_JSON = late_pattern(rb'[ \t\r\n]*\{[ \t\r\n]*"(?:[^"\\\n]|\\.)*"[ \t\r\n]*:', re.DOTALL)
_PARSER_BREAKER = late_pattern(rb"\)\]\}'|\{\}\s*&&|for\s*\(;;\)\s*;|while\s*\(1\)\s*;")
"""With what servers make JSON useless to scripts."""

_EMBEDDABLE = late_pattern(
    rb"\x89PNG\r\n\x1a\n|GIF8[79]a|\xff\xd8\xff|BM|\0\0[\1\2]\0|RIFF....(?:WEBP|WAVE|AVI )|OggS\0|ID3|fLaC|\x1aE\xdf\xa3|....ftyp",
    re.DOTALL,
)
"""How images, audio and video begin (MIME Sniffing, 6)."""


def judge_head(status: int, headers: Headers) -> Verdict:
    """Decide by the head of an opaque response; `sniff` where its body has a say."""
    found = mime.extract(headers)
    if found is None:
        return "allow"  # an element decides what it is
    essence = found.essence
    if found.is_javascript or essence in ("text/css", "image/svg+xml"):
        return "allow"
    if _NEVER_SNIFFED.fullmatch(essence):
        return "block"
    listed = found.is_html or found.is_xml or found.is_json
    if not listed and essence != "text/plain":
        return "allow"
    if (listed and status == 206) or mime.determine_nosniff(headers):
        return "block"
    return "sniff"


def judge_body(beginning: bytes, headers: Headers) -> bool:
    """Tell whether a response that `judge_head` left open is blocked, by the first bytes of its body."""
    found = mime.extract(headers)
    if found is None or _EMBEDDABLE.match(beginning):
        return False
    if _PARSER_BREAKER.match(beginning):
        return True
    plain = found.essence == "text/plain"
    return bool(
        ((found.is_html or plain) and _HTML.match(beginning))
        or ((found.is_xml or plain) and beginning.lstrip(_WHITESPACE).startswith(b"<?xml"))
        or ((found.is_json or plain) and _JSON.match(beginning))
    )
