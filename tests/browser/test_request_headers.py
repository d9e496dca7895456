"""The headers of a page's requests, in the order and form in which Chromium 156 sent them over HTTP/2 for the same page.

Left out of its lists: client hints, which would name a browser that this is not, and `Sec-Fetch-Storage-Access`, for there is no Storage Access API.
"""

from __future__ import annotations

import pytest

from sanderling.browser.options import ContextOptions
from sanderling.testing.transport import Answer, Received
from tests.browser.world import World, run

PAGE = """<!doctype html><link rel="stylesheet" href="/style.css">
<script src="/sync.js"></script><script async src="/async.js"></script><script defer src="/defer.js"></script>
<script type="module" src="/module.mjs"></script><script src="https://b.test/cross.js"></script><script crossorigin src="https://b.test/cors.js"></script>
<img src="/image.png" fetchpriority="high"><iframe src="/frame.html"></iframe>
<a id="link" href="/linked.html" ping="/ping">x</a>"""

ACTS = """(async () => {
  await fetch('/get');
  await fetch('/headers', { headers: { 'X-A': '1', Accept: 'text/x', 'accept-language': 'de' } });
  await fetch('/post', { method: 'POST', body: 'abc', headers: { 'X-B': '2', 'Content-Type': 'application/json' } });
  await fetch('/low', { priority: 'low' });
  await fetch('/reload', { cache: 'reload' });
  await fetch('/range', { headers: { Range: 'bytes=0-3' } });
  await fetch('https://b.test/cors', { method: 'PUT', headers: { 'X-C': '1' } });
  await new Promise((done) => {
    const xhr = new XMLHttpRequest();
    xhr.open('POST', '/xhr');
    xhr.setRequestHeader('X-Requested-With', 'XMLHttpRequest');
    xhr.onloadend = done;
    xhr.send('abc');
  });
  document.cookie = 'a=b; path=/cookie';
  await fetch('/cookie');
  navigator.sendBeacon('/beacon', 'abc');
  await new Promise((done) => { const source = new EventSource('/events'); source.onerror = () => { source.close(); done(); }; });
  await new FontFace('y', 'url(/font.woff2)').load().catch(() => {});
})()"""

SAME = "Sec-Fetch-Site: same-origin"
CROSS = "Sec-Fetch-Site: cross-site"
AGENT = "User-Agent"
REFERRER = "Referer: https://a.test/"
ORIGIN = "Origin: https://a.test"
LANGUAGES = ("Accept-Encoding: gzip, deflate, br, zstd", "Accept-Language: en-US,en;q=0.9")
DOCUMENT = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ANYTHING = "Accept: */*"


def metadata(site: str, mode: str, destination: str) -> tuple[str, ...]:
    return site, f"Sec-Fetch-Mode: {mode}", f"Sec-Fetch-Dest: {destination}", REFERRER


URGENT = "Priority: u=1, i"
FETCH = (*metadata(SAME, "cors", "empty"), *LANGUAGES, URGENT)

EXPECTED: dict[str, tuple[str, ...]] = {
    "GET /": (
        *("Upgrade-Insecure-Requests: 1", AGENT, DOCUMENT, "Sec-Fetch-Site: none", "Sec-Fetch-Mode: navigate", "Sec-Fetch-User: ?1"),
        *("Sec-Fetch-Dest: document", *LANGUAGES, "Priority: u=0, i"),
    ),
    "GET /style.css": (AGENT, "Accept: text/css,*/*;q=0.1", *metadata(SAME, "no-cors", "style"), *LANGUAGES, "Priority: u=0"),
    "GET /sync.js": (AGENT, ANYTHING, *metadata(SAME, "no-cors", "script"), *LANGUAGES, "Priority: u=1"),
    "GET /async.js": (AGENT, ANYTHING, *metadata(SAME, "no-cors", "script"), *LANGUAGES),
    "GET /defer.js": (AGENT, ANYTHING, *metadata(SAME, "no-cors", "script"), *LANGUAGES),
    "GET /module.mjs": (ORIGIN, AGENT, ANYTHING, *metadata(SAME, "cors", "script"), *LANGUAGES, "Priority: u=1"),
    "GET /cross.js": (AGENT, ANYTHING, *metadata(CROSS, "no-cors", "script"), *LANGUAGES, "Priority: u=1"),
    "GET /cors.js": (ORIGIN, AGENT, ANYTHING, *metadata(CROSS, "cors", "script"), *LANGUAGES, "Priority: u=1"),
    "GET /image.png": (
        *(AGENT, "Accept: image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5"),
        *(*metadata(SAME, "no-cors", "image"), *LANGUAGES, URGENT),
    ),
    "GET /frame.html": (
        *("Upgrade-Insecure-Requests: 1", AGENT, DOCUMENT, *metadata(SAME, "navigate", "iframe"), *LANGUAGES, "Priority: u=0, i"),
    ),
    "GET /get": (AGENT, ANYTHING, *FETCH),
    "GET /headers": (
        *(AGENT, "X-A: 1", "Accept: text/x", *metadata(SAME, "cors", "empty"), LANGUAGES[0], "accept-language: de", URGENT),
    ),
    "POST /post": (AGENT, "Content-Type: application/json", "X-B: 2", ANYTHING, ORIGIN, *FETCH),
    "GET /low": (AGENT, ANYTHING, *FETCH[:-1], "Priority: i"),
    "GET /reload": ("Pragma: no-cache", "Cache-Control: no-cache", AGENT, ANYTHING, *FETCH),
    "GET /range": (
        *(AGENT, ANYTHING, *metadata(SAME, "cors", "empty"), "Accept-Encoding: identity", LANGUAGES[1], URGENT, "Range: bytes=0-3"),
    ),
    "OPTIONS /cors": (
        *(ANYTHING, "Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: x-c", ORIGIN, AGENT),
        *("Sec-Fetch-Mode: cors", CROSS, "Sec-Fetch-Dest: empty", REFERRER, *LANGUAGES, URGENT),
    ),
    "PUT /cors": (AGENT, "X-C: 1", ANYTHING, ORIGIN, *metadata(CROSS, "cors", "empty"), *LANGUAGES, URGENT),
    "POST /xhr": (
        *(AGENT, "Content-Type: text/plain;charset=UTF-8", "X-Requested-With: XMLHttpRequest", ANYTHING, ORIGIN, *FETCH),
    ),
    "GET /cookie": (AGENT, ANYTHING, *FETCH, "Cookie: a=b"),
    "POST /beacon": (
        *(AGENT, "Content-Type: text/plain;charset=UTF-8", ANYTHING, ORIGIN, *metadata(SAME, "no-cors", "empty"), *LANGUAGES),
        "Priority: u=4, i",
    ),
    "GET /events": ("Pragma: no-cache", "Cache-Control: no-cache", AGENT, "Accept: text/event-stream", *FETCH),
    "GET /font.woff2": (ORIGIN, AGENT, ANYTHING, *metadata(SAME, "cors", "font"), *LANGUAGES, "Priority: u=0"),
    "POST /ping": (
        *("Cache-Control: max-age=0", AGENT, "Content-Type: text/ping", "Ping-From: https://a.test/", "Ping-To: https://a.test/linked.html"),
        *(ANYTHING, ORIGIN, SAME, "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: empty", *LANGUAGES, "Priority: u=4, i"),
    ),
    "GET /linked.html": (
        *("Upgrade-Insecure-Requests: 1", AGENT, DOCUMENT, *metadata(SAME, "navigate", "document"), *LANGUAGES, "Priority: u=0, i"),
    ),
    "GET /linked.html again": (
        *("Cache-Control: max-age=0", "Upgrade-Insecure-Requests: 1", AGENT, DOCUMENT, *metadata(SAME, "navigate", "document")[:-1]),
        *("Referer: https://a.test/linked.html", *LANGUAGES, "Priority: u=0, i"),
    ),
    "POST /posted.html": (
        *("Cache-Control: max-age=0", "Upgrade-Insecure-Requests: 1", "Content-Type: application/x-www-form-urlencoded", AGENT, ORIGIN, DOCUMENT),
        *(*metadata(SAME, "navigate", "document")[:-1], "Referer: https://a.test/linked.html", *LANGUAGES, "Priority: u=0, i"),
    ),
}  # fmt: skip

TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "mjs": "text/javascript"}
ALLOW = (
    *(("Access-Control-Allow-Origin", "https://a.test"), ("Access-Control-Allow-Methods", "PUT")),
    ("Access-Control-Allow-Headers", "x-c"),
)
FORM = b'<form method="post" action="/posted.html"><input name="a" value="b"></form>'


def answer(request: Received) -> Answer:
    path = "/" + request.url.split("/", 3)[3]
    kind = TYPES.get(path.rpartition(".")[2], "text/html" if path == "/" else "text/plain")
    return Answer(headers=(("Content-Type", kind), *ALLOW), body=PAGE.encode() if path == "/" else b"")


@pytest.fixture(scope="module")
def sent(blob: bytes) -> dict[str, list[str]]:
    """What was sent, by method and path; the user agent without its value."""
    found: dict[str, list[str]] = {}

    async def test(world: World) -> None:
        world.transport.handle.respond_to_rest(answer)
        html = (("Content-Type", "text/html"),)
        world.transport.answer(
            "https://a.test/linked.html", *(Answer(headers=html, body=body) for body in (b"<p>", FORM))
        )
        world.context = world.browser.new_context(ContextOptions(images=True))
        page = await world.open("https://a.test/")
        await world.value(page, ACTS)
        await world.value(page, "document.getElementById('link').click()")
        await world.until(page, "document.querySelector('p') !== null && (location.reload(), true)")
        await world.until(page, "document.forms.length > 0 && (document.forms[0].submit(), true)")
        await world.until(page, "location.pathname === '/posted.html'")
        for request in world.transport.received:
            key = f"{request.method} /{request.url.split('/', 3)[3]}"
            key += " again" if key in found else ""
            found[key] = [AGENT if name == AGENT else f"{name}: {value}" for name, value in request.headers.items()]

    run(blob, {}, test)
    return found


@pytest.mark.parametrize("request_line", EXPECTED)
def test_headers_are_those_of_a_browser(sent: dict[str, list[str]], request_line: str) -> None:
    assert sent[request_line] == list(EXPECTED[request_line])


def test_nothing_else_was_asked_for(sent: dict[str, list[str]]) -> None:
    assert sent.keys() == EXPECTED.keys()
