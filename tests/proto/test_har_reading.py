from __future__ import annotations

import json
from typing import Any

import pytest

from sanderling.proto.har_reading import Exchange, Recording, parse

URL = "https://a.test/x"


def entry(url: str = URL, *, method: str = "GET", text: str = "", status: int = 200, **others: Any) -> dict[str, Any]:
    sent = others.pop("sent", {})
    request: dict[str, Any] = {"method": method, "url": url, "headers": pairs(sent)}
    if "post" in others:
        request["postData"] = others.pop("post")
    headers = pairs(others.pop("headers", {}))
    content = others.pop("content", {"size": len(text), "mimeType": "text/plain", "text": text})
    return {"request": request, "response": {"status": status, "headers": headers, "content": content, **others}}


def pairs(headers: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def recording(*entries: dict[str, Any], attached: dict[str, bytes] | None = None) -> Recording:
    return Recording(parse(json.dumps({"log": {"entries": entries}}).encode()), attached)


def taken(found: Recording, url: str = URL, method: str = "GET", body: bytes | None = None, **sent: str) -> Exchange:
    one = found.take(method, url, tuple(sent.items()), body)
    assert one is not None
    return one


def test_method_and_url_must_be_equal() -> None:
    found = recording(entry())
    assert found.take("GET", URL + "?", (), None) is None
    assert found.take("POST", URL, (), None) is None
    assert found.holds("GET", URL + "#top", (), None)


def test_equal_requests_are_answered_in_order_and_the_last_stays() -> None:
    found = recording(entry(text="1"), entry(text="2"), entry(text="3"))
    assert [taken(found).content for _ in range(5)] == [b"1", b"2", b"3", b"3", b"3"]


def test_of_several_the_one_with_the_most_equal_headers_counts() -> None:
    found = recording(
        entry(text="page", sent={"Accept": "text/html", "Cookie": "a=1"}),
        entry(text="data", sent={"accept": "application/json"}),
    )
    assert taken(found, Accept="application/json", Cookie="a=1").content == b"data"


def test_bodies_must_be_equal() -> None:
    found = recording(
        entry(method="POST", text="a", post={"mimeType": "text/plain", "text": "A"}),
        entry(method="POST", text="b", post={"mimeType": "text/plain", "text": "B"}),
    )
    assert taken(found, method="POST", body=b"B").content == b"b"
    assert found.take("POST", URL, (), b"C") is None


def test_a_body_that_was_not_recorded_equals_every_one() -> None:
    assert taken(recording(entry(method="POST", text="a")), method="POST", body=b"C").content == b"a"


def test_boundaries_of_multipart_bodies_do_not_count() -> None:
    kind = "multipart/form-data; boundary={}"
    found = recording(
        entry(
            method="POST",
            text="a",
            sent={"Content-Type": kind.format("xxx")},
            post={"mimeType": kind.format("xxx"), "text": "--xxx\r\nA\r\n--xxx--"},
        )
    )
    sent = {"Content-Type": kind.format("yyyy")}
    assert taken(found, method="POST", body=b"--yyyy\r\nA\r\n--yyyy--", **sent).content == b"a"
    assert found.take("POST", URL, tuple(sent.items()), b"--yyyy\r\nB\r\n--yyyy--") is None


def test_bodies_of_any_kind_of_writer() -> None:
    found = recording(
        entry("https://a.test/1", content={"size": 2, "mimeType": "image/png", "text": "/wA=", "encoding": "base64"}),
        entry("https://a.test/2", content={"size": 1, "mimeType": "text/html; charset=windows-1252", "text": "ü"}),
        entry("https://a.test/3", content={"size": 0, "mimeType": "text/html"}),
        entry("https://a.test/4", content={"size": 7, "mimeType": "text/html"}),
        entry("https://a.test/5", content={"size": -1, "mimeType": "text/html", "_file": "x.html"}),
        entry("https://a.test/6", content={"size": -1, "mimeType": "text/html", "_file": "gone.html"}),
        entry("https://a.test/7", content={"size": 9, "mimeType": "text/html", "text": "a", "_truncated": True}),
        attached={"x.html": b"attached"},
    )
    bodies = [taken(found, f"https://a.test/{number}").content for number in range(1, 8)]
    assert bodies == [b"\xff\x00", b"\xfc", b"", None, b"attached", None, None]


def test_headers_of_http_2_and_joined_ones() -> None:
    found = recording(
        entry(headers={":status": "200", "set-cookie": "a=1\nb=2", "x": "y"}, httpVersion="h2"),
        entry("https://a.test/r", status=302, redirectURL="/there", httpVersion="http/1.1"),
    )
    one = taken(found)
    assert one.headers == (("set-cookie", "a=1"), ("set-cookie", "b=2"), ("x", "y"))
    assert one.http_version == "HTTP/2"
    assert taken(found, "https://a.test/r").headers == (("Location", "/there"),)


def test_failures_of_chromium_and_of_playwright() -> None:
    found = recording(
        entry(status=0, _error="net::ERR_NAME_NOT_RESOLVED"),
        entry("https://a.test/p", status=-1, _failureText="net::ERR_FAILED"),
    )
    assert (taken(found).status, taken(found).error) == (0, "net::ERR_NAME_NOT_RESOLVED")
    assert (taken(found, "https://a.test/p").status, taken(found, "https://a.test/p").error) == (0, "net::ERR_FAILED")


@pytest.mark.parametrize("document", [b"", b"<html>", b"[]", b'{"log": {}}', b'{"log": {"entries": [{}]}}'])
def test_what_is_no_document(document: bytes) -> None:
    with pytest.raises(ValueError, match="no HAR document"):
        parse(document)


def test_a_document_may_begin_with_a_byte_order_mark() -> None:
    assert parse(b'\xef\xbb\xbf{"log": {"entries": []}}') == ()
