"""What a worker's process gives up once its libraries are loaded: privileges, the network, other processes, and almost all files.

It keeps what it has open, above all its socket; it may read Python's libraries and the time zones, and write to the folders that it
was given. Uploads and downloads reach it as descriptors (`network.files`). What the kernel cannot do is noted, not hidden.

Thread: main, of the worker's process, while it is the only one.
"""

from __future__ import annotations

import ctypes
import functools
import os
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

import msgspec

from sanderling.server import landlock, seccomp

_PR_SET_NO_NEW_PRIVS = 38

SYSTEM_PATHS = (
    "/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/share/zoneinfo", "/usr/share/locale", "/etc/localtime", "/etc/ld.so.cache",
    "/proc/self", "/proc/meminfo", "/proc/cpuinfo", "/proc/stat", "/sys/devices/system/cpu", "/dev/urandom", "/dev/random",
)  # fmt: skip
"""What C libraries, the engine and the calendar read when they are first used."""


class Confinement(msgspec.Struct, frozen=True, kw_only=True):
    """What is in force, for `/healthz`."""

    no_new_privileges: bool = False
    landlock: int = 0
    """Version of the kernel's interface; 0: not in force. From 4 on it also refuses TCP."""
    seccomp: bool = False
    own_network: bool = False
    """It can make sockets, in a network where nobody else is (`own_network.py`)."""
    notes: tuple[str, ...] = ()
    """Why something is not in force."""


@functools.cache
def libraries() -> list[Path]:
    """Give where Python's libraries and our own are.

    Found once, by the template: Python loads a module of a thousand settings for it, and each child would have a copy (measured: 0.6 MB).
    """
    names = sysconfig.get_paths()
    own = Path(__file__).resolve().parent.parent
    return [own, *(Path(names[name]) for name in ("stdlib", "platstdlib", "purelib", "platlib"))]


def enter_sandbox(folders: Sequence[str], *, wanted: bool, own_network: bool = False) -> Confinement:
    """Give up everything but `folders`, for good.

    Args:
        folders: where it may read and write.
        wanted: whether to give up anything at all.
        own_network: whether it has a network of its own, in which it may listen and connect.
    """
    if not wanted:
        return Confinement(own_network=own_network, notes=("switched off",))
    if sys.platform != "linux":
        return Confinement(notes=(f"not on {sys.platform}",))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return Confinement(own_network=own_network, notes=(f"no_new_privs: {os.strerror(ctypes.get_errno())}",))
    readable = [*map(Path, SYSTEM_PATHS), *libraries()]
    failures = (
        landlock.restrict_files(readable, [Path("/dev/null"), *map(Path, folders)], tcp=own_network),
        seccomp.filter_system_calls(tcp=own_network),
    )
    return Confinement(
        no_new_privileges=True,
        landlock=0 if failures[0] else landlock.version(),
        seccomp=not failures[1],
        own_network=own_network,
        notes=tuple(filter(None, failures)),
    )
