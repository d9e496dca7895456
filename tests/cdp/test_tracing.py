"""Tracing: what happens to a page, in Chromium's format."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from sanderling.cdp import tracing, wire
from tests.cdp.driver import CdpRefusedError, CdpSession, Driver
from tests.support import Site

PUPPETEER = ("blink.user_timing", "devtools.timeline", "disabled-by-default-devtools.timeline")


@pytest.fixture
def page(driver: Driver) -> CdpSession:
    return driver.new_page("Page")


def names(trace: list[dict[str, Any]], frame: str) -> list[str]:
    """Give the names of the events of a frame."""
    return [
        one["name"] for one in trace if frame in (one["args"].get("frame"), one["args"].get("data", {}).get("frame"))
    ]


def test_a_navigation_is_traced_and_read_as_a_stream(page: CdpSession) -> None:
    with Site({"/": "<script src=/a.js></script><img src=/none.png>", "/a.js": "1"}) as site:
        config = {"includedCategories": PUPPETEER, "excludedCategories": ("*",)}
        page.call("Tracing.start", transferMode="ReturnAsStream", streamCompression="gzip", traceConfig=config)
        with pytest.raises(CdpRefusedError, match="already been started"):
            page.call("Tracing.start")
        page.goto(site.url("/"))
        assert page.events("Network.requestWillBeSent") == [], "the session itself did not ask for them"
        page.call("Tracing.end")
        complete = page.wait_event("Tracing.tracingComplete", dataLossOccurred=False)
        piece = page.call("IO.read", handle=complete["stream"])
        trace = json.loads(gzip.decompress(base64.b64decode(piece["data"])))["traceEvents"]
        times = [one["ts"] for one in trace]
        assert times == sorted(times)
        told = names(trace, page.page)
        order = [
            "navigationStart",
            "ResourceSendRequest",
            "ResourceReceiveResponse",
            "CommitLoad",
            "MarkDOMContent",
            "MarkLoad",
        ]
        assert [name for name in dict.fromkeys(told) if name in order] == order
        sent = {
            one["args"]["data"]["url"]: one["args"]["data"]["requestId"]
            for one in trace
            if one["name"] == "ResourceSendRequest"
        }
        assert {site.url("/"), site.url("/a.js")} <= sent.keys()
        received = [one["args"]["data"] for one in trace if one["name"] == "ResourceReceiveResponse"]
        assert {one["requestId"]: one["statusCode"] for one in received}[sent[site.url("/a.js")]] == 200
        started = next(one for one in trace if one["name"] == "TracingStartedInBrowser")
        assert started["args"]["data"]["frames"][0]["frame"] == page.page
        with pytest.raises(CdpRefusedError, match="Tracing is not started"):
            page.call("Tracing.end")


def test_categories_choose_and_events_come_in_pieces(page: CdpSession) -> None:
    page.call("Tracing.start", traceConfig={"includedCategories": ("blink.user_timing",)})
    page.goto("data:text/html,<p>x")
    page.call("Tracing.end")
    page.wait_event("Tracing.tracingComplete")
    trace = [event for one in page.events("Tracing.dataCollected") for event in one["value"]]
    assert {one["cat"] for one in trace} == {"__metadata", "blink.user_timing"}
    with pytest.raises(CdpRefusedError, match="format 'proto'"):
        page.call("Tracing.start", streamFormat="proto")


def test_a_trace_ends_with_its_session(driver: Driver, page: CdpSession) -> None:
    other = driver.attach(page.page)
    other.call("Tracing.start")
    driver.ask("cdp.session.detach", wire.DetachSession(session=other.name))
    page.goto("data:text/html,<p>x")
    page.call("Tracing.start", transferMode="ReportEvents")
    page.call("Tracing.end")
    page.wait_event("Tracing.tracingComplete")


def test_a_trace_does_not_grow_without_end(page: CdpSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracing, "MAX_ADDRESSES", 10_000)
    page.call("Tracing.start", transferMode="ReportEvents")
    long = "data:text/html,<p>" + "x" * 5000
    for _ in range(2):
        page.goto(long)
    page.call("Tracing.end")
    page.wait_event("Tracing.tracingComplete", dataLossOccurred=True)
    trace = [event for one in page.events("Tracing.dataCollected") for event in one["value"]]
    told = [one["args"].get("data", {}) for one in trace]
    kept = sum(len(data.get("url", data.get("documentLoaderURL", ""))) for data in told)
    assert 5000 <= kept <= 10_000
