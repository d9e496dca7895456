"""Proxies as users write them, and which URL goes through which.

Thread: any.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import unquote

from sanderling.base.errors import UsageError
from sanderling.proto.addresses import parse_network
from sanderling.proto.url import Url, parse

_SCHEMES = frozenset({"http", "https", "socks5", "socks5h"})


class Proxy(NamedTuple):
    """A proxy, as `TransferOptions` wants it."""

    url: str = ""
    """Without credentials; empty for none."""
    auth: str = ""
    """``user:password``."""


def parse_proxy(text: str) -> Proxy:
    """Read ``[scheme://][user:password@]host[:port]``; without a scheme it is one of HTTP.

    Raises:
        UsageError: it is malformed, or of a kind that is not spoken.
    """
    if not text:
        return Proxy()
    parsed = parse(text if "://" in text else f"http://{text}")
    if parsed is None or parsed.scheme not in _SCHEMES or not parsed.host:
        raise UsageError(f"proxy {text!r} is not an http, https, socks5 or socks5h URL")
    auth = f"{unquote(parsed.username)}:{unquote(parsed.password)}" if parsed.includes_credentials else ""
    port = f":{parsed.port}" if parsed.port is not None else ""
    return Proxy(f"{parsed.scheme}://{parsed.host}{port}", auth)


def as_in_chromium(proxies: str) -> str:
    """Write proxies in the words of this project that are given in Chromium's.

    There names behind SOCKS 5 are the proxy's to resolve, which curl calls ``socks5h``, and ``socks`` means SOCKS 5.
    """
    return re.sub(r"\bsocks5?://", "socks5h://", proxies, flags=re.IGNORECASE)


class ProxyRules:
    """Which proxy a URL goes through.

    Args:
        proxies: one for all, or Chromium's ``http=…;https=…`` by scheme.
        bypass: what goes to its server directly, separated by commas, semicolons or spaces: ``host``, which means its subdomains, too, if it is
            written with a dot or ``*.`` before it; ``host:port``; ``scheme://host``; an address or a block of them; ``<local>`` for names
            without a dot; ``*``. ``<-loopback>`` is Chromium's word for what is the rule here: that loopback is not bypassed by itself.

    Raises:
        UsageError: a proxy is malformed, or a block of addresses.
    """

    def __init__(self, proxies: str = "", bypass: str = "") -> None:
        self._by_scheme: dict[str, Proxy] = {}
        self._otherwise = Proxy()
        for part in filter(None, (part.strip() for part in proxies.split(";"))):
            scheme, equals, text = part.partition("=")
            if equals and scheme.lower() in ("http", "https"):
                self._by_scheme[scheme.lower()] = parse_proxy(text)
            else:
                self._otherwise = parse_proxy(part)
        self._bypass = tuple(_Exception(text.lower()) for text in re.split(r"[,;\s]+", bypass) if text)

    @property
    def all(self) -> frozenset[str]:
        """The proxies, without credentials."""
        return frozenset(one.url for one in (self._otherwise, *self._by_scheme.values()) if one.url)

    def find(self, url: Url) -> Proxy:
        """Give the proxy for a URL of HTTP or of a WebSocket; an empty one for none."""
        scheme = {"ws": "http", "wss": "https"}.get(url.scheme, url.scheme)
        proxy = self._by_scheme.get(scheme, self._otherwise)
        if proxy.url and any(one.matches(url, scheme) for one in self._bypass):
            return Proxy()
        return proxy


class _Exception:
    """An entry of a bypass list."""

    def __init__(self, text: str) -> None:
        self._scheme, separator, host = text.rpartition("://")
        self._net = None
        self._port = ""
        if separator and not host:
            host = "*"
        if host not in ("<local>", "<-loopback>"):
            try:
                self._net = parse_network(host)
            except ValueError:
                if re.fullmatch(r"[\d.:a-f\[\]]+/\d+", host):
                    raise UsageError(f"{host!r} is no block of addresses") from None
                found = re.fullmatch(r"(.*?):(\d+)", host)
                if found is not None:
                    host, self._port = found[1], found[2]
        self._host = host.removeprefix("*") if host.startswith("*.") else host

    def matches(self, url: Url, scheme: str) -> bool:
        if self._scheme and self._scheme not in (scheme, url.scheme):
            return False
        if self._port and self._port != str(url.effective_port):
            return False
        host = url.host.rstrip(".")
        if self._net is not None:
            try:
                address = ip_address(host.strip("[]"))
            except ValueError:
                return False
            return address.version == self._net.version and address in self._net
        if self._host == "<local>":
            return "." not in host and ":" not in host
        if self._host.startswith("."):
            return host.endswith(self._host)
        return self._host in ("*", host)


def from_environment(variables: Mapping[str, str]) -> tuple[str, str]:
    """Give the proxies and the bypass list that the environment asks for, by curl's names and rules.

    ``http_proxy``, ``https_proxy`` and ``all_proxy``, each also in capitals; ``no_proxy``, where a name means its subdomains, too. In a CGI
    program HTTP_PROXY would be a header of whoever asks, and is not read (CVE-2016-5385).
    """

    def value(name: str) -> str:
        lower = variables.get(name, "")
        if lower or (name == "http_proxy" and "REQUEST_METHOD" in variables):
            return lower
        return variables.get(name.upper(), "")

    chosen = {scheme: value(f"{scheme}_proxy") for scheme in ("http", "https")}
    parts = [f"{scheme}={text}" for scheme, text in chosen.items() if text]
    if value("all_proxy"):
        parts.append(value("all_proxy"))
    bypass: list[str] = []
    for entry in re.split(r"[,\s]+", value("no_proxy")) if parts else ():
        name = entry.removeprefix(".")
        if not name:
            continue
        bypass.append(name)
        if name != "*" and not re.fullmatch(r"[\d.:a-f\[\]/]+", name):
            bypass.append(f".{name}")
    return ";".join(parts), ",".join(bypass)
