"""The two carriers of a Handle behind one face, for the tests that hold for both."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from sanderling.network.carrier import NetworkSide, WorkerSide
from sanderling.network.handle import Handle
from sanderling.network.socket_carrier import SocketNetworkSide, SocketWorkerSide, socket_pair

CARRIERS = ("thread", "process")


class Pair:
    """Both sides of one Handle.

    Args:
        carrier: `thread`, or `process`: both ends of a socket pair, in this process and on a loop of the pair's own.
        wake_network: called when there are commands.
    """

    def __init__(self, carrier: str, wake_network: Callable[[NetworkSide], None] | None = None) -> None:
        self.woken: list[NetworkSide] = []
        wake = wake_network or self.woken.append
        self._loop: asyncio.AbstractEventLoop | None = None
        self.worker: WorkerSide
        self.network: NetworkSide
        if carrier == "thread":
            self.worker = self.network = Handle(wake)
            return
        self._loop = loop = asyncio.new_event_loop()
        ours, theirs = socket_pair()

        def call_soon(callback: Callable[[], object]) -> bool:
            loop.call_soon_threadsafe(callback)
            return True

        side = self.network = SocketNetworkSide(ours, wake, call_soon)
        side.start(loop)
        self.worker = SocketWorkerSide(theirs, loop)

    def settle(self) -> None:
        """Let everything that was sent arrive."""
        if self._loop is None:
            return

        async def turns() -> None:
            for _ in range(8):
                await asyncio.sleep(0)

        self._loop.run_until_complete(turns())

    def close(self) -> None:
        """Let go of everything."""
        self.worker.close()
        self.network.detach()
        if self._loop is not None:
            self._loop.close()
