from __future__ import annotations

import pytest

from sanderling.base.errors import UsageError
from sanderling.http.client import ClientOptions
from sanderling.http.proxies import Proxy, ProxyRules, as_in_chromium, from_environment, parse_proxy
from sanderling.proto.url import parse
from tests.http.support import World, go, html, redirect

P = "http://proxy.test:8080"


def way(rules: ProxyRules, url: str) -> str:
    parsed = parse(url)
    assert parsed is not None
    return rules.find(parsed).url


def test_a_proxy_with_credentials() -> None:
    assert parse_proxy("u:p%20w@proxy.test:8080") == Proxy(P, "u:p w")
    assert parse_proxy("socks5h://proxy.test:1080") == Proxy("socks5h://proxy.test:1080")
    with pytest.raises(UsageError):
        parse_proxy("ftp://proxy.test")


@pytest.mark.parametrize(
    ("chromium", "ours"),
    [
        ("socks5://one.test:1080", "socks5h://one.test:1080"),
        ("http=http://a.test;SOCKS://one.test", "http=http://a.test;socks5h://one.test"),
        ("socks5h://one.test", "socks5h://one.test"),
        ("http://socks5.test:1", "http://socks5.test:1"),
        ("socks4://one.test", "socks4://one.test"),
    ],
)
def test_names_behind_the_socks_proxies_of_chromium_are_theirs_to_resolve(chromium: str, ours: str) -> None:
    assert as_in_chromium(chromium) == ours


def test_proxies_by_scheme() -> None:
    rules = ProxyRules("http=one.test:1;https=two.test:2;socks5://three.test:3")
    assert way(rules, "http://a.test/") == way(rules, "ws://a.test/") == "http://one.test:1"
    assert way(rules, "https://a.test/") == way(rules, "wss://a.test/") == "http://two.test:2"
    assert rules.all == {"http://one.test:1", "http://two.test:2", "socks5://three.test:3"}
    assert way(ProxyRules("https=two.test:2"), "http://a.test/") == ""


@pytest.mark.parametrize(
    ("bypass", "url", "direct"),
    [
        ("a.test", "http://a.test/", True),
        ("a.test", "http://b.a.test/", False),
        (".a.test", "http://b.a.test/", True),
        (".a.test", "http://a.test/", False),
        ("*.a.test", "http://b.a.test/", True),
        ("*", "http://b.a.test/", True),
        ("A.Test;b.test", "http://a.test/", True),
        ("a.test, b.test", "http://b.test/", True),
        ("a.test:8080", "http://a.test:8080/", True),
        ("a.test:8080", "http://a.test/", False),
        ("a.test:443", "https://a.test/", True),
        ("https://a.test", "https://a.test/", True),
        ("https://a.test", "http://a.test/", False),
        ("https://", "https://b.test/", True),
        ("10.0.0.0/8", "http://10.1.2.3/", True),
        ("10.0.0.0/8", "http://11.1.2.3/", False),
        ("10.0.0.0/8", "http://[::1]/", False),
        ("[::1]", "http://[::1]/", True),
        ("fd00::/8", "http://[fd00::1]/", True),
        ("127.0.0.1", "http://127.0.0.1:80/", True),
        ("<local>", "http://intranet/", True),
        ("<local>", "http://a.test/", False),
        ("<local>", "http://[::1]/", False),
        ("<-loopback>", "http://127.0.0.1/", False),
        ("", "http://localhost/", False),
    ],
)
def test_bypass(bypass: str, url: str, direct: bool) -> None:
    assert way(ProxyRules(P, bypass), url) == ("" if direct else P)


def test_a_bad_block_is_refused() -> None:
    with pytest.raises(UsageError, match="no block of addresses"):
        ProxyRules(P, "10.0.0.1/8")


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, ("", "")),
        ({"NO_PROXY": "a.test"}, ("", "")),
        ({"http_proxy": "a:1", "HTTP_PROXY": "b:1"}, ("http=a:1", "")),
        ({"HTTP_PROXY": "b:1", "HTTPS_PROXY": "c:1"}, ("http=b:1;https=c:1", "")),
        ({"HTTP_PROXY": "b:1", "REQUEST_METHOD": "GET"}, ("", "")),
        ({"ALL_PROXY": "socks5://d:1", "https_proxy": "c:1"}, ("https=c:1;socks5://d:1", "")),
        ({"all_proxy": "d:1", "NO_PROXY": ".a.test, 10.0.0.0/8 *"}, ("d:1", "a.test,.a.test,10.0.0.0/8,*")),
    ],
)
def test_the_environment(variables: dict[str, str], expected: tuple[str, str]) -> None:
    assert from_environment(variables) == expected


def test_each_hop_of_a_redirect_finds_its_own_way() -> None:
    world = World(ClientOptions(proxy=f"http://u:p@{P[7:]}", proxy_bypass="b.test"))
    world.on("https://a.test/", redirect("https://b.test/"))
    world.on("https://b.test/", html())
    world.fetch(go("https://a.test/"))
    assert [(one.options.proxy, one.options.proxy_auth) for one in world.transport.received] == [(P, "u:p"), ("", "")]
