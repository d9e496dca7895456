"""Fetch: clients that decide about requests and responses.

https://chromedevtools.github.io/devtools-protocol/tot/Fetch/

Thread: worker.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import http
import itertools
import sys
import weakref
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec

from sanderling.browser.request_life import LifeWatch
from sanderling.cdp.dispatch import Domain, NoParams, Result
from sanderling.cdp.domains.network import body_object
from sanderling.cdp.domains.network_changes import settings_of
from sanderling.cdp.errors import CdpError, invalid_params
from sanderling.cdp.requests import TYPES, request_object
from sanderling.cdp.streams import streams_of
from sanderling.http.intercept import (
    AuthDecision,
    ContinueRequest,
    ContinueResponse,
    Fail,
    Fulfil,
    RequestDecision,
    ResponseDecision,
)
from sanderling.http.logins import Credentials
from sanderling.http.stages import Exchange
from sanderling.http.transfer import Transfer
from sanderling.network.messages import HeaderList
from sanderling.proto.challenge import Challenge
from sanderling.proto.headers import Headers, is_header_value, is_token, normalise_method
from sanderling.proto.url import parse
from sanderling.proto.wildcards import matches

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

DOMAIN = Domain("Fetch", events=("authRequired", "requestPaused"))

Stage: TypeAlias = Literal["Request", "Response"]

_CODES = {
    "Failed": "net::ERR_FAILED",
    "Aborted": "net::ERR_ABORTED",
    "TimedOut": "net::ERR_TIMED_OUT",
    "AccessDenied": "net::ERR_ACCESS_DENIED",
    "ConnectionClosed": "net::ERR_CONNECTION_CLOSED",
    "ConnectionReset": "net::ERR_CONNECTION_RESET",
    "ConnectionRefused": "net::ERR_CONNECTION_REFUSED",
    "ConnectionAborted": "net::ERR_CONNECTION_ABORTED",
    "ConnectionFailed": "net::ERR_CONNECTION_FAILED",
    "NameNotResolved": "net::ERR_NAME_NOT_RESOLVED",
    "InternetDisconnected": "net::ERR_INTERNET_DISCONNECTED",
    "AddressUnreachable": "net::ERR_ADDRESS_UNREACHABLE",
    "BlockedByClient": "net::ERR_BLOCKED_BY_CLIENT",
    "BlockedByResponse": "net::ERR_BLOCKED_BY_RESPONSE",
}
_JOBS = itertools.count(1)
_MAX_REMEMBERED = 1000


class Pattern(msgspec.Struct, frozen=True, kw_only=True):
    """`RequestPattern`."""

    urlPattern: str = "*"  # noqa: N815 - CDP's name, as all below
    resourceType: str | None = None  # noqa: N815
    requestStage: Stage = "Request"  # noqa: N815


class EnableParams(msgspec.Struct, frozen=True, kw_only=True):
    """`enable`."""

    patterns: list[Pattern] | None = None
    handleAuthRequests: bool = False  # noqa: N815


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """`HeaderEntry`."""

    name: str
    value: str


class Ref(msgspec.Struct, frozen=True, kw_only=True):
    """Commands about one paused request."""

    requestId: str  # noqa: N815


class ContinueParams(msgspec.Struct, frozen=True, kw_only=True):
    """`continueRequest`."""

    requestId: str  # noqa: N815
    url: str | None = None
    method: str | None = None
    postData: str | None = None  # noqa: N815
    headers: list[Header] | None = None
    interceptResponse: bool | None = None  # noqa: N815


class ContinueResponseParams(msgspec.Struct, frozen=True, kw_only=True):
    """`continueResponse`."""

    requestId: str  # noqa: N815
    responseCode: int | None = None  # noqa: N815
    responsePhrase: str | None = None  # noqa: N815
    responseHeaders: list[Header] | None = None  # noqa: N815
    binaryResponseHeaders: str | None = None  # noqa: N815


class FulfillParams(msgspec.Struct, frozen=True, kw_only=True):
    """`fulfillRequest`."""

    requestId: str  # noqa: N815
    responseCode: int  # noqa: N815
    responseHeaders: list[Header] | None = None  # noqa: N815
    binaryResponseHeaders: str | None = None  # noqa: N815
    body: str | None = None
    responsePhrase: str | None = None  # noqa: N815


class FailParams(msgspec.Struct, frozen=True, kw_only=True):
    """`failRequest`."""

    requestId: str  # noqa: N815
    errorReason: str  # noqa: N815


class AuthResponse(msgspec.Struct, frozen=True, kw_only=True):
    """`AuthChallengeResponse`."""

    response: Literal["Default", "CancelAuth", "ProvideCredentials"]
    username: str = ""
    password: str = ""


class AuthParams(msgspec.Struct, frozen=True, kw_only=True):
    """`continueWithAuth`."""

    requestId: str  # noqa: N815
    authChallengeResponse: AuthResponse  # noqa: N815


class Paused:
    """A request that waits for its client."""

    def __init__(self, stage: Literal["request", "response", "auth"], transfer: Transfer | None = None) -> None:
        self.stage = stage
        self.transfer = transfer
        self.taken = False  # its body goes out as a stream: it cannot go on to the page
        self.answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()


class ClientInterceptor:
    """A session that takes part (`http.intercept.Interceptor`).

    Args:
        session: asks its client.
        patterns: of what is paused.
        handles_auth: the client answers challenges.
    """

    def __init__(self, session: Session, patterns: list[Pattern], *, handles_auth: bool) -> None:
        self._session = session
        self.patterns = patterns
        self.handles_auth = handles_auth
        self._paused: dict[str, Paused] = {}
        self._pauses: weakref.WeakKeyDictionary[object, str] = weakref.WeakKeyDictionary()  # newest id, by request

    def _wants(self, exchange: Exchange, stage: Stage) -> bool:
        url, kind = exchange.url.without_fragment, self._type(exchange)
        return any(
            pattern.requestStage == stage
            and (pattern.resourceType is None or pattern.resourceType == kind)
            and matches(pattern.urlPattern, url)
            for pattern in self.patterns
        )

    def wants_request(self, exchange: Exchange) -> bool:
        """See `Interceptor.wants_request`."""
        return self._wants(exchange, "Request")

    def wants_response(self, exchange: Exchange) -> bool:
        """See `Interceptor.wants_response`."""
        return self._wants(exchange, "Response")

    @staticmethod
    def _type(exchange: Exchange) -> str:
        watch = exchange.watch
        return TYPES.get(watch.life_of(exchange).kind, "Other") if isinstance(watch, LifeWatch) else "Other"

    # -- asking ------------------------------------------------------------------------------------------------------------

    def _describe(self, exchange: Exchange) -> dict[str, Any]:
        assert isinstance(exchange.watch, LifeWatch)
        known = self._session.inspector.requests.of(exchange.watch.life_of(exchange))
        out: dict[str, Any] = {
            "request": request_object(exchange, self._type(exchange), sys.maxsize),  # who decides has to see all of it
            "frameId": self._session.inspector.frame_id if known is None else known.frame,
            "resourceType": self._type(exchange),
        }
        if known is not None:
            out["networkId"] = known.id
        return out

    async def ask(self, pause_id: str, paused: Paused, event: str, params: dict[str, Any]) -> Any:
        """Tell the client by an event, and wait for its answer."""
        self._paused[pause_id] = paused
        self._session.event(event, params)
        try:
            return await paused.answer
        finally:
            if self._paused.get(pause_id) is paused:
                del self._paused[pause_id]

    def _next_id(self, exchange: Exchange) -> tuple[str, str | None]:
        """Give the id of a new pause, and that of the hop before."""
        assert isinstance(exchange.watch, LifeWatch)
        life = exchange.watch.life_of(exchange)
        before = self._pauses.get(life)
        job = before.rpartition(".")[0] if before is not None else f"interception-job-{next(_JOBS)}"
        pause_id = f"{job}.{exchange.hop}"
        self._pauses[life] = pause_id
        return pause_id, before if before != pause_id else None

    async def decide_request(self, exchange: Exchange) -> RequestDecision:
        """See `Interceptor.decide_request`."""
        pause_id, before = self._next_id(exchange)
        params = {"requestId": pause_id, **self._describe(exchange)}
        if before is not None and exchange.hop:
            params["redirectedRequestId"] = before
        decision: RequestDecision = await self.ask(pause_id, Paused("request"), "Fetch.requestPaused", params)
        return decision

    async def decide_response(self, exchange: Exchange, transfer: Transfer) -> ResponseDecision:
        """See `Interceptor.decide_response`."""
        pause_id, before = self._next_id(exchange)
        head = transfer.head
        params = {
            "requestId": pause_id,
            **self._describe(exchange),
            "responseStatusCode": head.status,
            "responseStatusText": head.reason,
            "responseHeaders": [{"name": name, "value": value} for name, value in head.headers],
        }
        if before is not None and exchange.hop:
            params["redirectedRequestId"] = before
        decision: ResponseDecision = await self.ask(
            pause_id, Paused("response", transfer), "Fetch.requestPaused", params
        )
        return decision

    async def decide_auth(self, exchange: Exchange, challenge: Challenge) -> AuthDecision:
        """See `Interceptor.decide_auth`."""
        assert isinstance(exchange.watch, LifeWatch)
        pause_id = self._pauses.get(exchange.watch.life_of(exchange)) or self._next_id(exchange)[0]
        params = {
            "requestId": pause_id,
            **self._describe(exchange),
            "authChallenge": {
                "source": challenge.source,
                "origin": challenge.origin,
                "scheme": challenge.scheme,
                "realm": challenge.realm,
            },
        }
        params.pop("networkId", None)
        decision: AuthDecision = await self.ask(pause_id, Paused("auth"), "Fetch.authRequired", params)
        return decision

    # -- answers -----------------------------------------------------------------------------------------------------------

    def find(self, pause_id: str, *stages: str) -> Paused:
        """Give what waits under that id.

        Raises:
            CdpError: nothing does, or at another stage.
        """
        paused = self._paused.get(pause_id)
        if paused is None or paused.answer.done():
            raise CdpError("Invalid InterceptionId.", code=-32602)
        if stages and paused.stage not in stages:
            raise CdpError("Invalid state for continueInterceptedRequest", code=-32602)
        return paused

    def release(self) -> None:
        """Let everything go on."""
        for paused in tuple(self._paused.values()):
            if paused.answer.done():
                continue
            if paused.taken:
                paused.answer.set_result(Fail(code="net::ERR_ABORTED"))
            elif paused.stage == "request":
                paused.answer.set_result(ContinueRequest())
            elif paused.stage == "response":
                paused.answer.set_result(ContinueResponse())
            else:
                paused.answer.set_result("default")


_OF_SESSIONS: weakref.WeakKeyDictionary[Session, ClientInterceptor] = weakref.WeakKeyDictionary()


def _interceptor(session: Session) -> ClientInterceptor:
    found = _OF_SESSIONS.get(session)
    if found is None:
        raise CdpError("Fetch domain is not enabled")
    return found


@DOMAIN.method("enable", EnableParams)
async def enable(session: Session, params: EnableParams) -> Result:
    """Pause requests that match; without patterns all of them."""
    patterns = params.patterns if params.patterns is not None else [Pattern()]
    old = _OF_SESSIONS.get(session)
    if old is not None:
        old.patterns, old.handles_auth = patterns, params.handleAuthRequests
        return None
    interceptor = ClientInterceptor(session, patterns, handles_auth=params.handleAuthRequests)
    _OF_SESSIONS[session] = interceptor
    settings_of(session)  # they end with the session
    session.closers.append(lambda: _switch_off(session))
    session.page.network.tools.set_interceptor(session, interceptor)
    return None


@DOMAIN.method("disable", NoParams)
async def disable(session: Session, params: NoParams) -> Result:
    """Pause nothing more, and let go on what waits."""
    _switch_off(session)
    return None


def _switch_off(session: Session) -> None:
    interceptor = _OF_SESSIONS.pop(session, None)
    if interceptor is not None:
        session.page.network.tools.set_interceptor(session, None)
        interceptor.release()


def checked_headers(entries: list[Header]) -> HeaderList:
    """Give headers that a client gave.

    Raises:
        CdpError: one cannot be sent.
    """
    for entry in entries:
        if not is_token(entry.name) or not is_header_value(entry.value):
            raise CdpError(f"Invalid header: {entry.name}", code=-32602)
    return tuple((entry.name, entry.value) for entry in entries)


def _response_headers(entries: list[Header] | None, binary: str | None) -> HeaderList | None:
    if binary is None:
        return None if entries is None else checked_headers(entries)
    pairs = []
    for line in decoded(binary, "binaryResponseHeaders").decode("latin-1").split("\0"):
        name, colon, value = line.partition(":")
        if colon:
            pairs.append(Header(name=name, value=value.strip()))
    return checked_headers(pairs)


def decoded(text: str, field: str) -> bytes:
    """Decode base64.

    Raises:
        CdpError: it is none.
    """
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise invalid_params(f"{field}: not base64") from None


@DOMAIN.method("continueRequest", ContinueParams)
async def continue_request(session: Session, params: ContinueParams) -> Result:
    """Let a request go on, changed perhaps; a response goes on as it is."""
    paused = _interceptor(session).find(params.requestId, "request", "response")
    if paused.stage == "response":
        if paused.taken:
            raise CdpError("Unable to continue request as is after body is taken")
        paused.answer.set_result(ContinueResponse())
        return None
    body = None if params.postData is None else decoded(params.postData, "postData")
    changes = request_changes(params.url, params.method, params.headers, body, params.interceptResponse)
    paused.answer.set_result(changes)
    return None


def request_changes(
    url: str | None,
    method: str | None,
    headers: list[Header] | None,
    body: bytes | None,
    intercept_response: bool | None = None,
) -> ContinueRequest:
    """Give what a client changes about a request that goes on.

    Raises:
        CdpError: such a request cannot be sent.
    """
    if url is not None:
        parsed = parse(url)
        if parsed is None or not parsed.is_network:
            raise CdpError("Invalid URL", code=-32602)
    if method is not None and not is_token(method):
        raise CdpError("Invalid method", code=-32602)
    return ContinueRequest(
        url=url,
        method=None if method is None else normalise_method(method),
        headers=None if headers is None else checked_headers(headers),
        body=body,
        intercept_response=intercept_response,
    )


@DOMAIN.method("continueResponse", ContinueResponseParams)
async def continue_response(session: Session, params: ContinueResponseParams) -> Result:
    """Let a response go on, with another head perhaps; a request goes on as it is."""
    paused = _interceptor(session).find(params.requestId, "request", "response")
    if paused.stage == "request":
        paused.answer.set_result(ContinueRequest())
        return None
    if paused.taken:
        raise CdpError("Unable to continue request as is after body is taken")
    paused.answer.set_result(
        ContinueResponse(
            status=params.responseCode,
            reason=params.responsePhrase,
            headers=_response_headers(params.responseHeaders, params.binaryResponseHeaders),
        )
    )
    return None


@DOMAIN.method("fulfillRequest", FulfillParams)
async def fulfill_request(session: Session, params: FulfillParams) -> Result:
    """Answer in the server's place."""
    paused = _interceptor(session).find(params.requestId, "request", "response")
    phrase = params.responsePhrase
    if not 100 <= params.responseCode <= 999 or (phrase is not None and not is_header_value(phrase)):
        raise CdpError("Invalid http status code or phrase", code=-32602)
    headers = _response_headers(params.responseHeaders, params.binaryResponseHeaders)
    paused.answer.set_result(
        Fulfil(
            status=params.responseCode,
            reason=phrase if phrase is not None else _phrase(params.responseCode),
            headers=headers or (),
            body=decoded(params.body or "", "body"),
        )
    )
    return None


def _phrase(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return ""


@DOMAIN.method("failRequest", FailParams)
async def fail_request(session: Session, params: FailParams) -> Result:
    """Fail a request."""
    paused = _interceptor(session).find(params.requestId, "request", "response")
    paused.answer.set_result(failure(params.errorReason))
    return None


def failure(reason: str) -> Fail:
    """Give the decision that a `Network.ErrorReason` names.

    Raises:
        CdpError: it is none.
    """
    code = _CODES.get(reason)
    if code is None:
        raise CdpError("Unknown errorReason", code=-32602)
    return Fail(code=code, blocked_reason="inspector" if reason == "BlockedByClient" else "")


@DOMAIN.method("continueWithAuth", AuthParams)
async def continue_with_auth(session: Session, params: AuthParams) -> Result:
    """Answer a challenge."""
    paused = _interceptor(session).find(params.requestId, "auth")
    paused.answer.set_result(auth_decision(params.authChallengeResponse))
    return None


def auth_decision(answer: AuthResponse) -> AuthDecision:
    """Give what a client answers to a challenge."""
    if answer.response == "ProvideCredentials":
        return Credentials(username=answer.username, password=answer.password)
    return "cancel" if answer.response == "CancelAuth" else "default"


def _transfer_of(paused: Paused) -> Transfer:
    if paused.transfer is None:
        raise CdpError("Can only get response body on requests captured after headers received.")
    if paused.taken:
        raise CdpError("Response body is taken as a stream")
    return paused.transfer


async def paused_body(paused: Paused) -> dict[str, Any]:
    """Give the body of a paused response as CDP does.

    Raises:
        CdpError: there is none to give.
    """
    transfer = _transfer_of(paused)
    headers = Headers(transfer.head.headers)
    if 300 <= transfer.head.status <= 399 and headers.get("location") is not None:
        raise CdpError("Can only get response body on requests captured after headers received.")
    body = await transfer.read()
    # Chromium gives it in base64 whatever its type is.
    return {**body_object(body, ""), "base64Encoded": True}


def paused_stream(session: Session, paused: Paused) -> dict[str, Any]:
    """Give the body of a paused response as a stream.

    Raises:
        CdpError: there is none to give.
    """
    transfer = _transfer_of(paused)
    paused.taken = True
    return {"stream": streams_of(session).open(b"", transfer.chunks())}


@DOMAIN.method("getResponseBody", Ref)
async def get_response_body(session: Session, params: Ref) -> Result:
    """Give the body of a paused response; it may go on afterwards."""
    return await paused_body(_interceptor(session).find(params.requestId))


@DOMAIN.method("takeResponseBodyAsStream", Ref)
async def take_response_body_as_stream(session: Session, params: Ref) -> Result:
    """Give the body of a paused response as a stream; the response can only be fulfilled or failed afterwards."""
    return paused_stream(session, _interceptor(session).find(params.requestId))
