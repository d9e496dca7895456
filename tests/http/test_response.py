from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from sanderling.base.errors import NetworkError, SanderlingError
from sanderling.http.local import Blob
from sanderling.testing.transport import Answer
from tests.http.support import World, go, html, redirect, run, script

A = "https://a.test/"


def test_streaming() -> None:
    async def work() -> None:
        world = World()
        world.on(A, Answer(body=b"x" * 300_000, headers=(("Content-Type", "a/b"),)))
        response = await world.client.fetch(script(A))
        done: list[SanderlingError | None] = []
        response.when_done(done.append)
        sizes = []
        async for piece in response.chunks():
            sizes.append(len(piece))
            if len(sizes) == 1:
                assert done == []
        assert sum(sizes) == 300_000
        assert done == [None]
        assert response.encoded_bytes > 300_000
        assert response.timings.total >= 0
        response.when_done(done.append)
        assert done == [None, None]

    run(work())


def test_cancel() -> None:
    async def work() -> None:
        world = World()
        world.on(A, Answer(body=b"x" * 300_000))
        response = await world.client.fetch(script(A))
        done: list[SanderlingError | None] = []
        response.when_done(done.append)
        response.cancel()
        assert isinstance(done[0], NetworkError)
        assert done[0].code == "net::ERR_ABORTED"
        with pytest.raises(NetworkError):
            await response.read()

    run(work())


def test_failure_in_the_body() -> None:
    async def work() -> None:
        world = World()
        world.on(A, Answer(body=b"x" * 9, fail="net::ERR_CONNECTION_RESET", fail_after=5))
        for request in (script(A), go(A)):
            response = await world.client.fetch(request)
            assert response.status == 200
            with pytest.raises(NetworkError) as caught:
                await response.read()
            assert caught.value.code == "net::ERR_CONNECTION_RESET"
            assert caught.value.url == A

    run(work())


def test_plain_facts() -> None:
    world = World()
    world.on(A, Answer(status=404, reason="Not Found", headers=(("X-A", "1"),), http_version="HTTP/2"))
    response = world.fetch(go(A + "#x"))
    assert (response.status, response.reason, response.ok, response.redirected) == (404, "Not Found", False, False)
    assert (response.url, response.url_list, response.redirects) == (A, (A,), ())
    assert (response.http_version, response.remote_address, response.type) == ("HTTP/2", "192.0.2.1:80", "basic")


def test_navigations_show_all_headers() -> None:
    world = World()
    world.on(A, html(b"", ("Set-Cookie", "a=1")))
    assert world.fetch(go(A)).headers.get("set-cookie") == "a=1"


def test_streamed_upload_cannot_be_repeated() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(3):
            await asyncio.sleep(0)
            yield b"abc"

    world = World()
    world.on(A, redirect("/2", 307))
    assert "streamed" in world.error(script(A, method="POST", body=pieces())).message
    assert world.transport.received[0].body == b"abc" * 3
    world.on(A, redirect("/2", 303))
    world.on("https://a.test/2", html(b"end"))
    assert world.body(script(A, method="POST", body=pieces())) == b"end"


def test_blob_of_an_opaque_origin() -> None:
    async def resolve(url: str) -> Blob | None:
        return Blob(b"x", "") if url == "blob:null/1" else None

    world = World(resolve_blob=resolve)
    assert world.body(script("blob:null/1", client="about:blank")) == b"x"
    assert world.error(script("blob:null/1")).code == "net::ERR_FAILED"
