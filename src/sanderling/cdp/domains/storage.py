"""Storage: cookies of a context, and what origins keep in the browser.

https://chromedevtools.github.io/devtools-protocol/tot/Storage/

Thread: worker.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from sanderling.browser import cache_storage, indexed_db_store
from sanderling.browser.storage_keys import origin_of_key
from sanderling.cdp.cookies import CookieParam, cookie_object, set_cookies
from sanderling.cdp.dispatch import Domain, Result, decode_params
from sanderling.cdp.errors import CdpError, invalid_params, not_found
from sanderling.cdp.storage_keys import key_of
from sanderling.proto.url import parse

if TYPE_CHECKING:
    from sanderling.browser.context import Context
    from sanderling.cdp.session import Session

DOMAIN = Domain("Storage")

_TYPES = frozenset(
    {"cookies", "local_storage", "session_storage", "indexeddb", "cache_storage", "service_workers", "websql"}
    | {
        "appcache",
        "file_systems",
        "shader_cache",
        "interest_groups",
        "shared_storage",
        "storage_buckets",
        "other",
        "all",
    }
)


class ContextParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of commands about a context; which one it is the hub has decided."""

    browserContextId: str | None = None  # noqa: N815 - CDP's name, as all below


class SetCookiesParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setCookies`."""

    cookies: list[CookieParam]
    browserContextId: str | None = None  # noqa: N815


class ClearParams(msgspec.Struct, frozen=True, kw_only=True):
    """`clearDataForOrigin`."""

    origin: str
    storageTypes: str  # noqa: N815


class ClearKeyParams(msgspec.Struct, frozen=True, kw_only=True):
    """`clearDataForStorageKey`."""

    storageKey: str  # noqa: N815
    storageTypes: str  # noqa: N815


class UsageParams(msgspec.Struct, frozen=True, kw_only=True):
    """`getUsageAndQuota`."""

    origin: str


class FrameParams(msgspec.Struct, frozen=True, kw_only=True):
    """`getStorageKeyForFrame`."""

    frameId: str  # noqa: N815


QUOTA_BYTES = 10 * 1024 * 1024 + indexed_db_store.QUOTA_BYTES + cache_storage.QUOTA_BYTES
"""Of an origin: what its two storage areas, its Indexed Databases and its caches may hold."""


async def _get_cookies(context: Context, params: ContextParams) -> Result:
    return {"cookies": [cookie_object(cookie) for cookie in context.jar.store.live(context.browser.clock.wall())]}


async def _set_cookies(context: Context, params: SetCookiesParams) -> Result:
    set_cookies(context.jar, params.cookies)
    return None


async def _clear_cookies(context: Context, params: ContextParams) -> Result:
    context.jar.clear()
    return None


def _origin(text: str) -> str:
    url = parse(text)
    if url is None or url.origin.is_opaque:
        raise invalid_params(f"origin: {text!r} is none")
    return url.origin.serialise()


def _clear(context: Context, origin: str, types: str, keys: Sequence[str]) -> None:
    wanted = {one.strip() for one in types.split(",") if one.strip()}
    unknown = wanted - _TYPES
    if unknown or not wanted:
        raise invalid_params(f"storageTypes: {', '.join(sorted(unknown)) or 'none given'}")
    everything = "all" in wanted
    if everything or "cookies" in wanted:
        host = parse(origin)
        assert host is not None
        context.jar.store.delete(
            lambda cookie: (
                cookie.domain == host.host or (not cookie.host_only and host.host.endswith("." + cookie.domain))
            )
        )
    for key in keys:
        if everything or "local_storage" in wanted:
            context.change_storage(key, "local", None, None)
        if everything or "session_storage" in wanted:
            context.change_storage(key, "session", None, None)
        if everything or "indexeddb" in wanted:
            databases = context.indexed_db.known(key)
            if databases is not None:
                databases.delete_all()
        if everything or "cache_storage" in wanted:
            caches = context.cache_storage.known(key)
            if caches is not None:
                caches.delete_all()
        if everything or "storage_buckets" in wanted:
            context.storage_buckets.delete_all(key)
    # There is nothing of the other kinds, and so nothing is left of them.


async def _clear_origin(context: Context, params: ClearParams) -> Result:
    origin = _origin(params.origin)
    _clear(context, origin, params.storageTypes, context.storage_keys(origin))
    return None


async def _clear_key(context: Context, params: ClearKeyParams) -> Result:
    key = key_of(params.storageKey, name="storageKey")
    _clear(context, origin_of_key(key), params.storageTypes, [key])
    return None


async def _usage(context: Context, params: UsageParams) -> Result:
    origin = _origin(params.origin)
    items = context.storage.items(origin)
    used = sum(2 * (len(key) + len(value)) for key, value in items)
    indexed_db = context.indexed_db.used_bytes(origin)
    caches = context.cache_storage.used_bytes(origin)
    return {
        "usage": used + indexed_db + caches,
        "quota": QUOTA_BYTES,
        "overrideActive": False,
        "usageBreakdown": [
            {"storageType": "local_storage", "usage": used},
            {"storageType": "indexeddb", "usage": indexed_db},
            {"storageType": "cache_storage", "usage": caches},
        ],
    }


_OF_CONTEXT: dict[str, tuple[type[Any], Callable[[Context, Any], Awaitable[Result]]]] = {
    "Storage.getCookies": (ContextParams, _get_cookies),
    "Storage.setCookies": (SetCookiesParams, _set_cookies),
    "Storage.clearCookies": (ContextParams, _clear_cookies),
    "Storage.clearDataForOrigin": (ClearParams, _clear_origin),
    "Storage.clearDataForStorageKey": (ClearKeyParams, _clear_key),
    "Storage.getUsageAndQuota": (UsageParams, _usage),
}


async def context_command(context: Context, method: str, params: bytes) -> Result:
    """Do what a browser session asks about one context.

    Raises:
        CdpError: the method is not about contexts, or its parameters are wrong.
    """
    known = _OF_CONTEXT.get(method)
    if known is None:
        raise not_found(method)
    kind, run = known
    return await run(context, decode_params(kind, params))


def _on_pages(name: str, params: type[Any], run: Callable[[Context, Any], Awaitable[Result]]) -> None:
    async def method(session: Session, decoded: Any) -> Result:
        context = session.page.context
        if getattr(decoded, "browserContextId", None) not in (None, "", context.id):
            raise CdpError(f"Failed to find browser context for id {decoded.browserContextId}")
        return await run(context, decoded)

    DOMAIN.method(name, params)(method)


_on_pages("getCookies", ContextParams, _get_cookies)
_on_pages("setCookies", SetCookiesParams, _set_cookies)
_on_pages("clearCookies", ContextParams, _clear_cookies)
_on_pages("clearDataForOrigin", ClearParams, _clear_origin)
_on_pages("clearDataForStorageKey", ClearKeyParams, _clear_key)
_on_pages("getUsageAndQuota", UsageParams, _usage)


@DOMAIN.method("getStorageKeyForFrame", FrameParams)
async def get_storage_key_for_frame(session: Session, params: FrameParams) -> Result:
    """Name what a frame's storage belongs to: its origin."""
    number = session.inspector.number_of(params.frameId, "Frame tree node for given frame not found")
    origin = session.page.frames[number].origin
    if origin == "null":
        raise CdpError("Frame corresponds to an opaque origin and its storage key cannot be serialized")
    return {"storageKey": f"{origin}/"}
