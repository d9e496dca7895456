"""A client after its upgrade: its messages in bounded turns, what waits for it, and its end.

Goals: nobody waits for another's burst; a client that does not read costs nobody else anything; pings, the close frame and the end of
the socket are noticed while the client's messages are held back.

Plan: messages go through a queue, `MESSAGES_PER_TURN` a turn of the loop. They are held while the hub says so (`pause`) or while much
waits unread. When too many are held the socket is no longer read, until some are taken; the end of a socket that is not read is looked
for every `PEEK_INTERVAL_S`. What is sent in one turn goes out in one write.

Thread: main.
"""

from __future__ import annotations

import asyncio
import collections
import logging
from collections.abc import Callable, Sequence
from typing import Protocol

from sanderling.server.frames import Frames
from sanderling.server.links import ClientHandler
from sanderling.server.metrics import Counters
from sanderling.server.options import ServeOptions

_LOG = logging.getLogger("sanderling.server")

MESSAGES_PER_TURN = 64
"""Handed on for one client before other sockets have their turn."""

MAX_HELD_BYTES = 16 << 20
"""Of messages that wait to be handed on; then the socket is not read."""

PEEK_INTERVAL_S = 0.5

INTERNAL_ERROR = 1011
"""RFC 6455, 7.4.1 and the registry it made."""


class Carrier(Protocol):
    """The connection beneath a client."""

    def write(self, data: Sequence[bytes], *, end: bool) -> None:
        """Send bytes, and perhaps end our stream."""

    def unread_bytes(self) -> int:
        """How much was written and has not gone out."""

    def closing(self) -> None:
        """The closing handshake has begun: a deadline is due. Idempotent."""

    def drop(self, reason: str) -> None:
        """Cut the connection at once."""

    def pause_reading(self) -> None:
        """Read no more."""

    def resume_reading(self) -> None:
        """Read again."""

    def peer_is_gone(self) -> bool:
        """Whether a socket that is not read has ended."""


class WebSocket:
    """See `links.ClientLink`.

    Args:
        carrier: the connection beneath.
        frames: after the handshake.
    """

    def __init__(
        self,
        carrier: Carrier,
        frames: Frames,
        options: ServeOptions,
        counters: Counters,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._carrier = carrier
        self._frames = frames
        self._options = options
        self._counters = counters
        self._loop = loop
        self._handler: ClientHandler | None = None  # None before `serve` and after `gone`

        self._held: collections.deque[bytes] = collections.deque()
        self._held_bytes = 0
        self._paused = False  # by the hub
        self._clogged = False  # much waits unread
        self._pump_due = False
        self._reading = True
        self._ended = False  # the client is gone or leaving; only what is queued is still handed on
        self._peek: asyncio.TimerHandle | None = None  # while the socket is not read

        self._flush_due = False
        self._allowance = 0  # size of the largest message among those that wait unread
        self._written = 0  # bytes ever written
        self._stall: asyncio.TimerHandle | None = None  # while clogged
        self._taken = 0  # bytes that had gone out when the timer was set

    # Towards the hub.

    def serve(self, connect: Callable[[WebSocket], ClientHandler]) -> None:
        """Begin: from now on somebody takes the messages."""
        try:
            self._handler = connect(self)
        except Exception:
            _LOG.exception("a client could not be served")
            self.close(INTERNAL_ERROR, "internal error")

    def send(self, data: bytes) -> None:
        """See `ClientLink.send`."""
        if not self._frames.open:
            return  # the client left meanwhile
        self._counters.messages_out += 1
        self._counters.bytes_out += len(data)
        self._allowance = max(self._allowance, len(data))
        self._frames.send(data)
        if not self._flush_due:
            self._flush_due = True
            self._loop.call_soon(self._flush)

    def close(self, code: int, reason: str) -> None:
        """See `ClientLink.close`."""
        self._frames.close(code, reason)
        self._flush()
        self._carrier.closing()

    def pause(self) -> None:
        """See `ClientLink.pause`."""
        self._paused = True

    def resume(self) -> None:
        """See `ClientLink.resume`."""
        self._paused = False
        self._pump_soon()

    # From the socket.

    def receive(self, data: bytes) -> None:
        """Take bytes."""
        heard = self._frames.open  # after our close frame nobody listens to messages
        messages = self._frames.receive(data)
        self._flush()  # pongs do not wait for anybody
        for message in messages if heard else ():
            self._counters.messages_in += 1
            self._counters.bytes_in += len(message)
            self._held.append(message)
            self._held_bytes += len(message)
        if self._held and not self._pump_due:
            self._pump()
        if self._frames.failed:
            self._carrier.closing()
            self._leave()
        elif self._reading and self._held_bytes > MAX_HELD_BYTES:
            self._reading = False
            self._carrier.pause_reading()
            self._peek = self._loop.call_later(PEEK_INTERVAL_S, self._look)

    def receive_eof(self) -> None:
        """Take the end of the stream. Without a close frame before it that is usual, too."""
        self._frames.receive_eof()
        self._leave()

    def lost(self) -> None:
        """The socket is gone."""
        if self._stall is not None:
            self._stall.cancel()
        self._stop_peeking()
        self._leave()

    def clogged(self) -> None:
        """Much waits unread: take no more messages, which would only make it more."""
        self._clogged = True
        self._taken = self._written - self._carrier.unread_bytes()
        self._stall = self._loop.call_later(self._options.unread_timeout_s, self._stalled)

    def unclogged(self) -> None:
        """Little waits now."""
        self._clogged = False
        self._allowance = 0
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None
        self._pump_soon()

    # Within.

    def _flush(self) -> None:
        self._flush_due = False
        output, end = self._frames.take_output()
        if output or end:
            self._written += sum(map(len, output))
            self._carrier.write(output, end=end)
        unread = self._carrier.unread_bytes()
        if unread == 0:
            self._allowance = 0
        elif unread > self._options.max_unread_bytes + self._allowance:
            self._carrier.drop("unread")

    def _stalled(self) -> None:
        taken = self._written - self._carrier.unread_bytes()
        if taken == self._taken:
            self._carrier.drop("stalled")
            return
        self._taken = taken
        self._stall = self._loop.call_later(self._options.unread_timeout_s, self._stalled)

    def _look(self) -> None:
        if self._carrier.peer_is_gone():
            self._carrier.drop("gone")
        else:
            self._peek = self._loop.call_later(PEEK_INTERVAL_S, self._look)

    def _stop_peeking(self) -> None:
        if self._peek is not None:
            self._peek.cancel()
            self._peek = None

    def _pump_soon(self) -> None:
        if self._held and not self._pump_due:
            self._pump_due = True
            self._loop.call_soon(self._pump)

    def _pump(self) -> None:
        self._pump_due = False
        for _ in range(min(len(self._held), MESSAGES_PER_TURN)):
            handler = self._handler
            if self._paused or self._clogged or handler is None:
                break
            message = self._held.popleft()
            self._held_bytes -= len(message)
            try:
                handler.message(message)
            except Exception:
                # Nobody else can catch it, and other clients must not suffer.
                _LOG.exception("a message could not be handled")
                self.close(INTERNAL_ERROR, "internal error")
                return
        if not self._reading and self._held_bytes <= MAX_HELD_BYTES // 2:
            self._reading = True
            self._stop_peeking()
            self._carrier.resume_reading()
        if self._ended:
            self._leave()
        elif not (self._paused or self._clogged or self._handler is None):
            self._pump_soon()

    def _leave(self) -> None:
        """Tell the handler that the client is gone, after what it said before it went."""
        self._ended = True
        handler = self._handler
        if handler is None:
            return
        if self._held and not (self._paused or self._clogged):
            self._pump_soon()
            return
        self._held.clear()
        self._held_bytes = 0
        self._handler = None
        try:
            handler.gone()
        except Exception:
            _LOG.exception("the end of a client could not be handled")
