"""Challenges of HTTP authentication: those that can be answered, which are Basic ones (RFC 9110, 11.6.1; RFC 7617).

Thread: any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

Source: TypeAlias = Literal["Server", "Proxy"]

_WORD = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_PARAMETER = re.compile(rf'\s*({_WORD})\s*=\s*("(?:[^"\\]|\\.)*"|{_WORD})\s*(?:,|$)')
_SCHEME = re.compile(rf"\s*({_WORD})(?:\s+(?!=)|\s*(?=,|$))")


@dataclass(frozen=True, slots=True)
class Challenge:
    """A server or proxy wants credentials."""

    source: Source
    origin: str
    """Of who asks."""
    scheme: str
    """Lower case."""
    realm: str


def parse_challenges(values: Iterable[str], source: Source, origin: str) -> list[Challenge]:
    """Give the Basic challenges of WWW-Authenticate or Proxy-Authenticate fields; what is malformed is skipped."""
    found = []
    for value in values:
        for scheme, parameters in _split(value):
            if scheme == "basic":
                found.append(Challenge(source, origin, scheme, parameters.get("realm", "")))
    return found


def _split(value: str) -> list[tuple[str, dict[str, str]]]:
    out: list[tuple[str, dict[str, str]]] = []
    position = 0
    while position < len(value):
        parameter = _PARAMETER.match(value, position)
        if parameter is not None and out:
            text = parameter[2]
            if text.startswith('"'):
                text = re.sub(r"\\(.)", r"\1", text[1:-1])
            out[-1][1].setdefault(parameter[1].lower(), text)
            position = parameter.end()
            continue
        scheme = _SCHEME.match(value, position)
        if scheme is not None:
            out.append((scheme[1].lower(), {}))
            position = scheme.end()
            continue
        comma = value.find(",", position)  # malformed (or a token68): go on after it
        if comma < 0:
            break
        position = comma + 1
    return out
