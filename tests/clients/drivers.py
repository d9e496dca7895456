"""Programs that drive one client library each: they are told a flow's name on standard input and answer with one line of JSON.

Thread: any.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import selectors
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
FLOW_LIMIT_MS = int(os.environ.get("CDP_FLOW_LIMIT_MS", "60000"))
EXPECTED_LIMIT_MS = 5000
"""For flows that are known to fail: some by waiting for what never comes."""
GRACE_S = 12.0  # a driver that blocks for so long after its flow's limit is ended

_DECLARED = re.compile(r"""^@?flow\((?P<quote>["'])(?P<name>.*?)(?P=quote)""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Client:
    """A client library and its driver."""

    name: str  # as in expectations.toml
    sources: str  # a pattern of files below this folder; the first that is called main is the program
    main: str
    environment: str = "node"  # or a name of `environments.PYTHON_CLIENTS`

    @property
    def flows(self) -> list[str]:
        """The flows that its sources declare, in order."""
        files = sorted(HERE.glob(self.sources))
        return [match["name"] for file in files for match in _DECLARED.finditer(file.read_text("utf-8"))]


CLIENTS = (
    Client("puppeteer", "node/puppeteer/*.mjs", "node/puppeteer/main.mjs"),
    Client("playwright", "node/playwright/*.mjs", "node/playwright/main.mjs"),
    Client("chrome-remote-interface", "node/remote_interface/*.mjs", "node/remote_interface/main.mjs"),
    Client("playwright-python", "python/playwright_flows.py", "python/playwright_flows.py", "common"),
    Client("cdp-use", "python/cdp_use_flows.py", "python/cdp_use_flows.py", "common"),
    Client("nodriver", "python/nodriver_flows.py", "python/nodriver_flows.py", "common"),
    Client("drissionpage", "python/drissionpage_flows.py", "python/drissionpage_flows.py", "common"),
    Client("pychrome", "python/pychrome_flows.py", "python/pychrome_flows.py", "common"),
    Client("selenium", "python/selenium_flows.py", "python/selenium_flows.py", "common"),
    Client("pyppeteer", "python/pyppeteer_flows.py", "python/pyppeteer_flows.py", "pyppeteer"),
    Client("browser-use", "python/browser_use_flows.py", "python/browser_use_flows.py", "browser-use"),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a flow ended."""

    flow: str
    ok: bool
    error: str | None
    ms: int


class Driver:
    """A driver's process; started by its first flow, and again after it had to be ended."""

    def __init__(self, command: list[str], folder: Path, log: Path) -> None:
        """Keep the command.

        Args:
            command: the program.
            folder: its working folder.
            log: where its standard error goes.
        """
        self._command = command
        self._folder = folder
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._read = b""

    def run(self, flow: str, world: dict[str, object], limit_ms: int) -> Outcome:
        """Run a flow, and give it up after `limit_ms`."""
        process = self._start()
        assert process.stdin is not None
        asked = json.dumps({"flow": flow, "limit": limit_ms, **world})
        begin = time.monotonic()
        try:
            process.stdin.write(asked.encode() + b"\n")
            process.stdin.flush()
            line = self._line(process, begin + limit_ms / 1000 + GRACE_S)
        except OSError as error:
            line, died = None, str(error)
        else:
            died = "no answer in time"
        if line is None:
            said = self._log.read_text("utf-8", "replace")[-2000:]
            self.close()
            spent = int((time.monotonic() - begin) * 1000)
            return Outcome(flow, False, f"the driver was ended: {died}\n{said}", spent)
        told = json.loads(line)
        return Outcome(told["flow"], told["ok"], told["error"], told["ms"])

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        with contextlib.suppress(OSError):
            process.stdin.close()
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stdout is not None
        process.stdout.close()
        self._read = b""

    def _start(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            environment = {
                **os.environ,
                "PYTHONUNBUFFERED": "1",
                "NODE_NO_WARNINGS": "1",
                "ANONYMIZED_TELEMETRY": "false",
            }
            environment["PYTHONPATH"] = str(HERE.parent.parent)  # for the drivers' harness, and nothing of ours
            with self._log.open("ab") as log:
                self._process = subprocess.Popen(
                    self._command,
                    cwd=self._folder,
                    env=environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                )
        return self._process

    def _line(self, process: subprocess.Popen[bytes], end: float) -> bytes | None:
        """Read up to a line's end; None when there is none in time."""
        assert process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while True:
                line, found, rest = self._read.partition(b"\n")
                if found:
                    self._read = rest
                    return line
                left = end - time.monotonic()
                if left <= 0 or not selector.select(left):
                    return None
                piece = os.read(process.stdout.fileno(), 65536)
                if not piece:
                    return None
                self._read += piece
