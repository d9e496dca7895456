from __future__ import annotations

from email.utils import formatdate

import msgspec
import pytest

from sanderling.proto import http_cache
from sanderling.proto.headers import Headers
from sanderling.proto.http_cache import Choice, Entry

NOW = 1_700_000_000.0


def date(offset: float) -> str:
    return formatdate(NOW + offset, usegmt=True)


def entry(*headers: tuple[str, str], status: int = 200, at: float = 0.0, request: Headers | None = None) -> Entry:
    return http_cache.make_entry(
        url="https://a.test/",
        request=request or Headers(),
        status=status,
        reason="",
        headers=headers,
        requested_at=NOW + at,
        received_at=NOW + at,
    )


def action(stored: Entry, now: float, *request: tuple[str, str], **options: bool) -> str:
    return http_cache.choose([stored], Headers(request), NOW + now, **options).action


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("max-age=3, No-Store", {"max-age": "3", "no-store": ""}),
        ('no-cache="set-cookie, x", max-age="5"', {"no-cache": "set-cookie, x", "max-age": "5"}),
        ("max-age=1, max-age=9", {"max-age": "1"}),
        (",,foo = bar ,", {"foo": "bar"}),
        ("", {}),
    ],
)
def test_directives(value: str, expected: dict[str, str]) -> None:
    assert http_cache.directives(Headers([("Cache-Control", value)])) == expected


def test_pragma_counts_where_there_is_no_cache_control() -> None:
    assert http_cache.directives(Headers([("Pragma", "no-cache")])) == {"no-cache": ""}
    assert http_cache.directives(Headers([("Pragma", "no-cache"), ("Cache-Control", "x")])) == {"x": ""}


@pytest.mark.parametrize(
    ("headers", "status", "seconds"),
    [
        ([("Cache-Control", "max-age=10")], 200, 10),
        ([("Cache-Control", "max-age=10"), ("Expires", date(99))], 200, 10),
        ([("Cache-Control", "max-age=1, s-maxage=99")], 200, 1),
        ([("Cache-Control", "max-age=x")], 200, 0),
        ([("Cache-Control", "max-age=99999999999999999")], 200, 2**31),
        ([("Expires", date(50)), ("Date", date(20))], 200, 30),
        ([("Expires", date(50))], 200, 50),
        ([("Expires", "0"), ("Last-Modified", date(-1000))], 200, 0),
        ([("Last-Modified", date(-1000)), ("Date", date(0))], 200, 100),
        ([("Last-Modified", date(-1000)), ("Cache-Control", "must-revalidate")], 200, 0),
        ([("Last-Modified", date(-1000))], 299, 0),
        ([("Last-Modified", date(-1000)), ("Cache-Control", "public")], 299, 100),
        ([("Last-Modified", date(-1000))], 404, 100),
        ([], 301, float("inf")),
        ([], 302, 0),
        ([], 200, 0),
    ],
)
def test_lifetime(headers: list[tuple[str, str]], status: int, seconds: float) -> None:
    assert http_cache.lifetime(entry(*headers, status=status)) == seconds


def test_age_counts_all_that_is_known() -> None:
    plain = entry()
    assert http_cache.age(plain, NOW + 5) == 5
    assert http_cache.age(entry(("Age", "30")), NOW + 5) == 35
    assert http_cache.age(entry(("Date", date(-40)), ("Age", "30")), NOW + 5) == 45
    slow = msgspec.structs.replace(entry(("Age", "30")), requested_at=NOW - 3)
    assert http_cache.age(slow, NOW + 5) == 38
    assert http_cache.age(entry(("Date", date(1000))), NOW + 5) == 5  # a clock that is ahead


def test_fresh_is_used_and_stale_is_asked_about() -> None:
    stored = entry(("Cache-Control", "max-age=10"))
    assert action(stored, 9) == "use"
    assert action(stored, 10) == "revalidate"
    assert action(stored, 9, ("Cache-Control", "no-cache")) == "revalidate"
    assert action(stored, 9, ("Pragma", "no-cache")) == "revalidate"
    assert action(stored, 9, validate=True) == "revalidate"
    assert action(stored, 99, any_age=True) == "use"
    assert action(entry(("Cache-Control", "max-age=10, no-cache")), 1) == "revalidate"
    assert action(entry(("Cache-Control", 'max-age=10, no-cache="x"')), 1) == "use"


def test_request_directives() -> None:
    stored = entry(("Cache-Control", "max-age=10"))
    assert action(stored, 5, ("Cache-Control", "max-age=5")) == "revalidate"
    assert action(stored, 5, ("Cache-Control", "max-age=6")) == "use"
    assert action(stored, 5, ("Cache-Control", "min-fresh=4")) == "use"
    assert action(stored, 5, ("Cache-Control", "min-fresh=5")) == "revalidate"
    assert action(stored, 15, ("Cache-Control", "max-stale=5")) == "use"
    assert action(stored, 16, ("Cache-Control", "max-stale=5")) == "revalidate"
    assert action(stored, 1600, ("Cache-Control", "max-stale")) == "use"
    strict = entry(("Cache-Control", "max-age=10, must-revalidate"))
    assert action(strict, 11, ("Cache-Control", "max-stale")) == "revalidate"


def test_immutable_survives_a_reload_while_fresh() -> None:
    stored = entry(("Cache-Control", "max-age=10, immutable"))
    assert action(stored, 9, ("Cache-Control", "max-age=0")) == "use"
    assert action(stored, 10, ("Cache-Control", "max-age=0")) == "revalidate"


def test_stale_while_revalidate() -> None:
    stored = entry(("Cache-Control", "max-age=10, stale-while-revalidate=5"))
    assert action(stored, 9) == "use"
    assert action(stored, 14) == "use-and-revalidate"
    assert action(stored, 15) == "revalidate"
    assert action(stored, 14, ("Cache-Control", "max-age=0")) == "revalidate"
    assert action(entry(("Cache-Control", "max-age=1, must-revalidate, stale-while-revalidate=9")), 2) == "revalidate"


def test_stale_if_error() -> None:
    stored = entry(("Cache-Control", "max-age=10, stale-if-error=5"))
    assert http_cache.may_cover_failure(stored, NOW + 14, None)
    assert http_cache.may_cover_failure(stored, NOW + 14, 503)
    assert not http_cache.may_cover_failure(stored, NOW + 14, 404)
    assert not http_cache.may_cover_failure(stored, NOW + 15, 503)
    assert not http_cache.may_cover_failure(entry(("Cache-Control", "max-age=10")), NOW + 11, 503)


def test_vary_selects() -> None:
    request = Headers([("Accept", "a,  b"), ("X", "1")])
    stored = entry(("Cache-Control", "max-age=9"), ("Vary", "Accept, x, y"), request=request)
    assert action(stored, 1, ("accept", "a, b"), ("x", "1")) == "use"
    assert action(stored, 1, ("accept", "a, b"), ("x", "2")) == "miss"
    assert action(stored, 1, ("accept", "a, b"), ("x", "1"), ("y", "1")) == "miss"


def test_the_newest_that_fits_is_chosen() -> None:
    old, new = entry(("Cache-Control", "max-age=99"), at=-20), entry(("Cache-Control", "max-age=99"), at=-10)
    assert http_cache.choose([new, old], Headers(), NOW) == Choice("use", new)


@pytest.mark.parametrize(
    ("request_headers", "status", "headers", "stored"),
    [
        ([], 200, [], True),
        ([], 200, [("Cache-Control", "max-age=1, no-store")], False),
        ([("Cache-Control", "no-store")], 200, [("Cache-Control", "max-age=1")], False),
        ([("Range", "bytes=0-1")], 200, [("Cache-Control", "max-age=1")], False),
        ([], 206, [("Cache-Control", "max-age=1")], False),
        ([], 304, [("Cache-Control", "max-age=1")], False),
        ([], 401, [("Cache-Control", "max-age=1")], False),
        ([], 302, [], False),
        ([], 302, [("Cache-Control", "max-age=1")], True),
        ([], 599, [("Expires", date(9))], True),
        ([], 200, [("Vary", "x, *"), ("Cache-Control", "max-age=1")], False),
        ([("Authorization", "x")], 200, [("Cache-Control", "private, max-age=1")], True),
    ],
)
def test_what_may_be_stored(
    request_headers: list[tuple[str, str]], status: int, headers: list[tuple[str, str]], stored: bool
) -> None:
    found = http_cache.storable_headers("GET", Headers(request_headers), status, Headers(headers))
    assert (found is not None) is stored


@pytest.mark.parametrize(
    ("request_header", "header", "stored"),
    [
        ("Accept", ("Cache-Control", "max-age=1"), True),
        ("Accept", ("Cache-Control", "private, max-age=1"), False),
        ("Authorization", ("Cache-Control", "max-age=1"), False),
        ("Authorization", ("Cache-Control", "public, max-age=1"), True),
        ("Cookie", ("Cache-Control", "public, max-age=1"), False),
        ("Accept", ("Set-Cookie", "a=b"), False),
    ],
)
def test_what_several_users_may_share(request_header: str, header: tuple[str, str], stored: bool) -> None:
    found = http_cache.storable_headers("GET", Headers([(request_header, "x")]), 200, Headers([header]), shared=True)
    assert (found is not None) is stored


def test_only_get_is_stored() -> None:
    assert http_cache.storable_headers("POST", Headers(), 200, Headers([("Cache-Control", "max-age=1")])) is None


def test_some_fields_are_not_stored() -> None:
    headers = Headers(
        [
            ("Connection", "x"),
            ("Set-Cookie", "a=b"),
            ("ETag", '"1"'),
            ("Keep-Alive", "1"),
            ("Link", "a"),
            ("Link", "b"),
            ("X-Secret", "1"),
            ("Cache-Control", 'no-cache="x-secret", max-age=1'),
        ]
    )
    assert http_cache.storable_headers("GET", Headers(), 200, headers) == (
        ("ETag", '"1"'),
        ("Link", "a"),
        ("Link", "b"),
        ("Cache-Control", 'no-cache="x-secret", max-age=1'),
    )


def test_usefulness() -> None:
    assert not http_cache.is_useful(entry())
    assert not http_cache.is_useful(entry(("Cache-Control", "max-age=0")))
    assert http_cache.is_useful(entry(("ETag", '"1"')))
    assert http_cache.is_useful(entry(("Cache-Control", "max-age=1")))
    assert http_cache.is_useful(entry(("Cache-Control", "max-age=0, stale-while-revalidate=1")))


def test_conditions() -> None:
    stored = entry(("ETag", '"1"'), ("Last-Modified", date(-9)))
    assert http_cache.conditional_headers(stored, (("A", "b"),)) == (
        ("A", "b"),
        ("If-None-Match", '"1"'),
        ("If-Modified-Since", date(-9)),
    )


def test_a_304_renews_what_is_stored() -> None:
    stored = entry(("ETag", '"1"'), ("X", "old"), ("Content-Type", "text/a"), ("Cache-Control", "max-age=1"))
    answer = Headers(
        [
            ("ETag", '"1"'),
            ("X", "new"),
            ("Content-Type", "text/b"),
            ("Content-Length", "0"),
            ("Cache-Control", "max-age=9"),
            ("Set-Cookie", "a=b"),
            ("Connection", "close"),
        ]
    )
    found = http_cache.confirm(stored, Headers(), answer, requested_at=NOW + 5, received_at=NOW + 6)
    assert found is not None
    assert (found.id, found.received_at) == (stored.id, NOW + 6)
    assert found.headers == (("ETag", '"1"'), ("X", "new"), ("Content-Type", "text/a"), ("Cache-Control", "max-age=9"))


def test_a_304_about_something_else() -> None:
    stored = entry(("ETag", '"1"'))
    answer = Headers([("ETag", '"2"')])
    assert http_cache.confirm(stored, Headers(), answer, requested_at=NOW, received_at=NOW) is None


def test_what_invalidates() -> None:
    assert http_cache.invalidates("POST", 200)
    assert http_cache.invalidates("FOO", 303)
    assert not http_cache.invalidates("POST", 500)
    assert not http_cache.invalidates("OPTIONS", 200)
