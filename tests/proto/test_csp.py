"""Tests of `sanderling.proto.csp`."""

from __future__ import annotations

import pytest

from sanderling.proto import csp

SELF = "https://a.test/page"


def test_parse() -> None:
    policy = csp.parse(" script-src 'self'  b.test ; ;IMG-SRC *; script-src c.test; style-src \u00e9")
    assert policy.directives == {"script-src": ("'self'", "b.test"), "img-src": ("*",)}
    assert csp.parse("sandbox; frame-ancestors a; default-src b", meta=True).directives == {"default-src": ("b",)}
    assert csp.split_header(["default-src a, ,img-src b", " "]) == ["default-src a", "img-src b"]


@pytest.mark.parametrize(
    ("source", "url", "allowed"),
    [
        ("'self'", "https://a.test/x", True),
        ("'self'", "wss://a.test/x", True),
        ("'self'", "http://a.test/x", False),
        ("'self'", "https://a.test:444/x", False),
        ("*", "http://b.test/", True),
        ("*", "data:,x", False),
        ("data:", "data:,x", True),
        ("https:", "https://b.test/", True),
        ("http:", "https://b.test/", True),
        ("https:", "http://b.test/", False),
        ("b.test", "https://b.test/x", True),
        ("b.test", "https://c.b.test/x", False),
        ("*.b.test", "https://c.b.test/x", True),
        ("*.b.test", "https://b.test/x", False),
        ("b.test:*", "https://b.test:99/x", True),
        ("b.test:99", "https://b.test/x", False),
        ("http://b.test:80", "https://b.test/x", True),
        ("b.test/dir/", "https://b.test/dir/x", True),
        ("b.test/dir", "https://b.test/dir/x", False),
        ("b.test/d%69r", "https://b.test/dir?x", True),
        ("'none'", "https://a.test/", False),
        ("b..test", "https://b..test/", False),
    ],
)
def test_urls(source: str, url: str, allowed: bool) -> None:
    policy = csp.parse(f"img-src {source}")
    assert csp.blocked_request(policy, "image", url, self_url=SELF) == (None if allowed else "img-src")


def test_redirects_forget_paths_and_fallbacks() -> None:
    policy = csp.parse("default-src b.test/dir/; script-src 'nonce-n' 'strict-dynamic'")
    assert csp.blocked_request(policy, "", "https://b.test/x", self_url=SELF) == "connect-src"
    assert csp.blocked_request(policy, "", "https://b.test/x", self_url=SELF, redirected=True) is None
    assert csp.blocked_request(policy, "iframe", "https://c.test/", self_url=SELF) == "frame-src"
    script = "https://c.test/x.js"
    assert csp.blocked_request(policy, "script", script, self_url=SELF) == "script-src-elem"
    assert csp.blocked_request(policy, "script", script, self_url=SELF, nonce="n") is None
    assert csp.blocked_request(policy, "script", script, self_url=SELF, parser_inserted=False) is None
    assert csp.blocked_request(csp.parse("img-src a.test"), "font", script, self_url=SELF) is None


ALERT = (
    "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"  # of alert('Hello, world.');, the standard's own example
)


@pytest.mark.parametrize(
    ("sources", "kind", "nonce", "allowed"),
    [
        ("'self'", "script", "", False),
        ("'unsafe-inline'", "script", "", True),
        ("'unsafe-inline' 'nonce-n'", "script", "", False),
        ("'unsafe-inline' 'strict-dynamic'", "script", "", False),
        ("'nonce-n'", "script", "n", True),
        ("'nonce-n'", "script", " n\n", True),
        ("'nonce-n'", "script", "m", False),
        ("'nonce-n'", "script attribute", "n", False),
        (ALERT, "script", "", True),
        (ALERT, "script attribute", "", False),
        (f"{ALERT} 'unsafe-hashes'", "script attribute", "", True),
        (f"{ALERT} 'unsafe-hashes'", "navigation", "", True),
    ],
)
def test_inline(sources: str, kind: csp.InlineType, nonce: str, allowed: bool) -> None:
    blocked = csp.blocked_inline(csp.parse(f"script-src {sources}"), kind, "alert('Hello, world.');", nonce=nonce)
    assert (blocked is None) is allowed


def test_eval_targets_and_ancestors() -> None:
    assert csp.blocked_eval(csp.parse("default-src 'self'")) == "script-src"
    assert csp.blocked_eval(csp.parse("default-src 'self'; script-src 'unsafe-eval'")) is None
    assert csp.blocked_eval(csp.parse("img-src *")) is None
    policy = csp.parse("form-action 'self'; frame-ancestors https://b.test")
    assert csp.blocked_target(policy, "form-action", "https://b.test/", self_url=SELF) == "form-action"
    assert csp.blocked_target(policy, "base-uri", "https://b.test/", self_url=SELF) is None
    assert csp.blocked_ancestors(policy, ["https://b.test", "https://c.test"], self_url=SELF)
    assert not csp.blocked_ancestors(policy, ["https://b.test"], self_url=SELF)
