"""Streams that clients read piece by piece (the IO domain): bodies of responses, whole or as they come.

Thread: worker.
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from sanderling.cdp.errors import CdpError

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

DEFAULT_BYTES = 1024 * 1024
"""Given at once where a client says nothing."""

_NUMBERS = itertools.count(1)


class Stream:
    """A body that is read in order, or at offsets as far as it came.

    Args:
        source: pieces that are still to come; None when `data` is all.
    """

    def __init__(self, data: bytes, source: AsyncIterator[bytes] | None = None) -> None:
        self._data = bytearray(data)
        self._start = 0  # offset of the first byte in `_data`: what was read of a live body is forgotten
        self._position = 0
        self._source = source

    async def read(self, size: int, offset: int | None) -> tuple[bytes, bool]:
        """Give the next bytes, and whether that is the end.

        Raises:
            CdpError: the offset is behind what was forgotten.
        """
        if offset is not None:
            if offset < self._start:
                raise CdpError("Cannot seek backwards in a response that is still coming")
            self._position = offset
        while self._source is not None and len(self._data) + self._start < self._position + 1:
            await self._more()
        begin = self._position - self._start
        piece = bytes(self._data[begin : begin + size])
        self._position += len(piece)
        if self._source is not None:
            forgotten = self._position - self._start
            del self._data[:forgotten]
            self._start = self._position
        return piece, not piece and self._source is None

    async def _more(self) -> None:
        assert self._source is not None
        try:
            self._data += await anext(self._source)
        except StopAsyncIteration:
            self._source = None


class Streams:
    """Those of one session."""

    def __init__(self) -> None:
        self._streams: dict[str, Stream] = {}

    def open(self, data: bytes, source: AsyncIterator[bytes] | None = None) -> str:
        """Make a stream; gives its handle."""
        handle = str(next(_NUMBERS))
        self._streams[handle] = Stream(data, source)
        return handle

    def find(self, handle: str) -> Stream:
        """Give the stream of a handle.

        Raises:
            CdpError: there is none.
        """
        stream = self._streams.get(handle)
        if stream is None:
            raise CdpError("Invalid stream handle", code=-32602)
        return stream

    def close(self, handle: str) -> None:
        """Forget a stream.

        Raises:
            CdpError: there is none.
        """
        self.find(handle)
        del self._streams[handle]

    def close_all(self) -> None:
        """Forget all streams."""
        self._streams.clear()


_OF_SESSIONS: weakref.WeakKeyDictionary[Session, Streams] = weakref.WeakKeyDictionary()


def streams_of(session: Session) -> Streams:
    """Give the streams of a session; they end with it."""
    streams = _OF_SESSIONS.get(session)
    if streams is None:
        streams = _OF_SESSIONS[session] = Streams()
        session.closers.append(streams.close_all)
    return streams
