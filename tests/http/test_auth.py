from __future__ import annotations

import pytest

from sanderling.base.errors import NetworkError
from sanderling.http import auth, logins
from sanderling.http.client import ClientOptions
from sanderling.http.intercept import AuthDecision
from sanderling.http.logins import Credentials, Login, LoginCache, basic_value, from_userinfo
from sanderling.http.transfer import ProxyAuthError
from sanderling.proto.challenge import Challenge
from sanderling.proto.headers import Headers
from sanderling.proto.url import Url, parse
from sanderling.testing.transport import Answer, Received
from tests.http.support import World, go, html, redirect, script
from tests.http.test_intercept import Scripted, Watch, fetch

BASIC = Answer(status=401, headers=(("WWW-Authenticate", 'Basic realm="here"'),), body=b"no")


def digest(nonce: str = "n1", *more: tuple[str, str], status: int = 401, stale: str = "") -> Answer:
    value = f'Digest realm="here", nonce="{nonce}", qop="auth", algorithm=SHA-256{stale}'
    name = "WWW-Authenticate" if status == 401 else "Proxy-Authenticate"
    return Answer(status=status, headers=((name, value), *more), body=b"no")


def url(text: str) -> Url:
    found = parse(text)
    assert found is not None
    return found


def login(name: str) -> Login:
    return Login(Credentials(username=name, password=""), "basic", "here")


def asked(*decisions: AuthDecision) -> tuple[Scripted, Watch]:
    scripted = Scripted(auth=list(decisions))
    return scripted, Watch(scripted)


def authorizations(world: World) -> list[str]:
    return [(request.headers.get("authorization") or "").partition(" ")[0] for request in world.transport.received]


def test_userinfo() -> None:
    assert from_userinfo(url("https://a.test/")) is None
    assert from_userinfo(url("https://user@a.test/")) == Credentials(username="user", password="")
    own = from_userinfo(url("https://us%C3%A9r:p%3Aw@a.test/"))
    assert own == Credentials(username="usér", password="p:w")
    assert basic_value("usér", "p:w") == "Basic dXPDqXI6cDp3"  # UTF-8


def test_protection_spaces() -> None:
    cache = LoginCache()
    cache.store(url("https://a.test/dir/page"), one := login("one"))
    assert cache.find(url("https://a.test/dir/other")) is one
    assert cache.find(url("https://a.test/dir/deep/er/")) is one
    assert cache.find(url("https://a.test/dir")) is None
    assert cache.find(url("https://a.test/")) is None
    assert cache.find(url("https://a.test:8443/dir/x")) is None
    cache.store(url("https://a.test/"), root := login("root"))
    assert cache.find(url("https://a.test/x/y")) is root
    assert cache.find(url("https://a.test/dir/x")) is one


def test_the_cache_is_bounded() -> None:
    cache = LoginCache()
    for number in range(logins.MAX_SPACES + 1):
        cache.store(url(f"https://h{number}.test/"), login("x"))
    assert cache.find(url("https://h0.test/")) is None
    assert cache.find(url("https://h1.test/")) is not None


def test_digest_with_the_credentials_of_the_url() -> None:
    world = World()
    world.on("https://a.test/dir/x?q", digest(), html(b"in"))
    world.on("https://a.test/dir/y", html(b"too"), method="GET")
    assert world.body(go("https://u:p@a.test/dir/x?q")) == b"in"
    value = world.sent()["authorization"]
    assert 'username="u", realm="here", nonce="n1", uri="/dir/x?q"' in value
    assert "algorithm=SHA-256" in value
    assert "nc=00000001" in value
    assert world.body(go("https://a.test/dir/y")) == b"too"  # at once, and the nonce is used again
    assert authorizations(world) == ["", "Digest", "Digest"]
    assert "nc=00000002" in world.sent()["authorization"]


def test_a_stale_nonce_is_no_refusal() -> None:
    world = World()
    world.on("https://a.test/", digest(), digest("n2", stale=", stale=TRUE"), html(b"in"))
    scripted, watch = asked(Credentials(username="u", password="p"))
    assert fetch(world, go("https://a.test/"), watch)[1] == b"in"
    assert len(scripted.challenges) == 1
    assert 'nonce="n2"' in world.sent()["authorization"]


def test_the_next_nonce() -> None:
    world = World()
    world.on("https://a.test/", digest(), html(b"in", ("Authentication-Info", 'nextnonce="n7", qop=auth')), html())
    world.body(go("https://u:p@a.test/"))
    world.body(go("https://a.test/"))
    value = world.sent()["authorization"]
    assert 'nonce="n7"' in value
    assert "nc=00000001" in value


def test_the_strongest_scheme_is_answered() -> None:
    world = World()
    offers = (
        ("WWW-Authenticate", 'Basic realm="b", Digest realm="m", nonce="1", qop="auth"'),
        ("WWW-Authenticate", 'Digest realm="s", nonce="2", qop="auth-int, auth", algorithm=SHA-256'),
    )
    world.on("https://a.test/", Answer(status=401, headers=offers), html(b"in"))
    scripted, watch = asked(Credentials(username="u", password="p"))
    assert fetch(world, go("https://a.test/"), watch)[0] == 200
    (challenge,) = scripted.challenges
    assert (challenge.source, challenge.origin, challenge.scheme, challenge.realm) == (
        "Server",
        "https://a.test",
        "digest",
        "s",
    )


def test_a_wrong_password_in_the_url_is_tried_once_and_then_asked_about() -> None:
    world = World()
    world.on("https://a.test/", BASIC, BASIC, html(b"in"))
    scripted, watch = asked(Credentials(username="u", password="right"))
    assert fetch(world, go("https://u:wrong@a.test/"), watch)[1] == b"in"
    assert len(scripted.challenges) == 1
    assert world.sent()["authorization"] == basic_value("u", "right")


def test_who_names_other_credentials_means_them() -> None:
    world = World()
    world.on("https://a.test/", BASIC, html(), BASIC, html(b"other"), html(b"again"))
    world.body(go("https://u:p@a.test/"))
    assert world.body(go("https://v:q@a.test/")) == b"other"
    assert world.sent()["authorization"] == basic_value("v", "q")
    assert world.body(go("https://v:q@a.test/")) == b"again"
    assert authorizations(world) == ["", "Basic", "", "Basic", "Basic"]


def test_credentials_of_a_realm_serve_elsewhere_on_its_origin() -> None:
    world = World()
    world.on("https://a.test/one/", BASIC, html())
    world.on("https://a.test/two/", BASIC, html(b"two"))
    world.on("https://b.test/two/", BASIC)
    world.body(go("https://u:p@a.test/one/"))
    assert world.body(go("https://a.test/two/")) == b"two"
    assert world.fetch(go("https://b.test/two/")).status == 401
    assert authorizations(world) == ["", "Basic", "", "Basic", ""]


def test_credentials_do_not_follow_a_redirect_to_another_origin() -> None:
    world = World()
    world.on("https://a.test/", BASIC, redirect("https://b.test/"))
    world.on("https://b.test/", BASIC)
    assert world.fetch(go("https://u:p@a.test/")).status == 401
    assert authorizations(world) == ["", "Basic", ""]


def test_a_header_of_page_code_stays_as_it_is() -> None:
    world = World()
    world.on("https://a.test/", BASIC, html())
    world.body(go("https://u:p@a.test/"))
    world.on("https://a.test/x", BASIC)
    response = world.fetch(
        script("https://a.test/x", client="https://a.test/", headers=[("Authorization", "Bearer t")])
    )
    assert response.status == 401
    assert world.sent()["authorization"] == "Bearer t"


def test_requests_without_credentials_get_none() -> None:
    world = World()
    allow = ("Access-Control-Allow-Origin", "*")
    world.on("https://a.test/", BASIC, html())
    world.body(go("https://u:p@a.test/"))
    world.on("https://a.test/x", Answer(status=401, headers=(*BASIC.headers, allow)))
    scripted, watch = asked(Credentials(username="u", password="p"))
    request = script("https://a.test/x", client="https://a.test/", credentials="omit")
    assert fetch(world, request, watch)[0] == 401
    assert authorizations(world)[-1] == ""
    assert scripted.challenges == []


def test_cookies_of_the_refusal_go_along() -> None:
    world = World()
    refusal = Answer(status=401, headers=(*BASIC.headers, ("Set-Cookie", "seen=1")))
    world.on("https://a.test/", refusal, html(b"in"))
    world.body(go("https://u:p@a.test/"))
    assert world.sent()["cookie"] == "seen=1"


def test_whoever_never_stops_refusing() -> None:
    world = World()
    world.on("https://a.test/", BASIC)
    _, watch = asked(*[Credentials(username="u", password="wrong")] * (auth.MAX_CHALLENGES + 1))
    # The last refusal is the answer, and is read whole.
    assert fetch(world, go("https://a.test/"), watch)[:2] == (401, b"no")
    assert len(world.urls) == auth.MAX_CHALLENGES


# -- proxies -----------------------------------------------------------------------------------------------------------


def proxied(user: str = "") -> World:
    return World(ClientOptions(proxy=f"http://{user}proxy.test:3128"))


def test_a_proxy_is_asked_about_once() -> None:
    world = proxied()
    refusal = Answer(status=407, headers=(("Proxy-Authenticate", 'Basic realm="p"'),))
    world.on("http://a.test/", refusal, html(b"in"))
    world.on("http://b.test/", html(b"too"))
    scripted, watch = asked(Credentials(username="u", password="p:w"))
    assert fetch(world, go("http://a.test/"), watch)[1] == b"in"
    assert scripted.challenges == [Challenge("Proxy", "http://proxy.test:3128", "basic", "p", {"realm": "p"})]
    assert fetch(world, go("http://b.test/"), Watch())[1] == b"too"
    sent = [request.options.proxy_auth for request in world.transport.received]
    assert sent == ["", "u:p:w", "u:p:w"]
    assert authorizations(world) == ["", "", ""]


def test_the_users_own_credentials_serve_a_proxy_that_wants_digest() -> None:
    world = proxied("u:p@")
    world.on("http://a.test/x", digest(status=407), html(b"in"))
    assert world.body(go("http://a.test/x")) == b"in"
    first, second = world.transport.received
    assert first.options.proxy_auth == "u:p"
    assert second.options.proxy_auth == ""
    assert 'uri="http://a.test/x"' in (second.headers.get("proxy-authorization") or "")


def test_a_tunnels_proxy_is_answered_by_digest_below() -> None:
    world = proxied("u:p@")
    asks = 'Digest realm="t", nonce="1", qop="auth"'
    sent: list[Received] = []

    def tunnel(request: Received) -> Answer:
        sent.append(request)
        if request.options.proxy_auth_digest:
            return html(b"in")
        return Answer(fail="net::ERR_PROXY_AUTH_REQUESTED", proxy_challenges=(asks,))

    world.transport.respond("https://a.test/", tunnel)
    assert world.body(go("https://a.test/")) == b"in"
    assert [request.options.proxy_auth for request in sent] == ["u:p", "u:p"]
    assert Headers(sent[1].headers.items()).get("proxy-authorization") is None


def test_a_tunnel_that_nobody_can_open() -> None:
    world = proxied()
    world.on("https://a.test/", Answer(fail="net::ERR_PROXY_AUTH_REQUESTED", proxy_challenges=("Negotiate",)))
    scripted, watch = asked()
    with pytest.raises(NetworkError) as caught:
        fetch(world, go("https://a.test/"), watch)
    assert caught.value.code == "net::ERR_TUNNEL_CONNECTION_FAILED"
    assert not isinstance(caught.value, ProxyAuthError)
    assert scripted.challenges == []


def test_a_proxy_that_refuses_for_ever_is_given_up() -> None:
    world = proxied()
    world.on("https://a.test/", Answer(fail="net::ERR_PROXY_AUTH_REQUESTED", proxy_challenges=('Basic realm="p"',)))
    _, watch = asked(*[Credentials(username="u", password="wrong")] * auth.MAX_CHALLENGES)
    with pytest.raises(NetworkError) as caught:
        fetch(world, go("https://a.test/"), watch)
    assert caught.value.code == "net::ERR_TUNNEL_CONNECTION_FAILED"
