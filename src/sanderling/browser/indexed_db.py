"""Indexed Databases of a context: connections, versions, and which transaction may run when.

https://w3c.github.io/IndexedDB/. Page code has the interfaces (`web/IndexedDB/`); it posts lists of operations (`idb.do`) and is told what became of
them (`idb.events`): lists whose first item is a name, see `tell`. Databases are by origin, so that every page, frame and web worker of
an origin sees the same ones. Work is done in turns of a few milliseconds, so that the worker's loop goes on.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import collections
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from sanderling.browser.agent import Agent, Json
from sanderling.browser.indexed_db_store import QUOTA_BYTES, RecordStore
from sanderling.browser.indexed_db_transactions import Op, StoreMeta, Transaction

TURN_S = 0.004
"""How long databases may keep the loop at a time."""

DATABASE_BYTES = 4096
"""What a database without records counts for in the usage of its origin: a page of SQLite's."""

MAX_BATCH_BYTES = 16 * 1024 * 1024
"""Values that go to page code in one message, unless one alone is larger."""


GONE = "The storage bucket was deleted."

_WITHOUT_CONNECTION = ("openFailed", "closed")
"""Events behind which there is no connection of that number."""


class Client(Protocol):
    """Who has connections."""

    def tell(self, event: list[Any], *values: bytes) -> None:
        """Let it know what happened; the bytes are those of values, in order."""


class AgentClient:
    """The connections of an agent's page code.

    Args:
        agent: whose.
        databases: of its origin.
        find: gives the databases of a storage bucket; None: it is not there any more.
    """

    def __init__(self, agent: Agent, databases: OriginDatabases, find: Callable[[int], OriginDatabases | None]) -> None:
        self._databases = databases
        self._find = find
        self._homes: dict[int, OriginDatabases] = {}  # where connections are that belong to buckets, by their number
        self.transactions: dict[int, Transaction] = {}
        self._agent = agent
        self._loop = asyncio.get_running_loop()
        self._events: list[list[Any]] = []
        self._values: list[bytes] = []
        self._size = 0
        self._flushing = False

    def tell(self, event: list[Any], *values: bytes) -> None:
        """See `Client.tell`."""
        if event[0] in _WITHOUT_CONNECTION:
            self._homes.pop(event[1], None)
        self._events.append(event)
        self._values += values
        self._size += sum(map(len, values))
        if self._size > MAX_BATCH_BYTES:
            self._flush()
        elif not self._flushing:
            self._flushing = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._flushing = False
        events, values = self._events, self._values
        self._events, self._values, self._size = [], [], 0
        if events:
            self._agent.post("idb.events", events, b"".join(values))

    def do(self, ops: Json, data: bytes) -> None:
        """Do what page code posted."""
        at = 0
        for op in ops:
            value = b""
            if op[0] == "put":
                value = data[at : at + op[5]]
                at += op[5]
            home = self._home(op)
            if home is not None:
                home.do(self, op, value)

    def _home(self, op: Op) -> OriginDatabases | None:
        """Give the databases that an operation is for, and answer those for which there are none."""
        kind, number = op[0], op[1]
        if kind in ("open", "delete", "databases"):
            home = self._find(op[-1]) if op[-1] else self._databases
            if op[-1] and home is not None and kind == "open":
                self._homes[number] = home
            elif home is None and kind == "databases":
                self.tell(["databases", number, None])
            elif home is None:
                self.tell(["openFailed", number, "UnknownError", GONE])
            return home
        if kind in ("close", "versionchanged", "begin"):
            home = self._homes.get(number, self._databases)
            if kind == "close":
                self._homes.pop(number, None)
            return home
        transaction = self.transactions.get(number)
        return None if transaction is None else transaction.connection.database.origin  # None: it has ended


class Connection:
    """An open database."""

    def __init__(self, client: Client, number: int, database: Database) -> None:
        self.client = client
        self.number = number
        self.database = database
        self.closed = False


class OpenRequest:
    """Somebody wants to open or delete a database.

    Args:
        client: who.
        number: what the client calls it.
        version: which; None is the present one.
        deletes: it is to be deleted.
    """

    def __init__(self, client: Client, number: int, version: int | None, *, deletes: bool = False) -> None:
        self.client = client
        self.number = number
        self.version = version
        self.deletes = deletes
        self.abandoned = False  # the client is gone


class Database:
    """One database: its stores, connections, and queues."""

    def __init__(self, name: str, origin: OriginDatabases) -> None:
        self.name = name
        self.version = 0  # it is not there yet, or not any more
        self.stores: dict[int, StoreMeta] = {}
        self.store: RecordStore = origin.store
        self.connections: list[Connection] = []
        self.origin = origin
        self._requests: collections.deque[OpenRequest] = collections.deque()
        self._active: OpenRequest | None = None
        self._upgrade: Transaction | None = None
        self._proceed: Callable[[], None] | None = None  # once every other connection is closed
        self._change: tuple[int, int | None] = (0, None)  # the versions that the others are told
        self._unheard: set[Connection] = set()  # told to make way, and their event is not over
        self._blocked = False
        self._transactions: list[Transaction] = []  # in the order of their creation, unfinished
        self._deleting = False
        self._last_store = 0  # ids of stores are never used again

    # -- opening and deleting: the connection queue ----------------------------------------------------------------------------

    def enqueue(self, request: OpenRequest) -> None:
        """Take a request; those before it come first."""
        self._requests.append(request)
        self._next()

    def _next(self) -> None:
        while self._active is None and self._requests and not self._deleting:
            request = self._requests.popleft()
            if not request.abandoned:
                self._active = request
                self._begin(request)
        if self._active is None and self.version == 0 and not self._deleting and not self.connections:
            self.origin.forget(self)

    def _begin(self, request: OpenRequest) -> None:
        old = self.version
        if request.deletes:
            self._make_way(old, None, lambda: self._delete(request))
            return
        # https://w3c.github.io/IndexedDB/#open-a-database-connection, steps 6-10
        version = request.version if request.version is not None else old or 1
        if old > version:
            message = f"The requested version ({version}) is less than the existing version ({old})."
            request.client.tell(["openFailed", request.number, "VersionError", message])
            self._active = None
        elif old == version:
            self.connections.append(Connection(request.client, request.number, self))
            request.client.tell(["opened", request.number, self.name, version, self._wire_stores()])
            self._active = None
        else:
            self._make_way(old, version, lambda: self._start_upgrade(request, version))

    def _make_way(self, old: int, new: int | None, proceed: Callable[[], None]) -> None:
        self._proceed, self._change, self._blocked = proceed, (old, new), False
        self._unheard = set(self.connections)
        for connection in self.connections:
            connection.client.tell(["versionchange", connection.number, old, new])
        self._look()

    def heard(self, connection: Connection) -> None:
        """A connection's `versionchange` event is over."""
        self._unheard.discard(connection)
        self._look()

    def _look(self) -> None:
        if self._proceed is None or self._active is None or self._deleting:
            return
        if not self.connections:
            proceed, self._proceed = self._proceed, None
            proceed()
        elif not self._unheard and not self._blocked:
            self._blocked = True
            self._active.client.tell(["blocked", self._active.number, *self._change])

    def _delete(self, request: OpenRequest) -> None:
        old = self.version
        self._empty()
        self._active = None
        request.client.tell(["deleted", request.number, old])
        self._next()

    def _start_upgrade(self, request: OpenRequest, version: int) -> None:
        old = self.version
        connection = Connection(request.client, request.number, self)
        self.connections.append(connection)
        upgrade = self._upgrade = Transaction(connection, request.number, None, writes=True)
        self._transactions.append(upgrade)
        upgrade.start()
        self.version = version

        def finished(committed: bool) -> None:
            if not committed:
                self.version = old
                self.close(connection)
            self._upgrade = self._active = None
            self._next()

        upgrade.when_finished = finished
        self.origin.opened(request.client, upgrade)
        generators = [[one.id, one.generator] for one in self.stores.values()]
        last = max(self.stores, default=0)
        self._last_store = max(self._last_store, last)
        request.client.tell(
            ["upgrade", request.number, self.name, old, version, self._wire_stores(), generators, self._last_store]
        )

    def _wire_stores(self) -> list[list[Any]]:
        return [
            [
                store.id,
                store.name,
                store.key_path,
                store.auto_increment,
                [[one.id, one.name, one.key_path, one.unique, one.multi_entry] for one in store.indexes.values()],
            ]
            for store in self.stores.values()
        ]

    def close(self, connection: Connection) -> None:
        """A connection is closed; what it still does is undone. Idempotent."""
        if connection.closed:
            return
        connection.closed = True
        self.connections.remove(connection)
        for transaction in [one for one in self._transactions if one.connection is connection]:
            transaction.abort()
        self._unheard.discard(connection)
        self._look()
        self._next()

    def abandon(self, client: Client) -> None:
        """A client is gone."""
        for request in self._requests:
            request.abandoned = request.abandoned or request.client is client
        if self._active is not None and self._active.client is client and self._upgrade is None:
            self._active = self._proceed = None
        for connection in [one for one in self.connections if one.client is client]:
            self.close(connection)
        self._next()

    def refuse(self, message: str) -> None:
        """Answer openings and deletions that wait: there is nothing to open any more."""
        waiting = list(self._requests)
        self._requests.clear()
        if self._proceed is not None and self._active is not None:
            waiting.insert(0, self._active)
            self._active = self._proceed = None
        for request in waiting:
            if not request.abandoned:
                request.client.tell(["openFailed", request.number, "UnknownError", message])

    def delete_now(self) -> None:
        """Delete it whatever page code does with it: its connections are closed, which they are told."""
        self._deleting = True  # what waits for connections to close begins afterwards
        for connection in tuple(self.connections):
            connection.client.tell(["closed", connection.number])
            self.close(connection)
        self._empty()
        self._deleting = False
        self._look()
        self._next()

    def _empty(self) -> None:
        self.origin.discard(
            [one.data for one in self.stores.values()],
            [index.data for one in self.stores.values() for index in one.indexes.values()],
        )
        self.stores.clear()
        self.version = 0

    # -- which transaction may run ---------------------------------------------------------------------------------------------

    def begin(self, transaction: Transaction) -> None:
        """Take a transaction; it starts when those before it allow that."""
        self._transactions.append(transaction)
        self._start_what_may()

    def wake(self, transaction: Transaction) -> None:
        """A transaction may have something to do."""
        self.origin.wake(transaction)

    def _start_what_may(self) -> None:
        # https://w3c.github.io/IndexedDB/#transaction-scheduling
        for at, one in enumerate(self._transactions):
            if not one.started and not any(
                (one.writes or earlier.writes) and one.overlaps(earlier) for earlier in self._transactions[:at]
            ):
                one.start()
                self.origin.wake(one)

    def transaction_ended(self, transaction: Transaction, data: list[int], indexes: list[int]) -> None:
        """A transaction has finished, and leaves records and entries behind that nobody has any more."""
        if transaction.upgrades:
            self._last_store = max([self._last_store, *self.stores])
        self._transactions.remove(transaction)
        self.origin.ended(transaction)
        self.origin.discard(data, indexes)
        self._start_what_may()


class OriginDatabases:
    """The databases of one origin in one context."""

    def __init__(self, quota_bytes: int = QUOTA_BYTES) -> None:
        self.store = RecordStore(quota_bytes)
        self._databases: dict[str, Database] = {}
        self._loop = asyncio.get_running_loop()
        self._ready: collections.deque[Transaction] = collections.deque()
        self._garbage: collections.deque[Iterator[None]] = collections.deque()
        self._scheduled = False
        self._closed = False

    # -- what clients ask ------------------------------------------------------------------------------------------------------

    def do(self, client: AgentClient, op: Op, value: bytes) -> None:
        """Do an operation of page code, or give it to its transaction."""
        kind, number = op[0], op[1]
        if kind == "open":
            self.database(op[2]).enqueue(OpenRequest(client, number, op[3]))
        elif kind == "delete":
            self.database(op[2]).enqueue(OpenRequest(client, number, None, deletes=True))
        elif kind == "databases":
            client.tell(["databases", number, [[one.name, one.version] for one in self.all()]])
        elif kind in ("close", "versionchanged"):
            connection = self.connection(client, number)
            if connection is not None and kind == "close":
                connection.database.close(connection)
            elif connection is not None:
                connection.database.heard(connection)
        elif kind == "begin":
            self._begin(client, op)
        else:
            self._pass_on(client, op, value)

    def _begin(self, client: AgentClient, op: Op) -> None:
        # connection, transaction, store ids, mode, wants start
        connection = self.connection(client, op[1])
        if connection is None:
            client.tell(["aborted", op[2], "AbortError", "The connection was closed."])
            return
        transaction = Transaction(connection, op[2], set(op[3]), writes=op[4] == "readwrite", wants_start=op[5])
        client.transactions[op[2]] = transaction
        connection.database.begin(transaction)

    def _pass_on(self, client: AgentClient, op: Op, value: bytes) -> None:
        transaction = client.transactions[op[1]]
        if op[0] == "abort":
            transaction.abort()
        else:
            transaction.add(op, value)
            self.wake(transaction)

    def ended(self, transaction: Transaction) -> None:
        """A transaction has finished."""
        client = transaction.connection.client
        if isinstance(client, AgentClient):
            client.transactions.pop(transaction.number, None)

    def opened(self, client: Client, upgrade: Transaction) -> None:
        """An upgrade begins."""
        if isinstance(client, AgentClient):
            client.transactions[upgrade.number] = upgrade

    def connection(self, client: Client, number: int) -> Connection | None:
        """Give a client's open connection."""
        for database in self._databases.values():
            for one in database.connections:
                if one.client is client and one.number == number:
                    return one
        return None

    def database(self, name: str) -> Database:
        """Give the database of that name, which may not be there yet."""
        known = self._databases.get(name)
        if known is None:
            known = self._databases[name] = Database(name, self)
        return known

    def all(self) -> list[Database]:
        """Give those that are there, by name."""
        return sorted((one for one in self._databases.values() if one.version > 0), key=lambda one: one.name)

    def delete_all(self) -> None:
        """Delete every database at once, as `Database.delete_now` does."""
        for one in tuple(self._databases.values()):
            one.delete_now()

    def refuse_all(self, message: str) -> None:
        """Answer whatever waits to be opened or deleted: there will be no databases any more."""
        for one in tuple(self._databases.values()):
            one.refuse(message)

    def forget(self, database: Database) -> None:
        """Nobody has anything to do with a database that is not there."""
        if self._databases.get(database.name) is database:
            del self._databases[database.name]

    def abandon(self, client: AgentClient) -> None:
        """An agent has ended."""
        for database in tuple(self._databases.values()):
            database.abandon(client)

    # -- turns -----------------------------------------------------------------------------------------------------------------

    def wake(self, transaction: Transaction) -> None:
        """A transaction may have something to do."""
        if transaction.ready and transaction not in self._ready:
            self._ready.append(transaction)
            self._schedule()

    def discard(self, data: list[int], indexes: list[int]) -> None:
        """Remove records and index entries when there is time."""
        if (data or indexes) and not self._closed:
            self._garbage.append(self.store.drop(data, indexes))
            self._schedule()

    def _schedule(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            self._loop.call_soon(self._turn)

    def _turn(self) -> None:
        self._scheduled = False
        if self._closed:
            return
        end = self._loop.time() + TURN_S
        while self._ready or self._garbage:
            if self._ready:
                transaction = self._ready.popleft()
                if transaction.ready:
                    transaction.step()
                if transaction.ready:
                    self._ready.append(transaction)
            elif next(self._garbage[0], self) is self:
                self._garbage.popleft()
            if self._loop.time() > end:
                break
        if self._ready or self._garbage:
            self._schedule()

    def close(self) -> None:
        """Forget everything."""
        self._closed = True
        self._ready.clear()
        self._garbage.clear()
        self.store.close()


class IndexedDatabases:
    """The databases of one context, by origin or, where another site embeds that, storage key (`storage_keys`)."""

    def __init__(self) -> None:
        self._origins: dict[str, OriginDatabases] = {}
        self._limits: dict[str, int] = {}  # where it is not QUOTA_BYTES
        self._clients: dict[Agent, AgentClient] = {}

    def do(
        self, agent: Agent, origin: str, bucket_key: Callable[[int], str | None], ops: Json, data: bytes | None
    ) -> None:
        """`idb.do`: operations of an agent's page code.

        Args:
            agent: whose.
            origin: or storage key of its own.
            bucket_key: gives the storage key of one of its storage buckets (`StorageBuckets.key_of`).
            ops: what to do.
            data: the values in them.
        """
        client = self._clients.get(agent)
        if client is None:
            if agent.closed:
                return

            def find(bucket: int) -> OriginDatabases | None:
                key = bucket_key(bucket)
                return None if key is None else self.of(key)

            client = self._clients[agent] = AgentClient(agent, self.of(origin), find)
            agent.when_closed(lambda: self._agent_closed(agent))
        client.do(ops, data or b"")

    def limit(self, origin: str, quota_bytes: int) -> None:
        """Say how much a storage key may hold that has no databases yet."""
        self._limits[origin] = quota_bytes

    def drop(self, origin: str) -> None:
        """Delete the databases of a storage key that nobody will use again."""
        self._limits.pop(origin, None)
        known = self._origins.pop(origin, None)
        if known is not None:
            known.refuse_all(GONE)
            known.delete_all()
            known.close()

    def of(self, origin: str) -> OriginDatabases:
        """Give an origin's databases."""
        known = self._origins.get(origin)
        if known is None:
            known = self._origins[origin] = OriginDatabases(self._limits.get(origin, QUOTA_BYTES))
        return known

    def known(self, origin: str) -> OriginDatabases | None:
        """Give an origin's databases where it ever had some."""
        return self._origins.get(origin)

    def storage_keys(self) -> list[str]:
        """Give the storage keys that have databases, but for those of opaque origins."""
        return [origin for origin, known in self._origins.items() if origin != "null" and known.all()]

    def used_bytes(self, origin: str) -> int:
        """Say how much an origin has stored; what a database is described with counts, too."""
        known = self._origins.get(origin)
        return 0 if known is None else known.store.used_bytes() + DATABASE_BYTES * len(known.all())

    def _agent_closed(self, agent: Agent) -> None:
        client = self._clients.pop(agent, None)
        if client is not None:
            for one in tuple(self._origins.values()):
                one.abandon(client)

    def close(self) -> None:
        """Forget everything."""
        for one in self._origins.values():
            one.close()
        self._origins.clear()
