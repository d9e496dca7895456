"""Transactions of Indexed Databases: their operations, one at a time and in steps, and how they end.

What an operation gets stands beside it; `web/IndexedDB/` sends them. An operation that may be long is a generator: the loop does other things
between its steps (`indexed_db.py`).

Thread: worker.
"""

from __future__ import annotations

import collections
import copy
import logging
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from sanderling.browser.indexed_db_store import (
    CHUNK,
    Direction,
    IndexEntry,
    Position,
    RecordStore,
    Row,
    Source,
    StorageError,
)
from sanderling.proto.indexed_db_key import EVERYTHING, KeyRange

if TYPE_CHECKING:
    from sanderling.browser.indexed_db import Connection, Database

_LOG = logging.getLogger("sanderling.browser")

FILL_BYTES = 4 * 1024 * 1024
"""Values that page code gets at a time to give the keys of a new index."""

KeyPath: TypeAlias = str | list[str] | None


class IndexMeta(msgspec.Struct):
    """An index."""

    id: int
    name: str
    key_path: KeyPath
    unique: bool
    multi_entry: bool
    data: int
    """The number of its entries in the `RecordStore`."""


class StoreMeta(msgspec.Struct):
    """An object store."""

    id: int
    name: str
    key_path: KeyPath
    auto_increment: bool
    data: int
    """The number of its records in the `RecordStore`."""
    generator: int = 1
    """The next number of the key generator."""
    indexes: dict[int, IndexMeta] = {}


Op: TypeAlias = list[Any]
"""An operation as page code sends it: its name, its transaction, and what it needs."""

Work: TypeAlias = Iterator[None]


def _key(text: str | None) -> bytes | None:
    return None if text is None else text.encode("latin-1")


def _text(key: bytes) -> str:
    return key.decode("latin-1")


def _range(wire: list[Any] | None) -> KeyRange:
    return EVERYTHING if wire is None else KeyRange(_key(wire[0]), _key(wire[1]), wire[2], wire[3])


class Transaction:
    """A transaction that page code began.

    Args:
        connection: over which.
        number: what page code calls it.
        scope: ids of stores; None is all of an upgrade's.
        writes: whether it may change anything.
        wants_start: whether page code waits for the numbers of key generators.
    """

    def __init__(
        self, connection: Connection, number: int, scope: set[int] | None, *, writes: bool, wants_start: bool = False
    ) -> None:
        self.connection = connection
        self.number = number
        self.scope = scope
        self.writes = writes
        self.wants_start = wants_start
        self.started = False
        self.finished = False
        self.when_finished: Callable[[bool], None] = lambda committed: None  # of an upgrade
        self._ops: collections.deque[tuple[Op, bytes]] = collections.deque()
        self._work: Work | None = None  # what is under way
        self._asked = 0  # the request of the operation under way; 0: it is none
        self._waits_for_keys = False  # page code reads the keys of a new index
        self._filled: list[tuple[bytes, bytes]] | None = None
        self._database: Database = connection.database
        self._store: RecordStore = connection.database.store
        self._id = self._store.new_number()
        self._before: dict[int, StoreMeta] = {}  # the stores as they were
        self._made: list[list[int]] = [[], []]  # data numbers of stores and indexes that came with this transaction
        self._left: list[list[int]] = [[], []]  # those that go with it

    @property
    def upgrades(self) -> bool:
        """Whether it is an upgrade transaction."""
        return self.scope is None

    def overlaps(self, other: Transaction) -> bool:
        """Tell whether both have a store in common."""
        return self.scope is None or other.scope is None or not self.scope.isdisjoint(other.scope)

    def start(self) -> None:
        """It may run now."""
        self.started = True
        stores = self._database.stores
        chosen = stores if self.scope is None else {number: stores[number] for number in self.scope if number in stores}
        if self.writes:
            self._before = copy.deepcopy(chosen)
        if self.wants_start:
            generators = [[one.id, one.generator] for one in chosen.values() if one.auto_increment]
            self._tell(["started", self.number, generators])

    def add(self, op: Op, value: bytes) -> None:
        """Take an operation."""
        if op[0] == "filled":
            self._filled = [(primary.encode("latin-1"), key.encode("latin-1")) for primary, key in op[2]]
        elif not self.finished:
            self._ops.append((op, value))

    def _tell(self, event: list[Any], *values: bytes) -> None:
        self.connection.client.tell(event, *values)

    # -- running -----------------------------------------------------------------------------------------------------------

    @property
    def ready(self) -> bool:
        """Whether there is something to do."""
        if not self.started or self.finished:
            return False
        if self._waits_for_keys:
            return self._filled is not None
        return self._work is not None or bool(self._ops)

    def step(self) -> None:
        """Do a piece of work."""
        try:
            if self._work is None:
                op, value = self._ops.popleft()
                self._asked = 0
                self._work = _OPERATIONS[op[0]](self, op, value)
            if self._work is not None and next(self._work, _DONE) is _DONE:
                self._work = None
        except StorageError as error:
            self._work = None
            self._failed(error.name, str(error))
        except Exception:
            _LOG.exception("an operation of an Indexed Database failed")
            self._work = None
            self._failed("UnknownError", "Internal error.")

    def _failed(self, name: str, message: str) -> None:
        if self._asked:
            self._tell(["err", self.number, self._asked, name, message])
        else:
            self.abort()
            self._tell(["aborted", self.number, name, message])

    def _source(self, place: list[int]) -> tuple[StoreMeta, Source]:
        store = self._database.stores[place[0]]
        return store, Source(store.data, store.indexes[place[1]].data if place[1] else 0)

    def _answer(self, payload: Any, *values: bytes) -> None:
        event = ["ok", self.number, self._asked, payload]
        if values:
            event.append([len(value) for value in values])
        self._tell(event, *values)

    # -- operations: each gets its list and the bytes of its value -----------------------------------------------------------

    def _put(self, op: Op, value: bytes) -> None:
        # request, store, key, size, no overwrite, [[index, key]], next of the key generator or null
        self._asked = op[2]
        store = self._database.stores[op[3]]
        entries = []
        for number, key in op[7]:
            index = store.indexes.get(number)
            if index is not None:
                entries.append(IndexEntry(index.data, index.unique, key.encode("latin-1")))
        self._store.put(self._id, store.data, op[4].encode("latin-1"), value, entries, no_overwrite=op[6])
        if op[8] is not None:
            store.generator = op[8]
        self._answer(None)

    def _get(self, op: Op, value: bytes) -> None:
        # request, place, range
        self._asked = op[2]
        row = self._store.first(self._source(op[3])[1], _range(op[4]), values=True)
        if row is None or row.value is None:
            self._answer(None)
        else:
            self._answer(None, row.value)

    def _get_key(self, op: Op, value: bytes) -> None:
        # request, place, range
        self._asked = op[2]
        row = self._store.first(self._source(op[3])[1], _range(op[4]), values=False)
        self._answer(None if row is None else _text(row.primary_key))

    def _count(self, op: Op, value: bytes) -> None:
        # request, place, range
        self._asked = op[2]
        self._answer(self._store.count(self._source(op[3])[1], _range(op[4])))

    def _all(self, op: Op, value: bytes) -> Work:
        # request, place, range, what, direction, limit or 0
        self._asked = op[2]
        what, direction, limit = op[5], op[6], op[7]
        source = self._source(op[3])[1]
        keys: list[str] = []
        values: list[bytes] = []
        for rows in self._store.rows(source, _range(op[4]), direction, values=what != "key", limit=limit or -1):
            for row in rows:
                if what == "record":
                    keys.append(_text(row.key))
                if what != "value":
                    keys.append(_text(row.primary_key))
                if row.value is not None:
                    values.append(row.value)
            yield
        self._answer(keys, *values)

    def _delete_range(self, op: Op, value: bytes) -> Work:
        # request, store, range
        self._asked = op[2]
        yield from self._store.delete(self._id, self._database.stores[op[3]].data, _range(op[4]))
        self._answer(None)

    def _clear(self, op: Op, value: bytes) -> None:
        # request, store
        self._asked = op[2]
        store = self._database.stores[op[3]]
        self._left[0].append(store.data)
        store.data = self._new(0)
        for index in store.indexes.values():
            self._left[1].append(index.data)
            index.data = self._new(1)
        self._answer(None)

    def _new(self, kind: int) -> int:
        number = self._store.new_number()
        self._made[kind].append(number)
        return number

    def _cursor(self, op: Op, value: bytes) -> None:
        # request, place, range, direction, keys only, key, primary key, target, its primary key, count
        self._asked = op[2]
        direction: Direction = op[5]
        position = Position(_key(op[7]), _key(op[8]), _key(op[9]), _key(op[10]), op[11])
        source = self._source(op[3])[1]
        row: Row | None = self._store.step(source, _range(op[4]), direction, position, values=not op[6])
        if row is None:
            self._answer(None)
        elif row.value is None:
            self._answer([_text(row.key), _text(row.primary_key)])
        else:
            self._answer([_text(row.key), _text(row.primary_key)], row.value)

    # -- upgrades ------------------------------------------------------------------------------------------------------------

    def _create_store(self, op: Op, value: bytes) -> None:
        # id, name, key path, auto-increment
        self._database.stores[op[2]] = StoreMeta(op[2], op[3], op[4], op[5], self._new(0))

    def _delete_store(self, op: Op, value: bytes) -> None:
        # id
        store = self._database.stores.pop(op[2])
        self._left[0].append(store.data)
        self._left[1] += [index.data for index in store.indexes.values()]

    def _rename_store(self, op: Op, value: bytes) -> None:
        # id, name
        self._database.stores[op[2]].name = op[3]

    def _create_index(self, op: Op, value: bytes) -> Work:
        # store, id, name, key path, unique, multi-entry
        store = self._database.stores[op[2]]
        index = IndexMeta(op[3], op[4], op[5], op[6], op[7], self._new(1))
        store.indexes[op[3]] = index
        # Its keys are in the values, which only page code can read.
        rows: list[Row] = []
        size = 0
        for chunk in self._store.rows(Source(store.data, 0), EVERYTHING, values=True):
            for row in chunk:
                rows.append(row)
                size += len(row.value or b"")
                if size > FILL_BYTES or len(rows) >= CHUNK:
                    yield from self._fill(store, index, rows)
                    rows, size = [], 0
        if rows:
            yield from self._fill(store, index, rows)

    def _fill(self, store: StoreMeta, index: IndexMeta, rows: list[Row]) -> Work:
        values = [row.value or b"" for row in rows]
        event = [
            "fill",
            self.number,
            index.key_path,
            index.multi_entry,
            [_text(row.primary_key) for row in rows],
            [len(one) for one in values],
        ]
        self._filled, self._waits_for_keys = None, True
        self._tell(event, *values)
        yield
        self._waits_for_keys = False
        self._store.add_entries(store.data, index.data, index.unique, self._take_filled())

    def _take_filled(self) -> list[tuple[bytes, bytes]]:
        filled, self._filled = self._filled, None
        return filled or []

    def _delete_index(self, op: Op, value: bytes) -> None:
        # store, id
        index = self._database.stores[op[2]].indexes.pop(op[3])
        self._left[1].append(index.data)

    def _rename_index(self, op: Op, value: bytes) -> None:
        # store, id, name
        self._database.stores[op[2]].indexes[op[3]].name = op[4]

    # -- ends ----------------------------------------------------------------------------------------------------------------

    def _commit(self, op: Op, value: bytes) -> None:
        self._store.commit(self._id)
        self._end(self._left)
        self._tell(["complete", self.number])
        self.when_finished(True)

    def abort(self) -> None:
        """Undo everything. Idempotent."""
        if self.finished:
            return
        if self.started and self.writes:
            self._store.roll_back(self._id)
            stores = self._database.stores
            if self.scope is None:
                stores.clear()
            stores.update(self._before)
        self._end(self._made)
        self.when_finished(False)

    def _end(self, garbage: list[list[int]]) -> None:
        self.finished = True
        self._work = None
        self._ops.clear()
        self._database.transaction_ended(self, garbage[0], garbage[1])


_DONE = object()

_OPERATIONS: dict[str, Callable[[Transaction, Op, bytes], Work | None]] = {
    "put": Transaction._put,
    "get": Transaction._get,
    "getKey": Transaction._get_key,
    "count": Transaction._count,
    "all": Transaction._all,
    "deleteRange": Transaction._delete_range,
    "clear": Transaction._clear,
    "cursor": Transaction._cursor,
    "createStore": Transaction._create_store,
    "deleteStore": Transaction._delete_store,
    "renameStore": Transaction._rename_store,
    "createIndex": Transaction._create_index,
    "deleteIndex": Transaction._delete_index,
    "renameIndex": Transaction._rename_index,
    "commit": Transaction._commit,
}
