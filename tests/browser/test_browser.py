"""A worker's Browser: when the isolate of the next document is made."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, cast

import pytest

from sanderling.browser import browser as browsers
from sanderling.browser.browser import Browser
from sanderling.http.transport import Transport
from sanderling.js.engine import Engine


class CountingEngine:
    """Counts the isolates that are made ahead."""

    def __init__(self) -> None:
        self.prepared: asyncio.Queue[float] = asyncio.Queue()

    def prepare_spare(self) -> None:
        """One is made."""
        self.prepared.put_nowait(asyncio.get_running_loop().time())

    def close(self) -> None:
        """Nothing is left."""


def run(test: Callable[[Browser, CountingEngine], Coroutine[Any, Any, None]]) -> None:
    """Run a test with a browser."""

    async def main() -> None:
        engine = CountingEngine()
        browser = Browser(cast("Engine", engine), cast("Transport", None))
        await test(browser, engine)
        await browser.close()

    asyncio.run(main())


def test_the_earliest_time_that_was_said_holds() -> None:
    async def test(browser: Browser, engine: CountingEngine) -> None:
        begun = asyncio.get_running_loop().time()
        browser.prepare_isolate_in(1000)
        browser.prepare_isolate_in(0.02)
        browser.prepare_isolate_in(2000)
        assert await asyncio.wait_for(engine.prepared.get(), 60) - begun >= 0.019
        assert engine.prepared.empty()
        browser.prepare_isolate_in(0)  # and again
        await asyncio.wait_for(engine.prepared.get(), 60)

    run(test)


def test_nothing_is_made_after_the_end() -> None:
    async def test(browser: Browser, engine: CountingEngine) -> None:
        browser.prepare_isolate_in(0)
        await browser.close()
        browser.prepare_isolate()
        done = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_later(0.001, done.set_result, None)
        await done
        assert engine.prepared.empty()

    run(test)


def test_free_memory_is_given_back_once_for_pages_that_are_closed_together(monkeypatch: pytest.MonkeyPatch) -> None:
    trimmed: asyncio.Queue[float] = asyncio.Queue()

    async def test(browser: Browser, engine: CountingEngine) -> None:
        monkeypatch.setattr(browsers, "TRIM_S", 0)
        monkeypatch.setattr(browsers, "trim", lambda: trimmed.put_nowait(0))
        browser.page_gone()
        browser.page_gone()
        await asyncio.wait_for(trimmed.get(), 60)
        assert trimmed.empty()
        browser.page_gone()  # and again
        await asyncio.wait_for(trimmed.get(), 60)
        browser.page_gone()
        await browser.close()
        browser.page_gone()
        done = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_later(0.001, done.set_result, None)
        await done
        assert trimmed.empty()

    run(test)
