from __future__ import annotations

import pytest

from sanderling.http import basic
from sanderling.proto.headers import Headers
from sanderling.proto.url import Url, parse


def url(text: str) -> Url:
    found = parse(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("value", "offered"),
    [
        ('Basic realm="x"', True),
        ("basic", True),
        ("Negotiate, BASIC", True),
        ('Bearer realm="x", Basic realm="y"', True),
        ('Digest realm="Basic realm=", nonce="x"', False),
        ('Digest realm="a, Basic realm=b"', False),
        ('Digest realm="\\", Basic realm=b"', False),
        ("NotBasic realm=x", False),
        ("", False),
    ],
)
def test_challenges(value: str, offered: bool) -> None:
    assert basic.is_basic_challenge(Headers([("WWW-Authenticate", value)])) is offered


def test_userinfo() -> None:
    assert basic.from_userinfo(url("https://a.test/")) is None
    assert basic.from_userinfo(url("https://user:pass@a.test/")) == "Basic dXNlcjpwYXNz"
    assert basic.from_userinfo(url("https://user@a.test/")) == "Basic dXNlcjo="


def test_protection_spaces() -> None:
    cache = basic.CredentialCache()
    cache.store(url("https://a.test/dir/page"), "one")
    assert cache.find(url("https://a.test/dir/other")) == "one"
    assert cache.find(url("https://a.test/dir/deep/er/")) == "one"
    assert cache.find(url("https://a.test/dir")) is None
    assert cache.find(url("https://a.test/")) is None
    assert cache.find(url("https://a.test:8443/dir/x")) is None
    cache.store(url("https://a.test/"), "root")
    assert cache.find(url("https://a.test/x/y")) == "root"
    assert cache.find(url("https://a.test/dir/x")) == "one"


def test_the_cache_is_bounded() -> None:
    cache = basic.CredentialCache()
    for number in range(basic.MAX_SPACES + 1):
        cache.store(url(f"https://h{number}.test/"), "x")
    assert cache.find(url("https://h0.test/")) is None
    assert cache.find(url("https://h1.test/")) == "x"
