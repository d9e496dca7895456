"""The bodies of a page's responses, kept for tools that ask later, in bounded memory: the oldest go first.

Thread: worker.
"""

from __future__ import annotations

MAX_BYTES = 64 * 1024 * 1024
"""Of all bodies of a page; Chromium keeps 100 MB."""

MAX_BODY_BYTES = 20 * 1024 * 1024
"""Of one body; a longer one is not kept."""

MAX_BODIES = 2000


class BodyStore:
    """Bodies by the number of their request."""

    def __init__(self) -> None:
        self._bodies: dict[int, list[bytes] | None] = {}  # pieces as they came; None: it was evicted
        self._sizes: dict[int, int] = {}
        self._total = 0

    def open(self, number: int) -> None:
        """A response began."""
        self._bodies[number] = []
        self._sizes[number] = 0
        while len(self._bodies) > MAX_BODIES:
            oldest = next(iter(self._bodies))
            self._evict(oldest)
            del self._bodies[oldest]

    def append(self, number: int, data: bytes) -> None:
        """A piece came."""
        pieces = self._bodies.get(number)
        if pieces is None or not data:
            return
        pieces.append(data)
        self._sizes[number] += len(data)
        self._total += len(data)
        if self._sizes[number] > MAX_BODY_BYTES:
            self._evict(number)
        while self._total > MAX_BYTES:
            self._evict(next(one for one, kept in self._bodies.items() if kept))

    def _evict(self, number: int) -> None:
        self._total -= self._sizes.pop(number, 0)
        self._bodies[number] = None

    def get(self, number: int) -> bytes | None:
        """Give what came of a body so far; None when it was evicted.

        Raises:
            KeyError: there was no response of that number.
        """
        pieces = self._bodies[number]
        if pieces is None:
            return None
        if len(pieces) > 1:
            pieces[:] = [b"".join(pieces)]
        return pieces[0] if pieces else b""
