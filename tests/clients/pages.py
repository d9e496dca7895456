"""The site that the clients' flows visit: two origins, `127.0.0.1` and `localhost`, with one set of pages.

Thread: any.
"""

from __future__ import annotations

import base64
import contextlib
import json
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server as SocketServer
from websockets.sync.server import ServerConnection
from websockets.sync.server import serve as serve_sockets

from sanderling.testing.digest import DigestGate
from sanderling.testing.server import HttpServer, Request, Response

HERE = Path(__file__).parent / "site"

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
}


def _png() -> bytes:
    """Make a picture of one white pixel (PNG, 11.2)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = (1).to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    pixels = zlib.compress(b"\0\xff")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


PIXEL = _png()


@dataclass(frozen=True, slots=True)
class Origins:
    """Where the pages are."""

    site: str
    other: str  # another origin, and another site
    socket: str  # echoes WebSocket messages


def _json(value: object, *headers: tuple[str, str]) -> Response:
    return Response(json.dumps(value).encode(), content_type="application/json", headers=headers)


def _basic(request: Request) -> Response:
    wanted = "Basic " + base64.b64encode(b"knot:shore").decode()
    if request.header("authorization") != wanted:
        return Response(b"who are you?", 401, headers=(("WWW-Authenticate", 'Basic realm="mudflat"'),))
    return Response(b"<title>Inside</title><p id=inside>welcome, knot")


class Pages:
    """Answers requests of both origins."""

    def __init__(self) -> None:
        self.other = ""
        self._gate = DigestGate("knot", "shore")

    def _digest(self, request: Request) -> Response:
        if not self._gate.accepts(request.header("authorization") or "", request.method, request.target):
            return Response(b"who are you?", 401, headers=(("WWW-Authenticate", self._gate.challenge()),))
        return Response(b"<title>Inside</title><p id=inside>welcome, knot")

    def __call__(self, request: Request) -> Response:
        """Answer one request."""
        query = request.query
        match request.path:
            case "/echo":
                return _json(
                    {
                        "method": request.method,
                        "headers": {name.lower(): value for name, value in request.headers},
                        "body": request.body.decode("utf-8", "replace"),
                        "form": request.form,
                        "query": query,
                    }
                )
            case "/submitted":
                sent = request.form if request.method == "POST" else query
                text = json.dumps(dict(sent))
                return Response(f"<title>Submitted</title><pre id=sent>{text}</pre>".encode())
            case "/data.json":
                return _json({"bird": "sanderling", "count": 3}, ("Access-Control-Allow-Origin", "*"))
            case "/set-cookie":
                given = (("Set-Cookie", "seen=1; Path=/"), ("Set-Cookie", "secret=2; Path=/; HttpOnly; SameSite=Lax"))
                return Response(b"<title>Cookies</title>", headers=given)
            case "/cookies":
                return _json(request.cookies)
            case "/redirect":
                return Response(b"", 302, headers=(("Location", query.get("to", "/plain")),))
            case "/missing":
                return Response(b"<title>Missing</title><h1>nothing here</h1>", 404)
            case "/empty":
                return Response(b"", 204)
            case "/slow":
                return Response(b"slow", content_type="text/plain", delay=float(query.get("ms", "300")) / 1000)
            case "/never":
                return Response(b"<title>Never</title>", delay=60.0)
            case "/download":
                disposition = ("Content-Disposition", 'attachment; filename="birds.csv"')
                return Response(b"name\nknot\n", content_type="text/csv", headers=(disposition,))
            case "/basic":
                return _basic(request)
            case "/digest":
                return self._digest(request)
            case "/pixel.png":
                return Response(PIXEL, content_type="image/png", headers=(("Cache-Control", "max-age=60"),))
            case "/cached.js":
                return Response(
                    b"window.cached = true;", content_type=_TYPES[".js"], headers=(("Cache-Control", "max-age=60"),)
                )
            case "/strict":
                policy = ("Content-Security-Policy", "script-src 'none'")
                return Response(b"<title>Strict</title><script>window.ran = 1</script>", headers=(policy,))
        return self._file(request.path)

    def _file(self, path: str) -> Response:
        name = "index" if path == "/" else path.removeprefix("/")
        file = HERE / (name if "." in name else f"{name}.html")
        if not file.is_file():
            return Response(b"nothing here", 404, "text/plain")
        text = file.read_text("utf-8").replace("%OTHER%", self.other)
        return Response(text.encode(), content_type=_TYPES[file.suffix])


def _echo(connection: ServerConnection) -> None:
    with contextlib.suppress(ConnectionClosed):
        for message in connection:
            connection.send(message)


@contextlib.contextmanager
def _socket_server() -> Iterator[str]:
    server: SocketServer
    with serve_sockets(_echo, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever, name="websocket-server", daemon=True)
        thread.start()
        try:
            yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        finally:
            server.shutdown()
            thread.join()


@contextlib.contextmanager
def serve() -> Iterator[Origins]:
    """Serve both origins."""
    pages = Pages()
    with HttpServer(pages) as first, HttpServer(pages) as second, _socket_server() as socket:
        pages.other = f"http://localhost:{second.port}"
        yield Origins(first.url, pages.other, socket)
