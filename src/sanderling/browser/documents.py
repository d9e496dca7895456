"""The documents of a page's main frame: each gets an agent (an isolate) of its own, and its start.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from sanderling.base.errors import ClosedError, PageCrashedError, SanderlingError
from sanderling.browser import hub as events
from sanderling.browser.agent import Agent
from sanderling.browser.document_source import DocumentSource
from sanderling.browser.frame import Frame, Navigation
from sanderling.browser.history_posts import stored_history
from sanderling.browser.navigation import FINAL, NavigationEvent
from sanderling.browser.navigation_request import ERROR_URL, NavigationRequest, ResponseInfo
from sanderling.browser.page_calls import DocumentReplacedError
from sanderling.browser.page_posts import PagePosts
from sanderling.browser.parser import ParsedTree
from sanderling.browser.preloads import links_of
from sanderling.browser.pure_csp import both_sandboxes, policies_of, sandbox_of
from sanderling.browser.resource_timing import document_timing
from sanderling.browser.slumber import Slumber
from sanderling.browser.storage_keys import storage_key
from sanderling.js.engine import Isolate
from sanderling.proto import url as urls
from sanderling.proto.headers import Headers
from sanderling.proto.referrer import policy_from_headers

if TYPE_CHECKING:
    from sanderling.browser.page import Page

_LOG = logging.getLogger("sanderling.browser")

IDLE_S = 0.1
"""How long after a page was made the isolate of its first document is, unless a navigation wants it before."""

LONG_BYTES = 64 * 1024
"""From this size on of its tree a document takes as long to build as an isolate to make; the requests of a shorter one would wait for that."""

UNLOAD_DEADLINE_S = 1.0
"""How long the unload handlers of a document may compute; Chromium's limit is of that order."""


class Documents:
    """The documents of one page, one after the other."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._agents = 0  # number of the newest agent: what an isolate numbers is unique in its page with that

    async def install(
        self,
        navigation: Navigation,
        request: NavigationRequest,
        url: str,
        source: DocumentSource,
        info: ResponseInfo | None,
        tree: ParsedTree,
        *,
        asleep: bool = False,
    ) -> None:
        """Put a new document in the place of the old one, and load it.

        Args:
            navigation: what leads to it.
            request: what was asked for.
            url: its address.
            source: its markup.
            info: the response it came with, if it did.
            tree: what was parsed of the markup.
            asleep: its isolate is made when the document is first needed.

        Raises:
            PageCrashedError: there is no isolate to be had; the page is told.
        """
        page, navigations = self._page, self._page.navigations
        page.drop_agent(DocumentReplacedError("the document was replaced while its code was running"))
        self._forget_document()
        self._agents += 1
        posts = PagePosts(page)
        # Only now, where none was made ahead: the new isolate takes the memory that the old one leaves.
        isolate = Slumber(self._awaken) if asleep else self._take()
        agent = posts.agent = Agent(isolate, posts, deadline_s=page.context.browser.limits.entry_deadline_s)
        page.agent = agent
        _, hash_mark, fragment = request.url.partition("#")
        if hash_mark and "#" not in url:
            url = f"{url}#{fragment}"
        page.response = info
        page.main_frame.url = url
        page.title = ""
        old_origin = page.main_frame.origin
        # HTML, 7.3.2.1: the initial about:blank of a popup has the origin of who opened it.
        page.main_frame.origin = urls.serialize_origin(
            page.creator_url if url == "about:blank" and page.creator_url else url
        )
        # HTML, "update the session history with the new page": a document of another site does not read what this one wrote.
        if page.main_frame.origin != old_origin and page.opener_window is None and navigations.committed is not None:
            page.name = page.name if navigations.committed.number == 0 else ""
        page.main_frame.content_type = source.content_type
        page.markups = {1: (source.markup, tree.encoding)}
        page.main_frame.lifecycle = {"commit"}
        navigations.record_history(request, url)
        start = self._start_payload(url, request, source, tree.encoding, info)
        if start["sandbox"] is not None and start["sandbox"]["opaque"]:
            page.main_frame.origin = "null"
        traversal = request.history_index is not None
        start["timing"] = document_timing(
            navigation.timing,
            begun_at=navigation.started_at or asyncio.get_running_loop().time(),
            kind="reload" if request.reload else "back_forward" if traversal else "navigate",
            unloaded=navigation.unloaded,
        )
        await agent.enter("page.start", start)
        if navigation.state not in FINAL:  # else another one superseded it in these moments
            navigation.advance(NavigationEvent.COMMIT)
        navigations.committed = navigation
        page.calls.document_arrived()
        if url != ERROR_URL:
            page.main_frame.unreachable_url = ""
        page.hub.publish(events.FrameNavigated(page.id, 1, url))
        page.milestones.reach("commit", navigation)
        for prepare in tuple(page.preparers):
            await prepare(agent)
        for script in page.init_scripts:
            await agent.enter("script.run", {"frame": 1, "source": script, "url": "sanderling:init"})
        initial = navigation.number == 0
        loading = asyncio.get_running_loop().create_task(
            agent.enter("document.load", {"frame": 1, "initial": initial}, tree.data)
        )
        if initial:
            # Somebody waits for this page, and will navigate it in a while.
            page.context.browser.prepare_isolate_in(IDLE_S)
        elif len(tree.data) >= LONG_BYTES:
            # The engine's thread builds the document; this thread makes the isolate of the next one meanwhile.
            await asyncio.sleep(0)
            page.context.browser.prepare_isolate()
        await loading
        if initial:
            # HTML, 7.4.4: the initial about:blank is complete at once, without events.
            page.lifecycle(1, "domcontentloaded")
            page.lifecycle(1, "load")

    def _take(self) -> Isolate:
        try:
            return self._awaken()
        except ClosedError:
            raise
        except Exception as error:
            crash = PageCrashedError(f"there is no isolate for the document: {error}")
            self._page.crashed(crash)
            raise crash from error

    def _awaken(self) -> Isolate:
        isolate = self._page.context.browser.take_isolate_now()
        self._page.modules.attach(isolate)
        return isolate

    def _start_payload(
        self, url: str, request: NavigationRequest, source: DocumentSource, encoding: str, info: ResponseInfo | None
    ) -> dict[str, Any]:
        page = self._page
        headers = {name.lower(): value for name, value in info.headers} if info is not None else {}
        fields = info.headers if info is not None else ()
        policy, csp = policy_from_headers(Headers(fields)), policies_of(fields, url)
        inherited = page.inherited if url.startswith(("about:", "blob:")) else None
        if inherited is not None:
            policy, csp = inherited["referrerPolicy"], inherited["csp"]
        return {
            **self.start_facts(page.main_frame),
            "opener": self._opener(),
            "creator": page.creator_url if url == "about:blank" else "",
            "contentType": source.content_type,
            "encoding": encoding,
            "referrer": request.referrer if info is None else info.referrer,
            "lastModified": headers.get("last-modified", ""),
            "referrerPolicy": policy,
            "csp": csp,
            "upgrade": inherited is not None and inherited["upgrade"],
            "links": links_of(fields),
            "sandbox": self._sandbox(info),
            "refresh": headers.get("refresh", ""),
            "name": page.name,
            "history": stored_history(page.history) if request.reload or request.history_index is not None else None,
        }

    def _sandbox(self, info: ResponseInfo | None) -> dict[str, bool] | None:
        """What sandboxes the main document: its policies, and for a popup the document that opened it."""
        page = self._page
        own = None if info is None or page.bypasses_csp else sandbox_of(info.headers)
        return both_sandboxes(page.popup_sandbox, own)

    def start_facts(self, frame: Frame) -> dict[str, Any]:
        """Give what `page.start` gets for a new isolate whose main document is that of `frame`; it has its address already."""
        page = self._page
        if frame.number != 1:
            self._agents += 1
        key = storage_key(page, frame.number)
        return {
            "kind": "window",
            "frame": frame.number,
            "agent": self._agents,
            "page": page.id,
            "initScripts": page.init_scripts,
            "url": frame.url,
            "images": page.context.options.images,
            "cspBypass": page.bypasses_csp,
            "name": frame.name,
            "historyLength": len(page.history),
            "historyIndex": page.history.index,
            "userAgent": page.context.user_agent,
            "languages": page.context.languages,
            "width": page.window_size[0],
            "height": page.window_size[1],
            "popup": [*page.window_position] if page.is_popup else None,
            "localStorage": page.context.storage.items(key),
            "sessionStorage": page.context.session_storage(page.id).items(key),
        }

    def _opener(self) -> dict[str, Any] | None:
        page = self._page
        if page.opener_window is None or page.opener_window[0] not in page.context.pages:
            return None
        return {"page": page.opener_window[0], "frame": page.opener_window[1]}

    def _forget_document(self) -> None:
        page = self._page
        page.console.clear()
        page.errors.clear()
        page.unsupported.clear()
        document = next(
            (record for record in reversed(list(page.requests.values())) if record.type == "document"), None
        )
        page.requests.clear()
        if document is not None:
            page.requests[0] = document
        for number in [number for number in page.frames if number != 1]:
            del page.frames[number]
        page.main_frame.children.clear()
        page.crashed_reason = None

    async def may_leave(self, entry: str = "") -> bool:
        """Fire `beforeunload` in the current documents; False where whoever is asked wants to stay (HTML, 7.4.2.4).

        Args:
            entry: the navigation API's id of the entry that is gone to; empty where the session history is not traversed.
        """
        for agent in self._page.agents():
            try:
                if not await agent.may_unload(entry if agent is self._page.agent else ""):
                    return False
            except SanderlingError as error:
                _LOG.debug("beforeunload: %s", error)
        return True

    async def unload(self, agent: Agent) -> float:
        """Fire the events of a main document that is being left, and of those in its frames; give for how many seconds its own ran."""
        others = [one for one in self._page.agents() if one is not agent]
        took, *_ = await asyncio.gather(*(self.unload_one(one) for one in (agent, *others)))
        return took

    async def unload_one(self, agent: Agent) -> float:
        """Fire the events of the documents of one isolate that are being left; give for how many seconds those of the outermost ran."""
        try:
            told = await agent.unload(deadline_s=UNLOAD_DEADLINE_S)
            if agent is self._page.agent:
                self._page.history.note_scroll(told["scroll"])
            return float(told["ms"]) / 1000
        except SanderlingError as error:
            _LOG.debug("unload: %s", error)
            return UNLOAD_DEADLINE_S

    async def unload_frame(self, agent: Agent) -> None:
        """Leave the documents of a child frame's isolate; where its navigation is canceled meanwhile, they stay after all."""
        unloading = asyncio.get_running_loop().create_task(self.unload_one(agent))
        try:
            await asyncio.shield(unloading)
        except asyncio.CancelledError:
            await asyncio.wait([unloading])  # at most for its deadline: until then nothing else can be entered anyhow
            agent.stay()
            self._page.calls.document_arrived()
            raise
