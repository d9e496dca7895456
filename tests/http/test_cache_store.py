"""Stores: one contract for memory and disk, and what only a disk does."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import msgspec
import pytest

from sanderling.http import cache_disk
from sanderling.http.cache_disk import NAME, CacheDatabase, DiskStore
from sanderling.http.cache_store import MAX_VARIANTS, CacheStore, Key, Limits, MemoryStore
from sanderling.proto.headers import Headers
from sanderling.proto.http_cache import Entry, make_entry
from tests.http.support import FakeClock

KEY = Key("https://a.test credentials", "https://a.test/")
OTHER = Key("https://b.test credentials", "https://a.test/")

MakeStore: TypeAlias = Callable[[Limits], CacheStore]


def entry(vary: str = "", received: float = 1_700_000_000.0, **headers: str) -> Entry:
    pairs = tuple(headers.items()) + ((("Vary", "x"),) if vary else ())
    return make_entry(
        url=KEY.url,
        request=Headers([("x", vary)] if vary else []),
        status=200,
        reason="OK",
        headers=pairs,
        requested_at=received,
        received_at=received,
    )


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=["memory", "disk"])
def make(request: pytest.FixtureRequest, tmp_path: Path, clock: FakeClock) -> Iterator[MakeStore]:
    databases: list[CacheDatabase] = []

    def made(limits: Limits) -> CacheStore:
        if request.param == "memory":
            return MemoryStore(limits)
        databases.append(CacheDatabase(str(tmp_path), limits, clock))
        return DiskStore(databases[-1], shared=False)

    yield made
    for database in databases:
        database.close()


def test_keeps_and_gives(make: MakeStore) -> None:
    store = make(Limits())
    stored = entry(ETag='"1"')
    store.put(KEY, stored, b"body")
    assert store.find(KEY) == [stored]
    assert store.body(KEY, stored) == b"body"
    assert store.find(OTHER) == []
    store.remove(KEY)
    assert (store.find(KEY), store.body(KEY, stored)) == ([], None)


def test_one_for_each_kind_of_request(make: MakeStore) -> None:
    store = make(Limits())
    store.put(KEY, entry("a"), b"1")
    newer = entry("a")
    store.put(KEY, newer, b"2")
    store.put(KEY, entry("b"), b"3")
    assert len(store.find(KEY)) == 2
    assert store.body(KEY, newer) == b"2"


def test_variants_have_a_limit(make: MakeStore) -> None:
    store = make(Limits())
    for number in range(MAX_VARIANTS + 3):
        store.put(KEY, entry(str(number + 1), 1_700_000_000.0 + number), b"")
    assert [one.varied[0][1] for one in store.find(KEY)] == [str(number + 4) for number in range(MAX_VARIANTS)]


def test_refreshed_heads(make: MakeStore) -> None:
    store = make(Limits())
    stored = entry(X="old")
    store.put(KEY, stored, b"body")
    newer = msgspec.structs.replace(stored, headers=(("X", "new"),))
    store.refresh(KEY, newer)
    assert store.find(KEY) == [newer]
    assert store.body(KEY, newer) == b"body"


def test_the_least_used_goes_first(make: MakeStore, clock: FakeClock) -> None:
    store = make(Limits(entries=10))
    keys = [Key(KEY.partition, f"https://a.test/{number}") for number in range(11)]
    entries = [entry() for _ in keys]
    for key, one in zip(keys[:10], entries[:10], strict=True):
        clock.now += 100
        store.put(key, one, b"")
    clock.now += 100
    store.body(keys[0], entries[0])
    clock.now += 100
    store.put(keys[10], entries[10], b"")
    left = [bool(store.find(key)) for key in keys]
    assert left[0]
    assert left[10]
    assert not left[1]


def test_bytes_have_a_limit(make: MakeStore, clock: FakeClock) -> None:
    store = make(Limits(total_bytes=100_000, entry_bytes=40_000))
    keys = [Key(KEY.partition, f"https://a.test/{number}") for number in range(4)]
    for key in keys:
        clock.now += 1
        store.put(key, entry(), b"x" * 30_000)
    assert [bool(store.find(key)) for key in keys][-2:] == [True, True]
    assert not store.find(keys[0])
    store.put(KEY, entry(), b"x" * 40_001)
    assert store.find(KEY) == []


def test_clearing(make: MakeStore) -> None:
    store = make(Limits())
    store.put(KEY, entry(), b"")
    store.put(OTHER, entry(), b"")
    store.clear()
    assert (store.find(KEY), store.find(OTHER)) == ([], [])


# -- on disk -------------------------------------------------------------------------------------------------------------------


def database(folder: Path, clock: FakeClock | None = None) -> CacheDatabase:
    return CacheDatabase(str(folder), Limits(), clock or FakeClock())


def test_a_later_process_finds_it(tmp_path: Path) -> None:
    stored = entry(ETag='"1"')
    first = database(tmp_path / "made")
    DiskStore(first, shared=False).put(KEY, stored, b"body")
    first.close()
    second = database(tmp_path / "made")
    store = DiskStore(second, shared=False)
    assert store.find(KEY) == [stored]
    assert store.body(KEY, stored) == b"body"
    second.close()


def test_two_processes_at_once(tmp_path: Path) -> None:
    one, two = database(tmp_path), database(tmp_path)
    stored = entry()
    DiskStore(one, shared=False).put(KEY, stored, b"body")
    assert DiskStore(two, shared=False).body(KEY, stored) == b"body"
    DiskStore(two, shared=False).clear()
    assert DiskStore(one, shared=False).find(KEY) == []
    one.close()
    two.close()


def test_who_clears_a_shared_one_takes_nothing_from_others(tmp_path: Path) -> None:
    clock = FakeClock()
    opened = database(tmp_path, clock)
    mine, theirs = DiskStore(opened, shared=True), DiskStore(opened, shared=True)
    mine.put(KEY, entry(received=clock.now), b"")
    mine.clear()
    assert mine.find(KEY) == []
    assert len(theirs.find(KEY)) == 1
    clock.now += 1
    theirs.put(KEY, entry(received=clock.now), b"")
    assert len(mine.find(KEY)) == 1
    opened.close()


def test_private_and_shared_do_not_mix(tmp_path: Path) -> None:
    opened = database(tmp_path)
    DiskStore(opened, shared=False).put(KEY, entry(), b"")
    assert DiskStore(opened, shared=True).find(KEY) == []
    opened.close()


@pytest.mark.parametrize("content", [b"this is no database" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_one_is_set_aside(tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / NAME).write_bytes(content)
    with caplog.at_level(logging.WARNING):
        opened = database(tmp_path)
    [record] = caplog.records
    assert "is damaged" in record.getMessage()
    assert (tmp_path / NAME).with_suffix(".damaged").read_bytes() == content
    store = DiskStore(opened, shared=False)
    store.put(KEY, entry(), b"body")
    assert len(store.find(KEY)) == 1
    opened.close()


def test_damage_that_shows_later(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    before = database(tmp_path)
    DiskStore(before, shared=False).put(KEY, entry(), b"x" * 100_000)
    before.close()
    path = tmp_path / NAME
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    with caplog.at_level(logging.WARNING):
        after = database(tmp_path)
        store = DiskStore(after, shared=False)
        assert store.find(KEY) == []
        store.put(KEY, entry(), b"body")
        assert len(store.find(KEY)) == 1
    assert len(caplog.records) == 1
    after.close()


def test_another_version_begins_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with sqlite3.connect(tmp_path / NAME) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with caplog.at_level(logging.WARNING):
        opened = database(tmp_path)
    assert "its version is 99" in caplog.text
    assert opened.usable
    opened.close()


def test_a_full_disk(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    opened = database(tmp_path)
    store = DiskStore(opened, shared=False)
    assert opened.run(lambda connection: connection.execute("PRAGMA max_page_count = 20").fetchone(), None) is not None
    with caplog.at_level(logging.WARNING):
        store.put(KEY, entry(), b"x" * 1_000_000)
        store.put(KEY, entry(), b"x" * 1_000_000)
    assert len(caplog.records) == 1
    assert "is not used any more" in caplog.text
    assert "full" in caplog.text
    assert (store.find(KEY), store.usable) == ([], False)
    opened.close()


def test_a_folder_that_cannot_be_made(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    with caplog.at_level(logging.WARNING):
        opened = database(tmp_path / "file" / "folder")
    assert "cannot be used" in caplog.text
    store = DiskStore(opened, shared=False)
    store.put(KEY, entry(), b"")
    assert store.find(KEY) == []


def test_a_writer_who_holds_it_makes_a_miss(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    opened = database(tmp_path)
    store = DiskStore(opened, shared=False)
    store.put(KEY, entry(), b"")
    opened.run(lambda connection: connection.execute("PRAGMA busy_timeout = 1"), None)
    holder = sqlite3.connect(tmp_path / NAME, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with caplog.at_level(logging.INFO):
        store.put(OTHER, entry(), b"")
    assert len(store.find(KEY)) == 1
    assert caplog.records == []
    holder.execute("ROLLBACK")
    holder.close()
    store.put(OTHER, entry(), b"")
    assert len(store.find(OTHER)) == 1
    opened.close()


def test_one_that_is_held_at_the_start_is_opened_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_disk, "BUSY_TIMEOUT_MS", 1)
    database(tmp_path).close()
    holder = sqlite3.connect(tmp_path / NAME, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    clock = FakeClock()
    opened = database(tmp_path, clock)
    store = DiskStore(opened, shared=False)
    usable = [store.usable]
    holder.execute("ROLLBACK")
    holder.close()
    usable.append(store.usable)  # it is not tried for each request
    clock.now += cache_disk.REOPEN_S
    usable.append(store.usable)
    assert usable == [False, False, True]
    store.put(KEY, entry(), b"body")
    assert len(store.find(KEY)) == 1
    opened.close()
    assert not store.usable


def test_a_new_one_of_another_process_is_not_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / NAME).write_bytes(b"this is no database" * 100)
    set_aside = CacheDatabase._set_aside
    others: list[CacheDatabase] = []

    def later(one: CacheDatabase, error: Exception) -> None:
        if not others:  # while this one looks at the damage, another process has mended it
            others.append(one)
            others.append(database(tmp_path))
            DiskStore(others[1], shared=False).put(KEY, entry(), b"body")
        set_aside(one, error)

    monkeypatch.setattr(CacheDatabase, "_set_aside", later)
    opened = database(tmp_path)
    assert len(DiskStore(opened, shared=False).find(KEY)) == 1
    for one in (opened, *others[1:]):
        one.close()
