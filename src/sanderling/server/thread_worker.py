"""A worker in a thread of this process.

Thread: any; each method says which.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import Callable

from sanderling.base import errors
from sanderling.base.log import LOGGER
from sanderling.js.engine import Runtimes
from sanderling.js.engine_thread import EngineThread
from sanderling.network.files import Grants
from sanderling.network.handle import Handle
from sanderling.network.messages import ClientMessage, Notify, Output, Reply, Shutdown
from sanderling.network.network import Network
from sanderling.network.port import Port
from sanderling.server.uploads import grant_uploads
from sanderling.server.worker_start import WorkerStart, make_worker

JOIN_TIMEOUT_S = 10.0
"""How long closing waits for the thread; one that computes ends when its isolate is terminated."""

CLOSED = "the browser was closed"


class ThreadWorker:
    """A worker in a thread, seen from outside; a `links.WorkerLink`.

    Args:
        network: its door is made there.
        source: the startup snapshot; or the thread to use, which has it.
        start: its options.
        on_notify: called with its notifications, on Network's thread.
        on_output: called with what it says to CDP clients, on Network's thread.
        on_died: called with the reason when it ends by itself, on Network's thread.
    """

    def __init__(
        self,
        network: Network,
        source: bytes | EngineThread,
        start: WorkerStart,
        on_notify: Callable[[Notify], None],
        on_output: Callable[[Output], None] | None = None,
        on_died: Callable[[str], None] | None = None,
    ) -> None:
        self._handle: Handle = network.new_handle()
        self.port = Port(self._handle.push, on_notify)
        self._on_output = on_output
        self._on_died = on_died
        self._handle.on_message(self._received)
        self._handle.on_closed(self._closed)
        self._start = start
        self._ended: concurrent.futures.Future[None] = concurrent.futures.Future()
        self._closing = False
        self._thread: threading.Thread | EngineThread
        if isinstance(source, EngineThread):
            self._thread = source
            source.give(self._run)
        else:
            self._thread = threading.Thread(target=self._run, args=(source,), name="sanderling-worker", daemon=True)
            self._thread.start()

    def _received(self, message: Reply | Notify | Output) -> None:
        if not isinstance(message, Output):
            self.port.received(message)
        elif self._on_output is not None:
            self._on_output(message)

    def _run(self, source: bytes | Runtimes) -> None:
        reason = CLOSED
        try:
            make_worker(self._handle, source, self._start).run()
        except BaseException as error:
            LOGGER.exception("a worker failed")
            reason = f"the worker failed: {error}"
        finally:
            self._handle.close()
            self.port.close(errors.ClosedError(reason))
            self._ended.set_result(None)

    def _closed(self) -> None:
        if not self._closing and self._on_died is not None:
            self._on_died("the worker ended")

    @property
    def grants(self) -> Grants:
        """Files that it may have opened (any thread)."""
        return self._handle.grants

    def call(self, method: str, params: bytes) -> concurrent.futures.Future[bytes]:
        """See `links.WorkerLink` (any thread)."""
        return self.port.call(method, params)

    def message(self, session_id: str, data: bytes) -> None:
        """See `links.WorkerLink` (any thread)."""
        grant_uploads(self._handle.grants, data)
        self._handle.push(ClientMessage(session_id, data))

    def begin_close(self) -> None:
        """Tell it to end, and do not wait (any thread). Idempotent."""
        if not self._closing:
            self._closing = True
            self._handle.push(Shutdown())

    async def close(self) -> None:
        """End it, also while it computes (any loop). Idempotent.

        Raises:
            InternalError: the thread did not end.
        """
        self.begin_close()
        await asyncio.wait((asyncio.wrap_future(self._ended),), timeout=JOIN_TIMEOUT_S)
        self._check_ended()

    def close_and_wait(self) -> None:
        """The same, blocking (any thread but Network's). Idempotent.

        Raises:
            InternalError: the thread did not end.
        """
        self.begin_close()
        concurrent.futures.wait((self._ended,), JOIN_TIMEOUT_S)
        self._check_ended()

    def _check_ended(self) -> None:
        if not self._ended.done():
            raise errors.InternalError("a worker did not end in time")
        self._thread.join()  # it has nothing left to do
