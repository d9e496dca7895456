"""Puppeteer's cycle on the demo shop: new context, page, goto, two waits, six evaluates, close. Needs Node and npm, as the clients' tests do."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path

from tests.clients.environments import install_node

from bench.servers import NAMES, ratio, serve
from bench.table import ms, show
from sanderling.testing.site import serve as serve_site

HERE = Path(__file__).resolve().parent
PACKAGES = HERE.parent / ".pytest_cache" / "d" / "clients"  # where the clients' tests keep them
CYCLES = 40
WARM_UP = 5
LIMIT_S = 120


def _program() -> list[str]:
    place = install_node(PACKAGES)
    link = place / "bench"
    link.unlink(missing_ok=True)
    link.symlink_to(HERE, target_is_directory=True)  # Node looks for packages beside the importing file
    node = str(Path(sys.executable).parent / "node")
    return [node, "--preserve-symlinks", "--preserve-symlinks-main", str(link / "shop.mjs")]


def main() -> None:
    """Run the table."""
    program = _program()
    medians: list[float | None] = []
    notes = []
    with serve_site() as site:
        for name in NAMES:
            median = None
            with serve(name) as server:
                if server is not None:
                    command = [*program, server.socket_url, site.url, str(WARM_UP + CYCLES)]
                    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False)
                    if done.returncode == 0:
                        median = statistics.median(json.loads(done.stdout)[WARM_UP:]) / 1000
                    else:
                        notes.append(f"{name}: {done.stderr[-500:]}")
            medians.append(median)
    mine, light, chrome = medians
    cells = ["-" if one is None else ms(one) for one in medians]
    row = (*cells, ratio(mine, light), ratio(mine, chrome))
    show("Puppeteer's cycle on the demo shop, median", (*NAMES, "to lightpanda", "to chromium"), [row])
    for note in notes:
        print(note)
