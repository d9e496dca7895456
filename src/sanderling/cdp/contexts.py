"""The execution contexts of a page: where code of its documents runs.

They are made inside of the isolates (`web/inspector/worlds.js`), before page code; here is what sessions are told of them.

Thread: worker.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from sanderling.cdp.errors import CdpError

IDS_OF_AN_ISOLATE = 10_000
"""Context ids are never reused in a process: each isolate gets a range of its own."""

_BASES = itertools.count(1)


def next_base() -> int:
    """Give the first context id for a new isolate."""
    return (next(_BASES) - 1) * IDS_OF_AN_ISOLATE + 1


class ExecutionContext(msgspec.Struct, frozen=True):
    """Where code of a document runs."""

    id: int
    name: str
    origin: str
    is_default: bool
    frame: int
    """Number of the frame."""
    frame_id: str

    @property
    def unique_id(self) -> str:
        """Chromium's form: two numbers, never given twice."""
        return f"{self.id}.{sum(self.frame_id.encode())}"

    def payload(self) -> dict[str, Any]:
        """Give CDP's `ExecutionContextDescription`."""
        return {
            "id": self.id,
            "origin": "://" if self.origin == "null" else self.origin,
            "name": self.name,
            "uniqueId": self.unique_id,
            "auxData": {
                "isDefault": self.is_default,
                "type": "default" if self.is_default else "isolated",
                "frameId": self.frame_id,
            },
        }


class Contexts:
    """Those of one page, in order of their making.

    Args:
        announce: sends an event of the Runtime domain to who listens.
    """

    def __init__(self, announce: Callable[[str, dict[str, Any]], None]) -> None:
        self._announce = announce
        self._contexts: dict[int, ExecutionContext] = {}

    def __iter__(self) -> Iterator[ExecutionContext]:
        """Go over the living ones."""
        return iter(tuple(self._contexts.values()))

    def add(self, context: ExecutionContext) -> None:
        """A context was made."""
        self._contexts[context.id] = context
        self._announce("executionContextCreated", {"context": context.payload()})

    def remove(self, context_id: int) -> None:
        """A context is gone."""
        context = self._contexts.pop(context_id, None)
        if context is not None:
            self._announce(
                "executionContextDestroyed",
                {"executionContextId": context.id, "executionContextUniqueId": context.unique_id},
            )

    def clear(self) -> None:
        """The page got another document: all are gone at once."""
        self._contexts.clear()
        self._announce("executionContextsCleared", {})

    def forget(self) -> None:
        """The page is gone, and nobody needs to be told."""
        self._contexts.clear()

    def find(self, context_id: int) -> ExecutionContext:
        """Give the context of that id.

        Raises:
            CdpError: there is none.
        """
        context = self._contexts.get(context_id)
        if context is None:
            raise CdpError("Cannot find context with specified id")
        return context

    def find_unique(self, unique_id: str) -> ExecutionContext:
        """Give the context of that unique id.

        Raises:
            CdpError: there is none.
        """
        for context in self._contexts.values():
            if context.unique_id == unique_id:
                return context
        raise CdpError("uniqueContextId not found")

    def of_object(self, object_id: str) -> ExecutionContext:
        """Give the context that a remote object belongs to.

        Raises:
            CdpError: the id is malformed, or the context is gone.
        """
        head, dot, tail = object_id.partition(".")
        if not dot or not head.isdigit() or not tail.isdigit():
            raise CdpError("Invalid remote object id")
        return self.find(int(head))

    def main(self, frame: int) -> ExecutionContext:
        """Give the page's own world of a frame.

        Raises:
            CdpError: there is no document.
        """
        for context in self._contexts.values():
            if context.is_default and context.frame == frame:
                return context
        raise CdpError("Cannot find default execution context")
