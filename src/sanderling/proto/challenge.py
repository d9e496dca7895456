"""Challenges of HTTP authentication: those that can be answered, Basic and Digest (RFC 9110, 11.6.1; RFC 7617; RFC 7616).

Thread: any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, TypeAlias

import msgspec

from sanderling.base.pattern import late_pattern
from sanderling.proto import digest

Source: TypeAlias = Literal["Server", "Proxy"]

_WORD = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_PARAMETER = late_pattern(rf'\s*({_WORD})\s*=\s*("(?:[^"\\]|\\.)*"|{_WORD})\s*(?:,|$)')
_SCHEME = late_pattern(rf"\s*({_WORD})(?:\s+(?!=)|\s*(?=,|$))")


class Challenge(msgspec.Struct, frozen=True):
    """A server or proxy wants credentials."""

    source: Source
    origin: str
    """Of who asks."""
    scheme: str
    """Lower case."""
    realm: str
    parameters: dict[str, str] = msgspec.field(default_factory=dict)
    """All of them, names in lower case; not to be changed."""


def parse_challenges(values: Iterable[str], source: Source, origin: str) -> list[Challenge]:
    """Give the challenges of WWW-Authenticate or Proxy-Authenticate fields that can be answered, the strongest one first.

    What is malformed is skipped.
    """
    found: list[tuple[int, Challenge]] = []
    for value in values:
        for scheme, parameters in _split(value):
            strength = digest.strength(parameters) if scheme == "digest" else 0
            if scheme == "basic" or strength:
                realm = parameters.get("realm", "")
                found.append((strength, Challenge(source, origin, scheme, realm, parameters)))
    # RFC 7616, 3.7: the strongest one that is understood; of equal ones the first.
    return [challenge for _, challenge in sorted(found, key=lambda item: -item[0])]


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
