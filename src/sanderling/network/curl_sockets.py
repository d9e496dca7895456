"""WebSockets' connections inside libcurl: made by it (`CONNECT_ONLY`), watched by us.

They have multis of their own, one for each `pool_key`, so that the six connections that HTTP may have to a host do not count them.
Once a connection is made, its multi forgets the socket, and the handle only sends and receives.

Thread: main.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
import pycurl

from sanderling.network import errors
from sanderling.network.curl_guard import Check, Guard
from sanderling.network.curl_options import RefusedError, Target, configure, judge
from sanderling.network.curl_pool import Pool
from sanderling.network.errors import Evidence, Fault, fault_of
from sanderling.network.messages import OpenSocket, Submit, TransferId
from sanderling.network.socket_watch import READ, WRITE, SocketWatch

if TYPE_CHECKING:
    from sanderling.network.websocket import Connection, SocketOwner

MAX_SOCKETS_PER_HOST = 255
"""Chromium's limit; what is beyond waits in libcurl."""

MAX_SOCKETS = 1024
"""Of a process: each keeps a descriptor, and 100 kB of compression state once it is used."""


class Pools(Protocol):
    """What of the driver's pools is needed here."""

    guard: Guard
    """What may be connected to."""

    def socket_pool(self, key: Hashable) -> Pool:
        """Give the pool of that key, made now if there is none."""

    def socket_left(self, pool: Pool, *, connected: bool) -> None:
        """A socket was taken out of its pool."""

    def settle(self) -> None:
        """Do what is due, and hand out events."""


class CurlSockets:
    """The WebSockets of a process (`websocket.SocketDriver`).

    Args:
        loop: the loop that drives libcurl.
        watch: the driver's; what is ready of ours comes back through `ready`.
        pools: of the driver.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, watch: SocketWatch, pools: Pools) -> None:
        self._loop = loop
        self._watch = watch
        self._pools = pools
        self._homes: dict[Connection, Pool] = {}  # every connection that libcurl has
        self._checks: dict[Connection, Check] = {}  # of those for which something is forbidden
        self._by_fd: dict[int, Connection] = {}  # connected
        self._fds: dict[Connection, int] = {}
        self._masks: dict[Connection, int] = {}  # what is watched
        self._wanted: dict[Connection, int] = {}  # what is to be watched, once libcurl's own changes are made

    def open(self, command: OpenSocket, owner: SocketOwner, table: dict[TransferId, Connection]) -> None:
        """Begin to connect; where that cannot be, the socket has its outcome at once."""
        from sanderling.network.websocket import Connection

        connection = table[command.id] = Connection(command, owner, self)
        if len(self._homes) >= MAX_SOCKETS:
            connection.fail(Fault(errors.INSUFFICIENT_RESOURCES, f"there are {MAX_SOCKETS} WebSockets already"))
            return
        options = msgspec.structs.replace(command.options, http_version="1.1")
        submit = Submit(command.id, "http" + command.url.removeprefix("ws"), options=options)
        easy = pycurl.Curl()
        try:
            target = Target(submit)
            check = judge(self._pools.guard, submit)
            configure(easy, target, submit)
            easy.setopt(pycurl.CONNECT_ONLY, 1)
            if check is not None:
                check.install(easy)
                self._checks[connection] = check
            if options.proxy:
                easy.setopt(pycurl.HTTPPROXYTUNNEL, 1)  # a proxy must not read frames as HTTP
        except RefusedError as error:
            easy.close()
            connection.fail(error.fault)
            return
        pool = self._pools.socket_pool(("socket", target.pool))
        connection.easy = easy
        self._homes[connection] = pool
        pool.sockets[easy] = connection
        pool.multi.add_handle(easy)

    def outcome(self, easy: Any, connection: Connection, code: int, message: str) -> None:
        """Take what libcurl says: it has connected (code 0), or failed to."""
        check = self._checks.pop(connection, None)
        if check is not None and code == 0:
            check.fault = check.address(easy.getinfo(pycurl.PRIMARY_IP))
        if check is not None and check.fault is not None:
            connection.fail(check.fault)
            return
        if code == 0:
            fd = easy.getinfo(pycurl.ACTIVESOCKET)
            self._by_fd[fd] = connection
            self._fds[connection] = fd
            connection.connected()
            return
        connection.fail(
            fault_of(
                Evidence(
                    code,
                    message or easy.errstr() or f"libcurl error {code}",
                    os_errno=(check.os_errno if check is not None else 0) or easy.getinfo(pycurl.OS_ERRNO),
                    verify_result=easy.getinfo(pycurl.SSL_VERIFYRESULT),
                    proxied=bool(connection.command.options.proxy),
                    connect_status=easy.getinfo(pycurl.HTTP_CONNECTCODE),
                )
            )
        )

    def ready(self, fd: int, mask: int) -> None:
        """A socket that is watched is ready; one that is not ours is ignored."""
        connection = self._by_fd.get(fd)
        if connection is not None:
            connection.ready(readable=bool(mask & ~WRITE))

    def apply(self) -> None:
        """Watch what is wanted; after libcurl's changes, for numbers of descriptors are given out again."""
        if not self._wanted:
            return
        wanted, self._wanted = self._wanted, {}
        for connection, mask in wanted.items():
            fd = self._fds.get(connection)
            if fd is None:
                continue
            if mask:
                self._watch.watch(fd, mask)
            else:
                self._watch.forget(fd)
            self._masks[connection] = mask

    def close(self, message: str) -> None:
        """End every socket now; servers are told 1001 where that needs no waiting."""
        for connection in tuple(self._homes):
            connection.shut(message)

    # -- SocketDriver ------------------------------------------------------------------------------------------------------

    def watch_socket(self, connection: Connection, *, read: bool, write: bool) -> None:
        """See `SocketDriver.watch_socket`."""
        mask = (READ if read else 0) | (WRITE if write else 0)
        if self._masks.get(connection) == mask:
            self._wanted.pop(connection, None)
        else:
            self._wanted[connection] = mask

    def soon(self, callback: Callable[[], None], delay_s: float) -> Callable[[], None]:
        """See `SocketDriver.soon`."""

        def run() -> None:
            callback()
            self._pools.settle()

        handle = self._loop.call_later(delay_s, run) if delay_s else self._loop.call_soon(run)
        return handle.cancel

    def let_go(self, connection: Connection) -> None:
        """See `SocketDriver.let_go`."""
        pool = self._homes.pop(connection, None)
        if pool is None:
            return
        self._checks.pop(connection, None)
        fd = self._fds.pop(connection, None)
        if fd is not None:
            del self._by_fd[fd]
            if self._masks.pop(connection, 0):
                self._watch.forget(fd)
        self._wanted.pop(connection, None)
        easy, connection.easy = connection.easy, None
        del pool.sockets[easy]
        pool.multi.remove_handle(easy)
        easy.close()
        self._pools.socket_left(pool, connected=fd is not None)
