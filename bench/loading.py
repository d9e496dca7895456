"""Navigation to `load` in a warm process: a static page of 150 kB, and a script-driven one."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import sanderling
from bench.peers import lightpanda
from bench.table import ms, show
from sanderling.testing.site import serve

RUNS = 15
PAGES = {"static, 150 kB": "/catalogue", "script-driven": "/shop", "modules": "/modules"}


def _median(goto: Callable[[str], object], url: str) -> float:
    times = []
    goto(url)
    for _ in range(RUNS):
        start = time.perf_counter()
        goto(url)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Run the table."""
    rows = []
    with serve() as site, sanderling.Browser() as browser, lightpanda() as peer:
        page = browser.new_page()
        for name, path in PAGES.items():
            mine = _median(page.goto, site.url + path)
            if peer is None:
                rows.append((name, ms(mine), "-", "-"))
                continue
            theirs = _median(peer.goto, site.url + path)
            rows.append((name, ms(mine), ms(theirs), f"{mine / theirs:.2f}"))
    show("Navigation to load, median", ("page", "sanderling", "lightpanda", "ratio"), rows)
