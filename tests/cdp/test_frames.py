"""Frames of every origin, and popups, as clients see them."""

from __future__ import annotations

from typing import Any

import pytest

from sanderling.cdp import wire
from sanderling.testing.server import Response
from sanderling.testing.servers import refusing_port
from tests.cdp.driver import CdpRefusedError, CdpSession, Driver
from tests.support import Site


def context_of(page: CdpSession, frame: str) -> int:
    """Give the main world that a frame's newest document has."""
    contexts = [event["context"] for event in page.events("Runtime.executionContextCreated")]
    number = next(
        one["id"] for one in reversed(contexts) if one["auxData"]["frameId"] == frame and one["auxData"]["isDefault"]
    )
    assert isinstance(number, int)
    return number


def test_a_frame_of_the_same_origin(driver: Driver) -> None:
    with Site({"/": "<iframe name=kid src=/child></iframe>", "/child": "<p>in"}) as site:
        page = driver.new_page("Page", "Runtime")
        page.goto(site.url("/"))
        child = page.events("Page.frameAttached")[0]
        assert child["parentFrameId"] == page.page
        frame = page.call("Page.getFrameTree")["frameTree"]["childFrames"][0]["frame"]
        assert (frame["id"], frame["url"], frame["name"]) == (child["frameId"], site.url("/child"), "kid")
        lifecycle = [one for one in page.events("Page.lifecycleEvent") if one["frameId"] == frame["id"]]
        assert [one["name"] for one in lifecycle][:4] == ["init", "commit", "DOMContentLoaded", "load"]
        assert {one["loaderId"] for one in lifecycle} == {frame["loaderId"]}
        where = context_of(page, frame["id"])
        assert page.evaluate("[document.body.textContent, parent === top, this === window]", contextId=where) == [
            "in",
            True,
            True,
        ]
        page.evaluate("document.querySelector('iframe').remove()")
        assert page.wait_event("Page.frameDetached", frameId=frame["id"])["reason"] == "remove"


def test_a_frame_of_another_origin(driver: Driver) -> None:
    with Site({"/in": "<p>far</p><script>x = 1</script>"}) as other:
        far = other.url("/in").replace("127.0.0.1", "localhost")
        with Site({"/": f"<iframe src='{far}'></iframe>", "/near": "near"}) as site:
            page = driver.new_page("Page", "Runtime")
            page.call("Page.addScriptToEvaluateOnNewDocument", source="window.initial = location.href")
            page.goto(site.url("/"))
            frame = page.call("Page.getFrameTree")["frameTree"]["childFrames"][0]["frame"]
            assert (frame["url"], frame["parentId"]) == (far, page.page)
            where = context_of(page, frame["id"])
            assert page.evaluate("[document.body.textContent.trim(), initial === location.href]", contextId=where) == [
                "farx = 1",
                True,
            ]
            world = page.call("Page.createIsolatedWorld", frameId=frame["id"], worldName="w")["executionContextId"]
            assert page.evaluate("[typeof window.x, document.URL]", contextId=world) == ["undefined", far]
            # It comes back: its contexts are those of the page's isolate again.
            since = page.mark()
            page.evaluate("document.querySelector('iframe').src = '/near'")
            page.wait_event("Page.lifecycleEvent", since=since, name="load", frameId=frame["id"])
            page.wait_event("Runtime.executionContextDestroyed", since=since, executionContextId=where)
            assert page.evaluate("document.body.textContent", contextId=context_of(page, frame["id"])) == "near"


def test_a_popup_waits_and_knows_its_opener(driver: Driver) -> None:
    with Site({"/": "x", "/popup": "<script>opener.postMessage('hi', '*')</script>"}) as site:
        page = driver.new_page("Page", "Runtime")
        page.goto(site.url("/"))
        page.evaluate(
            "addEventListener('message', (e) => (window.got = e.data)); void (window.w = open('/popup', 'n'))"
        )
        notice = driver.notice("opened")
        assert (notice["opener"], notice["opener_frame"], notice["name"], notice["can_access_opener"]) == (
            page.page,
            page.page,
            "n",
            True,
        )
        assert "/popup" not in site.paths
        popup = driver.attach(notice["page"])
        popup.call("Page.enable")
        driver.ask("cdp.page.go", wire.PageRef(page=notice["page"]))
        popup.wait_event("Page.frameNavigated")
        assert page.evaluate("new Promise((done) => setInterval(() => window.got && done(got), 5))") == "hi"
        assert page.evaluate("w.location.pathname") == "/popup"
        page.evaluate("w.close()")
        driver.notice("closed", notice["page"])


@pytest.mark.parametrize(
    "gesture", [{"modifiers": 2}, {"modifiers": 8}, {"button": "middle"}], ids=["control", "shift", "middle"]
)
def test_a_link_followed_into_a_window_apart_has_no_opener(driver: Driver, gesture: dict[str, Any]) -> None:
    with Site({"/": "<a href=/apart target=_self><b>link</b></a>", "/apart": "apart"}) as site:
        page = driver.new_page("Page", "Runtime")
        page.goto(site.url("/"))
        box = page.evaluate("(({x, y}) => [x + 1, y + 1])(document.querySelector('b').getBoundingClientRect())")
        for kind in ("mousePressed", "mouseReleased"):
            where = {"type": kind, "x": box[0], "y": box[1], "button": "left", "clickCount": 1}
            page.call("Input.dispatchMouseEvent", **{**where, **gesture})
        notice = driver.notice("opened")
        assert (notice["opener"], notice["opener_frame"], notice["can_access_opener"]) == ("", "", False)
        apart = driver.attach(notice["page"])
        apart.call("Page.enable")
        apart.call("Runtime.enable")
        driver.ask("cdp.page.go", wire.PageRef(page=notice["page"]))
        apart.wait_event("Page.loadEventFired")
        assert apart.evaluate("[location.pathname, document.body.textContent, opener]") == ["/apart", "apart", None]
        assert page.evaluate("location.pathname") == "/"


@pytest.mark.parametrize("origin", ["near", "far"])
def test_a_child_frame_navigates_with_a_loader_of_its_own(driver: Driver, origin: str) -> None:
    pages = {"/": "<iframe src=/one></iframe>", "/one": "<p>one", "/two": "<p>two"}
    with Site(pages) as site, Site({"/two": "<p>two"}) as far:
        page = driver.new_page("Page", "Network")
        page.goto(site.url("/"))
        frame = page.call("Page.getFrameTree")["frameTree"]["childFrames"][0]["frame"]["id"]
        url = (site if origin == "near" else far).url("/two")
        since = page.mark()
        answer = page.call("Page.navigate", url=url, frameId=frame)
        page.wait_event("Page.frameStoppedLoading", since=since, frameId=frame)
        navigated = next(event["frame"] for event in page.events("Page.frameNavigated") if event["frame"]["url"] == url)
        sent = next(event for event in page.events("Network.requestWillBeSent") if event["request"]["url"] == url)
        started = next(event for event in page.events("Page.frameStartedNavigating") if event["url"] == url)
        assert answer["frameId"] == frame
        assert {navigated["loaderId"], sent["loaderId"], sent["requestId"], started["loaderId"]} == {answer["loaderId"]}
        names = page.methods(since)
        answered = next(name for name in names if name.startswith("#"))
        order = ["Page.frameStartedNavigating", "Network.responseReceived", answered, "Page.frameNavigated"]
        assert sorted(order, key=names.index) == order


def test_a_child_frame_tells_of_a_navigation_that_fails(driver: Driver) -> None:
    with Site({"/": "<iframe src=/one></iframe>", "/one": "<p>one"}) as site:
        page = driver.new_page("Page", "Network")
        page.goto(site.url("/"))
        frame = page.call("Page.getFrameTree")["frameTree"]["childFrames"][0]["frame"]["id"]
        with refusing_port() as port:
            answer = page.call("Page.navigate", url=f"http://127.0.0.1:{port}/", frameId=frame)
        assert answer["errorText"] == "net::ERR_CONNECTION_REFUSED"
        answer = page.call("Page.navigate", url=site.url("/one#part"), frameId=frame)
        assert "errorText" not in answer


def test_a_fragment_of_a_child_frame_needs_no_loader(driver: Driver) -> None:
    with Site({"/": "<iframe src=/one></iframe>", "/one": "<p>one"}) as site:
        page = driver.new_page("Page")
        page.goto(site.url("/"))
        frame = page.call("Page.getFrameTree")["frameTree"]["childFrames"][0]["frame"]["id"]
        answer = page.call("Page.navigate", url=site.url("/one#part"), frameId=frame)
        assert "loaderId" not in answer


def test_the_initial_document_of_a_frame_has_worlds_once_code_reaches_it(driver: Driver) -> None:
    with Site({"/": "<p>here"}) as site:
        page = driver.new_page("Page", "Runtime")
        page.call("Page.addScriptToEvaluateOnNewDocument", source="", worldName="util")
        page.goto(site.url("/"))
        page.evaluate("document.body.innerHTML = '<iframe src=\"javascript:window.ran = 1\"></iframe>'")
        frame = page.wait_event("Page.frameAttached")["frameId"]

        def created(name: str) -> Any:
            return page.wait_event_of(
                "Runtime.executionContextCreated",
                lambda event: (event["context"]["auxData"]["frameId"], event["context"]["name"]) == (frame, name),
            )

        contexts = [created(name) for name in ("", "util")]
        main = contexts[0]["context"]["id"]
        assert page.evaluate("[location.href, ran, parent === top]", contextId=main) == ["about:blank", 1, True]
        page.evaluate(
            "document.body.innerHTML = '<iframe src=\"/never\"></iframe>', document.querySelector('iframe').contentDocument.URL"
        )
        second = page.events("Page.frameAttached")[-1]["frameId"]
        made = [one["context"] for one in page.events("Runtime.executionContextCreated")]
        assert [one["name"] for one in made if one["auxData"]["frameId"] == second][:2] == ["", "util"]


@pytest.mark.parametrize("where", ["127.0.0.1", "localhost"])
def test_a_frame_that_cannot_be_loaded_shows_an_error_document(driver: Driver, where: str) -> None:
    with Site({"/": "<iframe></iframe>"}) as site, refusing_port() as port:
        page = driver.new_page("Page", "Runtime", "Network")
        page.goto(site.url("/"))
        frame = page.events("Page.frameAttached")[0]["frameId"]
        address = f"http://{where}:{port}/gone"
        page.evaluate(f"frames[0].location = '{address}'")
        shown = page.wait_event_of(
            "Page.frameNavigated", lambda event: event["frame"]["url"] == "chrome-error://chromewebdata/"
        )["frame"]
        assert (shown["id"], shown["unreachableUrl"], shown["securityOrigin"]) == (frame, address, "://")
        failed = page.events("Network.loadingFailed")[-1]
        assert (failed["errorText"], failed["requestId"]) == ("net::ERR_CONNECTION_REFUSED", shown["loaderId"])
        page.wait_event("Page.lifecycleEvent", frameId=frame, loaderId=shown["loaderId"], name="load")
        assert page.evaluate("location.href", contextId=context_of(page, frame)) == "chrome-error://chromewebdata/"
        assert page.evaluate("document.querySelector('iframe').contentDocument") is None
        mark = page.mark()
        page.evaluate("document.querySelector('iframe').src = '/'")
        page.wait_event("Page.frameNavigated", since=mark)
        assert page.evaluate("document.querySelector('iframe').contentDocument !== null")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ("DENY", "it set 'X-Frame-Options' to 'deny'."),
        (
            "DENY, SAMEORIGIN",
            "it set multiple 'X-Frame-Options' headers with conflicting values ('DENY, SAMEORIGIN'). Falling back to 'deny'.",
        ),
    ],
)
def test_the_log_says_that_a_document_forbids_to_be_framed(driver: Driver, values: str, words: str) -> None:
    with Site(
        {"/": "<iframe src=/in></iframe>", "/in": Response(b"no", headers=(("x-frame-options", values),))}
    ) as site:
        page = driver.new_page("Page", "Log")
        page.goto(site.url("/"))
        entry = page.wait_event_of("Log.entryAdded", lambda event: event["entry"]["source"] == "other")["entry"]
        assert entry["text"] == f"Refused to display '{site.url('/')}' in a frame because {words}"
        assert (entry["level"], entry["url"]) == ("error", "chrome-error://chromewebdata/")


def test_an_empty_fragment_is_kept(driver: Driver) -> None:
    with Site({"/": "here"}) as site:
        page = driver.new_page("Page", "Runtime")
        page.goto(site.url("/#"))
        mark = page.mark()
        page.call("Page.reload")
        assert page.wait_event("Page.frameNavigated", since=mark)["frame"]["urlFragment"] == "#"
        assert page.evaluate("location.href") == site.url("/#")


def test_nodes_of_all_isolates_have_different_numbers_in_deep_values(driver: Driver) -> None:
    with Site({"/in": "<p id=far>far"}) as other:
        far = other.url("/in").replace("127.0.0.1", "localhost")
        with Site({"/": f"<p id=near>near<iframe src='{far}'></iframe>"}) as site:
            page = driver.new_page("Page", "Runtime")
            page.goto(site.url("/"))
            frame = page.call("Page.getFrameTree")["frameTree"]["childFrames"][0]["frame"]["id"]
            options = {"serializationOptions": {"serialization": "deep"}, "expression": "document.querySelector('p')"}
            seen = {}
            for where in (context_of(page, page.page), context_of(page, frame)):
                deep = page.call("Runtime.evaluate", contextId=where, **options)["result"]["deepSerializedValue"]
                number = deep["value"]["backendNodeId"]
                handle = page.call("DOM.resolveNode", backendNodeId=number)["object"]
                seen[number] = handle["description"]
    assert list(seen.values()) == ["p#near", "p#far"]


def test_a_frame_without_a_name_is_called_by_its_id(driver: Driver) -> None:
    with Site({"/": "<iframe id=a src=/in></iframe><iframe id=b name=c src=/in></iframe>", "/in": "in"}) as site:
        page = driver.new_page("Page", "Runtime")
        page.goto(site.url("/"))
        names = [one["frame"].get("name") for one in page.call("Page.getFrameTree")["frameTree"]["childFrames"]]
        assert names == ["a", "c"]
        assert page.evaluate("[frames[0].name, frames[1].name]") == ["", "c"]


def test_a_node_of_another_isolate_is_not_resolved(driver: Driver) -> None:
    with Site({"/in": "<p>far"}) as other:
        far = other.url("/in").replace("127.0.0.1", "localhost")
        with Site({"/": f"<iframe src='{far}'></iframe>"}) as site:
            page = driver.new_page("Page", "Runtime", "DOM")
            page.goto(site.url("/"))
            frame = page.events("Page.frameAttached")[0]["frameId"]
            where = context_of(page, frame)
            body = page.call("Runtime.evaluate", expression="document.body", contextId=where)["result"]["objectId"]
            backend = page.call("DOM.describeNode", objectId=body)["node"]["backendNodeId"]
            with pytest.raises(CdpRefusedError, match="Node with given id does not belong to the document"):
                page.call("DOM.resolveNode", backendNodeId=backend, executionContextId=context_of(page, page.page))
            assert page.call("DOM.resolveNode", backendNodeId=backend, executionContextId=where)["object"]["className"]
