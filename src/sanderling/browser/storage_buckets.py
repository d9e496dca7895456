"""Storage buckets: storage of an origin that is kept, counted and deleted apart (https://wicg.github.io/storage-buckets/).

A bucket has databases and caches of its own. They stand with the others of the context under a storage key of their own (`bucket_key`), so that whoever
clears an origin's databases or caches clears those too. Page code (`web/storage/StorageBucket.js`) knows a bucket by its number.

Thread: worker.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from sanderling.browser.agent import Json
from sanderling.browser.cache_storage import CacheStorages
from sanderling.browser.indexed_db import IndexedDatabases
from sanderling.browser.indexed_db_store import QUOTA_BYTES
from sanderling.browser.storage_keys import bucket_key

MAX_BUCKETS = 100
"""Buckets of one storage key; Chromium's limit is of the same kind."""


class Bucket(msgspec.Struct, eq=False):
    """One bucket."""

    number: int
    """Its own in the context, and never used again."""
    name: str
    key: str
    """The storage key of what is in it."""
    persisted: bool
    durability: str
    quota_bytes: int
    expires_ms: float | None
    """When, in milliseconds since 1970; None: never."""


class StorageBuckets:
    """The buckets of one context.

    Args:
        wall: tells the time in seconds since 1970.
        databases: of the context.
        caches: of the context.
    """

    def __init__(self, wall: Callable[[], float], databases: IndexedDatabases, caches: CacheStorages) -> None:
        self._wall = wall
        self._databases = databases
        self._caches = caches
        self._buckets: dict[str, dict[str, Bucket]] = {}  # by storage key and name
        self._last = 0

    def answer(self, key: str, question: Json) -> Json:
        """`storage.buckets`: what page code of a storage key asks."""
        operation = question["op"]
        self._evict(key)
        known = self._buckets.setdefault(key, {})
        if operation == "open":
            return self._open(key, question)
        if operation == "keys":
            return {"names": sorted(known)}
        if operation == "delete":
            if question["name"] in known:
                self._delete(known.pop(question["name"]))
            return {}
        bucket = self.find(key, question["number"])
        if bucket is None:
            return {"gone": True}
        if operation == "persist":
            bucket.persisted = bucket.persisted or question["persisted"]
        elif operation == "expire":
            bucket.expires_ms = question["expires"]
        return self._facts(bucket)

    def find(self, key: str, number: int) -> Bucket | None:
        """Give a bucket of a storage key; None: it is not there any more."""
        return next((one for one in self._buckets.get(key, {}).values() if one.number == number), None)

    def key_of(self, key: str, number: int) -> str | None:
        """Give the storage key of what is in a bucket; number 0 is the storage without a bucket. None: it is not there any more."""
        if number == 0:
            return key
        self._evict(key)
        bucket = self.find(key, number)
        return None if bucket is None else bucket.key

    def delete_all(self, key: str) -> None:
        """Delete the buckets of a storage key."""
        for bucket in self._buckets.pop(key, {}).values():
            self._delete(bucket)

    def _open(self, key: str, question: Json) -> Json:
        # https://wicg.github.io/storage-buckets/#dom-storagebucketmanager-open: what is asked of a bucket that is there does not change it.
        buckets = self._buckets[key]
        bucket = buckets.get(question["name"])
        if bucket is not None:
            return {"number": bucket.number}
        if question["expires"] is not None and question["expires"] <= self._wall() * 1000:
            return {"past": True}
        if len(buckets) >= MAX_BUCKETS:
            return {"full": True}
        self._last += 1
        bucket = Bucket(
            number=self._last,
            name=question["name"],
            key=bucket_key(key, self._last),
            persisted=question["persisted"],
            durability=question["durability"],
            quota_bytes=min(question["quota"] or QUOTA_BYTES, QUOTA_BYTES),
            expires_ms=question["expires"],
        )
        buckets[bucket.name] = bucket
        self._databases.limit(bucket.key, bucket.quota_bytes)
        self._caches.limit(bucket.key, bucket.quota_bytes)
        return {"number": bucket.number}

    def _facts(self, bucket: Bucket) -> Json:
        return {
            "persisted": bucket.persisted,
            "durability": bucket.durability,
            "expires": bucket.expires_ms,
            "quota": bucket.quota_bytes,
            "usage": self._databases.used_bytes(bucket.key) + self._caches.used_bytes(bucket.key),
        }

    def _evict(self, key: str) -> None:
        now_ms = self._wall() * 1000
        buckets = self._buckets.get(key, {})
        for bucket in [one for one in buckets.values() if one.expires_ms is not None and one.expires_ms <= now_ms]:
            self._delete(buckets.pop(bucket.name))

    def _delete(self, bucket: Bucket) -> None:
        self._databases.drop(bucket.key)
        self._caches.drop(bucket.key)
