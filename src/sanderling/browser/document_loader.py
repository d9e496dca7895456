"""Loads the document of a navigation: from the request to the moment the old document is left.

Thread: worker.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NoReturn

import msgspec

from sanderling.base.errors import NetworkError
from sanderling.browser.document_source import EMPTY_STATUSES, DocumentSource, document_source, is_download, type_of
from sanderling.browser.frame import Navigation
from sanderling.browser.navigation import FINAL, NavigationEvent
from sanderling.browser.navigation_request import ERROR_URL, NavigationRequest, ResponseInfo
from sanderling.browser.parser import parse_document
from sanderling.http.request import Request
from sanderling.http.response import Response
from sanderling.proto import url as urls

if TYPE_CHECKING:
    from sanderling.browser.agent import Agent
    from sanderling.browser.page import Page


class DocumentLoader:
    """Loads the documents of one page's main frame."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def load(self, navigation: Navigation, request: NavigationRequest) -> None:
        """Fetch what a navigation asks for and commit it.

        Raises:
            NetworkError: the document could not be fetched, or is a download.
        """
        page = self._page
        if request.html is not None:
            source = DocumentSource("html", request.html, "text/html")
            await self._commit(navigation, request, request.url, source, None)
            return
        if request.url.split("#")[0].split("?")[0] == "about:blank":
            await self._commit(navigation, request, request.url, DocumentSource("html", "", "text/html"), None)
            return
        response = await self._fetch_document(request, navigation.number)
        if is_download(response):
            self._download(navigation, response)
        body = await response.read()
        page.milestones.note("response")
        navigation.timing = page.network.timing_of(response)
        if navigation.state in FINAL:
            return
        if response.status in EMPTY_STATUSES:
            # The old document stays.
            navigation.advance(NavigationEvent.EMPTY)
            page.navigations.settle(navigation)
            return
        if page.shows_error_documents and response.status >= 400 and not body:
            # Chromium, NavigationRequest::OnResponseStarted: an error without a document of its own.
            raise NetworkError(
                "net::ERR_HTTP_RESPONSE_CODE_FAILURE", f"status {response.status} without a body", url=response.url
            )
        headers = tuple(response.headers.items())
        info = ResponseInfo(
            url=response.url,
            status=response.status,
            reason=response.reason,
            headers=headers,
            redirects=tuple((hop.url, hop.status) for hop in response.redirects),
            remote_address=response.remote_address,
            http_version=response.http_version,
            referrer=response.referrer,
            body=body,
            tls=response.head.tls,
        )
        source = document_source(
            body,
            type_of(response.headers),
            nosniff=(response.headers.get("x-content-type-options") or "").strip().lower() == "nosniff",
        )
        if source.kind == "download":  # by its content
            self._download(navigation, response)
        await self._commit(navigation, request, response.document_url, source, info)

    def _download(self, navigation: Navigation, response: Response) -> NoReturn:
        page = self._page
        navigation.is_download = True
        page.network.let_go(response)
        page.context.downloads.start(response, page=page.id, frame=1)
        raise NetworkError("net::ERR_ABORTED", "the response is a download", url=response.url)

    async def _fetch_document(self, request: NavigationRequest, navigation: int) -> Response:
        headers: list[tuple[str, str]] = []
        if request.content_type:
            headers.append(("Content-Type", request.content_type))
        made = Request.navigation(
            request.url,
            method=request.method,
            headers=headers,
            body=request.body,
            referrer=request.referrer,
            referrer_policy=request.referrer_policy,
            initiator_origin=request.initiator_origin,
            reload=request.reload,
            traversal=request.history_index is not None,
            user_activated=request.user_activated,
        )
        page = self._page
        return await page.network.fetch(
            # A download may be longer than a body in memory may be.
            msgspec.structs.replace(made, stream=True) if page.context.downloads.allowed else made,
            kind="document",
            frame=1,
            navigation=navigation,
        )

    async def commit_error(self, request: NavigationRequest, number: int) -> None:
        """Show an error document in place of what could not be loaded; its loader is that of the failed navigation."""
        page = self._page
        shown = Navigation(ERROR_URL, number)
        shown.advance(NavigationEvent.START)
        page.main_frame.navigation = shown
        blank = DocumentSource("html", "", "text/html")
        page.main_frame.unreachable_url = request.url
        await self._commit(shown, request, ERROR_URL, blank, None)
        await page.navigations.wait_milestone("load", shown)

    async def commit_blank(self) -> None:
        """Load the initial about:blank."""
        page = self._page
        navigation = Navigation("about:blank", 0)
        navigation.advance(NavigationEvent.START)
        page.main_frame.navigation = navigation
        request = NavigationRequest(url="about:blank", replace=True)
        source = DocumentSource("html", "", "text/html")
        if page.opened_by_page or page.init_scripts:
            # Page code runs in it, or can reach it, at once.
            await self._commit(navigation, request, "about:blank", source, None)
            return
        tree = parse_document("", charset=source.charset, content_type=source.content_type, scripting=True)
        await page.documents.install(navigation, request, "about:blank", source, None, tree, asleep=True)

    async def _unload(self, old: Agent) -> float:
        """Leave the old document; where another navigation comes meanwhile, which may bring none, the old one stays after all."""
        page = self._page
        agents = page.agents()
        unloading = asyncio.get_running_loop().create_task(page.documents.unload(old))
        try:
            return await asyncio.shield(unloading)
        except asyncio.CancelledError:
            await asyncio.wait([unloading])  # at most for its deadline: until then nothing else can be entered anyhow
            for agent in agents:
                agent.stay()
            page.calls.document_arrived()
            raise

    async def _commit(
        self,
        navigation: Navigation,
        request: NavigationRequest,
        url: str,
        source: DocumentSource,
        info: ResponseInfo | None,
    ) -> None:
        page = self._page
        tree = parse_document(
            source.markup,
            charset=source.charset,
            content_type=source.content_type,
            scripting=page.emulation.scripting,
        )
        old = page.agent
        if old is not None:
            loop = asyncio.get_running_loop()
            begun = loop.time()
            took = await self._unload(old)
            timing = navigation.timing
            chained = timing is None or timing.own_chain
            if chained and page.main_frame.origin == urls.serialize_origin(url) != "null":
                navigation.unloaded = (begun, begun + took)
        if navigation.state in FINAL or page.closed:
            for agent in page.agents():
                agent.stay()
            page.calls.document_arrived()
            return
        # The old document is gone from here on: a navigation that comes now must not leave the page without any.
        install = asyncio.get_running_loop().create_task(
            page.documents.install(navigation, request, url, source, info, tree)
        )
        install.add_done_callback(
            lambda done: done.cancelled() or done.exception()
        )  # it may be that nobody waits for it
        await asyncio.shield(install)
