"""What sharing the network brings: connections, wall time, throughput, CPU, delays, memory; with nginx at the other end.

`CURL_CFFI_PYTHON` names a Python that has curl_cffi, for the comparison of CPU.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import os
import queue
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.network.peers import Client, Peer, read_request

from bench.nginx import Nginx, delayed, nginx
from bench.servers import PeakMemory, pss_mb
from bench.table import show
from sanderling import Browser
from sanderling.base.clock import SYSTEM_CLOCK
from sanderling.base.interpreter import SWITCH_INTERVAL_S
from sanderling.http.cache import CacheStage, Level
from sanderling.http.cache_store import MemoryStore
from sanderling.http.client import HttpClient
from sanderling.http.request import Request
from sanderling.http.transport import HandleTransport
from sanderling.network import curl, schedule
from sanderling.network.messages import BodyChunk, Done
from sanderling.network.network import Network
from sanderling.network.socket_carrier import SocketNetworkSide, socket_pair
from sanderling.testing.server import HttpServer, Response

CLIENTS = 50
REQUESTS = 20
ROUNDS = 3
WORKERS = 64
PROCESSES = 1
"""That the workers are spread over: with more than there are cores these would be measured, not Network."""
TOTAL = 20_000
GIB = 1 << 30
UNLIMITED = 1 << 20


@contextlib.contextmanager
def _network() -> Iterator[Network]:
    network = Network()
    network.start_thread()
    try:
        yield network
    finally:
        network.stop()


# Sharing.


def _visit(url: str, ca_file: str, *, shared: bool) -> float:
    """Let 50 clients send 20 requests each, all at once; give the seconds until the last has its answer."""
    limits = schedule.MAX_CONNECTIONS_PER_HOST, schedule.MAX_RUNNING, curl.MAX_IDLE_POOLS
    if not shared:  # one multi for each client knows nothing of the others
        schedule.MAX_CONNECTIONS_PER_HOST = schedule.MAX_RUNNING = curl.MAX_IDLE_POOLS = UNLIMITED
    try:
        with _network() as network:
            clients = [Client(network) for _ in range(CLIENTS)]
            begun = time.perf_counter()
            numbers = [
                (client, client.submit(url, ca_file=ca_file, isolation_key="" if shared else str(index)))
                for index, client in enumerate(clients)
                for _ in range(REQUESTS)
            ]
            for client, number in numbers:
                assert client.result(number).head.status == 200
            seconds = time.perf_counter() - begun
            for client in clients:
                client.close()
        return seconds
    finally:
        schedule.MAX_CONNECTIONS_PER_HOST, schedule.MAX_RUNNING, curl.MAX_IDLE_POOLS = limits


def _sharing(server: Nginx) -> list[tuple[Any, ...]]:
    rows = []
    with delayed(server.secure_port) as far:
        for where, port in (("loopback", server.secure_port), ("40 ms away", far)):
            url = f"https://localhost:{port}/small"
            found: dict[bool, tuple[float, int, int]] = {}
            for shared in (False, True):
                seconds = []
                for _ in range(ROUNDS):
                    server.fresh()
                    seconds.append(_visit(url, server.ca_file, shared=shared))
                _, connections, handshakes = server.fresh()
                found[shared] = (statistics.median(seconds), connections, handshakes)
            for shared in (False, True):
                wall, connections, handshakes = found[shared]
                rows.append(
                    (
                        where,
                        "one multi" if shared else "one a client",
                        connections,
                        handshakes,
                        f"{wall * 1000:.0f}",
                        f"{wall / found[False][0]:.2f}",
                    )
                )
    return rows


# Throughput.


def _in_processes(
    network: Network, url: str, workers: int, at_once: int, busy: bool = False
) -> tuple[float, float, float]:
    """Give transfers per second, and their median and 99th percentile in milliseconds; `busy`: beside another worker that computes."""
    count = min(workers, PROCESSES)
    children: list[tuple[subprocess.Popen[str], int]] = []
    for index in range(count):
        ends: list[socket.socket] = []
        for _ in range(workers // count):
            ours, theirs = socket_pair()
            side = SocketNetworkSide(ours, network.wake, network.call_soon)
            network.adopt(side)
            network.call_soon(side.start)
            ends.append(theirs)
        share = TOTAL // count
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "bench.network_worker"),
                *(",".join(str(one.fileno()) for one in ends), url, str(at_once), str(share)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            pass_fds=[one.fileno() for one in ends],
        )
        for one in ends:
            one.close()
        children.append((process, index))
    spinning = subprocess.Popen([sys.executable, "-c", "while True: pass"]) if busy else None
    latencies: list[float] = []
    for process, _ in children:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    begun = time.perf_counter()
    for process, _ in children:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process, _ in children:
        assert process.stdout is not None
        latencies += json.loads(process.stdout.readline())["latencies"]
    seconds = time.perf_counter() - begun
    for process, _ in children:
        process.communicate("\n", timeout=20)
    if spinning is not None:
        spinning.kill()
        spinning.wait()
    latencies.sort()
    return len(latencies) / seconds, statistics.median(latencies) * 1000, latencies[len(latencies) * 99 // 100] * 1000


def _in_threads(network: Network, url: str, workers: int, at_once: int) -> tuple[float, float, float]:
    """The same with Handles between threads: one thread plays all workers, so that Network's own cost shows."""
    clients = [Client(network) for _ in range(workers)]
    begun_at: dict[tuple[int, int], float] = {}
    latencies: list[float] = []
    left = iter(range(TOTAL))
    woken: queue.SimpleQueue[int] = queue.SimpleQueue()
    for index, client in enumerate(clients):
        client.handle.set_wakeup(functools.partial(woken.put, index))

    def send(index: int) -> None:
        if next(left, None) is not None:
            begun_at[index, clients[index].submit(url)] = time.perf_counter()

    begun = time.perf_counter()
    for _ in range(at_once):
        for index in range(workers):
            send(index)
    while len(latencies) < TOTAL:
        index = woken.get(timeout=20)
        for event in clients[index].handle.receive():
            if isinstance(event, Done):
                latencies.append(time.perf_counter() - begun_at.pop((index, event.id)))
                send(index)
    seconds = time.perf_counter() - begun
    for client in clients:
        client.close()
    latencies.sort()
    return TOTAL / seconds, statistics.median(latencies) * 1000, latencies[TOTAL * 99 // 100] * 1000


def _throughput(network: Network, url: str) -> list[tuple[Any, ...]]:
    rows = []
    for name, run in (("threads", _in_threads), ("processes", _in_processes)):
        alone = 0.0
        for workers in (1, WORKERS):
            rate, p50, p99 = run(network, url, workers, WORKERS // workers)
            alone = alone or rate
            rows.append(
                (name, workers, f"{rate:.0f}", f"{rate / alone:.2f}", f"{p50:.2f}", f"{p99:.2f}", f"{p99 / p50:.1f}")
            )
    return rows


# CPU.


def _thread_time(network: Network) -> float:
    """Ask Network's thread how much CPU it has used."""
    answer: list[float] = []
    asked = threading.Event()

    def ask() -> None:
        answer.append(time.thread_time())
        asked.set()

    network.call_soon(ask)
    asked.wait()
    return answer[0]


def _cpu(network: Network, url: str) -> list[tuple[Any, ...]]:
    before = _thread_time(network)
    _in_processes(network, url, 1, WORKERS)
    ours = (_thread_time(network) - before) / TOTAL * 1e6
    rows: list[tuple[Any, ...]] = [("sanderling, main thread", f"{ours:.0f}", "")]
    python = os.environ.get("CURL_CFFI_PYTHON")
    if python:
        script = str(Path(__file__).with_name("curl_cffi_peer.py"))
        done = subprocess.run(
            [python, script, url, str(WORKERS), str(TOTAL)], capture_output=True, text=True, check=True
        )
        theirs = json.loads(done.stdout)["cpu"] / TOTAL * 1e6
        rows.append(("curl_cffi, asyncio", f"{theirs:.0f}", f"{ours / theirs:.2f}"))
    return rows


# Others that compute.


def _spin(stop: threading.Event) -> None:
    while not stop.is_set():
        sum(range(1000))


def _delays(network: Network, url: str) -> list[tuple[Any, ...]]:
    rows = []
    _, _, quiet = _in_processes(network, url, 1, 1)
    _, _, busy = _in_processes(network, url, 1, 1, busy=True)
    rows.append(("processes", f"{quiet:.2f}", f"{busy:.2f}", f"{busy - quiet:.2f}"))
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    _, _, quiet = _one_after_another(network, url)
    stop = threading.Event()
    thread = threading.Thread(target=_spin, args=(stop,))
    thread.start()
    _, _, busy = _one_after_another(network, url)
    stop.set()
    thread.join()
    sys.setswitchinterval(before)
    rows.append(("threads", f"{quiet:.2f}", f"{busy:.2f}", f"{busy - quiet:.2f}"))
    return rows


def _one_after_another(network: Network, url: str) -> tuple[float, float, float]:
    client = Client(network)
    latencies = []
    for _ in range(500):
        begun = time.perf_counter()
        assert client.fetch(url).done.body
        latencies.append(time.perf_counter() - begun)
    client.close()
    latencies.sort()
    return 0.0, latencies[250] * 1000, latencies[495] * 1000


# Memory, and the cache.


def _resident_mib() -> float:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGESIZE") / (1 << 20)


def _slow_reader(network: Network) -> tuple[float, float]:
    """Read 1 GiB, stopping for a moment now and then; give MiB/s and by how much memory grew at most."""
    piece = b"x" * (1 << 20)

    def script(connection: socket.socket, _: int) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % GIB)
        for _ in range(GIB // len(piece)):
            connection.sendall(piece)

    with Peer(script) as peer:
        client = Client(network)
        base = most = _resident_mib()
        begun = time.perf_counter()
        number = client.submit(peer.url, stream=True, max_body_bytes=2 * GIB, idle_timeout_ms=0)
        used = rounds = 0
        while used < GIB:
            client.pump()
            events, client.events[number] = client.events[number], []
            for event in events:
                if isinstance(event, BodyChunk):
                    used += len(event.data)
                    client.handle.resume(number, len(event.data))
            rounds += 1
            if rounds % 64 == 0:
                time.sleep(0.005)
                most = max(most, _resident_mib())
        seconds = time.perf_counter() - begun
        client.close()
    return GIB / (1 << 20) / seconds, most - base


_READ_BY_PAGE = """async ([url, options]) => {
  const reader = (await fetch(url)).body.getReader(options);
  let size = 0, buffer = new ArrayBuffer(65536);
  for (let reads = 1;; reads++) {
    const { done, value } = await (options.mode ? reader.read(new Uint8Array(buffer)) : reader.read());
    if (done) return size;
    size += value.length;
    if (options.mode) ({ buffer } = value);
    if (reads % 64 === 0) await new Promise((go) => setTimeout(go));
  }
}"""


def _slow_pages() -> list[tuple[Any, ...]]:
    """Have pages read 1 GiB, stopping now and then; give MiB/s and by how much the memory of all processes grew at most."""
    piece = b"x" * (1 << 20)

    def script(connection: socket.socket, _: int) -> None:
        while (request := read_request(connection)) is not None:
            if not request.line.startswith("GET /big"):
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\n<p>")
                continue
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % GIB)
            for _ in range(GIB // len(piece)):
                connection.sendall(piece)

    rows: list[tuple[Any, ...]] = []
    for name, options in (("a buffer of its own (BYOB)", {"mode": "byob"}), ("chunks", {})):
        with Peer(script) as peer, Browser() as browser, browser.new_context() as context:
            page = context.new_page()
            page.goto(peer.url)
            base = pss_mb(os.getpid())
            begun = time.perf_counter()
            with PeakMemory(os.getpid()) as peak:
                assert page.evaluate(_READ_BY_PAGE, [peer.url + "big", options]) == GIB
            seconds = time.perf_counter() - begun
            rows.append((name, f"{GIB / (1 << 20) / seconds:.0f}", f"{peak.mb - base:.1f}"))
    return rows


async def _fifty(network: Network, url: str) -> None:
    loop = asyncio.get_running_loop()
    handle = network.new_handle()
    transport = HandleTransport(handle)

    def drain() -> None:
        for event in handle.receive():
            transport.dispatch(event)

    handle.set_wakeup(lambda: loop.call_soon_threadsafe(drain))
    client = HttpClient(transport, cache=CacheStage((Level(MemoryStore()),), SYSTEM_CLOCK))

    async def one() -> None:
        response = await client.fetch(Request.navigation(url))
        await response.read()

    await asyncio.gather(*(one() for _ in range(50)))
    await client.close()
    transport.close()
    handle.close()


def _same_url(network: Network) -> int:
    asked: list[str] = []

    def answer(request: Any) -> Response:
        asked.append(request.path)
        return Response(b"x" * 1024, headers=[("Cache-Control", "max-age=60")])

    with HttpServer(answer) as server:
        asyncio.run(_fifty(network, server.url + "/"))
    return len(asked)


def main() -> None:
    """Run the tables."""
    with nginx({"small": b"x" * 1024}) as server:
        show(
            f"{CLIENTS} clients x {REQUESTS} requests to one HTTPS host (nginx, HTTP/2)",
            ("where", "multis", "connections", "full handshakes", "wall ms", "ratio"),
            _sharing(server),
        )
        url = server.plain + "small"
        with _network() as network:
            print()
            show(
                f"Transfers of 1 kB, {WORKERS} at once",
                ("workers in", "workers", "per second", "of one's", "p50 ms", "p99 ms", "p99 / p50"),
                _throughput(network, url),
            )
            print()
            show("CPU for each transfer", ("client", "us", "ratio"), _cpu(network, url))
            print()
            show(
                "One transfer at a time beside a worker that computes without pause",
                ("workers in", "p99 ms alone", "p99 ms beside it", "delay ms"),
                _delays(network, url),
            )
    with _network() as network:
        speed, grown = _slow_reader(network)
        print()
        show(
            "1 GiB to a reader that stops now and then",
            ("MiB/s", "memory, MiB more"),
            [(f"{speed:.0f}", f"{grown:.1f}")],
        )
        print()
        show("1 GiB to a page that stops now and then", ("reads into", "MiB/s", "memory, MiB more"), _slow_pages())
        print()
        show("One cacheable URL, 50 pages at once", ("requests at the server",), [(_same_url(network),)])


if __name__ == "__main__":
    main()
