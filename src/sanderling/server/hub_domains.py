"""The domains that a hub answers itself: their methods and the events that it sends.

Thread: main.
"""

from __future__ import annotations

from sanderling.server.browser_methods import BROWSER_METHODS
from sanderling.server.target_methods import TARGET_METHODS
from sanderling.server.window_methods import WINDOW_METHODS

METHODS = {**TARGET_METHODS, **BROWSER_METHODS, **WINDOW_METHODS}
"""On every session, but those on a tab."""

REFUSED = TARGET_METHODS.refused | BROWSER_METHODS.refused
"""Those of them that say what is not supported, and do nothing."""

EVENTS = (
    "Browser.downloadProgress",
    "Browser.downloadWillBegin",
    "Target.attachedToTarget",
    "Target.detachedFromTarget",
    "Target.receivedMessageFromTarget",
    "Target.targetCrashed",
    "Target.targetCreated",
    "Target.targetDestroyed",
    "Target.targetInfoChanged",
)
"""What the hub sends by itself."""

TAB_METHODS = frozenset(
    {
        "Target.setAutoAttach",
        "Target.getTargetInfo",
        "Target.detachFromTarget",
        "Target.attachToTarget",
        "Target.closeTarget",
        "Target.activateTarget",
        "Runtime.runIfWaitingForDebugger",
    }
)
"""What sessions on a tab have."""
