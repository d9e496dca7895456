"""What every Network behind a Handle does, whether it is scripted or real. A subclass says where the servers are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest

from sanderling.base.errors import NetworkError, SanderlingError
from sanderling.http.transfer import Outgoing
from sanderling.http.transport import HandleTransport
from sanderling.network.messages import TransferOptions
from tests.http.support import run

BIG = bytes(range(256)) * 8192  # 2 MiB
STREAM = TransferOptions(stream=True)


class TransportContract:
    """The suite. The servers answer the paths below:

    - ``/hello``: 200, ``X-Hello: 1``, body ``hello``
    - ``/missing``: 404 with body ``none``
    - ``/moved``: 302 to ``/hello``
    - ``/big``: `BIG`
    - ``/echo``: the request's body, with its method in ``X-Method`` and its header ``X-Own`` in ``X-Own``
    - ``/headless``: accepts and answers nothing
    - ``/endless``: a head, and then nothing
    - ``/broken``: promises `BIG` and breaks off
    """

    def serve(self) -> AbstractAsyncContextManager[tuple[HandleTransport, str]]:
        """Give a transport, and the URL of the server without a slash at its end."""
        raise NotImplementedError

    def refusing_url(self) -> str:
        """Give a URL where nobody listens."""
        raise NotImplementedError

    def test_whole_body(self) -> None:
        async def work() -> None:
            async with self.serve() as (transport, base):
                transfer = await transport.open(Outgoing(url=base + "/hello"))
                assert transfer.head.status == 200
                assert ("x-hello", "1") in [(name.lower(), value) for name, value in transfer.head.headers]
                assert await transfer.read() == b"hello"
                assert await transfer.read() == b"hello"
                assert transfer.encoded_bytes >= 5
                assert transfer.timings.total >= 0
                assert transfer.head.remote_address.count(":") >= 1
                assert transport.running == 0

        run(work())

    def test_status_is_no_failure(self) -> None:
        async def work() -> None:
            async with self.serve() as (transport, base):
                for path, status in (("/missing", 404), ("/moved", 302)):
                    transfer = await transport.open(Outgoing(url=base + path))
                    assert transfer.head.status == status
                    await transfer.read()

        run(work())

    def test_streamed_body(self) -> None:
        async def work() -> None:
            async with self.serve() as (transport, base):
                transfer = await transport.open(Outgoing(url=base + "/big", options=STREAM))
                pieces = [piece async for piece in transfer.chunks()]
                assert len(pieces) > 1
                assert b"".join(pieces) == BIG
                again = await transport.open(Outgoing(url=base + "/big", options=STREAM))
                assert await again.read() == BIG

        run(work())

    def test_many_at_once(self) -> None:
        async def work() -> None:
            async with self.serve() as (transport, base):

                async def one(path: str) -> int:
                    transfer = await transport.open(Outgoing(url=base + path))
                    return len(await transfer.read())

                sizes = await asyncio.gather(*(one("/big" if index % 3 == 0 else "/hello") for index in range(12)))
                assert sizes == [len(BIG) if index % 3 == 0 else 5 for index in range(12)]
                assert transport.running == 0

        run(work())

    def test_request_body(self) -> None:
        async def work() -> None:
            async with self.serve() as (transport, base):
                transfer = await transport.open(
                    Outgoing(url=base + "/echo", method="PUT", headers=(("X-Own", "a"),), body=b"x" * 100_000)
                )
                assert await transfer.read() == b"x" * 100_000
                headers = {name.lower(): value for name, value in transfer.head.headers}
                assert (headers["x-method"], headers["x-own"]) == ("PUT", "a")

        run(work())

    def test_streamed_request_body(self) -> None:
        async def work() -> None:
            async with self.serve() as (transport, base):

                async def pieces() -> AsyncIterator[bytes]:
                    for index in range(10):
                        await asyncio.sleep(0)
                        yield bytes([index]) * 10_000

                transfer = await transport.open(Outgoing(url=base + "/echo", method="POST", body=pieces()))
                assert await transfer.read() == b"".join(bytes([index]) * 10_000 for index in range(10))

        run(work())

    def test_refused_connection(self) -> None:
        async def work() -> None:
            async with self.serve() as (transport, _):
                with pytest.raises(NetworkError) as caught:
                    await transport.open(Outgoing(url=self.refusing_url()))
                assert caught.value.code == "net::ERR_CONNECTION_REFUSED"
                assert caught.value.url == self.refusing_url()
                assert transport.running == 0

        run(work())

    def test_failure_after_the_head(self) -> None:
        async def work() -> None:
            async with self.serve() as (transport, base):
                outcomes: list[SanderlingError | None] = []
                for options in (TransferOptions(), STREAM):
                    transfer = await transport.open(Outgoing(url=base + "/broken", options=options))
                    transfer.when_done(outcomes.append)
                    assert transfer.head.status == 200
                    for _ in range(2):
                        with pytest.raises(NetworkError, match="ERR_CONTENT_LENGTH_MISMATCH"):
                            await transfer.read()
                assert len(outcomes) == 2
                for outcome in outcomes:
                    assert isinstance(outcome, NetworkError)
                    assert outcome.code == "net::ERR_CONTENT_LENGTH_MISMATCH"

        run(work())

    def test_cancel(self) -> None:
        async def work() -> None:
            async with self.serve() as (transport, base):
                transfer = await transport.open(Outgoing(url=base + "/endless", options=STREAM))
                outcomes: list[SanderlingError | None] = []
                transfer.when_done(outcomes.append)
                transfer.cancel()
                transfer.cancel()
                transfer.when_done(outcomes.append)
                with pytest.raises(NetworkError) as caught:
                    await transfer.read()
                assert caught.value.code == "net::ERR_ABORTED"
                assert outcomes == [caught.value, caught.value]
                await self._until_idle(transport, base)
                assert len(outcomes) == 2

        run(work())

    def test_cancelled_task_before_the_head(self) -> None:
        async def work() -> None:
            async with self.serve() as (transport, base):
                task = asyncio.create_task(transport.open(Outgoing(url=base + "/headless")))
                await (await transport.open(Outgoing(url=base + "/hello"))).read()
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                await self._until_idle(transport, base)

        run(work())

    def test_reader_that_stops(self) -> None:
        async def work() -> None:
            async with self.serve() as (transport, base):
                transfer = await transport.open(Outgoing(url=base + "/big", options=STREAM))
                iterator = transfer.chunks()
                first = await anext(iterator)
                assert BIG.startswith(first)
                await iterator.aclose()  # type: ignore[attr-defined] # an async generator
                with pytest.raises(NetworkError, match="ERR_ABORTED"):
                    await anext(transfer_error(transfer.when_done))
                await self._until_idle(transport, base)

        run(work())

    @staticmethod
    async def _until_idle(transport: HandleTransport, base: str) -> None:
        # The outcome of a cancellation comes while others come and go; how many, is the servers' and the kernel's matter.
        for _ in range(200):
            await (await transport.open(Outgoing(url=base + "/hello"))).read()
            if transport.running == 0:
                break
        assert transport.running == 0


async def transfer_error(when_done: object) -> AsyncIterator[bytes]:
    """Raise what a transfer failed with."""
    future: asyncio.Future[SanderlingError | None] = asyncio.get_running_loop().create_future()
    assert callable(when_done)
    when_done(future.set_result)
    error = await future
    if error is not None:
        raise error
    yield b""
