"""Patterns of URLs as tools write them.

Thread: any.
"""

from __future__ import annotations

import re
from functools import lru_cache

from sanderling.base.pattern import late_pattern

_UNSUPPORTED = late_pattern(r"[(){}]|:[A-Za-z_]")
_PARTS = late_pattern(r"(?:([^:/?#]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    out = []
    escaped = False
    for char in pattern:
        if escaped:
            out.append(re.escape(char))
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == "*":
            out.append(".*")
        elif char == "?":
            out.append(".")
        else:
            out.append(re.escape(char))
    return re.compile("".join(out), re.DOTALL)  # noqa: TID251 - a user's


def matches(pattern: str, url: str) -> bool:
    """Whether the whole of `url` is what `pattern` says: `*` is any text, `?` any character, a backslash takes that away.

    The pattern of CDP's `Fetch.RequestPattern`; an empty one means any URL.
    """
    return not pattern or _compiled(pattern).fullmatch(url) is not None


def contains(pattern: str, url: str) -> bool:
    """Whether the pieces of `pattern` between its asterisks occur in `url`, in that order (CDP's blocked URLs)."""
    position = 0
    for piece in pattern.split("*"):
        if not piece:
            continue
        found = url.find(piece, position)
        if found < 0:
            return False
        position = found + len(piece)
    return True


def url_pattern_problem(pattern: str) -> str | None:
    """Say why a URLPattern string cannot be used: groups are not supported; None when it can."""
    text = pattern.partition("://")
    found = _UNSUPPORTED.search(text[2] if text[1] else pattern)
    return f"groups in URL patterns are not supported: {pattern!r}" if found is not None else None


def url_pattern_matches(pattern: str, url: str) -> bool:
    """Whether a URLPattern string with `*` as its only operator matches (https://urlpattern.spec.whatwg.org/).

    Each component is matched by itself; what the pattern leaves out behind its last component is any, as its constructor
    string does. An empty pattern means any URL.
    """
    if not pattern or pattern == "*":
        return True
    wanted, actual = _PARTS.fullmatch(pattern), _PARTS.fullmatch(url)
    if wanted is None or actual is None:
        return False
    last = max((index for index in range(1, 6) if wanted[index]), default=0)
    for index in range(1, 6):
        want, have = wanted[index], actual[index] or ""
        if want is None or want == "":
            if index > last or (index <= 2 and want is None):
                continue
            if index == 3 and have in ("", "/"):
                continue
            if have:
                return False
            continue
        if index == 2 and ":" not in want.rpartition("]")[2] and ":" in have.rpartition("]")[2]:
            return False  # no port in the pattern is the scheme's default port
        if not _component(want).fullmatch(have):
            if index == 2 and want.endswith(":*") and _component(want[:-2]).fullmatch(have):
                continue
            return False
    return True


@lru_cache(maxsize=512)
def _component(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(piece) for piece in pattern.split("*")), re.DOTALL)  # noqa: TID251 - the same
