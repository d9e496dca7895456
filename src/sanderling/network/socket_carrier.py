"""A Handle over a socket pair: its worker lives in another process.

Both sides keep `carrier.WorkerSide` and `carrier.NetworkSide`. Bounds. Network's side reads no more commands while `TURN` of them wait to be
obeyed or while `HIGH_BYTES` wait to be sent: a worker that does not read gets no further. The worker's side always reads,
and blocks only when `FULL_BYTES` of its own wait. So neither can wait for the other in a circle. An orderly end is the
end of the stream; a death looks the same, and who made the process tells them apart.

Thread: each class says.
"""

from __future__ import annotations

import asyncio
import collections
import itertools
import logging
import socket
import threading
from collections.abc import Callable, Sequence

from sanderling.base.errors import ClosedError, InternalError, UsageError
from sanderling.network import codec
from sanderling.network.errors import RESPONSE_TOO_LARGE
from sanderling.network.files import Grants, drop
from sanderling.network.handle import ABORTED
from sanderling.network.messages import (
    AskService,
    BodyPart,
    Cancel,
    CancelAsk,
    Command,
    Done,
    Event,
    Failed,
    Notify,
    OpenFile,
    OpenSocket,
    Output,
    Reply,
    Resume,
    Saved,
    Shutdown,
    SocketClose,
    SocketClosed,
    SocketConsumed,
    SocketSend,
    Submit,
    Timings,
    TransferId,
)
from sanderling.network.socket_stream import Poller, SocketStream

TURN = 64
"""Commands given to Network at once; so many it obeys of each worker in a turn."""

AT_ONCE = 16
"""Messages of a worker that are handed on before other sockets have their turn."""

HIGH_BYTES = 4 * 1024 * 1024
"""So much waits for a worker that does not read before its commands are left alone."""

LOST_BYTES = 1024 * 1024 * 1024
"""So much, and it is given up: what it had submitted cannot be as much."""

FULL_BYTES = 64 * 1024 * 1024
"""So much may a worker have waiting to be read by Network before it stops and waits."""

CLOSE_WAIT_S = 2.0
"""How long a worker that ends waits for its last words to be taken."""

_NO_TIMINGS = Timings()

_LOG = logging.getLogger("sanderling.network")


class SocketNetworkSide:
    """Network's side. Made on any thread and given to `Network.adopt`; then `start` is called on the loop.

    Args:
        sock: one end of the pair.
        wake_network: `Network.wake`.
        call_soon: `Network.call_soon`.
    """

    def __init__(
        self,
        sock: socket.socket,
        wake_network: Callable[[SocketNetworkSide], None],
        call_soon: Callable[[Callable[[], object]], bool],
    ) -> None:
        self.grants = Grants()
        self.end_reason = ""  # why the stream ended, when that was no orderly end
        self._wake_network = wake_network
        self._call_soon = call_soon
        self._message_callback: Callable[[Reply | Notify | Output], None] | None = None
        self._closed_callback: Callable[[], None] | None = None
        self._stream: SocketStream[Command] = SocketStream(
            sock, codec.command_decoder(), self._came, self._stream_ended, on_flushed=self._pace
        )
        self._loop_thread = 0  # identity of the loop's thread; 0 until start

        self._events_lock = threading.Lock()  # protects the three below
        self._events: list[Event] = []  # pushed and not written yet
        self._write_due = False  # the loop was told to write them
        self._deaf = False  # events are dropped, for nobody will take them

        # The loop's own.
        self._commands: collections.deque[Command] = collections.deque()  # read and not taken
        self._network_woken = False
        self._stream_over = False
        self._detached = False

    def start(self, poller: Poller | None = None) -> None:
        """Begin to read and write (the loop's thread)."""
        self._loop_thread = threading.get_ident()
        self._stream.start(poller or asyncio.get_running_loop())
        self._write()

    # Events for the worker.

    def push(self, event: Event) -> None:
        """See `carrier.NetworkSide` (any thread)."""
        self.push_all((event,))

    def push_all(self, events: Sequence[Event]) -> None:
        """See `carrier.NetworkSide` (any thread)."""
        if not events:
            return
        here = threading.get_ident() == self._loop_thread
        with self._events_lock:
            deaf = self._deaf
            if not deaf:
                self._events.extend(events)
                due = not here and not self._write_due
                self._write_due = self._write_due or due
        if deaf:
            for event in events:
                drop(event)
        elif here:
            self._write()
        elif due:
            self._call_soon(self._write)

    def _write(self) -> None:
        """Write what was pushed (the loop's thread)."""
        if not self._loop_thread:
            return  # start does it
        with self._events_lock:
            events, self._events = self._events, []
            self._write_due = False
        for event in events:
            try:
                parts, descriptor = codec.encode(event)
            except UsageError as error:
                if not isinstance(event, Done):
                    self._stream.end(str(error))
                    return
                failure = Failed(event.id, RESPONSE_TOO_LARGE, str(error), event.timings)
                parts, descriptor = codec.encode(failure)
            self._stream.write(parts, descriptor)
        self._stream.flush()
        if self._stream.out_bytes > LOST_BYTES:
            self._stream.end("it did not read what it was sent")

    def _pace(self) -> None:
        self._stream.pause(len(self._commands) >= TURN or self._stream.out_bytes > HIGH_BYTES)

    # Commands of the worker.

    def _came(self, commands: list[Command]) -> None:
        listener = self._message_callback
        waits = self._commands or self._network_woken
        if listener is not None and not waits and len(commands) <= AT_ONCE and _are_messages(commands):
            # They are no concern of Network's, and nothing that came before them waits: a turn of the loop less.
            for message in commands:
                _deliver_now(listener, message)
            return
        self._commands.extend(commands)
        self._wake()
        self._pace()

    def _wake(self) -> None:
        if not self._network_woken and not self._detached:
            self._network_woken = True
            self._wake_network(self)

    def _stream_ended(self, reason: str) -> None:
        self.end_reason = reason
        self._stream_over = True
        with self._events_lock:
            self._deaf = True
            events, self._events = self._events, []
        for event in events:
            drop(event)
        self._wake()

    def take_commands(self) -> list[Command]:
        """Take what the worker sent, in order; at most a turn's worth, and the rest wakes again (Network's thread)."""
        self._network_woken = False
        taken = [self._commands.popleft() for _ in range(min(len(self._commands), TURN))]
        if self._commands:
            self._wake()
        self._pace()
        return taken

    @property
    def closed(self) -> bool:
        """Whether the worker's side ended and everything it sent was taken (Network's thread)."""
        return self._stream_over and not self._commands

    def on_message(self, callback: Callable[[Reply | Notify | Output], None]) -> None:
        """See `carrier.NetworkSide` (any, before it starts)."""
        self._message_callback = callback

    def on_closed(self, callback: Callable[[], None]) -> None:
        """See `carrier.NetworkSide` (any, before it starts); called also when Network stops."""
        self._closed_callback = callback

    def deliver(self, message: Reply | Notify | Output) -> None:
        """See `carrier.NetworkSide` (Network's thread).

        Raises:
            InternalError: nobody asked for messages.
        """
        if self._message_callback is None:
            raise InternalError("a worker sent a message and nobody listens")
        self._message_callback(message)

    def ended(self) -> None:
        """See `carrier.NetworkSide` (Network's thread)."""
        self._stream.close()
        callback, self._closed_callback = self._closed_callback, None
        if callback is not None:
            callback()

    def detach(self) -> list[Command]:
        """See `carrier.NetworkSide` (Network's thread). The stream ends, which the worker takes for the end of Network."""
        self._detached = True
        with self._events_lock:
            self._deaf = True
            events, self._events = self._events, []
        for event in events:
            drop(event)
        late = list(self._commands)
        self._commands.clear()
        self.ended()
        return late


class SocketWorkerSide:
    """The worker's side, in the worker's process: everything on its one thread.

    Args:
        sock: the other end of the pair.
        poller: what watches it; the loop that runs when `set_wakeup` is called by default.
    """

    wakes_from_loop = True
    """See `carrier.WorkerSide`."""

    def __init__(self, sock: socket.socket, poller: Poller | None = None) -> None:
        self._poller = poller
        self._stream: SocketStream[Event] = SocketStream(
            sock, codec.event_decoder(), self._came, self._stream_ended, takes_descriptors=True
        )
        self._ids = itertools.count(1)
        self._inbox: list[Event] = []
        self._wakeup: Callable[[], object] | None = None
        self._woken = False
        self._blocked = False  # it waits in the middle of something for room to send
        self._flush_due = False
        self._running: dict[TransferId, None] = {}  # submitted, without an outcome
        self._sockets: dict[TransferId, None] = {}  # opened, not closed
        self._network_gone = False
        self._closed = False
        self._worker_thread = 0
        if poller is not None:
            self._stream.start(poller)

    def next_id(self) -> TransferId:
        """See `carrier.WorkerSide` (worker)."""
        return TransferId(next(self._ids))

    def submit(self, command: Submit) -> None:
        """See `carrier.WorkerSide` (worker)."""
        if self._put(command):
            self._running[command.id] = None
        else:
            self._take([Failed(command.id, ABORTED, "the network was stopped", _NO_TIMINGS)])
            self._wake_soon()

    def cancel(self, transfer: TransferId) -> None:
        """See `carrier.WorkerSide` (worker)."""
        self._put(Cancel(transfer))

    def resume(self, transfer: TransferId, count: int) -> None:
        """See `carrier.WorkerSide` (worker)."""
        self._put(Resume(transfer, count))

    def send_body(self, part: BodyPart) -> None:
        """See `carrier.WorkerSide` (worker)."""
        self._put(part)

    def open_socket(self, command: OpenSocket) -> None:
        """See `carrier.WorkerSide` (worker)."""
        if self._put(command):
            self._sockets[command.id] = None
        else:
            self._take([SocketClosed(command.id, 1006, error=ABORTED, message="the network was stopped")])
            self._wake_soon()

    def use_socket(self, command: SocketSend | SocketClose | SocketConsumed) -> None:
        """See `carrier.WorkerSide` (worker)."""
        self._put(command)

    def tell(self, message: Saved) -> None:
        """See `carrier.WorkerSide` (worker)."""
        self._put(message)

    def open_file(self, request: OpenFile) -> None:
        """See `carrier.WorkerSide` (worker)."""
        self._put(request)

    def send(self, message: Reply | Notify | Output | AskService | CancelAsk) -> None:
        """See `carrier.WorkerSide` (worker).

        Raises:
            UsageError: it is too large to cross.
        """
        self._check_thread()
        if not self._closed and not self._network_gone:
            self._put(message)

    def receive(self) -> list[Event]:
        """See `carrier.WorkerSide` (worker)."""
        self._check_thread()
        taken, self._inbox = self._inbox, []
        self._woken = False
        return taken

    def set_wakeup(self, callback: Callable[[], object]) -> None:
        """See `carrier.WorkerSide` (worker)."""
        self._check_thread()
        self._worker_thread = threading.get_ident()
        self._wakeup = callback
        if self._poller is None:
            self._poller = asyncio.get_running_loop()
            self._stream.start(self._poller)
        self._wake()

    def close(self) -> None:
        """See `carrier.WorkerSide` (worker): what was sent goes out first, within `CLOSE_WAIT_S`."""
        if self._closed:
            return
        self._closed = True
        self._wakeup = None
        self._stream.flush()
        self._stream.wait_for_room(0, CLOSE_WAIT_S)
        self._stream.close()
        for event in self._inbox:
            drop(event)
        self._inbox = []

    def _put(self, command: Command) -> bool:
        self._check_thread()
        if self._closed:
            raise ClosedError("the handle is closed")
        if self._network_gone:
            return False
        parts, _ = codec.encode(command)
        self._stream.write(parts)
        if self._poller is None:
            return True  # set_wakeup flushes
        if self._stream.out_bytes > FULL_BYTES:
            self._stream.flush()
            self._blocked = True
            self._stream.wait_for_room(FULL_BYTES // 2)
            self._blocked = False
        if not self._flush_due:
            self._flush_due = True
            self._poller.call_soon(self._flush)
        return True

    def _flush(self) -> None:
        """Send what one turn of the worker made, in one go."""
        self._flush_due = False
        self._stream.flush()

    def _came(self, events: list[Event]) -> None:
        self._take(events)
        if self._blocked:
            self._wake_soon()
        else:
            self._wake()

    def _take(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, (Done, Failed)):
                self._running.pop(event.id, None)
            elif isinstance(event, SocketClosed):
                self._sockets.pop(event.id, None)
        self._inbox.extend(events)

    def _wake_soon(self) -> None:
        if self._poller is not None:  # else set_wakeup looks
            self._poller.call_soon(self._wake)

    def _wake(self) -> None:
        if self._wakeup is not None and self._inbox and not self._woken:
            self._woken = True
            self._wakeup()

    def _stream_ended(self, _: str) -> None:
        self._network_gone = True
        stopped = "the network was stopped"
        running, self._running = list(self._running), {}
        sockets, self._sockets = list(self._sockets), {}
        self._came(
            [
                *(Failed(number, ABORTED, stopped, _NO_TIMINGS) for number in running),
                *(SocketClosed(number, 1006, error=ABORTED, message=stopped) for number in sockets),
                Shutdown(),
            ]
        )

    def _check_thread(self) -> None:
        if self._worker_thread not in (0, threading.get_ident()):
            raise InternalError("the worker's side of a handle was used from another thread")


def _deliver_now(listener: Callable[[Reply | Notify | Output], None], message: Command) -> None:
    assert isinstance(message, (Reply, Notify, Output))
    try:
        listener(message)
    except Exception:
        # As in Network: the worker has gone on, and others must not suffer.
        _LOG.exception("a message was not taken")


def _are_messages(commands: list[Command]) -> bool:
    return all(isinstance(command, (Reply, Notify, Output)) for command in commands)


def socket_pair() -> tuple[socket.socket, socket.socket]:
    """Make the pair: Network's end and the worker's.

    Raises:
        UsageError: there are no descriptors left.
    """
    try:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    except OSError as error:
        raise UsageError(f"no socket for another worker: {error.strerror}") from error
    return ours, theirs
