"""Long computations of the platform beside the worker's loop, so that neither it nor the page waits: a few daemon threads.

An executor of the library would not do: at the end of the loop or the process it waits for what is under way, which may take minutes.

Thread: worker; the functions run on threads of this module.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeAlias

_Job: TypeAlias = "tuple[Callable[[], Any], asyncio.Future[Any]]"

MAX_THREADS = 2
"""More would take the cores from pages."""

MAX_WAITING = 1000
"""A page that asks faster than is computed must not fill memory."""


class Background:
    """Runs functions of plain values, in the order asked for."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()  # None: a thread ends
        self._threads = 0
        self._unfinished = 0

    async def run(self, function: Callable[[], Any]) -> Any:
        """Give what `function` gives, computed on a thread.

        Raises:
            Exception: what it raised.
            OverflowError: too many wait already.
        """
        if self._unfinished >= MAX_WAITING:
            raise OverflowError(f"{self._unfinished} computations wait already")
        future: asyncio.Future[Any] = self._loop.create_future()
        self._jobs.put((function, future))
        self._unfinished += 1
        if self._threads < min(MAX_THREADS, self._unfinished):
            self._threads += 1
            name = f"sanderling-work{self._threads}"
            threading.Thread(target=self._work, name=name, daemon=True).start()
        try:
            return await future
        finally:
            self._unfinished -= 1

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            function, future = job
            if future.cancelled():
                continue
            result, error = None, None
            try:
                result = function()
            except Exception as raised:
                error = raised
            try:
                self._loop.call_soon_threadsafe(_settle, future, result, error)
            except RuntimeError:  # the loop is closed: nobody waits any more
                return

    def close(self) -> None:
        """Let the threads end once they have nothing to do. What is under way goes on, and nobody is told."""
        for _ in range(self._threads):
            self._jobs.put(None)


def _settle(future: asyncio.Future[Any], result: Any, error: Exception | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
