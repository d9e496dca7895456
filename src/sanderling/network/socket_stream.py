"""Frames over a socket that a loop watches: bounded reading, gathered writing, descriptors beside the bytes.

Thread: of the loop that watches it.
"""

from __future__ import annotations

import array
import collections
import contextlib
import os
import select
import socket
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from sanderling.network.codec import Decoder, FrameError

FIRST_READ_BYTES = 16 * 1024
"""Asked for as long as little comes: a buffer of many pages costs ten times the call itself (measured)."""

READ_BYTES = 256 * 1024
"""Asked for while much comes."""

READ_TURN_BYTES = 4 * 1024 * 1024
"""Read in one turn of the loop; the rest waits for the next."""

WRITE_BYTES = 4 * 1024 * 1024
WRITE_PARTS = 256
"""Gathered in one write; the system's limit is 1024."""

_FD_SPACE = socket.CMSG_SPACE(16 * array.array("i").itemsize)

M = TypeVar("M")


class Poller(Protocol):
    """The part of an asyncio loop that watches descriptors."""

    def add_reader(self, fd: int, callback: Callable[[], Any], /) -> Any:
        """Call back while there is something to read."""

    def remove_reader(self, fd: int, /) -> Any:
        """No more."""

    def add_writer(self, fd: int, callback: Callable[[], Any], /) -> Any:
        """Call back while there is room."""

    def remove_writer(self, fd: int, /) -> Any:
        """No more."""

    def call_soon(self, callback: Callable[[], Any], /) -> Any:
        """Call in the next turn."""


class SocketStream(Generic[M]):
    """One end.

    Args:
        sock: connected; becomes non-blocking, and this object's.
        decoder: of what comes.
        on_messages: takes what came, in order.
        on_end: called once with the reason when nothing more will come; empty for an orderly end.
        on_flushed: called after each attempt to send.
        takes_descriptors: whether the other side may send any.
    """

    def __init__(
        self,
        sock: socket.socket,
        decoder: Decoder[M],
        on_messages: Callable[[list[M]], None],
        on_end: Callable[[str], None],
        *,
        on_flushed: Callable[[], None] | None = None,
        takes_descriptors: bool = False,
    ) -> None:
        sock.setblocking(False)
        self._sock = sock
        self._decoder = decoder
        self._on_messages = on_messages
        self._on_end = on_end
        self._on_flushed = on_flushed
        self._takes_descriptors = takes_descriptors
        self._read_size = FIRST_READ_BYTES
        self._descriptors: list[int] = []  # received, and their message has not come yet
        self._out: collections.deque[tuple[bytes | memoryview, int]] = collections.deque()
        self._out_bytes = 0
        self._poller: Poller | None = None
        self._reading = False
        self._writing = False
        self._paused = False
        self._ended = False  # nothing more comes
        self._closed = False

    @property
    def out_bytes(self) -> int:
        """Written and not taken by the other side's system yet."""
        return self._out_bytes

    def start(self, poller: Poller) -> None:
        """Begin to read."""
        if self._closed:
            return
        self._poller = poller
        self._watch()
        self.flush()

    def pause(self, paused: bool) -> None:
        """Read nothing for now, or again."""
        self._paused = paused
        self._watch()

    def _watch(self) -> None:
        wanted = not (self._paused or self._ended or self._closed)
        if self._poller is None or wanted is self._reading:
            return
        self._reading = wanted
        if wanted:
            self._poller.add_reader(self._sock.fileno(), self._readable)
        else:
            self._poller.remove_reader(self._sock.fileno())

    def _readable(self) -> None:
        budget = READ_TURN_BYTES
        while budget > 0 and not (self._paused or self._ended or self._closed):
            asked = self._read_size
            got = self.read_once()
            if got <= 0:
                return
            budget -= got
            if got < asked and not self._decoder.missing:
                return  # most likely there is no more; the loop says so otherwise

    def read_once(self) -> int:
        """Read what one call gives, and hand on what it completes.

        Returns:
            The bytes; 0 at the end, -1 when there is nothing for now.
        """
        size = max(self._read_size, min(self._decoder.missing, READ_TURN_BYTES))
        try:
            if self._takes_descriptors:
                data, ancillary, _, _ = self._sock.recvmsg(size, _FD_SPACE)
                for level, kind, raw in ancillary:
                    if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                        self._descriptors += _descriptors_of(raw)
            else:
                data = self._sock.recv(size)
        except (BlockingIOError, InterruptedError):
            return -1
        except OSError as error:
            self.end("" if isinstance(error, ConnectionResetError) else str(error))
            return 0
        if not data:
            self.end("")
            return 0
        self._read_size = READ_BYTES if len(data) >= self._read_size else FIRST_READ_BYTES
        try:
            messages = self._decoder.feed(data, self._descriptors)
        except FrameError as error:
            self.end(f"broken frame: {error}")
            return 0
        if messages:
            self._on_messages(messages)
        return len(data)

    def end(self, reason: str) -> None:
        """Take nothing more, and say so. Idempotent."""
        if self._ended:
            return
        self._ended = True
        self._watch()
        self._on_end(reason)

    def write(self, parts: list[bytes], descriptor: int = -1) -> None:
        """Queue a frame; `flush` sends. The descriptor is closed once it was sent, or at the end."""
        if self._closed:
            if descriptor >= 0:
                os.close(descriptor)
            return
        for index, part in enumerate(parts):
            self._out.append((part, descriptor if index == 0 else -1))
            self._out_bytes += len(part)

    def flush(self) -> None:
        """Send what can be sent now; the rest when there is room."""
        while self._out and not self._closed:
            try:
                sent = self._send()
            except (BlockingIOError, InterruptedError):
                break
            except OSError:
                # The reader hears of it: what the other side sent before it ended comes first.
                self._drop_output()
                break
            self._advance(sent)
        if self._closed:
            return
        wanted = bool(self._out)
        if self._poller is not None and wanted is not self._writing:
            self._writing = wanted
            if wanted:
                self._poller.add_writer(self._sock.fileno(), self.flush)
            else:
                self._poller.remove_writer(self._sock.fileno())
        if self._on_flushed is not None:
            self._on_flushed()

    def _send(self) -> int:
        parts: list[bytes | memoryview] = []
        size = 0
        descriptor = self._out[0][1]
        for part, other in self._out:
            if (other >= 0 and parts) or size >= WRITE_BYTES or len(parts) >= WRITE_PARTS:
                break
            parts.append(part)
            size += len(part)
        if descriptor < 0:
            return self._sock.sendmsg(parts)
        rights = array.array("i", [descriptor])
        sent = self._sock.sendmsg(parts, [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
        os.close(descriptor)
        self._out[0] = (self._out[0][0], -1)
        return sent

    def _advance(self, sent: int) -> None:
        self._out_bytes -= sent
        while sent:
            part, descriptor = self._out[0]
            if sent < len(part):
                self._out[0] = (memoryview(part)[sent:], descriptor)
                return
            sent -= len(part)
            self._out.popleft()

    def _drop_output(self) -> None:
        for _, descriptor in self._out:
            if descriptor >= 0:
                os.close(descriptor)
        self._out.clear()
        self._out_bytes = 0

    def wait_for_room(self, limit: int, timeout_s: float | None = None) -> None:
        """Block until at most `limit` bytes are queued; what comes meanwhile is taken (a process of its own only)."""
        poll = select.poll()
        while self._out_bytes > limit and not self._closed:
            poll.register(self._sock, select.POLLOUT | (0 if self._ended else select.POLLIN))
            ready = poll.poll(None if timeout_s is None else timeout_s * 1000)
            if not ready:
                return
            if ready[0][1] & ~select.POLLOUT and not self._ended:
                self.read_once()
            if ready[0][1] & ~select.POLLIN:
                self.flush()

    def close(self, *, end_for_all: bool = True) -> None:
        """Close the socket. Idempotent; `on_end` is not called.

        Args:
            end_for_all: also for processes that inherited it by a fork; else this process only lets go of it.
        """
        if self._closed:
            return
        if self._poller is not None:
            if self._reading:
                self._poller.remove_reader(self._sock.fileno())
            if self._writing:
                self._poller.remove_writer(self._sock.fileno())
        self._closed = self._ended = True
        self._drop_output()
        for descriptor in self._descriptors:
            os.close(descriptor)
        self._descriptors.clear()
        if end_for_all:
            with contextlib.suppress(OSError):  # the other side may have ended first
                self._sock.shutdown(socket.SHUT_RDWR)
        self._sock.close()


def _descriptors_of(raw: bytes) -> list[int]:
    numbers = array.array("i")
    numbers.frombytes(raw[: len(raw) - len(raw) % numbers.itemsize])
    found = list(numbers)
    for number in found:
        os.set_inheritable(number, False)
    return found
