"""Calls into the code of a page: those that answer at once, and those that page code answers later by a post.

Thread: worker.
"""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from sanderling.base.errors import ClosedError, NavigationError, PageCrashedError, SanderlingError
from sanderling.browser.agent import Agent, Json
from sanderling.js.errors import NotEnteredError


class DocumentReplacedError(NavigationError):
    """Another document came while code of the old one was being waited for."""


class Called(Protocol):
    """The page whose code is called (`Page`)."""

    @property
    def agent(self) -> Agent | None:
        """Of the main document."""

    @property
    def closed(self) -> bool:
        """Whether nothing can be called any more."""

    @property
    def crashed_reason(self) -> str | None:
        """Why there is no document."""

    def agent_of(self, frame: int) -> Agent | None:
        """Give the agent that a frame's document lives in."""

    def check_open(self) -> None:
        """Raise `ClosedError` once it is closed."""


class PageCalls:
    """The calls into one page.

    Args:
        page: whose code it is.
    """

    def __init__(self, page: Called) -> None:
        self._page = page
        self._loop = asyncio.get_running_loop()
        self._arrivals: list[asyncio.Future[None]] = []  # of the next document; those who came while one was being left
        self._results: dict[
            int, tuple[asyncio.Future[Json], Agent | None]
        ] = {}  # evaluations and waits that page code will answer, and where it runs
        self._next_result = 1

    async def call(self, kind: str, payload: dict[str, Any], *, frame: int = 1, agent: Agent | None = None) -> Json:
        """Enter the agent of a frame's document, or that of a web worker; for entries that answer at once."""
        self._page.check_open()
        agent = agent or self._page.agent_of(frame)
        if agent is None:
            raise PageCrashedError(self._page.crashed_reason or "the page has no document")
        return await agent.enter(kind, payload)

    async def call_later(
        self, kind: str, payload: dict[str, Any], *, frame: int = 1, agent: Agent | None = None
    ) -> Json:
        """Enter the agent of a frame's document, or that of a web worker; page code answers later, by a post with this id.

        The answer is the dictionary it posted, or the one the entry gave unless that says `pending`. A wait goes on in the next
        document when this one is replaced, as Playwright's do.
        """
        while True:
            try:
                return await self._call_later(kind, payload, frame, agent)
            except DocumentReplacedError:
                if kind != "wait":
                    raise
            except NotEnteredError:
                # The document is being left and nothing has begun there. Who names no execution context means the page.
                if kind not in ("wait", "evaluate") or self._page.closed:
                    raise
                await self.next_document()

    async def next_document(self) -> None:
        """Wait, while a document is being left, until code can be entered again, or never more."""
        arrival: asyncio.Future[None] = self._loop.create_future()
        self._arrivals.append(arrival)
        await arrival

    def document_arrived(self) -> None:
        """Code can be entered again, or never more: let those look who wait for that."""
        arrivals, self._arrivals = self._arrivals, []
        for arrival in arrivals:
            if not arrival.done():
                arrival.set_result(None)

    async def _call_later(self, kind: str, payload: dict[str, Any], frame: int, agent: Agent | None) -> Json:
        self._page.check_open()
        number = self._next_result
        self._next_result += 1
        future: asyncio.Future[Json] = self._loop.create_future()
        agent = agent or self._page.agent_of(frame)
        self._results[number] = (future, agent)
        try:
            try:
                outcome = await self.call(kind, {**payload, "id": number}, frame=frame, agent=agent)
            except NotEnteredError:
                raise
            except ClosedError:
                if future.done():
                    return await future  # says why
                raise
            if outcome is not None and not outcome.get("pending"):
                return outcome
            return await future
        finally:
            self._results.pop(number, None)
            if not future.done():
                future.cancel()
                if kind == "wait" and self._page.agent is not None:
                    self._page.agent.post("wait.cancel", {"id": number})
            elif not future.cancelled():
                future.exception()  # it may be that nobody came to ask

    def result_came(self, number: int, outcome: Json) -> None:
        """Page code posted the answer of a `call_later`."""
        future, _ = self._results.get(number, (None, None))
        if future is not None and not future.done():
            future.set_result(outcome)

    def fail(self, reason: SanderlingError, agent: Agent | None = None) -> None:
        """The document is gone, or only that of `agent`: what its code has not answered fails."""
        for number, (future, asked) in tuple(self._results.items()):
            if agent is None or asked is agent:
                del self._results[number]
                if not future.done():
                    future.set_exception(reason)
