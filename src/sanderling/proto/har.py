"""HTTP Archive documents (HAR 1.2): what is written.

Fields whose names begin with an underscore are not in the specification; they are those of Chromium and Playwright.

Standards: http://www.softwareishard.com/blog/har-12-spec/

Thread: any.
"""

from __future__ import annotations

import base64
import datetime
from collections.abc import Iterable
from typing import Any, Literal, TypeAlias
from urllib.parse import parse_qsl

import msgspec

from sanderling.proto import mime
from sanderling.proto.cookies import parse_set_cookie
from sanderling.proto.headers import Headers

REDACTED = "[redacted]"
"""What stands where a credential was."""

_SECRET = frozenset({"authorization", "cookie", "proxy-authorization", "set-cookie"})

HeaderPairs: TypeAlias = Iterable[tuple[str, str]]


class Pair(msgspec.Struct, frozen=True):
    """A header or a parameter of a query."""

    name: str
    value: str = ""


class HarCookie(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """A cookie, as a header has it."""

    name: str
    value: str
    path: str = ""
    domain: str = ""
    expires: str = ""
    """ISO 8601; empty for a session cookie."""
    http_only: bool = False
    secure: bool = False
    same_site: str = ""


class PostData(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A request's body."""

    mimeType: str = ""  # noqa: N815 - HAR's name
    text: str | None = None
    params: tuple[dict[str, Any], ...] = ()
    encoding: str = msgspec.field(name="_encoding", default="")
    """`base64` for a body that is no text; HAR has nothing for it."""
    file: str = msgspec.field(name="_file", default="")


class HarRequest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A request. Header names and values are as they went out."""

    method: str
    url: str
    http_version: str = ""
    cookies: tuple[HarCookie, ...] = ()
    headers: tuple[Pair, ...] = ()
    query_string: tuple[Pair, ...] = ()
    post_data: PostData | msgspec.UnsetType = msgspec.UNSET
    headers_size: int = -1
    body_size: int = -1


class Content(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """A response's body, decoded."""

    size: int
    mime_type: str
    text: str | None = None
    encoding: str = ""
    truncated: bool = msgspec.field(name="_truncated", default=False)
    """It was longer than what is kept."""


class HarResponse(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A response; status 0 and `error` where none came."""

    status: int = 0
    status_text: str = ""
    http_version: str = ""
    cookies: tuple[HarCookie, ...] = ()
    headers: tuple[Pair, ...] = ()
    content: Content = Content(size=0, mime_type="x-unknown")
    redirect_url: str = msgspec.field(name="redirectURL", default="")
    headers_size: int = -1
    body_size: int = -1
    transfer_size: int = msgspec.field(name="_transferSize", default=-1)
    error: str | msgspec.UnsetType = msgspec.field(name="_error", default=msgspec.UNSET)
    """``net::ERR_*``: it failed, before or after its head."""
    error_text: str | msgspec.UnsetType = msgspec.field(name="_errorText", default=msgspec.UNSET)


class HarTimings(msgspec.Struct, frozen=True, kw_only=True):
    """Milliseconds; -1 for what did not happen."""

    blocked: float = -1
    dns: float = -1
    connect: float = -1
    """With TLS in it, as HAR has it."""
    ssl: float = -1
    send: float = 0
    wait: float = 0
    receive: float = 0


class SocketFrame(msgspec.Struct, frozen=True, kw_only=True):
    """A message of a WebSocket, as Chromium writes it."""

    type: Literal["send", "receive"]
    time: float
    """Seconds since the epoch."""
    opcode: int
    """1 for text, 2 for binary, 8 for the end."""
    data: str
    """Text, or base64 of what is binary."""


class Entry(msgspec.Struct, kw_only=True, rename="camel"):
    """One exchange. It is filled in as it comes."""

    pageref: str | msgspec.UnsetType = msgspec.UNSET
    started_date_time: str
    time: float = 0
    request: HarRequest
    response: HarResponse = HarResponse()
    cache: dict[str, Any] = {}
    timings: HarTimings = HarTimings()
    server_ip_address: str | msgspec.UnsetType = msgspec.field(name="serverIPAddress", default=msgspec.UNSET)
    server_port: int | msgspec.UnsetType = msgspec.field(name="_serverPort", default=msgspec.UNSET)
    connection: str | msgspec.UnsetType = msgspec.UNSET
    resource_type: str | msgspec.UnsetType = msgspec.field(name="_resourceType", default=msgspec.UNSET)
    security_details: dict[str, Any] | msgspec.UnsetType = msgspec.field(name="_securityDetails", default=msgspec.UNSET)
    frames: list[SocketFrame] | msgspec.UnsetType = msgspec.field(name="_webSocketMessages", default=msgspec.UNSET)


class PageTimings(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Milliseconds since the page began; -1 for what did not happen."""

    on_content_load: float = -1
    on_load: float = -1


class HarPage(msgspec.Struct, kw_only=True, rename="camel"):
    """One navigation of a page."""

    started_date_time: str
    id: str
    title: str
    page_timings: PageTimings = PageTimings()


# -- the journal: what a worker writes as it happens, and what a document is made of -----------------------------------


class Began(msgspec.Struct, frozen=True, tag=True):
    """A request goes out."""

    id: int
    entry: Entry


class Got(msgspec.Struct, frozen=True, tag=True):
    """What is known of its response by now; the last one counts."""

    id: int
    time: float
    response: HarResponse
    timings: HarTimings
    remote_address: str = ""
    connection: str = ""
    security_details: dict[str, Any] | None = None


class Piece(msgspec.Struct, frozen=True, tag=True):
    """A piece of its body."""

    id: int
    data: bytes


class Framed(msgspec.Struct, frozen=True, tag=True):
    """A message of a WebSocket."""

    id: int
    frame: SocketFrame


class PageBegan(msgspec.Struct, frozen=True, tag=True):
    """A navigation began; `page` is complete but for its timings."""

    page: HarPage


class PageReached(msgspec.Struct, frozen=True, tag=True):
    """It reached a milestone."""

    id: str
    timings: PageTimings


JournalLine: TypeAlias = Began | Got | Piece | Framed | PageBegan | PageReached

# -- making one --------------------------------------------------------------------------------------------------------


def iso(seconds: float) -> str:
    """Write seconds since the epoch as ISO 8601 with milliseconds."""
    moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def header_pairs(headers: HeaderPairs, *, redact: bool) -> tuple[Pair, ...]:
    """Give headers as HAR has them."""
    return tuple(Pair(name, REDACTED if redact and name.lower() in _SECRET else value) for name, value in headers)


def query_pairs(url: str) -> tuple[Pair, ...]:
    """Give the parameters of a URL's query."""
    query = url.partition("#")[0].partition("?")[2]
    return tuple(Pair(name, value) for name, value in parse_qsl(query, keep_blank_values=True))


def request_cookies(headers: HeaderPairs, *, redact: bool) -> tuple[HarCookie, ...]:
    """Give the cookies of a request."""
    pairs = [
        part.strip().partition("=")
        for name, value in headers
        if name.lower() == "cookie"
        for part in value.split(";")
        if part.strip()
    ]
    return tuple(HarCookie(name=name, value=REDACTED if redact else value) for name, _, value in pairs)


def response_cookies(headers: HeaderPairs, now: float, *, redact: bool) -> tuple[HarCookie, ...]:
    """Give the cookies that a response sets.

    Args:
        headers: of the response.
        now: seconds since the epoch, for `Max-Age`.
        redact: leave the values out.
    """
    cookies: list[HarCookie] = []
    for name, value in headers:
        parsed = parse_set_cookie(value, now) if name.lower() == "set-cookie" else None
        if parsed is None:
            continue
        cookies.append(
            HarCookie(
                name=parsed.name,
                value=REDACTED if redact else parsed.value,
                path=parsed.path or "",
                domain=parsed.domain or "",
                expires=iso(parsed.expires) if parsed.expires is not None and 0 < parsed.expires < 2**36 else "",
                http_only=parsed.http_only,
                secure=parsed.secure,
                same_site=str(parsed.same_site or "").capitalize(),
            )
        )
    return tuple(cookies)


def post_data(body: bytes, content_type: str) -> PostData:
    """Describe a request's body."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return PostData(mimeType=content_type, text=_base64(body), encoding="base64")
    params: tuple[dict[str, Any], ...] = ()
    if content_type.partition(";")[0].strip().lower() == "application/x-www-form-urlencoded":
        params = tuple(
            {"name": name, "value": value}
            for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=None)
        )
    return PostData(mimeType=content_type, text=text, params=params)


def content_of(body: bytes, headers: HeaderPairs, *, truncated: bool = False) -> Content:
    """Describe a response's body so that the same bytes can be made of it again."""
    kind = mime.extract(Headers(tuple(headers)))
    named = kind.serialise() if kind is not None else "x-unknown"
    if not body:
        return Content(size=0, mime_type=named, text="", truncated=truncated)
    text = None
    charset = (kind.parameters.get("charset") or "utf-8").lower() if kind is not None else "utf-8"
    if kind is not None and _is_textual(kind.essence) and (charset in ("utf-8", "utf8") or body.isascii()):
        try:
            text = body.decode()
        except UnicodeDecodeError:
            text = None
    if text is not None:
        return Content(size=len(body), mime_type=named, text=text, truncated=truncated)
    return Content(size=len(body), mime_type=named, text=_base64(body), encoding="base64", truncated=truncated)


def _is_textual(essence: str) -> bool:
    return (
        essence.startswith("text/")
        or essence.endswith(("+json", "+xml"))
        or essence in ("application/json", "application/xml", "application/javascript", "application/x-javascript")
    )


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
