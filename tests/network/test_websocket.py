"""Outbound WebSockets over both carriers, against a server that keeps the rules and against some that do not."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
import trustme
from websockets.exceptions import ConnectionClosed
from websockets.frames import Close
from websockets.sync.server import ServerConnection, serve
from websockets.typing import Subprotocol
from websockets.utils import accept_key

from sanderling.base.errors import InternalError
from sanderling.network import websocket
from sanderling.network.messages import (
    Event,
    OpenSocket,
    SocketClose,
    SocketClosed,
    SocketConsumed,
    SocketMessage,
    SocketOpened,
    SocketRequest,
    SocketResponse,
    SocketSend,
    SocketSent,
    TransferId,
    TransferOptions,
)
from sanderling.network.network import Network
from sanderling.network.websocket import TABLE, WINDOW_BYTES, Connection, State, Step
from tests.leaks import nothing_stays
from tests.network.carriers import CARRIERS
from tests.network.peers import WAIT_S, Client, Peer, answer, client, closed_port, read_request, serving, tunnel

needs_proc = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc/self/fd is Linux's")


class Socket:
    """A WebSocket as a worker sees it."""

    def __init__(self, worker: Client, url: str, protocols: tuple[str, ...] = (), **options: Any) -> None:
        self.worker = worker
        self.id: TransferId = worker.handle.next_id()
        command = OpenSocket(self.id, url, protocols, (("Origin", "https://a.test"),), TransferOptions(**options))
        worker.handle.open_socket(command)

    @property
    def events(self) -> list[Event]:
        return [event for event in self.worker.others if getattr(event, "id", None) == self.id]

    def all(self, kind: type[Event]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    def wait(self, kind: type[Event], count: int = 1) -> Any:
        self.worker.wait(lambda: len(self.all(kind)) >= count)
        return self.all(kind)[count - 1]

    def send(self, data: str | bytes) -> None:
        raw = data.encode() if isinstance(data, str) else data
        self.worker.handle.use_socket(SocketSend(self.id, raw, isinstance(data, str)))

    def close(self, code: int = 0, reason: str = "") -> None:
        self.worker.handle.use_socket(SocketClose(self.id, code, reason))

    def consume(self, count: int) -> None:
        self.worker.handle.use_socket(SocketConsumed(self.id, count))


@pytest.fixture(params=CARRIERS)
def worker(request: pytest.FixtureRequest) -> Iterator[Client]:
    with client(request.param) as one:
        yield one


@pytest.fixture(name="authority", scope="module")
def _authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ssl.SSLContext]:
    """Give the file of an authority, and a server's side of TLS with a certificate of it."""
    ca = trustme.CA()
    path = tmp_path_factory.mktemp("tls") / "ca.pem"
    ca.cert_pem.write_to_path(str(path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1", "far.test").configure_cert(context)
    return str(path), context


@contextlib.contextmanager
def server(handler: Callable[[ServerConnection], None], **options: Any) -> Iterator[str]:
    """Run a real server."""
    with serve(handler, "127.0.0.1", 0, max_size=None, **options) as one:
        thread = threading.Thread(target=one.serve_forever)
        thread.start()
        try:
            yield f"ws://127.0.0.1:{one.socket.getsockname()[1]}/chat?x=1"
        finally:
            one.shutdown()
            thread.join(WAIT_S)


def echo(connection: ServerConnection) -> None:
    with contextlib.suppress(ConnectionClosed):
        for message in connection:
            connection.send(message)


def shaken(script: Callable[[socket.socket], None], more: bytes = b"") -> Peer:
    """Make a server that shakes hands, with more headers, and then does what `script` says."""

    def run(connection: socket.socket, _: int) -> None:
        request = read_request(connection)
        assert request is not None
        peer.requests.append(request)
        key = next(line.split(": ")[1] for line in request.fields if line.startswith("Sec-WebSocket-Key"))
        lines = (
            "HTTP/1.1 101 Yes",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Accept: {accept_key(key)}",
        )
        connection.sendall(("\r\n".join(lines) + "\r\n").encode() + more + b"\r\n")
        script(connection)

    peer = Peer(run)
    return peer


def ws(peer: Peer) -> str:
    return "ws" + peer.url.removeprefix("http")


def silent(connection: socket.socket, _: int = 0) -> None:
    """Take everything and say nothing."""
    until_gone(connection)


def until_gone(connection: socket.socket) -> bytes:
    """Read to the end."""
    data = b""
    with contextlib.suppress(OSError):
        while piece := connection.recv(65536):
            data += piece
    return data


def test_a_conversation(worker: Client) -> None:
    seen: list[ServerConnection] = []

    def handler(connection: ServerConnection) -> None:
        seen.append(connection)
        echo(connection)

    with server(handler, subprotocols=[Subprotocol("b")]) as url:
        one = Socket(worker, url, ("a", "b"))
        opened: SocketOpened = one.wait(SocketOpened)
        assert (opened.protocol, opened.extensions.partition(";")[0]) == ("b", "permessage-deflate")
        sizes = (0, 125, 126, 65535, 65536, 3_000_000)
        for size in sizes:
            one.send("\u00e9" * size)
            one.send(os.urandom(size))
        for index, size in enumerate(sizes):
            text: SocketMessage = one.wait(SocketMessage, 2 * index + 1)
            assert (text.text, text.data) == (True, b"\xc3\xa9" * size)
            one.consume(len(text.data))
            binary: SocketMessage = one.wait(SocketMessage, 2 * index + 2)
            assert (binary.text, len(binary.data)) == (False, size)
            one.consume(size)
        assert sum(event.count for event in one.all(SocketSent)) == 3 * sum(sizes)
        one.close(4001, "enough")
        closed: SocketClosed = one.wait(SocketClosed)
    assert (closed.code, closed.reason, closed.clean, closed.error) == (4001, "enough", True, "")
    request = seen[0].request
    assert request is not None
    assert (seen[0].protocol.close_rcvd, request.headers["Origin"]) == (Close(4001, "enough"), "https://a.test")
    [asked], [answered] = one.all(SocketRequest), one.all(SocketResponse)
    assert dict(asked.headers)["Sec-WebSocket-Protocol"] == "a, b"
    assert (answered.status, dict(answered.headers)["Sec-WebSocket-Protocol"]) == (101, "b")
    assert one.events[-1] is closed


MIB = 1024 * 1024


def converse(one: Socket) -> None:
    """Send 1 MiB in one frame, read it back, and close."""
    one.wait(SocketOpened)
    data = os.urandom(MIB)
    one.send(data)
    message: SocketMessage = one.wait(SocketMessage)
    assert message.data == data
    one.consume(MIB)
    one.close(1000, "bye")
    closed: SocketClosed = one.wait(SocketClosed)
    assert (closed.code, closed.reason, closed.clean, closed.error) == (1000, "bye", True, "")


@pytest.mark.parametrize("kind", ["", "http", "socks5"])
@pytest.mark.parametrize("secure", [False, True], ids=["ws", "wss"])
def test_through_proxies_and_tls(
    worker: Client, authority: tuple[str, ssl.SSLContext], kind: str, secure: bool
) -> None:
    ca_file, context = authority
    with contextlib.ExitStack() as stack:
        port = int(stack.enter_context(server(echo, ssl=context if secure else None)).split(":")[2].split("/")[0])
        if not kind:
            scheme = "wss" if secure else "ws"
            converse(Socket(worker, f"{scheme}://127.0.0.1:{port}/", ca_file=ca_file))
            return
        proxy = stack.enter_context(tunnel(port, kind, auth=b"user:secret"))
        # The name is the proxy's to resolve: nobody here knows it.
        url = "wss://far.test/" if secure else "ws://far.test/"
        scheme = "socks5h" if kind == "socks5" else "http"
        through: dict[str, Any] = {
            "proxy": f"{scheme}://127.0.0.1:{proxy.port}",
            "proxy_auth": "user:secret",
            "ca_file": ca_file,
        }
        converse(Socket(worker, url, **through))
        [asked] = proxy.requests
    at = 443 if secure else 80
    if kind == "http":
        assert asked.line == f"CONNECT far.test:{at} HTTP/1.1"
    else:
        assert asked.head == b"\5\1\0\3\x08far.test" + struct.pack("!H", at)


def test_a_certificate_of_nobody_known(worker: Client, authority: tuple[str, ssl.SSLContext]) -> None:
    with server(echo, ssl=authority[1]) as url:
        address = "wss" + url.removeprefix("ws")
        closed: SocketClosed = Socket(worker, address).wait(SocketClosed)
        assert (closed.code, closed.error) == (1006, "net::ERR_CERT_AUTHORITY_INVALID")
        converse(Socket(worker, address, verify_tls=False))


def test_proxies_that_refuse(worker: Client) -> None:
    def unwilling(connection: socket.socket, _: int) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    def unkind(connection: socket.socket, _: int) -> None:
        connection.recv(100)
        connection.sendall(b"\5\xff")

    codes = []
    with Peer(unwilling) as http, Peer(unkind) as socks:
        for proxy in (f"http://127.0.0.1:{http.port}", f"socks5h://127.0.0.1:{socks.port}"):
            closed: SocketClosed = Socket(worker, "ws://far.test/", proxy=proxy).wait(SocketClosed)
            codes.append((closed.code, closed.error))
    assert codes == [(1006, "net::ERR_PROXY_AUTH_REQUESTED"), (1006, "net::ERR_SOCKS_CONNECTION_FAILED")]


def test_a_secure_server_that_just_drops_the_connection(worker: Client, authority: tuple[str, ssl.SSLContext]) -> None:
    def handler(connection: ServerConnection) -> None:
        connection.recv()
        connection.socket.shutdown(socket.SHUT_RDWR)  # neither a close frame nor TLS's close_notify

    with server(handler, ssl=authority[1]) as url:
        one = Socket(worker, "wss" + url.removeprefix("ws"), verify_tls=False)
        one.wait(SocketOpened)
        one.send("go")
        closed: SocketClosed = one.wait(SocketClosed)
    assert (closed.code, closed.clean, closed.error) == (1006, False, "")


def test_fragments_of_a_mebibyte(worker: Client) -> None:
    pieces = [os.urandom(MIB) for _ in range(3)]

    def script(connection: socket.socket) -> None:
        for number, piece in enumerate(pieces):
            first = (2 if number == 0 else 0) | (0x80 if number == 2 else 0)
            connection.sendall(bytes([first, 127]) + struct.pack("!Q", MIB) + piece)
        until_gone(connection)

    with shaken(script) as peer:
        one = Socket(worker, ws(peer))
        message: SocketMessage = one.wait(SocketMessage)
        assert (message.text, message.data == b"".join(pieces)) == (False, True)
        one.close(1000)


def test_what_a_server_does_not_read_is_not_called_sent(worker: Client) -> None:
    read = threading.Event()
    total = 24 * MIB  # far more than the kernel's buffers of a loopback take

    def script(connection: socket.socket) -> None:
        connection.sendall(b"\x81\x01a")
        assert read.wait(WAIT_S)
        while connection.recv(MIB):
            pass

    with shaken(script) as peer:
        one = Socket(worker, ws(peer))
        one.wait(SocketMessage)
        for _ in range(24):
            one.send(bytes(MIB))
        one.wait(SocketSent)
        assert sum(event.count for event in one.all(SocketSent)) < total
        read.set()
        worker.wait(lambda: sum(event.count for event in one.all(SocketSent)) == total)


class Driver:
    """Stands for libcurl's: timers run when a test says so, and `room` bytes may leave."""

    def __init__(self) -> None:
        self.timer: Callable[[], None] | None = None
        self.room = 0
        self.events: list[Event] = []

    def watch_socket(self, connection: Connection, *, read: bool, write: bool) -> None:
        pass

    def soon(self, callback: Callable[[], None], delay_s: float) -> Callable[[], None]:
        self.timer = callback
        return self.cancel

    def cancel(self) -> None:
        self.timer = None

    def let_go(self, connection: Connection) -> None:
        pass

    def emit(self, event: Event) -> None:
        self.events.append(event)

    def socket_ended(self, number: TransferId) -> None:
        pass

    def send(self, data: memoryview) -> int:
        if not self.room:
            raise BlockingIOError
        count = min(self.room, len(data))
        self.room -= count
        return count


def test_the_deadline_of_the_close_waits_while_bytes_leave() -> None:
    driver = Driver()
    one = Connection(OpenSocket(TransferId(1), "ws://a.test/"), driver, driver)
    one.easy = driver
    driver.room = 10_000
    one.connected()
    answer = f"HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept_key(one._protocol.key)}\r\n\r\n"
    one._protocol.receive_data(answer.encode())
    one._events()
    driver.room = 0
    one.obey(SocketSend(TransferId(1), bytes(MIB), False))
    one.obey(SocketClose(TransferId(1), 1000, ""))
    driver.room = 1000
    one.ready(readable=False)
    for again in (True, False):  # something left since the close was asked for, and then nothing more
        assert SocketClosed not in [type(event) for event in driver.events]
        assert driver.timer is not None
        driver.timer()
        assert (driver.timer is not None) is again
    closed = driver.events[-1]
    assert isinstance(closed, SocketClosed)
    assert (closed.code, closed.clean, closed.error) == (1006, False, "")


@pytest.mark.parametrize(("code", "reason", "expected"), [(1000, "bye", 1000), (4999, "", 4999), (None, "", 1005)])
def test_the_server_closes(worker: Client, code: int | None, reason: str, expected: int) -> None:
    def script(connection: socket.socket) -> None:
        payload = b"" if code is None else struct.pack("!H", code) + reason.encode()
        connection.sendall(b"\x88" + bytes([len(payload)]) + payload)
        answers.append(until_gone(connection))

    answers: list[bytes] = []
    with shaken(script) as peer:
        closed: SocketClosed = Socket(worker, ws(peer)).wait(SocketClosed)
    assert (closed.code, closed.reason, closed.clean, closed.error) == (expected, reason, True, "")
    assert answers[0][:1] == b"\x88"  # the echo arrived


def test_fragments_and_a_ping_between_them(worker: Client) -> None:
    def script(connection: socket.socket) -> None:
        connection.sendall(b"\x01\x02\xe2\x82" + b"\x89\x02hi" + b"\x00\x00" + b"\x80\x01\xac")
        answers.append(connection.recv(8))
        until_gone(connection)

    answers: list[bytes] = []
    with shaken(script) as peer:
        one = Socket(worker, ws(peer))
        message: SocketMessage = one.wait(SocketMessage)
        assert (message.text, message.data.decode()) == (True, "\u20ac")
    pong = answers[0]
    assert pong[:2] == b"\x8a\x82"
    assert bytes(a ^ b for a, b in zip(pong[6:], pong[2:4], strict=True)) == b"hi"


@pytest.mark.parametrize(
    "data",
    [b"\x81\x02\xc3\x28", b"\x83\x00", b"\xf1\x00", b"\x80\x00", b"\x09\x00", b"\x88\x01\x03"],
    ids=["not UTF-8", "opcode", "reserved bits", "nothing to continue", "fragmented ping", "close of one byte"],
)
def test_what_breaks_the_protocol_is_not_clean(worker: Client, data: bytes) -> None:
    def script(connection: socket.socket) -> None:
        connection.sendall(data)
        until_gone(connection)

    with shaken(script) as peer:
        closed: SocketClosed = Socket(worker, ws(peer)).wait(SocketClosed)
    assert (closed.code, closed.clean, closed.error) == (1006, False, "net::ERR_FAILED")


def test_a_message_that_is_too_long(worker: Client) -> None:
    with server(lambda connection: connection.send("x" * 2000)) as url:
        closed: SocketClosed = Socket(worker, url, max_body_bytes=1000).wait(SocketClosed)
    assert (closed.code, closed.clean) == (1006, False)


def test_a_server_that_just_leaves_is_no_failure(worker: Client) -> None:
    def script(connection: socket.socket) -> None:
        connection.sendall(b"\x81\x01a")

    with shaken(script) as peer:
        one = Socket(worker, ws(peer))
        closed: SocketClosed = one.wait(SocketClosed)
        assert one.all(SocketMessage)[0].data == b"a"
    assert (closed.code, closed.clean, closed.error) == (1006, False, "")


def test_a_reset(worker: Client) -> None:
    def script(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with shaken(script) as peer:
        closed: SocketClosed = Socket(worker, ws(peer)).wait(SocketClosed)
    assert (closed.code, closed.clean) == (1006, False)


def test_a_server_that_never_answers_the_close(worker: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "CLOSE_S", 0.05)

    def script(connection: socket.socket) -> None:
        connection.sendall(b"\x81\x01a")
        until_gone(connection)

    with shaken(script) as peer:
        one = Socket(worker, ws(peer))
        one.wait(SocketMessage)
        one.close(1000)
        closed: SocketClosed = one.wait(SocketClosed)
    assert (closed.code, closed.clean, closed.error) == (1006, False, "")


def test_data_after_the_close_and_a_connection_kept_open(worker: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "CLOSE_S", 3600)  # it is not that which closes it

    def script(connection: socket.socket) -> None:
        connection.sendall(b"\x88\x02\x03\xe8" + b"\x81\x01a" * 1000)
        until_gone(connection)

    with shaken(script) as peer:
        one = Socket(worker, ws(peer))
        closed: SocketClosed = one.wait(SocketClosed)
    assert (closed.code, closed.clean) == (1000, True)
    assert one.all(SocketMessage) == []


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: no\r\n\r\n",
        b"HTTP/1.1 101 \x98\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: \xc3\x98\r\n\r\n",
        b"HTTP/1.1 101 Yes\r\nUpgrade: \xe4\r\nConnection: Upgrade\r\n\r\n",
        b"HTTP/1.1\x98 101 Yes\r\n\r\n",
        b"what?\r\n\r\n",
        b"",
    ],
)
def test_handshakes_that_fail(worker: Client, answer: bytes) -> None:
    def script(connection: socket.socket, _: int) -> None:
        read_request(connection)
        connection.sendall(answer)

    with Peer(script) as peer:
        one = Socket(worker, ws(peer))
        closed: SocketClosed = one.wait(SocketClosed)
    assert (closed.code, closed.clean) == (1006, False)
    assert closed.error
    assert one.all(SocketOpened) == []


def test_headers_that_are_no_ascii(worker: Client) -> None:
    """As in every other response head, each byte is a character."""

    def script(connection: socket.socket) -> None:
        connection.sendall(b"\x81\x02hi\x88\x02\x03\xe8")
        until_gone(connection)

    with shaken(script, b"Set-Cookie: n=\xfc\r\nX-Name: \xc3\xbc\r\n") as peer:
        one = Socket(worker, ws(peer))
        assert one.wait(SocketMessage).data == b"hi"
        headers = dict(one.wait(SocketResponse).headers)
    assert (headers["Set-Cookie"], headers["X-Name"]) == ("n=\xfc", "\xc3\xbc")


def test_no_sub_protocol_where_some_were_offered(worker: Client) -> None:
    with shaken(silent) as peer:
        closed: SocketClosed = Socket(worker, ws(peer), ("a",)).wait(SocketClosed)
    assert "Sec-WebSocket-Protocol" in closed.message


def test_nobody_listens_and_no_answer(worker: Client) -> None:
    closed: SocketClosed = Socket(worker, f"ws://127.0.0.1:{closed_port()}/").wait(SocketClosed)
    assert closed.error == "net::ERR_CONNECTION_REFUSED"
    with Peer(silent) as peer:
        late: SocketClosed = Socket(worker, ws(peer), idle_timeout_ms=50).wait(SocketClosed)
    assert late.error == "net::ERR_TIMED_OUT"


def test_closed_before_it_was_open(worker: Client) -> None:
    with Peer(silent) as peer:
        one = Socket(worker, ws(peer))
        one.close(1000)
        closed: SocketClosed = one.wait(SocketClosed)
    assert (closed.code, closed.error) == (1006, "net::ERR_ABORTED")


def test_a_worker_that_does_not_read_stops_the_server(worker: Client) -> None:
    total = 1024 * 65535  # far more than the kernel's buffers of a loopback take

    def script(connection: socket.socket) -> None:
        for _ in range(total // 65535):
            connection.sendall(b"\x82\x7e\xff\xff" + bytes(65535))
        until_gone(connection)

    def received() -> int:
        return sum(len(event.data) for event in one.all(SocketMessage))

    with shaken(script) as peer, serving(lambda _: answer(b"x")) as other:
        one = Socket(worker, ws(peer))
        worker.wait(lambda: received() >= WINDOW_BYTES)
        for _ in range(50):  # many turns of Network's loop, in any of which it could read more
            assert worker.fetch(other.url).done.body == b"x"
        held = received()
        assert held <= WINDOW_BYTES + 2 * 65536
        one.consume(held)
        worker.wait(lambda: received() > held)


@needs_proc
def test_nothing_is_left_when_network_stops() -> None:
    closes: list[int | None] = []

    def handler(connection: ServerConnection) -> None:
        with contextlib.suppress(Exception):
            connection.recv()
        closes.append(None if connection.protocol.close_rcvd is None else connection.protocol.close_rcvd.code)

    with nothing_stays(), server(handler) as url, Peer(silent) as peer:
        network = Network()
        network.start_thread()
        worker = Client(network)
        opened = [Socket(worker, url) for _ in range(5)]
        for one in opened:
            one.wait(SocketOpened)
        waiting = [Socket(worker, ws(peer)) for _ in range(5)]
        network.stop()
        for one in (*opened, *waiting):
            closed: SocketClosed = one.wait(SocketClosed)
            assert (closed.code, closed.error) == (1006, "net::ERR_ABORTED")
        late = Socket(worker, url)
        assert late.wait(SocketClosed).error == "net::ERR_ABORTED"
    assert closes == [1001] * 5


def test_a_worker_that_ends_says_goodbye() -> None:
    codes: list[int | None] = []

    def handler(connection: ServerConnection) -> None:
        with contextlib.suppress(Exception):
            connection.recv()
        codes.append(None if connection.protocol.close_rcvd is None else connection.protocol.close_rcvd.code)
        gone.set()

    gone = threading.Event()
    with server(handler) as url, client() as worker:
        Socket(worker, url).wait(SocketOpened)
        worker.close()
        assert gone.wait(WAIT_S)
    assert codes == [1001]


def test_the_table_ends_everywhere_and_refuses_the_rest() -> None:
    for state in State:
        assert state is State.ENDED or TABLE[state, Step.END] is State.ENDED
    assert all(state is not State.ENDED for state, _ in TABLE)
    one = Connection(OpenSocket(TransferId(1), "ws://a.test/"), None, None)  # type: ignore[arg-type]
    with pytest.raises(InternalError, match="a WebSocket cannot accept when it is connecting"):
        one._step(Step.ACCEPT)


def test_the_messages_cross_as_msgpack() -> None:
    message = SocketClosed(TransferId(3), 1005, "x", True)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(message), type=Event) == message
