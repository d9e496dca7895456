"""The WebSocket of one client: bytes in, whole messages out; messages in, bytes out. No socket, no clock.

`websockets` has the protocol; here fragments become messages, and text is checked to be UTF-8. What nearly every message is, one text
frame that comes whole and is not packed, is read and written here at once: that costs less than half of the general way (measured).

Standards: RFC 6455, RFC 7692

Thread: any.
"""

from __future__ import annotations

import logging

from websockets.datastructures import Headers
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import OPEN
from websockets.server import ServerProtocol
from websockets.utils import apply_mask

from sanderling.server.http_exchange import HttpRequest

_LOG = logging.getLogger("sanderling.server.websocket")
_LOG.setLevel(logging.WARNING)  # the library tells of every connection at INFO

WHOLE_TEXT = 0x81
"""First byte of a text frame that is a whole message: FIN, no extension's bits, opcode 1 (RFC 6455, 5.2)."""

MASKED = 0x80

MAX_REASON_BYTES = 123
"""RFC 6455, 5.5: a control frame's payload is at most 125 bytes, of which the code takes two."""

_DEFLATE = ServerPerMessageDeflateFactory(
    # 4 KiB windows and little more: 1,000 idle clients must not cost 300 MB. Level 1: the loop has other things to do.
    server_max_window_bits=12,
    client_max_window_bits=12,
    compress_settings={"level": 1, "memLevel": 5},
)


def _head(size: int) -> bytes:
    """Begin an unmasked text frame (RFC 6455, 5.2)."""
    if size < 126:
        return bytes((WHOLE_TEXT, size))
    if size < 1 << 16:
        return b"\x81\x7e" + size.to_bytes(2, "big")
    return b"\x81\x7f" + size.to_bytes(8, "big")


class Frames:
    """One client's frames.

    Args:
        max_message_bytes: of a message, unpacked; a longer one ends the connection with 1009.
    """

    def __init__(self, max_message_bytes: int) -> None:
        # Open from the start: the handshake's bytes were read by somebody else.
        self._protocol = ServerProtocol(state=OPEN, max_size=max_message_bytes, extensions=[_DEFLATE], logger=_LOG)
        self._partial: bytearray | None = None  # of a message whose last fragment has not come
        self._broken = False  # by what only we look at
        self._max_message_bytes = max_message_bytes
        self._inside = 0  # bytes given to the protocol that are of no frame it has given back

    def accept(self, request: HttpRequest) -> tuple[bool, bytes]:
        """Judge a handshake.

        Returns:
            Whether it succeeded, and the bytes of the answer.
        """
        headers = Headers((name, value) for name, value in request.headers if name != "origin")  # judged elsewhere
        handshake = Request(request.path, headers, request.method, f"HTTP/{request.version}")
        response = self._protocol.accept(handshake)
        return response.status_code == 101, response.serialize()

    def receive(self, data: bytes) -> list[bytes]:
        """Take bytes of the client; give the messages that they complete. What is against the protocol starts the end."""
        messages: list[bytes] = []
        rest = self._receive_whole(data, messages)
        if not rest:
            return messages
        self._protocol.receive_data(rest)
        self._inside += len(rest)
        for event in self._protocol.events_received():
            if not isinstance(event, Frame):
                continue
            self._inside -= len(_head(len(event.data))) + 4 + len(event.data)
            if not self._broken:
                message = self._frame(event)
                if message is not None:
                    messages.append(message)
        return messages

    def _receive_whole(self, data: bytes, messages: list[bytes]) -> bytes:
        """Read the whole text frames that `data` begins with; gives what is left."""
        if self._inside or self._partial is not None or self._protocol.extensions:
            return data
        position, end = 0, len(data)
        while end - position >= 6 and data[position] == WHOLE_TEXT and data[position + 1] & MASKED and self.open:
            size = data[position + 1] & ~MASKED
            start = position + 2
            if size == 126:
                start += 2
                size = int.from_bytes(data[position + 2 : start], "big")
            elif size == 127:
                break  # seldom whole in one read
            mask, start = data[start : start + 4], start + 4
            if start + size > end or size > self._max_message_bytes:
                break
            position = start + size
            text = data[start:position]
            message = self._text(apply_mask(text, mask) if mask != b"\0\0\0\0" else text)
            if message is not None:
                messages.append(message)
        return data[position:]

    def _frame(self, frame: Frame) -> bytes | None:
        if frame.opcode is Opcode.BINARY:
            self._fail(CloseCode.UNSUPPORTED_DATA, "messages are text")
            return None
        if frame.opcode is Opcode.TEXT:
            if frame.fin:
                return self._text(bytes(frame.data))
            self._partial = bytearray(frame.data)
        elif frame.opcode is Opcode.CONT and self._partial is not None:
            self._partial += frame.data
            if frame.fin:
                whole, self._partial = bytes(self._partial), None
                return self._text(whole)
        return None

    def _text(self, data: bytes) -> bytes | None:
        if not data.isascii():
            try:
                data.decode()
            except UnicodeDecodeError:
                # RFC 6455, 8.1
                self._fail(CloseCode.INVALID_DATA, "the text is not UTF-8")
                return None
        return data

    def _fail(self, code: CloseCode, reason: str) -> None:
        self._broken = True
        self._partial = None
        if not self._protocol.eof_sent:
            self._protocol.fail(code, reason)

    def receive_eof(self) -> None:
        """Take the end of the client's stream."""
        self._protocol.receive_eof()

    def send(self, message: bytes) -> None:
        """Queue a text message; `open` must hold."""
        if self._protocol.extensions:
            self._protocol.send_text(message)
        else:
            self._protocol.writes.append(_head(len(message)) + message)

    def close(self, code: int, reason: str) -> None:
        """Queue a close frame, if none was sent or received."""
        if self.open:
            # Cut at a character's boundary.
            text = reason.encode()[:MAX_REASON_BYTES].decode(errors="ignore")
            self._protocol.send_close(code, text)

    def take_output(self) -> tuple[list[bytes], bool]:
        """Give what is to be sent, and whether our stream ends after it."""
        output = self._protocol.data_to_send()
        end = b"" in output
        return ([data for data in output if data] if end else output), end

    @property
    def open(self) -> bool:
        """Whether messages may be sent."""
        return self._protocol.state is OPEN and not self._protocol.eof_sent

    @property
    def failed(self) -> bool:
        """Whether nothing more will be read: the client closed, or broke the protocol."""
        return self._protocol.eof_sent
