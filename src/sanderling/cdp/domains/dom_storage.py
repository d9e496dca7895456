"""DOMStorage: localStorage and sessionStorage from outside.

https://chromedevtools.github.io/devtools-protocol/tot/DOMStorage/

Thread: worker.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

import msgspec

from sanderling.browser.agent import Json
from sanderling.browser.page import Page
from sanderling.browser.storage_keys import origin_of_key
from sanderling.cdp.dispatch import Domain, NoParams, Result
from sanderling.cdp.storage_keys import key_of, serialised

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

DOMAIN = Domain(
    "DOMStorage",
    events=("domStorageItemAdded", "domStorageItemRemoved", "domStorageItemUpdated", "domStorageItemsCleared"),
)

_LISTENING: weakref.WeakSet[Session] = weakref.WeakSet()


class StorageId(msgspec.Struct, frozen=True, kw_only=True):
    """Which area."""

    isLocalStorage: bool  # noqa: N815 - CDP's name, as all below
    securityOrigin: str = ""  # noqa: N815
    storageKey: str = ""  # noqa: N815

    @property
    def key(self) -> str:
        """The storage key."""
        return key_of(self.storageKey, self.securityOrigin, name="storageId")


class AreaParams(msgspec.Struct, frozen=True, kw_only=True):
    """`clear`, `getDOMStorageItems`."""

    storageId: StorageId  # noqa: N815


class KeyParams(msgspec.Struct, frozen=True, kw_only=True):
    """`removeDOMStorageItem`."""

    storageId: StorageId  # noqa: N815
    key: str


class ItemParams(msgspec.Struct, frozen=True, kw_only=True):
    """`setDOMStorageItem`."""

    storageId: StorageId  # noqa: N815
    key: str
    value: str


@DOMAIN.method("enable", NoParams)
async def enable(session: Session, params: NoParams) -> Result:
    """Tell of changes."""
    session.enabled.add("DOMStorage")
    if session in _LISTENING:
        return None
    _LISTENING.add(session)

    def changed(page: Page, key: str, change: Json) -> None:
        local = change["area"] == "local"
        if "DOMStorage" in session.enabled and (page is session.page or (local and key == _origin(session))):
            session.event(*_event(key, change, local=local))

    listeners = session.page.context.storage_listeners
    listeners.append(changed)
    session.closers.append(lambda: listeners.remove(changed))
    return None


def _origin(session: Session) -> str:
    return session.page.main_frame.origin


def _event(key: str, change: Json, *, local: bool) -> tuple[str, dict[str, Any]]:
    params: dict[str, Any] = {
        "storageId": {"securityOrigin": origin_of_key(key), "storageKey": serialised(key), "isLocalStorage": local}
    }
    if change.get("key") is None:
        return "DOMStorage.domStorageItemsCleared", params
    params["key"] = change["key"]
    if change.get("value") is None:
        return "DOMStorage.domStorageItemRemoved", params
    if change.get("oldValue") is None:
        return "DOMStorage.domStorageItemAdded", {**params, "newValue": change["value"]}
    return "DOMStorage.domStorageItemUpdated", {**params, "oldValue": change["oldValue"], "newValue": change["value"]}


@DOMAIN.method("disable", NoParams)
async def disable(session: Session, params: NoParams) -> Result:
    """Tell nothing more. The listener stays until the session ends, and is silent."""
    session.enabled.discard("DOMStorage")
    return None


@DOMAIN.method("getDOMStorageItems", AreaParams)
async def get_items(session: Session, params: AreaParams) -> Result:
    """Give the items of an area."""
    context, area = session.page.context, params.storageId
    areas = context.storage if area.isLocalStorage else context.session_storage(session.page.id)
    return {"entries": [list(item) for item in areas.items(area.key)]}


def _change(session: Session, area: StorageId, key: str | None, value: str | None) -> None:
    context = session.page.context
    if area.isLocalStorage:
        context.change_storage(area.key, "local", key, value)
    else:
        context.change_storage(area.key, "session", key, value, session.page)


@DOMAIN.method("setDOMStorageItem", ItemParams)
async def set_item(session: Session, params: ItemParams) -> Result:
    """Set an item."""
    _change(session, params.storageId, params.key, params.value)
    return None


@DOMAIN.method("removeDOMStorageItem", KeyParams)
async def remove_item(session: Session, params: KeyParams) -> Result:
    """Remove an item."""
    _change(session, params.storageId, params.key, None)
    return None


@DOMAIN.method("clear", AreaParams)
async def clear(session: Session, params: AreaParams) -> Result:
    """Remove all items."""
    _change(session, params.storageId, None, None)
    return None
