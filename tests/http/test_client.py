from __future__ import annotations

import asyncio
import base64
import hashlib
from typing import Any

import pytest

from sanderling.base.errors import ClosedError, NetworkError, UsageError
from sanderling.http.client import ClientOptions, HttpClient
from sanderling.http.local import Blob
from sanderling.http.request import Request
from sanderling.http.stages import Exchange, Proceed
from sanderling.http.stored import StoredTransfer
from sanderling.http.transfer import Transfer
from sanderling.testing.transport import Answer, FakeTransport
from tests.http.support import World, go, html, redirect, resource, run, script

A = "https://a.test/"


def test_navigation_headers_in_order() -> None:
    world = World()
    world.on(A, html())
    world.fetch(go(A))
    request = world.transport.received[0]
    assert [name for name, _ in request.headers] == [
        "Upgrade-Insecure-Requests",
        "User-Agent",
        "Accept",
        "Sec-Fetch-Site",
        "Sec-Fetch-Mode",
        "Sec-Fetch-User",
        "Sec-Fetch-Dest",
        "Accept-Encoding",
        "Accept-Language",
        "Priority",
    ]
    sent = world.sent()
    assert sent["sec-fetch-site"] == "none"
    assert sent["sec-fetch-dest"] == "document"
    assert sent["user-agent"] == "Test/1"
    assert request.options.priority == 0
    assert request.options.stream is False


def test_resource_headers() -> None:
    world = World()
    world.on("https://sub.a.test/s.css", html(b"", ("Content-Type", "text/css")))
    world.fetch(resource("https://sub.a.test/s.css", "style", referrer="https://a.test/page#x"))
    sent = world.sent()
    assert sent["sec-fetch-site"] == "same-site"
    assert sent["sec-fetch-mode"] == "no-cors"
    assert sent["accept"] == "text/css,*/*;q=0.1"
    assert sent["referer"] == "https://a.test/"
    assert "origin" not in sent
    assert "sec-fetch-user" not in sent


def test_no_fetch_metadata_to_insecure_hosts() -> None:
    world = World()
    world.on("http://a.test/", html())
    world.fetch(go("http://a.test/"))
    assert not [name for name in world.sent() if name.startswith("sec-")]


def test_post_navigation_has_origin_and_length() -> None:
    world = World()
    world.on(A, html())
    world.fetch(go(A, method="POST", initiator_origin="https://b.test", referrer="https://b.test/form"))
    assert world.sent()["origin"] == "https://b.test"
    assert world.transport.received[0].body == b""
    world.fetch(go(A, method="POST"))
    assert world.sent()["origin"] == "null"


def test_extra_headers_replace() -> None:
    world = World(ClientOptions(user_agent="x", extra_headers=(("user-agent", "Mine/1"), ("X-Extra", "1"))))
    world.on(A, html())
    world.fetch(script(A, headers=[("X-Extra", "page")]))
    assert world.sent()["user-agent"] == "Mine/1"
    assert world.sent()["x-extra"] == "1"


def test_reload_revalidates() -> None:
    world = World()
    world.on(A, html())
    world.fetch(go(A, reload=True))
    assert world.sent()["cache-control"] == "max-age=0"
    world.fetch(script(A, cache="no-store"))
    assert world.sent()["pragma"] == "no-cache"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://", "net::ERR_INVALID_URL"),
        ("nonsense", "net::ERR_INVALID_URL"),
        ("http://a.test:6667/", "net::ERR_UNSAFE_PORT"),
        ("https://a.test:22/", "net::ERR_UNSAFE_PORT"),
        ("gopher://a.test/", "net::ERR_UNKNOWN_URL_SCHEME"),
        ("javascript:1", "net::ERR_UNKNOWN_URL_SCHEME"),
        ("file:///etc/passwd", "net::ERR_ACCESS_DENIED"),
        ("about:config", "net::ERR_INVALID_URL"),
        ("data:no-comma", "net::ERR_INVALID_URL"),
        ("blob:https://a.test/1", "net::ERR_FILE_NOT_FOUND"),
        ("https://unknown.test/", "net::ERR_NAME_NOT_RESOLVED"),
    ],
)
def test_urls_that_cannot_be_fetched(url: str, code: str) -> None:
    world = World()
    assert world.error(go(url)).code == code


def test_file_is_refused_to_scripts() -> None:
    assert World().error(script("file:///etc/passwd")).code == "net::ERR_ACCESS_DENIED"
    assert World().error(script("about:blank")).code == "net::ERR_FAILED"


def test_data_url() -> None:
    world = World()
    response = world.fetch(script("data:text/plain;charset=utf-8;base64,aGVsbG8=#frag"))
    assert response.headers.get("content-type") == "text/plain;charset=utf-8"
    assert response.type == "basic"
    assert response.status == 200
    assert world.body(script("data:,a%20b")) == b"a b"
    assert world.urls == []


def test_about_blank() -> None:
    response = World().fetch(go("about:blank"))
    assert (response.status, response.url) == (200, "about:blank")


def test_blob_url_and_ranges() -> None:
    blobs = {"blob:https://a.test/1": Blob(b"0123456789", "text/x")}

    async def resolve(url: str) -> Blob | None:
        return blobs.get(url)

    world = World(resolve_blob=resolve)
    response = world.fetch(script("blob:https://a.test/1#f"))
    assert response.headers.get("content-type") == "text/x"
    assert world.body(script("blob:https://a.test/1")) == b"0123456789"

    def part(value: str) -> bytes:
        return world.body(script("blob:https://a.test/1", headers=[("Range", value)]))

    assert part("bytes=2-3") == b"23"
    assert part("bytes=8-") == b"89"
    assert part(f"bytes={'0' * 5000}8-{'9' * 5000}") == b"89"
    assert part(f"bytes=-{'9' * 5000}") == b"0123456789"
    assert part("bytes=-3") == b"789"
    assert part("bytes=5-99") == b"56789"
    wrong = script("blob:https://a.test/1", headers=[("Range", "bytes=10-")])
    assert world.error(wrong).code == "net::ERR_REQUEST_RANGE_NOT_SATISFIABLE"
    other = script("blob:https://a.test/1", client="https://b.test/")
    assert world.error(other).code == "net::ERR_FAILED"


def test_mixed_content() -> None:
    world = World()
    world.on("https://b.test/i.png", html(b"", ("Content-Type", "image/png")))
    world.on("http://localhost/s.js", html(b"1", ("Content-Type", "text/javascript")))
    assert world.error(resource("http://b.test/s.js")).code == "net::ERR_BLOCKED_BY_CLIENT"
    assert world.fetch(resource("http://b.test/i.png", "image")).url == "https://b.test/i.png"
    assert world.fetch(resource("http://localhost/s.js")).status == 200
    world.on("https://b.test/r", redirect("http://b.test/s.js"))
    assert world.error(resource("https://b.test/r")).code == "net::ERR_BLOCKED_BY_CLIENT"
    assert "http://b.test/s.js" not in world.urls


def test_mixed_content_switched_off() -> None:
    world = World(ClientOptions(mixed_content=False))
    world.on("http://b.test/i.png", html(b"", ("Content-Type", "image/png")))
    assert world.fetch(resource("http://b.test/i.png", "image")).url == "http://b.test/i.png"


def test_integrity() -> None:
    world = World()
    good = "sha256-" + base64.b64encode(hashlib.sha256(b"1+1").digest()).decode()
    world.on("https://a.test/s.js", html(b"1+1", ("Content-Type", "text/javascript")))
    world.on("https://b.test/s.js", html(b"1+1", ("Access-Control-Allow-Origin", "*")))
    assert world.body(resource("https://a.test/s.js", integrity=good)) == b"1+1"
    bad = resource("https://a.test/s.js", integrity="sha256-AAAA")
    assert "integrity" in world.error(bad).message
    assert "without CORS" in world.error(resource("https://b.test/s.js", integrity=good)).message
    with_cors = resource("https://b.test/s.js", integrity=good, mode="cors", credentials="same-origin")
    assert world.body(with_cors) == b"1+1"


def test_nosniff_and_types() -> None:
    world = World()
    nosniff = ("X-Content-Type-Options", "nosniff")
    world.on("https://a.test/1", Answer(headers=(("Content-Type", "text/plain"), nosniff), body=b"x"))
    world.on("https://a.test/2", Answer(headers=(("Content-Type", "image/png"),), body=b"x"))
    world.on("https://a.test/3", Answer(headers=(("Content-Type", "text/plain"),), body=b"x"))
    assert world.error(resource("https://a.test/1")).code == "net::ERR_BLOCKED_BY_RESPONSE"
    assert world.error(resource("https://a.test/1", "style")).code == "net::ERR_BLOCKED_BY_RESPONSE"
    assert world.fetch(resource("https://a.test/1", "image")).status == 200
    assert world.error(resource("https://a.test/2")).code == "net::ERR_BLOCKED_BY_RESPONSE"
    assert world.body(resource("https://a.test/3")) == b"x"
    assert world.transport.running == 0


def test_basic_credentials_of_the_url() -> None:
    world = World()
    value = "Basic " + base64.b64encode("üser:p:w".encode()).decode()
    challenge = Answer(status=401, headers=(("WWW-Authenticate", 'Basic realm="x"'),), body=b"no")

    def respond_to(url: str) -> None:
        world.transport.respond(
            url, lambda request: html(b"in") if request.headers.get("authorization") == value else challenge
        )

    respond_to("https://a.test/dir/1")
    respond_to("https://a.test/dir/sub/2")
    respond_to("https://a.test/other")
    respond_to("https://a.test:8443/other")
    assert world.body(go("https://üser:p%3Aw@a.test/dir/1")) == b"in"
    assert [request.headers.get("authorization") for request in world.transport.received] == [None, value]
    assert world.urls[0] == "https://a.test/dir/1"
    assert world.body(go("https://a.test/dir/sub/2")) == b"in"  # the same protection space: at once
    assert len(world.urls) == 3
    assert world.fetch(go("https://a.test/other")).status == 200  # the same realm: when it is asked for
    assert len(world.urls) == 5
    assert world.fetch(go("https://u:wrong@a.test:8443/other")).status == 401


def test_other_challenges_are_answers() -> None:
    world = World()
    world.on(A, Answer(status=401, headers=(("WWW-Authenticate", "Bearer"),)))
    assert world.fetch(go("https://u:p@a.test/")).status == 401
    assert len(world.urls) == 1


def test_options_of_a_transfer() -> None:
    world = World(ClientOptions(proxy="http://u:p%20w@proxy.test:8080", insecure=True, ca_file="/ca.pem"))
    world.on(A, html())
    world.fetch(go(A))
    world.fetch(script(A, credentials="omit"))
    first, second = (request.options for request in world.transport.received)
    assert first.proxy == "http://proxy.test:8080"
    assert first.proxy_auth == "u:p w"
    assert (first.verify_tls, first.ca_file) == (False, "/ca.pem")
    assert first.isolation_key != second.isolation_key
    assert second.stream is True
    other = World()
    other.on(A, html())
    other.fetch(go(A))
    third = other.transport.received[0].options
    assert third.isolation_key == first.isolation_key, "connections are shared by contexts"
    assert third.credentials_key != first.credentials_key == second.credentials_key
    apart = World(ClientOptions(isolate_connections=True))
    apart.on(A, html())
    apart.fetch(go(A))
    assert apart.transport.received[0].options.isolation_key != first.isolation_key


@pytest.mark.parametrize(
    "options",
    [
        ClientOptions(proxy="ftp://x"),
        ClientOptions(proxy="http://"),
        ClientOptions(extra_headers=(("a b", "c"),)),
        ClientOptions(extra_headers=(("a", "c\r\nd: e"),)),
    ],
)
def test_malformed_options(options: ClientOptions) -> None:
    with pytest.raises(UsageError):
        HttpClient(FakeTransport(), options=options)


@pytest.mark.parametrize(
    "bad",
    [
        {"method": "TRACE"},
        {"method": "a b"},
        {"headers": [("x", "a\nb")]},
        {"mode": "what"},
        {"credentials": "what"},
        {"redirect": "what"},
        {"method": "GET", "body": b"x"},
    ],
)
def test_malformed_requests(bad: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        script(A, **bad)


def test_methods_are_normalised() -> None:
    assert script(A, method="post").method == "POST"
    assert script(A, method="patch").method == "patch"


def test_close_cancels_and_refuses() -> None:
    async def work() -> None:
        transport = FakeTransport()
        transport.answer(A, Answer(body=b"x" * 500_000))
        client = HttpClient(transport)
        response = await client.fetch(script(A))
        ends: list[BaseException | None] = []
        response.when_done(ends.append)
        await client.close()
        await client.close()
        assert isinstance(ends[0], NetworkError)
        assert transport.handle.canceled == [1]
        with pytest.raises(NetworkError, match="ERR_ABORTED"):
            await response.read()
        with pytest.raises(ClosedError):
            await client.fetch(go(A))

    run(work())


def test_close_while_a_head_is_awaited() -> None:
    async def work() -> None:
        transport = FakeTransport()
        transport.answer(A, Answer(hold_after_head=True))
        client = HttpClient(transport)
        task = asyncio.create_task(client.fetch(script(A)))
        await asyncio.sleep(0)
        assert transport.running == 1
        await client.close()
        with pytest.raises(ClosedError):
            await task
        assert transport.handle.canceled == [1]

    run(work())


def test_cancelling_a_fetch_cancels_the_transfer() -> None:
    async def work() -> None:
        transport = FakeTransport()
        transport.answer(A, Answer(hold=True))
        transport.answer("https://a.test/2", Answer(hold_after_head=True))
        client = HttpClient(transport)
        for url in (A, "https://a.test/2"):

            async def whole(url: str = url) -> bytes:
                return await (await client.fetch(go(url))).read()

            task = asyncio.create_task(whole())
            for _ in range(5):
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        await asyncio.sleep(0)
        assert transport.handle.canceled == [1, 2]
        assert transport.running == 0

    run(work())


def test_stages_see_every_exchange_and_may_answer() -> None:
    class Watch:
        name = "watch"

        def __init__(self) -> None:
            self.seen: list[tuple[str, str, int, bool]] = []

        async def run(self, exchange: Exchange, proceed: Proceed) -> Transfer:
            self.seen.append((exchange.outgoing.method, exchange.url.href, exchange.hop, exchange.preflight))
            if exchange.url.path == "/own":
                return StoredTransfer(200, (("Set-Cookie", "from=stage"),), b"own")
            return await proceed(exchange)

    class Refuse:
        name = "refuse"

        async def run(self, exchange: Exchange, proceed: Proceed) -> Transfer:
            if exchange.url.path == "/no":
                raise NetworkError("net::ERR_BLOCKED_BY_CLIENT", "refused")
            return await proceed(exchange)

    watch = Watch()
    world = World(stages=(watch, Refuse()))
    world.on(A, redirect("/own"))
    assert world.body(go(A)) == b"own"
    assert world.error(go("https://a.test/no")).code == "net::ERR_BLOCKED_BY_CLIENT"
    assert watch.seen == [
        ("GET", A, 0, False),
        ("GET", "https://a.test/own", 1, False),
        ("GET", "https://a.test/no", 0, False),
    ]
    assert world.urls == [A]
    assert world.jar.document_cookie(A) == "from=stage"


def test_only_if_cached_fails_without_a_cache() -> None:
    world = World()
    request = script(A, cache="only-if-cached", mode="same-origin")
    assert world.error(request).code == "net::ERR_CACHE_MISS"


def test_request_of_nobody() -> None:
    world = World()
    world.on(A, html(b"x"))
    assert world.body(Request(url=A)) == b"x"


def test_elements_name_no_users() -> None:
    """As in Chromium; nothing is sent."""
    world = World()
    world.on("https://b.test/redirect", redirect("https://u:p@b.test/there"))
    for url in ("https://b.test/there", "https://a.test/own"):
        world.on(url, Answer(body=b"x"))
    for destination in ("image", "script", "style", "iframe"):
        error = world.error(resource("https://u:p@b.test/there", destination))
        assert (error.code, "credentials" in str(error)) == ("net::ERR_BLOCKED_BY_CLIENT", True)
    assert world.urls == []
    # Redirects may lead there, XMLHttpRequest may be told who asks, and relative URLs have what the document's address has.
    assert world.body(resource("https://b.test/redirect", "image")) == b"x"
    assert world.body(resource("https://u:p@a.test/own", "")) == b"x"
    assert world.body(resource("https://u:p@a.test/own", "image", client="https://u:p@a.test/page")) == b"x"
    for url in ("https://u:q@a.test/own", "https://u:p@b.test/there"):
        error = world.error(resource(url, "image", client="https://u:p@a.test/page"))
        assert error.code == "net::ERR_BLOCKED_BY_CLIENT"
    assert world.body(go("https://u:p@b.test/there")) == b"x"
