"""The requests of isolates beside a page's main one: those of frames of other origins and of web workers.

Thread: worker.
"""

from __future__ import annotations

from collections.abc import Sequence

from sanderling.browser.agent import Json
from sanderling.browser.page_network import PageNetwork
from sanderling.http.request import Request
from sanderling.http.response import Response


class AgentNetwork(PageNetwork):
    """The requests of one such isolate: ids that its code gave are its own, everything else is the page's."""

    async def fetch(
        self,
        request: Request,
        *,
        kind: str,
        frame: int,
        navigation: int = 0,
        web_worker: int = 0,
        stack: Sequence[Json] = (),
    ) -> Response:
        """See `PageNetwork.fetch`."""
        return await self._page.network.fetch(
            request, kind=kind, frame=frame, navigation=navigation, web_worker=web_worker, stack=stack
        )
