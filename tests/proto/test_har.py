from __future__ import annotations

import pytest

from sanderling.proto import har


def content_type(kind: str) -> list[tuple[str, str]]:
    return [("Content-Type", kind)]


@pytest.mark.parametrize(
    ("kind", "body", "as_text"),
    [
        ("text/html; charset=utf-8", "<p>ü".encode(), True),
        ("text/html", b"\xef\xbb\xbf<p>", True),
        ("application/json", b"{}", True),
        ("image/svg+xml", b"<svg/>", True),
        ("text/html; charset=windows-1252", b"<p>", True),
        ("text/html; charset=windows-1252", "<p>ü".encode(), False),  # these bytes mean something else there
        ("text/html", b"<p>\xfc", False),
        ("image/png", b"\x89PNG", False),
        ("application/octet-stream", b"text", False),
    ],
)
def test_bodies_keep_their_bytes(kind: str, body: bytes, as_text: bool) -> None:
    content = har.content_of(body, content_type(kind))
    assert content.size == len(body)
    assert (content.encoding == "") is as_text
    if as_text:
        assert content.text == body.decode()


def test_credentials_are_left_out_on_request() -> None:
    headers = [("Cookie", "a=1; b=2"), ("AUTHORIZATION", "Basic eA=="), ("Proxy-Authorization", "x"), ("Accept", "*/*")]
    assert [one.value for one in har.header_pairs(headers, redact=True)] == [har.REDACTED] * 3 + ["*/*"]
    assert har.header_pairs(headers, redact=False)[0].value == "a=1; b=2"
    cookies = har.request_cookies(headers, redact=True)
    assert [(one.name, one.value) for one in cookies] == [("a", har.REDACTED), ("b", har.REDACTED)]
    (cookie,) = har.response_cookies([("Set-Cookie", "s=secret; HttpOnly")], 0.0, redact=True)
    assert (cookie.name, cookie.value, cookie.http_only) == ("s", har.REDACTED, True)


def test_cookies_of_a_response() -> None:
    (cookie,) = har.response_cookies(
        [("set-cookie", "s=1; Path=/x; Domain=a.test; Max-Age=60; Secure; SameSite=Lax"), ("X", "y")], 0.0, redact=False
    )
    assert cookie == har.HarCookie(
        name="s",
        value="1",
        path="/x",
        domain="a.test",
        expires="1970-01-01T00:01:00.000Z",
        secure=True,
        same_site="Lax",
    )


def test_a_form_is_told_by_its_fields() -> None:
    data = har.post_data(b"a=1&b=%C3%BC&c=", "application/x-www-form-urlencoded;charset=UTF-8")
    assert data.text == "a=1&b=%C3%BC&c="
    assert [one["value"] for one in data.params] == ["1", "ü", ""]


def test_a_body_that_is_no_text() -> None:
    data = har.post_data(b"\xff\x00", "application/octet-stream")
    assert (data.text, data.encoding) == ("/wA=", "base64")


def test_times_are_written_in_iso_8601() -> None:
    assert har.iso(1_700_000_000.1234) == "2023-11-14T22:13:20.123Z"


def test_the_query_is_told_by_its_parameters() -> None:
    assert har.query_pairs("https://a.test/?x=1&x=&y=%26#z=1") == (
        har.Pair("x", "1"),
        har.Pair("x", ""),
        har.Pair("y", "&"),
    )
