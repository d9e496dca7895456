"""Waiting for calls into an isolate: by a future that stands for the engine's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from sanderling.js.watch import GivenUpError, OverdueError, Stopwatch, Watch
from tests.stepping import SteppingLoop

HOUR_S = 3600


def run(
    test: Callable[[Watch, asyncio.Future[Any]], Coroutine[Any, Any, None]], *, terminate: bool = True
) -> list[str]:
    """Run a test with a call that ends when it is terminated, if `terminate`; gives what was terminated."""
    terminated: list[str] = []

    async def main() -> None:
        engine: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        def end() -> None:
            terminated.append("isolate")
            if terminate:
                engine.set_exception(RuntimeError("terminated"))

        watch = Watch(end)
        await test(watch, engine)
        watch.stop()

    with asyncio.Runner(loop_factory=SteppingLoop) as runner:
        runner.run(main())
    return terminated


async def outcome(watch: Watch, engine: asyncio.Future[Any], *, stopwatch: Stopwatch | None = None, **more: Any) -> Any:
    """Wait for the engine with short deadlines."""
    times: dict[str, Any] = {"deadline_s": 0.01, "give_up_s": 0.01, **more}
    return await watch.run(engine, stopwatch=stopwatch, **times)


def test_results_and_exceptions_come_through() -> None:
    async def test(watch: Watch, engine: asyncio.Future[Any]) -> None:
        engine.set_result(5)
        assert await outcome(watch, engine) == 5
        failed: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        failed.set_exception(ValueError("no"))
        with pytest.raises(ValueError, match="no"):
            await outcome(watch, failed)

    assert run(test) == []


def test_a_call_that_goes_on_is_given_up_and_may_end_later() -> None:
    async def test(watch: Watch, engine: asyncio.Future[Any]) -> None:
        with pytest.raises(GivenUpError):
            await outcome(watch, engine)
        assert not engine.done()
        engine.set_result(None)
        await asyncio.sleep(0)  # its end reaches nobody, and is no error

    assert run(test) == []


def test_by_a_stopwatch_a_call_is_terminated() -> None:
    async def test(watch: Watch, engine: asyncio.Future[Any]) -> None:
        with pytest.raises(OverdueError):
            await outcome(watch, engine, stopwatch=Stopwatch(asyncio.get_running_loop()), give_up_s=10)

    assert run(test) == ["isolate"]


def test_what_cannot_be_terminated_is_given_up() -> None:
    async def test(watch: Watch, engine: asyncio.Future[Any]) -> None:
        with pytest.raises(GivenUpError):
            await outcome(watch, engine, stopwatch=Stopwatch(asyncio.get_running_loop()))

    assert run(test, terminate=False) == ["isolate"]


def test_waits_do_not_count() -> None:
    async def test(watch: Watch, engine: asyncio.Future[Any]) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, SteppingLoop)
        stopwatch = Stopwatch(loop)
        stopwatch.wait_began()
        loop.call_later(5 * HOUR_S, engine.set_result, "answered")
        waiting = loop.create_task(outcome(watch, engine, stopwatch=stopwatch, deadline_s=HOUR_S))
        await asyncio.sleep(0)
        loop.ahead_s += 5 * HOUR_S
        assert await waiting == "answered"
        stopwatch.wait_ended()
        assert stopwatch.used_s() < HOUR_S

    assert run(test) == []


def test_what_is_asked_while_a_debugger_holds_the_page_does_not_end_its_wait() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, SteppingLoop)
        stopwatch = Stopwatch(loop)
        stopwatch.wait_ended("debugger")  # of a session that held nothing
        stopwatch.wait_began("debugger")
        stopwatch.wait_began()
        stopwatch.wait_ended()
        loop.ahead_s += 5 * HOUR_S
        assert stopwatch.used_s() < HOUR_S
        stopwatch.wait_ended("debugger")
        loop.ahead_s += 5 * HOUR_S
        assert 5 * HOUR_S <= stopwatch.used_s() < 6 * HOUR_S

    with asyncio.Runner(loop_factory=SteppingLoop) as runner:
        runner.run(main())


def test_a_shorter_deadline_after_a_longer_one_holds() -> None:
    async def test(watch: Watch, engine: asyncio.Future[Any]) -> None:
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        done.set_result(1)
        assert await outcome(watch, done, deadline_s=1000) == 1
        with pytest.raises(GivenUpError):
            await outcome(watch, engine)

    assert run(test) == []


def test_nobody_hears_of_a_call_whose_waiter_was_cancelled() -> None:
    async def test(watch: Watch, engine: asyncio.Future[Any]) -> None:
        said: list[Any] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: said.append(context))
        task = loop.create_task(outcome(watch, engine, deadline_s=1000))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        engine.set_exception(ValueError("late"))
        for _ in range(3):
            await asyncio.sleep(0)
        assert said == []

    assert run(test) == []
