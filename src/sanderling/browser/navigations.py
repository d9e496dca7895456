"""The navigations of a page's main frame: how they begin, follow each other and end, and traversals of its session history.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from sanderling.base.errors import (
    ClosedError,
    NavigationError,
    NetworkError,
    PageCrashedError,
    SanderlingError,
    UsageError,
)
from sanderling.browser import hub as events
from sanderling.browser.agent import Agent, Json
from sanderling.browser.frame import Navigation
from sanderling.browser.history_posts import entry_state
from sanderling.browser.navigation import FINAL, NavigationEvent, NavigationState
from sanderling.browser.navigation_entries import activation_of, copy_named
from sanderling.browser.navigation_request import NavigationRequest, ResponseInfo
from sanderling.browser.options import WaitUntil
from sanderling.browser.session_history import MAIN, HistoryEntry
from sanderling.proto import url as urls

if TYPE_CHECKING:
    from sanderling.browser.page import Page

_LOG = logging.getLogger("sanderling.browser")

IDLE_S = 0.1
"""How long after a document was loaded the isolate of the next one is made, unless a navigation wants it before."""


def _is_failure(error: SanderlingError) -> bool:
    # What was aborted (a download, an empty response, another navigation) leaves the old document.
    return isinstance(error, NetworkError) and error.code != "net::ERR_ABORTED"


class Navigations:
    """The navigations of one page's main frame."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._loop = asyncio.get_running_loop()
        self.committed: Navigation | None = None  # the navigation that brought the current document
        self._number = 0  # of the newest
        self._documents = 0  # how many the session history has seen
        self._task: asyncio.Task[None] | None = None  # loads the newest
        self.activations: dict[int, Json] = {}  # how the documents came, for the navigation API, by frame
        self.left: dict[int, HistoryEntry] = {}  # what frames showed whose documents a traversal loads, by frame

    async def goto(self, request: NavigationRequest, *, wait_until: WaitUntil = "load") -> ResponseInfo | None:
        """Load a document and wait for a milestone of it.

        Returns:
            The response, or None where there was none (about:blank, a fragment, status 204).

        Raises:
            UsageError: the URL is malformed.
            NetworkError: the document could not be fetched.
            NavigationError: superseded by another navigation, or a download.
        """
        page = self._page
        page.check_open()
        navigation = await self.begin(request)
        if navigation is None:
            return None
        await self._wait_until(navigation, wait_until)
        return None if navigation.state is NavigationState.NO_CONTENT else page.response

    async def begin(self, request: NavigationRequest) -> Navigation | None:
        """Begin to load a document; None where only the fragment changed.

        Raises:
            UsageError: the URL is malformed.
        """
        page = self._page
        page.check_open()
        parsed = urls.parse(request.url)
        if parsed is None:
            raise UsageError(f"{request.url!r} is not a valid URL")
        if (
            page.agent is not None
            and request.html is None
            and not request.reload
            and self._is_fragment_of_current(request.url)
        ):
            await page.agent.enter("location.set", {"frame": 1, "url": request.url, "replace": request.replace})
            return None
        return self.start(request)

    async def _wait_until(self, navigation: Navigation, wait_until: WaitUntil) -> None:
        await self.wait_milestone("commit" if wait_until == "commit" else "domcontentloaded", navigation)
        if wait_until in ("load", "networkidle", "stable"):
            await self.wait_milestone("load", navigation)
        if wait_until in ("networkidle", "stable"):
            await self._page.wait_quiet(wait_until)

    def _is_fragment_of_current(self, url: str) -> bool:
        head, hash_mark, _ = url.partition("#")
        return bool(hash_mark) and head == self._page.main_frame.url.partition("#")[0]

    def start(self, request: NavigationRequest) -> Navigation:
        """Begin a navigation of the main frame; one that was under way is superseded."""
        page = self._page
        page.check_open()
        previous = page.main_frame.navigation
        if previous is not None and previous.state not in FINAL:
            previous.advance(NavigationEvent.SUPERSEDE)
            previous.error = NavigationError(
                f"navigation to {previous.url} was interrupted by another one to {request.url}"
            )
            self.settle(previous)
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()
        self._number += 1
        navigation = Navigation(request.url, self._number)
        navigation.started_at = self._loop.time()
        navigation.bypasses_cache = request.bypass_cache
        navigation.by_user = not request.initiator_origin and request.html is None and request.history_index is None
        page.main_frame.navigation = navigation
        page.hub.publish(
            events.NavigationStarted(
                page.id,
                1,
                request.url,
                navigation.number,
                bool(request.initiator_origin) and request.history_index is None,
                request.reload,
            )
        )
        self._task = self._loop.create_task(self._run(navigation, request))
        return navigation

    def start_for(self, payload: Json, data: bytes | None) -> Navigation:
        """Begin a navigation of the main frame that page code asked for, here or in another window (`web/html/navigate.js`)."""
        return self.start(
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
                navigation_state=entry_state(payload, data),
                initiator_origin=payload.get("origin", self._page.main_frame.origin),
                user_activated=payload.get("activated", False),
            )
        )

    def yields_to_user(self, payload: Json) -> bool:
        """Tell whether a navigation that page code asks for is not made: the user's own is under way, and the code does not answer him, as in Chromium."""
        current = self._page.main_frame.navigation
        return (
            payload["frame"] == 1
            and not payload.get("activated", False)
            and payload.get("html") is None
            and current is not None
            and current.by_user
            and current.state in (NavigationState.REQUESTED, NavigationState.FETCHING)
        )

    def start_from_elsewhere(self, payload: Json, data: bytes | None) -> None:
        """Like `start_in_frame`, where another window asked: it may stay in the document (HTML, "navigate to a fragment")."""
        number, url = payload["frame"], payload["url"]
        agent, frame = self._page.agent_of(number), self._page.frames.get(number)
        stays = "#" in url and frame is not None and frame.url.partition("#")[0] == url.partition("#")[0]
        if stays and agent is not None and not payload.get("reload") and not payload.get("hasBody"):
            agent.post(
                "location.set", {"frame": number, "url": url, "replace": payload.get("replace", False), "byPage": True}
            )
        else:
            self.start_in_frame(payload, data)

    def start_in_frame(self, payload: Json, data: bytes | None) -> None:
        """Like `start_for`, for whichever frame the payload names."""
        if payload["frame"] == 1:
            self.start_for(payload, data)
        else:
            self._page.frame_agents.navigate(payload, data)

    async def _run(self, navigation: Navigation, request: NavigationRequest) -> None:
        page = self._page
        try:
            navigation.advance(NavigationEvent.START)
            page.milestones.restart()
            # What a javascript: URL gives, and `set_content`, take the place of the document without asking it.
            index = request.history_index
            # Page code may have cut off the steps behind its own since they were looked at.
            known = index is not None and index < len(page.history)
            entry = page.history.steps[index].main.id if index is not None and known else ""
            if request.html is None and not await page.documents.may_leave(entry):
                navigation.error = NetworkError("net::ERR_ABORTED", "the page wants to stay", url=request.url)
                navigation.advance(NavigationEvent.CANCEL)
                self.settle(navigation)
                return
            await page.loader.load(navigation, request)
        except asyncio.CancelledError:
            if navigation.state not in FINAL:
                navigation.advance(NavigationEvent.CANCEL)
                navigation.error = navigation.error or ClosedError("the navigation was canceled")
            self.settle(navigation)
            raise
        except SanderlingError as error:
            committed = navigation.state in (NavigationState.COMMITTED, NavigationState.INTERACTIVE)
            failed_now = navigation.state not in FINAL
            if failed_now:
                navigation.error = error
                navigation.advance(NavigationEvent.FAIL)
            # Whoever waits is told when the error document is there: told earlier, it would interrupt what he does next.
            try:
                if failed_now and not committed and page.shows_error_documents and _is_failure(error):
                    await page.loader.commit_error(request, navigation.number)
            except SanderlingError as failure:  # the page was closed, or its engine ended, meanwhile
                _LOG.debug("error document: %s", failure)
            finally:
                self.settle(navigation)
        except Exception as error:
            _LOG.exception("navigation to %s failed", request.url)
            if navigation.state not in FINAL:
                navigation.error = NavigationError(f"internal error: {error!r}")
                navigation.advance(NavigationEvent.FAIL)
            self.settle(navigation)

    def traverse(self, delta: int) -> Navigation | None:
        """Go back or forth in the session history; None when there is no such entry, or it is an entry of the current document."""
        page = self._page
        page.check_open()
        history = page.history
        index = history.target(delta)
        if index is None:
            return None
        entry = history.steps[index].main
        if delta == 0:
            return self.start(NavigationRequest(url=page.main_frame.url, reload=True))
        if entry.document == history.current.main.document and page.agent is not None:
            left = {number: history.showing(number) for number in history.steps[index].frames}
            for number, shown in history.go(index, page.frames):
                self._show(number, shown, left[number])
            self.tell_history()
            return None
        return self.start(NavigationRequest(url=entry.url, history_index=index, initiator_origin=entry.initiator))

    def _show(self, number: int, entry: HistoryEntry, left: HistoryEntry | None) -> None:
        """Have a frame show another entry than `left`; the main one an entry of its document."""
        page = self._page
        frame, agent = page.frames[number], page.agent_of(number)
        if number == 1 or entry.document == frame.documents:
            if agent is not None:
                frame.url = entry.url
                at = {"length": len(page.history), "index": page.history.index}
                agent.post("history.traverse", {"frame": number, "entry": entry.entry, **at})
            return
        holder = page.frame_agents.holder_of(number)
        if holder is not None:
            if left is not None:
                self.left[number] = left
            where = {"to": entry.id, "index": page.history.index}
            holder.post("frame.navigate", {"frame": number, "url": entry.url, "history": "traverse", **where})

    def tell_history(self, but: Agent | None = None) -> None:
        """Let the documents know where the page is in its session history; `but` knows."""
        history = self._page.history
        for agent in self._page.agents():
            if agent is not but:
                agent.post("history.joint", {"length": len(history), "index": history.index})

    async def traverse_and_wait(self, delta: int, wait_until: WaitUntil) -> ResponseInfo | None:
        """Traverse, and wait for the document where that loads one; None as `goto` gives it, or when there is no such entry."""
        navigation = self.traverse(delta)
        if navigation is None:
            return None
        await self._wait_until(navigation, wait_until)
        return self._page.response

    def record_history(self, request: NavigationRequest, url: str) -> None:
        """Give a document that is being committed its place in the session history (HTML, 7.4.2.2)."""
        history = self._page.history
        self._documents += 1
        previous = copy_named(history.showing(MAIN))
        entry = HistoryEntry(
            url,
            self._documents,
            transition=request.transition,
            initiator=request.initiator_origin,
            state=request.navigation_state,
        )
        if request.reload and history.index >= 0:
            # HTML, "reload": the entry is the same one, with its state.
            known = history.current.main
            entry.id, entry.state, entry.initiator = known.id, entry.state or known.state, known.initiator
        if request.history_index is not None:
            history.arrive(request.history_index, entry)
            kind = "traverse"
        elif request.reload and history.index >= 0:
            history.reload(entry)
            kind = "reload"
        elif (
            request.replace
            or request.html is not None
            or self.committed is None
            or self.committed.number == 0  # HTML, 7.4.2.2: what follows the initial about:blank takes its place
        ):
            history.replace(entry)
            kind = "replace"
        else:
            history.push(entry)
            kind = "push"
        history.bound_states()
        self.activations[MAIN] = activation_of(history, MAIN, previous, kind)

    def settle(self, navigation: Navigation) -> None:
        """A navigation ended without its document: tell it."""
        code = ""
        if navigation.error is not None or navigation.state is not NavigationState.NO_CONTENT:
            code = navigation.error.code if isinstance(navigation.error, NetworkError) else "net::ERR_ABORTED"
        page = self._page
        page.hub.publish(events.NavigationEnded(page.id, 1, navigation.number, code))
        page.milestones.settle(navigation)

    def reached(self, label: str) -> None:
        """The current document reached a milestone."""
        page, navigation = self._page, self.committed
        if navigation is page.main_frame.navigation:
            page.milestones.note(label)
        if navigation is not None and navigation.state not in FINAL:
            if label == "domcontentloaded":
                navigation.advance(NavigationEvent.PARSED)
            elif label == "load":
                navigation.advance(NavigationEvent.LOADED)
        if label == "load":
            page.context.browser.prepare_isolate_in(IDLE_S)
        page.milestones.reach(label, navigation)

    def crashed(self, error: PageCrashedError) -> None:
        """The engine of the main document ended."""
        navigation = self._page.main_frame.navigation
        if navigation is not None and navigation.state not in FINAL:
            navigation.error = error
            navigation.advance(NavigationEvent.FAIL)
        self._page.milestones.fail(error)

    def cancel(self) -> None:
        """Cancel the newest navigation, also the loading of its document: the page ends."""
        if self._task is not None:
            self._task.cancel()

    def stop(self) -> None:
        """Cancel the navigation under way, unless its document is there already."""
        navigation = self._page.main_frame.navigation
        if self._task is not None and navigation is not None and navigation is not self.committed:
            self._task.cancel()

    async def wait_milestone(self, name: str, navigation: Navigation | None = None) -> None:
        """Wait until the (current) navigation's document reached `commit`, `domcontentloaded` or `load`."""
        page = self._page
        page.check_open()
        wanted = navigation if navigation is not None else page.main_frame.navigation
        if wanted is None:
            return
        if wanted is self.committed and name in page.main_frame.lifecycle:
            return
        if wanted.state in FINAL:
            if wanted.error is not None:
                raise wanted.error
            return
        await page.milestones.wait(name, wanted)
