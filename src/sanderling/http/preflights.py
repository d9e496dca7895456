"""CORS preflights: what is remembered is not asked again, and equal ones at the same time go out once.

Thread: worker.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from sanderling.proto.cors import PreflightAnswer, PreflightCache, PreflightKey


class Preflights(PreflightCache):
    """The preflights of a client."""

    def __init__(self) -> None:
        super().__init__()
        self._running: dict[PreflightKey, asyncio.Future[bool]] = {}  # of one under way: whether it was canceled

    async def ensure(
        self,
        key: PreflightKey,
        method: str,
        unsafe: Sequence[str],
        now: Callable[[], float],
        ask: Callable[[], Awaitable[PreflightAnswer]],
    ) -> None:
        """Have permission for a request: remembered, brought by another's preflight, or asked for.

        When the one that asks is canceled, one of those that wait asks instead. What may not be remembered, and a refusal, is
        nobody else's: each of them then asks for itself.

        Args:
            key: what the permission is for.
            method: of the request.
            unsafe: its CORS-unsafe header names, lower case.
            now: gives the time.
            ask: sends the preflight; raises what `CORS-preflight fetch` ends with when there is no permission.
        """
        while not self.allows(key, method, unsafe, now()):
            running = self._running.get(key)
            if running is None:
                await self._lead(key, now, ask)
                return
            await asyncio.wait((running,))
            canceled = running.result()
            if not canceled and not self.allows(key, method, unsafe, now()):
                self.store(key, await ask(), now())
                return

    async def _lead(
        self, key: PreflightKey, now: Callable[[], float], ask: Callable[[], Awaitable[PreflightAnswer]]
    ) -> None:
        over = self._running[key] = asyncio.get_running_loop().create_future()
        canceled = False
        try:
            self.store(key, await ask(), now())
        except asyncio.CancelledError:
            canceled = True
            raise
        finally:
            del self._running[key]
            over.set_result(canceled)
