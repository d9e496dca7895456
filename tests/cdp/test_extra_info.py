"""The `ExtraInfo` events: what crossed the wire, and what became of cookies."""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sanderling.cdp.extra_info import request_headers
from sanderling.proto.url import parse
from sanderling.testing.server import Request, Response
from tests.cdp.driver import Driver
from tests.support import Page as SitePage
from tests.support import Site, redirect

SENT, CAME = "Network.requestWillBeSentExtraInfo", "Network.responseReceivedExtraInfo"


def lower(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def asked(site: Site, path: str) -> dict[str, str]:
    """Give the headers that the server saw."""
    [request] = [request for request in site.requests if request.path == path]
    return {name.lower(): value for name, value in request.headers}


def test_they_tell_what_the_server_saw_and_said(driver: Driver) -> None:
    headers = (("Set-Cookie", "a=1"), ("X-Two", "one"), ("Set-Cookie", "b=2; Path=/"), ("X-Two", "two"))
    with Site({"/": Response(b"<p>x", headers=headers)}) as site:
        page = driver.new_page("Page", "Network")
        since = page.mark()
        page.goto(site.url("/"))
        [sent], [came] = page.events(SENT), page.events(CAME)
        assert lower(sent["headers"]) == asked(site, "/")
        assert sent["headers"]["Host"] == site.origin.removeprefix("http://")
        assert sent["headers"]["Connection"] == "keep-alive"
        assert (came["statusCode"], came["resourceIPAddressSpace"]) == (200, "Loopback")
        assert (came["headers"]["Set-Cookie"], came["headers"]["X-Two"]) == ("a=1\nb=2; Path=/", "one\ntwo")
        assert came["headersText"].startswith("HTTP/1.1 200 OK\r\n")
        assert came["headersText"].index("Set-Cookie: a=1\r\nX-Two: one\r\nSet-Cookie: b=2") > 0
        assert came["headersText"].endswith("\r\n\r\n")
        assert came["cookiePartitionKey"] == {"topLevelSite": "http://127.0.0.1", "hasCrossSiteAncestor": False}
        order = ["Network.requestWillBeSent", SENT, CAME, "Network.responseReceived"]
        names = [name for name in page.methods(since) if name in order]
        assert names == order
        [received] = page.events("Network.responseReceived")
        assert received["hasExtraInfo"] is True
        assert {sent["requestId"], came["requestId"]} == {received["requestId"]}


def test_each_hop_has_its_own(driver: Driver) -> None:
    with Site({"/": redirect("/b"), "/b": "<p>b"}) as site:
        page = driver.new_page("Page", "Network")
        since = page.mark()
        page.goto(site.url("/"))
        assert [event["statusCode"] for event in page.events(CAME)] == [302, 200]
        names = [name.removeprefix("Network.") for name in page.methods(since) if name.startswith("Network.r")]
        hop = ["requestWillBeSent", "requestWillBeSentExtraInfo", "responseReceivedExtraInfo"]
        assert names == [*hop, *hop, "responseReceived"]
        assert [one["redirectHasExtraInfo"] for one in page.events("Network.requestWillBeSent")] == [False, True]


def test_cookies_that_went_along_and_those_that_did_not(driver: Driver) -> None:
    with Site({"/": "<p>x", "/in/": "<p>in"}) as site:
        page = driver.new_page("Page", "Network")
        page.call("Network.setCookie", name="goes", value="1", url=site.url("/"))
        page.call("Network.setCookie", name="inside", value="2", url=site.url("/in/"), path="/in")
        page.goto(site.url("/"))
        [sent] = page.events(SENT)
        assert sent["headers"]["Cookie"] == "goes=1"
        told = {one["cookie"]["name"]: one["blockedReasons"] for one in sent["associatedCookies"]}
        assert told == {"goes": [], "inside": ["NotOnPath"]}


def test_a_cookie_of_another_site_says_why_it_stays(driver: Driver) -> None:
    with Site({"/": "<p>x", "/i": "i"}) as site:
        away = site.url("/i").replace("127.0.0.1", "localhost")
        page = driver.new_page("Page", "Network", "Runtime")
        for name, mode in (("s", "Strict"), ("l", "Lax"), ("d", "")):
            page.call("Network.setCookie", name=name, value="1", url=away, **({"sameSite": mode} if mode else {}))
        page.goto(site.url("/"))
        page.evaluate(f"fetch({away!r}, {{mode: 'no-cors', credentials: 'include'}}).then(() => 1)")
        sent = page.events(SENT)[-1]
        assert "Cookie" not in sent["headers"]
        told = {one["cookie"]["name"]: one["blockedReasons"] for one in sent["associatedCookies"]}
        assert told == {"s": ["SameSiteStrict"], "l": ["SameSiteLax"], "d": ["SameSiteUnspecifiedTreatedAsLax"]}


@pytest.mark.parametrize(
    ("line", "reason", "shown"),
    [
        ("x=1; Domain=example.com", "InvalidDomain", False),
        ("x=1; SameSite=None", "SameSiteNoneInsecure", True),
        ("__Host-x=1", "InvalidPrefix", False),
        ("x=1\x01", "DisallowedCharacter", False),
        (f"x={'1' * 5000}", "NameValuePairExceedsMaxSize", False),
        ("=", "NoCookieContent", False),
    ],
)
def test_cookies_that_are_not_stored_say_why(driver: Driver, line: str, reason: str, *, shown: bool) -> None:
    with Site({"/": Response(b"x", headers=(("Set-Cookie", "good=1"), ("Set-Cookie", line)))}) as site:
        page = driver.new_page("Page", "Network")
        page.goto(site.url("/"))
        [blocked] = page.events(CAME)[0]["blockedCookies"]
    assert (blocked["cookieLine"], blocked["blockedReasons"], "cookie" in blocked) == (line, [reason], shown)


def _with_etag(request: Request) -> Response:
    if request.header("If-None-Match"):
        return Response(b"", 304, headers=(("ETag", '"1"'), ("Cache-Control", "no-cache")))
    return Response(b"e", headers=(("ETag", '"1"'), ("Cache-Control", "no-cache")))


def test_what_was_stored_crossed_no_wire_and_what_was_confirmed_did(driver: Driver) -> None:
    pages: dict[str, SitePage] = {
        "/": "<p>x",
        "/kept": Response(b"k", headers=(("Cache-Control", "max-age=100"),)),
        "/asked": _with_etag,
    }
    with Site(pages) as site:
        page = driver.new_page("Page", "Network", "Runtime")
        page.goto(site.url("/"))
        for path in ("/kept", "/kept", "/asked", "/asked"):
            page.evaluate(f"fetch({path!r}).then((r) => r.text())")
        told = {
            (event["requestId"], event["response"]["status"]): event["hasExtraInfo"]
            for event in page.events("Network.responseReceived")[1:]
        }
        assert list(told.values()) == [True, False, True, True]
        assert {status for _, status in told} == {200}
        assert [event["statusCode"] for event in page.events(CAME)][1:] == [200, 200, 304]
        assert "If-None-Match" in page.events(SENT)[-1]["headers"]


def test_what_a_client_answers_crossed_no_wire(driver: Driver) -> None:
    with Site({"/": "<p>x", "/real": "real"}) as site:
        page = driver.new_page("Page", "Network", "Runtime")
        page.goto(site.url("/"))
        page.call(
            "Fetch.enable", patterns=[{"urlPattern": "*/made"}, {"urlPattern": "*/real", "requestStage": "Response"}]
        )
        before = len(page.events(SENT))
        for path in ("/made", "/real"):
            since = page.mark()
            page.evaluate(f"void (window.done = fetch({path!r}).then((r) => r.text()))")
            paused = page.wait_event("Fetch.requestPaused", since=since)
            body = base64.b64encode(b"by hand").decode()
            page.call("Fetch.fulfillRequest", requestId=paused["requestId"], responseCode=200, body=body)
            assert page.evaluate("window.done") == "by hand"
        assert [event["hasExtraInfo"] for event in page.events("Network.responseReceived")] == [True, False, False]
        assert len(page.events(SENT)) == before


def test_credentials_that_a_client_gives_are_told_of(driver: Driver) -> None:
    def guarded(request: Request) -> Response:
        if request.header("Authorization"):
            return Response(b"in")
        return Response(b"out", 401, headers=(("WWW-Authenticate", 'Basic realm="x"'),))

    with Site({"/": guarded}) as site:
        page = driver.new_page("Page", "Network")
        page.call("Fetch.enable", handleAuthRequests=True, patterns=[])
        since = page.mark()
        number = page.send("Page.navigate", url=site.url("/"))
        asks = page.wait_event("Fetch.authRequired", since=since)
        answer = {"response": "ProvideCredentials", "username": "u", "password": "p"}
        page.call("Fetch.continueWithAuth", requestId=asks["requestId"], authChallengeResponse=answer)
        page.answer(number)
        [sent], [came] = page.events(SENT), page.events(CAME)
        assert (sent["headers"]["Authorization"], came["statusCode"]) == ("Basic dTpw", 200)


def test_a_preflight_has_its_own_and_its_request_too(driver: Driver) -> None:
    def open_to_all(request: Request) -> Response:
        origin = request.header("Origin")
        return Response(
            b"ok",
            headers=(
                ("Access-Control-Allow-Origin", origin),
                ("Access-Control-Allow-Methods", "PUT"),
                ("Access-Control-Allow-Headers", "x-a"),
            ),
        )

    with Site({"/": "<p>x"}) as site, Site({"/c": open_to_all}) as other:
        page = driver.new_page("Page", "Network", "Runtime")
        page.goto(site.url("/"))
        page.evaluate(
            f"fetch({other.url('/c')!r}, {{method: 'PUT', headers: {{'X-A': 'b'}}, body: 'q'}}).then(() => 1)"
        )
        kinds = {event["requestId"]: event["type"] for event in page.events("Network.requestWillBeSent")}
        sent = {kinds[event["requestId"]]: event["headers"] for event in page.events(SENT)}
        assert sent["Preflight"]["Access-Control-Request-Method"] == "PUT"
        assert (sent["Fetch"]["X-A"], sent["Fetch"]["Content-Length"]) == ("b", "1")
        initiators = [event["initiator"] for event in page.events("Network.requestWillBeSent")]
        [asking] = [
            event["requestId"] for event in page.events("Network.requestWillBeSent") if event["type"] == "Fetch"
        ]
        assert initiators[-1] == {"type": "preflight", "requestId": asking}


@contextmanager
def rude() -> Iterator[str]:
    """Serve nobody: read what comes and leave."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    one, _ = listener.accept()
                except OSError:
                    return
                with one:
                    one.recv(65536)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_a_request_without_a_response_still_says_what_was_sent(driver: Driver) -> None:
    with Site({"/": "<p>x"}) as site, rude() as url:
        page = driver.new_page("Page", "Network", "Runtime")
        page.goto(site.url("/"))
        since = page.mark()
        page.evaluate(f"fetch({url!r}).catch(() => 0)")
        failed = page.wait_event("Network.loadingFailed", since=since)
        assert failed["errorText"] == "net::ERR_EMPTY_RESPONSE"
        sent = page.events(SENT)[-1]
        assert (sent["requestId"], sent["headers"]["Host"]) == (failed["requestId"], url.split("/")[2])
        assert len(page.events(CAME)) == 1


def test_nobody_pays_who_does_not_watch(driver: Driver) -> None:
    with Site({"/": "<p>x"}) as site:
        page = driver.new_page("Page")
        page.goto(site.url("/"))
        page.call("Network.enable")
        assert page.events(SENT) == []


def test_heads_of_http_2() -> None:
    url = parse("https://a.test/p?q")
    assert url is not None
    head = b"GET /p?q HTTP/2\r\nHost: a.test\r\nConnection: keep-alive\r\nUser-Agent: U\r\nAccept: */*\r\n\r\n"
    assert request_headers(head, url) == [
        (":method", "GET"),
        (":authority", "a.test"),
        (":scheme", "https"),
        (":path", "/p?q"),
        ("user-agent", "U"),
        ("accept", "*/*"),
    ]
