"""Values on their way to and from page code, as `web/inspector/values.js` writes and reads them.

Thread: any.
"""

from __future__ import annotations

import datetime
import math
import re
from typing import Any

from sanderling.base.errors import UsageError

_FLAGS = ((re.IGNORECASE, "i"), (re.MULTILINE, "m"), (re.DOTALL, "s"))

_SAFE_INTEGER = 2**53 - 1
"""Larger integers are not exact as a JavaScript number, so they go as BigInt."""


class JSError(Exception):
    """An Error object that came as a value: it was returned, not thrown."""

    def __init__(self, name: str, message: str, stack: str) -> None:
        super().__init__(message)
        self.name = name
        self.message = message
        self.stack = stack


def write(value: object) -> Any:
    """Write a Python value for page code.

    Raises:
        UsageError: it holds something that JavaScript has no counterpart for.
    """
    return _write(value, {})


def _write(value: object, seen: dict[int, int]) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return value if abs(value) <= _SAFE_INTEGER else {"n": str(value)}
    if isinstance(value, float):
        if math.isnan(value):
            return {"v": "NaN"}
        if math.isinf(value):
            return {"v": "Infinity" if value > 0 else "-Infinity"}
        if value == 0 and math.copysign(1, value) < 0:
            return {"v": "-0"}
        return value
    if isinstance(value, datetime.datetime):
        moment = value if value.tzinfo is not None else value.astimezone()
        return {"d": moment.astimezone(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")}
    if isinstance(value, re.Pattern):
        return {"r": {"p": value.pattern, "f": "".join(letter for flag, letter in _FLAGS if value.flags & flag)}}
    if isinstance(value, BaseException):
        return {"e": {"n": type(value).__name__, "m": str(value), "s": ""}}
    known = seen.get(id(value))
    if known is not None:
        return {"ref": known}
    number = len(seen)
    if isinstance(value, list | tuple):
        seen[id(value)] = number
        return {"a": [_write(item, seen) for item in value], "id": number}
    if isinstance(value, dict):
        seen[id(value)] = number
        return {"o": [[str(key), _write(item, seen)] for key, item in value.items()], "id": number}
    if isinstance(value, set | frozenset):
        seen[id(value)] = number
        return {"s": [_write(item, seen) for item in value], "id": number}
    raise UsageError(f"a value of type {type(value).__name__} cannot be passed to a page")


def read(data: Any) -> Any:
    """Read a value that page code gave: None for null and undefined, `int` where a number is whole."""
    return _read(data, {})


def _read(data: Any, seen: dict[int, Any]) -> Any:
    if isinstance(data, float) and data.is_integer() and abs(data) <= _SAFE_INTEGER:
        return int(data)
    if not isinstance(data, dict):
        return data
    if "v" in data:
        kind = data["v"]
        return None if kind == "undefined" else -0.0 if kind == "-0" else float(kind.replace("Infinity", "inf"))
    if "ref" in data:
        return seen[data["ref"]]
    if "n" in data:
        return int(data["n"])
    if "d" in data:
        return datetime.datetime.fromisoformat(data["d"]) if data["d"] else None
    if "r" in data:
        flags = sum(flag for flag, letter in _FLAGS if letter in data["r"]["f"])
        return re.compile(data["r"]["p"], flags)  # noqa: TID251 - a value
    if "e" in data:
        return JSError(data["e"]["n"], data["e"]["m"], data["e"]["s"])
    if "x" in data:
        return data["x"]
    if "a" in data:
        items: list[Any] = []
        seen[data["id"]] = items
        items.extend(_read(item, seen) for item in data["a"])
        return items
    if "o" in data:
        mapping: dict[str, Any] = {}
        seen[data["id"]] = mapping
        for key, item in data["o"]:
            mapping[key] = _read(item, seen)
        return mapping
    if "m" in data:
        pairs: dict[Any, Any] = {}
        seen[data["id"]] = pairs
        for key, item in data["m"]:
            pairs[_hashable(_read(key, seen))] = _read(item, seen)
        return pairs
    if "s" in data:
        members: list[Any] = []
        seen[data["id"]] = members
        members.extend(_read(item, seen) for item in data["s"])
        return members
    return None


def _hashable(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else repr(value)


def is_function(source: str) -> bool:
    """Tell whether a string is the source of a function rather than an expression: Playwright accepts both."""
    text = source.strip()
    return bool(
        re.match(r"(?:async\s+)?function\b", text)
        or re.match(r"(?:async\s*)?(?:\([^()]*(?:\([^()]*\)[^()]*)*\)|[A-Za-z_$][\w$]*)\s*=>", text)
    )
