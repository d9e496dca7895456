"""The places of a hub where a worker runs: made on need, made again after a death.

Thread: main.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec

from sanderling.base.errors import ClosedError, SanderlingError
from sanderling.browser.commands import Fault, error_of
from sanderling.network.messages import Notify, Output
from sanderling.network.port import ReplyError
from sanderling.server.links import WorkerLink, WorkerMaker


class WorkerSlot:
    """One worker of a hub, or the place for it.

    Args:
        maker: starts one.
        on_notify: takes what it says of targets.
        on_output: takes what its sessions say.
        on_died: told that it ended by itself, and why.
    """

    def __init__(
        self,
        maker: WorkerMaker,
        on_notify: Callable[[Notify], None],
        on_output: Callable[[Output], None],
        on_died: Callable[[WorkerSlot, str], None],
    ) -> None:
        self._maker = maker
        self._on_notify = on_notify
        self._on_output = on_output
        self._on_died = on_died
        self.link: WorkerLink | None = None
        self._making: asyncio.Task[WorkerLink] | None = None
        self._closed = False

    async def ensure(self) -> WorkerLink:
        """Give the worker, started now if there is none.

        Raises:
            SanderlingError: it cannot be started.
        """
        if self.link is not None:
            return self.link
        if self._closed:
            raise ClosedError("the browser was closed")
        if self._making is None:
            self._making = asyncio.get_running_loop().create_task(self._make())
        return await asyncio.shield(self._making)

    async def _make(self) -> WorkerLink:
        started: list[WorkerLink] = []

        def died(reason: str) -> None:
            if started and self.link is not started[0]:
                return  # it had been closed
            self.link = None
            self._on_died(self, reason)

        try:
            link = await self._maker(self._on_notify, self._on_output, died)
            started.append(link)
            if self._closed:
                await link.close()
                raise ClosedError("the browser was closed")
            self.link = link
        finally:
            self._making = None
        return link

    async def ask(self, method: str, params: msgspec.Struct) -> bytes:
        """Call the worker; it is started if need be.

        Raises:
            SanderlingError: the worker refused, or ended.
        """
        link = await self.ensure()
        try:
            return await asyncio.wrap_future(link.call(method, msgspec.json.encode(params)))
        except ReplyError as error:
            raise error_of(msgspec.json.decode(error.body, type=Fault)) from None

    def tell(self, method: str, params: msgspec.Struct) -> None:
        """Call the worker, if there is one; nobody waits for the answer."""
        if self.link is not None:
            # What goes wrong with it is its own log's matter: nobody could do anything here.
            self.link.call(method, msgspec.json.encode(params)).add_done_callback(lambda done: done.exception())

    async def close(self) -> None:
        """End the worker. Idempotent."""
        self._closed = True
        making, link = self._making, self.link
        self.link = None
        if making is not None:
            try:
                await making
            except SanderlingError:
                return
        elif link is not None:
            await link.close()
