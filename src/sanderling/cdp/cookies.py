"""Cookies as CDP writes them.

Thread: any.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import msgspec

from sanderling.base.errors import UsageError
from sanderling.cdp.dispatch import Params
from sanderling.cdp.errors import CdpError
from sanderling.http.jar import CookieJar
from sanderling.proto.cookies import Cookie, CookiePriority, domain_match, from_wire, path_match
from sanderling.proto.url import parse


class CookiePartitionKey(msgspec.Struct, frozen=True, kw_only=True):
    """`Network.CookiePartitionKey`."""

    topLevelSite: str  # noqa: N815 - CDP's name, as all below
    hasCrossSiteAncestor: bool  # noqa: N815


class CookieParam(Params, frozen=True, kw_only=True):
    """`Network.CookieParam`."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {
        "sameParty": "browsers have given it up",
        "sourcePort": "cookies belong to all ports of a host",
    }

    name: str
    value: str
    url: str = ""
    domain: str = ""
    path: str = ""
    secure: bool = False
    httpOnly: bool = False  # noqa: N815
    sameSite: str = ""  # noqa: N815
    expires: float | None = -1.0
    priority: CookiePriority = "Medium"
    sameParty: bool = False  # noqa: N815
    sourceScheme: str = ""  # noqa: N815
    sourcePort: int = -1  # noqa: N815
    partitionKey: CookiePartitionKey | None = None  # noqa: N815


class _JarCookie(msgspec.Struct, frozen=True, kw_only=True):
    """What the jar takes (`http.jar.CookieLike`)."""

    name: str
    value: str
    url: str
    domain: str
    path: str
    expires: float
    httpOnly: bool  # noqa: N815
    secure: bool
    sameSite: str  # noqa: N815
    partitionKey: str  # noqa: N815
    hasCrossSiteAncestor: bool  # noqa: N815


def cookie_object(cookie: Cookie) -> dict[str, Any]:
    """Give CDP's `Network.Cookie`."""
    out: dict[str, Any] = {
        "name": from_wire(cookie.name),
        "value": from_wire(cookie.value),
        "domain": cookie.domain if cookie.host_only else f".{cookie.domain}",
        "path": cookie.path,
        "expires": cookie.expires if cookie.expires is not None else -1,
        "size": len(cookie.name) + len(cookie.value),
        "httpOnly": cookie.http_only,
        "secure": cookie.secure,
        "session": cookie.expires is None,
        "priority": cookie.priority,
        "sourceScheme": "Secure" if cookie.secure else "NonSecure",
        "sourcePort": 443 if cookie.secure else 80,
    }
    if cookie.same_site:
        out["sameSite"] = cookie.same_site
    if cookie.partition is not None:
        out["partitionKey"] = {
            "topLevelSite": cookie.partition.site,
            "hasCrossSiteAncestor": cookie.partition.cross_site_ancestor,
        }
    return out


def cookies_for(jar: CookieJar, urls: Iterable[str], now: float, top_site: str = "") -> list[dict[str, Any]]:
    """Give the cookies that requests to these URLs may carry, whatever SameSite says.

    Args:
        jar: of the context.
        urls: of the requests.
        now: seconds since the epoch.
        top_site: whose partitioned cookies are meant; empty for those of all sites.
    """
    out: dict[int, Cookie] = {}
    for text in urls:
        url = parse(text)
        if url is None or not url.is_network:
            continue
        for cookie in jar.store.live(now):
            if cookie.partition is not None and top_site and cookie.partition.site != top_site:
                continue
            host = cookie.domain == url.host or (not cookie.host_only and domain_match(url.host, cookie.domain))
            if host and path_match(url.path, cookie.path) and (not cookie.secure or url.is_potentially_trustworthy()):
                out[id(cookie)] = cookie
    return [cookie_object(cookie) for cookie in out.values()]


def set_cookie(jar: CookieJar, param: CookieParam, default_url: str = "") -> bool:
    """Store a cookie that a client gives, unless no response could set it; give whether it was stored.

    Raises:
        UsageError: it is impossible.
    """
    secure = param.secure or param.sourceScheme == "Secure" or (not param.domain and param.url.startswith("https:"))
    if param.sameSite.lower() == "none" and not secure:  # RFC 6265bis, 5.7, step 17: well-formed, and never stored
        return False
    partition = param.partitionKey
    expires = -1.0 if param.expires is None else param.expires
    jar.set_cookie(
        _JarCookie(
            name=param.name,
            value=param.value,
            url=param.url or ("" if param.domain else default_url),
            # Clients write domains without a dot for one host, and with one for subdomains too, as Chromium lists them.
            domain=param.domain,
            path=param.path,
            expires=-1.0 if expires == -1.0 else max(expires, 0.0),
            httpOnly=param.httpOnly,
            secure=param.secure or param.sourceScheme == "Secure",
            sameSite=param.sameSite,
            partitionKey="" if partition is None else partition.topLevelSite,
            hasCrossSiteAncestor=partition is not None and partition.hasCrossSiteAncestor,
        ),
        priority=param.priority,
    )
    return True


def set_cookies(jar: CookieJar, params: Sequence[CookieParam], default_url: str = "") -> None:
    """Store several cookies; those that no response could set are passed over, as in Chromium.

    Raises:
        CdpError: one is impossible; the text says which and why.
    """
    for param in params:
        try:
            set_cookie(jar, param, default_url)
        except UsageError as error:
            raise CdpError(f"Invalid cookie fields: {error}", code=-32602) from None
