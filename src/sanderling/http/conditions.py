"""A network that is emulated: away, or with a latency and a throughput.

Strategy: a rate limit delays what is handed on, piece by piece, so that the average over the whole body is right; the
server's own pace comes on top. The end is told to watchers when the last piece would have come.

Thread: worker.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec

from sanderling.base.errors import NetworkError, SanderlingError
from sanderling.http.stages import Exchange, Proceed
from sanderling.http.transfer import DataCallback, DoneCallback, Transfer
from sanderling.network.messages import ResponseHead, Timings


class Conditions(msgspec.Struct, frozen=True, kw_only=True):
    """What a network is like."""

    offline: bool = False
    latency_s: float = 0.0
    """From the request to the head of the response, at least."""
    download_bytes_per_s: float = 0.0
    """0 for no limit."""
    upload_bytes_per_s: float = 0.0
    """0 for no limit."""


class ConditionsStage:
    """Applies the conditions that the watcher of a fetch names."""

    name = "conditions"

    async def run(self, exchange: Exchange, proceed: Proceed) -> Transfer:
        """See `Stage.run`.

        Raises:
            NetworkError: the network is away.
        """
        conditions = exchange.watch.conditions(exchange) if exchange.watch is not None else None
        if conditions is None:
            return await proceed(exchange)
        if conditions.offline:
            raise NetworkError("net::ERR_INTERNET_DISCONNECTED", "offline is emulated", url=exchange.outgoing.url)
        loop = asyncio.get_running_loop()
        began = loop.time()
        body = exchange.outgoing.body
        upload = (
            len(body) / conditions.upload_bytes_per_s
            if isinstance(body, bytes) and conditions.upload_bytes_per_s
            else 0.0
        )
        transfer = await proceed(exchange)
        try:
            await _until(began + conditions.latency_s + upload)
        except BaseException:
            transfer.cancel()
            raise
        if conditions.download_bytes_per_s:
            return SlowTransfer(transfer, conditions.download_bytes_per_s)
        return transfer


async def _until(moment: float) -> None:
    wait = moment - asyncio.get_running_loop().time()
    if wait > 0:
        await asyncio.sleep(wait)


class SlowTransfer:
    """A transfer whose body is handed on no faster than a rate.

    Args:
        inner: the real one.
        bytes_per_s: the rate.
    """

    def __init__(self, inner: Transfer, bytes_per_s: float) -> None:
        self._inner = inner
        self._rate = bytes_per_s
        self._loop = asyncio.get_running_loop()
        self._due = self._loop.time()  # when everything that came so far may have been handed on
        inner.when_data(self._came)

    def _came(self, data: bytes) -> None:
        self._due = max(self._due, self._loop.time()) + len(data) / self._rate

    @property
    def head(self) -> ResponseHead:
        """See `Transfer.head`."""
        return self._inner.head

    @property
    def encoded_bytes(self) -> int:
        """See `Transfer.encoded_bytes`."""
        return self._inner.encoded_bytes

    @property
    def timings(self) -> Timings:
        """See `Transfer.timings`."""
        return self._inner.timings

    async def read(self) -> bytes:
        """See `Transfer.read`."""
        body = await self._inner.read()
        await _until(self._due)
        return body

    async def chunks(self) -> AsyncIterator[bytes]:
        """See `Transfer.chunks`."""
        allowed = self._loop.time()
        async for piece in self._inner.chunks():
            allowed = max(allowed, self._loop.time()) + len(piece) / self._rate
            await _until(allowed)
            yield piece

    def when_done(self, callback: DoneCallback) -> None:
        """See `Transfer.when_done`."""

        def done(error: SanderlingError | None) -> None:
            wait = self._due - self._loop.time()
            if error is not None or wait <= 0:
                callback(error)
            else:
                self._loop.call_later(wait, callback, None)

        self._inner.when_done(done)

    def when_data(self, callback: DataCallback) -> None:
        """See `Transfer.when_data`."""
        self._inner.when_data(callback)

    def cancel(self) -> None:
        """See `Transfer.cancel`."""
        self._inner.cancel()

    def discard(self) -> None:
        """See `Transfer.discard`."""
        self._inner.discard()
