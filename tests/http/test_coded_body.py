from __future__ import annotations

import asyncio
import gzip
import random

import pytest

from sanderling.base.errors import NetworkError
from sanderling.http.coded_body import PIECE_BYTES
from sanderling.http.transfer import DECODED_WINDOW, Outgoing
from sanderling.network.messages import TransferOptions
from sanderling.testing.transport import Answer, FakeTransport
from tests.http.contract import STREAM
from tests.http.support import run

BASE = "http://server.test/"
BODY = bytes(random.Random(1).randbytes(500_000)) + bytes(400_000)
GZIP = (("Content-Encoding", "gzip"),)


def serving(body: bytes, *, headers: tuple[tuple[str, str], ...] = GZIP, status: int = 200) -> FakeTransport:
    transport = FakeTransport()
    transport.answer(BASE, Answer(status=status, headers=headers, body=body))
    return transport


@pytest.mark.parametrize("stream", [False, True])
def test_bodies_are_decoded(stream: bool) -> None:
    async def work() -> None:
        packed = gzip.compress(BODY)
        transfer = await serving(packed).open(Outgoing(url=BASE, options=TransferOptions(stream=stream)))
        seen: list[bytes] = []
        transfer.when_data(seen.append)
        assert await transfer.read() == BODY
        assert b"".join(seen) == BODY
        assert transfer.timings.decoded_body_bytes == len(BODY)
        assert transfer.head.headers == GZIP
        as_it_came = await serving(packed).open(
            Outgoing(url=BASE, options=TransferOptions(stream=stream, decompress=False))
        )
        assert await as_it_came.read() == packed

    run(work())


@pytest.mark.parametrize("stream", [False, True])
def test_an_unknown_coding_is_passed_through(stream: bool) -> None:
    async def work() -> None:
        transport = serving(b"plain", headers=(("Content-Encoding", "UTF-8"),))
        options = TransferOptions(stream=stream)
        transfer = await transport.open(Outgoing(url=BASE, method="POST", body=b"x", options=options))
        assert await transfer.read() == b"plain"
        assert len(transport.handle.received) == 1

    run(work())


def test_a_bomb_is_decoded_as_fast_as_it_is_read() -> None:
    async def work() -> None:
        transfer = await serving(gzip.compress(bytes(50_000_000))).open(Outgoing(url=BASE, options=STREAM))
        sizes: list[int] = []
        transfer.when_data(lambda piece: sizes.append(len(piece)))
        over: list[object] = []
        transfer.when_done(over.append)
        read = 0
        async for piece in transfer.chunks():
            read += len(piece)
            await asyncio.sleep(0)
            assert sum(sizes) <= read + DECODED_WINDOW + PIECE_BYTES
            if read < 10_000_000:
                assert over == []
        assert read == sum(sizes) == 50_000_000
        assert over == [None]
        assert transfer.timings.decoded_body_bytes == 50_000_000

    run(work())


@pytest.mark.parametrize("stream", [False, True])
def test_a_bomb_ends_at_the_limit(stream: bool) -> None:
    async def work() -> None:
        options = TransferOptions(stream=stream, max_body_bytes=1_000_000)
        transport = serving(gzip.compress(bytes(50_000_000)))
        transfer = await transport.open(Outgoing(url=BASE, options=options))
        with pytest.raises(NetworkError) as caught:
            await transfer.read()
        assert caught.value.code == "net::ERR_RESPONSE_TOO_LARGE"
        for _ in range(5):
            await asyncio.sleep(0)
        assert transport.running == 0
        exact = await transport.open(
            Outgoing(url=BASE, options=TransferOptions(stream=stream, max_body_bytes=50_000_000))
        )
        assert len(await exact.read()) == 50_000_000

    run(work())


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("at", [0, 50_000, 400_000])
def test_a_coding_that_breaks(stream: bool, at: int) -> None:
    """Who reads a stream gets what could be decoded, then the error; nobody else notices."""

    async def work() -> None:
        packed = bytearray(gzip.compress(BODY))
        packed[at : at + 10] = b"\xff" * 10
        transport = serving(bytes(packed))
        transfer = await transport.open(Outgoing(url=BASE, options=TransferOptions(stream=stream)))
        over: list[object] = []
        transfer.when_done(over.append)
        read = bytearray()

        async def take() -> None:
            async for piece in transfer.chunks():
                read.extend(piece)

        with pytest.raises(NetworkError) as caught:
            await take()
        assert caught.value.code == "net::ERR_CONTENT_DECODING_FAILED"
        assert over == [caught.value]
        if stream and at > PIECE_BYTES:
            assert len(read) >= PIECE_BYTES
        for _ in range(5):
            await asyncio.sleep(0)
        assert transport.running == 0

    run(work())


def test_all_that_came_before_a_transfer_broke_off_is_read() -> None:
    async def work() -> None:
        transport = FakeTransport()
        packed = gzip.compress(bytes(50_000_000))
        broken = Answer(headers=GZIP, body=packed, fail="net::ERR_CONNECTION_RESET", fail_after=len(packed) // 2)
        transport.answer(BASE, broken)
        transfer = await transport.open(Outgoing(url=BASE, options=STREAM))
        over: list[object] = []
        transfer.when_done(over.append)
        read = 0

        async def take() -> None:
            nonlocal read
            async for piece in transfer.chunks():
                read += len(piece)

        with pytest.raises(NetworkError) as caught:
            await take()
        assert caught.value.code == "net::ERR_CONNECTION_RESET"
        assert over == [caught.value]
        assert read > 20_000_000

    run(work())


def test_too_many_codings() -> None:
    async def work() -> None:
        transport = serving(b"x", headers=(("Content-Encoding", ",".join(["gzip"] * 6)),))
        with pytest.raises(NetworkError, match="more than 5"):
            await transport.open(Outgoing(url=BASE))

    run(work())


def test_discarding_and_canceling_a_bomb() -> None:
    async def work() -> None:
        transport = serving(gzip.compress(bytes(50_000_000)))
        transfer = await transport.open(Outgoing(url=BASE, options=STREAM))
        for _ in range(20):
            await asyncio.sleep(0)
        over: list[object] = []
        transfer.when_done(over.append)
        assert over == []
        transfer.discard()
        for _ in range(20):
            await asyncio.sleep(0)
        assert len(over) == 1
        canceled = await transport.open(Outgoing(url=BASE, options=STREAM))
        async for _ in canceled.chunks():
            break
        canceled.cancel()
        with pytest.raises(NetworkError):
            await canceled.read()
        for _ in range(20):
            await asyncio.sleep(0)
        assert transport.running == 0

    run(work())
