"""Records and index entries of one origin's Indexed Databases, in SQLite.

Strategy. One SQLite database in memory has the records of all object stores of the origin. Several transactions with disjoint scopes may be
under way at once, so SQLite's own transaction is no use: what a transaction overwrites or removes is kept in `undo_*` until it ends, each record
once, as it was at the beginning. A store's records hang on a number (`data`), not on the store: clearing a store gives it a new number, and what has the
old one is removed when the transaction is committed, in pieces. An index's entries have a number of their own in the same way.

Thread: worker.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import msgspec

from sanderling.base.errors import SanderlingError
from sanderling.proto.indexed_db_key import KeyRange

if TYPE_CHECKING:
    import sqlite3

Direction: TypeAlias = Literal["next", "nextunique", "prev", "prevunique"]

QUOTA_BYTES = 512 * 1024 * 1024
"""What one origin of a context may store; it is memory of the worker's process."""

_PAGE_BYTES = 4096

CHUNK = 500
"""Records of one step of a long operation."""

_SCHEMA = """
CREATE TABLE records (data INTEGER, key BLOB, value BLOB, PRIMARY KEY (data, key)) WITHOUT ROWID;
CREATE TABLE entries (ix INTEGER, key BLOB, primary_key BLOB, data INTEGER, PRIMARY KEY (ix, key, primary_key)) WITHOUT ROWID;
CREATE INDEX entries_of_records ON entries (data, primary_key);
CREATE TABLE undo_records (tx INTEGER, data INTEGER, key BLOB, value BLOB, PRIMARY KEY (tx, data, key)) WITHOUT ROWID;
CREATE TABLE undo_entries (tx INTEGER, ix INTEGER, key BLOB, primary_key BLOB, data INTEGER, PRIMARY KEY (tx, ix, key, primary_key)) WITHOUT ROWID;
"""


class StorageError(SanderlingError):
    """An operation failed as the standard says; `name` is that of the DOMException."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


class IndexEntry(msgspec.Struct, frozen=True):
    """A key under which an index has a record."""

    index: int
    """The data number of the index."""
    unique: bool
    key: bytes


class Source(msgspec.Struct, frozen=True):
    """What is read: an object store, or one of its indexes."""

    data: int
    index: int
    """The data number of the index; 0: the store itself."""


class Position(msgspec.Struct, frozen=True):
    """Where a cursor goes on. Keys in binary form; None: no such condition."""

    key: bytes | None = None
    primary_key: bytes | None = None
    target: bytes | None = None
    target_primary: bytes | None = None
    count: int = 1


class Row(NamedTuple):
    """A record as a cursor sees it."""

    key: bytes
    primary_key: bytes
    value: bytes | None


class RecordStore:
    """See the module."""

    def __init__(self, quota_bytes: int = QUOTA_BYTES) -> None:
        import sqlite3  # late: few origins have databases

        self.quota_bytes = quota_bytes
        self._sql = sqlite3.connect(":memory:", isolation_level=None)
        self._sql.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        self._sql.execute(f"PRAGMA max_page_count = {max(16, quota_bytes // _PAGE_BYTES)}")
        self._sql.execute("PRAGMA temp_store = MEMORY")  # nothing may be written to files where workers run
        self._sql.executescript(_SCHEMA)
        self._last = 0

    def close(self) -> None:
        """Forget everything. Idempotent."""
        self._sql.close()

    def new_number(self) -> int:
        """Give a number for a store's records, an index's entries, or a transaction."""
        self._last += 1
        return self._last

    def used_bytes(self) -> int:
        """Say how much is stored, in bytes of SQLite's pages; of an empty store 0."""
        if self._sql.execute("SELECT 1 FROM records LIMIT 1").fetchone() is None:
            return 0
        return (self._number("PRAGMA page_count") - self._number("PRAGMA freelist_count")) * _PAGE_BYTES

    def _number(self, sql: str) -> int:
        return int(self._sql.execute(sql).fetchone()[0])

    # -- reading -----------------------------------------------------------------------------------------------------------

    def is_empty(self, data: int) -> bool:
        """Tell whether a store has no records."""
        return self._sql.execute("SELECT 1 FROM records WHERE data = ? LIMIT 1", (data,)).fetchone() is None

    def count(self, source: Source, key_range: KeyRange) -> int:
        """Count the records of a range."""
        table, where, parameters = _place(source, key_range)
        return int(self._sql.execute(f"SELECT COUNT(*) FROM {table} WHERE {where}", parameters).fetchone()[0])

    def rows(
        self,
        source: Source,
        key_range: KeyRange,
        direction: Direction = "next",
        *,
        values: bool,
        limit: int = -1,
        position: Position | None = None,
    ) -> Iterator[list[Row]]:
        """Give records in pieces.

        Args:
            source: of a store, keys are the primary keys.
            key_range: of the source's keys.
            direction: the order; `unique` gives of equal keys the one with the least primary key.
            values: whether they are wanted.
            limit: how many; -1 is no limit.
            position: only what lies beyond it, and `count - 1` fewer.
        """
        table, where, parameters = _place(source, key_range)
        where, parameters = _beyond(source, direction, position, where, parameters)
        order = "DESC" if direction.startswith("prev") else "ASC"
        value = "(SELECT value FROM records WHERE data = ? AND key = p)" if values else "NULL"
        if source.index == 0:
            inner = f"SELECT key, key AS p FROM {table} WHERE {where} ORDER BY key {order} LIMIT ? OFFSET ?"
        elif direction.endswith("unique"):
            inner = f"SELECT key, MIN(primary_key) AS p FROM {table} WHERE {where} GROUP BY key ORDER BY key {order} LIMIT ? OFFSET ?"
        else:
            inner = f"SELECT key, primary_key AS p FROM {table} WHERE {where} ORDER BY key {order}, primary_key {order} LIMIT ? OFFSET ?"
        offset = 0 if position is None else position.count - 1
        found = self._sql.execute(
            f"SELECT key, p, {value} FROM ({inner})",
            ([source.data] if values else []) + parameters + [limit, offset],
        )
        while chunk := found.fetchmany(CHUNK):
            yield [Row(*row) for row in chunk]

    def first(self, source: Source, key_range: KeyRange, *, values: bool) -> Row | None:
        """Give the first record of a range."""
        return self.step(source, key_range, "next", Position(), values=values)

    def step(
        self, source: Source, key_range: KeyRange, direction: Direction, position: Position, *, values: bool
    ) -> Row | None:
        """Give the record that a cursor comes to."""
        for chunk in self.rows(source, key_range, direction, values=values, limit=1, position=position):
            return chunk[0]
        return None

    # -- writing -----------------------------------------------------------------------------------------------------------

    def _remember(self, tx: int, data: int, where: str, parameters: list[object]) -> None:
        # Entries first: those of records that are remembered already are not what they were.
        self._sql.execute(
            "INSERT INTO undo_entries SELECT ?, ix, key, primary_key, data FROM entries WHERE data = ? AND "
            f"{where.replace('key', 'primary_key')} AND NOT EXISTS (SELECT 1 FROM undo_records WHERE tx = ? AND "
            "undo_records.data = entries.data AND undo_records.key = entries.primary_key)",
            [tx, data, *parameters, tx],
        )
        self._sql.execute(
            f"INSERT OR IGNORE INTO undo_records SELECT ?, data, key, value FROM records WHERE data = ? AND {where}",
            [tx, data, *parameters],
        )

    def put(
        self, tx: int, data: int, key: bytes, value: bytes, entries: Sequence[IndexEntry], *, no_overwrite: bool
    ) -> None:
        """Store a record (Indexed Database, "store a record into an object store").

        Raises:
            StorageError: a constraint forbids it (`ConstraintError`), or there is no room (`QuotaExceededError`); nothing has changed.
        """
        known = self._sql.execute("SELECT 1 FROM records WHERE data = ? AND key = ?", (data, key)).fetchone()
        if known is not None and no_overwrite:
            raise StorageError("ConstraintError", "Key already exists in the object store.")
        for entry in entries:
            if entry.unique and self._other_has(entry, key):
                raise StorageError(
                    "ConstraintError",
                    "Unable to add key to index: at least one key does not satisfy the uniqueness requirements.",
                )
        with self._room():
            if known is None:
                self._sql.execute("INSERT OR IGNORE INTO undo_records VALUES (?, ?, ?, NULL)", (tx, data, key))
            else:
                self._remember(tx, data, "key = ?", [key])
                self._sql.execute("DELETE FROM entries WHERE data = ? AND primary_key = ?", (data, key))
            self._sql.execute("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", (data, key, value))
            for entry in entries:
                self._sql.execute(
                    "INSERT OR IGNORE INTO entries VALUES (?, ?, ?, ?)", (entry.index, entry.key, key, data)
                )

    def _other_has(self, entry: IndexEntry, primary_key: bytes) -> bool:
        found = self._sql.execute(
            "SELECT 1 FROM entries WHERE ix = ? AND key = ? AND primary_key <> ? LIMIT 1",
            (entry.index, entry.key, primary_key),
        )
        return found.fetchone() is not None

    def _room(self) -> _Savepoint:
        return _Savepoint(self._sql)

    def add_entries(self, data: int, index: int, unique: bool, entries: Sequence[tuple[bytes, bytes]]) -> None:
        """Give a new index entries: pairs of primary key and key.

        Raises:
            StorageError: it is unique and the keys are not, or there is no room.
        """
        with self._room():
            for primary_key, key in entries:
                if unique and self._other_has(IndexEntry(index, True, key), primary_key):
                    raise StorageError(
                        "ConstraintError",
                        "Unable to add key to index: at least one key does not satisfy the uniqueness requirements.",
                    )
                self._sql.execute("INSERT OR IGNORE INTO entries VALUES (?, ?, ?, ?)", (index, key, primary_key, data))

    def delete(self, tx: int, data: int, key_range: KeyRange) -> Iterator[None]:
        """Remove the records of a range, in steps."""
        table, where, parameters = _place(Source(data, 0), key_range)
        while True:
            last = self._sql.execute(
                f"SELECT key FROM {table} WHERE {where} ORDER BY key LIMIT 1 OFFSET {CHUNK}", parameters
            ).fetchone()
            piece, values = _bounds("key", key_range)
            if last is not None:
                piece, values = f"{piece} AND key <= ?", [*values, last[0]]
            with self._room():
                self._remember(tx, data, piece, values)
                self._sql.execute(
                    f"DELETE FROM entries WHERE data = ? AND {piece.replace('key', 'primary_key')}", [data, *values]
                )
                self._sql.execute(f"DELETE FROM records WHERE data = ? AND {piece}", [data, *values])
            if last is None:
                return
            yield

    # -- ends of transactions ------------------------------------------------------------------------------------------------

    def commit(self, tx: int) -> None:
        """Forget how it was before a transaction."""
        self._sql.execute("DELETE FROM undo_records WHERE tx = ?", (tx,))
        self._sql.execute("DELETE FROM undo_entries WHERE tx = ?", (tx,))

    def roll_back(self, tx: int) -> None:
        """Make every record what it was before a transaction."""
        touched = "(SELECT data, key FROM undo_records WHERE tx = ?)"
        self._sql.execute(f"DELETE FROM entries WHERE (data, primary_key) IN {touched}", (tx,))
        self._sql.execute(f"DELETE FROM records WHERE (data, key) IN {touched}", (tx,))
        self._sql.execute(
            "INSERT INTO records SELECT data, key, value FROM undo_records WHERE tx = ? AND value IS NOT NULL", (tx,)
        )
        self._sql.execute(
            "INSERT OR IGNORE INTO entries SELECT ix, key, primary_key, data FROM undo_entries WHERE tx = ?", (tx,)
        )
        self.commit(tx)

    def drop(self, data: Sequence[int], indexes: Sequence[int]) -> Iterator[None]:
        """Remove what no store and no index has any more, in steps."""
        for table, column, numbers in (
            ("entries", "ix", indexes),
            ("records", "data", data),
            ("entries", "data", data),
        ):
            key = "primary_key" if column == "data" and table == "entries" else "key"
            for number in numbers:
                while True:
                    last = self._sql.execute(
                        f"SELECT {key} FROM {table} WHERE {column} = ? ORDER BY {key} LIMIT 1 OFFSET {CHUNK}", (number,)
                    ).fetchone()
                    if last is None:
                        self._sql.execute(f"DELETE FROM {table} WHERE {column} = ?", (number,))
                        break
                    self._sql.execute(f"DELETE FROM {table} WHERE {column} = ? AND {key} <= ?", (number, last[0]))
                    yield


class _Savepoint:
    """All or nothing, and a full store is an error of the standard's."""

    def __init__(self, sql: sqlite3.Connection) -> None:
        self._sql = sql

    def __enter__(self) -> None:
        self._sql.execute("SAVEPOINT operation")

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is not None and self._sql.in_transaction:
            self._sql.execute("ROLLBACK TO operation")
        if self._sql.in_transaction:
            self._sql.execute("RELEASE operation")
        if error is None:
            return
        import sqlite3

        if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise StorageError("QuotaExceededError", "The origin's storage is full.") from error
        if isinstance(error, sqlite3.DataError | OverflowError):
            raise StorageError("QuotaExceededError", "The value is too large.") from error


def _bounds(column: str, key_range: KeyRange) -> tuple[str, list[object]]:
    conditions, parameters = ["1"], list[object]()
    if key_range.lower is not None:
        conditions.append(f"{column} {'>' if key_range.lower_open else '>='} ?")
        parameters.append(key_range.lower)
    if key_range.upper is not None:
        conditions.append(f"{column} {'<' if key_range.upper_open else '<='} ?")
        parameters.append(key_range.upper)
    return " AND ".join(conditions), parameters


def _place(source: Source, key_range: KeyRange) -> tuple[str, str, list[object]]:
    where, parameters = _bounds("key", key_range)
    if source.index == 0:
        return "records", f"data = ? AND {where}", [source.data, *parameters]
    return "entries", f"ix = ? AND {where}", [source.index, *parameters]


def _beyond(
    source: Source, direction: Direction, position: Position | None, where: str, parameters: list[object]
) -> tuple[str, list[object]]:
    """Add the conditions of https://w3c.github.io/IndexedDB/#iterate-a-cursor, step 9."""
    if position is None:
        return where, parameters
    sign = "<" if direction.startswith("prev") else ">"
    parameters = list(parameters)
    if position.target is not None and position.target_primary is not None:
        where += f" AND (key, primary_key) {sign}= (?, ?)"
        parameters += [position.target, position.target_primary]
    elif position.target is not None:
        where += f" AND key {sign}= ?"
        parameters.append(position.target)
    if position.key is not None:
        if source.index == 0 or direction.endswith("unique"):
            where += f" AND key {sign} ?"
            parameters.append(position.key)
        else:
            where += f" AND (key, primary_key) {sign} (?, ?)"
            parameters += [position.key, position.primary_key]
    return where, parameters
