"""URLs, origins and sites, over the WHATWG parser of `ada_url`.

A `Url` is parsed once and kept in a bounded cache, since a page asks about the same few URLs again and again. The
components are cut out of the serialised form, which is unambiguous, and costs less than to ask the library for each
of them.

Standards: https://url.spec.whatwg.org/ , https://html.spec.whatwg.org/#origin ,
    https://w3c.github.io/webappsec-secure-contexts/

Thread: any.
"""

from __future__ import annotations

import functools
import itertools
import re
from typing import Protocol

import ada_url
import msgspec

from sanderling.base.pattern import late_pattern

DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}
"""URL, "default port" of the special schemes."""

BAD_PORTS = frozenset(
    int(port)
    for port in (  # noqa: SIM905 - a table
        "0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 "
        "123 135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 "
        "990 993 995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080 "
    ).split()
)
"""Fetch, 2.9 "port blocking": what speaks another protocol there could be made to misread HTTP."""

NETWORK_SCHEMES = frozenset({"http", "https"})

_CACHE_ENTRIES = 4096
_CACHED_LENGTH = 2048  # longer ones are mostly data: URLs, which would fill the cache with megabytes

_SERIALISED = late_pattern(
    r"(?P<scheme>[a-z][a-z0-9+.\-]*):"
    r"(?://(?:(?P<user>[^/?#@:]*)(?::(?P<password>[^/?#@]*))?@)?(?P<host>\[[^\]]*\]|[^/?#:]*)(?::(?P<port>\d+))?)?"
    r"(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?",
    re.DOTALL,
)
_IPV4 = late_pattern(r"\d{1,3}(?:\.\d{1,3}){3}")
_nonces = itertools.count(1)


class Origin(msgspec.Struct, frozen=True):
    """An origin: a tuple of scheme, host and port, or opaque, which equals only itself (HTML, 7.1.1)."""

    scheme: str
    host: str
    port: int | None  # None for the scheme's default
    nonce: int = 0  # not 0 for an opaque origin, and unique

    @staticmethod
    def opaque() -> Origin:
        """Make a new opaque origin."""
        return Origin("", "", None, next(_nonces))

    @property
    def is_opaque(self) -> bool:
        """Whether it is opaque."""
        return self.nonce != 0

    def serialise(self) -> str:
        """Give ``https://host:port``, or ``null`` when opaque."""
        if self.nonce:
            return "null"
        return f"{self.scheme}://{self.host}" if self.port is None else f"{self.scheme}://{self.host}:{self.port}"

    def __str__(self) -> str:
        return self.serialise()

    def is_potentially_trustworthy(self) -> bool:
        """Secure Contexts, 3.1: authenticated, or on this machine."""
        if self.nonce:
            return False
        return self.scheme in ("https", "wss", "file") or is_loopback_host(self.host)


def is_loopback_host(host: str) -> bool:
    """Whether a serialised host names this machine: 127.0.0.0/8, ::1, localhost and what is below it."""
    if host in ("localhost", "localhost.", "[::1]") or host.endswith((".localhost", ".localhost.")):
        return True
    return host.startswith("127.") and _IPV4.fullmatch(host) is not None


def is_ip_host(host: str) -> bool:
    """Whether a serialised host is an IP literal."""
    return host.startswith("[") or _IPV4.fullmatch(host) is not None


class Url:
    """A parsed URL. Immutable; equal to another with the same serialisation."""

    __slots__ = ("_origin", "fragment", "host", "href", "password", "path", "port", "query", "scheme", "username")

    def __init__(self, href: str) -> None:
        match = _SERIALISED.fullmatch(href)
        assert match is not None, href
        self.href = href  # serialised, with fragment
        self.scheme: str = match["scheme"]
        self.username: str = match["user"] or ""  # percent-encoded
        self.password: str = match["password"] or ""
        self.host: str = match["host"] or ""  # serialised; IPv6 in brackets
        self.port: int | None = int(match["port"]) if match["port"] else None  # None for the default
        path: str = match["path"]
        # URL, 4.5 step 3: without a host, "/." keeps a path that begins with two slashes from looking like one.
        self.path = path[2:] if match["host"] is None and path.startswith("/.//") else path
        self.query: str | None = match["query"]  # without "?"; None when there is none
        self.fragment: str | None = match["fragment"]
        self._origin: Origin | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Url) and other.href == self.href

    def __hash__(self) -> int:
        return hash(self.href)

    def __str__(self) -> str:
        return self.href

    def __repr__(self) -> str:
        return f"Url({self.href!r})"

    @property
    def is_network(self) -> bool:
        """Whether its scheme is an HTTP(S) scheme."""
        return self.scheme in NETWORK_SCHEMES

    @property
    def effective_port(self) -> int | None:
        """The port, or the scheme's default one."""
        return self.port if self.port is not None else DEFAULT_PORTS.get(self.scheme)

    @property
    def includes_credentials(self) -> bool:
        """URL, "includes credentials"."""
        return bool(self.username or self.password)

    @property
    def origin(self) -> Origin:
        """URL, 4.7. An opaque one is new at each call, since no two such URLs are same-origin."""
        if self._origin is not None:
            return self._origin
        if self.scheme in DEFAULT_PORTS:
            self._origin = Origin(self.scheme, self.host, self.port)
            return self._origin
        if self.scheme == "blob":
            inner = parse(self.path)
            # URL, 4.7: of an inner URL only http(s) and file count, and file is opaque.
            if inner is not None and inner.is_network:
                self._origin = inner.origin
                return self._origin
        return Origin.opaque()

    @property
    def without_fragment(self) -> str:
        """Serialise with "exclude fragment"."""
        return self.href if self.fragment is None else self.href[: self.href.index("#")]

    @property
    def path_and_query(self) -> str:
        """The request target in origin form."""
        return self.path if self.query is None else f"{self.path}?{self.query}"

    @property
    def for_wire(self) -> str:
        """Serialise without fragment and without credentials."""
        text = self.without_fragment
        if not self.includes_credentials:
            return text
        head, _, rest = text.partition("//")
        return f"{head}//{rest.partition('@')[2]}"

    def with_fragment(self, fragment: str) -> Url:
        """Give the same URL with another fragment (already percent-encoded)."""
        return Url(f"{self.without_fragment}#{fragment}")

    def with_scheme(self, scheme: str) -> Url:
        """Give the same URL under another special scheme; a port that is the new default vanishes."""
        parsed = parse(f"{scheme}{self.href[len(self.scheme) :]}")
        assert parsed is not None
        return parsed

    def is_potentially_trustworthy(self) -> bool:
        """Secure Contexts, 3.2."""
        if self.scheme == "data" or (self.scheme == "about" and self.path in ("blank", "srcdoc")):
            return True
        if self.scheme == "file":
            return True
        return self.origin.is_potentially_trustworthy()


def _to_href(text: str, base: str | None) -> str | None:
    try:
        return ada_url.join_url(base, text) if base is not None else ada_url.normalize_url(text)
    except ValueError:
        # USVString conversion (WebIDL, 3.2.12): a lone surrogate, which the library refuses, becomes U+FFFD.
        scalar, scalar_base = _to_scalar(text), _to_scalar(base) if base is not None else None
        return None if (scalar, scalar_base) == (text, base) else _to_href(scalar, scalar_base)


def _to_scalar(text: str) -> str:
    return text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


@functools.lru_cache(_CACHE_ENTRIES)
def _parse_cached(text: str, base: str | None) -> Url | None:
    href = _to_href(text, base)
    return Url(href) if href is not None else None


def parse(text: str, base: Url | str | None = None) -> Url | None:
    """Parse `text`, relative to `base` when given.

    Returns:
        None for a failure, an invalid base included.
    """
    base_text = base.href if isinstance(base, Url) else base
    if len(text) + len(base_text or "") > _CACHED_LENGTH:
        href = _to_href(text, base_text)
        return Url(href) if href is not None else None
    return _parse_cached(text, base_text)


def serialize_origin(text: str) -> str:
    """Serialise the origin of a URL given as text; ``null`` when it is opaque, or no URL."""
    parsed = parse(text)
    return parsed.origin.serialise() if parsed is not None else "null"


def parse_origin(text: str) -> Origin:
    """Read a serialised origin; ``null`` and everything else that is none give a new opaque origin."""
    parsed = parse(text) if text and text != "null" else None
    return parsed.origin if parsed is not None else Origin.opaque()


def is_bad_port(url: Url) -> bool:
    """Fetch, 2.9: an HTTP(S) request to a bad port is blocked."""
    return url.is_network and url.effective_port in BAD_PORTS


@functools.cache
def _suffix_list() -> _SuffixList:
    # Reading the list takes 50 ms: done when first needed.
    from publicsuffixlist import PublicSuffixList

    return _SuffixList(PublicSuffixList(accept_unknown=True))


class _Suffixes(Protocol):
    """The untyped library, as far as it is used."""

    def publicsuffix(self, domain: str) -> str | None: ...

    def privatesuffix(self, domain: str) -> str | None: ...


class _SuffixList:
    def __init__(self, suffixes: _Suffixes) -> None:
        self.public = functools.lru_cache(_CACHE_ENTRIES)(suffixes.publicsuffix)
        self.registrable = functools.lru_cache(_CACHE_ENTRIES)(suffixes.privatesuffix)


def is_public_suffix(domain: str) -> bool:
    """URL, 3.2: whether `domain` (serialised, lower case) is a public suffix itself. A single label is one."""
    if not domain or is_ip_host(domain):
        return False
    plain = domain.removesuffix(".")
    return bool(_suffix_list().public(plain) == plain)


def registrable_domain(host: str) -> str | None:
    """URL, 3.2: the public suffix and one label more; None for an IP address and for a public suffix."""
    if not host or is_ip_host(host):
        return None
    plain = host.removesuffix(".")
    found = _suffix_list().registrable(plain)
    return found if found is None or plain == host else f"{found}."


def same_site(a: Origin, b: Origin, *, schemeful: bool = True) -> bool:
    """HTML, 7.1.1: whether two origins are (schemelessly) same site."""
    if a.nonce or b.nonce:
        return a == b
    if schemeful and a.scheme != b.scheme and {a.scheme, b.scheme} not in _SAME_SCHEMES:
        return False
    if a.host == b.host:
        return True
    if a.host.rpartition(".")[2] != b.host.rpartition(".")[2]:
        return False  # spares most comparisons the list
    domain = registrable_domain(a.host)
    return domain is not None and domain == registrable_domain(b.host)


_SAME_SCHEMES = ({"http", "ws"}, {"https", "wss"})
"""A WebSocket's handshake is an HTTP request (RFC 6265bis, 5.2 takes the request's URL so)."""


def site(origin: Origin) -> str:
    """Serialise the schemeful site of an origin (HTML, "obtain a site"): a key for partitions."""
    if origin.nonce:
        return f"null:{origin.nonce}"
    return f"{origin.scheme}://{registrable_domain(origin.host) or origin.host}"
