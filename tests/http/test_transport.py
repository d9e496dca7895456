from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from sanderling.base.errors import ClosedError, InternalError, NetworkError, SanderlingError, UsageError
from sanderling.http.transfer import MAX_DISCARDED_BYTES, Outgoing
from sanderling.http.transport import HandleTransport
from sanderling.network.messages import BodyWanted, Done, Shutdown, Timings, TransferId
from sanderling.testing.transport import WINDOW_BYTES, Answer, FakeTransport, Received
from tests.http.contract import BIG, STREAM, TransportContract
from tests.http.support import run

BASE = "http://server.test"


def echo(request: Received) -> Answer:
    own = request.headers.get("x-own") or ""
    return Answer(headers=(("X-Method", request.method), ("X-Own", own)), body=request.body)


class TestFake(TransportContract):
    @asynccontextmanager
    async def serve(self) -> AsyncIterator[tuple[HandleTransport, str]]:
        transport = FakeTransport()
        transport.answer(f"{BASE}/hello", Answer(headers=(("X-Hello", "1"),), body=b"hello"))
        transport.answer(f"{BASE}/missing", Answer(status=404, body=b"none"))
        transport.answer(f"{BASE}/moved", Answer(status=302, headers=(("Location", "/hello"),)))
        transport.answer(f"{BASE}/big", Answer(body=BIG))
        transport.respond(f"{BASE}/echo", echo)
        transport.answer(f"{BASE}/headless", Answer(hold=True))
        transport.answer(f"{BASE}/endless", Answer(hold_after_head=True))
        broken = Answer(body=BIG, fail="net::ERR_CONTENT_LENGTH_MISMATCH", fail_after=100_000)
        transport.answer(f"{BASE}/broken", broken)
        transport.answer(self.refusing_url(), Answer(fail="net::ERR_CONNECTION_REFUSED"))
        yield transport, BASE

    def refusing_url(self) -> str:
        return f"{BASE}:81/"


def big() -> FakeTransport:
    transport = FakeTransport()
    transport.answer(BASE, Answer(body=BIG))
    return transport


def test_body_waits_for_its_reader() -> None:
    async def work() -> None:
        transport = big()
        transfer = await transport.open(Outgoing(url=BASE, options=STREAM))
        for _ in range(50):
            await asyncio.sleep(0)
        assert transport.handle.most_under_way <= WINDOW_BYTES
        assert transport.running == 1
        total = 0
        async for piece in transfer.chunks():
            total += len(piece)
        assert total == len(BIG)
        assert transport.handle.most_under_way <= WINDOW_BYTES

    run(work())


def test_body_is_taken_once() -> None:
    async def work() -> None:
        transfer = await big().open(Outgoing(url=BASE, options=STREAM))
        async for _ in transfer.chunks():
            pass
        with pytest.raises(UsageError):
            await transfer.read()

    run(work())


def test_whole_body_as_chunks() -> None:
    async def work() -> None:
        transfer = await big().open(Outgoing(url=BASE))
        assert [piece async for piece in transfer.chunks()] == [BIG]

    run(work())


def test_discarding() -> None:
    async def work() -> None:
        transport = FakeTransport()
        short = Answer(body=b"x" * MAX_DISCARDED_BYTES, chunk_bytes=1000)
        transport.answer(f"{BASE}/short", short)
        transport.answer(f"{BASE}/long", Answer(body=b"x" * (3 * MAX_DISCARDED_BYTES), chunk_bytes=1000))
        announced = (("Content-Length", str(MAX_DISCARDED_BYTES + 1)),)
        transport.answer(f"{BASE}/announced", Answer(headers=announced, body=b"x" * (2 * MAX_DISCARDED_BYTES)))
        for path in ("/short", "/long", "/announced"):
            transfer = await transport.open(Outgoing(url=BASE + path, options=STREAM))
            transfer.discard()
            done: asyncio.Future[SanderlingError | None] = asyncio.get_running_loop().create_future()
            transfer.when_done(done.set_result)
            assert ((await done) is None) == (path == "/short")
        assert transport.handle.canceled == [2, 3]

    run(work())


def test_broken_request_body() -> None:
    async def work() -> None:
        transport = FakeTransport()
        transport.respond(BASE, echo)

        async def pieces() -> AsyncIterator[bytes]:
            yield b"x"
            raise ValueError("no more")

        with pytest.raises(NetworkError, match="no more"):
            await transport.open(Outgoing(url=BASE, method="POST", body=pieces()))
        assert transport.handle.canceled == [1]

    run(work())


def test_response_before_the_request_body_is_through() -> None:
    async def work() -> None:
        transport = FakeTransport()
        stopped = asyncio.Event()

        async def pieces() -> AsyncIterator[bytes]:
            try:
                yield b"x"
                await asyncio.Event().wait()
            finally:
                stopped.set()

        task = asyncio.create_task(transport.open(Outgoing(url=BASE, method="POST", body=pieces())))
        for _ in range(5):
            await asyncio.sleep(0)
        transport.dispatch(BodyWanted(TransferId(1)))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(stopped.wait(), 60)

    run(work())


def test_closing_the_transport() -> None:
    async def work() -> None:
        transport = FakeTransport()
        transport.answer(BASE, Answer(hold=True))
        task = asyncio.create_task(transport.open(Outgoing(url=BASE)))
        await asyncio.sleep(0)
        transport.close()
        transport.close()
        with pytest.raises(ClosedError):
            await task
        with pytest.raises(ClosedError):
            await transport.open(Outgoing(url=BASE))

    run(work())


def test_end_without_head_is_our_mistake() -> None:
    async def work() -> None:
        transport = FakeTransport()
        transport.answer(BASE, Answer(hold=True))
        task = asyncio.create_task(transport.open(Outgoing(url=BASE)))
        await asyncio.sleep(0)
        transport.dispatch(Done(TransferId(1), b"", 0, Timings()))
        with pytest.raises(InternalError):
            await task

    run(work())


def test_events_that_belong_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    transport = FakeTransport()
    with caplog.at_level(logging.ERROR):
        transport.dispatch(BodyWanted(TransferId(7)))
    assert "transfer 7" in caplog.text
    with pytest.raises(InternalError):
        transport.dispatch(Shutdown())
