"""What is asked of the C library's allocator: glibc's, and nothing elsewhere.

Thread: any.
"""

from __future__ import annotations

import ctypes
import sys

_M_ARENA_MAX = -8
"""How many arenas there may be (mallopt(3))."""


def _libc() -> ctypes.CDLL | None:
    if sys.platform != "linux":
        return None
    try:
        libc = ctypes.CDLL(None)
    except OSError:
        return None
    return libc if hasattr(libc, "gnu_get_libc_version") else None


def one_arena() -> None:
    """Have all threads that are to come take memory from one place.

    Each isolate has threads of its own, and glibc gives a thread an arena of its own: what a closed isolate leaves free in one arena cannot
    serve the next isolate, whose threads have another. Three megabytes of each worker were such leavings (measured).
    """
    libc = _libc()
    if libc is not None:
        libc.mallopt(_M_ARENA_MAX, 1)


def trim() -> None:
    """Give free memory back to the system: closed isolates leave a third of a hundred pages resident without this (measured)."""
    libc = _libc()
    if libc is not None:
        libc.malloc_trim(0)
