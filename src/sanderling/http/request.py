"""A request as Fetch knows it: what is asked for, and on whose behalf.

Thread: worker.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias, TypeVar, get_args

import msgspec

from sanderling.base.errors import UsageError
from sanderling.http.transfer import RequestBody
from sanderling.proto.csp import RedirectRules
from sanderling.proto.headers import is_forbidden_method, is_header_value, is_token, normalise_method
from sanderling.proto.referrer import ReferrerPolicy, parse_policy
from sanderling.proto.request_headers import FetchPriority
from sanderling.proto.url import parse, site

RequestMode: TypeAlias = Literal["navigate", "same-origin", "no-cors", "cors"]
CredentialsMode: TypeAlias = Literal["omit", "same-origin", "include"]
RedirectMode: TypeAlias = Literal["follow", "error", "manual"]
CacheMode: TypeAlias = Literal["default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"]

_T = TypeVar("_T")


class Overrides(msgspec.Struct, frozen=True, kw_only=True):
    """What the tools of a page change about its requests. They are no part of what page code asked for."""

    user_agent: str = ""
    """Empty for the client's."""
    accept_language: str = ""
    """The header; empty for the client's."""
    client_hints: tuple[tuple[str, str], ...] = ()
    """`Sec-CH-UA` and the like; they are for trustworthy URLs only."""
    extra_headers: tuple[tuple[str, str], ...] = ()
    """They replace all others of the same name."""
    bypass_cache: bool = False
    """Ask servers and caches on the way for a fresh answer (Fetch's cache mode "reload")."""
    ignore_certificate_errors: bool = False


NO_OVERRIDES = Overrides()

CLIENT_REFERRER = "about:client"
"""Fetch's referrer "client": the URL of the document that asks."""

_MODES: dict[str, RequestMode] = {mode: mode for mode in get_args(RequestMode)}
_CREDENTIALS: dict[str, CredentialsMode] = {mode: mode for mode in get_args(CredentialsMode)}
_REDIRECTS: dict[str, RedirectMode] = {mode: mode for mode in get_args(RedirectMode)}
_CACHES: dict[str, CacheMode] = {mode: mode for mode in get_args(CacheMode)}
_PRIORITIES: dict[str, FetchPriority] = {one: one for one in get_args(FetchPriority)}


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A request. Use the constructors below; each stands for one kind of asker."""

    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    """The asker's own; the browser's are added when it is sent."""
    body: RequestBody = None
    mode: RequestMode = "no-cors"
    credentials: CredentialsMode = "include"
    redirect: RedirectMode = "follow"
    referrer: str = ""
    """A URL, `CLIENT_REFERRER`, or empty for none."""
    referrer_policy: ReferrerPolicy = ""
    destination: str = ""
    """Fetch's: document, iframe, script, style, image, font, …; empty for fetch() and XMLHttpRequest."""
    integrity: str = ""
    cache: CacheMode = "default"
    priority: FetchPriority = "auto"
    keepalive: bool = False
    background: bool = False
    """Nobody waits for the answer."""
    prefetch: bool = False
    """It is for a later navigation (Fetch's initiator "prefetch")."""
    client_url: str = ""
    """URL of the document that asks; empty where a person or a program does."""
    initiator_origin: str | None = None
    """Serialised origin of the asker; None for no asker. `null` is opaque."""
    site_for_cookies: str = ""
    """URL of the top-level document, which decides SameSite; empty for `client_url`."""
    user_activated: bool = False
    """Of a navigation by code: somebody has just acted on its document (HTML, "transient activation")."""
    upgrades_insecure: bool = False
    """The client has the policy upgrade-insecure-requests: http: becomes https:, in redirects, too."""
    top_level_url: str = ""
    """URL of the top-level document, whose site partitions what is stored; empty for `site_for_cookies`."""
    embedded_securely: bool = False
    """A document that the asker is embedded in was loaded by https: (Mixed Content, 4.3, "navigable's container document")."""
    cross_site_ancestor: bool = False
    """A document between the top-level one and the asker, the asker included, is of another site than the top-level one."""
    top_level: bool = False
    """It navigates a top-level document."""
    reload: bool = False
    filtered: bool = False
    """Page code sees the response: headers, status and URL are what Fetch's filtered response shows."""
    stream: bool = False
    """The body may be endless: it is fetched no faster than it is read. Otherwise it comes whole."""
    unlimited: bool = False
    """The body may be of any length: with `stream`, whoever reads it never holds it whole."""
    event_stream: bool = False
    """It is an EventSource's: the response has no end and may be silent, and no preflight asks for permission (Fetch's unsafe-request flag is unset)."""
    redirect_rules: RedirectRules | None = None
    """Content Security Policies that redirects are asked of before they are followed (CSP 3, 4.1.2)."""
    robots_exempt: bool = False
    """robots.txt is not asked, whatever the client's options say."""
    overrides: Overrides = NO_OVERRIDES

    def __post_init__(self) -> None:
        """Reject what cannot be sent."""
        if not is_token(self.method) or is_forbidden_method(self.method):
            raise UsageError(f"{self.method!r} is no method that can be sent")
        for name, value in self.headers:
            if not is_token(name) or not is_header_value(value):
                raise UsageError(f"{name!r}: {value!r} is no header that can be sent")
        if self.method in ("GET", "HEAD") and self.body is not None:
            raise UsageError(f"a {self.method} request has no body")

    @property
    def is_navigation(self) -> bool:
        """Fetch, "navigation request"."""
        return self.mode == "navigate"

    @property
    def partition_site(self) -> str:
        """The site of the top-level document, which partitions what is stored; empty where none is of the network."""
        for text in (self.top_level_url, self.site_for_cookies, self.client_url):
            found = parse(text) if text else None
            if found is not None and found.is_network:
                return site(found.origin)
        return ""

    @staticmethod
    def navigation(
        url: str,
        *,
        method: str = "GET",
        headers: Iterable[tuple[str, str]] = (),
        body: RequestBody = None,
        referrer: str = "",
        referrer_policy: str = "",
        initiator_origin: str | None = None,
        reload: bool = False,
        traversal: bool = False,
        user_activated: bool = False,
        destination: str = "document",
        client_url: str = "",
        site_for_cookies: str = "",
    ) -> Request:
        """Make the request of a navigation.

        Args:
            url: the target.
            method: GET, or POST of a form.
            headers: such as Content-Type of a form.
            body: of a form.
            referrer: URL of the document that navigates; empty for none.
            referrer_policy: of that document or link.
            initiator_origin: origin of that document; None or empty when a person or a program navigates.
            reload: revalidate caches.
            traversal: it goes back or forth in a session history: whatever is stored will do.
            user_activated: see `Request.user_activated`.
            destination: "document" for a top-level one, "iframe" or "frame" for a nested one.
            client_url: URL of the containing document of a nested one.
            site_for_cookies: URL of the top-level document of a nested one.

        Raises:
            UsageError: method or headers cannot be sent.
        """
        return Request(
            url=url,
            method=normalise_method(method),
            headers=tuple(headers),
            body=body,
            mode="navigate",
            credentials="include",
            referrer=referrer,
            referrer_policy=parse_policy(referrer_policy),
            destination=destination,
            # HTML, 7.4.5, "create navigation params by fetching", steps 3 and 4: of traversals those without a body.
            user_activated=user_activated,
            cache="no-cache" if reload else "force-cache" if traversal and body is None else "default",
            client_url=client_url,
            initiator_origin=initiator_origin or None,
            site_for_cookies=site_for_cookies,
            top_level=destination == "document",
            reload=reload,
        )

    @staticmethod
    def resource(
        url: str,
        *,
        destination: str,
        mode: str = "no-cors",
        credentials: str = "include",
        referrer: str = CLIENT_REFERRER,
        referrer_policy: str = "",
        integrity: str = "",
        priority: str = "auto",
        client_url: str,
        initiator_origin: str | None = None,
        site_for_cookies: str = "",
    ) -> Request:
        """Make the request of an element: a script, a style sheet, an image.

        Raises:
            UsageError: `mode`, `credentials` or `priority` is none of Fetch's.
        """
        return Request(
            url=url,
            mode=_choice("mode", mode, _MODES),
            credentials=_choice("credentials", credentials, _CREDENTIALS),
            referrer=referrer,
            referrer_policy=parse_policy(referrer_policy),
            destination=destination,
            integrity=integrity,
            priority=_choice("priority", priority, _PRIORITIES),
            client_url=client_url,
            initiator_origin=initiator_origin or None,
            site_for_cookies=site_for_cookies,
        )

    @staticmethod
    def script(
        url: str,
        *,
        method: str = "GET",
        headers: Iterable[tuple[str, str]] = (),
        body: RequestBody = None,
        mode: str = "cors",
        credentials: str = "same-origin",
        redirect: str = "follow",
        referrer: str = CLIENT_REFERRER,
        referrer_policy: str = "",
        destination: str = "",
        integrity: str = "",
        cache: str = "default",
        priority: str = "auto",
        keepalive: bool = False,
        background: bool = False,
        event_stream: bool = False,
        client_url: str,
        initiator_origin: str | None = None,
        site_for_cookies: str = "",
    ) -> Request:
        """Make the request of `fetch()` or XMLHttpRequest; the response is what page code may see.

        Raises:
            UsageError: an argument is none of Fetch's, or cannot be sent.
        """
        return Request(
            url=url,
            method=normalise_method(method),
            headers=tuple(headers),
            body=None if normalise_method(method) in ("GET", "HEAD") and not body else body,
            mode=_choice("mode", mode, _MODES),
            credentials=_choice("credentials", credentials, _CREDENTIALS),
            redirect=_choice("redirect", redirect, _REDIRECTS),
            referrer=referrer,
            referrer_policy=parse_policy(referrer_policy),
            destination=destination,
            integrity=integrity,
            cache=_choice("cache", cache, _CACHES),
            priority=_choice("priority", priority, _PRIORITIES),
            keepalive=keepalive,
            background=background,
            client_url=client_url,
            initiator_origin=initiator_origin or None,
            site_for_cookies=site_for_cookies,
            filtered=True,
            stream=True,
            event_stream=event_stream,
        )


def _choice(what: str, value: str, known: dict[str, _T]) -> _T:
    found = known.get(value)
    if found is None:
        raise UsageError(f"{what} {value!r} is not one of {', '.join(known)}")
    return found
