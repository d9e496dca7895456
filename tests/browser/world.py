"""A Browser without sockets: the real engine and client, and documents from a table of URLs of any origin."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from sanderling.api import values
from sanderling.browser import hub as events
from sanderling.browser.browser import Browser
from sanderling.browser.context import Context
from sanderling.browser.host_functions import FUNCTIONS
from sanderling.browser.navigation_request import NavigationRequest
from sanderling.browser.page import Page
from sanderling.browser.page_calls import DocumentReplacedError
from sanderling.js.engine import Engine
from sanderling.testing.transport import Answer, FakeTransport

Document: TypeAlias = "str | Answer"

DEADLINE_S = 60.0
"""Of one test: nothing here waits for anything but page code."""


class World:
    """One context of a browser, and the events of the page that a test opens first."""

    def __init__(self, browser: Browser, transport: FakeTransport) -> None:
        self.browser = browser
        self.transport = transport
        self.context: Context = browser.new_context()
        self.seen: list[events.AnyEvent] = []
        self.opened: asyncio.Queue[str] = asyncio.Queue()  # ids of popups of the page

    async def open(self, url: str) -> Page:
        """Open a page, watch it, and load `url`."""
        page = await self.context.new_page()
        page.hub.subscribe(self._heard)
        await page.goto(NavigationRequest(url=url))
        return page

    def _heard(self, event: events.AnyEvent) -> None:
        self.seen.append(event)
        if isinstance(event, events.Popup):
            self.opened.put_nowait(event.opened)

    async def value(self, page: Page, expression: str, frame: int = 1) -> Any:
        """Evaluate an expression in a frame's document; a promise is waited for."""
        answer = await page.call_later("evaluate", {"source": expression, "arg": None, "frame": frame}, frame=frame)
        assert "error" not in answer, answer
        return values.read(answer.get("value"))

    async def until(self, page: Page, expression: str, frame: int = 1) -> Any:
        """Wait until an expression is truthy in a document; where another one comes, in that."""
        while True:
            try:
                return await self.value(page, _LOOK.replace("EXPRESSION", expression), frame)
            except DocumentReplacedError:
                continue


_LOOK = """new Promise((done) => {
  const look = () => { const value = EXPRESSION; if (value) done(value); else setTimeout(look, 5); };
  look();
})"""


def run(blob: bytes, documents: Mapping[str, Document], test: Callable[[World], Awaitable[None]]) -> None:
    """Run a test in a loop of its own, with a browser whose network is `documents`."""

    async def main() -> None:
        transport = FakeTransport()
        for url, document in documents.items():
            transport.answer(url, page_of(document) if isinstance(document, str) else document)
        browser = Browser(Engine(blob, pure=FUNCTIONS), transport)
        try:
            await asyncio.wait_for(test(World(browser, transport)), DEADLINE_S)
        finally:
            await browser.close()
            transport.close()

    asyncio.run(main())


def page_of(markup: str, **headers: str) -> Answer:
    """Make the answer that is an HTML document; underscores in names of headers are hyphens."""
    extra = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Answer(headers=(("Content-Type", "text/html; charset=utf-8"), *extra), body=markup.encode())
