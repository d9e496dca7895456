"""Calls of the API to a worker: typed on the way out, errors back as exceptions, events by page.

Thread: any.
"""

from __future__ import annotations

import concurrent.futures
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from sanderling.app import Isolation, Runtime
from sanderling.base.errors import JavaScriptError
from sanderling.browser.commands import Fault, error_of
from sanderling.browser.hub import Crashed
from sanderling.network.messages import Notify
from sanderling.network.port import ReplyError

T = TypeVar("T")


class Connection:
    """One worker and the runtime it runs in.

    Args:
        runtime: shared by every browser of the process.
        isolation: where the worker lives.

    Raises:
        UnsupportedError: a process was asked for, and none can be started here.
    """

    def __init__(self, runtime: Runtime, isolation: Isolation) -> None:
        self._runtime = runtime
        self._listeners_lock = threading.Lock()  # protects _listeners
        self._listeners: dict[str, list[Callable[[dict[str, Any]], None]]] = {}  # by page
        self._worker = runtime.start_worker(self._notified, on_died=self._died, isolation=isolation)

    def call(self, method: str, params: object) -> concurrent.futures.Future[bytes]:
        """Start a call; `result` reads its answer."""
        return self._worker.port.call(method, msgspec.json.encode(params))

    @staticmethod
    def result(body: bytes, kind: type[T]) -> T:
        """Read an answer as `kind`."""
        return msgspec.json.decode(body, type=kind)

    @staticmethod
    def error(error: ReplyError) -> Exception:
        """Make the exception that the worker described."""
        made = error_of(msgspec.json.decode(error.body, type=Fault))
        if isinstance(made, JavaScriptError) and made.stack and made.message not in made.stack:
            made.stack = f"{made.name}: {made.message}\n{made.stack}"
        return made

    def listen(self, target: str, listener: Callable[[dict[str, Any]], None]) -> None:
        """Call `listener` with each event of a page, on Network's thread."""
        with self._listeners_lock:
            self._listeners.setdefault(target, []).append(listener)

    def forget(self, target: str) -> None:
        """No more events of that page."""
        with self._listeners_lock:
            self._listeners.pop(target, None)

    def _notified(self, message: Notify) -> None:
        with self._listeners_lock:
            listeners = tuple(self._listeners.get(message.target, ()))
        if not listeners:
            return
        event = msgspec.json.decode(message.body)
        for listener in listeners:
            listener(event)

    def _died(self, reason: str) -> None:
        with self._listeners_lock:
            targets = tuple(self._listeners.items())
        for page, listeners in targets:
            event = msgspec.to_builtins(Crashed(page=page, reason=reason))
            for listener in tuple(listeners):
                listener(event)

    def close(self) -> None:
        """End the worker. Idempotent; blocks until it is gone."""
        self._worker.close_and_wait()
