"""The blank document of a new page: no isolate is made for it before somebody needs one, and nobody can tell."""

from __future__ import annotations

import asyncio

import pytest

from sanderling.base.errors import ClosedError
from sanderling.browser.agent import Agent
from sanderling.browser.navigation_request import NavigationRequest
from sanderling.browser.options import ContextOptions
from sanderling.browser.page import Page
from tests.browser.world import World, run

URL = "https://here.test/"
DOCUMENTS = {URL: "<title>here</title><h1>"}


def counted(world: World, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note each isolate that is taken."""
    taken: list[int] = []
    take = world.browser.engine.take_now

    def noted() -> object:
        taken.append(1)
        return take()

    monkeypatch.setattr(world.browser.engine, "take_now", noted)
    return taken


def agent_of(page: Page) -> Agent:
    assert page.agent is not None
    return page.agent


def test_a_page_that_is_navigated_at_once_takes_one_isolate(blob: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(world: World) -> None:
        taken = counted(world, monkeypatch)
        page = await world.context.new_page()
        await page.emulation.set("test", {"media": "print"})
        assert (agent_of(page).asleep, agent_of(page).heap_usage().used_bytes, taken) == (True, 0, [])
        await page.goto(NavigationRequest(url=URL))
        assert taken == [1]
        assert not agent_of(page).asleep
        assert await world.value(page, "[document.title, matchMedia('print').matches, history.length]") == [
            "here",
            True,
            1,
        ]
        assert agent_of(page).heap_usage().used_bytes > 0

    run(blob, DOCUMENTS, test)


def test_whoever_looks_sees_a_document_that_was_there_all_along(blob: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(world: World) -> None:
        taken = counted(world, monkeypatch)
        page = await world.context.new_page()
        await page.emulation.set("test", {"media": "print", "touch_points": 3})
        await page.emulation.set("test", {"touch_points": 5})
        seen = "[location.href, document.readyState, document.body.childNodes.length, matchMedia('print').matches, navigator.maxTouchPoints]"
        assert await world.value(page, seen) == ["about:blank", "complete", 0, True, 5]
        assert taken == [1]
        await page.emulation.set("test", {"media": None})
        assert await world.value(page, "matchMedia('print').matches") is False

    run(blob, DOCUMENTS, test)


def test_what_was_closed_before_it_woke_takes_no_isolate(blob: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(world: World) -> None:
        taken = counted(world, monkeypatch)
        page = await world.context.new_page()
        call = asyncio.ensure_future(world.value(page, "1"))
        await asyncio.sleep(0)  # it has begun
        assert not agent_of(page).asleep
        agent_of(page).close()
        with pytest.raises(ClosedError):
            await call
        assert taken == []

    run(blob, DOCUMENTS, test)


def test_what_might_wait_does_not_pass_what_woke_it(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.context.new_page()
        await page.emulation.set("test", {"touch_points": 3})
        before = asyncio.ensure_future(world.value(page, "navigator.maxTouchPoints"))
        await asyncio.sleep(0)  # it has begun
        await page.emulation.set("test", {"touch_points": 7})
        assert await before == 3
        assert await world.value(page, "navigator.maxTouchPoints") == 7

    run(blob, DOCUMENTS, test)


def test_calls_that_come_while_it_wakes_keep_their_order(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.context.new_page()
        calls = [
            asyncio.ensure_future(world.value(page, f"(globalThis.seen ??= []).push({number})")) for number in range(4)
        ]
        await asyncio.sleep(0)  # they have begun
        await page.emulation.set("test", {"touch_points": 7})
        assert await asyncio.gather(*calls) == [1, 2, 3, 4]
        assert await world.value(page, "[...seen, navigator.maxTouchPoints]") == [0, 1, 2, 3, 7]

    run(blob, DOCUMENTS, test)


def test_it_is_closed_while_it_wakes(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.context.new_page()
        call = asyncio.ensure_future(world.value(page, "1"))
        await asyncio.sleep(0)
        await page.close()
        with pytest.raises(ClosedError, match="the page was closed"):
            await call

    run(blob, DOCUMENTS, test)


def test_it_is_left_while_it_wakes(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.context.new_page()
        call = asyncio.ensure_future(world.value(page, "location.href"))
        await asyncio.sleep(0)
        await page.goto(NavigationRequest(url=URL))
        assert await call == "about:blank"
        assert await world.value(page, "location.href") == URL

    run(blob, DOCUMENTS, test)


def test_a_wait_that_begins_on_it_goes_on_in_the_next_document(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.context.new_page()
        waiting = asyncio.ensure_future(page.call_later("wait", {"frame": 1, "selector": "h1", "state": "attached"}))
        await asyncio.sleep(0)
        await page.goto(NavigationRequest(url=URL))
        assert "error" not in await waiting

    run(blob, DOCUMENTS, test)


def test_page_code_that_runs_in_every_document_runs_in_it_at_once(blob: bytes) -> None:
    async def test(world: World) -> None:
        context = world.browser.new_context(ContextOptions(init_scripts=("globalThis.early = location.href",)))
        page = await context.new_page()
        assert not agent_of(page).asleep
        assert await world.value(page, "early") == "about:blank"

    run(blob, DOCUMENTS, test)
