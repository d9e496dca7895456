"""The server: it listens, and everything it needs for its connections.

Thread: main.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable

import msgspec

from sanderling.network.network import Network
from sanderling.server.connection import Connection, Services
from sanderling.server.endpoints import Endpoints
from sanderling.server.guard import Guard
from sanderling.server.links import Lobby
from sanderling.server.listener import Listener, open_tcp, open_unix, resolve
from sanderling.server.metrics import Metrics
from sanderling.server.options import ServeOptions, exposed_addresses
from sanderling.server.registry import Registry

GOING_AWAY = 1001
"""RFC 6455, 7.4.1."""


class Listening(msgspec.Struct, frozen=True, kw_only=True):
    """Where a server listens, by addresses that can be dialled."""

    webSocketDebuggerUrl: str  # noqa: N815 - the name in /json/version
    """Empty without TCP."""
    host: str = ""
    port: int = 0
    unixSocket: str = ""  # noqa: N815 - as its neighbours


class Server:
    """See the module. Made and used on Network's loop.

    Args:
        options: checked.
        lobby: the browsers behind it; whoever made it closes it.
        protocol_document: gives the body of `/json/protocol`.
        v8_version: of the engine, for `/json/version`.
        network: whose transfers `/metrics` tells of.
    """

    def __init__(
        self,
        options: ServeOptions,
        lobby: Lobby,
        *,
        protocol_document: Callable[[], bytes] = lambda: b'{"domains":[],"version":{"major":"1","minor":"3"}}',
        v8_version: str = "",
        network: Network | None = None,
    ) -> None:
        self._options = options
        self.exposed = False  # it listens where other machines can reach it
        self._loop = asyncio.get_running_loop()
        self._lobby = lobby
        self.registry = Registry()
        self.metrics = Metrics(self.registry.counts, self._facts, network)
        endpoints = Endpoints(options, lobby, self.metrics, self.registry.counts, protocol_document, v8_version)
        guard = Guard(options.token, options.allow_hosts, options.allow_origins)
        self._services = Services(options, lobby, guard, endpoints, self.registry, self.metrics.counters)
        self._listeners: list[Listener] = []
        self._openings: set[asyncio.Task[None]] = set()  # connections that asyncio prepares

    def _facts(self) -> dict[str, int]:
        facts = self._lobby.health()
        return {
            name: facts[name]
            for name in ("browsers", "contexts", "pages", "workers")
            if isinstance(facts.get(name), int)
        }

    def start(self) -> Listening:
        """Listen.

        Raises:
            UsageError: that is impossible, or unsafe.
        """
        options = self._options
        sockets: list[socket.socket] = []
        port = options.tcp_port
        if port is not None:
            addresses = resolve(options.host, port)
            hosts = [address for _, address in addresses]
            options.check_exposure(hosts)
            self.exposed = bool(exposed_addresses(hosts))
            sockets += open_tcp(addresses, port)
        try:
            if options.unix_socket:
                sockets.append(open_unix(options.unix_socket))
        except BaseException:
            for sock in sockets:
                sock.close()
            raise
        self._listeners = [Listener(sock, self._loop, self._accepted) for sock in sockets]
        if port is None:
            return Listening(webSocketDebuggerUrl="", unixSocket=options.unix_socket)
        host, real_port = sockets[0].getsockname()[:2]
        authority = f"{dialable(host)}:{real_port}"
        return Listening(
            webSocketDebuggerUrl=f"ws://{authority}/devtools/browser",
            host=dialable(host).strip("[]"),
            port=real_port,
            unixSocket=options.unix_socket,
        )

    def _accepted(self, sock: socket.socket) -> None:
        task = self._loop.create_task(self._open(sock))
        self._openings.add(task)
        task.add_done_callback(self._openings.discard)

    async def _open(self, sock: socket.socket) -> None:
        if self.registry.pending >= self._options.max_pending:
            # Those who only sit there must not keep others out.
            idlest = self.registry.idlest()
            if idlest is not None:
                idlest.drop("pending")
        try:
            await self._loop.connect_accepted_socket(lambda: Connection(self._services, self._loop), sock)
        except OSError:
            sock.close()  # the client was faster

    async def close(self) -> None:
        """Stop listening, take leave of every client, and wait until all sockets are gone.

        Clients of WebSockets get 1001; who has not gone after `close_timeout_s` is cut.
        """
        for listener in self._listeners:
            listener.close()
        if self._openings:
            await asyncio.wait(self._openings)
        self.registry.close_all(GOING_AWAY, "the server is shutting down")
        try:
            async with asyncio.timeout(self._options.close_timeout_s):
                await self.registry.wait_empty()
        except TimeoutError:
            self.registry.drop_all("shutdown")
            await self.registry.wait_empty()


def dialable(host: str) -> str:
    """Give an address to reach a listener at, in a URL's form; a wildcard cannot be dialled."""
    address = ipaddress.ip_address(host.partition("%")[0])
    if address.is_unspecified:
        return "127.0.0.1" if address.version == 4 else "[::1]"
    return host if address.version == 4 else f"[{host}]"
