"""The stage of a user's filters: what they forbid fails before it leaves, on every hop, whatever a cache holds.

`Network.setBlockedURLs`, which a tool sets for one page, is `intercept`'s.

Thread: worker.
"""

from __future__ import annotations

from sanderling.base.errors import NetworkError
from sanderling.http.intercept import BlockedError
from sanderling.http.stages import Exchange, Proceed
from sanderling.http.transfer import Transfer
from sanderling.proto.url import Url
from sanderling.proto.url_filters import UrlFilters


class FilterStage:
    """Fails what is forbidden.

    Args:
        filters: of the context.
    """

    name = "filters"

    def __init__(self, filters: UrlFilters) -> None:
        self._filters = filters

    async def run(self, exchange: Exchange, proceed: Proceed) -> Transfer:
        """See `Stage.run`.

        Raises:
            BlockedError: a filter forbids its URL.
        """
        refusal = self.refusal(exchange.url)
        if refusal is not None:
            raise refusal
        return await proceed(exchange)

    def refusal(self, url: Url) -> NetworkError | None:
        """Give the error of a request or WebSocket to `url`; None where it is allowed."""
        rule = self._filters.find(url)
        if rule is None:
            return None
        return BlockedError("net::ERR_BLOCKED_BY_CLIENT", f"blocked by {rule}", url=url.href[:200], reason="other")
