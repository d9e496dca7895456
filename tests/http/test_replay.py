from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from sanderling.base.errors import NetworkError
from sanderling.http.client import ClientOptions, HttpClient
from sanderling.http.replay import MISSING, ReplayTransport
from sanderling.http.transfer import Outgoing
from sanderling.http.transport import HandleTransport
from sanderling.http.websocket import SocketPlan
from sanderling.network.messages import SocketClosed, SocketMessage, SocketOpened, SocketResponse, TransferOptions
from sanderling.testing.transport import Answer, FakeTransport
from tests.http.contract import BIG, TransportContract
from tests.http.support import go, run, script
from tests.proto.test_har_reading import entry, recording

BASE = "http://server.test"


def binary(data: bytes) -> dict[str, Any]:
    import base64

    return {
        "size": len(data),
        "mimeType": "application/octet-stream",
        "text": base64.b64encode(data).decode(),
        "encoding": "base64",
    }


class TestReplay(TransportContract):
    @asynccontextmanager
    async def serve(self) -> AsyncIterator[tuple[HandleTransport, str]]:
        def echo(method: str, body: bytes) -> dict[str, Any]:
            post = {"mimeType": "", "text": binary(body)["text"], "_encoding": "base64"}
            headers = {"X-Method": method, "X-Own": "a"}
            return entry(f"{BASE}/echo", method=method, post=post, headers=headers, content=binary(body))

        hello = entry(f"{BASE}/hello", headers={"X-Hello": "1"}, text="hello")
        hello["serverIPAddress"] = "192.0.2.1"
        transport = ReplayTransport()
        transport.load(
            recording(
                hello,
                entry(f"{BASE}/missing", status=404, text="none"),
                entry(f"{BASE}/moved", status=302, headers={"Location": "/hello"}),
                entry(f"{BASE}/big", content=binary(BIG)),
                echo("PUT", b"x" * 100_000),
                echo("POST", b"".join(bytes([index]) * 10_000 for index in range(10))),
                entry(f"{BASE}/headless", status=0, _error="net::ERR_ABORTED"),
                entry(f"{BASE}/endless", _error="net::ERR_ABORTED"),
                entry(f"{BASE}/broken", content=binary(BIG[:100_000]), _error="net::ERR_CONTENT_LENGTH_MISMATCH"),
                entry(self.refusing_url(), status=0, _error="net::ERR_CONNECTION_REFUSED"),
            )
        )
        yield transport, BASE

    def refusing_url(self) -> str:
        return f"{BASE}:81/"

    def test_cancelled_task_before_the_head(self) -> None:
        """A recording keeps nobody waiting: what was given up fails, as it did."""

        async def work() -> None:
            async with self.serve() as (transport, base):
                with pytest.raises(NetworkError, match="ERR_ABORTED"):
                    await transport.open(Outgoing(url=base + "/headless"))

        run(work())


def client(*entries: dict[str, Any], network: FakeTransport | None = None) -> HttpClient:
    transport = ReplayTransport(network)
    transport.load(recording(*entries))
    return HttpClient(transport, options=ClientOptions(user_agent="Test/1"))


def body(one: HttpClient, request: Any) -> bytes:
    async def work() -> bytes:
        return await (await one.fetch(request)).read()

    return run(work())


@pytest.mark.parametrize("stream", [False, True])
def test_bodies_are_recorded_as_they_are_meant(stream: bool) -> None:
    async def work() -> None:
        transport = ReplayTransport()
        headers = {"Content-Encoding": "zstd", "Content-Length": "12"}
        transport.load(recording(entry(f"{BASE}/", headers=headers, text="hello " * 100)))
        transfer = await transport.open(Outgoing(url=f"{BASE}/", options=TransferOptions(stream=stream)))
        assert await transfer.read() == b"hello " * 100
        assert ("Content-Encoding", "zstd") in transfer.head.headers
        assert (transfer.timings.encoded_body_bytes, transfer.timings.decoded_body_bytes) == (12, 600)

    run(work())


def test_redirects_and_cookies_are_those_of_the_rules() -> None:
    one = client(
        entry("https://a.test/", status=302, redirectURL="https://a.test/x", headers={"Set-Cookie": "a=1"}),
        entry("https://a.test/x", text="there"),
    )
    assert body(one, go("https://a.test/")) == b"there"
    assert [cookie["name"] for cookie in one.jar.to_dicts()] == ["a"]


def test_what_is_missing_fails_by_name() -> None:
    with pytest.raises(NetworkError, match="is not in the recording") as caught:
        body(client(), go("https://a.test/"))
    assert caught.value.code == MISSING
    assert caught.value.message.startswith("GET https://a.test/ ")


def test_a_body_that_is_missing_fails_by_name() -> None:
    one = client(entry("https://a.test/", content={"size": 5, "mimeType": "text/html"}))
    with pytest.raises(NetworkError, match="does not hold the body"):
        body(one, go("https://a.test/"))


def test_what_is_missing_may_go_to_the_network() -> None:
    network = FakeTransport()
    network.answer("https://a.test/new", Answer(body=b"new"))
    one = client(entry("https://a.test/", text="old"), network=network)
    assert body(one, go("https://a.test/")) == b"old"
    assert body(one, go("https://a.test/new")) == b"new"
    assert [request.url for request in network.received] == ["https://a.test/new"]


def test_preflights_that_were_not_recorded_are_allowed() -> None:
    one = client(entry("https://b.test/", text="x", headers={"Access-Control-Allow-Origin": "*"}))
    assert body(one, script("https://b.test/", headers=[("X-Own", "1")])) == b"x"
    with pytest.raises(NetworkError, match="not in the recording"):
        body(one, script("https://b.test/y", headers=[("X-Own", "1")]))


def test_what_a_cache_showed_has_a_status_of_its_own() -> None:
    cached = entry("https://a.test/", status=304, text="cached")

    async def work() -> None:
        transport = ReplayTransport()
        transport.load(recording(cached))
        assert (await transport.open(Outgoing(url="https://a.test/"))).head.status == 200
        asked = Outgoing(url="https://a.test/", headers=(("If-None-Match", '"x"'),))
        assert (await transport.open(asked)).head.status == 304

    run(work())


class Ears:
    def __init__(self) -> None:
        self.heard: list[object] = []
        self.over = asyncio.Event()
        self.requested = self.answered = self.opened = self.message = self.sent = self.heard.append

    def closed(self, event: SocketClosed) -> None:
        self.heard.append(event)
        self.over.set()

    def of(self, kind: type) -> list[Any]:
        return [event for event in self.heard if isinstance(event, kind)]


def socket_entry(*frames: tuple[str, int, str], **others: Any) -> dict[str, Any]:
    one = entry("wss://a.test/s", status=101, headers={"Sec-WebSocket-Protocol": "chat"}, **others)
    one["_webSocketMessages"] = [
        {"type": kind, "opcode": opcode, "data": data, "time": 0} for kind, opcode, data in frames
    ]
    return one


def test_web_sockets_answer_what_they_answered() -> None:
    one = client(
        socket_entry(
            ("receive", 1, "hi"),
            ("send", 1, "a"),
            ("receive", 2, "/wA="),
            ("receive", 1, "b"),
            ("send", 1, "c"),
            ("receive", 8, "4000 enough"),
        )
    )

    async def work() -> None:
        ears = Ears()
        socket = one.open_socket(SocketPlan(url="wss://a.test/s"), ears)
        await asyncio.sleep(0)
        assert [event.protocol for event in ears.of(SocketOpened)] == ["chat"]
        assert [event.status for event in ears.of(SocketResponse)] == [101]
        assert [event.data for event in ears.of(SocketMessage)] == [b"hi"]
        socket.send(b"whatever", text=True)
        await asyncio.sleep(0)
        assert [event.data for event in ears.of(SocketMessage)] == [b"hi", b"\xff\x00", b"b"]
        socket.send(b"more", text=True)
        await ears.over.wait()
        (end,) = ears.of(SocketClosed)
        assert (end.code, end.reason, end.clean) == (4000, "enough", True)

    run(work())


def test_web_sockets_that_are_missing_and_those_that_failed() -> None:
    failed = entry("wss://a.test/f", status=0, _error="net::ERR_CONNECTION_REFUSED")
    failed["_webSocketMessages"] = []
    one = client(failed)

    async def work() -> None:
        for path, code in (("f", "net::ERR_CONNECTION_REFUSED"), ("none", MISSING)):
            ears = Ears()
            one.open_socket(SocketPlan(url=f"wss://a.test/{path}"), ears)
            await ears.over.wait()
            (end,) = ears.of(SocketClosed)
            assert (end.code, end.error) == (1006, code)

    run(work())


def test_pages_close_replayed_web_sockets() -> None:
    one = client(socket_entry())

    async def work() -> None:
        ears = Ears()
        socket = one.open_socket(SocketPlan(url="wss://a.test/s"), ears)
        socket.close(3000, "done")
        await ears.over.wait()
        (end,) = ears.of(SocketClosed)
        assert (end.code, end.clean) == (3000, True)

    run(work())
