"""Web workers as targets: attached by the auto-attach of a page's session, waiting, and gone when they end."""

from __future__ import annotations

import pytest

from sanderling.server.browsers import Browsers
from sanderling.server.links import RefusedError
from tests.server.hub_driver import HubLink, RefusedAnswerError, on_network
from tests.support import Site

SCRIPT = (
    "data:text/javascript,"
    "console.log('hello', 1); globalThis.value = 42; onmessage = (e) => { throw new Error(e.data) }"
)


async def page_with_auto_attach(link: HubLink, *, wait: bool = True) -> str:
    """Open a page and give its session, which attaches itself to workers."""
    target = (await link.call("Target.createTarget", url="about:blank"))["targetId"]
    session = await link.attach(target)
    await link.call("Runtime.enable", session)
    await link.call("Target.setAutoAttach", session, autoAttach=True, waitForDebuggerOnStart=wait, flatten=True)
    return session


def test_a_worker_waits_runs_and_ends() -> None:
    async def test(browsers: Browsers) -> None:
        link = HubLink(browsers)
        page = await page_with_auto_attach(link)
        await link.call("Runtime.evaluate", page, expression=f"w = new Worker({SCRIPT!r}, {{name: 'eve'}}); 1")
        attached = await link.event("Target.attachedToTarget", waitingForDebugger=True)
        info, worker = attached["targetInfo"], attached["sessionId"]
        assert (info["type"], info["url"], info["title"], info["attached"]) == ("worker", SCRIPT, "eve", True)
        assert "parentFrameId" in info
        assert "browserContextId" in info
        parent = next(
            m for m in link.messages if m.get("method") == "Target.attachedToTarget" and m["params"] == attached
        )
        assert parent["sessionId"] == page
        await link.call("Network.enable", page)
        await link.call("Runtime.enable", worker)
        await link.call("Network.enable", worker)
        await link.call("Network.setCacheDisabled", worker, cacheDisabled=True)
        assert not [m for m in link.messages if m.get("sessionId") == worker and m.get("method")]
        await link.call("Runtime.runIfWaitingForDebugger", worker)
        await link.event("Inspector.workerScriptLoaded")
        mine = [m for m in link.messages if m.get("sessionId") == worker and m.get("method")]
        assert [m["method"] for m in mine] == [
            "Runtime.executionContextCreated",
            "Runtime.consoleAPICalled",
            "Inspector.workerScriptLoaded",
        ]
        context = mine[0]["params"]["context"]
        assert "auxData" not in context
        assert [arg["value"] for arg in mine[1]["params"]["args"]] == ["hello", 1]
        request = await link.event("Network.requestWillBeSent", requestId=info["targetId"])
        assert (request["loaderId"], request["request"]["url"]) == ("", SCRIPT)
        result = await link.call(
            "Runtime.evaluate",
            worker,
            expression="Promise.resolve([value, typeof window])",
            awaitPromise=True,
            returnByValue=True,
        )
        assert result["result"]["value"] == [42, "undefined"]
        called = await link.call(
            "Runtime.callFunctionOn",
            worker,
            functionDeclaration="function(x) { return self.constructor.name + x }",
            executionContextId=context["id"],
            arguments=[{"value": "!"}],
        )
        assert called["result"]["value"] == "DedicatedWorkerGlobalScope!"
        await link.call(
            "Runtime.evaluate", page, expression="w.onerror = (e) => e.preventDefault(); w.postMessage('oops')"
        )
        thrown = await link.event("Runtime.exceptionThrown")
        assert "oops" in thrown["exceptionDetails"]["exception"]["description"]
        pending = link.post("Runtime.evaluate", worker, expression="new Promise(() => 0)", awaitPromise=True)
        await link.call("Runtime.evaluate", page, expression="w.terminate()")
        gone = await link.event("Target.detachedFromTarget")
        assert gone == {"sessionId": worker, "targetId": info["targetId"]}
        with pytest.raises(RefusedAnswerError, match="Inspected target navigated or closed"):
            await link.answer(pending)

    on_network(test)


def test_those_that_run_already_are_attached_too_and_go_with_their_document() -> None:
    async def test(browsers: Browsers) -> None:
        link = HubLink(browsers)
        target = (await link.call("Target.createTarget", url="about:blank"))["targetId"]
        page = await link.attach(target)
        await link.call(
            "Runtime.evaluate",
            page,
            expression="new Promise((done) => { new Worker('data:text/javascript,postMessage(1)').onmessage = done })",
            awaitPromise=True,
        )
        await link.call("Target.setAutoAttach", page, autoAttach=True, waitForDebuggerOnStart=True, flatten=True)
        (attached,) = link.events("Target.attachedToTarget")[-1:]
        assert (attached["targetInfo"]["type"], attached["waitingForDebugger"]) == ("worker", False)
        await link.call("Runtime.enable", attached["sessionId"])
        await link.event("Inspector.workerScriptLoaded")
        await link.call("Page.navigate", page, url="data:text/html,next")
        gone = await link.event("Target.detachedFromTarget")
        assert gone["sessionId"] == attached["sessionId"]

    on_network(test)


def test_workers_know_whether_they_are_online() -> None:
    async def test(browsers: Browsers) -> None:
        link = HubLink(browsers)
        page = await page_with_auto_attach(link, wait=False)
        script = "data:text/javascript,ononline=onoffline=(e)=>postMessage([e.type,navigator.onLine]);postMessage(navigator.onLine)"
        made = f"w = new Worker('{script}'); new Promise((done) => {{ w.onmessage = (e) => done(e.data) }})"
        flags = {"awaitPromise": True, "returnByValue": True}
        first = await link.call("Runtime.evaluate", page, expression=made, **flags)
        assert first["result"]["value"] is True
        heard = "heard = new Promise((done) => { w.onmessage = (e) => done(e.data) }); 0"
        await link.call("Runtime.evaluate", page, expression=heard)
        state = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        await link.call("Network.emulateNetworkConditions", page, **state)
        told = await link.call("Runtime.evaluate", page, expression="heard", **flags)
        assert told["result"]["value"] == ["offline", False]
        later = await link.call("Runtime.evaluate", page, expression=made, **flags)
        assert later["result"]["value"] is False

    on_network(test)


def test_nested_workers_are_attached_on_the_worker() -> None:
    async def test(browsers: Browsers) -> None:
        link = HubLink(browsers)
        page = await page_with_auto_attach(link)
        script = "data:text/javascript," + "inner = new Worker('data:text/javascript,1')"
        await link.call("Runtime.evaluate", page, expression=f'w = new Worker("{script}"); 1')
        outer = (await link.event("Target.attachedToTarget", waitingForDebugger=True))["sessionId"]
        await link.call("Target.setAutoAttach", outer, autoAttach=True, waitForDebuggerOnStart=False, flatten=True)
        await link.call("Runtime.runIfWaitingForDebugger", outer)
        await link.event("Target.attachedToTarget", waitingForDebugger=False)

        def nested() -> bool | None:
            return (
                any(m.get("method") == "Target.attachedToTarget" and m.get("sessionId") == outer for m in link.messages)
                or None
            )

        await link.wait(nested, "the inner worker")

    on_network(test)


def test_workers_are_listed_behind_the_pages_with_sockets_of_their_own() -> None:
    async def test(browsers: Browsers) -> None:
        link = HubLink(browsers)
        target = (await link.call("Target.createTarget", url="about:blank"))["targetId"]
        page = await link.attach(target)
        await link.call("Page.enable", page)
        await link.call("Page.navigate", page, url=site.url("/"))
        await link.event("Page.loadEventFired")
        await link.call("Target.setDiscoverTargets", discover=True)
        await link.call("Runtime.evaluate", page, expression=f"w = new Worker({SCRIPT!r}, {{name: 'eve'}}); 1")
        await link.call("Runtime.evaluate", page, expression=f"s = new SharedWorker({SCRIPT!r}, {{name: 'sam'}}); 1")

        def both() -> list[tuple[str, str, str, str]] | None:
            found = [(one.type, one.title, one.url, one.parent_id) for one in browsers.targets()[-2:]]
            return found if {one[0] for one in found} == {"worker", "shared_worker"} else None

        listed = await link.wait(both, "the workers")
        assert sorted(listed) == [("shared_worker", "sam", SCRIPT, ""), ("worker", "eve", SCRIPT, target)]
        ids = {one.type: one.id for one in browsers.targets()}
        for kind in ("worker", "shared_worker"):
            straight = HubLink(browsers, f"/devtools/page/{ids[kind]}")
            assert (await straight.call("Runtime.evaluate", expression="value"))["result"]["value"] == 42
            assert (await straight.call("Target.getTargetInfo"))["targetInfo"]["targetId"] == ids[kind]
            with pytest.raises(RefusedAnswerError, match="wasn't found"):
                await straight.call("Page.enable")
            with pytest.raises(RefusedError, match="Could not activate"):
                browsers.activate_target(ids[kind])
            straight.handler.gone()
        with pytest.raises(RefusedError, match="Could not close"):
            await browsers.close_target(ids["worker"])
        await browsers.close_target(ids["shared_worker"])
        await link.event("Target.targetDestroyed", targetId=ids["shared_worker"])
        assert ids["shared_worker"] not in [one.id for one in browsers.targets()]
        await link.call("Runtime.evaluate", page, expression="w.terminate()")
        await link.event("Target.targetDestroyed", targetId=ids["worker"])
        with pytest.raises(RefusedError, match="No such target id"):
            HubLink(browsers, f"/devtools/page/{ids['worker']}")

    with Site({"/": "<title>With workers</title>"}) as site:
        on_network(test)
