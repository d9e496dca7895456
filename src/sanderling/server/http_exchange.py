"""HTTP/1.1 of one connection: bytes in, requests out; answers in, bytes out. No socket, no clock.

Requests are taken one at a time: the next of a pipeline comes after the answer to the one before (RFC 9112, 9.3.2). Methods are read
in any case, since one client sends ``get``.

Standards: RFC 9112, by `h11`.

Thread: any.
"""

from __future__ import annotations

import email.utils
import http
import urllib.parse
from collections.abc import Sequence

import h11
import msgspec

MAX_BODY_BYTES = 1 << 20
"""No endpoint wants a body; a short one is read and ignored."""


class BadRequestError(Exception):
    """What came is no request that could be answered otherwise; the connection ends after the answer.

    Args:
        status: of the answer.
        message: its body.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class HttpRequest(msgspec.Struct, frozen=True):
    """A whole request."""

    method: str  # upper case
    path: str  # as sent, without slashes at its end; "/" for the root
    query: str  # as sent, without the question mark
    headers: tuple[tuple[str, str], ...]  # names in lower case; Host names the target's own authority where it has one
    version: str  # "1.1" or "1.0"

    def header(self, name: str) -> str:
        """Give a header's value (`name` in lower case), several joined by commas."""
        return ", ".join(value for key, value in self.headers if key == name)

    @property
    def wants_websocket(self) -> bool:
        """Whether it asks for an upgrade to a WebSocket; whether rightly so is another question."""
        return "websocket" in self.header("upgrade").lower()


class Answer(msgspec.Struct, frozen=True):
    """What a request gets."""

    status: int
    body: bytes
    content_type: str = "text/plain; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


class HttpExchange:
    """The HTTP side of one connection.

    Args:
        max_header_bytes: of a request's line and headers together.
    """

    def __init__(self, max_header_bytes: int) -> None:
        self._max_header_bytes = max_header_bytes
        self._h11 = h11.Connection(h11.SERVER, max_incomplete_event_size=max_header_bytes)
        self._request: HttpRequest | None = None  # whose body is being read
        self._body_bytes = 0  # of it
        self._output: list[bytes] = []  # to be sent before an answer
        self.received = False  # bytes of an unfinished request are here

    def receive(self, data: bytes) -> None:
        """Take bytes of the client; then call `next_request`."""
        self._h11.receive_data(data)
        self.received = True

    def next_request(self) -> HttpRequest | None:
        """Give the next whole request, or None when bytes are missing. Ask again only after `answer`.

        Raises:
            BadRequestError: there will be none; answer that, and end.
        """
        while True:
            try:
                event = self._h11.next_event()
            except h11.RemoteProtocolError as error:
                raise BadRequestError(error.error_status_hint, str(error)) from None
            if event is h11.NEED_DATA:
                if self._h11.they_are_waiting_for_100_continue:
                    self._send(h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue"))
                self.received = self._request is not None or bool(self._h11.trailing_data[0])
                return None
            if isinstance(event, h11.Request):
                self._request = self._read(event)
                self._body_bytes = 0
            elif isinstance(event, h11.Data):
                self._body_bytes += len(event.data)
                if self._body_bytes > MAX_BODY_BYTES:
                    raise BadRequestError(413, "The body is too long")
            elif isinstance(event, h11.EndOfMessage):
                request, self._request = self._request, None
                return request
            else:
                return None  # PAUSED: an answer is due first

    def _read(self, event: h11.Request) -> HttpRequest:
        # h11 measures only what is incomplete.
        size = len(event.target) + sum(len(name) + len(value) + 4 for name, value in event.headers)
        if size > self._max_header_bytes:
            raise BadRequestError(431, "The headers are too long")
        headers = tuple((name.decode("ascii"), value.decode("latin-1")) for name, value in event.headers)
        target = event.target.decode("ascii")
        if not target.startswith("/"):
            # RFC 9112, 3.2.2: the authority of an absolute target replaces that of Host.
            parts = urllib.parse.urlsplit(target)
            if parts.scheme not in ("http", "ws") or not parts.netloc:
                raise BadRequestError(400, "The target of the request is neither a path nor a URL")
            target = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
            headers = (*((name, value) for name, value in headers if name != "host"), ("host", parts.netloc))
        path, _, query = target.partition("?")
        return HttpRequest(
            event.method.decode("ascii").upper(),
            path.rstrip("/") or "/",
            query,
            headers,
            event.http_version.decode("ascii"),
        )

    def _send(self, event: h11.InformationalResponse) -> None:
        self._output.append(self._h11.send(event) or b"")

    def take_output(self) -> bytes:
        """Give what is to be sent besides answers."""
        output = b"".join(self._output)
        self._output.clear()
        return output

    def answer(self, answer: Answer, *, head: bool, close: bool) -> bytes:
        """Give the bytes of an answer.

        Args:
            answer: what it says.
            head: the request was HEAD: the body is left out.
            close: nothing follows.
        """
        headers: Sequence[tuple[str, str]] = (
            ("Date", email.utils.formatdate(usegmt=True)),
            ("Content-Type", answer.content_type),
            ("Content-Length", str(len(answer.body))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            *answer.headers,
            *((("Connection", "close"),) if close else ()),
        )
        reason = http.HTTPStatus(answer.status).phrase.encode()
        response = h11.Response(status_code=answer.status, headers=list(headers), reason=reason)
        parts = [self.take_output(), self._h11.send(response) or b""]
        if answer.body and not head:
            parts.append(self._h11.send(h11.Data(data=answer.body)) or b"")
        parts.append(self._h11.send(h11.EndOfMessage()) or b"")
        if self._h11.our_state is h11.DONE and self._h11.their_state is h11.DONE:
            self._h11.start_next_cycle()
        return b"".join(parts)

    @property
    def over(self) -> bool:
        """Whether the last answer was the last one."""
        return self._h11.our_state is not h11.IDLE

    def rest(self) -> bytes:
        """Give the bytes that came after the last request."""
        return self._h11.trailing_data[0]
