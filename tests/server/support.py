"""What the server's tests share: a server with a fake lobby, and a client made of bytes."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sanderling.server.options import ServeOptions
from sanderling.server.server import Listening, Server
from sanderling.testing.lobby import FakeLobby
from tests.stepping import SteppingLoop

KEY = base64.b64encode(bytes(16)).decode()

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


@dataclass
class Reply:
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Raw:
    """A connection made of bytes."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    partial: list[Any] = field(default_factory=list)

    def write(self, data: bytes) -> None:
        self.writer.write(data)

    async def reply(self, *, head: bool = False) -> Reply:
        """Read one answer."""
        lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = (line.split(": ", 1) for line in lines[1:] if line)
        headers = {name.lower(): value for name, value in pairs}
        body = b"" if head else await self.reader.readexactly(int(headers.get("content-length", "0")))
        return Reply(int(lines[0].split(" ")[1]), headers, body)

    async def get(self, target: str, *, method: str = "GET", headers: str = "", host: str = "127.0.0.1") -> Reply:
        """Ask and read the answer."""
        self.write(request(target, method=method, headers=headers, host=host))
        return await self.reply(head=method == "HEAD")

    async def upgrade(self, target: str = "/", headers: str = "") -> Reply:
        """Ask for a WebSocket and read the answer."""
        self.write(handshake(target, headers))
        return await self.reply()

    async def frame(self) -> tuple[int, bytes]:
        """Read one frame: opcode and payload."""
        first, second = await self.reader.readexactly(2)
        length = second & 127
        if length == 126:
            (length,) = struct.unpack("!H", await self.reader.readexactly(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", await self.reader.readexactly(8))
        return first & 15, await self.reader.readexactly(length)

    async def close_code(self) -> int:
        """Read a close frame, and the end of the stream after it."""
        opcode, payload = await self.frame()
        assert opcode == CLOSE
        assert await self.reader.read() == b""
        return int.from_bytes(payload[:2], "big")

    async def closed(self) -> None:
        self.writer.close()
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()


def request(target: str, *, method: str = "GET", headers: str = "", host: str = "127.0.0.1") -> bytes:
    return f"{method} {target} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n".encode("latin-1")


def handshake(target: str = "/", headers: str = "") -> bytes:
    wanted = f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n"
    return request(target, headers=wanted + headers)


def frame(
    payload: bytes, opcode: int = TEXT, *, fin: bool = True, mask: bytes | None = b"\1\2\3\4", rsv: int = 0
) -> bytes:
    """Make a client's frame."""
    head = bytes([(128 if fin else 0) | rsv << 4 | opcode])
    flag = 0 if mask is None else 128
    if len(payload) < 126:
        head += bytes([flag | len(payload)])
    elif len(payload) < 1 << 16:
        head += bytes([flag | 126]) + struct.pack("!H", len(payload))
    else:
        head += bytes([flag | 127]) + struct.pack("!Q", len(payload))
    if mask is None:
        return head + payload
    return head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))


@dataclass
class Served:
    """A running server."""

    server: Server
    lobby: FakeLobby
    listening: Listening

    @property
    def port(self) -> int:
        return self.listening.port

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def counters(self) -> Any:
        return self.server.metrics.counters

    @contextlib.asynccontextmanager
    async def raw(self) -> AsyncIterator[Raw]:
        """Connect."""
        if self.port:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        else:
            reader, writer = await asyncio.open_unix_connection(self.listening.unixSocket)
        raw = Raw(reader, writer)
        try:
            yield raw
        finally:
            await raw.closed()

    @contextlib.asynccontextmanager
    async def websocket(self, target: str = "/") -> AsyncIterator[Raw]:
        """Connect and upgrade."""
        async with self.raw() as raw:
            assert (await raw.upgrade(target)).status == 101
            yield raw


@contextlib.asynccontextmanager
async def serving(lobby: FakeLobby | None = None, **options: Any) -> AsyncIterator[Served]:
    """Run a server."""
    behind = lobby or FakeLobby()
    if "unix_socket" not in options:
        options.setdefault("port", 0)
    server = Server(ServeOptions(**options), behind)
    listening = server.start()
    try:
        yield Served(server, behind, listening)
    finally:
        await server.close()


def run(test: Callable[[], Awaitable[None]], seconds: float = 60.0) -> None:
    """Run an asynchronous test."""

    async def bounded() -> None:
        async with asyncio.timeout(seconds):
            await test()

    asyncio.run(bounded())


def run_stepping(test: Callable[[SteppingLoop], Awaitable[None]]) -> None:
    """Run a test that puts the clock forward; deadlines of hours are then met by its steps and by nothing else."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, SteppingLoop)
        await test(loop)

    with asyncio.Runner(loop_factory=SteppingLoop) as runner:
        runner.run(main())


def pieces(data: bytes) -> Iterator[bytes]:
    """Give single bytes."""
    for index in range(len(data)):
        yield data[index : index + 1]


async def until(condition: Callable[[], bool]) -> None:
    """Turn the loop until `condition` holds."""
    while not condition():  # noqa: ASYNC110 - it is about plain counters and sockets
        await asyncio.sleep(0)
