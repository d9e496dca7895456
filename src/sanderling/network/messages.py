"""What crosses the Handle: plain frozen data, in both directions, for every carrier.

Worker to Network are *commands*, Network to worker are *events*. Nothing here refers to a live object, so the same
values pass between threads as they are and between processes as MessagePack.

Thread: any.
"""

from __future__ import annotations

from typing import Literal, NewType, TypeAlias

import msgspec

TransferId = NewType("TransferId", int)
"""Identifies a transfer within its Handle; never reused."""

HeaderList: TypeAlias = tuple[tuple[str, str], ...]
"""Header fields in wire order; values are Latin-1 text (RFC 9110, 5.5)."""

HttpVersion = Literal["auto", "1.1", "2", "2-only", "3"]
"""`2-only` fails with ``net::ERR_H2_OR_QUIC_REQUIRED`` where a server speaks HTTP/1.1 only; `2` does not."""


class Message(msgspec.Struct, frozen=True, tag=True, array_like=True, gc=False):
    """Base of everything that crosses."""


class DescriptorMessage(Message, frozen=True):
    """Base of what carries a descriptor. It belongs to the receiver, which closes it; between processes its number changes."""

    id: int
    descriptor: int = -1
    """-1 for none."""


class TransferOptions(msgspec.Struct, frozen=True, array_like=True, kw_only=True, gc=False):
    """How a request travels: everything that is not part of the HTTP message."""

    connect_timeout_ms: int = 10_000
    """From start to an established connection, name lookup and TLS included; 0 means no limit."""
    total_timeout_ms: int = 0
    """From submission to the last byte; 0 means no limit (downloads are as long as they are)."""
    idle_timeout_ms: int = 30_000
    """Longest time without a byte in either direction while running; 0 means no limit."""
    max_body_bytes: int = 64 * 1024 * 1024
    """As it comes, and once more when the worker decoded it; more fails the transfer with ``net::ERR_RESPONSE_TOO_LARGE``."""
    max_header_bytes: int = 256 * 1024
    """All response heads of the transfer together; Chromium's limit."""
    http_version: HttpVersion = "auto"
    stream: bool = False
    """Deliver `BodyChunk` events with back-pressure; otherwise the whole body comes with `Done`."""
    decompress: bool = True
    """Have the worker undo content codings (`http/coded_body.py`). Network gives bodies as they come: what a few bytes become is
    nobody else's burden, and a process of its own gets fewer."""
    verify_tls: bool = True
    ca_file: str = ""
    """PEM bundle in place of the system's; empty for the one that Network found."""
    client_cert: str = ""
    client_key: str = ""
    proxy: str = ""
    """Proxy URL (http, https, socks5, socks5h), empty for none. The environment is never consulted."""
    proxy_auth: str = ""
    """``user:password`` for the proxy."""
    proxy_auth_digest: bool = False
    """Give them to a tunnel's proxy by Digest; otherwise by Basic."""
    isolation_key: str = ""
    """Connections are shared only between transfers with equal keys."""
    credentials_key: str = ""
    """Whose credentials these are. Connections opened with some (a proxy's, a client certificate, NTLM) are shared only between transfers
    with equal keys; it says nothing of others."""
    block_private_networks: bool = False
    """Connect to nothing that is not of the public internet, beside what Network itself forbids (`curl_guard`)."""
    block_cidrs: tuple[str, ...] = ()
    """Nor to these blocks of addresses."""
    tells_request: bool = False
    """Say in `ResponseHead` and `Failed` what went out as the request's head."""
    priority: int = 2
    """0 is the most urgent: document, script and stylesheet, fetch, image, prefetch."""


class Submit(Message, frozen=True):
    """Start a transfer. It gets exactly one outcome: `Done` or `Failed`."""

    id: TransferId
    url: str
    """Serialised URL: ASCII, no fragment."""
    method: str = "GET"
    headers: HeaderList = ()
    """Sent in this order. Added are Host, Connection and Content-Length in front, and what HTTP itself needs."""
    body: bytes | None = None
    body_streamed: bool = False
    """The body follows as `BodyPart` commands (chunked, or HTTP/2 frames)."""
    options: TransferOptions = TransferOptions()


class BodyPart(Message, frozen=True):
    """A piece of a streamed request body. The next one may be sent after `BodyWanted`."""

    id: TransferId
    data: bytes
    last: bool = False


class Cancel(Message, frozen=True):
    """End a transfer: its outcome is `Failed` with ``net::ERR_ABORTED``, or what overtook it. Silent if it is over."""

    id: TransferId


class Resume(Message, frozen=True):
    """The worker took `count` bytes of a streamed body off its inbox: more may come."""

    id: TransferId
    count: int


class Reply(Message, frozen=True):
    """The worker's answer to a `Call`."""

    id: int
    result: bytes
    """JSON; empty when `error` is set."""
    error: bytes = b""
    """JSON of `browser.commands.Fault`: what to raise at the caller."""


class Notify(Message, frozen=True):
    """Something happened in the worker that somebody subscribed to."""

    target: str
    """Id of the page or context."""
    body: bytes
    """JSON of one of `browser.hub`'s events."""


class Output(Message, frozen=True):
    """A whole CDP message, an answer or an event, for the client that holds the session."""

    session_id: str
    data: bytes
    """JSON, UTF-8."""


Saving = Literal["cache", "confirmed", "shared"]
"""Why a request needed no body from the network: stored and fresh, stored and confirmed by a 304, shared with an equal request under way."""


class Saved(Message, frozen=True):
    """The worker did without a transfer, or without its body: for the counters only."""

    by: Saving


FileMode = Literal["read", "write", "list"]
"""`write` makes the file, or empties it."""


class OpenFile(Message, frozen=True):
    """The worker asks for a file, which it may not be able to open itself. It gets exactly one `FileOpened`.

    Only what the main side granted is opened (`carrier.Grants`).
    """

    id: int
    path: str
    """Absolute."""
    mode: FileMode


class AskService(Message, frozen=True):
    """The worker asks something that all sessions share (`services.Services`). It gets exactly one `ServiceAnswered`."""

    id: int
    """0 where no answer is wanted."""
    service: str
    body: bytes
    """JSON, typed by the service."""


class CancelAsk(Message, frozen=True):
    """The worker no longer waits. Silent if the answer is on its way."""

    id: int


class OpenSocket(Message, frozen=True):
    """Open a WebSocket. It gets exactly one `SocketClosed`, at its end."""

    id: TransferId
    url: str
    """Serialised, without fragment and credentials: ws or wss."""
    protocols: tuple[str, ...] = ()
    headers: HeaderList = ()
    """Of the handshake, beside those that are the protocol's own."""
    options: TransferOptions = TransferOptions()
    """`max_body_bytes` is the limit of a message; `idle_timeout_ms` holds for the handshake."""


class SocketSend(Message, frozen=True):
    """A message for the server; `SocketSent` says when it has left. Silent if the socket is over."""

    id: TransferId
    data: bytes
    text: bool = False
    """UTF-8; otherwise binary."""


class SocketClose(Message, frozen=True):
    """Begin the closing handshake; before the socket is open: fail it. Silent if it is over."""

    id: TransferId
    code: int = 0
    """0 for a close frame without one."""
    reason: str = ""


class SocketConsumed(Message, frozen=True):
    """Messages with so many bytes in all were used up: more may come."""

    id: TransferId
    count: int


SocketCommand: TypeAlias = OpenSocket | SocketSend | SocketClose | SocketConsumed

Command: TypeAlias = (
    Submit
    | BodyPart
    | Cancel
    | Resume
    | Reply
    | Notify
    | Output
    | Saved
    | OpenFile
    | AskService
    | CancelAsk
    | OpenSocket
    | SocketSend
    | SocketClose
    | SocketConsumed
)


class Timings(msgspec.Struct, frozen=True, array_like=True, kw_only=True, gc=False):
    """Seconds since the transfer was submitted; a negative value means: did not happen (a reused connection).

    Beside them, how long the body was.
    """

    queue: float = -1.0
    name_lookup: float = -1.0
    connect: float = -1.0
    tls: float = -1.0
    request_sent: float = -1.0
    first_byte: float = -1.0
    interim: float = -1.0
    """The first informational (1xx) response, where there was one; then `first_byte` is it, too."""
    final_head: float = -1.0
    """The head of the response itself; told only where an informational one came before."""
    total: float = -1.0
    encoded_body_bytes: int = 0
    """As it came, without heads and framing."""
    decoded_body_bytes: int = 0


class TlsFacts(msgspec.Struct, frozen=True, array_like=True, kw_only=True, gc=False):
    """What a TLS connection agreed on, and who the server is, in Chromium's words."""

    number: int
    """Identifies these facts in a worker."""
    protocol: str
    """``TLS 1.3``."""
    key_exchange: str
    """``ECDHE_RSA``; empty with TLS 1.3."""
    group: str
    """``X25519``; empty where it is not known."""
    cipher: str
    """``AES_128_GCM``."""
    mac: str
    """Empty with an AEAD cipher."""
    subject: str
    names: tuple[str, ...]
    """DNS names and IP addresses that the certificate is for."""
    issuer: str
    valid_from: float
    """Seconds since the epoch, as below."""
    valid_to: float
    verified: bool
    """Whether the certificate was looked at; then it was good."""
    chain: tuple[bytes, ...] = ()
    """Certificates as the server sent them (DER), its own first. They cross once for each `number`."""


class ResponseHead(Message, frozen=True):
    """The final response head (1xx heads and a proxy's CONNECT answer are not reported)."""

    id: TransferId
    status: int
    reason: str
    headers: HeaderList
    http_version: str
    """``HTTP/1.1``, ``HTTP/2`` or ``HTTP/3``."""
    remote_address: str
    """IP literal and port, ``127.0.0.1:8080`` or ``[::1]:8080``."""
    connection_id: int
    reused: bool
    timings: Timings = Timings()
    """As far as it has got."""
    tls: TlsFacts | None = None
    """None without TLS, and where nothing is known of it."""
    request_head: bytes = b""
    """What was sent to the server, in the form of HTTP/1.1 whatever the version; empty unless asked for (`TransferOptions.tells_request`)."""


class BodyChunk(Message, frozen=True):
    """A piece of a streamed body, decoded. Answer with `Resume` once it is used up."""

    id: TransferId
    data: bytes


class BodyWanted(Message, frozen=True):
    """The streamed request body has room for another part."""

    id: TransferId


class Done(Message, frozen=True):
    """The transfer succeeded: an HTTP response of any status came whole."""

    id: TransferId
    body: bytes
    """The whole decoded body, empty for a streamed one."""
    encoded_bytes: int
    """Received on the wire, heads included."""
    timings: Timings


class Failed(Message, frozen=True):
    """The transfer failed, after `ResponseHead` perhaps."""

    id: TransferId
    code: str
    """``net::ERR_*``, Chromium's name."""
    message: str
    """What happened, for people: libcurl's words or ours."""
    timings: Timings
    proxy_challenges: tuple[str, ...] = ()
    """Proxy-Authenticate of a proxy that wants credentials before it opens a tunnel."""
    request_head: bytes = b""
    """As in `ResponseHead`; empty, too, where nothing was sent."""


class SocketRequest(Message, frozen=True):
    """The handshake's request goes out."""

    id: TransferId
    headers: HeaderList
    """All of them."""


class SocketResponse(Message, frozen=True):
    """The handshake's response came, whatever it says."""

    id: TransferId
    status: int
    reason: str
    headers: HeaderList


class SocketOpened(Message, frozen=True):
    """The handshake succeeded."""

    id: TransferId
    protocol: str
    """The sub-protocol that the server chose; empty for none."""
    extensions: str
    """In use, as the server wrote them."""


class SocketMessage(Message, frozen=True):
    """A whole message came. Answer with `SocketConsumed` once it is used up."""

    id: TransferId
    data: bytes
    text: bool = False


class SocketSent(Message, frozen=True):
    """Messages with so many bytes in all have left for the server."""

    id: TransferId
    count: int


class SocketClosed(Message, frozen=True):
    """The socket is over."""

    id: TransferId
    code: int
    """Of the server's close frame, 1005 for a frame without one, 1006 for no frame."""
    reason: str = ""
    clean: bool = False
    """Close frames went both ways."""
    error: str = ""
    """``net::ERR_*`` where it failed; a server that just leaves is no failure."""
    message: str = ""
    """What happened, for people."""


SocketEvent: TypeAlias = SocketRequest | SocketResponse | SocketOpened | SocketMessage | SocketSent | SocketClosed


class Call(Message, frozen=True):
    """The API (or the `fetch` command) asks the worker to do something. It gets exactly one `Reply`."""

    id: int
    method: str
    """A name of `browser.commands.TABLE`."""
    params: bytes
    """JSON, typed by the table."""


class CancelCall(Message, frozen=True):
    """The caller no longer waits: a deadline of its own passed, or it was cancelled."""

    id: int


class ClientMessage(Message, frozen=True):
    """A message of the CDP client, whole and unparsed."""

    session_id: str
    data: bytes


class ClientGone(Message, frozen=True):
    """The client's connection ended."""

    code: int
    reason: str


class FileOpened(DescriptorMessage, frozen=True):
    """The answer to `OpenFile`: a descriptor, or an error."""

    error: str = ""
    """Why there is none, for people."""


class ServiceAnswered(Message, frozen=True):
    """The answer to `AskService`."""

    id: int
    body: bytes
    """JSON, typed by the service; empty when `error` is set."""
    error: str = ""
    """Why there is none, for people."""


class Shutdown(Message, frozen=True):
    """The Handle closes: the last event that the worker gets."""


Event: TypeAlias = (
    ResponseHead
    | BodyChunk
    | BodyWanted
    | Done
    | Failed
    | SocketRequest
    | SocketResponse
    | SocketOpened
    | SocketMessage
    | SocketSent
    | SocketClosed
    | Call
    | CancelCall
    | ClientMessage
    | ClientGone
    | FileOpened
    | ServiceAnswered
    | Shutdown
)
