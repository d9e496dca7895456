"""Transfers: one HTTP exchange each.

Every transfer has exactly one outcome: it ends well, or with one error; whoever asks later gets the same one again.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Callable
from typing import Protocol, TypeAlias

import msgspec

from sanderling.base.errors import ClosedError, InternalError, NetworkError, SanderlingError, UsageError
from sanderling.http.coded_body import CodedBody, coded_body
from sanderling.network.messages import (
    BodyPart,
    Done,
    Failed,
    HeaderList,
    OpenSocket,
    ResponseHead,
    Saved,
    SocketClose,
    SocketConsumed,
    SocketSend,
    Submit,
    Timings,
    TransferId,
    TransferOptions,
)

MAX_DISCARDED_BYTES = 64 * 1024
"""A body nobody wants (a redirect's) is read up to here, so that its connection can be used again."""

DECODED_WINDOW = 256 * 1024
"""Decoded bytes of a streamed body that wait to be read before no more are decoded; Network holds back by what is not decoded."""

DoneCallback: TypeAlias = Callable[[SanderlingError | None], None]
DataCallback: TypeAlias = Callable[[bytes], None]
RequestBody: TypeAlias = bytes | AsyncIterable[bytes] | None


class ProxyAuthError(NetworkError):
    """A proxy wants credentials before it opens a tunnel; `challenges` are its Proxy-Authenticate fields."""

    def __init__(self, code: str, message: str, *, url: str, challenges: tuple[str, ...]) -> None:
        super().__init__(code, message, url=url)
        self.challenges = challenges


class Door(Protocol):
    """The worker's side of a Handle, as far as transfers go."""

    def next_id(self) -> TransferId:
        """Give an id that no transfer had before."""

    def submit(self, submit: Submit, /) -> None:
        """Start a transfer."""

    def cancel(self, transfer: TransferId, /) -> None:
        """Cancel a transfer; silent when it is over."""

    def resume(self, transfer: TransferId, count: int, /) -> None:
        """Say that `count` bytes of a streamed body were used up."""

    def send_body(self, part: BodyPart, /) -> None:
        """Send a piece of a streamed request body."""

    def open_socket(self, command: OpenSocket, /) -> None:
        """Open a WebSocket."""

    def tell(self, message: Saved, /) -> None:
        """Have something counted."""

    def use_socket(self, command: SocketSend | SocketClose | SocketConsumed, /) -> None:
        """Send on a WebSocket, close it, or say what was used up; silent when it is over."""


DEFAULT_OPTIONS = TransferOptions()


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """What goes to the wire."""

    url: str  # serialised, without fragment and credentials
    method: str = "GET"
    headers: HeaderList = ()
    body: RequestBody = None
    options: TransferOptions = DEFAULT_OPTIONS


class Transfer(Protocol):
    """An exchange whose response head has come."""

    @property
    def head(self) -> ResponseHead:
        """The response head."""

    @property
    def encoded_bytes(self) -> int:
        """Bytes received on the wire, heads included; 0 until the transfer is over."""

    @property
    def timings(self) -> Timings:
        """When what happened; complete when the transfer is over."""

    async def read(self) -> bytes:
        """Give the whole body. May be called again.

        Raises:
            NetworkError: the transfer failed.
            UsageError: `chunks` took some of it.
        """

    def chunks(self) -> AsyncIterator[bytes]:
        """Give the body as it comes. The next piece is asked for when the previous one was used.

        Raises:
            NetworkError: the transfer failed.
        """

    def when_done(self, callback: DoneCallback) -> None:
        """Call `callback` when the transfer is over (at once if it is): with None, or what it failed with."""

    def when_data(self, callback: DataCallback) -> None:
        """Call `callback` with each piece of the body when it comes, whoever reads it; at once with what waits to be read."""

    def cancel(self) -> None:
        """End it with ``net::ERR_ABORTED``; silent when it is over."""

    def discard(self) -> None:
        """Nobody wants the body: let a short one come, cancel a long one."""


class HandleTransfer:
    """A transfer of `HandleTransport`."""

    def __init__(self, door: Door, number: TransferId, outgoing: Outgoing) -> None:
        self._door = door
        self._number = number
        self._url = outgoing.url
        self._options = outgoing.options
        self._streamed = outgoing.options.stream
        self._coded: CodedBody | None = None  # None where the body is what came, and before the head
        self._ahead = 0  # bytes that were decoded and not used
        self._ending = False  # nothing more comes, and some is not decoded yet
        self._outcome: SanderlingError | None = None  # then: how it ended
        self._head: ResponseHead | None = None
        self._waiting: deque[bytes] = deque()  # chunks that nobody took yet
        self._body: bytes | None = None  # whole, once it was read or came with Done
        self._waiters: list[asyncio.Future[None]] = []  # until something comes
        streams = not isinstance(outgoing.body, bytes | None)
        self._room = asyncio.Event() if streams else None  # the request body may go on; None where it is not streamed
        self._over = False
        self._canceled = False
        self._error: SanderlingError | None = None
        self._callbacks: list[DoneCallback] = []
        self._data_callbacks: list[DataCallback] = []
        self._taken = False  # chunks() began
        self._discarded: int | None = None  # bytes thrown away so far; None when the body is wanted
        self._encoded_bytes = 0
        self._timings = Timings()

    # -- what the Handle says ------------------------------------------------------------------------------------

    def head_came(self, head: ResponseHead) -> None:
        """The response head came."""
        if self._over:
            return
        if self._options.decompress:
            try:
                self._coded = coded_body(head.headers, self._options.max_body_bytes, self._url)
            except NetworkError as error:
                self._abort(error)
                return
        self._head = head
        self._tell()

    def chunk_came(self, data: bytes) -> None:
        """A piece of the body came."""
        if self._over:
            return  # canceled; what was under way is dropped
        if self._coded is not None and self._discarded is None:
            self._coded.add(data)
            self._decode(self._coded)
            return
        if self._coded is None:
            for callback in self._data_callbacks:
                callback(data)
        if self._discarded is not None:
            self._drop(len(data))
            return
        self._waiting.append(data)
        self._tell()

    def _decode(self, coded: CodedBody) -> None:
        """Decode what came, no further ahead of who reads than a window."""
        try:
            while self._ahead < DECODED_WINDOW and not self._over:
                piece, used = coded.next()
                if used and not self._ending:
                    self._resume(used)
                if not piece:
                    if self._ending:
                        self._count_decoded(coded)
                        self._finish(self._outcome)
                    return
                for callback in self._data_callbacks:
                    callback(piece)
                self._ahead += len(piece)
                self._waiting.append(piece)
                self._tell()
        except NetworkError as error:
            if not self._over:
                # As where a transfer breaks off: what could be decoded is given to who reads, then the error.
                with contextlib.suppress(ClosedError):
                    self._door.cancel(self._number)
                self._finish(error)

    def _count_decoded(self, coded: CodedBody) -> None:
        self._timings = msgspec.structs.replace(self._timings, decoded_body_bytes=coded.decoded_bytes)

    def body_wanted(self) -> None:
        """The request body may go on."""
        if self._room is not None:
            self._room.set()

    def over(self, event: Done | Failed) -> None:
        """The outcome came."""
        self._timings = event.timings
        if isinstance(event, Done):
            self._encoded_bytes = event.encoded_bytes
        if self._over:
            return  # canceled before; that was the outcome
        if isinstance(event, Failed):
            # What came before it broke off is given to who reads, as in browsers; then the error.
            self._outcome = _error_of(event, self._url)
            if self._coded is not None and self._streamed and self._discarded is None:
                self._ending = True
                self._decode(self._coded)
            else:
                self._finish(self._outcome)
            return
        if self._head is None:
            self.fail(InternalError("a transfer ended without a response head"))
            return
        body, coded = event.body, self._coded
        if coded is not None and self._discarded is None:
            if self._streamed:
                self._ending = True
                self._decode(coded)
                return
            try:
                body = coded.whole(body)
            except NetworkError as error:
                self._finish(error)
                return
            self._count_decoded(coded)
        if not self._streamed:
            self._body = body
            for callback in self._data_callbacks:
                callback(body)
        self._finish(None)

    def fail(self, error: SanderlingError) -> None:
        """End with `error`, unless it is over."""
        if not self._over:
            self._waiting.clear()
            self._finish(error)

    def _finish(self, error: SanderlingError | None) -> None:
        self._over = True
        self._error = error
        self._coded = None  # a decoder may hold megabytes, and responses are kept
        self._tell()
        callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback(error)

    # -- what users do -------------------------------------------------------------------------------------------

    @property
    def head(self) -> ResponseHead:
        """See `Transfer.head`."""
        assert self._head is not None
        return self._head

    @property
    def encoded_bytes(self) -> int:
        """See `Transfer.encoded_bytes`."""
        return self._encoded_bytes

    @property
    def timings(self) -> Timings:
        """See `Transfer.timings`."""
        return self._timings

    async def wait_for_head(self) -> None:
        """Wait until the head came; raises when the transfer failed before. A later failure is told to who reads."""
        while self._head is None and not self._over:
            await self._wait()
        if self._head is None and self._error is not None:
            raise self._error

    async def read(self) -> bytes:
        """See `Transfer.read`."""
        if self._body is not None:
            return self._body
        if not self._streamed:
            try:
                while not self._over:
                    await self._wait()
            except asyncio.CancelledError:
                self.cancel()
                raise
            return self._whole()
        pieces = [piece async for piece in self.chunks()]
        self._body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        return self._body

    def _whole(self) -> bytes:
        if self._error is not None:
            raise self._error
        assert self._body is not None
        return self._body

    async def chunks(self) -> AsyncIterator[bytes]:
        """See `Transfer.chunks`."""
        if not self._streamed or self._body is not None:
            body = await self.read()
            if body:
                yield body
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
                    piece = self._waiting.popleft()
                    yield piece
                    self._used(len(piece))
                if self._over:
                    break
                await self._wait()
            complete = True
        finally:
            if not complete:
                self.cancel()  # the reader stopped, or its task was canceled
        if self._error is not None:
            raise self._error

    async def upload(self, body: RequestBody) -> None:
        """Send a streamed request body, a piece whenever there is room."""
        assert body is not None
        assert not isinstance(body, bytes)
        room = self._room
        assert room is not None
        try:
            first = True
            async for piece in body:
                if not piece:
                    continue
                if not first:
                    await room.wait()
                first = False
                room.clear()
                if self._over:
                    return
                self._door.send_body(BodyPart(self._number, piece))
            if not first:
                await room.wait()
            if not self._over:
                self._door.send_body(BodyPart(self._number, b"", last=True))
        except SanderlingError as error:
            self._abort(error)
        except Exception as error:  # the body's producer may raise anything; its request fails with it
            self._abort(NetworkError("net::ERR_FAILED", f"the request body broke off: {error!r}", url=self._url))

    def when_done(self, callback: DoneCallback) -> None:
        """See `Transfer.when_done`."""
        if self._over:
            callback(self._error)
        else:
            self._callbacks.append(callback)

    def when_data(self, callback: DataCallback) -> None:
        """See `Transfer.when_data`."""
        if self._body is not None:
            callback(self._body)
            return
        for piece in self._waiting:
            callback(piece)
        self._data_callbacks.append(callback)

    def cancel(self) -> None:
        """See `Transfer.cancel`."""
        self._abort(NetworkError("net::ERR_ABORTED", "canceled", url=self._url))

    def _abort(self, error: SanderlingError) -> None:
        if not self._over:
            with contextlib.suppress(ClosedError):  # the Handle cancels what runs when it closes
                self._door.cancel(self._number)
            self.fail(error)

    def discard(self) -> None:
        """See `Transfer.discard`."""
        if self._over:
            return
        lengths = [value for name, value in self.head.headers if name.lower() == "content-length"]
        # A body that comes whole cannot be counted on its way.
        announced = (
            int(lengths[0])
            if lengths and lengths[0].isdecimal()
            else (0 if self._streamed else MAX_DISCARDED_BYTES + 1)
        )
        if announced > MAX_DISCARDED_BYTES:
            self.cancel()
            return
        self._discarded = 0
        if self._ending:
            self._finish(self._outcome)
            return
        pieces, self._waiting = self._waiting, deque()
        if self._coded is not None:
            self._drop(self._coded.drop())
            return
        for piece in pieces:
            self._drop(len(piece))

    def _used(self, count: int) -> None:
        if self._coded is None:
            self._resume(count)
        else:
            self._ahead -= count
            self._decode(self._coded)

    def _drop(self, count: int) -> None:
        if self._over or self._discarded is None:
            return
        self._discarded += count
        if self._discarded > MAX_DISCARDED_BYTES:
            self.cancel()
        else:
            self._resume(count)

    def _resume(self, count: int) -> None:
        if not self._over:
            with contextlib.suppress(ClosedError):
                self._door.resume(self._number, count)

    async def _wait(self) -> None:
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        await waiter

    def _tell(self) -> None:
        """Wake all who wait."""
        if self._waiters:
            waiters, self._waiters = self._waiters, []
            for waiter in waiters:
                if not waiter.done():  # else its task was canceled
                    waiter.set_result(None)


def _error_of(event: Failed, url: str) -> NetworkError:
    if event.code == "net::ERR_PROXY_AUTH_REQUESTED":
        return ProxyAuthError(event.code, event.message, url=url, challenges=event.proxy_challenges)
    error = NetworkError(event.code, event.message, url=url)
    error.request_head = event.request_head
    return error
