from __future__ import annotations

import pytest

from sanderling.proto.hsts import MAX_HOSTS, HstsHosts, Policy, parse_policy


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("max-age=10", Policy(10, False)),
        ('MAX-AGE="10" ; includeSubDomains;preload', Policy(10, True)),
        (";;max-age=0;", Policy(0, False)),
        ('max-age=1; other="a;b"', Policy(1, False)),
        ("includeSubDomains", None),
        ("max-age=x", None),
        ("max-age=1; max-age=2", None),
        ("max-age=1; includeSubDomains=yes", None),
        ("max-age=1; =", None),
    ],
)
def test_fields(value: str, expected: Policy | None) -> None:
    assert parse_policy(value) == expected


def test_hosts() -> None:
    hosts = HstsHosts()
    hosts.note("a.test", "max-age=100; includeSubDomains", 0)
    hosts.note("b.test", "max-age=100", 0)
    for host in ("127.0.0.1", "[::1]"):
        hosts.note(host, "max-age=100", 0)
        assert not hosts.upgrades(host, 1)
    asked = ("a.test", "x.y.a.test", "b.test", "x.b.test", "test", "a.test.")
    assert [hosts.upgrades(host, 1) for host in asked] == [True, True, True, False, False, True]
    hosts.note("a.test", "max-age=0", 1)
    assert not hosts.upgrades("x.a.test", 1)
    assert not hosts.upgrades("b.test", 100)
    assert len(hosts) == 0


def test_there_is_a_limit() -> None:
    hosts = HstsHosts()
    for number in range(MAX_HOSTS + 5):
        hosts.note(f"{number}.test", "max-age=100", 0)
    assert len(hosts) == MAX_HOSTS
    assert not hosts.upgrades("0.test", 1)
