"""The contract of a Handle, whatever carries it: a side for the worker and a side for Network.

Two carriers keep it: `handle.Handle` between threads, and `socket_carrier` between processes over a socket pair. Both pass one suite
of tests. What crosses is in `messages.py`: plain frozen data.

Thread: any; each method says which.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from sanderling.network.files import Grants
from sanderling.network.messages import (
    AskService,
    BodyPart,
    CancelAsk,
    Command,
    Event,
    Notify,
    OpenFile,
    OpenSocket,
    Output,
    Reply,
    Saved,
    SocketClose,
    SocketConsumed,
    SocketSend,
    Submit,
    TransferId,
)


class WorkerSide(Protocol):
    """What a worker has of a Handle."""

    @property
    def wakes_from_loop(self) -> bool:
        """Whether the wake-up is called by the worker's own loop, with nothing of the worker's under way (any thread)."""

    def next_id(self) -> TransferId:
        """Give an id for `Submit` that was never given before (any thread)."""

    def submit(self, command: Submit, /) -> None:
        """Start a transfer: it gets exactly one `Done` or `Failed` (worker).

        Raises:
            ClosedError: the handle was closed.
        """

    def cancel(self, transfer: TransferId, /) -> None:
        """End a transfer; silent when it is over already (worker)."""

    def resume(self, transfer: TransferId, count: int, /) -> None:
        """Say that `count` bytes of a streamed body were used up (worker)."""

    def send_body(self, part: BodyPart, /) -> None:
        """Send a piece of a streamed request body (worker)."""

    def open_socket(self, command: OpenSocket, /) -> None:
        """Open a WebSocket: it gets exactly one `SocketClosed` (worker).

        Raises:
            ClosedError: the handle was closed.
        """

    def use_socket(self, command: SocketSend | SocketClose | SocketConsumed, /) -> None:
        """Send on a WebSocket, close it, or say what was used up; silent when it is over (worker)."""

    def tell(self, message: Saved, /) -> None:
        """Have something counted (worker)."""

    def open_file(self, request: OpenFile, /) -> None:
        """Ask for a file; `FileOpened` answers (worker)."""

    def send(self, message: Reply | Notify | Output | AskService | CancelAsk, /) -> None:
        """Send to the worker's main side; what comes after `close` is dropped (worker)."""

    def receive(self) -> list[Event]:
        """Take everything that arrived, in order (worker)."""

    def set_wakeup(self, callback: Callable[[], object], /) -> None:
        """Have `callback` called once for each batch of events; at once if there is one (worker)."""

    def close(self) -> None:
        """End this side: commands sent so far are obeyed, then its transfers are cancelled (any thread). Idempotent."""


class NetworkSide(Protocol):
    """What Network has of a Handle."""

    grants: Grants
    """Files that the worker may have opened."""

    def push(self, event: Event, /) -> None:
        """Queue an event for the worker; dropped when the handle is closed (any thread)."""

    def push_all(self, events: Sequence[Event], /) -> None:
        """Queue events for the worker, in order (any thread)."""

    def on_message(self, callback: Callable[[Reply | Notify | Output], None], /) -> None:
        """Have `callback` called with each `Reply`, `Notify` and `Output`, on Network's thread (any, before it starts)."""

    def on_closed(self, callback: Callable[[], None], /) -> None:
        """Have `callback` called once the worker closed its side and all it sent was obeyed (any, before it starts)."""

    def deliver(self, message: Reply | Notify | Output, /) -> None:
        """Hand a message of the worker to who asked for it with `on_message` (Network's thread)."""

    def take_commands(self) -> list[Command]:
        """Take everything that the worker sent, in order (Network's thread)."""

    @property
    def closed(self) -> bool:
        """Whether the worker closed it, or died (any thread)."""

    def ended(self) -> None:
        """Say that everything the worker sent was obeyed and its transfers are over (Network's thread)."""

    def detach(self) -> list[Command]:
        """Say that Network has stopped: later transfers fail at once, by themselves (Network's thread).

        Returns:
            The commands that came too late; a `Submit` among them is still owed its outcome.
        """
