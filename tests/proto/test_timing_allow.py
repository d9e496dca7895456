from __future__ import annotations

import pytest

from sanderling.proto import timing_allow
from sanderling.proto.cors import Tainting
from sanderling.proto.headers import Headers

ORIGIN = "https://a.test"


@pytest.mark.parametrize(
    ("value", "tainting", "foreign", "allowed"),
    [
        (None, "basic", False, True),
        (None, "cors", False, False),
        (None, "opaque", False, False),
        (None, "basic", True, False),
        ("*", "opaque", False, True),
        ("*", "basic", True, True),
        (ORIGIN, "opaque", False, True),
        (f"null, {ORIGIN}", "cors", False, True),
        (ORIGIN.upper(), "opaque", False, False),
        (f"{ORIGIN} *", "opaque", False, False),
        ("null", "opaque", False, False),
        ("", "opaque", False, False),
    ],
)
def test_who_may_know_times(value: str | None, tainting: Tainting, foreign: bool, allowed: bool) -> None:
    headers = Headers([] if value is None else [("Timing-Allow-Origin", value)])
    assert timing_allow.allows(headers, origin=ORIGIN, tainting=tainting, foreign_navigation=foreign) is allowed


@pytest.mark.parametrize(
    ("content_type", "told"),
    [
        ("text/html; charset=utf-8", "text/html"),
        ("application/x-javascript", "text/javascript"),
        ("application/ld+json", "application/json"),
        ("image/svg+xml", "image/svg+xml"),
        ("application/rss+xml", "application/xml"),
        ("IMAGE/PNG", "image/png"),
        ("application/x-secret", ""),
        ("nonsense", ""),
        (None, ""),
    ],
)
def test_types_are_told_in_their_smallest_form(content_type: str | None, told: str) -> None:
    headers = Headers([] if content_type is None else [("Content-Type", content_type)])
    assert timing_allow.minimal_type(headers) == told
