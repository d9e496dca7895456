"""Which transfer starts next: as many at once as a host takes, workers in turn, and the urgent first within each of them.

Goals: a host sees no more connections of this process than of one browser; a worker with a thousand transfers does not keep
another's one waiting; what a page needs most goes first.

The first transfer to a TLS origin goes alone: its connection says whether it multiplexes (libcurl's own way to wait,
PIPEWAIT, stalls with an event loop). After that a *lane*, the transfers that may share connections, has as many streams as servers
commonly allow if it multiplexes. All other transfers to a *host* share its six connections, whatever their lanes.

A host keeps the workers that wait for it in a ring: who was served goes to its end. Where the bound of the whole process decides, the
hosts are chosen by a second such ring. A transfer that has lasted for `LONG_S` (an event stream, a long poll, a download) no longer
counts, or six of one client would shut out all others for good; what one worker may have at once bounds those too.

Nothing here does I/O or looks at a clock.

Thread: main.
"""

from __future__ import annotations

import collections
import heapq
import math
from collections.abc import Hashable
from typing import Generic, TypeVar

MAX_CONNECTIONS_PER_HOST = 6
"""Of the process, over HTTP/1.1; what every browser has. Also what one worker may have, with those that have lasted long."""

MAX_STREAMS_PER_LANE = 128
"""Over HTTP/2 and 3: what nginx allows by itself on one connection. Where a server allows less (RFC 9113, 6.5.2 recommends 100 at least) libcurl opens
a second connection for what is above that."""

MAX_RUNNING = 512
"""At once, in all, not counting those that have lasted long."""

MAX_RUNNING_PER_WORKER = 256
"""At once, with those that have lasted long: a bound for file descriptors and memory, which also leaves others room."""

LONG_S = 10.0
"""After so long a transfer does not count for the process's limits any more."""

T = TypeVar("T", bound=Hashable)


class _Queue(Generic[T]):
    """What one worker has waiting in one lane."""

    __slots__ = ("heap", "lane", "live")

    def __init__(self, lane: _Lane[T]) -> None:
        self.lane = lane
        self.heap: list[tuple[int, int, _Entry[T]]] = []  # by priority and age; some were removed meanwhile
        self.live = 0  # those that were not


class _Lane(Generic[T]):
    """Transfers that may share connections."""

    __slots__ = ("known", "multiplexes", "running", "waiting")

    def __init__(self, *, known: bool) -> None:
        self.known = known  # whether a connection was made: until then one goes alone
        self.multiplexes = False
        self.running: set[T] = set()
        self.waiting = 0


class _Host(Generic[T]):
    """Lanes that share a limit."""

    __slots__ = ("counted", "held", "key", "lanes", "total", "waiting")

    def __init__(self, key: Hashable) -> None:
        self.key = key
        self.lanes: dict[Hashable, _Lane[T]] = {}
        self.counted = 0  # running, not multiplexed, not long
        self.held: dict[Hashable, int] = {}  # running, not multiplexed, by worker
        self.total = 0  # running and waiting
        self.waiting: dict[Hashable, dict[Hashable, _Queue[T]]] = {}  # by worker, whose turn is next first; by lane

    def room(self, lane: _Lane[T], worker: Hashable) -> bool:
        if lane.multiplexes:
            return len(lane.running) < MAX_STREAMS_PER_LANE
        if not lane.known and lane.running:
            return False
        return self.counted < MAX_CONNECTIONS_PER_HOST and self.held.get(worker, 0) < MAX_CONNECTIONS_PER_HOST


class _Worker:
    """What is known of a worker."""

    __slots__ = ("hosts", "running", "total")

    def __init__(self) -> None:
        self.running = 0
        self.total = 0  # running and waiting
        self.hosts: dict[Hashable, int] = {}  # where how many wait


class _Entry(Generic[T]):
    """A transfer."""

    __slots__ = ("counted", "held", "host", "lane", "lane_key", "removed", "running", "transfer", "who", "worker")

    def __init__(
        self, transfer: T, host: _Host[T], lane_key: Hashable, lane: _Lane[T], worker: Hashable, who: _Worker
    ) -> None:
        self.transfer = transfer
        self.host = host
        self.lane_key = lane_key
        self.lane = lane
        self.worker = worker
        self.who = who
        self.running = False
        self.removed = False
        self.held = False  # it has a connection of the host's to itself
        self.counted = False  # it counts for the host's limit


class Schedule(Generic[T]):
    """The transfers that have not ended."""

    def __init__(self) -> None:
        self._hosts: dict[Hashable, _Host[T]] = {}
        self._entries: dict[T, _Entry[T]] = {}
        # Those with transfers, who was served longest ago first.
        self._workers: collections.OrderedDict[Hashable, _Worker] = collections.OrderedDict()
        self._counting: dict[T, float] = {}  # running and not long: since when, the oldest first
        self._waiting = 0
        self._age = 0
        # Hosts that may have room, each once.
        self._ready: dict[_Host[T], None] = {}

    def add(
        self, host: Hashable, lane: Hashable, worker: Hashable, priority: int, transfer: T, *, first_alone: bool
    ) -> bool:
        """Queue a transfer.

        Args:
            host: whose limit it counts for.
            lane: tells connections apart; always of the same host.
            worker: who asks.
            priority: 0 goes first.
            transfer: the transfer.
            first_alone: whether a new lane must say first whether it multiplexes.

        Returns:
            Whether it must wait for that.
        """
        place = self._hosts.get(host)
        if place is None:
            place = self._hosts[host] = _Host(host)
        state = place.lanes.get(lane)
        if state is None:
            state = place.lanes[lane] = _Lane(known=not first_alone)
        who = self._workers.get(worker)
        if who is None:
            who = self._workers[worker] = _Worker()
        queues = place.waiting.get(worker)
        if queues is None:
            queues = place.waiting[worker] = {}
        queue = queues.get(lane)
        if queue is None:
            queue = queues[lane] = _Queue(state)
        entry = self._entries[transfer] = _Entry(transfer, place, lane, state, worker, who)
        self._age += 1
        heapq.heappush(queue.heap, (priority, self._age, entry))
        queue.live += 1
        held = not state.known and (bool(state.running) or state.waiting > 0)
        state.waiting += 1
        place.total += 1
        who.total += 1
        who.hosts[host] = who.hosts.get(host, 0) + 1
        self._waiting += 1
        self._ready[place] = None
        return held

    def take(self, now: float) -> list[T]:
        """Give the transfers to start now; they count as running until `remove`."""
        if self._counting:
            self._forget_long(now)
        started: list[T] = []
        ready = self._ready
        while ready and len(self._counting) < MAX_RUNNING:
            if MAX_RUNNING - len(self._counting) < len(ready):
                host, found = self._fairest()
            else:
                host = next(iter(ready))
                found = self._next(host)
            if host is None:
                break
            if found is None:
                del ready[host]
                continue
            started.append(self._start(host, found, now))
            if not host.waiting:
                del ready[host]
            elif len(ready) > 1:
                del ready[host]
                ready[host] = None  # hosts take turns, too
        return started

    def _next(self, host: _Host[T]) -> _Queue[T] | None:
        """Give the queue whose turn it is at a host, the next transfer at its top; None when nobody's can start."""
        for worker, queues in host.waiting.items():
            if self._workers[worker].running >= MAX_RUNNING_PER_WORKER:
                continue
            best: _Queue[T] | None = None
            for queue in queues.values():
                if host.room(queue.lane, worker):
                    while queue.heap[0][2].removed:
                        heapq.heappop(queue.heap)
                    if best is None or queue.heap[0] < best.heap[0]:
                        best = queue
            if best is not None:
                return best
        return None

    def _fairest(self) -> tuple[_Host[T] | None, _Queue[T] | None]:
        """Choose among the hosts, when not all can have the slot: the one whose next worker was served longest ago."""
        fronts: dict[Hashable, tuple[_Host[T], _Queue[T]]] = {}
        for host in tuple(self._ready):
            found = self._next(host)
            if found is None:
                del self._ready[host]
                continue
            worker = found.heap[0][2].worker
            other = fronts.get(worker)
            if other is None or found.heap[0] < other[1].heap[0]:
                fronts[worker] = (host, found)
        for worker in self._workers:
            if worker in fronts:
                return fronts[worker]
        return None, None

    def _start(self, host: _Host[T], queue: _Queue[T], now: float) -> T:
        entry = heapq.heappop(queue.heap)[2]
        worker = entry.worker
        self._left_queue(entry, queue)
        if len(host.waiting) > 1:
            queues = host.waiting.pop(worker, None)
            if queues is not None:
                host.waiting[worker] = queues  # its next turn comes after everybody's
        self._workers.move_to_end(worker)
        entry.who.running += 1
        entry.running = True
        transfer = entry.transfer
        entry.lane.running.add(transfer)
        self._counting[transfer] = now
        if not entry.lane.multiplexes:
            entry.held = entry.counted = True
            host.held[worker] = host.held.get(worker, 0) + 1
            host.counted += 1
        return transfer

    def _left_queue(self, entry: _Entry[T], queue: _Queue[T]) -> None:
        """A transfer does not wait any longer; whether it is in the heap still is the caller's matter."""
        host = entry.host
        queue.live -= 1
        entry.lane.waiting -= 1
        self._waiting -= 1
        hosts = entry.who.hosts
        left = hosts[host.key] - 1
        if left:
            hosts[host.key] = left
        else:
            del hosts[host.key]
        if not queue.live:
            queues = host.waiting[entry.worker]
            del queues[entry.lane_key]
            if not queues:
                del host.waiting[entry.worker]
        elif len(queue.heap) > 2 * queue.live + 64:
            queue.heap = [one for one in queue.heap if not one[2].removed]
            heapq.heapify(queue.heap)

    def connected(self, transfer: T) -> None:
        """Say that a connection carries `transfer`: others of its lane need not wait for it any longer."""
        entry = self._entries.get(transfer)
        if entry is not None and not entry.lane.known:
            entry.lane.known = True
            self._ready[entry.host] = None

    def multiplexes(self, transfer: T, multiplexes: bool) -> None:
        """Say which kind of connection it was."""
        entry = self._entries.get(transfer)
        if entry is None or entry.lane.multiplexes is multiplexes:
            return
        entry.lane.multiplexes = multiplexes
        for other in entry.lane.running:
            one = self._entries[other]
            self._let_go(one)
            if not multiplexes:
                one.held = True
                one.counted = other in self._counting
                one.host.held[one.worker] = one.host.held.get(one.worker, 0) + 1
                one.host.counted += one.counted
        self._ready[entry.host] = None

    def _let_go(self, entry: _Entry[T]) -> None:
        """It has no connection to itself any more."""
        host = entry.host
        if entry.held:
            entry.held = False
            left = host.held[entry.worker] - 1
            if left:
                host.held[entry.worker] = left
            else:
                del host.held[entry.worker]
        if entry.counted:
            entry.counted = False
            host.counted -= 1

    def _forget_long(self, now: float) -> None:
        """Let those that have lasted long not count any more."""
        counting = self._counting
        while counting:
            transfer = next(iter(counting))
            if counting[transfer] + LONG_S > now:
                return
            del counting[transfer]
            entry = self._entries[transfer]
            if entry.counted:
                entry.counted = False
                entry.host.counted -= 1
                self._ready[entry.host] = None

    def relief_at(self) -> float:
        """Give when `take` may give more though nothing has ended."""
        if not self._waiting or not self._counting:
            return math.inf
        return next(iter(self._counting.values())) + LONG_S

    def remove(self, transfer: T) -> None:
        """Forget a transfer, waiting or running; an unknown one is ignored."""
        entry = self._entries.pop(transfer, None)
        if entry is None:
            return
        host, who = entry.host, entry.who
        entry.removed = True
        if entry.running:
            entry.lane.running.remove(transfer)
            self._counting.pop(transfer, None)
            self._let_go(entry)
            if who.running == MAX_RUNNING_PER_WORKER:
                for key in who.hosts:
                    self._ready[self._hosts[key]] = None
            who.running -= 1
        else:
            self._left_queue(entry, host.waiting[entry.worker][entry.lane_key])
        who.total -= 1
        if not who.total:
            del self._workers[entry.worker]
        host.total -= 1
        if not host.total:
            # What was learnt goes with it: a host that comes back may have changed, and its connections are gone or
            # reused at once. So nothing here grows with the number of hosts ever seen.
            del self._hosts[host.key]
            self._ready.pop(host, None)
            return
        if not entry.lane.running and not entry.lane.waiting:
            del host.lanes[entry.lane_key]
        self._ready[host] = None

    @property
    def waiting(self) -> int:
        """How many have not started."""
        return self._waiting

    def __len__(self) -> int:
        return len(self._entries)
