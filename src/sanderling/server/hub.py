"""The hub of one browser that clients see: its contexts, targets and sessions, and who lives where.

Everything about targets is answered here, since they outlive any page; messages of page sessions are handed on, unparsed but for their
envelope, to the worker where the page lives. A worker that dies takes its pages along, and no client.

Thread: main.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, Protocol

import msgspec

from sanderling.base.errors import SanderlingError
from sanderling.browser.options import ContextOptions
from sanderling.cdp import wire
from sanderling.cdp.envelope import error_message, event_message
from sanderling.cdp.errors import INVALID_PARAMS, CdpError
from sanderling.network.messages import Notify, Output
from sanderling.server.links import WorkerMaker
from sanderling.server.targets import (
    AutoAttach,
    ContextRecord,
    PageRecord,
    SessionRecord,
    TargetType,
    WorkerRecord,
    matches,
    new_target_id,
)
from sanderling.server.uploads import grant_downloads
from sanderling.server.workers import WorkerSlot

_LOG = logging.getLogger("sanderling.server.hub")

_NOTICE = msgspec.json.Decoder(wire.TargetNotice)
_OUTCOME = msgspec.json.Decoder(wire.CommandOutcome)
_ANSWERED = re.compile(rb'\{"id":(-?\d+)')

CRASHED = "Target crashed"


class HubSettings(Protocol):
    """What a hub is told at the start (`server.options.ServeOptions`)."""

    @property
    def product(self) -> str:
        """``Name/Version``."""

    @property
    def user_agent(self) -> str:
        """What pages say they are."""

    @property
    def context(self) -> ContextOptions:
        """Defaults of every context."""

    @property
    def workers_per_client(self) -> int:
        """Over which contexts are spread."""


class Hub:
    """One browser.

    Args:
        hub_id: in its address, ``/devtools/browser/ID``.
        settings: of the server.
        maker: starts workers.
    """

    def __init__(self, hub_id: str, settings: HubSettings, maker: WorkerMaker) -> None:
        self.id = hub_id
        self.settings = settings
        self.slots = [
            WorkerSlot(maker, self._notified, self._put_out, self._worker_died)
            for _ in range(settings.workers_per_client)
        ]
        self._placed = 0  # contexts so far
        self.default_context = self._place(new_target_id())
        self.contexts: dict[str, ContextRecord] = {self.default_context.id: self.default_context}
        self.pages: dict[str, PageRecord] = {}
        self._tabs: dict[str, PageRecord] = {}  # by the tab's id
        self._making: dict[str, asyncio.Event] = {}  # pages that a worker is making, by id
        self.sessions: dict[str, SessionRecord] = {}  # by id; those of every connection
        self._on_pages: dict[str, SessionRecord] = {}  # sessions that workers know, by id
        self.roots: dict[object, SessionRecord] = {}  # root sessions by connection
        self._tasks: set[asyncio.Task[None]] = set()
        self.on_change: Callable[[], None] = lambda: None  # a connection, page or context went
        self.close_soon: Callable[[], None] = lambda: None  # ends the browser with its connections
        self.closed = False
        # Chromium has one blank page at its start; ours is made when somebody first speaks to it.
        self.remember(PageRecord(self.default_context, new_target_id()))

    # -- contexts ----------------------------------------------------------------------------------------------------------

    def _place(self, context_id: str) -> ContextRecord:
        slot = self.slots[self._placed % len(self.slots)]
        self._placed += 1
        return ContextRecord(context_id, slot)

    async def new_context(self, *, proxy: str = "", owner: object | None = None) -> ContextRecord:
        """Make a context; with an owner it ends with that connection.

        Raises:
            SanderlingError: its worker cannot be started.
        """
        context = self._place(new_target_id())
        if proxy:
            context.options["proxy"] = proxy
        context.owner = owner
        self.contexts[context.id] = context
        try:
            await self.ensure_context(context)
        except BaseException:
            self.contexts.pop(context.id, None)
            raise
        return context

    async def ensure_context(self, context: ContextRecord) -> None:
        """Have the context on its worker: a new worker does not know it.

        Raises:
            SanderlingError: the worker refused, or ended.
        """
        link = await context.slot.ensure()
        if context.made_on is link:
            return
        context.made_on = link
        options = msgspec.structs.replace(self.settings.context, **context.options)
        try:
            await context.slot.ask("cdp.context.new", wire.NewContext(context=context.id, options=options))
            for method, params in tuple(context.settings.items()):
                await self.context_command(context, method, params)
        except BaseException:
            context.made_on = None
            raise

    def find_context(self, context_id: str | None) -> ContextRecord:
        """Give a context, the default one for None or an empty id.

        Raises:
            CdpError: there is none of that id.
        """
        if not context_id:
            return self.default_context
        context = self.contexts.get(context_id)
        if context is None:
            raise CdpError(f"Failed to find browser context with id {context_id}")
        return context

    async def context_command(self, context: ContextRecord, method: str, params: bytes) -> dict[str, Any]:
        """Have a context's worker do something that is about the whole context.

        Raises:
            CdpError: it refused.
            SanderlingError: the worker ended.
        """
        await self.ensure_context(context)
        if context.slot.link is not None and method == "Browser.setDownloadBehavior":
            grant_downloads(context.slot.link.grants, params)
        command = wire.ContextCommand(context=context.id, method=method, params=msgspec.Raw(params))
        outcome = _OUTCOME.decode(await context.slot.ask("cdp.context.command", command))
        if outcome.result is None:
            raise CdpError(outcome.message, code=outcome.code, data=outcome.data)
        return outcome.result

    async def dispose_context(self, context: ContextRecord) -> None:
        """End a context with its pages; their sessions are told first."""
        for page in tuple(context.pages.values()):
            if not page.made:
                self.page_gone(page)
        if context.made_on is not None and context.made_on is context.slot.link:
            try:
                await context.slot.ask("cdp.context.close", wire.CloseContext(context=context.id))
            except SanderlingError as error:
                _LOG.debug("context %s: %s", context.id, error)
        for page in tuple(context.pages.values()):
            self.page_gone(page)
        self.contexts.pop(context.id, None)
        self.on_change()

    # -- pages -------------------------------------------------------------------------------------------------------------

    def remember(self, page: PageRecord) -> None:
        """A page is there, or will be when somebody speaks to it."""
        self.pages[page.id] = page
        self._tabs[page.tab_id] = page
        page.context.pages[page.id] = page

    def find_target(self, target_id: str) -> tuple[PageRecord, TargetType]:
        """Give the page of a target id, and whether the id is its own or its tab's.

        Raises:
            CdpError: there is no such target.
        """
        page = self.pages.get(target_id)
        if page is not None:
            return page, "page"
        page = self._tabs.get(target_id)
        if page is not None:
            return page, "tab"
        raise CdpError("No target with given id found", code=INVALID_PARAMS)

    async def ensure_page(self, page: PageRecord) -> None:
        """Have the page on its worker.

        Raises:
            SanderlingError: it cannot be made, or its engine has ended.
        """
        if page.made or page.crashed:
            return
        await self.ensure_context(page.context)
        if page.id in self._making:
            await self._making[page.id].wait()
            return
        made = self._making[page.id] = asyncio.Event()
        new = wire.NewPage(context=page.context.id, page=page.id, url=page.url, width=page.size[0], height=page.size[1])
        try:
            await page.context.slot.ask("cdp.page.new", new)
            page.made = True
        finally:
            self._making.pop(page.id, None)
            made.set()

    async def new_page(self, context: ContextRecord, url: str, size: tuple[int, int] = (0, 0)) -> PageRecord:
        """Open a page; whoever wants to be attached to it is attached when this returns, and then it loads `url`.

        Raises:
            SanderlingError: it cannot be made.
        """
        page = PageRecord(context, new_target_id(), url or "about:blank")
        page.size = size
        await self.ensure_page(page)
        self.remember(page)
        await self._welcome(page)
        return page

    async def _welcome(self, page: PageRecord) -> None:
        """Tell of a new page and attach those who wait for such."""
        for session in self.everyone():
            if session.discover is not None and matches(session.discover, "tab"):
                self.event(session, "Target.targetCreated", {"targetInfo": page.info("tab")})
        for session in self._browser_sessions():
            auto = session.auto_attach
            if auto is not None and matches(auto.filter, "tab"):
                self.attach_tab(session, page, auto=True, waiting=auto.wait)
        for session in self.everyone():
            if session.discover is not None and matches(session.discover, "page"):
                self.event(session, "Target.targetCreated", {"targetInfo": page.info("page")})
        for session in self._browser_sessions():
            auto = session.auto_attach
            if auto is not None and matches(auto.filter, "page"):
                await self.attach_page(session, page, auto=True, waiting=auto.wait, flat=auto.flatten)

    def go(self, page: PageRecord) -> None:
        """Let a page load, once nobody who is attached to its tab holds it."""
        if page.made and not page.went and not page.holding and page.id in self.pages:
            page.went = True
            page.context.slot.tell("cdp.page.go", wire.PageRef(page=page.id))

    def close_page(self, page: PageRecord) -> None:
        """Close a page without `beforeunload`; sessions are told when it is done."""
        if page.closing:
            return
        page.closing = True
        if page.made and not page.crashed:
            page.context.slot.tell("cdp.page.close", wire.PageRef(page=page.id))
        else:
            asyncio.get_running_loop().call_soon(self.page_gone, page)

    def page_gone(self, page: PageRecord) -> None:
        """A page ended: its sessions end, in Chromium's order, and whoever watches is told."""
        if self.pages.pop(page.id, None) is None:
            return
        self._tabs.pop(page.tab_id, None)
        page.context.pages.pop(page.id, None)
        for session in tuple(page.sessions.values()):
            self.event(session, "Inspector.detached", {"reason": "target_closed"})
            self.end_session(session, tell=True)
        self._destroyed(page.id, "page")
        for session in tuple(page.tab_sessions.values()):
            self.end_session(session, tell=True)
        self._destroyed(page.tab_id, "tab")
        self.on_change()

    def _destroyed(self, target_id: str, kind: TargetType) -> None:
        for session in self.everyone():
            if session.discover is not None and matches(session.discover, kind):
                self.event(session, "Target.targetDestroyed", {"targetId": target_id})

    def changed(self, page: PageRecord) -> None:
        """Tell of a page's new URL, title or attachment."""
        for kind in ("tab", "page"):
            info = page.info(kind)
            for session in self.everyone():
                if session.discover is not None and matches(session.discover, kind):
                    self.event(session, "Target.targetInfoChanged", {"targetInfo": info})

    # -- sessions ----------------------------------------------------------------------------------------------------------

    def everyone(self) -> Iterator[SessionRecord]:
        """Go over all sessions, root ones included."""
        yield from tuple(self.roots.values())
        yield from tuple(self.sessions.values())

    def _browser_sessions(self) -> list[SessionRecord]:
        return [session for session in self.everyone() if session.kind == "browser"]

    def event(self, session: SessionRecord, method: str, params: dict[str, Any]) -> None:
        """Send an event of the hub's on a session."""
        if not session.closed:
            session.send(event_message(method, params, session.wire_id))

    def _new_session(
        self, parent: SessionRecord, kind: TargetType, page: PageRecord | None, *, flat: bool
    ) -> SessionRecord:
        session_id = new_target_id()
        if flat:
            # Below a wrapped session messages go the way of that one.
            session = SessionRecord(session_id, kind, parent.send, parent=parent, page=page, wire_id=session_id)
        else:

            def wrapped(data: bytes) -> None:
                params = {"sessionId": session_id, "message": data.decode(), "targetId": self._target_of(session)}
                self.event(parent, "Target.receivedMessageFromTarget", params)

            session = SessionRecord(session_id, kind, wrapped, parent=parent, page=page)
        self.sessions[session_id] = session
        parent.children[session_id] = session
        return session

    def attach_browser(self, parent: SessionRecord) -> SessionRecord:
        """Attach a session to the browser itself."""
        session = self._new_session(parent, "browser", None, flat=True)
        info = {
            "targetId": self.id,
            "type": "browser",
            "title": "",
            "url": "",
            "attached": True,
            "canAccessOpener": False,
        }
        self._tell_attached(parent, session, info, waiting=False)
        return session

    def attach_tab(
        self, parent: SessionRecord, page: PageRecord, *, auto: bool = False, waiting: bool = False, flat: bool = True
    ) -> SessionRecord:
        """Attach a session to a page's tab; a waiting one holds the page."""
        session = self._new_session(parent, "tab", page, flat=flat)
        session.auto_attached = auto
        page.tab_sessions[session.id] = session
        waiting = waiting and not page.went and not page.crashed
        if waiting:
            page.holding.add(session.id)
        self._tell_attached(parent, session, page.info("tab"), waiting=waiting)
        return session

    async def attach_page(
        self, parent: SessionRecord, page: PageRecord, *, auto: bool = False, waiting: bool = False, flat: bool = True
    ) -> SessionRecord:
        """Attach a session to a page.

        Raises:
            SanderlingError: the page cannot be made.
        """
        session = self._new_session(parent, "page", page, flat=flat)
        session.auto_attached = auto
        self._on_pages[session.id] = session
        page.sessions[session.id] = session
        waiting = waiting and not page.went and not page.crashed
        try:
            await self._attach(session, page, waiting=waiting, flat=flat)
        except BaseException:
            self.end_session(session, tell=False)
            raise
        self._tell_attached(parent, session, page.info("page"), waiting=waiting)
        self.changed(page)
        return session

    async def _attach(self, session: SessionRecord, page: PageRecord, *, waiting: bool, flat: bool) -> None:
        if page.crashed:
            session.early = None
            return
        await self.ensure_page(page)
        await page.context.slot.ask(
            "cdp.session.attach", wire.AttachSession(session=session.id, page=page.id, waiting=waiting, flat=flat)
        )
        early, session.early = session.early or [], None
        for data in early:
            self._hand_on(session, data)

    def _tell_attached(
        self, parent: SessionRecord, session: SessionRecord, info: dict[str, Any], *, waiting: bool
    ) -> None:
        self.event(
            parent,
            "Target.attachedToTarget",
            {"sessionId": session.id, "targetInfo": info, "waitingForDebugger": waiting},
        )

    # -- web workers -------------------------------------------------------------------------------------------------------

    async def attach_worker(self, parent: SessionRecord, worker: WorkerRecord, auto: AutoAttach) -> None:
        """Attach a session to a web worker, as its parent's auto-attach says; nothing where it has one.

        Raises:
            SanderlingError: it has ended.
        """
        if any(child.worker is worker for child in parent.children.values()):
            return
        page = worker.page
        session = self._new_session(parent, "worker", page, flat=auto.flatten)
        session.worker = worker
        session.auto_attached = True
        self._on_pages[session.id] = session
        worker.sessions[session.id] = session
        waiting = auto.wait and not worker.went
        attach = wire.AttachSession(
            session=session.id, page=page.id, worker=worker.id, waiting=waiting, flat=auto.flatten
        )
        try:
            await page.context.slot.ask("cdp.session.attach", attach)
        except BaseException:
            self.end_session(session, tell=False)
            raise
        self._tell_attached(parent, session, worker.info(), waiting=waiting)
        early, session.early = session.early or [], None
        for data in early:
            self._hand_on(session, data)

    def workers_of(self, session: SessionRecord) -> list[WorkerRecord]:
        """Give the web workers that a session's auto-attach is about: of a page's documents, or nested in a web worker."""
        page = session.page
        if page is None or session.kind not in ("page", "worker"):
            return []
        parent = "" if session.worker is None else session.worker.id
        return [worker for worker in page.workers.values() if worker.parent == parent]

    async def _worker_opened(self, worker: WorkerRecord) -> None:
        page = worker.page
        above = page.workers.get(worker.parent)
        watchers = page.sessions if above is None else above.sessions
        try:
            for session in tuple(watchers.values()):
                auto = session.auto_attach
                if auto is not None and matches(auto.filter, "worker") and not session.closed:
                    await self.attach_worker(session, worker, auto)
        finally:
            worker.went = True
            page.context.slot.tell("cdp.worker.go", wire.WorkerRef(page=page.id, worker=worker.id))

    def _worker_closed(self, worker: WorkerRecord) -> None:
        worker.page.workers.pop(worker.id, None)
        for session in tuple(worker.sessions.values()):
            self.end_session(session, tell=True)

    def open_page_root(self, connection: object, page: PageRecord, send: Callable[[bytes], None]) -> SessionRecord:
        """Attach a connection's root session straight to a page; messages may come at once."""
        session = SessionRecord(new_target_id(), "page", send, parent=None, page=page)
        self.roots[connection] = session
        self._on_pages[session.id] = session
        page.sessions[session.id] = session
        self.spawn(self._attach_root(session, page))
        return session

    async def _attach_root(self, session: SessionRecord, page: PageRecord) -> None:
        await self._attach(session, page, waiting=False, flat=False)
        self.go(page)
        self.changed(page)

    def open_browser_root(self, connection: object, send: Callable[[bytes], None]) -> SessionRecord:
        """Give a connection its root session."""
        session = SessionRecord("", "browser", send, parent=None)
        session.early = None
        self.roots[connection] = session
        return session

    def release_tab(self, session: SessionRecord) -> None:
        """A session of a tab lets its page run."""
        page = session.page
        if page is not None and session.id in page.holding:
            page.holding.discard(session.id)
            self.go(page)

    def end_session(self, session: SessionRecord, *, tell: bool) -> None:
        """End a session with those below it; `tell` says so to its parent."""
        if session.closed:
            return
        for child in tuple(session.children.values()):
            self.end_session(child, tell=False)
        session.closed = True
        self.sessions.pop(session.id, None)
        self._on_pages.pop(session.id, None)
        page = session.page
        if page is not None:
            page.sessions.pop(session.id, None)
            page.tab_sessions.pop(session.id, None)
            if session.worker is not None:
                session.worker.sessions.pop(session.id, None)
            self.release_tab(session)
            if session.kind in ("page", "worker") and page.made and not page.crashed:
                page.context.slot.tell("cdp.session.detach", wire.DetachSession(session=session.id))
        parent = session.parent
        if parent is not None:
            parent.children.pop(session.id, None)
            if tell:
                target = self._target_of(session)
                self.event(parent, "Target.detachedFromTarget", {"sessionId": session.id, "targetId": target})
        # Clients that know of the end take no more answers; told before it, they would take these for a navigation.
        self.fail_pending(session, "Inspected target navigated or closed")
        if parent is not None and page is not None and session.kind != "worker" and page.id in self.pages:
            self.changed(page)

    def _target_of(self, session: SessionRecord) -> str:
        if session.page is None:
            return self.id
        if session.worker is not None:
            return session.worker.id
        return session.page.id if session.kind == "page" else session.page.tab_id

    def fail_pending(self, session: SessionRecord, text: str) -> None:
        """Answer what the worker will not answer any more."""
        pending, session.pending = tuple(session.pending), {}
        for number in pending:
            session.send(error_message(number, CdpError(text), session.wire_id))

    def forget_connection(self, connection: object) -> None:
        """A client left: its sessions end, and the contexts that were to end with it."""
        root = self.roots.pop(connection, None)
        if root is not None:
            root.send = lambda data: None
            self.end_session(root, tell=False)
        for context in tuple(self.contexts.values()):
            if context.owner is connection and context is not self.default_context:
                self.spawn(self.dispose_context(context))
        self.on_change()

    # -- messages to and from workers --------------------------------------------------------------------------------------

    def to_page(self, session: SessionRecord, number: int, data: bytes) -> None:
        """Hand a message of a page session on to its worker.

        Raises:
            CdpError: the page is gone.
        """
        page = session.page
        if page is None or page.crashed:
            raise CdpError(CRASHED)
        session.pending[number] = None
        if session.early is not None:
            session.early.append(data)
        else:
            self._hand_on(session, data)

    def _hand_on(self, session: SessionRecord, data: bytes) -> None:
        page = session.page
        link = None if page is None else page.context.slot.link
        if link is not None:
            link.message(session.id, data)

    def _put_out(self, output: Output) -> None:
        session = self._on_pages.get(output.session_id)
        if session is None:
            return  # it ended while this was on its way
        answered = _ANSWERED.match(output.data)
        if answered is not None and session.pending.pop(int(answered.group(1)), session) is session:
            return  # it was answered already, when its session or page ended
        session.send(output.data)

    def _notified(self, notify: Notify) -> None:
        notice = _NOTICE.decode(notify.body)
        if isinstance(notice, wire.TargetOpened):
            self.spawn(self._popup(notice))
            return
        if isinstance(notice, wire.DownloadBegan | wire.DownloadProgress):
            self._download(notice)
            return
        page = self.pages.get(notify.target)
        if page is None:
            return
        if isinstance(notice, wire.WorkerOpened):
            worker = page.workers[notice.worker] = WorkerRecord(
                page, notice.worker, parent=notice.parent, frame=notice.frame, url=notice.url, name=notice.name
            )
            self.spawn(self._worker_opened(worker))
        elif isinstance(notice, wire.WorkerClosed):
            if notice.worker in page.workers:
                self._worker_closed(page.workers[notice.worker])
        elif isinstance(notice, wire.TargetChanged):
            page.url, page.title = notice.url, notice.title
            self.changed(page)
        elif isinstance(notice, wire.TargetClosed):
            self.page_gone(page)
        else:
            page.crashed = notice.reason
            self._tell_crashed(page)

    async def _popup(self, notice: wire.TargetOpened) -> None:
        context = self.contexts.get(notice.context)
        if context is None:
            return
        page = PageRecord(context, notice.page, notice.url)
        page.opener, page.opener_frame = notice.opener, notice.opener_frame
        page.can_access_opener = notice.can_access_opener
        page.made = True
        self.remember(page)
        await self._welcome(page)
        self.go(page)

    def _download(self, notice: wire.DownloadBegan | wire.DownloadProgress) -> None:
        if isinstance(notice, wire.DownloadBegan):
            event = "Browser.downloadWillBegin"
            params: dict[str, Any] = {
                "frameId": notice.frame,
                "guid": notice.guid,
                "url": notice.url,
                "suggestedFilename": notice.suggested_filename,
            }
        else:
            event = "Browser.downloadProgress"
            params = {
                "guid": notice.guid,
                "totalBytes": notice.total_bytes,
                "receivedBytes": notice.received_bytes,
                "state": notice.state,
            }
            if notice.path:
                params["filePath"] = notice.path
        for session in self._browser_sessions():
            if notice.context in session.downloads:
                self.event(session, event, params)

    def _worker_died(self, slot: WorkerSlot, reason: str) -> None:
        """Its pages are gone, and everything that waited for them is answered; contexts are made again when they are needed."""
        for context in self.contexts.values():
            if context.slot is not slot:
                continue
            context.made_on = None
            for page in tuple(context.pages.values()):
                if page.made and not page.crashed:
                    page.crashed = reason
                    for session in tuple(page.sessions.values()):
                        self.event(session, "Inspector.targetCrashed", {})
                        self.fail_pending(session, f"{CRASHED}: {reason}")
                    self._tell_crashed(page)

    def _tell_crashed(self, page: PageRecord) -> None:
        for session in self.everyone():
            if session.discover is not None and matches(session.discover, "page"):
                params = {"targetId": page.id, "status": page.crashed, "errorCode": 0}
                self.event(session, "Target.targetCrashed", params)

    # -- life --------------------------------------------------------------------------------------------------------------

    @property
    def has_something(self) -> bool:
        """Whether anything is in it that its last client left behind: contexts, or a page beside the first blank one."""
        made = [page for page in self.pages.values() if page.went and page.url != "about:blank"]
        return len(self.contexts) > 1 or len(self.pages) > 1 or bool(made)

    def spawn(self, work: Coroutine[Any, Any, object]) -> None:
        """Do something of the browser's own; what goes wrong with it is logged."""

        async def run() -> None:
            try:
                await work
            except (SanderlingError, CdpError) as error:
                _LOG.info("%s", error)

        task = asyncio.get_running_loop().create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """End the browser with its workers. Idempotent; connections are its caller's."""
        if self.closed:
            return
        self.closed = True
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*(slot.close() for slot in self.slots))
