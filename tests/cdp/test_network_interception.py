"""Network.setRequestInterception: what older clients decide about requests and responses."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from sanderling.testing.server import Request, Response
from tests.cdp.driver import CdpRefusedError, CdpSession, Driver
from tests.support import Site

RAW = "HTTP/1.1 203 Fine\r\nContent-Type: text/html\r\nX-Made: up\r\n\r\n<title>made up</title>"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def intercepting(driver: Driver, *patterns: dict[str, str]) -> CdpSession:
    page = driver.new_page("Page", "Network", "Runtime")
    page.call("Network.setRequestInterception", patterns=list(patterns) or [{}])
    return page


def intercepted(page: CdpSession, since: int = 0, **fields: object) -> Any:
    return page.wait_event("Network.requestIntercepted", since=since, **fields)


def go_on(page: CdpSession, event: Any, **changes: object) -> Any:
    return page.call("Network.continueInterceptedRequest", interceptionId=event["interceptionId"], **changes)


def test_a_document_from_nowhere(driver: Driver) -> None:
    page = intercepting(driver)
    number = page.send("Page.navigate", url="https://nowhere.test/path#here")
    event = intercepted(page)
    sent = page.wait_event("Network.requestWillBeSent")
    assert event["requestId"] == sent["requestId"]
    assert (event["resourceType"], event["isNavigationRequest"], event["frameId"]) == ("Document", True, page.page)
    assert event["request"]["url"] == "https://nowhere.test/path"
    assert "responseStatusCode" not in event
    go_on(page, event, rawResponse=encoded(RAW))
    page.answer(number)
    page.wait_event("Page.loadEventFired")
    assert page.evaluate("document.title") == "made up"
    response = page.wait_event("Network.responseReceived")["response"]
    assert (response["status"], response["statusText"], response["headers"]["X-Made"]) == (203, "Fine", "up")


def test_a_request_is_changed_or_fails(driver: Driver) -> None:
    def echo(request: Request) -> Response:
        headers = {name.lower(): value for name, value in request.headers}
        return Response(f"{request.method} {headers.get('x-new')} {request.body.decode()}".encode())

    with Site({"/": "<p>x", "/echo": echo}) as site:
        page = driver.new_page("Page", "Network", "Runtime")
        page.goto(site.url("/"))
        page.call("Network.setRequestInterception", patterns=[{"urlPattern": "*/echo"}])
        page.evaluate("void (window.answer = fetch('/echo').then((one) => one.text(), (error) => error.name))")
        go_on(page, intercepted(page), method="POST", postData="knot é", headers={"X-New": "1"})
        assert page.evaluate("answer") == "POST 1 knot é"
        since = page.mark()
        page.evaluate("void (window.answer = fetch('/echo').then((one) => one.text(), (error) => error.name))")
        go_on(page, intercepted(page, since), errorReason="Aborted")
        assert page.evaluate("answer") == "TypeError"
        assert page.wait_event("Network.loadingFailed", since=since)["errorText"] == "net::ERR_ABORTED"


def test_a_response_is_read_and_goes_on(driver: Driver) -> None:
    with Site({"/": "<title>served</title>"}) as site:
        page = intercepting(driver, {"interceptionStage": "HeadersReceived", "resourceType": "Document"})
        number = page.send("Page.navigate", url=site.url("/"))
        event = intercepted(page)
        assert event["responseStatusCode"] == 200
        assert event["responseHeaders"]["Content-Type"].startswith("text/html")
        body = page.call("Network.getResponseBodyForInterception", interceptionId=event["interceptionId"])
        assert base64.b64decode(body["body"]) == b"<title>served</title>"
        go_on(page, event)
        assert "errorText" not in page.answer(number)


def test_challenges_are_answered(driver: Driver) -> None:
    def secret(request: Request) -> Response:
        headers = {name.lower(): value for name, value in request.headers}
        if headers.get("authorization") == f"Basic {encoded('wader:tide')}":
            return Response(b"<title>in</title>")
        return Response(b"no", 401, headers=(("WWW-Authenticate", 'Basic realm="mud"'),))

    with Site({"/": secret}) as site:
        page = intercepting(driver)
        number = page.send("Page.navigate", url=site.url("/"))
        go_on(page, intercepted(page))
        asked = page.wait_event_of("Network.requestIntercepted", lambda params: "authChallenge" in params)
        assert asked["authChallenge"]["realm"] == "mud"
        with pytest.raises(CdpRefusedError, match="authChallengeResponse required"):
            go_on(page, asked)
        answer = {"response": "ProvideCredentials", "username": "wader", "password": "tide"}
        go_on(page, asked, authChallengeResponse=answer)
        page.answer(number)
        page.wait_event("Page.loadEventFired")
        assert page.evaluate("document.title") == "in"


def test_no_patterns_let_everything_go_on(driver: Driver) -> None:
    with Site({"/": "<title>served</title>"}) as site:
        page = intercepting(driver)
        number = page.send("Page.navigate", url=site.url("/"))
        event = intercepted(page)
        page.call("Network.setRequestInterception", patterns=[])
        assert "errorText" not in page.answer(number)
        with pytest.raises(CdpRefusedError, match="Invalid InterceptionId"):
            go_on(page, event)


def test_both_domains_intercept_side_by_side(driver: Driver) -> None:
    with Site({"/": "<title>served</title>"}) as site:
        page = intercepting(driver)
        page.call("Fetch.enable")
        number = page.send("Page.navigate", url=site.url("/"))
        go_on(page, intercepted(page))
        page.call("Fetch.continueRequest", requestId=page.wait_event("Fetch.requestPaused")["requestId"])
        assert "errorText" not in page.answer(number)
