"""All connections of clients, by phase.

Thread: main.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Protocol

from sanderling.server.phases import Phase

PENDING = frozenset({Phase.ACCEPTING, Phase.HTTP})


class Member(Protocol):
    """A connection, as the registry sees it."""

    @property
    def phase(self) -> Phase:
        """Where it stands."""

    @property
    def waiting(self) -> bool:
        """Whether it waits for its client's next request and owes it nothing."""

    def close(self, code: int, reason: str) -> None:
        """End it, whatever its phase. Idempotent."""

    def drop(self, reason: str) -> None:
        """Cut it at once. Idempotent."""


class Registry:
    """The connections that are not closed."""

    def __init__(self) -> None:
        self._phases: Counter[Phase] = Counter()
        self._pending: dict[Member, None] = {}  # oldest first
        self._rest: dict[Member, None] = {}
        self._empty = asyncio.Event()
        self._empty.set()

    def add(self, member: Member) -> None:
        """Take a new connection."""
        self._phases[member.phase] += 1
        self._pending[member] = None
        self._empty.clear()

    def moved(self, member: Member, before: Phase) -> None:
        """Note that a connection left a phase."""
        after = member.phase
        self._phases[before] -= 1
        if after is Phase.CLOSED:
            self._pending.pop(member, None)
            self._rest.pop(member, None)
            if not self._pending and not self._rest:
                self._empty.set()
            return
        self._phases[after] += 1
        if before in PENDING and after not in PENDING:
            self._pending.pop(member, None)
            self._rest[member] = None

    @property
    def clients(self) -> int:
        """How many hold a client's place."""
        return self._phases[Phase.UPGRADED]

    @property
    def pending(self) -> int:
        """How many are not upgraded."""
        return len(self._pending)

    def counts(self) -> dict[str, int]:
        """Give the number of connections in each phase that a living one can have."""
        return {phase.value: self._phases[phase] for phase in Phase if phase is not Phase.CLOSED}

    def idlest(self) -> Member | None:
        """Give the pending connection that is missed least: the oldest between two requests, else the oldest that never asked."""
        silent: Member | None = None
        for member in self._pending:
            if member.waiting:
                return member
            if silent is None and member.phase is Phase.ACCEPTING:
                silent = member
        return silent

    def close_all(self, code: int, reason: str) -> None:
        """End every connection, each as its phase asks."""
        for member in (*self._pending, *self._rest):
            member.close(code, reason)

    def drop_all(self, reason: str) -> None:
        """Cut what is left."""
        for member in (*self._pending, *self._rest):
            member.drop(reason)

    async def wait_empty(self) -> None:
        """Wait until every socket is gone."""
        await self._empty.wait()
