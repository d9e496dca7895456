"""The cache between a client and scripted servers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from sanderling.http.cache import CacheStage, Level
from sanderling.http.cache_store import Key, Limits, MemoryStore
from sanderling.http.client import ClientOptions, HttpClient
from sanderling.http.conditions import Conditions
from sanderling.http.request import Overrides, Request
from sanderling.testing.transport import Answer, Received
from tests.http.support import World, go, redirect, resource, run, script
from tests.http.test_intercept import Watch

A = "https://a.test/x.js"
FRESH = ("Cache-Control", "max-age=60")
TAG = ("ETag", '"1"')


class CachingWorld(World):
    """A world whose client has a cache in memory."""

    def __init__(self, limits: Limits | None = None, **others: Any) -> None:
        super().__init__(**others)
        self.store = MemoryStore(limits)
        self.client = HttpClient(
            self.transport,
            jar=self.jar,
            options=ClientOptions(user_agent="Test/1"),
            clock=self.clock,
            cache=CacheStage((Level(self.store),), self.clock),
        )


async def until(met: Callable[[], bool]) -> None:
    for _ in range(1000):
        if met():
            return
        await asyncio.sleep(0)
    raise AssertionError("it did not come about")


def answer(*headers: tuple[str, str], body: bytes = b"one", status: int = 200) -> Answer:
    return Answer(status=status, headers=headers, body=body)


def conditional(*headers: tuple[str, str], body: bytes = b"new") -> Any:
    """Answer 304 to a conditional request."""

    def respond(received: Received) -> Answer:
        if "if-none-match" in received.headers:
            return Answer(status=304, headers=headers)
        return Answer(headers=headers, body=body)

    return respond


def test_what_is_fresh_is_not_asked_for_again() -> None:
    world = CachingWorld()
    world.on(A, answer(FRESH), answer(FRESH, body=b"two"))
    assert world.body(script(A)) == b"one"
    assert world.body(script(A)) == b"one"
    world.clock.now += 60
    assert world.body(script(A)) == b"two"
    assert len(world.urls) == 2


def test_elements_and_scripts_share() -> None:
    world = CachingWorld()
    world.on(A, answer(FRESH))
    world.body(resource(A))
    world.body(script(A, credentials="include"))
    assert len(world.urls) == 1


def test_watchers_are_told() -> None:
    world = CachingWorld()
    world.on(A, answer(FRESH))
    world.body(script(A))
    watch = Watch()
    run(_read(world, script(A), watch))
    assert watch.log == [f"sent {A}", f"transmitted {A}", f"memory {A}"]


async def _read(world: World, request: Request, watch: Watch | None = None) -> bytes:
    return await (await world.client.fetch(request, watch)).read()


def test_stale_is_validated_and_renewed() -> None:
    world = CachingWorld()
    world.transport.respond(A, conditional(FRESH, TAG, ("X", "new"), body=b"one"))
    world.body(script(A))
    world.clock.now += 61
    response = world.fetch(script(A))
    assert (response.status, response.headers.get("x"), world.sent()["if-none-match"]) == (200, "new", '"1"')
    assert run(response.read()) == b"one"
    world.body(script(A))
    assert len(world.urls) == 2


def test_changed_replaces_what_was_stored() -> None:
    world = CachingWorld()
    world.on(A, answer(TAG, FRESH), answer(("ETag", '"2"'), FRESH, body=b"two"))
    world.body(script(A))
    world.clock.now += 61
    assert world.body(script(A)) == b"two"
    assert world.body(script(A)) == b"two"
    assert (len(world.urls), len(world.store)) == (2, 1)


def test_a_304_about_something_else_is_asked_again() -> None:
    world = CachingWorld()
    world.on(A, answer(TAG), answer(("ETag", '"9"'), status=304, body=b""), answer(TAG, body=b"two"))
    world.body(script(A))
    assert world.body(script(A)) == b"two"
    assert "if-none-match" not in world.sent()


def test_cookies_are_taken_from_the_wire_only() -> None:
    world = CachingWorld()
    world.on(A, answer(FRESH, ("Set-Cookie", "k=1")))
    world.body(resource(A))
    response = world.fetch(resource(A))
    assert "set-cookie" not in response.full_headers
    assert len(world.urls) == 1


def test_a_304_sets_cookies() -> None:
    world = CachingWorld()
    world.on(A, answer(TAG), answer(TAG, ("Set-Cookie", "k=2"), status=304, body=b""))
    world.body(resource(A))
    assert world.fetch(resource(A)).full_headers.get("set-cookie") == "k=2"
    world.on("https://a.test/other", answer())
    world.body(resource("https://a.test/other"))
    assert world.sent()["cookie"] == "k=2"


@pytest.mark.parametrize(
    ("mode", "bodies"),
    [
        ("default", [b"one", b"one"]),
        ("no-store", [b"two", b"one"]),
        ("reload", [b"two", b"two"]),
        ("no-cache", [b"two", b"two"]),
        ("force-cache", [b"one", b"one"]),
        ("only-if-cached", [b"one", b"one"]),
    ],
)
def test_cache_modes(mode: str, bodies: list[bytes]) -> None:
    world = CachingWorld()
    world.on(A, answer(FRESH), answer(FRESH, body=b"two"))
    world.body(script(A, mode="same-origin"))
    assert world.body(script(A, cache=mode, mode="same-origin")) == bodies[0]
    assert world.body(script(A, mode="same-origin")) == bodies[1]


def test_forced_cache_uses_what_is_stale() -> None:
    world = CachingWorld()
    world.on(A, answer(TAG), answer(TAG, body=b"two"))
    world.body(script(A))
    assert world.body(script(A, cache="force-cache")) == b"one"
    assert world.body(script(A, cache="only-if-cached", mode="same-origin")) == b"one"


def test_only_if_cached_asks_nobody() -> None:
    world = CachingWorld()
    world.on(A, answer(FRESH))
    assert world.error(script(A, cache="only-if-cached", mode="same-origin")).code == "net::ERR_CACHE_MISS"
    assert world.urls == []


def test_an_askers_own_condition_goes_past_the_cache() -> None:
    world = CachingWorld()
    world.on(A, answer(FRESH, TAG), answer(TAG, status=304, body=b""))
    world.body(script(A))
    assert world.fetch(script(A, headers=[("If-None-Match", '"1"')])).status == 304


def test_ranges_go_past_the_cache() -> None:
    world = CachingWorld()
    world.on(A, answer(FRESH), answer(FRESH, status=206, body=b"n"))
    world.body(script(A))
    assert world.body(script(A, headers=[("Range", "bytes=1-1")])) == b"n"
    assert world.body(script(A)) == b"one"


def test_reload_validates_the_document_only() -> None:
    world = CachingWorld()
    page = "https://a.test/page"
    world.transport.respond(page, conditional(FRESH, TAG, ("Content-Type", "text/html")))
    world.on(A, answer(FRESH))
    world.body(go(page))
    world.body(resource(A))
    assert world.body(go(page, reload=True)) == b"new"
    assert (world.sent()["cache-control"], world.sent()["if-none-match"]) == ("max-age=0", '"1"')
    world.body(resource(A))
    assert len(world.urls) == 3


def test_traversal_takes_what_is_there() -> None:
    world = CachingWorld()
    world.on("https://a.test/page", answer(TAG, ("Content-Type", "text/html")))
    world.body(go("https://a.test/page"))
    world.body(go("https://a.test/page", traversal=True))
    assert len(world.urls) == 1


def test_bypass_asks_and_stores() -> None:
    world = CachingWorld()
    world.on(A, answer(FRESH), answer(FRESH, body=b"two"))
    world.body(script(A))
    bypass = msgspec.structs.replace(script(A), overrides=Overrides(bypass_cache=True))
    assert world.body(bypass) == b"two"
    assert world.sent()["pragma"] == "no-cache"
    assert world.body(script(A)) == b"two"


def test_sites_and_credentials_do_not_share() -> None:
    world = CachingWorld()
    allowed = ("Access-Control-Allow-Origin", "*")
    world.on(A, answer(FRESH, allowed))
    world.body(script(A, credentials="omit"))
    world.body(script(A, "https://www.a.test/", credentials="omit"))
    assert len(world.urls) == 1
    world.body(script(A, "https://b.test/", credentials="omit"))
    world.body(script(A, credentials="include"))
    assert len(world.urls) == 3


def test_frames_share_with_their_top_level_document_only() -> None:
    world = CachingWorld()
    world.on(A, answer(FRESH))
    world.body(resource(A))
    in_frame = resource(A, client="https://a.test/frame", site_for_cookies="https://b.test/")
    world.body(in_frame)
    assert len(world.urls) == 2
    world.body(in_frame)
    assert len(world.urls) == 2


def test_what_was_not_verified_is_not_for_those_who_verify() -> None:
    world = CachingWorld()
    world.on(A, answer(FRESH))
    trusting = msgspec.structs.replace(script(A), overrides=Overrides(ignore_certificate_errors=True))
    for request in (trusting, trusting, script(A), script(A)):
        world.body(request)
    assert [one.options.verify_tls for one in world.transport.received] == [False, True]


def test_contexts_do_not_share() -> None:
    world, other = CachingWorld(), CachingWorld()
    for one in (world, other):
        one.on(A, answer(FRESH))
        one.body(script(A))
    assert len(other.urls) == 1


def test_vary_keeps_variants() -> None:
    world = CachingWorld()

    def respond(received: Received) -> Answer:
        return answer(FRESH, ("Vary", "X"), body=(received.headers.get("x") or "none").encode())

    world.transport.respond(A, respond)
    for value in ("a", "b", "a", "b"):
        assert world.body(script(A, headers=[("X", value)])) == value.encode()
    assert len(world.urls) == 2


def test_redirects_are_stored_when_they_may_be() -> None:
    world = CachingWorld()
    world.on("https://a.test/r", redirect(A, 301))
    world.on("https://a.test/t", redirect(A, 302))
    world.on(A, answer(FRESH))
    for _ in range(2):
        assert world.body(script("https://a.test/r")) == b"one"
        assert world.body(script("https://a.test/t")) == b"one"
    assert world.urls == ["https://a.test/r", A, "https://a.test/t", "https://a.test/t"]


def test_what_changes_a_resource_invalidates_it() -> None:
    world = CachingWorld()
    world.on(A, answer(FRESH), method="GET")
    world.on(A, answer(status=500), answer(("Location", "/other"), status=201), method="POST")
    world.on("https://a.test/other", answer(FRESH))
    world.body(script("https://a.test/other"))
    world.body(script(A))
    world.body(script(A, method="POST"))
    world.body(script(A))
    assert len(world.urls) == 3  # it failed
    world.body(script(A, method="POST"))
    world.body(script(A))
    world.body(script("https://a.test/other"))
    assert world.urls[4:] == [A, "https://a.test/other"]


def test_unfinished_bodies_are_not_stored() -> None:
    world = CachingWorld()
    world.on(A, Answer(headers=(FRESH,), body=b"12345", fail="net::ERR_CONTENT_LENGTH_MISMATCH", fail_after=3))
    world.error(script(A))
    world.on(A, answer(FRESH))
    assert world.body(script(A)) == b"one"


def test_an_unread_body_is_stored_all_the_same() -> None:
    world = CachingWorld()
    world.on(A, answer(FRESH, body=b"x" * 300_000))

    async def work() -> None:
        response = await world.client.fetch(script(A))
        done = asyncio.Event()
        response.when_done(lambda error: done.set())
        await done.wait()

    run(work())
    assert len(world.body(script(A))) == 300_000
    assert len(world.urls) == 1


def test_large_bodies_are_not_stored_and_not_read_ahead() -> None:
    world = CachingWorld(Limits(entry_bytes=100_000))
    world.on(A, answer(FRESH, body=b"x" * 3_000_000))

    async def work() -> None:
        response = await world.client.fetch(script(A))
        size = 0
        async for piece in response.chunks():
            size += len(piece)
            await asyncio.sleep(0)
        assert size == 3_000_000

    run(work())
    assert len(world.store) == 0
    assert world.transport.handle.most_under_way < 200_000


def test_stale_while_revalidate() -> None:
    world = CachingWorld()
    window = ("Cache-Control", "max-age=10, stale-while-revalidate=60")
    world.on(A, answer(window), answer(window, body=b"two"))
    world.body(script(A))
    world.clock.now += 20
    key = Key("https://a.test credentials", A)

    async def work() -> None:
        assert await _read(world, script(A)) == b"one"
        await until(lambda: world.store.find(key)[0].received_at == world.clock.now)
        assert await _read(world, script(A)) == b"two"

    run(work())
    assert len(world.urls) == 2


def test_stale_if_error() -> None:
    world = CachingWorld()
    window = ("Cache-Control", "max-age=10, stale-if-error=60")
    world.on(A, answer(window), answer(status=503), Answer(fail="net::ERR_CONNECTION_REFUSED"))
    world.body(script(A))
    world.clock.now += 20
    assert world.body(script(A)) == b"one"
    assert world.body(script(A)) == b"one"
    world.clock.now += 60
    assert world.error(script(A)).code == "net::ERR_CONNECTION_REFUSED"


def test_request_for_cached_only_by_header() -> None:
    world = CachingWorld()
    assert world.fetch(script(A, headers=[("Cache-Control", "only-if-cached")])).status == 504
    assert world.urls == []


def test_clearing() -> None:
    world = CachingWorld()
    world.on(A, answer(FRESH))
    world.body(script(A))
    world.client.cache.clear()
    world.body(script(A))
    assert len(world.urls) == 2


def test_a_network_that_is_away_does_not_matter_to_what_is_stored() -> None:
    world = CachingWorld()
    world.on(A, answer(FRESH))
    world.body(script(A))
    assert run(_read(world, script(A), Watch(conditions=Conditions(offline=True)))) == b"one"


# -- single flight ---------------------------------------------------------------------------------------------------


def test_fifty_at_once_make_one_request() -> None:
    world = CachingWorld()
    world.on(A, answer(FRESH, body=b"x" * 200_000))

    async def work() -> list[bytes]:
        return await asyncio.gather(*(_read(world, script(A)) for _ in range(50)))

    assert run(work()) == [b"x" * 200_000] * 50
    assert len(world.urls) == 1


def test_fifty_elements_at_once_make_one_request() -> None:
    world = CachingWorld()
    world.on(A, answer(FRESH))

    async def work() -> list[bytes]:
        return await asyncio.gather(*(_read(world, resource(A)) for _ in range(50)))

    assert run(work()) == [b"one"] * 50
    assert len(world.urls) == 1


def test_what_may_not_be_shared_is_asked_for_by_each() -> None:
    world = CachingWorld()
    world.on(A, answer(("Cache-Control", "no-store")))

    async def work() -> list[bytes]:
        return await asyncio.gather(*(_read(world, script(A)) for _ in range(5)))

    assert run(work()) == [b"one"] * 5
    assert len(world.urls) == 5


def test_validation_goes_out_once() -> None:
    world = CachingWorld()
    world.transport.respond(A, conditional(FRESH, TAG))
    world.body(script(A))
    world.clock.now += 61

    async def work() -> list[bytes]:
        return await asyncio.gather(*(_read(world, script(A)) for _ in range(5)))

    assert run(work()) == [b"new"] * 5
    assert len(world.urls) == 2


def test_variants_do_not_share_a_flight() -> None:
    world = CachingWorld()

    def respond(received: Received) -> Answer:
        return answer(FRESH, ("Vary", "X"), body=(received.headers.get("x") or "none").encode())

    world.transport.respond(A, respond)

    async def work() -> list[bytes]:
        return await asyncio.gather(*(_read(world, script(A, headers=[("X", value)])) for value in "abab"))

    assert run(work()) == [b"a", b"b", b"a", b"b"]


def test_a_failure_is_no_failure_of_the_others() -> None:
    world = CachingWorld()
    world.on(A, Answer(fail="net::ERR_CONNECTION_RESET"), answer(FRESH))

    async def work() -> list[Any]:
        return await asyncio.gather(*(_read(world, script(A)) for _ in range(3)), return_exceptions=True)

    results = run(work())
    assert getattr(results[0], "code", "") == "net::ERR_CONNECTION_RESET"
    assert results[1:] == [b"one", b"one"]


def test_a_cancelled_leader_hands_over_before_the_head() -> None:
    world = CachingWorld()
    world.on(A, answer(FRESH))

    async def work() -> None:
        leader = asyncio.create_task(_read(world, script(A)))
        follower = asyncio.create_task(_read(world, script(A)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        leader.cancel()
        assert await follower == b"one"
        assert leader.cancelled()

    run(work())
    assert len(world.urls) == 1


def test_a_cancelled_leader_hands_over_in_the_middle_of_the_body() -> None:
    world = CachingWorld()
    world.on(A, answer(FRESH, body=b"x" * 2_000_000))

    async def work() -> None:
        leading = await world.client.fetch(script(A))
        following = await world.client.fetch(script(A))
        leading.cancel()
        assert len(await following.read()) == 2_000_000

    run(work())
    assert len(world.urls) == 1
    assert world.transport.handle.canceled == []


def test_when_all_are_cancelled_the_transfer_is() -> None:
    world = CachingWorld()
    world.on(A, Answer(headers=(FRESH,), hold_after_head=True))

    async def work() -> None:
        responses = [await world.client.fetch(script(A)) for _ in range(3)]
        for response in responses[:2]:
            response.cancel()
        assert world.transport.running == 1
        responses[2].cancel()
        await until(lambda: world.transport.running == 0)

    run(work())


def test_when_all_who_wait_are_cancelled_the_exchange_is() -> None:
    world = CachingWorld()
    world.on(A, Answer(hold=True))

    async def work() -> None:
        tasks = [asyncio.create_task(world.client.fetch(script(A))) for _ in range(3)]
        await until(lambda: len(world.urls) > 0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await until(lambda: world.transport.running == 0)

    run(work())
    assert len(world.transport.handle.canceled) == 1


def test_opaque_responses_that_nobody_can_embed_are_blocked_from_the_cache_too() -> None:
    world = CachingWorld()
    page = Answer(
        headers=(("Content-Type", "text/html"), ("Cache-Control", "max-age=60")), body=b"<!DOCTYPE html><p>secret"
    )
    world.on("https://b.test/", page)
    asked = resource("https://b.test/", destination="image")
    assert [world.error(asked).code for _ in range(2)] == ["net::ERR_BLOCKED_BY_ORB"] * 2
    assert len(world.transport.received) == 1
