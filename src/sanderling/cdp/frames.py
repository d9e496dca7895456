"""The page's frames as events of the Page domain: attached, navigated, their milestones, detached.

Thread: worker.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from sanderling.browser import hub as events
from sanderling.browser.frame import Frame
from sanderling.cdp.idle import IdleWatch
from sanderling.cdp.ids import MAIN_FRAME, frame_id, frame_loader_id, loader_id
from sanderling.proto.url import is_loopback_host, parse_origin
from sanderling.proto.window_features import window_features

if TYPE_CHECKING:
    from sanderling.cdp.inspector import PageInspector

_NAMES = {"domcontentloaded": "DOMContentLoaded", "load": "load"}

REPLAYED = ("commit", "DOMContentLoaded", "load", "networkAlmostIdle", "networkIdle")
"""Milestones that `Page.setLifecycleEventsEnabled` tells of again."""

ERROR_URL = "chrome-error://chromewebdata/"


def _secure_context_type(origin: str) -> str:
    """Give CDP's `Page.SecureContextType` of a serialised origin."""
    parsed = parse_origin(origin)
    if is_loopback_host(parsed.host):
        return "SecureLocalhost"
    return "Secure" if parsed.is_potentially_trustworthy() else "InsecureScheme"


class FrameEvents:
    """Watches the frames of a page."""

    def __init__(self, inspector: PageInspector) -> None:
        self._inspector = inspector
        self._page = inspector.page
        self._loop = asyncio.get_running_loop()
        self._reached: dict[int, list[tuple[str, float]]] = {MAIN_FRAME: []}  # of the current documents, with times
        self._idle: dict[int, IdleWatch] = {}
        self._initial()

    def _initial(self) -> None:
        # The blank document was complete before anybody could watch.
        for name in ("commit", "DOMContentLoaded", "load", "networkAlmostIdle", "networkIdle"):
            self._reached[MAIN_FRAME].append((name, self._inspector.now()))

    # -- identity ----------------------------------------------------------------------------------------------------------

    def loader(self, number: int) -> str:
        """Give the loader of a frame's current document."""
        frame = self._page.frames.get(number)
        if number == MAIN_FRAME or frame is None:
            return self._inspector.loader
        return frame_loader_id(self._page.id, number, frame.documents)

    def payload(self, frame: Frame) -> dict[str, Any]:
        """Give CDP's `Frame`."""
        url, hash_mark, fragment = frame.url.partition("#")
        committed = self._page.navigations.committed
        if frame.number == MAIN_FRAME and self._page.awaits_document and committed is not None and not committed.number:
            # As Chromium says it, an empty URL without its fragment: clients then wait for the document that the popup was opened with.
            url = ":"  # Playwright up to 1.54 knows no other; later versions take "", too
        out: dict[str, Any] = {
            "id": frame_id(self._page.id, frame.number),
            "loaderId": self.loader(frame.number),
            "url": url,
            "domainAndRegistry": "",
            "securityOrigin": "://" if frame.origin == "null" else frame.origin,
            "mimeType": frame.content_type,
            "secureContextType": _secure_context_type(frame.origin),
            "crossOriginIsolatedContextType": "NotIsolated",
            "gatedAPIFeatures": [],
        }
        if frame.parent is not None:
            out["parentId"] = frame_id(self._page.id, frame.parent)
        if hash_mark:
            out["urlFragment"] = f"#{fragment}"
        name = self._page.name if frame.number == MAIN_FRAME else frame.name or frame.element_id  # as in Chromium
        if name:
            out["name"] = name
        if url == ERROR_URL and frame.unreachable_url:
            out["unreachableUrl"] = frame.unreachable_url
        return out

    def tree(self, number: int = MAIN_FRAME) -> dict[str, Any]:
        """Give CDP's `FrameTree`."""
        frame = self._page.frames[number]
        out: dict[str, Any] = {"frame": self.payload(frame)}
        if frame.children:
            out["childFrames"] = [self.tree(child) for child in frame.children]
        return out

    # -- events ------------------------------------------------------------------------------------------------------------

    def happened(self, event: events.AnyEvent) -> None:
        """Tell of an event of a frame; others are none of ours."""
        if isinstance(event, events.NavigationStarted):
            self._started(event)
        elif isinstance(event, events.NavigationEnded):
            self._ended(event)
        elif isinstance(event, events.FrameNavigated):
            if event.within_document:
                self._within(event)
            else:
                self._navigated(event.frame)
        elif isinstance(event, events.FrameAttached):
            self.attached(event.frame, event.parent)
        elif isinstance(event, events.FrameDetached):
            self.detached(event.frame, event.reason)
        elif isinstance(event, events.WindowOpening):
            self._opening(event)
        elif isinstance(event, events.DocumentOpened):
            self._opened(event.frame)
        elif isinstance(event, events.Lifecycle):
            self._milestone(event.frame, event.name)
        elif isinstance(event, events.RequestStarted):
            for number, idle in self._idle.items():
                if self._counts(event, number):
                    idle.request_started(event.request)
        elif isinstance(event, events.RequestFinished | events.RequestFailed):
            for idle in tuple(self._idle.values()):
                idle.request_ended(event.request)

    def _opening(self, event: events.WindowOpening) -> None:
        self._broadcast(
            "windowOpen",
            {
                "url": event.url,
                "windowName": event.name or "_blank",
                "windowFeatures": window_features(event.features, noopener=event.noopener),
                "userGesture": event.activated,
            },
        )

    def _counts(self, event: events.RequestStarted, number: int) -> bool:
        return number in (MAIN_FRAME, event.frame)

    def _loader_of(self, event: events.NavigationStarted | events.NavigationEnded) -> str:
        if event.frame == MAIN_FRAME:
            return loader_id(self._page.id, event.number)
        return frame_loader_id(self._page.id, event.frame, event.number)

    def _started(self, event: events.NavigationStarted) -> None:
        frame = frame_id(self._page.id, event.frame)
        if event.by_page:  # the events about schedules are deprecated, and there are clients that wait for them (Taiko)
            asked = {"frameId": frame, "reason": "scriptInitiated", "url": event.url}
            self._broadcast("frameScheduledNavigation", {**asked, "delay": 0})
            self._broadcast("frameRequestedNavigation", {**asked, "disposition": "currentTab"})
            self._broadcast("frameClearedScheduledNavigation", {"frameId": frame})
        loader = self._loader_of(event)
        for session in tuple(self._inspector.sessions) if event.frame != MAIN_FRAME else ():
            session.documents_aborted(frame)
        self._broadcast(
            "frameStartedNavigating",
            {
                "frameId": frame,
                "url": event.url,
                "loaderId": loader,
                "navigationType": "reload" if event.reload else "differentDocument",
            },
        )
        self._broadcast("frameStartedLoading", {"frameId": frame})

    def _ended(self, event: events.NavigationEnded) -> None:
        loader = self._loader_of(event)
        for session in tuple(self._inspector.sessions):
            session.document_failed(loader, event.code or "net::ERR_ABORTED")
        self._broadcast("frameStoppedLoading", {"frameId": frame_id(self._page.id, event.frame)})

    def attached(self, number: int, parent: int) -> None:
        """A child frame came."""
        self._reached[number] = []
        self._broadcast(
            "frameAttached",
            {"frameId": frame_id(self._page.id, number), "parentFrameId": frame_id(self._page.id, parent)},
        )

    def detached(self, number: int, reason: str) -> None:
        """A child frame went."""
        self._reached.pop(number, None)
        idle = self._idle.pop(number, None)
        if idle is not None:
            idle.stop()
        for session in tuple(self._inspector.sessions):
            session.documents_aborted(frame_id(self._page.id, number))
        self._broadcast("frameDetached", {"frameId": frame_id(self._page.id, number), "reason": reason})

    def _within(self, event: events.FrameNavigated) -> None:
        self._broadcast(
            "navigatedWithinDocument",
            {
                "frameId": frame_id(self._page.id, event.frame),
                "url": event.url,
                "navigationType": "fragment" if event.by_fragment else "historyApi",
            },
        )

    def _navigated(self, number: int) -> None:
        inspector = self._inspector
        if number == MAIN_FRAME:
            if self._page.main_frame.url != ERROR_URL:  # what failed is answered when its error document is there
                for session in tuple(inspector.sessions):
                    session.document_begins(inspector.loader)
            inspector.kept.clear()
            inspector.contexts.clear()
            for child in [known for known in self._reached if known != MAIN_FRAME]:
                self.detached(child, "remove")
        frame = self._page.frames.get(number)
        if frame is None:
            return
        if number != MAIN_FRAME and frame.url != ERROR_URL:
            for session in tuple(inspector.sessions):
                session.document_begins(self.loader(number))
        self._reached[number] = []
        self.milestone(number, "init")
        self._broadcast("frameNavigated", {"frame": self.payload(frame), "type": "Navigation"})
        self.milestone(number, "commit")
        if number == MAIN_FRAME:
            inspector.broadcast("DOM", "documentUpdated", {})
        self._watch(number).document_began()

    def _opened(self, number: int) -> None:
        """The document stays, and so do its loader and contexts: only its milestones begin anew."""
        self._broadcast("documentOpened", {"frame": self.payload(self._page.frames[number])})
        self._reached[number] = []
        self.milestone(number, "init")
        self._watch(number).document_began()

    def _watch(self, number: int) -> IdleWatch:
        idle = self._idle.get(number)
        if idle is None:
            idle = self._idle[number] = IdleWatch(self._loop, lambda name: self.milestone(number, name))
        return idle

    def _milestone(self, number: int, label: str) -> None:
        name = _NAMES.get(label)
        if name is None:
            return
        if number == MAIN_FRAME:
            self._broadcast(
                "domContentEventFired" if label == "domcontentloaded" else "loadEventFired",
                {"timestamp": self._inspector.now()},
            )
        self.milestone(number, name)
        if label == "domcontentloaded":
            self._watch(number).content_loaded()
        else:
            self._broadcast("frameStoppedLoading", {"frameId": frame_id(self._page.id, number)})

    def milestone(self, number: int, name: str) -> None:
        """Report a milestone of a frame's document to the sessions that want them."""
        timestamp = self._inspector.now()
        self._reached.setdefault(number, []).append((name, timestamp))
        for session in tuple(self._inspector.sessions):
            if session.wants_lifecycle:
                session.lifecycle(number, name, timestamp)

    def replay(self) -> list[tuple[int, str, float]]:
        """Give what the current documents have reached: frame, milestone, time."""
        return [
            (number, name, time)
            for number, reached in self._reached.items()
            for name, time in reached
            if name in REPLAYED and number in self._page.frames
        ]

    def stop(self) -> None:
        """The page is gone."""
        for idle in self._idle.values():
            idle.stop()

    def _broadcast(self, event: str, params: dict[str, Any]) -> None:
        self._inspector.broadcast("Page", event, params)
