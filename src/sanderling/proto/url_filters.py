"""What a user's filters forbid: patterns of URLs, and lists of hosts.

Patterns are those of CDP's `Network.setBlockedURLs` in its first form (`wildcards.contains`). A host of a list stands for itself and for
all names below it. The syntax of filter lists (EasyList) is not understood, and refused by name.

Thread: any.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from sanderling.base.pattern import late_pattern
from sanderling.proto.url import Url, is_ip_host, parse
from sanderling.proto.wildcards import contains

_PLAIN_HOST = late_pattern(r"(?:[a-z0-9_-]+\.)*[a-z_-][a-z0-9_-]*")  # serialised already: the last label is no number
_FILTER_LIST = late_pattern(r"!|@@|\|\||.*#[@?$%]?#|\[adblock", re.IGNORECASE)
_OF_THIS_MACHINE = frozenset({"broadcasthost", "local", "localhost", "localhost.localdomain"})


class UrlFilters:
    """What is blocked.

    Args:
        patterns: of URLs.
        hosts: serialised names and addresses.
    """

    def __init__(self, patterns: Sequence[str] = (), hosts: Iterable[str] = ()) -> None:
        self._patterns = tuple(patterns)
        self._hosts = frozenset(hosts)

    def __bool__(self) -> bool:
        return bool(self._patterns or self._hosts)

    def find(self, url: Url) -> str | None:
        """Name the rule that forbids `url`, of any scheme; None where none does."""
        host = self._listed(url.host) if self._hosts else None
        if host is not None:
            return f"the host {host!r} of a list"
        text = url.without_fragment
        pattern = next((one for one in self._patterns if contains(one, text)), None)
        return None if pattern is None else f"the URL pattern {pattern!r}"

    def _listed(self, host: str) -> str | None:
        name = host.removesuffix(".")
        if is_ip_host(name):
            return name if name in self._hosts else None
        while name:
            if name in self._hosts:
                return name
            name = name.partition(".")[2]
        return None


NO_FILTERS = UrlFilters()


@lru_cache(maxsize=8)  # lists are long, and the same for many contexts
def compiled(patterns: tuple[str, ...], hosts: str) -> UrlFilters:
    """Give the filters of `patterns` and of `hosts`, which holds serialised hosts, one a line."""
    return UrlFilters(patterns, hosts.split("\n") if hosts else ()) if patterns or hosts else NO_FILTERS


def parse_patterns(text: str) -> list[str]:
    """Read a file of patterns: one a line, empty lines and those that begin with ``#`` do not count.

    Raises:
        ValueError: a line is of a filter list; the text says which.
    """
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        pattern = line.strip()
        _check_not_filter_list(pattern, number)
        if pattern and not pattern.startswith("#"):
            found.append(pattern)
    return found


def parse_hosts(text: str) -> list[str]:
    """Read a hosts file (``0.0.0.0 name …``) or a plain list of names: what follows a ``#`` is a comment.

    Of a hosts file counts what it sends to no machine or to this one, but for the names of this machine.

    Raises:
        ValueError: a line is no such thing; the text says which.
    """
    found: dict[str, None] = {}
    for number, line in enumerate(text.splitlines(), 1):
        _check_not_filter_list(line.strip(), number)
        names = line.partition("#")[0].split()
        if len(names) > 1:
            address = _address(names[0])
            if address is None:
                raise ValueError(f"line {number}: {line.strip()[:100]!r} is neither a host nor a line of a hosts file")
            names = names[1:] if address.is_unspecified or address.is_loopback else []
            names = [name for name in names if not _is_own(name) and _address(name) is None]
        for name in names:
            host = parse_host(name)
            if host is None:
                raise ValueError(f"line {number}: {name[:100]!r} is no host")
            found[host] = None
    return list(found)


def parse_host(text: str) -> str | None:
    """Serialise a host of a list; ``*.`` or a dot before it says what holds anyway. None where it is none."""
    name = text.lower().removeprefix("*").removeprefix(".").removesuffix(".")
    if _PLAIN_HOST.fullmatch(name):
        return name
    if not name or (re.search(r"[/?#@:\\*]", name) and not name.startswith("[")):
        return None
    url = parse(f"http://{name}/")
    return url.host if url is not None else None


def _check_not_filter_list(line: str, number: int) -> None:
    if _FILTER_LIST.match(line):
        raise ValueError(
            f"line {number}: {line[:100]!r} is of a filter list (EasyList), whose syntax is not supported; "
            "give patterns of URLs with '*', or hosts"
        )


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None


def _is_own(name: str) -> bool:
    return name.lower() in _OF_THIS_MACHINE or name.lower().startswith("ip6-")
