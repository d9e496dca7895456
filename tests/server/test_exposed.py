"""The protocol as code of a page speaks it, and hidden pages."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sanderling.cdp.domains.security import IGNORE_ERRORS
from sanderling.server.browsers import Browsers
from sanderling.testing.server import HttpServer, Response
from sanderling.testing.servers import Authority
from tests.server.hub_driver import HubLink, RefusedAnswerError, on_network
from tests.support import Site

ASK = """(method, params) => new Promise((resolve) => {
  cdp.onmessage = (text) => { const message = JSON.parse(text); if (message.id === 7) resolve(message); else seen.push(message.method); };
  window.seen = [];
  cdp.send(JSON.stringify({ id: 7, method, params }));
})"""


async def ask(link: HubLink, session: str, method: str, params: str = "{}", own: str = "cdp") -> Any:
    outcome = await link.call(
        "Runtime.evaluate",
        session,
        expression=f"(({ASK.replace('cdp', own)}))({method!r}, {params})",
        awaitPromise=True,
        returnByValue=True,
    )
    return outcome["result"]["value"]


def test_code_of_a_page_commands_the_browser() -> None:
    async def test(browsers: Browsers) -> None:
        link = HubLink(browsers)
        target = (await link.call("Target.createTarget", url="about:blank", hidden=True))["targetId"]
        session = await link.attach(target)
        await link.call("Target.exposeDevToolsProtocol", targetId=target, bindingName="cdp")
        assert "product" in (await ask(link, session, "Browser.getVersion"))["result"]
        refused = await ask(link, session, "No.such")
        assert refused["error"]["code"] == -32601
        await ask(link, session, "Target.setDiscoverTargets", "{discover: true}")
        seen = await link.call("Runtime.evaluate", session, expression="seen", returnByValue=True)
        assert "Target.targetCreated" in seen["result"]["value"]
        with Site({"/": "later"}) as site:
            await link.call("Page.enable", session)
            await link.call("Page.navigate", session, url=site.url("/"))
            await link.event("Page.loadEventFired")
            assert "product" in (await ask(link, session, "Browser.getVersion"))["result"]
        keys = await link.call(
            "Runtime.evaluate", session, expression="Object.keys(window).filter((key) => /cdp/.test(key)).join()"
        )
        assert keys["result"]["value"] == "cdp"
        await link.call("Target.closeTarget", targetId=target)
        await link.event("Target.detachedFromTarget", sessionId=session)
        with pytest.raises(RefusedAnswerError, match="-32602"):
            await link.call("Target.exposeDevToolsProtocol", targetId=target)

    on_network(test)


def test_frames_get_nothing() -> None:
    async def test(browsers: Browsers) -> None:
        link = HubLink(browsers)
        target = (await link.call("Target.createTarget", url="about:blank"))["targetId"]
        session = await link.attach(target)
        await link.call("Target.exposeDevToolsProtocol", targetId=target, bindingName="cdp")
        told = "top.postMessage(Object.keys(window).filter((key) => /cdp/.test(key)).join(), '*')"
        foreign = Site({"/": f"<script>{told}</script>"})
        near = f"<script>{told}</script>"
        with foreign, Site({"/near": near}) as site:
            other = foreign.url("/").replace("127.0.0.1", "localhost")
            site.pages["/"] = f"""<script>
                told = new Promise((done) => {{ const all = []; onmessage = (event) => {{ if (all.push(event.data) === 3) done(all) }} }});
            </script><iframe src=/near></iframe><iframe src='{other}'></iframe><iframe srcdoc="{near}"></iframe>"""
            await link.call("Page.enable", session)
            await link.call("Page.navigate", session, url=site.url("/"))
            await link.event("Page.loadEventFired")
            found = await link.call(
                "Runtime.evaluate", session, expression="told", awaitPromise=True, returnByValue=True
            )
        assert found["result"]["value"] == ["", "", ""]
        assert "product" in (await ask(link, session, "Browser.getVersion"))["result"]

    on_network(test)


def test_names_and_messages_are_taken_as_they_are() -> None:
    async def test(browsers: Browsers) -> None:
        link = HubLink(browsers)
        target = (await link.call("Target.createTarget", url="about:blank"))["targetId"]
        session = await link.attach(target)
        name = "MY_NAME'\"BINDING"
        await link.call("Target.exposeDevToolsProtocol", targetId=target, bindingName=name)
        own = f"window[{msgspec.json.encode(name).decode()}]"
        await link.call(
            "Runtime.evaluate", session, expression=f"window.cdp = {own}; cdp.send('\\ud800'); cdp.send('{{')"
        )
        assert "product" in (await ask(link, session, "Browser.getVersion", own=own))["result"]

    on_network(test)


def test_a_hidden_page_is_not_listed_and_ends_with_its_session() -> None:
    async def test(browsers: Browsers) -> None:
        watcher = HubLink(browsers)
        listed = [target.id for target in browsers.targets()]
        root = (await watcher.call("Target.attachToBrowserTarget"))["sessionId"]
        await watcher.call("Target.setDiscoverTargets", discover=True, filter=[{}])
        target = (await watcher.call("Target.createTarget", root, url="about:blank", hidden=True))["targetId"]
        known = (await watcher.call("Target.getTargets", filter=[{}]))["targetInfos"]
        assert [info["type"] for info in known if info["targetId"] == target] == ["page"]
        assert target not in [one.id for one in browsers.targets()]
        assert set(listed) <= {one.id for one in browsers.targets()}
        await watcher.call("Target.detachFromTarget", sessionId=root)
        await watcher.event("Target.targetDestroyed", targetId=target)
        with pytest.raises(RefusedAnswerError, match="-32602"):
            await watcher.call("Target.createTarget", url="about:blank", hidden=True, newWindow=True)

    on_network(test)


@pytest.mark.parametrize("name", ["NAME", "BINDING", "a-b'\"\\\u2028"])
def test_the_object_may_have_any_name(name: str) -> None:
    async def test(browsers: Browsers) -> None:
        link = HubLink(browsers)
        target = (await link.call("Target.createTarget", url="about:blank"))["targetId"]
        session = await link.attach(target)
        await link.call("Target.exposeDevToolsProtocol", targetId=target, bindingName=name)
        kind = f"typeof globalThis[{json.dumps(name)}].send"
        found = await link.call("Runtime.evaluate", session, expression=kind, returnByValue=True)
        assert found["result"]["value"] == "function"

    on_network(test)


def test_who_exposes_the_protocol_twice_is_answered_once() -> None:
    async def test(browsers: Browsers) -> None:
        link = HubLink(browsers)
        target = (await link.call("Target.createTarget", url="about:blank"))["targetId"]
        session = await link.attach(target)
        for _ in range(2):
            await link.call("Target.exposeDevToolsProtocol", targetId=target, bindingName="cdp")
        assert "targetId" in (await ask(link, session, "Target.createTarget", "{url: 'about:blank#made'}"))["result"]
        await ask(link, session, "Browser.getVersion")
        known = (await link.call("Target.getTargets"))["targetInfos"]
        assert [info["url"] for info in known].count("about:blank#made") == 1

    on_network(test)


def test_a_page_that_ends_meanwhile_refuses_the_protocol() -> None:
    async def test(browsers: Browsers) -> None:
        link = HubLink(browsers)
        target = (await link.call("Target.createTarget", url="about:blank"))["targetId"]
        closed = link.post("Target.closeTarget", targetId=target)
        asked = link.post("Target.exposeDevToolsProtocol", targetId=target)
        assert (await link.answer(closed))["success"]
        with pytest.raises(RefusedAnswerError):
            await link.answer(asked)

    on_network(test)


def test_a_hidden_page_whose_session_ends_meanwhile_is_not_made() -> None:
    async def test(browsers: Browsers) -> None:
        link = HubLink(browsers)
        await link.call("Target.createTarget", url="about:blank")  # its context is there from now on
        known = {info["targetId"] for info in (await link.call("Target.getTargets"))["targetInfos"]}
        root = (await link.call("Target.attachToBrowserTarget"))["sessionId"]
        link.post("Target.createTarget", root, url="about:blank", hidden=True)
        await link.call("Target.detachFromTarget", sessionId=root)
        target = (await link.call("Target.createTarget", url="about:blank"))["targetId"]
        left = {info["targetId"] for info in (await link.call("Target.getTargets"))["targetInfos"]}
        assert left == known | {target}

    on_network(test)


def test_certificate_errors_of_a_whole_browser_may_be_ignored(tmp_path: Path) -> None:
    tls = Authority(tmp_path).server_context()

    async def title(link: HubLink, url: str, context: str) -> str:
        target = (await link.call("Target.createTarget", url="about:blank", browserContextId=context))["targetId"]
        session = (await link.call("Target.attachToTarget", targetId=target, flatten=True))["sessionId"]
        outcome = await link.call("Page.navigate", session, url=url)
        return str(outcome.get("errorText", ""))

    async def test(browsers: Browsers) -> None:
        with HttpServer(lambda _: Response(b"<title>self-signed</title>"), tls=tls) as server:
            link = HubLink(browsers)
            before = (await link.call("Target.createBrowserContext"))["browserContextId"]
            refused = "net::ERR_CERT_AUTHORITY_INVALID"
            assert await title(link, server.url, before) == refused
            root = (await link.call("Target.attachToBrowserTarget"))["sessionId"]
            assert await link.call("Security.setIgnoreCertificateErrors", root, ignore=True) == {}
            after = (await link.call("Target.createBrowserContext"))["browserContextId"]
            assert [await title(link, server.url, one) for one in (before, after)] == ["", ""]
            await link.call("Security.setIgnoreCertificateErrors", ignore=True)
            await link.call("Security.setIgnoreCertificateErrors", ignore=False)
            assert await title(link, server.url, before) == "", "another session still wants it"
            await link.call("Target.detachFromTarget", sessionId=root)
            assert await title(link, server.url, after) == refused, "what a session wants ends with it"

    on_network(test)


def test_certificate_errors_count_again_when_who_ignored_them_leaves_with_its_contexts() -> None:
    async def test(browsers: Browsers) -> None:
        path = browsers.new_browser_path()
        stays, leaves = HubLink(browsers, path), HubLink(browsers, path)
        await stays.call("Target.createTarget", url="about:blank")  # the default context, which is told first
        await leaves.call("Target.createBrowserContext", disposeOnDetach=True)
        number = (await stays.call("Target.createBrowserContext"))["browserContextId"]
        hub = next(hub for hub in browsers._hubs.values() if number in hub.contexts)
        context = hub.contexts[number]
        await leaves.call("Security.setIgnoreCertificateErrors", ignore=True)
        assert (IGNORE_ERRORS, b'{"ignore":true}') in context.standing
        leaves.handler.gone()
        while hub._tasks:
            await asyncio.wait(hub._tasks)
        assert (IGNORE_ERRORS, b'{"ignore":false}') in context.standing

    on_network(test)
