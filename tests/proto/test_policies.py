"""The small decision tables: integrity, mixed content, redirects, referrers, robots."""

from __future__ import annotations

import base64
import hashlib

import pytest

from sanderling.proto import integrity, mixed_content, redirects, referrer, robots
from sanderling.proto.headers import Headers
from sanderling.proto.redirects import RedirectFault
from sanderling.proto.referrer import ReferrerPolicy
from sanderling.proto.url import Url, parse

BODY = b"alert(1)"


def url(text: str) -> Url:
    found = parse(text)
    assert found is not None
    return found


def digest(algorithm: str, body: bytes = BODY) -> str:
    return f"{algorithm}-{base64.b64encode(hashlib.new(algorithm, body).digest()).decode()}"


@pytest.mark.parametrize(
    ("metadata", "matches"),
    [
        ("", True),
        (digest("sha256"), True),
        (digest("sha384"), True),
        (digest("sha512") + "?ct=x", True),
        (digest("sha256").replace("sha", "SHA"), True),
        (digest("sha256", b"other"), False),
        (f"{digest('sha256')} {digest('sha512', b'other')}", False),  # the strongest counts
        (f"{digest('sha256', b'other')} {digest('sha512')}", True),
        (f"{digest('sha256', b'other')} {digest('sha256')}", True),
        ("md5-abc", True),
        ("nonsense", True),
        ("sha256-!!!", False),
        (digest("sha512").replace("+", "-").replace("/", "_").rstrip("="), True),
    ],
)
def test_integrity(metadata: str, matches: bool) -> None:
    assert integrity.matches(BODY, metadata) is matches


@pytest.mark.parametrize(
    ("client", "target", "destination", "top", "decision"),
    [
        ("https://a.test/", "http://b.test/", "script", False, "block"),
        ("https://a.test/", "http://b.test/", "", False, "block"),
        ("https://a.test/", "http://b.test/", "iframe", False, "block"),
        ("https://a.test/", "http://b.test/", "image", False, "upgrade"),
        ("https://a.test/", "http://b.test/", "video", False, "upgrade"),
        ("https://a.test/", "http://1.2.3.4/", "image", False, "block"),
        ("https://a.test/", "http://[::2]/", "image", False, "block"),
        ("https://a.test/", "http://127.0.0.1/", "script", False, "allow"),
        ("https://a.test/", "https://b.test/", "script", False, "allow"),
        ("https://a.test/", "ws://b.test/", "", False, "block"),
        ("https://a.test/", "data:,x", "script", False, "allow"),
        ("https://a.test/", "http://b.test/", "document", True, "allow"),
        ("http://a.test/", "http://b.test/", "script", False, "allow"),
        (None, "http://b.test/", "document", False, "allow"),
    ],
)
def test_mixed_content(client: str | None, target: str, destination: str, top: bool, decision: str) -> None:
    asker = url(client) if client is not None else None
    assert mixed_content.decide(asker, url(target), destination, top_level_navigation=top) == decision


def test_what_is_in_a_secure_page_asks_for_nothing_insecure() -> None:
    asker, page, target = url("data:text/html,x"), url("https://a.test/"), url("http://b.test/")
    assert mixed_content.decide(asker, target, "") == "allow"
    assert mixed_content.decide(asker, target, "", embedder=page) == "block"
    assert mixed_content.decide(asker, target, "", embedded_securely=True) == "block"
    assert mixed_content.decide(asker, target, "image", embedder=page) == "upgrade"
    assert mixed_content.decide(asker, target, "document", embedder=page, top_level_navigation=True) == "allow"


@pytest.mark.parametrize(
    ("status", "locations", "expected"),
    [
        (200, ["/x"], None),
        (304, ["/x"], None),
        (302, [], None),
        (302, ["/x"], "https://a.test/x#old"),
        (302, ["/x#new"], "https://a.test/x#new"),
        (302, ["/x#"], "https://a.test/x#"),
        (302, ["/x", "/x"], "https://a.test/x#old"),
        (302, ["/x", "/y"], RedirectFault.INVALID_LOCATION),
        (302, ["https://"], RedirectFault.INVALID_LOCATION),
        (302, ["  //b.test"], "https://b.test/#old"),
        (302, [""], "https://a.test/dir/page#old"),
        (308, ["/é".encode().decode("latin-1")], "https://a.test/%C3%A9#old"),
    ],
)
def test_location(status: int, locations: list[str], expected: str | RedirectFault | None) -> None:
    headers = Headers(("Location", value) for value in locations)
    found = redirects.location_url(status, headers, url("https://a.test/dir/page#old"))
    assert (found.href if isinstance(found, Url) else found) == expected


def following(location: str, *, status: int = 302, method: str = "GET", count: int = 0, cors: bool = False,
              tainted: bool = False, streamed: bool = False) -> redirects.NextRequest | RedirectFault:  # fmt: skip
    return redirects.next_request(
        status=status,
        method=method,
        current=url("https://a.test/"),
        location=url(location),
        count=count,
        origin=url("https://a.test/").origin,
        cors_mode=cors,
        cors_tainted=tainted,
        streamed_body=streamed,
    )


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        (following("data:,x"), RedirectFault.UNSAFE_SCHEME),
        (following("https://a.test/", count=20), RedirectFault.TOO_MANY),
        (following("https://u@b.test/", cors=True), RedirectFault.CORS_CREDENTIALS),
        (following("https://u@a.test/", tainted=True), RedirectFault.CORS_CREDENTIALS),
        (following("https://a.test/", status=307, method="POST", streamed=True), RedirectFault.STREAMED_BODY),
    ],
)
def test_redirect_faults(found: redirects.NextRequest | RedirectFault, fault: RedirectFault) -> None:
    assert found is fault


def test_redirects_that_go_on() -> None:
    assert isinstance(following("https://a.test/", count=19), redirects.NextRequest)
    assert isinstance(following("https://u@a.test/", cors=True), redirects.NextRequest)
    assert isinstance(following("https://u@b.test/"), redirects.NextRequest)
    after = following("https://b.test/", status=303, method="POST", streamed=True)
    assert isinstance(after, redirects.NextRequest)
    assert (after.method, after.drop_body, after.drop_authorization) == ("GET", True, True)
    same = following("https://a.test/2")
    assert isinstance(same, redirects.NextRequest)
    assert not same.drop_authorization


FULL, ORIGIN = "https://a.test/p?q", "https://a.test/"


@pytest.mark.parametrize(
    ("policy", "same", "cross", "down"),
    [
        ("no-referrer", None, None, None),
        ("no-referrer-when-downgrade", FULL, FULL, None),
        ("same-origin", FULL, None, None),
        ("origin", ORIGIN, ORIGIN, ORIGIN),
        ("strict-origin", ORIGIN, ORIGIN, None),
        ("origin-when-cross-origin", FULL, ORIGIN, ORIGIN),
        ("strict-origin-when-cross-origin", FULL, ORIGIN, None),
        ("", FULL, ORIGIN, None),
        ("unsafe-url", FULL, FULL, FULL),
    ],
)
def test_referrer(policy: ReferrerPolicy, same: str | None, cross: str | None, down: str | None) -> None:
    source = url("https://user:pass@a.test/p?q#f")
    targets = ("https://a.test/x", "https://b.test/", "http://b.test/")
    assert tuple(referrer.determine(source, url(target), policy) for target in targets) == (same, cross, down)


def test_referrers_that_are_never_told() -> None:
    for source in ("about:blank", "data:,x", "blob:https://a.test/1"):
        assert referrer.determine(url(source), url("https://b.test/"), "unsafe-url") is None
    assert referrer.determine(None, url("https://b.test/"), "unsafe-url") is None
    long = url("https://a.test/" + "x" * 5000)
    assert referrer.determine(long, url("https://a.test/"), "unsafe-url") == "https://a.test/"


@pytest.mark.parametrize(
    ("values", "policy"),
    [
        ([], ""),
        (["origin"], "origin"),
        (["ORIGIN, nonsense"], "origin"),
        (["no-referrer", "unsafe-url"], "unsafe-url"),
        (["nonsense"], ""),
    ],
)
def test_policy_from_headers(values: list[str], policy: str) -> None:
    assert referrer.policy_from_headers(Headers(("Referrer-Policy", value) for value in values)) == policy


@pytest.mark.parametrize(
    ("user_agent", "token"),
    [
        ("Mozilla/5.0 (compatible; Sanderling/1.0; +https://x)", "Sanderling"),
        ("curl/8.0", "curl"),
        ("Mozilla/5.0 (X11; Linux) Gecko", "Mozilla"),
        ("", "*"),
    ],
)
def test_product_token(user_agent: str, token: str) -> None:
    assert robots.product_token(user_agent) == token


def test_robots_rules() -> None:
    text = "User-agent: bot\nDisallow: /a\nAllow: /a/b\nDisallow: /*.pdf$\n\nUser-agent: *\nDisallow: /\n"
    rules = robots.RobotsRules.from_response(200, text)
    allowed = {
        path: rules.decide(f"https://x.test{path}", "Bot") is None
        for path in ("/", "/a", "/a/b", "/a/c", "/f.pdf", "/f.pdf?x")
    }
    assert allowed == {"/": True, "/a": False, "/a/b": True, "/a/c": False, "/f.pdf": False, "/f.pdf?x": True}
    refusal = rules.decide("https://x.test/", "Other")
    assert refusal is not None
    assert "'Disallow: /' for user agent * (this is Other)" in refusal.rule
    named = rules.decide("https://x.test/a/c.pdf", "Bot")
    assert named is not None
    assert "'Disallow: /*.pdf$' for user agent bot" in named.rule
    assert robots.RobotsRules.from_response(200, "User-agent: *\nCrawl-delay: 2.5").crawl_delay_s("Bot") == 2.5
    assert robots.RobotsRules.from_response(200, "User-agent: *\nCrawl-delay: 9999").crawl_delay_s("Bot") == 60


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (200, True), (500, False), (503, False)])
def test_robots_statuses(status: int, allowed: bool) -> None:
    rules = robots.RobotsRules.from_response(status, "")
    assert (rules.decide("https://x.test/", "bot") is None) is allowed


def test_unreachable_robots() -> None:
    refusal = robots.RobotsRules.unreachable("net::ERR_TIMED_OUT").decide("https://x.test/", "bot")
    assert refusal is not None
    assert "net::ERR_TIMED_OUT" in refusal.rule
    assert robots.RobotsRules.allow_all().decide("https://x.test/", "bot") is None
