"""The composition root: the only file that wires the layers.

`Runtime` owns Network and the workers of a process. The command line gives Network the main thread; a library gets a named
thread for it, made on first use and shared.

Thread: any; each function says where it may be called.
"""

from __future__ import annotations

import asyncio
import atexit
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from sanderling.base import errors
from sanderling.base.log import LOGGER
from sanderling.browser.browser import Limits
from sanderling.browser.commands import ContextRef, Fault, FetchParams, error_of
from sanderling.browser.fetch_job import describe_failure
from sanderling.browser.host_functions import FUNCTIONS
from sanderling.browser.options import ContextOptions, Cookie, FetchOptions
from sanderling.browser.result import FetchResult
from sanderling.browser.worker import ExtensionMaker, Worker
from sanderling.js.engine import Engine
from sanderling.js.engine import Limits as EngineLimits
from sanderling.js.snapshot import load_snapshot
from sanderling.network.handle import Handle
from sanderling.network.messages import Notify, Output, Reply, Shutdown
from sanderling.network.network import Network
from sanderling.network.port import Port, ReplyError
from sanderling.proto import cookie_files

SWITCH_INTERVAL_S = 1e-4
"""With Python's default of 5 ms one busy thread delays every other by that much a turn (docs/architecture.md)."""

JOIN_TIMEOUT_S = 10.0
"""How long `close` waits for a worker's thread; one that computes ends when its isolate is terminated."""


class WorkerThread:
    """A worker in a thread of this process, seen from outside.

    Args:
        network: its door is made there.
        blob: the startup snapshot.
        on_notify: called with its notifications, on Network's thread.
        on_output: called with what it says to CDP clients, on Network's thread.
        extend: makes what serves CDP clients.
        limits: of its pages.
        engine_limits: of its isolates.
    """

    def __init__(
        self,
        network: Network,
        blob: bytes,
        on_notify: Callable[[Notify], None],
        on_output: Callable[[Output], None] | None = None,
        extend: ExtensionMaker | None = None,
        *,
        limits: Limits | None = None,
        engine_limits: EngineLimits | None = None,
    ) -> None:
        self.handle: Handle = network.new_handle()
        self.port = Port(self.handle.push, on_notify)
        self._on_output = on_output
        self.handle.on_message(self._received)
        self._worker = Worker(
            self.handle, lambda: Engine(blob, limits=engine_limits, pure=FUNCTIONS), limits=limits, extend=extend
        )
        self._thread = threading.Thread(target=self._run, name="sanderling-worker", daemon=True)
        self._closed = False
        self._thread.start()

    def _received(self, message: Reply | Notify | Output) -> None:
        if not isinstance(message, Output):
            self.port.received(message)
        elif self._on_output is not None:
            self._on_output(message)

    def _run(self) -> None:
        try:
            self._worker.run()
        except BaseException:
            LOGGER.exception("a worker failed")
            raise
        finally:
            self.port.close("the browser was closed")

    def close(self) -> None:
        """End the worker and wait for its thread. Idempotent.

        Raises:
            InternalError: the thread did not end.
        """
        if self._closed:
            return
        self._closed = True
        self.handle.push(Shutdown())
        self._thread.join(JOIN_TIMEOUT_S)
        if self._thread.is_alive():
            raise errors.InternalError("a worker did not end in time")


class Runtime:
    """Network and the workers of a process.

    Args:
        network: running already, or about to be run by the caller.
        limits: of the pages of each worker.
        engine_limits: of their isolates.
    """

    def __init__(
        self, network: Network, *, limits: Limits | None = None, engine_limits: EngineLimits | None = None
    ) -> None:
        self.network = network
        self._limits = limits
        self._engine_limits = engine_limits
        self._blob: bytes | None = None  # the one startup snapshot of this process
        self._workers_lock = threading.Lock()  # protects _workers and _blob
        self._workers: list[WorkerThread] = []

    def start_worker(
        self,
        on_notify: Callable[[Notify], None],
        on_output: Callable[[Output], None] | None = None,
        extend: ExtensionMaker | None = None,
    ) -> WorkerThread:
        """Start a worker (any thread)."""
        with self._workers_lock:
            if self._blob is None:
                self._blob = load_snapshot()
            worker = WorkerThread(
                self.network,
                self._blob,
                on_notify,
                on_output,
                extend,
                limits=self._limits,
                engine_limits=self._engine_limits,
            )
            self._workers.append(worker)
        return worker

    def close_workers(self) -> None:
        """End every worker (any thread but Network's)."""
        with self._workers_lock:
            workers, self._workers = self._workers, []
        for worker in workers:
            worker.close()


_shared_lock = threading.Lock()  # protects _shared
_shared: Runtime | None = None


def shared_runtime() -> Runtime:
    """Give the library's runtime; its Network runs on a named thread and ends with the process (any thread)."""
    global _shared  # noqa: PLW0603 - one Network a process is the design
    with _shared_lock:
        if _shared is None:
            network = Network()
            network.start_thread()
            _shared = Runtime(network)
            atexit.register(_close_shared)
        return _shared


def _close_shared() -> None:
    global _shared
    with _shared_lock:
        runtime, _shared = _shared, None
    if runtime is not None:
        runtime.close_workers()
        runtime.network.stop()


def read_cookie_file(path: str) -> tuple[Cookie, ...]:
    """Load cookies from a JSON or Netscape file.

    Raises:
        UsageError: it cannot be read, or is neither.
    """
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise errors.UsageError(f"cannot read cookies from {path}: {error}") from error
    try:
        return tuple(msgspec.convert(cookie, Cookie) for cookie in cookie_files.parse(text))
    except (ValueError, msgspec.ValidationError) as error:
        raise errors.UsageError(f"{path} is no cookie file: {error}") from error


def write_cookie_file(path: str, cookies: Sequence[Cookie]) -> None:
    """Save cookies: JSON when the name ends in ``.json``, else Netscape form.

    Raises:
        UsageError: it cannot be written.
    """
    plain = [msgspec.to_builtins(cookie) for cookie in cookies]
    text = cookie_files.to_json(plain) if path.endswith(".json") else cookie_files.to_netscape(plain)
    try:
        Path(path).write_text(text, "utf-8")
    except OSError as error:
        raise errors.UsageError(f"cannot write cookies to {path}: {error.strerror}") from error


def run_fetch(
    urls: Sequence[str],
    options: FetchOptions,
    context: ContextOptions,
    *,
    jobs: int,
    cookie_file: str = "",
    cookie_jar: str = "",
    on_result: Callable[[int, FetchResult], object],
) -> list[FetchResult]:
    """Fetch `urls`, at most `jobs` at once, all in one context; Network gets the calling (main) thread.

    Args:
        urls: as the user gave them.
        options: for each of them.
        context: for the context they share.
        jobs: pages at once.
        cookie_file: cookies to begin with; empty for none.
        cookie_jar: where to save the cookies at the end; empty for nowhere.
        on_result: called with index and result as they come.

    Returns:
        The results in the order of `urls`.

    Raises:
        UsageError: a cookie file is unusable.
    """
    if cookie_file:
        context = msgspec.structs.replace(context, cookies=context.cookies + read_cookie_file(cookie_file))
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    network = Network()
    runtime = Runtime(network)
    outcome: list[list[FetchResult] | BaseException] = []

    async def work() -> list[FetchResult]:
        worker = await asyncio.to_thread(runtime.start_worker, lambda message: None)
        call = _caller(worker.port)
        context_id = msgspec.json.decode(await call("context.new", context), type=str)
        gate = asyncio.Semaphore(jobs)

        async def one(index: int, url: str) -> FetchResult:
            async with gate:
                try:
                    body = await call("fetch", FetchParams(context=context_id, url=url, options=options))
                    result = msgspec.json.decode(body, type=FetchResult)
                except errors.SanderlingError as error:
                    result = FetchResult(url=url, error=describe_failure(error))
                on_result(index, result)
                return result

        results = await asyncio.gather(*(one(index, url) for index, url in enumerate(urls)))
        if cookie_jar:
            body = await call("context.cookies", ContextRef(context_id))
            write_cookie_file(cookie_jar, msgspec.json.decode(body, type=list[Cookie]))
        return list(results)

    async def main() -> None:
        try:
            outcome.append(await work())
        except BaseException as error:
            outcome.append(error)
        finally:
            await asyncio.to_thread(runtime.close_workers)
            network.stop_soon()

    network.run(main)
    result = outcome[0]
    if isinstance(result, BaseException):
        raise result
    return result


def _caller(port: Port) -> Callable[[str, object], asyncio.Future[bytes]]:
    async def call(method: str, params: object) -> bytes:
        try:
            return await asyncio.wrap_future(port.call(method, msgspec.json.encode(params)))
        except ReplyError as error:
            raise error_of(msgspec.json.decode(error.body, type=Fault)) from None

    return lambda method, params: asyncio.ensure_future(call(method, params))
