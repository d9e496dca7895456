"""Cache storage: the caches of requests and responses that scripts fill.

https://w3c.github.io/ServiceWorker/#cache-objects. Page code has the interfaces (`web/service-workers/`) and asks (`cache.do`); caches are by
context and origin, in one SQLite database in memory for each origin. A cache that is deleted stays usable for those who have it open.

Thread: worker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from sanderling.base.errors import SanderlingError
from sanderling.browser.agent import Agent, Json

QUOTA_BYTES = 512 * 1024 * 1024
"""What the caches of one origin of a context may hold; it is memory of the worker's process."""

_SCHEMA = """
CREATE TABLE caches (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, size INTEGER);
CREATE TABLE entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT, cache INTEGER, url TEXT, path TEXT, method TEXT, request TEXT, response TEXT, body BLOB, stored REAL,
  size INTEGER
);
CREATE INDEX entries_by_path ON entries (cache, path);
CREATE TABLE used (bytes INTEGER);
INSERT INTO used VALUES (0);
CREATE TRIGGER cache_made AFTER INSERT ON caches BEGIN UPDATE used SET bytes = bytes + NEW.size; END;
CREATE TRIGGER cache_gone AFTER DELETE ON caches BEGIN UPDATE used SET bytes = bytes - OLD.size; END;
CREATE TRIGGER entry_made AFTER INSERT ON entries BEGIN UPDATE used SET bytes = bytes + NEW.size; END;
CREATE TRIGGER entry_gone AFTER DELETE ON entries BEGIN UPDATE used SET bytes = bytes - OLD.size; END;
"""
# `name` is null once the cache is deleted; `path` is the URL without query and fragment; `request` and `response` are JSON. What is used is
# counted along: adding it up for every response that comes would take longer the more there are.

_ROW_BYTES = 100
"""What a cache or an entry costs beside its texts and its body, about."""


class QuotaError(SanderlingError):
    """The origin would hold too much."""


class Query(msgspec.Struct, frozen=True):
    """What is looked for; the standard's CacheQueryOptions with the request."""

    url: str
    method: str = "GET"
    headers: list[tuple[str, str]] = []
    ignoreSearch: bool = False  # noqa: N815 - the dictionary's names
    ignoreMethod: bool = False  # noqa: N815
    ignoreVary: bool = False  # noqa: N815


class Entry(NamedTuple):
    """A request with its response."""

    id: int
    url: str
    method: str
    request: Json
    response: Json
    body: bytes
    stored: float
    """When, in seconds since 1970."""


def _without_fragment(url: str) -> str:
    return url.partition("#")[0]


def _path(url: str) -> str:
    return _without_fragment(url).partition("?")[0]


def _values(headers: list[Any], name: str) -> str | None:
    found = [value for key, value in headers if key.lower() == name]
    return ", ".join(found) if found else None


def _vary_agrees(entry: Entry, headers: list[Any]) -> bool:
    """Service Workers, "request matches cached item", steps 5 to 7."""
    vary = _values(entry.response["headers"], "vary") or ""
    for field in (one.strip().lower() for one in vary.split(",")):
        if field == "*":
            return False
        if field and _values(entry.request["headers"], field) != _values(headers, field):
            return False
    return True


class OriginCaches:
    """The caches of one origin."""

    def __init__(self, wall: Callable[[], float], quota_bytes: int = QUOTA_BYTES) -> None:
        import sqlite3  # late: few origins have caches

        self.quota_bytes = quota_bytes
        self._wall = wall
        self._db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._db.executescript(_SCHEMA)
        self._users: dict[int, set[Agent]] = {}  # who has a cache open, by its id

    # -- caches ---------------------------------------------------------------------------------------------------------------

    def names(self) -> list[tuple[int, str]]:
        """List ids and names, the oldest first."""
        return list(self._db.execute("SELECT id, name FROM caches WHERE name IS NOT NULL ORDER BY id"))

    def find(self, name: str) -> int | None:
        """Give the id of the cache that has a name now."""
        row = self._db.execute("SELECT id FROM caches WHERE name = ?", (name,)).fetchone()
        return None if row is None else int(row[0])

    def is_named(self, cache: int) -> bool:
        """Tell whether a cache is there and not deleted."""
        return (
            self._db.execute("SELECT 1 FROM caches WHERE id = ? AND name IS NOT NULL", (cache,)).fetchone() is not None
        )

    def open(self, name: str, agent: Agent | None = None) -> int:
        """Give the id of a cache, which is made if it is not there; `agent` may use it even if it is deleted meanwhile.

        Raises:
            QuotaError: there is no room for another one.
        """
        found = self.find(name)
        if found is None:
            size = len(name.encode()) + _ROW_BYTES
            self._check_quota(size)
            found = self._db.execute("INSERT INTO caches (name, size) VALUES (?, ?)", (name, size)).lastrowid
            assert found is not None
        if agent is not None and not agent.closed:
            self._users.setdefault(found, set()).add(agent)
        return found

    def delete(self, cache: int) -> None:
        """Take a cache's name; what is in it goes when nobody has it open any more."""
        self._db.execute("UPDATE caches SET name = NULL WHERE id = ?", (cache,))
        self._tidy()

    def delete_all(self) -> None:
        """Delete every cache."""
        self._db.execute("UPDATE caches SET name = NULL")
        self._tidy()

    def left(self, agent: Agent) -> None:
        """An agent is closed."""
        for users in self._users.values():
            users.discard(agent)
        self._tidy()

    def _tidy(self) -> None:
        for (cache,) in self._db.execute("SELECT id FROM caches WHERE name IS NULL").fetchall():
            if not self._users.get(cache):
                self._users.pop(cache, None)
                self._db.execute("DELETE FROM entries WHERE cache = ?", (cache,))
                self._db.execute("DELETE FROM caches WHERE id = ?", (cache,))

    # -- entries --------------------------------------------------------------------------------------------------------------

    def entries(self, cache: int) -> Iterator[Entry]:
        """Give everything in a cache, in the order of insertion."""
        return self._rows("cache = ?", (cache,))

    def matching(self, cache: int, query: Query) -> Iterator[Entry]:
        """Give what a request matches (Service Workers, "query cache")."""
        if query.method != "GET" and not query.ignoreMethod:
            return
        for entry in self._rows("cache = ? AND path = ?", (cache, _path(query.url))):
            if not query.ignoreSearch and _without_fragment(query.url) != _without_fragment(entry.url):
                continue
            if query.ignoreVary or _vary_agrees(entry, query.headers):
                yield entry

    def _rows(self, where: str, values: tuple[Any, ...]) -> Iterator[Entry]:
        rows = self._db.execute(
            f"SELECT id, url, method, request, response, body, stored FROM entries WHERE {where} ORDER BY id",  # noqa: S608 - `where` is ours
            values,
        )
        for number, url, method, request, response, body, stored in rows:
            yield Entry(number, url, method, msgspec.json.decode(request), msgspec.json.decode(response), body, stored)

    def put(self, cache: int, request: Json, response: Json, body: bytes) -> None:
        """Store one response; see `put_all`."""
        self.put_all(cache, [(request, response, body)])

    def put_all(self, cache: int, items: Iterable[tuple[Json, Json, bytes]]) -> None:
        """Store responses, each in the place of those whose requests match (Service Workers, "batch cache operations").

        Raises:
            QuotaError: there is no room for them; none is stored then, and nothing replaced.
        """
        self._db.execute("BEGIN")
        try:
            for request, response, body in items:
                self._put(cache, request, response, body)
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _put(self, cache: int, request: Json, response: Json, body: bytes) -> None:
        self.remove(cache, Query(request["url"], headers=request["headers"]))
        url = request["url"]
        facts = [msgspec.json.encode(one) for one in (request, response)]
        size = sum(map(len, facts)) + len(body) + _ROW_BYTES
        self._check_quota(size)
        self._db.execute(
            "INSERT INTO entries (cache, url, path, method, request, response, body, stored, size) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (cache, url, _path(url), request["method"], *(one.decode() for one in facts), body, self._wall(), size),
        )

    def _check_quota(self, added: int) -> None:
        if self.used_bytes() + added > self.quota_bytes:
            raise QuotaError("the quota of the origin has been exceeded")

    def remove(self, cache: int, query: Query) -> bool:
        """Remove what a request matches; tells whether there was anything."""
        found = [entry.id for entry in self.matching(cache, query)]
        self._db.executemany("DELETE FROM entries WHERE id = ?", ((number,) for number in found))
        return bool(found)

    def remove_url(self, cache: int, url: str) -> None:
        """Remove what is stored for a URL."""
        self._db.execute("DELETE FROM entries WHERE cache = ? AND url = ?", (cache, url))

    def used_bytes(self) -> int:
        """Say how much is stored."""
        (size,) = self._db.execute("SELECT bytes FROM used").fetchone()
        return int(size)

    def close(self) -> None:
        """Forget everything."""
        self._db.close()


class CacheStorages:
    """The caches of one context, by origin or, where another site embeds that, storage key (`storage_keys`).

    Args:
        wall: tells the time in seconds since 1970.
    """

    def __init__(self, wall: Callable[[], float]) -> None:
        self._wall = wall
        self._origins: dict[str, OriginCaches] = {}
        self._limits: dict[str, int] = {}  # where it is not QUOTA_BYTES
        self._agents: set[Agent] = set()  # whose end is watched

    def of(self, origin: str) -> OriginCaches:
        """Give an origin's caches."""
        known = self._origins.get(origin)
        if known is None:
            known = self._origins[origin] = OriginCaches(self._wall, self._limits.get(origin, QUOTA_BYTES))
        return known

    def limit(self, origin: str, quota_bytes: int) -> None:
        """Say how much a storage key may hold that has no caches yet."""
        self._limits[origin] = quota_bytes

    def drop(self, origin: str) -> None:
        """Delete the caches of a storage key that nobody will use again."""
        self._limits.pop(origin, None)
        known = self._origins.pop(origin, None)
        if known is not None:
            known.close()

    def storage_keys(self) -> list[str]:
        """Give the storage keys that ever had caches."""
        return list(self._origins)

    def known(self, origin: str) -> OriginCaches | None:
        """Give an origin's caches where it ever had some."""
        return self._origins.get(origin)

    def used_bytes(self, origin: str) -> int:
        """Say how much an origin has stored."""
        known = self._origins.get(origin)
        return 0 if known is None else known.used_bytes()

    def answer(self, agent: Agent | None, origin: str, question: Json, data: bytes) -> tuple[Json, bytes]:
        """`cache.do`: what an agent's page code asks."""
        if agent is not None and agent not in self._agents and not agent.closed:
            self._agents.add(agent)
            agent.when_closed(lambda: self._agent_closed(agent))
        caches = self.of(origin)
        operation = question["op"]
        if operation == "open":
            try:
                return {"cache": caches.open(question["name"], agent)}, b""
            except QuotaError as error:
                return {"quota": str(error)}, b""
        if operation == "has":
            return {"found": caches.find(question["name"]) is not None}, b""
        if operation == "names":
            return {"names": [name for _, name in caches.names()]}, b""
        if operation == "drop":
            found = caches.find(question["name"])
            if found is not None:
                caches.delete(found)
            return {"found": found is not None}, b""
        if operation == "put":
            return _put(caches, question, data), b""
        query = None if question["query"] is None else msgspec.convert(question["query"], Query)
        if operation == "delete":
            assert query is not None
            return {"found": caches.remove(question["cache"], query)}, b""
        return _matches(caches, question, query)

    def _agent_closed(self, agent: Agent) -> None:
        self._agents.discard(agent)
        for one in self._origins.values():
            one.left(agent)

    def close(self) -> None:
        """Forget everything."""
        for one in self._origins.values():
            one.close()
        self._origins.clear()


def _put(caches: OriginCaches, question: Json, data: bytes) -> Json:
    items, at = [], 0
    for item in question["items"]:
        items.append((item["request"], item["response"], data[at : at + item["size"]]))
        at += item["size"]
    try:
        caches.put_all(question["cache"], items)
    except QuotaError as error:
        return {"quota": str(error)}
    return {}


def _matches(caches: OriginCaches, question: Json, query: Query | None) -> tuple[Json, bytes]:
    """`match`, of one cache or of all; `first`: one is enough; `keys`: only requests are wanted."""
    cache, first, keys = question["cache"], question["first"], question["keys"]
    name = question.get("name")
    numbers = [cache] if cache else [number for number, known in caches.names() if name is None or known == name]
    found: list[Json] = []
    bodies: list[bytes] = []
    for number in numbers:
        for entry in caches.entries(number) if query is None else caches.matching(number, query):
            if keys:
                found.append({"request": entry.request})
            else:
                found.append({"response": entry.response, "size": len(entry.body)})
                bodies.append(entry.body)
            if first:
                return {"found": found}, b"".join(bodies)
    return {"found": found}, b"".join(bodies)
