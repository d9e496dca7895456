"""A small HTTP/1.1 server on this machine, for tests and for the demo site.

Threads, keep-alive, nothing on standard error, and an end that leaves no thread and no socket behind. A site is a
function from a `Request` to a `Response`; it is called in the connection's thread.

Standards: RFC 9112

Thread: any.
"""

from __future__ import annotations

import contextlib
import http.server
import socket
import socketserver
import ssl
import threading
import urllib.parse
from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import Any

import msgspec

IDLE_TIMEOUT = 30.0  # seconds until a connection that asks nothing is closed
MAX_BODY = 64 * 1024 * 1024
"""A longer request body is refused: this is a server for tests, which keeps bodies in memory."""

_BODILESS = frozenset({204, 304})


class Request(msgspec.Struct, frozen=True):
    """What a client asked for."""

    method: str
    target: str  # as sent: path and query
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def path(self) -> str:
        """The path, without its query, decoded."""
        return urllib.parse.unquote(urllib.parse.urlsplit(self.target).path)

    @property
    def query(self) -> dict[str, str]:
        """The query's pairs; of several with one name the last."""
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.target).query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        """The body's pairs, if it is a form."""
        return dict(urllib.parse.parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies sent."""
        pairs = (pair.strip().partition("=") for pair in self.header("cookie").split(";"))
        return {name: value for name, _, value in pairs if name}

    def header(self, name: str) -> str:
        """Give a header's value, or nothing."""
        return ", ".join(value for key, value in self.headers if key.lower() == name.lower())


class Response(msgspec.Struct):
    """What the client gets."""

    body: bytes | Iterable[bytes] = b""  # several pieces are sent as chunks
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: Sequence[tuple[str, str]] = ()
    delay: float = 0.0  # seconds before the answer; ends early when the server stops
    missing: int = 0
    """So many bytes are announced and never sent: the connection is closed in the middle of the body."""


Site = Callable[[Request], Response]


class _Open(msgspec.Struct):
    """What must be closed at the end."""

    lock: threading.Lock = msgspec.field(default_factory=threading.Lock)
    sockets: set[socket.socket] = msgspec.field(default_factory=set)
    stopping: threading.Event = msgspec.field(default_factory=threading.Event)


class _TcpServer(http.server.ThreadingHTTPServer):
    daemon_threads = False  # so that server_close() waits for the threads
    block_on_close = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], site: Site, tls: ssl.SSLContext | None) -> None:
        self.site = site
        self.open = _Open()
        self._tls = tls
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        # HTTPServer's own asks DNS for this machine's name, which can take seconds.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]

    def process_request(self, request: Any, client_address: Any) -> None:
        with self.open.lock:
            self.open.sockets.add(request)
        super().process_request(request, client_address)

    def finish_request(self, request: Any, client_address: Any) -> None:
        # In the connection's thread: a handshake must not hold up those who come after.
        if self._tls is None:
            super().finish_request(request, client_address)
            return
        request.settimeout(IDLE_TIMEOUT)
        # A client that hangs up is a client's right, here and below.
        with (
            contextlib.suppress(OSError),
            self._tls.wrap_socket(request, server_side=True, do_handshake_on_connect=False) as wrapped,
        ):
            with self.open.lock:
                self.open.sockets.add(wrapped)
            try:
                wrapped.do_handshake()
                super().finish_request(wrapped, client_address)
            finally:
                with self.open.lock:
                    self.open.sockets.discard(wrapped)

    def shutdown_request(self, request: Any) -> None:
        with self.open.lock:
            self.open.sockets.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # Silent: what a site does wrong was answered with 500, and the rest is clients that went away.
        pass


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_TIMEOUT
    server: _TcpServer
    disable_nagle_algorithm = True
    wbufsize = 65536

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
        pass

    def version_string(self) -> str:
        return "Wader"

    def handle(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            super().handle()

    def __getattr__(self, name: str) -> Any:
        # The base class looks for do_GET, do_POST …: every method goes to the site.
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def _answer(self) -> None:
        body = self._read_body()
        if body is None:
            self.close_connection = True
            self._send(Response(b"body too large or malformed\n", 400, "text/plain"))
            return
        request = Request(self.command, self.path, tuple(self.headers.items()), body)
        try:
            response = self.server.site(request)
        except Exception as error:  # a site's mistake must be seen by the test that meets it
            response = Response(f"{type(error).__name__}: {error}\n".encode(), 500, "text/plain; charset=utf-8")
        if response.delay:
            self.server.open.stopping.wait(response.delay)
        self._send(response)

    def _read_body(self) -> bytes | None:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            parts: list[bytes] = []
            total = 0
            while True:
                try:
                    size = int(self.rfile.readline(1024).split(b";")[0], 16)
                except ValueError:
                    return None
                total += size
                if total > MAX_BODY or size < 0:
                    return None
                parts.append(self.rfile.read(size))
                self.rfile.readline(1024)
                if size == 0:
                    return b"".join(parts)
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY:
            return None
        return self.rfile.read(int(length))

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        pieces: Iterable[bytes] | None = None
        body = b""
        if isinstance(response.body, bytes):
            body = response.body
        else:
            pieces = response.body
        if response.content_type and response.status not in _BODILESS:
            self.send_header("Content-Type", response.content_type)
        for name, value in response.headers:
            self.send_header(name, value)
        if pieces is not None:
            self.send_header("Transfer-Encoding", "chunked")
        elif response.status not in _BODILESS:
            self.send_header("Content-Length", str(len(body) + response.missing))
        if response.missing or self.close_connection:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        if self.command == "HEAD" or response.status in _BODILESS:
            return
        if pieces is None:
            self.wfile.write(body)
        else:
            for piece in pieces:
                if self.server.open.stopping.is_set():
                    self.close_connection = True
                    return
                if piece:
                    self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()


class HttpServer:
    """Serves a site until it is closed; use it in a `with` statement.

    >>> with HttpServer(lambda request: Response(b"hello")) as server:
    ...     print(server.url)
    """

    def __init__(
        self, site: Site, *, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        """Bind at once, so that `url` is known; connections wait until the `with` block begins."""
        self._server = _TcpServer((host, port), site, tls)
        self._thread: threading.Thread | None = None
        self.host = host
        self.port: int = self._server.server_address[1]
        self.url = f"{'https' if tls else 'http'}://{host}:{self.port}"
        """Without a slash at the end."""

    def __enter__(self) -> HttpServer:
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), name="http-server", daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop: open connections are cut, and threads have ended when this returns."""
        opened = self._server.open
        opened.stopping.set()
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._thread = None
        with opened.lock:
            for one in opened.sockets:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
        self._server.server_close()
