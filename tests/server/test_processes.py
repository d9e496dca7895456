from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sanderling.app.runtime import AnyWorker, Runtime
from sanderling.base.errors import ClosedError, PageCrashedError
from sanderling.js.engine import Limits as EngineLimits
from sanderling.network.messages import Notify, Output
from sanderling.network.network import Network
from sanderling.server import process_worker
from sanderling.server.process_worker import ProcessWorker, describe_exit
from tests.leaks import nothing_stays

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers live in processes on Linux only")

WAIT_S = 60.0
SMALL = EngineLimits(heap_bytes=128 * 1024 * 1024)


class Worker:
    """A worker with a page, driven as the API does."""

    def __init__(self, runtime: Runtime, **options: Any) -> None:
        self.deaths: list[str] = []
        self.dead = threading.Event()
        self.link: AnyWorker = runtime.start_worker(lambda _: None, None, self._died, **options)
        context = self.call("context.new", {})
        self.page = self.call("context.new_page", {"context": context})

    def _died(self, reason: str) -> None:
        self.deaths.append(reason)
        self.dead.set()

    def call(self, method: str, params: object) -> Any:
        return json.loads(self.link.port.call(method, msgspec.json.encode(params)).result(WAIT_S))

    def evaluate(self, source: str) -> Any:
        return self.call("page.evaluate", {"page": self.page, "source": source})

    @property
    def pid(self) -> int:
        assert isinstance(self.link, ProcessWorker)
        assert self.link.pid
        return self.link.pid


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    one = Network()
    one.start_thread()
    yield one
    one.stop()


@pytest.fixture(scope="module")
def runtime(network: Network) -> Iterator[Runtime]:
    one = Runtime(network, isolation="process", engine_limits=SMALL)
    yield one
    one.close_workers()


def ended(pid: int) -> bool:
    """Whether a process is gone, its zombie too."""
    deadline = time.monotonic() + WAIT_S
    while Path(f"/proc/{pid}").exists():
        if time.monotonic() > deadline:
            return False
        os.sched_yield()
    return True


def test_a_worker_in_a_process_does_what_one_in_a_thread_does(runtime: Runtime) -> None:
    process, thread = Worker(runtime), Worker(runtime, isolation="thread")
    assert process.pid != os.getpid()
    assert process.evaluate("[1, 'a']") == thread.evaluate("[1, 'a']")
    assert len(process.evaluate("'\\u00e4'.repeat(3e6)")) == 3_000_000
    process.link.close_and_wait()
    thread.link.close_and_wait()
    assert (process.deaths, thread.deaths) == ([], [])


@pytest.mark.parametrize(
    ("number", "words"), [(signal.SIGKILL, "SIGKILL"), (signal.SIGSEGV, "engine aborted"), (signal.SIGTERM, "SIGTERM")]
)
def test_a_child_that_is_killed_fails_what_waits_and_nobody_else(
    runtime: Runtime, number: signal.Signals, words: str
) -> None:
    victim, other = Worker(runtime), Worker(runtime)
    pid = victim.pid
    waiting = victim.link.port.call(
        "page.evaluate", msgspec.json.encode({"page": victim.page, "source": "new Promise(() => {})"})
    )
    os.kill(pid, number)
    with pytest.raises(PageCrashedError, match=words):
        waiting.result(WAIT_S)
    assert victim.dead.wait(WAIT_S)
    assert len(victim.deaths) == 1
    assert words in victim.deaths[0]
    with pytest.raises(PageCrashedError, match=words):
        victim.evaluate("1")
    assert ended(pid)
    assert other.evaluate("1 + 1") == 2
    victim.link.close_and_wait()
    other.link.close_and_wait()


def test_a_death_is_told_though_nobody_says_how(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_worker, "STATUS_WAIT_S", 0.05)
    runtime = Runtime(network, isolation="process")
    victim = Worker(runtime)
    assert isinstance(victim.link, ProcessWorker)
    parent = victim.link.template_pid
    os.kill(parent, signal.SIGSTOP)
    try:
        os.kill(victim.pid, signal.SIGKILL)
        assert victim.dead.wait(WAIT_S)
    finally:
        os.kill(parent, signal.SIGCONT)
    assert victim.deaths == ["its process ended"]
    runtime.close_workers()


def test_a_script_that_aborts_the_engine_ends_its_own_worker_only(
    runtime: Runtime, capfd: pytest.CaptureFixture[str]
) -> None:
    victim, other = Worker(runtime), Worker(runtime)
    with pytest.raises(PageCrashedError, match=r"engine aborted .SIGTRAP: Fatal JavaScript invalid size"):
        victim.evaluate("'a'.repeat(2 ** 28).split('').length")
    assert other.evaluate("1 + 1") == 2
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("isolation", ["thread", "process"])
def test_a_worker_that_computes_is_closed(runtime: Runtime, isolation: str) -> None:
    worker = Worker(runtime, isolation=isolation)
    waiting = worker.link.port.call("page.evaluate", msgspec.json.encode({"page": worker.page, "source": "for (;;);"}))
    worker.link.close_and_wait()
    with pytest.raises((ClosedError, PageCrashedError)):
        # Either the worker still answers that the page is closed, or its end does.
        raise waiting.exception(WAIT_S) or AssertionError("it gave a result")
    assert worker.deaths == []


def test_the_hubs_maker_gives_links_that_close_without_blocking(network: Network, runtime: Runtime) -> None:
    outcome: list[object] = []
    done = threading.Event()

    def notified(_: Notify) -> None: ...

    def output(_: Output) -> None: ...

    async def use() -> None:
        link = await runtime.worker_maker(cdp=False)(notified, output, outcome.append)
        answer: bytes = await asyncio.wrap_future(link.call("context.new", b"{}"))
        outcome.append(answer.startswith(b'"'))
        await link.close()
        await link.close()
        with pytest.raises(ClosedError):
            await asyncio.wrap_future(link.call("context.new", b"{}"))
        done.set()

    tasks: list[asyncio.Task[None]] = []
    network.call_soon(lambda: tasks.append(asyncio.get_running_loop().create_task(use())))
    assert done.wait(WAIT_S)
    assert outcome == [True]


def test_spares_wait_and_none_serves_twice(network: Network) -> None:
    runtime = Runtime(network, isolation="process", spares=2)
    runtime.prepare(cdp=False)
    assert runtime.health()["processes"] == {"living": 2, "waiting": 2}
    assert runtime.health()["confinement"] is not None
    pids = set()
    for _ in range(3):
        worker = Worker(runtime)
        pids.add(worker.pid)
        worker.link.close_and_wait()
    assert len(pids) == 3
    runtime.close_workers()
    assert all(ended(pid) for pid in pids)


def test_when_the_template_dies_its_workers_are_reported_and_new_ones_come(network: Network) -> None:
    runtime = Runtime(network, isolation="process")
    first = Worker(runtime)
    assert isinstance(first.link, ProcessWorker)
    pid = first.pid
    os.kill(first.link.template_pid, signal.SIGKILL)
    assert first.dead.wait(WAIT_S)
    assert "template" in first.deaths[0]
    assert ended(pid)
    second = Worker(runtime)
    assert second.evaluate("2") == 2
    runtime.close_workers()


def test_nothing_is_left_after_crashes_and_closes() -> None:
    with nothing_stays():
        network = Network()
        network.start_thread()
        runtime = Runtime(network, isolation="process", spares=1)
        workers = [Worker(runtime) for _ in range(3)]
        pids = [worker.pid for worker in workers]
        assert isinstance(workers[0].link, ProcessWorker)
        pids.append(workers[0].link.template_pid)
        os.kill(pids[0], signal.SIGKILL)
        assert workers[0].dead.wait(WAIT_S)
        workers[1].link.close_and_wait()
        runtime.close_workers()
        network.stop()
    assert all(ended(pid) for pid in pids)


@pytest.mark.parametrize("forks", [False, True], ids=["alone", "forked"])
def test_children_end_with_the_program_that_is_killed(forks: bool) -> None:
    """Also where a child that the program forked has a copy of every socket."""
    import subprocess

    program = (
        "import os, sys, time; from sanderling.app.runtime import Runtime; from sanderling.network.network import Network\n"
        "network = Network(); network.start_thread(); runtime = Runtime(network, isolation='process')\n"
        "worker = runtime.start_worker(lambda _: None); worker.port.call('context.new', b'{}').result(30)\n"
        "other = os.fork() if sys.argv[1] == 'forks' else -1\n"
        "if other: print(worker.pid, worker.template_pid, other, flush=True)\n"
        "time.sleep(600)\n"
    )
    command = [sys.executable, "-c", program, "forks" if forks else ""]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        worker, template, other = (int(word) for word in process.stdout.readline().split())
        process.kill()
    try:
        assert ended(worker)
        assert ended(template)
    finally:
        if forks:
            os.kill(other, signal.SIGKILL)


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (None, "its process ended"),
        (3, "its process ended with exit code 3"),
        (-signal.SIGTRAP, "its engine aborted (SIGTRAP)"),
        (-signal.SIGTERM, "its process was ended by SIGTERM"),
        (-200, "its process was ended by signal 200"),
    ],
)
def test_an_exit_is_described(status: int | None, text: str) -> None:
    assert describe_exit(status) == text


def test_a_spare_that_dies_while_it_waits_is_not_given_and_its_death_is_told(network: Network) -> None:
    runtime = Runtime(network, isolation="process", spares=1)
    first = Worker(runtime)
    assert isinstance(first.link, ProcessWorker)
    children = Path(f"/proc/{first.link.template_pid}/task/{first.link.template_pid}/children")
    deadline = time.monotonic() + WAIT_S
    while len(pids := children.read_text().split()) < 2:
        assert time.monotonic() < deadline
    spare = next(int(pid) for pid in pids if int(pid) != first.pid)
    os.kill(spare, signal.SIGKILL)
    assert ended(spare)
    # Whether its death was heard before or after it was taken: whoever takes it is told, or gets another.
    link = runtime.start_worker(lambda _: None, None, first._died)
    try:
        assert link.port.call("context.new", b"{}").result(WAIT_S)
    except PageCrashedError:
        assert first.dead.wait(WAIT_S)
    runtime.close_workers()
