"""Who may speak to the server: the checks of `Host`, of where a request comes from, and of the token.

A web page can reach a server on loopback in two ways. With a name of its own that it lets resolve to 127.0.0.1 (DNS rebinding), it is of
the same origin as the server; `Host` tells that name. With the server's real address it is of another origin: then `Origin` tells it, or
`Sec-Fetch-Site` where browsers leave `Origin` out (Fetch Metadata, 2.3). Programs that are no browsers send neither.

Thread: any.
"""

from __future__ import annotations

import hmac
import ipaddress
import urllib.parse
from collections.abc import Iterable

import msgspec

from sanderling.base.pattern import late_pattern
from sanderling.server.links import RefusedError

_AUTHORITY = late_pattern(r"(\[[0-9A-Fa-f:.]+\]|[^\s:/?#@\[\]]+)(?::[0-9]{1,5})?")
"""RFC 9110, 7.2: uri-host, and a port perhaps."""


def host_of(authority: str) -> str:
    """Give the host of a `Host` header in lower case, without port, final dot or brackets; empty when it is malformed."""
    match = _AUTHORITY.fullmatch(authority)
    return match[1].strip("[]").lower().removesuffix(".") if match else ""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def split_token(query: str) -> tuple[str, str]:
    """Take ``token=…`` from the front of a query.

    Only the front: what follows ``/json/new?`` is a URL, which may have a token of its own.

    Returns:
        The token and the rest of the query.
    """
    if not query.startswith("token="):
        return "", query
    token, _, rest = query.removeprefix("token=").partition("&")
    return urllib.parse.unquote(token), rest


class Guard(msgspec.Struct, frozen=True):
    """The checks, made for every request.

    Args:
        token: empty for none.
        allow_hosts: names besides localhost and addresses.
        allow_origins: web origins; ``*`` for all.
    """

    token: str = ""
    allow_hosts: tuple[str, ...] = ()
    allow_origins: tuple[str, ...] = ()

    def check(self, headers: Iterable[tuple[str, str]], query: str) -> str:
        """Look whether a request may be answered.

        Args:
            headers: names in lower case.
            query: of the request's target.

        Returns:
            The query without the token.

        Raises:
            RefusedError: it may not.
        """
        found: dict[str, str] = {}
        for name, value in headers:
            # A second Host or Origin is an attack on whoever reads only one of them; RFC 9112, 3.2 wants 400.
            if name in ("host", "origin") and name in found:
                raise RefusedError(400, f"There are two {name.capitalize()} headers")
            found[name] = value
        self._check_host(found.get("host"))
        self._check_origin(found.get("origin"), found.get("sec-fetch-site", ""))
        return self._check_token(found.get("authorization", ""), query)

    def _check_host(self, authority: str | None) -> None:
        if authority is None:
            return  # HTTP/1.0; no browser speaks that
        host = host_of(authority)
        if not host:
            raise RefusedError(400, "The Host header is malformed")
        if host == "localhost" or host.endswith(".localhost") or _is_address(host):  # RFC 6761, 6.3
            return
        if host not in (allowed.lower() for allowed in self.allow_hosts):
            # Chromium's status and words.
            raise RefusedError(500, "Host header is specified and is not an IP address or localhost. (--allow-host)")

    def _check_origin(self, origin: str | None, site: str) -> None:
        if "*" in self.allow_origins:
            return
        if origin is not None:
            if origin not in self.allow_origins:
                raise RefusedError(403, f"Rejected a request from the {origin} origin. (--allow-origin)")
        elif site not in ("", "none", "same-origin"):
            raise RefusedError(403, "Rejected a request of a web page. (--allow-origin)")

    def _check_token(self, authorization: str, query: str) -> str:
        if not self.token:
            return query
        given, rest = split_token(query)
        scheme, _, credentials = authorization.partition(" ")
        for candidate in (given, credentials.strip() if scheme.lower() == "bearer" else ""):
            if candidate and hmac.compare_digest(candidate.encode(), self.token.encode()):
                return rest
        raise RefusedError(401, "A token is needed: '?token=…' or 'Authorization: Bearer …'")
