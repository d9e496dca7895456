"""Recording: what a client sends and gets, as lines of a journal that becomes a HAR document.

The stage is the last one before the wire, so each hop, preflight and repetition with credentials is an exchange of its own, and what a
cache or an interceptor answered is none. A line is written when it is known, not at the end: what a page that crashes had loaded by
then is in the document.

Thread: worker.
"""

from __future__ import annotations

import base64
import itertools
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeAlias

import msgspec

from sanderling.base.clock import Clock
from sanderling.base.errors import NetworkError, SanderlingError
from sanderling.http.stages import Exchange, Proceed
from sanderling.http.transfer import RequestBody, Transfer
from sanderling.http.websocket import ClientSocket, SocketListener
from sanderling.network.messages import (
    HeaderList,
    OpenSocket,
    ResponseHead,
    SocketClosed,
    SocketMessage,
    SocketOpened,
    SocketRequest,
    SocketResponse,
    Timings,
)
from sanderling.proto import har

MAX_BODY_BYTES = 64 * 1024 * 1024
"""Of one body in a recording; as much as a page may load whole."""

_RESOURCE_TYPES = {"": "fetch", "iframe": "document", "frame": "document", "style": "stylesheet"}
"""CDP's names for Fetch's destinations, where they differ."""

Sink: TypeAlias = Callable[[bytes], None]
"""Takes a line, without its end."""


class HarRecorder:
    """The journal of one client.

    Args:
        sink: takes the lines.
        clock: tells the time.
        redact: leave out what credentials say: cookies and authorization.
    """

    name = "har"

    def __init__(self, sink: Sink, clock: Clock, *, redact: bool) -> None:
        self._sink = sink
        self._clock = clock
        self._redact = redact
        self._encoder = msgspec.json.Encoder()
        self._ids = itertools.count(1)
        self._pages: dict[str, _PageRecord] = {}  # the newest navigation of each page

    def write(self, line: har.JournalLine) -> None:
        """Add a line."""
        self._sink(self._encoder.encode(line))

    # -- pages -----------------------------------------------------------------------------------------------------------

    def navigation_began(self, page: str, url: str) -> None:
        """A page is about to load another document."""
        before = self._pages.get(page)
        number = before.number + 1 if before is not None else 1
        record = self._pages[page] = _PageRecord(f"{page}_{number}", number, self._clock.monotonic())
        self.write(har.PageBegan(har.HarPage(started_date_time=har.iso(self._clock.wall()), id=record.id, title=url)))

    def milestone(self, page: str, name: str) -> None:
        """Its document reached `domcontentloaded` or `load`."""
        record = self._pages.get(page)
        if record is None:
            return
        passed = round((self._clock.monotonic() - record.began) * 1000, 3)
        field = "on_load" if name == "load" else "on_content_load"
        record.timings = msgspec.structs.replace(record.timings, **{field: passed})
        self.write(har.PageReached(record.id, record.timings))

    def forget_page(self, page: str) -> None:
        """It was closed."""
        self._pages.pop(page, None)

    def _pageref(self, page: str) -> str | msgspec.UnsetType:
        record = self._pages.get(page)
        return record.id if record is not None else msgspec.UNSET

    # -- exchanges -------------------------------------------------------------------------------------------------------

    async def run(self, exchange: Exchange, proceed: Proceed) -> Transfer:
        """See `Stage.run`."""
        record = _ExchangeRecord(self, next(self._ids), self._clock, redact=self._redact)
        outgoing = exchange.outgoing
        kind = exchange.request.destination
        record.began(
            url=outgoing.url,
            method=outgoing.method,
            headers=_sent_headers(exchange),
            body=outgoing.body if isinstance(outgoing.body, bytes) else None,
            pageref=self._pageref(exchange.watch.page_id if exchange.watch is not None else ""),
            resource_type="preflight" if exchange.preflight else _RESOURCE_TYPES.get(kind, kind),
        )
        body = outgoing.body
        if body is not None and not isinstance(body, bytes):
            exchange = msgspec.structs.replace(
                exchange, outgoing=msgspec.structs.replace(outgoing, body=record.uploading(body))
            )
        try:
            transfer = await proceed(exchange)
        except NetworkError as error:
            record.failed(error.code, error.message)
            raise
        except BaseException:
            record.failed("net::ERR_ABORTED", "canceled")
            raise
        record.answered(transfer.head)
        transfer.when_data(record.received)
        transfer.when_done(lambda error: record.ended(transfer, error))
        return transfer

    def socket(
        self, command: OpenSocket, page: str, listener: SocketListener, opener: Callable[[SocketListener], ClientSocket]
    ) -> ClientSocket:
        """Open a WebSocket, and record it.

        Args:
            command: what it is opened with.
            page: who asks; empty for nobody.
            listener: hears of it.
            opener: opens it for another listener.
        """
        record = _ExchangeRecord(self, next(self._ids), self._clock, redact=self._redact)
        record.began(
            url=command.url,
            method="GET",
            headers=command.headers,
            body=None,
            pageref=self._pageref(page),
            resource_type="websocket",
        )
        listening = _RecordingListener(record, listener)
        try:
            return _RecordingSocket(record, opener(listening))
        except SanderlingError:
            record.failed("net::ERR_ABORTED", "canceled")
            raise


def _sent_headers(exchange: Exchange) -> HeaderList:
    """Give the headers with those that the network adds (`network.messages.Submit`)."""
    outgoing, url = exchange.outgoing, exchange.url
    names = {name.lower() for name, _ in outgoing.headers}
    host = url.host if url.port is None else f"{url.host}:{url.port}"
    added = [] if "host" in names else [("Host", host)]
    if isinstance(outgoing.body, bytes) and "content-length" not in names:
        added.append(("Content-Length", str(len(outgoing.body))))
    return (*added, *outgoing.headers)


class _PageRecord:
    """A navigation."""

    def __init__(self, record_id: str, number: int, began: float) -> None:
        self.id = record_id
        self.number = number
        self.began = began
        self.timings = har.PageTimings()


class _ExchangeRecord:
    """One exchange, or one WebSocket."""

    def __init__(self, recorder: HarRecorder, number: int, clock: Clock, *, redact: bool) -> None:
        self._recorder = recorder
        self._number = number
        self._clock = clock
        self._redact = redact
        self._began_at = clock.monotonic()
        self._entry: har.Entry | None = None
        self._head: ResponseHead | None = None
        self._body_bytes = 0  # decoded
        self._truncated = False

    def began(
        self,
        *,
        url: str,
        method: str,
        headers: HeaderList,
        body: bytes | None,
        pageref: str | msgspec.UnsetType,
        resource_type: str,
    ) -> None:
        """It goes out."""
        socket = resource_type == "websocket"
        self._entry = har.Entry(
            pageref=pageref,
            started_date_time=har.iso(self._clock.wall()),
            request=self._request(url, method, headers, body),
            resource_type=resource_type,
            frames=[] if socket else msgspec.UNSET,
        )
        self._recorder.write(har.Began(self._number, self._entry))

    def _request(self, url: str, method: str, headers: HeaderList, body: bytes | None) -> har.HarRequest:
        content_type = next((value for name, value in headers if name.lower() == "content-type"), "")
        return har.HarRequest(
            method=method,
            url=url,
            cookies=har.request_cookies(headers, redact=self._redact),
            headers=har.header_pairs(headers, redact=self._redact),
            query_string=har.query_pairs(url),
            post_data=har.post_data(body, content_type) if body else msgspec.UNSET,
            body_size=len(body) if body else 0,
        )

    def _asked_again(self, request: har.HarRequest) -> None:
        assert self._entry is not None
        self._entry.request = request
        self._recorder.write(har.Began(self._number, self._entry))

    async def uploading(self, body: RequestBody) -> AsyncIterator[bytes]:
        """Pass a streamed body on, and keep it."""
        assert self._entry is not None
        assert body is not None
        assert not isinstance(body, bytes)
        kept = bytearray()
        size = 0
        async for piece in body:
            size += len(piece)
            if size <= MAX_BODY_BYTES:
                kept += piece
            yield piece
        request = self._entry.request
        content_type = next((one.value for one in request.headers if one.name.lower() == "content-type"), "")
        data = har.post_data(bytes(kept), content_type) if size <= MAX_BODY_BYTES else msgspec.UNSET
        self._asked_again(msgspec.structs.replace(request, post_data=data, body_size=size))

    def handshake(self, headers: HeaderList) -> None:
        """The handshake of a WebSocket goes out, with headers that were not known before."""
        assert self._entry is not None
        self._asked_again(self._request(self._entry.request.url, "GET", headers, None))

    def answered(self, head: ResponseHead) -> None:
        """The head of the response came."""
        self._head = head
        self._got(head.timings, "", "")

    def received(self, data: bytes) -> None:
        """A piece of the body came."""
        room = MAX_BODY_BYTES - self._body_bytes
        self._body_bytes += len(data)
        if len(data) > room:
            self._truncated = True
            data = data[: max(room, 0)]
        if data:
            self._recorder.write(har.Piece(self._number, data))

    def ended(self, transfer: Transfer, error: SanderlingError | None) -> None:
        """It is over."""
        code, text = "", ""
        if isinstance(error, NetworkError):
            code, text = error.code, error.message
        elif error is not None:
            code, text = "net::ERR_ABORTED", str(error)
        self._got(transfer.timings, code, text, encoded=transfer.encoded_bytes)

    def failed(self, code: str, text: str) -> None:
        """It is over without a transfer: there was no response, or a WebSocket closed (without a code: well)."""
        self._got(Timings(total=self._clock.monotonic() - self._began_at), code, text)

    def frame(self, *, sent: bool, opcode: int, data: bytes) -> None:
        """A message of a WebSocket."""
        text = base64.b64encode(data).decode() if opcode == 2 else data.decode("utf-8", "replace")
        self._recorder.write(
            har.Framed(
                self._number,
                har.SocketFrame(type="send" if sent else "receive", time=self._clock.wall(), opcode=opcode, data=text),
            )
        )

    def _got(self, timings: Timings, code: str, text: str, *, encoded: int = 0) -> None:
        head = self._head
        total = timings.total if timings.total >= 0 else self._clock.monotonic() - self._began_at
        self._recorder.write(
            har.Got(
                self._number,
                round(total * 1000, 3),
                self._response(head, code, text, encoded),
                _har_timings(timings, total),
                head.remote_address if head is not None else "",
                str(head.connection_id) if head is not None and head.remote_address else "",
                _security_details(head),
            )
        )

    def _response(self, head: ResponseHead | None, code: str, text: str, encoded: int) -> har.HarResponse:
        error: str | msgspec.UnsetType = code or msgspec.UNSET
        error_text: str | msgspec.UnsetType = text if code else msgspec.UNSET
        if head is None:
            return har.HarResponse(error=error, error_text=error_text)
        head_bytes = _head_bytes(head)
        headers = head.headers
        return har.HarResponse(
            status=head.status,
            status_text=head.reason,
            http_version=head.http_version,
            cookies=har.response_cookies(headers, self._clock.wall(), redact=self._redact),
            headers=har.header_pairs(headers, redact=self._redact),
            content=har.Content(size=self._body_bytes, mime_type="", truncated=self._truncated),
            redirect_url=next((value for name, value in headers if name.lower() == "location"), ""),
            headers_size=head_bytes,
            body_size=max(encoded - head_bytes, 0) if encoded else -1,
            transfer_size=encoded or -1,
            error=error,
            error_text=error_text,
        )


def _security_details(head: ResponseHead | None) -> dict[str, Any] | None:
    """Give what Playwright writes of TLS."""
    if head is None or head.tls is None:
        return None
    facts = head.tls
    return {
        "protocol": facts.protocol,
        "subjectName": facts.subject,
        "issuer": facts.issuer,
        "validFrom": facts.valid_from,
        "validTo": facts.valid_to,
    }


def _head_bytes(head: ResponseHead) -> int:
    """Give the size of the head as HTTP/1.1 writes it; -1 where it is compressed."""
    if head.http_version not in ("HTTP/1.0", "HTTP/1.1"):
        return -1
    fields = sum(len(name) + len(value) + 4 for name, value in head.headers)
    return len(f"{head.http_version} {head.status} {head.reason}") + 2 + fields + 2


def _har_timings(timings: Timings, total: float) -> har.HarTimings:
    """Turn moments into durations; what did not happen takes no part."""
    at = max(timings.queue, 0.0)
    out: dict[str, float] = {"blocked": at if timings.queue >= 0 else -1}

    def until(moment: float) -> float:
        nonlocal at
        if moment < 0:
            return -1
        passed, at = max(moment - at, 0.0), max(moment, at)
        return passed

    out["dns"] = until(timings.name_lookup)
    plain = until(timings.connect)
    out["ssl"] = until(timings.tls)
    out["connect"] = plain + max(out["ssl"], 0.0) if plain >= 0 else -1
    out["send"] = max(until(timings.request_sent), 0.0)
    out["wait"] = max(until(timings.first_byte), 0.0)
    out["receive"] = max(until(total), 0.0) if timings.first_byte >= 0 else 0.0
    return har.HarTimings(**{name: round(value * 1000, 3) if value >= 0 else -1 for name, value in out.items()})


class _RecordingListener:
    """Stands between a WebSocket and its listener (`SocketListener`)."""

    def __init__(self, record: _ExchangeRecord, listener: SocketListener) -> None:
        self._record = record
        self._listener = listener

    def requested(self, event: SocketRequest) -> None:
        """See `SocketListener.requested`."""
        self._record.handshake(event.headers)
        self._listener.requested(event)

    def answered(self, event: SocketResponse) -> None:
        """See `SocketListener.answered`."""
        self._record.answered(
            ResponseHead(event.id, event.status, event.reason, event.headers, "HTTP/1.1", "", 0, False)
        )
        self._listener.answered(event)

    def opened(self, event: SocketOpened) -> None:
        """See `SocketListener.opened`."""
        self._listener.opened(event)

    def message(self, event: SocketMessage) -> None:
        """See `SocketListener.message`."""
        self._record.frame(sent=False, opcode=1 if event.text else 2, data=event.data)
        self._listener.message(event)

    def sent(self, count: int) -> None:
        """See `SocketListener.sent`."""
        self._listener.sent(count)

    def closed(self, event: SocketClosed) -> None:
        """See `SocketListener.closed`."""
        if event.code not in (0, 1005, 1006):
            self._record.frame(sent=False, opcode=8, data=f"{event.code} {event.reason}".strip().encode())
        self._record.failed(event.error, event.message)
        self._listener.closed(event)


class _RecordingSocket:
    """Stands before a WebSocket (`ClientSocket`)."""

    def __init__(self, record: _ExchangeRecord, socket: ClientSocket) -> None:
        self._record = record
        self._socket = socket

    def send(self, data: bytes, *, text: bool) -> None:
        """See `ClientSocket.send`."""
        self._record.frame(sent=True, opcode=1 if text else 2, data=data)
        self._socket.send(data, text=text)

    def close(self, code: int, reason: str) -> None:
        """See `ClientSocket.close`."""
        self._socket.close(code, reason)

    def consumed(self, count: int) -> None:
        """See `ClientSocket.consumed`."""
        self._socket.consumed(count)
