"""Network and the workers of a process.

The command line gives Network the main thread; a library gets a named thread for it, made on first use and shared.

Thread: any; each function says where it may be called.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec

from sanderling.base import errors
from sanderling.base.log import LOGGER
from sanderling.browser.browser import Limits
from sanderling.browser.options import DiskCache
from sanderling.js.engine import Limits as EngineLimits
from sanderling.js.snapshot import load_snapshot
from sanderling.network.messages import Notify, Output
from sanderling.network.network import Network
from sanderling.server.links import WorkerLink, WorkerMaker
from sanderling.server.thread_worker import ThreadWorker
from sanderling.server.worker_start import WorkerStart

if TYPE_CHECKING:
    from sanderling.js.engine_thread import EngineThread
    from sanderling.server.process_worker import ProcessWorker
    from sanderling.server.processes import Processes

Isolation: TypeAlias = Literal["process", "thread"]

AnyWorker: TypeAlias = "ThreadWorker | ProcessWorker"


def supported_isolation(isolation: Isolation) -> Isolation:
    """Give the isolation that this system can do, and warn when it is not the one asked for.

    A process that forks without a fresh start afterwards is safe on Linux only: macOS's own libraries may abort in the child.
    """
    if isolation == "process" and sys.platform != "linux":
        LOGGER.warning("workers in processes need Linux: pages run in threads, and one that crashes takes all along")
        return "thread"
    return isolation


def check_debugger(isolation: Isolation) -> None:
    """Look whether workers can have what a debugger needs, in a process that is made for it.

    Raises:
        UsageError: workers in threads cannot.
        UnsupportedError: this system cannot; the text says why.
    """
    if isolation != "process":
        raise errors.UsageError("only workers in processes can be debugged: they get a network of their own for that")
    tried = subprocess.run(
        [sys.executable, "-m", "sanderling.server.own_network"], check=False, capture_output=True, text=True, timeout=60
    )
    if tried.returncode != 0:
        raise errors.UnsupportedError(f"pages cannot be debugged on this system: {tried.stderr.strip()}")


class Runtime:
    """Network and the workers of a process.

    Args:
        network: running already, or about to be run by the caller.
        isolation: where workers live: in processes of their own, or in threads.
        debugger: whether isolates have V8's inspector.
        limits: of the pages of each worker.
        engine_limits: of their isolates.
        spares: how many processes wait for the next client.
        worker_memory_bytes: what a worker in a process may use before it is ended; 0 for no limit.
        cache: where workers keep responses besides their memory.
        one_page: nobody will ask a worker for a second page: none is prepared.
        engine: the thread of the first worker that is in one.

    Raises:
        UsageError: a limit for memory, or a debugger, and workers in threads.
        UnsupportedError: this system cannot give workers a network of their own, which a debugger needs.
    """

    def __init__(
        self,
        network: Network,
        *,
        isolation: Isolation = "thread",
        debugger: bool = False,
        limits: Limits | None = None,
        engine_limits: EngineLimits | None = None,
        spares: int = 0,
        worker_memory_bytes: int = 0,
        cache: DiskCache | None = None,
        one_page: bool = False,
        engine: EngineThread | None = None,
    ) -> None:
        self.network = network
        self.isolation: Isolation = supported_isolation(isolation)
        self._start = WorkerStart(
            limits=limits or Limits(),
            engine_limits=engine_limits or EngineLimits(),
            one_page=one_page,
            debugger=debugger,
        )
        if debugger:
            check_debugger(self.isolation)
        if worker_memory_bytes and self.isolation != "process":
            raise errors.UsageError("only workers in processes can have a limit for their memory")
        self._cache = cache
        if cache is not None:
            network.call_soon(lambda: network.hsts.keep_in(cache.folder))  # before any worker's first question
        self._worker_memory_bytes = worker_memory_bytes
        self._spares = spares
        self._engine = engine
        self._readable: tuple[str, ...] = ()  # files that every worker may have opened
        self._writable: tuple[str, ...] = ()  # folders that every worker may write to
        self._blob_lock = threading.Lock()  # protects _blob; held while it is loaded
        self._blob: bytes | None = None  # the one startup snapshot of this process
        self._workers_lock = threading.Lock()  # protects the two below
        self._threads: weakref.WeakSet[ThreadWorker] = weakref.WeakSet()  # their threads keep them
        self._processes: dict[
            tuple[bool, DiskCache | None], Processes
        ] = {}  # by whether they serve CDP clients, and cache

    def grant(self, *, readable: Sequence[str] = (), writable: Sequence[str] = ()) -> None:
        """Let every worker have files opened (before the first one is started).

        Args:
            readable: files.
            writable: folders.
        """
        self._readable += tuple(readable)
        self._writable += tuple(writable)

    def start_worker(
        self,
        on_notify: Callable[[Notify], None],
        on_output: Callable[[Output], None] | None = None,
        on_died: Callable[[str], None] | None = None,
        *,
        cdp: bool = False,
        isolation: Isolation | None = None,
        cache: DiskCache | None = None,
    ) -> AnyWorker:
        """Start a worker (any thread; the first one may take long).

        Args:
            on_notify: called with its notifications, on Network's thread.
            on_output: called with what it says to CDP clients, on Network's thread.
            on_died: called with the reason when it ends by itself, on Network's thread.
            cdp: whether it serves CDP clients.
            isolation: instead of the runtime's own.
            cache: instead of the runtime's own.

        Raises:
            UnsupportedError: a process was asked for, and none can be started.
        """
        worker: AnyWorker
        cache = cache or self._cache
        if supported_isolation(isolation or self.isolation) == "process":
            worker = self._processes_for(cdp, cache).take()
            worker.bind(on_notify, on_output, on_died)
        else:
            start = msgspec.structs.replace(self._start, cdp=cdp, cache=cache)
            engine, self._engine = self._engine, None
            if engine is not None:
                engine.wait()
            worker = ThreadWorker(self.network, engine or self._load(), start, on_notify, on_output, on_died)
            with self._workers_lock:
                self._threads.add(worker)
        for path in self._readable:
            worker.grants.allow_reading(path)
        for folder in self._writable:
            worker.grants.allow_writing(folder)
        return worker

    def _processes_for(self, cdp: bool, cache: DiskCache | None) -> Processes:
        with self._workers_lock:
            if (cdp, cache) not in self._processes:
                from sanderling.server.processes import Processes

                level = logging.getLevelName(LOGGER.getEffectiveLevel()).lower()
                start = msgspec.structs.replace(
                    self._start,
                    cdp=cdp,
                    warm=True,
                    log_level=level,
                    cache=cache,
                    folders=() if cache is None else (cache.folder,),
                )
                self._processes[cdp, cache] = Processes(
                    self.network, start, spares=self._spares, memory_bytes=self._worker_memory_bytes
                )
            return self._processes[cdp, cache]

    def prepare(self, *, cdp: bool) -> None:
        """Have what the first worker needs made ahead (any thread; may take long)."""
        if self.isolation == "process":
            self._processes_for(cdp, self._cache).prepare()
        else:
            self._load()

    def _load(self) -> bytes:
        with self._blob_lock:
            if self._blob is None:
                self._blob = load_snapshot()
            return self._blob

    def worker_maker(self, *, cdp: bool = True) -> WorkerMaker:
        """Give the function that starts workers for the hub (any thread; the function itself on Network's)."""

        async def make(
            on_notify: Callable[[Notify], None], on_output: Callable[[Output], None], on_died: Callable[[str], None]
        ) -> WorkerLink:
            # Notifications cannot come before somebody listens: the worker is asked nothing yet.
            return await asyncio.to_thread(self.start_worker, on_notify, on_output, on_died, cdp=cdp)

        return make

    def health(self) -> dict[str, Any]:
        """Give facts of the workers for `/healthz` (Network's thread)."""
        facts: dict[str, Any] = {"isolation": self.isolation}
        with self._workers_lock:
            processes = list(self._processes.values())
        if processes:
            counted = [one.health() for one in processes]
            facts["processes"] = {
                "living": sum(one.living for one in counted),
                "waiting": sum(one.waiting for one in counted),
            }
            confined = [one.confinement for one in counted if one.confinement is not None]
            facts["confinement"] = msgspec.to_builtins(confined[-1]) if confined else None
            facts["worker_memory"] = counted[-1].memory
        return facts

    def close_workers(self) -> None:
        """End every worker (any thread but Network's)."""
        with self._workers_lock:
            threads = list(self._threads)
            processes, self._processes = list(self._processes.values()), {}
        for worker in threads:
            worker.begin_close()
        for worker in threads:
            worker.close_and_wait()
        for one in processes:
            one.close()


_shared_lock = threading.Lock()  # protects _shared
_shared: Runtime | None = None


def shared_runtime() -> Runtime:
    """Give the library's runtime; its Network runs on a named thread and ends with the process (any thread)."""
    global _shared  # noqa: PLW0603 - one Network a process is the design
    with _shared_lock:
        if _shared is None:
            network = Network()
            network.start_thread()
            _shared = Runtime(network, isolation="process")
            atexit.register(_close_shared)
        return _shared


_abandoned: list[Runtime] = []  # of the program that this process was forked from


def _forget_shared() -> None:
    # In a fork of the user's program: Network's thread is not there, and the workers are the parent's. Its own come on first use;
    # the inherited ones are not touched, for connections and the loop's descriptors are shared with the parent.
    global _shared, _shared_lock  # noqa: PLW0603 - as above; the lock may have been held
    _shared_lock = threading.Lock()
    if _shared is not None:
        _abandoned.append(_shared)
        _shared = None


os.register_at_fork(after_in_child=_forget_shared)


def _close_shared() -> None:
    global _shared
    with _shared_lock:
        runtime, _shared = _shared, None
    if runtime is not None:
        runtime.close_workers()
        runtime.network.stop()
