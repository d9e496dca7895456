from __future__ import annotations

import pytest

from sanderling.proto.wildcards import contains, matches, url_pattern_matches, url_pattern_problem


@pytest.mark.parametrize(
    ("pattern", "url", "expected"),
    [
        ("*", "https://a.test/x", True),
        ("", "https://a.test/x", True),
        ("https://a.test/*", "https://a.test/x", True),
        ("https://a.test/", "https://a.test/x", False),
        ("*/x?", "https://a.test/xy", True),
        ("*/x?", "https://a.test/x", False),
        ("*/x\\?y", "https://a.test/x?y", True),
        ("*/x\\?y", "https://a.test/xzy", False),
        ("*.js", "https://a.test/x.js", True),
        ("*a+b*", "https://a.test/a+b", True),
    ],
)
def test_fetch_patterns(pattern: str, url: str, expected: bool) -> None:
    assert matches(pattern, url) is expected


@pytest.mark.parametrize(
    ("pattern", "url", "expected"),
    [
        ("a.test", "https://a.test/x", True),
        ("*.png", "https://a.test/x.png?v=1", True),
        ("x*a", "https://a.test/x", False),
        ("a*x", "https://a.test/x", True),
        ("other", "https://a.test/x", False),
    ],
)
def test_blocked_urls(pattern: str, url: str, expected: bool) -> None:
    assert contains(pattern, url) is expected


@pytest.mark.parametrize(
    ("pattern", "url", "expected"),
    [
        ("", "https://a.test/x", True),
        ("https://a.test", "https://a.test/", True),
        ("https://a.test", "https://a.test/any?q", True),
        ("https://a.test/x", "https://a.test/x", True),
        ("https://a.test/x", "https://a.test/x/y", False),
        ("*://*:*/*.css", "https://a.test:8443/s/y.css", True),
        ("*://*:*/*.css", "https://a.test/s/y.css?v=1", True),
        ("*://*:*/*.css", "https://a.test/s/y.js", False),
        ("https://*.test/*", "http://a.test/", False),
        ("https://*.test/*", "https://a.test/b", True),
        ("http://a.test/*", "http://a.test:81/b", False),
        ("http://a.test:81/*", "http://a.test:81/b", True),
        ("https://a.test/x?q=*", "https://a.test/x?q=1", True),
        ("https://a.test/x?q=*", "https://a.test/x", False),
    ],
)
def test_url_patterns(pattern: str, url: str, expected: bool) -> None:
    assert url_pattern_matches(pattern, url) is expected


def test_what_is_not_supported_is_named() -> None:
    assert url_pattern_problem("https://a.test:*/x*") is None
    for pattern in ("https://a.test/(x|y)", "https://a.test/:id", "https://{a.}?test/"):
        assert pattern in str(url_pattern_problem(pattern))
