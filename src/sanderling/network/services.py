"""What all sessions of a process share beside the network itself: services that workers ask over their Handles.

A service is one small object that keeps its state on Network's loop. Workers in processes share no memory, so this is where
something is known once for all of them. What a service is asked and answers is JSON of types that it defines itself.

Thread: main.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol, TypeAlias

from sanderling.network.messages import AskService, CancelAsk, ServiceAnswered

_LOG = logging.getLogger("sanderling.network.services")

MAX_ASKS = 10_000
"""Of one worker that wait for an answer: far more than it can have requests."""

Answer: TypeAlias = Callable[[bytes], None]
Forget: TypeAlias = Callable[[], None]


class Asker(Protocol):
    """Who asks: the Network side of a Handle."""

    def push(self, event: ServiceAnswered, /) -> None:
        """Take an answer."""


class Service(Protocol):
    """One thing that is shared."""

    def ask(self, asker: object, body: bytes, answer: Answer) -> Forget:
        """Answer, at once or later, and exactly once.

        Args:
            asker: who asks; the same object for all that one worker asks.
            body: what, as JSON. It comes from a worker, and is not to be trusted.
            answer: takes the answer, also after the asker has gone.

        Returns:
            What to call when the asker no longer waits; it may be called after the answer.

        Raises:
            ValueError: `body` is not what the service understands.
        """

    def left(self, asker: object) -> None:
        """A worker is gone: what it was to do, it never will."""

    def close(self) -> None:
        """Network stops: let go of timers."""


class Services:
    """The services of a process, by name."""

    def __init__(self) -> None:
        self._services: dict[str, Service] = {}
        self._waiting: dict[object, dict[int, Forget]] = {}  # by asker and the number it gave

    def add(self, name: str, service: Service) -> None:
        """Offer a service (before Network runs)."""
        self._services[name] = service

    def obey(self, asker: Asker, command: AskService | CancelAsk) -> None:
        """Do what a worker asks for."""
        waiting = self._waiting.setdefault(asker, {})
        if isinstance(command, CancelAsk):
            forget = waiting.pop(command.id, None)
            if forget is not None:
                forget()
            return
        service = self._services.get(command.service)
        if service is None:
            self._refuse(asker, command.id, f"there is no service {command.service!r}")
            return
        if command.id in waiting or len(waiting) >= MAX_ASKS:
            # Under the same number, what waits already could not be forgotten any more.
            problem = f"question {command.id} waits already" if command.id in waiting else "too many questions wait"
            self._refuse(asker, command.id, problem)
            return
        answered = False

        def answer(body: bytes) -> None:
            nonlocal answered
            answered = True
            known = self._waiting.get(asker)
            if known is not None and command.id:
                known.pop(command.id, None)
                asker.push(ServiceAnswered(command.id, body))

        try:
            forget = service.ask(asker, command.body, answer)
        except ValueError as error:
            self._refuse(asker, command.id, str(error))
            return
        if command.id and not answered:
            waiting[command.id] = forget
        elif not answered:
            forget()  # it said that it does not wait

    @staticmethod
    def _refuse(asker: Asker, number: int, problem: str) -> None:
        _LOG.debug("a worker asked what cannot be answered: %s", problem[:200])
        if number:
            asker.push(ServiceAnswered(number, b"", problem[:200]))

    def left(self, asker: object) -> None:
        """A worker is gone: nobody waits there any more."""
        for forget in self._waiting.pop(asker, {}).values():
            forget()
        for service in self._services.values():
            service.left(asker)

    def close(self) -> None:
        """Network stops."""
        for waiting in self._waiting.values():
            for forget in waiting.values():
                forget()
        self._waiting.clear()
        for service in self._services.values():
            service.close()


def nothing_to_forget() -> None:
    """For an ask that was answered at once."""
