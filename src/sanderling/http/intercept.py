"""Interception: whoever is asked before a request goes out, when its response came, and when a server wants credentials.

Interceptors are asked one after another, each sees what the ones before made of the request. While one thinks, this
exchange waits, and no other; when whoever asked for the request goes, its task is canceled, and the waiting with it.
A redirect is followed above this stage, so that each hop is asked about anew; a repetition with credentials happens
below it (`auth.AuthStage`) and is not.

Thread: worker.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Literal, Protocol, TypeAlias

import msgspec

from sanderling.base.errors import NetworkError
from sanderling.http.jar import CookieJar
from sanderling.http.logins import Credentials
from sanderling.http.stages import Exchange, Proceed
from sanderling.http.stored import StoredTransfer
from sanderling.http.transfer import DataCallback, DoneCallback, RequestBody, Transfer
from sanderling.network.messages import HeaderList, ResponseHead, Timings
from sanderling.proto.challenge import Challenge
from sanderling.proto.headers import Headers
from sanderling.proto.redirects import REQUEST_BODY_HEADERS
from sanderling.proto.url import parse


class BlockedError(NetworkError):
    """A tool of the page refused the request; `reason` is CDP's `BlockedReason`."""

    def __init__(self, code: str, message: str, *, url: str, reason: str) -> None:
        super().__init__(code, message, url=url)
        self.reason = reason


class ContinueRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Let a request go on, changed where a field is not None."""

    url: str | None = None
    """Where it really goes; for whoever asked it is the old URL."""
    method: str | None = None
    headers: HeaderList | None = None
    """All of them; cookies are the jar's in any case."""
    body: bytes | None = None
    intercept_response: bool | None = None
    """Ask this interceptor about the response, whatever it said before."""


class ContinueResponse(msgspec.Struct, frozen=True, kw_only=True):
    """Let a response go on, changed where a field is not None."""

    status: int | None = None
    reason: str | None = None
    headers: HeaderList | None = None


class Fulfil(msgspec.Struct, frozen=True, kw_only=True):
    """Answer in the server's place."""

    status: int
    reason: str = ""
    headers: HeaderList = ()
    body: bytes = b""


class Fail(msgspec.Struct, frozen=True, kw_only=True):
    """Fail it."""

    code: str
    """``net::ERR_*``"""
    blocked_reason: str = ""
    """CDP's `BlockedReason`, for what counts as blocked."""


RequestDecision: TypeAlias = ContinueRequest | Fulfil | Fail
ResponseDecision: TypeAlias = ContinueResponse | Fulfil | Fail
AuthDecision: TypeAlias = Credentials | Literal["cancel", "default"]
"""`cancel` shows the response as it is, `default` leaves it to the next one."""


class Interceptor(Protocol):
    """Takes part in the fetches of a page."""

    @property
    def handles_auth(self) -> bool:
        """Whether it wants to be asked for credentials."""

    def wants_request(self, exchange: Exchange) -> bool:
        """Whether it wants to decide about a request."""

    def wants_response(self, exchange: Exchange) -> bool:
        """Whether it wants to decide about the response of a request."""

    async def decide_request(self, exchange: Exchange) -> RequestDecision:
        """Decide; there is no time limit."""

    async def decide_response(self, exchange: Exchange, transfer: Transfer) -> ResponseDecision:
        """Decide; the body may be read, and stays there for who comes after."""

    async def decide_auth(self, exchange: Exchange, challenge: Challenge) -> AuthDecision:
        """Give credentials, or not."""


class InterceptStage:
    """Asks the interceptors that the watcher of a fetch names.

    Args:
        jar: gives the cookies of a URL that an interceptor chose.
    """

    name = "intercept"

    def __init__(self, jar: CookieJar) -> None:
        self._jar = jar

    async def run(self, exchange: Exchange, proceed: Proceed) -> Transfer:
        """See `Stage.run`.

        Raises:
            NetworkError: an interceptor failed it, or what came after.
        """
        watch = exchange.watch
        if watch is None:
            return await proceed(exchange)
        if watch.is_blocked(exchange):
            raise BlockedError(
                "net::ERR_BLOCKED_BY_CLIENT", "its URL is blocked", url=exchange.outgoing.url, reason="inspector"
            )
        interceptors = tuple(watch.interceptors)
        asked_for_response: set[int] = set()
        not_for_response: set[int] = set()
        changed = exchange
        transfer: Transfer | None = None
        for index, interceptor in enumerate(interceptors):
            if not interceptor.wants_request(changed):
                continue
            decision = await interceptor.decide_request(changed)
            if isinstance(decision, Fail):
                raise _failure(decision, exchange)
            if isinstance(decision, Fulfil):
                watch.transmitted(changed)
                return _fulfilled(decision)
            if decision.intercept_response is not None:
                (asked_for_response if decision.intercept_response else not_for_response).add(index)
            changed = self._changed(changed, decision)
        watch.transmitted(changed)
        if watch.wants_wire and changed.credentials:
            watch.cookies_considered(changed, self._jar.consider(changed.url, changed.same_site, changed.partition))
        transfer = await proceed(changed)
        for index, interceptor in enumerate(interceptors):
            if index in not_for_response:
                continue
            if index not in asked_for_response and not interceptor.wants_response(changed):
                continue
            try:
                answered = self._answered(changed, transfer, await interceptor.decide_response(changed, transfer))
            except BaseException:
                transfer.cancel()
                raise
            if answered is not transfer:
                watch.overridden(changed)
            transfer = answered
        if changed.url is not exchange.url:
            transfer = self._from_elsewhere(changed, transfer)
        return transfer

    # -- requests ------------------------------------------------------------------------------------------------

    def _changed(self, exchange: Exchange, decision: ContinueRequest) -> Exchange:
        outgoing, url = exchange.outgoing, exchange.url
        method = decision.method or outgoing.method
        body: RequestBody = outgoing.body if decision.body is None else decision.body
        headers = outgoing.headers
        if decision.url is not None and decision.url != outgoing.url:
            found = parse(decision.url)
            if found is None or not found.is_network:
                raise NetworkError("net::ERR_INVALID_URL", "an interceptor chose it", url=decision.url[:200])
            url = found
        if decision.headers is not None or url is not exchange.url:
            # The cookies of a request are decided by the jar alone, as in Chromium.
            unwanted = {"cookie", "host", "content-length"}
            if exchange.hop and exchange.request.body is not None and outgoing.body is None:
                unwanted |= REQUEST_BODY_HEADERS  # a redirect took the body; who gives all headers again may mean those before it
            kept = tuple(
                item
                for item in (headers if decision.headers is None else decision.headers)
                if item[0].lower() not in unwanted
            )
            cookie = self._jar.header_for(url, exchange.same_site, exchange.partition) if exchange.credentials else ""
            headers = (*kept, ("Cookie", cookie)) if cookie else kept
        if method in ("GET", "HEAD") and decision.method is not None and decision.body is None:
            body = None
        return msgspec.structs.replace(
            exchange,
            url=url,
            outgoing=msgspec.structs.replace(outgoing, url=url.for_wire, method=method, headers=headers, body=body),
        )

    def _from_elsewhere(self, exchange: Exchange, transfer: Transfer) -> Transfer:
        """Give cookies to the URL that the request really went to, and to no other."""
        if exchange.credentials:
            refused = self._jar.take(
                exchange.url,
                Headers(transfer.head.headers),
                same_site=exchange.same_site,
                partition=exchange.partition,
                top_level=exchange.request.top_level,
            )
            if refused and exchange.watch is not None:
                exchange.watch.cookies_refused(exchange, refused)
        headers = tuple(item for item in transfer.head.headers if item[0].lower() != "set-cookie")
        return OtherHead(transfer, msgspec.structs.replace(transfer.head, headers=headers))

    # -- responses -----------------------------------------------------------------------------------------------

    @staticmethod
    def _answered(exchange: Exchange, transfer: Transfer, decision: ResponseDecision) -> Transfer:
        if isinstance(decision, Fail):
            raise _failure(decision, exchange)
        if isinstance(decision, Fulfil):
            transfer.cancel()
            return _fulfilled(decision)
        if decision.status is None and decision.headers is None:
            return transfer
        head = transfer.head
        status = head.status if decision.status is None else decision.status
        reason = decision.reason if decision.reason is not None else (head.reason if decision.status is None else "")
        headers = head.headers if decision.headers is None else decision.headers
        return OtherHead(transfer, msgspec.structs.replace(head, status=status, reason=reason, headers=headers))


class OtherHead:
    """A transfer whose head was changed.

    Args:
        inner: gives everything else.
        head: to show.
    """

    def __init__(self, inner: Transfer, head: ResponseHead) -> None:
        self._inner = inner
        self._head = head

    @property
    def head(self) -> ResponseHead:
        """See `Transfer.head`."""
        return self._head

    @property
    def encoded_bytes(self) -> int:
        """See `Transfer.encoded_bytes`."""
        return self._inner.encoded_bytes

    @property
    def timings(self) -> Timings:
        """See `Transfer.timings`."""
        return self._inner.timings

    async def read(self) -> bytes:
        """See `Transfer.read`."""
        return await self._inner.read()

    def chunks(self) -> AsyncIterator[bytes]:
        """See `Transfer.chunks`."""
        return self._inner.chunks()

    def when_done(self, callback: DoneCallback) -> None:
        """See `Transfer.when_done`."""
        self._inner.when_done(callback)

    def when_data(self, callback: DataCallback) -> None:
        """See `Transfer.when_data`."""
        self._inner.when_data(callback)

    def cancel(self) -> None:
        """See `Transfer.cancel`."""
        self._inner.cancel()

    def discard(self) -> None:
        """See `Transfer.discard`."""
        self._inner.discard()


def _failure(decision: Fail, exchange: Exchange) -> NetworkError:
    if decision.blocked_reason:
        return BlockedError(
            decision.code, "failed by an interceptor", url=exchange.outgoing.url, reason=decision.blocked_reason
        )
    return NetworkError(decision.code, "failed by an interceptor", url=exchange.outgoing.url)


def _fulfilled(decision: Fulfil) -> Transfer:
    return StoredTransfer(decision.status, decision.headers, decision.body, reason=decision.reason)
