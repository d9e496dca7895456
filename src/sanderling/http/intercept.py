"""Interception: whoever is asked before a request goes out, when its response came, and when a server wants credentials.

Interceptors are asked one after another, each sees what the ones before made of the request. While one thinks, this
exchange waits, and no other; when whoever asked for the request goes, its task is canceled, and the waiting with it.
A redirect is followed above this stage, so that each hop is asked about anew; a repetition with credentials happens
here and is not.

Thread: worker.
"""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

import msgspec

from sanderling.base.errors import NetworkError
from sanderling.http.basic import CredentialCache, from_userinfo
from sanderling.http.jar import CookieJar
from sanderling.http.stages import Exchange, Proceed
from sanderling.http.stored import StoredTransfer
from sanderling.http.transfer import DataCallback, DoneCallback, RequestBody, Transfer
from sanderling.network.messages import HeaderList, ResponseHead, Timings
from sanderling.proto.challenge import Challenge, parse_challenges
from sanderling.proto.headers import Headers
from sanderling.proto.url import Url, parse

MAX_CHALLENGES = 20
"""Of one exchange: an interceptor that always gives the same wrong password must not go on for ever."""

PROXY_AUTH_REQUESTED = "net::ERR_PROXY_AUTH_REQUESTED"
"""What a tunnel fails with whose proxy wants credentials."""


class BlockedError(NetworkError):
    """A tool of the page refused the request; `reason` is CDP's `BlockedReason`."""

    def __init__(self, code: str, message: str, *, url: str, reason: str) -> None:
        super().__init__(code, message, url=url)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinueRequest:
    """Let a request go on, changed where a field is not None."""

    url: str | None = None
    """Where it really goes; for whoever asked it is the old URL."""
    method: str | None = None
    headers: HeaderList | None = None
    """All of them; cookies are the jar's in any case."""
    body: bytes | None = None
    intercept_response: bool | None = None
    """Ask this interceptor about the response, whatever it said before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinueResponse:
    """Let a response go on, changed where a field is not None."""

    status: int | None = None
    reason: str | None = None
    headers: HeaderList | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fulfil:
    """Answer in the server's place."""

    status: int
    reason: str = ""
    headers: HeaderList = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fail:
    """Fail it."""

    code: str
    """``net::ERR_*``"""
    blocked_reason: str = ""
    """CDP's `BlockedReason`, for what counts as blocked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """An answer to a challenge."""

    username: str
    password: str


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
        credentials: keeps what servers accepted.
    """

    name = "intercept"

    def __init__(self, jar: CookieJar, credentials: CredentialCache) -> None:
        self._jar = jar
        self._credentials = credentials

    async def run(self, exchange: Exchange, proceed: Proceed) -> Transfer:
        """See `Stage.run`.

        Raises:
            NetworkError: an interceptor failed it, or what came after.
        """
        watch = exchange.watch
        if watch is None:
            return await proceed(exchange)
        if not exchange.repeated and watch.is_blocked(exchange):
            raise BlockedError(
                "net::ERR_BLOCKED_BY_CLIENT", "its URL is blocked", url=exchange.outgoing.url, reason="inspector"
            )
        interceptors = () if exchange.repeated else tuple(watch.interceptors)
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
        transfer = await self._authenticated(changed, proceed)
        for index, interceptor in enumerate(interceptors):
            if index in not_for_response:
                continue
            if index not in asked_for_response and not interceptor.wants_response(changed):
                continue
            try:
                transfer = self._answered(changed, transfer, await interceptor.decide_response(changed, transfer))
            except BaseException:
                transfer.cancel()
                raise
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
            kept = tuple(
                item
                for item in (headers if decision.headers is None else decision.headers)
                if item[0].lower() not in ("cookie", "host", "content-length")
            )
            cookie = self._jar.header_for(url, exchange.same_site, exchange.partition) if exchange.credentials else ""
            headers = (*kept, ("Cookie", cookie)) if cookie else kept
        if method in ("GET", "HEAD") and decision.method is not None and decision.body is None:
            body = None
        return dataclasses.replace(
            exchange,
            url=url,
            outgoing=dataclasses.replace(outgoing, url=url.for_wire, method=method, headers=headers, body=body),
        )

    def _from_elsewhere(self, exchange: Exchange, transfer: Transfer) -> Transfer:
        """Give cookies to the URL that the request really went to, and to no other."""
        if exchange.credentials:
            self._jar.take(
                exchange.url,
                Headers(transfer.head.headers),
                same_site=exchange.same_site,
                partition=exchange.partition,
                top_level=exchange.request.top_level,
            )
        headers = tuple(item for item in transfer.head.headers if item[0].lower() != "set-cookie")
        return OtherHead(transfer, msgspec.structs.replace(transfer.head, headers=headers))

    # -- credentials ---------------------------------------------------------------------------------------------

    async def _authenticated(self, exchange: Exchange, proceed: Proceed) -> Transfer:
        """Send, and again with credentials as long as servers ask for some and an interceptor gives them."""
        accepted: tuple[Url, str] | None = None
        for _ in range(MAX_CHALLENGES):
            try:
                transfer = await proceed(exchange)
            except NetworkError as error:
                if error.code != PROXY_AUTH_REQUESTED:
                    raise
                origin = exchange.outgoing.options.proxy
                answer = await self._ask(exchange, Challenge("Proxy", origin, "basic", ""))
                if answer is None:
                    raise NetworkError(
                        "net::ERR_TUNNEL_CONNECTION_FAILED", error.message, url=exchange.outgoing.url
                    ) from None
                exchange = _with_proxy_auth(exchange, answer)
                continue
            status = transfer.head.status
            if status not in (401, 407):
                if accepted is not None:
                    self._credentials.store(*accepted)
                return transfer
            body = exchange.outgoing.body
            challenge = _challenge_of(exchange, transfer)
            if challenge is None or not (body is None or isinstance(body, bytes)):
                return transfer
            answer = await self._ask(exchange, challenge)
            if answer is None:
                return transfer
            transfer.discard()
            if status == 407:
                exchange = _with_proxy_auth(exchange, answer)
            else:
                value = _basic(answer)
                accepted = (exchange.url, value)
                exchange = _with_authorization(exchange, value)
        return transfer

    async def _ask(self, exchange: Exchange, challenge: Challenge) -> Credentials | None:
        assert exchange.watch is not None
        for interceptor in tuple(exchange.watch.interceptors):
            if not interceptor.handles_auth:
                continue
            decision = await interceptor.decide_auth(exchange, challenge)
            if isinstance(decision, Credentials):
                return decision
            if decision == "cancel":
                return None
        return None

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


def _challenge_of(exchange: Exchange, transfer: Transfer) -> Challenge | None:
    """Give the challenge that can be answered: a Basic one."""
    headers = Headers(transfer.head.headers)
    if transfer.head.status == 407:
        proxy = exchange.outgoing.options.proxy
        return (
            next(iter(parse_challenges(headers.get_all("proxy-authenticate"), "Proxy", proxy)), None) if proxy else None
        )
    given = any(name.lower() == "authorization" for name, _ in exchange.outgoing.headers)
    if not exchange.credentials or (not given and from_userinfo(exchange.url) is not None):
        return None  # without credentials, or with those of the URL, which are tried first
    return next(
        iter(parse_challenges(headers.get_all("www-authenticate"), "Server", exchange.url.origin.serialise())), None
    )


def _basic(answer: Credentials) -> str:
    return "Basic " + base64.b64encode(f"{answer.username}:{answer.password}".encode()).decode()


def _with_authorization(exchange: Exchange, value: str) -> Exchange:
    headers = tuple(item for item in exchange.outgoing.headers if item[0].lower() != "authorization")
    outgoing = dataclasses.replace(exchange.outgoing, headers=(*headers, ("Authorization", value)))
    return dataclasses.replace(exchange, outgoing=outgoing, repeated=True)


def _with_proxy_auth(exchange: Exchange, answer: Credentials) -> Exchange:
    options = msgspec.structs.replace(exchange.outgoing.options, proxy_auth=f"{answer.username}:{answer.password}")
    return dataclasses.replace(
        exchange, outgoing=dataclasses.replace(exchange.outgoing, options=options), repeated=True
    )
