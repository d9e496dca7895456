"""Computations beside the loop."""

from __future__ import annotations

import asyncio
import threading

import pytest

from sanderling.browser.background import MAX_THREADS, MAX_WAITING, Background


def test_results_and_errors_come_back() -> None:
    async def run() -> None:
        background = Background()
        names = await asyncio.gather(*(background.run(lambda: threading.current_thread().name) for _ in range(10)))
        assert set(names) <= {f"sanderling-work{number + 1}" for number in range(MAX_THREADS)}

        def fail() -> None:
            raise KeyError("x")

        with pytest.raises(KeyError):
            await background.run(fail)
        background.close()

    asyncio.run(run())


def test_the_loop_goes_on_and_its_end_does_not_wait() -> None:
    gate = threading.Event()

    async def run() -> None:
        background = Background()
        blocked = [asyncio.ensure_future(background.run(gate.wait)) for _ in range(MAX_WAITING)]
        await asyncio.sleep(0)
        with pytest.raises(OverflowError):
            await background.run(gate.wait)
        for task in blocked:
            task.cancel()
        background.close()

    asyncio.run(run())
    gate.set()
