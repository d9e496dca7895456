"""What `sanderling serve` is told: plain data, valid at birth.

Thread: any.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Literal, TypeAlias

import msgspec

from sanderling.base.errors import UsageError
from sanderling.base.pattern import late_pattern
from sanderling.browser.browser import DEFAULT_USER_AGENT, Limits
from sanderling.browser.options import ContextOptions, DiskCache
from sanderling.js.engine import Limits as EngineLimits

Isolation: TypeAlias = Literal["process", "thread"]

DEFAULT_PORT = 9222
"""Chromium's customary debugging port; every client's default."""

DEFAULT_PRODUCT = "Chrome/156.0.8078.79"
"""What clients are told to expect of the protocol. ChromeDriver refuses a product that is not Chrome, or not of about its own version."""

MIB = 1 << 20

_PRODUCT = late_pattern(r"[\x21-\x7e]+/[\x21-\x7e]+")


class ServeOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Options of a server.

    Raises:
        UsageError: they contradict each other, or are unsafe.
    """

    # Where it listens.
    host: str = "127.0.0.1"
    """Name or address; of a name, all its addresses are listened on."""
    port: int | None = None
    """0 for any free one; None for `DEFAULT_PORT`, or no TCP at all with `unix_socket`."""
    unix_socket: str = ""
    """Path of a socket that only its owner can open (mode 0600)."""

    # Whom it serves.
    token: str = ""
    """What clients must show; needed to listen beyond loopback."""
    allow_hosts: tuple[str, ...] = ()
    """Names that may stand in `Host` besides localhost and addresses."""
    allow_origins: tuple[str, ...] = ()
    """Web origins that may connect; ``*`` for all."""
    max_clients: int = 512
    """WebSocket connections at once; HTTP endpoints need no place."""
    max_pending: int = 512
    """Connections at once that have not been upgraded."""

    # How long and how much.
    handshake_timeout_s: float = 10.0
    """From the connection, or from the first byte of a later request, to the whole request."""
    idle_timeout_s: float = 60.0
    """An HTTP connection between two requests."""
    max_header_bytes: int = 64 * 1024
    max_message_bytes: int = 256 * MIB
    """Of a client's message; Chromium takes as much."""
    max_unread_bytes: int = 64 * MIB
    """What waits for a client that does not read, besides its largest message; then it is dropped."""
    unread_timeout_s: float = 30.0
    """How long a client may read nothing while much is waiting for it; also how long the kernel waits for a dead peer."""
    close_timeout_s: float = 1.0
    """How long a client may take to answer a close frame."""

    # What it says of itself.
    product: str = DEFAULT_PRODUCT

    # What it gives its clients.
    isolation: Isolation = "process"
    debugger: bool = False
    """Whether isolates have V8's inspector: Debugger, Profiler and HeapProfiler work then."""
    workers_per_client: int = 1
    spare_workers: int = 1
    """Processes that wait for the next client."""
    linger_s: float = 30.0
    """How long a browser outlives its last client."""
    shared_browser: bool = False
    worker_memory_bytes: int = 0
    """0 for no limit."""
    cache: DiskCache | None = None
    """Where responses are kept besides memory, for all clients."""
    context: ContextOptions = ContextOptions()
    """Defaults for every context."""
    har: str = ""
    """Folder that each context's recording (HAR) is written to; empty for none."""
    limits: Limits = Limits()
    engine_limits: EngineLimits = EngineLimits()

    def __post_init__(self) -> None:
        if self.port is not None and not 0 <= self.port <= 65535:
            raise UsageError(f"{self.port} is no port")
        for name in ("max_clients", "max_pending", "max_message_bytes", "max_unread_bytes", "workers_per_client"):
            if getattr(self, name) < 1:
                raise UsageError(f"{name} must be at least 1")
        if self.max_header_bytes < 1024:
            raise UsageError("max_header_bytes must be at least 1024")
        if self.debugger and self.isolation != "process":
            raise UsageError("only workers in processes can be debugged: they get a network of their own for that")
        if not _PRODUCT.fullmatch(self.product):
            raise UsageError(f"the product {self.product!r} is not of the form Name/Version")
        if self.token and not re.fullmatch(r"[A-Za-z0-9._~+/=-]+", self.token):
            # RFC 6750, 2.1: what may follow "Bearer ".
            raise UsageError("a token consists of letters, digits and -._~+/=")

    @property
    def tcp_port(self) -> int | None:
        """The port to listen on; None for no TCP."""
        if self.port is None and self.unix_socket:
            return None
        return DEFAULT_PORT if self.port is None else self.port

    @property
    def user_agent(self) -> str:
        """What `/json/version` says that pages see."""
        return self.context.user_agent or DEFAULT_USER_AGENT

    def check_exposure(self, addresses: list[str]) -> None:
        """Look whether it is safe to listen on `addresses`.

        Raises:
            UsageError: one is not of this machine only, and there is no token.
        """
        exposed = exposed_addresses(addresses)
        if exposed and not self.token:
            raise UsageError(f"to listen on {exposed[0]}, which others can reach, a token is needed (--token)")


def exposed_addresses(addresses: list[str]) -> list[str]:
    """Give those that other machines can reach."""
    return [one for one in addresses if not ipaddress.ip_address(one.partition("%")[0]).is_loopback]
