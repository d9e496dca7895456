"""What tests of several folders share: a site from a dictionary, and a context of the one browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from sanderling.testing.server import HttpServer, Request, Response

Page: TypeAlias = "str | Response | Callable[[Request], Response]"


class Site:
    """Pages by path; it remembers what was asked."""

    def __init__(self, pages: Mapping[str, Page]) -> None:
        self.pages = dict(pages)
        self.requests: list[Request] = []
        self._server = HttpServer(self._answer)

    def _answer(self, request: Request) -> Response:
        self.requests.append(request)
        page = self.pages.get(request.path)
        if page is None:
            return Response(b"nothing here", 404, "text/plain")
        if isinstance(page, str):
            kind = {"js": "text/javascript", "json": "application/json", "css": "text/css"}.get(
                request.path.rpartition(".")[2], "text/html"
            )
            return Response(page.encode(), content_type=f"{kind}; charset=utf-8")
        return page if isinstance(page, Response) else page(request)

    @property
    def paths(self) -> list[str]:
        """The targets asked for, in order."""
        return [request.target for request in self.requests]

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return self._server.url.rstrip("/")

    def url(self, path: str) -> str:
        """Give the URL of a page."""
        return self.origin + path

    def __enter__(self) -> Site:
        self._server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()


def redirect(target: str, status: int = 302) -> Response:
    """Make a redirect."""
    return Response(b"", status, headers=(("Location", target),))
