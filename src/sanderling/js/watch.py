"""Waiting for calls into an isolate, one at a time, for as long as they may compute.

A page makes thousands of calls a second and nearly none is late, so what is paid for each counts: a future, and no timer of its own. One
timer stands for the whole isolate; it looks at the call under way, and waits on when that has time left.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from typing import Any, Literal, TypeAlias


class OverdueError(Exception):
    """The call was ended: it had used up its time."""


class GivenUpError(Exception):
    """The call cannot be ended, and goes on without anybody waiting for it."""


Reason: TypeAlias = Literal["question", "debugger"]
"""Why page code waits."""


class Stopwatch:
    """How long a call has computed: the time since its start without that in which the worker owed it an answer, or a debugger held it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._started = loop.time()
        self._blocked = 0.0  # seconds, of waits that are over
        self._since = 0.0  # loop time when the wait under way began
        self._reasons: set[Reason] = set()  # for the wait under way

    def wait_began(self, reason: Reason = "question") -> None:
        """Page code asked something, or a debugger holds it; it may ask while it is held."""
        if not self._reasons:
            self._since = self._loop.time()
        self._reasons.add(reason)

    def wait_ended(self, reason: Reason = "question") -> None:
        """It was answered, or is held no more."""
        if reason not in self._reasons:
            return
        self._reasons.remove(reason)
        if not self._reasons:
            self._blocked += self._loop.time() - self._since

    def used_s(self) -> float:
        """Give the seconds computed so far."""
        now = self._loop.time()
        return now - self._started - self._blocked - (now - self._since if self._reasons else 0.0)


class _Attempt:
    """The call under way.

    Args:
        outcome: what is waited for.
        stopwatch: measures it, where the engine has no deadline of its own for it.
        look_at: loop time before which there is nothing to be done.
        deadline_s: how long it may compute.
        give_up_s: how long after its end was due it may go on.
    """

    __slots__ = ("deadline_s", "ended", "give_up_s", "look_at", "outcome", "stopwatch")

    def __init__(
        self,
        outcome: asyncio.Future[Any],
        stopwatch: Stopwatch | None,
        look_at: float,
        deadline_s: float,
        give_up_s: float,
    ) -> None:
        self.outcome = outcome
        self.stopwatch = stopwatch
        self.look_at = look_at
        self.deadline_s = deadline_s
        self.give_up_s = give_up_s
        self.ended = False  # by us


class Watch:
    """Waits for the calls into one isolate.

    Args:
        terminate: ends what the isolate computes, and the isolate.
    """

    def __init__(self, terminate: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._terminate = terminate
        self._attempt: _Attempt | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def run(
        self,
        call: asyncio.Future[Any],
        *,
        deadline_s: float,
        give_up_s: float,
        stopwatch: Stopwatch | None,
    ) -> Any:
        """Wait for a call that has begun.

        Args:
            call: its result.
            deadline_s: how long it may compute. The engine sees to that, unless there is a stopwatch.
            give_up_s: how long after its deadline it may go on before it is given up.
            stopwatch: measures it.

        Raises:
            OverdueError: by the stopwatch it had computed for too long, and was ended.
            GivenUpError: it goes on.
            Exception: what the call raised.
        """
        outcome: asyncio.Future[Any] = self._loop.create_future()
        call.add_done_callback(functools.partial(_hand_on, outcome))
        wait_s = deadline_s + give_up_s if stopwatch is None else deadline_s
        attempt = self._attempt = _Attempt(outcome, stopwatch, self._loop.time() + wait_s, deadline_s, give_up_s)
        self._arm(attempt.look_at)
        try:
            result = await outcome
        except GivenUpError:
            raise
        except Exception:
            if attempt.ended:
                raise OverdueError from None
            raise
        finally:
            self._attempt = None
        if attempt.ended:
            raise OverdueError
        return result

    def _arm(self, when: float) -> None:
        if self._timer is not None:
            if self._timer.when() <= when:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(when, self._look)

    def _look(self) -> None:
        self._timer = None
        attempt = self._attempt
        if attempt is None or attempt.outcome.done():
            return  # the next call sets it again
        now = self._loop.time()
        if now >= attempt.look_at:
            self._judge(attempt, now)
        if not attempt.outcome.done():
            self._arm(attempt.look_at)

    def _judge(self, attempt: _Attempt, now: float) -> None:
        if attempt.stopwatch is None or attempt.ended:
            attempt.outcome.set_exception(GivenUpError())
            return
        left = attempt.deadline_s - attempt.stopwatch.used_s()
        if left > 0:
            attempt.look_at = now + left
            return
        # The engine can only end the whole isolate from outside.
        attempt.ended = True
        attempt.look_at = now + attempt.give_up_s
        self._terminate()

    def stop(self) -> None:
        """No more calls come. Idempotent."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _hand_on(outcome: asyncio.Future[Any], call: asyncio.Future[Any]) -> None:
    if call.cancelled():
        outcome.cancel()
        return
    error = call.exception()
    if outcome.done():
        return
    if error is None:
        outcome.set_result(call.result())
    else:
        outcome.set_exception(error)
        outcome.exception()  # who waits may be cancelled now; then nobody else asks how it ended
