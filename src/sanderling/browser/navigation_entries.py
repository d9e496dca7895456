"""The navigation API's view of the session history: the entries of one frame that a document may know of (HTML, 7.2.6.4).

Thread: any.
"""

from __future__ import annotations

import base64
import copy
import uuid
from collections.abc import Container
from typing import Any

from sanderling.browser.session_history import HistoryEntry, SessionHistory
from sanderling.proto import url as urls


def navigation_entries(history: SessionHistory, frame: int, known: Container[str] = ()) -> dict[str, Any]:
    """Give the entries around the current one that have its origin, in order, and the index of that; -1 where there are none.

    Each has a key and an id from then on. `step` says how far from the current step the nearest is that shows it. The states of `known` ids are left out.
    """
    current = history.showing(frame)
    if current is None:
        return {"entries": [], "index": -1}
    entries, steps = _entries_of(history, frame)
    at = next((number for number, entry in enumerate(entries) if entry is current), None)
    if at is None:
        return {"entries": [], "index": -1}
    origin = _origin(current)
    first = last = at
    while first > 0 and _origin(entries[first - 1]) == origin:
        first -= 1
    while last + 1 < len(entries) and _origin(entries[last + 1]) == origin:
        last += 1
    return {
        "entries": [
            _described(one, step, same_document=one.document == current.document, stateless=one.id in known)
            for one, step in zip(entries[first : last + 1], steps[first : last + 1], strict=True)
        ],
        "index": at - first,
    }


def activation_of(
    history: SessionHistory, frame: int, previous: HistoryEntry | None, kind: str
) -> dict[str, Any] | None:
    """Describe how the document of a frame came (HTML, "NavigationActivation"): `previous` is the entry that was shown before, as it was."""
    current = history.showing(frame)
    if current is None:
        return None
    known = previous is not None and _origin(previous) == _origin(current)
    if known and previous is not None and kind == "traverse":
        # HTML, "update document for history step application", 7: it is one of those that the document may know of.
        known = any(one["id"] == previous.id for one in navigation_entries(history, frame)["entries"])
    return {
        "type": kind,
        "from": _described(previous, 0, same_document=False) if previous is not None and known else None,
    }


def _origin(entry: HistoryEntry) -> str:
    return entry.origin or urls.serialize_origin(entry.url)


def _entries_of(history: SessionHistory, frame: int) -> tuple[list[HistoryEntry], list[int]]:
    entries: list[HistoryEntry] = []
    steps: list[int] = []
    for index, step in enumerate(history.steps):
        entry = step.frames.get(frame)
        if entry is None:
            continue
        away = index - history.index
        if entries and entries[-1] is entry:
            if abs(away) < abs(steps[-1]):
                steps[-1] = away
            continue
        entries.append(entry)
        steps.append(away)
    return entries, steps


def copy_named(entry: HistoryEntry | None) -> HistoryEntry | None:
    """Give a copy of what a frame showed, for `activation_of`: another document may take its entry."""
    if entry is not None:
        name_entry(entry)
    return copy.copy(entry)


def name_entry(entry: HistoryEntry) -> None:
    """See that an entry has a key and an id."""
    entry.key = entry.key or str(uuid.uuid4())
    entry.id = entry.id or str(uuid.uuid4())


def _described(entry: HistoryEntry, step: int, *, same_document: bool, stateless: bool = False) -> dict[str, Any]:
    name_entry(entry)
    state = None if stateless else entry.state
    return {
        "key": entry.key,
        "id": entry.id,
        "url": entry.url,
        "same": same_document,
        "step": step,
        "state": None if state is None else state.json,
        "bytes": None if state is None or state.data is None else base64.b64encode(state.data).decode(),
    }
