"""Network: interception as it was before the Fetch domain, which older clients still speak (pyppeteer, Taiko, Prerender).

What is paused and how it goes on is `fetch.ClientInterceptor`'s; the names and shapes of the messages are other ones.

https://chromedevtools.github.io/devtools-protocol/tot/Network/#method-setRequestInterception

Thread: worker.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from sanderling.base.pattern import late_pattern
from sanderling.cdp.dispatch import Domain, Result
from sanderling.cdp.domains.fetch import (
    AuthResponse,
    ClientInterceptor,
    Header,
    Pattern,
    Paused,
    auth_decision,
    checked_headers,
    decoded,
    failure,
    paused_body,
    paused_stream,
    request_changes,
)
from sanderling.cdp.errors import CdpError, invalid_params
from sanderling.cdp.requests import headers_object
from sanderling.http.intercept import ContinueResponse, Fulfil

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

DOMAIN = Domain("Network", events=("requestIntercepted",))

_END_OF_HEAD = late_pattern(rb"\r?\n\r?\n")
_STATUS_LINE = late_pattern(rb"HTTP/\d(?:\.\d)? +(\d{3})(?: +(.*))?")


class InterceptionPattern(msgspec.Struct, frozen=True, kw_only=True):
    """`RequestPattern`."""

    urlPattern: str = "*"  # noqa: N815 - CDP's name, as all below
    resourceType: str | None = None  # noqa: N815
    interceptionStage: Literal["Request", "HeadersReceived"] = "Request"  # noqa: N815


class InterceptionParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setRequestInterception`."""

    patterns: list[InterceptionPattern]


class InterceptionRef(msgspec.Struct, frozen=True, kw_only=True):
    """Commands about one intercepted request."""

    interceptionId: str  # noqa: N815


class ContinueInterceptedParams(msgspec.Struct, frozen=True, kw_only=True):
    """`continueInterceptedRequest`."""

    interceptionId: str  # noqa: N815
    errorReason: str | None = None  # noqa: N815
    rawResponse: str | None = None  # noqa: N815
    url: str | None = None
    method: str | None = None
    postData: str | None = None  # noqa: N815 - plain text, unlike Fetch's
    headers: dict[str, str] | None = None
    authChallengeResponse: AuthResponse | None = None  # noqa: N815


class NetworkInterceptor(ClientInterceptor):
    """A session that intercepts in the words of the Network domain."""

    async def ask(self, pause_id: str, paused: Paused, event: str, params: dict[str, Any]) -> Any:
        """See `ClientInterceptor.ask`; the event is always `requestIntercepted`."""
        told: dict[str, Any] = {
            "interceptionId": pause_id,
            "request": params["request"],
            "frameId": params["frameId"],
            "resourceType": params["resourceType"],
            "isNavigationRequest": params["resourceType"] == "Document",
        }
        if "networkId" in params:
            told["requestId"] = params["networkId"]
        if "authChallenge" in params:
            told["authChallenge"] = params["authChallenge"]
        if paused.transfer is not None:
            head = paused.transfer.head
            told["responseStatusCode"] = head.status
            told["responseHeaders"] = headers_object(head.headers)
        return await super().ask(pause_id, paused, "Network.requestIntercepted", told)


_OF_SESSIONS: weakref.WeakKeyDictionary[Session, NetworkInterceptor] = weakref.WeakKeyDictionary()


def _find(session: Session, interception_id: str) -> Paused:
    found = _OF_SESSIONS.get(session)
    if found is None:
        raise CdpError("Invalid InterceptionId.", code=-32602)
    return found.find(interception_id)


@DOMAIN.method("setRequestInterception", InterceptionParams)
async def set_request_interception(session: Session, params: InterceptionParams) -> Result:
    """Pause requests that match and ask about challenges; without patterns nothing more is paused, and what waits goes on."""
    patterns = [
        Pattern(
            urlPattern=one.urlPattern,
            resourceType=one.resourceType,
            requestStage="Request" if one.interceptionStage == "Request" else "Response",
        )
        for one in params.patterns
    ]
    old = _OF_SESSIONS.get(session)
    if not patterns:
        _switch_off(session)
    elif old is not None:
        old.patterns = patterns
    else:
        interceptor = NetworkInterceptor(session, patterns, handles_auth=True)
        _OF_SESSIONS[session] = interceptor
        session.closers.append(lambda: _switch_off(session))
        # It is its own owner: the session may have one of the Fetch domain, too.
        session.page.network.tools.set_interceptor(interceptor, interceptor)
    return None


def _switch_off(session: Session) -> None:
    interceptor = _OF_SESSIONS.pop(session, None)
    if interceptor is not None:
        session.page.network.tools.drop(interceptor)
        interceptor.release()


def _raw_response(text: str) -> Fulfil:
    """Read an HTTP/1 response; bytes without a head are a body, as in Chromium."""
    raw = decoded(text, "rawResponse")
    end = _END_OF_HEAD.search(raw)
    if end is None:
        return Fulfil(status=200, reason="OK", headers=(), body=raw)
    lines = raw[: end.start()].splitlines()
    status = _STATUS_LINE.fullmatch(lines[0]) if lines else None
    if status is None:
        raise invalid_params("rawResponse: no status line")
    entries = []
    for line in lines[1:]:
        name, colon, value = line.decode("latin-1").partition(":")
        if colon:
            entries.append(Header(name=name.strip(), value=value.strip()))
    reason = (status[2] or b"").decode("latin-1")
    return Fulfil(status=int(status[1]), reason=reason, headers=checked_headers(entries), body=raw[end.end() :])


@DOMAIN.method("continueInterceptedRequest", ContinueInterceptedParams)
async def continue_intercepted_request(session: Session, params: ContinueInterceptedParams) -> Result:
    """Let a request go on, changed perhaps, fail it, answer in the server's place, or answer a challenge."""
    paused = _find(session, params.interceptionId)
    if paused.stage == "auth":
        if params.authChallengeResponse is None:
            raise CdpError("authChallengeResponse required.", code=-32602)
        paused.answer.set_result(auth_decision(params.authChallengeResponse))
    elif params.authChallengeResponse is not None:
        raise CdpError("authChallengeResponse not expected.", code=-32602)
    elif params.errorReason is not None:
        paused.answer.set_result(failure(params.errorReason))
    elif params.rawResponse is not None:
        paused.answer.set_result(_raw_response(params.rawResponse))
    elif paused.stage == "response":
        if paused.taken:
            raise CdpError("Unable to continue request as is after body is taken")
        paused.answer.set_result(ContinueResponse())
    else:
        headers = params.headers
        entries = None if headers is None else [Header(name=name, value=value) for name, value in headers.items()]
        body = None if params.postData is None else params.postData.encode()
        paused.answer.set_result(request_changes(params.url, params.method, entries, body))
    return None


@DOMAIN.method("getResponseBodyForInterception", InterceptionRef)
async def get_response_body_for_interception(session: Session, params: InterceptionRef) -> Result:
    """Give the body of a response that waits; it may go on afterwards."""
    return await paused_body(_find(session, params.interceptionId))


@DOMAIN.method("takeResponseBodyForInterceptionAsStream", InterceptionRef)
async def take_response_body_for_interception_as_stream(session: Session, params: InterceptionRef) -> Result:
    """Give the body of a response that waits as a stream; the response can only be answered or failed afterwards."""
    return paused_stream(session, _find(session, params.interceptionId))
