"""The session history of a page: plain records of documents and the state entries within them (HTML, 7.4.1).

Thread: any.
"""

from __future__ import annotations

import itertools

import msgspec

_ENTRY_IDS = itertools.count(1)


class HistoryEntry(msgspec.Struct):
    """One entry of the session history. `document` numbers the loaded document, `entry` its own state entries."""

    url: str
    document: int
    entry: int = 0
    transition: str = "link"
    """CDP's `TransitionType`: how it came about."""
    id: int = msgspec.field(default_factory=lambda: next(_ENTRY_IDS))
    """Unique in the process: clients name entries by it."""


class SessionHistory:
    """The joint session history of a page: documents and the state entries within them."""

    def __init__(self) -> None:
        self.entries: list[HistoryEntry] = []
        self.index = -1

    def push(self, entry: HistoryEntry) -> None:
        """Add an entry after the current one; what came after it is gone."""
        del self.entries[self.index + 1 :]
        self.entries.append(entry)
        self.index += 1

    def replace(self, entry: HistoryEntry) -> None:
        """Put `entry` in place of the current one."""
        if self.index < 0:
            self.push(entry)
        else:
            self.entries[self.index] = entry

    def target(self, delta: int) -> int | None:
        """Give the index `delta` steps away, or None when there is no such entry."""
        index = self.index + delta
        return index if 0 <= index < len(self.entries) else None
