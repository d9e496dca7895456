"""Peers that behave as a test tells them, and a worker's end of a Handle."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import functools
import grp
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import msgspec
import pytest

from sanderling.network.carrier import WorkerSide
from sanderling.network.messages import (
    BodyChunk,
    BodyWanted,
    Done,
    Event,
    Failed,
    HeaderList,
    ResponseHead,
    Submit,
    TransferId,
    TransferOptions,
)
from sanderling.network.network import Network
from sanderling.network.socket_carrier import SocketNetworkSide, SocketWorkerSide, socket_pair

WAIT_S = 60.0
OPTIONS = TransferOptions()


class Request(NamedTuple):
    """What a peer read: the head as it came, and the body."""

    head: bytes
    body: bytes

    @property
    def line(self) -> str:
        return self.head.split(b"\r\n", 1)[0].decode("latin-1")

    @property
    def fields(self) -> list[str]:
        return self.head.decode("latin-1").split("\r\n")[1:-2]


def read_request(connection: socket.socket) -> Request | None:
    """Read a whole request, None at the end of the connection."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    head += b"\r\n\r\n"
    lower = head.lower()
    if b"transfer-encoding: chunked" in lower:
        while not body.endswith(b"0\r\n\r\n"):
            body += connection.recv(65536)
    elif b"content-length:" in lower:
        length = int(lower.split(b"content-length:")[1].split(b"\r\n")[0])
        while len(body) < length:
            body += connection.recv(65536)
    return Request(head, body)


def unchunk(data: bytes) -> bytes:
    body = b""
    while data:
        size, _, data = data.partition(b"\r\n")
        body += data[: int(size, 16)]
        data = data[int(size, 16) + 2 :]
    return body


def answer(body: bytes = b"", *fields: str, status: str = "200 OK") -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *fields]
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body


Script = Callable[[socket.socket, int], None]
"""What a peer does with a connection, and its number."""


class Peer:
    """A server on the loopback with a thread for each connection."""

    def __init__(self, script: Script, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> None:
        self._script = script
        self._tls = tls
        self._listener = socket.create_server(
            (host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=256
        )
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0
        self.requests: list[Request] = []
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}/"

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                number = self.connections
                self.connections += 1
                self._open.add(connection)
            thread = threading.Thread(target=self._serve, args=(connection, number))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        raw = connection
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            stack.callback(raw.close)
            if self._tls is not None:
                connection = stack.enter_context(self._tls.wrap_socket(connection, server_side=True))
                with self._lock:
                    self._open.add(connection)
            self._script(connection, number)
        with self._lock:
            self._open.discard(raw)
            self._open.discard(connection)

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._threads[0].join(WAIT_S)
        with self._lock:
            still_open = tuple(self._open)
        for connection in still_open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(WAIT_S)
            assert not thread.is_alive()


def serving(reply: Callable[[Request], bytes], *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> Peer:
    """Make a server that keeps connections alive and answers every request with `reply`."""

    def script(connection: socket.socket, _: int) -> None:
        while (request := read_request(connection)) is not None:
            peer.requests.append(request)
            connection.sendall(reply(request))

    peer = Peer(script, tls=tls, host=host)
    return peer


def tunnel(target: int, kind: str, *, auth: bytes = b"") -> Peer:
    """Make a proxy that opens tunnels: whatever is asked for, bytes go to `target` on the loopback and back.

    Args:
        target: port.
        kind: ``http`` (CONNECT, RFC 9110, 9.3.6) or ``socks5`` (RFC 1928, names resolved by the proxy).
        auth: ``user:password``, to be given as RFC 1929 says (SOCKS5) or as Basic.
    """

    def shake_socks(connection: socket.socket) -> None:
        methods = connection.recv(300)[2:]
        if auth:
            assert 2 in methods
            connection.sendall(b"\5\2")
            user, _, password = auth.partition(b":")
            given = connection.recv(600)
            assert given == b"\1" + bytes([len(user)]) + user + bytes([len(password)]) + password
            connection.sendall(b"\1\0")
        else:
            connection.sendall(b"\5\0")
        peer.requests.append(Request(connection.recv(600), b""))
        connection.sendall(b"\5\0\0\1\x7f\0\0\1\0\x50")

    def shake_http(connection: socket.socket) -> None:
        request = read_request(connection)
        assert request is not None
        peer.requests.append(request)
        assert request.line.startswith("CONNECT ")
        if auth:
            value = base64.b64encode(auth).decode()
            assert f"Proxy-Authorization: Basic {value}" in request.fields
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")

    def script(connection: socket.socket, _: int) -> None:
        shake_socks(connection) if kind == "socks5" else shake_http(connection)
        with socket.create_connection(("127.0.0.1", target)) as onward:
            back = threading.Thread(target=_pour, args=(onward, connection))
            back.start()
            _pour(connection, onward)
            back.join(WAIT_S)

    peer = Peer(script)
    return peer


def _pour(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


@functools.cache
def _taken() -> socket.socket:
    one = socket.socket()
    one.bind(("127.0.0.1", 0))
    return one


def closed_port() -> int:
    """Give a port on which nobody listens, nor ever will: it is bound."""
    port: int = _taken().getsockname()[1]
    return port


class Result(NamedTuple):
    """All events of a transfer that has ended."""

    events: list[Event]

    @property
    def outcome(self) -> Done | Failed:
        outcomes = [event for event in self.events if isinstance(event, Done | Failed)]
        assert len(outcomes) == 1
        assert self.events[-1] is outcomes[0]
        return outcomes[0]

    @property
    def head(self) -> ResponseHead:
        [head] = [event for event in self.events if isinstance(event, ResponseHead)]
        return head

    @property
    def done(self) -> Done:
        outcome = self.outcome
        assert isinstance(outcome, Done), outcome
        return outcome

    @property
    def failure(self) -> Failed:
        outcome = self.outcome
        assert isinstance(outcome, Failed), outcome
        return outcome


class Client:
    """A worker's end of a Handle: submits and waits.

    Args:
        network: the other end is its.
        carrier: `thread`, or `process`: both ends of a socket pair in this process.
    """

    def __init__(self, network: Network, carrier: str = "thread") -> None:
        self._wake = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.handle: WorkerSide
        if carrier == "thread":
            self.handle = network.new_handle()
        else:
            ours, theirs = socket_pair()
            side = SocketNetworkSide(ours, network.wake, network.call_soon)
            network.adopt(side)
            network.call_soon(side.start)
            self._loop = asyncio.new_event_loop()
            self.handle = SocketWorkerSide(theirs, _Direct(self._loop))
        self._ringing: asyncio.Future[None] | None = None
        self.handle.set_wakeup(self._ring)
        self.events: dict[TransferId, list[Event]] = {}
        self.others: list[Event] = []

    def submit(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: HeaderList = (),
        body: bytes | None = None,
        body_streamed: bool = False,
        options: TransferOptions = OPTIONS,
        **changes: Any,
    ) -> TransferId:
        number = self.handle.next_id()
        self.events[number] = []
        options = msgspec.structs.replace(options, **changes)
        self.handle.submit(Submit(number, url, method, headers, body, body_streamed, options))
        return number

    def fetch(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: HeaderList = (),
        body: bytes | None = None,
        **changes: Any,
    ) -> Result:
        return self.result(self.submit(url, method=method, headers=headers, body=body, **changes))

    def pump(self) -> None:
        """Wait for a batch of events and sort it."""
        if self._loop is not None:
            self._loop.run_until_complete(self._until_woken())
        assert self._wake.wait(WAIT_S), "nothing came"
        self._wake.clear()
        self._sort()

    async def _until_woken(self) -> None:
        if not self._wake.is_set():
            self._ringing = asyncio.get_running_loop().create_future()
            await asyncio.wait_for(self._ringing, WAIT_S)

    def _ring(self) -> None:
        self._wake.set()
        if self._ringing is not None and not self._ringing.done():
            self._ringing.set_result(None)

    def close(self) -> None:
        """Let go of everything."""
        self.handle.close()
        if self._loop is not None:
            self._loop.close()

    def _sort(self) -> None:
        for event in self.handle.receive():
            if isinstance(event, ResponseHead | BodyChunk | BodyWanted | Done | Failed):
                self.events[event.id].append(event)
            else:
                self.others.append(event)

    def wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + WAIT_S
        while not condition():
            assert time.monotonic() < deadline, "it never came true"
            self.pump()

    def ended(self, number: TransferId) -> bool:
        return any(isinstance(event, Done | Failed) for event in self.events[number])

    def result(self, number: TransferId) -> Result:
        self.wait(lambda: self.ended(number))
        return Result(self.events[number])

    def of_type(self, number: TransferId, kind: type[Event]) -> list[Event]:
        return [event for event in self.events[number] if isinstance(event, kind)]


class _Direct:
    """A loop whose next turn is now: the tests send, and then wait on their peers without turning the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.add_reader = loop.add_reader
        self.remove_reader = loop.remove_reader
        self.add_writer = loop.add_writer
        self.remove_writer = loop.remove_writer

    def call_soon(self, callback: Callable[[], Any], /) -> None:
        callback()


@contextlib.contextmanager
def client(carrier: str = "thread", loop: asyncio.AbstractEventLoop | None = None) -> Iterator[Client]:
    """Give a worker of a Network that runs, on that loop if one is given."""
    network = Network()
    with pytest.MonkeyPatch.context() as at_the_start:
        if loop is not None:
            at_the_start.setattr(asyncio, "new_event_loop", lambda: loop)
        network.start_thread()
    try:
        one = Client(network, carrier)
        yield one
        one.close()
    finally:
        network.stop()


class Nginx:
    """A real server over TLS, of HTTP/2 unless told otherwise, serving files of a folder; `more` goes into its configuration."""

    def __init__(self, folder: Path, certificate: Path, *, http2: bool = True, more: str = "") -> None:
        # It inherits its socket, as it does when it upgrades itself: there is no port to guess, and who connects is queued from now on.
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = listener.getsockname()[1]
        self.url = f"https://localhost:{self.port}/"
        root = folder / "root"
        root.mkdir()
        self.root = root
        temporary = "".join(
            f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = f"user {pwd.getpwuid(0).pw_name} {grp.getgrgid(0).gr_name};" if os.geteuid() == 0 else ""
        configuration = folder / "nginx.conf"
        configuration.write_text(
            # It needs its master: without, it crashes on inherited sockets (1.22.1). Of root's it may read our folders.
            f"daemon off; worker_processes 1; {user} pid {folder}/pid; error_log {folder}/error.log;"
            "events { worker_connections 512; }"
            f"http {{ access_log {folder}/access.log combined; {temporary}"
            f"log_format c '$connection'; access_log {folder}/connections.log c;"
            f"server {{ listen 127.0.0.1:{self.port} ssl{' http2' * http2}; root {root}; {more}"
            f"ssl_certificate {certificate}; ssl_certificate_key {certificate}; }} }}"
        )
        self._connections = folder / "connections.log"
        with listener:
            self._process = subprocess.Popen(
                [self.program(), "-e", str(folder / "error.log"), "-c", str(configuration)],
                env={"NGINX": f"{listener.fileno()};"},
                pass_fds=(listener.fileno(),),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    @staticmethod
    def program() -> str:
        return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin") or ""

    def connections(self) -> set[str]:
        """Give the numbers of the connections that requests came on."""
        return set(self._connections.read_text().split())

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(WAIT_S)
