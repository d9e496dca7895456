"""Broadcast channels between isolates: pages, popups, and frames of other origins of one context."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sanderling.browser import broadcasts
from sanderling.browser.broadcasts import Broadcasts
from sanderling.browser.navigation_request import NavigationRequest
from tests.browser.world import World, run

A = "https://a.test/"
B = "https://b.test/"

LISTEN = "<script>var heard = []; var channel = new BroadcastChannel('news'); channel.onmessage = (e) => heard.push([e.data, e.origin])</script>"


class FakeAgent:
    """What `Broadcasts` needs of an agent."""

    def __init__(self) -> None:
        self.closed = False
        self.got: list[tuple[str, Any, bytes | None]] = []
        self.listener: Callable[[], None] | None = None

    def post(self, kind: str, payload: Any, data: bytes | None) -> None:
        self.got.append((kind, payload, data))

    def when_closed(self, listener: Callable[[], None]) -> None:
        self.listener = listener

    def close(self) -> None:
        self.closed = True
        if self.listener is not None:
            self.listener()


def test_two_pages_and_frames_of_their_origin(blob: bytes) -> None:
    async def test(world: World) -> None:
        first = await world.open(A)
        second = await world.open(f"{A}with-frames")
        stranger = await world.open(B)
        elsewhere = await world.browser.new_context().new_page()
        await elsewhere.goto(NavigationRequest(url=A))
        (foreign,) = second.main_frame.children
        (inner,) = second.frames[foreign].children
        assert second.agent_of(inner) not in (second.agent, second.agent_of(foreign))
        await world.value(first, "channel.postMessage({bytes: new Uint8Array([1, 2]), n: [-0]}), null")
        expected = [[{"bytes": [1, 2], "n": [0]}, "https://a.test"]]
        seen = "heard.length > 0 && heard.map(([d, o]) => [{bytes: [...d.bytes], n: [Object.is(d.n[0], -0) ? 0 : 'lost']}, o])"
        assert await world.until(second, seen) == expected
        # What is answered comes after what went before it.
        await world.value(second, "channel.postMessage('second'), null")
        assert await world.until(first, "heard.length > 0 && heard") == [["second", "https://a.test"]]
        assert await world.value(stranger, "heard") == []
        assert await world.value(second, "heard", foreign) == []
        assert await world.value(second, "heard", inner) == [], (
            "another site embeds it: it has a storage key of its own"
        )
        assert await world.value(elsewhere, "heard") == []

    run(
        blob,
        {
            A: LISTEN,
            f"{A}with-frames": f"{LISTEN}<iframe src={B}nest></iframe>",
            B: LISTEN,
            f"{B}nest": f"{LISTEN}<iframe src={A}></iframe>",
        },
        test,
    )


def test_a_document_that_was_left_hears_nothing(blob: bytes) -> None:
    async def test(world: World) -> None:
        first = await world.open(A)
        second = await world.open(A)
        await world.value(second, "location.href = 'https://b.test/', null")
        await world.until(second, "location.host === 'b.test' && document.readyState === 'complete'")
        assert first.agent is not None
        # The only isolate of that origin that still listens.
        assert world.context.broadcasts.listeners("https://a.test", '"news"') == [first.agent]
        await world.value(first, "channel.close(), null")
        assert world.context.broadcasts.listeners("https://a.test", '"news"') == []

    run(blob, {A: LISTEN, B: "<p>elsewhere"}, test)


def test_a_broken_message_fires_messageerror(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.value(page, "channel.onmessageerror = (e) => heard.push([e.type, e.data, e.origin]), null")
        assert page.agent is not None
        broken = {"root": 0, "nodes": [[4, [0, -1]]]}
        page.agent.post("broadcast.deliver", {"name": '"news"', "origin": "https://a.test", "message": broken})
        assert await world.until(page, "heard.length > 0 && heard") == [["messageerror", None, "https://a.test"]]

    run(blob, {A: LISTEN}, test)


def test_listening_is_bounded_and_ends_with_the_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcasts, "MAX_CHANNELS", 2)
    channels = Broadcasts()
    one, two = FakeAgent(), FakeAgent()
    channels.open(one, "https://a.test", "x")
    channels.open(two, "https://a.test", "x")
    channels.open(two, "https://a.test", "y")
    assert channels.listeners("https://a.test", "y") == []
    channels.post(one, {"name": "x", "message": 5}, b"m")
    assert two.got == [("broadcast.deliver", {"name": "x", "origin": "https://a.test", "message": 5}, b"m")]
    assert one.got == []
    two.close()
    assert channels.listeners("https://a.test", "x") == [one]
    channels.open(one, "null", "z")
    assert channels.listeners("null", "z") == []
    channels.open(one, "https://a.test", "y")
    assert channels.listeners("https://a.test", "y") == [one]
