"""The child process that builds the startup snapshot.

Thread: main, of a process of its own.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sanderling.js.engine import build_snapshot
from sanderling.js.web_sources import SCRIPT, sources


def main(web: str, target: str) -> None:
    """Build the snapshot of the folder `web` into the file `target`; exit with 1 and a message on failure."""
    try:
        blob = build_snapshot([(SCRIPT, sources(Path(web)).script)])
    except Exception as error:
        places = [f"    at {frame['file_name']}:{frame['line_number']}" for frame in getattr(error, "frames", ())]
        sys.stderr.write("\n".join([str(error), *places]) + "\n")
        sys.exit(1)
    Path(target).write_bytes(blob)
