"""Sessions of V8's inspector, with a server in its place that says what a test wants."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest
from websockets.asyncio.server import ServerConnection, serve

from sanderling.base.errors import ClosedError, InternalError
from sanderling.js import engine
from sanderling.js.engine import Runtimes
from sanderling.js.inspector import MAX_COMMAND_BYTES, InspectorError, InspectorSession, open_session


def run(
    isolate: Callable[[ServerConnection], Awaitable[None]],
    test: Callable[[InspectorSession], Awaitable[None]],
    listener: Callable[[str, Any], None] = lambda method, params: None,
) -> list[str]:
    """Run a test with a session on `isolate`; gives "ended" when it was told that the session is over."""
    told: list[str] = []

    async def main() -> None:
        async with serve(isolate, "127.0.0.1", 0) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            over = asyncio.Event()

            def ended() -> None:
                told.append("ended")
                over.set()

            session = await open_session(f"ws://127.0.0.1:{port}/ws/1", listener, ended)
            await test(session)
            session.close()
            await over.wait()
            assert session.closed

    asyncio.run(main())
    return told


def event(method: str) -> str:
    return msgspec.json.encode({"method": method, "params": {}}).decode()


def test_a_listener_that_fails_does_not_end_the_session() -> None:
    async def isolate(connection: ServerConnection) -> None:
        async for message in connection:
            await connection.send(event("Debugger.first"))
            await connection.send(event("Debugger.second"))
            await connection.send(msgspec.json.encode({"id": msgspec.json.decode(message)["id"], "result": {"a": 1}}))

    heard: list[str] = []

    def listener(method: str, params: Any) -> None:
        heard.append(method)
        if method == "Debugger.first":
            raise KeyError("callFrames")

    async def test(session: InspectorSession) -> None:
        assert await session.call("Debugger.enable") == {"a": 1}
        assert heard == ["Debugger.first", "Debugger.second"]

    assert run(isolate, test, listener) == ["ended"]


def test_commands_fail_when_the_connection_breaks() -> None:
    async def isolate(connection: ServerConnection) -> None:
        await connection.recv()
        await connection.recv()
        connection.transport.abort()

    async def test(session: InspectorSession) -> None:
        both = [asyncio.ensure_future(session.call(name)) for name in ("Debugger.enable", "Debugger.pause")]
        for one in both:
            with pytest.raises(ClosedError):
                await one
        with pytest.raises(ClosedError):
            await session.call("Debugger.resume")

    assert run(isolate, test) == ["ended"]


def test_refusals_come_with_their_words() -> None:
    async def isolate(connection: ServerConnection) -> None:
        async for message in connection:
            number = msgspec.json.decode(message)["id"]
            await connection.send(msgspec.json.encode({"id": number, "error": {"code": -32000, "message": "Not now"}}))

    async def test(session: InspectorSession) -> None:
        with pytest.raises(InspectorError, match="Not now") as found:
            await session.call("Debugger.resume")
        assert found.value.code == -32000

    assert run(isolate, test) == ["ended"]


def test_a_command_that_the_engine_would_not_read_is_refused() -> None:
    async def isolate(connection: ServerConnection) -> None:
        async for message in connection:
            await connection.send(msgspec.json.encode({"id": msgspec.json.decode(message)["id"], "result": {}}))

    async def test(session: InspectorSession) -> None:
        with pytest.raises(InspectorError, match="at most 64 MiB"):
            await session.call("Debugger.setScriptSource", {"scriptSource": "a" * MAX_COMMAND_BYTES})
        assert await session.call("Debugger.enable") == {}, "the session goes on"

    assert run(isolate, test) == ["ended"]


def test_nothing_listens_where_an_isolate_was() -> None:
    async def test() -> None:
        async with serve(lambda _: asyncio.sleep(0), "127.0.0.1", 0) as server:
            port = next(iter(server.sockets)).getsockname()[1]
        with pytest.raises(ClosedError):
            await open_session(f"ws://127.0.0.1:{port}/ws/1", lambda method, params: None)

    asyncio.run(test())


def test_an_isolate_whose_port_is_taken_gets_another_one(blob: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_PORTS_TRIED", 3)
    runtimes = Runtimes(blob, inspected=True)
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        taken, free = one.getsockname()[1], other.getsockname()[1]
        other.close()
        runtimes._ports = iter([taken, free])
        made = runtimes.take()
        assert f":{free}/" in made.inspector_endpoints().websocket_url
        made.close()
        runtimes._ports = itertools.repeat(taken)
        with pytest.raises(InternalError, match="no free port"):
            runtimes.take()
    runtimes.close()


def test_who_is_no_inspector_is_none() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async def test() -> None:
        async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            with pytest.raises(ClosedError):
                await open_session(f"ws://127.0.0.1:{port}/ws/1", lambda method, params: None)

    asyncio.run(test())
