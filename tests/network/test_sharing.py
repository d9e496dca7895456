"""What all workers of a process share, and what none of them gets of another's."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from sanderling.network.counters import MAX_OUTCOMES, Counters
from sanderling.network.messages import Saved
from sanderling.network.network import Network
from sanderling.network.schedule import MAX_CONNECTIONS_PER_HOST
from tests.network.peers import WAIT_S, Client, Nginx, Peer, Request, answer, closed_port, read_request, serving


@contextlib.contextmanager
def clients(count: int) -> Iterator[list[Client]]:
    network = Network()
    network.start_thread()
    try:
        workers = [Client(network) for _ in range(count)]
        yield workers
        for worker in workers:
            worker.close()
    finally:
        network.stop()


@pytest.mark.parametrize("apart", [False, True])
def test_a_host_sees_no_more_connections_at_once_than_from_one_browser(apart: bool) -> None:
    full = threading.Barrier(MAX_CONNECTIONS_PER_HOST)
    lock = threading.Lock()
    at_once = most = 0

    def reply(_: Request) -> bytes:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        full.wait(WAIT_S)  # six are there at once, each time
        with lock:
            at_once -= 1
        return answer(b"x")

    with serving(reply) as peer, clients(6) as workers:
        numbers = [
            (worker, worker.submit(peer.url, isolation_key=f"{index}" if apart else ""))
            for index, worker in enumerate(workers)
            for _ in range(6)
        ]
        for worker, number in numbers:
            assert worker.result(number).done.body == b"x"
    assert most == MAX_CONNECTIONS_PER_HOST
    if not apart:
        assert peer.connections == MAX_CONNECTIONS_PER_HOST


def test_one_request_does_not_wait_for_anothers_thousand() -> None:
    permits = threading.Semaphore(0)

    def reply(request: Request) -> bytes:
        assert request.line.split()[1] == "/modest" or permits.acquire(timeout=WAIT_S)
        return answer()

    with serving(reply) as peer, clients(2) as (greedy, modest):
        thousand = [greedy.submit(f"{peer.url}greedy", priority=0) for _ in range(1000)]
        # Network has taken the thousand when something sent after them has its outcome.
        assert greedy.fetch("ftp://x/").failure.code == "net::ERR_UNKNOWN_URL_SCHEME"
        one = modest.submit(f"{peer.url}modest", priority=4)
        assert modest.fetch("ftp://x/").failure.code == "net::ERR_UNKNOWN_URL_SCHEME"
        # Six of the other's are under way already, and six more may begin at the same moment. No more are answered before this one.
        permits.release(2 * MAX_CONNECTIONS_PER_HOST)
        assert modest.result(one).head.status == 200
        permits.release(len(thousand))
        for number in thousand:
            assert greedy.result(number).head.status == 200


def test_connections_are_shared_by_workers() -> None:
    with serving(lambda _: answer(b"x")) as peer, clients(2) as (first, second):
        assert not first.fetch(peer.url, credentials_key="a").head.reused
        assert second.fetch(peer.url, credentials_key="b").head.reused
    assert peer.connections == 1


def test_workers_share_a_connection_of_http_2_and_its_handshake(tmp_path: Path) -> None:
    if not Nginx.program():
        pytest.skip("no nginx")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(tmp_path / "server.pem")
    server = Nginx(tmp_path, tmp_path / "server.pem")
    try:
        (server.root / "file").write_bytes(b"x")
        with clients(20) as workers:
            numbers = [
                (worker, worker.submit(f"{server.url}file", ca_file=str(tmp_path / "ca.pem"), credentials_key=f"{i}"))
                for i, worker in enumerate(workers)
                for _ in range(5)
            ]
            for worker, number in numbers:
                assert worker.result(number).done.body == b"x"
        assert len(server.connections()) == 1
    finally:
        server.close()


# What must not be shared: each of these tries to leak it.


def told(requests: list[Request], name: str) -> list[str]:
    """Give what each request says in a header; empty where it does not."""
    prefix = f"{name.lower()}: "
    return [
        next((field[len(prefix) :] for field in request.fields if field.lower().startswith(prefix)), "")
        for request in requests
    ]


def test_cookies_and_basic_credentials_stay_with_their_request_on_a_shared_connection() -> None:
    with serving(lambda _: answer(b"x")) as peer, clients(2) as (first, second):
        headers = (("Cookie", "session=first"), ("Authorization", "Basic Zmlyc3Q6eA=="))
        first.fetch(peer.url, headers=headers, credentials_key="first")
        second.fetch(peer.url, credentials_key="second")
    assert peer.connections == 1
    assert told(peer.requests, "Cookie") == ["session=first", ""]
    assert told(peer.requests, "Authorization") == ["Basic Zmlyc3Q6eA==", ""]


@pytest.mark.parametrize("scheme", ["NTLM", "negotiate"])
def test_a_connection_that_ntlm_gave_a_user_serves_no_other_context(scheme: str) -> None:
    # A server that does what NTLM wants: who has shown a token is who this connection is.
    served: list[tuple[int, str]] = []

    def script(connection: socket.socket, number: int) -> None:
        user = "nobody"
        while (request := read_request(connection)) is not None:
            [token] = told([request], "Authorization")
            user = token.split()[-1] if token else user
            served.append((number, user))
            connection.sendall(answer(user.encode()))

    with Peer(script) as peer, clients(2) as (first, second):
        headers = (("authorization", f" {scheme} first"),)
        assert first.fetch(peer.url, headers=headers, credentials_key="first").done.body == b"first"
        assert second.fetch(peer.url, credentials_key="second").done.body == b"nobody"
        assert (
            second.fetch(peer.url, headers=(("Authorization", f"{scheme} second"),), credentials_key="second").done.body
            == b"second"
        )
        assert first.fetch(peer.url, credentials_key="first").done.body == b"nobody", (
            "without its token it is nobody, too"
        )
    assert len({number for number, user in served if user == "nobody"}) == 1
    assert len({number for number, _ in served}) == 3


def test_a_proxys_connection_serves_only_who_gave_it_the_credentials() -> None:
    with serving(lambda _: answer(b"x")) as proxy, clients(3) as (first, second, third):
        way: dict[str, Any] = {"proxy": f"http://127.0.0.1:{proxy.port}"}
        url = "http://origin.test/"
        assert not first.fetch(url, credentials_key="first", proxy_auth="u:p", **way).head.reused
        # The same words: another's all the same, for who knows them shall not find out that they are right, or who uses them.
        assert not second.fetch(url, credentials_key="second", proxy_auth="u:p", **way).head.reused
        assert not third.fetch(url, credentials_key="third", **way).head.reused
        assert first.fetch(url, credentials_key="first", proxy_auth="u:p", **way).head.reused
    assert proxy.connections == 3
    assert told(proxy.requests, "Proxy-Authorization") == ["Basic dTpw", "Basic dTpw", "", "Basic dTpw"]


def test_proxies_are_not_mixed() -> None:
    with serving(lambda _: answer(b"one")) as one, serving(lambda _: answer(b"two")) as two, clients(2) as workers:
        for worker, proxy, body in ((workers[0], one, b"one"), (workers[1], two, b"two"), (workers[0], two, b"two")):
            assert worker.fetch("http://origin.test/", proxy=f"http://127.0.0.1:{proxy.port}").done.body == body
    assert (one.connections, two.connections) == (1, 1), "and without credentials a proxy's connection is shared"


def test_a_client_certificate_serves_only_its_context(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    authority.issue_cert("client.test").private_key_and_cert_chain_pem.write_to_path(tmp_path / "client.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_OPTIONAL

    def script(connection: socket.socket, _: int) -> None:
        assert isinstance(connection, ssl.SSLSocket)
        known = connection.getpeercert()
        while read_request(connection) is not None:
            connection.sendall(answer(b"known" if known else b"unknown"))

    certificate: dict[str, Any] = {
        "client_cert": str(tmp_path / "client.pem"),
        "client_key": str(tmp_path / "client.pem"),
    }
    with Peer(script, tls=context) as peer, clients(3) as (first, second, third):
        common: dict[str, Any] = {"ca_file": str(tmp_path / "ca.pem")}
        assert first.fetch(peer.url, credentials_key="first", **common, **certificate).done.body == b"known"
        assert third.fetch(peer.url, credentials_key="third", **common).done.body == b"unknown"
        result = second.fetch(peer.url, credentials_key="second", **common, **certificate)
        assert (result.done.body, result.head.reused) == (b"known", False)
    assert peer.connections == 3


def test_contexts_that_trust_nobody_share_nothing() -> None:
    with serving(lambda _: answer(b"x")) as peer, clients(2) as (first, second):
        assert not first.fetch(peer.url, isolation_key="first").head.reused
        assert not second.fetch(peer.url, isolation_key="second").head.reused
        assert first.fetch(peer.url, isolation_key="first").head.reused
    assert peer.connections == 2


# Counting.


def test_what_was_opened_and_what_was_saved_is_counted(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    network = Network()
    network.start_thread()
    with serving(lambda _: answer(b"12345")) as plain, serving(lambda _: answer(b"x"), tls=context) as secure:
        worker = Client(network)
        for _ in range(3):
            assert worker.fetch(plain.url).done.body == b"12345"
        for _ in range(4):
            url = f"https://localhost:{secure.port}/"
            assert worker.fetch(url, ca_file=str(tmp_path / "ca.pem")).done.body == b"x"
        assert worker.fetch(f"http://127.0.0.1:{closed_port()}/").failure.code == "net::ERR_CONNECTION_REFUSED"
        assert worker.fetch("ftp://x/").failure.code == "net::ERR_UNKNOWN_URL_SCHEME"
        worker.handle.tell(Saved("cache"))
        worker.handle.tell(Saved("shared"))
        worker.close()
        network.stop()
    counters = network.counters
    assert counters.outcomes == {"done": 7, "net::ERR_CONNECTION_REFUSED": 1, "net::ERR_UNKNOWN_URL_SCHEME": 1}
    assert (counters.transfers, counters.started) == (9, 8)
    assert (counters.connections_opened, counters.connections_reused) == (2, 5)
    assert (counters.tls_handshakes, counters.tls_handshakes_saved) == (1, 3)
    assert counters.names_resolved == 1
    assert counters.queued_s > 0
    assert counters.bytes_received >= 3 * 5 + 4
    assert counters.saved == {"cache": 1, "shared": 1}


def test_outcomes_that_are_counted_apart_are_bounded() -> None:
    counters = Counters()
    for number in range(2 * MAX_OUTCOMES):
        counters.ended(str(number))
    assert len(counters.outcomes) == MAX_OUTCOMES
