"""What a worker's process gives up once its libraries are loaded.

Thread: main, of the worker's process.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec


class Confinement(msgspec.Struct, frozen=True, kw_only=True):
    """What is in force, for `/healthz`."""

    no_new_privileges: bool = False
    landlock: int = 0
    """Version of the kernel's interface; 0: not in force."""
    seccomp: bool = False
    notes: tuple[str, ...] = ()
    """Why something is not in force."""


def enter_sandbox(folders: Sequence[str], *, wanted: bool) -> Confinement:
    """Give up everything but `folders`.

    Args:
        folders: where it may read and write.
        wanted: whether to give up anything at all.
    """
    return Confinement(notes=("not there yet",) if folders or wanted else ())
