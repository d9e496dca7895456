"""A CDP client made of bytes on a blocking socket, which can do everything wrong.

Thread: any.
"""

from __future__ import annotations

import json
import socket
import struct
from types import TracebackType
from typing import Any

from tests.server.support import CLOSE, TEXT, frame, handshake

ANSWER_S = 60.0


class AnswerError(Exception):
    """An error answer."""

    def __init__(self, error: dict[str, Any]) -> None:
        """Keep what it says."""
        super().__init__(f"{error['code']}: {error['message']}")
        self.code: int = error["code"]


class Raw:
    """A connection."""

    def __init__(self, port: int) -> None:
        """Connect; nothing is said yet."""
        self.socket = socket.create_connection(("127.0.0.1", port), ANSWER_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = b""
        self._next = 0
        self.session = ""
        self.target = ""
        self.events: list[dict[str, Any]] = []

    def __enter__(self) -> Raw:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.socket.close()

    def reset(self) -> None:
        """End it without taking leave: TCP's RST instead of FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    # Bytes.

    def write(self, data: bytes, *, slowly: bool = False) -> None:
        """Send bytes; slowly: one a packet."""
        for piece in (data[i : i + 1] for i in range(len(data))) if slowly else (data,):
            self.socket.sendall(piece)

    def _more(self) -> None:
        data = self.socket.recv(1 << 16)
        if not data:
            raise ConnectionError("the server ended the connection")
        self._buffer += data

    def _take(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._more()
        data, self._buffer = self._buffer[:size], self._buffer[size:]
        return data

    def head(self) -> str:
        """Read the head of an HTTP answer; gives its status line."""
        while b"\r\n\r\n" not in self._buffer:
            self._more()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        return head.split(b"\r\n")[0].decode("latin-1")

    def frame(self) -> tuple[int, bytes]:
        """Read a frame: opcode and payload."""
        first, size = self._take(2)
        if size == 126:
            (size,) = struct.unpack("!H", self._take(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", self._take(8))
        return first & 15, self._take(size)

    def close_code(self) -> int:
        """Read up to the close frame, and the end of the stream after it."""
        while True:
            opcode, payload = self.frame()
            if opcode == CLOSE:
                break
        assert self._buffer == b""
        assert self.socket.recv(1) == b""
        return int.from_bytes(payload[:2], "big")

    # Messages.

    def upgrade(self, path: str = "/") -> None:
        """Become a WebSocket."""
        self.write(handshake(path))
        assert " 101 " in self.head()

    def message(self) -> dict[str, Any]:
        """Read a message."""
        opcode, payload = self.frame()
        assert opcode == TEXT, (opcode, payload)
        message: dict[str, Any] = json.loads(payload)
        return message

    def command(
        self, method: str, params: dict[str, Any] | None = None, session: str | None = None
    ) -> tuple[int, bytes]:
        """Make a command: its id and its frame."""
        self._next += 1
        body: dict[str, Any] = {"id": self._next, "method": method, "params": params or {}}
        session = self.session if session is None else session
        if session:
            body["sessionId"] = session
        return self._next, frame(json.dumps(body).encode())

    def send(self, method: str, params: dict[str, Any] | None = None, session: str | None = None) -> int:
        """Send a command; gives its id."""
        number, data = self.command(method, params, session)
        self.write(data)
        return number

    def answer(self, number: int) -> dict[str, Any]:
        """Read up to an answer; events before it are kept.

        Raises:
            AnswerError: it is an error.
        """
        while True:
            message = self.message()
            if message.get("id") == number:
                if "error" in message:
                    raise AnswerError(message["error"])
                result: dict[str, Any] = message["result"]
                return result
            self.events.append(message)

    def call(self, method: str, params: dict[str, Any] | None = None, session: str | None = None) -> dict[str, Any]:
        """Send a command and give its result."""
        return self.answer(self.send(method, params, session))

    def event(self, method: str) -> dict[str, Any]:
        """Read up to an event, unless it has come; gives its parameters."""
        for message in self.events:
            if message.get("method") == method:
                break
        else:
            while (message := self.message()).get("method") != method:
                self.events.append(message)
        params: dict[str, Any] = message["params"]
        return params

    def open_page(self) -> None:
        """Upgrade and make a page; commands are for it from now on."""
        self.upgrade()
        self.target = self.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        self.session = self.call("Target.attachToTarget", {"targetId": self.target, "flatten": True})["sessionId"]

    def evaluate(self, expression: str) -> Any:
        """Evaluate an expression in the page."""
        return self.call("Runtime.evaluate", {"expression": expression, "returnByValue": True})["result"].get("value")
