"""HttpClient: the fetches of one browser context.

Thread: worker.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from sanderling.base.clock import SYSTEM_CLOCK, Clock
from sanderling.base.errors import ClosedError, NetworkError, UsageError
from sanderling.http.auth import AuthStage
from sanderling.http.cache import CacheStage
from sanderling.http.certificates import ClientCertificate, ClientCertificates
from sanderling.http.conditions import ConditionsStage
from sanderling.http.fetching import Fetch
from sanderling.http.filters import FilterStage
from sanderling.http.hsts import HstsStage, concerns, is_upgraded
from sanderling.http.intercept import InterceptStage
from sanderling.http.jar import CookieJar
from sanderling.http.local import BlobResolver
from sanderling.http.manners import MannersStage
from sanderling.http.preflights import Preflights
from sanderling.http.proxies import ProxyRules
from sanderling.http.request import Request
from sanderling.http.response import Response
from sanderling.http.robots import RobotsStage
from sanderling.http.services import SharedServices, own_services
from sanderling.http.stages import NetworkStage, Proceed, Stage, chain
from sanderling.http.transfer import DEFAULT_OPTIONS, Transfer
from sanderling.http.transport import Transport
from sanderling.http.watch import FetchWatch
from sanderling.http.websocket import ClientSocket, Facts, SocketListener, SocketPlan, TakingCookies, prepare
from sanderling.network.messages import TransferOptions
from sanderling.proto import mixed_content
from sanderling.proto.addresses import parse_network
from sanderling.proto.headers import is_header_value, is_token
from sanderling.proto.robots import RobotsScope
from sanderling.proto.url import Url, parse
from sanderling.proto.url_filters import NO_FILTERS, UrlFilters

if TYPE_CHECKING:
    from sanderling.http.har import HarRecorder

PRIORITIES = {
    "document": 0,
    "frame": 0,
    "iframe": 0,
    "object": 0,
    "embed": 0,
    "script": 1,
    "style": 1,
    "font": 1,
    "image": 3,
}
"""Of transfers, by destination; everything else, fetch() too, is 2."""
DEFAULT_PRIORITY = 2
PREFETCH_PRIORITY = 4

MAX_STREAM_BYTES = 2**62
"""Of what is read as it comes: no limit."""


class ClientOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What a user chooses for a context."""

    user_agent: str = ""
    """Empty to send none."""
    extra_headers: tuple[tuple[str, str], ...] = ()
    """Sent with every request; they replace the browser's and the page's of the same name."""
    proxy: str = ""
    """Proxy URL (http, https, socks5, socks5h), with ``user:password@`` where it wants that; empty for none."""
    proxy_bypass: str = ""
    """What goes to its server directly (`proxies.ProxyRules`)."""
    insecure: bool = False
    """Do not verify certificates."""
    ca_file: str = ""
    client_cert: str = ""
    """PEM file, shown to servers that ask for one."""
    client_key: str = ""
    """PEM file; empty where the key is in `client_cert`."""
    client_certificates: tuple[ClientCertificate, ...] = ()
    """Shown to their origins instead."""
    accept_language: str = "en-US,en;q=0.9"
    """The header as it is sent."""
    obey_robots: RobotsScope = ""
    nav_delay_ms: int = 0
    """Between navigations of all sessions to one host, in the long run."""
    nav_burst: int = 1
    """Navigations to a host that may come at once."""
    block_private_networks: bool = False
    """Connect to nothing that is not of the public internet."""
    block_cidrs: tuple[str, ...] = ()
    """Nor to these blocks of addresses."""
    filters: UrlFilters = NO_FILTERS
    """What may not be asked for."""
    isolate_connections: bool = False
    """Share no connection, DNS answer and TLS session with other contexts."""
    cors: bool = True
    """Whether who asks other origins for something has to be allowed to read it (CORS, Cross-Origin-Resource-Policy)."""
    mixed_content: bool = True
    """Whether secure pages may ask for nothing insecurely."""
    transfer: TransferOptions = DEFAULT_OPTIONS
    """Timeouts and limits; what the options above say takes the place of the same here."""


class HttpClient:
    """Fetches as a browser does, for one context.

    Args:
        transport: the way to servers.
        jar: cookies of the context; a new one when not given.
        options: of the context.
        stages: between policy and network, the first one outermost (see `stages`).
        cache: keeps responses; None for none that does.
        resolve_blob: gives what a `blob:` URL stands for.
        clock: tells how long preflights and robots.txt are remembered.
        recorder: records what goes over the wire.
        services: what all sessions share; its own when not given.

    Raises:
        UsageError: an option is malformed.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        jar: CookieJar | None = None,
        options: ClientOptions | None = None,
        stages: Sequence[Stage] = (),
        cache: CacheStage | None = None,
        resolve_blob: BlobResolver | None = None,
        clock: Clock = SYSTEM_CLOCK,
        recorder: HarRecorder | None = None,
        services: SharedServices | None = None,
    ) -> None:
        self._transport = transport
        self.options = options or ClientOptions()
        self.jar = jar if jar is not None else CookieJar(clock)
        self.clock = clock
        self.resolve_blob = resolve_blob
        self.cache = cache if cache is not None else CacheStage((), clock)
        self.cache.report = transport.saved
        self.preflights = Preflights()
        self.auth = AuthStage(self.jar)
        self.user_agent = self.options.user_agent
        self.accept_language = self.options.accept_language
        self.extra_headers = _checked(self.options.extra_headers)
        self._transfer_options = _transfer_options(self.options)
        self._certificates = ClientCertificates(self.options.client_certificates)
        # Without one of its own a context's transfers go as its options say.
        self._proxies = ProxyRules(self.options.proxy, self.options.proxy_bypass) if self.options.proxy else None
        services = self._services = services if services is not None else own_services(clock)
        self._filters = FilterStage(self.options.filters)
        links: list[Stage] = [InterceptStage(self.jar)]
        if self.options.filters:
            links.append(self._filters)
        links += [self.auth, HstsStage(services), self.cache, ConditionsStage()]
        links += stages
        self._robots: RobotsStage | None = None
        if self.options.obey_robots:
            self._robots = RobotsStage(
                self.fetch,
                self.user_agent,
                clock,
                services,
                scope=self.options.obey_robots,
                key=self.options.proxy,
            )
            links.append(self._robots)
        if self._robots is not None or self.options.nav_delay_ms:
            links.append(
                MannersStage(
                    services,
                    clock,
                    delay_s=self.options.nav_delay_ms / 1000,
                    burst=self.options.nav_burst,
                    crawl_delay_s=self._robots.crawl_delay_s if self._robots is not None else lambda _: 0.0,
                )
            )
        self._recorder = recorder
        if recorder is not None:
            links.append(recorder)  # the last one: what the others answer did not go over the wire
        self.proceed: Proceed = chain(links, NetworkStage(transport))
        self._open: set[Transfer] = set()  # responses that are still coming
        self._closed = False

    async def fetch(self, request: Request, watch: FetchWatch | None = None) -> Response:
        """Send a request and follow it to the head of its response. Cancelling the call cancels what is under way.

        Args:
            request: what is asked for.
            watch: is told of every step, and may take part.

        Raises:
            NetworkError: it failed, or a rule of Fetch forbids it; `code` is Chromium's name.
            ClosedError: the client is closed.
        """
        self._check_open()
        url = parse(request.url)
        if url is None:
            raise NetworkError("net::ERR_INVALID_URL", "not a valid URL", url=request.url[:200])
        transfer, data = await Fetch(self, request, url, watch).run()
        try:
            self._check_open()  # it may have been closed meanwhile
        except ClosedError:
            transfer.cancel()
            raise
        self._open.add(transfer)
        transfer.when_done(lambda _: self._open.discard(transfer))
        return Response(data, transfer)

    def may_upgrade(self, plan: SocketPlan) -> bool:
        """Whether it is to be asked (`upgraded`) if a WebSocket goes over TLS though its URL does not say so."""
        url = parse(plan.url)
        return url is not None and url.scheme in ("ws", "http") and concerns(url)

    async def upgraded(self, plan: SocketPlan) -> SocketPlan:
        """Give the plan as HSTS would have it (Fetch, main fetch, step 10).

        Raises:
            ClosedError: the client's worker ends.
        """
        url = parse(plan.url)
        client = parse(plan.client_url) if plan.client_url else None
        if url is None or (self.options.mixed_content and mixed_content.decide(client, url, "websocket") != "allow"):
            return plan  # step 7 comes first, and forbids it
        if not await is_upgraded(self._services, url):
            return plan
        return msgspec.structs.replace(plan, url=url.with_scheme("wss").href)

    def open_socket(self, plan: SocketPlan, listener: SocketListener) -> ClientSocket:
        """Open a WebSocket. Where `may_upgrade` says so, the plan comes from `upgraded`.

        Raises:
            NetworkError: it is not allowed.
            ClosedError: the client is closed.
        """
        self._check_open()
        url = parse(plan.url)
        refusal = self._filters.refusal(url) if url is not None else None
        if refusal is not None:
            raise refusal
        facts = Facts(
            jar=self.jar,
            user_agent=self.user_agent,
            accept_language=self.accept_language,
            extra_headers=self.extra_headers,
            options=self._certificates.apply(self.auth.proxied(self._through_proxy(self._transfer_options, url)), url),
            logins=self.auth.logins,
            mixed_content=self.options.mixed_content,
        )
        prepared = prepare(plan, facts, self._transport.next_socket())
        taking = TakingCookies(prepared, self.jar, listener)
        if self._recorder is None:
            return self._transport.open_socket(prepared.command, taking)
        return self._recorder.socket(
            prepared.command, plan.page, taking, lambda heard: self._transport.open_socket(prepared.command, heard)
        )

    def _check_open(self) -> None:
        if self._closed:
            raise ClosedError("the client was closed")

    def _through_proxy(self, options: TransferOptions, url: Url | None) -> TransferOptions:
        if self._proxies is None or url is None:
            return options
        proxy = self._proxies.find(url)
        return msgspec.structs.replace(options, proxy=proxy.url, proxy_auth=proxy.auth)

    def transfer_options(self, request: Request, url: Url, *, credentials: bool) -> TransferOptions:
        """Say how a request to `url`, its own or a hop's, travels (for `fetching.Fetch`)."""
        base = self._certificates.apply(self._through_proxy(self._transfer_options, url), url)
        if request.event_stream:
            base = msgspec.structs.replace(base, idle_timeout_ms=0, total_timeout_ms=0, max_body_bytes=MAX_STREAM_BYTES)
        elif request.unlimited:
            base = msgspec.structs.replace(base, max_body_bytes=MAX_STREAM_BYTES)
        return msgspec.structs.replace(
            base,
            stream=request.stream,
            verify_tls=base.verify_tls and not request.overrides.ignore_certificate_errors,
            priority=PREFETCH_PRIORITY if request.prefetch else PRIORITIES.get(request.destination, DEFAULT_PRIORITY),
            # Fetch, "obtain a connection": one with credentials is never used for a request without.
            isolation_key=f"{base.isolation_key}/{'credentials' if credentials else 'anonymous'}",
        )

    async def close(self) -> None:
        """Cancel every response that is still coming. Idempotent."""
        self._closed = True
        for transfer in tuple(self._open):
            transfer.cancel()
        await self.cache.close()
        if self._robots is not None:
            await self._robots.close()


def _checked(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    for name, value in headers:
        if not is_token(name) or not is_header_value(value):
            raise UsageError(f"extra header {name!r}: {value!r} cannot be sent")
    return tuple(headers)


def _transfer_options(options: ClientOptions) -> TransferOptions:
    for block in options.block_cidrs:
        try:
            parse_network(block)
        except ValueError as error:
            raise UsageError(f"{block!r} is no block of addresses: {error}") from error
    return msgspec.structs.replace(
        options.transfer,
        verify_tls=options.transfer.verify_tls and not options.insecure,
        ca_file=options.ca_file or options.transfer.ca_file,
        client_cert=options.client_cert or options.transfer.client_cert,
        client_key=options.client_key or options.transfer.client_key,
        block_private_networks=options.block_private_networks,
        block_cidrs=options.block_cidrs,
        # What others cannot guess: a context's own.
        isolation_key=uuid.uuid4().hex if options.isolate_connections else options.transfer.isolation_key,
        credentials_key=uuid.uuid4().hex,
    )
