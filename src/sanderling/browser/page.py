"""A page: its frames, the agent of its current document, and the parts that load documents and run their code.

Thread: worker.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from sanderling.base.errors import ClosedError, PageCrashedError, SanderlingError
from sanderling.browser import hub as events
from sanderling.browser.agent import Agent, Json, PostHandler
from sanderling.browser.document_loader import DocumentLoader
from sanderling.browser.documents import Documents
from sanderling.browser.emulation import Emulation
from sanderling.browser.frame import Frame
from sanderling.browser.frame_agents import FrameAgents
from sanderling.browser.lifecycle import Activity
from sanderling.browser.milestones import Milestones
from sanderling.browser.navigation_request import NavigationRequest, ResponseInfo
from sanderling.browser.navigations import Navigations
from sanderling.browser.options import QUIET_MS, WaitUntil
from sanderling.browser.page_calls import PageCalls
from sanderling.browser.page_modules import PageModules
from sanderling.browser.page_network import PageNetwork
from sanderling.browser.result import ConsoleRecord, RequestRecord, ScriptErrorRecord
from sanderling.browser.session_history import SessionHistory
from sanderling.browser.web_workers import WebWorkers

if TYPE_CHECKING:
    from sanderling.browser.context import Context

MAX_RECORDS = 10_000
"""Console messages, errors and requests that a page remembers of its current document, each."""


class Page:
    """One page of a context.

    Args:
        context: the owner.
        page_id: unique in the process.
    """

    def __init__(self, context: Context, page_id: str) -> None:
        self.id = page_id
        self.context = context
        self.hub = events.Hub()
        self.main_frame = Frame(1, None)
        self.frames: dict[int, Frame] = {1: self.main_frame}
        self.history = SessionHistory()
        self.opened_by_page = False  # by its code, or by a link in it
        self.opener: str | None = None  # id of the page that opened this one
        self.opener_window: tuple[str, int] | None = None  # `window.opener`: page and frame; None also once disowned
        self.popup_sandbox: dict[str, bool] | None = (
            None  # of the document that opened it (HTML, "popup sandboxing flag set")
        )
        self.creator_url = ""  # whose origin and base URL the initial about:blank has
        self.inherited: dict[str, Any] | None = (
            None  # what documents without a response have of the document that opened it
        )
        self.group = page_id  # pages that can find each other by name have the same one
        self.closing = False  # page code asked for it: `closed` is true at once
        self.name = ""  # window.name
        self.awaits_document = False  # a popup whose first document is still to come
        self.window_size = (context.options.viewport_width, context.options.viewport_height)
        self.window_position = (0, 0)  # on the screen, in CSS pixels
        self.is_popup = False  # a window without bars (HTML, "is popup")
        self.title = ""  # as the document said at the end of an entry
        self.title_watchers: list[Callable[[], None]] = []
        self.closed = False
        self.shows_error_documents = (
            False  # a navigation that fails commits an error document, as browsers with a window do
        )
        self.crashed_reason: str | None = None
        self.response: ResponseInfo | None = None  # of the current document; None for about:blank
        self.console: list[ConsoleRecord] = []
        self.errors: list[ScriptErrorRecord] = []
        self.requests: dict[int, RequestRecord] = {}
        self.markups: dict[
            int, tuple[bytes | str, str]
        ] = {}  # of documents that are being parsed, by frame, with encoding
        self.unsupported: list[str] = []
        self.milestones = Milestones()
        self.activity = Activity(asyncio.get_running_loop())
        self.agent: Agent | None = None
        self.calls = PageCalls(self)
        self.navigations = Navigations(self)
        self.loader = DocumentLoader(self)
        self.documents = Documents(self)
        self.emulation = Emulation(self)
        self.preparers: list[Callable[[Agent], Awaitable[None]]] = [
            self.emulation.prepare
        ]  # run in each new document before any of its scripts
        self.extra_posts: dict[str, PostHandler] = {}  # posts of page code that somebody above this layer handles
        self.dialog_handler: Callable[[Json], Awaitable[Json]] | None = None  # answers dialogs; None: dismissed
        self.network = PageNetwork(self)
        self.modules = PageModules(self)
        self.frame_agents = FrameAgents(self)
        self.web_workers = WebWorkers(self)

    # -- life ---------------------------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Load the initial about:blank."""
        await self.loader.commit_blank()

    def set_window_size(self, width: int, height: int) -> None:
        """Choose the size of the viewport, in CSS pixels, for documents to come; `emulation.window_resized` tells the present one."""
        self.window_size = (width, height)

    async def close(self, *, run_unload: bool = False) -> None:
        """Close the page; everything that waits for it fails with `ClosedError`. Idempotent.

        Args:
            run_unload: fire `beforeunload`, whose dialog may keep the page, and `unload`.
        """
        if self.closed:
            return
        agent = self.agent
        if run_unload and agent is not None:
            if not await self.documents.may_leave():
                return
            if agent is self.agent and not agent.closed:
                await self.documents.unload(agent)
        self._end()

    def _end(self) -> None:
        if self.closed:  # another closing was faster while this one asked the page
            return
        self.closed = True
        self.navigations.cancel()
        self.drop_agent(ClosedError("the page was closed"))
        self.milestones.fail(ClosedError("the page was closed"))
        self.calls.document_arrived()
        self.context.forget(self)
        self.hub.publish(events.Closed(self.id))

    def stop_loading(self) -> None:
        """Cancel the navigation under way, and the requests of the current document."""
        self.navigations.stop()
        if self.agent is not None:
            self.network.stop(self.agent)

    def crash(self, reason: str) -> None:
        """End the engine of the current document as if it had failed."""
        if self.agent is not None:
            self.agent.crash(reason)

    def drop_agent(self, reason: SanderlingError) -> None:
        """End the engine of the current document; calls into it fail with `reason`."""
        self.network.abandon()
        self.frame_agents.close()
        if self.agent is not None:
            self.agent.close()
            self.agent = None
        self.calls.fail(reason)

    def crashed(self, error: PageCrashedError) -> None:
        """The isolate of the main document is gone."""
        self.crashed_reason = str(error)
        self.calls.document_arrived()
        self.agent = None
        self.network.abandon()
        self.frame_agents.close()
        self.calls.fail(PageCrashedError(str(error)))
        self.navigations.crashed(error)
        self.hub.publish(events.Crashed(self.id, str(error)))

    # -- navigation ---------------------------------------------------------------------------------------------------

    async def goto(self, request: NavigationRequest, *, wait_until: WaitUntil = "load") -> ResponseInfo | None:
        """Load a document and wait for a milestone of it; see `Navigations.goto`."""
        return await self.navigations.goto(request, wait_until=wait_until)

    @property
    def init_scripts(self) -> tuple[str, ...]:
        """What runs in each of its documents before anything of theirs."""
        return self.context.options.init_scripts + tuple(self.context.init_scripts)

    @property
    def bypasses_csp(self) -> bool:
        """Whether Content Security Policies of documents to come do not count."""
        return "csp" in self.context.options.disable or self.network.tools.bypasses_csp

    def note_unsupported(self, name: str) -> None:
        """Remember something that the page asked for and Sanderling lacks; it stands in the verdict."""
        if name not in self.unsupported and len(self.unsupported) < MAX_RECORDS:
            self.unsupported.append(name)

    # -- milestones ---------------------------------------------------------------------------------------------------

    def lifecycle(self, frame: int, name: str) -> None:
        """A document reached a milestone (posted by page code)."""
        label = name.lower()
        self.markups.pop(frame, None)
        target = self.frames.get(frame)
        if target is None:
            return  # its last words came after it was removed
        target.lifecycle.add(label)
        self.hub.publish(events.Lifecycle(self.id, frame, label))
        if frame == 1:
            self.navigations.reached(label)
        elif label == "load":
            self.frame_agents.loaded(frame)

    async def wait_quiet(self, kind: WaitUntil) -> None:
        """Wait for `networkidle` or `stable`."""
        if kind == "networkidle":
            await self.activity.wait_network_idle(QUIET_MS / 1000)
        else:
            await self.activity.wait_stable(QUIET_MS / 1000)

    # -- running code -------------------------------------------------------------------------------------------------

    def agents(self) -> list[Agent]:
        """Give the agents of the page's documents, the main one first."""
        return [] if self.agent is None else [self.agent, *self.frame_agents.agents()]

    def roots(self) -> list[tuple[int, Agent]]:
        """Give the frames whose documents are the main ones of their isolates, with those."""
        numbers = [1, *(number for number in self.frames if self.frame_agents.is_root(number))]
        return [(number, agent) for number in numbers if (agent := self.agent_of(number)) is not None]

    def agent_of(self, frame: int) -> Agent | None:
        """Give the agent that a frame's document lives in; None for a frame that is not there."""
        return self.frame_agents.agent_of(frame)

    async def call(self, kind: str, payload: dict[str, Any], *, frame: int = 1, agent: Agent | None = None) -> Json:
        """Enter the agent of a document or web worker; see `PageCalls.call`."""
        return await self.calls.call(kind, payload, frame=frame, agent=agent)

    async def call_later(
        self, kind: str, payload: dict[str, Any], *, frame: int = 1, agent: Agent | None = None
    ) -> Json:
        """Enter an agent whose page code answers later; see `PageCalls.call_later`."""
        return await self.calls.call_later(kind, payload, frame=frame, agent=agent)

    def check_open(self) -> None:
        """Raise `ClosedError` once the page is closed."""
        if self.closed:
            raise ClosedError("the page was closed")
