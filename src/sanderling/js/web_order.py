"""What `web/order.txt` says: the files of `web/` in the order of their evaluation, and the families that some of them are of.

Apart from `web_sources.py`, for it is all that a start needs which finds its snapshot in the cache.

Thread: any.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from sanderling.base.errors import InternalError
from sanderling.base.pattern import late_pattern

WEB = Path(__file__).resolve().parent.parent / "web"

_FAMILY = late_pattern(r"family ([a-z][a-z\d-]*)")
BUILD = "build"
"""What stands for the family of files that only the plan needs."""


class SourceError(InternalError):
    """A file of `web/` breaks the rules of its readme."""


class Listed(NamedTuple):
    """A line of `order.txt`."""

    path: str
    family: str
    """Empty: of the one scope."""


def _section(line: str) -> str | None:
    """Give the family that a line begins, if it begins one."""
    found = _FAMILY.fullmatch(line)
    return found.group(1) if found is not None else BUILD if line == BUILD else None


def listed(web: Path) -> list[Listed]:
    """Read the files of `web/` in the order of evaluation, with their families.

    Raises:
        SourceError: `order.txt` is wrong; the text names the line.
    """
    found: list[Listed] = []
    seen: set[str] = set()
    families: set[str] = set()
    family = ""
    for number, line in enumerate((web / "order.txt").read_text("ascii").splitlines(), 1):
        text = line.partition("#")[0].strip()
        where = f"web/order.txt:{number}"
        begins = _section(text)
        if begins is not None:
            if family:
                raise SourceError(f"{where}: family {family} has not ended")
            family = begins
            if family in families:
                raise SourceError(f"{where}: family {family} stands there twice")
            if family != BUILD:
                families.add(family)
        elif text == "end":
            if not family:
                raise SourceError(f"{where}: no family ends here")
            family = ""
        elif text:
            if text in seen:
                raise SourceError(f"web/order.txt: {text} stands there twice")
            seen.add(text)
            found.append(Listed(text, family))
    if family:
        raise SourceError(f"web/order.txt: family {family} has not ended")
    return found


def order(web: Path = WEB) -> list[str]:
    """Read the order of evaluation."""
    return [file.path for file in listed(web)]
