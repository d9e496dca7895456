"""Network: the one event loop that owns every transfer, and the doors through which workers reach it.

Commands come through Handles. The first of a batch wakes the loop, which then takes turns between the workers, so many
commands each, that no worker waits for another's thousand (I11). Stopping is a barrier (R19): when `stop` returns every
transfer has its outcome and no thread, descriptor or timer of Network's is left.

Thread: main, unless a method says otherwise.
"""

from __future__ import annotations

import asyncio
import collections
import concurrent.futures
import enum
import logging
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from sanderling.base.errors import ClosedError, InternalError
from sanderling.network import errors
from sanderling.network.carrier import NetworkSide
from sanderling.network.counters import Counters
from sanderling.network.curl import Curl
from sanderling.network.curl_guard import Guard
from sanderling.network.files import open_granted
from sanderling.network.handle import Handle
from sanderling.network.messages import (
    AskService,
    Cancel,
    CancelAsk,
    Command,
    Event,
    Failed,
    FileOpened,
    Notify,
    OpenFile,
    OpenSocket,
    Output,
    Reply,
    Resume,
    Saved,
    Shutdown,
    SocketClose,
    SocketClosed,
    SocketConsumed,
    SocketSend,
    Submit,
    Timings,
    TransferId,
)
from sanderling.network.services import Services
from sanderling.network.shared_services import add_all
from sanderling.network.transfer import Transfer

if TYPE_CHECKING:
    from sanderling.network.websocket import Connection

_LOG = logging.getLogger("sanderling.network")

S = TypeVar("S", bound=NetworkSide)

COMMANDS_PER_TURN = 64
"""Taken from one worker before the next one has its turn."""

STOPPED = "the network was stopped"

THREAD_NAME = "sanderling-network"


class _Phase(enum.Enum):
    """How far Network is; it only goes forward."""

    NEW = 1
    RUNNING = 2
    STOPPING = 3
    ENDED = 4


_MESSAGES = frozenset({Reply, Notify, Output, Saved})
"""Commands that are no concern of libcurl's."""


class _Door:
    """A Handle seen from the loop: its transfers and the events on their way to it."""

    __slots__ = ("_dirty", "commands", "events", "handle", "sockets", "told_tls", "transfers")

    def __init__(self, handle: NetworkSide, dirty: list[_Door]) -> None:
        self.handle = handle
        self.commands: collections.deque[Command] = collections.deque()  # taken and not obeyed yet
        self.events: list[Event] = []  # emitted and not pushed yet
        self.transfers: dict[TransferId, Transfer] = {}  # without an outcome
        self.sockets: dict[TransferId, Connection] = {}  # WebSockets that are not closed
        self.told_tls: set[int] = set()  # numbers of TLS facts whose chain the worker has
        self._dirty = dirty

    def emit(self, event: Event) -> None:
        """See `transfer.Owner`."""
        if not self.events:
            self._dirty.append(self)
        self.events.append(event)

    def knows_tls(self, number: int) -> bool:
        """See `transfer.Owner`."""
        known = number in self.told_tls
        self.told_tls.add(number)
        return known

    def ended(self, transfer: TransferId) -> None:
        """See `transfer.Owner`."""
        self.transfers.pop(transfer, None)

    def socket_ended(self, number: TransferId) -> None:
        """See `websocket.SocketOwner`."""
        self.sockets.pop(number, None)


class Network:
    """The event pool of a process. It runs once: after it has stopped it cannot run again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # protects the seven below
        self._phase = _Phase.NEW
        self._loop: asyncio.AbstractEventLoop | None = None  # while commands are taken
        self._stop: asyncio.Event | None = None  # set on the loop to end it
        self._handles: dict[NetworkSide, None] = {}  # those not closed
        self._woken: list[NetworkSide] = []  # those with commands
        self._drain_due = False  # the loop was told to look at _woken
        self._early: list[Callable[[], object]] = []  # to be called when the loop begins

        self._started = threading.Event()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None  # ours, if start_thread made one
        self._loop_thread = 0  # identity of the thread that runs the loop

        # The loop's own.
        self._doors: dict[NetworkSide, _Door] = {}
        self._dirty: list[_Door] = []  # doors with events to push
        self._busy: collections.deque[_Door] = collections.deque()  # doors with commands to obey
        self._curl: Curl | None = None
        self._guard = Guard()
        self.counters = Counters()
        self.services = Services()
        """What all sessions share."""
        self.hsts = add_all(self.services)
        """May be given a folder."""

    # Any thread.

    def new_handle(self) -> Handle:
        """Make a door for a worker, also before Network runs (any thread)."""
        return self.adopt(Handle(self.wake))

    def adopt(self, handle: S) -> S:
        """Take a door of any carrier; its wake-up is `wake` (any thread)."""
        with self._lock:
            if self._phase in (_Phase.NEW, _Phase.RUNNING):
                self._handles[handle] = None
                return handle
        handle.detach()
        return handle

    def call_soon(self, callback: Callable[[], object]) -> bool:
        """Have `callback` called on the loop, or when it begins (any thread).

        Returns:
            Whether it will be called; not when Network has stopped.
        """
        with self._lock:
            if self._phase is _Phase.NEW:
                self._early.append(callback)
                return True
            loop = self._loop
        if loop is None:
            return False
        try:
            loop.call_soon_threadsafe(callback)
        except RuntimeError:  # it ended meanwhile
            return False
        return True

    def start_thread(self) -> None:
        """Run on a thread of its own, and return when it runs (any thread).

        Raises:
            InternalError: Network ran already.
        """
        failure: list[BaseException] = []

        async def nothing() -> None:
            return

        def run() -> None:
            try:
                self.run(nothing)
            except BaseException as error:
                if self._started.is_set():
                    raise
                failure.append(error)  # for the one who waits below
            finally:
                self._started.set()

        thread = threading.Thread(target=run, name=THREAD_NAME, daemon=True)
        with self._lock:
            if self._thread is not None or self._phase is not _Phase.NEW:
                raise InternalError("Network runs once")
            self._thread = thread
        thread.start()
        self._started.wait()
        if failure:
            thread.join()
            raise failure[0]

    def stop(self) -> None:
        """End every transfer, then the loop, and wait for that (any thread but the loop's). Idempotent.

        Raises:
            InternalError: called on the loop's thread, which would wait for itself.
        """
        if threading.get_ident() == self._loop_thread and not self._ended.is_set():
            raise InternalError("Network cannot wait for itself: use stop_soon")
        with self._lock:
            if self._phase is _Phase.NEW and self._thread is None:
                self._phase = _Phase.ENDED
                handles, self._handles = self._handles, {}
                self._ended.set()
            else:
                handles = {}
        _turn_away(handles)
        if self._thread is not None:
            self._started.wait()
        with self._lock:
            loop, stop = (self._loop, self._stop) if self._phase is _Phase.RUNNING else (None, None)
        if loop is not None and stop is not None:
            try:
                loop.call_soon_threadsafe(stop.set)
            except RuntimeError:  # it ended meanwhile
                self._ended.wait()
        self._ended.wait()
        if self._thread is not None:
            self._thread.join()

    # The loop's thread.

    def run(self, main: Callable[[], Awaitable[None]]) -> None:
        """Run the loop on the calling thread until it is stopped; `main` is started in it.

        When `main` raises, Network stops and the exception comes out here. When it returns, Network goes on.

        Raises:
            ClosedError: it was stopped before it ran.
            InternalError: it runs, or ran, already.
        """
        with self._lock:
            if self._phase is _Phase.ENDED and not self._started.is_set():
                raise ClosedError(STOPPED)
            if self._phase is not _Phase.NEW:
                raise InternalError("Network runs once")
            self._phase = _Phase.RUNNING
        try:
            if self._thread is None:
                asyncio.run(self._serve(main))
            else:
                _run_beside_a_program(self._serve(main))
        finally:
            with self._lock:
                self._phase = _Phase.ENDED
                handles, self._handles = self._handles, {}
            _turn_away(handles)  # none, unless it could not even start
            self._ended.set()

    def restrict(self, guard: Guard) -> None:
        """Say what transfers that begin from now on may connect to (the loop's thread, or before it runs)."""
        self._guard = guard
        if self._curl is not None:
            self._curl.guard = guard

    @property
    def load(self) -> tuple[int, int]:
        """How many transfers run, and how many wait for their turn (the loop's thread)."""
        return (0, 0) if self._curl is None else self._curl.load

    def stop_soon(self) -> None:
        """Have the loop end when it gets its next turn; `run` then returns (the loop's thread)."""
        if self._stop is not None:
            self._stop.set()

    async def _serve(self, main: Callable[[], Awaitable[None]]) -> None:
        loop = asyncio.get_running_loop()
        self._loop_thread = threading.get_ident()
        self._curl = Curl(loop, self._deliver, self.counters)
        self._curl.guard = self._guard
        stop = asyncio.Event()
        with self._lock:
            self._loop = loop
            self._stop = stop
            self._drain_due = bool(self._woken)
            drain = self._drain_due
            early, self._early = self._early, []
        self._started.set()
        for callback in early:
            loop.call_soon(callback)
        if drain:
            loop.call_soon(self._drain)
        task: asyncio.Task[None] = loop.create_task(_coroutine(main))
        stopped = loop.create_task(stop.wait())
        try:
            await asyncio.wait((task, stopped), return_when=asyncio.FIRST_COMPLETED)
            if task.done() and not task.cancelled() and task.exception() is None:
                await stopped
        finally:
            stopped.cancel()
            task.cancel()
            await asyncio.wait((task, stopped))
            self._shut_down()
        if not task.cancelled():
            task.result()  # raises what main raised

    def wake(self, handle: NetworkSide) -> None:
        """Have the loop look at `handle` (any thread)."""
        with self._lock:
            self._woken.append(handle)
            if self._drain_due or self._loop is None:
                return  # it will look, or does so when it begins
            self._drain_due = True
            loop = self._loop
        if threading.get_ident() == self._loop_thread:
            loop.call_soon(self._drain)
            return
        try:
            loop.call_soon_threadsafe(self._drain)
        except RuntimeError:
            if not self._ended.is_set():  # the loop closes only after every handle was detached
                raise

    def _drain(self) -> None:
        """Take the commands of the workers that have any."""
        with self._lock:
            woken, self._woken = self._woken, []
            self._drain_due = False
        for handle in woken:
            door = self._door_of(handle)
            if door is None:
                continue
            idle = not door.commands
            door.commands.extend(handle.take_commands())
            if handle.closed:
                # It may have closed after the line above; from now on nothing is added.
                door.commands.extend(handle.take_commands())
            if idle:
                self._busy.append(door)
        self._obey()

    def _door_of(self, handle: NetworkSide) -> _Door | None:
        door = self._doors.get(handle)
        if door is None:
            with self._lock:
                if handle not in self._handles:
                    return None  # closed, and looked at after that
            door = self._doors[handle] = _Door(handle, self._dirty)
        return door

    def _obey(self) -> None:
        """Obey a bounded number of commands of each worker; the rest in the loop's next turn."""
        curl = self._curl
        if curl is None:
            return
        transfers = False  # whether any command was about one: most are messages
        for _ in range(len(self._busy)):
            door = self._busy.popleft()
            commands = door.commands
            for _ in range(min(len(commands), COMMANDS_PER_TURN)):
                command = commands.popleft()
                transfers = transfers or type(command) not in _MESSAGES
                try:
                    self._one(curl, door, command)
                except Exception:
                    # Nobody can catch it: the worker has gone on. Other commands, and other workers, must not suffer.
                    _LOG.exception("a command failed")
            if commands:
                self._busy.append(door)
            elif door.handle.closed:
                transfers = True
                self._close_door(curl, door)
        if transfers:
            curl.flush()
        if self._busy and self._loop is not None:
            self._loop.call_soon(self._obey)

    def _one(self, curl: Curl, door: _Door, command: Command) -> None:
        if isinstance(command, Submit):
            if command.id in door.transfers:
                raise InternalError(f"transfer {command.id} was submitted twice")
            transfer = door.transfers[command.id] = Transfer(command, door, curl.time())
            curl.submit(transfer)
        elif isinstance(command, Reply | Notify | Output):
            door.handle.deliver(command)
        elif isinstance(command, Saved):
            self.counters.saved[command.by] += 1
        elif isinstance(command, AskService | CancelAsk):
            self.services.obey(door.handle, command)
        elif isinstance(command, OpenFile):
            self._open_file(door.handle, command)
        elif isinstance(command, OpenSocket):
            if command.id in door.sockets:
                raise InternalError(f"socket {command.id} was opened twice")
            self.counters.web_sockets += 1
            curl.open_socket(command, door, door.sockets)
        elif isinstance(command, SocketSend | SocketClose | SocketConsumed):
            socket = door.sockets.get(command.id)
            if socket is not None:  # otherwise it is over, and the worker could not know yet
                socket.obey(command)
        else:
            # Unknown means over: the worker could not know yet (I17).
            known = door.transfers.get(command.id)
            if known is None:
                return
            if isinstance(command, Cancel):
                curl.cancel(known)
            elif isinstance(command, Resume):
                curl.resume(known, command.count)
            else:
                curl.send_body(known, command)

    def _open_file(self, handle: NetworkSide, request: OpenFile) -> None:
        if self._loop is not None:
            # Disks can be slow: never on the loop's thread. A handle that closed meanwhile drops the descriptor.
            opening = self._loop.run_in_executor(None, open_granted, handle.grants, request)
            opening.add_done_callback(lambda done: handle.push(done.result()) if not done.cancelled() else None)

    def _close_door(self, curl: Curl, door: _Door) -> None:
        self.services.left(door.handle)
        for transfer in tuple(door.transfers.values()):
            curl.cancel(transfer)
        for socket in tuple(door.sockets.values()):
            socket.abandon()
        self._doors.pop(door.handle, None)
        with self._lock:
            self._handles.pop(door.handle, None)
        door.handle.ended()

    def _deliver(self) -> None:
        """Push the events that were emitted in this turn, one lock a worker."""
        if not self._dirty:
            return
        dirty = tuple(self._dirty)
        self._dirty.clear()
        for door in dirty:
            events, door.events = door.events, []
            door.handle.push_all(events)

    def _shut_down(self) -> None:
        """Give every transfer its outcome and let go of everything."""
        with self._lock:
            self._phase = _Phase.STOPPING
            self._loop = None
            handles, self._handles = self._handles, {}
            self._woken.clear()
        for handle in handles:
            door = self._doors.get(handle) or _Door(handle, self._dirty)
            late = [*door.commands, *handle.detach()]
            door.commands.clear()
            for command in late:
                if isinstance(command, Reply | Notify | Output):
                    handle.deliver(command)
            _refuse(late, handle)
        self._busy.clear()
        self.services.close()
        if self._curl is not None:
            self._curl.close(STOPPED)
            self._curl = None
        self._deliver()
        for handle in handles:
            handle.push(Shutdown())
        self._doors.clear()


def _run_beside_a_program(work: Coroutine[Any, Any, None]) -> None:
    """Do what `asyncio.run` does, on a thread that the end of the program stops.

    `asyncio.run` ends the loop's helper threads by yet another one, and none can be started then (from Python 3.12 on).
    """
    loop = asyncio.new_event_loop()
    helpers = concurrent.futures.ThreadPoolExecutor(thread_name_prefix="sanderling-network-helper")
    try:
        asyncio.set_event_loop(loop)
        loop.set_default_executor(helpers)
        loop.run_until_complete(work)
    finally:
        try:
            tasks = asyncio.all_tasks(loop)
            for task in tasks:
                task.cancel()
            loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            loop.run_until_complete(loop.shutdown_asyncgens())
            helpers.shutdown()
        finally:
            asyncio.set_event_loop(None)
            loop.close()


def _turn_away(handles: Iterable[NetworkSide]) -> None:
    """Let workers know that nothing will run."""
    for handle in handles:
        _refuse(handle.detach(), handle)
        handle.push(Shutdown())


def _refuse(commands: list[Command], handle: NetworkSide) -> None:
    """Give the transfers that came too late their outcome."""
    for command in commands:
        if isinstance(command, Submit):
            handle.push(Failed(command.id, errors.ABORTED, STOPPED, Timings()))
        elif isinstance(command, OpenSocket):
            handle.push(SocketClosed(command.id, 1006, error=errors.ABORTED, message=STOPPED))
        elif isinstance(command, OpenFile):
            handle.push(FileOpened(command.id, error=STOPPED))


def _coroutine(main: Callable[[], Awaitable[None]]) -> Coroutine[Any, Any, None]:
    async def run() -> None:
        await main()

    return run()
