from __future__ import annotations

import itertools

import pytest

from sanderling.base.errors import InternalError
from sanderling.network.messages import Done, Event, Failed, Submit, Timings, TransferId
from sanderling.network.transfer import TABLE, Lifecycle, State, Step, Transfer

ID = TransferId(7)
DONE = Done(ID, b"", 0, Timings())
FAILED = Failed(ID, "net::ERR_FAILED", "", Timings())
ABORTED = Failed(ID, "net::ERR_ABORTED", "", Timings())
OUTCOMES: dict[Step, Event] = {Step.COMPLETE: DONE, Step.FAIL: FAILED, Step.CANCEL: ABORTED}


class Owner:
    def knows_tls(self, number: int) -> bool:
        raise AssertionError(number)

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.forgotten: list[TransferId] = []

    def emit(self, event: Event) -> None:
        self.events.append(event)

    def ended(self, transfer: TransferId) -> None:
        self.forgotten.append(transfer)


def take(transfer: Transfer, step: Step) -> None:
    if step is Step.COMPLETE:
        transfer.complete(DONE)
    elif step is Step.FAIL:
        transfer.fail(FAILED)
    elif step is Step.CANCEL:
        transfer.cancel(ABORTED)
    else:
        transfer.life.step(step)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_every_pair_is_in_the_table_or_refused(state: State, step: Step) -> None:
    life = Lifecycle()
    life.state = state
    if (state, step) in TABLE:
        assert life.step(step) is (state is not State.ENDED)
        assert life.state is TABLE[state, step]
    else:
        with pytest.raises(InternalError, match=f"cannot {step.value} when it is {state.value}"):
            life.step(step)
        assert life.state is state


def test_all_interleavings_give_at_most_one_outcome_and_it_is_the_first() -> None:
    """Every order of every multiset of up to six steps: illegal ones raise and change nothing."""
    outcomes = 0
    for length in range(1, 7):
        for steps in itertools.product(Step, repeat=length):
            if length == 6 and steps[0] not in (Step.HOLD, Step.START):
                continue  # the shorter runs cover what cannot start
            owner = Owner()
            transfer = Transfer(Submit(ID, "http://a.test/"), owner, 0.0)
            expected: Event | None = None
            for step in steps:
                legal = (transfer.life.state, step) in TABLE
                before = transfer.life.state
                if not legal:
                    with pytest.raises(InternalError):
                        take(transfer, step)
                    assert transfer.life.state is before
                    break
                take(transfer, step)
                if expected is None and transfer.life.ended:
                    expected = OUTCOMES[step]
            assert owner.events == ([] if expected is None else [expected])
            assert owner.forgotten == ([] if expected is None else [ID])
            outcomes += expected is not None
    assert outcomes > 1000


def test_cancel_after_the_end_is_silent_and_says_so() -> None:
    owner = Owner()
    transfer = Transfer(Submit(ID, "http://a.test/"), owner, 0.0)
    assert transfer.cancel(ABORTED) is True
    assert transfer.cancel(ABORTED) is False
    assert owner.events == [ABORTED]


def test_started_means_that_libcurl_has_it() -> None:
    life = Lifecycle()
    seen = [life.started]
    for step in (Step.HOLD, Step.START, Step.HEAD, Step.PAUSE, Step.RESUME, Step.COMPLETE):
        life.step(step)
        seen.append(life.started)
    assert seen == [False, False, True, True, True, True, False]
    assert life.ended
