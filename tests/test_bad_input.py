"""What the world can do to a page: each case shows the error that the user sees, and that the next page is none the worse."""

from __future__ import annotations

import gzip
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sanderling import Browser, Context, FetchResult, JavaScriptError, PageCrashedError
from sanderling.api import async_api
from sanderling.app.runtime import Runtime
from sanderling.browser.browser import Limits
from sanderling.browser.options import FetchOptions
from sanderling.js.engine import Limits as EngineLimits
from sanderling.network.network import Network
from sanderling.testing.server import HttpServer, Response
from sanderling.testing.servers import Authority, RawServer, answer, hang, refusing_port, reset
from sanderling.testing.site import serve
from tests.support import Page, Site, redirect

OPTIONS = FetchOptions(dumps=("text",), timeout_ms=60_000)

GOOD = "<!doctype html><title>Good</title><script>document.title += ' page'</script><p>fine"


@contextmanager
def limited(limits: Limits) -> Iterator[Browser]:
    """Give a browser whose pages have little memory."""
    network = Network()
    network.start_thread()
    runtime = Runtime(network, limits=limits, engine_limits=EngineLimits(heap_bytes=128 << 20, buffer_bytes=64 << 20))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(async_api, "shared_runtime", lambda: runtime)
        browser = Browser()
    with browser:
        yield browser
    runtime.close_workers()
    network.stop()


@pytest.fixture(scope="module")
def short() -> Iterator[Browser]:
    """A browser whose pages have little memory, and as much time as a busy machine takes for what ends."""
    with limited(Limits()) as one:
        yield one


@pytest.fixture(scope="module")
def hasty() -> Iterator[Browser]:
    """One whose pages have little time, too: for what does not end."""
    with limited(Limits(entry_deadline_s=1.0)) as one:
        yield one


@pytest.fixture
def context(short: Browser) -> Iterator[Context]:
    with short.new_context() as one:
        yield one


@pytest.fixture
def hurried(hasty: Browser) -> Iterator[Context]:
    """A context of the browser whose pages have little time."""
    with hasty.new_context() as one:
        yield one


@pytest.fixture(scope="module")
def good() -> Iterator[Site]:
    with Site({"/": GOOD}) as site:
        yield site


@pytest.fixture(autouse=True)
def _others_go_on(request: pytest.FixtureRequest, good: Site) -> Iterator[None]:
    """A page of the browser that was open all the time, and a new one, work after each case."""
    browser: Browser = request.getfixturevalue("hasty" if "hurried" in request.fixturenames else "short")
    with browser.new_context() as other:
        page = other.new_page()
        page.goto(good.url("/"))
        yield
        assert page.evaluate("[document.title, 6 * 7]") == ["Good page", 42]
        result = other.fetch(good.url("/"), OPTIONS)
        assert (result.error, result.title, result.content["text"].strip()) == (None, "Good page", "fine")


def failure(result: FetchResult) -> tuple[str, str, str]:
    """Give kind, fault and code of a failed fetch."""
    assert result.error is not None
    assert result.content == {}
    assert not result.ok
    assert not result.verdict.ok
    return result.error.kind, result.error.fault, result.error.code


# -- addresses, connections, names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url", ["", "shop", "http://", "http://[::1", "http://a:99999/", "http://a b/", "//shop.test/"]
)
def test_a_malformed_url(context: Context, url: str) -> None:
    result = context.fetch(url, OPTIONS)
    assert failure(result) == ("usage", "caller", "usage")
    assert result.error is not None
    assert result.error.message == f"{url!r} is not a valid URL"


@pytest.mark.parametrize("url", ["gopher://shop.test/", "mailto:a@shop.test", "javascript:1"])
def test_a_scheme_that_is_not_ours(context: Context, url: str) -> None:
    assert failure(context.fetch(url, OPTIONS))[:2] == ("usage", "caller")


def test_a_refused_connection(context: Context) -> None:
    with refusing_port() as port:
        result = context.fetch(f"http://127.0.0.1:{port}/", OPTIONS)
    assert failure(result) == ("connection", "peer", "net::ERR_CONNECTION_REFUSED")


def test_a_name_that_does_not_exist(context: Context) -> None:
    result = context.fetch("http://nowhere.invalid/", OPTIONS)
    assert failure(result) == ("name", "peer", "net::ERR_NAME_NOT_RESOLVED")


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (reset(), "net::ERR_CONNECTION_RESET"),
        (reset(HEAD + b"Content-Length: 100\r\n\r\n<p>"), "net::ERR_CONNECTION_RESET"),
        (answer(), "net::ERR_EMPTY_RESPONSE"),
        (answer(HEAD + b"Content-Length: 100\r\n\r\n<p>cut"), "net::ERR_CONTENT_LENGTH_MISMATCH"),
        (answer(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n<p>cu"), "net::ERR_INCOMPLETE_CHUNKED_ENCODING"),
        (answer(b"SSH-2.0-OpenSSH_9.6\r\n"), "net::ERR_INVALID_HTTP_RESPONSE"),
        (answer(b"HTTP/1.1 200 OK\r\nA: b\x00c\r\n\r\nx"), "net::ERR_INVALID_HTTP_RESPONSE"),
    ],
)
def test_a_server_that_breaks_off_or_talks_nonsense(context: Context, script: Callable[..., None], code: str) -> None:
    with RawServer(script) as server:
        kind, fault, actual = failure(context.fetch(server.url + "/", OPTIONS))
    assert (kind, fault) == ("connection", "peer")
    assert actual == code


def test_a_server_that_says_nothing(context: Context) -> None:
    with RawServer(hang()) as server:
        result = context.fetch(server.url + "/", FetchOptions(dumps=("text",), timeout_ms=300))
    assert failure(result) == ("timeout", "caller", "timeout")
    assert result.error is not None
    assert result.error.message == "timed out after 300 ms waiting for the document"


def test_control_characters_in_headers_reach_no_log_and_no_page_raw(context: Context) -> None:
    head = (
        HEAD
        + b"X-Odd: a\x1b[31mb\x07\r\nSet-Cookie: a\x01b=1; Path=/\r\nSet-Cookie: ok=1\r\nContent-Length: 4\r\n\r\n<p>x"
    )
    with RawServer(answer(head)) as server:
        result = context.fetch(server.url + "/", OPTIONS)
    if result.error is None:
        # RFC 6265bis, 5.6: a cookie with a control character is ignored.
        assert {cookie.name for cookie in context.cookies()} == {"ok"}
        assert result.content["text"].strip() == "x"
    else:
        assert failure(result)[:2] == ("connection", "peer")


def test_a_wrong_certificate(context: Context, tmp_path: Path) -> None:
    tls = Authority(tmp_path).server_context("127.0.0.1")
    with HttpServer(lambda request: Response(b"secret"), tls=tls) as server:
        result = context.fetch(server.url + "/", OPTIONS)
    assert failure(result) == ("tls", "peer", "net::ERR_CERT_AUTHORITY_INVALID")


def test_plain_http_where_tls_is_expected(context: Context, good: Site) -> None:
    result = context.fetch(good.url("/").replace("http:", "https:"), OPTIONS)
    assert failure(result) == ("tls", "peer", "net::ERR_SSL_PROTOCOL_ERROR")


def test_redirects_without_end(context: Context) -> None:
    with Site({"/loop": redirect("/loop")}) as site:
        result = context.fetch(site.url("/loop"), OPTIONS)
        assert failure(result) == ("connection", "peer", "net::ERR_TOO_MANY_REDIRECTS")
        assert len(site.requests) == 21


@pytest.mark.parametrize("target", ["http://[", "gopher://shop.test/", "file:///etc/passwd", "data:text/html,x"])
def test_a_redirect_to_nowhere(context: Context, target: str) -> None:
    with Site({"/": redirect(target)}) as site:
        result = context.fetch(site.url("/"), OPTIONS)
    assert failure(result)[0] in ("connection", "usage")


# -- bodies ------------------------------------------------------------------------------------------------------------------


def test_a_decompression_bomb(context: Context) -> None:
    with serve() as demo:
        result = context.fetch(demo.url + "/bomb", OPTIONS)
    kind, fault, code = failure(result)
    assert (kind, fault) == ("connection", "peer")
    assert code.startswith("net::ERR_")


def test_a_body_that_is_not_compressed_as_it_says(context: Context) -> None:
    with Site({"/": Response(b"plain words", headers=(("Content-Encoding", "gzip"),))}) as site:
        result = context.fetch(site.url("/"), OPTIONS)
    assert failure(result) == ("connection", "peer", "net::ERR_CONTENT_DECODING_FAILED")


def test_a_compressed_body_that_lacks_its_end_is_shown(context: Context) -> None:
    """As browsers do: the length of the body was right, only the checksum is missing."""
    body = gzip.compress(b"words " * 1000)[:-8]
    with Site({"/": Response(body, headers=(("Content-Encoding", "gzip"),))}) as site:
        result = context.fetch(site.url("/"), OPTIONS)
    assert result.error is None
    assert result.content["text"].startswith("words words")


@pytest.mark.slow
def test_a_page_of_50_megabytes(hurried: Context) -> None:
    """It is loaded or refused, but in bounded time, and by name."""
    with Site({"/": Response(b"<title>Big</title>" + b"<p>word" * (50_000_000 // 7))}) as site:
        result = hurried.fetch(site.url("/"), FetchOptions(dumps=("text",), timeout_ms=15_000))
    if result.error is not None:
        assert failure(result)[0] in ("page", "crash", "timeout")


@pytest.mark.slow
def test_nesting_without_end(context: Context) -> None:
    with Site({"/": "<title>Deep</title>" + "<div>" * 100_000 + "bottom"}) as site:
        result = context.fetch(site.url("/"), OPTIONS)
    assert result.error is None
    assert result.title == "Deep"
    assert "bottom" in result.content["text"]


def test_nesting_by_script(context: Context) -> None:
    script = "let at = document.body; for (let i = 0; i < 20000; i++) at = at.appendChild(document.createElement('div')); at.append('bottom')"
    with Site({"/": f"<body><script>{script}</script>"}) as site:
        result = context.fetch(site.url("/"), OPTIONS)
    assert (result.error, result.verdict.script_errors) == (None, ())
    assert "bottom" in result.content["text"]


def test_bytes_that_are_no_text(context: Context) -> None:
    with Site({"/": Response(bytes(range(256)) * 50)}) as site:
        assert context.fetch(site.url("/"), OPTIONS).error is None


# -- scripts -------------------------------------------------------------------------------------------------------------------


def crash(context: Context, script: str) -> tuple[tuple[str, str, str], str]:
    with Site({"/": f"<p>x<script>{script}</script>"}) as site:
        result = context.fetch(site.url("/"), OPTIONS)
    assert result.error is not None
    return failure(result), result.error.message


@pytest.mark.parametrize(
    "script",
    [
        "for (;;);",
        "for (;;) try { for (;;); } catch {}",
        "(function again() { Promise.resolve().then(again) })()",
        "/(a+)+$/.exec('a'.repeat(40) + 'b')",
        "addEventListener('load', () => { for (;;); })",
        "new MutationObserver(() => document.body.append('x')).observe(document.body, { childList: true }); document.body.append('x')",
    ],
)
def test_a_script_that_spins(hurried: Context, script: str) -> None:
    assert crash(hurried, script) == (
        ("crash", "page", "crash"),
        "the page's code ran for more than 1 s without a pause",
    )


@pytest.mark.parametrize(
    "script",
    [
        "const all = []; for (;;) all.push({})",
        "let text = 'x'; const all = []; for (;;) all.push(text += 'x' + all.length)",
        "const all = new Map(); for (let i = 0;; i++) all.set(i, [i])",
        "for (;;) document.body.append(document.createElement('p'))",
        "for (;;) document.body.append(document.createElement('iframe'))",
        "for (;;) document.write('<p>x')",
    ],
)
def test_a_script_that_allocates_without_end(hurried: Context, script: str) -> None:
    facts, message = crash(hurried, script)
    assert facts == ("crash", "page", "crash")
    # Whichever limit a loaded machine comes to first.
    assert message in (
        "the page used more memory than its limit",
        "the page's code ran for more than 1 s without a pause",
    )


def test_timers_without_end_hold_nothing_up(context: Context) -> None:
    script = "(function again() { setTimeout(again) })(); (function later() { requestAnimationFrame(later) })()"
    with Site({"/": f"<p>x<script>{script}</script>"}) as site:
        result = context.fetch(site.url("/"), OPTIONS)
    assert (result.error, result.content["text"].strip()) == (None, "x")


def test_buffers_without_end_are_an_exception(context: Context) -> None:
    with Site({"/": "<p>x<script>const all = []; for (;;) all.push(new ArrayBuffer(1 << 24))</script>"}) as site:
        result = context.fetch(site.url("/"), OPTIONS)
    assert result.error is None
    assert [(error.name, error.kind) for error in result.verdict.script_errors] == [("RangeError", "error")]


def test_recursion_without_end_is_an_exception(context: Context) -> None:
    pages: dict[str, Page] = {
        "/": "<p>x<script>(function deeper() { deeper() })()</script>"
        "<script>const a = {}; a.toString = () => `${a}`; a + ''</script>"
        "<script>addEventListener('x', () => dispatchEvent(new Event('x'))); dispatchEvent(new Event('x'))</script>"
    }
    with Site(pages) as site:
        result = context.fetch(site.url("/"), OPTIONS)
    assert result.error is None
    assert result.content["text"].strip() == "x"
    errors = result.verdict.script_errors
    assert len(errors) >= 3
    assert {(error.name, error.message) for error in errors} == {("RangeError", "Maximum call stack size exceeded")}


def test_an_unhandled_rejection_stands_in_the_verdict(context: Context) -> None:
    with Site({"/": "<p>x<script>Promise.reject(new TypeError('no tide'))</script>"}) as site:
        result = context.fetch(site.url("/"), OPTIONS)
    assert result.error is None
    assert not result.verdict.ok
    [error] = result.verdict.script_errors
    assert (error.kind, error.name, error.message) == ("rejection", "TypeError", "no tide")
    assert site.url("/") in error.stack


def test_a_missing_global_is_named(context: Context) -> None:
    with Site({"/": "<p>x<script>teleport()</script><script>new Levitator()</script>"}) as site:
        result = context.fetch(site.url("/"), OPTIONS)
    assert result.verdict.missing_globals == ("teleport", "Levitator")


def test_broken_resources_stand_in_the_verdict(context: Context) -> None:
    markup = "<link rel=stylesheet href=/gone.css><script src=/gone.js></script><script>fetch('/gone.json').catch(() => 0)</script><p>x"
    with Site({"/": markup}) as site:
        result = context.fetch(site.url("/"), FetchOptions(dumps=("text",), wait_until="networkidle"))
        assert result.error is None
        assert {url.removeprefix(site.origin) for url in result.verdict.failed} == {
            "/gone.css",
            "/gone.js",
            "/gone.json",
        }


def test_an_evaluation_that_spins_crashes_its_page_only(hurried: Context) -> None:
    page = hurried.new_page()
    crashes: list[str] = []
    page.on("crash", crashes.append)
    with pytest.raises(PageCrashedError, match="ran for more than 1 s"):
        page.evaluate("for (;;);")
    with pytest.raises(PageCrashedError, match="ran for more than 1 s"):
        page.evaluate("1")
    assert crashes == ["the page's code ran for more than 1 s without a pause"]
    page.goto("about:blank")
    assert page.evaluate("1 + 1") == 2


def test_closing_a_page_that_spins(context: Context) -> None:
    """The close does not wait for the deadline, and whoever waited hears why."""
    page = context.new_page()
    started = threading.Event()
    page.on("request", lambda request: started.set())
    outcome: list[BaseException] = []

    def spin() -> None:
        try:
            page.evaluate("fetch('http://127.0.0.1:9/').catch(() => 0); for (;;);")
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=spin)
    thread.start()
    assert started.wait(60)
    page.close()
    thread.join(60)
    assert [type(error).__name__ for error in outcome] == ["ClosedError"]


def test_values_that_cannot_be_given(context: Context) -> None:
    page = context.new_page()
    with pytest.raises(JavaScriptError, match="thrown by a getter"):
        page.evaluate("({ get x() { throw new Error('thrown by a getter') } })")
    assert page.evaluate("window.self === window ? 'still here' : ''") == "still here"


# -- the snapshot's cache ------------------------------------------------------------------------------------------------------


def test_a_snapshot_file_cut_in_half(
    blob: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from sanderling.js.snapshot import cache_file, load_snapshot

    monkeypatch.setenv("SANDERLING_CACHE_DIR", str(tmp_path))
    path = cache_file()
    path.write_bytes((b"\0" * 32 + blob)[: len(blob) // 2])
    with caplog.at_level(logging.WARNING):
        assert len(load_snapshot()) > len(blob) // 2
    assert "is damaged; it is built anew" in caplog.text
