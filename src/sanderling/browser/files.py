"""Files for a worker that may not open any itself: it asks Network's side, which opens what was granted.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable

from sanderling.base.errors import ClosedError
from sanderling.network.files import drop
from sanderling.network.messages import FileMode, FileOpened, OpenFile


class Files:
    """What a worker opens.

    Args:
        ask: sends the request.
    """

    def __init__(self, ask: Callable[[OpenFile], None]) -> None:
        self._ask = ask
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[int]] = {}
        self._closed = False

    async def open(self, path: str, mode: FileMode) -> int:
        """Open a file; the caller closes the descriptor.

        Args:
            path: absolute.
            mode: `write` makes it, or empties it; `list` is for folders.

        Raises:
            OSError: it was not granted, or cannot be opened; the text says why.
            ClosedError: the worker ends.
        """
        if self._closed:
            raise ClosedError("the browser was closed")
        number = next(self._ids)
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            self._ask(OpenFile(number, path, mode))
            return await answer
        finally:
            self._waiting.pop(number, None)

    def opened(self, event: FileOpened) -> None:
        """Take an answer."""
        waiting = self._waiting.pop(event.id, None)
        if waiting is None or waiting.done():
            drop(event)  # whoever asked no longer waits
        elif event.error:
            waiting.set_exception(OSError(event.error))
        else:
            waiting.set_result(event.descriptor)

    def close(self) -> None:
        """Fail everybody who waits. Idempotent."""
        self._closed = True
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ClosedError("the browser was closed"))
        self._waiting.clear()
