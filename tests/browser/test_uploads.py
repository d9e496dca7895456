"""Streams as the bodies of requests: sent as they come, over HTTP/2 only, and once only."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from sanderling import Browser, Page
from sanderling.testing.transport import Answer
from tests.browser.world import World, run
from tests.network.peers import Nginx, Peer, answer, read_request, unchunk

SEND = """async ([url, parts, init]) => {
  let given = 0;
  const body = new ReadableStream({
    pull(controller) {
      if (given === parts.length) controller.close();
      else {
        const part = parts[given++];
        if (part === 'break') controller.error(new Error('own'));
        else controller.enqueue(typeof part === 'string' ? new TextEncoder().encode(part) : part);
      }
    },
    cancel(reason) { canceled = String(reason); },
  }, { highWaterMark: 0 });
  let canceled = null;
  try {
    const response = await fetch(url, { method: 'POST', body, duplex: 'half', ...init });
    return [response.status, await response.text(), canceled];
  } catch (error) {
    return [error.name, error.message, canceled];
  }
}"""


def send(url: str, parts: str, init: str = "{}") -> str:
    return f"({SEND})([{url!r}, {parts}, {init}])"


def world_of(world: World) -> None:
    transport = world.transport
    transport.respond("https://a.test/echo", lambda request: Answer(body=request.body))
    for status in (303, 307):
        transport.answer(f"https://a.test/{status}", Answer(status=status, headers=(("Location", "/echo"),)))
    transport.answer("https://a.test/401", Answer(status=401, headers=(("WWW-Authenticate", "Basic realm=x"),)))


FAILED = ["TypeError", "Failed to fetch", None]


@pytest.mark.parametrize(
    ("path", "parts", "expected"),
    [
        ("echo", "['one', '', 'two', 'three']", [200, "onetwothree", None]),
        ("echo", "[]", [200, "", None]),
        ("303", "['gone']", [200, "", None]),
        ("307", "['gone']", FAILED),
        ("401", "['gone']", FAILED),
        ("echo", "['one', 'break', 'two']", FAILED),
        ("echo", "['one', 7]", [*FAILED[:2], "TypeError: Received non-Uint8Array chunk"]),
        ("echo", "[new ArrayBuffer(1)]", [*FAILED[:2], "TypeError: Received non-Uint8Array chunk"]),
    ],
)
def test_what_becomes_of_a_stream(blob: bytes, path: str, parts: str, expected: list[object]) -> None:
    async def test(world: World) -> None:
        world_of(world)
        page = await world.open("https://a.test/")
        assert await world.value(page, send(f"/{path}", parts)) == expected
        assert page.activity.in_flight == 0

    run(blob, {"https://a.test/": "<p>"}, test)


def test_only_streams_need_more_than_http_1(blob: bytes) -> None:
    async def test(world: World) -> None:
        world_of(world)
        page = await world.open("https://a.test/")
        await world.value(page, send("/echo", "['x']"))
        # A body that had a source keeps it, though somebody looked at its stream and it moved.
        moved = "(() => { const r = new Request('/echo', { method: 'POST', body: 'text' }); r.body; return new Request(r); })()"
        assert await world.value(page, f"fetch({moved}).then((r) => r.text())") == "text"
        assert await world.value(page, send("/303", "['x']")) == [200, "", None]
        versions = [(one.method, one.options.http_version) for one in world.transport.received[1:]]
        assert versions == [("POST", "2-only"), ("POST", "auto"), ("POST", "2-only"), ("GET", "auto")]
        # The stream belongs to the request from the start.
        again = "(() => { const init = { method: 'POST', body: new ReadableStream(), duplex: 'half' }; fetch('/echo', init); return init.body.locked; })()"
        assert await world.value(page, again) is True

    run(blob, {"https://a.test/": "<p>"}, test)


@pytest.mark.parametrize("abort", ["before", "after"])
def test_aborting(blob: bytes, abort: str) -> None:
    async def test(world: World) -> None:
        page = await world.open("https://a.test/")
        script = """new Promise((done) => {
          const aborter = new AbortController(), seen = [];
          const pull = () => { if (ABORT === 'after') aborter.abort('why'); };
          const body = new ReadableStream({ pull, cancel: (reason) => { seen.push(reason); } }, { highWaterMark: 0 });
          if (ABORT === 'before') aborter.abort('why');
          fetch('/echo', { method: 'POST', body, duplex: 'half', signal: aborter.signal }).catch((reason) => done([...seen, reason]));
        })""".replace("ABORT", repr(abort))
        assert await world.value(page, script) == ["why", "why"]

    run(blob, {"https://a.test/": "<p>"}, test)


@pytest.fixture
def certificates(tmp_path: Path) -> Path:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(tmp_path / "server.pem")
    return tmp_path


@pytest.fixture
def page(browser: Browser, certificates: Path) -> Iterator[Page]:
    with browser.new_context(ca_file=str(certificates / "ca.pem"), disable=("cors",)) as context:
        yield context.new_page()


MANY = """async (url) => {
  let given = 0;
  const body = new ReadableStream({ pull: (controller) => {
    if (given++ === 1024) controller.close(); else controller.enqueue(new Uint8Array(1 << 20));
  } });
  const end = await fetch(url, { method: 'POST', body, duplex: 'half' }).then((r) => r.status, (error) => error.name);
  return [end, given < 64];
}"""


@pytest.mark.skipif(not Nginx.program(), reason="no nginx")
def test_a_server_that_stops_reading_stops_the_page(page: Page, certificates: Path) -> None:
    def script(connection: socket.socket, _: int) -> None:
        connection.recv(65536)  # and no more
        connection.sendall(answer(b"enough"))

    with Peer(script) as peer:
        proxy = f"location /up {{ proxy_pass {peer.url}; proxy_http_version 1.1; proxy_request_buffering off; client_max_body_size 0; }}"
        server = Nginx(certificates, certificates / "server.pem", more=proxy)
        try:
            page.goto("about:blank")
            end, few = page.evaluate(MANY, server.url + "up")
            assert few
            assert end in (200, "TypeError", 502)
        finally:
            server.close()


@pytest.mark.skipif(not Nginx.program(), reason="no nginx")
def test_pieces_arrive_as_they_are_given_on_one_connection(page: Page, certificates: Path) -> None:
    bodies: list[bytes] = []

    def script(connection: socket.socket, _: int) -> None:
        while (request := read_request(connection)) is not None:
            bodies.append(request.body)
            connection.sendall(answer(b"thanks"))

    with Peer(script) as peer:
        proxy = f"location /up {{ proxy_pass {peer.url}; proxy_http_version 1.1; proxy_request_buffering off; }}"
        server = Nginx(certificates, certificates / "server.pem", more=proxy)
        (server.root / "index.html").write_text("<p>")
        try:
            page.goto(server.url)
            for _ in range(2):
                assert page.evaluate(SEND, ["/up", ["one", "two" * 50_000], {}]) == [200, "thanks", None]
            assert len(server.connections()) == 1
        finally:
            server.close()
    assert [unchunk(body) == b"one" + b"two" * 50_000 for body in bodies] == [True, True]


@pytest.mark.skipif(not Nginx.program(), reason="no nginx")
def test_without_http_2_it_fails_as_in_chromium(page: Page, certificates: Path) -> None:
    server = Nginx(certificates, certificates / "server.pem", http2=False)
    (server.root / "index.html").write_text("<p>")
    failures: list[str] = []
    page.on("requestfailed", lambda request: failures.append(request.failure))
    try:
        page.goto(server.url)
        assert page.evaluate(SEND, ["/up", ["one"], {}]) == FAILED
        assert page.evaluate(SEND, [server.url.replace("https", "http"), ["one"], {}])[0] == "TypeError"
        assert failures == ["net::ERR_H2_OR_QUIC_REQUIRED"] * 2
    finally:
        server.close()
