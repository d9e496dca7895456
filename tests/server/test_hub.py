"""The hub: targets, sessions, contexts, browsers and who gets which event when."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sanderling.base.errors import SanderlingError
from sanderling.server import hub
from sanderling.server.browsers import Browsers
from sanderling.server.links import RefusedError
from sanderling.server.targets import DEFAULT_FILTER, FilterEntry, matches
from tests.server.hub_driver import HubLink, RefusedAnswerError, on_network
from tests.support import Site


def names(link: HubLink) -> list[str]:
    return [str(body.get("method") or f"#{body['id']}") for body in link.messages]


def test_the_first_matching_entry_of_a_filter_decides() -> None:
    assert matches(DEFAULT_FILTER, "page")
    assert not matches(DEFAULT_FILTER, "tab")
    assert not matches((FilterEntry("page", exclude=True), FilterEntry()), "page")
    assert not matches((), "page")


def test_a_browser_begins_with_one_blank_page_and_no_worker() -> None:
    async def test(browsers: Browsers) -> None:
        assert [target.url for target in browsers.targets()] == ["about:blank"]
        link = HubLink(browsers)
        infos = (await link.call("Target.getTargets"))["targetInfos"]
        assert [(info["type"], info["url"], info["attached"]) for info in infos] == [("page", "about:blank", False)]
        assert infos[0]["browserContextId"]
        assert browsers.health()["workers"] == 0
        session = await link.attach(infos[0]["targetId"])
        assert (await link.call("Page.getFrameTree", session))["frameTree"]["frame"]["id"] == infos[0]["targetId"]
        assert browsers.health()["workers"] == 1

    on_network(test)


def test_attached_comes_before_the_answer_of_create_target() -> None:
    async def test(browsers: Browsers) -> None:
        link = HubLink(browsers)
        await link.call("Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=True, flatten=True)
        number = link.post("Target.createTarget", url="about:blank")
        target = (await link.answer(number))["targetId"]
        order = names(link)
        assert order.index(f"#{number}") > max(i for i, name in enumerate(order) if name == "Target.attachedToTarget")
        event = link.events("Target.attachedToTarget")[-1]
        assert event["targetInfo"]["targetId"] == target
        assert event["waitingForDebugger"] is True

    on_network(test)


def test_a_waiting_page_loads_when_its_sessions_release_it() -> None:
    async def test(browsers: Browsers) -> None:
        with Site({"/": "<title>late</title>"}) as site:
            link = HubLink(browsers)
            await link.call("Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=True, flatten=True)
            await link.call("Target.createTarget", url=site.url("/"))
            session = link.events("Target.attachedToTarget")[-1]["sessionId"]
            await link.call("Page.enable", session)
            assert site.paths == []
            await link.call("Runtime.runIfWaitingForDebugger", session)
            await link.event("Page.loadEventFired")
            assert site.paths == ["/"]

    on_network(test)


def test_a_tab_holds_its_page_until_it_is_released() -> None:
    async def test(browsers: Browsers) -> None:
        link = HubLink(browsers)
        everything_but_pages = [{"type": "page", "exclude": True}, {}]
        await link.call(
            "Target.setAutoAttach",
            autoAttach=True,
            waitForDebuggerOnStart=True,
            flatten=True,
            filter=everything_but_pages,
        )
        page_id = (await link.call("Target.createTarget", url="about:blank"))["targetId"]
        tab = link.events("Target.attachedToTarget")[-1]
        assert (tab["targetInfo"]["type"], tab["waitingForDebugger"]) == ("tab", True)
        await link.call(
            "Target.setAutoAttach",
            tab["sessionId"],
            autoAttach=True,
            waitForDebuggerOnStart=True,
            flatten=True,
            filter=[{}],
        )
        page = link.events("Target.attachedToTarget")[-1]
        assert (page["targetInfo"]["targetId"], page["waitingForDebugger"]) == (page_id, True)
        await link.call("Runtime.runIfWaitingForDebugger", tab["sessionId"])
        await link.call("Runtime.runIfWaitingForDebugger", page["sessionId"])
        assert (await link.call("Runtime.evaluate", page["sessionId"], expression="1+1"))["result"]["value"] == 2

    on_network(test)


def test_closing_a_page_ends_its_sessions_in_chromiums_order() -> None:
    async def test(browsers: Browsers) -> None:
        link = HubLink(browsers)
        await link.call("Target.setDiscoverTargets", discover=True)
        target = (await link.call("Target.createTarget", url="about:blank"))["targetId"]
        session = await link.attach(target)
        pending = link.post("Runtime.evaluate", session, expression="new Promise(() => {})", awaitPromise=True)
        await link.call("Runtime.evaluate", session, expression="1")
        before = len(link.messages)
        await link.call("Target.closeTarget", targetId=target)
        await link.event("Target.targetDestroyed", targetId=target)
        with pytest.raises(RefusedAnswerError, match="Inspected target navigated or closed"):
            await link.answer(pending)
        order = [name for name in names(link)[before:] if name.startswith(("Target.d", "Target.targetD", "Inspector"))]
        assert order == ["Inspector.detached", "Target.detachedFromTarget", "Target.targetDestroyed"]
        with pytest.raises(RefusedAnswerError, match=r"-32001: Session with given id not found\."):
            await link.call("Page.enable", session)

    on_network(test)


def test_a_context_is_disposed_with_its_pages_before_the_answer() -> None:
    async def test(browsers: Browsers) -> None:
        link = HubLink(browsers)
        context = (await link.call("Target.createBrowserContext"))["browserContextId"]
        target = (await link.call("Target.createTarget", url="about:blank", browserContextId=context))["targetId"]
        await link.attach(target)
        number = link.post("Target.disposeBrowserContext", browserContextId=context)
        await link.answer(number)
        order = names(link)
        assert order.index("Target.detachedFromTarget") < order.index(f"#{number}")
        assert (await link.call("Target.getBrowserContexts"))["browserContextIds"] == []
        with pytest.raises(RefusedAnswerError, match="Failed to find context with id"):
            await link.call("Target.disposeBrowserContext", browserContextId=context)

    on_network(test)


def test_changes_of_targets_are_told_as_in_chromium() -> None:
    """Of pages: a first session, another URL, the end of the last session; and titles, other than there. Not tabs that nobody is attached to."""

    async def test(browsers: Browsers) -> None:
        with Site({"/": "<title>one</title>"}) as site:
            link = HubLink(browsers)
            await link.call("Target.setDiscoverTargets", discover=True, filter=[{}])
            target = (await link.call("Target.createTarget", url="about:blank"))["targetId"]
            since = len(link.messages)
            sessions = [
                (await link.call("Target.attachToTarget", targetId=target, flatten=True))["sessionId"] for _ in range(2)
            ]
            await link.call("Page.enable", sessions[0])
            await link.call("Page.navigate", sessions[0], url=site.url("/"))
            await link.event("Page.loadEventFired")
            await link.call("Runtime.evaluate", sessions[0], expression="document.title = 'two'")
            for session in sessions:
                await link.call("Target.detachFromTarget", sessionId=session)
            info = (await link.call("Target.getTargetInfo", targetId=target))["targetInfo"]
            assert (info["title"], info["attached"]) == ("two", False)
            told = []
            for message in link.messages[since:]:
                about = message.get("params", {}).get("targetInfo", {})
                if message.get("method", "").startswith("Target."):
                    told.append((message["method"][7:], about.get("type"), about.get("url"), about.get("attached")))
            assert told == [
                ("targetInfoChanged", "page", "about:blank", True),
                ("attachedToTarget", "page", "about:blank", True),
                ("attachedToTarget", "page", "about:blank", True),
                ("targetInfoChanged", "page", site.url("/"), True),
                ("targetInfoChanged", "page", site.url("/"), True),
                ("targetInfoChanged", "page", site.url("/"), True),
                ("detachedFromTarget", None, None, None),
                ("detachedFromTarget", None, None, None),
                ("targetInfoChanged", "page", site.url("/"), False),
            ]

    on_network(test)


def test_old_clients_wrap_their_messages() -> None:
    async def test(browsers: Browsers) -> None:
        link = HubLink(browsers)
        target = (await link.call("Target.getTargets"))["targetInfos"][0]["targetId"]
        session = (await link.call("Target.attachToTarget", targetId=target))["sessionId"]
        message = '{"id": 1, "method": "Runtime.evaluate", "params": {"expression": "6*7"}}'
        await link.call("Target.sendMessageToTarget", sessionId=session, message=message)
        event = await link.event("Target.receivedMessageFromTarget", sessionId=session)
        assert '"value":42' in event["message"]
        assert "sessionId" not in event["message"]

    on_network(test)


def test_a_page_has_a_socket_of_its_own() -> None:
    async def test(browsers: Browsers) -> None:
        page = browsers.targets()[0].id
        link = HubLink(browsers, f"/devtools/page/{page}")
        number = link.post("Runtime.evaluate", expression="2+3")  # before the page is made
        assert (await link.answer(number))["result"]["value"] == 5
        assert (await link.call("Target.getTargetInfo"))["targetInfo"]["targetId"] == page
        with pytest.raises(RefusedError):
            browsers.check("/devtools/page/none")

    on_network(test)


def test_a_page_with_a_socket_of_its_own_outlives_the_answer_to_its_closing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "PAGE_SOCKET_GRACE_S", 3600.0)

    async def test(browsers: Browsers) -> None:
        page = browsers.targets()[0].id
        link = HubLink(browsers, f"/devtools/page/{page}")
        assert await link.call("Target.closeTarget", targetId=page) == {"success": True}
        # Nothing ends before the grace is over: commands still have answers.
        assert (await link.call("Runtime.evaluate", expression="2+3"))["result"]["value"] == 5

    on_network(test)


def test_clients_of_one_browser_share_its_pages() -> None:
    async def test(browsers: Browsers) -> None:
        path = browsers.new_browser_path()
        first, second = HubLink(browsers, path), HubLink(browsers, path)
        target = (await first.call("Target.createTarget", url="about:blank"))["targetId"]
        session = await first.attach(target)
        await first.call("Runtime.evaluate", session, expression="shared = 1")
        other = await second.attach(target)
        assert (await second.call("Runtime.evaluate", other, expression="shared"))["result"]["value"] == 1
        with pytest.raises(RefusedAnswerError, match="Session with given id not found"):
            await second.call("Runtime.evaluate", session, expression="1")
        first.handler.gone()
        assert (await second.call("Runtime.evaluate", other, expression="shared"))["result"]["value"] == 1

    on_network(test)


def test_an_empty_browser_ends_with_its_client_and_a_used_one_lingers() -> None:
    async def test(browsers: Browsers) -> None:
        path = browsers.new_browser_path()
        link = HubLink(browsers, path)
        await link.call("Browser.getVersion")
        link.handler.gone()
        with pytest.raises(RefusedError):
            browsers.check(path)
        path = browsers.new_browser_path()
        link = HubLink(browsers, path)
        await link.call("Target.createTarget", url="about:blank")
        link.handler.gone()
        browsers.check(path)
        assert browsers.health()["browsers"] == 2

    on_network(test)


def test_browser_close_answers_and_closes_its_connections() -> None:
    async def test(browsers: Browsers) -> None:
        link, other = HubLink(browsers), HubLink(browsers)
        await link.call("Browser.close")
        await link.wait(lambda: link.closed, "the end of the connection")
        assert other.closed is None

    on_network(test)


def test_wrong_messages_are_answered_as_chromium_does() -> None:
    async def test(browsers: Browsers) -> None:
        link = HubLink(browsers)
        link.handler.message(b"{")
        link.handler.message(b'{"method": "Browser.getVersion"}')
        link.handler.message(b'{"id": 0, "method": "Browser.getVersion", "params": null}')
        link.handler.message(b'{"id": 1, "method": "Nothing.here"}')
        link.handler.message(b'{"id": 2, "method": "Target.closeTarget", "params": {"targetId": 5}}')
        assert "product" in await link.answer(0)
        with pytest.raises(RefusedAnswerError, match=r"-32601: .*wasn't found"):
            await link.answer(1)
        with pytest.raises(RefusedAnswerError, match="-32602: Invalid parameters"):
            await link.answer(2)
        codes = [body["error"]["code"] for body in link.messages if "id" not in body]
        assert codes == [-32700, -32600]

    on_network(test)


def test_a_popup_is_attached_before_it_loads() -> None:
    async def test(browsers: Browsers) -> None:
        with Site({"/": "<title>popup</title>"}) as site:
            link = HubLink(browsers)
            await link.call("Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=True, flatten=True)
            opener = link.events("Target.attachedToTarget")[0]
            script = f"void open({site.url('/')!r})"
            await link.call("Runtime.evaluate", opener["sessionId"], expression=script)
            popup = await link.wait(
                lambda: next(
                    (e for e in link.events("Target.attachedToTarget") if e["targetInfo"].get("openerId")), None
                ),
                "the popup",
            )
            assert popup["targetInfo"]["openerId"] == opener["targetInfo"]["targetId"]
            assert popup["waitingForDebugger"] is True
            assert site.paths == []
            await link.call("Page.enable", popup["sessionId"])
            await link.call("Runtime.runIfWaitingForDebugger", popup["sessionId"])
            await link.event("Page.loadEventFired")

    on_network(test)


def test_a_worker_that_dies_takes_its_pages_and_no_client() -> None:
    async def test(browsers: Browsers) -> None:
        link, other = HubLink(browsers), HubLink(browsers)
        await link.call("Target.setDiscoverTargets", discover=True)
        target = (await link.call("Target.createTarget", url="about:blank"))["targetId"]
        session = await link.attach(target)
        neighbour = await other.attach((await other.call("Target.createTarget", url="about:blank"))["targetId"])
        waiting = link.post("Runtime.evaluate", session, expression="new Promise(() => {})", awaitPromise=True)
        # The engine aborts its process here, and no limit prevents that.
        fatal = link.post("Runtime.evaluate", session, expression="'a'.repeat(2 ** 28).split('')")
        crashed = await link.event("Target.targetCrashed", targetId=target)
        assert "SIGTRAP" in crashed["status"]
        assert link.events("Inspector.targetCrashed") == [{}]
        for number in (waiting, fatal):
            with pytest.raises(RefusedAnswerError, match="Target crashed"):
                await link.answer(number)
        with pytest.raises(RefusedAnswerError, match="Target crashed"):
            await link.call("Runtime.evaluate", session, expression="1")
        assert (await other.call("Runtime.evaluate", neighbour, expression="1"))["result"]["value"] == 1
        context = (await link.call("Target.createBrowserContext"))["browserContextId"]
        again = (await link.call("Target.createTarget", url="about:blank", browserContextId=context))["targetId"]
        session = await link.attach(again)
        assert (await link.call("Runtime.evaluate", session, expression="6*7"))["result"]["value"] == 42
        await link.call("Target.closeTarget", targetId=target)
        await link.event("Target.targetDestroyed", targetId=target)

    on_network(test, isolation="process")


def test_what_stands_of_a_context_holds_on_the_worker_that_replaces_a_dead_one() -> None:
    states = (
        "Promise.all(['geolocation', 'notifications', 'midi'].map(async (name) => "
        "(await navigator.permissions.query({name})).state)).then((all) => all.join())"
    )

    async def states_in(link: HubLink, context: str) -> tuple[str, str, object]:
        target = (await link.call("Target.createTarget", url="about:blank", browserContextId=context))["targetId"]
        session = await link.attach(target)
        outcome = await link.call("Runtime.evaluate", session, expression=states, awaitPromise=True)
        return target, session, outcome["result"]["value"]

    async def test(browsers: Browsers) -> None:
        link = HubLink(browsers)
        context = (await link.call("Target.createBrowserContext"))["browserContextId"]
        await link.call("Browser.grantPermissions", browserContextId=context, permissions=["notifications"])
        await link.call("Browser.resetPermissions", browserContextId=context)
        await link.call("Browser.grantPermissions", browserContextId=context, permissions=["geolocation"])
        setting: dict[str, Any] = {"permission": {"name": "midi"}, "setting": "granted"}
        await link.call("Browser.setPermission", browserContextId=context, **setting)
        with pytest.raises(RefusedAnswerError, match="Unknown permission type"):
            await link.call("Browser.grantPermissions", browserContextId=context, permissions=["nothing"])
        await link.call("Target.setDiscoverTargets", discover=True)
        target, session, before = await states_in(link, context)
        link.post("Runtime.evaluate", session, expression="'a'.repeat(2 ** 28).split('')")
        await link.event("Target.targetCrashed", targetId=target)
        _, _, after = await states_in(link, context)
        assert before == after == "granted,denied,granted"

    on_network(test, isolation="process")


def test_what_cannot_stand_is_refused_at_once_and_spoils_nothing() -> None:
    async def test(browsers: Browsers) -> None:
        link = HubLink(browsers)
        with pytest.raises(RefusedAnswerError, match="downloadPath"):
            await link.call("Browser.setDownloadBehavior", behavior="allow")
        with pytest.raises(RefusedAnswerError, match="Unknown permission type"):
            await link.call("Browser.grantPermissions", permissions=["nothing"])
        with pytest.raises(RefusedAnswerError, match="Invalid parameters"):
            await link.call("Browser.setPermission", permission="midi", setting="granted")
        session = await link.attach((await link.call("Target.createTarget", url="about:blank"))["targetId"])
        assert (await link.call("Runtime.evaluate", session, expression="1"))["result"]["value"] == 1

    on_network(test)


def test_what_waits_for_a_web_worker_fails_with_its_process() -> None:
    async def test(browsers: Browsers) -> None:
        link = HubLink(browsers)
        target = (await link.call("Target.createTarget", url="about:blank"))["targetId"]
        page = await link.attach(target)
        auto = {"autoAttach": True, "waitForDebuggerOnStart": False, "flatten": True}
        await link.call("Target.setAutoAttach", page, **auto)
        await link.call("Runtime.evaluate", page, expression="w = new Worker('data:text/javascript,1'); 1")
        attached = await link.wait(
            lambda: next(
                (e for e in link.events("Target.attachedToTarget") if e["targetInfo"]["type"] == "worker"), None
            ),
            "the worker",
        )
        worker = attached["sessionId"]
        pending = link.post("Runtime.evaluate", worker, expression="new Promise(() => 0)", awaitPromise=True)
        link.post("Runtime.evaluate", page, expression="'a'.repeat(2 ** 28).split('')")
        with pytest.raises(RefusedAnswerError):
            await link.answer(pending)
        await link.event("Target.detachedFromTarget", sessionId=worker)
        with pytest.raises(RefusedAnswerError, match="Session with given id not found"):
            await link.call("Runtime.evaluate", worker, expression="1")

    on_network(test, isolation="process")


def test_who_leaves_while_the_page_is_made_leaves_no_session_behind() -> None:
    async def test(browsers: Browsers) -> None:
        link = HubLink(browsers)
        target = (await link.call("Target.getTargets"))["targetInfos"][0]["targetId"]
        hub = next(hub for hub in browsers._hubs.values() if target in hub.pages)
        slot, attached = hub.pages[target].context.slot, []
        ask = slot.ask

        async def listen(method: str, params: Any) -> bytes:
            if method == "cdp.session.attach":
                attached.append(params.session)
            return await ask(method, params)

        slot.ask = listen  # type: ignore[method-assign]
        gone = HubLink(browsers, f"/devtools/page/{target}")
        gone.handler.gone()
        session = await link.attach(target)
        assert (await link.call("Runtime.evaluate", session, expression="1"))["result"]["value"] == 1
        assert attached == [session]

    on_network(test)


def test_what_stands_of_a_context_is_set_before_any_of_its_pages_is_made() -> None:
    async def test(browsers: Browsers) -> None:
        link = HubLink(browsers)
        for permission in ("geolocation", "midi"):
            await link.call("Browser.setPermission", permission={"name": permission}, setting="granted")
        target = (await link.call("Target.getTargets"))["targetInfos"][0]["targetId"]
        hub = next(hub for hub in browsers._hubs.values() if target in hub.pages)
        slot, steps = hub.default_context.slot, []
        ask = slot.ask

        async def listen(method: str, params: Any) -> bytes:
            steps.append(method)
            answer = await ask(method, params)
            steps.append(f"{method} done")
            return answer

        slot.ask = listen  # type: ignore[method-assign]
        both = [link.post("Target.createTarget", url="about:blank") for _ in range(2)]
        for number in both:
            await link.answer(number)
        assert steps.count("cdp.context.new") == 1
        settings = [place for place, step in enumerate(steps) if step == "cdp.context.command done"]
        assert len(settings) == 2
        assert max(settings) < steps.index("cdp.page.new")

    on_network(test)


def test_a_page_that_cannot_be_made_fails_for_everybody_who_waits_for_it() -> None:
    async def test(browsers: Browsers) -> None:
        hub = next(iter(browsers._hubs.values()))
        page = next(iter(hub.pages.values()))
        await hub.ensure_context(page.context)
        waiting = asyncio.Event()

        async def refuse(method: str, params: Any) -> bytes:
            await waiting.wait()
            raise SanderlingError("no page today")

        page.context.slot.ask = refuse  # type: ignore[method-assign]
        both = [asyncio.create_task(hub.ensure_page(page)) for _ in range(2)]
        asyncio.get_running_loop().call_soon(waiting.set)  # when both have begun
        for one in both:
            with pytest.raises(SanderlingError):
                await one

    on_network(test)
