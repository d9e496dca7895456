"""Caches from outside, and how much an origin keeps in them."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest

from tests.cdp.driver import CdpRefusedError, CdpSession, Driver
from tests.support import Site

PAGE = """<!doctype html><title>x</title><script>
const filled = (async () => {
  await caches.open('empty');
  const cache = await caches.open('files');
  await cache.put(new Request('/a?q', {headers: {'X-Kind': 'one'}}), new Response('text', {headers: {Vary: 'X-Kind'}}));
  await cache.put('/b/c', new Response(new Uint8Array([0, 255]), {status: 203, statusText: 'Nearly'}));
  return true;
})();
</script>"""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({"/": PAGE}) as site:
        yield site


@pytest.fixture
def page(driver: Driver, site: Site) -> CdpSession:
    page = driver.new_page("Page", "Runtime")
    page.goto(site.url("/"))
    assert page.evaluate("filled")
    return page


def ids(page: CdpSession, site: Site) -> dict[str, str]:
    found = page.call("CacheStorage.requestCacheNames", storageKey=site.url("/"))["caches"]
    assert {one["securityOrigin"] for one in found} <= {site.url("").rstrip("/")}
    return {one["cacheName"]: one["cacheId"] for one in found}


def test_caches_and_what_is_in_them(page: CdpSession, site: Site) -> None:
    known = ids(page, site)
    assert list(known) == ["empty", "files"]
    files = {"cacheId": known["files"]}
    found = page.call("CacheStorage.requestEntries", **files, skipCount=0, pageSize=1)
    assert found["returnCount"] == 2
    (entry,) = found["cacheDataEntries"]
    assert entry["requestURL"] == site.url("/a?q")
    assert {"name": "x-kind", "value": "one"} in [
        {**header, "name": header["name"].lower()} for header in entry["requestHeaders"]
    ]
    assert (entry["requestMethod"], entry["responseStatus"], entry["responseType"]) == ("GET", 200, "default")
    (other,) = page.call("CacheStorage.requestEntries", **files, pathFilter="/b/")["cacheDataEntries"]
    assert (other["responseStatus"], other["responseStatusText"]) == (203, "Nearly")
    body = page.call("CacheStorage.requestCachedResponse", **files, requestURL=site.url("/b/c"), requestHeaders=[])
    assert base64.b64decode(body["response"]["body"]) == b"\x00\xff"
    with pytest.raises(CdpRefusedError, match="Could not find requested response"):
        page.call("CacheStorage.requestCachedResponse", **files, requestURL=site.url("/x"), requestHeaders=[])


def test_entries_and_caches_are_deleted(page: CdpSession, site: Site) -> None:
    known = ids(page, site)
    page.call("CacheStorage.deleteEntry", cacheId=known["files"], request=site.url("/a?q"))
    assert page.evaluate("caches.open('files').then((cache) => cache.keys()).then((keys) => keys.length)") == 1
    page.call("CacheStorage.deleteCache", cacheId=known["empty"])
    assert page.evaluate("caches.keys()") == ["files"]
    with pytest.raises(CdpRefusedError, match="Could not find cache"):
        page.call("CacheStorage.deleteCache", cacheId=known["empty"])


def test_an_origin_is_cleared(page: CdpSession, site: Site) -> None:
    usage = page.call("Storage.getUsageAndQuota", origin=site.url("/"))
    breakdown = {one["storageType"]: one["usage"] for one in usage["usageBreakdown"]}
    assert breakdown["cache_storage"] > 6
    assert usage["usage"] == sum(breakdown.values())
    page.call("Storage.clearDataForOrigin", origin=site.url("/"), storageTypes="cache_storage")
    assert ids(page, site) == {}
    assert page.evaluate("caches.keys()") == []


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("requestCacheNames", {"storageKey": "about:blank"}),
        ("requestCacheNames", {"storageKey": "https://a.test/^1https://b.test"}),
        ("requestEntries", {"cacheId": "1"}),
        ("requestEntries", {"cacheId": "9|https://a.test"}),
    ],
)
def test_what_is_refused(page: CdpSession, method: str, params: dict[str, str]) -> None:
    with pytest.raises(CdpRefusedError):
        page.call(f"CacheStorage.{method}", **params)
