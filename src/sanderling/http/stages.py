"""The chain of stages that every exchange of a client passes on its way to the wire.

One `fetch` is one exchange or more: each redirect, preflight and repetition with credentials is its own. The order,
from policy to wire:

1. policy (`fetching.Fetch`): CORS, mixed content, cookies, headers; it makes the `Exchange`, and judges its response;
2. ``intercept`` (`intercept.InterceptStage`): what the tools of a page block, change, answer or fail;
3. ``filters`` (`filters.FilterStage`), when options have some: URLs and hosts that the user blocks fail;
4. ``auth`` (`auth.AuthStage`): challenges of servers and proxies are answered, by sending once more;
5. ``hsts`` (`hsts.HstsStage`): what a host wants over TLS only is redirected there;
6. ``cache`` (`cache.CacheStage`): what is stored is used, what comes is stored, and equal requests go out once;
7. ``conditions`` (`conditions.ConditionsStage`): a network that is emulated to be slow, or away;
8. the stages given to `HttpClient`, the first one outermost;
9. ``robots`` (`robots.RobotsStage`), when options ask for it: what no stage answered and robots.txt forbids ends here;
10. ``manners`` (`manners.MannersStage`), when options ask for it: navigations wait for their host's turn;
11. ``har`` (`har.HarRecorder`), when the client is recorded;
12. ``network``: the transport, or a recording in its place (`replay.ReplayTransport`).

A stage sees an exchange whole, changes it, answers it itself (`stored.StoredTransfer`), fails it (`NetworkError`), or
lets it proceed and looks at the response.

Thread: worker.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias

import msgspec

from sanderling.base.errors import NetworkError
from sanderling.http.request import Request
from sanderling.http.transfer import Outgoing, Transfer
from sanderling.http.transport import Transport
from sanderling.proto.cookie_scope import PartitionKey, SameSiteContext
from sanderling.proto.url import Url

if TYPE_CHECKING:
    from sanderling.http.watch import FetchWatch


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """One request as it goes to a server."""

    request: Request
    """What was asked for in the beginning."""
    url: Url
    """Of this exchange."""
    outgoing: Outgoing
    """What is sent: method, all headers, body."""
    hop: int
    """Redirects before it."""
    preflight: bool = False
    """It asks for permission (CORS) and is not the request itself."""
    repeated: bool = False
    """It went out before, and goes again with credentials that were asked for."""
    same_site: SameSiteContext = "cross-site"
    """Which cookies it may carry."""
    partition: PartitionKey | None = None
    """Whose partitioned cookies."""
    credentials: bool = False
    """It carries cookies and authentication, and may set cookies."""
    watch: FetchWatch | None = None
    """Who watches the fetch that it belongs to."""


Proceed: TypeAlias = Callable[[Exchange], Awaitable[Transfer]]


class Stage(Protocol):
    """A link of the chain."""

    @property
    def name(self) -> str:
        """For logs."""

    async def run(self, exchange: Exchange, proceed: Proceed) -> Transfer:
        """Answer `exchange`, mostly by `proceed(exchange)`.

        Raises:
            NetworkError: it failed, or is not allowed.
        """


class NetworkStage:
    """The end of the chain: the transport."""

    name = "network"

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def run(self, exchange: Exchange, proceed: Proceed) -> Transfer:
        """Send it; nothing comes after."""
        watch, outgoing = exchange.watch, exchange.outgoing
        if watch is None or not watch.wants_wire:
            return await self._transport.open(outgoing)
        options = msgspec.structs.replace(outgoing.options, tells_request=True)
        try:
            transfer = await self._transport.open(msgspec.structs.replace(outgoing, options=options))
        except NetworkError as error:
            if error.request_head:
                watch.on_wire(exchange, error.request_head, None)
            raise
        if transfer.head.request_head:
            watch.on_wire(exchange, transfer.head.request_head, transfer.head)
        return transfer


def chain(stages: Sequence[Stage], end: Stage) -> Proceed:
    """Link `stages`, the first one outermost, and `end`."""

    async def nothing(exchange: Exchange) -> Transfer:
        raise AssertionError(f"{exchange.url} went past the end of the chain")

    proceed = _link(end, nothing)
    for stage in reversed(stages):
        proceed = _link(stage, proceed)
    return proceed


def _link(stage: Stage, proceed: Proceed) -> Proceed:
    async def run(exchange: Exchange) -> Transfer:
        return await stage.run(exchange, proceed)

    return run
