"""Network: requests as they happen, their bodies, what is changed about them, and cookies.

https://chromedevtools.github.io/devtools-protocol/tot/Network/

Thread: worker.
"""

from __future__ import annotations

import base64
import dataclasses
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from sanderling.base.errors import NetworkError, UsageError
from sanderling.browser.network_tools import BlockRule, ConditionsRule
from sanderling.browser.parser import decode_text
from sanderling.cdp.cookies import CookieParam, CookiePartitionKey, cookie_object, cookies_for, set_cookie, set_cookies
from sanderling.cdp.dispatch import Domain, NoParams, Params, Result
from sanderling.cdp.errors import CdpError, invalid_params, unsupported
from sanderling.cdp.ids import MAIN_FRAME
from sanderling.cdp.requests import MAX_POST_DATA_BYTES, Known, headers_object, post_data_of
from sanderling.cdp.streams import streams_of
from sanderling.cdp.tls import certificate_chain
from sanderling.http.conditions import Conditions
from sanderling.http.request import Request
from sanderling.proto import mime
from sanderling.proto.cookie_scope import PartitionKey
from sanderling.proto.headers import Headers, is_header_value, is_token
from sanderling.proto.url import parse_origin, site
from sanderling.proto.wildcards import url_pattern_problem

if TYPE_CHECKING:
    from sanderling.browser.network_tools import Settings
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
        "responseReceived",
        "webSocketClosed",
        "webSocketCreated",
        "webSocketFrameError",
        "webSocketFrameReceived",
        "webSocketFrameSent",
        "webSocketHandshakeResponseReceived",
        "webSocketWillSendHandshakeRequest",
    ),
)

_TEXT_TYPES = re.compile(
    r"text/.*|application/(json|javascript|ecmascript|x-javascript|xml|xhtml\+xml|x-www-form-urlencoded|graphql)"
    r"|.*\+(json|xml)",
)


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


class HeadersParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setExtraHTTPHeaders`."""

    headers: dict[str, str]


class CacheParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setCacheDisabled`."""

    cacheDisabled: bool  # noqa: N815


class BypassParams(Params, frozen=True, kw_only=True):
    """`setBypassServiceWorker`."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {"bypass": "there are no service workers"}

    bypass: bool


class BlockPattern(msgspec.Struct, frozen=True, kw_only=True):
    """Of `setBlockedURLs`."""

    urlPattern: str  # noqa: N815
    block: bool


class BlockedParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setBlockedURLs`, in its new and its old form."""

    urlPatterns: list[BlockPattern] | None = None  # noqa: N815
    urls: list[str] | None = None


class ConditionsParams(Params, frozen=True, kw_only=True):
    """`emulateNetworkConditions`: milliseconds, and bytes a second (-1: no limit)."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {"connectionType": "pages have no navigator.connection"}

    offline: bool
    latency: float
    downloadThroughput: float  # noqa: N815
    uploadThroughput: float  # noqa: N815
    connectionType: str = ""  # noqa: N815
    packetLoss: float = 0  # noqa: N815
    packetQueueLength: int = 0  # noqa: N815
    packetReordering: bool = False  # noqa: N815


class StateParams(Params, frozen=True, kw_only=True):
    """`overrideNetworkState`: what pages are told of the network, with no effect on it."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("latency", "downloadThroughput", "uploadThroughput", "connectionType"), "pages have no navigator.connection"
    )

    offline: bool
    latency: float
    downloadThroughput: float  # noqa: N815
    uploadThroughput: float  # noqa: N815
    connectionType: str = ""  # noqa: N815


class MatchedConditions(Params, frozen=True, kw_only=True):
    """Of `emulateNetworkConditionsByRule`."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {"connectionType": "pages have no navigator.connection"}

    urlPattern: str  # noqa: N815
    latency: float = 0
    downloadThroughput: float = -1  # noqa: N815
    uploadThroughput: float = -1  # noqa: N815
    offline: bool | None = None
    connectionType: str = ""  # noqa: N815
    packetLoss: float = 0  # noqa: N815
    packetQueueLength: int = 0  # noqa: N815
    packetReordering: bool = False  # noqa: N815


class ByRuleParams(Params, frozen=True, kw_only=True):
    """`emulateNetworkConditionsByRule`."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {"emulateOfflineServiceWorker": "there are no service workers"}

    matchedNetworkConditions: list[MatchedConditions]  # noqa: N815
    offline: bool = False
    emulateOfflineServiceWorker: bool = False  # noqa: N815


class UrlsParams(msgspec.Struct, frozen=True, kw_only=True):
    """`getCookies`."""

    urls: list[str] | None = None


class SetCookiesParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setCookies`."""

    cookies: list[CookieParam]


class DeleteParams(msgspec.Struct, frozen=True, kw_only=True):
    """`deleteCookies`."""

    name: str
    url: str = ""
    domain: str = ""
    path: str = ""
    partitionKey: CookiePartitionKey | None = None  # noqa: N815


class LoadOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Of `loadNetworkResource`."""

    disableCache: bool  # noqa: N815
    includeCredentials: bool  # noqa: N815


class LoadParams(msgspec.Struct, frozen=True, kw_only=True):
    """`loadNetworkResource`."""

    url: str
    options: LoadOptions
    frameId: str = ""  # noqa: N815


def settings_of(session: Session) -> Settings:
    """Give what this session wants; it ends with the session."""
    tools = session.page.network.tools
    if session not in tools.settings:
        session.closers.append(lambda: _drop(session))
    return tools.of(session)


def _drop(session: Session) -> None:
    session.page.network.tools.drop(session)
    session.inspector.requests.post_data_limits.pop(session.id, None)


async def _tell_online(session: Session, before: bool) -> None:
    online = session.page.network.tools.online
    if online != before:
        await session.everywhere("network.online", {"online": online, "quiet": False})


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
    """Give a body as text where its type says that it is text, else in base64."""
    parsed = mime.parse(content_type) if content_type else None
    if parsed is not None and _TEXT_TYPES.fullmatch(parsed.essence):
        return {"body": decode_text(body, parsed.parameters.get("charset", "")), "base64Encoded": False}
    return {"body": base64.b64encode(body).decode(), "base64Encoded": True}


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
        compiled = re.compile(query if regex else re.escape(query), 0 if case else re.IGNORECASE)
    except re.error as error:
        raise invalid_params(f"query: {error}") from None
    lines = str(found["body"]).split("\n")
    return [{"lineNumber": number, "lineContent": line} for number, line in enumerate(lines) if compiled.search(line)]


# -- what is changed about requests ------------------------------------------------------------------------------------------


@DOMAIN.method("setExtraHTTPHeaders", HeadersParams)
async def set_extra_http_headers(session: Session, params: HeadersParams) -> Result:
    """Send headers with every request of the page."""
    for name, value in params.headers.items():
        if not is_token(name) or not is_header_value(value):
            raise invalid_params(f"headers: {name!r} cannot be sent")
    settings_of(session).extra_headers = tuple(params.headers.items())
    return None


@DOMAIN.method("setCacheDisabled", CacheParams)
async def set_cache_disabled(session: Session, params: CacheParams) -> Result:
    """Have every request of the page go past the cache."""
    settings_of(session).bypass_cache = params.cacheDisabled
    return None


@DOMAIN.method("canClearBrowserCache", NoParams)
async def can_clear_browser_cache(session: Session, params: NoParams) -> Result:
    """Clearing is possible."""
    return {"result": True}


@DOMAIN.method("clearBrowserCache", NoParams)
async def clear_browser_cache(session: Session, params: NoParams) -> Result:
    """Forget the responses and preflights that the context stored."""
    client = session.page.context.client
    client.cache.clear()
    client.preflights.clear_all()
    return None


@DOMAIN.method("canClearBrowserCookies", NoParams)
async def can_clear_browser_cookies(session: Session, params: NoParams) -> Result:
    """Clearing is possible."""
    return {"result": True}


@DOMAIN.method("canEmulateNetworkConditions", NoParams)
async def can_emulate_network_conditions(session: Session, params: NoParams) -> Result:
    """Emulating is possible."""
    return {"result": True}


@DOMAIN.method("setBypassServiceWorker", BypassParams)
async def set_bypass_service_worker(session: Session, params: BypassParams) -> Result:
    """Nothing to do: there are no service workers, so that every request bypasses them."""
    return None


@DOMAIN.method("setBlockedURLs", BlockedParams)
async def set_blocked_urls(session: Session, params: BlockedParams) -> Result:
    """Block requests by their URLs."""
    rules = [BlockRule(pattern=one, is_url_pattern=False) for one in params.urls or ()]
    for one in params.urlPatterns or ():
        problem = url_pattern_problem(one.urlPattern)
        if problem is not None:
            raise unsupported(problem)
        rules.append(BlockRule(pattern=one.urlPattern, is_url_pattern=True, block=one.block))
    settings_of(session).blocked = tuple(rules)
    return None


def _rule(pattern: str, one: ConditionsParams | MatchedConditions, *, offline: bool) -> ConditionsRule:
    if one.packetLoss or one.packetQueueLength or one.packetReordering:
        raise unsupported("emulation of packets: packetLoss, packetQueueLength, packetReordering")
    problem = url_pattern_problem(pattern)
    if problem is not None:
        raise unsupported(problem)
    return ConditionsRule(
        pattern=pattern,
        conditions=Conditions(
            offline=offline,
            latency_s=max(one.latency, 0) / 1000,
            download_bytes_per_s=max(one.downloadThroughput, 0),
            upload_bytes_per_s=max(one.uploadThroughput, 0),
        ),
    )


@DOMAIN.method("emulateNetworkConditions", ConditionsParams)
async def emulate_network_conditions(session: Session, params: ConditionsParams) -> Result:
    """Make the network of the page slow, or take it away."""
    before = session.page.network.tools.online
    rule = _rule("", params, offline=params.offline)
    settings_of(session).conditions = (rule,) if rule.conditions != Conditions() else ()
    await _tell_online(session, before)
    return None


@DOMAIN.method("emulateNetworkConditionsByRule", ByRuleParams)
async def emulate_network_conditions_by_rule(session: Session, params: ByRuleParams) -> Result:
    """Make the network slow, or take it away, for URLs that match."""
    before = session.page.network.tools.online
    rules = [
        _rule(one.urlPattern, one, offline=params.offline if one.offline is None else one.offline)
        for one in params.matchedNetworkConditions
    ]
    settings_of(session).conditions = tuple(rules)
    await _tell_online(session, before)
    return {"ruleIds": [str(index) for index in range(len(rules))]}


@DOMAIN.method("overrideNetworkState", StateParams)
async def override_network_state(session: Session, params: StateParams) -> Result:
    """Say what `navigator.onLine` tells; requests are not affected."""
    before = session.page.network.tools.online
    settings_of(session).reports_offline = True if params.offline else None
    await _tell_online(session, before)
    return None


# -- cookies ---------------------------------------------------------------------------------------------------------------


def _page_urls(session: Session) -> list[str]:
    return [frame.url for frame in session.page.frames.values()]


@DOMAIN.method("getCookies", UrlsParams)
async def get_cookies(session: Session, params: UrlsParams) -> Result:
    """Give the cookies of URLs, by default those of the page and its frames."""
    context = session.page.context
    urls = _page_urls(session) if params.urls is None else params.urls
    top = session.page.main_frame.origin
    return {"cookies": cookies_for(context.jar, urls, context.browser.clock.wall(), site(parse_origin(top)))}


@DOMAIN.method("getAllCookies", NoParams)
async def get_all_cookies(session: Session, params: NoParams) -> Result:
    """Give all cookies of the context."""
    context = session.page.context
    return {"cookies": [cookie_object(cookie) for cookie in context.jar.store.live(context.browser.clock.wall())]}


@DOMAIN.method("setCookie", CookieParam)
async def set_one_cookie(session: Session, params: CookieParam) -> Result:
    """Store a cookie."""
    try:
        set_cookie(session.page.context.jar, params)
    except UsageError as error:
        raise CdpError(f"Invalid cookie fields: {error}", code=-32602) from None
    return {"success": True}


@DOMAIN.method("setCookies", SetCookiesParams)
async def set_several_cookies(session: Session, params: SetCookiesParams) -> Result:
    """Store cookies."""
    set_cookies(session.page.context.jar, params.cookies)
    return None


@DOMAIN.method("deleteCookies", DeleteParams)
async def delete_cookies(session: Session, params: DeleteParams) -> Result:
    """Delete the cookies of a name, of a URL, domain or path where given."""
    if not params.url and not params.domain:
        raise CdpError("At least one of the url and domain needs to be specified", code=-32602)
    context = session.page.context
    key = params.partitionKey
    partition = None if key is None else PartitionKey(key.topLevelSite, key.hasCrossSiteAncestor)
    if params.domain:
        context.jar.delete(params.name, domain=params.domain, path=params.path, partition=partition)
        return None
    for cookie in cookies_for(context.jar, [params.url], context.browser.clock.wall()):
        if cookie["name"] == params.name and params.path in ("", cookie["path"]):
            context.jar.delete(params.name, domain=cookie["domain"], path=cookie["path"], partition=partition)
    return None


@DOMAIN.method("clearBrowserCookies", NoParams)
async def clear_browser_cookies(session: Session, params: NoParams) -> Result:
    """Forget all cookies of the context."""
    session.page.context.jar.clear()
    return None


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
            dataclasses.replace(
                request,
                overrides=dataclasses.replace(
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
