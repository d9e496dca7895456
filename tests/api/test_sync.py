"""The synchronous API, as its users call it."""

from __future__ import annotations

import asyncio
import datetime
import threading
from collections.abc import Iterator

import pytest

import sanderling
from sanderling import Browser, Context, Cookie, Page
from tests.support import Site

HTML = """<!doctype html><title>Birds</title><h1>Birds</h1><p id=p>Hello</p><a href="/next">Next</a>"""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({"/": HTML, "/next": "<!doctype html><title>Next</title><p>next", "/data.json": '{"a": 1}'}) as one:
        yield one


def test_goto_gives_the_response(page: Page, site: Site) -> None:
    response = page.goto(site.url("/"))
    assert response is not None
    assert (response.status, response.ok, response.url) == (200, True, site.url("/"))
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.text() == HTML
    assert page.url == site.url("/")
    assert page.title() == "Birds"


def test_a_response_of_json(page: Page, site: Site) -> None:
    response = page.goto(site.url("/data.json"))
    assert response is not None
    assert response.json() == {"a": 1}
    assert response.body() == b'{"a": 1}'


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        1,
        -0.5,
        float("inf"),
        "text \u00e9 \U0001f426",
        [1, [2, "x"]],
        {"a": {"b": [None]}},
        datetime.datetime(2026, 2, 14, 12, 30, tzinfo=datetime.UTC),
        b"",
    ],
)
def test_values_cross_both_ways(page: Page, value: object) -> None:
    if value == b"":
        assert page.evaluate("undefined") is None
        return
    assert page.evaluate("x => x", value) == value


def test_values_of_the_page_are_themselves_there(page: Page) -> None:
    assert page.evaluate("x => [typeof x.n, Array.isArray(x.l), x.d instanceof Date]", {
        "n": 1, "l": [], "d": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
    }) == ["number", True, True]  # fmt: skip


def test_evaluate_awaits_promises_and_raises_what_the_page_throws(page: Page) -> None:
    assert page.evaluate("new Promise(resolve => setTimeout(() => resolve(7), 1))") == 7
    assert page.evaluate("async (a) => a + 1", 2) == 3
    with pytest.raises(sanderling.JavaScriptError, match="no such bird") as caught:
        page.evaluate("() => { throw new RangeError('no such bird') }")
    assert caught.value.name == "RangeError"
    assert "sanderling:evaluate" in caught.value.stack
    with pytest.raises(sanderling.JavaScriptError, match="later"):
        page.evaluate("Promise.reject(new Error('later'))")
    with pytest.raises(sanderling.JavaScriptError, match="SyntaxError"):
        page.evaluate("(((")


def test_content_and_dumps(page: Page, site: Site) -> None:
    page.goto(site.url("/"))
    page.evaluate("document.querySelector('#p').innerHTML = 'Hello <b>world</b>'")
    assert '<p id="p">Hello <b>world</b></p>' in page.content()
    assert page.markdown() == f"# Birds\n\nHello **world**\n\n[Next]({site.url('/next')})\n"
    assert page.text().split() == ["Birds", "Hello", "world", "Next"]
    assert [(link.text, link.url) for link in page.links()] == [("Next", site.url("/next"))]


def test_set_content_runs_scripts(page: Page) -> None:
    page.set_content("<p>one</p><script>document.querySelector('p').textContent = 'two'</script>")
    assert page.evaluate("document.querySelector('p').textContent") == "two"


def test_waiting_for_selectors(page: Page) -> None:
    page.set_content(
        "<p>here</p><script>setTimeout(() => { document.body.innerHTML = '<i hidden>x</i>' }, 20)</script>"
    )
    page.wait_for_selector("i", state="attached")
    page.wait_for_selector("p", state="detached")
    page.wait_for_selector("i", state="hidden")
    with pytest.raises(sanderling.TimeoutError, match="waiting for"):
        page.wait_for_selector("i", timeout=50)
    page.evaluate("setTimeout(() => { document.querySelector('i').hidden = false }, 20), 0")
    page.wait_for_selector("i")
    with pytest.raises(sanderling.SanderlingError, match="not a valid selector"):
        page.wait_for_selector("p >")


def test_waiting_for_functions(page: Page) -> None:
    page.set_content("<script>let n = 0; setInterval(() => { n++ }, 1)</script>")
    assert page.wait_for_function("() => n > 5 && 'done'") == "done"
    assert page.wait_for_function("limit => n > limit", arg=7) is True
    with pytest.raises(sanderling.TimeoutError):
        page.wait_for_function("false", timeout=30)
    with pytest.raises(sanderling.JavaScriptError, match="nothing is not defined"):
        page.wait_for_function("nothing")


def test_events(page: Page, site: Site) -> None:
    heard: list[tuple[str, object]] = []
    page.on("console", lambda message: heard.append(("console", (message.type, message.text))))
    page.on("pageerror", lambda error: heard.append(("pageerror", str(error.message))))
    page.on("request", lambda request: heard.append(("request", request.url)))
    page.on("response", lambda response: heard.append(("response", response.status)))
    page.goto(site.url("/"))
    page.evaluate("console.warn('careful', 1)")
    page.evaluate("setTimeout(() => { throw new Error('late') }, 0), 0")
    page.wait_for_function("new Promise(resolve => setTimeout(() => resolve(true), 5))")
    assert ("request", site.url("/")) in heard
    assert ("response", 200) in heard
    assert ("console", ("warning", "careful 1")) in heard
    assert ("pageerror", "late") in heard


def test_a_listener_can_be_removed(page: Page) -> None:
    heard: list[object] = []
    page.on("console", heard.append)
    page.remove_listener("console", heard.append)
    page.evaluate("console.log('x')")
    assert page.evaluate("1") == 1
    assert heard == []


def test_init_scripts_come_first(context: Context) -> None:
    context.add_init_script("window.early = document.documentElement === null")
    with context.new_page() as page:
        page.set_content("<script>window.seen = window.early</script>")
        assert page.evaluate("seen") is True


def test_cookies_of_a_context(browser: Browser, site: Site) -> None:
    with browser.new_context() as context, context.new_page() as page:
        context.add_cookies([Cookie(name="a", value="1", url=site.url("/"))])
        page.goto(site.url("/"))
        assert page.evaluate("document.cookie") == "a=1"
        page.evaluate("document.cookie = 'b=2'")
        assert {(cookie.name, cookie.value) for cookie in context.cookies()} == {("a", "1"), ("b", "2")}
        context.clear_cookies()
        assert page.evaluate("document.cookie") == ""


def test_contexts_share_nothing(browser: Browser, site: Site) -> None:
    with browser.new_context() as one, browser.new_context() as other:
        for context, value in ((one, "1"), (other, None)):
            with context.new_page() as page:
                page.goto(site.url("/"))
                assert page.evaluate("localStorage.getItem('k')") is None
                if value is not None:
                    page.evaluate("localStorage.setItem('k', '1'); document.cookie = 'k=1'; 0")
                assert page.evaluate("document.cookie") == ("k=1" if value else "")


def test_what_is_closed_says_so(browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.close()
    page.close()
    with pytest.raises(sanderling.ClosedError):
        page.evaluate("1")
    context.close()
    with pytest.raises(sanderling.SanderlingError):
        context.new_page()


def test_errors_of_the_caller(page: Page) -> None:
    with pytest.raises(sanderling.UsageError, match="not a valid URL"):
        page.goto("nowhere")
    with pytest.raises(ValueError, match="not a valid URL"):
        page.goto("http://[")


def test_any_thread_may_call(page: Page, site: Site) -> None:
    page.goto(site.url("/"))
    results: list[object] = []
    threads = [threading.Thread(target=lambda: results.append(page.evaluate("document.title"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == ["Birds"] * 8


def test_inside_a_loop_the_synchronous_api_refuses() -> None:
    async def main() -> None:
        with pytest.raises(sanderling.UsageError, match="AsyncBrowser"):
            sanderling.fetch("http://127.0.0.1/")

    asyncio.run(main())


def test_fetch_gives_an_object(site: Site) -> None:
    result = sanderling.fetch(site.url("/"), headers={"X-Bird": "wader"}.items())
    assert result.ok
    assert (result.status, result.title, result.verdict.ok) == (200, "Birds", True)
    assert result.markdown.startswith("# Birds\n")
    assert "<h1>Birds</h1>" in result.html
    assert result.text.startswith("Birds")
    assert site.requests[-1].header("X-Bird") == "wader"
