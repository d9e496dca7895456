"""One isolate and what it needs to live: entries in order, its timers, what it posts. It may be that there is no isolate yet (`slumber.py`).

An agent serves one document of a page's main frame and that document's same-origin child frames. It is made at the commit of a
navigation and closed at the next. Everything that page code asks for arrives as a *post* (kind and JSON payload) and is looked up in the
table that the page gave; questions that page code waits for arrive the same way and are answered with `answer`.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from sanderling.base.errors import ClosedError, InternalError, JavaScriptError, PageCrashedError, UnsupportedError
from sanderling.browser.slumber import Slumber
from sanderling.js.engine import HeapUsage, HostRequest, Isolate
from sanderling.js.errors import NotEnteredError

if TYPE_CHECKING:
    from sanderling.js.inspector import InspectorSession

_LOG = logging.getLogger("sanderling.browser.agent")

Json = Any
"""A JSON value as msgspec decodes it: its shape is checked where it is used."""


class AgentHost(Protocol):
    """What an agent needs of its page."""

    def posted(self, kind: str, payload: Json, data: bytes | None) -> None:
        """Page code posted something."""

    async def asked(self, kind: str, payload: Json, data: bytes | None) -> tuple[Json, bytes | None]:
        """Page code waits for the answer to this."""

    def crashed(self, error: PageCrashedError) -> None:
        """The isolate is gone."""

    def answers_dialogs(self) -> bool:
        """Whether somebody answers dialogs, in his own time: then a page that waits for that is not one that computes."""

    def mutated(self) -> None:
        """The DOM changed during an entry."""


class Agent:
    """An isolate with its timers.

    Args:
        isolate: fresh, owned by this agent from now on; or what stands for one until it is needed.
        host: the page.
        deadline_s: how long one entry may compute.
    """

    def __init__(self, isolate: Isolate | Slumber, host: AgentHost, *, deadline_s: float) -> None:
        self._isolate: Isolate | None = None
        self._slumber: Slumber | None = None  # until the isolate has had what was kept for it
        self._waking: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()  # its queue are the entries that came while the isolate was not ready
        self._queued = 0
        self._host = host
        self._deadline_s = deadline_s
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None  # armed for the page's next timer
        self._timer_due = 0.0  # loop time for which it is armed
        self._tasks: set[asyncio.Task[None]] = set()  # entries nobody awaits, and answers being made
        self._closed = False
        self._leaving = False  # the document is being unloaded
        self.asks_before_unload = False  # there is, or was, a listener for `beforeunload`
        self._when_closed: list[Callable[[], None]] = []
        self._holders: set[object] = set()  # sessions of V8's inspector that hold page code
        if isinstance(isolate, Slumber):
            self._slumber = isolate
        else:
            self._own(isolate)

    def _own(self, isolate: Isolate) -> None:
        self._isolate = isolate
        isolate.on_post(self._posted)
        isolate.on_request(self._asked)

    @property
    def asleep(self) -> bool:
        """Whether nothing has needed an isolate yet: no page code can have run."""
        return self._slumber is not None and self._waking is None

    @property
    def closed(self) -> bool:
        """Whether the isolate is gone or going."""
        return self._closed

    def when_closed(self, listener: Callable[[], None]) -> None:
        """Call `listener` once the isolate is gone or going."""
        self._when_closed.append(listener)

    def forget_closed(self, listener: Callable[[], None]) -> None:
        """Take back a `when_closed`. Idempotent."""
        if listener in self._when_closed:
            self._when_closed.remove(listener)

    @property
    def leaving(self) -> bool:
        """Whether the document is being left: nothing more is entered."""
        return self._leaving

    def _check_open(self) -> None:
        if self._closed:
            raise ClosedError("the document is gone")

    async def enter(
        self, kind: str, payload: Json = None, data: bytes | None = None, *, deadline_s: float | None = None
    ) -> Json:
        """Run the entry `kind` in the isolate and give its result.

        Raises:
            JavaScriptError: the entry itself threw (page callbacks never do: they are reported).
            PageCrashedError: the isolate ended meanwhile.
            ClosedError: the agent is closed.
        """
        return (await self.enter_bytes(kind, payload, data, deadline_s=deadline_s))[0]

    async def enter_bytes(
        self,
        kind: str,
        payload: Json = None,
        data: bytes | None = None,
        *,
        deadline_s: float | None = None,
        last: bool = False,
    ) -> tuple[Json, bytes | None]:
        """Like `enter`, for entries that also give bytes."""
        self._check_open()
        text = "null" if payload is None else msgspec.json.encode(payload).decode()
        if self._slumber is not None and self._waking is None:
            if self._leaving:
                raise NotEnteredError("the document is being left")
            if self._slumber.defers(kind):
                self._slumber.add(kind, text, data)
                return None, None
            self._waking = self._loop.create_task(self._wake())
            self._waking.add_done_callback(lambda done: done.cancelled() or done.exception())
        if self._slumber is not None or self._queued:
            await self._awake()
        return await self._run(kind, text, data, deadline_s=deadline_s, last=last)

    async def _awake(self) -> None:
        """Wait for the isolate, and for what came before."""
        assert self._waking is not None
        self._queued += 1
        try:
            async with self._turn:
                await asyncio.shield(self._waking)
        finally:
            self._queued -= 1

    async def _wake(self) -> None:
        slumber = self._slumber
        assert slumber is not None
        self._check_open()  # else nobody would end what is made now, and the next document's modules would go to it
        self._own(slumber.awaken())
        while slumber.entries:
            entry = slumber.entries.popleft()
            try:
                await self._run(*entry)
            except JavaScriptError as error:
                _LOG.error("entry %s failed: %s", entry.kind, error)
        self._slumber = None

    async def _run(
        self, kind: str, text: str, data: bytes | None, *, deadline_s: float | None = None, last: bool = False
    ) -> tuple[Json, bytes | None]:
        self._check_open()
        assert self._isolate is not None
        try:
            entry = await self._isolate.enter(
                kind,
                text,
                data,
                deadline_s=self._deadline_s if deadline_s is None else deadline_s,
                waits_count=not self._host.answers_dialogs(),
                last=last,
            )
        except PageCrashedError as error:
            if not self._closed:
                self._fail(error)
            raise
        self._check_open()
        self._arm(entry.next_timer_ms)
        if entry.mutated:
            self._host.mutated()
        return msgspec.json.decode(entry.result), entry.data

    def defer(self, kind: str, payload: Json) -> bool:
        """Keep an entry whose result is known beforehand, while nothing needs the isolate; False: it has to be entered."""
        if self._slumber is None or self._waking is not None or self._closed or self._leaving:
            return False
        self._slumber.add(kind, msgspec.json.encode(payload).decode(), None)
        return True

    def post(self, kind: str, payload: Json = None, data: bytes | None = None) -> None:
        """Run an entry whose result nobody needs; entries keep their order."""
        if not self._closed:
            self._spawn(self._post(kind, payload, data))

    async def _post(self, kind: str, payload: Json, data: bytes | None) -> None:
        try:
            await self.enter(kind, payload, data)
        except (ClosedError, PageCrashedError):
            return  # reported by whoever noticed first
        except JavaScriptError as error:
            _LOG.error("entry %s failed: %s", kind, error)

    def _posted(self, kind: str, payload: str, data: bytes | None) -> None:
        if self._closed:
            return
        if kind == "wake":
            # Something happened between entries that page code has to be told.
            self.post("timers.run")
            return
        try:
            self._host.posted(kind, msgspec.json.decode(payload), data)
        except Exception:
            _LOG.exception("handling of %s failed", kind)

    def _asked(self, request: HostRequest) -> None:
        self._spawn(self._answer(request))

    async def _answer(self, request: HostRequest) -> None:
        try:
            result, data = await self._host.asked(request.kind, msgspec.json.decode(request.payload), request.data)
            text = "null" if result is None else msgspec.json.encode(result).decode()
        except Exception as error:
            if not isinstance(error, InternalError):
                _LOG.exception("question %s failed", request.kind)
            if self._isolate is not None:
                self._isolate.refuse(request.id, f"InternalError: {request.kind}: {error}")
            return
        if not self._closed and self._isolate is not None:
            self._isolate.answer(request.id, text, data)

    def _arm(self, delay_ms: float | None) -> None:
        if delay_ms is None:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            return
        due = self._loop.time() + max(0.0, delay_ms) / 1000
        if self._timer is not None:
            if abs(self._timer_due - due) < 0.0005:
                return
            self._timer.cancel()
        self._timer_due = due
        self._timer = self._loop.call_at(due, self._ring)

    def _ring(self) -> None:
        self._timer = None
        self.post("timers.run")

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def may_unload(self, entry: str = "") -> bool:
        """Fire `beforeunload`; False where whoever was asked wants to stay.

        Raises:
            SanderlingError: see `enter`.
        """
        if not self.asks_before_unload:
            return True
        return bool((await self.enter("document.mayUnload", {"to": entry}))["proceed"])

    async def unload(self, *, deadline_s: float) -> Json:
        """Run the unload handlers; from now on a crash is no concern of the page's.

        Gives for how many milliseconds those of the outermost document ran (`ms`), and where its viewport is (`scroll`, see `web/html/unloading.js`).

        Args:
            deadline_s: how long they may compute.

        Raises:
            SanderlingError: see `enter`.
        """
        self._leaving = True
        if self.asleep:
            return {"ms": 0, "scroll": []}  # there is nobody who could listen
        # What comes behind it must not begin: it would be cut off when the next document is there.
        told, _ = await self.enter_bytes("document.unload", deadline_s=deadline_s, last=True)
        return told

    def stay(self) -> None:
        """The document is not left after all."""
        self._leaving = False
        if not self._closed and self._isolate is not None:
            self._isolate.readmit()

    def crash(self, reason: str) -> None:
        """End the isolate as if it had failed."""
        if not self._closed:
            self._fail(PageCrashedError(reason))

    async def inspect(
        self, listener: Callable[[str, Json], None], ended: Callable[[], None] = lambda: None
    ) -> InspectorSession:
        """Open a session of V8's inspector; it ends with the isolate. An isolate that is not made yet is made now.

        Args:
            listener: takes its events.
            ended: called when it is over, also before the isolate is.

        Raises:
            UnsupportedError: the isolates of this process have none.
            ClosedError: the agent is closed.
        """
        # Late: it brings a client of WebSockets along, which others do not need.
        from sanderling.js.inspector import open_session

        if self._isolate is None:
            await self.enter("timers.run")
        self._check_open()
        assert self._isolate is not None
        isolate = self._isolate
        if not isolate.inspector_url:
            raise UnsupportedError("this isolate has no inspector")

        holder = object()

        def happened(method: str, params: Json) -> None:
            # A page that is held by a debugger is not one that computes.
            if method == "Debugger.paused":
                self._holders.add(holder)
                isolate.pause_began()
            elif method == "Debugger.resumed":
                goes_on()
            listener(method, params)

        def goes_on() -> None:
            self._holders.discard(holder)
            if not self._holders:
                isolate.pause_ended()

        def over() -> None:
            goes_on()
            self.forget_closed(session.close)
            ended()

        session = await open_session(isolate.inspector_url, happened, over)
        if self._closed:
            session.close()
            self._check_open()
        self.when_closed(session.close)
        return session

    def heap_usage(self) -> HeapUsage:
        """Say how much of the heap is in use: nothing, where there is none yet."""
        self._check_open()
        return HeapUsage(0, 0, 0) if self._isolate is None else self._isolate.heap_usage()

    def _fail(self, error: PageCrashedError) -> None:
        self.close()
        if not self._leaving:
            self._host.crashed(error)

    def close(self) -> None:
        """End the isolate, also one that computes or waits. Entries under way raise `PageCrashedError` or `ClosedError`."""
        if self._closed:
            return
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._isolate is not None:
            self._isolate.close()
        listeners, self._when_closed = self._when_closed, []
        for listener in listeners:
            listener()


PostHandler = Callable[[Json, bytes | None], None]
