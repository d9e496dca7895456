"""WebSocket in pages, against a real server: messages both ways, ends, cookies, policies, documents that go."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from http import HTTPStatus

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request as Handshake
from websockets.http11 import Response as Answer
from websockets.sync.server import ServerConnection, serve
from websockets.typing import Subprotocol

from sanderling import Browser, Page
from sanderling.testing.server import Request, Response
from tests.support import Page as SitePage
from tests.support import Site

WAIT_S = 60.0
FRAME = "<script>new WebSocket(location.hash.slice(1)).onopen = () => parent.opened()</script>"
CHAT = Subprotocol("chat")


class Server:
    """Echoes; the path says what else it does. It remembers handshakes and how each connection ended."""

    def __init__(self) -> None:
        self.handshakes: list[Handshake] = []
        self.codes: list[int | None] = []
        self.began = threading.Event()
        self.ended = threading.Semaphore(0)

    def __call__(self, connection: ServerConnection) -> None:
        request = connection.request
        assert request is not None
        self.handshakes.append(request)
        self.began.set()
        with contextlib.suppress(ConnectionClosed):
            if request.path == "/close":
                connection.close(4002, "over")
            elif request.path == "/drop":
                connection.socket.close()
            for message in connection:
                connection.send(message)
        received = connection.protocol.close_rcvd
        self.codes.append(None if received is None else received.code)
        self.ended.release()

    def answer(self, connection: ServerConnection, request: Handshake, response: Answer) -> Answer:
        response.headers["Set-Cookie"] = "fresh=1"
        return response

    def refuse(self, connection: ServerConnection, request: Handshake) -> Answer | None:
        return connection.respond(HTTPStatus.FORBIDDEN, "no") if request.path == "/403" else None


@contextlib.contextmanager
def running() -> Iterator[tuple[Server, str]]:
    one = Server()
    listening = serve(
        one,
        "127.0.0.1",
        0,
        max_size=None,
        subprotocols=[CHAT],
        select_subprotocol=lambda _, offered: CHAT if CHAT in offered else None,
        process_request=one.refuse,
        process_response=one.answer,
    )
    with listening as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield one, f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        finally:
            server.shutdown()
            thread.join(WAIT_S)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site({"/": "<p>", "/frame": FRAME}) as one:
        yield one


SCRIPT = """([url, protocols, what]) => new Promise((done) => {
  const socket = new WebSocket(url, protocols), seen = [];
  for (const type of ['open', 'message', 'error', 'close']) socket.addEventListener(type, (e) => {
    seen.push(type === 'message' ? ['message', e.data, e.origin] : type === 'close' ? ['close', e.code, e.reason, e.wasClean, socket.readyState] : [type]);
    if (type === 'close') done(seen);
  });
  eval(what);
})"""


def test_a_conversation(page: Page, site: Site) -> None:
    with running() as (server, url):
        page.goto(site.url("/"))
        page.evaluate("document.cookie = 'known=1'")
        answer = page.evaluate(
            """async (url) => {
              const socket = new WebSocket(url + '/x?y', ['other', 'chat']);
              const before = [socket.readyState, socket.url, socket.protocol, socket.binaryType];
              const next = (type) => new Promise((r) => socket.addEventListener(type, r, { once: true }));
              let early;
              try { socket.send('x') } catch (e) { early = e.name }
              await next('open');
              const open = [socket.readyState, socket.protocol, socket.extensions.split(';')[0]];
              const texts = [];
              for (const text of ['', 'h\\u00e9\\ud83d\\ude00', 'x'.repeat(20000)]) {
                socket.send(text);
                texts.push([socket.bufferedAmount, (await next('message')).data === text, socket.bufferedAmount]);
              }
              socket.send(new Blob(['blob']));
              const blob = await (await next('message')).data.text();
              socket.binaryType = 'arraybuffer';
              socket.send(new Uint16Array([1, 2, 3]).subarray(1));
              const { data, origin } = await next('message');
              socket.close(3001, 'bye');
              const closing = [socket.readyState, (socket.send('abc'), socket.bufferedAmount)];
              const e = await next('close');
              return { before, early, open, texts, blob, bytes: [...new Uint8Array(data)], origin, closing,
                close: [e.code, e.reason, e.wasClean, e instanceof CloseEvent, socket.readyState], cookie: document.cookie };
            }""",
            url,
        )
        assert answer == {
            "before": [0, url + "/x?y", "", "blob"],
            "early": "InvalidStateError",
            "open": [1, "chat", "permessage-deflate"],
            "texts": [[0, True, 0], [7, True, 0], [20000, True, 0]],
            "blob": "blob",
            "bytes": [2, 0, 3, 0],
            "origin": url,
            "closing": [2, 3],
            "close": [3001, "bye", True, True, 3],
            "cookie": "known=1; fresh=1",
        }
        [handshake] = server.handshakes
        assert (handshake.headers["Origin"], handshake.headers["Cookie"]) == (site.origin, "known=1")
        assert server.ended.acquire(timeout=WAIT_S)
        assert server.codes == [3001]


@pytest.mark.parametrize(
    ("path", "what", "expected"),
    [
        ("/close", "", [["open"], ["close", 4002, "over", True, 3]]),
        ("/drop", "", [["open"], ["error"], ["close", 1006, "", False, 3]]),
        ("/403", "", [["error"], ["close", 1006, "", False, 3]]),
        ("/", "socket.close()", [["error"], ["close", 1006, "", False, 3]]),
        ("/", "socket.onopen = () => socket.close()", [["open"], ["close", 1005, "", True, 3]]),
    ],
)
def test_ends(page: Page, site: Site, path: str, what: str, expected: list[object]) -> None:
    with running() as (_, url):
        page.goto(site.url("/"))
        assert page.evaluate(SCRIPT, [url + path, [], what]) == expected


def test_closed_by_the_page_after_the_handshake_it_did_not_hear_of(page: Page) -> None:
    with running() as (server, url):

        def shaken(request: Request) -> Response:
            assert server.began.wait(WAIT_S)
            return Response(b"")

        with Site({"/": "<p>", "/shaken": shaken}) as site:
            page.goto(site.url("/"))
            wait = "const asked = new XMLHttpRequest(); asked.open('GET', '/shaken', false); asked.send(); socket.close(3001, 'mine')"
            assert page.evaluate(SCRIPT, [url + "/", [], wait]) == [["error"], ["close", 1006, "", False, 3]]


def test_a_bad_port_and_nobody_there(page: Page, site: Site) -> None:
    page.goto(site.url("/"))
    for url in ("ws://127.0.0.1:25/", "ws://127.0.0.1:1/", "ws://nowhere.invalid/"):
        assert page.evaluate(SCRIPT, [url, [], ""]) == [["error"], ["close", 1006, "", False, 3]]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("new WebSocket('ws://[')", "SyntaxError"),
        ("new WebSocket('ftp://a.test/')", "SyntaxError"),
        ("new WebSocket('ws://a.test/#x')", "SyntaxError"),
        ("new WebSocket('ws://a.test/', ['a', 'A'])", "SyntaxError"),
        ("new WebSocket('ws://a.test/', 'a b')", "SyntaxError"),
        ("new WebSocket('ws://127.0.0.1:1/').close(1001)", "InvalidAccessError"),
        ("new WebSocket('ws://127.0.0.1:1/').close(3000, '\\u00e9'.repeat(62))", "SyntaxError"),
        ("new WebSocket()", "TypeError"),
    ],
)
def test_what_is_refused_at_once(page: Page, site: Site, code: str, name: str) -> None:
    page.goto(site.url("/"))
    assert page.evaluate(f"(() => {{ try {{ {code} }} catch (e) {{ return e.name }} }})()") == name
    assert page.evaluate("new WebSocket('/relative').url").startswith("ws://127.0.0.1")


Leave = Callable[[Page, Site], object]


@pytest.mark.parametrize(
    "leave",
    [
        lambda page, site: page.goto(site.url("/")),
        lambda page, site: page.evaluate("document.querySelector('iframe').remove()"),
        lambda page, site: page.evaluate("frames[0].location = 'about:blank'; 0"),
        lambda page, site: page.close(),
    ],
    ids=["navigated", "frame removed", "frame navigated", "closed"],
)
def test_a_document_that_goes_says_1001(browser: Browser, site: Site, leave: Leave) -> None:
    with running() as (server, url), browser.new_context() as context:
        page = context.new_page()
        page.goto(site.url("/"))
        page.evaluate(
            """(url) => new Promise((done) => {
              const frame = document.body.appendChild(document.createElement('iframe'));
              window.opened = () => done(0);
              frame.src = '/frame#' + url;
            })""",
            url + "/",
        )
        leave(page, site)
        assert server.ended.acquire(timeout=WAIT_S)
        assert server.codes == [1001]


def test_a_frame_of_another_origin(page: Page, site: Site) -> None:
    frame = "<script>new WebSocket(location.hash.slice(1)).onopen = () => parent.postMessage('open', '*')</script>"
    with running() as (server, url), Site({"/f": frame}) as other:
        page.goto(site.url("/"))
        page.evaluate(
            """(url) => new Promise((done) => {
              onmessage = (e) => done(e.data);
              document.body.appendChild(document.createElement('iframe')).src = url;
            })""",
            other.url(f"/f#{url}").replace("127.0.0.1", "localhost", 1),
        )
        assert server.handshakes[0].headers["Origin"] == other.origin.replace("127.0.0.1", "localhost")


def test_connect_src_of_a_policy(page: Page) -> None:
    policed = Response(b"<p>", headers=(("Content-Security-Policy", "connect-src http://a.test"),))
    with running() as (server, url), Site({"/": policed}) as site:
        page.goto(site.url("/"))
        assert page.evaluate(SCRIPT, [url, [], ""]) == [["error"], ["close", 1006, "", False, 3]]
        assert (
            page.evaluate(
                "new Promise((done) => { const s = new EventSource('/s'); s.onerror = () => done(s.readyState) })"
            )
            == 2
        )
        assert server.handshakes == []
        assert site.paths == ["/"]


def test_in_a_web_worker(page: Page) -> None:
    pages: dict[str, SitePage] = {
        "/": "<p>",
        "/w.js": "onmessage = (e) => { const s = new WebSocket(e.data); s.onopen = () => s.send('x');"
        " s.onmessage = (m) => { postMessage(m.data); close(); } }",
    }
    with running() as (server, url), Site(pages) as site:
        page.goto(site.url("/"))
        told = page.evaluate(
            "(url) => new Promise((r) => { const w = new Worker('/w.js'); w.onmessage = (e) => r(e.data); w.postMessage(url) })",
            url,
        )
        assert told == "x"
        assert server.ended.acquire(timeout=WAIT_S)
        assert server.codes == [1001]


def test_a_flood_arrives_in_order(page: Page, site: Site) -> None:
    with running() as (_, url):
        page.goto(site.url("/"))
        assert page.evaluate(
            """(url) => new Promise((done) => {
              const socket = new WebSocket(url), size = 200000, count = 60;
              let next = 0;
              socket.binaryType = 'arraybuffer';
              socket.onopen = () => { for (let i = 0; i < count; i++) socket.send(new Uint8Array(size).fill(i)); };
              socket.onmessage = ({ data }) => {
                const bytes = new Uint8Array(data);
                if (bytes.length !== size || bytes[0] !== next || bytes[size - 1] !== next) done('wrong at ' + next);
                if (++next === count) done(socket.bufferedAmount);
              };
            })""",
            url,
        ) == 0  # fmt: skip
