"""The life of a navigation as a table.

A navigation belongs to a frame and ends in exactly one of `COMPLETE`, `FAILED`, `CANCELED`, `SUPERSEDED` (a newer one of
the same frame), `DOWNLOADED` or `NO_CONTENT` (status 204 or 205, where the old document stays). HTML, 7.4.

Thread: worker.
"""

from __future__ import annotations

import enum

from sanderling.base.errors import InternalError


class NavigationState(enum.Enum):
    """Where a navigation stands."""

    REQUESTED = "requested"
    FETCHING = "fetching"
    COMMITTED = "committed"
    INTERACTIVE = "interactive"
    COMPLETE = "complete"
    FAILED = "failed"
    CANCELED = "canceled"
    SUPERSEDED = "superseded"
    NO_CONTENT = "no content"


class NavigationEvent(enum.Enum):
    """What happens to a navigation."""

    START = "start"
    COMMIT = "commit"
    PARSED = "parsed"
    LOADED = "loaded"
    FAIL = "fail"
    CANCEL = "cancel"
    SUPERSEDE = "supersede"
    EMPTY = "empty"


S = NavigationState
E = NavigationEvent

TABLE: dict[tuple[NavigationState, NavigationEvent], NavigationState] = {
    (S.REQUESTED, E.START): S.FETCHING,
    (S.REQUESTED, E.CANCEL): S.CANCELED,
    (S.REQUESTED, E.SUPERSEDE): S.SUPERSEDED,
    (S.REQUESTED, E.FAIL): S.FAILED,
    (S.FETCHING, E.COMMIT): S.COMMITTED,
    (S.FETCHING, E.EMPTY): S.NO_CONTENT,
    (S.FETCHING, E.FAIL): S.FAILED,
    (S.FETCHING, E.CANCEL): S.CANCELED,
    (S.FETCHING, E.SUPERSEDE): S.SUPERSEDED,
    (S.COMMITTED, E.PARSED): S.INTERACTIVE,
    (S.COMMITTED, E.FAIL): S.FAILED,
    (S.COMMITTED, E.CANCEL): S.CANCELED,
    (S.COMMITTED, E.SUPERSEDE): S.SUPERSEDED,
    (S.INTERACTIVE, E.PARSED): S.INTERACTIVE,  # document.open() before the load event: it is parsed once more
    (S.INTERACTIVE, E.LOADED): S.COMPLETE,
    (S.INTERACTIVE, E.FAIL): S.FAILED,
    (S.INTERACTIVE, E.CANCEL): S.CANCELED,
    (S.INTERACTIVE, E.SUPERSEDE): S.SUPERSEDED,
}
"""Every legal step. What is not here raises; the final states have no row."""

FINAL = frozenset({S.COMPLETE, S.FAILED, S.CANCELED, S.SUPERSEDED, S.NO_CONTENT})


def advance(state: NavigationState, event: NavigationEvent) -> NavigationState:
    """Give the state after `event`.

    Raises:
        InternalError: the table has no such step; the text names event and state.
    """
    try:
        return TABLE[state, event]
    except KeyError:
        raise InternalError(f"navigation: event {event.value!r} is not possible in state {state.value!r}") from None
