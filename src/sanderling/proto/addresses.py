"""Which addresses are of the public internet, and which are somebody's own.

IANA's registries of special-purpose addresses decide: what they do not call globally reachable is private here, and so are multicast,
and whatever of IPv6 is not unicast of the internet (RFC 4291, 2.4). An address of IPv6 that stands for one of IPv4 is judged by that one.

Python's `ipaddress.is_global` is not used: its lists differ between the versions that are supported, and it calls multicast global.

Standards: https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry

Thread: any.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Literal, NamedTuple, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Net: TypeAlias = IPv4Network | IPv6Network

_V4 = {
    "0.0.0.0/8": "this network",
    "10.0.0.0/8": "private use",
    "100.64.0.0/10": "shared address space",
    "127.0.0.0/8": "loopback",
    "169.254.0.0/16": "link local",
    "172.16.0.0/12": "private use",
    "192.0.0.0/24": "protocol assignments",
    "192.0.2.0/24": "documentation",
    "192.88.99.0/24": "6to4 relay anycast",
    "192.168.0.0/16": "private use",
    "198.18.0.0/15": "benchmarking",
    "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved",
}

_V4_GLOBAL = ("192.0.0.9/32", "192.0.0.10/32")
"""Within the above, and globally reachable: anycast of PCP and TURN (RFC 7723, RFC 8155)."""

_V6 = {
    "::/128": "unspecified",
    "::1/128": "loopback",
    "64:ff9b:1::/48": "local use of NAT64",
    "100::/64": "discard only",
    "100:0:0:1::/64": "dummy prefix",
    "2001:db8::/32": "documentation",
    "2001::/23": "protocol assignments",
    "2002::/16": "6to4",
    "3fff::/20": "documentation",
    "5f00::/16": "segment routing",
    "fc00::/7": "unique local",
    "fe80::/10": "link local",
    "fec0::/10": "site local",
    "ff00::/8": "multicast",
}

_V6_GLOBAL = (
    "2001:1::1/128",  # anycast of PCP, TURN and DNS-SD
    "2001:1::2/128",
    "2001:1::3/128",
    "2001:3::/32",  # AMT
    "2001:4:112::/48",  # AS112
    "2001:20::/28",  # ORCHID, version 2
    "2001:30::/28",  # remote identifiers of drones
)

_UNICAST = IPv6Network("2000::/3")
"""All that IANA gives out as unicast of the internet."""

_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")
_TRANSLATED = IPv6Network("::ffff:0:0:0/96")
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
"""RFC 5214, 6.1: what comes before an address of IPv4 in the interface identifier."""


class _Nets(NamedTuple):
    special_v4: tuple[tuple[IPv4Network, str], ...]
    global_v4: tuple[IPv4Network, ...]
    special_v6: tuple[tuple[IPv6Network, str], ...]
    global_v6: tuple[IPv6Network, ...]


@functools.cache
def _nets() -> _Nets:
    # Made for the first address that is judged: most programs restrict nothing.
    return _Nets(
        special_v4=tuple((IPv4Network(net), name) for net, name in _V4.items()),
        global_v4=tuple(map(IPv4Network, _V4_GLOBAL)),
        special_v6=tuple((IPv6Network(net), name) for net, name in _V6.items()),
        global_v6=tuple(map(IPv6Network, _V6_GLOBAL)),
    )


class Refusal(NamedTuple):
    """Why an address is not connected to."""

    rule: Literal["private", "cidr"]
    reason: str
    """For people."""


def embedded(address: IPv6Address) -> Iterator[IPv4Address]:
    """Give the addresses of IPv4 that one of IPv6 may stand for."""
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    low = IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _NAT64 or address in _TRANSLATED or (address in _COMPATIBLE and int(address) > 1):
        yield low
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if int(address) >> 32 & 0xFFFFFFFF in _ISATAP:
        yield low


def special_purpose(address: Address) -> str:
    """Say for what an address is set aside; empty for one of the public internet."""
    nets = _nets()
    if isinstance(address, IPv4Address):
        if any(address in net for net in nets.global_v4):
            return ""
        return next((name for net, name in nets.special_v4 if address in net), "")
    if any(address in net for net in nets.global_v6):
        return ""
    special = next((name for net, name in nets.special_v6 if address in net), "")
    if special:
        return special
    for inner in embedded(address):
        special = special_purpose(inner)
        if special:
            return special
    if address in _UNICAST or address in _NAT64 or address.ipv4_mapped is not None:
        return ""
    return "not unicast of the internet"


def parse_network(text: str) -> Net:
    """Read an address or a block of them (``10.0.0.0/8``).

    Raises:
        ValueError: it is neither, or has bits set that its length masks.
    """
    return ip_network(text.strip().strip("[]"))


class AddressRules:
    """What may be connected to.

    Args:
        private: refuse what is not of the public internet.
        cidrs: refuse these blocks, too.

    Raises:
        ValueError: a block is malformed.
    """

    def __init__(self, *, private: bool, cidrs: tuple[str, ...] = ()) -> None:
        self.private = private
        self._blocks = tuple(parse_network(text) for text in cidrs)
        self.refusal = functools.lru_cache(maxsize=1024)(self._refusal)

    def _refusal(self, text: str) -> Refusal | None:
        """Judge an address, with a zone perhaps; what is no address is refused."""
        try:
            address = ip_address(text.partition("%")[0])
        except ValueError:
            return Refusal("private", f"{text} is no address")
        forms: tuple[Address, ...] = (address,)
        if isinstance(address, IPv6Address):
            forms = (address, *embedded(address))
        for block in self._blocks:
            if any(form.version == block.version and form in block for form in forms):
                return Refusal("cidr", f"{text} is in {block}")
        special = special_purpose(address) if self.private else ""
        return Refusal("private", f"{text} is not a public address ({special})") if special else None

    def refusal_of_host(self, host: str) -> Refusal | None:
        """Judge a URL's host without a look-up: an address, or a name that is this machine's (RFC 6761, 6.3); other names pass."""
        bare = host.strip("[]").rstrip(".").lower()
        if bare == "localhost" or bare.endswith(".localhost"):
            return self.refusal("127.0.0.1") or self.refusal("::1")
        try:
            ip_address(bare)
        except ValueError:
            return None
        return self.refusal(bare)


@functools.lru_cache(maxsize=64)
def rules(private: bool, cidrs: tuple[str, ...]) -> AddressRules | None:
    """Give the rules of that wording, None where all is allowed.

    Raises:
        ValueError: a block is malformed.
    """
    return AddressRules(private=private, cidrs=cidrs) if private or cidrs else None
