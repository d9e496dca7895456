"""The template of workers, seen from the main process.

Thread: any; each method says which.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from sanderling.base.errors import UnsupportedError
from sanderling.network.codec import Decoder, encode
from sanderling.network.network import Network
from sanderling.network.socket_stream import SocketStream
from sanderling.server.template_messages import (
    Broken,
    Fork,
    Forked,
    Kill,
    TemplateCommand,
    TemplateEvent,
)
from sanderling.server.worker_start import WorkerStart

_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[2]); "
    "from sanderling.server.template import main; sys.exit(main(int(sys.argv[1]), int(sys.argv[3])))"
)

END_TIMEOUT_S = 5.0
"""How long closing waits for the template before it is killed."""


class Child(NamedTuple):
    """Who wants to know of a child."""

    forked: Callable[[int], None]
    """Called with its process id."""
    exited: Callable[[int | None, str], None]
    """Called with its exit status, negative for a signal, None when that cannot be known any more, and the engine's last words."""


class Template:
    """One template process. Starting it does not wait for it: what is asked of it is done once it is ready.

    Args:
        network: its loop watches the socket.

    Raises:
        UnsupportedError: no Python can be started here.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._ids = itertools.count(1)
        self._children: dict[int, Child] = {}  # Network's thread
        self._closed = threading.Event()
        self.failure = ""
        """Why it ended, once it did by itself."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            try:
                # A session of its own: Ctrl-C at a terminal is for the main process, which ends the others in order.
                self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                    [
                        sys.executable,
                        "-I",
                        "-c",
                        _PROGRAM,
                        str(theirs.fileno()),
                        json.dumps(sys.path),
                        str(os.getpid()),
                    ],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    pass_fds=(theirs.fileno(),),
                    start_new_session=True,
                )
            except (OSError, TypeError) as error:
                ours.close()
                raise UnsupportedError(
                    f"workers in processes need a Python to start, and {sys.executable!r} is none ({error}); "
                    "isolation='thread' does without"
                ) from error
        self._stream: SocketStream[TemplateEvent] = SocketStream(
            ours, Decoder(msgspec.msgpack.Decoder(TemplateEvent)), self._came, self._ended
        )
        network.call_soon(lambda: self._stream.start(asyncio.get_running_loop()))

    @property
    def pid(self) -> int:
        """Its process id (any thread)."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can make children (any thread)."""
        return not self.failure and not self._closed.is_set()

    def fork(self, sock: socket.socket, start: WorkerStart, child: Child) -> int:
        """Have a child made that owns `sock` (any thread); the callbacks run on Network's thread.

        Returns:
            Its number for `kill`.
        """
        number = next(self._ids)
        descriptor = sock.detach()

        def send() -> None:
            self._children[number] = child
            self._send(Fork(number, descriptor, start))
            if not self.alive:
                self._lose(number)

        if not self._network.call_soon(send):
            with contextlib.suppress(OSError):
                socket.close(descriptor)
        return number

    def kill(self, number: int) -> None:
        """End a child (any thread)."""
        self._network.call_soon(lambda: self._send(Kill(number)))

    def _send(self, command: TemplateCommand) -> None:
        parts, descriptor = encode(command)
        self._stream.write(parts, descriptor)
        self._stream.flush()

    def _came(self, events: list[TemplateEvent]) -> None:
        for event in events:
            if isinstance(event, Broken):
                self.failure = event.reason
            elif isinstance(event, Forked):
                child = self._children.get(event.id)
                if child is not None:
                    child.forked(event.pid)
            else:
                child = self._children.pop(event.id, None)
                if child is not None:
                    child.exited(event.status, event.words)

    def _ended(self, reason: str) -> None:
        self.failure = self.failure or reason or "it ended by itself"
        self._stream.close()
        asyncio.get_running_loop().run_in_executor(None, self._process.wait)
        for number in tuple(self._children):
            self._lose(number)

    def _lose(self, number: int) -> None:
        child = self._children.pop(number, None)
        if child is not None:
            child.exited(None, "")

    def close(self) -> None:
        """End it, and every child with it (any thread but Network's). Idempotent."""
        if self._closed.is_set():
            return
        self._closed.set()
        done = threading.Event()

        def shut() -> None:
            self._stream.close()
            done.set()

        if self._network.call_soon(shut):
            done.wait(END_TIMEOUT_S)
        else:
            self._stream.close()  # no loop watches it any more
        try:
            self._process.wait(END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
