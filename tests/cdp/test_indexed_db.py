"""Indexed Databases from outside, and how much an origin keeps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cdp.driver import CdpRefusedError, CdpSession, Driver
from tests.support import Site

PAGE = """<!doctype html><title>x</title><script>
const filled = new Promise((resolve, reject) => {
  const request = indexedDB.open('books', 3);
  request.onerror = () => reject(request.error);
  request.onupgradeneeded = () => {
    const store = request.result.createObjectStore('titles', {keyPath: 'id', autoIncrement: true});
    store.createIndex('by author', ['author', 'id'], {unique: true});
    for (const author of ['c', 'a', 'b']) store.put({author, list: [1]});
    request.result.createObjectStore('plain').put('text', [new Date(5), 'x']);
  };
  request.onsuccess = () => { self.db = request.result; db.onclose = () => { self.gone = true; }; resolve(true); };
});
const titles = () => new Promise((go) => { db.transaction('titles').objectStore('titles').getAllKeys().onsuccess = (e) => go(e.target.result); });
</script>"""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({"/": PAGE}) as site:
        yield site


@pytest.fixture
def page(driver: Driver, site: Site) -> CdpSession:
    page = driver.new_page("Page", "Runtime", "IndexedDB")
    page.goto(site.url("/"))
    assert page.evaluate("filled")
    return page


def of(site: Site, **more: object) -> dict[str, object]:
    return {"securityOrigin": site.url("").rstrip("/"), **more}


def test_databases_and_what_is_in_them(page: CdpSession, site: Site) -> None:
    assert page.call("IndexedDB.requestDatabaseNames", **of(site)) == {"databaseNames": ["books"]}
    found = page.call("IndexedDB.requestDatabase", **of(site, databaseName="books"))["databaseWithObjectStores"]
    assert (found["name"], found["version"]) == ("books", 3)
    titles, plain = found["objectStores"]
    assert titles["keyPath"] == {"type": "string", "string": "id"}
    assert titles["indexes"] == [
        {
            "name": "by author",
            "keyPath": {"type": "array", "array": ["author", "id"]},
            "unique": True,
            "multiEntry": False,
        }
    ]
    assert (plain["keyPath"], plain["autoIncrement"]) == ({"type": "null"}, False)
    facts = page.call("IndexedDB.getMetadata", **of(site, databaseName="books", objectStoreName="titles"))
    assert facts == {"entriesCount": 3, "keyGeneratorValue": 4}


def test_records_are_objects_of_the_page(page: CdpSession, site: Site) -> None:
    where = of(site, databaseName="books", objectStoreName="titles", indexName="by author", skipCount=1, pageSize=1)
    data = page.call("IndexedDB.requestData", **where)
    assert data["hasMore"] is True
    (entry,) = data["objectStoreDataEntries"]
    assert entry["primaryKey"]["value"] == 3
    got = page.call(
        "Runtime.callFunctionOn",
        objectId=entry["value"]["objectId"],
        functionDeclaration="function () { return this.author + this.list[0] }",
        returnByValue=True,
    )
    assert got["result"]["value"] == "b1"
    bounds = {"lower": {"type": "array", "array": [{"type": "date", "date": 5}]}, "lowerOpen": True, "upperOpen": False}
    where = of(site, databaseName="books", objectStoreName="plain", skipCount=0, pageSize=9, keyRange=bounds)
    data = page.call("IndexedDB.requestData", **where)
    assert [one["value"]["value"] for one in data["objectStoreDataEntries"]] == ["text"]
    assert data["hasMore"] is False


def test_removing(page: CdpSession, site: Site) -> None:
    where = of(site, databaseName="books", objectStoreName="titles")
    upto = {"upper": {"type": "number", "number": 2}, "lowerOpen": False, "upperOpen": True}
    page.call("IndexedDB.deleteObjectStoreEntries", **where, keyRange=upto)
    assert page.evaluate("titles()") == [2, 3]
    page.call("IndexedDB.clearObjectStore", **where)
    assert page.evaluate("titles()") == []
    page.call("IndexedDB.deleteDatabase", **of(site, databaseName="books"))
    assert page.evaluate("indexedDB.databases().then((all) => [all.length, gone])") == [0, True]
    with pytest.raises(CdpRefusedError, match="Could not open database"):
        page.call("IndexedDB.clearObjectStore", **where)


def test_usage(page: CdpSession, site: Site) -> None:
    told = page.call("Storage.getUsageAndQuota", origin=site.url("/"))
    estimate = page.evaluate("navigator.storage.estimate()")
    assert told["usage"] == estimate["usage"] > 0
    assert estimate["usageDetails"] == {"indexedDB": estimate["usage"]}
    assert estimate["quota"] > 2**28
    page.call("Storage.clearDataForOrigin", origin=site.url("/"), storageTypes="indexeddb")
    assert page.evaluate("indexedDB.databases()") == []
    assert page.evaluate("navigator.storage.persist()") is False
