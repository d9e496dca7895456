"""Peers as processes: Lightpanda over CDP, when its wheel is installed (`LIGHTPANDA` names the binary, or a venv's bin is on PATH)."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from typing import Any

from websockets.sync.client import ClientConnection, connect

START_S = 10.0


def lightpanda_binary() -> str | None:
    """Find the peer's binary; None when it is not installed."""
    named = os.environ.get("LIGHTPANDA")
    if named:
        return named
    return shutil.which("lightpanda")


def free_port() -> int:
    """Give a port that was free a moment ago."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


class Cdp:
    """A CDP client that is just enough: commands to one page."""

    def __init__(self, socket_: ClientConnection) -> None:
        self._socket = socket_
        self._ids = itertools.count(1)
        target = self.call("Target.createTarget", {"url": "about:blank"}, session=False)["targetId"]
        self._session = ""
        self._session = self.call("Target.attachToTarget", {"targetId": target, "flatten": True}, session=False)[
            "sessionId"
        ]
        self.call("Page.enable", {})
        self.call("Runtime.enable", {})

    def call(self, method: str, params: dict[str, Any], *, session: bool = True) -> dict[str, Any]:
        """Send a command and give its result; events are dropped."""
        number = next(self._ids)
        message: dict[str, Any] = {"id": number, "method": method, "params": params}
        if session:
            message["sessionId"] = self._session
        self._socket.send(json.dumps(message))
        while True:
            answer = json.loads(self._socket.recv(timeout=120))
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                result: dict[str, Any] = answer["result"]
                return result

    def wait_event(self, name: str) -> None:
        """Wait for an event."""
        while True:
            if json.loads(self._socket.recv(timeout=120)).get("method") == name:
                return

    def goto(self, url: str) -> None:
        """Navigate, and wait for the load event."""
        self.call("Page.navigate", {"url": url})
        self.wait_event("Page.loadEventFired")

    def evaluate(self, expression: str) -> Any:
        """Evaluate; promises are awaited."""
        result = self.call("Runtime.evaluate", {"expression": expression, "returnByValue": True, "awaitPromise": True})
        if "exceptionDetails" in result:
            raise RuntimeError(str(result["exceptionDetails"])[:500])
        return result["result"].get("value")


@contextlib.contextmanager
def lightpanda() -> Iterator[Cdp | None]:
    """Run the peer; None when it is not installed."""
    binary = lightpanda_binary()
    if binary is None:
        yield None
        return
    port = free_port()
    process = subprocess.Popen(
        [binary, "serve", "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "LIGHTPANDA_DISABLE_TELEMETRY": "true"},
    )
    try:
        with _connect(port) as socket_:
            yield Cdp(socket_)
    finally:
        process.kill()
        process.wait()


def wait_for_port(port: int) -> None:
    """Wait until somebody listens."""
    until = time.monotonic() + START_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _connect(port: int) -> ClientConnection:
    until = time.monotonic() + START_S
    while True:
        try:
            return connect(f"ws://127.0.0.1:{port}/", max_size=None, open_timeout=5)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
