from __future__ import annotations

from collections.abc import Iterator

import pytest

from sanderling.browser.indexed_db_store import CHUNK, IndexEntry, Position, RecordStore, Source, StorageError
from sanderling.proto.indexed_db_key import EVERYTHING, KeyRange

DATA, INDEX = 1001, 1002


@pytest.fixture
def store() -> Iterator[RecordStore]:
    store = RecordStore()
    yield store
    store.close()


def everything(store: RecordStore, source: Source) -> list[tuple[bytes, bytes, bytes | None]]:
    return [
        (row.key, row.primary_key, row.value) for rows in store.rows(source, EVERYTHING, values=True) for row in rows
    ]


def put(store: RecordStore, tx: int, key: bytes, value: bytes, index_key: bytes, *, unique: bool = False) -> None:
    store.put(tx, DATA, key, value, [IndexEntry(INDEX, unique, index_key)], no_overwrite=False)


def test_a_roll_back_restores_records_and_entries(store: RecordStore) -> None:
    for number in range(3):
        put(store, 1, bytes([number]), b"old", b"i")
    store.commit(1)
    before = everything(store, Source(DATA, 0)), everything(store, Source(DATA, INDEX))
    put(store, 2, b"\0", b"new", b"j")
    put(store, 2, b"\0", b"newer", b"k")
    put(store, 2, b"\7", b"added", b"i")
    for _ in store.delete(2, DATA, KeyRange(lower=b"\1")):
        pass
    put(store, 2, b"\1", b"again", b"z")
    assert everything(store, Source(DATA, INDEX)) == [(b"k", b"\0", b"newer"), (b"z", b"\1", b"again")]
    store.roll_back(2)
    assert (everything(store, Source(DATA, 0)), everything(store, Source(DATA, INDEX))) == before


def test_two_transactions_are_undone_apart(store: RecordStore) -> None:
    put(store, 1, b"a", b"1", b"i")
    store.put(2, DATA + 5, b"a", b"2", [], no_overwrite=True)
    store.roll_back(1)
    assert everything(store, Source(DATA, 0)) == []
    assert everything(store, Source(DATA + 5, 0)) == [(b"a", b"a", b"2")]


def test_constraints(store: RecordStore) -> None:
    put(store, 1, b"a", b"1", b"i", unique=True)
    put(store, 1, b"a", b"2", b"i", unique=True)
    with pytest.raises(StorageError) as other:
        put(store, 1, b"b", b"3", b"i", unique=True)
    with pytest.raises(StorageError) as twice:
        store.put(1, DATA, b"a", b"4", [], no_overwrite=True)
    assert [other.value.name, twice.value.name] == ["ConstraintError", "ConstraintError"]
    assert everything(store, Source(DATA, 0)) == [(b"a", b"a", b"2")]


def test_cursors_of_an_index(store: RecordStore) -> None:
    for key, index_key in ((b"1", b"x"), (b"2", b"x"), (b"3", b"y"), (b"4", b"y")):
        put(store, 1, key, key, index_key)
    source = Source(DATA, INDEX)

    def walk(direction: str) -> list[bytes]:
        found, position = [], Position()
        while (row := store.step(source, EVERYTHING, direction, position, values=False)) is not None:  # type: ignore[arg-type]
            found.append(row.primary_key)
            position = Position(key=row.key, primary_key=row.primary_key)
        return found

    assert walk("next") == [b"1", b"2", b"3", b"4"]
    assert walk("prev") == [b"4", b"3", b"2", b"1"]
    assert walk("nextunique") == [b"1", b"3"]
    assert walk("prevunique") == [b"3", b"1"]
    beyond = Position(key=b"x", primary_key=b"1", target=b"y", target_primary=b"4")
    row = store.step(source, EVERYTHING, "next", beyond, values=True)
    assert row is not None
    assert row.value == b"4"


def test_long_deletions_go_in_steps(store: RecordStore) -> None:
    for number in range(3 * CHUNK):
        put(store, 1, number.to_bytes(2, "big"), b"", b"i")
    assert sum(1 for _ in store.delete(1, DATA, EVERYTHING)) == 2
    assert store.is_empty(DATA)
    store.roll_back(1)
    assert store.count(Source(DATA, 0), EVERYTHING) == 0


def test_a_full_store() -> None:
    store = RecordStore(quota_bytes=200_000)
    assert store.used_bytes() == 0
    store.put(1, DATA, b"a", b"x" * 50_000, [], no_overwrite=False)
    assert 50_000 <= store.used_bytes() <= 80_000
    with pytest.raises(StorageError) as full:
        store.put(1, DATA, b"b", b"x" * 200_000, [], no_overwrite=False)
    assert full.value.name == "QuotaExceededError"
    store.put(1, DATA, b"c", b"x", [], no_overwrite=False)
    assert store.count(Source(DATA, 0), EVERYTHING) == 2
    store.close()
