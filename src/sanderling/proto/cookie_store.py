"""A store of cookies: what a response may put in, what a request gets, and what has to go when it is full.

Found by walking up the labels of the request's host, so that a request costs a few dictionary look-ups. No call ever
raises for what a server sent: a cookie is stored or ignored, and the store makes room by eviction.

Standard: draft-ietf-httpbis-rfc6265bis-20, 5.7 and 5.8.

Thread: any, one at a time.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from typing import Literal, TypeAlias

from sanderling.proto.cookie_scope import PartitionKey, SameSiteContext
from sanderling.proto.cookies import (
    Cookie,
    ParsedCookie,
    Refusal,
    SameSite,
    WithheldBecause,
    cap_expiry,
    default_path,
    domain_match,
    path_match,
    prefix_violation,
)
from sanderling.proto.url import Url, is_public_suffix

MAX_COOKIES_PER_DOMAIN = 180
"""RFC 6265bis, 6.1 asks for 50 at least; Chromium's number."""
MAX_COOKIES = 3300
"""RFC 6265bis, 6.1 asks for 3000 at least; Chromium's number."""
MAX_PARTITION_BYTES = 10 * 1024
"""Names and values of a domain's cookies in one partition; Chromium's number."""
LAX_ALLOW_UNSAFE_SECONDS = 120.0
"""RFC 6265bis, 5.7.3.2 ("Lax-allowing-unsafe"): how long a default cookie goes along on a cross-site POST."""

ChangeCause: TypeAlias = Literal["added", "overwritten", "expired", "evicted", "deleted"]
_BY_SAME_SITE: dict[SameSite, Literal["SameSiteStrict", "SameSiteLax", "SameSiteUnspecifiedTreatedAsLax"]] = {
    "Strict": "SameSiteStrict",
    "Lax": "SameSiteLax",
    "": "SameSiteUnspecifiedTreatedAsLax",
}

Considered: TypeAlias = tuple[Cookie, tuple[WithheldBecause, ...]]
"""A cookie of a request's host, and why it does not go along; no reason where it does."""

Key: TypeAlias = tuple[str, str, bool, PartitionKey | None]
"""Name, path, host-only flag, partition; within a domain it identifies a cookie (RFC 6265bis, 5.7 step 23; CHIPS, 2.1)."""


class CookieStore:
    """Cookies of one context.

    Args:
        on_change: called with each cookie that comes or goes, after the store has changed.
        lax_allow_unsafe: apply the two-minute rule to cookies without SameSite.
        max_per_domain: cookies that share a domain.
        max_total: cookies in all.
    """

    def __init__(
        self,
        on_change: Callable[[Cookie, ChangeCause], None] | None = None,
        *,
        lax_allow_unsafe: bool = True,
        max_per_domain: int = MAX_COOKIES_PER_DOMAIN,
        max_total: int = MAX_COOKIES,
    ) -> None:
        self._by_domain: dict[str, dict[Key, Cookie]] = {}
        self._count = 0
        self._sequence = 0  # of the cookie made last
        self._on_change = on_change
        self._lax_allow_unsafe = lax_allow_unsafe
        self._max_per_domain = max_per_domain
        self._max_total = max_total

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Cookie]:
        """All, expired ones too, in no particular order."""
        for cookies in self._by_domain.values():
            yield from cookies.values()

    # -- storing (5.7) ---------------------------------------------------------------------------------------

    def store(
        self,
        parsed: ParsedCookie,
        url: Url,
        now: float,
        *,
        from_http: bool = True,
        same_site: bool = True,
        top_level_navigation: bool = False,
        partition: PartitionKey | None = None,
    ) -> Refusal | None:
        """RFC 6265bis, 5.7.

        Args:
            parsed: the field.
            url: of the request, or of the document whose script sets it.
            now: seconds since the epoch.
            from_http: it came in a response, not from a script.
            same_site: the request, or the document, is same-site with its site for cookies.
            top_level_navigation: the response is one to a navigation of a top-level document.
            partition: where a cookie with the attribute Partitioned goes; None where it can go nowhere.

        Returns:
            None when it was stored (or deleted an older one), else why it was ignored.
        """
        host, domain = url.host, parsed.domain or ""
        if not host:
            return Refusal("the URL has no host", "UnknownError")
        if not domain.isascii():
            return Refusal("Domain is not ASCII", "InvalidDomain")  # step 8
        if domain and (domain == host or is_public_suffix(domain)):
            # Step 9: a public suffix may set cookies for itself only. An IP address equals itself, and so
            # is host-only in effect.
            if domain != host:
                return Refusal(f"{domain} is a public suffix", "InvalidDomain")
            if is_public_suffix(domain):
                domain = ""
        if domain and not domain_match(host, domain):
            return Refusal(f"Domain {domain} does not match {host}", "InvalidDomain")  # step 10
        host_only = not domain
        path = parsed.path if parsed.path and parsed.path.startswith("/") else default_path(url.path)
        secure_protocol = url.is_potentially_trustworthy()
        if parsed.secure and not secure_protocol:
            return Refusal("Secure, and the connection is not", "SecureOnly")  # step 12
        if parsed.http_only and not from_http:
            return Refusal("HttpOnly, and a script sets it", "UnknownError")  # step 13
        if not parsed.secure and not secure_protocol and self._shadows_secure(parsed.name, domain or host, path):
            return Refusal(
                "a secure cookie of that name exists", "OverwriteSecure"
            )  # step 14, "leave secure cookies alone"
        if parsed.same_site != "None" and not same_site and not (from_http and top_level_navigation):
            return Refusal("SameSite, and the request is cross-site", _BY_SAME_SITE[parsed.same_site])  # step 15
        if parsed.same_site == "None" and not parsed.secure:
            return Refusal("SameSite=None needs Secure", "SameSiteNoneInsecure")  # step 16
        broken = prefix_violation(
            parsed.name,
            parsed.value,
            secure=parsed.secure,
            host_only=host_only,
            path_attribute=parsed.path,
            http_only=parsed.http_only,
            from_http=from_http,
        )
        if broken is not None:
            return Refusal(broken, "InvalidPrefix")  # steps 17 to 20
        if parsed.partitioned and not parsed.secure:
            return Refusal("Partitioned needs Secure", "UnknownError")  # CHIPS, 2.1
        if parsed.partitioned and partition is None:
            return Refusal("Partitioned, and the top-level document has no site", "UnknownError")
        cookie = Cookie(
            name=parsed.name,
            value=parsed.value,
            domain=domain or host,
            path=path,
            host_only=host_only,
            secure=parsed.secure,
            http_only=parsed.http_only,
            same_site=parsed.same_site,
            priority=parsed.priority,
            expires=cap_expiry(parsed.expires, now),
            created=now,
            partition=partition if parsed.partitioned else None,
            accessed=now,
        )
        return self._put(cookie, now, from_http=from_http)

    def put(self, cookie: Cookie, now: float) -> None:
        """Store a cookie that a client of ours made; the rules for servers do not apply."""
        self._put(cookie, now, from_http=True)

    def _put(self, cookie: Cookie, now: float, *, from_http: bool) -> Refusal | None:
        cookies = self._by_domain.get(cookie.domain)
        key = (cookie.name, cookie.path, cookie.host_only, cookie.partition)
        old = cookies.get(key) if cookies is not None else None
        if old is not None:
            if old.http_only and not from_http:
                return Refusal("an HttpOnly cookie of that name exists", "UnknownError")  # step 23.2
            if not old.is_expired(now):
                cookie.created, cookie.sequence = old.created, old.sequence  # step 23.3
        if not cookie.sequence:
            self._sequence += 1
            cookie.sequence = self._sequence
        if cookie.is_expired(now):
            if old is not None:
                self._remove(old, "deleted")
            return None
        if cookies is None:
            cookies = self._by_domain[cookie.domain] = {}
        cookies[key] = cookie
        if old is None:
            self._count += 1
            self._changed(cookie, "added")
        else:
            self._changed(old, "overwritten")
            if (old.value, old.expires, old.secure, old.same_site) != (
                cookie.value,
                cookie.expires,
                cookie.secure,
                cookie.same_site,
            ):
                self._changed(cookie, "added")
        self._make_room(cookie, now)
        return None

    def _shadows_secure(self, name: str, domain: str, path: str) -> bool:
        for other_domain, cookies in self._by_domain.items():
            if not (domain_match(domain, other_domain) or domain_match(other_domain, domain)):
                continue
            if any(other.name == name and other.secure and path_match(path, other.path) for other in cookies.values()):
                return True
        return False

    def _make_room(self, added: Cookie, now: float) -> None:
        """RFC 6265bis, 5.7, the order of eviction; within each group the least recently used goes first."""
        partition = added.partition
        cookies = self._by_domain[added.domain]
        if len(cookies) > self._max_per_domain or partition is not None:
            self._evict([cookie for cookie in tuple(cookies.values()) if cookie.is_expired(now)], "expired")
            # Each partition of a domain has a limit of its own: what one embedder does is nothing to the others.
            sharing = [cookie for cookie in cookies.values() if cookie.partition == partition]
            order = sorted(sharing, key=lambda cookie: (cookie.secure, cookie.accessed, cookie.sequence))
            excess = max(len(order) - self._max_per_domain, 0)
            if partition is not None:
                size = sum(len(cookie.name) + len(cookie.value) for cookie in order[excess:])
                while size > MAX_PARTITION_BYTES:
                    size -= len(order[excess].name) + len(order[excess].value)
                    excess += 1
            self._evict(order[:excess], "evicted")
        if self._count > self._max_total:
            self._evict([cookie for cookie in self if cookie.is_expired(now)], "expired")
            excess = self._count - self._max_total
            if excess > 0:
                self._evict(
                    heapq.nsmallest(excess, self, key=lambda cookie: (cookie.accessed, cookie.sequence)), "evicted"
                )

    def _evict(self, cookies: list[Cookie], cause: ChangeCause) -> None:
        for cookie in cookies:
            self._remove(cookie, cause)

    def _remove(self, cookie: Cookie, cause: ChangeCause) -> None:
        cookies = self._by_domain[cookie.domain]
        del cookies[cookie.name, cookie.path, cookie.host_only, cookie.partition]
        self._count -= 1
        if not cookies:
            del self._by_domain[cookie.domain]
        self._changed(cookie, cause)

    def _changed(self, cookie: Cookie, cause: ChangeCause) -> None:
        if self._on_change is not None:
            self._on_change(cookie, cause)

    # -- retrieval (5.8) -------------------------------------------------------------------------------------

    def retrieve(
        self,
        url: Url,
        now: float,
        *,
        same_site: SameSiteContext = "strict",
        from_http: bool = True,
        touch: bool = True,
        partition: PartitionKey | None = None,
    ) -> list[Cookie]:
        """RFC 6265bis, 5.8.3: the cookies for `url`, in the order in which they are sent.

        Args:
            url: of the request, or of the document whose script asks.
            now: seconds since the epoch.
            same_site: what the request may carry.
            from_http: a request asks; scripts never see HttpOnly.
            touch: count it as use.
            partition: of whose partitioned cookies, beside those that all share; None for nobody's.
        """
        found: list[Cookie] = []
        expired: list[Cookie] = []
        if not self._count or not url.host:
            return found
        path, secure, host = url.path or "/", url.is_potentially_trustworthy(), url.host
        for domain in self._domains_above(host):
            for cookie in self._by_domain[domain].values():
                if cookie.expires is not None and cookie.expires <= now:
                    expired.append(cookie)
                    continue
                if (cookie.host_only and domain != host) or cookie.partition not in (None, partition):
                    continue
                if (
                    not path_match(path, cookie.path)
                    or (cookie.secure and not secure)
                    or (cookie.http_only and not from_http)
                ):
                    continue
                if same_site != "strict" and not self._same_site_allows(cookie, same_site, now):
                    continue
                found.append(cookie)
        self._evict(expired, "expired")
        if len(found) > 1:
            found.sort(key=lambda cookie: (-len(cookie.path), cookie.created, cookie.sequence))
        if touch:
            for cookie in found:
                cookie.accessed = now
        return found

    def consider(
        self, url: Url, now: float, *, same_site: SameSiteContext, partition: PartitionKey | None
    ) -> list[Considered]:
        """Give the cookies of a request's host and of the domains above it, and what `retrieve` has against them.

        Left out are those of other partitions, which this request knows nothing of.
        """
        found: list[Considered] = []
        if not self._count or not url.host:
            return found
        secure = url.is_potentially_trustworthy()
        for domain in self._domains_above(url.host):
            for cookie in self._by_domain[domain].values():
                if cookie.is_expired(now) or cookie.partition not in (None, partition):
                    continue
                reasons: list[WithheldBecause] = []
                if cookie.host_only and domain != url.host:
                    reasons.append("DomainMismatch")
                if not path_match(url.path or "/", cookie.path):
                    reasons.append("NotOnPath")
                if cookie.secure and not secure:
                    reasons.append("SecureOnly")
                if same_site != "strict" and not self._same_site_allows(cookie, same_site, now):
                    reasons.append(_BY_SAME_SITE[cookie.same_site])
                found.append((cookie, tuple(reasons)))
        found.sort(key=lambda one: (-len(one[0].path), one[0].created, one[0].sequence))
        return found

    def _domains_above(self, host: str) -> list[str]:
        by_domain = self._by_domain
        domains = [host] if host in by_domain else []
        position = host.find(".")
        if host[0] == "[" or position < 0:
            return domains
        while position >= 0:
            parent = host[position + 1 :]
            if parent in by_domain and domain_match(host, parent):
                domains.append(parent)
            position = host.find(".", position + 1)
        return domains

    def _same_site_allows(self, cookie: Cookie, context: SameSiteContext, now: float) -> bool:
        if cookie.same_site == "None":
            return True
        if context == "cross-site" or cookie.same_site == "Strict":
            return False
        if context == "lax":
            return True
        young = now - cookie.created <= LAX_ALLOW_UNSAFE_SECONDS
        return cookie.same_site == "" and self._lax_allow_unsafe and young

    # -- for clients -----------------------------------------------------------------------------------------

    def live(self, now: float) -> list[Cookie]:
        """Give all that have not expired, in order of creation; drops those that have."""
        self._evict([cookie for cookie in self if cookie.is_expired(now)], "expired")
        return sorted(self, key=lambda cookie: (cookie.created, cookie.sequence))

    def delete(self, matches: Callable[[Cookie], bool]) -> int:
        """Delete those for which `matches` is true, and say how many."""
        doomed = [cookie for cookie in self if matches(cookie)]
        self._evict(doomed, "deleted")
        return len(doomed)


def cookie_string(cookies: list[Cookie]) -> str:
    """RFC 6265bis, 5.8.3 step 4, in wire form."""
    return "; ".join([f"{cookie.name}={cookie.value}" if cookie.name else cookie.value for cookie in cookies])
