"""Where the suite and its runner are, and how a run is started.

The environment says where (the Makefile hands its variables on): ``WPT`` is an unpacked suite, else ``SUITES`` a folder with ``wpt.tar.xz``, which is
unpacked beside the project's sources (ignored by git); ``WPT_RUNNER`` drives the tests over CDP. Relative paths count from the project.

Thread: main.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]
WORK = PROJECT / ".wpt"
"""Ignored by git: the unpacked suite and what runs wrote."""

HOST = "www1.web-platform.test"
"""A name that tests use; it has to mean this machine."""

# What the suite's server listens on; an offset is added to each, so that two runs can be on one machine.
_PORTS = (8000, 8001, 8002, 8003, 8443, 8444, 8445, 8446, 8888, 8889)
_OFFSETS = range(0, 50_000, 10_000)


class NotHereError(Exception):
    """The suite cannot run on this machine, and its text says why."""


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite that can be run."""

    root: Path
    """The unpacked tree."""
    runner: Path
    """The program that drives it."""


def find_suite() -> Suite:
    """Find, and where needed unpack, the suite.

    Raises:
        NotHereError: the suite, its runner or its host names are missing.
    """
    runner = _place("WPT_RUNNER", "../shared/tools/wpt_runner.py")
    if not runner.is_file():
        raise NotHereError("there is no runner at WPT_RUNNER")
    try:
        local = socket.gethostbyname(HOST).startswith("127.")
    except OSError:
        local = False
    if not local:
        raise NotHereError(f"{HOST} is not this machine: install the host names with the runner's --install-hosts")
    if os.environ.get("WPT"):
        root = _place("WPT", "")
        if not (root / "wpt").is_file():
            raise NotHereError("there is no suite at WPT")
    else:
        root = _unpacked(_place("SUITES", "../shared/suites") / "wpt.tar.xz")
    if not (root / "MANIFEST.json").is_file():
        subprocess.run([sys.executable, "wpt", "manifest", "--no-download"], cwd=root, check=True)
    return Suite(root, runner)


def _place(variable: str, default: str) -> Path:
    return PROJECT / (os.environ.get(variable) or default)


def _unpacked(archive: Path) -> Path:
    root = WORK / "wpt"
    if (root / "wpt").is_file():
        return root
    if not archive.is_file():
        raise NotHereError("there is no wpt.tar.xz in SUITES, and WPT names no unpacked suite")
    # Unpacked beside its place and then moved there: what stands there is whole.
    half = WORK / "unpacking"
    shutil.rmtree(half, ignore_errors=True)
    with tarfile.open(archive) as tar:
        tar.extractall(half, filter="data")
    (half / "wpt").rename(root)
    half.rmdir()
    return root


def run(
    suite: Suite, include: Sequence[str], exclude: Sequence[str], *, name: str, concurrency: int, verbose: bool = True
) -> Path:
    """Run tests in a browser of their own and give the file with the results.

    Args:
        suite: from `find_suite`.
        include: folders, or paths of tests.
        exclude: regular expressions on the tests' paths.
        name: of the files in `.wpt/results`.
        concurrency: tests at once.
        verbose: print every test.

    Raises:
        NotHereError: no set of ports is free.
        subprocess.CalledProcessError: the runner failed.
    """
    results = WORK / "results" / f"{name.replace('/', '_')}.json"
    results.parent.mkdir(parents=True, exist_ok=True)
    results.unlink(missing_ok=True)
    command = [sys.executable, str(suite.runner), "--wpt", str(suite.root), "--json", str(results)]
    command += ["--launch", f"{sys.executable} -m sanderling serve --port {{port}} --insecure"]
    command += ["--browser-log", str(results.with_suffix(".log")), "--concurrency", str(concurrency)]
    command += ["--include", *include]
    command += ["--exclude", *exclude] if exclude else []
    command += ["--verbose"] if verbose else []
    with _free_offset() as offset:
        subprocess.run([*command, "--port-offset", str(offset)], cwd=PROJECT, check=True)
    return results


@contextmanager
def _free_offset() -> Iterator[int]:
    # Each offset has a lock, which a run holds to its end: two that begin at the same moment would find the same ports free.
    for offset in _OFFSETS:
        with open(Path(tempfile.gettempdir()) / f"sanderling-wpt-{offset}.lock", "w", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            if all(_is_free(port + offset) for port in _PORTS):
                yield offset
                return
    raise NotHereError("the ports of the suite's server are taken")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
