"""Which sockets libcurl may open, and which connections a transfer may use: the rules for addresses, checked after every look-up of a name.

libcurl asks before it opens a socket (`OPENSOCKETFUNCTION`), with the address that DNS gave it; and before it sends a request
(`PREREQFUNCTION`), also over a connection that another opened. A name that has one address for the page and another for the check (DNS
rebinding) cannot help: it is the socket's own address that counts.

A proxy's connections go to the proxy. One that the process was started with is trusted, and so is the one that a context's own rules
come with; any other is checked as a server is. What lies behind a proxy only the proxy knows: addresses in URLs are judged, names are its matter.

Thread: main.
"""

from __future__ import annotations

import os
import re
import socket
from typing import Any

import pycurl

from sanderling.base.pattern import late_pattern
from sanderling.network import errors
from sanderling.network.errors import Fault
from sanderling.network.messages import TransferOptions
from sanderling.proto.addresses import AddressRules, Refusal, rules

_HOST = late_pattern(r"[a-z]+://(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]+)", re.IGNORECASE)


class Guard:
    """The rules of a process.

    Args:
        everywhere: hold for every transfer; None for none.
        trusted_proxies: that `everywhere` does not concern, as `TransferOptions.proxy` has them.
    """

    def __init__(self, everywhere: AddressRules | None = None, trusted_proxies: frozenset[str] = frozenset()) -> None:
        self._everywhere = everywhere
        self._trusted_proxies = trusted_proxies

    def check_for(self, options: TransferOptions) -> Check | None:
        """Give what judges the sockets of a transfer; None where nothing is forbidden.

        Raises:
            ValueError: its own rules are malformed.
        """
        if self._everywhere is None and not options.block_private_networks and not options.block_cidrs:
            return None
        own = rules(options.block_private_networks, options.block_cidrs)
        of_targets = [one for one in (self._everywhere, own) if one is not None]
        if not of_targets:
            return None
        of_sockets = of_targets
        if options.proxy:
            trusted = self._everywhere is None or options.proxy in self._trusted_proxies
            of_sockets = [] if trusted else [one for one in of_targets if one is self._everywhere]
        return Check(of_sockets, of_targets)


class Check:
    """Judges the sockets of one transfer.

    Args:
        of_sockets: the rules for what is connected to.
        of_targets: the rules for what stands in the URL.
    """

    __slots__ = ("_of_sockets", "_of_targets", "fault", "os_errno")

    def __init__(self, of_sockets: list[AddressRules], of_targets: list[AddressRules]) -> None:
        self._of_sockets = of_sockets
        self._of_targets = of_targets
        self.fault: Fault | None = None  # why a socket was not opened
        self.os_errno = 0  # why the system gave none

    def target(self, url: str) -> Fault | None:
        """Judge a URL, as far as it says an address."""
        match = _HOST.match(url)
        host = match[1] if match is not None else ""
        return _fault(next(filter(None, (one.refusal_of_host(host) for one in self._of_targets)), None))

    def address(self, address: str) -> Fault | None:
        """Judge the other end of a connection."""
        return _fault(next(filter(None, (one.refusal(address) for one in self._of_sockets)), None))

    def install(self, easy: Any) -> None:
        """Have libcurl ask before it opens sockets for this handle."""
        if self._of_sockets:
            easy.setopt(pycurl.OPENSOCKETFUNCTION, self._open)
            easy.setopt(pycurl.SOCKOPTFUNCTION, _keep)

    def _open(self, _purpose: int, address: Any) -> _Lent | int:
        # Called by libcurl, once for each address that it tries.
        bad: int = pycurl.SOCKET_BAD
        where = address.addr
        fault = self.address(where[0] if isinstance(where, tuple) else str(where))
        if fault is not None:
            self.fault = fault
            return bad
        try:
            return _Lent(socket.socket(address.family, address.socktype, address.protocol))
        except OSError as error:
            self.os_errno = error.errno or 0
            return bad


def _keep(descriptor: int, _purpose: int) -> int:
    """Keep the copied descriptor from children, as libcurl's own sockets are."""
    os.set_inheritable(descriptor, False)
    ok: int = pycurl.SOCKOPT_OK
    return ok


def why_no_socket() -> int:
    """Give the errno with which the system refuses a socket now; 0 when it gives one."""
    try:
        socket.socket().close()
    except OSError as error:
        return error.errno or 0
    return 0


class _Lent:
    """A socket whose descriptor pycurl copies, so that ours is to be closed."""

    __slots__ = ("_socket",)

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock

    def fileno(self) -> int:
        """Give the descriptor to copy."""
        return self._socket.fileno()

    def __del__(self) -> None:
        self._socket.close()


def _fault(refusal: Refusal | None) -> Fault | None:
    if refusal is None:
        return None
    if refusal.rule == "cidr":
        return Fault(errors.BLOCKED_BY_ADMINISTRATOR, f"{refusal.reason}, which is blocked")
    return Fault(errors.BLOCKED_BY_PRIVATE_NETWORK_ACCESS_CHECKS, f"{refusal.reason}: private networks are blocked")
