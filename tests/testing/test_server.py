from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator

import pytest

from sanderling.testing.server import HttpServer, Request, Response
from tests.leaks import nothing_stays


def _echo(request: Request) -> Response:
    return Response(
        f"{request.method} {request.path} {request.query}".encode() + b" " + request.body, content_type="text/plain"
    )


@pytest.fixture
def server() -> Iterator[HttpServer]:
    with HttpServer(_echo) as running:
        yield running


def _connect(server: HttpServer) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(server.host, server.port, timeout=60)


def test_connection_is_kept(server: HttpServer) -> None:
    connection = _connect(server)
    ports = set()
    for number in range(3):
        connection.request("POST", f"/a%20b?n={number}", body=b"x" * number)
        answer = connection.getresponse()
        assert answer.read() == f"POST /a b {{'n': '{number}'}} ".encode() + b"x" * number
        ports.add(connection.sock.getsockname()[1])
    connection.close()
    assert len(ports) == 1


def test_chunked_bodies_both_ways() -> None:
    with HttpServer(lambda request: Response([b"a", b"", request.body])) as server:
        connection = _connect(server)
        connection.request(
            "PUT", "/", body=iter([b"bc", b"de"]), encode_chunked=True, headers={"Transfer-Encoding": "chunked"}
        )
        answer = connection.getresponse()
        assert answer.getheader("transfer-encoding") == "chunked"
        assert answer.read() == b"abcde"
        connection.close()


def test_head_has_no_body(server: HttpServer) -> None:
    connection = _connect(server)
    connection.request("HEAD", "/")
    answer = connection.getresponse()
    assert int(answer.headers["content-length"]) > 0
    assert answer.read() == b""
    connection.request("GET", "/next")
    assert connection.getresponse().read().startswith(b"GET /next")
    connection.close()


def test_mistake_of_a_site_is_answered(capfd: pytest.CaptureFixture[str]) -> None:
    def wrong(_request: Request) -> Response:
        raise LookupError("lost")

    with HttpServer(wrong) as server:
        connection = _connect(server)
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (500, b"LookupError: lost\n")
        connection.close()
    assert capfd.readouterr() == ("", "")


def test_malformed_length_is_refused(server: HttpServer) -> None:
    with socket.create_connection((server.host, server.port), 10) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n")
        answer = b"".join(iter(lambda: client.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_close_ends_threads_and_cuts_connections() -> None:
    with nothing_stays():
        with HttpServer(lambda request: Response(b"late", delay=60 if request.path == "/slow" else 0)) as server:
            idle = _connect(server)
            idle.request("GET", "/")
            idle.getresponse().read()
            slow = _connect(server)
            slow.request("GET", "/slow")
        idle.close()
        slow.close()
    with pytest.raises(OSError, match=r"."):
        socket.create_connection((server.host, server.port), 1).close()


def test_cookies_and_headers_of_a_request() -> None:
    request = Request("GET", "/", (("Cookie", "a=1; b=x=y"), ("X-A", "1"), ("x-a", "2")), b"p=q+r")
    assert request.cookies == {"a": "1", "b": "x=y"}
    assert request.header("X-a") == "1, 2"
    assert request.form == {"p": "q r"}
