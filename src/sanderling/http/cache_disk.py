"""The store on disk: one SQLite database in a folder, shared by every process that uses the folder.

Nothing here fails a page. A database that is damaged is renamed and a new one begun; one that cannot be written to is not used any more by
this process. Both are logged once, with the reason. What cannot be had at once because another process writes is a miss.

Thread: worker.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from sanderling.base.clock import Clock
from sanderling.http.cache_store import MAX_VARIANTS, MIB, Key, Limits, Place, head_bytes
from sanderling.proto.http_cache import Entry

NAME = "http-cache.sqlite"
SCHEMA = 1
"""`user_version` of the database; one of another version is begun anew."""
BUSY_TIMEOUT_MS = 250
REOPEN_S = 1.0
"""How long after it could not be opened, because another process wrote, that is tried again."""
USED_GRANULARITY_S = 60.0
"""A use is written down when the last one that was is older than this: most hits then only read."""
_ROOM = 0.9
"""Eviction goes down to this part of a limit, so that it is not done for every response."""
_EVICTED_AT_ONCE = 64

_LOG = logging.getLogger("sanderling.http")

T = TypeVar("T")

_TABLES = """
CREATE TABLE responses (
  id TEXT PRIMARY KEY, partition TEXT NOT NULL, url TEXT NOT NULL, head BLOB NOT NULL, size INTEGER NOT NULL,
  received REAL NOT NULL, used REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX responses_by_key ON responses (url, partition);
CREATE INDEX responses_by_use ON responses (used);
CREATE TABLE bodies (id TEXT PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE totals (bytes INTEGER NOT NULL, entries INTEGER NOT NULL);
INSERT INTO totals VALUES (0, 0);
CREATE TRIGGER stored AFTER INSERT ON responses
  BEGIN UPDATE totals SET bytes = bytes + new.size, entries = entries + 1; END;
CREATE TRIGGER removed AFTER DELETE ON responses
  BEGIN UPDATE totals SET bytes = bytes - old.size, entries = entries - 1; DELETE FROM bodies WHERE id = old.id; END;
CREATE TRIGGER changed AFTER UPDATE OF size ON responses
  BEGIN UPDATE totals SET bytes = bytes - old.size + new.size; END;
"""

ENTRY_BYTES = 32 * MIB
"""Of one body: it is in memory while it is stored."""


class CacheDatabase:
    """The database of a folder, as one process has it open.

    Args:
        folder: made when it is not there.
        limits: how much it holds.
        clock: tells when something was used.
    """

    def __init__(self, folder: str, limits: Limits, clock: Clock) -> None:
        self.limits = limits
        self.clock = clock
        self.path = Path(folder) / NAME
        self._connection: sqlite3.Connection | None = None
        self._inode = 0  # of the file that is open
        self._mended = False  # a damaged one was set aside already
        self._open_again_at: float | None = None  # another process wrote when it was to be opened
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = self._open()
        except sqlite3.DatabaseError as error:
            self._failed(error)
        except OSError as error:
            _LOG.warning("the cache folder %s cannot be used, so pages load without it: %s", folder, error.strerror)

    @property
    def usable(self) -> bool:
        """Whether it is in use."""
        return self._connected() is not None

    def _connected(self) -> sqlite3.Connection | None:
        again = self._open_again_at
        if again is not None and self.clock.wall() >= again:
            self._open_again_at = None
            try:
                self._connection = self._open()
            except sqlite3.DatabaseError as error:
                self._failed(error)
            except OSError as error:
                _LOG.warning("the cache %s cannot be used, so pages load without it: %s", self.path, error.strerror)
        return self._connection

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None)
        try:
            self._inode = os.stat(self.path).st_ino  # first, for who finds it damaged (`_set_aside`)
            connection.execute("PRAGMA journal_mode = WAL")
            for pragma in ("synchronous = NORMAL", "temp_store = MEMORY", "cache_size = -1024", "trusted_schema = OFF"):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("BEGIN IMMEDIATE")
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:
                for statement in _statements(_TABLES):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {SCHEMA}")
            connection.execute("COMMIT")
            if version not in (0, SCHEMA):
                raise sqlite3.DatabaseError(f"its version is {version}, not {SCHEMA}")
        except BaseException:
            connection.close()
            raise
        return connection

    # -- faults --------------------------------------------------------------------------------------------------

    def run(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """Do `work` with the connection, or give `otherwise` when that is not possible."""
        connection = self._connected()
        if connection is None:
            return otherwise
        try:
            return work(connection)
        except (sqlite3.DatabaseError, msgspec.DecodeError) as error:
            self._failed(error)
            return otherwise

    def change(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Do `work` in one transaction."""

        def transaction(connection: sqlite3.Connection) -> None:
            connection.execute("BEGIN IMMEDIATE")
            try:
                work(connection)
                connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise

        self.run(transaction, None)

    def _failed(self, error: Exception) -> None:
        code = getattr(error, "sqlite_errorcode", None)
        primary = code & 0xFF if code is not None else None
        if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            _LOG.debug("the cache %s is busy: %s", self.path, error)
            if self._connection is None:
                self._open_again_at = self.clock.wall() + REOPEN_S
            return
        self.close()
        damaged = primary in (None, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
        if not damaged:  # full, read-only, an error of the disk
            _LOG.warning("the cache %s is not used any more, so pages load without it: %s", self.path, error)
            return
        if self._mended:
            _LOG.warning("the cache %s is damaged again and is not used any more: %s", self.path, error)
            return
        self._mended = True
        try:
            self._set_aside(error)
            self._connection = self._open()
        except (OSError, sqlite3.DatabaseError) as second:
            _LOG.warning("the cache %s cannot be begun anew, so pages load without it: %s", self.path, second)

    def _set_aside(self, error: Exception) -> None:
        if self._inode and os.stat(self.path).st_ino != self._inode:
            return  # another process did
        aside = self.path.with_suffix(".damaged")
        os.replace(self.path, aside)
        for suffix in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(f"{self.path}{suffix}")
        _LOG.warning("the cache %s is damaged (%s): it is now %s, and a new one begins", self.path, error, aside.name)

    def close(self) -> None:
        """Close it. Idempotent."""
        self._open_again_at = None
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(sqlite3.Error):
                connection.close()


def _statements(script: str) -> Iterator[str]:
    """Split a script: `executescript` would end the transaction."""
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


class DiskStore:
    """What one context sees of a database.

    Args:
        database: of the worker's process; it outlives the context.
        shared: contexts of other users see the same, and none of them can take it away from the others.
    """

    place: Place = "disk"

    def __init__(self, database: CacheDatabase, *, shared: bool) -> None:
        self._database = database
        self._owner = "shared" if shared else "private"
        self._shared = shared
        self._since = -1.0  # what came before is not seen; of a shared one that was cleared

    @property
    def limits(self) -> Limits:
        """See `CacheStore.limits`."""
        return self._database.limits

    @property
    def usable(self) -> bool:
        """See `CacheStore.usable`."""
        return self._database.usable

    def name_of(self, key: Key) -> str:
        """Give a name that `key` has in every process that uses the same database."""
        return f"{self._database.path} {self._partition(key)} {key.url}"

    def _partition(self, key: Key) -> str:
        return f"{self._owner} {key.partition}"

    def find(self, key: Key) -> list[Entry]:
        """See `CacheStore.find`."""

        def look(connection: sqlite3.Connection) -> list[Entry]:
            rows = connection.execute(
                "SELECT head FROM responses WHERE url = ? AND partition = ? AND received > ? ORDER BY received",
                (key.url, self._partition(key), self._since),
            ).fetchall()
            return [msgspec.msgpack.decode(row[0], type=Entry) for row in rows]

        return self._database.run(look, [])

    def body(self, key: Key, entry: Entry) -> bytes | None:
        """See `CacheStore.body`."""
        now = self._database.clock.wall()

        def read(connection: sqlite3.Connection) -> tuple[bytes, float] | None:
            row = connection.execute(
                "SELECT body, used FROM bodies JOIN responses USING (id) WHERE id = ?", (entry.id,)
            ).fetchone()
            return None if row is None else (bytes(row[0]), float(row[1]))

        found = self._database.run(read, None)
        if found is None:
            return None
        if now - found[1] >= USED_GRANULARITY_S:
            self._database.change(
                lambda connection: _execute(connection, "UPDATE responses SET used = ? WHERE id = ?", now, entry.id)
            )
        return found[0]

    def put(self, key: Key, entry: Entry, body: bytes) -> None:
        """See `CacheStore.put`."""
        if len(body) > self.limits.entry_bytes:
            return
        partition, now = self._partition(key), self._database.clock.wall()
        replaced = [old.id for old in self.find(key) if old.varied == entry.varied]
        head = msgspec.msgpack.encode(entry)

        def store(connection: sqlite3.Connection) -> None:
            for number in replaced:
                _execute(connection, "DELETE FROM responses WHERE id = ?", number)
            connection.execute(
                "INSERT INTO responses VALUES (?, ?, ?, ?, ?, ?, ?)",
                (entry.id, partition, key.url, head, head_bytes(entry) + len(body), entry.received_at, now),
            )
            connection.execute("INSERT INTO bodies VALUES (?, ?)", (entry.id, body))
            connection.execute(
                "DELETE FROM responses WHERE id IN (SELECT id FROM responses WHERE url = ? AND partition = ?"
                " ORDER BY received DESC LIMIT -1 OFFSET ?)",
                (key.url, partition, MAX_VARIANTS),
            )
            self._evict(connection)

        self._database.change(store)

    def _evict(self, connection: sqlite3.Connection) -> None:
        limits = self.limits
        total, entries = connection.execute("SELECT bytes, entries FROM totals").fetchone()
        if total <= limits.total_bytes and entries <= limits.entries:
            return
        while entries and (total > limits.total_bytes * _ROOM or entries > limits.entries * _ROOM):
            # No more than are too many, but not one by one.
            count = min(_EVICTED_AT_ONCE, max(1, int(entries - limits.entries * _ROOM)))
            connection.execute(
                "DELETE FROM responses WHERE id IN (SELECT id FROM responses ORDER BY used, received LIMIT ?)", (count,)
            )
            total, entries = connection.execute("SELECT bytes, entries FROM totals").fetchone()

    def refresh(self, key: Key, entry: Entry) -> None:
        """See `CacheStore.refresh`."""
        head = msgspec.msgpack.encode(entry)
        self._database.change(
            lambda connection: _execute(
                connection,
                "UPDATE responses SET head = ?, received = ?, used = ? WHERE id = ?",
                head,
                entry.received_at,
                self._database.clock.wall(),
                entry.id,
            )
        )

    def remove(self, key: Key) -> None:
        """See `CacheStore.remove`."""
        self._database.change(
            lambda connection: _execute(
                connection, "DELETE FROM responses WHERE url = ? AND partition = ?", key.url, self._partition(key)
            )
        )

    def clear(self) -> None:
        """See `CacheStore.clear`: of what others see too, this context does not any longer."""
        if self._shared:
            self._since = self._database.clock.wall()
            return
        self._database.change(
            lambda connection: _execute(
                connection, "DELETE FROM responses WHERE partition >= ? AND partition < ?", "private ", "private!"
            )
        )

    def close(self) -> None:
        """The database belongs to the process."""


def _execute(connection: sqlite3.Connection, statement: str, *values: object) -> None:
    connection.execute(statement, values)
