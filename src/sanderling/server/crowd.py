"""How many workers the template has living, as each of them knows it: one number in memory that they share.

Isolates that are made ahead hide the milliseconds that one takes, while a core has nothing else to do. Where many more workers live than
there are cores, they hide nothing, and each is memory that waits. So workers ask here before they make one.

Thread: any.
"""

from __future__ import annotations

import mmap
import os
import sys

WORKERS_PER_CORE = 4
"""With more of them than this the cores have enough to do, or the workers are idle: nothing is made ahead."""


class Crowd:
    """The number, in memory that a fork shares. The template writes, its children read."""

    def __init__(self) -> None:
        self._memory = memoryview(mmap.mmap(-1, mmap.PAGESIZE)).cast("Q")  # an aligned word is written and read at once

    def set(self, living: int) -> None:
        """Say how many workers live (template)."""
        self._memory[0] = living

    @property
    def living(self) -> int:
        """How many workers live."""
        return self._memory[0]

    def leaves_room(self) -> bool:
        """Whether a worker may make something ahead of its need."""
        return self.living <= WORKERS_PER_CORE * _cores()


def _cores() -> int:
    """Give the number of cores that this process may use."""
    if sys.platform != "linux":
        return os.cpu_count() or 1
    return len(os.sched_getaffinity(0))
