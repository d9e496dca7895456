"""What links ask for beside a navigation: downloads and pings (HTML, 4.6.5 and 4.6.7).

Thread: worker.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import msgspec

from sanderling.base.errors import SanderlingError
from sanderling.browser.agent import Json
from sanderling.http.local import Blob
from sanderling.http.request import Request

if TYPE_CHECKING:
    from sanderling.browser.agent_network import AgentNetwork
    from sanderling.browser.page import Page

_LOG = logging.getLogger("sanderling.browser.network")


class LinkRequests:
    """Of one isolate. Page code gives them no id: nobody there waits."""

    def __init__(self, page: Page, network: AgentNetwork) -> None:
        self._page = page
        self._network = network

    def start_download(self, payload: Json, data: bytes | None) -> None:
        """`download`: a link with that attribute was followed; a blob that it leads to comes along."""
        self._network.tasks.start("download", self._page.network.new_number(), self._download(payload, data))

    async def _download(self, payload: Json, data: bytes | None) -> None:
        blob = None if payload.get("blobType") is None else Blob(data or b"", payload["blobType"])
        request = msgspec.structs.replace(
            Request.navigation(
                payload["url"],
                referrer=payload["referrer"],
                referrer_policy=payload["referrerPolicy"],
                initiator_origin=self._page.main_frame.origin,
            ),
            stream=True,
        )
        try:
            with self._page.context.blobs.kept(payload["url"], blob):
                response = await self._network.fetch(request, kind="download", frame=payload["frame"])
        except SanderlingError as error:
            _LOG.debug("download of %s: %s", payload["url"], error)
            return
        self._page.network.let_go(response)
        self._page.context.downloads.start(
            response, page=self._page.id, frame=payload["frame"], name=payload.get("filename") or ""
        )

    def start_ping(self, payload: Json) -> None:
        """`ping` of a followed link (HTML, 4.6.7, "hyperlink auditing"): nobody waits for the answer."""
        self._network.tasks.start("ping", self._page.network.new_number(), self._ping(payload))

    async def _ping(self, payload: Json) -> None:
        request = Request.script(
            payload["url"],
            method="POST",
            headers=[("Content-Type", "text/ping"), ("Ping-From", payload["from"]), ("Ping-To", payload["to"])],
            body=b"PING",
            mode="no-cors",
            credentials="include",
            redirect="follow",
            referrer="",
            referrer_policy="",
            destination="",
            integrity="",
            cache="no-cache",
            keepalive=True,
            background=True,
            client_url=self._network.client_url,
        )
        try:
            await (await self._network.fetch(request, kind="ping", frame=1)).read()
        except SanderlingError as error:
            _LOG.debug("ping %s: %s", payload["url"], error)
