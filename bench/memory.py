"""Memory that idle pages add: proportional set size of the processes at 1, 10 and 100 pages of the demo's start page."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import sanderling
from bench.table import show
from sanderling.testing.site import serve

COUNTS = (1, 10, 100)


def resident_mb() -> float:
    """Give the memory of this process and its workers, what they share counted once (Linux)."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):  # it ended
                parents[int(folder.name)] = int((folder / "stat").read_text("ascii").rpartition(")")[2].split()[1])
    ours = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= more
    total = 0
    for pid in ours:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


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
