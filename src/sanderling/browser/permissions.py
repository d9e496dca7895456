"""What pages of a context may do, by origin: the permission store of https://w3c.github.io/permissions/#permission-store.

There is nobody who could be asked. What no tool decided is a permission's default, and asking for it gives no permission.

Thread: worker.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

PermissionState: TypeAlias = Literal["granted", "denied", "prompt"]

DEFAULTS: dict[str, PermissionState] = {
    "geolocation": "prompt",
    "notifications": "prompt",
    "clipboard-read": "prompt",
    "clipboard-write": "granted",  # Chromium: of the page in front, and every page is
    "camera": "prompt",
    "microphone": "prompt",
    "midi": "prompt",
    "background-sync": "prompt",
    "persistent-storage": "prompt",
    "storage-access": "prompt",
    "screen-wake-lock": "prompt",
    "accelerometer": "prompt",
    "gyroscope": "prompt",
    "magnetometer": "prompt",
    "ambient-light-sensor": "prompt",
    "payment-handler": "prompt",
    "idle-detection": "prompt",
    "local-fonts": "prompt",
    "window-management": "prompt",
    "display-capture": "prompt",
}
"""Names of the registry that can be asked for (`navigator.permissions.query`), with their states where no tool decided."""


class Permissions:
    """The store of one context."""

    def __init__(self) -> None:
        self._states: dict[tuple[str, str], PermissionState] = {}  # by origin and name; no origin: every one

    def state(self, origin: str, name: str) -> PermissionState:
        """Give the state of a permission for an origin: its own, or what holds for all.

        Args:
            origin: serialised.
            name: one of `DEFAULTS`.
        """
        return self._states.get((origin, name)) or self._states.get(("", name)) or DEFAULTS[name]

    def decide(self, origin: str, name: str, state: PermissionState) -> None:
        """Decide one; no origin: for every one that has no decision of its own."""
        self._states[origin, name] = state

    def grant_only(self, origin: str, names: set[str]) -> None:
        """Grant these and deny all others, as Chromium's `Browser.grantPermissions` does."""
        for name in DEFAULTS:
            self.decide(origin, name, "granted" if name in names else "denied")

    def reset(self) -> None:
        """Take every decision back."""
        self._states.clear()
