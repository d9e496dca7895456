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
        "Origin",
        "Content-Type",
        "Upgrade-Insecure-Requests",
        "User-Agent",
        "Accept",
        "Sec-Fetch-Site",
        "Sec-Fetch-Mode",
        "Sec-Fetch-Dest",
        "Referer",
        "Accept-Language",
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
        "Accept-Language",
    ]
    assert dict(built(mode="cors"))["Sec-Fetch-Dest"] == "empty"
    assert dict(built(destination="image"))["Accept"].startswith("image/png")


def test_replacing() -> None:
    found = built(
        mode="cors", author=(("accept", "own"), ("x-a", "page")), extra=(("X-A", "user"), ("user-agent", "U"))
    )
    assert ("accept", "own") in found
    assert ("Accept", "*/*") not in found
    assert [value for name, value in found if name.lower() == "x-a"] == ["user"]
    assert [value for name, value in found if name.lower() == "user-agent"] == ["U"]


def test_what_is_empty_is_not_sent() -> None:
    assert names(url=url("http://a.test/"), user_agent="", accept_language="") == ["Accept"]


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


def test_client_hints_go_to_trustworthy_urls() -> None:
    hints = (("Sec-CH-UA-Mobile", "?0"),)
    assert ("Sec-CH-UA-Mobile", "?0") in built(client_hints=hints)
    assert ("Sec-CH-UA-Mobile", "?0") not in built(client_hints=hints, url=url("http://a.test/"))
