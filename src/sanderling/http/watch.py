"""What watches one fetch: it is told of every exchange as it happens, and says what takes part in it.

Thread: worker.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from sanderling.base.errors import NetworkError
from sanderling.http.cache_store import Place
from sanderling.http.transfer import Transfer
from sanderling.proto.url import Url

if TYPE_CHECKING:
    from sanderling.http.conditions import Conditions
    from sanderling.http.intercept import Interceptor
    from sanderling.http.jar import RefusedCookie
    from sanderling.http.stages import Exchange
    from sanderling.network.messages import ResponseHead
    from sanderling.proto.cookie_store import Considered


class FetchWatch(Protocol):
    """The watcher of one fetch. The last response of the chain is what `HttpClient.fetch` gives."""

    def sent(self, exchange: Exchange) -> None:
        """A hop, or a preflight (`exchange.preflight`), is about to go out. A preflight comes after the hop it is for."""

    def transmitted(self, exchange: Exchange) -> None:
        """A hop goes to the wire, with what interceptors made of it."""

    @property
    def wants_wire(self) -> bool:
        """Whether it is to be told what crosses the wire, and of the cookies."""

    def cookies_considered(self, exchange: Exchange, cookies: Sequence[Considered]) -> None:
        """Tell which cookies could go along with a hop, before it goes to the wire (with `wants_wire`)."""

    def on_wire(self, exchange: Exchange, request_head: bytes, head: ResponseHead | None) -> None:
        """Tell what crossed the wire for a hop (with `wants_wire`); `head` is None where no response came."""

    def cookies_refused(self, exchange: Exchange, refused: Sequence[RefusedCookie]) -> None:
        """Tell which cookies of a hop's response were not stored."""

    def overridden(self, exchange: Exchange) -> None:
        """Tell that an interceptor put another response in the place of what came over the wire."""

    def served_from_cache(self, exchange: Exchange, place: Place) -> None:
        """A hop is answered by what was stored; no wire is used for it."""

    def redirected(self, url: Url, transfer: Transfer) -> None:
        """The response of `url` is a redirect, and it will be followed."""

    def preflight_answered(self, exchange: Exchange, transfer: Transfer) -> None:
        """The response to a preflight came."""

    def preflight_failed(self, error: NetworkError) -> None:
        """A preflight had no response."""

    def is_blocked(self, exchange: Exchange) -> bool:
        """Whether the page's tools forbid the URL."""

    def conditions(self, exchange: Exchange) -> Conditions | None:
        """The network that is emulated for this exchange; None for the real one."""

    @property
    def page_id(self) -> str:
        """Id of the page that asks; empty for none."""

    @property
    def interceptors(self) -> Sequence[Interceptor]:
        """Who takes part, in the order in which they are asked."""
