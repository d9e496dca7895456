"""`sanderling serve`, as its clients feel it: the first answer of a new client, and round trips. A server and sockets, all real."""

from __future__ import annotations

import itertools
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from types import TracebackType
from typing import Any

from bench.table import ms, show

FIRST_ANSWERS = 15
PAUSE_S = 0.4  # between two clients, in which the next worker is made
TRIPS = 1500
WAIT_S = 30.0
BUSY = "for (;;) { const end = Date.now() + 50; while (Date.now() < end) {} await new Promise((r) => setTimeout(r)) }"
"""A page that computes and lets its loop turn now and then, so that the time limit of scripts does not end it."""


class Client:
    """A CDP client on a bare socket: libraries' own threads and queues would be measured too."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), WAIT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = b""
        self._ids = itertools.count(1)
        self._session = ""
        self._socket.sendall(
            f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        while b"\r\n\r\n" not in self._buffer:
            self._more()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101"), head

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._socket.close()

    def _more(self) -> None:
        data = self._socket.recv(65536)
        if not data:
            raise ConnectionError("the server ended the connection")
        self._buffer += data

    def _take(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._more()
        data, self._buffer = self._buffer[:size], self._buffer[size:]
        return data

    def _receive(self) -> Any:
        size = self._take(2)[1]
        if size == 126:
            size = int.from_bytes(self._take(2), "big")
        elif size == 127:
            size = int.from_bytes(self._take(8), "big")
        return json.loads(self._take(size))

    def send(self, method: str, params: dict[str, Any]) -> int:
        """Send a command and give its id. The mask is zero (RFC 6455, 5.3): this client needs no secret."""
        number = next(self._ids)
        message: dict[str, Any] = {"id": number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        text = json.dumps(message).encode()
        size = bytes((0x80 | len(text),)) if len(text) < 126 else b"\xfe" + len(text).to_bytes(2, "big")
        self._socket.sendall(b"\x81" + size + b"\0\0\0\0" + text)
        return number

    def call(self, method: str, params: dict[str, Any]) -> Any:
        """Send a command and give its result; events are dropped."""
        number = self.send(method, params)
        while True:
            answer = self._receive()
            if answer.get("id") == number:
                return answer["result"]

    def open_page(self) -> None:
        """Make a page; commands are for it from now on."""
        target = self.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        self._session = self.call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]

    def evaluate(self, expression: str) -> Any:
        """Evaluate an expression in the page."""
        return self.call("Runtime.evaluate", {"expression": expression})["result"].get("value")


def _first_answer(port: int) -> float:
    begun = time.perf_counter()
    with Client(port) as client:
        client.open_page()
        assert client.evaluate("1") == 1
        return time.perf_counter() - begun


def _trips(client: Client) -> list[float]:
    times = []
    for _ in range(TRIPS):
        begun = time.perf_counter()
        client.evaluate("1")
        times.append(time.perf_counter() - begun)
    return times


def _summary(times: list[float]) -> str:
    times.sort()
    return f"{ms(statistics.median(times))} / {ms(times[len(times) * 99 // 100])}"


def _measure(isolation: str) -> tuple[str, ...]:
    command = [sys.executable, "-m", "sanderling", "serve", "--port", "0", "--json", "--isolation", isolation]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ) as server:
        try:
            assert server.stdout is not None
            port = int(json.loads(server.stdout.readline())["port"])
            first = _first_answer(port)
            answers = []
            for _ in range(FIRST_ANSWERS):
                time.sleep(PAUSE_S)
                answers.append(_first_answer(port))
            with Client(port) as client, Client(port) as other:
                client.open_page()
                _trips(client)
                idle = _trips(client)
                other.open_page()
                other.send("Runtime.evaluate", {"expression": f"(async () => {{ {BUSY} }})()"})
                busy = _trips(client)
        finally:
            server.terminate()
    return isolation, ms(first), _summary(answers), _summary(idle), _summary(busy)


def main() -> None:
    """Run the table."""
    show(
        "serve: connect, new page, first evaluate answered; round trips of Runtime.evaluate('1') (p50 / p99)",
        ("isolation", "very first", "first answer", "idle", "beside a page that computes"),
        [_measure("process"), _measure("thread")],
    )
