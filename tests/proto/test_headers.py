from __future__ import annotations

import pytest

from sanderling.proto import headers as h
from sanderling.proto.headers import Headers


def test_a_header_list_keeps_order_and_spelling() -> None:
    headers = Headers([("A", "1"), ("b", "2"), ("a", "3")])
    assert headers.get("a") == "1, 3"
    assert headers.get("x") is None
    assert headers.get_all("A") == ["1", "3"]
    assert headers.names() == ["a", "b"]
    assert "B" in headers
    assert 3 not in headers
    assert headers.items() == (("A", "1"), ("b", "2"), ("a", "3"))
    assert len(headers) == 3


def test_changes() -> None:
    headers = Headers([("A", "1"), ("b", "2"), ("a", "3")])
    other = headers.copy()
    headers.set("a", "x")
    assert headers.items() == (("A", "x"), ("b", "2"))
    headers.set("C", "y")
    headers.append("B", "z")
    assert headers.get("b") == "2, z"
    headers.delete("b")
    headers.delete("nothing")
    assert headers == Headers([("A", "x"), ("C", "y")])
    assert len(other) == 3
    other.get_all("a").append("not in it")
    assert other.get("a") == "1, 3"


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("", [""]),
        ("a, b ,\tc", ["a", "b", "c"]),
        ('"a,b", c', ['"a,b"', "c"]),
        ('"a\\",b", c', ['"a\\",b"', "c"]),
        ('a"b,c', ['a"b,c']),
        (",", ["", ""]),
        ('"x\\', ['"x\\']),
    ],
)
def test_decode_and_split(value: str, parts: list[str]) -> None:
    assert h.decode_and_split(value) == parts


@pytest.mark.parametrize(
    ("text", "value", "end"),
    [('"a"b', "a", 3), ('"a\\"b"', 'a"b', 6), ('"open', "open", 5), ('"x\\', "x\\", 3)],
)
def test_unquote(text: str, value: str, end: int) -> None:
    assert h.unquote(text, 0) == (value, end)


@pytest.mark.parametrize(("value", "good"), [("a b", True), (" a", False), ("a\nb", False), ("é", True), ("☃", False)])
def test_header_values(value: str, good: bool) -> None:
    assert h.is_header_value(value) is good


def test_tokens_and_methods() -> None:
    assert h.is_token("X-A!")
    assert not h.is_token("")
    assert not h.is_token("a b")
    assert not h.is_token("a:")
    assert h.normalise_method("dElete") == "DELETE"
    assert h.normalise_method("patch") == "patch"
    assert h.is_forbidden_method("trace")
    assert h.normalise_value(" \r\na b\t") == "a b"


@pytest.mark.parametrize(
    ("name", "value", "forbidden"),
    [
        ("Cookie", "", True),
        ("Sec-Anything", "", True),
        ("Proxy-X", "", True),
        ("Security", "", False),
        ("X-HTTP-Method", "GET, TRACE", True),
        ("X-HTTP-Method", "GET", False),
        ("User-Agent", "x", False),
    ],
)
def test_forbidden_request_headers(name: str, value: str, forbidden: bool) -> None:
    assert h.is_forbidden_request_header(name, value) is forbidden
