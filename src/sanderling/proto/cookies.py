"""Cookies: Set-Cookie is parsed, hosts and paths are matched, prefixes are checked.

The text of names and values is in wire form, one character a byte; `to_wire` and `from_wire` change to and from what
people and scripts see (UTF-8). Standard: draft-ietf-httpbis-rfc6265bis-20.

Thread: any.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from sanderling.base.pattern import late_pattern
from sanderling.proto.cookie_date import parse_cookie_date
from sanderling.proto.cookie_scope import PartitionKey
from sanderling.proto.url import is_ip_host

SameSite: TypeAlias = Literal["Strict", "Lax", "None", ""]
"""The attribute; empty when absent or unknown, which is enforced as Lax."""

CookiePriority: TypeAlias = Literal["Low", "Medium", "High"]
"""Chromium's attribute `Priority`: the lower, the sooner a cookie is given up for others."""

MAX_NAME_AND_VALUE_BYTES = 4096
"""RFC 6265bis, 5.6 step 5."""
MAX_ATTRIBUTE_VALUE_BYTES = 1024
"""RFC 6265bis, 5.6: a longer attribute value is ignored."""
MAX_AGE_SECONDS = 400 * 24 * 3600
"""RFC 6265bis, 5.5: no cookie lives longer than 400 days."""
MAX_SET_COOKIE_BYTES = 64 * 1024
"""A field longer than this is ignored; far above what 5.6 could accept of it."""

_WHITESPACE = "\t "
_CONTROL = late_pattern(r"[\x00-\x08\x0a-\x1f\x7f]")
_MAX_AGE = late_pattern(r"-?[0-9]*")
_SAME_SITE: dict[str, SameSite] = {"strict": "Strict", "lax": "Lax", "none": "None"}
_PRIORITIES: dict[str, CookiePriority] = {"low": "Low", "medium": "Medium", "high": "High"}


class ParsedCookie(msgspec.Struct):
    """A Set-Cookie field, before it is known whether it may be stored."""

    name: str
    value: str
    expires: float | None = (
        None  # Expires or Max-Age, whichever counts, in seconds since the epoch; None for a session cookie
    )
    domain: str | None = None  # of the last Domain attribute, lower case, leading dot removed; None without one
    path: str | None = None  # of the last Path attribute as it came; None without one
    secure: bool = False
    http_only: bool = False
    same_site: SameSite = ""
    priority: CookiePriority = "Medium"  # Chromium's attribute
    partitioned: bool = False


class Cookie(msgspec.Struct):
    """A stored cookie."""

    name: str
    value: str
    domain: str  # lower case, no leading dot
    path: str
    host_only: bool
    secure: bool
    http_only: bool
    same_site: SameSite
    expires: float | None  # seconds since the epoch; None for a session cookie
    created: float  # seconds since the epoch
    partition: PartitionKey | None = None  # None for one that every top-level site shares
    sequence: int = 0  # order of creation, for equal `created`
    accessed: float = 0.0  # last time it was sent or read
    priority: CookiePriority = "Medium"

    def is_expired(self, now: float) -> bool:
        """Whether its time has come."""
        return self.expires is not None and self.expires <= now


RefusedBecause: TypeAlias = Literal[
    "DisallowedCharacter",
    "InvalidDomain",
    "InvalidPrefix",
    "NameValuePairExceedsMaxSize",
    "NoCookieContent",
    "OverwriteSecure",
    "SameSiteLax",
    "SameSiteNoneInsecure",
    "SameSiteStrict",
    "SameSiteUnspecifiedTreatedAsLax",
    "SecureOnly",
    "SyntaxError",
    "UnknownError",
]
"""Why a cookie is not stored, in Chromium's words (CDP's `SetCookieBlockedReason`)."""

WithheldBecause: TypeAlias = Literal[
    "DomainMismatch",
    "NotOnPath",
    "SameSiteLax",
    "SameSiteStrict",
    "SameSiteUnspecifiedTreatedAsLax",
    "SecureOnly",
]
"""Why a cookie is not sent, in Chromium's words (CDP's `CookieBlockedReason`)."""


class Refusal(str):
    """Why a cookie is not stored, for people; `reason` says it for programs."""

    reason: RefusedBecause

    def __new__(cls, text: str, reason: RefusedBecause) -> Refusal:
        """Make one."""
        made = super().__new__(cls, text)
        made.reason = reason
        return made


def why_malformed(text: str) -> Refusal:
    """Say why `parse_set_cookie` gave None for `text`."""
    if _CONTROL.search(text) is not None:
        return Refusal("it contains a control character", "DisallowedCharacter")
    if len(text) > MAX_SET_COOKIE_BYTES or len(text.partition(";")[0]) > MAX_NAME_AND_VALUE_BYTES:
        return Refusal("it is too long", "NameValuePairExceedsMaxSize")
    return Refusal("it has neither name nor value", "NoCookieContent")


def to_wire(text: str) -> str:
    """UTF-8 encode into one character a byte."""
    return text if text.isascii() else text.encode("utf-8", "surrogatepass").decode("latin-1")


def from_wire(text: str) -> str:
    """Decode for people and scripts; what is no UTF-8 becomes U+FFFD."""
    return text if text.isascii() else text.encode("latin-1", "replace").decode("utf-8", "replace")


def parse_set_cookie(text: str, now: float) -> ParsedCookie | None:
    """RFC 6265bis, 5.6.

    Args:
        text: the field's value, or what a script assigned to `document.cookie`, in wire form.
        now: seconds since the epoch.

    Returns:
        None when the whole field is to be ignored.
    """
    if len(text) > MAX_SET_COOKIE_BYTES or _CONTROL.search(text) is not None:
        return None
    pair, _, rest = text.partition(";")
    name, equals, value = pair.partition("=")
    if not equals:
        name, value = "", pair
    name, value = name.strip(_WHITESPACE), value.strip(_WHITESPACE)
    if (not name and not value) or len(name) + len(value) > MAX_NAME_AND_VALUE_BYTES:
        return None
    cookie = ParsedCookie(name, value)
    expires: float | None = None
    max_age: float | None = None
    for attribute in rest.split(";") if rest else ():
        key, _, attribute_value = attribute.partition("=")
        key, attribute_value = key.strip(_WHITESPACE).lower(), attribute_value.strip(_WHITESPACE)
        if len(attribute_value) > MAX_ATTRIBUTE_VALUE_BYTES:
            continue
        if key == "expires":
            date = parse_cookie_date(attribute_value)
            if date is not None:
                expires = date
        elif key == "max-age":
            parsed = parse_max_age(attribute_value, now)
            if parsed is not None:
                max_age = parsed
        elif key == "domain":
            cookie.domain = attribute_value.removeprefix(".").lower()
        elif key == "path":
            cookie.path = attribute_value
        elif key == "secure":
            cookie.secure = True
        elif key == "httponly":
            cookie.http_only = True
        elif key == "samesite":
            cookie.same_site = _SAME_SITE.get(attribute_value.lower(), "")
        elif key == "priority":
            cookie.priority = _PRIORITIES.get(attribute_value.lower(), "Medium")
        elif key == "partitioned":
            cookie.partitioned = True  # CHIPS, 2.1
    cookie.expires = cap_expiry(max_age if max_age is not None else expires, now)
    return cookie


def parse_max_age(text: str, now: float) -> float | None:
    """RFC 6265bis, 5.6.2: the moment of expiry; None when the attribute is to be ignored."""
    if not text or text == "-" or not text.isascii() or _MAX_AGE.fullmatch(text) is None:
        return None
    if text.startswith("-") or not text.strip("0"):
        return 0.0  # the earliest representable time
    # The cap also keeps a number of a thousand digits from becoming an integer.
    return now + (MAX_AGE_SECONDS if len(text.lstrip("0")) > 8 else min(int(text), MAX_AGE_SECONDS))


def cap_expiry(expires: float | None, now: float) -> float | None:
    """RFC 6265bis, 5.5: at most 400 days ahead."""
    return None if expires is None else min(expires, now + MAX_AGE_SECONDS)


def domain_match(host: str, domain: str) -> bool:
    """RFC 6265bis, 5.1.3; both in serialised, lower-case form."""
    if host == domain:
        return True
    return host.endswith(domain) and host[-len(domain) - 1] == "." and not is_ip_host(host) if domain else False


def default_path(url_path: str) -> str:
    """RFC 6265bis, 5.1.4."""
    if not url_path.startswith("/"):
        return "/"
    head = url_path.rpartition("/")[0]
    return head or "/"


def path_match(request_path: str, cookie_path: str) -> bool:
    """RFC 6265bis, 5.1.4."""
    if request_path == cookie_path:
        return True
    return request_path.startswith(cookie_path) and (cookie_path.endswith("/") or request_path[len(cookie_path)] == "/")


def prefix_violation(
    name: str,
    value: str,
    *,
    secure: bool,
    host_only: bool,
    path_attribute: str | None,
    http_only: bool,
    from_http: bool,
) -> str | None:
    """RFC 6265bis, 5.7, the steps on ``__Secure-`` and ``__Host-``, and the later ``__Http-`` and ``__Host-Http-``.

    Returns:
        None when all is well, else the rule that was broken.
    """
    lower = name.lower()
    if not lower.startswith("__"):
        # A nameless cookie is sent as its bare value, which must not look like a prefixed one.
        if not name and value.lower().startswith(("__secure-", "__host-", "__http-")):
            return "a nameless cookie whose value looks like a prefix"
        return None
    if lower.startswith(("__secure-", "__host-", "__http-")) and not secure:
        return "a prefixed cookie needs Secure"
    if lower.startswith("__host-") and (not host_only or path_attribute != "/"):
        return "__Host- needs Path=/ and no Domain"
    if lower.startswith(("__http-", "__host-http-")) and not (http_only and from_http):
        return "__Http- needs HttpOnly"
    return None
