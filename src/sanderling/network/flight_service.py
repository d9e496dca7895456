"""Single flight over all worker processes, as a service: of those who want the same at the same time one goes out for it.

Who asks first leads; the others wait until it says that the response is stored where they can see it, or that it is of no use to them. When
the leader gives up, or its worker goes, the next one of those who wait leads. What is asked for is a name here; only workers know URLs.

Thread: main.
"""

from __future__ import annotations

import collections
import itertools

import msgspec

from sanderling.network.services import Answer, Forget, nothing_to_forget

NAME = "flights"

MAX_LED = 10_000
"""Flights that one worker may lead: far more than it can have requests. Beyond that it asks by itself, and nobody waits for it."""


class Board(msgspec.Struct, frozen=True, tag=True):
    """Wants to ask for something; answered with a `Boarded`."""

    name: str


class Land(msgspec.Struct, frozen=True, tag=True):
    """Who led is done; needs no answer."""

    name: str
    ticket: int
    stored: bool = False
    """The response is where the others can see it."""
    abandoned: bool = False
    """It was canceled: another one is to ask."""


class Boarded(msgspec.Struct, frozen=True):
    """What to do."""

    ticket: int = 0
    """Lead, and land with this; 0: do not lead."""
    stored: bool = False
    """Somebody else asked meanwhile, and the response is stored."""


_QUESTION = msgspec.json.Decoder(Board | Land)


class _Flight(msgspec.Struct):
    leader: object
    ticket: int
    waiting: collections.deque[tuple[object, Answer]] = msgspec.field(default_factory=collections.deque)


class FlightService:
    """See `services.Service`."""

    def __init__(self) -> None:
        self._flights: dict[str, _Flight] = {}  # by name
        self._led: collections.Counter[object] = collections.Counter()  # how many, by leader
        self._tickets = itertools.count(1)

    def ask(self, asker: object, body: bytes, answer: Answer) -> Forget:
        """See `services.Service.ask`."""
        question = _QUESTION.decode(body)
        if isinstance(question, Land):
            answer(b"null")
            flight = self._flights.get(question.name)
            if flight is not None and (flight.leader, flight.ticket) == (asker, question.ticket):
                self._landed(question, flight)
            return nothing_to_forget
        flight = self._flights.get(question.name)
        if flight is None:
            if self._led[asker] >= MAX_LED:
                answer(msgspec.json.encode(Boarded()))
                return nothing_to_forget
            flight = self._flights[question.name] = _Flight(asker, next(self._tickets))
            self._led[asker] += 1
            answer(msgspec.json.encode(Boarded(ticket=flight.ticket)))
            return nothing_to_forget
        one = (asker, answer)
        waiting = flight.waiting
        waiting.append(one)

        def forget() -> None:
            if one in waiting:
                waiting.remove(one)

        return forget

    def _landed(self, landed: Land, flight: _Flight) -> None:
        if landed.abandoned:
            self._next(landed.name, flight)
            return
        del self._flights[landed.name]
        self._no_longer_leads(flight.leader)
        body = msgspec.json.encode(Boarded(stored=landed.stored))
        waiting = tuple(flight.waiting)
        flight.waiting.clear()
        for _, answer in waiting:
            answer(body)

    def _no_longer_leads(self, leader: object) -> None:
        self._led[leader] -= 1
        if not self._led[leader]:
            del self._led[leader]

    def _next(self, name: str, flight: _Flight) -> None:
        self._no_longer_leads(flight.leader)
        if not flight.waiting:
            del self._flights[name]
            return
        flight.leader, answer = flight.waiting.popleft()
        self._led[flight.leader] += 1
        flight.ticket = next(self._tickets)
        answer(msgspec.json.encode(Boarded(ticket=flight.ticket)))

    def left(self, asker: object) -> None:
        """See `services.Service.left`: what it led, another one leads."""
        for name, flight in tuple(self._flights.items()):
            if flight.leader is asker:
                self._next(name, flight)

    def close(self) -> None:
        """See `services.Service.close`."""
        self._flights.clear()
        self._led.clear()
