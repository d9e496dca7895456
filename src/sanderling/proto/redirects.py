"""HTTP-redirect fetch: what the next request of a chain is (https://fetch.spec.whatwg.org/#http-redirect-fetch).

Thread: any.
"""

from __future__ import annotations

import enum

import msgspec

from sanderling.proto.headers import Headers
from sanderling.proto.url import Origin, Url, parse

REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
"""Fetch, "redirect status"."""
MAX_REDIRECTS = 20
"""HTTP-redirect fetch, step 7."""
REQUEST_BODY_HEADERS = frozenset(
    {"content-encoding", "content-language", "content-location", "content-type", "content-length"}
)
"""Fetch, "request-body-header name": dropped together with the body."""


class RedirectFault(enum.Enum):
    """Why a redirect must not be followed."""

    INVALID_LOCATION = "the Location header is not a valid URL"
    UNSAFE_SCHEME = "redirected to a URL that is not HTTP or HTTPS"
    TOO_MANY = f"redirected more than {MAX_REDIRECTS} times"
    CORS_CREDENTIALS = "a cross-origin redirect to a URL with credentials is not allowed by CORS"
    STREAMED_BODY = "the request's body was streamed and cannot be sent again"


class NextRequest(msgspec.Struct, frozen=True):
    """How the chain goes on."""

    url: Url
    method: str
    drop_body: bool  # the body and REQUEST_BODY_HEADERS
    drop_authorization: bool  # the Authorization header: the next origin is another one


def location_url(status: int, headers: Headers, current: Url) -> Url | RedirectFault | None:
    """Fetch, "location URL" of a response: None when it is no redirect, the fault when it leads nowhere.

    Args:
        status: of the response.
        headers: of the response.
        current: URL of the request, whose fragment is inherited.
    """
    if status not in REDIRECT_STATUSES:
        return None
    values = headers.get_all("location")
    if not values:
        return None
    # "Extract header list values" fails for more than one; equal ones are harmless, and Chromium takes them so.
    if any(value != values[0] for value in values):
        return RedirectFault.INVALID_LOCATION
    # Step 2: the bytes are UTF-8 where they are no ASCII ("isomorphic decode" would break what servers really send).
    text = values[0]
    if not text.isascii():
        text = text.encode("latin-1", "replace").decode("utf-8", "replace")
    location = parse(text, current)
    if location is None:
        return RedirectFault.INVALID_LOCATION
    if location.fragment is None and current.fragment is not None:
        return location.with_fragment(current.fragment)
    return location


def next_request(
    *,
    status: int,
    method: str,
    current: Url,
    location: Url,
    count: int,
    origin: Origin,
    cors_mode: bool,
    cors_tainted: bool,
    streamed_body: bool,
) -> NextRequest | RedirectFault:
    """HTTP-redirect fetch, steps 6 to 14.

    Args:
        status: of the redirect.
        method: of the request that got it.
        current: its URL.
        location: what `location_url` gave.
        count: redirects that were followed before.
        origin: of the request.
        cors_mode: the request's mode is "cors".
        cors_tainted: its response tainting is "cors".
        streamed_body: it has a body that cannot be sent twice.
    """
    if not location.is_network:
        return RedirectFault.UNSAFE_SCHEME  # step 6
    if count >= MAX_REDIRECTS:
        return RedirectFault.TOO_MANY  # step 7
    if location.includes_credentials and (cors_tainted or (cors_mode and origin != location.origin)):
        return RedirectFault.CORS_CREDENTIALS  # steps 9 and 10
    if status != 303 and streamed_body:
        return RedirectFault.STREAMED_BODY  # step 11
    drop_body = (status in (301, 302) and method == "POST") or (status == 303 and method not in ("GET", "HEAD"))
    return NextRequest(  # steps 12 and 13
        url=location,
        method="GET" if drop_body else method,
        drop_body=drop_body,
        drop_authorization=current.origin != location.origin,
    )
