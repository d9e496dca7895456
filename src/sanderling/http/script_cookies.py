"""What the CookieStore API reads and writes (https://cookiestore.spec.whatwg.org/); `web/cookie-store/` is the side that pages see.

Times here are milliseconds since the epoch, as scripts count them.

Thread: worker.
"""

from __future__ import annotations

from typing import Any

from sanderling.base.pattern import late_pattern
from sanderling.http.jar import CookieJar
from sanderling.proto.cookie_scope import PartitionKey, SameSiteContext
from sanderling.proto.cookie_store import ChangeCause
from sanderling.proto.cookies import (
    MAX_ATTRIBUTE_VALUE_BYTES,
    MAX_NAME_AND_VALUE_BYTES,
    Cookie,
    ParsedCookie,
    SameSite,
    domain_match,
    from_wire,
    path_match,
    to_wire,
)
from sanderling.proto.url import Url, parse

_FORBIDDEN = late_pattern(r"[\x00-\x08\x0a-\x1f\x7f;]")
_PREFIXES = ("__host-", "__host-http-", "__http-", "__secure-")
_SAME_SITE: dict[str, SameSite] = {"strict": "Strict", "lax": "Lax", "none": "None"}


_NO_HOST = frozenset("\t\n\r @:/?#\\")
"""Forbidden host code points (URL, 3.1) that the parser of a whole URL takes for something else."""


def query(
    jar: CookieJar, url: Url, name: str | None, *, same_site: SameSiteContext, partition: PartitionKey | None
) -> list[dict[str, Any]]:
    """CookieStore, "query cookies": those of a name, or all for None."""
    wanted = None if name is None else to_wire(name.strip("\t "))
    found = jar.store.retrieve(url, jar.now(), same_site=same_site, from_http=False, partition=partition)
    return [_item(cookie) for cookie in found if wanted is None or cookie.name == wanted]


def _item(cookie: Cookie) -> dict[str, Any]:
    return {
        "name": from_wire(cookie.name),
        "value": from_wire(cookie.value),
        "domain": None if cookie.host_only else cookie.domain,
        "path": cookie.path,
        "expires": None if cookie.expires is None else cookie.expires * 1000,
        "secure": cookie.secure,
        "sameSite": (cookie.same_site or "lax").lower(),
        "partitioned": cookie.partition is not None,
    }


def store(
    jar: CookieJar,
    url: Url,
    init: dict[str, Any],
    *,
    same_site: SameSiteContext,
    partition: PartitionKey | None,
) -> str | None:
    """CookieStore, "set a cookie".

    Args:
        jar: of the context.
        url: of the document.
        init: the members of `CookieInit`.
        same_site: of the document.
        partition: of the document.

    Returns:
        None when that is done, else why the promise is rejected.
    """
    name, value = to_wire(init["name"].strip("\t ")), to_wire(init["value"].strip("\t "))
    problem = _problem(name, value)
    if problem is not None:
        return problem
    parsed = ParsedCookie(
        name,
        value,
        secure=url.is_potentially_trustworthy(),
        same_site=_SAME_SITE[init["sameSite"]],
        partitioned=init["partitioned"],
    )
    lower = name.lower()
    domain, path, expires = init["domain"], init["path"], init["expires"]
    if domain is not None:
        if domain.startswith("."):
            return "Cookie domain cannot start with '.'"
        if lower.startswith("__host-"):
            return "Cookies with the __Host- prefix cannot have a domain"
        # Parsed as a host, that is: what would end it in a URL, or go unseen there, is in none.
        host = None if _NO_HOST.intersection(domain) else parse(f"https://{domain}/")
        if host is None or not domain_match(url.host, host.host):
            return "Cookie domain must domain-match current host"
        if len(domain) > MAX_ATTRIBUTE_VALUE_BYTES:
            return "Cookie domain is too long"
        parsed.domain = host.host
    if not path.startswith("/"):
        return "Cookie path must start with '/'"
    if not path.endswith("/"):
        path += "/"
    if lower.startswith("__host-") and path != "/":
        return "Cookies with the __Host- prefix cannot have a path other than '/'"
    path = to_wire(path)
    if len(path) > MAX_ATTRIBUTE_VALUE_BYTES:
        return "Cookie path is too long"
    parsed.path = path
    if expires is not None:
        parsed.expires = expires / 1000
    refused = jar.store.store(
        parsed, url, jar.now(), from_http=False, same_site=same_site == "strict", partition=partition
    )
    return None if refused is None else f"The cookie cannot be stored: {refused}"


def _problem(name: str, value: str) -> str | None:
    lower = name.lower()
    if _FORBIDDEN.search(name) or _FORBIDDEN.search(value):
        return "Cookie name and value cannot contain a control character or ';'"
    if "=" in name:
        return "Cookie name cannot contain '='"
    if not name:
        if "=" in value:
            return "Cookie value cannot contain '=' if the name is empty"
        if not value:
            return "Cookie name and value both cannot be empty"
        if value.lower().startswith(_PREFIXES):
            return "Cookie value cannot begin with a prefix of names if the name is empty"
    if lower.startswith(("__http-", "__host-http-")):
        return "Cookies with the __Http- or __Host-Http- prefix cannot be set by scripts"
    if len(name) + len(value) > MAX_NAME_AND_VALUE_BYTES:
        return f"Cookie name and value cannot be longer than {MAX_NAME_AND_VALUE_BYTES} bytes"
    return None


def change_of(
    cookie: Cookie,
    cause: ChangeCause,
    url: Url,
    *,
    same_site: SameSiteContext,
    partition: PartitionKey | None,
) -> dict[str, Any] | None:
    """CookieStore, "observable changes": what a document at `url` is told of a change; None for nothing."""
    if cause == "overwritten" or cookie.http_only or cookie.partition not in (None, partition):
        return None
    if not (cookie.domain == url.host or (not cookie.host_only and domain_match(url.host, cookie.domain))):
        return None
    if not path_match(url.path or "/", cookie.path) or (cookie.secure and not url.is_potentially_trustworthy()):
        return None
    if same_site != "strict" and cookie.same_site != "None":
        return None
    item = _item(cookie)
    if cause == "added":
        return {"changed": item, "deleted": None}
    return {"changed": None, "deleted": {**item, "value": None}}
