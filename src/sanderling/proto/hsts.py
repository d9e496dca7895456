"""HTTP Strict Transport Security: which hosts are to be spoken to over TLS only (RFC 6797).

Thread: any, one at a time.
"""

from __future__ import annotations

import msgspec

from sanderling.base.pattern import late_pattern
from sanderling.proto.url import is_ip_host

MAX_HOSTS = 10_000
"""Hosts that are remembered; the one noted first goes."""
MAX_AGE_S = 400 * 24 * 3600
"""A longer max-age counts as this."""
MAX_FIELD_CHARS = 8 * 1024

_DIRECTIVE = late_pattern(r'\s*([!#$%&\'*+\-.^_`|~0-9A-Za-z]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^\s;"]+))?\s*')


class Policy(msgspec.Struct, frozen=True):
    """What a Strict-Transport-Security field says."""

    max_age_s: int
    include_subdomains: bool


def parse_policy(value: str) -> Policy | None:
    """RFC 6797, 6.1; None where the whole field is to be ignored."""
    if len(value) > MAX_FIELD_CHARS:
        return None
    seen: dict[str, str | None] = {}
    for part in _split(value):
        if not part.strip():
            continue
        match = _DIRECTIVE.fullmatch(part)
        if match is None or match[1].lower() in seen:  # 6.1, 2: no directive appears twice
            return None
        seen[match[1].lower()] = match[2]
    age = seen.get("max-age")
    digits = age.strip('"') if age is not None else ""
    if not (digits.isascii() and digits.isdigit()) or seen.get("includesubdomains") is not None:
        return None
    return Policy(MAX_AGE_S if len(digits) > 9 else min(int(digits), MAX_AGE_S), "includesubdomains" in seen)


def _split(value: str) -> list[str]:
    parts, start, quoted, position = [], 0, False, 0
    while position < len(value):
        character = value[position]
        if character == '"':
            quoted = not quoted
        elif character == "\\" and quoted:
            position += 1
        elif character == ";" and not quoted:
            parts.append(value[start:position])
            start = position + 1
        position += 1
    parts.append(value[start:])
    return parts


class _Known(msgspec.Struct, frozen=True):
    expires: float
    include_subdomains: bool


class HstsHosts:
    """Known HSTS hosts (RFC 6797, 8)."""

    def __init__(self) -> None:
        self._hosts: dict[str, _Known] = {}

    def __len__(self) -> int:
        return len(self._hosts)

    def entries(self, now: float) -> list[tuple[str, float, bool]]:
        """Give what is to be kept: name, when it ends (seconds since the epoch), whether it holds for subdomains."""
        return [(name, one.expires, one.include_subdomains) for name, one in self._hosts.items() if one.expires > now]

    def restore(self, entries: list[tuple[str, float, bool]], now: float) -> None:
        """Know again what `entries` gave, as far as it has not ended."""
        for name, expires, include_subdomains in entries[-MAX_HOSTS:]:
            if expires > now:
                self._hosts[name] = _Known(min(expires, now + MAX_AGE_S), include_subdomains)

    def note(self, host: str, value: str, now: float) -> None:
        """RFC 6797, 8.1: take what a host said over TLS without errors.

        Args:
            host: serialised, lower case.
            value: of the first Strict-Transport-Security field.
            now: seconds since the epoch.
        """
        policy = parse_policy(value)
        name = host.removesuffix(".")
        if policy is None or not name or is_ip_host(name):  # 8.1.1: IP literals are never noted
            return
        self._hosts.pop(name, None)
        if policy.max_age_s:  # 6.1.1: 0 says to forget the host
            self._hosts[name] = _Known(now + policy.max_age_s, policy.include_subdomains)
            if len(self._hosts) > MAX_HOSTS:
                del self._hosts[next(iter(self._hosts))]

    def upgrades(self, host: str, now: float) -> bool:
        """RFC 6797, 8.2 and 8.3: whether `host` is to be spoken to over TLS only."""
        name = host.removesuffix(".")
        if not self._hosts or is_ip_host(name):
            return False
        found = self._alive(name, now)
        while not found:
            _, dot, name = name.partition(".")
            if not dot:
                return False
            found = self._alive(name, now, above=True)
        return True

    def _alive(self, name: str, now: float, *, above: bool = False) -> bool:
        known = self._hosts.get(name)
        if known is None:
            return False
        if known.expires <= now:
            del self._hosts[name]
            return False
        return known.include_subdomains or not above
