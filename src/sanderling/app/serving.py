"""What `sanderling serve` runs, from the options to the last worker's end.

Thread: main; Network gets it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import resource
import signal
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from sanderling.app.cookie_files import read_cookie_file
from sanderling.app.grants import grant_recordings, guard_of
from sanderling.app.runtime import Runtime
from sanderling.base import interpreter
from sanderling.base.log import LOGGER
from sanderling.network.network import Network
from sanderling.server.recordings import Recordings

if TYPE_CHECKING:
    from sanderling.server.browsers import Browsers
    from sanderling.server.options import ServeOptions
    from sanderling.server.server import Listening, Server

SHUTDOWN_TIMEOUT_S = 3.0
"""Clients get one second to take leave, workers two; what is not over then is left to the end of the process."""

MAX_DESCRIPTORS = 65_536
"""Raised to this as far as the system lets us: each client needs one, each isolate in this process four."""


def run_serve(options: ServeOptions, *, cookie_file: str = "", on_ready: Callable[[Listening], object]) -> None:
    """Serve CDP clients until SIGINT or SIGTERM; Network gets the calling (main) thread.

    At the first signal clients are told (1001) and workers ended; a second one ends the process as the system does it. A worker that
    does not end in time ends with the process, which then exits with 1.

    Args:
        options: of the server.
        cookie_file: cookies that every context begins with; empty for none.
        on_ready: called once clients can connect.

    Raises:
        UsageError: options, an address or the cookie file are unusable.
        UnsupportedError: workers cannot be started.
    """
    # Late: whoever only fetches pages does not pay for the server.
    from sanderling.server.browser_methods import v8_version
    from sanderling.server.browsers import Browsers
    from sanderling.server.protocol import protocol_document
    from sanderling.server.server import Server

    if cookie_file:
        cookies = options.context.cookies + read_cookie_file(cookie_file)
        context = msgspec.structs.replace(options.context, cookies=cookies)
        options = msgspec.structs.replace(options, context=context)
    interpreter.settle()
    _raise_descriptor_limit()
    network = Network()
    runtime = Runtime(
        network,
        isolation=options.isolation,
        debugger=options.debugger,
        limits=options.limits,
        engine_limits=options.engine_limits,
        spares=options.spare_workers,
        worker_memory_bytes=options.worker_memory_bytes,
        cache=options.cache,
    )
    context, recordings = grant_recordings(runtime, options.context, options.har, per_context=True)
    options = msgspec.structs.replace(options, context=context)
    failure: list[BaseException] = []

    async def work() -> None:
        stop = _signalled()
        browsers = Browsers(options, runtime.worker_maker(), runtime.health, recordings)
        server = Server(
            options,
            browsers,
            protocol_document=partial(protocol_document, debugger=options.debugger),
            v8_version=v8_version(),
            network=network,
        )
        try:
            listening = server.start()
            network.restrict(guard_of(options.context, exposed=server.exposed))
            await asyncio.to_thread(runtime.prepare, cdp=True)
            if not stop.is_set():
                on_ready(listening)
                await stop.wait()
        finally:
            await _shut_down(server, browsers, runtime, recordings)

    async def main() -> None:
        try:
            await work()
        except BaseException as error:
            failure.append(error)
        finally:
            network.stop_soon()

    network.run(main)
    if failure:
        raise failure[0]


def _signalled() -> asyncio.Event:
    """Give an event that the first SIGINT or SIGTERM sets; the second does what the system does with it."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    signals = (signal.SIGINT, signal.SIGTERM)

    def first() -> None:
        for number in signals:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)
        stop.set()

    for number in signals:
        loop.add_signal_handler(number, first)
    return stop


async def _shut_down(server: Server, browsers: Browsers, runtime: Runtime, recordings: Recordings | None) -> None:
    try:
        async with asyncio.timeout(SHUTDOWN_TIMEOUT_S):
            # Leave is taken first: its frames go out before the first worker hears anything.
            await asyncio.gather(server.close(), browsers.close())
            await asyncio.to_thread(runtime.close_workers)
    except TimeoutError:
        LOGGER.error("workers did not end in time: they end with the process")
        if recordings is not None:
            recordings.close()
        logging.shutdown()
        os._exit(1)  # threads that cannot be joined would keep it for ever
    if recordings is not None:
        await asyncio.to_thread(recordings.close)


def _raise_descriptor_limit() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MAX_DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):  # macOS has a lower limit of its own
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
