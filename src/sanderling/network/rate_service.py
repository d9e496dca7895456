"""The rate at which all sessions together visit a host (`proto.host_rates`), as a service.

Thread: main.
"""

from __future__ import annotations

import asyncio

import msgspec

from sanderling.base.clock import SYSTEM_CLOCK, Clock
from sanderling.network.services import Answer, Forget, nothing_to_forget
from sanderling.proto.host_rates import HostRates

NAME = "rates"


class Reserve(msgspec.Struct, frozen=True, tag=True):
    """Answered with `Granted` when the time for a visit has come, or at once where that is too far away."""

    host: str
    delay_s: float
    burst: int
    max_wait_s: float


class Visited(msgspec.Struct, frozen=True, tag=True):
    """A visit was answered; `Verdict` says whether it may be repeated."""

    host: str
    status: int
    retry_after_s: float | None = None


class Granted(msgspec.Struct, frozen=True):
    """Go on, or give up."""

    too_long_s: float = 0.0
    """Not 0: so long one would have to wait, and there is no place."""


class Verdict(msgspec.Struct, frozen=True):
    """What to do about a visit that was refused."""

    repeat: bool


_QUESTION = msgspec.json.Decoder(Reserve | Visited)


class RateService:
    """See `services.Service`.

    Args:
        clock: of the rates; waiting itself is the loop's.
    """

    def __init__(self, clock: Clock = SYSTEM_CLOCK) -> None:
        self._clock = clock
        self._rates = HostRates()
        self._timers: set[asyncio.TimerHandle] = set()

    def ask(self, asker: object, body: bytes, answer: Answer) -> Forget:
        """See `services.Service.ask`."""
        question = _QUESTION.decode(body)  # msgspec's errors are ValueErrors
        now = self._clock.monotonic()
        if isinstance(question, Visited):
            repeat = self._rates.answered(question.host, now, question.status, question.retry_after_s)
            answer(msgspec.json.encode(Verdict(repeat)))
            return nothing_to_forget
        wait = self._rates.reserve(
            question.host,
            now,
            delay_s=question.delay_s,
            burst=question.burst,
            max_wait_s=question.max_wait_s,
        )
        if wait <= 0 or wait > question.max_wait_s:
            answer(msgspec.json.encode(Granted(max(wait, 0.0))))
            return nothing_to_forget
        return self._later(question, wait, answer)

    def _later(self, question: Reserve, wait: float, answer: Answer) -> Forget:
        def due() -> None:
            self._timers.discard(timer)
            answer(msgspec.json.encode(Granted()))

        def forget() -> None:
            if timer in self._timers:
                timer.cancel()
                self._timers.discard(timer)
                self._rates.give_back(question.host, question.delay_s)

        timer = asyncio.get_running_loop().call_later(wait, due)
        self._timers.add(timer)
        return forget

    def left(self, asker: object) -> None:
        """Those who waited were forgotten one by one."""

    def close(self) -> None:
        """See `services.Service.close`."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
