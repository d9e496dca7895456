from __future__ import annotations

import datetime
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from sanderling.network.ca_bundle import default_ca_file
from tests.network.peers import Client, Nginx, Peer, answer, client, read_request, serving


@pytest.fixture(name="worker")
def _worker() -> Iterator[Client]:
    with client() as one:
        yield one


class Authority:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ca = trustme.CA()
        self.ca_file = str(folder / "ca.pem")
        self.ca.cert_pem.write_to_path(self.ca_file)

    def server(self, *names: str, **options: Any) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ca.issue_cert(*names, **options).configure_cert(context)
        return context


@pytest.fixture(name="authority", scope="module")
def _authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls"))


def test_a_good_certificate(worker: Client, authority: Authority) -> None:
    with serving(lambda _: answer(b"safe"), tls=authority.server("127.0.0.1")) as peer:
        result = worker.fetch(peer.url, ca_file=authority.ca_file)
    assert result.done.body == b"safe"
    assert 0 < result.done.timings.connect <= result.done.timings.tls <= result.done.timings.request_sent


def test_an_unknown_authority(worker: Client, authority: Authority) -> None:
    with serving(lambda _: answer(b"safe"), tls=authority.server("127.0.0.1")) as peer:
        assert worker.fetch(peer.url).failure.code == "net::ERR_CERT_AUTHORITY_INVALID"
        assert peer.requests == []


def test_the_wrong_host(worker: Client, authority: Authority) -> None:
    with serving(lambda _: answer(b"safe"), tls=authority.server("other.test")) as peer:
        failure = worker.fetch(peer.url, ca_file=authority.ca_file).failure
        assert failure.code == "net::ERR_CERT_COMMON_NAME_INVALID"


def test_an_expired_certificate(worker: Client, authority: Authority) -> None:
    past = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)  # noqa: UP017
    tls = authority.server("127.0.0.1", not_before=past - datetime.timedelta(days=9), not_after=past)
    with serving(lambda _: answer(b"safe"), tls=tls) as peer:
        failure = worker.fetch(peer.url, ca_file=authority.ca_file).failure
    assert failure.code == "net::ERR_CERT_DATE_INVALID"


def test_verification_can_be_turned_off_and_stays_on_for_others(worker: Client, authority: Authority) -> None:
    with serving(lambda _: answer(b"x"), tls=authority.server("other.test")) as peer:
        assert worker.fetch(peer.url, verify_tls=False).done.body == b"x"
        assert worker.fetch(peer.url).failure.code == "net::ERR_CERT_COMMON_NAME_INVALID"
        assert worker.fetch(peer.url, verify_tls=False).done.body == b"x"


def test_a_peer_that_speaks_no_tls(worker: Client) -> None:
    def script(connection: socket.socket, _: int) -> None:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with Peer(script) as peer:
        failure = worker.fetch(f"https://127.0.0.1:{peer.port}/").failure
    assert failure.code == "net::ERR_SSL_PROTOCOL_ERROR"


@pytest.mark.parametrize(
    ("head", "outcome"),
    [(b"", "whole"), (b"Content-Length: 9\r\n", "net::"), (b"Transfer-Encoding: chunked\r\n", "net::")],
)
def test_a_peer_that_leaves_without_notice(worker: Client, authority: Authority, head: bytes, outcome: str) -> None:
    def script(connection: socket.socket, _: int) -> None:  # closing sends no "close_notify"
        connection.recv(4096)
        connection.sendall(
            b"HTTP/1.1 200 OK\r\n" + head + b"\r\n" + (b"5\r\nwhole\r\n" if b"chunked" in head else b"whole")
        )

    with Peer(script, tls=authority.server("127.0.0.1")) as peer:
        result = worker.fetch(peer.url, ca_file=authority.ca_file)
        if outcome == "whole":
            assert result.done.body == b"whole"
        else:
            assert result.failure.code.startswith(outcome)


def test_a_client_certificate(worker: Client, authority: Authority, tmp_path: Path) -> None:
    tls = authority.server("127.0.0.1")
    tls.verify_mode = ssl.CERT_REQUIRED
    authority.ca.configure_trust(tls)
    mine = authority.ca.issue_cert("me@client.test")
    certificate, key = str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")
    mine.cert_chain_pems[0].write_to_path(certificate)
    mine.private_key_pem.write_to_path(key)
    with serving(lambda _: answer(b"you"), tls=tls) as peer:
        known = worker.fetch(peer.url, ca_file=authority.ca_file, client_cert=certificate, client_key=key)
        unknown = worker.fetch(peer.url, ca_file=authority.ca_file)
        missing = worker.fetch(peer.url, ca_file=authority.ca_file, client_cert=str(tmp_path / "none.pem"))
    assert known.done.body == b"you"
    assert unknown.failure.code.startswith(("net::ERR_SSL", "net::ERR_CONNECTION"))
    assert missing.failure.code == "net::ERR_BAD_SSL_CLIENT_AUTH_CERT"


def test_through_a_tunnel_the_proxy_sees_no_headers(worker: Client, authority: Authority) -> None:
    with serving(lambda _: answer(b"inside"), tls=authority.server("a.test")) as origin:

        def script(connection: socket.socket, _: int) -> None:
            request = read_request(connection)
            assert request is not None
            proxy.requests.append(request)
            connection.sendall(b"HTTP/1.1 200 Connection established\r\nX-Proxy: 1\r\n\r\n")
            with socket.create_connection(("127.0.0.1", origin.port)) as onward:
                connection.setblocking(False)
                onward.setblocking(False)
                splice(connection, onward)

        with Peer(script) as proxy:
            result = worker.fetch(
                "https://a.test/x",
                headers=(("Cookie", "secret=1"),),
                proxy=f"http://127.0.0.1:{proxy.port}",
                proxy_auth="u:p",
                ca_file=authority.ca_file,
            )
            [connect] = proxy.requests
        [request] = origin.requests
    assert result.done.body == b"inside"
    assert result.head.headers == (("Content-Length", "6"),)
    assert connect.line == "CONNECT a.test:443 HTTP/1.1"
    assert "Proxy-Authorization: Basic dTpw" in connect.fields
    assert not any("Cookie" in field or "User-Agent" in field for field in connect.fields)
    assert "Cookie: secret=1" in request.fields
    assert not any("Proxy-Authorization" in field for field in request.fields)


def splice(one: socket.socket, other: socket.socket) -> None:
    """Copy both ways until one of them ends."""
    import select

    to = {one: other, other: one}
    while True:
        for ready in select.select([one, other], [], [])[0]:
            data = ready.recv(65536)
            if not data:
                return
            to[ready].sendall(data)


def test_there_is_a_default_bundle() -> None:
    assert "BEGIN CERTIFICATE" in Path(default_ca_file()).read_text("utf-8")


needs_nginx = pytest.mark.skipif(not Nginx.program(), reason="nginx is not installed: no HTTP/2 server to test against")


@pytest.fixture(name="nginx")
def _nginx(tmp_path: Path, authority: Authority) -> Iterator[Nginx]:
    certificate = tmp_path / "server.pem"
    authority.ca.issue_cert("localhost", "127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(certificate))
    server = Nginx(tmp_path, certificate)
    yield server
    server.close()


@needs_nginx
def test_a_cold_burst_over_http2_shares_one_connection(worker: Client, authority: Authority, nginx: Nginx) -> None:
    for index in range(40):
        (nginx.root / str(index)).write_text(f"file {index}")
    url = f"https://127.0.0.1:{nginx.port}/"
    numbers = [worker.submit(f"{url}{index}", ca_file=authority.ca_file) for index in range(40)]
    results = [worker.result(number) for number in numbers]
    assert [result.done.body for result in results] == [f"file {index}".encode() for index in range(40)]
    assert {result.head.http_version for result in results} == {"HTTP/2"}
    assert len({result.head.connection_id for result in results}) == 1
    assert len(nginx.connections()) == 1


@needs_nginx
def test_http_1_1_can_be_asked_for_where_2_is_offered(worker: Client, authority: Authority, nginx: Nginx) -> None:
    (nginx.root / "a").write_text("a")
    url = f"https://127.0.0.1:{nginx.port}/a"
    for version, spoken in (("2", "HTTP/2"), ("1.1", "HTTP/1.1"), ("auto", "HTTP/2")):
        result = worker.fetch(url, ca_file=authority.ca_file, http_version=version)
        assert (result.done.body, result.head.http_version) == (b"a", spoken)


@needs_nginx
def test_a_request_over_http2_is_told_as_it_went_out(worker: Client, authority: Authority, nginx: Nginx) -> None:
    (nginx.root / "a").write_text("a")
    url = f"https://127.0.0.1:{nginx.port}/a"
    headers = (("User-Agent", "U"), ("X-A", "b"))
    for _ in range(2):  # over a new connection, and over one that is there
        head = worker.fetch(url, headers=headers, ca_file=authority.ca_file, tells_request=True).head
        lines = head.request_head.decode().split("\r\n")
        assert lines[0] == "GET /a HTTP/2"
        assert lines[-2:] == ["", ""]
        fields = [line.lower() for line in lines[1:-2]]
        assert fields[0] == f"host: 127.0.0.1:{nginx.port}"
        assert "x-a: b" in fields
        assert head.tls is not None
    assert worker.fetch(url, headers=headers, ca_file=authority.ca_file).head.request_head == b""


@needs_nginx
def test_a_paused_stream_does_not_hold_up_others_of_its_connection(
    worker: Client, authority: Authority, nginx: Nginx
) -> None:
    (nginx.root / "big").write_bytes(bytes(4_000_000))
    (nginx.root / "small").write_text("small")
    url = f"https://127.0.0.1:{nginx.port}/"
    big = worker.submit(f"{url}big", ca_file=authority.ca_file, stream=True)
    worker.wait(lambda: len(worker.events[big]) > 1)
    for _ in range(50):
        assert worker.fetch(f"{url}small", ca_file=authority.ca_file).done.body == b"small"
    assert not worker.ended(big)
    worker.handle.cancel(big)
    assert worker.result(big).failure.code == "net::ERR_ABORTED"
    assert worker.fetch(f"{url}small", ca_file=authority.ca_file).done.body == b"small"
    assert len(nginx.connections()) == 1
