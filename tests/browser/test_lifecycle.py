"""When a page is quiet. The loop's clock is set forward, so that nothing here takes time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from sanderling.browser.lifecycle import Activity


class ClockLoop(asyncio.SelectorEventLoop):
    """A loop whose clock jumps to the next timer whenever nothing is ready."""

    _ready: Any
    _scheduled: Any

    def __init__(self) -> None:
        self.now = 1000.0
        super().__init__()

    def time(self) -> float:
        return self.now

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:
            self.now = max(self.now, self._scheduled[0]._when)
        super()._run_once()  # type: ignore[misc]  # private in the base class


Steps = list[tuple[float, Callable[[Activity], object]]]
Wait = Callable[[Activity], Awaitable[None]]


def idle(activity: Activity) -> Awaitable[None]:
    return activity.wait_network_idle(0.5)


def stable(activity: Activity) -> Awaitable[None]:
    return activity.wait_stable(0.5)


def ended_at(wait: Wait, steps: Steps) -> float | None:
    """Do the steps at their times, and give the time at which the wait ended; None when it did not within 60 s."""
    loop = ClockLoop()
    start = loop.time()

    async def work() -> float | None:
        activity = Activity(loop)
        for moment, step in steps:
            loop.call_at(start + moment, step, activity)
        try:
            async with asyncio.timeout(60):
                await wait(activity)
        except TimeoutError:
            return None
        return round(loop.time() - start, 3)

    try:
        return loop.run_until_complete(work())
    finally:
        loop.close()


def begin(number: int) -> Callable[[Activity], object]:
    return lambda activity: activity.request_started(number)


def end(number: int) -> Callable[[Activity], object]:
    return lambda activity: activity.request_ended(number)


def mutate(activity: Activity) -> None:
    activity.mutated()


@pytest.mark.parametrize("wait", [idle, stable])
def test_a_page_that_does_nothing_is_quiet_after_the_window(wait: Wait) -> None:
    assert ended_at(wait, []) == 0.5


@pytest.mark.parametrize("wait", [idle, stable])
def test_the_window_begins_with_the_end_of_the_last_request(wait: Wait) -> None:
    assert ended_at(wait, [(0.1, begin(1)), (0.2, begin(2)), (0.9, end(1)), (3.0, end(2))]) == 3.5


@pytest.mark.parametrize("wait", [idle, stable])
def test_a_short_request_within_the_window_begins_it_anew(wait: Wait) -> None:
    assert ended_at(wait, [(0.4, begin(1)), (0.45, end(1))]) == 0.95


@pytest.mark.parametrize("wait", [idle, stable])
def test_a_request_in_flight_is_never_quiet(wait: Wait) -> None:
    assert ended_at(wait, [(0.1, begin(1))]) is None


@pytest.mark.parametrize("wait", [idle, stable])
def test_a_page_that_polls_is_never_quiet(wait: Wait) -> None:
    steps: Steps = []
    for number in range(200):
        steps += [(number * 0.4 + 0.1, begin(number)), (number * 0.4 + 0.2, end(number))]
    assert ended_at(wait, steps) is None


def test_a_page_that_changes_is_idle_but_not_stable() -> None:
    steps: Steps = [(number * 0.4, mutate) for number in range(200)]
    assert ended_at(idle, steps) == 0.5
    assert ended_at(stable, steps) is None


def test_stable_begins_with_the_last_mutation() -> None:
    assert ended_at(stable, [(0.2, begin(1)), (0.3, end(1)), (0.7, mutate)]) == 1.2


@pytest.mark.parametrize("wait", [idle, stable])
def test_an_outcome_of_an_unknown_request_is_nothing(wait: Wait) -> None:
    assert ended_at(wait, [(0.2, end(7)), (0.3, end(7))]) == 0.5


def test_what_is_in_flight_is_counted_once_each() -> None:
    loop = ClockLoop()
    try:
        activity = Activity(loop)
        activity.request_started(1)
        activity.request_started(1)
        activity.request_started(2)
        assert activity.in_flight == 2
        activity.request_ended(1)
        assert activity.in_flight == 1
    finally:
        loop.close()


def test_several_waits_end_together_and_one_can_be_canceled() -> None:
    loop = ClockLoop()

    async def work() -> None:
        activity = Activity(loop)
        activity.request_started(1)
        waits = [asyncio.ensure_future(activity.wait_network_idle(0.5)) for _ in range(3)]
        await asyncio.sleep(0)
        waits[0].cancel()
        await asyncio.sleep(0)
        activity.request_ended(1)
        results = await asyncio.gather(*waits, return_exceptions=True)
        assert [type(result) for result in results] == [asyncio.CancelledError, type(None), type(None)]

    try:
        loop.run_until_complete(work())
    finally:
        loop.close()
