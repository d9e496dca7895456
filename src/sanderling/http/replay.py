"""Replay: a transport whose servers are a recording (HAR).

Like `HandleTransport` it is a table of transfers over a door; behind this one is no Network but the recording. Each hop is answered by
itself, so redirects, cookies and CORS are what the rules of the client make of it. What is missing fails by name, or goes to the network.

Thread: worker.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import itertools
from collections import deque
from collections.abc import Callable

import msgspec

from sanderling.base.errors import InternalError, NetworkError
from sanderling.http.cached import announced_bytes
from sanderling.http.transfer import Outgoing, Transfer
from sanderling.http.transport import HandleTransport, Transport
from sanderling.http.websocket import ClientSocket, SocketListener
from sanderling.network.messages import (
    BodyChunk,
    BodyPart,
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
    SocketMessage,
    SocketOpened,
    SocketRequest,
    SocketResponse,
    SocketSend,
    SocketSent,
    Submit,
    Timings,
    TransferId,
)
from sanderling.proto.har_reading import Exchange, Recording
from sanderling.proto.headers import Headers

MISSING = "net::ERR_NOT_IN_RECORDING"
"""What a request fails with that the recording does not hold; Chromium has no name for it."""

WINDOW_BYTES = 256 * 1024
"""How much of a streamed body may be under way before some is taken."""

_CHUNK_BYTES = 64 * 1024

_MAX_UPLOAD_BYTES = 64 * 1024 * 1024
"""Of a streamed request body, which has to be known whole to be looked up."""


class ReplayTransport(HandleTransport):
    """Answers from a recording.

    Args:
        network: where what is missing goes; None to fail it.
    """

    def __init__(self, network: Transport | None = None) -> None:
        self._replayed = _ReplayDoor(self.dispatch)
        super().__init__(self._replayed)
        self._network = network

    def load(self, recording: Recording) -> None:
        """Say what is replayed; before that everything is missing."""
        self._replayed.recording = recording

    async def open(self, outgoing: Outgoing) -> Transfer:
        """See `Transport.open`."""
        outgoing = await _whole(outgoing)
        if self._network is not None and not self._replayed.holds(outgoing):
            return await self._network.open(outgoing)
        # Recordings hold bodies as they are meant.
        options = msgspec.structs.replace(outgoing.options, decompress=False)
        return await super().open(msgspec.structs.replace(outgoing, options=options))

    def next_socket(self) -> TransferId:
        """See `Transport.next_socket`. Where the network may be asked, the number is one of its own."""
        return super().next_socket() if self._network is None else self._network.next_socket()

    def open_socket(self, command: OpenSocket, listener: SocketListener) -> ClientSocket:
        """See `Transport.open_socket`."""
        if self._network is not None and not self._replayed.holds_socket(command.url):
            return self._network.open_socket(command, listener)
        return super().open_socket(command, listener)


async def _whole(outgoing: Outgoing) -> Outgoing:
    """Collect a streamed body."""
    body = outgoing.body
    if body is None or isinstance(body, bytes):
        return outgoing
    pieces = bytearray()
    async for piece in body:
        pieces += piece
        if len(pieces) > _MAX_UPLOAD_BYTES:
            raise NetworkError(
                MISSING, f"a request body of more than {_MAX_UPLOAD_BYTES} bytes is in no recording", url=outgoing.url
            )
    return msgspec.structs.replace(outgoing, body=bytes(pieces))


class _Playing(msgspec.Struct):
    """A transfer that is answered."""

    number: TransferId
    streamed: bool
    pieces: deque[bytes] = msgspec.field(default_factory=deque)  # not sent yet
    under_way: int = 0  # sent and not used up
    end: Done | Failed | None = None


class _ReplayDoor:
    """The worker's side of a Handle whose Network is a recording (`transfer.Door`).

    Args:
        dispatch: takes the events; called from the loop, never from within a command.
    """

    def __init__(self, dispatch: Callable[[Event], None]) -> None:
        self.recording = Recording(())
        self._dispatch = dispatch
        self._ids = itertools.count(1)
        self._playing: dict[TransferId, _Playing] = {}
        self._sockets: dict[TransferId, _PlayedSocket] = {}

    def holds(self, outgoing: Outgoing) -> bool:
        """Whether a request would be answered."""
        assert outgoing.body is None or isinstance(outgoing.body, bytes)
        if self._allowed_preflight(outgoing.method, outgoing.url, outgoing.headers) is not None:
            return True
        return self.recording.holds(outgoing.method, outgoing.url, outgoing.headers, outgoing.body)

    def holds_socket(self, url: str) -> bool:
        """Whether a WebSocket would be answered."""
        return self.recording.holds_socket(url)

    # -- transfers -------------------------------------------------------------------------------------------------------

    def next_id(self) -> TransferId:
        """See `Door.next_id`."""
        return TransferId(next(self._ids))

    def submit(self, submit: Submit) -> None:
        """See `Door.submit`."""
        if submit.body_streamed:
            raise InternalError("a streamed body came to a recording")
        number = submit.id
        playing = self._playing[number] = _Playing(number, submit.options.stream)
        one = self.recording.take(submit.method, submit.url, submit.headers, submit.body)
        allowed = self._allowed_preflight(submit.method, submit.url, submit.headers) if one is None else None
        if allowed is not None:
            self._send(ResponseHead(number, 204, "No Content", allowed, "HTTP/1.1", "", 0, False))
            playing.end = Done(number, b"", 0, Timings(total=0.0))
        elif one is None:
            text = f"{submit.method} {submit.url[:200]} is not in the recording"
            playing.end = Failed(number, MISSING, text, Timings(total=0.0))
        else:
            self._answer(playing, one, submit)
        self._pump(playing)

    def _answer(self, playing: _Playing, one: Exchange, submit: Submit) -> None:
        number = playing.number
        if not one.status:
            text = "the recording has this failure" if one.error else "the recording has no response"
            playing.end = Failed(number, one.error or MISSING, text, Timings(total=0.0))
            return
        content = b"" if submit.method == "HEAD" else one.content
        if content is None and not one.error:
            text = f"the recording does not hold the body of {submit.url[:200]}"
            playing.end = Failed(number, MISSING, text, Timings(total=0.0))
            return
        content = content or b""
        self._send(_head(number, one, submit.headers, has_body=bool(content)))
        if len(content) > submit.options.max_body_bytes:
            text = f"the response is larger than {submit.options.max_body_bytes} bytes"
            playing.end = Failed(number, "net::ERR_RESPONSE_TOO_LARGE", text, Timings(total=0.0))
            return
        if playing.streamed:
            playing.pieces.extend(
                content[start : start + _CHUNK_BYTES] for start in range(0, len(content), _CHUNK_BYTES)
            )
        if one.error:
            playing.end = Failed(number, one.error, "the recording has this failure", Timings(total=0.0))
        else:
            size = len(content) + sum(len(name) + len(value) + 4 for name, value in one.headers)
            timings = Timings(
                first_byte=0.0,
                total=0.0,
                encoded_body_bytes=announced_bytes(one.headers, len(content)),
                decoded_body_bytes=len(content),
            )
            playing.end = Done(number, b"" if playing.streamed else content, size, timings)

    def _allowed_preflight(self, method: str, url: str, headers: HeaderList) -> HeaderList | None:
        """Answer a preflight that was not recorded when what it asks for was: Chromium writes none into its documents."""
        if method != "OPTIONS":
            return None
        asked = Headers(headers)
        wanted = asked.get("access-control-request-method")
        if wanted is None or self.recording.holds("OPTIONS", url, headers, None):
            return None
        if not self.recording.holds_url(wanted, url):
            return None
        return (
            ("Access-Control-Allow-Origin", asked.get("origin") or "*"),
            ("Access-Control-Allow-Methods", wanted),
            ("Access-Control-Allow-Headers", asked.get("access-control-request-headers") or "*"),
            ("Access-Control-Allow-Credentials", "true"),
        )

    def send_body(self, part: BodyPart) -> None:
        """See `Door.send_body`."""
        raise InternalError("a streamed body came to a recording")

    def cancel(self, transfer: TransferId) -> None:
        """See `Door.cancel`."""
        if self._playing.pop(transfer, None) is not None:
            self._send(Failed(transfer, "net::ERR_ABORTED", "canceled", Timings(total=0.0)))

    def resume(self, transfer: TransferId, count: int) -> None:
        """See `Door.resume`."""
        playing = self._playing.get(transfer)
        if playing is not None:
            playing.under_way -= count
            self._pump(playing)

    def _pump(self, playing: _Playing) -> None:
        while playing.pieces and playing.under_way < WINDOW_BYTES:
            piece = playing.pieces.popleft()
            playing.under_way += len(piece)
            self._send(BodyChunk(playing.number, piece))
        if not playing.pieces and playing.end is not None:
            self._playing.pop(playing.number, None)
            self._send(playing.end)

    # -- WebSockets ------------------------------------------------------------------------------------------------------

    def tell(self, message: Saved) -> None:
        """See `Door.tell`: nothing of a recording is counted."""

    def open_socket(self, command: OpenSocket) -> None:
        """See `Door.open_socket`."""
        one = self.recording.take_socket(command.url)
        if one is None:
            text = f"WebSocket {command.url[:200]} is not in the recording"
            self._send(SocketClosed(command.id, 1006, error=MISSING, message=text))
            return
        if one.error and one.status != 101:
            self._send(SocketClosed(command.id, 1006, error=one.error, message="the recording has this failure"))
            return
        socket = self._sockets[command.id] = _PlayedSocket(command.id, one, self._send)
        socket.open(command.headers)

    def use_socket(self, command: SocketSend | SocketClose | SocketConsumed) -> None:
        """See `Door.use_socket`."""
        socket = self._sockets.get(command.id)
        if socket is None:
            return
        if isinstance(command, SocketSend):
            socket.take(command.data)
        elif isinstance(command, SocketClose):
            socket.close(command.code, command.reason)
        if socket.over:
            del self._sockets[command.id]

    def _send(self, event: Event) -> None:
        asyncio.get_running_loop().call_soon(self._dispatch, event)


class _PlayedSocket:
    """A WebSocket of a recording: what came after the n-th message of the page comes after its n-th message again.

    Args:
        number: of the socket.
        one: what was recorded.
        send: takes the events.
    """

    def __init__(self, number: TransferId, one: Exchange, send: Callable[[Event], None]) -> None:
        self._number = number
        self._one = one
        self._frames = deque(one.frames or ())
        self._send = send
        self.over = False

    def open(self, headers: HeaderList) -> None:
        """Play the handshake, and what came before the page said anything."""
        number, one = self._number, self._one
        answer = Headers(one.headers)
        self._send(SocketRequest(number, headers))
        self._send(SocketResponse(number, one.status or 101, one.reason, one.headers))
        protocol = answer.get("sec-websocket-protocol") or ""
        self._send(SocketOpened(number, protocol, answer.get("sec-websocket-extensions") or ""))
        self._play()

    def take(self, data: bytes) -> None:
        """The page sent a message; what it says does not count."""
        self._send(SocketSent(self._number, len(data)))
        while self._frames:
            if self._frames.popleft().type == "send":
                break
        self._play()

    def close(self, code: int, reason: str) -> None:
        """The page closed it."""
        self._end(code or 1005, reason, clean=True)

    def _play(self) -> None:
        while self._frames and self._frames[0].type != "send" and not self.over:
            frame = self._frames.popleft()
            if frame.opcode == 8:
                code, _, reason = frame.data.partition(" ")
                self._end(int(code) if code.isdecimal() else 1005, reason, clean=True)
            elif frame.opcode == 1:
                self._send(SocketMessage(self._number, frame.data.encode("utf-8", "surrogatepass"), text=True))
            else:
                try:
                    data = base64.b64decode(frame.data)
                except (binascii.Error, ValueError):
                    data = b""
                self._send(SocketMessage(self._number, data))

    def _end(self, code: int, reason: str, *, clean: bool) -> None:
        if not self.over:
            self.over = True
            self._send(SocketClosed(self._number, code, reason, clean))


def _head(number: TransferId, one: Exchange, asked: HeaderList, *, has_body: bool) -> ResponseHead:
    status, reason = one.status, one.reason
    conditional = any(name.lower() in ("if-none-match", "if-modified-since") for name, _ in asked)
    if status == 304 and has_body and not conditional:
        # Chromium writes what its cache showed under the status of the validation.
        status, reason = 200, "OK"
    return ResponseHead(
        number, status, reason, one.headers, one.http_version or "HTTP/1.1", one.remote_address, 0, False
    )
