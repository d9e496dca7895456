"""The cookies of a context: the policy of `proto.cookie_store` with a clock, as requests, scripts and users need it.

A server can never make a request fail with what it sets: a bad cookie is ignored, and the log says why.

Thread: worker.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol, TypeAlias

import msgspec

from sanderling.base.clock import SYSTEM_CLOCK, Clock
from sanderling.base.errors import UsageError
from sanderling.base.pattern import late_pattern
from sanderling.proto.cookie_files import CookieDict
from sanderling.proto.cookie_scope import PartitionKey, SameSiteContext
from sanderling.proto.cookie_store import ChangeCause, Considered, CookieStore, cookie_string
from sanderling.proto.cookies import (
    MAX_NAME_AND_VALUE_BYTES,
    Cookie,
    CookiePriority,
    ParsedCookie,
    RefusedBecause,
    SameSite,
    cap_expiry,
    default_path,
    from_wire,
    parse_set_cookie,
    prefix_violation,
    to_wire,
    why_malformed,
)
from sanderling.proto.headers import Headers
from sanderling.proto.url import Url, is_public_suffix, parse, site

_LOG = logging.getLogger("sanderling.http.cookies")

_SAME_SITE: dict[str, SameSite] = {"strict": "Strict", "lax": "Lax", "none": "None", "": "", "unspecified": ""}
_FORBIDDEN_IN_COOKIE = late_pattern(r"[\x00-\x08\x0a-\x1f\x7f;]")


class RefusedCookie(msgspec.Struct, frozen=True, kw_only=True):
    """A Set-Cookie field that was ignored."""

    line: str
    """Its value, as it came."""
    reason: RefusedBecause
    parsed: ParsedCookie | None
    """None where it is malformed."""


CookieWatcher: TypeAlias = Callable[[Cookie, ChangeCause], None]


class CookieLike(Protocol):
    """A cookie as users give it; the names are CDP's."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def value(self) -> str:
        """Its value."""

    @property
    def url(self) -> str:
        """Gives domain, path and secure where these are empty."""

    @property
    def domain(self) -> str:
        """With a leading dot it is for subdomains too."""

    @property
    def path(self) -> str:
        """Its path; empty for ``/``, or the default path of `url`."""

    @property
    def expires(self) -> float:
        """Seconds since the epoch; negative for a session cookie."""

    @property
    def httpOnly(self) -> bool:  # noqa: N802 - CDP's name
        """Hidden from scripts."""

    @property
    def secure(self) -> bool:
        """For secure connections only."""

    @property
    def sameSite(self) -> str:  # noqa: N802 - CDP's name
        """Strict, Lax, None or empty."""

    @property
    def partitionKey(self) -> str:  # noqa: N802 - Playwright's name
        """Top-level site that a partitioned cookie belongs to, ``https://example.com``; empty for one that all share."""

    @property
    def hasCrossSiteAncestor(self) -> bool:  # noqa: N802 - CDP's name
        """Of the partition: another site stands between the top-level document and who uses the cookie."""


class CookieJar:
    """Cookies of one context.

    Args:
        clock: gives the time of day; cookies live by it.
    """

    def __init__(self, clock: Clock = SYSTEM_CLOCK) -> None:
        self._clock = clock
        self.store = CookieStore(self._changed)
        self.watchers: list[CookieWatcher] = []  # told of each cookie that came or went

    def _changed(self, cookie: Cookie, cause: ChangeCause) -> None:
        for watcher in tuple(self.watchers):
            watcher(cookie, cause)

    def __len__(self) -> int:
        return len(self.store)

    def now(self) -> float:
        """Give the time that cookies live by, in seconds since the epoch."""
        return self._clock.wall()

    # -- requests and responses ----------------------------------------------------------------------------------

    def header_for(self, url: Url, same_site: SameSiteContext, partition: PartitionKey | None = None) -> str:
        """Give the Cookie header of a request, in wire form; empty for none."""
        return cookie_string(
            self.store.retrieve(url, self._clock.wall(), same_site=same_site, partition=partition),
        )

    def take(
        self,
        url: Url,
        headers: Headers,
        *,
        same_site: SameSiteContext,
        top_level: bool,
        partition: PartitionKey | None = None,
    ) -> list[RefusedCookie]:
        """Store what a response sets, and say what was ignored of it. Never raises."""
        refusals: list[RefusedCookie] = []
        values = headers.get_all("set-cookie")
        if not values:
            return refusals
        now = self._clock.wall()
        for value in values:
            parsed = parse_set_cookie(value, now)
            refused = (
                self.store.store(
                    parsed,
                    url,
                    now,
                    same_site=same_site == "strict",
                    top_level_navigation=top_level,
                    partition=partition,
                )
                if parsed is not None
                else why_malformed(value)
            )
            if refused is not None:
                _LOG.debug("cookie of %s ignored: %s", url.host, refused)
                refusals.append(RefusedCookie(line=value, reason=refused.reason, parsed=parsed))
        return refusals

    def consider(self, url: Url, same_site: SameSiteContext, partition: PartitionKey | None) -> list[Considered]:
        """Give the cookies that a request could carry, and why those that it does not carry stay behind."""
        return self.store.consider(url, self._clock.wall(), same_site=same_site, partition=partition)

    # -- scripts -------------------------------------------------------------------------------------------------

    def document_cookie(
        self, url: str, *, same_site: SameSiteContext = "strict", partition: PartitionKey | None = None
    ) -> str:
        """Give `document.cookie` of the document at `url`; empty where that is no HTTP(S) URL."""
        parsed = parse(url)
        if parsed is None or not parsed.is_network:  # HTML, 3.1.6: a cookie-averse document
            return ""
        found = self.store.retrieve(
            parsed, self._clock.wall(), same_site=same_site, from_http=False, partition=partition
        )
        return from_wire(cookie_string(found))

    def set_document_cookie(
        self, url: str, value: str, *, same_site: SameSiteContext = "strict", partition: PartitionKey | None = None
    ) -> None:
        """Do what assigning `value` to `document.cookie` does; what is not allowed is ignored."""
        parsed_url = parse(url)
        if parsed_url is None or not parsed_url.is_network:
            return
        now = self._clock.wall()
        parsed = parse_set_cookie(to_wire(value), now)
        if parsed is not None:
            self.store.store(
                parsed, parsed_url, now, from_http=False, same_site=same_site == "strict", partition=partition
            )

    # -- users ---------------------------------------------------------------------------------------------------

    def set_cookie(self, cookie: CookieLike, *, priority: CookiePriority = "Medium") -> None:
        """Store a cookie that the user gives; an expiry in the past deletes it.

        Args:
            cookie: what it is.
            priority: how soon others are given up for it, as Chromium has it.

        Raises:
            UsageError: it is impossible; the text says why.
        """
        name, value = to_wire(cookie.name), to_wire(cookie.value)
        problem = _problem_of(name, value)
        if problem is not None:
            raise UsageError(f"cookie {cookie.name!r}: {problem}")
        url = self._url_of(cookie)
        domain, host_only = self._domain_of(cookie, url)
        path = cookie.path or (default_path(url.path) if url is not None else "/")
        if not path.startswith("/"):
            raise UsageError(f"cookie {cookie.name!r}: path {path!r} does not begin with a slash")
        secure = cookie.secure or (not cookie.domain and url is not None and url.scheme == "https")
        same_site = _SAME_SITE.get(cookie.sameSite.lower())
        if same_site is None:
            raise UsageError(f"cookie {cookie.name!r}: sameSite {cookie.sameSite!r} is not Strict, Lax or None")
        if same_site == "None" and not secure:
            raise UsageError(f"cookie {cookie.name!r}: sameSite None needs secure")
        broken = prefix_violation(
            name,
            value,
            secure=secure,
            host_only=host_only,
            path_attribute=path,
            http_only=cookie.httpOnly,
            from_http=True,
        )
        if broken is not None:
            raise UsageError(f"cookie {cookie.name!r}: {broken}")
        partition = _partition_of(cookie)
        if partition is not None and not secure:
            raise UsageError(f"cookie {cookie.name!r}: a partitioned cookie needs secure")
        now = self._clock.wall()
        self.store.put(
            Cookie(
                name=name,
                value=value,
                domain=domain,
                path=path,
                host_only=host_only,
                secure=secure,
                http_only=cookie.httpOnly,
                same_site=same_site,
                expires=cap_expiry(cookie.expires if cookie.expires >= 0 else None, now),
                created=now,
                partition=partition,
                accessed=now,
                priority=priority,
            ),
            now,
        )

    @staticmethod
    def _url_of(cookie: CookieLike) -> Url | None:
        if not cookie.url:
            return None
        url = parse(cookie.url)
        if url is None or not url.is_network:
            raise UsageError(f"cookie {cookie.name!r}: {cookie.url!r} is not an http or https URL")
        return url

    @staticmethod
    def _domain_of(cookie: CookieLike, url: Url | None) -> tuple[str, bool]:
        if not cookie.domain:
            if url is None:
                raise UsageError(f"cookie {cookie.name!r} has neither domain nor url")
            return url.host, True
        bare = cookie.domain.removeprefix(".")
        host = parse(f"https://{bare}/")  # the host parser: punycode, lower case, IPv4 in all its forms
        if host is None or host.path != "/" or host.port is not None or host.includes_credentials or not host.host:
            raise UsageError(f"cookie {cookie.name!r}: {cookie.domain!r} is not a domain")
        host_only = not cookie.domain.startswith(".")
        if not host_only and is_public_suffix(host.host):
            raise UsageError(f"cookie {cookie.name!r}: {bare} is a public suffix, so no cookie may be for all below it")
        return host.host, host_only

    def to_dicts(self) -> list[CookieDict]:
        """List all cookies that live, in CDP's names, in order of creation."""
        return [_to_dict(cookie) for cookie in self.store.live(self._clock.wall())]

    def delete(self, name: str, *, domain: str = "", path: str = "", partition: PartitionKey | None = None) -> int:
        """Delete the cookies of that name, of that domain, path and partition where given, and say how many."""
        wire, bare = to_wire(name), domain.removeprefix(".").lower()
        return self.store.delete(
            lambda cookie: (
                cookie.name == wire
                and (not bare or cookie.domain == bare)
                and (not path or cookie.path == path)
                and (partition is None or cookie.partition == partition)
            )
        )

    def clear(self) -> None:
        """Forget all."""
        self.store.delete(lambda _: True)


def _to_dict(cookie: Cookie) -> CookieDict:
    written = CookieDict(
        name=from_wire(cookie.name),
        value=from_wire(cookie.value),
        domain=cookie.domain if cookie.host_only else f".{cookie.domain}",
        path=cookie.path,
        expires=cookie.expires if cookie.expires is not None else -1.0,
        httpOnly=cookie.http_only,
        secure=cookie.secure,
        sameSite=cookie.same_site,
    )
    if cookie.partition is not None:
        written["partitionKey"] = cookie.partition.site
        written["hasCrossSiteAncestor"] = cookie.partition.cross_site_ancestor
    return written


def _partition_of(cookie: CookieLike) -> PartitionKey | None:
    if not cookie.partitionKey:
        return None
    top = parse(cookie.partitionKey)
    if top is None or not top.is_network:
        raise UsageError(f"cookie {cookie.name!r}: partitionKey {cookie.partitionKey!r} is not a site")
    return PartitionKey(site(top.origin), cookie.hasCrossSiteAncestor)


def _problem_of(name: str, value: str) -> str | None:
    if not name and not value:
        return "it has neither name nor value"
    if len(name) + len(value) > MAX_NAME_AND_VALUE_BYTES:  # RFC 6265bis, 5.6 step 5
        return f"name and value are longer than {MAX_NAME_AND_VALUE_BYTES} bytes"
    if "=" in name:
        return "its name contains '='"
    if not name and "=" in value:
        return "it has no name, and its value contains '='"
    if _FORBIDDEN_IN_COOKIE.search(name) or _FORBIDDEN_IN_COOKIE.search(value):
        return "it contains a control character or a semicolon"
    if name != name.strip("\t ") or value != value.strip("\t "):
        return "its name or value has whitespace around it"
    return None
