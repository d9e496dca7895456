"""Proxies as users write them.

Thread: any.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import unquote

from sanderling.base.errors import UsageError
from sanderling.proto.url import parse

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
