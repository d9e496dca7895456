from __future__ import annotations

import pytest

from sanderling.http.client import ClientOptions
from sanderling.testing.transport import Answer
from tests.http.support import World, go, html, resource

PLAIN = "http://a.test/x?y"
SECURE = "https://a.test/x?y"


def test_a_refused_navigation_is_repeated_when_the_host_says_so() -> None:
    world = World(ClientOptions(nav_delay_ms=1))
    world.on(SECURE, Answer(status=503, headers=(("Retry-After", "0"),)), html())
    assert world.fetch(go(SECURE)).status == 200
    assert world.urls == [SECURE, SECURE]


def test_who_asks_for_no_manners_gets_what_the_server_said() -> None:
    world = World()
    world.on(SECURE, Answer(status=503, headers=(("Retry-After", "0"),)), html())
    assert world.fetch(go(SECURE)).status == 503


def test_a_host_that_wants_to_be_left_alone() -> None:
    world = World(ClientOptions(nav_delay_ms=1))
    world.on("https://a.test/", Answer(status=429, headers=(("Retry-After", "3600"),)))
    error = world.error(go("https://a.test/"))
    assert error.code == "net::ERR_TEMPORARILY_THROTTLED"
    assert "3600 s" in error.message
    assert len(world.urls) == 1


def test_what_a_host_said_over_tls_holds_without() -> None:
    world = World()
    world.on("https://a.test/", Answer(headers=(("Strict-Transport-Security", "max-age=100"),)))
    world.on(PLAIN, html())
    world.on(SECURE, html())
    assert world.fetch(go(PLAIN)).url == PLAIN
    world.fetch(go("https://a.test/"))
    response = world.fetch(go(PLAIN))
    assert (response.url, [(hop.url, hop.status) for hop in response.redirects]) == (SECURE, [(PLAIN, 307)])
    assert world.urls == [PLAIN, "https://a.test/", SECURE]


@pytest.mark.parametrize("insecure", [True, False])
def test_what_came_over_a_doubtful_connection_does_not_count(insecure: bool) -> None:
    world = World(ClientOptions(insecure=insecure))
    world.on("https://a.test/", Answer(headers=(("Strict-Transport-Security", "max-age=100"),)))
    world.on(PLAIN, html())
    world.on(SECURE, html())
    world.fetch(go("https://a.test/"))
    assert world.fetch(go(PLAIN)).url == (PLAIN if insecure else SECURE)


def test_robots_may_be_asked_about_everything() -> None:
    world = World(ClientOptions(user_agent="Bot/1", obey_robots="all"))
    world.on("https://a.test/robots.txt", Answer(body=b"User-agent: *\nDisallow: /private\n"))
    error = world.error(resource("https://a.test/private/x", "image"))
    assert error.code == "net::ERR_BLOCKED_BY_ROBOTS"
    assert "'Disallow: /private'" in error.message
