"""One outbound WebSocket, from its connection to its end: libcurl connects, `websockets` has the protocol, the state is a table.

libcurl makes the connection (`CONNECT_ONLY`: its name lookup, proxies and TLS) and then only carries bytes. A `Connection` begins
CONNECTING and gets exactly one `SocketClosed`. That event never waits for the server: once close frames went both ways, or `CLOSE_S` after
ours, it is given, and what is left of the TCP connection lingers a moment so that our last frame is read. Servers that leave without a
close frame are common and are no error of anybody's (1006, not clean).

Standards: RFC 6455, RFC 7692

Thread: main.
"""

from __future__ import annotations

import collections
import enum
import logging
from collections.abc import Callable
from typing import Any, Protocol

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidHandshake, InvalidStatus
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import OPEN
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

from sanderling.base.errors import InternalError
from sanderling.network import errors
from sanderling.network.errors import Fault
from sanderling.network.messages import (
    Event,
    HeaderList,
    OpenSocket,
    SocketClose,
    SocketClosed,
    SocketConsumed,
    SocketMessage,
    SocketOpened,
    SocketRequest,
    SocketResponse,
    SocketSend,
    SocketSent,
    TransferId,
)

CLOSE_S = 3.0
"""How long the server may take to answer our close frame, or to take anything of what waits before it; RFC 6455, 7.1.1 leaves it to us.
Chromium waits two seconds for its own part."""

LINGER_S = 1.0
"""How long our last bytes may take to leave, and the server to close its side, after the outcome was given."""

WINDOW_BYTES = 1024 * 1024
"""Of messages that the worker may hold unused before no more is read from the server."""

MAX_QUEUED_BYTES = 256 * 1024 * 1024
"""Of messages that the server has not read; a page that does not look at `bufferedAmount` must not fill our memory."""

READ_BYTES = 64 * 1024
READS_PER_TURN = 16
"""Reads before other connections have their turn."""

_LOG = logging.getLogger("sanderling.network.websocket")
_LOG.setLevel(logging.CRITICAL)  # the library would log what servers do wrong; the page is told of that

_BEFORE_UPGRADE = frozenset({"authorization", "user-agent"})
_BEFORE_VERSION = frozenset({"origin"})

_DEFLATE = ClientPerMessageDeflateFactory(client_max_window_bits=True, compress_settings={"memLevel": 5})
"""Offered as Chromium does; memLevel 5 halves what an open socket costs."""


class State(enum.Enum):
    """Where a connection is."""

    CONNECTING = "connecting"  # libcurl connects
    SHAKING = "shaking"  # our request goes out, its response comes
    OPEN = "open"
    CLOSING = "closing"  # our close frame was sent, the server's has not come
    LINGERING = "lingering"  # the outcome was given; the last bytes leave
    ENDED = "ended"  # everything is given back


class Step(enum.Enum):
    """What happens to it."""

    CONNECT = "connect"
    ACCEPT = "accept"
    CLOSE = "close"
    FINISH = "finish"
    END = "end"


TABLE: dict[tuple[State, Step], State] = {
    (State.CONNECTING, Step.CONNECT): State.SHAKING,
    (State.CONNECTING, Step.END): State.ENDED,
    (State.SHAKING, Step.ACCEPT): State.OPEN,
    (State.SHAKING, Step.END): State.ENDED,
    (State.OPEN, Step.CLOSE): State.CLOSING,
    (State.OPEN, Step.FINISH): State.LINGERING,
    (State.OPEN, Step.END): State.ENDED,
    (State.CLOSING, Step.FINISH): State.LINGERING,
    (State.CLOSING, Step.END): State.ENDED,
    (State.LINGERING, Step.END): State.ENDED,
}


class SocketOwner(Protocol):
    """Whom a connection reports to: a worker's door, seen from Network."""

    def emit(self, event: Event) -> None:
        """Queue an event for the worker."""

    def socket_ended(self, number: TransferId) -> None:
        """Forget a socket: `SocketClosed` was emitted."""


class SocketDriver(Protocol):
    """What a connection needs of the driver of libcurl."""

    def watch_socket(self, connection: Connection, *, read: bool, write: bool) -> None:
        """Call `Connection.ready` when its socket is."""

    def soon(self, callback: Callable[[], None], delay_s: float) -> Callable[[], None]:
        """Call later, and then hand out events; gives what takes it back."""

    def let_go(self, connection: Connection) -> None:
        """Take the handle out of libcurl and close it; it is watched no longer."""


class Connection:
    """A WebSocket.

    Args:
        command: what the worker asked for.
        owner: whom its events go to.
        driver: what drives libcurl.
    """

    def __init__(self, command: OpenSocket, owner: SocketOwner, driver: SocketDriver) -> None:
        self.command = command
        self.owner = owner
        self.state = State.CONNECTING
        self.easy: Any = None  # libcurl's handle, from the start until the end
        self._driver = driver
        self._protocol = ClientProtocol(
            parse_uri(command.url),
            extensions=[_DEFLATE],
            subprotocols=[Subprotocol(one) for one in command.protocols] or None,
            max_size=command.options.max_body_bytes,
            logger=_LOG,
        )
        self._told = False  # SocketClosed was emitted
        self._out: collections.deque[memoryview] = collections.deque()  # not taken by libcurl yet
        self._queued = 0  # bytes ever put there
        self._gone = 0  # bytes of them that libcurl took
        self._gone_before = 0  # `_gone` when the close deadline was set
        self._marks: collections.deque[tuple[int, int]] = collections.deque()  # messages: where they end, their bytes
        self._unused = 0  # bytes of messages that the worker has not used up
        self._partial: list[bytes] | None = None  # fragments of a message whose last one has not come
        self._partial_text = False
        self._blocked_write = False  # libcurl takes no more for now
        self._eof = False  # the server's stream ended
        self._broken = False  # it broke a rule that only we look at
        self._cancel_timer: Callable[[], None] | None = None
        self._again: Callable[[], None] | None = None  # takes back the next turn of reading

    @property
    def id(self) -> TransferId:
        """Its id within its owner."""
        return self.command.id

    def _step(self, step: Step) -> None:
        try:
            self.state = TABLE[self.state, step]
        except KeyError:
            raise InternalError(f"a WebSocket cannot {step.value} when it is {self.state.value}") from None

    # What the driver says.

    def connected(self) -> None:
        """The connection is there: shake hands."""
        self._step(Step.CONNECT)
        headers = self._handshake_headers()
        lines = [f"GET {self._protocol.uri.resource_name} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
        self.owner.emit(SocketRequest(self.id, headers))
        self._queue(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
        wait_ms = self.command.options.idle_timeout_ms
        if wait_ms:
            self._arm(wait_ms / 1000, self._handshake_late)
        self._write()
        self._watch()

    def _handshake_headers(self) -> HeaderList:
        """Give the request's headers in Chromium's order (RFC 6455, 4.1)."""
        uri = self._protocol.uri
        host = f"[{uri.host}]" if ":" in uri.host else uri.host
        default = 443 if uri.secure else 80
        headers = list(self.command.headers)
        items = [
            ("Host", host if uri.port == default else f"{host}:{uri.port}"),
            ("Connection", "Upgrade"),
            ("Pragma", "no-cache"),
            ("Cache-Control", "no-cache"),
            *_split(headers, _BEFORE_UPGRADE),
            ("Upgrade", "websocket"),
            *_split(headers, _BEFORE_VERSION),
            ("Sec-WebSocket-Version", "13"),
            *headers,
            ("Sec-WebSocket-Key", self._protocol.key),
            ("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"),
        ]
        if self.command.protocols:
            items.append(("Sec-WebSocket-Protocol", ", ".join(self.command.protocols)))
        return tuple(items)

    def _handshake_late(self) -> None:
        self.fail(Fault(errors.TIMED_OUT, "the server did not answer the handshake"))

    def fail(self, fault: Fault) -> None:
        """Give the outcome: it could not be opened, or broke. Silent after the end."""
        self._finish(SocketClosed(self.id, 1006, error=fault.code, message=fault.message))
        self._end()

    def ready(self, *, readable: bool) -> None:
        """Its socket can be read or written, or the driver's turn has come again."""
        if self.state is State.ENDED:
            return
        self._blocked_write = False
        self._write()
        if readable:
            self._read()
        self._after()

    # What the worker says.

    def obey(self, command: SocketSend | SocketClose | SocketConsumed) -> None:
        """Do what a command says; after the closing has begun nothing more is sent."""
        if isinstance(command, SocketConsumed):
            held = self._unused >= WINDOW_BYTES
            self._unused = max(self._unused - command.count, 0)
            if held and self._unused < WINDOW_BYTES and self.state in (State.OPEN, State.CLOSING):
                self._read()  # TLS may hold bytes of which the socket does not tell
        elif isinstance(command, SocketSend):
            if self.state is State.OPEN and self._protocol.state is OPEN:
                if command.text:
                    self._protocol.send_text(command.data)
                else:
                    self._protocol.send_binary(command.data)
                self._take_output()
                self._marks.append((self._queued, len(command.data)))
                if self._queued - self._gone > MAX_QUEUED_BYTES:
                    self.fail(Fault(errors.OUT_OF_MEMORY, "the server reads too slowly: too much waits to be sent"))
        else:
            self._close(command.code, command.reason)
        self._after()

    def _close(self, code: int, reason: str) -> None:
        if self.state in (State.CONNECTING, State.SHAKING):
            # HTML, close(): "fail the WebSocket connection".
            self.fail(Fault(errors.ABORTED, "WebSocket is closed before the connection is established."))
        elif self.state is State.OPEN:
            if self._protocol.state is OPEN:
                self._protocol.send_close(code or None, reason)
            self._step(Step.CLOSE)
            self._take_output()
            self._arm_close()

    def _arm_close(self) -> None:
        self._write()
        if self.state is State.ENDED:  # the server turned out to be gone
            return
        self._gone_before = self._gone
        self._arm(CLOSE_S, self._close_late)

    def _close_late(self) -> None:
        if self._gone > self._gone_before:  # what was sent before the close is still leaving
            self._arm_close()
            return
        self._finish(SocketClosed(self.id, 1006, message="the server did not answer the close frame"))
        self._end()

    def abandon(self) -> None:
        """Its page is gone: say so to the server (1001, RFC 6455, 7.4.1), and wait for nothing."""
        if self.state is State.OPEN and self._protocol.state is OPEN:
            self._protocol.send_close(CloseCode.GOING_AWAY)
            self._take_output()
            self._finish(SocketClosed(self.id, 1006, error=errors.ABORTED, message="its owner is gone"))
            self._step(Step.FINISH)
            self._arm(LINGER_S, self._end)
            self._after()
        else:
            self.fail(Fault(errors.ABORTED, "its owner is gone"))

    def shut(self, message: str) -> None:
        """Network stops: tell the server if its socket takes the frame, and end."""
        if self.state is State.OPEN and self._protocol.state is OPEN:
            self._protocol.send_close(CloseCode.GOING_AWAY)
            self._take_output()
            self._write()
        self.fail(Fault(errors.ABORTED, message))

    # Bytes.

    def _queue(self, data: bytes) -> None:
        if data:
            self._out.append(memoryview(data))
            self._queued += len(data)

    def _take_output(self) -> None:
        for data in self._protocol.data_to_send():
            self._queue(data)

    def _write(self) -> None:
        while self._out and not self._blocked_write:
            data = self._out[0]
            try:
                count = self.easy.send(data)
            except BlockingIOError:
                self._blocked_write = True
                return
            except Exception:  # pycurl.error: only `curl*.py` may import it
                self._lost()
                return
            self._gone += count
            if count < len(data):
                self._out[0] = data[count:]
            else:
                self._out.popleft()
            self._report_sent()

    def _report_sent(self) -> None:
        count = 0
        while self._marks and self._marks[0][0] <= self._gone:
            count += self._marks.popleft()[1]
        if count and not self._told:
            self.owner.emit(SocketSent(self.id, count))

    def _read(self) -> None:
        for _ in range(READS_PER_TURN):
            if self.state in (State.CONNECTING, State.ENDED) or self._eof:
                return
            if self._unused >= WINDOW_BYTES and self.state is not State.LINGERING:
                return
            try:
                data = self.easy.recv(READ_BYTES)
            except BlockingIOError:
                return
            except Exception:  # pycurl.error: only `curl*.py` may import it
                self._lost()
                return
            if not data:
                self._lost()
                return
            if self.state is not State.LINGERING:
                self._protocol.receive_data(data)
                self._events()
        if self._again is None:
            self._again = self._driver.soon(self._read_again, 0)

    def _read_again(self) -> None:
        self._again = None
        self.ready(readable=True)

    def _lost(self) -> None:
        """The server's stream ended, orderly or not."""
        if self._eof:
            return
        self._eof = True
        self._out.clear()
        if self.state is State.SHAKING:
            self._protocol.receive_eof()
            self._events()
            if self.state is State.SHAKING:
                self.fail(Fault(errors.CONNECTION_CLOSED, "Connection closed before receiving a handshake response"))
        elif self.state in (State.OPEN, State.CLOSING):
            self._finish(SocketClosed(self.id, 1006, message="the server left without a close frame"))
            self._end()
        else:
            self._end()

    # What the protocol says.

    def _events(self) -> None:
        for event in self._protocol.events_received():
            if isinstance(event, Response):
                self._answered(event)
            elif isinstance(event, Frame) and self.state in (State.OPEN, State.CLOSING) and not self._broken:
                self._frame(event)
            if self.state is State.ENDED:
                return
        if self.state is State.SHAKING and self._protocol.handshake_exc is not None:
            self.fail(_refusal(self._protocol.handshake_exc))
            return
        self._take_output()
        problem = self._protocol.parser_exc
        if problem is not None and self.state in (State.OPEN, State.CLOSING):
            # RFC 6455, 7.1.7: our close frame was queued; the page is told at once.
            self._give_up(str(problem))

    def _answered(self, response: Response) -> None:
        headers = tuple((name, _latin1(value)) for name, value in response.headers.raw_items())
        self.owner.emit(SocketResponse(self.id, response.status_code, _latin1(response.reason_phrase), headers))
        problem = self._protocol.handshake_exc
        if problem is None and self.command.protocols and self._protocol.subprotocol is None:
            # HTML, "establish a WebSocket connection", step 11.3
            self.fail(
                Fault(
                    errors.FAILED,
                    "Error during WebSocket handshake: Sent non-empty 'Sec-WebSocket-Protocol' header but no response was received",
                )
            )
            return
        if problem is not None:
            self.fail(_refusal(problem))
            return
        self._disarm()
        self._step(Step.ACCEPT)
        extensions = _latin1(", ".join(response.headers.get_all("Sec-WebSocket-Extensions")))
        self.owner.emit(SocketOpened(self.id, self._protocol.subprotocol or "", extensions))

    def _frame(self, frame: Frame) -> None:
        if frame.opcode is Opcode.CLOSE:
            self._closed_by_server()
        elif frame.opcode is Opcode.TEXT or frame.opcode is Opcode.BINARY:
            text = frame.opcode is Opcode.TEXT
            if frame.fin:
                self._message(bytes(frame.data), text=text)
            else:
                self._partial = [bytes(frame.data)]
                self._partial_text = text
        elif frame.opcode is Opcode.CONT and self._partial is not None:
            self._partial.append(bytes(frame.data))
            if frame.fin:
                whole, self._partial = b"".join(self._partial), None
                self._message(whole, text=self._partial_text)

    def _message(self, data: bytes, *, text: bool) -> None:
        if text and not data.isascii():
            try:
                data.decode()
            except UnicodeDecodeError:
                # RFC 6455, 8.1
                self._broken = True
                self._protocol.fail(CloseCode.INVALID_DATA, "the text is not UTF-8")
                self._take_output()
                self._give_up("Could not decode a text frame as UTF-8.")
                return
        self._unused += len(data) or 1
        self.owner.emit(SocketMessage(self.id, data, text))

    def _closed_by_server(self) -> None:
        received = self._protocol.close_rcvd
        code = CloseCode.NO_STATUS_RCVD if received is None else received.code
        reason = "" if received is None else received.reason
        self._take_output()  # the echo
        self._finish(SocketClosed(self.id, int(code), reason, clean=True))
        self._linger()

    def _give_up(self, message: str) -> None:
        self._finish(SocketClosed(self.id, 1006, error=errors.FAILED, message=message))
        self._linger()

    # The end.

    def _finish(self, outcome: SocketClosed) -> None:
        if not self._told:
            self._told = True
            self.owner.emit(outcome)
            self.owner.socket_ended(self.id)

    def _linger(self) -> None:
        self._step(Step.FINISH)
        self._arm(LINGER_S, self._end)

    def _end(self) -> None:
        if self.state is State.ENDED:
            return
        self._disarm()
        if self._again is not None:
            self._again()
            self._again = None
        self._step(Step.END)
        self._out.clear()
        self._driver.let_go(self)

    def _arm(self, delay_s: float, callback: Callable[[], None]) -> None:
        self._disarm()
        self._cancel_timer = self._driver.soon(callback, delay_s)

    def _disarm(self) -> None:
        if self._cancel_timer is not None:
            self._cancel_timer()
            self._cancel_timer = None

    def _after(self) -> None:
        if self.state in (State.CONNECTING, State.ENDED):
            return
        self._write()
        self._watch()

    def _watch(self) -> None:
        if self.state is not State.ENDED:
            held = self._unused >= WINDOW_BYTES and self.state is not State.LINGERING
            self._driver.watch_socket(self, read=not held and not self._eof, write=bool(self._out))


def _split(headers: list[tuple[str, str]], names: frozenset[str]) -> list[tuple[str, str]]:
    """Take those of some names out of a list."""
    found = [item for item in headers if item[0].lower() in names]
    headers[:] = [item for item in headers if item[0].lower() not in names]
    return found


def _refusal(problem: Exception) -> Fault:
    if isinstance(problem, InvalidStatus):
        status = problem.response.status_code
        return Fault(
            errors.INVALID_HTTP_RESPONSE, f"Error during WebSocket handshake: Unexpected response code: {status}"
        )
    if isinstance(problem, InvalidHandshake):
        return Fault(errors.FAILED, f"Error during WebSocket handshake: {_latin1(str(problem))}")
    return Fault(errors.INVALID_HTTP_RESPONSE, f"Error during WebSocket handshake: {_latin1(str(problem))}")


def _latin1(text: str) -> str:
    """Give what a server sent as other response heads are given, a character a byte: versions of the library have surrogates for some, which cannot cross."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape").decode("latin-1")
    return text
