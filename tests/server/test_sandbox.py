from __future__ import annotations

import json
import platform
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sanderling.app.runtime import Runtime
from sanderling.network.network import Network
from sanderling.server import landlock
from sanderling.server.process_worker import ProcessWorker
from sanderling.server.sandbox import Confinement, enter_sandbox
from sanderling.server.seccomp import program
from tests.server.test_processes import Worker

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Landlock and seccomp are Linux's")

PROGRAM = """
import json, os, socket, sys, threading, asyncio, signal
import msgspec
from sanderling.server.sandbox import enter_sandbox
parent = os.getppid()
facts = enter_sandbox([sys.argv[1]], wanted=True)
found = {"facts": msgspec.to_builtins(facts)}
def attempt(name, work):
    try:
        work()
        found[name] = "done"
    except OSError as error:
        found[name] = type(error).__name__
def thread():
    one = threading.Thread(target=lambda: found.update(thread="done"))
    one.start(); one.join()
async def loop():
    await asyncio.sleep(0)
attempt("socket", lambda: socket.socket())
attempt("socketpair", lambda: socket.socketpair())
attempt("exec", lambda: os.execv(sys.executable, [sys.executable]))
attempt("fork", lambda: os.fork() or os._exit(0))
attempt("secret", lambda: open(sys.argv[2]).close())
attempt("list", lambda: os.listdir("/etc"))
attempt("temporary", lambda: open("/tmp/sanderling-test", "w").close())
attempt("own", lambda: open(sys.argv[1] + "/file", "w").close())
attempt("own folder", lambda: os.makedirs(sys.argv[1] + "/a/b"))
attempt("chmod", lambda: os.chmod(sys.argv[2], 0o777))
attempt("foreign signal", lambda: os.kill(parent, 0))
attempt("own signal", lambda: os.kill(os.getpid(), 0))
attempt("zone", lambda: __import__("zoneinfo").ZoneInfo("Europe/Berlin") if os.path.exists("/usr/share/zoneinfo") else 0)
attempt("library", lambda: __import__("sqlite3"))
attempt("loop", lambda: asyncio.run(loop()))
thread()
print(json.dumps(found))
"""


def attempts(tmp_path: Path) -> dict[str, Any]:
    own, secret = tmp_path / "own", tmp_path / "secret"
    own.mkdir()
    secret.write_text("x")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, own, secret], capture_output=True, timeout=60, check=False, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_what_a_confined_process_can_do_and_what_not(tmp_path: Path) -> None:
    found = attempts(tmp_path)
    facts = found.pop("facts")
    assert facts["no_new_privileges"] is True
    assert facts["seccomp"] is (platform.machine() in ("x86_64", "aarch64"))
    assert facts["landlock"] == landlock.version()
    allowed = {name for name, outcome in found.items() if outcome == "done"}
    necessary = {"socketpair", "own", "own folder", "own signal", "zone", "library", "loop", "thread"}
    assert necessary <= allowed
    if facts["seccomp"]:
        assert not {"socket", "exec", "fork", "chmod", "foreign signal"} & allowed
    if facts["landlock"]:
        assert not {"secret", "list", "temporary"} & allowed
    else:
        assert "the kernel has no Landlock" in facts["notes"]


def test_a_worker_says_what_confines_it_and_its_pages_work() -> None:
    network = Network()
    network.start_thread()
    runtime = Runtime(network, isolation="process")
    worker = Worker(runtime)
    assert isinstance(worker.link, ProcessWorker)
    assert worker.link.confinement is not None
    assert worker.link.confinement.no_new_privileges
    health = runtime.health()
    assert health["isolation"] == "process"
    assert health["processes"] == {"living": 1, "waiting": 0}
    assert health["confinement"]["landlock"] == landlock.version()
    assert health["worker_memory"] == "none"
    assert worker.link.confinement.landlock == landlock.version()
    assert (
        worker.evaluate("new Intl.DateTimeFormat('de', {month: 'long', timeZone: 'Asia/Tokyo'}).format(0)") == "Januar"
    )
    assert worker.evaluate("crypto.getRandomValues(new Uint8Array(4)).length") == 4
    runtime.close_workers()
    network.stop()
    assert worker.deaths == []


NETWORK_PROGRAM = """
import json, socket, sys
from sanderling.server.own_network import enter_own_network
from sanderling.server.sandbox import enter_sandbox
found = {"failure": enter_own_network()}
facts = enter_sandbox([], wanted=True, own_network=True)
found["own"] = facts.own_network
def attempt(name, work):
    try:
        work()
        found[name] = "done"
    except OSError as error:
        found[name] = type(error).__name__
def talk():
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        one.listen()
        other.connect(one.getsockname())
        one.accept()[0].close()
attempt("among itself", talk)
attempt("machine", lambda: socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5))
attempt("unix", lambda: socket.socket(socket.AF_UNIX))
attempt("raw", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
found["capabilities"] = [line.split()[1] for line in open("/proc/self/status") if line.startswith("CapEff")]
print(json.dumps(found))
"""


def test_a_network_of_ones_own_reaches_nobody_else() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-c", NETWORK_PROGRAM, port], capture_output=True, timeout=60, check=False, text=True
        )
        assert (done.returncode, done.stderr) == (0, "")
        found: dict[str, Any] = json.loads(done.stdout)
        if found["failure"]:
            pytest.skip(found["failure"])
        assert found["own"] is True
        assert found["among itself"] == "done"
        assert found["machine"] == "ConnectionRefusedError", "its loopback is another one"
        assert found["raw"] == "PermissionError"
        assert found["capabilities"] == ["0000000000000000"]
        if program(platform.machine(), 1) is not None:
            assert found["unix"] == "PermissionError"


NO_NAMESPACES_PROGRAM = """
import ctypes, os, sys
user, group = os.getuid(), os.getgid()
if ctypes.CDLL(None).unshare(0x10000000) != 0:
    sys.exit(77)
for name, text in (("setgroups", "deny"), ("gid_map", f"{group} {group} 1"), ("uid_map", f"{user} {user} 1")):
    open(f"/proc/self/{name}", "w").write(text)
try:
    open("/proc/sys/user/max_user_namespaces", "w").write("0")
except OSError:
    sys.exit(77)
os.execv(sys.executable, [sys.executable, "-m", "sanderling.server.own_network"])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")
def test_where_there_is_no_network_of_ones_own_it_is_said_what_decides_that() -> None:
    done = subprocess.run(
        [sys.executable, "-c", NO_NAMESPACES_PROGRAM], capture_output=True, timeout=60, check=False, text=True
    )
    if done.returncode == 77:
        pytest.skip("no user namespace whose limits can be set")
    assert done.returncode == 1
    assert done.stderr.startswith("no network namespace can be made: ")
    assert "user.max_user_namespaces" in done.stderr


def test_nothing_is_given_up_where_nobody_wants_it() -> None:
    assert enter_sandbox([], wanted=False) == Confinement(notes=("switched off",))


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_is_as_short_as_the_kernel_wants_it(machine: str) -> None:
    code = program(machine, 1)
    assert code is not None
    assert len(code) % 8 == 0
    assert len(code) // 8 < 4096


def test_an_unknown_machine_has_no_filter() -> None:
    assert program("riscv64", 1) is None
