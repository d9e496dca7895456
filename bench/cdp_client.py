"""A CDP client for many at once on one loop: commands to one page, and events by name."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from collections.abc import AsyncIterator
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from bench.servers import CdpServer

WAIT_S = 120.0


class Client:
    """A connection; `session` is where commands go unless they name another."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._events: dict[tuple[str, str], asyncio.Event] = {}
        self._reader = asyncio.ensure_future(self._read())
        self.session = ""

    async def _read(self) -> None:
        try:
            async for text in self._socket:
                message = json.loads(text)
                if "id" in message:
                    answer = self._answers.pop(message["id"], None)
                    if answer is not None and not answer.done():
                        answer.set_result(message)
                else:
                    event = self._events.get((message.get("sessionId", ""), message["method"]))
                    if event is not None:
                        event.set()
        finally:
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(ConnectionError("the server ended the connection"))

    async def close(self) -> None:
        """End it."""
        await self._socket.close()
        await asyncio.gather(self._reader, return_exceptions=True)

    def expect(self, method: str) -> asyncio.Event:
        """Give what is set by the next event of that name on this session."""
        event = self._events[self.session, method] = asyncio.Event()
        return event

    async def call(self, method: str, params: dict[str, Any] | None = None, session: str | None = None) -> Any:
        """Send a command and give its result.

        Raises:
            RuntimeError: the answer is an error.
        """
        number = next(self._ids)
        message: dict[str, Any] = {"id": number, "method": method, "params": params or {}}
        session = self.session if session is None else session
        if session:
            message["sessionId"] = session
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send(json.dumps(message))
        async with asyncio.timeout(WAIT_S):
            got = await answer
        if "error" in got:
            raise RuntimeError(f"{method}: {got['error']}")
        return got["result"]

    async def open_page(self, context: str = "") -> str:
        """Make a page; gives its session, where commands go from now on."""
        where = {"browserContextId": context} if context else {}
        target = (await self.call("Target.createTarget", {"url": "about:blank", **where}, ""))["targetId"]
        attached = await self.call("Target.attachToTarget", {"targetId": target, "flatten": True}, "")
        self.session = attached["sessionId"]
        return self.session

    async def goto(self, url: str) -> None:
        """Navigate, and wait for the load event."""
        loaded = self.expect("Page.loadEventFired")
        await self.call("Page.navigate", {"url": url})
        async with asyncio.timeout(WAIT_S):
            await loaded.wait()

    async def evaluate(self, expression: str, session: str | None = None) -> Any:
        """Evaluate; promises are awaited."""
        params = {"expression": expression, "returnByValue": True, "awaitPromise": True}
        result = await self.call("Runtime.evaluate", params, session)
        if "exceptionDetails" in result:
            raise RuntimeError(str(result["exceptionDetails"])[:500])
        return result["result"].get("value")


@contextlib.asynccontextmanager
async def client_of(server: CdpServer) -> AsyncIterator[Client]:
    """Connect."""
    socket = await connect(server.socket_url, max_size=None, compression=None, open_timeout=WAIT_S, ping_interval=None)
    client = Client(socket)
    try:
        yield client
    finally:
        await client.close()
