"""A trace of what happens to a page, in Chromium's format: navigations, documents' milestones, requests.

https://chromedevtools.github.io/devtools-protocol/tot/Tracing/

Only what is known here is traced. Nothing is painted, so there are no paints, frames and screenshots; how long scripts run is told by Profiler.

Thread: worker.
"""

from __future__ import annotations

import fnmatch
from typing import Any

import msgspec

from sanderling.browser import hub as events
from sanderling.cdp.ids import MAIN_FRAME, frame_id
from sanderling.cdp.inspector import PageInspector
from sanderling.cdp.session import Session

TIMELINE = "devtools.timeline"
LOADING = "loading,rail,devtools.timeline"
TIMING = "blink.user_timing"
START = "disabled-by-default-devtools.timeline"

CATEGORIES = ("blink.user_timing", "devtools.timeline", "disabled-by-default-devtools.timeline", "loading", "rail")
"""Those of the events below."""

MAX_EVENTS = 200_000
"""Kept of a trace; about what Chromium's buffer of 200 MB holds."""

MAX_ADDRESSES = 100_000_000
"""Characters of the addresses in a trace: there are pages with `data:` URLs of megabytes."""

_PROCESS = 1
_MAIN_THREAD = 1
_MILESTONES = {
    "domcontentloaded": ("MarkDOMContent", "domContentLoadedEventStart"),
    "load": ("MarkLoad", "loadEventStart"),
}
_RESPONSE_FACTS = ("mimeType", "protocol", "fromDiskCache", "fromServiceWorker", "encodedDataLength", "timing")


class TraceConfig(msgspec.Struct, frozen=True, kw_only=True):
    """CDP's `Tracing.TraceConfig`, as far as it selects events."""

    includedCategories: tuple[str, ...] = ()  # noqa: N815 - CDP's name, as below
    excludedCategories: tuple[str, ...] = ()  # noqa: N815

    def wants(self, categories: str) -> bool:
        """Say whether events of these categories are traced: where none is named, those that are not off by default."""
        names = categories.split(",")
        if any(fnmatch.fnmatchcase(name, one) for one in self.includedCategories for name in names):
            return True
        if any(not one.startswith("disabled-by-default-") for one in self.includedCategories):
            return False
        return any(
            not name.startswith("disabled-by-default-")
            and not any(fnmatch.fnmatchcase(name, one) for one in self.excludedCategories)
            for name in names
        )


class Trace(Session):
    """A trace under way: a session that nobody reads, and that remembers what it is told.

    Args:
        inspector: of the page.
        config: what is traced.
    """

    def __init__(self, inspector: PageInspector, config: TraceConfig) -> None:
        super().__init__("", inspector, {}, lambda data: None, lambda: None, flat=False)
        self._config = config
        self.events: list[dict[str, Any]] = []
        self.lost = False
        self._addresses = 0  # their characters
        self._running = True
        self.enabled.add("Network")
        inspector.sessions.append(self)
        inspector.network_watched()
        self.closers.append(inspector.page.hub.subscribe(self._happened))
        for kind, name in (("process_name", "Renderer"), ("thread_name", "CrRendererMain")):
            self.events.append(self._event(kind, "__metadata", "M", 0.0, {"name": name}))
        page = inspector.page
        frames = [
            {
                "frame": frame_id(page.id, number),
                "url": frame.url,
                "name": frame.name,
                "processId": _PROCESS,
                "isInPrimaryMainFrame": True,
                "isOutermostMainFrame": number == MAIN_FRAME,
            }
            for number, frame in page.frames.items()
        ]
        self._add("TracingStartedInBrowser", START, {"data": {"frames": frames, "persistentIds": True}})

    @staticmethod
    def _event(name: str, categories: str, phase: str, seconds: float, args: dict[str, Any]) -> dict[str, Any]:
        out = {
            "name": name,
            "cat": categories,
            "ph": phase,
            "ts": round(seconds * 1_000_000),
            "pid": _PROCESS,
            "tid": _MAIN_THREAD,
            "args": args,
        }
        return {**out, "s": "t"} if phase == "I" else out

    def _add(
        self, name: str, categories: str, args: dict[str, Any], *, at: float | None = None, phase: str = "I"
    ) -> None:
        if not self._running or not self._config.wants(categories):
            return
        data = args.get("data", {})
        self._addresses += len(data.get("url") or data.get("documentLoaderURL") or "")
        if len(self.events) >= MAX_EVENTS or self._addresses > MAX_ADDRESSES:
            self.lost = True
            return
        self.events.append(self._event(name, categories, phase, self.inspector.now() if at is None else at, args))

    # -- documents ---------------------------------------------------------------------------------------------------------

    def _happened(self, event: events.AnyEvent) -> None:
        page = self.inspector.page
        if isinstance(event, events.NavigationStarted):
            data = {
                "documentLoaderURL": event.url,
                "isLoadingMainFrame": event.frame == MAIN_FRAME,
                "isOutermostMainFrame": event.frame == MAIN_FRAME,
                "navigationId": f"{event.frame}.{event.number}",
            }
            self._add("navigationStart", TIMING, {"data": data, "frame": frame_id(page.id, event.frame)}, phase="R")
        elif isinstance(event, events.FrameNavigated) and not event.within_document:
            frame = page.frames.get(event.frame)
            if frame is None:
                return
            data = {
                "frame": frame_id(page.id, event.frame),
                "url": event.url,
                "name": frame.name,
                "isMainFrame": event.frame == MAIN_FRAME,
                "isOutermostMainFrame": event.frame == MAIN_FRAME,
                "processId": _PROCESS,
            }
            if frame.parent is not None:
                data["parent"] = frame_id(page.id, frame.parent)
            self._add("CommitLoad", TIMELINE, {"data": data})
        elif isinstance(event, events.Lifecycle) and event.name in _MILESTONES:
            mark, timing = _MILESTONES[event.name]
            frame_name = frame_id(page.id, event.frame)
            main = event.frame == MAIN_FRAME
            self._add(
                mark,
                TIMELINE,
                {"data": {"frame": frame_name, "isMainFrame": main, "isOutermostMainFrame": main, "page": page.id}},
            )
            self._add(timing, TIMING, {"frame": frame_name}, phase="R")

    # -- requests ----------------------------------------------------------------------------------------------------------

    def event(self, method: str, params: dict[str, Any]) -> None:
        """See `Session.event`."""
        if method == "Network.requestWillBeSent":
            request = params["request"]
            data = {
                "requestId": params["requestId"],
                "frame": params.get("frameId", ""),
                "url": request["url"],
                "requestMethod": request["method"],
                "priority": request["initialPriority"],
                "resourceType": params.get("type", "Other"),
                "initiator": params.get("initiator", {}),
            }
            self._add("ResourceSendRequest", TIMELINE, {"data": data}, at=params["timestamp"])
        elif method == "Network.responseReceived":
            response = params["response"]
            data = {
                "requestId": params["requestId"],
                "frame": params.get("frameId", ""),
                "statusCode": response["status"],
                "fromCache": response.get("fromDiskCache", False),
                **{name: response[name] for name in _RESPONSE_FACTS if name in response},
            }
            self._add("ResourceReceiveResponse", TIMELINE, {"data": data}, at=params["timestamp"])
        elif method == "Network.dataReceived":
            data = {"requestId": params["requestId"], "encodedDataLength": params["encodedDataLength"]}
            self._add("ResourceReceivedData", TIMELINE, {"data": data}, at=params["timestamp"])
        elif method in ("Network.loadingFinished", "Network.loadingFailed"):
            data = {
                "requestId": params["requestId"],
                "didFail": method == "Network.loadingFailed",
                "encodedDataLength": params.get("encodedDataLength", 0),
                "finishTime": params["timestamp"],
            }
            self._add("ResourceFinish", TIMELINE, {"data": data}, at=params["timestamp"])

    def stop(self) -> list[dict[str, Any]]:
        """End the trace; gives its events in the order of their times."""
        self._running = False
        self.close(answer=False)
        self.inspector.network_watched()
        return sorted(self.events, key=lambda event: event["ts"])
