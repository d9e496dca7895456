"""Fetch: requests and responses that a client decides about."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from sanderling.cdp import wire
from sanderling.testing.server import Request, Response
from tests.cdp.driver import CdpRefusedError, CdpSession, Driver
from tests.support import Site, redirect


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def intercepting(driver: Driver, **params: object) -> CdpSession:
    page = driver.new_page("Page", "Network", "Runtime")
    page.call("Fetch.enable", **params)
    return page


def paused(page: CdpSession, since: int = 0, **fields: object) -> Any:
    return page.wait_event("Fetch.requestPaused", since=since, **fields)


def test_a_document_from_nowhere(driver: Driver) -> None:
    page = intercepting(driver)
    number = page.send("Page.navigate", url="https://nowhere.test/path#here")
    event = paused(page)
    sent = page.wait_event("Network.requestWillBeSent")
    assert event["networkId"] == sent["requestId"] == sent["loaderId"]
    assert (event["request"]["url"], event["resourceType"], event["frameId"]) == (
        "https://nowhere.test/path",
        "Document",
        page.page,
    )
    page.call(
        "Fetch.fulfillRequest",
        requestId=event["requestId"],
        responseCode=200,
        responsePhrase="Fine",
        responseHeaders=[
            {"name": "Content-Type", "value": "text/html"},
            {"name": "Set-Cookie", "value": "a=1"},
            {"name": "Set-Cookie", "value": "b=2"},
        ],
        body=encoded("<title>made up</title>"),
    )
    outcome = page.answer(number)
    page.wait_event("Page.loadEventFired")
    assert outcome["loaderId"] == event["networkId"]
    assert page.evaluate("[document.title, document.cookie]") == ["made up", "a=1; b=2"]
    assert page.wait_event("Network.responseReceived")["response"]["statusText"] == "Fine"
    assert page.call("Network.getResponseBody", requestId=outcome["loaderId"])["body"] == "<title>made up</title>"


def test_a_redirect_pauses_again_under_the_same_network_id(driver: Driver) -> None:
    with Site({"/": redirect("/b", 302), "/b": "b"}) as site:
        page = intercepting(driver)
        number = page.send("Page.navigate", url=site.url("/"))
        first = paused(page)
        since = page.mark()
        page.call("Fetch.continueRequest", requestId=first["requestId"])
        second = paused(page, since)
        assert second["networkId"] == first["networkId"]
        assert second["redirectedRequestId"] == first["requestId"] != second["requestId"]
        assert "redirectedRequestId" not in first
        page.call("Fetch.continueRequest", requestId=second["requestId"])
        assert "errorText" not in page.answer(number)


def test_the_whole_body_is_shown_to_who_decides(driver: Driver) -> None:
    with Site({"/": "<p>x", "/big": "big"}) as site:
        page = driver.new_page("Page", "Network", "Runtime")
        page.goto(site.url("/"))
        page.call("Fetch.enable", patterns=[{"urlPattern": "*/big"}])
        page.evaluate("void fetch('/big', {method: 'POST', body: '0'.repeat(2 << 20)})")
        request = paused(page)["request"]
        assert len(request["postData"]) == 2 << 20
        assert len(base64.b64decode(request["postDataEntries"][0]["bytes"])) == 2 << 20
        told = page.events("Network.requestWillBeSent")[-1]["request"]
        assert told["hasPostData"] is True
        assert "postData" not in told


def test_a_body_that_a_redirect_took_leaves_no_headers_behind(driver: Driver) -> None:
    with Site({"/": "<p>x", "/from": redirect("/to"), "/to": "there"}) as site:
        page = driver.new_page("Page", "Network", "Runtime")
        page.goto(site.url("/"))
        page.call("Fetch.enable", patterns=[{"urlPattern": "*"}])
        page.evaluate("void fetch('/from', {method: 'POST', body: 'b'})")
        first = paused(page)
        again = [{"name": name, "value": value} for name, value in first["request"]["headers"].items()]
        again.append({"name": "X-Own", "value": "1"})
        since = page.mark()
        page.call("Fetch.continueRequest", requestId=first["requestId"], headers=again)
        second = page.wait_event("Fetch.requestPaused", since=since)
        page.call("Fetch.continueRequest", requestId=second["requestId"], headers=again)
        page.wait_event("Network.loadingFinished", requestId=first["networkId"])
        assert [request.header("Content-Type") for request in site.requests[1:]] == ["text/plain;charset=UTF-8", ""]
        assert [request.header("X-Own") for request in site.requests[1:]] == ["1", "1"]


def test_patterns_choose(driver: Driver) -> None:
    with Site({"/": "<script src=/s.js></script>", "/s.js": "seen = 1", "/x": "x"}) as site:
        page = intercepting(driver, patterns=[{"urlPattern": "*/s.?s", "resourceType": "Script"}])
        number = page.send("Page.navigate", url=site.url("/"))
        event = paused(page)
        assert event["request"]["url"] == site.url("/s.js")
        page.call("Fetch.continueRequest", requestId=event["requestId"])
        page.answer(number)
        page.wait_event("Page.loadEventFired")
        assert page.evaluate("fetch('/x').then((r) => r.text())") == "x"
        assert len(page.events("Fetch.requestPaused")) == 1


def test_changing_what_is_sent(driver: Driver) -> None:
    def echo(request: Request) -> Response:
        headers = {name.lower(): value for name, value in request.headers}
        return Response(f"{request.method} {headers.get('x-own')} {request.body.decode()}".encode())

    with Site({"/": "x", "/echo": echo}) as site:
        page = intercepting(driver, patterns=[{"urlPattern": "*/asked"}])
        page.goto(site.url("/"))
        page.evaluate("void fetch('/asked').then((r) => Promise.all([r.url, r.text()])).then((v) => { got = v })")
        event = paused(page)
        page.call(
            "Fetch.continueRequest",
            requestId=event["requestId"],
            url=site.url("/echo"),
            method="PUT",
            postData=encoded("body"),
            headers=[{"name": "X-Own", "value": "1"}],
        )
        page.wait_event("Network.loadingFinished", requestId=event["networkId"])
        outcome = page.evaluate("new Promise((done) => setTimeout(() => done(got)))")
    assert outcome == [site.url("/asked"), "PUT 1 body"]  # for the page it went where it was sent


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("Failed", "net::ERR_FAILED"),
        ("Aborted", "net::ERR_ABORTED"),
        ("ConnectionRefused", "net::ERR_CONNECTION_REFUSED"),
        ("NameNotResolved", "net::ERR_NAME_NOT_RESOLVED"),
        ("BlockedByClient", "net::ERR_BLOCKED_BY_CLIENT"),
    ],
)
def test_failing_a_document(driver: Driver, reason: str, code: str) -> None:
    page = intercepting(driver)
    number = page.send("Page.navigate", url="https://nowhere.test/")
    page.call("Fetch.failRequest", requestId=paused(page)["requestId"], errorReason=reason)
    assert page.answer(number)["errorText"] == code
    assert page.wait_event("Network.loadingFailed")["errorText"] == code


def test_the_response_stage(driver: Driver) -> None:
    with Site({"/": "x", "/data": Response(b"from the server", headers=(("X-Server", "1"),))}) as site:
        page = intercepting(driver, patterns=[{"urlPattern": "*/data", "requestStage": "Response"}])
        page.goto(site.url("/"))
        page.evaluate(
            "void fetch('/data').then(async (r) => { got = [r.status, r.headers.get('x-new'), await r.text()] })"
        )
        event = paused(page)
        assert event["responseStatusCode"] == 200
        assert {"name": "X-Server", "value": "1"} in event["responseHeaders"]
        body = page.call("Fetch.getResponseBody", requestId=event["requestId"])
        assert base64.b64decode(body["body"]) == b"from the server"
        page.call(
            "Fetch.continueResponse",
            requestId=event["requestId"],
            responseCode=202,
            responseHeaders=[{"name": "X-New", "value": "yes"}],
        )
        page.wait_event("Network.loadingFinished", requestId=event["networkId"])
        assert page.evaluate("new Promise((done) => setTimeout(() => done(got)))") == [202, "yes", "from the server"]


def test_a_body_as_a_stream(driver: Driver) -> None:
    with Site({"/": "x", "/data": Response(b"streamed")}) as site:
        page = intercepting(driver, patterns=[{"urlPattern": "*/data", "requestStage": "Response"}])
        page.goto(site.url("/"))
        page.evaluate("void fetch('/data').then((r) => r.text()).then((v) => { got = v })")
        event = paused(page)
        stream = page.call("Fetch.takeResponseBodyAsStream", requestId=event["requestId"])["stream"]
        body = b""
        while True:
            piece = page.call("IO.read", handle=stream)
            body += base64.b64decode(piece["data"])
            if piece["eof"]:
                break
        assert body == b"streamed"
        with pytest.raises(CdpRefusedError, match="after body is taken"):
            page.call("Fetch.continueRequest", requestId=event["requestId"])
        page.call(
            "Fetch.fulfillRequest", requestId=event["requestId"], responseCode=200, body=encoded(body.decode().upper())
        )
        page.wait_event("Network.loadingFinished", requestId=event["networkId"])
        assert page.evaluate("new Promise((done) => setTimeout(() => done(got)))") == "STREAMED"


def test_credentials(driver: Driver) -> None:
    def guarded(request: Request) -> Response:
        headers = {name.lower(): value for name, value in request.headers}
        if headers.get("authorization") == "Basic dTpw":
            return Response(b"<title>in</title>", content_type="text/html")
        return Response(b"<title>out</title>", 401, headers=(("WWW-Authenticate", 'Basic realm="here"'),))

    with Site({"/": guarded}) as site:
        page = intercepting(driver, handleAuthRequests=True)
        number = page.send("Page.navigate", url=site.url("/"))
        page.call("Fetch.continueRequest", requestId=paused(page)["requestId"])
        event = page.wait_event("Fetch.authRequired")
        assert event["authChallenge"] == {
            "source": "Server",
            "origin": site.url("/").rstrip("/"),
            "scheme": "basic",
            "realm": "here",
        }
        since = page.mark()
        page.call(
            "Fetch.continueWithAuth",
            requestId=event["requestId"],
            authChallengeResponse={"response": "ProvideCredentials", "username": "u", "password": "wrong"},
        )
        again = page.wait_event("Fetch.authRequired", since=since)
        page.call(
            "Fetch.continueWithAuth",
            requestId=again["requestId"],
            authChallengeResponse={"response": "ProvideCredentials", "username": "u", "password": "p"},
        )
        page.answer(number)
        page.wait_event("Page.loadEventFired")
        assert page.evaluate("document.title") == "in"
        assert len(page.events("Network.requestWillBeSent")) == 1
        assert page.events("Network.responseReceived")[0]["response"]["status"] == 200


def test_two_sessions_in_the_order_of_enabling(driver: Driver) -> None:
    with Site({"/": "x"}) as site:
        first = intercepting(driver)
        second = driver.attach(first.page)
        second.call("Fetch.enable")
        number = first.send("Page.navigate", url=site.url("/"))
        event = paused(first)
        assert second.events("Fetch.requestPaused") == []
        first.call("Fetch.continueRequest", requestId=event["requestId"], headers=[{"name": "X-First", "value": "1"}])
        event = paused(second)
        assert event["request"]["headers"] == {"X-First": "1"}
        # A session that ends lets go on what waits for it.
        driver.ask("cdp.session.detach", wire.DetachSession(session=second.name))
        assert "errorText" not in first.answer(number)


def test_disabling_continues_all(driver: Driver) -> None:
    with Site({"/": "x"}) as site:
        page = intercepting(driver)
        number = page.send("Page.navigate", url=site.url("/"))
        event = paused(page)
        page.call("Fetch.disable")
        assert "errorText" not in page.answer(number)
        with pytest.raises(CdpRefusedError, match="Fetch domain is not enabled"):
            page.call("Fetch.continueRequest", requestId=event["requestId"])


def test_an_answer_that_never_comes_holds_up_nobody_else(driver: Driver) -> None:
    with Site({"/": "x"}) as site:
        page = intercepting(driver)
        page.send("Page.navigate", url=site.url("/"))
        paused(page)
        other = driver.new_page("Page")
        other.goto(site.url("/"))
        driver.ask("cdp.page.close", wire.PageRef(page=page.page))
        driver.notice("closed", page.page)


def test_synchronous_requests_are_paused_too(driver: Driver) -> None:
    with Site({"/": "x"}) as site:
        page = intercepting(driver, patterns=[{"urlPattern": "*/sync"}])
        page.goto(site.url("/"))
        number = page.send(
            "Runtime.evaluate",
            expression="(() => { const x = new XMLHttpRequest(); x.open('GET', '/sync', false); x.send(); return x.responseText })()",
            returnByValue=True,
        )
        event = paused(page)
        assert event["resourceType"] == "XHR"
        page.call("Fetch.fulfillRequest", requestId=event["requestId"], responseCode=200, body=encoded("waited"))
        assert page.answer(number)["result"]["value"] == "waited"


def test_what_cannot_be_is_refused(driver: Driver) -> None:
    page = driver.new_page("Page")
    with pytest.raises(CdpRefusedError, match="Fetch domain is not enabled"):
        page.call("Fetch.continueRequest", requestId="x")
    page.call("Fetch.enable")
    number = page.send("Page.navigate", url="https://nowhere.test/")
    event = paused(page)
    for method, params, message in (
        ("Fetch.continueRequest", {"requestId": "x"}, "Invalid InterceptionId"),
        ("Fetch.continueRequest", {"headers": [{"name": "a b", "value": ""}]}, "Invalid header"),
        ("Fetch.fulfillRequest", {"responseCode": 7}, "Invalid http status code or phrase"),
        ("Fetch.fulfillRequest", {"responseCode": 200, "body": "!"}, "Invalid parameters"),
        ("Fetch.failRequest", {"errorReason": "Bored"}, "Unknown errorReason"),
        ("Fetch.getResponseBody", {}, "after headers received"),
        ("Fetch.continueWithAuth", {"authChallengeResponse": {"response": "Default"}}, "Invalid state"),
    ):
        with pytest.raises(CdpRefusedError, match=message):
            page.call(method, **{"requestId": event["requestId"], **params})
    page.call("Fetch.failRequest", requestId=event["requestId"], errorReason="Failed")
    assert page.answer(number)["errorText"] == "net::ERR_FAILED"
