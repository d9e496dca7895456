"""What all sessions of one page share: execution contexts, the documents' identity, and the events of the page.

Thread: worker.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from sanderling.browser import hub as events
from sanderling.browser.agent import Agent, Json
from sanderling.browser.page import Page
from sanderling.cdp.contexts import Contexts, ExecutionContext, base_of, next_base
from sanderling.cdp.errors import CdpError
from sanderling.cdp.frames import FrameEvents
from sanderling.cdp.ids import MAIN_FRAME, frame_id, frame_number, loader_id
from sanderling.cdp.requests import RequestEvents
from sanderling.cdp.web_sockets import SocketEvents
from sanderling.cdp.web_workers import WorkerTargets
from sanderling.cdp.wire import TargetChanged, TargetClosed, TargetCrashed, TargetNotice

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

MAX_KEPT_EVENTS = 1000
"""Console messages and exceptions of a document that `Runtime.enable` replays; Chromium's limit."""

FORESEEN = 20
"""Execution contexts that are made without an isolate; more than clients have, and fewer than one can have."""


class DialogState(msgspec.Struct):
    """A dialog that is open."""

    type: str
    message: str
    default: str
    answer: asyncio.Future[tuple[bool, str]]


class PageInspector:
    """Watches a page for its sessions.

    Args:
        page: opened already; its blank document has run no page code.
        notify: tells the hub about the target.
    """

    def __init__(self, page: Page, notify: Callable[[TargetNotice], None]) -> None:
        self.page = page
        self.sessions: list[Session] = []
        self._isolates: dict[int, Agent] = {}  # by the first context id of each
        self.contexts = Contexts(lambda event, params: self.broadcast("Runtime", event, params), self._is_alive)
        self.dialog: DialogState | None = None
        self._dialogs = asyncio.Lock()
        self.kept: list[tuple[str, dict[str, Any]]] = []  # Runtime events of the current document, for replays
        self._notify = notify
        self._told = ("", "")  # URL and title the hub knows
        self._loop = asyncio.get_running_loop()
        self.workers = WorkerTargets(page, notify, lambda: self.traces_requests)
        self.requests = RequestEvents(self)
        self.frames = FrameEvents(self)
        page.network.listeners.append(self.requests)
        page.network.socket_watchers.append(SocketEvents(self))
        page.preparers.append(page.network.tools.prepare)
        page.shows_error_documents = True
        page.preparers.append(self.prepare)
        page.extra_posts["inspector.binding"] = self._binding_called
        page.extra_posts["inspector.console"] = self._console_called
        page.extra_posts["inspector.exception"] = self._exception_thrown
        page.extra_posts["inspector.contexts"] = self._contexts_came
        page.extra_posts["inspector.contextsGone"] = self._contexts_went
        page.hub.subscribe(self._happened)
        page.title_watchers.append(self.tell_target)

    async def begin(self) -> None:
        """Make the contexts of the documents that are there already."""
        for agent in self.page.agents():
            await self.prepare(agent)

    # -- identity ----------------------------------------------------------------------------------------------------------

    @property
    def frame_id(self) -> str:
        """The main frame's id: that of the target."""
        return self.page.id

    @property
    def loader(self) -> str:
        """The loader of the main frame's document."""
        committed = self.page.navigations.committed
        return loader_id(self.page.id, 0 if committed is None else committed.number)

    def now(self) -> float:
        """CDP's monotonic time, in seconds."""
        return self._loop.time()

    def wall_ms(self) -> float:
        """Wall clock time, in milliseconds."""
        return self.page.context.browser.clock.wall() * 1000

    def number_of(self, frame: str, message: str = "No frame with given id found") -> int:
        """Give the number of a frame.

        Raises:
            CdpError: there is no such frame (any more).
        """
        number = frame_number(self.page.id, frame)
        if number is None or number not in self.page.frames:
            raise CdpError(message)
        return number

    def broadcast(self, domain: str, event: str, params: dict[str, Any]) -> None:
        """Send an event to every session that enabled its domain."""
        for session in tuple(self.sessions):
            if domain in session.enabled:
                session.event(f"{domain}.{event}", params)

    # -- documents ---------------------------------------------------------------------------------------------------------

    def standing(self) -> dict[str, Any]:
        """Say what every new document gets, in the order of registration."""
        scripts = sorted(
            (script for session in self.sessions for script in session.scripts.values()),
            key=lambda script: script.order,
        )
        worlds = dict.fromkeys(script.world for script in scripts if script.world)
        return {
            "worlds": list(worlds),
            "bindings": [
                {"name": name, "world": world} for session in self.sessions for name, world in session.bindings
            ],
            "scripts": [{"source": script.source, "world": script.world} for script in scripts if script.source],
        }

    def standing_changed(self) -> None:
        """Let the documents that are there know what their frames' next documents get."""
        for agent in self.page.agents():
            agent.post("inspector.standing", self.standing())

    async def prepare(self, agent: Agent) -> None:
        """Make the execution contexts of a new isolate's document and run init scripts; before any page code.

        From then on console calls and exceptions are reported with their values; they are kept for sessions that come later.
        """
        for session in tuple(self.sessions):
            await session.prepare(agent)
        base = next_base()
        self._isolates = {first: known for first, known in self._isolates.items() if not known.closed}
        self._isolates[base] = agent
        standing = self.standing()
        await agent.enter("inspector.start", {"base": base, "traces": self.traces_requests, **standing})
        if agent.asleep:
            # They will be made in this order, with these ids.
            worlds = [("", True), *((name, False) for name in standing["worlds"])]
            self._foresee([(base + index, name, main) for index, (name, main) in enumerate(worlds)])

    def main_context(self, agent: Agent) -> dict[str, Any]:
        """Name the page's own world of an isolate as events of the Debugger domain do; nothing before it is made."""
        base = next((first for first, known in self._isolates.items() if known is agent), 0)
        context = next((one for one in self.contexts if one.id == base), None)
        if context is None:
            return {}
        return {"executionContextId": base, "executionContextAuxData": context.payload().get("auxData", {})}

    @property
    def traces_requests(self) -> bool:
        """Whether requests name the code that made them."""
        return any("Network" in session.enabled for session in self.sessions)

    def network_watched(self) -> None:
        """The first session began to watch the network, or the last one ended that."""
        agents = [*self.page.agents(), *self.workers.agents()]
        for agent in agents:
            agent.post("network.trace", {"on": self.traces_requests})

    def _is_alive(self, context_id: int) -> bool:
        agent = self._isolates.get(base_of(context_id))
        return agent is not None and not agent.closed and not agent.leaving

    async def isolated_world(self, frame: int, name: str) -> ExecutionContext:
        """Give the world of that name in a frame's document, made now if there is none.

        Raises:
            CdpError: there is no such frame.
        """
        agent = self.page.agent_of(frame)
        if agent is not None and agent.asleep and frame == MAIN_FRAME:
            known = next((one for one in self.contexts if name and one.name == name and not one.is_default), None)
            if known is not None:
                return known
            number = max(one.id for one in self.contexts) + 1
            if number < base_of(number) + FORESEEN and agent.defer("inspector.world", {"frame": frame, "name": name}):
                self._foresee([(number, name, False)])
                return self.contexts.find(number)
        outcome = await self.page.call("inspector.world", {"frame": frame, "name": name}, frame=frame)
        if outcome.get("failure"):
            raise CdpError(outcome["failure"])
        return self.contexts.find(outcome["id"])

    def _foresee(self, worlds: list[tuple[int, str, bool]]) -> None:
        """Tell of contexts of the main document that is still asleep."""
        made = [{"id": number, "name": name, "isDefault": main} for number, name, main in worlds]
        self._contexts_came({"frame": MAIN_FRAME, "contexts": made}, None)

    def _contexts_came(self, payload: Json, data: bytes | None) -> None:
        number = payload["frame"]
        frame = self.page.frames.get(number)
        for context in payload["contexts"]:
            self.contexts.add(
                ExecutionContext(
                    context["id"],
                    context["name"],
                    frame.origin if frame is not None else "null",
                    context["isDefault"],
                    number,
                    frame_id(self.page.id, number),
                )
            )

    def _contexts_went(self, payload: Json, data: bytes | None) -> None:
        for number in payload["contexts"]:
            self.contexts.remove(number)

    def _binding_called(self, payload: Json, data: bytes | None) -> None:
        for session in tuple(self.sessions):
            if any(name == payload["name"] for name, _ in session.bindings):
                session.event(
                    "Runtime.bindingCalled",
                    {"name": payload["name"], "payload": payload["payload"], "executionContextId": payload["context"]},
                )

    # -- console and exceptions --------------------------------------------------------------------------------------------

    def _console_called(self, payload: Json, data: bytes | None) -> None:
        self._keep(
            "consoleAPICalled",
            {
                "type": payload["type"],
                "args": payload["args"],
                "executionContextId": payload["context"],
                "timestamp": self.wall_ms(),
                "stackTrace": {"callFrames": payload["frames"]},
            },
        )

    def _exception_thrown(self, payload: Json, data: bytes | None) -> None:
        self._keep("exceptionThrown", {"timestamp": self.wall_ms(), "exceptionDetails": payload["details"]})

    def _keep(self, event: str, params: dict[str, Any]) -> None:
        self.kept.append((event, params))
        if len(self.kept) > MAX_KEPT_EVENTS:
            del self.kept[0]
        self.broadcast("Runtime", event, params)

    # -- what happens on the page ------------------------------------------------------------------------------------------

    def _happened(self, event: events.AnyEvent) -> None:
        if isinstance(event, events.Crashed):
            for session in tuple(self.sessions):
                session.event("Inspector.targetCrashed", {})
            self.contexts.forget()
            self._notify(TargetCrashed(event.reason))
        elif isinstance(event, events.Closed):
            self.frames.stop()
            self.contexts.forget()
            self._end_dialog(accepted=False)
            self._notify(TargetClosed())
        elif isinstance(event, events.PolicyViolated):
            self.requests.log_policy(event.source, event.text, event.url)
        else:
            if isinstance(event, events.FrameDetached) or (
                isinstance(event, events.FrameNavigated) and event.frame != MAIN_FRAME and not event.within_document
            ):
                # A frame whose isolate ended says nothing of its contexts any more.
                for context in self.contexts:
                    if context.frame == event.frame:
                        self.contexts.remove(context.id)
            self.frames.happened(event)
            if isinstance(event, events.NavigationEnded):
                self.contexts.recheck()  # it may be that the old document stays
            if isinstance(event, events.FrameNavigated | events.Lifecycle) and event.frame == MAIN_FRAME:
                self.tell_target()

    def tell_target(self) -> None:
        """Let the hub know URL and title, when they changed."""
        told = (self.page.main_frame.url, self.page.title)
        if told != self._told:
            self._told = told
            self._notify(TargetChanged(*told))

    # -- dialogs -----------------------------------------------------------------------------------------------------------

    def watch_dialogs(self) -> None:
        """Ask clients about dialogs exactly while one of them has `Page` enabled."""
        wanted = any("Page" in session.enabled for session in self.sessions)
        self.page.dialog_handler = self._ask_dialog if wanted else None
        if not wanted and self.dialog is not None:
            self._end_dialog(accepted=self.dialog.type == "beforeunload")

    def _end_dialog(self, *, accepted: bool) -> None:
        if self.dialog is not None and not self.dialog.answer.done():
            self.dialog.answer.set_result((accepted, ""))

    async def _ask_dialog(self, payload: Json) -> Json:
        async with self._dialogs:  # frames in other isolates may have one too: one is shown after the other
            if self.page.closed or self.page.dialog_handler is None:  # nobody is left who could answer
                return {"accepted": payload["type"] == "beforeunload", "text": ""}
            return await self._show_dialog(payload)

    async def _show_dialog(self, payload: Json) -> Json:
        dialog = DialogState(
            payload["type"], payload.get("message", ""), payload.get("default", ""), self._loop.create_future()
        )
        self.dialog = dialog
        frame = frame_id(self.page.id, payload.get("frame", MAIN_FRAME))
        self.broadcast(
            "Page",
            "javascriptDialogOpening",
            {
                "url": self.page.main_frame.url,
                "frameId": frame,
                "message": dialog.message,
                "type": dialog.type,
                "hasBrowserHandler": False,
                "defaultPrompt": dialog.default,
            },
        )
        try:
            accepted, text = await dialog.answer
        finally:
            self.dialog = None
        self.broadcast("Page", "javascriptDialogClosed", {"frameId": frame, "result": accepted, "userInput": text})
        return {"accepted": accepted, "text": text}
