"""The stage that visits hosts no faster than they like: a delay between navigations, `Retry-After`, 429 and 503.

What counts are the visits of all sessions together (`network.rate_service`). A navigation that is refused for the time being is repeated
when the host said, as long as the budget of all sessions allows it.

Thread: worker.
"""

from __future__ import annotations

from collections.abc import Callable

from sanderling.base.clock import Clock
from sanderling.base.errors import NetworkError
from sanderling.http.services import SharedServices
from sanderling.http.stages import Exchange, Proceed
from sanderling.http.transfer import Transfer
from sanderling.network.rate_service import NAME, Granted, Reserve, Verdict, Visited
from sanderling.proto.headers import Headers
from sanderling.proto.host_rates import THROTTLED_STATUSES, parse_retry_after
from sanderling.proto.url import Url

MAX_WAIT_S = 60.0
"""A navigation that would wait longer fails at once."""
MAX_REPEATS = 3
"""Of one navigation."""


class MannersStage:
    """Paces the navigations of top-level documents.

    Args:
        services: knows the rates of all sessions.
        clock: what dates in Retry-After are compared with.
        delay_s: between navigations to one host; 0 for none but what the host asks for.
        burst: navigations that may come at once.
        crawl_delay_s: what robots.txt of a URL's origin asks for; 0 for nothing.
    """

    name = "manners"

    def __init__(
        self,
        services: SharedServices,
        clock: Clock,
        *,
        delay_s: float,
        burst: int,
        crawl_delay_s: Callable[[Url], float],
    ) -> None:
        self._services = services
        self._clock = clock
        self._delay_s = delay_s
        self._burst = burst
        self._crawl_delay_s = crawl_delay_s

    async def run(self, exchange: Exchange, proceed: Proceed) -> Transfer:
        """Wait for the host's turn, and repeat what is refused for the time being.

        Raises:
            NetworkError: the host wants to be left alone for too long.
        """
        if not exchange.request.top_level:
            return await proceed(exchange)
        host = exchange.url.host
        repeats = 0
        while True:
            await self._wait(exchange.url)
            transfer = await proceed(exchange)
            try:
                verdict = await self._tell(host, transfer)
            except BaseException:
                transfer.cancel()
                raise
            if not verdict.repeat or repeats == MAX_REPEATS or exchange.outgoing.method not in ("GET", "HEAD"):
                return transfer
            repeats += 1
            transfer.discard()

    async def _wait(self, url: Url) -> None:
        wished = self._crawl_delay_s(url)
        granted = await self._services.ask(
            NAME,
            Reserve(
                host=url.host,
                delay_s=max(self._delay_s, wished),
                burst=1 if wished > self._delay_s else self._burst,
                max_wait_s=MAX_WAIT_S,
            ),
            Granted,
        )
        if granted.too_long_s:
            raise NetworkError(
                "net::ERR_TEMPORARILY_THROTTLED",
                f"{url.host} may be visited again in {granted.too_long_s:.0f} s, which is more than a navigation waits",
                url=url.href,
            )

    async def _tell(self, host: str, transfer: Transfer) -> Verdict:
        status, after = transfer.head.status, None
        if status in THROTTLED_STATUSES:
            value = Headers(transfer.head.headers).get("retry-after")
            after = parse_retry_after(value, self._clock.wall()) if value else None
        return await self._services.ask(NAME, Visited(host, status, after), Verdict)
