"""The header list that a browser sends: which fields, with what values, in Chromium's order.

Host, Accept-Encoding and Content-Length are added by Network. Client hints are not sent: they would
have to name a browser that this is not. Standards: https://fetch.spec.whatwg.org/ , https://w3c.github.io/webappsec-fetch-metadata/

Thread: any.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sanderling.proto.url import Origin, Url, same_site

Mode: TypeAlias = Literal["navigate", "same-origin", "no-cors", "cors", "websocket"]
FetchSite: TypeAlias = Literal["none", "same-origin", "same-site", "cross-site"]

_ACCEPT_DOCUMENT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ACCEPT = {
    "document": _ACCEPT_DOCUMENT,
    "frame": _ACCEPT_DOCUMENT,
    "iframe": _ACCEPT_DOCUMENT,
    "image": "image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
    "json": "application/json,*/*;q=0.5",
    "style": "text/css,*/*;q=0.1",
}
"""Fetch, "fetch" step 13, by destination; everything else is ``*/*``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderFacts:
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


def build(facts: HeaderFacts) -> tuple[tuple[str, str], ...]:
    """Make the list. A header that the author or the user gives takes the place of the browser's one."""
    taken = {name.lower() for name, _ in facts.author} | {name.lower() for name, _ in facts.extra}
    navigation = facts.mode == "navigate"
    items: list[tuple[str, str]] = []

    def add(name: str, value: str) -> None:
        if value and name.lower() not in taken:
            items.append((name, value))

    for name, value in facts.cache_control:
        add(name, value)
    if facts.url.is_potentially_trustworthy():  # User-Agent Client Hints, 3: over secure transports only
        for name, value in facts.client_hints:
            add(name, value)
    if navigation:
        if facts.origin is not None:
            add("Origin", facts.origin)
        items.extend(_not_replaced(facts.author, facts.extra))
        add("Upgrade-Insecure-Requests", "1")
        add("User-Agent", facts.user_agent)
    else:
        add("User-Agent", facts.user_agent)
        items.extend(_not_replaced(facts.author, facts.extra))
    add("Accept", ACCEPT.get(facts.destination, "*/*"))
    if not navigation and facts.origin is not None:
        add("Origin", facts.origin)
    if facts.url.is_potentially_trustworthy():  # Fetch Metadata, 2: to trustworthy URLs only
        add("Sec-Fetch-Site", facts.fetch_site)
        add("Sec-Fetch-Mode", facts.mode)
        if navigation and facts.user_activated:
            add("Sec-Fetch-User", "?1")
        add("Sec-Fetch-Dest", facts.destination or "empty")
    if facts.referrer is not None:
        add("Referer", facts.referrer)
    add("Accept-Language", facts.accept_language)
    items.extend(facts.extra)
    add("Cookie", facts.cookie)
    return tuple(items)


def _not_replaced(author: Sequence[tuple[str, str]], extra: Sequence[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    if not extra:
        return author
    replaced = {name.lower() for name, _ in extra}
    return [item for item in author if item[0].lower() not in replaced]


def serialise_languages(languages: Sequence[str]) -> str:
    """Give Accept-Language with falling q-values, as Chromium does: ``en-US,en;q=0.9,de;q=0.8``."""
    parts = []
    for index, language in enumerate(languages):
        weight = max(10 - index, 1)
        parts.append(language if weight == 10 else f"{language};q=0.{weight}")
    return ",".join(parts)
