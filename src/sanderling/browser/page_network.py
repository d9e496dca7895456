"""The requests of one page: documents, resources of elements, fetch and XMLHttpRequest.

Page code asks by posts; answers are entries of its agent. When the document goes, its requests go with it: nothing of a closed agent is
touched afterwards.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import weakref
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from sanderling.base.errors import ClosedError, NavigationError, NetworkError, SanderlingError
from sanderling.browser import hub as events
from sanderling.browser.agent import Agent, Json
from sanderling.browser.body_store import BodyStore
from sanderling.browser.cookie_access import placed
from sanderling.browser.document_source import DocumentSource, document_source
from sanderling.browser.html_encoding import charset_to_use
from sanderling.browser.navigation import FINAL
from sanderling.browser.network_tools import NetworkTools
from sanderling.browser.page_sockets import PageSockets, SocketWatcher
from sanderling.browser.parser import known_encoding, parse_document, to_utf8
from sanderling.browser.pure_csp import forbids_ancestors, policies_of
from sanderling.browser.request_life import LifeWatch, RequestLife, RequestListener
from sanderling.browser.result import RequestRecord
from sanderling.http.request import Overrides, Request
from sanderling.http.response import Response
from sanderling.http.stages import Exchange
from sanderling.http.transfer import Outgoing
from sanderling.proto import url as urls
from sanderling.proto.headers import Headers
from sanderling.proto.image_size import image_size

if TYPE_CHECKING:
    from sanderling.browser.page import Page

_LOG = logging.getLogger("sanderling.browser.network")

_MAX_EVENT_STREAMS = 256
"""Remembered in one isolate, for the reports of their messages."""


class PageNetwork:
    """Runs requests for a page and reports them to its hub."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._frame = 1  # the root frame of the isolate that these requests come from
        self._loop = asyncio.get_running_loop()
        self._tasks: dict[tuple[str, int], asyncio.Task[None]] = {}  # by the kind of id and the id page code gave
        # Tasks whose request outlives the document, until its response comes; with its number once it has one.
        self._keepalive: dict[asyncio.Task[None], int] = {}
        self._credits: dict[int, asyncio.Event] = {}  # streamed bodies that wait for page code to read
        self._event_streams: dict[int, RequestLife] = {}  # the newest, by the id page code gave
        self._next_request = 1
        self.sockets = PageSockets(page)
        self.tools = NetworkTools()
        self.listeners: list[RequestListener] = []
        self.socket_watchers: list[SocketWatcher] = []
        self._watched: weakref.WeakKeyDictionary[Response, LifeWatch] = weakref.WeakKeyDictionary()  # not over yet
        self._stream_lives: weakref.WeakKeyDictionary[Response, RequestLife] = weakref.WeakKeyDictionary()
        self.bodies = BodyStore()  # filled while a tool collects them

    @property
    def page_id(self) -> str:
        """Of the page."""
        return self._page.id

    @property
    def client_url(self) -> str:
        """The address of the document that is the main one in its isolate."""
        frame = self._page.frames.get(self._frame)
        return self._page.main_frame.url if frame is None else frame.url

    def abandon(self) -> None:
        """Cancel every request of the current document but those with `keepalive` (Fetch, "terminate" of a fetch group)."""
        for task in self._tasks.values():
            number = self._keepalive.pop(task, None)
            if number is None:
                task.cancel()
            else:
                self._page.activity.request_ended(number)  # whatever document comes next does not wait for it
                self._page.context.outlive(task)
        self._tasks.clear()
        self._credits.clear()
        self._event_streams.clear()
        self.sockets.abandon()

    def stop(self, agent: Agent) -> None:
        """End every request as `window.stop()` does: whoever waits in page code is told."""
        for (kind, number), task in tuple(self._tasks.items()):
            task.cancel()
            if kind == "net":
                agent.post("net.error", {"id": number, "code": "net::ERR_ABORTED", "message": "stopped"})
            elif kind == "resource":
                error = {"code": "net::ERR_ABORTED", "message": "stopped"}
                agent.post("resource.done", {"id": number, "url": "", "error": error})
        self._tasks.clear()
        self._credits.clear()

    async def fetch(
        self,
        request: Request,
        *,
        kind: str,
        frame: int,
        navigation: int = 0,
        web_worker: int = 0,
        stack: Sequence[Json] = (),
    ) -> Response:
        """Send a request and give the response's head; the page's watchers are told of every step.

        Args:
            request: what is asked for.
            kind: see `RequestLife.kind`.
            frame: number of the frame that it is for.
            navigation: see `RequestLife.navigation`.
            web_worker: see `RequestLife.web_worker`.
            stack: see `RequestLife.stack`.

        Raises:
            NetworkError: it failed.
        """
        page = self._page
        number = self.new_number()
        life = RequestLife(
            number=number,
            request=request,
            kind=kind,
            frame=frame or 1,
            navigation=navigation,
            web_worker=web_worker,
            stack=tuple(stack),
        )
        watch = LifeWatch(lives=self, life=life)
        started = self._loop.time()
        page.activity.request_started(number)
        task = asyncio.current_task()
        if task in self._keepalive:
            self._keepalive[task] = number
        page.hub.publish(
            events.RequestStarted(
                page.id, number, request.url, request.method, kind, frame, tuple(request.headers), navigation
            )
        )
        request = dataclasses.replace(
            placed(page, request, frame or 1),
            overrides=self.overrides(request),
            top_level_url="" if request.top_level else page.main_frame.url,
        )
        try:
            response = await page.context.client.fetch(request, watch)
        except BaseException as error:
            code, message = _describe(error)
            self._failed(life, watch, code, error)
            self._record(number, request, kind, 0, 0, started, code)
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
            self._stream_lives[response] = life
        self._watched[response] = watch
        response.when_done(lambda error: self._finished(life, watch, response, started, error))
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

    def start_download(self, payload: Json) -> None:
        """`download`: a link with that attribute was followed."""
        self._start("download", self.new_number(), self._download(payload))

    async def _download(self, payload: Json) -> None:
        request = dataclasses.replace(
            Request.navigation(
                payload["url"],
                referrer=payload["referrer"],
                referrer_policy=payload["referrerPolicy"],
                initiator_origin=self._page.main_frame.origin,
            ),
            stream=True,
        )
        try:
            response = await self._page.network.fetch(request, kind="download", frame=payload["frame"])
        except SanderlingError as error:
            _LOG.debug("download of %s: %s", payload["url"], error)
            if payload["url"].startswith("blob:"):
                self._page.note_unsupported("download of a blob: URL")
            return
        self._page.network.let_go(response)
        self._page.context.downloads.start(
            response, page=self._page.id, frame=payload["frame"], name=payload.get("filename") or ""
        )

    def new_number(self) -> int:
        """Give a number that no request of the page had."""
        number = self._next_request
        self._next_request += 1
        return number

    def time(self) -> float:
        """Give the loop's time."""
        return self._loop.time()

    def overrides(self, request: Request) -> Overrides:
        """Give what the page's tools change about a request."""
        found = self._page.emulation.overrides(self.tools.overrides())
        navigation = self._page.main_frame.navigation
        if navigation is not None and navigation.bypasses_cache and navigation.state not in FINAL:
            return dataclasses.replace(found, bypass_cache=True)
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
        started: float,
        error: BaseException | None,
    ) -> None:
        page, request, number = self._page, life.request, life.number
        self._watched.pop(response, None)
        if life.ended:  # it became a download
            return
        if error is None:
            page.activity.request_ended(number)
            life.ended = True
            if life.exchange is not None:
                watch.tell("request_finished", life, response.encoded_bytes)
            self._record(number, request, life.kind, response.full_status, response.encoded_bytes, started, "")
            page.hub.publish(events.RequestFinished(page.id, number, response.encoded_bytes))
        else:
            code, message = _describe(error)
            self._failed(life, watch, code, error)
            self._record(number, request, life.kind, response.full_status, response.encoded_bytes, started, code)
            page.hub.publish(events.RequestFailed(page.id, number, request.url, code, message))

    def _record(
        self, number: int, request: Request, kind: str, status: int, size: int, started: float, error: str
    ) -> None:
        records = self._page.requests
        if len(records) >= 10_000:
            return
        records[number] = RequestRecord(
            url=request.url,
            method=request.method,
            type=kind,
            status=status,
            encoded_bytes=size,
            duration_ms=round((self._loop.time() - started) * 1000, 3),
            error=error,
        )

    # -- resources of elements (web/html/resource.js) --------------------------------------------------------------------

    def start_resource(self, agent: Agent, payload: Json, data: bytes | None = None) -> None:
        """`resource.fetch`: answer whole, text decoded to UTF-8."""
        self._start("resource", payload["id"], self._resource(agent, payload, data))

    def cancel_resource(self, number: int) -> None:
        """`resource.cancel`."""
        self._cancel("resource", number)

    async def _resource(self, agent: Agent, payload: Json, data: bytes | None) -> None:
        answer: dict[str, Any]
        try:
            if payload.get("markup"):  # the document of a sandboxed srcdoc frame: its markup came along
                source = DocumentSource("html", data or b"", "text/html", "utf-8")
                await self._page.frame_agents.commit(payload, "about:srcdoc", Headers(), source, "utf-8")
                agent.post("resource.done", {"id": payload["id"], "url": "about:srcdoc", "remote": True})
                return
            if payload.get("blobType") is not None and payload["destination"] == "iframe":
                answer, body = await self._blob_document(data or b"", payload)
                agent.post("resource.done", {"id": payload["id"], "url": payload["url"], **answer}, body)
                return
            if payload.get("blobType") is not None:  # an image in a blob, which lives in the isolate
                image = _image(data or b"", payload["blobType"])
                agent.post("resource.done", {"id": payload["id"], "url": payload["url"], "image": image})
                return
            request = (
                self._navigation_of_frame(payload, data)
                if payload["destination"] == "iframe"
                else Request.resource(
                    payload["url"],
                    destination=payload["destination"],
                    mode=payload["mode"],
                    credentials=payload["credentials"],
                    referrer=payload["referrer"],
                    referrer_policy=payload["referrerPolicy"],
                    integrity=payload["integrity"],
                    client_url=self.client_url,
                )
            )
            response = await self.fetch(
                request,
                kind=payload["destination"] or "other",
                frame=payload["frame"],
                navigation=payload["navigation"],
                stack=payload.get("stack", ()),
            )
            body = await response.read()
            if payload["destination"] == "image":
                # An image is shown whatever its status says (Fetch leaves that to the element; HTML, 4.8.4.3.5, step 25).
                content_type = response.headers.get("content-type") or ""
                answer = {"status": response.status, "image": _image(body, content_type)}
                body = b""
            elif not 200 <= response.full_status <= 299 and payload["destination"] != "iframe":
                status = response.full_status
                answer = {"error": {"code": "http", "message": f"status {status}"}, "status": status}
                body = b""
            elif payload["destination"] == "iframe":
                answer, body = await self._frame_document(response, body, payload)
            elif payload["destination"] == "font":
                answer = {"status": response.status}
            else:
                content_type = response.headers.get("content-type") or ""
                body = to_utf8(body, content_type, payload["charset"])
                answer = {"status": response.status, "contentType": content_type, "opaque": response.type == "opaque"}
            answer["url"] = response.url
        except SanderlingError as error:
            code, message = _describe(error)
            answer, body = {"url": payload["url"], "error": {"code": code, "message": message}}, b""
        agent.post("resource.done", {"id": payload["id"], **answer}, body)

    async def _frame_document(self, response: Response, body: bytes, payload: Json) -> tuple[dict[str, Any], bytes]:
        source, charset = _frame_source(body, response.headers.get("content-type") or "", payload["charset"])
        frame_agents = self._page.frame_agents
        sandbox = payload["sandbox"]
        if (sandbox is None or not sandbox["opaque"]) and frame_agents.lives_with_parent(
            payload["frame"], response.url
        ):
            pairs = tuple(response.headers.items())
            known = self._page.frames.get(payload["frame"])
            holder = None if known is None else self._page.frames.get(known.parent or 0)
            ancestors = [] if holder is None else [holder.origin]
            if not self._page.bypasses_csp and forbids_ancestors(pairs, ancestors, response.url):
                raise NetworkError(
                    "net::ERR_BLOCKED_BY_RESPONSE", "frame-ancestors forbids the frame", url=response.url
                )
            answer, tree = _frame_tree(response.status, source, charset)
            answer["csp"] = policies_of(pairs)
            return answer, tree
        await frame_agents.commit(payload, response.url, response.headers, source, charset)
        return {"status": response.status, "remote": True}, b""

    async def _blob_document(self, body: bytes, payload: Json) -> tuple[dict[str, Any], bytes]:
        """A frame's document is a blob of the isolate that holds the frame's element, and came along."""
        source, charset = _frame_source(body, payload["blobType"], payload["charset"])
        sandbox = payload["sandbox"]
        if sandbox is None or not sandbox["opaque"]:
            return _frame_tree(200, source, charset)
        await self._page.frame_agents.commit(payload, payload["url"], Headers(), source, charset)
        return {"status": 200, "remote": True}, b""

    def _navigation_of_frame(self, payload: Json, data: bytes | None) -> Request:
        return Request.navigation(
            payload["url"],
            method=payload["method"],
            headers=[("Content-Type", payload["contentType"])] if payload["contentType"] else [],
            body=data,
            referrer=payload["referrer"],
            referrer_policy=payload["referrerPolicy"],
            initiator_origin=payload["origin"] or urls.serialize_origin(self.client_url),
            reload=payload["reload"],
            destination="iframe",
            client_url=self.client_url,
            site_for_cookies=self._page.main_frame.url,
        )

    # -- fetch() and XMLHttpRequest (web/fetch/PROTOCOL.md) --------------------------------------------------------------

    def start_fetch(self, agent: Agent, payload: Json, data: bytes | None) -> None:
        """`net.fetch`: head, then chunks, then the end."""
        task = self._start("net", payload["id"], self._fetch_for_page(agent, payload, data))
        if payload.get("keepalive"):
            self._keepalive[task] = 0

    def cancel_fetch(self, number: int) -> None:
        """`net.cancel`."""
        self._cancel("net", number)

    def resume_fetch(self, number: int) -> None:
        """`net.resume`: page code wants more of a streamed body."""
        credit = self._credits.get(number)
        if credit is not None:
            credit.set()

    async def _fetch_for_page(self, agent: Agent, payload: Json, data: bytes | None) -> None:
        number = payload["id"]
        try:
            request = self._request_of(payload, data)
            response = await self.fetch(
                request,
                kind=payload.get("initiator") or "fetch",
                frame=payload.get("frame", 1),
                stack=payload.get("stack", ()),
            )
            if request.keepalive and self._answered(asyncio.current_task()):
                async for _ in response.chunks():
                    pass  # nobody is left who could read it
                return
            watched = False
            if payload.get("initiator") == "eventsource":
                watched = self._stream_begins(number, response)
            agent.post("net.response", {"id": number, **_head(response), "watched": watched})
            if payload.get("stream"):
                await self._stream(agent, number, response)
            else:
                body = await response.read()
                if body:
                    agent.post("net.chunk", {"id": number}, body)
            agent.post("net.end", {"id": number, "encodedBytes": response.encoded_bytes})
        except SanderlingError as error:
            code, message = _describe(error)
            agent.post("net.error", {"id": number, "code": code, "message": message})

    def _answered(self, task: asyncio.Task[None] | None) -> bool:
        """The head for a request with `keepalive` came: say whether its document is gone."""
        return task is None or self._keepalive.pop(task, None) is None

    async def _stream(self, agent: Agent, number: int, response: Response) -> None:
        credit = self._credits[number] = asyncio.Event()
        try:
            async for chunk in response.chunks():
                agent.post("net.chunk", {"id": number}, chunk)
                await credit.wait()
                credit.clear()
        finally:
            self._credits.pop(number, None)

    def _stream_begins(self, number: int, response: Response) -> bool:
        """An event stream's head came. From now on nobody waits for its end.

        Returns:
            Whether somebody wants to know of each message.
        """
        network = self._page.network
        life = self._event_streams[number] = network._stream_lives[response]
        self._page.activity.request_ended(life.number)
        # Page code tells of its messages after the stream may have ended.
        if len(self._event_streams) > _MAX_EVENT_STREAMS:
            del self._event_streams[next(iter(self._event_streams))]
        return bool(network.listeners)

    def event_source_message(self, payload: Json) -> None:
        """`eventsource.message`: page code got one."""
        network = self._page.network
        life = self._event_streams.get(payload["id"])
        if life is None:
            return
        for listener in tuple(network.listeners):
            listener.event_source_message(life, payload["type"], payload["lastEventId"], payload["data"])

    async def fetch_sync(self, payload: Json, data: bytes | None) -> tuple[Json, bytes | None]:
        """`net.fetchSync`: page code waits for the whole response."""
        try:
            request = self._request_of(payload, data)
            work = self._whole(request, payload)
            timeout = payload.get("timeoutMs") or 0
            return await (asyncio.wait_for(work, timeout / 1000) if timeout else work)
        except TimeoutError:
            return {"error": {"code": "net::ERR_TIMED_OUT", "message": "timeout"}}, None
        except SanderlingError as error:
            code, message = _describe(error)
            return {"error": {"code": code, "message": message}}, None

    async def _whole(self, request: Request, payload: Json) -> tuple[Json, bytes | None]:
        response = await self.fetch(
            request,
            kind=payload.get("initiator") or "xhr",
            frame=payload.get("frame", 1),
            stack=payload.get("stack", ()),
        )
        body = await response.read()
        return _head(response), body

    def _request_of(self, payload: Json, data: bytes | None) -> Request:
        return Request.script(
            payload["url"],
            method=payload["method"],
            headers=[(name, value) for name, value in payload["headers"]],
            body=data,
            mode=payload["mode"],
            credentials=payload["credentials"],
            redirect=payload.get("redirect", "follow"),
            referrer=payload.get("referrer", ""),
            referrer_policy=payload.get("referrerPolicy", ""),
            destination=payload.get("destination", ""),
            integrity=payload.get("integrity", ""),
            cache=payload.get("cache", "default"),
            keepalive=payload.get("keepalive", False),
            event_stream=payload.get("initiator") == "eventsource",
            client_url=self.client_url,
        )

    def start_ping(self, payload: Json) -> None:
        """`ping` of a followed link (HTML, 4.6.7, "hyperlink auditing"): nobody waits for the answer."""
        number = self._next_request
        self._start("ping", number, self._ping(payload))

    async def _ping(self, payload: Json) -> None:
        request = Request.script(
            payload["url"],
            method="POST",
            headers=[("Content-Type", "text/ping"), ("Ping-From", payload["from"]), ("Ping-To", payload["to"])],
            body=b"PING",
            mode="no-cors",
            credentials="include",
            redirect="follow",
            referrer="",
            referrer_policy="no-referrer",
            destination="",
            integrity="",
            cache="default",
            keepalive=True,
            client_url=self.client_url,
        )
        try:
            await (await self.fetch(request, kind="ping", frame=1)).read()
        except SanderlingError as error:
            _LOG.debug("ping %s: %s", payload["url"], error)

    # -- WebSockets ------------------------------------------------------------------------------------------------------

    def open_socket(self, agent: Agent, payload: Json) -> None:
        """`ws.open`."""
        self.sockets.open(agent, payload, self.client_url)

    # -- tasks -----------------------------------------------------------------------------------------------------------

    def start_task(self, kind: str, number: int, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` as something of the current document: it is canceled with it."""
        self._start(kind, number, work)

    def _start(self, kind: str, number: int, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self._loop.create_task(work)
        key = (kind, number)
        self._tasks[key] = task
        task.add_done_callback(lambda done: self._ended(key, done))
        return task

    def _ended(self, key: tuple[str, int], task: asyncio.Task[None]) -> None:
        if self._tasks.get(key) is task:
            del self._tasks[key]
        self._keepalive.pop(task, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            _LOG.error("request of a page failed internally", exc_info=error)

    def _cancel(self, kind: str, number: int) -> None:
        task = self._tasks.pop((kind, number), None)
        if task is not None:
            task.cancel()


def _head(response: Response) -> dict[str, Any]:
    return {
        "url": response.url,
        "status": response.status,
        "statusText": response.reason,
        "headers": [list(pair) for pair in response.headers.items()],
        "type": response.type,
        "redirected": len(response.url_list) > 1,
    }


def _frame_source(body: bytes, content_type: str, parent_charset: str) -> tuple[DocumentSource, str]:
    source = document_source(body, content_type)
    if source.kind == "download":
        raise NavigationError(f"a frame cannot show {source.content_type}")
    charset = source.charset
    if not known_encoding(charset) and source.kind == "html" and isinstance(source.markup, bytes):
        # HTML, 13.2.3.2, step 6: a document that says nothing has the encoding of its container (but not UTF-16).
        inherited = "" if parent_charset.startswith("UTF-16") else parent_charset
        charset = charset_to_use(source.markup, known_encoding, inherited)
    return source, charset


def _frame_tree(status: int, source: DocumentSource, charset: str) -> tuple[dict[str, Any], bytes]:
    tree = parse_document(source.markup, charset=charset, content_type=source.content_type)
    answer = {
        "status": status,
        "contentType": source.content_type,
        "encoding": tree.encoding,
        "xml": source.kind == "xml",
    }
    return answer, tree.data


def _image(body: bytes, content_type: str) -> dict[str, int] | None:
    size = image_size(body, content_type)
    return None if size is None else {"width": size.width, "height": size.height}


def _describe(error: BaseException) -> tuple[str, str]:
    if isinstance(error, NetworkError):
        return error.code, error.message or error.code
    if isinstance(error, asyncio.CancelledError | ClosedError):
        return "net::ERR_ABORTED", "canceled"
    return "net::ERR_FAILED", str(error)
