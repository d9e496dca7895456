"""V8 isolates: the only file that imports pydeno.

Strategy. Page code is entered by the engine's `call_async` only, from the worker's one loop, through a dispatcher that returns no promise; so the
worker's thread goes on while a page computes or waits, and at most one entry is in flight per isolate. What page code says meanwhile
comes through one host function, on the engine's thread: it only moves data into queues, runs functions that were declared pure, or
blocks on the isolate's own queue until the worker has answered. Every isolate of a process comes from one blob: the engine aborts
the process otherwise, so a second one is refused here.

Thread: worker; `_Door` methods run on the engine's thread of their isolate, and say so.
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import itertools
import logging
import os
import queue
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import msgspec
import pydeno
from pydeno import InspectorConfig, Runtime, RuntimeConfig, SnapshotBuilder

from sanderling.base.errors import ClosedError, InternalError, JavaScriptError, PageCrashedError
from sanderling.js.allocator import trim
from sanderling.js.errors import NotEnteredError
from sanderling.js.shared_blob import share
from sanderling.js.snapshot import Snapshot
from sanderling.js.watch import GivenUpError, OverdueError, Stopwatch, Watch

_LOG = logging.getLogger("sanderling.js")

PureFunction: TypeAlias = Callable[[Any, bytes | None], "tuple[str, bytes | None]"]
"""Takes decoded JSON and bytes, gives JSON text and bytes; runs on an engine's thread and touches nothing shared."""

FunctionMaker: TypeAlias = Callable[[], PureFunction]
"""Makes such a function with state of its own, for one isolate."""

MAX_HEAP_BYTES = 2048 * 1024 * 1024
"""A heap limit is always set: without one an ordinary growing array aborts the process (measured)."""

MAX_BUFFER_BYTES = 512 * 1024 * 1024
"""ArrayBuffers live outside the heap and have a limit of their own."""

GIVE_UP_S = 2.0
"""How long after its deadline an entry may go on before it is given up: a few builtins cannot be stopped (docs/architecture.md)."""

FLAGS = (
    # The young generation begins with room for 8 MiB, not for 1 (memory that is used only when it is reached): else the nodes of a page of some
    # size are copied twice each while it loads, and half empty pages stay (measured: 4 ms of CPU and 2 MB for 15,000 nodes).
    "--min-semi-space-size=8",
    # Closed isolates give their pages back to the system. Kept for others they are kept for good, as the engine frees them by a task that
    # nothing here runs (measured: of 12 closed ones 44 MB stay; that others use them again saves 1 ms of CPU an isolate).
    "--no-memory-pool-share-memory-on-teardown",
)
"""Of the engine, given before the first isolate of a process."""

POSITIONS_FLAG = "--no-enable-lazy-source-positions"
"""Places in scripts are noted when they are compiled, and functions of the snapshot, which has none, are in stacks without a line. Else each stack
that is taken compiles all functions of `web/` in it anew: 3 ms of CPU where a client watches requests (measured)."""


_SCHEDULER_THREADS = "TOKIO_WORKER_THREADS"
"""The variable of the environment that says how many threads hand on the answers of entries; read once in a process, at its first entry."""

MAX_CROSSING_BYTES = 1024 * 1024 * 1024
"""One value that crosses: the parsed tree of a page of 50 MB takes 60 MB; the engine's own limit is 10 MB."""


def engine_identity() -> str:
    """Name the engine's build: a snapshot of one aborts another."""
    return str(pydeno._pydeno._build_identity())  # type: ignore[attr-defined]  # private, hence the pinned version


def build_snapshot(scripts: Sequence[tuple[str, str]]) -> bytes:
    """Build a blob from scripts (name, source). Only in a process made for it: it makes `Math.random` predictable there.

    Raises:
        Exception: a script threw; the text has its stack.
    """
    builder = SnapshotBuilder(enable_console=False)
    for name, text in scripts:
        builder.execute_script(name, text)
    return builder.build()


def evaluate_once(scripts: Sequence[tuple[str, str]], expression: str) -> str:
    """Evaluate scripts as `build_snapshot` does, then give the string that an expression is. Only in a process made for it.

    Raises:
        Exception: a script threw; the text has its stack.
    """
    runtime = Runtime(RuntimeConfig(max_heap_size=MAX_HEAP_BYTES, snapshot=build_snapshot(scripts)))
    try:
        return str(runtime.eval(expression))
    finally:
        runtime.close()


def texts_of(blob: bytes) -> PureFunction:
    """Make the host function that gives the texts which are not in the snapshot (web/families.js)."""
    texts = blob.texts if isinstance(blob, Snapshot) else {}
    return lambda name, data: ("null", texts[name])


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one isolate may use."""

    heap_bytes: int = MAX_HEAP_BYTES
    buffer_bytes: int = MAX_BUFFER_BYTES


class Entry(NamedTuple):
    """What an entry gave."""

    result: bytes
    """JSON."""
    data: bytes | None
    next_timer_ms: float | None
    """When the isolate wants to be entered for its timers."""
    mutated: bool
    """Whether the DOM changed."""


class HeapUsage(NamedTuple):
    """Memory of an isolate, in bytes."""

    used_bytes: int
    total_bytes: int
    external_bytes: int
    """Outside of the heap: ArrayBuffers and the like."""


class HostRequest(NamedTuple):
    """Page code waits for an answer to this."""

    id: int
    kind: str
    payload: str
    """JSON."""
    data: bytes | None


class _Answer(msgspec.Struct):
    r: msgspec.Raw
    e: dict[str, str] | None
    t: float | None
    m: bool
    o: list[tuple[str, msgspec.Raw]]


_ANSWER = msgspec.json.Decoder(_Answer)
_POSTS = msgspec.json.Decoder(list[tuple[str, msgspec.Raw]])


class _Door:
    """The host function of one isolate. Everything but `answer` and `shut` runs on the engine's thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, pure: Mapping[str, PureFunction]) -> None:
        self._loop = loop
        self._pure = pure
        self.posts: collections.deque[tuple[str, bytes, bytes | None]] = (
            collections.deque()
        )  # appended here, taken by the worker
        self.requests: collections.deque[HostRequest] = collections.deque()  # the same
        self._answers: queue.SimpleQueue[tuple[int, str, bytes | None] | None] = queue.SimpleQueue()  # None: teardown
        self._ids = itertools.count(1)
        self.wake: Callable[[], None] | None = None  # runs on the worker's loop
        self.terminate: Callable[[], None] | None = None
        self._shut = False

    def __call__(self, verb: str, *arguments: Any) -> Any:
        """Serve `hostPost` and `hostCall` of web/host.js."""
        if verb == "post":
            posts = _POSTS.decode(arguments[0])
            last = len(posts) - 1
            data = bytes(arguments[1]) if len(arguments) > 1 else None
            for index, (kind, payload) in enumerate(posts):
                self.posts.append((kind, bytes(payload), data if index == last else None))
            self._ring()
            return None
        kind, text = arguments[0], arguments[1]
        data = bytes(arguments[2]) if len(arguments) > 2 else None
        pure = self._pure.get(kind)
        if pure is not None:
            try:
                json, out = pure(msgspec.json.decode(text), data)
            except Exception as error:
                _LOG.exception("pure host function %s failed", kind)
                return f"!{kind}: {error}"
            return json if out is None else [json, out]
        return self._ask(kind, text, data)

    def _ask(self, kind: str, text: str, data: bytes | None) -> Any:
        number = next(self._ids)
        self.requests.append(HostRequest(number, kind, text, data))
        self._ring()
        while not self._shut:
            answer = self._answers.get()
            if answer is None:
                break
            if answer[0] == number:
                return answer[1] if answer[2] is None else [answer[1], answer[2]]
        # Teardown: an exception could be caught by the page; termination from inside cannot (measured).
        if self.terminate is not None:
            self.terminate()
        return "null"

    def _ring(self) -> None:
        if self.wake is None:
            return
        try:
            self._loop.call_soon_threadsafe(self.wake)
        except RuntimeError:  # the worker's loop is closed: nobody listens any more
            return

    def answer(self, number: int, text: str, data: bytes | None) -> None:
        """Answer a request (worker)."""
        self._answers.put((number, text, data))

    def shut(self) -> None:
        """Release a waiting host function (worker)."""
        self._shut = True
        self._answers.put(None)


_scheduler_begun = False  # set once, by any worker's thread


@contextlib.contextmanager
def _one_scheduler_thread() -> Iterator[None]:
    """Surround the first call of a process: one thread is enough for the answers, a second one is woken for each and finds nothing to do.

    Measured: an entry takes 97 us of CPU with one, 236 with two. The environment is the user's: the variable is only there meanwhile.
    """
    global _scheduler_begun  # noqa: PLW0603 - the engine has one for the process
    given = os.environ.get(_SCHEDULER_THREADS)
    os.environ.setdefault(_SCHEDULER_THREADS, "1")
    try:
        yield
        _scheduler_begun = True
    finally:
        if given is None:
            os.environ.pop(_SCHEDULER_THREADS, None)


class Isolate:
    """One V8 isolate. Made by `Engine`; belongs to the worker's thread."""

    def __init__(self, runtime: Any, pure: Mapping[str, PureFunction]) -> None:
        self._loop = asyncio.get_running_loop()
        self._owner = threading.get_ident()
        self._door = _Door(self._loop, pure)
        self._door.wake = self._drain
        self._lock = asyncio.Lock()  # one entry at a time; FIFO
        self._in_flight = False  # somebody waits for an entry
        self._abandoned = 0  # entries that nobody waits for any more, which the engine is still at
        self._given_up = False  # one of those did not end by its deadline
        self._barred = False  # the last entry was given: those that come behind it are refused
        self._stopwatch: Stopwatch | None = None  # of the entry in flight, where waits do not count
        self._closed = False
        self._on_post: Callable[[str, str, bytes | None], None] | None = None
        self._on_request: Callable[[HostRequest], None] | None = None
        self._runtime: Any = runtime
        try:
            self._terminator: Any = self._runtime.termination_handle()
            self._door.terminate = self._terminator.terminate
            self._watch = Watch(self._terminator.terminate)
            token = self._runtime.register_op("sanderling", self._door, mode="sync")
            boot = self._runtime.eval("__sanderling_boot")
            self._enter: Any = boot(token)
            inspector = self._runtime.inspector_endpoints()
            self.inspector_url: str = "" if inspector is None else inspector.websocket_url
            """Where V8's inspector is found (`js/inspector.py`); empty where the isolate has none."""
        except BaseException:
            self._runtime.close()
            raise

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    def _check_open(self) -> None:
        if self._closed:
            raise ClosedError("the isolate is closed")

    def on_post(self, listener: Callable[[str, str, bytes | None], None]) -> None:
        """Call `listener` with kind, JSON payload and bytes of everything page code posts, in order."""
        self._on_post = listener

    def on_request(self, listener: Callable[[HostRequest], None]) -> None:
        """Call `listener` with each question that page code waits for; it must be answered or refused."""
        self._on_request = listener

    def set_module_functions(self, resolve: Callable[[str, str], str | None], load: Callable[[str], str]) -> None:
        """Set what `import` uses. Both run on the engine's thread."""
        self._runtime.set_module_resolver(resolve)
        self._runtime.set_module_loader(load)

    def ask_from_engine(self, kind: str, payload: str) -> str:
        """Ask the worker and wait, from a function that the engine calls (engine's thread)."""
        answer = self._door._ask(kind, payload, None)
        return str(answer)

    async def enter(
        self,
        kind: str,
        payload: str,
        data: bytes | None = None,
        *,
        deadline_s: float,
        waits_count: bool = True,
        last: bool = False,
    ) -> Entry:
        """Run the entry `kind`; earlier ones come first.

        Args:
            kind: a name given to `onHost`.
            payload: JSON.
            data: bytes beside it.
            deadline_s: how long it may run.
            waits_count: whether the time in which page code waits for an answer (a dialog) is part of that.
            last: nothing is entered after it, until `readmit`.

        Raises:
            JavaScriptError: the handler threw.
            PageCrashedError: a limit was used up, or the isolate was terminated.
            ClosedError: the isolate was closed.
            NotEnteredError: it was closed before this entry began.
        """
        assert threading.get_ident() == self._owner, "an isolate is entered from its worker's thread only"
        async with self._lock:
            if self._closed or self._barred:
                raise NotEnteredError("the isolate is closed")
            self._barred = last
            if self._given_up:
                raise PageCrashedError("the page's code cannot be stopped")
            self._in_flight = True
            future: asyncio.Future[Any] | None = None
            try:
                arguments = (kind, payload) if data is None else (kind, payload, data)
                with contextlib.nullcontext() if _scheduler_begun else _one_scheduler_thread():
                    if waits_count and not self.inspector_url:
                        call = self._enter.call_async(*arguments, timeout=deadline_s)
                    else:
                        # The engine's own deadline would count the waits, and the pauses of a debugger.
                        self._stopwatch = Stopwatch(self._loop)
                        call = self._enter.call_async(*arguments)
                future = _future_of(call)
                raw = await self._watch.run(
                    future, deadline_s=deadline_s, give_up_s=GIVE_UP_S, stopwatch=self._stopwatch
                )
            except GivenUpError:
                assert future is not None
                self._given_up = not future.done()
                raise PageCrashedError(
                    f"the page's code ran for more than {deadline_s:g} s and cannot be stopped"
                ) from None
            except OverdueError:
                raise PageCrashedError(f"the page's code ran for more than {deadline_s:g} s without a pause") from None
            except pydeno.RuntimeTimeout:
                raise PageCrashedError(f"the page's code ran for more than {deadline_s:g} s without a pause") from None
            except pydeno.RuntimeTerminated as error:
                if self._closed:
                    raise ClosedError("the isolate is closed") from None
                raise PageCrashedError(_crash_text(str(error))) from None
            except pydeno.JavaScriptError as error:
                # The dispatcher catches what handlers throw; what still comes out is a stack overflow in it, or the like.
                raise JavaScriptError(error.name or "", error.message or str(error), stack=error.stack or "") from None
            except RuntimeError as error:
                if self._closed:
                    raise ClosedError("the isolate is closed") from None
                raise PageCrashedError(_crash_text(str(error))) from None
            finally:
                self._stopwatch = None
                self._in_flight = False
                if future is not None and not future.done():  # given up, or whoever waited was canceled
                    self._abandoned += 1
                    future.add_done_callback(self._ended_late)
                if self.closed:
                    self._dispose()
        self._check_open()
        text, out = (raw, None) if isinstance(raw, str) else (raw[0], bytes(raw[1]))
        answer = self._take(text)
        if answer.e is not None:
            raise JavaScriptError(answer.e["name"], answer.e["message"], stack=answer.e["stack"])
        return Entry(bytes(answer.r), out, answer.t, answer.m)

    def _take(self, text: str) -> _Answer:
        answer = _ANSWER.decode(text)
        self._drain()
        if self._on_post is not None:
            for name, post in answer.o:
                self._on_post(name, bytes(post).decode(), None)
        return answer

    def _ended_late(self, future: asyncio.Future[Any]) -> None:
        self._abandoned -= 1
        if not self._abandoned:
            self._given_up = False
        if self._closed or future.cancelled() or future.exception() is not None:
            return
        # Nobody wants the result, but what page code posted with it has happened, and its timers run.
        raw = future.result()
        answer = self._take(raw if isinstance(raw, str) else raw[0])
        if answer.t is not None and self._on_post is not None:
            self._on_post("wake", "null", None)

    def _drain(self) -> None:
        while self._door.posts and not self._closed:
            kind, payload, data = self._door.posts.popleft()
            if self._on_post is not None:
                self._on_post(kind, payload.decode(), data)
        while self._door.requests and not self._closed:
            request = self._door.requests.popleft()
            if self._stopwatch is not None:
                self._stopwatch.wait_began()
            if self._on_request is None:
                self.refuse(request.id, "InternalError: nobody answers")
            else:
                self._on_request(request)

    def pause_began(self) -> None:
        """A debugger holds page code: its time does not count."""
        if self._stopwatch is not None:
            self._stopwatch.wait_began("debugger")

    def pause_ended(self) -> None:
        """It goes on."""
        if self._stopwatch is not None:
            self._stopwatch.wait_ended("debugger")

    def readmit(self) -> None:
        """Let entries in again after one that was to be the last."""
        self._barred = False

    def _answered(self) -> None:
        if self._stopwatch is not None:
            self._stopwatch.wait_ended()

    def answer(self, request_id: int, payload: str, data: bytes | None = None) -> None:
        """Answer a question with JSON and bytes."""
        self._answered()
        self._door.answer(request_id, payload, data)

    def refuse(self, request_id: int, message: str) -> None:
        """Answer a question with an exception for page code."""
        self._answered()
        self._door.answer(request_id, f"!{message}", None)

    def heap_used_bytes(self) -> int:
        """Give the bytes of the heap in use."""
        return self.heap_usage().used_bytes

    def heap_usage(self) -> HeapUsage:
        """Say how much memory the isolate's heap has and uses."""
        stats = self._runtime.get_stats()
        return HeapUsage(int(stats.heap_used_bytes), int(stats.heap_total_bytes), int(stats.external_memory_bytes))

    def close(self) -> None:
        """End the isolate, also one that computes or waits. Idempotent."""
        assert threading.get_ident() == self._owner, "an isolate is closed on its worker's thread"
        if self._closed:
            return
        self._closed = True
        self._door.wake = None
        self._door.shut()
        if self._in_flight or self._abandoned:
            # Whatever computes ends now, or later and unseen. And who disposes of the runtime waits for nothing: the engine sees to its own end.
            self._terminator.terminate()
        if not self._in_flight:  # else its `finally` does
            self._dispose()

    def _dispose(self) -> None:
        self._watch.stop()
        self._runtime.close()
        # The engine's objects must go on this thread: whoever still holds the isolate must not hold them.
        self._runtime = self._enter = self._terminator = self._door.terminate = None
        self._on_post = None
        self._on_request = None


def _future_of(call: Coroutine[Any, Any, Any]) -> asyncio.Future[Any]:
    """Give the future that a call of the engine's waits for.

    The engine gives a coroutine that awaits its future and does nothing else. To have a task run that for each entry costs a tenth of
    the entry; a coroutine's first step gives what it waits for (PEP 492: the protocol between it and its task).
    """
    try:
        future = call.send(None)
    except StopIteration as ended:  # there was nothing to wait for
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        done.set_result(ended.value)
        return done
    assert isinstance(future, asyncio.Future)
    call.close()  # the future goes on
    return future


def _crash_text(text: str) -> str:
    if "eap limit" in text:
        return "the page used more memory than its limit"
    return f"the page's engine stopped: {text}"


_PORTS = range(10_000, 32_768)
"""Of the inspectors of isolates: below those that the system gives to sockets that connect. They come again when all were used."""

_PORTS_TRIED = 200
"""Before an isolate is given up: an old one may still have its port."""

_blob_lock = threading.Lock()  # protects _blob_in_use
_blob_in_use: bytes | None = None


class Runtimes:
    """Makes what the engine itself calls a runtime: an isolate that nobody entered yet. For one thread, which needs no loop for it.

    Args:
        blob: the startup snapshot; the same for the whole process.
        limits: of each.
        inspected: whether each has V8's inspector. It listens on loopback and lets in whoever comes, so the process must have a
            network of its own.

    Raises:
        InternalError: another blob is in use in this process.
    """

    def __init__(self, blob: bytes, limits: Limits | None = None, *, inspected: bool = False) -> None:
        global _blob_in_use  # noqa: PLW0603 - the engine's own limit is the process
        with _blob_lock:
            if _blob_in_use is not None and _blob_in_use != blob:
                raise InternalError("two different startup snapshots in one process abort the engine")
            if _blob_in_use is None:
                # Whoever looks for faults of `web/` itself has its lines, and a debugger steps through them.
                flags = FLAGS if inspected or _LOG.isEnabledFor(logging.DEBUG) else (*FLAGS, POSITIONS_FLAG)
                pydeno._pydeno._set_v8_flags(flags)  # type: ignore[attr-defined]  # before the first isolate of the process
            _blob_in_use = blob
        self.blob = blob
        limits = limits or Limits()
        self._shared = share(blob)
        self._config = self._shared.around(  # it keeps a copy too
            lambda: RuntimeConfig(
                max_heap_size=limits.heap_bytes,
                max_buffer_bytes=limits.buffer_bytes,
                snapshot=blob,
                force_kill_grace=1.0,
                # Else, beside an inspector, the methods of the page's console are replaced by some that do nothing.
                enable_console=inspected,
                max_serialization_bytes=MAX_CROSSING_BYTES,
            )
        )
        self._ahead: Any = None
        self._ports: Iterator[int] | None = itertools.cycle(_PORTS) if inspected else None

    def prepare(self) -> None:
        """Make the next one ahead of its need. The engine's part of that does not hold Python's lock."""
        if self._ahead is None:
            self._ahead = self._make()

    def take(self) -> Any:
        """Give a fresh one."""
        ahead, self._ahead = self._ahead, None
        return self._make() if ahead is None else ahead

    def _make(self) -> Any:
        if self._ports is None:
            return self._shared.around(lambda: Runtime(self._config))
        for port in itertools.islice(self._ports, _PORTS_TRIED):
            self._config.inspector = InspectorConfig("127.0.0.1", port)
            try:
                return self._shared.around(lambda: Runtime(self._config))
            except RuntimeError as error:
                if "bind inspector socket" not in str(error):
                    raise
        raise InternalError(f"no free port for the inspector of an isolate among {_PORTS_TRIED}")

    def close(self) -> None:
        """Close the one that was made ahead. Idempotent."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            ahead.close()


class Engine:
    """Makes isolates from one blob, with a spare one at hand.

    Args:
        source: the startup snapshot, the same for the whole process; or what this thread has already made of it, whose limits count.
        limits: of each isolate.
        pure: host functions that run on the engine's thread.
        own: makers of such functions; each isolate has its own.
        room: whether another isolate may be made ahead, asked each time once there was one; None for always.
        inspected: see `Runtimes`, where `source` is a snapshot.

    Raises:
        InternalError: another blob is in use in this process.
    """

    def __init__(
        self,
        source: bytes | Runtimes,
        *,
        limits: Limits | None = None,
        pure: Mapping[str, PureFunction] | None = None,
        own: Mapping[str, FunctionMaker] | None = None,
        room: Callable[[], bool] | None = None,
        inspected: bool = False,
    ) -> None:
        self.inspected = inspected and not isinstance(source, Runtimes)
        """Whether its isolates have V8's inspector."""
        self._runtimes = source if isinstance(source, Runtimes) else Runtimes(source, limits, inspected=inspected)
        self._pure = {"web.text": texts_of(self._runtimes.blob), **(pure or {})}
        self._own = dict(own or {})
        self._spare: Isolate | None = None
        self._made = 0
        self._room = room
        self._closed = False

    async def take(self) -> Isolate:
        """Give a fresh isolate."""
        return self.take_now()

    def take_now(self) -> Isolate:
        """Like `take`; without a spare isolate it blocks this thread for some milliseconds."""
        spare, self._spare = self._spare, None
        return spare if spare is not None else self._make()

    def _make(self) -> Isolate:
        if self._closed:
            raise ClosedError("the engine is closed")
        self._made += 1
        if self._made % 32 == 0:
            trim()
        functions = {**self._pure, **{kind: make() for kind, make in self._own.items()}} if self._own else self._pure
        return Isolate(self._runtimes.take(), functions)

    def prepare_spare(self) -> None:
        """Make the next isolate ahead of its need, where there is room for it."""
        if self._spare is not None or self._closed:
            return
        if self._made == 0 or self._room is None or self._room():
            self._spare = self._make()

    def close(self) -> None:
        """Close the spare isolate; those given out are their takers'. Idempotent."""
        self._closed = True
        self._runtimes.close()
        spare, self._spare = self._spare, None
        if spare is not None:
            spare.close()
        trim()
