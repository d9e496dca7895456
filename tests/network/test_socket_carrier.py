"""What holds for the carrier between processes only: broken frames, bounds, and sockets that end in the middle."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import threading
from typing import Any

import msgspec
import pytest

from sanderling.network import codec, socket_carrier
from sanderling.network.codec import HEADER, Decoder, FrameError, command_decoder, encode, event_decoder
from sanderling.network.messages import (
    BodyChunk,
    Command,
    Done,
    Failed,
    FileOpened,
    Output,
    Reply,
    Shutdown,
    Submit,
    Timings,
    TransferId,
)
from sanderling.network.network import Network
from sanderling.network.socket_carrier import SocketNetworkSide, SocketWorkerSide, socket_pair
from tests.network.carriers import Pair
from tests.network.peers import WAIT_S, answer, serving

LARGE = os.urandom(300_000)

COMMANDS: list[Command] = [
    Reply(1, b"{}"),
    Submit(TransferId(1), "http://a.test/", body=LARGE),
    Output("s", b"x" * codec.INLINE_BYTES),
    Output("s", b"x" * (codec.INLINE_BYTES + 1)),
    Reply(2, LARGE, b"e"),
]


def frames(commands: list[Command]) -> bytes:
    return b"".join(part for command in commands for part in encode(command)[0])


@pytest.mark.parametrize("step", [1, 7, 4096, 65_536, 10**9])
def test_frames_may_come_in_any_pieces(step: int) -> None:
    data = frames(COMMANDS)
    decoder = command_decoder()
    found: list[Command] = []
    for start in range(0, len(data), step):
        found += decoder.feed(data[start : start + step])
    assert found == COMMANDS
    assert not decoder.inside


@pytest.mark.parametrize(
    "frame",
    [
        HEADER.pack(codec.MAX_HEAD_BYTES + 1, 0, 0),
        HEADER.pack(1, codec.MAX_PAYLOAD_BYTES + 1, 0),
        HEADER.pack(1, 0, 2) + b"\xc0",
        HEADER.pack(0, 0, 0),
        HEADER.pack(1, 0, 0) + b"\xc0",
        HEADER.pack(1, 0, 0) + b"\xc1",
        HEADER.pack(3, 0, 0) + msgspec.msgpack.encode(["x"]),
        HEADER.pack(4, 0, 0) + b"\x93\xa1x\xff",
        b"".join(encode(Shutdown())[0]),  # an event, not a command
        b"".join(encode(Done(TransferId(1), b"", 0, Timings()))[0]),
        b"\xff" * 64,
    ],
)
def test_what_is_no_command_is_refused(frame: bytes) -> None:
    with pytest.raises(FrameError):
        command_decoder().feed(frame)


def test_a_payload_or_a_descriptor_where_none_belongs_is_refused() -> None:
    head = msgspec.msgpack.encode(Shutdown())
    with pytest.raises(FrameError, match="payload"):
        event_decoder().feed(HEADER.pack(len(head), 5, 0) + head + b"12345")
    with pytest.raises(FrameError, match="descriptor with"):
        event_decoder().feed(HEADER.pack(len(head), 0, 1) + head, [0])
    head = msgspec.msgpack.encode(FileOpened(1, 3))
    with pytest.raises(FrameError, match="missing"):
        event_decoder().feed(HEADER.pack(len(head), 0, 1) + head, [])
    # A number that did not come with a descriptor is not one.
    assert event_decoder().feed(HEADER.pack(len(head), 0, 0) + head) == [FileOpened(1, -1)]


def test_random_damage_is_refused_or_read_as_other_commands() -> None:
    """Nothing but `FrameError` comes out, whatever a broken child sends."""
    chance = random.Random(4)
    data = frames([Reply(1, b"{}"), Submit(TransferId(1), "http://a.test/"), Output("s", b"x")])
    for _ in range(3000):
        damaged = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        decoder: Decoder[Any] = command_decoder()
        try:
            decoder.feed(bytes(damaged))
        except FrameError:
            continue


def test_a_child_that_breaks_the_format_is_at_its_end() -> None:
    pair = Pair("process")
    stream = pair.worker._stream._sock  # type: ignore[attr-defined]  # a child may write anything
    stream.send(b"".join(encode(Reply(1, b"{}"))[0]) + b"\xff" * 100)
    pair.settle()
    side = pair.network
    assert isinstance(side, SocketNetworkSide)
    taken = side.take_commands()
    assert taken in ([], [Reply(1, b"{}")])
    assert side.closed
    assert "broken frame" in side.end_reason
    pair.close()


def test_commands_wait_in_the_worker_while_network_does_not_obey_them() -> None:
    """Network's side holds a turn's worth and what the socket holds; the rest stays with who sent it."""
    pair = Pair("process")
    side, worker = pair.network, pair.worker
    assert isinstance(side, SocketNetworkSide)
    assert isinstance(worker, SocketWorkerSide)
    message = Output("session", b"x" * 4000)
    count = 4000
    for _ in range(count):
        worker.send(message)
    for _ in range(50):
        pair.settle()
    assert len(side._commands) < 4 * socket_carrier.TURN + 2 * 1024 * 1024 // 4000
    assert worker._stream.out_bytes > 8_000_000
    total = 0
    while total < count:
        taken = side.take_commands()
        assert len(taken) <= socket_carrier.TURN
        assert set(taken) == {message} or not taken
        total += len(taken)
        pair.settle()
    assert side.take_commands() == []
    pair.close()


def test_a_worker_that_does_not_read_gets_no_further() -> None:
    """While much waits for it its commands are not taken, and they are once it reads."""
    ours, theirs = socket_pair()
    loop = asyncio.new_event_loop()

    def call_soon(callback: Any) -> bool:
        loop.call_soon_threadsafe(callback)
        return True

    def turns() -> None:
        async def wait() -> None:
            for _ in range(20):
                await asyncio.sleep(0)

        loop.run_until_complete(wait())

    side = SocketNetworkSide(ours, lambda _: None, call_soon)
    side.start(loop)
    chunk = BodyChunk(TransferId(1), b"x" * 1_000_000)
    for _ in range(10):
        side.push(chunk)
    theirs.sendall(frames([Reply(1, b"{}")]))
    turns()
    assert side.take_commands() == []
    worker = SocketWorkerSide(theirs, loop)
    worker.set_wakeup(lambda: None)
    received = 0
    for _ in range(1000):
        turns()
        received += len(worker.receive())
        if received == 10:
            break
    assert received == 10
    turns()
    assert side.take_commands() == [Reply(1, b"{}")]
    worker.close()
    side.detach()
    loop.close()


def test_a_worker_that_says_too_much_waits_for_network_and_reads_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_carrier, "FULL_BYTES", 1_000_000)
    monkeypatch.setattr(socket_carrier, "HIGH_BYTES", 100_000)
    heard: list[bytes] = []
    network = Network()
    network.start_thread()
    ours, theirs = socket_pair()
    side = SocketNetworkSide(ours, network.wake, network.call_soon)
    side.on_message(lambda message: heard.append(message.data if isinstance(message, Output) else b""))
    ended = threading.Event()
    side.on_closed(ended.set)
    network.adopt(side)
    network.call_soon(side.start)
    events = 60
    got: list[object] = []

    def work() -> None:
        async def main() -> None:
            worker = SocketWorkerSide(theirs)
            worker.set_wakeup(lambda: None)
            for number in range(200):
                worker.send(Output("s", bytes([number]) * 100_000))
            while len(got) < events:
                got.extend(worker.receive())
                await asyncio.sleep(0)
            worker.close()

        asyncio.run(main())

    for _ in range(events):
        side.push(BodyChunk(TransferId(1), b"y" * 100_000))
    thread = threading.Thread(target=work)
    thread.start()
    thread.join(WAIT_S)
    assert not thread.is_alive()
    assert ended.wait(WAIT_S)
    network.stop()
    assert heard == [bytes([number]) * 100_000 for number in range(200)]
    assert len(got) == events


def test_the_end_of_network_fails_what_runs_in_the_worker() -> None:
    pair = Pair("process")
    pair.worker.set_wakeup(lambda: None)
    for number in (1, 2):
        pair.worker.submit(Submit(TransferId(number), "http://a.test/"))
    pair.settle()
    pair.network.take_commands()
    pair.network.push(Done(TransferId(1), b"", 0, Timings()))
    pair.network.detach()
    pair.settle()
    events = pair.worker.receive()
    assert [type(event) for event in events] == [Done, Failed, Shutdown]
    pair.close()


def test_transfers_of_a_child_that_dies_are_cancelled_on_the_wire() -> None:
    network = Network()
    network.start_thread()
    ours, theirs = socket_pair()
    side = SocketNetworkSide(ours, network.wake, network.call_soon)
    ended = threading.Event()
    side.on_closed(ended.set)
    network.adopt(side)
    network.call_soon(side.start)
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        theirs.sendall(frames([Submit(TransferId(1), url)]))
        server.settimeout(WAIT_S)
        connection, _ = server.accept()
        with connection:
            connection.settimeout(WAIT_S)
            assert connection.recv(4096).startswith(b"GET / ")
            theirs.close()
            assert connection.recv(4096) == b""
    assert ended.wait(WAIT_S)
    with serving(lambda _: answer(b"x")) as peer:
        other, far = socket_pair()
        next_side = SocketNetworkSide(other, network.wake, network.call_soon)
        network.adopt(next_side)
        network.call_soon(next_side.start)
        far.sendall(frames([Submit(TransferId(1), peer.url)]))
        decoder = event_decoder()
        far.settimeout(WAIT_S)
        events: list[object] = []
        while not any(isinstance(event, Done) for event in events):
            events += decoder.feed(far.recv(65_536))
        far.close()
    network.stop()


def test_texts_that_no_encoding_has_are_said_otherwise() -> None:
    sent = Failed(TransferId(1), "net::ERR_FAILED", "a\udc98b", Timings(total=0.0), ("\udc98", "x"))
    (got,) = event_decoder().feed(b"".join(encode(sent)[0]))
    assert got == Failed(TransferId(1), "net::ERR_FAILED", "a?b", Timings(total=0.0), ("?", "x"))


def test_messages_are_handed_on_at_once_unless_something_before_them_waits() -> None:
    pair = Pair("process")
    heard: list[object] = []
    pair.network.on_message(heard.append)
    pair.worker.send(Output("s", b"1"))
    pair.settle()
    assert (heard, pair.woken) == ([Output("s", b"1")], [])
    submit = Submit(TransferId(1), "http://a.test/")
    pair.worker.submit(submit)
    pair.settle()
    pair.worker.send(Output("s", b"2"))
    pair.settle()
    assert len(heard) == 1
    assert pair.network.take_commands() == [submit, Output("s", b"2")]
    for number in range(socket_carrier.AT_ONCE + 1):
        pair.worker.send(Reply(number, b"{}"))
    pair.settle()
    assert len(heard) == 1
    assert len(pair.network.take_commands()) == socket_carrier.AT_ONCE + 1
    pair.close()


def test_a_listener_that_fails_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    pair = Pair("process")
    heard: list[object] = []

    def listen(message: object) -> None:
        heard.append(message)
        raise ValueError("no")

    pair.network.on_message(listen)
    for _ in range(2):
        pair.worker.send(Reply(1, b"{}"))
    pair.settle()
    assert len(heard) == 2
    assert [record.getMessage() for record in caplog.records] == ["a message was not taken"] * 2
    caplog.clear()
    pair.close()


def test_the_wake_up_never_comes_in_the_middle_of_a_call() -> None:
    pair = Pair("process")
    within = False
    calls: list[bool] = []
    pair.worker.set_wakeup(lambda: calls.append(within))
    pair.network.detach()
    pair.settle()
    assert pair.worker.receive() == [Shutdown()]
    within = True
    pair.worker.submit(Submit(TransferId(1), "http://a.test/"))
    within = False
    pair.settle()
    [failed] = pair.worker.receive()
    assert isinstance(failed, Failed)
    assert calls == [False, False]
    pair.close()
