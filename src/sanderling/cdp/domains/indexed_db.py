"""IndexedDB: databases of an origin from outside.

https://chromedevtools.github.io/devtools-protocol/tot/IndexedDB/

Thread: worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from sanderling.browser import indexed_db_tools as tools
from sanderling.browser.indexed_db import Database
from sanderling.browser.indexed_db_transactions import KeyPath, StoreMeta
from sanderling.cdp.dispatch import Domain, Params, Result
from sanderling.cdp.errors import CdpError, invalid_params
from sanderling.cdp.session import checked
from sanderling.cdp.storage_keys import key_of
from sanderling.proto.indexed_db_key import DateKey, Key, KeyRange, encode

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

DOMAIN = Domain("IndexedDB")

MAX_RECORDS = 10_000
"""Records of one answer; who wants more asks again with a higher `skipCount`."""


class WireKey(msgspec.Struct, frozen=True, kw_only=True):
    """`IndexedDB.Key`."""

    type: str
    number: float | None = None
    string: str | None = None
    date: float | None = None
    array: list[Any] | None = None

    def key(self) -> Key:
        """Give the key that it means."""
        if self.type == "number" and self.number is not None:
            return self.number
        if self.type == "string" and self.string is not None:
            return self.string
        if self.type == "date" and self.date is not None:
            return DateKey(self.date)
        if self.type == "array" and self.array is not None:
            return [msgspec.convert(one, WireKey).key() for one in self.array]
        raise invalid_params(f"key: a {self.type!r} without its value")


class WireRange(msgspec.Struct, frozen=True, kw_only=True):
    """`IndexedDB.KeyRange`."""

    lower: WireKey | None = None
    upper: WireKey | None = None
    lowerOpen: bool  # noqa: N815 - CDP's name, as all below
    upperOpen: bool  # noqa: N815

    def key_range(self) -> KeyRange:
        """Give the range that it means."""
        return KeyRange(
            None if self.lower is None else encode(self.lower.key()),
            None if self.upper is None else encode(self.upper.key()),
            self.lowerOpen,
            self.upperOpen,
        )


class OriginParams(Params, frozen=True, kw_only=True):
    """`requestDatabaseNames`; one of the two says whose."""

    REFUSED = ("storageBucket",)

    securityOrigin: str | None = None  # noqa: N815
    storageKey: str | None = None  # noqa: N815
    storageBucket: dict[str, Any] | None = None  # noqa: N815


class DatabaseParams(OriginParams, frozen=True, kw_only=True):
    """`requestDatabase`, `deleteDatabase`."""

    databaseName: str  # noqa: N815


class StoreParams(DatabaseParams, frozen=True, kw_only=True):
    """`clearObjectStore`, `getMetadata`."""

    objectStoreName: str  # noqa: N815


class EntriesParams(StoreParams, frozen=True, kw_only=True):
    """`deleteObjectStoreEntries`."""

    keyRange: WireRange  # noqa: N815


class DataParams(StoreParams, frozen=True, kw_only=True):
    """`requestData`."""

    indexName: str = ""  # noqa: N815
    skipCount: int  # noqa: N815
    pageSize: int  # noqa: N815
    keyRange: WireRange | None = None  # noqa: N815


DOMAIN.switches()


def _origin(params: OriginParams) -> str:
    return key_of(params.storageKey or "", params.securityOrigin or "", name="securityOrigin, storageKey")


def _database(session: Session, params: DatabaseParams) -> Database:
    databases = session.page.context.indexed_db.known(_origin(params))
    for one in databases.all() if databases is not None else ():
        if one.name == params.databaseName:
            return one
    raise CdpError("Could not open database.")


def _store(database: Database, params: StoreParams) -> StoreMeta:
    store = tools.find_store(database, params.objectStoreName)
    if store is None:
        raise CdpError("Could not get object store")
    return store


def _key_path(path: KeyPath) -> dict[str, Any]:
    if path is None:
        return {"type": "null"}
    return {"type": "string", "string": path} if isinstance(path, str) else {"type": "array", "array": path}


@DOMAIN.method("requestDatabaseNames", OriginParams)
async def request_database_names(session: Session, params: OriginParams) -> Result:
    """Name the databases of an origin."""
    databases = session.page.context.indexed_db.known(_origin(params))
    return {"databaseNames": [one.name for one in databases.all()] if databases is not None else []}


@DOMAIN.method("requestDatabase", DatabaseParams)
async def request_database(session: Session, params: DatabaseParams) -> Result:
    """Describe a database."""
    database = _database(session, params)
    stores = [
        {
            "name": store.name,
            "keyPath": _key_path(store.key_path),
            "autoIncrement": store.auto_increment,
            "indexes": [
                {
                    "name": index.name,
                    "keyPath": _key_path(index.key_path),
                    "unique": index.unique,
                    "multiEntry": index.multi_entry,
                }
                for index in store.indexes.values()
            ],
        }
        for store in database.stores.values()
    ]
    return {
        "databaseWithObjectStores": {"name": database.name, "version": database.version, "objectStores": stores},
    }


@DOMAIN.method("requestData", DataParams)
async def request_data(session: Session, params: DataParams) -> Result:
    """Give records, as remote objects of the page."""
    database = _database(session, params)
    store = _store(database, params)
    index = tools.find_index(store, params.indexName) if params.indexName else None
    if params.indexName and index is None:
        raise CdpError("Could not get index")
    if params.skipCount < 0 or not 0 <= params.pageSize <= MAX_RECORDS:
        raise invalid_params(f"skipCount, pageSize: at most {MAX_RECORDS} records at a time")
    key_range = params.keyRange.key_range() if params.keyRange is not None else KeyRange()
    rows = await tools.read(database, store, index, key_range, params.skipCount + params.pageSize + 1)
    rows = rows[params.skipCount :]
    page = rows[: params.pageSize]
    agents = {session.page.frames[number].origin: (number, agent) for number, agent in session.page.roots()}
    number, agent = agents.get(_origin(params), (1, session.page.agent))
    if agent is None:
        raise CdpError("Could not inject script into the page")
    records = [[row.key.decode("latin-1"), row.primary_key.decode("latin-1"), len(row.value or b"")] for row in page]
    payload = {"frame": number, "records": records}
    outcome = checked(await agent.enter("inspector.stored", payload, b"".join(row.value or b"" for row in page)))
    return {"objectStoreDataEntries": outcome["records"], "hasMore": len(rows) > len(page)}


@DOMAIN.method("getMetadata", StoreParams)
async def get_metadata(session: Session, params: StoreParams) -> Result:
    """Say how many records there are, and the next number of the key generator."""
    database = _database(session, params)
    store = _store(database, params)
    return {"entriesCount": await tools.count(database, store), "keyGeneratorValue": store.generator}


@DOMAIN.method("clearObjectStore", StoreParams)
async def clear_object_store(session: Session, params: StoreParams) -> Result:
    """Remove the records of a store."""
    database = _database(session, params)
    await tools.clear(database, _store(database, params))
    return None


@DOMAIN.method("deleteObjectStoreEntries", EntriesParams)
async def delete_object_store_entries(session: Session, params: EntriesParams) -> Result:
    """Remove the records of a range."""
    database = _database(session, params)
    await tools.remove(database, _store(database, params), params.keyRange.key_range())
    return None


@DOMAIN.method("deleteDatabase", DatabaseParams)
async def delete_database(session: Session, params: DatabaseParams) -> Result:
    """Delete a database, also one in use: connections of pages get a `close` event."""
    _database(session, params).delete_now()
    return None
