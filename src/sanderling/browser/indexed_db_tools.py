"""Indexed Databases from outside of page code: what tools read and remove, in transactions of their own.

Thread: worker.
"""

from __future__ import annotations

import asyncio
from typing import Any

from sanderling.browser.indexed_db import Connection, Database
from sanderling.browser.indexed_db_store import Row, StorageError
from sanderling.browser.indexed_db_transactions import IndexMeta, StoreMeta, Transaction
from sanderling.proto.indexed_db_key import KeyRange


class _Tool:
    """A `Client` that waits for one transaction."""

    def __init__(self) -> None:
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.payload: Any = None
        self.values: tuple[bytes, ...] = ()

    def tell(self, event: list[Any], *values: bytes) -> None:
        """See `Client.tell`."""
        if event[0] == "ok":
            self.payload, self.values = event[3], values
        elif self.ended.done():
            return
        elif event[0] == "complete":
            self.ended.set_result(None)
        elif event[0] == "err":
            self.ended.set_exception(StorageError(event[3], event[4]))
        elif event[0] == "aborted":
            self.ended.set_exception(StorageError(event[2], event[3]))


def find_store(database: Database, name: str) -> StoreMeta | None:
    """Give the object store of that name."""
    return next((one for one in database.stores.values() if one.name == name), None)


def find_index(store: StoreMeta, name: str) -> IndexMeta | None:
    """Give the index of that name."""
    return next((one for one in store.indexes.values() if one.name == name), None)


async def _run(database: Database, store: StoreMeta, op: list[Any], *, writes: bool) -> _Tool:
    tool = _Tool()
    transaction = Transaction(Connection(tool, 0, database), 1, {store.id}, writes=writes)
    database.begin(transaction)
    for one in (op, ["commit", 1]):
        transaction.add(one, b"")
    database.wake(transaction)
    await tool.ended
    return tool


def _wire(key_range: KeyRange) -> list[Any]:
    lower, upper = key_range.lower, key_range.upper
    return [
        None if lower is None else lower.decode("latin-1"),
        None if upper is None else upper.decode("latin-1"),
        key_range.lower_open,
        key_range.upper_open,
    ]


async def read(
    database: Database, store: StoreMeta, index: IndexMeta | None, key_range: KeyRange, limit: int
) -> list[Row]:
    """Give records of a store, in the order of its keys or an index's.

    Raises:
        StorageError: the transaction failed.
    """
    place = [store.id, 0 if index is None else index.id]
    tool = await _run(database, store, ["all", 1, 1, place, _wire(key_range), "record", "next", limit], writes=False)
    keys = [key.encode("latin-1") for key in tool.payload]
    return [Row(keys[2 * at], keys[2 * at + 1], value) for at, value in enumerate(tool.values)]


async def remove(database: Database, store: StoreMeta, key_range: KeyRange) -> None:
    """Remove the records of a range.

    Raises:
        StorageError: the transaction failed.
    """
    await _run(database, store, ["deleteRange", 1, 1, store.id, _wire(key_range)], writes=True)


async def clear(database: Database, store: StoreMeta) -> None:
    """Remove all records of a store.

    Raises:
        StorageError: the transaction failed.
    """
    await _run(database, store, ["clear", 1, 1, store.id], writes=True)


async def count(database: Database, store: StoreMeta) -> int:
    """Count the records of a store.

    Raises:
        StorageError: the transaction failed.
    """
    return int((await _run(database, store, ["count", 1, 1, [store.id, 0], None], writes=False)).payload)
