"""Checks `web/` without running it: ASCII, a standard's URL on line 1, unique top-level names, captured intrinsics, no iterators in families, no
objects that are filled under a page's eyes, spaces around divisions, everything in order.txt.

`python -m tests.weblint` prints what is wrong and fails.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from sanderling.js.web_order import WEB, order
from sanderling.js.web_sources import sources

MAX_LINES = 800

# What a page can replace: our files must import the captured one instead (primordials.js).
_BARE_GLOBAL = re.compile(
    r"(?<![\w.$'\"`/-])(Object|Reflect|Array|JSON|Number|String|Math|Promise|Error|Symbol|Date)\.(?=[a-z])(?!prototype\b)\w+\s*\("
)
# What asks the iterator of arrays, which a page can replace.
_ITERATES = re.compile(r"\b(?:for \((?:const|let) [^;]* of |(?:const|let) \[)")
# What is set on it later meets accessors of a page: a null prototype, or ObjectCreate(ObjectPrototype) and ObjectDefineProperty for what pages get.
_EMPTY_OBJECT = re.compile(r"\b(?:const|let) \w+ = \{\};")
# The loader tells regular expressions from divisions by what stands behind the slash (js/compact.py).
_CROWDED_DIVISION = re.compile(
    r"^(?:[^'\"`/]|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`(?:[^`\\]|\\.)*`| / )*[\w$)\]]/(?![/*>])"
)
# Code that runs while the snapshot is built, before any page.
_BUILD_TIME = {
    "primordials.js",
    "webidl/generate.js",
    "webidl/member_text.js",
    "webidl/parse.js",
    "webidl/plan.js",
    "webidl/type_text.js",
    "finish.js",
}


def families() -> set[str]:
    """Give the files that are evaluated after page code has run."""
    found: set[str] = set()
    late = False
    for line in (WEB / "order.txt").read_text().splitlines():
        words = line.partition("#")[0].split()
        if words[:1] == ["family"] or words == ["end"]:
            late = words != ["end"]
        elif words and late:
            found.add(words[0])
    return found


def problems_of(path: Path, name: str, *, late: bool) -> list[str]:
    """Give what is wrong with one file, a line each.

    Args:
        path: of the file.
        name: its path in `web/`.
        late: it is of a family.
    """
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
            if _CROWDED_DIVISION.match(code) is not None:
                found.append(f"{name}:{number}: a division has spaces around it")
            if _EMPTY_OBJECT.search(code) is not None:
                found.append(f"{name}:{number}: what is set on {{}} meets a page's accessors; give it a null prototype")
            if late and _ITERATES.search(code) is not None:
                found.append(f"{name}:{number}: a page can replace the iterator of arrays; go by the index")
    return found


def main() -> int:
    """Run all checks."""
    problems = []
    try:
        sources()
    except Exception as error:  # the loader's own words say what is wrong
        problems.append(str(error))
    listed = set(order())
    late = families()
    for path in sorted(WEB.rglob("*.js")):
        name = path.relative_to(WEB).as_posix()
        if name not in listed:
            problems.append(f"{name}: not in order.txt")
        problems += problems_of(path, name, late=name in late)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
