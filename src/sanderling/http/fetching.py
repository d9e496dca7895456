"""Main fetch: one request through all rules of Fetch, hop by hop (https://fetch.spec.whatwg.org/#main-fetch).

Thread: worker.
"""

from __future__ import annotations

import msgspec

from sanderling.base.errors import NetworkError
from sanderling.http import opaque
from sanderling.http.local import scheme_fetch
from sanderling.http.request import CLIENT_REFERRER, Request
from sanderling.http.response import Hop, ResponseHeadData, opaque_redirect
from sanderling.http.shared import Shared
from sanderling.http.stages import Exchange
from sanderling.http.transfer import Outgoing, RequestBody, Transfer
from sanderling.http.watch import FetchWatch
from sanderling.network.messages import HeaderList, TransferOptions
from sanderling.proto import (
    cors,
    integrity,
    mime,
    mixed_content,
    redirects,
    referrer,
    request_headers,
    timing_allow,
)
from sanderling.proto.cookie_scope import PartitionKey, SameSiteContext, partition_key, same_site_context
from sanderling.proto.headers import Headers
from sanderling.proto.url import Origin, Url, is_bad_port, parse, parse_origin, same_site

_CACHE_CONTROL: dict[str, tuple[tuple[str, str], ...]] = {
    # Fetch, HTTP-network-or-cache fetch, steps 8.18 and 8.19.
    "no-cache": (("Cache-Control", "max-age=0"),),
    "reload": (("Pragma", "no-cache"), ("Cache-Control", "no-cache")),
    "no-store": (("Pragma", "no-cache"), ("Cache-Control", "no-cache")),
}
_REDIRECT_CODES = {
    redirects.RedirectFault.INVALID_LOCATION: "net::ERR_INVALID_REDIRECT",
    redirects.RedirectFault.UNSAFE_SCHEME: "net::ERR_UNSAFE_REDIRECT",
    redirects.RedirectFault.TOO_MANY: "net::ERR_TOO_MANY_REDIRECTS",
    redirects.RedirectFault.CORS_CREDENTIALS: "net::ERR_FAILED",
    redirects.RedirectFault.STREAMED_BODY: "net::ERR_FAILED",
}
BLOCKED_BY_CSP = "net::ERR_BLOCKED_BY_CSP"
"""Of a redirect that a policy forbids; the error's URL is where it leads."""

_LOCAL_SCHEMES = frozenset({"about", "blob", "data"})
_KNOWN_SCHEMES = _LOCAL_SCHEMES | {"file"}
_DOWNGRADING = frozenset({"no-referrer-when-downgrade", "strict-origin", "strict-origin-when-cross-origin"})
_BODY_METHODS = frozenset({"POST", "PUT", "PATCH"})


class _Judgement(msgspec.Struct, frozen=True):
    """What main fetch decides for a hop."""

    tainting: cors.Tainting
    preflight: bool = False


class Fetch:
    """One running fetch. What changes from hop to hop is an attribute here.

    Args:
        shared: of the client.
        request: what is asked for.
        url: of the request, parsed.
        watch: told of every step.
    """

    def __init__(self, shared: Shared, request: Request, url: Url, watch: FetchWatch | None = None) -> None:
        self._shared = shared
        self._watch = watch
        self._request = request
        self._client = parse(request.client_url) if request.client_url else None
        self._asker = _asker(request, self._client)
        # A request always has an origin; one that nobody asked for has an opaque one (Fetch, 2.2.5).
        self._origin = self._asker or (url.origin if request.is_navigation else Origin.opaque())
        self._urls = [url]
        self._hops: list[Hop] = []
        self._method = request.method
        self._headers = request.headers
        self._body: RequestBody = request.body
        self._tainting: cors.Tainting = "basic"
        self._tainted_origin = False
        self._timing_allowed = True
        self._policy = request.referrer_policy
        self._referrer = self._referrer_source()

    def _referrer_source(self) -> Url | None:
        text = self._request.referrer
        return self._client if text == CLIENT_REFERRER else parse(text) if text else None

    @property
    def _url(self) -> Url:
        return self._urls[-1]

    async def run(self) -> tuple[Transfer, ResponseHeadData]:
        """Go through the chain, to the head of the response.

        Raises:
            NetworkError: it failed, or is not allowed.
        """
        while True:
            if not (self._url.is_network or self._url.scheme in _LOCAL_SCHEMES):
                scheme_fetch(self._request, self._url, None)  # raises what is wrong with it
            judgement = self._judge()
            url = self._url
            if not url.is_network:
                self._tell_local(url)
                resolve = self._shared.resolve_blob if url.scheme == "blob" else None
                blob = None if resolve is None else await resolve(url.without_fragment)
                local = scheme_fetch(self._request, url, blob)
                return await self._answer(local, Headers(local.head.headers))
            self._tainting = judgement.tainting
            transfer = await self._exchange(url, preflight=judgement.preflight)
            headers = Headers(transfer.head.headers)
            try:
                self._check_response(transfer, headers)
                self._timing_allowed = self._timing_allowed and self._allows_timing(headers)
                if transfer.head.status in redirects.REDIRECT_STATUSES:
                    if self._request.redirect == "error":
                        raise self._fault("net::ERR_FAILED", "a redirect came, and the redirect mode is 'error'")
                    if self._request.redirect == "manual":
                        transfer.discard()
                        return opaque_redirect(url.without_fragment, transfer.head)
                location = redirects.location_url(transfer.head.status, headers, url)
                if location is None:
                    return await self._answer(transfer, headers)
                self._follow(transfer.head.status, headers, location)
                if self._watch is not None:
                    self._watch.redirected(url, transfer)
            except BaseException:
                transfer.cancel()
                raise
            transfer.discard()

    def _brings_credentials(self, url: Url) -> bool:
        """Whether an element, or a frame, names a user of a server (a guess at passwords, by whoever made the page): Chromium refuses that.

        Redirects may lead there; relative URLs of a document that was loaded so have what its own address has; what XMLHttpRequest is told goes.
        """
        request, client = self._request, self._client
        if not url.includes_credentials or client is None or len(self._urls) > 1:
            return False
        if request.top_level or request.destination in ("", "document", "report"):
            return False
        own = (client.username, client.password) == (url.username, url.password)
        return not (own and client.origin == url.origin)

    # -- before an exchange --------------------------------------------------------------------------------------

    def _judge(self) -> _Judgement:
        """Main fetch, steps 4 to 12."""
        request, url = self._request, self._url
        if request.upgrades_insecure and url.scheme == "http" and not url.is_potentially_trustworthy():
            url = self._urls[-1] = url.with_scheme("https")
        decision: mixed_content.MixedContent = "allow"
        if self._shared.options.mixed_content:
            decision = mixed_content.decide(
                self._client,
                url,
                request.destination,
                embedder=parse(request.top_level_url) if request.top_level_url else None,
                embedded_securely=request.embedded_securely,
                top_level_navigation=request.top_level,
            )
        if decision == "upgrade":
            url = self._urls[-1] = url.with_scheme("https")
        elif decision == "block":
            raise self._fault("net::ERR_BLOCKED_BY_CLIENT", "mixed content: the page is secure and this is not")
        if is_bad_port(url):
            raise self._fault("net::ERR_UNSAFE_PORT", f"port {url.effective_port} is blocked")
        if self._brings_credentials(url):
            raise self._fault("net::ERR_BLOCKED_BY_CLIENT", "URLs with credentials are blocked in subresources")
        if self._referrer is not None:  # step 8: once cut, it stays so for the rest of the chain
            told = referrer.determine(self._referrer, url, self._policy)
            self._referrer = parse(told) if told is not None else None
        if request.is_navigation or url.scheme == "data":
            return _Judgement("basic")
        own_blob = url.scheme == "blob" and url.origin.is_opaque and self._origin.is_opaque
        # An opaque origin cannot be told from the URL of its blob, but only who made that knows its random name.
        if (url.origin == self._origin or own_blob) and self._tainting == "basic":
            return _Judgement("basic")
        if self._asker is None and request.mode == "no-cors":
            return _Judgement("basic")  # a request of ours, such as robots.txt: no page sees the response
        if not self._shared.options.cors and request.mode != "no-cors" and url.is_network:
            return _Judgement("basic")
        if request.mode == "same-origin":
            raise self._fault("net::ERR_FAILED", "the request's mode is 'same-origin' and the URL is not")
        if request.mode == "no-cors":
            # Reports of Content Security Policies are such requests (CSP 3, 5.5, step 3.5), though Fetch knows none.
            if request.redirect != "follow" and request.destination != "report":
                raise self._fault("net::ERR_FAILED", "a no-cors request must follow redirects")
            return _Judgement("opaque")
        if not url.is_network:
            raise self._fault("net::ERR_FAILED", f"cross-origin requests to {url.scheme}: are not allowed by CORS")
        return _Judgement("cors", not request.event_stream and cors.needs_preflight(self._method, self._headers))

    @property
    def _includes_credentials(self) -> bool:
        """HTTP-network-or-cache fetch, step 5."""
        mode = self._request.credentials
        # The origin is looked at, too, for tainting says nothing where CORS is switched off.
        own = self._tainting == "basic" and (self._shared.options.cors or self._url.origin == self._origin)
        return mode == "include" or (mode == "same-origin" and own)

    def _origin_header(self, url: Url) -> str | None:
        """Fetch, "append a request `Origin` header"."""
        value = "null" if self._tainted_origin or self._asker is None else self._asker.serialise()
        if self._tainting == "cors":
            return value
        if self._request.mode == "cors" and self._request.destination and self._asker is not None:
            return value  # an element's: Chromium says it to the own origin, too
        if self._method in ("GET", "HEAD") or (self._asker is None and not self._request.is_navigation):
            return None
        if self._request.mode != "cors":
            policy = self._policy or referrer.DEFAULT_POLICY
            if policy == "no-referrer":
                return "null"
            if policy in _DOWNGRADING and value.startswith("https:") and url.scheme != "https":
                return "null"
            if policy == "same-origin" and self._asker != url.origin:
                return "null"
        return value

    @property
    def _top(self) -> Url | None:
        return parse(self._request.site_for_cookies) if self._request.site_for_cookies else self._client

    def _partition(self, url: Url) -> PartitionKey | None:
        return partition_key(
            url,
            top_level=self._request.top_level,
            site_for_cookies=self._top,
            cross_site_ancestor=self._request.cross_site_ancestor,
        )

    def _same_site(self, url: Url) -> SameSiteContext:
        request = self._request
        return same_site_context(
            target=url,
            method=self._method,
            mode=request.mode,
            top_level=request.top_level,
            initiator=self._asker,
            site_for_cookies=self._top,
            cross_site_ancestor=request.cross_site_ancestor,
            passed=self._urls[:-1],
        )

    def _build(
        self, url: Url, options: TransferOptions, *, cookie: str, author: HeaderList, preflight: bool = False
    ) -> HeaderList:
        request = self._request
        return request_headers.build(
            request_headers.HeaderFacts(
                url=url,
                method=self._method,
                destination=request.destination,
                mode=request.mode,
                user_agent=request.overrides.user_agent or self._shared.user_agent,
                accept_language=request.overrides.accept_language or self._shared.accept_language,
                client_hints=request.overrides.client_hints,
                author=author,
                extra=self._extra_headers,
                referrer=self._referrer.href if self._referrer is not None else None,
                origin=self._origin_header(url),
                cookie=cookie,
                fetch_site=request_headers.fetch_site(self._asker, self._urls),
                user_activated=request.is_navigation and (self._asker is None or request.user_activated),
                cache_control=self._cache_control,
                accept_encoding=options.decompress,
                priority=request.priority,
                background=request.background or request.prefetch,
                prefetch=request.prefetch,
                preflight=preflight,
            )
        )

    @property
    def _cache_control(self) -> HeaderList:
        mode = "reload" if self._request.overrides.bypass_cache else self._request.cache
        if mode == "default" and self._request.is_navigation and self._method == "POST":
            mode = "no-cache"  # as Chromium does, where Fetch says nothing
        return _CACHE_CONTROL.get(mode, ())

    # -- the exchange --------------------------------------------------------------------------------------------

    async def _exchange(self, url: Url, *, preflight: bool) -> Transfer:
        """HTTP-network-or-cache fetch: send, and take cookies."""
        include = self._includes_credentials
        exchange = self._assemble(url, include)
        if self._watch is not None:
            self._watch.sent(exchange)
        if preflight:
            await self._preflight(url)
        return await self._send(exchange)

    @property
    def _extra_headers(self) -> HeaderList:
        own, page = self._shared.extra_headers, self._request.overrides.extra_headers
        if not (own and page):
            return own or page
        replaced = {name.lower() for name, _ in page}
        return (*(item for item in own if item[0].lower() not in replaced), *page)

    @property
    def _can_repeat(self) -> bool:
        return self._body is None or isinstance(self._body, bytes)

    def _tell_local(self, url: Url) -> None:
        if self._watch is not None and url.scheme != "about":
            outgoing = Outgoing(url=url.href, method=self._method, headers=self._headers, body=self._body)
            self._watch.sent(Exchange(request=self._request, url=url, outgoing=outgoing, hop=len(self._hops)))

    def _assemble(self, url: Url, include: bool) -> Exchange:
        shared = self._shared
        context, partition = self._same_site(url), self._partition(url)
        cookie = shared.jar.header_for(url, context, partition) if include else ""
        body = b"" if self._body is None and self._method in _BODY_METHODS else self._body
        options = shared.transfer_options(self._request, url, credentials=include)
        if not self._can_repeat and options.http_version != "3":
            # Only HTTP/2 and 3 can refuse a request without having begun to take its body; Chromium does the same.
            options = msgspec.structs.replace(options, http_version="2-only")
        return Exchange(
            request=self._request,
            url=url,
            outgoing=Outgoing(
                url=url.for_wire,
                method=self._method,
                headers=self._build(url, options, cookie=cookie, author=self._headers),
                body=body,
                options=options,
            ),
            hop=len(self._hops),
            same_site=context,
            partition=partition,
            credentials=include,
            watch=self._watch,
        )

    async def _send(self, exchange: Exchange) -> Transfer:
        shared = self._shared
        transfer = await shared.proceed(exchange)
        if exchange.credentials:
            # Of every hop and before anything else is judged: a response that CORS hides sets cookies too.
            refused = shared.jar.take(
                exchange.url,
                Headers(transfer.head.headers),
                same_site=exchange.same_site,
                top_level=self._request.top_level,
                partition=exchange.partition,
            )
            if refused and self._watch is not None:
                self._watch.cookies_refused(exchange, refused)
        return transfer

    async def _preflight(self, url: Url) -> None:
        """CORS-preflight fetch, unless it is remembered or under way."""
        shared = self._shared
        include = self._request.credentials == "include"
        unsafe = cors.unsafe_header_names(self._headers)
        key = self._preflight_key(url, include)
        await shared.preflights.ensure(
            key, self._method, unsafe, shared.clock.monotonic, lambda: self._ask_permission(url, unsafe, include)
        )

    def _preflight_key(self, url: Url, include: bool) -> cors.PreflightKey:
        partition = self._request.partition_site
        return cors.cache_key(self._origin, url.without_fragment, include_credentials=include, partition=partition)

    async def _ask_permission(self, url: Url, unsafe: list[str], include: bool) -> cors.PreflightAnswer:
        shared = self._shared
        author: list[tuple[str, str]] = [("Access-Control-Request-Method", self._method)]
        if unsafe:
            author.append(("Access-Control-Request-Headers", ",".join(unsafe)))
        options = shared.transfer_options(self._request, url, credentials=False)
        exchange = Exchange(
            request=self._request,
            url=url,
            outgoing=Outgoing(
                url=url.for_wire,
                method="OPTIONS",
                headers=self._build(url, options, cookie="", author=tuple(author), preflight=True),
                options=options,
            ),
            hop=len(self._hops),
            preflight=True,
            partition=self._partition(url),
            watch=self._watch,
        )
        if self._watch is not None:
            self._watch.sent(exchange)
        try:
            transfer = await shared.proceed(exchange)
        except NetworkError as error:
            if self._watch is not None:
                self._watch.preflight_failed(error)
            raise
        if self._watch is not None:
            self._watch.preflight_answered(exchange, transfer)
        transfer.discard()
        answer = cors.judge_preflight(
            transfer.head.status,
            Headers(transfer.head.headers),
            origin=self._origin_text,
            method=self._method,
            unsafe=unsafe,
            include_credentials=include,
        )
        if isinstance(answer, str):
            raise self._fault("net::ERR_FAILED", f"blocked by CORS policy in the preflight: {answer}")
        return answer

    @property
    def _origin_text(self) -> str:
        return "null" if self._tainted_origin else self._origin.serialise()

    # -- after an exchange ---------------------------------------------------------------------------------------

    def _check_response(self, transfer: Transfer, headers: Headers) -> None:
        """HTTP fetch, steps 5 and 6, for a redirect as for anything else."""
        if (
            transfer.head.status == 401
            and not self._can_repeat
            and self._tainting != "cors"
            and self._includes_credentials
        ):
            # HTTP-network-or-cache fetch, step 14.2: credentials cannot be given later, for the body is gone.
            raise self._fault(
                "net::ERR_FAILED", "the server asks for credentials, and a streamed body cannot be repeated"
            )
        if self._tainting == "cors":
            include = self._request.credentials == "include"
            problem = cors.check(self._origin_text, headers, include_credentials=include)
            if problem is not None:
                self._shared.preflights.clear(self._preflight_key(self._url, include))
                raise self._fault("net::ERR_FAILED", f"blocked by CORS policy: {problem}")
        elif self._tainting == "opaque" and self._shared.options.cors:
            policy = headers.get("cross-origin-resource-policy")
            target = self._url.origin
            refused = (policy == "same-origin" and target != self._origin) or (
                policy == "same-site" and not same_site(self._origin, target)
            )
            if refused:
                raise self._fault(
                    f"net::ERR_BLOCKED_BY_RESPONSE.{'NotSameOrigin' if policy == 'same-origin' else 'NotSameSite'}",
                    f"Cross-Origin-Resource-Policy is {policy}",
                )

    def _allows_timing(self, headers: Headers) -> bool:
        """Fetch, "TAO check"."""
        return timing_allow.allows(
            headers,
            origin=self._origin_text,
            tainting=self._tainting,
            foreign_navigation=self._request.is_navigation
            and (self._tainted_origin or self._url.origin != self._origin),
        )

    def _follow(self, status: int, headers: Headers, location: Url | redirects.RedirectFault) -> None:
        """HTTP-redirect fetch."""
        url = self._url
        if isinstance(location, redirects.RedirectFault):
            raise self._fault(_REDIRECT_CODES[location], location.value)
        following = redirects.next_request(
            status=status,
            method=self._method,
            current=url,
            location=location,
            count=len(self._hops),
            origin=self._origin,
            cors_mode=self._request.mode == "cors",
            cors_tainted=self._tainting == "cors",
            streamed_body=not self._can_repeat,
        )
        if isinstance(following, redirects.RedirectFault):
            code = _REDIRECT_CODES[following]
            if following is redirects.RedirectFault.UNSAFE_SCHEME and location.scheme not in _KNOWN_SCHEMES:
                code = "net::ERR_UNKNOWN_URL_SCHEME"
            raise self._fault(code, f"{following.value} ({location.href[:200]})")
        rules = self._request.redirect_rules
        if rules is not None:
            insecure = self._request.upgrades_insecure and following.url.scheme == "http"
            target = (following.url.with_scheme("https") if insecure else following.url).without_fragment
            if rules.forbid(target):
                raise NetworkError(BLOCKED_BY_CSP, "Content Security Policy forbids the redirect", url=target)
        if url.origin not in (location.origin, self._origin):
            self._tainted_origin = True  # "redirect-taint": nobody may know any more who asked
        self._hops.append(Hop(url.without_fragment, status))
        self._urls.append(following.url)
        self._method = following.method
        dropped = redirects.REQUEST_BODY_HEADERS if following.drop_body else frozenset()
        if following.drop_authorization:
            dropped |= {"authorization"}
        if following.drop_body:
            self._body = None
        if dropped:
            self._headers = tuple(item for item in self._headers if item[0].lower() not in dropped)
        self._policy = referrer.policy_from_headers(headers) or self._policy

    async def _answer(self, transfer: Transfer, headers: Headers) -> tuple[Transfer, ResponseHeadData]:
        """Main fetch, from step 14: judge the last response and show what the asker may see of it."""
        request = self._request
        if mime.blocked_by_type(request.destination, headers) or mime.blocked_by_nosniff(request.destination, headers):
            kind = headers.get("content-type") or "none"
            raise self._fault(
                "net::ERR_BLOCKED_BY_RESPONSE", f"its type ({kind}) is not one of a {request.destination}"
            )
        # As in Chromium not what code fetches: that gets a response without content either way, and would take an error for a dead server.
        embedded = bool(request.destination) and not request.background
        judged = self._tainting == "opaque" and self._shared.options.cors and embedded
        if judged and await opaque.blocks(transfer, headers):  # HTTP fetch, step 6.3
            raise self._fault("net::ERR_BLOCKED_BY_ORB", "of another origin, and nothing that a page may embed")
        if request.integrity:
            transfer = await self._verified(transfer)
        hidden = request.filtered and self._tainting == "opaque"
        shown = headers
        if request.filtered:
            shown = cors.exposed_headers(headers, self._tainting, include_credentials=request.credentials == "include")
        return transfer, ResponseHeadData(
            url="" if hidden else self._url.without_fragment,
            url_list=() if hidden else tuple(url.without_fragment for url in self._urls),
            fragment=None if hidden else self._url.fragment,
            redirects=() if hidden else tuple(self._hops),
            status=0 if hidden else transfer.head.status,
            reason="" if hidden else transfer.head.reason,
            headers=shown,
            type=self._tainting,
            full_status=transfer.head.status,
            full_headers=headers,
            referrer=self._referrer.href if self._referrer is not None else "",
            timing_allowed=self._timing_allowed,
            same_origin_chain=all(url.origin == self._origin for url in self._urls),
        )

    async def _verified(self, transfer: Transfer) -> Transfer:
        """Main fetch, step 22."""
        if self._tainting == "opaque":
            raise self._fault("net::ERR_FAILED", "integrity of a cross-origin response cannot be checked without CORS")
        body = await transfer.read()
        if not integrity.matches(body, self._request.integrity):
            raise self._fault("net::ERR_FAILED", "the body does not match the request's integrity metadata")
        return transfer

    def _fault(self, code: str, message: str) -> NetworkError:
        return NetworkError(code, message, url=self._url.for_wire if self._url.is_network else self._url.href[:200])


def _asker(request: Request, client: Url | None) -> Origin | None:
    if request.initiator_origin:
        return parse_origin(request.initiator_origin)
    return client.origin if client is not None and not request.top_level else None
