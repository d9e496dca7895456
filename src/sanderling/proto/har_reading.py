"""HTTP Archive documents (HAR 1.2) that anybody wrote: what they say, and which exchange answers a request.

The rules are those of Playwright's `routeFromHAR`: URL and method must be equal, the body where there is one (multipart bodies but for
their boundary), and of several the one that shares the most headers counts. Equal ones are given in the order in which they were
recorded; the last one stays.

Standards: http://www.softwareishard.com/blog/har-12-spec/

Thread: any.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from sanderling.base.pattern import late_pattern
from sanderling.proto import mime
from sanderling.proto.har import HeaderPairs, Pair


class _Body(msgspec.Struct, frozen=True, kw_only=True):
    """A body of any writer's."""

    mimeType: str | None = None  # noqa: N815 - HAR's names, as all below
    size: float | None = None
    text: str | None = None
    encoding: str | None = None
    own_encoding: str | None = msgspec.field(name="_encoding", default=None)
    params: tuple[dict[str, Any], ...] | None = None
    file: str | None = msgspec.field(name="_file", default=None)
    """The name of a file beside the document that holds it (Playwright)."""
    truncated: bool = msgspec.field(name="_truncated", default=False)


class _Request(msgspec.Struct, frozen=True, kw_only=True):
    method: str
    url: str
    headers: tuple[Pair, ...] = ()
    postData: _Body | None = None  # noqa: N815


class _Response(msgspec.Struct, frozen=True, kw_only=True):
    status: int = 0
    statusText: str | None = None  # noqa: N815
    httpVersion: str | None = None  # noqa: N815
    headers: tuple[Pair, ...] = ()
    content: _Body = _Body()
    redirectURL: str | None = None  # noqa: N815
    error: str | None = msgspec.field(name="_error", default=None)
    failure: str | None = msgspec.field(name="_failureText", default=None)


class _Frame(msgspec.Struct, frozen=True, kw_only=True):
    type: str
    opcode: int = 1
    data: str = ""


class ReadEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One exchange of a document that anybody wrote."""

    request: _Request
    response: _Response = _Response()
    serverIPAddress: str | None = None  # noqa: N815
    port: int | None = msgspec.field(name="_serverPort", default=None)
    frames: tuple[_Frame, ...] | None = msgspec.field(name="_webSocketMessages", default=None)

    @property
    def files(self) -> tuple[str, ...]:
        """The files beside the document that its bodies are in."""
        bodies = (self.request.postData, self.response.content)
        return tuple(body.file for body in bodies if body is not None and body.file)


class _Log(msgspec.Struct, frozen=True):
    entries: tuple[ReadEntry, ...]


class _Document(msgspec.Struct, frozen=True):
    log: _Log


_DECODER = msgspec.json.Decoder(_Document)


def parse(document: bytes) -> tuple[ReadEntry, ...]:
    """Read a document.

    Raises:
        ValueError: it is none; the text says what is wrong with it.
    """
    try:
        return _DECODER.decode(document.removeprefix(codecs.BOM_UTF8)).log.entries
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ValueError(f"no HAR document: {error}") from None


def body_bytes(body: _Body, attached: Mapping[str, bytes]) -> bytes | None:
    """Give a body; None when the document does not hold it.

    Args:
        body: of a request or a response.
        attached: the files beside the document.
    """
    if body.file:
        return attached.get(body.file)
    if body.text is None:
        if body.params:
            return "&".join(f"{one.get('name', '')}={one.get('value', '')}" for one in body.params).encode()
        # Chromium writes no text for an empty body, and none for one that it no longer had.
        return None if (body.size or 0) > 0 else b""
    if "base64" in (body.encoding, body.own_encoding):
        try:
            return base64.b64decode(body.text)
        except (binascii.Error, ValueError):
            return None
    # Others decode a body by its charset; the bytes that the header speaks of come back by the same.
    kind = mime.parse(body.mimeType or "")
    charset = kind.parameters.get("charset", "") if kind is not None else ""
    if charset and not body.text.isascii():
        try:
            return body.text.encode(charset)
        except (LookupError, UnicodeError):
            return body.text.encode("utf-8", "surrogatepass")
    return body.text.encode("utf-8", "surrogatepass")


# -- which one answers -------------------------------------------------------------------------------------------------

_BOUNDARY = late_pattern(r"multipart/form-data;.*?boundary=\"?([^\";]+)", re.IGNORECASE)

_SOCKET = "socket"
"""Stands for the method of WebSockets."""

_PASSING = frozenset({"authorization", "cookie", "host", "proxy-authorization", "user-agent"})
"""Headers that say nothing of what was asked for."""


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """A recorded exchange, ready to answer."""

    number: int
    """Its place in the document."""
    method: str
    url: str
    """Without fragment."""
    sent: frozenset[tuple[str, str]]
    """The request's headers that count, names in lower case."""
    boundary: str
    body: bytes | None
    """Of the request; None where the document does not say."""
    status: int
    reason: str
    http_version: str
    headers: tuple[tuple[str, str], ...]
    """Of the response."""
    content: bytes | None
    """Of the response; None when the document does not hold it."""
    error: str
    """``net::ERR_*``; empty for none. With a status it came after the head."""
    remote_address: str
    frames: tuple[_Frame, ...] | None
    """Of a WebSocket."""


class Recording:
    """The exchanges of a document. Each answers once, the last of equal ones for ever.

    Args:
        entries: as `parse` gives them.
        attached: the files beside the document, by name.
    """

    def __init__(self, entries: tuple[ReadEntry, ...], attached: Mapping[str, bytes] | None = None) -> None:
        self._by_url: dict[tuple[str, str], list[Exchange]] = {}
        self._used: set[int] = set()
        for number, entry in enumerate(entries):
            one = _exchange(number, entry, attached or {})
            method = _SOCKET if one.frames is not None or one.url.startswith(("ws:", "wss:")) else one.method
            self._by_url.setdefault((method, one.url), []).append(one)

    def holds(self, method: str, url: str, headers: HeaderPairs, body: bytes | None) -> bool:
        """Whether there is an answer."""
        return bool(self._candidates(method, url, headers, body))

    def holds_url(self, method: str, url: str) -> bool:
        """Whether there is an answer for some body."""
        return (method, _plain(url)) in self._by_url

    def take(self, method: str, url: str, headers: HeaderPairs, body: bytes | None) -> Exchange | None:
        """Give the answer to a request; None when there is none. It counts as used."""
        candidates = self._candidates(method, url, headers, body)
        if not candidates:
            return None
        fresh = [one for one in candidates if one.number not in self._used]
        sent = _counting(headers)
        # `max` gives the first of equal ones.
        chosen = max(fresh, key=lambda one: len(one.sent & sent)) if fresh else candidates[-1]
        self._used.add(chosen.number)
        return chosen

    def holds_socket(self, url: str) -> bool:
        """Whether there is a WebSocket at a URL."""
        return self.holds_url(_SOCKET, url)

    def take_socket(self, url: str) -> Exchange | None:
        """Give the recorded WebSocket at a URL; None when there is none. It counts as used."""
        return self.take(_SOCKET, url, (), None)

    def _candidates(self, method: str, url: str, headers: HeaderPairs, body: bytes | None) -> list[Exchange]:
        known = self._by_url.get((method, _plain(url)), [])
        if not body:
            return known
        boundary = _boundary(headers)
        return [one for one in known if one.body is None or _same_body(one, body, boundary)]


def _same_body(one: Exchange, body: bytes, boundary: str) -> bool:
    if one.body == body:
        return True
    if one.body is None or not boundary or not one.boundary:
        return False
    return one.body.replace(one.boundary.encode(), b"") == body.replace(boundary.encode(), b"")


def _plain(url: str) -> str:
    return url.partition("#")[0]


def _counting(headers: HeaderPairs) -> frozenset[tuple[str, str]]:
    return frozenset((name.lower(), value) for name, value in headers if name.lower() not in _PASSING)


def _boundary(headers: HeaderPairs) -> str:
    found = (_BOUNDARY.match(value) for name, value in headers if name.lower() == "content-type")
    return next((match[1] for match in found if match is not None), "")


def _exchange(number: int, entry: ReadEntry, attached: Mapping[str, bytes]) -> Exchange:
    request, response = entry.request, entry.response
    sent = tuple((one.name, one.value) for one in request.headers if not one.name.startswith(":"))
    failed = response.error or ("net::ERR_FAILED" if response.failure else "")
    address = (entry.serverIPAddress or "").strip("[]")
    if address:
        address = f"[{address}]:{entry.port or 0}" if ":" in address else f"{address}:{entry.port or 0}"
    return Exchange(
        number=number,
        method=request.method,
        url=_plain(request.url),
        sent=_counting(sent),
        boundary=_boundary(sent),
        body=body_bytes(request.postData, attached) if request.postData is not None else None,
        status=max(response.status, 0),
        reason=response.statusText or "",
        http_version=_version(response.httpVersion or ""),
        headers=_response_headers(response),
        content=None if response.content.truncated else body_bytes(response.content, attached),
        error=failed,
        remote_address=address,
        frames=entry.frames,
    )


def _version(text: str) -> str:
    lower = text.lower()
    return {"h2": "HTTP/2", "http/2.0": "HTTP/2", "h3": "HTTP/3", "http/3.0": "HTTP/3"}.get(lower, text.upper())


def _response_headers(response: _Response) -> tuple[tuple[str, str], ...]:
    """Give the headers: HTTP/2's own left out, and those that Chromium joined by a line feed apart."""
    items = [
        (one.name, value.strip())
        for one in response.headers
        if not one.name.startswith(":")
        for value in one.value.split("\n")
    ]
    if response.redirectURL and not any(name.lower() == "location" for name, _ in items):
        items.append(("Location", response.redirectURL))
    return tuple(items)
