from __future__ import annotations

import functools
import socket
import struct
import threading
import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from sanderling.network import curl
from sanderling.network.curl_job import STREAM_WINDOW
from sanderling.network.messages import BodyChunk, BodyPart, BodyWanted, Done, HeaderList, ResponseHead
from sanderling.network.schedule import MAX_CONNECTIONS_PER_HOST
from tests.network.carriers import CARRIERS
from tests.network.peers import (
    WAIT_S,
    Client,
    Peer,
    Request,
    Result,
    answer,
    client,
    closed_port,
    read_request,
    serving,
    unchunk,
)
from tests.stepping import SteppingLoop


@pytest.fixture(name="worker", params=CARRIERS)
def _worker(request: pytest.FixtureRequest) -> Iterator[Client]:
    with client(request.param) as one:
        yield one


def raw(data: bytes, *, reset: bool = False) -> Peer:
    """Make a server that answers `data`, whatever it is, and hangs up."""

    def script(connection: socket.socket, _: int) -> None:
        request = read_request(connection)
        assert request is not None
        peer.requests.append(request)
        connection.sendall(data)
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()

    peer = Peer(script)
    return peer


# What is sent.


def test_the_request_is_what_was_asked_for_and_nothing_more(worker: Client) -> None:
    headers = (
        ("X-Second", "2"),
        ("Cookie", "a=1"),
        ("x-first", "1"),
        ("X-Second", "again"),
        ("X-Empty", ""),
        ("X-L", "\xe9"),
    )
    with serving(lambda _: answer(b"hello")) as peer:
        result = worker.fetch(peer.url + "a/../b?q", headers=headers)
        assert result.done.body == b"hello"
        [request] = peer.requests
    assert request.line == "GET /a/../b?q HTTP/1.1"
    assert request.fields == [
        f"Host: 127.0.0.1:{peer.port}",
        "X-Second: 2",
        "Cookie: a=1",
        "x-first: 1",
        "X-Second: again",
        "X-Empty:",
        "X-L: \xe9",
        "Connection: keep-alive",
    ]


def test_headers_that_libcurl_knows_are_sent_where_they_were_put(worker: Client) -> None:
    headers = (("User-Agent", "me"), ("Accept", "text/html"), ("Accept-Encoding", "gzip"), ("Host", "other.test"))
    with serving(lambda _: answer()) as peer:
        assert worker.fetch(peer.url, headers=headers).done.body == b""
        # Host goes first wherever it was put (RFC 9110, 7.2).
        sent = [f"{name}: {value}" for name, value in (headers[3], *headers[:3])]
        # And libcurl puts Connection last, which in browsers follows Host.
        assert peer.requests[0].fields == [*sent, "Connection: keep-alive"]


@pytest.mark.parametrize(
    ("method", "body", "fields", "sent"),
    [
        ("POST", b"a\0b" * 10, ["Content-Length: 30"], b"a\0b" * 10),
        ("POST", None, ["Content-Length: 0"], b""),
        ("PUT", b"x" * 3_000_000, ["Content-Length: 3000000"], b"x" * 3_000_000),
        ("DELETE", None, [], b""),
        ("PATCH", b"p", ["Content-Length: 1"], b"p"),
        ("GET", b"odd", ["Content-Length: 3"], b"odd"),
        ("M-SEARCH", None, [], b""),
        ("OPTIONS", b"", ["Content-Length: 0"], b""),
    ],
)
def test_methods_and_bodies(worker: Client, method: str, body: bytes | None, fields: list[str], sent: bytes) -> None:
    with serving(lambda _: answer(b"ok")) as peer:
        assert worker.fetch(peer.url, method=method, body=body).done.body == b"ok"
        [request] = peer.requests
    assert request.line == f"{method} / HTTP/1.1"
    assert request.fields == [f"Host: 127.0.0.1:{peer.port}", *fields, "Connection: keep-alive"]
    assert request.body == sent


def test_head_has_no_body_and_the_handle_forgets_it(worker: Client) -> None:
    def reply(request: Request) -> bytes:
        return answer(b"body")[: -4 if request.line.startswith("HEAD") else None]

    with serving(reply) as peer:
        for method, body in (("HEAD", b""), ("GET", b"body"), ("HEAD", b""), ("POST", b"body"), ("GET", b"body")):
            result = worker.fetch(
                peer.url, method=method, headers=(("X", method),), body=b"b" if method == "POST" else None
            )
            assert (result.head.status, result.done.body) == (200, body)
        assert peer.connections == 1
        last = peer.requests[-1]
        assert (last.line, last.body) == ("GET / HTTP/1.1", b"")
        assert last.fields[1:] == ["X: GET", "Connection: keep-alive"]


def test_a_handle_carries_nothing_of_one_request_into_the_next(worker: Client) -> None:
    with serving(lambda _: answer(b"x")) as peer:
        for round_ in range(2):
            worker.fetch(peer.url + "a", headers=(("Cookie", f"a={round_}"), ("Authorization", "Basic eDp5")))
            worker.fetch(peer.url + "b", method="POST", body=b"body")
            worker.fetch(peer.url + "c", method="DELETE")
            worker.fetch(peer.url + "d", proxy=peer.url.rstrip("/"), proxy_auth="user:secret")
            worker.fetch(peer.url + "e")
        asked = [(request.line, request.fields[1:], request.body) for request in peer.requests]
    kept = "Connection: keep-alive"
    for number in (0, 5):
        with_cookie = [f"Cookie: a={number // 5}", "Authorization: Basic eDp5", kept]
        assert asked[number] == ("GET /a HTTP/1.1", with_cookie, b"")
        assert asked[number + 1][2] == b"body"
        assert asked[number + 2] == ("DELETE /c HTTP/1.1", [kept], b"")
        assert asked[number + 3][0] == f"GET {peer.url}d HTTP/1.1"
        assert asked[number + 4] == ("GET /e HTTP/1.1", [kept], b"")


def test_framing_headers_are_ours(worker: Client) -> None:
    headers = (("Content-Length", "1"), ("Transfer-Encoding", "chunked"), ("X", "y"))
    with serving(lambda _: answer()) as peer:
        worker.fetch(peer.url, method="POST", headers=headers, body=b"four")
        assert peer.requests[0].fields[1:] == ["Content-Length: 4", "X: y", "Connection: keep-alive"]


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        ((("X", "a\r\nY: b"),), "CR, LF or NUL"),
        ((("X", "a\nb"),), "CR, LF or NUL"),
        ((("X", "a\0b"),), "CR, LF or NUL"),
        ((("X\r\nY", "b"),), "not a header name"),
        ((("X:", "b"),), "not a header name"),
        ((("", "b"),), "not a header name"),
        ((("X", "\u20ac"),), "not Latin-1"),
    ],
)
def test_headers_that_would_break_the_message_are_refused(worker: Client, headers: HeaderList, text: str) -> None:
    with serving(lambda _: answer()) as peer:
        failure = worker.fetch(peer.url, headers=headers).failure
        assert peer.connections == 0
    assert failure.code == "net::ERR_INVALID_ARGUMENT"
    assert text in failure.message


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("file:///etc/passwd", "net::ERR_UNKNOWN_URL_SCHEME"),
        ("ftp://127.0.0.1/", "net::ERR_UNKNOWN_URL_SCHEME"),
        ("http://127.0.0.1:1/a b", "net::ERR_INVALID_URL"),
        ("http:///path", "net::ERR_INVALID_URL"),
        ("http://127.0.0.1:1/\u00e9", "net::ERR_INVALID_URL"),
        ("http://127.0.0.1:1/\r\nX: y", "net::ERR_INVALID_URL"),
    ],
)
def test_urls_that_are_not_http_in_serialised_form_are_refused(worker: Client, url: str, code: str) -> None:
    assert worker.fetch(url).failure.code == code


def test_http_3_where_nobody_speaks_it(worker: Client) -> None:
    result = worker.fetch(f"https://127.0.0.1:{closed_port()}/", http_version="3", connect_timeout_ms=500)
    assert result.failure.code in ("net::ERR_CONNECTION_FAILED", "net::ERR_CONNECTION_TIMED_OUT")


def test_odd_methods_proxies_and_versions_are_refused(worker: Client) -> None:
    with serving(lambda _: answer()) as peer:
        assert worker.fetch(peer.url, method="GET /x HTTP/1.1\r\nX:").failure.code == "net::ERR_INVALID_ARGUMENT"
        assert worker.fetch(peer.url, method="HEAD", body=b"x").failure.code == "net::ERR_INVALID_ARGUMENT"
        assert worker.fetch(peer.url, proxy="ftp://127.0.0.1:1").failure.code == "net::ERR_INVALID_ARGUMENT"
        assert worker.fetch(peer.url, http_version="3").failure.code == "net::ERR_NOT_IMPLEMENTED"
        assert peer.connections == 0


def test_credentials_in_the_url_are_not_turned_into_a_header(worker: Client) -> None:
    with serving(lambda _: answer()) as peer:
        worker.fetch(f"http://user:secret@127.0.0.1:{peer.port}/#fragment")
        [request] = peer.requests
    assert request.line == "GET / HTTP/1.1"
    assert request.fields == [f"Host: 127.0.0.1:{peer.port}", "Connection: keep-alive"]


# What is received.


def test_the_head_comes_before_the_body_with_all_it_says(worker: Client) -> None:
    reply = answer(b"x" * 10, "Set-Cookie: a=1", "set-cookie: b=2", "X-L: \xe9", "X-Empty:", status="404 Gone Fishing")
    with serving(lambda _: reply) as peer:
        first = worker.fetch(peer.url)
        second = worker.fetch(peer.url)
    head = first.head
    assert first.events[0] is head
    assert (head.status, head.reason, head.http_version) == (404, "Gone Fishing", "HTTP/1.1")
    assert head.headers == (
        ("Content-Length", "10"),
        ("Set-Cookie", "a=1"),
        ("set-cookie", "b=2"),
        ("X-L", "\xe9"),
        ("X-Empty", ""),
    )
    assert head.remote_address == f"127.0.0.1:{peer.port}"
    assert (head.reused, second.head.reused) == (False, True)
    assert head.connection_id == second.head.connection_id
    assert first.done.encoded_bytes == len(reply)


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="no IPv6 here")
def test_an_ipv6_address_has_its_brackets(worker: Client) -> None:
    with serving(lambda _: answer(b"six"), host="::1") as peer:
        result = worker.fetch(f"http://[::1]:{peer.port}/")
    assert (result.done.body, result.head.remote_address) == (b"six", f"[::1]:{peer.port}")


def test_timings_are_in_order_and_say_what_did_not_happen(worker: Client) -> None:
    with serving(lambda _: answer(b"x")) as peer:
        fresh = worker.fetch(peer.url).done.timings
        reused = worker.fetch(peer.url).done.timings
    assert 0 <= fresh.queue <= fresh.name_lookup <= fresh.connect <= fresh.request_sent <= fresh.first_byte
    assert fresh.first_byte <= fresh.total < WAIT_S
    assert (fresh.tls, fresh.interim, fresh.final_head) == (-1.0, -1.0, -1.0)
    assert (reused.name_lookup, reused.connect, reused.tls) == (-1.0, -1.0, -1.0)
    assert 0 <= reused.request_sent <= reused.total


def test_interim_heads_folds_and_trailers(worker: Client) -> None:
    data = (
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Fold: one\r\n two\r\n\r\n"
        b"3\r\nabc\r\n0\r\nX-Trailer: late\r\n\r\n"
    )
    with raw(data) as peer:
        result = worker.fetch(peer.url)
    assert result.head.status == 200
    assert result.head.headers == (("Transfer-Encoding", "chunked"), ("X-Fold", "one two"))
    assert result.done.body == b"abc"
    timings = result.done.timings
    assert 0 < timings.interim == timings.first_byte <= timings.final_head <= timings.total


def test_redirects_are_reported_and_not_followed(worker: Client) -> None:
    with serving(lambda _: answer(b"there", "Location: /next", status="302 Found")) as peer:
        result = worker.fetch(peer.url)
        assert (result.head.status, result.done.body) == (302, b"there")
        assert len(peer.requests) == 1


@pytest.mark.parametrize("coding", ["gzip", "unheard-of"])
@pytest.mark.parametrize("stream", [False, True])
def test_bodies_come_as_they_are(worker: Client, coding: str, stream: bool) -> None:
    """Content codings are the worker's (`http/coded_body.py`)."""
    packed = zlib.compress(b"text " * 1000)
    with serving(lambda _: answer(packed, f"Content-Encoding: {coding}")) as peer:
        result = worker.fetch(peer.url, stream=stream)
        assert not any("Accept-Encoding" in field for field in peer.requests[0].fields)
        assert result.done.body + b"".join(one.data for one in result.events if isinstance(one, BodyChunk)) == packed
        assert result.done.timings.encoded_body_bytes == len(packed)
        assert len(peer.requests) == 1


def test_the_limit_of_a_body_is_exact(worker: Client) -> None:
    with serving(lambda _: answer(b"x" * 1000)) as peer:
        assert len(worker.fetch(peer.url, max_body_bytes=1000).done.body) == 1000
        assert worker.fetch(peer.url, max_body_bytes=999).failure.code == "net::ERR_RESPONSE_TOO_LARGE"


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (HEAD + b"Content-Length: 100\r\n\r\nshort", "net::ERR_CONTENT_LENGTH_MISMATCH"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab", "net::ERR_INCOMPLETE_CHUNKED_ENCODING"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nab", "net::ERR_INVALID_CHUNKED_ENCODING"),
        (b"", "net::ERR_EMPTY_RESPONSE"),
        (b"SSH-2.0-OpenSSH_9.9\r\n", "net::ERR_INVALID_HTTP_RESPONSE"),
        (b"HTTP/1.1 2000 OK\r\n\r\n", "net::ERR_INVALID_HTTP_RESPONSE"),
        (HEAD + b"X: " + b"x" * 99_000 + b"\r\nY: " + b"y" * 99_000 + b"\r\n\r\n", "net::ERR_RESPONSE_HEADERS_TOO_BIG"),
        (HEAD + b"X: " + b"x" * 400_000 + b"\r\n\r\n", "net::ERR_RESPONSE_HEADERS_TOO_BIG"),
    ],
)
def test_bad_answers_have_their_names(worker: Client, data: bytes, code: str) -> None:
    with raw(data) as peer:
        failure = worker.fetch(peer.url, max_header_bytes=150_000).failure
    assert failure.code == code
    assert failure.message != ""


def test_refused(worker: Client) -> None:
    result = worker.fetch(f"http://127.0.0.1:{closed_port()}/")
    assert result.failure.code == "net::ERR_CONNECTION_REFUSED"
    assert result.failure.timings.total >= 0
    assert len(result.events) == 1


def test_reset(worker: Client) -> None:
    with raw(HEAD + b"Content-Length: 10\r\n\r\nab", reset=True) as peer:
        assert worker.fetch(peer.url).failure.code == "net::ERR_CONNECTION_RESET"


def test_a_name_that_does_not_exist(worker: Client) -> None:
    assert worker.fetch("http://does-not-exist.invalid/").failure.code == "net::ERR_NAME_NOT_RESOLVED"


# Deadlines.

HOUR_MS = 3_600_000
"""A deadline that a stepping clock meets, and nothing else does."""


def silent(*, first: bytes = b"") -> Peer:
    """Make a server that sends `first`, then nothing, until the client hangs up."""

    def script(connection: socket.socket, _: int) -> None:
        read_request(connection)
        connection.sendall(first)
        connection.recv(1)

    return Peer(script)


def test_total_timeout(worker: Client) -> None:
    with silent() as peer:
        failure = worker.fetch(peer.url, total_timeout_ms=80).failure
    assert failure.code == "net::ERR_TIMED_OUT"
    assert "80 ms" in failure.message
    assert failure.timings.total >= 0.08


@pytest.mark.parametrize("carrier", CARRIERS)
def test_idle_timeout(carrier: str) -> None:
    loop = SteppingLoop()
    with silent(first=HEAD + b"Content-Length: 9\r\n\r\nabc") as peer, client(carrier, loop) as worker:
        number = worker.submit(peer.url, idle_timeout_ms=HOUR_MS, stream=True)
        worker.wait(lambda: bool(worker.of_type(number, BodyChunk)))
        loop.step(HOUR_MS / 1000)
        result = worker.result(number)
    assert result.failure.code == "net::ERR_TIMED_OUT"
    assert f"no byte for {HOUR_MS} ms" in result.failure.message
    assert result.head.status == 200


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_drip_does_not_outlive_its_deadline(carrier: str) -> None:
    drip = threading.Semaphore(0)

    def script(connection: socket.socket, _: int) -> None:
        read_request(connection)
        connection.sendall(HEAD + b"Content-Length: 1000000\r\n\r\n")
        for _ in range(3):
            assert drip.acquire(timeout=WAIT_S)
            connection.sendall(b".")
        connection.recv(1)  # until it hangs up

    loop = SteppingLoop()
    with Peer(script) as peer, client(carrier, loop) as worker:
        number = worker.submit(peer.url, total_timeout_ms=HOUR_MS, idle_timeout_ms=HOUR_MS // 2, stream=True)

        def has_come(drops: int) -> bool:
            return len(worker.of_type(number, BodyChunk)) == drops

        for drops in (1, 2, 3):
            drip.release()
            worker.wait(functools.partial(has_come, drops))
            loop.step(HOUR_MS / 1000 * 0.4)
        failure = worker.result(number).failure
    assert (failure.code, failure.message) == ("net::ERR_TIMED_OUT", f"not complete after {HOUR_MS} ms")


def test_connect_timeout(worker: Client) -> None:
    def script(connection: socket.socket, _: int) -> None:
        while connection.recv(4096):  # it never says a word of TLS
            pass

    with Peer(script) as peer:
        failure = worker.fetch(f"https://127.0.0.1:{peer.port}/", connect_timeout_ms=100).failure
    assert failure.code == "net::ERR_CONNECTION_TIMED_OUT"


def test_the_deadline_counts_also_while_a_transfer_waits_its_turn(worker: Client) -> None:
    with silent() as peer:
        running = [worker.submit(peer.url) for _ in range(MAX_CONNECTIONS_PER_HOST)]
        late = worker.fetch(peer.url, total_timeout_ms=60)
        assert late.failure.code == "net::ERR_TIMED_OUT"
        for number in running:
            worker.handle.cancel(number)
            assert worker.result(number).failure.code == "net::ERR_ABORTED"


# Cancelling.


def test_cancel_before_during_and_after(worker: Client) -> None:
    with silent() as quiet, serving(lambda _: answer(b"x")) as peer:
        before = worker.submit(quiet.url)
        worker.handle.cancel(before)
        assert worker.result(before).failure.code == "net::ERR_ABORTED"
        during = worker.submit(quiet.url, stream=True)
        worker.handle.cancel(during)
        worker.handle.cancel(during)
        assert worker.result(during).failure.code == "net::ERR_ABORTED"
        after = worker.submit(peer.url)
        assert worker.result(after).done.body == b"x"
        worker.handle.cancel(after)
        worker.handle.resume(after, 1)
        worker.handle.send_body(BodyPart(after, b"late", last=True))
        assert worker.fetch(peer.url).done.body == b"x"
        assert [
            len([e for e in worker.events[n] if not isinstance(e, ResponseHead)]) for n in (before, during, after)
        ] == [1, 1, 1]


# Streaming.


def test_a_streamed_body_comes_in_pieces_and_stops_when_it_is_not_used(worker: Client) -> None:
    size = 8 * 1024 * 1024
    sent = 0

    def script(connection: socket.socket, _: int) -> None:
        nonlocal sent
        read_request(connection)
        connection.sendall(HEAD + f"Content-Length: {size}\r\n\r\n".encode())
        piece = bytes(range(256)) * 64
        while sent < size:
            connection.sendall(piece)
            sent += len(piece)

    def received() -> int:
        return sum(len(chunk.data) for chunk in worker.of_type(number, BodyChunk) if isinstance(chunk, BodyChunk))

    with Peer(script) as peer:
        number = worker.submit(peer.url, stream=True)
        worker.wait(lambda: received() >= STREAM_WINDOW)
        # Other transfers are served meanwhile, and this one stands still.
        with serving(lambda _: answer(b"other")) as other:
            for _ in range(20):
                assert worker.fetch(other.url).done.body == b"other"
        held = received()
        assert held <= STREAM_WINDOW + 64 * 1024
        assert not worker.ended(number)
        used = 0
        while not worker.ended(number):
            worker.handle.resume(number, received() - used)
            used = received()
            worker.pump()
        result = Result(worker.events[number])
    assert result.done.body == b""
    assert result.done.encoded_bytes > size
    chunks = [event.data for event in result.events if isinstance(event, BodyChunk)]
    assert b"".join(chunks) == bytes(range(256)) * (size // 256)


@pytest.mark.parametrize("carrier", CARRIERS)
def test_while_paused_the_peer_is_not_blamed_for_being_idle(carrier: str) -> None:
    size = 4 * 1024 * 1024

    def received() -> int:
        return sum(len(c.data) for c in worker.of_type(number, BodyChunk) if isinstance(c, BodyChunk))

    loop = SteppingLoop()
    with serving(lambda _: answer(bytes(size))) as peer, silent() as clock, client(carrier, loop) as worker:
        number = worker.submit(peer.url, stream=True, idle_timeout_ms=HOUR_MS)
        worker.wait(lambda: received() >= STREAM_WINDOW)
        # Five of its idle times pass, and the deadlines that they bring have been looked at.
        other = worker.submit(clock.url, total_timeout_ms=5 * HOUR_MS)
        assert worker.fetch("ftp://x/").failure.code == "net::ERR_UNKNOWN_URL_SCHEME"  # after this the other was taken
        loop.step(HOUR_MS / 1000 * 5)
        assert worker.result(other).failure.code == "net::ERR_TIMED_OUT"
        assert not worker.ended(number)
        worker.handle.resume(number, size)
        used = 0
        while not worker.ended(number):
            total = received()
            worker.handle.resume(number, total - used)
            used = total
            worker.pump()
        assert Result(worker.events[number]).done.body == b""


def test_the_limit_holds_for_a_streamed_body_too(worker: Client) -> None:
    with serving(lambda _: answer(bytes(100_000))) as peer:
        failure = worker.fetch(peer.url, stream=True, max_body_bytes=50_000).failure
    assert failure.code == "net::ERR_RESPONSE_TOO_LARGE"


def test_a_streamed_request_body_goes_out_as_it_is_wanted(worker: Client) -> None:
    with serving(lambda request: answer(str(len(request.body)).encode())) as peer:
        number = worker.submit(peer.url, method="POST", body_streamed=True)
        for index, part in enumerate((b"one", b"", b"two" * 50_000, b"three")):
            if part:
                wanted = index + 1 if index < 1 else index
                worker.wait(lambda wanted=wanted: len(worker.of_type(number, BodyWanted)) >= wanted)  # type: ignore[misc]
            worker.handle.send_body(BodyPart(number, part, last=part == b"three"))
        assert worker.result(number).head.status == 200
        [request] = peer.requests
    assert request.fields[1:] == ["Transfer-Encoding: chunked", "Connection: keep-alive"]
    assert unchunk(request.body) == b"one" + b"two" * 50_000 + b"three"


def test_a_request_body_may_be_sent_without_waiting(worker: Client) -> None:
    with serving(lambda _: answer(b"ok")) as peer:
        number = worker.submit(peer.url, method="POST", body_streamed=True)
        worker.handle.send_body(BodyPart(number, b"all", last=True))
        assert worker.result(number).done.body == b"ok"
        assert len(worker.of_type(number, BodyWanted)) <= 1  # one, when the part came after libcurl asked
        assert unchunk(peer.requests[0].body) == b"all"


# Connections.


def test_many_at_once_use_six_connections(worker: Client) -> None:
    with serving(lambda request: answer(request.line.encode())) as peer:
        numbers = [worker.submit(f"{peer.url}{index}") for index in range(500)]
        for index, number in enumerate(numbers):
            assert worker.result(number).done.body == f"GET /{index} HTTP/1.1".encode()
        assert peer.connections == MAX_CONNECTIONS_PER_HOST


def test_the_urgent_go_first(worker: Client) -> None:
    go = threading.Event()
    arrived = threading.Semaphore(0)

    def script(connection: socket.socket, _: int) -> None:
        while (request := read_request(connection)) is not None:
            peer.requests.append(request)
            arrived.release()
            assert go.wait(WAIT_S)
            connection.sendall(answer(b"x", "Connection: keep-alive"))

    with Peer(script) as peer:
        first = [worker.submit(f"{peer.url}first") for _ in range(MAX_CONNECTIONS_PER_HOST)]
        for _ in first:
            assert arrived.acquire(timeout=WAIT_S)
        low = [worker.submit(f"{peer.url}low", priority=4) for _ in range(20)]
        high = [worker.submit(f"{peer.url}high", priority=0) for _ in range(20)]
        with serving(lambda _: answer()) as other:
            worker.fetch(other.url)  # after this all of the above were taken
        go.set()
        for number in (*first, *low, *high):
            assert worker.result(number).head.status == 200
        order = [request.line.split("/")[1].split()[0] for request in peer.requests]
    assert set(order[:6]) == {"first"}
    # Connections race each other by a request or two, not by twenty.
    assert order[6:26].count("high") >= 20 - MAX_CONNECTIONS_PER_HOST


@pytest.mark.parametrize("key", ["isolation_key", "proxy_auth", "ca_file"])
def test_connections_are_not_shared_between_keys(worker: Client, key: str) -> None:
    with serving(lambda _: answer(b"x")) as peer:
        for value in ("a", "b", "a", "b", ""):
            changes: dict[str, Any] = {key: value}
            assert worker.fetch(peer.url, **changes).done.body == b"x"
        assert peer.connections == 3


def test_a_connection_that_went_stale_is_replaced(worker: Client) -> None:
    def script(connection: socket.socket, _: int) -> None:
        if read_request(connection) is not None:
            connection.sendall(answer(b"x"))

    with Peer(script) as peer:
        for _ in range(5):
            assert worker.fetch(peer.url, method="POST", body=b"b").done.body == b"x"
        assert peer.connections >= 5


class Tired:
    """A server whose connections, several of which wait, all end when they are used again, and which serves new ones after that."""

    def __init__(self, *, linger: bool) -> None:
        self.peer = Peer(self._serve)
        self.used_again = 0
        self._linger = linger  # leave by a reset
        self._all = threading.Barrier(MAX_CONNECTIONS_PER_HOST)

    def _serve(self, connection: socket.socket, number: int) -> None:
        if read_request(connection) is None:
            return
        if number >= MAX_CONNECTIONS_PER_HOST:
            connection.sendall(answer(b"fresh"))
            return
        self._all.wait(WAIT_S)
        connection.sendall(answer(b"first"))
        if connection.recv(65536):
            self.used_again += 1
        if self._linger:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.mark.parametrize("linger", [False, True])
@pytest.mark.parametrize(
    ("method", "body"), [("GET", None), ("POST", b"b"), ("PUT", bytes(3_000_000)), ("DELETE", None)]
)
def test_connections_that_all_end_when_they_are_used_again(
    worker: Client, method: str, body: bytes | None, *, linger: bool
) -> None:
    tired = Tired(linger=linger)
    with tired.peer as peer:
        numbers = [worker.submit(peer.url) for _ in range(MAX_CONNECTIONS_PER_HOST)]
        assert {worker.result(number).done.body for number in numbers} == {b"first"}
        assert worker.fetch(peer.url, method=method, body=body).done.body == b"fresh"
        assert tired.used_again >= 1


@pytest.mark.parametrize("said", ["HTTP/1.1 103 Early Hints\r\n\r\n", "HTTP/1.1 102 Processing\r\nX: y\r\n\r\n"])
def test_what_a_server_began_to_do_is_not_asked_of_it_again(worker: Client, said: str) -> None:
    def script(connection: socket.socket, _: int) -> None:
        if read_request(connection) is not None:
            connection.sendall(answer(b"x"))
        if read_request(connection) is not None:
            posts.append(said)
            connection.sendall(said.encode())

    posts: list[str] = []
    with Peer(script) as peer:
        assert worker.fetch(peer.url).done.body == b"x"
        failed = worker.fetch(peer.url, method="POST", body=b"b")
        assert (failed.failure.code, posts, peer.connections) == ("net::ERR_EMPTY_RESPONSE", [said], 1)


def test_a_new_connection_that_ends_is_not_tried_again(worker: Client) -> None:
    def script(connection: socket.socket, _: int) -> None:
        read_request(connection)

    with Peer(script) as peer:
        assert worker.fetch(peer.url).failure.code == "net::ERR_EMPTY_RESPONSE"
        assert peer.connections == 1


# Proxies.


def test_an_http_proxy_gets_the_whole_url_and_its_credentials(worker: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    with serving(lambda _: answer(b"by proxy")) as proxy:
        result = worker.fetch("http://a.test/x", proxy=f"http://127.0.0.1:{proxy.port}", proxy_auth="us%er:p%20w")
        [request] = proxy.requests
    assert result.done.body == b"by proxy"
    assert request.line == "GET http://a.test/x HTTP/1.1"
    assert "Proxy-Authorization: Basic dXMlZXI6cCUyMHc=" in request.fields  # us%er:p%20w, percent signs and all


def test_a_proxy_without_a_scheme_is_an_http_proxy(worker: Client) -> None:
    with serving(lambda _: answer(b"by proxy")) as proxy:
        assert worker.fetch("http://a.test/x", proxy=f"127.0.0.1:{proxy.port}").done.body == b"by proxy"


def test_the_environment_does_not_choose_a_proxy(worker: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port()}")
    with serving(lambda _: answer(b"direct")) as peer:
        assert worker.fetch(peer.url).done.body == b"direct"


def test_a_proxy_that_is_not_there_or_refuses(worker: Client) -> None:
    gone = worker.fetch("http://a.test/", proxy=f"http://127.0.0.1:{closed_port()}")
    assert gone.failure.code == "net::ERR_PROXY_CONNECTION_FAILED"
    with raw(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n") as proxy:
        refused = worker.fetch(
            "https://a.test/", proxy=f"http://127.0.0.1:{proxy.port}", headers=(("Cookie", "secret=1"),)
        )
        [request] = proxy.requests
    assert refused.failure.code == "net::ERR_PROXY_AUTH_REQUESTED"
    assert len(refused.events) == 1  # the answer to CONNECT is no response head
    assert request.line == "CONNECT a.test:443 HTTP/1.1"
    assert not any("secret" in field or "PycURL" in field for field in request.fields)


def test_a_proxys_407_to_a_plain_request_is_a_response(worker: Client) -> None:
    with raw(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n") as proxy:
        result = worker.fetch("http://a.test/", proxy=f"http://127.0.0.1:{proxy.port}")
    assert (result.head.status, result.done.body) == (407, b"")


@pytest.mark.parametrize("auth", ["", "user:pass%21"])
def test_a_socks_proxy_resolves_the_name(worker: Client, auth: str) -> None:
    greeted: list[bytes] = []

    def script(connection: socket.socket, _: int) -> None:
        greeting = connection.recv(100)
        if auth:
            assert 2 in greeting[2:]
            connection.sendall(b"\5\2")
            greeted.append(connection.recv(600))
            connection.sendall(b"\1\0")
        else:
            connection.sendall(b"\5\0")
        greeted.append(connection.recv(600))
        connection.sendall(b"\5\0\0\1\x7f\0\0\1\0\x50")
        request = read_request(connection)
        assert request is not None
        proxy.requests.append(request)
        connection.sendall(answer(b"socks"))

    with Peer(script) as proxy:
        result = worker.fetch("http://a.test/x", proxy=f"socks5h://127.0.0.1:{proxy.port}", proxy_auth=auth)
    assert result.done.body == b"socks"
    assert greeted[-1] == b"\5\1\0\3\x06a.test\0\x50"
    assert not auth or greeted[0] == b"\1\x04user\x07pass%21"
    assert proxy.requests[0].line == "GET /x HTTP/1.1"


def test_a_socks_proxy_that_refuses(worker: Client) -> None:
    def script(connection: socket.socket, _: int) -> None:
        connection.recv(100)
        connection.sendall(b"\5\xff")

    with Peer(script) as proxy:
        failure = worker.fetch("http://a.test/x", proxy=f"socks5h://127.0.0.1:{proxy.port}").failure
    assert failure.code == "net::ERR_SOCKS_CONNECTION_FAILED"


# What is kept, and for how long.


def until_hung_up() -> tuple[Peer, threading.Semaphore]:
    """Make a server that answers, and counts the connections that the client closed."""
    closed = threading.Semaphore(0)

    def script(connection: socket.socket, _: int) -> None:
        while read_request(connection) is not None:
            connection.sendall(answer(b"x"))
        closed.release()

    return Peer(script), closed


def test_connections_of_a_key_that_is_not_used_any_more_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curl, "POOL_IDLE_S", 0.05)
    peer, closed = until_hung_up()
    with peer, client() as worker:
        for key in ("a", "b"):
            assert worker.fetch(peer.url, isolation_key=key).done.body == b"x"
        assert closed.acquire(timeout=WAIT_S)
        assert closed.acquire(timeout=WAIT_S)
        assert worker.fetch(peer.url, isolation_key="a").done.body == b"x"


def test_only_so_many_keys_keep_their_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curl, "MAX_IDLE_POOLS", 2)
    peer, closed = until_hung_up()
    with peer, client() as worker:
        for key in ("a", "b", "c", "d"):
            assert worker.fetch(peer.url, isolation_key=key).done.body == b"x"
        assert closed.acquire(timeout=WAIT_S)
        assert closed.acquire(timeout=WAIT_S)
        assert not closed.acquire(blocking=False)
        assert worker.fetch(peer.url, isolation_key="d").head.reused
        assert worker.fetch(peer.url, isolation_key="c").head.reused
        assert not worker.fetch(peer.url, isolation_key="a").head.reused


def test_while_it_waits_it_does_nothing(worker: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A transfer under way and quiet costs one look for forgotten sockets, and no more (I18)."""
    looks: list[str] = []
    settle = curl.Curl._settle
    stall = curl.Curl._on_stall

    def count_settle(self: curl.Curl, *, watch_for_stall: bool = True) -> None:
        looks.append("settle")
        settle(self, watch_for_stall=watch_for_stall)

    def count_stall(self: curl.Curl) -> None:
        looks.append("stall")
        stall(self)

    monkeypatch.setattr(curl.Curl, "_settle", count_settle)
    monkeypatch.setattr(curl.Curl, "_on_stall", count_stall)
    with silent() as peer:
        number = worker.submit(peer.url, total_timeout_ms=700)
        assert worker.result(number).failure.code == "net::ERR_TIMED_OUT"
    assert looks.count("stall") <= 4
    assert len(looks) < 25


def test_a_misdirected_request_is_sent_once_more_over_another_connection() -> None:
    seen: list[str] = []

    def script(connection: socket.socket, number: int) -> None:
        while (request := read_request(connection)) is not None:
            path = request.line.split()[1]
            seen.append(path)
            if path == "/always" or number == 0:
                connection.sendall(b"HTTP/1.1 421 Misdirected Request\r\nContent-Length: 1\r\n\r\nx")
            else:
                connection.sendall(answer(request.body))

    with Peer(script) as peer, client() as worker:
        result = worker.result(worker.submit(f"{peer.url}once", method="POST", body=b"abc"))
        assert isinstance(result.outcome, Done)
        assert (result.head.status, result.outcome.body) == (200, b"abc")
        assert peer.connections == 2
        result = worker.result(worker.submit(f"{peer.url}always"))
        assert isinstance(result.outcome, Done)
        assert (result.head.status, result.outcome.body) == (421, b"x")
        assert seen == ["/once", "/once", "/always", "/always"]


def test_what_a_204_had_too_much_is_no_answer_to_the_next_request() -> None:
    def script(connection: socket.socket, number: int) -> None:
        while (request := read_request(connection)) is not None:
            if request.line.split()[1] == "/204":
                connection.sendall(b"HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\n")
                continue
            # The body comes when the next request is on its way already.
            connection.sendall((b"body" if number == 0 else b"") + answer(b"right"))

    with Peer(script) as peer, client() as worker:
        assert worker.result(worker.submit(f"{peer.url}204")).head.status == 204
        result = worker.result(worker.submit(f"{peer.url}next"))
        assert isinstance(result.outcome, Done), result.outcome
        assert result.outcome.body == b"right"
        assert peer.connections == 2
