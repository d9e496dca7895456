"""`python -m sanderling.js.run FILE.js` or `-e CODE`: run a script in a fresh isolate of `web/`, for developing it.

The snapshot is built when needed; console output is printed, and positions inside `web/` are given as files and lines. `--bare` does not
start a window.

Thread: main.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from pathlib import Path

from sanderling.base.errors import SanderlingError
from sanderling.browser.host_functions import FUNCTIONS, OWN_FUNCTIONS
from sanderling.js.engine import Engine, HostRequest
from sanderling.js.snapshot import load_snapshot
from sanderling.js.web_order import WEB
from sanderling.js.web_sources import sources


async def _run(text: str, url: str, web: Path, *, bare: bool) -> int:
    positions = sources(web).positions
    logging.getLogger("sanderling.js").setLevel(logging.DEBUG)  # then the engine has the lines of `web/`
    engine = Engine(load_snapshot(web), pure=FUNCTIONS, own=OWN_FUNCTIONS)
    isolate = await engine.take()
    failures = 0

    def posted(kind: str, payload: str, data: bytes | None) -> None:
        nonlocal failures
        value = json.loads(payload)
        if kind == "console":
            print(value["text"])
        elif kind == "page.error":
            failures += 1
            print(positions.translate(value.get("stack") or value.get("message", "")), file=sys.stderr)
        else:
            print(f"[{kind}] {payload[:500]}", file=sys.stderr)

    def asked(request: HostRequest) -> None:
        isolate.refuse(request.id, f"{request.kind} is not answered here")

    isolate.on_post(posted)
    isolate.on_request(asked)
    try:
        if not bare:
            await isolate.enter("page.start", json.dumps({"kind": "window", "frame": 1, "url": url}), deadline_s=30)
        entry = await isolate.enter(
            "script.bare" if bare else "script.run", json.dumps({"frame": 1, "source": text, "url": url}), deadline_s=30
        )
        print(entry.result.decode())
        while entry.next_timer_ms is not None and entry.next_timer_ms < 5000:
            await asyncio.sleep(entry.next_timer_ms / 1000)
            entry = await isolate.enter("timers.run", "null", deadline_s=30)
    except SanderlingError as error:
        print(positions.translate(str(error)), file=sys.stderr)
        failures += 1
    finally:
        isolate.close()
        engine.close()
    return 1 if failures else 0


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?")
    parser.add_argument("-e", dest="code")
    parser.add_argument("--bare", action="store_true")
    parser.add_argument("--web", type=Path, default=WEB, help="another folder than the package's own")
    parser.add_argument("--url", default="http://localhost/")
    options = parser.parse_args()
    text = options.code if options.code is not None else Path(options.file).read_text("utf-8")
    try:
        return asyncio.run(_run(text, options.url, options.web, bare=options.bare))
    except SanderlingError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
