"""Network: requests as they happen, and their bodies; what is changed about them and cookies have files of their own.

https://chromedevtools.github.io/devtools-protocol/tot/Network/

Thread: worker.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from sanderling.base.errors import NetworkError
from sanderling.base.pattern import late_pattern
from sanderling.browser.parser import decode_text
from sanderling.cdp.dispatch import Domain, NoParams, Params, Result
from sanderling.cdp.domains.network_changes import settings_of
from sanderling.cdp.errors import CdpError, invalid_params
from sanderling.cdp.ids import MAIN_FRAME
from sanderling.cdp.requests import MAX_POST_DATA_BYTES, Known, headers_object, post_data_of
from sanderling.cdp.streams import streams_of
from sanderling.cdp.tls import certificate_chain
from sanderling.http.request import Request
from sanderling.proto import mime
from sanderling.proto.headers import Headers

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

DOMAIN = Domain(
    "Network",
    events=(
        "dataReceived",
        "eventSourceMessageReceived",
        "loadingFailed",
        "loadingFinished",
        "requestServedFromCache",
        "requestWillBeSent",
        "requestWillBeSentExtraInfo",
        "responseReceived",
        "responseReceivedExtraInfo",
        "webSocketClosed",
        "webSocketCreated",
        "webSocketFrameError",
        "webSocketFrameReceived",
        "webSocketFrameSent",
        "webSocketHandshakeResponseReceived",
        "webSocketWillSendHandshakeRequest",
    ),
)

_TEXT_TYPES = late_pattern(
    r"text/.*|application/(json|javascript|ecmascript|x-javascript|xml|xhtml\+xml|x-www-form-urlencoded|graphql)"
    r"|.*\+(json|xml)",
)

_UTF_8 = frozenset({"utf-8", "utf8"})


class EnableParams(Params, frozen=True, kw_only=True):
    """`enable`."""

    REFUSED: ClassVar[tuple[str, ...]] = ("reportDirectSocketTraffic",)
    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {
        "maxTotalBufferSize": "how much is kept of bodies is this browser's to choose",
        "maxResourceBufferSize": "how much is kept of bodies is this browser's to choose",
        "enableDurableMessages": "bodies outlive their documents anyway",
    }

    maxPostDataSize: int | None = None  # noqa: N815 - CDP's name, as all below
    maxTotalBufferSize: int | None = None  # noqa: N815
    maxResourceBufferSize: int | None = None  # noqa: N815
    reportDirectSocketTraffic: bool = False  # noqa: N815
    enableDurableMessages: bool = False  # noqa: N815


class RequestRef(msgspec.Struct, frozen=True, kw_only=True):
    """Commands about one request."""

    requestId: str  # noqa: N815


class SearchParams(msgspec.Struct, frozen=True, kw_only=True):
    """`searchInResponseBody`."""

    requestId: str  # noqa: N815
    query: str
    caseSensitive: bool = False  # noqa: N815
    isRegex: bool = False  # noqa: N815


class LoadOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Of `loadNetworkResource`."""

    disableCache: bool  # noqa: N815
    includeCredentials: bool  # noqa: N815


class LoadParams(msgspec.Struct, frozen=True, kw_only=True):
    """`loadNetworkResource`."""

    url: str
    options: LoadOptions
    frameId: str = ""  # noqa: N815


# -- events ----------------------------------------------------------------------------------------------------------------


@DOMAIN.method("enable", EnableParams)
async def enable(session: Session, params: EnableParams) -> Result:
    """Tell of requests, and keep the bodies of their responses."""
    if "Network" not in session.enabled:
        session.enabled.add("Network")
        session.inspector.network_watched()
    limit = params.maxPostDataSize
    session.inspector.requests.post_data_limits[session.id] = MAX_POST_DATA_BYTES if limit is None else max(limit, 0)
    settings_of(session).collects_bodies = True
    return None


@DOMAIN.method("disable", NoParams)
async def disable(session: Session, params: NoParams) -> Result:
    """Tell nothing more."""
    session.enabled.discard("Network")
    session.inspector.network_watched()
    settings_of(session).collects_bodies = False
    return None


# -- bodies ----------------------------------------------------------------------------------------------------------------


def _known(session: Session, request_id: str) -> Known:
    known = session.inspector.requests.find(request_id)
    if known is None:
        raise CdpError("No resource with given identifier found")
    return known


def response_body(session: Session, request_id: str) -> tuple[bytes, str]:
    """Give a response's body and its Content-Type.

    Raises:
        CdpError: there is no such response, it is not complete, or it was evicted.
    """
    known = _known(session, request_id)
    life = known.life
    if life.preflight_for is not None:  # of the network's own, in Chromium: Puppeteer knows it by this text
        raise CdpError("No resource with given identifier found")
    if life.head is None or not life.ended:
        raise CdpError("No data found for resource with given identifier")
    try:
        body = session.page.network.bodies.get(life.number)
    except KeyError:
        raise CdpError("No data found for resource with given identifier") from None
    if body is None:
        raise CdpError("Request content was evicted from inspector cache")
    return body, Headers(life.head.headers).get("content-type") or ""


def body_object(body: bytes, content_type: str) -> dict[str, Any]:
    """Give a body as text where its type says that it is text, and it is; else in base64."""
    parsed = mime.parse(content_type) if content_type else None
    if parsed is not None and _TEXT_TYPES.fullmatch(parsed.essence):
        charset = parsed.parameters.get("charset", "")
        if not (charset.lower() in _UTF_8 and _is_broken(body)):
            return {"body": decode_text(body, charset), "base64Encoded": False}
    return {"body": base64.b64encode(body).decode(), "base64Encoded": True}


def _is_broken(body: bytes) -> bool:
    """Whether it is no UTF-8: as text it could not be told from another body any more."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


@DOMAIN.method("getResponseBody", RequestRef)
async def get_response_body(session: Session, params: RequestRef) -> Result:
    """Give a response's body."""
    return body_object(*response_body(session, params.requestId))


@DOMAIN.method("getRequestPostData", RequestRef)
async def get_request_post_data(session: Session, params: RequestRef) -> Result:
    """Give a request's body."""
    exchange = _known(session, params.requestId).life.exchange
    body = post_data_of(exchange) if exchange is not None else None
    if body is None:
        raise CdpError("No post data available for the request")
    try:
        return {"postData": body.decode("utf-8"), "base64Encoded": False}
    except UnicodeDecodeError:
        return {"postData": base64.b64encode(body).decode(), "base64Encoded": True}


@DOMAIN.method("searchInResponseBody", SearchParams)
async def search_in_response_body(session: Session, params: SearchParams) -> Result:
    """Give the lines of a body that contain a text, or match a regular expression."""
    found = body_object(*response_body(session, params.requestId))
    return {"result": matching_lines(found, params.query, case=params.caseSensitive, regex=params.isRegex)}


def matching_lines(found: dict[str, Any], query: str, *, case: bool, regex: bool) -> list[dict[str, Any]]:
    """Give the lines of a body (`body_object`) that contain a text, or match a regular expression.

    Raises:
        CdpError: it is no text, or the expression is none.
    """
    if found["base64Encoded"]:
        raise CdpError("Cannot search in a binary body")
    try:
        compiled = re.compile(query if regex else re.escape(query), 0 if case else re.IGNORECASE)  # noqa: TID251 - a client's
    except re.error as error:
        raise invalid_params(f"query: {error}") from None
    lines = str(found["body"]).split("\n")
    return [{"lineNumber": number, "lineContent": line} for number, line in enumerate(lines) if compiled.search(line)]


# -- loading ---------------------------------------------------------------------------------------------------------------


@DOMAIN.method("loadNetworkResource", LoadParams)
async def load_network_resource(session: Session, params: LoadParams) -> Result:
    """Load a URL for the client, and give its body as a stream (`IO.read`)."""
    page = session.page
    number = session.inspector.number_of(params.frameId) if params.frameId else MAIN_FRAME
    try:
        request = Request.resource(
            params.url,
            destination="",
            credentials="include" if params.options.includeCredentials else "omit",
            client_url=page.frames[number].url,
        )
        response = await page.context.client.fetch(
            msgspec.structs.replace(
                request,
                overrides=msgspec.structs.replace(
                    page.network.overrides(request), bypass_cache=params.options.disableCache
                ),
            )
        )
        body = await response.read()
    except NetworkError as error:
        return {
            "resource": {"success": False, "netError": -1, "netErrorName": error.code},
        }
    resource: dict[str, Any] = {
        "success": response.ok,
        "httpStatusCode": response.full_status,
        "headers": headers_object(tuple(response.full_headers.items())),
    }
    if response.ok:
        resource["stream"] = streams_of(session).open(body)
    return {"resource": resource}


class OriginParams(msgspec.Struct, frozen=True, kw_only=True):
    """`getCertificate`."""

    origin: str


@DOMAIN.method("getCertificate", OriginParams)
async def get_certificate(session: Session, params: OriginParams) -> Result:
    """Give the certificates that a server of the page showed (DER in base64), its own first; none where it showed none."""
    facts = session.inspector.requests.certificates.get(params.origin.rstrip("/"))
    return {"tableNames": certificate_chain(facts) if facts is not None else []}
