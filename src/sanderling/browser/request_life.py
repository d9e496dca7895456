"""One request of a page, from its first hop to its end, and who is told of it as it happens.

The page's hub has the same as plain data, for those who need no more than URL and status.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol

import msgspec

from sanderling.base.errors import ClosedError, NetworkError
from sanderling.browser.agent import Json
from sanderling.browser.network_tools import NetworkTools
from sanderling.browser.resource_timing import Timeline
from sanderling.http.cache_store import Place
from sanderling.http.conditions import Conditions
from sanderling.http.fetching import BLOCKED_BY_CSP
from sanderling.http.intercept import Interceptor
from sanderling.http.jar import RefusedCookie
from sanderling.http.request import Request
from sanderling.http.stages import Exchange
from sanderling.http.transfer import Transfer
from sanderling.network.messages import HeaderList, ResponseHead
from sanderling.proto.cookie_store import Considered
from sanderling.proto.url import Url

_LOG = logging.getLogger("sanderling.browser.network")


class Wire(msgspec.Struct, frozen=True, kw_only=True):
    """What crossed the wire for a hop."""

    exchange: Exchange
    """As it was sent."""
    request_head: bytes
    """In the form of HTTP/1.1."""
    sent_at: float
    """On the loop's clock."""
    head: ResponseHead | None
    """None where no response came."""
    cookies: tuple[Considered, ...]
    """That could go along."""
    refused: tuple[RefusedCookie, ...] = ()
    """That the response could not set."""


class RequestLife(msgspec.Struct, weakref=True, kw_only=True, eq=False):
    """A request. `number` is the one in the events of the hub."""

    number: int
    request: Request
    kind: str
    """Fetch's destination, or fetch, xhr, ping, preflight, download."""
    frame: int
    initiator: str = ""
    """Resource Timing's initiator type; empty for what page code is not told of."""
    timeline: Timeline | None = None
    """Of the isolate that asked."""
    navigation: int = 0
    """Number of the frame's navigation whose document this brings; 0 for every other request."""
    web_worker: int = 0
    """Serial number of the web worker whose script this is; 0 for every other request."""
    stack: tuple[Json, ...] = ()
    """The code that made it, innermost first, as CDP's call frames; empty where that is not known, or no code did."""
    preflight_for: RequestLife | None = None
    exchange: Exchange | None = None
    """The newest hop as it was asked for; None before the first one."""
    sent_headers: HeaderList | None = None
    """What went to the wire in the newest hop; None when nothing did yet."""
    begun_at: float = 0.0
    """When the first hop began, on the loop's clock."""
    hop_at: float = 0.0
    """When the newest hop began."""
    sent_at: float = 0.0
    """When the newest hop went to the wire; before that, when it began."""
    from_cache: Place | None = None
    """Where the newest hop's response was stored; None when it came over the wire, or no response came yet."""
    head: ResponseHead | None = None
    """Of the final response; None before."""
    wire: Wire | None = None
    """Of the newest hop, until somebody was told of it; None, too, where nobody wants to know, and where its response did not come so."""
    cookies: tuple[Considered, ...] = ()
    """That could go along with the newest hop, where somebody wants to know."""
    ended: bool = False


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """A response's head, and what it answers."""

    url: str
    """Without fragment."""
    head: ResponseHead
    sent_headers: HeaderList | None
    """What went to the wire; None when nothing did."""
    sent_at: float
    """On the loop's clock."""
    from_cache: Place | None = None
    """Where it was stored; None when it came over the wire."""
    wire: Wire | None = None
    """See `RequestLife.wire`."""


class RequestListener(Protocol):
    """Is told of every request of a page. The order is that of the calls here; a redirect is `request_sent` again."""

    def request_sent(self, life: RequestLife, redirect: Received | None) -> None:
        """A hop is about to go out; `redirect` is what led to it."""

    def served_from_cache(self, life: RequestLife) -> None:
        """A hop's response was stored (`life.from_cache`)."""

    def response_received(self, life: RequestLife, received: Received) -> None:
        """The final response's head came."""

    def data_received(self, life: RequestLife, size: int) -> None:
        """A piece of the body came, decoded."""

    def event_source_message(self, life: RequestLife, name: str, last_id: str, data: str) -> None:
        """A message of an event stream was given to page code."""

    def request_finished(self, life: RequestLife, encoded_bytes: int) -> None:
        """It came to its end."""

    def request_failed(self, life: RequestLife, code: str, error: BaseException) -> None:
        """It failed."""


class Lives(Protocol):
    """What a watch needs of the page's network."""

    tools: NetworkTools
    listeners: list[RequestListener]

    @property
    def page_id(self) -> str:
        """Of the page."""

    def new_number(self) -> int:
        """Give a number that no request of the page had."""

    def time(self) -> float:
        """Give the loop's time."""

    def waits_for_document(self) -> None:
        """Be told that the request for a main document goes to the wire."""


class LifeWatch(msgspec.Struct, kw_only=True, eq=False):
    """Watches the fetch of one request (`http.watch.FetchWatch`)."""

    lives: Lives
    life: RequestLife
    preflight: RequestLife | None = None
    """The newest preflight of it."""
    _redirect: Received | None = None

    def tell(self, name: str, life: RequestLife, *arguments: object) -> None:
        """Call every listener; one that fails is logged and disturbs no other."""
        for listener in tuple(self.lives.listeners):
            try:
                getattr(listener, name)(life, *arguments)
            except Exception:
                _LOG.exception("a listener failed on %s", name)

    def life_of(self, exchange: Exchange) -> RequestLife:
        """Give the request that an exchange of this fetch belongs to."""
        return self.preflight if exchange.preflight and self.preflight is not None else self.life

    @staticmethod
    def received(life: RequestLife, url: str, head: ResponseHead) -> Received:
        """Put together what is known of a response."""
        wire, life.wire = life.wire, None
        return Received(
            url=url,
            head=head,
            sent_headers=life.sent_headers,
            sent_at=life.sent_at,
            from_cache=life.from_cache,
            wire=wire if life.from_cache is None else None,
        )

    # -- FetchWatch --------------------------------------------------------------------------------------------------------

    def sent(self, exchange: Exchange) -> None:
        """See `FetchWatch.sent`."""
        life, redirect = self.life, self._redirect
        if exchange.preflight:
            life = self.preflight = RequestLife(
                number=self.lives.new_number(),
                request=life.request,
                kind="preflight",
                frame=life.frame,
                preflight_for=life,
            )
            redirect = None
        else:
            self._redirect = None
        life.exchange = exchange
        life.sent_headers = None
        life.from_cache = None
        life.wire = None
        life.cookies = ()
        life.hop_at = life.sent_at = self.lives.time()
        self.tell("request_sent", life, redirect)

    def transmitted(self, exchange: Exchange) -> None:
        """See `FetchWatch.transmitted`."""
        life = self.life_of(exchange)
        life.sent_headers = exchange.outgoing.headers
        life.sent_at = self.lives.time()
        if life.kind == "document" and life is self.life:
            self.lives.waits_for_document()

    @property
    def wants_wire(self) -> bool:
        """See `FetchWatch.wants_wire`: who may ask for bodies is told of requests."""
        return self.lives.tools.collects_bodies

    def cookies_considered(self, exchange: Exchange, cookies: Sequence[Considered]) -> None:
        """See `FetchWatch.cookies_considered`."""
        self.life_of(exchange).cookies = tuple(cookies)

    def on_wire(self, exchange: Exchange, request_head: bytes, head: ResponseHead | None) -> None:
        """See `FetchWatch.on_wire`. Of several attempts the last one counts."""
        life = self.life_of(exchange)
        life.wire = Wire(
            exchange=exchange, request_head=request_head, sent_at=life.sent_at, head=head, cookies=life.cookies
        )

    def cookies_refused(self, exchange: Exchange, refused: Sequence[RefusedCookie]) -> None:
        """See `FetchWatch.cookies_refused`."""
        life = self.life_of(exchange)
        if life.wire is not None:
            life.wire = msgspec.structs.replace(life.wire, refused=(*life.wire.refused, *refused))

    def overridden(self, exchange: Exchange) -> None:
        """See `FetchWatch.overridden`."""
        self.life_of(exchange).wire = None

    def served_from_cache(self, exchange: Exchange, place: Place) -> None:
        """See `FetchWatch.served_from_cache`."""
        life = self.life_of(exchange)
        life.from_cache = place
        self.tell("served_from_cache", life)

    def redirected(self, url: Url, transfer: Transfer) -> None:
        """See `FetchWatch.redirected`."""
        self._redirect = self.received(self.life, url.without_fragment, transfer.head)

    def preflight_answered(self, exchange: Exchange, transfer: Transfer) -> None:
        """See `FetchWatch.preflight_answered`."""
        life = self.preflight
        if life is None:
            return
        life.head = transfer.head
        self.tell("response_received", life, self.received(life, exchange.url.without_fragment, transfer.head))

        def done(error: BaseException | None) -> None:
            if not life.ended:
                life.ended = True
                # A long body that nobody wanted was cut off: the preflight itself had its answer.
                self.tell("request_finished", life, transfer.encoded_bytes)

        transfer.when_done(done)

    def preflight_failed(self, error: NetworkError) -> None:
        """See `FetchWatch.preflight_failed`."""
        life = self.preflight
        if life is not None and not life.ended:
            life.ended = True
            self.tell("request_failed", life, error.code, error)

    def is_blocked(self, exchange: Exchange) -> bool:
        """See `FetchWatch.is_blocked`."""
        return self.lives.tools.is_blocked(exchange.url.without_fragment)

    def conditions(self, exchange: Exchange) -> Conditions | None:
        """See `FetchWatch.conditions`."""
        return self.lives.tools.conditions(exchange.url.without_fragment)

    @property
    def page_id(self) -> str:
        """See `FetchWatch.page_id`."""
        return self.lives.page_id

    @property
    def interceptors(self) -> Sequence[Interceptor]:
        """See `FetchWatch.interceptors`."""
        return self.lives.tools.interceptors


def failure_of(error: BaseException) -> dict[str, str]:
    """Give why a request failed as page code's helpers take it; `blocked` is where a redirect leads that a policy forbids."""
    code, message = describe(error)
    blocked = error.url if isinstance(error, NetworkError) and code == BLOCKED_BY_CSP else ""
    return {"code": code, "message": message, "blocked": blocked} if blocked else {"code": code, "message": message}


def describe(error: BaseException) -> tuple[str, str]:
    """Give the code and the words for why a request failed."""
    if isinstance(error, NetworkError):
        return error.code, error.message or error.code
    if isinstance(error, asyncio.CancelledError | ClosedError):
        return "net::ERR_ABORTED", "canceled"
    return "net::ERR_FAILED", str(error)
