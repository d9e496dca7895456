"""Shared web workers as targets: of the browser, not of a page, listed, discovered and attached."""

from __future__ import annotations

import pytest

from sanderling.server.browsers import Browsers
from sanderling.testing.server import HttpServer, Request, Response
from tests.server.hub_driver import HubLink, RefusedAnswerError, on_network

SCRIPT = """
console.log('hello');
const inner = new Worker('data:text/javascript,onmessage = () => postMessage(1)');
onconnect = (e) => { inner.onmessage = () => e.ports[0].postMessage(name); inner.postMessage(1); };
"""
CONNECT = "new Promise((done) => { globalThis.w = new SharedWorker('/shared.js', 'eve'); w.port.onmessage = (e) => done(e.data) })"


def answer(request: Request) -> Response:
    """Give the page and its worker's script."""
    if request.path == "/shared.js":
        return Response(SCRIPT.encode(), content_type="text/javascript")
    return Response(b"<title>owner</title>")


async def page_on(link: HubLink, url: str) -> tuple[str, str]:
    """Open a page and give its target and session."""
    target = (await link.call("Target.createTarget", url="about:blank"))["targetId"]
    session = await link.attach(target)
    await link.call("Page.enable", session)
    await link.call("Page.navigate", session, url=url)
    await link.event("Page.loadEventFired")
    return target, session


async def connect(link: HubLink, session: str) -> object:
    """Connect a page to the worker; gives what it says."""
    result = await link.call("Runtime.evaluate", session, expression=CONNECT, awaitPromise=True, returnByValue=True)
    return result["result"]["value"]


def test_the_browser_s_auto_attach_holds_and_sees_it() -> None:
    with HttpServer(answer) as server:

        async def test(browsers: Browsers) -> None:
            link = HubLink(browsers)
            url = server.url + "/shared.js"
            await link.call("Target.setDiscoverTargets", discover=True)
            target, page = await page_on(link, server.url)
            await link.call(
                "Target.setAutoAttach",
                autoAttach=True,
                waitForDebuggerOnStart=True,
                flatten=True,
                filter=[{"type": "shared_worker"}],
            )
            pending = link.post("Runtime.evaluate", page, expression=CONNECT, awaitPromise=True, returnByValue=True)
            attached = await link.event("Target.attachedToTarget", waitingForDebugger=True)
            info, worker = attached["targetInfo"], attached["sessionId"]
            assert (info["type"], info["url"], info["title"], info["attached"]) == ("shared_worker", url, "eve", True)
            assert "parentFrameId" not in info
            created = await link.event("Target.targetCreated", targetInfo={**info, "attached": False})
            assert created["targetInfo"]["targetId"] == info["targetId"]
            await link.call("Runtime.enable", worker)
            await link.call("Target.setAutoAttach", worker, autoAttach=True, waitForDebuggerOnStart=False, flatten=True)
            await link.call("Runtime.runIfWaitingForDebugger", worker)
            assert (await link.answer(pending))["result"]["value"] == "eve"
            console = await link.event("Runtime.consoleAPICalled")
            assert console["args"][0]["value"] == "hello"
            result = await link.call("Runtime.evaluate", worker, expression="self.constructor.name + typeof onconnect")
            assert result["result"]["value"] == "SharedWorkerGlobalScopefunction"
            # A worker nested in it is attached on its session.
            nested = next(
                one for one in link.events("Target.attachedToTarget") if one["targetInfo"]["type"] == "worker"
            )
            listed = (await link.call("Target.getTargets"))["targetInfos"]
            assert {one["targetId"] for one in listed} >= {target, info["targetId"], nested["targetInfo"]["targetId"]}
            assert (await link.call("Target.getTargetInfo", worker))["targetInfo"]["targetId"] == info["targetId"]
            await link.call("Target.closeTarget", targetId=target)
            await link.event("Target.targetDestroyed", targetId=nested["targetInfo"]["targetId"])
            gone = await link.event("Target.detachedFromTarget", sessionId=worker)
            assert gone["targetId"] == info["targetId"]
            await link.event("Target.targetDestroyed", targetId=info["targetId"])
            kinds = {one["type"] for one in (await link.call("Target.getTargets"))["targetInfos"]}
            assert kinds == {"page"}

        on_network(test)


def test_its_requests_are_told_and_intercepted_on_its_own_session() -> None:
    def serve(request: Request) -> Response:
        if request.path == "/shared.js":
            text = b"onconnect = async (e) => e.ports[0].postMessage(await (await fetch('/data')).text());"
            return Response(text, content_type="text/javascript")
        return Response(b"real" if request.path == "/data" else b"<title>owner</title>")

    with HttpServer(serve) as server:

        async def test(browsers: Browsers) -> None:
            link = HubLink(browsers)
            _, page = await page_on(link, server.url)
            await link.call("Network.enable", page)
            shared = [{"type": "shared_worker"}]
            await link.call(
                "Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=True, flatten=True, filter=shared
            )
            pending = link.post("Runtime.evaluate", page, expression=CONNECT, awaitPromise=True, returnByValue=True)
            worker = (await link.event("Target.attachedToTarget", waitingForDebugger=True))["sessionId"]
            await link.call("Network.enable", worker)
            await link.call("Network.setExtraHTTPHeaders", worker, headers={"X-Own": "1"})
            await link.call("Fetch.enable", worker, patterns=[{"urlPattern": "*/data"}])
            await link.call("Runtime.runIfWaitingForDebugger", worker)
            paused = await link.event("Fetch.requestPaused")
            assert paused["request"]["headers"]["X-Own"] == "1"
            await link.call(
                "Fetch.fulfillRequest", worker, requestId=paused["requestId"], responseCode=200, body="bWFkZQ=="
            )
            assert (await link.answer(pending))["result"]["value"] == "made"
            told = [event["request"]["url"] for event in link.events("Network.requestWillBeSent")]
            assert told == [server.url + "/shared.js", server.url + "/data"]
            await link.call("Runtime.evaluate", page, expression="fetch('/of-page').then(() => 1)", awaitPromise=True)
            of_page = link.events("Network.requestWillBeSent")[-1]["request"]
            assert of_page["url"].endswith("/of-page")
            assert "X-Own" not in of_page["headers"]

        on_network(test)


def test_who_comes_late_finds_it_and_attaches_by_hand() -> None:
    with HttpServer(answer) as server:

        async def test(browsers: Browsers) -> None:
            link = HubLink(browsers)
            _, first = await page_on(link, server.url)
            _, second = await page_on(link, server.url)
            assert [await connect(link, first), await connect(link, second)] == ["eve", "eve"]
            infos = (await link.call("Target.getTargets", filter=[{"type": "shared_worker"}]))["targetInfos"]
            (info,) = infos
            assert info["attached"] is False
            session = (await link.call("Target.attachToTarget", targetId=info["targetId"], flatten=True))["sessionId"]
            result = await link.call("Runtime.evaluate", session, expression="name")
            assert result["result"]["value"] == "eve"
            await link.call("Target.detachFromTarget", targetId=info["targetId"])
            # The worker goes on without it.
            assert await connect(link, second) == "eve"
            (info,) = (await link.call("Target.getTargets", filter=[{"type": "shared_worker"}]))["targetInfos"]
            assert info["attached"] is False

        on_network(test)


def test_a_process_that_dies_takes_it_along() -> None:
    with HttpServer(answer) as server:

        async def test(browsers: Browsers) -> None:
            link = HubLink(browsers)
            await link.call("Target.setDiscoverTargets", discover=True)
            _, page = await page_on(link, server.url)
            await connect(link, page)
            (info,) = (await link.call("Target.getTargets", filter=[{"type": "shared_worker"}]))["targetInfos"]
            await link.call("Target.attachToTarget", targetId=info["targetId"], flatten=True)
            # The engine aborts its process here, and no limit prevents that.
            link.post("Runtime.evaluate", page, expression="'a'.repeat(2 ** 28).split('')")
            await link.event("Target.targetDestroyed", targetId=info["targetId"])
            await link.event("Target.detachedFromTarget", targetId=info["targetId"])

        on_network(test, isolation="process")


def test_closing_its_target_ends_it_and_dedicated_ones_cannot_be_closed() -> None:
    with HttpServer(answer) as server:

        async def test(browsers: Browsers) -> None:
            link = HubLink(browsers)
            await link.call("Target.setDiscoverTargets", discover=True)
            _, page = await page_on(link, server.url)
            assert await connect(link, page) == "eve"
            ids = {one["type"]: one["targetId"] for one in (await link.call("Target.getTargets"))["targetInfos"]}
            with pytest.raises(RefusedAnswerError, match="Specified target doesn't support closing"):
                await link.call("Target.closeTarget", targetId=ids["worker"])
            assert await link.call("Target.closeTarget", targetId=ids["shared_worker"]) == {"success": True}
            await link.event("Target.targetDestroyed", targetId=ids["shared_worker"])
            assert await connect(link, page) == "eve", "another one is made"

        on_network(test)
