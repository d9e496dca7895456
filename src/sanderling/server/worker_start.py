"""What a worker is started with, whatever carries it.

Thread: any.
"""

from __future__ import annotations

import importlib
from typing import cast

import msgspec

from sanderling.browser.browser import Limits
from sanderling.browser.host_functions import FUNCTIONS
from sanderling.browser.worker import ExtensionMaker, Worker
from sanderling.js.engine import Engine
from sanderling.js.engine import Limits as EngineLimits
from sanderling.network.carrier import WorkerSide


class WorkerStart(msgspec.Struct, frozen=True, kw_only=True):
    """Options of a worker; plain data, as it crosses to a process."""

    limits: Limits = Limits()
    """Of its pages."""
    engine_limits: EngineLimits = EngineLimits()
    """Of its isolates."""
    cdp: bool = False
    """Whether it serves CDP clients."""


def make_worker(handle: WorkerSide, blob: bytes, start: WorkerStart) -> Worker:
    """Make a worker; the engine is made when it runs."""
    return Worker(
        handle,
        lambda: Engine(blob, limits=start.engine_limits, pure=FUNCTIONS),
        limits=start.limits,
        extend=_cdp() if start.cdp else None,
    )


def _cdp() -> ExtensionMaker:
    # By name, and late: workers without CDP clients do not pay for its import.
    return cast("ExtensionMaker", importlib.import_module("sanderling.cdp.extension").extend)
