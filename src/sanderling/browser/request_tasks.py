"""What is under way for one isolate: a task for each request, in the hand of the id that page code gave.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sanderling.browser.page import Page

_LOG = logging.getLogger("sanderling.browser.network")

OUTLIVE_S = 30.0
"""For how long a request with `keepalive` goes on after its document, as in Chromium: a server could let it last for ever."""


class RequestTasks:
    """The tasks of one isolate's document. They go with it, all but those of requests with `keepalive`."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._loop = asyncio.get_running_loop()
        self._tasks: dict[tuple[str, int], asyncio.Task[None]] = {}  # by the kind of id and the id page code gave
        # Tasks whose request outlives the document, until its response comes; with its number once it has one.
        self._keepalive: dict[asyncio.Task[None], int] = {}

    def start(
        self, kind: str, number: int, work: Coroutine[Any, Any, None], *, keepalive: bool = False
    ) -> asyncio.Task[None]:
        """Run `work` as something of the current document: it is canceled with it, unless it has `keepalive`."""
        task = self._loop.create_task(work)
        key = (kind, number)
        self._tasks[key] = task
        task.add_done_callback(lambda done: self._ended(key, done))
        if keepalive:
            self._keepalive[task] = 0
        return task

    def _ended(self, key: tuple[str, int], task: asyncio.Task[None]) -> None:
        if self._tasks.get(key) is task:
            del self._tasks[key]
        self._keepalive.pop(task, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            _LOG.error("request of a page failed internally", exc_info=error)

    def numbered(self, number: int) -> None:
        """Say which number the request of the current task has."""
        task = asyncio.current_task()
        if task in self._keepalive:
            self._keepalive[task] = number

    def outlived(self) -> bool:
        """The head for a request with `keepalive`, the current task's, came: say whether its document is gone."""
        task = asyncio.current_task()
        return task is None or self._keepalive.pop(task, None) is None

    def cancel(self, kind: str, number: int) -> None:
        """Cancel one, if it is still under way."""
        task = self._tasks.pop((kind, number), None)
        if task is not None:
            task.cancel()

    def cancel_all(self) -> list[tuple[str, int]]:
        """Cancel every one, with `keepalive` or not; give their kinds and ids."""
        canceled = list(self._tasks)
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()
        return canceled

    def abandon(self) -> None:
        """Cancel all but those with `keepalive` (Fetch, "terminate" of a fetch group); these have `OUTLIVE_S` left."""
        for task in self._tasks.values():
            number = self._keepalive.pop(task, None)
            if number is None:
                task.cancel()
            else:
                self._page.activity.request_ended(number)  # whatever document comes next does not wait for it
                self._outlive(task)
        self._tasks.clear()

    def _outlive(self, task: asyncio.Task[None]) -> None:
        self._page.context.outlive(task)
        end = self._loop.call_later(OUTLIVE_S, task.cancel)
        task.add_done_callback(lambda _: end.cancel())
