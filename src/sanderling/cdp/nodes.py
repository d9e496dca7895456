"""Asking the page about nodes on behalf of a session.

Node ids are never given twice in a page: each isolate starts behind the last one (`web/inspector/node_ids.js`).

Thread: worker.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

import msgspec

from sanderling.base.errors import PageCrashedError
from sanderling.browser.agent import Agent, Json
from sanderling.cdp.errors import CdpError
from sanderling.cdp.ids import frame_id
from sanderling.cdp.session import checked

if TYPE_CHECKING:
    from sanderling.cdp.inspector import PageInspector
    from sanderling.cdp.session import Session


class NodeRef(msgspec.Struct, frozen=True, kw_only=True):
    """How a command names a node."""

    nodeId: int | None = None  # noqa: N815 - CDP's name
    backendNodeId: int | None = None  # noqa: N815 - CDP's name
    objectId: str | None = None  # noqa: N815 - CDP's name

    def payload(self) -> dict[str, Any]:
        """Give what the page's side of it takes (`nodeOf` of node_ids.js)."""
        return {"nodeId": self.nodeId, "backendNodeId": self.backendNodeId, "objectId": self.objectId}


class NodeWatch:
    """What the sessions of a page share about its nodes.

    Args:
        inspector: of the page.
    """

    def __init__(self, inspector: PageInspector) -> None:
        self.taken = 0  # the last id given, of any kind
        self._inspector = weakref.ref(inspector)
        self._choosers: set[str] = set()  # ids of the sessions that intercept file choosers
        inspector.page.extra_posts["dom.event"] = self._happened
        inspector.page.extra_posts["dom.fileChooser"] = self._chooser_opened
        inspector.page.preparers.append(self._prepare)

    def _happened(self, payload: Json, data: bytes | None) -> None:
        inspector = self._inspector()
        if inspector is None:
            return
        self.taken = max(self.taken, payload["taken"])
        for session in tuple(inspector.sessions):
            if session.id == payload["session"]:
                session.event(payload["method"], payload["params"])
                return
        if inspector.page.agent is not None:
            inspector.page.agent.post("dom.drop", {"session": payload["session"]})

    # -- file choosers -----------------------------------------------------------------------------------------------------

    async def _prepare(self, agent: Agent) -> None:
        if self._choosers:
            await agent.enter("dom.interceptFileChooser", {"on": True})

    async def intercept_file_chooser(self, session: Session, *, on: bool) -> None:
        """Tell a session when a page wants files, or no longer; holds for documents to come."""
        if on and session.id not in self._choosers:
            self._choosers.add(session.id)
            session.closers.append(lambda: self._choosers.discard(session.id))
        elif not on:
            self._choosers.discard(session.id)
        for agent in session.page.agents():
            await agent.enter("dom.interceptFileChooser", {"on": bool(self._choosers)})

    def _chooser_opened(self, payload: Json, data: bytes | None) -> None:
        inspector = self._inspector()
        if inspector is None:
            return
        self.taken = max(self.taken, payload["taken"])
        params = {
            "frameId": frame_id(inspector.page.id, payload["frame"]),
            "mode": "selectMultiple" if payload["multiple"] else "selectSingle",
            "backendNodeId": payload["backendNodeId"],
        }
        for session in tuple(inspector.sessions):
            if session.id in self._choosers:
                session.event("Page.fileChooserOpened", params)


_WATCHES: weakref.WeakKeyDictionary[PageInspector, NodeWatch] = weakref.WeakKeyDictionary()


def node_watch(inspector: PageInspector) -> NodeWatch:
    """Give what is known of a page's nodes."""
    watch = _WATCHES.get(inspector)
    if watch is None:
        watch = _WATCHES[inspector] = NodeWatch(inspector)
    return watch


async def ask_node(session: Session, kind: str, payload: dict[str, Any], data: bytes | None = None) -> dict[str, Any]:
    """Enter the document; the events that the command causes go out before its answer does.

    Raises:
        CdpError: it was refused.
    """
    watch = node_watch(session.inspector)
    agent = session.page.agent
    if agent is None:
        raise PageCrashedError(session.page.crashed_reason or "the page has no document")
    answer = await agent.enter(
        kind, {**payload, "session": session.id, "page": session.page.id, "taken": watch.taken}, data
    )
    watch.taken = max(watch.taken, answer.pop("taken"))
    for event in answer.pop("events"):
        session.event(event["method"], event["params"])
    out: dict[str, Any] = checked(answer)
    return out


def tree_depth(depth: int | None, default: int) -> int:
    """Check a depth; -1 is all of it.

    Raises:
        CdpError: it is none.
    """
    if depth is None:
        return default
    if depth == 0 or depth < -1:
        raise CdpError("Please provide a positive integer as a depth or -1 for entire subtree")
    return depth
