"""Web workers as targets of their own: what all sessions of one share, and the sessions.

Their requests are told on the page's sessions, where they can be intercepted too; a session on a web worker has the domains Runtime,
Inspector and Console, and of Network what Playwright sends to every session of a page. A session on a shared worker, which belongs to no
page, has Network and Fetch for it and for the workers nested in it.

Thread: worker.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sanderling.browser.agent import Agent, Json
from sanderling.browser.web_worker import WebWorker
from sanderling.browser.web_workers import DedicatedWorker
from sanderling.cdp.contexts import Contexts, ExecutionContext, next_base
from sanderling.cdp.ids import MAIN_FRAME, frame_id, worker_id
from sanderling.cdp.session import Session, checked
from sanderling.cdp.wire import TargetNotice, WorkerClosed, WorkerOpened
from sanderling.proto import url as urls

if TYPE_CHECKING:
    from sanderling.browser.page import Page
    from sanderling.cdp.dispatch import Method
    from sanderling.cdp.inspector import PageInspector

MAX_KEPT_EVENTS = 1000
"""Console messages and exceptions of a web worker that `Runtime.enable` replays; Chromium's limit."""


class WorkerInspector:
    """Watches a web worker for its sessions, and holds it until they let it run.

    Args:
        worker: which has not begun.
        traces: tells whether its requests name the code that made them.
    """

    def __init__(self, worker: WebWorker, traces: Callable[[], bool]) -> None:
        self.worker = worker
        self._traces = traces
        self.id = worker_id(worker.page.id, worker.serial)
        self.sessions: list[WorkerSession] = []
        self.contexts = Contexts(self.broadcast)
        self.kept: list[tuple[str, dict[str, Any]]] = []  # Runtime events, for replays
        self.has_run = False
        self._told_to_go = False
        self._waiting: set[str] = set()  # sessions that have not released it
        self._released: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        worker.gate = self._wait_released
        worker.preparers.append(self._prepare)
        worker.when_ran = self._ran
        worker.extra_posts["inspector.binding"] = self._binding_called
        worker.extra_posts["inspector.console"] = self._console_called
        worker.extra_posts["inspector.exception"] = self._exception_thrown
        worker.extra_posts["inspector.contexts"] = self._contexts_came

    def broadcast(self, event: str, params: dict[str, Any]) -> None:
        """Send an event of the Runtime domain to every session that enabled it."""
        for session in tuple(self.sessions):
            if "Runtime" in session.enabled:
                session.event(f"Runtime.{event}", params)

    # -- life --------------------------------------------------------------------------------------------------------------

    def hold(self, session_id: str) -> None:
        """A session wants to prepare the worker first."""
        self._waiting.add(session_id)

    def go(self) -> None:
        """The hub has attached everybody who wants to be there from the beginning."""
        self._told_to_go = True
        self._look()

    def release(self, session_id: str) -> None:
        """A session lets the worker run, or is gone."""
        self._waiting.discard(session_id)
        self._look()

    def _look(self) -> None:
        if self._told_to_go and not self._waiting and not self._released.done():
            self._released.set_result(None)

    async def _wait_released(self, worker: WebWorker) -> None:
        await self._released

    async def _prepare(self, worker: WebWorker) -> None:
        await worker.page.network.tools.prepare(worker.agent)
        await worker.agent.enter("inspector.watch")
        bindings = [{"name": name, "world": None} for session in self.sessions for name, _ in session.bindings]
        standing = {"base": next_base(), "traces": self._traces(), "worlds": [], "bindings": bindings, "scripts": []}
        await worker.agent.enter("inspector.start", standing)

    def _ran(self) -> None:
        self.has_run = True
        for session in tuple(self.sessions):
            session.event("Inspector.workerScriptLoaded", {})

    # -- what its code does ------------------------------------------------------------------------------------------------

    def _contexts_came(self, payload: Json, data: bytes | None) -> None:
        for context in payload["contexts"]:
            origin = urls.serialize_origin(self.worker.network.client_url)
            self.contexts.add(
                ExecutionContext(context["id"], "", origin, context["isDefault"], MAIN_FRAME, self.id, of_worker=True)
            )

    def _binding_called(self, payload: Json, data: bytes | None) -> None:
        params = {"name": payload["name"], "payload": payload["payload"], "executionContextId": payload["context"]}
        for session in tuple(self.sessions):
            if any(name == payload["name"] for name, _ in session.bindings):
                session.event("Runtime.bindingCalled", params)

    def _console_called(self, payload: Json, data: bytes | None) -> None:
        self._keep(
            "consoleAPICalled",
            {
                "type": payload["type"],
                "args": payload["args"],
                "executionContextId": payload["context"],
                "timestamp": self._wall_ms(),
                "stackTrace": {"callFrames": payload["frames"]},
            },
        )

    def _exception_thrown(self, payload: Json, data: bytes | None) -> None:
        self._keep("exceptionThrown", {"timestamp": self._wall_ms(), "exceptionDetails": payload["details"]})

    def _wall_ms(self) -> float:
        return self.worker.page.context.browser.clock.wall() * 1000

    def _keep(self, event: str, params: dict[str, Any]) -> None:
        self.kept.append((event, params))
        if len(self.kept) > MAX_KEPT_EVENTS:
            del self.kept[0]
        self.broadcast(event, params)


class WorkerSession(Session):
    """A client's view of a web worker: `page` is the page that it belongs to."""

    def __init__(
        self,
        session_id: str,
        target: WorkerInspector,
        inspector: PageInspector,
        methods: dict[str, Method],
        send: Callable[[bytes], None],
        *,
        flat: bool,
    ) -> None:
        super().__init__(session_id, inspector, methods, send, lambda: target.release(session_id), flat=flat)
        self._target = target
        target.sessions.append(self)

    @property
    def contexts(self) -> Contexts:
        """See `Session.contexts`."""
        return self._target.contexts

    @property
    def kept(self) -> list[tuple[str, dict[str, Any]]]:
        """See `Session.kept`."""
        return self._target.kept

    def agents(self) -> list[Agent]:
        """See `Session.agents`."""
        # Before its script is fetched there is nothing to enter.
        return [self._target.worker.agent] if any(True for _ in self._target.contexts) else []

    def runtime_enabled(self) -> None:
        """See `Session.runtime_enabled`: who comes late waits for this, too."""
        if self._target.has_run:
            self.event("Inspector.workerScriptLoaded", {})

    async def ask(self, kind: str, payload: dict[str, Any], *, frame: int = MAIN_FRAME) -> Json:
        """See `Session.ask`: enters the worker's isolate."""
        return checked(await self.page.call(kind, payload, agent=self._target.worker.agent))

    async def ask_later(self, kind: str, payload: dict[str, Any], *, frame: int = MAIN_FRAME) -> Json:
        """See `Session.ask_later`."""
        return checked(await self.page.call_later(kind, payload, agent=self._target.worker.agent))

    def close(self, *, answer: bool = True) -> None:
        """See `Session.close`."""
        if self in self._target.sessions:
            self._target.sessions.remove(self)
        super().close(answer=answer)


class WorkerTargets:
    """The web workers of one page, by target id.

    Args:
        page: whose they are.
        notify: tells the hub.
        traces: see `WorkerInspector`.
    """

    def __init__(self, page: Page, notify: Callable[[TargetNotice], None], traces: Callable[[], bool]) -> None:
        self._page = page
        self._notify = notify
        self._traces = traces
        self._targets: dict[str, WorkerInspector] = {}
        page.web_workers.on_opened = lambda worker: self.opened(worker, self._parent_of(worker))
        page.web_workers.on_closed = self.closed

    def find(self, target_id: str) -> WorkerInspector | None:
        """Give the one of that id; None where it has ended."""
        return self._targets.get(target_id)

    def agents(self) -> list[Agent]:
        """Give the isolates of those that run."""
        return [target.worker.agent for target in self._targets.values() if any(True for _ in target.contexts)]

    def _parent_of(self, worker: DedicatedWorker) -> str:
        return next((one.id for one in self._targets.values() if one.worker.agent is worker.owner), "")

    def opened(self, worker: WebWorker, parent: str = "") -> None:
        """A web worker is made; nothing of it has been fetched.

        Args:
            worker: which may be a shared one whose home the page is.
            parent: id of the web worker that made it.
        """
        target = WorkerInspector(worker, self._traces)
        self._targets[target.id] = target
        self._notify(
            WorkerOpened(
                worker=target.id,
                shared=worker.kind == "shared",
                parent=parent,
                frame=frame_id(self._page.id, worker.frame),
                url=worker.url,
                name=worker.name,
            )
        )

    def closed(self, worker: WebWorker) -> None:
        """It has ended."""
        target = self._targets.pop(worker_id(self._page.id, worker.serial), None)
        if target is None:
            return
        for session in tuple(target.sessions):
            session.close()
        self._notify(WorkerClosed(worker=target.id))
