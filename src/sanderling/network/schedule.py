"""Which transfer starts next: per origin by priority, as many at once as the origin takes.

The first transfer to a TLS origin goes alone: its connection says whether it multiplexes (libcurl's own way to wait,
PIPEWAIT, stalls with an event loop). After that an HTTP/1.1 origin gets six connections, as in browsers, and an HTTP/2
one as many streams as servers commonly allow. Nothing here does I/O.

Thread: main.
"""

from __future__ import annotations

import collections
import heapq
from collections.abc import Hashable
from typing import Generic, TypeVar

MAX_CONNECTIONS_PER_ORIGIN = 6
"""Over HTTP/1.1; what every browser does."""

MAX_STREAMS_PER_ORIGIN = 100
"""Over HTTP/2 and 3; the least that RFC 9113, 6.5.2 recommends servers to allow."""

MAX_RUNNING = 512
"""At once, in all: a bound for file descriptors and memory."""

T = TypeVar("T", bound=Hashable)


class _Origin(Generic[T]):
    """What is known of an origin, and who waits for it."""

    __slots__ = ("known", "limit", "queue", "running")

    def __init__(self, *, known: bool) -> None:
        self.known = known  # whether a connection was made: until then one goes alone
        self.limit = MAX_CONNECTIONS_PER_ORIGIN
        self.running: set[T] = set()
        self.queue: list[tuple[int, int, T]] = []  # heap of priority, age, transfer

    @property
    def has_room(self) -> bool:
        return bool(self.queue) and len(self.running) < (self.limit if self.known else 1)


class Schedule(Generic[T]):
    """The transfers that have not ended, by origin."""

    def __init__(self) -> None:
        self._origins: dict[Hashable, _Origin[T]] = {}
        self._of: dict[T, Hashable] = {}  # every transfer's origin
        self._running = 0
        self._age = 0
        # Origins that may have room, each once, served in turn: no origin starves another (I11).
        self._ready: collections.deque[Hashable] = collections.deque()
        self._is_ready: set[Hashable] = set()

    def add(self, origin: Hashable, priority: int, transfer: T, *, first_alone: bool) -> bool:
        """Queue a transfer.

        Args:
            origin: whatever tells connections apart.
            priority: 0 goes first.
            transfer: the transfer.
            first_alone: whether a new origin must say first whether it multiplexes.

        Returns:
            Whether it must wait for that.
        """
        state = self._origins.get(origin)
        if state is None:
            state = self._origins[origin] = _Origin(known=not first_alone)
        self._age += 1
        heapq.heappush(state.queue, (priority, self._age, transfer))
        self._of[transfer] = origin
        self._mark(origin)
        return not state.known and (bool(state.running) or len(state.queue) > 1)

    def take(self) -> list[T]:
        """Give the transfers to start now; they count as running until `remove`."""
        started: list[T] = []
        while self._ready and self._running < MAX_RUNNING:
            origin = self._ready.popleft()
            self._is_ready.discard(origin)
            state = self._origins.get(origin)
            if state is None:
                continue
            while state.queue and self._of.get(state.queue[0][2]) is None:
                heapq.heappop(state.queue)  # removed while it waited
            if not state.has_room:
                continue
            transfer = heapq.heappop(state.queue)[2]
            state.running.add(transfer)
            self._running += 1
            started.append(transfer)
            self._mark(origin)
        return started

    def connected(self, transfer: T) -> None:
        """Say that a connection carries `transfer`: others of its origin need not wait for it any longer."""
        state = self._origins.get(self._of.get(transfer))
        if state is not None and not state.known:
            state.known = True
            self._mark(self._of[transfer])

    def multiplexes(self, transfer: T, multiplexes: bool) -> None:
        """Say which kind of connection it was."""
        state = self._origins.get(self._of.get(transfer))
        limit = MAX_STREAMS_PER_ORIGIN if multiplexes else MAX_CONNECTIONS_PER_ORIGIN
        if state is not None and state.limit != limit:
            state.limit = limit
            self._mark(self._of[transfer])

    def remove(self, transfer: T) -> None:
        """Forget a transfer, waiting or running; an unknown one is ignored."""
        origin = self._of.pop(transfer, None)
        if origin is None:
            return
        state = self._origins[origin]
        if transfer in state.running:
            state.running.remove(transfer)
            self._running -= 1
        while state.queue and state.queue[0][2] not in self._of:
            heapq.heappop(state.queue)
        if not state.running and not state.queue:
            # What was learnt goes with it: an origin that comes back may have changed, and its connections are gone or
            # reused at once. So nothing here grows with the number of origins ever seen.
            del self._origins[origin]
        else:
            self._mark(origin)

    def __len__(self) -> int:
        return len(self._of)

    def _mark(self, origin: Hashable) -> None:
        if origin not in self._is_ready:
            self._is_ready.add(origin)
            self._ready.append(origin)
