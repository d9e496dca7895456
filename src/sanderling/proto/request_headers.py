"""The header list that a browser sends: which fields, with what values, in Chromium's order.

Host, Connection and Content-Length are added by Network. Client hints are sent only where a client said which browser to name: others would
have to name one that this is not. Standards: https://fetch.spec.whatwg.org/ , https://w3c.github.io/webappsec-fetch-metadata/ , RFC 9218

Thread: any.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

import msgspec

from sanderling.proto.url import Origin, Url, same_site

Mode: TypeAlias = Literal["navigate", "same-origin", "no-cors", "cors", "websocket"]
FetchSite: TypeAlias = Literal["none", "same-origin", "same-site", "cross-site"]
FetchPriority: TypeAlias = Literal["high", "low", "auto"]

_ACCEPT_DOCUMENT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ACCEPT = {
    "document": _ACCEPT_DOCUMENT,
    "frame": _ACCEPT_DOCUMENT,
    "iframe": _ACCEPT_DOCUMENT,
    "object": _ACCEPT_DOCUMENT,
    "embed": _ACCEPT_DOCUMENT,
    "image": "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
    "json": "application/json,*/*;q=0.5",
    "style": "text/css,*/*;q=0.1",
}
"""Fetch, "fetch" step 13, by destination; everything else is ``*/*``. Images name the formats, too, that servers give only to those who do."""

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
"""What is asked for where nobody on the way can meddle with it."""

ACCEPT_ENCODING_INSECURE = "gzip, deflate"
"""Over plain HTTP: middle boxes were seen to break Brotli, so that no browser offers what is newer than gzip there."""

_NAVIGATION_PRIORITY = "u=0, i"
_PRIORITY = {
    "document": _NAVIGATION_PRIORITY,
    "frame": _NAVIGATION_PRIORITY,
    "iframe": _NAVIGATION_PRIORITY,
    "object": _NAVIGATION_PRIORITY,
    "embed": _NAVIGATION_PRIORITY,
    "style": "u=0",
    "font": "u=0",
    "script": "u=1",
    "json": "u=1",
    "worker": "u=4, i",
    "sharedworker": "u=4, i",
    "image": "i",
    "audio": "i",
    "video": "i",
    "track": "i",
    "": "u=1, i",
}
"""RFC 9218, 4: urgency from 0 on (3 where nothing is said), and whether a part of the response is of use; as Chromium sends it, by destination."""

_LESS_URGENT = {"script": "", "": "i"}
"""The same for the priority "low", which scripts that nothing waits for have, too."""

BACKGROUND_PRIORITY = "u=4, i"
"""Of beacons and pings, for whose answer nobody waits."""


class HeaderFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the list depends on."""

    url: Url
    method: str = "GET"
    destination: str = ""  # Fetch's; empty for fetch() and XMLHttpRequest
    mode: Mode = "no-cors"
    user_agent: str = ""
    accept_language: str = ""
    client_hints: Sequence[tuple[str, str]] = ()  # Sec-CH-UA and the like
    author: Sequence[tuple[str, str]] = ()  # the request's own headers
    extra: Sequence[tuple[str, str]] = ()  # the user's, which replace all others
    referrer: str | None = None  # what Referer says
    origin: str | None = None  # what Origin says; None when it is not sent
    cookie: str = ""  # in wire form
    fetch_site: FetchSite = "none"
    user_activated: bool = False  # a navigation by a person
    cache_control: tuple[tuple[str, str], ...] = ()  # from the request's cache mode
    accept_encoding: bool = True  # whether content codings are undone
    priority: FetchPriority = "auto"  # Fetch's
    background: bool = False  # nobody waits for the answer
    prefetch: bool = False  # it is for a later navigation
    preflight: bool = False


def fetch_site(origin: Origin | None, url_list: Iterable[Url]) -> FetchSite:
    """Fetch Metadata, 2.3 "set the Sec-Fetch-Site header".

    Args:
        origin: of the request; None for a navigation that the user started.
        url_list: of the request, redirects included.
    """
    if origin is None:
        return "none"
    value: FetchSite = "same-origin"
    for url in url_list:
        target = url.origin
        if target == origin:
            continue
        if not same_site(origin, target):
            return "cross-site"
        value = "same-site"
    return value


class _List:
    """A list under construction, in which a header that the author or the user gives takes the place of the browser's one."""

    def __init__(self, facts: HeaderFacts) -> None:
        self.items: list[tuple[str, str]] = []
        self._author = _by_name(facts.author)
        self._extra = _by_name(facts.extra)
        self._placed: set[str] = set()

    def add(self, name: str, value: str) -> None:
        """Put a header here; an empty one is not sent."""
        lower = name.lower()
        own = self._extra.get(lower) or self._author.get(lower)
        if own is None:
            if value:
                self.items.append((name, value))
        elif lower not in self._placed:
            self._placed.add(lower)
            self.items.extend(own)

    def add_author(self, *, but: Sequence[str]) -> None:
        """Put what is left of the author's headers here."""
        for lower, items in self._author.items():
            if lower not in but:
                self.add(items[0][0], "")

    def add_extra(self, *, but: Sequence[str]) -> None:
        """Put what is left of the user's headers here."""
        for lower, items in self._extra.items():
            if lower not in but:
                self.add(items[0][0], "")

    def has(self, lower: str) -> bool:
        """Whether the author or the user gave such a header."""
        return lower in self._author or lower in self._extra


def _by_name(headers: Iterable[tuple[str, str]]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for item in headers:
        found.setdefault(item[0].lower(), []).append(item)
    return found


_LAST = ("accept", "origin", "referer", "accept-encoding", "accept-language", "priority", "cookie", "range")
"""Headers with a place behind that of the author's."""


def build(facts: HeaderFacts) -> tuple[tuple[str, str], ...]:
    """Make the list."""
    out = _List(facts)
    navigation = facts.mode == "navigate"
    trusted = facts.url.is_potentially_trustworthy()
    # User-Agent Client Hints, 3: over secure transports only.
    hints = list(facts.client_hints) if trusted and not facts.preflight else []
    for name, value in facts.cache_control:
        out.add(name, value)
    if navigation:
        for name, value in hints:
            out.add(name, value)
        out.add("Upgrade-Insecure-Requests", "1")
        out.add_author(but=("user-agent", *_LAST))
        out.add("User-Agent", facts.user_agent)
        out.add("Origin", facts.origin or "")
        out.add("Accept", ACCEPT.get(facts.destination, "*/*"))
    elif facts.preflight:
        out.add("Accept", "*/*")
        out.add_author(but=())
        out.add("Origin", facts.origin or "")
        out.add("User-Agent", facts.user_agent)
    else:
        if facts.destination and facts.mode == "cors":
            out.add("Origin", facts.origin or "")  # an element's, which asks for CORS from the start
        # Where hints stand in the list follows from the hashes of their names in the engine.
        for name, value in _taken(hints, "sec-ch-ua-platform"):
            out.add(name, value)
        out.add("User-Agent", facts.user_agent)
        for name, value in _taken(hints, "sec-ch-ua"):
            out.add(name, value)
        out.add("Content-Type", "")
        for name, value in hints:
            out.add(name, value)
        # Fetch, HTTP-network-or-cache fetch, step 8.17
        out.add("Sec-Purpose", "prefetch" if facts.prefetch and trusted else "")
        out.add_author(but=_LAST)
        out.add("Accept", ACCEPT.get(facts.destination, "*/*"))
        if not (facts.destination and facts.mode == "cors"):
            out.add("Origin", facts.origin or "")
    if trusted:  # Fetch Metadata, 2: to trustworthy URLs only
        metadata = [("Sec-Fetch-Site", facts.fetch_site), ("Sec-Fetch-Mode", facts.mode)]
        for name, value in reversed(metadata) if facts.preflight else metadata:
            out.add(name, value)
        if navigation and facts.user_activated:
            out.add("Sec-Fetch-User", "?1")
        out.add("Sec-Fetch-Dest", facts.destination or "empty")
    out.add("Referer", facts.referrer or "")
    out.add_extra(but=_LAST)
    coding = ACCEPT_ENCODING if trusted else ACCEPT_ENCODING_INSECURE
    # Fetch, HTTP-network-or-cache fetch, step 8.20: parts of a coded body could not be decoded.
    out.add("Accept-Encoding", "" if not facts.accept_encoding else "identity" if out.has("range") else coding)
    out.add("Accept-Language", facts.accept_language)
    out.add("Priority", _priority(facts) if facts.url.scheme == "https" else "")  # only HTTP/2 and 3 make use of it
    out.add("Cookie", facts.cookie)
    out.add("Range", "")
    return tuple(out.items)


def _taken(hints: list[tuple[str, str]], name: str) -> list[tuple[str, str]]:
    """Take one hint out of the list."""
    found = [item for item in hints if item[0].lower() == name]
    hints[:] = [item for item in hints if item[0].lower() != name]
    return found


def _priority(facts: HeaderFacts) -> str:
    if facts.background:
        return BACKGROUND_PRIORITY
    if facts.priority == "low" and facts.destination in _LESS_URGENT:
        return _LESS_URGENT[facts.destination]
    if facts.priority == "high" and facts.destination == "image":
        return "u=1, i"
    return _PRIORITY.get(facts.destination, "")


def with_authorization(headers: Sequence[tuple[str, str]], name: str, value: str) -> tuple[tuple[str, str], ...]:
    """Put credentials into a list, in place of those that are there: in front, as Chromium does."""
    return ((name, value), *(item for item in headers if item[0].lower() != name.lower()))


def serialise_languages(languages: Sequence[str]) -> str:
    """Give Accept-Language with falling q-values, as Chromium does: ``en-US,en;q=0.9,de;q=0.8``."""
    parts = []
    for index, language in enumerate(languages):
        weight = max(10 - index, 1)
        parts.append(language if weight == 10 else f"{language};q=0.{weight}")
    return ",".join(parts)
