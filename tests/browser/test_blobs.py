"""`blob:` URLs that other isolates of the context use, and modules in blobs."""

from __future__ import annotations

import pytest

from sanderling.browser import blobs
from sanderling.http.local import Blob
from tests.browser.test_web_workers import PAGE, A, answers, check
from tests.browser.world import World, run


def test_blob_urls_reach_other_isolates_of_the_origin(blob: bytes) -> None:
    source = """const mine = URL.createObjectURL(new Blob(['of the worker']));
    onmessage = async ({data: url}) => {
      const sync = new XMLHttpRequest(); sync.open('GET', url, false); sync.send();
      const out = [await (await fetch(url)).text(), sync.responseText];
      URL.revokeObjectURL(url);
      try { await fetch(url) } catch (e) { out.push(e.name) }
      postMessage([mine, ...out]);
    }"""
    then = """const url = URL.createObjectURL(new Blob(['of the page'])); w.postMessage(url);
      w.onmessage = async ({data: [its, ...out]}) => {
        out.push(await (await fetch(its)).text());
        for (const of of [url, its]) {
          if (of === its) w.terminate();
          try { await fetch(of); out.push('still there') } catch (e) { out.push(e.name) }
        }
        done(out);
      };"""
    check(
        blob,
        source,
        answers(then),
        ["of the page", "of the page", "TypeError", "of the worker", "TypeError", "TypeError"],
    )


def test_blobs_of_another_origin_stay_there(blob: bytes) -> None:
    async def test(world: World) -> None:
        first, second = await world.open(A), await world.open("https://b.test/")
        url = await world.value(first, "URL.createObjectURL(new Blob(['secret']))")
        read = f"fetch({url!r}).then((r) => r.text(), (e) => e.name)"
        assert await world.value(second, f"URL.revokeObjectURL({url!r}); {read}") == "TypeError"
        assert await world.value(first, read) == "secret"
        assert await world.value(await world.open(A), read) == "secret"
        await first.close()
        assert await world.value(await world.open(A), read) == "TypeError"

    run(blob, {A: PAGE, "https://b.test/": PAGE}, test)


def test_modules_come_from_blobs(blob: bytes) -> None:
    check(
        blob,
        "",
        """(async () => {
          const url = (text) => URL.createObjectURL(new Blob([text], {type: 'text/javascript'}));
          const inner = url('export const value = 20');
          const outer = await import(url(`import {value} from '${inner}'; export const twice = value * 2`));
          return [outer.twice, (await import(inner)).value];
        })()""",
        [40, 20],
    )


def test_the_limit_keeps_them_in_their_isolate(blob: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blobs, "MAX_BLOB_URLS", 1)

    async def test(world: World) -> None:
        first, second = await world.open(A), await world.open(A)
        urls = await world.value(first, "[1, 2].map((n) => URL.createObjectURL(new Blob([`blob ${n}`])))")
        read = f"Promise.all({urls!r}.map((url) => fetch(url).then((r) => r.text(), (e) => e.name)))"
        assert await world.value(first, read) == ["blob 1", "blob 2"]
        assert await world.value(second, read) == ["blob 1", "TypeError"]

    run(blob, {A: PAGE}, test)


def test_so_does_the_limit_of_what_scripts_hold(blob: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blobs, "MAX_SCRIPT_BYTES", 25)

    async def test(world: World) -> None:
        first, second = await world.open(A), await world.open(A)
        make = "URL.createObjectURL(new Blob(['/* 15 letters */'], {type: 'text/javascript'}))"
        urls = await world.value(first, f"[{make}, {make}]")
        read = "fetch({!r}).then((r) => r.text(), (e) => e.name)"
        assert await world.value(first, read.format(urls[1])) == "/* 15 letters */"
        assert [await world.value(second, read.format(url)) for url in urls] == ["/* 15 letters */", "TypeError"]
        third = await world.value(first, f"URL.revokeObjectURL({urls[0]!r}); {make}")
        assert await world.value(second, read.format(third)) == "/* 15 letters */"

    run(blob, {A: PAGE}, test)


def test_a_revoked_blob_stays_for_every_request_that_brought_it(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        blobs_of = page.context.blobs
        one = Blob(b"1", "")
        first, second = blobs_of.kept("blob:x#a", one), blobs_of.kept("blob:x", one)
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        assert await blobs_of.find("blob:x") is one
        second.__exit__(None, None, None)
        assert await blobs_of.find("blob:x") is None

    run(blob, {A: PAGE}, test)
