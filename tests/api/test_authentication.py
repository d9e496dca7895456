"""Credentials against real servers and proxies: nginx, TLS, tunnels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sanderling import Browser, NetworkError
from sanderling.testing.digest import DigestGate
from sanderling.testing.server import HttpServer, Request, Response
from sanderling.testing.servers import Authority, Nginx, ProxyServer
from tests.support import Site


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser(isolation="thread") as one:
        yield one


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.mark.skipif(Nginx.find() is None, reason="nginx is not installed")
def test_nginx_lets_in_who_is_named_in_the_url(browser: Browser, authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<title>in</title><script src=own.js></script>", "utf-8")
    (tmp_path / "own.js").write_text("document.title += ' with script'", "utf-8")
    chain, key = authority.server_files()
    with Nginx(tmp_path, chain, key, login="knöt:shöre") as nginx:
        context = browser.new_context(ca_file=str(authority.file))
        page = context.new_page()
        page.goto(nginx.url.replace("://", "://kn%C3%B6t:sh%C3%B6re@") + "/")
        assert page.title() == "in with script"
        assert page.goto(nginx.url + "/").status == 200  # type: ignore[union-attr]
        assert browser.new_context(ca_file=str(authority.file)).new_page().goto(nginx.url + "/").status == 401  # type: ignore[union-attr]


def test_a_server_that_wants_digest(browser: Browser) -> None:
    gate = DigestGate("knot", "shore")

    def answer(request: Request) -> Response:
        if not gate.accepts(request.header("authorization") or "", request.method, request.target):
            return Response(b"no", 401, headers=(("WWW-Authenticate", gate.challenge()),))
        return Response(
            b"<title>in</title><script>fetch(location.origin + '/data?x=1', {method: 'POST', body: 'a'})</script>"
        )

    with HttpServer(answer) as server:
        page = browser.new_context().new_page()
        page.goto(server.url.replace("://", "://knot:shore@"), wait_until="networkidle")
        assert page.title() == "in"
        assert gate.let_in == 2
        page.goto(server.url.replace("://", "://knot:wrong@") + "/other")
        assert page.title() == "in"  # what was accepted goes first


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_a_proxy_that_wants_digest(browser: Browser, authority: Authority, algorithm: str, tmp_path: Path) -> None:
    gate = DigestGate("knot", "shore", algorithm=algorithm)
    with (
        ProxyServer(gate=gate) as proxy,
        Site({"/": "<title>plain</title>"}) as site,
        HttpServer(lambda _: Response(b"<title>tunnel</title>"), tls=authority.server_context()) as secure,
    ):
        url = f"http://knot:shore@127.0.0.1:{proxy.port}"
        page = browser.new_context(proxy=url, ca_file=str(authority.file)).new_page()
        page.goto(site.url("/"))
        assert page.title() == "plain"
        page.goto(secure.url)
        assert page.title() == "tunnel"
        assert [line.split(" ")[0] for line in proxy.requests] == ["GET", "CONNECT"]
        wrong = browser.new_context(proxy=url.replace("shore", "ebb"), ca_file=str(authority.file)).new_page()
        with pytest.raises(NetworkError, match="ERR_TUNNEL_CONNECTION_FAILED"):
            wrong.goto(secure.url)


def test_a_proxy_that_knows_nobody(browser: Browser) -> None:
    with ProxyServer(user="knot", password="shore") as proxy, Site({"/": "x"}) as site:
        page = browser.new_context(proxy=f"http://127.0.0.1:{proxy.port}").new_page()
        response = page.goto(site.url("/"))
        assert response is not None
        assert response.status == 407
        assert site.requests == []
