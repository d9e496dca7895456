from __future__ import annotations

from typing import Any

import msgspec
import pytest

from sanderling.base.errors import UsageError
from sanderling.http.jar import CookieJar
from sanderling.proto.cookie_scope import same_site_context
from sanderling.proto.headers import Headers
from sanderling.proto.url import Origin, Url, parse, parse_origin
from tests.http.support import FakeClock, World, go, html, resource, script

A = "https://a.test/"


class UserCookie(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    value: str
    url: str = ""
    domain: str = ""
    path: str = ""
    expires: float = -1
    httpOnly: bool = False  # noqa: N815 - CDP's name
    secure: bool = False
    sameSite: str = ""  # noqa: N815 - CDP's name
    partitionKey: str = ""  # noqa: N815 - Playwright's name
    hasCrossSiteAncestor: bool = False  # noqa: N815 - CDP's name


def url(text: str) -> Url:
    parsed = parse(text)
    assert parsed is not None
    return parsed


def jar_with(*values: str, at: str = A) -> CookieJar:
    jar = CookieJar(FakeClock())
    jar.take(url(at), Headers(("Set-Cookie", value) for value in values), same_site="strict", top_level=True)
    return jar


def test_stored_and_sent_in_order() -> None:
    jar = jar_with("a=1", "b=2; Path=/deep", "c=3; Max-Age=0", "bad\0=4", "=")
    assert jar.header_for(url(A), "strict") == "a=1"
    assert jar.header_for(url("https://a.test/deep/x"), "strict") == "b=2; a=1"
    assert len(jar) == 2


def test_document_cookie() -> None:
    jar = jar_with("a=1", "h=2; HttpOnly", "s=3; Secure", "ü=é".encode().decode("latin-1"))
    assert jar.document_cookie(A) == "a=1; s=3; ü=é"
    assert jar.document_cookie("http://a.test/") == "a=1; ü=é"
    assert jar.document_cookie("about:blank") == ""
    assert jar.document_cookie("no url") == ""
    jar.set_document_cookie(A, "naïve=☃; Path=/")
    jar.set_document_cookie(A, "h=9")
    jar.set_document_cookie(A, "x=1; HttpOnly")
    jar.set_document_cookie("data:,x", "d=1")
    jar.set_document_cookie(A, "a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT")
    assert jar.document_cookie(A) == "s=3; ü=é; naïve=☃"
    assert "h=2" in jar.header_for(url(A), "strict")


def test_to_dicts_and_back() -> None:
    jar = jar_with("a=1; Domain=a.test; Secure; HttpOnly; SameSite=None; Max-Age=60; Path=/x", "ü=2")
    listed = jar.to_dicts()
    assert listed[0] == {
        "name": "a",
        "value": "1",
        "domain": ".a.test",
        "path": "/x",
        "expires": 1_700_000_060.0,
        "httpOnly": True,
        "secure": True,
        "sameSite": "None",
    }
    assert listed[1]["domain"] == "a.test"
    assert listed[1]["expires"] == -1
    other = CookieJar(FakeClock())
    for cookie in listed:
        other.set_cookie(msgspec.convert(cookie, UserCookie))
    assert other.to_dicts() == listed


def test_user_cookies() -> None:
    jar = CookieJar(FakeClock())
    jar.set_cookie(UserCookie(name="a", value="1", url="https://a.test/dir/page"))
    jar.set_cookie(UserCookie(name="b", value="2", domain=".A.test"))
    jar.set_cookie(UserCookie(name="c", value="3", domain="bücher.test"))
    first, second, third = jar.to_dicts()
    assert (first["domain"], first["path"], first["secure"]) == ("a.test", "/dir", True)
    assert (second["domain"], second["path"]) == (".a.test", "/")
    assert third["domain"] == "xn--bcher-kva.test"
    assert jar.header_for(url("https://www.a.test/"), "strict") == "b=2"
    jar.set_cookie(UserCookie(name="b", value="", domain=".a.test", expires=0))
    assert [cookie["name"] for cookie in jar.to_dicts()] == ["a", "c"]
    assert jar.delete("a", domain="other.test") == 0
    assert jar.delete("a", domain="a.test", path="/dir") == 1
    jar.clear()
    assert jar.to_dicts() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"name": "", "value": ""},
        {"url": "ftp://a.test/"},
        {"domain": "a b"},
        {"domain": ".com"},
        {"domain": "a.test:80"},
        {"domain": "a.test", "path": "x"},
        {"domain": "a.test", "sameSite": "Maybe"},
        {"domain": "a.test", "sameSite": "None"},
        {"domain": "a.test", "name": "a=b"},
        {"domain": "a.test", "name": " a"},
        {"domain": "a.test", "value": "a;b"},
        {"domain": "a.test", "value": "a\r\nb"},
        {"domain": "a.test", "value": "x" * 5000},
        {"domain": "a.test", "name": "__Secure-a"},
        {"domain": ".a.test", "name": "__Host-a", "secure": True},
    ],
)
def test_impossible_user_cookies(wrong: dict[str, Any]) -> None:
    jar = CookieJar(FakeClock())
    with pytest.raises(UsageError):
        jar.set_cookie(UserCookie(**{"name": "n", "value": "v", **wrong}))
    assert len(jar) == 0


def test_expiry_by_the_clock() -> None:
    clock = FakeClock()
    jar = CookieJar(clock)
    jar.take(url(A), Headers([("Set-Cookie", "a=1; Max-Age=10")]), same_site="strict", top_level=True)
    clock.now += 9
    assert jar.document_cookie(A) == "a=1"
    clock.now += 1
    assert jar.document_cookie(A) == ""
    assert jar.to_dicts() == []


@pytest.mark.parametrize(
    ("initiator", "method", "top_level", "top", "expected"),
    [
        (None, "GET", True, None, "strict"),
        ("https://www.a.test", "POST", True, None, "strict"),
        ("https://b.test", "GET", True, None, "lax"),
        ("https://b.test", "POST", True, None, "lax-unsafe"),
        ("null", "GET", True, None, "lax"),
        ("http://a.test", "GET", True, None, "lax"),  # another scheme is another site
        ("https://a.test", "GET", False, "https://a.test/", "strict"),
        ("https://b.test", "GET", False, "https://b.test/", "cross-site"),
        ("https://a.test", "GET", False, "https://b.test/", "cross-site"),
        ("https://b.test", "GET", False, "https://a.test/", "cross-site"),
    ],
)
def test_same_site_context(initiator: str | None, method: str, top_level: bool, top: str | None, expected: str) -> None:
    asker: Origin | None = parse_origin(initiator) if initiator else None
    found = same_site_context(
        target=url(A),
        method=method,
        mode="navigate" if top_level else "cors",
        top_level=top_level,
        initiator=asker,
        site_for_cookies=url(top) if top else None,
    )
    assert found == expected


def test_same_site_in_requests() -> None:
    world = World()
    world.on(A, html(b"", ("Content-Type", "text/javascript"), ("Access-Control-Allow-Origin", "https://b.test")))
    values = ("strict=1; SameSite=Strict", "lax=1; SameSite=Lax", "none=1; SameSite=None; Secure", "plain=1")
    for value in values:
        world.jar.set_document_cookie(A, value)
    world.fetch(go(A))
    assert world.sent()["cookie"] == "strict=1; lax=1; none=1; plain=1"
    world.fetch(go(A, initiator_origin="https://b.test"))
    assert world.sent()["cookie"] == "lax=1; none=1; plain=1"
    world.fetch(go(A, method="POST", initiator_origin="https://b.test"))
    assert world.sent()["cookie"] == "none=1; plain=1"
    world.clock.now += 121
    world.fetch(go(A, method="POST", initiator_origin="https://b.test"))
    assert world.sent()["cookie"] == "none=1"
    world.fetch(resource(A, client="https://b.test/"))
    assert world.sent()["cookie"] == "none=1"
    world.fetch(script(A, client="https://a.test/x"))
    assert world.sent()["cookie"] == "strict=1; lax=1; none=1; plain=1"
    nested = go(A, destination="iframe", client_url="https://b.test/", initiator_origin="https://b.test")
    world.fetch(nested)
    assert world.sent()["cookie"] == "none=1"
    assert world.sent()["sec-fetch-dest"] == "iframe"


def test_cross_site_subresources_cannot_set_lax_cookies() -> None:
    world = World()
    world.on("https://b.test/s.js", html(b"", ("Set-Cookie", "a=1"), ("Set-Cookie", "n=1; SameSite=None; Secure")))
    world.fetch(resource("https://b.test/s.js"))
    assert world.jar.document_cookie("https://b.test/") == "n=1"
