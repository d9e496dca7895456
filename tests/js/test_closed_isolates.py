"""What closed isolates leave, seen from outside: in a process of its own, as what others closed would be reused."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

PROGRAM = """
import asyncio, time
from pathlib import Path
from sanderling.browser.host_functions import FUNCTIONS
from sanderling.js.allocator import one_arena, trim
from sanderling.js.engine import Engine
from sanderling.js.snapshot import load_snapshot


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1])


def threads():
    return len(list(Path("/proc/self/task").iterdir()))


async def main():
    one_arena()
    engine = Engine(load_snapshot(), pure=FUNCTIONS)
    kept = engine.take_now()
    alone, count = resident(), threads()
    many = [engine.take_now() for _ in range(8)]
    most = resident()
    for isolate in many:
        isolate.close()
    deadline = time.monotonic() + 60
    while threads() > count:
        assert time.monotonic() < deadline
        await asyncio.sleep(0)
    trim()
    print(alone, most, resident())
    kept.close()
    engine.close()


asyncio.run(main())
"""


def test_closed_isolates_leave_little_beside_a_living_one() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    alone, most, after = (int(word) for word in done.stdout.split())
    assert most > alone
    assert after - alone < (most - alone) / 4  # two fifths, when the engine keeps their pages
