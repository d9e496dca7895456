"""The HTTP endpoints over real sockets."""

from __future__ import annotations

import asyncio
import json

import aiohttp
import pytest

from tests.server.support import Reply, handshake, pieces, request, run, serving


def test_version_has_the_fields_that_clients_read() -> None:
    async def test() -> None:
        async with serving() as served, served.raw() as raw:
            first = await raw.get("/json/version", host="box.localhost:1234")
            facts = json.loads(first.body)
            assert facts["Browser"].startswith("Chrome/")
            assert facts["Protocol-Version"] == "1.3"
            assert "Sanderling" in facts["User-Agent"]
            assert facts["WebKit-Version"].startswith("537.36 (@")
            assert facts["webSocketDebuggerUrl"].startswith("ws://box.localhost:1234/devtools/browser/")
            assert first.headers["content-type"] == "application/json; charset=UTF-8"
            # A fresh browser each time.
            again = json.loads((await raw.get("/json/version/")).body)
            assert again["webSocketDebuggerUrl"] != facts["webSocketDebuggerUrl"]

    run(test)


def test_a_product_can_be_chosen() -> None:
    async def test() -> None:
        async with serving(product="Sanderling/9.9") as served, served.raw() as raw:
            assert json.loads((await raw.get("/json/version")).body)["Browser"] == "Sanderling/9.9"

    run(test)


@pytest.mark.parametrize("path", ["/json", "/json/", "/json/list", "/json/list/"])
def test_targets_are_listed(path: str) -> None:
    async def test() -> None:
        async with serving() as served, served.raw() as raw:
            (target,) = json.loads((await raw.get(path, host="127.0.0.1:5")).body)
            assert target["id"] == "P0"
            assert target["type"] == "page"
            assert target["url"] == "about:blank"
            assert target["webSocketDebuggerUrl"] == "ws://127.0.0.1:5/devtools/page/P0"
            assert set(target) == {
                "description",
                "devtoolsFrontendUrl",
                "id",
                "title",
                "type",
                "url",
                "webSocketDebuggerUrl",
            }

    run(test)


@pytest.mark.parametrize(
    ("query", "url"),
    [
        ("?http://a.test/x?y=1", "http://a.test/x?y=1"),
        ("?http%3A%2F%2Fa.test%2F%23b", "http://a.test/#b"),
        ("?", "about:blank"),
        ("", "about:blank"),
        ("?nonsense", "about:blank"),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "GET"])
def test_a_page_is_opened(query: str, url: str, method: str) -> None:
    async def test() -> None:
        async with serving() as served, served.raw() as raw:
            target = json.loads((await raw.get(f"/json/new{query}", method=method)).body)
            assert target["url"] == url
            assert [one.url for one in served.lobby.targets()] == ["about:blank", url]

    run(test)


def test_pages_are_closed_and_activated() -> None:
    async def test() -> None:
        async with serving() as served, served.raw() as raw:
            assert (await raw.get("/json/activate/P0")).body == b"Target activated"
            assert served.lobby.activated == ["P0"]
            assert (await raw.get("/json/close/P0/")).body == b"Target is closing"
            for verb in ("close", "activate"):
                refused = await raw.get(f"/json/{verb}/P0")
                assert (refused.status, refused.body) == (404, b"No such target id: P0\n")
            assert json.loads((await raw.get("/json")).body) == []

    run(test)


def test_what_does_not_exist_is_said() -> None:
    async def test() -> None:
        async with serving() as served, served.raw() as raw:
            unknown = await raw.get("/json/nothing")
            assert (unknown.status, unknown.body) == (404, b"Unknown command: nothing\n")
            assert (await raw.get("/favicon.ico")).status == 404
            wrong = await raw.get("/json/version", method="DELETE")
            assert wrong.status == 405
            assert wrong.headers["allow"] == "GET, HEAD"
            assert (await raw.get("/json/list", method="PUT")).status == 405
            needs = await raw.get("/devtools/page/P0")
            assert (needs.status, needs.headers["upgrade"]) == (426, "websocket")
            assert (await raw.get("/devtools/page/P9")).status == 500
            assert (await raw.get("/json/version")).status == 200

    run(test)


def test_head_has_no_body() -> None:
    async def test() -> None:
        async with serving() as served, served.raw() as raw:
            reply = await raw.get("/json/list", method="HEAD")
            assert reply.status == 200
            assert int(reply.headers["content-length"]) > 0
            assert (await raw.get("/json/list")).status == 200

    run(test)


def test_a_lower_case_method_is_understood() -> None:
    async def test() -> None:
        async with serving() as served, served.raw() as raw:
            assert (await raw.get("/json/version", method="get")).status == 200

    run(test)


def test_requests_may_be_pipelined_and_are_answered_in_order() -> None:
    async def test() -> None:
        async with serving() as served, served.raw() as raw:
            served.lobby.hold = asyncio.Event()
            raw.write(
                request("/json/new?data:,1", method="PUT")
                + request("/json/list")
                + request("/json/nothing")
                + request("/healthz")
            )
            await raw.writer.drain()
            assert served.counters.requests == {}
            served.lobby.hold.set()
            assert json.loads((await raw.reply()).body)["url"] == "data:,1"
            assert len(json.loads((await raw.reply()).body)) == 2
            assert (await raw.reply()).status == 404
            assert json.loads((await raw.reply()).body)["status"] == "ok"

    run(test)


def test_a_connection_is_used_again_and_then_upgraded() -> None:
    async def test() -> None:
        async with serving() as served, served.raw() as raw:
            path = json.loads((await raw.get("/json/version")).body)["webSocketDebuggerUrl"].partition("127.0.0.1")[2]
            await raw.get("/json/list")
            assert (await raw.upgrade(path)).status == 101
            assert served.lobby.clients[0].path == path
            assert served.counters.connections == 1

    run(test)


def test_a_request_may_come_byte_by_byte() -> None:
    async def test() -> None:
        async with serving() as served, served.raw() as raw:
            for piece in pieces(request("/json/version")):
                raw.write(piece)
                await asyncio.sleep(0)
            assert (await raw.reply()).status == 200

    run(test)


def test_a_body_is_read_and_ignored() -> None:
    async def test() -> None:
        async with serving() as served, served.raw() as raw:
            raw.write(request("/json/new?data:,1", method="PUT", headers="Content-Length: 5\r\n") + b"hello")
            assert (await raw.reply()).status == 200
            raw.write(request("/json/new", method="PUT", headers="Content-Length: 2\r\nExpect: 100-continue\r\n"))
            assert (await raw.reply()).status == 100
            raw.write(b"ab")
            assert (await raw.reply()).status == 200
            raw.write(request("/json/new", method="PUT", headers="Content-Length: 9999999\r\n") + bytes(2_000_000))
            assert (await raw.reply()).status == 413
            assert await raw.reader.read() == b""

    run(test)


def test_http_1_0_ends_after_its_answer_and_needs_no_host() -> None:
    async def test() -> None:
        async with serving() as served, served.raw() as raw:
            raw.write(b"GET /json/version HTTP/1.0\r\n\r\n")
            facts = json.loads((await raw.reply()).body)
            assert facts["webSocketDebuggerUrl"].startswith(f"ws://127.0.0.1:{served.port}/")
            assert await raw.reader.read() == b""

    run(test)


def test_a_client_may_end_its_stream_before_the_answer() -> None:
    async def test() -> None:
        async with serving() as served, served.raw() as raw:
            served.lobby.hold = asyncio.Event()
            raw.write(request("/json/new", method="PUT"))
            raw.writer.write_eof()
            served.lobby.hold.set()
            assert (await raw.reply()).status == 200
            assert await raw.reader.read() == b""

    run(test)


def test_an_absolute_target_names_the_host() -> None:
    async def test() -> None:
        async with serving() as served, served.raw() as raw:
            facts = json.loads((await raw.get("http://localhost:7/json/version?a")).body)
            assert facts["webSocketDebuggerUrl"].startswith("ws://localhost:7/")
            assert (await raw.get("http://evil.test/json/version")).status == 500
            assert (await raw.get("*")).status == 400

    run(test)


@pytest.mark.parametrize(
    ("garbage", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),  # TLS
        (b"GET /json/version HTTP/1.1\r\n\r\n", 400),  # no Host
        (b"GET /json/version HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
        (b"GET /json/version HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: localhost\r\n\r\n", 400),
        (b"GET /json/version HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: x\r\n\r\n", 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 70_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X: y\r\n" * 20_000, 431),
        (b"GET /" + b"a" * 70_000, 431),
    ],
)
def test_what_is_no_request_is_refused_and_ends(garbage: bytes, status: int) -> None:
    async def test() -> None:
        async with serving() as served, served.raw() as raw:
            raw.write(garbage)
            assert (await raw.reply()).status == status
            assert await raw.reader.read() == b""

    run(test)


def test_endpoints_take_no_clients_place() -> None:
    async def test() -> None:
        async with serving(max_clients=1) as served, served.websocket() as raw:
            for _ in range(3):
                async with served.raw() as other:
                    assert (await other.get("/json/version")).status == 200
                    refused = await other.upgrade()
                    assert refused.status == 503
                    assert b"--max-clients" in refused.body
            await raw.closed()
            await served.lobby.clients[0].ended.wait()
            async with served.websocket():
                pass

    run(test)


def test_metrics_and_health() -> None:
    async def test() -> None:
        async with serving() as served, served.websocket(), served.raw() as raw:
            await raw.get("/json/nothing")
            text = (await raw.get("/metrics")).body.decode()
            lines = text.splitlines()
            assert 'sanderling_connections{phase="upgraded"} 1.0' in lines
            assert 'sanderling_connections{phase="http"} 1.0' in lines
            assert "sanderling_accepted_total 2.0" in lines
            assert 'sanderling_refused_total{reason="404"} 1.0' in lines
            assert "sanderling_workers 0.0" in lines
            health = json.loads((await raw.get("/healthz")).body)
            assert health["connections"]["upgraded"] == 1
            assert health["pages"] == 1

    run(test)


def test_a_real_client_reuses_its_connection() -> None:
    async def test() -> None:
        async with serving() as served, aiohttp.ClientSession() as session:
            for _ in range(3):
                async with session.get(f"{served.http}/json/version") as response:
                    assert (await response.json())["Protocol-Version"] == "1.3"
            assert served.counters.connections == 1

    run(test)


def test_a_handshake_that_is_wrong_is_refused_by_its_reason() -> None:
    async def test() -> None:
        async with serving() as served:
            good = handshake().decode()
            for wrong, status in (
                (good.replace("Version: 13", "Version: 12"), 400),
                (good.replace("Connection: Upgrade", "Connection: close"), 426),
                (good.replace("Sec-WebSocket-Key", "X-Key"), 400),
                (good.replace("GET", "PUT"), 405),
                (good.replace("GET /", "GET /devtools/browser/x"), 404),
                (good.replace("GET /", "GET /devtools/page/x"), 500),
            ):
                async with served.raw() as raw:
                    raw.write(wrong.encode())
                    reply: Reply = await raw.reply()
                    assert reply.status == status
                    assert await raw.reader.read() == b""
            assert served.lobby.clients == []

    run(test)
