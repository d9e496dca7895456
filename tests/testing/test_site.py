from __future__ import annotations

import contextlib
import gzip
import http.client
import json
import re
import zlib
from collections.abc import Iterator

import pytest

from sanderling import dump
from sanderling.testing import site
from sanderling.testing.server import HttpServer


@pytest.fixture(scope="module")
def server() -> Iterator[HttpServer]:
    with site.serve() as running:
        yield running


def _get(
    server: HttpServer,
    target: str,
    *,
    method: str = "GET",
    body: str | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=60)
    with contextlib.closing(connection):
        connection.request(method, target, body=body, headers=headers or {})
        with contextlib.closing(connection.getresponse()) as answer:
            return answer, answer.read()


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/", "Wader"), ("/shop", "Shop"), ("/product/5", "Rain hat"), ("/login", "Log in"), ("/modules", "Tide clock"),
        ("/article", "Why sanderlings run"), ("/catalogue", "Catalogue"), ("/broken", "Broken"), ("/poll", "Poll"),
        ("/spin", "Spin"), ("/frames", "Frames"), ("/slow?ms=1", "Slow"), ("/gzip", "Compressed"),
    ],
)  # fmt: skip
def test_pages(server: HttpServer, path: str, title: str) -> None:
    answer, content = _get(server, path)
    assert answer.status == 200
    assert answer.headers.get_content_type() == "text/html"
    assert f"<title>{title}" in content.decode()
    assert "{{" not in content.decode()


def test_links_and_scripts_of_pages_exist(server: HttpServer) -> None:
    for path in ("/", "/shop", "/modules", "/login", "/product/1", "/catalogue"):
        content = _get(server, path)[1].decode()
        targets = set(re.findall(r'(?:href|src)="(/[^"]*)"', content)) | set(
            re.findall(r': "(/modules/\w+\.js)"', content)
        )
        assert targets
        assert {target: _get(server, target)[0].status for target in targets} == dict.fromkeys(targets, 200)


def test_names_outside_the_folder_are_not_found(server: HttpServer) -> None:
    for path in (
        "/static/../site.py",
        "/static/%2e%2e/site.py",
        "/modules/../../site.py",
        "/product/99",
        "/nothing",
        "/status/700",
    ):
        assert _get(server, path)[0].status == 404


def test_data_of_the_shop(server: HttpServer) -> None:
    products = json.loads(_get(server, "/api/products")[1])
    assert [product["id"] for product in products] == [1, 2, 3, 4, 5, 6]
    assert len(json.loads(_get(server, "/api/reviews?product=1")[1])) == 2
    assert json.loads(_get(server, "/api/reviews?product=6")[1]) == []


def test_account_needs_the_cookie_of_the_form(server: HttpServer) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert _get(server, "/account")[0].status == 403
    assert _get(server, "/login", method="POST", body="user=wader&password=wrong", headers=form)[0].status == 401
    answer, _ = _get(server, "/login", method="POST", body="user=wader&password=tide", headers=form)
    assert (answer.status, answer.headers["location"]) == (303, "/account")
    cookie = answer.headers["set-cookie"].split(";")[0]
    answer, content = _get(server, "/account", headers={"Cookie": cookie})
    assert answer.status == 200
    assert b"Account of wader" in content


def test_catalogue_is_large_and_always_the_same(server: HttpServer) -> None:
    content = _get(server, "/catalogue")[1]
    assert 142_500 <= len(content) <= 157_500
    assert content == _get(server, "/catalogue")[1]
    assert dump.to_markdown(content.decode(), server.url).count("\n## No. ") == content.count(b"<section ")


def test_article_is_main_content(server: HttpServer) -> None:
    markdown = dump.to_markdown(_get(server, "/article")[1].decode(), server.url, main_content=True)
    assert markdown.startswith("# Why sanderlings run\n")
    assert "Related" not in markdown
    assert "dyke" not in markdown


def test_redirects(server: HttpServer) -> None:
    assert _get(server, "/redirect?n=3")[0].headers["location"] == "/redirect?n=2"
    assert _get(server, "/redirect?n=1")[0].headers["location"] == "/"
    assert _get(server, "/loop")[0].headers["location"] == "/loop"


def test_status_and_echo(server: HttpServer) -> None:
    assert _get(server, "/status/418")[0].status == 418
    assert _get(server, "/status/204")[1] == b""
    echo = json.loads(_get(server, "/echo?a=1", method="POST", body="hello", headers={"X-A": "b"})[1])
    assert (echo["method"], echo["target"], echo["body"]) == ("POST", "/echo?a=1", "hello")
    assert ["X-A", "b"] in echo["headers"]


def test_cookies(server: HttpServer) -> None:
    answer, content = _get(server, "/set-cookie?a=1&b=2", headers={"Cookie": "c=3"})
    assert answer.headers.get_all("set-cookie") == ["a=1; Path=/", "b=2; Path=/"]
    assert json.loads(content) == {"sent": {"c": "3"}}


def test_compression(server: HttpServer) -> None:
    plain = _get(server, "/gzip")[1]
    answer, packed = _get(server, "/gzip", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed) == plain


@pytest.mark.slow
def test_bomb_is_valid_gzip(server: HttpServer) -> None:
    packed = _get(server, "/bomb")[1]
    assert len(packed) < 4 * 1024 * 1024
    inflater = zlib.decompressobj(31)
    total, rest = 0, packed
    while not inflater.eof:
        total += len(inflater.decompress(rest, 64 * 1024 * 1024))
        rest = inflater.unconsumed_tail
    assert total == site.BOMB_BYTES


def test_cut_body(server: HttpServer) -> None:
    with pytest.raises(http.client.IncompleteRead):
        _get(server, "/cut")
