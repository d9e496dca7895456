"""The way to servers: transfers over a Handle.

`HandleTransport` turns the Handle's commands and events into `Transfer` objects that coroutines use.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol

import msgspec

from sanderling.base.errors import ClosedError, InternalError, SanderlingError
from sanderling.http.transfer import DoneCallback, Door, HandleTransfer, Outgoing, Transfer
from sanderling.http.websocket import ClientSocket, SocketListener
from sanderling.network.messages import (
    BodyChunk,
    BodyWanted,
    Done,
    Event,
    Failed,
    OpenSocket,
    ResponseHead,
    Saved,
    Saving,
    SocketClose,
    SocketClosed,
    SocketConsumed,
    SocketEvent,
    SocketMessage,
    SocketOpened,
    SocketRequest,
    SocketResponse,
    SocketSend,
    SocketSent,
    Submit,
    TlsFacts,
    TransferId,
)

MAX_TLS_FACTS = 1000
"""Kept for later responses over the same connections; the oldest goes."""

_OF_TRANSFERS = (ResponseHead, BodyChunk, BodyWanted, Done, Failed)

_LOG = logging.getLogger("sanderling.http")


class Transport(Protocol):
    """The way to servers."""

    async def open(self, outgoing: Outgoing) -> Transfer:
        """Send a request and wait for the head of its response. Cancelling the call cancels the transfer.

        Raises:
            NetworkError: it failed.
        """

    def saved(self, by: Saving) -> None:
        """Have it counted that a request needed no transfer, or no body."""

    def next_socket(self) -> TransferId:
        """Give the id for a socket."""

    def open_socket(self, command: OpenSocket, listener: SocketListener) -> ClientSocket:
        """Open a WebSocket.

        Raises:
            ClosedError: the transport is closed.
        """


class HandleTransport:
    """Transfers over a Handle.

    Args:
        door: the Handle.
    """

    def __init__(self, door: Door) -> None:
        self._door = door
        self._running: dict[TransferId, HandleTransfer] = {}
        self._sockets: dict[TransferId, SocketListener] = {}  # those that are not over
        self._tls: dict[int, TlsFacts] = {}  # by number
        self._closed = False

    @property
    def running(self) -> int:
        """How many transfers have no outcome yet."""
        return len(self._running)

    async def open(self, outgoing: Outgoing) -> Transfer:
        """See `Transport.open`."""
        if self._closed:
            raise ClosedError("the transport is closed")
        number = self._door.next_id()
        streamed = not (outgoing.body is None or isinstance(outgoing.body, bytes))
        transfer = HandleTransfer(self._door, number, outgoing)
        self._running[number] = transfer
        body = outgoing.body if isinstance(outgoing.body, bytes) else None
        try:
            self._door.submit(
                Submit(number, outgoing.url, outgoing.method, outgoing.headers, body, streamed, outgoing.options)
            )
        except BaseException:
            del self._running[number]
            raise
        upload = asyncio.get_running_loop().create_task(transfer.upload(outgoing.body)) if streamed else None
        try:
            await transfer.wait_for_head()
        except BaseException:
            transfer.cancel()
            raise
        finally:
            if upload is not None:
                transfer.when_done(_canceler(upload))
        return transfer

    def saved(self, by: Saving) -> None:
        """See `Transport.saved`."""
        if not self._closed:
            self._door.tell(Saved(by))

    def next_socket(self) -> TransferId:
        """See `Transport.next_socket`."""
        return self._door.next_id()

    def open_socket(self, command: OpenSocket, listener: SocketListener) -> ClientSocket:
        """See `Transport.open_socket`."""
        if self._closed:
            raise ClosedError("the transport is closed")
        self._sockets[command.id] = listener
        try:
            self._door.open_socket(command)
        except BaseException:
            del self._sockets[command.id]
            raise
        return HandleSocket(self._door, command.id)

    def _socket_event(self, event: SocketEvent) -> None:
        listener = self._sockets.get(event.id)
        if listener is None:
            if not self._closed:
                _LOG.error("%s for socket %d, which is over", type(event).__name__, event.id)
        elif isinstance(event, SocketMessage):
            listener.message(event)
        elif isinstance(event, SocketSent):
            listener.sent(event.count)
        elif isinstance(event, SocketRequest):
            listener.requested(event)
        elif isinstance(event, SocketResponse):
            listener.answered(event)
        elif isinstance(event, SocketOpened):
            listener.opened(event)
        else:
            del self._sockets[event.id]
            listener.closed(event)

    def dispatch(self, event: Event) -> None:
        """Take an event of the Handle."""
        if not isinstance(event, _OF_TRANSFERS):
            if not isinstance(event, SocketEvent):
                raise InternalError(f"{type(event).__name__} is no event of a transfer")
            self._socket_event(event)
            return
        transfer = self._running.get(event.id)
        if transfer is None:
            if not self._closed:
                _LOG.error("%s for transfer %d, which is not running", type(event).__name__, event.id)
        elif isinstance(event, ResponseHead):
            transfer.head_came(event if event.tls is None else self._with_chain(event, event.tls))
        elif isinstance(event, BodyChunk):
            transfer.chunk_came(event.data)
        elif isinstance(event, BodyWanted):
            transfer.body_wanted()
        else:
            del self._running[event.id]
            transfer.over(event)

    def _with_chain(self, head: ResponseHead, facts: TlsFacts) -> ResponseHead:
        """Give a head with all that was told of its connection before."""
        if facts.chain:
            self._tls[facts.number] = facts
            if len(self._tls) > MAX_TLS_FACTS:
                del self._tls[next(iter(self._tls))]
            return head
        return msgspec.structs.replace(head, tls=self._tls.get(facts.number, facts))

    def close(self) -> None:
        """Fail everything that runs with `ClosedError`. Idempotent."""
        self._closed = True
        running = list(self._running.values())
        self._running.clear()
        sockets, self._sockets = self._sockets, {}
        for number, listener in sockets.items():
            listener.closed(SocketClosed(number, 1006, error="net::ERR_ABORTED", message="the transport was closed"))
        for transfer in running:
            transfer.fail(ClosedError("the transport was closed"))


class HandleSocket:
    """A WebSocket of `HandleTransport`.

    Args:
        door: the Handle.
        number: of the socket.
    """

    def __init__(self, door: Door, number: TransferId) -> None:
        self._door = door
        self._number = number

    def send(self, data: bytes, *, text: bool) -> None:
        """See `ClientSocket.send`."""
        self._door.use_socket(SocketSend(self._number, data, text))

    def close(self, code: int, reason: str) -> None:
        """See `ClientSocket.close`."""
        self._door.use_socket(SocketClose(self._number, code, reason))

    def consumed(self, count: int) -> None:
        """See `ClientSocket.consumed`."""
        self._door.use_socket(SocketConsumed(self._number, count))


def _canceler(task: asyncio.Task[None]) -> DoneCallback:
    def cancel(_: SanderlingError | None) -> None:
        task.cancel()

    return cancel
