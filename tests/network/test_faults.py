"""Peers that break off anywhere, lie about lengths or drip, and workers that change their mind: each transfer gets one outcome, nothing stays."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import trustme

from sanderling.network import errors
from sanderling.network.messages import Done, Failed
from sanderling.network.network import Network
from tests.leaks import nothing_stays
from tests.network.peers import WAIT_S, Client, Nginx, Peer, answer, client, read_request, serving

needs_proc = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc/self/fd is Linux's")

BODY = b"The quick brown fox jumps over the lazy dog. " * 3
RESPONSES = {
    "length": answer(BODY),
    "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (BODY[:50], BODY[50:]))
    + b"0\r\n\r\n",
    "to the end": b"HTTP/1.1 200 OK\r\n\r\n" + BODY,
}
BROKEN = {
    errors.EMPTY_RESPONSE,
    errors.INVALID_HTTP_RESPONSE,
    errors.RESPONSE_HEADERS_TRUNCATED,
    errors.CONTENT_LENGTH_MISMATCH,
    errors.INCOMPLETE_CHUNKED_ENCODING,
    errors.CONNECTION_CLOSED,
    errors.CONNECTION_RESET,
    errors.SSL_PROTOCOL_ERROR,
    errors.HTTP2_PROTOCOL_ERROR,
}


@pytest.mark.parametrize("kind", RESPONSES)
@pytest.mark.parametrize("reset", [False, True])
def test_a_peer_that_breaks_off_at_any_byte(kind: str, reset: bool) -> None:
    whole = RESPONSES[kind]

    def script(connection: socket.socket, _: int) -> None:
        request = read_request(connection)
        assert request is not None
        connection.sendall(whole[: int(request.line.split()[1][1:])])
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    with Peer(script) as peer, client() as worker:
        numbers = [worker.submit(f"{peer.url}{cut}") for cut in range(len(whole) + 1)]
        outcomes = [worker.result(number).outcome for number in numbers]
    if not reset:  # a reset may overtake what was sent before it
        last = outcomes[-1]
        assert isinstance(last, Done), last
        assert last.body == BODY
    for cut, outcome in enumerate(outcomes[:-1]):
        if isinstance(outcome, Failed):
            assert outcome.code in BROKEN, (cut, outcome)
        else:
            # Without a length the end of the connection is the end of the body (RFC 9112, 6.3).
            # Within the head the lines that came count, if they say of no body.
            lines = whole[:cut].rpartition(b"\r\n")[0]
            bodiless = (
                lines.startswith(b"HTTP") and b"Content-Length" not in lines and b"Transfer-Encoding" not in lines
            )
            assert kind == "to the end" or bodiless or whole[cut:] in (b"\n", b"\r\n", b"\n\r\n", b"\r\n\r\n"), (
                cut,
                outcome,
            )


def test_a_head_that_ends_with_the_connection() -> None:
    """As in browsers: over plain HTTP the lines that came count, if they say of no body that did not."""
    heads = {
        "/taken": b"HTTP/1.0 200 MEH\nA: 1\nB: 2\n",
        "/empty": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n",
        "/length": b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n",
        "/chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n",
        "/status": b"HTTP/1.1 20",
    }

    def script(connection: socket.socket, _: int) -> None:
        request = read_request(connection)
        assert request is not None
        connection.sendall(heads[request.line.split()[1]])

    with Peer(script) as peer, client() as worker:
        results = {path: worker.result(worker.submit(f"{peer.url}{path[1:]}")) for path in heads}
    assert [path for path, result in results.items() if isinstance(result.outcome, Done)] == ["/taken", "/empty"]
    head = results["/taken"].head
    assert (head.status, head.reason, head.headers) == (200, "MEH", (("A", "1"), ("B", "2")))


class Relay:
    """Passes bytes on, and after so many of the server's it cuts the connection."""

    def __init__(self, port: int) -> None:
        self.limit = 0
        self.passed = 0
        self._target = port
        self._peer = Peer(self._run)
        self.port = self._peer.port

    def _run(self, connection: socket.socket, _: int) -> None:
        with socket.create_connection(("127.0.0.1", self._target)) as server:
            up = threading.Thread(target=_pass, args=(connection, server))
            up.start()
            left = self.limit
            self.passed = 0
            with contextlib.suppress(OSError):
                while left and (data := server.recv(min(left, 65536))):
                    left -= len(data)
                    self.passed += len(data)  # before who gets it can look
                    connection.sendall(data)
            for one in (connection, server):
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
            up.join(WAIT_S)

    def __enter__(self) -> Relay:
        self._peer.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._peer.__exit__(None, None, None)


def _pass(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)


def _cuts(worker: Client, relay: Relay, url: str, ca_file: str, body: bytes) -> None:
    relay.limit = 1 << 30
    assert worker.fetch(url, ca_file=ca_file, isolation_key="whole").done.body == body
    whole = relay.passed
    step = max(whole // 60, 1)
    for limit in [*range(0, whole - 40, step)]:
        relay.limit = limit
        failure = worker.fetch(url, ca_file=ca_file, isolation_key=str(limit)).failure
        assert failure.code in BROKEN, (limit, failure)


def test_a_peer_that_breaks_off_in_tls(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with (
        serving(lambda _: answer(b"x" * 5000, "Connection: close"), tls=context) as peer,
        Relay(peer.port) as relay,
        client() as worker,
    ):
        _cuts(worker, relay, f"https://localhost:{relay.port}/", str(tmp_path / "ca.pem"), b"x" * 5000)


def test_a_peer_that_breaks_off_in_a_frame_of_http_2(tmp_path: Path) -> None:
    if not Nginx.program():
        pytest.skip("no nginx")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(tmp_path / "server.pem")
    server = Nginx(tmp_path, tmp_path / "server.pem")
    (server.root / "file").write_bytes(b"x" * 50_000)
    try:
        with Relay(server.port) as relay, client() as worker:
            _cuts(worker, relay, f"https://localhost:{relay.port}/file", str(tmp_path / "ca.pem"), b"x" * 50_000)
    finally:
        server.close()


def test_a_length_that_is_too_small_leaves_the_rest_to_nobody() -> None:
    # What comes after the length would be taken for the next response, if the connection were used again as it is.
    def script(connection: socket.socket, number: int) -> None:
        while (request := read_request(connection)) is not None:
            peer.requests.append(request)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nright" + answer(b"smuggled"))

    with Peer(script) as peer, client() as worker:
        for _ in range(3):
            assert worker.fetch(peer.url).done.body == b"right"
        assert len(peer.requests) == 3


def test_a_peer_that_is_half_open() -> None:
    # It ends its own side before it has said a word, and goes on reading; and it answers after we could not ask more.
    def script(connection: socket.socket, number: int) -> None:
        read_request(connection)
        if number == 0:
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass
        else:
            connection.shutdown(socket.SHUT_RD)
            connection.sendall(answer(b"late"))

    with Peer(script) as peer, client() as worker:
        assert worker.fetch(peer.url).failure.code == errors.EMPTY_RESPONSE
        assert worker.fetch(peer.url).done.body == b"late"


@needs_proc
def test_thousands_cancelled_while_they_complete_leave_nothing() -> None:
    chance = random.Random(1)
    total = 10_000
    with nothing_stays(), serving(lambda _: answer(b"x")) as peer:
        network = Network()
        network.start_thread()
        workers = [Client(network) for _ in range(4)]
        mine = [[worker.submit(peer.url) for _ in range(total // len(workers))] for worker in workers]
        deadline = time.monotonic() + 60
        open_ = [list(numbers) for numbers in mine]
        may_cancel = dict.fromkeys(workers, 4)
        while any(open_):
            assert time.monotonic() < deadline
            for worker, numbers in zip(workers, open_, strict=True):
                # As many as completed, so that both happen however the machine shares out its time.
                for number in chance.sample(numbers, min(len(numbers), may_cancel[worker])):
                    worker.handle.cancel(number)
                    may_cancel[worker] -= 1
                if numbers:
                    worker.pump()
                may_cancel[worker] += sum(isinstance(worker.events[n][-1], Done) for n in numbers if worker.ended(n))
                numbers[:] = [number for number in numbers if not worker.ended(number)]
        outcomes = {True: 0, False: 0}
        for worker, numbers in zip(workers, mine, strict=True):
            for number in numbers:
                ends = [event for event in worker.events[number] if isinstance(event, Done | Failed)]
                assert len(ends) == 1
                assert isinstance(ends[0], Done) or ends[0].code == errors.ABORTED
                outcomes[isinstance(ends[0], Done)] += 1
        assert min(outcomes.values()) > total // 20, "both happened, often"
        loads: list[tuple[int, int]] = []
        looked = threading.Event()

        def look() -> None:
            loads.append(network.load)
            looked.set()

        network.call_soon(look)
        assert looked.wait(WAIT_S)
        assert loads == [(0, 0)]
        assert network.counters.transfers == total
        for worker in workers:
            worker.close()
        network.stop()


def _has_namespaces() -> bool:
    return (
        shutil.which("unshare") is not None and not subprocess.run(["unshare", "-rmn", "true"], check=False).returncode
    )


@pytest.mark.skipif(not _has_namespaces(), reason="no namespaces for who is not root (Linux, unshare)")
def test_a_dns_server_that_never_answers(tmp_path: Path) -> None:
    (tmp_path / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:30 attempts:1\n")
    command = ["unshare", "-rmn", sys.executable, "-m", "tests.network.silent_dns", str(tmp_path / "resolv.conf")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("done\n", "", 0)


@needs_proc
def test_transfers_survive_that_no_descriptor_is_left() -> None:
    resource = pytest.importorskip("resource")
    with serving(lambda _: answer(b"x")) as peer, serving(lambda _: answer(b"y")) as later, client() as worker:
        assert worker.fetch(peer.url).done.body == b"x"
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(int(one) for one in os.listdir("/proc/self/fd")), limits[1]))
        try:
            spare = []
            with contextlib.suppress(OSError):
                while True:
                    spare.append(os.dup(0))
            failures = [worker.fetch(later.url).failure.code for _ in range(3)]
            kept = worker.fetch(peer.url).done.body  # by the connection that there is
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
            for one in spare:
                os.close(one)
        assert failures == [errors.INSUFFICIENT_RESOURCES] * 3
        assert kept == b"x"
        assert worker.fetch(later.url).done.body == b"y"
