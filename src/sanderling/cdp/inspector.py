"""What all sessions of one page share: execution contexts, the document's identity, and the events of the page.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from sanderling.base.errors import SanderlingError
from sanderling.browser import hub as events
from sanderling.browser.agent import Agent, Json
from sanderling.browser.page import Page
from sanderling.cdp.errors import CdpError
from sanderling.cdp.idle import IdleWatch
from sanderling.cdp.ids import MAIN_FRAME, loader_id
from sanderling.cdp.requests import RequestEvents

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

DIALOG_DEADLINE_S = 25.0
"""A dialog that no client answers is dismissed then: the page's turn may not take longer than its deadline of 30 s."""

_CONTEXT_IDS = itertools.count(1)  # never reused in a process


class ExecutionContext(msgspec.Struct, frozen=True):
    """Where code of a document runs."""

    id: int
    name: str
    origin: str
    is_default: bool
    frame_id: str

    def payload(self) -> dict[str, Any]:
        """Give CDP's `ExecutionContextDescription`."""
        return {
            "id": self.id,
            "origin": "" if self.origin == "null" else self.origin,
            "name": self.name,
            "uniqueId": f"{self.id}.{self.frame_id}",
            "auxData": {
                "isDefault": self.is_default,
                "type": "default" if self.is_default else "isolated",
                "frameId": self.frame_id,
            },
        }


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
        on_target: told when URL or title changed, and when the page is gone (kind, fields).
    """

    def __init__(self, page: Page, on_target: Callable[[str, dict[str, Any]], None]) -> None:
        self.page = page
        self.sessions: list[Session] = []
        self.contexts: dict[int, ExecutionContext] = {}
        self.dialog: DialogState | None = None
        self.reached: list[tuple[str, float]] = []  # lifecycle events of the current document, with their times
        self._on_target = on_target
        self._title = ""
        self._loop = asyncio.get_running_loop()
        self.requests = RequestEvents(self)
        self.idle = IdleWatch(self._loop, self.lifecycle_event)
        page.network.keeps_responses = True
        page.preparers.append(self.prepare)
        page.extra_posts["inspector.binding"] = self._binding_called
        page.extra_posts["inspector.console"] = self._console_called
        page.hub.subscribe(self._happened)

    # -- identity ----------------------------------------------------------------------------------------------------------

    @property
    def frame_id(self) -> str:
        """The main frame's id: that of the target."""
        return self.page.id

    @property
    def loader(self) -> str:
        """The loader of the current document."""
        committed = self.page.committed
        return loader_id(self.page.id, 0 if committed is None else committed.number)

    def now(self) -> float:
        """CDP's monotonic time, in seconds."""
        return self._loop.time()

    def frame_payload(self) -> dict[str, Any]:
        """Give CDP's `Frame` for the main frame."""
        url, _, fragment = self.page.main_frame.url.partition("#")
        origin = self.page.main_frame.origin
        frame: dict[str, Any] = {
            "id": self.frame_id,
            "loaderId": self.loader,
            "url": url,
            "domainAndRegistry": "",
            "securityOrigin": "://" if origin == "null" else origin,
            "mimeType": "text/html",
            "secureContextType": "Secure" if origin.startswith("https:") else "InsecureScheme",
            "crossOriginIsolatedContextType": "NotIsolated",
            "gatedAPIFeatures": [],
        }
        if fragment:
            frame["urlFragment"] = f"#{fragment}"
        if self.page.name:
            frame["name"] = self.page.name
        return frame

    def broadcast(self, domain: str, event: str, params: dict[str, Any]) -> None:
        """Send an event to every session that enabled its domain."""
        for session in tuple(self.sessions):
            if domain in session.enabled:
                session.event(f"{domain}.{event}", params)

    # -- execution contexts ------------------------------------------------------------------------------------------------

    @property
    def main_context(self) -> ExecutionContext:
        """The page's own world.

        Raises:
            CdpError: there is no document.
        """
        for context in self.contexts.values():
            if context.is_default:
                return context
        raise CdpError("Cannot find default execution context")

    def _new_context(self, name: str, *, is_default: bool = False) -> ExecutionContext:
        context = ExecutionContext(
            next(_CONTEXT_IDS), name, self.page.main_frame.origin, is_default=is_default, frame_id=self.frame_id
        )
        self.contexts[context.id] = context
        return context

    def _bindings(self) -> list[dict[str, Any]]:
        return [{"name": name, "world": world} for session in self.sessions for name, world in session.bindings]

    async def prepare(self, agent: Agent) -> None:
        """Make the execution contexts of a new document and run init scripts; before any page code."""
        self.contexts.clear()
        main = self._new_context("", is_default=True)
        scripts = sorted(
            (script for session in self.sessions for script in session.scripts.values()),
            key=lambda script: script.order,
        )
        worlds: dict[str, ExecutionContext] = {}
        for script in scripts:
            if script.world and script.world not in worlds:
                worlds[script.world] = self._new_context(script.world)
        await agent.enter(
            "inspector.start",
            {
                "main": main.id,
                "worlds": [{"id": context.id, "name": context.name} for context in worlds.values()],
                "bindings": self._bindings(),
            },
        )
        if any("Runtime" in session.enabled for session in self.sessions):
            await agent.enter("inspector.console", {"on": True})
        for session in self.sessions:
            await session.prepare(agent)
        for context in (main, *worlds.values()):
            self.broadcast("Runtime", "executionContextCreated", {"context": context.payload()})
        for script in scripts:
            if script.source:
                where = worlds[script.world] if script.world else main
                await agent.enter("inspector.script", {"context": where.id, "source": script.source})

    async def isolated_world(self, name: str) -> ExecutionContext:
        """Give the world of that name in the current document, made now if there is none."""
        for context in self.contexts.values():
            if context.name == name and not context.is_default and name:
                return context
        context = self._new_context(name)
        try:
            await self.page.call(
                "inspector.world", {"id": context.id, "name": context.name, "bindings": self._bindings()}
            )
        except SanderlingError:
            self.contexts.pop(context.id, None)
            raise
        self.broadcast("Runtime", "executionContextCreated", {"context": context.payload()})
        return context

    def _binding_called(self, payload: Json, data: bytes | None) -> None:
        for session in tuple(self.sessions):
            if any(name == payload["name"] for name, _ in session.bindings):
                session.event(
                    "Runtime.bindingCalled",
                    {"name": payload["name"], "payload": payload["payload"], "executionContextId": payload["context"]},
                )

    def _console_called(self, payload: Json, data: bytes | None) -> None:
        self.broadcast(
            "Runtime",
            "consoleAPICalled",
            {
                "type": payload["type"],
                "args": payload["args"],
                "executionContextId": payload["context"],
                "timestamp": self.page.context.browser.clock.wall() * 1000,
                "stackTrace": {"callFrames": payload["frames"]},
            },
        )

    # -- what happens on the page ------------------------------------------------------------------------------------------

    def _happened(self, event: events.AnyEvent) -> None:
        if isinstance(event, events.FrameNavigated):
            if event.frame == MAIN_FRAME:
                self._navigated(event)
        elif isinstance(event, events.Lifecycle):
            if event.frame == MAIN_FRAME:
                self._reached_milestone(event.name)
        elif isinstance(event, events.ScriptFailed):
            self._script_failed(event)
        elif isinstance(event, events.Crashed):
            for session in tuple(self.sessions):
                session.event("Inspector.targetCrashed", {})
            self.contexts.clear()
            self._on_target("crashed", {})
        elif isinstance(event, events.Closed):
            self._closed()
        else:
            self.requests.happened(event)

    def _navigated(self, event: events.FrameNavigated) -> None:
        if event.within_document:
            self.broadcast(
                "Page",
                "navigatedWithinDocument",
                {"frameId": self.frame_id, "url": event.url, "navigationType": "fragment"},
            )
            self._tell_target()
            return
        loader = self.loader
        for session in tuple(self.sessions):
            session.document_begins(loader)
        self.contexts.clear()
        self.reached = []
        self._title = ""
        self.broadcast("Runtime", "executionContextsCleared", {})
        self.lifecycle_event("init")
        self.broadcast("Page", "frameNavigated", {"frame": self.frame_payload(), "type": "Navigation"})
        self.lifecycle_event("commit")
        self.broadcast("DOM", "documentUpdated", {})
        self.idle.document_began()
        self._tell_target()

    def _reached_milestone(self, name: str) -> None:
        self._tell_target()
        if name == "domcontentloaded":
            self.broadcast("Page", "domContentEventFired", {"timestamp": self.now()})
            self.lifecycle_event("DOMContentLoaded")
            self.idle.content_loaded()
        elif name == "load":
            self.broadcast("Page", "loadEventFired", {"timestamp": self.now()})
            self.lifecycle_event("load")
            self.broadcast("Page", "frameStoppedLoading", {"frameId": self.frame_id})

    def lifecycle_event(self, name: str) -> None:
        """Report a milestone of the current document to the sessions that want them."""
        timestamp = self.now()
        self.reached.append((name, timestamp))
        for session in tuple(self.sessions):
            if session.wants_lifecycle:
                session.lifecycle(name, timestamp)

    def _tell_target(self) -> None:
        self._title = self.page.title
        self._on_target("changed", {"url": self.page.main_frame.url, "title": self.page.title})

    def _script_failed(self, event: events.ScriptFailed) -> None:
        record = event.record
        context = next((context.id for context in self.contexts.values() if context.is_default), 0)
        text = f"{record.name}: {record.message}" if record.name else record.message
        self.broadcast(
            "Runtime",
            "exceptionThrown",
            {
                "timestamp": self.page.context.browser.clock.wall() * 1000,
                "exceptionDetails": {
                    "exceptionId": self.requests.next_number(),
                    "text": "Uncaught (in promise)" if record.kind == "rejection" else "Uncaught",
                    "lineNumber": 0,
                    "columnNumber": 0,
                    "executionContextId": context,
                    "stackTrace": {"callFrames": []},
                    "exception": {
                        "type": "object",
                        "subtype": "error",
                        "className": record.name or "Error",
                        "description": record.stack or text,
                    },
                },
            },
        )

    def _closed(self) -> None:
        self.idle.stop()
        self.contexts.clear()
        if self.dialog is not None and not self.dialog.answer.done():
            self.dialog.answer.set_result((False, ""))
        self._on_target("closed", {})

    # -- dialogs -----------------------------------------------------------------------------------------------------------

    def watch_dialogs(self) -> None:
        """Ask clients about dialogs exactly while one of them has `Page` enabled."""
        wanted = any("Page" in session.enabled for session in self.sessions)
        self.page.dialog_handler = self._ask_dialog if wanted else None
        if not wanted and self.dialog is not None and not self.dialog.answer.done():
            self.dialog.answer.set_result((self.dialog.type == "beforeunload", ""))

    async def _ask_dialog(self, payload: Json) -> Json:
        dialog = DialogState(
            payload["type"], payload.get("message", ""), payload.get("default", ""), self._loop.create_future()
        )
        self.dialog = dialog
        self.broadcast(
            "Page",
            "javascriptDialogOpening",
            {
                "url": self.page.main_frame.url,
                "frameId": self.frame_id,
                "message": dialog.message,
                "type": dialog.type,
                "hasBrowserHandler": False,
                "defaultPrompt": dialog.default,
            },
        )
        try:
            accepted, text = await asyncio.wait_for(dialog.answer, DIALOG_DEADLINE_S)
        except TimeoutError:
            accepted, text = dialog.type == "beforeunload", ""
        self.dialog = None
        self.broadcast(
            "Page",
            "javascriptDialogClosed",
            {"frameId": self.frame_id, "result": accepted, "userInput": text},
        )
        return {"accepted": accepted, "text": text}
