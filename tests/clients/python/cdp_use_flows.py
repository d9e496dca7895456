"""cdp-use: typed commands of the user.

Thread: main.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from cdp_use.client import CDPClient

from tests.clients.python.harness import drive, failing, flow, get_json


@asynccontextmanager
async def _session(world: Any) -> AsyncIterator[tuple[Any, str, str]]:
    address = get_json(f"{world.http}/json/version")["webSocketDebuggerUrl"]
    async with CDPClient(address) as client:
        target = (await client.send.Target.createTarget({"url": "about:blank"}))["targetId"]
        attached = await client.send.Target.attachToTarget({"targetId": target, "flatten": True})
        session = attached["sessionId"]
        await client.send.Page.enable(session_id=session)
        await client.send.Runtime.enable(session_id=session)
        yield client, session, target
        await client.send.Target.closeTarget({"targetId": target})


async def _goto(client: Any, session: str, url: str) -> None:
    loaded = asyncio.Event()
    client.register.Page.loadEventFired(lambda *_: loaded.set())
    told = await client.send.Page.navigate({"url": url}, session_id=session)
    assert "errorText" not in told, told
    await asyncio.wait_for(loaded.wait(), 30)


async def _evaluate(client: Any, session: str, expression: str) -> Any:
    told = await client.send.Runtime.evaluate(
        {"expression": expression, "returnByValue": True, "awaitPromise": True}, session_id=session
    )
    assert "exceptionDetails" not in told, told
    return told["result"].get("value")


@flow("navigates and evaluates")
async def _(world: Any) -> None:
    async with _session(world) as (client, session, _target):
        await _goto(client, session, f"{world.site}/plain")
        assert await _evaluate(client, session, "document.title") == "Plain"


@flow("walks the DOM")
async def _(world: Any) -> None:
    async with _session(world) as (client, session, _target):
        await _goto(client, session, f"{world.site}/")
        await client.send.DOM.enable(session_id=session)
        root = (await client.send.DOM.getDocument(session_id=session))["root"]["nodeId"]
        head = await client.send.DOM.querySelector({"nodeId": root, "selector": "#head"}, session_id=session)
        html = await client.send.DOM.getOuterHTML({"nodeId": head["nodeId"]}, session_id=session)
        assert html["outerHTML"] == '<h1 id="head">Waders of the shore</h1>'
        all_ = await client.send.DOM.querySelectorAll({"nodeId": root, "selector": ".bird"}, session_id=session)
        assert len(all_["nodeIds"]) == 3
        model = await client.send.DOM.getBoxModel({"nodeId": head["nodeId"]}, session_id=session)
        assert model["model"]["width"] > 0
        node = await client.send.DOM.describeNode({"nodeId": head["nodeId"]}, session_id=session)
        assert node["node"]["localName"] == "h1"


@flow("clicks and types")
async def _(world: Any) -> None:
    async with _session(world) as (client, session, _target):
        await _goto(client, session, f"{world.site}/form")
        box = await _evaluate(
            client,
            session,
            "(() => { const b = document.getElementById('name').getBoundingClientRect(); return [b.x + 5, b.y + 5]; })()",
        )
        for kind in ("mousePressed", "mouseReleased"):
            await client.send.Input.dispatchMouseEvent(
                {"type": kind, "x": box[0], "y": box[1], "button": "left", "clickCount": 1}, session_id=session
            )
        await client.send.Input.insertText({"text": "knot"}, session_id=session)
        assert await _evaluate(client, session, "document.getElementById('name').value") == "knot"


@flow("sees the network and intercepts")
async def _(world: Any) -> None:
    async with _session(world) as (client, session, _target):
        seen: list[str] = []
        client.register.Network.responseReceived(lambda event, _session: seen.append(event["response"]["url"]))
        await client.send.Network.enable(session_id=session)

        def paused(event: Any, session_id: str | None) -> None:
            answer = {
                "requestId": event["requestId"],
                "responseCode": 200,
                "responseHeaders": [{"name": "Content-Type", "value": "text/html"}],
                "body": base64.b64encode(b"<title>Mine</title>").decode(),
            }
            asyncio.get_running_loop().create_task(client.send.Fetch.fulfillRequest(answer, session_id=session_id))

        client.register.Fetch.requestPaused(paused)
        await client.send.Fetch.enable({"patterns": [{"urlPattern": "*/asked"}]}, session_id=session)
        await _goto(client, session, f"{world.site}/asked")
        assert await _evaluate(client, session, "document.title") == "Mine"
        assert f"{world.site}/asked" in seen


@flow("tells errors")
async def _(world: Any) -> None:
    async with _session(world) as (client, session, _target):
        for method, params, wanted in (
            ("Nothing.atAll", {}, "wasn't found"),
            ("Page.navigate", {"url": "not a url"}, "Cannot navigate to invalid URL"),
            ("Page.navigate", {}, "Invalid parameters"),
        ):
            with failing(wanted):
                await client.send_raw(method, params, session)


if __name__ == "__main__":
    drive()
