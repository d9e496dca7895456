"""What `Sec-Fetch-*` say of navigations (https://w3c.github.io/webappsec-fetch-metadata/)."""

from __future__ import annotations

import asyncio

from sanderling.testing.transport import Answer, Received
from tests.browser.world import World, page_of, run

A = "https://a.test/"
B = "https://b.test/"


def watch(world: World, answers: dict[str, Answer]) -> asyncio.Queue[str]:
    """Answer requests, and give their address and site as they come."""
    seen: asyncio.Queue[str] = asyncio.Queue()

    def respond(request: Received) -> Answer:
        headers = dict(request.headers)
        seen.put_nowait(f"{request.url} {headers['Sec-Fetch-Site']} {headers['Sec-Fetch-Dest']}")
        return answers[request.url]

    for url in answers:
        world.transport.respond(url, respond)
    return seen


def test_who_goes_back_asks_in_the_name_of_who_went_there(blob: bytes) -> None:
    async def test(world: World) -> None:
        stale = page_of("<p>x</p>", Cache_Control="no-store")
        seen = watch(world, {A: stale, B: stale})
        page = await world.open(A)
        assert await seen.get() == f"{A} none document"
        await world.value(page, f"void (location.href = '{B}')")
        assert await seen.get() == f"{B} cross-site document"
        await world.until(page, f"location.href === '{B}' && document.readyState === 'complete'")
        await world.value(page, "void history.back()")
        assert await seen.get() == f"{A} none document"
        await world.until(page, f"location.href === '{A}' && document.readyState === 'complete'")
        await world.value(page, "void history.forward()")
        assert await seen.get() == f"{B} cross-site document"

    run(blob, {}, test)


def test_a_popup_goes_back_in_the_name_of_its_opener(blob: bytes) -> None:
    async def test(world: World) -> None:
        start = "<script>onload = () => setTimeout(() => location.assign('/end#1'))</script>"
        end = page_of(
            "<script>history.pushState(null, '', '/end#2'); opener.came = true</script>", Cache_Control="no-store"
        )
        answers = {A: page_of(""), f"{A}start": page_of(start, Cache_Control="no-store"), f"{A}end": end}
        seen = watch(world, answers)
        page = await world.open(A)
        await world.value(page, "void (popup = open('/start'))")
        assert [await seen.get() for _ in range(3)] == [
            f"{A} none document",
            f"{A}start same-origin document",
            f"{A}end same-origin document",
        ]
        await world.until(page, "window.came")
        await world.value(page, "void popup.history.go(-2)")
        assert await seen.get() == f"{A}start same-origin document"

    run(blob, {}, test)


def test_frames_of_frame_sets(blob: bytes) -> None:
    async def test(world: World) -> None:
        seen = watch(
            world,
            {A: page_of(f"<frameset><frame src={A}f><frame src={B}></frameset>"), f"{A}f": page_of(""), B: page_of("")},
        )
        await world.open(A)
        assert sorted([await seen.get() for _ in range(3)]) == [
            f"{A} none document",
            f"{A}f same-origin frame",
            f"{B} cross-site frame",
        ]

    run(blob, {}, test)
