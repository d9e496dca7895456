"""Connections from accepting to their end: deadlines, limits, shutdown."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
import stat
import struct
import tracemalloc
from pathlib import Path

import pytest

from sanderling.base.errors import UsageError
from sanderling.server import listener
from sanderling.server.connection import Connection
from sanderling.server.options import ServeOptions
from sanderling.server.server import Server, dialable
from sanderling.testing.lobby import FakeLobby
from tests.server.support import (
    CLOSE,
    Raw,
    frame,
    handshake,
    pieces,
    request,
    run,
    run_stepping,
    serving,
    until,
)
from tests.stepping import SteppingLoop

HOUR_S = 3600
"""A deadline that is met by putting the clock forward, and by nothing else."""


async def _ends(raw: Raw) -> None:
    with contextlib.suppress(ConnectionError):
        while await raw.reader.read(1000):
            pass


def test_small_messages_leave_at_once_and_dead_peers_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    options: list[tuple[int, int]] = []
    before = Connection.connection_made

    def record(connection: Connection, transport: asyncio.BaseTransport) -> None:
        before(connection, transport)
        sock = transport.get_extra_info("socket")
        nodelay = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        options.append((nodelay, sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)))

    monkeypatch.setattr(Connection, "connection_made", record)

    async def test() -> None:
        async with serving() as served, served.raw() as raw:
            assert (await raw.get("/healthz")).status == 200

    run(test)
    # With Nagle's algorithm the second of two small messages waits for a delayed acknowledgement: 40 ms.
    assert options == [(1, 1)]


def test_a_silent_connection_ends_at_the_deadline() -> None:
    async def test(loop: SteppingLoop) -> None:
        async with serving(handshake_timeout_s=HOUR_S) as served, served.raw() as raw:
            await until(lambda: served.counters.connections == 1)
            end = asyncio.ensure_future(_ends(raw))
            loop.ahead_s += HOUR_S / 2
            async with served.raw() as other:  # timers that were due have run when this is over
                assert (await other.get("/healthz")).status == 200
            assert not end.done()
            assert served.counters.dropped == {}
            loop.ahead_s += HOUR_S / 2
            await end
            assert served.counters.dropped == {"handshake": 1}

    run_stepping(test)


@pytest.mark.parametrize("before", [b"", request("/healthz")])
def test_a_request_that_drips_ends_at_the_deadline(before: bytes) -> None:
    async def test(loop: SteppingLoop) -> None:
        async with serving(handshake_timeout_s=HOUR_S, idle_timeout_s=10 * HOUR_S) as served, served.raw() as raw:
            if before:
                raw.write(before)
                await raw.reply()
            sent = 0
            end = asyncio.ensure_future(_ends(raw))
            for piece in pieces(handshake()):
                if end.done():
                    break
                raw.write(piece)
                sent += 1
                async with served.raw() as other:  # the piece is there, and timers that were due have run
                    assert (await other.get("/healthz")).status == 200
                loop.ahead_s += HOUR_S / 4
            # The first byte may arrive with the clock as it was; from then on four steps are the deadline, whatever came meanwhile.
            assert 4 <= sent <= 6
            await end
            assert served.counters.dropped == {"handshake": 1}

    run_stepping(test)


def test_a_request_that_follows_another_has_a_deadline_too() -> None:
    async def test(loop: SteppingLoop) -> None:
        async with serving(handshake_timeout_s=HOUR_S, idle_timeout_s=10 * HOUR_S) as served, served.raw() as raw:
            raw.write(request("/healthz") + b"GET /health")
            assert (await raw.reply()).status == 200
            loop.ahead_s += HOUR_S
            await _ends(raw)
            assert served.counters.dropped == {"handshake": 1}

    run_stepping(test)


def test_an_idle_connection_is_ended_in_good_order() -> None:
    async def test(loop: SteppingLoop) -> None:
        async with serving(idle_timeout_s=HOUR_S) as served, served.raw() as raw:
            await raw.get("/healthz")
            loop.ahead_s += HOUR_S
            assert await raw.reader.read() == b""
            assert served.counters.dropped == {}

    run_stepping(test)


def test_a_client_that_does_not_read_its_answers_is_dropped() -> None:
    async def test() -> None:
        async with serving(unread_timeout_s=0.2) as served, served.raw() as raw:
            raw.writer.transport.pause_reading()  # type: ignore[attr-defined]  # of a transport of asyncio's
            await served.lobby.open_target("data:," + "x" * 200_000)
            raw.write(request("/json") * 1000)
            await until(lambda: served.counters.dropped == {"unread": 1})
            assert sum(served.counters.requests.values()) < 1000

    run(test)


def test_silent_connections_take_no_place() -> None:
    async def test() -> None:
        async with serving(max_clients=2, max_pending=8) as served, contextlib.AsyncExitStack() as stack:
            for _ in range(20):
                await stack.enter_async_context(served.raw())
            await until(lambda: served.counters.connections == 20)
            for _ in range(2):
                raw = await stack.enter_async_context(served.websocket())
                raw.write(frame(b"served"))
                assert (await raw.frame())[1] == b"served"
            assert served.server.registry.pending <= 8
            assert served.counters.dropped["pending"] >= 12

    run(test)


def test_of_pending_connections_the_idle_ones_go_first() -> None:
    async def test() -> None:
        async with serving(max_pending=2) as served, served.raw() as asking, served.raw() as idle:
            served.lobby.hold = asyncio.Event()
            asking.write(request("/json/new", method="PUT"))
            await idle.get("/healthz")
            async with served.raw() as third:
                assert (await third.get("/healthz")).status == 200
                await _ends(idle)
                served.lobby.hold.set()
                assert (await asking.reply()).status == 200

    run(test)


def test_a_place_is_free_as_soon_as_a_client_has_gone() -> None:
    async def test() -> None:
        async with serving(max_clients=1) as served:
            for _ in range(50):
                async with served.websocket() as raw:
                    raw.write(frame(struct.pack("!H", 1000), CLOSE))
                    assert await raw.close_code() == 1000
            assert served.counters.clients == 50
            assert served.counters.refused == {}

    run(test)


def test_shutdown_takes_leave_of_every_connection_as_its_phase_asks(caplog: pytest.LogCaptureFixture) -> None:
    async def test(loop: SteppingLoop) -> None:
        async with serving(close_timeout_s=HOUR_S) as served, contextlib.AsyncExitStack() as stack:
            silent, partial, idle, busy = [await stack.enter_async_context(served.raw()) for _ in range(4)]
            partial.write(b"GET /json/ver")
            await idle.get("/healthz")
            served.lobby.hold = asyncio.Event()
            busy.write(request("/json/new", method="PUT"))
            polite, rude, closing = [await stack.enter_async_context(served.websocket()) for _ in range(3)]
            served.lobby.clients[2].link.close(4000, "")
            assert await closing.frame() == (CLOSE, struct.pack("!H", 4000))
            await until(lambda: served.server.registry.counts()["http"] == 2)
            assert served.server.registry.counts() == {"accepting": 2, "http": 2, "upgraded": 2, "closing": 1}

            end = asyncio.ensure_future(served.server.close())
            for raw in (silent, partial, idle, busy):
                assert await raw.reader.read() == b""
                await raw.closed()
            assert (await polite.frame())[1][:2] == struct.pack("!H", 1001)
            polite.write(frame(struct.pack("!H", 1001), CLOSE))
            assert await polite.reader.read() == b""
            assert (await rude.frame())[1][:2] == struct.pack("!H", 1001)
            assert not end.done()
            loop.ahead_s += HOUR_S  # the rude one has had its time, and the one that was being closed before
            await end
            assert set(served.server.registry.counts().values()) == {0}
            assert [client.gone_count for client in served.lobby.clients] == [1, 1, 1]
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection("127.0.0.1", served.port)
            await served.server.close()  # again

    run_stepping(test)
    assert caplog.records == []


def test_running_out_of_descriptors_is_reported_once_and_passes(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [OSError(errno.EMFILE, "Too many open files") for _ in range(3)]

    class Poor(socket.socket):
        def accept(self) -> tuple[socket.socket, object]:
            if failures:
                raise failures.pop()
            return super().accept()

    monkeypatch.setattr(listener, "RETRY_S", 0.01)

    async def test() -> None:
        with socket.socket() as plain:
            plain.bind(("127.0.0.1", 0))
            plain.listen()
            plain.setblocking(False)
            poor = Poor(fileno=plain.detach())
        port = poor.getsockname()[1]
        accepted: list[socket.socket] = []
        ours = listener.Listener(poor, asyncio.get_running_loop(), accepted.append)
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        await until(lambda: bool(accepted))
        writer.close()
        await writer.wait_closed()
        accepted[0].close()
        ours.close()
        ours.close()

    run(test)
    assert [record.getMessage() for record in caplog.records] == [
        "no connections can be taken for now: Too many open files",
        "connections are taken again",
    ]


def test_a_unix_socket_is_its_owners_only(tmp_path: Path) -> None:
    path = tmp_path / "socket"

    async def test() -> None:
        async with serving(unix_socket=str(path)) as served:
            assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
            assert served.listening.webSocketDebuggerUrl == ""
            async with served.raw() as raw:
                assert (await raw.get("/json/version", host="localhost")).status == 200
            async with served.websocket() as raw:
                raw.write(frame(b"x"))
                assert (await raw.frame())[1] == b"x"
            with pytest.raises(UsageError, match="in use"):
                async with serving(unix_socket=str(path)):
                    pass
        assert not path.exists()
        # One that a dead server left is replaced; a file is not.
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(str(path))
        async with serving(unix_socket=str(path), port=0) as served, served.raw() as raw:
            assert served.port
            assert (await raw.get("/healthz")).status == 200
        path.write_text("precious")
        with pytest.raises(UsageError):
            async with serving(unix_socket=str(path)):
                pass
        assert path.read_text() == "precious"

    run(test)


def test_all_addresses_of_a_name_get_the_same_port() -> None:
    async def test() -> None:
        async with serving(host="localhost") as served, served.raw() as raw:
            assert served.port > 0
            assert (await raw.get("/healthz")).status == 200

    run(test)


def test_a_port_that_is_taken_is_said() -> None:
    async def test() -> None:
        async with serving() as served:
            with pytest.raises(UsageError, match=f"port {served.port}: Address already in use"):
                async with serving(port=served.port):
                    pass

    run(test)


def test_dialable() -> None:
    assert [dialable(host) for host in ("127.0.0.1", "0.0.0.0", "::", "::1")] == [
        "127.0.0.1",
        "127.0.0.1",
        "[::1]",
        "[::1]",
    ]


@pytest.mark.slow
def test_a_thousand_idle_clients_are_cheap() -> None:
    async def test() -> None:
        lobby = FakeLobby()
        server = Server(ServeOptions(port=0, max_clients=1000), lobby)
        port = server.start().port
        wanted = handshake(headers="Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n")

        async def connect() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2048)
            writer.write(wanted)
            assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
            return reader, writer

        clients = [await connect() for _ in range(10)]
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        clients += [await connect() for _ in range(990)]
        after, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert server.registry.clients == 1000
        # Both ends are in this process.
        assert (after - before) / 990 < 100_000
        for _, writer in clients:
            writer.close()
        await asyncio.gather(*(client.ended.wait() for client in lobby.clients))
        await server.close()

    run(test, 60)
