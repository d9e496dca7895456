"""How many requests of one page may wait for their answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from sanderling import Browser, Page
from sanderling.browser import page_network
from sanderling.testing.server import Request, Response
from tests.support import Site

WAIT_S = 60.0


@pytest.fixture
def page() -> Iterator[Page]:
    with Browser(isolation="thread") as browser, browser.new_context() as context, context.new_page() as page:
        yield page


def test_what_a_page_asks_beyond_its_limit_fails_at_once(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_network, "MAX_PAGE_REQUESTS", 4)
    answers = threading.Event()

    def slow(_: Request) -> Response:
        assert answers.wait(WAIT_S)
        return Response(b"ok")

    failures: list[str] = []
    page.on("requestfailed", lambda request: failures.append(request.failure))
    with Site({"/": "<p>", "/slow": slow}) as site:
        page.goto(site.url("/"))
        page.evaluate(
            """() => {
              globalThis.all = Array.from({ length: 10 }, (_, i) => fetch('/slow?' + i).then((r) => r.text(), () => 'refused'));
              return Promise.any(globalThis.all.slice(4).map((each) => each.then((text) => text === 'refused' || Promise.reject())));
            }"""
        )
        answers.set()
        assert sorted(page.evaluate("Promise.all(globalThis.all)")) == ["ok"] * 4 + ["refused"] * 6
        # There is room again.
        assert page.evaluate("fetch('/slow').then((r) => r.text())") == "ok"
    assert failures == ["net::ERR_INSUFFICIENT_RESOURCES"] * 6


def test_a_page_at_its_limit_can_be_navigated(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_network, "MAX_PAGE_REQUESTS", 2)
    answers = threading.Event()

    def slow(_: Request) -> Response:
        assert answers.wait(WAIT_S)
        return Response(b"ok")

    with Site({"/": "<p>", "/next": "<title>next</title>", "/slow": slow}) as site:
        page.goto(site.url("/"))
        page.evaluate(
            "() => { const all = [0, 1, 2].map((i) => fetch('/slow?' + i)); return Promise.any(all.map((one) => one.catch(() => 0))); }"
        )
        response = page.goto(site.url("/next"))
        answers.set()
        assert response is not None
        assert response.status == 200
        assert page.title() == "next"
