"""V8's own inspector of one isolate, for those that have one (`Engine.inspected`): breakpoints, coverage, profiles, heap snapshots.

https://chromedevtools.github.io/devtools-protocol/v8/

The engine has it listen on a socket, and serves a session while the isolate computes and while it is paused. What else the protocol has
(`Runtime`, above all) is ours, in `web/inspector/`.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from sanderling.base.errors import ClosedError, SanderlingError

_LOG = logging.getLogger("sanderling.js")

Json = Any
"""A JSON value as msgspec decodes it."""


MAX_COMMAND_BYTES = 64 << 20
"""What the engine reads: with a longer one it falls silent for good, and leaves the connection open."""


class InspectorError(SanderlingError):
    """V8 refused a command.

    Args:
        message: V8's words, which are Chromium's.
        code: JSON-RPC's.
        data: details, if any.
    """

    def __init__(self, message: str, code: int, data: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.data = data


class InspectorSession:
    """A session of V8's inspector. Made by `open_session`.

    Args:
        connection: to the isolate's socket.
        listener: takes the method and parameters of each event, in order.
        ended: called when it is over.
    """

    def __init__(
        self, connection: ClientConnection, listener: Callable[[str, Json], None], ended: Callable[[], None]
    ) -> None:
        self._connection = connection
        self._ended = ended
        self._listener = listener
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Json]] = {}  # by the numbers of commands
        self._reading = asyncio.get_running_loop().create_task(self._read())
        self._closing: asyncio.Task[None] | None = None

    @property
    def closed(self) -> bool:
        """Whether it is over."""
        return self._reading.done()

    async def call(self, method: str, params: Json = None) -> Json:
        """Run a command; they begin in the order of the calls.

        Raises:
            InspectorError: it was refused, or is too long.
            ClosedError: the session ended before its answer.
        """
        if self.closed:
            raise ClosedError("the document is gone")
        number = next(self._numbers)
        data = msgspec.json.encode({"id": number, "method": method, "params": params or {}})
        if len(data) > MAX_COMMAND_BYTES:
            raise InspectorError(f"V8's inspector takes commands of at most {MAX_COMMAND_BYTES >> 20} MiB", -32000)
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        try:
            await self._connection.send(data, text=True)
        except ConnectionClosed:
            raise ClosedError("the document is gone") from None
        return await future

    async def _read(self) -> None:
        try:
            while True:
                data = await self._connection.recv(decode=False)
                try:
                    self._received(msgspec.json.decode(data))
                except Exception:  # else nobody would let go on what it holds
                    _LOG.exception("what V8's inspector says was not understood: %.200s", data)
        except ConnectionClosed:
            return
        finally:
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(ClosedError("the document is gone"))
                    future.exception()  # who waited may be gone, too
            self._waiting.clear()
            self._ended()

    def _received(self, message: Json) -> None:
        number = message.get("id")
        if number is None:
            self._listener(message["method"], message.get("params", {}))
            return
        future = self._waiting.pop(number, None)
        if future is None or future.done():
            return
        error = message.get("error")
        if error is None:
            future.set_result(message.get("result", {}))
        else:
            future.set_exception(InspectorError(error["message"], error["code"], error.get("data", "")))

    def close(self) -> None:
        """End it: what it set is undone, and page code that it holds goes on. Idempotent."""
        if self._closing is None:
            # With a close frame: without one the engine notices only when it has something to say.
            self._closing = asyncio.get_running_loop().create_task(self._connection.close())


async def open_session(
    url: str, listener: Callable[[str, Json], None], ended: Callable[[], None] = lambda: None
) -> InspectorSession:
    """Open a session on the isolate whose inspector is at `url`.

    Args:
        url: of a WebSocket.
        listener: see `InspectorSession`.
        ended: the same.

    Raises:
        ClosedError: nothing listens there: the isolate is gone.
    """
    address = urlsplit(url)
    plain = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    plain.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(plain, (address.hostname or "", address.port or 0))
        connection = await connect(
            url,
            sock=plain,
            compression=None,
            max_size=None,
            max_queue=None,
            ping_interval=None,
            close_timeout=1,
            proxy=None,
        )
    except (OSError, WebSocketException):
        plain.close()
        raise ClosedError("the document is gone") from None
    except BaseException:
        plain.close()
        raise
    return InspectorSession(connection, listener, ended)
