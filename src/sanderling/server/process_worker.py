"""A worker in a process of its own.

Thread: any; each method says which.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import signal
import threading
from collections.abc import Callable, Sequence

import msgspec

from sanderling.base import errors
from sanderling.network.codec import MAX_PAYLOAD_BYTES
from sanderling.network.files import Grants
from sanderling.network.messages import ClientMessage, Notify, Output, Reply, Shutdown
from sanderling.network.network import Network
from sanderling.network.port import Port
from sanderling.network.socket_carrier import SocketNetworkSide, socket_pair
from sanderling.server.sandbox import Confinement
from sanderling.server.template_link import Child, Template
from sanderling.server.thread_worker import CLOSED
from sanderling.server.uploads import grant_uploads
from sanderling.server.worker_start import WorkerStart

KILL_AFTER_S = 1.0
"""How long a worker that was told to end may take before it is killed."""

END_TIMEOUT_S = 10.0
"""How long after that its end must be known."""

STATUS_WAIT_S = 0.7
"""How long the exit status may come after the end of the socket: a death is reported within a second, whatever."""

_ABORTS = frozenset({signal.SIGTRAP, signal.SIGABRT, signal.SIGSEGV, signal.SIGILL, signal.SIGBUS, signal.SIGFPE})


def describe_exit(status: int | None, words: str = "") -> str:
    """Say what ended a process.

    Args:
        status: as `subprocess` writes it: negative for a signal; None for unknown.
        words: the engine's own.
    """
    if status is None:
        return "its process ended"
    if status >= 0:
        return f"its process ended with exit code {status}"
    try:
        number = signal.Signals(-status)
    except ValueError:
        return f"its process was ended by signal {-status}"
    if number in _ABORTS:
        return f"its engine aborted ({number.name}{': ' + words if words else ''})"
    if number is signal.SIGKILL:
        return "its process was killed (SIGKILL), from outside or because the system had no memory left"
    return f"its process was ended by {number.name}"


class ProcessWorker:
    """A worker in a process, seen from outside; a `links.WorkerLink`. It may wait as a spare before `bind`.

    Args:
        network: carries its socket.
        template: makes the process.
        start: its options.
    """

    def __init__(self, network: Network, template: Template, start: WorkerStart) -> None:
        ours, theirs = socket_pair()
        self.pid = 0
        """0 until the process is there, and once it has ended (Network's thread)."""
        self.confinement: Confinement | None = None
        """What the process gave up, once it has said so (Network's thread)."""
        self._network = network
        self._template = template
        self._on_notify: Callable[[Notify], None] | None = None
        self._on_output: Callable[[Output], None] | None = None
        self._on_died: Callable[[str], None] | None = None
        self._on_forked: Callable[[int], None] | None = None
        self._on_exited: Callable[[], None] | None = None
        self._side = SocketNetworkSide(ours, network.wake, network.call_soon)
        self.port = Port(self._side.push, self._notified)
        self._side.on_message(self._received)
        self._side.on_closed(self._stream_over)
        self._ended: concurrent.futures.Future[None] = concurrent.futures.Future()
        self._begun = threading.Event()
        self._closing = False
        self._stream_is_over = False
        self._exit: tuple[int | None, str] | None = None  # once known
        self._verdict = ""  # why we ended it ourselves
        self._reason = ""  # why it died, once it has
        network.adopt(self._side)
        network.call_soon(self._start_stream)
        self._number = template.fork(theirs, start, Child(self._forked, self._exited))

    def bind(
        self,
        on_notify: Callable[[Notify], None],
        on_output: Callable[[Output], None] | None = None,
        on_died: Callable[[str], None] | None = None,
    ) -> None:
        """Say who listens, once (before it is asked anything).

        Args:
            on_notify: called with its notifications, on Network's thread.
            on_output: called with what it says to CDP clients, on Network's thread.
            on_died: called with the reason when it ends by itself, on Network's thread.
        """
        self._on_notify, self._on_output, self._on_died = on_notify, on_output, on_died
        if on_died is not None:
            self._network.call_soon(self._tell_death)  # it may have died while it waited

    def _tell_death(self) -> None:
        if self._reason and self._on_died is not None:
            callback, self._on_died = self._on_died, None
            callback(self._reason)

    @property
    def grants(self) -> Grants:
        """Files that it may have opened (any thread)."""
        return self._side.grants

    @property
    def template_pid(self) -> int:
        """Process id of the template that made it (any thread)."""
        return self._template.pid

    @property
    def ended(self) -> bool:
        """Whether it is over (any thread)."""
        return self._ended.done()

    def wait_until_begun(self, timeout_s: float) -> None:
        """Wait until its process serves (any thread but Network's).

        Args:
            timeout_s: for how long at most.

        Raises:
            InternalError: it ended instead; the text says why.
        """
        self._begun.wait(timeout_s)
        if self._reason:
            raise errors.InternalError(f"a worker could not be started: {self._reason}")

    @property
    def ending(self) -> str:
        """Why it was ended from here, if it was (any thread)."""
        return self._verdict

    def on_forked(self, callback: Callable[[int], None]) -> None:
        """Have `callback` called with the process id, on Network's thread (before it starts)."""
        self._on_forked = callback

    def on_exited(self, callback: Callable[[], None]) -> None:
        """Have `callback` called when the process has ended, before that is reported (Network's thread)."""
        self._on_exited = callback

    def explain(self, verdict: str) -> None:
        """Say why it ended, for the report (Network's thread)."""
        self._verdict = self._verdict or verdict

    # Network's thread.

    def _start_stream(self) -> None:
        self._side.start()

    def _notified(self, message: Notify) -> None:
        if message.target == "":
            self.confinement = msgspec.json.decode(message.body, type=Confinement)
            self._begun.set()
        elif self._on_notify is not None:
            self._on_notify(message)

    def _received(self, message: Reply | Notify | Output) -> None:
        if not isinstance(message, Output):
            self.port.received(message)
        elif self._on_output is not None:
            self._on_output(message)

    def _forked(self, pid: int) -> None:
        self.pid = pid
        if self._on_forked is not None:
            self._on_forked(pid)

    def _exited(self, status: int | None, words: str) -> None:
        self.pid = 0
        self._exit = (status, words)
        if self._on_exited is not None:
            self._on_exited()
        if self._stream_is_over:
            self._finish()

    def _stream_over(self) -> None:
        """Its last word was obeyed, or Network stops."""
        self._stream_is_over = True
        if self._side.end_reason:
            self.end(self._side.end_reason)
        if self._exit is not None:
            self._finish()
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # Network never ran, or stopped
            self._finish()
            return
        loop.call_later(STATUS_WAIT_S, self._give_up_waiting)

    def _give_up_waiting(self) -> None:
        if not self._ended.done() and not self._closing:
            self._template.kill(self._number)
            self._finish()

    def _finish(self) -> None:
        if self._ended.done():
            return
        self._ended.set_result(None)
        if self._closing:
            self._begun.set()
            self.port.close(errors.ClosedError(CLOSED))
            return
        status, words = self._exit if self._exit is not None else (None, "")
        reason = self._verdict or describe_exit(status, words)
        if self._template.failure:
            reason = f"the template of the workers ended: {self._template.failure}"
        self.port.close(errors.PageCrashedError(f"the page crashed: {reason}"))
        self._reason = reason
        self._begun.set()
        self._tell_death()

    # Any thread.

    def end(self, verdict: str) -> None:
        """Kill it for a reason, which is reported as the reason of its death (any thread)."""
        self._verdict = self._verdict or verdict
        self._template.kill(self._number)

    def call(self, method: str, params: bytes) -> concurrent.futures.Future[bytes]:
        """See `links.WorkerLink` (any thread)."""
        if len(params) > MAX_PAYLOAD_BYTES:
            failed: concurrent.futures.Future[bytes] = concurrent.futures.Future()
            failed.set_exception(errors.UsageError(f"{len(params)} bytes for {method} are more than what may cross"))
            return failed
        return self.port.call(method, params)

    def message(self, session_id: str, data: bytes) -> None:
        """See `links.WorkerLink` (any thread).

        Raises:
            UsageError: it is too large to cross.
        """
        if len(data) > MAX_PAYLOAD_BYTES:
            raise errors.UsageError(f"a message of {len(data)} bytes is larger than what may cross")
        grant_uploads(self._side.grants, data)
        self._side.push(ClientMessage(session_id, data))

    def begin_close(self) -> None:
        """Tell it to end, and do not wait (any thread). Idempotent."""
        if not self._closing:
            self._closing = True
            self._side.push(Shutdown())

    async def close(self) -> None:
        """End it, also while it computes (any loop). Idempotent.

        Raises:
            InternalError: its end is not known in time.
        """
        self.begin_close()
        ended = asyncio.wrap_future(self._ended)
        await asyncio.wait((ended,), timeout=KILL_AFTER_S)
        if not self._ended.done():
            self._template.kill(self._number)
            await asyncio.wait((ended,), timeout=END_TIMEOUT_S)
        self._check_ended()

    def close_and_wait(self) -> None:
        """The same, blocking (any thread but Network's). Idempotent.

        Raises:
            InternalError: its end is not known in time.
        """
        close_all([self])

    def _check_ended(self) -> None:
        if not self._ended.done():
            raise errors.InternalError("a worker's process did not end in time")


def close_all(workers: Sequence[ProcessWorker]) -> None:
    """End workers at once, however many compute, and wait (any thread but Network's).

    Raises:
        InternalError: the end of one is not known in time.
    """
    for worker in workers:
        worker.begin_close()
    ended = [worker._ended for worker in workers]
    if concurrent.futures.wait(ended, KILL_AFTER_S).not_done:
        for worker in workers:
            if not worker.ended:
                worker._template.kill(worker._number)
        concurrent.futures.wait(ended, END_TIMEOUT_S)
    for worker in workers:
        worker._check_ended()
