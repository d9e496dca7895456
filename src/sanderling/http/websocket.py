"""WebSockets of a client: may it be opened, what its handshake says, and who hears of it.

Redirects are not followed, CORS does not apply (servers look at `Origin`), and cookies go both ways as in an HTTP request.

Standards: https://websockets.spec.whatwg.org/#concept-websocket-establish

Thread: worker.
"""

from __future__ import annotations

from typing import Protocol

import msgspec

from sanderling.base.errors import NetworkError
from sanderling.http.jar import CookieJar
from sanderling.http.logins import LoginCache, basic_value, from_userinfo
from sanderling.http.request import NO_OVERRIDES, Overrides
from sanderling.network.messages import (
    HeaderList,
    OpenSocket,
    SocketClosed,
    SocketMessage,
    SocketOpened,
    SocketRequest,
    SocketResponse,
    TransferId,
    TransferOptions,
)
from sanderling.proto import mixed_content
from sanderling.proto.cookie_scope import PartitionKey, SameSiteContext, partition_key, same_site_context
from sanderling.proto.headers import Headers
from sanderling.proto.request_headers import ACCEPT_ENCODING, ACCEPT_ENCODING_INSECURE
from sanderling.proto.url import BAD_PORTS, Url, parse, parse_origin


class SocketListener(Protocol):
    """Hears of one socket, in the order of the calls here; nothing comes after `closed`."""

    def requested(self, event: SocketRequest) -> None:
        """The handshake goes out."""

    def answered(self, event: SocketResponse) -> None:
        """Its response came."""

    def opened(self, event: SocketOpened) -> None:
        """It is open."""

    def message(self, event: SocketMessage) -> None:
        """A message came; say `consumed` when it is used up."""

    def sent(self, count: int) -> None:
        """So many bytes of messages left."""

    def closed(self, event: SocketClosed) -> None:
        """It is over."""


class ClientSocket(Protocol):
    """A socket of a transport."""

    def send(self, data: bytes, *, text: bool) -> None:
        """Send a message; silent when it is over."""

    def close(self, code: int, reason: str) -> None:
        """Begin the closing handshake, code 0 for none; silent when it is over."""

    def consumed(self, count: int) -> None:
        """So many bytes of messages were used up."""


class SocketPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What a socket is opened for."""

    url: str
    """ws, wss, http or https; a fragment is dropped."""
    protocols: tuple[str, ...] = ()
    client_url: str = ""
    """Of the document that asks."""
    origin: str = "null"
    """Serialised, of that document."""
    site_for_cookies: str = ""
    """URL of the top-level document; empty for `client_url`."""
    cross_site_ancestor: bool = False
    """See `Request.cross_site_ancestor`."""
    overrides: Overrides = NO_OVERRIDES
    page: str = ""
    """Id of the page that asks; empty for none."""


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What a client says of itself."""

    jar: CookieJar
    user_agent: str
    accept_language: str
    extra_headers: tuple[tuple[str, str], ...]
    options: TransferOptions
    logins: LoginCache
    mixed_content: bool = True
    """Whether secure pages may open nothing insecurely."""


class Prepared(msgspec.Struct, frozen=True):
    """A socket that may be opened."""

    command: OpenSocket
    http_url: Url  # what cookies go by
    same_site: SameSiteContext
    partition: PartitionKey | None


def prepare(plan: SocketPlan, facts: Facts, number: TransferId) -> Prepared:
    """Judge and fill in a handshake.

    Raises:
        NetworkError: it is not allowed.
    """
    url = parse(plan.url)
    if url is None or url.scheme not in ("ws", "wss", "http", "https"):
        raise NetworkError("net::ERR_INVALID_URL", "not the URL of a WebSocket", url=plan.url[:200])
    secure = url.scheme in ("wss", "https")
    if not secure:
        url = url.with_scheme("ws")
    elif url.scheme == "https":
        url = url.with_scheme("wss")
    client = parse(plan.client_url) if plan.client_url else None
    # Fetch, main fetch, steps 5 and 7: both hold for WebSockets.
    if url.effective_port in BAD_PORTS:
        raise NetworkError("net::ERR_UNSAFE_PORT", f"port {url.effective_port} is blocked", url=plan.url[:200])
    embedder = parse(plan.site_for_cookies) if plan.site_for_cookies else None
    if facts.mixed_content and mixed_content.decide(client, url, "websocket", embedder=embedder) != "allow":
        raise NetworkError(
            "net::ERR_BLOCKED_BY_CLIENT", "mixed content: the page is secure and this is not", url=plan.url[:200]
        )
    http_url = url.with_scheme("https" if secure else "http")
    top = parse(plan.site_for_cookies or plan.client_url)
    context = same_site_context(
        target=http_url,
        method="GET",
        mode="websocket",
        top_level=False,
        initiator=parse_origin(plan.origin),
        site_for_cookies=top,
        cross_site_ancestor=plan.cross_site_ancestor,
    )
    partition = partition_key(
        http_url, top_level=False, site_for_cookies=top, cross_site_ancestor=plan.cross_site_ancestor
    )
    cookie = facts.jar.header_for(http_url, context, partition)
    command = OpenSocket(
        number,
        f"{url.scheme}://{_authority(url)}{url.path_and_query}",
        plan.protocols,
        _headers(plan, facts, http_url, cookie, _authorization(url, http_url, facts.logins)),
        _transfer(facts.options, plan.overrides),
    )
    return Prepared(command, http_url, context, partition)


def _authorization(url: Url, http_url: Url, logins: LoginCache) -> str:
    own = from_userinfo(url)
    if own is not None:
        return basic_value(own.username, own.password)
    login = logins.find(http_url)
    return login.value("GET", url.path_and_query) if login is not None else ""


def _authority(url: Url) -> str:
    return url.host if url.port is None else f"{url.host}:{url.port}"


def _transfer(options: TransferOptions, overrides: Overrides) -> TransferOptions:
    return msgspec.structs.replace(
        options, stream=True, verify_tls=options.verify_tls and not overrides.ignore_certificate_errors
    )


def _headers(plan: SocketPlan, facts: Facts, http_url: Url, cookie: str, authorization: str) -> HeaderList:
    """Give what a browser says beside the protocol's own, in Chromium's order."""
    extra = (*facts.extra_headers, *plan.overrides.extra_headers)
    taken = {name.lower() for name, _ in extra}
    items = [
        ("Authorization", authorization),
        ("User-Agent", plan.overrides.user_agent or facts.user_agent),
        ("Origin", plan.origin),
        ("Accept-Encoding", ACCEPT_ENCODING if http_url.is_potentially_trustworthy() else ACCEPT_ENCODING_INSECURE),
        ("Accept-Language", plan.overrides.accept_language or facts.accept_language),
        ("Cookie", cookie),
    ]
    return (*((name, value) for name, value in items if value and name.lower() not in taken), *extra)


class TakingCookies:
    """Stands between a socket and its listener: cookies of the handshake's response go to the jar.

    Args:
        prepared: the socket.
        jar: of the client.
        listener: who hears of everything.
    """

    def __init__(self, prepared: Prepared, jar: CookieJar, listener: SocketListener) -> None:
        self._prepared = prepared
        self._jar = jar
        self._listener = listener
        self.requested = listener.requested
        self.opened = listener.opened
        self.message = listener.message
        self.sent = listener.sent
        self.closed = listener.closed

    def answered(self, event: SocketResponse) -> None:
        """See `SocketListener.answered`."""
        prepared = self._prepared
        self._jar.take(
            prepared.http_url,
            Headers(event.headers),
            same_site=prepared.same_site,
            top_level=False,
            partition=prepared.partition,
        )
        self._listener.answered(event)
