r"""How a list of failing subtests is written: by name, or by the beginning that failing ones share and passing ones do not have.

``name`` is a name; ``begin*`` is every name that begins so; a name that itself ends with an asterisk is written with ``\*``.

Thread: any.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence

FEWEST = 3
"""Fewer names than this are listed one by one."""


def matches(pattern: str, name: str) -> bool:
    """Tell whether a subtest's name is meant by a pattern."""
    if pattern.endswith("\\*"):
        return name == pattern[:-2] + "*"
    if pattern.endswith("*"):
        return name.startswith(pattern[:-1])
    return name == pattern


def literal(name: str) -> str:
    """Write one name as a pattern."""
    return name[:-1] + "\\*" if name.endswith("*") else name


def compress(failed: Iterable[str], passed: Iterable[str]) -> list[str]:
    """Write names as patterns that mean all of `failed` and none of `passed`, sorted.

    Args:
        failed: names that are to be matched.
        passed: names that must not be.
    """
    others = sorted(passed)
    groups: dict[str, list[str]] = defaultdict(list)
    for name in failed:
        groups[_beginning(name, others)].append(name)
    patterns: list[str] = []
    for beginning, names in groups.items():
        if len(names) >= FEWEST and not beginning.endswith("\\"):
            patterns.append(beginning + "*")
        else:
            patterns += map(literal, names)
    return sorted(patterns)


def _beginning(name: str, others: Sequence[str]) -> str:
    # The shortest beginning of `name` that no other name has: its neighbours in the sorted list share the most with it.
    at = bisect_left(others, name)
    shared = max((_shared(name, other) for other in others[max(at - 1, 0) : at + 1]), default=-1)
    return name[: shared + 1]


def _shared(one: str, other: str) -> int:
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return length
