"""The child frames of a page, as page code reports them (`web/html/frame_tree.js`).

Page code makes and removes frames; this keeps `Page.frames` and tells the page's hub. A report about a frame that is gone is
nothing: it was on its way when the frame's removal came.

Thread: worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanderling.browser import hub as events
from sanderling.browser.agent import Json
from sanderling.browser.frame import Frame

if TYPE_CHECKING:
    from sanderling.browser.page import Page


class FrameTree:
    """Handlers of the posts `frame.*` of one page."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def attached(self, payload: Json, data: bytes | None) -> None:
        """An element that holds a frame was inserted."""
        page = self._page
        parent = page.frames.get(payload["parent"])
        if parent is None:
            return
        frame = Frame(payload["frame"], parent.number)
        frame.name = payload["name"]
        frame.element_id = payload["id"]
        frame.origin = parent.origin
        page.frames[frame.number] = frame
        parent.children.append(frame.number)
        page.history.adopt(frame.number, parent.number, frame.url, frame.origin)
        page.hub.publish(events.FrameAttached(page.id, frame.number, parent.number))

    def detached(self, payload: Json, data: bytes | None) -> None:
        """Such an element was removed; what was in its frame went before it."""
        if payload["frame"] in self._page.frames:
            self._page.frame_agents.forget_frame(payload["frame"])

    def started(self, payload: Json, data: bytes | None) -> None:
        """A navigation of a child frame begins."""
        page = self._page
        if payload["frame"] in page.frames:
            page.hub.publish(
                events.NavigationStarted(
                    page.id, payload["frame"], payload["url"], payload["number"], by_page=True, reload=payload["reload"]
                )
            )

    def navigated(self, payload: Json, data: bytes | None) -> None:
        """A document was committed in a child frame; no code of it has run."""
        page = self._page
        frame = page.frames.get(payload["frame"])
        if frame is None:
            return
        page.frame_agents.return_home(frame)
        frame.url = payload["url"]
        frame.origin = payload["origin"]
        frame.name = payload["name"]
        frame.content_type = payload["contentType"]
        frame.unreachable_url = payload["unreachable"]
        frame.documents = payload["number"]
        frame.lifecycle = {"commit"}
        page.frame_agents.record_history(frame, payload["history"])
        page.hub.publish(events.FrameNavigated(page.id, frame.number, frame.url))

    def stopped(self, payload: Json, data: bytes | None) -> None:
        """A navigation of a child frame brought no document."""
        page = self._page
        page.frame_agents.next_states.pop(payload["frame"], None)
        page.frame_agents.stay(payload["frame"])
        if payload["frame"] in page.frames:
            page.hub.publish(events.NavigationEnded(page.id, payload["frame"], payload["number"], payload["code"]))
