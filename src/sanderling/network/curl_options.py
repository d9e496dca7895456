"""A request as libcurl's options, and nothing that was not asked for.

libcurl adds headers, reads the environment, follows redirects and normalises paths by itself. All that is turned off
here: what goes out is what the caller wrote. Framing is ours alone, for a wrong length would let one request smuggle
another (RFC 9112, 11.2).

Thread: main.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Hashable
from typing import Any, NamedTuple, TypeAlias

import pycurl

from sanderling.base.pattern import late_pattern
from sanderling.network import errors
from sanderling.network.ca_bundle import default_ca_file
from sanderling.network.curl_guard import Check, Guard
from sanderling.network.curl_log import CurlLog
from sanderling.network.errors import Fault
from sanderling.network.messages import HttpVersion, Submit, TransferOptions

MAX_TIMEOUT_MS = 2**31 - 1
"""libcurl's longest; its 0 means five minutes for connecting, not never."""

MAX_KEPT_FIELD = 300
"""Longer header fields, name and value together, are looked at each time: pages choose both."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
"""Known to be tokens."""

_TOKEN = late_pattern(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
"""RFC 9110, 5.6.2."""

_FORBIDDEN_IN_VALUE = late_pattern(r"[\r\n\0]")
"""RFC 9110, 5.5: dangerous, must be refused."""

# Framing is ours: see the module's docstring.
_FRAMING = frozenset({"content-length", "transfer-encoding"})

# What libcurl adds unless told not to.
_UNWANTED = tuple((name.lower(), f"{name}:".encode()) for name in ("Accept", "Content-Type", "Expect", "User-Agent"))

_URL = late_pattern(r"(https?)://(?:[^/?#@]*@)?([^/?#@]+)([/?][^#]*)?(?:#.*)?", re.ASCII)

_ADDRESS = late_pattern(r"(\[.*\]|[0-9.]+)(:\d*)?", re.ASCII)

_PROXY_SCHEMES = ("http://", "https://", "socks5://", "socks5h://")

_CONNECTION_SCHEMES = ("ntlm", "negotiate")
"""Schemes of HTTP authentication that hold for a connection, not for a request."""

_VERSIONS: dict[HttpVersion, int] = {
    "auto": pycurl.CURL_HTTP_VERSION_2TLS,
    "1.1": pycurl.CURL_HTTP_VERSION_1_1,
    "2": pycurl.CURL_HTTP_VERSION_2TLS,
    "2-only": pycurl.CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE,
    "3": pycurl.CURL_HTTP_VERSION_3ONLY,
}

_HAS_HTTP3 = bool(pycurl.version_info()[4] & pycurl.VERSION_HTTP3)


class RefusedError(Exception):
    """The request cannot be sent as it is; `fault` says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.fault = Fault(code, message)


def judge(guard: Guard, submit: Submit) -> Check | None:
    """Give what judges the request's sockets; None where nothing is forbidden.

    Raises:
        RefusedError: it goes through a proxy to a forbidden address, or its rules are malformed.
    """
    try:
        check = guard.check_for(submit.options)
    except ValueError as error:
        raise RefusedError(errors.INVALID_ARGUMENT, str(error)) from error
    # Without a proxy the socket says it all.
    fault = check.target(submit.url) if check is not None and submit.options.proxy else None
    if fault is not None:
        raise RefusedError(*fault)
    return check


class Target:
    """Where a request goes, once it was found to be possible.

    Raises:
        RefusedError: it is not.
    """

    __slots__ = ("_authority", "headers", "host", "lane", "pool", "secure", "url")

    def __init__(self, submit: Submit) -> None:
        options = submit.options
        match = _URL.fullmatch(submit.url)
        if match is None or not submit.url.isascii() or not submit.url.isprintable() or " " in submit.url:
            known = submit.url.startswith(("http:", "https:"))
            code = errors.INVALID_URL if known else errors.UNKNOWN_URL_SCHEME
            raise RefusedError(code, f"not an http(s) URL in serialised form: {submit.url[:200]!r}")
        scheme, authority, rest = match.groups()
        # Credentials in a URL become a header only by the caller's rules (Fetch, 4.6), never by libcurl's.
        self.url = f"{scheme}://{authority}{rest or '/'}"
        self._authority = authority
        self.secure = scheme == "https"
        if submit.method not in _METHODS and not _TOKEN.fullmatch(submit.method):
            raise RefusedError(errors.INVALID_ARGUMENT, f"not a method: {submit.method[:40]!r}")
        if submit.method == "HEAD" and (submit.body is not None or submit.body_streamed):
            raise RefusedError(errors.INVALID_ARGUMENT, "a HEAD request cannot have a body")
        if options.proxy and "://" in options.proxy and not options.proxy.lower().startswith(_PROXY_SCHEMES):
            raise RefusedError(errors.INVALID_ARGUMENT, "the proxy's URL must begin with " + ", ".join(_PROXY_SCHEMES))
        if options.http_version == "2-only" and not self.secure:
            raise RefusedError(errors.H2_OR_QUIC_REQUIRED, "only over TLS a server can say that it has HTTP/2")
        if options.http_version == "3":
            _check_http3(options, secure=self.secure)
        self.headers, binds = _header_lines(submit, secure=self.secure)
        self.pool = pool_key(options, binds=binds)
        # What counts together for the limit of a host: everything that it sees coming from the same address.
        self.host: Hashable = (options.proxy, scheme, authority)
        # What may share connections to it.
        self.lane: Hashable = (self.pool, options.http_version)

    @property
    def by_name(self) -> bool:
        """Whether its host is a name, and not an address."""
        return not _ADDRESS.fullmatch(self._authority)


def _check_http3(options: TransferOptions, *, secure: bool) -> None:
    if not _HAS_HTTP3:
        raise RefusedError(errors.NOT_IMPLEMENTED, "this libcurl has no HTTP/3")
    if not secure:
        raise RefusedError(errors.NOT_IMPLEMENTED, "HTTP/3 needs https")
    if options.proxy:
        raise RefusedError(errors.NOT_IMPLEMENTED, "HTTP/3 does not go through a proxy")


def pool_key(options: TransferOptions, *, binds: bool) -> Hashable:
    """Give what must be equal for two transfers to share connections (I12).

    Args:
        options: how the request travels.
        binds: a header gives the whole connection a user.
    """
    binds = binds or bool(options.proxy_auth or options.client_cert or options.client_key)
    return (
        options.isolation_key,
        options.credentials_key if binds else None,
        options.proxy,
        options.proxy_auth,
        options.proxy_auth_digest,
        options.verify_tls,
        options.ca_file,
        options.client_cert,
        options.client_key,
    )


def _has_length(submit: Submit) -> bool:
    # Fetch, HTTP-network-or-cache fetch, 8.7: these two have a Content-Length even without a body.
    return not submit.body_streamed and (submit.body is not None or submit.method in ("POST", "PUT"))


class _Field(NamedTuple):
    """A header field."""

    name: str  # in lower case
    line: bytes  # as libcurl wants it; empty where it is ours to say
    binds: bool  # it gives the whole connection a user (RFC 4559, 6: NTLM and Negotiate do; Basic does not)


def _read_field(name: str, raw: str) -> _Field:
    if not _TOKEN.fullmatch(name):
        raise RefusedError(errors.INVALID_ARGUMENT, f"not a header name: {name[:80]!r}")
    if _FORBIDDEN_IN_VALUE.search(raw):
        raise RefusedError(errors.INVALID_ARGUMENT, f"the value of {name} contains CR, LF or NUL")
    lower = name.lower()
    if lower in _FRAMING:
        return _Field(lower, b"", binds=False)
    value = raw.strip(" \t")
    try:
        # "Name:" would mean to libcurl: do not send it.
        line = f"{name}: {value}".encode("latin-1") if value else f"{name};".encode("ascii")
    except UnicodeEncodeError:
        raise RefusedError(errors.INVALID_ARGUMENT, f"the value of {name} is not Latin-1") from None
    return _Field(lower, line, binds=lower == "authorization" and value.lower().startswith(_CONNECTION_SCHEMES))


_known_field = functools.lru_cache(1024)(_read_field)
"""Most fields of a request are those of the one before."""


def _header_lines(submit: Submit, *, secure: bool) -> tuple[list[bytes], bool]:
    """Give the header fields, and whether one of them gives the connection a user.

    In front of the caller's stand ours, as in Chromium: libcurl would put the length behind them.
    """
    lines: list[bytes] = []
    present: set[str] = set()
    binds = False
    for name, value in submit.headers:
        field = _known_field(name, value) if len(name) + len(value) <= MAX_KEPT_FIELD else _read_field(name, value)
        present.add(field.name)
        if field.line:
            lines.append(field.line)
            binds = binds or field.binds
    lines.extend([line for name, line in _UNWANTED if name not in present])
    first: list[bytes] = []
    # libcurl says Proxy-Connection to an HTTP proxy, and drops this field where the version of HTTP has no use for it.
    if "connection" not in present and (secure or not submit.options.proxy.lower().startswith("http")):
        first.append(b"Connection: keep-alive")
    if _has_length(submit):
        first.append(b"Content-Length: %d" % len(submit.body or b""))
    return [*first, *lines], binds


Dress: TypeAlias = tuple[str, int, bool, bool, str]
"""What is equal for requests that want the same of libcurl, but for their addresses and headers."""


def dress_of(target: Target, submit: Submit) -> Dress | None:
    """Give what a request wants of its handle; None where it is more than what most requests want."""
    options = submit.options
    plain = submit.method == "GET" and submit.body is None and not submit.body_streamed
    if not plain or options.proxy or options.client_cert or options.client_key:
        return None
    return (
        options.http_version,
        options.connect_timeout_ms,
        target.secure,
        options.verify_tls,
        options.ca_file,
    )


def configure_again(easy: Any, target: Target) -> None:
    """Set what differs on a handle that was configured for a request with the same `Dress`.

    Raises:
        RefusedError: libcurl does not take it.
    """
    try:
        easy.setopt(pycurl.URL, target.url)
        easy.setopt(pycurl.HTTPHEADER, target.headers)
    except (pycurl.error, ValueError, TypeError) as error:
        raise RefusedError(errors.INVALID_ARGUMENT, f"libcurl refused the request: {error}") from error


def configure(easy: Any, target: Target, submit: Submit) -> None:
    """Set everything but the callbacks on a handle fresh or reset.

    Args:
        easy: the handle.
        target: where the request goes.
        submit: the request.

    Raises:
        RefusedError: libcurl does not take it.
    """
    options = submit.options
    setopt = easy.setopt
    try:
        setopt(pycurl.URL, target.url)
        setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
        setopt(pycurl.PATH_AS_IS, 1)
        setopt(pycurl.NOSIGNAL, 1)
        setopt(pycurl.USERAGENT, "")
        setopt(pycurl.HTTPHEADER, target.headers)
        setopt(pycurl.HTTP_VERSION, _VERSIONS[options.http_version])
        setopt(pycurl.CONNECTTIMEOUT_MS, min(options.connect_timeout_ms, MAX_TIMEOUT_MS) or MAX_TIMEOUT_MS)
        setopt(pycurl.PROXY, options.proxy)  # an empty one keeps the environment out
        if options.proxy:
            _set_proxy(easy, options)
        if target.secure:
            _set_tls(easy, options)
        _set_method(easy, submit)
    except (pycurl.error, ValueError, TypeError) as error:
        raise RefusedError(errors.INVALID_ARGUMENT, f"libcurl refused the request: {error}") from error


def _set_method(easy: Any, submit: Submit) -> None:
    method = submit.method
    if method == "HEAD":
        easy.setopt(pycurl.NOBODY, 1)
    elif submit.body_streamed:
        easy.setopt(pycurl.UPLOAD, 1)
        easy.setopt(pycurl.CUSTOMREQUEST, method)
    elif _has_length(submit):
        easy.setopt(pycurl.POSTFIELDS, submit.body or b"")
        easy.setopt(pycurl.CUSTOMREQUEST, method)
    elif method != "GET":
        easy.setopt(pycurl.CUSTOMREQUEST, method)


def _set_proxy(easy: Any, options: TransferOptions) -> None:
    easy.setopt(pycurl.NOPROXY, "")
    # The caller's headers, cookies among them, are for the origin, not for the proxy's CONNECT.
    easy.setopt(pycurl.HEADEROPT, pycurl.HEADER_SEPARATE)
    if options.proxy_auth:
        user, _, password = options.proxy_auth.partition(":")
        easy.setopt(pycurl.PROXYAUTH, pycurl.HTTPAUTH_DIGEST if options.proxy_auth_digest else pycurl.HTTPAUTH_BASIC)
        # PROXYUSERPWD would decode percent signs.
        easy.setopt(pycurl.PROXYUSERNAME, user)
        easy.setopt(pycurl.PROXYPASSWORD, password)
    if options.proxy.lower().startswith("https://"):
        easy.setopt(pycurl.PROXY_CAINFO, options.ca_file or default_ca_file())
        if not options.verify_tls:
            easy.setopt(pycurl.PROXY_SSL_VERIFYPEER, 0)
            easy.setopt(pycurl.PROXY_SSL_VERIFYHOST, 0)


def keep_log(easy: Any, log: CurlLog) -> None:
    """Have libcurl tell of what it does, and of the certificates, if there is a handshake and somebody wants to know them."""
    if log.tls:
        easy.setopt(pycurl.OPT_CERTINFO, 1)
    easy.setopt(pycurl.VERBOSE, 1)
    easy.setopt(pycurl.DEBUGFUNCTION, log.take)


def _set_tls(easy: Any, options: TransferOptions) -> None:
    if options.verify_tls:
        easy.setopt(pycurl.CAINFO, options.ca_file or default_ca_file())
    else:
        easy.setopt(pycurl.SSL_VERIFYPEER, 0)
        easy.setopt(pycurl.SSL_VERIFYHOST, 0)
    if options.client_cert:
        easy.setopt(pycurl.SSLCERT, options.client_cert)
    if options.client_key:
        easy.setopt(pycurl.SSLKEY, options.client_key)
