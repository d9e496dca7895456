from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from sanderling.app.runtime import AnyWorker, Runtime
from sanderling.browser.documents import LONG_BYTES
from sanderling.network.network import Network
from sanderling.server import crowd as crowds
from sanderling.server.crowd import WORKERS_PER_CORE, Crowd
from sanderling.server.process_worker import ProcessWorker

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers live in processes on Linux only")

WAIT_S = 60.0

FORK = """
import os, sys
from sanderling.server.crowd import Crowd

crowd = Crowd()
crowd.set(1)
ready, go = os.pipe()
pid = os.fork()
if pid == 0:
    os.read(ready, 1)
    os._exit(crowd.living)
crowd.set(42)
os.write(go, b".")
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


def test_a_child_reads_what_is_written_after_the_fork() -> None:
    assert subprocess.run([sys.executable, "-c", FORK], capture_output=True, text=True, check=True).stdout == "42\n"


def test_there_is_room_while_the_workers_are_few_for_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowds, "_cores", lambda: 2)
    crowd = Crowd()
    assert crowd.leaves_room()
    crowd.set(WORKERS_PER_CORE * 2)
    assert crowd.leaves_room()
    crowd.set(WORKERS_PER_CORE * 2 + 1)
    assert not crowd.leaves_room()
    crowd.set(1)
    assert crowd.leaves_room()


@pytest.fixture
def one_core() -> Iterator[None]:
    """Let this thread, and so the template that it starts, have one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    yield
    os.sched_setaffinity(0, before)


def _isolates_after_a_page(worker: AnyWorker) -> int:
    """Load a page in a worker, and count the isolates that it has then: each has a thread of this name."""

    def call(method: str, params: object) -> object:
        return json.loads(worker.port.call(method, msgspec.json.encode(params)).result(WAIT_S))

    page = call("context.new_page", {"context": call("context.new", {})})
    # Of a long document: the isolate ahead is made while that is built.
    call("page.goto", {"page": page, "url": f"data:text/html,<p>{'here ' * (LONG_BYTES // 4)}"})
    assert isinstance(worker, ProcessWorker)
    threads = Path(f"/proc/{worker.pid}/task").glob("*/comm")
    return sum(thread.read_text().startswith("pydeno-deno-run") for thread in threads)


@pytest.mark.usefixtures("one_core")
def test_workers_make_an_isolate_ahead_unless_they_are_many() -> None:
    network = Network()
    network.start_thread()
    runtime = Runtime(network, isolation="process")
    try:
        workers = [runtime.start_worker(lambda _: None) for _ in range(WORKERS_PER_CORE + 2)]
        assert _isolates_after_a_page(workers[0]) == 1
        for worker in workers[2:]:
            worker.close_and_wait()
        assert _isolates_after_a_page(workers[1]) == 2
    finally:
        runtime.close_workers()
        network.stop()
