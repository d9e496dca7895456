"""Timing-Allow-Origin: who may know when and how a response came (https://fetch.spec.whatwg.org/#tao-check), and what may be told of its type.

Thread: any.
"""

from __future__ import annotations

from sanderling.proto import mime
from sanderling.proto.cors import Tainting
from sanderling.proto.headers import Headers

_SUPPORTED_ESSENCES = frozenset(
    {
        "application/javascript",
        "application/json",
        "application/pdf",
        "application/xhtml+xml",
        "application/xml",
        "audio/mpeg",
        "audio/ogg",
        "audio/wav",
        "font/otf",
        "font/ttf",
        "font/woff",
        "font/woff2",
        "image/apng",
        "image/avif",
        "image/bmp",
        "image/gif",
        "image/jpeg",
        "image/jpg",
        "image/png",
        "image/svg+xml",
        "image/webp",
        "image/x-icon",
        "multipart/related",
        "text/css",
        "text/html",
        "text/javascript",
        "text/plain",
        "text/xml",
        "video/mp4",
        "video/ogg",
        "video/webm",
    }
)
"""MIME Sniffing, "supported by the user agent": types that browsers show or play, whether or not this one does."""


def allows(headers: Headers, *, origin: str, tainting: Tainting, foreign_navigation: bool) -> bool:
    """Fetch, "TAO check", for one response of a chain.

    Args:
        headers: of the response.
        origin: the request's, serialised as it would be sent.
        tainting: of the response.
        foreign_navigation: the request is a navigation, and not to its own origin.
    """
    if "timing-allow-origin" in headers:
        values = headers.get_list("timing-allow-origin") or []
        if "*" in values or origin in values:
            return True
    return tainting == "basic" and not foreign_navigation


def minimal_type(headers: Headers) -> str:
    """MIME Sniffing, "minimize a supported MIME type", of what the headers say; empty where that is no type or not supported."""
    found = mime.extract(headers)
    if found is None:
        return ""
    if found.is_javascript:
        return "text/javascript"
    if found.is_json:
        return "application/json"
    if found.essence == "image/svg+xml":
        return "image/svg+xml"
    if found.is_xml:
        return "application/xml"
    return found.essence if found.essence in _SUPPORTED_ESSENCES else ""
