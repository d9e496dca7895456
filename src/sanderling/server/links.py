"""What the server's parts need of each other: a client's socket, who serves it, the browsers behind it, and their workers.

The server (sockets, HTTP) knows only `Lobby` and `ClientHandler`; the hub knows only `ClientLink` and `WorkerLink`. Everything here is
called on Network's thread, and nothing blocks.

Thread: main.
"""

from __future__ import annotations

import concurrent.futures
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeAlias

import msgspec

from sanderling.network.files import Grants
from sanderling.network.messages import Notify, Output


class ClientLink(Protocol):
    """A client's socket after its upgrade, as the hub sees it."""

    def send(self, data: bytes) -> None:
        """Queue a text message. A client that does not read is dropped by the server, not here."""

    def close(self, code: int, reason: str) -> None:
        """Send a close frame and end the connection within the server's own deadline. Idempotent."""

    def pause(self) -> None:
        """Take no more messages from the client for now: its worker has too many waiting."""

    def resume(self) -> None:
        """Take messages again."""


class ClientHandler(Protocol):
    """Who serves a client."""

    def message(self, data: bytes) -> None:
        """Take a whole message of the client, as it came."""

    def gone(self) -> None:
        """The connection ended, however it did. Called exactly once."""


class ListedTarget(msgspec.Struct, frozen=True, kw_only=True):
    """A target as the HTTP endpoints list it."""

    id: str
    type: str
    title: str
    url: str
    description: str = ""
    parent_id: str = ""  # of a web worker: the page that it belongs to


class RefusedError(Exception):
    """An endpoint or a path that leads nowhere.

    Args:
        status: HTTP status for the answer.
        message: its body.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Lobby(Protocol):
    """The browsers behind a server."""

    def new_browser_path(self) -> str:
        """Give a fresh path for `/json/version`, ``/devtools/browser/ID``; the browser is made when somebody connects to it."""

    def targets(self) -> list[ListedTarget]:
        """Give the live pages, those of the default browser first."""

    async def open_target(self, url: str) -> ListedTarget:
        """Open a page in the default browser.

        Raises:
            RefusedError: it cannot be opened.
        """

    async def close_target(self, target_id: str) -> None:
        """Close a page.

        Raises:
            RefusedError: there is no such page.
        """

    def activate_target(self, target_id: str) -> None:
        """Bring a page to front.

        Raises:
            RefusedError: there is no such page.
        """

    def check(self, path: str) -> None:
        """Look whether a WebSocket may be opened at `path` (``/``, ``/devtools/browser[/ID]``, ``/devtools/page/ID``), before it is.

        Raises:
            RefusedError: it may not; 404 for a browser or a path, 500 for a page, as in Chromium.
        """

    def connect(self, path: str, link: ClientLink) -> ClientHandler:
        """Take a client whose upgrade is done; `check` was asked in the same turn of the loop."""

    def health(self) -> dict[str, Any]:
        """Give facts for `/healthz`."""


class WorkerLink(Protocol):
    """A worker, as the hub sees it, whatever carries it."""

    @property
    def grants(self) -> Grants:
        """Files that it may have opened; those that a client's message hands to a page are granted by `message`."""

    def call(self, method: str, params: bytes) -> concurrent.futures.Future[bytes]:
        """Ask it; answers come on Network's thread, in order with its notifications and outputs."""

    def message(self, session_id: str, data: bytes) -> None:
        """Hand on a client's message for a session."""

    async def close(self) -> None:
        """End it, also one that computes. Idempotent."""


WorkerMaker: TypeAlias = """Callable[
    [Callable[[Notify], None], Callable[[Output], None], Callable[[str], None]], Awaitable[WorkerLink]
]"""
"""Starts a worker: who gets its notifications, its outputs, and the reason when it dies by itself."""
