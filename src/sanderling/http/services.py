"""The worker's side of what all sessions share (`network.services`).

Thread: worker.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from typing import Protocol, TypeVar

import msgspec

from sanderling.base.clock import SYSTEM_CLOCK, Clock
from sanderling.base.errors import ClosedError, InternalError
from sanderling.network.messages import AskService, CancelAsk, ServiceAnswered
from sanderling.network.services import Services
from sanderling.network.shared_services import add_all

T = TypeVar("T")


class SharedServices(Protocol):
    """Asks services."""

    async def ask(self, service: str, question: msgspec.Struct, kind: type[T]) -> T:
        """Ask and wait for the answer. Cancelling the call tells the service.

        Raises:
            ClosedError: the worker ends.
        """

    def tell(self, service: str, fact: msgspec.Struct) -> None:
        """Say something that needs no answer."""


class AskedServices:
    """Services that are asked by messages.

    Args:
        send: takes the messages to them.
    """

    def __init__(self, send: Callable[[AskService | CancelAsk], None]) -> None:
        self._send = send
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[bytes]] = {}
        self._closed = False

    async def ask(self, service: str, question: msgspec.Struct, kind: type[T]) -> T:
        """See `SharedServices.ask`."""
        if self._closed:
            raise ClosedError("the browser was closed")
        number = next(self._ids)
        waiting: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting[number] = waiting
        self._send(AskService(number, service, msgspec.json.encode(question)))
        try:
            body = await waiting
        except asyncio.CancelledError:
            if not self._closed:
                self._send(CancelAsk(number))
            raise
        finally:
            self._waiting.pop(number, None)
        return msgspec.json.decode(body, type=kind)

    def tell(self, service: str, fact: msgspec.Struct) -> None:
        """See `SharedServices.tell`."""
        if not self._closed:
            self._send(AskService(0, service, msgspec.json.encode(fact)))

    def answered(self, event: ServiceAnswered) -> None:
        """Take an answer; silent when nobody waits any more."""
        waiting = self._waiting.pop(event.id, None)
        if waiting is None or waiting.done():
            return
        if event.error:
            waiting.set_exception(InternalError(f"a shared service failed: {event.error}"))
        else:
            waiting.set_result(event.body)

    def close(self) -> None:
        """Fail everybody who waits. Idempotent."""
        self._closed = True
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ClosedError("the browser was closed"))
        self._waiting.clear()


class _Here:
    """An asker on the same thread."""

    def __init__(self) -> None:
        self.asked: AskedServices | None = None

    def push(self, event: ServiceAnswered, /) -> None:
        """Take an answer."""
        assert self.asked is not None
        self.asked.answered(event)


def own_services(clock: Clock = SYSTEM_CLOCK) -> AskedServices:
    """Make services that nobody else shares: for a client without a Network, or one that replays a recording."""
    services, here = Services(), _Here()
    add_all(services, clock)
    here.asked = AskedServices(lambda message: services.obey(here, message))
    return here.asked
