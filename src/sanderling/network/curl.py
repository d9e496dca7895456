"""libcurl on the event loop: one multi per isolation, driven by `socket_action`.

libcurl's callbacks for sockets and timers only record. After each call into libcurl `Curl._settle` acts on what they
recorded, until nothing is due: starts what the schedule allows, ends what is over, moves sockets in and out of the
watch, and hands out events.

A multi owns connections, DNS answers and TLS sessions. Transfers that must not share those (`pool_key`) have different
ones: nothing of one context, a proxy's credentials say, can be reused by another.

Thread: main.
"""

from __future__ import annotations

import asyncio
import collections
import itertools
import math
import threading
import time
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

import pycurl

from sanderling.network.counters import DONE, Counters
from sanderling.network.curl_easy import Easy
from sanderling.network.curl_guard import Guard
from sanderling.network.curl_job import Job
from sanderling.network.curl_log import CurlLog
from sanderling.network.curl_options import Dress, RefusedError, Target, judge, keep_log
from sanderling.network.curl_pool import Pool
from sanderling.network.curl_sockets import MAX_SOCKETS_PER_HOST, CurlSockets
from sanderling.network.messages import BodyPart, Done, Failed, OpenSocket, Timings, TlsFacts, TransferId
from sanderling.network.schedule import Schedule
from sanderling.network.socket_watch import READ, WRITE, new_socket_watch
from sanderling.network.tls_facts import TlsTable
from sanderling.network.transfer import Step, Transfer

if TYPE_CHECKING:
    from sanderling.network.websocket import Connection, SocketOwner

MAX_CONNECTIONS_TO_HOST = 64
"""In one multi. The schedule has a closer limit, but does not count what lasts; and HTTP/2 servers may allow fewer streams than it assumes."""

MAX_CONNECTIONS_PER_PROXY = 32
"""All origins behind an HTTP proxy share its address; Chromium's limit."""

MAX_IDLE_HANDLES = 128
"""Easy handles kept for later; each takes about 4 kB."""

MAX_IDLE_POOLS = 128
"""Multis without a transfer that keep their connections; the one idle for longest goes first."""

POOL_IDLE_S = 60.0
"""After this long without a transfer a multi is closed, and its connections with it."""

CLOSE_S = 2.0
"""How long `Curl.close` waits for name lookups under way; what is left then ends by itself."""

MAX_ROUNDS = 64
"""Of `Curl._settle` before the loop gets its turn."""

STALL_S = 0.1
"""libcurl was seen to forget a socket that is ready; after this long without activity it is asked to look at all."""

MIN_SWEEP_S = 0.005
"""Between two looks at the deadlines."""

_WATCHED = (READ, WRITE, READ | WRITE)


class Curl:
    """All transfers of a process.

    Args:
        loop: the loop that drives it; everything here runs on its thread.
        deliver: called when events were emitted, at the end of a turn.
        counters: what is counted goes there.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, deliver: Callable[[], None], counters: Counters | None = None
    ) -> None:
        # asyncio's own loops ask this clock too, by a call more: a transfer asks ten times.
        self.time = time.monotonic if type(loop).time is asyncio.BaseEventLoop.time else loop.time
        self._loop = loop
        self._deliver = deliver
        self._counters = counters if counters is not None else Counters()
        self._schedule: Schedule[Job] = Schedule()
        self._jobs: dict[Transfer, Job] = {}  # neither ended nor refused
        self._pools: dict[Hashable, Pool] = {}
        # Those without transfers, and since when; idle for longest first.
        self._idle_pools: collections.OrderedDict[Hashable, float] = collections.OrderedDict()
        self._eviction: asyncio.TimerHandle | None = None
        self._closing: list[threading.Thread] = []
        self._idle_handles: list[Easy] = []  # reset
        self._dressed: dict[Dress, list[Easy]] = {}  # ready for what wants the same
        self._kept = 0  # handles in both
        self._touched: dict[Job, None] = {}  # jobs with something to emit, in order
        self._changed: dict[int, tuple[Pool, int, bool]] = {}  # sockets: whose, what to watch, whether it was removed
        self._owner_of: dict[int, Pool] = {}  # whose a watched socket is
        self._watch = new_socket_watch()
        self.guard = Guard()  # what transfers that begin from now on may connect to
        self._sockets = CurlSockets(loop, self._watch, self)
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = math.inf
        self._sweep: asyncio.TimerHandle | None = None
        self._sweep_at = math.inf
        self._tls = TlsTable()
        self._stall: asyncio.TimerHandle | None = None
        self._active_at = 0.0  # when libcurl was last called for a reason
        self._again: asyncio.Handle | None = None
        loop.add_reader(self._watch.fileno(), self._on_sockets)

    # Commands. Nothing starts before `flush`.

    def submit(self, transfer: Transfer) -> None:
        """Take a transfer; it gets its outcome now, if it cannot be sent, or later."""
        try:
            target = Target(transfer.submit)
            check = judge(self.guard, transfer.submit)
        except RefusedError as error:
            transfer.fail(Failed(transfer.id, *error.fault, Timings(total=0.0)))
            self._counters.ended(error.fault.code)
            return
        job = self._jobs[transfer] = Job(transfer, target, self, check)
        # Only TLS can negotiate something better than one request per connection.
        priority = transfer.options.priority
        if self._schedule.add(target.host, target.lane, transfer.owner, priority, job, first_alone=target.secure):
            transfer.life.step(Step.HOLD)
        if transfer.options.total_timeout_ms:
            self._arm_sweep(job)

    def cancel(self, transfer: Transfer) -> None:
        """End a transfer with ``net::ERR_ABORTED``; silent when it has its outcome."""
        job = self._jobs.get(transfer)
        if job is not None:
            job.cancel("the transfer was cancelled")
            self._release(job)

    def resume(self, transfer: Transfer, count: int) -> None:
        """Say that the worker used up `count` bytes."""
        job = self._jobs.get(transfer)
        if job is not None:
            job.resume(count)
            self._after_pause(job)

    def send_body(self, transfer: Transfer, part: BodyPart) -> None:
        """Send a piece of a streamed request body."""
        job = self._jobs.get(transfer)
        if job is not None:
            job.add_part(part)
            self._after_pause(job)

    def open_socket(self, command: OpenSocket, owner: SocketOwner, table: dict[TransferId, Connection]) -> None:
        """Open a WebSocket, and put it into its owner's table."""
        self._sockets.open(command, owner, table)

    def flush(self) -> None:
        """Act on the commands given since the last time."""
        self._settle()

    def close(self, message: str) -> None:
        """End every transfer with ``net::ERR_ABORTED`` and close everything. Idempotent."""
        for job in tuple(self._jobs.values()):
            job.cancel(message)
            self._release(job)
        self._sockets.close(message)
        for timer in (self._timer, self._sweep, self._stall, self._again, self._eviction):
            if timer is not None:
                timer.cancel()
        for key in tuple(self._pools):
            self._close_pool(key)
        deadline = time.monotonic() + CLOSE_S
        for thread in self._closing:
            thread.join(max(deadline - time.monotonic(), 0))
        for handle in (*self._idle_handles, *itertools.chain.from_iterable(self._dressed.values())):
            handle.curl.close()
        self._idle_handles.clear()
        self._dressed.clear()
        self._kept = 0
        self._changed.clear()
        self._owner_of.clear()
        if self._watch.fileno() >= 0:
            self._loop.remove_reader(self._watch.fileno())
            self._watch.close()
        self._deliver()

    @property
    def in_flight(self) -> int:
        """Transfers without an outcome."""
        return len(self._jobs)

    @property
    def load(self) -> tuple[int, int]:
        """How many transfers run, and how many wait for their turn."""
        waiting = self._schedule.waiting
        return len(self._jobs) - waiting, waiting

    # What jobs say from inside libcurl's callbacks (see `curl_job.Driver`).

    def touched(self, job: Job) -> None:
        """Emit what the job recorded, once libcurl has returned."""
        self._touched[job] = None

    def connected(self, job: Job) -> None:
        """Let others of its origin go."""
        self._schedule.connected(job)
        if job.last_activity + job.patience_s < self._sweep_at:
            self._arm_sweep(job)

    def versioned(self, job: Job, version: str) -> None:
        """Learn whether its origin multiplexes."""
        self._schedule.multiplexes(job, not version.startswith("HTTP/1"))

    def tls_facts(self, job: Job) -> TlsFacts | None:
        """Say what is known of the connection that it goes over."""
        origin = (job.target.pool, job.target.host)
        log = job.log
        if log is not None and log.tls and log.agreed is not None and job.easy is not None:
            certificates = job.easy.getinfo(pycurl.INFO_CERTINFO)
            verified = job.transfer.options.verify_tls
            self._tls.learn(origin, log, certificates, self.time(), verified=verified)
            log.agreed = None
        return self._tls.find(origin)

    # Driving libcurl.

    def _on_sockets(self) -> None:
        owner_of = self._owner_of
        for fd, mask in self._watch.poll():
            pool = owner_of.get(fd)
            if pool is not None:
                pool.multi.socket_action(fd, mask)
            else:
                self._sockets.ready(fd, mask)
        self._settle()

    def _on_timer(self) -> None:
        self._timer = None
        self._timer_at = math.inf
        self._settle()

    def _settle(self, *, watch_for_stall: bool = True) -> None:
        """Do everything that is due now."""
        if self._again is not None:
            self._again.cancel()
            self._again = None
        for _ in range(MAX_ROUNDS):
            self._collect()
            for job in self._schedule.take(self.time()):
                self._start(job)
            now = self.time()
            due = [pool for pool in self._pools.values() if pool.due <= now]
            if not due:
                break
            for pool in due:
                pool.due = math.inf
                pool.multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
        else:
            self._again = self._loop.call_soon(self._settle)
        self._apply_sockets()
        self._arm_timer()
        self._active_at = self.time()
        if watch_for_stall and self._stall is None and self._jobs:
            self._stall = self._loop.call_later(STALL_S, self._on_stall)
        self._deliver()

    def _collect(self) -> None:
        """Take what is over out of libcurl, and emit what the callbacks recorded."""
        for pool in tuple(self._pools.values()) if len(self._pools) > 1 else self._pools.values():
            if pool.sockets:
                self._collect_sockets(pool)
            if not pool.jobs:
                continue
            left = 1
            over: list[Job] = []
            while left:
                left, good, bad = pool.multi.info_read()
                for easy in good:
                    job = pool.jobs[easy]
                    job.complete()
                    over.append(job)
                for easy, code, message in bad:
                    job = pool.jobs[easy]
                    if job.restart(code, message):
                        self._take_back(pool, job)
                        self._start(job)
                    else:
                        job.broken(code, message)
                        over.append(job)
            for job in over:
                self._release(job)
        if self._touched:
            touched, self._touched = self._touched, {}
            for job in touched:
                job.flush()

    def _collect_sockets(self, pool: Pool) -> None:
        left = 1
        while left:
            left, good, bad = pool.multi.info_read()
            for easy, code, message in [*((easy, 0, "") for easy in good), *bad]:
                self._sockets.outcome(easy, pool.sockets[easy], code, message)

    def _start(self, job: Job) -> None:
        log = self._log_for(job) if job.target.secure or job.transfer.options.tells_request else None
        dress = job.dress if log is None else None
        handle = self._handle_for(dress)
        try:
            handle.prepare(job.target, job.transfer.submit, dress)
        except RefusedError as error:
            handle.dress = None
            self._keep(handle)
            job.fail(error.fault)
            self._release(job)
            return
        if log is not None:
            job.log = log
            keep_log(handle.curl, log)
        job.start(handle)
        pool = self._pool_of(job)
        pool.jobs[handle.curl] = job
        pool.multi.add_handle(handle.curl)

    def _log_for(self, job: Job) -> CurlLog | None:
        asks_for_tls = job.target.secure and self._tls.wants((job.target.pool, job.target.host), self.time())
        return CurlLog(tls=asks_for_tls) if asks_for_tls or job.transfer.options.tells_request else None

    def _handle_for(self, dress: Dress | None) -> Easy:
        """Give a handle that has the dress, or one that is reset."""
        if dress is not None:
            alike = self._dressed.get(dress)
            if alike:
                self._kept -= 1
                return alike.pop()
        if self._idle_handles:
            self._kept -= 1
            return self._idle_handles.pop()
        if self._kept == MAX_IDLE_HANDLES:
            # All are dressed, and none fits.
            self._kept -= 1
            other = next(filter(None, self._dressed.values())).pop()
            other.dress = None
            other.let_go()
            return other
        return Easy()

    def _keep(self, handle: Easy) -> None:
        """Take back a handle that its job has done with."""
        if self._kept == MAX_IDLE_HANDLES:
            handle.curl.close()
            return
        self._kept += 1
        handle.let_go()
        if handle.dress is None:
            self._idle_handles.append(handle)  # nothing of a request may reach the next one
            return
        alike = self._dressed.get(handle.dress)
        if alike is None:
            for dress in [dress for dress, handles in self._dressed.items() if not handles]:
                del self._dressed[dress]
            alike = self._dressed[handle.dress] = []
        alike.append(handle)

    def _pool_of(self, job: Job) -> Pool:
        limit = MAX_CONNECTIONS_PER_PROXY if job.transfer.options.proxy else MAX_CONNECTIONS_TO_HOST
        return self._pool(job.target.pool, limit)

    def _pool(self, key: Hashable, limit: int) -> Pool:
        pool = self._pools.get(key)
        if pool is None:
            pool = self._pools[key] = Pool(key, self.time, self._changed, max_host_connections=limit)
        if self._idle_pools:
            self._idle_pools.pop(key, None)
        return pool

    def _release(self, job: Job) -> None:
        """Forget a job that has its outcome."""
        del self._jobs[job.transfer]
        outcome = job.transfer.outcome
        self._counters.ended(outcome.code if isinstance(outcome, Failed) else DONE)
        if isinstance(outcome, Done):
            self._counters.bytes_received += outcome.encoded_bytes
        if self._touched:
            self._touched.pop(job, None)
        self._schedule.remove(job)
        if job.easy is None:
            return
        job.count(self._counters)
        pool = self._pools[job.target.pool]
        self._take_back(pool, job)
        if not job.connected:
            pool.may_resolve = True
        self._rest(pool)

    def _rest(self, pool: Pool) -> None:
        """A pool may have become idle."""
        if not pool.jobs and not pool.sockets:
            self._idle_pools[pool.key] = self.time()
            if len(self._idle_pools) > MAX_IDLE_POOLS:
                self._close_pool(next(iter(self._idle_pools)))
            if self._eviction is None:
                self._eviction = self._loop.call_later(POOL_IDLE_S, self._on_eviction)

    # What WebSockets need of it (see `curl_sockets.Pools`).

    def socket_pool(self, key: Hashable) -> Pool:
        """See `Pools.socket_pool`."""
        return self._pool(key, MAX_SOCKETS_PER_HOST)

    def socket_left(self, pool: Pool, *, connected: bool) -> None:
        """See `Pools.socket_left`."""
        if not connected:
            pool.may_resolve = True
        self._rest(pool)

    def settle(self) -> None:
        """See `Pools.settle`."""
        self._settle()

    def _take_back(self, pool: Pool, job: Job) -> None:
        """Take a job's handle out of libcurl, and keep it for another."""
        handle = job.let_go()
        if handle is not None:
            del pool.jobs[handle.curl]
            pool.multi.remove_handle(handle.curl)
            self._keep(handle)

    def _close_pool(self, key: Hashable) -> None:
        self._idle_pools.pop(key, None)
        pool = self._pools.pop(key)
        # A connection that is being shut down may be watched still.
        for fd in [fd for fd, owner in self._owner_of.items() if owner is pool]:
            del self._owner_of[fd]
            self._watch.forget(fd)
        for fd in [fd for fd, change in self._changed.items() if change[0] is pool]:
            del self._changed[fd]
        thread = pool.close()
        if thread is not None:
            self._closing = [*(other for other in self._closing if other.is_alive()), thread]

    def _on_eviction(self) -> None:
        self._eviction = None
        now = self.time()
        for key, since in tuple(self._idle_pools.items()):
            if since + POOL_IDLE_S > now:
                self._eviction = self._loop.call_at(since + POOL_IDLE_S, self._on_eviction)
                break
            self._close_pool(key)

    def _after_pause(self, job: Job) -> None:
        """See whether unpausing handed data to a callback that refused it."""
        if job.refused is not None:
            job.fail(job.refused)
            self._release(job)
        else:
            self._arm_sweep(job)

    def _apply_sockets(self) -> None:
        if self._changed:
            self._apply_changes()
        self._sockets.apply()

    def _apply_changes(self) -> None:
        changed = self._changed.copy()
        self._changed.clear()
        for fd, (pool, what, removed) in changed.items():
            if what not in _WATCHED:
                self._owner_of.pop(fd, None)
                self._watch.forget(fd)
            else:
                if removed and self._owner_of.get(fd) is not pool:
                    self._watch.forget(fd)
                self._owner_of[fd] = pool
                self._watch.watch(fd, what)

    def _arm_timer(self) -> None:
        due = self._schedule.relief_at()
        for pool in self._pools.values():
            due = min(due, pool.due)
        if due >= self._timer_at:
            return  # it will ring early enough, and find out
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = due
        self._timer = self._loop.call_at(due, self._on_timer)

    # Deadlines.

    def _arm_sweep(self, job: Job) -> None:
        at = job.deadline()
        if at < self._sweep_at:
            self._sweep_by(at)

    def _sweep_by(self, at: float) -> None:
        if self._sweep is not None:
            self._sweep.cancel()
        self._sweep_at = at = max(at, self.time() + MIN_SWEEP_S)
        self._sweep = self._loop.call_at(at, self._on_sweep)

    def _on_sweep(self) -> None:
        self._sweep = None
        self._sweep_at = soonest = math.inf
        now = self.time()
        late: list[Job] = []
        for job in self._jobs.values():
            at = job.deadline()
            if at <= now and job.progressed():
                at = job.deadline()
            if at <= now:
                late.append(job)
            else:
                soonest = min(soonest, at)
        for job in late:
            job.expire(now)
            self._release(job)
        if soonest < math.inf:
            self._sweep_by(soonest)
        self._settle()

    def _on_stall(self) -> None:
        self._stall = None
        if not self._jobs:
            return
        quiet = self.time() - self._active_at
        if quiet < STALL_S:
            self._stall = self._loop.call_later(STALL_S - quiet, self._on_stall)
            return
        for fd, pool in tuple(self._owner_of.items()):
            pool.multi.socket_action(fd, READ)  # harmless when there is nothing to read
        # Once for a quiet time: an idle process stays idle.
        self._settle(watch_for_stall=False)
