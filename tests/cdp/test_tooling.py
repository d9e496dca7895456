"""Debugger, Profiler, Tracing and their like: what clients start with is answered, what needs the engine is refused at once."""

from __future__ import annotations

import pytest

from sanderling.cdp.dispatch import Domain
from sanderling.cdp.domains import debugger
from tests.cdp.driver import CdpRefusedError, CdpSession, Driver


@pytest.fixture
def page(driver: Driver) -> CdpSession:
    return driver.new_page("Page", "Runtime")


def test_the_debugger_starts_and_pauses_nothing(page: CdpSession) -> None:
    first = page.call("Debugger.enable")["debuggerId"]
    assert first == page.call("Debugger.enable")["debuggerId"]
    assert first.count(".") == 1
    page.call("Debugger.setSkipAllPauses", skip=True)
    page.call("Debugger.setAsyncCallStackDepth", maxDepth=8)
    page.call("Debugger.setPauseOnExceptions", state="none")
    assert page.evaluate("(() => { debugger; return 1 })()") == 1
    page.call("Debugger.disable")


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("Debugger.setBreakpointByUrl", {"lineNumber": 0, "url": "x"}),
        ("Debugger.setPauseOnExceptions", {"state": "all"}),
        ("Debugger.pause", {}),
        ("Profiler.start", {}),
        ("Profiler.startPreciseCoverage", {"callCount": True, "detailed": True}),
        ("HeapProfiler.collectGarbage", {}),
        ("HeapProfiler.takeHeapSnapshot", {}),
        ("Memory.startSampling", {}),
        ("Page.setFontSizes", {"fontSizes": {"standard": 20}}),
    ],
)
def test_what_needs_the_engine_says_so(page: CdpSession, method: str, params: dict[str, object]) -> None:
    with pytest.raises(CdpRefusedError, match=f"{method}.* is not supported by Sanderling"):
        page.call(method, **params)


def test_what_was_not_started_does_not_end(page: CdpSession) -> None:
    with pytest.raises(CdpRefusedError, match="Tracing is not started"):
        page.call("Tracing.end")
    with pytest.raises(CdpRefusedError, match="while paused"):
        page.call("Debugger.resume")
    assert "devtools.timeline" in page.call("Tracing.getCategories")["categories"]


def test_profilers_are_switched(page: CdpSession) -> None:
    for domain in ("Profiler", "HeapProfiler"):
        page.call(f"{domain}.enable")
        page.call(f"{domain}.disable")


def test_nodes_and_listeners_are_counted(page: CdpSession) -> None:
    before = page.call("Memory.getDOMCounters")
    page.evaluate(
        "document.body.append('text', document.createElement('p')); document.body.onclick = () => 1;"
        " addEventListener('resize', () => 1); addEventListener('resize', () => 2)"
    )
    after = page.call("Memory.getDOMCounters")
    assert after["documents"] == before["documents"] == 1
    assert after["nodes"] - before["nodes"] == 2
    assert after["jsEventListeners"] - before["jsEventListeners"] == 3
    page.call("Performance.enable")
    metrics = {one["name"]: one["value"] for one in page.call("Performance.getMetrics")["metrics"]}
    assert metrics["JSEventListeners"] == after["jsEventListeners"]
    assert metrics["ProcessTime"] > 0


def test_fonts_that_are_so_anyway(page: CdpSession) -> None:
    page.call("Page.setFontFamilies", fontFamilies={"standard": "Times New Roman", "fixed": "Courier New"})
    page.call("Page.setFontSizes", fontSizes={"standard": 16, "fixed": 13})
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "16px"


@pytest.mark.parametrize("domain", debugger.DOMAINS, ids=lambda domain: domain.name)
def test_what_needs_the_inspector_names_the_option_that_gives_one(page: CdpSession, domain: Domain) -> None:
    names = [name for name in sorted(domain.with_debugger) if name in domain.methods]
    assert names
    for name in names:
        with pytest.raises(
            CdpRefusedError, match=f"{name} is not supported by Sanderling.*sanderling serve --debugger"
        ):
            page.call(name)
