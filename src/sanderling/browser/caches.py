"""The HTTP caches of a worker's contexts: each has its memory, and all have the folder that the worker was given.

Thread: worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanderling.base.clock import Clock
from sanderling.browser.options import DiskCache
from sanderling.http.cache import CacheStage, Level
from sanderling.http.cache_store import Limits, MemoryStore
from sanderling.http.tower import Tower

if TYPE_CHECKING:
    from sanderling.http.cache_disk import CacheDatabase


class Caches:
    """Makes the caches of contexts.

    Args:
        disk: a folder; None for memory only.
        clock: tells how old a response is.
        tower: knows what other workers with the same folder ask for.
    """

    def __init__(self, disk: DiskCache | None, clock: Clock, tower: Tower | None = None) -> None:
        self._disk = disk
        self._tower = tower
        self._clock = clock
        self._database: CacheDatabase | None = None  # opened for the first context

    def stage(self, *, on_disk: bool = True) -> CacheStage:
        """Make the cache of a context.

        Args:
            on_disk: whether it may use the folder: what is no answer of the real network must not get there.
        """
        memory = Level(MemoryStore())
        disk = self._disk
        if disk is None or not on_disk:
            return CacheStage((memory,), self._clock)
        from sanderling.http.cache_disk import ENTRY_BYTES, CacheDatabase, DiskStore  # late, with SQLite

        if self._database is None:
            limits = Limits(total_bytes=disk.max_bytes, entries=disk.max_entries, entry_bytes=ENTRY_BYTES)
            self._database = CacheDatabase(disk.folder, limits, self._clock)
        level = Level(DiskStore(self._database, shared=disk.shared), shared=disk.shared)
        return CacheStage((level, memory), self._clock, self._tower)

    def close(self) -> None:
        """Close the database. Idempotent."""
        if self._database is not None:
            self._database.close()
