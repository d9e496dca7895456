from __future__ import annotations

import pytest

from sanderling.proto import mime
from sanderling.proto.headers import Headers


@pytest.mark.parametrize(
    ("text", "serialised"),
    [
        ("text/html", "text/html"),
        (" TEXT/HTML;CHARSET=GBK ", "text/html;charset=GBK"),
        ("text/html;charset=gbk;charset=utf-8", "text/html;charset=gbk"),
        ('text/html;charset="g\\bk"', "text/html;charset=gbk"),
        ('text/html;charset=" gbk"', 'text/html;charset=" gbk"'),
        ('text/html;charset="gbk', "text/html;charset=gbk"),
        ('text/html;charset="a"b;x=1', "text/html;charset=a;x=1"),
        ("text/html;charset=;x=1", "text/html;x=1"),
        ("text/html;;;;x=1", "text/html;x=1"),
        ("text/html;a b=1;x=2", "text/html;x=2"),
        ("text/html;charset", "text/html"),
        ("text/html;charset=a b", 'text/html;charset="a b"'),
        ('x/y;a="\\""', 'x/y;a="\\""'),
        ('x/y;a=""', 'x/y;a=""'),
    ],
)
def test_parse(text: str, serialised: str) -> None:
    parsed = mime.parse(text)
    assert parsed is not None
    assert parsed.serialise() == serialised


@pytest.mark.parametrize("text", ["", "text", "text/", "/html", "te xt/html", "text/ht ml", "text/html/x"])
def test_parse_failure(text: str) -> None:
    assert mime.parse(text) is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["text/html"], "text/html"),
        (["text/html;charset=gbk", "text/html"], "text/html;charset=gbk"),
        (["text/html;charset=gbk", "text/plain", "text/html"], "text/html"),
        (["text/html;charset=gbk, text/html;x=y"], "text/html;x=y;charset=gbk"),
        (["text/html", "*/*"], "text/html"),
        (["text/html, nonsense"], "text/html"),
        (["nonsense"], None),
        (["*/*"], None),
        ([], None),
        (['text/html;charset="a,b"'], 'text/html;charset="a,b"'),
    ],
)
def test_extract(values: list[str], expected: str | None) -> None:
    found = mime.extract(Headers(("Content-Type", value) for value in values))
    assert (found.serialise() if found is not None else None) == expected


def test_kinds() -> None:
    def kind(text: str) -> mime.MimeType:
        parsed = mime.parse(text)
        assert parsed is not None
        return parsed

    assert kind("text/JavaScript;x=1").is_javascript
    assert not kind("text/json").is_javascript
    assert kind("application/ld+json").is_json
    assert kind("image/svg+xml").is_xml
    assert kind("text/html").is_html
    assert not kind("application/xhtml+xml").is_html


@pytest.mark.parametrize(
    ("destination", "content_type", "nosniff", "by_nosniff", "by_type"),
    [
        ("script", "text/javascript", "nosniff", False, False),
        ("script", "text/plain", "nosniff", True, False),
        ("script", "text/plain", "", False, False),
        ("script", "", "NoSniff, x", True, False),
        ("script", "text/plain", "x, nosniff", False, False),
        ("script", "image/png", "", False, True),
        ("script", "text/csv", "", False, True),
        ("style", "text/css", "nosniff", False, False),
        ("style", "text/plain", "nosniff", True, False),
        ("image", "text/plain", "nosniff", False, False),
        ("worker", "video/mp4", "", False, True),
        ("", "image/png", "nosniff", False, False),
    ],
)
def test_blocking(destination: str, content_type: str, nosniff: str, by_nosniff: bool, by_type: bool) -> None:
    headers = Headers()
    if content_type:
        headers.append("Content-Type", content_type)
    if nosniff:
        headers.append("X-Content-Type-Options", nosniff)
    assert mime.blocked_by_nosniff(destination, headers) is by_nosniff
    assert mime.blocked_by_type(destination, headers) is by_type
