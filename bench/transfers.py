"""Transfers of 1 kB through a Handle, from a worker's thread, at 1, 16 and 128 at once; aiohttp beside it where installed."""

from __future__ import annotations

import asyncio
import http.server
import statistics
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from bench.table import show
from sanderling.http.transfer import Outgoing
from sanderling.http.transport import HandleTransport
from sanderling.network.network import Network

Run: TypeAlias = Callable[[int, int], Awaitable[list[float]]]

IN_FLIGHT = (1, 16, 128)
TOTAL = 4000
BODY = b"x" * 1024


async def _ours(transport: HandleTransport, url: str, in_flight: int, total: int) -> list[float]:
    latencies: list[float] = []
    left = iter(range(total))

    async def one() -> None:
        for _ in left:
            start = time.perf_counter()
            transfer = await transport.open(Outgoing(url=url))
            await transfer.read()
            latencies.append(time.perf_counter() - start)

    await asyncio.gather(*(one() for _ in range(in_flight)))
    return latencies


async def _aiohttp(url: str, in_flight: int, total: int) -> list[float]:
    import aiohttp

    latencies: list[float] = []
    left = iter(range(total))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=in_flight)) as session:

        async def one() -> None:
            for _ in left:
                start = time.perf_counter()
                async with session.get(url) as response:
                    await response.read()
                latencies.append(time.perf_counter() - start)

        await asyncio.gather(*(one() for _ in range(in_flight)))
    return latencies


def _row(name: str, in_flight: int, latencies: list[float], elapsed: float) -> tuple[Any, ...]:
    ordered = sorted(latencies)
    return (
        name,
        in_flight,
        f"{len(latencies) / elapsed:.0f}",
        f"{statistics.median(ordered) * 1000:.2f}",
        f"{ordered[int(len(ordered) * 0.99)] * 1000:.2f}",
    )


class _Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def _url() -> tuple[str, Any]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/", server


def main() -> None:
    """Run the table."""
    url, server = _url()
    network = Network()
    network.start_thread()
    rows: list[tuple[Any, ...]] = []
    try:
        asyncio.run(_run(network, url, rows))
    finally:
        network.stop()
        server.shutdown()
    show("Transfers of 1 kB", ("client", "in flight", "per second", "p50 ms", "p99 ms"), rows)


async def _run(network: Network, url: str, rows: list[tuple[Any, ...]]) -> None:
    loop = asyncio.get_running_loop()
    handle = network.new_handle()
    transport = HandleTransport(handle)

    def drain() -> None:
        for event in handle.receive():
            transport.dispatch(event)

    handle.set_wakeup(lambda: loop.call_soon_threadsafe(drain))
    runs: dict[str, Run] = {
        "sanderling": lambda at_once, total: _ours(transport, url, at_once, total),
        "aiohttp": lambda at_once, total: _aiohttp(url, at_once, total),
    }
    for in_flight in IN_FLIGHT:
        total = TOTAL if in_flight > 1 else TOTAL // 4
        for name, run in runs.items():
            await run(in_flight, in_flight)
            start = time.perf_counter()
            latencies = await run(in_flight, total)
            rows.append(_row(name, in_flight, latencies, time.perf_counter() - start))
    transport.close()
    handle.close()
