"""Bodies that are longer than what a page gets whole."""

from __future__ import annotations

from sanderling.testing.transport import Answer
from tests.browser.world import World, run

LONG = (64 << 20) + 1
SEVERAL = 100 << 20
"""Several times what the engine lets lie."""


def test_streams_may_be_longer_than_what_is_given_whole(blob: bytes) -> None:
    async def test(world: World) -> None:
        long = Answer(body=bytes(LONG), chunk_bytes=1 << 20)
        for path in ("stream", "whole", "xhr"):
            world.transport.answer(f"https://a.test/{path}", long)
        page = await world.open("https://a.test/")
        read = """(async () => {
          let size = 0;
          const reader = (await fetch('/stream')).body.getReader({ mode: 'byob' });
          for (let buffer = new ArrayBuffer(1 << 20);;) {
            const { done, value } = await reader.read(new Uint8Array(buffer));
            if (done) return size;
            size += value.length;
            ({ buffer } = value);
          }
        })()"""
        assert await world.value(page, read) == LONG
        whole = "fetch('/whole').then((r) => r.arrayBuffer()).catch((error) => error.name)"
        assert await world.value(page, whole) == "TypeError"
        await world.value(
            page,
            "new Promise((done) => { const xhr = new XMLHttpRequest(); xhr.open('GET', '/xhr'); xhr.onloadend = done; xhr.send(); }).then(() => 1)",
        )
        limits = [request.options.max_body_bytes for request in world.transport.received[1:]]
        assert limits[0] == limits[1] > LONG > limits[2]

    run(blob, {"https://a.test/": "<p>"}, test)


def test_chunks_that_a_page_has_dropped_do_not_pile_up(blob: bytes) -> None:
    """By itself the engine lets 32 MiB of them lie."""

    async def test(world: World) -> None:
        world.transport.answer("https://a.test/stream", Answer(body=bytes(SEVERAL), chunk_bytes=1 << 18))
        page = await world.open("https://a.test/")
        read = """(async () => {
          let size = 0;
          for await (const chunk of (await fetch('/stream')).body) size += chunk.length;
          return size;
        })()"""
        assert await world.value(page, read) == SEVERAL
        assert page.agent is not None
        assert page.agent.heap_usage().external_bytes < 16 << 20
        # A page that has hardly any room left gets its chunks, too.
        await world.value(page, "(globalThis.kept = new Uint8Array(490 << 20), 1)")
        assert await world.value(page, read) == SEVERAL

    run(blob, {"https://a.test/": "<p>"}, test)
