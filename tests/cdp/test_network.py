"""Network, Storage, DOMStorage, Log: requests as they happen, and what clients change about them."""

from __future__ import annotations

import base64
import threading

import pytest
from websockets.sync.server import ServerConnection, serve

from sanderling.cdp import wire
from sanderling.testing.server import Request, Response
from tests.cdp.driver import CdpRefusedError, Driver, Json
from tests.support import Page as SitePage
from tests.support import Site, redirect

PAGE = "<!doctype html><title>x</title><script src=/s.js></script><link rel=stylesheet href=/c.css><p>hi"


def test_a_document_request_is_its_loader(driver: Driver) -> None:
    with Site(
        {"/": redirect("/b", 302), "/b": Response(b"<p>b", headers=(("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")))}
    ) as site:
        page = driver.new_page("Page", "Network")
        outcome = page.goto(site.url("/#part"))
        page.wait_event("Network.loadingFinished", requestId=outcome["loaderId"])
        first, second = page.events("Network.requestWillBeSent")
        assert first["requestId"] == second["requestId"] == first["loaderId"] == outcome["loaderId"]
        assert (first["type"], first["frameId"], first["documentURL"]) == ("Document", page.page, site.url("/#part"))
        assert (first["request"]["url"], first["request"]["urlFragment"]) == (site.url("/"), "#part")
        assert "redirectResponse" not in first
        hop = second["redirectResponse"]
        assert (hop["url"], hop["status"], hop["headers"]["Location"]) == (site.url("/"), 302, "/b")
        assert second["redirectHasExtraInfo"] is True
        [received] = page.events("Network.responseReceived")
        response = received["response"]
        assert (received["hasExtraInfo"], response["status"], response["url"]) == (True, 200, site.url("/b"))
        assert response["headers"]["Set-Cookie"] == "a=1\nb=2"
        assert (response["remoteIPAddress"], response["protocol"]) == ("127.0.0.1", "http/1.1")
        assert response["timing"]["receiveHeadersEnd"] >= response["timing"]["sendEnd"] >= 0
        [finished] = page.events("Network.loadingFinished")
        assert finished["encodedDataLength"] > 0


def test_the_order_around_a_commit(driver: Driver) -> None:
    with Site({"/": PAGE, "/s.js": "1", "/c.css": "p{}"}) as site:
        page = driver.new_page("Page", "Network")
        since = page.mark()
        outcome = page.goto(site.url("/"))
        page.wait_event("Page.lifecycleEvent", since=since, name="load", loaderId=outcome["loaderId"])
    names = page.methods(since)
    answer = next(name for name in names if name.startswith("#"))
    order = ["Network.requestWillBeSent", "Network.responseReceived", answer, "Page.frameNavigated"]
    assert sorted(order, key=names.index) == order
    kinds = {event["type"]: event for event in page.events("Network.requestWillBeSent")}
    assert set(kinds) == {"Document", "Script", "Stylesheet"}
    assert kinds["Script"]["initiator"]["type"] == "parser"
    assert kinds["Script"]["loaderId"] == outcome["loaderId"]
    ended = {event["requestId"] for event in page.events("Network.loadingFinished")}
    assert ended == {event["requestId"] for event in kinds.values()}


def test_cookies_that_go_out_are_in_the_event(driver: Driver) -> None:
    with Site({"/": "x"}) as site:
        page = driver.new_page("Page", "Network")
        page.call("Network.setCookie", name="k", value="v", url=site.url("/"))
        page.goto(site.url("/"))
        assert page.events("Network.requestWillBeSent")[0]["request"]["headers"]["Cookie"] == "k=v"


def test_bodies_stay_after_the_next_navigation(driver: Driver) -> None:
    pages: dict[str, SitePage] = {
        "/": Response(b"<p>caf\xe9", content_type="text/html; charset=iso-8859-1"),
        "/i": Response(b"\x89PNG", content_type="image/png"),
        "/next": "next",
    }
    with Site(pages) as site:
        page = driver.new_page("Page", "Network", "Runtime")
        document = page.goto(site.url("/"))["loaderId"]
        assert page.evaluate("fetch('/i').then((r) => r.arrayBuffer()).then((b) => b.byteLength)") == 4
        image = next(e["requestId"] for e in page.events("Network.requestWillBeSent") if e["type"] == "Fetch")
        page.goto(site.url("/next"))
    assert page.call("Network.getResponseBody", requestId=document) == {"body": "<p>caf\u00e9", "base64Encoded": False}
    binary = page.call("Network.getResponseBody", requestId=image)
    assert (base64.b64decode(binary["body"]), binary["base64Encoded"]) == (b"\x89PNG", True)
    found = page.call("Network.searchInResponseBody", requestId=document, query="CAF")
    assert found["result"] == [{"lineNumber": 0, "lineContent": "<p>caf\u00e9"}]
    with pytest.raises(CdpRefusedError, match="No resource with given identifier found"):
        page.call("Network.getResponseBody", requestId="nothing")


def test_a_body_that_is_not_the_text_it_claims_to_be(driver: Driver) -> None:
    raw = bytes([0x80, 0x81, 0xFF, 0x00])
    with Site({"/": "x", "/b": Response(raw, content_type="text/plain; charset=UTF-8")}) as site:
        page = driver.new_page("Page", "Network", "Runtime")
        page.goto(site.url("/"))
        page.evaluate("fetch('/b').then((r) => r.arrayBuffer()).then(() => 1)")
        found = next(e["requestId"] for e in page.events("Network.requestWillBeSent") if e["type"] == "Fetch")
        body = page.call("Network.getResponseBody", requestId=found)
    assert (base64.b64decode(body["body"]), body["base64Encoded"]) == (raw, True)


def _echo(request: Request) -> Response:
    return Response(request.body)


def test_post_data(driver: Driver) -> None:
    with Site({"/": "x", "/post": _echo}) as site:
        page = driver.new_page("Page", "Runtime")
        page.call("Network.enable", maxPostDataSize=10)
        page.goto(site.url("/"))
        page.evaluate("fetch('/post', {method: 'POST', body: 'short'}).then((r) => r.text())")
        page.evaluate("fetch('/post', {method: 'POST', body: 'much longer than that'}).then((r) => r.text())")
        short, long = [e for e in page.events("Network.requestWillBeSent") if e["type"] == "Fetch"]
        assert short["request"]["postData"] == "short"
        assert long["request"]["hasPostData"] is True
        assert "postData" not in long["request"]
        body = page.call("Network.getRequestPostData", requestId=long["requestId"])
        assert body["postData"] == "much longer than that"


def test_a_failure_ends_the_request_and_is_logged(driver: Driver) -> None:
    with Site({"/": "x"}) as site:
        page = driver.new_page("Page", "Network", "Runtime")
        page.goto(site.url("/"))
        page.evaluate("fetch('http://127.0.0.1:1/').catch(() => 0)")
    failed = page.wait_event("Network.loadingFailed", type="Fetch")
    assert failed["errorText"] in ("net::ERR_UNSAFE_PORT", "net::ERR_CONNECTION_REFUSED")
    assert failed["canceled"] is False
    page.call("Log.enable")
    assert failed["requestId"] in [e["entry"]["networkRequestId"] for e in page.events("Log.entryAdded")]


def test_scripts_and_sheets_with_an_error_status_fail(driver: Driver) -> None:
    asks = "<script>const x = new XMLHttpRequest(); x.open('GET', '/no.txt', false); x.send()</script>"
    with Site({"/": f"<script src=/no.js></script><link rel=stylesheet href=/no.css>{asks}"}) as site:
        page = driver.new_page("Page", "Network")
        since = page.mark()
        outcome = page.goto(site.url("/"))
        page.wait_event("Page.lifecycleEvent", since=since, name="load", loaderId=outcome["loaderId"])
    paths = {e["requestId"]: e["request"]["url"].rpartition("/")[2] for e in page.events("Network.requestWillBeSent")}
    statuses = {paths[e["requestId"]]: e["response"]["status"] for e in page.events("Network.responseReceived")}
    assert statuses == {"": 200, "no.js": 404, "no.css": 404, "no.txt": 404}
    failed = page.events("Network.loadingFailed")
    assert {(paths[e["requestId"]], e["type"], e["errorText"], e["canceled"]) for e in failed} == {
        ("no.js", "Script", "net::ERR_ABORTED", True),
        ("no.css", "Stylesheet", "net::ERR_ABORTED", True),
    }
    assert {paths[e["requestId"]] for e in page.events("Network.loadingFinished")} == {"", "no.txt"}


def test_a_page_that_goes_ends_its_requests(driver: Driver) -> None:
    with Site({"/": "x", "/next": "y"}) as site:
        page = driver.new_page("Page", "Network", "Runtime", "Fetch")
        page.call("Fetch.disable")
        page.call("Fetch.enable", patterns=[{"urlPattern": "*/held"}])
        page.goto(site.url("/"))
        page.evaluate("void fetch('/held')")
        held = page.wait_event("Fetch.requestPaused")
        page.goto(site.url("/next"))
        failed = page.wait_event("Network.loadingFailed", requestId=held["networkId"])
        assert (failed["errorText"], failed["canceled"]) == ("net::ERR_ABORTED", True)


def test_cors_says_why(driver: Driver) -> None:
    with Site({"/": "x"}) as site, Site({"/": "y"}) as other:
        page = driver.new_page("Page", "Network", "Runtime")
        page.goto(site.url("/"))
        page.evaluate(f"fetch({other.url('/')!r}).catch(() => 0)")
    failed = page.wait_event("Network.loadingFailed", type="Fetch")
    assert failed["corsErrorStatus"]["corsError"] == "MissingAllowOriginHeader"
    page.call("Log.enable")
    told = [event["entry"] for event in page.events("Log.entryAdded")]
    assert [one["source"] for one in told] == ["javascript", "network"]
    assert told[0]["text"].startswith(
        f"Access to fetch at '{other.url('/')}' from origin '{site.url('').rstrip('/')}' has been blocked by CORS policy: "
    )
    assert "'Access-Control-Allow-Origin'" in told[0]["text"]


def test_a_preflight_is_a_request_of_its_own(driver: Driver) -> None:
    def answer(request: Request) -> Response:
        allow = (
            ("Access-Control-Allow-Origin", "*"),
            ("Access-Control-Allow-Methods", "PUT"),
        )
        return Response(b"ok", headers=allow)

    with Site({"/": "x"}) as site, Site({"/": answer}) as other:
        page = driver.new_page("Page", "Network", "Runtime")
        page.goto(site.url("/"))
        assert page.evaluate(f"fetch({other.url('/')!r}, {{method: 'PUT'}}).then((r) => r.text())") == "ok"
        asked = [e for e in page.events("Network.requestWillBeSent") if e["type"] in ("Fetch", "Preflight")]
    assert [(e["type"], e["request"]["method"]) for e in asked] == [("Fetch", "PUT"), ("Preflight", "OPTIONS")]
    assert asked[1]["initiator"] == {"type": "preflight", "requestId": asked[0]["requestId"]}
    for event in asked:
        page.wait_event("Network.loadingFinished", requestId=event["requestId"])
    with pytest.raises(CdpRefusedError, match="No resource with given identifier found"):
        page.call("Network.getResponseBody", requestId=asked[1]["requestId"])


def test_data_urls_are_requests(driver: Driver) -> None:
    page = driver.new_page("Page", "Network")
    outcome = page.goto("data:text/html,<p>own")
    assert page.call("Network.getResponseBody", requestId=outcome["loaderId"])["body"] == "<p>own"


def test_headers_cache_and_blocking(driver: Driver) -> None:
    with Site({"/": "x", "/ad.js": "1", "/ok": "2"}) as site:
        page = driver.new_page("Page", "Network", "Runtime")
        page.call("Network.setExtraHTTPHeaders", headers={"X-Tool": "1"})
        page.call("Network.setCacheDisabled", cacheDisabled=True)
        page.goto(site.url("/"))
        lowered = {name.lower(): value for name, value in site.requests[-1].headers}
        assert (lowered["x-tool"], lowered["cache-control"]) == ("1", "no-cache")
        for params in ({"urls": ["*ad.js"]}, {"urlPatterns": [{"urlPattern": "http://*:*/ad.js", "block": True}]}):
            page.call("Network.setBlockedURLs", **params)
            since = page.mark()
            assert page.evaluate("fetch('/ad.js').catch(() => 'blocked')") == "blocked"
            failed = page.wait_event("Network.loadingFailed", since=since)
            assert (failed["errorText"], failed["blockedReason"]) == ("net::ERR_BLOCKED_BY_CLIENT", "inspector")
            assert page.evaluate("fetch('/ok').then((r) => r.text())") == "2"
        # Of patterns the first one that matches decides.
        patterns = [{"urlPattern": "*://*:*/ok", "block": False}, {"urlPattern": "*://*:*/*", "block": True}]
        page.call("Network.setBlockedURLs", urlPatterns=patterns)
        assert page.evaluate("fetch('/ok').then((r) => r.text())") == "2"
        assert page.evaluate("fetch('/ad.js').catch(() => 'blocked')") == "blocked"
        page.call("Network.setBlockedURLs", urls=["ws:"])
        socket = "new Promise((done) => { new WebSocket(location.href.replace('http', 'ws')).onerror = () => done('blocked'); })"
        assert page.evaluate(socket) == "blocked"
        assert [request.path for request in site.requests if request.path == "/"] == ["/"]
        with pytest.raises(CdpRefusedError, match="groups in URL patterns"):
            page.call("Network.setBlockedURLs", urlPatterns=[{"urlPattern": "http://(a|b)/", "block": True}])


OFFLINE = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
ONLINE = {**OFFLINE, "offline": False}


def test_offline(driver: Driver) -> None:
    with Site({"/": "x"}) as site:
        page = driver.new_page("Page", "Network", "Runtime")
        page.goto(site.url("/"))
        page.evaluate(
            "log = []; for (const type of ['online', 'offline']) addEventListener(type, () => log.push(type))"
        )
        page.call("Network.emulateNetworkConditions", **OFFLINE)
        assert page.evaluate("navigator.onLine") is False
        assert page.evaluate("fetch('/').catch((e) => e.name)") == "TypeError"
        assert page.wait_event("Network.loadingFailed")["errorText"] == "net::ERR_INTERNET_DISCONNECTED"
        assert page.call("Page.navigate", url=site.url("/"))["errorText"] == "net::ERR_INTERNET_DISCONNECTED"
        page.call("Network.emulateNetworkConditions", **ONLINE)
        page.goto(site.url("/"))
        assert page.evaluate("navigator.onLine") is True
        page.call("Network.overrideNetworkState", **OFFLINE)
        page.evaluate("log = []; addEventListener('online', () => log.push('online'))")
        assert page.evaluate("[navigator.onLine, 1]") == [False, 1]
        page.call("Network.emulateNetworkConditionsByRule", matchedNetworkConditions=[{"urlPattern": "", **OFFLINE}])
        page.call("Network.emulateNetworkConditionsByRule", matchedNetworkConditions=[])
        page.call("Network.overrideNetworkState", **ONLINE)
        assert page.evaluate("new Promise((done) => setTimeout(() => done(log), 0))") == ["online"]
        assert page.evaluate("fetch('/').then((r) => r.status)") == 200


def test_documents_are_online_again_when_the_session_that_took_the_network_ends(driver: Driver) -> None:
    page = driver.new_page("Page", "Network", "Runtime")
    other = driver.attach(page.page)
    other.call("Network.emulateNetworkConditions", **OFFLINE)
    assert page.evaluate("navigator.onLine") is False
    page.evaluate("log = []; addEventListener('online', () => log.push('online'))")
    driver.ask("cdp.session.detach", wire.DetachSession(session=other.name))
    assert page.evaluate("new Promise((done) => setTimeout(() => done([navigator.onLine, log]), 0))") == [
        True,
        ["online"],
    ]


def test_what_a_session_set_ends_with_it(driver: Driver) -> None:
    with Site({"/": "x"}) as site:
        page = driver.new_page("Page")
        other = driver.attach(page.page)
        other.call("Network.setExtraHTTPHeaders", headers={"X-Tool": "1"})
        driver.ask("cdp.session.detach", wire.DetachSession(session=other.name))
        page.goto(site.url("/"))
        assert "x-tool" not in {name.lower() for name, _ in site.requests[-1].headers}


def test_cookies(driver: Driver) -> None:
    with Site({"/dir/x": "x"}) as site:
        page = driver.new_page("Page", "Network", "Runtime")
        page.goto(site.url("/dir/x"))
        host = site.url("/").split("/")[2].split(":")[0]
        cookies = [
            {"name": "a", "value": "1", "url": site.url("/")},
            {"name": "b", "value": "2", "domain": host, "path": "/dir", "httpOnly": True, "expires": 4_000_000_000},
            {"name": "c", "value": "3", "domain": "other.test", "path": "/"},
        ]
        page.call("Network.setCookies", cookies=cookies)
        mine = {cookie["name"]: cookie for cookie in page.call("Network.getCookies")["cookies"]}
        assert set(mine) == {"a", "b"}
        assert mine["a"]["session"] is True
        assert (mine["a"]["expires"], mine["a"]["size"], mine["a"]["priority"]) == (-1, 2, "Medium")
        assert (mine["b"]["httpOnly"], mine["b"]["session"], mine["b"]["path"]) == (True, False, "/dir")
        assert page.evaluate("document.cookie") == "a=1"
        assert len(driver.context_command("Storage.getCookies")["cookies"]) == 3
        page.call("Network.deleteCookies", name="a", url=site.url("/"))
        assert page.evaluate("document.cookie") == ""
        driver.context_command("Storage.setCookies", cookies=[{"name": "d", "value": "4", "url": site.url("/")}])
        assert page.evaluate("document.cookie") == "d=4"
        driver.context_command("Storage.clearCookies")
        assert page.call("Network.getAllCookies")["cookies"] == []
        with pytest.raises(CdpRefusedError, match="neither domain nor url"):
            page.call("Network.setCookie", name="x", value="y")
        with pytest.raises(CdpRefusedError, match="wasn't found"):
            driver.context_command("Storage.nothing")


def test_a_cookie_that_no_response_could_set_is_passed_over(driver: Driver) -> None:
    page = driver.new_page("Network")
    bare = {"name": "none", "value": "1", "domain": "a.test", "path": "/", "sameSite": "None"}
    driver.context_command("Storage.setCookies", cookies=[bare, {**bare, "name": "lax", "sameSite": "Lax"}])
    assert page.call("Network.setCookie", **bare) == {"success": False}
    assert page.call("Network.setCookie", **{**bare, "name": "safe", "secure": True}) == {"success": True}
    named = {one["name"] for one in page.call("Network.getAllCookies")["cookies"]}
    assert named == {"lax", "safe"}


def test_partitioned_cookies(driver: Driver) -> None:
    with Site({"/": "x"}) as site:
        page = driver.new_page("Page", "Network", "Runtime")
        page.goto(site.url("/"))
        top = {"topLevelSite": "http://127.0.0.1", "hasCrossSiteAncestor": False}
        foreign = {"topLevelSite": "https://news.test", "hasCrossSiteAncestor": True}
        for key in (top, foreign):
            page.call("Network.setCookie", name="p", value="1", url=site.url("/"), secure=True, partitionKey=key)
        assert [one["partitionKey"] for one in page.call("Network.getCookies")["cookies"]] == [top]
        assert page.evaluate("document.cookie") == "p=1"
        listed = driver.context_command("Storage.getCookies")["cookies"]
        assert [one["partitionKey"] for one in listed] == [top, foreign]
        page.call("Network.deleteCookies", name="p", url=site.url("/"), partitionKey=top)
        assert [one["partitionKey"] for one in page.call("Network.getAllCookies")["cookies"]] == [foreign]
        with pytest.raises(CdpRefusedError, match="needs secure"):
            page.call("Network.setCookie", name="p", value="1", domain="a.test", partitionKey=top)


def test_storage_areas(driver: Driver) -> None:
    with Site({"/": "x"}) as site:
        page = driver.new_page("Page", "Runtime", "DOMStorage")
        page.goto(site.url("/"))
        page.evaluate("localStorage.a = '1'; localStorage.a = '2'; delete localStorage.a; sessionStorage.b = '3'")
        key = page.call("Storage.getStorageKeyForFrame", frameId=page.page)["storageKey"]
        assert key == site.url("/")
        added = page.wait_event("DOMStorage.domStorageItemAdded", key="a")
        assert (added["newValue"], added["storageId"]["isLocalStorage"]) == ("1", True)
        assert page.wait_event("DOMStorage.domStorageItemUpdated")["oldValue"] == "1"
        page.wait_event("DOMStorage.domStorageItemRemoved", key="a")
        area = {"storageKey": key, "isLocalStorage": True}
        page.call("DOMStorage.setDOMStorageItem", storageId=area, key="from", value="outside")
        assert page.evaluate("localStorage.from") == "outside"
        assert page.call("DOMStorage.getDOMStorageItems", storageId=area)["entries"] == [["from", "outside"]]
        assert page.call("Storage.getUsageAndQuota", origin=site.url("/"))["usage"] == 22
        page.call("Storage.clearDataForOrigin", origin=site.url("/"), storageTypes="all")
        assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_loading_a_resource_as_a_stream(driver: Driver) -> None:
    with Site({"/": "x", "/data": Response(b"0123456789", content_type="application/octet-stream")}) as site:
        page = driver.new_page("Page", "Network")
        page.goto(site.url("/"))
        options = {"disableCache": True, "includeCredentials": True}
        resource = page.call("Network.loadNetworkResource", url=site.url("/data"), options=options)["resource"]
        assert (resource["success"], resource["httpStatusCode"]) == (True, 200)
        pieces = []
        while True:
            piece = page.call("IO.read", handle=resource["stream"], size=4)
            pieces.append(base64.b64decode(piece["data"]))
            if piece["eof"]:
                break
        assert pieces == [b"0123", b"4567", b"89", b""]
        page.call("IO.close", handle=resource["stream"])
        with pytest.raises(CdpRefusedError, match="Invalid stream handle"):
            page.call("IO.read", handle=resource["stream"])


def test_messages_of_an_event_stream(driver: Driver) -> None:
    body = Response([b"event: tick\nid: 4\ndata: a\ndata: b\n\n"], content_type="text/event-stream")
    with Site({"/": "<script>new EventSource('/s')</script>", "/s": body}) as site:
        page = driver.new_page("Page", "Network")
        page.goto(site.url("/"))
        told = page.wait_event("Network.eventSourceMessageReceived")
        asked = page.wait_event("Network.requestWillBeSent", type="EventSource")
    assert told["requestId"] == asked["requestId"]
    assert (told["eventName"], told["eventId"], told["data"]) == ("tick", "4", "a\nb")


def test_a_cookie_set_with_a_past_time_is_deleted(driver: Driver) -> None:
    cookie = {"name": "a", "value": "1", "domain": "127.0.0.1", "path": "/"}
    for expires in (0, 1):
        driver.context_command("Storage.setCookies", cookies=[cookie])
        assert [one["name"] for one in driver.context_command("Storage.getCookies")["cookies"]] == ["a"]
        driver.context_command("Storage.setCookies", cookies=[{**cookie, "expires": expires}])
        assert driver.context_command("Storage.getCookies")["cookies"] == []


def test_the_life_of_a_web_socket(driver: Driver) -> None:
    def handler(connection: ServerConnection) -> None:
        connection.send(str(connection.recv()) + "!")
        connection.send(b"\x00\x01")
        connection.close()

    with serve(handler, "127.0.0.1", 0) as server, Site({"/": "<p>"}) as site:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        page = driver.new_page("Page", "Network")
        page.goto(site.url("/"))
        page.call("Emulation.setUserAgentOverride", userAgent="Robot/7", acceptLanguage="fr-CH")
        url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/"
        code = f"function talk() {{ s = new WebSocket('{url}'); s.onopen = () => s.send('hi') }} talk()"
        page.send("Runtime.evaluate", expression=code)
        closed = page.wait_event("Network.webSocketClosed")
        server.shutdown()
        thread.join()
    number = closed["requestId"]
    names = ("Created", "WillSendHandshakeRequest", "HandshakeResponseReceived", "FrameSent", "FrameReceived")
    created, asked, answered, sent, *received = [
        event for name in names for event in page.events(f"Network.webSocket{name}")
    ]
    assert {one["requestId"] for one in (created, asked, answered, sent, *received)} == {number}
    assert created["url"] == url
    assert asked["request"]["headers"]["Origin"] == site.origin
    assert [asked["request"]["headers"][name] for name in ("User-Agent", "Accept-Language")] == ["Robot/7", "fr-CH"]
    assert answered["response"]["status"] == 101
    assert answered["response"]["headersText"].startswith("HTTP/1.1 101 Switching Protocols\r\n")
    [frame] = created["initiator"]["stack"]["callFrames"][:1]
    assert frame["functionName"] == "talk"
    assert answered["response"]["requestHeaders"] == asked["request"]["headers"]
    assert (sent["response"]["opcode"], sent["response"]["payloadData"]) == (1, "hi")
    assert [(one["response"]["opcode"], one["response"]["payloadData"]) for one in received] == [
        (1, "hi!"),
        (2, base64.b64encode(b"\x00\x01").decode()),
    ]
    assert page.events("Network.webSocketFrameError") == []


def test_a_web_socket_that_fails(driver: Driver) -> None:
    with Site({"/": "<p>"}) as site:
        page = driver.new_page("Page", "Network")
        page.goto(site.url("/"))
        page.send("Runtime.evaluate", expression="new WebSocket('/none'); 0")
        closed = page.wait_event("Network.webSocketClosed")
        [answered] = page.events("Network.webSocketHandshakeResponseReceived")
        [failed] = page.events("Network.webSocketFrameError")
    assert failed["requestId"] == answered["requestId"] == closed["requestId"]
    assert (answered["response"]["status"], "404" in failed["errorMessage"]) == (404, True)


def test_a_web_socket_that_reaches_nobody(driver: Driver) -> None:
    with Site({"/": "<p>"}) as site:
        page = driver.new_page("Page", "Network")
        page.goto(site.url("/"))
        page.send("Runtime.evaluate", expression="new WebSocket('ws://127.0.0.1:1/'); 0")
        page.wait_event("Network.webSocketClosed")
        [failed] = page.events("Network.webSocketFrameError")
    assert failed["errorMessage"] == "Error in connection establishment: net::ERR_UNSAFE_PORT"


def test_the_code_that_made_a_request_is_named(driver: Driver) -> None:
    page_of = {
        "/": "<script src=/a.js></script><link rel=stylesheet href=/s.css>",
        "/a.js": """function ask(way) {
  if (way === 'fetch') return fetch('/data?fetch');
  const xhr = new XMLHttpRequest();
  xhr.open('GET', '/data?' + way, way !== 'sync');
  xhr.send();
}
addEventListener('load', () => { ask('fetch'); ask('xhr'); ask('sync'); document.head.append(
  Object.assign(document.createElement('script'), {src: '/b.js'})); });""",
        "/b.js": "new Worker('/w.js')",
        "/w.js": "fetch('/data?worker')",
        "/s.css": "",
        "/data": "{}",
    }
    with Site(page_of) as site:
        page = driver.new_page("Page", "Runtime", "Network")

        def initiator(path: str) -> Json:
            url = site.url(path)
            event = page.wait_event_of("Network.requestWillBeSent", lambda event: bool(event["request"]["url"] == url))
            return event["initiator"]

        page.goto(site.url("/"))
        for way, line in (("fetch", 1), ("xhr", 4), ("sync", 4)):
            found = initiator(f"/data?{way}")
            assert found["type"] == "script"
            first, second = found["stack"]["callFrames"][:2]
            assert (first["functionName"], first["url"], first["lineNumber"]) == ("ask", site.url("/a.js"), line)
            assert (second["url"], second["lineNumber"]) == (site.url("/a.js"), 6)
        (frame,) = initiator("/b.js")["stack"]["callFrames"]
        assert (frame["url"], frame["lineNumber"]) == (site.url("/a.js"), 6)
        worker = driver.notice("workerOpened")["worker"]
        driver.ask("cdp.worker.go", wire.WorkerRef(page=page.page, worker=worker))
        (frame,) = initiator("/data?worker")["stack"]["callFrames"]
        assert (frame["url"], frame["lineNumber"], frame["columnNumber"]) == (site.url("/w.js"), 0, 0)
        assert initiator("/a.js") == {"type": "parser", "url": site.url("/")}
        assert initiator("/s.css") == {"type": "parser", "url": site.url("/")}
        page.call("Network.disable")
        page.call("Network.enable")
        page.call("Runtime.evaluate", expression="ask('again')")
        assert [one["functionName"] for one in initiator("/data?again")["stack"]["callFrames"]][:1] == ["ask"]
