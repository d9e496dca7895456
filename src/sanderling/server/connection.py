"""One connection of a client: HTTP until it ends or becomes a WebSocket.

Deadlines: the whole first request is due `handshake_timeout_s` after the connection, however its bytes drip; a later one so long after its
first byte; between two requests `idle_timeout_s` may pass. When we have ended our stream the peer has `close_timeout_s` to end its own.

Thread: main.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import select
import socket
from collections.abc import Callable, Sequence

import msgspec

from sanderling.server.endpoints import Endpoints
from sanderling.server.frames import Frames
from sanderling.server.guard import Guard
from sanderling.server.http_exchange import Answer, BadRequestError, HttpExchange, HttpRequest
from sanderling.server.links import Lobby, RefusedError
from sanderling.server.metrics import Counters
from sanderling.server.options import ServeOptions
from sanderling.server.phases import Phase, PhaseEvent, advance
from sanderling.server.registry import PENDING, Registry
from sanderling.server.websocket import WebSocket

_LOG = logging.getLogger("sanderling.server")

KEEPALIVE_IDLE_S = 4
KEEPALIVE_INTERVAL_S = 2
KEEPALIVE_PROBES = 3
"""A peer whose machine or network is gone is noticed within half a minute."""

READ_BYTES = 256 * 1024
"""Of a socket, at once."""

HIGH_WATER_BYTES = 1 << 20
"""So much unsent counts as a client that does not read."""

_POLLRDHUP = getattr(select, "POLLRDHUP", 0)  # Linux only: the peer has ended its stream


class Services(msgspec.Struct, frozen=True):
    """What all connections of a server share."""

    options: ServeOptions
    lobby: Lobby
    guard: Guard
    endpoints: Endpoints
    registry: Registry
    counters: Counters
    buffer: bytearray = msgspec.field(default_factory=lambda: bytearray(READ_BYTES))
    """What sockets are read into."""


class Connection(asyncio.BufferedProtocol):
    """See the module."""

    def __init__(self, services: Services, loop: asyncio.AbstractEventLoop) -> None:
        self._services = services
        self._loop = loop
        self._phase = Phase.ACCEPTING
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None  # the deadline that holds now
        self._http: HttpExchange | None = HttpExchange(services.options.max_header_bytes)  # None after the upgrade
        self._task: asyncio.Task[Answer] | None = None  # an answer in the making
        self._clogged = False  # answers wait unread
        self._eof = False  # the client ended its stream
        self._reading = True
        self._client: WebSocket | None = None  # after the upgrade
        self._aborted = False

    @property
    def phase(self) -> Phase:
        """See `registry.Member`."""
        return self._phase

    @property
    def waiting(self) -> bool:
        """See `registry.Member`."""
        return self._phase is Phase.HTTP and self._task is None and self._http is not None and not self._http.received

    def _advance(self, event: PhaseEvent) -> None:
        before = self._phase
        self._phase = advance(before, event)
        if self._phase is not before:
            self._services.registry.moved(self, before)

    def _arm(self, seconds: float, run: Callable[[], None]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(seconds, run)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # asyncio.BufferedProtocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See `asyncio.BaseProtocol`."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.set_write_buffer_limits(high=HIGH_WATER_BYTES)
        _tune(transport, self._services.options.unread_timeout_s)
        self._services.counters.connections += 1
        self._services.registry.add(self)
        self._arm(self._services.options.handshake_timeout_s, lambda: self.drop("handshake"))

    def get_buffer(self, sizehint: int) -> bytearray:
        """See `asyncio.BufferedProtocol`: one buffer for all, since what comes is copied at once.

        asyncio allocates 256 KiB a read otherwise, which takes ten times as long as the read itself (measured).
        """
        return self._services.buffer

    def buffer_updated(self, nbytes: int) -> None:
        """See `asyncio.BufferedProtocol`."""
        self._received(bytes(memoryview(self._services.buffer)[:nbytes]))

    def _received(self, data: bytes) -> None:
        if self._client is not None:
            self._client.receive(data)
        elif self._phase in PENDING and self._http is not None:
            if self._phase is Phase.HTTP and self._task is None and not self._http.received:
                self._arm(self._services.options.handshake_timeout_s, lambda: self.drop("handshake"))
            self._http.receive(data)
            self._take_requests()
        # Else it is what a peer still says after the end (RFC 9112, 9.6): read, so that our last bytes are not lost by a reset.

    def eof_received(self) -> bool:
        """See `asyncio.BufferedProtocol`."""
        self._eof = True
        if self._client is not None:
            self._client.receive_eof()
            self.closing()
        elif self._phase in PENDING and (self._task is not None or self._clogged):
            return True  # its answer is still wanted; `_finish` ends it
        else:
            self._advance(PhaseEvent.CLOSE)
            self._arm(self._services.options.close_timeout_s, lambda: self.drop("close"))
        return False  # asyncio closes the transport once everything is written

    def pause_writing(self) -> None:
        """See `asyncio.BaseProtocol`."""
        if self._client is not None:
            self._client.clogged()
        else:
            self._clogged = True
            if self._phase in PENDING:
                self._arm(self._services.options.unread_timeout_s, lambda: self.drop("unread"))

    def resume_writing(self) -> None:
        """See `asyncio.BaseProtocol`."""
        self._clogged = False
        if self._client is not None:
            self._client.unclogged()
        elif self._phase in PENDING:
            self._disarm()
            self._take_requests()

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.BaseProtocol`. How it was lost matters to nobody."""
        self._disarm()
        if self._task is not None:
            self._task.cancel()
        self._advance(PhaseEvent.LOST)
        if self._client is not None:
            self._client.lost()

    # Ends.

    def close(self, code: int, reason: str) -> None:
        """See `registry.Member`: a close frame for a WebSocket, the end of our stream otherwise."""
        if self._phase is Phase.UPGRADED and self._client is not None:
            self._client.close(code, reason)
        elif self._phase in PENDING:
            if self._task is not None:
                self._task.cancel()
            self._end()

    def drop(self, reason: str) -> None:
        """See `registry.Member` and `websocket.Carrier`."""
        if self._phase is Phase.CLOSED or self._transport is None or self._aborted:
            return
        self._aborted = True
        self._services.counters.dropped[reason] += 1
        self._advance(PhaseEvent.CLOSE)
        _LOG.debug("= dropped a connection: %s", reason)
        self._transport.abort()

    def closing(self) -> None:
        """See `websocket.Carrier`."""
        if self._phase is Phase.UPGRADED:
            self._advance(PhaseEvent.CLOSE)
            self._arm(self._services.options.close_timeout_s, lambda: self.drop("close"))

    def _end(self) -> None:
        """End our stream, and await the end of the peer's."""
        transport = self._transport
        if self._phase not in PENDING or transport is None:
            return
        self._advance(PhaseEvent.CLOSE)
        self._arm(self._services.options.close_timeout_s, lambda: self.drop("close"))
        if self._eof:
            transport.close()
            return
        self._read(True)
        if not transport.is_closing():
            transport.write_eof()

    # HTTP

    def _take_requests(self) -> None:
        """Answer what has come, as far as it can be answered at once."""
        http = self._http
        while http is not None and self._phase in PENDING and self._task is None and not self._clogged:
            try:
                request = http.next_request()
            except BadRequestError as error:
                self._refuse("malformed")
                self._answer(None, Answer(error.status, f"{error.message}\n".encode()), close=True)
                return
            self._write(http.take_output())
            if request is None:
                if not http.received and self._phase is Phase.HTTP:
                    self._finish()
                elif self._timer is None:
                    self._arm(self._services.options.handshake_timeout_s, lambda: self.drop("handshake"))
                break
            self._disarm()
            self._advance(PhaseEvent.REQUEST)
            self._handle(request)
        if self._phase in PENDING:
            self._read(self._task is None and not self._clogged)

    def _finish(self) -> None:
        """Everything that was asked is answered."""
        if self._eof:
            self._end()
        else:
            self._arm(self._services.options.idle_timeout_s, self._end)

    def _handle(self, request: HttpRequest) -> None:
        upgrade = request.wants_websocket
        try:
            query = self._services.guard.check(request.headers, request.query)
            if upgrade:
                self._upgrade(request)
                return
            answer = self._services.endpoints.answer(request, query, self._local_authority())
        except RefusedError as error:
            self._refuse(str(error.status))
            self._answer(request, refusal(error), close=upgrade or error.status == 400)
            return
        except Exception:
            _LOG.exception("a request could not be answered")
            self._answer(request, Answer(500, b"internal error\n"), close=True)
            return
        if isinstance(answer, Answer):
            self._answer(request, answer, close=False)
            return
        self._task = self._loop.create_task(answer)
        self._task.add_done_callback(lambda task: self._answered(request, task))

    def _answered(self, request: HttpRequest, task: asyncio.Task[Answer]) -> None:
        self._task = None
        if task.cancelled():
            return  # the connection is gone
        error = task.exception()
        if error is None:
            answer = task.result()
        elif isinstance(error, RefusedError):
            self._refuse(str(error.status))
            answer = refusal(error)
        else:
            _LOG.error("a request could not be answered", exc_info=error)
            answer = Answer(500, b"internal error\n")
        if self._phase in PENDING:
            self._answer(request, answer, close=False)
            self._take_requests()

    def _answer(self, request: HttpRequest | None, answer: Answer, *, close: bool) -> None:
        http = self._http
        assert http is not None
        self._services.counters.requests[answer.status] += 1
        head = request is not None and request.method == "HEAD"
        self._write(http.answer(answer, head=head, close=close))
        if http.over:
            self._end()

    def _refuse(self, reason: str) -> None:
        self._services.counters.refused[reason] += 1

    def _local_authority(self) -> str:
        """Give the address that this client reached, for one that sent no `Host`."""
        name = self._transport.get_extra_info("sockname") if self._transport is not None else None
        if not isinstance(name, tuple):
            return "localhost"
        return f"[{name[0]}]:{name[1]}" if ":" in name[0] else f"{name[0]}:{name[1]}"

    # WebSocket

    def _upgrade(self, request: HttpRequest) -> None:
        services, http = self._services, self._http
        assert http is not None
        services.lobby.check(request.path)
        limit = services.options.max_clients
        if services.registry.clients >= limit:
            raise RefusedError(503, f"{limit} clients are connected, and no more are served (--max-clients)")
        frames = Frames(services.options.max_message_bytes)
        granted, handshake = frames.accept(request)
        if not granted:
            self._refuse("handshake")
            self._write(handshake)
            self._end()
            return
        self._write(handshake)
        self._http = None
        self._disarm()
        self._read(True)
        self._advance(PhaseEvent.UPGRADE)
        services.counters.clients += 1
        client = self._client = WebSocket(self, frames, services.options, services.counters, self._loop)
        if self._clogged:
            client.clogged()
        client.serve(lambda link: services.lobby.connect(request.path, link))
        rest = http.rest()
        if rest:
            client.receive(rest)

    # client.Carrier

    def write(self, data: Sequence[bytes], *, end: bool) -> None:
        """See `websocket.Carrier`."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        self._write(data[0] if len(data) == 1 else b"".join(data))
        if end:
            transport.write_eof()

    def _write(self, data: bytes) -> None:
        if data and self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def unread_bytes(self) -> int:
        """See `websocket.Carrier`."""
        return 0 if self._transport is None else self._transport.get_write_buffer_size()

    def pause_reading(self) -> None:
        """See `websocket.Carrier`."""
        self._read(False)

    def resume_reading(self) -> None:
        """See `websocket.Carrier`."""
        self._read(True)

    def _read(self, wanted: bool) -> None:
        transport = self._transport
        if transport is None or wanted is self._reading or transport.is_closing():
            return
        self._reading = wanted
        if wanted:
            transport.resume_reading()
        else:
            transport.pause_reading()

    def peer_is_gone(self) -> bool:
        """See `websocket.Carrier`."""
        sock = self._transport.get_extra_info("socket") if self._transport is not None else None
        if sock is None or sock.fileno() < 0:
            return True
        poll = select.poll()
        poll.register(sock.fileno(), _POLLRDHUP)
        return any(mask & (_POLLRDHUP | select.POLLHUP | select.POLLERR) for _, mask in poll.poll(0))


def refusal(error: RefusedError) -> Answer:
    """Give the answer to a request that is refused."""
    # RFC 9110, 15.5.2, 15.5.6 and 15.5.22: these statuses come with a header that says what would do.
    header = {401: ("WWW-Authenticate", "Bearer"), 405: ("Allow", "GET, HEAD"), 426: ("Upgrade", "websocket")}
    headers = (header[error.status],) if error.status in header else ()
    return Answer(error.status, f"{error.message}\n".encode(), headers=headers)


def _tune(transport: asyncio.Transport, timeout_s: float) -> None:
    """Have dead peers noticed, and small messages leave at once.

    asyncio switches Nagle's algorithm off only where the socket's protocol number says TCP, which that of an accepted socket does not: the second of two
    small messages would wait for the peer's delayed acknowledgement, 40 ms.
    """
    sock = transport.get_extra_info("socket")
    if sock is None or sock.family not in (socket.AF_INET, socket.AF_INET6):
        return
    wishes = [(socket.SOL_SOCKET, "SO_KEEPALIVE", 1), (socket.IPPROTO_TCP, "TCP_NODELAY", 1)]
    for name, value in (
        ("TCP_KEEPIDLE", KEEPALIVE_IDLE_S),  # Linux
        ("TCP_KEEPALIVE", KEEPALIVE_IDLE_S),  # macOS
        ("TCP_KEEPINTVL", KEEPALIVE_INTERVAL_S),
        ("TCP_KEEPCNT", KEEPALIVE_PROBES),
        ("TCP_USER_TIMEOUT", int(timeout_s * 1000)),  # Linux; RFC 5482
    ):
        wishes.append((socket.IPPROTO_TCP, name, value))
    for level, name, value in wishes:
        option = getattr(socket, name, None)
        if option is not None:
            with contextlib.suppress(OSError):  # the peer is gone already, or the system does without
                sock.setsockopt(level, option, value)
