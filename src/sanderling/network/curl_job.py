"""One transfer inside libcurl: its callbacks, its body, its back-pressure and its outcome.

A callback of libcurl's only records, for libcurl may not be called from it. What it recorded goes out in `Job.flush`,
which the driver calls after libcurl has returned.

Thread: main.
"""

from __future__ import annotations

import collections
import math
from collections.abc import Callable
from typing import Any, Protocol

import pycurl

from sanderling.network import errors
from sanderling.network.counters import Counters
from sanderling.network.curl_easy import Easy
from sanderling.network.curl_guard import Check, why_no_socket
from sanderling.network.curl_log import CurlLog
from sanderling.network.curl_options import Dress, Target, dress_of
from sanderling.network.errors import Evidence, Fault, fault_of
from sanderling.network.messages import BodyChunk, BodyPart, BodyWanted, Done, Failed, ResponseHead, Timings, TlsFacts
from sanderling.network.response_head import Head, HeadReader, HeadTooBigError, MalformedHeadError
from sanderling.network.tls_facts import without_chain
from sanderling.network.transfer import State, Step, Transfer

STREAM_WINDOW = 256 * 1024
"""Bytes of a streamed body that a worker may hold unused before the transfer is paused."""

REFUSE = -1
"""What a callback returns to end the transfer: never the length of what it was given."""

_MISDIRECTED = 421
"""RFC 9110, 15.5.20: the client may ask again over another connection, whatever the method."""

_WEIRD_SERVER_REPLY = 8
"""CURLE_WEIRD_SERVER_REPLY, for which pycurl has an old name only."""

_ENDED = (pycurl.E_SEND_ERROR, pycurl.E_RECV_ERROR, pycurl.E_GOT_NOTHING, pycurl.E_SEND_FAIL_REWIND)
"""What libcurl says when a connection ended."""


class Driver(Protocol):
    """What a job tells the driver from inside a callback."""

    def time(self) -> float:
        """Give the loop's time."""

    def touched(self, job: Job) -> None:
        """Call `Job.flush` soon."""

    def connected(self, job: Job) -> None:
        """Others of its origin need not wait any longer."""

    def versioned(self, job: Job, version: str) -> None:
        """Say which version of HTTP the origin speaks."""

    def tls_facts(self, job: Job) -> TlsFacts | None:
        """Say what is known of the connection that it goes over (not from inside a callback)."""


class Job:
    """A transfer and its easy handle, from submission to the outcome.

    Args:
        transfer: what is to be done.
        target: its request, checked.
        driver: what drives libcurl.
        check: judges what it connects to; None where all is allowed.
    """

    __slots__ = (
        "_address",
        "_asked_again",
        "_check",
        "_chunks",
        "_driver",
        "_fault",
        "_head",
        "_head_due",
        "_interim",
        "_misdirected",
        "_parts",
        "_reader",
        "_received",
        "_sent",
        "_started",
        "_stream",
        "_timings",
        "_unused",
        "_upload_ended",
        "_wanted_due",
        "_wants_part",
        "connected",
        "easy",
        "handle",
        "last_activity",
        "log",
        "patience_s",
        "target",
        "transfer",
    )

    def __init__(self, transfer: Transfer, target: Target, driver: Driver, check: Check | None = None) -> None:
        self.transfer = transfer
        self.target = target
        self.handle: Easy | None = None  # while it runs
        self.easy: Any = None  # libcurl's own of it
        self.log: CurlLog | None = None  # what libcurl says; None when it was not asked
        self._misdirected = False  # the server says that it is the wrong one, on this connection
        self._asked_again = False
        self.last_activity = 0.0  # when a byte came or went, on the loop's clock
        self._driver = driver
        self._check = check
        options = transfer.options
        self._stream = options.stream
        # So long it may be idle while it runs, in seconds.
        self.patience_s = options.idle_timeout_ms / 1000 if options.idle_timeout_ms else math.inf
        self._started = 0.0  # when libcurl got it
        self.connected = False  # the request was about to be sent
        self._address = ""  # of the peer, or of the proxy
        self._reader = HeadReader(options.max_header_bytes)
        self._head: Head | None = None
        self._interim: list[float] | None = None  # loop times: the first informational response, the head after it
        self._timings: Timings | None = None  # of the head and the end, which came together
        self._head_due = False  # it was not emitted yet
        self._chunks: list[bytes] = []  # of the body: all of it, or what was not emitted yet
        self._received = 0  # bytes of the body
        self._unused = 0  # bytes of a streamed body that the worker has not used up
        self._fault: Fault | None = None  # why we ended it from inside a callback
        self._parts: collections.deque[bytes] = collections.deque()  # of a streamed request body, not empty ones
        self._upload_ended = False  # the last part came
        self._wants_part = False  # libcurl waits for a part
        self._wanted_due = False  # and the worker was not told yet
        self._sent = 0  # what libcurl had sent when last looked at

    @property
    def dress(self) -> Dress | None:
        """What it wants of its handle; None where it is more than what most requests want."""
        if self._asked_again or self._check is not None:
            return None
        return dress_of(self.target, self.transfer.submit)

    def start(self, handle: Easy) -> None:
        """Take a prepared handle."""
        easy = handle.curl
        if self._asked_again:
            easy.setopt(pycurl.FRESH_CONNECT, 1)
        else:
            self.transfer.life.step(Step.START)
        handle.belong_to(self, self.transfer.options.max_header_bytes)
        self.handle = handle
        self.easy = easy
        self._started = self.last_activity = self._driver.time()
        if self._check is not None:
            self._check.install(easy)
        if self.transfer.submit.body_streamed:
            easy.setopt(pycurl.READFUNCTION, self._on_upload)

    def let_go(self) -> Easy | None:
        """Give the handle back."""
        handle, self.handle = self.handle, None
        self.easy = None
        return handle

    # Called by libcurl, through the handle.

    def on_ready_to_send(self, remote: str, port: int) -> int:
        """The request is about to be sent over this connection."""
        if self._check is not None:
            # It may be a connection that somebody else opened, to whom more is allowed.
            self._fault = self._check.address(remote)
            if self._fault is not None:
                abort: int = pycurl.PREREQFUNC_ABORT
                return abort
        self.connected = True
        self._address = f"[{remote}]:{port}" if ":" in remote else f"{remote}:{port}"
        self.last_activity = self._driver.time()
        self._driver.connected(self)
        result: int = pycurl.PREREQFUNC_OK
        return result

    def on_head(self, lines: list[bytes]) -> int | None:
        """All lines of a head came, or too many."""
        line = lines[-1]
        try:
            head = self._reader.read(lines, tunnelling=not self.connected)
        except HeadTooBigError as error:
            return self._refuse(errors.RESPONSE_HEADERS_TOO_BIG, str(error))
        except MalformedHeadError as error:
            return self._refuse(errors.INVALID_HTTP_RESPONSE, str(error))
        if head is not None:
            if not line.endswith(b"\n"):
                # libcurl takes the end of the connection for the end of the line, and a chunked body for whole.
                return self._refuse(
                    errors.RESPONSE_HEADERS_TRUNCATED, "the connection ended within the response's head"
                )
            if head.status == _MISDIRECTED and not self._asked_again and not self.transfer.submit.body_streamed:
                self._misdirected = True
                return REFUSE
            self.transfer.life.step(Step.HEAD)
            self._head_due = True
            self._head = head
            self.last_activity = self._driver.time()
            if self._interim is not None:
                self._interim.append(self.last_activity)
            self._driver.versioned(self, head.http_version)
            self._driver.touched(self)
        elif self.connected and self._interim is None:
            self._interim = [self._driver.time()]
        return None

    def on_body(self, data: bytes) -> int | None:
        """Bytes of the body came."""
        self.last_activity = self._driver.time()
        if self._stream and self._unused >= STREAM_WINDOW:
            self.transfer.life.step(Step.PAUSE)
            pause: int = pycurl.WRITEFUNC_PAUSE
            return pause
        self._received += len(data)
        if self._received > self.transfer.options.max_body_bytes:
            limit = self.transfer.options.max_body_bytes
            return self._refuse(errors.RESPONSE_TOO_LARGE, f"the response is larger than {limit} bytes")
        self._chunks.append(data)
        if self._stream:
            self._unused += len(data)
            self._driver.touched(self)
        return None

    def _on_upload(self, size: int) -> bytes | int:
        self.last_activity = self._driver.time()
        if self._parts:
            part = self._parts.popleft()
            if len(part) > size:
                self._parts.appendleft(part[size:])
                part = part[:size]
            return part
        if self._upload_ended:
            return b""
        if not self._wants_part:
            self._wants_part = self._wanted_due = True
            self._driver.touched(self)
        pause: int = pycurl.READFUNC_PAUSE
        return pause

    def _refuse(self, code: str, message: str) -> int:
        self._fault = Fault(code, message)
        return REFUSE

    # Called by the driver, never from inside a callback.

    @property
    def refused(self) -> Fault | None:
        """Why the transfer ended in a callback, or when it went on, if it did."""
        return self._fault

    def resume(self, count: int) -> None:
        """Take back `count` bytes from the worker; go on when it has used up half a window."""
        self._unused = max(self._unused - count, 0)
        if self.transfer.life.state is State.PAUSED and self._unused <= STREAM_WINDOW // 2:
            self.transfer.life.step(Step.RESUME)
            self._set_pause()

    def add_part(self, part: BodyPart) -> None:
        """Take a piece of the request's body; what comes after the last one is dropped."""
        if self._upload_ended:
            return
        if part.data:
            self._parts.append(part.data)
        self._upload_ended = part.last
        if self._wants_part and (self._parts or self._upload_ended):
            self._wants_part = self._wanted_due = False
            self._set_pause()

    def _set_pause(self) -> None:
        self.last_activity = self._driver.time()
        receive = pycurl.PAUSE_RECV if self.transfer.life.state is State.PAUSED else 0
        send = pycurl.PAUSE_SEND if self._wants_part else 0
        try:
            self.easy.pause(receive | send)
        except pycurl.error as error:
            # What was held back is handed over now: a callback refused it. libcurl may take what came before for all of it.
            if self._fault is None:
                code, message = error.args
                self._fault = self._fault_of(code, message, 0)

    def flush(self) -> None:
        """Emit what the callbacks recorded."""
        emit = self.transfer.owner.emit
        number = self.transfer.submit.id
        if self._head_due and self._head is not None:
            self._head_due = False
            head = self._head
            easy = self.easy
            facts = self._driver.tls_facts(self) if self.target.secure else None
            if facts is not None and self.transfer.owner.knows_tls(facts.number):
                facts = without_chain(facts)
            emit(
                ResponseHead(
                    number,
                    head.status,
                    head.reason,
                    head.headers,
                    head.http_version,
                    self._address,
                    easy.getinfo(pycurl.CONN_ID),
                    easy.getinfo(pycurl.NUM_CONNECTS) == 0,
                    self._timings or self.timings(),
                    facts,
                    self._request_head,
                )
            )
        if self._stream and self._chunks:
            chunks, self._chunks = self._chunks, []
            emit(BodyChunk(number, chunks[0] if len(chunks) == 1 else b"".join(chunks)))
        if self._wanted_due:
            self._wanted_due = False
            emit(BodyWanted(number))

    def complete(self) -> None:
        """Give the outcome: libcurl has no complaint."""
        if self._head is None and self._lines:
            self._end_head()
        timings = self._timings = self.timings()
        self.flush()
        if self._head is None:
            self.fail(Fault(errors.INVALID_HTTP_RESPONSE, "the response has no head"))
            return
        chunks = self._chunks
        body = b"" if not chunks else chunks[0] if len(chunks) == 1 else b"".join(chunks)
        encoded = timings.encoded_body_bytes + self.easy.getinfo(pycurl.HEADER_SIZE)
        self.transfer.complete(Done(self.transfer.submit.id, body, encoded, timings))

    @property
    def _lines(self) -> list[bytes]:
        """Of a response head that has not ended."""
        return self.handle.lines if self.handle is not None else []

    def _end_head(self) -> None:
        """The connection ended behind a line of the head: over plain HTTP browsers take it for whole if no body is missing."""
        lines = self._lines
        if self.target.secure or not self.connected or not lines[-1].endswith(b"\n"):
            return
        try:
            head = self._reader.read([*lines, b"\r\n"], tunnelling=False)
        except (HeadTooBigError, MalformedHeadError):
            return
        if head is None or head.chunked or any(n.lower() == "content-length" and v != "0" for n, v in head.headers):
            return
        self.transfer.life.step(Step.HEAD)
        self._head_due = True
        self._head = head
        self._driver.versioned(self, head.http_version)

    def restart(self, code: int, message: str) -> bool:
        """Prepare to ask again, once, where browsers do, or where they need not.

        Returns:
            Whether to start it again.
        """
        if self._asked_again or not (
            self._misdirected or self._answered_early(code, message) or self._died_in_waiting(code)
        ):
            return False
        self._asked_again = True
        self.connected = False
        self._reader = HeadReader(self.transfer.options.max_header_bytes)
        return True

    def _answered_early(self, code: int, message: str) -> bool:
        """Whether what came on a used connection was no answer to this request, but what an earlier one (a 204, say) had too much."""
        if self._head is not None or not self._is_plain_get or self.easy.getinfo(pycurl.NUM_CONNECTS) > 0:
            return False
        return code == _WEIRD_SERVER_REPLY or (code == pycurl.E_UNSUPPORTED_PROTOCOL and "HTTP" in message)

    def _died_in_waiting(self, code: int) -> bool:
        """Whether a used connection ended without a byte of a response: its server had given it up (RFC 9112, 9.3.1).

        Browsers ask again then, whatever the method. So does libcurl, but of the connections that wait it tries five at most, which
        a server may be about to close all at once; and not where it ends while a body is sent. A server that sent an interim response has
        begun: it may have done what it was asked for (RFC 9110, 9.2.2 and 15.2).
        """
        if self._head is not None or self._lines or self._fault is not None or self.transfer.submit.body_streamed:
            return False
        easy = self.easy
        return code in _ENDED and easy.getinfo(pycurl.NUM_CONNECTS) == 0 and easy.getinfo(pycurl.HEADER_SIZE) == 0

    @property
    def _is_plain_get(self) -> bool:
        submit = self.transfer.submit
        return submit.method == "GET" and submit.body is None and not submit.body_streamed

    def broken(self, code: int, message: str) -> None:
        """Give the outcome: libcurl failed."""
        easy = self.easy
        if self._ended_without_notice(code, message):
            self.complete()
            return
        self.flush()
        check = self._check if not self.connected else None
        os_errno = (check.os_errno if check is not None else 0) or easy.getinfo(pycurl.OS_ERRNO)
        if not os_errno and code in (pycurl.E_COULDNT_RESOLVE_HOST, pycurl.E_COULDNT_CONNECT):
            os_errno = why_no_socket()  # libcurl does not say that it got none
        self.fail(
            self._fault or (check.fault if check is not None else None) or self._fault_of(code, message, os_errno)
        )

    def _fault_of(self, code: int, message: str, os_errno: int) -> Fault:
        easy = self.easy
        return fault_of(
            Evidence(
                code,
                message or easy.errstr() or f"libcurl error {code}",
                os_errno=os_errno,
                verify_result=easy.getinfo(pycurl.SSL_VERIFYRESULT),
                connected=self.connected,
                proxied=bool(self.transfer.options.proxy),
                connect_status=0 if self.connected else easy.getinfo(pycurl.HTTP_CONNECTCODE),
                chunked=self._head is not None and self._head.chunked,
            )
        )

    def _ended_without_notice(self, code: int, message: str) -> bool:
        """Whether all that is wrong is a TLS connection that ended without "close_notify", where its end is that of the body.

        Many servers do so, and browsers take it (RFC 9112, 9.8 calls such a response incomplete).
        """
        head = self._head
        if code != pycurl.E_RECV_ERROR or head is None or head.chunked or not head.http_version.startswith("HTTP/1"):
            return False
        text = (message or self.easy.errstr()).lower()
        return "unexpected eof" in text and not any(name.lower() == "content-length" for name, _ in head.headers)

    def fail(self, fault: Fault) -> None:
        """Give the outcome: failure."""
        challenges = self._reader.proxy_challenges if fault.code == errors.PROXY_AUTH_REQUESTED else ()
        self.transfer.fail(
            Failed(self.transfer.id, fault.code, fault.message, self.timings(), challenges, self._request_head)
        )

    @property
    def _request_head(self) -> bytes:
        told = self.log is not None and self.transfer.options.tells_request
        return self.log.request_head if told and self.log is not None else b""

    def cancel(self, message: str) -> None:
        """Give the outcome: cancelled."""
        self.transfer.cancel(Failed(self.transfer.id, errors.ABORTED, message, self.timings()))

    def timings(self) -> Timings:
        """Give the times reached so far, from submission on."""
        total = self._driver.time() - self.transfer.submitted
        easy = self.easy
        if easy is None:
            return Timings(total=total)
        waited = self._started - self.transfer.submitted
        get: Callable[[int], int] = easy.getinfo
        name_lookup = connect = tls = 0
        if get(pycurl.NUM_CONNECTS) > 0:
            name_lookup = get(pycurl.NAMELOOKUP_TIME_T)
            connect = get(pycurl.CONNECT_TIME_T)
            tls = get(pycurl.APPCONNECT_TIME_T)
        sent = get(pycurl.POSTTRANSFER_TIME_T) if self.connected else 0
        first = get(pycurl.STARTTRANSFER_TIME_T) if self._head is not None else 0
        interim = [at - self.transfer.submitted for at in self._interim or ()]
        return Timings(
            queue=waited + get(pycurl.QUEUE_TIME_T) / 1e6,
            name_lookup=waited + name_lookup / 1e6 if name_lookup else -1.0,
            connect=waited + connect / 1e6 if connect else -1.0,
            tls=waited + tls / 1e6 if tls else -1.0,
            request_sent=waited + sent / 1e6 if sent else -1.0,
            first_byte=interim[0] if interim else waited + first / 1e6 if first else -1.0,
            interim=interim[0] if interim else -1.0,
            final_head=interim[1] if len(interim) > 1 else -1.0,
            total=total,
            encoded_body_bytes=get(pycurl.SIZE_DOWNLOAD_T),
            decoded_body_bytes=self._received,  # where it is in no coding; else the worker knows
        )

    def count(self, counters: Counters) -> None:
        """Count what it took, before libcurl's handle goes."""
        easy = self.easy
        counters.started += 1
        counters.queued_s += self._started - self.transfer.submitted
        opened = easy.getinfo(pycurl.NUM_CONNECTS)
        if opened:
            counters.connections_opened += opened
            counters.names_resolved += self.target.by_name and easy.getinfo(pycurl.NAMELOOKUP_TIME_T) > 0
            counters.tls_handshakes += self.target.secure and easy.getinfo(pycurl.APPCONNECT_TIME_T) > 0
        elif self.connected:
            counters.connections_reused += 1
            counters.tls_handshakes_saved += self.target.secure

    # Deadlines.

    def deadline(self) -> float:
        """Give when it fails if nothing happens till then, on the loop's clock."""
        total = self.transfer.options.total_timeout_ms
        at = self.transfer.submitted + total / 1000 if total else math.inf
        # While it is paused, or waits for a part, it is the worker that is idle.
        if self.connected and self.transfer.life.state is not State.PAUSED and not self._wants_part:
            at = min(at, self.last_activity + self.patience_s)
        return at

    def expire(self, now: float) -> None:
        """Give the outcome: the deadline passed."""
        total = self.transfer.options.total_timeout_ms
        if total and now >= self.transfer.submitted + total / 1000:
            self.fail(Fault(errors.TIMED_OUT, f"not complete after {total} ms"))
        else:
            self.fail(Fault(errors.TIMED_OUT, f"no byte for {self.transfer.options.idle_timeout_ms} ms"))

    def progressed(self) -> bool:
        """Say whether the request's body moved since the last call, which no callback tells."""
        if self.easy is None or self.transfer.submit.body is None:
            return False
        sent = self.easy.getinfo(pycurl.SIZE_UPLOAD_T)
        moved: bool = sent != self._sent
        self._sent = sent
        if moved:
            self.last_activity = self._driver.time()
        return moved
