from __future__ import annotations

import pytest

from sanderling.proto.url import parse
from sanderling.proto.url_filters import NO_FILTERS, UrlFilters, compiled, parse_host, parse_hosts, parse_patterns


def found(filters: UrlFilters, url: str) -> str | None:
    parsed = parse(url)
    assert parsed is not None
    return filters.find(parsed)


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("https://ads.test/", "the host 'ads.test' of a list"),
        ("https://ads.test./", "the host 'ads.test' of a list"),
        ("wss://a.b.ads.test:8080/x", "the host 'ads.test' of a list"),
        ("https://badads.test/", None),
        ("https://test/", None),
        ("http://10.0.0.1/", "the host '10.0.0.1' of a list"),
        ("http://10.0.0.11/", None),
        ("https://xn--mnchen-3ya.test/", "the host 'xn--mnchen-3ya.test' of a list"),
        ("https://a.test/banner/1.png", "the URL pattern '*/banner/*.png'"),
        ("https://a.test/banner/1.gif", None),
        ("https://a.test/#/banner/1.png", None),
    ],
)
def test_rules(url: str, rule: str | None) -> None:
    hosts = [parse_host(one) or "" for one in ("*.ads.test", "10.0.0.1", "münchen.test")]
    assert found(UrlFilters(["*/banner/*.png"], hosts), url) == rule


def test_hosts_files_and_plain_lists() -> None:
    text = "\n".join(
        [
            "# comment",
            "127.0.0.1 localhost localhost.localdomain",
            "::1 ip6-localhost",
            "fe80::1%lo0 localhost",
            "255.255.255.255 broadcasthost",
            "0.0.0.0 0.0.0.0",
            "0.0.0.0 Ads.Test track.test. # twice",
            "192.168.0.2 nas.home",
            "",
            ".plain.test",
            "0.0.0.0\tads.test",
            "[2001:DB8::1]",
        ]
    )
    assert parse_hosts(text) == ["ads.test", "track.test", "plain.test", "[2001:db8::1]"]


@pytest.mark.parametrize("line", ["ads.test more.test", "a b c", "https://ads.test/", "a..b c", "a/b", "0.0.0.0 a:80"])
def test_what_is_no_host_is_named(line: str) -> None:
    with pytest.raises(ValueError, match="line 2"):
        parse_hosts(f"ok.test\n{line}")


@pytest.mark.parametrize("line", ["||ads.test^", "@@||ads.test^", "! Title: list", "a.test##.ad", "[Adblock Plus 2.0]"])
def test_filter_lists_are_refused(line: str) -> None:
    for read in (parse_hosts, parse_patterns):
        with pytest.raises(ValueError, match=r"line 1: .* syntax is not supported"):
            read(line)


def test_patterns() -> None:
    assert parse_patterns("# no\n\n */ads/* \nb.test\n") == ["*/ads/*", "b.test"]


def test_long_lists_are_compiled_once() -> None:
    hosts = "\n".join(f"h{number}.test" for number in range(1000))
    assert compiled(("x",), hosts) is compiled(("x",), str(hosts.encode(), "ascii"))
    assert compiled((), "") is NO_FILTERS
    assert not NO_FILTERS
