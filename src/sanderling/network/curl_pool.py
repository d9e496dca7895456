"""A libcurl multi: what transfers share that may share connections.

Thread: main.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any

import pycurl

if TYPE_CHECKING:
    from sanderling.network.curl_job import Job
    from sanderling.network.websocket import Connection

MAX_CONCURRENT_STREAMS = 1000
"""On one connection: no bound of ours, which the schedule sets; libcurl's own is 100, where servers may allow more."""

MAX_IDLE_CONNECTIONS = 128
"""Kept open for later, in one multi."""

CLOSE_THREAD_NAME = "sanderling-network-close"


class Pool:
    """A multi and what its callbacks recorded.

    Args:
        key: what tells it from others.
        time: the loop's clock.
        sockets: where to record what to watch: whose the socket is, how, and whether it was removed meanwhile.
        max_host_connections: at most so many to one address.
    """

    __slots__ = ("_sockets", "_time", "due", "jobs", "key", "may_resolve", "multi", "sockets")

    def __init__(
        self,
        key: Hashable,
        time: Callable[[], float],
        sockets: dict[int, tuple[Pool, int, bool]],
        *,
        max_host_connections: int,
    ) -> None:
        self.key = key
        self.due = math.inf  # when libcurl wants to be called, on the loop's clock
        self.jobs: dict[Any, Job] = {}  # running, by easy handle
        self.sockets: dict[Any, Connection] = {}  # WebSockets, by easy handle
        self.may_resolve = False  # a transfer ended before it connected: its name may still be looked up
        self._time = time
        self._sockets = sockets
        self.multi: Any = pycurl.CurlMulti()
        self.multi.setopt(pycurl.M_SOCKETFUNCTION, self._on_socket)
        self.multi.setopt(pycurl.M_TIMERFUNCTION, self._on_timer)
        self.multi.setopt(pycurl.M_PIPELINING, pycurl.PIPE_MULTIPLEX)
        self.multi.setopt(pycurl.M_MAX_CONCURRENT_STREAMS, MAX_CONCURRENT_STREAMS)
        self.multi.setopt(pycurl.M_MAXCONNECTS, MAX_IDLE_CONNECTIONS)
        self.multi.setopt(pycurl.M_MAX_HOST_CONNECTIONS, max_host_connections)

    def _on_socket(self, what: int, fd: int, _multi: object, _data: object) -> None:
        # A removed descriptor may be given out again before the record is acted on: it must be known that it was.
        before = self._sockets.get(fd)
        self._sockets[fd] = (self, what, what == pycurl.POLL_REMOVE or (before is not None and before[2]))

    def _on_timer(self, milliseconds: int) -> None:
        self.due = math.inf if milliseconds < 0 else self._time() + milliseconds / 1000

    def close(self) -> threading.Thread | None:
        """Close every connection; it has no transfers any more.

        libcurl waits for its resolver's threads, and a lookup cannot be interrupted: it may take a minute.

        Returns:
            The thread that waits in place of the loop, if there may be something to wait for.
        """
        self._sockets = {}  # what is said from now on concerns nobody
        if not self.may_resolve:
            self.multi.close()
            return None
        thread = threading.Thread(target=self.multi.close, name=CLOSE_THREAD_NAME, daemon=True)
        thread.start()
        return thread
