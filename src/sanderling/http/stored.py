"""Responses that no server sent: `data:`, `blob:`, `about:blank`, and what a stage of the client answers by itself.

Thread: worker.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from sanderling.http.transfer import DataCallback, DoneCallback
from sanderling.network.messages import HeaderList, ResponseHead, Timings, TransferId


class StoredTransfer:
    """A transfer that is over: head and body are here.

    Args:
        status: of the response.
        headers: of the response.
        body: decoded.
        reason: of the status line.
    """

    def __init__(self, status: int, headers: HeaderList, body: bytes, *, reason: str = "") -> None:
        self._head = ResponseHead(TransferId(0), status, reason, headers, "", "", 0, False)
        self._body = body

    @property
    def head(self) -> ResponseHead:
        """See `Transfer.head`."""
        return self._head

    @property
    def encoded_bytes(self) -> int:
        """Nothing came over the wire."""
        return 0

    @property
    def timings(self) -> Timings:
        """Nothing took time."""
        return Timings(encoded_body_bytes=len(self._body), decoded_body_bytes=len(self._body))

    async def read(self) -> bytes:
        """See `Transfer.read`."""
        return self._body

    async def chunks(self) -> AsyncIterator[bytes]:
        """See `Transfer.chunks`."""
        if self._body:
            yield self._body

    def when_done(self, callback: DoneCallback) -> None:
        """See `Transfer.when_done`."""
        callback(None)

    def when_data(self, callback: DataCallback) -> None:
        """See `Transfer.when_data`."""
        callback(self._body)

    def cancel(self) -> None:
        """It is over already."""

    def discard(self) -> None:
        """It is over already."""
