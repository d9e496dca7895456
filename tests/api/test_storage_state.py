"""The storage state. `recordings/playwright-state.json` was written by Playwright 1.65 (Python) for a context of `serve`."""

from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sanderling import AsyncBrowser, Browser, UnsupportedError, UsageError
from tests.support import Site

PLAYWRIGHT = Path(__file__).parent / "recordings" / "playwright-state.json"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser(isolation="thread") as one:
        yield one


def ordered(state: dict[str, Any]) -> dict[str, Any]:
    return {
        "cookies": sorted(state["cookies"], key=lambda one: str(one["name"])),
        "origins": sorted(state["origins"], key=lambda one: str(one["origin"])),
    }


def test_what_playwright_wrote_comes_back_the_same(browser: Browser, tmp_path: Path) -> None:
    written = json.loads(PLAYWRIGHT.read_text("utf-8"))
    assert [len(written[name]) for name in ("cookies", "origins")] == [3, 2]
    with browser.new_context(storage_state=PLAYWRIGHT) as context:
        state = context.storage_state(path=tmp_path / "state.json")
    assert ordered(state) == ordered(written)
    assert json.loads((tmp_path / "state.json").read_text("utf-8")) == state
    assert stat.S_IMODE((tmp_path / "state.json").stat().st_mode) == 0o600


def test_what_pages_left_is_there_for_others(browser: Browser) -> None:
    with Site({"/": "<p>x"}) as site:
        with browser.new_context() as context:
            page = context.new_page()
            page.goto(site.url("/"))
            page.evaluate("localStorage.setItem('k', 'v'); document.cookie = 'c=1; Path=/'")
            state = context.storage_state()
        assert state["origins"] == [{"origin": site.url(""), "localStorage": [{"name": "k", "value": "v"}]}]
        assert [(one["name"], one["value"], one["expires"], one["sameSite"]) for one in state["cookies"]] == [
            ("c", "1", -1, "Lax")
        ]
        with browser.new_context(storage_state=state) as context:
            page = context.new_page()
            page.goto(site.url("/"))
            assert page.evaluate("[localStorage.getItem('k'), localStorage.length, document.cookie]") == ["v", 1, "c=1"]
            assert context.storage_state() == state


def test_asynchronously(tmp_path: Path) -> None:
    async def work() -> None:
        async with AsyncBrowser(isolation="thread") as browser:
            context = await browser.new_context(storage_state=str(PLAYWRIGHT))
            again = await browser.new_context(storage_state=await context.storage_state(tmp_path / "state.json"))
            assert await again.storage_state() == json.loads((tmp_path / "state.json").read_text("utf-8"))

    asyncio.run(work())


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"cookies": {}},
        {"cookies": [], "origins": [{"localStorage": []}]},
        {"cookies": [], "origins": [{"origin": "data:x", "localStorage": []}]},
        {"cookies": [], "origins": [{"origin": "https://a.test", "localStorage": [{"name": 1, "value": "x"}]}]},
        {"cookies": [{"name": "a"}], "origins": []},
        {"cookies": [{"name": "a", "value": object()}], "origins": []},
        "no such file",
    ],
)
def test_what_is_no_storage_state(browser: Browser, state: Any) -> None:
    with pytest.raises(UsageError, match=r"storage[_ ]state|cannot read no such file"):
        browser.new_context(storage_state=state)


def test_indexed_databases_are_refused(browser: Browser) -> None:
    origin = {"origin": "https://a.test", "localStorage": [], "indexedDB": [{"name": "db", "version": 1, "stores": []}]}
    with pytest.raises(UnsupportedError, match="indexed databases"):
        browser.new_context(storage_state={"cookies": [], "origins": [origin]})
