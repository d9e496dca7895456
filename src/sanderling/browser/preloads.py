"""What documents have asked for ahead of its use (HTML, 4.6.7.20 "preload"): kept until an equal request takes it.

https://html.spec.whatwg.org/multipage/links.html#map-of-preloaded-resources

Thread: worker.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from sanderling.base.errors import SanderlingError
from sanderling.http.request import Request
from sanderling.http.response import Response
from sanderling.http.stored import StoredTransfer
from sanderling.proto.integrity import matches

if TYPE_CHECKING:
    from sanderling.browser.agent_network import AgentNetwork

_LOG = logging.getLogger("sanderling.browser.network")

MAX_PRELOADS = 256
"""Of one isolate, kept or under way; what is more is asked for again by whoever uses it."""

MAX_PRELOADED_BYTES = 64 * 1024 * 1024
"""Of the bodies that are kept for one isolate; what is beyond is asked for again, too."""


class _Key(NamedTuple):
    """https://html.spec.whatwg.org/multipage/links.html#preload-key, and whose."""

    frame: int
    url: str
    destination: str
    mode: str
    credentials: str


class _Preload(msgspec.Struct):
    """One entry of the map."""

    task: asyncio.Task[tuple[Response, bytes]]
    integrity: str
    size: int = 0  # of its body, in bytes, once that is there


class Preloads:
    """The preloaded resources of one isolate's documents."""

    def __init__(self, network: AgentNetwork) -> None:
        self._network = network
        self._kept: dict[_Key, _Preload] = {}

    async def load(self, request: Request, *, kind: str, frame: int, initiator: str) -> Response:
        """Ask for something, and keep the response, with its body, for the next equal request of the frame.

        Raises:
            NetworkError: it failed; then nothing is kept.
        """
        key = _key(request, frame)
        same = self._kept.get(key)
        if same is not None and same.integrity == request.integrity:
            # As in Chromium: a header and an element that ask for the same have it fetched once.
            return (await asyncio.shield(same.task))[0]
        task = asyncio.get_running_loop().create_task(self._whole(request, kind, frame, initiator))
        preload = _Preload(task, request.integrity)
        if len(self._kept) < MAX_PRELOADS:
            # Equal ones: the map has one entry a key, the newest.
            self._kept[key] = preload
        try:
            response, body = await task
        except BaseException:
            task.cancel()
            self._drop(key, preload)
            raise
        preload.size = len(body)
        if sum(one.size for one in self._kept.values()) > MAX_PRELOADED_BYTES:
            self._drop(key, preload)
        return response

    def _drop(self, key: _Key, preload: _Preload) -> None:
        if self._kept.get(key) is preload:
            del self._kept[key]

    async def _whole(self, request: Request, kind: str, frame: int, initiator: str) -> tuple[Response, bytes]:
        response = await self._network.ask(request, kind=kind, frame=frame, initiator=initiator)
        return response, await response.read()

    async def take(self, request: Request, frame: int) -> Response | None:
        """Give what was preloaded for a request, once it is there (HTML, "consume a preloaded resource"), or None.

        Raises:
            NetworkError: what was under way failed.
        """
        # Fetch, main fetch, step 11: what code asks for with headers of its own is not what a link asked for.
        if not self._kept or request.method != "GET" or request.cache != "default":
            return None
        if any(header != ("Accept", "*/*") for header in request.headers):  # XMLHttpRequest says that of itself
            return None
        key = _key(request, frame)
        preload = self._kept.get(key)
        # Step 5: what is not known to be what was preloaded is asked for again.
        if preload is None or (preload.integrity and preload.integrity != request.integrity):
            return None
        del self._kept[key]
        task = preload.task
        if task.done() and (task.cancelled() or task.exception() is not None):
            return None
        try:
            response, body = await asyncio.shield(task)
        except SanderlingError as error:
            _LOG.debug("preload of %s: %s", request.url, error)
            raise
        if request.integrity and not matches(body, request.integrity):
            return None  # asked for again, it fails with the right words
        return response.again(StoredTransfer(response.head.status, response.head.headers, body, reason=response.reason))

    def abandon(self) -> None:
        """The document goes."""
        for preload in self._kept.values():
            preload.task.cancel()
        self._kept.clear()


def links_of(headers: Iterable[tuple[str, str]]) -> list[str]:
    """Give the `Link` fields of a document's response that may ask for something ahead (HTML, "process link headers")."""
    return [value for name, value in headers if name.lower() == "link" and "preload" in value.lower()]


def _key(request: Request, frame: int) -> _Key:
    return _Key(frame or 1, request.url, request.destination, request.mode, request.credentials)
