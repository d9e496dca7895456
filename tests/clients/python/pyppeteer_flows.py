"""pyppeteer, whose sessions are wrapped in messages of the browser.

Thread: main.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pyppeteer import connect

from tests.clients.python.harness import drive, flow, get_json


@asynccontextmanager
async def _page(world: Any) -> AsyncIterator[Any]:
    address = get_json(f"{world.http}/json/version")["webSocketDebuggerUrl"]
    browser = await connect(browserWSEndpoint=address)
    page = await browser.newPage()
    yield page
    await page.close()
    await browser.disconnect()


@flow("navigates and evaluates")
async def _(world: Any) -> None:
    async with _page(world) as page:
        answer = await page.goto(f"{world.site}/plain")
        assert answer.status == 200
        assert await page.title() == "Plain"
        assert await page.evaluate("(a, b) => a * b", 6, 7) == 42
        assert "plain text" in await page.content()


@flow("connects by http address")
async def _(world: Any) -> None:
    browser = await connect(browserURL=world.http)
    page = await browser.newPage()
    assert await page.evaluate("1 + 1") == 2
    await page.close()
    await browser.disconnect()


@flow("finds, types and clicks")
async def _(world: Any) -> None:
    async with _page(world) as page:
        await page.goto(f"{world.site}/form")
        await page.type("#name", "knot")
        assert await page.querySelectorEval("#name", "e => e.value") == "knot"
        await asyncio.gather(page.waitForNavigation(), page.click("#send"))
        assert "name=knot" in page.url


@flow("waits and exposes functions")
async def _(world: Any) -> None:
    async with _page(world) as page:
        await page.exposeFunction("add", lambda a, b: a + b)
        await page.goto(f"{world.site}/dynamic")
        await page.waitForSelector("#late")
        assert await page.evaluate("() => window.add(2, 3)") == 5


@flow("sees console and dialogs")
async def _(world: Any) -> None:
    async with _page(world) as page:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.accept("dunlin")))
        await page.goto(f"{world.site}/talk")
        await page.click("#log")
        await page.click("#prompt")
        assert await page.evaluate("() => window.answer") == "dunlin"
        assert said
        assert said[0].startswith("hello 7")


@flow("intercepts")
async def _(world: Any) -> None:
    async def decide(request: Any) -> None:
        if request.url.endswith("/made-up"):
            await request.respond({"status": 203, "contentType": "text/html", "body": "<title>Made up</title>"})
        elif request.resourceType == "script":
            await request.abort()
        else:
            await request.continue_()

    async with _page(world) as page:
        await page.setRequestInterception(True)
        page.on("request", lambda request: asyncio.ensure_future(decide(request)))
        answer = await page.goto(f"{world.site}/made-up")
        assert (answer.status, await page.title()) == (203, "Made up")
        assert (await page.goto(f"{world.site}/plain")).status == 200


if __name__ == "__main__":
    drive()
