"""Objects of windows of the same origin in different isolates of one context: who may reach whose, and what must not wait for what.

Page code names an object by its window and a number (`web/html/window_objects.js`); an operation on it is an entry of the isolate that has it,
while the code that asked waits.

Thread: worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanderling.base.errors import ClosedError, SanderlingError
from sanderling.browser.agent import Agent, Json
from sanderling.js.errors import NotEnteredError

if TYPE_CHECKING:
    from sanderling.browser.context import Context
    from sanderling.browser.page import Page


def is_same_origin(asking: Page, asking_frame: int, page: Page, frame: int) -> bool:
    """Tell whether the documents of two frames are of the same origin; an opaque one is that of a blank popup and its opener only."""
    own, other = asking.frames.get(asking_frame), page.frames.get(frame)
    if own is None or other is None:
        return False
    if own.origin != "null" or other.origin != "null":
        return own.origin == other.origin
    return any(
        opened.opener_window == (opener.id, number) and opened.frames[1].url == "about:blank" and shown == 1
        for opened, shown, opener, number in ((page, frame, asking, asking_frame), (asking, asking_frame, page, frame))
    )


class WindowObjects:
    """What windows of one context do with each other's objects."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._waits: dict[Agent, Agent] = {}  # an isolate whose code waits, and the one it waits for

    async def reach(self, asking: Page, agent: Agent | None, payload: Json) -> tuple[Json, bytes | None]:
        """`window.reach`: carry out an operation on an object of another window."""
        page = asking if payload["page"] == "" else self._context.pages.get(payload["page"])
        if page is not None:
            await self._context.windows.released(page)
        while True:
            if page is None or page.closing or page.closed:
                return _refused("InvalidStateError", "The window is closed."), None
            if not is_same_origin(asking, payload["from"], page, payload["frame"]):
                return _refused("SecurityError", "Blocked a frame from accessing a cross-origin frame."), None
            target = page.agent_of(payload["frame"])
            if target is None or agent is None:
                return _refused("InvalidStateError", "The window has no document any more."), None
            try:
                return await self._enter(agent, target, payload), None
            except NotEnteredError:
                # Its document is being left: the window is that of the next one.
                if target is not page.agent or page.closed:
                    return _refused("InvalidStateError", "The window got another document."), None
                await page.calls.next_document()
            except ClosedError:
                return _refused("InvalidStateError", "The window got another document."), None
            except SanderlingError as error:
                return _refused("InvalidStateError", f"The code of the window failed: {error}."), None

    async def _enter(self, agent: Agent, target: Agent, payload: Json) -> Json:
        at: Agent | None = target
        while at is not None:
            if at is agent:
                words = "Calling back into a window whose code waits is not supported between windows of different isolates."
                return _refused("NotSupportedError", words)
            at = self._waits.get(at)
        self._waits[agent] = target
        try:
            return await target.enter("window.reached", payload)
        finally:
            del self._waits[agent]

    def settle(self, payload: Json) -> None:
        """`window.settle`: a promise that another window waits for was settled."""
        page = self._context.pages.get(payload["page"])
        target = None if page is None or page.closed else page.agent_of(payload["frame"])
        if target is not None:
            target.post("window.settled", payload)


def _refused(name: str, words: str) -> Json:
    return {"name": name, "refused": words}
