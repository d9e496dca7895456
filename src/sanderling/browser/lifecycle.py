"""When is a page quiet? The activity of a page, and waits for windows without any.

Strategy: every request and every DOM mutation stamps a time. A wait for quiet is a future with a timer at the
earliest moment that could satisfy it; when the timer finds a later stamp it sets itself anew. Nothing polls, and a page that
makes requests all the time is never called idle.

Thread: worker.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Activity:
    """Requests in flight and the last mutation of one page.

    Args:
        loop: the worker's loop; its `time` and `call_at` are the clock.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._in_flight: set[int] = set()  # ids of requests that have no outcome yet
        self._last_request = loop.time()  # when a request last began or ended
        self._last_mutation = loop.time()  # when the DOM last changed
        self._settled: list[asyncio.Future[None]] = []  # woken whenever the last request ends

    @property
    def in_flight(self) -> int:
        """How many requests have no outcome yet."""
        return len(self._in_flight)

    def request_started(self, request_id: int) -> None:
        """Note a request that goes out."""
        self._in_flight.add(request_id)
        self._last_request = self._loop.time()

    def request_ended(self, request_id: int) -> None:
        """Note a request's outcome, whatever it is; an unknown id is nothing."""
        if request_id not in self._in_flight:
            return
        self._in_flight.discard(request_id)
        self._last_request = self._loop.time()
        if not self._in_flight:
            for waiter in self._settled:
                if not waiter.done():
                    waiter.set_result(None)
            self._settled.clear()

    def mutated(self) -> None:
        """Note that the DOM changed."""
        self._last_mutation = self._loop.time()

    async def wait_network_idle(self, quiet_s: float) -> None:
        """Return once no request was in flight for `quiet_s` seconds without interruption."""
        await self._wait(quiet_s, lambda: self._last_request)

    async def wait_stable(self, quiet_s: float) -> None:
        """Return once neither a request nor a DOM mutation happened for `quiet_s` seconds."""
        await self._wait(quiet_s, lambda: max(self._last_request, self._last_mutation))

    async def _wait(self, quiet_s: float, last: Callable[[], float]) -> None:
        while True:
            if self._in_flight:
                waiter: asyncio.Future[None] = self._loop.create_future()
                self._settled.append(waiter)
                await waiter
                continue
            due = last() + quiet_s
            if due <= self._loop.time():
                return
            alarm: asyncio.Future[None] = self._loop.create_future()
            timer = self._loop.call_at(due, _ring, alarm)
            try:
                await alarm
            finally:
                timer.cancel()


def _ring(alarm: asyncio.Future[None]) -> None:
    if not alarm.done():
        alarm.set_result(None)
