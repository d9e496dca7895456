"""The stage that caches: what is stored is used instead of asking, and what comes is stored (RFC 9111; Fetch, 4.6, step 8.24).

It stands between interception and the emulated network: interceptors see what comes from the cache as they see everything else, and a
network that is away does not matter to it. Who may see what was stored is decided by the key: the top-level site, and whether
credentials went along.

Requests for the same at the same time go out once (`flights.py`).

Thread: worker.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from sanderling.base.clock import Clock
from sanderling.base.errors import NetworkError, SanderlingError
from sanderling.http.cache_store import CacheStore, Key, MemoryStore
from sanderling.http.cached import CachedTransfer, head_of
from sanderling.http.flights import Flights, Landed
from sanderling.http.request import CacheMode
from sanderling.http.shared_body import BodyView, SharedBody
from sanderling.http.stages import Exchange, Proceed
from sanderling.http.stored import StoredTransfer
from sanderling.http.tower import Tower
from sanderling.http.transfer import Transfer
from sanderling.network.messages import HeaderList, Saving, TransferOptions
from sanderling.proto import http_cache
from sanderling.proto.headers import Headers
from sanderling.proto.http_cache import Choice, Entry
from sanderling.proto.redirects import REDIRECT_STATUSES
from sanderling.proto.url import parse, site

if TYPE_CHECKING:
    from sanderling.http.cache_disk import DiskStore


class Level(msgspec.Struct, frozen=True):
    """A store, and what may be in it."""

    store: CacheStore
    shared: bool = False
    """Several users see it: nothing is in it that was meant for one."""


class _Found(msgspec.Struct, frozen=True):
    choice: Choice
    level: Level


class CacheStage:
    """Answers from stores, and fills them.

    Args:
        levels: where to look, in that order; a response is stored in the first one that may have it.
        clock: tells how old a response is.
        tower: knows what other processes ask for, whose store on disk is the same.
    """

    name = "cache"

    def __init__(self, levels: Sequence[Level], clock: Clock, tower: Tower | None = None) -> None:
        self._levels = tuple(levels)
        self._tower = tower
        self._clock = clock
        self.report: Callable[[Saving], object] = lambda by: None  # is told of what needed no transfer, or no body
        self._flights = Flights()
        self._revalidations: dict[Key, asyncio.Task[None]] = {}

    def clear(self) -> None:
        """Forget every response of the context."""
        for level in self._levels:
            level.store.clear()

    async def close(self) -> None:
        """Stop what runs in the background, and let go of the stores."""
        tasks = tuple(self._revalidations.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for level in self._levels:
            level.store.close()

    async def run(self, exchange: Exchange, proceed: Proceed) -> Transfer:
        """See `Stage.run`.

        Raises:
            NetworkError: nothing is stored, and the request's cache mode is "only-if-cached"; or what came after failed.
        """
        if not self._levels:
            if exchange.request.cache == "only-if-cached":
                raise _miss(exchange)
            return await proceed(exchange)
        if exchange.preflight or exchange.request.event_stream:
            return await proceed(exchange)
        if exchange.outgoing.method != "GET":
            return await self._other_method(exchange, proceed)
        request = Headers(exchange.outgoing.headers)
        mode = _mode_of(exchange, request)
        if mode == "no-store" or "range" in request:
            return await proceed(exchange)
        key = key_of(exchange)
        if mode == "reload" or exchange.repeated:
            return (await self._ask(exchange, proceed, key, None)).transfer
        found = self._look_up(key, request, mode)
        if found is not None and found.choice.action in ("use", "use-and-revalidate"):
            transfer = self._use(exchange, key, found)
            if transfer is not None:
                if found.choice.action == "use-and-revalidate":
                    self._revalidate_soon(exchange, proceed, key, found)
                return transfer
            found = None  # its body is gone
        if mode == "only-if-cached":
            raise _miss(exchange)
        if "only-if-cached" in http_cache.directives(request):
            return StoredTransfer(504, (), b"", reason="Gateway Timeout")  # RFC 9111, 5.2.1.7
        return await self._together(exchange, proceed, key, found, request, mode)

    # -- looking up ----------------------------------------------------------------------------------------------

    def _look_up(self, key: Key, request: Headers, mode: CacheMode) -> _Found | None:
        best: _Found | None = None
        for level in self._levels:
            entries = level.store.find(key)
            if not entries:
                continue
            choice = http_cache.choose(
                entries,
                request,
                self._clock.wall(),
                any_age=mode in ("force-cache", "only-if-cached"),
                validate=mode == "no-cache",
            )
            if choice.action in ("use", "use-and-revalidate"):
                return _Found(choice, level)
            if choice.action == "revalidate" and best is None:
                best = _Found(choice, level)
        return best

    def _use(self, exchange: Exchange, key: Key, found: _Found) -> Transfer | None:
        entry, store = found.choice.entry, found.level.store
        assert entry is not None
        body = store.body(key, entry)
        if body is None:
            return None
        if exchange.watch is not None:
            exchange.watch.served_from_cache(exchange, store.place)
        self.report("cache")
        return CachedTransfer(entry, body)

    def _revalidate_soon(self, exchange: Exchange, proceed: Proceed, key: Key, found: _Found) -> None:
        """RFC 5861, 3; Fetch, HTTP-network-or-cache fetch, step 8.24.3.2: nobody waits, and nobody is told."""
        if key in self._revalidations:
            return
        alone = msgspec.structs.replace(exchange, watch=None)
        task = asyncio.get_running_loop().create_task(self._revalidate(alone, proceed, key, found))
        self._revalidations[key] = task
        task.add_done_callback(lambda _: self._revalidations.pop(key, None))

    async def _revalidate(self, exchange: Exchange, proceed: Proceed, key: Key, found: _Found) -> None:
        try:
            transfer = (await self._ask(exchange, proceed, key, found)).transfer
            await transfer.read()
        except SanderlingError:
            return  # what is stored stays; who asks when it is too stale will see what is wrong

    # -- asking --------------------------------------------------------------------------------------------------

    async def _together(
        self, exchange: Exchange, proceed: Proceed, key: Key, found: _Found | None, request: Headers, mode: CacheMode
    ) -> Transfer:
        """Ask for it, unless somebody does already and the answer will do for both."""
        emulated = exchange.watch is not None and exchange.watch.conditions(exchange) is not None
        if mode not in ("default", "force-cache") or emulated or not self._flights.may_share(key):
            return await self._alone(exchange, proceed, key, found)
        flight = self._flights.of(key)
        if flight is None:
            landed = await self._flights.lead(key, self._lead(exchange, proceed, key, found, request, mode))
            return landed.transfer
        follower = await self._flights.follow(flight)
        if follower is not None:
            body, entry = follower
            if http_cache.matches(entry, request) and body.joinable:
                if exchange.watch is not None:
                    exchange.watch.served_from_cache(exchange, "memory")
                self.report("shared")
                return body.view(head_of(entry), first=False)
        # It was confirmed and is stored; or it was not for this request, and is asked for without waiting for others again.
        again = self._look_up(key, request, mode)
        if again is not None and again.choice.action == "use":
            transfer = self._use(exchange, key, again)
            if transfer is not None:
                return transfer
        return await self._alone(exchange, proceed, key, again)

    async def _lead(
        self, exchange: Exchange, proceed: Proceed, key: Key, found: _Found | None, request: Headers, mode: CacheMode
    ) -> Landed:
        """Ask for it, unless another process does already and stores it where this one sees it."""
        store = self._common_store(request)
        if self._tower is None or store is None:
            return await self._ask(exchange, proceed, key, found)
        ticket = await self._tower.board(store.name_of(key))
        try:
            # Also for who leads: another may have landed between the first look and this one.
            found = self._look_up(key, request, mode)
            if found is not None and found.choice.action == "use":
                transfer = self._use(exchange, key, found)
                if transfer is not None:
                    ticket.land(stored=True)
                    return Landed(transfer, found.choice.entry)
                found = None
            landed = await self._ask(exchange, proceed, key, found)
        except BaseException as error:
            ticket.land(abandoned=not isinstance(error, NetworkError))
            raise
        if landed.store is not store or landed.body is None:
            # What is not fresh (then it has a view, but no body to share) is of no use to others before it is asked about.
            ticket.land(stored=landed.store is store and not isinstance(landed.transfer, BodyView))
            return landed
        landed.body.when_over(
            lambda error, stored: ticket.land(
                stored=stored, abandoned=isinstance(error, NetworkError) and error.code == "net::ERR_ABORTED"
            )
        )
        return landed

    def _common_store(self, request: Headers) -> DiskStore | None:
        """Give the store where other processes will see the answer to `request`, if there is one."""
        if all(isinstance(level.store, MemoryStore) for level in self._levels):
            return None
        from sanderling.http.cache_disk import DiskStore

        for level in self._levels:
            if isinstance(level.store, DiskStore) and level.store.usable:
                own = level.shared and ("cookie" in request or "authorization" in request)
                return None if own else level.store
        return None

    async def _alone(self, exchange: Exchange, proceed: Proceed, key: Key, found: _Found | None) -> Transfer:
        landed = await self._ask(exchange, proceed, key, found)
        self._flights.learn(key, shareable=landed.entry is not None)
        return landed.transfer

    async def _ask(self, exchange: Exchange, proceed: Proceed, key: Key, found: _Found | None) -> Landed:
        """Send a request, with conditions where something is stored, and take in what comes."""
        stored = found.choice.entry if found is not None else None
        sent = exchange
        if stored is not None and http_cache.has_validator(Headers(stored.headers)):
            outgoing = exchange.outgoing
            conditional = http_cache.conditional_headers(stored, outgoing.headers)
            sent = msgspec.structs.replace(exchange, outgoing=msgspec.structs.replace(outgoing, headers=conditional))
        asked_at = self._clock.wall()
        try:
            transfer = await proceed(sent)
        except NetworkError:
            covered = self._cover(exchange, key, found, None)
            if covered is None:
                raise
            return covered
        if found is not None:
            if transfer.head.status == 304 and sent is not exchange:
                confirmed = self._confirmed(key, found, sent, transfer, asked_at)
                if confirmed is not None:
                    return confirmed
                transfer.discard()
                found.level.store.remove(key)  # RFC 9111, 4.3.4: the 304 is about something else
                return await self._ask(exchange, proceed, key, None)
            covered = self._cover(exchange, key, found, transfer.head.status)
            if covered is not None:
                transfer.discard()
                return covered
        return self._take_in(exchange, key, transfer, asked_at)

    def _cover(self, exchange: Exchange, key: Key, found: _Found | None, status: int | None) -> Landed | None:
        """RFC 5861, 4: let what is stored stand in for a server that fails."""
        if found is None or found.choice.entry is None:
            return None
        if not http_cache.may_cover_failure(found.choice.entry, self._clock.wall(), status):
            return None
        transfer = self._use(exchange, key, found)
        return None if transfer is None else Landed(transfer)

    def _confirmed(self, key: Key, found: _Found, sent: Exchange, transfer: Transfer, asked_at: float) -> Landed | None:
        """RFC 9111, 4.3.4: what is stored still holds."""
        store, old = found.level.store, found.choice.entry
        assert old is not None
        answer = Headers(transfer.head.headers)
        entry = http_cache.confirm(
            old,
            Headers(sent.outgoing.headers),
            answer,
            requested_at=asked_at,
            received_at=self._clock.wall(),
        )
        body = store.body(key, old)
        if entry is None or body is None:
            return None
        store.refresh(key, entry)
        self.report("confirmed")
        transfer.discard()
        # Cookies of the 304 are for this exchange, and not stored.
        cookies = tuple(("Set-Cookie", value) for value in answer.get_all("set-cookie"))
        head = msgspec.structs.replace(
            transfer.head, status=entry.status, reason=entry.reason, headers=(*entry.headers, *cookies)
        )
        shown = CachedTransfer(entry, body, head=head, encoded_bytes=transfer.encoded_bytes, timings=transfer.timings)
        return Landed(shown, entry, store=store)

    def _take_in(self, exchange: Exchange, key: Key, transfer: Transfer, asked_at: float) -> Landed:
        """Store the response when its body has come, if it may be stored."""
        head = transfer.head
        request, response = Headers(exchange.outgoing.headers), Headers(head.headers)
        useful = http_cache.may_be_useful(head.status, response)
        chosen = self._level_for(request, head.status, response) if useful else None
        if chosen is None:
            if 200 <= head.status <= 399 or head.status in http_cache.HEURISTIC:
                self._forget(key)  # RFC 9111, 4.3.3: what was stored is no longer what the server gives
            return Landed(transfer)
        level, kept = chosen
        entry = http_cache.make_entry(
            url=key.url,
            request=request,
            status=head.status,
            reason=head.reason,
            headers=kept,
            requested_at=asked_at,
            received_at=self._clock.wall(),
            http_version=head.http_version,
            remote_address=head.remote_address,
        )
        if not http_cache.is_useful(entry):
            self._forget(key)
            return Landed(transfer)
        if head.status in REDIRECT_STATUSES:
            level.store.put(key, entry, b"")  # nobody reads the body of a redirect
            return Landed(transfer, entry, store=level.store)
        limit = level.store.limits.entry_bytes
        announced = response.get("content-length") or ""
        if announced.isdecimal() and int(announced[:18]) > limit:
            return Landed(transfer)
        body = SharedBody(
            transfer,
            streamed=exchange.outgoing.options.stream,
            limit=limit,
            on_whole=lambda whole: level.store.put(key, entry, whole),
        )
        shared = body if self._may_join(entry) else None
        return Landed(body.view(head, first=True), entry, shared, level.store)

    def _may_join(self, entry: Entry) -> bool:
        # RFC 9111, section 4: whoever may use a stored response may use one that is about to be.
        return http_cache.is_fresh(entry, self._clock.wall())

    def _level_for(self, request: Headers, status: int, response: Headers) -> tuple[Level, HeaderList] | None:
        for level in self._levels:
            if not level.store.usable:
                continue
            kept = http_cache.storable_headers("GET", request, status, response, shared=level.shared)
            if kept is not None:
                return level, kept
        return None

    def _forget(self, key: Key) -> None:
        for level in self._levels:
            if level.store.find(key):
                level.store.remove(key)

    # -- other methods -------------------------------------------------------------------------------------------

    async def _other_method(self, exchange: Exchange, proceed: Proceed) -> Transfer:
        """RFC 9111, 4.4: what changes a resource makes what is stored of it invalid."""
        if _mode_of(exchange, Headers()) == "only-if-cached":
            raise _miss(exchange)
        transfer = await proceed(exchange)
        if http_cache.invalidates(exchange.outgoing.method, transfer.head.status):
            response = Headers(transfer.head.headers)
            urls = {exchange.url.without_fragment}
            for name in ("location", "content-location"):
                target = parse(response.get(name) or "", exchange.url) if name in response else None
                if target is not None and target.origin == exchange.url.origin:
                    urls.add(target.without_fragment)
            for url in urls:
                for credentials in (True, False):
                    self._forget(_key(exchange, url, credentials=credentials))
        return transfer


def _miss(exchange: Exchange) -> NetworkError:
    return NetworkError(
        "net::ERR_CACHE_MISS", "the request's cache mode is 'only-if-cached'", url=exchange.outgoing.url
    )


def _mode_of(exchange: Exchange, request: Headers) -> CacheMode:
    asked = exchange.request
    if asked.overrides.bypass_cache:
        return "reload"
    if asked.cache == "default" and not http_cache.CONDITIONAL_HEADERS.isdisjoint(request.names()):
        return "no-store"  # Fetch, HTTP-network-or-cache fetch, step 8.16
    return asked.cache


def key_of(exchange: Exchange) -> Key:
    """Give the key of an exchange: Fetch, "HTTP cache partition", and whether credentials went along, as in Chromium."""
    return _key(exchange, exchange.url.without_fragment, credentials=exchange.credentials)


def _key(exchange: Exchange, url: str, *, credentials: bool) -> Key:
    request = exchange.request
    name = site(exchange.url.origin) if request.top_level else request.partition_site
    way = _way(exchange.outgoing.options)
    return Key(f"{name} {'credentials' if credentials else 'anonymous'}{way}", url)


def _way(options: TransferOptions) -> str:
    """Tell apart what came in another way than usual: from a server that was not verified, or through somebody else's proxy."""
    facts = (options.verify_tls, options.ca_file, options.client_cert, options.proxy, options.proxy_auth)
    if facts == _USUAL_WAY:
        return ""
    return " " + hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


_USUAL_WAY = (True, "", "", "", "")
