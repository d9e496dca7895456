"""Events of frames whose documents are left."""

from __future__ import annotations

from sanderling.browser.navigation_request import NavigationRequest
from tests.browser.world import World, run

A = "https://a.test/"
B = "https://b.test/"

TOLD = """<script>
  for (const type of ['pagehide', 'visibilitychange', 'unload'])
    (type[0] === 'v' ? document : window).addEventListener(type, () => top.told.push(type + ' ' + location.pathname));
</script>"""


def test_a_frame_that_navigates_leaves_its_document(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.value(page, "frames[0].location = '/second'")
        assert await world.until(page, "told.length === 6")
        assert await world.value(page, "told") == [
            f"{event} /{name}" for name in ("first", "inner") for event in ("pagehide", "visibilitychange", "unload")
        ]
        assert await world.until(page, "frames[0].ready === true")
        assert await world.value(
            page,
            "(({ type, unloadEventStart: a, unloadEventEnd: b }) => [type, a > 0, b >= a])"
            "(frames[0].performance.getEntriesByType('navigation')[0])",
        ) == ["navigate", True, True]

    run(
        blob,
        {
            A: "<script>told = []</script><iframe src=first></iframe>",
            A + "first": TOLD + "<iframe src=inner></iframe>",
            A + "inner": TOLD,
            A + "second": "<script>var ready = true</script>",
        },
        test,
    )


def test_frames_are_told_when_the_page_is_left(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await page.goto(NavigationRequest(url=A + "second"))
        assert await world.value(page, "localStorage.left") == "/first"
        asked = [one.url for one in world.transport.received if "left" in one.url]
        assert asked == [B + "left"]

    run(
        blob,
        {
            A: "<iframe src=first></iframe><iframe src='https://b.test/'></iframe>",
            A + "first": "<script>window.onunload = () => (localStorage.left = location.pathname)</script>",
            B: "<script>window.onpagehide = () => navigator.sendBeacon('/left')</script>",
            B + "left": "",
            A + "second": "",
        },
        test,
    )


def test_handlers_that_take_their_frame_away(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.value(page, "frames[0].location = 'about:blank'")
        assert await world.until(page, "frames.length === 0")
        assert list(page.frames) == [1]

    run(
        blob,
        {
            A: "<iframe src=first></iframe>",
            A + "first": "<script>window.onunload = () => frameElement.remove()</script>",
        },
        test,
    )
