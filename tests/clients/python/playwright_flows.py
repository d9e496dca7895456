"""Playwright for Python, both kinds.

Thread: main.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright, expect
from playwright.sync_api import sync_playwright

from tests.clients.python.harness import drive, failing, flow, get_json


@asynccontextmanager
async def _page(world: Any, **options: Any) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(world.http, timeout=60_000)
        context = await browser.new_context(**options)
        context.set_default_timeout(30_000)
        yield await context.new_page()
        await context.close()
        await browser.close()


@flow("connects by http address")
async def _(world: Any) -> None:
    async with _page(world) as page:
        assert await page.evaluate("6 * 7") == 42


@flow("connects by ws address")
async def _(world: Any) -> None:
    address = get_json(f"{world.http}/json/version")["webSocketDebuggerUrl"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(address)
        context = await browser.new_context()
        page = await context.new_page()
        await page.goto(f"{world.site}/plain")
        assert await page.title() == "Plain"
        await context.close()
        await browser.close()


@flow("works without asyncio")
def _(world: Any) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.connect_over_cdp(world.http)
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{world.site}/form")
        page.fill("#name", "sync")
        page.click("#send")
        page.wait_for_url("**/submitted?**")
        assert "sync" in (page.text_content("#sent") or "")
        context.close()
        browser.close()


@flow("goto waits")
async def _(world: Any) -> None:
    async with _page(world) as page:
        for wait in ("commit", "domcontentloaded", "load", "networkidle"):
            answer = await page.goto(f"{world.site}/idle?{wait}", wait_until=wait)
            assert answer is not None
            assert answer.status == 200
        assert await page.text_content("#state") == "slow"


@flow("expects by locators")
async def _(world: Any) -> None:
    async with _page(world) as page:
        await page.goto(f"{world.site}/dynamic")
        await expect(page.locator("#late")).to_have_text("late")
        await page.get_by_role("button", name="Add").click()
        await expect(page.locator("#added")).to_be_visible()
        await expect(page.locator("#going")).to_have_count(0)
        await page.goto(f"{world.site}/form")
        await expect(page.get_by_label("Name")).to_be_empty()
        await expect(page.locator("#off")).to_be_disabled()


@flow("passes values and handles")
async def _(world: Any) -> None:
    async with _page(world) as page:
        assert await page.evaluate("x => x", {"a": [1, None, "é", 1.5, True]}) == {"a": [1, None, "é", 1.5, True]}
        handle = await page.evaluate_handle("({ bird: 'knot' })")
        assert await handle.evaluate("o => o.bird") == "knot"
        with failing("TypeError: bad knot"):
            await page.evaluate("() => { throw new TypeError('bad knot') }")


@flow("routes")
async def _(world: Any) -> None:
    async with _page(world) as page:
        await page.route("**/data.json", lambda route: route.fulfill(json={"bird": "made up"}))
        await page.route("**/*.png", lambda route: route.abort())
        await page.goto(f"{world.site}/ajax")
        assert await page.evaluate("fetch('/data.json').then(a => a.json())") == {"bird": "made up"}
        await page.goto(f"{world.site}/")


@flow("expects responses and requests")
async def _(world: Any) -> None:
    async with _page(world) as page:
        await page.goto(f"{world.site}/ajax")
        async with page.expect_response("**/data.json") as waiting:
            await page.click("#fetch")
        assert (await (await waiting.value).json())["count"] == 3
        async with page.expect_request("**/echo") as asking:
            await page.click("#post")
        assert (await asking.value).post_data == "bird=knot"


@flow("has cookies and storage state")
async def _(world: Any) -> None:
    async with _page(world) as page:
        await page.goto(f"{world.site}/set-cookie")
        await page.context.add_cookies([{"name": "a", "value": "1", "url": world.site}])
        assert sorted(one.get("name", "") for one in await page.context.cookies()) == ["a", "secret", "seen"]
        state = await page.context.storage_state()
        assert len(state["cookies"]) == 3


@flow("sees console, errors and dialogs")
async def _(world: Any) -> None:
    async with _page(world) as page:
        await page.goto(f"{world.site}/talk")
        async with page.expect_console_message() as said:
            await page.click("#log")
        assert (await said.value).text.startswith("hello 7")
        async with page.expect_event("pageerror") as thrown:
            await page.click("#throw")
        assert "thrown on purpose" in str(await thrown.value)
        page.on("dialog", lambda dialog: dialog.accept("dunlin"))
        await page.click("#prompt")
        assert await page.evaluate("window.answer") == "dunlin"


@flow("sees frames and popups")
async def _(world: Any) -> None:
    async with _page(world) as page:
        await page.goto(f"{world.site}/frames")
        await page.frame_locator("#near").get_by_role("button").click()
        near = page.frame("near")
        assert near is not None
        assert await near.text_content("#press") == "pressed"
        await page.goto(f"{world.site}/popup")
        async with page.expect_popup() as opened:
            await page.click("#open")
        popup = await opened.value
        await popup.wait_for_load_state()
        assert await popup.title() == "Child"


@flow("exposes functions and init scripts")
async def _(world: Any) -> None:
    async with _page(world) as page:
        await page.expose_function("add", lambda a, b: a + b)
        await page.add_init_script("window.early = 1")
        await page.goto(f"{world.site}/plain")
        assert await page.evaluate("window.add(2, 3)") == 5
        assert await page.evaluate("window.early") == 1


@flow("has options of contexts")
async def _(world: Any) -> None:
    async with _page(
        world,
        locale="de-DE",
        timezone_id="Asia/Tokyo",
        viewport={"width": 500, "height": 400},
        user_agent="Knot/1.0",
        color_scheme="dark",
    ) as page:
        await page.goto(f"{world.site}/plain")
        told = await page.evaluate(
            "[navigator.language, new Date(0).getHours(), innerWidth, navigator.userAgent, matchMedia('(prefers-color-scheme: dark)').matches]"
        )
        assert told == ["de-DE", 9, 500, "Knot/1.0", True], told


@flow("downloads and uploads")
async def _(world: Any) -> None:
    async with _page(world) as page:
        file = Path(world.folder) / "up.txt"
        file.write_text("up")
        await page.goto(f"{world.site}/form")
        await page.set_input_files("#file", file)
        assert await page.evaluate("document.getElementById('file').files[0].text()") == "up"
        async with page.expect_download() as waiting:
            await page.evaluate("location.href = '/download'")
        download = await waiting.value
        assert download.suggested_filename == "birds.csv"
        assert (await download.path()).read_text() == "name\nknot\n"


if __name__ == "__main__":
    drive()
