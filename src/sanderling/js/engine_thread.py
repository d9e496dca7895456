"""A worker's thread that begins with the engine: snapshot and first isolate are made while the rest of the program is still being imported.

Most of the start of a small program is imports, which need Python's lock; reading the snapshot and making an isolate hardly do, and take a
sixth of the time of a fetch. The engine's objects belong to the thread that made them, so the worker comes to this thread when it is there.

Thread: any; `_run` is the worker's.
"""

from __future__ import annotations

import concurrent.futures
import queue
import threading
from collections.abc import Callable

from sanderling.js.engine import Limits, Runtimes
from sanderling.js.snapshot import load_snapshot


class EngineThread:
    """The thread; it has begun when this is made, and ends with the work that it is given.

    Args:
        limits: of its isolates.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits
        self._ready: concurrent.futures.Future[None] = concurrent.futures.Future()
        self._work: queue.SimpleQueue[Callable[[Runtimes], None] | None] = (
            queue.SimpleQueue()
        )  # one item; None: nothing
        self._given = False
        self._thread = threading.Thread(target=self._run, name="sanderling-worker", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            runtimes = Runtimes(load_snapshot(), self._limits)
            runtimes.prepare()
        except BaseException as error:
            self._ready.set_exception(error)
            return
        self._ready.set_result(None)
        work = self._work.get()
        if work is None:
            runtimes.close()
        else:
            work(runtimes)

    def wait(self) -> None:
        """Wait until the engine is there (any thread).

        Raises:
            SourceError: a file of `web/` is wrong.
            InternalError: the snapshot cannot be built, or the process has another one.
        """
        self._ready.result()

    def give(self, work: Callable[[Runtimes], None]) -> None:
        """Have the thread do `work`, and then end (any thread; once)."""
        assert not self._given, "this thread has its work"
        self._given = True
        self._work.put(work)

    def join(self) -> None:
        """Wait until the thread has ended, after `give` or `abandon` (any other thread)."""
        self._thread.join()

    def abandon(self) -> None:
        """End the thread if it was given nothing to do (any other thread). Idempotent."""
        if not self._given:
            self._given = True
            self._work.put(None)
            self._thread.join()
