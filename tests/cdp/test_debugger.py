"""V8's inspector behind Debugger, Profiler and HeapProfiler, in worker processes that have it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from sanderling.app.runtime import Runtime
from sanderling.base.errors import UsageError
from sanderling.cdp import wire
from sanderling.network.network import Network
from tests.cdp.driver import CdpRefusedError, CdpSession, Driver
from tests.support import Site


def _why_not() -> str:
    command = [sys.executable, "-m", "sanderling.server.own_network"]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60).stderr.strip()


WHY_NOT = _why_not()

pytestmark = pytest.mark.skipif(bool(WHY_NOT), reason=f"no network of a worker's own: {WHY_NOT}")

USED = "function used(a) { if (a) { return 1 } else { return 2 } }"
UNUSED = "function unused() { return 3 }"
SCRIPT = f"{USED}\n{UNUSED}\nused(1);"


@pytest.fixture(scope="module")
def runtime() -> Iterator[Runtime]:
    network = Network()
    network.start_thread()
    one = Runtime(network, isolation="process", debugger=True)
    yield one
    one.close_workers()
    network.stop()


@pytest.fixture
def driver(runtime: Runtime) -> Iterator[Driver]:
    one = Driver(runtime)
    yield one
    one.close()
    assert one.undeclared == set(), "events that no domain says it sends"


@pytest.fixture
def page(driver: Driver) -> CdpSession:
    return driver.new_page("Page", "Runtime")


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({"/": "<script src=/a.js></script><p>x", "/a.js": SCRIPT}) as one:
        yield one


def is_ours(url: str) -> bool:
    """Say whether a script is the platform's own."""
    return url.startswith(("sanderling:", "ext:", "<"))


def functions(answer: Any, url: str) -> dict[str, list[tuple[str, int]]]:
    """Give the covered texts with their counts, by functions of the script at `url`."""
    script = next(one for one in answer["result"] if one["url"] == url)
    return {
        one["functionName"]: [
            (SCRIPT[part["startOffset"] : part["endOffset"]], part["count"]) for part in one["ranges"]
        ]
        for one in script["functions"]
    }


def test_coverage_counts_blocks_of_what_a_page_runs_and_nothing_of_the_platform(page: CdpSession, site: Site) -> None:
    page.call("Debugger.enable")
    page.call("Profiler.enable")
    page.call("Profiler.startPreciseCoverage", callCount=True, detailed=True)
    page.goto(site.url("/"))
    page.evaluate("used(1)")
    answer = page.call("Profiler.takePreciseCoverage")
    found = functions(answer, site.url("/a.js"))
    assert found["used"] == [(USED, 2), (" else { return 2 }", 0)]
    assert found["unused"] == [(UNUSED, 0)]
    assert not [one["url"] for one in answer["result"] if is_ours(one["url"])]
    parsed = page.events("Debugger.scriptParsed")
    assert not [one["url"] for one in parsed if is_ours(one["url"])]
    script = next(one for one in parsed if one["url"] == site.url("/a.js"))
    assert page.call("Debugger.getScriptSource", scriptId=script["scriptId"])["scriptSource"] == SCRIPT
    contexts = [one["context"]["id"] for one in page.events("Runtime.executionContextCreated")]
    assert script["executionContextId"] == contexts[-1]
    page.call("Profiler.stopPreciseCoverage")
    page.call("Profiler.disable")


def test_a_breakpoint_by_address_holds_in_later_documents(page: CdpSession, site: Site) -> None:
    page.call("Debugger.enable")
    page.goto(site.url("/"))
    placed = page.call("Debugger.setBreakpointByUrl", lineNumber=0, columnNumber=19, url=site.url("/a.js"))
    first = placed["locations"][0]["scriptId"]
    since = page.mark()
    page.call("Page.reload")
    paused = page.wait_event("Debugger.paused", since=since)
    top = paused["callFrames"][0]
    assert (top["functionName"], top["location"]["lineNumber"]) == ("used", 0)
    assert top["location"]["scriptId"] != first, "scripts of two documents have different ids"
    assert paused["hitBreakpoints"] == [placed["breakpointId"]]
    assert [frame["functionName"] for frame in paused["callFrames"]] == ["used", ""]
    known = page.call("Debugger.evaluateOnCallFrame", callFrameId=top["callFrameId"], expression="({a})")["result"]
    properties = page.call("Runtime.getProperties", objectId=known["objectId"], ownProperties=True)["result"]
    assert ("a", 1) in [(one["name"], one["value"].get("value")) for one in properties]
    doubled = page.call(
        "Runtime.callFunctionOn",
        objectId=known["objectId"],
        functionDeclaration="function() { return this.a * 2 }",
        returnByValue=True,
    )
    assert doubled["result"]["value"] == 2
    page.call("Runtime.releaseObject", objectId=known["objectId"])
    stepped = page.mark()
    page.call("Debugger.stepOver")
    page.wait_event("Debugger.paused", since=stepped)
    page.call("Debugger.removeBreakpoint", breakpointId=placed["breakpointId"])
    page.call("Debugger.resume")
    page.wait_event("Page.loadEventFired", since=stepped)
    assert page.evaluate("used(0)") == 2
    page.call("Debugger.disable")
    assert page.evaluate("(() => { debugger; return 5 })()") == 5


def test_values_of_the_page_are_not_read_as_ids_of_the_protocol(page: CdpSession) -> None:
    page.call("Debugger.enable")
    held = page.send("Runtime.evaluate", expression="debugger; 1")
    frame = page.wait_event("Debugger.paused")["callFrames"][0]["callFrameId"]
    value = {"scriptId": 5, "objectId": 6, "callFrames": [1], "inner": {"objectId": "7.8.9", "scriptId": "10"}}
    for _ in range(2):
        found = page.call(
            "Debugger.evaluateOnCallFrame", callFrameId=frame, expression=f"({value})", returnByValue=True
        )
        assert found["result"]["value"] == value
    page.call("Debugger.resume")
    assert page.answer(held)["result"]["value"] == 1


def test_a_group_of_objects_is_let_go_of_by_v8_too(page: CdpSession) -> None:
    page.call("Debugger.enable")
    page.send("Runtime.evaluate", expression="debugger")
    frame = page.wait_event("Debugger.paused")["callFrames"][0]["callFrameId"]
    found = page.call("Debugger.evaluateOnCallFrame", callFrameId=frame, expression="({})", objectGroup="popover")
    held = {"objectId": found["result"]["objectId"]}
    assert page.call("Runtime.getProperties", **held)["result"]
    page.call("Debugger.resume")
    page.call("Runtime.releaseObjectGroup", objectGroup="popover")
    with pytest.raises(CdpRefusedError, match="Could not find object with given id"):
        page.call("Runtime.getProperties", **held)


def test_what_is_refused_leaves_what_held_before(page: CdpSession, site: Site) -> None:
    page.call("Debugger.enable")
    page.call("Debugger.setPauseOnExceptions", state="all")
    with pytest.raises(CdpRefusedError):
        page.call("Debugger.setPauseOnExceptions", state="sometimes")
    page.goto(site.url("/"))
    thrown = page.send("Runtime.evaluate", expression="null.x")
    assert page.wait_event("Debugger.paused")["reason"] == "exception"
    page.call("Debugger.resume")
    page.answer(thrown)


def test_a_page_that_is_held_can_be_closed(page: CdpSession, driver: Driver) -> None:
    page.call("Debugger.enable")
    page.send("Runtime.evaluate", expression="debugger")
    page.wait_event("Debugger.paused")
    driver.ask("cdp.page.close", wire.PageRef(page=page.page))
    driver.notice("closed", page.page)


def test_a_session_that_ends_lets_the_page_go_on(page: CdpSession, driver: Driver) -> None:
    other = driver.attach(page.page)
    other.call("Debugger.enable")
    held = page.send("Runtime.evaluate", expression="debugger; 7")
    other.wait_event("Debugger.paused")
    driver.ask("cdp.session.detach", wire.DetachSession(session=other.name))
    assert page.answer(held)["result"]["value"] == 7


def test_what_a_page_computes_is_ended_and_the_page_lives_on(page: CdpSession) -> None:
    page.call("Debugger.enable")
    page.evaluate("globalThis.kept = 1")
    since = page.mark()
    endless = page.send("Runtime.evaluate", expression="for (;;);\n//# sourceURL=endless.js")
    page.wait_event("Debugger.scriptParsed", since=since, url="endless.js")
    page.call("Runtime.terminateExecution")
    with pytest.raises(CdpRefusedError, match="Execution was terminated"):
        page.answer(endless)
    assert page.evaluate("kept") == 1


def test_what_computes_is_ended_by_those_only_who_enabled_the_debugger_before(page: CdpSession) -> None:
    with pytest.raises(CdpRefusedError, match=r"needs Debugger\.enable before it"):
        page.call("Runtime.terminateExecution")
    assert page.evaluate("1") == 1


def test_a_pause_that_is_asked_for_comes_with_the_next_code_of_the_page(page: CdpSession) -> None:
    page.call("Debugger.enable")
    page.call("Debugger.pause")
    held = page.send("Runtime.evaluate", expression="1 + 1\n//# sourceURL=next.js")
    top = page.wait_event("Debugger.paused")["callFrames"][0]
    assert top["location"]["scriptId"] == page.wait_event("Debugger.scriptParsed", url="next.js")["scriptId"]
    page.call("Debugger.resume")
    assert page.answer(held)["result"]["value"] == 2


def test_exceptions_hold_the_page(page: CdpSession) -> None:
    page.call("Debugger.enable")
    for state in ("caught", "uncaught"):
        with pytest.raises(CdpRefusedError, match="only 'all' and 'none' work"):
            page.call("Debugger.setPauseOnExceptions", state=state)
    page.call("Debugger.setPauseOnExceptions", state="all")
    thrown = page.send("Runtime.evaluate", expression="null.x")
    assert page.wait_event("Debugger.paused")["reason"] == "exception"
    page.call("Debugger.resume")
    assert "TypeError" in page.answer(thrown)["exceptionDetails"]["exception"]["description"]


def test_profiles_and_the_heap(page: CdpSession) -> None:
    page.call("Profiler.enable")
    page.call("Profiler.start")
    page.evaluate("(function busy() { let x = 0; for (let i = 0; i < 3e6; i++) x += i; return x })()")
    nodes = page.call("Profiler.stop")["profile"]["nodes"]
    assert "busy" in {one["callFrame"]["functionName"] for one in nodes}
    page.evaluate("globalThis.leaked = new (class LeakedThing { text = 'a' })()")
    page.call("HeapProfiler.enable")
    page.call("HeapProfiler.collectGarbage")
    page.call("HeapProfiler.takeHeapSnapshot", reportProgress=False)
    text = "".join(one["chunk"] for one in page.events("HeapProfiler.addHeapSnapshotChunk"))
    assert text.startswith('{"snapshot":')
    assert '"LeakedThing"' in text


def test_threads_have_none_of_it() -> None:
    with pytest.raises(UsageError, match="only workers in processes can be debugged"):
        Runtime(Network(), isolation="thread", debugger=True)


def test_the_console_is_the_page_s_own(page: CdpSession) -> None:
    page.evaluate("console.log('told', {a: 1})")
    assert page.wait_event("Runtime.consoleAPICalled")["args"][0]["value"] == "told"
    assert "native code" in page.evaluate("String(console.log)")
