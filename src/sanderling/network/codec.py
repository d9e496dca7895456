"""Messages as bytes: frames of MessagePack, with the large payload of a message beside it and uncopied.

A frame is a header (three little-endian numbers: length of the MessagePack part, length of the payload, count of descriptors), the
MessagePack part, and the payload. The payload is the one field of a message that can be large; below `INLINE_BYTES` it stays in the
MessagePack part. What comes from another process is decoded by type and never trusted: wrong tags, types and lengths are
`FrameError`, and nothing is unpickled.

Thread: any.
"""

from __future__ import annotations

import struct
from typing import Any, Generic, TypeVar

import msgspec

from sanderling.base.errors import UsageError
from sanderling.network.messages import (
    AskService,
    BodyChunk,
    BodyPart,
    Call,
    ClientMessage,
    Command,
    DescriptorMessage,
    Done,
    Event,
    Message,
    Notify,
    Output,
    Reply,
    ServiceAnswered,
    SocketMessage,
    SocketSend,
    Submit,
)

HEADER = struct.Struct("<IIB")

INLINE_BYTES = 8 * 1024
"""A copy of so many bytes costs less than another part of a frame."""

MAX_HEAD_BYTES = 32 * 1024 * 1024
"""The MessagePack part: response heads have at most 256 KiB, so this is far beyond what is sent."""

MAX_PAYLOAD_BYTES = 512 * 1024 * 1024
"""Chromium's limit for a CDP message is half of that."""

_PAYLOADS: dict[type[Message], str] = {
    Submit: "body",
    BodyPart: "data",
    Reply: "result",
    Notify: "body",
    Output: "data",
    BodyChunk: "data",
    Done: "body",
    Call: "params",
    ClientMessage: "data",
    SocketSend: "data",
    SocketMessage: "data",
    AskService: "body",
    ServiceAnswered: "body",
}

M = TypeVar("M")

_ENCODER = msgspec.msgpack.Encoder()


class FrameError(Exception):
    """The other side broke the format; it cannot be understood any more."""


def encode(message: Message) -> tuple[list[bytes], int]:
    """Make the parts of a frame, and the descriptor that goes with it or -1.

    Raises:
        UsageError: it is too large.
    """
    payload = b""
    field = _PAYLOADS.get(type(message))
    if field is not None:
        value: bytes | None = getattr(message, field)
        if value is not None and len(value) > INLINE_BYTES:
            payload = value
            message = msgspec.structs.replace(message, **{field: b""})
    descriptor = message.descriptor if isinstance(message, DescriptorMessage) else -1
    try:
        head = _ENCODER.encode(message)
    except UnicodeEncodeError:
        head = _ENCODER.encode(_without_surrogates(message))
    if len(head) > MAX_HEAD_BYTES or len(payload) > MAX_PAYLOAD_BYTES:
        raise UsageError(f"{type(message).__name__} of {len(head) + len(payload)} bytes is larger than what may cross")
    first = HEADER.pack(len(head), len(payload), descriptor >= 0) + head
    return ([first, payload] if payload else [first]), descriptor


def _without_surrogates(value: Any) -> Any:
    """Give the same with other characters for those that no encoding has: texts that quote a server may hold them, and must not keep a message from coming."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, msgspec.Struct):
        fields = {name: _without_surrogates(getattr(value, name)) for name in value.__struct_fields__}
        return msgspec.structs.replace(value, **fields)
    if isinstance(value, tuple):
        return tuple(_without_surrogates(item) for item in value)
    return value


class Decoder(Generic[M]):
    """Takes bytes as they come and gives messages.

    Args:
        decoder: of the union that may come.
    """

    def __init__(self, decoder: msgspec.msgpack.Decoder[M]) -> None:
        self._decoder = decoder
        self._buffer = bytearray()
        self._message: M | None = None  # its payload is being collected
        self._chunks: list[bytes] = []
        self._missing = 0  # bytes of that payload

    @property
    def missing(self) -> int:
        """How many bytes of a payload are still to come; 0 between payloads. Better read no more than these at once."""
        return self._missing

    @property
    def inside(self) -> bool:
        """Whether a frame has begun and not ended."""
        return bool(self._buffer) or self._message is not None

    def feed(self, data: bytes, descriptors: list[int] | None = None) -> list[M]:
        """Take bytes, and descriptors that came with or before them.

        Raises:
            FrameError: what came is no frame.
        """
        found: list[M] = []
        if self._message is not None and not self._buffer and len(data) <= self._missing:
            # The middle of a payload: kept as it is.
            self._chunks.append(data)
            self._missing -= len(data)
            self._finish(found)
            return found
        buffer = self._buffer
        buffer += data
        position = 0
        while True:
            if self._message is not None:
                part = bytes(buffer[position : position + self._missing])
                self._chunks.append(part)
                self._missing -= len(part)
                position += len(part)
                if not self._finish(found):
                    break
            if len(buffer) - position < HEADER.size:
                break
            head_length, payload_length, count = HEADER.unpack_from(buffer, position)
            if head_length > MAX_HEAD_BYTES or payload_length > MAX_PAYLOAD_BYTES or count > 1:
                raise FrameError(f"a frame of {head_length} and {payload_length} bytes")
            start = position + HEADER.size
            if len(buffer) - start < head_length:
                break
            message = self._decode(memoryview(buffer)[start : start + head_length], count, descriptors)
            position = start + head_length
            if payload_length:
                if type(message) not in _PAYLOADS:
                    raise FrameError(f"a payload with {type(message).__name__}")
                self._message = message
                self._missing = payload_length
            else:
                found.append(message)
        del buffer[:position]
        return found

    def _decode(self, head: memoryview, count: int, descriptors: list[int] | None) -> M:
        try:
            message = self._decoder.decode(head)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise FrameError(str(error)) from None
        finally:
            head.release()
        if isinstance(message, DescriptorMessage):
            if count and not descriptors:
                raise FrameError("a descriptor is missing")
            number = descriptors.pop(0) if count and descriptors else -1
            return msgspec.structs.replace(message, descriptor=number)  # the sender's number means nothing here
        if count:
            raise FrameError(f"a descriptor with {type(message).__name__}")
        return message

    def _finish(self, found: list[M]) -> bool:
        message = self._message
        if message is None or self._missing:
            return False
        payload = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        found.append(msgspec.structs.replace(message, **{_PAYLOADS[type(message)]: payload}))  # type: ignore[index, type-var]  # M is a union of messages
        self._message = None
        self._chunks = []
        return True


def command_decoder() -> Decoder[Command]:
    """What Network's side reads."""
    return Decoder(msgspec.msgpack.Decoder(Command))


def event_decoder() -> Decoder[Event]:
    """What a worker's side reads."""
    return Decoder(msgspec.msgpack.Decoder(Event))
