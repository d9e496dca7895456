"""What an agent has instead of an isolate while nobody needs one: the entries that its document begins with.

Most new pages are navigated before anybody looks at their blank document. An isolate for it would cost as much as one for a real document
(`bench shop`), so it is made when the first entry comes that needs it: then the document gets all it was given, in order, and sees no difference.

Thread: worker.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from sanderling.js.engine import Isolate

DEFERRED = frozenset(
    {
        "page.start",
        "document.load",
        "emulation.apply",
        "network.online",
        "network.trace",
        "permissions.changed",
        "dom.interceptFileChooser",
        "inspector.start",
        "inspector.standing",
        "inspector.bind",
        "inspector.releaseGroup",
    }
)
"""Entries that give nothing and run no page code: they may come as late as the first one that does."""


class Deferred(NamedTuple):
    """An entry that is still to come."""

    kind: str
    payload: str
    data: bytes | None


class Slumber:
    """Keeps the entries of an isolate that is not made yet.

    Args:
        awaken: gives the isolate, with everything that belongs to it set.
    """

    def __init__(self, awaken: Callable[[], Isolate]) -> None:
        self.awaken = awaken
        self.entries: deque[Deferred] = deque()

    def defers(self, kind: str) -> bool:
        """Whether nobody will notice that an entry of this kind runs later."""
        return kind in DEFERRED

    def add(self, kind: str, payload: str, data: bytes | None) -> None:
        """Keep an entry for later."""
        self.entries.append(Deferred(kind, payload, data))
