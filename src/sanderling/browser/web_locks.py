"""Locks of a context (`navigator.locks`): who holds which, and who waits, by origin.

https://w3c.github.io/web-locks/. Page code (`web/web-locks/`) asks by number and is told `locks.granted`, `locks.unavailable`,
`locks.stolen` or `locks.refused`. What an agent held is released when it ends.

Thread: worker.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from sanderling.browser.agent import Json

MAX_REQUESTS = 10_000
"""Locks that the isolates of one context may hold or wait for, together; what asks for more is refused."""


class LockClient(Protocol):
    """What is needed of an agent."""

    @property
    def closed(self) -> bool:
        """Whether the isolate is gone."""

    def post(self, kind: str, payload: Json) -> None:
        """Run an entry in it."""

    def when_closed(self, listener: Callable[[], None]) -> None:
        """Call `listener` once it is gone."""


class LockRequest(msgspec.Struct, eq=False):
    """A lock that is held or waited for."""

    agent: Any  # a LockClient
    number: int  # what the agent calls it
    name: str
    mode: str  # "shared" or "exclusive"
    client: str  # of the document, as `query()` tells it


class OriginLocks:
    """The lock manager of one origin (Web Locks, 2.4)."""

    def __init__(self) -> None:
        self.held: dict[str, list[LockRequest]] = {}  # by name
        self.waiting: dict[str, list[LockRequest]] = {}  # by name, the next first

    def _grantable(self, request: LockRequest) -> bool:
        # 2.5: the first in its queue, and nothing held that excludes it.
        held = self.held.get(request.name, [])
        return not held or (request.mode == "shared" and held[0].mode == "shared")

    def add(self, request: LockRequest, *, if_available: bool, steal: bool) -> bool:
        """Request a lock (4.1); False: it is not available, and nothing waits for it.

        Args:
            request: new.
            if_available: do not wait.
            steal: before all that wait; `break_held` was called.
        """
        queue = self.waiting.get(request.name, [])
        if if_available and (queue or not self._grantable(request)):
            return False
        queue.insert(0 if steal else len(queue), request)
        self.waiting[request.name] = queue
        self._process(request.name)
        return True

    def break_held(self, name: str) -> list[LockRequest]:
        """Give the locks of a name that are held, which they are no more."""
        return self.held.pop(name, [])

    def drop(self, request: LockRequest) -> None:
        """Release a lock (4.3), or give up waiting for it (4.4)."""
        for lists in (self.held, self.waiting):
            if request in lists.get(request.name, ()):
                lists[request.name].remove(request)
                if not lists[request.name]:
                    del lists[request.name]
        self._process(request.name)

    def _process(self, name: str) -> None:
        # 4.5
        queue = self.waiting.get(name)
        while queue and self._grantable(queue[0]):
            request = queue.pop(0)
            self.held.setdefault(name, []).append(request)
            request.agent.post("locks.granted", {"number": request.number})
        if not queue:
            self.waiting.pop(name, None)

    def snapshot(self) -> dict[str, Any]:
        """Tell what is held and what waits (4.6)."""
        return {"held": _facts(self.held), "pending": _facts(self.waiting)}


def _facts(lists: dict[str, list[LockRequest]]) -> list[dict[str, str]]:
    return [{"name": one.name, "mode": one.mode, "client": one.client} for all_of in lists.values() for one in all_of]


class WebLocks:
    """The locks of one context."""

    def __init__(self) -> None:
        self._origins: dict[str, OriginLocks] = {}
        self._requests: dict[LockClient, dict[int, tuple[str, LockRequest]]] = {}

    def request(self, agent: LockClient, origin: str, payload: Json) -> None:
        """`locks.request`: of a name, when it is free."""
        if agent.closed:
            return
        number = payload["number"]
        if sum(map(len, self._requests.values())) >= MAX_REQUESTS:
            agent.post("locks.refused", {"number": number})
            return
        if agent not in self._requests:
            self._requests[agent] = {}
            agent.when_closed(lambda: self._forget(agent))
        locks = self._origins.setdefault(origin, OriginLocks())
        request = LockRequest(agent, number, payload["name"], payload["mode"], payload["client"])
        if payload["steal"]:
            for broken in locks.break_held(request.name):
                del self._requests[broken.agent][broken.number]
                broken.agent.post("locks.stolen", {"number": broken.number})
        if locks.add(request, if_available=payload["ifAvailable"], steal=payload["steal"]):
            self._requests[agent][number] = (origin, request)
        else:
            agent.post("locks.unavailable", {"number": number})

    def release(self, agent: LockClient, payload: Json) -> None:
        """`locks.release`: the lock is held no more, or not waited for."""
        known = self._requests.get(agent, {}).pop(payload["number"], None)
        if known is not None:
            self._drop(*known)

    def query(self, agent: LockClient, origin: str, payload: Json) -> None:
        """`locks.query`: answered with `locks.state`."""
        state = self._origins[origin].snapshot() if origin in self._origins else {"held": [], "pending": []}
        agent.post("locks.state", {**state, "number": payload["number"]})

    def _forget(self, agent: LockClient) -> None:
        for known in self._requests.pop(agent).values():
            self._drop(*known)

    def _drop(self, origin: str, request: LockRequest) -> None:
        locks = self._origins[origin]
        locks.drop(request)
        if not locks.held and not locks.waiting:
            del self._origins[origin]
