"""What a response becomes, by its MIME type and its bytes."""

from __future__ import annotations

import pytest

from sanderling.browser.document_source import document_source
from sanderling.browser.parser import parse_document


@pytest.mark.parametrize(
    ("content_type", "kind", "essence", "charset"),
    [
        ("text/html", "html", "text/html", ""),
        ("TEXT/HTML; Charset=Windows-1252", "html", "text/html", "windows-1252"),
        ("application/xhtml+xml", "xml", "application/xhtml+xml", ""),
        ("text/xml;charset=utf-8", "xml", "text/xml", "utf-8"),
        ("application/xml", "xml", "application/xml", ""),
        ("image/svg+xml", "xml", "image/svg+xml", ""),
        ("application/rss+xml", "xml", "application/rss+xml", ""),
        ("text/plain", "html", "text/plain", ""),
        ("text/css", "html", "text/css", ""),
        ("application/json", "html", "application/json", ""),
        ("application/ld+json", "html", "application/ld+json", ""),
        ("application/javascript", "html", "application/javascript", ""),
        ("image/png", "html", "image/png", ""),
        ("application/pdf", "download", "application/pdf", ""),
        ("application/octet-stream", "download", "application/octet-stream", ""),
        ("application/zip", "download", "application/zip", ""),
    ],
)
def test_by_type(content_type: str, kind: str, essence: str, charset: str) -> None:
    source = document_source(b"<p>x", content_type)
    assert (source.kind, source.content_type) == (kind, essence)
    assert source.charset.lower() == charset


@pytest.mark.parametrize(
    ("body", "kind", "essence"),
    [
        (b"<!DOCTYPE HTML><p>", "html", "text/html"),
        (b" \n\t<html>", "html", "text/html"),
        (b"<HTML lang=en>", "html", "text/html"),
        (b"<!-- hello", "html", "text/html"),
        (b"<p>x", "html", "text/html"),
        (b"<pre>x", "html", "text/plain"),
        (b"<?xml version='1.0'?><a/>", "xml", "text/xml"),
        (b"plain words", "html", "text/plain"),
        (b"", "html", "text/plain"),
        (b"\xef\xbb\xbfwords", "html", "text/plain"),
        (b"\xff\xfew\0o\0", "html", "text/plain"),
        (b"\x89PNG\r\n\x1a\n\0\0", "download", "application/octet-stream"),
        (b"words\x00words", "download", "application/octet-stream"),
    ],
)
@pytest.mark.parametrize("content_type", ["", "*/*", "no type"])
def test_by_bytes_where_the_type_says_nothing(body: bytes, kind: str, essence: str, content_type: str) -> None:
    source = document_source(body, content_type)
    assert (source.kind, source.content_type) == (kind, essence)


def test_nosniff_makes_text() -> None:
    source = document_source(b"<!doctype html><p>x", "", nosniff=True)
    assert source.content_type == "text/plain"
    assert "&lt;!doctype html" in str(source.markup)


def test_text_is_escaped_into_a_pre() -> None:
    source = document_source('a < b & "c" é\n'.encode(), "text/plain; charset=utf-8")
    assert '<pre>a &lt; b &amp; "c" é\n</pre>' in str(source.markup)


def test_a_first_newline_of_text_is_kept() -> None:
    assert "<pre>\n\nx</pre>" in str(document_source(b"\nx", "text/plain").markup)


def test_text_is_decoded_by_its_charset() -> None:
    assert "<pre>caf\u00e9</pre>" in str(document_source(b"caf\xe9", "text/plain; charset=latin1").markup)
    assert "<pre>\u65e5</pre>" in str(document_source("日".encode("shift_jis"), "text/plain; charset=shift_jis").markup)
    assert "<pre>caf\ufffd</pre>" in str(document_source(b"caf\xe9", "text/plain").markup)


@pytest.mark.parametrize(
    ("body", "content_type", "encoding"),
    [
        (b"x", "text/plain; charset=gbk", "GBK"),
        (b"x", "application/json; charset=latin1", "windows-1252"),
        (b"x", "text/plain; charset=unheard-of", "UTF-8"),
        (b"x", "text/plain", "UTF-8"),
        (b"\xef\xbb\xbfx", "text/plain; charset=gbk", "UTF-8"),
        (b"\xff\xfex\0", "text/plain; charset=gbk", "UTF-16LE"),
    ],
)
def test_a_document_of_text_says_its_encoding(body: bytes, content_type: str, encoding: str) -> None:
    source = document_source(body, content_type)
    tree = parse_document(source.markup, charset=source.charset, content_type=source.content_type)
    assert tree.encoding == encoding
