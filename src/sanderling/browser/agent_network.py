"""The requests of one isolate: a page's main one, that of a frame of another origin, or that of a web worker.

Page code asks by posts; answers are entries of its agent. When the document goes, its requests go with it: nothing of a closed agent is
touched afterwards.

Thread: worker.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sanderling.browser.agent import Agent, Json
from sanderling.browser.link_requests import LinkRequests
from sanderling.browser.page_sockets import PageSockets
from sanderling.browser.preloads import Preloads
from sanderling.browser.request_tasks import RequestTasks
from sanderling.browser.resource_requests import ResourceRequests
from sanderling.browser.resource_timing import Timeline, initiator_of
from sanderling.browser.script_requests import ScriptRequests
from sanderling.browser.violation_reports import ViolationReports
from sanderling.http.request import Request
from sanderling.http.response import Response

if TYPE_CHECKING:
    from sanderling.browser.page import Page


class AgentNetwork:
    """The requests of one isolate: ids that its code gave are its own, everything else is the page's (`PageNetwork`)."""

    def __init__(self, page: Page, frame: int = 1) -> None:
        self._page = page
        self._frame = frame  # whose document is the main one in the isolate
        self.tasks = RequestTasks(page)
        self.timeline = Timeline()
        self.sockets = PageSockets(page)
        self.resources = ResourceRequests(page, self)
        self.scripts = ScriptRequests(page, self)
        self.links = LinkRequests(page, self)
        self.reports = ViolationReports(page, self)
        self.preloads = Preloads(self)

    @property
    def client_url(self) -> str:
        """The address of the document that is the main one in its isolate."""
        frame = self._page.frames.get(self._frame)
        return self._page.main_frame.url if frame is None else frame.url

    @property
    def client_origin(self) -> str | None:
        """The serialised origin of that document where it is not its address's: sandboxed; else None."""
        frame = self._page.frames.get(self._frame)
        sandboxed = frame is not None and frame.origin == "null" and self.client_url.startswith(("http:", "https:"))
        return "null" if sandboxed else None

    def abandon(self) -> None:
        """Cancel every request of the current document but those with `keepalive` (Fetch, "terminate" of a fetch group)."""
        self.tasks.abandon()
        self.preloads.abandon()
        self.resources.abandon()
        self.timeline.clear()
        self.scripts.abandon()
        self.sockets.abandon()

    def stop(self, agent: Agent) -> None:
        """End every request as `window.stop()` does: whoever waits in page code is told."""
        for kind, number in self.tasks.cancel_all():
            if kind == "net":
                agent.post("net.error", {"id": number, "code": "net::ERR_ABORTED", "message": "stopped"})
            elif kind == "resource":
                error = {"code": "net::ERR_ABORTED", "message": "stopped"}
                agent.post("resource.done", {"id": number, "url": "", "error": error})
        self.scripts.stop()

    async def fetch(
        self,
        request: Request,
        *,
        kind: str,
        frame: int,
        navigation: int = 0,
        web_worker: int = 0,
        stack: Sequence[Json] = (),
        initiator: str | None = None,
    ) -> Response:
        """Give what was preloaded for a request, or send it. See `PageNetwork.send`; `initiator` as page code said, or None.

        Raises:
            NetworkError: it failed.
        """
        preloaded = await self.preloads.take(request, frame)
        if preloaded is not None:
            return preloaded
        return await self.ask(
            request,
            kind=kind,
            frame=frame,
            navigation=navigation,
            web_worker=web_worker,
            stack=stack,
            initiator=initiator,
        )

    async def ask(
        self,
        request: Request,
        *,
        kind: str,
        frame: int,
        navigation: int = 0,
        web_worker: int = 0,
        stack: Sequence[Json] = (),
        initiator: str | None = None,
    ) -> Response:
        """Send a request, whatever was preloaded; see `fetch`.

        Raises:
            NetworkError: it failed.
        """
        number = self._page.network.new_number()
        self.tasks.numbered(number)
        return await self._page.network.send(
            request,
            number,
            kind=kind,
            frame=frame,
            navigation=navigation,
            web_worker=web_worker,
            stack=stack,
            initiator=initiator_of(kind, initiator),
            timeline=self.timeline,
        )
