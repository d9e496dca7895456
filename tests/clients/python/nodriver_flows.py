"""nodriver, attached to an address.

Thread: main.
"""

from __future__ import annotations

import asyncio
from typing import Any

import nodriver
from nodriver import cdp

from tests.clients.python.harness import drive, flow, until_async


async def _open(world: Any, path: str) -> tuple[Any, Any]:
    browser = await nodriver.start(host="127.0.0.1", port=world.port)
    tab = await browser.get(f"{world.site}{path}", new_tab=True)
    await until_async(lambda: _ready(tab), "the page")
    return browser, tab


async def _ready(tab: Any) -> bool:
    told = await tab.evaluate("document.readyState + location.protocol")
    return bool(told == "completehttp:")


@flow("opens a page")
async def _(world: Any) -> None:
    _browser, tab = await _open(world, "/plain")
    assert await tab.evaluate("document.title") == "Plain"
    assert "plain text" in await tab.get_content()
    await tab.close()


@flow("finds elements")
async def _(world: Any) -> None:
    _browser, tab = await _open(world, "/")
    head = await tab.select("#head")
    assert head.text == "Waders of the shore"
    assert len(await tab.select_all(".bird")) == 3
    found = await tab.find("Sanderling", best_match=True)
    assert found.text == "Sanderling"
    await tab.close()


@flow("types and clicks")
async def _(world: Any) -> None:
    _browser, tab = await _open(world, "/form")
    name = await tab.select("#name")
    await name.send_keys("knot")
    assert await tab.evaluate("document.getElementById('name').value") == "knot"
    box = await tab.select("#subscribe")
    await box.click()
    assert await tab.evaluate("document.getElementById('subscribe').checked") is True
    await tab.close()


@flow("sends commands and hears events")
async def _(world: Any) -> None:
    _browser, tab = await _open(world, "/plain")
    seen = asyncio.Event()

    def heard(event: Any) -> None:
        if event.response.url == f"{world.site}/script.js":
            seen.set()

    tab.add_handler(cdp.network.ResponseReceived, heard)
    await tab.send(cdp.network.enable())
    await tab.get(f"{world.site}/")
    await asyncio.wait_for(seen.wait(), 30)
    cookies = await tab.send(cdp.storage.get_cookies())
    assert isinstance(cookies, list)
    await tab.close()


if __name__ == "__main__":
    drive()
