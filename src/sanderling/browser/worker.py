"""A worker: one thread with one loop, a Browser, and the inbox that everything comes from.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
from collections.abc import Callable
from typing import Protocol, TypeAlias

import msgspec

from sanderling.base.errors import ClosedError, UsageError
from sanderling.browser.browser import Browser, Limits
from sanderling.browser.commands import Commands, fault_of
from sanderling.browser.files import Files
from sanderling.browser.options import DiskCache
from sanderling.http.services import AskedServices
from sanderling.http.tower import ServiceTower
from sanderling.http.transport import HandleTransport
from sanderling.js.engine import Engine
from sanderling.network.carrier import WorkerSide
from sanderling.network.messages import (
    Call,
    CancelCall,
    ClientGone,
    ClientMessage,
    Event,
    FileOpened,
    Notify,
    Output,
    Reply,
    ServiceAnswered,
    Shutdown,
)

_LOG = logging.getLogger("sanderling.browser.worker")


EXTENSION_PREFIX = "cdp."
"""Commands with this prefix are the extension's."""


class Extension(Protocol):
    """What serves CDP clients on a worker; the browser layer knows no more of it."""

    async def call(self, method: str, params: bytes) -> bytes:
        """Do what a `Call` with the prefix says, and give the result as JSON."""

    def message(self, event: ClientMessage) -> None:
        """Take a message of a client."""

    def close(self) -> None:
        """End every session."""


ExtensionMaker: TypeAlias = "Callable[[Browser, Callable[[Notify | Output], None]], Extension]"
"""Makes the extension of a worker, from its browser and the way out."""


class Worker:
    """What runs on a worker's thread.

    Args:
        handle: its door to Network.
        make_engine: makes the engine; called on this thread.
        limits: of its pages.
        cache: where responses are kept besides memory.
        extend: makes what serves CDP clients; called on this thread.
    """

    def __init__(
        self,
        handle: WorkerSide,
        make_engine: Callable[[], Engine],
        *,
        limits: Limits | None = None,
        cache: DiskCache | None = None,
        extend: ExtensionMaker | None = None,
    ) -> None:
        self._handle = handle
        self._make_engine = make_engine
        self._limits = limits
        self._cache = cache
        self._extend = extend
        self._extension: Extension | None = None
        self._calls: dict[int, asyncio.Task[None]] = {}  # commands under way, by the id of their Call

    def run(self) -> None:
        """Serve the inbox until `Shutdown`; then close everything. Runs on the worker's own thread."""
        try:
            asyncio.run(self._serve())
        finally:
            # Engine objects that cycles kept alive have to be freed here: on another thread the engine refuses, and leaks them.
            gc.collect()

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        stopped = loop.create_future()
        transport = HandleTransport(self._handle)
        services = AskedServices(self._handle.send)
        browser = Browser(
            self._make_engine(), transport, limits=self._limits, cache=self._cache, tower=ServiceTower(services)
        )
        browser.files = files = Files(self._handle.open_file)
        browser.services = services
        commands = Commands(browser, lambda page, body: self._handle.send(Notify(page, body)))
        if self._extend is not None:
            self._extension = self._extend(browser, self._handle.send)

        def drain() -> None:
            for event in self._handle.receive():
                self._dispatch(event, transport, files, services, commands, stopped)

        owner = threading.get_ident()

        def wake() -> None:
            if self._handle.wakes_from_loop:
                drain()
            elif threading.get_ident() == owner:
                loop.call_soon(drain)  # without the pipe that wakes a loop from another thread
            else:
                loop.call_soon_threadsafe(drain)

        self._handle.set_wakeup(wake)
        drain()
        try:
            await stopped
        finally:
            for task in tuple(self._calls.values()):
                task.cancel()
            if self._extension is not None:
                self._extension.close()
            await browser.close()
            services.close()
            transport.close()
            files.close()
            self._handle.close()

    def _dispatch(
        self,
        event: Event,
        transport: HandleTransport,
        files: Files,
        services: AskedServices,
        commands: Commands,
        stopped: asyncio.Future[None],
    ) -> None:
        if isinstance(event, Call):
            task = asyncio.get_running_loop().create_task(self._call(commands, event))
            self._calls[event.id] = task
            task.add_done_callback(lambda _: self._calls.pop(event.id, None))
        elif isinstance(event, CancelCall):
            running = self._calls.get(event.id)
            if running is not None:
                running.cancel()
        elif isinstance(event, Shutdown):
            if not stopped.done():
                stopped.set_result(None)
        elif isinstance(event, ServiceAnswered):
            services.answered(event)
        elif isinstance(event, FileOpened):
            files.opened(event)
        elif isinstance(event, ClientMessage) and self._extension is not None:
            self._extension.message(event)
        elif isinstance(event, ClientMessage | ClientGone):
            _LOG.error("a message of a CDP client came, and there is no CDP here")
        else:
            transport.dispatch(event)

    async def _call(self, commands: Commands, call: Call) -> None:
        try:
            if self._extension is not None and call.method.startswith(EXTENSION_PREFIX):
                result = await self._extension.call(call.method, call.params)
            else:
                result = await commands.call(call.method, call.params)
        except asyncio.CancelledError:
            self._handle.send(Reply(call.id, b"", msgspec.json.encode(fault_of(ClosedError("canceled")))))
            raise
        except Exception as error:
            fault = fault_of(error)
            if fault.type == "InternalError":
                _LOG.exception("command %s failed", call.method)
            self._handle.send(Reply(call.id, b"", msgspec.json.encode(fault)))
        else:
            try:
                self._handle.send(Reply(call.id, result))
            except UsageError as error:  # too large to cross
                self._handle.send(Reply(call.id, b"", msgspec.json.encode(fault_of(error))))
