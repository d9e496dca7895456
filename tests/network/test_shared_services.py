"""Services: who asks what, over a Handle."""

from __future__ import annotations

import asyncio
import logging

import msgspec
import pytest

from sanderling.base.errors import ClosedError, InternalError
from sanderling.http.services import AskedServices, own_services
from sanderling.network import flight_service
from sanderling.network.flight_service import Board, Boarded, Land
from sanderling.network.messages import AskService, CancelAsk, ServiceAnswered
from sanderling.network.services import Services
from sanderling.network.shared_services import add_all


class Worker:
    """An asker, connected without a carrier."""

    def __init__(self, services: Services) -> None:
        self.sent: list[AskService | CancelAsk] = []
        self.asked = AskedServices(self._send)
        self._services = services

    def _send(self, message: AskService | CancelAsk) -> None:
        self.sent.append(message)
        self._services.obey(self, message)

    def push(self, event: ServiceAnswered, /) -> None:
        self.asked.answered(event)

    async def board(self) -> Boarded:
        return await self.asked.ask(flight_service.NAME, Board("a"), Boarded)


class Hostile:
    """An asker that is no `AskedServices`."""

    def __init__(self) -> None:
        self.answers: list[ServiceAnswered] = []

    def push(self, event: ServiceAnswered, /) -> None:
        self.answers.append(event)


def services() -> Services:
    made = Services()
    add_all(made)
    return made


def test_an_answer_may_come_later() -> None:
    async def work() -> None:
        shared = services()
        one, two = Worker(shared), Worker(shared)
        ticket = (await one.board()).ticket
        waiting = asyncio.create_task(two.board())
        await asyncio.sleep(0)
        assert not waiting.done()
        one.asked.tell(flight_service.NAME, Land("a", ticket, stored=True))
        assert await waiting == Boarded(stored=True)

    asyncio.run(work())


def test_a_worker_that_leaves_hands_over() -> None:
    async def work() -> None:
        shared = services()
        one, two = Worker(shared), Worker(shared)
        await one.board()
        waiting = asyncio.create_task(two.board())
        await asyncio.sleep(0)
        shared.left(one)
        assert (await waiting).ticket

    asyncio.run(work())


def test_a_canceled_question_is_told() -> None:
    async def work() -> None:
        shared = services()
        one, two = Worker(shared), Worker(shared)
        await one.board()
        waiting = asyncio.create_task(two.board())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert two.sent[-1] == CancelAsk(1)

    asyncio.run(work())


def test_what_nobody_offers_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> None:
        worker = Worker(services())
        with pytest.raises(InternalError, match="no service 'other'"):
            await worker.asked.ask("other", Board("a"), Boarded)
        with pytest.raises(InternalError, match="failed"):
            await worker.asked.ask(flight_service.NAME, Boarded(), Boarded)

    # A worker may be a page's captive: what it asks wrongly must not fill anybody's log.
    with caplog.at_level(logging.DEBUG, "sanderling.network.services"):
        asyncio.run(work())
    assert [record.levelno for record in caplog.records] == [logging.DEBUG] * 2


def test_closing_fails_who_waits() -> None:
    async def work() -> None:
        shared = services()
        one, two = Worker(shared), Worker(shared)
        await one.board()
        waiting = asyncio.create_task(two.board())
        await asyncio.sleep(0)
        two.asked.close()
        with pytest.raises(ClosedError):
            await waiting
        with pytest.raises(ClosedError):
            await two.board()

    asyncio.run(work())


def test_a_client_of_its_own_shares_with_nobody() -> None:
    async def work() -> None:
        for asked in (own_services(), own_services()):
            assert (await asked.ask(flight_service.NAME, Board("a"), Boarded)).ticket

    asyncio.run(work())


def test_numbers_that_a_worker_must_not_use() -> None:
    async def work() -> None:
        shared = services()
        one, two, hostile = Worker(shared), Worker(shared), Hostile()
        ticket = (await one.board()).ticket
        for number in (0, 7, 7):
            shared.obey(hostile, AskService(number, flight_service.NAME, msgspec.json.encode(Board("a"))))
        assert [answer.id for answer in hostile.answers] == [7]
        assert "waits already" in hostile.answers[0].error
        shared.obey(hostile, CancelAsk(7))
        waiting = asyncio.create_task(two.board())
        await asyncio.sleep(0)
        one.asked.tell(flight_service.NAME, Land("a", ticket, abandoned=True))
        assert (await waiting).ticket  # nothing of the hostile one is in between

    asyncio.run(work())
