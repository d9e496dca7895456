"""The DOMDebugger domain: who listens to an object.

Thread: worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from sanderling.cdp.dispatch import Domain, Result
from sanderling.cdp.nodes import ask_node, tree_depth

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

DOMAIN = Domain("DOMDebugger")


class ListenersParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `DOMDebugger.getEventListeners`."""

    objectId: str
    depth: int | None = None
    pierce: bool = False


@DOMAIN.method("getEventListeners", ListenersParams)
async def get_event_listeners(session: Session, params: ListenersParams) -> Result:
    """List the page's listeners on an object, and on nodes below it."""
    payload = {"objectId": params.objectId, "depth": tree_depth(params.depth, 1), "pierce": params.pierce}
    return await ask_node(session, "dom.listeners", payload)
