"""What documents post and ask about the session history of their page.

Thread: worker.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING

from sanderling.browser.agent import Agent, Json, PostHandler
from sanderling.browser.navigation_entries import navigation_entries
from sanderling.browser.session_history import MAX_STATE_BYTES, EntryState, HistoryEntry, SessionHistory

if TYPE_CHECKING:
    from sanderling.browser.page import Page


def entry_state(payload: Json, data: bytes | None) -> EntryState | None:
    """Give the navigation API's state that a payload brings; None where it brings none."""
    state = payload.get("state")
    return None if state is None else EntryState(state, data)


def stored_history(history: SessionHistory) -> Json | None:
    """Give what the main document gets of its entries (`web/html/stored_history.js`), where it was here before; None where there is nothing to know."""
    entries, current = history.document_entries(), history.current.main
    if (
        len(entries) == 1
        and current.entry == 0
        and current.classic is None
        and not any(current.scroll)
        and not current.manual
    ):
        return None
    return {
        "current": current.entry,
        "entries": [
            {
                "id": entry.entry,
                "url": entry.url,
                "state": None if entry.classic is None else entry.classic.json,
                "bytes": None
                if entry.classic is None or entry.classic.data is None
                else base64.b64encode(entry.classic.data).decode(),
                "scroll": entry.scroll,
                "manual": entry.manual,
            }
            for entry in entries
        ],
    }


class HistoryPosts:
    """The handlers of one agent."""

    def __init__(self, page: Page, agent: Callable[[], Agent | None]) -> None:
        self._page = page
        self._agent = agent

    def handlers(self) -> dict[str, PostHandler]:
        """Give the handlers by kind."""
        return {
            "history.push": self._push,
            "history.replace": self._replace,
            "history.go": self._go,
            "history.refuse": self._refuse,
            "history.restoration": self._set_restoration,
            "navigation.state": self._set_state,
            "navigation.next": self._set_next_state,
        }

    def _push(self, payload: Json, data: bytes | None) -> None:
        number, history = payload["frame"], self._page.history
        if history.index >= 0 and number in self._page.frames:
            history.push(self._entry(payload, data), number)
            self._bound(payload)
            self._page.navigations.tell_history(but=self._agent())

    def _replace(self, payload: Json, data: bytes | None) -> None:
        number, history = payload["frame"], self._page.history
        if history.index >= 0 and number in self._page.frames:
            history.replace(self._entry(payload, data), number)
            self._bound(payload)

    def _entry(self, payload: Json, data: bytes | None) -> HistoryEntry:
        number, page = payload["frame"], self._page
        document = page.history.current.main.document if number == 1 else page.frames[number].documents
        shown = page.history.showing(number)
        return HistoryEntry(
            payload["url"],
            document,
            payload["entry"],
            classic=entry_state(payload, data),
            manual=payload["manual"],
            origin="" if shown is None else shown.origin,
            initiator=page.history.current.main.initiator if number == 1 else "",
        )

    def _bound(self, payload: Json) -> None:
        if "state" in payload:
            self._page.history.bound_states()

    def _set_restoration(self, payload: Json, data: bytes | None) -> None:
        entry = self._page.history.showing(payload["frame"])
        if entry is not None:
            entry.manual = payload["manual"]

    def _go(self, payload: Json, data: bytes | None) -> None:
        number, page = payload["frame"], self._page
        if payload["delta"] == 0 and number != 1:
            holder = page.frame_agents.holder_of(number)
            if holder is not None:
                holder.post("frame.navigate", {"frame": number, "url": page.frames[number].url, "reload": True})
        elif not page.closed:
            page.navigations.traverse(payload["delta"])

    def _refuse(self, payload: Json, data: bytes | None) -> None:
        # Code of a document has prevented a traversal that would have stayed in it.
        self._page.history.go(payload["index"], self._page.frames)
        self._page.navigations.tell_history(but=self._agent())

    def _set_state(self, payload: Json, data: bytes | None) -> None:
        entry = self._page.history.showing(payload["frame"])
        if entry is not None:
            entry.state = entry_state(payload, data)
            self._page.history.bound_states()

    def _set_next_state(self, payload: Json, data: bytes | None) -> None:
        state = entry_state(payload, data)
        if state is not None and payload["frame"] in self._page.frames:
            states = self._page.frame_agents.next_states
            if state.size + sum(one.size for one in states.values()) <= MAX_STATE_BYTES:
                states[payload["frame"]] = state

    async def entries(self, payload: Json, data: bytes | None) -> tuple[Json, bytes | None]:
        """`navigation.entries`: what the navigation API of a frame knows of."""
        page = self._page
        known = frozenset(payload["known"])
        answer = navigation_entries(page.history, payload["frame"], known)
        return answer | {"activation": None if known else page.navigations.activations.get(payload["frame"])}, None
