"""A network for tests without sockets: scripted answers behind the interface of a Handle.

`FakeTransport` is the real `HandleTransport` over `FakeHandle`, so that what a test sees has gone through the same
commands and events as in earnest::

    transport = FakeTransport()
    transport.answer("https://example.test/", Answer(headers=(("Content-Type", "text/html"),), body=b"<p>"))
    client = HttpClient(transport)

What has no answer fails with ``net::ERR_NAME_NOT_RESOLVED``.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Callable
from typing import TypeAlias

import msgspec

from sanderling.http.transport import HandleTransport
from sanderling.network.messages import (
    BodyChunk,
    BodyPart,
    BodyWanted,
    Done,
    Event,
    Failed,
    HeaderList,
    OpenSocket,
    ResponseHead,
    Saved,
    SocketClose,
    SocketClosed,
    SocketConsumed,
    SocketSend,
    Submit,
    Timings,
    TransferId,
    TransferOptions,
)
from sanderling.proto.headers import Headers

WINDOW_BYTES = 64 * 1024
"""How much of a streamed body may be under way before the worker takes some."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a fake server does with a request."""

    status: int = 200
    headers: HeaderList = ()
    body: bytes = b""
    reason: str = ""
    fail: str = ""
    """A ``net::ERR_*`` code: the transfer fails with it, before the head or after `fail_after` bytes of the body."""
    fail_after: int | None = None
    hold: bool = False
    """Nothing comes at all, until the transfer is canceled."""
    hold_after_head: bool = False
    """The head comes, and then nothing, until the transfer is canceled."""
    chunk_bytes: int = 16 * 1024
    http_version: str = "HTTP/1.1"
    proxy_challenges: tuple[str, ...] = ()
    """Of a proxy, with ``net::ERR_PROXY_AUTH_REQUESTED``."""


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """A request that reached the fake server."""

    id: TransferId
    method: str
    url: str
    headers: Headers
    body: bytes
    options: TransferOptions


Responder: TypeAlias = Callable[[Received], Answer]


class _Transfer(msgspec.Struct):
    submit: Submit
    body: bytearray = msgspec.field(default_factory=bytearray)  # of the request, as far as it came
    pieces: deque[bytes] = msgspec.field(default_factory=deque)  # of the response, not sent yet
    under_way: int = 0  # bytes sent and not resumed
    end: Done | Failed | None = None  # what follows the last piece


class FakeHandle:
    """The worker's side of a Handle whose Network is a table of answers.

    Args:
        dispatch: takes the events; called from the loop, never from within a command.
    """

    def __init__(self, dispatch: Callable[[Event], None]) -> None:
        self.received: list[Received] = []  # every request, in order
        self.sockets: list[OpenSocket] = []  # every WebSocket that was to be opened, in order
        self.canceled: list[TransferId] = []  # every transfer that was canceled while it ran
        self.most_under_way = 0  # the most bytes that were ever sent and not resumed, of one transfer
        self._dispatch = dispatch
        self._ids = itertools.count(1)
        self._running: dict[TransferId, _Transfer] = {}
        self._answers: dict[tuple[str, str], list[Answer] | Responder] = {}  # by method (or empty) and URL
        self._default: Responder = lambda _: Answer(fail="net::ERR_NAME_NOT_RESOLVED")

    def answer(self, url: str, *answers: Answer, method: str = "") -> None:
        """Answer requests for `url` with `answers` one after another; the last one stays."""
        self._answers[method, url] = list(answers)

    def respond(self, url: str, responder: Responder, *, method: str = "") -> None:
        """Answer requests for `url` with what `responder` gives."""
        self._answers[method, url] = responder

    def respond_to_rest(self, responder: Responder) -> None:
        """Answer everything else with what `responder` gives."""
        self._default = responder

    # -- the Handle ----------------------------------------------------------------------------------------------

    def next_id(self) -> TransferId:
        """See `Handle.next_id`."""
        return TransferId(next(self._ids))

    def submit(self, submit: Submit) -> None:
        """See `Handle.submit`."""
        transfer = self._running[submit.id] = _Transfer(submit)
        if not submit.body_streamed:
            transfer.body += submit.body or b""
            self._begin(transfer)

    def send_body(self, part: BodyPart) -> None:
        """See `Handle.send_body`."""
        transfer = self._running.get(part.id)
        if transfer is None:
            return
        transfer.body += part.data
        if part.last:
            self._begin(transfer)
        else:
            self._send(BodyWanted(part.id))

    def tell(self, message: Saved) -> None:
        """See `Handle.tell`: nobody counts."""

    def open_socket(self, command: OpenSocket) -> None:
        """See `Handle.open_socket`: there are no servers for it here."""
        self.sockets.append(command)
        self._send(SocketClosed(command.id, 1006, error="net::ERR_NAME_NOT_RESOLVED", message="scripted"))

    def use_socket(self, command: SocketSend | SocketClose | SocketConsumed) -> None:
        """See `Handle.use_socket`: every socket is over."""

    def cancel(self, transfer: TransferId) -> None:
        """See `Handle.cancel`."""
        if self._running.pop(transfer, None) is not None:
            self.canceled.append(transfer)
            self._send(Failed(transfer, "net::ERR_ABORTED", "canceled", Timings()))

    def resume(self, transfer: TransferId, count: int) -> None:
        """See `Handle.resume`."""
        running = self._running.get(transfer)
        if running is not None:
            running.under_way -= count
            self._pump(running)

    # -- the fake network ----------------------------------------------------------------------------------------

    def _begin(self, transfer: _Transfer) -> None:
        submit = transfer.submit
        request = Received(
            id=submit.id,
            method=submit.method,
            url=submit.url,
            headers=Headers(submit.headers),
            body=bytes(transfer.body),
            options=submit.options,
        )
        self.received.append(request)
        answer = self._answer_to(request)
        if answer.hold:
            return
        if answer.fail and answer.fail_after is None:
            self._end(transfer, Failed(submit.id, answer.fail, "scripted", Timings(total=0.0), answer.proxy_challenges))
            return
        self._send(
            ResponseHead(
                submit.id, answer.status, answer.reason, answer.headers, answer.http_version, "192.0.2.1:80", 1, False
            )
        )
        if answer.hold_after_head:
            return
        body = answer.body if answer.fail_after is None else answer.body[: answer.fail_after]
        if answer.fail:
            transfer.end = Failed(submit.id, answer.fail, "scripted", Timings(total=0.0))
        else:
            size = len(body) + sum(len(name) + len(value) + 4 for name, value in answer.headers)
            whole = b"" if submit.options.stream else body
            transfer.end = Done(submit.id, whole, size, Timings(first_byte=0.0, total=0.0))
        if submit.options.stream:
            step = answer.chunk_bytes
            transfer.pieces.extend(body[start : start + step] for start in range(0, len(body), step))
        self._pump(transfer)

    def _answer_to(self, request: Received) -> Answer:
        for method in (request.method, ""):
            known = self._answers.get((method, request.url))
            if known is None:
                continue
            if not isinstance(known, list):
                return known(request)
            return known.pop(0) if len(known) > 1 else known[0]
        return self._default(request)

    def _pump(self, transfer: _Transfer) -> None:
        while transfer.pieces and transfer.under_way < WINDOW_BYTES:
            piece = transfer.pieces.popleft()
            transfer.under_way += len(piece)
            self.most_under_way = max(self.most_under_way, transfer.under_way)
            self._send(BodyChunk(transfer.submit.id, piece))
        if not transfer.pieces and transfer.end is not None:
            self._end(transfer, transfer.end)

    def _end(self, transfer: _Transfer, outcome: Done | Failed) -> None:
        del self._running[outcome.id]
        self._send(outcome)

    def _send(self, event: Event) -> None:
        asyncio.get_running_loop().call_soon(self._dispatch, event)


class FakeTransport(HandleTransport):
    """A transport whose servers are scripted; see the module."""

    def __init__(self) -> None:
        self.handle = FakeHandle(self.dispatch)
        super().__init__(self.handle)

    @property
    def received(self) -> list[Received]:
        """Every request that was sent, in order."""
        return self.handle.received

    def answer(self, url: str, *answers: Answer, method: str = "") -> None:
        """See `FakeHandle.answer`."""
        self.handle.answer(url, *answers, method=method)

    def respond(self, url: str, responder: Responder, *, method: str = "") -> None:
        """See `FakeHandle.respond`."""
        self.handle.respond(url, responder, method=method)
