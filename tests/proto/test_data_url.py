from __future__ import annotations

import pytest

from sanderling.proto import data_url


@pytest.mark.parametrize(
    ("url", "kind", "body"),
    [
        ("data:,a", "text/plain;charset=US-ASCII", b"a"),
        ("data:text/html,%3Cp%3E", "text/html", b"<p>"),
        ("data:text/html;charset=utf-8,%C3%A9", "text/html;charset=utf-8", "é".encode()),
        ("data:;charset=utf-8,a", "text/plain;charset=utf-8", b"a"),
        ("data:nonsense,a", "text/plain;charset=US-ASCII", b"a"),
        ("data:;base64,aGk=", "text/plain;charset=US-ASCII", b"hi"),
        ("data:image/png; BASE64,aGk", "image/png", b"hi"),
        ("data:image/png;base64,a%20G%0Ak=", "image/png", b"hi"),
        ("data:text/plain;base64;x=1,aGk", "text/plain;x=1", b"aGk"),
        ("data:text/html,a,b", "text/html", b"a,b"),
        ("data:,%zz%4", "text/plain;charset=US-ASCII", b"%zz%4"),
    ],
)
def test_process(url: str, kind: str, body: bytes) -> None:
    found = data_url.process(url)
    assert found is not None
    assert found.mime_type.serialise() == kind
    assert found.body == body


@pytest.mark.parametrize("url", ["data:", "data:text/html", "data:;base64,a", "data:;base64,a!b=", "data:;base64,=a=="])
def test_failures(url: str) -> None:
    assert data_url.process(url) is None


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", b""),
        (b"YQ==", b"a"),
        (b"YQ", b"a"),
        (b"YQ=", None),
        (b"YWI=", b"ab"),
        (b" Y\tW\nI\x0c=\r", b"ab"),
        (b"Y", None),
        (b"YR", b"a"),
        (b"Y-==", None),
        (b"====", None),
    ],
)
def test_forgiving_base64(data: bytes, expected: bytes | None) -> None:
    assert data_url.forgiving_base64_decode(data) == expected
