"""Which cookies a request or a document may see: SameSite by the sites it goes through, and the partition by the top-level site.

Standards: draft-ietf-httpbis-rfc6265bis-20, 5.2; https://www.ietf.org/archive/id/draft-cutler-httpbis-partitioned-cookies-01.html (CHIPS)

Thread: any.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

from sanderling.proto.request_headers import Mode
from sanderling.proto.url import Origin, Url, same_site, site

SameSiteContext: TypeAlias = Literal["strict", "lax", "lax-unsafe", "cross-site"]
"""What a request may carry: all; all but Strict (a top-level navigation with a safe method); None and young default
ones (a top-level navigation with another method); only SameSite=None."""

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})  # RFC 9110, 9.2.1


class PartitionKey(NamedTuple):
    """Whose cookies with the attribute Partitioned are meant; the names are those of CDP's `CookiePartitionKey`."""

    site: str
    """The schemeful site of the top-level document, ``https://example.com``."""
    cross_site_ancestor: bool = False
    """Something between the top-level document and the request is of another site: what A embeds in B embedded in A
    sees other cookies than A."""


def same_site_context(
    *,
    target: Url,
    method: str,
    mode: Mode,
    top_level: bool,
    initiator: Origin | None,
    site_for_cookies: Url | None,
    cross_site_ancestor: bool = False,
    passed: Sequence[Url] = (),
) -> SameSiteContext:
    """RFC 6265bis, 5.2 and 5.8.3: which SameSite cookies a request may carry.

    Args:
        target: URL of the request.
        method: of the request.
        mode: of the request.
        top_level: it navigates a top-level document.
        initiator: origin of the asker; None when a person or a program asks.
        site_for_cookies: URL of the top-level document; None for no document.
        cross_site_ancestor: a document between the top-level one and the asker, the asker included, is of another site.
        passed: the URLs that redirected to `target`.
    """
    # 5.2: a redirect through another site makes the request cross-site.
    # DEVIATION: not for what a person or a program asked for; a link shortener then logs nobody out, as in Chromium.
    through_same_site = initiator is None or all(same_site(url.origin, target.origin) for url in passed)
    from_same_site = through_same_site and (initiator is None or same_site(initiator, target.origin))
    if top_level:
        # 5.2.1: the site for cookies of a top-level navigation is its target.
        if from_same_site:
            return "strict"
        return "lax" if mode == "navigate" and method in _SAFE_METHODS else "lax-unsafe"
    within_site = site_for_cookies is None or (
        not cross_site_ancestor and same_site(site_for_cookies.origin, target.origin)
    )
    return "strict" if from_same_site and within_site else "cross-site"


def partition_key(
    target: Url, *, top_level: bool, site_for_cookies: Url | None, cross_site_ancestor: bool = False
) -> PartitionKey | None:
    """CHIPS, 2.1: the partition of a request's cookies; None where the top-level document has an opaque origin.

    Args:
        target: URL of the request.
        top_level: it navigates a top-level document.
        site_for_cookies: URL of the top-level document; None for no document.
        cross_site_ancestor: as in `same_site_context`.
    """
    top = target if top_level or site_for_cookies is None else site_for_cookies
    if top.origin.is_opaque:
        return None
    return PartitionKey(site(top.origin), cross_site_ancestor or not same_site(top.origin, target.origin))
