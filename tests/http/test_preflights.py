"""Equal preflights at the same time."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sanderling.base.errors import NetworkError
from sanderling.testing.transport import Answer
from tests.http.support import World, html, run, script

B = "https://b.test/api"
ORIGIN = ("Access-Control-Allow-Origin", "https://a.test")
AGE = ("Access-Control-Max-Age", "60")
HEADERS = ("Access-Control-Allow-Headers", "x-one")


def world_with(*preflight: tuple[str, str], status: int = 204) -> World:
    world = World()
    world.on(B, Answer(status=status, headers=preflight), method="OPTIONS")
    world.on(B, html(b"x", ORIGIN), method="GET")
    return world


async def get(world: World, *headers: tuple[str, str]) -> bytes:
    request = script(B, headers=headers or [("x-one", "1")])
    return await (await world.client.fetch(request)).read()


def preflights(world: World) -> int:
    return sum(request.method == "OPTIONS" for request in world.transport.received)


def test_equal_ones_go_out_once() -> None:
    world = world_with(ORIGIN, AGE, HEADERS)

    async def work() -> list[bytes]:
        return await asyncio.gather(*(get(world) for _ in range(20)))

    assert run(work()) == [b"x"] * 20
    assert preflights(world) == 1


def test_what_may_not_be_remembered_is_asked_for_by_each() -> None:
    world = world_with(ORIGIN, ("Access-Control-Max-Age", "0"), HEADERS)

    async def work() -> list[bytes]:
        return await asyncio.gather(*(get(world) for _ in range(3)))

    assert run(work()) == [b"x"] * 3
    assert preflights(world) == 3


def test_a_permission_for_something_else_does_not_do() -> None:
    world = world_with(ORIGIN, AGE, HEADERS)

    async def work() -> list[Any]:
        return list(await asyncio.gather(get(world), get(world, ("x-two", "2")), return_exceptions=True))

    first, second = run(work())
    assert first == b"x"
    assert isinstance(second, NetworkError)
    assert preflights(world) == 2


def test_a_refusal_is_nobody_elses() -> None:
    world = world_with(ORIGIN, AGE)

    async def work() -> list[Any]:
        return await asyncio.gather(*(get(world) for _ in range(3)), return_exceptions=True)

    assert [getattr(one, "code", "") for one in run(work())] == ["net::ERR_FAILED"] * 3
    assert preflights(world) == 3


def test_a_cancelled_one_hands_over() -> None:
    world = world_with(ORIGIN, AGE, HEADERS)

    async def work() -> None:
        tasks = [asyncio.create_task(get(world)) for _ in range(3)]
        await asyncio.sleep(0)
        tasks[0].cancel()
        with pytest.raises(asyncio.CancelledError):
            await tasks[0]
        assert await asyncio.gather(*tasks[1:]) == [b"x", b"x"]

    run(work())
    assert preflights(world) == 2  # the first was canceled under way


def test_what_one_top_level_site_was_allowed_says_nothing_to_another() -> None:
    world = world_with(ORIGIN, AGE, HEADERS)

    async def work() -> list[int]:
        asked = []
        for top in ("https://a.test/", "https://www.a.test/", "https://c.test/", "https://c.test/"):
            request = script(B, headers=[("x-one", "1")], site_for_cookies=top)
            await (await world.client.fetch(request)).read()
            asked.append(preflights(world))
        return asked

    assert run(work()) == [1, 1, 2, 2]
