"""How imports are driven, and what becomes of those that cannot be had. Thread: any."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from sanderling import Browser
from sanderling.browser.page_modules import REST_S, PageModules
from sanderling.testing.server import Response
from tests.support import Site


class Agent:
    """An engine that asks for a module in some of its entries."""

    def __init__(self, asks: set[int]) -> None:
        self.asks = asks
        self.entries = 0
        self.modules: PageModules | None = None

    async def enter(self, kind: str) -> None:
        assert kind == "timers.run"
        self.entries += 1
        if self.entries in self.asks:
            assert self.modules is not None
            self.modules._touches += 1


class Modules(PageModules):
    def __init__(self, agent: Agent) -> None:
        super().__init__(cast(Any, None))
        self.agent = agent
        agent.modules = self

    def _agent(self) -> Any:
        return self.agent


def entries_with(*asks: int) -> int:
    agent = Agent(set(asks))
    asyncio.run(Modules(agent)._drive())
    return agent.entries


def test_an_import_is_driven_until_the_engine_has_had_time_to_ask_again() -> None:
    # The engine's threads may be slower than entries that follow one another at once.
    assert entries_with() == len(REST_S)
    assert any(REST_S)
    late = len(REST_S) - 1
    assert entries_with(1, late) == late + len(REST_S)


IMPORTS = {
    "/missing.js": "TypeError: Failed to fetch dynamically imported module: {site}/missing.js",
    "bare": "TypeError: Failed to resolve module specifier 'bare'",
    "/typed.js": "TypeError: Failed to fetch dynamically imported module: {site}/typed.js",
}


@pytest.mark.parametrize("specifier", IMPORTS)
def test_what_import_cannot_have_is_told_in_the_words_that_applications_look_for(
    browser: Browser, specifier: str
) -> None:
    pages: dict[str, str | Response] = {
        "/": "<p>",
        "/typed.js": Response(b"1", headers=(("Content-Type", "text/css"),)),
    }
    with Site(pages) as site, browser.new_page() as page:
        page.goto(site.url("/"))
        for _ in range(2):
            said = page.evaluate(f"import({specifier!r}).then(() => '', String)")
            assert said == IMPORTS[specifier].format(site=site.url(""))


def test_a_script_whose_import_cannot_be_had_does_not_run(browser: Browser) -> None:
    scripts = "".join(
        f"<script type=module onerror='failed.push({number})'>import {{ x }} from '{specifier}'; ran = true</script>"
        for number, specifier in enumerate(["./missing.js", "./has.js", "bare"])
    )
    pages: dict[str, str | Response] = {
        "/": f"<script>failed = []; ran = false; thrown = []; onerror = (m) => thrown.push(m)</script>{scripts}",
        "/has.js": Response(b"import './gone.js'; export const x = 1", headers=(("Content-Type", "text/javascript"),)),
    }
    with Site(pages) as site, browser.new_page() as page:
        page.goto(site.url("/"))
        assert page.evaluate("[failed, ran]") == [[0, 1], False]
        assert any("bare" in words for words in page.evaluate("thrown"))
