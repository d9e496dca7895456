"""The table of navigations: every state with every event."""

from __future__ import annotations

import pytest

from sanderling.base.errors import InternalError
from sanderling.browser.frame import Navigation
from sanderling.browser.navigation import FINAL, TABLE, NavigationEvent, NavigationState, advance

S = NavigationState
E = NavigationEvent

# One row a state, one column an event; "." is refused.
#                 START       COMMIT        PARSED         LOADED      FAIL      CANCEL      SUPERSEDE     EMPTY
_ROWS = """
REQUESTED         FETCHING    .             .              .           FAILED    CANCELED    SUPERSEDED    .
FETCHING          .           COMMITTED     .              .           FAILED    CANCELED    SUPERSEDED    NO_CONTENT
COMMITTED         .           .             INTERACTIVE    .           FAILED    CANCELED    SUPERSEDED    .
INTERACTIVE       .           .             INTERACTIVE    COMPLETE    FAILED    CANCELED    SUPERSEDED    .
COMPLETE          .           .             .              .           .         .           .             .
FAILED            .           .             .              .           .         .           .             .
CANCELED          .           .             .              .           .         .           .             .
SUPERSEDED        .           .             .              .           .         .           .             .
NO_CONTENT        .           .             .              .           .         .           .             .
"""
_EVENTS = (E.START, E.COMMIT, E.PARSED, E.LOADED, E.FAIL, E.CANCEL, E.SUPERSEDE, E.EMPTY)
_CASES = [
    (NavigationState[row[0]], event, None if cell == "." else NavigationState[cell])
    for row in (line.split() for line in _ROWS.strip().splitlines())
    for event, cell in zip(_EVENTS, row[1:], strict=True)
]


def test_the_cases_are_all_there_are() -> None:
    assert len(_CASES) == len(S) * len(E)
    assert {(state, event): after for state, event, after in _CASES if after is not None} == TABLE


@pytest.mark.parametrize(("state", "event", "after"), _CASES, ids=lambda value: getattr(value, "name", "refused"))
def test_a_step(state: NavigationState, event: NavigationEvent, after: NavigationState | None) -> None:
    if after is None:
        with pytest.raises(InternalError, match=f"event '{event.value}' is not possible in state '{state.value}'"):
            advance(state, event)
    else:
        assert advance(state, event) is after


def test_final_states_have_no_way_out_and_others_do() -> None:
    assert {state for state, _ in TABLE} == set(S) - FINAL


def test_every_state_but_the_first_can_be_reached() -> None:
    reached = {S.REQUESTED}
    for _ in S:
        reached |= {after for (state, _), after in TABLE.items() if state in reached}
    assert reached == set(S)


def test_a_navigation_keeps_its_state_when_a_step_is_refused() -> None:
    navigation = Navigation("https://shop.test/", 1)
    navigation.advance(E.START)
    with pytest.raises(InternalError):
        navigation.advance(E.LOADED)
    assert navigation.state is S.FETCHING
