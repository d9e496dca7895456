"""Asking the page about nodes on behalf of a session.

Node ids are never given twice in a page: each isolate starts behind the last one (`web/inspector/node_ids.js`).

Thread: worker.
"""

from __future__ import annotations

import bisect
import weakref
from typing import TYPE_CHECKING, Any

import msgspec

from sanderling.base.errors import PageCrashedError
from sanderling.browser.agent import Agent, Json
from sanderling.cdp.errors import CdpError
from sanderling.cdp.ids import MAIN_FRAME, frame_id
from sanderling.cdp.session import checked
from sanderling.js.errors import NotEnteredError

if TYPE_CHECKING:
    from sanderling.cdp.inspector import PageInspector
    from sanderling.cdp.session import Session


_OF_A_DOCUMENT = ("nodeId", "backendNodeId", "objectId", "holderOf", "search")
"""What names something that goes with its document."""


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
        self._owners: list[tuple[int, weakref.ref[Agent]]] = []  # the last id of each run, and whose they are
        self._choosers: dict[
            str, bool
        ] = {}  # ids of the sessions that intercept file choosers; whether these are cancelled
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

    def given(self, taken: int, agent: Agent) -> None:
        """Remember that the ids up to `taken` that were not given before are of this isolate."""
        if taken > self.taken:
            self.taken = taken
            self._owners.append((taken, weakref.ref(agent)))

    def agent_for(self, payload: dict[str, Any]) -> Agent:
        """Give the isolate that a node lives in; the main document's where no node is named.

        Raises:
            PageCrashedError: there is no document.
        """
        inspector = self._inspector()
        page = inspector.page if inspector is not None else None
        if inspector is None or page is None or page.agent is None:
            raise PageCrashedError((page and page.crashed_reason) or "the page has no document")
        number = payload.get("nodeId")
        if number is None:
            number = payload.get("backendNodeId")
        agent: Agent | None = page.agent
        if number is not None:
            at = bisect.bisect_left(self._owners, number, key=lambda entry: entry[0])
            agent = self._owners[at][1]() if at < len(self._owners) else agent
        elif payload.get("holderOf") is not None:
            agent = page.frame_agents.holder_of(payload["holderOf"])
        elif payload.get("objectId") is not None:
            agent = page.agent_of(inspector.contexts.of_object(payload["objectId"]).frame)
        return page.agent if agent is None or agent.closed else agent

    # -- file choosers -----------------------------------------------------------------------------------------------------

    async def _prepare(self, agent: Agent) -> None:
        if self._choosers:
            await agent.enter("dom.interceptFileChooser", self._chooser_payload())

    def _chooser_payload(self) -> dict[str, Any]:
        return {"on": bool(self._choosers), "cancel": any(self._choosers.values())}

    async def intercept_file_chooser(self, session: Session, *, on: bool, cancel: bool = False) -> None:
        """Tell a session when a page wants files, or no longer; holds for documents to come.

        Args:
            session: who asks.
            on: whether it is told.
            cancel: the page is told that no file was chosen.
        """
        if on:
            if session.id not in self._choosers:
                session.closers.append(lambda: self._forget_chooser(session))
            self._choosers[session.id] = cancel
        else:
            self._forget_chooser(session)
        await session.everywhere("dom.interceptFileChooser", self._chooser_payload())

    def _forget_chooser(self, session: Session) -> None:
        self._choosers.pop(session.id, None)

    def _chooser_opened(self, payload: Json, data: bytes | None) -> None:
        inspector = self._inspector()
        if inspector is None:
            return
        agent = inspector.page.agent_of(payload["frame"])
        if agent is not None:
            self.given(payload["taken"], agent)
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
    page = session.page
    while True:
        agent = watch.agent_for(payload)
        try:
            told = {**payload, "session": session.id, "page": page.id, "taken": watch.taken}
            answer = await agent.enter(kind, told, data)
            break
        except NotEnteredError:
            # Its document was being left. Who names nothing of it means the page, whichever document that shows.
            if page.closed or any(payload.get(name) is not None for name in _OF_A_DOCUMENT):
                raise
            if agent is page.agent:
                await page.calls.next_document()
    watch.given(answer.pop("taken"), agent)
    for event in answer.pop("events"):
        session.event(event["method"], event["params"])
    out: dict[str, Any] = checked(answer)
    return out


async def origin_of(session: Session, ref: NodeRef, *, scroll: bool = False) -> tuple[float, float] | None:
    """Give where the viewport that a node's boxes are of begins in the page's; None when a frame around it has no box.

    Args:
        session: who asks.
        ref: the node.
        scroll: whether the frames around it are scrolled to.
    """
    page = session.page
    agent = node_watch(session.inspector).agent_for(ref.payload())
    x = y = 0.0
    number = next((one for one in page.frames if one != MAIN_FRAME and page.agent_of(one) is agent), MAIN_FRAME)
    number = page.frame_agents.root_of(number)
    while number != MAIN_FRAME:
        holder = page.frame_agents.holder_of(number)
        if holder is None:
            return None
        origin = await holder.enter("dom.frameOrigin", {"frame": number, "scroll": scroll})
        if origin is None:
            return None
        x, y = x + origin["x"], y + origin["y"]
        parent = page.frames[number].parent
        number = page.frame_agents.root_of(MAIN_FRAME if parent is None else parent)
    return x, y


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
