"""Memory that idle pages add: proportional set size of the processes at 1, 10 and 100 pages of the demo's start page."""

from __future__ import annotations

import os

import sanderling
from bench.servers import pss_mb
from bench.table import show
from sanderling.testing.site import serve

COUNTS = (1, 10, 100)


def main() -> None:
    """Run the table."""
    rows = []
    with serve() as site, sanderling.Browser() as browser:
        base = None
        opened = 0
        for count in COUNTS:
            while opened < count:
                browser.new_page().goto(site.url + "/")
                opened += 1
            now = pss_mb(os.getpid())
            if base is None:
                base = now
                rows.append((count, f"{now:.0f}", "-"))
            else:
                rows.append((count, f"{now:.0f}", f"{(now - base) / (count - 1):.1f}"))
    show("Memory of idle pages, MB", ("pages", "resident", "each page more"), rows)
