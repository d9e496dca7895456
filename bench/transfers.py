"""Transfers of 1 kB through a Handle, from a worker's thread, at 1, 16 and 128 at once; aiohttp beside it where installed."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from bench.peers import free_port, wait_for_port
from bench.table import show
from sanderling.http.transfer import Outgoing
from sanderling.http.transport import HandleTransport
from sanderling.network.network import Network
from sanderling.testing.server import HttpServer, Response

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


@contextlib.contextmanager
def _served() -> Iterator[str]:
    """Serve 1 kB by nginx, or by the test server where there is none (which is the bottleneck then)."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        print("(no nginx: the server is Python's, and slower than its clients)")
        with HttpServer(lambda request: Response(BODY)) as server:
            yield server.url + "/"
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "index.html").write_bytes(BODY)
        port = free_port()
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;"
            "events { worker_connections 1024; }"
            f"http {{ access_log off; keepalive_requests 1000000; {temporary}"
            f"server {{ listen 127.0.0.1:{port}; root {folder}; }} }}"
        )
        process = subprocess.Popen([program, "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"])
        try:
            wait_for_port(port)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait()


def main() -> None:
    """Run the table."""
    network = Network()
    network.start_thread()
    rows: list[tuple[Any, ...]] = []
    try:
        with _served() as url:
            asyncio.run(_run(network, url, rows))
    finally:
        network.stop()
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
