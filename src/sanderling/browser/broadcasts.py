"""Broadcast channels between the isolates of a context: who listens to which name, and what is said there.

https://html.spec.whatwg.org/multipage/web-messaging.html#broadcasting-to-other-browsing-contexts. Within an isolate the channels reach each other by
themselves (`web/webmessaging/BroadcastChannel.js`); an isolate says here which names it listens to, once each, and what it broadcasts.
Whose origin that is, the worker knows better than page code, and from the moment of listening on.

Thread: worker.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

from sanderling.browser.agent import Json
from sanderling.browser.storage_keys import origin_of_key

_LOG = logging.getLogger("sanderling.browser")

MAX_CHANNELS = 10_000
"""Names that the isolates of one context listen to, together; a page that opens more hears nothing of other isolates there."""


class Listener(Protocol):
    """What is needed of an agent."""

    @property
    def closed(self) -> bool:
        """Whether the isolate is gone."""

    def post(self, kind: str, payload: Json, data: bytes | None) -> None:
        """Run an entry in it."""

    def when_closed(self, listener: Callable[[], None]) -> None:
        """Call `listener` once it is gone."""


class Broadcasts:
    """The broadcast channels of one context."""

    def __init__(self) -> None:
        self._listeners: dict[
            tuple[str, str], list[Listener]
        ] = {}  # by origin, or storage key (`storage_keys`), and name
        self._origins: dict[Listener, dict[str, str]] = {}  # by agent, by name
        self._count = 0

    def open(self, agent: Listener, origin: str, name: str) -> None:
        """`broadcast.open`: page code listens to a name; opaque origins ("null") are shared with nobody."""
        if origin == "null" or agent.closed:
            return
        if self._count >= MAX_CHANNELS:
            _LOG.warning("more than %d broadcast channels between isolates", MAX_CHANNELS)
            return
        if agent not in self._origins:
            self._origins[agent] = {}
            agent.when_closed(lambda: self._forget(agent))
        if name in self._origins[agent]:
            return
        self._count += 1
        self._origins[agent][name] = origin
        self._listeners.setdefault((origin, name), []).append(agent)

    def close(self, agent: Listener, name: str) -> None:
        """`broadcast.close`: no channel of that name is left in the isolate."""
        origin = self._origins.get(agent, {}).pop(name, None)
        if origin is None:
            return
        self._count -= 1
        agents = self._listeners[origin, name]
        agents.remove(agent)
        if not agents:
            del self._listeners[origin, name]

    def listeners(self, origin: str, name: str) -> list[Listener]:
        """Give who listens to a name, the eldest first."""
        return list(self._listeners.get((origin, name), ()))

    def post(self, agent: Listener, payload: Json, data: bytes | None) -> None:
        """`broadcast.post`: to every other isolate of the origin that listens to the name."""
        name = payload["name"]
        origin = self._origins.get(agent, {}).get(name)
        if origin is None:
            return
        message = {"name": name, "origin": origin_of_key(origin), "message": payload["message"]}
        for other in self._listeners[origin, name]:
            if other is not agent:
                other.post("broadcast.deliver", message, data)

    def _forget(self, agent: Listener) -> None:
        for name in tuple(self._origins[agent]):
            self.close(agent, name)
        del self._origins[agent]
