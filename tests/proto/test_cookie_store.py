from __future__ import annotations

import pytest

from sanderling.proto import cookie_store
from sanderling.proto.cookie_scope import PartitionKey, SameSiteContext
from sanderling.proto.cookie_store import ChangeCause, CookieStore, cookie_string
from sanderling.proto.cookies import Cookie, parse_set_cookie
from sanderling.proto.url import Url, parse

NOW = 1_700_000_000.0


def url(text: str) -> Url:
    found = parse(text)
    assert found is not None
    return found


def put(
    store: CookieStore,
    text: str,
    at: str = "https://www.example.com/dir/page",
    now: float = NOW,
    *,
    from_http: bool = True,
    same_site: bool = True,
    top: bool = False,
) -> str | None:
    cookie = parse_set_cookie(text, now)
    assert cookie is not None
    return store.store(cookie, url(at), now, from_http=from_http, same_site=same_site, top_level_navigation=top)


def get(
    store: CookieStore,
    at: str = "https://www.example.com/dir/page",
    now: float = NOW,
    *,
    same_site: SameSiteContext = "strict",
    from_http: bool = True,
) -> str:
    return cookie_string(store.retrieve(url(at), now, same_site=same_site, from_http=from_http))


@pytest.mark.parametrize(
    ("text", "at", "why"),
    [
        ("a=1; Domain=other.com", "https://www.example.com/", "does not match"),
        ("a=1; Domain=sub.www.example.com", "https://www.example.com/", "does not match"),
        ("a=1; Domain=com", "https://www.example.com/", "public suffix"),
        ("a=1; Domain=github.io", "https://me.github.io/", "public suffix"),
        ("a=1; Domain=bücher.de", "https://xn--bcher-kva.de/", "ASCII"),
        ("a=1; Domain=1.1", "http://127.0.1.1/", "does not match"),
        ("a=1; Secure", "http://www.example.com/", "Secure"),
        ("a=1; SameSite=None", "https://www.example.com/", "needs Secure"),
        ("__Host-a=1; Secure", "https://www.example.com/", "Path=/"),
        ("__Secure-a=1", "https://www.example.com/", "Secure"),
        ("a=1", "about:blank", "no host"),
    ],
)
def test_refused(text: str, at: str, why: str) -> None:
    store = CookieStore()
    refused = put(store, text, at)
    assert refused is not None
    assert why in refused
    assert len(store) == 0


def test_host_only_and_domain_cookies() -> None:
    store = CookieStore()
    put(store, "host=1")
    put(store, "domain=2; Domain=example.com; Path=/")
    assert get(store) == "host=1; domain=2"
    assert get(store, "https://example.com/dir/") == "domain=2"
    assert get(store, "https://a.b.example.com/dir/") == "domain=2"
    assert get(store, "https://badexample.com/dir/") == ""


def test_a_public_suffix_sets_cookies_for_itself_only() -> None:
    store = CookieStore()
    assert put(store, "a=1; Domain=github.io", "https://github.io/") is None
    assert get(store, "https://github.io/") == "a=1"
    assert get(store, "https://me.github.io/") == ""


def test_ip_addresses_are_host_only() -> None:
    store = CookieStore()
    assert put(store, "a=1; Domain=127.0.0.1; Path=/", "http://127.0.0.1:8080/") is None
    assert get(store, "http://127.0.0.1/") == "a=1"  # ports do not separate cookies


def test_paths_and_order() -> None:
    store = CookieStore()
    put(store, "late=1; Path=/", now=NOW + 1)
    put(store, "early=2; Path=/", now=NOW)
    put(store, "deep=3")
    put(store, "other=4; Path=/other")
    put(store, "relative=5; Path=x")
    assert get(store, now=NOW + 2) == "deep=3; relative=5; early=2; late=1"
    assert get(store, "https://www.example.com/directory", now=NOW + 2) == "early=2; late=1"


def test_overwriting_keeps_creation_time() -> None:
    changes: list[tuple[str, ChangeCause]] = []
    store = CookieStore(lambda cookie, cause: changes.append((cookie.value, cause)))
    put(store, "a=1")
    put(store, "b=2", now=NOW + 1)
    put(store, "a=3", now=NOW + 2)
    assert get(store, now=NOW + 3) == "a=3; b=2"
    put(store, "a=; Max-Age=0", now=NOW + 4)
    assert get(store, now=NOW + 5) == "b=2"
    assert changes == [("1", "added"), ("2", "added"), ("1", "overwritten"), ("3", "added"), ("3", "deleted")]
    assert len(store) == 1


def test_expiry() -> None:
    causes: list[ChangeCause] = []
    store = CookieStore(lambda _, cause: causes.append(cause))
    put(store, "a=1; Max-Age=10")
    put(store, "dead=1; Max-Age=0")
    assert get(store, now=NOW + 9.9) == "a=1"
    assert get(store, now=NOW + 10) == ""
    assert len(store) == 0
    assert causes == ["added", "expired"]
    put(store, "b=1; Max-Age=10")
    assert store.live(NOW + 10) == []


def test_secure_cookies() -> None:
    store = CookieStore()
    put(store, "a=1; Secure; Path=/")
    assert get(store, "http://www.example.com/dir/") == ""
    assert put(store, "a=2; Path=/x", "http://www.example.com/x/") == "a secure cookie of that name exists"
    assert put(store, "a=2; Domain=example.com; Path=/", "http://example.com/") == "a secure cookie of that name exists"
    assert put(store, "b=2; Path=/", "http://www.example.com/") is None
    assert put(store, "a=3; Path=/", "https://www.example.com/") is None
    assert put(store, "local=1; Secure", "http://localhost/") is None
    assert get(store, "http://localhost/") == "local=1"


def test_http_only() -> None:
    store = CookieStore()
    assert put(store, "a=1; HttpOnly", from_http=False) == "HttpOnly, and a script sets it"
    put(store, "a=1; HttpOnly")
    assert get(store, from_http=False) == ""
    assert put(store, "a=2", from_http=False) == "an HttpOnly cookie of that name exists"
    assert get(store) == "a=1"


def test_same_site_when_stored() -> None:
    store = CookieStore()
    assert put(store, "a=1", same_site=False) == "SameSite, and the request is cross-site"
    assert put(store, "a=1", same_site=False, top=True) is None
    assert put(store, "b=1; SameSite=None; Secure", same_site=False) is None


def test_same_site_when_sent() -> None:
    store = CookieStore()
    for text in ("s=1; SameSite=Strict", "l=1; SameSite=Lax", "n=1; SameSite=None; Secure", "d=1"):
        put(store, text)
    assert get(store) == "s=1; l=1; n=1; d=1"
    assert get(store, same_site="lax") == "l=1; n=1; d=1"
    assert get(store, same_site="lax-unsafe") == "n=1; d=1"
    assert get(store, same_site="lax-unsafe", now=NOW + 121) == "n=1"
    assert get(store, same_site="cross-site") == "n=1"
    strict = CookieStore(lax_allow_unsafe=False)
    put(strict, "d=1")
    assert get(strict, same_site="lax-unsafe") == ""


def test_room_within_a_domain() -> None:
    store = CookieStore(max_per_domain=3)
    put(store, "secure=1; Secure", now=NOW)
    for index in range(3):
        put(store, f"c{index}=1", now=NOW + 1 + index)
    assert get(store, now=NOW + 9) == "secure=1; c1=1; c2=1"  # secure ones stay longest
    assert len(store) == 3


def test_room_in_all() -> None:
    store = CookieStore(max_total=3)
    for index in range(3):
        put(store, "a=1", f"https://s{index}.com/", now=NOW + index)
    get(store, "https://s0.com/", now=NOW + 5)
    put(store, "a=1", "https://s9.com/", now=NOW + 6)
    kept = {cookie.domain for cookie in store}
    assert kept == {"s0.com", "s2.com", "s9.com"}  # the least recently used went


def test_defaults_are_those_of_chromium() -> None:
    store = CookieStore()
    for index in range(200):
        put(store, f"c{index}=1")
    assert len(store) == cookie_store.MAX_COOKIES_PER_DOMAIN == 180


def test_deleting() -> None:
    store = CookieStore()
    put(store, "a=1")
    put(store, "b=1")
    assert store.delete(lambda cookie: cookie.name == "a") == 1
    assert [cookie.name for cookie in store.live(NOW)] == ["b"]


def test_nameless_cookie() -> None:
    store = CookieStore()
    put(store, "=value")
    assert get(store) == "value"


def test_put_takes_anything() -> None:
    store = CookieStore()
    store.put(
        Cookie("a", "1", "example.com", "/", False, True, True, "Strict", None, NOW),
        NOW,
    )
    assert get(store) == "a=1"


SHOP = PartitionKey("https://shop.test")


def put_in(store: CookieStore, text: str, partition: PartitionKey | None, at: str = "https://w.test/") -> str | None:
    cookie = parse_set_cookie(text, NOW)
    assert cookie is not None
    return store.store(cookie, url(at), NOW, same_site=False, partition=partition)


def get_from(store: CookieStore, partition: PartitionKey | None, at: str = "https://w.test/") -> str:
    return cookie_string(store.retrieve(url(at), NOW, same_site="cross-site", partition=partition))


def test_a_partitioned_cookie_is_seen_in_its_partition_only() -> None:
    store = CookieStore()
    assert put_in(store, "p=shop; Secure; SameSite=None; Partitioned", SHOP) is None
    assert put_in(store, "p=news; Secure; SameSite=None; Partitioned", PartitionKey("https://news.test")) is None
    assert put_in(store, "p=all; Secure; SameSite=None", SHOP) is None
    assert len(store) == 3
    assert get_from(store, SHOP) == "p=shop; p=all"
    assert get_from(store, PartitionKey("https://news.test")) == "p=news; p=all"
    assert get_from(store, SHOP._replace(cross_site_ancestor=True)) == "p=all"
    assert get_from(store, None) == "p=all"


def test_a_partitioned_cookie_needs_secure_and_a_partition() -> None:
    store = CookieStore()
    assert put_in(store, "p=1; SameSite=None; Partitioned", SHOP) == "SameSite=None needs Secure"
    assert put(store, "p=1; Partitioned", "https://w.test/") == "Partitioned needs Secure"
    assert "no site" in (put_in(store, "p=1; Secure; SameSite=None; Partitioned", None) or "")
    assert len(store) == 0


def test_each_partition_has_limits_of_its_own() -> None:
    store = CookieStore(max_per_domain=3)
    for number in range(5):
        put_in(store, f"n{number}=1; Secure; SameSite=None; Partitioned", SHOP)
    put_in(store, "other=1; Secure; SameSite=None; Partitioned", PartitionKey("https://news.test"))
    put_in(store, "all=1; Secure; SameSite=None", SHOP)
    assert get_from(store, SHOP) == "n2=1; n3=1; n4=1; all=1"
    assert get_from(store, PartitionKey("https://news.test")) == "other=1; all=1"
    for number in range(4):
        put_in(store, f"n{number}={'x' * 4000}; Secure; SameSite=None; Partitioned", SHOP)
    kept = [cookie for cookie in store if cookie.partition == SHOP]
    assert sum(len(cookie.name) + len(cookie.value) for cookie in kept) <= cookie_store.MAX_PARTITION_BYTES
    assert {cookie.name for cookie in kept} >= {"n2", "n3"}


def test_the_same_again_is_no_change() -> None:
    changes: list[tuple[str, ChangeCause]] = []
    store = CookieStore(lambda cookie, cause: changes.append((cookie.value, cause)))
    for value in ("1", "1", "2"):
        put(store, f"a={value}")
    assert changes == [("1", "added"), ("1", "overwritten"), ("1", "overwritten"), ("2", "added")]
