from __future__ import annotations

import pytest

from sanderling.base.errors import NetworkError
from sanderling.http.client import ClientOptions
from sanderling.http.intercept import BlockedError
from sanderling.http.websocket import SocketPlan
from sanderling.proto.url_filters import UrlFilters
from tests.http.support import World, go, html, redirect, resource, run, script

FILTERS = UrlFilters(["/ads/*.js"], ["track.test"])


def blocking() -> World:
    return World(ClientOptions(user_agent="Test/1", filters=FILTERS))


def test_the_rule_is_named_and_nothing_goes_out() -> None:
    world = blocking()
    error = world.error(resource("https://a.test/ads/1.js"))
    assert isinstance(error, BlockedError)
    assert (error.code, error.reason) == ("net::ERR_BLOCKED_BY_CLIENT", "other")
    assert error.message == "blocked by the URL pattern '/ads/*.js'"
    error = world.error(go("https://eu.track.test/"))
    assert error.message == "blocked by the host 'track.test' of a list"
    assert world.urls == []


def test_every_hop_is_looked_at() -> None:
    world = blocking()
    world.on("https://a.test/", redirect("https://b.test/"))
    world.on("https://b.test/", redirect("https://track.test/pixel"))
    assert "track.test" in world.error(go("https://a.test/")).message
    assert world.urls == ["https://a.test/", "https://b.test/"]


def test_what_was_stored_is_blocked_too() -> None:
    world = World()
    world.on("https://track.test/", html(b"x", ("Cache-Control", "max-age=600")))
    world.fetch(go("https://track.test/"))
    later = World(ClientOptions(user_agent="Test/1", filters=FILTERS), cache=world.client.cache)
    assert later.error(go("https://track.test/")).code == "net::ERR_BLOCKED_BY_CLIENT"


def test_preflights_do_not_go_out() -> None:
    world = blocking()
    asked = script("https://track.test/", method="PUT")
    assert world.error(asked).code == "net::ERR_BLOCKED_BY_CLIENT"
    assert world.urls == []


@pytest.mark.parametrize("url", ["wss://track.test/", "ws://a.test/ads/socket.js"])
def test_web_sockets(url: str) -> None:
    class Listener:
        def __getattr__(self, name: str) -> None:
            raise AssertionError(name)

    async def work() -> None:
        world = blocking()
        with pytest.raises(NetworkError, match="net::ERR_BLOCKED_BY_CLIENT: blocked by the"):
            world.client.open_socket(SocketPlan(url=url), Listener())  # type: ignore[arg-type]

    run(work())
