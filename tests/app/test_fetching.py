"""The composition root's own decisions: which worker fetches what."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import Any

import msgspec

from sanderling.app.fetching import FetchSlot
from sanderling.base.errors import UsageError
from sanderling.browser.commands import fault_of
from sanderling.browser.options import ContextOptions, FetchOptions
from sanderling.network.port import ReplyError


class _Port:
    """A worker's port on which every context fails."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def call(self, method: str, body: bytes) -> Future[bytes]:
        self.asked.append(method)
        answer: Future[bytes] = Future()
        answer.set_exception(ReplyError(msgspec.json.encode(fault_of(UsageError("no such proxy")))))
        return answer


class _Worker:
    def __init__(self) -> None:
        self.port = _Port()


class _Runtime:
    def __init__(self) -> None:
        self.started: list[_Worker] = []

    def start_worker(self, on_message: Any) -> _Worker:
        self.started.append(_Worker())
        return self.started[-1]


def test_a_context_that_cannot_be_made_costs_its_urls_and_no_worker_each() -> None:
    runtime: Any = _Runtime()

    async def work() -> None:
        slot = FetchSlot(runtime, ContextOptions(), None)
        for url in ("http://a.test/", "http://b.test/"):
            result = await slot.fetch(url, FetchOptions())
            assert result.error is not None
            assert "no such proxy" in result.error.message
        assert await slot.cookies() == []

    asyncio.run(work())
    assert len(runtime.started) == 1
    assert runtime.started[0].port.asked == ["context.new", "context.new"]
