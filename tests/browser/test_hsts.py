"""HTTP Strict Transport Security, as pages meet it."""

from __future__ import annotations

import asyncio

import pytest

from sanderling.http.websocket import SocketPlan
from sanderling.testing.transport import Answer
from tests.browser.world import World, run

OPENED = """(url) => new Promise((done) => {
  const seen = [], socket = new WebSocket(url);
  socket.onerror = () => seen.push('error');
  socket.onclose = (e) => done([...seen, e.code]);
  ACT
})"""
SAID = Answer(headers=(("Strict-Transport-Security", "max-age=100"), ("Content-Type", "text/html")))


def opened(url: str, act: str = "") -> str:
    return f"({OPENED.replace('ACT', act)})({url!r})"


def test_sockets_to_known_hosts_go_over_tls(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open("http://c.test/")
        for url in ("ws://a.test/x?y", "ws://a.test:8080/", "ws://b.test/", "ws://127.0.0.1:8081/", "wss://a.test/"):
            assert await world.value(page, opened(url)) == ["error", 1006]
        assert [command.url for command in world.transport.handle.sockets] == [
            "ws://a.test/x?y",
            "ws://a.test:8080/",
            "ws://b.test/",
            "ws://127.0.0.1:8081/",
            "wss://a.test/",
        ]
        await world.value(page, "fetch('https://a.test/', { mode: 'no-cors' }).then(() => 1)")
        world.transport.handle.sockets.clear()
        for url in ("ws://a.test/x?y", "ws://a.test:8080/", "ws://b.test/"):
            await world.value(page, opened(url))
        assert [command.url for command in world.transport.handle.sockets] == [
            "wss://a.test/x?y",
            "wss://a.test:8080/",
            "ws://b.test/",
        ]
        # It is mixed content all the same.
        secure = await world.open("https://a.test/")
        world.transport.handle.sockets.clear()
        await world.value(
            secure, "new Promise((done) => { try { new WebSocket('ws://a.test/').onerror = done; } catch { done(); } })"
        )
        assert world.transport.handle.sockets == []

    run(blob, {"https://a.test/": SAID, "http://c.test/": "<p>"}, test)


@pytest.mark.parametrize("act", ["socket.close()", "document.body.remove(); socket.close(1000, 'x')"])
def test_a_socket_is_closed_while_its_host_is_asked_about(blob: bytes, act: str) -> None:
    async def test(world: World) -> None:
        page = await world.open("http://c.test/")
        assert await world.value(page, opened("ws://a.test/", act)) == ["error", 1006]

    run(blob, {"http://c.test/": "<p>"}, test)


def test_a_page_goes_while_a_host_is_asked_about(blob: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(world: World) -> None:
        asked: list[str] = []

        async def never(plan: SocketPlan) -> SocketPlan:
            asked.append("asked")
            answer: asyncio.Future[SocketPlan] = asyncio.get_running_loop().create_future()
            try:
                return await answer
            finally:
                asked.append("given up")

        monkeypatch.setattr(world.context.client, "upgraded", never)
        page = await world.open("http://c.test/")
        await world.value(page, "new WebSocket('ws://a.test/'), 1")
        assert asked == ["asked"]
        await page.close()
        await asyncio.sleep(0)
        assert asked == ["asked", "given up"]
        assert world.transport.handle.sockets == []

    run(blob, {"http://c.test/": "<p>"}, test)
