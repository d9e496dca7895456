"""The style sheets of a page as the CSS domain tells of them, and which of their rules its documents use.

The work is done in the documents (`web/inspector/style_sheets.js`); here is which session wants what, and in which isolate a sheet is.

Thread: worker.
"""

from __future__ import annotations

import itertools
import weakref
from typing import TYPE_CHECKING, Any

from sanderling.base.errors import ClosedError
from sanderling.cdp.errors import CdpError
from sanderling.cdp.ids import frame_id
from sanderling.cdp.session import checked
from sanderling.js.errors import NotEnteredError

if TYPE_CHECKING:
    from sanderling.browser.agent import Agent, Json
    from sanderling.cdp.inspector import PageInspector
    from sanderling.cdp.session import Session

_PREFIX = "style-sheet-"


class StyleSheets:
    """What the sessions of a page share about its style sheets.

    Args:
        inspector: of the page.
    """

    def __init__(self, inspector: PageInspector) -> None:
        self._inspector = weakref.ref(inspector)
        self._numbers = itertools.count(1)
        self._agents: dict[str, weakref.ref[Agent]] = {}  # by the prefixes of their sheets' ids
        self._tracking: set[str] = set()  # ids of sessions
        inspector.page.extra_posts["css.sheets"] = self._changed
        inspector.page.preparers.append(self._prepare)

    def _wanted(self) -> bool:
        inspector = self._inspector()
        return inspector is not None and any("CSS" in session.enabled for session in inspector.sessions)

    async def _prepare(self, agent: Agent) -> None:
        if self._wanted():
            await self._watch(agent)
        for session_id in sorted(self._tracking):
            await agent.enter("css.track", {"session": session_id, "on": True})

    async def _watch(self, agent: Agent) -> list[Json]:
        prefix = f"{_PREFIX}{next(self._numbers)}-"
        headers: list[Json] = checked(await agent.enter("css.watch", {"prefix": prefix}))["headers"]
        self._agents[prefix] = weakref.ref(agent)

        def gone() -> None:
            del self._agents[prefix]

        agent.when_closed(gone)
        return headers

    def _header(self, header: dict[str, Any]) -> dict[str, Any]:
        inspector = self._inspector()
        assert inspector is not None
        number = header.pop("frame")
        return {"header": {"frameId": frame_id(inspector.page.id, number), **header}}

    def _changed(self, payload: Json, data: bytes | None) -> None:
        inspector = self._inspector()
        if inspector is None:
            return
        for sheet in payload["removed"]:
            inspector.broadcast("CSS", "styleSheetRemoved", {"styleSheetId": sheet})
        for header in payload["added"]:
            inspector.broadcast("CSS", "styleSheetAdded", self._header(header))

    async def enable(self, session: Session) -> None:
        """Tell a session of the sheets that there are, and of those to come."""
        told = [header for agent in session.agents() for header in await self._watch(agent)]
        session.enabled.add("CSS")
        for header in told:
            session.event("CSS.styleSheetAdded", self._header(header))

    async def ask(self, sheet: str, kind: str, **more: str) -> Json:
        """Enter the isolate that a sheet is in.

        Raises:
            CdpError: there is no such sheet (any more).
        """
        head, _, _ = sheet.rpartition("-")
        known = self._agents.get(f"{head}-")
        agent = None if known is None else known()
        if agent is None or agent.closed:
            raise CdpError("No style sheet with given id found")
        return checked(await agent.enter(kind, {"styleSheetId": sheet, **more}))

    async def track(self, session: Session, *, on: bool) -> None:
        """Remember from now on which rules documents use, those to come, too; or no longer."""
        if on and session.id not in self._tracking:
            session.closers.append(lambda: self._forget(session))
        (self._tracking.add if on else self._tracking.discard)(session.id)
        await session.everywhere("css.track", {"session": session.id, "on": on})

    def _forget(self, session: Session) -> None:
        if session.id not in self._tracking:
            return
        self._tracking.discard(session.id)
        for agent in session.agents():
            agent.post("css.track", {"session": session.id, "on": False})

    async def usage(self, session: Session) -> list[Json]:
        """Give the rules that were used since they were last asked for.

        Raises:
            CdpError: nobody asked to remember them.
        """
        if session.id not in self._tracking:
            raise CdpError("CSS rule usage tracking is not enabled")
        out: list[Json] = []
        for agent in session.agents():
            try:
                out += checked(await agent.enter("css.usage", {"session": session.id}))["rules"]
            except (ClosedError, NotEnteredError):
                continue
        return out


_SHEETS: weakref.WeakKeyDictionary[PageInspector, StyleSheets] = weakref.WeakKeyDictionary()


def style_sheets(inspector: PageInspector) -> StyleSheets:
    """Give what is known of a page's style sheets."""
    known = _SHEETS.get(inspector)
    if known is None:
        known = _SHEETS[inspector] = StyleSheets(inspector)
    return known
