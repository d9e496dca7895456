"""How a command's own process is run by Python: thread switches and the collector of garbage.

Thread: main.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from typing import NoReturn

SWITCH_INTERVAL_S = 1e-4
"""With Python's default of 5 ms one busy thread delays every other by that much a turn (docs/architecture.md)."""


def begin() -> None:
    """Prepare for many imports: what they make stays, and to look for garbage among it takes a twentieth of a start.

    The caller then calls `settle`.
    """
    gc.disable()
    sys.setswitchinterval(SWITCH_INTERVAL_S)


def settle() -> None:
    """Say that the imports are done: collections begin, and need not look at what is there."""
    gc.freeze()
    gc.enable()
    sys.setswitchinterval(SWITCH_INTERVAL_S)


def leave(code: int) -> NoReturn:
    """End the process, all of whose work is done and closed, with an exit code.

    Python would take everything apart that is about to go anyway, which is a thirtieth of a fetch. It does so where
    somebody looks on (a profiler, a debugger), and where what was printed cannot be written.
    """
    if sys.getprofile() is None and sys.gettrace() is None:
        try:
            atexit._run_exitfuncs()
            for stream in (sys.stdout, sys.stderr):
                if stream is not None:  # closed before the process began (`>&-`)
                    stream.flush()
        except (OSError, ValueError):  # it is full, or was closed since
            sys.exit(code)
        os._exit(code)
    sys.exit(code)
