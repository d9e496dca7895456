"""A server that wraps each JavaScript file of this folder into a page, and a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sanderling import Browser
from sanderling.testing.server import HttpServer, Request, Response

HERE = Path(__file__).parent

_PAGE = '<!doctype html><meta charset="utf-8"><title>{0}</title><script src="/harness.js"></script><body><script src="/{0}"></script>'


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The origin that serves `dom/nodes.js`, and a page with it at `dom/nodes.html`."""

    def answer(request: Request) -> Response:
        name = request.path.lstrip("/")
        file = HERE / name
        if file.suffix == ".html" and file.with_suffix(".js").is_file():
            return Response(_PAGE.format(name.removesuffix(".html") + ".js").encode())
        if file.suffix == ".js" and file.is_file():
            return Response(file.read_bytes(), content_type="text/javascript; charset=utf-8")
        return Response(b"not found", status=404, content_type="text/plain")

    with HttpServer(answer) as server:
        yield server.url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all files."""
    with Browser() as browser:
        yield browser
