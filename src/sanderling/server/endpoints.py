"""The HTTP endpoints: what is asked, and what is answered. No client has to be connected, and no worker lives for them.

Paths, fields and texts are those of Chromium's DevTools HTTP handler, which clients compare.

Thread: main.
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

import msgspec

from sanderling.base.pattern import late_pattern
from sanderling.base.version import VERSION
from sanderling.server.http_exchange import Answer, HttpRequest
from sanderling.server.links import ListedTarget, Lobby, RefusedError
from sanderling.server.metrics import CONTENT_TYPE, Metrics
from sanderling.server.options import ServeOptions

JSON = "application/json; charset=UTF-8"

PROTOCOL_VERSION = "1.3"

WEBKIT_VERSION = f"537.36 (@{'0' * 40})"
"""Chromium's form: the frozen version of WebKit, and a revision, which we have none of."""

Outcome: TypeAlias = "Answer | Coroutine[Any, Any, Answer]"

_SCHEME = late_pattern(r"[A-Za-z][A-Za-z0-9+.-]*:")


class Endpoints:
    """See the module.

    Args:
        phases: gives the number of connections by phase.
        protocol_document: gives the body of `/json/protocol`.
        v8_version: of the engine.
    """

    def __init__(
        self,
        options: ServeOptions,
        lobby: Lobby,
        metrics: Metrics,
        phases: Callable[[], dict[str, int]],
        protocol_document: Callable[[], bytes],
        v8_version: str,
    ) -> None:
        self._options = options
        self._lobby = lobby
        self._metrics = metrics
        self._phases = phases
        self._protocol_document = protocol_document
        self._v8_version = v8_version

    def answer(self, request: HttpRequest, query: str, local_authority: str) -> Outcome:
        """Answer a request that `Guard` has let through.

        Args:
            request: what is asked.
            query: its query without the token.
            local_authority: host and port for addresses when the request names none.

        Raises:
            RefusedError: there is no such endpoint, or not with that method.
        """
        path = request.path
        _check_method(request.method, ("GET", "HEAD", "PUT") if path == "/json/new" else ("GET", "HEAD"))
        host = request.header("host") or local_authority
        if path == "/json/version":
            return _json(self._version(host))
        if path in ("/json", "/json/list"):
            return _json([self._describe(target, host) for target in self._lobby.targets()])
        if path == "/json/protocol":
            return Answer(200, self._protocol_document(), JSON)
        if path == "/json/new":
            return self._new(query, host)
        if path.startswith("/json/close/"):
            return self._close(path.removeprefix("/json/close/"))
        if path.startswith("/json/activate/"):
            self._lobby.activate_target(path.removeprefix("/json/activate/"))
            return Answer(200, b"Target activated")
        if path.startswith("/json/"):
            raise RefusedError(404, f"Unknown command: {path.removeprefix('/json/')}")
        if path == "/metrics":
            return Answer(200, self._metrics.exposition(), CONTENT_TYPE)
        if path == "/healthz":
            return _json({"status": "ok", "connections": self._phases(), **self._lobby.health()})
        if path.startswith("/devtools/"):
            self._lobby.check(path)
            raise RefusedError(426, "This is the address of a WebSocket")
        raise RefusedError(404, "There is nothing here; /json/version tells what there is")

    def _version(self, host: str) -> dict[str, str]:
        return {
            "Browser": self._options.product,
            "Protocol-Version": PROTOCOL_VERSION,
            "User-Agent": self._options.user_agent,
            "V8-Version": self._v8_version,
            "WebKit-Version": WEBKIT_VERSION,
            "Sanderling-Version": VERSION,
            "webSocketDebuggerUrl": self._websocket_url(host, self._lobby.new_browser_path()),
        }

    def _websocket_url(self, host: str, path: str) -> str:
        # Whoever reads this has shown the token; clients go to this address without adding anything.
        token = self._options.token
        return f"ws://{host}{path}" + (f"?token={urllib.parse.quote(token, safe='')}" if token else "")

    def _describe(self, target: ListedTarget, host: str) -> dict[str, str]:
        address = self._websocket_url(host, f"/devtools/page/{target.id}")
        parent = {"parentId": target.parent_id} if target.parent_id else {}
        return {
            "description": target.description,
            "devtoolsFrontendUrl": f"devtools://devtools/bundled/inspector.html?ws={address.removeprefix('ws://')}",
            "id": target.id,
            **parent,
            "title": target.title,
            "type": target.type,
            "url": target.url,
            "webSocketDebuggerUrl": address,
        }

    async def _new(self, query: str, host: str) -> Answer:
        url = urllib.parse.unquote(query)
        # As Chromium: what is no URL opens a blank page.
        target = await self._lobby.open_target(url if _SCHEME.match(url) else "about:blank")
        return _json(self._describe(target, host))

    async def _close(self, target_id: str) -> Answer:
        await self._lobby.close_target(target_id)
        return Answer(200, b"Target is closing")


def _check_method(method: str, allowed: tuple[str, ...]) -> None:
    if method not in allowed:
        raise RefusedError(405, f"The method may be {' or '.join(allowed)}")


def _json(value: object) -> Answer:
    return Answer(200, msgspec.json.format(msgspec.json.encode(value), indent=3), JSON)
