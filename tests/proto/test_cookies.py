from __future__ import annotations

import datetime

import pytest

from sanderling.proto import cookies as c
from sanderling.proto.cookie_date import parse_cookie_date

NOW = 1_700_000_000.0


def parsed(text: str) -> c.ParsedCookie:
    cookie = c.parse_set_cookie(text, NOW)
    assert cookie is not None, text
    return cookie


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("a=b", "a", "b"),
        (" a = b ; Path=/", "a", "b"),
        ("a=b=c", "a", "b=c"),
        ('a="b c"', "a", '"b c"'),
        ("a=", "a", ""),
        ("=b", "", "b"),
        ("b", "", "b"),
        ("a=b\t", "a", "b"),
        ("a=b,c", "a", "b,c"),
    ],
)
def test_name_and_value(text: str, name: str, value: str) -> None:
    assert (parsed(text).name, parsed(text).value) == (name, value)


@pytest.mark.parametrize("text", ["", "=", ";a=b", "a=\0", "a=b; Path=\x01", "a\nb=c", "a=" + "x" * 4096])
def test_ignored_fields(text: str) -> None:
    assert c.parse_set_cookie(text, NOW) is None


def test_largest_cookie() -> None:
    assert len(parsed("a=" + "x" * 4095).value) == 4095


def test_attributes() -> None:
    cookie = parsed("a=b; domain=.Example.COM; PATH=/x; secure=no; HttpOnly; SameSite=LAX; unknown=1")
    assert (cookie.domain, cookie.path, cookie.secure, cookie.http_only) == ("example.com", "/x", True, True)
    assert cookie.same_site == "Lax"
    assert parsed("a=b; SameSite=Lax; SameSite=odd").same_site == ""
    assert parsed("a=b; Domain=x.com; Domain=").domain == ""
    assert parsed("a=b; Path=/1; Path=/2").path == "/2"
    assert parsed("a=b; Path=/" + "x" * 1024).path is None


@pytest.mark.parametrize(
    ("attributes", "expires"),
    [
        ("", None),
        ("Max-Age=10", NOW + 10),
        ("Max-Age=0", 0.0),
        ("Max-Age=-5", 0.0),
        ("Max-Age=+5", None),
        ("Max-Age=5s", None),
        ("Max-Age=", None),
        ("Max-Age=-", None),
        ("Max-Age=" + "9" * 1000, NOW + c.MAX_AGE_SECONDS),
        ("Max-Age=" + "0" * 20 + "7", NOW + 7),
        ("Expires=Thu, 01 Jan 1970 00:00:10 GMT", 10.0),
        ("Expires=Thu, 01 Jan 2099 00:00:00 GMT", NOW + c.MAX_AGE_SECONDS),
        ("Expires=nonsense", None),
        ("Max-Age=10; Expires=Thu, 01 Jan 1970 00:00:10 GMT", NOW + 10),
        ("Max-Age=10; Max-Age=bad", NOW + 10),
    ],
)
def test_expiry(attributes: str, expires: float | None) -> None:
    assert parsed(f"a=b; {attributes}").expires == expires


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Wed, 09 Jun 2021 10:18:14 GMT", (2021, 6, 9, 10, 18, 14)),
        ("Wednesday, 09-Jun-21 10:18:14 GMT", (2021, 6, 9, 10, 18, 14)),
        ("Wed Jun  9 10:18:14 2021", (2021, 6, 9, 10, 18, 14)),
        ("9 june 1999 1:2:3", (1999, 6, 9, 1, 2, 3)),
        ("10:18:14 09 Jun 70", (1970, 6, 9, 10, 18, 14)),
        ("10:18:14 09 Jun 69", (2069, 6, 9, 10, 18, 14)),
        ("2021 09 Jun 10:18:14", (2021, 6, 9, 10, 18, 14)),
        ("09 Jun 2021", None),
        ("09 Jun 2021 25:00:00", None),
        ("32 Jun 2021 10:00:00", None),
        ("31 Feb 2021 10:00:00", None),
        ("09 Jun 1600 10:00:00", None),
        ("09 Foo 2021 10:00:00", None),
        ("09 Jun 2021 10:60:00", None),
        ("", None),
    ],
)
def test_dates(text: str, moment: tuple[int, int, int, int, int, int] | None) -> None:
    expected = datetime.datetime(*moment, tzinfo=datetime.UTC).timestamp() if moment is not None else None
    assert parse_cookie_date(text) == expected


@pytest.mark.parametrize(
    ("host", "domain", "matches"),
    [
        ("a.com", "a.com", True),
        ("b.a.com", "a.com", True),
        ("ba.com", "a.com", False),
        ("a.com", "b.a.com", False),
        ("1.2.3.4", "3.4", False),
        ("1.2.3.4", "1.2.3.4", True),
        ("a.com", "", False),
    ],
)
def test_domain_match(host: str, domain: str, matches: bool) -> None:
    assert c.domain_match(host, domain) is matches


@pytest.mark.parametrize(
    ("request_path", "cookie_path", "matches"),
    [
        ("/", "/", True),
        ("/a/b", "/a", True),
        ("/a/b", "/a/", True),
        ("/ab", "/a", False),
        ("/a", "/a/", False),
        ("/a", "/b", False),
    ],
)
def test_path_match(request_path: str, cookie_path: str, matches: bool) -> None:
    assert c.path_match(request_path, cookie_path) is matches


@pytest.mark.parametrize(
    ("path", "default"), [("", "/"), ("x", "/"), ("/", "/"), ("/a", "/"), ("/a/", "/a"), ("/a/b", "/a")]
)
def test_default_path(path: str, default: str) -> None:
    assert c.default_path(path) == default


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("__Secure-a", {"secure": False}),
        ("__secure-a", {"secure": False}),
        ("__Host-a", {"host_only": False}),
        ("__Host-a", {"path_attribute": None}),
        ("__Host-a", {"path_attribute": "/x"}),
        ("__Http-a", {"http_only": False}),
        ("__Http-a", {"from_http": False}),
        ("__Host-Http-a", {"http_only": False}),
        ("__Host-Http-a", {"host_only": False}),
    ],
)
def test_prefixes(name: str, broken: dict[str, bool | str | None]) -> None:
    def violation(changes: dict[str, bool | str | None]) -> str | None:
        facts: dict[str, bool | str | None] = {
            "secure": True,
            "host_only": True,
            "path_attribute": "/",
            "http_only": True,
            "from_http": True,
        }
        facts.update(changes)
        path = facts["path_attribute"]
        return c.prefix_violation(
            name,
            "x",
            secure=bool(facts["secure"]),
            host_only=bool(facts["host_only"]),
            path_attribute=path if isinstance(path, str) else None,
            http_only=bool(facts["http_only"]),
            from_http=bool(facts["from_http"]),
        )

    assert violation({}) is None
    assert violation(broken) is not None


@pytest.mark.parametrize("value", ["__Secure-a=1", "__Host-a", "__http-x"])
def test_nameless_cookies_that_look_prefixed(value: str) -> None:
    violation = c.prefix_violation(
        "", value, secure=True, host_only=True, path_attribute="/", http_only=True, from_http=True
    )
    assert violation is not None


def test_wire_form() -> None:
    assert c.from_wire(c.to_wire("naïve ☃")) == "naïve ☃"
    assert c.to_wire("é") == "Ã©"
    assert c.from_wire("\xff") == "�"
