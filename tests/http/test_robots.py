from __future__ import annotations

import asyncio

import pytest

from sanderling.base.errors import ClosedError
from sanderling.http.client import ClientOptions
from sanderling.testing.transport import Answer
from tests.http.support import World, go, html, redirect, resource, run

ROBOTS = "https://a.test/robots.txt"
RULES = b"User-agent: testbot\nDisallow: /private\n\nUser-agent: *\nDisallow: /\n"


def obedient() -> World:
    world = World(ClientOptions(user_agent="Mozilla/5.0 (compatible; TestBot/1.0)", obey_robots="pages"))
    world.on("https://a.test/", html())
    world.on("https://a.test/private", html())
    return world


def test_rules_are_asked_once_and_applied_to_navigations() -> None:
    world = obedient()
    world.on(ROBOTS, Answer(body=RULES))
    assert world.fetch(go("https://a.test/")).status == 200
    error = world.error(go("https://a.test/private"))
    assert error.code == "net::ERR_BLOCKED_BY_ROBOTS"
    assert "TestBot" in error.message
    assert world.fetch(resource("https://a.test/private", "image")).status == 200
    assert world.urls == [ROBOTS, "https://a.test/", "https://a.test/private"]
    assert "cookie" not in world.sent(0)


def test_redirects_into_forbidden_places() -> None:
    world = obedient()
    world.on(ROBOTS, Answer(body=RULES))
    world.on("https://a.test/", redirect("/private"))
    assert world.error(go("https://a.test/")).code == "net::ERR_BLOCKED_BY_ROBOTS"
    assert world.urls == [ROBOTS, "https://a.test/"]


def test_rules_live_a_day() -> None:
    world = obedient()
    world.on(ROBOTS, Answer(status=404), Answer(body=RULES))
    assert world.fetch(go("https://a.test/private")).status == 200
    world.clock.now += 24 * 3600 + 1
    assert world.error(go("https://a.test/private")).code == "net::ERR_BLOCKED_BY_ROBOTS"


@pytest.mark.parametrize("answer", [Answer(status=503), Answer(fail="net::ERR_CONNECTION_RESET")])
def test_unreachable_rules_forbid_everything_for_a_while(answer: Answer) -> None:
    world = obedient()
    world.on(ROBOTS, answer, Answer(body=RULES))
    assert "cannot be reached" in world.error(go("https://a.test/")).message or answer.status == 503
    assert world.error(go("https://a.test/")).code == "net::ERR_BLOCKED_BY_ROBOTS"
    assert world.urls == [ROBOTS]
    world.clock.now += 61
    assert world.fetch(go("https://a.test/")).status == 200


def test_redirected_and_endless_rules() -> None:
    world = obedient()
    world.on(ROBOTS, redirect("https://b.test/robots.txt"))
    world.on("https://b.test/robots.txt", Answer(body=RULES + b"#" * 2_000_000))
    assert world.error(go("https://a.test/private")).code == "net::ERR_BLOCKED_BY_ROBOTS"
    assert world.fetch(go("https://a.test/")).status == 200
    assert world.transport.running == 0
    loop = obedient()
    loop.on(ROBOTS, redirect(ROBOTS))
    assert loop.fetch(go("https://a.test/private")).status == 200


def test_waiting_navigations_share_the_rules() -> None:
    async def work() -> None:
        world = obedient()
        world.on(ROBOTS, Answer(hold=True))
        tasks = [asyncio.create_task(world.client.fetch(go("https://a.test/"))) for _ in range(2)]
        for _ in range(5):
            await asyncio.sleep(0)
        assert world.urls == [ROBOTS]
        tasks[0].cancel()
        with pytest.raises(asyncio.CancelledError):
            await tasks[0]
        assert not tasks[1].done()
        await world.client.close()
        with pytest.raises(ClosedError):
            await tasks[1]

    run(work())


def test_disobedient_clients_do_not_ask() -> None:
    world = World()
    world.on("https://a.test/private", html())
    assert world.fetch(go("https://a.test/private")).status == 200
    assert world.urls == ["https://a.test/private"]
