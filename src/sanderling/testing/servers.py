"""Servers that do what well-behaved ones do not, and those in front of others: raw bytes, TLS, a proxy, nginx.

Thread: any.
"""

from __future__ import annotations

import base64
import contextlib
import grp
import os
import pwd
import shutil
import socket
import ssl
import struct
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from sanderling.testing.digest import DigestGate

TIMEOUT = 30.0  # seconds that a peer may be silent
_HEAD_LIMIT = 256 * 1024

Script = Callable[[socket.socket], None]
"""What a raw server does with one connection, which is closed when it returns."""


class ThreadedServer:
    """Accepts on 127.0.0.1 and runs a thread for each connection; use it in a `with` statement.

    At the end all connections are cut and all threads have ended.
    """

    scheme = "http"

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.host = "127.0.0.1"
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{self.scheme}://{self.host}:{self.port}"
        self._lock = threading.Lock()  # guards what follows
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._closed = False
        self._acceptor = threading.Thread(target=self._accept, name="acceptor", daemon=True)

    def __enter__(self) -> Self:
        self._acceptor.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop."""
        with self._lock:
            self._closed = True
            threads, opened = list(self._threads), list(self._open)
        # On Linux shutdown() wakes accept(); elsewhere it fails, and a connection of our own does.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            socket.create_connection((self.host, self.port), 1).close()
        for one in opened:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        if self._acceptor.ident is not None:
            self._acceptor.join()
        self._listener.close()
        for thread in threads:
            thread.join()

    def serve(self, connection: socket.socket) -> None:
        """Talk to one client; subclasses say how."""
        raise NotImplementedError

    def track(self, one: socket.socket) -> socket.socket:
        """Remember a socket, so that `close` cuts it."""
        one.settimeout(TIMEOUT)
        with self._lock:
            self._open.add(one)
            if self._closed:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
        return one

    def untrack(self, one: socket.socket) -> None:
        """Forget and close a socket."""
        with self._lock:
            self._open.discard(one)
        one.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError:
                return
            with self._lock:
                if self._closed:
                    connection.close()
                    return
                thread = threading.Thread(target=self._run, args=(connection,), name="connection", daemon=True)
                self._threads.append(thread)
                self._open.add(connection)
            thread.start()

    def _run(self, connection: socket.socket) -> None:
        connection.settimeout(TIMEOUT)
        try:
            # A peer that goes away ends the conversation; whatever that means is the test's matter.
            with contextlib.suppress(OSError, EOFError):
                self.serve(connection)
        finally:
            self.untrack(connection)


class RawServer(ThreadedServer):
    """Runs one script per connection, in the order given; the last one serves all that follow."""

    def __init__(self, *scripts: Script) -> None:
        if not scripts:
            raise ValueError("a raw server needs a script: RawServer(answer(b'HTTP/1.1 200 OK\\r\\n…'))")
        super().__init__()
        self._scripts = list(scripts)
        self._next = 0
        self.heads: list[bytes] = []
        """The first head that `answer` and its like read on each connection."""

    def serve(self, connection: socket.socket) -> None:
        """Run the next script."""
        with self._lock:
            script = self._scripts[min(self._next, len(self._scripts) - 1)]
            self._next += 1
        script(_Recorder(connection, self.heads))


class _Recorder(socket.socket):
    """The same socket; `read_head` finds the server's record by it."""

    def __init__(self, connection: socket.socket, heads: list[bytes]) -> None:
        super().__init__(fileno=socket.dup(connection.fileno()))
        self.settimeout(TIMEOUT)
        self.heads = heads


def read_head(connection: socket.socket) -> bytes:
    """Read up to the empty line that ends a request's head; what follows stays unread.

    Raises:
        EOFError: the peer closed before that.
    """
    head = bytearray()
    while not head.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        if not byte or len(head) > _HEAD_LIMIT:
            raise EOFError(bytes(head))
        head += byte
    if isinstance(connection, _Recorder):
        connection.heads.append(bytes(head))
    return bytes(head)


def answer(*pieces: bytes) -> Script:
    """Read a head, send some bytes, and close."""

    def script(connection: socket.socket) -> None:
        with connection:
            read_head(connection)
            for piece in pieces:
                connection.sendall(piece)

    return script


def hang(*pieces: bytes) -> Script:
    """Read a head, send some bytes, then nothing until the client closes."""

    def script(connection: socket.socket) -> None:
        with connection:
            read_head(connection)
            for piece in pieces:
                connection.sendall(piece)
            while connection.recv(65536):
                pass

    return script


def reset(*pieces: bytes) -> Script:
    """Read a head, send some bytes, and reset the connection (RFC 9293, 3.5.3)."""

    def script(connection: socket.socket) -> None:
        with connection:
            read_head(connection)
            for piece in pieces:
                connection.sendall(piece)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return script


def close_at_once(connection: socket.socket) -> None:
    """Close without a word."""
    connection.close()


@contextlib.contextmanager
def refusing_port() -> Iterator[int]:
    """Give a port that refuses connections, and that nobody else can take meanwhile."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # bound, but nobody listens
        yield bound.getsockname()[1]


class Authority:
    """A certificate authority of our own."""

    def __init__(self, folder: Path) -> None:
        """Make it; its certificate is written into the folder."""
        import trustme  # a dependency of development only

        self._authority = trustme.CA()
        self._folder = folder
        self.file = folder / "authority.pem"
        """What clients must trust."""
        self._authority.cert_pem.write_to_path(self.file)

    def server_context(self, *names: str) -> ssl.SSLContext:
        """Make a context for a server of these names (by default localhost and 127.0.0.1)."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(*(names or ("localhost", "127.0.0.1"))).configure_cert(context)
        return context

    def server_files(self, *names: str) -> tuple[Path, Path]:
        """Write a certificate chain and its key for servers that want files."""
        issued = self._authority.issue_cert(*(names or ("localhost", "127.0.0.1")))
        chain, key = self._folder / "server.pem", self._folder / "server.key"
        chain.write_bytes(b"".join(pem.bytes() for pem in issued.cert_chain_pems))
        issued.private_key_pem.write_to_path(key)
        return chain, key


class ProxyServer(ThreadedServer):
    """A forward proxy: tunnels for CONNECT, and plain HTTP by absolute form (RFC 9112, 3.2.2 and 3.2.3).

    Args:
        user: who may use it, by Basic authentication; empty for everybody.
        password: theirs.
        gate: asks for Digest authentication instead.
    """

    def __init__(self, *, user: str = "", password: str = "", gate: DigestGate | None = None) -> None:
        super().__init__()
        self._gate = gate
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._authorization = f"Basic {token}" if user else ""
        self.requests: list[str] = []
        """The request lines of clients that were let through, in order."""
        self.denied = 0

    def serve(self, connection: socket.socket) -> None:
        """Serve one request, then close: the next may go elsewhere."""
        lines = read_head(connection).decode("latin-1").split("\r\n")[:-2]
        headers = [(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines[1:])]
        given = next((value for name, value in headers if name.lower() == "proxy-authorization"), "")
        method, target, version = lines[0].split(" ")
        challenge = ""
        if self._gate is not None:
            challenge = "" if self._gate.accepts(given, method, target) else self._gate.challenge("test")
        elif self._authorization and given != self._authorization:
            challenge = "Basic realm=test"
        if challenge:
            self.denied += 1
            connection.sendall(
                b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: %b\r\n"
                b"Content-Length: 0\r\nConnection: close\r\n\r\n" % challenge.encode()
            )
            return
        self.requests.append(lines[0])
        parts = urlsplit(f"//{target}" if method == "CONNECT" else target)
        try:
            origin = socket.create_connection((parts.hostname or "", parts.port or 80), TIMEOUT)
        except OSError:
            connection.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        self.track(origin)
        try:
            if method == "CONNECT":
                connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                kept = [(name, value) for name, value in headers if name.lower() not in _HOP_BY_HOP]
                head = [
                    f"{method} {path} {version}",
                    *(f"{name}: {value}" for name, value in kept),
                    "Connection: close",
                ]
                origin.sendall("\r\n".join([*head, "", ""]).encode("latin-1"))
            self._relay(connection, origin)
        finally:
            self.untrack(origin)

    def _relay(self, client: socket.socket, origin: socket.socket) -> None:
        upwards = threading.Thread(target=_pump, args=(client, origin), name="relay", daemon=True)
        upwards.start()
        _pump(origin, client)
        # The origin is done: so is the client, of whom nothing more would be passed on.
        with contextlib.suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)
        upwards.join()


_HOP_BY_HOP = frozenset({"connection", "proxy-connection", "proxy-authorization", "keep-alive"})


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


class Nginx:
    """nginx with TLS and HTTP/2 for the files of a folder; use it in a `with` statement.

    `Nginx.find()` is None where it is not installed.

    Args:
        folder: with the files.
        chain: certificates (PEM).
        key: of the first of them (PEM).
        login: ``user:password``, without which nothing is given (Basic); no second colon. Empty for everything to everybody.
    """

    def __init__(self, folder: Path, chain: Path, key: Path, *, login: str = "") -> None:
        self._login = login
        program = self.find()
        if program is None:
            raise FileNotFoundError("nginx is not installed")
        self._program = program
        self._folder, self._chain, self._key = folder, chain, key
        self._resources = contextlib.ExitStack()
        self.url = ""
        """Without a slash at the end; known inside the `with` block."""

    @staticmethod
    def find() -> str | None:
        """Give the program's path, or None."""
        return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/bin")

    def __enter__(self) -> Nginx:
        with contextlib.ExitStack() as stack:
            home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nginx-")))
            # nginx inherits listening sockets by number, as it does when it upgrades itself. So there is no port to
            # guess, and connections are queued from now on: nobody has to wait until it is up.
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=128))
            port = listener.getsockname()[1]
            config = home / "nginx.conf"
            config.write_text(self._config(home, port))
            user, _, password = self._login.partition(":")
            (home / "logins").write_text(f"{user}:{{PLAIN}}{password}\n")
            process = subprocess.Popen(  # noqa: S603 - found above
                [self._program, "-p", str(home), "-e", str(home / "error.log"), "-c", str(config)],
                env={"NGINX": f"{listener.fileno()};"},
                pass_fds=(listener.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(process.wait)
            stack.callback(process.terminate)
            self.url = f"https://localhost:{port}"
            self._resources = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._resources.close()

    def _config(self, home: Path, port: int) -> str:
        temporary = "\n".join(
            f"  {name}_temp_path {home / name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        # `listen … http2` is deprecated since 1.25.1 and still understood by all versions; it warns on standard error.
        # As root, nginx would hand its worker to somebody who may not read our folders.
        user = f"user {pwd.getpwuid(0).pw_name} {grp.getgrgid(0).gr_name};" if os.geteuid() == 0 else ""
        login = f'auth_basic "files"; auth_basic_user_file {home / "logins"};' if self._login else ""
        # It needs its master: without, it crashes on inherited sockets (1.22.1).
        return f"""
daemon off;
worker_processes 1;
{user}
pid {home / "nginx.pid"};
events {{ worker_connections 256; }}
http {{
{temporary}
  access_log off;
  default_type text/html;
  server {{
    listen 127.0.0.1:{port} ssl http2;
    ssl_certificate {self._chain};
    ssl_certificate_key {self._key};
    {login}
    location / {{ root {self._folder}; }}
  }}
}}
"""
