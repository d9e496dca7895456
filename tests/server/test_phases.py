"""The table of a connection's life."""

from __future__ import annotations

import pytest

from sanderling.base.errors import InternalError
from sanderling.server.phases import TABLE, Phase, PhaseEvent, advance


@pytest.mark.parametrize("phase", Phase)
def test_the_end_can_come_at_any_time(phase: Phase) -> None:
    assert advance(phase, PhaseEvent.LOST) is Phase.CLOSED
    assert advance(phase, PhaseEvent.CLOSE) in {Phase.CLOSING, Phase.CLOSED}


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("event", PhaseEvent)
def test_what_is_not_in_the_table_is_an_error_that_names_it(phase: Phase, event: PhaseEvent) -> None:
    if (phase, event) in TABLE:
        return
    with pytest.raises(InternalError, match=f"{phase.value} got '{event.value}'"):
        advance(phase, event)


def test_only_a_request_makes_a_client() -> None:
    assert {phase for (phase, event) in TABLE if event is PhaseEvent.UPGRADE} == {Phase.HTTP}
