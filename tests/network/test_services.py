"""The shared services, asked by several workers."""

from __future__ import annotations

import asyncio

import msgspec

from sanderling.network import robots_service
from sanderling.network.messages import AskService, CancelAsk, ServiceAnswered
from sanderling.network.rate_service import Granted, Reserve
from sanderling.network.robots_service import Bring, Found, Want
from sanderling.network.services import Services
from sanderling.network.shared_services import add_all


class Worker:
    def __init__(self, services: Services) -> None:
        self.services = services
        self.events: list[ServiceAnswered] = []
        self.came = asyncio.Event()

    def push(self, event: ServiceAnswered, /) -> None:
        self.events.append(event)
        self.came.set()

    def ask(self, number: int, service: str, question: msgspec.Struct) -> None:
        self.services.obey(self, AskService(number, service, msgspec.json.encode(question)))

    def found(self) -> list[Found]:
        return [msgspec.json.decode(event.body, type=Found) for event in self.events]


def offered() -> Services:
    services = Services()
    add_all(services)
    return services


def test_what_cannot_be_answered_is_refused_and_nothing_else() -> None:
    services = offered()
    worker = Worker(services)
    services.obey(worker, AskService(1, "nothing", b"{}"))
    services.obey(worker, AskService(2, robots_service.NAME, b"no json"))
    services.obey(worker, AskService(0, robots_service.NAME, b"no json"))
    assert [(event.id, bool(event.error)) for event in worker.events] == [(1, True), (2, True)]


def test_one_fetches_robots_txt_for_all() -> None:
    services = offered()
    workers = [Worker(services) for _ in range(3)]
    for worker in workers:
        worker.ask(1, "robots", Want("https://a.test"))
    assert [len(worker.events) for worker in workers] == [1, 0, 0]
    assert workers[0].found()[0].fetch
    workers[1].ask(0, "robots", Bring("https://a.test", status=200, text="of a stranger"))
    workers[0].ask(0, "robots", Bring("https://a.test", status=200, text="rules"))
    for worker in workers[1:]:
        assert (worker.found()[0].status, worker.found()[0].text) == (200, "rules")
    late = Worker(services)
    late.ask(1, "robots", Want("https://a.test"))
    assert late.found()[0].text == "rules"
    assert 0 < late.found()[0].life_s <= 24 * 3600


def test_another_one_fetches_when_the_first_gives_up_or_dies() -> None:
    services = offered()
    workers = [Worker(services) for _ in range(4)]
    for worker in workers:
        worker.ask(1, "robots", Want("https://a.test"))
    workers[0].ask(0, "robots", Bring("https://a.test", abandoned=True))
    assert workers[1].found()[0].fetch
    services.obey(workers[2], CancelAsk(1))
    services.left(workers[1])
    assert workers[2].events == []
    assert workers[3].found()[0].fetch


def test_places_at_a_host_are_for_all_workers() -> None:
    async def work() -> None:
        services = offered()
        first, second, third = (Worker(services) for _ in range(3))
        question = Reserve("a.test", 0.02, 1, 60)
        first.ask(1, "rates", question)
        assert msgspec.json.decode(first.events[0].body, type=Granted) == Granted()
        second.ask(1, "rates", msgspec.structs.replace(question, delay_s=3000))
        assert second.events == []
        services.left(second)  # its place is free again
        third.ask(1, "rates", question)
        await third.came.wait()
        services.close()
        assert second.events == []

    asyncio.run(asyncio.wait_for(work(), 60))
