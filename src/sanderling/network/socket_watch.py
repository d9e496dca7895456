"""libcurl's sockets in a kernel queue of their own, which the event loop watches as one file descriptor.

Registering each socket with the loop costs twice the CPU of a request.

Thread: main.
"""

from __future__ import annotations

import contextlib
import select
import selectors
import sys
from collections.abc import Iterable
from typing import Protocol

READ = 1
"""Equal to libcurl's CURL_POLL_IN and CURL_CSELECT_IN."""

WRITE = 2
"""Equal to libcurl's CURL_POLL_OUT and CURL_CSELECT_OUT."""

ERROR = 4
"""Equal to libcurl's CURL_CSELECT_ERR."""

MAX_EVENTS = 256
"""Taken per turn of the loop: what is left makes the loop turn again."""


class SocketWatch(Protocol):
    """A set of sockets that can be watched as one."""

    def fileno(self) -> int:
        """Readable whenever a socket of the set is ready."""

    def watch(self, fd: int, mask: int) -> None:
        """Watch `fd` for `READ` and `WRITE`, in place of what was watched."""

    def forget(self, fd: int) -> None:
        """Watch `fd` no longer; it may be closed already."""

    def poll(self) -> Iterable[tuple[int, int]]:
        """Give what is ready now, as descriptor and mask."""

    def close(self) -> None:
        """Give up the kernel queue."""


class SelectorWatch:
    """By the platform's best selector: kqueue on macOS."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()

    def fileno(self) -> int:
        """See `SocketWatch`."""
        return self._selector.fileno()

    def watch(self, fd: int, mask: int) -> None:
        """See `SocketWatch`."""
        # A number that was closed and given out again is unknown to the kernel, but not to the selector.
        self.forget(fd)
        self._selector.register(fd, mask)  # EVENT_READ is 1 and EVENT_WRITE is 2

    def forget(self, fd: int) -> None:
        """See `SocketWatch`."""
        with contextlib.suppress(KeyError, OSError):
            self._selector.unregister(fd)

    def poll(self) -> Iterable[tuple[int, int]]:
        """See `SocketWatch`."""
        return [(key.fd, mask) for key, mask in self._selector.select(0)]

    def close(self) -> None:
        """See `SocketWatch`."""
        self._selector.close()


if sys.platform == "linux":
    _IN = select.EPOLLIN | select.EPOLLPRI | select.EPOLLRDHUP
    # A mask of epoll's by ours, and back. EPOLLHUP shows as readable: the end of the data is read.
    _TO_EPOLL = {READ: _IN, WRITE: select.EPOLLOUT, READ | WRITE: _IN | select.EPOLLOUT}
    _READABLE = _IN | select.EPOLLHUP

    class EpollWatch:
        """By epoll itself: a third of the CPU of the `selectors` module."""

        def __init__(self) -> None:
            self._epoll = select.epoll()
            self._known: set[int] = set()

        def fileno(self) -> int:
            """See `SocketWatch`."""
            return self._epoll.fileno()

        def watch(self, fd: int, mask: int) -> None:
            """See `SocketWatch`."""
            if fd in self._known:
                try:
                    self._epoll.modify(fd, _TO_EPOLL[mask])
                except FileNotFoundError:
                    pass  # closed and given out again: the kernel forgot the old socket
                else:
                    return
            self._epoll.register(fd, _TO_EPOLL[mask])
            self._known.add(fd)

        def forget(self, fd: int) -> None:
            """See `SocketWatch`."""
            if fd in self._known:
                self._known.remove(fd)
                with contextlib.suppress(OSError):  # closed already: the kernel forgot it
                    self._epoll.unregister(fd)

        def poll(self) -> Iterable[tuple[int, int]]:
            """See `SocketWatch`."""
            return [
                (
                    fd,
                    (READ if mask & _READABLE else 0)
                    | (WRITE if mask & select.EPOLLOUT else 0)
                    | (ERROR if mask & select.EPOLLERR else 0),
                )
                for fd, mask in self._epoll.poll(0, MAX_EVENTS)
            ]

        def close(self) -> None:
            """See `SocketWatch`."""
            self._epoll.close()

    def new_socket_watch() -> SocketWatch:
        """Make the fastest kind that the platform has."""
        return EpollWatch()

else:

    def new_socket_watch() -> SocketWatch:
        """Make the fastest kind that the platform has."""
        return SelectorWatch()
