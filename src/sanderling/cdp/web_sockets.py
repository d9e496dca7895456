"""A page's WebSockets as events of the Network domain.

Thread: worker.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sanderling.browser.agent import Json
from sanderling.cdp.extra_info import head_text
from sanderling.cdp.ids import request_id
from sanderling.cdp.requests import headers_object
from sanderling.network.messages import HeaderList, SocketResponse

if TYPE_CHECKING:
    from sanderling.cdp.inspector import PageInspector

_TEXT = 1
_BINARY = 2


class SocketEvents:
    """Turns what happens to WebSockets into events (`browser.page_sockets.SocketWatcher`)."""

    def __init__(self, inspector: PageInspector) -> None:
        self._inspector = inspector

    def _tell(self, event: str, number: int, **params: Any) -> None:
        inspector = self._inspector
        inspector.broadcast(
            "Network",
            event,
            {"requestId": request_id(inspector.page.id, number), "timestamp": inspector.now(), **params},
        )

    def socket_created(self, number: int, url: str, frame: int, stack: Sequence[Json]) -> None:
        """See `SocketWatcher.socket_created`."""
        inspector = self._inspector
        initiator: dict[str, Any] = {"type": "script"}
        if stack:
            initiator["stack"] = {"callFrames": list(stack)}
        inspector.broadcast(
            "Network",
            "webSocketCreated",
            {"requestId": request_id(inspector.page.id, number), "url": url, "initiator": initiator},
        )

    def socket_requested(self, number: int, headers: HeaderList) -> None:
        """See `SocketWatcher.socket_requested`."""
        wall = self._inspector.page.context.browser.clock.wall()
        request = {"headers": headers_object(headers)}
        self._tell("webSocketWillSendHandshakeRequest", number, wallTime=wall, request=request)

    def socket_answered(self, number: int, response: SocketResponse, sent: HeaderList) -> None:
        """See `SocketWatcher.socket_answered`."""
        self._tell(
            "webSocketHandshakeResponseReceived",
            number,
            response={
                "status": response.status,
                "statusText": response.reason,
                "headers": headers_object(response.headers),
                "headersText": head_text("HTTP/1.1", response.status, response.reason, response.headers),
                "requestHeaders": headers_object(sent),
            },
        )

    def socket_sent(self, number: int, data: bytes, *, text: bool) -> None:
        """See `SocketWatcher.socket_sent`."""
        self._tell("webSocketFrameSent", number, response=_frame(data, text=text, mask=True))

    def socket_received(self, number: int, data: bytes, *, text: bool) -> None:
        """See `SocketWatcher.socket_received`."""
        self._tell("webSocketFrameReceived", number, response=_frame(data, text=text, mask=False))

    def socket_failed(self, number: int, message: str) -> None:
        """See `SocketWatcher.socket_failed`."""
        self._tell("webSocketFrameError", number, errorMessage=message)

    def socket_closed(self, number: int) -> None:
        """See `SocketWatcher.socket_closed`."""
        self._tell("webSocketClosed", number)


def _frame(data: bytes, *, text: bool, mask: bool) -> dict[str, Any]:
    """Give CDP's `Network.WebSocketFrame`, of a whole message as in Chromium."""
    payload = data.decode("utf-8", "replace") if text else base64.b64encode(data).decode()
    return {"opcode": _TEXT if text else _BINARY, "mask": mask, "payloadData": payload}
