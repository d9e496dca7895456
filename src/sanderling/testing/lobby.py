"""A lobby without browsers: what the server's tests put behind it. The real one passes the same contract (`tests/server/lobby_contract.py`).

Thread: main.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any

from sanderling.base.ids import new_id
from sanderling.server.links import ClientHandler, ClientLink, ListedTarget, RefusedError


class FakeClient:
    """A client of the fake lobby: it remembers what came, and answers by `on_message`."""

    def __init__(self, path: str, link: ClientLink, on_message: Callable[[FakeClient, bytes], None]) -> None:
        self.path = path
        self.link = link
        self.messages: list[bytes] = []
        self.gone_count = 0
        self.ended = asyncio.Event()  # set by `gone`
        self._on_message = on_message

    def message(self, data: bytes) -> None:
        """See `ClientHandler.message`."""
        self.messages.append(data)
        self._on_message(self, data)

    def gone(self) -> None:
        """See `ClientHandler.gone`."""
        self.gone_count += 1
        self.ended.set()


def echo(client: FakeClient, data: bytes) -> None:
    """Send a message back."""
    client.link.send(data)


class FakeLobby:
    """See `links.Lobby`; one page is open from the start.

    Args:
        on_message: what is done with each message of a client.
    """

    def __init__(self, on_message: Callable[[FakeClient, bytes], None] = echo) -> None:
        self._on_message = on_message
        self._browsers: set[str] = set()
        self._pages = {"P0": ListedTarget(id="P0", type="page", title="", url="about:blank")}
        self.clients: list[FakeClient] = []
        self.activated: list[str] = []
        self.hold: asyncio.Event | None = None  # `open_target` waits for it
        self.joined = asyncio.Event()  # set whenever a client came
        self.closed = False

    def new_browser_path(self) -> str:
        """See `Lobby`."""
        path = f"/devtools/browser/{new_id('browser')}"
        self._browsers.add(path)
        return path

    def targets(self) -> list[ListedTarget]:
        """See `Lobby`."""
        return list(self._pages.values())

    async def open_target(self, url: str) -> ListedTarget:
        """See `Lobby`."""
        if self.hold is not None:
            await self.hold.wait()
        target = ListedTarget(id=new_id("P"), type="page", title="", url=url)
        self._pages[target.id] = target
        return target

    async def close_target(self, target_id: str) -> None:
        """See `Lobby`."""
        self._known(target_id)
        del self._pages[target_id]

    def activate_target(self, target_id: str) -> None:
        """See `Lobby`."""
        self._known(target_id)
        self.activated.append(target_id)

    def _known(self, target_id: str) -> None:
        if target_id not in self._pages:
            raise RefusedError(404, f"No such target id: {target_id}")

    def check(self, path: str) -> None:
        """See `Lobby`."""
        if path in ("/", "/devtools/browser") or path in self._browsers:
            return
        page = re.fullmatch(r"/devtools/page/(.+)", path)
        if page is None:
            raise RefusedError(404, "No such browser or path")
        if page[1] not in self._pages:
            raise RefusedError(500, f"No such target id: {page[1]}")

    def connect(self, path: str, link: ClientLink) -> ClientHandler:
        """See `Lobby`."""
        client = FakeClient(path, link, self._on_message)
        self.clients.append(client)
        self.joined.set()
        return client

    def health(self) -> dict[str, Any]:
        """See `Lobby`."""
        return {"browsers": len(self._browsers), "pages": len(self._pages), "workers": 0}

    async def close(self) -> None:
        """End what a real one has."""
        self.closed = True
