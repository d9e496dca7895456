"""Files that Network's side opens for workers: what was granted, nothing else.

A worker in a process may have no files at all; the client that it serves may still upload and download. So whoever talks to the client
grants paths, and the worker asks for them. Folders are resolved before they are compared, so a link cannot lead out of one.

Thread: any; `open_granted` blocks and runs on a helper thread.
"""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

from sanderling.network.messages import FileOpened, OpenFile


class Grants:
    """What one worker may have opened."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # protects the two below
        self._readable: set[Path] = set()
        self._folders: set[Path] = set()

    def allow_reading(self, path: str) -> None:
        """Allow a file to be read, or a folder with all that is in it, for uploads (any thread)."""
        with self._lock:
            self._readable.add(Path(os.path.abspath(path)))

    def allow_writing(self, folder: str) -> None:
        """Allow files in a folder to be written, for downloads (any thread)."""
        with self._lock:
            self._folders.add(Path(os.path.abspath(folder)))

    def check(self, path: str, mode: str) -> Path:
        """Give the real path, when it is granted (any thread; follows links on the disk).

        Raises:
            PermissionError: it is not.
        """
        given = Path(os.path.abspath(path))
        with self._lock:
            readable = given in self._readable
            above = [folder for folder in given.parents if folder in self._readable]
            folders = tuple(self._folders)
        if mode in ("read", "list"):
            if readable:
                return given
            # Who names a folder means what is in it, but not where links in it lead.
            real = Path(os.path.realpath(given))
            if any(real.is_relative_to(os.path.realpath(folder)) for folder in above):
                return real
        if mode == "write":
            real = Path(os.path.realpath(given.parent)) / given.name
            if any(real.is_relative_to(os.path.realpath(folder)) for folder in folders):
                return real
        raise PermissionError(f"{path} was not granted for {mode}")


def open_granted(grants: Grants, request: OpenFile) -> FileOpened:
    """Open what was asked for (a helper thread: it blocks). Failures are part of the answer."""
    try:
        path = grants.check(request.path, request.mode)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW if request.mode == "write" else os.O_RDONLY
        wanted, words = (stat.S_ISDIR, "folder") if request.mode == "list" else (stat.S_ISREG, "regular file")
        if request.mode == "write":
            path.parent.mkdir(parents=True, exist_ok=True)  # as Chromium does for a download folder
        # A pipe without a writer would hold this thread for ever.
        descriptor = os.open(path, flags | os.O_CLOEXEC | os.O_NONBLOCK, 0o666)
        try:
            if not wanted(os.fstat(descriptor).st_mode):
                raise PermissionError(f"{request.path} is no {words}")
            os.set_blocking(descriptor, True)
        except BaseException:
            os.close(descriptor)
            raise
    except (OSError, ValueError) as error:
        words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return FileOpened(request.id, error=words)
    return FileOpened(request.id, descriptor)


def drop(event: object) -> None:
    """Close the descriptor of an event that nobody will take."""
    if isinstance(event, FileOpened) and event.descriptor >= 0:
        os.close(event.descriptor)
