"""What caches hold, by origin: matching, deleted caches, and the quota."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sanderling.browser import cache_storage
from sanderling.browser.cache_storage import CacheStorages, OriginCaches, Query, QuotaError


def request(url: str, **headers: str) -> dict[str, Any]:
    return {"url": url, "method": "GET", "headers": [list(pair) for pair in headers.items()]}


def response(**headers: str) -> dict[str, Any]:
    return {"status": 200, "type": "default", "headers": [list(pair) for pair in headers.items()]}


@pytest.fixture
def caches() -> Iterator[OriginCaches]:
    one = OriginCaches(lambda: 7.0)
    yield one
    one.close()


def bodies(caches: OriginCaches, cache: int, query: Query) -> list[bytes]:
    return [entry.body for entry in caches.matching(cache, query)]


def test_fragments_never_count_and_queries_where_they_should(caches: OriginCaches) -> None:
    cache = caches.open("c")
    caches.put(cache, request("https://a.test/x?1#f"), response(), b"1")
    caches.put(cache, request("https://a.test/x?2"), response(), b"2")
    caches.put(cache, request("https://a.test/x?1"), response(), b"3")
    assert bodies(caches, cache, Query("https://a.test/x?1#other")) == [b"3"]
    assert bodies(caches, cache, Query("https://a.test/x", ignoreSearch=True)) == [b"2", b"3"]
    assert bodies(caches, cache, Query("https://a.test/y")) == []


def test_vary_names_the_headers_that_must_agree(caches: OriginCaches) -> None:
    cache = caches.open("c")
    caches.put(cache, request("https://a.test/", Accept="a"), response(Vary="accept, X-Other"), b"1")
    assert bodies(caches, cache, Query("https://a.test/", headers=[("ACCEPT", "a")])) == [b"1"]
    assert bodies(caches, cache, Query("https://a.test/", headers=[("accept", "b")])) == []
    assert bodies(caches, cache, Query("https://a.test/", headers=[("accept", "a"), ("x-other", "1")])) == []
    assert bodies(caches, cache, Query("https://a.test/", ignoreVary=True)) == [b"1"]


def test_what_is_deleted_goes_when_nobody_has_it_open(caches: OriginCaches) -> None:
    cache = caches.open("c")
    caches.put(cache, request("https://a.test/"), response(), b"x" * 1000)
    assert caches.used_bytes() > 1000
    caches.delete(cache)
    assert caches.used_bytes() == 0
    assert caches.names() == []
    assert caches.open("c") != cache


def test_there_is_a_quota(caches: OriginCaches) -> None:
    caches.quota_bytes = 2000
    cache = caches.open("c")
    caches.put(cache, request("https://a.test/1"), response(), b"x" * 1500)
    with pytest.raises(QuotaError):
        caches.put(cache, request("https://a.test/2"), response(), b"x" * 1500)
    assert len(list(caches.entries(cache))) == 1


def test_a_batch_without_room_changes_nothing(caches: OriginCaches) -> None:
    caches.quota_bytes = 3000
    cache = caches.open("c")
    caches.put(cache, request("https://a.test/1"), response(), b"old")
    used = caches.used_bytes()
    batch = [(request(f"https://a.test/{number}"), response(), b"x" * 1500) for number in (1, 2)]
    with pytest.raises(QuotaError):
        caches.put_all(cache, batch)
    assert [entry.body for entry in caches.entries(cache)] == [b"old"]
    assert caches.used_bytes() == used


def test_what_is_replaced_makes_room(caches: OriginCaches) -> None:
    caches.quota_bytes = 2000
    cache = caches.open("c")
    for fill in (b"x", b"y"):
        caches.put(cache, request("https://a.test/1"), response(), fill * 1500)
    assert [entry.body for entry in caches.entries(cache)] == [b"y" * 1500]


def test_names_and_headers_count_for_the_quota(caches: OriginCaches) -> None:
    caches.quota_bytes = 2000
    cache = caches.open("c")
    with pytest.raises(QuotaError):
        caches.put(cache, request("https://a.test/", X="x" * 2000), response(), b"")
    with pytest.raises(QuotaError):
        caches.open("n" * 2000)
    assert [name for _, name in caches.names()] == ["c"]


def test_a_page_is_told_that_there_is_no_room_for_a_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_storage, "QUOTA_BYTES", 0)
    storages = CacheStorages(lambda: 7.0)
    answer, _ = storages.answer(None, "https://a.test", {"op": "open", "name": "c"}, b"")
    storages.close()
    assert "quota" in answer


def test_origins_have_caches_of_their_own() -> None:
    storages = CacheStorages(lambda: 7.0)
    storages.of("https://a.test").open("c")
    assert storages.known("https://b.test") is None
    assert storages.of("https://b.test").names() == []
    answer, _ = storages.answer(None, "https://a.test", {"op": "names"}, b"")
    assert answer == {"names": ["c"]}
    storages.close()
