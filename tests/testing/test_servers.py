from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
from pathlib import Path

import pytest

from sanderling.testing import servers
from sanderling.testing.server import HttpServer, Response
from tests.leaks import nothing_stays

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


def _talk(port: int, data: bytes = GET) -> bytes:
    with socket.create_connection(("127.0.0.1", port), 10) as client:
        client.sendall(data)
        return b"".join(iter(lambda: client.recv(4096), b""))


def test_scripts_run_in_order_and_the_last_stays() -> None:
    with servers.RawServer(servers.answer(b"one"), servers.answer(b"two")) as server:
        assert [_talk(server.port) for _ in range(3)] == [b"one", b"two", b"two"]
        assert server.heads == [GET] * 3


def test_reset() -> None:
    with servers.RawServer(servers.reset()) as server, pytest.raises(ConnectionResetError):
        _talk(server.port)


def test_close_at_once() -> None:
    with (
        servers.RawServer(servers.close_at_once) as server,
        socket.create_connection((server.host, server.port), 10) as client,
    ):
        assert client.recv(1) == b""


def test_hanging_connection_is_cut_at_the_end() -> None:
    with nothing_stays(), contextlib.ExitStack() as stack:
        server = stack.enter_context(servers.RawServer(servers.hang(b"part")))
        client = socket.create_connection((server.host, server.port), 10)
        client.sendall(GET)
        assert client.recv(4) == b"part"
        stack.close()
        assert client.recv(1) == b""
        client.close()


def test_server_without_script_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a script"):
        servers.RawServer()


def test_refusing_port() -> None:
    with servers.refusing_port() as port, pytest.raises(ConnectionRefusedError):
        _talk(port)


def test_tls_server_is_trusted_by_its_authority_only(tmp_path: Path) -> None:
    authority = servers.Authority(tmp_path)
    with HttpServer(lambda _request: Response(b"secret"), tls=authority.server_context("localhost")) as server:
        trusting = ssl.create_default_context(cafile=str(authority.file))
        with contextlib.closing(
            http.client.HTTPSConnection("localhost", server.port, timeout=60, context=trusting)
        ) as client:
            client.request("GET", "/")
            assert client.getresponse().read() == b"secret"
        with (
            contextlib.closing(http.client.HTTPSConnection("localhost", server.port, timeout=60)) as stranger,
            pytest.raises(ssl.SSLCertVerificationError),
        ):
            stranger.connect()


def test_tls_server_ends_although_a_client_never_greets(tmp_path: Path) -> None:
    context = servers.Authority(tmp_path).server_context()
    with nothing_stays():
        with HttpServer(lambda _request: Response(), tls=context) as server:
            silent = socket.create_connection((server.host, server.port), 10)
        silent.close()


def test_proxy_forwards_by_absolute_form() -> None:
    with (
        HttpServer(lambda request: Response(request.target.encode() + request.body)) as origin,
        servers.ProxyServer() as proxy,
    ):
        with contextlib.closing(http.client.HTTPConnection(proxy.host, proxy.port, timeout=60)) as client:
            client.request("POST", f"{origin.url}/a?b", body=b"body")
            assert client.getresponse().read() == b"/a?bbody"
        assert proxy.requests == [f"POST {origin.url}/a?b HTTP/1.1"]


def test_proxy_tunnels() -> None:
    with HttpServer(lambda _request: Response(b"through")) as origin, servers.ProxyServer() as proxy:
        with contextlib.closing(http.client.HTTPConnection(proxy.host, proxy.port, timeout=60)) as client:
            client.set_tunnel(origin.host, origin.port)
            client.request("GET", "/")
            assert client.getresponse().read() == b"through"
        assert proxy.requests[0].startswith(f"CONNECT {origin.host}:{origin.port} ")


def test_proxy_asks_who_is_there() -> None:
    with HttpServer(lambda _request: Response(b"ok")) as origin, servers.ProxyServer(user="u", password="p") as proxy:
        denied = _talk(proxy.port, f"GET {origin.url}/ HTTP/1.1\r\n\r\n".encode())
        assert denied.startswith(b"HTTP/1.1 407 ")
        allowed = _talk(proxy.port, f"GET {origin.url}/ HTTP/1.1\r\nProxy-Authorization: Basic dTpw\r\n\r\n".encode())
        assert allowed.endswith(b"\r\n\r\nok")
        assert (proxy.denied, len(proxy.requests)) == (1, 1)


def test_proxy_says_when_the_origin_is_not_there() -> None:
    with servers.refusing_port() as port, servers.ProxyServer() as proxy:
        assert _talk(proxy.port, f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n\r\n".encode()).startswith(b"HTTP/1.1 502 ")


@pytest.mark.skipif(servers.Nginx.find() is None, reason="nginx is not installed")
def test_nginx_serves_files_over_http_2(tmp_path: Path) -> None:
    pycurl = pytest.importorskip("pycurl")
    authority = servers.Authority(tmp_path)
    files = tmp_path / "files"
    files.mkdir()
    (files / "a.html").write_text("<p>a")
    with servers.Nginx(files, *authority.server_files("localhost")) as nginx:
        curl = pycurl.Curl()
        curl.setopt(pycurl.URL, f"{nginx.url}/a.html")
        curl.setopt(pycurl.CAINFO, str(authority.file))
        curl.setopt(pycurl.PROXY, "")
        curl.setopt(pycurl.TIMEOUT, 10)
        body = bytearray()
        curl.setopt(pycurl.WRITEFUNCTION, body.extend)
        curl.perform()
        assert curl.getinfo(pycurl.INFO_HTTP_VERSION) == pycurl.CURL_HTTP_VERSION_2_0
        curl.close()
    assert bytes(body) == b"<p>a"
