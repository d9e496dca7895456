"""Single flight: of equal requests at the same time one goes out, and the others wait for the head of its response.

Who follows shares the body as it comes, if the response may be stored, is fresh, and does not vary in what the two requests differ in. When
the one that went out is canceled its followers keep the exchange; when it fails each of them asks for itself.

Thread: worker.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Coroutine
from typing import Any

import msgspec

from sanderling.http.cache_store import CacheStore, Key
from sanderling.http.shared_body import SharedBody
from sanderling.http.transfer import Transfer
from sanderling.proto.http_cache import Entry

PATIENCE_S = 20.0
"""How long a request waits for the head of another's response; Chromium's cache lock has the same limit."""

MAX_REMEMBERED = 2000
"""Keys whose last response could not be shared: nobody waits for the next one."""


class Landed(msgspec.Struct):
    """What came of an exchange."""

    transfer: Transfer
    """For who asked first."""
    entry: Entry | None = None
    """What is, or will be, stored; None for nothing."""
    body: SharedBody | None = None
    """What others may share."""
    store: CacheStore | None = None
    """Where `entry` is, or will be."""


class Flight(msgspec.Struct, eq=False):
    """An exchange under way."""

    task: asyncio.Task[Landed]
    waiting: int = 0
    """Who waits for its head."""
    orphaned: bool = False
    """Who asked first is gone."""


class Flights:
    """The exchanges under way of a client, by key."""

    def __init__(self) -> None:
        self._flights: dict[Key, Flight] = {}
        self._lonely: OrderedDict[Key, None] = OrderedDict()

    def may_share(self, key: Key) -> bool:
        """Whether it makes sense to wait for another's response."""
        return key not in self._lonely

    def learn(self, key: Key, *, shareable: bool) -> None:
        """Remember whether the response for `key` could be shared."""
        if shareable:
            self._lonely.pop(key, None)
        else:
            self._lonely[key] = None
            if len(self._lonely) > MAX_REMEMBERED:
                self._lonely.popitem(last=False)

    def of(self, key: Key) -> Flight | None:
        """Give what is under way for `key`."""
        return self._flights.get(key)

    async def lead(self, key: Key, work: Coroutine[Any, Any, Landed]) -> Landed:
        """Do `work` for whoever comes meanwhile, too. A cancelled call cancels the work when nobody else waits for it.

        Raises:
            SanderlingError: what `work` raised.
        """
        flight = self._flights[key] = Flight(asyncio.get_running_loop().create_task(work))

        def remove(_: object) -> None:
            if self._flights.get(key) is flight:
                del self._flights[key]

        def landed(task: asyncio.Task[Landed]) -> None:
            if task.cancelled() or task.exception() is not None:
                remove(None)
                return
            result = task.result()
            self.learn(key, shareable=result.entry is not None)
            if result.body is None:
                remove(None)
            else:
                result.body.inner.when_done(remove)  # until then there is something to share

        flight.task.add_done_callback(landed)
        flight.waiting += 1
        try:
            await asyncio.wait((flight.task,))
        except asyncio.CancelledError:
            flight.orphaned = True
            raise
        finally:
            _left(flight)
        return flight.task.result()

    async def follow(self, flight: Flight) -> tuple[SharedBody, Entry] | None:
        """Wait for the head of another's response.

        Returns:
            What may be shared, to be taken at once; None when there is nothing, or it takes too long.
        """
        task = flight.task
        flight.waiting += 1
        try:
            await asyncio.wait((task,), timeout=PATIENCE_S)
        finally:
            _left(flight)
        if not task.done() or task.cancelled() or task.exception() is not None:
            return None
        landed = task.result()
        return (landed.body, landed.entry) if landed.body is not None and landed.entry is not None else None


def _left(flight: Flight) -> None:
    flight.waiting -= 1
    if flight.waiting:
        return
    if not flight.task.done():
        flight.task.cancel()
    elif flight.orphaned:
        # Not at once: the last one who waited takes its share right after this.
        asyncio.get_running_loop().call_soon(_let_go, flight.task)


def _let_go(task: asyncio.Task[Landed]) -> None:
    if not task.cancelled() and task.exception() is None:
        task.result().transfer.cancel()
