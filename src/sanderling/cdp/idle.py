"""When a document's network is quiet: Chromium's `networkAlmostIdle` (two requests or fewer for 500 ms) and `networkIdle` (none).

Thread: worker.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

QUIET_S = 0.5
_LIMITS = {"networkAlmostIdle": 2, "networkIdle": 0}


class IdleWatch:
    """Reports each kind of quiet once a document, not before its DOMContentLoaded.

    Args:
        loop: for the timers.
        report: called with the name.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, report: Callable[[str], None]) -> None:
        self._loop = loop
        self._report = report
        self._open: set[int] = set()  # requests under way
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._due: set[str] = set()  # not reported yet; empty before DOMContentLoaded

    def document_began(self) -> None:
        """A new document was committed, or this one is parsed anew."""
        self.stop()

    def content_loaded(self) -> None:
        """The document was parsed: quiet counts from now on."""
        self.stop()
        self._due = set(_LIMITS)
        self._look()

    def request_started(self, number: int) -> None:
        """A request went out."""
        self._open.add(number)
        self._look()

    def request_ended(self, number: int) -> None:
        """A request came to its end."""
        self._open.discard(number)
        self._look()

    def stop(self) -> None:
        """Report nothing more of this document."""
        self._due.clear()
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def _look(self) -> None:
        for name, limit in _LIMITS.items():
            if name not in self._due:
                continue
            quiet = len(self._open) <= limit
            timer = self._timers.get(name)
            if quiet and timer is None:
                self._timers[name] = self._loop.call_later(QUIET_S, self._ring, name)
            elif not quiet and timer is not None:
                timer.cancel()
                del self._timers[name]

    def _ring(self, name: str) -> None:
        self._timers.pop(name, None)
        self._due.discard(name)
        self._report(name)
