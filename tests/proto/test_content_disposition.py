from __future__ import annotations

import pytest

from sanderling.proto.content_disposition import MAX_NAME_BYTES, filename, is_attachment, sanitise, suggested_filename
from sanderling.proto.url import parse


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("attachment", True),
        ("ATTACHMENT; filename=x", True),
        ("something-else", True),
        ("inline; filename=x", False),
        ("", False),
        ("filename=x", False),
    ],
)
def test_attachments(value: str, expected: bool) -> None:
    assert is_attachment(value) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("attachment; filename=plain.txt", "plain.txt"),
        ('attachment; filename="with space; and semicolon.txt"', "with space; and semicolon.txt"),
        ('attachment; filename="a\\"b.txt"', 'a"b.txt'),
        ("attachment; filename=old.txt; filename*=UTF-8''na%C3%AFve.txt", "na\u00efve.txt"),
        ("attachment; filename*=iso-8859-1'en'%A3.txt", "\u00a3.txt"),
        ("attachment; filename*=UTF-8''%ff; filename=fallback", "fallback"),
        ("attachment; filename*=KOI8-R''x; filename=fallback", "fallback"),
        ('attachment; filename="na\xc3\xafve.txt"', "na\u00efve.txt"),
        ('attachment; filename="100%25.txt"', "100%.txt"),
        ("attachment", ""),
    ],
)
def test_names_in_fields(value: str, expected: str) -> None:
    assert filename(value) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a:b?.txt", "a_b_.txt"),
        ("..", ""),
        (" .hidden. ", "hidden"),
        ("con.txt", "_con.txt"),
        ("evil\u202egpj.exe", "evil_gpj.exe"),
        ("nul\x00byte", "nul_byte"),
    ],
)
def test_nothing_but_a_name_is_left(name: str, expected: str) -> None:
    assert sanitise(name) == expected


def test_a_long_name_keeps_its_extension() -> None:
    name = sanitise("\u00e4" * 400 + ".tar")
    assert len(name.encode()) <= MAX_NAME_BYTES
    assert name.endswith("\u00e4.tar")


@pytest.mark.parametrize(
    ("disposition", "attribute", "url", "kind", "expected"),
    [
        ("attachment; filename=a.bin", "b.bin", "https://a.test/c.bin", "", "a.bin"),
        ("attachment", "b.bin", "https://a.test/c.bin", "", "b.bin"),
        ("", "", "https://a.test/dir/c%20d.bin?q=1", "", "c d.bin"),
        ("", "", "https://a.test/", "text/html", "download.html"),
        ("", "", "data:text/plain,x", "text/plain", "download.txt"),
        ("", "report", "https://a.test/x", "text/csv", "report.csv"),
    ],
)
def test_suggestions(disposition: str, attribute: str, url: str, kind: str, expected: str) -> None:
    parsed = parse(url)
    assert parsed is not None
    assert suggested_filename(disposition, attribute, parsed, kind) == expected
