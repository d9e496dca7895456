"""The stage that obeys robots.txt (RFC 9309): navigations to what it forbids fail with ``net::ERR_BLOCKED_BY_ROBOTS``.

Thread: worker.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sanderling.base.clock import Clock
from sanderling.base.errors import ClosedError, NetworkError
from sanderling.http.request import Request
from sanderling.http.response import Response
from sanderling.http.stages import Exchange, Proceed
from sanderling.http.transfer import Transfer
from sanderling.proto.robots import LIFE_SECONDS, MAX_BYTES, RobotsRules, product_token
from sanderling.proto.url import Url

MAX_ORIGINS = 10_000
"""Origins whose rules are kept; the oldest goes."""
RETRY_SECONDS = 60.0
"""When a robots.txt that could not be had is asked for again."""
_NO_RULES = frozenset({"net::ERR_TOO_MANY_REDIRECTS"})  # RFC 9309, 2.3.1.2: to be treated as if there was none


@dataclass(slots=True)
class _Entry:
    rules: asyncio.Task[RobotsRules]
    expires: float  # seconds on the monotonic clock


class RobotsStage:
    """Asks each origin's robots.txt once and applies it.

    Args:
        fetch: of the same client.
        user_agent: whose product token the rules are read for.
        clock: rules live a day by it.
    """

    name = "robots"

    def __init__(self, fetch: Callable[[Request], Awaitable[Response]], user_agent: str, clock: Clock) -> None:
        self._fetch = fetch
        self._agent = product_token(user_agent)
        self._clock = clock
        self._entries: dict[str, _Entry] = {}  # by origin

    async def run(self, exchange: Exchange, proceed: Proceed) -> Transfer:
        """Let pass what is allowed.

        Raises:
            NetworkError: robots.txt forbids it.
        """
        if exchange.request.is_navigation and not exchange.request.robots_exempt:
            rules = await self._rules_for(exchange.url)
            refusal = rules.decide(exchange.url.for_wire, self._agent)
            if refusal is not None:
                raise NetworkError("net::ERR_BLOCKED_BY_ROBOTS", refusal.rule, url=exchange.url.href)
        return await proceed(exchange)

    async def _rules_for(self, url: Url) -> RobotsRules:
        origin = url.origin.serialise()
        entry = self._entries.get(origin)
        if entry is None or entry.expires <= self._clock.monotonic():
            task = asyncio.get_running_loop().create_task(self._load(origin))
            entry = _Entry(task, self._clock.monotonic() + LIFE_SECONDS)
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
                return RobotsRules.allow_all()
            self._retry_soon(origin)
            return RobotsRules.unreachable(error.code)
        if response.status >= 500:
            self._retry_soon(origin)
        return RobotsRules.from_response(response.status, bytes(body))

    def _retry_soon(self, origin: str) -> None:
        entry = self._entries.get(origin)
        if entry is not None:
            entry.expires = self._clock.monotonic() + RETRY_SECONDS

    async def close(self) -> None:
        """Stop what is being loaded."""
        tasks = [entry.rules for entry in self._entries.values() if not entry.rules.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
