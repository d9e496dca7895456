"""Images: what is fetched, what page code learns of it, and what waits for it."""

from __future__ import annotations

import struct

from sanderling.browser.options import ContextOptions
from sanderling.testing.transport import Answer
from tests.browser.world import Document, World, run

A = "https://a.test/"


def png(width: int, height: int) -> Answer:
    """Make an answer whose body has a PNG file's header."""
    body = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)
    return Answer(headers=(("Content-Type", "image/png"),), body=body)


IMAGES: dict[str, Document] = {
    f"{A}{name}.png": png(*size)
    for name, size in {"one": (30, 20), "two": (60, 40), "three": (90, 60), "wide": (800, 600)}.items()
}
_LOG = "<script>log = []; note = (e) => log.push(e.type + ' ' + (e.target.id || e.target.nodeName))</script>"


def with_images(world: World) -> None:
    """Have the world's next pages load images."""
    world.context = world.browser.new_context(ContextOptions(images=True))


def asked(world: World) -> list[str]:
    """Give the names of what was asked for beside the document."""
    return [request.url.removeprefix(A) for request in world.transport.received if request.url != A]


def test_an_image_has_a_size_an_event_and_delays_load(blob: bytes) -> None:
    async def test(world: World) -> None:
        with_images(world)
        page = await world.open(A)
        assert await world.value(page, "log") == ["load a", "error b", "load #document"]
        assert await world.value(
            page, "[a.naturalWidth, a.naturalHeight, a.width, a.complete, a.currentSrc, b.complete, b.naturalWidth]"
        ) == [30, 20, 30, True, f"{A}one.png", True, 0]
        assert await world.value(page, "Promise.all([a.decode(), b.decode().catch((e) => e.name)])") == [
            None,
            "EncodingError",
        ]
        assert asked(world) == ["one.png", "none.png"]

    run(
        blob,
        {
            A: f"{_LOG}<script>onload = note</script><img id=a src=one.png onload=note(event)>"
            "<img id=b src=none.png onerror=note(event)>",
            **IMAGES,
        },
        test,
    )


def test_an_image_that_the_document_has_already_is_decoded(blob: bytes) -> None:
    async def test(world: World) -> None:
        with_images(world)
        page = await world.open(A)
        code = "(() => { const i = document.createElement('img'); i.srcset = 'one.png'; return i.decode().then(() => i.naturalWidth); })()"
        assert await world.value(page, code) == 30
        assert asked(world) == ["one.png"]

    run(blob, {A: "<img src=one.png>", **IMAGES}, test)


def test_without_images_nothing_is_asked_for(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.value(page, "[i.complete, i.naturalWidth, i.currentSrc]") == [True, 0, f"{A}one.png"]
        assert asked(world) == []

    run(blob, {A: "<img id=i src=one.png><video poster=two.png></video>", **IMAGES}, test)


def test_sources(blob: bytes) -> None:
    async def test(world: World) -> None:
        with_images(world)
        page = await world.open(A)
        got = await world.value(page, "[...document.images].map((i) => i.currentSrc.slice(15))")
        assert got == ["two.png", "one.png", "two.png", "three.png", "wide.png"]

    run(
        blob,
        {
            A: "<img src=one.png srcset='three.png 3x, two.png 1x'>"
            "<picture><source srcset=two.png media='(max-width: 10px)'><source srcset=three.png type=image/jxl>"
            "<img src=one.png></picture>"
            "<img srcset='one.png 300w, two.png 640w, wide.png 1000w' sizes='(min-width: 1000px) 50vw, 100vw'>"
            "<picture><source srcset='three.png'><img src=one.png></picture>"
            "<img srcset='one.png 300w, wide.png 2000w'>",
            **IMAGES,
        },
        test,
    )


def test_new_images_and_what_replaces_them(blob: bytes) -> None:
    async def test(world: World) -> None:
        with_images(world)
        page = await world.open(A)
        code = """new Promise((done) => {
            const image = new Image(5); const log = [image.complete];
            image.onload = () => {
                log.push(image.currentSrc.slice(15), image.width, image.naturalWidth);
                if (log.length === 4) { image.src = 'two.png'; log.push(image.complete, image.currentSrc.slice(15)) } else done(log);
            };
            image.src = 'none.png'; image.src = 'one.png'; log.push();
        })"""
        assert await world.value(page, code) == [True, "one.png", 5, 30, False, "one.png", "two.png", 5, 60]
        assert asked(world) == ["one.png", "two.png"]
        again = "new Promise((done) => { const i = new Image; i.onload = () => done(i.naturalWidth); i.src = 'one.png'; later = i.complete })"
        assert await world.value(page, again) == 30
        assert await world.value(page, "later") is True
        assert asked(world) == ["one.png", "two.png"]
        blobbed = """new Promise((done) => { const i = new Image; i.onload = i.onerror = (e) => done([e.type, i.naturalWidth]);
            i.src = URL.createObjectURL(new Blob(['<svg width="7" height="8"/>'], { type: 'image/svg+xml' })) })"""
        assert await world.value(page, blobbed) == ["load", 7]

    run(blob, {A: "", **IMAGES}, test)


def test_lazy_images_wait_to_come_near(blob: bytes) -> None:
    async def test(world: World) -> None:
        with_images(world)
        page = await world.open(A)
        await world.until(page, "near.complete")
        assert asked(world) == ["one.png"]
        assert await world.value(page, "far.complete") is False
        await world.value(page, "scrollTo(0, 6000)")
        await world.until(page, "far.complete")
        assert asked(world) == ["one.png", "two.png"]
        await world.value(page, "hidden.loading = 'eager'")
        await world.until(page, "hidden.complete")

    rows = "<p>row</p>" * 200
    run(
        blob,
        {
            A: f"<img id=near src=one.png loading=lazy>{rows}<img id=far src=two.png loading=lazy>"
            "<img id=hidden style='display: none' src=three.png loading=lazy>",
            **IMAGES,
        },
        test,
    )


def test_buttons_and_posters(blob: bytes) -> None:
    async def test(world: World) -> None:
        with_images(world)
        page = await world.open(A)
        assert await world.value(page, "log") == ["load b"]
        assert await world.value(page, "b.width") == 30
        assert sorted(asked(world)) == ["one.png", "two.png"]

    run(
        blob,
        {A: f"{_LOG}<input id=b type=image src=one.png onload=note(event)><video poster=two.png></video>", **IMAGES},
        test,
    )


def test_the_verdict_says_that_nothing_is_drawn(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.value(page, "document.createElement('canvas').getContext('webgl'), 0")
        assert page.unsupported == []
        await world.value(page, "document.createElement('canvas').getContext('2d').fillRect(0, 0, 9, 9), 0")
        assert page.unsupported == ["drawing on a canvas (it stays transparent)"]

    run(blob, {A: ""}, test)


def test_an_image_has_the_size_that_its_density_makes(blob: bytes) -> None:
    async def test(world: World) -> None:
        with_images(world)
        page = await world.open(A)
        sizes = "[...document.images].map((one) => [one.naturalWidth, one.naturalHeight, one.getBoundingClientRect().width])"
        assert await world.value(page, sizes) == [
            [30, 20, 30],
            [18, 12, 18.75],
            [15, 10, 15],
            [60, 40, 60],
            [30, 20, 30],
        ]

    images = (
        "<img src=one.png>",
        "<img srcset='one.png 1.6x'>",
        "<img srcset='one.png 20w' sizes=10px>",
        "<img srcset='one.png 1w' sizes=2px>",
        "<img srcset='one.png 0x'>",
    )
    run(blob, {A: "".join(images), **IMAGES}, test)
