"""CacheStorage: what scripts keep in caches, from outside.

https://chromedevtools.github.io/devtools-protocol/tot/CacheStorage/

Thread: worker.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from sanderling.browser.cache_storage import Entry, OriginCaches
from sanderling.cdp.dispatch import Domain, Params, Result
from sanderling.cdp.errors import CdpError, invalid_params
from sanderling.cdp.storage_keys import key_of

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

DOMAIN = Domain("CacheStorage")

MAX_ENTRIES = 10_000
"""Entries of one answer; who wants more asks again with a higher `skipCount`."""

_TYPES = {"opaque": "opaqueResponse", "opaqueredirect": "opaqueRedirect"}
"""Response types that CDP writes in another way."""


class NamesParams(Params, frozen=True, kw_only=True):
    """`requestCacheNames`; one of the two says whose."""

    REFUSED = ("storageBucket",)

    securityOrigin: str | None = None  # noqa: N815 - CDP's name, as all below
    storageKey: str | None = None  # noqa: N815
    storageBucket: dict[str, Any] | None = None  # noqa: N815


class CacheParams(Params, frozen=True, kw_only=True):
    """`deleteCache`."""

    cacheId: str  # noqa: N815


class EntriesParams(CacheParams, frozen=True, kw_only=True):
    """`requestEntries`."""

    skipCount: int = 0  # noqa: N815
    pageSize: int = MAX_ENTRIES  # noqa: N815
    pathFilter: str = ""  # noqa: N815


class EntryParams(CacheParams, frozen=True, kw_only=True):
    """`deleteEntry`."""

    request: str


class ResponseParams(CacheParams, frozen=True, kw_only=True):
    """`requestCachedResponse`."""

    requestURL: str  # noqa: N815
    requestHeaders: list[dict[str, Any]]  # noqa: N815


def _origin(params: NamesParams) -> str:
    return key_of(params.storageKey or "", params.securityOrigin or "", name="securityOrigin, storageKey")


def _cache(session: Session, params: CacheParams) -> tuple[OriginCaches, int]:
    number, _, origin = params.cacheId.partition("|")
    caches = session.page.context.cache_storage.known(origin)
    if caches is None or not (number.isdecimal() and len(number) < 19) or not caches.is_named(int(number)):  # SQLite's
        raise CdpError("Could not find cache")
    return caches, int(number)


def _headers(pairs: list[list[str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _described(entry: Entry) -> dict[str, Any]:
    return {
        "requestURL": entry.request["url"],
        "requestMethod": entry.method,
        "requestHeaders": _headers(entry.request["headers"]),
        "responseTime": entry.stored,
        "responseStatus": entry.response["status"],
        "responseStatusText": entry.response["statusText"],
        "responseType": _TYPES.get(entry.response["type"], entry.response["type"]),
        "responseHeaders": _headers(entry.response["headers"]),
    }


@DOMAIN.method("requestCacheNames", NamesParams)
async def request_cache_names(session: Session, params: NamesParams) -> Result:
    """Name the caches of an origin."""
    origin = _origin(params)
    caches = session.page.context.cache_storage.known(origin)
    return {
        "caches": [
            {
                "cacheId": f"{number}|{origin}",
                "securityOrigin": origin,
                "storageKey": f"{origin}/",
                "cacheName": name,
            }
            for number, name in (caches.names() if caches is not None else ())
        ]
    }


@DOMAIN.method("requestEntries", EntriesParams)
async def request_entries(session: Session, params: EntriesParams) -> Result:
    """Describe what is in a cache."""
    caches, cache = _cache(session, params)
    if params.skipCount < 0 or not 0 <= params.pageSize <= MAX_ENTRIES:
        raise invalid_params(f"skipCount, pageSize: at most {MAX_ENTRIES} entries at a time")
    described: list[dict[str, Any]] = []
    count = 0
    for entry in caches.entries(cache):  # one at a time: each brings its body
        if params.pathFilter in entry.url.partition("?")[0]:
            if params.skipCount <= count < params.skipCount + params.pageSize:
                described.append(_described(entry))
            count += 1
    return {"cacheDataEntries": described, "returnCount": count}


@DOMAIN.method("requestCachedResponse", ResponseParams)
async def request_cached_response(session: Session, params: ResponseParams) -> Result:
    """Give the body of a response."""
    caches, cache = _cache(session, params)
    wanted = {str(one.get("name", "")).lower(): one.get("value") for one in params.requestHeaders}
    for entry in caches.entries(cache):
        if entry.request["url"] == params.requestURL and (
            not wanted or {name.lower(): value for name, value in entry.request["headers"]} == wanted
        ):
            return {"response": {"body": base64.b64encode(entry.body).decode()}}
    raise CdpError("Could not find requested response.")


@DOMAIN.method("deleteCache", CacheParams)
async def delete_cache(session: Session, params: CacheParams) -> Result:
    """Delete a cache."""
    caches, cache = _cache(session, params)
    caches.delete(cache)
    return None


@DOMAIN.method("deleteEntry", EntryParams)
async def delete_entry(session: Session, params: EntryParams) -> Result:
    """Delete what is stored for a URL, as CDP's clients give it: whole, whatever the request's headers were."""
    caches, cache = _cache(session, params)
    caches.remove_url(cache, params.request)
    return None
