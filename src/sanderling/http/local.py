"""Scheme fetch: URLs that no server answers (https://fetch.spec.whatwg.org/#scheme-fetch).

Thread: worker.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import msgspec

from sanderling.base.errors import NetworkError
from sanderling.base.pattern import late_pattern
from sanderling.http.request import Request
from sanderling.http.stored import StoredTransfer
from sanderling.proto import data_url
from sanderling.proto.headers import Headers
from sanderling.proto.url import Url

_RANGE = late_pattern(r"bytes[\t ]*=[\t ]*(\d*)[\t ]*-[\t ]*(\d*)")


class Blob(msgspec.Struct, frozen=True):
    """What a `blob:` URL stands for."""

    body: bytes
    content_type: str  # may be empty


BlobResolver: TypeAlias = Callable[[str], Awaitable[Blob | None]]
"""Gives the blob of a `blob:` URL without fragment, or None when it was revoked or never was."""


def scheme_fetch(request: Request, url: Url, blob: Blob | None) -> StoredTransfer:
    """Answer a request for a URL that is neither http nor https.

    Args:
        request: what is asked for.
        url: its address.
        blob: what that stands for, where it is a `blob:` URL of something.

    Raises:
        NetworkError: its scheme is unknown, or there is nothing at it.
    """
    if url.scheme == "about":
        if url.path == "blank":
            return StoredTransfer(200, (("Content-Type", "text/html;charset=utf-8"),), b"", reason="OK")
        raise _fault("net::ERR_INVALID_URL", "about:blank is the only about: URL", url)
    if url.scheme == "data":
        found = data_url.process(url.without_fragment)
        if found is None:
            raise _fault("net::ERR_INVALID_URL", "malformed data: URL", url)
        return StoredTransfer(200, (("Content-Type", found.mime_type.serialise()),), found.body, reason="OK")
    if url.scheme == "blob":
        return _blob(request, url, blob)
    if url.scheme == "file":
        raise _fault("net::ERR_ACCESS_DENIED", "file: URLs are not supported; serve the file over HTTP", url)
    raise _fault("net::ERR_UNKNOWN_URL_SCHEME", f"the scheme {url.scheme}: is not supported", url)


def _blob(request: Request, url: Url, blob: Blob | None) -> StoredTransfer:
    if request.method != "GET":
        raise _fault("net::ERR_METHOD_NOT_SUPPORTED", f"{request.method} of a blob: URL", url)
    if blob is None:
        raise _fault("net::ERR_FILE_NOT_FOUND", "no such blob", url)
    size = len(blob.body)
    wanted = Headers(request.headers).get("range")
    if wanted is None:
        whole = (("Content-Length", str(size)), ("Content-Type", blob.content_type))
        return StoredTransfer(200, whole, blob.body, reason="OK")
    found = _RANGE.fullmatch(wanted)  # Fetch, "parse a single range header value"
    if found is None or not (found[1] or found[2]):
        raise _fault("net::ERR_REQUEST_RANGE_NOT_SATISFIABLE", f"malformed range {wanted!r}", url)
    if found[1]:
        start, last = _number(found[1]), _number(found[2]) if found[2] else size - 1
    else:
        start, last = max(size - _number(found[2]), 0), size - 1
    if start >= size or last < start:
        raise _fault("net::ERR_REQUEST_RANGE_NOT_SATISFIABLE", f"range {wanted!r} of {size} bytes", url)
    last = min(last, size - 1)
    part = blob.body[start : last + 1]
    headers = (
        ("Content-Length", str(len(part))),
        ("Content-Type", blob.content_type),
        ("Content-Range", f"bytes {start}-{last}/{size}"),
    )
    return StoredTransfer(206, headers, part, reason="Partial Content")


def _number(digits: str) -> int:
    """Read digits, of which page code may give as many as it likes; more than `int` takes are as good as too large for any blob."""
    significant = digits.lstrip("0")
    return int(significant or "0") if len(significant) <= 15 else 10**15


def _fault(code: str, message: str, url: Url) -> NetworkError:
    return NetworkError(code, message, url=url.href if url.scheme != "data" else url.href[:64])
