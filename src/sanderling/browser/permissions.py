"""What pages of a context may do, by origin: the permission store of https://w3c.github.io/permissions/#permission-store.

What no tool decided is a permission's default, which is Chromium's. There is nobody who could be asked: a page that asks is denied, and stays so until a tool
decides.

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
    "background-sync": "granted",
    "persistent-storage": "prompt",
    "storage-access": "granted",
    "screen-wake-lock": "granted",
    "accelerometer": "granted",
    "gyroscope": "granted",
    "magnetometer": "granted",
    "ambient-light-sensor": "prompt",
    "payment-handler": "granted",
    "idle-detection": "prompt",
    "local-fonts": "prompt",
    "window-management": "prompt",
    "display-capture": "prompt",
    "local-network": "granted",  # what a page may reach is the context's option, and nobody is asked
    "local-network-access": "granted",
    "loopback-network": "granted",
}
"""Names of the registry that can be asked for (`navigator.permissions.query`), with their states where no tool decided."""


class Permissions:
    """The store of one context."""

    def __init__(self) -> None:
        self._states: dict[tuple[str, str], PermissionState] = {}  # by origin and name; no origin: every one
        self._asked: set[tuple[str, str]] = set()  # in vain

    def state(self, origin: str, name: str) -> PermissionState:
        """Give the state of a permission for an origin: its own, or what holds for all.

        Args:
            origin: serialised.
            name: one of `DEFAULTS`.
        """
        decided = self._states.get((origin, name)) or self._states.get(("", name))
        if decided is not None:
            return decided
        return "denied" if (origin, name) in self._asked else DEFAULTS[name]

    def request(self, origin: str, name: str) -> PermissionState:
        """A page asks for permission (https://w3c.github.io/permissions/#dfn-request-permission-to-use): gives the answer."""
        if self.state(origin, name) == "prompt":
            self._asked.add((origin, name))
        return self.state(origin, name)

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
        self._asked.clear()
