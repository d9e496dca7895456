"""Workers in threads and in processes: start, memory, calls, transfers."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from tests.network.peers import Client

from bench.table import ms, show
from sanderling.app.runtime import AnyWorker, Isolation, Runtime
from sanderling.network.carrier import WorkerSide
from sanderling.network.messages import Done, Failed, Submit
from sanderling.network.network import Network
from sanderling.server.memory import resident_bytes
from sanderling.server.process_worker import ProcessWorker
from sanderling.testing.server import HttpServer, Response

STARTS = 10
CALLS = 1000
TRANSFERS = 2000
AT_ONCE = 32
WAIT_S = 30.0


def _call(worker: AnyWorker, method: str, params: object) -> bytes:
    return worker.port.call(method, msgspec.json.encode(params)).result(WAIT_S)


def _page(worker: AnyWorker) -> str:
    context = msgspec.json.decode(_call(worker, "context.new", {}), type=str)
    return msgspec.json.decode(_call(worker, "context.new_page", {"context": context}), type=str)


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _private_mb(pid: int) -> float:
    total = 0
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
        if line.startswith("Private_Dirty:"):
            total += int(line.split()[1])
    return total / 1024


def _workers(network: Network, isolation: Isolation, spares: int) -> tuple[str, ...]:
    runtime = Runtime(network, isolation=isolation, spares=spares)
    workers: list[AnyWorker] = []

    def start() -> None:
        workers.append(runtime.start_worker(lambda _: None))
        _call(workers[-1], "context.new", {})

    first = _timed(start)
    time.sleep(0.5)  # the spare one is made meanwhile, as it is between two clients
    starts, pages = [], []
    for _ in range(STARTS):
        starts.append(_timed(start))
        pages.append(_timed(lambda: _page(workers[-1])))
        time.sleep(0.2 if spares else 0)
    worker = workers[-1]
    page = _page(worker)
    calls = [_timed(lambda: _call(worker, "page.url", {"page": page})) for _ in range(CALLS)]
    memory = "-"
    if isinstance(worker, ProcessWorker):
        pids = [one.pid for one in workers[1:] if isinstance(one, ProcessWorker)]
        pss = statistics.median(resident_bytes(pid) for pid in pids) / 1024 / 1024
        memory = f"{pss:.1f} / {statistics.median(map(_private_mb, pids)):.1f}"
    runtime.close_workers()
    calls.sort()
    return (
        f"{isolation}, {spares} waiting" if spares else isolation,
        ms(first),
        ms(statistics.median(starts)),
        ms(statistics.median(pages)),
        memory,
        f"{ms(calls[len(calls) // 2])} / {ms(calls[len(calls) * 99 // 100])}",
    )


def _transfers(network: Network, url: str, carrier: str) -> float:
    client = Client(network, carrier)
    handle: WorkerSide = client.handle

    def run() -> None:
        begun = ended = 0
        while ended < TRANSFERS:
            while begun < TRANSFERS and begun - ended < AT_ONCE:
                number = handle.next_id()
                client.events[number] = []
                handle.submit(Submit(number, url))
                begun += 1
            client.pump()
            done = [n for n, events in client.events.items() if any(isinstance(e, Done | Failed) for e in events)]
            for number in done:
                assert isinstance(client.events.pop(number)[-1], Done)
            ended += len(done)

    seconds = _timed(run)
    client.close()
    return TRANSFERS / seconds


def _bodies(network: Network, url: str, carrier: str, size: int) -> float:
    client = Client(network, carrier)

    def run() -> None:
        for _ in range(5):
            assert len(client.fetch(url).done.body) == size

    seconds = _timed(run)
    client.close()
    return 5 * size / seconds / 1e6


def main() -> None:
    """Run the tables."""
    network = Network()
    network.start_thread()
    show(
        "Workers",
        ("where", "first", "start", "page", "PSS / private MB, one page", "call p50 / p99"),
        [_workers(network, "thread", 0), _workers(network, "process", 0), _workers(network, "process", 1)],
    )
    print()
    small, large = b"x" * 1024, b"x" * 20_000_000
    rows = []
    with HttpServer(lambda request: Response(large if request.path == "/large" else small)) as server:
        for carrier in ("thread", "process"):
            rate = _transfers(network, server.url + "/", carrier)
            speed = _bodies(network, server.url + "/large", carrier, len(large))
            rows.append((carrier, f"{rate:.0f}", f"{speed:.0f}"))
    show(
        f"Transfers through a Handle, {AT_ONCE} at once (the server is Python's)",
        ("carrier", "1 KB bodies/s", "20 MB bodies, MB/s"),
        rows,
    )
    network.stop()
