"""What the tests of this folder share."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from sanderling.base.errors import NetworkError
from sanderling.http.client import ClientOptions, HttpClient
from sanderling.http.jar import CookieJar
from sanderling.http.request import Request
from sanderling.http.response import Response
from sanderling.testing.transport import Answer, FakeTransport

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(asyncio.wait_for(work, 60))


class FakeClock:
    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self.now = now

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.now


def redirect(to: str, status: int = 302, *headers: tuple[str, str]) -> Answer:
    return Answer(status=status, headers=(("Location", to), *headers))


def html(body: bytes = b"<p>hello", *headers: tuple[str, str]) -> Answer:
    return Answer(headers=(("Content-Type", "text/html"), *headers), body=body)


class World:
    """A client, its jar and the fake network."""

    def __init__(self, options: ClientOptions | None = None, **others: Any) -> None:
        self.clock = FakeClock()
        self.transport = FakeTransport()
        self.jar = CookieJar(self.clock)
        self.client = HttpClient(
            self.transport,
            jar=self.jar,
            options=options or ClientOptions(user_agent="Test/1"),
            clock=self.clock,
            **others,
        )

    def on(self, url: str, *answers: Answer, method: str = "") -> None:
        self.transport.answer(url, *answers, method=method)

    def sent(self, index: int = -1) -> dict[str, str]:
        """Give the headers of a request by lower-case name."""
        return {name.lower(): value for name, value in self.transport.received[index].headers}

    @property
    def urls(self) -> list[str]:
        return [request.url for request in self.transport.received]

    def fetch(self, request: Request) -> Response:
        """Fetch and read."""

        async def work() -> Response:
            response = await self.client.fetch(request)
            await response.read()
            return response

        return run(work())

    def body(self, request: Request) -> bytes:
        async def work() -> bytes:
            return await (await self.client.fetch(request)).read()

        return run(work())

    def error(self, request: Request) -> NetworkError:
        """Fetch what must fail."""
        try:
            response = self.fetch(request)
        except NetworkError as error:
            return error
        raise AssertionError(f"{request.url} gave {response.status}")


def go(url: str, **others: Any) -> Request:
    return Request.navigation(url, **others)


def script(url: str, client: str = "https://a.test/page", **others: Any) -> Request:
    return Request.script(url, client_url=client, **others)


def resource(url: str, destination: str = "script", client: str = "https://a.test/page", **others: Any) -> Request:
    return Request.resource(url, destination=destination, client_url=client, **others)
