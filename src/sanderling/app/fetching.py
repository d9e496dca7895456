"""What `sanderling fetch` runs: URLs by several workers, each with a page that crashes for itself.

Thread: main; Network gets it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from sanderling.app.grants import grant_recordings, guard_of
from sanderling.app.runtime import AnyWorker, Isolation, Runtime
from sanderling.base import errors, interpreter
from sanderling.browser.commands import ContextRef, Fault, FetchParams, error_of
from sanderling.browser.fetch_job import describe_failure
from sanderling.browser.options import ContextOptions, Cookie, DiskCache, FetchOptions
from sanderling.browser.result import FetchResult
from sanderling.network.counters import Counters
from sanderling.network.network import Network
from sanderling.network.port import ReplyError

if TYPE_CHECKING:
    from sanderling.js.engine_thread import EngineThread
    from sanderling.server.recordings import Recordings


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
    engine: EngineThread | None = None,
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
        engine: the thread of the first worker that is in one; it is the caller's to abandon.
        on_result: called with index and result as they come.
        on_counters: called at the end with what went over the network.

    Returns:
        The results in the order of `urls`.

    Raises:
        UsageError: a cookie file or a recording is unusable.
    """
    if cookie_file:
        from sanderling.app.cookie_files import read_cookie_file

        context = msgspec.structs.replace(context, cookies=context.cookies + read_cookie_file(cookie_file))
    interpreter.settle()
    network = Network()
    network.restrict(guard_of(context, exposed=False))
    runtime = Runtime(
        network,
        isolation=isolation,
        worker_memory_bytes=worker_memory_bytes,
        cache=cache,
        one_page=len(urls) == 1,
        engine=engine,
    )
    context, recordings = grant_recordings(runtime, context, har)
    outcome: list[list[FetchResult] | BaseException] = []

    async def work() -> list[FetchResult]:
        processes = runtime.isolation == "process"
        slots = [FetchSlot(runtime, context, recordings) for _ in range(min(jobs, len(urls)) if processes else 1)]
        results: dict[int, FetchResult] = {}
        waiting = iter(enumerate(urls))

        async def serve(slot: FetchSlot) -> None:
            for index, url in waiting:
                result = results[index] = await slot.fetch(url, options)
                on_result(index, result)

        await asyncio.gather(*(serve(slots[number % len(slots)]) for number in range(min(jobs, len(urls)))))
        if cookie_jar:
            from sanderling.app.cookie_files import write_cookie_file

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


class FetchSlot:
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
