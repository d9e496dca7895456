"""A page: its main frame, the agent of the current document, and the navigations between documents.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

from sanderling.base.errors import (
    ClosedError,
    NavigationError,
    NetworkError,
    PageCrashedError,
    SanderlingError,
    UsageError,
)
from sanderling.browser import hub as events
from sanderling.browser.agent import Agent, Json, PostHandler
from sanderling.browser.document_source import DocumentSource, document_source
from sanderling.browser.emulation import Emulation
from sanderling.browser.frame import Frame, HistoryEntry, Navigation, SessionHistory
from sanderling.browser.frame_agents import FrameAgents
from sanderling.browser.lifecycle import Activity
from sanderling.browser.navigation import FINAL, NavigationEvent, NavigationState
from sanderling.browser.options import QUIET_MS, WaitUntil
from sanderling.browser.page_modules import PageModules
from sanderling.browser.page_network import PageNetwork
from sanderling.browser.page_posts import PagePosts
from sanderling.browser.parser import ParsedTree, parse_document
from sanderling.browser.pure_csp import policies_of, sandbox_of
from sanderling.browser.result import ConsoleRecord, RequestRecord, ScriptErrorRecord
from sanderling.browser.web_workers import WebWorkers
from sanderling.http.request import Request
from sanderling.http.response import Response
from sanderling.js.engine import Isolate
from sanderling.js.errors import NotEnteredError
from sanderling.proto import url as urls
from sanderling.proto.content_disposition import is_attachment

if TYPE_CHECKING:
    from sanderling.browser.context import Context

_LOG = logging.getLogger("sanderling.browser")

MAX_RECORDS = 10_000
"""Console messages, errors and requests that a page remembers of its current document, each."""

ERROR_URL = "chrome-error://chromewebdata/"
"""Where Chromium shows that a document could not be loaded; clients know the address."""

IDLE_S = 0.1
"""How long after a page was made the isolate of its first document is, unless a navigation wants it before."""

SUBMITTED_S = 0.002
"""How long after the beginning of a navigation its request is on the way, and this thread waits."""

UNLOAD_DEADLINE_S = 1.0
"""How long the unload handlers of a document may compute; Chromium's limit is of that order."""


class NavigationRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What to load into the main frame."""

    url: str
    method: str = "GET"
    body: bytes | None = None
    content_type: str = ""
    referrer: str = ""
    referrer_policy: str = ""
    replace: bool = False
    reload: bool = False
    html: str | None = None
    """Markup to load under `url` without a request (`set_content`, javascript: URLs)."""
    initiator_origin: str = ""
    """Serialised origin of the document that asked; empty for the user."""
    history_index: int | None = None
    """Traversal: the entry to become current."""


class ResponseInfo(msgspec.Struct, frozen=True, kw_only=True):
    """The main resource of a navigation, as plain data."""

    url: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    redirects: tuple[tuple[str, int], ...] = ()
    remote_address: str = ""
    http_version: str = ""
    body: bytes = b""


def _is_failure(error: SanderlingError) -> bool:
    # What was aborted (a download, an empty response, another navigation) leaves the old document.
    return isinstance(error, NetworkError) and error.code != "net::ERR_ABORTED"


class DocumentReplacedError(NavigationError):
    """Another document came while code of the old one was being waited for."""


class Page:
    """One page of a context.

    Args:
        context: the owner.
        page_id: unique in the process.
    """

    def __init__(self, context: Context, page_id: str) -> None:
        self.id = page_id
        self.context = context
        self.hub = events.Hub()
        self.main_frame = Frame(1, None)
        self.frames: dict[int, Frame] = {1: self.main_frame}
        self.history = SessionHistory()
        self.opener: str | None = None  # id of the page that opened this one
        self.opener_window: tuple[str, int] | None = None  # `window.opener`: page and frame; None also once disowned
        self.creator_url = ""  # whose origin and base URL the initial about:blank has
        self.group = page_id  # pages that can find each other by name have the same one
        self.closing = False  # page code asked for it: `closed` is true at once
        self.name = ""  # window.name
        self.awaits_document = False  # a popup whose first document is still to come
        self.window_size = (context.options.viewport_width, context.options.viewport_height)
        self.title = ""  # as the document said at the end of an entry
        self.title_watchers: list[Callable[[], None]] = []
        self.closed = False
        self.shows_error_documents = (
            False  # a navigation that fails commits an error document, as browsers with a window do
        )
        self.crashed_reason: str | None = None
        self.response: ResponseInfo | None = None  # of the current document; None for about:blank
        self.console: list[ConsoleRecord] = []
        self.errors: list[ScriptErrorRecord] = []
        self.requests: dict[int, RequestRecord] = {}
        self.unsupported: list[str] = []
        self.milestones: dict[
            str, float
        ] = {}  # loop times of the current navigation: start, response, domcontentloaded, load
        self._loop = asyncio.get_running_loop()
        self.activity = Activity(self._loop)
        self.agent: Agent | None = None
        self._navigations = 0
        self._committed: Navigation | None = None  # the navigation that brought the current document
        self._documents = 0
        self._agents_made = 0  # number of the newest agent: what an isolate numbers is unique in its page with that
        self._navigating: asyncio.Task[None] | None = None
        self._milestone_waiters: list[tuple[str, Navigation, asyncio.Future[None]]] = []
        self._arrivals: list[asyncio.Future[None]] = []  # of the next document; those who came while one was being left
        self._results: dict[int, asyncio.Future[Json]] = {}  # evaluations and waits that page code will answer
        self._next_result = 1
        self.emulation = Emulation(self)
        self.preparers: list[Callable[[Agent], Awaitable[None]]] = [
            self.emulation.prepare
        ]  # run in each new document before any of its scripts
        self.extra_posts: dict[str, PostHandler] = {}  # posts of page code that somebody above this layer handles
        self.dialog_handler: Callable[[Json], Awaitable[Json]] | None = None  # answers dialogs; None: dismissed
        self.network = PageNetwork(self)
        self.modules = PageModules(self)
        self.frame_agents = FrameAgents(self)
        self.web_workers = WebWorkers(self)

    # -- life ---------------------------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Load the initial about:blank."""
        await self._commit_blank()

    def set_window_size(self, width: int, height: int) -> None:
        """Choose the size of the viewport, in CSS pixels, for documents to come."""
        self.window_size = (width, height)

    async def close(self, *, run_unload: bool = False) -> None:
        """Close the page; everything that waits for it fails with `ClosedError`. Idempotent.

        Args:
            run_unload: fire `beforeunload`, whose dialog may keep the page, and `unload`.
        """
        if self.closed:
            return
        agent = self.agent
        if run_unload and agent is not None:
            try:
                if not await agent.may_unload():
                    return
            except SanderlingError as error:
                _LOG.debug("beforeunload: %s", error)
            if agent is self.agent and not agent.closed:
                await self._unload(agent, asked=True)
        self._end()

    def _end(self) -> None:
        if self.closed:  # another closing was faster while this one asked the page
            return
        self.closed = True
        if self._navigating is not None:
            self._navigating.cancel()
        self._drop_agent(ClosedError("the page was closed"))
        self._fail_waiters(ClosedError("the page was closed"))
        self._document_arrived()
        self.context.forget(self)
        self.hub.publish(events.Closed(self.id))

    def stop_loading(self) -> None:
        """Cancel the navigation under way, and the requests of the current document."""
        navigation = self.main_frame.navigation
        if self._navigating is not None and navigation is not None and navigation is not self._committed:
            self._navigating.cancel()
        if self.agent is not None:
            self.network.stop(self.agent)

    def crash(self, reason: str) -> None:
        """End the engine of the current document as if it had failed."""
        if self.agent is not None:
            self.agent.crash(reason)

    def _drop_agent(self, reason: SanderlingError) -> None:
        self.network.abandon()
        self.frame_agents.close()
        if self.agent is not None:
            self.agent.close()
            self.agent = None
        for future in self._results.values():
            if not future.done():
                future.set_exception(reason)
        self._results.clear()

    def _fail_waiters(self, error: SanderlingError) -> None:
        for _, _, future in self._milestone_waiters:
            if not future.done():
                future.set_exception(error)
        self._milestone_waiters.clear()

    def crashed(self, error: PageCrashedError) -> None:
        """The isolate of the main document is gone."""
        self.crashed_reason = str(error)
        self._document_arrived()
        self.agent = None
        self.network.abandon()
        self.frame_agents.close()
        for future in self._results.values():
            if not future.done():
                future.set_exception(PageCrashedError(str(error)))
        self._results.clear()
        navigation = self.main_frame.navigation
        if navigation is not None and navigation.state not in FINAL:
            navigation.error = error
            navigation.advance(NavigationEvent.FAIL)
        self._fail_waiters(error)
        self.hub.publish(events.Crashed(self.id, str(error)))

    # -- navigation ---------------------------------------------------------------------------------------------------

    async def goto(self, request: NavigationRequest, *, wait_until: WaitUntil = "load") -> ResponseInfo | None:
        """Load a document and wait for a milestone of it.

        Returns:
            The response, or None where there was none (about:blank, a fragment, status 204).

        Raises:
            UsageError: the URL is malformed.
            NetworkError: the document could not be fetched.
            NavigationError: superseded by another navigation, or a download.
        """
        self._check_open()
        navigation = await self.begin(request)
        if navigation is None:
            return None
        await self._wait_until(navigation, wait_until)
        return None if navigation.state is NavigationState.NO_CONTENT else self.response

    async def begin(self, request: NavigationRequest) -> Navigation | None:
        """Begin to load a document; None where only the fragment changed.

        Raises:
            UsageError: the URL is malformed.
        """
        self._check_open()
        parsed = urls.parse(request.url)
        if parsed is None:
            raise UsageError(f"{request.url!r} is not a valid URL")
        if (
            self.agent is not None
            and request.html is None
            and not request.reload
            and self._is_fragment_of_current(request.url)
        ):
            await self.agent.enter("location.set", {"frame": 1, "url": request.url, "replace": request.replace})
            return None
        return self.start_navigation(request)

    @property
    def committed(self) -> Navigation | None:
        """The navigation that brought the current document."""
        return self._committed

    async def _wait_until(self, navigation: Navigation, wait_until: WaitUntil) -> None:
        await self.wait_milestone("commit" if wait_until == "commit" else "domcontentloaded", navigation)
        if wait_until in ("load", "networkidle", "stable"):
            await self.wait_milestone("load", navigation)
        if wait_until in ("networkidle", "stable"):
            await self.wait_quiet(wait_until)

    def _is_fragment_of_current(self, url: str) -> bool:
        head, hash_mark, _ = url.partition("#")
        return bool(hash_mark) and head == self.main_frame.url.partition("#")[0]

    def start_navigation(self, request: NavigationRequest) -> Navigation:
        """Begin a navigation of the main frame; one that was under way is superseded."""
        self._check_open()
        previous = self.main_frame.navigation
        if previous is not None and previous.state not in FINAL:
            previous.advance(NavigationEvent.SUPERSEDE)
            previous.error = NavigationError(
                f"navigation to {previous.url} was interrupted by another one to {request.url}"
            )
            self._settle(previous)
        if self._navigating is not None and self._navigating is not asyncio.current_task():
            self._navigating.cancel()
        self._navigations += 1
        navigation = Navigation(request.url, self._navigations)
        self.main_frame.navigation = navigation
        self.hub.publish(
            events.NavigationStarted(
                self.id, 1, request.url, navigation.number, bool(request.initiator_origin), request.reload
            )
        )
        self._navigating = self._loop.create_task(self._navigate(navigation, request))
        self.context.browser.prepare_isolate_in(SUBMITTED_S)
        return navigation

    def navigate_for(self, payload: Json, data: bytes | None) -> Navigation:
        """Begin a navigation of the main frame that page code asked for, here or in another window (`web/html/navigate.js`)."""
        return self.start_navigation(
            NavigationRequest(
                url=payload["url"],
                method=payload.get("method", "GET"),
                body=data if payload.get("hasBody") else None,
                content_type=payload.get("contentType", ""),
                referrer=payload.get("referrer", ""),
                referrer_policy=payload.get("referrerPolicy", ""),
                replace=payload.get("replace", False),
                reload=payload.get("reload", False),
                html=payload.get("html"),
                initiator_origin=payload.get("origin", self.main_frame.origin),
            )
        )

    def navigate_frame(self, payload: Json, data: bytes | None) -> None:
        """Like `navigate_for`, for whichever frame the payload names."""
        if payload["frame"] == 1:
            self.navigate_for(payload, data)
        else:
            self.frame_agents.navigate(payload, data)

    async def _navigate(self, navigation: Navigation, request: NavigationRequest) -> None:
        try:
            navigation.advance(NavigationEvent.START)
            self.milestones = {"start": self._loop.time()}
            await self._load(navigation, request)
        except asyncio.CancelledError:
            if navigation.state not in FINAL:
                navigation.advance(NavigationEvent.CANCEL)
                navigation.error = navigation.error or ClosedError("the navigation was canceled")
            self._settle(navigation)
            raise
        except SanderlingError as error:
            committed = navigation.state in (NavigationState.COMMITTED, NavigationState.INTERACTIVE)
            failed_now = navigation.state not in FINAL
            if failed_now:
                navigation.error = error
                navigation.advance(NavigationEvent.FAIL)
            # Whoever waits is told when the error document is there: told earlier, it would interrupt what he does next.
            try:
                if failed_now and not committed and self.shows_error_documents and _is_failure(error):
                    await self._commit_error(request, navigation.number)
            except SanderlingError as failure:  # the page was closed, or its engine ended, meanwhile
                _LOG.debug("error document: %s", failure)
            finally:
                self._settle(navigation)
        except Exception as error:
            _LOG.exception("navigation to %s failed", request.url)
            if navigation.state not in FINAL:
                navigation.error = NavigationError(f"internal error: {error!r}")
                navigation.advance(NavigationEvent.FAIL)
            self._settle(navigation)

    async def _load(self, navigation: Navigation, request: NavigationRequest) -> None:
        if request.html is not None:
            source = DocumentSource("html", request.html, "text/html")
            await self._commit(navigation, request, request.url, source, None)
            return
        if request.url.split("#")[0].split("?")[0] == "about:blank":
            await self._commit(navigation, request, request.url, DocumentSource("html", "", "text/html"), None)
            return
        response = await self._fetch_document(request, navigation.number)
        if self._is_download(response):
            self._download(navigation, response)
        body = await response.read()
        self.milestones["response"] = self._loop.time()
        if navigation.state in FINAL:
            return
        if response.status in (204, 205):
            # HTML, 7.4.5: such a response loads nothing; the old document stays.
            navigation.advance(NavigationEvent.EMPTY)
            self._settle(navigation)
            return
        if self.shows_error_documents and response.status >= 400 and not body:
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
            body=body,
        )
        source = document_source(
            body,
            response.headers.get("content-type") or "",
            nosniff=(response.headers.get("x-content-type-options") or "").strip().lower() == "nosniff",
        )
        if source.kind == "download":  # by its content
            self._download(navigation, response)
        await self._commit(navigation, request, response.url, source, info)

    @staticmethod
    def _is_download(response: Response) -> bool:
        """Whether a response's head says that it is no document."""
        if not 200 <= response.status <= 299 or response.status in (204, 205):
            return False
        content_type = response.headers.get("content-type") or ""
        return is_attachment(response.headers.get("content-disposition") or "") or (
            bool(content_type) and document_source(b"x", content_type).kind == "download"
        )

    def _download(self, navigation: Navigation, response: Response) -> NoReturn:
        navigation.is_download = True
        self.network.let_go(response)
        self.context.downloads.start(response, page=self.id, frame=1)
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
        )
        return await self.network.fetch(
            # A download may be longer than a body in memory may be.
            dataclasses.replace(made, stream=True) if self.context.downloads.allowed else made,
            kind="document",
            frame=1,
            navigation=navigation,
        )

    async def _commit_error(self, request: NavigationRequest, number: int) -> None:
        """Show an error document in place of what could not be loaded; its loader is that of the failed navigation."""
        shown = Navigation(ERROR_URL, number)
        shown.advance(NavigationEvent.START)
        self.main_frame.navigation = shown
        blank = DocumentSource("html", "", "text/html")
        self.main_frame.unreachable_url = request.url
        await self._commit(shown, request, ERROR_URL, blank, None)
        await self.wait_milestone("load", shown)

    async def _commit_blank(self) -> None:
        navigation = Navigation("about:blank", 0)
        navigation.advance(NavigationEvent.START)
        self.main_frame.navigation = navigation
        request = NavigationRequest(url="about:blank", replace=True)
        await self._commit(navigation, request, "about:blank", DocumentSource("html", "", "text/html"), None)

    async def _commit(
        self,
        navigation: Navigation,
        request: NavigationRequest,
        url: str,
        source: DocumentSource,
        info: ResponseInfo | None,
    ) -> None:
        tree = parse_document(
            source.markup,
            charset=source.charset,
            content_type=source.content_type,
            scripting=self.emulation.scripting,
        )
        old = self.agent
        if old is not None:
            await self._unload(old)
        isolate = await self.context.browser.take_isolate()
        if navigation.state in FINAL or self.closed:
            isolate.close()
            if old is not None:
                old.stay()
            self._document_arrived()
            return
        # The old document is gone from here on: a navigation that comes now must not leave the page without any.
        install = self._loop.create_task(self._install(navigation, request, url, source, info, isolate, tree))
        install.add_done_callback(
            lambda done: done.cancelled() or done.exception()
        )  # it may be that nobody waits for it
        await asyncio.shield(install)

    async def _install(
        self,
        navigation: Navigation,
        request: NavigationRequest,
        url: str,
        source: DocumentSource,
        info: ResponseInfo | None,
        isolate: Isolate,
        tree: ParsedTree,
    ) -> None:
        """Put a new document in the place of the old one, and load it."""
        self._drop_agent(DocumentReplacedError("the document was replaced while its code was running"))
        self._forget_document()
        self._agents_made += 1
        posts = PagePosts(self)
        agent = posts.agent = Agent(isolate, posts, deadline_s=self.context.browser.limits.entry_deadline_s)
        self.agent = agent
        self.modules.attach(isolate)
        fragment = request.url.partition("#")[2]
        if fragment and "#" not in url:
            url = f"{url}#{fragment}"
        self.response = info
        self.main_frame.url = url
        self.title = ""
        # HTML, 7.3.2.1: the initial about:blank of a popup has the origin of who opened it.
        self.main_frame.origin = urls.serialize_origin(
            self.creator_url if url == "about:blank" and self.creator_url else url
        )
        self.main_frame.content_type = source.content_type
        self.main_frame.lifecycle = {"commit"}
        self._record_history(request, url)
        start = self._start_payload(url, request, source, tree.encoding, info)
        await agent.enter("page.start", start)
        if navigation.state not in FINAL:  # else another one superseded it in these moments
            navigation.advance(NavigationEvent.COMMIT)
        self._committed = navigation
        self._document_arrived()
        if url != ERROR_URL:
            self.main_frame.unreachable_url = ""
        self.hub.publish(events.FrameNavigated(self.id, 1, url))
        self._reach("commit")
        for prepare in tuple(self.preparers):
            await prepare(agent)
        for script in self.context.options.init_scripts + tuple(self.context.init_scripts):
            await agent.enter("script.run", {"frame": 1, "source": script, "url": "sanderling:init"})
        initial = navigation.number == 0
        loading = self._loop.create_task(agent.enter("document.load", {"frame": 1, "initial": initial}, tree.data))
        if initial:
            # Somebody waits for this page, and will navigate it in a while.
            self.context.browser.prepare_isolate_in(IDLE_S)
        else:
            # The engine's thread builds the document; this thread makes the isolate of the next one meanwhile.
            await asyncio.sleep(0)
            self.context.browser.prepare_isolate()
        await loading
        if initial:
            # HTML, 7.4.4: the initial about:blank is complete at once, without events.
            self.lifecycle(1, "domcontentloaded")
            self.lifecycle(1, "load")

    def _start_payload(
        self, url: str, request: NavigationRequest, source: DocumentSource, encoding: str, info: ResponseInfo | None
    ) -> dict[str, Any]:
        headers = {name.lower(): value for name, value in info.headers} if info is not None else {}
        return {
            **self.start_facts(self.main_frame),
            "opener": self._opener(),
            "creator": self.creator_url if url == "about:blank" else "",
            "contentType": source.content_type,
            "encoding": encoding,
            "referrer": request.referrer,
            "lastModified": headers.get("last-modified", ""),
            "referrerPolicy": headers.get("referrer-policy", ""),
            "csp": policies_of(info.headers if info is not None else ()),
            "sandbox": None if info is None or self.bypasses_csp else sandbox_of(info.headers),
            "name": self.name,
        }

    @property
    def bypasses_csp(self) -> bool:
        """Whether Content Security Policies of documents to come do not count."""
        return self.context.options.bypass_csp or self.network.tools.bypasses_csp

    def start_facts(self, frame: Frame) -> dict[str, Any]:
        """Give what `page.start` gets for a new isolate whose main document is that of `frame`; it has its address already."""
        if frame.number != 1:
            self._agents_made += 1
        return {
            "kind": "window",
            "frame": frame.number,
            "agent": self._agents_made,
            "page": self.id,
            "initScripts": self.context.options.init_scripts + tuple(self.context.init_scripts),
            "url": frame.url,
            "images": self.context.options.images,
            "cspBypass": self.bypasses_csp,
            "name": frame.name,
            "historyLength": len(self.history.entries),
            "historyIndex": self.history.index,
            "userAgent": self.context.user_agent,
            "languages": self.context.languages,
            "width": self.window_size[0],
            "height": self.window_size[1],
            "localStorage": self.context.storage.items(frame.origin),
            "sessionStorage": self.context.session_storage(self.id).items(frame.origin),
        }

    def _opener(self) -> dict[str, Any] | None:
        if self.opener_window is None or self.opener_window[0] not in self.context.pages:
            return None
        return {"page": self.opener_window[0], "frame": self.opener_window[1]}

    def _forget_document(self) -> None:
        self.console.clear()
        self.errors.clear()
        self.unsupported.clear()
        document = next(
            (record for record in reversed(list(self.requests.values())) if record.type == "document"), None
        )
        self.requests.clear()
        if document is not None:
            self.requests[0] = document
        for number in [number for number in self.frames if number != 1]:
            del self.frames[number]
        self.main_frame.children.clear()
        self.crashed_reason = None

    def note_unsupported(self, name: str) -> None:
        """Remember something that the page asked for and Sanderling lacks; it stands in the verdict."""
        if name not in self.unsupported and len(self.unsupported) < MAX_RECORDS:
            self.unsupported.append(name)

    def traverse(self, delta: int) -> Navigation | None:
        """Go back or forth in the session history; None when there is no such entry, or it is an entry of the current document."""
        self._check_open()
        history = self.history
        index = history.index + delta
        if not 0 <= index < len(history.entries):
            return None
        entry = history.entries[index]
        if delta == 0:
            return self.start_navigation(NavigationRequest(url=self.main_frame.url, reload=True))
        if entry.document == history.entries[history.index].document and self.agent is not None:
            history.index = index
            self.main_frame.url = entry.url
            self.agent.post(
                "history.traverse", {"frame": 1, "entry": entry.entry, "length": len(history.entries), "index": index}
            )
            return None
        return self.start_navigation(NavigationRequest(url=entry.url, history_index=index))

    async def traverse_and_wait(self, delta: int, wait_until: WaitUntil) -> ResponseInfo | None:
        """Traverse, and wait for the document where that loads one; None as `goto` gives it, or when there is no such entry."""
        navigation = self.traverse(delta)
        if navigation is None:
            return None
        await self._wait_until(navigation, wait_until)
        return self.response

    def _record_history(self, request: NavigationRequest, url: str) -> None:
        self._documents += 1
        entry = HistoryEntry(url, self._documents)
        if request.history_index is not None:
            self.history.index = request.history_index
            self.history.replace(entry)
        elif (
            request.replace
            or request.reload
            or request.html is not None
            or self._committed is None
            or self._committed.number == 0  # HTML, 7.4.2.2: what follows the initial about:blank takes its place
        ):
            self.history.replace(entry)
        else:
            self.history.push(entry)

    async def _unload(self, agent: Agent, *, asked: bool = False) -> None:
        try:
            await agent.unload(deadline_s=UNLOAD_DEADLINE_S, asked=asked)
        except SanderlingError as error:
            _LOG.debug("unload: %s", error)

    # -- milestones ---------------------------------------------------------------------------------------------------

    def lifecycle(self, frame: int, name: str) -> None:
        """A document reached a milestone (posted by page code)."""
        label = name.lower()
        target = self.frames.get(frame)
        if target is None:
            return  # its last words came after it was removed
        target.lifecycle.add(label)
        self.hub.publish(events.Lifecycle(self.id, frame, label))
        if frame != 1:
            if label == "load":
                self.frame_agents.loaded(frame)
            return
        navigation = self._committed
        if navigation is self.main_frame.navigation:
            self.milestones.setdefault(label, self._loop.time())
        if navigation is not None and navigation.state not in FINAL:
            if label == "domcontentloaded":
                navigation.advance(NavigationEvent.PARSED)
            elif label == "load":
                navigation.advance(NavigationEvent.LOADED)
        self._reach(label)

    def _reach(self, label: str) -> None:
        navigation = self._committed
        remaining = []
        for name, wanted, future in self._milestone_waiters:
            if name == label and wanted is navigation:
                if not future.done():
                    future.set_result(None)
            else:
                remaining.append((name, wanted, future))
        self._milestone_waiters = remaining

    def _settle(self, navigation: Navigation) -> None:
        """A navigation ended without its document: wake whoever waits for it."""
        code = ""
        if navigation.error is not None or navigation.state is not NavigationState.NO_CONTENT:
            code = navigation.error.code if isinstance(navigation.error, NetworkError) else "net::ERR_ABORTED"
        self.hub.publish(events.NavigationEnded(self.id, 1, navigation.number, code))
        remaining = []
        for name, wanted, future in self._milestone_waiters:
            if wanted is not navigation:
                remaining.append((name, wanted, future))
            elif not future.done():
                if navigation.error is not None:
                    future.set_exception(navigation.error)
                else:
                    future.set_result(None)
        self._milestone_waiters = remaining

    async def wait_milestone(self, name: str, navigation: Navigation | None = None) -> None:
        """Wait until the (current) navigation's document reached `commit`, `domcontentloaded` or `load`."""
        self._check_open()
        wanted = navigation if navigation is not None else self.main_frame.navigation
        if wanted is None:
            return
        if wanted is self._committed and name in self.main_frame.lifecycle:
            return
        if wanted.state in FINAL:
            if wanted.error is not None:
                raise wanted.error
            return
        future: asyncio.Future[None] = self._loop.create_future()
        self._milestone_waiters.append((name, wanted, future))
        await future

    async def wait_quiet(self, kind: WaitUntil) -> None:
        """Wait for `networkidle` or `stable`."""
        if kind == "networkidle":
            await self.activity.wait_network_idle(QUIET_MS / 1000)
        else:
            await self.activity.wait_stable(QUIET_MS / 1000)

    # -- running code -------------------------------------------------------------------------------------------------

    def agents(self) -> list[Agent]:
        """Give the agents of the page's documents, the main one first."""
        return [] if self.agent is None else [self.agent, *self.frame_agents.agents()]

    def roots(self) -> list[tuple[int, Agent]]:
        """Give the frames whose documents are the main ones of their isolates, with those."""
        numbers = [1, *(number for number in self.frames if self.frame_agents.is_root(number))]
        return [(number, agent) for number in numbers if (agent := self.agent_of(number)) is not None]

    def agent_of(self, frame: int) -> Agent | None:
        """Give the agent that a frame's document lives in; None for a frame that is not there."""
        return self.frame_agents.agent_of(frame)

    async def call(self, kind: str, payload: dict[str, Any], *, frame: int = 1, agent: Agent | None = None) -> Json:
        """Enter the agent of a frame's document, or that of a web worker; for entries that answer at once."""
        self._check_open()
        agent = agent or self.agent_of(frame)
        if agent is None:
            raise PageCrashedError(self.crashed_reason or "the page has no document")
        return await agent.enter(kind, payload)

    async def call_later(
        self, kind: str, payload: dict[str, Any], *, frame: int = 1, agent: Agent | None = None
    ) -> Json:
        """Enter the agent of a frame's document, or that of a web worker; page code answers later, by a post with this id.

        The answer is the dictionary it posted, or the one the entry gave unless that says `pending`. A wait goes on in the next
        document when this one is replaced, as Playwright's do.
        """
        while True:
            try:
                return await self._call_later(kind, payload, frame, agent)
            except DocumentReplacedError:
                if kind != "wait":
                    raise
            except NotEnteredError:
                # The document is being left and nothing has begun there. Who names no execution context means the page.
                if kind not in ("wait", "evaluate") or self.closed:
                    raise
                arrival: asyncio.Future[None] = self._loop.create_future()
                self._arrivals.append(arrival)
                await arrival

    def _document_arrived(self) -> None:
        """Code can be entered again, or never more: let those look who wait for that."""
        arrivals, self._arrivals = self._arrivals, []
        for arrival in arrivals:
            if not arrival.done():
                arrival.set_result(None)

    async def _call_later(self, kind: str, payload: dict[str, Any], frame: int, agent: Agent | None) -> Json:
        self._check_open()
        number = self._next_result
        self._next_result += 1
        future: asyncio.Future[Json] = self._loop.create_future()
        self._results[number] = future
        try:
            try:
                outcome = await self.call(kind, {**payload, "id": number}, frame=frame, agent=agent)
            except NotEnteredError:
                raise
            except ClosedError:
                if future.done():
                    return await future  # says why
                raise
            if outcome is not None and not outcome.get("pending"):
                return outcome
            return await future
        finally:
            self._results.pop(number, None)
            if not future.done():
                future.cancel()
                if kind == "wait" and self.agent is not None:
                    self.agent.post("wait.cancel", {"id": number})
            elif not future.cancelled():
                future.exception()  # it may be that nobody came to ask

    def result_came(self, number: int, outcome: Json) -> None:
        """Page code posted the answer of a `call_later`."""
        future = self._results.get(number)
        if future is not None and not future.done():
            future.set_result(outcome)

    def _check_open(self) -> None:
        if self.closed:
            raise ClosedError("the page was closed")
