"""The process of a command."""

from __future__ import annotations

import subprocess
import sys

import pytest


def test_the_collector_rests_until_all_is_imported() -> None:
    program = (
        "import gc; from sanderling.base import interpreter; interpreter.begin(); assert not gc.isenabled(); "
        "interpreter.settle(); assert gc.isenabled() and gc.get_freeze_count() > 0"
    )
    subprocess.run([sys.executable, "-c", program], timeout=60, check=True)


def ends(program: str) -> tuple[int, str]:
    begin = "import atexit, sys; from sanderling.base import interpreter; "
    done = subprocess.run([sys.executable, "-c", begin + program], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_leaving_gives_the_code_after_all_is_said() -> None:
    said = "atexit.register(lambda: print('last')); sys.stdout.write('first\\n'); "
    assert ends(said + "interpreter.leave(7)") == (7, "first\nlast\n")


def test_a_profiler_sees_the_end() -> None:
    program = """
sys.setprofile(lambda *_: None)
try:
    interpreter.leave(3)
finally:
    sys.setprofile(None)
    print("seen")
"""
    assert ends(program) == (3, "seen\n")


def test_what_cannot_be_written_is_not_lost_quietly() -> None:
    program = "import sys; from sanderling.base import interpreter; sys.stdout.write('x'); interpreter.leave(0)"
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-c", program], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode != 0
    assert "No space left" in done.stderr


@pytest.mark.parametrize("descriptor", [1, 2])
def test_a_stream_that_was_closed_before_the_start_changes_nothing(descriptor: int) -> None:
    program = "from sanderling.base import interpreter; interpreter.leave(5)"
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {descriptor}>&-', "sh", sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (5, "", "")


def test_a_stream_that_was_closed_on_the_way_changes_nothing() -> None:
    assert ends("sys.stdout.close(); interpreter.leave(6)")[0] == 6
