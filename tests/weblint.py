"""Checks `web/` without running it: ASCII, a standard's URL on line 1, unique top-level names, captured intrinsics, everything in order.txt.

`python -m tests.weblint` prints what is wrong and fails.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from sanderling.js.web_sources import WEB, order, sources

MAX_LINES = 800

# What a page can replace: our files must import the captured one instead (primordials.js).
_BARE_GLOBAL = re.compile(
    r"(?<![\w.$'\"`/-])(Object|Reflect|Array|JSON|Number|String|Math|Promise)\.(?=[a-z])(?!prototype\b)\w+\s*\("
)
# Code that runs while the snapshot is built, before any page.
_BUILD_TIME = {"primordials.js", "webidl/generate.js", "webidl/parse.js", "webidl/plan.js", "finish.js"}


def problems_of(path: Path, name: str) -> list[str]:
    """Give what is wrong with one file, a line each."""
    found = []
    data = path.read_bytes()
    if not data.isascii():
        found.append(f"{name}: not ASCII")
    text = data.decode("utf-8", "replace")
    lines = text.splitlines()
    if not lines or not re.match(r"// https?://", lines[0]):
        found.append(f"{name}:1: the standard's URL must stand here")
    if len(lines) > MAX_LINES:
        found.append(f"{name}: {len(lines)} lines, split at {MAX_LINES}")
    if name not in _BUILD_TIME:
        for number, line in enumerate(lines, 1):
            code = line.split("//", 1)[0]
            match = _BARE_GLOBAL.search(code)
            if match is not None:
                found.append(f"{name}:{number}: {match.group(0)} can be replaced by a page; import the captured one")
    return found


def main() -> int:
    """Run all checks."""
    problems = []
    try:
        sources()
    except Exception as error:  # the loader's own words say what is wrong
        problems.append(str(error))
    listed = set(order())
    for path in sorted(WEB.rglob("*.js")):
        name = path.relative_to(WEB).as_posix()
        if name not in listed:
            problems.append(f"{name}: not in order.txt")
        problems += problems_of(path, name)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
