"""The page's requests as events of the Network domain.

There are no `ExtraInfo` events: `hasExtraInfo` is false, so no client waits for them.

Thread: worker.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from sanderling.browser import hub as events
from sanderling.cdp.ids import MAIN_FRAME, loader_id, request_id

if TYPE_CHECKING:
    from sanderling.cdp.inspector import PageInspector

MAX_REMEMBERED = 1000
"""Requests of a page whose identity is kept for late events and bodies."""

_TYPES = {
    "document": "Document",
    "iframe": "Document",
    "frame": "Document",
    "script": "Script",
    "module": "Script",
    "style": "Stylesheet",
    "image": "Image",
    "font": "Font",
    "audio": "Media",
    "video": "Media",
    "track": "TextTrack",
    "fetch": "Fetch",
    "xhr": "XHR",
    "ping": "Ping",
    "manifest": "Manifest",
}


class Known(msgspec.Struct):
    """What later events of a request need."""

    id: str
    type: str
    loader: str
    frame: str
    url: str
    document_url: str
    request: dict[str, Any]


def headers_object(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Write headers as CDP does: one member a name, several values joined."""
    out: dict[str, str] = {}
    names: dict[str, str] = {}  # lower case to the first spelling
    for name, value in pairs:
        key = names.setdefault(name.lower(), name)
        separator = "\n" if key.lower() == "set-cookie" else ", "
        out[key] = f"{out[key]}{separator}{value}" if key in out else value
    return out


class RequestEvents:
    """Turns events of the page into CDP's."""

    def __init__(self, inspector: PageInspector) -> None:
        self._inspector = inspector
        self._known: dict[int, Known] = {}
        self._numbers: dict[str, int] = {}  # CDP's id to the newest number
        self._exceptions = itertools.count(1)

    def next_number(self) -> int:
        """Give a number for an exception."""
        return next(self._exceptions)

    def number_of(self, request: str) -> int | None:
        """Give our number of a request by CDP's id."""
        return self._numbers.get(request)

    def happened(self, event: events.AnyEvent) -> None:
        """Report an event of a request; others are none of ours."""
        if isinstance(event, events.RequestStarted):
            self._started(event)
        elif isinstance(event, events.ResponseReceived):
            self._received(event)
        elif isinstance(event, events.RequestFinished):
            self._finished(event)
        elif isinstance(event, events.RequestFailed):
            self._failed(event)

    def _started(self, event: events.RequestStarted) -> None:
        inspector = self._inspector
        page = inspector.page
        navigation = page.main_frame.navigation
        makes_document = event.type == "document" and event.frame == MAIN_FRAME and navigation is not None
        loader = (
            loader_id(page.id, navigation.number) if makes_document and navigation is not None else inspector.loader
        )
        url, _, fragment = event.url.partition("#")
        request: dict[str, Any] = {
            "url": url,
            "method": event.method,
            "headers": headers_object(event.headers),
            "initialPriority": "VeryHigh" if makes_document else "Medium",
            "referrerPolicy": "strict-origin-when-cross-origin",
        }
        if fragment:
            request["urlFragment"] = f"#{fragment}"
        known = Known(
            loader if makes_document else request_id(page.id, event.request),
            _TYPES.get(event.type, "Other"),
            loader,
            inspector.frame_id,
            url,
            url if makes_document else page.main_frame.url,
            request,
        )
        self._known[event.request] = known
        self._numbers[known.id] = event.request
        if len(self._known) > MAX_REMEMBERED:
            oldest = next(iter(self._known))
            self._numbers.pop(self._known.pop(oldest).id, None)
        self._will_be_sent(known, request, None)

    def _will_be_sent(self, known: Known, request: dict[str, Any], redirect: dict[str, Any] | None) -> None:
        inspector = self._inspector
        params: dict[str, Any] = {
            "requestId": known.id,
            "loaderId": known.loader,
            "documentURL": known.document_url,
            "request": request,
            "timestamp": inspector.now(),
            "wallTime": inspector.page.context.browser.clock.wall(),
            "initiator": {"type": "other"},
            "redirectHasExtraInfo": False,
            "type": known.type,
            "frameId": known.frame,
            "hasUserGesture": False,
        }
        if redirect is not None:
            params["redirectResponse"] = redirect
        inspector.broadcast("Network", "requestWillBeSent", params)

    def _received(self, event: events.ResponseReceived) -> None:
        known = self._known.get(event.request)
        if known is None:
            return
        following = [*(url for url, _ in event.redirects[1:]), event.url] if event.redirects else []
        for (url, status), target in zip(event.redirects, following, strict=True):
            known.request = {**known.request, "url": target}
            known.document_url = target if known.id == known.loader else known.document_url
            self._will_be_sent(known, known.request, _response(event, url, status, "", ()))
        self._inspector.broadcast(
            "Network",
            "responseReceived",
            {
                "requestId": known.id,
                "loaderId": known.loader,
                "timestamp": self._inspector.now(),
                "type": known.type,
                "response": _response(event, event.url, event.status, event.reason, event.headers),
                "hasExtraInfo": False,
                "frameId": known.frame,
            },
        )
        if event.status >= 400:
            self._log_failure(known, f"the server responded with a status of {event.status} ({event.reason})")
        if known.id == known.loader:
            for session in tuple(self._inspector.sessions):
                session.document_begins(known.loader)

    def _finished(self, event: events.RequestFinished) -> None:
        known = self._known.get(event.request)
        if known is None:
            return
        self._inspector.broadcast(
            "Network",
            "loadingFinished",
            {
                "requestId": known.id,
                "timestamp": self._inspector.now(),
                "encodedDataLength": event.encoded_bytes,
            },
        )

    def _failed(self, event: events.RequestFailed) -> None:
        known = self._known.get(event.request)
        if known is None:
            return
        self._inspector.broadcast(
            "Network",
            "loadingFailed",
            {
                "requestId": known.id,
                "timestamp": self._inspector.now(),
                "type": known.type,
                "errorText": event.code,
                "canceled": event.code == "net::ERR_ABORTED",
            },
        )
        if event.code != "net::ERR_ABORTED":
            self._log_failure(known, event.code)

    def _log_failure(self, known: Known, reason: str) -> None:
        self._inspector.broadcast(
            "Log",
            "entryAdded",
            {
                "entry": {
                    "source": "network",
                    "level": "error",
                    "text": f"Failed to load resource: {reason}",
                    "timestamp": self._inspector.page.context.browser.clock.wall() * 1000,
                    "url": known.url,
                    "networkRequestId": known.id,
                }
            },
        )


def _response(
    event: events.ResponseReceived, url: str, status: int, reason: str, headers: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    content_type = next((value for name, value in headers if name.lower() == "content-type"), "")
    mime, _, parameters = content_type.partition(";")
    charset = parameters.partition("charset=")[2].split(";")[0].strip(" \"'")
    host, _, port = event.remote_address.rpartition(":")
    out: dict[str, Any] = {
        "url": url,
        "status": status,
        "statusText": reason,
        "headers": headers_object(headers),
        "mimeType": mime.strip().lower(),
        "charset": charset,
        "connectionReused": False,
        "connectionId": 0,
        "fromDiskCache": False,
        "fromServiceWorker": False,
        "fromPrefetchCache": False,
        "encodedDataLength": 0,
        "protocol": {"HTTP/2": "h2", "HTTP/3": "h3"}.get(event.http_version, "http/1.1"),
        "securityState": "secure" if url.startswith("https:") else "insecure",
    }
    if host and port.isdigit():
        out["remoteIPAddress"] = host
        out["remotePort"] = int(port)
    return out
