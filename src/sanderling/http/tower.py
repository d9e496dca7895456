"""The worker's side of single flight over all processes (`network.flight_service`).

Thread: worker.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from typing import Protocol

from sanderling.http.services import SharedServices
from sanderling.network import flight_service
from sanderling.network.flight_service import Board, Boarded, Land

PATIENCE_S = 20.0
"""How long a request waits for another process's response, like `flights.PATIENCE_S`."""


class Ticket(Protocol):
    """Leave to ask for something."""

    @property
    def leads(self) -> bool:
        """Whether others wait for what comes of it; then it has to land."""

    @property
    def stored(self) -> bool:
        """Whether another process has stored it meanwhile."""

    def land(self, *, stored: bool = False, abandoned: bool = False) -> None:
        """Say what came of it. Only the first call counts."""


class Tower(Protocol):
    """Knows what all processes ask for."""

    async def board(self, name: str) -> Ticket:
        """Wait until it may be asked for."""


class ServiceTower:
    """The tower of a server.

    Args:
        services: what its sessions share.
    """

    def __init__(self, services: SharedServices) -> None:
        self._services = services

    async def board(self, name: str) -> Ticket:
        """See `Tower.board`."""
        short = hashlib.sha256(name.encode()).hexdigest()
        asked = asyncio.get_running_loop().create_task(self._ask(short))
        taken = False
        try:
            await asyncio.wait((asked,), timeout=PATIENCE_S)
            taken = asked.done()
        finally:
            if not taken:
                # The leave came, or is on its way: it is given back, for the others wait for who has it.
                asked.add_done_callback(_give_back)
        return asked.result() if taken else ServiceTicket(Boarded(), lambda land: None, short)

    async def _ask(self, short: str) -> ServiceTicket:
        boarded = await self._services.ask(flight_service.NAME, Board(short), Boarded)
        return ServiceTicket(boarded, lambda land: self._services.tell(flight_service.NAME, land), short)


def _give_back(asked: asyncio.Task[ServiceTicket]) -> None:
    if not asked.cancelled() and asked.exception() is None:
        asked.result().land(abandoned=True)


class ServiceTicket:
    """See `Ticket`."""

    def __init__(self, boarded: Boarded, tell: Callable[[Land], None], name: str) -> None:
        self._number = boarded.ticket
        self.leads = bool(boarded.ticket)
        self.stored = boarded.stored
        self._tell = tell
        self._name = name

    def land(self, *, stored: bool = False, abandoned: bool = False) -> None:
        """See `Ticket.land`."""
        if self._number:
            number, self._number = self._number, 0
            self._tell(Land(self._name, number, stored, abandoned))
