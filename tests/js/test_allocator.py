"""The one arena of a worker's process, seen from outside: in a process of its own, as it cannot be taken back."""

from __future__ import annotations

import ctypes
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


HOLES = """
import ctypes, sys
from sanderling.js.allocator import close_holes

libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes = [ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]
SIZES = (40, 200, 3000, 30000)
blocks = [[libc.malloc(size) for _ in range(100)] for size in SIZES]
holes = [block for same in blocks for block in same[::2]]
end = max(block for same in blocks for block in same)
for block in holes:
    libc.free(block)
if sys.argv[1] == "close":
    close_holes()
later = [libc.malloc(size) for size in SIZES for _ in range(50)]
print(sum(block < end for block in later))
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallinfo2"), reason="glibc 2.33 and later")
def test_a_process_that_forks_leaves_no_holes_for_blocks_of_its_children() -> None:
    def filled(how: str) -> int:
        return int(
            subprocess.run([sys.executable, "-c", HOLES, how], capture_output=True, text=True, check=True).stdout
        )

    assert filled("leave") > 150
    assert filled("close") < 20  # what Python itself freed since
