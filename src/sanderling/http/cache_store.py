"""Where responses are kept: the contract of a store, and the store in memory.

Thread: worker.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Literal, NamedTuple, Protocol, TypeAlias

import msgspec

from sanderling.proto.http_cache import Entry

MIB = 1 << 20
MAX_VARIANTS = 16
"""Responses kept of one URL, for requests that differ in what Vary names; the oldest goes."""

Place: TypeAlias = Literal["memory", "disk"]


class Key(NamedTuple):
    """What a response is stored for."""

    partition: str
    """Who may see it: the top-level site, and whether credentials went along."""
    url: str
    """Without fragment."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much a store holds."""

    total_bytes: int = 32 * MIB
    """Bodies and heads together."""
    entries: int = 2000
    entry_bytes: int = 8 * MIB
    """Of one body."""


class CacheStore(Protocol):
    """Keeps responses, within limits: what was not used for longest goes first. No method raises for what a disk does."""

    @property
    def place(self) -> Place:
        """Where it is."""

    @property
    def usable(self) -> bool:
        """Whether anything can be stored."""

    @property
    def limits(self) -> Limits:
        """How much it holds."""

    def find(self, key: Key) -> list[Entry]:
        """List what is stored for `key`."""

    def body(self, key: Key, entry: Entry) -> bytes | None:
        """Give the body of an entry, and count that as a use; None when it is gone."""

    def put(self, key: Key, entry: Entry, body: bytes) -> None:
        """Store a response in place of one for the same kind of request (`Entry.varied`)."""

    def refresh(self, key: Key, entry: Entry) -> None:
        """Replace the head of the entry with that id."""

    def remove(self, key: Key) -> None:
        """Remove what is stored for `key`."""

    def clear(self) -> None:
        """Remove everything of this context."""

    def close(self) -> None:
        """Let go of it."""


def head_bytes(entry: Entry) -> int:
    """Say about how much memory a head takes."""
    return 512 + len(entry.url) + sum(len(name) + len(value) + 120 for name, value in entry.headers)


class _Slot(NamedTuple):
    entry: Entry
    body: bytes

    @property
    def size(self) -> int:
        return head_bytes(self.entry) + len(self.body)


class MemoryStore:
    """A store of one context, gone with it.

    Args:
        limits: how much it holds.
    """

    place: Place = "memory"
    usable = True

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.bytes = 0  # of everything in it
        self._slots: OrderedDict[tuple[Key, str], _Slot] = OrderedDict()  # by key and id, the least used first
        self._ids: dict[Key, list[str]] = {}  # of a key, the oldest first

    def __len__(self) -> int:
        return len(self._slots)

    def find(self, key: Key) -> list[Entry]:
        """See `CacheStore.find`."""
        return [self._slots[key, number].entry for number in self._ids.get(key, ())]

    def body(self, key: Key, entry: Entry) -> bytes | None:
        """See `CacheStore.body`."""
        slot = self._slots.get((key, entry.id))
        if slot is None:
            return None
        self._slots.move_to_end((key, entry.id))
        return slot.body

    def put(self, key: Key, entry: Entry, body: bytes) -> None:
        """See `CacheStore.put`."""
        for old in self.find(key):
            if old.varied == entry.varied:
                self._remove(key, old.id)
        if len(body) > self.limits.entry_bytes:
            return
        slot = _Slot(entry, body)
        self._slots[key, entry.id] = slot
        numbers = self._ids.setdefault(key, [])
        numbers.append(entry.id)
        self.bytes += slot.size
        if len(numbers) > MAX_VARIANTS:
            self._remove(key, numbers[0])
        while self._slots and (self.bytes > self.limits.total_bytes or len(self._slots) > self.limits.entries):
            self._remove(*next(iter(self._slots)))

    def refresh(self, key: Key, entry: Entry) -> None:
        """See `CacheStore.refresh`."""
        slot = self._slots.get((key, entry.id))
        if slot is not None:
            self._slots[key, entry.id] = fresh = slot._replace(entry=entry)
            self.bytes += fresh.size - slot.size

    def remove(self, key: Key) -> None:
        """See `CacheStore.remove`."""
        for number in tuple(self._ids.get(key, ())):
            self._remove(key, number)

    def _remove(self, key: Key, number: str) -> None:
        self.bytes -= self._slots.pop((key, number)).size
        numbers = self._ids[key]
        numbers.remove(number)
        if not numbers:
            del self._ids[key]

    def clear(self) -> None:
        """See `CacheStore.clear`."""
        self._slots.clear()
        self._ids.clear()
        self.bytes = 0

    def close(self) -> None:
        """See `CacheStore.close`."""
        self.clear()
