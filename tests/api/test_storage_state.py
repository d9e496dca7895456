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


ODD_NAME = """new Promise((done) => {
  const opening = indexedDB.open('db');
  opening.onupgradeneeded = () => opening.result.createObjectStore('s').put(JSON.parse('{"__proto__": 5}'), 'k');
  opening.onsuccess = () => { opening.result.close(); done(1); };
})"""


FILL = """new Promise((done) => {
  const opening = indexedDB.open('db', 3);
  opening.onupgradeneeded = () => {
    const db = opening.result;
    db.createObjectStore('empty', { autoIncrement: true });
    db.createObjectStore('outside');
    const inside = db.createObjectStore('inside', { keyPath: ['a', 'b.c'] });
    inside.createIndex('by tags', 'tags', { multiEntry: true });
    inside.createIndex('unique', ['n', 'a'], { unique: true });
  };
  opening.onsuccess = () => {
    const db = opening.result;
    const transaction = db.transaction(['outside', 'inside'], 'readwrite');
    const loop = { name: 'loop' };
    loop.self = loop;
    const outside = transaction.objectStore('outside');
    outside.put('text', 'plain');
    outside.put([null, true, 1.5, { deep: [1] }], 7);
    outside.put(undefined, new Date(1e12));
    outside.put([NaN, -0, 10n, /x/gi, new Uint8Array([1, 2, 255]), new Date(5), loop, loop, new Uint8Array([7]).buffer], ['k', 1]);
    transaction.objectStore('inside').put({ a: 1, b: { c: 'x' }, tags: ['t', 'u'], n: 2 });
    transaction.oncomplete = () => { db.close(); done(1); };
  };
})"""

LOOK = """new Promise((done) => {
  const opening = indexedDB.open('db');
  opening.onsuccess = async () => {
    const db = opening.result;
    const get = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
    const transaction = db.transaction(['outside', 'inside']);
    const outside = transaction.objectStore('outside');
    const inside = transaction.objectStore('inside');
    const odd = await get(outside.get(['k', 1]));
    const unique = inside.index('unique');
    done([
      db.version, [...db.objectStoreNames], await get(outside.get('plain')), await get(outside.get(7)), await get(outside.count(new Date(1e12))),
      Number.isNaN(odd[0]) && Object.is(odd[1], -0) && odd[2] === 10n && String(odd[3]) === '/x/gi' && odd[4] instanceof Uint8Array && odd[4][2] === 255
        && odd[5].getTime() === 5 && odd[6] === odd[7] && odd[6].self === odd[6] && new Uint8Array(odd[8])[0] === 7,
      (await get(inside.index('by tags').get('u'))).n, unique.keyPath, unique.unique, inside.keyPath,
    ]);
    db.close();
  };
})"""

SEEN = [
    3,
    ["empty", "inside", "outside"],
    "text",
    [None, True, 1.5, {"deep": [1]}],
    1,
    True,
    2,
    ["n", "a"],
    True,
    ["a", "b.c"],
]


def test_indexed_databases_go_along_where_they_are_asked_for(browser: Browser) -> None:
    with Site({"/": "<p>x"}) as site:
        with browser.new_context() as context:
            context.add_init_script("localStorage.setItem('init script', location.href)")
            page = context.new_page()
            page.goto(site.url("/"))
            page.evaluate(FILL)
            assert page.evaluate(LOOK) == SEEN
            assert "indexedDB" not in context.storage_state()["origins"][0]
            state = json.loads(json.dumps(context.storage_state(indexed_db=True)))
            assert context.storage_state(indexed_db=True) == state
        with browser.new_context(storage_state=state) as context:
            page = context.new_page()
            page.goto(site.url("/"))
            assert page.evaluate(LOOK) == SEEN
            assert context.storage_state(indexed_db=True) == state
        assert len(site.requests) == 2  # nothing goes out to look into a database


def test_what_playwright_took_of_databases(browser: Browser) -> None:
    """`recordings/playwright-databases.json` is what Playwright 1.65 (Python) took of `FILL`; it knows no ArrayBuffer."""
    written = json.loads(PLAYWRIGHT.with_name("playwright-databases.json").read_text("utf-8"))
    with browser.new_context(storage_state=written) as context:
        state = context.storage_state(indexed_db=True)
    assert state == written


def test_what_the_format_has_no_form_for_is_refused(browser: Browser) -> None:
    with Site({"/": "<p>x"}) as site, browser.new_context() as context:
        page = context.new_page()
        page.goto(site.url("/"))
        page.evaluate(FILL.replace("'text'", "new Map([[1, 2]])"))
        with pytest.raises(UnsupportedError, match="db, outside: a Map"):
            context.storage_state(indexed_db=True)
        context.storage_state()


def test_databases_that_are_none(browser: Browser) -> None:
    origin = {"origin": "https://a.test", "localStorage": [], "indexedDB": [{"name": "db", "version": 0, "stores": []}]}
    with pytest.raises(UsageError, match=r"indexed databases of https://a\.test"):
        browser.new_context(storage_state={"cookies": [], "origins": [origin]})


def test_a_property_may_have_any_name(browser: Browser) -> None:
    with Site({"/": "<p>x"}) as site:
        with browser.new_context() as context:
            page = context.new_page()
            page.goto(site.url("/"))
            page.evaluate(ODD_NAME)
            state = context.storage_state(indexed_db=True)
        (store,) = state["origins"][0]["indexedDB"][0]["stores"]
        assert store["records"] == [{"key": "k", "value": {"__proto__": 5}}]
        with browser.new_context(storage_state=state) as context:
            assert context.storage_state(indexed_db=True) == state
