from __future__ import annotations

import pytest

from sanderling.proto import cors
from sanderling.proto.headers import Headers
from sanderling.proto.url import Origin, parse_origin

ORIGIN = "https://a.test"


@pytest.mark.parametrize(
    ("name", "value", "safe"),
    [
        ("Accept", "text/html, */*", True),
        ("Accept", 'a"b', False),
        ("Accept", "x" * 128, True),
        ("Accept", "x" * 129, False),
        ("Accept-Language", "de-DE,de;q=0.9", True),
        ("Content-Language", "de{", False),
        ("Content-Type", "text/plain; charset=utf-8", True),
        ("Content-Type", "multipart/form-data; boundary=x", True),
        ("Content-Type", "application/json", False),
        ("Content-Type", "nonsense", False),
        ("Range", "bytes=0-5", True),
        ("Range", "bytes=5-", True),
        ("Range", "bytes=-5", False),
        ("Range", "bytes=5-2", False),
        ("DPR", "2.0", True),
        ("DPR", "", False),
        ("Width", "1200", True),
        ("Width", "1.5", False),
        ("RTT", "-1", False),
        ("ECT", "3g", True),
        ("ECT", "5g", False),
        ("Save-Data", "on", True),
        ("Save-Data", "off", False),
        ("X-Own", "1", False),
        ("Authorization", "x", False),
    ],
)
def test_safelisted_request_headers(name: str, value: str, safe: bool) -> None:
    assert cors.is_safelisted_request_header(name, value) is safe


def test_unsafe_names_are_sorted_and_the_sum_counts() -> None:
    assert cors.unsafe_header_names([("X-B", "1"), ("x-a", "1"), ("X-b", "2"), ("Accept", "*/*")]) == ["x-a", "x-b"]
    many = [("Accept", "x" * 120)] * 9 + [("X-A", "1")]
    assert cors.unsafe_header_names(many) == ["accept", "x-a"]
    assert cors.unsafe_header_names(many[:8]) == []


def test_needs_preflight() -> None:
    assert not cors.needs_preflight("POST", ())
    assert cors.needs_preflight("PUT", ())
    assert cors.needs_preflight("patch", ())
    assert cors.needs_preflight("GET", [("x", "y")])


@pytest.mark.parametrize(
    ("allowed", "credentials", "include", "passes"),
    [
        ([], None, False, False),
        (["*"], None, False, True),
        (["*"], "true", True, False),
        ([ORIGIN], None, False, True),
        ([ORIGIN], None, True, False),
        ([ORIGIN], "true", True, True),
        ([ORIGIN], "True", True, False),
        (["https://A.test"], None, False, False),
        ([ORIGIN + "/"], None, False, False),
        ([ORIGIN, ORIGIN], None, False, False),
        (["null"], None, False, False),
        ([f"{ORIGIN}, {ORIGIN}"], None, False, False),
    ],
)
def test_check(allowed: list[str], credentials: str | None, include: bool, passes: bool) -> None:
    headers = Headers(("Access-Control-Allow-Origin", value) for value in allowed)
    if credentials is not None:
        headers.append("Access-Control-Allow-Credentials", credentials)
    assert (cors.check(ORIGIN, headers, include_credentials=include) is None) is passes


def preflight(methods: str | None, names: str | None, age: str | None = None) -> cors.PreflightAnswer | str:
    headers = Headers()
    for name, value in (("Methods", methods), ("Headers", names)):
        if value is not None:
            headers.append(f"Access-Control-Allow-{name}", value)
    if age is not None:
        headers.append("Access-Control-Max-Age", age)
    return cors.parse_preflight(headers, method="PUT", use_cors_preflight=False)


def answer(methods: str | None, names: str | None, age: str | None = None) -> cors.PreflightAnswer:
    found = preflight(methods, names, age)
    assert isinstance(found, cors.PreflightAnswer)
    return found


@pytest.mark.parametrize(
    ("age", "seconds"),
    [(None, 5), ("60", 60), ("0", 0), ("-1", 0), ("x", 5), ("99999", 7200), ("9" * 50, 5), ("1.5", 5)],
)
def test_max_age(age: str | None, seconds: int) -> None:
    assert answer("PUT", None, age).max_age_seconds == seconds


@pytest.mark.parametrize(
    ("methods", "names", "method", "unsafe", "include", "passes"),
    [
        ("PUT", None, "PUT", [], False, True),
        ("put", None, "PUT", [], False, False),
        (None, None, "POST", [], False, True),
        ("*", None, "PUT", [], False, True),
        ("*", None, "PUT", [], True, False),
        ("PUT", "X-A", "PUT", ["x-a"], False, True),
        ("PUT", "*", "PUT", ["x-a"], False, True),
        ("PUT", "*", "PUT", ["x-a"], True, False),
        ("PUT", "*", "PUT", ["authorization"], False, False),
        ("PUT", "*, Authorization", "PUT", ["authorization"], False, True),
        ("PUT", "X-A", "PUT", ["x-a", "x-b"], False, False),
    ],
)
def test_check_preflight(
    methods: str | None, names: str | None, method: str, unsafe: list[str], include: bool, passes: bool
) -> None:
    problem = cors.check_preflight(answer(methods, names), method, unsafe, include_credentials=include)
    assert (problem is None) is passes


def test_malformed_preflights() -> None:
    assert isinstance(preflight("a b", None), str)
    assert isinstance(preflight(None, "a b"), str)


def test_cache() -> None:
    cache = cors.PreflightCache(max_entries=2)
    key = cors.cache_key(parse_origin(ORIGIN), "https://b.test/", include_credentials=False)
    cache.store(key, answer("PUT", "x-a", "10"), 0.0)
    assert cache.allows(key, "PUT", ["x-a"], 9.9)
    assert not cache.allows(key, "PUT", ["x-b"], 9.9)
    assert not cache.allows(key, "DELETE", [], 9.9)
    cache.store(key, answer("DELETE", None, "10"), 5.0)
    assert cache.allows(key, "PUT", ["x-a"], 14.9)
    assert not cache.allows(key, "PUT", [], 15.0)
    cache.store(key, answer("PUT", None, "0"), 20.0)
    assert not cache.allows(key, "PUT", [], 20.0)
    for number in range(3):
        cache.store(("o", str(number), False, ""), answer("PUT", None, "10"), 0.0)
    assert not cache.allows(("o", "0", False, ""), "PUT", [], 1.0)
    assert cache.allows(("o", "2", False, ""), "PUT", [], 1.0)
    cache.clear(("o", "2", False, ""))
    assert not cache.allows(("o", "2", False, ""), "PUT", [], 1.0)
    cache.clear_all()
    assert not cache.allows(("o", "1", False, ""), "PUT", [], 1.0)


def test_opaque_origins_have_caches_of_their_own() -> None:
    first, second = Origin.opaque(), Origin.opaque()
    keys = {cors.cache_key(origin, "x", include_credentials=False) for origin in (first, second, first)}
    assert len(keys) == 2


def test_exposed_headers() -> None:
    headers = Headers([("Content-Type", "a/b"), ("Set-Cookie", "x"), ("X-A", "1"), ("X-B", "2")])
    assert cors.exposed_headers(headers, "basic", include_credentials=False).names() == ["content-type", "x-a", "x-b"]
    assert cors.exposed_headers(headers, "cors", include_credentials=False).names() == ["content-type"]
    assert cors.exposed_headers(headers, "opaque", include_credentials=False).names() == []
    headers.append("Access-Control-Expose-Headers", "x-a, *")
    assert "x-b" in cors.exposed_headers(headers, "cors", include_credentials=False)
    with_credentials = cors.exposed_headers(headers, "cors", include_credentials=True)
    assert with_credentials.names() == ["content-type", "x-a"]
    assert "set-cookie" not in cors.exposed_headers(headers, "cors", include_credentials=False)
