"""The DOM domain.

Thread: worker.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec

from sanderling.cdp.dispatch import Domain, NoParams, Params, Result
from sanderling.cdp.errors import CdpError, invalid_params
from sanderling.cdp.nodes import NodeRef, ask_node, origin_of, tree_depth
from sanderling.cdp.session import Session
from sanderling.cdp.uploads import read_uploads

DOMAIN = Domain(
    "DOM",
    events=(
        "attributeModified",
        "attributeRemoved",
        "characterDataModified",
        "childNodeCountUpdated",
        "childNodeInserted",
        "childNodeRemoved",
        "documentUpdated",
        "setChildNodes",
        "shadowRootPushed",
    ),
)

_SEARCHES = itertools.count(1)


class EnableParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `DOM.enable`."""

    includeWhitespace: str = "none"


@DOMAIN.method("enable", EnableParams)
async def enable(session: Session, params: EnableParams) -> Result:
    """Have changes of known nodes reported."""
    if params.includeWhitespace not in ("none", "all"):
        raise invalid_params("includeWhitespace: none or all expected")
    session.enabled.add("DOM")
    return await ask_node(session, "dom.enable", {"whitespace": params.includeWhitespace == "all"})


@DOMAIN.method("disable", NoParams)
async def disable(session: Session, params: NoParams) -> Result:
    """Forget the nodes that the session knows."""
    if "DOM" not in session.enabled:
        raise CdpError("DOM agent hasn't been enabled")
    session.enabled.discard("DOM")
    return await ask_node(session, "dom.disable", {})


class DocumentParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `DOM.getDocument`."""

    depth: int | None = None
    pierce: bool = False


@DOMAIN.method("getDocument", DocumentParams)
async def get_document(session: Session, params: DocumentParams) -> Result:
    """Give the document, and begin to count node ids anew."""
    session.enabled.add("DOM")
    depth = tree_depth(params.depth, 2)
    return await ask_node(session, "dom.document", {"depth": depth, "pierce": params.pierce})


@DOMAIN.method("getFlattenedDocument", DocumentParams)
async def get_flattened_document(session: Session, params: DocumentParams) -> Result:
    """Give the document's nodes as a list, parents first."""
    session.enabled.add("DOM")
    depth = tree_depth(params.depth, -1)
    answer = await ask_node(session, "dom.document", {"depth": depth, "pierce": params.pierce})
    nodes: list[dict[str, Any]] = []
    pending = [answer["root"]]
    while pending:
        node = pending.pop()
        inner = [*node.pop("shadowRoots", ()), *node.pop("children", ())]
        if "contentDocument" in node:
            inner.insert(0, node.pop("contentDocument"))
        nodes.append(node)
        pending.extend(reversed(inner))
    return {"nodes": nodes}


class DescribeParams(NodeRef, frozen=True, kw_only=True):
    """Of `DOM.describeNode`."""

    depth: int | None = None
    pierce: bool = False


@DOMAIN.method("describeNode", DescribeParams)
async def describe_node(session: Session, params: DescribeParams) -> Result:
    """Say what a node is, without making it known."""
    # Playwright and others send 0 for "no children".
    depth = 0 if params.depth in (None, 0) else tree_depth(params.depth, 0)
    return await ask_node(session, "dom.describe", {**params.payload(), "depth": depth, "pierce": params.pierce})


class ChildrenParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `DOM.requestChildNodes`."""

    nodeId: int
    depth: int | None = None
    pierce: bool = False


@DOMAIN.method("requestChildNodes", ChildrenParams)
async def request_child_nodes(session: Session, params: ChildrenParams) -> Result:
    """Have `DOM.setChildNodes` sent."""
    depth = tree_depth(params.depth, 1)
    return await ask_node(
        session, "dom.requestChildren", {"nodeId": params.nodeId, "depth": depth, "pierce": params.pierce}
    )


class InspectedParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `DOM.setInspectedNode`."""

    nodeId: int


@DOMAIN.method("setInspectedNode", InspectedParams)
async def set_inspected_node(session: Session, params: InspectedParams) -> Result:
    """Let a node be `$0` in evaluations with the command line API, and what was that `$1`."""
    return await ask_node(session, "dom.setInspected", {"nodeId": params.nodeId})


class ObjectParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of methods on a remote object."""

    objectId: str


@DOMAIN.method("requestNode", ObjectParams)
async def request_node(session: Session, params: ObjectParams) -> Result:
    """Make the node of a remote object known."""
    return await ask_node(session, "dom.requestNode", {"objectId": params.objectId})


class ResolveParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `DOM.resolveNode`."""

    nodeId: int | None = None
    backendNodeId: int | None = None
    objectGroup: str | None = None
    executionContextId: int | None = None


@DOMAIN.method("resolveNode", ResolveParams)
async def resolve_node(session: Session, params: ResolveParams) -> Result:
    """Give a node as a remote object, of the main world or another one."""
    if (params.nodeId is None) == (params.backendNodeId is None):
        raise CdpError("Either nodeId or backendNodeId must be specified.")
    payload = {"nodeId": params.nodeId, "backendNodeId": params.backendNodeId, "group": params.objectGroup}
    if params.executionContextId is not None:
        payload["context"] = params.executionContextId
    return await ask_node(session, "dom.resolve", payload)


# -- queries ---------------------------------------------------------------------------------------------------------------


class QueryParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `DOM.querySelector` and `DOM.querySelectorAll`."""

    nodeId: int
    selector: str


@DOMAIN.method("querySelector", QueryParams)
async def query_selector(session: Session, params: QueryParams) -> Result:
    """Give the first match; node id 0 when there is none."""
    return await ask_node(session, "dom.query", {"nodeId": params.nodeId, "selector": params.selector})


@DOMAIN.method("querySelectorAll", QueryParams)
async def query_selector_all(session: Session, params: QueryParams) -> Result:
    """Give all matches."""
    return await ask_node(session, "dom.queryAll", {"nodeId": params.nodeId, "selector": params.selector})


class SearchParams(Params, frozen=True, kw_only=True):
    """Of `DOM.performSearch`."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {"includeUserAgentShadowDOM": "the user agent has no shadow trees"}

    query: str
    includeUserAgentShadowDOM: bool = False


@DOMAIN.method("performSearch", SearchParams)
async def perform_search(session: Session, params: SearchParams) -> Result:
    """Search by text, XPath and selector."""
    search = f"{session.page.id}.{next(_SEARCHES)}"
    answer = await ask_node(session, "dom.search", {"query": params.query, "search": search})
    return {"searchId": search, "resultCount": answer["resultCount"]}


class SearchResultParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `DOM.getSearchResults`."""

    searchId: str
    fromIndex: int
    toIndex: int


@DOMAIN.method("getSearchResults", SearchResultParams)
async def get_search_results(session: Session, params: SearchResultParams) -> Result:
    """Give what a search found, from one place up to before another."""
    payload = {"search": params.searchId, "from": params.fromIndex, "to": params.toIndex}
    return await ask_node(session, "dom.searchResults", payload)


class SearchIdParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `DOM.discardSearchResults`."""

    searchId: str


@DOMAIN.method("discardSearchResults", SearchIdParams)
async def discard_search_results(session: Session, params: SearchIdParams) -> Result:
    """Forget a search."""
    return await ask_node(session, "dom.discardSearch", {"search": params.searchId})


# -- reading ---------------------------------------------------------------------------------------------------------------


class NodeIdParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of methods on a known node."""

    nodeId: int


@DOMAIN.method("getAttributes", NodeIdParams)
async def get_attributes(session: Session, params: NodeIdParams) -> Result:
    """Give names and values, in turn."""
    return await ask_node(session, "dom.attributes", {"nodeId": params.nodeId})


class OuterHTMLParams(NodeRef, frozen=True, kw_only=True):
    """Of `DOM.getOuterHTML`."""

    includeShadowDOM: bool = False


@DOMAIN.method("getOuterHTML", OuterHTMLParams)
async def get_outer_html(session: Session, params: OuterHTMLParams) -> Result:
    """Give markup."""
    return await ask_node(session, "dom.outerHTML", {**params.payload(), "shadow": params.includeShadowDOM})


class FrameParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `DOM.getFrameOwner`."""

    frameId: str


@DOMAIN.method("getFrameOwner", FrameParams)
async def get_frame_owner(session: Session, params: FrameParams) -> Result:
    """Give the element that a frame stands in."""
    head, _, tail = params.frameId.rpartition("-")
    if head != session.page.id or not tail.isdigit():
        raise CdpError("Frame with the given id was not found.")
    answer = await ask_node(session, "dom.frameOwner", {"frame": int(tail), "holderOf": int(tail)})
    if not answer["nodeId"]:
        del answer["nodeId"]
    return answer


class BackendIdsParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `DOM.pushNodesByBackendIdsToFrontend`."""

    backendNodeIds: list[int]


@DOMAIN.method("pushNodesByBackendIdsToFrontend", BackendIdsParams)
async def push_nodes(session: Session, params: BackendIdsParams) -> Result:
    """Make nodes known; 0 where there is no such node."""
    return await ask_node(session, "dom.pushBackend", {"backendNodeIds": params.backendNodeIds})


class PathParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `DOM.pushNodeByPathToFrontend`."""

    path: str


@DOMAIN.method("pushNodeByPathToFrontend", PathParams)
async def push_node_by_path(session: Session, params: PathParams) -> Result:
    """Make the node at a path known."""
    return await ask_node(session, "dom.pushPath", {"path": params.path})


# -- changes ---------------------------------------------------------------------------------------------------------------


class SetAttributeParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `DOM.setAttributeValue`."""

    nodeId: int
    name: str
    value: str


@DOMAIN.method("setAttributeValue", SetAttributeParams)
async def set_attribute_value(session: Session, params: SetAttributeParams) -> Result:
    """Set an attribute."""
    payload = {"nodeId": params.nodeId, "name": params.name, "value": params.value}
    return await ask_node(session, "dom.setAttribute", payload)


class AttributesTextParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `DOM.setAttributesAsText`."""

    nodeId: int
    text: str
    name: str | None = None


@DOMAIN.method("setAttributesAsText", AttributesTextParams)
async def set_attributes_as_text(session: Session, params: AttributesTextParams) -> Result:
    """Set attributes as they stand in a tag."""
    payload = {"nodeId": params.nodeId, "text": params.text, "name": params.name}
    return await ask_node(session, "dom.setAttributesText", payload)


class RemoveAttributeParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `DOM.removeAttribute`."""

    nodeId: int
    name: str


@DOMAIN.method("removeAttribute", RemoveAttributeParams)
async def remove_attribute(session: Session, params: RemoveAttributeParams) -> Result:
    """Remove an attribute."""
    return await ask_node(session, "dom.removeAttribute", {"nodeId": params.nodeId, "name": params.name})


class NodeValueParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `DOM.setNodeValue`."""

    nodeId: int
    value: str


@DOMAIN.method("setNodeValue", NodeValueParams)
async def set_node_value(session: Session, params: NodeValueParams) -> Result:
    """Set a text."""
    return await ask_node(session, "dom.setValue", {"nodeId": params.nodeId, "value": params.value})


class NodeNameParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `DOM.setNodeName`."""

    nodeId: int
    name: str


@DOMAIN.method("setNodeName", NodeNameParams)
async def set_node_name(session: Session, params: NodeNameParams) -> Result:
    """Put another element, with the same attributes and children, in the place of one."""
    return await ask_node(session, "dom.setName", {"nodeId": params.nodeId, "name": params.name})


@DOMAIN.method("removeNode", NodeIdParams)
async def remove_node(session: Session, params: NodeIdParams) -> Result:
    """Take a node out of its tree."""
    return await ask_node(session, "dom.remove", {"nodeId": params.nodeId})


class MoveParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `DOM.moveTo` and `DOM.copyTo`."""

    nodeId: int
    targetNodeId: int
    insertBeforeNodeId: int | None = None


async def _move(session: Session, params: MoveParams, *, copy: bool) -> Result:
    payload = {
        "nodeId": params.nodeId,
        "target": params.targetNodeId,
        "before": params.insertBeforeNodeId,
        "copy": copy,
    }
    return await ask_node(session, "dom.move", payload)


@DOMAIN.method("moveTo", MoveParams)
async def move_to(session: Session, params: MoveParams) -> Result:
    """Move a node into another one."""
    return await _move(session, params, copy=False)


@DOMAIN.method("copyTo", MoveParams)
async def copy_to(session: Session, params: MoveParams) -> Result:
    """Put a deep copy of a node into another one."""
    return await _move(session, params, copy=True)


class SetOuterHTMLParams(msgspec.Struct, frozen=True, kw_only=True):
    """Of `DOM.setOuterHTML`."""

    nodeId: int
    outerHTML: str


@DOMAIN.method("setOuterHTML", SetOuterHTMLParams)
async def set_outer_html(session: Session, params: SetOuterHTMLParams) -> Result:
    """Put markup in the place of a node."""
    return await ask_node(session, "dom.setOuterHTML", {"nodeId": params.nodeId, "html": params.outerHTML})


# -- focus, boxes ----------------------------------------------------------------------------------------------------------


@DOMAIN.method("focus", NodeRef)
async def focus(session: Session, params: NodeRef) -> Result:
    """Focus an element."""
    return await ask_node(session, "dom.focus", params.payload())


def _moved(quad: list[float], origin: tuple[float, float]) -> list[float]:
    return [value + origin[index % 2] for index, value in enumerate(quad)]


@DOMAIN.method("getBoxModel", NodeRef)
async def get_box_model(session: Session, params: NodeRef) -> Result:
    """Give the boxes of a node, in pixels of the viewport."""
    answer = await ask_node(session, "dom.box", params.payload())
    origin = await origin_of(session, params)
    if origin is None:
        raise CdpError("Could not compute box model.")
    model = answer["model"]
    return {
        "model": {**model, **{box: _moved(model[box], origin) for box in ("content", "padding", "border", "margin")}}
    }


@DOMAIN.method("getContentQuads", NodeRef)
async def get_content_quads(session: Session, params: NodeRef) -> Result:
    """Give where a node is, in pixels of the viewport."""
    quads = (await ask_node(session, "dom.quads", params.payload()))["quads"]
    origin = await origin_of(session, params)
    return {"quads": [] if origin is None else [_moved(quad, origin) for quad in quads]}


class Rect(msgspec.Struct, frozen=True):
    """A rectangle relative to a node's border box."""

    x: float
    y: float
    width: float
    height: float


class ScrollParams(NodeRef, frozen=True, kw_only=True):
    """Of `DOM.scrollIntoViewIfNeeded`."""

    rect: Rect | None = None


@DOMAIN.method("scrollIntoViewIfNeeded", ScrollParams)
async def scroll_into_view_if_needed(session: Session, params: ScrollParams) -> Result:
    """Scroll so that a node, or a part of it, is in the viewport."""
    rect = None if params.rect is None else msgspec.to_builtins(params.rect)
    answer = await ask_node(session, "dom.scroll", {**params.payload(), "rect": rect})
    await origin_of(session, params, scroll=True)
    return answer


class LocationParams(Params, frozen=True, kw_only=True):
    """Of `DOM.getNodeForLocation`."""

    WITHOUT_EFFECT: ClassVar[Mapping[str, str]] = {"includeUserAgentShadowDOM": "the user agent has no shadow trees"}

    x: int
    y: int
    includeUserAgentShadowDOM: bool = False
    ignorePointerEventsNone: bool = False


@DOMAIN.method("getNodeForLocation", LocationParams)
async def get_node_for_location(session: Session, params: LocationParams) -> Result:
    """Give the node at a point of the viewport."""
    payload = {"x": params.x, "y": params.y, "ignorePointerEvents": params.ignorePointerEventsNone}
    answer = await ask_node(session, "dom.atLocation", payload)
    if not answer["nodeId"]:
        del answer["nodeId"]
    return answer


# -- files -----------------------------------------------------------------------------------------------------------------


class FilesParams(NodeRef, frozen=True, kw_only=True):
    """Of `DOM.setFileInputFiles`."""

    files: list[str]


@DOMAIN.method("setFileInputFiles", FilesParams)
async def set_file_input_files(session: Session, params: FilesParams) -> Result:
    """Choose files for an input as a user does; fires `input` and `change`."""
    opener = session.page.context.browser.files
    assert opener is not None, "a worker has files"
    uploads = await read_uploads(opener, params.files)
    files = [
        {
            "name": one.name,
            "path": one.path,
            "relative": one.relative,
            "type": one.type,
            "modified": one.modified,
            "size": len(one.content),
        }
        for one in uploads
    ]
    data = b"".join(one.content for one in uploads)
    return await ask_node(session, "dom.setFiles", {**params.payload(), "files": files}, data)


@DOMAIN.method("getFileInfo", ObjectParams)
async def get_file_info(session: Session, params: ObjectParams) -> Result:
    """Say where an uploaded `File` came from."""
    return await ask_node(session, "dom.fileInfo", {"objectId": params.objectId})
