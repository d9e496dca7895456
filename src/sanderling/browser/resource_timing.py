"""When the requests of an isolate happened, for its page code (https://w3c.github.io/resource-timing/).

Most pages never ask. So what a request leaves here is a handful of facts; they become numbers of page code's clock when it asks
(`web/resource-timing/`).

Thread: worker.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from sanderling.browser.agent import Agent, Json
from sanderling.network.messages import Timings
from sanderling.proto import url as urls
from sanderling.proto.headers import Headers
from sanderling.proto.timing_allow import minimal_type

if TYPE_CHECKING:
    from sanderling.browser.request_life import RequestLife
    from sanderling.http.response import Response

NavigationKind: TypeAlias = Literal["navigate", "reload", "back_forward"]
"""Navigation Timing's `NavigationTimingType`."""

MAX_WAITING = 1000
"""Records that page code has not asked for. A window's own buffer has 250 of them unless it says otherwise."""

_INITIATORS = {
    "script": "script",
    "style": "link",
    "image": "img",
    "font": "css",
    "fetch": "fetch",
    "xhr": "xmlhttprequest",
    "beacon": "beacon",
    "eventsource": "other",
    "worker": "other",
}
"""Who asked, where page code did not say: by `RequestLife.kind`. Other kinds are not told of."""

_PROTOCOLS = {"HTTP/1.0": "http/1.0", "HTTP/1.1": "http/1.1", "HTTP/2": "h2", "HTTP/3": "h3"}
"""ALPN's names, of libcurl's."""


def initiator_of(kind: str, said: str | None) -> str:
    """Give the initiator type of a request; empty where it is not told of.

    Args:
        kind: see `RequestLife.kind`.
        said: what page code said.
    """
    return _INITIATORS.get(kind, "") if said is None else said


class TimingRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One request, over. Times are the loop's."""

    frame: int
    name: str
    """The URL that was asked for, without fragment."""
    initiator: str
    begun_at: float
    hop_at: float
    """When the last request of the chain began; `begun_at` where there was no redirect."""
    sent_at: float
    ended_at: float
    redirects: int
    timings: Timings
    """Of the last exchange."""
    secure: bool
    http_version: str
    status: int
    headers: Headers | None
    """Of the response; None where it failed."""
    cached: str
    """Empty for what came over the wire; ``validated`` or ``local``."""
    visible: bool
    """Who asked may know what came."""
    allowed: bool
    """Who asked may know the times in between."""
    own_chain: bool
    """Every URL of the chain had the origin of the last one."""

    def wire(self, *, document: bool = False) -> list[Json]:
        """Give it as `web/resource-timing/PerformanceResourceTiming.js` reads it: times in milliseconds of this process' clock, 0 for none.

        Args:
            document: it is told to the document that came, which may know everything but what other origins did before.
        """
        begun, ended = self.begun_at * 1000, self.ended_at * 1000
        seen = self.headers if document or self.visible else None
        timings = self.timings
        sizes = (timings.encoded_body_bytes, timings.decoded_body_bytes) if seen is not None else (0, 0)
        status = self.status if seen is not None else 0
        initiator = "navigation" if document else self.initiator
        facts: list[Json] = [self.frame, self.name, initiator, status, *sizes]
        facts.append(minimal_type(seen) if seen is not None else "")
        if not (document or self.allowed):
            # Fetch, "create an opaque timing info".
            return [*facts, "", "", 0, "", [begun, 0, 0, begun, 0, 0, 0, 0, 0, 0, 0, ended]]
        transferred = 0 if self.cached == "local" else 300 + (0 if self.cached == "validated" else sizes[0])
        facts += [
            _PROTOCOLS.get(self.http_version, ""),
            "cache" if self.cached else "",
            transferred,
            ", ".join(self.headers.get_all("server-timing")) if self.headers is not None else "",
        ]
        moments = self._moments(begun, ended)
        if document and not self.own_chain:
            moments[1] = moments[2] = 0.0
        return [*facts, moments]

    def _moments(self, begun: float, ended: float) -> list[float]:
        """Give the moments in the order of the standard's picture, none before the one it follows."""
        timings, hop = self.timings, self.hop_at * 1000
        sent = max(hop, self.sent_at * 1000)

        def moment(seconds: float, earliest: float) -> float:
            return min(ended, max(earliest, sent + seconds * 1000)) if seconds > 0 else earliest

        looked_up = began = hop
        connected = hop
        if timings.connect > 0:  # else the connection was there: Fetch, "clamp and coarsen connection timing info"
            began = moment(timings.queue, hop)
            looked_up = moment(timings.name_lookup, began)
            connected = moment(max(timings.connect, timings.tls), looked_up)
        shaken = 0.0
        if self.secure:
            shaken = moment(timings.connect, looked_up) if timings.connect > 0 else hop
        asked = max(connected, moment(timings.queue, connected)) if timings.connect <= 0 else connected
        answered = moment(timings.first_byte, asked)
        redirect = (begun, hop) if self.redirects else (0.0, 0.0)
        moments = [begun, *redirect, hop, began, looked_up, looked_up, connected, shaken, asked, answered, ended]
        if timings.interim > 0:
            moments += [answered, moment(timings.final_head, answered)]
        return moments


def _is_empty(response: Response) -> bool:
    return response.full_status in (204, 205)


def _own_chain(chain: tuple[str, ...]) -> bool:
    return len(chain) < 2 or len({urls.serialize_origin(url) for url in chain}) == 1


def record_of(life: RequestLife, response: Response | None, *, frame: int, ended_at: float) -> TimingRecord:
    """Sum up a request that is over; `response` is None where it failed."""
    redirects = 0 if response is None else len(response.redirects)
    visible = response is not None and response.type in ("basic", "cors")
    if life.request.is_navigation and response is not None:
        visible = response.same_origin_chain
    head = None if response is None else response.head
    cached = ""
    if life.from_cache is not None:
        cached = "local"
    elif response is not None and response.confirmed:
        cached = "validated"
    return TimingRecord(
        frame=frame,
        name=life.request.url.partition("#")[0],
        initiator=life.initiator,
        begun_at=life.begun_at,
        hop_at=life.hop_at if redirects else life.begun_at,
        sent_at=life.sent_at,
        ended_at=ended_at,
        redirects=redirects,
        timings=Timings() if response is None else response.timings,
        secure=life.exchange is not None and life.exchange.url.scheme == "https",
        http_version="" if head is None else head.http_version,
        status=0 if response is None else response.full_status,
        headers=None if response is None else response.full_headers,
        cached=cached,
        visible=visible,
        # A frame that shows nothing of a response is told of like one that failed.
        allowed=response is not None and response.timing_allowed and (life.kind != "iframe" or not _is_empty(response)),
        own_chain=response is None or _own_chain(response.url_list),
    )


def document_timing(
    record: TimingRecord | None,
    *,
    begun_at: float,
    kind: NavigationKind,
    unloaded: tuple[float, float] | None = None,
) -> Json:
    """Give what a document is told of the navigation that brought it (Navigation Timing).

    Args:
        record: of its request; None where there was none.
        begun_at: when the navigation began, on the loop's clock: the document's time origin.
        kind: of navigation.
        unloaded: from when to when the old document was left, if the new one may know.
    """
    return {
        "now": asyncio.get_running_loop().time() * 1000,
        "started": begun_at * 1000,
        "type": kind,
        "record": None if record is None else record.wire(document=True),
        "ownChain": record is None or record.own_chain,
        "redirects": record.redirects if record is not None and record.own_chain else 0,
        "unload": None if unloaded is None else [unloaded[0] * 1000, unloaded[1] * 1000],
    }


class Timeline:
    """The records of one isolate's document, until its code takes them."""

    def __init__(self) -> None:
        self._waiting: list[TimingRecord] = []
        self._agent: Agent | None = None  # whose code wants to be told at once; None: nobody does
        self._told = False  # it was, and has not taken them yet

    def add(self, record: TimingRecord) -> None:
        """Keep a record."""
        if len(self._waiting) < MAX_WAITING:
            self._waiting.append(record)
        if self._agent is not None and not self._told:
            self._told = True
            self._agent.post("timing.came")

    def watch(self, agent: Agent) -> None:
        """`timing.watch`: somebody waits for records."""
        self._agent = agent

    def take(self, now: float) -> Json:
        """`timing.take`: give what is there, and what time it is.

        Args:
            now: of the loop's clock.
        """
        waiting, self._waiting = self._waiting, []
        self._told = False
        return {"now": now * 1000, "records": [record.wire() for record in waiting]}

    def clear(self) -> None:
        """The document goes."""
        self._waiting.clear()
        self._agent = None
        self._told = False
