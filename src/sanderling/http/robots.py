"""The stage that obeys robots.txt (RFC 9309): what it forbids fails with ``net::ERR_BLOCKED_BY_ROBOTS``.

The file of an origin is fetched once for all sessions (`network.robots_service`); each client reads the rules for its own user agent.

Thread: worker.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from sanderling.base.clock import Clock
from sanderling.base.errors import ClosedError, NetworkError
from sanderling.http.request import Request
from sanderling.http.response import Response
from sanderling.http.services import SharedServices
from sanderling.http.stages import Exchange, Proceed
from sanderling.http.transfer import Transfer
from sanderling.network.robots_service import NAME, RETRY_SECONDS, Bring, Found, Want
from sanderling.proto.robots import LIFE_SECONDS, MAX_BYTES, RobotsRules, RobotsScope, product_token
from sanderling.proto.url import Url

MAX_ORIGINS = 1_000
"""Origins whose rules a client keeps; the oldest goes, and is asked for again."""
_NO_RULES = frozenset({"net::ERR_TOO_MANY_REDIRECTS"})  # RFC 9309, 2.3.1.2: to be treated as if there was none


class _Entry(msgspec.Struct):
    rules: asyncio.Task[RobotsRules]
    expires: float  # seconds on the monotonic clock; infinite while it is loaded


class RobotsStage:
    """Asks for each origin's robots.txt once and applies it.

    Args:
        fetch: of the same client.
        user_agent: whose product token the rules are read for.
        clock: rules live by it.
        services: knows the files of all sessions.
        scope: what is asked about; not empty.
        key: what makes this client's answers differ from others': its proxy.
    """

    name = "robots"

    def __init__(
        self,
        fetch: Callable[[Request], Awaitable[Response]],
        user_agent: str,
        clock: Clock,
        services: SharedServices,
        *,
        scope: RobotsScope,
        key: str = "",
    ) -> None:
        self._fetch = fetch
        self._agent = product_token(user_agent)
        self._clock = clock
        self._services = services
        self._scope = scope
        self._key = key
        self._entries: dict[str, _Entry] = {}  # by origin

    async def run(self, exchange: Exchange, proceed: Proceed) -> Transfer:
        """Let pass what is allowed.

        Raises:
            NetworkError: robots.txt forbids it.
        """
        request = exchange.request
        if (self._scope == "all" or request.is_navigation) and not request.robots_exempt:
            rules = await self._rules_for(exchange.url)
            refusal = rules.decide(exchange.url.for_wire, self._agent)
            if refusal is not None:
                raise NetworkError("net::ERR_BLOCKED_BY_ROBOTS", refusal.rule, url=exchange.url.href)
        return await proceed(exchange)

    def crawl_delay_s(self, url: Url) -> float:
        """Give the delay that the origin asks for between visits, as far as its rules are known; 0 for none."""
        entry = self._entries.get(url.origin.serialise())
        if entry is None or not entry.rules.done() or entry.rules.cancelled() or entry.rules.exception() is not None:
            return 0.0
        return entry.rules.result().crawl_delay_s(self._agent)

    async def _rules_for(self, url: Url) -> RobotsRules:
        origin = url.origin.serialise()
        entry = self._entries.get(origin)
        if entry is None or entry.expires <= self._clock.monotonic():
            entry = _Entry(asyncio.get_running_loop().create_task(self._load(origin)), float("inf"))
            self._entries.pop(origin, None)
            self._entries[origin] = entry
            if len(self._entries) > MAX_ORIGINS:
                del self._entries[next(iter(self._entries))]
        # One navigation that gives up must not take the rules away from the others that wait for them.
        if not entry.rules.done():
            await asyncio.wait((entry.rules,))
        if entry.rules.cancelled():
            raise ClosedError("the client was closed")
        return entry.rules.result()

    async def _load(self, origin: str) -> RobotsRules:
        key = f"{origin} {self._key}"
        found = await self._services.ask(NAME, Want(key), Found)
        if found.fetch:
            brought = Bring(key, abandoned=True)
            try:
                brought = await self._bring(origin, key)
            finally:
                self._services.tell(NAME, brought)
            life = None
            found = Found(status=brought.status, text=brought.text, failure=brought.failure)
        else:
            life = found.life_s
        rules = (
            RobotsRules.from_response(found.status, found.text)
            if found.status
            else RobotsRules.unreachable(found.failure)
        )
        entry = self._entries.get(origin)
        if entry is not None:
            short = not found.status or found.status >= 500
            entry.expires = self._clock.monotonic() + (
                life if life is not None else RETRY_SECONDS if short else LIFE_SECONDS
            )
        return rules

    async def _bring(self, origin: str, key: str) -> Bring:
        request = Request(url=f"{origin}/robots.txt", credentials="omit", robots_exempt=True, stream=True)
        try:
            response = await self._fetch(request)
            body = bytearray()
            async for piece in response.chunks():
                body += piece
                if len(body) >= MAX_BYTES:
                    response.cancel()
                    break
        except NetworkError as error:
            if error.code in _NO_RULES:
                return Bring(key, status=404)
            return Bring(key, failure=error.code)
        text = bytes(body[:MAX_BYTES]).decode("utf-8", "replace").removeprefix("\ufeff")
        return Bring(key, status=response.status, text=text if response.status < 400 else "")

    async def close(self) -> None:
        """Stop what is being loaded."""
        tasks = [entry.rules for entry in self._entries.values() if not entry.rules.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
