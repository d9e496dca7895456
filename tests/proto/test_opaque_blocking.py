"""Opaque response blocking: what is decided by the head, and what by the beginning of the body."""

from __future__ import annotations

import pytest

from sanderling.proto.headers import Headers
from sanderling.proto.opaque_blocking import judge_body, judge_head

NOSNIFF = ("X-Content-Type-Options", "nosniff")


def of(content_type: str, *more: tuple[str, str]) -> Headers:
    return Headers((*((("Content-Type", content_type),) if content_type else ()), *more))


@pytest.mark.parametrize(
    ("status", "headers", "verdict"),
    [
        (200, of(""), "allow"),
        (200, of("", NOSNIFF), "allow"),
        (200, of("text/javascript", NOSNIFF), "allow"),
        (200, of("text/css"), "allow"),
        (200, of("image/svg+xml"), "allow"),
        (200, of("image/png"), "allow"),
        (200, of("application/pdf"), "block"),
        (200, of("text/csv"), "block"),
        (200, of("application/vnd.ms-excel.sheet.macroenabled.12"), "block"),
        (200, of("application/vnd.example"), "allow"),
        (200, of("text/html"), "sniff"),
        (200, of("application/problem+json"), "sniff"),
        (200, of("text/plain"), "sniff"),
        (206, of("text/html"), "block"),
        (206, of("text/plain"), "sniff"),
        (200, of("application/json", NOSNIFF), "block"),
        (200, of("text/plain", NOSNIFF), "block"),
    ],
)
def test_heads(status: int, headers: Headers, verdict: str) -> None:
    assert judge_head(status, headers) == verdict


@pytest.mark.parametrize(
    ("content_type", "body", "blocked"),
    [
        ("text/html", b"<!DOCTYPE html><p>", True),
        ("text/html", b" <!-- x -->\r\n <html>", True),
        ("text/html", b"<!--/*--><html><script><!--//*/\nrun()\n//--></script></html>", False),
        ("text/html", b"<!-- x -->\nconsole.log(1)", False),
        ("text/html", b"window.x = 1", False),
        ("text/html", b"<!---->\n" * 127 + b"x", False),  # not one after the other way to read it
        ("text/html", b"\x89PNG\r\n\x1a\n", False),
        ("text/xml", b"\n<?xml version='1.0'?><a/>", True),
        ("application/json", b'{"a\\"b" : 1}', True),
        ("application/json", b'callback({"a": 1})', False),
        ("application/json", b"{a: 1}", False),
        ("application/json", b")]}'\n[1]", True),
        ("application/json", b"for(;;);[]", True),
        ("text/plain", b'{"a": 1}', True),
        ("text/plain", b"<body>", True),
        ("text/plain", b"<bold>", False),
        ("text/plain", b"plain", False),
        ("text/html", b"", False),
    ],
)
def test_bodies(content_type: str, body: bytes, blocked: bool) -> None:
    assert judge_body(body, of(content_type)) is blocked
