"""Memory that idle pages add: resident size of the process at 1, 10 and 100 pages of the demo's start page."""

from __future__ import annotations

from pathlib import Path

import sanderling
from bench.table import show
from sanderling.testing.site import serve

COUNTS = (1, 10, 100)


def resident_mb() -> float:
    """Give the resident size of this process (Linux)."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmRSS in /proc/self/status")


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
            now = resident_mb()
            if base is None:
                base = now
                rows.append((count, f"{now:.0f}", "-"))
            else:
                rows.append((count, f"{now:.0f}", f"{(now - base) / (count - 1):.1f}"))
    show("Memory of idle pages, MB", ("pages", "resident", "each page more"), rows)
