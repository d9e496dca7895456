"""A loop whose clock a test puts forward: deadlines of hours come when it says so, however busy the machine is. Thread: any."""

from __future__ import annotations

import asyncio


class SteppingLoop(asyncio.SelectorEventLoop):
    """A loop whose clock can be put forward."""

    ahead_s = 0.0

    def time(self) -> float:
        return super().time() + self.ahead_s

    def step(self, seconds: float) -> None:
        """Put it forward, from another thread."""

        def step() -> None:
            self.ahead_s += seconds

        self.call_soon_threadsafe(step)
