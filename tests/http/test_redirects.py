from __future__ import annotations

import pytest

from sanderling.http.response import Hop
from tests.http.support import World, go, html, redirect, script

A = "https://a.test/"


def test_follows_to_the_end_and_remembers_the_way() -> None:
    world = World()
    world.on(A, redirect("/b#new", 301))
    world.on("https://a.test/b", redirect("https://c.test/", 307))
    world.on("https://c.test/", html(b"end"))
    response = world.fetch(go(A + "#old"))
    assert response.url == "https://c.test/"
    assert response.redirects == (Hop(A, 301), Hop("https://a.test/b", 307))
    assert response.url_list == (A, "https://a.test/b", "https://c.test/")
    assert response.status == 200
    assert world.urls == [A, "https://a.test/b", "https://c.test/"]


@pytest.mark.parametrize(
    ("status", "method", "after"),
    [
        (301, "POST", "GET"),
        (302, "POST", "GET"),
        (303, "POST", "GET"),
        (307, "POST", "POST"),
        (308, "POST", "POST"),
        (301, "PUT", "PUT"),
        (303, "PUT", "GET"),
        (303, "HEAD", "HEAD"),
        (302, "HEAD", "HEAD"),
    ],
)
def test_method_after_redirect(status: int, method: str, after: str) -> None:
    world = World()
    world.on(A, redirect("/b", status))
    world.on("https://a.test/b", html())
    body = None if method == "HEAD" else b"x=1"
    headers = [("Content-Type", "text/x"), ("X-Own", "1")] if body else []
    world.fetch(script(A, method=method, body=body, headers=headers))
    last = world.transport.received[-1]
    assert last.method == after
    if body:
        assert last.body == (body if after == method else b"")
        assert ("content-type" in world.sent()) == (after == method)
        assert world.sent()["x-own"] == "1"


def test_twenty_redirects_and_no_more() -> None:
    world = World()
    for index in range(20):
        world.on(f"https://a.test/{index}", redirect(f"/{index + 1}"))
    world.on("https://a.test/20", html(b"end"))
    assert len(world.fetch(go("https://a.test/0")).redirects) == 20

    world.on("https://a.test/20", redirect("/21"))
    error = world.error(go("https://a.test/0"))
    assert error.code == "net::ERR_TOO_MANY_REDIRECTS"
    assert "https://a.test/21" not in world.urls


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("https://", "net::ERR_INVALID_REDIRECT"),
        ("data:text/html,x", "net::ERR_UNSAFE_REDIRECT"),
        ("file:///etc/passwd", "net::ERR_UNSAFE_REDIRECT"),
        ("mailto:a@b", "net::ERR_UNKNOWN_URL_SCHEME"),
        ("http://b.test:25/", "net::ERR_UNSAFE_PORT"),
    ],
)
def test_redirects_that_lead_nowhere(location: str, code: str) -> None:
    world = World()
    world.on("http://a.test/", redirect(location))
    assert world.error(go("http://a.test/")).code == code
    assert world.urls == ["http://a.test/"]


def test_redirect_without_location_is_an_answer() -> None:
    world = World()
    from sanderling.testing.transport import Answer

    world.on(A, Answer(status=302, body=b"nowhere"))
    assert world.fetch(go(A)).status == 302
    assert world.body(go(A)) == b"nowhere"


def test_authorization_stays_within_the_origin() -> None:
    world = World()
    world.on("https://a.test/1", redirect("/2"))
    world.on("https://a.test/2", redirect("https://a.test:8443/3"))
    world.on("https://a.test:8443/3", html(b"", ("Access-Control-Allow-Origin", "https://a.test")))
    world.fetch(script("https://a.test/1", headers=[("Authorization", "Bearer t"), ("Accept", "x/y")]))
    assert world.sent(0)["authorization"] == "Bearer t"
    assert world.sent(1)["authorization"] == "Bearer t"
    assert "authorization" not in world.sent(2)
    assert world.sent(2)["accept"] == "x/y"


def test_cookies_of_every_hop() -> None:
    world = World()
    world.on(A, redirect("/b", 302, ("Set-Cookie", "one=1")))
    world.on("https://a.test/b", redirect("https://c.test/", 302, ("Set-Cookie", "two=2")))
    world.on("https://c.test/", redirect("https://a.test/end", 302, ("Set-Cookie", "other=3")))
    world.on("https://a.test/end", html())
    world.fetch(go(A))
    assert "cookie" not in world.sent(0)
    assert world.sent(1)["cookie"] == "one=1"
    assert "cookie" not in world.sent(2)
    assert world.sent(3)["cookie"] == "one=1; two=2"
    assert {cookie["domain"] for cookie in world.jar.to_dicts()} == {"a.test", "c.test"}


def test_redirect_modes_of_scripts() -> None:
    world = World()
    world.on(A, redirect("/b", 302, ("Set-Cookie", "one=1")))
    assert "redirect mode" in world.error(script(A, redirect="error")).message
    response = world.fetch(script(A, redirect="manual"))
    assert (response.type, response.status, len(response.headers)) == ("opaqueredirect", 0, 0)
    assert response.full_status == 302
    assert world.body(script(A, redirect="manual")) == b""
    assert set(world.urls) == {A}
    assert world.jar.document_cookie(A) == "one=1"


def test_referrer_policy_of_a_redirect_counts_from_then_on() -> None:
    world = World()
    world.on(A, redirect("https://b.test/", 302, ("Referrer-Policy", "no-referrer")))
    world.on("https://b.test/", html())
    world.fetch(go(A, referrer="https://a.test/from?x#f", initiator_origin="https://a.test"))
    assert world.sent(0)["referer"] == "https://a.test/from?x"
    assert "referer" not in world.sent(1)


def test_referrer_once_cut_stays_cut() -> None:
    world = World()
    world.on("https://b.test/", redirect("https://a.test/end"))
    world.on("https://a.test/end", html())
    world.fetch(go("https://b.test/", referrer="https://a.test/from", initiator_origin="https://a.test"))
    assert world.sent(0)["referer"] == "https://a.test/"
    assert world.sent(1)["referer"] == "https://a.test/"


def test_sec_fetch_site_looks_at_the_whole_chain() -> None:
    world = World()
    world.on("https://b.test/", redirect("https://a.test/end"))
    world.on("https://a.test/end", html())
    world.fetch(go("https://b.test/", initiator_origin="https://a.test"))
    assert world.sent(1)["sec-fetch-site"] == "cross-site"
    world.fetch(go("https://b.test/"))
    assert world.sent(3)["sec-fetch-site"] == "none"


def test_body_of_a_redirect_is_left_behind() -> None:
    from sanderling.testing.transport import Answer

    world = World()
    long = Answer(status=302, headers=(("Location", "/b"),), body=b"x" * 1_000_000)
    world.on(A, long)
    world.on("https://a.test/b", html(b"end"))
    assert world.body(script(A)) == b"end"
    assert world.transport.running == 0
    assert len(world.transport.handle.canceled) == 1


def test_location_in_utf8() -> None:
    world = World()
    world.on(A, redirect("/é".encode().decode("latin-1")))
    world.on("https://a.test/%C3%A9", html(b"end"))
    assert world.body(go(A)) == b"end"
