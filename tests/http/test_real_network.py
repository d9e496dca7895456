from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from sanderling.base.errors import NetworkError
from sanderling.http.client import ClientOptions, HttpClient
from sanderling.http.request import Request
from sanderling.http.transport import HandleTransport
from sanderling.network.handle import Handle
from sanderling.network.messages import Shutdown
from sanderling.network.network import Network
from sanderling.testing.servers import refusing_port
from tests.http.contract import BIG, TransportContract
from tests.http.support import run


def head(status: str, length: int, *fields: str) -> bytes:
    lines = (f"HTTP/1.1 {status}", f"Content-Length: {length}", *fields, "", "")
    return "\r\n".join(lines).encode("latin-1")


async def read_body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding") != "chunked":
        return await reader.readexactly(int(headers.get("content-length", "0")))
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body


class Server:
    """The paths of the contract, and some of its own."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, dict[str, str]]] = []  # method, path, headers by lower-case name
        self._tasks: set[asyncio.Task[None]] = set()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while await self._one(reader, writer):
                await writer.drain()
        writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = lines[0].split(" ")
        fields = [line.partition(": ") for line in lines[1:] if line]
        headers = {name.lower(): value for name, _, value in fields}
        self.requests.append((method, path, headers))
        if "100-continue" in headers.get("expect", ""):
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await read_body(reader, headers)
        if path == "/hello":
            writer.write(head("200 OK", 5, "X-Hello: 1", "Set-Cookie: seen=1") + b"hello")
        elif path == "/missing":
            writer.write(head("404 Not Found", 4) + b"none")
        elif path == "/moved":
            writer.write(head("302 Found", 0, "Location: /hello", "Set-Cookie: hop=1"))
        elif path.startswith("/to?"):
            writer.write(head("302 Found", 0, f"Location: {path[4:]}"))
        elif path == "/big":
            writer.write(head("200 OK", len(BIG)) + BIG)
        elif path == "/echo":
            own = headers.get("x-own", "")
            writer.write(head("200 OK", len(body), f"X-Method: {method}", f"X-Own: {own}") + body)
        elif path == "/headless":
            await asyncio.Event().wait()
        elif path == "/endless":
            writer.write(head("200 OK", 10))
            await asyncio.Event().wait()
        elif path == "/broken":
            writer.write(head("200 OK", len(BIG)) + BIG[:100_000])
            await writer.drain()
            return False
        else:
            raise AssertionError(path)
        return True

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def real_network() -> AsyncIterator[HandleTransport]:
    """A running Network, and a transport on a Handle of it that the current loop drains."""
    loop = asyncio.get_running_loop()
    network = Network()
    network.start_thread()
    handle: Handle = network.new_handle()
    transport = HandleTransport(handle)

    def drain() -> None:
        for event in handle.receive():
            if not isinstance(event, Shutdown):
                transport.dispatch(event)

    def wake() -> None:
        loop.call_soon_threadsafe(drain)

    handle.set_wakeup(wake)
    try:
        yield transport
    finally:
        transport.close()
        handle.close()
        network.stop()


class TestReal(TransportContract):
    _refusing = 0  # a port where nobody listens

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[tuple[HandleTransport, str]]:
        handler = Server()
        server = await asyncio.start_server(handler.connected, "127.0.0.1", 0)
        try:
            with refusing_port() as self._refusing:
                async with real_network() as transport:
                    yield transport, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()
            await handler.close()

    def refusing_url(self) -> str:
        return f"http://127.0.0.1:{self._refusing}/"


def test_a_redirect_leads_nowhere_forbidden() -> None:
    async def work() -> None:
        handler = Server()
        server = await asyncio.start_server(handler.connected, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        try:
            async with real_network() as transport:
                client = HttpClient(transport, options=ClientOptions(block_cidrs=("127.0.0.2",)))
                hop = f"/to?http://127.0.0.2:{port}/hello"
                with pytest.raises(NetworkError) as raised:
                    await client.fetch(Request.navigation(f"http://127.0.0.1:{port}{hop}"))
                assert raised.value.code == "net::ERR_BLOCKED_BY_ADMINISTRATOR"
                await client.close()
        finally:
            server.close()
            await handler.close()
        assert [path for _, path, _ in handler.requests] == [hop]

    run(work())


def test_client_over_the_real_network() -> None:
    async def work() -> None:
        handler = Server()
        server = await asyncio.start_server(handler.connected, "127.0.0.1", 0)
        base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            async with real_network() as transport:
                client = HttpClient(transport, options=ClientOptions(user_agent="Test/1"))
                response = await client.fetch(Request.navigation(base + "/moved"))
                assert await response.read() == b"hello"
                assert response.url == base + "/hello"
                assert response.redirects == ((base + "/moved", 302),)
                assert response.http_version == "HTTP/1.1"
                assert response.remote_address == base.removeprefix("http://")
                posted = Request.script(base + "/echo", method="POST", body=b"a=1", client_url=base)
                assert await (await client.fetch(posted)).read() == b"a=1"
                empty = Request.navigation(base + "/echo", method="POST")
                assert await (await client.fetch(empty)).read() == b""
                await client.close()
        finally:
            server.close()
            await handler.close()
        first, second, third, fourth = (headers for _, _, headers in handler.requests)
        assert list(first) == [
            "host",
            "upgrade-insecure-requests",
            "user-agent",
            "accept",
            "sec-fetch-site",
            "sec-fetch-mode",
            "sec-fetch-user",
            "sec-fetch-dest",
            "accept-encoding",
            "accept-language",
            "connection",
        ]
        assert second["cookie"] == "hop=1"
        assert (third["origin"], third["cookie"], third["content-length"]) == (base, "hop=1; seen=1", "3")
        assert "content-type" not in third
        assert fourth["content-length"] == "0"

    run(work())


@pytest.mark.parametrize("streamed", [False, True])
def test_abandoning_a_page_frees_its_transfers(streamed: bool) -> None:
    async def work() -> None:
        handler = Server()
        server = await asyncio.start_server(handler.connected, "127.0.0.1", 0)
        base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            async with real_network() as transport:
                client = HttpClient(transport)

                async def whole() -> bytes:
                    if streamed:
                        request = Request.script(base + "/endless", client_url=base)
                    else:
                        request = Request.resource(base + "/endless", destination="image", client_url=base)
                    response = await client.fetch(request)
                    head_came.set()
                    return await response.read()

                head_came = asyncio.Event()
                task = asyncio.create_task(whole())
                await head_came.wait()
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                hello = await client.fetch(Request.script(base + "/hello", client_url=base))
                assert await hello.read() == b"hello"
                assert transport.running == 0
        finally:
            server.close()
            await handler.close()

    run(work())
