"""Who may speak to the server."""

from __future__ import annotations

from typing import Any

import pytest

from sanderling.base.errors import UsageError
from sanderling.server.guard import Guard, host_of, split_token
from sanderling.server.links import RefusedError
from sanderling.server.options import ServeOptions
from tests.server.support import run, serving

ENDPOINTS = [
    "/",
    "/json",
    "/json/list",
    "/json/version",
    "/json/protocol",
    "/json/new",
    "/json/close/P0",
    "/json/activate/P0",
    "/json/x",
    "/metrics",
    "/healthz",
    "/devtools/browser",
    "/devtools/page/P0",
]


def verdict(guard: Guard, *headers: tuple[str, str], query: str = "") -> int:
    try:
        guard.check(headers, query)
    except RefusedError as error:
        return error.status
    return 200


@pytest.mark.parametrize(
    ("authority", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:9222", 200),
        ("localhost.", 200),
        ("a.localhost:1", 200),
        ("127.0.0.1", 200),
        ("192.168.1.4:9222", 200),
        ("[::1]:9222", 200),
        ("[fe80::1]", 200),
        ("box", 200),
        ("BOX:80", 200),
        ("evil.test", 500),
        ("evil.test:9222", 500),
        ("127.0.0.1.evil.test", 500),
        ("localhost.evil.test", 500),
        ("0x7f.1", 500),
        ("[::1", 400),
        ("a b", 400),
        ("", 400),
        ("localhost@evil.test", 400),
        ("localhost:x", 400),
    ],
)
def test_hosts(authority: str, status: int) -> None:
    assert verdict(Guard(allow_hosts=("box",)), ("host", authority)) == status


def test_host_of() -> None:
    assert host_of("[::1]:80") == "::1"
    assert host_of("Box.:80") == "box"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ((), 200),
        ((("origin", "http://mine.test"),), 200),
        ((("origin", "http://mine.test:81"),), 403),
        ((("origin", "http://localhost"),), 403),
        ((("origin", "null"),), 403),
        ((("sec-fetch-site", "none"),), 200),
        ((("sec-fetch-site", "same-origin"),), 200),
        ((("sec-fetch-site", "cross-site"),), 403),
        ((("sec-fetch-site", "same-site"),), 403),
        ((("origin", "http://mine.test"), ("sec-fetch-site", "cross-site")), 200),
        ((("origin", "http://mine.test"), ("origin", "http://other.test")), 400),
    ],
)
def test_origins(headers: tuple[tuple[str, str], ...], status: int) -> None:
    assert verdict(Guard(allow_origins=("http://mine.test",)), *headers) == status
    if status == 403:
        assert verdict(Guard(allow_origins=("*",)), *headers) == 200


def test_tokens() -> None:
    guard = Guard(token="s3cret/=")
    assert verdict(guard) == 401
    assert verdict(guard, query="token=wrong") == 401
    assert verdict(guard, query="a=b&token=s3cret/=") == 401
    assert verdict(guard, ("authorization", "Basic s3cret/=")) == 401
    assert verdict(guard, ("authorization", "Bearer s3cret")) == 401
    assert verdict(guard, ("authorization", "bearer s3cret/=")) == 200
    assert guard.check((), "token=s3cret%2F%3D&http://a.test/?token=other&b") == "http://a.test/?token=other&b"
    assert guard.check((("authorization", "Bearer s3cret/="),), "http://a.test/?token=b") == "http://a.test/?token=b"
    assert Guard().check((), "token=x") == "token=x"
    assert split_token("token=") == ("", "")


@pytest.mark.parametrize("path", ENDPOINTS)
def test_every_endpoint_is_guarded(path: str) -> None:
    async def test() -> None:
        async with serving(token="abc") as served:
            for reply_status, headers, host, target in (
                (500, "", "evil.test", f"{path}?token=abc"),
                (403, "Origin: http://evil.test\r\n", "127.0.0.1", f"{path}?token=abc"),
                (403, "Sec-Fetch-Site: cross-site\r\n", "127.0.0.1", f"{path}?token=abc"),
                (401, "", "127.0.0.1", path),
                (401, "Authorization: Bearer abd\r\n", "127.0.0.1", path),
            ):
                async with served.raw() as raw:
                    assert (await raw.get(target, headers=headers, host=host)).status == reply_status
                async with served.raw() as raw:
                    wanted = "Upgrade: websocket\r\nConnection: Upgrade\r\n" + headers
                    assert (await raw.get(target, headers=wanted, host=host)).status == reply_status
            assert [target.id for target in served.lobby.targets()] == ["P0"]
            assert served.lobby.activated == []

    run(test)


def test_who_has_the_token_is_given_addresses_that_work() -> None:
    async def test() -> None:
        async with serving(token="a+b") as served, served.raw() as raw:
            reply = await raw.get(
                "/json/list", headers="Authorization: Bearer a+b\r\n", host=f"127.0.0.1:{served.port}"
            )
            assert f"ws://127.0.0.1:{served.port}/devtools/page/P0?token=a%2Bb" in reply.body.decode()
            async with served.websocket("/devtools/page/P0?token=a%2Bb"):
                assert served.lobby.clients[0].path == "/devtools/page/P0"

    run(test)


@pytest.mark.parametrize(
    "options",
    [
        {"host": "0.0.0.0"},
        {"host": "::"},
        {"port": 70_000},
        {"max_clients": 0},
        {"token": "with space"},
        {"product": "Chrome"},
        {"host": "no.such.name.invalid"},
    ],
)
def test_unsafe_and_impossible_options_are_refused(options: dict[str, Any]) -> None:
    async def test() -> None:
        async with serving(**options):
            pass

    with pytest.raises(UsageError):
        run(test)


def test_a_token_allows_to_listen_beyond_loopback() -> None:
    async def test() -> None:
        async with serving(host="0.0.0.0", token="abc") as served, served.raw() as raw:
            assert served.listening.webSocketDebuggerUrl == f"ws://127.0.0.1:{served.port}/devtools/browser"
            raw.write(b"GET /json/version?token=abc HTTP/1.0\r\n\r\n")
            assert f"ws://127.0.0.1:{served.port}/" in (await raw.reply()).body.decode()

    run(test)


def test_options_are_checked_without_a_server() -> None:
    assert ServeOptions(unix_socket="/x").tcp_port is None
    assert ServeOptions().tcp_port == 9222
    ServeOptions().check_exposure(["127.0.0.9", "::1"])
    with pytest.raises(UsageError, match="token"):
        ServeOptions().check_exposure(["127.0.0.1", "10.0.0.1"])
