"""What is asked of the C library's allocator: glibc's, and nothing elsewhere.

Thread: any.
"""

from __future__ import annotations

import ctypes
import sys

_M_ARENA_MAX = -8
"""How many arenas there may be (mallopt(3))."""

_LARGEST_HOLE = 64 * 1024
"""Below the size from which on a block gets pages of its own."""

_SMALLEST_HOLE = 16


class _Facts(ctypes.Structure):
    """What mallinfo2(3) gives."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost",
        )
    ]  # fmt: skip


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


def _ends(facts: _Facts) -> tuple[int, int, int]:
    return facts.arena, facts.keepcost, facts.hblks


def close_holes() -> None:
    """Take what is free between blocks, for good: for a process that is about to fork.

    A child would put its first blocks there, and so copy a page for each few of them (measured: 0.7 MB of each child). Nearly all of these
    bytes are on pages that are in use; whole free pages were given back by `trim`, and are not touched.
    """
    libc = _libc()
    if libc is None or not hasattr(libc, "mallinfo2"):
        return
    libc.mallinfo2.restype = _Facts
    libc.malloc.restype = ctypes.c_void_p
    libc.malloc.argtypes = [ctypes.c_size_t]
    libc.free.argtypes = [ctypes.c_void_p]
    size = _LARGEST_HOLE
    facts = libc.mallinfo2()
    # A bound, as another allocator may be laid over `malloc`. Twice, as these facts leave out the blocks that were freed last.
    left = 2 * facts.fordblks
    while size >= _SMALLEST_HOLE and left > 0:
        before = facts
        block = libc.malloc(size)
        facts = libc.mallinfo2()
        # Taken from the end, or pages of its own: there is no hole for it.
        if block is None or _ends(facts) != _ends(before):
            libc.free(block)
            facts = libc.mallinfo2()
            size = size // 2 if size > 1024 else size - _SMALLEST_HOLE
        else:
            left -= size
