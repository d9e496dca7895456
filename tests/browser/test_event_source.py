"""EventSource: streams of messages, new attempts, what ends them, and what a client of CDP hears."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from sanderling import Page
from sanderling.testing.server import Request, Response
from tests.support import Page as SitePage
from tests.support import Site

STREAM = "text/event-stream"


def stream(*pieces: str, status: int = 200, content_type: str = STREAM, **headers: str) -> Response:
    return Response(
        [piece.encode() for piece in pieces],
        status,
        content_type,
        tuple((name.replace("_", "-"), value) for name, value in headers.items()),
    )


LISTEN = """new Promise((done) => {
  const seen = [], source = new EventSource(%r);
  const note = (e) => {
    seen.push([e.type, e.data ?? null, e.lastEventId ?? null, source.readyState]);
    if (seen.length === %d) { source.close(); done(seen); }
  };
  for (const type of ['open', 'message', 'error', 'tick']) source.addEventListener(type, note);
})"""


def test_messages_in_pieces(page: Page) -> None:
    pieces = (
        "\ufeffdata: o", "ne\r", "\n: comment\ndata:two\r\r", "event: tick\nid: 7\ndata\n\n",
        "id: a\0b\ndata: x\n\nid\ndata:  y\n\ndata: never ended",
    )  # fmt: skip
    with Site({"/": "<p>", "/s": stream(*pieces)}) as site:
        page.goto(site.url("/"))
        assert page.evaluate(LISTEN % ("/s", 6)) == [
            ["open", None, None, 1],
            ["message", "one\ntwo", "", 1],
            ["tick", "", "7", 1],
            ["message", "x", "7", 1],
            ["message", " y", "", 1],
            ["error", None, None, 0],  # the stream ended: another attempt will be made
        ]
        [_, asked] = site.requests
        assert (asked.header("accept"), asked.header("cache-control")) == (STREAM, "no-cache")


def test_it_asks_again_with_the_last_id(page: Page) -> None:
    def answer(request: Request) -> Response:
        last = request.header("last-event-id")
        return stream("retry: 1\nid: \u00e9\ndata: first\n\n") if not last else stream(f"data: {last}\n\n")

    with Site({"/": "<p>", "/s": answer}) as site:
        page.goto(site.url("/"))
        seen = page.evaluate(LISTEN % ("/s", 5))
    assert [one[0] for one in seen] == ["open", "message", "error", "open", "message"]
    # The server reads a header as Latin-1.
    assert seen[4][1].encode("latin-1").decode() == "\u00e9"


def test_what_is_no_event_stream_fails_for_good(page: Page) -> None:
    answers = {"/404": stream("data: x\n\n", status=404), "/html": stream("data: x\n\n", content_type="text/html")}
    with Site({"/": "<p>", **answers}) as site:
        page.goto(site.url("/"))
        for path in ("/404", "/html", "http://127.0.0.1:1/"):
            assert page.evaluate(LISTEN % (path, 1)) == [["error", None, None, 2]]
        assert page.evaluate("(() => { try { new EventSource('http://[') } catch (e) { return e.name } })()") == (
            "SyntaxError"
        )


def test_other_origins_by_cors(page: Page) -> None:
    def answer(request: Request) -> Response:
        return stream("data: told\n\n", Access_Control_Allow_Origin=request.header("origin"))

    with Site({"/yes": answer, "/no": stream("data: secret\n\n")}) as other, Site({"/": "<p>"}) as site:
        page.goto(site.url("/"))
        assert page.evaluate(LISTEN % (other.url("/no"), 1)) == [["error", None, None, 2]]
        assert [one[0] for one in page.evaluate(LISTEN % (other.url("/yes"), 2))] == ["open", "message"]


def test_a_silent_stream_does_not_hold_up_the_page_and_ends_with_it(page: Page) -> None:
    ended = threading.Event()

    def forever() -> Iterator[bytes]:
        try:
            while True:
                yield b": " + b"x" * 65536 + b"\n"
        finally:
            ended.set()

    pages: dict[str, SitePage] = {
        "/": "<script>source = new EventSource('/s')</script>",
        "/s": lambda _: Response(forever(), 200, STREAM),
    }
    with Site(pages) as site:
        page.goto(site.url("/"), wait_until="networkidle")
        assert page.evaluate("source.readyState") == 1
        page.goto("about:blank")
        assert ended.wait(60)


def test_in_a_child_frame_that_goes(page: Page) -> None:
    ended = threading.Event()

    def forever() -> Iterator[bytes]:
        try:
            yield b"data: 1\n\n"
            while True:
                yield b": " + b"x" * 65536 + b"\n"
        finally:
            ended.set()

    pages: dict[str, SitePage] = {
        "/": "<iframe src=/frame></iframe><p>",
        "/frame": "<script>new EventSource('/s').onmessage = (e) => { parent.got = [e.data, e.origin] }</script>",
        "/s": lambda _: Response(forever(), 200, STREAM),
    }
    with Site(pages) as site:
        page.goto(site.url("/"))
        assert page.evaluate("new Promise((r) => setInterval(() => window.got && r(got), 5))") == ["1", site.origin]
        page.evaluate("document.querySelector('iframe').remove()")
        assert ended.wait(60)
