"""What links ask for ahead of its use, and who takes it."""

from __future__ import annotations

import pytest

from sanderling.browser import preloads
from sanderling.browser.options import ContextOptions
from sanderling.testing.transport import Answer
from tests.browser.world import World, run

A = "https://a.test/"
SCRIPT = Answer(headers=(("Content-Type", "text/javascript"),), body=b"ran = (globalThis.ran ?? 0) + 1;")
STYLE = Answer(headers=(("Content-Type", "text/css"),), body=b"p { color: rgb(1, 2, 3) }")
DATA = Answer(headers=(("Content-Type", "application/json"),), body=b'{"a": 1}')
ADD_SCRIPT = """new Promise((done) => {
  const s = Object.assign(document.createElement('script'), ATTRIBUTES);
  s.onload = done;
  document.head.append(s);
}).then(() => null)"""
_LOG = "<script>log = []; note = (e) => log.push(e.type + ' ' + e.target.id)</script>"


def asked(world: World) -> list[str]:
    return [request.url.removeprefix(A) for request in world.transport.received if request.url != A]


def test_a_preload_is_fetched_once_and_taken_by_the_request_it_was_for(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.until(page, "log.length >= 3")
        assert sorted(await world.value(page, "log")) == ["load data", "load script", "load style"]
        assert sorted(asked(world)) == ["a.css", "a.js", "data.json"]
        # The pattern of loadCSS: the sheet takes what was preloaded.
        await world.value(
            page, "new Promise((done) => { style.onload = done; style.rel = 'stylesheet' }).then(() => null)"
        )
        assert await world.value(page, "getComputedStyle(document.querySelector('p')).color") == "rgb(1, 2, 3)"
        assert await world.value(page, "fetch('data.json').then((r) => r.json()).then((j) => j.a)") == 1
        await world.value(
            page,
            ADD_SCRIPT.replace("ATTRIBUTES", "{ src: 'a.js' }"),
        )
        assert await world.value(page, "ran") == 1
        assert sorted(asked(world)) == ["a.css", "a.js", "data.json"]
        assert await world.value(
            page, "performance.getEntriesByName('https://a.test/a.js').map((e) => e.initiatorType)"
        ) == ["link"]
        # Taken once: who asks later asks the server.
        assert await world.value(page, "fetch('data.json').then((r) => r.status)") == 200
        assert asked(world).count("data.json") == 2

    run(
        blob,
        {
            A: f"{_LOG}<link id=script rel=preload as=script href=a.js onload=note(event) onerror=note(event)>"
            "<link id=style rel=preload as=style href=a.css onload=note(event)>"
            "<link id=data rel=preload as=fetch crossorigin href=data.json onload=note(event)><p>x",
            f"{A}a.js": SCRIPT,
            f"{A}a.css": STYLE,
            f"{A}data.json": DATA,
        },
        test,
    )


def test_equal_preloads_are_fetched_once(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.until(page, "log.length >= 2")
        assert sorted(await world.value(page, "log")) == ["load a", "load b"]
        assert asked(world) == ["a.css"]

    link = "<link id=ID rel=preload as=style href=a.css onload=note(event)>"
    run(blob, {A: _LOG + link.replace("ID", "a") + link.replace("ID", "b"), f"{A}a.css": STYLE}, test)


def test_another_mode_or_destination_takes_no_preload(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.until(page, "log.length >= 1")
        await world.value(page, "fetch('a.js').then((r) => r.text())")
        await world.value(
            page,
            ADD_SCRIPT.replace("ATTRIBUTES", "{ src: 'a.js', crossOrigin: '' }"),
        )
        assert asked(world) == ["a.js", "a.js", "a.js"]

    run(blob, {A: f"{_LOG}<link id=l rel=preload as=script href=a.js onload=note(event)>", f"{A}a.js": SCRIPT}, test)


def test_what_cannot_be_preloaded(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.until(page, "log.length >= 1")
        assert await world.value(page, "log") == ["error gone"]
        assert asked(world) == ["gone.js"]
        # As soon as it has a destination
        await world.value(page, "new Promise((done) => { none.onload = done; none.as = 'script' }).then(() => null)")
        assert asked(world) == ["gone.js", "none.js"]

    run(
        blob,
        {
            A: f"{_LOG}<link id=none rel=preload href=none.js><link rel=preload as=video href=a.mp4>"
            "<link rel=preload as=style type=text/x href=a.css><link rel=preload as=script media=print href=b.js>"
            "<link rel=preload as=image href=a.png><link rel=preload as=font crossorigin href=a.woff2>"
            "<link id=gone rel=preload as=script href=gone.js onload=note(event) onerror=note(event)>",
            f"{A}none.js": SCRIPT,
        },
        test,
    )


def test_images_and_fonts_are_preloaded_where_the_context_loads_images(blob: bytes) -> None:
    async def test(world: World) -> None:
        world.context = world.browser.new_context(ContextOptions(images=True))
        page = await world.open(A)
        await world.until(page, "log.length >= 2")
        assert sorted(asked(world)) == ["a.woff2", "wide.png"]
        assert [
            (r.url.removeprefix(A), dict(r.headers.items())["Sec-Fetch-Dest"])
            for r in world.transport.received
            if r.url != A
        ] == [
            ("wide.png", "image"),
            ("a.woff2", "font"),
        ]

    run(
        blob,
        {
            A: f"{_LOG}<link id=i rel=preload as=image imagesrcset='small.png 100w, wide.png 5000w' imagesizes=2000px onload=note(event)>"
            "<link id=f rel=preload as=font crossorigin href=a.woff2 onload=note(event)>",
            f"{A}wide.png": Answer(),
            f"{A}a.woff2": Answer(),
        },
        test,
    )


def test_a_prefetch_says_so_and_waits_behind_everything_else(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.until(page, "log.length >= 1")
        assert await world.value(page, "log") == ["load p"]
        (request,) = [one for one in world.transport.received if one.url != A]
        assert request.url == f"{A}next.html"
        headers = dict(request.headers.items())
        assert (headers["Sec-Purpose"], headers["Sec-Fetch-Dest"], headers["Priority"]) == (
            "prefetch",
            "empty",
            "u=4, i",
        )
        assert request.options.priority == 4
        page = await world.open(f"{A}next.html")  # the cache has it
        assert page.main_frame.url == f"{A}next.html"
        assert asked(world) == ["next.html"]

    run(
        blob,
        {
            A: f"{_LOG}<link id=p rel=prefetch href=next.html onload=note(event)>",
            f"{A}next.html": Answer(
                headers=(("Content-Type", "text/html"), ("Cache-Control", "max-age=60")), body=b"next"
            ),
        },
        test,
    )


def test_links_of_the_response_preload(blob: bytes) -> None:
    links = (
        '</a.js>; rel="preload"; as=script, <a.css>;as="style";rel=preload;title="a, \\"b\\"", </c.js>; rel=preload; as=script; media=print,'
        "</m.js>; rel=modulepreload, </d.js>; rel=next"
    )

    async def test(world: World) -> None:
        page = await world.open(A)
        await world.until(page, "performance.getEntriesByType('resource').length >= 3")
        assert sorted(asked(world)) == ["a.css", "a.js", "m.js"]
        await world.value(page, "new Promise((done) => { frame.onload = done; frame.src = 'frame' }).then(() => null)")
        await world.until(page, "frames[0].performance.getEntriesByType('resource').length >= 1")
        assert asked(world)[3:] == ["frame", "a.js"]  # of another document

    html = ("Content-Type", "text/html")
    run(
        blob,
        {
            A: Answer(headers=(html, ("Link", links)), body=b"<iframe id=frame></iframe>"),
            f"{A}frame": Answer(headers=(html, ("Link", "</a.js>; rel=preload; as=script")), body=b"x"),
            f"{A}a.js": SCRIPT,
            f"{A}a.css": STYLE,
            f"{A}m.js": SCRIPT,
        },
        test,
    )


def test_bodies_are_kept_up_to_a_limit(blob: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(world: World) -> None:
        monkeypatch.setattr(preloads, "MAX_PRELOADED_BYTES", len(DATA.body) * 2)
        page = await world.open(A)
        await world.until(page, "log.length >= 3")
        for number in range(3):
            await world.value(page, f"fetch('{number}.json').then((r) => r.json()).then((j) => j.a)")
        assert sorted(asked(world)) == ["0.json", "1.json", "2.json", "2.json"]
        # What was taken makes room.
        await world.value(
            page,
            "new Promise((done) => { const link = document.querySelector('link').cloneNode(); link.onload = done;"
            " link.href = '2.json'; document.head.append(link) }).then(() => null)",
        )
        assert await world.value(page, "fetch('2.json').then((r) => r.json()).then((j) => j.a)") == 1
        assert asked(world).count("2.json") == 3

    links = "".join(
        f"<link id={number} rel=preload as=fetch crossorigin href={number}.json onload=note(event)>"
        for number in range(3)
    )
    run(blob, {A: _LOG + links, **{f"{A}{number}.json": DATA for number in range(3)}}, test)
