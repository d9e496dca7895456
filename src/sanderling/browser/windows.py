"""Windows of one context that reach each other across isolates: popups, openers, messages, and ports that moved.

Page code names a window by its page and frame; what it asks or sends about one in another isolate comes here
(`web/html/remote_window.js`, `web/webmessaging/remote_ports.js`). What is sent to a popup that is still held back waits until it is
released, in order.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sanderling.base.errors import SanderlingError
from sanderling.browser.agent import Agent, Json
from sanderling.browser.window_objects import WindowObjects, is_same_origin

if TYPE_CHECKING:
    from sanderling.browser.context import Context
    from sanderling.browser.page import Page

_LOG = logging.getLogger("sanderling.browser")

MAX_CHANNELS = 10_000
"""Channels between isolates of one context; a page that moves more ports gets none of their messages."""


def is_script(url: str) -> bool:
    """Tell whether a serialised URL is code to run, and no document."""
    return url.startswith("javascript:")


class Windows:
    """The window proxies of one context, as the worker sees them."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.objects = WindowObjects(context)
        self._channels: dict[str, tuple[Agent, Agent]] = {}  # both ends of a port that moved: sender's and receiver's
        self._releases: dict[str, asyncio.Future[None]] = {}  # by page: what comes with its release, or its end
        self._held: dict[str, list[Callable[[], object]]] = {}  # by page: what waits for its release

    # -- popups ----------------------------------------------------------------------------------------------------------

    def hold(self, page: Page) -> None:
        """Keep back what is sent to a page until `release`."""
        self._held[page.id] = []

    def release(self, page: Page) -> None:
        """The page may run: deliver what waited for it."""
        for deliver in self._held.pop(page.id, []):
            deliver()
        self._released(page)

    def _released(self, page: Page) -> None:
        future = self._releases.pop(page.id, None)
        if future is not None and not future.done():
            future.set_result(None)

    async def released(self, page: Page) -> None:
        """Wait until a page that is held back may run, or is gone."""
        if page.id in self._held:
            future = self._releases.get(page.id)
            if future is None:
                future = self._releases[page.id] = asyncio.get_running_loop().create_future()
            await asyncio.shield(future)

    def _when_released(self, page: Page, deliver: Callable[[], object]) -> None:
        held = self._held.get(page.id)
        if held is None:
            deliver()
        else:
            held.append(deliver)

    def forget(self, page: Page) -> None:
        """A page was closed."""
        self._held.pop(page.id, None)
        self._released(page)

    def _page(self, asking: Page, page_id: str) -> Page | None:
        return asking if page_id == "" else self._context.pages.get(page_id)

    def find(self, asking: Page, name: str) -> tuple[Page, int] | None:
        """Give the page and frame of that name in the same group of windows, the asking page's first (HTML, 7.3.1.7, step 8)."""
        if not name:
            return None
        others = [page for page in self._context.pages.values() if page.group == asking.group and page is not asking]
        for page in (asking, *others):
            if page.closed:
                continue
            for frame in page.frames.values():
                if name == (page.name if frame.number == 1 else frame.name):
                    return page, frame.number
        return None

    async def open(self, opener: Page, payload: Json, data: bytes | None) -> tuple[Json, bytes | None]:
        """`window.open`: give the window at once; what it loads comes later."""
        known = self.find(opener, payload["name"])
        if known is not None and not payload["noopener"]:
            page, frame = known
            if payload["url"]:
                self._when_released(
                    page, lambda: page.navigations.start_from_elsewhere({**payload, "frame": frame}, data)
                )
            return {"page": page.id, "frame": frame}, None
        try:
            popup = await self._context.open_popup(opener, payload, data)
        except SanderlingError as error:
            opener.note_unsupported(f"window.open: {error}")
            return {"page": None}, None
        return {"page": popup.id, "frame": 1}, None

    # -- questions and posts about a window ------------------------------------------------------------------------------

    async def facts(self, asking: Page, payload: Json, data: bytes | None) -> tuple[Json, bytes | None]:
        """`window.remote`: what a window proxy may tell."""
        page = self._page(asking, payload["page"])
        frame = None if page is None or page.closed else page.frames.get(payload["frame"])
        if page is None or frame is None:
            return {
                "closed": True,
                "children": [],
                "parent": None,
                "opener": None,
                "url": "",
                "origin": "null",
                "sameOrigin": False,
            }, None
        opener = page.opener_window
        same = is_same_origin(asking, payload["from"], page, payload["frame"])
        children: list[dict[str, Any]] = [
            {"frame": number, "name": page.frames[number].name} for number in frame.children if number in page.frames
        ]
        return {
            "closed": page.closing,
            "children": children,
            "parent": frame.parent,
            "opener": None if opener is None or frame.number != 1 else {"page": opener[0], "frame": opener[1]},
            "url": frame.url,
            "origin": frame.origin,
            "sameOrigin": same,
            "name": page.name if frame.number == 1 else frame.name,
            "title": page.title if frame.number == 1 else None,  # those of child frames are not told
        }, None

    def message(self, sender: Page, agent: Agent, payload: Json, data: bytes | None) -> None:
        """`window.message`: to a window in another isolate."""
        page = self._page(sender, payload["page"])
        if page is None or page.closed:
            return
        source = {"page": sender.id, "frame": payload["from"]}

        def deliver() -> None:
            target = page.agent_of(payload["frame"])
            if target is None:
                return
            self.connect(payload["ports"], agent, target)
            target.post(
                "window.deliver",
                {
                    "frame": payload["frame"],
                    "source": source,
                    "origin": payload["origin"],
                    "wanted": payload["wanted"],
                    "message": payload["message"],
                    "ports": payload["ports"],
                },
                data,
            )

        self._when_released(page, deliver)

    def navigate(self, asking: Page, payload: Json, data: bytes | None) -> None:
        """`window.navigate`: `location = …` and links into a window in another isolate."""
        page = self._page(asking, payload["page"])
        if page is None or page.closed:
            return
        if is_script(payload["url"]):
            if is_same_origin(asking, payload["from"], page, payload["frame"]):
                self._when_released(page, lambda: self.run_script(page, payload["frame"], payload["url"]))
        else:
            self._when_released(page, lambda: page.navigations.start_from_elsewhere(payload, data))

    def run_script(self, page: Page, frame: int, url: str) -> None:
        """Navigate a window to a `javascript:` URL: its code runs in the document that is there (HTML, 7.4.2.3.2)."""
        target = page.agent_of(frame)
        if target is not None:
            target.post("location.set", {"frame": frame, "url": url, "replace": True})

    def write(self, asking: Page, payload: Json, data: bytes | None) -> None:
        """`window.write`: document.write into a popup of the same origin."""
        page = self._page(asking, payload["page"])
        if page is None or page.closed:
            return

        def deliver() -> None:
            target = page.agent_of(payload["frame"])
            if target is not None:
                target.post("window.write", payload)

        self._when_released(page, deliver)

    def close(self, asking: Page, payload: Json, data: bytes | None) -> None:
        """`window.close`: of the page itself, or of one that script opened (HTML, 7.2.2.1)."""
        page = self._page(asking, payload["page"])
        if page is None or page.closed or payload["frame"] != 1:
            return
        page.closing = True
        # Clients are told of every popup, also of one that is closed at once.
        self._when_released(page, lambda: self._context.close_soon(page))

    def rename(self, asking: Page, payload: Json, data: bytes | None) -> None:
        """`window.rename`: `name` of a popup of the same origin."""
        page = self._page(asking, payload["page"])
        if page is None or page.closed or payload["frame"] not in page.frames:
            return
        page.frames[payload["frame"]].name = payload["name"]
        if payload["frame"] == 1:
            page.name = payload["name"]
        target = page.agent_of(payload["frame"])
        if target is not None:
            target.post("window.renamed", payload)

    def disown(self, asking: Page, payload: Json, data: bytes | None) -> None:
        """`window.disown`: `opener = null`."""
        page = self._page(asking, payload["page"])
        if page is not None and payload["frame"] == 1:
            page.opener_window = None

    # -- ports -------------------------------------------------------------------------------------------------------------

    def connect(self, channels: list[str], sender: Agent, receiver: Agent) -> None:
        """Ports go along with a message: remember both ends of their channels."""
        if len(self._channels) + len(channels) > MAX_CHANNELS:
            self._channels = {
                name: ends for name, ends in self._channels.items() if not ends[0].closed and not ends[1].closed
            }
        for channel in channels:
            if len(self._channels) >= MAX_CHANNELS:
                _LOG.warning("more than %d message channels between isolates", MAX_CHANNELS)
                return
            self._channels[channel] = (sender, receiver)

    def _other_end(self, agent: Agent, channel: str) -> Agent | None:
        ends = self._channels.get(channel)
        if ends is None:
            return None
        return ends[1] if ends[0] is agent else ends[0]

    def port_message(self, page: Page, agent: Agent, payload: Json, data: bytes | None) -> None:
        """`port.message`: to the other end of a channel."""

        def deliver() -> None:
            other = self._other_end(agent, payload["channel"])
            if other is not None:
                self.connect(payload["ports"], agent, other)
                other.post("port.deliver", payload, data)

        self._deliver_in_order(payload["channel"], deliver)

    def port_close(self, page: Page, agent: Agent, payload: Json, data: bytes | None) -> None:
        """`port.close`: one end is gone."""

        def deliver() -> None:
            other = self._other_end(agent, payload["channel"])
            self._channels.pop(payload["channel"], None)
            if other is not None:
                other.post("port.closed", payload)

        self._deliver_in_order(payload["channel"], deliver)

    def _deliver_in_order(self, channel: str, deliver: Callable[[], None]) -> None:
        # A port may have gone to a popup that is held: what follows it waits behind the message that carries it.
        if channel not in self._channels:
            for held in self._held.values():
                if held:
                    held.append(deliver)
                    return
        deliver()
