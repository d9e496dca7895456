"""Locks among the isolates of a context."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sanderling.browser import web_locks
from sanderling.browser.navigation_request import NavigationRequest
from sanderling.browser.web_locks import WebLocks
from tests.browser.world import World, run

A = "https://a.test/"
B = "https://b.test/"
INSECURE = "http://a.test/"

ORIGIN = "https://a.test"


class FakeAgent:
    """What `WebLocks` needs of an agent."""

    def __init__(self) -> None:
        self.closed = False
        self.told: list[tuple[str, int]] = []
        self.listener: Callable[[], None] | None = None

    def post(self, kind: str, payload: Any) -> None:
        self.told.append((kind.removeprefix("locks."), payload["number"]))

    def when_closed(self, listener: Callable[[], None]) -> None:
        self.listener = listener

    def close(self) -> None:
        self.closed = True
        if self.listener is not None:
            self.listener()


def wanted(number: int, name: str = "x", mode: str = "exclusive", **more: bool) -> dict[str, Any]:
    """Make what page code posts."""
    return {"number": number, "name": name, "mode": mode, "client": "c", "ifAvailable": False, "steal": False, **more}


def test_two_pages(blob: bytes) -> None:
    async def test(world: World) -> None:
        first, second = await world.open(A), await world.open(A)
        elsewhere, stranger = await world.browser.new_context().new_page(), await world.open(B)
        await elsewhere.goto(NavigationRequest(url=A))
        await world.value(
            first,
            "new Promise((held) => { navigator.locks.request('x', () => { held(1); return new Promise(() => {}) }) })",
        )
        free = "navigator.locks.request('x', {ifAvailable: true}, (lock) => lock !== null)"
        assert await world.value(second, free) is False
        assert await world.value(elsewhere, free) is True
        assert await world.value(stranger, free) is True
        await world.value(second, "window.got = false, navigator.locks.request('x', () => { got = true }), null")
        state = "navigator.locks.query().then((s) => [s.held.length, s.pending.length, s.held[0].clientId !== s.pending[0].clientId])"
        assert await world.value(second, state) == [1, 1, True]
        await first.close()
        assert await world.until(second, "got") is True

    run(blob, {A: "<p>a", B: "<p>b"}, test)


def test_secure_contexts_only(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(INSECURE)
        assert await world.value(page, "[navigator.locks, typeof LockManager, typeof Lock].map(String)") == [
            "undefined",
            "undefined",
            "undefined",
        ]

    run(blob, {INSECURE: "<p>a"}, test)


def test_stealing_and_the_end_of_an_agent() -> None:
    locks, one, two = WebLocks(), FakeAgent(), FakeAgent()
    locks.request(one, ORIGIN, wanted(1))
    locks.request(two, ORIGIN, wanted(1))
    locks.request(two, ORIGIN, wanted(2, steal=True))
    assert one.told == [("granted", 1), ("stolen", 1)]
    assert two.told == [("granted", 2)]
    locks.release(one, {"number": 1})  # stolen: nothing to release
    assert two.told == [("granted", 2)]
    locks.release(two, {"number": 2})
    assert two.told == [("granted", 2), ("granted", 1)]
    locks.request(one, ORIGIN, wanted(3))
    locks.request(one, ORIGIN, wanted(4, ifAvailable=True))
    assert one.told[2:] == [("unavailable", 4)]
    two.close()
    assert one.told[2:] == [("unavailable", 4), ("granted", 3)]


def test_requests_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_locks, "MAX_REQUESTS", 2)
    locks, agent = WebLocks(), FakeAgent()
    for number in (1, 2, 3):
        locks.request(agent, ORIGIN, wanted(number))
    assert agent.told == [("granted", 1), ("refused", 3)]
    locks.release(agent, {"number": 1})
    locks.request(agent, ORIGIN, wanted(4))
    assert agent.told == [("granted", 1), ("refused", 3), ("granted", 2)]
