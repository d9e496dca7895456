"""What a piece of a test leaves behind: file descriptors and threads that were not there before.

Compared by identity, not by number: a thread or a socket of an earlier test may end meanwhile. Any thread.
"""

from __future__ import annotations

import contextlib
import gc
import os
import threading
from collections.abc import Iterator
from pathlib import Path

_FOLDER = Path("/proc/self/fd")


def _descriptors() -> set[tuple[str, str]]:
    """Each open descriptor with what it leads to; none where the system has no `/proc`."""
    found = set()
    for name in os.listdir(_FOLDER) if _FOLDER.exists() else ():
        with contextlib.suppress(OSError):  # the one that listed the folder is closed by now
            found.add((name, os.readlink(_FOLDER / name)))
    return found


@contextlib.contextmanager
def nothing_stays() -> Iterator[None]:
    """Assert at the end that no descriptor and no thread is there that was not there at the start."""
    gc.collect()
    descriptors, threads = _descriptors(), set(threading.enumerate())
    yield
    gc.collect()
    assert (_descriptors() - descriptors, set(threading.enumerate()) - threads) == (set(), set())
