"""Frames over real sockets, right and wrong ones."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct

import aiohttp
import pytest
import websockets
from websockets.asyncio.client import connect

from sanderling.server.websocket import WebSocket
from sanderling.testing.lobby import FakeClient, FakeLobby
from tests.server.support import (
    BINARY,
    CLOSE,
    PING,
    PONG,
    TEXT,
    Raw,
    frame,
    handshake,
    pieces,
    run,
    run_stepping,
    serving,
    until,
)
from tests.stepping import SteppingLoop


def test_messages_go_both_ways() -> None:
    async def test() -> None:
        async with serving() as served, served.websocket() as raw:
            raw.write(frame(b'{"id":0}') + frame("grün".encode()))
            assert await raw.frame() == (TEXT, b'{"id":0}')
            assert await raw.frame() == (TEXT, "grün".encode())
            assert (served.counters.messages_in, served.counters.messages_out) == (2, 2)
            assert served.counters.bytes_in == 13

    run(test)


def test_a_frame_may_come_with_the_handshake() -> None:
    async def test() -> None:
        async with serving() as served, served.raw() as raw:
            raw.write(handshake() + frame(b"early"))
            assert (await raw.reply()).status == 101
            assert await raw.frame() == (TEXT, b"early")

    run(test)


def test_frames_may_come_byte_by_byte_and_in_fragments() -> None:
    async def test() -> None:
        async with serving() as served, served.websocket() as raw:
            data = (
                frame(b"one", fin=False)
                + frame(b"", PING)
                + frame(b"", 0, fin=False)
                + frame(b" two", 0)
                + frame(b"x" * 300)
            )
            for piece in pieces(data):
                raw.write(piece)
                await asyncio.sleep(0)
            assert await raw.frame() == (PONG, b"")
            assert await raw.frame() == (TEXT, b"one two")
            assert await raw.frame() == (TEXT, b"x" * 300)

    run(test)


def test_a_large_message_passes() -> None:
    async def test() -> None:
        async with serving() as served, connect(f"ws://127.0.0.1:{served.port}/", max_size=None) as client:
            message = "0123456789abcdef" * (1 << 19)  # 8 MiB
            await client.send(message)
            assert await client.recv() == message

    run(test)


BAD_FRAMES = {
    "unmasked": (frame(b"x", mask=None), 1002),
    "reserved bit": (frame(b"x", rsv=2), 1002),
    "unknown opcode": (frame(b"x", 3), 1002),
    "unknown control opcode": (frame(b"", 11), 1002),
    "continuation of nothing": (frame(b"x", 0), 1002),
    "a message within a message": (frame(b"x", fin=False) + frame(b"y"), 1002),
    "a ping in fragments": (frame(b"x", PING, fin=False), 1002),
    "a long ping": (frame(b"x" * 126, PING), 1002),
    "a close code that is none": (frame(struct.pack("!H", 1005), CLOSE), 1002),
    "half a close code": (frame(b"\x03", CLOSE), 1002),
    "a close reason that is no text": (frame(struct.pack("!H", 1000) + b"\xff", CLOSE), 1007),
    "text that is no UTF-8": (frame(b"a\xff"), 1007),
    "fragments that are no UTF-8": (frame(b"\xc3", fin=False) + frame(b"\x28", 0), 1007),
    "binary": (frame(b"{}", BINARY), 1003),
    "longer than allowed": (frame(b"")[:1] + b"\xff" + struct.pack("!Q", 1 << 40), 1009),
    "the longest": (frame(b"")[:1] + b"\xff" + b"\xff" * 8, 1009),
    "fragments longer than allowed": (frame(b"x" * 600, fin=False) + frame(b"x" * 600, 0), 1009),
}


@pytest.mark.parametrize("name", BAD_FRAMES)
@pytest.mark.parametrize("slowly", [False, True])
def test_what_breaks_the_protocol_ends_the_connection_by_its_code(name: str, slowly: bool) -> None:
    data, code = BAD_FRAMES[name]

    async def test() -> None:
        async with serving(max_message_bytes=1000) as served, served.websocket() as beside, served.websocket() as raw:
            for piece in pieces(data) if slowly else (data,):
                raw.write(piece)
                await asyncio.sleep(0)
            raw.write(frame(b"after that nothing is heard"))
            assert await raw.close_code() == code
            client = served.lobby.clients[1]
            await client.ended.wait()
            assert client.messages == []
            assert client.gone_count == 1
            beside.write(frame(b"the other one noticed nothing"))
            assert await beside.frame() == (TEXT, b"the other one noticed nothing")

    run(test)


def test_a_split_character_is_utf8() -> None:
    async def test() -> None:
        async with serving() as served, served.websocket() as raw:
            raw.write(frame(b"\xc3", fin=False) + frame(b"\xbc", 0))
            assert await raw.frame() == (TEXT, b"\xc3\xbc")

    run(test)


def test_random_bytes_harm_nobody() -> None:
    async def test() -> None:
        chance = random.Random(7)
        async with serving(close_timeout_s=0.2) as served, served.websocket() as beside:
            for _ in range(40):
                async with served.websocket() as raw:
                    raw.write(chance.randbytes(chance.randrange(1, 400)))
                    if chance.random() < 0.5:
                        raw.writer.write_eof()
            await until(lambda: served.server.registry.clients == 1)
            beside.write(frame(b"well"))
            assert await beside.frame() == (TEXT, b"well")
            assert [client.gone_count for client in served.lobby.clients] == [0] + [1] * 40

    run(test)


def test_pings_are_answered_while_the_hub_takes_no_messages() -> None:
    async def test() -> None:
        def hold(client: FakeClient, data: bytes) -> None:
            client.link.pause()

        async with serving(FakeLobby(hold)) as served, served.websocket() as raw:
            raw.write(frame(b"1") + frame(b"2") + frame(b"3") + frame(b"still there?", PING))
            assert await raw.frame() == (PONG, b"still there?")
            (client,) = served.lobby.clients
            assert client.messages == [b"1"]
            client.link.resume()
            await until(lambda: client.messages == [b"1", b"2"])
            client.link.resume()
            await until(lambda: client.messages == [b"1", b"2", b"3"])

    run(test)


def test_the_end_is_noticed_while_the_hub_takes_no_messages() -> None:
    async def test() -> None:
        def hold(client: FakeClient, data: bytes) -> None:
            client.link.pause()

        async with serving(FakeLobby(hold)) as served:
            async with served.websocket() as raw:
                raw.write(frame(b"1") + frame(b"2"))
                await until(lambda: bool(served.lobby.clients[0].messages))
            await served.lobby.clients[0].ended.wait()
            assert served.lobby.clients[0].messages == [b"1"]

    run(test)


def test_the_end_of_a_socket_that_is_not_read_is_noticed() -> None:
    async def test() -> None:
        def hold(client: FakeClient, data: bytes) -> None:
            client.link.pause()

        async with serving(FakeLobby(hold)) as served:
            message = frame(b"x" * (1 << 20))
            async with served.websocket() as raw:
                for _ in range(18):
                    raw.write(message)
                await until(lambda: served.counters.messages_in == 18)  # one was taken, and more than may be held
            await served.lobby.clients[0].ended.wait()
            assert served.counters.dropped == {"gone": 1}

    run(test)


def test_what_was_said_before_the_end_is_heard() -> None:
    async def test() -> None:
        async with serving() as served, served.websocket() as raw:
            raw.write(b"".join(frame(b"%d" % i) for i in range(500)) + frame(struct.pack("!H", 1000), CLOSE))
            (client,) = served.lobby.clients
            await client.ended.wait()
            assert client.messages == [b"%d" % i for i in range(500)]

    run(test)


def test_a_burst_of_one_client_delays_no_other() -> None:
    async def test() -> None:
        order: list[str] = []

        def note(client: FakeClient, data: bytes) -> None:
            order.append("other" if data == b"other" else "burst")

        async with serving(FakeLobby(note)) as served, served.websocket() as raw, served.websocket() as other:
            raw.write(b"".join(frame(b"%d" % i) for i in range(5_000)))
            other.write(frame(b"other"))
            await until(lambda: len(order) == 5_001)
            assert order.index("other") < 5_000

    run(test)


def test_our_close_waits_for_the_answer_but_not_for_ever() -> None:
    async def test() -> None:
        async with serving(close_timeout_s=60) as served:
            async with served.websocket() as polite:
                served.lobby.clients[0].link.close(4001, "enough")
                served.lobby.clients[0].link.close(4002, "again")
                assert await polite.frame() == (CLOSE, struct.pack("!H", 4001) + b"enough")
                polite.write(frame(struct.pack("!H", 4001), CLOSE))
                assert await polite.reader.read() == b""
            await served.lobby.clients[0].ended.wait()
            assert served.counters.dropped == {}
        async with serving(close_timeout_s=0.2) as served:
            async with served.websocket() as silent:
                served.lobby.clients[0].link.close(4001, "x" * 200)
                assert served.server.registry.clients == 0  # its place is free at once
                _, payload = await silent.frame()
                assert len(payload) == 125
                silent.write(frame(b"nobody listens"))
                with contextlib.suppress(ConnectionError):
                    assert await silent.reader.read() == b""
            await served.lobby.clients[0].ended.wait()
            assert served.lobby.clients[0].messages == []
            assert served.counters.dropped == {"close": 1}

    run(test)


def test_the_end_of_tcp_without_a_close_frame_is_normal(caplog: pytest.LogCaptureFixture) -> None:
    async def test() -> None:
        async with serving() as served:
            async with served.websocket() as fin:
                fin.writer.write_eof()
                await served.lobby.clients[0].ended.wait()
            async with served.websocket() as reset:
                sock = reset.writer.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                reset.writer.transport.abort()
                await served.lobby.clients[1].ended.wait()
            assert [client.gone_count for client in served.lobby.clients] == [1, 1]
            await until(lambda: served.server.registry.counts() == dict.fromkeys(served.server.registry.counts(), 0))

    run(test)
    assert caplog.records == []


async def _fill(raw: Raw, served_clients: list[FakeClient]) -> None:
    await until(lambda: bool(served_clients))
    raw.writer.transport.pause_reading()  # type: ignore[attr-defined]  # of a transport of asyncio's


def test_a_client_that_never_reads_is_dropped_and_costs_nobody_anything() -> None:
    async def test() -> None:
        async with (
            serving(max_unread_bytes=2_000_000) as served,
            served.websocket() as raw,
            served.websocket() as other,
        ):
            await _fill(raw, served.lobby.clients)
            client = served.lobby.clients[0]
            sent = 0
            while not client.ended.is_set():
                client.link.send(b"x" * 100_000)
                sent += 100_000
                await asyncio.sleep(0)
                assert sent < 100_000_000
            other.write(frame(b"well"))
            assert await other.frame() == (TEXT, b"well")
            assert served.counters.dropped == {"unread": 1}

    run(test)


def test_one_message_may_be_larger_than_what_may_wait() -> None:
    async def test() -> None:
        async with (
            serving(max_unread_bytes=1_000_000) as served,
            connect(f"ws://127.0.0.1:{served.port}/", max_size=None, compression=None) as client,
        ):
            await served.lobby.joined.wait()
            for _ in range(2):
                served.lobby.clients[0].link.send(b"x" * 20_000_000)
                served.lobby.clients[0].link.send(b"small")
                assert len(await client.recv()) == 20_000_000
                assert await client.recv() == "small"

    run(test)


def test_a_client_that_reads_nothing_is_paused_and_then_dropped() -> None:
    async def test() -> None:
        async with serving(unread_timeout_s=0.3) as served, served.websocket() as raw:
            await _fill(raw, served.lobby.clients)
            (client,) = served.lobby.clients
            client.link.send(b"x" * 20_000_000)
            await asyncio.sleep(0)
            raw.write(frame(b"not now"))
            await client.ended.wait()
            assert client.messages == []
            assert served.counters.dropped == {"stalled": 1}

    run(test)


def test_a_slow_reader_is_not_dropped() -> None:
    async def test(loop: SteppingLoop) -> None:
        async with serving(unread_timeout_s=3600) as served, served.websocket() as raw:
            (client,) = served.lobby.clients
            link = client.link
            assert isinstance(link, WebSocket)
            unread = link._carrier.unread_bytes
            link.send(b"x" * 8_000_000)
            await asyncio.sleep(0)
            left = 8_000_000 + 10  # the frame's head
            looks = 0
            while unread():
                before = unread()
                while unread() == before:
                    left -= len(await raw.reader.read(100_000))
                    await asyncio.sleep(0)
                loop.ahead_s += 3601  # so long did that take
                looks += 1
                await asyncio.sleep(0)
            assert looks >= 2
            assert served.counters.dropped == {}
            await raw.reader.readexactly(left)
            raw.write(frame(b"now"))
            assert await raw.frame() == (TEXT, b"now")

    run_stepping(test)


def test_ten_thousand_commands_without_reading() -> None:
    async def test() -> None:
        async with serving() as served, served.websocket() as raw:
            raw.write(b"".join(frame(b"%d" % i) for i in range(10_000)))
            await raw.writer.drain()
            for i in range(10_000):
                assert await raw.frame() == (TEXT, b"%d" % i)

    run(test)


def test_a_mistake_of_the_hub_ends_its_client_only(caplog: pytest.LogCaptureFixture) -> None:
    async def test() -> None:
        def fail(client: FakeClient, data: bytes) -> None:
            if data == b"bad":
                raise RuntimeError("a mistake")
            client.link.send(data)

        async with serving(FakeLobby(fail)) as served, served.websocket() as raw, served.websocket() as other:
            raw.write(frame(b"bad"))
            assert (await raw.frame())[1][:2] == struct.pack("!H", 1011)
            other.write(frame(b"well"))
            assert await other.frame() == (TEXT, b"well")

    run(test)
    assert [record.getMessage() for record in caplog.records] == ["a message could not be handled"]


def test_a_real_client_with_compression() -> None:
    async def test() -> None:
        async with serving() as served:
            async with connect(f"ws://127.0.0.1:{served.port}/devtools/browser") as client:
                assert client.protocol.extensions
                for text in ("", "a" * 100_000, "ü" * 1000):
                    await client.send(text)
                    assert await client.recv() == text
                await (await client.ping())
            await served.lobby.clients[0].ended.wait()
            assert served.counters.dropped == {}

    run(test)


def test_a_compressed_bomb_is_refused() -> None:
    async def test() -> None:
        async with serving(max_message_bytes=10_000) as served, connect(f"ws://127.0.0.1:{served.port}/") as client:
            await client.send("a" * 5_000_000)
            with pytest.raises(websockets.ConnectionClosedError, match="1009"):
                await client.recv()

    run(test)


def test_another_real_client() -> None:
    async def test() -> None:
        async with (
            serving() as served,
            aiohttp.ClientSession() as session,
            session.ws_connect(f"{served.http}/devtools/page/P0", compress=15) as client,
        ):
            await client.send_str("hello")
            assert (await client.receive_str()) == "hello"
            served.lobby.clients[0].link.close(1001, "bye")
            message = await client.receive()
            assert (message.type, client.close_code) == (aiohttp.WSMsgType.CLOSE, 1001)

    run(test)
