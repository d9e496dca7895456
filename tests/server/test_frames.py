"""Frames: what comes whole is read at once, everything else by the protocol, in any mixture."""

from __future__ import annotations

import pytest
from websockets.frames import Frame, Opcode
from websockets.protocol import CLIENT, OPEN, Protocol

from sanderling.server.frames import Frames

MASK = b"\x01\x02\x03\x04"


def frame(text: bytes, *, first: int = 0x81, mask: bytes = MASK) -> bytes:
    """Make a client's frame."""
    if len(text) < 126:
        size = bytes((0x80 | len(text),))
    elif len(text) < 1 << 16:
        size = b"\xfe" + len(text).to_bytes(2, "big")
    else:
        size = b"\xff" + len(text).to_bytes(8, "big")
    return bytes((first,)) + size + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(text))


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
def test_messages_of_every_size_come_and_go(size: int) -> None:
    frames = Frames(1 << 20)
    text = b"x" * size
    assert frames.receive(frame(text)) == [text]
    frames.send(text)
    client = Protocol(CLIENT, state=OPEN)
    client.receive_data(b"".join(frames.take_output()[0]))
    assert client.events_received() == [Frame(Opcode.TEXT, text)]


def test_any_cut_of_the_stream_gives_the_same_messages() -> None:
    stream = (
        frame(b"one")
        + frame(b"tw", first=0x01)
        + frame(b"ping", first=0x89)
        + frame(b"o", first=0x80)
        + frame(b"y" * 300)
        + frame(b"\xc3\xa4", mask=bytes(4))
    )
    expected = [b"one", b"two", b"y" * 300, b"\xc3\xa4"]
    for step in (1, 2, 3, 5, 7, 11, 64, len(stream)):
        frames = Frames(1000)
        got = [message for at in range(0, len(stream), step) for message in frames.receive(stream[at : at + step])]
        assert got == expected, step
        assert frames.take_output()[0] == [b"\x8a\x04ping"]


def test_a_whole_message_that_is_too_long_or_no_text_ends_the_connection() -> None:
    for data, code in ((frame(b"x" * 101), 1009), (frame(b"\xff"), 1007)):
        frames = Frames(100)
        assert frames.receive(data + frame(b"later")) == []
        assert frames.failed
        assert b"".join(frames.take_output()[0])[2:4] == code.to_bytes(2, "big")
