"""The door between a worker and Network: the only object that both threads touch.

Two queues of plain data, commands one way and events the other, each with its own lock. A lock is held to append or to
swap a list, never longer, and nothing is called while it is held. A wake-up is sent for the first entry of a batch and
no more until the other side took the batch: coalesced, and never lost, for the flag changes under the queue's lock.

The worker's thread is the one that called `Handle.set_wakeup`; from then on its side refuses every other thread.

Thread: any; each method says which.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Sequence

from sanderling.base.errors import ClosedError, InternalError
from sanderling.network.files import Grants, drop
from sanderling.network.messages import (
    AskService,
    BodyPart,
    Cancel,
    CancelAsk,
    Command,
    Event,
    Failed,
    FileOpened,
    Notify,
    OpenFile,
    OpenSocket,
    Output,
    Reply,
    Resume,
    Saved,
    SocketClose,
    SocketClosed,
    SocketConsumed,
    SocketSend,
    Submit,
    Timings,
    TransferId,
)

ABORTED = "net::ERR_ABORTED"
_NO_TIMINGS = Timings()


class Handle:
    """One worker's door to Network. Made by `Network.new_handle`.

    Args:
        wake_network: called, on any thread, when there are commands and the last batch was taken; must not block.
    """

    def __init__(self, wake_network: Callable[[Handle], None]) -> None:
        self.grants = Grants()
        self._wake_network = wake_network
        self._ids = itertools.count(1)
        self._message_callback: Callable[[Reply | Notify | Output], None] | None = None
        self._closed_callback: Callable[[], None] | None = None
        self._worker_thread = 0  # identity of the worker's thread; 0 until set_wakeup

        self._commands_lock = threading.Lock()  # protects the four below
        self._commands: list[Command] = []
        self._network_woken = False  # a wake-up is under way for what is in _commands
        self._closed = False  # no more commands are accepted
        self._network_gone = False  # Network stopped: transfers fail at once

        self._inbox_lock = threading.Lock()  # protects the four below
        self._inbox: list[Event] = []
        self._wakeup: Callable[[], object] | None = None
        self._worker_woken = False  # a wake-up is under way for what is in _inbox
        self._deaf = False  # events are dropped, for nobody will take them

    # The worker's side.

    wakes_from_loop = False
    """See `carrier.WorkerSide`."""

    def next_id(self) -> TransferId:
        """Give an id for `Submit` that was never given before (any thread)."""
        return TransferId(next(self._ids))

    def submit(self, command: Submit) -> None:
        """Start a transfer: it gets exactly one `Done` or `Failed` (worker).

        Raises:
            ClosedError: the handle was closed.
        """
        if not self._put(command):
            self.push(Failed(command.id, ABORTED, "the network was stopped", _NO_TIMINGS))

    def cancel(self, transfer: TransferId) -> None:
        """End a transfer; silent when it is over already (worker)."""
        self._put(Cancel(transfer))

    def resume(self, transfer: TransferId, count: int) -> None:
        """Say that `count` bytes of a streamed body were used up (worker)."""
        self._put(Resume(transfer, count))

    def send_body(self, part: BodyPart) -> None:
        """Send a piece of a streamed request body (worker)."""
        self._put(part)

    def open_socket(self, command: OpenSocket) -> None:
        """Open a WebSocket: it gets exactly one `SocketClosed` (worker).

        Raises:
            ClosedError: the handle was closed.
        """
        if not self._put(command):
            self.push(SocketClosed(command.id, 1006, error=ABORTED, message="the network was stopped"))

    def use_socket(self, command: SocketSend | SocketClose | SocketConsumed) -> None:
        """See `carrier.WorkerSide` (worker)."""
        self._put(command)

    def tell(self, message: Saved) -> None:
        """See `carrier.WorkerSide` (worker)."""
        self._put(message)

    def open_file(self, request: OpenFile) -> None:
        """Ask for a file; `FileOpened` answers (worker)."""
        if not self._put(request):
            self.push(FileOpened(request.id, error="the network was stopped"))

    def send(self, message: Reply | Notify | Output | AskService | CancelAsk) -> None:
        """Send to the worker's main side; what comes after `close` is dropped, for nobody waits for it (worker)."""
        self._check_thread()
        with self._commands_lock:
            if self._closed or self._network_gone:
                return
        self._put(message)

    def receive(self) -> list[Event]:
        """Take everything that arrived, in order (worker)."""
        self._check_thread()
        fresh: list[Event] = []
        with self._inbox_lock:
            taken, self._inbox = self._inbox, fresh
            self._worker_woken = False
        return taken

    def set_wakeup(self, callback: Callable[[], object]) -> None:
        """Have `callback` called, on any thread, once for each batch of events; at once if there is one (worker).

        After it was called it is not called again before `receive`. It must not block.
        """
        self._check_thread()
        self._worker_thread = threading.get_ident()
        with self._inbox_lock:
            self._wakeup = callback
            wake = self._worker_woken = bool(self._inbox)
        if wake:
            callback()

    def close(self) -> None:
        """End this side: commands sent so far are obeyed, then its transfers are cancelled (any thread). Idempotent."""
        with self._inbox_lock:
            self._deaf = True
            self._wakeup = None
            left, self._inbox = self._inbox, []
        for event in left:
            drop(event)
        with self._commands_lock:
            if self._closed:
                return
            self._closed = True
            wake = not self._network_woken and not self._network_gone
            self._network_woken = True
        if wake:
            self._wake_network(self)

    def _put(self, command: Command) -> bool:
        self._check_thread()
        with self._commands_lock:
            if self._closed:
                raise ClosedError("the handle is closed")
            if self._network_gone:
                return False
            self._commands.append(command)
            wake = not self._network_woken
            self._network_woken = True
        if wake:
            self._wake_network(self)
        return True

    def _check_thread(self) -> None:
        if self._worker_thread not in (0, threading.get_ident()):
            raise InternalError("the worker's side of a handle was used from another thread")

    # The main side.

    def push(self, event: Event) -> None:
        """Queue an event for the worker; dropped when the handle is closed (any thread)."""
        self.push_all((event,))

    def push_all(self, events: Sequence[Event]) -> None:
        """Queue events for the worker, in order and under one lock (any thread)."""
        if not events:
            return
        with self._inbox_lock:
            deaf = self._deaf
            if not deaf:
                self._inbox.extend(events)
                callback = None if self._worker_woken else self._wakeup
                self._worker_woken = self._wakeup is not None
        if deaf:
            for event in events:
                drop(event)
            return
        if callback is None:
            return
        try:
            callback()
        except RuntimeError:
            # The worker's loop may have ended between the lock and the call: then close() came first.
            if not self._deaf:
                raise

    def on_message(self, callback: Callable[[Reply | Notify | Output], None]) -> None:
        """Have `callback` called with each `Reply`, `Notify` and `Output`, on Network's thread (any, before it starts)."""
        self._message_callback = callback

    def on_closed(self, callback: Callable[[], None]) -> None:
        """Have `callback` called once the worker closed its side and all it sent was obeyed (any, before it starts).

        It is called on Network's thread, and not when Network stops before.
        """
        self._closed_callback = callback

    def ended(self) -> None:
        """Say that everything the worker sent was obeyed and its transfers are over (Network's thread)."""
        if self._closed_callback is not None:
            self._closed_callback()

    def deliver(self, message: Reply | Notify | Output) -> None:
        """Hand a message of the worker to who asked for it with `on_message` (Network's thread).

        Raises:
            InternalError: nobody did.
        """
        if self._message_callback is None:
            raise InternalError("a worker sent a message and nobody listens")
        self._message_callback(message)

    def take_commands(self) -> list[Command]:
        """Take everything that the worker sent, in order (Network's thread)."""
        fresh: list[Command] = []
        with self._commands_lock:
            taken, self._commands = self._commands, fresh
            self._network_woken = self._closed  # a closed handle needs no more wake-ups
        return taken

    @property
    def closed(self) -> bool:
        """Whether the worker closed it (any thread)."""
        return self._closed

    def detach(self) -> list[Command]:
        """Say that Network has stopped: later transfers fail at once, by themselves (Network's thread).

        Returns:
            The commands that came too late; a `Submit` among them is still owed its outcome.
        """
        fresh: list[Command] = []
        with self._commands_lock:
            self._network_gone = True
            taken, self._commands = self._commands, fresh
        return taken
