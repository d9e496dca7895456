"""CDP on a worker: the pages, contexts and sessions that the hub knows by its ids (`cdp.wire`).

Thread: worker.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec

from sanderling.base.errors import ClosedError, InternalError, SanderlingError
from sanderling.browser.browser import Browser
from sanderling.browser.context import Context
from sanderling.browser.navigation_request import NavigationRequest
from sanderling.browser.page import Page
from sanderling.browser.shared_workers import SharedWebWorker
from sanderling.cdp import wire
from sanderling.cdp.domains import METHODS, SHARED_WORKER_METHODS, WORKER_METHODS, context_command, downloads
from sanderling.cdp.envelope import error_message, read_envelope
from sanderling.cdp.errors import SESSION_NOT_FOUND, CdpError
from sanderling.cdp.ids import MAIN_FRAME, frame_id
from sanderling.cdp.inspector import PageInspector
from sanderling.cdp.session import Session
from sanderling.cdp.web_workers import WorkerSession
from sanderling.network.messages import ClientMessage, Notify, Output

P = TypeVar("P", bound=msgspec.Struct)

_ENCODER = msgspec.json.Encoder()


class HeldPage:
    """A page with its inspector, and what it waits for before it may load anything.

    Args:
        inspector: of the page.
        url: to load once nothing holds it; empty where somebody else loads it.
    """

    def __init__(self, inspector: PageInspector, url: str) -> None:
        self.inspector = inspector
        self.page = inspector.page
        self._url = url
        self._told_to_go = False
        self._waiting: set[str] = set()  # sessions that have not released it
        self.released = asyncio.get_running_loop().create_future()

    def hold(self, session_id: str) -> None:
        """A session wants to prepare the page first."""
        self._waiting.add(session_id)

    def go(self) -> None:
        """The hub has attached everybody who wants to be there from the beginning."""
        self._told_to_go = True
        self._look()

    def release(self, session_id: str) -> None:
        """A session lets the page run, or is gone."""
        self._waiting.discard(session_id)
        self._look()

    def _look(self) -> None:
        if not self._told_to_go or self._waiting or self.released.done():
            return
        self.released.set_result(None)
        if self._url not in ("", "about:blank") and not self.page.closed:
            self.page.navigations.start(NavigationRequest(url=self._url, replace=True))


class CdpExtension:
    """What serves CDP clients on a worker (`browser.worker.Extension`).

    Args:
        browser: of the worker.
        send: the way out, for notifications and output.
    """

    def __init__(self, browser: Browser, send: Callable[[Notify | Output], None]) -> None:
        self._browser = browser
        self._send = send
        self._pages: dict[str, HeldPage] = {}
        self._sessions: dict[str, Session] = {}
        self._closed = False
        self._calls: dict[str, tuple[msgspec.json.Decoder[Any], Callable[[Any], Awaitable[Any]]]] = {}
        self._declare("cdp.context.new", wire.NewContext, self._new_context)
        self._declare("cdp.context.close", wire.CloseContext, self._close_context)
        self._declare("cdp.context.command", wire.ContextCommand, self._command)
        self._declare("cdp.page.new", wire.NewPage, self._new_page)
        self._declare("cdp.page.go", wire.PageRef, self._go)
        self._declare("cdp.page.close", wire.PageRef, self._close_page)
        self._declare("cdp.worker.go", wire.WorkerRef, self._worker_go)
        self._declare("cdp.worker.close", wire.WorkerRef, self._worker_close)
        self._declare("cdp.session.attach", wire.AttachSession, self._attach)
        self._declare("cdp.session.detach", wire.DetachSession, self._detach)

    def _declare(self, name: str, params: type[P], run: Callable[[P], Awaitable[Any]]) -> None:
        self._calls[name] = (msgspec.json.Decoder(params), run)

    async def call(self, method: str, params: bytes) -> bytes:
        """See `browser.worker.Extension.call`."""
        known = self._calls.get(method)
        if known is None:
            raise InternalError(f"the hub asked for {method}, which does not exist")
        decoder, run = known
        return _ENCODER.encode(await run(decoder.decode(params)))

    # -- contexts ----------------------------------------------------------------------------------------------------------

    async def _new_context(self, params: wire.NewContext) -> None:
        context = self._browser.new_context(params.options, context_id=params.context)
        context.popup_gate = self._popup_opened
        context.shared_workers.on_opened = self._shared_worker_opened
        context.shared_workers.on_closed = self._shared_worker_closed
        context.download_listener = lambda notice: self._notify(context.id, downloads.notice_of(context, notice))

    def _context(self, context_id: str) -> Context:
        context = self._browser.contexts.get(context_id)
        if context is None:
            raise ClosedError("the context was closed")
        return context

    async def _close_context(self, params: wire.CloseContext) -> None:
        context = self._browser.contexts.get(params.context)
        if context is not None:
            await context.close()

    async def _command(self, params: wire.ContextCommand) -> wire.CommandOutcome:
        try:
            result = await context_command(self._context(params.context), params.method, bytes(params.params))
        except CdpError as error:
            return wire.CommandOutcome(code=error.code, message=error.message, data=error.data)
        except SanderlingError as error:
            return wire.CommandOutcome(code=-32000, message=str(error))
        return wire.CommandOutcome(result=dict(result or {}))

    # -- pages -------------------------------------------------------------------------------------------------------------

    def _notify(self, target: str, notice: wire.TargetNotice) -> None:
        if not self._closed:
            self._send(Notify(target, _ENCODER.encode(notice)))

    async def _inspect(self, page: Page, url: str) -> HeldPage:
        def notify(notice: wire.TargetNotice) -> None:
            if isinstance(notice, wire.TargetClosed):
                self._forget(page.id)
            self._notify(page.id, notice)

        inspector = PageInspector(page, notify)
        held = self._pages[page.id] = HeldPage(inspector, url)
        await inspector.begin()
        return held

    async def _new_page(self, params: wire.NewPage) -> None:
        context = self._context(params.context)
        page = await context.new_page(page_id=params.page)
        if params.width and params.height:
            page.set_window_size(params.width, params.height)
        await self._inspect(page, params.url)

    async def _popup_opened(self, page: Page) -> None:
        """A page opened another: it waits for the hub, and for who is attached to it there."""
        held = await self._inspect(page, "")
        opener = page.opener or ""
        self._notify(
            page.id,
            wire.TargetOpened(
                page=page.id,
                context=page.context.id,
                opener=opener,
                opener_frame=frame_id(opener, page.opener_window[1] if page.opener_window else MAIN_FRAME)
                if opener
                else "",
                url=page.main_frame.url,
                name=page.name,
                can_access_opener=page.opener_window is not None,
            ),
        )
        await held.released

    def _shared_worker_opened(self, worker: SharedWebWorker) -> None:
        home = worker.home
        inspector = PageInspector(home, lambda notice: self._notify(home.id, notice))
        self._pages[home.id] = HeldPage(inspector, "")
        self._notify(home.id, wire.HomeOpened(context=home.context.id))
        inspector.workers.opened(worker)

    def _shared_worker_closed(self, worker: SharedWebWorker) -> None:
        held = self._pages.get(worker.home.id)
        if held is not None:
            held.inspector.workers.closed(worker)
            self._forget(worker.home.id)
            self._notify(worker.home.id, wire.TargetClosed())

    async def _go(self, params: wire.PageRef) -> None:
        held = self._pages.get(params.page)
        if held is not None:
            held.go()

    async def _close_page(self, params: wire.PageRef) -> None:
        held = self._pages.get(params.page)
        if held is not None:
            await held.page.close(run_unload=params.run_unload)

    def _forget(self, page_id: str) -> None:
        held = self._pages.pop(page_id, None)
        if held is None:
            return
        for session in tuple(held.inspector.sessions):
            self._sessions.pop(session.id, None)
            session.close(answer=False)
        if not held.released.done():
            held.released.set_result(None)

    # -- sessions ----------------------------------------------------------------------------------------------------------

    async def _attach(self, params: wire.AttachSession) -> None:
        held = self._pages.get(params.page)
        if held is None:
            raise ClosedError("the page was closed")
        session_id = params.session
        if params.worker:
            self._attach_worker(params, held.inspector)
            return
        session = Session(
            session_id,
            held.inspector,
            METHODS,
            lambda data: self._send(Output(session_id, data)) if not self._closed else None,
            lambda: held.release(session_id),
            flat=params.flat,
        )
        held.inspector.sessions.append(session)
        self._sessions[session_id] = session
        if params.waiting:
            held.hold(session_id)

    def _attach_worker(self, params: wire.AttachSession, inspector: PageInspector) -> None:
        target = inspector.workers.find(params.worker)
        if target is None:
            raise ClosedError("the web worker has ended")
        session_id = params.session
        if params.waiting:
            target.hold(session_id)
        shared = target.worker.kind == "shared"
        session = self._sessions[session_id] = WorkerSession(
            session_id,
            target,
            inspector,
            SHARED_WORKER_METHODS if shared else WORKER_METHODS,
            lambda data: self._send(Output(session_id, data)) if not self._closed else None,
            flat=params.flat,
        )
        if shared:
            inspector.sessions.append(session)  # what it has of a page is its own

    async def _worker_go(self, params: wire.WorkerRef) -> None:
        held = self._pages.get(params.page)
        target = None if held is None else held.inspector.workers.find(params.worker)
        if target is not None:
            target.go()

    async def _worker_close(self, params: wire.WorkerRef) -> None:
        held = self._pages.get(params.page)
        target = None if held is None else held.inspector.workers.find(params.worker)
        if target is not None:
            target.worker.agent.close()

    async def _detach(self, params: wire.DetachSession) -> None:
        session = self._sessions.pop(params.session, None)
        if session is not None:
            session.close()

    def message(self, event: ClientMessage) -> None:
        """See `browser.worker.Extension.message`."""
        session = self._sessions.get(event.session_id)
        if session is not None:
            session.receive(event.data)
            return
        try:
            number = read_envelope(event.data).id
        except CdpError:
            return
        # The session ended while the message was on its way; the hub forgets the ids of a session that it has detached.
        error = CdpError("Session with given id not found.", code=SESSION_NOT_FOUND)
        self._send(Output(event.session_id, error_message(number, error, event.session_id)))

    def close(self) -> None:
        """See `browser.worker.Extension.close`."""
        self._closed = True
        for session in tuple(self._sessions.values()):
            session.close()
        self._sessions.clear()


def extend(browser: Browser, send: Callable[[Notify | Output], None]) -> CdpExtension:
    """Make the extension of a worker (`browser.worker.ExtensionMaker`)."""
    return CdpExtension(browser, send)
