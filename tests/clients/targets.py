"""What the clients drive: `sanderling serve`, or Debian's Chromium, by which the flows are checked (`CDP_TARGET=chromium`).

`CDP_SERVE` names another program than this interpreter's `sanderling serve`.

Thread: any.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from typing import Protocol

START_S = 60.0
STOP_S = 60.0
TARGET = os.environ.get("CDP_TARGET", "sanderling")

_CHROMIUM_ANNOUNCES = re.compile(rb"DevTools listening on ws://([\d.]+):(\d+)/")
_SANDERLING_ANNOUNCES = re.compile(rb"(?:ws|http)://([\d.]+):(\d+)")
_TROUBLE = re.compile(r"\b(ERROR|WARNING|CRITICAL)\b|Traceback \(most recent call last\)")


class Target(Protocol):
    """A CDP server as a process."""

    name: str
    port: int

    def alive(self) -> bool:
        """Tell whether it runs."""

    def close(self) -> None:
        """End it."""


class _Process:
    """A child whose output is read by a thread and kept in a file."""

    def __init__(self, command: list[str], log: Path, announces: re.Pattern[bytes]) -> None:
        self.log = log
        self._announced = threading.Event()
        self._announces = announces
        self.port = 0
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )
        self._reader = threading.Thread(target=self._read, name="target-log", daemon=True)
        self._reader.start()
        if not self._announced.wait(START_S) or not self.port:
            self.end(signal.SIGKILL)
            raise RuntimeError(
                f"{command[0]} did not say where it listens:\n{log.read_text('utf-8', 'replace')[-3000:]}"
            )

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.log.open("ab", buffering=0) as file, self.process.stdout:
            for line in self.process.stdout:
                file.write(line)
                found = self._announces.search(line)
                if found and not self._announced.is_set():
                    self.port = int(found[2])
                    self._announced.set()
        self._announced.set()

    def end(self, number: signal.Signals) -> int:
        """Signal it; gives its exit status."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self._reader.join(STOP_S)
        return self.process.returncode


class Chromium:
    """Debian's Chromium, headless."""

    name = "chromium"

    def __init__(self, folder: Path) -> None:
        """Start it; its log goes to the folder."""
        program = shutil.which("chromium")
        if program is None:
            raise FileNotFoundError("chromium is not installed")
        self._profile = tempfile.mkdtemp(prefix="chromium-")
        command = [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
        command += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
        command += [f"--user-data-dir={self._profile}", "--remote-debugging-port=0", "about:blank"]
        self._process = _Process(command, folder / f"chromium-{time.monotonic_ns()}.log", _CHROMIUM_ANNOUNCES)
        self.port = self._process.port

    def alive(self) -> bool:
        """Tell whether it runs; it then has a page."""
        if self._process.process.poll() is not None:
            return False
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/json/list", timeout=60) as answer:
                pages = [one for one in json.load(answer) if one["type"] == "page"]
        except OSError:
            return False  # about to end
        if not pages:  # Its first page is everybody's, and a client may close it.
            new = urllib.request.Request(f"http://127.0.0.1:{self.port}/json/new?about:blank", method="PUT")
            urllib.request.urlopen(new, timeout=60).close()
        return True

    def close(self) -> None:
        """End it, and forget its profile."""
        self._process.end(signal.SIGTERM)
        shutil.rmtree(self._profile, ignore_errors=True)


class Sanderling:
    """`sanderling serve` as people start it."""

    name = "sanderling"

    def __init__(self, folder: Path, *options: str) -> None:
        """Start it; its log goes to the folder."""
        self.log = folder / f"sanderling-{time.monotonic_ns()}.log"
        program = shlex.split(os.environ.get("CDP_SERVE", "")) or [sys.executable, "-m", "sanderling", "serve"]
        command = [*program, "--port", "0", *options]
        self._process = _Process(command, self.log, _SANDERLING_ANNOUNCES)
        self.port = self._process.port

    @property
    def pid(self) -> int:
        """The server's process."""
        return self._process.process.pid

    def alive(self) -> bool:
        """Tell whether it runs."""
        return self._process.process.poll() is None

    def trouble(self) -> list[str]:
        """Give the warnings and errors it logged so far."""
        lines = self.log.read_text("utf-8", "replace").splitlines()
        return [line for line in lines if _TROUBLE.search(line)]

    def close(self) -> None:
        """End it; it must end by itself, with 0."""
        if self.alive():
            status = self._process.end(signal.SIGTERM)
            assert status == 0, (
                f"sanderling serve ended with {status}:\n{self.log.read_text('utf-8', 'replace')[-3000:]}"
            )


def start(folder: Path) -> Chromium | Sanderling:
    """Start the chosen target."""
    match TARGET:
        case "chromium":
            return Chromium(folder)
        case "sanderling":
            return Sanderling(folder)
    raise ValueError(f"CDP_TARGET is chromium or sanderling, not {TARGET}")
