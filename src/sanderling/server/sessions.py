"""The sessions of a hub: attached to targets, nested in each other, and the messages that go through them.

Thread: main.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from sanderling.base.errors import ClosedError
from sanderling.base.pattern import late_pattern
from sanderling.cdp import wire
from sanderling.cdp.envelope import error_message, event_message
from sanderling.cdp.errors import CdpError
from sanderling.network.messages import Output
from sanderling.server.targets import (
    ON_WORKERS,
    PageRecord,
    SessionRecord,
    TargetType,
    WorkerRecord,
    matches,
    new_target_id,
)

if TYPE_CHECKING:
    from sanderling.server.hub import Hub

_ANSWERED = late_pattern(rb'\{"id":(-?\d+)')

CRASHED = "Target crashed"


class Sessions:
    """The sessions of one hub, those of every connection."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._children: dict[str, SessionRecord] = {}  # by id: all but the root ones
        self._on_pages: dict[str, SessionRecord] = {}  # sessions that workers know, by id
        self._roots: dict[object, SessionRecord] = {}  # root sessions by connection

    def find(self, session_id: str) -> SessionRecord | None:
        """Give a session that is no root one."""
        return self._children.get(session_id)

    def everyone(self) -> Iterator[SessionRecord]:
        """Go over all sessions, root ones included."""
        yield from tuple(self._roots.values())
        yield from tuple(self._children.values())

    def of_browser(self) -> list[SessionRecord]:
        """Give the sessions on the browser itself."""
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
        self._children[session_id] = session
        parent.children[session_id] = session
        return session

    def attach_browser(self, parent: SessionRecord) -> SessionRecord:
        """Attach a session to the browser itself."""
        session = self._new_session(parent, "browser", None, flat=True)
        info = {
            "targetId": self._hub.id,
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
        if len(page.tab_sessions) == 1:
            self._hub.changed(page, "tab")
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
            if session.closed:
                raise ClosedError("the session ended while it was attached")
        except BaseException:
            self.end(session, tell=False)
            raise
        if len(page.sessions) == 1:
            self._hub.changed(page)
        self._tell_attached(parent, session, page.info("page"), waiting=waiting)
        return session

    async def _attach(self, session: SessionRecord, page: PageRecord, *, waiting: bool, flat: bool) -> None:
        if page.crashed:
            session.early = None
            return
        await self._hub.ensure_page(page)
        if session.closed:  # its worker has been told nothing of it yet, and would never hear of its end
            raise ClosedError("the session ended while its page was made")
        await page.context.slot.ask(
            "cdp.session.attach", wire.AttachSession(session=session.id, page=page.id, waiting=waiting, flat=flat)
        )
        self._hand_on_early(session)

    def _tell_attached(
        self, parent: SessionRecord, session: SessionRecord, info: dict[str, Any], *, waiting: bool
    ) -> None:
        self.event(
            parent,
            "Target.attachedToTarget",
            {"sessionId": session.id, "targetInfo": info, "waitingForDebugger": waiting},
        )

    def open_page_root(self, connection: object, page: PageRecord, send: Callable[[bytes], None]) -> SessionRecord:
        """Attach a connection's root session straight to a page; messages may come at once."""
        session = SessionRecord(new_target_id(), "page", send, parent=None, page=page)
        self._roots[connection] = session
        self._on_pages[session.id] = session
        page.sessions[session.id] = session
        self._hub.spawn(self._attach_root(session, page))
        return session

    async def _attach_root(self, session: SessionRecord, page: PageRecord) -> None:
        await self._attach(session, page, waiting=False, flat=False)
        self._hub.go(page)
        self._hub.changed(page)

    def open_browser_root(self, connection: object, send: Callable[[bytes], None]) -> SessionRecord:
        """Give a connection its root session."""
        session = SessionRecord("", "browser", send, parent=None)
        session.early = None
        self._roots[connection] = session
        return session

    def release_tab(self, session: SessionRecord) -> None:
        """A session of a tab lets its page run."""
        page = session.page
        if page is not None and session.id in page.holding:
            page.holding.discard(session.id)
            self._hub.go(page)

    def end(self, session: SessionRecord, *, tell: bool) -> None:
        """End a session with those below it; `tell` says so to its parent."""
        if session.closed:
            return
        for child in tuple(session.children.values()):
            self.end(child, tell=False)
        session.closed = True
        self._hub.session_ended(session)
        for hidden in tuple(self._hub.pages.values()):
            if hidden.hidden_by is session:
                self._hub.close_page(hidden)
        self._children.pop(session.id, None)
        self._on_pages.pop(session.id, None)
        page = session.page
        if page is not None:
            page.sessions.pop(session.id, None)
            page.tab_sessions.pop(session.id, None)
            if session.worker is not None:
                session.worker.sessions.pop(session.id, None)
            self.release_tab(session)
            if session.kind in ON_WORKERS and page.made and not page.crashed:
                page.context.slot.tell("cdp.session.detach", wire.DetachSession(session=session.id))
        parent = session.parent
        if parent is not None:
            parent.children.pop(session.id, None)
            if tell:
                target = self._target_of(session)
                self.event(parent, "Target.detachedFromTarget", {"sessionId": session.id, "targetId": target})
        # Clients that know of the end take no more answers; told before it, they would take these for a navigation.
        self.fail_pending(session, "Inspected target navigated or closed")
        if parent is not None and page is not None and session.worker is None and page.id in self._hub.pages:
            left = page.tab_sessions if session.kind == "tab" else page.sessions
            if not left:
                self._hub.changed(page, session.kind)
        if session.worker is not None and session.worker.id in session.worker.page.workers:
            self.tell_of_worker(session.worker, "Target.targetInfoChanged")

    def _target_of(self, session: SessionRecord) -> str:
        if session.page is None:
            return self._hub.id
        if session.worker is not None:
            return session.worker.id
        return session.page.id if session.kind == "page" else session.page.tab_id

    def fail_pending(self, session: SessionRecord, text: str) -> None:
        """Answer what the worker will not answer any more."""
        pending, session.pending = tuple(session.pending), {}
        for number in pending:
            session.send(error_message(number, CdpError(text), session.wire_id))

    # -- web workers -------------------------------------------------------------------------------------------------------

    def tell_of_worker(self, worker: WorkerRecord, event: str) -> None:
        """Tell of a web worker's beginning, end or attachment."""
        for session in self.everyone():
            if session.discover is not None and matches(session.discover, worker.kind):
                gone = event == "Target.targetDestroyed"
                self.event(session, event, {"targetId": worker.id} if gone else {"targetInfo": worker.info()})

    async def attach_worker(
        self,
        parent: SessionRecord,
        worker: WorkerRecord,
        *,
        auto: bool = False,
        waiting: bool = False,
        flat: bool = True,
    ) -> SessionRecord | None:
        """Attach a session to a web worker; none by itself where it has one.

        Raises:
            SanderlingError: it has ended.
        """
        if auto and any(child.worker is worker for child in parent.children.values()):
            return None
        page = worker.page
        session = self._new_session(parent, worker.kind, page, flat=flat)
        session.worker = worker
        session.auto_attached = auto
        self._on_pages[session.id] = session
        worker.sessions[session.id] = session
        waiting = waiting and not worker.went
        await self._attach_to_worker(session, worker, waiting=waiting, flat=flat)
        self._tell_attached(parent, session, worker.info(), waiting=waiting)
        self._hand_on_early(session)
        self.tell_of_worker(worker, "Target.targetInfoChanged")
        return session

    async def _attach_to_worker(
        self, session: SessionRecord, worker: WorkerRecord, *, waiting: bool, flat: bool
    ) -> None:
        page = worker.page
        attach = wire.AttachSession(session=session.id, page=page.id, worker=worker.id, waiting=waiting, flat=flat)
        try:
            await page.context.slot.ask("cdp.session.attach", attach)
        except BaseException:
            self.end(session, tell=False)
            raise

    def open_worker_root(
        self, connection: object, worker: WorkerRecord, send: Callable[[bytes], None]
    ) -> SessionRecord:
        """Attach a connection's root session straight to a web worker; messages may come at once."""
        session = SessionRecord(new_target_id(), worker.kind, send, parent=None, page=worker.page)
        session.worker = worker
        self._roots[connection] = session
        self._on_pages[session.id] = session
        worker.sessions[session.id] = session
        self._hub.spawn(self._attach_worker_root(session, worker))
        return session

    async def _attach_worker_root(self, session: SessionRecord, worker: WorkerRecord) -> None:
        await self._attach_to_worker(session, worker, waiting=False, flat=False)
        self._hand_on_early(session)
        self.tell_of_worker(worker, "Target.targetInfoChanged")

    def _hand_on_early(self, session: SessionRecord) -> None:
        early, session.early = session.early or [], None
        for data in early:
            self._hand_on(session, data)

    def workers_of(self, session: SessionRecord) -> list[WorkerRecord]:
        """Give the web workers that a session's auto-attach is about.

        Those of a page's documents, those nested in a web worker, and on the browser the shared ones.
        """
        page = session.page
        if session.kind == "browser":
            homes = [home for context in self._hub.contexts.values() for home in context.homes.values()]
            return [worker for home in homes for worker in home.workers.values() if worker.kind == "shared_worker"]
        if page is None or session.kind not in ON_WORKERS:
            return []
        parent = "" if session.worker is None else session.worker.id
        return [worker for worker in page.workers.values() if worker.parent == parent]

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

    def put_out(self, output: Output) -> None:
        """Hand on what a worker says on a session."""
        session = self._on_pages.get(output.session_id)
        if session is None:
            return  # it ended while this was on its way
        answered = _ANSWERED.match(output.data)
        if answered is not None and session.pending.pop(int(answered.group(1)), session) is session:
            return  # it was answered already, when its session or page ended
        session.send(output.data)

    def forget_root(self, connection: object) -> None:
        """A client left: its sessions end."""
        root = self._roots.pop(connection, None)
        if root is not None:
            root.send = lambda data: None
            self.end(root, tell=False)
