"""The process that worker processes are forked from: ``main(fd, parent)`` in a fresh Python.

It has imported what a worker needs and holds the startup snapshot, so that a child is ready at once and shares that memory. It has one
thread and never starts the engine: a child has none of the engine's heap (it is marked as not to be copied), none of its threads, and queues
that still list them as waiting, on stacks that new threads get (measured: segmentation faults, and aborts). It ends when its socket does, or the
process that wants it, and its children end with it: the kernel kills them on Linux.

Thread: main, of the template and then of each child.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import os
import selectors
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any

import msgspec

from sanderling.base import interpreter, log, pattern
from sanderling.base.errors import SanderlingError
from sanderling.js.allocator import close_holes, one_arena, trim
from sanderling.js.shared_blob import share
from sanderling.js.snapshot import load_snapshot
from sanderling.network.codec import Decoder, encode
from sanderling.network.messages import Notify
from sanderling.network.socket_carrier import SocketWorkerSide
from sanderling.network.socket_stream import SocketStream
from sanderling.proto.url import is_public_suffix
from sanderling.server.crowd import Crowd
from sanderling.server.own_network import enter_own_network
from sanderling.server.sandbox import enter_sandbox, libraries
from sanderling.server.template_messages import Broken, Exited, Fork, Forked, TemplateCommand
from sanderling.server.worker_start import WorkerStart, extension_maker, make_worker

EXIT_FAILED = 70
"""A child whose worker raised: BSD's EX_SOFTWARE."""

FACTS = ""
"""Target of the one `Notify` that a child itself sends: what confines it. Pages have names."""

LATE = (
    "brotli",
    "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd",
    "email.utils",
    "html",
    "sanderling.browser.dumps",
    "sanderling.browser.recording_files",
    "sanderling.browser.web_crypto.operations",
    "sanderling.browser.xml_parser",
    "sanderling.dump",
    "sanderling.http.cache_disk",
    "sanderling.http.har",
    "sanderling.http.replay",
    "protego",
    "pydeno._awaitable",
    "sanderling.proto.stored_responses",
    "publicsuffixlist",
    "resource",
)
"""What pages may need later: loaded here it is shared by all children, and they need not read files, which they are not free to."""

_PR_SET_PDEATHSIG = 1


class _Poller:
    """Watches by `poll`: unlike epoll it leaves nothing that a fork would share."""

    def __init__(self) -> None:
        self._selector = selectors.PollSelector()
        self._watched: dict[int, dict[int, Callable[[], Any]]] = {}
        self._soon: list[Callable[[], Any]] = []

    def _set(self, fd: int, event: int, callback: Callable[[], Any] | None) -> None:
        callbacks = self._watched.setdefault(fd, {})
        known = bool(callbacks)
        if callback is None:
            callbacks.pop(event, None)
        else:
            callbacks[event] = callback
        mask = sum(callbacks)
        if known and mask:
            self._selector.modify(fd, mask)
        elif mask:
            self._selector.register(fd, mask)
        elif known:
            self._selector.unregister(fd)

    def add_reader(self, fd: int, callback: Callable[[], Any], /) -> None:
        self._set(fd, selectors.EVENT_READ, callback)

    def remove_reader(self, fd: int, /) -> None:
        self._set(fd, selectors.EVENT_READ, None)

    def add_writer(self, fd: int, callback: Callable[[], Any], /) -> None:
        self._set(fd, selectors.EVENT_WRITE, callback)

    def remove_writer(self, fd: int, /) -> None:
        self._set(fd, selectors.EVENT_WRITE, None)

    def call_soon(self, callback: Callable[[], Any], /) -> None:
        self._soon.append(callback)

    def turn(self) -> None:
        """Wait, and call back."""
        soon, self._soon = self._soon, []
        for callback in soon:
            callback()
        for key, mask in self._selector.select(0 if soon else None):
            for event in (selectors.EVENT_READ, selectors.EVENT_WRITE):
                found = self._watched.get(key.fd, {}).get(event)
                if mask & event and found is not None:
                    found()


class _Template:
    """The template's loop."""

    def __init__(self, control: socket.socket, parent: int, blob: bytes) -> None:
        self._parent = parent  # see `_life_of`
        self._blob = blob
        self._crowd = Crowd()
        self._serves_cdp = False  # what serves CDP clients is loaded
        self._holes_closed = False
        self._children: dict[int, int] = {}  # pid by id; not waited for yet
        self._last_words: dict[int, int] = {}  # by id: what the child's libraries print on standard error
        self._forks: list[Fork] = []  # made when the frames of the read are taken
        self._over = False
        self._poller = _Poller()
        self._stream: SocketStream[TemplateCommand] = SocketStream(
            control,
            Decoder(msgspec.msgpack.Decoder(TemplateCommand)),
            self._came,
            self._ended,
            takes_descriptors=True,
        )
        self._bell, self._rung = socket.socketpair()
        self._bell.setblocking(False)
        self._rung.setblocking(False)

    def run(self) -> None:
        """Serve until the socket ends."""
        signal.signal(signal.SIGCHLD, lambda *_: None)  # so that the wake-up descriptor is written to
        signal.set_wakeup_fd(self._rung.fileno(), warn_on_full_buffer=False)
        self._poller.add_reader(self._bell.fileno(), self._reap)
        if self._parent >= 0:
            self._poller.add_reader(self._parent, lambda: self._ended(""))
        self._stream.start(self._poller)
        while not self._over:
            self._poller.turn()
            while self._forks:
                self._fork(self._forks.pop(0))
        for pid in self._children.values():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _ended(self, _: str) -> None:
        self._over = True

    def _came(self, commands: list[TemplateCommand]) -> None:
        for command in commands:
            if isinstance(command, Fork):
                self._forks.append(command)
            elif (pid := self._children.get(command.id)) is not None:
                os.kill(pid, signal.SIGKILL)  # not waited for, so the number is its own
            else:
                self._forks = [fork for fork in self._forks if not self._withdrawn(fork, command.id)]

    def _withdrawn(self, fork: Fork, number: int) -> bool:
        if fork.id != number:
            return False
        os.close(fork.descriptor)
        self._send(Exited(number, -signal.SIGKILL))
        return True

    def _send(self, event: Forked | Exited) -> None:
        parts, _ = encode(event)
        self._stream.write(parts)
        self._stream.flush()

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._bell.recv(4096)
        by_pid = {pid: number for number, pid in self._children.items()}
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            number = by_pid.get(pid)
            if number is not None:
                del self._children[number]
                self._crowd.set(len(self._children))
                words = _fatal_line(self._last_words.pop(number))
                self._send(Exited(number, os.waitstatus_to_exitcode(status), words))

    def _fork(self, fork: Fork) -> None:
        if fork.start.cdp and not self._serves_cdp:
            extension_maker()  # its modules are shared with all children from now on
            pattern.compile_all()
            share_all()
            self._serves_cdp, self._holes_closed = True, False
        if not self._holes_closed:
            close_holes()  # here, and not in `share_all`: what serves CDP clients was put into them
            self._holes_closed = True
        template = os.getpid()
        words = -1
        try:
            words = os.memfd_create("sanderling-last-words")
            pid = os.fork()
        except OSError as error:
            if words >= 0:
                os.close(words)
            log.LOGGER.error("no process for another worker: %s", error.strerror)
            os.close(fork.descriptor)
            self._send(Exited(fork.id, EXIT_FAILED))
            return
        if pid:
            os.close(fork.descriptor)
            self._children[fork.id] = pid
            self._crowd.set(len(self._children))
            self._last_words[fork.id] = words
            self._send(Forked(fork.id, pid))
            return
        code = EXIT_FAILED
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self._stream.close(end_for_all=False)
            self._bell.close()
            self._rung.close()
            if self._parent >= 0:
                os.close(self._parent)
            for other in (
                *self._last_words.values(),
                *(later.descriptor for later in self._forks if later is not fork),
            ):
                os.close(other)
            # The engine prints a stack trace of its own when it aborts: one line of it is kept, the rest helps nobody.
            sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, errors="backslashreplace")
            os.dup2(words, 2)
            os.close(words)
            _be_a_worker(fork.start, fork.descriptor, self._blob, template, self._crowd)
            code = 0
        except BaseException:
            log.LOGGER.exception("a worker failed")
        finally:
            with contextlib.suppress(OSError, ValueError):
                sys.stderr.flush()
            os._exit(code)  # nothing of the template's is to be finished here


def _fatal_line(descriptor: int) -> str:
    """Find the line in which the engine says why it aborts; `descriptor` is closed."""
    try:
        text = os.pread(descriptor, 16384, 0).decode("utf-8", "replace")
    finally:
        os.close(descriptor)
    lines = [line.lstrip("# ") for line in text.splitlines()]
    fatal = [
        line for line in lines if line.startswith("Fatal ") and not line.startswith("Fatal error with no security")
    ]
    return fatal[0][:200] if fatal else ""


def _be_a_worker(start: WorkerStart, descriptor: int, blob: bytes, template: int, crowd: Crowd) -> None:
    import resource

    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != template:
            return  # it ended before the line above
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # the engine reserves 17 GB of addresses
    log.configure(start.log_level, start.log_format)
    if start.debugger and (failure := enter_own_network()):
        log.LOGGER.error("no worker that can be debugged: %s", failure)
        return
    facts = enter_sandbox(start.folders, wanted=start.sandbox, own_network=start.debugger)
    handle = SocketWorkerSide(socket.socket(fileno=descriptor))
    handle.send(Notify(FACTS, msgspec.json.encode(facts)))
    make_worker(handle, blob, start, crowd.leaves_room).run()


def load_late() -> None:
    """Load `LATE`, and the data that goes with it."""
    for name in LATE:
        importlib.import_module(name)
    pattern.compile_all()
    is_public_suffix("test")  # reads the list
    libraries()


def share_all() -> None:
    """Have children share what there is.

    Collections leave it alone: they would write into every object that they look at, and so copy its page. What is free, as the snapshot was
    read through it, is given back.
    """
    gc.collect()
    interpreter.settle()
    trim()


def _life_of(pid: int) -> int:
    """Give a descriptor that can be read from once a process has ended (pidfd_open(2)); -1 where the system has none.

    The socket may outlive that process: a program that forks leaves its end to its children, who know nothing of it.

    Raises:
        ProcessLookupError: it has ended.
    """
    if sys.platform != "linux":
        return -1
    try:
        return os.pidfd_open(pid)
    except ProcessLookupError:
        raise
    except OSError:  # an older kernel, or the filter of a container
        return -1


def main(fd: int, parent: int) -> int:
    """Run the template on an inherited socket, for as long as the process `parent` lives."""
    try:
        life = _life_of(parent)
    except ProcessLookupError:
        return 0
    control = socket.socket(fileno=fd)
    control.set_inheritable(False)
    interpreter.begin()
    try:
        blob = load_snapshot()
    except SanderlingError as error:
        parts, _ = encode(Broken(str(error)))
        control.sendall(b"".join(parts))
        return EXIT_FAILED
    # The engine's scheduler only hands answers on; a second thread of it is woken for each of them, and finds nothing to do (measured).
    os.environ.setdefault("TOKIO_WORKER_THREADS", "1")
    share(blob)  # one memory file for all children
    one_arena()
    load_late()
    share_all()
    _Template(control, life, blob).run()
    return 0
