"""`blob:` URLs of a context: which isolate has made one, so that the others of its origin can use it.

https://w3c.github.io/FileAPI/#url-model. A blob lives in the isolate that made it (`web/FileAPI/blob_url.js`), where its own code reads it; it is asked
for here when a request of another isolate names it. Scripts come along at once: the loader of modules cannot ask an isolate that waits for it.

Thread: worker.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

import msgspec

from sanderling.base.errors import SanderlingError
from sanderling.browser.agent import Agent, Json
from sanderling.http.local import Blob

_LOG = logging.getLogger("sanderling.browser")

MAX_BLOB_URLS = 100_000
"""That the isolates of one context have, together; those that come later are known in their own isolate only."""

MAX_SCRIPT_BYTES = 256 * 1024 * 1024
"""That come along with the URLs of one context's scripts; each URL brings its own, however many are made of one blob."""


class _Entry(msgspec.Struct, frozen=True):
    agent: Agent
    origin: str
    content_type: str
    script: bytes | None  # what it holds, where that is a script


class Blobs:
    """The blob URLs of one context."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}
        self._urls: dict[Agent, set[str]] = {}
        self._script_bytes = 0
        self._kept: dict[str, list[Blob]] = {}  # by URL without fragment, for each request: whatever becomes of the URL

    def made(self, agent: Agent, origin: str, payload: Json, data: bytes | None) -> None:
        """`blob.made`: code of an isolate made a URL."""
        if agent.closed or payload["url"] in self._entries:
            return
        if len(self._entries) >= MAX_BLOB_URLS:
            _LOG.warning("more than %d blob: URLs", MAX_BLOB_URLS)
            return
        script = (data or b"") if payload["script"] else None
        size = len(script or b"")
        if self._script_bytes + size > MAX_SCRIPT_BYTES:
            _LOG.warning("scripts in blob: URLs have more than %d bytes", MAX_SCRIPT_BYTES)
            return
        if agent not in self._urls:
            self._urls[agent] = set()
            agent.when_closed(lambda: self._forget(agent))
        self._urls[agent].add(payload["url"])
        self._script_bytes += size
        self._entries[payload["url"]] = _Entry(agent, origin, payload["type"], script)

    def revoked(self, agent: Agent, origin: str, payload: Json) -> None:
        """`blob.revoked`: code of an isolate of the same origin takes a URL back."""
        entry = self._entries.get(payload["url"])
        if entry is None or (entry.agent is not agent and (entry.origin != origin or origin == "null")):
            return
        self._drop(payload["url"])
        self._urls[entry.agent].discard(payload["url"])
        if entry.agent is not agent:
            entry.agent.post("blob.revoke", payload)

    @contextlib.contextmanager
    def kept(self, url: str, blob: Blob | None) -> Iterator[None]:
        """Let a URL stand for a blob, if one is given, while a request that began before a revocation is made."""
        if blob is None:
            yield
            return
        key = url.partition("#")[0]
        kept = self._kept.setdefault(key, [])
        kept.append(blob)
        try:
            yield
        finally:
            kept.remove(blob)
            if not kept:
                del self._kept[key]

    async def find(self, url: str) -> Blob | None:
        """Give the blob of a URL without fragment, or None (`http.local.BlobResolver`)."""
        if url in self._kept:
            return self._kept[url][-1]
        entry = self._entries.get(url)
        if entry is None:
            return None
        if entry.script is not None:
            return Blob(entry.script, entry.content_type)
        try:
            found, body = await entry.agent.enter_bytes("blob.read", {"url": url})
        except SanderlingError as error:
            _LOG.debug("%s: %s", url, error)
            return None
        return Blob(body or b"", entry.content_type) if found["found"] else None

    def _forget(self, agent: Agent) -> None:
        for url in self._urls.pop(agent):
            self._drop(url)

    def _drop(self, url: str) -> None:
        self._script_bytes -= len(self._entries.pop(url).script or b"")
