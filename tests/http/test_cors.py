from __future__ import annotations

import pytest

from sanderling.http.client import ClientOptions
from sanderling.testing.transport import Answer
from tests.http.support import World, html, redirect, resource, script

B = "https://b.test/x"
ALLOW = ("Access-Control-Allow-Origin", "https://a.test")
CREDENTIALS = ("Access-Control-Allow-Credentials", "true")


def test_cross_origin_needs_permission() -> None:
    world = World()
    world.on(B, html(b"x", ("Set-Cookie", "c=1; Secure; SameSite=None")))
    error = world.error(script(B, credentials="include"))
    assert error.code == "net::ERR_FAILED"
    assert "Access-Control-Allow-Origin" in error.message
    assert world.sent()["origin"] == "https://a.test"
    assert world.jar.document_cookie(B) == "c=1"  # stored all the same
    assert world.transport.running == 0


def test_permission() -> None:
    world = World()
    world.on(B, html(b"x", ALLOW, ("X-Secret", "1"), ("X-Shown", "2"), ("Access-Control-Expose-Headers", "x-shown")))
    response = world.fetch(script(B))
    assert response.type == "cors"
    assert response.headers.get("x-shown") == "2"
    assert "x-secret" not in response.headers
    assert "x-secret" in response.full_headers


def test_credentials() -> None:
    world = World()
    world.jar.set_document_cookie(B, "c=1; Secure; SameSite=None")
    world.on(B, html(b"x", ALLOW))
    world.fetch(script(B))
    assert "cookie" not in world.sent()
    assert "Allow-Credentials" in world.error(script(B, credentials="include")).message
    assert world.sent()["cookie"] == "c=1"
    world.on(B, html(b"x", ALLOW, CREDENTIALS))
    assert world.fetch(script(B, credentials="include")).status == 200
    world.on(B, html(b"x", ("Access-Control-Allow-Origin", "*"), CREDENTIALS))
    assert "must not be '*'" in world.error(script(B, credentials="include")).message


def test_omitted_credentials_neither_send_nor_store() -> None:
    world = World()
    world.jar.set_document_cookie("https://a.test/", "c=1")
    world.on("https://a.test/", html(b"", ("Set-Cookie", "d=2")))
    world.fetch(script("https://a.test/", credentials="omit"))
    assert "cookie" not in world.sent()
    assert world.jar.document_cookie("https://a.test/") == "c=1"


def test_same_origin_mode() -> None:
    assert World().error(script(B, mode="same-origin")).code == "net::ERR_FAILED"


def test_opaque_responses_hide_everything_from_scripts() -> None:
    world = World()
    world.on(B, html(b"x"))
    hidden = world.fetch(script(B, mode="no-cors"))
    assert (hidden.type, hidden.status, hidden.url, hidden.url_list) == ("opaque", 0, "", ())
    assert len(hidden.headers) == 0
    assert hidden.full_status == 200
    assert "origin" not in world.sent()
    for_element = world.fetch(resource(B))
    assert (for_element.type, for_element.status, for_element.url) == ("opaque", 200, B)


def test_same_origin_responses_hide_set_cookie() -> None:
    world = World()
    world.on("https://a.test/", html(b"", ("Set-Cookie", "a=1"), ("X-Any", "1")))
    response = world.fetch(script("https://a.test/"))
    assert "set-cookie" not in response.headers
    assert response.headers.get("x-any") == "1"


def test_resource_policy() -> None:
    world = World()
    world.on(B, html(b"x", ("Cross-Origin-Resource-Policy", "same-origin")))
    assert world.error(resource(B)).code == "net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin"
    world.on(B, html(b"x", ("Cross-Origin-Resource-Policy", "same-site")))
    assert world.error(resource(B)).code == "net::ERR_BLOCKED_BY_RESPONSE.NotSameSite"
    sub = "https://sub.a.test/x"
    world.on(sub, html(b"x", ("Cross-Origin-Resource-Policy", "same-site")))
    assert world.fetch(resource(sub)).status == 200


def preflighted(world: World, *, headers: tuple[tuple[str, str], ...] = (), status: int = 204) -> None:
    world.on(B, Answer(status=status, headers=(ALLOW, *headers)), method="OPTIONS")
    world.on(B, html(b"done", ALLOW))


def test_preflight() -> None:
    world = World()
    allow = (("Access-Control-Allow-Methods", "PUT"), ("Access-Control-Allow-Headers", "X-One, x-two"))
    preflighted(world, headers=allow)
    request = script(B, method="PUT", body=b"x", headers=[("X-Two", "2"), ("X-One", "1"), ("Accept", "a/b")])
    assert world.body(request) == b"done"
    assert [sent.method for sent in world.transport.received] == ["OPTIONS", "PUT"]
    asked = world.sent(0)
    assert asked["access-control-request-method"] == "PUT"
    assert asked["access-control-request-headers"] == "x-one,x-two"
    assert asked["accept"] == "*/*"
    assert "cookie" not in asked
    world.fetch(request)
    assert len(world.transport.received) == 3  # remembered for five seconds
    world.clock.now += 6
    world.fetch(request)
    assert len(world.transport.received) == 5


@pytest.mark.parametrize(
    ("headers", "status", "said"),
    [
        ((), 204, "method PUT"),
        ((("Access-Control-Allow-Methods", "PUT"),), 204, "x-one"),
        ((("Access-Control-Allow-Methods", "PUT, b@d"),), 204, "malformed"),
        ((("Access-Control-Allow-Methods", "*"), ("Access-Control-Allow-Headers", "*")), 403, "status 403"),
        ((("Access-Control-Allow-Methods", "*"), ("Access-Control-Allow-Headers", "*")), 302, "status 302"),
    ],
)
def test_preflight_refuses(headers: tuple[tuple[str, str], ...], status: int, said: str) -> None:
    world = World()
    preflighted(world, headers=headers, status=status)
    error = world.error(script(B, method="PUT", headers=[("X-One", "1")]))
    assert said in error.message
    assert [sent.method for sent in world.transport.received] == ["OPTIONS"]


def test_wildcard_does_not_cover_authorization() -> None:
    world = World()
    preflighted(world, headers=(("Access-Control-Allow-Methods", "*"), ("Access-Control-Allow-Headers", "*")))
    assert world.fetch(script(B, method="PUT", headers=[("X-One", "1")])).status == 200
    assert "authorization" in world.error(script(B, headers=[("Authorization", "x")])).message


def test_simple_requests_need_no_preflight() -> None:
    world = World()
    preflighted(world)
    form = [("Content-Type", "application/x-www-form-urlencoded")]
    assert world.body(script(B, method="POST", body=b"a=1", headers=form)) == b"done"
    assert [sent.method for sent in world.transport.received] == ["POST"]


def test_redirect_across_origins_makes_the_origin_null() -> None:
    world = World()
    world.on("https://b.test/1", redirect("https://c.test/2", 302, ALLOW))
    world.on("https://c.test/2", html(b"x", ("Access-Control-Allow-Origin", "null")))
    assert world.body(script("https://b.test/1")) == b"x"
    assert world.sent(0)["origin"] == "https://a.test"
    assert world.sent(1)["origin"] == "null"


def test_redirect_from_home_keeps_the_origin() -> None:
    world = World()
    world.on("https://a.test/1", redirect("https://b.test/2"))
    world.on("https://b.test/2", html(b"x", ALLOW))
    assert world.body(script("https://a.test/1")) == b"x"
    assert world.sent(1)["origin"] == "https://a.test"


def test_a_redirect_is_checked_too() -> None:
    world = World()
    world.on("https://b.test/1", redirect("https://a.test/2"))
    assert "CORS" in world.error(script("https://b.test/1")).message
    assert world.urls == ["https://b.test/1"]


def test_redirect_to_a_url_with_credentials() -> None:
    world = World()
    world.on("https://a.test/1", redirect("https://u:p@b.test/2"))
    assert "credentials" in world.error(script("https://a.test/1")).message


def test_response_back_home_after_a_detour_is_still_cors() -> None:
    world = World()
    world.on("https://b.test/1", redirect("https://a.test/2", 302, ALLOW))
    world.on("https://a.test/2", html(b"x"))
    assert "CORS" in world.error(script("https://b.test/1")).message


def test_cors_switched_off() -> None:
    world = World(ClientOptions(cors=False))
    world.jar.set_document_cookie(B, "c=1; Secure; SameSite=None")
    world.on(B, html(b"x", ("X-Secret", "1")))
    response = world.fetch(script(B, method="PUT", headers=(("X-A", "1"),)))
    assert (response.type, response.headers.get("x-secret")) == ("basic", "1")
    assert [request.method for request in world.transport.received] == ["PUT"]
    assert "cookie" not in world.sent()  # the page did not ask for that
    assert world.fetch(script(B, mode="same-origin")).status == 200
    world.fetch(script(B, credentials="include"))
    assert world.sent()["cookie"] == "c=1"
    # What page code itself asked not to see stays hidden; but the server's wish is not heard.
    world.on(B, html(b"x", ("Cross-Origin-Resource-Policy", "same-origin")))
    assert world.fetch(script(B, mode="no-cors")).type == "opaque"


def test_opaque_responses_that_nobody_can_embed_are_blocked() -> None:
    world = World()
    page = Answer(headers=(("Content-Type", "text/html"),), body=b"<!DOCTYPE html>" + bytes(300_000), chunk_bytes=1000)
    world.on(B, page)
    for request in (resource(B, destination="script"), resource(B, destination="image")):
        assert world.error(request).code == "net::ERR_BLOCKED_BY_ORB"
    assert world.transport.running == 0  # the rest of the body is not waited for
    assert (
        world.fetch(script(B, mode="no-cors")).type == "opaque"
    )  # as in Chromium: code gets to see nothing of it anyhow
    # Who asks in the open is answered by CORS, and what looks like a script is one.
    assert "Access-Control-Allow-Origin" in world.error(script(B)).message
    world.on(B, html(b"callback(1)"))
    assert world.body(resource(B, destination="script")) == b"callback(1)"
    assert world.body(script(B, mode="no-cors")) == b"callback(1)"
    trusting = World(ClientOptions(cors=False))
    trusting.on(B, page)
    assert trusting.fetch(resource(B, destination="script")).full_status == 200
