"""The isolates of a page's documents, one after the other."""

from __future__ import annotations

import pytest

from sanderling.base.errors import PageCrashedError
from sanderling.browser import hub as events
from sanderling.browser.navigation_request import NavigationRequest
from sanderling.js.engine import Isolate
from tests.browser.world import World, run

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
