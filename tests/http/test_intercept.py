"""Interception: requests, responses and challenges, and the network that a page's tools emulate."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import msgspec
import pytest

from sanderling.base.errors import NetworkError
from sanderling.http.cache_store import Place
from sanderling.http.conditions import Conditions
from sanderling.http.intercept import (
    AuthDecision,
    BlockedError,
    ContinueRequest,
    ContinueResponse,
    Fail,
    Fulfil,
    Interceptor,
    RequestDecision,
    ResponseDecision,
)
from sanderling.http.jar import RefusedCookie
from sanderling.http.logins import Credentials
from sanderling.http.request import Overrides, Request
from sanderling.http.stages import Exchange
from sanderling.http.transfer import Transfer
from sanderling.network.messages import ResponseHead
from sanderling.proto.challenge import Challenge
from sanderling.proto.cookie_store import Considered
from sanderling.proto.url import Url
from sanderling.testing.transport import Answer
from tests.http.support import World, go, html, redirect, run, script


class Scripted:
    """An interceptor that answers what a test says."""

    def __init__(
        self,
        request: Callable[[Exchange], RequestDecision] | None = None,
        response: Callable[[Exchange, bytes], ResponseDecision] | None = None,
        auth: list[AuthDecision] | None = None,
    ) -> None:
        self.request = request
        self.response = response
        self.auth = auth
        self.seen: list[str] = []
        self.challenges: list[Challenge] = []

    @property
    def handles_auth(self) -> bool:
        return self.auth is not None

    def wants_request(self, exchange: Exchange) -> bool:
        return self.request is not None

    def wants_response(self, exchange: Exchange) -> bool:
        return self.response is not None and self.request is None

    async def decide_request(self, exchange: Exchange) -> RequestDecision:
        assert self.request is not None
        self.seen.append(f"{exchange.outgoing.method} {exchange.outgoing.url}")
        await asyncio.sleep(0)
        return self.request(exchange)

    async def decide_response(self, exchange: Exchange, transfer: Transfer) -> ResponseDecision:
        assert self.response is not None
        return self.response(exchange, await transfer.read())

    async def decide_auth(self, exchange: Exchange, challenge: Challenge) -> AuthDecision:
        assert self.auth is not None
        self.challenges.append(challenge)
        return self.auth.pop(0)


class Watch:
    """Notes what it is told."""

    def __init__(self, *interceptors: Interceptor, blocked: str = "", conditions: Conditions | None = None) -> None:
        self.interceptors: Sequence[Interceptor] = interceptors
        self.page_id = ""
        self.log: list[str] = []
        self.sent_headers: list[dict[str, str]] = []
        self._blocked = blocked
        self._conditions = conditions

    def sent(self, exchange: Exchange) -> None:
        self.log.append(f"{'preflight' if exchange.preflight else 'sent'} {exchange.url.href}")
        self.sent_headers.append({name.lower(): value for name, value in exchange.outgoing.headers})

    def transmitted(self, exchange: Exchange) -> None:
        self.log.append(f"transmitted {exchange.outgoing.url}")

    @property
    def wants_wire(self) -> bool:
        return True

    def cookies_considered(self, exchange: Exchange, cookies: Sequence[Considered]) -> None:
        pass

    def on_wire(self, exchange: Exchange, request_head: bytes, head: ResponseHead | None) -> None:
        pass

    def cookies_refused(self, exchange: Exchange, refused: Sequence[RefusedCookie]) -> None:
        pass

    def overridden(self, exchange: Exchange) -> None:
        pass

    def served_from_cache(self, exchange: Exchange, place: Place) -> None:
        self.log.append(f"{place} {exchange.outgoing.url}")

    def redirected(self, url: Url, transfer: Transfer) -> None:
        self.log.append(f"redirected {url.href} {transfer.head.status}")

    def preflight_answered(self, exchange: Exchange, transfer: Transfer) -> None:
        self.log.append(f"preflight answered {transfer.head.status}")

    def preflight_failed(self, error: NetworkError) -> None:
        self.log.append(f"preflight failed {error.code}")

    def is_blocked(self, exchange: Exchange) -> bool:
        return bool(self._blocked) and self._blocked in exchange.url.href

    def conditions(self, exchange: Exchange) -> Conditions | None:
        return self._conditions


def fetch(world: World, request: Request, watch: Watch) -> tuple[int, bytes, dict[str, str]]:
    async def work() -> tuple[int, bytes, dict[str, str]]:
        response = await world.client.fetch(request, watch)
        body = await response.read()
        return response.full_status, body, {name.lower(): value for name, value in response.full_headers.items()}

    return run(work())


def test_each_hop_is_told_when_it_happens() -> None:
    world = World()
    world.on("https://a.test/", redirect("/b", 302, ("Set-Cookie", "k=v")))
    world.on("https://a.test/b", html())
    watch = Watch()
    fetch(world, go("https://a.test/"), watch)
    assert watch.log == [
        "sent https://a.test/",
        "transmitted https://a.test/",
        "redirected https://a.test/ 302",
        "sent https://a.test/b",
        "transmitted https://a.test/b",
    ]
    assert [headers.get("cookie") for headers in watch.sent_headers] == [None, "k=v"]


def test_a_preflight_follows_what_it_is_for() -> None:
    world = World()
    allow = (
        ("Access-Control-Allow-Origin", "https://a.test"),
        ("Access-Control-Allow-Methods", "PUT"),
    )
    world.on("https://b.test/x", Answer(status=204, headers=allow), method="OPTIONS")
    world.on("https://b.test/x", Answer(headers=allow), method="PUT")
    watch = Watch()
    fetch(world, script("https://b.test/x", method="PUT", body=b"1"), watch)
    assert watch.log == [
        "sent https://b.test/x",
        "preflight https://b.test/x",
        "transmitted https://b.test/x",
        "preflight answered 204",
        "transmitted https://b.test/x",
    ]


def test_a_local_url_is_told_too() -> None:
    watch = Watch(Scripted(lambda _: Fail(code="net::ERR_FAILED")))
    assert fetch(World(), script("data:text/plain,hi"), watch)[1] == b"hi"
    assert watch.log == ["sent data:text/plain,hi"]


def test_fulfilling_needs_no_server() -> None:
    world = World()
    answer = Fulfil(
        status=201, reason="Made", headers=(("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Own", "y")), body=b"own"
    )
    status, body, headers = fetch(world, go("https://nowhere.test/"), Watch(Scripted(lambda _: answer)))
    assert (status, body, headers["x-own"], world.urls) == (201, b"own", "y", [])
    assert {cookie["name"] for cookie in world.jar.to_dicts()} == {"a", "b"}


def test_a_fulfilled_redirect_is_followed() -> None:
    world = World()
    world.on("https://a.test/end", html(b"end"))

    def decide(exchange: Exchange) -> RequestDecision:
        if exchange.url.path == "/end":
            return ContinueRequest()
        return Fulfil(status=302, headers=(("Location", "/end"),))

    interceptor = Scripted(decide)
    assert fetch(world, go("https://a.test/"), Watch(interceptor))[1] == b"end"
    assert interceptor.seen == ["GET https://a.test/", "GET https://a.test/end"]


def test_failing() -> None:
    for decision, kind in (
        (Fail(code="net::ERR_CONNECTION_REFUSED"), NetworkError),
        (Fail(code="net::ERR_BLOCKED_BY_CLIENT", blocked_reason="inspector"), BlockedError),
    ):
        with pytest.raises(kind) as caught:
            fetch(World(), go("https://a.test/"), Watch(Scripted(partial(_give, decision))))
        assert caught.value.code == decision.code


def test_changing_a_request() -> None:
    world = World()
    world.on("https://b.test/other", Answer(headers=(("Set-Cookie", "of=b"),), body=b"b"), method="POST")
    world.jar.set_document_cookie("https://a.test/", "mine=1")
    world.jar.set_document_cookie("https://b.test/", "theirs=2")
    change = ContinueRequest(
        url="https://b.test/other", method="POST", headers=(("X-Own", "1"), ("Cookie", "forged=1")), body=b"payload"
    )
    watch = Watch(Scripted(lambda _: change))
    status, body, headers = fetch(world, go("https://a.test/"), watch)
    assert (status, body) == (200, b"b")
    [received] = world.transport.received
    assert (received.url, received.method, received.body) == ("https://b.test/other", "POST", b"payload")
    # The jar decides: the other site's own cookies, and none of the page's.
    assert dict(received.headers.items()) == {"X-Own": "1", "Cookie": "theirs=2"}
    assert "set-cookie" not in headers
    assert {(cookie["name"], cookie["domain"]) for cookie in world.jar.to_dicts()} == {
        ("mine", "a.test"),
        ("theirs", "b.test"),
        ("of", "b.test"),
    }


def test_several_interceptors_are_asked_in_order() -> None:
    world = World()
    world.on("https://a.test/", html())
    first = Scripted(lambda _: ContinueRequest(headers=(("X-First", "1"),)))
    second = Scripted(
        lambda exchange: ContinueRequest(headers=(*exchange.outgoing.headers, ("X-Second", "2"))),
    )
    fetch(world, go("https://a.test/"), Watch(first, second))
    assert (world.sent()["x-first"], world.sent()["x-second"]) == ("1", "2")


def test_the_response_stage() -> None:
    world = World()
    world.on("https://a.test/", html(b"seen"))
    bodies: list[bytes] = []

    def decide(exchange: Exchange, body: bytes) -> ResponseDecision:
        bodies.append(body)
        return ContinueResponse(status=202, reason="Other", headers=(("X-New", "1"),))

    status, body, headers = fetch(world, go("https://a.test/"), Watch(Scripted(response=decide)))
    assert (status, body, headers, bodies) == (202, b"seen", {"x-new": "1"}, [b"seen"])


def test_a_request_may_ask_for_its_response() -> None:
    world = World()
    world.on("https://a.test/", html(b"from the server"))
    interceptor = Scripted(
        lambda _: ContinueRequest(intercept_response=True), lambda exchange, body: Fulfil(status=200, body=body.upper())
    )
    assert fetch(world, go("https://a.test/"), Watch(interceptor))[1] == b"FROM THE SERVER"


CHALLENGE = Answer(status=401, headers=(("WWW-Authenticate", 'Basic realm="here"'),), body=b"no")


def test_credentials_are_asked_for_and_remembered() -> None:
    world = World()
    world.on("https://a.test/dir/x", CHALLENGE, CHALLENGE, html(b"in"))
    world.on("https://a.test/dir/y", html(b"too"))
    interceptor = Scripted(auth=[Credentials(username="u", password="wrong"), Credentials(username="u", password="p")])
    watch = Watch(interceptor)
    assert fetch(world, go("https://a.test/dir/x"), watch)[:2] == (200, b"in")
    assert interceptor.challenges == [Challenge("Server", "https://a.test", "basic", "here", {"realm": "here"})] * 2
    assert watch.log.count("sent https://a.test/dir/x") == 1
    fetch(world, go("https://a.test/dir/y"), Watch())
    assert world.sent()["authorization"] == "Basic dTpw"


@pytest.mark.parametrize("decision", ["cancel", "default"])
def test_no_credentials_shows_the_page(decision: AuthDecision) -> None:
    world = World()
    world.on("https://a.test/", CHALLENGE)
    assert fetch(world, go("https://a.test/"), Watch(Scripted(auth=[decision])))[:2] == (401, b"no")
    assert len(world.urls) == 1


def test_a_scheme_that_cannot_be_answered_is_not_asked_about() -> None:
    world = World()
    world.on("https://a.test/", Answer(status=401, headers=(("WWW-Authenticate", "Negotiate"),)))
    assert fetch(world, go("https://a.test/"), Watch(Scripted(auth=[])))[0] == 401


def test_a_canceled_wait_ends_and_nothing_goes_out() -> None:
    world = World()

    class Silent(Scripted):
        async def decide_request(self, exchange: Exchange) -> RequestDecision:
            await asyncio.Event().wait()
            raise AssertionError

    async def work() -> None:
        task = asyncio.create_task(
            world.client.fetch(go("https://a.test/"), Watch(Silent(lambda _: ContinueRequest())))
        )
        await asyncio.sleep(0)
        world.on("https://b.test/", html(b"free"))
        assert await (await world.client.fetch(go("https://b.test/"))).read() == b"free"
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert world.urls == ["https://b.test/"]

    run(work())


def test_blocked_urls() -> None:
    with pytest.raises(BlockedError) as caught:
        fetch(World(), go("https://a.test/ads.js"), Watch(blocked="ads"))
    assert (caught.value.code, caught.value.reason) == ("net::ERR_BLOCKED_BY_CLIENT", "inspector")


def test_offline_and_still_fulfilled() -> None:
    offline = Conditions(offline=True)
    with pytest.raises(NetworkError, match="ERR_INTERNET_DISCONNECTED"):
        fetch(World(), go("https://a.test/"), Watch(conditions=offline))
    watch = Watch(Scripted(lambda _: Fulfil(status=200, body=b"own")), conditions=offline)
    assert fetch(World(), go("https://a.test/"), watch)[1] == b"own"


def test_latency_and_throughput_take_their_time() -> None:
    world = World()
    world.on("https://a.test/", html(b"x" * 1000))

    async def work() -> tuple[float, float, float]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        slow = Conditions(latency_s=0.05, download_bytes_per_s=20_000)
        response = await world.client.fetch(go("https://a.test/"), Watch(conditions=slow))
        head = loop.time() - began
        ended = loop.create_future()
        response.when_done(lambda error: ended.set_result(loop.time() - began))
        await response.read()
        return head, loop.time() - began, await ended

    head, whole, told = run(work())
    assert head >= 0.05
    assert whole >= 0.095
    assert told >= 0.095


def test_overrides_of_a_request() -> None:
    world = World()
    world.on("https://a.test/", html())
    overrides = Overrides(
        user_agent="Other/2",
        accept_language="de",
        extra_headers=(("X-Tool", "1"), ("Accept", "own")),
        bypass_cache=True,
        ignore_certificate_errors=True,
    )
    fetch(world, _with(go("https://a.test/"), overrides=overrides), Watch())
    sent = world.sent()
    assert (sent["user-agent"], sent["accept-language"], sent["x-tool"], sent["accept"]) == (
        "Other/2",
        "de",
        "1",
        "own",
    )
    assert (sent["cache-control"], sent["pragma"]) == ("no-cache", "no-cache")
    assert not world.transport.received[0].options.verify_tls


def _give(decision: RequestDecision, exchange: Exchange) -> RequestDecision:
    return decision


def _with(request: Request, **changes: Any) -> Request:
    return msgspec.structs.replace(request, **changes)
