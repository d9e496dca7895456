"""Requests that outlive their document: `keepalive` and beacons; and bodies that nobody reads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from sanderling import Browser, Page
from sanderling.testing.server import Request, Response
from tests.support import Page as SitePage
from tests.support import Site

WAIT_S = 60.0


@pytest.mark.parametrize(
    "leave", [lambda page: page.close(), lambda page: page.goto("about:blank")], ids=["closed", "navigated"]
)
@pytest.mark.parametrize(
    "send",
    ["navigator.sendBeacon('/told', 'x')", "fetch('/told', { method: 'POST', body: 'x', keepalive: true })"],
    ids=["beacon", "keepalive"],
)
def test_it_arrives_though_its_document_is_gone(browser: Browser, send: str, leave: Callable[[Page], object]) -> None:
    # The server redirects only after the page is gone: what comes behind that is what must not be cut off.
    asked, gone, told = threading.Event(), threading.Event(), threading.Event()
    bodies: list[bytes] = []

    def first(_: Request) -> Response:
        asked.set()
        assert gone.wait(WAIT_S)
        return Response(b"", 307, headers=(("Location", "/second"),))

    def second(request: Request) -> Response:
        bodies.append(request.body)
        told.set()
        return Response(b"ok")

    with Site({"/": "<p>", "/told": first, "/second": second}) as site, browser.new_context() as context:
        page = context.new_page()
        page.goto(site.url("/"))
        page.evaluate(f"{send}; 0")
        assert asked.wait(WAIT_S)
        leave(page)
        gone.set()
        assert told.wait(WAIT_S)
    assert bodies == [b"x"]


def test_a_page_that_does_not_read_stops_the_server(page: Page) -> None:
    piece = bytes(1024 * 1024)
    given = 0
    ended = threading.Event()

    def offer() -> Iterator[bytes]:
        nonlocal given
        try:
            for _ in range(1024):
                given += 1
                yield piece
        finally:
            ended.set()

    pages: dict[str, SitePage] = {"/": "<p>", "/small": "x", "/big": lambda _: Response(offer(), 200, "text/plain")}
    with Site(pages) as site:
        page.goto(site.url("/"))
        page.evaluate("fetch('/big').then((response) => { kept = response; reader = response.body.getReader(); })")
        read = page.evaluate(
            "(async () => { let n = 0; while (n < 4 << 20) n += (await reader.read()).value.length; return n })()"
        )
        # While the server could have sent on, these come and go by the same ways.
        page.evaluate("(async () => { for (let i = 0; i < 100; i++) await (await fetch('/small')).text() })()")
        page.goto("about:blank")
        assert ended.wait(WAIT_S)
    # What lies between: what was read, the page's buffer, Network's window, and the kernel's for a loopback.
    assert read <= given * len(piece) < 32 * 1024 * 1024
