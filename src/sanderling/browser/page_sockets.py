"""The WebSockets of one agent of a page (`web/websockets/WebSocket.js`), and who is told of them.

Page code asks by posts, and hears by entries of its agent. When the document goes its sockets are closed with 1001, and page code hears
no more; those who watch the page still hear of their end.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from sanderling.base.errors import ClosedError, NetworkError
from sanderling.browser.agent import Agent, Json
from sanderling.browser.cookie_access import placed
from sanderling.http.request import Request
from sanderling.http.websocket import ClientSocket, SocketPlan
from sanderling.network.messages import (
    HeaderList,
    SocketClosed,
    SocketMessage,
    SocketOpened,
    SocketRequest,
    SocketResponse,
    TransferId,
)

if TYPE_CHECKING:
    from sanderling.browser.page import Page

_LOG = logging.getLogger("sanderling.browser.network")

GOING_AWAY = 1001
"""RFC 6455, 7.4.1: the page is navigated away from, or closed."""

MAX_PAGE_SOCKETS = 255
"""Of one page and its frames; Chromium's limit is of one process."""


class SocketWatcher(Protocol):
    """Is told of every WebSocket of a page; `number` is of the page's requests."""

    def socket_created(self, number: int, url: str, frame: int, stack: Sequence[Json]) -> None:
        """Page code made one."""

    def socket_requested(self, number: int, headers: HeaderList) -> None:
        """The handshake goes out."""

    def socket_answered(self, number: int, response: SocketResponse, sent: HeaderList) -> None:
        """Its response came; `sent` is what the request said."""

    def socket_sent(self, number: int, data: bytes, *, text: bool) -> None:
        """Page code sent a message."""

    def socket_received(self, number: int, data: bytes, *, text: bool) -> None:
        """A message came."""

    def socket_failed(self, number: int, message: str) -> None:
        """It could not be opened, or broke; `socket_closed` follows."""

    def socket_closed(self, number: int) -> None:
        """It is over."""


class PageSocket:
    """One socket (`http.websocket.SocketListener`)."""

    def __init__(self, owner: PageSockets, agent: Agent, local: int, number: int, url: str) -> None:
        self._owner = owner
        self._agent: Agent | None = agent  # None once page code is not told any more
        self._local = local  # the id that page code gave
        self.number = number  # of the page's requests
        self._url = url
        self._sent_headers: HeaderList = ()
        self.opening: asyncio.Task[None] | None = None  # while it is asked how it goes
        self.socket: ClientSocket | None = None  # None before, and where it could not be opened

    def mute(self) -> None:
        """Page code is gone."""
        self._agent = None

    def _post(self, kind: str, payload: dict[str, Json], data: bytes | None = None) -> None:
        if self._agent is not None:
            self._agent.post(kind, {"id": self._local, **payload}, data)

    def requested(self, event: SocketRequest) -> None:
        """See `SocketListener.requested`."""
        self._sent_headers = event.headers
        for watcher in self._owner.watchers():
            watcher.socket_requested(self.number, event.headers)

    def answered(self, event: SocketResponse) -> None:
        """See `SocketListener.answered`."""
        for watcher in self._owner.watchers():
            watcher.socket_answered(self.number, event, self._sent_headers)

    def opened(self, event: SocketOpened) -> None:
        """See `SocketListener.opened`."""
        self._post("ws.opened", {"protocol": event.protocol, "extensions": event.extensions})

    def message(self, event: SocketMessage) -> None:
        """See `SocketListener.message`."""
        for watcher in self._owner.watchers():
            watcher.socket_received(self.number, event.data, text=event.text)
        if self._agent is not None:
            self._post("ws.message", {"text": event.text}, event.data)
        elif self.socket is not None:
            self.socket.consumed(len(event.data) or 1)

    def sent(self, count: int) -> None:
        """See `SocketListener.sent`."""
        self._post("ws.sent", {"count": count})

    def closed(self, event: SocketClosed) -> None:
        """See `SocketListener.closed`."""
        self._owner.forget(self._local, self)
        if event.error:
            _LOG.debug("WebSocket %s: %s (%s)", self._url, event.message, event.error)
        for watcher in self._owner.watchers():
            if event.error and event.error != "net::ERR_ABORTED":
                # Before the handshake only the code says in Chromium's words what happened.
                told = event.message if self._sent_headers else f"Error in connection establishment: {event.error}"
                watcher.socket_failed(self.number, told or event.error)
            watcher.socket_closed(self.number)
        self._post(
            "ws.closed", {"code": event.code, "reason": event.reason, "clean": event.clean, "error": event.error}
        )


class PageSockets:
    """What the posts of one agent say about its sockets.

    Args:
        page: whose agent it is.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._sockets: dict[int, PageSocket] = {}  # by the id that page code gave

    def watchers(self) -> tuple[SocketWatcher, ...]:
        """Give those who are told of the page's sockets."""
        return tuple(self._page.network.socket_watchers)

    def open(self, agent: Agent, payload: Json, client_url: str) -> None:
        """`ws.open`."""
        page = self._page
        network = page.network
        socket = PageSocket(self, agent, payload["id"], network.new_number(), payload["url"])
        self._sockets[payload["id"]] = socket
        for watcher in self.watchers():
            watcher.socket_created(socket.number, payload["url"], payload["frame"], payload.get("stack", ()))
        asker = placed(page, Request(url=payload["url"]), payload["frame"])
        plan = SocketPlan(
            url=payload["url"],
            protocols=tuple(payload["protocols"]),
            client_url=client_url,
            origin=payload["origin"],
            site_for_cookies=asker.site_for_cookies,
            cross_site_ancestor=asker.cross_site_ancestor,
            overrides=page.emulation.overrides(network.tools.overrides()),
            page=page.id,
        )
        if page.context.client.may_upgrade(plan):
            socket.opening = asyncio.get_running_loop().create_task(self._upgrade_and_connect(socket, plan))
        else:
            self._connect(socket, plan)

    async def _upgrade_and_connect(self, socket: PageSocket, plan: SocketPlan) -> None:
        with contextlib.suppress(ClosedError):  # opening it says so, too
            plan = await self._page.context.client.upgraded(plan)
        socket.opening = None
        self._connect(socket, plan)

    def _connect(self, socket: PageSocket, plan: SocketPlan) -> None:
        try:
            self._check(plan.url)
            socket.socket = self._page.context.client.open_socket(plan, socket)
        except NetworkError as error:
            socket.closed(SocketClosed(TransferId(0), 1006, error=error.code, message=error.message))
        except ClosedError:
            socket.closed(SocketClosed(TransferId(0), 1006, error="net::ERR_ABORTED"))

    def _check(self, url: str) -> None:
        tools = self._page.network.tools
        if len(self._sockets) > MAX_PAGE_SOCKETS:
            raise NetworkError("net::ERR_INSUFFICIENT_RESOURCES", f"{MAX_PAGE_SOCKETS} WebSockets are open", url=url)
        if tools.is_blocked(url):
            raise NetworkError("net::ERR_BLOCKED_BY_CLIENT", "its URL is blocked", url=url)
        conditions = tools.conditions(url)
        if conditions is not None and conditions.offline:
            raise NetworkError("net::ERR_INTERNET_DISCONNECTED", "offline is emulated", url=url)

    def send(self, payload: Json, data: bytes | None) -> None:
        """`ws.send`."""
        one = self._sockets.get(payload["id"])
        if one is None or one.socket is None:
            return
        message = data or b""
        for watcher in self.watchers():
            watcher.socket_sent(one.number, message, text=payload["text"])
        one.socket.send(message, text=payload["text"])

    def close(self, payload: Json) -> None:
        """`ws.close`."""
        one = self._sockets.get(payload["id"])
        if one is not None and one.opening is not None:
            _give_up(one)
        elif one is not None and one.socket is not None:
            one.socket.close(payload["code"], payload["reason"])

    def consumed(self, payload: Json) -> None:
        """`ws.consumed`."""
        one = self._sockets.get(payload["id"])
        if one is not None and one.socket is not None:
            one.socket.consumed(payload["count"])

    def gone(self, payload: Json) -> None:
        """`ws.gone`: its document went, in a child frame perhaps."""
        one = self._sockets.pop(payload["id"], None)
        if one is not None:
            self._leave(one)

    def abandon(self) -> None:
        """The agent's document is gone."""
        sockets, self._sockets = self._sockets, {}
        for one in sockets.values():
            self._leave(one)

    def _leave(self, one: PageSocket) -> None:
        one.mute()
        if one.opening is not None:
            _give_up(one)
        if one.socket is not None:
            try:
                one.socket.close(GOING_AWAY, "")
            except ClosedError:
                return  # the worker ends: Network says goodbye for it

    def forget(self, local: int, one: PageSocket) -> None:
        """It is over."""
        if self._sockets.get(local) is one:
            del self._sockets[local]


def _give_up(one: PageSocket) -> None:
    """End a socket that is not under way yet."""
    if one.opening is not None:
        one.opening.cancel()
        one.opening = None
    one.closed(SocketClosed(TransferId(0), 1006, error="net::ERR_ABORTED"))
