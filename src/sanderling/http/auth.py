"""HTTP authentication: answers challenges of servers and proxies, and remembers what they accepted (RFC 9110, 11; RFC 7616; RFC 7617).

Where credentials come from, in this order: those of the URL, those that the origin accepted for the same realm before, interceptors. For a
proxy: those of the context's options, those it accepted before, interceptors. They are kept by origin, so they never leave it; a header
that page code or the user wrote is left alone.

Thread: worker.
"""

from __future__ import annotations

import itertools

import msgspec

from sanderling.base.errors import NetworkError
from sanderling.http.jar import CookieJar
from sanderling.http.logins import Credentials, Login, LoginCache, from_userinfo
from sanderling.http.stages import Exchange, Proceed
from sanderling.http.transfer import ProxyAuthError, Transfer
from sanderling.network.messages import TransferOptions
from sanderling.proto.challenge import Challenge, parse_challenges
from sanderling.proto.headers import Headers
from sanderling.proto.request_headers import with_authorization

MAX_CHALLENGES = 20
"""Of one exchange: an interceptor that always gives the same wrong password must not go on for ever."""


class AuthStage:
    """Sends an exchange, and again with credentials as long as somebody asks for them and somebody has them.

    Args:
        jar: cookies of a challenge's response are kept, and go along the next time.
    """

    name = "auth"

    def __init__(self, jar: CookieJar) -> None:
        self._jar = jar
        self.logins = LoginCache()
        self._proxies: dict[str, Login] = {}  # what proxies accepted, by their URL

    def proxied(self, options: TransferOptions) -> TransferOptions:
        """Give options with what their proxy accepted before."""
        login = self._proxies.get(options.proxy)
        return options if login is None else _with_proxy_login(options, login)

    async def run(self, exchange: Exchange, proceed: Proceed) -> Transfer:
        """See `Stage.run`."""
        return await _Attempt(self, exchange, proceed).run()


class _Attempt:
    """The life of one exchange in the stage."""

    def __init__(self, stage: AuthStage, exchange: Exchange, proceed: Proceed) -> None:
        self._stage = stage
        self._exchange = exchange
        self._proceed = proceed
        names = {name.lower() for name, _ in exchange.outgoing.headers}
        self._given = "authorization" in names  # by page code or the user: it stays as it is
        self._given_to_proxy = "proxy-authorization" in names
        self._login: Login | None = None  # what goes to the server
        self._proxy_login: Login | None = None  # what goes to the proxy
        self._tried: set[tuple[str, Credentials]] = set()  # of the server or the proxy: what it refused

    async def run(self) -> Transfer:
        """Send until nobody asks any more, or nobody answers."""
        exchange, stage = self._exchange, self._stage
        if exchange.credentials and not self._given:
            self._login = stage.logins.find(exchange.url)
            own = from_userinfo(exchange.url) if self._login is not None else None
            if self._login is not None and own not in (None, self._login.credentials):
                # HTTP-network-or-cache fetch, step 8.20.5.1, the "use-URL-credentials flag": who names others means them.
                self._login = None
        proxy = exchange.outgoing.options.proxy
        self._proxy_login = stage._proxies.get(proxy) if proxy else None
        for turn in itertools.count(1):
            sent = self._prepared(again=turn > 1)
            if sent is not exchange and exchange.watch is not None:
                exchange.watch.transmitted(sent)
                if exchange.watch.wants_wire and exchange.credentials:
                    cookies = stage._jar.consider(exchange.url, exchange.same_site, exchange.partition)
                    exchange.watch.cookies_considered(sent, cookies)
            try:
                transfer = await self._proceed(sent)
            except ProxyAuthError as error:
                if await self._ask_for_proxy(error.challenges, tunnel=True) and turn < MAX_CHALLENGES:
                    continue
                raise NetworkError(
                    "net::ERR_TUNNEL_CONNECTION_FAILED", error.message, url=exchange.outgoing.url
                ) from None
            if not await self._goes_on(transfer) or turn == MAX_CHALLENGES:
                break
            transfer.discard()
        return transfer

    def _prepared(self, *, again: bool) -> Exchange:
        """Give the exchange with the credentials and cookies that it has by now."""
        exchange = self._exchange
        outgoing = exchange.outgoing
        options, headers = outgoing.options, outgoing.headers
        if again and exchange.credentials:
            kept = tuple(item for item in headers if item[0].lower() != "cookie")
            cookie = self._stage._jar.header_for(exchange.url, exchange.same_site, exchange.partition)
            headers = (*kept, ("Cookie", cookie)) if cookie else kept
        if self._login is not None:
            target = exchange.url.path_and_query
            headers = with_authorization(headers, "Authorization", self._login.value(outgoing.method, target))
        if self._proxy_login is not None:
            if self._proxy_login.scheme == "digest" and exchange.url.scheme == "http":
                # The request itself goes to the proxy; only of a tunnel libcurl can take care.
                value = self._proxy_login.value(outgoing.method, exchange.url.for_wire)
                headers = with_authorization(headers, "Proxy-Authorization", value)
                options = msgspec.structs.replace(options, proxy_auth="")
            else:
                options = _with_proxy_login(options, self._proxy_login)
        if headers is outgoing.headers and options is outgoing.options and not again:
            return exchange
        outgoing = msgspec.structs.replace(outgoing, headers=headers, options=options)
        return msgspec.structs.replace(exchange, outgoing=outgoing, repeated=again)

    async def _goes_on(self, transfer: Transfer) -> bool:
        """Judge a response: whether it asks for credentials that there are."""
        status, headers = transfer.head.status, Headers(transfer.head.headers)
        exchange = self._exchange
        if status == 407 and exchange.outgoing.options.proxy and self._can_repeat:
            return await self._ask_for_proxy(tuple(headers.get_all("proxy-authenticate")), tunnel=False)
        if self._proxy_login is not None:
            self._stage._proxies[exchange.outgoing.options.proxy] = self._proxy_login
        if status != 401:
            if self._login is not None:
                self._login.heard(headers.get("authentication-info"))
                self._stage.logins.store(exchange.url, self._login)
            return False
        if not exchange.credentials or not self._can_repeat:
            return False
        challenge = next(
            iter(parse_challenges(headers.get_all("www-authenticate"), "Server", exchange.url.origin.serialise())),
            None,
        )
        if challenge is None:
            return False
        login = self._renewed(self._login, challenge) or self._known(challenge) or await self._asked(challenge)
        if login is None:
            return False
        self._login = login
        self._stage._jar.take(
            exchange.url,
            headers,
            same_site=exchange.same_site,
            top_level=exchange.request.top_level,
            partition=exchange.partition,
        )
        return True

    @property
    def _can_repeat(self) -> bool:
        body = self._exchange.outgoing.body
        return body is None or isinstance(body, bytes)

    @staticmethod
    def _renewed(login: Login | None, challenge: Challenge) -> Login | None:
        """Give the same credentials for a new nonce, when the server says that nothing else was wrong."""
        stale = challenge.parameters.get("stale", "").lower() == "true"
        return _login(login.credentials, challenge) if stale and login is not None else None

    def _known(self, challenge: Challenge) -> Login | None:
        """Give credentials that nobody has to be asked for, each once."""
        refused = self._login.credentials if self._login is not None else None
        if refused is not None:
            self._tried.add((challenge.source, refused))
        if self._given:
            return None
        accepted = self._stage.logins.of_realm(challenge)
        for one in (from_userinfo(self._exchange.url), accepted.credentials if accepted is not None else None):
            if one is not None and (challenge.source, one) not in self._tried:
                self._tried.add((challenge.source, one))
                return _login(one, challenge)
        return None

    async def _ask_for_proxy(self, fields: tuple[str, ...], *, tunnel: bool) -> bool:
        """Look for credentials of the proxy."""
        options = self._exchange.outgoing.options
        if self._given_to_proxy and not tunnel:
            return False
        found = parse_challenges(fields, "Proxy", options.proxy)
        challenge = next(iter(found), Challenge("Proxy", options.proxy, "basic", "") if tunnel and not fields else None)
        if challenge is None:
            return False
        before = self._proxy_login
        login = self._renewed(before, challenge)
        if login is None and before is None and options.proxy_auth and challenge.scheme == "digest":
            # The user's own went out as Basic ones, and that is not what the proxy takes.
            name, _, password = options.proxy_auth.partition(":")
            login = _login(Credentials(username=name, password=password), challenge)
        if login is None:
            login = await self._asked(challenge)
        self._proxy_login = login
        if login is None:
            self._stage._proxies.pop(options.proxy, None)
        return login is not None

    async def _asked(self, challenge: Challenge) -> Login | None:
        """Ask the interceptors."""
        watch = self._exchange.watch
        for interceptor in tuple(watch.interceptors) if watch is not None else ():
            if not interceptor.handles_auth:
                continue
            decision = await interceptor.decide_auth(self._exchange, challenge)
            if isinstance(decision, Credentials):
                return _login(decision, challenge)
            if decision == "cancel":
                return None
        return None


def _login(credentials: Credentials, challenge: Challenge) -> Login:
    return Login(credentials, challenge.scheme, challenge.realm, challenge.parameters)


def _with_proxy_login(options: TransferOptions, login: Login) -> TransferOptions:
    one = login.credentials
    return msgspec.structs.replace(
        options, proxy_auth=f"{one.username}:{one.password}", proxy_auth_digest=login.scheme == "digest"
    )
