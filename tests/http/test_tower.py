"""Single flight over several workers that share a store on disk. Each world is a worker."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from sanderling.http.cache import CacheStage, Level
from sanderling.http.cache_disk import CacheDatabase, DiskStore
from sanderling.http.cache_store import Limits, MemoryStore
from sanderling.http.client import ClientOptions, HttpClient
from sanderling.http.tower import ServiceTower
from sanderling.network.flight_service import FlightService
from sanderling.testing.transport import Answer
from tests.http.support import World, run, script

T = TypeVar("T")
A = "https://a.test/x.js"
FRESH = ("Cache-Control", "max-age=60")


class Services:
    """A worker's way to the service, without messages."""

    def __init__(self, service: FlightService) -> None:
        self._service = service

    async def ask(self, service: str, question: msgspec.Struct, kind: type[T]) -> T:
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        forget = self._service.ask(self, msgspec.json.encode(question), answer.set_result)
        try:
            return msgspec.json.decode(await answer, type=kind)
        except asyncio.CancelledError:
            forget()
            raise

    def tell(self, service: str, fact: msgspec.Struct) -> None:
        self._service.ask(self, msgspec.json.encode(fact), lambda body: None)


class Workers:
    """Worlds whose caches share a folder."""

    def __init__(self, folder: Path, *, shared: bool = False) -> None:
        self._databases: list[CacheDatabase] = []
        service = FlightService()
        self.worlds = [World() for _ in range(3)]
        for world in self.worlds:
            database = CacheDatabase(str(folder), Limits(), world.clock)
            self._databases.append(database)
            levels = (Level(DiskStore(database, shared=shared), shared), Level(MemoryStore()))
            world.client = HttpClient(
                world.transport,
                jar=world.jar,
                options=ClientOptions(user_agent="Test/1"),
                clock=world.clock,
                cache=CacheStage(levels, world.clock, ServiceTower(Services(service))),
            )

    def on(self, *answers: Answer) -> None:
        for world in self.worlds:
            world.on(A, *answers)

    @property
    def requests(self) -> list[int]:
        return [len(world.urls) for world in self.worlds]

    def close(self) -> None:
        for database in self._databases:
            database.close()


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    made = Workers(tmp_path)
    yield made
    made.close()


async def get(world: World, **options: str) -> bytes:
    return await (await world.client.fetch(script(A, **options))).read()


async def all_at_once(workers: Workers) -> list[bytes]:
    return await asyncio.gather(*(get(world) for world in workers.worlds for _ in range(5)))


def test_one_of_all_workers_asks(workers: Workers) -> None:
    workers.on(Answer(headers=(FRESH,), body=b"x" * 100_000))
    assert run(all_at_once(workers)) == [b"x" * 100_000] * 15
    assert sorted(workers.requests) == [0, 0, 1]


def test_one_of_all_workers_validates(workers: Workers) -> None:
    tag = ("ETag", '"1"')
    workers.on(Answer(headers=(FRESH, tag), body=b"x"))
    run(all_at_once(workers))
    for world in workers.worlds:
        world.clock.now += 61
    workers.on(Answer(status=304, headers=(FRESH, tag)))
    assert run(all_at_once(workers)) == [b"x"] * 15
    assert sum(workers.requests) == 2


def test_what_may_not_be_stored_is_asked_for_by_each(workers: Workers) -> None:
    workers.on(Answer(headers=(("Cache-Control", "no-store"),), body=b"x"))
    assert run(all_at_once(workers)) == [b"x"] * 15
    assert workers.requests == [5, 5, 5]


def test_a_failure_is_nobody_elses(workers: Workers) -> None:
    workers.on(Answer(headers=(FRESH,), body=b"x"))
    workers.worlds[0].on(A, Answer(fail="net::ERR_CONNECTION_RESET"))

    async def work() -> list[bytes | BaseException]:
        return await asyncio.gather(*(get(world) for world in workers.worlds), return_exceptions=True)

    first, *others = run(work())
    assert getattr(first, "code", "") == "net::ERR_CONNECTION_RESET"
    assert others == [b"x", b"x"]


@pytest.mark.parametrize("hold", [Answer(hold=True), Answer(headers=(FRESH,), hold_after_head=True)])
def test_a_cancelled_leader_hands_over(workers: Workers, hold: Answer) -> None:
    workers.on(Answer(headers=(FRESH,), body=b"x"))
    workers.worlds[0].on(A, hold)

    async def work() -> None:
        tasks = [asyncio.create_task(get(world)) for world in workers.worlds]
        for _ in range(50):
            await asyncio.sleep(0)
        assert workers.requests == [1, 0, 0]
        tasks[0].cancel()
        assert await asyncio.gather(*tasks[1:]) == [b"x", b"x"]

    run(work())
    assert workers.requests == [1, 1, 0]


def test_leave_that_comes_too_late_is_given_back() -> None:
    service = FlightService()
    tower = ServiceTower(Services(service))

    async def work() -> None:
        first = asyncio.create_task(tower.board("a"))
        await asyncio.sleep(0)
        first.cancel()  # before it saw its answer
        with pytest.raises(asyncio.CancelledError):
            await first
        assert (await tower.board("a")).leads

    run(work())


def test_what_is_asked_for_with_cookies_waits_for_nobody(tmp_path: Path) -> None:
    workers = Workers(tmp_path, shared=True)
    workers.on(Answer(headers=(FRESH,), body=b"x"))
    workers.worlds[0].on(A, Answer(hold=True))
    for world in workers.worlds[1:]:
        world.on("https://a.test/login", Answer(headers=(("Set-Cookie", "k=1"),)))
        world.body(script("https://a.test/login"))

    async def work() -> None:
        held = asyncio.create_task(get(workers.worlds[0]))
        for _ in range(20):
            await asyncio.sleep(0)
        assert await asyncio.gather(*(get(world) for world in workers.worlds[1:])) == [b"x", b"x"]
        held.cancel()

    run(work())
    assert workers.requests == [1, 2, 2]
    workers.close()
