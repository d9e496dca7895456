"""The thread that makes an engine before there is a worker."""

from __future__ import annotations

import asyncio
import json
import threading

import pytest

from sanderling.base.errors import InternalError
from sanderling.js import engine_thread
from sanderling.js.engine import Engine, Runtimes
from sanderling.js.engine_thread import EngineThread


def test_the_worker_gets_the_isolate_that_was_made_before(blob: bytes) -> None:
    seen: list[object] = []

    async def serve(runtimes: Runtimes) -> None:
        assert runtimes.blob == blob
        engine = Engine(runtimes)
        isolate = await engine.take()
        entry = await isolate.enter("script.bare", json.dumps({"source": "6 * 7", "url": "test:"}), deadline_s=60)
        seen.append(json.loads(entry.result))
        isolate.close()
        engine.close()

    def work(runtimes: Runtimes) -> None:
        ahead = runtimes._ahead
        asyncio.run(serve(runtimes))
        seen.append((ahead is not None, runtimes._ahead, threading.current_thread().name))

    thread = EngineThread()
    thread.wait()
    thread.give(work)
    thread.join()
    thread.abandon()  # nothing is left to end
    assert seen == [42, (True, None, "sanderling-worker")]


def test_nobody_needs_to_come(blob: bytes) -> None:
    before = threading.active_count()
    thread = EngineThread()
    thread.abandon()
    thread.abandon()
    assert threading.active_count() == before
    thread.wait()


def test_what_goes_wrong_is_said_to_who_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> bytes:
        raise InternalError("no snapshot")

    monkeypatch.setattr(engine_thread, "load_snapshot", fail)
    thread = EngineThread()
    for _ in range(2):
        with pytest.raises(InternalError, match="no snapshot"):
            thread.wait()
    thread.abandon()
