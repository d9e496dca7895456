"""A worker's Browser: its contexts, and where isolates come from.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import gc
import platform

import msgspec

from sanderling.base.clock import SYSTEM_CLOCK, Clock
from sanderling.base.errors import UsageError
from sanderling.base.version import VERSION
from sanderling.browser.background import Background
from sanderling.browser.caches import Caches
from sanderling.browser.context import Context
from sanderling.browser.files import Files
from sanderling.browser.options import ContextOptions, DiskCache
from sanderling.http.services import SharedServices
from sanderling.http.tower import Tower
from sanderling.http.transport import Transport
from sanderling.js.allocator import trim
from sanderling.js.engine import Engine, Isolate

DEFAULT_USER_AGENT = f"Mozilla/5.0 (compatible; Sanderling/{VERSION})"
"""Honest: no other product's name."""

PLATFORM = f"{platform.system()} {platform.machine()}"
"""`navigator.platform`."""

TRIM_S = 1.0
"""How long after a page was closed free memory is given back: its isolate has ended by then. It takes about 1 ms."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a page may use."""

    entry_deadline_s: float = 30.0
    """How long one turn of page code may compute; Chromium calls a page hung after about as long."""
    pages: int = 1000


class Browser:
    """Contexts on one worker.

    Args:
        engine: makes isolates.
        transport: the way to Network.
        limits: of all pages together, and of each.
        cache: where contexts keep responses besides their memory; None for nowhere.
        tower: knows what other workers that use the same folder ask for.
        clock: tells the time.
    """

    def __init__(
        self,
        engine: Engine,
        transport: Transport,
        *,
        limits: Limits | None = None,
        cache: DiskCache | None = None,
        tower: Tower | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self.engine = engine
        self.transport = transport
        self.limits = limits or Limits()
        self.clock = clock
        self.caches = Caches(cache, clock, tower)
        self.default_user_agent = DEFAULT_USER_AGENT
        self.files: Files | None = None
        """The way to files; set by the worker."""
        self.background = Background()
        self.services: SharedServices | None = None
        """What all sessions share; set by the worker."""
        self.contexts: dict[str, Context] = {}
        self._closed = False
        self._preparing: asyncio.TimerHandle | None = None  # the spare isolate will be made
        self._trimming: asyncio.TimerHandle | None = None  # free memory will be given back

    def new_context(self, options: ContextOptions | None = None, *, context_id: str = "") -> Context:
        """Make an isolated context, under the given id if there is one."""
        context = Context(self, options or ContextOptions(), context_id)
        self.contexts[context.id] = context
        return context

    def check_page_limit(self, current: int, maximum: int) -> None:
        """Refuse a page too many.

        Raises:
            UsageError: the limit is reached; the text names it.
        """
        total = sum(len(context.pages) for context in self.contexts.values())
        if current >= maximum or total >= self.limits.pages:
            raise UsageError(f"too many pages: {total} are open, the limit is {min(maximum, self.limits.pages)}")

    async def take_isolate(self) -> Isolate:
        """Give a fresh isolate, the spare one when there is one; another is prepared while the worker is idle."""
        return self.engine.take_now()

    def take_isolate_now(self) -> Isolate:
        """Like `take_isolate`; where there is no spare one it blocks this thread for some milliseconds."""
        return self.engine.take_now()

    def prepare_isolate(self) -> None:
        """Make the spare isolate now. It blocks this thread for some milliseconds: call it while page code computes elsewhere."""
        if not self._closed:
            self.engine.prepare_spare()

    def prepare_isolate_in(self, delay_s: float) -> None:
        """Make the spare isolate when this thread most likely has nothing better to do; the earliest time that was said holds."""
        loop = asyncio.get_running_loop()
        due = loop.time() + delay_s
        if self._preparing is not None:
            if self._preparing.when() <= due:
                return
            self._preparing.cancel()
        self._preparing = loop.call_at(due, self._prepare)

    def _prepare(self) -> None:
        self._preparing = None
        self.prepare_isolate()

    def page_gone(self) -> None:
        """A page was closed: give what it leaves free back to the system, once those that are closed with it are gone."""
        if self._trimming is None and not self._closed:
            self._trimming = asyncio.get_running_loop().call_later(TRIM_S, self._trim)

    def _trim(self) -> None:
        self._trimming = None
        trim()

    async def close(self) -> None:
        """Close everything. Idempotent."""
        self._closed = True
        if self._trimming is not None:
            self._trimming.cancel()
            self._trimming = None
        if self._preparing is not None:
            self._preparing.cancel()
            self._preparing = None
        for context in tuple(self.contexts.values()):
            await context.close()
        self.caches.close()
        self.background.close()
        self.engine.close()
        # Runtimes must not be left to a collection on another thread: the engine leaks those for ever.
        gc.collect()
