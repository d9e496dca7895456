"""The execution contexts of a page: where code of its documents runs.

They are made inside of the isolates (`web/inspector/worlds.js`), before page code; here is what sessions are told of them.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from sanderling.cdp.errors import CdpError

IDS_OF_AN_ISOLATE = 10_000
"""Context ids are never reused in a process: each isolate gets a range of its own."""

OBJECT_MARK = "0"
"""What ids of remote objects begin with that are made in `web/inspector/remote.js`; V8's own begin with its number of the isolate."""

_BASES = itertools.count(1)


def next_base() -> int:
    """Give the first context id for a new isolate."""
    return (next(_BASES) - 1) * IDS_OF_AN_ISOLATE + 1


def base_of(context_id: int) -> int:
    """Give the first context id of the isolate that a context is in."""
    return context_id - (context_id - 1) % IDS_OF_AN_ISOLATE


class ExecutionContext(msgspec.Struct, frozen=True):
    """Where code of a document runs."""

    id: int
    name: str
    origin: str
    is_default: bool
    frame: int
    """Number of the frame."""
    frame_id: str
    of_worker: bool = False
    """It is a web worker's: there is no frame."""

    @property
    def unique_id(self) -> str:
        """Chromium's form: two numbers, never given twice."""
        return f"{self.id}.{sum(self.frame_id.encode())}"

    def payload(self) -> dict[str, Any]:
        """Give CDP's `ExecutionContextDescription`."""
        out: dict[str, Any] = {
            "id": self.id,
            "origin": "://" if self.origin == "null" else self.origin,
            "name": self.name,
            "uniqueId": self.unique_id,
        }
        if not self.of_worker:
            out["auxData"] = {
                "isDefault": self.is_default,
                "type": "default" if self.is_default else "isolated",
                "frameId": self.frame_id,
            }
        return out


class Contexts:
    """Those of one page, in order of their making.

    Args:
        announce: sends an event of the Runtime domain to who listens.
        is_alive: whether code can be entered where a context is: that ends a moment before the contexts are cleared.
    """

    def __init__(
        self, announce: Callable[[str, dict[str, Any]], None], is_alive: Callable[[int], bool] = lambda context: True
    ) -> None:
        self._announce = announce
        self._is_alive = is_alive
        self._contexts: dict[int, ExecutionContext] = {}
        self._waiting: list[tuple[int, asyncio.Future[ExecutionContext]]] = []  # frame, and who wants its main one

    def __iter__(self) -> Iterator[ExecutionContext]:
        """Go over the living ones."""
        return iter(tuple(self._contexts.values()))

    def add(self, context: ExecutionContext) -> None:
        """A context was made; one that was foreseen is no news."""
        if context.id in self._contexts:
            return
        self._contexts[context.id] = context
        if context.is_default:
            for frame, future in tuple(self._waiting):
                if frame == context.frame:
                    self._waiting.remove((frame, future))
                    if not future.done():
                        future.set_result(context)
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
        waiting, self._waiting = self._waiting, []
        for _, future in waiting:
            if not future.done():
                future.set_exception(CdpError("Inspected target navigated or closed"))

    def find(self, context_id: int) -> ExecutionContext:
        """Give the context of that id.

        Raises:
            CdpError: there is none.
        """
        context = self._contexts.get(context_id)
        if context is None or not self._is_alive(context_id):
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
        match object_id.split("."):
            case [mark, context, number] if mark == OBJECT_MARK and context.isdigit() and number.isdigit():
                return self.find(int(context))
        raise CdpError("Invalid remote object id")

    async def main_soon(self, frame: int) -> ExecutionContext:
        """Give the page's own world of a frame; between two documents, that of the one that is coming.

        Raises:
            CdpError: the page closed meanwhile.
        """
        try:
            return self.main(frame)
        except CdpError:
            future: asyncio.Future[ExecutionContext] = asyncio.get_running_loop().create_future()
            self._waiting.append((frame, future))
            return await future

    def recheck(self) -> None:
        """A document that was to be left may stay: who waited for the next one gets it."""
        for frame, future in tuple(self._waiting):
            try:
                context = self.main(frame)
            except CdpError:
                continue
            self._waiting.remove((frame, future))
            if not future.done():
                future.set_result(context)

    def main(self, frame: int) -> ExecutionContext:
        """Give the page's own world of a frame.

        Raises:
            CdpError: there is no document.
        """
        for context in self._contexts.values():
            if context.is_default and context.frame == frame and self._is_alive(context.id):
                return context
        raise CdpError("Cannot find default execution context")
