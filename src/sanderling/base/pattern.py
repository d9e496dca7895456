"""Regular expressions that are compiled when they are first used.

A module knows its patterns when it is imported, but a page needs few of them, and each takes 0.1 ms to compile: together 3 % of a fetch.

Thread: any.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast

_NAMES = (
    "findall", "finditer", "flags", "fullmatch", "groupindex", "groups", "match", "pattern", "scanner", "search", "split", "sub", "subn",
)  # fmt: skip


_waiting: list[_Late] = []  # not compiled yet


class _Late:
    """Has what a `re.Pattern` has; once it is compiled, as attributes of its own, which are found as fast as those of the pattern."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._text = text
        self._flags = flags
        _waiting.append(self)

    def __getattr__(self, name: str) -> Any:
        if name not in _NAMES:
            raise AttributeError(f"a pattern has no attribute {name!r}")
        return self.compile()[name]

    def compile(self) -> dict[str, Any]:
        """Do it, perhaps while another thread does it too, and give the attributes."""
        made = re.compile(self._text, self._flags)  # noqa: TID251 - here it is
        found = {name: getattr(made, name) for name in _NAMES}
        self.__dict__.update(found)
        return found


def late_pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Give a pattern by its methods; functions of `re` do not take it.

    Args:
        text: as for `re.compile`; whether it is well-formed is seen at first use.
        flags: the same.
    """
    return cast("re.Pattern[AnyStr]", _Late(text, flags))


def compile_all() -> None:
    """Compile every pattern that there is by now: for a process that others are forked from."""
    while _waiting:
        late = _waiting.pop()
        if "match" not in late.__dict__:
            late.compile()
