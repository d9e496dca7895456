"""The requests of one page, whichever of its isolates they come from: how one is sent, and who is told of it.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from sanderling.base.errors import NetworkError
from sanderling.browser import hub as events
from sanderling.browser.agent import Json
from sanderling.browser.agent_network import AgentNetwork
from sanderling.browser.body_store import BodyStore
from sanderling.browser.cookie_access import placed
from sanderling.browser.document_source import EMPTY_STATUSES, is_download
from sanderling.browser.navigation import FINAL
from sanderling.browser.network_tools import NetworkTools
from sanderling.browser.page_sockets import SocketWatcher
from sanderling.browser.request_life import LifeWatch, RequestLife, RequestListener, describe
from sanderling.browser.resource_timing import Timeline, TimingRecord, record_of
from sanderling.browser.result import RequestRecord
from sanderling.http.request import Overrides, Request
from sanderling.http.response import Response
from sanderling.http.stages import Exchange
from sanderling.http.transfer import Outgoing
from sanderling.proto import url as urls

if TYPE_CHECKING:
    from sanderling.browser.page import Page

MAX_PAGE_REQUESTS = 10_000
"""Of one page without an outcome; what its documents ask for beyond them fails, as in Chromium. The page itself can be navigated."""


class PageNetwork(AgentNetwork):
    """Runs requests for a page and reports them to its hub; those of its main isolate, too, begin here."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._loop = asyncio.get_running_loop()
        self._next_request = 1
        self.tools = NetworkTools(inherited=page.context.tools)
        self.listeners: list[RequestListener] = []
        self.socket_watchers: list[SocketWatcher] = []
        self._watched: weakref.WeakKeyDictionary[Response, LifeWatch] = weakref.WeakKeyDictionary()  # not over yet
        self.stream_lives: weakref.WeakKeyDictionary[Response, RequestLife] = weakref.WeakKeyDictionary()
        self._documents: weakref.WeakKeyDictionary[Response, TimingRecord] = weakref.WeakKeyDictionary()
        self.bodies = BodyStore()  # filled while a tool collects them

    @property
    def page_id(self) -> str:
        """Of the page."""
        return self._page.id

    async def send(
        self,
        request: Request,
        number: int,
        *,
        kind: str,
        frame: int,
        navigation: int = 0,
        web_worker: int = 0,
        stack: Sequence[Json] = (),
        initiator: str = "",
        timeline: Timeline | None = None,
    ) -> Response:
        """Send a request and give the response's head; the page's watchers are told of every step.

        Args:
            request: what is asked for.
            number: of `new_number`.
            kind: see `RequestLife.kind`.
            frame: number of the frame that it is for.
            navigation: see `RequestLife.navigation`.
            web_worker: see `RequestLife.web_worker`.
            stack: see `RequestLife.stack`.
            initiator: see `RequestLife.initiator`.
            timeline: see `RequestLife.timeline`.

        Raises:
            NetworkError: it failed.
        """
        page = self._page
        life = RequestLife(
            number=number,
            request=request,
            kind=kind,
            frame=frame or 1,
            navigation=navigation,
            web_worker=web_worker,
            stack=tuple(stack),
            initiator=initiator,
            timeline=timeline,
            begun_at=self._loop.time(),
        )
        watch = LifeWatch(lives=self, life=life)
        page.activity.request_started(number)
        page.hub.publish(
            events.RequestStarted(
                page.id, number, request.url, request.method, kind, frame, tuple(request.headers), navigation
            )
        )
        request = msgspec.structs.replace(
            placed(page, request, frame or 1),
            overrides=self.overrides(request),
            top_level_url="" if request.top_level else page.main_frame.url,
            embedded_securely=not request.top_level and _embedded_securely(page, frame or 1),
        )
        try:
            if page.activity.in_flight > MAX_PAGE_REQUESTS and not request.top_level:
                words = f"{MAX_PAGE_REQUESTS} requests of the page wait for an answer already"
                raise NetworkError("net::ERR_INSUFFICIENT_RESOURCES", words, url=request.url)
            response = await page.context.client.fetch(request, watch)
        except BaseException as error:
            code, message = describe(error)
            self._failed(life, watch, code, error)
            self._record(life, 0, 0, code)
            if code != "net::ERR_ABORTED":
                self._timed(life, None)
            page.hub.publish(events.RequestFailed(page.id, number, request.url, code, message))
            raise
        life.head = response.head
        page.hub.publish(
            events.ResponseReceived(
                page.id,
                number,
                response.url,
                response.full_status,
                response.reason,
                tuple(response.full_headers.items()),
                tuple((hop.url, hop.status) for hop in response.redirects),
                response.remote_address,
                response.http_version,
            )
        )
        if life.exchange is not None:  # about:blank has none
            seen = watch.received(life, life.exchange.url.without_fragment, response.head)
            watch.tell("response_received", life, seen)
        collected = self.tools.collects_bodies
        if collected:
            self.bodies.open(number)

        def came(data: bytes) -> None:
            if collected and not life.ended:
                self.bodies.append(number, data)
            if data and self.listeners and not life.ended:
                watch.tell("data_received", life, len(data))

        if collected or self.listeners:
            response.when_data(came)
        if kind == "eventsource":
            self.stream_lives[response] = life
        self._watched[response] = watch
        response.when_done(lambda error: self._finished(life, watch, response, error))
        return response

    def let_go(self, response: Response) -> None:
        """A response is none of the page's any longer, but a download: for the page its request was aborted."""
        watched = self._watched.pop(response, None)
        if watched is not None and not watched.life.ended:
            error = NetworkError("net::ERR_ABORTED", "the response is a download")
            self._failed(watched.life, watched, error.code, error)
            self._page.hub.publish(
                events.RequestFailed(
                    self._page.id, watched.life.number, watched.life.request.url, error.code, error.message
                )
            )

    def timing_of(self, response: Response) -> TimingRecord | None:
        """Give when the request of a document happened, once that is whole."""
        return self._documents.get(response)

    def new_number(self) -> int:
        """Give a number that no request of the page had."""
        number = self._next_request
        self._next_request += 1
        return number

    def time(self) -> float:
        """Give the loop's time."""
        return self._loop.time()

    def waits_for_document(self) -> None:
        """Have the document's isolate made while its response is on the way: this thread waits for that anyhow."""
        self._page.context.browser.prepare_isolate_in(0)

    def overrides(self, request: Request) -> Overrides:
        """Give what the page's tools change about a request."""
        found = self._page.emulation.overrides(self.tools.overrides())
        navigation = self._page.main_frame.navigation
        if navigation is not None and navigation.bypasses_cache and navigation.state not in FINAL:
            return msgspec.structs.replace(found, bypass_cache=True)
        return found

    def _failed(self, life: RequestLife, watch: LifeWatch, code: str, error: BaseException) -> None:
        self._page.activity.request_ended(life.number)
        life.ended = True
        if life.exchange is None:  # it was refused before a hop could be told of
            url = urls.parse(life.request.url)
            if url is None:
                return
            outgoing = Outgoing(url=url.href, method=life.request.method, headers=life.request.headers)
            watch.sent(Exchange(request=life.request, url=url, outgoing=outgoing, hop=0))
        watch.tell("request_failed", life, code, error)

    def _finished(
        self,
        life: RequestLife,
        watch: LifeWatch,
        response: Response,
        error: BaseException | None,
    ) -> None:
        page, request, number = self._page, life.request, life.number
        self._watched.pop(response, None)
        if life.ended:  # it became a download
            return
        if (
            error is None
            and request.is_navigation
            and (is_download(response) or response.full_status in EMPTY_STATUSES)
        ):
            # For a page the request ended with its head; the body may have come before anybody looked at that.
            error = NetworkError("net::ERR_ABORTED", "the response brings no document", url=response.url)
            self._failed(life, watch, error.code, error)
            self._record(life, response.full_status, response.encoded_bytes, "")
            if response.full_status in EMPTY_STATUSES:  # a download is none of the document's
                self._timed(life, response)
            page.hub.publish(events.RequestFailed(page.id, number, request.url, error.code, error.message))
        elif error is None:
            page.activity.request_ended(number)
            life.ended = True
            if life.exchange is not None:
                watch.tell("request_finished", life, response.encoded_bytes)
            self._record(life, response.full_status, response.encoded_bytes, "")
            self._timed(life, response)
            page.hub.publish(events.RequestFinished(page.id, number, response.encoded_bytes))
        else:
            code, message = describe(error)
            self._failed(life, watch, code, error)
            self._record(life, response.full_status, response.encoded_bytes, code)
            if code != "net::ERR_ABORTED":
                self._timed(life, None)
            page.hub.publish(events.RequestFailed(page.id, number, request.url, code, message))

    def _timed(self, life: RequestLife, response: Response | None) -> None:
        """Keep when a request happened for page code that asks, and for the document that it brings."""
        if life.timeline is None or not (life.initiator or life.request.is_navigation):
            return
        if not life.request.url.startswith(("http:", "https:")):
            return  # Fetch, "fetch response handover", step 4.1
        frame = self._page.frames.get(life.frame)
        # A frame's document is something of the document that holds the frame.
        holder = life.frame if life.kind != "iframe" or frame is None else frame.parent or 0
        record = record_of(life, response, frame=holder, ended_at=self._loop.time())
        if life.initiator:
            life.timeline.add(record)
        if response is not None and life.request.is_navigation:
            self._documents[response] = record

    def _record(self, life: RequestLife, status: int, size: int, error: str) -> None:
        records = self._page.requests
        if len(records) >= 10_000:
            return
        records[life.number] = RequestRecord(
            url=life.request.url,
            method=life.request.method,
            type=life.kind,
            status=status,
            encoded_bytes=size,
            duration_ms=round((self._loop.time() - life.begun_at) * 1000, 3),
            error=error,
        )


def _embedded_securely(page: Page, frame: int) -> bool:
    """Tell whether a frame is within a document that was loaded by https:, at any height."""
    known = page.frames.get(frame)
    while known is not None and known.parent is not None:
        known = page.frames.get(known.parent)
        if known is not None and known.url.startswith("https:"):
            return True
    return False
