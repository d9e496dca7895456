"""The stage of HTTP Strict Transport Security (RFC 6797): what goes to a known host without TLS is redirected before it leaves.

The redirect is one that no server sent, as Chromium shows it: 307 with ``Non-Authoritative-Reason: HSTS``. Which hosts are known, all sessions
share (`network.hsts_service`).

Thread: worker.
"""

from __future__ import annotations

from sanderling.http.services import SharedServices
from sanderling.http.stages import Exchange, Proceed
from sanderling.http.stored import StoredTransfer
from sanderling.http.transfer import Transfer
from sanderling.network.hsts_service import NAME, IsKnown, Known, Note
from sanderling.proto.headers import Headers
from sanderling.proto.url import Url, is_ip_host, is_loopback_host


def concerns(url: Url) -> bool:
    """Whether a host can be known at all (RFC 6797, 8.3 excludes IP literals).

    Names of this machine have no business with it (Chromium excludes localhost, too).
    """
    return not is_ip_host(url.host) and not is_loopback_host(url.host)


async def is_upgraded(services: SharedServices, url: Url) -> bool:
    """Whether a host is to be spoken to over TLS only."""
    return (await services.ask(NAME, IsKnown(url.host), Known)).upgrade


class HstsStage:
    """Upgrades requests, and takes note of what hosts say.

    Args:
        services: knows the hosts.
    """

    name = "hsts"

    def __init__(self, services: SharedServices) -> None:
        self._services = services

    async def run(self, exchange: Exchange, proceed: Proceed) -> Transfer:
        """Redirect to https:, or let pass."""
        url = exchange.url
        if not concerns(url):
            return await proceed(exchange)
        if url.scheme == "http":
            return _redirect(exchange) if await is_upgraded(self._services, url) else await proceed(exchange)
        transfer = await proceed(exchange)
        # 8.1: only over TLS without errors; what came from a cache was noted when it came from the host.
        if exchange.outgoing.options.verify_tls and transfer.head.remote_address:
            values = Headers(transfer.head.headers).get_all("strict-transport-security")
            if values:
                self._services.tell(NAME, Note(url.host, values[0]))
        return transfer


def _redirect(exchange: Exchange) -> Transfer:
    headers = [
        ("Location", exchange.url.with_scheme("https").href),
        ("Non-Authoritative-Reason", "HSTS"),
        ("Cross-Origin-Resource-Policy", "Cross-Origin"),
    ]
    origin = next((value for name, value in exchange.outgoing.headers if name.lower() == "origin"), None)
    if origin is not None:  # nobody is to fail because this redirect comes from no server
        headers += [("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Credentials", "true")]
    return StoredTransfer(307, tuple(headers), b"", reason="Internal Redirect")
