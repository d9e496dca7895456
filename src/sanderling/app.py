"""The composition root: the only file that wires the layers.

`Runtime` owns Network and the workers of a process. The command line gives Network the main thread; a library gets a named
thread for it, made on first use and shared.

Thread: any; each function says where it may be called.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import logging
import os
import resource
import signal
import sys
import threading
import weakref
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

import msgspec

from sanderling.base import errors
from sanderling.base.log import LOGGER
from sanderling.browser.browser import Limits
from sanderling.browser.commands import ContextRef, Fault, FetchParams, error_of
from sanderling.browser.fetch_job import describe_failure
from sanderling.browser.options import ContextOptions, Cookie, DiskCache, FetchOptions
from sanderling.browser.result import FetchResult
from sanderling.http.proxies import ProxyRules
from sanderling.js.engine import Limits as EngineLimits
from sanderling.js.snapshot import load_snapshot
from sanderling.network.counters import Counters
from sanderling.network.curl_guard import Guard
from sanderling.network.messages import Notify, Output
from sanderling.network.network import Network
from sanderling.network.port import ReplyError
from sanderling.proto import cookie_files
from sanderling.proto.addresses import rules
from sanderling.server.links import WorkerLink, WorkerMaker
from sanderling.server.process_worker import ProcessWorker
from sanderling.server.processes import Processes
from sanderling.server.recordings import Recordings, check_replay
from sanderling.server.thread_worker import ThreadWorker
from sanderling.server.worker_start import WorkerStart

if TYPE_CHECKING:
    from sanderling.server.browsers import Browsers
    from sanderling.server.options import ServeOptions
    from sanderling.server.server import Listening, Server

SWITCH_INTERVAL_S = 1e-4
"""With Python's default of 5 ms one busy thread delays every other by that much a turn (docs/architecture.md)."""

SHUTDOWN_TIMEOUT_S = 3.0
"""Clients get one second to take leave, workers two; what is not over then is left to the end of the process."""

MAX_DESCRIPTORS = 65_536
"""Raised to this as far as the system lets us: each client needs one, each isolate in this process four."""

Isolation: TypeAlias = Literal["process", "thread"]

AnyWorker: TypeAlias = ThreadWorker | ProcessWorker


def supported_isolation(isolation: Isolation) -> Isolation:
    """Give the isolation that this system can do, and warn when it is not the one asked for.

    A process that forks without a fresh start afterwards is safe on Linux only: macOS's own libraries may abort in the child.
    """
    if isolation == "process" and sys.platform != "linux":
        LOGGER.warning("workers in processes need Linux: pages run in threads, and one that crashes takes all along")
        return "thread"
    return isolation


class Runtime:
    """Network and the workers of a process.

    Args:
        network: running already, or about to be run by the caller.
        isolation: where workers live: in processes of their own, or in threads.
        limits: of the pages of each worker.
        engine_limits: of their isolates.
        spares: how many processes wait for the next client.
        worker_memory_bytes: what a worker in a process may use before it is ended; 0 for no limit.
        cache: where workers keep responses besides their memory.

    Raises:
        UsageError: a limit for memory, and workers in threads.
    """

    def __init__(
        self,
        network: Network,
        *,
        isolation: Isolation = "thread",
        limits: Limits | None = None,
        engine_limits: EngineLimits | None = None,
        spares: int = 0,
        worker_memory_bytes: int = 0,
        cache: DiskCache | None = None,
    ) -> None:
        self.network = network
        self.isolation: Isolation = supported_isolation(isolation)
        self._start = WorkerStart(limits=limits or Limits(), engine_limits=engine_limits or EngineLimits())
        if worker_memory_bytes and self.isolation != "process":
            raise errors.UsageError("only workers in processes can have a limit for their memory")
        self._cache = cache
        if cache is not None:
            network.call_soon(lambda: network.hsts.keep_in(cache.folder))  # before any worker's first question
        self._worker_memory_bytes = worker_memory_bytes
        self._spares = spares
        self._readable: tuple[str, ...] = ()  # files that every worker may have opened
        self._writable: tuple[str, ...] = ()  # folders that every worker may write to
        self._blob_lock = threading.Lock()  # protects _blob; held while it is loaded
        self._blob: bytes | None = None  # the one startup snapshot of this process
        self._workers_lock = threading.Lock()  # protects the two below
        self._threads: weakref.WeakSet[ThreadWorker] = weakref.WeakSet()  # their threads keep them
        self._processes: dict[
            tuple[bool, DiskCache | None], Processes
        ] = {}  # by whether they serve CDP clients, and cache

    def grant(self, *, readable: Sequence[str] = (), writable: Sequence[str] = ()) -> None:
        """Let every worker have files opened (before the first one is started).

        Args:
            readable: files.
            writable: folders.
        """
        self._readable += tuple(readable)
        self._writable += tuple(writable)

    def start_worker(
        self,
        on_notify: Callable[[Notify], None],
        on_output: Callable[[Output], None] | None = None,
        on_died: Callable[[str], None] | None = None,
        *,
        cdp: bool = False,
        isolation: Isolation | None = None,
        cache: DiskCache | None = None,
    ) -> AnyWorker:
        """Start a worker (any thread; the first one may take long).

        Args:
            on_notify: called with its notifications, on Network's thread.
            on_output: called with what it says to CDP clients, on Network's thread.
            on_died: called with the reason when it ends by itself, on Network's thread.
            cdp: whether it serves CDP clients.
            isolation: instead of the runtime's own.
            cache: instead of the runtime's own.

        Raises:
            UnsupportedError: a process was asked for, and none can be started.
        """
        worker: AnyWorker
        cache = cache or self._cache
        if supported_isolation(isolation or self.isolation) == "process":
            worker = self._processes_for(cdp, cache).take()
            worker.bind(on_notify, on_output, on_died)
        else:
            start = msgspec.structs.replace(self._start, cdp=cdp, cache=cache)
            worker = ThreadWorker(self.network, self._load(), start, on_notify, on_output, on_died)
            with self._workers_lock:
                self._threads.add(worker)
        for path in self._readable:
            worker.grants.allow_reading(path)
        for folder in self._writable:
            worker.grants.allow_writing(folder)
        return worker

    def _processes_for(self, cdp: bool, cache: DiskCache | None) -> Processes:
        with self._workers_lock:
            if (cdp, cache) not in self._processes:
                level = logging.getLevelName(LOGGER.getEffectiveLevel()).lower()
                start = msgspec.structs.replace(
                    self._start,
                    cdp=cdp,
                    warm=True,
                    log_level=level,
                    cache=cache,
                    folders=() if cache is None else (cache.folder,),
                )
                self._processes[cdp, cache] = Processes(
                    self.network, start, spares=self._spares, memory_bytes=self._worker_memory_bytes
                )
            return self._processes[cdp, cache]

    def prepare(self, *, cdp: bool) -> None:
        """Have what the first worker needs made ahead (any thread; may take long)."""
        if self.isolation == "process":
            self._processes_for(cdp, self._cache).prepare()
        else:
            self._load()

    def _load(self) -> bytes:
        with self._blob_lock:
            if self._blob is None:
                self._blob = load_snapshot()
            return self._blob

    def worker_maker(self, *, cdp: bool = True) -> WorkerMaker:
        """Give the function that starts workers for the hub (any thread; the function itself on Network's)."""

        async def make(
            on_notify: Callable[[Notify], None], on_output: Callable[[Output], None], on_died: Callable[[str], None]
        ) -> WorkerLink:
            # Notifications cannot come before somebody listens: the worker is asked nothing yet.
            return await asyncio.to_thread(self.start_worker, on_notify, on_output, on_died, cdp=cdp)

        return make

    def health(self) -> dict[str, Any]:
        """Give facts of the workers for `/healthz` (Network's thread)."""
        facts: dict[str, Any] = {"isolation": self.isolation}
        with self._workers_lock:
            processes = list(self._processes.values())
        if processes:
            counted = [one.health() for one in processes]
            facts["processes"] = {
                "living": sum(one.living for one in counted),
                "waiting": sum(one.waiting for one in counted),
            }
            confined = [one.confinement for one in counted if one.confinement is not None]
            facts["confinement"] = msgspec.to_builtins(confined[-1]) if confined else None
            facts["worker_memory"] = counted[-1].memory
        return facts

    def close_workers(self) -> None:
        """End every worker (any thread but Network's)."""
        with self._workers_lock:
            threads = list(self._threads)
            processes, self._processes = list(self._processes.values()), {}
        for worker in threads:
            worker.begin_close()
        for worker in threads:
            worker.close_and_wait()
        for one in processes:
            one.close()


_shared_lock = threading.Lock()  # protects _shared
_shared: Runtime | None = None


def shared_runtime() -> Runtime:
    """Give the library's runtime; its Network runs on a named thread and ends with the process (any thread)."""
    global _shared  # noqa: PLW0603 - one Network a process is the design
    with _shared_lock:
        if _shared is None:
            network = Network()
            network.start_thread()
            _shared = Runtime(network, isolation="process")
            atexit.register(_close_shared)
        return _shared


_abandoned: list[Runtime] = []  # of the program that this process was forked from


def _forget_shared() -> None:
    # In a fork of the user's program: Network's thread is not there, and the workers are the parent's. Its own come on first use;
    # the inherited ones are not touched, for connections and the loop's descriptors are shared with the parent.
    global _shared, _shared_lock  # noqa: PLW0603 - as above; the lock may have been held
    _shared_lock = threading.Lock()
    if _shared is not None:
        _abandoned.append(_shared)
        _shared = None


os.register_at_fork(after_in_child=_forget_shared)


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
    isolation: Isolation = "thread",
    worker_memory_bytes: int = 0,
    cookie_file: str = "",
    cookie_jar: str = "",
    har: str = "",
    cache: DiskCache | None = None,
    on_result: Callable[[int, FetchResult], object],
    on_counters: Callable[[Counters], object] = lambda counters: None,
) -> list[FetchResult]:
    """Fetch `urls`, at most `jobs` at once; Network gets the calling (main) thread.

    With threads all pages are in one context. With processes each of the `jobs` has a process and a context of its own, so that a
    page that crashes costs its own result and no other; the cookies of all that did not crash are saved.

    Args:
        urls: as the user gave them.
        options: for each of them.
        context: for each context.
        jobs: pages at once.
        isolation: where the pages live.
        worker_memory_bytes: what a process may use; 0 for no limit.
        cookie_file: cookies to begin with; empty for none.
        cookie_jar: where to save the cookies at the end; empty for nowhere.
        har: where to write the recording of everything that went over the wire, also when the program is interrupted; empty for nowhere.
        cache: where responses are kept besides memory.
        on_result: called with index and result as they come.
        on_counters: called at the end with what went over the network.

    Returns:
        The results in the order of `urls`.

    Raises:
        UsageError: a cookie file or a recording is unusable.
    """
    if cookie_file:
        context = msgspec.structs.replace(context, cookies=context.cookies + read_cookie_file(cookie_file))
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    network = Network()
    network.restrict(_guard(context, exposed=False))
    runtime = Runtime(network, isolation=isolation, worker_memory_bytes=worker_memory_bytes, cache=cache)
    context, recordings = grant_recordings(runtime, context, har)
    outcome: list[list[FetchResult] | BaseException] = []

    async def work() -> list[FetchResult]:
        processes = runtime.isolation == "process"
        slots = [_FetchSlot(runtime, context, recordings) for _ in range(min(jobs, len(urls)) if processes else 1)]
        results: dict[int, FetchResult] = {}
        waiting = iter(enumerate(urls))

        async def serve(slot: _FetchSlot) -> None:
            for index, url in waiting:
                result = results[index] = await slot.fetch(url, options)
                on_result(index, result)

        await asyncio.gather(*(serve(slots[number % len(slots)]) for number in range(min(jobs, len(urls)))))
        if cookie_jar:
            jars = [await slot.cookies() for slot in slots]
            kept = {(cookie.domain, cookie.path, cookie.name): cookie for jar in jars for cookie in jar}
            write_cookie_file(cookie_jar, list(kept.values()))
        return [results[index] for index in range(len(urls))]

    async def main() -> None:
        try:
            outcome.append(await work())
        except BaseException as error:
            outcome.append(error)
        finally:
            await asyncio.to_thread(runtime.close_workers)
            network.stop_soon()

    try:
        network.run(main)
    finally:
        if recordings is not None:
            recordings.close()
    on_counters(network.counters)
    result = outcome[0]
    if isinstance(result, BaseException):
        raise result
    return result


class Granting(Protocol):
    """Who lets workers have files: a runtime, or one worker of it."""

    def grant(self, *, readable: Sequence[str] = (), writable: Sequence[str] = ()) -> None:
        """Let them have files, and folders to write to."""


def grant_recordings(
    workers: Granting, context: ContextOptions, har: str, *, per_context: bool = False
) -> tuple[ContextOptions, Recordings | None]:
    """Let workers have the files of recordings (before they are asked for a context).

    Args:
        workers: those.
        context: options; `replay` may be relative.
        har: a file, or with `per_context` a folder, to record to; empty for nowhere.
        per_context: give each context a document of its own.

    Returns:
        The options with an absolute `replay`, and what makes the documents; None without `har`.

    Raises:
        UsageError: a file is unusable.
    """
    if context.replay:
        readable = check_replay(context.replay)
        workers.grant(readable=readable)
        context = msgspec.structs.replace(context, replay=readable[0])
    if not har:
        return context, None
    recordings = Recordings(har, per_context=per_context)
    workers.grant(writable=(recordings.folder,))
    return context, recordings


def _guard(context: ContextOptions, *, exposed: bool) -> Guard:
    """Make of the options for every context what holds for the process, whatever a worker says.

    Args:
        context: the options; only this proxy is trusted, and not one that a client brings.
        exposed: whether other machines can reach the server.

    Raises:
        UsageError: the proxy is malformed.
    """
    private = context.block_private_networks
    everywhere = rules(exposed if private is None else private, context.block_cidrs)
    return Guard(everywhere, ProxyRules(context.proxy, context.proxy_bypass).all)


class _FetchSlot:
    """A worker for one URL after another, or several at once; after a crash there is a new one (Network's thread)."""

    def __init__(self, runtime: Runtime, context: ContextOptions, recordings: Recordings | None) -> None:
        self._runtime = runtime
        self._recordings = recordings
        self._context = context
        self._lock = asyncio.Lock()  # held while a worker is started
        self._worker: AnyWorker | None = None
        self._context_id = ""

    async def _ready(self) -> tuple[AnyWorker, str]:
        async with self._lock:
            worker = self._worker
            if worker is None:
                worker = self._worker = await asyncio.to_thread(self._runtime.start_worker, lambda message: None)
                self._context_id = ""
            # A context that cannot be made fails its URL; the worker is there for the next one.
            if not self._context_id:
                context = self._context
                if self._recordings is not None:
                    context = msgspec.structs.replace(context, har_journal=self._recordings.journal(""))
                self._context_id = msgspec.json.decode(await _call(worker, "context.new", context), type=str)
            return worker, self._context_id

    async def fetch(self, url: str, options: FetchOptions) -> FetchResult:
        """Fetch one; whatever goes wrong is part of the result."""
        worker = None
        try:
            worker, context = await self._ready()
            body = await _call(worker, "fetch", FetchParams(context=context, url=url, options=options))
            return msgspec.json.decode(body, type=FetchResult)
        except errors.PageCrashedError as error:
            # A page that only used up a limit is told in a result: here the worker is gone.
            if worker is self._worker:
                self._worker = None
            return FetchResult(url=url, error=describe_failure(error))
        except errors.SanderlingError as error:
            return FetchResult(url=url, error=describe_failure(error))

    async def cookies(self) -> list[Cookie]:
        """List the cookies of its context; none when that went down with a page."""
        if self._worker is None or not self._context_id:
            return []
        body = await _call(self._worker, "context.cookies", ContextRef(self._context_id))
        return msgspec.json.decode(body, type=list[Cookie])


async def _call(worker: AnyWorker, method: str, params: object) -> bytes:
    try:
        return await asyncio.wrap_future(worker.port.call(method, msgspec.json.encode(params)))
    except ReplyError as error:
        raise error_of(msgspec.json.decode(error.body, type=Fault)) from None


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
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    _raise_descriptor_limit()
    network = Network()
    runtime = Runtime(
        network,
        isolation=options.isolation,
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
            options, browsers, protocol_document=protocol_document, v8_version=v8_version(), network=network
        )
        try:
            listening = server.start()
            network.restrict(_guard(options.context, exposed=server.exposed))
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
