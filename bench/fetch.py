"""`sanderling fetch` of a small page as a whole process, the snapshot cached; the peer's `fetch` beside it."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

from bench.peers import lightpanda_binary
from bench.table import ms, show
from sanderling.testing.site import serve

RUNS = 9


def _median(command: list[str]) -> float:
    times = []
    environment = {**os.environ, "LIGHTPANDA_DISABLE_TELEMETRY": "true"}
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def main() -> None:
    """Run the table."""
    with serve() as site:
        mine = _median([sys.executable, "-m", "sanderling", "fetch", site.url + "/", "--dump", "html"])
        binary = lightpanda_binary()
        theirs = _median([binary, "fetch", "--dump", "html", site.url + "/"]) if binary is not None else None
    row = (ms(mine), "-" if theirs is None else ms(theirs), "-" if theirs is None else f"{mine / theirs:.2f}")
    show("fetch of a small page, whole process, median", ("sanderling", "lightpanda", "ratio"), [row])
