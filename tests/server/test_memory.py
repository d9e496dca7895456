from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from sanderling.app.runtime import Runtime
from sanderling.base.errors import PageCrashedError, UsageError
from sanderling.network.network import Network
from sanderling.server.memory import delegated_folder, resident_bytes
from tests.server.test_processes import Worker

needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")

MIB = 1024 * 1024


@needs_proc
def test_a_worker_that_takes_too_much_is_ended_with_the_reason() -> None:
    network = Network()
    network.start_thread()
    runtime = Runtime(network, isolation="process", worker_memory_bytes=200 * MIB)
    greedy, modest = Worker(runtime), Worker(runtime)
    with pytest.raises(PageCrashedError, match=r"more memory than its limit \(200 MiB\)"):
        # Less than the engine's own limit, and kept: it waits for whoever looks.
        greedy.evaluate(
            "kept = []; for (let i = 0; i < 300; i++) kept.push(new Uint8Array(1 << 20).fill(1)); new Promise(() => {})"
        )
    assert greedy.dead.wait(60)
    assert "200 MiB" in greedy.deaths[0]
    assert modest.evaluate("1 + 1") == 2
    runtime.close_workers()
    network.stop()
    assert modest.deaths == []


def test_threads_have_no_limit_of_their_own() -> None:
    with pytest.raises(UsageError, match="processes"):
        Runtime(Network(), isolation="thread", worker_memory_bytes=MIB)


@needs_proc
def test_the_memory_of_a_process_is_read() -> None:
    assert MIB < resident_bytes(os.getpid()) < 100_000 * MIB
    assert resident_bytes(2**22 + 1) == 0


def hierarchy(root: Path, controllers: str) -> Path:
    folder = root / "user.slice" / "app.scope"
    folder.mkdir(parents=True)
    (root / "user.slice" / "cgroup.subtree_control").write_text(controllers)
    (root / "user.slice" / "cgroup.procs").write_text("")
    own = root / "own"
    own.write_text("4:memory:/old\n0::/user.slice/app.scope\n")
    return own


def test_a_delegated_folder_is_found(tmp_path: Path) -> None:
    own = hierarchy(tmp_path, "cpu memory pids\n")
    assert delegated_folder(tmp_path, own) == tmp_path / "user.slice"


def test_no_folder_without_the_controller_or_a_group_of_our_own(tmp_path: Path) -> None:
    own = hierarchy(tmp_path, "cpu pids\n")
    assert delegated_folder(tmp_path, own) is None
    own.write_text("0::/\n")
    assert delegated_folder(tmp_path, own) is None
    assert delegated_folder(tmp_path, tmp_path / "absent") is None
