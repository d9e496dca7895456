"""Listening sockets, and taking connections from them.

asyncio's own accepting is not used: when descriptors run out it reports every attempt.

Thread: main.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import socket
import stat
from collections.abc import Callable

from sanderling.base.errors import UsageError

_LOG = logging.getLogger("sanderling.server")

BACKLOG = 1024

ACCEPTS_PER_TURN = 64
"""Taken before other sockets have their turn."""

RETRY_S = 0.2
"""Until the next attempt after the system had no descriptor or memory for a connection."""

_EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})


def resolve(host: str, port: int) -> list[tuple[socket.AddressFamily, str]]:
    """Give the addresses of a name, each once.

    Raises:
        UsageError: it has none.
    """
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise UsageError(f"cannot listen on {host}: {error.strerror}") from error
    return list(dict.fromkeys((family, str(address[0])) for family, _, _, _, address in found))


def open_tcp(addresses: list[tuple[socket.AddressFamily, str]], port: int) -> list[socket.socket]:
    """Listen on all of `addresses` with one port; with 0 the system chooses it.

    Raises:
        UsageError: one of them cannot be listened on.
    """
    sockets: list[socket.socket] = []
    try:
        for family, address in addresses:
            sock = socket.socket(family, socket.SOCK_STREAM)
            sockets.append(sock)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            sock.bind((address, port))
            sock.listen(BACKLOG)
            sock.setblocking(False)
            port = sock.getsockname()[1]
    except OSError as error:
        for sock in sockets:
            sock.close()
        raise UsageError(f"cannot listen on {address} port {port}: {error.strerror}") from error
    return sockets


def open_unix(path: str) -> socket.socket:
    """Listen on a Unix socket that only its owner may use. One that a dead server left is replaced.

    Raises:
        UsageError: it cannot be made, or somebody listens there.
    """
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if _is_dead(path):
            os.unlink(path)
        # The mode must hold from the first moment; nobody else makes files while the server starts.
        before = os.umask(0o177)
        try:
            sock.bind(path)
        finally:
            os.umask(before)
        sock.listen(BACKLOG)
        sock.setblocking(False)
    except OSError as error:
        sock.close()
        raise UsageError(f"cannot listen on {path}: {error.strerror or error}") from error
    return sock


def _is_dead(path: str) -> bool:
    """Tell whether `path` is a socket on which nobody listens."""
    try:
        if not stat.S_ISSOCK(os.stat(path).st_mode):
            return False
    except FileNotFoundError:
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            return True
    return False


class Listener:
    """Takes the connections of one listening socket.

    Args:
        sock: listening, not blocking; owned from now on.
        on_accept: called with each connection's socket.
    """

    def __init__(
        self, sock: socket.socket, loop: asyncio.AbstractEventLoop, on_accept: Callable[[socket.socket], None]
    ) -> None:
        self._sock = sock
        self._loop = loop
        self._on_accept = on_accept
        self._retry: asyncio.TimerHandle | None = None  # while the system is exhausted
        self._reported = False  # that it is
        loop.add_reader(sock.fileno(), self._ready)

    def _ready(self) -> None:
        for _ in range(ACCEPTS_PER_TURN):
            try:
                connection, _ = self._sock.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                if error.errno not in _EXHAUSTED:
                    raise
                if not self._reported:
                    self._reported = True
                    _LOG.warning("no connections can be taken for now: %s", error.strerror)
                self._loop.remove_reader(self._sock.fileno())
                self._retry = self._loop.call_later(RETRY_S, self._try_again)
                return
            if self._reported:
                self._reported = False
                _LOG.warning("connections are taken again")
            connection.setblocking(False)
            self._on_accept(connection)

    def _try_again(self) -> None:
        self._retry = None
        self._loop.add_reader(self._sock.fileno(), self._ready)
        self._ready()

    def close(self) -> None:
        """Take no more. Idempotent."""
        if self._sock.fileno() < 0:
            return
        if self._retry is not None:
            self._retry.cancel()
        self._loop.remove_reader(self._sock.fileno())
        name = self._sock.getsockname()
        self._sock.close()
        if isinstance(name, str) and name:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name)
