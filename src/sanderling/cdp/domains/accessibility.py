"""The Accessibility domain.

Thread: worker.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from sanderling.cdp.dispatch import Domain, Params, Result
from sanderling.cdp.nodes import NodeRef, ask_node

if TYPE_CHECKING:
    from sanderling.cdp.session import Session

DOMAIN = Domain("Accessibility")
DOMAIN.switches()


class TreeParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `Accessibility.getFullAXTree`."""

    depth: int | None = None
    frameId: str | None = None


def _frame(session: Session, frame: str | None) -> int | None:
    return None if frame is None else session.inspector.number_of(frame, "Frame with the given frameId is not found.")


@DOMAIN.method("getFullAXTree", TreeParams)
async def get_full_ax_tree(session: Session, params: TreeParams) -> Result:
    """Give the tree of a document, parents first."""
    depth = -1 if params.depth is None else params.depth
    return await ask_node(session, "ax.full", {"depth": depth, "frame": _frame(session, params.frameId)})


class RootParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `Accessibility.getRootAXNode`."""

    frameId: str | None = None


@DOMAIN.method("getRootAXNode", RootParams)
async def get_root_ax_node(session: Session, params: RootParams) -> Result:
    """Give the node of a document."""
    return await ask_node(session, "ax.root", {"frame": _frame(session, params.frameId)})


class PartialParams(NodeRef, frozen=True, kw_only=True):
    """Of `Accessibility.getPartialAXTree`."""

    fetchRelatives: bool = True


@DOMAIN.method("getPartialAXTree", PartialParams)
async def get_partial_ax_tree(session: Session, params: PartialParams) -> Result:
    """Give the node of a DOM node, with those around it."""
    return await ask_node(session, "ax.partial", {**params.payload(), "relatives": params.fetchRelatives})


@DOMAIN.method("getAXNodeAndAncestors", NodeRef)
async def get_ax_node_and_ancestors(session: Session, params: NodeRef) -> Result:
    """Give the node of a DOM node and those above it."""
    return await ask_node(session, "ax.ancestors", params.payload())


class ChildrenParams(Params, frozen=True, kw_only=True):
    """Of `Accessibility.getChildAXNodes`."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {"frameId": "no two nodes of a page have the same id"}

    id: str
    frameId: str | None = None


@DOMAIN.method("getChildAXNodes", ChildrenParams)
async def get_child_ax_nodes(session: Session, params: ChildrenParams) -> Result:
    """Give the children of a node."""
    payload: dict[str, Any] = {"id": params.id}
    if params.id.isdecimal():
        payload["backendNodeId"] = int(params.id)  # says which isolate it lives in
    return await ask_node(session, "ax.children", payload)


class QueryParams(NodeRef, frozen=True, kw_only=True):
    """Of `Accessibility.queryAXTree`."""

    accessibleName: str | None = None
    role: str | None = None


@DOMAIN.method("queryAXTree", QueryParams)
async def query_ax_tree(session: Session, params: QueryParams) -> Result:
    """Give what has a name, a role, or both, in and below a DOM node."""
    payload = {**params.payload(), "name": params.accessibleName, "role": params.role}
    return await ask_node(session, "ax.query", payload)
