from __future__ import annotations

from typing import Any

import pytest

from sanderling.proto import request_headers
from sanderling.proto.request_headers import HeaderFacts
from sanderling.proto.url import Url, parse, parse_origin


def url(text: str) -> Url:
    found = parse(text)
    assert found is not None
    return found


def built(**facts: Any) -> tuple[tuple[str, str], ...]:
    return request_headers.build(
        HeaderFacts(**{"url": url("https://a.test/"), "user_agent": "UA", "accept_language": "en", **facts})
    )


def names(**facts: Any) -> list[str]:
    return [name for name, _ in built(**facts)]


def test_navigation() -> None:
    found = built(
        mode="navigate",
        destination="document",
        method="POST",
        origin="https://b.test",
        author=(("Content-Type", "x/y"),),
        referrer="https://b.test/",
        cookie="a=1",
        fetch_site="cross-site",
        cache_control=(("Cache-Control", "max-age=0"),),
    )
    assert [name for name, _ in found] == [
        "Cache-Control",
        "Upgrade-Insecure-Requests",
        "Content-Type",
        "User-Agent",
        "Origin",
        "Accept",
        "Sec-Fetch-Site",
        "Sec-Fetch-Mode",
        "Sec-Fetch-Dest",
        "Referer",
        "Accept-Encoding",
        "Accept-Language",
        "Priority",
        "Cookie",
    ]
    assert dict(found)["Sec-Fetch-Site"] == "cross-site"


def test_script() -> None:
    assert names(mode="cors", origin="https://b.test", author=(("X-A", "1"),)) == [
        "User-Agent",
        "X-A",
        "Accept",
        "Origin",
        "Sec-Fetch-Site",
        "Sec-Fetch-Mode",
        "Sec-Fetch-Dest",
        "Accept-Encoding",
        "Accept-Language",
        "Priority",
    ]
    assert dict(built(mode="cors"))["Sec-Fetch-Dest"] == "empty"
    assert dict(built(destination="image"))["Accept"].startswith("image/avif")


def test_replacing() -> None:
    found = built(
        mode="cors", author=(("accept", "own"), ("x-a", "page")), extra=(("X-A", "user"), ("user-agent", "U"))
    )
    assert ("accept", "own") in found
    assert ("Accept", "*/*") not in found
    assert [value for name, value in found if name.lower() == "x-a"] == ["user"]
    assert [value for name, value in found if name.lower() == "user-agent"] == ["U"]
    # It stands where the browser's would, and what the browser has no place for in front of the codings.
    order = [
        name for name, _ in built(extra=(("Cookie", "c=1"), ("X-Own", "1"), ("accept", "a/b"), ("sec-ch-ua", "me")))
    ]
    assert order.index("accept") == 1
    assert order[-6:] == ["X-Own", "sec-ch-ua", "Accept-Encoding", "Accept-Language", "Priority", "Cookie"]


def test_what_is_empty_is_not_sent() -> None:
    assert names(url=url("http://a.test/"), user_agent="", accept_language="", accept_encoding=False) == ["Accept"]


@pytest.mark.parametrize(
    ("origin", "chain", "site"),
    [
        (None, ["https://a.test/"], "none"),
        ("https://a.test", ["https://a.test/x"], "same-origin"),
        ("https://a.test", ["https://b.a.test/"], "same-site"),
        ("https://a.test", ["https://b.a.test/", "https://a.test/"], "same-site"),
        ("https://a.test", ["https://other.test/", "https://a.test/"], "cross-site"),
        ("https://a.test", ["http://a.test/"], "cross-site"),
        ("null", ["https://a.test/"], "cross-site"),
    ],
)
def test_fetch_site(origin: str | None, chain: list[str], site: str) -> None:
    asker = parse_origin(origin) if origin is not None else None
    assert request_headers.fetch_site(asker, [url(text) for text in chain]) == site


def test_languages() -> None:
    assert request_headers.serialise_languages(["en-US", "en", "de"]) == "en-US,en;q=0.9,de;q=0.8"
    assert request_headers.serialise_languages(["x"] * 12).endswith("q=0.1,x;q=0.1")
    assert request_headers.serialise_languages([]) == ""


@pytest.mark.parametrize(
    ("address", "coding", "priority"),
    [
        ("https://a.test/", "gzip, deflate, br, zstd", "u=1, i"),
        ("http://localhost/", "gzip, deflate, br, zstd", None),
        ("http://a.test/", "gzip, deflate", None),
    ],
)
def test_what_depends_on_the_way(address: str, coding: str, priority: str | None) -> None:
    found = dict(built(url=url(address)))
    assert (found["Accept-Encoding"], found.get("Priority")) == (coding, priority)


@pytest.mark.parametrize(
    ("facts", "priority"),
    [
        ({"destination": "script", "priority": "low"}, None),
        ({"destination": "image"}, "i"),
        ({"destination": "image", "priority": "high"}, "u=1, i"),
        ({"destination": "", "priority": "high"}, "u=1, i"),
        ({"destination": "", "background": True}, "u=4, i"),
        ({"destination": "style", "priority": "low"}, "u=0"),
        ({"author": (("priority", "u=7"),)}, "u=7"),
    ],
)
def test_priority(facts: dict[str, Any], priority: str | None) -> None:
    assert {name.lower(): value for name, value in built(**facts)}.get("priority") == priority


def test_what_page_code_says_of_priority_goes_everywhere() -> None:
    assert ("priority", "u=7") in built(url=url("http://a.test/"), author=(("priority", "u=7"),))


HINTS = (("Sec-CH-UA", "a"), ("Sec-CH-UA-Mobile", "?0"), ("Sec-CH-UA-Platform", "b"))


def test_client_hints_in_chromiums_places() -> None:
    navigation = names(mode="navigate", destination="document", client_hints=HINTS)
    assert navigation[:4] == ["Sec-CH-UA", "Sec-CH-UA-Mobile", "Sec-CH-UA-Platform", "Upgrade-Insecure-Requests"]
    script = names(mode="cors", method="POST", author=(("Content-Type", "x/y"), ("X-A", "1")), client_hints=HINTS)
    assert script[:7] == [
        "Sec-CH-UA-Platform",
        "User-Agent",
        "Sec-CH-UA",
        "Content-Type",
        "Sec-CH-UA-Mobile",
        "X-A",
        "Accept",
    ]
    assert not [name for name in names(preflight=True, client_hints=HINTS) if name.startswith("Sec-CH")]


def test_credentials_come_first() -> None:
    headers = (("A", "1"), ("authorization", "old"))
    assert request_headers.with_authorization(headers, "Authorization", "new") == (("Authorization", "new"), ("A", "1"))


def test_client_hints_go_to_trustworthy_urls() -> None:
    hints = (("Sec-CH-UA-Mobile", "?0"),)
    assert ("Sec-CH-UA-Mobile", "?0") in built(client_hints=hints)
    assert ("Sec-CH-UA-Mobile", "?0") not in built(client_hints=hints, url=url("http://a.test/"))
