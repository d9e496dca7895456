"""What requests for modules and imported style sheets say of who asks, and for what."""

from __future__ import annotations

import pytest

from sanderling.js import modules
from sanderling.testing.transport import Answer, Received
from tests.browser.world import World, page_of, run

A = "https://a.test/"
B = "https://b.test/"


def script(source: str, **headers: str) -> Answer:
    extra = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    pairs = (("Content-Type", "text/javascript"), ("Access-Control-Allow-Origin", "*"), *extra)
    return Answer(headers=pairs, body=source.encode())


def told(world: World) -> dict[str, tuple[str | None, str | None]]:
    """Give referrer and destination of each request by its URL."""
    return {one.url: (_header(one, "Referer"), _header(one, "Sec-Fetch-Dest")) for one in world.transport.received}


def _header(request: Received, name: str) -> str | None:
    return dict(request.headers.items()).get(name)


def test_who_imports_is_the_referrer(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(f"{A}page?secret")
        await world.until(page, "globalThis.done")
        assert await world.value(page, "done") == [1, 7]
        assert told(world) == {
            f"{A}page?secret": (None, "document"),
            f"{A}m/root.js?x": (f"{A}page?secret", "script"),
            f"{A}m/child.js": (f"{A}m/root.js?x", "script"),
            f"{A}m/data.json": (f"{A}m/root.js?x", "json"),
            f"{B}other.js": (A, "script"),
            f"{B}leaf.js": (f"{B}other.js", "script"),
            f"{B}quiet.js": (A, "script"),
            f"{B}dynamic.js": (None, "script"),
        }
        (request,) = [one for one in world.transport.received if one.url.endswith("data.json")]
        assert _header(request, "Accept") == "application/json,*/*;q=0.5"

    run(
        blob,
        {
            f"{A}page?secret": page_of("<script type=module src='/m/root.js?x'></script>"),
            f"{A}m/root.js?x": script(
                "import {n} from './child.js'; import data from './data.json' with { type: 'json' }; import 'https://b.test/other.js';"
                "import('https://b.test/quiet.js').then(() => { globalThis.done = [n, data.seven] });"
            ),
            f"{A}m/child.js": script("export const n = 1;"),
            f"{A}m/data.json": Answer(headers=(("Content-Type", "application/json"),), body=b'{"seven": 7}'),
            f"{B}other.js": script("import './leaf.js';"),
            f"{B}leaf.js": script(""),
            f"{B}quiet.js": script("await import('./dynamic.js');", Referrer_Policy="no-referrer"),
            f"{B}dynamic.js": script(""),
        },
        test,
    )


def test_a_module_behind_a_redirect_imports_from_where_it_led(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.until(page, "globalThis.done")
        assert f"{A}pkg@1/part.js" in told(world)
        assert told(world)[f"{A}pkg@1/part.js"] == (f"{A}pkg@1/index.js", "script")

    run(
        blob,
        {
            A: page_of("<script type=module>import '/pkg'; globalThis.done = true</script>"),
            f"{A}pkg": Answer(status=302, headers=(("Location", "/pkg@1/index.js"),)),
            f"{A}pkg@1/index.js": script("import './part.js';"),
            f"{A}pkg@1/part.js": script(""),
        },
        test,
    )


def test_what_the_graph_of_a_worker_holds_is_asked_for_as_a_worker(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.until(page, "globalThis.done")
        found = told(world)
        assert found[f"{A}w.js"] == (A, "worker")
        assert found[f"{A}static.js"] == (f"{A}w.js", "worker")
        assert found[f"{A}dynamic.js"] == (f"{A}w.js", "script")
        assert found[f"{A}classic.js"] == (f"{A}c.js", "script")

    run(
        blob,
        {
            A: page_of(
                "<script>let n = 0; const ready = () => { if (++n === 2) done = true };"
                "new Worker('w.js', {type: 'module'}).onmessage = ready; new Worker('c.js').onmessage = ready</script>"
            ),
            f"{A}w.js": script("import './static.js'; import('./dynamic.js').then(() => postMessage(1));"),
            f"{A}c.js": script("import('./classic.js').then(() => postMessage(1));"),
            f"{A}static.js": script(""),
            f"{A}dynamic.js": script(""),
            f"{A}classic.js": script(""),
        },
        test,
    )


def test_a_style_sheet_is_the_referrer_of_what_it_imports(blob: bytes) -> None:
    async def test(world: World) -> None:
        await world.open(f"{A}page")
        assert told(world) == {
            f"{A}page": (None, "document"),
            f"{A}css/a.css": (f"{A}page", "style"),
            f"{A}inline.css": (f"{A}page", "style"),
            f"{A}css/b.css": (f"{A}css/a.css", "style"),
            f"{A}css/c.css": (None, "style"),
        }

    run(
        blob,
        {
            f"{A}page": page_of("<link rel=stylesheet href=/css/a.css><style>@import 'inline.css';</style>"),
            f"{A}css/a.css": Answer(headers=(("Content-Type", "text/css"),), body=b"@import 'b.css';"),
            f"{A}css/b.css": Answer(
                headers=(("Content-Type", "text/css"), ("Referrer-Policy", "no-referrer")), body=b"@import 'c.css';"
            ),
            f"{A}css/c.css": Answer(headers=(("Content-Type", "text/css"),)),
            f"{A}inline.css": Answer(headers=(("Content-Type", "text/css"),)),
        },
        test,
    )


def test_what_is_resolved_and_never_imported_is_remembered_up_to_a_limit(
    blob: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(world: World) -> None:
        monkeypatch.setattr(modules, "MAX_MODULES", 3)
        page = await world.open(A)
        await world.until(page, "globalThis.done")
        assert (len(page.modules._importers), len(page.modules._table.map.resolved)) == (3, 3)
        assert f"{A}x0" in page.modules._importers
        assert not any("yyy" in url for url in page.modules._importers)

    source = (
        "import.meta.resolve('./' + 'y'.repeat(10_000));"
        "for (let i = 0; i < 9; i++) import.meta.resolve('./x' + i); globalThis.done = true;"
    )
    run(blob, {A: f"<script type=module>{source}</script>"}, test)
