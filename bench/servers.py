"""CDP servers as processes, started alike: Sanderling, and Lightpanda and Chromium where they are installed; and what they weigh.

`LIGHTPANDA` and `CHROMIUM` name the peers' programs where they are not on PATH.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from bench.peers import free_port, lightpanda_binary, wait_for_port

NAMES = ("sanderling", "lightpanda", "chromium")
MAX_CLIENTS = 1100
SAMPLE_S = 0.25


@dataclass(frozen=True, slots=True)
class CdpServer:
    """A server that runs."""

    name: str
    port: int
    pid: int

    @property
    def socket_url(self) -> str:
        """Where its browser listens."""
        if self.name == "lightpanda":
            return f"ws://127.0.0.1:{self.port}/"
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/json/version", timeout=30) as answer:
            url: str = json.load(answer)["webSocketDebuggerUrl"]
        return url


@contextlib.contextmanager
def _process(command: list[str]) -> Iterator[int]:
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "LIGHTPANDA_DISABLE_TELEMETRY": "true"},
    )
    try:
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def serve(name: str) -> Iterator[CdpServer | None]:
    """Run one of `NAMES`; None when it is not installed."""
    port = free_port()
    with contextlib.ExitStack() as stack:
        match name:
            case "sanderling":
                command = [sys.executable, "-m", "sanderling", "serve", "--port", str(port), "--linger", "0"]
                command += ["--max-clients", str(MAX_CLIENTS)]
            case "lightpanda":
                binary = lightpanda_binary()
                if binary is None:
                    yield None
                    return
                # It takes 16 clients unless it is told another number.
                command = [binary, "serve", "--host", "127.0.0.1", "--port", str(port)]
                command += ["--cdp-max-connections", str(MAX_CLIENTS)]
            case _:
                program = os.environ.get("CHROMIUM") or shutil.which("chromium")
                if program is None:
                    yield None
                    return
                profile = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
                command = [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
                command += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
                command += [f"--user-data-dir={profile}", f"--remote-debugging-port={port}", "about:blank"]
        pid = stack.enter_context(_process(command))
        wait_for_port(port)
        yield CdpServer(name, port, pid)


def pss_mb(root: int) -> float:
    """Give the memory of a process and all below it, what they share counted once (Linux)."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):  # it ended
                parents[int(folder.name)] = int((folder / "stat").read_text("ascii").rpartition(")")[2].split()[1])
    ours = {root}
    while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= more
    total = 0
    for pid in ours:
        with contextlib.suppress(OSError):  # it ended
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total / 1024


class PeakMemory:
    """Looks at a server's memory while something runs."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="peak-memory")
        self.mb = 0.0

    def _run(self) -> None:
        while not self._stop.wait(SAMPLE_S):
            self.mb = max(self.mb, pss_mb(self._pid))

    def __enter__(self) -> PeakMemory:
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()


def ratio(mine: float | None, theirs: float | None) -> str:
    """Write how many times theirs mine is."""
    return "-" if mine is None or theirs is None else f"{mine / theirs:.2f}"
