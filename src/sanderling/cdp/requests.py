"""The page's requests as events of the Network and Log domains.

What crossed the wire is told by `ExtraInfo` events (`cdp.extra_info`), just before the response, the redirect or the failure that
it led to; `hasExtraInfo` is true where they came, so that no client waits in vain. The events here hold cookies, too.

Thread: worker.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from sanderling.browser.document_source import document_source
from sanderling.browser.request_life import Received, RequestLife, Wire
from sanderling.cdp.extra_info import request_extra_info, response_extra_info
from sanderling.cdp.ids import MAIN_FRAME, frame_id, frame_loader_id, loader_id, request_id, worker_id
from sanderling.cdp.refusals import cors_refusal, refusal
from sanderling.cdp.tls import security_details, security_state
from sanderling.http.stages import Exchange
from sanderling.network.messages import ResponseHead, Timings, TlsFacts
from sanderling.proto import mime
from sanderling.proto.content_disposition import is_attachment
from sanderling.proto.headers import Headers
from sanderling.proto.url import parse

if TYPE_CHECKING:
    from sanderling.cdp.inspector import PageInspector

MAX_REMEMBERED = 2000
"""Requests of a page whose identity is kept for late events and bodies."""

MAX_POST_DATA_BYTES = 64 * 1024
"""Of a body that events carry, where a session says nothing else."""

MAX_CERTIFICATES = 100
"""Origins of a page whose certificates are kept; the oldest goes."""

MAX_LOG_ENTRIES = 1000
"""Kept for `Log.enable`; Chromium's limit."""

TYPES = {
    "document": "Document",
    "iframe": "Document",
    "frame": "Document",
    "download": "Document",
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
    "xmlhttprequest": "XHR",
    "eventsource": "EventSource",
    "ping": "Ping",
    "manifest": "Manifest",
    "preflight": "Preflight",
    "prefetch": "Prefetch",
    "report": "CSPViolationReport",
}
"""CDP's `ResourceType` by kind of request; everything else is Other."""

_PRIORITIES = {"Document": "VeryHigh", "Stylesheet": "VeryHigh", "Script": "High", "Fetch": "High", "XHR": "High"}
_BY_SCRIPT = frozenset({"Fetch", "XHR", "EventSource", "Ping"})
_BY_PARSER = frozenset({"Script", "Stylesheet", "Image", "Font", "Media", "TextTrack", "Manifest"})


UNUSABLE_TYPES = frozenset({"Script", "Stylesheet", "Font"})
"""Whose responses with an error status are of no use: their requests fail, as clients wait for it (Playwright's `requestfailed`)."""


class Known(msgspec.Struct):
    """What later events and commands need of a request."""

    id: str
    type: str
    loader: str
    frame: str
    document_url: str
    life: RequestLife
    unusable: bool = False  # nothing takes the body of such a response, and Chromium stops reading it


def headers_object(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Write headers as CDP does: one member a name, several values joined."""
    out: dict[str, str] = {}
    names: dict[str, str] = {}  # lower case to the first spelling
    for name, value in pairs:
        key = names.setdefault(name.lower(), name)
        separator = "\n" if key.lower() == "set-cookie" else ", "
        out[key] = f"{out[key]}{separator}{value}" if key in out else value
    return out


def post_data_of(exchange: Exchange) -> bytes | None:
    """Give the body of a request; None for none, or one that is made while it is sent."""
    body = exchange.outgoing.body
    return body if isinstance(body, bytes) and body else None


def request_object(exchange: Exchange, type_: str, limit: int = MAX_POST_DATA_BYTES) -> dict[str, Any]:
    """Give CDP's `Network.Request`."""
    url, _, fragment = exchange.url.href.partition("#")
    out: dict[str, Any] = {
        "url": url,
        "method": exchange.outgoing.method,
        "headers": headers_object(exchange.outgoing.headers),
        "mixedContentType": "none",
        "initialPriority": _PRIORITIES.get(type_, "Low"),
        "referrerPolicy": exchange.request.referrer_policy or "strict-origin-when-cross-origin",
        "isSameSite": exchange.same_site != "cross-site",
    }
    if fragment:
        out["urlFragment"] = f"#{fragment}"
    body = post_data_of(exchange)
    if body is not None or exchange.outgoing.body is not None:
        out["hasPostData"] = True
    if body is not None and len(body) <= limit:
        out["postData"] = body.decode("utf-8", "replace")
        out["postDataEntries"] = [{"bytes": base64.b64encode(body).decode()}]
    return out


def response_object(received: Received) -> dict[str, Any]:
    """Give CDP's `Network.Response`."""
    url, head = received.url, received.head
    content_type = next((value for name, value in head.headers if name.lower() == "content-type"), "")
    parsed = mime.parse(content_type) if content_type else None
    host, _, port = head.remote_address.rpartition(":")
    out: dict[str, Any] = {
        "url": url,
        "status": head.status,
        "statusText": head.reason,
        "headers": headers_object(head.headers),
        "mimeType": parsed.essence if parsed is not None else "text/plain",
        "charset": parsed.parameters.get("charset", "") if parsed is not None else "",
        "connectionReused": head.reused,
        "connectionId": head.connection_id if head.remote_address else 0,
        "fromDiskCache": received.from_cache == "disk",
        "fromServiceWorker": False,
        "fromPrefetchCache": False,
        "encodedDataLength": _head_bytes(head) if head.remote_address and received.from_cache is None else 0,
        "protocol": _protocol(head, url),
        "alternateProtocolUsage": "unspecifiedReason",
        "securityState": security_state(url, head),
    }
    if head.tls is not None:
        out["securityDetails"] = security_details(head.tls)
    if received.sent_headers is not None:
        out["requestHeaders"] = headers_object(received.sent_headers)
    if host and port.isdigit():
        out["remoteIPAddress"] = host
        out["remotePort"] = int(port)
        if received.from_cache is None:
            out["timing"] = _timing(head.timings, received.sent_at)
    return out


def _protocol(head: ResponseHead, url: str) -> str:
    if not head.remote_address:
        return url.partition(":")[0]
    return {"HTTP/2": "h2", "HTTP/3": "h3"}.get(head.http_version, head.http_version.lower() or "http/1.1")


def _head_bytes(head: ResponseHead) -> int:
    # HTTP/2 compresses its heads: this is what HTTP/1.1 would have needed.
    return len(head.reason) + 15 + sum(len(name) + len(value) + 4 for name, value in head.headers) + 2


def _timing(timings: Timings, sent_at: float) -> dict[str, float]:
    """Give CDP's `ResourceTiming`: milliseconds after `requestTime`, -1 for what did not happen."""

    def ms(value: float) -> float:
        return round(value * 1000, 3) if value >= 0 else -1

    queued = max(timings.queue, 0.0)
    connected = timings.tls if timings.tls >= 0 else timings.connect
    new = timings.connect >= 0
    start = connected if new else queued
    return {
        "requestTime": sent_at,
        "proxyStart": -1,
        "proxyEnd": -1,
        "dnsStart": ms(queued) if timings.name_lookup >= 0 else -1,
        "dnsEnd": ms(timings.name_lookup),
        "connectStart": ms(max(timings.name_lookup, queued)) if new else -1,
        "connectEnd": ms(connected) if new else -1,
        "sslStart": ms(timings.connect) if timings.tls >= 0 else -1,
        "sslEnd": ms(timings.tls),
        "workerStart": -1,
        "workerReady": -1,
        "workerFetchStart": -1,
        "workerRespondWithSettled": -1,
        "sendStart": ms(start),
        "sendEnd": ms(max(timings.request_sent, start)),
        "pushStart": 0,
        "pushEnd": 0,
        "receiveHeadersStart": ms(timings.first_byte),
        "receiveHeadersEnd": ms(timings.first_byte),
    }


def _id_of(life: RequestLife, page_id: str, loader: str) -> str:
    """Give the request's id: that of what it makes, where it makes a document or a web worker."""
    if life.web_worker:
        return worker_id(page_id, life.web_worker)
    return loader if life.navigation else request_id(page_id, life.number)


class RequestEvents:
    """Turns what happens to requests into events (`browser.request_life.RequestListener`)."""

    def __init__(self, inspector: PageInspector) -> None:
        self._inspector = inspector
        self._known: dict[RequestLife, Known] = {}
        self._by_id: dict[str, Known] = {}  # the newest of each id
        self.post_data_limits: dict[str, int] = {}  # bytes, by session
        self.certificates: dict[str, TlsFacts] = {}  # the newest of each origin
        self.log: list[dict[str, Any]] = []  # entries of the Log domain, for sessions that come later

    def of(self, life: RequestLife) -> Known | None:
        """Give what is known of a request; None when it is too long ago."""
        return self._known.get(life)

    def find(self, request: str) -> Known | None:
        """Give what is known of the request with that id of CDP's."""
        return self._by_id.get(request)

    def of_document(self, frame: str, loader: str) -> list[Known]:
        """Give the requests of a frame's document, its own among them, in their order."""
        return [known for known in self._known.values() if (known.frame, known.loader) == (frame, loader)]

    # -- RequestListener ---------------------------------------------------------------------------------------------------

    def request_sent(self, life: RequestLife, redirect: Received | None) -> None:
        """See `RequestListener.request_sent`."""
        exchange = life.exchange
        assert exchange is not None
        known = self._known.get(life) or self._introduce(life)
        if life.navigation:
            known.document_url = exchange.url.href
        if redirect is not None:
            self._tell_of_wire(known, redirect.wire)
        for session in tuple(self._inspector.sessions):
            if "Network" not in session.enabled:
                continue
            limit = self.post_data_limits.get(session.id, MAX_POST_DATA_BYTES)
            session.event("Network.requestWillBeSent", self._will_be_sent(known, exchange, redirect, limit))

    def _introduce(self, life: RequestLife) -> Known:
        inspector = self._inspector
        page = inspector.page
        main = life.frame not in page.frames or life.frame == MAIN_FRAME
        if life.navigation:
            loader = (
                loader_id(page.id, life.navigation) if main else frame_loader_id(page.id, life.frame, life.navigation)
            )
        else:
            loader = "" if life.web_worker else inspector.frames.loader(life.frame)
        frame = page.main_frame if main else page.frames[life.frame]
        known = Known(
            _id_of(life, page.id, loader),
            TYPES.get(life.kind, "Other"),
            loader,
            frame_id(page.id, frame.number),
            frame.url,
            life,
        )
        self._known[life] = known
        self._by_id[known.id] = known
        if len(self._known) > MAX_REMEMBERED:
            gone = self._known.pop(next(iter(self._known)))
            if self._by_id.get(gone.id) is gone:
                del self._by_id[gone.id]
        return known

    def _will_be_sent(self, known: Known, exchange: Exchange, redirect: Received | None, limit: int) -> dict[str, Any]:
        inspector = self._inspector
        params: dict[str, Any] = {
            "requestId": known.id,
            "loaderId": known.loader,
            "documentURL": known.document_url,
            "request": request_object(exchange, known.type, limit),
            "timestamp": inspector.now(),
            "wallTime": inspector.page.context.browser.clock.wall(),
            "initiator": self._initiator(known),
            "redirectHasExtraInfo": redirect is not None and redirect.wire is not None,
            "type": known.type,
            "frameId": known.frame,
            "hasUserGesture": False,
        }
        if redirect is not None:
            params["redirectResponse"] = response_object(redirect)
        return params

    def _initiator(self, known: Known) -> dict[str, Any]:
        life = known.life
        if life.preflight_for is not None:
            asker = self._known.get(life.preflight_for)
            return {"type": "preflight", "requestId": asker.id} if asker is not None else {"type": "preflight"}
        if life.stack:
            return {"type": "script", "stack": {"callFrames": list(life.stack)}}
        if known.type in _BY_SCRIPT:
            return {"type": "script"}
        if known.type in _BY_PARSER:
            return {"type": "parser", "url": known.document_url}
        return {"type": "other"}

    def _tell_of_wire(self, known: Known, wire: Wire | None) -> None:
        if wire is None:
            return
        tell = self._inspector.broadcast
        tell("Network", "requestWillBeSentExtraInfo", request_extra_info(known.id, wire))
        if wire.head is not None:
            tell("Network", "responseReceivedExtraInfo", response_extra_info(known.id, wire, wire.head))

    def served_from_cache(self, life: RequestLife) -> None:
        """See `RequestListener.served_from_cache`: CDP's event is about memory, the response itself tells of the disk."""
        known = self._known.get(life)
        if known is not None and life.from_cache == "memory":
            self._inspector.broadcast("Network", "requestServedFromCache", {"requestId": known.id})

    def keep_certificate(self, url: str, facts: TlsFacts) -> None:
        """A server of the page showed its certificates."""
        parsed = parse(url)
        if parsed is not None:
            self.certificates[parsed.origin.serialise()] = facts
            if len(self.certificates) > MAX_CERTIFICATES:
                del self.certificates[next(iter(self.certificates))]

    def response_received(self, life: RequestLife, received: Received) -> None:
        """See `RequestListener.response_received`."""
        known = self._known.get(life)
        if known is None:
            return
        self._tell_of_wire(known, received.wire)
        self._inspector.broadcast(
            "Network",
            "responseReceived",
            {
                "requestId": known.id,
                "loaderId": known.loader,
                "timestamp": self._inspector.now(),
                "type": known.type,
                "response": response_object(received),
                "hasExtraInfo": received.wire is not None,
                "frameId": known.frame,
            },
        )
        head = received.head
        if head.tls is not None:
            self.keep_certificate(received.url, head.tls)
        known.unusable = head.status >= 400 and known.type in UNUSABLE_TYPES and not life.web_worker
        if head.status >= 400:
            text = f"the server responded with a status of {head.status} ({head.reason})"
            self._log_failure(known, received.url, text)
        if life.navigation and _shows_document(head):
            for session in tuple(self._inspector.sessions):
                session.document_begins(known.loader)

    def data_received(self, life: RequestLife, size: int) -> None:
        """See `RequestListener.data_received`."""
        known = self._known.get(life)
        if known is not None:
            self._inspector.broadcast(
                "Network",
                "dataReceived",
                {
                    "requestId": known.id,
                    "timestamp": self._inspector.now(),
                    "dataLength": size,
                    "encodedDataLength": 0,  # how much of it this piece was on the wire is not known; the end says it
                },
            )

    def event_source_message(self, life: RequestLife, name: str, last_id: str, data: str) -> None:
        """See `RequestListener.event_source_message`."""
        known = self._known.get(life)
        if known is not None:
            self._inspector.broadcast(
                "Network",
                "eventSourceMessageReceived",
                {
                    "requestId": known.id,
                    "timestamp": self._inspector.now(),
                    "eventName": name,
                    "eventId": last_id,
                    "data": data,
                },
            )

    def request_finished(self, life: RequestLife, encoded_bytes: int) -> None:
        """See `RequestListener.request_finished`."""
        known = self._known.get(life)
        if known is None:
            return
        params: dict[str, Any] = {"requestId": known.id, "timestamp": self._inspector.now()}
        if known.unusable:
            params.update(type=known.type, errorText="net::ERR_ABORTED", canceled=True)
            self._inspector.broadcast("Network", "loadingFailed", params)
        else:
            params["encodedDataLength"] = encoded_bytes
            self._inspector.broadcast("Network", "loadingFinished", params)

    def request_failed(self, life: RequestLife, code: str, error: BaseException) -> None:
        """See `RequestListener.request_failed`."""
        known = self._known.get(life)
        if known is None:
            return
        wire, life.wire = life.wire, None
        self._tell_of_wire(known, wire)
        params: dict[str, Any] = {
            "requestId": known.id,
            "timestamp": self._inspector.now(),
            "type": known.type,
            "errorText": code,
            "canceled": code == "net::ERR_ABORTED",
        }
        params.update(refusal(error))
        self._inspector.broadcast("Network", "loadingFailed", params)
        if code != "net::ERR_ABORTED":
            url = life.exchange.url.without_fragment if life.exchange is not None else life.request.url
            refused = cors_refusal(error, life.request, known.type)
            if refused:
                self._log("javascript", "error", refused, url)
            self._log_failure(known, url, code)

    # -- the log -----------------------------------------------------------------------------------------------------------

    def log_policy(self, source: str, text: str, url: str) -> None:
        """Log that a Content Security Policy was violated, or that a document forbade to be framed."""
        self._log(source, "info" if text.startswith("[Report Only]") else "error", text, url)

    def _log_failure(self, known: Known, url: str, reason: str) -> None:
        self._log("network", "error", f"Failed to load resource: {reason}", url, networkRequestId=known.id)

    def _log(self, source: str, level: str, text: str, url: str, **more: str) -> None:
        now_ms = self._inspector.page.context.browser.clock.wall() * 1000
        entry = {"source": source, "level": level, "text": text, "timestamp": now_ms, "url": url, **more}
        self.log.append(entry)
        if len(self.log) > MAX_LOG_ENTRIES:
            del self.log[0]
        self._inspector.broadcast("Log", "entryAdded", {"entry": entry})


def _shows_document(head: ResponseHead) -> bool:
    """Whether it is clear from the head that a document will be committed: who navigated can be answered at once."""
    if not 200 <= head.status <= 399 or head.status in (204, 205):
        return False
    headers = Headers(head.headers)
    content_type = headers.get("content-type") or ""
    if not content_type or is_attachment(headers.get("content-disposition") or ""):
        return False
    return document_source(b"", content_type).kind != "download"
