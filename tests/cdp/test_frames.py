"""Frames of every origin, and popups, as clients see them."""

from __future__ import annotations

from sanderling.cdp import wire
from tests.cdp.driver import CdpSession, Driver
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
