"""One transfer for several readers: who asked first and whoever asked for the same meanwhile.

The body is read ahead of its readers as far as it may be stored, for it is kept for the store anyway; beyond that, no faster than the
slowest of them reads. The transfer is canceled when nobody is left who wants it.

Thread: worker.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import TypeAlias

from sanderling.base.errors import NetworkError, SanderlingError, UsageError
from sanderling.http.transfer import DataCallback, DoneCallback, Transfer
from sanderling.network.messages import ResponseHead, Timings

OverCallback: TypeAlias = Callable[[SanderlingError | None, bool], None]
"""Gets what the body failed with, and whether it was whole and short enough to be stored."""


class SharedBody:
    """The body of one transfer.

    Args:
        inner: the transfer.
        streamed: its body comes in pieces, as they are read.
        limit: bytes that are kept for those who come later, and for the store.
        on_whole: gets the whole body, when it came and is not longer than `limit`.
    """

    def __init__(self, inner: Transfer, *, streamed: bool, limit: int, on_whole: Callable[[bytes], None]) -> None:
        self.inner = inner
        self.over = False
        self.error: SanderlingError | None = None
        self._over_callbacks: list[OverCallback] = []
        self._limit = limit
        self._on_whole = on_whole
        self._kept: list[bytes] | None = []  # all pieces so far; None when there were too many
        self._size = 0
        self._views: list[BodyView] = []
        self._drained = asyncio.Event()  # a view took something, or there is one less
        self._pump = asyncio.get_running_loop().create_task(self._read()) if streamed else None
        if not streamed:
            inner.when_data(self._came)
        inner.when_done(self._ended)

    def when_over(self, callback: OverCallback) -> None:
        """Call `callback` when the body is over, stored or not."""
        if self.over:
            callback(self.error, self.error is None and self._kept is not None)
        else:
            self._over_callbacks.append(callback)

    @property
    def joinable(self) -> bool:
        """Whether somebody who comes now can still have all of it."""
        return self._kept is not None and (not self.over or self.error is None)

    def view(self, head: ResponseHead, *, first: bool) -> BodyView:
        """Give it to a reader.

        Args:
            head: what the reader sees.
            first: the transfer was made for this one, who is told what it cost.
        """
        assert self._kept is not None
        view = BodyView(self, head, tuple(self._kept), first=first)
        if not self.over:
            self._views.append(view)
        return view

    def leave(self, view: BodyView) -> None:
        """A reader does not want the rest."""
        if view in self._views:
            self._views.remove(view)
            self._drained.set()
            if not self._views and not self.over:
                self.inner.cancel()

    def took(self) -> None:
        """A reader took something."""
        self._drained.set()

    async def _read(self) -> None:
        try:
            async for piece in self.inner.chunks():
                self._came(piece)
                while self._kept is None and self._views and any(view.waiting for view in self._views):
                    self._drained.clear()
                    await self._drained.wait()
        except SanderlingError:
            return  # `_ended` was told

    def _came(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._kept is not None:
            self._kept.append(piece)
            if self._size > self._limit:
                self._kept = None
        for view in tuple(self._views):
            view.came(piece)

    def _ended(self, error: SanderlingError | None) -> None:
        if self._pump is None or error is not None:
            self._finish(error)
        else:
            # Done can be told before the last pieces were taken off the transfer.
            self._pump.add_done_callback(lambda _: self._finish(None))

    def _finish(self, error: SanderlingError | None) -> None:
        if self.over:
            return
        self.over = True
        self.error = error
        if error is None and self._kept is not None:
            self._on_whole(b"".join(self._kept))
        views, self._views = self._views, []
        for view in views:
            view.ended(error)
        for callback in self._over_callbacks:
            callback(error, error is None and self._kept is not None)


class BodyView:
    """A reader's share of a `SharedBody`: a transfer of its own, as it looks (`http.transfer.Transfer`)."""

    def __init__(self, shared: SharedBody, head: ResponseHead, pieces: tuple[bytes, ...], *, first: bool) -> None:
        self._shared = shared
        self._head = head
        self._first = first
        self._waiting = deque(pieces)
        self._whole: bytes | None = None  # what `read` gave
        self._taken = False  # `chunks` began
        self._discarded = False
        self._over = shared.over
        self._error = shared.error
        self._changed = asyncio.Event()
        self._done_callbacks: list[DoneCallback] = []
        self._data_callbacks: list[DataCallback] = []

    # -- what the body says --------------------------------------------------------------------------------------

    @property
    def waiting(self) -> bool:
        """Whether it was given something that was not taken."""
        return bool(self._waiting)

    def came(self, piece: bytes) -> None:
        """A piece came."""
        for callback in self._data_callbacks:
            callback(piece)
        if self._discarded:
            self._stop_if_long()
        else:
            self._waiting.append(piece)
            self._changed.set()

    def _stop_if_long(self) -> None:
        if not self._shared.joinable:  # nor will it be stored
            self.cancel()

    def ended(self, error: SanderlingError | None) -> None:
        """Nothing more comes."""
        if self._over:
            return
        self._over = True
        self._error = error
        self._changed.set()
        callbacks, self._done_callbacks = self._done_callbacks, []
        for callback in callbacks:
            callback(error)

    # -- Transfer ------------------------------------------------------------------------------------------------

    @property
    def head(self) -> ResponseHead:
        """See `Transfer.head`."""
        return self._head

    @property
    def encoded_bytes(self) -> int:
        """See `Transfer.encoded_bytes`: the wire was used for the first reader only."""
        return self._shared.inner.encoded_bytes if self._first else 0

    @property
    def timings(self) -> Timings:
        """See `Transfer.timings`."""
        timings = self._shared.inner.timings
        if self._first:
            return timings
        return Timings(encoded_body_bytes=timings.encoded_body_bytes, decoded_body_bytes=timings.decoded_body_bytes)

    async def read(self) -> bytes:
        """See `Transfer.read`."""
        if self._whole is None:
            pieces = [piece async for piece in self.chunks()]
            self._whole = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        return self._whole

    async def chunks(self) -> AsyncIterator[bytes]:
        """See `Transfer.chunks`."""
        if self._whole is not None:
            if self._whole:
                yield self._whole
            return
        if self._taken:
            if self._error is not None:
                raise self._error
            raise UsageError("the body was taken before")
        self._taken = True
        complete = False
        try:
            while True:
                while self._waiting:
                    yield self._waiting.popleft()
                    self._shared.took()
                if self._over:
                    break
                self._changed.clear()
                await self._changed.wait()
            complete = True
        finally:
            if not complete:
                self.cancel()
        if self._error is not None:
            raise self._error

    def when_done(self, callback: DoneCallback) -> None:
        """See `Transfer.when_done`."""
        if self._over:
            callback(self._error)
        else:
            self._done_callbacks.append(callback)

    def when_data(self, callback: DataCallback) -> None:
        """See `Transfer.when_data`."""
        if self._whole is not None:
            callback(self._whole)
            return
        for piece in self._waiting:
            callback(piece)
        self._data_callbacks.append(callback)

    def cancel(self) -> None:
        """See `Transfer.cancel`: others go on reading."""
        if not self._over:
            self._waiting.clear()
            self.ended(NetworkError("net::ERR_ABORTED", "canceled", url=""))
            self._shared.leave(self)

    def discard(self) -> None:
        """See `Transfer.discard`: the body comes for the store."""
        self._discarded = True
        self._waiting.clear()
        self._shared.took()
        self._stop_if_long()
