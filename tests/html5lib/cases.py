"""The tree-construction tests of html5lib-tests, as they stand in its `.dat` files.

Thread: any.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]
FOLDER = PROJECT / (os.environ.get("SUITES") or "../shared/suites") / "html5lib-tests" / "tree-construction"
"""Where the tests are; it may not exist."""


@dataclass(frozen=True, slots=True)
class Case:
    """One test."""

    name: str
    """File and number in it (from 1), such as `tests1:7`."""
    markup: str
    expected: str
    """The tree, a node a line."""
    context: str
    """Name of the context element of a fragment (`svg path` in a namespace), empty for a document."""
    scripting: bool
    """False where the test holds only without scripting."""


def files() -> list[Path]:
    """Give all files, sorted; none where the tests are missing."""
    return sorted(FOLDER.rglob("*.dat"))


def cases_of(file: Path) -> list[Case]:
    """Read a file."""
    stem = file.relative_to(FOLDER).with_suffix("").as_posix()
    text = file.read_bytes().decode("utf-8")
    return [_case(f"{stem}:{number}", block) for number, block in enumerate(_blocks(text), 1)]


def _blocks(text: str) -> Iterator[dict[str, str]]:
    block: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.split("\n"):
        if line == "#data" and block:
            yield _joined(block)
            block = {}
        if line.startswith("#") and line[1:] in _SECTIONS and not (line == "#data" and "data" in block):
            lines = block.setdefault(line[1:], [])
        else:
            lines.append(line)
    yield _joined(block)


_SECTIONS = ("data", "errors", "new-errors", "document-fragment", "script-on", "script-off", "document")


def _joined(block: dict[str, list[str]]) -> dict[str, str]:
    return {section: "\n".join(lines) for section, lines in block.items()}


def _case(name: str, block: dict[str, str]) -> Case:
    return Case(
        name=name,
        markup=block["data"],
        expected=block["document"].rstrip("\n"),
        context=block.get("document-fragment", "").strip(),
        scripting="script-off" not in block,
    )
