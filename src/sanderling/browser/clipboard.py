"""The clipboard of a context: what its pages have copied, kept in memory. The system's is never touched.

Thread: worker.
"""

from __future__ import annotations

from collections.abc import Sequence

from sanderling.base.errors import UsageError

MAX_BYTES = 64 * 1024 * 1024
"""Of one write: the clipboard outlives the page that filled it."""


class Clipboard:
    """One item of representations by MIME type, as https://w3c.github.io/clipboard-apis/#clipboard-item describes it."""

    def __init__(self) -> None:
        self._item: tuple[tuple[str, bytes], ...] = ()

    def read(self) -> tuple[tuple[str, bytes], ...]:
        """Give the types and their data; nothing while the clipboard is empty."""
        return self._item

    def write(self, representations: Sequence[tuple[str, bytes]]) -> None:
        """Replace the content.

        Raises:
            UsageError: it is larger than `MAX_BYTES`.
        """
        if sum(len(data) for _, data in representations) > MAX_BYTES:
            raise UsageError(f"the clipboard holds {MAX_BYTES} bytes at most")
        self._item = tuple(representations)
