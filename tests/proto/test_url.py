from __future__ import annotations

import pytest

from sanderling.proto import url as urls
from sanderling.proto.url import Origin, Url, parse, parse_origin, same_site


def must(text: str, base: str | None = None) -> Url:
    parsed = parse(text, base)
    assert parsed is not None, text
    return parsed


@pytest.mark.parametrize(
    ("text", "base", "href"),
    [
        ("HTTP://EXAMPLE.com:80/a/../b?q#f", None, "http://example.com/b?q#f"),
        ("https://bücher.de/ü", None, "https://xn--bcher-kva.de/%C3%BC"),
        ("../x", "https://a.test/b/c/d", "https://a.test/b/x"),
        ("?q", "https://a.test/b#f", "https://a.test/b?q"),
        ("#f", "about:blank", "about:blank#f"),
        ("//b.test", "https://a.test/x", "https://b.test/"),
        ("http://0x7f.1/", None, "http://127.0.0.1/"),
        ("http://[::0:1]/", None, "http://[::1]/"),
        ("  https://a.test/\n", None, "https://a.test/"),
        ("data:text/html,<p>?x#y", None, "data:text/html,<p>?x#y"),
        ("https://a.test/\ud800", None, "https://a.test/%EF%BF%BD"),
        ("mailto:a@b", None, "mailto:a@b"),
    ],
)
def test_parse(text: str, base: str | None, href: str) -> None:
    assert must(text, base).href == href


@pytest.mark.parametrize("text", ["", "x", "http://", "http://a b/", "https://a.test:99999/", "http://[::g]/"])
def test_parse_failure(text: str) -> None:
    assert parse(text) is None


def test_invalid_base_is_a_failure() -> None:
    assert parse("x", "nonsense") is None


def test_components() -> None:
    parsed = must("https://us%40er:p%3Aw@[::1]:8443/a/b?q=1&r#frag?x#y")
    assert (parsed.scheme, parsed.username, parsed.password) == ("https", "us%40er", "p%3Aw")
    assert (parsed.host, parsed.port, parsed.path) == ("[::1]", 8443, "/a/b")
    assert (parsed.query, parsed.fragment) == ("q=1&r", "frag?x#y")
    assert parsed.without_fragment == "https://us%40er:p%3Aw@[::1]:8443/a/b?q=1&r"
    assert parsed.for_wire == "https://[::1]:8443/a/b?q=1&r"
    assert parsed.path_and_query == "/a/b?q=1&r"
    assert parsed.includes_credentials
    assert parsed.effective_port == 8443


def test_absent_and_empty_parts_differ() -> None:
    assert must("https://a.test/").query is None
    assert must("https://a.test/?").query == ""
    assert must("https://a.test/#").fragment == ""
    assert must("https://a.test/").effective_port == 443
    assert must("about:blank").host == ""
    assert must("https://a.test/@x:y/").username == ""


def test_a_path_that_looks_like_a_host() -> None:
    parsed = must("web+demo:/..//not-a-host/")
    assert parsed.href == "web+demo:/.//not-a-host/"
    assert (parsed.host, parsed.path) == ("", "//not-a-host/")
    assert must("https://a.test/.//x").path == "//x"


def test_changes() -> None:
    assert must("https://a.test/x#a").with_fragment("b").href == "https://a.test/x#b"
    assert must("http://a.test:443/x").with_scheme("https").href == "https://a.test/x"
    assert must("https://a.test") == must("https://a.test/")
    assert len({must("https://a.test"), must("https://a.test/"), must("https://b.test/")}) == 2


def test_origins() -> None:
    assert must("https://a.test:443/x").origin == must("https://a.test/y").origin
    assert must("https://a.test").origin != must("http://a.test").origin
    assert must("https://a.test:8443/").origin.serialise() == "https://a.test:8443"
    assert must("blob:https://a.test/123").origin.serialise() == "https://a.test"
    assert str(must("blob:null/1").origin) == "null"
    opaque = must("data:,x")
    assert opaque.origin != opaque.origin
    assert urls.serialize_origin("file:///x") == "null"
    assert urls.serialize_origin("nonsense") == "null"
    assert parse_origin("null").is_opaque
    assert parse_origin("") != parse_origin("")
    assert parse_origin("https://a.test") == Origin("https", "a.test", None)


@pytest.mark.parametrize(
    ("text", "trusted"),
    [
        ("https://a.test/", True),
        ("wss://a.test/", True),
        ("http://a.test/", False),
        ("http://localhost/", True),
        ("http://x.localhost/", True),
        ("http://localhost.a.test/", False),
        ("http://127.1.2.3/", True),
        ("http://127.a.test/", False),
        ("http://[::1]/", True),
        ("data:,x", True),
        ("about:blank", True),
        ("about:config", False),
        ("blob:https://a.test/1", True),
        ("blob:http://a.test/1", False),
    ],
)
def test_trustworthiness(text: str, trusted: bool) -> None:
    assert must(text).is_potentially_trustworthy() is trusted


@pytest.mark.parametrize(
    ("text", "bad"),
    [("http://a:25/", True), ("https://a:10080/", True), ("http://a:8080/", False), ("ftp://a:21/", False)],
)
def test_bad_ports(text: str, bad: bool) -> None:
    assert urls.is_bad_port(must(text)) is bad


@pytest.mark.parametrize(
    ("host", "public", "registrable"),
    [
        ("com", True, None),
        ("example.com", False, "example.com"),
        ("a.b.example.com", False, "example.com"),
        ("co.uk", True, None),
        ("a.example.co.uk", False, "example.co.uk"),
        ("github.io", True, None),
        ("me.github.io", False, "me.github.io"),
        ("localhost", True, None),
        ("127.0.0.1", False, None),
        ("[::1]", False, None),
        ("example.com.", False, "example.com."),
        ("www.ck", False, "www.ck"),
        ("x.ck", True, None),
    ],
)
def test_public_suffixes(host: str, public: bool, registrable: str | None) -> None:
    assert urls.is_public_suffix(host) is public
    assert urls.registrable_domain(host) == registrable


@pytest.mark.parametrize(
    ("a", "b", "schemeful", "schemeless"),
    [
        ("https://a.example.com", "https://b.example.com:8443", True, True),
        ("https://example.com", "http://example.com", False, True),
        ("https://example.com", "wss://www.example.com", True, True),
        ("https://a.github.io", "https://b.github.io", False, False),
        ("https://a.co.uk", "https://b.co.uk", False, False),
        ("http://127.0.0.1", "http://127.0.0.1:99", True, True),
        ("http://127.0.0.1", "http://1.0.0.1", False, False),
        ("http://localhost", "http://localhost:99", True, True),
    ],
)
def test_same_site(a: str, b: str, schemeful: bool, schemeless: bool) -> None:
    first, second = parse_origin(a), parse_origin(b)
    assert same_site(first, second) is schemeful
    assert same_site(second, first) is schemeful
    assert same_site(first, second, schemeful=False) is schemeless


def test_opaque_origins_are_their_own_site() -> None:
    opaque = Origin.opaque()
    assert same_site(opaque, opaque)
    assert not same_site(opaque, Origin.opaque())
    assert urls.site(opaque) != urls.site(Origin.opaque())
    assert urls.site(parse_origin("https://a.example.com:8443")) == "https://example.com"
    assert urls.site(parse_origin("http://127.0.0.1")) == "http://127.0.0.1"
