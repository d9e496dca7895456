from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sanderling.base.errors import NetworkError
from sanderling.http.client import ClientOptions
from sanderling.http.har import HarRecorder
from sanderling.http.request import Request
from sanderling.http.websocket import SocketPlan
from sanderling.network.messages import (
    SocketClosed,
    SocketMessage,
    SocketOpened,
    SocketRequest,
    SocketResponse,
    TransferId,
)
from sanderling.proto import har
from sanderling.server.har_writer import document
from sanderling.testing.transport import Answer
from tests.http.support import FakeClock, World, go, html, redirect, run, script


class Recorded(World):
    """A client that is recorded."""

    def __init__(self, *, redact: bool = False) -> None:
        self.lines: list[bytes] = []
        self.recorder = HarRecorder(self.lines.append, FakeClock(), redact=redact)
        super().__init__(ClientOptions(user_agent="Test/1"), recorder=self.recorder)

    def log(self, folder: Path) -> Any:
        journal = folder / "journal"
        journal.write_bytes(b"".join(line + b"\n" for line in self.lines))
        return msgspec.json.decode(b"".join(document([journal])))["log"]


@pytest.fixture
def world() -> Recorded:
    return Recorded()


def test_each_hop_is_an_entry(world: Recorded, tmp_path: Path) -> None:
    world.on("https://a.test/", redirect("/x", 301, ("Set-Cookie", "a=1")))
    world.on("https://a.test/x", html(b"<p>hello"))
    assert world.body(go("https://a.test/")) == b"<p>hello"
    log = world.log(tmp_path)
    assert log["version"] == "1.2"
    first, second = log["entries"]
    assert (first["request"]["url"], first["response"]["status"]) == ("https://a.test/", 301)
    assert first["response"]["redirectURL"] == "/x"
    assert first["response"]["cookies"] == [{"name": "a", "value": "1"}]
    assert second["request"]["cookies"] == [{"name": "a", "value": "1"}]
    names = [one["name"] for one in second["request"]["headers"]]
    assert names[0] == "Host"
    assert {"User-Agent", "Cookie", "Accept-Encoding"} < set(names)
    content = second["response"]["content"]
    assert (content["text"], content["size"], content["mimeType"]) == ("<p>hello", 8, "text/html")
    assert second["serverIPAddress"] == "192.0.2.1"
    assert second["request"]["httpVersion"] == second["response"]["httpVersion"] == "HTTP/1.1"


def test_credentials_are_left_out(tmp_path: Path) -> None:
    world = Recorded(redact=True)
    world.on("https://a.test/", html(b"x", ("Set-Cookie", "s=hunter2")))
    world.fetch(go("https://a.test/"))
    world.fetch(go("https://a.test/", headers=[("Authorization", "Basic hunter2")]))
    world.log(tmp_path)
    assert b"hunter2" not in b"".join(world.lines)
    assert b"hunter2" not in (tmp_path / "journal").read_bytes()
    assert world.transport.received[1].headers.get("cookie") == "s=hunter2"


def test_failures_are_entries(world: Recorded, tmp_path: Path) -> None:
    world.on("https://a.test/gone", Answer(fail="net::ERR_CONNECTION_REFUSED"))
    world.on("https://a.test/broken", Answer(body=b"x" * 100, fail="net::ERR_CONTENT_LENGTH_MISMATCH", fail_after=10))
    for path in ("gone", "broken"):
        with pytest.raises(NetworkError):
            world.body(script(f"https://a.test/{path}"))
    gone, broken = world.log(tmp_path)["entries"]
    assert (gone["response"]["status"], gone["response"]["_error"]) == (0, "net::ERR_CONNECTION_REFUSED")
    assert (broken["response"]["status"], broken["response"]["_error"]) == (200, "net::ERR_CONTENT_LENGTH_MISMATCH")
    assert broken["response"]["content"]["size"] == 10


def test_request_bodies(world: Recorded, tmp_path: Path) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"one "
        yield b"two"

    world.on("https://a.test/", Answer(body=b"ok"))
    form = [("Content-Type", "application/x-www-form-urlencoded")]
    world.fetch(go("https://a.test/", method="POST", headers=form, body=b"a=1"))
    world.fetch(go("https://a.test/", method="POST", body=pieces()))
    whole, streamed = (entry["request"] for entry in world.log(tmp_path)["entries"])
    assert whole["postData"]["params"] == [{"name": "a", "value": "1"}]
    assert (whole["bodySize"], whole["postData"]["text"]) == (3, "a=1")
    assert (streamed["bodySize"], streamed["postData"]["text"]) == (7, "one two")


def test_preflights_are_entries(world: Recorded, tmp_path: Path) -> None:
    allow = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Headers", "x-own"))
    world.on("https://b.test/", Answer(headers=allow), method="OPTIONS")
    world.on("https://b.test/", Answer(headers=allow, body=b"x"), method="GET")
    world.fetch(script("https://b.test/", headers=[("X-Own", "1")]))
    preflight, request = world.log(tmp_path)["entries"]
    assert (preflight["request"]["method"], preflight["_resourceType"]) == ("OPTIONS", "preflight")
    assert (request["request"]["method"], request["_resourceType"]) == ("GET", "fetch")


def test_what_has_not_come_yet_is_told(world: Recorded, tmp_path: Path) -> None:
    world.on("https://a.test/", Answer(body=b"x" * 50_000, hold_after_head=True))

    async def work() -> None:
        await world.client.fetch(Request.script("https://a.test/", client_url="https://a.test/page"))

    run(work())
    (entry,) = world.log(tmp_path)["entries"]
    assert entry["response"]["status"] == 200
    world.lines.append(b'{"type":"Got","id":1,"tim')  # the process ended here
    assert len(world.log(tmp_path)["entries"]) == 1


def test_pages(world: Recorded, tmp_path: Path) -> None:
    recorder = world.recorder
    recorder.navigation_began("p", "https://a.test/")
    recorder.milestone("p", "domcontentloaded")
    recorder.milestone("p", "load")
    recorder.navigation_began("p", "https://b.test/")
    recorder.milestone("nobody", "load")
    first, second = world.log(tmp_path)["pages"]
    assert (first["id"], first["title"]) == ("p_1", "https://a.test/")
    assert first["pageTimings"] == {"onContentLoad": 0.0, "onLoad": 0.0}
    assert (second["id"], second["pageTimings"]["onLoad"]) == ("p_2", -1)


def test_pages_of_several_workers_do_not_mix(world: Recorded, tmp_path: Path) -> None:
    world.recorder.navigation_began("p", "https://a.test/")
    world.log(tmp_path)
    other = tmp_path / "other"
    other.write_bytes((tmp_path / "journal").read_bytes())
    log = msgspec.json.decode(b"".join(document([tmp_path / "journal", other])))["log"]
    assert [page["id"] for page in log["pages"]] == ["p_1", "1-p_1"]


class Ears:
    def __init__(self) -> None:
        self.heard: list[object] = []
        self.requested = self.answered = self.opened = self.message = self.sent = self.closed = self.heard.append


def test_web_sockets(world: Recorded, tmp_path: Path) -> None:
    ears = Ears()
    number = TransferId(1)

    async def work() -> None:
        socket = world.client.open_socket(SocketPlan(url="wss://a.test/s", origin="https://a.test"), ears)
        for event in (
            SocketRequest(number, (("Origin", "https://a.test"),)),
            SocketResponse(number, 101, "Switching Protocols", (("Upgrade", "websocket"),)),
            SocketOpened(number, "", ""),
        ):
            world.transport.dispatch(event)
        socket.send(b"hello", text=True)
        world.transport.dispatch(SocketMessage(number, b"\xff\x00"))
        world.transport.dispatch(SocketClosed(number, 1001, "bye", clean=True))
        await world.client.close()

    run(work())
    assert len(ears.heard) == 5
    (entry,) = world.log(tmp_path)["entries"]
    assert (entry["request"]["url"], entry["response"]["status"]) == ("wss://a.test/s", 101)
    assert entry["_resourceType"] == "websocket"
    frames = [(one["type"], one["opcode"], one["data"]) for one in entry["_webSocketMessages"]]
    assert frames == [("send", 1, "hello"), ("receive", 2, "/wA="), ("receive", 8, "1001 bye")]


def test_moments_become_durations() -> None:
    from sanderling.http.har import _har_timings
    from sanderling.network.messages import Timings

    whole = Timings(
        queue=0.001, name_lookup=0.003, connect=0.006, tls=0.01, request_sent=0.015, first_byte=0.021, total=0.028
    )
    assert _har_timings(whole, 0.028) == har.HarTimings(blocked=1, dns=2, connect=7, ssl=4, send=5, wait=6, receive=7)
    reused = Timings(queue=0.001, request_sent=0.002, first_byte=0.004, total=0.008)
    assert _har_timings(reused, 0.008) == har.HarTimings(
        blocked=1, dns=-1, connect=-1, ssl=-1, send=1, wait=2, receive=4
    )
