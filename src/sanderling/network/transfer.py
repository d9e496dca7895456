"""The life of a transfer as a table: which event is legal in which state, and where it leads.

A transfer begins QUEUED and ends ENDED, with exactly one outcome, `Done` or `Failed`. What the table does not list is a
mistake of ours and raises; the one exception is a race that is nobody's fault: a cancellation after the end is silent.

Thread: main.
"""

from __future__ import annotations

import enum
from typing import Protocol

from sanderling.base.errors import InternalError
from sanderling.network.messages import Done, Event, Failed, Submit, TransferId


class State(enum.Enum):
    """Where a transfer is."""

    QUEUED = "queued"  # accepted; its origin has no room for it
    WAITING = "waiting"  # held until the first connection to its origin says whether it multiplexes
    RUNNING = "running"  # libcurl has it; no response head yet
    RECEIVING = "receiving"  # the response head is complete
    PAUSED = "paused"  # as RECEIVING, and the worker holds too many bytes that it has not used
    ENDED = "ended"  # the outcome was given

    __hash__ = object.__hash__  # members are single, and Enum's own is slow: each transfer asks for it ten times


class Step(enum.Enum):
    """What happens to a transfer."""

    HOLD = "hold"
    START = "start"
    HEAD = "head"
    PAUSE = "pause"
    RESUME = "resume"
    COMPLETE = "complete"
    FAIL = "fail"
    CANCEL = "cancel"

    __hash__ = object.__hash__  # as above


TABLE: dict[tuple[State, Step], State] = {
    (State.QUEUED, Step.HOLD): State.WAITING,
    (State.QUEUED, Step.START): State.RUNNING,
    (State.QUEUED, Step.FAIL): State.ENDED,
    (State.QUEUED, Step.CANCEL): State.ENDED,
    (State.WAITING, Step.START): State.RUNNING,
    (State.WAITING, Step.FAIL): State.ENDED,
    (State.WAITING, Step.CANCEL): State.ENDED,
    (State.RUNNING, Step.HEAD): State.RECEIVING,
    (State.RUNNING, Step.FAIL): State.ENDED,
    (State.RUNNING, Step.CANCEL): State.ENDED,
    (State.RECEIVING, Step.PAUSE): State.PAUSED,
    (State.RECEIVING, Step.COMPLETE): State.ENDED,
    (State.RECEIVING, Step.FAIL): State.ENDED,
    (State.RECEIVING, Step.CANCEL): State.ENDED,
    (State.PAUSED, Step.RESUME): State.RECEIVING,
    (State.PAUSED, Step.FAIL): State.ENDED,
    (State.PAUSED, Step.CANCEL): State.ENDED,
    # The worker cannot know that the outcome is on its way to it (D4): silent.
    (State.ENDED, Step.CANCEL): State.ENDED,
}

STARTED = frozenset({State.RUNNING, State.RECEIVING, State.PAUSED})
"""The states in which libcurl has the transfer."""


class Lifecycle:
    """The state of one transfer; every change of it goes through `step`."""

    __slots__ = ("state",)

    def __init__(self) -> None:
        self.state = State.QUEUED

    def step(self, step: Step) -> bool:
        """Take a step.

        Returns:
            Whether it changed the state: False only for a cancellation after the end.

        Raises:
            InternalError: the step is illegal in this state.
        """
        try:
            after = TABLE[self.state, step]
        except KeyError:
            raise InternalError(f"a transfer cannot {step.value} when it is {self.state.value}") from None
        changed = after is not self.state
        self.state = after
        return changed

    @property
    def started(self) -> bool:
        """Whether libcurl has it."""
        return self.state in STARTED

    @property
    def ended(self) -> bool:
        """Whether its outcome was given."""
        return self.state is State.ENDED


class Owner(Protocol):
    """What a transfer belongs to and reports to: a worker's door, seen from Network."""

    def __hash__(self) -> int:
        """Owners take turns (`schedule`): each is told from others."""

    def emit(self, event: Event) -> None:
        """Queue an event for the worker."""

    def knows_tls(self, number: int) -> bool:
        """Say whether the worker was told the facts of this number before; from now on it is."""

    def ended(self, transfer: TransferId) -> None:
        """Forget a transfer: its outcome was emitted."""


class Transfer:
    """One request and what became of it.

    Args:
        submit: what the worker asked for.
        owner: whom its events go to.
        now: when it was submitted, on the loop's clock.
    """

    __slots__ = ("life", "options", "outcome", "owner", "submit", "submitted")

    def __init__(self, submit: Submit, owner: Owner, now: float) -> None:
        self.submit = submit
        self.options = submit.options
        self.owner = owner
        self.submitted = now
        self.outcome: Done | Failed | None = None  # once it has ended
        self.life = Lifecycle()

    @property
    def id(self) -> TransferId:
        """Its id within its owner."""
        return self.submit.id

    def complete(self, outcome: Done) -> None:
        """Give the outcome: success."""
        self.life.step(Step.COMPLETE)
        self._end(outcome)

    def fail(self, outcome: Failed) -> None:
        """Give the outcome: failure."""
        self.life.step(Step.FAIL)
        self._end(outcome)

    def cancel(self, outcome: Failed) -> bool:
        """Give the outcome of a cancellation, unless another came first.

        Returns:
            Whether it was in time.
        """
        if not self.life.step(Step.CANCEL):
            return False
        self._end(outcome)
        return True

    def _end(self, outcome: Done | Failed) -> None:
        self.outcome = outcome
        self.owner.emit(outcome)
        self.owner.ended(self.submit.id)
