"""The one arena of a worker's process, seen from outside: in a process of its own, as it cannot be taken back."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="glibc's arenas")

PROGRAM = """
import ctypes, sys, threading
from sanderling.js.allocator import one_arena, trim

if sys.argv[1] == "one":
    one_arena()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes = [ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]
held, together = [], threading.Barrier(4)


def take():
    together.wait()
    held.append(libc.malloc(5000))


threads = [threading.Thread(target=take) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
heaps = {block >> 26 for block in held}  # an arena that is not the first lies in 64 MB of its own
print(len(heaps))
for block in held:
    libc.free(block)
trim()
"""


def _heaps(how: str) -> int:
    return int(subprocess.run([sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, check=True).stdout)


def test_threads_take_memory_from_one_place_when_they_are_told_to() -> None:
    assert _heaps("one") == 1
    assert _heaps("many") > 1
