"""What crossed the wire for a request, as the two `ExtraInfo` events of the Network domain.

Their headers stand in the order in which they were sent and came; values of one name are joined by line feeds, so that
clients can tell them apart again. https://chromedevtools.github.io/devtools-protocol/tot/Network/#event-requestWillBeSentExtraInfo

Thread: worker.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Any

from sanderling.browser.request_life import Wire
from sanderling.cdp.cookies import cookie_object
from sanderling.http.jar import RefusedCookie
from sanderling.network.messages import HeaderList, ResponseHead
from sanderling.proto.cookies import Cookie, default_path
from sanderling.proto.url import Url

_WITHOUT_COOKIE = frozenset({"InvalidDomain", "InvalidPrefix"})
"""Reasons for which Chromium shows the line alone."""


_OF_HTTP_1 = frozenset({"connection", "host", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"})
"""Headers that later versions do not have (RFC 9113, 8.2.2); libcurl writes them down, and leaves them out when it sends."""


def request_extra_info(request_id: str, wire: Wire) -> dict[str, Any]:
    """Give the parameters of `requestWillBeSentExtraInfo`."""
    headers = request_headers(wire.request_head, wire.exchange.url)
    sent = {pair for name, value in headers if name.lower() == "cookie" for pair in value.split("; ")}
    associated = [
        {"cookie": cookie_object(cookie), "blockedReasons": list(reasons), "exemptionReason": "None"}
        for cookie, reasons in wire.cookies
        # What came or went between the look into the jar and the sending is not told of.
        if reasons or (f"{cookie.name}={cookie.value}" if cookie.name else cookie.value) in sent
    ]
    return {
        "requestId": request_id,
        "associatedCookies": associated,
        "headers": _joined(headers),
        "connectTiming": {"requestTime": wire.sent_at},
    }


def response_extra_info(request_id: str, wire: Wire, head: ResponseHead) -> dict[str, Any]:
    """Give the parameters of `responseReceivedExtraInfo`."""
    out: dict[str, Any] = {
        "requestId": request_id,
        "blockedCookies": [_blocked(one, wire.exchange.url) for one in wire.refused],
        "headers": _joined(head.headers),
        "resourceIPAddressSpace": "Unknown" if wire.exchange.outgoing.options.proxy else _space(head.remote_address),
        "statusCode": head.status,
        "cookiePartitionKeyOpaque": wire.exchange.partition is None,
        "exemptedCookies": [],
    }
    if head.http_version.startswith("HTTP/1"):  # later versions have no such text
        out["headersText"] = head_text(head.http_version, head.status, head.reason, head.headers)
    if wire.exchange.partition is not None:
        out["cookiePartitionKey"] = {
            "topLevelSite": wire.exchange.partition.site,
            "hasCrossSiteAncestor": wire.exchange.partition.cross_site_ancestor,
        }
    return out


def head_text(version: str, status: int, reason: str, headers: HeaderList) -> str:
    """Give a response's head in the form of HTTP/1.1 (CDP's `headersText`)."""
    return "\r\n".join([f"{version} {status} {reason}", *(f"{name}: {value}" for name, value in headers), "", ""])


def request_headers(head: bytes, url: Url) -> list[tuple[str, str]]:
    """Give the headers of a request as it was sent; with HTTP/2 and 3 what the first line becomes there stands in front."""
    first, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    fields = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    method, _, rest = first.partition(" ")
    target, _, version = rest.rpartition(" ")
    if version.startswith("HTTP/1"):
        return fields
    authority = next((value for name, value in fields if name.lower() == "host"), "")
    # RFC 9113, 8.3.1, and names in lower case, as they are sent (8.2.1).
    pseudo = [(":method", method), (":authority", authority), (":scheme", url.scheme), (":path", target)]
    return [*pseudo, *((name.lower(), value) for name, value in fields if name.lower() not in _OF_HTTP_1)]


def _joined(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    out: dict[str, str] = {}
    names: dict[str, str] = {}  # lower case to the first spelling
    for name, value in headers:
        key = names.setdefault(name.lower(), name)
        out[key] = f"{out[key]}\n{value}" if key in out else value
    return out


def _blocked(refused: RefusedCookie, url: Url) -> dict[str, Any]:
    out: dict[str, Any] = {"blockedReasons": [refused.reason], "cookieLine": refused.line}
    parsed = refused.parsed
    if parsed is not None and refused.reason not in _WITHOUT_COOKIE:
        out["cookie"] = cookie_object(
            Cookie(
                name=parsed.name,
                value=parsed.value,
                domain=parsed.domain or url.host,
                path=parsed.path if parsed.path and parsed.path.startswith("/") else default_path(url.path),
                host_only=not parsed.domain,
                secure=parsed.secure,
                http_only=parsed.http_only,
                same_site=parsed.same_site,
                expires=parsed.expires,
                created=0.0,
                priority=parsed.priority,
            )
        )
    return out


def _space(remote_address: str) -> str:
    """Give CDP's `IPAddressSpace` of a peer (Local Network Access, 2.1)."""
    try:
        address = ipaddress.ip_address(remote_address.rpartition(":")[0].strip("[]"))
    except ValueError:
        return "Unknown"
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    address = mapped or address
    if address.is_loopback:
        return "Loopback"
    return "Local" if address.is_private or address.is_link_local else "Public"
