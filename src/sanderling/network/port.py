"""The main side of a worker: calls with one answer each, and notifications.

A port sits beside the Handle's Network side. It knows ids and futures, not what the calls mean.

Thread: any for `call` and `notify`; replies are handed out on Network's thread.
"""

from __future__ import annotations

import concurrent.futures
import itertools
import threading
from collections.abc import Callable
from typing import Protocol

from sanderling.base.errors import SanderlingError
from sanderling.network.messages import Call, CancelCall, Event, Notify, Reply


class EventSink(Protocol):
    """Where a port puts events for its worker; callable from any thread."""

    def __call__(self, event: Event) -> None:
        """Queue `event` for the worker."""


class ReplyError(Exception):
    """The worker answered with a fault; `body` is its JSON."""

    def __init__(self, body: bytes) -> None:
        super().__init__(body)
        self.body = body


class Port:
    """Calls to one worker.

    Args:
        push: queues an event for the worker.
        on_notify: called with every notification, on Network's thread.
    """

    def __init__(self, push: EventSink, on_notify: Callable[[Notify], None]) -> None:
        self._push = push
        self._on_notify = on_notify
        self._ids = itertools.count(1)
        self._pending_lock = threading.Lock()  # protects _pending and _closed
        self._pending: dict[int, concurrent.futures.Future[bytes]] = {}
        self._closed: SanderlingError | None = None  # why no more calls are possible

    def call(self, method: str, params: bytes) -> concurrent.futures.Future[bytes]:
        """Ask the worker; the future gives the JSON of the result.

        Cancelling the future tells the worker. Raises through the future `ReplyError`, or what `close` was given when the worker ended first.
        """
        number = next(self._ids)
        future: concurrent.futures.Future[bytes] = concurrent.futures.Future()
        with self._pending_lock:
            if self._closed is not None:
                future.set_exception(_copy(self._closed))
                return future
            self._pending[number] = future
        future.add_done_callback(lambda done: self._forget(number, done))
        self._push(Call(number, method, params))
        return future

    def _forget(self, number: int, future: concurrent.futures.Future[bytes]) -> None:
        with self._pending_lock:
            known = self._pending.pop(number, None) is not None
            closed = self._closed is not None
        if known and future.cancelled() and not closed:
            self._push(CancelCall(number))

    def received(self, message: Reply | Notify) -> None:
        """Take what the worker sent (Network's thread)."""
        if isinstance(message, Notify):
            self._on_notify(message)
            return
        with self._pending_lock:
            future = self._pending.pop(message.id, None)
        if future is None or not future.set_running_or_notify_cancel():
            return
        if message.error:
            future.set_exception(ReplyError(message.error))
        else:
            future.set_result(message.result)

    def close(self, reason: SanderlingError) -> None:
        """Fail every pending call with `reason`, and every later one. Idempotent."""
        with self._pending_lock:
            if self._closed is not None:
                return
            self._closed = reason
            pending = list(self._pending.values())
            self._pending.clear()
        for future in pending:
            if future.set_running_or_notify_cancel():
                future.set_exception(_copy(reason))


def _copy(error: SanderlingError) -> SanderlingError:
    # Each caller raises its own: a traceback belongs to one of them.
    return type(error)(*error.args)
