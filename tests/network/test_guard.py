"""Private networks stay out of reach: judged on the socket, whatever names and redirects say."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.sync.server import serve

from sanderling.network import errors
from sanderling.network.curl_guard import Guard
from sanderling.network.messages import OpenSocket, SocketClosed, SocketOpened, TransferOptions
from sanderling.network.network import Network
from sanderling.proto.addresses import AddressRules
from tests.network.carriers import CARRIERS
from tests.network.peers import WAIT_S, Client, Peer, answer, client, serving

PRIVATE = Guard(AddressRules(private=True))
BLOCKED = errors.BLOCKED_BY_PRIVATE_NETWORK_ACCESS_CHECKS


@contextlib.contextmanager
def guarded(guard: Guard, carrier: str = "thread") -> Iterator[Client]:
    network = Network()
    network.restrict(guard)
    network.start_thread()
    try:
        one = Client(network, carrier)
        yield one
        one.close()
    finally:
        network.stop()


@pytest.fixture(name="peer")
def _peer() -> Iterator[Peer]:
    with serving(lambda _: answer(b"secret")) as peer:
        yield peer
        # Not even a connection was made.
        assert peer.connections == 0


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize(
    "host",
    [
        "localhost",  # a name, looked up
        "127.0.0.1",
        "127.1.2.3",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::]",
        "0.0.0.0",
        "2130706433",  # no page can say these, for its URLs are serialised; libcurl understands them all the same
        "0x7f.1",
        "0177.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "[fe80::1]",
        "[fd00::1]",
        "[64:ff9b::7f00:1]",
    ],
)
def test_no_way_of_writing_an_address_helps(peer: Peer, carrier: str, host: str) -> None:
    with guarded(PRIVATE, carrier) as worker:
        failure = worker.fetch(f"http://{host}:{peer.port}/").failure
    assert failure.code == BLOCKED
    assert failure.message.endswith(": private networks are blocked")


def test_the_rules_of_a_worker_hold_too(peer: Peer) -> None:
    with client() as worker:
        assert worker.fetch(peer.url, block_private_networks=True).failure.code == BLOCKED
        failure = worker.fetch(peer.url, block_cidrs=("127.0.0.0/8",)).failure
        assert failure.code == errors.BLOCKED_BY_ADMINISTRATOR
        assert failure.message == "127.0.0.1 is in 127.0.0.0/8, which is blocked"
        assert worker.fetch(peer.url, block_cidrs=("127/8",)).failure.code == errors.INVALID_ARGUMENT


def test_a_worker_cannot_free_itself_of_the_rules_of_the_process(peer: Peer) -> None:
    with guarded(PRIVATE) as worker:
        options: dict[str, Any] = {"block_private_networks": False, "block_cidrs": ()}
        assert worker.fetch(peer.url, **options).failure.code == BLOCKED


def test_what_is_allowed_goes_through() -> None:
    with (
        serving(lambda _: answer(b"x")) as peer,
        guarded(Guard(AddressRules(private=False, cidrs=("10.0.0.0/8",)))) as worker,
    ):
        assert worker.fetch(peer.url).done.body == b"x"
        assert worker.fetch(peer.url).head.reused


def test_a_connection_that_another_opened_is_judged_too() -> None:
    with serving(lambda _: answer(b"x")) as peer, client() as worker:
        assert worker.fetch(peer.url).done.body == b"x"
        assert worker.fetch(peer.url, block_private_networks=True).failure.code == BLOCKED
        assert worker.fetch(peer.url).done.body == b"x", "and others go on"
        assert len(peer.requests) == 2


def test_a_name_with_a_forbidden_and_an_allowed_address() -> None:
    # localhost is ::1 and 127.0.0.1; only the first is forbidden, so the second is taken.
    with serving(lambda _: answer(b"x")) as peer, client() as worker:
        assert worker.fetch(f"http://localhost:{peer.port}/", block_cidrs=("::1/128",)).done.body == b"x"


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_websockets(carrier: str, host: str) -> None:
    opened = threading.Event()
    with serve(lambda _: opened.set(), "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        url = f"ws://{host}:{server.socket.getsockname()[1]}/"
        try:
            with guarded(PRIVATE, carrier) as worker:
                number = worker.handle.next_id()
                worker.handle.open_socket(OpenSocket(number, url))
                worker.wait(lambda: bool(worker.others))
                [closed] = worker.others
                assert isinstance(closed, SocketClosed)
                assert closed.error == BLOCKED
            assert not opened.is_set()
            with client(carrier) as worker:
                number = worker.handle.next_id()
                worker.handle.open_socket(OpenSocket(number, url, options=TransferOptions(block_cidrs=("10.0.0.0/8",))))
                worker.wait(lambda: any(isinstance(event, SocketOpened) for event in worker.others))
        finally:
            server.shutdown()
            thread.join(WAIT_S)


def test_a_client_cannot_use_a_proxy_to_get_in(peer: Peer) -> None:
    with guarded(PRIVATE) as worker:
        failure = worker.fetch("http://example.test/", proxy=f"http://127.0.0.1:{peer.port}").failure
    assert failure.code == BLOCKED


def test_a_proxy_of_the_process_is_trusted_but_not_with_private_addresses() -> None:
    with serving(lambda _: answer(b"x")) as proxy:
        where = f"http://127.0.0.1:{proxy.port}"
        with guarded(Guard(AddressRules(private=True), frozenset({where}))) as worker:
            assert worker.fetch("http://example.test/", proxy=where).done.body == b"x"
            for url in ("http://169.254.169.254/", "http://localhost/", "https://[::ffff:10.0.0.1]/"):
                assert worker.fetch(url, proxy=where).failure.code == BLOCKED
            number = worker.handle.next_id()
            worker.handle.open_socket(OpenSocket(number, "ws://10.0.0.1/", options=TransferOptions(proxy=where)))
            worker.wait(lambda: bool(worker.others))
            [closed] = worker.others
            assert isinstance(closed, SocketClosed)
            assert closed.error == BLOCKED
        assert len(proxy.requests) == 1


def test_a_context_with_rules_trusts_the_proxy_that_it_came_with() -> None:
    with serving(lambda _: answer(b"x")) as proxy, client() as worker:
        way: dict[str, Any] = {"proxy": f"http://127.0.0.1:{proxy.port}", "block_private_networks": True}
        assert worker.fetch("http://example.test/", **way).done.body == b"x"
        assert worker.fetch("http://127.0.0.1/", **way).failure.code == BLOCKED


def test_a_socket_that_the_system_does_not_give_has_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object) -> socket.socket:
        raise OSError(24, "Too many open files")

    with serving(lambda _: answer(b"x")) as peer, client() as worker:
        monkeypatch.setattr("sanderling.network.curl_guard.socket.socket", exhausted)
        number = worker.submit(peer.url, block_cidrs=("10.0.0.0/8",))
        failure = worker.result(number).failure
        monkeypatch.undo()
    assert failure.code == errors.INSUFFICIENT_RESOURCES
