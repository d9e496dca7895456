"""What a worker's process may use: by the kernel's control groups where they are ours to make, else by looking often enough.

An isolate reserves 17 GB of addresses, so limits of the address space cannot serve; what counts is resident memory. A control
group (version 2) is used when this process may make one beside its own, which is so where a service manager delegated
the folder. Else the main process reads `/proc` ten times a second and ends a child that has too much.

Thread: Network's, unless a method says otherwise.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import os
import weakref
from pathlib import Path

from sanderling.network.network import Network
from sanderling.server.process_worker import ProcessWorker

_LOG = logging.getLogger("sanderling.server.memory")

SAMPLE_S = 0.1
"""A page can take about 1 GB a second, so a tenth of that may come on top of the limit."""

CGROUPS = Path("/sys/fs/cgroup")

_numbers = itertools.count(1)


def delegated_folder(root: Path = CGROUPS, own: Path = Path("/proc/self/cgroup")) -> Path | None:
    """Find the folder where this process may make control groups with a memory limit.

    It is the one that holds this process's own group: a group with processes in it cannot have groups of its own below it.

    Args:
        root: where the hierarchy is mounted.
        own: the file that names this process's groups.
    """
    try:
        lines = own.read_text("ascii").splitlines()
    except OSError:
        return None
    names = [line[3:] for line in lines if line.startswith("0::")]
    if not names or names[0] == "/":
        return None
    folder = (root / names[0].lstrip("/")).parent
    try:
        controllers = (folder / "cgroup.subtree_control").read_text("ascii").split()
    except OSError:
        return None
    allowed = os.access(folder, os.W_OK) and os.access(folder / "cgroup.procs", os.W_OK)
    return folder if "memory" in controllers and allowed else None


def resident_bytes(pid: int, proc: Path = Path("/proc")) -> int:
    """Give what a process has in memory for itself: its own pages and its share of those it has in common with others.

    Args:
        pid: of the process; 0 is given when it is gone.
        proc: where the kernel's files are.
    """
    with contextlib.suppress(OSError, ValueError):
        for line in (proc / str(pid) / "smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def _mapped_bytes(pid: int, proc: Path = Path("/proc")) -> int:
    """Give an upper bound of `resident_bytes` that costs almost nothing."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int((proc / str(pid) / "statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


class MemoryGuard:
    """Ends workers that use more than their limit.

    Args:
        network: its loop does the looking.
        limit_bytes: for each worker.
    """

    def __init__(self, network: Network, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._reason = f"it used more memory than its limit ({limit_bytes // (1024 * 1024)} MiB)"
        self._network = network
        self._folder = delegated_folder()
        self._watched: weakref.WeakSet[ProcessWorker] = weakref.WeakSet()
        self._groups: dict[Path, ProcessWorker] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def kind(self) -> str:
        """How it limits: `cgroup` or `sampled` (any thread)."""
        return "cgroup" if self._folder is not None else "sampled"

    def watch(self, worker: ProcessWorker) -> None:
        """Guard a worker (any thread, before it starts)."""
        worker.on_forked(lambda pid: self._begun(worker, pid))

    def _begun(self, worker: ProcessWorker, pid: int) -> None:
        if self._closed:
            return
        if self._folder is not None and self._group(worker, pid, self._folder):
            return
        self._watched.add(worker)
        if self._timer is None:
            self._sample()

    def _group(self, worker: ProcessWorker, pid: int, parent: Path) -> bool:
        group = parent / f"sanderling-{os.getpid()}-{next(_numbers)}"
        try:
            group.mkdir()
            (group / "memory.max").write_text(str(self._limit))
            (group / "memory.oom.group").write_text("1")
            with contextlib.suppress(OSError):  # absent without swap accounting
                (group / "memory.swap.max").write_text("0")
            (group / "cgroup.procs").write_text(str(pid))
        except OSError as error:
            _LOG.info("no control group for a worker (%s): its memory is sampled", error.strerror)
            self._folder = None
            with contextlib.suppress(OSError):
                group.rmdir()
            return False
        self._groups[group] = worker
        worker.on_exited(lambda: self._left(group))
        return True

    def _left(self, group: Path) -> None:
        worker = self._groups.pop(group, None)
        with contextlib.suppress(OSError, ValueError, IndexError):
            words = (group / "memory.events").read_text("ascii").split()
            if worker is not None and int(words[words.index("oom_kill") + 1]) > 0:
                worker.explain(self._reason)
        with contextlib.suppress(OSError):
            group.rmdir()

    def _sample(self) -> None:
        self._timer = None
        for worker in tuple(self._watched):
            if worker.ended or worker.ending:
                self._watched.discard(worker)
            elif worker.pid and _mapped_bytes(worker.pid) > self._limit and resident_bytes(worker.pid) > self._limit:
                worker.end(self._reason)
        if self._watched and not self._closed:
            self._timer = asyncio.get_running_loop().call_later(SAMPLE_S, self._sample)

    def close(self) -> None:
        """Stop looking (any thread)."""
        self._closed = True
        self._network.call_soon(self._stop)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
