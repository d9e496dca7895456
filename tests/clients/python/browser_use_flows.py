"""browser-use's session, without a model.

Thread: main.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from browser_use import BrowserSession

from tests.clients.python.harness import drive, flow, until_async


@asynccontextmanager
async def _session(world: Any) -> AsyncIterator[Any]:
    session = BrowserSession(cdp_url=world.http, keep_alive=False)
    await session.start()
    try:
        yield session
    finally:
        await session.kill()


async def _is_plain(session: Any) -> bool:
    return bool(await session.get_current_page_title() == "Plain")


@flow("navigates")
async def _(world: Any) -> None:
    async with _session(world) as session:
        await session.navigate_to(f"{world.site}/plain")
        assert await session.get_current_page_url() == f"{world.site}/plain"
        await until_async(lambda: _is_plain(session), "the title")


@flow("reads the page's state")
async def _(world: Any) -> None:
    async with _session(world) as session:
        await session.navigate_to(f"{world.site}/form")
        state = await session.get_browser_state_summary(include_screenshot=False)
        text = state.dom_state.llm_representation()
        assert "Send" in text, text
        assert state.url == f"{world.site}/form"


@flow("fills and clicks elements")
async def _(world: Any) -> None:
    async with _session(world) as session:
        page = await session.new_page(f"{world.site}/form")

        async def find(selector: str) -> Any:
            found = await page.get_elements_by_css_selector(selector)
            return found[0] if found else None

        name = await until_async(lambda: find("#name"), "the field")
        await name.fill("knot")
        assert await page.evaluate("() => document.getElementById('name').value") == "knot"
        await (await find("#subscribe")).click()
        assert await page.evaluate("() => String(document.getElementById('subscribe').checked)") in {"true", "True"}


if __name__ == "__main__":
    drive()
