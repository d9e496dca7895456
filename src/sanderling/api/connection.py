"""Calls of the API to a worker: typed on the way out, errors back as exceptions, events by page.

Thread: any.
"""

from __future__ import annotations

import concurrent.futures
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from sanderling.app.grants import grant_recordings
from sanderling.app.runtime import Isolation, Runtime
from sanderling.base.errors import JavaScriptError
from sanderling.browser.commands import Fault, error_of
from sanderling.browser.hub import Crashed
from sanderling.browser.options import ContextOptions, DiskCache
from sanderling.network.messages import Notify
from sanderling.network.port import ReplyError

if TYPE_CHECKING:
    from sanderling.server.recordings import Recordings

T = TypeVar("T")


class Connection:
    """One worker and the runtime it runs in.

    Args:
        runtime: shared by every browser of the process.
        isolation: where the worker lives.
        cache: where responses are kept besides memory.

    Raises:
        UnsupportedError: a process was asked for, and none can be started here.
    """

    def __init__(self, runtime: Runtime, isolation: Isolation, cache: DiskCache | None = None) -> None:
        self._runtime = runtime
        self._listeners_lock = threading.Lock()  # protects _listeners
        self._listeners: dict[str, list[Callable[[dict[str, Any]], None]]] = {}  # by page
        self._recordings: dict[str, Recordings] = {}  # by context; of those that are recorded
        self._cache = cache
        if cache is not None:
            runtime.network.call_soon(lambda: runtime.network.hsts.keep_in(cache.folder))
        self._worker = runtime.start_worker(self._notified, on_died=self._died, isolation=isolation, cache=cache)

    def call(self, method: str, params: object) -> concurrent.futures.Future[bytes]:
        """Start a call; `result` reads its answer."""
        return self._worker.port.call(method, msgspec.json.encode(params))

    def grant(self, *, readable: Sequence[str] = (), writable: Sequence[str] = ()) -> None:
        """Let the worker have files opened, and folders to write to."""
        for path in readable:
            self._worker.grants.allow_reading(path)
        for folder in writable:
            self._worker.grants.allow_writing(folder)

    def prepare_context(self, options: ContextOptions, har: str) -> tuple[ContextOptions, Recordings | None]:
        """Have the files of a new context's recordings ready (it blocks).

        Raises:
            UsageError: one is unusable.
        """
        options, recordings = grant_recordings(self, options, har)
        if recordings is not None:
            options = msgspec.structs.replace(options, har_journal=recordings.journal(""))
        return options, recordings

    def context_made(self, context: str, recordings: Recordings | None) -> None:
        """The new context is there."""
        if recordings is not None:
            self._recordings[context] = recordings

    def context_closed(self, context: str) -> None:
        """A context is over: its recording is written (it blocks).

        Raises:
            UsageError: it cannot be.
        """
        recordings = self._recordings.pop(context, None)
        if recordings is not None:
            recordings.close()

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
        """End the worker, and write the recordings of its contexts. Idempotent; blocks until it is done.

        Raises:
            UsageError: a recording cannot be written.
        """
        self._worker.close_and_wait()
        if self._cache is not None:
            self._runtime.network.call_soon(self._runtime.network.hsts.save)
        for context in tuple(self._recordings):
            self.context_closed(context)
