from __future__ import annotations

import io

import pytest

from sanderling.network import response_head
from sanderling.network.response_head import Head, HeadReader, HeadTooBigError, MalformedHeadError


def read(text: str, *, max_bytes: int = 10_000, tunnelling: bool = False) -> list[Head]:
    """Read a text line by line, and again head by head: the same must come of it."""
    lines = [line.encode("latin-1") for line in io.StringIO(text, newline="\n")]
    reader = HeadReader(max_bytes)
    try:
        heads = [reader.feed(line, tunnelling=tunnelling) for line in lines]
    except (HeadTooBigError, MalformedHeadError) as error:
        with pytest.raises(type(error)):
            _by_blocks(lines, max_bytes, tunnelling)
        raise
    assert [head for head in heads if head] == _by_blocks(lines, max_bytes, tunnelling)
    return [head for head in heads if head is not None]


def _by_blocks(lines: list[bytes], max_bytes: int, tunnelling: bool) -> list[Head]:
    reader = HeadReader(max_bytes)
    heads = []
    block: list[bytes] = []
    for line in lines:
        block.append(line)
        if line[:1] in (b"\r", b"\n"):
            heads.append(reader.read(block, tunnelling=tunnelling))
            block = []
    heads.append(reader.read(block, tunnelling=tunnelling))
    return [head for head in heads if head is not None]


@pytest.mark.parametrize(
    "field", ["A: b \r", "A : b", "no colon", ": empty", "A:\tb\t", "A: b:c", "A: \x85x\x0bx", "A: b\r c"]
)
def test_odd_fields_are_read_alike(field: str) -> None:
    [head] = read(f"HTTP/1.1 200 OK\r\n{field}\r\nB: 1\r\n\r\n")
    assert head.headers[-1] == ("B", "1")


def test_bare_line_feeds_end_lines() -> None:
    [head] = read("HTTP/1.1 200 OK\nA: b\n\n")
    assert (head.reason, head.headers) == ("OK", (("A", "b"),))


def test_fields_keep_their_order_case_and_bytes() -> None:
    [head] = read("HTTP/1.1 200 OK\r\nB: 1\r\na:2 \r\nB:\t3\r\nC:\r\nD: \xe9:x\r\n\r\n")
    assert head == Head(
        200, "OK", "HTTP/1.1", (("B", "1"), ("a", "2"), ("B", "3"), ("C", ""), ("D", "\xe9:x")), chunked=False
    )


@pytest.mark.parametrize(
    ("line", "status", "reason", "version"),
    [
        ("HTTP/1.1 404 Not  Found", 404, "Not  Found", "HTTP/1.1"),
        ("HTTP/2 200 ", 200, "", "HTTP/2"),
        ("HTTP/1.0 503", 503, "", "HTTP/1.0"),
    ],
)
def test_status_lines(line: str, status: int, reason: str, version: str) -> None:
    [head] = read(f"{line}\r\n\r\n")
    assert (head.status, head.reason, head.http_version) == (status, reason, version)


@pytest.mark.parametrize("line", ["HTTP/1.1", "HTTP/1.1 20", "HTTP/1.1 2x0 OK", "ICY 200 OK", "HTTP/1.1 2000 OK"])
def test_what_is_no_status_line(line: str) -> None:
    with pytest.raises(MalformedHeadError):
        read(f"{line}\r\n\r\n")


def test_interim_heads_are_dropped_and_the_first_final_one_counts() -> None:
    heads = read(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
        "HTTP/1.1 204 No Content\r\nA: b\r\n\r\n"
        "Trailer: t\r\n\r\n"
    )
    assert [(head.status, head.headers) for head in heads] == [(204, (("A", "b"),))]


def test_answers_to_connect_are_dropped() -> None:
    assert read("HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n", tunnelling=True) == []


def test_folds_become_one_space() -> None:
    [head] = read("HTTP/1.1 200 OK\r\nA: one\r\n  two\r\n\tthree\r\nB: x\r\n\r\n")
    assert head.headers == (("A", "one two three"), ("B", "x"))


def test_chunked_is_noticed() -> None:
    [head] = read("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n")
    assert head.chunked


def test_the_limit_is_for_all_heads_together() -> None:
    one = "HTTP/1.1 103 x\r\n\r\n"
    final = "HTTP/1.1 200 OK\r\n\r\n"
    assert len(read(one + final, max_bytes=len(one + final))) == 1
    with pytest.raises(HeadTooBigError):
        read(one + final, max_bytes=len(one + final) - 1)


def test_long_lines_are_not_kept() -> None:
    kept = (response_head._known_status, response_head._known_field)
    before = [one.cache_info() for one in kept]
    long = "x" * 2000
    assert read(f"HTTP/1.1 200 {long}\r\nA: {long}\r\n\r\n")[0].reason == long
    assert [one.cache_info() for one in kept] == before
