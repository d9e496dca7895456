"""Storage areas by storage key (`storage_keys`): the worker's copy of what pages keep in localStorage and sessionStorage.

Thread: worker.
"""

from __future__ import annotations

from sanderling.browser.agent import Json


class StorageAreas:
    """One area per storage key; insertion order is the order of keys."""

    def __init__(self) -> None:
        self._areas: dict[str, dict[str, str]] = {}

    def items(self, key: str) -> list[tuple[str, str]]:
        """Give the items of an area."""
        return list(self._areas.get(key, {}).items())

    def apply(self, storing: str, change: Json) -> None:
        """Do what page code did: ``{key: null}`` cleared, ``value: null`` removed, else set."""
        area = self._areas.setdefault(storing, {})
        key, value = change.get("key"), change.get("value")
        if key is None:
            area.clear()
        elif value is None:
            area.pop(key, None)
        else:
            area[key] = value

    def copy(self) -> StorageAreas:
        """Give the areas that a popup begins with (HTML, 7.3.1.7: it copies its opener's sessionStorage)."""
        other = StorageAreas()
        other._areas = {key: dict(area) for key, area in self._areas.items()}
        return other

    def storage_keys(self) -> list[str]:
        """Give the storage keys that have something stored."""
        return [key for key, area in self._areas.items() if area]
