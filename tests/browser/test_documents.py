"""The isolates of a page's documents, one after the other."""

from __future__ import annotations

import asyncio

import pytest

from sanderling.base.errors import PageCrashedError
from sanderling.browser import hub as events
from sanderling.browser import navigations
from sanderling.browser.navigation_request import NavigationRequest
from sanderling.js.engine import Isolate
from sanderling.testing.transport import Answer
from tests.browser.world import World, page_of, run

DOCUMENTS = {"https://here.test/": "<title>here</title>", "https://there.test/": "<title>there</title>"}


def test_the_old_isolate_goes_before_the_next_is_made(blob: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(world: World) -> None:
        page = await world.open("https://here.test/")
        agent = page.agent
        assert agent is not None
        take, seen = world.browser.engine.take_now, []

        def noted() -> Isolate:
            seen.append(agent.closed)
            return take()

        monkeypatch.setattr(world.browser.engine, "take_now", noted)
        await page.goto(NavigationRequest(url="https://there.test/"))
        assert seen == [True]
        assert await world.value(page, "document.title") == "there"

    run(blob, DOCUMENTS, test)


def test_a_page_whose_document_gets_no_isolate_has_crashed_and_can_go_on(
    blob: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(world: World) -> None:
        page = await world.open("https://here.test/")

        def fail() -> Isolate:
            raise RuntimeError("no thread can be started")

        with monkeypatch.context() as broken:
            broken.setattr(world.browser.engine, "take_now", fail)
            with pytest.raises(PageCrashedError, match="no isolate for the document: no thread can be started"):
                await page.goto(NavigationRequest(url="https://there.test/"))
        assert [event.reason for event in world.seen if isinstance(event, events.Crashed)] == [
            "there is no isolate for the document: no thread can be started"
        ]
        await page.goto(NavigationRequest(url="https://there.test/"))
        assert await world.value(page, "document.title") == "there"

    run(blob, DOCUMENTS, test)


def test_an_isolate_is_made_while_the_response_is_on_the_way(blob: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(world: World) -> None:
        page = await world.context.new_page()
        asked: list[int] = []
        prepared = asyncio.get_running_loop().create_future()

        def noted() -> None:
            asked.append(len(world.transport.received))
            if not prepared.done():
                prepared.set_result(None)

        monkeypatch.setattr(world.browser.engine, "prepare_spare", noted)
        page.navigations.start(NavigationRequest(url="https://slow.test/"))
        await prepared
        assert asked == [1]  # the request had gone out, and nothing comes

    run(blob, {"https://slow.test/": Answer(hold=True)}, test)


@pytest.mark.parametrize(("markup", "made"), [("<p>short", 0), ("<p>long</p>" * 20_000, 1)])
def test_the_requests_of_a_short_document_do_not_wait_for_the_next_isolate(
    blob: bytes, monkeypatch: pytest.MonkeyPatch, markup: str, made: int
) -> None:
    async def test(world: World) -> None:
        page = await world.context.new_page()
        prepared: list[str] = []
        monkeypatch.setattr(navigations, "IDLE_S", 1000)
        monkeypatch.setattr(world.browser.engine, "prepare_spare", lambda: prepared.append(page.main_frame.url))
        await page.goto(NavigationRequest(url="https://here.test/"))
        assert prepared.count("https://here.test/") == made

    run(blob, {"https://here.test/": page_of(markup)}, test)
