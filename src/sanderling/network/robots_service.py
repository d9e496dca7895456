"""The robots.txt of every origin, fetched once for all sessions, as a service.

The first worker that asks is told to fetch it, the others wait for what it brings. When it gives up, or its worker goes, the next one
of those who wait is told to. So the file comes through the door, and by the rules, of a session that wants it.

Thread: main.
"""

from __future__ import annotations

import collections

import msgspec

from sanderling.base.clock import SYSTEM_CLOCK, Clock
from sanderling.network.services import Answer, Forget, nothing_to_forget
from sanderling.proto.robots import LIFE_SECONDS, MAX_BYTES

NAME = "robots"

MAX_KEPT_BYTES = 64 * 1024 * 1024
"""Of all files; those that came first go."""
ENTRY_BYTES = 200
"""What an entry costs beside its text, about."""
RETRY_SECONDS = 60.0
"""When a robots.txt that could not be had is asked for again."""


class Want(msgspec.Struct, frozen=True, tag=True):
    """Answered with a `Found`."""

    key: str
    """The origin, and whatever makes answers differ."""


class Bring(msgspec.Struct, frozen=True, tag=True):
    """Who was told to fetch a file has it, or gives up; needs no answer."""

    key: str
    status: int = 0
    """Of the last response; 0 when there was none."""
    text: str = ""
    failure: str = ""
    """Why there was no response."""
    abandoned: bool = False
    """Whoever asked no longer waits: another one is to fetch it."""


class Found(msgspec.Struct, frozen=True):
    """The file, or the order to fetch it."""

    fetch: bool = False
    status: int = 0
    text: str = ""
    failure: str = ""
    life_s: float = 0.0
    """How long it may be used, from now."""


_QUESTION = msgspec.json.Decoder(Want | Bring)


class _Entry(msgspec.Struct):
    leader: object | None = None  # who fetches
    waiting: collections.deque[tuple[object, Answer]] = msgspec.field(default_factory=collections.deque)
    found: Bring | None = None
    expires: float = 0.0

    @property
    def size(self) -> int:
        return ENTRY_BYTES + (len(self.found.text) if self.found is not None else 0)


class RobotsService:
    """See `services.Service`.

    Args:
        clock: files live a day by it.
    """

    def __init__(self, clock: Clock = SYSTEM_CLOCK) -> None:
        self._clock = clock
        self._entries: dict[str, _Entry] = {}  # by key, the oldest first
        self._bytes = 0  # of those that were found

    def ask(self, asker: object, body: bytes, answer: Answer) -> Forget:
        """See `services.Service.ask`."""
        question = _QUESTION.decode(body)
        if isinstance(question, Bring):
            answer(b"null")
            entry = self._entries.get(question.key)
            if entry is not None and entry.leader is asker:
                self._brought(question, entry)
            return nothing_to_forget
        now = self._clock.monotonic()
        entry = self._entries.get(question.key)
        if entry is not None and entry.found is not None and entry.expires <= now:
            self._drop(question.key)
            entry = None
        if entry is None:
            entry = self._entries[question.key] = _Entry(leader=asker)
            answer(msgspec.json.encode(Found(fetch=True)))
            return nothing_to_forget
        if entry.found is not None:
            answer(_answer(entry.found, entry.expires - now))
            return nothing_to_forget
        one = (asker, answer)
        entry.waiting.append(one)

        def forget() -> None:
            if one in entry.waiting:
                entry.waiting.remove(one)

        return forget

    def _brought(self, brought: Bring, entry: _Entry) -> None:
        if brought.abandoned:
            self._next_leader(brought.key, entry)
            return
        life = LIFE_SECONDS if brought.status and brought.status < 500 else RETRY_SECONDS
        entry.leader = None
        entry.found = msgspec.structs.replace(brought, text=brought.text[:MAX_BYTES])
        entry.expires = self._clock.monotonic() + life
        self._bytes += entry.size
        waiting, entry.waiting = entry.waiting, collections.deque()
        for _, answer in waiting:
            answer(_answer(entry.found, life))
        for key in tuple(self._entries):
            if self._bytes <= MAX_KEPT_BYTES:
                break
            if self._entries[key].found is not None:
                self._drop(key)

    def _next_leader(self, key: str, entry: _Entry) -> None:
        if not entry.waiting:
            del self._entries[key]
            return
        entry.leader, answer = entry.waiting.popleft()
        answer(msgspec.json.encode(Found(fetch=True)))

    def _drop(self, key: str) -> None:
        self._bytes -= self._entries.pop(key).size

    def left(self, asker: object) -> None:
        """See `services.Service.left`: what it was to fetch, another one does."""
        for key, entry in tuple(self._entries.items()):
            if entry.leader is asker:
                self._next_leader(key, entry)

    def close(self) -> None:
        """See `services.Service.close`."""
        self._entries.clear()


def _answer(found: Bring, life_s: float) -> bytes:
    return msgspec.json.encode(
        Found(status=found.status, text=found.text, failure=found.failure, life_s=max(life_s, 0.0))
    )
