from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from sanderling.proto import addresses
from sanderling.proto.addresses import AddressRules, parse_network, rules, special_purpose

# IANA's registries as of 2025: the block, and whether it is "Globally Reachable" (what is N/A there is not).
V4 = [
    ("0.0.0.0/8", False),
    ("0.0.0.0/32", False),
    ("10.0.0.0/8", False),
    ("100.64.0.0/10", False),
    ("127.0.0.0/8", False),
    ("169.254.0.0/16", False),
    ("172.16.0.0/12", False),
    ("192.0.0.0/24", False),
    ("192.0.0.0/29", False),
    ("192.0.0.8/32", False),
    ("192.0.0.9/32", True),
    ("192.0.0.10/32", True),
    ("192.0.0.170/31", False),
    ("192.0.2.0/24", False),
    ("192.31.196.0/24", True),
    ("192.52.193.0/24", True),
    ("192.88.99.0/24", False),
    ("192.88.99.2/32", False),
    ("192.168.0.0/16", False),
    ("192.175.48.0/24", True),
    ("198.18.0.0/15", False),
    ("198.51.100.0/24", False),
    ("203.0.113.0/24", False),
    ("240.0.0.0/4", False),
    ("255.255.255.255/32", False),
]
V6 = [
    ("::1/128", False),
    ("::/128", False),
    ("64:ff9b:1::/48", False),
    ("100::/64", False),
    ("100:0:0:1::/64", False),
    ("2001::/23", False),
    ("2001::/32", False),
    ("2001:1::1/128", True),
    ("2001:1::2/128", True),
    ("2001:1::3/128", True),
    ("2001:2::/48", False),
    ("2001:3::/32", True),
    ("2001:4:112::/48", True),
    ("2001:10::/28", False),
    ("2001:20::/28", True),
    ("2001:30::/28", True),
    ("2001:db8::/32", False),
    ("2002::/16", False),
    ("2620:4f:8000::/48", True),
    ("3fff::/20", False),
    ("5f00::/16", False),
    ("fc00::/7", False),
    ("fe80::/10", False),
]


@pytest.mark.parametrize(("block", "reachable"), V4 + V6)
def test_the_registries_of_iana(block: str, reachable: bool) -> None:
    net = ip_network(block)
    for address in (net[0], net[-1], net[net.num_addresses // 2]):
        inner = any(
            address in ip_network(other) and ip_network(other).prefixlen > net.prefixlen and other_reachable
            for other, other_reachable in V4 + V6
            if ip_network(other).version == net.version
        )
        assert (special_purpose(address) == "") is (reachable or inner), address


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "128.0.0.1", "172.15.0.1"]
)
def test_neighbours_of_what_is_private_are_not(address: str) -> None:
    assert special_purpose(ip_address(address)) == ""


@pytest.mark.parametrize("address", ["2606:4700::1111", "2a00:1450::1", "2001:200::1", "2001:4860::8888"])
def test_the_internet_of_ipv6(address: str) -> None:
    assert special_purpose(ip_address(address)) == ""


@pytest.mark.parametrize(
    "address",
    [
        "224.0.0.1",  # multicast, which `ipaddress` calls global
        "ff02::1",
        "ff0e::1",
        "fec0::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "::8.8.8.8",  # IPv4-compatible: deprecated, and nobody's
        "::ffff:0:127.0.0.1",
        "::ffff:0:8.8.8.8",
        "64:ff9b::10.0.0.1",
        "64:ff9b::169.254.169.254",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2a00:1450::5efe:10.0.0.1",  # ISATAP
        "2a00:1450::200:5efe:7f00:1",
        "4000::1",  # not given out
        "1::1",
        "e000::1",
    ],
)
def test_what_else_is_not_public(address: str) -> None:
    assert special_purpose(ip_address(address)) != ""


@pytest.mark.parametrize("address", ["::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2a00:1450::5efe:8.8.8.8"])
def test_ipv4_in_ipv6_is_judged_by_what_is_in_it(address: str) -> None:
    assert special_purpose(ip_address(address)) == ""
    found = AddressRules(private=False, cidrs=("8.8.8.0/24",)).refusal(address)
    assert found is not None
    assert found.rule == "cidr"


def test_rules_say_which_of_them_it_was() -> None:
    both = AddressRules(private=True, cidrs=("93.184.0.0/16", "2a00::/16"))
    assert both.refusal("93.184.216.34") == ("cidr", "93.184.216.34 is in 93.184.0.0/16")
    assert both.refusal("2a00::1") == ("cidr", "2a00::1 is in 2a00::/16")
    assert both.refusal("127.0.0.1") == ("private", "127.0.0.1 is not a public address (loopback)")
    assert both.refusal("fe80::1%eth0") is not None, "with a zone"
    assert both.refusal("/run/a.sock") is not None, "what is no address is not public"
    assert both.refusal("1.1.1.1") is None
    assert AddressRules(private=False).refusal("127.0.0.1") is None


@pytest.mark.parametrize(
    ("host", "refused"),
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        ("a.localhost", True),
        ("[::1]", True),
        ("10.1.2.3", True),
        ("1.1.1.1", False),
        ("localhost.example", False),
        ("intranet", False),  # nobody knows before it is looked up
    ],
)
def test_hosts_of_urls(host: str, refused: bool) -> None:
    assert (AddressRules(private=True).refusal_of_host(host) is not None) is refused


def test_rules_are_made_once_and_bad_blocks_are_refused() -> None:
    assert rules(False, ()) is None
    assert rules(True, ("1.2.3.4",)) is rules(True, ("1.2.3.4",))
    assert parse_network("[::1]") == ip_network("::1/128")
    for text in ("", "10.0.0.1/8", "10.0.0.0/33", "example.com", "10"):
        with pytest.raises(ValueError, match=r".+"):
            rules(True, (text,))


def test_every_entry_has_a_name_for_people() -> None:
    assert all(addresses._V4.values())
    assert all(addresses._V6.values())
