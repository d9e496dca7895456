"""The hub of one browser that clients see: its contexts and pages, and who lives where.

Everything about targets is answered here, since they outlive any page; messages of page sessions are handed on, unparsed but for their
envelope, to the worker where the page lives. A worker that dies takes its pages along, and no client.

Thread: main.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

import msgspec

from sanderling.base.errors import ClosedError, SanderlingError
from sanderling.browser.options import ContextOptions
from sanderling.cdp import wire
from sanderling.cdp.domains import check_standing
from sanderling.cdp.domains.security import IGNORE_ERRORS
from sanderling.cdp.errors import INVALID_PARAMS, CdpError
from sanderling.server.links import WorkerMaker
from sanderling.server.notices import Notices
from sanderling.server.recordings import Recordings
from sanderling.server.sessions import Sessions
from sanderling.server.targets import (
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

PAGE_SOCKET_GRACE_S = 0.02
"""How long a page outlives the command that closes it while a client has a socket of the page's own. Such clients wait for the answer in one thread and
learn of the end in another: where both come at once, DrissionPage takes the end for a failure of the command. Chromium's pages live about as long."""

_LOG = logging.getLogger("sanderling.server.hub")

_IGNORING = {True: b'{"ignore":true}', False: b'{"ignore":false}'}

_OUTCOME = msgspec.json.Decoder(wire.CommandOutcome)


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
        recordings: of contexts, if they are recorded.
    """

    def __init__(
        self, hub_id: str, settings: HubSettings, maker: WorkerMaker, recordings: Recordings | None = None
    ) -> None:
        self._recordings = recordings
        self.id = hub_id
        self.settings = settings
        self.sessions = Sessions(self)  # those of every connection
        notices = Notices(self)
        self.slots = [
            WorkerSlot(maker, notices.take, self.sessions.put_out, notices.worker_died)
            for _ in range(settings.workers_per_client)
        ]
        self._placed = 0  # contexts so far
        self._lax: set[SessionRecord] = set()  # those to which no error of a certificate counts
        self.default_context = self._place(new_target_id())
        self.contexts: dict[str, ContextRecord] = {self.default_context.id: self.default_context}
        self.pages: dict[str, PageRecord] = {}
        self._tabs: dict[str, PageRecord] = {}  # by the tab's id
        self._making: dict[
            str, asyncio.Future[bool]
        ] = {}  # whether they could be made: pages that a worker is making, by id
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
        context = ContextRecord(context_id, slot)
        if self._lax:
            context.stand(IGNORE_ERRORS, _IGNORING[True])
        return context

    async def new_context(
        self, *, proxy: str = "", proxy_bypass: str = "", owner: object | None = None
    ) -> ContextRecord:
        """Make a context; with an owner it ends with that connection.

        Raises:
            SanderlingError: its worker cannot be started.
        """
        context = self._place(new_target_id())
        if proxy:
            context.options["proxy"] = proxy
            context.options["proxy_bypass"] = proxy_bypass
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
        async with context.making:  # who comes second waits for all of it
            link = await context.slot.ensure()
            if context.made_on is link:
                return
            context.made_on = link
            options = msgspec.structs.replace(self.settings.context, **context.options)
            if self._recordings is not None:
                options = msgspec.structs.replace(options, har_journal=self._recordings.journal(context.id))
            try:
                await context.slot.ask("cdp.context.new", wire.NewContext(context=context.id, options=options))
                for method, params in tuple(context.standing):
                    await self._command(context, method, params)
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
        return await self._command(context, method, params)

    async def standing_command(self, context: ContextRecord, method: str, params: bytes) -> dict[str, Any]:
        """Set something on a context that holds for its life, also on a worker that replaces a dead one.

        Raises:
            CdpError: its worker refused, or will.
            SanderlingError: the worker ended.
        """
        if context.made_on is not None and context.made_on is context.slot.link:
            outcome = await self.context_command(context, method, params)
            context.stand(method, params)
            return outcome
        # Nobody uses the context yet: it is told when it is made.
        check_standing(method, params)
        context.stand(method, params)
        return {}

    async def ignore_certificates(self, session: SessionRecord, *, ignore: bool) -> None:
        """A session wants certificate errors to count, or not to, in all contexts; one that does not want them is enough."""
        before = bool(self._lax)
        if ignore:
            self._lax.add(session)
        else:
            self._lax.discard(session)
        if bool(self._lax) == before:
            return
        for context in tuple(self.contexts.values()):
            params = _IGNORING[bool(self._lax)]
            context.stand(IGNORE_ERRORS, params)
            try:
                await self.standing_command(context, IGNORE_ERRORS, params)
            except (CdpError, SanderlingError) as error:
                # The context, or its worker, ends meanwhile. A new worker is told, and so are the other contexts.
                _LOG.debug("context %s: %s", context.id, error)

    def session_ended(self, session: SessionRecord) -> None:
        """What a session set for the whole browser ends with it."""
        if session in self._lax and not self.closed:
            self.spawn(self.ignore_certificates(session, ignore=False))

    async def _command(self, context: ContextRecord, method: str, params: bytes) -> dict[str, Any]:
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
        await self._record(context)
        self.on_change()

    async def _record(self, context: ContextRecord) -> None:
        """Nothing of a context is left on its worker: have its recording written."""
        if self._recordings is not None:
            await asyncio.to_thread(self._recordings.finish, context.id)

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

    def home(self, home_id: str) -> PageRecord | None:
        """Give what a shared web worker has of a page."""
        return next((one.homes[home_id] for one in self.contexts.values() if home_id in one.homes), None)

    def web_workers(self) -> list[WorkerRecord]:
        """Give the web workers of all pages, and the shared ones with those nested in them."""
        homes = [home for context in self.contexts.values() for home in context.homes.values()]
        return [worker for page in (*self.pages.values(), *homes) for worker in page.workers.values()]

    def close_worker(self, worker: WorkerRecord) -> bool:
        """End a shared web worker; as in Chromium, dedicated ones end with their documents, and are left alone."""
        if worker.kind != "shared_worker":
            return False
        worker.page.context.slot.tell("cdp.worker.close", wire.WorkerRef(page=worker.page.id, worker=worker.id))
        return True

    def find_worker(self, target_id: str) -> WorkerRecord | None:
        """Give the web worker of a target id."""
        return next((worker for worker in self.web_workers() if worker.id == target_id), None)

    async def ensure_page(self, page: PageRecord) -> None:
        """Have the page on its worker.

        Raises:
            SanderlingError: it cannot be made, or its engine has ended.
        """
        if page.made or page.crashed:
            return
        await self.ensure_context(page.context)
        if page.id in self._making:
            if not await asyncio.shield(self._making[page.id]):
                raise ClosedError("the page could not be made")
            return
        made = self._making[page.id] = asyncio.get_running_loop().create_future()
        new = wire.NewPage(context=page.context.id, page=page.id, url=page.url, width=page.size[0], height=page.size[1])
        try:
            await page.context.slot.ask("cdp.page.new", new)
            page.made = True
        finally:
            self._making.pop(page.id, None)
            made.set_result(page.made)

    async def new_page(
        self,
        context: ContextRecord,
        url: str,
        size: tuple[int, int] = (0, 0),
        *,
        hidden_by: SessionRecord | None = None,
    ) -> PageRecord:
        """Open a page; whoever wants to be attached to it is attached when this returns, and then it loads `url`.

        Args:
            context: where.
            url: what it loads.
            size: of its window, in CSS pixels; zeros for the default.
            hidden_by: it is not listed for people, and ends with this session.

        Raises:
            SanderlingError: it cannot be made.
        """
        page = PageRecord(context, new_target_id(), url or "about:blank")
        page.size = size
        page.hidden_by = hidden_by
        if all(size):
            page.window.width, page.window.height = size
        await self.ensure_page(page)
        if hidden_by is not None and hidden_by.closed:  # it would never end
            context.slot.tell("cdp.page.close", wire.PageRef(page=page.id))
            raise ClosedError("the session of a hidden page ended while that was made")
        self.remember(page)
        await self.welcome(page)
        return page

    async def welcome(self, page: PageRecord) -> None:
        """Tell of a new page and attach those who wait for such."""
        for session in self.sessions.everyone():
            if session.discover is not None and matches(session.discover, "tab"):
                self.sessions.event(session, "Target.targetCreated", {"targetInfo": page.info("tab")})
        for session in self.sessions.of_browser():
            auto = session.auto_attach
            if auto is not None and matches(auto.filter, "tab"):
                self.sessions.attach_tab(session, page, auto=True, waiting=auto.wait)
        for session in self.sessions.everyone():
            if session.discover is not None and matches(session.discover, "page"):
                self.sessions.event(session, "Target.targetCreated", {"targetInfo": page.info("page")})
        for session in self.sessions.of_browser():
            auto = session.auto_attach
            if auto is not None and matches(auto.filter, "page"):
                await self.sessions.attach_page(session, page, auto=True, waiting=auto.wait, flat=auto.flatten)

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
        loop = asyncio.get_running_loop()
        if any(session.parent is None for session in page.sessions.values()):
            loop.call_later(PAGE_SOCKET_GRACE_S, self._end_page, page)
        else:
            self._end_page(page)

    def _end_page(self, page: PageRecord) -> None:
        if page.id not in self.pages:
            return
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
            self.sessions.event(session, "Inspector.detached", {"reason": "target_closed"})
            self.sessions.end(session, tell=True)
        self._destroyed(page.id, "page")
        for session in tuple(page.tab_sessions.values()):
            self.sessions.end(session, tell=True)
        self._destroyed(page.tab_id, "tab")
        for callback in page.on_gone:
            callback()
        self.on_change()

    def _destroyed(self, target_id: str, kind: TargetType) -> None:
        for session in self.sessions.everyone():
            if session.discover is not None and matches(session.discover, kind):
                self.sessions.event(session, "Target.targetDestroyed", {"targetId": target_id})

    def changed(self, page: PageRecord, kind: TargetType = "page") -> None:
        """Tell that a page has another URL or title, or that its first session was attached to it or to its tab, or the last one ended.

        Chromium leaves titles out; browser-use shows its agent the one that it was told last.
        """
        info = page.info(kind)
        for session in self.sessions.everyone():
            if session.discover is not None and matches(session.discover, kind):
                self.sessions.event(session, "Target.targetInfoChanged", {"targetInfo": info})

    def forget_connection(self, connection: object) -> None:
        """A client left: its sessions end, and the contexts that were to end with it."""
        self.sessions.forget_root(connection)
        for context in tuple(self.contexts.values()):
            if context.owner is connection and context is not self.default_context:
                self.spawn(self.dispose_context(context))
        self.on_change()

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
        for context in tuple(self.contexts.values()):
            await self._record(context)
