"""Content Security Policy Level 3 (https://www.w3.org/TR/CSP3/): parsing, and the questions that documents and requests ask of a policy.

Each question gives the name of the directive that is violated, or None. Who asks decides what to do with the answer: block, or only report.

Thread: any.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias
from urllib.parse import unquote

import msgspec

from sanderling.base.pattern import late_pattern
from sanderling.proto import url as urls
from sanderling.proto.url import Url

InlineType: TypeAlias = Literal["script", "script attribute", "style", "style attribute", "navigation"]
"""6.7.3: what kind of inline source asks."""

_FALLBACKS: Mapping[str, tuple[str, ...]] = {
    "script-src-elem": ("script-src-elem", "script-src", "default-src"),
    "script-src-attr": ("script-src-attr", "script-src", "default-src"),
    "script-src": ("script-src", "default-src"),
    "style-src-elem": ("style-src-elem", "style-src", "default-src"),
    "style-src-attr": ("style-src-attr", "style-src", "default-src"),
    "worker-src": ("worker-src", "child-src", "script-src", "default-src"),
    "frame-src": ("frame-src", "child-src", "default-src"),
    "connect-src": ("connect-src", "default-src"),
    "font-src": ("font-src", "default-src"),
    "img-src": ("img-src", "default-src"),
    "manifest-src": ("manifest-src", "default-src"),
    "media-src": ("media-src", "default-src"),
    "object-src": ("object-src", "default-src"),
    "form-action": ("form-action",),
    "base-uri": ("base-uri",),
    "frame-ancestors": ("frame-ancestors",),
}
"""6.8.3, "get fetch directive fallback list"; the directives that are no fetch directives have none."""

_DIRECTIVES: Mapping[str, str] = {
    "": "connect-src",
    "json": "connect-src",
    "text": "connect-src",
    "script": "script-src-elem",
    "style": "style-src-elem",
    "image": "img-src",
    "font": "font-src",
    "audio": "media-src",
    "video": "media-src",
    "track": "media-src",
    "object": "object-src",
    "embed": "object-src",
    "iframe": "frame-src",
    "frame": "frame-src",
    "manifest": "manifest-src",
    "worker": "worker-src",
    "sharedworker": "worker-src",
    "serviceworker": "worker-src",
}
"""6.8.1, "get the effective directive for request", by destination."""

_INLINE: Mapping[str, str] = {
    "script": "script-src-elem",
    "navigation": "script-src-elem",
    "script attribute": "script-src-attr",
    "style": "style-src-elem",
    "style attribute": "style-src-attr",
}
"""6.8.2, "get the effective directive for inline checks"."""

_FETCH_DIRECTIVES = frozenset({"default-src", "child-src"})
"""Those that are fallbacks only."""
_ALGORITHMS = frozenset({"sha256", "sha384", "sha512"})
_NOT_IN_META = frozenset({"report-uri", "frame-ancestors", "sandbox"})
_NETWORK_SCHEMES = frozenset({"http", "https", "ws", "wss"})
_DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_SCHEME = late_pattern(r"([A-Za-z][A-Za-z0-9+.-]*):$")
_HOST = late_pattern(
    r"(?:([A-Za-z][A-Za-z0-9+.-]*)://)?(\*|(?:\*\.)?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.?|\[[0-9A-Fa-f:.]+\])"
    r"(?::(\d+|\*))?(/[^?#]*)?$"
)
_NONCE = late_pattern(r"'nonce-([A-Za-z0-9+/_-]+={0,2})'$", re.IGNORECASE)
_HASH = late_pattern(r"'(sha256|sha384|sha512)-([A-Za-z0-9+/_-]+={0,2})'$", re.IGNORECASE)


class Policy(msgspec.Struct, frozen=True):
    """One policy: directives by name, with their values split at white space."""

    directives: Mapping[str, tuple[str, ...]]

    def governing(self, effective: str) -> str | None:
        """6.8.4: name the directive that decides for an effective directive; None when the policy says nothing of it."""
        return next((name for name in _FALLBACKS.get(effective, (effective,)) if name in self.directives), None)

    def text(self, directive: str) -> str:
        """Give a directive as it was written."""
        return " ".join((directive, *self.directives[directive]))


@functools.lru_cache(maxsize=256)
def parse(text: str, *, meta: bool = False) -> Policy:
    """2.2.1, "parse a serialized CSP"; of a <meta> without what is ignored there (3.3)."""
    directives: dict[str, tuple[str, ...]] = {}
    for token in text.split(";"):
        words = token.split()
        if not words or not token.isascii():
            continue
        name = words[0].lower()
        if name not in directives and not (meta and name in _NOT_IN_META):
            directives[name] = tuple(words[1:])
    return Policy(directives)


def split_header(values: Iterable[str]) -> list[str]:
    """2.2.2: give the policies of all headers of one name; those without a directive are dropped."""
    return [text.strip() for value in values for text in value.split(",") if parse(text).directives]


@functools.lru_cache(maxsize=256)
def upgrades_insecure(text: str) -> bool:
    """Upgrade Insecure Requests, 3.1: whether a policy has the directive."""
    return "upgrade-insecure-requests" in parse(text).directives


def blocked_request(
    policy: Policy,
    destination: str,
    url: str,
    *,
    self_url: str,
    nonce: str = "",
    integrity: str = "",
    parser_inserted: bool = True,
    redirected: bool = False,
    hint: bool = False,
) -> str | None:
    """4.1.2, "should request be blocked": give the effective directive that forbids a request.

    Args:
        policy: of the document that asks.
        destination: Fetch's; empty for fetch(), XMLHttpRequest, EventSource, WebSocket.
        url: asked for.
        self_url: what `'self'` means.
        nonce: of the element.
        integrity: metadata of the element.
        parser_inserted: false for a script that a script made, which `'strict-dynamic'` trusts.
        redirected: paths do not count after a redirect (6.7.2.8, step 6).
        hint: it is for a later navigation (prefetch).
    """
    if hint:
        return _blocked_hint(policy, url, self_url=self_url, nonce=nonce)
    effective = _DIRECTIVES.get(destination)
    name = policy.governing(effective) if effective is not None else None
    if effective is None or name is None:
        return None
    sources = policy.directives[name]
    if effective in ("script-src-elem", "style-src-elem") and _nonce_matches(sources, nonce):
        return None
    if effective == "script-src-elem" or (effective == "worker-src" and name == "script-src"):  # 6.7.1.1
        if integrity and _integrity_matches(sources, integrity):
            return None
        if _has(sources, "'strict-dynamic'"):
            return effective if parser_inserted else None
    return None if url_matches(sources, url, self_url=self_url, redirected=redirected) else effective


class RedirectRules(msgspec.Struct, frozen=True, kw_only=True):
    """The policies that a request's redirects are asked of before they are followed."""

    policies: tuple[tuple[Policy, str], ...]
    """Each with what `'self'` means in it."""
    destination: str
    nonce: str = ""
    integrity: str = ""
    parser_inserted: bool = True
    hint: bool = False

    def forbid(self, url: str) -> bool:
        """Tell whether one of them forbids the request to go on to `url`."""
        return any(
            blocked_request(
                policy,
                self.destination,
                url,
                self_url=self_url,
                nonce=self.nonce,
                integrity=self.integrity,
                parser_inserted=self.parser_inserted,
                redirected=True,
                hint=self.hint,
            )
            is not None
            for policy, self_url in self.policies
        )


def _blocked_hint(policy: Policy, url: str, *, self_url: str, nonce: str) -> str | None:
    """4.1.2.1, "does resource hint request violate policy": whatever one of the fetch directives allows may be fetched ahead."""
    if "default-src" not in policy.directives:
        return None
    lists = [sources for name, sources in policy.directives.items() if name in _FALLBACKS or name in _FETCH_DIRECTIVES]
    allowed = any(_nonce_matches(sources, nonce) or url_matches(sources, url, self_url=self_url) for sources in lists)
    return None if allowed else "default-src"


def blocked_inline(policy: Policy, kind: InlineType, source: str, *, nonce: str = "") -> str | None:
    """4.2.3, "should element's inline type behavior be blocked": give the effective directive that forbids it."""
    effective = _INLINE[kind]
    name = policy.governing(effective)
    if name is None:
        return None
    sources = policy.directives[name]
    if _allows_all_inline(sources, kind):
        return None
    if kind in ("script", "style") and _nonce_matches(sources, nonce):
        return None
    if (kind in ("script", "style") or _has(sources, "'unsafe-hashes'")) and _hash_matches(sources, source):
        return None
    return effective


def blocked_eval(policy: Policy) -> str | None:
    """4.4, "ensure CSP does not block string compilation": give the directive that forbids `eval`."""
    name = policy.governing("script-src")
    return None if name is None or _has(policy.directives[name], "'unsafe-eval'") else "script-src"


def blocked_wasm(policy: Policy) -> str | None:
    """4.5, "ensure CSP does not block Wasm byte compilation": give the directive that forbids it."""
    name = policy.governing("script-src")
    if name is None:
        return None
    sources = policy.directives[name]
    return None if _has(sources, "'unsafe-eval'") or _has(sources, "'wasm-unsafe-eval'") else "script-src"


def blocked_target(policy: Policy, directive: str, url: str, *, self_url: str) -> str | None:
    """Ask `form-action` (6.4.1) or `base-uri` (6.3.1) about a URL."""
    sources = policy.directives.get(directive)
    return None if sources is None or url_matches(sources, url, self_url=self_url) else directive


def blocked_ancestors(policy: Policy, ancestors: Iterable[str], *, self_url: str) -> bool:
    """6.4.2.1, `frame-ancestors`: whether one of the ancestors' origins is not allowed."""
    sources = policy.directives.get("frame-ancestors")
    return sources is not None and not all(url_matches(sources, origin, self_url=self_url) for origin in ancestors)


# -- source lists -----------------------------------------------------------------------------------------------------------


def url_matches(sources: Iterable[str], url: str, *, self_url: str, redirected: bool = False) -> bool:
    """6.7.2.7, "does url match source list in origin with redirect count?"."""
    parsed = urls.parse(url)
    own = urls.parse(self_url)
    return parsed is not None and any(_source_matches(source, parsed, own, redirected) for source in sources)


def _source_matches(source: str, url: Url, own: Url | None, redirected: bool) -> bool:
    """6.7.2.8, "does url match expression in origin with redirect count?"."""
    if source == "*":
        return url.scheme in _NETWORK_SCHEMES or (own is not None and url.scheme == own.scheme)
    scheme = _SCHEME.match(source)
    if scheme is not None:
        return _scheme_matches(scheme.group(1).lower(), url.scheme)
    if source.lower() == "'self'":
        return own is not None and _is_self(url, own)
    found = _HOST.match(source)
    if found is None or not url.host:
        return False
    wanted_scheme, host, port, path = found.groups()
    if wanted_scheme is not None:
        if not _scheme_matches(wanted_scheme.lower(), url.scheme):
            return False
    elif own is not None and own.host and not _scheme_matches(own.scheme, url.scheme):
        return False
    if not _host_matches(host.lower(), str(url.host).lower()):
        return False
    if not _port_matches(port, wanted_scheme, url):
        return False
    return redirected or not path or _path_matches(path, url.path)


def _scheme_matches(wanted: str, scheme: str) -> bool:
    """6.7.2.9: secure schemes stand for their insecure ones."""
    return (
        wanted == scheme
        or (wanted == "http" and scheme == "https")
        or (wanted == "ws" and scheme in ("wss", "http", "https"))
        or (wanted == "wss" and scheme == "https")
        # A page's connections to its own site may be WebSockets (Chromium, CSPSource).
        or (wanted == "http" and scheme in ("ws", "wss"))
        or (wanted == "https" and scheme == "wss")
    )


def _host_matches(pattern: str, host: str) -> bool:
    """6.7.2.10: an asterisk stands for one label or more."""
    if pattern == "*":
        return True
    if pattern.startswith("*."):
        return host.endswith(pattern[1:]) and len(host) > len(pattern) - 1
    return pattern == host


def _port_matches(port: str | None, scheme: str | None, url: Url) -> bool:
    """6.7.2.11."""
    actual = url.port if url.port is not None else _DEFAULT_PORTS.get(url.scheme)
    if port == "*":
        return True
    if port is None:
        return actual == _DEFAULT_PORTS.get(url.scheme) or url.port is None
    if actual is not None and int(port) == actual:
        return True
    return int(port) == 80 and actual == 443 and url.scheme in ("https", "wss")


def _path_matches(pattern: str, path: str) -> bool:
    """6.7.2.12: a pattern that ends in a slash stands for all below it."""
    if pattern == "/":
        return True
    wanted, got = unquote(pattern), unquote(path)
    return got.startswith(wanted) if pattern.endswith("/") else got == wanted


def _is_self(url: Url, own: Url) -> bool:
    """6.7.2.8, step 4: the same origin, or its secure form."""
    if not own.host or url.host != own.host:
        return False
    if (url.scheme, url.port) == (own.scheme, own.port):
        return True
    defaults = url.port is None and own.port is None
    if not defaults and url.port != own.port:
        return False
    return url.scheme in ("https", "wss") or (own.scheme == "http" and url.scheme in ("http", "ws"))


def _has(sources: Iterable[str], keyword: str) -> bool:
    return any(source.lower() == keyword for source in sources)


def _allows_all_inline(sources: Iterable[str], kind: InlineType) -> bool:
    """6.7.3.2, "does a source list allow all inline behavior for type?"."""
    allowed = False
    for source in sources:
        if _NONCE.match(source) or _HASH.match(source):
            return False
        lower = source.lower()
        if lower == "'strict-dynamic'" and kind in ("script", "script attribute", "navigation"):
            return False
        allowed = allowed or lower == "'unsafe-inline'"
    return allowed


def _nonce_matches(sources: Iterable[str], nonce: str) -> bool:
    nonce = nonce.strip(" \t\n\f\r")  # as Chromium does
    if not nonce:
        return False
    return any(found.group(1) == nonce for source in sources if (found := _NONCE.match(source)) is not None)


def _digest_text(text: str) -> str:
    """Bring base64 and base64url to one form without padding."""
    return text.replace("-", "+").replace("_", "/").rstrip("=")


def _hash_matches(sources: Iterable[str], source: str) -> bool:
    data = source.encode("utf-8", "replace")
    for one in sources:
        found = _HASH.match(one)
        if found is not None:
            digest = hashlib.new(found.group(1).lower(), data).digest()
            if _digest_text(base64.b64encode(digest).decode()) == _digest_text(found.group(2)):
                return True
    return False


def _integrity_matches(sources: tuple[str, ...], integrity: str) -> bool:
    """6.7.1.1, step 2.3: every piece of metadata is in the list."""
    listed = {
        (found.group(1).lower(), _digest_text(found.group(2)))
        for source in sources
        if (found := _HASH.match(source)) is not None
    }
    items = [item.partition("?")[0].partition("-") for item in integrity.split()]
    wanted = [
        (name.lower(), _digest_text(value)) for name, dash, value in items if dash and name.lower() in _ALGORITHMS
    ]
    return bool(wanted) and all(item in listed for item in wanted)
