"""What a worker is started with, whatever carries it.

Thread: any.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import cast

import msgspec

from sanderling.base.log import LogFormat
from sanderling.browser.browser import Limits
from sanderling.browser.host_functions import FUNCTIONS, OWN_FUNCTIONS
from sanderling.browser.options import DiskCache
from sanderling.browser.worker import ExtensionMaker, Worker
from sanderling.js.engine import Engine, Runtimes
from sanderling.js.engine import Limits as EngineLimits
from sanderling.network.carrier import WorkerSide


class WorkerStart(msgspec.Struct, frozen=True, kw_only=True):
    """Options of a worker; plain data, as it crosses to a process."""

    limits: Limits = Limits()
    """Of its pages."""
    engine_limits: EngineLimits = EngineLimits()
    """Of its isolates."""
    cache: DiskCache | None = None
    """Where responses are kept besides memory; its folder is one of `folders`."""
    cdp: bool = False
    """Whether it serves CDP clients."""
    warm: bool = False
    """Whether it makes an isolate before anybody asks: for a process that has nothing else to do while it waits."""
    one_page: bool = False
    """Whether nobody will ask it for a second page: it makes no isolate ahead while the first one loads."""
    log_level: str = "warning"
    """Of a process of its own; a thread logs as its process does."""
    log_format: LogFormat = "pretty"
    folders: tuple[str, ...] = ()
    """Where a process of its own may read and write; everything else is closed to it (`sandbox.py`)."""
    debugger: bool = False
    """Whether its isolates have V8's inspector: for a process of its own, which gets a network of its own for that (`own_network.py`)."""
    sandbox: bool = True
    """Whether a process of its own gives up what it does not need."""


def make_worker(
    handle: WorkerSide, source: bytes | Runtimes, start: WorkerStart, room: Callable[[], bool] | None = None
) -> Worker:
    """Make a worker; the engine is made when it runs.

    Args:
        handle: its door to Network.
        source: the startup snapshot, or what its thread has already made of that.
        start: its options.
        room: whether it may make isolates ahead; None for always.
    """

    def make_engine() -> Engine:
        engine = Engine(
            source,
            limits=start.engine_limits,
            pure=FUNCTIONS,
            own=OWN_FUNCTIONS,
            inspected=start.debugger,
            room=(lambda: False) if start.one_page else room,
        )
        if start.warm:
            engine.prepare_spare()
        return engine

    return Worker(
        handle,
        make_engine,
        limits=start.limits,
        cache=start.cache,
        extend=extension_maker() if start.cdp else None,
    )


def extension_maker() -> ExtensionMaker:
    """Give what serves CDP clients. By name, and late: workers without such clients do not pay for its import."""
    return cast("ExtensionMaker", importlib.import_module("sanderling.cdp.extension").extend)
