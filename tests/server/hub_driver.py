"""Clients of a hub without sockets: messages go in and out of lists, on Network's own thread."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import msgspec

from sanderling.app.runtime import Isolation, Runtime
from sanderling.browser.browser import DEFAULT_USER_AGENT
from sanderling.browser.options import ContextOptions
from sanderling.js.engine import Limits as EngineLimits
from sanderling.network.network import Network
from sanderling.server.browsers import Browsers


@dataclass(frozen=True)
class Settings:
    """What the browsers are told at the start."""

    product: str = "Chrome/156.0.8078.79"
    user_agent: str = DEFAULT_USER_AGENT
    context: ContextOptions = field(default_factory=ContextOptions)
    workers_per_client: int = 1
    linger_s: float = 60.0
    shared_browser: bool = False


Json: TypeAlias = "Any"  # messages are looked into by the tests

TIMEOUT_S = 60.0


class RefusedAnswerError(Exception):
    """An error answer."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(f"{error['code']}: {error['message']}")
        self.code = error["code"]


class HubLink:
    """A client's socket, and the client behind it."""

    def __init__(self, browsers: Browsers, path: str = "/") -> None:
        self.messages: list[Json] = []
        self.closed: tuple[int, str] | None = None
        self._next = 0
        self._changed = asyncio.Event()
        browsers.check(path)
        self.handler = browsers.connect(path, self)

    def send(self, data: bytes) -> None:
        self.messages.append(msgspec.json.decode(data))
        self._changed.set()

    def close(self, code: int, reason: str) -> None:
        self.closed = (code, reason)
        self._changed.set()

    def pause(self) -> None:
        raise AssertionError("nobody should pause here")

    def resume(self) -> None:
        raise AssertionError("nobody should resume here")

    async def wait(self, look: Callable[[], Json | None], what: str) -> Json:
        """Wait until `look` gives something."""
        async with asyncio.timeout(TIMEOUT_S):
            while True:
                found = look()
                if found is not None:
                    return found
                self._changed.clear()
                try:
                    await self._changed.wait()
                except asyncio.CancelledError:
                    seen = [message.get("method") or message for message in self.messages]
                    raise AssertionError(f"{what} did not come; came: {seen[-30:]}") from None

    def post(self, method: str, session: str = "", **params: object) -> int:
        """Send a command."""
        self._next += 1
        message: dict[str, object] = {"id": self._next, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        self.handler.message(msgspec.json.encode(message))
        return self._next

    async def answer(self, number: int) -> Json:
        """Wait for an answer.

        Raises:
            RefusedAnswerError: it is an error.
        """
        message = await self.wait(
            lambda: next((body for body in self.messages if body.get("id") == number), None), f"answer {number}"
        )
        if "error" in message:
            raise RefusedAnswerError(message["error"])
        return message["result"]

    async def call(self, method: str, session: str = "", **params: object) -> Json:
        """Send a command and wait for its answer."""
        return await self.answer(self.post(method, session, **params))

    def events(self, method: str) -> list[Json]:
        """Give the parameters of those events that came."""
        return [body["params"] for body in self.messages if body.get("method") == method]

    async def event(self, method: str, **fields: object) -> Json:
        """Wait for an event whose parameters have these values."""

        def look() -> Json | None:
            for params in self.events(method):
                if all(params.get(key) == value for key, value in fields.items()):
                    return params
            return None

        return await self.wait(look, f"{method} {fields or ''}")

    async def attach(self, target: str) -> str:
        """Attach to a page; gives the session."""
        return str((await self.call("Target.attachToTarget", targetId=target, flatten=True))["sessionId"])


def on_network(
    test: Callable[[Browsers], Awaitable[None]], settings: Settings | None = None, *, isolation: Isolation = "thread"
) -> None:
    """Run `test` in Network's loop with browsers."""
    network = Network()
    limits = EngineLimits(heap_bytes=128 << 20)
    runtime = Runtime(network, isolation=isolation, engine_limits=limits)
    failures: list[BaseException] = []

    @asynccontextmanager
    async def browsers() -> AsyncIterator[Browsers]:
        some = Browsers(settings or Settings(), runtime.worker_maker())
        try:
            yield some
        finally:
            await some.close()

    async def main() -> None:
        try:
            async with browsers() as some:
                await test(some)
        except BaseException as error:
            failures.append(error)
        finally:
            network.stop_soon()

    network.run(main)
    runtime.close_workers()
    if failures:
        raise failures[0]
