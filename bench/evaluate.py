"""`evaluate('1')` in a page while another page of the same worker computes without a pause."""

from __future__ import annotations

import statistics
import time

import sanderling
from bench.table import ms, show

RUNS = 300
SPIN_MS = 8000


def _latencies(page: sanderling.Page) -> list[float]:
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        page.evaluate("1")
        times.append(time.perf_counter() - start)
    return sorted(times)


def main() -> None:
    """Run the table."""
    rows = []
    with sanderling.Browser() as browser:
        first, second = browser.new_page(), browser.new_page()
        _latencies(second)
        for name in ("other page idle", "other page spins"):
            if name == "other page spins":
                first.evaluate(
                    f"setTimeout(() => {{ const end = Date.now() + {SPIN_MS}; while (Date.now() < end); }}, 0), 0"
                )
            times = _latencies(second)
            rows.append((name, ms(statistics.median(times)), ms(times[int(len(times) * 0.99)])))
    show("evaluate('1')", ("while", "p50", "p99"), rows)
