"""How far the documents of a page came, and who waits for that.

Thread: worker.
"""

from __future__ import annotations

import asyncio

from sanderling.base.errors import SanderlingError
from sanderling.browser.frame import Navigation


class Milestones:
    """The milestones of a page's navigations: `commit`, `domcontentloaded`, `load`."""

    def __init__(self) -> None:
        self.times: dict[
            str, float
        ] = {}  # loop times of the current navigation: start, response, domcontentloaded, load
        self._loop = asyncio.get_running_loop()
        self._waiters: list[tuple[str, Navigation, asyncio.Future[None]]] = []

    def restart(self) -> None:
        """A navigation begins: its times count from now."""
        self.times = {"start": self._loop.time()}

    def note(self, label: str) -> None:
        """Remember when something was reached first."""
        self.times.setdefault(label, self._loop.time())

    def reach(self, label: str, navigation: Navigation | None) -> None:
        """A navigation's document reached a milestone: wake whoever waits for it."""
        remaining = []
        for name, wanted, future in self._waiters:
            if name == label and wanted is navigation:
                if not future.done():
                    future.set_result(None)
            else:
                remaining.append((name, wanted, future))
        self._waiters = remaining

    def settle(self, navigation: Navigation) -> None:
        """A navigation ended without its document: wake whoever waits for it."""
        remaining = []
        for name, wanted, future in self._waiters:
            if wanted is not navigation:
                remaining.append((name, wanted, future))
            elif not future.done():
                if navigation.error is not None:
                    future.set_exception(navigation.error)
                else:
                    future.set_result(None)
        self._waiters = remaining

    def fail(self, error: SanderlingError) -> None:
        """No document will come any more."""
        for _, _, future in self._waiters:
            if not future.done():
                future.set_exception(error)
        self._waiters.clear()

    async def wait(self, name: str, navigation: Navigation) -> None:
        """Wait until a navigation's document reaches a milestone."""
        future: asyncio.Future[None] = self._loop.create_future()
        self._waiters.append((name, navigation, future))
        await future
