"""The worker processes of a main process: their template, made when the first is wanted, and those that wait.

Thread: any.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import weakref
from typing import NamedTuple

from sanderling.base.errors import SanderlingError
from sanderling.network.network import Network
from sanderling.server.memory import MemoryGuard
from sanderling.server.process_worker import ProcessWorker, close_all
from sanderling.server.sandbox import Confinement
from sanderling.server.template_link import Template
from sanderling.server.worker_start import WorkerStart

_LOG = logging.getLogger("sanderling.server")

PREPARE_TIMEOUT_S = 60.0
"""A first start builds the snapshot, which takes seconds on a busy machine."""

REFILL_S = 0.05
"""How long after a spare worker was taken the next is made: the first page of a client that waits is there by then."""

RUSH_S = 0.2
"""When clients come faster than this the next spare worker is made at once."""


class ProcessesHealth(NamedTuple):
    """Facts for `/healthz`."""

    living: int
    waiting: int
    confinement: Confinement | None
    """What confines them; None until one has said so."""
    memory: str
    """How their memory is limited: `none`, `cgroup` or `sampled`."""


class Processes:
    """Makes worker processes.

    Args:
        network: carries their sockets.
        start: options of each.
        spares: how many wait to be taken; none serves twice.
        memory_bytes: what each may use before it is ended; 0 for no limit.
    """

    def __init__(self, network: Network, start: WorkerStart, *, spares: int = 0, memory_bytes: int = 0) -> None:
        self._network = network
        self._start = start
        self._wanted = spares
        self._guard = MemoryGuard(network, memory_bytes) if memory_bytes else None
        self._lock = threading.Lock()  # protects the four below; held while a template is started
        self._template: Template | None = None
        self._old: list[Template] = []  # ended by themselves
        self._spares: list[ProcessWorker] = []
        self._closed = False
        self._last_taken = 0.0  # loop time (Network's thread)
        self._living: weakref.WeakSet[ProcessWorker] = weakref.WeakSet()  # Network keeps them

    def take(self) -> ProcessWorker:
        """Give a worker that nobody had (any thread; the first time it starts a process, which takes some milliseconds).

        Raises:
            UnsupportedError: no process can be started.
        """
        with self._lock:
            self._spares = [spare for spare in self._spares if not spare.ended]
            worker = self._spares.pop(0) if self._spares else self._make()
        if self._wanted:
            self._network.call_soon(self._refill_later)
        return worker

    def _refill_later(self) -> None:
        """Network's thread: the next spare one is not made now, for its start would slow down what the one just taken does first."""
        loop = asyncio.get_running_loop()
        last, self._last_taken = self._last_taken, loop.time()
        rush = self._last_taken - last < RUSH_S  # the next client will not wait for us
        loop.call_later(0 if rush else REFILL_S, self._begin_refill)

    def _begin_refill(self) -> None:
        if not self._closed:
            asyncio.get_running_loop().run_in_executor(None, self._refill_or_tell)

    def _refill_or_tell(self) -> None:
        try:
            self._refill()
        except SanderlingError as error:  # whoever wants a worker then hears it himself
            _LOG.warning("no worker could be made ahead: %s", error)

    def _refill(self) -> None:
        with self._lock:
            while len(self._spares) < self._wanted and not self._closed:
                self._spares.append(self._make())

    def prepare(self) -> None:
        """Have the spare ones made, and wait for the first (any thread but Network's; it may build the snapshot).

        Raises:
            InternalError: it cannot be started.
            UnsupportedError: no process can.
        """
        self._refill()
        with self._lock:
            first = self._spares[0] if self._spares else None
        if first is not None:
            first.wait_until_begun(PREPARE_TIMEOUT_S)

    def health(self) -> ProcessesHealth:
        """Give facts (Network's thread)."""
        with self._lock:
            living = [worker for worker in self._living if not worker.ended]
            waiting = sum(not spare.ended for spare in self._spares)
        known = [worker.confinement for worker in living if worker.confinement is not None]
        memory = self._guard.kind if self._guard is not None else "none"
        return ProcessesHealth(len(living), waiting, known[-1] if known else None, memory)

    def _make(self) -> ProcessWorker:
        template = self._template
        if template is None or not template.alive:
            if template is not None:
                self._old.append(template)
            template = self._template = Template(self._network)
        worker = ProcessWorker(self._network, template, self._start)
        if self._guard is not None:
            self._guard.watch(worker)
        self._living.add(worker)
        return worker

    def close(self) -> None:
        """End all of them (any thread but Network's). Idempotent."""
        with self._lock:
            self._closed = True
            self._spares.clear()
            living = list(self._living)
            templates = [*self._old, *([self._template] if self._template else [])]
        close_all(living)
        for template in templates:
            template.close()
        if self._guard is not None:
            self._guard.close()
