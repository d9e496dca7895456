"""The synchronous API."""

from __future__ import annotations

import asyncio
import datetime
import json
import math
import re
import threading
from pathlib import Path
from typing import Any

import pytest

import sanderling
from sanderling import (
    Browser,
    ClosedError,
    Context,
    Cookie,
    JavaScriptError,
    NavigationError,
    NetworkError,
    Page,
    TimeoutError,  # noqa: A004 - it is one
    UsageError,
)
from sanderling.testing.server import Request, Response
from tests.support import Site

# -- values -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1", 1),
        ("1.5", 1.5),
        ("-0", -0.0),
        ("Infinity", math.inf),
        ("2n ** 70n", 2**70),
        ("'\\u00e9\\ud83d\\udc26'", "é\U0001f426"),
        ("null", None),
        ("undefined", None),
        ("true", True),
        ("[1, [2, {a: 'b'}], []]", [1, [2, {"a": "b"}], []]),
        ("({a: 1, b: undefined})", {"a": 1, "b": None}),
        ("new Map([['a', 1], [2, 3]])", {"a": 1, 2: 3}),
        ("new Set([1, 'a'])", [1, "a"]),
        ("new Date(0)", datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)),
        ("/a+/i", re.compile("a+", re.IGNORECASE)),
        ("Promise.resolve(7)", 7),
        ("() => 8", 8),
        ("async () => { await null; return 9 }", 9),
        ("function () { return this === window || this === undefined }", True),
        ("let a = 1; a + 1", 2),
    ],
)
def test_values_come_out(page: Page, source: str, value: object) -> None:
    got = page.evaluate(source)
    assert got == value
    assert type(got) is type(value)


@pytest.mark.parametrize(
    "value",
    [None, True, 0, -7, 2**53 - 1, 2**60, 1.25, math.inf, "", "é\U0001f426", [], [1, [None]], {}, {"a": {"b": [1]}}],
)
def test_values_go_in_and_come_back(page: Page, value: object) -> None:
    assert page.evaluate("(value) => value", value) == value


def test_odd_values(page: Page) -> None:
    assert math.isnan(page.evaluate("NaN"))
    assert math.copysign(1, page.evaluate("-0")) == -1
    assert page.evaluate("(value) => Number.isNaN(value)", math.nan) is True
    assert page.evaluate("(value) => Object.is(value, -0)", -0.0) is True
    assert page.evaluate(
        "(value) => value instanceof Date && value.getTime()", datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)
    )
    circle: list[Any] = []
    circle.append(circle)
    got = page.evaluate("(value) => [value, value[0] === value]", circle)
    assert got[1] is True
    assert got[0][0] is got[0]
    with pytest.raises(UsageError, match="of type object cannot be passed"):
        page.evaluate("(value) => value", object())


def test_what_code_throws(page: Page) -> None:
    with pytest.raises(JavaScriptError) as caught:
        page.evaluate("(() => { throw new RangeError('too far') })()")
    assert (caught.value.name, caught.value.message) == ("RangeError", "too far")
    assert "RangeError: too far" in str(caught.value)
    with pytest.raises(JavaScriptError, match="later"):
        page.evaluate("Promise.reject(new Error('later'))")
    with pytest.raises(JavaScriptError, match="SyntaxError"):
        page.evaluate("1 +")
    with pytest.raises(JavaScriptError, match="plain"):
        page.evaluate("(() => { throw 'plain' })()")


# -- navigation and waits ------------------------------------------------------------------------------------------------------


def test_a_response(page: Page) -> None:
    headers = (("X-A", "1"), ("X-A", "2"))
    with Site({"/": Response(b'{"a": [1]}', 203, "application/json", headers)}) as site:
        response = page.goto(site.url("/"))
        assert response is not None
        assert (response.status, response.ok, response.url) == (203, True, site.url("/"))
        assert response.status_text == "Non-Authoritative Information"
        assert response.headers["x-a"] == "1, 2"
        assert (response.body(), response.text(), response.json()) == (b'{"a": [1]}', '{"a": [1]}', {"a": [1]})


def test_a_referer(page: Page) -> None:
    with Site({"/": "x"}) as site:
        page.goto(site.url("/"), referer=site.url("/from"))
        assert site.requests[0].header("referer") == site.url("/from")
        assert page.evaluate("document.referrer") == site.url("/from")


def test_the_content_can_be_set(page: Page) -> None:
    page.set_content("<title>Set</title><script>document.title += '!'</script><p>x")
    assert page.title() == "Set!"
    assert (
        page.content()
        == "<html><head><title>Set!</title><script>document.title += '!'</script></head><body><p>x</p></body></html>"
    )
    assert page.url == "about:blank"


def test_the_dumps(page: Page) -> None:
    with Site({"/": "<title>T</title><h1>Head</h1><p>Some <b>text</b> and <a href=/there>a link</a></p>"}) as site:
        page.goto(site.url("/"))
        assert page.markdown() == f"# Head\n\nSome **text** and [a link]({site.url('/there')})\n"
        assert page.text().split() == ["Head", "Some", "text", "and", "a", "link"]
        assert [(link.url, link.text) for link in page.links()] == [(site.url("/there"), "a link")]


def test_deadlines(page: Page) -> None:
    release = threading.Event()

    def slow(request: Request) -> Response:
        release.wait(60)
        return Response(b"late")

    with Site({"/": "<p>x", "/slow": slow}) as site:
        with pytest.raises(TimeoutError, match=r"timed out after 100 ms: goto http://.*/slow"):
            page.goto(site.url("/slow"), timeout=100)
        release.set()
        page.goto(site.url("/"))
        for wait in (
            lambda: page.wait_for_function("window.never", timeout=100),
            lambda: page.wait_for_selector("#never", timeout=100),
            lambda: page.wait_for_selector("p", state="detached", timeout=100),
        ):
            with pytest.raises(TimeoutError, match="timed out after 100 ms: waiting for"):
                wait()
        page.set_default_timeout(50)
        with pytest.raises(TimeoutError, match="after 50 ms"):
            page.wait_for_selector("#never")
        assert page.evaluate("1 + 1") == 2


def test_selectors_in_each_state(page: Page) -> None:
    page.set_content("<p id=a style='display: none'>x</p><p id=b>y</p>")
    page.wait_for_selector("#a", state="attached")
    page.wait_for_selector("#a", state="hidden")
    page.wait_for_selector("#b")
    page.wait_for_selector("#gone", state="detached")
    page.evaluate("void setTimeout(() => { a.style.display = 'block'; b.remove() }, 20)")
    page.wait_for_selector("#a")
    page.wait_for_selector("#b", state="detached")
    with pytest.raises(JavaScriptError, match="SyntaxError"):
        page.wait_for_selector("p[", timeout=60_000)


def test_functions_that_become_true(page: Page) -> None:
    page.evaluate("globalThis.n = 0; void setInterval(() => n++, 5)")
    assert page.wait_for_function("() => n >= 3 && 'three'") == "three"
    assert page.wait_for_function("(least) => n >= least", arg=5) is True
    with pytest.raises(JavaScriptError, match="nothing is not defined"):
        page.wait_for_function("nothing.at.all", timeout=60_000)


def test_load_states(page: Page) -> None:
    with Site({"/": "<script>fetch('/data.json')</script>", "/data.json": "{}"}) as site:
        page.goto(site.url("/"), wait_until="commit")
        for state in ("commit", "domcontentloaded", "load", "networkidle", "stable"):
            page.wait_for_load_state(state)
        assert "/data.json" in site.paths


def test_an_evaluation_ends_when_its_document_goes(page: Page) -> None:
    with Site({"/": "<p>x", "/b": "<p>b"}) as site:
        page.goto(site.url("/"))
        with pytest.raises(NavigationError, match="the document was replaced"):
            page.evaluate("location.href = '/b'; new Promise(() => {})")


# -- events, closing, options -------------------------------------------------------------------------------------------------------


def test_a_listener_can_be_removed(page: Page) -> None:
    seen: list[str] = []
    other: list[str] = []
    done = threading.Event()

    def listener(message: Any) -> None:
        seen.append(message.text)

    def last(message: Any) -> None:
        other.append(message.text)
        if message.text == "two":
            done.set()

    page.on("console", listener)
    page.on("console", last)
    page.evaluate("console.log('one')")
    page.evaluate("0")
    while "one" not in other:
        done.wait(0.005)
    page.remove_listener("console", listener)
    page.evaluate("console.log('two')")
    assert done.wait(60)
    assert (seen, other) == (["one"], ["one", "two"])


def test_closed_objects(browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    other = context.new_page()
    page.close()
    page.close()
    assert page.is_closed()
    with pytest.raises(ClosedError, match="page was closed"):
        page.evaluate("1")
    context.close()
    context.close()
    for call in (context.new_page, context.cookies, lambda: other.goto("about:blank")):
        with pytest.raises(ClosedError):
            call()
    own = Browser()
    late = own.new_page()
    own.close()
    own.close()
    with pytest.raises(ClosedError):
        late.evaluate("1")
    with pytest.raises(ClosedError):
        own.new_context()


def test_a_closed_page_fails_what_waits_for_it(context: Context) -> None:
    page = context.new_page()
    errors: list[Exception] = []

    def wait() -> None:
        try:
            page.evaluate("globalThis.begun = true; new Promise(() => {})")
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    page.wait_for_function("globalThis.begun")
    page.close()
    thread.join(60)
    assert [type(error) for error in errors] == [ClosedError]


def test_the_options_of_a_context(browser: Browser) -> None:
    with (
        Site({"/": "<p>x"}) as site,
        browser.new_context(
            user_agent="Me/1",
            extra_http_headers={"X-One": "1"},
            accept_language="nl,de;q=0.5",
            viewport=(800, 600),
            cookies=[Cookie(name="a", value="1", url=site.url("/"))],
        ) as context,
    ):
        page = context.new_page()
        page.goto(site.url("/"))
        request = site.requests[0]
        assert request.header("user-agent") == "Me/1"
        assert (request.header("x-one"), request.header("accept-language")) == ("1", "nl,de;q=0.5")
        assert request.cookies == {"a": "1"}
        assert page.evaluate("[navigator.userAgent, navigator.languages, innerWidth, innerHeight, document.cookie]") == [
            "Me/1", ["nl", "de"], 800, 600, "a=1",
        ]  # fmt: skip
        context.add_cookies([Cookie(name="b", value="2", domain="127.0.0.1", path="/", httpOnly=True)])
        assert {(cookie.name, cookie.httpOnly) for cookie in context.cookies()} == {("a", False), ("b", True)}


def test_several_threads_may_call(page: Page) -> None:
    results: list[int] = []
    threads = [threading.Thread(target=lambda n=n: results.append(page.evaluate(f"{n} * 2"))) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(results) == [n * 2 for n in range(10)]


def test_inside_a_running_loop_it_refuses(page: Page) -> None:
    async def work() -> None:
        with pytest.raises(UsageError, match=r"use sanderling\.AsyncBrowser"):
            page.title()

    asyncio.run(work())


def test_fetch() -> None:
    with Site({"/": "<title>T</title><p>word<script>document.title += early</script>"}) as site:
        result = sanderling.fetch(site.url("/"), inject_script="globalThis.early = '!'", headers=[("X-A", "1")])
        assert result.ok
        assert (result.title, result.status, result.verdict.ok) == ("T!", 200, True)
        assert sorted(result.content) == ["html", "links", "markdown", "text"]
        assert (result.markdown, result.text) == ("word\n", "word\n")
        assert site.requests[0].header("x-a") == "1"
        result = sanderling.fetch(site.url("/gone"), fail_on_http_error=True)
        assert result.error is not None
        assert (result.error.kind, result.error.code, result.status) == ("http", "404", 404)


def test_network_errors(page: Page) -> None:
    with pytest.raises(NetworkError) as caught:
        page.goto("http://nowhere.invalid/")
    assert (caught.value.code, caught.value.url) == ("net::ERR_NAME_NOT_RESOLVED", "http://nowhere.invalid/")


def test_recordings(tmp_path: Path) -> None:
    target = tmp_path / "a.har"
    with Browser() as browser:
        with Site({"/": "<title>T</title>"}) as site:
            with browser.new_context(record_har_path=str(target)) as context:
                context.new_page().goto(site.url("/"))
            (entry,) = json.loads(target.read_text("utf-8"))["log"]["entries"]
            assert entry["request"]["url"] == site.url("/")
            unclosed = tmp_path / "b.har"
            browser.new_context(record_har_path=str(unclosed)).new_page().goto(site.url("/"))
        page = browser.new_context(replay_har=str(target)).new_page()
        page.goto(site.url("/"))
        assert page.title() == "T"
        with pytest.raises(NetworkError, match="NOT_IN_RECORDING"):
            page.goto(site.url("/other"))
        with pytest.raises(UsageError, match="cannot replay"):
            browser.new_context(replay_har=str(tmp_path / "none.har"))
        with pytest.raises(UsageError, match="cannot record"):
            browser.new_context(record_har_path=str(tmp_path / "no" / "a.har"))
    assert len(json.loads(unclosed.read_text("utf-8"))["log"]["entries"]) == 1
    assert sanderling.fetch(site.url("/"), replay=str(target), dump=("text",)).error is None


def test_filters(browser: Browser) -> None:
    with Site({"/": "<script src=/ads/1.js></script><script>ran = typeof ad</script>", "/ads/1.js": "ad = 1"}) as site:
        with browser.new_context(block_urls=["/ads/"], block_hosts=["*.Ads.test"]) as context:
            page = context.new_page()
            page.goto(site.url("/"))
            assert page.evaluate("ran") == "undefined"
            with pytest.raises(NetworkError, match=r"blocked by the host 'ads\.test' of a list"):
                page.goto("http://www.ads.test/")
        assert [request.path for request in site.requests] == ["/"]
    for wrong in ({"block_urls": "x"}, {"block_urls": [""]}, {"block_hosts": ["a/b"]}):
        with pytest.raises(UsageError):
            browser.new_context(**wrong)


def test_a_confined_process_has_what_pages_need_late() -> None:
    """It cannot read files: what its template has not loaded it cannot import."""
    with Site({"/": "x"}) as site, Browser(isolation="process") as browser:
        page = browser.new_page()
        page.goto(site.url("/"))
        digest = "crypto.subtle.digest('SHA-256', new Uint8Array()).then((digest) => new Uint8Array(digest)[0])"
        assert page.evaluate(digest) == 0xE3
        assert page.evaluate("crypto.subtle.generateKey('Ed25519', false, ['sign']).then((one) => one.privateKey.type)")


def test_names_of_playwright_that_are_absent_say_where_they_are(browser: Browser) -> None:
    with browser.new_page() as page:
        with pytest.raises(AttributeError, match=r"'Page' object has no attribute 'click': .*connect_over_cdp"):
            getattr(page, "click")  # noqa: B009 - the type checker knows that it is absent
        with pytest.raises(AttributeError, match=r"no attribute 'clik'$"):
            getattr(page, "clik")  # noqa: B009
        assert not hasattr(page.context, "grant_permissions")


def test_values_that_are_none_of_an_option(browser: Browser) -> None:
    with browser.new_page() as page:
        with pytest.raises(UsageError, match="goto: Invalid enum value 'soon'"):
            page.goto("about:blank", wait_until="soon")  # type: ignore[arg-type]
        with pytest.raises(UsageError, match="wait_for_load_state: Invalid enum value 'idle'"):
            page.wait_for_load_state("idle")  # type: ignore[arg-type]
        assert page.evaluate("1") == 1


def test_a_viewport_as_playwright_writes_it(browser: Browser) -> None:
    with browser.new_context(viewport={"width": 300, "height": 400}) as context, context.new_page() as page:
        assert page.evaluate("[innerWidth, innerHeight]") == [300, 400]
    with pytest.raises(UsageError, match="viewport has no height"):
        browser.new_context(viewport={"width": 300})
