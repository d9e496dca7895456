"""The folder of the HTTP cache: made and looked at before a worker, which may write to nothing else, is started.

Thread: any.
"""

from __future__ import annotations

import os
from pathlib import Path

from sanderling.base.errors import UsageError
from sanderling.browser.options import DiskCache

MIB = 1 << 20


def disk_cache(folder: str, *, shared: bool, megabytes: int = 0, entries: int = 0) -> DiskCache | None:
    """Make the folder ready.

    Args:
        folder: empty for no cache on disk.
        shared: several users' pages write to it.
        megabytes: its limit in MiB; 0 for the usual one.
        entries: the most responses in it; 0 for the usual limit.

    Raises:
        UsageError: it cannot be made, or not be written to.
    """
    if not folder:
        return None
    path = Path(folder).expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"the cache folder {folder} cannot be made: {error.strerror}") from error
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise UsageError(f"the cache folder {folder} cannot be written to")
    usual = DiskCache(folder=str(path), shared=shared)
    return DiskCache(
        folder=usual.folder,
        shared=shared,
        max_bytes=megabytes * MIB or usual.max_bytes,
        max_entries=entries or usual.max_entries,
    )
